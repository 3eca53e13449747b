"""Gradient descent, with all that happened on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import optimize as _core
from underhood._results import Result, format_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["DescentResult", "gradient_descent"]

_STATUS = {"converged": 0, "max_iter": 1, "diverged": 2, "stalled": 3, "callback": 4}


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
        How often ``f`` and ``gradient`` were called.
    success : bool
        Whether the descent converged.
    status : int
        0 converged, 1 steps used up, 2 diverged, 3 stalled, 4 stopped by the callback.
    reason : str
        The same as a word: ``"converged"``, ``"max_iter"``, ``"diverged"``, ``"stalled"``, ``"callback"``.
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
    curvature : float or None
        |Δ∇f| / |Δx| between the last two points. On a bowl that the descent diverges from, this is the largest
        curvature L, and rates up to 2/L are stable.
    learning_rate, momentum : float
        As given.
    gradient_method : str
        ``"given"``, or ``"numerical"`` if it was computed by :func:`underhood.calculus.gradient`.
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
    curvature: float | None
    learning_rate: float
    momentum: float
    gradient_method: str
    _f: Callable[[NDArray[np.float64]], Any] | None = None

    def _title(self) -> str:
        return "Gradient descent: " + self.reason

    def _rows(self) -> list[tuple[str, str]]:
        norms, kept = self.gradient_norms, "not kept" if self.path is None else f"{len(self.path)} points"
        return [
            ("x", format_value(self.x)),
            ("fun", f"{self.values[0]:.6g} → {self.fun:.6g}"),
            ("|gradient|", f"{norms[0]:.3g} → {norms[-1]:.3g} ({self.gradient_method})"),
            (
                "nit",
                f"{self.nit} steps at learning_rate={self.learning_rate:g}"
                + (f", momentum={self.momentum:g}" if self.momentum else ""),
            ),
            ("nfev, njev", f"{self.nfev}, {self.njev}"),
            ("path", kept),
            ("message", self.message),
        ]

    def __reduce__(self) -> tuple[Any, ...]:
        # The function may be a lambda, which does not pickle; all else does.
        return _restore, tuple(getattr(self, name) for name in self.__slots__ if name != "_f")

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the descent: the path on the contours of ``f`` in two dimensions, else the values step by step.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; by default a new figure.

        Returns
        -------
        matplotlib Axes
            What was drawn on. Needs matplotlib.
        """
        import matplotlib.pyplot as plt

        if ax is None:
            _, ax = plt.subplots()
        if self.path is None or self.path[0].shape != (2,) or self._f is None:
            height = self.values - min(self.values.min(), 0.0)
            ax.plot(self.values)
            if (self.values > 0).all() and height.max() > 100 * height.min():
                ax.set_yscale("log")
            ax.set(xlabel="step", ylabel="f(x)", title=f"gradient descent: {self.reason}")
            return ax
        low, high = self.path.min(axis=0), self.path.max(axis=0)
        margin = 0.15 * np.maximum(high - low, 0.2 * (high - low).max() + 1e-12 * (1 + np.abs(high)))
        across, up = (np.linspace(a - m, b + m, 80) for a, b, m in zip(low, high, margin, strict=True))
        heights = np.array([[_value(self._f, np.array([a, b])) for a in across] for b in up])
        if np.isfinite(heights).any():
            levels = np.unique(np.nanquantile(heights[np.isfinite(heights)], np.linspace(0, 1, 20)))
            if len(levels) > 1:
                ax.contour(across, up, np.ma.masked_invalid(heights), levels=levels, cmap="viridis", linewidths=0.8)
        ax.plot(*self.path.T, "o-" if self.nit <= 200 else "-", color="tab:red", markersize=3, linewidth=1)
        ax.plot(*self.path[-1], "*", color="tab:red", markersize=12)
        ax.set(xlabel="x[0]", ylabel="x[1]", title=f"gradient descent: {self.reason} after {self.nit} steps")
        return ax


def _value(f: Callable[[NDArray[np.float64]], Any], x: NDArray[np.float64]) -> float:
    """Height for a contour plot: NaN where f has no value."""
    try:
        with np.errstate(all="ignore"):
            return float(np.asarray(f(x)).reshape(()))
    except (ValueError, ArithmeticError):
        return float("nan")


def _restore(*fields: Any) -> DescentResult:
    return DescentResult(*fields)


def gradient_descent(
    f: Callable[[NDArray[np.float64]], Any],
    x0: ArrayLike,
    *,
    gradient: Callable[[NDArray[np.float64]], ArrayLike] | None = None,
    learning_rate: float = 0.01,
    momentum: float = 0.0,
    max_iter: int = 1000,
    tol: float = 1e-8,
    keep_path: bool = True,
    callback: Callable[[NDArray[np.float64]], object] | None = None,
) -> DescentResult:
    """Walk downhill from ``x0``: x ← x - η ∇f(x), until the gradient vanishes.

    With momentum β the walk has inertia: v ← β v - η ∇f(x), x ← x + v.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of ``x0`` (a copy of its own each time) and returns one number.
    x0 : array_like
        Where to start; any shape. A number is an array without axes.
    gradient : callable, optional
        Takes the same and returns the gradient, an array of the same shape. If it is not given, the gradient is
        computed numerically, which calls ``f`` some 20 to 40 times for each coordinate.
    learning_rate : float, default 0.01
        η, the step for each unit of slope; positive. On a bowl whose largest curvature is L, the walk converges if
        η < 2/L.
    momentum : float, default 0
        β, the part of the last step that is repeated; at least 0 and below 1.
    max_iter : int, default 1000
        Most steps.
    tol : float, default 1e-8
        The walk has converged when the Euclidean length of the gradient is no more than this. It has the unit of f
        over that of x, so a function that is scaled by 1000 needs a tol scaled by 1000.
    keep_path : bool, default True
        Whether to keep every point and gradient. Values and the gradients' lengths are kept in any case.
    callback : callable, optional
        Called with a copy of the point after each step; ends the walk by raising ``StopIteration``.

    Returns
    -------
    DescentResult
        ``x``, ``fun``, ``message``, ``path``, ``values``, …; prints as a block, draws itself with ``.plot()``.

    Raises
    ------
    TypeError
        A function cannot be called, or returns something other than numbers.
    ValueError
        ``x0`` is empty or not finite, ``f`` or its gradient is not finite there, the gradient has another shape
        than ``x0``, or an option is out of range. Whatever ``f``, ``gradient`` or ``callback`` raises comes out as
        it is.

    Notes
    -----
    The walk ends with the reason ``"diverged"`` when point, value or gradient become infinite or NaN, or when the
    value is above its start and the gradient 1e10 times longer than there. ``x``, ``fun`` and ``path`` are then the
    last finite ones. It ends as ``"stalled"`` when a step is too small to change ``x``.

    Examples
    --------
    >>> from underhood.optimize import gradient_descent
    >>> walk = gradient_descent(lambda x: (x - 3) ** 2, 0.0, learning_rate=0.25)
    >>> round(float(walk.x), 6), walk.reason, walk.gradient_method
    (3.0, 'converged', 'numerical')
    """
    with np.errstate(all="ignore"):
        (x, fun, jac), counts, (reason, message), kept, curvature = _core.gradient_descent(
            f, x0, gradient, learning_rate, momentum, max_iter, tol, keep_path, callback
        )
    path, values, gradients, norms = kept
    return DescentResult(
        x, fun, jac, *counts, reason == "converged", _STATUS[reason], reason, message, path, values, gradients, norms,
        curvature, float(learning_rate), float(momentum), "numerical" if gradient is None else "given", f,
    )  # fmt: skip
