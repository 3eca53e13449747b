from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Correlation: TypeAlias = tuple[float, float, int, int, tuple[float, float] | None]

def corr(x: ArrayLike, y: ArrayLike | None = None, *, method: str = "pearson") -> NDArray[np.float64]: ...
def cov(x: ArrayLike, y: ArrayLike | None = None, *, ddof: int = 1) -> NDArray[np.float64]: ...
def pearsonr(x: ArrayLike, y: ArrayLike, alternative: str, confidence_level: float) -> _Correlation: ...
def spearmanr(x: ArrayLike, y: ArrayLike, alternative: str) -> _Correlation: ...

__all__ = [
    "corr",
    "cov",
    "pearsonr",
    "spearmanr",
]
