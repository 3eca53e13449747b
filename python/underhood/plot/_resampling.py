"""Pictures of resampling: what resamples and rearrangements give, and where the data stand among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from underhood._results import format_probability
from underhood.plot._canvas import COLOURS, axes, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["bootstrap_distribution", "null_distribution"]


def bootstrap_distribution(result: Any, ax: Axes | None) -> Axes:
    """Draw a bootstrap distribution, its interval and the estimate."""
    if np.ndim(result.estimate):
        raise ValueError("BootstrapResult.plot: there are many results; bootstrap one column for a picture")
    ax = axes(ax)
    _histogram(ax, result.bootstrap_distribution)
    left, right = ax.get_xlim()
    low, high = (float(np.clip(end, left, right)) for end in result.confidence_interval)
    label = f"{100 * result.confidence_level:g} % interval ({result.method})"
    ax.axvspan(low, high, color=COLOURS[1], alpha=0.25, label=label, zorder=0)
    ax.axvline(result.estimate, color=COLOURS[6], label="estimate")
    ax.set_xlim(left, right)
    ax.set_xlabel(f"{result.statistic} of a resample")
    return finish(ax, ("interval", "estimate"))


def null_distribution(result: Any, ax: Axes | None) -> Axes:
    """Draw a null distribution and the statistic of the data."""
    ax = axes(ax)
    _histogram(ax, result.null_distribution)
    label = f"the data (p = {format_probability(result.pvalue, 3)})"
    ax.axvline(result.statistic, color=COLOURS[5], label=label)
    ax.set_xlabel(f"{result.statistic_name} of a rearrangement")
    finish(ax, ())
    ax.legend(fontsize="small", frameon=False)
    return ax


def _histogram(ax: Axes, values: Any) -> None:
    finite = values[np.isfinite(values)]
    bins = min(60, max(10, len(np.unique(finite)) if len(finite) < 500 else 60))
    ax.hist(finite, bins=bins if np.ptp(finite) > 0 else 1, color=COLOURS[0], alpha=0.8)
    ax.set_ylabel("how many")
