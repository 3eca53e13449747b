"""Critical points, with their kind."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from underhood._core import calculus as _core
from underhood._functions import Given, resolve
from underhood._results import Result, format_value, html_table, text_table
from underhood.calculus._point import between, of_array, read

__all__ = ["CriticalPoint", "CriticalPoints", "critical_points"]


@dataclass(slots=True, repr=False, eq=False)
class CriticalPoint(Result):
    """A point at which a function's slope is zero, or jumps across zero.

    Attributes
    ----------
    x : float or ndarray
        Where it is.
    value : float
        The function there.
    kind : str
        ``"minimum"``, ``"maximum"``, ``"inflection"`` (one variable) or ``"saddle"`` (several), or ``"undecided"``: the
        second derivatives do not tell. An end of an interval is a minimum or a maximum as it is on the interval.
    curvature : float or ndarray
        The second derivative (NaN at a corner), or the eigenvalues of the Hessian.
    corner : bool
        Whether the function has a corner or a cusp there, where the slope jumps across zero, instead of a flat point.
    error : float
        How far from ``x`` the point may be; NaN for several variables.
    found : int
        How many of the starts led to it (several variables).
    """

    x: Any
    value: float
    kind: str
    curvature: Any
    corner: bool = False
    error: float = math.nan
    found: int = 1

    def _title(self) -> str:
        return f"{self.kind} at {format_value(self.x)}: {format_value(self.value)}"


@dataclass(slots=True, repr=False, eq=False)
class CriticalPoints(Result):
    """The critical points that were found; what :func:`critical_points` gives. It is a sequence of them.

    Attributes
    ----------
    points : list of CriticalPoint
        By place (one variable) or by value (several).
    flat : list of (float, float)
        Stretches on which the function is constant (one variable): every point of them is critical.
    complete : bool
        Whether the search saw enough to call the list complete. Of several variables it never is.
    message : str
        How the search went, and what it may have missed.
    evaluations : int
        How often the function was called.
    """

    points: list[CriticalPoint]
    flat: list[tuple[float, float]]
    complete: bool
    message: str
    evaluations: int

    def __iter__(self) -> Iterator[CriticalPoint]:
        """Go through the points."""
        return iter(self.points)

    def __len__(self) -> int:
        """Give how many there are."""
        return len(self.points)

    def __getitem__(self, index: int) -> CriticalPoint:
        """Give one of the points."""
        return self.points[index]

    @property
    def minima(self) -> list[CriticalPoint]:
        """Those that are minima."""
        return [point for point in self.points if point.kind == "minimum"]

    @property
    def maxima(self) -> list[CriticalPoint]:
        """Those that are maxima."""
        return [point for point in self.points if point.kind == "maximum"]

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [
                point.kind + (" (corner)" if point.corner else ""),
                format_value(point.x, 10),
                format_value(point.value, 10),
                format_value(point.curvature),
            ]
            for point in self.points
        ]
        return ["kind", "x", "f(x)", "curvature"], rows

    def _notes(self) -> list[str]:
        return [self.message, *(f"constant from {format_value(a)} to {format_value(b)}" for a, b in self.flat)]

    def _title(self) -> str:
        return f"{len(self)} critical point{'s' * (len(self) != 1)}"

    def __repr__(self) -> str:
        table = text_table(*self._table()) if self.points else ""
        return "\n".join(part for part in (self._title(), table, *self._notes()) if part)

    def _repr_html_(self) -> str:
        table = html_table(*self._table()) if self.points else ""
        return f"<p><b>{self._title()}</b></p>{table}" + "".join(f"<p>{note}</p>" for note in self._notes())


def critical_points(f: Given, a: ArrayLike, b: float | None = None, *, starts: int | None = None) -> CriticalPoints:
    """Find where a function's slope is zero: on an interval, or in a box of several variables; and what each point is.

    Parameters
    ----------
    f : callable or str
        On an interval: takes a float and returns a number; it is not called outside. In a box: takes an array, or as
        many numbers as the box has sides. Where it raises a ``ValueError`` or an ``ArithmeticError`` or returns NaN, it
        has no value.
    a, b : float
        The ends of the interval. Or give ``a`` alone, as a list of (low, high), one for each variable: the box.
    starts : int, optional
        In a box: from how many points to search; by default 40 for each variable and 60 more.

    Returns
    -------
    CriticalPoints
        A sequence of :class:`CriticalPoint`, each with ``x``, ``value``, ``kind`` and ``curvature``.

    Raises
    ------
    TypeError
        ``f`` cannot be called or returns something other than one real number; an end is not a number.
    ValueError
        An end is not finite, or the ends are not in order; ``starts`` is not positive.

    Notes
    -----
    On an interval, the derivative is looked at on a grid that is refined until it is nearly straight between
    neighbours and explains by how much the function rises and falls between them; where it changes its sign, or
    touches zero, lies a critical point. Corners and cusps that are minima or maxima (``abs``) are listed as well; poles
    and jumps are not. ``complete`` is False, and ``message`` says so, where the grid could not be made fine enough
    with some 30,000 points, as for ``sin(1/x)`` near 0, where doubles lie too far apart, as beyond 1e13, or where the
    slope is no more than rounding along a stretch that may hold several points: search shorter intervals. The ends of
    the interval are listed only if the slope is zero there.

    The slope is exact where ``f`` can be traced and has no kinks. Else it is taken by differences, which take some
    thirty times as many calls and cannot tell points apart between which ``f`` changes by its last digits only.

    In a box, three searches start from each of the points spread over it: damped Newton steps towards any zero of the
    gradient, and a way down and a way up. An end counts if Newton's next step by accurate derivatives is next to
    nothing; plateaus are not listed. Whatever no search came to is missing: look at ``found``, how many of the starts
    led to each point.

    Examples
    --------
    >>> from underhood.calculus import critical_points
    >>> for point in critical_points(lambda x: x**3 - 3 * x, -3, 3):
    ...     print(point.kind, round(point.x, 6), round(point.value, 6))
    maximum -1.0 2.0
    minimum 1.0 -2.0
    >>> found = critical_points(lambda x, y: x**2 - y**2, [(-1, 1), (-1, 1)])
    >>> found[0].kind, found[0].x.round(6) + 0.0
    ('saddle', array([0., 0.]))
    """
    if b is None:
        return _in_box(f, a, starts)
    if starts is not None:
        raise ValueError("critical_points: starts is for a box; an interval is searched as a whole")
    called = resolve("critical_points", "f", f, (), point=between(a, b))
    with np.errstate(all="ignore"):
        parts, flat, resolved, evaluations = _core.critical_points(called, a, b)
    points = [
        CriticalPoint(x, value, kind, curvature, corner, error) for x, error, value, kind, curvature, corner in parts
    ]
    message = "every change of the slope's sign that the grid resolves is listed"
    if not resolved:
        message = (
            "the slope changes faster than the finest grid or doubles resolve, jumps, or is zero to rounding along a "
            "stretch: points may be missing; search shorter intervals"
        )
    return CriticalPoints(points, flat, resolved, message, evaluations)


def _in_box(f: Given, box: ArrayLike, starts: int | None) -> CriticalPoints:
    sides = read("critical_points", "box", box)
    if sides.ndim != 2 or sides.shape[1] != 2:
        raise ValueError(
            f"critical_points: the box has the shape {sides.shape}, but must be a list of (low, high), "
            "one for each variable; on an interval give both a and b"
        )
    called = of_array("critical_points", f, 0.618 * sides[:, 0] + 0.382 * sides[:, 1])
    count = 60 + 40 * len(sides) if starts is None else starts
    with np.errstate(all="ignore"):
        parts, tried, arrived, level, evaluations = _core.stationary_points(called, sides[:, 0], sides[:, 1], count)
    points = [CriticalPoint(x, value, kind, curves, found=found) for x, value, kind, curves, found in parts]
    message = f"{arrived} of {tried} starts led to a critical point in the box"
    rare = sum(point.found == 1 for point in points)
    if rare:
        message += f"; {rare} of the points {'was' if rare == 1 else 'were'} found only once, so others may be missing"
    else:
        message += "; what no search came to is missing"
    if level:
        message += f"; {level} began where the function is constant all around, and every point is critical"
    return CriticalPoints(points, [], False, message, evaluations)
