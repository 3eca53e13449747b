from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["gradient_descent"]

def gradient_descent(
    f: Callable[[NDArray[np.float64]], Any],
    x0: ArrayLike,
    gradient: Callable[[NDArray[np.float64]], ArrayLike] | None,
    learning_rate: float,
    momentum: float,
    max_iter: int,
    tol: float,
    keep_path: bool,
    callback: Callable[[NDArray[np.float64]], object] | None,
) -> tuple[
    tuple[NDArray[np.float64], float, NDArray[np.float64]],
    tuple[int, int, int],
    tuple[str, str],
    tuple[NDArray[np.float64] | None, NDArray[np.float64], NDArray[np.float64] | None, NDArray[np.float64]],
    float | None,
]: ...
