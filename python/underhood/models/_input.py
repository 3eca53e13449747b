"""Reading X and y: what the core does not do by itself, in words that scikit-learn's users know."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from underhood._core import models as _core
from underhood.models._warnings import DataConversionWarning, kin

__all__ = [
    "no_missing_labels",
    "read_labels",
    "read_matrix",
    "read_target",
    "read_weights",
    "row_count",
    "same_kind",
    "take",
]


def read_matrix(function: str, X: Any) -> Any:
    """Let pass what the core reads by itself; turn the rest into a matrix of doubles, or say what is wrong with it."""
    if type(X) is not np.ndarray:
        if hasattr(X, "toarray") and hasattr(X, "nnz"):
            raise TypeError(f"{function}: X is a sparse matrix, but sparse input is not supported; pass X.toarray()")
        if isinstance(X, np.ma.MaskedArray):
            raise TypeError(f"{function}: X is a masked array, whose mask would be lost; pass .filled(…)")
        if hasattr(X, "columns") and len(getattr(X, "shape", ())) == 2 and 0 not in X.shape:
            return X
        try:
            X = np.asarray(X)
        except ValueError:
            raise TypeError(f"{function}: X is ragged: its rows differ in length, but a matrix is needed") from None
    if X.ndim == 2 and X.dtype.kind == "f" and X.shape[0] and X.shape[1]:
        return X
    if X.ndim < 2:
        raise ValueError(
            f"{function}: X is {'a vector of ' + str(X.size) if X.ndim else 'a single number'}, but a matrix of rows × "
            "features is needed. Reshape your data: X.reshape(-1, 1) for one feature, X.reshape(1, -1) for one row"
        )
    if X.ndim > 2:
        raise ValueError(f"{function}: X is {'×'.join(map(str, X.shape))}, but a matrix (two axes) is needed")
    if not X.shape[1]:
        raise ValueError(f"{function}: X has 0 feature(s) (shape={X.shape}) while a minimum of 1 is required.")
    if not X.shape[0]:
        raise ValueError(f"{function}: X has 0 rows (0 sample(s), shape={X.shape}) while a minimum of 1 is required.")
    kind = getattr(X.dtype, "kind", "")
    if kind == "c":
        raise ValueError(f"{function}: Complex data not supported: X holds complex numbers, but real ones are needed")
    if kind == "O" and not any(isinstance(value, str) for value in X.flat):
        try:
            return X.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise TypeError(f"{function}: X holds Python objects that are not numbers: {error}") from None
    return X


def read_labels(function: str, y: Any, rows: int, argument: str = "y", single: bool = False) -> tuple[Any, Any]:
    """Give the classes in ascending order and the number of each row's class; ``single`` allows one class."""
    if y is None:
        raise ValueError(
            f"{function}: {argument} is None, but labels are needed: it requires y to be passed, but the "
            f"target y is None"
        )
    if hasattr(y, "toarray") and hasattr(y, "nnz"):
        raise TypeError(f"{function}: {argument} is sparse, but sparse labels are not supported")
    if isinstance(y, np.ma.MaskedArray):
        raise TypeError(f"{function}: {argument} is a masked array, whose mask would be lost; pass .compressed()")
    try:
        labels = y if type(y) is np.ndarray else np.asarray(y)
    except ValueError:
        raise TypeError(f"{function}: {argument} is ragged, but a vector of labels is needed") from None
    if labels.ndim == 2 and labels.shape[1] == 1:
        warnings.warn(
            "A column-vector y was passed when a 1d array was expected; it is read as y.ravel()",
            kin(DataConversionWarning),
            stacklevel=3,
        )
        labels = labels.ravel()
    if labels.ndim != 1:
        shape = "×".join(map(str, labels.shape)) or "a single label"
        raise ValueError(f"{function}: {argument} is {shape}, but a vector of labels is needed: y should be a 1d array")
    if len(labels) != rows:
        raise ValueError(f"{function}: {argument} is a vector of {len(labels)}, but X has {rows} rows")
    kind = labels.dtype.kind
    if kind == "c":
        raise ValueError(f"{function}: Complex data not supported: {argument} holds complex numbers")
    found = _encode(function, argument, labels) if kind in "biuf" else None
    classes, codes = _unique(function, argument, labels) if found is None else found
    if len(classes) < 2 and argument == "y" and rows and not single:
        raise ValueError(
            f"{function}: y has only one class ({classes.tolist()[0]!r}), but a classifier needs at least "
            f"two to tell apart"
        )
    return classes, codes


def _encode(function: str, argument: str, labels: Any) -> tuple[Any, Any] | None:
    """Classes and codes of numeric labels; None for whole numbers so large that doubles cannot tell them apart."""
    try:
        values, first, codes = _core.encode_labels(labels.astype(np.float64, copy=False))
    except ValueError as error:
        raise ValueError(str(error).replace("fit: y", f"{function}: {argument}", 1)) from None
    if labels.dtype.kind in "iu" and len(values) and max(-values[0], values[-1]) >= 2**53:
        return None
    return labels[first], codes


def _unique(function: str, argument: str, labels: Any) -> tuple[Any, Any]:
    """Classes and codes of labels of any kind that has an order."""
    if labels.dtype.kind == "O":
        no_missing_labels(function, argument, labels)
    try:
        classes, codes = np.unique(labels, return_inverse=True)
    except TypeError:
        kinds = sorted({type(label).__name__ for label in labels.tolist()})
        raise TypeError(
            f"{function}: {argument} mixes labels that have no common order ({', '.join(kinds)}): "
            "Unknown label type; make them all texts or all numbers"
        ) from None
    return classes, codes.astype(np.int64, copy=False)


def no_missing_labels(function: str, argument: str, labels: Any) -> None:
    for i, label in enumerate(labels.tolist()):
        # Only a missing value differs from itself: NaN, NaT; pandas' NA refuses to answer.
        if (
            label is None
            or type(label).__name__ in ("NAType", "NaTType")
            or (isinstance(label, float) and label != label)
        ):
            raise ValueError(
                f"{function}: {argument} has a missing label ({label}) at index {i}; remove such rows first"
            )


def row_count(function: str, array: Any) -> int:
    """Count the rows of anything that has rows."""
    shape = getattr(array, "shape", None)
    if shape is not None:
        if not len(shape):
            raise TypeError(f"{function}: a single number has no rows to split")
        return int(shape[0])
    try:
        return len(array)
    except TypeError:
        raise TypeError(f"{function}: a {type(array).__name__} has no rows to split") from None


def take(array: Any, rows: Any) -> Any:
    """Choose rows by number and give the same kind of thing back."""
    if hasattr(array, "iloc"):
        return array.iloc[rows]
    if isinstance(array, list | tuple):
        return [array[i] for i in rows.tolist()]
    return array[rows]


def same_kind(function: str, columns: Any, names: Any) -> None:
    """Refuse a frame whose columns are not those of the frame that the model was fitted with."""
    if list(columns) != list(names):
        raise ValueError(
            f"{function}: The feature names should match those that were passed during fit: "
            f"X has {', '.join(map(str, columns))}, but the model was fitted with {', '.join(map(str, names))}"
        )


def read_target(function: str, y: Any, rows: int | None, argument: str = "y") -> Any:
    """Read the numbers that a regressor learns: a vector, or a matrix with a column a target."""
    if y is None:
        raise ValueError(
            f"{function}: {argument} is None, but numbers are needed: it requires y to be passed, but the "
            "target y is None"
        )
    if hasattr(y, "toarray") and hasattr(y, "nnz"):
        raise TypeError(f"{function}: {argument} is sparse, but sparse targets are not supported")
    if isinstance(y, np.ma.MaskedArray):
        raise TypeError(f"{function}: {argument} is a masked array, whose mask would be lost; pass .filled(…)")
    try:
        target = y if type(y) is np.ndarray else np.asarray(y)
    except ValueError:
        raise TypeError(f"{function}: {argument} is ragged, but a vector of numbers is needed") from None
    if target.dtype.kind == "c":
        raise ValueError(f"{function}: Complex data not supported: {argument} holds complex numbers")
    if target.dtype.kind not in "biuf":
        try:
            if target.dtype.kind != "O" or any(isinstance(value, str) for value in target.flat):
                raise TypeError(f"it holds {'texts' if target.dtype.kind in 'OUS' else target.dtype}")
            target = target.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise TypeError(f"{function}: {argument} must hold real numbers: {error}") from None
    target = np.ascontiguousarray(target, dtype=np.float64)
    if target.ndim not in (1, 2) or (target.ndim == 2 and target.shape[1] == 0):
        shape = "×".join(map(str, target.shape)) or "a single number"
        raise ValueError(
            f"{function}: {argument} is {shape}, but a vector of numbers is needed: y should be a 1d array"
        )
    if not len(target):
        raise ValueError(f"{function}: {argument} has 0 rows, but at least 1 is needed")
    if rows is not None and len(target) != rows:
        raise ValueError(f"{function}: {argument} has {len(target)} rows, but X has {rows} rows")
    if not np.isfinite(target).all():
        at = tuple(int(i) for i in np.argwhere(~np.isfinite(target))[0])
        place = f"index {at[0]}" if len(at) == 1 else f"row {at[0]}, column {at[1]}"
        kind = "NaN (a missing value)" if np.isnan(target[at]) else "infinity"
        raise ValueError(f"{function}: {argument} holds {kind} at {place}; remove such rows first")
    return target


def read_weights(function: str, sample_weight: Any, rows: int) -> Any:
    """Read how much each row counts; None counts all alike."""
    if sample_weight is None:
        return None
    weights = read_target(function, sample_weight, None, "sample_weight")
    if weights.ndim != 1:
        raise ValueError(f"{function}: sample_weight should be a 1d array, but it is a matrix")
    if len(weights) != rows:
        raise ValueError(f"{function}: sample_weight has {len(weights)} entries, but X has {rows} rows")
    if weights.min() < 0:
        at = int(weights.argmin())
        raise ValueError(
            f"{function}: sample_weight holds {weights[at]:g} at index {at}, but a weight cannot be negative"
        )
    if not weights.any():
        raise ValueError(f"{function}: sample_weight is zero everywhere, but some row must count")
    return weights
