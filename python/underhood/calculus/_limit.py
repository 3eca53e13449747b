"""Limits."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any, Literal, SupportsFloat

import numpy as np
from numpy.typing import NDArray

from underhood._core import calculus as _core
from underhood._functions import Given, resolve
from underhood._results import Result, format_value
from underhood.calculus._estimate import AccuracyWarning, Estimate
from underhood.calculus._point import beside, number

__all__ = ["Approach", "Limit", "limit"]

_SHOWN = 7


@dataclass(slots=True, repr=False, eq=False)
class Approach(Result):
    """A limit from one side, and the way there; what ``limit(…).left`` and ``.right`` are.

    Attributes
    ----------
    value : Estimate
        The number or infinity that the function tends to on this side; NaN if there is none.
    tendency : str
        ``"converges"``, ``"diverges"``, ``"oscillates"``, ``"unclear"`` or ``"undefined"``.
    h : ndarray
        The distances from the point at which the function was called, falling; for an infinite point, one over ``x``'s
        size.
    x : ndarray
        The arguments: a − h or a + h.
    y : ndarray
        The function's values there.
    """

    value: Estimate
    tendency: str
    h: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]

    def __float__(self) -> float:
        """Give the value."""
        return float(self.value)


@dataclass(slots=True, repr=False, eq=False)
class Limit(Result):
    """A limit, and what was seen on the way; what :func:`limit` gives.

    Attributes
    ----------
    value : Estimate
        The limit: a float with its ``error``; ±∞ if the function grows or falls without bound; NaN if there is none.
    tendency : str
        ``"converges"``, ``"diverges"`` (to an infinity), ``"oscillates"``, ``"sides differ"``, ``"unclear"`` (too slow
        or irregular to tell) or ``"undefined"`` (no values close to the point).
    a : float
        The point.
    side : str
        The side that it was approached from: one, where the function has values on one side only.
    left, right : Approach or None
        What happens on each side, with the table of approach; None for a side that was not looked at.
    evaluations : int
        How often the function was called.
    message : str
        What was seen, in words.
    """

    value: Estimate
    tendency: str
    a: float
    side: str
    left: Approach | None
    right: Approach | None
    evaluations: int
    message: str

    def __float__(self) -> float:
        """Give the value."""
        return float(self.value)

    @property
    def exists(self) -> bool:
        """Whether there is a finite limit, as far as doubles show."""
        return math.isfinite(self.value)

    @property
    def error(self) -> float:
        """A cautious estimate of the value's absolute error."""
        return self.value.error

    @property
    def converged(self) -> bool:
        """Whether the value is to be relied on."""
        return self.value.converged

    @property
    def table(self) -> dict[str, NDArray[np.float64]]:
        """The table of approach: ``h``, and ``left`` and ``right`` as far as they were looked at, NaN where missing."""
        sides = [side for side in (self.left, self.right) if side is not None]
        h = np.unique(np.concatenate([side.h for side in sides]))[::-1]
        columns = {"h": h}
        for name, side in (("left", self.left), ("right", self.right)):
            if side is not None:
                column = np.full(h.size, np.nan)
                column[np.searchsorted(-h, -side.h)] = side.y
                columns[name] = column
        return columns

    def _title(self) -> str:
        return f"limit as x → {format_value(self.a)}" + {"left": "⁻", "right": "⁺"}.get(self._arrow(), "")

    def _arrow(self) -> str:
        return self.side if math.isfinite(self.a) else ""

    def _rows(self) -> list[tuple[str, str]]:
        if math.isinf(self.value):
            shown = "+∞" if self.value > 0 else "−∞"
        elif math.isnan(self.value):
            shown = "none"
        else:
            shown = f"{float(self.value):.12g} ± {self.value.error:.1g}"
        rows = [("value", shown), ("", self.message)]
        table = self.table
        every = max(1, int(np.sum(table["h"] > 1e-9)) // _SHOWN)
        for k in range(0, min(every * _SHOWN, table["h"].size), every):
            values = [
                f"f(a {sign} h) = {table[name][k]:.10g}"
                for name, sign in (("left", "−"), ("right", "+"))
                if name in table
            ]
            label = f"h = {table['h'][k]:.1e}"
            if math.isinf(self.a):
                label = f"x = {math.copysign(1 / table['h'][k], self.a):.1e}"
                values = [f"f(x) = {table[name][k]:.10g}" for name in ("left", "right") if name in table]
            rows.append((label, ", ".join(values)))
        return rows


def limit(f: Given, a: SupportsFloat, side: Literal["both", "left", "right"] = "both") -> Limit:
    """Find what a function tends to as its argument comes to a point: lim f(x) as x → a.

    Parameters
    ----------
    f : callable or str
        Takes a float and returns a number. It is never called at ``a`` itself. Where it raises a ``ValueError`` or an
        ``ArithmeticError`` (``math.log(-1)``, ``1 / 0``) or returns NaN, it has no value.
    a : float
        The point; ``math.inf`` and ``-math.inf`` are allowed.
    side : {"both", "left", "right"}, default "both"
        Whether to come from both sides (which must agree), from below or from above. Where the function has values on
        one side only, ``"both"`` means that side.

    Returns
    -------
    Limit
        With ``value`` (an :class:`Estimate`; ±∞ for growth without bound, NaN for no limit), ``tendency``, ``left`` and
        ``right``, ``table`` and ``message``. ``float(…)`` gives the value.

    Raises
    ------
    TypeError
        ``f`` cannot be called or returns something other than one real number; ``a`` is not a number.
    ValueError
        ``a`` is NaN; ``side`` is unknown.

    Warns
    -----
    AccuracyWarning
        The function seems to converge, but too slowly to be sure of the digits.

    Notes
    -----
    Each side is sampled some 50 to 110 times, at distances halved down to the last digit of ``a``, or to 1e-300 at zero
    and infinity; four more values beside each sample, as far as doubles are close enough, show how noisy ``f`` is: some
    240 to 560 calls for each side, which ``evaluations`` counts. Where rounding begins to drown the approach
    (``(1 - cos(x)) / x**2`` is exactly 0 below 1e-8), what comes after is left out. What remains is extrapolated by
    polynomials, and by Wynn's ε- and ρ-algorithms [1]_ for other powers and for logarithms; the reading with the least
    doubt wins.

    No finite number of values proves a limit: a function may change its mind closer than doubles can look, and
    ``log(log(x))`` grows so slowly that it is called unclear at infinity. Ripples of less than some 1e-8 of the values
    cannot be told from noise: ``1 + 1e-9*sin(1/x)`` is given the limit 1 at 0, with an ``error`` that holds them.

    References
    ----------
    .. [1] P. Wynn, "On a device for computing the eₘ(Sₙ) transformation", Mathematical Tables and Other Aids to
       Computation 10 (1956) 91-96.

    Examples
    --------
    >>> import math
    >>> from underhood.calculus import limit
    >>> sinc = limit(lambda x: math.sin(x) / x, 0)
    >>> abs(sinc.value - 1) <= sinc.error < 1e-12
    True
    >>> limit(lambda x: (1 + 1 / x) ** x, math.inf).value.__round__(12)
    2.718281828459
    >>> limit(lambda x: abs(x) / x, 0).message
    'f comes to -1.000000 on the left, but comes to 1.000000 on the right'
    >>> limit(lambda x: 1 / x, 0, "right").value
    inf ± 0 (right, 560 evaluations)
    >>> limit(lambda x: math.sin(1 / x), 0).tendency
    'oscillates'
    """
    point = number("limit", "a", a)
    called = resolve("limit", "f", f, (), point=[beside(point, -1.0 if side == "left" else 1.0)])
    with np.errstate(all="ignore"):
        value, error, tendency, converged, message, evaluations, left, right = _core.limit(called, point, side)
    used = side
    sides = [_approach(part, name) for part, name in ((left, "left"), (right, "right"))]
    defined = [
        name for part, name in zip(sides, ("left", "right"), strict=True) if part and part.tendency != "undefined"
    ]
    if side == "both" and len(defined) == 1:
        used = defined[0]  # type: ignore[assignment]
    if tendency == "converges" and not converged:
        warnings.warn(f"limit: not converged at a = {point!r}: {message}", AccuracyWarning, stacklevel=2)
    estimate = Estimate(value, error, evaluations, converged, used, "" if converged else message)
    return Limit(estimate, tendency, point, used, sides[0], sides[1], evaluations, message)


def _approach(part: Any, name: str) -> Approach | None:
    if part is None:
        return None
    value, error, tendency, converged, h, x, y = part
    return Approach(Estimate(value, error, h.size, converged, name), tendency, h, x, y)
