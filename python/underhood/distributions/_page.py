"""What Jupyter shows of a distribution: a small picture of its density and a table of its moments."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from underhood._results import format_value, html_table
from underhood.plot._distributions import ceiling, curve

__all__ = ["page"]

_WIDTH, _HEIGHT = 220, 90


def page(X: Any) -> str:
    """Write the HTML."""
    rows = [(name, format_value(value)) for name, value in X.parameters.items()]
    rows += [(name, format_value(getattr(X, name)())) for name in ("mean", "std", "median", "skewness", "kurtosis")]
    rows.append(("95 % interval", format_value(X.interval(0.95))))
    table = html_table(None, rows, "ll")
    one = not isinstance(X.mean(), np.ndarray)
    picture = f'<div style="display:inline-block;vertical-align:top">{_picture(X)}</div>' if one else ""
    return f"<p><b>{escape(repr(X))}</b></p>{picture}<div style='display:inline-block'>{table}</div>"


def _picture(X: Any) -> str:
    """Draw the density as SVG, so that no library is needed."""
    discrete = hasattr(X, "pmf")
    x, y = curve(X, "pmf" if discrete else "pdf")
    top = float(np.max(y, initial=0.0)) if discrete else ceiling(X, x, y)
    y = np.minimum(y, top)
    if not 0.0 < top < np.inf:
        return ""
    # A single value stands in the middle.
    beside = max(1.0, abs(x[0]))
    left, right = (x[0], x[-1]) if x[-1] > x[0] else (x[0] - beside, x[0] + beside)
    across = 4 + (x - left) / (right - left) * (_WIDTH - 8)
    down = _HEIGHT - 4 - y / top * (_HEIGHT - 8)
    if discrete:
        stems = "".join(f"M{a:.1f} {_HEIGHT - 4}V{b:.1f}" for a, b in zip(across, down, strict=True))
        shape = f'<path d="{stems}" stroke="#0072B2" stroke-width="2" fill="none"/>'
    else:
        line = "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(across, down, strict=True))
        shape = f'<path d="M{line}" stroke="#0072B2" stroke-width="1.5" fill="none"/>'
    base = f'<path d="M4 {_HEIGHT - 4}H{_WIDTH - 4}" stroke="#999"/>'
    return f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="density">{base}{shape}</svg>'
