"""Digits of derivatives beside numdifftools', SciPy's and JAX's, against mpmath's (crates/underhood/tests/data).

The numerical ones call the function; the exact ones (ours and JAX's, in doubles) differentiate what they traced.

Run it as ``python benches/accuracy/derivatives.py``. A case's digits are those of its relative error, 16 at most and 0
at least; a peer that raises or gives NaN has none. "Honest" is the share of cases whose error estimate held, "lost" how
many have less than one digit.
"""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import underhood as uh

TABLE = Path(__file__).parents[2] / "crates" / "underhood" / "tests" / "data" / "derivatives.tsv"


def functions(xp: Any) -> dict[str, Callable[[Any], Any]]:
    """Give the functions as the core's tests write them, in NumPy's functions or in JAX's."""
    return {
        "exp": xp.exp,
        "sin": xp.sin,
        "cos": xp.cos,
        "tan": xp.tan,
        "log": xp.log,
        "sqrt": xp.sqrt,
        "reciprocal": lambda x: 1 / x,
        "square": lambda x: x * x,
        "cube": lambda x: x * x * x,
        "polynomial": lambda x: x**5 - 4 * x**3 + 2 * x - 1,
        "runge": lambda x: 1 / (1 + 25 * x * x),
        "near_pole": lambda x: 1 / (1 - x),
        "log1p": xp.log1p,
        "expm1": xp.expm1,
        "sinh": xp.sinh,
        "cosh": xp.cosh,
        "tanh": xp.tanh,
        "atan": xp.arctan,
        "asin": xp.arcsin,
        "acos": xp.arccos,
        "asinh": xp.arcsinh,
        "acosh": xp.arccosh,
        "atanh": xp.arctanh,
        "gauss": lambda x: xp.exp(-x * x),
        "logistic": lambda x: 1 / (1 + xp.exp(-x)),
        "softplus": lambda x: xp.log(1 + xp.exp(x)),
        "steep_logistic": lambda x: 1 / (1 + xp.exp(-1000 * (x - 0.5))),
        "narrow_gauss": lambda x: xp.exp(-1e6 * (x - 1) * (x - 1)),
        "fast_sine": lambda x: xp.sin(1e3 * x),
        "very_fast_sine": lambda x: xp.sin(1e6 * x),
        "slow_sine": lambda x: xp.sin(x / 1024),
        "slow_exp": lambda x: xp.exp(x / 1048576),
        "sine_product": lambda x: x * x * xp.sin(x),
        "damped": lambda x: xp.exp(-x) * xp.cos(2 * x),
        "chirp": lambda x: xp.sin(x * x),
        "essential": lambda x: xp.exp(-1 / x),
        "x_log_x": lambda x: x * xp.log(x),
        "x_to_x": lambda x: xp.power(x, x),
        "power": lambda x: xp.power(x, 2.5),
        "three_halves": lambda x: x * xp.sqrt(x),
        "offset": lambda x: 1e6 + xp.sin(x),
        "hypotenuse": lambda x: xp.sqrt(1 + x * x),
        "rounded_corner": lambda x: xp.sqrt(x * x + 2.0**-40),
        "rational": lambda x: (x * x * x - 2) / (x * x + 1),
        "sinc": lambda x: xp.sin(x) / x,
        "log_sine": lambda x: xp.log(2 + xp.sin(x)),
        "log_cosh": lambda x: xp.log(xp.cosh(x)),
        "nested": lambda x: xp.sin(xp.exp(x)),
        "inverse_square": lambda x: 1 / (x * x),
        "cosine_root": lambda x: xp.cos(xp.sqrt(x)),
    }


FUNCTIONS = functions(np)


def ours(name: str, x: float, order: int) -> tuple[float, float]:
    """Give the derivative and its error estimate, found by calling the function."""
    found = uh.calculus.derivative(FUNCTIONS[name], x, order=order, method="richardson")
    return float(found), found.error


def ours_exact(name: str, x: float, order: int) -> tuple[float, float]:
    """Give the derivative of the graph."""
    found = uh.calculus.derivative(FUNCTIONS[name], x, order=order, method="exact")
    return float(found), found.error


@functools.cache
def _in_jax(order: int) -> dict[str, Any]:
    import jax

    jax.config.update("jax_enable_x64", True)
    derivatives = functions(jax.numpy)
    for _ in range(order):
        derivatives = {name: jax.grad(f) for name, f in derivatives.items()}
    return derivatives


def jax_exact(name: str, x: float, order: int) -> tuple[float, float]:
    """Give JAX's derivative, which has no error estimate."""
    return float(_in_jax(order)[name](x)), math.nan


def numdifftools(name: str, x: float, order: int) -> tuple[float, float]:
    """Give numdifftools' with its default settings."""
    from numdifftools import Derivative

    found = Derivative(FUNCTIONS[name], n=order, full_output=True)(x)
    return float(found.estimate), float(np.ravel(found.error_estimate)[0])


def scipy(name: str, x: float, order: int) -> tuple[float, float]:
    """Give SciPy's, which has first derivatives only."""
    from scipy.differentiate import derivative

    if order > 1:
        raise ValueError("SciPy has first derivatives only")
    found = derivative(FUNCTIONS[name], x)
    return float(found.df), float(found.error)


def main() -> None:
    """Print a line for each order and package."""
    lines = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
    for order in range(1, 5):
        for package in (ours, numdifftools, scipy, ours_exact, jax_exact):
            if package is scipy and order > 1:
                continue
            digits, honest, lost = [], [], 0
            for name, x, *derivatives in lines:
                exact = float(derivatives[order - 1])
                if math.isnan(exact) or exact == 0:
                    continue
                with warnings.catch_warnings(), np.errstate(all="ignore"):
                    warnings.simplefilter("ignore")
                    try:
                        value, error = package(name, float(x), order)
                    except ImportError:
                        break
                    except Exception:
                        value, error = math.nan, 0.0
                wrong = abs(value - exact)
                relative = wrong / abs(exact)
                right = 0.0 if not relative < 1 else min(16.0, -math.log10(max(relative, 1e-16)))
                digits.append(right)
                honest.append(bool(wrong <= error + np.finfo(float).eps * abs(exact)))
                lost += right < 1
            else:
                print(
                    f"order {order}  {package.__name__:13}{np.mean(digits):6.2f} digits on average, "
                    f"least {min(digits):5.2f}, lost {lost:3} of {len(digits)}"
                    + ("" if package is jax_exact else f", honest {np.mean(honest):6.1%}")
                )


if __name__ == "__main__":
    main()
