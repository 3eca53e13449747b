"""The plane of a picture: where rows stand in it, and which rows its points stand for.

Two features are the plane themselves. Of more, it is the plane through the mean that holds most of the variance of the
standardised columns, their first two principal directions (K. Pearson 1901, doi:10.1080/14786440109462720); a point of
it stands for the row that lies there. One feature is drawn along the horizontal axis, with the rows spread vertically.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["SHOWN", "PlaneOfRows", "plane_of"]

_Floats = NDArray[np.float64]
SHOWN = 3000
"""Most rows that are drawn."""


@dataclass(frozen=True)
class PlaneOfRows:
    """A plane in the space of the features, x = origin + a·basis[0] + b·basis[1], and the rows as seen in it.

    Where a row stands is (a, b) = across·(x − origin) + height.
    """

    points: _Floats
    """Where the rows stand, (rows, 2)."""
    origin: _Floats
    basis: _Floats
    """(2, features)"""
    across: _Floats
    """(2, features)"""
    labels: tuple[str, str]
    note: str
    """What the reader must know: that this is a projection. Empty for one or two features."""

    def seen(self, rows: _Floats) -> _Floats:
        """Give where other rows stand; of one feature, half way up."""
        return (rows - self.origin) @ self.across.T + ([0.0, 0.5] if len(self.origin) == 1 else [0.0, 0.0])

    def lift(self, points: _Floats) -> _Floats:
        """Give the rows that points of the plane stand for."""
        return self.origin + points @ self.basis

    def net_input(self, weights: _Floats, bias: Any) -> tuple[_Floats, _Floats]:
        """Write z = w·x + b as slope·(a, b) + level, for planes along the last axis but one of the weights."""
        return weights @ self.basis.T, np.asarray(weights @ self.origin + bias)

    def corners(self) -> tuple[_Floats, _Floats]:
        """Give the lower and upper ends of the picture, a little beyond the rows."""
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        spread = np.where(high > low, high - low, np.maximum(np.abs(high), 1.0))
        return low - 0.08 * spread, high + 0.08 * spread

    def grid(self, count: int) -> tuple[_Floats, _Floats, _Floats]:
        """Give both sides of a grid, and its points in rows."""
        low, high = self.corners()
        across, up = (np.linspace(a, b, count) for a, b in zip(low, high, strict=True))
        return across, up, np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)

    def shown(self) -> tuple[NDArray[np.int64], str]:
        """Choose the rows that are drawn, and say if they are not all."""
        rows = len(self.points)
        if rows <= SHOWN:
            return np.arange(rows), ""
        return np.linspace(0, rows - 1, SHOWN).astype(np.int64), f"{SHOWN:,} of {rows:,} rows"


def plane_of(function: str, X: _Floats, names: list[str]) -> PlaneOfRows:
    """Find the plane in which rows are drawn."""
    rows, features = X.shape
    with np.errstate(over="ignore", invalid="ignore"):
        mean = X.mean(axis=0)
        if not (np.isfinite(X.max(axis=0) - X.min(axis=0)) & np.isfinite(mean)).all():
            raise ValueError(f"{function}: X holds values so large that their differences overflow; bring it to scale")
    if features == 1:
        # Spread evenly and without a pattern: multiples of the golden ratio.
        up = np.arange(rows) * 0.6180339887498949 % 1.0
        basis = np.array([[1.0], [0.0]])
        return PlaneOfRows(np.column_stack([X[:, 0], up]), np.zeros(1), basis, basis, (names[0], ""), "")
    if features == 2:
        return PlaneOfRows(X, np.zeros(2), np.eye(2), np.eye(2), (names[0], names[1]), "")
    size = np.abs(X - mean).max(axis=0)
    # Divided by the largest first, so that squares neither overflow nor vanish.
    spread = size * np.sqrt(np.mean(((X - mean) / np.where(size > 0, size, 1.0)) ** 2, axis=0))
    scale = np.where(spread > 10 * np.finfo(np.float64).eps * np.abs(mean), spread, 1.0)
    Z = (X - mean) / scale
    _, values, directions = np.linalg.svd(Z if rows <= 2000 or features > 2000 else Z.T @ Z, full_matrices=False)
    variances = values**2 if rows <= 2000 or features > 2000 else values
    if len(directions) < 2:
        directions = np.vstack([directions, np.eye(1, features)])
    axes = directions[:2]
    # Signs are free; the largest weight of each direction is made positive, so that pictures do not flip.
    axes = axes * np.sign(axes[np.arange(2), np.abs(axes).argmax(axis=1)])[:, None]
    total = variances.sum()
    share = variances[:2].sum() / total if total > 0 else 1.0
    note = f"plane of the first two principal directions: {share:.0%} of the standardised variance; rows are projected"
    labels = ("first principal direction", "second principal direction")
    return PlaneOfRows(Z @ axes.T, mean, axes * scale, axes / scale, labels, note)
