from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["derivative", "gradient"]

def derivative(
    f: Callable[[float], Any], x: ArrayLike, order: int, method: str, step: float | None
) -> tuple[float, float, int, bool, str, str | None]: ...
def gradient(
    f: Callable[[NDArray[np.float64]], Any], x: ArrayLike, order: int, method: str, step: float | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], int, bool, list[str], tuple[int, str] | None]: ...
