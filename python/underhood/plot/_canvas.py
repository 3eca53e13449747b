"""What all pictures share: the colours, where they are drawn, and what is left out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["COLOURS", "axes", "finish", "pyplot", "returned", "tell"]

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
    plt = pyplot()
    if ax is None:
        ax = plt.subplots(layout="constrained")[1]
    elif not isinstance(ax, plt.Axes):
        advice = "one of them, as in axes[0]" if isinstance(ax, np.ndarray) else "as in figure, ax = plt.subplots()"
        found = "an array of Axes" if isinstance(ax, np.ndarray) else f"a {type(ax).__name__}"
        raise TypeError(f"{_asked()}: ax is {found}, but must be a matplotlib Axes; pass {advice}")
    return ax


def _asked() -> str:
    """Name the function of this package that the caller called, with its class if it is a method."""
    frame, asked = sys._getframe(1), ""
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("underhood."):
        # A model's methods stand in a wrapper of this name.
        if frame.f_code.co_name != "told":
            owner = frame.f_locals.get("self")
            asked = f"{type(owner).__name__}." * (owner is not None) + frame.f_code.co_name
        frame = frame.f_back
    return asked


def finish(ax: Axes, labels: Sequence[str]) -> Axes:
    """Take away what carries no information, and name the groups if there are several."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(visible=True, color="0.92", linewidth=0.8)
    ax.set_axisbelow(True)
    if len(labels) > 1:
        ax.legend(fontsize="small", frameon=False)
    return ax


def tell(ax: Axes, *notes: str) -> None:
    """Write above the picture what is not in it; nothing if all is."""
    if any(notes):
        ax.set_title("; ".join(note for note in notes if note), fontsize="small", color="0.4", loc="right")


def returned(function: str, value: Any) -> float:
    """Read the number that f gave."""
    try:
        return float(np.asarray(value).item())
    except (TypeError, ValueError):
        hint = " (is a return missing?)" if value is None else ""
        shape = value.shape if isinstance(value, np.ndarray) else ()
        found = f"an array of shape {shape}" if shape else "None" if value is None else f"a {type(value).__name__}"
        raise TypeError(f"{function}: f returned {found}, but must return a number{hint}") from None
