"""Pictures of scores of training and test rows, with bands over the folds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood.plot._canvas import COLOURS, axes, finish

__all__ = ["draw_curve"]


def draw_curve(
    ax: Any, across: NDArray[Any], train_scores: NDArray[np.float64], test_scores: NDArray[np.float64]
) -> Any:
    """Draw means over the folds, with bands of one standard deviation."""
    ax = axes(ax)
    for scores, colour, marker, name in (
        (train_scores, COLOURS[1], "s", "training rows"),
        (test_scores, COLOURS[0], "o", "test rows"),
    ):
        mean = scores.mean(axis=1)
        spread = scores.std(axis=1, ddof=1) if scores.shape[1] > 1 else np.zeros(len(scores))
        ax.fill_between(across, mean - spread, mean + spread, color=colour, alpha=0.2, linewidth=0)
        ax.plot(across, mean, marker=marker, markersize=4, color=colour, linewidth=1.6, label=name)
    return finish(ax, ["training rows", "test rows"])
