"""Roots: of one equation between two points or near one, and of systems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import roots as _core
from underhood._core.graph import Traced
from underhood._functions import resolve, solved
from underhood._results import Result, format_value, text_table
from underhood.optimize._result import OptimizeResult, shape_of, start_inside

__all__ = ["BisectionResult", "NewtonResult", "RootResult", "bisect", "find_root", "newton", "root"]


@dataclass(slots=True, repr=False, eq=False)
class RootResult(Result):
    """A root of one equation; ``float(result)`` is the root. The fields are those of SciPy's ``RootResults``.

    Attributes
    ----------
    root : float
        Where the function is zero.
    fun : float
        The function there.
    bracket : tuple of float
        The last two points with values of different sign.
    iterations, function_calls : int
        Steps made, and calls of the function.
    converged : bool
        Whether it is a root to the tolerance. A sign change at a jump or a pole is none.
    message : str
        Why the search ended.
    method : str
        How it was found.
    """

    root: float
    fun: float
    bracket: tuple[float, float]
    iterations: int
    function_calls: int
    converged: bool
    message: str
    method: str

    def __float__(self) -> float:
        return _as_float(self)

    def _title(self) -> str:
        return f"{self.method}: " + ("converged" if self.converged else "not converged")

    def _rows(self) -> list[tuple[str, str]]:
        return [
            ("root", format_value(self.root, 16)),
            ("fun", format_value(self.fun)),
            ("bracket", f"[{self.bracket[0]:.16g}, {self.bracket[1]:.16g}]"),
            ("iterations", f"{self.iterations} ({self.function_calls} calls)"),
            ("message", self.message),
        ]


@dataclass(slots=True, repr=False, eq=False)
class BisectionResult(Result):
    """A root found by halving, with every step; ``float(result)`` is the root.

    Attributes
    ----------
    root, fun, bracket, iterations, function_calls, converged, message
        As in :class:`RootResult`.
    steps : ndarray of shape (iterations, 4)
        For each step a, b, their middle m, and f(m).
    """

    root: float
    fun: float
    bracket: tuple[float, float]
    iterations: int
    function_calls: int
    converged: bool
    message: str
    steps: NDArray[np.float64]

    def __float__(self) -> float:
        return _as_float(self)

    def table(self) -> str:
        """Lay out all steps as text: the interval, its middle, the value there, and the width that is left."""
        rows = [
            [str(k + 1), *(f"{value:.10g}" for value in row), f"{abs(row[1] - row[0]) / 2:.3g}"]
            for k, row in enumerate(self.steps.tolist())
        ]
        return text_table(["step", "a", "b", "middle", "f(middle)", "half width"], rows, "rrrrrr")

    def _title(self) -> str:
        return "bisection: " + ("converged" if self.converged else "not converged")

    def _rows(self) -> list[tuple[str, str]]:
        shown = self.table().splitlines()
        if len(shown) > 12:
            shown = [*shown[:7], "…", *shown[-4:]]
        return [
            ("root", format_value(self.root, 16)),
            ("fun", format_value(self.fun)),
            ("steps", "\n".join(shown)),
            ("message", self.message),
        ]


@dataclass(slots=True, repr=False, eq=False)
class NewtonResult(Result):
    """A root found by Newton's, Halley's or the secant method, with all iterates; ``float(result)`` is the root.

    Attributes
    ----------
    root, fun, iterations, function_calls, converged, message, method
        As in :class:`RootResult`; calls of derivatives count too.
    status : int
        0 converged, 1 steps used up, 2 diverged, 3 a cycle, 4 a slope of zero, 5 outside the domain of the function,
        6 no root where the iterates came to rest.
    path, values : ndarray
        The iterates, the start first, and the function there.
    slopes : ndarray
        The slope that each step used.
    """

    root: float
    fun: float
    iterations: int
    function_calls: int
    converged: bool
    status: int
    message: str
    method: str
    path: NDArray[np.float64]
    values: NDArray[np.float64]
    slopes: NDArray[np.float64]

    def __float__(self) -> float:
        return _as_float(self)

    def _title(self) -> str:
        return f"{self.method}: " + ("converged" if self.converged else "not converged")

    def _rows(self) -> list[tuple[str, str]]:
        table = text_table(
            ["k", "x", "f(x)"],
            [[str(k), f"{x:.16g}", f"{y:.6g}"] for k, (x, y) in enumerate(zip(self.path, self.values, strict=True))],
            "rrr",
        ).splitlines()
        if len(table) > 14:
            table = [*table[:7], "…", *table[-6:]]
        return [("root", format_value(self.root, 16)), ("iterates", "\n".join(table)), ("message", self.message)]


def _as_float(result: RootResult | BisectionResult | NewtonResult) -> float:
    if not result.converged:
        function = {RootResult: "find_root", BisectionResult: "bisect"}.get(type(result), "newton")
        raise ValueError(f"{function}: there is no root to give as a number: {result.message}")
    return result.root


def _with(f: Any, args: tuple[Any, ...]) -> Any:
    """Give f with further arguments filled in."""
    args = args if isinstance(args, tuple) else (args,)
    return f if not args or not callable(f) else lambda *x: f(*x, *args)


def find_root(
    f: Callable[..., Any],
    a: float,
    b: float,
    *,
    args: tuple[Any, ...] = (),
    xtol: float = 2e-12,
    rtol: float = 8.881784197001252e-16,
    maxiter: int = 100,
) -> RootResult:
    """Find the x between ``a`` and ``b`` where f(x) = 0, from values of different sign at both, by Brent's method.

    Parameters
    ----------
    f : callable
        Takes a number and returns one; continuous.
    a, b : float
        Ends with values of different sign.
    args : tuple, optional
        Further arguments of ``f``.
    xtol, rtol : float
        The root is within ``xtol + rtol·|x|`` of a sign change; as in ``scipy.optimize.brentq``.
    maxiter : int, default 100
        Most steps.

    Returns
    -------
    RootResult
        ``root``, ``fun``, ``converged``, …; ``float(result)`` is the root. Unlike SciPy's ``brentq``, this says so
        when f changes its sign by a jump or through infinity, where there is no root.

    Raises
    ------
    ValueError
        If the ends are not finite, or their values have the same sign or are NaN.

    Notes
    -----
    Inverse quadratic interpolation and secants, safeguarded by halving: R. P. Brent, "Algorithms for Minimization
    without Derivatives" (1973), chapter 4.

    Examples
    --------
    >>> from underhood.optimize import find_root
    >>> found = find_root(np.cos, 0, 3)
    >>> found.converged, round(found.root, 12)
    (True, 1.570796326795)
    >>> find_root(lambda x: 1 / (x - 1), 0, 3).converged
    False
    """
    with np.errstate(all="ignore"):
        found = solved("find_root", "f", _with(f, args), lambda f: _core.find_root(f, a, b, xtol, rtol, maxiter))
    x, value, bracket, counts, converged, message = found
    return RootResult(x, value, bracket, *counts, converged, message, "Brent")


def bisect(
    f: Callable[..., Any],
    a: float,
    b: float,
    *,
    args: tuple[Any, ...] = (),
    xtol: float = 2e-12,
    rtol: float = 8.881784197001252e-16,
    maxiter: int = 100,
) -> BisectionResult:
    """Find the x between ``a`` and ``b`` where f(x) = 0 by halving, and keep every step.

    Each step looks at the middle of the interval and keeps the half in which f changes its sign.

    Parameters
    ----------
    f, a, b, args, xtol, rtol, maxiter
        As in :func:`find_root`.

    Returns
    -------
    BisectionResult
        ``root``, ``steps``, …; ``.table()`` shows all steps.

    Raises
    ------
    ValueError
        As :func:`find_root`.

    Examples
    --------
    >>> from underhood.optimize import bisect
    >>> found = bisect(lambda x: x**2 - 2, 1, 2, xtol=0.1)
    >>> print(found.table())
    step      a    b  middle   f(middle)  half width
    ────  ─────  ───  ──────  ──────────  ──────────
       1      1    2     1.5        0.25         0.5
       2      1  1.5    1.25     -0.4375        0.25
       3   1.25  1.5   1.375   -0.109375       0.125
       4  1.375  1.5  1.4375  0.06640625      0.0625
    """
    with np.errstate(all="ignore"):
        found, steps = solved("bisect", "f", _with(f, args), lambda f: _core.bisect(f, a, b, xtol, rtol, maxiter))
    x, value, bracket, counts, converged, message = found
    return BisectionResult(x, value, bracket, *counts, converged, message, steps)


def newton(
    f: Callable[..., Any],
    x0: float,
    fprime: Callable[..., Any] | None = None,
    args: tuple[Any, ...] = (),
    tol: float = 1.48e-8,
    maxiter: int = 50,
    fprime2: Callable[..., Any] | None = None,
    x1: float | None = None,
    rtol: float = 0.0,
) -> NewtonResult:
    """Find a root near ``x0`` by x ← x - f(x) / f′(x).

    Without ``fprime`` the slope is exact where ``f`` can be traced, else that of the secant through the last two
    iterates; with ``fprime2`` the steps are Halley's.

    Parameters
    ----------
    f : callable
        Takes a number and returns one.
    x0 : float
        The start.
    fprime, fprime2 : callable, optional
        First and second derivative. Of an ``f`` that can be traced, the first is exact without being given.
    args : tuple, optional
        Further arguments of all three.
    tol, rtol : float
        A step within ``tol + rtol·|x|`` ends the iteration.
    maxiter : int, default 50
        Most steps.
    x1 : float, optional
        The secant's second point.

    Returns
    -------
    NewtonResult
        ``root``, ``path``, ``values``, ``slopes``, ``message``, …. Unlike SciPy's ``newton``, nothing is raised when
        the iterates diverge, go in a circle or meet a slope of zero: ``converged`` is False and ``message`` says why.

    Raises
    ------
    ValueError
        If ``x0`` or ``f`` there is not finite, or an option is out of range.

    Examples
    --------
    >>> from underhood.optimize import newton
    >>> found = newton(lambda x: x**2 - 2, 1.0, fprime=lambda x: 2 * x)
    >>> found.path[:4]
    array([1.        , 1.5       , 1.41666667, 1.41421569])
    >>> newton(lambda x: x**3 - 2 * x + 2, 0.0, fprime=lambda x: 3 * x**2 - 2).message
    'not converged: the iterates go in a circle through 1.000000, 0.000000; choose another start'
    """
    solved = resolve("newton", "f", _with(f, args), ())
    first = None if fprime is None else resolve("newton", "fprime", _with(fprime, args), ())
    second = None if fprime2 is None else resolve("newton", "fprime2", _with(fprime2, args), ())
    if first is None and x1 is None and isinstance(solved, Traced):
        first = solved.derivative()
    with np.errstate(all="ignore"):
        found = _core.newton(solved, x0, first, second, tol, rtol, maxiter, x1)
    (x, value), counts, (converged, status, method, message), path = found
    return NewtonResult(x, value, *counts, converged, status, message, method, *path)


_METHODS = ("hybr", "lm")


def root(
    fun: Callable[..., Any],
    x0: ArrayLike,
    args: tuple[Any, ...] = (),
    method: str = "hybr",
    jac: Callable[..., Any] | None = None,
    tol: float | None = None,
    *,
    max_nfev: int | None = None,
) -> OptimizeResult:
    """Find an x with f(x) = 0 for as many equations as unknowns.

    Parameters
    ----------
    fun : callable
        Takes an array of the shape of ``x0`` and returns as many numbers.
    x0 : array_like
        The start.
    args : tuple, optional
        Further arguments of ``fun`` and ``jac``.
    method : {"hybr", "lm"}, default "hybr"
        Powell's hybrid of Newton's step and steepest descent with Broyden's updates of the Jacobian, followed by
        Levenberg and Marquardt's method where it fails; or the latter at once.
    jac : callable, optional
        The Jacobian matrix, a row for each equation; by default exact where ``fun`` can be traced, else from
        differences.
    tol : float, default 1.49e-8
        Solved when Newton's step is this small beside x, and the equations hold.
    max_nfev : int, optional
        Most points to try, differences not counted; 200·(n + 1) by default.

    Returns
    -------
    OptimizeResult
        ``x``, ``fun`` (the equations there), ``jac``, ``success``, ``message``, …. ``success`` is only said where the
        equations hold to rounding: a point where f is small but not zero, or falls towards infinity, is none.

    Raises
    ------
    ValueError
        If ``x0`` is empty or not finite, or ``fun`` is not finite there, or returns another number of equations.

    Notes
    -----
    M. J. D. Powell, "A hybrid method for nonlinear equations" (1970); C. G. Broyden, Math. Comp. 19 (1965).

    Examples
    --------
    >>> from underhood.optimize import root
    >>> found = root(lambda v: [v[0] + v[1] - 3, v[0] ** 2 + v[1] ** 2 - 5], [0.5, 3.0])
    >>> found.success, found.x.round(10)
    (True, array([1., 2.]))
    """
    if method not in _METHODS:
        raise ValueError(f"root: method is {method!r}, but must be one of 'hybr' or 'lm'")
    shape = shape_of(x0)
    solved = resolve("root", "fun", _with(fun, args), shape, point=start_inside(x0))
    slopes = None if jac is None else resolve("root", "jac", _with(jac, args), shape, point=start_inside(x0))
    if slopes is None and isinstance(solved, Traced):
        slopes = solved.jacobian() if solved.shape else solved.gradient()
    with np.errstate(all="ignore"):
        (x, value, jacobian), counts, converged, message = _core.root(
            solved, x0, slopes, method == "hybr", 1.49012e-8 if tol is None else tol, max_nfev
        )
    return OptimizeResult(x, value, jacobian, *counts, 0 if converged else 1, converged, message, method)
