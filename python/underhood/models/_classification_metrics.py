"""Judging predicted classes as a whole: shares of right answers, and who was taken for whom."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import models as _core
from underhood.models._label_pairs import (
    LabelPair,
    read_both,
    read_label_pair,
    read_label_vector,
    read_row_weights,
    scaled,
)

__all__ = ["accuracy_score", "balanced_accuracy_score", "confusion_matrix", "matthews_corrcoef"]


def accuracy_score(
    y_true: ArrayLike, y_pred: ArrayLike, *, normalize: bool = True, sample_weight: ArrayLike | None = None
) -> float:
    """Share of labels that are predicted right.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted labels.
    normalize : bool, default True
        Whether to give the share; otherwise the number of right rows (the sum of their weights).
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the lengths differ or are 0, or a label is missing.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.accuracy_score(["a", "a", "b", "b"], ["a", "b", "b", "b"])
    0.75
    """
    true, predicted = read_both("accuracy_score", y_true, y_pred)
    right = true == predicted
    weights, unit = scaled(read_row_weights("accuracy_score", sample_weight, len(true)))
    if weights is None:
        count = np.count_nonzero(right)
        return float(count / len(right) if normalize else count)
    return float(weights @ right / weights.sum() if normalize else weights @ right * unit)


def balanced_accuracy_score(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None, adjusted: bool = False
) -> float:
    """Mean over the classes of the share of a class's rows that are predicted right.

    Guessing reaches 1/classes however unequal the classes are, where the accuracy of always naming the most common one
    may look good.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted labels.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    adjusted : bool, default False
        Rescale so that guessing scores 0 and perfection 1.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the lengths differ or are 0, or ``adjusted`` and there is only one true class.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.balanced_accuracy_score([0, 0, 0, 1], [0, 0, 0, 0])
    0.5
    """
    function = "balanced_accuracy_score"
    pair = read_label_pair(function, y_true, y_pred, sample_weight)
    total = pair.sums(pair.true)
    right = pair.sums(pair.true, pair.true == pair.predicted)
    there = total > 0
    score = float(np.mean(right[there] / total[there]))
    if not adjusted:
        return score
    classes = np.count_nonzero(there)
    if classes < 2:
        raise ValueError(f"{function}: y_true has one class, so that guessing is perfect: nothing can be adjusted")
    return (score - 1 / classes) / (1 - 1 / classes)


def matthews_corrcoef(y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None) -> float:
    """Correlation of true and predicted classes (Matthews 1975; for more than two classes Gorodkin 2004).

    Of two classes it is the correlation of the two columns of zeros and ones,
    (TP·TN − FP·FN)/√((TP + FP)(TP + FN)(TN + FP)(TN + FN)).

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted labels.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.

    Returns
    -------
    float
        1 for perfect predictions, 0 for none better than chance, and 0 if one side names a single class.

    Raises
    ------
    ValueError
        If the lengths differ or are 0, or a label is missing.

    References
    ----------
    B. W. Matthews (1975), doi:10.1016/0005-2795(75)90109-9; J. Gorodkin (2004),
    doi:10.1016/j.compbiolchem.2004.09.006.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.matthews_corrcoef([1, 1, 1, 0], [1, 0, 1, 1])
    -0.3333333333333333
    """
    pair = read_label_pair("matthews_corrcoef", y_true, y_pred, sample_weight)
    true, predicted = pair.sums(pair.true).astype(float), pair.sums(pair.predicted).astype(float)
    right, total = float(pair.sums(pair.true, pair.true == pair.predicted).sum()), float(true.sum())
    # Covariance and variances of the classes' indicators, times the square of the total weight.
    together = right * total - true @ predicted
    spread = (total**2 - true @ true) * (total**2 - predicted @ predicted)
    return 0.0 if spread <= 0 else float(together / np.sqrt(spread))


def confusion_matrix(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    normalize: str | None = None,
) -> NDArray[Any]:
    """Count rows by true class (row) and predicted class (column).

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted labels.
    labels : array_like, optional
        The classes in the order of rows and columns; by default all that occur, in ascending order.
    sample_weight : array_like, shape (rows,), optional
        How much each row counts.
    normalize : {"true", "pred", "all"}, optional
        Give shares instead: of each true class (every row of the matrix sums to 1), of each predicted class (every
        column does), or of all rows. Shares of nothing are 0.

    Returns
    -------
    ndarray, shape (classes, classes)
        Whole numbers, unless weights or ``normalize`` are given.

    Raises
    ------
    ValueError
        If the lengths differ or are 0, or ``labels`` misses a class that occurs (scikit-learn leaves such rows out in
        silence).

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.confusion_matrix(["a", "a", "b", "b"], ["a", "b", "b", "b"])
    array([[1, 1],
           [0, 2]])
    """
    function = "confusion_matrix"
    if normalize not in (None, "true", "pred", "all"):
        raise ValueError(f'{function}: normalize is {normalize!r}, but must be "true", "pred", "all" or None')
    pair = read_label_pair(function, y_true, y_pred, sample_weight)
    size = len(pair.classes)
    if labels is not None:
        wanted = read_label_vector(function, "labels", labels).tolist()
        places = {label: i for i, label in enumerate(wanted)}
        if len(places) < len(wanted):
            raise ValueError(f"{function}: labels names a class twice")
        missing = [label for label in pair.classes.tolist() if label not in places]
        if missing:
            raise ValueError(f"{function}: labels has no {missing[0]!r}, which occurs in y_true or y_pred")
        order = np.array([places[label] for label in pair.classes.tolist()], dtype=np.int64)
        size = len(wanted)
        pair = LabelPair(pair.classes, order[pair.true], order[pair.predicted], pair.weights, pair.unit)
    table: NDArray[Any]
    if pair.weights is None:
        table = _core.confusion_counts(pair.true, pair.predicted, size)
    else:
        table = np.bincount(pair.true * size + pair.predicted, pair.weights, size * size).reshape(size, size)
    if normalize is None:
        return table if pair.weights is None else table * pair.unit
    axis = {"true": 1, "pred": 0, "all": None}[normalize]
    whole = table.sum(axis=axis, keepdims=True)
    return table / np.where(whole == 0, 1, whole)
