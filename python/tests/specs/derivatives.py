"""Limits and derivatives."""

from typing import Any

import numpy as np
import underhood as uh

from specs import VECTOR, Spec

calculus = uh.calculus
TURN = np.array([[0.0, -1.0, 0.5], [1.0, 0.0, 2.0], [0.25, -3.0, 0.0]])


def squares(v: Any) -> float:
    """A function of any array."""
    return float(np.sum(v**2))


def cubes(v: Any) -> Any:
    """A field of any array."""
    return np.asarray(v) ** 3


def turned(v: Any) -> Any:
    """A field of any vector of up to three numbers."""
    return TURN[: len(v), : len(v)] @ v if np.ndim(v) == 1 and len(v) <= 3 else cubes(v)


SPECS = [
    Spec("derivative", lambda x: float(calculus.derivative(np.sin, x)), {"x": 2.0}, {"x": "number"}, nan_passes=True),
    Spec(
        "gradient",
        lambda x: calculus.gradient(squares, x),
        {"x": VECTOR},
        {"x": "vector"},
        nan_passes=True,
        passes={"shorter", "scalar", "matrix"},
    ),
    Spec(
        "jacobian",
        lambda x: calculus.jacobian(cubes, x),
        {"x": VECTOR},
        {"x": "vector"},
        nan_passes=True,
        passes={"shorter", "scalar", "matrix"},
    ),
    Spec(
        "hessian",
        lambda x: calculus.hessian(squares, x),
        {"x": VECTOR[:4]},
        {"x": "vector"},
        nan_passes=True,
        passes={"shorter", "scalar", "matrix"},
    ),
    Spec(
        "laplacian",
        lambda x: float(calculus.laplacian(squares, x)),
        {"x": VECTOR},
        {"x": "vector"},
        nan_passes=True,
        passes={"shorter", "scalar", "matrix"},
    ),
    Spec(
        "partial",
        lambda x: float(calculus.partial(squares, x, 0)),
        {"x": VECTOR},
        {"x": "vector"},
        nan_passes=True,
        passes={"shorter", "scalar"},
    ),
    Spec(
        "directional_derivative",
        lambda x, v: float(calculus.directional_derivative(squares, x, v)),
        {"x": VECTOR, "v": VECTOR[::-1].copy()},
        {"x": "vector", "v": "vector"},
        nan_passes=True,
    ),
    *[
        Spec(
            name,
            lambda x, name=name: np.asarray(getattr(calculus, name)(turned, x)),
            {"x": VECTOR[:3]},
            {"x": "vector"},
            nan_passes=True,
            passes={"shorter"},
        )
        for name in ("divergence", "curl")
    ],
    Spec("limit", lambda a: calculus.limit(np.arctan, a).value, {"a": 2.0}, {"a": "number"}, inf_passes=True),
    Spec(
        "tangent_line", lambda x: calculus.tangent_line(np.sin, x).slope, {"x": 2.0}, {"x": "number"}, nan_passes=True
    ),
    Spec(
        "linearize",
        lambda x: calculus.linearize(squares, x).gradient,
        {"x": VECTOR},
        {"x": "vector"},
        nan_passes=True,
        passes={"shorter", "scalar", "matrix"},
    ),
    Spec("taylor", lambda a: calculus.taylor(np.sin, a, 3).coefficients, {"a": 2.0}, {"a": "number"}),
    Spec(
        "derivative_table",
        lambda x: calculus.derivative_table(np.sin, x).central,
        {"x": 2.0},
        {"x": "number"},
        nan_passes=True,
    ),
    Spec(
        "critical_points",
        lambda a, b: [point.x for point in calculus.critical_points(np.sin, a, b)],
        {"a": 1.0, "b": 5.0},
        {"a": "number", "b": "number"},
    ),
]
