"""Pictures of iterations: how errors fall, beside the rate that theory gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from underhood.plot._canvas import COLOURS, axes, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["convergence", "several"]

_ROUNDING = 1e-14


def convergence(
    errors: NDArray[np.float64],
    label: str,
    *,
    rate: float | None,
    observed: float | None,
    order: float | None,
    bound: bool,
    ax: Axes | None,
) -> Axes:
    """Draw one course: its errors, and a line that falls at the predicted rate, or twice that as a bound."""
    ax = axes(ax)
    if not np.any(errors > 0):
        return _nothing(ax, label)
    shown = _curve(ax, errors, COLOURS[0])
    fitted = "observed" if observed is None else f"observed: × {observed:.3g} a step"
    shown.set_label(fitted)
    _floor(ax, errors)
    if order is not None:
        steps = np.flatnonzero(errors[:-1] > 0)
        ax.plot(
            steps + 1,
            np.maximum(errors[steps] ** order, ax.get_ylim()[0]),
            "o",
            markerfacecolor="none",
            color=COLOURS[1],
            markersize=9,
            label=f"predicted: the last error to the power of {order:g}",
        )
    elif rate is not None and rate > 0:
        if bound:
            _predicted(ax, 2 * errors[:1], rate, COLOURS[1], len(errors)).set_label(f"bound: 2 · {rate:.3g}ᵏ")
        else:
            _predicted(ax, errors, rate, COLOURS[1]).set_label(f"predicted: × {rate:.3g} a step")
    _count_steps(ax)
    ax.set_ylabel(label)
    finish(ax, ())
    ax.legend(fontsize="small", frameon=False)
    return ax


def several(errors: NDArray[np.float64], rates: NDArray[np.float64], ax: Axes | None) -> Axes:
    """Draw several courses, a column each, with their predicted rates as broad lines."""
    ax = axes(ax)
    if not np.any(errors > 0):
        return _nothing(ax, "length of what stands below the diagonal")
    columns = errors.shape[1]
    for i in range(min(columns, len(COLOURS))):
        colour = COLOURS[i]
        name = f"below row {i + 1}"
        line = _curve(ax, errors[:, i], colour)
        if np.isfinite(rates[i]):
            name += f": × {rates[i]:.3g} predicted"
            if rates[i] > 0:
                _predicted(ax, errors[:, i], float(rates[i]), colour)
        line.set_label(name)
    _floor(ax, errors)
    _count_steps(ax)
    ax.set_ylabel("length of what stands below the diagonal")
    finish(ax, ())
    if columns:
        ax.legend(fontsize="small", frameon=False)
    if columns > len(COLOURS):
        ax.set_title(f"the first {len(COLOURS)} of {columns}", fontsize="small", color="0.4", loc="right")
    return ax


def _curve(ax: Axes, errors: NDArray[np.float64], colour: str) -> Any:
    steps = np.flatnonzero(errors > 0)
    marker = "o" if len(errors) <= 60 else ""
    (line,) = ax.plot(steps, errors[steps], color=colour, marker=marker, markersize=3.5, linewidth=1.4)
    ax.set_yscale("log")
    return line


def _predicted(ax: Axes, errors: NDArray[np.float64], rate: float, colour: str, count: int | None = None) -> Any:
    """Draw a line of the predicted slope through the last error that is clear of rounding."""
    limits = ax.get_ylim()
    clear = np.flatnonzero(errors > _ROUNDING * errors.max(initial=0.0))
    last = int(clear[-1]) if clear.size else 0
    steps = np.arange(len(errors) if count is None else count)
    with np.errstate(over="ignore", under="ignore"):
        line = errors[last] * rate ** (steps - last).astype(float)
    inside = (line >= limits[0]) & (line <= limits[1])
    (drawn,) = ax.plot(
        steps[inside], line[inside], color=colour, linewidth=6, alpha=0.3, solid_capstyle="round", zorder=1.5
    )
    return drawn


def _nothing(ax: Axes, label: str) -> Axes:
    """Say that there is no error to draw, which a logarithmic scale could not show."""
    ax.text(0.5, 0.5, "nothing to show: exact from the start", transform=ax.transAxes, ha="center", va="center")
    ax.set(xlabel="step", ylabel=label, xticks=[], yticks=[])
    return finish(ax, ())


def _count_steps(ax: Axes) -> None:
    """Name the axis of steps, of which there are no halves."""
    from matplotlib.ticker import MaxNLocator

    ax.set_xlabel("step")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))


def _floor(ax: Axes, errors: NDArray[np.float64]) -> None:
    """Give the picture room around what is drawn, and no decades of rounding below it."""
    positive = errors[errors > 0]
    if positive.size:
        low, high = max(float(positive.min()), 1e-17 * float(positive.max())), float(positive.max())
        ax.set_ylim(low / 3, high * 3)
