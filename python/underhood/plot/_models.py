"""Pictures of fitted models: a curve with its band over the data, ratios with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from underhood._results import format_value
from underhood.plot._canvas import COLOURS, axes, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["fitted_curve", "ratios"]

_POINTS = 3000


def fitted_curve(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    grid: NDArray[np.float64],
    curve: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    labels: tuple[str, str],
    level: float,
    *,
    ax: Axes | None,
) -> Axes:
    """Draw predicted means over a grid with their band, and the rows as points."""
    ax = axes(ax)
    shown = np.arange(x.size)
    if x.size > _POINTS:
        shown = np.linspace(0, x.size - 1, _POINTS).astype(int)
        ax.set_title(f"{_POINTS:,} of {x.size:,} rows", fontsize="small", color="0.4", loc="right")
    ax.scatter(x[shown], y[shown], s=14, alpha=0.5, color=COLOURS[7], linewidths=0, label="rows")
    predicted, lower, upper = curve
    band = f"{format_value(100 * level)} % interval of the mean"
    ax.fill_between(grid, lower, upper, color=COLOURS[4], alpha=0.35, linewidth=0, label=band)
    ax.plot(grid, predicted, color=COLOURS[0], linewidth=1.8, label="fit")
    ax.set_xlabel(labels[0])
    ax.set_ylabel(labels[1])
    return finish(ax, ["rows", band, "fit"])


def ratios(
    names: Sequence[str],
    values: NDArray[np.float64],
    intervals: NDArray[np.float64],
    what: str,
    *,
    ax: Axes | None,
) -> Axes:
    """Draw ratios with their intervals on a logarithmic scale, one line each; 1 says no difference."""
    ax = axes(ax)
    places = np.arange(len(names))[::-1]
    # Beyond this the scale's own arithmetic overflows.
    values, intervals = np.clip(values, 1e-150, 1e150), np.clip(intervals, 1e-150, 1e150)
    ax.axvline(1.0, color="0.6", linewidth=1, linestyle="--")
    ax.hlines(places, intervals[:, 0], intervals[:, 1], color=COLOURS[0], linewidth=1.8)
    ax.plot(values, places, "o", color=COLOURS[0], markersize=5)
    ax.set_xscale("log")
    ax.set_yticks(places, list(names))
    ax.set_ylim(-0.7, len(names) - 0.3)
    ax.set_xlabel(what)
    return finish(ax, ())
