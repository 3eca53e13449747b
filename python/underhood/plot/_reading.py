"""Reading what a picture of data is given: one sample, several samples, groups; and telling what is left out of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._frames import numeric

__all__ = ["drawable", "left_out", "name_of", "read_groups", "read_names", "read_numbers", "read_samples"]

Doubles = NDArray[np.float64]
Codes = NDArray[np.intp]

_LARGEST = 1e150
"""Pictures square distances and add margins, and so overflow long before doubles do."""

_FROM_DATES = 'days = np.asarray({0}, "datetime64[s]"), then (days - np.nanmin(days)) / np.timedelta64(1, "D")'
_FROM_DURATIONS = 'np.asarray({0}, "timedelta64[s]") / np.timedelta64(1, "D")'


def read_numbers(function: str, argument: str, values: Any) -> Doubles:
    """Read one sample: a vector of numbers, NaN where one is missing."""
    where = f"{function}: {argument}"
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(f"{where} is a masked array, whose mask would be lost; pass .filled(np.nan)")
    several = _several(argument, values)
    if several is not None:
        found, samples = several
        first = next(iter(samples), "")
        advice = f"pass one of them, such as {first}; " if first else ""
        raise ValueError(f"{where} is {found}, but one sample is needed; {advice}box and strip draw several")
    axes = np.ndim(values)
    if axes == 0:
        found = "text" if isinstance(values, str | bytes) else f"a {type(values).__name__}"
        raise TypeError(f"{where} is {found}, but a vector of numbers is needed: a list, an array or a column")
    if axes != 1:
        raise ValueError(f"{where} has {axes} axes, but a vector is needed")
    numbers = numeric(values)
    if numbers is None:
        return _without_numbers(where, argument, np.asarray(values))
    largest = np.abs(numbers, where=np.isfinite(numbers), out=np.zeros(numbers.size)).max(initial=0.0)
    if largest > _LARGEST:
        raise ValueError(f"{where} holds numbers as large as {largest:.3g}, which no axis can show; divide them first")
    return numbers


def read_samples(function: str, values: Any, by: Any) -> tuple[Doubles, list[str], Codes]:
    """Read several samples: values with their groups, or a list, a dict or a table of samples; all in one vector."""
    several = _several("values", values)
    if several is None:
        numbers = read_numbers(function, "values", values)
        return numbers, *read_groups(function, by, numbers.size)
    found, samples = several
    if by is not None:
        raise ValueError(f"{function}: values is {found}, which are groups already, so by must be left out")
    if not samples:
        raise ValueError(f"{function}: values is empty, so there is nothing to draw")
    parts = [read_numbers(function, place, sample) for place, (_, sample) in samples.items()]
    codes = np.repeat(np.arange(len(parts)), [part.size for part in parts])
    return np.concatenate(parts), [name for name, _ in samples.values()], codes


def _several(argument: str, values: Any) -> tuple[str, dict[str, tuple[str, Any]]] | None:
    """Take several samples apart: what they are in words, and the name and values at each place; None for one."""
    if isinstance(values, Mapping):
        samples = {f"{argument}[{name!r}]": (str(name), sample) for name, sample in values.items()}
        return f"a dict of {_count(samples)}", samples
    if hasattr(values, "columns") and hasattr(values, "shape"):
        samples = {f"{argument}[{name!r}]": (str(name), values[name]) for name in values.columns}
        return f"a table of {len(samples)} column{'s' * (len(samples) != 1)}", samples
    if isinstance(values, np.ndarray) and values.ndim == 2:
        samples = {f"{argument}[:, {k}]": (str(k + 1), column) for k, column in enumerate(values.T)}
        return f"an array of {_count(samples)} (its columns)", samples
    if isinstance(values, list | tuple) and _nested(values):
        samples = {f"{argument}[{k}]": (name_of(sample) or str(k + 1), sample) for k, sample in enumerate(values)}
        return f"a {type(values).__name__} of {_count(samples)}", samples
    return None


def _count(samples: Mapping[str, Any]) -> str:
    return f"{len(samples)} sample{'s' * (len(samples) != 1)}"


def _nested(values: list[Any] | tuple[Any, ...]) -> bool:
    try:
        return np.ndim(values) > 1
    except ValueError:  # samples of unlike lengths
        return True


def _without_numbers(where: str, argument: str, values: NDArray[Any]) -> Doubles:
    """Give NaN where nothing is there; else refuse, saying what was found and what can be done."""
    held = [value for value in values.tolist() if value is not None]
    if not held:
        return np.full(values.size, np.nan)
    first = held[0]
    problem = f"{where} does not hold numbers, but "
    if values.dtype.kind == "m" or isinstance(first, datetime.timedelta):
        raise TypeError(f"{problem}durations; turn them into numbers of days: {_FROM_DURATIONS.format(argument)}")
    if values.dtype.kind == "M" or isinstance(first, datetime.date):
        raise TypeError(f"{problem}dates; turn them into numbers of days: {_FROM_DATES.format(argument)}")
    if isinstance(first, str | bytes):
        raise TypeError(f"{problem}text (such as {first!r})")
    if isinstance(first, complex):
        raise TypeError(f"{problem}complex numbers; draw their real and imaginary parts")
    kinds = sorted({type(value).__name__ for value in held})
    raise TypeError(f"{problem}objects of the type {' or '.join(kinds[:3])}")


def read_groups(function: str, by: Any, size: int) -> tuple[list[str], Codes]:
    """Labels and the code of each row (-1 where there is none); one group without a name if nothing was asked for.

    Labels stand in the order of the alphabet, numbers in rising order.
    """
    if by is None:
        return [""], np.zeros(size, dtype=np.intp)
    if isinstance(by, np.ma.MaskedArray):
        raise TypeError(f"{function}: by is a masked array, whose mask would be lost; pass a list with None instead")
    if _several("by", by) is not None or np.ndim(by) > 1:
        raise ValueError(f"{function}: by has more than one axis, but a vector of labels is needed")
    values = by.to_list() if hasattr(by, "to_list") else np.asarray(by).tolist()
    if not isinstance(values, list) or len(values) != size:
        found = f"{len(values)} labels" if isinstance(values, list) else "a single value"
        raise ValueError(f"{function}: the groups are {found}, but there are {size} values")
    words = [None if _is_missing(value) else str(value) for value in values]
    of = {word: value for word, value in zip(words, values, strict=True) if word is not None}
    ranked = all(isinstance(value, int | float | np.number) for value in of.values())
    labels = sorted(of, key=of.__getitem__) if ranked else sorted(of)
    place = {label: code for code, label in enumerate(labels)}
    return labels, np.array([-1 if word is None else place[word] for word in words], dtype=np.intp)


def _is_missing(value: Any) -> bool:
    """Tell None, NaN, NaT, and pandas' NA, which cannot be compared."""
    return value is None or type(value).__name__ == "NAType" or bool(value != value)


def drawable(function: str, subject: str, numbers: Doubles, codes: Codes) -> NDArray[np.bool_]:
    """Tell which values can be drawn; refuse if none can. The subject is such as ``"values has"``."""
    if not numbers.size:
        raise ValueError(f"{function}: {subject.rsplit(' ', 1)[0]} is empty, so there is nothing to draw")
    shown: NDArray[np.bool_] = np.isfinite(numbers) & (codes >= 0)
    if not shown.any():
        found = left_out(numbers, codes).removeprefix("left out: ")
        raise ValueError(f"{function}: {subject} no finite value, so there is nothing to draw: {found}")
    return shown


def left_out(numbers: Doubles, codes: Codes) -> str:
    """Say how many values are not in the picture, and why; nothing if all are."""
    finite = np.isfinite(numbers)
    counts = {
        "missing": np.isnan(numbers).sum(),
        "infinite": np.isinf(numbers).sum(),
        "in no group": (finite & (codes < 0)).sum(),
    }
    found = ", ".join(f"{count:,} {why}" for why, count in counts.items() if count)
    return f"left out: {found}" if found else ""


def read_names(function: str, argument: str, names: Any) -> list[str]:
    """Read a list of names, such as those of columns; numbers among them are written as text, as tables do."""
    if isinstance(names, str) or not hasattr(names, "__iter__"):
        raise TypeError(f"{function}: {argument} is a {type(names).__name__}, but must be a list of names")
    return [str(name) for name in names]


def name_of(values: Any) -> str:
    """Give the name of a column; a table's column called "name" is not its name."""
    name = None if hasattr(values, "columns") else getattr(values, "name", None)
    return "" if name is None else str(name)
