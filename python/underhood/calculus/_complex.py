"""The complex step: a derivative without a difference."""

from __future__ import annotations

import cmath
import math
from typing import Any

import numpy as np

from underhood._core import calculus as _core
from underhood._core.graph import Traced, written
from underhood._functions import Function, resolve
from underhood.calculus._estimate import Estimate

__all__ = ["complex_step", "of_complex"]


FUNCTIONS = {
    name: getattr(np, name)
    for name in (
        "sqrt", "exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "arcsin", "arccos", "arctan",
        "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "sign", "where", "abs", "pi", "inf", "nan",
    )
}  # fmt: skip
"""What the text of a graph may call that takes complex numbers."""


def of_complex(function: str, f: Any) -> Any:
    """Give a function of a complex number: a callable as it is, a text by its graph, written in NumPy's functions."""
    if isinstance(f, str):
        f = resolve(function, "f", f)
    if isinstance(f, Function):
        f = f._python if f._python is not None else resolve(function, "f", f, ())
    if not isinstance(f, Traced):
        if not callable(f):
            raise TypeError(f"{function}: f is a {type(f).__name__}, but must be a function that can be called")
        return f
    parts, whole, arrays = written(f)
    lines = [(name, compile(text, "f", "eval")) for name, text in [*parts, ("", whole)]]
    unknown = sorted({name for _, code in lines for name in code.co_names} - set(FUNCTIONS) - {n for n, _ in parts})
    variable = f.arguments[0][0]
    if arrays or not set(unknown) <= {variable}:
        which = ", ".join(name for name in unknown if name != variable) or "an array"
        raise TypeError(f"{function}: method is 'complex', but f has {which}, which takes no complex number")

    def call(x: complex) -> Any:
        names = {**FUNCTIONS, variable: np.complex128(x)}
        for name, code in lines:
            names[name] = eval(code, {"__builtins__": {}}, names)
        return names[""]

    return call


def complex_step(f: Any, x: float, order: int, step: float | None) -> Estimate:
    """Compute Im f(x + ih) / h at two tiny steps, and compare with what differences say."""
    f = of_complex("derivative", f)
    if order != 1:
        raise ValueError(f"derivative: order is {order}, but method 'complex' gives the first derivative only")

    def real(argument: float) -> Any:
        found = complex(f(complex(argument, 0.0)))
        return found.real if found.imag == 0 else math.nan

    with np.errstate(all="ignore"):
        try:
            plain = _core.derivative(real, x, 1, "auto", step)
        except TypeError as error:
            if "derivative:" in str(error):
                raise
            raise TypeError(
                f"derivative: method is 'complex', but f cannot take a complex number ({error}); "
                "use functions of NumPy's or cmath's instead of math's"
            ) from error
        point = x
        if math.isnan(point):
            return Estimate(math.nan, math.nan, 0, False, "complex", "")
        # As small as can be: truncation is of the order of the step's square.
        h = (abs(point) or 1.0) * 2.0**-60
        first, second = (complex(f(complex(point, step))).imag / step for step in (h, 0.69 * h))
    spread = float(abs(first - second) + 4 * np.finfo(float).eps * abs(first))
    value, doubt, converged, evaluations = plain[0], plain[1], plain[3], plain[2] + 2
    message = ""
    if not cmath.isfinite(first):
        message = "f has no finite value beside the real axis"
    elif not converged and plain[5]:
        message = plain[5]
    elif abs(first - value) > 10 * doubt + 1e-9 * abs(value):
        message = (
            f"differences say {value:.6g}: f is not analytic (abs, conj, real or a comparison stand in the way of the "
            "complex step)"
        )
        spread = math.inf
    return Estimate(first, spread, evaluations, not message, "complex", message)
