"""Numerical derivatives and integrals beside SciPy's."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import underhood as uh
from run import Case
from scipy import differentiate, integrate, optimize


def rosenbrock(x: np.ndarray) -> float:
    """Rosenbrock's valley in n dimensions."""
    return float(np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))


def cases() -> Iterator[Case]:
    """Yield derivatives and gradients; the peer of the latter takes one step and has seven digits."""
    yield Case(
        "derivative of a function",
        "one point",
        "SciPy differentiate",
        lambda: uh.calculus.derivative(math.exp, 1.0),
        lambda: differentiate.derivative(np.exp, 1.0),
        rtol=1e-9,
        pick=float,
        pick_theirs=lambda result: float(result.df),
        headline=True,
    )
    yield Case(
        "derivative, steep sine",
        "one point",
        "SciPy differentiate",
        lambda: uh.calculus.derivative(lambda x: math.sin(100 * x), 0.3),
        lambda: differentiate.derivative(lambda x: np.sin(100 * x), 0.3, initial_step=0.01),
        rtol=1e-8,
        pick=float,
        pick_theirs=lambda result: float(result.df),
    )
    for n in (2, 20):
        x = np.linspace(-1.2, 1.0, n)
        yield Case(
            "gradient of a function",
            f"{n}",
            "SciPy approx_fprime",
            lambda x=x: uh.calculus.gradient(rosenbrock, x),
            lambda x=x: optimize.approx_fprime(x, rosenbrock),
            rtol=1e-4,
        )
    for name, f, numpys, a, b in (
        ("a polynomial", lambda x: x * x * (3 - x), lambda x: x * x * (3 - x), 0.0, 3.0),
        ("math.sin", math.sin, np.sin, 0.0, 3.0),
        ("a bell", lambda x: math.exp(-x * x), lambda x: np.exp(-x * x), -math.inf, math.inf),
        ("a singular end", lambda x: math.log(x) / math.sqrt(x), lambda x: np.log(x) / np.sqrt(x), 0.0, 1.0),
    ):
        for kind, function in (("math", f), ("NumPy", numpys)):
            yield Case(
                f"integral, {name}",
                f"{kind} callable",
                "SciPy quad",
                lambda function=function, a=a, b=b: uh.calculus.integrate(function, a, b),
                lambda function=function, a=a, b=b: integrate.quad(function, a, b),
                rtol=1e-7,
                pick=float,
                pick_theirs=lambda result: float(result[0]),
            )
