"""Pictures of probability: before and after data, running means, means of samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from underhood.plot._canvas import COLOURS, axes, finish, pyplot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["before_and_after", "running_means", "sample_means"]

_POINTS = 400


def before_and_after(
    names: Sequence[str], prior: NDArray[np.float64], posterior: NDArray[np.float64], *, ax: Axes | None
) -> Axes:
    """Draw a pair of bars for each hypothesis."""
    ax = axes(ax)
    places = np.arange(len(names))
    ax.bar(places - 0.2, prior, 0.4, color=COLOURS[7], label="before the data")
    ax.bar(places + 0.2, posterior, 0.4, color=COLOURS[0], label="after")
    ax.set_xticks(places, names)
    ax.set_ylabel("probability")
    return finish(ax, ["before the data", "after"])


def running_means(means: NDArray[np.float64], mean: float, std: float, *, ax: Axes | None) -> Axes:
    """Draw running means against the number of draws, at most some hundred points of each path."""
    ax = axes(ax)
    n = means.shape[1]
    shown = np.unique(np.geomspace(1, n, _POINTS).astype(int))
    for i, path in enumerate(means):
        # Means of the heaviest tails may be beyond what matplotlib can compute with.
        ax.plot(shown, np.clip(path[shown - 1], -1e300, 1e300), color=COLOURS[i % 6], linewidth=1)
    if np.isfinite(mean):
        ax.axhline(mean, color="black", linewidth=1, label="mean of the distribution")
        if np.isfinite(std):
            band = 2 * std / np.sqrt(shown)
            ax.fill_between(shown, mean - band, mean + band, color="0.9", zorder=0, label="± 2σ/√k")
    ax.set_xscale("log")
    ax.set_xlabel("number of draws k")
    ax.set_ylabel("mean of the first k")
    finish(ax, ())
    if np.isfinite(mean):
        ax.legend(fontsize="small", frameon=False)
    return ax


def sample_means(result: Any) -> Figure:
    """Draw a histogram of sample means for each size, with the normal density that is predicted."""
    plt = pyplot()
    sizes = result.sizes
    figure, panels = plt.subplots(1, len(sizes), figsize=(3.0 * len(sizes), 2.8), layout="constrained", squeeze=False)
    for ax, size in zip(panels[0], sizes, strict=True):
        means, normal = result.means[size], result.predicted(size)
        # Means of whole numbers lie on a grid of steps 1/n: bins that are not whole steps wide would show stripes.
        grid = hasattr(result.distribution, "pmf") and np.allclose(means * size, np.round(means * size), rtol=1e-9)
        edges: Any = 40
        if grid:
            span = means.max() - means.min()
            width = max(1, round(span * size / 40)) / size
            edges = np.arange(means.min() - width / 2, means.max() + width, width)
        ax.hist(means, bins=edges, density=True, color=COLOURS[4], edgecolor="none")
        x = np.linspace(means.min(), means.max(), _POINTS)
        if normal.std() > 0:
            ax.plot(x, normal.pdf(x), color=COLOURS[5], linewidth=1.5)
        ax.set_title(f"n = {size}", fontsize="medium")
        ax.set_yticks([])
        finish(ax, ())
    return figure  # type: ignore[no-any-return]
