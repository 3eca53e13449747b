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
    return np.array(
        [-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2), 200 * (x[1] - x[0] ** 2)]
    )


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


def cases() -> Iterator[Case]:
    """Yield a descent; both sides call the same Python functions, which is most of their time."""
    start = np.array([-1.2, 1.0])
    yield Case(
        "gradient descent, Python functions",
        "1000 steps",
        "NumPy loop",
        lambda: uh.optimize.gradient_descent(
            value, start, gradient=slope, learning_rate=1e-3
        ),
        lambda: loop(start, 1000),
        pick=lambda walk: walk.path,
    )
