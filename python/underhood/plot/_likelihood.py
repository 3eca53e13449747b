"""Pictures of likelihoods: a curve over one parameter, contours over two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from underhood.distributions import ChiSquared
from underhood.plot._canvas import COLOURS, axes, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["contours", "curve"]

_POINTS = 121
_SIDE = 61
_WIDER = 0.6
"""So much of an interval's width is shown beyond its ends."""


def _span(result: Any, parameter: str, points: int) -> Any:
    """Choose the values to draw: the interval and somewhat more, as far as there are distributions."""
    centre, error = result.parameters[parameter], result.standard_errors[parameter]
    low, high = result.confidence_intervals[parameter]
    reach = 3 * error if error > 0 and np.isfinite(error) else 0.3 * abs(centre) or 0.3
    low, high = (end if np.isfinite(end) else centre + sign * reach for end, sign in ((low, -1), (high, 1)))
    width = high - low or 2 * reach
    return np.linspace(low - _WIDER * width, high + _WIDER * width, points)


def curve(result: Any, parameter: str, ax: Axes | None) -> Axes:
    """Draw the profile of one parameter relative to the maximum, with its interval."""
    ax = axes(ax)
    x = np.union1d(_span(result, parameter, _POINTS), [result.parameters[parameter]])
    y = np.exp(result.profile(parameter, x) - result.log_likelihood)
    possible = y > 0
    ax.plot(x[possible], y[possible], color=COLOURS[0], label="likelihood")
    cut = float(np.exp(-ChiSquared(1).ppf(result.confidence_level) / 2))
    low, high = (float(np.clip(end, x[0], x[-1])) for end in result.confidence_intervals[parameter])
    label = f"{100 * result.confidence_level:g} % interval"
    ax.hlines(cut, low, high, color=COLOURS[1], linewidth=3, label=label)
    ax.axvline(result.parameters[parameter], color=COLOURS[6], linewidth=0.8, label="estimate")
    ax.set_ylim(0.0, 1.05)
    ax.set_xlabel(parameter)
    ax.set_ylabel("likelihood, its maximum = 1")
    return finish(ax, ("likelihood", "interval", "estimate"))


def contours(result: Any, ax: Axes | None) -> Axes:
    """Draw the joint likelihood of two parameters, with the regions of 50, 90 and 99 % confidence."""
    ax = axes(ax)
    first, second = result.estimated
    x, y = _span(result, first, _SIDE), _span(result, second, _SIDE)
    fallen = np.array([[result(**{first: a, second: b}) for a in x] for b in y]) - result.log_likelihood
    levels = [-float(ChiSquared(2).ppf(level)) / 2 for level in (0.99, 0.9, 0.5)]
    lowest = 2 * levels[0]
    drawn = ax.contour(x, y, np.maximum(fallen, lowest), levels=levels, colors=list(COLOURS[:3]))
    ax.clabel(drawn, fmt=dict(zip(drawn.levels, ("99 %", "90 %", "50 %"), strict=True)), fontsize="small")
    ax.plot(result.parameters[first], result.parameters[second], "+", color=COLOURS[6], markersize=10)
    ax.set_xlabel(first)
    ax.set_ylabel(second)
    return finish(ax, ())
