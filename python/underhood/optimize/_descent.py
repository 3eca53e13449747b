"""Gradient descent, with all that happened on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import optimize as _core
from underhood._functions import resolve
from underhood._results import Result, format_value
from underhood.optimize._rates import check_rate as _check_rate
from underhood.optimize._rates import core_rate, flag, rate_shown, shape_of
from underhood.optimize._result import start_inside
from underhood.optimize.schedules import Schedule

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from underhood.plot._animation import Animation

__all__ = ["DescentResult", "gradient_descent"]

_STATUS = {"converged": 0, "max_iter": 1, "diverged": 2, "stalled": 3, "callback": 4, "saddle": 5, "plateau": 6}


@dataclass(slots=True, repr=False, eq=False)
class DescentResult(Result):
    """A whole descent. The first fields are those of ``scipy.optimize.OptimizeResult``.

    Attributes
    ----------
    x : ndarray
        The last point that was finite with its value and gradient, in the shape of ``x0``.
    fun : float
        The value there.
    jac : ndarray
        The gradient there.
    nit : int
        Steps made.
    nfev, njev : int
        How often the descent called ``f`` and ``gradient``; a last look around is not counted.
    success : bool
        Whether the descent converged.
    status : int
        0 converged, 1 steps used up, 2 diverged, 3 stalled, 4 stopped by the callback, 5 on a saddle, a maximum
        or an inflection, 6 on a plateau.
    reason : str
        The same as a word: ``"converged"``, ``"max_iter"``, ``"diverged"``, ``"stalled"``, ``"callback"``,
        ``"saddle"``, ``"plateau"``.
    message : str
        The same in a sentence, with advice if it went wrong.
    path : ndarray or None
        The points, ``nit + 1`` of them along the first axis, the start first; None with ``keep_path=False``.
    values : ndarray
        The values at those points.
    gradients : ndarray or None
        The gradients at those points; None with ``keep_path=False``.
    gradient_norms : ndarray
        Their Euclidean lengths.
    step_lengths : ndarray
        The Euclidean lengths of the ``nit`` steps.
    rates : ndarray
        The learning rates of the steps.
    curvature : float or None
        |Δ∇f| / |Δx| between the last two points. On a bowl that the descent diverges from, this is the largest
        curvature L, and rates up to 2/L are stable.
    learning_rate : float, Schedule or str
        As given; of a function, its name.
    method : str
        As given; ``"momentum"`` if a momentum was given to ``"plain"``.
    parameters : dict
        The method's parameters.
    gradient_method : str
        ``"given"``; ``"exact"``, by differentiating the graph of ``f``; or ``"numerical"``, by
        :func:`underhood.calculus.gradient`.
    critical_rate : float or None
        The rate beyond which steps overshoot further each time, by the curvature at ``x0``: 2/L for plain descent. None
        if it was not looked for, and where there is none.
    check_evaluations : int
        How often ``gradient`` (without one, ``f``) was called to find it; not counted in ``nfev`` and ``njev``.
    """

    x: NDArray[np.float64]
    fun: float
    jac: NDArray[np.float64]
    nit: int
    nfev: int
    njev: int
    success: bool
    status: int
    reason: str
    message: str
    path: NDArray[np.float64] | None
    values: NDArray[np.float64]
    gradients: NDArray[np.float64] | None
    gradient_norms: NDArray[np.float64]
    _rates: NDArray[np.float64] | None
    _lengths: NDArray[np.float64] | None
    curvature: float | None
    learning_rate: float | Schedule | str
    method: str
    parameters: dict[str, float]
    gradient_method: str
    critical_rate: float | None = None
    check_evaluations: int = 0
    _f: Callable[[NDArray[np.float64]], Any] | None = None

    @property
    def momentum(self) -> float:
        """The part of the last step that was repeated; 0 for methods without momentum."""
        return self.parameters.get("momentum", 0.0)

    @property
    def rates(self) -> NDArray[np.float64]:
        """The learning rates of the steps."""
        return np.full(self.nit, self.learning_rate, dtype=float) if self._rates is None else self._rates

    @property
    def step_lengths(self) -> NDArray[np.float64]:
        """The Euclidean lengths of the steps."""
        # A plain step at a constant rate is the gradient times that.
        return self.gradient_norms[: self.nit] * self.rates if self._lengths is None else self._lengths

    def _title(self) -> str:
        return "Gradient descent: " + self.reason

    def _rows(self) -> list[tuple[str, str]]:
        norms, kept = self.gradient_norms, "not kept" if self.path is None else f"{len(self.path)} points"
        rate = self.learning_rate
        shown = f"{rate:g}" if isinstance(rate, float) else str(rate)
        rule = "".join(f", {name}={value:g}" for name, value in self.parameters.items())
        rows = [
            ("x", format_value(self.x)),
            ("fun", f"{self.values[0]:.6g} → {self.fun:.6g}"),
            ("|gradient|", f"{norms[0]:.3g} → {norms[-1]:.3g} ({self.gradient_method})"),
            ("method", self.method + rule),
            ("nit", f"{self.nit} steps at learning_rate={shown}"),
            ("nfev, njev", f"{self.nfev}, {self.njev}"),
            ("path", kept),
            ("message", self.message),
        ]
        if self.critical_rate is not None:
            rows.insert(5, ("critical rate", f"{self.critical_rate:.4g} by the curvature at x0"))
        return rows

    def __reduce__(self) -> tuple[Any, ...]:
        # The function may be a lambda, which does not pickle; all else does.
        return _restore, tuple(getattr(self, name) for name in self.__slots__ if name != "_f")

    @overload
    def plot(self, ax: None = None) -> Figure: ...
    @overload
    def plot(self, ax: Axes) -> Axes: ...
    def plot(self, ax: Axes | None = None) -> Figure | Axes:
        """Draw the path on the landscape of ``f``, and beside it the value step by step.

        A function of one number is drawn as its curve, one of two as contours. Of more, the picture is the plane
        through the last point along the path's two principal directions; its title says how much of the movement lies
        in that plane. Of a descent that diverged, the first steps are shown.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw the path alone (the values, if the path was not kept); by default both on a new figure.

        Returns
        -------
        matplotlib Figure or Axes
            What was drawn on. Needs matplotlib.
        """
        from underhood.plot import _descent

        return _descent.figure(self._course()) if ax is None else _descent.path(self._course(), ax)

    def animate(self, kind: Literal["html", "frames"] = "html", *, frames: int | None = None) -> Animation | Figure:
        """Show the descent as it goes.

        Parameters
        ----------
        kind : {"html", "frames"}, default "html"
            ``"html"``: a page in itself, with play, pause and a slider, that a notebook shows and keeps when it is
            saved as HTML; it needs no network and no other program. ``"frames"``: a still picture of several moments.
        frames : int, optional
            How many moments; by default up to 150 in the page and 9 in the picture, closer together at the start.

        Returns
        -------
        Animation or matplotlib Figure
            An animation shows itself in Jupyter; ``.html`` is its page and ``.save("descent.html")`` writes it. Needs
            matplotlib.

        Raises
        ------
        ValueError
            The path was not kept.

        Examples
        --------
        >>> from underhood.optimize import gradient_descent
        >>> walk = gradient_descent(lambda x: x[0] ** 2 + 5 * x[1] ** 2, [2.0, 1.0], learning_rate=0.15)
        >>> walk.animate().html.startswith("<!doctype html>")
        True
        """
        from underhood.plot import _animation, _descent

        if kind not in ("html", "frames"):
            raise ValueError(f'animate: kind is {kind!r}, but must be "html" or "frames"')
        if self.path is None:
            raise ValueError("animate: the path was not kept; descend with keep_path=True")
        if frames is not None and (isinstance(frames, bool) or not isinstance(frames, int | np.integer) or frames < 1):
            raise ValueError(f"animate: frames is {frames!r}, but must be a whole number of at least 1")
        if kind == "frames":
            return _descent.frames(self._course(), 9 if frames is None else int(frames))
        return _animation.animation(self._course(), 150 if frames is None else int(frames))

    def _course(self) -> Any:
        """Give what the pictures are drawn from."""
        from underhood.plot._descent import Course

        return Course(
            f=self._f, path=self.path, values=self.values, labels=("step", "f(x)"), slopes=self.gradient_norms,
            diverged=self.reason == "diverged", title=f"gradient descent: {self.reason} after {self.nit} steps",
        )  # fmt: skip


def _restore(*fields: Any) -> DescentResult:
    return DescentResult(*fields)


def gradient_descent(
    f: Callable[[NDArray[np.float64]], Any],
    x0: ArrayLike,
    *,
    gradient: Callable[[NDArray[np.float64]], ArrayLike] | None = None,
    learning_rate: float | str | Schedule | Callable[[int], float] = 0.01,
    method: str = "plain",
    momentum: float | None = None,
    beta1: float | None = None,
    beta2: float | None = None,
    epsilon: float | None = None,
    max_iter: int = 1000,
    tol: float = 1e-8,
    keep_path: bool = True,
    callback: Callable[[NDArray[np.float64]], object] | None = None,
    check_rate: bool = True,
) -> DescentResult:
    """Walk downhill from ``x0``: x ← x - η ∇f(x), until the gradient vanishes.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of ``x0`` (a copy of its own each time) and returns one number.
    x0 : array_like
        Where to start; any shape. A number is an array without axes.
    gradient : callable, optional
        Takes the same and returns the gradient, an array of the same shape. If it is not given and ``f`` can be traced
        (see :func:`underhood.function`), it is the exact one and the whole descent runs without Python; if ``f``
        cannot be traced, the gradient is computed numerically, which calls ``f`` some 20 to 40 times for each
        coordinate.
    learning_rate : float, str, Schedule or callable, default 0.01
        η, the step for each unit of slope. A positive number; a schedule of :mod:`underhood.optimize.schedules`, or any
        function that gives η for step k = 0, 1, …; or a line search (for the plain method): ``"backtracking"`` (also
        called ``"armijo"``) halves η until the value falls by at least η |∇f|²/4, beginning with 1 and then with
        twice the last η; ``"exact"`` goes to the lowest point along the line.
    method : str, default "plain"
        How the gradient g becomes a step:

        - ``"plain"``: x ← x - η g.
        - ``"momentum"``: the walk has inertia, v ← β v - η g, x ← x + v (the heavy ball).
        - ``"nesterov"``: the same with the gradient taken at the point ahead, x + β v. The points of the path are those
          points ahead, where f and its gradient are known.
        - ``"adagrad"``: each coordinate by its own scale, s ← s + g², x ← x - η g/(√s + ε).
        - ``"rmsprop"``: the same with a scale that forgets, s ← β₂ s + (1 - β₂) g².
        - ``"adam"``: momentum and scale, m ← β₁ m + (1 - β₁) g, s as before, x ← x - η m̂/(√ŝ + ε), with
          m̂ = m/(1 - β₁ᵏ), ŝ = s/(1 - β₂ᵏ).
    momentum : float, optional
        β, at least 0 and below 1; 0.9 for ``"momentum"`` and ``"nesterov"``. Given to ``"plain"``, it makes it
        ``"momentum"``.
    beta1, beta2 : float, optional
        β₁ (0.9) and β₂ (0.999; 0.9 for ``"rmsprop"``), at least 0 and below 1.
    epsilon : float, optional
        ε, positive; 1e-8.
    max_iter : int, default 1000
        Most steps.
    tol : float, default 1e-8
        The walk has converged when the Euclidean length of the gradient is no more than this. It has the unit of f
        over that of x, so a function that is scaled by 1000 needs a tol scaled by 1000.
    keep_path : bool, default True
        Whether to keep every point and gradient. Values, rates and lengths are kept in any case.
    callback : callable, optional
        Called with a copy of the point after each step; ends the walk by raising ``StopIteration``.
    check_rate : bool, default True
        Whether to compare the rate with the critical one before the first step. That takes some ten gradients near
        ``x0``, at most 50 (without ``gradient``, some 20 to 100 values for each coordinate).

    Returns
    -------
    DescentResult
        ``x``, ``fun``, ``message``, ``path``, ``values``, …; prints as a block, draws itself with ``.plot()`` and
        ``.animate()``.

    Warns
    -----
    LearningRateWarning
        The rate is beyond the critical one. On a bowl whose largest curvature is L, the walk converges if and only if
        η < 2/L; with momentum 2(1 + β)/L, with Nesterov's 2(1 + β)/((1 + 2β)L). L is the largest eigenvalue of the
        matrix of second derivatives at ``x0``, by power iteration on differences of gradients. It speaks for the
        neighbourhood of ``x0`` alone: where the walk comes to flatter ground it may yet converge, and where to steeper,
        diverge. The other methods divide by the slopes and have no such rate.

    Raises
    ------
    TypeError
        A function cannot be called, or returns something other than numbers.
    ValueError
        ``x0`` is empty or not finite, ``f`` or its gradient is not finite there, the gradient has another shape
        than ``x0``, an option is out of range or does not belong to the method. Whatever ``f``, ``gradient``,
        ``learning_rate`` or ``callback`` raises comes out as it is.

    Notes
    -----
    The walk ends with the reason ``"diverged"`` when point, value or gradient become infinite or NaN, or when the
    value is above its start and the gradient 1e10 times longer than there. ``x``, ``fun`` and ``path`` are then the
    last finite ones. Where the gradient has vanished and f falls away along some way, however near one looks, the
    reason is ``"saddle"`` and ``success`` is False. So it is with the reason ``"plateau"`` where the gradient is
    within ``tol`` at ``x0`` itself, though f falls on from there or is level near by alone. It ends as ``"stalled"``
    when a step is too small to change ``x``, or a line search finds no lower point.

    Sources: A. Cauchy (1847); B. T. Polyak (1964), https://doi.org/10.1016/0041-5553(64)90137-5; Y. Nesterov (1983);
    J. Duchi, E. Hazan, Y. Singer (2011); T. Tieleman, G. Hinton (2012); D. P. Kingma, J. Ba (2015),
    https://arxiv.org/abs/1412.6980; L. Armijo (1966), https://doi.org/10.2140/pjm.1966.16.1.

    Examples
    --------
    >>> from underhood.optimize import gradient_descent
    >>> walk = gradient_descent(lambda x: (x - 3) ** 2, 0.0, learning_rate=0.25)
    >>> round(float(walk.x), 6), walk.reason, walk.gradient_method
    (3.0, 'converged', 'exact')
    >>> round(walk.critical_rate, 3)
    1.0

    A narrow valley, in which momentum helps:

    >>> def valley(x):
    ...     return 0.5 * (x[0] ** 2 + 50 * x[1] ** 2)
    >>> def slope(x):
    ...     return np.array([x[0], 50 * x[1]])
    >>> plain = gradient_descent(valley, [5.0, 1.0], gradient=slope, learning_rate=0.03)
    >>> heavy = gradient_descent(
    ...     valley, [5.0, 1.0], gradient=slope, learning_rate=0.03, method="momentum", momentum=0.7
    ... )
    >>> plain.nit > 2 * heavy.nit
    True
    """
    name = "gradient_descent"
    f = resolve(name, "f", f, shape_of(x0), point=start_inside(x0))
    if gradient is not None:
        gradient = resolve(name, "gradient", gradient, shape_of(x0), point=start_inside(x0))
    rule = (method, momentum, beta1, beta2, epsilon)
    keep_path, checks = flag(name, "keep_path", keep_path), flag(name, "check_rate", check_rate)
    with np.errstate(all="ignore"):
        critical, looked = _check_rate(f, x0, gradient, learning_rate, rule) if checks else (None, 0)
        (x, fun, jac), counts, (reason, message), kept, pace, curvature, rule_used, source = _core.gradient_descent(
            f,
            x0,
            gradient,
            core_rate(name, learning_rate),
            rule,
            max_iter,
            tol,
            keep_path,
            callback,
            critical,
        )
    path, values, gradients, norms = kept
    return DescentResult(
        x, fun, jac, *counts, reason == "converged", _STATUS[reason], reason, message, path, values, gradients, norms,
        *pace, curvature, rate_shown(learning_rate), rule_used[0], dict(rule_used[1]),
        source, critical, looked, f,
    )  # fmt: skip
