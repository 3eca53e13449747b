"""Gradient descent beside the loop that one writes with NumPy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
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


def cases() -> Iterator[Case]:
    """Yield descents; both sides call the same Python functions, which is most of their time."""
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
