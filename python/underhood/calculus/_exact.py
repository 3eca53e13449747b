"""Exact derivatives, of functions that were traced into a graph; and where a graph's derivative is not to be taken.

At a kink a graph has one of several slopes. Only a function with something in it that has kinks (``Traced.smooth`` is
false) is looked at for one: by differences, at the point in question.
"""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._core import calculus as _core
from underhood._core.graph import Builder, Traced
from underhood._functions._function import Function
from underhood._functions._resolve import reshaped
from underhood.calculus._estimate import Estimate
from underhood.calculus._point import Spread

__all__ = [
    "CANCELLED",
    "NO_VALUE",
    "OVERFLOWN",
    "ROUNDING",
    "Exact",
    "along",
    "exact_derivative",
    "exact_gradient",
    "exact_graph",
    "exact_matrix",
    "kink",
    "kinked_gradient",
    "known_derivative",
    "noise",
    "required_of",
    "slope",
]

Exact = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Derivatives, and what rounding may do to them."""

ROUNDING = 2e-15
"""What rounding may do to a derivative that is computed by a few operations, relative to its size."""

LEAST = sys.float_info.min
"""The smallest number with all its digits: below it, errors say nothing."""

LARGEST = 600
"""Derivatives from the third on are left if their graphs have more nodes than this: each derivative is some twice as
large as the one before it, and a program of thousands of nodes takes seconds to make."""

DOUBTFUL = 1e-6
"""A derivative whose formula leaves fewer digits than these is looked at in another way."""

CANCELLED = "terms of the derivative's formula cancel and leave few digits or none"

OVERFLOWN = "a term of the derivative's formula leaves the range of doubles there"

NO_VALUE = "f or its derivative has no finite value there"


def required_of(function: str, f: Any, required: bool) -> Any:
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
    graph = required_of(function, f, required)
    if graph is None:
        return None
    shape = tuple(graph.shape)
    if shape != ():
        if math.prod(shape) != 1:
            raise TypeError(f"{function}: f returned an array of shape {list(shape)}, but must return one real number")
        graph = reshaped(graph, ())
    for place in range(order):
        graph = graph.derivative(0) if place < 2 else slope(graph)
        if graph is None:
            if required:
                raise ValueError(
                    f"{function}: order is {order}, but the graph of derivative {place + 1} has more than {LARGEST} "
                    "nodes already"
                )
            return None
    return graph


def slope(graph: Traced) -> Any:
    """Give the graph of the derivative; None if it is too large."""
    graph = graph.derivative(0)
    builder = Builder()
    return graph if builder.inline(graph, [builder.input(0, [])]) <= LARGEST else None


def exact_derivative(function: str, f: Any, x: float, order: int, *, required: bool) -> Estimate | None:
    """Compute the derivative of a traced function of one number.

    None for a function that is not traced, and (unless ``required``) where it or its derivative has no value, or where
    it has a kink itself: differences say what there is. Where a derivative of it has a kink, the next is none.
    """
    graph = exact_graph(function, f, 0, required=required)
    if graph is None or not math.isfinite(x):
        return None
    derived = exact_graph(function, graph, order, required=required)
    if derived is None:
        return None
    value = derived(x)
    if not (math.isfinite(value) and math.isfinite(graph(x))):
        return Estimate(math.nan, math.nan, 1, False, "exact", NO_VALUE) if required else None
    if not required and not graph.smooth:
        found = kink(graph, x, order)
        if found is not None:
            place, parts = found
            if place == 0 and order <= 4:
                return None
            message = parts[5].replace("f ", f"f{'′' * place if place < 4 else f'⁽{place}⁾'} ", 1)
            if place == order - 1:
                return Estimate(parts[0], parts[1], parts[2], False, parts[4], message)
            return Estimate(math.nan, math.nan, parts[2], False, "exact", message)
    error = ROUNDING * abs(value) + noise(derived, x, value)
    if not required and order <= 4 and error > DOUBTFUL * abs(value) and error > LEAST:
        # Terms of the formula cancel; differences, which do not know it, may do better.
        with np.errstate(all="ignore"):
            parts = _core.derivative(graph, x, order, "auto", None)
        if not parts[1] >= error:
            return None
    if error == math.inf:
        return Estimate(value, error, 1, False, "exact", OVERFLOWN)
    # Beside the function's own size, as next to an extremum, an error may be as large as the derivative.
    converged = error <= max(DOUBTFUL * abs(value), 1e-12 * abs(graph(x)), LEAST)
    return Estimate(value, error, 1, converged, "exact", "" if converged else CANCELLED)


def known_derivative(f: Function, x: float, order: int) -> Estimate | None:
    """Compute the derivative of a Function of one number as above, the quick way: its graphs are kept in it.

    None where anything is out of the ordinary.
    """
    if order not in f._slopes:
        graph = f._at(((),)) if len(f.arguments) == 1 else None
        plain = isinstance(graph, Traced) and tuple(graph.shape) == () and graph.smooth
        derived = exact_graph("derivative", graph, order, required=False) if plain else None
        f._slopes[order] = None if graph is None or derived is None else (graph, derived)
    pair = f._slopes[order]
    known = None if pair is None or not math.isfinite(pair[0](x)) else pair[1].noise(x)
    if known is None:
        return None
    value, error = known
    error += ROUNDING * abs(value)
    # In doubt, and where nothing is finite, the long way says more.
    return Estimate(value, error, 1, True, "exact") if error <= DOUBTFUL * abs(value) < math.inf else None


def _all_finite(values: Any) -> bool:
    """Whether all numbers of an array are finite; of few, faster than NumPy says so."""
    if values.size <= 16:
        return all(map(math.isfinite, values.ravel().tolist()))
    return bool(np.isfinite(values).all())


def noise(f: Traced, x: float, value: float) -> float:
    """Give by how much a derivative f changes with the last digits of x and of all terms: much, where terms cancel.

    Infinite, where a term is: the value may be what an overflow left.
    """
    known = f.noise(x)
    if known is not None:
        return known[1]
    ulp = math.ulp(x)
    changes = [abs(f(x + k * ulp) - value) for k in (-3.0, -1.0, 2.0, 5.0)]
    largest = max((change for change in changes if change < math.inf), default=0.0)
    shaken = f.rounding(x)
    return 2.0 * largest + (0.0 if shaken is None else float(shaken.reshape(())))


def kink(graph: Traced, x: float, order: int) -> tuple[int, Any] | None:
    """Find the first of f, f′, …, f⁽ᵒʳᵈᵉʳ⁻¹⁾ in which differences see a corner or a jump, and what they say of it."""
    for place in range(order):
        with np.errstate(all="ignore"):
            parts = _core.derivative(graph, x, 1, "auto", None)
        if _is_kink(parts[5]):
            return place, parts
        graph = graph.derivative(0)
    return None


def _is_kink(doubt: str | None) -> bool:
    return doubt is not None and ("corner" in doubt or "jumps" in doubt or "no finite values" in doubt)


def along(f: Any, x: NDArray[np.float64], v: NDArray[np.float64]) -> Any:
    """Give f(x + t·v) as a graph of the number t; None if ``f`` was not traced."""
    spread = isinstance(f, Spread)
    graph = f.called if spread else f
    if not isinstance(graph, Traced):
        return None
    builder = Builder()
    t = builder.input(0, [])
    if spread:
        pairs = zip(x.tolist(), v.tolist(), strict=True)
        moved = [
            builder.binary("add", builder.number(at), builder.binary("multiply", builder.number(way), t))
            for at, way in pairs
        ]
    else:
        moved = [builder.binary("add", builder.array(x), builder.binary("multiply", builder.array(v), t))]
    return builder.finish([("t", [])], builder.inline(graph, moved))


def _generic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make up a direction that is nothing special, in which every coordinate moves by about its size."""
    golden = (0.6180339887498949 * np.arange(1, x.size + 1)) % 1.0 - 0.5
    sizes = np.where(x == 0, 1.0, np.abs(x))
    way: NDArray[np.float64] = (np.sign(golden) * (0.5 + np.abs(golden))).reshape(x.shape) * sizes
    return way


def _kinked(f: Any, x: NDArray[np.float64]) -> bool:
    """Whether differences along a generic direction see a corner or a jump of f, which may have several values."""
    way = _generic(x)
    with np.errstate(all="ignore"):
        (_, _, _, _, doubt), _ = _core.jacobian(lambda t: f(x + t * way), np.float64(0), "auto", None)
    return (doubt is not None and _is_kink(doubt[2])) or _jumps(f, x, way)


def _jumps(f: Any, x: NDArray[np.float64], way: NDArray[np.float64]) -> bool:
    """Whether f changes as much by a tiny step as by one 4096 times as long: quotients may miss a jump."""
    here = np.asarray(f(x.copy()))
    for side in (1.0, -1.0):
        with np.errstate(all="ignore"):
            near, far = (np.abs(np.asarray(f(x + side * step * way)) - here) for step in (2.0**-36, 2.0**-24))
            if np.any((near > 0.5 * far) & (near > 2.0**-24 * np.abs(here)) & np.isfinite(near)):
                return True
    return False


def exact_gradient(function: str, f: Any, x: NDArray[np.float64], *, required: bool) -> Exact | None:
    """Compute the gradient of a traced function of an array, or of several numbers, and what rounding may do to it.

    None for a function that is not traced, and (unless ``required``) at a kink.
    """
    return exact_matrix("gradient", f, x, required=required, speaker=function)


def kinked_gradient(f: Any, x: NDArray[np.float64]) -> Any:
    """Give the gradient of a traced function as a function of its point, if it has a kink but f none."""
    spread = isinstance(f, Spread)
    graph = f.called if spread else f
    if not isinstance(graph, Traced) or graph.smooth or tuple(graph.shape) != () or not _all_finite(x):
        return None
    gradient = Spread(graph.gradient()) if spread else graph.gradient()
    return gradient if not _kinked(f, x) and _kinked(gradient, x) else None


def exact_matrix(
    derivatives: str, f: Any, x: NDArray[np.float64], *, required: bool, speaker: str = ""
) -> Exact | None:
    """Compute the gradient, Jacobian or Hessian (which ``derivatives`` names) of a traced function, and its errors.

    None for a function that is not traced, and (unless ``required``) where not everything is finite, where terms of the
    formulas cancel or overflow, and at a kink.
    """
    spread = isinstance(f, Spread)
    graph = required_of(speaker or derivatives, f.called if spread else f, required)
    if graph is None or x.size == 0 or not _all_finite(x):
        return None
    shape = tuple(graph.shape)
    if derivatives != "jacobian" and shape != ():
        if math.prod(shape) != 1:
            raise TypeError(
                f"{speaker or derivatives}: f returned an array of shape {list(shape)}, but must return one real number"
            )
        graph, shape = reshaped(graph, ()), ()
    arguments = x.tolist() if spread else [x]
    derived = getattr(graph, derivatives)()
    shape = {"gradient": x.shape, "hessian": x.shape * 2}.get(derivatives, shape + x.shape)
    found = np.asarray(derived(*arguments)).reshape(shape)
    shaken = derived.rounding(*arguments)
    errors = ROUNDING * np.abs(found) + (0.0 if shaken is None else shaken.reshape(shape))
    if required:
        return found, errors
    if found.size and errors.max() > DOUBTFUL * np.abs(found).max() and errors.max() > ROUNDING:
        return None
    if not (_all_finite(found) and _all_finite(np.asarray(graph(*arguments)))):
        return None
    if not graph.smooth:
        if _kinked(f, x):
            return None
        if derivatives == "hessian" and _kinked(Spread(graph.gradient()) if spread else graph.gradient(), x):
            return None
    return found, errors
