from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Interval: TypeAlias = tuple[float, float, float, float | None, float | None, tuple[int, ...], tuple[float, ...]]

def correlation_confint(x: ArrayLike, y: ArrayLike, confidence_level: float, side: str) -> _Interval: ...
def coverage(
    distribution: Any,
    interval: str,
    n: int,
    repeats: int,
    confidence_level: float,
    rng: int | np.random.Generator | None,
    shown: int,
) -> tuple[float, tuple[int, int, int], float, NDArray[np.float64]]: ...
def mean_confint(x: ArrayLike, sigma: float | None, confidence_level: float, side: str) -> _Interval: ...
def mean_difference_confint(
    x: ArrayLike, y: ArrayLike, method: str, confidence_level: float, side: str
) -> _Interval: ...
def quantile_confint(
    function: str, x: ArrayLike, q: float, confidence_level: float, side: str
) -> tuple[float, float, float, tuple[int | None, int | None], float, int]: ...
def std_confint(x: ArrayLike, confidence_level: float, side: str) -> _Interval: ...
def variance_confint(x: ArrayLike, confidence_level: float, side: str) -> _Interval: ...
def variance_ratio_confint(x: ArrayLike, y: ArrayLike, confidence_level: float, side: str) -> _Interval: ...

__all__ = [
    "correlation_confint",
    "coverage",
    "mean_confint",
    "mean_difference_confint",
    "quantile_confint",
    "std_confint",
    "variance_confint",
    "variance_ratio_confint",
]
