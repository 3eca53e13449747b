"""Gradient descent beside the loop that one writes with NumPy, and minimisers beside SciPy's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.optimize
import underhood as uh
from run import Case


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


def cases() -> Iterator[Case]:
    """Yield a descent, whose sides call the same Python functions, which is most of their time; and minimisers."""
    yield from minimised()
    start = np.array([-1.2, 1.0])
    yield Case(
        "gradient descent, Python functions",
        "1000 steps",
        "NumPy loop",
        lambda: uh.optimize.gradient_descent(value, start, gradient=slope, learning_rate=1e-3),
        lambda: loop(start, 1000),
        pick=lambda walk: walk.path,
    )
