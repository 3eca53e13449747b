"""Least squares that are not linear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import fitting as _core
from underhood._core.graph import Traced
from underhood._functions import resolve
from underhood._results import Result, format_value
from underhood.optimize._given_slopes import GivenSlopes
from underhood.optimize._result import shape_of, start_inside

__all__ = ["LeastSquaresResult", "least_squares"]


@dataclass(slots=True, repr=False, eq=False)
class LeastSquaresResult(Result):
    """The parameters with the smallest squares. The fields are those of SciPy's ``least_squares``.

    Attributes
    ----------
    x : ndarray
        The parameters, in the shape of ``x0``.
    cost : float
        ½ Σ rᵢ².
    fun : ndarray
        The residuals rᵢ there.
    jac : ndarray of shape (m, n)
        Their Jacobian there.
    grad : ndarray
        The gradient of the cost.
    optimality : float
        Its largest entry of a parameter that is not at a bound.
    active_mask : ndarray
        -1 for a parameter held at its lower bound, 1 at its upper, else 0.
    relative_offset : float
        How much of |r| the linear model could still take away: Bates and Watts' measure of convergence.
    rank : int
        The rank of the Jacobian in the parameters that are not held.
    nfev, njev : int
        Calls of ``fun``, those for differences included, and Jacobians.
    status : int
        0 for a minimum, 1 evaluations used up, 2 no step helps (or the given ``jac`` is wrong), 3 a plateau.
    success : bool
        Whether this is a local minimum, as far as can be told.
    message : str
        Why the search ended.
    """

    x: NDArray[np.float64]
    cost: float
    fun: NDArray[np.float64]
    jac: NDArray[np.float64]
    grad: NDArray[np.float64]
    optimality: float
    active_mask: NDArray[np.int_]
    relative_offset: float
    rank: int
    nfev: int
    njev: int
    status: int
    success: bool
    message: str

    def _title(self) -> str:
        return "least squares: " + ("converged" if self.success else "not converged")

    def _rows(self) -> list[tuple[str, str]]:
        at_bound = np.flatnonzero(self.active_mask)
        return [
            ("x", format_value(self.x)),
            ("cost", format_value(self.cost)),
            *([("at a bound", ", ".join(f"x[{i}]" for i in at_bound))] if at_bound.size else []),
            ("relative offset", f"{self.relative_offset:.2g}"),
            ("nfev, njev", f"{self.nfev}, {self.njev}"),
            ("message", self.message),
        ]


def bounds_of(function: str, bounds: Any, n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Read a pair of bounds, each a number or one for each parameter."""
    if hasattr(bounds, "lb") and hasattr(bounds, "ub"):
        bounds = (bounds.lb, bounds.ub)
    try:
        lower, upper = bounds
    except (TypeError, ValueError):
        raise ValueError(f"{function}: bounds must be a pair (lower, upper), but are {bounds!r}") from None
    read = []
    for side in (lower, upper):
        try:
            values = np.asarray(side, dtype=np.float64)
        except (TypeError, ValueError):
            raise TypeError(f"{function}: bounds must hold numbers, but one is {side!r}") from None
        if values.ndim and values.size != n:
            raise ValueError(f"{function}: bounds hold {values.size} numbers for {n} parameters")
        if np.isnan(values).any():
            raise ValueError(f"{function}: bounds hold NaN; use an infinity for no bound")
        read.append(np.broadcast_to(values.ravel(), n).copy() if values.ndim else np.full(n, float(values)))
    return read[0], read[1]


def least_squares(
    fun: Callable[..., Any],
    x0: ArrayLike,
    jac: Callable[..., Any] | None = None,
    bounds: Any = (-np.inf, np.inf),
    *,
    xtol: float = 1e-8,
    gtol: float = 1e-8,
    diff_step: float | None = None,
    max_nfev: int | None = None,
    args: tuple[Any, ...] = (),
) -> LeastSquaresResult:
    """Find the x that makes ½ Σ rᵢ(x)² smallest near ``x0``, by Levenberg and Marquardt's method.

    Parameters
    ----------
    fun : callable
        Takes an array of the shape of ``x0`` and returns the residuals r, an array of any size. Where they are not
        finite, there is a wall that the search does not enter.
    x0 : array_like
        The start.
    jac : callable, optional
        The Jacobian ∂rᵢ/∂xⱼ, a row for each residual. By default exact where ``fun`` can be traced,
        else central differences, extrapolated near the end.
    bounds : pair of array_like, default none
        Lower and upper bounds: numbers, or one for each parameter. ``fun`` is never called outside.
    xtol, gtol : float, default 1e-8
        Settled when the step that is left is ``xtol`` beside x, measured by its effect, or the residuals are
        orthogonal to the model to ``gtol`` (the relative offset). The search goes on below both while it gains.
    diff_step : float, optional
        The relative step of differences, for a ``fun`` that is not computed to all digits.
    max_nfev : int, optional
        Most points to try, differences not counted. By default up to four attempts with 400·(n + 1) each.
    args : tuple, optional
        Further arguments of ``fun`` and ``jac``.

    Returns
    -------
    LeastSquaresResult
        ``x``, ``cost``, ``fun``, ``jac``, ``success``, ``message``, …. ``success`` is not said of a plateau, where a
        parameter has lost its effect, nor of a run to infinity.

    Raises
    ------
    ValueError
        If ``x0`` is empty, not finite or outside the bounds, or ``fun`` is not finite there.

    Notes
    -----
    The trust region of J. J. Moré (1978); D. M. Bates and D. G. Watts' relative offset (1981); geodesic acceleration
    (M. K. Transtrum and J. P. Sethna, 2012) where the first attempt fails; Newton's method at the end where residuals
    are large.

    Examples
    --------
    >>> from underhood.optimize import least_squares
    >>> found = least_squares(lambda v: [10 * (v[1] - v[0] ** 2), 1 - v[0]], [-1.2, 1.0])
    >>> found.success, found.x.round(10)
    (True, array([1., 1.]))
    """
    shape = shape_of(x0)
    args = args if isinstance(args, tuple) else (args,)
    filled = fun if not args else (lambda x: fun(x, *args))
    slopes = jac if jac is None or not args else (lambda x: jac(x, *args))
    lower, upper = bounds_of("least_squares", bounds, int(np.prod(shape, dtype=int)))
    inside = start_inside(x0, (lower, upper))
    solved = resolve("least_squares", "fun", filled if callable(fun) else fun, shape, point=inside)
    slopes = None if slopes is None else resolve("least_squares", "jac", slopes, shape)
    if slopes is None and isinstance(solved, Traced):
        slopes = solved.jacobian() if solved.shape else solved.gradient()
    with np.errstate(all="ignore"):
        arrays, verdict = _core.least_squares(
            "least_squares", "fun", solved, x0, slopes, lower, upper, xtol, gtol, diff_step, max_nfev
        )
    (x, residuals, jacobian, gradient, active), ((cost, offset), counts, (success, status, message)) = arrays, verdict
    rank, _, calls, jacobians = counts
    if jac is not None:
        given = GivenSlopes(solved, jac if slopes is None else slopes, x, (lower, upper))
        wrong = given.wrong()
        calls, jacobians = calls + given.calls, jacobians + 1
        if wrong:
            success, status, message = False, 2, wrong
    mask = np.array(active, dtype=int)
    free = gradient.ravel()[mask == 0]
    optimality = float(np.abs(free).max()) if free.size else 0.0
    return LeastSquaresResult(
        x, cost, residuals, jacobian, gradient, optimality, mask, offset, rank, calls, jacobians, status,
        success, message,
    )  # fmt: skip
