from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["convexity_of_quadratic", "lagrange", "program", "sample_convexity"]

def program(
    p: ArrayLike | None,
    c: ArrayLike,
    inequalities: tuple[ArrayLike, ArrayLike] | None,
    equalities: tuple[ArrayLike, ArrayLike] | None,
    lower: ArrayLike,
    upper: ArrayLike,
) -> tuple[
    tuple[NDArray[np.float64], float],
    tuple[NDArray[np.float64], NDArray[np.float64]],
    tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    tuple[bool, int, int, str],
]: ...
def lagrange(
    f: Callable[..., Any], constraints: Callable[..., Any], x0: ArrayLike, tol: float, max_nfev: int | None
) -> tuple[
    tuple[NDArray[np.float64], float],
    tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    str,
    tuple[int, int],
    tuple[bool, str],
]: ...
def convexity_of_quadratic(p: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64], bool, bool]: ...
def sample_convexity(
    f: Callable[..., Any], lower: ArrayLike, upper: ArrayLike, n: int, rng: Any
) -> tuple[tuple[NDArray[np.float64], NDArray[np.float64], float] | None, float, int]: ...
