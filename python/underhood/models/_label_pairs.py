"""Reading what scores compare: true and predicted labels, their classes, and how much each row counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood.models._input import no_missing_labels, read_target, read_weights

__all__ = [
    "LabelPair",
    "read_both",
    "read_label_pair",
    "read_label_vector",
    "read_row_weights",
    "row_weights",
    "scaled",
]


@dataclass(slots=True, frozen=True)
class LabelPair:
    """True and predicted class of each row, as numbers of classes."""

    classes: NDArray[Any]
    """All labels that occur on either side, in ascending order."""
    true: NDArray[np.int64]
    predicted: NDArray[np.int64]
    weights: NDArray[np.float64] | None
    """How much each row counts, in units of ``unit``; None if all count alike."""
    unit: float

    def sums(self, codes: NDArray[np.int64], rows: Any = slice(None)) -> NDArray[Any]:
        """Count the rows of each class; with weights, add those up, in units of ``unit``."""
        weights = None if self.weights is None else self.weights[rows]
        return np.bincount(codes[rows], weights, minlength=len(self.classes))

    def share(self, rows: NDArray[np.bool_]) -> float:
        """Share of the rows that a mask chooses."""
        if self.weights is None:
            return float(np.count_nonzero(rows) / len(rows))
        return float(self.weights @ rows / self.weights.sum())


def read_label_vector(function: str, argument: str, y: Any) -> NDArray[Any]:
    """Labels of one side, as a vector; what holds none, or has gaps, is refused."""
    if isinstance(y, np.ma.MaskedArray):
        raise TypeError(f"{function}: {argument} is a masked array, whose mask would be lost; pass .compressed()")
    try:
        labels = np.asarray(y)
    except ValueError:
        raise TypeError(f"{function}: {argument} is ragged, but a vector of labels is needed") from None
    if labels.dtype.kind in "cV":
        raise TypeError(f"{function}: {argument} holds {labels.dtype}, but labels (numbers or text) are needed")
    if labels.dtype.kind == "f":
        if not np.isfinite(labels).all():
            raise ValueError(f"{function}: {argument} has a label that is NaN or infinite; remove such rows first")
        if (labels != np.floor(labels)).any():
            odd = labels[labels != np.floor(labels)].flat[0]
            raise ValueError(
                f"{function}: {argument} holds {odd:g}, which is no label; of probabilities make classes first, such "
                "as (p > 0.5).astype(int)"
            )
    if labels.dtype.kind in "mM" and np.isnat(labels).any():
        raise ValueError(f"{function}: {argument} has a label that is missing (NaT); remove such rows first")
    if labels.dtype.kind == "O":
        no_missing_labels(function, argument, labels.ravel())
        for label in labels.flat:
            if not isinstance(label, str | bytes | bool | int | float | np.generic | date | timedelta):
                raise TypeError(
                    f"{function}: {argument} holds a {type(label).__name__}, but labels (numbers or text) are needed"
                )
    if labels.ndim != 1 and not (labels.ndim == 2 and labels.shape[1] == 1):
        raise ValueError(f"{function}: {argument} has {labels.ndim} axes, but a vector of labels is needed")
    return labels.ravel()


def _common(labels: NDArray[Any]) -> str:
    """Say what labels are: those of different kinds are never equal."""
    first = labels[0]
    if labels.dtype.kind in "mM" or isinstance(first, date | timedelta):
        return "dates"
    return "text" if _is_text(labels) else "numbers"


def _is_text(labels: NDArray[Any]) -> bool:
    return labels.dtype.kind in "UST" or (labels.dtype.kind == "O" and isinstance(labels[0], str))


def read_both(function: str, y_true: Any, y_pred: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Read true and predicted labels, which must be as many and of one kind."""
    true = read_label_vector(function, "y_true", y_true)
    predicted = read_label_vector(function, "y_pred", y_pred)
    kinds = sorted({_common(labels) for labels in (true, predicted) if len(labels)})
    if len(kinds) > 1:
        raise TypeError(f"{function}: y_pred and y_true mix {' with '.join(reversed(kinds))}, which are never equal")
    if {true.dtype.kind, predicted.dtype.kind} == {"S", "U"}:
        raise TypeError(f"{function}: y_pred and y_true mix text with bytes, which are never equal")
    if len(true) != len(predicted):
        raise ValueError(f"{function}: y_pred is a vector of {len(predicted)}, but y_true is a vector of {len(true)}")
    if not len(true):
        raise ValueError(f"{function}: y_true has 0 labels, but at least 1 is needed")
    return true, predicted


def read_label_pair(function: str, y_true: Any, y_pred: Any, sample_weight: Any = None) -> LabelPair:
    """Read both sides, and number the labels of both together."""
    true, predicted = read_both(function, y_true, y_pred)
    try:
        classes, codes = _numbered(np.concatenate([true, predicted]))
    except TypeError:
        raise TypeError(f"{function}: y_true and y_pred mix labels that have no common order") from None
    weights, unit = scaled(read_row_weights(function, sample_weight, len(true)))
    return LabelPair(classes, codes[: len(true)], codes[len(true) :], weights, unit)


def _numbered(labels: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Give the classes in ascending order, and the number of each label's class."""
    if labels.dtype.kind in "iu":
        low, high = int(labels.min()), int(labels.max())
        if high - low < 4 * len(labels) and high < 2**62:
            # Whole numbers close together are counted instead of sorted.
            places = labels.astype(np.int64) - low
            there = np.bincount(places) > 0
            classes = (np.flatnonzero(there) + low).astype(labels.dtype)
            return classes, (np.cumsum(there) - 1)[places]
    classes, codes = np.unique(labels, return_inverse=True)
    return classes, codes.astype(np.int64, copy=False)


def read_row_weights(function: str, sample_weight: Any, rows: int) -> NDArray[np.float64] | None:
    """Read how much each row counts; None counts all alike."""
    if sample_weight is None:
        return None
    weights = read_target(function, sample_weight, None, "sample_weight")
    if len(weights) != rows:
        raise ValueError(f"{function}: sample_weight has {len(weights)} entries, but y_true has {rows} rows")
    read: NDArray[np.float64] = read_weights(function, weights, rows)
    with np.errstate(over="ignore"):
        if not np.isfinite(read.sum()):
            raise ValueError(f"{function}: sample_weight holds values so large that their sum overflows")
    return read


def scaled(weights: NDArray[np.float64] | None) -> tuple[NDArray[np.float64] | None, float]:
    """Divide weights by a power of two, so that the largest is about 1; that changes no digit of any share."""
    if weights is None:
        return None, 1.0
    unit = float(2.0 ** (np.frexp(weights.max())[1] - 1))
    return weights / unit, unit


def row_weights(function: str, sample_weight: Any, rows: int) -> NDArray[np.float64]:
    """Read how much each row counts, in some unit; ones if all count alike."""
    weights, _ = scaled(read_row_weights(function, sample_weight, rows))
    return np.ones(rows) if weights is None else weights
