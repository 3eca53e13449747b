from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["condition_number", "leverage", "linear_regression", "predict"]

_Doubles: TypeAlias = NDArray[np.float64]

_Arrays: TypeAlias = tuple[
    _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles
]
_Statistics: TypeAlias = tuple[float, float, float, float, float, float, float, float, float, float, float, float]
_Counts: TypeAlias = tuple[int, float, float, bool]

def linear_regression(
    x: ArrayLike,
    y: ArrayLike,
    intercept: bool,
    names: Sequence[str] | None,
    cov_type: str,
    confidence_level: float,
) -> tuple[_Arrays, _Statistics, _Counts]: ...
def leverage(x: ArrayLike, intercept: bool) -> _Doubles: ...
def condition_number(root: ArrayLike) -> float: ...
def predict(
    x: ArrayLike,
    params: ArrayLike,
    cov_root: ArrayLike,
    mse_resid: float,
    df_resid: float,
    interval: str,
    confidence_level: float,
) -> tuple[_Doubles, _Doubles, _Doubles]: ...
