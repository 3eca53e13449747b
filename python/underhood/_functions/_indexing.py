"""Indexing of traced arrays: numbers, slices, ``None``, ``...``, and constant arrays of places or truth values."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from underhood._functions._tracer import Tracer

__all__ = ["gathered", "indexed"]


def indexed(x: Tracer, index: Any) -> Tracer:
    """``x[index]`` as NumPy gives it."""
    from underhood._functions._tracer import holds_tracer

    trace, shape = x._trace, x.shape
    parts = index if isinstance(index, tuple) else (index,)
    if any(holds_tracer(part) for part in parts):
        trace.refuse("it indexes with a value: which elements are taken must not depend on values; use np.where")
    if all(
        part is None or part is Ellipsis or (isinstance(part, slice | int | np.integer) and not isinstance(part, bool))
        for part in parts
    ):
        return basic(x, parts)
    # Everything else: let NumPy index the places, then gather.
    places = np.arange(x.size).reshape(shape)[index]
    return gathered(x, places)


def gathered(x: Tracer, places: Any) -> Tracer:
    """Take elements by their places in the flattened array, in the shape of ``places``."""
    trace = x._trace
    places = np.asarray(places)
    node = trace.builder.gather(x._node, places.ravel().tolist(), list(places.shape))
    return trace.tracer(node, boolean=x._boolean)


def basic(x: Tracer, parts: tuple[Any, ...]) -> Tracer:
    """Numbers, slices, ``None`` and ``...``: a part, and then its shape."""
    trace, shape = x._trace, x.shape
    taken = sum(part is not None and part is not Ellipsis for part in parts)
    dots = sum(part is Ellipsis for part in parts)
    if dots > 1:
        raise IndexError("an index can only have a single ellipsis ('...')")
    if taken > len(shape):
        message = f"too many indices for array: array is {len(shape)}-dimensional, but {taken} were indexed"
        raise IndexError(message)
    if not dots:
        parts = (*parts, Ellipsis)
    strides: list[tuple[int, int, int]] = []
    result: list[int] = []
    for part in parts:
        if part is None:
            result.append(1)
        elif part is Ellipsis:
            for length in shape[len(strides) : len(strides) + len(shape) - taken]:
                strides.append((0, 1, length))
                result.append(length)
        elif isinstance(part, slice):
            start, stop, step = part.indices(shape[len(strides)])
            count = len(range(start, stop, step))
            strides.append((start if count else 0, step if count else 1, count))
            result.append(count)
        else:
            place, length = operator.index(part), shape[len(strides)]
            if not -length <= place < length:
                message = f"index {place} is out of bounds for axis {len(strides)} with size {length}"
                raise IndexError(message)
            strides.append((place % length, 1, 1))
    # A view of the same memory: neither may be changed in place any more.
    x._shared = True
    node = trace.builder.reshape(trace.builder.slice(x._node, strides), result)
    return trace.tracer(node, boolean=x._boolean, shared=True)
