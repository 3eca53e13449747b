"""Numerical derivatives, integrals and differential equations beside SciPy's and numdifftools'."""

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


def lotka_volterra(t: float, y: np.ndarray) -> list[float]:
    """Hares and lynxes."""
    hares, lynxes = y.tolist()
    return [1.5 * hares - hares * lynxes, hares * lynxes - 3 * lynxes]


def lorenz(t: float, y: np.ndarray) -> list[float]:
    """Lorenz's weather."""
    a, b, c = y.tolist()
    return [10 * (b - a), a * (28 - c) - b, a * b - 8 / 3 * c]


def van_der_pol(t: float, y: np.ndarray) -> list[float]:
    """Describe an oscillator that is damped so strongly that it is stiff."""
    a, b = y.tolist()
    return [b, 1000 * (1 - a * a) * b - a]


def equations() -> Iterator[Case]:
    """Yield differential equations at the same tolerances; a stiff one with SciPy's method for it."""
    for name, f, end, start, method, rtol in (
        ("Lotka-Volterra", lotka_volterra, 15.0, [10.0, 5.0], "DOP853", 1e-4),
        ("Lorenz", lorenz, 5.0, [1.0, 1.0, 1.0], "DOP853", 1e-3),
        ("van der Pol, stiff", van_der_pol, 2000.0, [2.0, 0.0], "Radau", 1e-3),
    ):
        options = {"t_span": (0.0, end), "y0": start, "rtol": 1e-7, "atol": 1e-9}
        yield Case(
            "differential equation",
            name,
            f"SciPy solve_ivp {method}",
            lambda f=f, options=options: uh.calculus.solve_ivp(f, **options),
            lambda f=f, options=options, method=method: integrate.solve_ivp(f, method=method, **options),
            rtol=rtol,
            pick=lambda result: result.y[:, -1],
            pick_theirs=lambda result: result.y[:, -1],
        )


def cases() -> Iterator[Case]:
    """Yield derivatives and gradients; the peer of the latter takes one step and has seven digits."""
    yield from equations()
    yield from integrals()
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
        pick_theirs=lambda found: float(np.squeeze(found)),
    )
    yield Case(
        "limit of a function",
        "sin(x)/x at 0",
        "numdifftools",
        lambda: uh.calculus.limit(lambda x: math.sin(x) / x, 0.0),
        lambda: Limit(lambda x: np.sin(x) / x)(0.0),
        rtol=1e-8,
        pick=float,
        pick_theirs=lambda found: float(np.squeeze(found)),
    )


def integrals() -> Iterator[Case]:
    """Yield integrals of callables of either kind, at the default tolerances."""
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
