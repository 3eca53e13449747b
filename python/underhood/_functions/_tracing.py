"""Turning a caller's function into a graph, and making sure that the graph computes what the function does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._core.graph import Traced
from underhood._functions._tracer import TracingError, run

__all__ = ["NotTracedError", "compare", "constants_of", "generic_point", "trace"]

Shapes = tuple[tuple[int, ...], ...]

OTHER_VALUE = "it gives another value when it is called than when it is traced (random numbers, a question for a type?)"


class NotTracedError(Exception):
    """A function has no graph for arguments of these shapes; the message says why."""


def _surroundings(f: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    """Go through what a function sees around it, and its names."""
    code = getattr(f, "__code__", None)
    if code is None:
        return
    scope = getattr(f, "__globals__", {})
    yield from ((name, scope[name]) for name in code.co_names if name in scope)
    for name, cell in zip(code.co_freevars, f.__closure__ or (), strict=False):
        with suppress(ValueError):  # not assigned yet
            yield name, cell.cell_contents


def constants_of(f: Callable[..., Any]) -> dict[int, str]:
    """Name the arrays that a function sees around it, by their identity."""
    return {id(value): name for name, value in _surroundings(f) if isinstance(value, np.ndarray)}


def _advice(f: Callable[..., Any]) -> str:
    """Say what to do about frames, whose operations a tracer cannot follow."""
    frames = [name for name, value in _surroundings(f) if hasattr(value, "to_numpy")]
    return f" ({frames[0]} is a frame or a series: use {frames[0]}.to_numpy())" if frames else ""


def trace(
    f: Callable[..., Any],
    names: Sequence[str],
    shapes: Shapes,
    point: Sequence[Any] | None = None,
    *,
    anywhere: bool = False,
) -> tuple[Traced, bool, bool]:
    """Give the graph of a function for arguments of these shapes, whether it depends on them, and hardly fits them.

    It hardly fits where numbers are taken as vectors usually are: ``np.dot(w, v)``. The graph is compared with the
    function itself, at ``point`` or at one that is made up: a function that knows tracers from numbers or gives
    something else each time (``np.random``) is not trusted. Where a value tells nothing (0, NaN, rounding noise)
    another point is looked at: one close by, and, if the function may be called ``anywhere``, one that is made up.
    """
    try:
        traced, shaped, doubtful = run(f, names, shapes, constants_of(f))
    except TracingError as error:
        raise NotTracedError(str(error) if "to_numpy" in str(error) else str(error) + _advice(f)) from None
    except Exception as error:
        raise NotTracedError(f"it raises {type(error).__name__}: {error}{_advice(f)}") from None
    _check(traced, f, _points(shapes, point, anywhere))
    return traced, shaped, doubtful


def generic_point(shapes: Shapes) -> list[Any]:
    """Make up arguments: numbers between 0.3 and 0.9, all different."""
    point: list[Any] = []
    for number, shape in enumerate(shapes):
        size = int(np.prod(shape, dtype=int))
        values = 0.3 + 0.6 * ((0.5 + 0.618033988749895 * np.arange(number + 1, size + number + 1)) % 1.0)
        point.append(np.float64(values[0]) if shape == () else values.reshape(shape))
    return point


def _points(shapes: Shapes, point: Sequence[Any] | None, anywhere: bool) -> list[Callable[[], list[Any]]]:
    """Say where to compare, one place after the other until one tells."""
    if point is None:
        return [lambda: generic_point(shapes), lambda: [-x for x in generic_point(shapes)]]
    own = [np.float64(x) if np.ndim(x) == 0 else np.array(x, dtype=np.float64) for x in point]
    places = [lambda: own, lambda: _close(own, shapes)]
    return [*places, lambda: generic_point(shapes)] if anywhere else places


@np.errstate(all="ignore")
def _close(point: Sequence[Any], shapes: Shapes) -> list[Any]:
    """Give a point close by, without zeros, infinities and NaN."""
    made = generic_point(shapes)
    usual = [np.isfinite(x) & (x != 0) for x in point]
    return [
        np.where(known, x * (1 - 1e-6 * other), 1e-3 * other)[()]
        for x, other, known in zip(point, made, usual, strict=True)
    ]


def _check(traced: Traced, f: Callable[..., Any], points: Sequence[Callable[[], list[Any]]]) -> None:
    first = True
    told: bool | None = None
    for made in points:
        point = made()
        try:
            with np.errstate(all="ignore"):
                theirs = np.asarray(f(*[x.copy() for x in point]))
        except Exception as error:
            if not first:
                continue
            raise NotTracedError(f"it raises {type(error).__name__} when it is called: {error}") from error
        found = compare(traced, point, theirs)
        if found.verdict is False:
            raise NotTracedError(found.reason)
        if not _repeats(traced, f, point, theirs):
            raise NotTracedError(OTHER_VALUE)
        if found.verdict and _asks_for_types(f) and not _same_for_floats(f, point, theirs):
            raise NotTracedError(OTHER_VALUE)
        if found.verdict:
            return
        # Equal zeros and NaN are no proof, but neither do they speak against it; other infinities do.
        told = found.same if told is None else told or found.same
        first = False
    if not told:
        raise NotTracedError(OTHER_VALUE)


@np.errstate(all="ignore")
def _repeats(traced: Traced, f: Callable[..., Any], point: Sequence[Any], theirs: NDArray[Any]) -> bool:
    """Whether a function gives the same once more, as noise does not, however small beside the value it may be."""
    try:
        again = np.asarray(f(*[x.copy() for x in point]))
    except Exception:
        return False
    if again.shape != theirs.shape or again.dtype != theirs.dtype:
        return False
    if np.array_equal(again, theirs, equal_nan=True):
        return True
    # Threads may add in another order: that is rounding.
    apart = np.abs(again.astype(np.float64) - theirs.astype(np.float64))
    same = (again == theirs) | (np.isnan(again) & np.isnan(theirs))
    return bool(np.all(same | (apart <= _noise(traced, point, np.asarray(traced(*point))))))


def _asks_for_types(f: Callable[..., Any]) -> bool:
    return "type" in getattr(getattr(f, "__code__", None), "co_names", ())


def _same_for_floats(f: Callable[..., Any], point: Sequence[Any], theirs: NDArray[Any]) -> bool:
    """Whether plain floats give the same as NumPy's: ``type(x) is float`` sees what ``isinstance`` does not."""
    try:
        with np.errstate(all="ignore"):
            return np.allclose(f(*[float(x) if np.ndim(x) == 0 else x.copy() for x in point]), theirs, equal_nan=True)
    except Exception:
        return False


class Comparison:
    """What a comparison of a graph with its function told."""

    __slots__ = ("reason", "same", "verdict")

    def __init__(self, verdict: bool | None, same: bool = True, reason: str = "") -> None:
        self.verdict = verdict
        """Whether they agree; None if these values do not tell."""
        self.same = same
        """Whether they are equal, or differ by rounding only."""
        self.reason = reason


@np.errstate(all="ignore")
def compare(graph: Callable[..., Any], point: Sequence[Any], theirs: NDArray[Any]) -> Comparison:
    """Compare what a function gave at a point with what its graph gives."""
    ours = np.asarray(graph(*point))
    if theirs.dtype.kind not in "biuf" or theirs.shape != ours.shape:
        found = f"an array of shape {theirs.shape}" if theirs.dtype.kind in "biuf" else f"objects ({theirs.dtype})"
        reason = f"it gives {found} when it is called, but one of shape {ours.shape} when it is traced"
        return Comparison(False, False, reason)
    theirs = theirs.astype(np.float64)
    finite = np.isfinite(theirs) & np.isfinite(ours)
    strange = ~finite & ~((ours == theirs) | (np.isnan(ours) & np.isnan(theirs)))
    size = np.max(np.abs(theirs), initial=0.0, where=finite)
    apart = np.abs(ours - theirs, where=finite, out=np.zeros(theirs.shape))
    wrong = apart > 1e-7 * np.abs(theirs, where=finite, out=np.zeros(theirs.shape)) + 1e-9 * size
    if wrong.any():
        if (apart[wrong] > 1e3 * _noise(graph, point, ours)).any():
            return Comparison(False, False, OTHER_VALUE)
        return Comparison(None, not strange.any())
    if strange.any():
        return Comparison(None, False)
    return Comparison(True if size > 0 else None)


def _noise(graph: Callable[..., Any], point: Sequence[Any], value: NDArray[np.float64]) -> float:
    """Give by how much a graph's values change with the last digits of its arguments: what rounding may do."""
    noise = 0.0
    for up, down in ((1, 1), (1, -1), (-1, 1)):
        moved = []
        for number, x in enumerate(point):
            ways = np.where((np.arange(np.size(x)) + number) % 2, down, up).reshape(np.shape(x))
            moved.append(x + 4 * ways * np.spacing(np.abs(x)))
        changes = np.abs(np.asarray(graph(*moved)) - value)
        noise = max(noise, float(np.max(changes, initial=0.0, where=np.isfinite(changes))))
    return noise
