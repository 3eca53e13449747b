"""Exact derivatives, of functions that were traced into a graph."""

from __future__ import annotations

from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import calculus as _core
from underhood._core.graph import Traced
from underhood.calculus._point import Spread

__all__ = ["ROUNDING", "exact_derivative", "exact_gradient", "exact_graph", "exact_matrix", "smooth"]

ROUNDING = 2e-15
"""What rounding may do to a derivative that is computed by a few operations, relative to its size."""


def _traced(function: str, f: Any, required: bool) -> Any:
    """Give ``f`` if it is a graph that can be differentiated; refuse what is not if nothing else will do."""
    if isinstance(f, Traced):
        return f
    if required:
        raise ValueError(
            f"{function}: method is 'exact', but f could not be traced into a graph that can be differentiated "
            "(a branch on a value, math.sin instead of np.sin, or a foreign function)"
        )
    return None


def exact_graph(function: str, f: Any, order: int, *, required: bool) -> Any:
    """Give the graph of a derivative of a traced function of one number; None for a function that is not."""
    graph = _traced(function, f, required)
    if graph is None or tuple(graph.shape) != ():
        return None
    for _ in range(order):
        graph = graph.derivative(0)
    return graph


def exact_derivative(function: str, f: Any, x: SupportsFloat, order: int, *, required: bool) -> float | None:
    """Compute the derivative of a traced function of one number; None for a function that is not."""
    graph = exact_graph(function, f, order, required=required)
    if graph is None or not np.isfinite(float(x)):
        return None
    value = float(graph(float(x)))
    return value if required or np.isfinite(value) else None


def smooth(f: Any, x: SupportsFloat) -> bool:
    """Whether differences see no corner and no jump at a point, where a graph's derivative is one of several."""
    with np.errstate(all="ignore"):
        doubt = _core.derivative(f, x, 1, "auto", None)[5]  # type: ignore[arg-type]
    return doubt is None or not ("corner" in doubt or "jumps" in doubt)


def exact_gradient(function: str, f: Any, x: ArrayLike, *, required: bool) -> NDArray[np.float64] | None:
    """Compute the gradient of a traced function of an array, or of several numbers.

    None for a function that is not traced, and (unless ``required``) at a kink, where a graph has one of several
    slopes: along a direction that is nothing special, differences show it.
    """
    found = exact_matrix("gradient", f, x, required=required, speaker=function)
    if found is None or required or found.size == 0:
        return found
    point = np.array(x, dtype=float)
    golden = (0.6180339887498949 * np.arange(1, point.size + 1)) % 1.0 - 0.5
    sizes = np.where(point == 0, 1.0, np.abs(point))
    way = (np.sign(golden) * (0.5 + np.abs(golden))).reshape(point.shape) * sizes
    with np.errstate(all="ignore"):
        doubt = _core.directional_derivative(f, point, way, 1, "auto", None)[5]
    return None if doubt is not None and ("corner" in doubt or "jumps" in doubt) else found


def exact_matrix(
    derivatives: str, f: Any, x: ArrayLike, *, required: bool, speaker: str = ""
) -> NDArray[np.float64] | None:
    """Compute the gradient, Jacobian or Hessian (which ``derivatives`` names) of a traced function."""
    spread = isinstance(f, Spread)
    graph = _traced(speaker or derivatives, f.called if spread else f, required)
    if graph is None:
        return None
    point = np.array(x, dtype=float)
    if point.size == 0 or not np.all(np.isfinite(point)) or (derivatives != "jacobian" and tuple(graph.shape) != ()):
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
