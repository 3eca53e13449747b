"""Gradient descent beside the loop that one writes with NumPy; solvers, fits and programs beside SciPy's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.optimize
import underhood as uh
from run import Case
from scipy import optimize


def value(x: np.ndarray) -> float:
    """Rosenbrock's valley."""
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def slope(x: np.ndarray) -> np.ndarray:
    """Its gradient."""
    return np.array([-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2), 200 * (x[1] - x[0] ** 2)])


def loop(x: np.ndarray, steps: int) -> np.ndarray:
    """Walk downhill, keeping path and values, as our result does."""
    path, values = [x], [value(x)]
    for _ in range(steps):
        gradient = slope(x)
        if np.linalg.norm(gradient) <= 1e-8:
            break
        x = x - 1e-3 * gradient
        path.append(x)
        values.append(value(x))
    return np.array(path)


def bare(x: np.ndarray, steps: int) -> np.ndarray:
    """Walk downhill and keep the points alone, as the shortest loop does that one would write."""
    path = [x]
    for _ in range(steps):
        x = x - 1e-3 * slope(x)
        path.append(x)
    return np.array(path)


def adam(x: np.ndarray, steps: int) -> np.ndarray:
    """Walk by Adam's rule as its authors wrote it, keeping path and values."""
    mean, scale, path, values = np.zeros(2), np.zeros(2), [x], [value(x)]
    for k in range(1, steps + 1):
        gradient = slope(x)
        mean = 0.9 * mean + 0.1 * gradient
        scale = 0.999 * scale + 0.001 * gradient**2
        x = x - 1e-2 * (mean / (1 - 0.9**k)) / (np.sqrt(scale / (1 - 0.999**k)) + 1e-8)
        path.append(x)
        values.append(value(x))
    return np.array(path)


def batches(weights: np.ndarray, rows: np.ndarray, y: np.ndarray, epochs: int) -> np.ndarray:
    """Walk down a mean squared error by batches of 32 rows in their order, keeping the path."""
    path = [weights]
    for _ in range(epochs):
        for start in range(0, len(y), 32):
            chosen = slice(start, start + 32)
            squared(weights, rows[chosen], y[chosen])
            weights = weights - 0.01 * squared_slope(weights, rows[chosen], y[chosen])
            path.append(weights)
        squared(weights, rows, y)
    return np.array(path)


def squared(weights: np.ndarray, rows: np.ndarray, y: np.ndarray) -> float:
    """Mean squared error."""
    return np.mean((rows @ weights - y) ** 2)


def squared_slope(weights: np.ndarray, rows: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Its gradient."""
    return 2 * rows.T @ (rows @ weights - y) / len(y)


def valley(x):
    """Rosenbrock's valley in many variables, in operations that can be traced."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def bowl(x):
    """Give the height of a paraboloid whose curvatures lie between 2 and 200."""
    return np.sum(np.linspace(1.0, 100.0, 100) * (x - 1.0) ** 2)


def logistic_loss(rows: int, columns: int):
    """Give the loss of a logistic regression, and its size."""
    rng = np.random.default_rng(6)
    table = rng.standard_normal((rows, columns))
    labels = np.where(table @ rng.standard_normal(columns) + rng.standard_normal(rows) > 0, 1.0, -1.0)
    return lambda w: np.mean(np.log1p(np.exp(-labels * (table @ w)))) + 1e-3 * np.sum(w**2)


def minimised() -> Iterator[Case]:
    """Yield minimisers beside SciPy's with the same function and no gradient given."""
    functions = (
        ("Rosenbrock", valley, np.array([-1.2, 1.0])),
        ("Rosenbrock", valley, np.tile([-1.2, 1.0], 10)),
        ("quadratic bowl", bowl, np.zeros(100)),
        ("logistic loss, 1000 rows", logistic_loss(1000, 10), np.zeros(10)),
    )
    for name, f, start in functions:
        yield Case(
            f"minimize (BFGS), {name}",
            f"{len(start)} variables",
            "SciPy",
            lambda f=f, start=start: uh.optimize.minimize(f, start),
            lambda f=f, start=start: scipy.optimize.minimize(f, start),
            rtol=1e-3,  # SciPy's stops there
            pick=lambda found: found.x,
            pick_theirs=lambda found: found.x,
            headline=len(start) == 20,
        )


def descents() -> Iterator[Case]:
    """Yield descents; where both sides call the same Python functions, that is most of their time."""
    start = np.array([-1.2, 1.0])
    long = {"gradient": slope, "learning_rate": 1e-3, "max_iter": 10_000}
    yield Case(
        "gradient descent, Python functions",
        "10,000 steps",
        "NumPy loop without values or a test of convergence",
        lambda: uh.optimize.gradient_descent(value, start, **long),
        lambda: bare(start, 10_000),
        pick=lambda walk: walk.path,
    )
    yield Case(
        "Adam, Python functions",
        "1000 steps",
        "NumPy loop",
        lambda: uh.optimize.gradient_descent(value, start, gradient=slope, learning_rate=1e-2, method="adam"),
        lambda: adam(start, 1000),
        pick=lambda walk: walk.path,
    )
    rows = np.random.default_rng(1).normal(size=(10_000, 10))
    y = rows @ np.arange(10.0)
    yield Case(
        "stochastic gradient descent, Python functions",
        "3130 batches of 32 × 10",
        "NumPy loop",
        lambda: uh.optimize.stochastic_gradient_descent(
            squared, np.zeros(10), (rows, y), gradient=squared_slope, shuffle=False
        ),
        lambda: batches(np.zeros(10), rows, y, 10),
        pick=lambda walk: walk.path,
    )
    yield Case(
        "gradient descent, Python functions",
        "1000 steps",
        "NumPy loop",
        lambda: uh.optimize.gradient_descent(value, start, gradient=slope, learning_rate=1e-3),
        lambda: loop(start, 1000),
        pick=lambda walk: walk.path,
    )
    yield from traced_descents(start)


def traced_descents(start: np.ndarray) -> Iterator[Case]:
    """Yield long descents on a traced function, beside loops of NumPy and of JAX, compiled before they are timed."""
    traced = uh.function(value)
    options = {"learning_rate": 1e-3, "max_iter": 10_000, "check_rate": False}
    yield Case(
        "gradient descent, traced function",
        "10,000 steps",
        "NumPy loop",
        lambda: uh.optimize.gradient_descent(traced, start, **options),
        lambda: loop(start, 10_000),
        rtol=1e-9,
        pick=lambda walk: walk.path,
        headline=True,
    )
    try:
        import jax
    except ImportError:
        return
    jax.config.update("jax_enable_x64", True)
    downhill = jax.grad(value)
    walk = jax.jit(lambda x: jax.lax.fori_loop(0, 10_000, lambda _, x: x - 1e-3 * downhill(x), x))
    yield Case(
        "gradient descent, traced function, the path kept",
        "10,000 steps",
        "jax.lax.fori_loop, jitted, the last point alone",
        lambda: uh.optimize.gradient_descent(traced, start, **options),
        lambda: np.asarray(walk(start)),
        rtol=1e-9,
        pick=lambda walk: walk.x,
        headline=True,
    )
    yield Case(
        "gradient descent, traced function",
        "10,000 steps",
        "jax.lax.fori_loop, jitted, the last point alone",
        lambda: uh.optimize.gradient_descent(traced, start, keep_path=False, **options),
        lambda: np.asarray(walk(start)),
        rtol=1e-9,
        pick=lambda walk: walk.x,
        headline=True,
    )


def cases() -> Iterator[Case]:
    """Yield descents, minimisers, roots, curves and programs."""
    yield from descents()
    yield from minimised()
    yield from roots()
    yield from curves()
    yield from programs()


def roots() -> Iterator[Case]:
    """Yield roots of one equation and of a system."""

    def cubic(x: float) -> float:
        return x * x * x - 2 * x - 5

    yield Case(
        "root between two points, Python function",
        "a cubic",
        "SciPy brentq",
        lambda: uh.optimize.find_root(cubic, 2.0, 3.0),
        lambda: optimize.brentq(cubic, 2.0, 3.0),
        pick=float,
    )
    yield Case(
        "Newton's method, Python functions",
        "a cubic",
        "SciPy newton",
        lambda: uh.optimize.newton(cubic, 2.0, fprime=lambda x: 3 * x * x - 2),
        lambda: optimize.newton(cubic, 2.0, fprime=lambda x: 3 * x * x - 2),
        pick=float,
    )

    def system(v: np.ndarray) -> list[float]:
        return [v[0] + v[1] - 3, v[0] ** 2 + v[1] ** 2 - 5]

    yield Case(
        "root of a system, Python function",
        "2 equations",
        "SciPy root",
        lambda: uh.optimize.root(system, [0.5, 3.0]),
        lambda: optimize.root(system, [0.5, 3.0]),
        pick=lambda found: found.x,
        pick_theirs=lambda found: found.x,
        headline=True,
    )


def curves() -> Iterator[Case]:
    """Yield fitted curves, on data like NIST's Misra1a."""
    rng = np.random.default_rng(1)
    x = np.linspace(77, 760, 14)
    y = 239 * (1 - np.exp(-5.5e-4 * x)) + 0.1 * rng.normal(size=14)

    def saturation(x: np.ndarray, top: float, rate: float) -> np.ndarray:
        return top * (1 - np.exp(-rate * x))

    yield Case(
        "fit a curve, Python function",
        "14 points, 2 parameters",
        "SciPy curve_fit",
        lambda: uh.optimize.curve_fit(saturation, x, y, p0=[500, 1e-4]),
        lambda: optimize.curve_fit(saturation, x, y, p0=[500, 1e-4]),
        rtol=1e-5,
        pick=lambda fit: fit.params,
        pick_theirs=lambda fit: fit[0],
        headline=True,
    )


def programs() -> Iterator[Case]:
    """Yield linear programs, small and of middle size."""
    for n, m in ((2, 3), (50, 100)):
        rng = np.random.default_rng(n)
        a, c = rng.normal(size=(m, n)), rng.random(n) - 0.2
        a[0] = 1.0
        b = a @ rng.random(n) + rng.random(m)
        yield Case(
            "linear program",
            f"{n} variables, {m} constraints",
            "SciPy linprog",
            lambda c=c, a=a, b=b: uh.optimize.linear_program(c, a, b),
            lambda c=c, a=a, b=b: optimize.linprog(c, a, b),
            pick=lambda best: best.fun,
            pick_theirs=lambda best: best.fun,
        )
