"""What each of NumPy's functions does to traced values."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from underhood._functions._products import dot, einsum, inner, outer, vdot
from underhood._functions._reductions import (
    all_of,
    amax,
    amin,
    any_of,
    average,
    cumsum,
    mean,
    norm,
    prod,
    reduced_sum,
    std,
    trace_sum,
    var,
)
from underhood._functions._shapes import (
    atleast,
    axes_of,
    broadcast_arrays,
    broadcast_to,
    by_places,
    column_stack,
    concatenate,
    diag,
    expand_dims,
    full_like,
    hstack,
    like,
    moveaxis,
    no_out,
    ravel,
    reshape,
    squeeze,
    stack,
    swapaxes,
    transpose,
    view,
    vstack,
)
from underhood._functions._tracer import Tracer, binary, lifted, select, trace_of, unary

__all__ = ["ELEMENTWISE", "FUNCTIONS"]


def where(condition: Any, x: Any = None, y: Any = None) -> Tracer:
    """Choose element by element."""
    trace = trace_of(condition, x, y)
    if x is None or y is None:
        trace.refuse("it asks where a value is true: use np.where(condition, x, y)")
    return select(condition, x, y)


def clip(a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, *, min: Any = None, max: Any = None) -> Tracer:  # noqa: A002 - NumPy's names
    """Raise to a minimum, lower to a maximum."""
    low = a_min if a_min is not None and a_min is not np._NoValue else min
    high = a_max if a_max is not None and a_max is not np._NoValue else max
    missing = (None, np._NoValue)
    no_out(trace_of(a, low, high).lift(a), out)
    x = a
    if not any(low is value for value in missing):
        x = binary("maximum", x, low)
    if not any(high is value for value in missing):
        x = binary("minimum", x, high)
    return x  # type: ignore[no-any-return]


def diff(a: Any, n: int = 1, axis: int = -1, **options: Any) -> Tracer:
    """Subtract neighbours."""
    x = lifted(a)
    if any(value is not np._NoValue for value in options.values()):
        x._trace.refuse("it calls np.diff with prepend= or append=")
    axis = axes_of(x, axis)[0]
    for _ in range(n):
        before = (slice(None),) * axis
        x = x[(*before, slice(1, None))] - x[(*before, slice(None, -1))]
    return x


def polyval(p: Any, x: Any) -> Tracer:
    """Evaluate a polynomial, the highest power first."""
    trace = trace_of(p, x)
    result: Any = 0.0
    for coefficient in p:
        result = result * trace.lift(x) + coefficient
    return trace.lift(result)


def isclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Tracer:
    """Whether values are equal up to tolerances."""
    trace = trace_of(a, b)
    x, y = trace.lift(a), trace.lift(b)
    if equal_nan:
        trace.refuse("it calls np.isclose with equal_nan=True")
    near = unary("absolute", x - y) <= atol + rtol * unary("absolute", y)
    return (near & unary("isfinite", y)) | binary("equal", x, y)


def nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, posinf: Any = None, neginf: Any = None) -> Tracer:
    """Replace NaN and infinities by numbers."""
    x = lifted(x)
    large = np.finfo(float).max
    high, low = large if posinf is None else posinf, -large if neginf is None else neginf
    finite = select(binary("equal", x, math.inf), high, select(binary("equal", x, -math.inf), low, x))
    return select(unary("isnan", x), nan, finite)


SINC = [(-1) ** k / math.factorial(2 * k + 1) for k in range(14)]
"""Taylor's series of sin(y)/y in powers of y²: to |y| < 2, and for four derivatives too, as good as doubles."""


def sinc(x: Any) -> Tracer:
    """sin(πx)/(πx), by its series where the quotient's derivatives would be 0/0 or a difference of large terms."""
    y = lifted(x) * math.pi
    near = binary("less", unary("absolute", y), 2.0)
    far = select(near, 2.0, y)
    return select(near, polyval(SINC[::-1], y * y), unary("sin", far) / far)


def around(a: Any, decimals: int = 0, out: Any = None) -> Tracer:
    """Round to so many decimals."""
    no_out(lifted(a), out)
    return lifted(a).round(decimals)


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.sum: reduced_sum,
    np.prod: prod,
    np.max: amax,
    np.amax: amax,
    np.min: amin,
    np.amin: amin,
    np.all: all_of,
    np.any: any_of,
    np.mean: mean,
    np.var: var,
    np.std: std,
    np.average: average,
    np.where: where,
    np.clip: clip,
    np.reshape: reshape,
    np.ravel: ravel,
    np.transpose: transpose,
    np.swapaxes: swapaxes,
    np.moveaxis: moveaxis,
    np.squeeze: squeeze,
    np.expand_dims: expand_dims,
    np.broadcast_to: broadcast_to,
    np.broadcast_arrays: broadcast_arrays,
    np.concatenate: concatenate,
    np.stack: stack,
    np.vstack: vstack,
    np.hstack: hstack,
    np.column_stack: column_stack,
    np.atleast_1d: atleast(1),
    np.atleast_2d: atleast(2),
    np.dot: dot,
    np.vdot: vdot,
    np.inner: inner,
    np.outer: outer,
    np.linalg.norm: norm,
    np.trace: trace_sum,
    np.diag: diag,
    np.diagonal: view(np.diagonal),
    np.cumsum: cumsum,
    np.diff: diff,
    np.flip: view(np.flip),
    np.roll: by_places(np.roll),
    np.take: by_places(np.take),
    np.repeat: by_places(np.repeat),
    np.tile: by_places(np.tile),
    np.zeros_like: like(0.0),
    np.ones_like: like(1.0),
    np.empty_like: like(np.nan),
    np.full_like: full_like,
    np.polyval: polyval,
    np.einsum: einsum,
    np.isclose: isclose,
    np.nan_to_num: nan_to_num,
    np.sinc: sinc,
    np.round: around,
    np.around: around,
    np.shape: lambda a: a.shape,
    np.ndim: lambda a: a.ndim,
    np.size: lambda a, axis=None: a.size if axis is None else a.shape[axis],
    np.copy: lambda a, order="K", subok=False: lifted(a).copy(),
    np.real: lambda val: val,
    np.triu: lambda m, k=0: select(np.triu(np.ones(m.shape), k), m, 0.0),
    np.tril: lambda m, k=0: select(np.tril(np.ones(m.shape), k), m, 0.0),
}
"""What each of NumPy's functions becomes."""


ELEMENTWISE = {np.where, np.clip, np.isclose, np.nan_to_num, np.sinc, np.round, np.around, np.real}
"""Those that do the same to numbers as to every element of an array."""
