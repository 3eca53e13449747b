"""Missing values and axes: one door for all tests.

A test is written for vectors without gaps. Its public function asks here for anything else::

    if axis is not None or nan_policy != "raise":
        return over(ttest_ind, {"a": a, "b": b}, {"equal_var": equal_var}, axis=axis, nan_policy=nan_policy)
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from underhood._frames import doubles
from underhood._results import Result

__all__ = ["NAN_POLICIES", "ManyTestsResult", "lanes", "over", "warn_of_blanks"]

R = TypeVar("R")
NAN_POLICIES = ("raise", "omit", "propagate")


@dataclass(slots=True, repr=False, eq=False)
class ManyTestsResult(Result):
    """One test for each column along an axis; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic, pvalue : ndarray
        In the shape of the samples without the axis.
    results : ndarray of objects
        The whole result of each test.

    Notes
    -----
    Every other number of the tests' results is gathered when it is asked for: ``many.estimate`` is an array of the
    estimates, ``many.confidence_interval`` one with an axis more, of two. Numbers that are not there for each test in
    one shape are found in ``results`` only.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("statistic", "pvalue")
    statistic: NDArray[np.float64]
    pvalue: NDArray[np.float64]
    results: NDArray[np.object_]

    def __getattr__(self, name: str) -> NDArray[Any]:
        # Python asks here for what is no field. Without this guard a result that is being copied would ask for ever.
        if name.startswith("_") or name in {field.name for field in fields(self)} or not self.results.size:
            raise AttributeError(f"a {type(self).__name__} has no {name!r}")
        each = [getattr(result, name, None) for result in self.results.ravel()]
        try:
            gathered = np.array(each)
        except ValueError:
            gathered = np.array(None)
        if gathered.dtype.kind not in "biuf":
            raise AttributeError(
                f"a {type(self).__name__} has no {name!r}: each test is one of its results, such as results.flat[0]"
            )
        return gathered.reshape(self.results.shape + gathered.shape[1:])

    def _title(self) -> str:
        return f"{self.results.size} tests"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] != "results"]


def over(
    test: Callable[..., R],
    samples: Mapping[str, Any],
    options: Mapping[str, Any],
    *,
    axis: int | None,
    nan_policy: str,
    paired: bool = False,
    spread: bool = False,
    blanks: list[str] | None = None,
) -> R:
    """Run a test on samples that may have gaps, or on each column along an axis.

    Parameters
    ----------
    test : callable
        The public function, which is called on vectors.
    samples : mapping
        Its samples by the name of their argument. Samples of more than one axis are broadcast against each other.
    options : mapping
        Its other arguments.
    axis : int, optional
        The axis that one sample runs along.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out (with ``paired``, together with its partners), or makes every
        number of the result NaN. With an axis, a column whose gaps leave too little to test has NaN too.
    paired : bool
        Whether the samples' values belong together.
    spread : bool
        Whether the test takes its samples as ``*args`` rather than by name.
    blanks : list, optional
        Given where the samples are one column of many: it is told why one with gaps could not be tested.
    """
    function = test.__name__
    if nan_policy not in NAN_POLICIES:
        allowed = ", ".join(map(repr, NAN_POLICIES))
        raise ValueError(f"{function}: nan_policy is {nan_policy!r}, but must be one of {allowed}")
    arrays = {name: doubles(values, function, name) for name, values in samples.items()}

    def call(vectors: list[NDArray[np.float64]]) -> R:
        return test(*vectors, **options) if spread else test(**dict(zip(arrays, vectors, strict=True)), **options)

    def run(vectors: list[NDArray[np.float64]], blanks: list[str] | None) -> R:
        gap = nan_policy != "raise" and any(np.isnan(vector).any() for vector in vectors if vector.ndim == 1)
        if not gap:
            return call(vectors)
        known = _without_gaps(vectors, paired)
        try:
            found = call(known)
        except ValueError as refusal:
            if nan_policy == "omit" and blanks is None:
                raise
            try:
                shown = call(_stand_in(len(vectors), options.get("cutoff")))
            except ValueError:
                # Not the values but an option is refused.
                raise refusal from None
            if nan_policy == "omit" and blanks is not None:
                blanks.append(str(refusal))
            return cast(R, _blank(shown, options, [len(vector) for vector in known]))
        return cast(R, _blank(found, options)) if nan_policy == "propagate" else found

    if axis is None:
        return run(list(arrays.values()), blanks)
    shape, wide = lanes(arrays, axis, function)
    if not shape:
        return run(wide, None)
    results = np.empty(shape, dtype=object)
    blanks = []
    for place in np.ndindex(shape):
        results[place] = run([column[place] for column in wide], blanks)
    warn_of_blanks(function, blanks, results.size)
    numbers = [
        np.reshape([getattr(found, name) for found in results.ravel()], shape) for name in ("statistic", "pvalue")
    ]
    # A test says that it returns its own result; with an axis there are many of them.
    return cast(R, ManyTestsResult(numbers[0], numbers[1], results))


def lanes(
    arrays: Mapping[str, NDArray[np.float64]], axis: int, function: str
) -> tuple[tuple[int, ...], list[NDArray[np.float64]]]:
    """Turn the axis to the end of each array and broadcast the others against each other, whose shape comes first."""
    columns = {name: _along(values, axis, function, name) for name, values in arrays.items()}
    try:
        shape = np.broadcast_shapes(*(column.shape[:-1] for column in columns.values()))
    except ValueError:
        shapes = " and ".join(f"{name} has the shape {values.shape}" for name, values in arrays.items())
        raise ValueError(
            f"{function}: {shapes}; apart from axis {axis} they must be the same, or 1, to be tested side by side"
        ) from None
    return shape, [np.broadcast_to(column, (*shape, column.shape[-1])) for column in columns.values()]


def warn_of_blanks(function: str, blanks: list[str], count: int) -> None:
    """Say that some of many columns have NaN because too little was known of them."""
    if blanks:
        warnings.warn(
            f"{function}: NaN for {len(blanks)} of {count} columns, whose gaps leave too little: {blanks[0]}",
            RuntimeWarning,
            stacklevel=4,
        )


def _without_gaps(vectors: list[NDArray[np.float64]], paired: bool) -> list[NDArray[np.float64]]:
    if paired and len({len(vector) for vector in vectors}) == 1:
        whole = ~np.any([np.isnan(vector) for vector in vectors], axis=0)
        return [vector[whole] for vector in vectors]
    return [vector[~np.isnan(vector)] for vector in vectors]


def _along(values: NDArray[np.float64], axis: Any, function: str, name: str) -> NDArray[np.float64]:
    if isinstance(axis, bool) or not isinstance(axis, int | np.integer):
        raise TypeError(f"{function}: axis is {axis!r}, but must be a whole number")
    try:
        return np.moveaxis(values, int(axis), -1)
    except ValueError:
        raise ValueError(f"{function}: axis is {axis!r}, but {name} has {values.ndim} axes") from None


_STOOD_IN = 24


def _stand_in(count: int, cutoff: Any) -> list[NDArray[np.float64]]:
    """Make samples that any test takes: only the form of its result is wanted. They vary, and their pairs differ.

    Most are positive, as some families want; where a test cuts values in two there are some on both sides.
    """
    step = np.arange(1.0, _STOOD_IN + 1)
    middle = cutoff if isinstance(cutoff, int | float) else 1.5
    return [middle + np.sin(step * (1 + 0.37 * i)) + 0.01 * i for i in range(count)]


def _blank(result: Any, options: Mapping[str, Any], n: list[int] | None = None) -> Any:
    """Make every number of a result NaN but those that were given: the options, and the level of an interval.

    Where ``n`` is given the result is not of the data: how many values there are is told, and all else that was counted
    is 0.
    """

    def blank(value: Any) -> Any:
        if isinstance(value, float | np.floating):
            return np.nan
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            return np.full_like(value, np.nan)
        if isinstance(value, tuple):
            return tuple(map(blank, value))
        if n is not None and isinstance(value, int | np.integer) and not isinstance(value, bool):
            return 0
        return value

    def counted(value: Any, n: list[int]) -> Any:
        if isinstance(value, tuple):
            return tuple(n[: len(value)])
        if isinstance(value, np.ndarray):
            return np.array(n[: len(value)], dtype=value.dtype)
        return min(n)

    given = {"confidence_level", *options}
    numbers = {
        field.name: blank(getattr(result, field.name))
        for field in fields(result)
        if field.init and field.name not in given
    }
    if n is not None and "n" in numbers:
        numbers["n"] = counted(result.n, n)
    return replace(result, **numbers)
