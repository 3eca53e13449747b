"""Planes that move: the regions of each class at every moment, as polygons, in a still picture or a page that plays.

In the plane of the picture every net input is linear, so that a class's region is the frame cut by straight lines
(I. E. Sutherland and G. W. Hodgman 1974, doi:10.1145/360767.360802): exact, and a few numbers a moment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from underhood.models._plane_of_rows import PlaneOfRows
from underhood.models._plots import class_colour, draw_rows
from underhood.plot._canvas import finish, pyplot
from underhood.plot._page import Animation, clip, frame, page, pairs, placed

__all__ = ["Panel", "animation", "draw_panel", "regions"]

_Floats = NDArray[np.float64]
_SIDE, _GAP, _LEFT, _TOP = 300.0, 80.0, 60.0, 34.0
_DRAWN = 400
"""Most rows in a page."""


@dataclass
class Panel:
    """One model at several moments."""

    title: str
    weights: _Floats
    """(moments, planes, features)"""
    bias: _Floats
    """(moments, planes)"""
    presented: list[int] = field(default_factory=list)
    """The row that led to each moment, -1 for none."""
    captions: list[str] = field(default_factory=list)
    """What is written above the panel at each moment."""


def regions(plane: PlaneOfRows, weights: _Floats, bias: _Floats) -> list[_Floats]:
    """Cut the picture into the regions of each class, polygons of (corners, 2); empty where there is none."""
    low, high = plane.corners()
    whole = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]])
    slope, level = plane.net_input(weights, bias)
    if len(slope) == 1:
        return [_cut(whole, -slope[0], -level[0], True), _cut(whole, slope[0], level[0], False)]
    found = []
    for k in range(len(slope)):
        part = whole
        for other in range(len(slope)):
            if other != k:
                part = _cut(part, slope[k] - slope[other], level[k] - level[other], k < other)
        found.append(part)
    return found


def _cut(polygon: _Floats, slope: _Floats, level: float, ties: bool) -> _Floats:
    """Keep the part of a convex polygon where slope·p + level ≥ 0; where that is 0 everywhere, all of it or nothing."""
    if not len(polygon):
        return polygon
    if not slope.any() and level == 0 and not ties:
        return polygon[:0]
    heights = polygon @ slope + level
    kept: list[_Floats] = []
    for here, there, a, b in zip(polygon, np.roll(polygon, -1, axis=0), heights, np.roll(heights, -1), strict=True):
        if a >= 0:
            kept.append(here)
        if (a >= 0) != (b >= 0):
            kept.append(here + (there - here) * (a / (a - b)))
    return np.array(kept).reshape(-1, 2)


def draw_panel(
    ax: Any, plane: PlaneOfRows, labels: Any, codes: Any, classes: list[Any], weights: Any, bias: Any,
    presented: int = -1,
) -> Any:  # fmt: skip
    """Draw the regions of one moment, the rows, and a ring around the one that was presented."""
    for k, polygon in enumerate(regions(plane, weights, bias)):
        if len(polygon):
            ax.fill(*polygon.T, color=class_colour(k), alpha=0.18, linewidth=0)
            ax.plot(*np.vstack([polygon, polygon[:1]]).T, color="0.35", linewidth=0.6)
    draw_rows(ax, plane, labels, codes, classes)
    if presented >= 0:
        ax.scatter(*plane.points[presented], s=110, facecolor="none", edgecolor="black", linewidth=1.4, zorder=4)
    low, high = plane.corners()
    ax.set_xlim(low[0], high[0])
    ax.set_ylim(low[1], high[1])
    finish(ax, ())
    ax.grid(visible=False)
    return ax


def animation(
    title: str, panels: list[Panel], plane: PlaneOfRows, codes: Any, classes: list[Any], words: list[str],
    ends: list[tuple[_Floats, _Floats]] | None = None,
) -> Animation:  # fmt: skip
    """Make a page on which the regions of several models move together.

    ``words`` tells each moment; ``ends`` has the weights of the finished fits, whose boundaries are drawn as dashes.
    """
    pyplot()  # which says what to install
    columns = min(len(panels), 3)
    rows = -(-len(panels) // columns)
    size = int(columns * (_SIDE + _GAP) + _LEFT / 2), int(rows * (_SIDE + _GAP) + _TOP + 50)
    low, high = plane.corners()
    across, up = (low[0], high[0]), (low[1], high[1])
    chosen = np.unique(np.linspace(0, len(plane.points) - 1, min(_DRAWN, len(plane.points))).astype(int))
    parts: list[str] = []
    data: dict[str, Any] = {"text": words, "panels": []}
    for number, panel in enumerate(panels):
        box = (
            _LEFT + (number % columns) * (_SIDE + _GAP),
            _TOP + (number // columns) * (_SIDE + _GAP),
            _SIDE,
            _SIDE,
        )
        moments = [
            [pairs(placed(part, across, up, box)) if len(part) else "" for part in regions(plane, weights, bias)]
            for weights, bias in zip(panel.weights, panel.bias, strict=True)
        ]
        name = f"panel{number}"
        parts.append(clip(name, box))
        parts.append(f'<g clip-path="url(#{name})">')
        for k, polygon in enumerate(moments[-1]):
            parts.append(
                f'<polygon id="{name}class{k}" points="{polygon}" fill="{class_colour(k)}" fill-opacity="0.2" '
                'stroke="#555" stroke-width="0.8"/>'
            )
        if ends is not None:
            # The first region has no edge that the others have not.
            for part in regions(plane, *ends[number])[1:]:
                if len(part):
                    place = pairs(placed(part, across, up, box))
                    parts.append(
                        f'<polygon points="{place}" fill="none" stroke="#222" stroke-width="1" stroke-dasharray="5 4"/>'
                    )
        for row, (x, y) in zip(chosen, placed(plane.points[chosen], across, up, box), strict=True):
            parts.append(_mark(x, y, int(codes[row])))
        ring = panel.presented[-1] if panel.presented else -1
        at = placed(plane.points[[max(ring, 0)]], across, up, box)[0] if ring >= 0 else (-99.0, -99.0)
        parts.append(
            f'<circle id="{name}ring" cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="8" fill="none" stroke="#000" '
            'stroke-width="1.5"/></g>'
        )
        parts += frame(box, across, up, plane.labels)
        parts.append(f'<text x="{box[0]}" y="{box[1] - 19}" font-weight="bold">{escape(panel.title)}</text>')
        caption = panel.captions[-1] if panel.captions else ""
        parts.append(f'<text id="{name}caption" x="{box[0]}" y="{box[1] - 5}">{escape(caption)}</text>')
        rings = [
            placed(plane.points[[row]], across, up, box)[0].round(1).tolist() if row >= 0 else [-99, -99]
            for row in panel.presented
        ]
        data["panels"].append({"regions": moments, "rings": rings, "captions": panel.captions})
    foot = _TOP + rows * (_SIDE + _GAP) - 18
    for k, label in enumerate(classes):
        left = _LEFT + 6 + 130 * k
        parts.append(_mark(left, foot - 4, k) + f'<text x="{left + 10}" y="{foot}">{escape(str(label))}</text>')
    note = "dashed: the finished fit" if ends is not None else ""
    note = "; ".join(part for part in (note, plane.note) if part)
    parts.append(f'<text x="{_LEFT}" y="{foot + 16}" class="note">{escape(note)}</text>')
    return page(title, size, int(foot + 24), parts, _SHOW, data)


def _mark(x: float, y: float, k: int) -> str:
    """Draw a row: a disc, a square, a diamond or a triangle, by its class."""
    colour = class_colour(k) if k >= 0 else "#000"
    style = f'fill="{colour}" stroke="#fff" stroke-width="0.6"'
    if k % 4 == 1:
        return f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6" {style}/>'
    if k % 4 == 2:
        return f'<path d="M{x:.1f} {y - 4.2:.1f}l4.2 4.2l-4.2 4.2l-4.2 -4.2z" {style}/>'
    if k % 4 == 3:
        return f'<path d="M{x:.1f} {y - 4:.1f}l4 7h-8z" {style}/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" {style}/>'


_SHOW = """
function show(k) {
  data.panels.forEach((panel, number) => {
    const name = "panel" + number, moment = Math.min(k, panel.regions.length - 1);
    panel.regions[moment].forEach((points, c) => part(name + "class" + c).setAttribute("points", points));
    if (panel.rings.length) {
      const ring = panel.rings[moment];
      part(name + "ring").setAttribute("cx", ring[0]);
      part(name + "ring").setAttribute("cy", ring[1]);
    }
    if (panel.captions.length) part(name + "caption").textContent = panel.captions[moment];
  });
  part("words").textContent = data.text[k];
  part("moment").value = k;
}
"""
