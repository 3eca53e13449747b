"""Judging probabilities: how surprising the truth was to them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood.models._input import read_target
from underhood.models._label_pairs import read_label_vector, read_row_weights, scaled
from underhood.models._warnings import UndefinedMetricWarning, warn_the_caller

__all__ = ["brier_score_loss", "log_loss"]

_SMALLEST = float(np.finfo(np.float64).eps)
"""A probability below this counts as this, as in scikit-learn."""


def log_loss(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    normalize: bool = True,
    sample_weight: ArrayLike | None = None,
    labels: ArrayLike | None = None,
) -> float:
    """Mean over the rows of −ln of the probability that the row's own class was given.

    Also called cross-entropy. What logistic regression minimises, apart from its penalty.

    Parameters
    ----------
    y_true : array_like, shape (rows,)
        Labels.
    y_pred : array_like, shape (rows, classes), or (rows,) for two classes
        Probabilities of each class in ascending order, or those of the greater label.
    normalize : bool, default True
        Give the mean; otherwise the sum.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    labels : array_like, optional
        All classes, where some have no row in ``y_true``.

    Returns
    -------
    float
        0 at best; ln 2 = 0.693 for a coin's guess at two classes.

    Warns
    -----
    UndefinedMetricWarning
        If a row's own class was given a probability below 2.2e-16. Its loss is then cut at 36.04, as in scikit-learn,
        because one confident error would otherwise make the mean infinite; the message says how many rows that were,
        and what the loss is without the cut.

    Raises
    ------
    ValueError
        If the probabilities of a row do not sum to 1 or lie outside [0, 1], lengths differ, or classes and columns do
        not match.

    Examples
    --------
    >>> import underhood as uh
    >>> round(uh.models.log_loss(["no", "yes", "yes"], [0.1, 0.8, 0.5]), 6)
    0.34055
    """
    function = "log_loss"
    known = read_label_vector(function, "y_true", y_true)
    columns = _probabilities(function, y_pred, len(known))
    classes = np.unique(known if labels is None else read_label_vector(function, "labels", labels))
    missing = [] if labels is None else np.setdiff1d(known, classes).tolist()
    if missing:
        raise ValueError(f"{function}: labels has no {missing[0]!r}, which occurs in y_true")
    if len(classes) != columns.shape[1]:
        raise ValueError(
            f"{function}: y_pred has probabilities of {columns.shape[1]} classes, but y_true has {len(classes)}; pass "
            "all classes as labels"
        )
    weights, unit = scaled(read_row_weights(function, sample_weight, len(known)))
    own = columns[np.arange(len(known)), np.searchsorted(classes, known)]
    losses = -np.log(np.maximum(own, _SMALLEST))

    def total(losses: NDArray[np.float64]) -> float:
        if normalize:
            return float(np.average(losses, weights=weights))
        return float(losses.sum() if weights is None else weights @ losses * unit)

    cut = own < _SMALLEST if weights is None else (own < _SMALLEST) & (weights > 0)
    if cut.any():
        # A row that does not count may have any probability.
        counted = own if weights is None else np.where(weights > 0, own, 1.0)
        whole = total(-np.log(counted)) if (counted > 0).all() else np.inf
        warn_the_caller(
            UndefinedMetricWarning,
            f"{function}: y_pred gives {np.count_nonzero(cut)} of {len(known)} rows a probability below "
            f"{_SMALLEST:.2g} for their own class; their loss is cut at {-np.log(_SMALLEST):.4g} "
            f"(without the cut, the loss is {whole:.6g})",
        )
    return total(losses)


def _probabilities(function: str, y_pred: Any, rows: int, argument: str = "y_pred") -> NDArray[np.float64]:
    """Probabilities with a column a class; of a vector, that of the other class is put before it."""
    single = getattr(y_pred, "dtype", None) == np.float32
    columns: NDArray[np.float64] = read_target(function, y_pred, None, argument)
    if len(columns) != rows:
        raise ValueError(f"{function}: {argument} has {len(columns)} rows, but y_true is a vector of {rows}")
    outside = (columns < 0) | (columns > 1)
    if outside.any():
        row = int(np.argwhere(outside)[0][0])
        raise ValueError(
            f"{function}: {argument} holds {columns[outside].flat[0]:g} in row {row}, but a probability lies "
            "between 0 and 1"
        )
    if columns.ndim == 1 or columns.shape[1] == 1:
        columns = columns.reshape(-1)
        return np.column_stack([1 - columns, columns])
    away = np.abs(columns.sum(axis=1) - 1)
    if away.max() > (4e-4 if single else 1.5e-8):
        row = int(away.argmax())
        raise ValueError(
            f"{function}: {argument} sums to {columns[row].sum():.9g} in row {row}, but probabilities sum to 1"
        )
    return columns


def brier_score_loss(
    y_true: ArrayLike, y_proba: ArrayLike, *, sample_weight: ArrayLike | None = None, pos_label: Any = None
) -> float:
    """Mean over the rows of (p − [positive])², for two classes (Brier 1950).

    Parameters
    ----------
    y_true : array_like, shape (rows,)
        Labels of two classes.
    y_proba : array_like, shape (rows,)
        Probabilities of the positive class.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    pos_label : label, optional
        The positive class; by default the greater label.

    Returns
    -------
    float
        0 at best, 1 at worst; ¼ for a coin's guess.

    Raises
    ------
    ValueError
        If there are not two classes, a probability lies outside [0, 1], or lengths differ.

    Examples
    --------
    >>> import underhood as uh
    >>> round(uh.models.brier_score_loss([0, 1, 1], [0.1, 0.8, 0.5]), 6)
    0.1
    """
    function = "brier_score_loss"
    known = read_label_vector(function, "y_true", y_true)
    columns = _probabilities(function, y_proba, len(known), "y_proba")
    if columns.shape[1] != 2 or np.shape(y_proba) == columns.shape:
        raise ValueError(f"{function}: y_proba must be a vector, the probabilities of the positive class")
    classes = np.unique(known).tolist()
    if len(classes) != 2:
        raise ValueError(f"{function}: y_true has {len(classes)} classes, but two are needed")
    if pos_label is not None and pos_label not in classes:
        raise ValueError(
            f"{function}: pos_label is {pos_label!r}, but the classes are {classes[0]!r} and {classes[1]!r}"
        )
    positive = known == (classes[1] if pos_label is None else pos_label)
    weights, _ = scaled(read_row_weights(function, sample_weight, len(known)))
    return float(np.average((columns[:, 1] - positive) ** 2, weights=weights))
