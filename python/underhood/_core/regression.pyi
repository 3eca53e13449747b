from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "breusch_pagan",
    "check_residuals",
    "condition_number",
    "influence",
    "leverage",
    "linear_regression",
    "polyfit",
    "polynomial_basis",
    "predict",
    "ridge_regression",
    "variance_inflation",
    "wald_test",
]

_Doubles: TypeAlias = NDArray[np.float64]

_Arrays: TypeAlias = tuple[
    _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles
]
_Statistics: TypeAlias = tuple[float, float, float, float, float, float, float, float, float, float, float, float]
_Counts: TypeAlias = tuple[int, float, float, bool, int | None]
_Fit: TypeAlias = tuple[_Arrays, _Statistics, _Counts]
_Basis: TypeAlias = tuple[_Doubles, int, _Doubles, _Doubles, _Doubles]

def linear_regression(
    x: ArrayLike,
    y: ArrayLike,
    weights: ArrayLike | None,
    intercept: bool,
    names: Sequence[str] | None,
    cov_type: str,
    confidence_level: float,
) -> _Fit: ...
def polyfit(
    x: ArrayLike,
    y: ArrayLike,
    degree: int,
    weights: ArrayLike | None,
    cov_type: str,
    confidence_level: float,
) -> tuple[_Fit, _Basis]: ...
def polynomial_basis(
    x: ArrayLike, exponent: int, centres: ArrayLike, ratios: ArrayLike, lengths: ArrayLike
) -> _Doubles: ...
def ridge_regression(
    x: ArrayLike, y: ArrayLike, alpha: float, weights: ArrayLike | None, intercept: bool
) -> tuple[_Doubles, _Doubles, _Doubles, tuple[float, float, float, float]]: ...
def leverage(x: ArrayLike, weights: ArrayLike | None, intercept: bool) -> _Doubles: ...
def influence(
    resid: ArrayLike, leverage: ArrayLike, mse_resid: float, df_resid: float
) -> tuple[_Doubles, _Doubles, _Doubles, _Doubles]: ...
def variance_inflation(root: ArrayLike, constant: int | None) -> _Doubles: ...
def check_residuals(resid: ArrayLike) -> tuple[float, float, float, float, float]: ...
def breusch_pagan(x: ArrayLike, resid: ArrayLike, intercept: bool) -> tuple[float, float, float]: ...
def wald_test(params: ArrayLike, cov: ArrayLike, restrictions: ArrayLike, df_resid: float) -> tuple[float, float]: ...
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
