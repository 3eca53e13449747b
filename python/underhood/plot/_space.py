"""The plane and space that vectors are drawn in: equal scales, arrows, lines, planes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood.plot._canvas import pyplot

__all__ = ["arrow", "frame", "line", "new", "plane", "rank_basis"]

Float = NDArray[np.float64]


def new(ax: Any, dimensions: int, function: str) -> Any:
    """Give the caller's axes, if they have as many dimensions; or new ones."""
    if ax is None:
        options = {"projection": "3d"} if dimensions == 3 else None
        return pyplot().subplots(subplot_kw=options, layout="constrained")[1]
    if (getattr(ax, "name", "") == "3d") != (dimensions == 3):
        wanted = "projection='3d'" if dimensions == 3 else "two dimensions"
        raise ValueError(f"{function}: ax must have {wanted}, because the vectors have {dimensions} components")
    return ax


def frame(ax: Any, points: Float, *, margin: float = 1.15) -> float:
    """Lay out equal scales around the origin and all points; gives half the width."""
    reach = margin * float(np.abs(points).max(initial=0.0))
    reach = max(reach, getattr(ax, "_underhood_reach", 0.0)) or 1.0
    ax._underhood_reach = reach
    if ax.name == "3d":
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), zlim=(-reach, reach))
        ax.set_box_aspect((1, 1, 1), zoom=0.95)
        ax.set(xlabel="x", ylabel="y", zlabel="z")
        for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
            axis.set_pane_color((1, 1, 1, 0))
            axis._axinfo["grid"].update(color="0.92", linewidth=0.6)
            axis.set_major_locator(_locator())
        ax.plot([0], [0], [0], ".", color="0.3", markersize=4)
        return reach
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xlabel="x", ylabel="y")
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(visible=True, color="0.93", linewidth=0.7)
    ax.set_axisbelow(True)
    ax.axhline(0, color="0.75", linewidth=0.8, zorder=0.9)
    ax.axvline(0, color="0.75", linewidth=0.8, zorder=0.9)
    ax.xaxis.set_major_locator(_locator())
    ax.yaxis.set_major_locator(_locator())
    return reach


def _locator() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=6, steps=[1, 2, 5, 10], symmetric=True)


def arrow(
    ax: Any,
    tip: Float,
    colour: str,
    *,
    tail: Float | None = None,
    label: str = "",
    dashed: bool = False,
    width: float = 2.0,
) -> None:
    """Draw an arrow and, beyond its tip, its name; a dot where it has no length."""
    tail = np.zeros_like(tip) if tail is None else tail
    along = tip - tail
    if not along.any():
        ax.plot(*([value] for value in tip), "o", color=colour, markersize=5)
    elif len(tip) == 3:
        ax.quiver(
            *tail, *along, color=colour, linewidth=width, arrow_length_ratio=0.12, linestyle="--" if dashed else "-"
        )
    else:
        ax.annotate(
            "",
            xy=tuple(tip),
            xytext=tuple(tail),
            arrowprops={
                "arrowstyle": "-|>,head_width=0.28,head_length=0.55",
                "color": colour,
                "linewidth": width,
                "linestyle": "--" if dashed else "-",
                "shrinkA": 0,
                "shrinkB": 0,
                "mutation_scale": 14,
                "joinstyle": "miter",
            },
            zorder=3,
        )
    if not label:
        return
    if len(tip) == 3:
        ax.text(*(tip + 0.06 * ax._underhood_reach * _unit(along)), label, color=colour, ha="center", va="center")
        return
    beside = 11 * _unit(along) if along.any() else np.array([8.0, 8.0])
    ax.annotate(
        label,
        tuple(tip),
        xytext=tuple(beside),
        textcoords="offset points",
        color=colour,
        ha="center",
        va="center",
        zorder=4,
        annotation_clip=False,
    )


def line(ax: Any, direction: Float, colour: str, **options: Any) -> None:
    """Draw the line through the origin, to the edges of the picture."""
    unit = _unit(direction) / np.abs(_unit(direction)).max()
    ends = np.outer([-1.0, 1.0], unit) * ax._underhood_reach
    ax.plot(*ends.T, color=colour, **({"linewidth": 1.8, "alpha": 0.8} | options))


def plane(ax: Any, basis: Float, colour: str, *, label: str = "", alpha: float = 0.22) -> None:
    """Draw the plane through the origin that the two columns span; in two dimensions, all of it."""
    if len(basis) == 2:
        ax.axhspan(-ax._underhood_reach, ax._underhood_reach, color=colour, alpha=0.5 * alpha, label=label, linewidth=0)
        return
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    reach = ax._underhood_reach
    corners = _cut(basis, reach)
    patch = Poly3DCollection([corners], facecolor=colour, edgecolor=colour, alpha=alpha, linewidth=1.0)
    ax.add_collection3d(patch)
    ax.plot([], [], color=colour, linewidth=6, alpha=0.5, label=label)


def _cut(basis: Float, reach: float) -> Float:
    """The polygon in which a plane through the origin cuts the cube [-reach, reach]³."""
    normal = np.cross(basis[:, 0], basis[:, 1])
    cube = np.array([[a, b, c] for a in (-1.0, 1.0) for b in (-1.0, 1.0) for c in (-1.0, 1.0)])
    points = []
    for i, one in enumerate(cube):
        for other in cube[i + 1 :]:
            if np.count_nonzero(one != other) != 1:
                continue
            before, after = one @ normal, other @ normal
            if before * after <= 0 and before != after:
                points.append(one + (other - one) * before / (before - after))
    found = np.unique(np.round(points, 12), axis=0)
    across = found @ basis
    return np.asarray(found[np.argsort(np.arctan2(across[:, 1], across[:, 0]))] * reach)


def rank_basis(columns: Float) -> Float:
    """An orthonormal basis of what the columns span, in its columns."""
    if columns.size == 0:
        return np.zeros((len(columns), 0))
    u, s, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(u[:, s > s[0] * max(columns.shape) * np.finfo(float).eps])


def _unit(vector: Float) -> Float:
    largest = np.abs(vector).max(initial=0.0)
    if largest == 0:
        return vector
    scaled = vector / largest
    return np.asarray(scaled / np.sqrt(scaled @ scaled))
