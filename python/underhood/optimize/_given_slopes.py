"""Whether derivatives that a caller gave are those of the function that came with them.

They are compared with difference quotients beside the point that a search found: at a minimum every slope is zero, and
zero agrees with much.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["GivenSlopes"]

_Floats = NDArray[np.float64]

ASIDE = 1e-2
"""How far beside the point, in units of each coordinate, or of 1 if that is more."""

STEP = 1e-4
"""Of a difference, in the same units: far enough for rounding, and halved to see what curvature does."""

MOST = 50
"""So many entries are looked at one by one."""


class GivenSlopes:
    """A function and what is said to be its gradient, or Jacobian, near a point; both are called a few times."""

    def __init__(self, f: Callable[..., Any], jac: Callable[..., Any], x: _Floats, limits: Any) -> None:
        self.f, self.jac, self.limits = f, jac, limits
        self.calls = 0
        self.scale = np.maximum(np.abs(x), 1)
        # A direction that no symmetry picks out.
        generic = 0.5 + np.modf(np.arange(1, x.size + 1) * 0.6180339887498949)[0]
        generic[1::2] *= -1
        self.generic = generic.reshape(x.shape) * self.scale
        self.x = x + ASIDE * self.generic
        if limits is not None:
            self.x = np.clip(self.x, *(np.reshape(limit, x.shape) for limit in limits))

    def wrong(self) -> str | None:
        """Say that the slope along one direction is wrong, or give None."""
        told = self._told()
        if told is None or self._agree(self.generic, told @ self.generic.ravel()):
            return None
        return "the given jac does not agree with how the values of the function change near x; look it over"

    def wrong_entry(self) -> str | None:
        """Name the first entry of a gradient that is wrong, or give None."""
        told = self._told()
        if told is None:
            return None
        for i, (slope, size) in enumerate(zip(told.ravel()[:MOST], self.scale.ravel(), strict=False)):
            direction = np.zeros(self.x.size)
            direction[i] = size
            direction = direction.reshape(self.x.shape)
            if not self._agree(direction, np.array([slope * size])):
                found = self._quotient(direction, STEP)[0][0] / size
                return (
                    f"the given jac does not agree with f: near x its entry {i} is {slope:.4g}, but the values of f "
                    f"make it {found:.4g}; look it over"
                )
        return None

    def _told(self) -> _Floats | None:
        try:
            told = np.asarray(self.jac(self.x.copy()), dtype=np.float64).reshape(-1, self.x.size)
        except Exception:
            return None
        return told if np.isfinite(told).all() else None

    def _agree(self, direction: _Floats, told: _Floats) -> bool:
        """Whether the difference quotient is what was told, as far as it can be known."""
        with np.errstate(all="ignore"):
            wide, size = self._quotient(direction, STEP)
            narrow, _ = self._quotient(direction, STEP / 2)
            if narrow.shape != told.shape or not (np.isfinite(wide).all() and np.isfinite(narrow).all()):
                return True
            # At a corner or a wall, or where f bends much, both quotients differ, and nothing can be said.
            doubt = 10 * np.abs(wide - narrow) + 1e3 * np.finfo(float).eps * size / STEP
            return bool((np.abs(narrow - told) <= 0.01 * np.maximum(np.abs(narrow), np.abs(told)) + doubt).all())

    def _quotient(self, direction: _Floats, step: float) -> tuple[_Floats, _Floats]:
        """Give the change of f per unit of the direction, between two points inside the bounds, and the size of f."""
        ends = [self.x + step * direction, self.x - step * direction]
        if self.limits is not None:
            lower, upper = (np.reshape(limit, self.x.shape) for limit in self.limits)
            inside = [bool(((lower <= end) & (end <= upper)).all()) for end in ends]
            ends = [end if good else self.x.copy() for end, good in zip(ends, inside, strict=True)]
            step *= sum(inside) / 2
        values = []
        for end in ends:
            self.calls += 1
            try:
                values.append(np.asarray(self.f(end), dtype=np.float64).ravel())
            except Exception:
                return np.array([np.nan]), np.array([np.nan])
        return (values[0] - values[1]) / (2 * step), np.maximum(np.abs(values[0]), np.abs(values[1]))
