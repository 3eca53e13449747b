"""Derivatives of functions of several variables, one at a time or along a direction."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from underhood._core import calculus as _core
from underhood._functions import Given
from underhood.calculus._derivative import NUMERICAL, Method, estimated, numerical, warn
from underhood.calculus._estimate import Estimate
from underhood.calculus._exact import NO_VALUE, along, exact_derivative, exact_gradient, required_of
from underhood.calculus._point import Spread, finite, names, of_array, read, speaking, whole

__all__ = ["directional_derivative", "partial"]


def partial(
    f: Given,
    x: ArrayLike,
    i: int | str | tuple[int, ...],
    *,
    order: int = 1,
    method: Method = "auto",
    step: float | None = None,
) -> Estimate:
    """Compute a partial derivative, ∂ᵖf/∂xᵢᵖ: how fast a function changes when one of its variables moves alone.

    Parameters
    ----------
    f : callable or str
        Takes an array of the shape of ``x`` and returns a number; or, if it has exactly as many parameters without a
        default as ``x`` has entries (two or more), takes these as numbers: ``f(x, y)``.
    x : array_like
        The point.
    i : int, tuple of int, or str
        Which variable: its index in ``x`` (a tuple where ``x`` has several axes), or its name if ``f`` takes numbers.
    order, method, step
        As for :func:`derivative`.

    Returns
    -------
    Estimate
        A float with ``error``, ``evaluations``, ``converged``, ``method`` and ``message``.

    Raises
    ------
    TypeError
        As :func:`derivative`; ``i`` is no index.
    ValueError
        As :func:`derivative`; ``i`` is not a variable of ``f``.

    Warns
    -----
    AccuracyWarning
        The result did not converge.

    Examples
    --------
    >>> from underhood.calculus import partial
    >>> def area(width, height):
    ...     return width * height
    >>> f"{partial(area, [3.0, 5.0], 'width'):.6f}"
    '5.000000'
    >>> f"{partial(lambda v: v[0] ** 2 * v[1], [3.0, 5.0], 0):.6f}"
    '30.000000'
    """
    numerical("partial", method, (*NUMERICAL, "complex"))
    point = read("partial", "x", x)
    finite("partial", point)
    of_point = of_array("partial", f, point, step)
    index = _index(f, point, i)

    def alone(value: float) -> Any:
        moved = point.copy()
        moved[index] = value
        return of_point(moved)

    if method in ("auto", "exact") and whole(order):
        if order == 1:
            slopes = exact_gradient("partial", of_point, point, required=method == "exact")
            exact = None if slopes is None else _estimate(float(slopes[0][index]), float(slopes[1][index]))
        else:
            way = np.zeros_like(point)
            way[index] = 1.0
            exact = _exact_along("partial", of_point, point, way, order, required=method == "exact")
        if exact is not None:
            warn("partial", exact)
            return exact
    with speaking("partial", "derivative"):
        found = estimated(alone, point[index], order, "auto" if method == "exact" else method, step)
    warn("partial", found, f" at x = {float(point[index])!r}")
    return found


def _estimate(value: float, error: float) -> Estimate:
    """Give an exact number, or say that there is none."""
    if math.isfinite(value):
        return Estimate(value, error, 1, True, "exact")
    return Estimate(value, math.nan, 1, False, "exact", NO_VALUE)


def _exact_along(function: str, f: Any, x: Any, v: Any, order: int, *, required: bool) -> Estimate | None:
    """Compute a higher derivative along a direction, of a traced function."""
    required_of(function, f.called if isinstance(f, Spread) else f, required)
    line = along(f, x, v) if np.isfinite(x).all() else None
    return None if line is None else exact_derivative(function, line, 0.0, order, required=required)


def _index(f: Any, point: Any, i: Any) -> tuple[int, ...]:
    if isinstance(i, str):
        known = names(f, point.size) if point.ndim == 1 else None
        if known is None or i not in known:
            have = "takes one array, so a variable has a number" if known is None else f"has {', '.join(known)}"
            raise ValueError(f"partial: i is {i!r}, but f {have}")
        return (known.index(i),)
    try:
        index = tuple(operator.index(one) for one in i) if isinstance(i, tuple) else (operator.index(i),)
    except TypeError:
        raise TypeError(f"partial: i is a {type(i).__name__}, but must be the index of a variable") from None
    if point.ndim == 0 and index == (0,):
        return ()
    if len(index) != point.ndim or any(not -size <= one < size for one, size in zip(index, point.shape, strict=True)):
        raise ValueError(f"partial: i is {i}, but x has the shape {point.shape}")
    return index


def directional_derivative(
    f: Given,
    x: ArrayLike,
    v: ArrayLike,
    *,
    normalize: bool = False,
    order: int = 1,
    method: Method = "auto",
    step: float | None = None,
) -> Estimate:
    """Compute the derivative along a direction, ∇f(x)·v: how fast a function changes when its point moves along ``v``.

    Parameters
    ----------
    f : callable or str
        Of an array, or of as many numbers as ``x`` has entries; see :func:`partial`.
    x : array_like
        The point.
    v : array_like
        The direction, in the shape of ``x``.
    normalize : bool, default False
        Whether to divide ``v`` by its length first. By default ``v`` is taken as it is: twice the vector gives twice
        the derivative. With True the result is the slope per unit of length, whatever ``v``'s length is. The result's
        ``method`` says which it was.
    order : int, default 1
        Which derivative of f(x + t·v) at t = 0: 1 to 4.
    method, step
        As for :func:`derivative`; the step is measured in multiples of ``v``.

    Returns
    -------
    Estimate
        A float with ``error``, ``evaluations``, ``converged``, ``method`` and ``message``.

    Raises
    ------
    TypeError
        ``f`` cannot be called or returns something other than one real number; ``x`` or ``v`` holds no real numbers.
    ValueError
        ``v`` is zero, not finite, or not of the shape of ``x``; ``x`` is empty or holds an infinity; an option is out
        of range.

    Warns
    -----
    AccuracyWarning
        The result did not converge.

    Examples
    --------
    >>> from underhood.calculus import directional_derivative
    >>> def f(x, y):
    ...     return x**2 + y**2
    >>> f"{directional_derivative(f, [1.0, 2.0], [3.0, 4.0]):.6f}"
    '22.000000'
    >>> slope = directional_derivative(f, [1.0, 2.0], [3.0, 4.0], normalize=True)
    >>> f"{slope:.6f}", slope.method
    ('4.400000', 'exact, v normalised')
    """
    chosen = numerical("directional_derivative", method, NUMERICAL)
    point, way = read("directional_derivative", "x", x), read("directional_derivative", "v", v)
    if point.shape != way.shape:
        raise ValueError(f"directional_derivative: v has the shape {way.shape}, but x has the shape {point.shape}")
    of_point = of_array("directional_derivative", f, point, step)
    if normalize:
        length = float(np.linalg.norm(way))
        way = way / length if np.isfinite(length) and length > 0 else way
    suffix = ", v normalised" if normalize else ""
    estimate = None
    # What is no direction, the core refuses.
    if method in ("auto", "exact") and whole(order) and np.isfinite(way).all() and np.any(np.abs(way) > 1e-307):
        if order == 1:
            slopes = exact_gradient("directional_derivative", of_point, point, required=method == "exact")
            if slopes is not None:
                moves = way != 0
                parts = slopes[0][moves] * way[moves], slopes[1][moves] * np.abs(way[moves])
                estimate = _estimate(*(float(np.sum(part)) for part in parts))
        else:
            estimate = _exact_along("directional_derivative", of_point, point, way, order, required=method == "exact")
    if estimate is None:
        with np.errstate(all="ignore"):
            value, error, evaluations, converged, used, doubt = _core.directional_derivative(
                of_point, point, way, order, chosen, step
            )
        estimate = Estimate(value, error, evaluations, converged, used, doubt or "")
    estimate.method += suffix
    warn("directional_derivative", estimate)
    return estimate
