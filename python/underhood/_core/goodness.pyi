from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Distance: TypeAlias = tuple[float, float, float, int, bool, bool]

def anderson(
    x: ArrayLike, dist: str
) -> tuple[float, float, NDArray[np.float64], NDArray[np.float64], tuple[float, float], int]: ...
def jarque_bera(x: ArrayLike) -> tuple[float, float, float, float, int]: ...
def ks_2samp(x: ArrayLike, y: ArrayLike, alternative: str, method: str) -> _Distance: ...
def ks_uniform(function: str, x: ArrayLike, cdf: ArrayLike, alternative: str, method: str) -> _Distance: ...
def normaltest(
    x: ArrayLike,
) -> tuple[float, float, float, float, float, float, float, float, int]: ...
def shapiro(x: ArrayLike) -> tuple[float, float, int]: ...

__all__ = [
    "anderson",
    "jarque_bera",
    "ks_2samp",
    "ks_uniform",
    "normaltest",
    "shapiro",
]
