"""A descent as a page that moves: one SVG, its data and a few lines of script, all in the page itself.

No network, no video program: the page is text of some ten to a hundred kilobytes. In a notebook it stands in a frame
of its own, so that it stays as it is when the notebook is saved as HTML.
"""

from __future__ import annotations

import json
from html import escape
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from underhood.plot._canvas import COLOURS, pyplot
from underhood.plot._descent import Course, Scene, moments, scene

__all__ = ["Animation", "animation"]

_LEFT, _RIGHT = (60.0, 20.0, 400.0, 330.0), (540.0, 20.0, 280.0, 330.0)
"""Left edge, top, width and height of both pictures."""

_WIDTH, _HEIGHT = 840, 460

_POINTS = 3000
"""Most points of the path that are drawn; a longer path is drawn with fewer, closer together at its start."""

_GROUND = ("#440154", "#3b528b", "#21918c", "#5ec962", "#c9b800")
"""Contours from low to high."""


class Animation:
    """A page that shows a descent as it goes; it shows itself in Jupyter.

    Attributes
    ----------
    html : str
        The page, complete in itself.
    """

    __slots__ = ("_title", "html")

    def __init__(self, title: str, html: str) -> None:
        self._title = title
        self.html = html

    def save(self, path: str | PathLike[str]) -> None:
        """Write the page to a file, to be opened in any browser."""
        Path(path).write_text(self.html, encoding="utf-8")

    def _repr_html_(self) -> str:
        # A frame keeps the page's names and script apart from those of the notebook and of other animations.
        return (
            f'<iframe srcdoc="{escape(self.html, quote=True)}" title="{escape(self._title, quote=True)}" '
            f'width="100%" height="{_HEIGHT + 20}" style="border: 0; max-width: {_WIDTH + 20}px"></iframe>'
        )

    def __repr__(self) -> str:
        return f"Animation of a {self._title} ({len(self.html) / 1000:.0f} kB; .save(path) writes the page)"


def animation(course: Course, count: int) -> Animation:
    """Make the page of a descent, with so many moments at most."""
    pyplot()  # which says what to install
    drawn = scene(course)
    steps = len(drawn.points) - 1
    chosen = moments(min(count, steps + 1), steps)
    kept = np.union1d(moments(_POINTS, steps), chosen)
    points = _placed(drawn.points, (drawn.across[0], drawn.across[-1]), (drawn.up[0], drawn.up[-1]), _LEFT)

    # A stochastic descent has a loss for each step, at its beginning, and none at its end.
    heights = course.values[: steps + 1]
    logarithmic = bool(len(heights) and heights.min() > 0 and heights.max() > 100 * heights.min())
    scaled = np.log10(heights) if logarithmic else heights
    low, high = (float(scaled.min()), float(scaled.max())) if len(scaled) else (0.0, 1.0)
    margin = 0.06 * (high - low) or 1.0
    sideways, upwards = (0.0, float(max(steps, 1))), (low - margin, high + margin)
    curve = _placed(np.column_stack([np.arange(len(scaled)), scaled]), sideways, upwards, _RIGHT)
    curve_kept = kept[kept < len(curve)]

    data = {
        "path": points[kept].round(1).tolist(),
        "upto": np.searchsorted(kept, chosen).tolist(),
        "value": curve[np.minimum(chosen, len(curve) - 1)].round(1).tolist() if len(curve) else [],
        "text": [_words(course, int(k)) for k in chosen],
    }
    parts = [
        *_axes(_LEFT, (drawn.across[0], drawn.across[-1]), (drawn.up[0], drawn.up[-1]), drawn.labels, False),
        '<g clip-path="url(#left)" fill="none">',
        *_ground(drawn),
        f'<polyline points="{_pairs(points[kept])}" stroke="#d8d8d8" stroke-width="1"/>',
        f'<polyline id="trail" points="{_pairs(points[kept])}" stroke="{COLOURS[5]}" stroke-width="1.6"/>',
        f'<circle id="here" cx="{points[-1, 0]:.1f}" cy="{points[-1, 1]:.1f}" r="5" fill="{COLOURS[5]}"/>',
        "</g>",
        *_axes(_RIGHT, sideways, upwards, course.labels, logarithmic),
        f'<polyline points="{_pairs(curve[curve_kept])}" fill="none" stroke="{COLOURS[0]}" stroke-width="1.4"/>',
        f'<circle id="value" r="5" fill="{COLOURS[5]}" cx="{curve[-1, 0]:.1f}" cy="{curve[-1, 1]:.1f}"/>'
        if len(curve)
        else "",
    ]
    if drawn.note:
        parts.append(f'<text x="{_LEFT[0]}" y="{_LEFT[1] - 6}" class="note">{escape(drawn.note)}</text>')
    page = _PAGE.format(
        title=escape(course.title), width=_WIDTH, height=int(_LEFT[1] + _LEFT[3] + 45), left=_clip(_LEFT),
        picture="\n".join(part for part in parts if part), last=len(chosen) - 1, text=escape(data["text"][-1]),
        data=json.dumps(data, separators=(",", ":")).replace("</", "<\\/"),
    )  # fmt: skip
    return Animation(course.title, page)


def _words(course: Course, k: int) -> str:
    """Say where a step has led."""
    value = f"step {k}: {course.labels[1]} = {course.values[k]:.6g}" if k < len(course.values) else f"step {k}"
    slope = f", |gradient| = {course.slopes[k]:.3g}" if k < len(course.slopes) else ""
    if course.path is None or course.path[0].size > 4:
        return value + slope
    return f"{value}{slope}, x = {', '.join(f'{x:.4g}' for x in course.path[k].ravel())}"


def _placed(
    points: NDArray[np.float64],
    across: tuple[float, float],
    up: tuple[float, float],
    box: tuple[float, float, float, float],
) -> NDArray[np.float64]:
    """Turn numbers into places of the picture."""
    left, top, width, height = box
    x = left + (points[:, 0] - across[0]) / (across[1] - across[0]) * width
    y = top + height - (points[:, 1] - up[0]) / (up[1] - up[0]) * height
    return np.nan_to_num(np.column_stack([x, y]), nan=-1e4, posinf=1e4, neginf=-1e4).clip(-1e4, 1e4)


def _pairs(points: NDArray[np.float64]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _clip(box: tuple[float, float, float, float]) -> str:
    left, top, width, height = box
    return f'<rect x="{left}" y="{top}" width="{width}" height="{height}"/>'


def _ground(drawn: Scene) -> list[str]:
    """Draw the landscape: its contours, or its curve."""
    span = (drawn.across[0], drawn.across[-1]), (drawn.up[0], drawn.up[-1])
    if drawn.is_curve:
        known = np.isfinite(drawn.heights)
        line = _placed(np.column_stack([drawn.across, drawn.heights])[known], *span, _LEFT)
        return [f'<polyline points="{_pairs(line)}" stroke="{COLOURS[7]}" stroke-width="1.6"/>']
    levels = drawn.levels(14)
    if len(levels) < 2:
        return []
    from contourpy import contour_generator

    contours = contour_generator(drawn.across, drawn.up, np.ma.masked_invalid(drawn.heights))
    lines = []
    for i, level in enumerate(levels):
        colour = _GROUND[i * len(_GROUND) // len(levels)]
        for contour in contours.lines(float(level)):
            place = _pairs(_placed(np.asarray(contour, dtype=float), *span, _LEFT))
            lines.append(f'<polyline points="{place}" stroke="{colour}" stroke-width="0.8"/>')
    return lines


def _axes(
    box: tuple[float, float, float, float],
    across: tuple[float, float],
    up: tuple[float, float],
    labels: tuple[str, str],
    logarithmic: bool,
) -> list[str]:
    """Draw a frame with its numbers and names."""
    from matplotlib.ticker import MaxNLocator

    left, top, width, height = box
    bottom = top + height
    parts = [f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="#999"/>']
    for value in MaxNLocator(5).tick_values(*across):
        if across[0] <= value <= across[1]:
            x = left + (value - across[0]) / (across[1] - across[0]) * width
            parts.append(f'<text x="{x:.1f}" y="{bottom + 15}" text-anchor="middle">{value:.6g}</text>')
            parts.append(f'<path d="M{x:.1f} {bottom}v4" stroke="#999"/>')
    for value in MaxNLocator(6, integer=logarithmic).tick_values(*up):
        if up[0] <= value <= up[1]:
            y = bottom - (value - up[0]) / (up[1] - up[0]) * height
            name = f"1e{value:.0f}" if logarithmic else f"{value:.6g}"
            parts.append(f'<text x="{left - 7}" y="{y + 4:.1f}" text-anchor="end">{name}</text>')
            parts.append(f'<path d="M{left} {y:.1f}h-4" stroke="#999"/>')
    middle = left + width / 2
    parts.append(f'<text x="{middle}" y="{bottom + 34}" text-anchor="middle">{escape(labels[0])}</text>')
    x, y = left - 46, top + height / 2
    parts.append(
        f'<text x="{x}" y="{y}" text-anchor="middle" transform="rotate(-90 {x} {y})">{escape(labels[1])}</text>'
    )
    return parts


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 13px system-ui, sans-serif; color: #222; background: #fff; margin: 6px; max-width: {width}px }}
svg {{ width: 100%; height: auto; font-size: 11px }}
text {{ fill: #333 }} .note {{ fill: #666; font-size: 10px }}
.controls {{ display: flex; gap: 8px; align-items: center }}
input[type=range] {{ flex: 1 }}
#words {{ min-height: 1.4em; margin: 4px 0; font-variant-numeric: tabular-nums }}
</style>
</head>
<body>
<svg viewBox="0 0 {width} {height}" role="img" aria-label="{title}">
<clipPath id="left">{left}</clipPath>
{picture}
</svg>
<div id="words">{text}</div>
<div class="controls">
<button id="play" type="button">&#9654; play</button>
<input id="moment" type="range" min="0" max="{last}" value="{last}" aria-label="step">
<label>speed <select id="speed"><option value="200">slow</option><option value="80" selected>normal</option>
<option value="30">fast</option></select></label>
</div>
<script>
const data = {data};
const part = name => document.getElementById(name);
const last = data.upto.length - 1;
let timer = null;
function show(k) {{
  const upto = data.upto[k], here = data.path[upto], value = data.value[k];
  part("trail").setAttribute("points", data.path.slice(0, upto + 1).join(" "));
  part("here").setAttribute("cx", here[0]);
  part("here").setAttribute("cy", here[1]);
  if (value) {{
    part("value").setAttribute("cx", value[0]);
    part("value").setAttribute("cy", value[1]);
  }}
  part("words").textContent = data.text[k];
  part("moment").value = k;
}}
function pause() {{
  clearInterval(timer);
  timer = null;
  part("play").innerHTML = "&#9654; play";
}}
function play() {{
  let k = Number(part("moment").value);
  if (k >= last) k = -1;
  part("play").innerHTML = "&#10074;&#10074; pause";
  timer = setInterval(() => {{
    k += 1;
    show(k);
    if (k >= last) pause();
  }}, Number(part("speed").value));
}}
part("play").onclick = () => timer === null ? play() : pause();
part("moment").oninput = () => {{ pause(); show(Number(part("moment").value)); }};
part("speed").onchange = () => {{ if (timer !== null) {{ pause(); play(); }} }};
</script>
</body>
</html>
"""
