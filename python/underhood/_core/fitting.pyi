from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["least_squares", "parameter_covariance"]

def least_squares(
    function: str,
    argument: str,
    f: Callable[..., Any],
    x0: ArrayLike,
    jac: Callable[..., Any] | None,
    lower: ArrayLike,
    upper: ArrayLike,
    xtol: float,
    gtol: float,
    diff_step: float | None,
    max_nfev: int | None,
) -> tuple[
    tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], list[int]],
    tuple[tuple[float, float], tuple[int, int, int, int], tuple[bool, int, str]],
]: ...
def parameter_covariance(jacobian: ArrayLike) -> tuple[NDArray[np.float64], int, float]: ...
