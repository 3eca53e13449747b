"""Tangent lines and tangent planes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._functions import Given
from underhood._results import Result, format_value
from underhood.calculus import _polynomials
from underhood.calculus._complex import of_complex
from underhood.calculus._derivative import Method, estimated, estimated_gradient, warn
from underhood.calculus._estimate import Estimate
from underhood.calculus._point import names, number, of_array, of_number, read, speaking

__all__ = ["Linearization", "TangentLine", "linearize", "tangent_line"]


@dataclass(slots=True, repr=False, eq=False)
class TangentLine(Result):
    """A tangent line, which can be called: ``line(x)``; what :func:`tangent_line` gives.

    Where the function has no tangent, ``slope.converged`` is False and the title says why. At a corner the line has the
    mean of the slopes on both sides; at a vertical slope and at a jump it has none, and its heights are NaN.

    Attributes
    ----------
    x : float
        Where it touches.
    value : float
        The function there.
    slope : Estimate
        The derivative there, with its error.
    intercept : float
        Where the line meets the vertical axis: value − slope · x.
    """

    x: float
    value: float
    slope: Estimate
    intercept: float

    def __call__(self, x: ArrayLike) -> Any:
        """Give the height of the line at ``x``, a number or an array."""
        height = self.value + float(self.slope) * (np.asarray(x, dtype=float) - self.x)
        return float(height) if np.ndim(height) == 0 else height

    @property
    def text(self) -> str:
        """The line's equation: ``y = −1 + 2x``; empty where there is no line."""
        return f"y = {_polynomials.text(self._shown(), 0.0)}" if math.isfinite(self.slope) else ""

    @property
    def latex(self) -> str:
        """The line's equation in LaTeX; empty where there is no line."""
        return f"y = {_polynomials.latex(self._shown(), 0.0)}" if math.isfinite(self.slope) else ""

    def _shown(self) -> list[float]:
        """Give intercept and slope, with zero for what is rounding."""
        slope = float(self.slope)
        drowned = self.slope.converged and abs(slope) <= self.slope.error
        return [_tidy(self.intercept, self.value), 0.0 if drowned else slope]

    def _title(self) -> str:
        place = f"at x = {format_value(self.x)}"
        if self.slope.converged:
            return f"tangent line {place}:  {self.text}"
        instead = f"\na line through the point, with the slope below:  {self.text}" if self.text else ""
        return f"no tangent line {place}: {self.slope.message or 'x is NaN'}{instead}"

    def _rows(self) -> list[tuple[str, str]]:
        return [
            ("value", format_value(self.value)),
            ("slope", repr(self.slope)),
            ("intercept", format_value(_tidy(self.intercept, self.value))),
        ]


def _tidy(value: float, size: float) -> float:
    """Zero, for what is rounding beside ``size``."""
    return 0.0 if abs(value) < 1e-13 * abs(size) else value


def tangent_line(f: Given, x: SupportsFloat, *, method: Method = "auto", step: float | None = None) -> TangentLine:
    """Find the tangent line of a function at a point: y = f(a) + f′(a)·(x − a).

    Parameters
    ----------
    f : callable or str
        Takes a float and returns a number.
    x : float
        Where the line touches.
    method, step
        As for :func:`derivative`.

    Returns
    -------
    TangentLine
        Can be called; with ``slope``, ``intercept``, ``text`` and ``latex``.

    Raises
    ------
    TypeError, ValueError
        As :func:`derivative`.

    Warns
    -----
    AccuracyWarning
        The slope did not converge. At a corner there is no tangent: the line has the mean of the slopes on both sides.
        At a jump and where the slope grows without bound (``sqrt`` and ``x**x`` at 0) the slope is NaN.

    Examples
    --------
    >>> from underhood.calculus import tangent_line
    >>> line = tangent_line(lambda x: x**2, 1.0)
    >>> line.text
    'y = −1 + 2x'
    >>> round(line(3.0), 9)
    5.0
    """
    point = number("tangent_line", "x", x)
    resolved = of_complex("tangent_line", f) if method == "complex" else of_number("tangent_line", f, step, point)
    with speaking("tangent_line", "derivative"):
        slope = estimated(resolved, point, method=method, step=step)
    warn("tangent_line", slope, f" at x = {point!r}")
    with np.errstate(all="ignore"):
        value = complex(resolved(complex(point, 0.0))).real if method == "complex" else float(resolved(point))
    return TangentLine(point, value, slope, value - float(slope) * point)


@dataclass(slots=True, repr=False, eq=False)
class Linearization(Result):
    """The linear function that touches another at a point, which can be called; what :func:`linearize` gives.

    Attributes
    ----------
    x : ndarray
        Where it touches.
    value : float
        The function there.
    gradient : ndarray
        Its partial derivatives there, in the shape of ``x``.
    error : ndarray
        A cautious estimate of the absolute error of each.
    converged : bool
        Whether every partial derivative converged.
    """

    x: NDArray[np.float64]
    value: float
    gradient: NDArray[np.float64]
    error: NDArray[np.float64]
    converged: bool
    _names: list[str]

    def __call__(self, *x: Any) -> Any:
        """Give the height of the tangent plane at a point: one array, or as many numbers (or arrays) as variables."""
        parts = list(np.asarray(x[0], dtype=float)) if len(x) == 1 and self.x.ndim else list(x)
        if len(parts) != self.x.size:
            raise ValueError(
                f"linearize: the point has {len(parts)} values, but the function has {self.x.size} variables"
            )
        slopes, point = self.gradient.ravel(), self.x.ravel()
        height = self.value + sum(
            s * (np.asarray(p, dtype=float) - q) for s, p, q in zip(slopes, parts, point, strict=True)
        )
        return float(height) if np.ndim(height) == 0 else height

    @property
    def text(self) -> str:
        """The plane's equation: ``z = 3 + 2(x − 1) + 4(y − 2)``."""
        return self._equation(_polynomials.text, "−")

    @property
    def latex(self) -> str:
        """The plane's equation in LaTeX."""
        return self._equation(_polynomials.latex, "-")

    def _equation(self, write: Callable[..., str], minus: str) -> str:
        terms = write([self.value], 0.0)
        for name, slope, at in zip(self._names, self.gradient.ravel(), self.x.ravel(), strict=True):
            if slope != 0:
                term = write([0.0, abs(float(slope))], float(at), name)
                terms += f" {minus if slope < 0 else '+'} {term}"
        return f"L = {terms}"

    def _title(self) -> str:
        return f"linearization at {format_value(self.x)}:  {self.text}"


def linearize(f: Given, x: ArrayLike, *, method: Method = "auto", step: float | None = None) -> Linearization:
    """Find the linear function that touches a function at a point: L(x) = f(a) + ∇f(a)·(x − a), the tangent plane.

    Parameters
    ----------
    f : callable or str
        Of an array, or of as many numbers as ``x`` has entries, to a number; see :func:`gradient`.
    x : array_like
        Where the plane touches.
    method, step
        As for :func:`gradient`.

    Returns
    -------
    Linearization
        Can be called with an array, or with as many numbers as variables; with ``gradient``, ``text`` and ``latex``.

    Raises
    ------
    TypeError, ValueError
        As :func:`gradient`.

    Warns
    -----
    AccuracyWarning
        A partial derivative did not converge.

    Examples
    --------
    >>> from underhood.calculus import linearize
    >>> plane = linearize(lambda x, y: x**2 + x * y, [1.0, 2.0])
    >>> plane.text
    'L = 3 + 4(x − 1) + (y − 2)'
    >>> round(plane(1.1, 2.0), 9)
    3.4
    """
    point = read("linearize", "x", x)
    with speaking("linearize", "gradient"):
        slopes = estimated_gradient(f, point, method=method, step=step)
    warn("linearize", slopes)
    with np.errstate(all="ignore"):
        value = float(of_array("linearize", f, point, step)(point.copy()))
    called = names(f, point.size) if point.ndim == 1 else None
    named = called or (["x"] if point.ndim == 0 else [f"x{i + 1}" for i in range(point.size)])
    return Linearization(point, value, slopes.values, slopes.error, slopes.converged, named)
