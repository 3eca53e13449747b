"""Digits of numerical derivatives beside numdifftools' and SciPy's, against mpmath's (crates/underhood/tests/data).

Run it as ``python benches/accuracy/derivatives.py``. A case's digits are those of its relative error, 16 at most and 0
at least; a peer that raises or gives NaN has none. "Honest" is the share of cases whose error estimate held, "lost" how
many have less than one digit.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import underhood as uh

TABLE = Path(__file__).parents[2] / "crates" / "underhood" / "tests" / "data" / "derivatives.tsv"

# As the core's tests write them, in NumPy's functions, which the peers need.
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "exp": np.exp,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "log": np.log,
    "sqrt": np.sqrt,
    "reciprocal": lambda x: 1 / x,
    "square": lambda x: x * x,
    "cube": lambda x: x * x * x,
    "polynomial": lambda x: x**5 - 4 * x**3 + 2 * x - 1,
    "runge": lambda x: 1 / (1 + 25 * x * x),
    "near_pole": lambda x: 1 / (1 - x),
    "log1p": np.log1p,
    "expm1": np.expm1,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "atan": np.arctan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "gauss": lambda x: np.exp(-x * x),
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "steep_logistic": lambda x: 1 / (1 + np.exp(-1000 * (x - 0.5))),
    "narrow_gauss": lambda x: np.exp(-1e6 * (x - 1) * (x - 1)),
    "fast_sine": lambda x: np.sin(1e3 * x),
    "very_fast_sine": lambda x: np.sin(1e6 * x),
    "slow_sine": lambda x: np.sin(x / 1024),
    "slow_exp": lambda x: np.exp(x / 1048576),
    "sine_product": lambda x: x * x * np.sin(x),
    "damped": lambda x: np.exp(-x) * np.cos(2 * x),
    "chirp": lambda x: np.sin(x * x),
    "essential": lambda x: np.exp(-1 / x),
    "x_log_x": lambda x: x * np.log(x),
    "x_to_x": lambda x: np.power(x, x),
    "power": lambda x: np.power(x, 2.5),
    "three_halves": lambda x: x * np.sqrt(x),
    "offset": lambda x: 1e6 + np.sin(x),
    "hypotenuse": lambda x: np.sqrt(1 + x * x),
    "rounded_corner": lambda x: np.sqrt(x * x + 2.0**-40),
    "rational": lambda x: (x * x * x - 2) / (x * x + 1),
    "sinc": lambda x: np.sin(x) / x,
    "log_sine": lambda x: np.log(2 + np.sin(x)),
    "log_cosh": lambda x: np.log(np.cosh(x)),
    "nested": lambda x: np.sin(np.exp(x)),
    "inverse_square": lambda x: 1 / (x * x),
    "cosine_root": lambda x: np.cos(np.sqrt(x)),
}


def ours(f: Callable[[Any], Any], x: float, order: int) -> tuple[float, float]:
    """Give the derivative and its error estimate, found by calling the function."""
    found = uh.calculus.derivative(f, x, order=order, method="richardson")
    return float(found), found.error


def numdifftools(f: Callable[[Any], Any], x: float, order: int) -> tuple[float, float]:
    """Give numdifftools' with its default settings."""
    from numdifftools import Derivative

    found = Derivative(f, n=order, full_output=True)(x)
    return float(found.estimate), float(np.ravel(found.error_estimate)[0])


def scipy(f: Callable[[Any], Any], x: float, order: int) -> tuple[float, float]:
    """Give SciPy's, which has first derivatives only."""
    from scipy.differentiate import derivative

    if order > 1:
        raise NotImplementedError
    found = derivative(f, x)
    return float(found.df), float(found.error)


def main() -> None:
    """Print a line for each order and package."""
    lines = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
    for order in range(1, 5):
        for package in (ours, numdifftools, scipy):
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
                        value, error = package(FUNCTIONS[name], float(x), order)
                    except ImportError:
                        raise
                    except Exception:
                        value, error = math.nan, 0.0
                wrong = abs(value - exact)
                relative = wrong / abs(exact)
                right = 0.0 if not relative < 1 else min(16.0, -math.log10(max(relative, 1e-16)))
                digits.append(right)
                honest.append(bool(wrong <= error + np.finfo(float).eps * abs(exact)))
                lost += right < 1
            print(
                f"order {order}  {package.__name__:13}{np.mean(digits):6.2f} digits on average, "
                f"least {min(digits):5.2f}, lost {lost:3} of {len(digits)}, honest {np.mean(honest):6.1%}"
            )


if __name__ == "__main__":
    main()
