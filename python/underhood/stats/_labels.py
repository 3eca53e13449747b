"""Reading labels: text, categories, booleans, numbers, dates, perhaps with gaps, become numbers of groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._results import format_value

__all__ = ["Labels", "label_text", "read_labels"]


@dataclass(slots=True)
class Labels:
    """What stands in a column of labels.

    Attributes
    ----------
    name : str
        The column's name, if it has one.
    labels : ndarray
        The distinct labels: categories in their order, anything else ascending, what has no order as it appears.
    codes : ndarray of int
        The place in ``labels`` of each value; -1 for a missing one.
    """

    name: str
    labels: NDArray[Any]
    codes: NDArray[np.int64]

    def counts(self) -> NDArray[np.int64]:
        """How often each label occurs."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.labels)).astype(np.int64)

    def used(self) -> Labels:
        """Leave out the categories that never occur."""
        occurs = self.counts() > 0
        if occurs.all():
            return self
        places = np.cumsum(occurs) - 1
        return Labels(self.name, self.labels[occurs], np.where(self.codes >= 0, places[self.codes], -1))


def read_labels(values: Any, function: str, argument: str) -> Labels:
    """Give each distinct label of a vector a number.

    Raises
    ------
    TypeError
        If it is no vector of labels: text, a single value, a frame, masked, complex, structured, or lists of lists.

    Examples
    --------
    >>> found = read_labels(["b", None, "a", "b"], "f", "a")
    >>> found.labels, found.codes
    (array(['a', 'b'], dtype=object), array([ 1, -1,  0,  1]))
    """
    where = f"{function}: {argument}"
    name = getattr(values, "name", None)
    name = "" if name is None or not isinstance(name, str | int | tuple) else str(name)
    if isinstance(values, str | bytes | dict) or hasattr(values, "columns"):
        raise TypeError(f"{where} is a {type(values).__name__}, but a vector of labels is needed")
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(f"{where} is a masked array, whose mask would be lost; pass .filled(…) or a list with None")
    if hasattr(values, "cat") and hasattr(getattr(values, "dtype", None), "categories") and hasattr(values, "iloc"):
        return Labels(name, np.asarray(values.cat.categories), values.cat.codes.to_numpy().astype(np.int64))
    if hasattr(values, "iloc") and hasattr(values, "factorize"):
        codes, distinct = values.factorize()
        return _in_order(name, np.asarray(distinct), codes.astype(np.int64))
    if hasattr(values, "to_list") and hasattr(values, "null_count"):  # polars
        order = values.dtype.categories.to_list() if str(values.dtype).startswith("Enum") else None
        return _of_objects(name, values.to_list(), where, order)
    return _of_array(name, values, where)


def _of_array(name: str, values: Any, where: str) -> Labels:
    try:
        array = np.asarray(values)
    except ValueError:
        raise TypeError(f"{where} is ragged, but a vector of labels is needed") from None
    if array.ndim != 1 or array.dtype.kind in "cV":
        found = f"{array.ndim} axes" if array.dtype.kind not in "cV" else f"the dtype {array.dtype}"
        raise TypeError(f"{where} has {found}, but a vector of labels is needed")
    if array.dtype.kind == "O":
        return _of_objects(name, array.tolist(), where)
    if array.dtype.kind in "US" and isinstance(values, list | tuple) and not all(isinstance(v, str) for v in values):
        return _of_objects(name, values, where)  # NumPy has made text of numbers
    if array.dtype.kind in "fMm":
        missing = np.isnan(array) if array.dtype.kind == "f" else np.isnat(array)
        codes = np.full(array.shape, -1, dtype=np.int64)
        distinct, codes[~missing] = np.unique(array[~missing], return_inverse=True)
        return Labels(name, distinct, codes)
    distinct, places = np.unique(array, return_inverse=True)
    return Labels(name, distinct, places.astype(np.int64))


def _of_objects(name: str, values: Iterable[Any], where: str, order: list[Any] | None = None) -> Labels:
    place: dict[Any, int] = {label: i for i, label in enumerate(order or [])}
    codes = []
    for i, value in enumerate(values):
        if _is_missing(value):
            codes.append(-1)
            continue
        try:
            codes.append(place.setdefault(value, len(place)))
        except TypeError:
            raise TypeError(f"{where} holds a {type(value).__name__} at index {i}, which is no label") from None
    distinct = np.empty(len(place), dtype=object)
    distinct[:] = list(place)
    found = Labels(name, distinct, np.array(codes, dtype=np.int64))
    return found if order is not None else _in_order(name, distinct, found.codes)


def _in_order(name: str, distinct: NDArray[Any], codes: NDArray[np.int64]) -> Labels:
    """Give the labels the numbers of their order, if they have one."""
    try:
        ascending = sorted(range(len(distinct)), key=distinct.tolist().__getitem__)
    except TypeError:
        return Labels(name, distinct, codes)
    rank = np.empty(len(distinct) + 1, dtype=np.int64)
    rank[ascending] = np.arange(len(distinct))
    rank[-1] = -1
    return Labels(name, distinct[ascending], rank[codes])


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(value, np.datetime64 | np.timedelta64):
        return bool(np.isnat(value))
    return isinstance(value, float | np.floating) and value != value


def label_text(label: Any) -> str:
    """Write a label as people do.

    Examples
    --------
    >>> label_text("Rome"), label_text(2.0), label_text(np.datetime64("2026-01-31T00:00")), label_text(None)
    ('Rome', '2', '2026-01-31', 'missing')
    """
    if label is None:
        return "missing"
    if isinstance(label, np.datetime64):
        return str(label).removesuffix("T00:00:00.000000000").split("T00:00")[0]
    if isinstance(label, tuple):
        return ", ".join(map(label_text, label))
    return label if isinstance(label, str) else format_value(label)
