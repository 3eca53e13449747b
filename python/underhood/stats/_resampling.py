"""What bootstrap, permutation test and jackknife share: reading samples and statistics, and calling a caller's own."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from underhood import _core
from underhood._frames import columns, doubles
from underhood._results import format_value

__all__ = ["Custom", "Statistic", "along", "describe", "has_columns", "read_samples", "read_statistic", "vectors"]

Statistic: TypeAlias = str | tuple[str, float] | Callable[..., Any]
Native: TypeAlias = tuple[str, float | None]

_BATCH = 1 << 21
"""So many numbers are handed to a caller's statistic at a time, unless it asks for another batch."""


def has_columns(data: Any) -> bool:
    """Tell a frame or a mapping, whose columns are samples."""
    return (
        isinstance(data, Mapping)
        or hasattr(data, "get_columns")
        or (hasattr(data, "iloc") and hasattr(data, "columns"))
    )


def read_samples(function: str, data: Any, axis: int | None = None) -> list[Any]:
    """Take data apart into samples: a vector is one sample, a sequence of vectors or a frame's columns are several."""
    if has_columns(data):
        table = columns(data, function=function)
        if not table:
            raise ValueError(f"{function}: data has no columns, but at least one sample is needed")
        return list(table.values())
    if isinstance(data, tuple | list) and len(data) and hasattr(data[0], "__len__") and not isinstance(data[0], str):
        return list(data)
    if axis is None and getattr(data, "ndim", 1) > 1:
        shape = "×".join(map(str, data.shape))
        raise ValueError(
            f"{function}: data is {shape}, but must be a vector or a sequence of samples; pass (x,) with axis=0 for a "
            "result for each column, or tuple(x.T) if the columns are samples"
        )
    return [data]


def vectors(function: str, samples: list[Any]) -> list[NDArray[np.float64]]:
    """Read samples for a caller's own statistic: finite vectors of doubles that are not empty."""
    found = [doubles(sample, function, "data") for sample in samples]
    for x in found:
        if x.ndim != 1:
            raise ValueError(f"{function}: data holds an array of {x.ndim} axes, but vectors are needed")
        if not len(x):
            raise ValueError(f"{function}: data has 0 values, but at least 1 are needed")
        if not np.isfinite(x).all():
            place = int(np.flatnonzero(~np.isfinite(x))[0])
            what = "NaN (a missing value)" if np.isnan(x[place]) else "infinity"
            raise ValueError(f"{function}: data holds {what} at index {place}; remove or fill such values first")
    return found


def along(function: str, samples: list[Any], axis: int) -> tuple[tuple[int, ...], list[NDArray[np.float64]]]:
    """Bring an axis to the end of all samples, and broadcast the others; gives their shape too."""
    arrays = [doubles(sample, function, "data") for sample in samples]
    try:
        moved = [np.moveaxis(array, axis, -1) for array in arrays]
    except (ValueError, TypeError):
        axes = min(array.ndim for array in arrays)
        raise ValueError(f"{function}: axis is {axis!r}, but data has {axes} axes") from None
    try:
        shape = np.broadcast_shapes(*(array.shape[:-1] for array in moved))
    except ValueError:
        raise ValueError(f"{function}: data has samples whose other axes do not go together") from None
    if 0 in shape:
        raise ValueError(f"{function}: data has no column along axis {axis}")
    return shape, [np.broadcast_to(array, (*shape, array.shape[-1])) for array in moved]


def read_statistic(function: str, statistic: Statistic, vectorized: bool | None) -> Native | Custom:
    """Recognise what the core computes itself; anything else that can be called is called."""
    if isinstance(statistic, str):
        return statistic, None
    if isinstance(statistic, tuple):
        if len(statistic) == 2 and isinstance(statistic[0], str):
            return statistic
        raise TypeError(f'{function}: statistic is a tuple, but must be a pair such as ("quantile", 0.9)')
    if not callable(statistic):
        raise TypeError(f"{function}: statistic is a {type(statistic).__name__}, but must be a name or a function")
    known = _recognised(statistic)
    return Custom(function, statistic, vectorized) if known is None else known


@functools.cache
def _known() -> dict[Any, Native]:
    from underhood.stats._correlation import pearsonr

    ours = _core.stats
    return {
        np.mean: ("mean", None),
        np.median: ("median", None),
        np.std: ("std", 0.0),
        np.var: ("var", 0.0),
        ours.mean: ("mean", None),
        ours.median: ("median", None),
        ours.std: ("std", 1.0),
        ours.var: ("var", 1.0),
        ours.skew: ("skew", None),
        ours.kurtosis: ("kurtosis", None),
        ours.iqr: ("iqr", None),
        pearsonr: ("correlation", None),
    }


def _recognised(statistic: Callable[..., Any]) -> Native | None:
    try:
        if not isinstance(statistic, functools.partial):
            return _known().get(statistic)
        name, given = _known().get(statistic.func, (None, None)), statistic.keywords
    except TypeError:  # what cannot be hashed is not ours
        return None
    if statistic.args:
        return None
    if name[0] in ("std", "var") and set(given) == {"ddof"} and isinstance(given["ddof"], int):
        return str(name[0]), float(given["ddof"])
    if statistic.func in (np.quantile, _core.stats.quantile) and set(given) == {"q"} and np.ndim(given["q"]) == 0:
        return "quantile", float(given["q"])
    if statistic.func is _core.stats.trim_mean and set(given) == {"proportiontocut"}:
        return "trim_mean", given["proportiontocut"]
    return None


class Custom:
    """A caller's own statistic."""

    def __init__(self, function: str, statistic: Callable[..., Any], vectorized: bool | None) -> None:
        self.function, self.statistic = function, statistic
        name = getattr(statistic, "__name__", type(statistic).__name__)
        self.name = "statistic" if name == "<lambda>" else name  # results say "the … is"
        if vectorized is None:
            try:
                vectorized = "axis" in inspect.signature(statistic).parameters
            except (TypeError, ValueError):  # some built-in functions have no signature
                vectorized = False
        self.vectorized = bool(vectorized)

    def of(self, *samples: NDArray[np.float64]) -> float:
        """Compute the statistic of samples as they are."""
        return self._number(self.statistic(*samples, axis=-1) if self.vectorized else self.statistic(*samples))

    def of_rows(self, samples: list[NDArray[np.float64]]) -> NDArray[np.float64]:
        """Compute the statistic of many resamples: one a row in each array."""
        rows = len(samples[0])
        if not self.vectorized:
            return np.array([self.of(*row) for row in zip(*samples, strict=True)])
        found = np.asarray(self.statistic(*samples, axis=-1))
        if found.shape != (rows,) or found.dtype.kind not in "biuf":
            raise ValueError(
                f"{self.function}: statistic gives an array of shape {found.shape} for {rows} resamples, but must give "
                f"a real number for each (vectorized=False calls it once for each)"
            )
        return found.astype(np.float64, copy=False)

    def leaving_out(
        self, samples: list[NDArray[np.float64]], which: Collection[int], batch: int | None = None
    ) -> NDArray[np.float64]:
        """Compute the statistic without each value in turn of some samples; a batch at a time."""
        n = len(samples[min(which)])
        step, parts = self.batch(batch, samples), []
        for start in range(0, n, step):
            out = np.arange(start, min(start + step, n))[:, np.newaxis]
            kept = np.arange(n - 1)
            kept = kept + (kept >= out)
            rows = [x[kept] if i in which else np.broadcast_to(x, (len(out), len(x))) for i, x in enumerate(samples)]
            parts.append(self.of_rows(rows))
        return np.concatenate(parts)

    def batch(self, asked: int | None, samples: list[NDArray[np.float64]]) -> int:
        """How many resamples to hold at a time."""
        if asked is None:
            return max(1, _BATCH // sum(map(len, samples)))
        if not isinstance(asked, int | np.integer) or asked < 1:
            raise ValueError(f"{self.function}: batch is {asked!r}, but must be a whole number, at least 1")
        return int(asked)

    def _number(self, value: Any) -> float:
        value = getattr(value, "statistic", value)
        array = np.asarray(value)
        if array.ndim == 0 and array.dtype.kind in "biuf":
            return float(array)
        shape = f"an array of shape {array.shape}" if array.ndim else f"a {type(value).__name__}"
        raise ValueError(f"{self.function}: statistic gives {shape}, but must give one real number")


def describe(statistic: Native | Custom) -> str:
    """Name a statistic for the reader."""
    if isinstance(statistic, Custom):
        return statistic.name
    name, parameter = statistic
    return name.replace("_", " ") if parameter is None else f"{name.replace('_', ' ')} ({format_value(parameter)})"
