"""Linear and quadratic programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import convex as _core
from underhood._results import Result, format_value
from underhood.optimize._result import shape_of

__all__ = ["ProgramResult", "linear_program", "quadratic_program"]


@dataclass(slots=True, repr=False, eq=False)
class ProgramResult(Result):
    """The best point of a program. The first fields are those of SciPy's ``linprog``.

    A shadow price says by how much the least value changes for one more on the right-hand side of a constraint.

    Attributes
    ----------
    x : ndarray
        The best point; NaN if there is none.
    fun : float
        The objective there; NaN if there is no best point.
    slack : ndarray
        ``b_ub - A_ub @ x``: zero where a constraint is tight.
    con : ndarray
        ``b_eq - A_eq @ x``.
    shadow_prices : ndarray
        Of the inequalities; none is positive.
    equality_prices : ndarray
        Of the equalities.
    lower_prices, upper_prices : ndarray
        Of the bounds.
    status : int
        0 solved, 1 steps used up, 2 infeasible, 3 unbounded, 4 numerical difficulties.
    success : bool
        Whether ``x`` is a best point.
    nit : int
        Steps of the method.
    message : str
        What was found, in a sentence.
    """

    x: NDArray[np.float64]
    fun: float
    slack: NDArray[np.float64]
    con: NDArray[np.float64]
    shadow_prices: NDArray[np.float64]
    equality_prices: NDArray[np.float64]
    lower_prices: NDArray[np.float64]
    upper_prices: NDArray[np.float64]
    status: int
    success: bool
    nit: int
    message: str

    def _title(self) -> str:
        return "program: " + {0: "solved", 2: "infeasible", 3: "unbounded"}.get(self.status, "not solved")

    def _rows(self) -> list[tuple[str, str]]:
        rows = [("x", format_value(self.x)), ("fun", format_value(self.fun))]
        for name in ("slack", "shadow_prices", "con", "equality_prices"):
            if getattr(self, name).size:
                rows.append((name, format_value(getattr(self, name))))
        return [*rows, ("message", self.message)]


def _bounds(function: str, bounds: Any, n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Read SciPy's forms: one pair for all, or a pair for each variable; None is no bound."""
    wrong = ValueError(f"{function}: bounds must be a pair (low, high), or one for each of the {n} variables")
    if bounds is None:
        bounds = (None, None)
    if isinstance(bounds, str):
        raise wrong
    try:
        pairs = [tuple(np.atleast_1d(np.asarray(pair, dtype=object))) for pair in bounds]
    except (TypeError, ValueError):
        raise wrong from None
    if [len(pair) for pair in pairs] == [1, 1]:
        pairs = [(pairs[0][0], pairs[1][0])] * n
    if len(pairs) == 1 and len(pairs[0]) == 2:
        pairs = pairs * n
    if len(pairs) != n or any(len(pair) != 2 for pair in pairs):
        raise wrong
    try:
        lower = [-np.inf if low is None else float(low) for low, _ in pairs]
        upper = [np.inf if high is None else float(high) for _, high in pairs]
    except (TypeError, ValueError):
        raise TypeError(f"{function}: bounds must hold numbers or None") from None
    return np.array(lower), np.array(upper)


def _constraint(function: str, a: Any, b: Any, names: tuple[str, str]) -> tuple[Any, Any] | None:
    if (a is None) != (b is None):
        given, missing = names if b is None else names[::-1]
        raise ValueError(f"{function}: {given} is given without {missing}")
    return None if a is None else (a, b if shape_of(b) else [b])


def _solve(
    function: str, p: Any, c: Any, upper_of: tuple[Any, Any], equal: tuple[Any, Any], bounds: Any
) -> ProgramResult:
    lower, upper = _bounds(function, bounds, int(np.prod(shape_of(c), dtype=int)))
    (x, value), gaps, prices, (success, status, steps, message) = _core.program(
        p,
        c,
        _constraint(function, *upper_of, ("A_ub", "b_ub")),
        _constraint(function, *equal, ("A_eq", "b_eq")),
        lower,
        upper,
    )
    return ProgramResult(x, value, *gaps, *prices, status, success, steps, message)


def linear_program(
    c: ArrayLike,
    A_ub: ArrayLike | None = None,
    b_ub: ArrayLike | None = None,
    A_eq: ArrayLike | None = None,
    b_eq: ArrayLike | None = None,
    bounds: Any = (0, None),
) -> ProgramResult:
    """Find the x with the smallest cᵀx under A_ub·x ≤ b_ub, A_eq·x = b_eq and bounds.

    Parameters
    ----------
    c : array_like of shape (n,)
        The objective's coefficients. To maximise, give their negatives.
    A_ub, b_ub : array_like of shapes (m, n) and (m,), optional
        Inequalities.
    A_eq, b_eq : array_like of shapes (k, n) and (k,), optional
        Equalities.
    bounds : pair, or a pair for each variable, default (0, None)
        As in SciPy: x ≥ 0 unless other bounds are given; None is no bound.

    Returns
    -------
    ProgramResult
        ``x``, ``fun``, ``slack``, ``shadow_prices``, ``message``, …. That no point is feasible or the objective has no
        least value is said there, and ``x`` is NaN.

    Raises
    ------
    TypeError, ValueError
        For sizes that do not match, NaN, and bounds between which no number lies.

    Notes
    -----
    The simplex method (G. B. Dantzig, 1947) from corner to corner, with the steepest edge. What counts as zero is
    judged beside the terms of each sum, so that units of rows and variables do not matter: SciPy's solver allows every
    constraint to be broken by 1e-7. Large programs go to an interior-point method (the clarabel crate: P. J. Goulart
    and Y. Chen, 2024), whose answer is polished: with the constraints that hold with equality known, the best point
    solves linear equations. A program that is infeasible is called so, also if its objective would have no bound.

    Examples
    --------
    The most of x + 2y with x + y ≤ 4 and x + 3y ≤ 6:

    >>> from underhood.optimize import linear_program
    >>> best = linear_program([-1, -2], A_ub=[[1, 1], [1, 3]], b_ub=[4, 6])
    >>> best.x.round(12), -best.fun
    (array([3., 1.]), 5.0)
    >>> best.shadow_prices.round(12)
    array([-0.5, -0.5])
    """
    return _solve("linear_program", None, c, (A_ub, b_ub), (A_eq, b_eq), bounds)


def quadratic_program(
    P: ArrayLike,
    q: ArrayLike,
    A_ub: ArrayLike | None = None,
    b_ub: ArrayLike | None = None,
    A_eq: ArrayLike | None = None,
    b_eq: ArrayLike | None = None,
    bounds: Any = (None, None),
) -> ProgramResult:
    """Find the x with the smallest ½·xᵀPx + qᵀx under A_ub·x ≤ b_ub, A_eq·x = b_eq and bounds.

    Parameters
    ----------
    P : array_like of shape (n, n)
        Symmetric, without negative eigenvalues: else the objective is not convex, and P is refused.
    q : array_like of shape (n,)
        The linear part.
    A_ub, b_ub, A_eq, b_eq
        As in :func:`linear_program`.
    bounds : pair, or a pair for each variable, default none
        None is no bound.

    Returns
    -------
    ProgramResult
        As from :func:`linear_program`.

    Raises
    ------
    TypeError, ValueError
        As :func:`linear_program`; if ``P`` is not symmetric or has a negative eigenvalue, which is named.

    Examples
    --------
    The point of the half plane x + y ≤ 1 that is closest to (1, 2):

    >>> from underhood.optimize import quadratic_program
    >>> best = quadratic_program([[2, 0], [0, 2]], [-2, -4], A_ub=[[1, 1]], b_ub=[1])
    >>> bool(np.allclose(best.x, [0, 1], atol=1e-12)), round(best.fun, 12)
    (True, -3.0)
    """
    if P is None:
        raise TypeError("quadratic_program: P is None, but must hold numbers; without it, use linear_program")
    return _solve("quadratic_program", P, q, (A_ub, b_ub), (A_eq, b_eq), bounds)
