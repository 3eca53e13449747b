"""What makes few numbers of many: sums, means, extremes, norms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from underhood._functions._shapes import axes_of, broadcast_to, by_places, made, no_out, ravel, reshape
from underhood._functions._tracer import Tracer, binary, lifted, trace_of, truth, unary

__all__ = [
    "all_of",
    "amax",
    "amin",
    "any_of",
    "average",
    "cumsum",
    "log_sum_exp",
    "mean",
    "norm",
    "prod",
    "reduced_sum",
    "std",
    "trace_sum",
    "var",
]


def _reduced(name: str, x: Any, axis: Any, keepdims: Any, options: dict[str, Any], *, boolean: bool = False) -> Tracer:
    x = lifted(x)
    no_out(x, options.pop("out", None))
    initial = options.pop("initial", None)
    initial = None if initial is np._NoValue or (initial == 0 and name == "sum") else initial
    where, dtype = options.pop("where", True), options.pop("dtype", None)
    if options or initial is not None or where not in (True, np._NoValue):
        x._trace.refuse(f"it calls np.{name} with initial= or where=")
    if dtype not in (None, float, np.float64):
        x._trace.refuse(f"it calls np.{name} with another dtype than float64")
    axes = axes_of(x, axis)
    result = made(x, x._trace.builder.reduce(name, x._node, axes), boolean=boolean and x._boolean)
    if _kept(keepdims):
        return reshape(result, tuple(1 if i in axes else length for i, length in enumerate(x.shape)))
    return result


def _kept(keepdims: Any) -> bool:
    return keepdims is not np._NoValue and bool(keepdims)


def reduced_sum(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, **options: Any
) -> Tracer:
    """Sum along axes."""
    return _reduced("sum", a, axis, keepdims, {"dtype": dtype, "out": out, **options})


def prod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, **options: Any) -> Tracer:
    """Multiply along axes."""
    return _reduced("prod", a, axis, keepdims, {"dtype": dtype, "out": out, **options})


def amax(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False, **options: Any) -> Tracer:
    """Find the largest along axes."""
    return _reduced("max", a, axis, keepdims, {"out": out, **options}, boolean=True)


def amin(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False, **options: Any) -> Tracer:
    """Find the smallest along axes."""
    return _reduced("min", a, axis, keepdims, {"out": out, **options}, boolean=True)


def log_sum_exp(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False, **options: Any) -> Tracer:
    """Add along axes what the elements are logarithms of."""
    return _reduced("logsumexp", a, axis, keepdims, {"out": out, **options})


def all_of(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False) -> Tracer:
    """Whether all are true."""
    return amin(truth(lifted(a)), axis, out, keepdims=keepdims)


def any_of(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False) -> Tracer:
    """Whether one is true."""
    return amax(truth(lifted(a)), axis, out, keepdims=keepdims)


def _count(x: Tracer, axis: Any) -> int:
    shape = x.shape
    return math.prod(shape[a] for a in axes_of(x, axis))


def mean(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False) -> Tracer:
    """Average along axes."""
    x = lifted(a)
    count = _count(x, axis)
    if count == 0:
        x._trace.refuse("it takes the mean of nothing")
    return reduced_sum(x, axis, dtype, out, keepdims=keepdims) / count


def var(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0, keepdims: Any = False, **options: Any
) -> Tracer:
    """Variance along axes."""
    x = lifted(a)
    for option in ("where", "mean", "correction"):
        if options.pop(option, np._NoValue) is not np._NoValue:
            x._trace.refuse(f"it calls np.var with {option}=")
    count = _count(x, axis)
    if count - ddof <= 0:
        x._trace.refuse("it takes the variance of too few numbers")
    apart = x - mean(x, axis, keepdims=True)
    return reduced_sum(apart * apart, axis, dtype, out, keepdims=keepdims) / (count - ddof)


def std(a: Any, *args: Any, **options: Any) -> Tracer:
    """Compute the standard deviation along axes."""
    return unary("sqrt", var(a, *args, **options))


def average(a: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: Any = False) -> Tracer:
    """Weighted mean."""
    trace = trace_of(a, weights)
    x = trace.lift(a)
    if returned:
        trace.refuse("it calls np.average with returned=True")
    if weights is None:
        return mean(x, axis, keepdims=keepdims)
    w = trace.lift(weights)
    if w.shape != x.shape:
        if axis is None or w.ndim != 1:
            trace.refuse("it calls np.average with weights of another shape")
        w = reshape(w, tuple(-1 if i == axes_of(x, axis)[0] else 1 for i in range(x.ndim)))
        w = broadcast_to(w, x.shape)
    return reduced_sum(x * w, axis, keepdims=keepdims) / reduced_sum(w, axis, keepdims=keepdims)


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Tracer:  # noqa: A002 - NumPy's name
    """Measure the length of a vector by its norm."""
    x = lifted(x)
    if x.ndim == 2 and axis is None and ord not in (None, "fro"):
        x._trace.refuse(f"it takes the matrix norm {ord!r}")
    if isinstance(axis, tuple) and len(axis) > 1 and ord not in (None, "fro"):
        x._trace.refuse(f"it takes the matrix norm {ord!r}")
    size = unary("absolute", x)
    if ord in (None, 2, "fro"):
        return unary("sqrt", reduced_sum(binary("power", x, 2.0), axis, keepdims=keepdims))
    if ord == 1:
        return reduced_sum(size, axis, keepdims=keepdims)
    if ord == math.inf:
        return amax(size, axis, keepdims=keepdims)
    if ord == -math.inf:
        return amin(size, axis, keepdims=keepdims)
    if isinstance(ord, int | float) and ord > 0:
        return binary("power", reduced_sum(binary("power", size, float(ord)), axis, keepdims=keepdims), 1.0 / ord)
    raise x._trace.refusal(f"it takes the norm {ord!r}")


def cumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Tracer:
    """Sum up to each element."""
    x = lifted(a)
    no_out(x, out)
    if dtype not in (None, float, np.float64):
        x._trace.refuse("it calls np.cumsum with another dtype than float64")
    if axis is None:
        x, axis = ravel(x), 0
    return made(x, x._trace.builder.cumsum(x._node, axes_of(x, axis)[0]))


def trace_sum(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: Any = None) -> Tracer:
    """Sum the diagonal."""
    return reduced_sum(by_places(np.diagonal)(a, offset, axis1, axis2), -1, dtype, out)
