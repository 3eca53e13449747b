"""What NumPy's functions do to traced values: ufuncs by their names, other functions one by one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from underhood._functions._indexing import gathered
from underhood._functions._tracer import Trace, Tracer, binary, holds_tracer, select, trace_of, unary, whole

__all__ = ["ELEMENTWISE", "FUNCTIONS", "ufunc_call"]

UNARY = {
    "negative", "absolute", "sign", "sqrt", "cbrt", "exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos",
    "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "floor", "ceil",
    "trunc", "rint", "logical_not", "isnan", "isfinite", "erf", "erfc", "ndtr", "log_ndtr", "gammaln", "expit",
    "log_expit",
}  # fmt: skip
BINARY = {
    "add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "arctan2", "hypot", "logaddexp",
    "floor_divide", "remainder", "copysign", "less", "less_equal", "equal", "not_equal", "logical_and", "logical_or",
    "xlogy",
}  # fmt: skip
LN2 = math.log(2.0)


def _truth(x: Any) -> Tracer:
    return binary("not_equal", x, 0.0)


def _heaviside(x: Any, middle: Any) -> Tracer:
    x = trace_of(x, middle).lift(x)
    return select(binary("less", 0.0, x), 1.0, select(binary("less", x, 0.0), 0.0, binary("add", middle, x * 0.0)))


def _fmax(x: Any, y: Any, name: str = "maximum") -> Tracer:
    trace = trace_of(x, y)
    x, y = trace.lift(x), trace.lift(y)
    return select(unary("isnan", x), y, select(unary("isnan", y), x, binary(name, x, y)))


def _invert(x: Tracer) -> Tracer:
    return ~x


SPECIAL: dict[str, Callable[..., Any]] = {
    "positive": lambda x: x.copy(),
    "conjugate": lambda x: x.copy(),
    "fabs": lambda x: unary("absolute", x),
    "square": lambda x: binary("power", x, 2.0),
    "reciprocal": lambda x: binary("divide", 1.0, x),
    "exp2": lambda x: binary("power", 2.0, x),
    "deg2rad": lambda x: x * (math.pi / 180.0),
    "radians": lambda x: x * (math.pi / 180.0),
    "rad2deg": lambda x: x * (180.0 / math.pi),
    "degrees": lambda x: x * (180.0 / math.pi),
    "isinf": lambda x: binary("equal", unary("absolute", x), math.inf),
    "invert": _invert,
    "float_power": lambda x, y: binary("power", x, y),
    "true_divide": lambda x, y: binary("divide", x, y),
    "mod": lambda x, y: binary("remainder", x, y),
    "divmod": lambda x, y: (binary("floor_divide", x, y), binary("remainder", x, y)),
    "greater": lambda x, y: binary("less", y, x),
    "greater_equal": lambda x, y: binary("less_equal", y, x),
    "logical_xor": lambda x, y: binary("not_equal", *(_truth(trace_of(x, y).lift(z)) for z in (x, y))),
    "bitwise_and": lambda x, y: trace_of(x, y).lift(x) & y,
    "bitwise_or": lambda x, y: trace_of(x, y).lift(x) | y,
    "bitwise_xor": lambda x, y: trace_of(x, y).lift(x) ^ y,
    "heaviside": _heaviside,
    "fmax": _fmax,
    "fmin": lambda x, y: _fmax(x, y, "minimum"),
    "logaddexp2": lambda x, y: binary("logaddexp", trace_of(x, y).lift(x) * LN2, trace_of(x, y).lift(y) * LN2) / LN2,
    # SciPy's
    "psi": lambda x: binary("polygamma", 0.0, x),
    "digamma": lambda x: binary("polygamma", 0.0, x),
    "logit": lambda x: unary("log", x) - unary("log1p", -x),
    "xlog1py": lambda x, y: binary("xlogy", x, 1.0 + trace_of(x, y).lift(y)),
}


def ufunc_call(trace: Trace, ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Answer a ufunc that NumPy calls with a tracer among its inputs."""
    name = ufunc.__name__
    if options.pop("out", None) is not None:
        trace.refuse(
            "it writes into an array (out=…, or an array of NumPy's changed in place by += …): write y = y + x"
        )
    if options.pop("where", True) is not True:
        trace.refuse(f"it calls np.{name} with where=: use np.where")
    if "dtype" in options and options.pop("dtype") not in (None, float, np.float64):
        trace.refuse(f"it calls np.{name} with another dtype than float64")
    if name == "matmul" and method == "__call__":
        trace.shaped = True
        return matmul(*inputs)
    if method == "__call__":
        if len(inputs) == 1 and name in UNARY:
            return unary(name, trace.lift(inputs[0]))
        if len(inputs) == 2 and name in BINARY:
            return binary(name, *inputs)
        if name in SPECIAL:
            return SPECIAL[name](*inputs)
    trace.shaped = True
    reductions: dict[str, Callable[..., Tracer]] = {
        "add": reduced_sum,
        "multiply": prod,
        "maximum": amax,
        "minimum": amin,
    }
    if method == "reduce" and name in reductions:
        options.setdefault("axis", 0)
        return reductions[name](inputs[0], **options)
    if method == "reduce" and name in ("logical_and", "logical_or"):
        options.setdefault("axis", 0)
        every: Callable[..., Tracer] = all_of if name == "logical_and" else any_of
        return every(inputs[0], **options)
    if method == "accumulate" and name == "add":
        return cumsum(inputs[0], options.pop("axis", 0))
    if method == "outer":
        x, y = (trace.lift(value) for value in inputs)
        return ufunc_call(trace, ufunc, "__call__", (x.reshape(x.shape + (1,) * y.ndim), y), options)
    called = name if method == "__call__" else f"{name}.{method}"
    raise trace.refusal(f"it calls {called}, which has no counterpart in a graph")


def _lift(x: Any) -> Tracer:
    return trace_of(x).lift(x)


def _axes(x: Tracer, axis: Any) -> list[int]:
    ndim = x.ndim
    if axis is None:
        return list(range(ndim))
    axes = [whole(a) for a in axis] if isinstance(axis, tuple | list) else [whole(axis)]
    for a in axes:
        if not -ndim <= a < max(ndim, 1):
            raise np.exceptions.AxisError(a, ndim)
    return sorted({a % ndim for a in axes}) if ndim else []


def _made(x: Tracer, node: int, *, boolean: bool = False, shared: bool = False) -> Tracer:
    return x._trace.tracer(node, boolean=boolean, shared=shared)


def _reduced(name: str, x: Any, axis: Any, keepdims: Any, options: dict[str, Any], *, boolean: bool = False) -> Tracer:
    x = _lift(x)
    _no_out(x, options.pop("out", None))
    initial = options.pop("initial", None)
    initial = None if initial is np._NoValue or (initial == 0 and name == "sum") else initial
    where, dtype = options.pop("where", True), options.pop("dtype", None)
    if options or initial is not None or where not in (True, np._NoValue):
        x._trace.refuse(f"it calls np.{name} with initial= or where=")
    if dtype not in (None, float, np.float64):
        x._trace.refuse(f"it calls np.{name} with another dtype than float64")
    axes = _axes(x, axis)
    result = _made(x, x._trace.builder.reduce(name, x._node, axes), boolean=boolean and x._boolean)
    if _kept(keepdims):
        return reshape(result, tuple(1 if i in axes else length for i, length in enumerate(x.shape)))
    return result


def _kept(keepdims: Any) -> bool:
    return keepdims is not np._NoValue and bool(keepdims)


def _no_out(x: Tracer, out: Any) -> None:
    if out is not None and out is not np._NoValue:
        x._trace.refuse("it writes into an array (out=…)")


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


def all_of(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False) -> Tracer:
    """Whether all are true."""
    return amin(_truth(_lift(a)), axis, out, keepdims=keepdims)


def any_of(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False) -> Tracer:
    """Whether one is true."""
    return amax(_truth(_lift(a)), axis, out, keepdims=keepdims)


def _count(x: Tracer, axis: Any) -> int:
    shape = x.shape
    return math.prod(shape[a] for a in _axes(x, axis))


def mean(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False) -> Tracer:
    """Average along axes."""
    x = _lift(a)
    count = _count(x, axis)
    if count == 0:
        x._trace.refuse("it takes the mean of nothing")
    return reduced_sum(x, axis, dtype, out, keepdims=keepdims) / count


def var(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0, keepdims: Any = False, **options: Any
) -> Tracer:
    """Variance along axes."""
    x = _lift(a)
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
        w = reshape(w, tuple(-1 if i == _axes(x, axis)[0] else 1 for i in range(x.ndim)))
        w = broadcast_to(w, x.shape)
    return reduced_sum(x * w, axis, keepdims=keepdims) / reduced_sum(w, axis, keepdims=keepdims)


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
    _no_out(trace_of(a, low, high).lift(a), out)
    x = a
    if not any(low is value for value in missing):
        x = binary("maximum", x, low)
    if not any(high is value for value in missing):
        x = binary("minimum", x, high)
    return x  # type: ignore[no-any-return]


def reshape(a: Any, shape: Any = None, order: str = "C", *, newshape: Any = None, copy: Any = None) -> Tracer:
    """Arrange the same numbers in another shape."""
    x = _lift(a)
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
    return _made(x, x._trace.builder.reshape(x._node, wanted), boolean=x._boolean, shared=True)


def ravel(a: Any, order: str = "C") -> Tracer:
    """Lay flat."""
    return reshape(a, (-1,), order)


def transpose(a: Any, axes: Any = None) -> Tracer:
    """Order the axes."""
    x = _lift(a)
    ndim = x.ndim
    order = list(range(ndim))[::-1] if axes is None else [whole(axis) % ndim for axis in axes]
    x._shared = True
    return _made(x, x._trace.builder.transpose(x._node, order), boolean=x._boolean, shared=True)


def swapaxes(a: Any, axis1: Any, axis2: Any) -> Tracer:
    """Exchange two axes."""
    x = _lift(a)
    order = list(range(x.ndim))
    i, j = _axes(x, axis1)[0], _axes(x, axis2)[0]
    order[i], order[j] = j, i
    return transpose(x, order)


def moveaxis(a: Any, source: Any, destination: Any) -> Tracer:
    """Move one axis elsewhere."""
    return _view(np.moveaxis)(a, source, destination)


def squeeze(a: Any, axis: Any = None) -> Tracer:
    """Drop axes of length 1."""
    x = _lift(a)
    axes = _axes(x, axis) if axis is not None else [i for i, length in enumerate(x.shape) if length == 1]
    if any(x.shape[i] != 1 for i in axes):
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return reshape(x, tuple(length for i, length in enumerate(x.shape) if i not in axes))


def expand_dims(a: Any, axis: Any) -> Tracer:
    """Put in axes of length 1."""
    x = _lift(a)
    return reshape(x, np.expand_dims(np.empty(x.shape), axis).shape)


def broadcast_to(array: Any, shape: Any, subok: bool = False) -> Tracer:
    """Repeat along axes."""
    x = _lift(array)
    lengths = [whole(length) for length in shape] if isinstance(shape, tuple | list) else [whole(shape)]
    x._shared = True
    return _made(x, x._trace.builder.broadcast(x._node, lengths), boolean=x._boolean, shared=True)


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
    _no_out(parts[0], out)
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


def matmul(a: Any, b: Any) -> Tracer:
    """Multiply matrices and vectors."""
    trace = trace_of(a, b)
    x, y = trace.lift(a), trace.lift(b)
    if not (1 <= x.ndim <= 2 and 1 <= y.ndim <= 2):
        trace.refuse("it multiplies stacks of matrices")
    if x.shape[-1] != y.shape[0]:
        raise ValueError(f"matmul: shapes {x.shape} and {y.shape} do not fit")
    return _made(x, trace.builder.product(x._node, y._node))


def dot(a: Any, b: Any, out: Any = None) -> Tracer:
    """Form the dot product."""
    trace = trace_of(a, b)
    x, y = trace.lift(a), trace.lift(b)
    _no_out(x, out)
    return x * y if x.ndim == 0 or y.ndim == 0 else matmul(x, y)


def vdot(a: Any, b: Any) -> Tracer:
    """Form the dot product of arrays that are laid flat."""
    trace = trace_of(a, b)
    return matmul(ravel(trace.lift(a)), ravel(trace.lift(b)))


def inner(a: Any, b: Any) -> Tracer:
    """Form the inner product along the last axes."""
    trace = trace_of(a, b)
    x, y = trace.lift(a), trace.lift(b)
    return x * y if x.ndim == 0 or y.ndim == 0 else matmul(x, transpose(y) if y.ndim > 1 else y)


def outer(a: Any, b: Any, out: Any = None) -> Tracer:
    """Multiply every two elements."""
    trace = trace_of(a, b)
    _no_out(trace.lift(a), out)
    return reshape(trace.lift(a), (-1, 1)) * ravel(trace.lift(b))


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Tracer:  # noqa: A002 - NumPy's name
    """Measure the length of a vector by its norm."""
    x = _lift(x)
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
    x = _lift(a)
    _no_out(x, out)
    if dtype not in (None, float, np.float64):
        x._trace.refuse("it calls np.cumsum with another dtype than float64")
    if axis is None:
        x, axis = ravel(x), 0
    return _made(x, x._trace.builder.cumsum(x._node, _axes(x, axis)[0]))


def diff(a: Any, n: int = 1, axis: int = -1, **options: Any) -> Tracer:
    """Subtract neighbours."""
    x = _lift(a)
    if any(value is not np._NoValue for value in options.values()):
        x._trace.refuse("it calls np.diff with prepend= or append=")
    axis = _axes(x, axis)[0]
    for _ in range(n):
        before = (slice(None),) * axis
        x = x[(*before, slice(1, None))] - x[(*before, slice(None, -1))]
    return x


def _by_places(function: Callable[..., Any]) -> Callable[..., Tracer]:
    """Make a function that only moves elements about: it is told where they come from."""

    def call(a: Any, *args: Any, **options: Any) -> Tracer:
        trace = trace_of(a, args)
        if not isinstance(a, Tracer) and any(holds_tracer(argument) for argument in args):
            trace.refuse("it indexes with a value: which elements are taken must not depend on values")
        x = trace.lift(a)
        return gathered(x, function(np.arange(x.size).reshape(x.shape), *args, **options))

    return call


def _view(function: Callable[..., Any]) -> Callable[..., Tracer]:
    """Make one whose result is the same memory in NumPy, so that neither may be changed in place."""

    def call(a: Any, *args: Any, **options: Any) -> Tracer:
        moved = _by_places(function)(a, *args, **options)
        moved._shared = True
        if isinstance(a, Tracer):
            a._shared = True
        return moved

    return call


def diag(v: Any, k: int = 0) -> Tracer:
    """Take the diagonal of a matrix, or make a matrix with one."""
    x = _lift(v)
    if x.ndim != 1:
        return _view(np.diag)(x, k)
    size = x.shape[0]
    places = np.diag(np.arange(1, size + 1), k)
    padded = concatenate([np.zeros(1), x])
    return gathered(padded, places)


def trace_sum(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: Any = None) -> Tracer:
    """Sum the diagonal."""
    return reduced_sum(_by_places(np.diagonal)(a, offset, axis1, axis2), -1, dtype, out)


def _like(value: float) -> Callable[..., Any]:
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


def polyval(p: Any, x: Any) -> Tracer:
    """Evaluate a polynomial, the highest power first."""
    trace = trace_of(p, x)
    result: Any = 0.0
    for coefficient in p:
        result = result * trace.lift(x) + coefficient
    return trace.lift(result)


def einsum(*operands: Any, out: Any = None, **options: Any) -> Tracer:
    """Sum products by their indices: two terms after the other, as products of matrices where they can be."""
    trace = trace_of(*operands[1:])
    text = operands[0]
    if not isinstance(text, str) or "." in text:
        trace.refuse("it calls np.einsum in a way other than einsum('ij,j->i', a, b)")
    inputs, arrow, output = text.replace(" ", "").partition("->")
    names = inputs.split(",")
    if not arrow:
        output = "".join(letter for letter in sorted(set(inputs) - {","}) if inputs.count(letter) == 1)
    terms = []
    for name, value in zip(names, operands[1:], strict=True):
        x = trace.lift(value)
        if len(name) != x.ndim:
            raise ValueError(f"einsum: {name!r} names {len(name)} axes, but an operand has {x.ndim}")
        for letter in sorted(set(name)):
            while name.count(letter) > 1:
                i = name.index(letter)
                j = name.index(letter, i + 1)
                x = _by_places(np.diagonal)(x, 0, i, j)
                name = name[:i] + name[i + 1 : j] + name[j + 1 :] + letter
        terms.append((name, x))
    first = terms[0]
    for number, term in enumerate(terms[1:], 2):
        first = _contracted(first, term, set(output).union(*(name for name, _ in terms[number:])))
    name, x = _summed(*first, set(output))
    return transpose(x, [name.index(letter) for letter in output]) if x.ndim else x


def _summed(name: str, x: Tracer, needed: set[str]) -> tuple[str, Tracer]:
    """Sum over the axes that nothing needs."""
    axes = tuple(i for i, letter in enumerate(name) if letter not in needed)
    left = "".join(letter for letter in name if letter in needed)
    return left, reduced_sum(x, axes) if axes else x


def _contracted(a: tuple[str, Tracer], b: tuple[str, Tracer], needed: set[str]) -> tuple[str, Tracer]:
    """Multiply two terms, and sum over the axes that they share and nothing else needs."""
    (p, x), (q, y) = _summed(*a, needed | set(b[0])), _summed(*b, needed | set(a[0]))
    shared = [letter for letter in p if letter in q]
    rows, columns = ([letter for letter in name if letter not in shared] for name in (p, q))
    if not any(letter in needed for letter in shared):
        lengths = [(*x.shape, *y.shape)[(p + q).index(letter)] for letter in rows + columns]
        inside = math.prod(x.shape[p.index(letter)] for letter in shared)
        x = transpose(x, [p.index(letter) for letter in rows + shared])
        y = transpose(y, [q.index(letter) for letter in shared + columns])
        height = math.prod(lengths[: len(rows)])
        width = math.prod(lengths[len(rows) :])
        product = matmul(reshape(x, (height, inside)), reshape(y, (inside, width)))
        return "".join(rows + columns), reshape(product, tuple(lengths))
    every = "".join(rows + shared + columns)
    parts = []
    for name, value in ((p, x), (q, y)):
        turned = transpose(value, [name.index(letter) for letter in every if letter in name])
        given = iter(turned.shape)
        parts.append(reshape(turned, tuple(next(given) if letter in name else 1 for letter in every)))
    return _summed(every, parts[0] * parts[1], needed)


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
    x = _lift(x)
    large = np.finfo(float).max
    high, low = large if posinf is None else posinf, -large if neginf is None else neginf
    finite = select(binary("equal", x, math.inf), high, select(binary("equal", x, -math.inf), low, x))
    return select(unary("isnan", x), nan, finite)


SINC = [(-1) ** k / math.factorial(2 * k + 1) for k in range(14)]
"""Taylor's series of sin(y)/y in powers of y²: to |y| < 2, and for four derivatives too, as good as doubles."""


def sinc(x: Any) -> Tracer:
    """sin(πx)/(πx), by its series where the quotient's derivatives would be 0/0 or a difference of large terms."""
    y = _lift(x) * math.pi
    near = binary("less", unary("absolute", y), 2.0)
    far = select(near, 2.0, y)
    return select(near, polyval(SINC[::-1], y * y), unary("sin", far) / far)


def around(a: Any, decimals: int = 0, out: Any = None) -> Tracer:
    """Round to so many decimals."""
    _no_out(_lift(a), out)
    return _lift(a).round(decimals)


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
    np.diagonal: _view(np.diagonal),
    np.cumsum: cumsum,
    np.diff: diff,
    np.flip: _view(np.flip),
    np.roll: _by_places(np.roll),
    np.take: _by_places(np.take),
    np.repeat: _by_places(np.repeat),
    np.tile: _by_places(np.tile),
    np.zeros_like: _like(0.0),
    np.ones_like: _like(1.0),
    np.empty_like: _like(np.nan),
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
    np.copy: lambda a, order="K", subok=False: _lift(a).copy(),
    np.real: lambda val: val,
    np.triu: lambda m, k=0: select(np.triu(np.ones(m.shape), k), m, 0.0),
    np.tril: lambda m, k=0: select(np.tril(np.ones(m.shape), k), m, 0.0),
}
"""What each of NumPy's functions becomes."""

ELEMENTWISE = {np.where, np.clip, np.isclose, np.nan_to_num, np.sinc, np.round, np.around, np.real}
"""Those that do the same to numbers as to every element of an array."""
