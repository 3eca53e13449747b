"""The plane and space that vectors are drawn in: equal scales, arrows, lines, planes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood._core.linalg import column_space
from underhood.plot._canvas import pyplot

__all__ = ["arrow", "drop", "frame", "line", "look", "new", "plane", "rank_basis"]

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


def frame(ax: Any, points: Float, *, margin: float = 1.15, tight: bool = False) -> float:
    """Lay out equal scales around the origin, in the plane perhaps tightly; give half the width."""
    reach = max(margin * float(np.abs(points).max(initial=0.0)), getattr(ax, "_underhood_reach", 0.0)) or 1.0
    ax._underhood_reach = reach
    if ax.name == "3d":
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), zlim=(-reach, reach))
        ax.set_box_aspect((1, 1, 1), zoom=0.95)
        look(ax, [])
        ax.set(xlabel="x", ylabel="y", zlabel="z")
        for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
            axis.set_pane_color((1, 1, 1, 0))
            axis._axinfo["grid"].update(color="0.9", linewidth=0.6)
            axis.set_major_locator(_locator())
        for unit in np.eye(3):
            ax.plot(*(np.outer([-reach, reach], unit).T), color="0.75", linewidth=0.8)
        return reach
    low, high = np.full(2, -reach), np.full(2, reach)
    if tight:
        seen = np.vstack([points, np.zeros((1, 2)), *([ax._underhood_seen] if hasattr(ax, "_underhood_seen") else [])])
        ax._underhood_seen = seen
        middle = 0.5 * (seen.min(axis=0) + seen.max(axis=0))
        half = 0.5 * float(np.ptp(seen, axis=0).max()) * 1.3 or 1.0
        low, high = middle - half, middle + half
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal", xlabel="x", ylabel="y")
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

    return MaxNLocator(nbins=6, steps=[1, 2, 5, 10])


def arrow(
    ax: Any,
    tip: Float,
    colour: str,
    *,
    tail: Float | None = None,
    label: str = "",
    dashed: bool = False,
    width: float = 2.0,
    beside: bool = False,
) -> None:
    """Draw an arrow and its name beyond its tip, or beside its middle; a dot where it has no length."""
    tail = np.zeros_like(tip) if tail is None else tail
    along = tip - tail
    style = "--" if dashed else "-"
    if not along.any():
        ax.plot(*([value] for value in tip), "o", color=colour, markersize=5)
    elif len(tip) == 3:
        ax.quiver(*tail, *along, color=colour, linewidth=width, arrow_length_ratio=0.12, linestyle=style)
    else:
        properties = {
            "arrowstyle": "-|>,head_width=0.28,head_length=0.55",
            "color": colour,
            "linewidth": width,
            "linestyle": style,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 14,
            "joinstyle": "miter",
        }
        ax.annotate("", xy=tuple(tip), xytext=tuple(tail), arrowprops=properties, zorder=3)
    if not label:
        return
    unit = _unit(along)
    if len(tip) == 3:
        at = 0.5 * (tail + tip) + 0.07 * ax._underhood_reach * np.array([0, 0, 1]) if beside else tip
        at = at if beside else tip + 0.09 * ax._underhood_reach * unit
        ax.text(*at, label, color=colour, ha="center", va="center")
        return
    offset = 12 * unit if along.any() else np.array([9.0, 9.0])
    side = "center"
    if beside:
        # The sum's name stands on the other side than those of its parts.
        offset = (-8 if dashed else 8) * np.array([unit[1], -unit[0]])
        side = "left" if offset[0] > 1 else "right" if offset[0] < -1 else "center"
    ax.annotate(
        label,
        tuple(0.5 * (tail + tip) if beside else tip),
        xytext=tuple(offset),
        textcoords="offset points",
        color=colour,
        ha=side,
        va="center" if side == "center" or abs(offset[1]) < 4 else "bottom" if offset[1] > 0 else "top",
        zorder=4,
        annotation_clip=False,
    )


def look(ax: Any, planes: list[Float]) -> None:
    """Choose a view of space from which no plane (two columns each) is seen on its edge."""
    normals = [_unit(np.cross(basis[:, 0], basis[:, 1])) for basis in planes]

    def openness(azimuth: float) -> float:
        elevation, around = np.deg2rad(20.0), np.deg2rad(azimuth)
        view = np.array([np.cos(elevation) * np.cos(around), np.cos(elevation) * np.sin(around), np.sin(elevation)])
        # Seen from straight above, a plane hides the line at right angles to it.
        cosines = [abs(float(view @ normal)) for normal in normals]
        return min((0.45, *(min(cosine, 1.1 - cosine) for cosine in cosines)))

    ax.view_init(elev=20, azim=max((-55.0, -35.0, -75.0, -15.0, 15.0, 40.0, -100.0), key=openness))


def drop(ax: Any, tip: Float) -> None:
    """Draw the way from a point of space down to the floor z = 0, by which its depth can be read."""
    if tip[2]:
        foot = np.array([tip[0], tip[1], 0.0])
        ax.plot(*np.array([tip, foot]).T, color="0.6", linewidth=0.9, linestyle=":")
        ax.plot(*np.array([np.zeros(3), foot]).T, color="0.8", linewidth=0.9, linestyle=":")


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
    """Find the polygon in which a plane through the origin cuts the cube [-reach, reach]³."""
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
    """Give an orthonormal basis of what the columns span, in its columns."""
    if columns.size == 0:
        return np.zeros((len(columns), 0))
    return column_space(columns)


def _unit(vector: Float) -> Float:
    largest = np.abs(vector).max(initial=0.0)
    if largest == 0:
        return vector
    scaled = vector / largest
    return np.asarray(scaled / np.sqrt(scaled @ scaled))
