"""Exact derivatives, of functions that were traced into a graph."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["exact_derivative", "exact_gradient", "exact_matrix"]

ROUNDING = 2e-15
"""What rounding may do to a derivative that is computed by a few operations, relative to its size."""


def _traced(function: str, f: Any, required: bool) -> Any:
    """Give ``f`` if it is a graph that can be differentiated; refuse what is not if nothing else will do."""
    if hasattr(f, "gradient") and hasattr(f, "derivative"):
        return f
    if required:
        raise ValueError(
            f"{function}: method is 'exact', but f could not be traced into a graph that can be differentiated "
            "(a branch on a value, math.sin instead of np.sin, or a foreign function)"
        )
    return None


def exact_derivative(function: str, f: Any, x: float, order: int, *, required: bool) -> float | None:
    """Compute the derivative of a traced function of one number; None for a function that is not."""
    graph = _traced(function, f, required)
    if graph is None:
        return None
    for _ in range(order):
        graph = graph.derivative(0)
    value = float(graph(x))
    return value if required or np.isfinite(value) else None


def exact_gradient(function: str, f: Any, x: ArrayLike, *, required: bool) -> NDArray[np.float64] | None:
    """Compute the gradient of a traced function of one array; None for a function that is not."""
    graph = _traced(function, f, required)
    if graph is None:
        return None
    point = np.array(x, dtype=float)
    value = np.asarray(graph.gradient()(point), dtype=float).reshape(point.shape)
    return value if required or bool(np.all(np.isfinite(value))) else None


def exact_matrix(function: str, f: Any, x: ArrayLike, *, required: bool) -> NDArray[np.float64] | None:
    """Compute the Jacobian or Hessian (which ``function`` names) of a traced function of one array."""
    graph = _traced(function, f, required)
    if graph is None:
        return None
    point = np.array(x, dtype=float)
    value = np.asarray(getattr(graph, function)()(point), dtype=float)
    return value if required or bool(np.all(np.isfinite(value))) else None
