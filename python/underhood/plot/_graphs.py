"""The computational graph of a function: values flow up from the arguments, gradients back down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from underhood._core import graph as _core
from underhood.plot._canvas import COLOURS, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw"]

MOST = 40
"""More nodes than this make a picture that nobody can read."""

SIGNS = {
    "add": "+",
    "subtract": "−",
    "multiply": "×",
    "divide": "÷",
    "power": "xʸ",
    "negative": "−x",
    "matmul": "@",
    "less": "<",
    "less_equal": "≤",
}


def draw(title: str, traced: _core.Traced, point: list[Any], ax: Axes | None) -> Axes:
    """Draw a graph with the values and the gradients at a point."""
    flow = _core.flow(traced)
    if len(flow) > MOST:
        raise ValueError(
            f"plot_graph: the graph has {len(flow)} nodes, but a picture can show {MOST}: draw a smaller function"
        )
    ax = axes(ax)
    places = layout({node: inputs for node, _, inputs, _, _ in flow})
    for node, label, inputs, value, weight in flow:
        x, y = places[node]
        for source in inputs:
            start = places[source]
            ax.annotate(
                "",
                xy=(x, y),
                xytext=start,
                arrowprops={"arrowstyle": "-|>", "color": "0.6", "shrinkA": 20, "shrinkB": 20},
            )
        text = f"{SIGNS.get(label, label)}\n{short(value(*point))}"
        colour = COLOURS[2] if not inputs else COLOURS[0]
        box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": colour, "linewidth": 1.4}
        ax.text(x, y, text, ha="center", va="center", fontsize="small", bbox=box, zorder=3)
        if weight is not None:
            ax.annotate(
                f"∂ {short(weight(*point))}",
                (x, y),
                xytext=(0, -26),
                textcoords="offset points",
                ha="center",
                va="top",
                fontsize="x-small",
                color=COLOURS[5],
            )
    across, up = zip(*places.values(), strict=True)
    ax.set_xlim(min(across) - 0.7, max(across) + 0.7)
    ax.set_ylim(min(up) - 0.7, max(up) + 0.5)
    ax.set_axis_off()
    ax.set_title(f"{title}: values, and the gradient ∂ of the result by each", fontsize="medium")
    return ax


def layout(graph: dict[int, list[int]]) -> dict[int, tuple[float, float]]:
    """Place nodes in layers, each above its inputs, and within a layer near the mean of what it touches.

    Layers by longest paths and barycentres: K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of
    hierarchical system structures", 1981, doi:10.1109/TSMC.1981.4308636.
    """
    layer: dict[int, int] = {}
    for node, inputs in graph.items():
        layer[node] = 1 + max((layer[source] for source in inputs), default=-1)
    users: dict[int, list[int]] = {node: [] for node in graph}
    for node, inputs in graph.items():
        for source in inputs:
            users[source].append(node)
    # A constant or an argument stands just below what uses it first.
    for node, inputs in graph.items():
        if not inputs and users[node]:
            layer[node] = max(0, min(layer[user] for user in users[node]) - 1)
    rows: dict[int, list[int]] = {}
    for node in graph:
        rows.setdefault(layer[node], []).append(node)
    across = {node: i - (len(row) - 1) / 2 for row in rows.values() for i, node in enumerate(row)}
    for _ in range(8):
        for level in sorted(rows):
            row = rows[level]
            wanted = {
                node: np.mean([across[other] for other in graph[node] + users[node]] or [across[node]]) for node in row
            }
            row.sort(key=lambda node: (wanted[node], node))
            for i, node in enumerate(row):
                across[node] = i - (len(row) - 1) / 2
    return {node: (across[node], float(layer[node])) for node in graph}


def short(value: Any) -> str:
    """Show a number to four digits, an array by its shape."""
    array = np.asarray(value)
    if array.ndim == 0:
        return f"{float(array):.4g}"
    if array.size <= 3:
        return "[" + ", ".join(f"{x:.3g}" for x in array.ravel()) + "]"
    return "array " + "×".join(str(length) for length in array.shape)
