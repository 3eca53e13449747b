"""Pictures of distributions: densities and probabilities, distribution functions, a fit over its data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood.plot._canvas import COLOURS, axes, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["curve", "distribution", "fit"]

_POINTS = 400
_BARS = 80


def distribution(X: Any, *, what: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw a distribution: its density as a curve, its probabilities as stems, or another of its functions.

    Parameters
    ----------
    X : Continuous or Discrete
        One distribution, or an array of them, which are drawn together.
    what : {"pdf", "pmf", "cdf", "sf", "logpdf", "logpmf"}, optional
        The function; the density (the probabilities) if left out.
    ax : matplotlib axes, optional
        Where to draw; new axes if left out.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    ValueError
        If there is no such function.

    Examples
    --------
    >>> from underhood.distributions import Normal
    >>> ax = uh.plot.distribution(Normal([0, 0, 1], [1, 2, 1]))
    >>> len(ax.lines)
    3
    """
    discrete = hasattr(X, "pmf")
    density = "pmf" if discrete else "pdf"
    what = density if what is None else what
    if what not in (density, "log" + density, "cdf", "sf"):
        allowed = ", ".join(f'"{name}"' for name in (density, "log" + density, "cdf", "sf"))
        raise ValueError(f'plot: what is "{what}", but must be one of {allowed}')
    ax = axes(ax)
    members = _members(X)
    for i, member in enumerate(members):
        colour, label = COLOURS[i % len(COLOURS)], repr(member)
        x, y = curve(member, what)
        if not discrete:
            ax.plot(x, y, color=colour, label=label)
            if what == density and len(members) == 1:
                ax.fill_between(x, y, color=colour, alpha=0.15)
        elif what in ("cdf", "sf"):
            ax.step(x, y, where="post", color=colour, label=label)
        else:
            floor = float(np.min(y)) if what.startswith("log") else 0.0
            ax.vlines(x, floor, y, color=colour, alpha=0.5)
            ax.plot(x, y, "o", color=colour, markersize=4, label=label)
    if what == "pdf":
        ax.set_ylim(bottom=0.0)
    ax.set_xlabel("k" if discrete else "x")
    ax.set_ylabel(what)
    finish(ax, [repr(member) for member in members])
    if len(members) == 1:
        ax.set_title(repr(members[0]), fontsize="medium")
    return ax


def curve(X: Any, what: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the points at which one distribution is drawn: over the middle 99 % of it, and what is finite there."""
    low, high = (float(end) for end in X.interval(0.99 if np.isfinite(X.kurtosis()) else 0.95))
    first, last = (float(end) for end in X.support())
    if hasattr(X, "pmf"):
        # More values than pixels: every so many of them.
        step = max(1, round((high - low) / _BARS))
        k = np.arange(max(first, low - step), min(last, high + step) + 0.5, step)
        return k, np.asarray(getattr(X, what)(k))
    margin = 0.08 * (high - low)
    x = np.linspace(max(first, low - margin), min(last, high + margin), _POINTS)
    y = np.asarray(getattr(X, what)(x))
    if what == "pdf":
        # A density that goes to infinity at an end would leave nothing else to see.
        y = np.minimum(y, 6 * float(X.pdf(X.median())) + 1e-300)
    finite = np.isfinite(y)
    return x[finite], y[finite]


def fit(result: Any, data: ArrayLike, *, ax: Axes | None = None) -> Axes:
    """Draw a fitted distribution over the histogram of its data."""
    ax = axes(ax)
    X = result.distribution
    values = np.asarray(data, dtype=float)
    if hasattr(X, "pmf"):
        k, counts = np.unique(values, return_counts=True)
        ax.bar(k, counts / len(values), 0.8, color=COLOURS[4], label="data")
        at, y = curve(X, "pmf")
        ax.plot(at, y, "o-", color=COLOURS[5], markersize=4, label=repr(X))
    else:
        ax.hist(values, bins="auto", density=True, color=COLOURS[4], edgecolor="none", label="data")
        x, y = curve(X, "pdf")
        ax.plot(x, y, color=COLOURS[5], label=repr(X))
    ax.set_xlabel("k" if hasattr(X, "pmf") else "x")
    return finish(ax, ["data", repr(X)])


def _members(X: Any) -> list[Any]:
    """Give each distribution of an array of them."""
    parameters = X.parameters
    if not any(isinstance(value, np.ndarray) for value in parameters.values()):
        return [X]
    columns = np.broadcast_arrays(*parameters.values())
    return [type(X)(*map(float, row)) for row in zip(*(column.ravel() for column in columns), strict=True)]
