from collections.abc import Sequence
from typing import TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Correlation: TypeAlias = tuple[
    float, float, int | None, int, tuple[float, float], tuple[int, int], tuple[float, float], bool
]
_Partial: TypeAlias = tuple[float, float, int, int, int, tuple[float, float], float, float]
_Autocorrelations: TypeAlias = tuple[float, float, NDArray[np.float64], NDArray[np.float64], int]

def acf(x: ArrayLike, nlags: int | None, confidence_level: float) -> _Autocorrelations: ...
@overload
def autocorr(x: ArrayLike, lag: int = 1) -> float: ...
@overload
def autocorr(x: ArrayLike, lag: Sequence[int] | NDArray[np.integer]) -> NDArray[np.float64]: ...
def corr(x: ArrayLike, y: ArrayLike | None, method: str, nan_policy: str) -> NDArray[np.float64]: ...
def cov(x: ArrayLike, y: ArrayLike | None, ddof: int, nan_policy: str) -> NDArray[np.float64]: ...
def kendalltau(
    x: ArrayLike, y: ArrayLike, variant: str, alternative: str, confidence_level: float, method: str
) -> _Correlation: ...
def partial_corr(
    x: ArrayLike, y: ArrayLike, covariates: ArrayLike, alternative: str, confidence_level: float
) -> _Partial: ...
def pearsonr(x: ArrayLike, y: ArrayLike, alternative: str, confidence_level: float) -> _Correlation: ...
def spearmanr(x: ArrayLike, y: ArrayLike, alternative: str, confidence_level: float, method: str) -> _Correlation: ...

__all__ = [
    "acf",
    "autocorr",
    "corr",
    "cov",
    "kendalltau",
    "partial_corr",
    "pearsonr",
    "spearmanr",
]
