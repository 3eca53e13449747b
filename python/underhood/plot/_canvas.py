"""What all pictures share: the colours, where they are drawn, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["COLOURS", "axes", "finish", "pyplot", "returned"]

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#000000", "#8C8C8C")
"""Okabe and Ito's colours (2008), which colour-blind readers can tell apart; one for each group, in turn."""


def pyplot() -> Any:
    """Import matplotlib, or say what to install."""
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise ImportError(
            'plots need matplotlib, which is not installed; run: pip install "underhood[notebook]"'
        ) from None
    return plt


def axes(ax: Axes | None) -> Axes:
    """Give the caller's axes, or new ones."""
    return pyplot().subplots(layout="constrained")[1] if ax is None else ax


def finish(ax: Axes, labels: Sequence[str]) -> Axes:
    """Take away what carries no information, and name the groups if there are several."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(visible=True, color="0.92", linewidth=0.8)
    ax.set_axisbelow(True)
    if len(labels) > 1:
        ax.legend(fontsize="small", frameon=False)
    return ax


def returned(function: str, value: Any) -> float:
    """Read the number that f gave."""
    try:
        return float(np.asarray(value).item())
    except (TypeError, ValueError):
        hint = " (is a return missing?)" if value is None else ""
        shape = value.shape if isinstance(value, np.ndarray) else ()
        found = f"an array of shape {shape}" if shape else "None" if value is None else f"a {type(value).__name__}"
        raise TypeError(f"{function}: f returned {found}, but must return a number{hint}") from None
