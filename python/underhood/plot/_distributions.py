"""Pictures of distributions: densities and probabilities, distribution functions, a fit over its data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._results import format_value
from underhood.plot._canvas import COLOURS, axes, finish
from underhood.plot._reading import read_numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ceiling", "curve", "distribution", "fit", "steps"]

_POINTS = 400
_BARS = 80
_MEMBERS = 12
_HEAVY = 1000.0
"""From this kurtosis on the middle 99 % would leave the middle half too small to be seen."""
_FARTHEST = 1e300
"""Farther out, the arithmetic of matplotlib overflows."""


def distribution(X: Any, *, what: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw a distribution: its density as a curve, its probabilities as stems, or another of its functions.

    Where a density is infinite at an end, the picture is cut off above. Of more than 80 whole numbers only every so
    many are drawn, which the label says; of an array of distributions the first twelve.

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
    TypeError, ValueError
        If `X` is no distribution of one variable, or there is no such function.

    Examples
    --------
    >>> from underhood.distributions import Normal
    >>> ax = uh.plot.distribution(Normal([0, 0, 1], [1, 2, 1]))
    >>> len(ax.lines)
    3
    """
    discrete = hasattr(X, "pmf")
    if not (hasattr(X, "cdf") and hasattr(X, "ppf")):
        raise TypeError(f"plot: X is a {type(X).__name__}, but must be a distribution of one variable")
    density = "pmf" if discrete else "pdf"
    what = density if what is None else what
    allowed = (density, "log" + density, "cdf", "sf")
    if what not in allowed:
        raise ValueError(f"plot: what is {what!r}, but must be one of {', '.join(map(repr, allowed))}")
    ax = axes(ax)
    members, count = _members(X)
    step, tops = 1.0, []
    for i, member in enumerate(members):
        colour, label = COLOURS[i % len(COLOURS)], _label(member)
        x, y = curve(member, what)
        if what == "pdf":
            top = ceiling(member, x, y)
            # What leaves the picture above need not go to infinity.
            y = np.minimum(y, 10 * top)
            tops.append(min(top, float(np.max(y, initial=0.0))))
        if not discrete:
            ax.plot(x, y, color=colour, label=label)
            if what == density and count == 1:
                ax.fill_between(x, y, color=colour, alpha=0.15)
        elif what in ("cdf", "sf"):
            ax.step(x, y, where="post", color=colour, label=label)
        else:
            size = 4 if len(x) <= 40 else 2
            if count == 1:
                ax.vlines(x, float(np.min(y, initial=0.0)), y, color=colour, alpha=0.5)
            ax.plot(x, y, "o" if count == 1 else "o-", color=colour, markersize=size, linewidth=0.8, label=label)
            if len(x) > 1 and np.all(x == np.round(x)):
                step = max(step, float(np.min(np.diff(x))))
    if what == density:
        ax.set_ylim(0.0, 1.05 * max(tops) if tops and np.isfinite(max(tops)) and max(tops) > 0 else None)
    if discrete:
        if _is_whole(ax.lines):
            from matplotlib.ticker import MaxNLocator

            ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        if len(ax.lines) == 1 and len(np.unique(ax.lines[0].get_xdata())) == 1:
            ax.set_xlim(x[0] - 1, x[0] + 1)
    every = f" (every {step:,.0f} values)" if 1 < step < 1e15 and what == density else ""
    ax.set_xlabel(f"k{every}" if discrete else "x")
    ax.set_ylabel(what)
    finish(ax, [_label(member) for member in members])
    if count == 1:
        ax.set_title(_label(members[0]), fontsize="medium")
    elif count > len(members):
        ax.set_title(f"{len(members)} of {count:,} distributions", loc="right", fontsize="small")
    return ax


def curve(X: Any, what: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the points at which one distribution is drawn: where most of it is, and what is finite there."""
    x = _whole_numbers(X, what) if hasattr(X, "pmf") else _line(X)
    y = np.asarray(getattr(X, what)(x))
    if what == "pdf":
        y = np.minimum(y, np.finfo(float).max)
    finite = np.isfinite(y)
    return x[finite], y[finite]


def ceiling(X: Any, x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Give where the picture of a density ends above: at its top, or, if that is infinite, on the way there.

    Where 1.5 % of the picture's width is left to a pole, the curve leaves the picture.
    """
    poles = x[y >= np.finfo(float).max]
    if not len(poles):
        return float(np.max(y, initial=0.0))
    away = 0.015 * (x[-1] - x[0])
    nearby = np.asarray(X.pdf(np.concatenate([poles - away, poles + away])))
    return float(np.max(nearby[np.isfinite(nearby)], initial=0.0)) or 1.0


def _range(X: Any) -> tuple[float, float]:
    """Give the ends of the picture: the middle 99 %, or, if the tails are heavy, some widths of the middle half."""
    low, high = (float(end) for end in X.interval(0.99))
    lower, upper = (float(end) for end in X.interval(0.5))
    if not X.kurtosis() < _HEAVY and upper > lower:
        low, high = max(low, lower - 4 * (upper - lower)), min(high, upper + 4 * (upper - lower))
    return max(low, -_FARTHEST), min(high, _FARTHEST)


def _line(X: Any) -> NDArray[np.float64]:
    """Give the points for a curve: evenly spaced, and more of them where the probability is."""
    low, high = _range(X)
    margin = 0.08 * (high - low)
    x = np.linspace(low - margin, high + margin, _POINTS)
    by_share = np.asarray(X.ppf(np.linspace(0.0, 1.0, _POINTS // 2 + 1)))
    # Both sides of each end, where the density may jump.
    ends = [float(end) for end in X.support() if np.isfinite(end)]
    beside = [np.nextafter(end, side) for end in ends for side in (-np.inf, np.inf)]
    x = np.concatenate([x, by_share, ends, beside])
    return np.unique(x[(x >= low - margin) & (x <= high + margin)])


def _whole_numbers(X: Any, what: str) -> NDArray[np.float64]:
    """Give the points for stems or steps: the values, or every so many of them if there are more than pixels."""
    values = np.unique(np.asarray(X.ppf(np.linspace(0.0, 1.0, _POINTS)[1:-1])))
    if np.any(values != np.round(values)):
        # Values of a sample, which need not be whole.
        return values
    low, high = _range(X)
    first, last = (float(end) for end in X.support())
    step = float(max(1, round((high - low) / _BARS)))
    if step > 1 and len(values) <= _BARS:
        # Few values, far apart.
        return values
    if what in ("cdf", "sf"):
        first, last = first - step, last + step
    start, stop = max(first, low - step), min(last, high + step)
    return start + step * np.arange(np.floor((stop - start) / step) + 1)


def fit(result: Any, data: ArrayLike, *, ax: Axes | None = None) -> Axes:
    """Draw a fitted distribution over the histogram of its data."""
    X = result.distribution
    values = read_numbers("FitResult.plot", "data", data)
    values = values[np.isfinite(values)]
    if not len(values):
        raise ValueError("FitResult.plot: data holds no number, but must hold the values that were fitted")
    discrete = hasattr(X, "pmf")
    x, y = curve(X, "pmf" if discrete else "pdf")
    top = ceiling(X, x, y)
    ax = axes(ax)
    edges = steps(values) if discrete else _bins(values, x)
    counts, edges = np.histogram(values, edges)
    width = edges[1:] - edges[:-1]
    height = counts / (len(values) * width)
    middle = edges[:-1] + width / 2
    ax.bar(middle, height, 0.9 * width if discrete else width, color=COLOURS[4], label="data")
    ax.plot(x, np.minimum(y, 10 * top), "o-" if discrete else "-", color=COLOURS[5], markersize=4, label=_label(X))
    if not discrete:
        ax.set_ylim(0.0, 1.05 * max(float(np.max(height)), top))
    ax.set_xlabel("k" if discrete else "x")
    ax.set_ylabel("share per unit" if discrete and width[0] > 1 else "share" if discrete else "density")
    outside = len(values) - int(counts.sum())
    if outside:
        ax.set_title(f"{outside:,} of {len(values):,} values outside", loc="right", fontsize="small")
    return finish(ax, ["data", _label(X)])


def steps(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the edges of bars for whole numbers: a bar for each, or for equally many."""
    low, high = float(values.min()), float(values.max())
    most = min(_BARS, max(20, 2 * len(values) ** 0.5))
    step = float(max(1, np.ceil((high - low + 1) / most)))
    return low - 0.5 + step * np.arange(np.ceil((high - low + 1) / step) + 1)


def _bins(values: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the edges of a histogram: the width by Freedman and Diaconis (1981), but 5 to 80 bars in the picture."""
    quarter, half = np.quantile(values, [0.25, 0.75])
    spread = 4 * (half - quarter)
    low = max(float(values.min()), min(float(x[0]), float(quarter - spread)))
    high = min(float(values.max()), max(float(x[-1]), float(half + spread)))
    if not high > low:
        return np.asarray([low - 0.5, low + 0.5] if low == round(low) else [low * 0.99, low * 1.01])
    width = 2 * (half - quarter) / len(values) ** (1 / 3)
    count = int(np.clip((high - low) / width if width > 0 else 10, 5, 80))
    return np.linspace(low, high, count + 1)


def _is_whole(lines: Any) -> bool:
    """Whether only whole numbers are drawn."""
    return all(np.all(line.get_xdata() == np.round(line.get_xdata())) for line in lines)


def _label(X: Any) -> str:
    """Write a distribution with the digits that a legend has room for."""
    text = ", ".join(f"{name}={format_value(value)}" for name, value in X.parameters.items())
    label = f"{type(X).__name__}({' '.join(text.split())})"
    return label if len(label) <= 60 else label[:58] + " …"


def _members(X: Any) -> tuple[list[Any], int]:
    """Give the first distributions of an array of them, and how many there are."""
    means = X.mean()
    if not isinstance(means, np.ndarray):
        return [X], 1
    columns = [column.ravel() for column in np.broadcast_arrays(*X.parameters.values())]
    rows = list(zip(*(column[:_MEMBERS] for column in columns), strict=True))
    return [type(X)(*map(float, row)) for row in rows], means.size
