"""Integrals along curves: their length, and what fields add up to along them."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import NDArray

from underhood._core import calculus as _derivatives
from underhood._core import integrals as _core
from underhood._core.graph import Traced
from underhood._functions import GivenField, is_written, required, resolve, resolve_called
from underhood.calculus._estimate import Estimate
from underhood.calculus._integrals import estimate, traced
from underhood.calculus._point import speaking
from underhood.calculus._sums import number

__all__ = ["arc_length", "line_integral"]

Curve = Callable[[float], Any]


MANY, FEW = 5000, 50
"""Intervals that may be looked at with a known derivative, and with one by differences, which takes dozens of calls."""


def arc_length(
    f: GivenField,
    a: SupportsFloat,
    b: SupportsFloat,
    *,
    derivative: GivenField | None = None,
    rtol: float = 1e-9,
    atol: float = 0.0,
    limit: int | None = None,
) -> Estimate:
    """Compute the length of a graph, ∫ₐᵇ √(1 + f′(x)²) dx, or of a curve, ∫ₐᵇ |r′(t)| dt.

    Parameters
    ----------
    f : callable, str or list of str
        Takes a float. If it returns a number, its graph is meant; if it returns several, they are the coordinates of a
        point on a curve.
    a, b : float
        Where the curve begins and ends; finite. The length is that between them, in whatever order.
    derivative : callable, optional
        The derivative of ``f``; by default the exact one where the function can be traced,
        and else it is found numerically, by calling ``f`` between ``a`` and ``b``.
    rtol, atol, limit
        As for :func:`integrate`.

    Returns
    -------
    Estimate
        A float with ``error``, ``evaluations`` (of the speed, each of which calls ``f`` some thirty times for every
        coordinate if ``derivative`` is not given), ``converged``, ``method`` and ``message``.

    Raises
    ------
    ValueError
        A limit is not finite, the curve has no finite length, or ``derivative`` is plainly not that of the curve.
    TypeError
        ``f`` cannot be called or does not return real numbers.

    Warns
    -----
    AccuracyWarning
        The tolerance was not reached.

    Examples
    --------
    >>> import math
    >>> from underhood.calculus import arc_length
    >>> round(arc_length(lambda t: (math.cos(t), math.sin(t)), 0, 2 * math.pi), 8)
    6.28318531
    >>> abs(arc_length(math.cosh, 0, 1) - math.sinh(1)) < 1e-8
    True
    """
    low, high, f, slope, most = _course("arc_length", "f", f, a, b, derivative)

    def speed(t: float) -> float:
        along = slope(t)
        return math.hypot(1.0, along[0]) if graph else math.hypot(*along)

    graph = np.ndim(_point("arc_length", "f", f(0.5 * low + 0.5 * high))) == 0
    with np.errstate(all="ignore"), speaking("arc_length", "integrate"):
        found = _core.integrate(speed, low, high, rtol, atol, None, "auto", most if limit is None else limit)
    return estimate("arc_length", found)


def line_integral(
    field: GivenField,
    curve: GivenField,
    a: SupportsFloat,
    b: SupportsFloat,
    *,
    derivative: GivenField | None = None,
    rtol: float = 1e-9,
    atol: float = 0.0,
    limit: int | None = None,
) -> Estimate:
    """Integrate a field along a curve: ∫ f(r(t)) |r′(t)| dt for a scalar field, ∫ F(r(t))·r′(t) dt for a vector field.

    Parameters
    ----------
    field : callable, str or list of str
        Takes a point as an array of its coordinates, or the coordinates one by one; a text names them x, y, z:
        ``"x**2"``, ``["-y", "x"]``. If it returns a number, the integral is that over the length (the mass of a wire);
        if it returns as many numbers as a point has, it is the work along the curve.
    curve : callable or list of str
        Takes a float and returns the coordinates of a point; ``["cos(t)", "sin(t)"]`` is one too.
    a, b : float
        Where the curve begins and ends; finite. Work from ``b`` to ``a`` is the negative; an integral over the length
        is the same in both directions.
    derivative : callable, optional
        The derivative of ``curve``; by default the exact one where the function can be traced,
        and else it is found numerically, by calling ``curve`` between ``a`` and ``b``.
    rtol, atol, limit
        As for :func:`integrate`.

    Returns
    -------
    Estimate
        A float with ``error``, ``evaluations``, ``converged``, ``method`` and ``message``.

    Raises
    ------
    ValueError
        A limit is not finite, the integral diverges, the field does not fit to the curve, or ``derivative`` is plainly
        not that of the curve.
    TypeError
        A function cannot be called or does not return real numbers.

    Warns
    -----
    AccuracyWarning
        The tolerance was not reached.

    Notes
    -----
    Where the true integral is zero (the work along a closed curve in a field that has a potential) the numerical
    derivative leaves an error of some 1e-13, which is not small relative to zero: give ``atol``, or ``derivative``.

    Examples
    --------
    >>> import math
    >>> from underhood.calculus import line_integral
    >>> def circle(t):
    ...     return math.cos(t), math.sin(t)
    >>> work = line_integral(lambda r: (-r[1], r[0]), circle, 0, 2 * math.pi)
    >>> round(work, 8)
    6.28318531
    >>> round(line_integral(lambda r: r[0] ** 2, circle, 0, 2 * math.pi), 8)
    3.14159265
    """
    low, high, curve, slope, most = _course("line_integral", "curve", curve, a, b, derivative)
    middle = _point("line_integral", "curve", curve(0.5 * low + 0.5 * high))
    shapes = (np.atleast_1d(middle).shape,) if is_written(field) or len(required(field)) > 1 else ()
    field = resolve("line_integral", "field", field, *shapes)
    value = _point("line_integral", "field", field(np.atleast_1d(middle).astype(np.float64)))
    scalar = value.ndim == 0
    if not scalar and value.shape != np.atleast_1d(middle).shape:
        raise ValueError(
            f"line_integral: field gives {value.size} numbers, but must give one, or {middle.size}, "
            "as many as a point of the curve has"
        )

    def height(t: float) -> float:
        along = slope(t)
        here = np.asarray(field(np.atleast_1d(np.asarray(curve(t), dtype=np.float64))), dtype=np.float64)
        return float(here) * math.hypot(*along) if scalar else math.fsum(map(float, here * along))

    with np.errstate(all="ignore"), speaking("line_integral", "integrate"):
        found = _core.integrate(height, low, high, rtol, atol, None, "auto", most if limit is None else limit)
    if not scalar and float(a) > float(b):
        found = (-found[0], *found[1:])
    return estimate("line_integral", found)


def _course(
    function: str, argument: str, curve: Any, a: SupportsFloat, b: SupportsFloat, derivative: GivenField | None
) -> tuple[float, float, Curve, Callable[[float], list[float]], int]:
    """Give both limits, the curve, the slopes of its coordinates, and how many intervals are worth it."""
    curve = resolve_called(function, argument, curve)
    limits = []
    for name, value in (("a", a), ("b", b)):
        limit = number(function, name, value)
        if not math.isfinite(limit):
            raise ValueError(f"{function}: {name} is {limit}, but must be finite")
        limits.append(limit)
    low, high = min(limits), max(limits)
    given: Curve | None = None
    if derivative is not None:
        given = resolve_called(function, "derivative", derivative)
    elif isinstance(known := traced(curve, lambda: [0.382 * low + 0.618 * high]), Traced):
        curve, given = known, known.derivative(0)
    dimensions = np.atleast_1d(_point(function, argument, curve(0.5 * low + 0.5 * high))).size

    def numerical(t: float) -> list[Any]:
        # Steps that stay between the limits.
        step = min(0.99 * min(t - low, high - t), 0.69 * max(abs(t), 0.5))

        def coordinate(s: float, k: int) -> float:
            return float(np.atleast_1d(np.asarray(curve(s), dtype=np.float64))[k])

        return [_derivatives.derivative(partial(coordinate, k=k), t, 1, "auto", step) for k in range(dimensions)]

    def told(t: float) -> list[float]:
        assert given is not None
        return [float(part) for part in np.atleast_1d(_point(function, "derivative", given(t)))]

    def slope(t: float) -> list[float]:
        if given is not None:
            return told(t)
        return [parts[0] for parts in numerical(t)] if low < t < high else [math.nan] * dimensions

    if derivative is not None and low < high:
        _compare(function, argument, [0.618 * low + 0.382 * high, 0.309 * low + 0.691 * high], told, numerical)
    return low, high, curve, slope, MANY if given is not None else FEW


def _compare(function: str, argument: str, times: list[float], told: Any, numerical: Any) -> None:
    """Refuse a derivative that is not that of the curve, by differences at two times."""
    for t in times:
        given = told(t)
        with np.errstate(all="ignore"):
            found = numerical(t)
        if len(given) != len(found):
            raise ValueError(f"{function}: derivative gives {len(given)} numbers, but {argument} gives {len(found)}")
        pairs = [
            (own, value, error) for own, (value, error, _, converged, *_) in zip(given, found, strict=True) if converged
        ]
        if all(abs(own - value) <= 10 * error + 1e-3 * max(abs(own), abs(value)) for own, value, error in pairs):
            return
    told_of, seen = (", ".join(f"{x:.6g}" for x in row) for row in (given, (parts[0] for parts in found)))
    raise ValueError(
        f"{function}: derivative is not that of {argument}: at {t:.6g} it gives {told_of}, but its "
        f"differences give {seen}"
    )


def _point(function: str, argument: str, value: Any) -> NDArray[np.float64]:
    """Read the coordinates that a curve or a field gave."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            point = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError, Warning):
        point = np.empty((0, 0))
    if point.ndim > 1 or point.size == 0 or value is None:
        raise TypeError(
            f"{function}: {argument} returned {value!r}, but must return a number or the numbers of a point"
        )
    return point
