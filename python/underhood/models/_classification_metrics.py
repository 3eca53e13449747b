"""Judging predicted classes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import models as _core
from underhood.models._input import no_missing_labels

__all__ = ["accuracy_score", "confusion_matrix"]


def _labels(function: str, argument: str, y: Any) -> NDArray[Any]:
    """Labels of one side; what holds none, or has gaps, is refused."""
    if isinstance(y, np.ma.MaskedArray):
        raise TypeError(f"{function}: {argument} is a masked array, whose mask would be lost; pass .compressed()")
    try:
        labels = np.asarray(y)
    except ValueError:
        raise TypeError(f"{function}: {argument} is ragged, but a vector of labels is needed") from None
    if labels.dtype.kind in "cmMV":
        raise TypeError(f"{function}: {argument} holds {labels.dtype}, but labels (numbers or text) are needed")
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise ValueError(f"{function}: {argument} has a label that is NaN or infinite; remove such rows first")
    if labels.dtype.kind == "O":
        no_missing_labels(function, argument, labels.ravel())
        for label in labels.flat:
            if not isinstance(label, str | bytes | bool | int | float | np.generic):
                raise TypeError(
                    f"{function}: {argument} holds a {type(label).__name__}, but labels (numbers or text) are needed"
                )
    return labels


def _pair(function: str, y_true: Any, y_pred: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    true, predicted = _labels(function, "y_true", y_true), _labels(function, "y_pred", y_pred)
    for name, labels in (("y_true", true), ("y_pred", predicted)):
        if labels.ndim == 2 and labels.shape[1] == 1:
            continue
        if labels.ndim != 1:
            raise ValueError(f"{function}: {name} has {labels.ndim} axes, but a vector of labels is needed")
    true, predicted = true.ravel(), predicted.ravel()
    text = [
        labels.dtype.kind in "UST" or (labels.dtype.kind == "O" and isinstance(labels[0], str))
        for labels in (true, predicted)
        if len(labels)
    ]
    if len(set(text)) > 1:
        raise TypeError(f"{function}: y_pred and y_true mix text with numbers, which are never equal")
    if len(true) != len(predicted):
        raise ValueError(f"{function}: y_pred is a vector of {len(predicted)}, but y_true is a vector of {len(true)}")
    if not len(true):
        raise ValueError(f"{function}: y_true has 0 labels, but at least 1 is needed")
    return true, predicted


def accuracy_score(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Share of labels that are predicted right.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted labels.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the lengths differ or are 0.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.accuracy_score(["a", "a", "b", "b"], ["a", "b", "b", "b"])
    0.75
    """
    true, predicted = _pair("accuracy_score", y_true, y_pred)
    return float(np.mean(true == predicted))


def confusion_matrix(y_true: ArrayLike, y_pred: ArrayLike, *, labels: ArrayLike | None = None) -> NDArray[np.int64]:
    """Count rows by true class (row) and predicted class (column).

    Parameters
    ----------
    y_true, y_pred : array_like, shape (rows,)
        True and predicted labels.
    labels : array_like, optional
        The classes in the order of rows and columns; by default all that occur, in ascending order.

    Returns
    -------
    ndarray of int, shape (classes, classes)

    Raises
    ------
    ValueError
        If the lengths differ or are 0, or ``labels`` misses a class that occurs.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.confusion_matrix(["a", "a", "b", "b"], ["a", "b", "b", "b"])
    array([[1, 1],
           [0, 2]])
    """
    true, predicted = _pair("confusion_matrix", y_true, y_pred)
    found, codes = np.unique(np.concatenate([true, predicted]), return_inverse=True)
    codes = codes.astype(np.int64, copy=False)
    if labels is not None:
        wanted = np.asarray(labels).tolist()
        places = {label: i for i, label in enumerate(wanted)}
        missing = [label for label in found.tolist() if label not in places]
        if missing:
            raise ValueError(f"confusion_matrix: labels has no {missing[0]!r}, which occurs in y_true or y_pred")
        codes = np.array([places[label] for label in found.tolist()], dtype=np.int64)[codes]
        return _core.confusion_counts(codes[: len(true)], codes[len(true) :], len(wanted))
    return _core.confusion_counts(codes[: len(true)], codes[len(true) :], len(found))
