"""Pages that move: one SVG, its data and a few lines of script, all in the page itself.

No network, no video program: a page is text of some ten to a hundred kilobytes. In a notebook it stands in a frame of
its own, so that it stays as it is when the notebook is saved as HTML.
"""

from __future__ import annotations

import json
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Animation", "Box", "clip", "frame", "page", "pairs", "placed"]

Box = tuple[float, float, float, float]
"""Left edge, top, width and height of a picture."""


class Animation:
    """A page that shows something as it goes; it shows itself in Jupyter.

    Attributes
    ----------
    html : str
        The page, complete in itself.
    """

    __slots__ = ("_size", "_title", "html")

    def __init__(self, title: str, html: str, size: tuple[int, int]) -> None:
        self._title = title
        self._size = size
        self.html = html

    def save(self, path: str | PathLike[str]) -> None:
        """Write the page to a file, to be opened in any browser."""
        Path(path).write_text(self.html, encoding="utf-8")

    def _repr_html_(self) -> str:
        # A frame keeps the page's names and script apart from those of the notebook and of other animations.
        return (
            f'<iframe srcdoc="{escape(self.html, quote=True)}" title="{escape(self._title, quote=True)}" '
            f'width="100%" height="{self._size[1] + 20}" style="border: 0; max-width: {self._size[0] + 20}px"></iframe>'
        )

    def __repr__(self) -> str:
        return f"Animation: {self._title} ({len(self.html) / 1000:.0f} kB; .save(path) writes the page)"


def page(
    title: str, size: tuple[int, int], height: int, picture: list[str], show: str, data: dict[str, Any]
) -> Animation:
    """Put a page together.

    ``data["text"]`` has the words of each moment; ``show`` is the script's function ``show(k)``, which draws moment k;
    the picture is drawn as at the last moment, ``height`` units high.
    """
    html = _PAGE.format(
        title=escape(title), width=size[0], height=height, picture="\n".join(part for part in picture if part),
        last=len(data["text"]) - 1, text=escape(data["text"][-1]), show=show.strip(),
        data=json.dumps(data, separators=(",", ":")).replace("</", "<\\/"),
    )  # fmt: skip
    return Animation(title, html, size)


def placed(
    points: NDArray[np.float64],
    across: tuple[float, float],
    up: tuple[float, float],
    box: Box,
) -> NDArray[np.float64]:
    """Turn numbers into places of the picture."""
    left, top, width, height = box
    x = left + (points[:, 0] - across[0]) / (across[1] - across[0]) * width
    y = top + height - (points[:, 1] - up[0]) / (up[1] - up[0]) * height
    return np.nan_to_num(np.column_stack([x, y]), nan=-1e4, posinf=1e4, neginf=-1e4).clip(-1e4, 1e4)


def pairs(points: NDArray[np.float64]) -> str:
    """Write places as SVG does."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def clip(name: str, box: Box) -> str:
    """Let what refers to this name be seen inside the box only."""
    left, top, width, height = box
    return f'<clipPath id="{name}"><rect x="{left}" y="{top}" width="{width}" height="{height}"/></clipPath>'


def frame(
    box: Box,
    across: tuple[float, float],
    up: tuple[float, float],
    labels: tuple[str, str],
    logarithmic: bool = False,
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
const last = data.text.length - 1;
let timer = null;
{show}
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
