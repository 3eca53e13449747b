"""Minimisers of functions of many variables."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import minimize as _core
from underhood._functions import resolve
from underhood._results import format_value
from underhood.optimize._constraints import METHOD, SCIPY_METHODS, Part, chosen, joined, read
from underhood.optimize._given_slopes import GivenSlopes
from underhood.optimize._result import OptimizeResult, shape_of, start_inside

__all__ = ["ConstrainedMinimizeResult", "MinimizeResult", "minimize"]

Point = NDArray[np.float64]

STATUS = {
    "converged": 0,
    "max_iter": 1,
    "max_evaluations": 1,
    "stalled": 2,
    "plateau": 3,
    "unbounded": 4,
    "infeasible": 5,
    "callback": 99,
}


@dataclass(slots=True, repr=False, eq=False)
class MinimizeResult(OptimizeResult):
    """What :func:`minimize` found. The fields are those of ``scipy.optimize.OptimizeResult``.

    Attributes
    ----------
    x : ndarray
        The lowest point, in the shape of ``x0``.
    fun : float
        The value there.
    jac : ndarray or None
        The gradient there; None for Nelder-Mead.
    nit : int
        Iterations made.
    nfev, njev, nhev : int
        How often ``f``, ``jac`` and ``hess`` or ``hessp`` were called; ``nfev`` counts the calls of differences too,
        those by which a given ``jac`` is compared with ``f`` among them.
    status : int
        0 converged, 1 iterations or evaluations used up, 2 stalled, 3 on a plateau, 4 without a bound below, 5 no point
        meets the constraints, 99 stopped by the callback.
    success : bool
        Whether the point meets the condition of a minimum, see :func:`minimize`.
    message : str
        Why the search ended, in a sentence.
    method : str
        The method.
    reason : str
        The status as a word: ``"converged"``, ``"max_iter"``, ``"max_evaluations"``, ``"stalled"``, ``"plateau"``,
        ``"unbounded"``, ``"infeasible"`` or ``"callback"``.
    polished : bool
        Whether Newton steps in a region of trust had to go on where the method itself was stuck or mistaken.
    hess_inv : ndarray or None
        For BFGS, the inverse of the matrix of second derivatives there.
    gradient_method : str
        ``"given"``, ``"exact"`` (of a traced function), ``"numerical"`` or ``"none"``.
    final_simplex : tuple of two ndarrays, or None
        For Nelder-Mead, the last corners and their values.
    """

    nhev: int
    reason: str
    polished: bool
    hess_inv: NDArray[np.float64] | None
    gradient_method: str
    final_simplex: tuple[NDArray[np.float64], NDArray[np.float64]] | None

    def _rows(self) -> list[tuple[str, str]]:
        counts = ", ".join(
            f"{number} {what}"
            for number, what in ((self.nfev, "values"), (self.njev, "gradients"), (self.nhev, "Hessians"))
            if number
        )
        rows = [("x", format_value(self.x)), ("fun", format_value(self.fun))]
        if self.jac is not None:
            rows.append(("jac", f"{format_value(self.jac)} ({self.gradient_method})"))
        if self.hess_inv is not None and self.hess_inv.shape[0] <= 6:
            rows.append(("hess_inv", format_value(self.hess_inv)))
        return [*rows, ("nit", f"{self.nit} iterations: {counts}"), ("message", self.message)]


@dataclass(slots=True, repr=False, eq=False)
class ConstrainedMinimizeResult(MinimizeResult):
    """What :func:`minimize` found under constraints: the fields of :class:`MinimizeResult`, and these.

    Attributes
    ----------
    multipliers : ndarray
        λ, one for each number that the constraints give: ∇f = Σ λᵢ ∇cᵢ but for what bounds hold. It is by how much the
        least value would rise if the limit were raised by 1: not negative at a lower limit, not positive at an upper
        one, 0 where neither is reached.
    constr : list of ndarray
        The values of each constraint there.
    constr_violation : float
        By how much the worst is off.
    optimality : float
        The largest entry of ∇f − Σ λᵢ ∇cᵢ that does not press against a bound.
    """

    multipliers: NDArray[np.float64]
    constr: list[NDArray[np.float64]]
    constr_violation: float
    optimality: float

    def _rows(self) -> list[tuple[str, str]]:
        rows = MinimizeResult._rows(self)
        held = ", ".join(format_value(values) for values in self.constr)
        more = [
            ("multipliers", format_value(self.multipliers)),
            ("constr", f"{held}; the worst is off by {self.constr_violation:.2g}"),
        ]
        return [*rows[:-2], *more, *rows[-2:]]


class _Together:
    """A function that gives value and gradient together, as one of each, called once where both are asked for."""

    def __init__(self, f: Callable[..., Any]) -> None:
        self.f = f
        self.point: Point | None = None
        self.found: tuple[Any, Any] = (None, None)

    def both(self, x: Point) -> tuple[Any, Any]:
        if self.point is None or not np.array_equal(self.point, x):
            point = x.copy()
            found = self.f(x)
            if not isinstance(found, Sequence) or len(found) != 2:
                raise TypeError(
                    f"minimize: with jac=True, f must return its value and its gradient, "
                    f"but returned a {type(found).__name__}"
                )
            self.point, self.found = point, (found[0], found[1])
        return self.found

    def value(self, x: Point) -> Any:
        return self.both(x)[0]

    def gradient(self, x: Point) -> Any:
        return self.both(x)[1]


def minimize(
    f: Callable[..., Any],
    x0: ArrayLike,
    args: tuple[Any, ...] = (),
    method: str | None = None,
    jac: Callable[..., Any] | bool | None = None,
    hess: Callable[..., Any] | None = None,
    hessp: Callable[..., Any] | None = None,
    bounds: Sequence[tuple[float | None, float | None]] | Any | None = None,
    constraints: Any = (),
    tol: float | None = None,
    callback: Callable[..., object] | None = None,
    options: Mapping[str, Any] | None = None,
) -> MinimizeResult:
    r"""Find where ``f`` is least, starting from ``x0``.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of ``x0`` (a copy of its own each time) and returns one number; ``lambda x, y: …``
        takes the numbers of the array one by one. Where it returns NaN or an infinity there is a wall, which the
        search does not enter.
    x0 : array_like
        Where to start; any shape. Brought into the bounds if it is outside.
    args : tuple, optional
        Further arguments for ``f``, ``jac``, ``hess`` and, after the vector, ``hessp``.
    method : str, optional
        ``"BFGS"`` (the default without bounds), ``"L-BFGS-B"`` (with bounds), ``"CG"``, ``"Newton-CG"``,
        ``"trust-exact"`` or ``"Nelder-Mead"``. All of them keep to bounds. With constraints there is one method,
        ``"augmented-Lagrangian"``.
    jac : callable or bool, optional
        The gradient, an array of the shape of ``x0``; True if ``f`` returns value and gradient together. Without it the
        gradient is exact where ``f`` can be traced; else it comes from differences: to one side to begin with, one call
        a variable, then central ones, two calls, and extrapolated ones, four, where these no longer lead on.
    hess, hessp : callable, optional
        The matrix of second derivatives ``hess(x)``, or its product with a vector ``hessp(x, v)``. Without them,
        differences of gradients serve.
    bounds : sequence of pairs or scipy.optimize.Bounds, optional
        Least and largest value of each variable; None or an infinity where there is none. Every evaluation stays inside
        them, also those of differences.
    constraints : dict, LinearConstraint, NonlinearConstraint, or a list of these, optional
        As for SciPy: ``{"type": "eq", "fun": c}`` is c(x) = 0, ``{"type": "ineq", "fun": c}`` is c(x) ≥ 0, with the
        keys ``jac`` and ``args`` if wanted; ``c`` may return several numbers, and may be a text. An object with
        ``A``, ``lb`` and ``ub`` is lb ≤ A x ≤ ub, one with ``fun``, ``lb`` and ``ub`` is lb ≤ fun(x) ≤ ub. On the way
        ``f`` is asked where they are not met (bounds are kept to always).
    tol : float, optional
        Short for the options ``gtol``, or ``xatol`` and ``fatol`` for Nelder-Mead.
    callback : callable, optional
        Called after each iteration as ``callback(xk)``, or, if its parameter is called ``intermediate_result``, with an
        object that has ``x`` and ``fun``. Ends the search by raising ``StopIteration``.
    options : dict, optional
        ``gtol`` (1e-5), ``maxiter`` (1000 + 200 n), ``maxfev`` (no limit); for L-BFGS-B ``maxcor`` (10), the steps it
        remembers; for Nelder-Mead ``xatol`` and ``fatol`` (1e-4), ``adaptive`` (False), ``initial_simplex``, an array
        of n + 1 corners.

    Returns
    -------
    MinimizeResult
        ``x``, ``fun``, ``jac``, ``nit``, ``nfev``, ``success``, ``message``, …; with constraints a
        :class:`ConstrainedMinimizeResult`, which has ``multipliers``, ``constr``, ``constr_violation`` and
        ``optimality`` too.

    Raises
    ------
    TypeError
        A function cannot be called, or returns something other than numbers.
    ValueError
        ``x0`` is empty or not finite, ``f``, its gradient or a constraint is not finite there, bounds or limits
        contradict each other, or a method or an option is unknown or out of range. Whatever the functions raise comes
        out as it is.

    Notes
    -----
    ``success`` is stricter than SciPy's, which calls a search converged where the gradient is below 1e-5, whatever the
    units of f. Here both of

    .. math::

        \max_i |g_i| \max(|x_i|, 1) \le \mathtt{gtol} \max(|f|, \tau), \qquad
        \tfrac12 g^T H^{-1} g \le \max(\mathtt{gtol}^3 |f|, 4 \varepsilon |f|, 10^{-22} \tau)

    must hold (τ is 1, or the largest ``|f|`` met if that is less): the gradient is small beside f and x, and the
    descent that the second derivatives H still promise is too small to matter, with the usual ``gtol`` no more than
    rounding leaves of f. Where no lower point is to be found, rounding may hide as much as ``max(1e-12 |f|, 4 ε τ)``.
    Up to 50 variables H is the true one, by differences of gradients if need be, and none of its curvatures may be
    negative; if H shows a way on, Newton steps in a region of trust take it (``polished``). Beyond 50 variables
    products of H with vectors serve. Directions in which f hardly curves are looked along farther off, so that neither
    an inflection nor the end of an exponential is called a minimum.

    Nelder-Mead has converged when two simplices in a row come to rest at the same value.

    Line searches are those of Wolfe (1969), near the minimum of Hager and Zhang (2005,
    https://doi.org/10.1137/030601880); L-BFGS-B projects onto the bounds as in Bertsekas (1982,
    https://doi.org/10.1137/0320018), where SciPy's searches along a piecewise linear path.

    Constraints are met by the method of multipliers (Nocedal and Wright, "Numerical Optimization", 2006, algorithm
    17.4): rounds of L-BFGS-B, each of which minimises f plus a penalty that is shifted by the multipliers λ found so
    far. ``success`` then means that the conditions of Karush, Kuhn and Tucker hold: each constraint to 1e-8 of its
    terms, ∇f = Σ λᵢ ∇cᵢ to ``gtol`` of the larger side, and λᵢ = 0 where cᵢ is not at its limit. Where the gradients of
    the constraints depend on each other no λ may exist, and the result is not called a minimum. If no point meets the
    constraints, ``reason`` is ``"infeasible"``. Differences alone do not always lead far enough: ``f`` is best one
    that can be traced, or ``jac`` be given. ``hess`` and ``hessp`` are not used. For equations alone
    :func:`lagrange` finds stationary points of any kind; :func:`linear_program` and :func:`quadratic_program` are the
    better choice for what they are made for.

    Examples
    --------
    >>> from underhood.optimize import minimize
    >>> def valley(x):
    ...     return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
    >>> found = minimize(valley, [-1.2, 1.0])
    >>> found.success, found.x.round(6).tolist()
    (True, [1.0, 1.0])
    >>> inside = minimize(valley, [-1.2, 1.0], bounds=[(None, 0.5), (None, None)])
    >>> inside.method, inside.x.round(6).tolist()
    ('L-BFGS-B', [0.5, 0.25])

    Under constraints: the point of a disc that is lowest.

    >>> disc = {"type": "ineq", "fun": lambda x: 2 - x[0] ** 2 - x[1] ** 2}
    >>> lowest = minimize("x + y", [0.0, 0.0], constraints=disc)
    >>> lowest.x.round(6).tolist(), lowest.multipliers.round(6).tolist()
    ([-1.0, -1.0], [0.5])
    """
    settings = _settings(tol, options)
    name = method.lower() if isinstance(method, str) else ""
    start = shape_of(x0)
    limits = _bounds(bounds, int(np.prod(start, dtype=int)))
    inside = start_inside(x0, limits)
    args = args if isinstance(args, tuple) else (args,)
    # A function that gives two things is not traced.
    value: Any = (
        _with(f, args) if jac is True and callable(f) else resolve("minimize", "f", _with(f, args), start, point=inside)
    )
    gradient_method = "numerical" if jac is None or jac is False else "given"
    gradient: Callable[..., Any] | None = None
    if jac is True:
        together = _Together(value)
        value, gradient = together.value, together.gradient
    elif callable(jac):
        gradient = resolve("minimize", "jac", _with(jac, args), start, point=inside)
    elif jac is not None and jac is not False:
        raise TypeError(f"minimize: jac is a {type(jac).__name__}, but must be a function, True or None")
    elif hasattr(value, "gradient") and getattr(value, "shape", None) == ():
        gradient, gradient_method = value.gradient(), "exact"
        if hess is None and hessp is None and name == "trust-exact":
            hess, args = value.hessian(), ()
        elif hess is None and hessp is None and name == "newton-cg":
            hessp, args = value.hvp(), ()
    parts = [] if inside is None else read(constraints, start, inside[0])
    if name == "nelder-mead":
        gradient_method = "none"
    for argument, given in (("hess", hess), ("hessp", hessp), ("callback", callback)):
        if given is not None and not callable(given):
            raise TypeError(f"minimize: {argument} is a {type(given).__name__}, but must be a function")
    if parts:
        chosen(method)
        watch = None if callback is None else _notify(callback)
        return _constrained((value, gradient, gradient_method), x0, limits, settings, parts, watch)
    if name in (*SCIPY_METHODS, "powell", "tnc"):
        raise ValueError(
            f"minimize: method is {method!r}, SciPy's, which is not here; without constraints leave it out, or take "
            "'L-BFGS-B' (bounds) or 'Nelder-Mead' (no derivatives); with constraints leave it out"
        )
    with np.errstate(all="ignore"):
        (x, fun, slope, inverse), (nit, nfev, njev, nhev), (used, reason, message, polished), simplex = _core.minimize(
            value,
            x0,
            method,
            (
                gradient,
                None if hess is None else _with(hess, args),
                None if hessp is None else _with(hessp, args),
            ),
            limits,
            (settings["maxiter"], settings["maxfev"], settings["maxcor"]),
            (settings["gtol"], settings["xatol"], settings["fatol"]),
            (settings["adaptive"], settings["initial_simplex"]),
            None if callback is None else _notify(callback),
        )
    if gradient is not None and gradient_method == "given" and reason in ("converged", "stalled", "plateau"):
        given_slopes = GivenSlopes(value, gradient, x, limits)
        wrong = given_slopes.wrong() if reason == "converged" else given_slopes.wrong_entry()
        nfev, njev = nfev + given_slopes.calls, njev + 1
        if wrong:
            reason, message = "stalled", wrong
    return MinimizeResult(
        x, fun, slope, nit, nfev, njev, STATUS[reason], reason == "converged", message, used, nhev, reason, polished,
        inverse, gradient_method, simplex,
    )  # fmt: skip


def _constrained(
    objective: tuple[Any, Callable[..., Any] | None, str],
    x0: ArrayLike,
    limits: tuple[Point, Point] | None,
    settings: dict[str, Any],
    parts: Sequence[Part],
    watch: Callable[..., object] | None,
) -> ConstrainedMinimizeResult:
    """Minimise under constraints that were read."""
    value, gradient, gradient_method = objective
    with np.errstate(all="ignore"):
        (x, fun, slope), (multipliers, held, violation, optimality), (nit, calls), (converged, reason, message) = (
            _core.minimize_constrained(
                value,
                x0,
                gradient,
                joined(parts, np.shape(x0)),
                limits,
                (settings["maxiter"], settings["maxfev"], settings["maxcor"]),
                settings["gtol"],
                watch,
            )
        )
    ends = np.cumsum([part.size for part in parts])[:-1]
    return ConstrainedMinimizeResult(
        x, fun, slope, nit, calls[0], calls[1], STATUS[reason], converged, message, METHOD, 0, reason, False, None,
        gradient_method, None, multipliers, np.split(held, ends), violation, optimality,
    )  # fmt: skip


DEFAULTS: dict[str, Any] = {
    "gtol": 1e-5,
    "maxiter": None,
    "maxfev": None,
    "maxcor": 10,
    "xatol": 1e-4,
    "fatol": 1e-4,
    "adaptive": False,
    "initial_simplex": None,
}


def _settings(tol: Any, options: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give every option its value."""
    settings = dict(DEFAULTS)
    if tol is not None:
        if isinstance(tol, int | float) and not 0 <= tol < 1:
            raise ValueError(f"minimize: tol is {tol}, but must be at least 0 and below 1")
        settings |= dict.fromkeys(("gtol", "xatol", "fatol"), tol)
    if options is None:
        return settings
    if not isinstance(options, Mapping):
        raise TypeError(f"minimize: options is a {type(options).__name__}, but must be a dict")
    # SciPy's other names of the same, and what only concerns its printing.
    for key, option in options.items():
        name = {"maxfun": "maxfev"}.get(key, key)
        if name == "disp":
            continue
        if name not in settings:
            raise ValueError(f"minimize: options holds {key!r}, but must hold some of {', '.join(map(repr, DEFAULTS))}")
        settings[name] = option
    return settings


def _with(f: Any, args: tuple[Any, ...]) -> Any:
    """Give the function its further arguments."""
    if not args or not callable(f):
        return f
    return lambda *point: f(*point, *args)


def _bounds(bounds: Any, n: int) -> tuple[Point, Point] | None:
    """Give bounds, pairs or SciPy's, as two vectors; of SciPy's, one number may stand for all."""
    if bounds is None:
        return None
    if hasattr(bounds, "lb") and hasattr(bounds, "ub"):
        low, high = np.broadcast_arrays(np.atleast_1d(bounds.lb), np.atleast_1d(bounds.ub))
        if low.shape == (1,):
            low, high = np.repeat(low, n), np.repeat(high, n)
        return np.array(low, dtype=float), np.array(high, dtype=float)
    try:
        pairs = [(low, high) for low, high in bounds]
        low = np.array([-np.inf if low is None else float(low) for low, _ in pairs])
        high = np.array([np.inf if high is None else float(high) for _, high in pairs])
    except (TypeError, ValueError):
        raise TypeError("minimize: bounds must be a pair of numbers (or None) for each variable") from None
    return low, high


@dataclass(slots=True)
class _Intermediate:
    """What a callback with the parameter ``intermediate_result`` is shown."""

    x: Point
    fun: float


def _notify(callback: Callable[..., object]) -> Callable[[Point, float], object]:
    """Call a callback the way its parameters ask for."""
    try:
        names = list(inspect.signature(callback).parameters)
    except (TypeError, ValueError):
        names = []
    if names == ["intermediate_result"]:
        return lambda x, fun: callback(intermediate_result=_Intermediate(x, fun))
    return lambda x, fun: callback(x)
