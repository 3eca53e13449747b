from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["bisect", "find_root", "newton", "root"]

def find_root(
    f: Callable[..., Any], a: float, b: float, xtol: float, rtol: float, maxiter: int
) -> tuple[float, float, tuple[float, float], tuple[int, int], bool, str]: ...
def bisect(
    f: Callable[..., Any], a: float, b: float, xtol: float, rtol: float, maxiter: int
) -> tuple[tuple[float, float, tuple[float, float], tuple[int, int], bool, str], NDArray[np.float64]]: ...
def newton(
    f: Callable[..., Any],
    x0: float,
    fprime: Callable[..., Any] | None,
    fprime2: Callable[..., Any] | None,
    tol: float,
    rtol: float,
    maxiter: int,
    x1: float | None,
) -> tuple[
    tuple[float, float],
    tuple[int, int],
    tuple[bool, int, str, str],
    tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
]: ...
def root(
    f: Callable[..., Any],
    x0: ArrayLike,
    jac: Callable[..., Any] | None,
    hybrid: bool,
    tol: float,
    max_nfev: int | None,
) -> tuple[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]], tuple[int, int, int], bool, str]: ...
