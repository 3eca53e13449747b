from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["logistic_regression", "means", "poisson_regression", "predict", "residuals"]

_Doubles: TypeAlias = NDArray[np.float64]

_Arrays: TypeAlias = tuple[_Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles]
_Statistics: TypeAlias = tuple[float, float, float, float, float, float, float, float, float, float, float, float]
_Counts: TypeAlias = tuple[int, int, bool, float]

def logistic_regression(
    x: ArrayLike,
    y: ArrayLike,
    intercept: bool,
    names: Sequence[str] | None,
    levels: tuple[str, str],
    cov_type: str,
    confidence_level: float,
    max_iter: int,
) -> tuple[_Arrays, _Statistics, _Counts]: ...
def poisson_regression(
    x: ArrayLike,
    y: ArrayLike,
    offset: ArrayLike | None,
    exposure: ArrayLike | None,
    intercept: bool,
    names: Sequence[str] | None,
    cov_type: str,
    confidence_level: float,
    max_iter: int,
) -> tuple[_Arrays, _Statistics, _Counts]: ...
def predict(
    x: ArrayLike,
    params: ArrayLike,
    cov_root: ArrayLike,
    family: str,
    offset: ArrayLike | None,
    confidence_level: float,
) -> tuple[_Doubles, _Doubles, _Doubles]: ...
def means(family: str, linear_predictor: ArrayLike) -> _Doubles: ...
def residuals(family: str, kind: str, y: ArrayLike, linear_predictor: ArrayLike) -> _Doubles: ...
