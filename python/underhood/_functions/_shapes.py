"""What moves the elements of traced arrays about: shapes, axes, pieces put together."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from underhood._functions._indexing import gathered
from underhood._functions._tracer import Tracer, holds_tracer, lifted, trace_of, whole

__all__ = [
    "atleast",
    "axes_of",
    "broadcast_arrays",
    "broadcast_to",
    "by_places",
    "column_stack",
    "concatenate",
    "diag",
    "expand_dims",
    "full_like",
    "hstack",
    "like",
    "made",
    "moveaxis",
    "no_out",
    "ravel",
    "reshape",
    "squeeze",
    "stack",
    "swapaxes",
    "transpose",
    "view",
    "vstack",
]


def axes_of(x: Tracer, axis: Any) -> list[int]:
    ndim = x.ndim
    if axis is None:
        return list(range(ndim))
    axes = [whole(a) for a in axis] if isinstance(axis, tuple | list) else [whole(axis)]
    for a in axes:
        if not -ndim <= a < max(ndim, 1):
            raise np.exceptions.AxisError(a, ndim)
    return sorted({a % ndim for a in axes}) if ndim else []


def made(x: Tracer, node: int, *, boolean: bool = False, shared: bool = False) -> Tracer:
    return x._trace.tracer(node, boolean=boolean, shared=shared)


def no_out(x: Tracer, out: Any) -> None:
    if out is not None and out is not np._NoValue:
        x._trace.refuse("it writes into an array (out=…)")


def reshape(a: Any, shape: Any = None, order: str = "C", *, newshape: Any = None, copy: Any = None) -> Tracer:
    """Arrange the same numbers in another shape."""
    x = lifted(a)
    if order != "C":
        x._trace.refuse(f"it reshapes in the order {order!r}")
    shape = newshape if shape is None else shape
    wanted = [whole(length) for length in shape] if isinstance(shape, tuple | list) else [whole(shape)]
    if wanted.count(-1) == 1:
        rest = math.prod(length for length in wanted if length != -1)
        wanted[wanted.index(-1)] = x.size // rest if rest else 0
    if math.prod(wanted) != x.size or min(wanted, default=0) < 0:
        raise ValueError(f"cannot reshape array of size {x.size} into shape {shape}")
    x._shared = True
    return made(x, x._trace.builder.reshape(x._node, wanted), boolean=x._boolean, shared=True)


def ravel(a: Any, order: str = "C") -> Tracer:
    """Lay flat."""
    return reshape(a, (-1,), order)


def transpose(a: Any, axes: Any = None) -> Tracer:
    """Order the axes."""
    x = lifted(a)
    ndim = x.ndim
    order = list(range(ndim))[::-1] if axes is None else [whole(axis) % ndim for axis in axes]
    x._shared = True
    return made(x, x._trace.builder.transpose(x._node, order), boolean=x._boolean, shared=True)


def swapaxes(a: Any, axis1: Any, axis2: Any) -> Tracer:
    """Exchange two axes."""
    x = lifted(a)
    order = list(range(x.ndim))
    i, j = axes_of(x, axis1)[0], axes_of(x, axis2)[0]
    order[i], order[j] = j, i
    return transpose(x, order)


def moveaxis(a: Any, source: Any, destination: Any) -> Tracer:
    """Move one axis elsewhere."""
    return view(np.moveaxis)(a, source, destination)


def squeeze(a: Any, axis: Any = None) -> Tracer:
    """Drop axes of length 1."""
    x = lifted(a)
    axes = axes_of(x, axis) if axis is not None else [i for i, length in enumerate(x.shape) if length == 1]
    if any(x.shape[i] != 1 for i in axes):
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return reshape(x, tuple(length for i, length in enumerate(x.shape) if i not in axes))


def expand_dims(a: Any, axis: Any) -> Tracer:
    """Put in axes of length 1."""
    x = lifted(a)
    return reshape(x, np.expand_dims(np.empty(x.shape), axis).shape)


def broadcast_to(array: Any, shape: Any, subok: bool = False) -> Tracer:
    """Repeat along axes."""
    x = lifted(array)
    lengths = [whole(length) for length in shape] if isinstance(shape, tuple | list) else [whole(shape)]
    x._shared = True
    return made(x, x._trace.builder.broadcast(x._node, lengths), boolean=x._boolean, shared=True)


def broadcast_arrays(*args: Any, subok: bool = False) -> tuple[Tracer, ...]:
    """Repeat to a common shape."""
    trace = trace_of(*args)
    lifted = [trace.lift(value) for value in args]
    shape = np.broadcast_shapes(*(x.shape for x in lifted))
    return tuple(broadcast_to(x, shape) for x in lifted)


def concatenate(arrays: Any, axis: Any = 0, out: Any = None, **options: Any) -> Tracer:
    """Put one after the other along an axis."""
    if isinstance(arrays, Tracer):
        arrays = list(arrays)
    trace = trace_of(*arrays)
    parts = [trace.lift(value) for value in arrays]
    if axis is None:
        parts, axis = [ravel(part) for part in parts], 0
    ndim = parts[0].ndim
    no_out(parts[0], out)
    if ndim == 0:
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    node = trace.builder.concatenate([part._node for part in parts], whole(axis) % ndim)
    return trace.tracer(node, boolean=all(part._boolean for part in parts))


def stack(arrays: Any, axis: Any = 0, out: Any = None, **options: Any) -> Tracer:
    """Put side by side along a new axis."""
    trace = trace_of(*arrays)
    parts = [trace.lift(value) for value in arrays]
    axis = whole(axis)
    axis = axis if axis >= 0 else axis + parts[0].ndim + 1
    return concatenate([expand_dims(part, axis) for part in parts], axis, out)


def _at_least(x: Tracer, ndim: int) -> Tracer:
    if x.ndim >= ndim:
        return x
    shape = x.shape
    return reshape(x, (1,) * (ndim - len(shape)) + shape if ndim < 3 else np.atleast_3d(np.empty(shape)).shape)


def atleast(ndim: int) -> Callable[..., Any]:
    """``np.atleast_1d`` and its like."""

    def call(*arrays: Any) -> Any:
        trace = trace_of(*arrays)
        results = tuple(_at_least(trace.lift(value), ndim) for value in arrays)
        return results[0] if len(results) == 1 else results

    return call


def vstack(tup: Any, **options: Any) -> Tracer:
    """Put rows below each other."""
    trace = trace_of(*tup)
    return concatenate([_at_least(trace.lift(value), 2) for value in tup], 0)


def hstack(tup: Any, **options: Any) -> Tracer:
    """Put columns beside each other."""
    trace = trace_of(*tup)
    parts = [_at_least(trace.lift(value), 1) for value in tup]
    return concatenate(parts, 0 if parts[0].ndim == 1 else 1)


def column_stack(tup: Any) -> Tracer:
    """Put vectors side by side as columns."""
    trace = trace_of(*tup)
    parts = [trace.lift(value) for value in tup]
    return concatenate([part if part.ndim > 1 else reshape(part, (-1, 1)) for part in parts], 1)


def by_places(function: Callable[..., Any]) -> Callable[..., Tracer]:
    """Make a function that only moves elements about: it is told where they come from."""

    def call(a: Any, *args: Any, **options: Any) -> Tracer:
        trace = trace_of(a, args)
        if not isinstance(a, Tracer) and any(holds_tracer(argument) for argument in args):
            trace.refuse("it indexes with a value: which elements are taken must not depend on values")
        x = trace.lift(a)
        return gathered(x, function(np.arange(x.size).reshape(x.shape), *args, **options))

    return call


def view(function: Callable[..., Any]) -> Callable[..., Tracer]:
    """Make one whose result is the same memory in NumPy, so that neither may be changed in place."""

    def call(a: Any, *args: Any, **options: Any) -> Tracer:
        moved = by_places(function)(a, *args, **options)
        moved._shared = True
        if isinstance(a, Tracer):
            a._shared = True
        return moved

    return call


def diag(v: Any, k: int = 0) -> Tracer:
    """Take the diagonal of a matrix, or make a matrix with one."""
    x = lifted(v)
    if x.ndim != 1:
        return view(np.diag)(x, k)
    size = x.shape[0]
    places = np.diag(np.arange(1, size + 1), k)
    padded = concatenate([np.zeros(1), x])
    return gathered(padded, places)


def like(value: float) -> Callable[..., Any]:
    """``np.zeros_like`` and its like: arrays of constants, which may be written to."""

    def call(a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, **options: Any) -> Any:
        return np.full(a.shape if shape is None else shape, value, dtype=float if dtype is None else dtype)

    return call


def full_like(a: Any, fill_value: Any, dtype: Any = None, *args: Any, **options: Any) -> Any:
    """Make an array of one number."""
    if isinstance(a, Tracer):
        if isinstance(fill_value, Tracer):
            return broadcast_to(fill_value, a.shape)
        return np.full(a.shape, fill_value, dtype=float if dtype is None else dtype)
    return broadcast_to(fill_value, np.shape(a))
