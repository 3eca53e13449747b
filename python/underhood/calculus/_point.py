"""How a function takes its point: as one array, or as several numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._functions import resolve

__all__ = ["names", "of_array"]


def names(f: Any, count: int) -> list[str] | None:
    """Give the names of ``f``'s parameters if it takes ``count`` numbers, two or more; None if it takes one array."""
    if count < 2:
        return None
    if isinstance(f, np.ufunc):
        return [f"x{i + 1}" for i in range(count)] if f.nin == count else None
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return None
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    required = [p.name for p in parameters if p.kind in positional and p.default is inspect.Parameter.empty]
    return required if len(required) == count else None


def of_array(function: str, f: Any, x: ArrayLike) -> Callable[..., Any]:
    """Give ``f`` as a function of one array of the shape of ``x``."""
    shape = np.shape(x)
    if len(shape) == 1 and names(f, shape[0]) is not None:
        called = resolve(function, "f", f, *[()] * shape[0])

        def spread(point: NDArray[np.float64]) -> Any:
            return called(*point.tolist())

        return spread
    return resolve(function, "f", f, shape)
