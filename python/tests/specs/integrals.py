"""Integrals."""

import math

import numpy as np
import underhood as uh

from specs import TABLE, VECTOR, Spec

GRID = np.array([0.0, 1.0, 1.5, 3.0, 4.0, 5.0, 7.0, 8.0])


def circle(t: float) -> tuple[float, float]:
    """Give a point of a circle."""
    return math.cos(t), math.sin(t)


SPECS = [
    Spec(
        "integrate",
        lambda a, b: float(uh.calculus.integrate(lambda x: math.exp(-x * x), a, b)),
        {"a": 1.0, "b": 2.0},
        {"a": "number", "b": "number"},
        inf_passes=True,
    ),
    Spec(
        "riemann_sum",
        lambda a, b: uh.calculus.riemann_sum(math.sin, a, b, 7),
        {"a": 1.0, "b": 2.0},
        {"a": "number", "b": "number"},
    ),
    Spec(
        "trapezoid",
        uh.calculus.trapezoid,
        {"y": VECTOR, "x": GRID},
        {"y": "vector", "x": "vector"},
        nan_passes=True,
        inf_passes=True,
        # Without x, None, the places are dx apart.
        passes={"matrix", "None"},
    ),
    Spec(
        "simpson",
        uh.calculus.simpson,
        {"y": TABLE},
        {"y": "array"},
        nan_passes=True,
        inf_passes=True,
        passes={"shorter", "empty", "matrix", "vector"},
    ),
    Spec(
        "cumulative",
        uh.calculus.cumulative,
        {"y": TABLE},
        {"y": "array"},
        nan_passes=True,
        inf_passes=True,
        passes={"shorter", "empty", "matrix", "vector"},
    ),
    Spec(
        "arc_length",
        lambda a, b: float(uh.calculus.arc_length(circle, a, b)),
        {"a": 1.0, "b": 2.0},
        {"a": "number", "b": "number"},
    ),
    Spec(
        "line_integral",
        lambda a, b: float(uh.calculus.line_integral(lambda r: r[0], circle, a, b)),
        {"a": 1.0, "b": 2.0},
        {"a": "number", "b": "number"},
    ),
]
