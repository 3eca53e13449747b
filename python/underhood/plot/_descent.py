"""Pictures of a descent: its path on the landscape of the function, and the value step by step.

The landscape of a function of one number is its curve, of two its contours. Of more, it is the plane through the last
point along the path's two principal directions (H. Li et al., 2018, "Visualizing the loss landscape of neural nets",
look at paths that way).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from underhood.plot._canvas import COLOURS, axes, finish, pyplot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Course", "Scene", "figure", "frames", "moments", "path", "scene", "schedule"]

_ACROSS = 81
"""Points along each side of a landscape."""

_ON_CURVE = 401


@dataclass(frozen=True)
class Course:
    """A descent as the pictures need it."""

    f: Callable[..., Any] | None
    """The function; a result that was pickled has lost it, and is drawn without its landscape."""
    path: NDArray[np.float64] | None
    values: NDArray[np.float64]
    labels: tuple[str, str]
    slopes: NDArray[np.float64]
    diverged: bool
    title: str
    epochs: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Scene:
    """A path of points in a plane, and the heights around it."""

    points: NDArray[np.float64]
    """Where the path is drawn, (steps + 1, 2)."""
    across: NDArray[np.float64]
    """Where the heights are known, along the horizontal axis."""
    up: NDArray[np.float64]
    """Along the vertical axis; of a curve, the range that is shown."""
    heights: NDArray[np.float64]
    """(up, across), or of a curve (across,); NaN where the function has no value."""
    labels: tuple[str, str]
    note: str = ""

    @property
    def is_curve(self) -> bool:
        """Whether this is a function of one number."""
        return self.heights.ndim == 1

    def levels(self, count: int) -> NDArray[np.float64]:
        """Heights to draw contours at: as much ground between each two."""
        known = self.heights[np.isfinite(self.heights)]
        return np.unique(np.quantile(known, np.linspace(0, 1, count + 2)[1:-1])) if known.size else np.array([])


def scene(course: Course) -> Scene:
    """Work out where the path is drawn and how high the ground is around it."""
    if course.path is None:
        raise ValueError("plot: the path was not kept")
    shape = course.path.shape[1:]
    flat = course.path.reshape(len(course.path), -1)
    if course.diverged:
        flat = flat[: _near(flat)]
    size = flat.shape[1]

    def height(x: NDArray[np.float64]) -> float:
        if course.f is None:
            return float("nan")
        try:
            with np.errstate(all="ignore"):
                return float(np.asarray(course.f(x.reshape(shape)), dtype=float).reshape(()))
        except (ValueError, ArithmeticError):
            return float("nan")

    name = "x" if size == 1 else "x[0]"
    if size == 1:
        (low,), (high,) = _frame(flat)
        across = np.linspace(low, high, _ON_CURVE)
        heights = np.array([height(np.array([a])) for a in across])
        on_curve = np.array([height(x) for x in flat])
        if course.f is None:
            on_curve = course.values[: len(flat)]
        shown = np.concatenate([heights[np.isfinite(heights)], on_curve[np.isfinite(on_curve)]])
        low, high = (shown.min(), shown.max()) if shown.size else (0.0, 1.0)
        margin = 0.08 * (high - low) or 1.0
        up = np.array([low - margin, high + margin])
        return Scene(np.column_stack([flat[:, 0], on_curve]), across, up, heights, (name, "f(x)"))
    if size == 2:
        points, origin, basis, labels, note = flat, np.zeros(2), np.eye(2), ("x[0]", "x[1]"), ""
    else:
        points, origin, basis, note = _principal(flat)
        labels = ("first principal direction of the path", "second")
    low_corner, high_corner = _frame(points)
    across, up = (np.linspace(a, b, _ACROSS) for a, b in zip(low_corner, high_corner, strict=True))
    heights = np.array([[height(origin + np.array([a, b]) @ basis) for a in across] for b in up])
    return Scene(points, across, up, heights, labels, note)


def _near(flat: NDArray[np.float64]) -> int:
    """Count the first steps of a descent that diverged which can be shown in one picture."""
    away = np.linalg.norm(flat - flat[0], axis=1)
    far = np.flatnonzero(away > 20 * (away[1] if len(away) > 1 else 0.0))
    return int(far[0]) if far.size and far[0] > 2 else min(len(flat), 3)


def _frame(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the corners of the picture: around the path, and not too narrow either way."""
    low, high = points.min(axis=0), points.max(axis=0)
    margin = (0.4 if points.shape[1] == 1 else 0.15) * np.maximum(high - low, 0.25 * (high - low).max())
    margin = np.where(margin > 0, margin, 0.5 * (1 + np.abs(high)))
    return low - margin, high + margin


def _principal(flat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], str]:
    """Project a path into the plane through its end that holds most of its movement."""
    origin = flat[-1]
    moved = flat - origin
    scale = np.abs(moved).max()
    if scale == 0:
        return moved[:, :2], origin, np.eye(2, flat.shape[1]), ""
    # The principal directions are eigenvectors of a small matrix, however long the path is.
    _, vectors = (
        np.linalg.eigh((moved / scale).T @ (moved / scale)) if flat.shape[1] <= 500 else _from_steps(moved / scale)
    )
    basis = vectors[:, :-3:-1].T
    points = moved @ basis.T
    share = np.sum((points / scale) ** 2) / np.sum((moved / scale) ** 2)
    return points, origin, basis, f"plane of the two principal directions: {share:.0%} of the movement"


def _from_steps(moved: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the last principal directions of points with more coordinates than there are points to need."""
    some = moved[np.unique(np.linspace(0, len(moved) - 1, 300).astype(int))]
    _, values, rows = np.linalg.svd(some, full_matrices=False)
    return values[::-1], rows[::-1].T


def figure(course: Course) -> Figure:
    """Draw the path and, beside it, the values."""
    plt = pyplot()
    if course.path is None:
        drawing, ax = plt.subplots(layout="constrained")
        values(course, ax)
        return drawing  # type: ignore[no-any-return]
    drawing, (left, right) = plt.subplots(
        1, 2, figsize=(10, 4.2), layout="constrained", gridspec_kw={"width_ratios": [1.25, 1]}
    )
    left.set_title(path(course, left).get_title().partition("\n")[2], fontsize="small", color="0.35")
    values(course, right)
    drawing.suptitle(course.title + _first_steps(course), fontsize="medium")
    return drawing  # type: ignore[no-any-return]


def _first_steps(course: Course) -> str:
    """Say that a picture does not show the whole path."""
    if course.path is None or not course.diverged:
        return ""
    shown = _near(course.path.reshape(len(course.path), -1))
    return f" (the path's first {shown - 1})" if shown < len(course.path) else ""


def path(course: Course, ax: Axes) -> Axes:
    """Draw the path on the landscape; the values where there is no path."""
    if course.path is None:
        return values(course, ax)
    drawn = scene(course)
    _landscape(drawn, ax)
    _trail(drawn.points, ax)
    ax.set_title(course.title + (f"\n{drawn.note}" if drawn.note else ""), fontsize="medium")
    return ax


def _landscape(drawn: Scene, ax: Axes) -> None:
    if drawn.is_curve:
        ax.plot(drawn.across, drawn.heights, color=COLOURS[7], linewidth=1.6)
    else:
        levels = drawn.levels(18)
        if len(levels) > 1:
            ground = np.ma.masked_invalid(drawn.heights)
            ax.contour(drawn.across, drawn.up, ground, levels=levels, cmap="viridis", linewidths=0.8)
    ax.set(xlabel=drawn.labels[0], ylabel=drawn.labels[1])
    ax.set_xlim(drawn.across[0], drawn.across[-1])
    ax.set_ylim(drawn.up[0], drawn.up[-1])
    finish(ax, ())
    if not drawn.is_curve:
        ax.grid(visible=False)


def _trail(points: NDArray[np.float64], ax: Axes) -> None:
    few = len(points) <= 200
    ax.plot(*points.T, "o-" if few else "-", color=COLOURS[5], markersize=3, linewidth=1)
    ax.plot(*points[-1], "*", color=COLOURS[5], markersize=12)


def values(course: Course, ax: Axes | None) -> Axes:
    """Draw the values step by step."""
    ax = axes(ax)
    shown = course.values
    if course.epochs is None:
        ax.plot(shown, color=COLOURS[0])
    else:
        ax.plot(shown, color=COLOURS[4], linewidth=0.8, label=course.labels[1])
        steps = np.linspace(0, len(shown), len(course.epochs))
        ax.plot(steps, course.epochs, "o-", color=COLOURS[0], markersize=4, label="loss of all rows")
        ax.legend(fontsize="small", frameon=False)
    if _logarithmic(shown):
        ax.set_yscale("log")
    ax.set(xlabel=course.labels[0], ylabel="loss" if course.epochs is not None else course.labels[1])
    return finish(ax, ())


def _logarithmic(shown: NDArray[np.float64]) -> bool:
    """Whether values are told apart better by their ratios."""
    return bool(shown.size and shown.min() > 0 and shown.max() > 100 * shown.min())


def moments(count: int, steps: int) -> NDArray[np.int64]:
    """Choose steps to show: the first and the last, and more at the start, where more happens."""
    return (
        np.unique(np.round(np.linspace(0, 1, max(count, 1)) ** 2 * steps).astype(np.int64))
        if count > 1
        else np.array([steps])
    )


def frames(course: Course, count: int) -> Figure:
    """Draw several moments of the descent side by side."""
    plt = pyplot()
    drawn = scene(course)
    chosen = moments(count, len(drawn.points) - 1)
    columns = min(3, len(chosen))
    rows = -(-len(chosen) // columns)
    drawing, grid = plt.subplots(
        rows,
        columns,
        figsize=(3.4 * columns, 2.7 * rows + 0.4),
        layout="constrained",
        squeeze=False,
        sharex=True,
        sharey=True,
    )
    for ax, k in zip(grid.flat, chosen, strict=False):
        _landscape(drawn, ax)
        ax.plot(*drawn.points.T, "-", color="0.8", linewidth=0.8, zorder=1.5)
        _trail(drawn.points[: k + 1], ax)
        ax.set_title(f"step {k}: {course.values[min(k, len(course.values) - 1)]:.4g}", fontsize="small")
        ax.label_outer()
    for ax in grid.flat[len(chosen) :]:
        ax.set_visible(False)
    drawing.suptitle(course.title, fontsize="medium")
    return drawing  # type: ignore[no-any-return]


def schedule(rates: NDArray[np.float64], title: str, ax: Axes | None) -> Axes:
    """Draw a learning rate step by step."""
    ax = axes(ax)
    ax.plot(rates, color=COLOURS[0], drawstyle="steps-mid" if len(rates) <= 100 else "default")
    ax.set(xlabel="step k", ylabel="learning rate η(k)", title=title)
    ax.set_ylim(bottom=0)
    return finish(ax, ())
