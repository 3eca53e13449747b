"""Word-sized pictures for the tables of a page: a histogram, a bar of shares. Plain SVG; nothing has to be installed.

After E. Tufte's sparklines (Beautiful Evidence, 2006).
"""

from __future__ import annotations

from html import escape

import numpy as np
from numpy.typing import NDArray

from underhood._analysis.reading import Column, Float

__all__ = ["spark"]

_WIDTH, _HEIGHT, _BINS = 96, 22, 24
_BLUE, _PALE = "#0072B2", "#9fc5de"


def spark(column: Column) -> str:
    """Draw the values of a column; nothing for those that cannot be drawn."""
    if column.kind == "number" and column.numbers is not None:
        values = column.numbers[~np.isnan(column.numbers)]
        return _histogram(values, f"histogram of {column.name}")
    if column.kind == "date" and column.dates is not None:
        moments = column.dates[~np.isnat(column.dates)].astype("datetime64[s]").astype(np.float64)
        return _histogram(moments, f"histogram of {column.name}")
    if column.kind == "category" and column.codes is not None:
        counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.labels))
        return _bars(np.sort(counts)[::-1][:_BINS], f"rows in each category of {column.name}")
    return ""


def _histogram(values: Float, label: str) -> str:
    if not values.size:
        return ""
    # Halved first: the whole range of doubles has a width that is no double.
    low, high = values.min() / 2, values.max() / 2
    width = high - low or 1.0
    places = np.minimum((values / 2 - low) / width * _BINS, _BINS - 1).astype(np.intp)
    return _bars(np.bincount(places, minlength=_BINS), label, gap=0.5)


def _bars(counts: NDArray[np.intp], label: str, gap: float = 2.0) -> str:
    if not counts.size or not counts.max():
        return ""
    step = min(_WIDTH / counts.size, 14)
    bars = []
    for i, count in enumerate(counts):
        height = _HEIGHT * float(count) / float(counts.max())
        if count:
            height = max(height, 1.0)
            bars.append(
                f'<rect x="{i * step:.2f}" y="{_HEIGHT - height:.2f}" width="{step - gap:.2f}" height="{height:.2f}"/>'
            )
    return (
        f'<svg class="spark" width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(label, quote=True)}" fill="{_BLUE if gap < 1 else _PALE}">{"".join(bars)}</svg>'
    )
