"""Differential equations: y' = f(t, y) from a start."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import equations as _core
from underhood._functions import GivenField, is_written, resolve
from underhood._results import Result, format_value
from underhood.calculus._estimate import AccuracyWarning

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["OdeResult", "OdeSolution", "solve_ivp"]

Method = Literal["auto", "RK45", "DOP853", "Radau", "euler", "rk4"]


@dataclass(slots=True, repr=False, eq=False)
class OdeSolution(Result):
    """A solution as a function of time; what ``solve_ivp(…, dense_output=True).sol`` is.

    Called with a time it gives the solution there, in the shape of ``y0``; called with an array of times, along a
    new last axis. Times outside of the interval are refused (SciPy's continues the last piece beyond its end without
    a word).

    Attributes
    ----------
    ts : ndarray
        The ends of the steps, whose pieces the function is made of.
    t_min, t_max : float
        The interval.

    Examples
    --------
    >>> from underhood.calculus import solve_ivp
    >>> sol = solve_ivp(lambda t, y: -y, (0, 2), 1.0, dense_output=True).sol
    >>> f"{sol(1.0):.6f}"
    '0.367879'
    >>> sol([0.0, 0.5]).round(6)
    array([1.      , 0.606531])
    """

    ts: NDArray[np.float64]
    t_min: float
    t_max: float
    _widths: NDArray[np.float64]
    _points: NDArray[np.float64]
    _coefficients: NDArray[np.float64]
    _shape: tuple[int, ...]

    def _title(self) -> str:
        return "Solution of a differential equation, a function of t"

    def _rows(self) -> list[tuple[str, str]]:
        pieces = len(self._widths)
        return [
            ("t", f"{self.t_min:.6g} to {self.t_max:.6g}"),
            ("made of", f"{pieces} polynomial{'s' * (pieces != 1)}"),
        ]

    def __call__(self, t: ArrayLike) -> Any:
        """Give the solution at ``t``, a time or a vector of times."""
        times = np.asarray(t, dtype=np.float64)
        if times.ndim > 1:
            raise ValueError(f"sol: t has {times.ndim} axes, but must be a time or a vector of times")
        outside = (times < self.t_min) | (times > self.t_max)
        if outside.any():
            raise ValueError(
                f"sol: t holds {times[outside].flat[0]}, but the solution is known from {self.t_min} to {self.t_max}"
            )
        flat = np.atleast_1d(times)
        if not len(self._widths):
            values = np.repeat(self._points, len(flat), axis=0)
        else:
            forward = self.ts[-1] >= self.ts[0]
            piece = np.searchsorted(self.ts, flat, "right") if forward else np.searchsorted(-self.ts, -flat, "right")
            piece = np.clip(piece, 1, len(self._widths)) - 1
            theta = ((flat - self.ts[piece]) / self._widths[piece])[:, np.newaxis]
            values = np.zeros((len(flat), self._points.shape[1]))
            for k in reversed(range(self._coefficients.shape[1])):
                values = (self._coefficients[piece, k] + values) * (theta if k % 2 == 0 else 1 - theta)
            values += self._points[piece]
            values[flat == self.ts[-1]] = self._points[-1]
        shaped = _last_axis(values, self._shape)
        return shaped[..., 0][()] if times.ndim == 0 else shaped


@dataclass(slots=True, repr=False, eq=False)
class OdeResult(Result):
    """The solution of an initial value problem. The fields are those of ``scipy.integrate.solve_ivp``.

    Attributes
    ----------
    t : ndarray, shape (m,)
        Times: those of ``t_eval``, or the start and the ends of the steps.
    y : ndarray, shape (n, m)
        The solution at those times; for a ``y0`` of another shape, that shape with a last axis of ``m``.
    sol : OdeSolution or None
        The solution as a function of time, if ``dense_output`` was asked for.
    t_events : list of ndarray or None
        The times of each event.
    y_events : list of ndarray or None
        The solution there, one row a time.
    nfev, njev, nlu : int
        How often f was called (for the differences of the Jacobian matrix too), how many Jacobian matrices were
        formed, how many matrices were factored.
    status : int
        0: the end of ``t_span`` was reached, 1: an event ended the integration, -1: it failed.
    success : bool
        Whether the status is 0 or 1.
    message : str
        The same in words, with the place where it failed.
    steps : int
        Steps made.
    methods : list of tuple
        The methods that were used, each as a pair of the time of its first step and its name.
    """

    t: NDArray[np.float64]
    y: NDArray[np.float64]
    sol: OdeSolution | None
    t_events: list[NDArray[np.float64]] | None
    y_events: list[NDArray[np.float64]] | None
    nfev: int
    njev: int
    nlu: int
    status: int
    success: bool
    message: str
    steps: int
    methods: list[tuple[float, str]]

    def _title(self) -> str:
        return "Differential equation: " + ("solved" if self.success else "not solved to the end")

    def _rows(self) -> list[tuple[str, str]]:
        rows = [
            ("t", f"{len(self.t)} times" + (f", {self.t[0]:.6g} to {self.t[-1]:.6g}" if len(self.t) else "")),
            ("y", f"shape {self.y.shape}" + (f", at last {format_value(self.y[..., -1])}" if len(self.t) else "")),
            ("method", self._used()),
            ("nfev, njev, nlu", f"{self.nfev}, {self.njev}, {self.nlu}"),
            ("message", self.message),
        ]
        if self.t_events is not None:
            found = "; ".join(format_value(times) for times in self.t_events)
            rows.insert(3, ("t_events", found))
        return rows

    def _used(self) -> str:
        names = [name if i == 0 else f"{name} from t = {t:.4g}" for i, (t, name) in enumerate(self.methods[:3])]
        rest = len(self.methods) - len(names)
        return ", ".join(names) + (f", and {rest} more changes" if rest else "") + f", {self.steps} steps"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw every component over time, with the events.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; by default a new figure.

        Returns
        -------
        matplotlib Axes
            What was drawn on. Needs matplotlib.
        """
        from underhood.plot._equations import solution

        return solution(self, ax)


def solve_ivp(
    f: GivenField,
    t_span: ArrayLike,
    y0: ArrayLike,
    method: Method = "auto",
    *,
    t_eval: ArrayLike | None = None,
    dense_output: bool = False,
    events: Callable[..., Any] | Sequence[Callable[..., Any]] | None = None,
    args: tuple[Any, ...] = (),
    rtol: float = 1e-6,
    atol: ArrayLike = 1e-9,
    max_step: float | None = None,
    first_step: float | None = None,
    jac: Callable[..., Any] | ArrayLike | None = None,
    max_steps: int = 100_000,
    step: float | None = None,
) -> OdeResult:
    """Solve an initial value problem: y' = f(t, y) with y(t₀) = y₀.

    Parameters
    ----------
    f : callable, str or list of str
        ``f(t, y)`` with a number t and an array y of the shape of ``y0``; returns the slope y', as many numbers. A text
        is one of the time t and the whole solution y, ``"-2*t*y"``. A system is a list (or tuple) of texts, one for
        each component's slope, in t and the components: x and y of two, x, y and z of three (so y is the *second*),
        or y0, y1, … of any number. ``["y", "-9.81"]`` is x' = y, y' = -9.81: height x and velocity y of a stone.
    t_span : (float, float)
        Start and end. The end may be the earlier one: then time runs backward.
    y0 : array_like
        The start; a number, a list or an array of any shape.
    method : {"auto", "RK45", "DOP853", "Radau", "euler", "rk4"}, default "auto"
        ``"DOP853"`` is an explicit Runge-Kutta method of order 8, ``"RK45"`` one of order 5, ``"Radau"`` an implicit
        one of order 5 for stiff equations. ``"auto"`` starts with DOP853, changes to Radau where stiffness shows,
        and back where it is gone. ``"euler"`` (order 1) and ``"rk4"`` (order 4) make steps of constant length: to
        learn what accuracy costs.
    t_eval : array_like, optional
        Times at which to give the solution, in the direction of ``t_span``; by default the ends of the steps.
    dense_output : bool, default False
        Whether to give the solution as a function of time too, as ``sol``.
    events : callable or sequence of callables, optional
        ``event(t, y)`` returns a number, whose zeros along the solution are found. With an attribute
        ``event.terminal = True`` the first ends the integration (with a whole number, that one); with
        ``event.direction`` positive or negative only those count where the event rises or falls. Its sign is looked at
        twelve times within each step, and more often where it changes often; an event that is positive for less than a
        twelfth of a step may be missed: shorten the steps with ``max_step``.
    args : tuple, default ()
        Further arguments for ``f``, ``jac`` and the events.
    rtol, atol : float, array_like, default 1e-6 and 1e-9
        Each step's error in component i is to stay below about ``atol + rtol * abs(y[i])``; ``atol`` may have the
        shape of ``y0``, and a 0 in it counts as a millionth of ``rtol`` times the largest component at the start, or
        times what its slope there adds over ``t_span`` if that is more. With ``t_eval`` or ``dense_output`` the default
        method and ``"DOP853"`` halve both, since the polynomials between their steps are of order 7. The error at the
        end is usually some ten times as large.
    max_step : float, optional
        Longest step; by default any.
    first_step : float, optional
        Length of the first step; by default it is found.
    jac : callable or array_like, optional
        The matrix of ∂fᵢ/∂yⱼ, as ``jac(t, y)`` or as a constant; Radau uses it. By default it is the exact
        one where ``f`` can be traced, and else computed by differences, n calls of f each.
    max_steps : int, default 100000
        Most attempts at steps; those of constant length are not counted.
    step : float, optional
        Length of the steps of ``"euler"`` and ``"rk4"``; by default a hundredth of the interval. The last step is
        shorter where it must be.

    Returns
    -------
    OdeResult
        SciPy's fields ``t, y, sol, t_events, y_events, nfev, njev, nlu, status, message, success``, and ``methods``
        and ``steps``; ``plot()`` draws it.

    Raises
    ------
    TypeError
        ``f`` cannot be called or returns something other than real numbers; an argument is of the wrong type.
    ValueError
        An argument is out of range, ``f`` returns the wrong number of numbers. Whatever ``f`` raises comes out.

    Warns
    -----
    AccuracyWarning
        The end was not reached: the solution grows without bound, f has no finite value, the steps shrink to nothing
        or are used up. ``success`` is False, and ``t`` and ``y`` hold what was found.

    Notes
    -----
    Unlike SciPy's ``solve_ivp``, the default method notices stiffness, and the default tolerances are 1e-6 and 1e-9
    (SciPy's, 1e-3 and 1e-6, give pictures that look right and are not). Events are looked for inside the steps too,
    and an event that is zero at the start has not happened. ``nfev`` counts the calls for differences.

    An equation of the second order, y'' = g(t, y, y'), is a system of two of the first: put v = y', then y' = v and
    v' = g(t, y, v) (see the examples).

    The methods are Dormand and Prince's [1]_ with Hairer's estimates and interpolants [2]_ and Radau IIA [3]_. The
    steps are chosen by a controller that remembers how the last step changed.

    References
    ----------
    .. [1] J. R. Dormand, P. J. Prince, "A family of embedded Runge-Kutta formulae", J. Comput. Appl. Math. 6 (1980)
       19-26.
    .. [2] E. Hairer, S. P. Norsett, G. Wanner, "Solving Ordinary Differential Equations I", Springer 1993.
    .. [3] E. Hairer, G. Wanner, "Solving Ordinary Differential Equations II", Springer 1996.

    Examples
    --------
    Exponential decay:

    >>> from underhood.calculus import solve_ivp
    >>> r = solve_ivp(lambda t, y: -0.5 * y, (0, 10), [2.0], t_eval=[0, 5, 10])
    >>> r.y.round(5)
    array([[2.     , 0.16417, 0.01348]])

    A pendulum, y'' = -sin(y), as a system of two; when does it hang straight down?

    >>> import numpy as np
    >>> def pendulum(t, y):
    ...     angle, velocity = y
    ...     return [velocity, -np.sin(angle)]
    >>> r = solve_ivp(pendulum, (0, 10), [1.0, 0.0], events=lambda t, y: y[0])
    >>> r.t_events[0].round(4)
    array([1.675, 5.025, 8.375])

    What accuracy costs: Euler's method on y' = y, whose solution at 1 is e.

    >>> for step in (0.1, 0.01, 0.001):
    ...     r = solve_ivp(lambda t, y: y, (0, 1), 1.0, method="euler", step=step)
    ...     print(f"{r.nfev:5d} calls, error {np.e - r.y[-1]:.5f}")
       11 calls, error 0.12454
      101 calls, error 0.01347
     1001 calls, error 0.00136
    """
    y0 = _core.start(y0)
    start = y0.shape
    watched = [] if events is None else [events] if callable(events) or isinstance(events, str) else list(events)
    crossings = []
    for event in watched:
        terminal, direction = getattr(event, "terminal", None), getattr(event, "direction", 0.0)
        crossings.append((_prepared("events", event, args, start), _sign(direction), _count(terminal)))
    found = _core.solve_ivp(
        _prepared("f", f, args, start),
        t_span,
        y0,
        _jacobian(jac, args, start),
        crossings,
        method,
        t_eval,
        dense_output,
        (rtol, atol),
        [first_step, max_step, max_steps, step],
    )
    (t, values), pieces, happened, counts, (status, message), methods = found
    sol = None
    if pieces is not None:
        ts, widths, points, coefficients = pieces
        sol = OdeSolution(ts, float(ts.min()), float(ts.max()), widths, points, coefficients, start)
    nfev, njev, nlu, steps = counts
    if status < 0:
        warnings.warn(f"solve_ivp: {message}", AccuracyWarning, stacklevel=2)
    return OdeResult(
        t=t,
        y=_last_axis(values, start),
        sol=sol,
        t_events=None if events is None else [times for times, _ in happened],
        y_events=None if events is None else [points.reshape(len(points), *start) for _, points in happened],
        nfev=nfev,
        njev=njev,
        nlu=nlu,
        status=status,
        success=status >= 0,
        message=message,
        steps=steps,
        methods=methods,
    )


def _last_axis(values: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Turn rows, one a time, into the shape of y0 with a last axis of times."""
    return np.moveaxis(values.reshape(len(values), *shape), 0, -1)


def _prepared(argument: str, f: Any, args: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    """Give a function of t and y alone."""
    if not isinstance(args, tuple):
        raise TypeError(f"solve_ivp: args is a {type(args).__name__}, but must be a tuple, such as (1.5,)")
    if args and is_written(f) and not callable(f):
        raise ValueError(f"solve_ivp: args goes with a callable, but {argument} is a text: write the numbers into it")
    if args and callable(f):
        return resolve("solve_ivp", argument, lambda t, y: f(t, y, *args), (), shape)
    return resolve("solve_ivp", argument, f, (), shape, state=True)


def _jacobian(jac: Any, args: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    if jac is None or callable(jac):
        return None if jac is None else _prepared("jac", jac, args, shape)
    matrix = np.asarray(jac, dtype=np.float64)
    return lambda t, y: matrix


def _sign(direction: Any) -> float:
    try:
        return float(direction)
    except (TypeError, ValueError):
        raise TypeError(f"solve_ivp: events has a direction of {direction!r}, but it must be a number") from None


def _count(terminal: Any) -> int:
    """Give the number of the zero that ends the integration; 0 if none does."""
    if terminal is None:
        return 0
    if isinstance(terminal, bool | int | np.integer | np.bool_) and terminal >= 0:
        return int(terminal)
    raise ValueError(f"solve_ivp: events has a terminal of {terminal!r}, but it must be a bool or a whole number")
