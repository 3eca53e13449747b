"""Exact derivatives, of functions that were traced into a graph."""

from __future__ import annotations

from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood.calculus._point import Spread

__all__ = ["exact_derivative", "exact_gradient", "exact_matrix"]

ROUNDING = 2e-15
"""What rounding may do to a derivative that is computed by a few operations, relative to its size."""


def _traced(function: str, f: Any, required: bool) -> Any:
    """Give ``f`` if it is a graph that can be differentiated; refuse what is not if nothing else will do."""
    if hasattr(f, "hessian") and hasattr(f, "derivative"):
        return f
    if required:
        raise ValueError(
            f"{function}: method is 'exact', but f could not be traced into a graph that can be differentiated "
            "(a branch on a value, math.sin instead of np.sin, or a foreign function)"
        )
    return None


def exact_derivative(function: str, f: Any, x: SupportsFloat, order: int, *, required: bool) -> float | None:
    """Compute the derivative of a traced function of one number; None for a function that is not."""
    graph = _traced(function, f, required)
    if graph is None or not np.isfinite(float(x)):
        return None
    for _ in range(order):
        graph = graph.derivative(0)
    value = float(graph(float(x)))
    return value if required or np.isfinite(value) else None


def exact_gradient(function: str, f: Any, x: ArrayLike, *, required: bool) -> NDArray[np.float64] | None:
    """Compute the gradient of a traced function of an array, or of several numbers; None for one that is not."""
    return exact_matrix("gradient", f, x, required=required, speaker=function)


def exact_matrix(
    derivatives: str, f: Any, x: ArrayLike, *, required: bool, speaker: str = ""
) -> NDArray[np.float64] | None:
    """Compute the gradient, Jacobian or Hessian (which ``derivatives`` names) of a traced function."""
    spread = isinstance(f, Spread)
    graph = _traced(speaker or derivatives, f.called if spread else f, required)
    if graph is None:
        return None
    point = np.array(x, dtype=float)
    if not np.all(np.isfinite(point)):
        return None
    found = getattr(graph, derivatives)()(*(point.tolist() if spread else [point]))
    value = np.asarray(found, dtype=float)
    if derivatives == "gradient":
        value = value.reshape(point.shape)
    elif derivatives == "hessian":
        value = value.reshape(point.shape * 2)
    else:
        value = value.reshape((*graph.shape, *point.shape))
    return value if required or bool(np.all(np.isfinite(value))) else None
