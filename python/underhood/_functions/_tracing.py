"""Turning a caller's function into a graph, and making sure that the graph computes what the function does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from underhood._core.graph import Traced
from underhood._functions._tracer import TracingError, run

__all__ = ["NotTracedError", "constants_of", "generic_point", "trace"]

Shapes = tuple[tuple[int, ...], ...]

LARGEST_CHECK = 100_000
"""Arguments of more numbers than this are not made up for a check; a call with the caller's own checks instead."""


class NotTracedError(Exception):
    """A function has no graph for arguments of these shapes; the message says why."""


def constants_of(f: Callable[..., Any]) -> dict[int, str]:
    """Name the arrays that a function sees around it, by their identity."""
    code = getattr(f, "__code__", None)
    if code is None:
        return {}
    known: dict[int, str] = {}
    scope = getattr(f, "__globals__", {})
    for name in code.co_names:
        if isinstance(scope.get(name), np.ndarray):
            known[id(scope[name])] = name
    for name, cell in zip(code.co_freevars, f.__closure__ or (), strict=False):
        try:
            value = cell.cell_contents
        except ValueError:  # not assigned yet
            continue
        if isinstance(value, np.ndarray):
            known[id(value)] = name
    return known


def trace(
    f: Callable[..., Any], names: Sequence[str], shapes: Shapes, point: Sequence[Any] | None = None
) -> tuple[Traced, bool]:
    """Give the graph of a function for arguments of these shapes, and whether it depends on them.

    The graph is compared once with the function itself, at ``point`` or at one that is made up: a function that tells
    tracers from numbers (``isinstance(x, float)``) or gives something else each time (``np.random``) is not trusted.
    """
    try:
        traced, shaped = run(f, names, shapes, constants_of(f))
    except TracingError as error:
        raise NotTracedError(str(error)) from None
    except Exception as error:
        raise NotTracedError(f"it raises {type(error).__name__}: {error}") from None
    _check(traced, f, shapes, point)
    return traced, shaped


def generic_point(shapes: Shapes) -> list[Any]:
    """Make up arguments: numbers between 0.3 and 0.9, all different."""
    point: list[Any] = []
    for number, shape in enumerate(shapes):
        size = int(np.prod(shape, dtype=int))
        values = 0.3 + 0.6 * ((0.5 + 0.618033988749895 * np.arange(number + 1, size + number + 1)) % 1.0)
        point.append(np.float64(values[0]) if shape == () else values.reshape(shape))
    return point


def _check(traced: Traced, f: Callable[..., Any], shapes: Shapes, point: Sequence[Any] | None) -> None:
    if point is None:
        if sum(int(np.prod(shape, dtype=int)) for shape in shapes) > LARGEST_CHECK:
            return
        point = generic_point(shapes)
    own = [np.float64(x) if np.ndim(x) == 0 else np.array(x, dtype=np.float64) for x in point]
    ours = np.asarray(traced(*own))
    try:
        with np.errstate(all="ignore"):
            theirs = np.asarray(f(*own))
    except Exception as error:
        raise NotTracedError(f"it raises {type(error).__name__} when it is called: {error}") from error
    if theirs.dtype.kind not in "biuf" or theirs.shape != ours.shape:
        found = f"an array of shape {theirs.shape}" if theirs.dtype.kind in "biuf" else f"objects ({theirs.dtype})"
        raise NotTracedError(f"it gives {found} when it is called, but one of shape {ours.shape} when it is traced")
    scale = np.max(np.abs(theirs), initial=0.0, where=np.isfinite(theirs))
    if not np.allclose(ours, theirs, rtol=1e-7, atol=1e-9 * float(scale), equal_nan=True):
        raise NotTracedError(
            "it gives another value when it is called than when it is traced (random numbers, isinstance?)"
        )
