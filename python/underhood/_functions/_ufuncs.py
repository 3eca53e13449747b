"""What NumPy's and SciPy's ufuncs do to traced values, by their names."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from underhood._functions._products import matmul
from underhood._functions._reductions import all_of, amax, amin, any_of, cumsum, log_sum_exp, prod, reduced_sum
from underhood._functions._tracer import Trace, Tracer, binary, select, trace_of, truth, unary

__all__ = ["ufunc_call"]


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
    "logical_xor": lambda x, y: binary("not_equal", *(truth(trace_of(x, y).lift(z)) for z in (x, y))),
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
        "logaddexp": log_sum_exp,
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
