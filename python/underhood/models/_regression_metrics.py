"""Judging predicted numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood.models._input import read_target, read_weights

__all__ = ["r2_score"]

_Floats = NDArray[np.float64]


def _pair(function: str, y_true: Any, y_pred: Any, sample_weight: Any) -> tuple[_Floats, _Floats, _Floats]:
    """Both sides as matrices of the same shape, a column a target, and a weight a row."""
    true = read_target(function, y_true, None, "y_true")
    predicted = read_target(function, y_pred, None, "y_pred")
    true, predicted = true.reshape(len(true), -1), predicted.reshape(len(predicted), -1)
    if true.shape != predicted.shape:
        ours, theirs = ("×".join(map(str, side.shape)) for side in (predicted, true))
        raise ValueError(f"{function}: y_pred is {ours} (rows × targets), but y_true is {theirs}")
    weights = read_weights(function, sample_weight, len(true))
    return true, predicted, np.ones(len(true)) if weights is None else weights


def r2_score(y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None) -> float:
    """Share of the target's variance that the predictions explain: R² = 1 − Σ(y − ŷ)²/Σ(y − ȳ)².

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,) or (rows, targets)
        True and predicted numbers. Several targets count alike: the mean of their R².
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.

    Returns
    -------
    float
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
    true, predicted, weights = _pair("r2_score", y_true, y_pred, sample_weight)
    # Squares of very large and very small numbers leave the range of doubles; the share does not depend on the unit.
    unit = np.maximum(np.abs(true), np.abs(predicted)).max(axis=0)
    unit[unit == 0] = 1.0
    true, predicted, weights = true / unit, predicted / unit, weights / weights.max()
    mean = np.average(true, axis=0, weights=weights)
    residual = weights @ (true - predicted) ** 2
    total = weights @ (true - mean) ** 2
    constant = (true == true[0]).all(axis=0) | (total == 0)
    share = np.where(constant, residual == 0, 1 - residual / np.where(constant, 1.0, total))
    return float(share.mean())
