"""Pictures of many confidence intervals beside the true value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from underhood._results import format_value
from underhood.plot._canvas import COLOURS, axes, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["intervals"]


def intervals(result: Any, *, ax: Axes | None) -> Axes:
    """Draw intervals one above the other, those that miss the true value in another colour."""
    ax = axes(ax)
    low, high = result.intervals.T
    places = np.arange(1, len(low) + 1)
    missed = (low > result.true_value) | (high < result.true_value)
    for chosen, colour, label in ((~missed, COLOURS[0], "holds it"), (missed, COLOURS[5], "misses it")):
        ax.hlines(places[chosen], low[chosen], high[chosen], color=colour, linewidth=1.5, label=label)
        ax.plot(result.estimates[chosen], places[chosen], ".", color=colour, markersize=3)
    ax.axvline(result.true_value, color="black", linewidth=1)
    ax.set_xlabel(f"{result.interval} (true value {format_value(float(result.true_value), 4)})")
    ax.set_ylabel("sample")
    return finish(ax, ["holds it", "misses it"])
