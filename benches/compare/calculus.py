"""Numerical derivatives beside SciPy's and numdifftools'."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import underhood as uh
from run import Case
from scipy import differentiate, optimize


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

    def field(v: np.ndarray) -> np.ndarray:
        return np.array([v[0] * math.cos(v[1]), v[0] * math.sin(v[1]), v[0] * v[1]])

    yield Case(
        "Jacobian of a function",
        "3 × 2",
        "SciPy differentiate",
        lambda: uh.calculus.jacobian(field, [2.0, 0.3]),
        lambda: differentiate.jacobian(
            lambda v: np.array([v[0] * np.cos(v[1]), v[0] * np.sin(v[1]), v[0] * v[1]]), np.array([2.0, 0.3])
        ),
        rtol=1e-8,
        pick_theirs=lambda result: result.df,
    )
    yield Case(
        "Hessian of a function",
        "2",
        "SciPy differentiate",
        lambda: uh.calculus.hessian(lambda x, y: 100 * (y - x**2) ** 2 + (1 - x) ** 2, [-1.2, 1.0]),
        lambda: differentiate.hessian(lambda v: 100 * (v[1] - v[0] ** 2) ** 2 + (1 - v[0]) ** 2, np.array([-1.2, 1.0])),
        rtol=1e-6,
        pick_theirs=lambda result: result.ddf,
    )
    yield from numdifftools_cases()


def numdifftools_cases() -> Iterator[Case]:
    """Yield what numdifftools does as well, where it is installed."""
    try:
        import numdifftools
        from numdifftools.limits import Limit
    except ImportError:
        return
    yield Case(
        "fourth derivative of a function",
        "one point",
        "numdifftools",
        lambda: uh.calculus.derivative(math.exp, 1.0, order=4),
        lambda: numdifftools.Derivative(np.exp, n=4)(1.0),
        rtol=1e-5,
        pick=float,
        pick_theirs=float,
    )
    yield Case(
        "limit of a function",
        "sin(x)/x at 0",
        "numdifftools",
        lambda: uh.calculus.limit(lambda x: math.sin(x) / x, 0.0),
        lambda: Limit(lambda x: np.sin(x) / x)(0.0),
        rtol=1e-8,
        pick=float,
        pick_theirs=float,
    )
