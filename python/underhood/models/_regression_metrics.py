"""Judging predicted numbers by their distances from the true ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood.models._input import read_target
from underhood.models._label_pairs import read_row_weights, scaled

__all__ = [
    "explained_variance_score",
    "max_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "median_absolute_error",
    "r2_score",
    "root_mean_squared_error",
]

_Floats = NDArray[np.float64]


def _pair(function: str, y_true: Any, y_pred: Any, sample_weight: Any) -> tuple[_Floats, _Floats, _Floats | None]:
    """Both sides as matrices of the same shape, a column a target, and a weight a row."""
    true = read_target(function, y_true, None, "y_true")
    predicted = read_target(function, y_pred, None, "y_pred")
    true, predicted = true.reshape(len(true), -1), predicted.reshape(len(predicted), -1)
    if true.shape != predicted.shape:
        ours, theirs = ("×".join(map(str, side.shape)) for side in (predicted, true))
        raise ValueError(f"{function}: y_pred is {ours} (rows × targets), but y_true is {theirs}")
    return true, predicted, scaled(read_row_weights(function, sample_weight, len(true)))[0]


def _unit(values: _Floats) -> _Floats:
    """Give each column a power of two near its largest value; 1 where squares are within the range of doubles."""
    largest = np.abs(values).max(axis=0)
    return np.where(_ordinary(largest), 1.0, np.ldexp(1.0, np.frexp(largest)[1] - 1))


def _ordinary(largest: _Floats) -> Any:
    """Whether the squares of columns are within the range of doubles, by their largest values."""
    return (largest == 0) | ((largest > 1e-140) & (largest < 1e140))


def _within(values: _Floats) -> bool:
    """Whether no column needs a unit; NaN and infinity do."""
    # Of a single target this is a matter of two numbers.
    low, high = float(values.min()), float(values.max())
    largest = max(-low, high)
    return (largest == 0 or 1e-140 < largest < 1e140) and (
        values.shape[1] == 1 or bool(_ordinary(np.abs(values).max(axis=0)).all())
    )


def _errors(true: _Floats, predicted: _Floats) -> tuple[_Floats, _Floats]:
    """Errors in units that are 1 unless they or their squares would leave the range of doubles; and the units."""
    with np.errstate(over="ignore"):
        errors = true - predicted
    if _within(errors):
        return errors, np.ones(errors.shape[1])
    first = np.maximum(np.maximum(_unit(true), _unit(predicted)), 1.0)
    errors = true / first - predicted / first
    second = np.minimum(_unit(errors), 1.0)
    return errors / second, first * second


def _mean_over_rows(values: _Floats, weights: _Floats | None) -> _Floats:
    found: _Floats
    if weights is None:
        found = values.sum(axis=0) / len(values)
        return found
    found = weights @ values / weights.sum()
    return found


def _over_targets(function: str, scores: _Floats, multioutput: Any) -> Any:
    """One number of the scores of several targets, or each target's own."""
    if isinstance(multioutput, str):
        if multioutput == "raw_values":
            return scores
        if multioutput == "uniform_average":
            return float(np.mean(scores))
        raise ValueError(
            f'{function}: multioutput is {multioutput!r}, but must be "uniform_average", "raw_values" or weights'
        )
    shares = read_target(function, multioutput, None, "multioutput")
    if shares.shape != scores.shape:
        raise ValueError(f"{function}: multioutput has {shares.size} weights for {len(scores)} targets")
    if shares.sum() == 0:
        raise ValueError(f"{function}: multioutput has weights that sum to 0")
    return float(np.average(scores, weights=shares))


def _in_range(function: str, scores: _Floats) -> _Floats:
    if not np.isfinite(scores).all():
        raise ValueError(f"{function}: y_pred is so far from y_true that the result overflows")
    return scores


def mean_squared_error(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: Any = "uniform_average",
) -> Any:
    """Mean of (y − ŷ)² over the rows.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,) or (rows, targets)
        True and predicted numbers.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    multioutput : {"uniform_average", "raw_values"} or array_like, default "uniform_average"
        Of several targets: the mean, one number each, or a mean with these weights.

    Returns
    -------
    float, or ndarray, shape (targets,)

    Raises
    ------
    ValueError
        If shapes differ, there are no rows, a number is NaN or infinite, or the squares overflow.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.mean_squared_error([1.0, 2.0, 3.0], [1.0, 2.0, 6.0])
    3.0
    """
    function = "mean_squared_error"
    true, predicted, weights = _pair(function, y_true, y_pred, sample_weight)
    errors, unit = _errors(true, predicted)
    with np.errstate(over="ignore"):
        scores = _mean_over_rows(errors**2, weights) * unit * unit
    return _over_targets(function, _in_range(function, scores), multioutput)


def root_mean_squared_error(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: Any = "uniform_average",
) -> Any:
    """Root of the mean of (y − ŷ)² over the rows: an error in the target's own unit.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,) or (rows, targets)
        True and predicted numbers.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    multioutput : {"uniform_average", "raw_values"} or array_like, default "uniform_average"
        Of several targets: the mean of their roots, one number each, or a mean with these weights.

    Returns
    -------
    float, or ndarray, shape (targets,)

    Raises
    ------
    ValueError
        If shapes differ, there are no rows, or a number is NaN or infinite.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.root_mean_squared_error([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 6.0])
    1.0
    """
    function = "root_mean_squared_error"
    true, predicted, weights = _pair(function, y_true, y_pred, sample_weight)
    errors, unit = _errors(true, predicted)
    with np.errstate(over="ignore"):
        scores = np.sqrt(_mean_over_rows(errors**2, weights)) * unit
    return _over_targets(function, _in_range(function, scores), multioutput)


def mean_absolute_error(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: Any = "uniform_average",
) -> Any:
    """Mean of │y − ŷ│ over the rows.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,) or (rows, targets)
        True and predicted numbers.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    multioutput : {"uniform_average", "raw_values"} or array_like, default "uniform_average"
        Of several targets: the mean, one number each, or a mean with these weights.

    Returns
    -------
    float, or ndarray, shape (targets,)

    Raises
    ------
    ValueError
        If shapes differ, there are no rows, or a number is NaN or infinite.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.mean_absolute_error([1.0, 2.0, 3.0], [1.0, 2.0, 6.0])
    1.0
    """
    function = "mean_absolute_error"
    true, predicted, weights = _pair(function, y_true, y_pred, sample_weight)
    errors, unit = _errors(true, predicted)
    with np.errstate(over="ignore"):
        scores = _mean_over_rows(np.abs(errors), weights) * unit
    return _over_targets(function, _in_range(function, scores), multioutput)


def mean_absolute_percentage_error(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: Any = "uniform_average",
) -> Any:
    """Mean of │y − ŷ│/│y│ over the rows, as a share (0.1 is ten per cent).

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,) or (rows, targets)
        True and predicted numbers; no true one is 0 (scikit-learn puts 2.2e-16 there, and gives an arbitrary large
        number).
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    multioutput : {"uniform_average", "raw_values"} or array_like, default "uniform_average"
        Of several targets: the mean, one number each, or a mean with these weights.

    Returns
    -------
    float, or ndarray, shape (targets,)

    Raises
    ------
    ValueError
        If shapes differ, there are no rows, a number is NaN or infinite, or a true number is 0.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.mean_absolute_percentage_error([1.0, 2.0, 4.0], [1.0, 2.0, 1.0])
    0.25
    """
    function = "mean_absolute_percentage_error"
    true, predicted, weights = _pair(function, y_true, y_pred, sample_weight)
    if (true == 0).any():
        row = int(np.argwhere(true == 0)[0][0])
        raise ValueError(f"{function}: y_true is 0 in row {row}, and no error is a share of nothing")
    errors, unit = _errors(true, predicted)
    with np.errstate(over="ignore"):
        shares = np.abs(errors) / np.abs(true) * unit
        return _over_targets(function, _in_range(function, _mean_over_rows(shares, weights)), multioutput)


def median_absolute_error(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: Any = "uniform_average",
) -> Any:
    """Median of │y − ŷ│ over the rows, which a few wild errors do not move.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,) or (rows, targets)
        True and predicted numbers.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts: the median is where half of the weight lies on either side.
    multioutput : {"uniform_average", "raw_values"} or array_like, default "uniform_average"
        Of several targets: the mean, one number each, or a mean with these weights.

    Returns
    -------
    float, or ndarray, shape (targets,)

    Raises
    ------
    ValueError
        If shapes differ, there are no rows, or a number is NaN or infinite.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.median_absolute_error([1.0, 2.0, 3.0], [1.5, 2.0, 60.0])
    0.5
    """
    function = "median_absolute_error"
    true, predicted, weights = _pair(function, y_true, y_pred, sample_weight)
    errors, unit = _errors(true, predicted)
    sizes = np.abs(errors)
    medians = np.median(sizes, axis=0) if weights is None else _weighted_medians(sizes, weights)
    with np.errstate(over="ignore"):
        scores = medians * unit
    return _over_targets(function, _in_range(function, scores), multioutput)


def _weighted_medians(sizes: _Floats, weights: _Floats) -> _Floats:
    """Where half of the weight lies below; the middle of two values where exactly half does."""
    sizes, weights = sizes[weights > 0], weights[weights > 0]
    medians = np.empty(sizes.shape[1])
    for j, column in enumerate(sizes.T):
        order = np.argsort(column, kind="stable")
        reached, values = np.cumsum(weights[order]), column[order]
        half = reached[-1] / 2
        at = min(int(np.searchsorted(reached, half)), len(values) - 1)
        tied = reached[at] == half and at + 1 < len(values)
        medians[j] = values[at] / 2 + values[at + 1] / 2 if tied else values[at]
    return medians


def max_error(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Largest │y − ŷ│ of all rows.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted numbers.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If shapes differ, there are no rows, there are several targets, or a number is NaN or infinite.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.max_error([1.0, 2.0, 3.0], [1.0, 2.5, 6.0])
    3.0
    """
    true, predicted, _ = _pair("max_error", y_true, y_pred, None)
    if true.shape[1] > 1:
        raise ValueError(f"max_error: y_true and y_pred have {true.shape[1]} targets, but one is needed")
    errors, unit = _errors(true, predicted)
    with np.errstate(over="ignore"):
        return float(_in_range("max_error", np.abs(errors).max(axis=0) * unit)[0])


def explained_variance_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: Any = "uniform_average",
) -> Any:
    """1 − Var(y − ŷ)/Var(y): R² that forgives a constant error.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,) or (rows, targets)
        True and predicted numbers.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    multioutput : {"uniform_average", "raw_values", "variance_weighted"} or array_like, default "uniform_average"
        Of several targets: the mean, one number each, a mean weighted by the targets' variances, or with these weights.

    Returns
    -------
    float, or ndarray, shape (targets,)
        1 at best. For a constant ``y_true`` it is 1 if the errors are constant too and 0 otherwise, as in scikit-learn.

    Raises
    ------
    ValueError
        If shapes differ, there are no rows, or a number is NaN or infinite.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.explained_variance_score([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    1.0
    """
    function = "explained_variance_score"
    true, predicted, weights = _pair(function, y_true, y_pred, sample_weight)
    errors, unit = _errors(true, predicted)
    spread = _mean_over_rows((errors - _mean_over_rows(errors, weights)) ** 2, weights)
    return _share(function, true, weights, spread, unit, multioutput)


def r2_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    multioutput: Any = "uniform_average",
) -> Any:
    """Share of the target's variance that the predictions explain: R² = 1 − Σ(y − ŷ)²/Σ(y − ȳ)².

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,) or (rows, targets)
        True and predicted numbers.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    multioutput : {"uniform_average", "raw_values", "variance_weighted"} or array_like, default "uniform_average"
        Of several targets: the mean, one number each, a mean weighted by the targets' variances, or with these weights.

    Returns
    -------
    float, or ndarray, shape (targets,)
        1 at best; 0 is what the mean of ``y_true`` achieves; below 0 the mean would have been better. For a constant
        ``y_true`` it is 1 if every prediction is right and 0 otherwise, as in scikit-learn.

    Raises
    ------
    ValueError
        If shapes differ, there are no rows, or a number is NaN or infinite.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.r2_score([1.0, 2.0, 3.0], [1.0, 2.0, 2.0])
    0.5
    """
    function = "r2_score"
    true, predicted, weights = _pair(function, y_true, y_pred, sample_weight)
    errors, unit = _errors(true, predicted)
    return _share(function, true, weights, _mean_over_rows(errors**2, weights), unit, multioutput)


def _share(
    function: str, true: _Floats, weights: _Floats | None, left: _Floats, unit: _Floats, multioutput: Any
) -> Any:
    """1 − what is left over the variance of the target; what is left is in squares of ``unit``."""
    with np.errstate(over="ignore"):
        centred = true - true[0]
    own = np.ones(true.shape[1])
    if not _within(centred):
        first = np.maximum(_unit(true), 1.0)
        centred = true / first - true[0] / first
        second = _unit(centred)
        centred, own = centred / second, first * second
    kept = centred if weights is None else centred[weights > 0]
    constant = kept.min(axis=0) == kept.max(axis=0)
    centred -= _mean_over_rows(centred, weights)
    variance = _mean_over_rows(np.square(centred, out=centred), weights)
    constant |= variance == 0
    with np.errstate(over="ignore"):
        ratio = left / np.where(constant, 1.0, variance) * (unit / own) ** 2
    scores = np.where(constant, (left == 0).astype(float), 1 - _in_range(function, np.where(constant, 0.0, ratio)))
    if isinstance(multioutput, str) and multioutput == "variance_weighted":
        shares = np.where(constant, 0.0, variance * (own / own.max()) ** 2)
        return float(np.average(scores, weights=shares) if shares.any() else np.mean(scores))
    return _over_targets(function, scores, multioutput)
