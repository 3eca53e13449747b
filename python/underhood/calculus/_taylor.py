"""Taylor polynomials, with what they leave out."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import calculus as _core
from underhood._functions import Given, resolve
from underhood._results import Result, format_value, html_table, text_table
from underhood.calculus import _polynomials
from underhood.calculus._estimate import AccuracyWarning
from underhood.calculus._exact import ROUNDING, exact_graph, kink, noise, slope
from underhood.calculus._point import number

__all__ = ["Taylor", "taylor"]

_SAMPLES = 33
_EXACT = 20
"""The highest derivative that is taken of a graph, if it does not become too large before."""


@dataclass(slots=True, repr=False, eq=False)
class Taylor(Result):
    """A Taylor polynomial, which can be called: ``p(x)``; what :func:`taylor` gives.

    Attributes
    ----------
    a : float
        The point that it was made at.
    coefficients : ndarray
        f⁽ᵏ⁾(a) / k! for k = 0, 1, …, n: what stands before (x − a)ᵏ.
    error : ndarray
        A cautious estimate of the absolute error of each.
    evaluations : int
        How often the function was called.
    converged : bool
        Whether every coefficient is to be trusted.
    method : str
        ``"exact"`` for a function that was traced, else ``"numerical"``; ``"exact, numerical from 7 on"`` where the
        formulas of its derivatives become too large.
    message : str
        What is wrong with the first coefficient that did not converge; empty if all did.
    """

    a: float
    coefficients: NDArray[np.float64]
    error: NDArray[np.float64]
    evaluations: int
    converged: bool
    method: str
    message: str
    _f: Any
    _given: Any

    def __reduce__(self) -> tuple[Any, ...]:
        # What f was resolved to is made again, of what was given.
        kept = (self.a, self.coefficients, self.error, self.evaluations, self.converged, self.method, self.message)
        return _remade, (kept, self._given)

    def __call__(self, x: ArrayLike) -> Any:
        """Give the polynomial's value at ``x``, a number or an array."""
        distance = np.asarray(x, dtype=float) - self.a
        value = np.zeros_like(distance)
        for coefficient in self.coefficients[::-1]:
            value = value * distance + coefficient
        return float(value) if np.ndim(value) == 0 else value

    @property
    def order(self) -> int:
        """The highest power, n."""
        return len(self.coefficients) - 1

    @property
    def text(self) -> str:
        """The polynomial: ``1 + x + 0.5x²``."""
        return _polynomials.text(self._shown(), self.a)

    @property
    def latex(self) -> str:
        """The polynomial in LaTeX."""
        return _polynomials.latex(self._shown(), self.a)

    def _shown(self) -> list[float]:
        """Give the coefficients, with zero for those that are no larger than their error."""
        return [0.0 if abs(c) <= e else float(c) for c, e in zip(self.coefficients, self.error, strict=True)]

    def remainder(self, x: SupportsFloat) -> float:
        """Give what the polynomial leaves out at ``x``: f(x) − p(x).

        Examples
        --------
        >>> from underhood.calculus import taylor
        >>> round(taylor(np.exp, 0.0, 2).remainder(1.0), 6)
        0.218282
        """
        return float(self._f(float(x))) - float(self(float(x)))

    def remainder_bound(self, x: SupportsFloat) -> float:
        """Bound what the polynomial leaves out between ``a`` and ``x``: M · |x − a|ⁿ⁺¹ / (n + 1)! (Lagrange).

        M is the largest |f⁽ⁿ⁺¹⁾| between ``a`` and ``x``, of 33 points there: sampled, not proved, so the true bound
        may be a little larger. NaN where the derivative cannot be computed.

        Examples
        --------
        >>> from underhood.calculus import taylor
        >>> f"{taylor(np.exp, 0.0, 2).remainder_bound(1.0):.4f}"
        '0.4530'
        """
        end = float(x)
        if not math.isfinite(end):
            raise ValueError(f"remainder_bound: x is {end}, but must be finite")
        if end == self.a:
            return 0.0
        # Chebyshev's points, with both ends.
        share = 0.5 - 0.5 * np.cos(np.pi * np.arange(_SAMPLES) / (_SAMPLES - 1))
        largest = 0.0
        graph = None
        if self.order <= _EXACT:
            graph = exact_graph("taylor", self._f, self.order + 1, required=False)
        for point in self.a + (end - self.a) * share:
            size = abs(_next(self._f, graph, float(point), self.order + 1))
            if math.isnan(size):
                return math.nan
            largest = max(largest, size)
        return largest * abs(end - self.a) ** (self.order + 1)

    def _title(self) -> str:
        return f"Taylor polynomial at {format_value(self.a)}:  {self.text}"

    def _table(self) -> list[list[str]]:
        return [
            [str(k), f"{coefficient:.10g}", f"{error:.1g}"]
            for k, (coefficient, error) in enumerate(zip(self.coefficients, self.error, strict=True))
        ]

    def __repr__(self) -> str:
        return f"{self._title()}\n" + text_table(["k", "coefficient", "error"], self._table())

    def _repr_html_(self) -> str:
        return f"<p><b>Taylor polynomial</b></p><p>${self.latex}$</p>" + html_table(
            ["k", "coefficient", "error"], self._table()
        )


def _remade(kept: Any, given: Any) -> Taylor:
    return Taylor(*(*kept, resolve("taylor", "f", given, (), point=[kept[0]]), given))


def _next(f: Any, graph: Any, x: float, k: int) -> float:
    """Compute the k-th Taylor coefficient of ``f`` at ``x``; NaN if it cannot be had."""
    if graph is not None:
        exact = float(graph(x))
        if math.isfinite(exact):
            return exact / math.factorial(k)
    try:
        with np.errstate(all="ignore"):
            coefficients, errors, _, doubt = _core.taylor(f, x, k)
    except (ValueError, ArithmeticError):
        return math.nan
    # A coefficient that drowns in noise may be as large as its error.
    return abs(float(coefficients[k])) + float(errors[k]) if doubt is None or doubt[0] > k else math.nan


def taylor(f: Given, a: SupportsFloat, n: int) -> Taylor:
    """Find the Taylor polynomial of a function: f(a) + f′(a)(x − a) + … + f⁽ⁿ⁾(a)/n! · (x − a)ⁿ.

    Parameters
    ----------
    f : callable or str
        Takes a float and returns a number; exceptions are treated as by :func:`derivative`.
    a : float
        The point.
    n : int
        The highest power: 0 to 20.

    Returns
    -------
    Taylor
        Can be called; with ``coefficients`` and their ``error``, ``remainder(x)``, ``remainder_bound(x)``, ``text`` and
        ``latex``.

    Raises
    ------
    TypeError
        ``f`` cannot be called or returns something other than one real number; ``a`` or ``n`` is not a number.
    ValueError
        ``a`` is not finite; ``n`` is not 0 to 20.

    Warns
    -----
    AccuracyWarning
        A coefficient did not converge.

    Notes
    -----
    A function that can be traced has exact coefficients, as long as the formulas of its derivatives stay of a
    reasonable size: all twenty for ``exp(x)``, up to the twelfth for ``sin(exp(x))``, to the sixth for
    ``log(2 + sin(x))``. Of the others those up to the fourth are numerical derivatives, and higher ones come from
    polynomials through 65 Chebyshev points of intervals around ``a``, each from the interval in which its error is
    least; ``f`` is then called about 1,500 times. The eighth coefficient of the exponential function has about nine
    digits then, the twelfth five.

    Examples
    --------
    >>> import math
    >>> from underhood.calculus import taylor
    >>> p = taylor(math.exp, 0.0, 3)
    >>> p.text
    '1 + x + 0.5x² + 0.166667x³'
    >>> round(p(0.1), 6), abs(p.remainder(0.1)) <= p.remainder_bound(0.1)
    (1.105167, True)
    """
    point = number("taylor", "a", a)
    called = resolve("taylor", "f", f, (), point=[point])
    coefficients: list[float] = []
    noises: list[float] = []
    if isinstance(n, int | np.integer) and 0 <= n <= _EXACT and math.isfinite(point):
        first = graph = exact_graph("taylor", called, 0, required=False)
        while graph is not None and len(coefficients) <= n:
            value, factorial = graph(point), math.factorial(len(coefficients))
            noises.append(noise(graph, point, value) / factorial if coefficients else 0.0)
            coefficients.append(value / factorial)
            if not math.isfinite(coefficients[-1]):
                break
            if len(coefficients) <= n:
                graph = slope(graph)
        if coefficients and not math.isfinite(coefficients[-1]):
            del coefficients[-1], noises[-1]
        if coefficients and not (first.smooth or kink(first, point, max(int(n), 1)) is None):
            coefficients.clear()
    values = np.array(coefficients)
    exact = ROUNDING * np.abs(values) + noises[: len(values)]
    if len(values) and len(values) == n + 1:
        return Taylor(point, values, exact, len(values), True, "exact", "", called, f)
    with np.errstate(all="ignore"):
        found, errors, evaluations, doubt = _core.taylor(called, point, n)
    message, method = "", "numerical"
    if len(values):
        found[: len(values)], errors[: len(values)] = values, exact
        method = f"exact, numerical from {len(values)} on"
    if doubt is not None:
        message = f"coefficient {doubt[0]} is not to be trusted: {doubt[1]}"
        warnings.warn(f"taylor: not converged at a = {point!r}: {message}", AccuracyWarning, stacklevel=2)
    return Taylor(point, found, errors, evaluations, doubt is None, method, message, called, f)
