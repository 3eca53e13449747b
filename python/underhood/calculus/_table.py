"""How the errors of difference quotients depend on the step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import SupportsFloat

import numpy as np
from numpy.typing import NDArray

from underhood._functions import Given, resolve
from underhood._results import Result, format_value, html_table, text_table
from underhood.calculus._derivative import estimated, warn
from underhood.calculus._estimate import Estimate
from underhood.calculus._point import number, speaking

__all__ = ["DerivativeTable", "derivative_table"]

Doubles = NDArray[np.float64]


@dataclass(slots=True, repr=False, eq=False)
class DerivativeTable(Result):
    """Difference quotients at shrinking steps, beside the best that can be had; what :func:`derivative_table` gives.

    Attributes
    ----------
    x : float
        The point.
    best : Estimate
        The derivative, as :func:`derivative` computes it: what the errors are measured against.
    h : ndarray
        The steps, falling.
    forward, central : ndarray
        (f(x + h) − f(x)) / h, and (f(x + h) − f(x − h)) / 2h.
    forward_error, central_error : ndarray
        Their distances from ``best``.
    best_forward, best_central : float
        The steps at which these are least.
    """

    x: float
    best: Estimate
    h: Doubles
    forward: Doubles
    forward_error: Doubles
    central: Doubles
    central_error: Doubles
    best_forward: float
    best_central: float

    def _rows_of(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [
                f"{h:.0e}",
                f"{f:.12g}",
                f"{fe:.1e}" + _mark(h, self.best_forward),
                f"{c:.12g}",
                f"{ce:.1e}" + _mark(h, self.best_central),
            ]
            for h, f, fe, c, ce in zip(
                self.h, self.forward, self.forward_error, self.central, self.central_error, strict=True
            )
        ]
        return ["h", "forward", "error", "central", "error"], rows

    def _title(self) -> str:
        return f"derivative at x = {format_value(self.x)}: {self.best!r}"

    def __repr__(self) -> str:
        return f"{self._title()}\n{text_table(*self._rows_of())}"

    def _repr_html_(self) -> str:
        return f"<p><b>{self._title()}</b></p>" + html_table(*self._rows_of(), align="rrrrr")


def _mark(h: float, best: float) -> str:
    return " ←" if h == best else ""


def derivative_table(f: Given, x: SupportsFloat) -> DerivativeTable:
    """Show how the two errors of a difference quotient trade as the step shrinks.

    With a large step the quotient is wrong because the function bends (truncation: proportional to h, or to h² for the
    central quotient); with a small one, because f(x + h) and f(x) agree in ever more digits, which cancel (rounding:
    proportional to 1/h). In between lies the best step.

    Parameters
    ----------
    f : callable or str
        Takes a float and returns a number.
    x : float
        The point.

    Returns
    -------
    DerivativeTable
        With steps from 0.1 down to 1e-15 (times the size of ``x``, to the power of ten, if that is above 1).

    Raises
    ------
    TypeError, ValueError
        As :func:`derivative`.

    Warns
    -----
    AccuracyWarning
        The derivative that the errors are measured against did not converge.

    Examples
    --------
    >>> from underhood.calculus import derivative_table
    >>> table = derivative_table(np.exp, 1.0)
    >>> 1e-9 <= table.best_forward <= 1e-7, 1e-6 <= table.best_central <= 1e-4
    (True, True)
    >>> float(table.central_error.min()) < float(table.forward_error.min())
    True
    """
    point = number("derivative_table", "x", x)
    called = resolve("derivative_table", "f", f, (), point=[point])
    with speaking("derivative_table", "derivative"):
        best = estimated(called, point)
    warn("derivative_table", best, f" at x = {point!r}")
    size = 10.0 ** math.ceil(math.log10(abs(point))) if abs(point) > 1 else 1.0
    h = size / 10.0 ** np.arange(1.0, 16.0)

    def value(argument: float) -> float:
        try:
            return float(called(argument))
        except (ValueError, ArithmeticError):
            return math.nan

    with np.errstate(all="ignore"):
        centre = value(point)
        up, down = (np.array([value(point + sign * step) for step in h]) for sign in (1, -1))
        forward, central = (up - centre) / h, (up - down) / (2 * h)
        forward_error, central_error = np.abs(forward - best), np.abs(central - best)
    steps = [float(h[np.nanargmin(e)]) if np.any(np.isfinite(e)) else math.nan for e in (forward_error, central_error)]
    return DerivativeTable(point, best, h, forward, forward_error, central, central_error, *steps)
