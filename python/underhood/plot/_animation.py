"""A descent as a page that moves: the path on its landscape, and the value step by step."""

from __future__ import annotations

from html import escape

import numpy as np

from underhood.plot._canvas import COLOURS, pyplot
from underhood.plot._descent import Course, Scene, moments, scene
from underhood.plot._page import Animation, clip, frame, page, pairs, placed

__all__ = ["Animation", "animation"]

_LEFT, _RIGHT = (60.0, 20.0, 400.0, 330.0), (540.0, 20.0, 280.0, 330.0)
"""Left edge, top, width and height of both pictures."""

_WIDTH, _HEIGHT = 840, 460

_POINTS = 3000
"""Most points of the path that are drawn; a longer path is drawn with fewer, closer together at its start."""

_GROUND = ("#440154", "#3b528b", "#21918c", "#5ec962", "#c9b800")
"""Contours from low to high."""


def animation(course: Course, count: int) -> Animation:
    """Make the page of a descent, with so many moments at most."""
    pyplot()  # which says what to install
    drawn = scene(course)
    steps = len(drawn.points) - 1
    chosen = moments(min(count, steps + 1), steps)
    kept = np.union1d(moments(_POINTS, steps), chosen)
    points = placed(drawn.points, (drawn.across[0], drawn.across[-1]), (drawn.up[0], drawn.up[-1]), _LEFT)

    # A stochastic descent has a loss for each step, at its beginning, and none at its end.
    heights = course.values[: steps + 1]
    logarithmic = bool(len(heights) and heights.min() > 0 and heights.max() > 100 * heights.min())
    scaled = np.log10(heights) if logarithmic else heights
    low, high = (float(scaled.min()), float(scaled.max())) if len(scaled) else (0.0, 1.0)
    margin = 0.06 * (high - low) or 1.0
    sideways, upwards = (0.0, float(max(steps, 1))), (low - margin, high + margin)
    curve = placed(np.column_stack([np.arange(len(scaled)), scaled]), sideways, upwards, _RIGHT)
    curve_kept = kept[kept < len(curve)]

    data = {
        "path": points[kept].round(1).tolist(),
        "upto": np.searchsorted(kept, chosen).tolist(),
        "value": curve[np.minimum(chosen, len(curve) - 1)].round(1).tolist() if len(curve) else [],
        "text": [_words(course, int(k)) for k in chosen],
    }
    parts = [
        clip("left", _LEFT),
        *frame(_LEFT, (drawn.across[0], drawn.across[-1]), (drawn.up[0], drawn.up[-1]), drawn.labels, False),
        '<g clip-path="url(#left)" fill="none">',
        *_ground(drawn),
        f'<polyline points="{pairs(points[kept])}" stroke="#d8d8d8" stroke-width="1"/>',
        f'<polyline id="trail" points="{pairs(points[kept])}" stroke="{COLOURS[5]}" stroke-width="1.6"/>',
        f'<circle id="here" cx="{points[-1, 0]:.1f}" cy="{points[-1, 1]:.1f}" r="5" fill="{COLOURS[5]}"/>',
        "</g>",
        *frame(_RIGHT, sideways, upwards, course.labels, logarithmic),
        f'<polyline points="{pairs(curve[curve_kept])}" fill="none" stroke="{COLOURS[0]}" stroke-width="1.4"/>',
        f'<circle id="value" r="5" fill="{COLOURS[5]}" cx="{curve[-1, 0]:.1f}" cy="{curve[-1, 1]:.1f}"/>'
        if len(curve)
        else "",
    ]
    if drawn.note:
        parts.append(f'<text x="{_LEFT[0]}" y="{_LEFT[1] - 6}" class="note">{escape(drawn.note)}</text>')
    return page(course.title, (_WIDTH, _HEIGHT), int(_LEFT[1] + _LEFT[3] + 45), parts, _SHOW, data)


def _words(course: Course, k: int) -> str:
    """Say where a step has led."""
    value = f"step {k}: {course.labels[1]} = {course.values[k]:.6g}" if k < len(course.values) else f"step {k}"
    slope = f", |gradient| = {course.slopes[k]:.3g}" if k < len(course.slopes) else ""
    if course.path is None or course.path[0].size > 4:
        return value + slope
    return f"{value}{slope}, x = {', '.join(f'{x:.4g}' for x in course.path[k].ravel())}"


def _ground(drawn: Scene) -> list[str]:
    """Draw the landscape: its contours, or its curve."""
    span = (drawn.across[0], drawn.across[-1]), (drawn.up[0], drawn.up[-1])
    if drawn.is_curve:
        known = np.isfinite(drawn.heights)
        line = placed(np.column_stack([drawn.across, drawn.heights])[known], *span, _LEFT)
        return [f'<polyline points="{pairs(line)}" stroke="{COLOURS[7]}" stroke-width="1.6"/>']
    levels = drawn.levels(14)
    if len(levels) < 2:
        return []
    from contourpy import contour_generator

    contours = contour_generator(drawn.across, drawn.up, np.ma.masked_invalid(drawn.heights))
    lines = []
    for i, level in enumerate(levels):
        colour = _GROUND[i * len(_GROUND) // len(levels)]
        for contour in contours.lines(float(level)):
            place = pairs(placed(np.asarray(contour, dtype=float), *span, _LEFT))
            lines.append(f'<polyline points="{place}" stroke="{colour}" stroke-width="0.8"/>')
    return lines


_SHOW = """
function show(k) {
  const upto = data.upto[k], here = data.path[upto], value = data.value[k];
  part("trail").setAttribute("points", data.path.slice(0, upto + 1).join(" "));
  part("here").setAttribute("cx", here[0]);
  part("here").setAttribute("cy", here[1]);
  if (value) {
    part("value").setAttribute("cx", value[0]);
    part("value").setAttribute("cy", value[1]);
  }
  part("words").textContent = data.text[k];
  part("moment").value = k;
}
"""
