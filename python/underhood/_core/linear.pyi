import numpy as np
from numpy.typing import ArrayLike, NDArray

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_Sweeps = tuple[_Floats, _Floats, _Ints, _Floats, _Floats]
_Target = tuple[_Floats, float, float, float, _Floats, float, int, str, _Sweeps | None]
_Evidence = tuple[_Floats, _Floats, _Floats, _Floats, _Floats]

__all__ = [
    "elastic_net_path",
    "fit_bayesian_ridge",
    "fit_elastic_net",
    "fit_linear_regression",
    "fit_ridge",
    "linear_prediction",
    "polynomial_count",
    "polynomial_features",
    "predictive_deviation",
]

def elastic_net_path(
    kind: str,
    X: ArrayLike,
    y: ArrayLike,
    alphas: int | ArrayLike,
    eps: float,
    l1_ratio: float,
    fit_intercept: bool,
    positive: bool,
    max_iter: int,
    tol: float,
) -> tuple[_Floats, _Floats, _Floats, _Floats, _Ints, bool]: ...
def fit_bayesian_ridge(
    X: ArrayLike,
    y: ArrayLike,
    sample_weight: ArrayLike | None,
    max_iter: int,
    tol: float,
    alpha_1: float,
    alpha_2: float,
    lambda_1: float,
    lambda_2: float,
    alpha_init: float | None,
    lambda_init: float | None,
    fit_intercept: bool,
) -> tuple[_Floats, float, _Floats, float, float, _Floats, float, int, str, _Evidence]: ...
def fit_elastic_net(
    kind: str,
    X: ArrayLike,
    y: ArrayLike,
    sample_weight: ArrayLike | None,
    start: ArrayLike | None,
    alpha: float,
    l1_ratio: float,
    fit_intercept: bool,
    positive: bool,
    max_iter: int,
    tol: float,
    keep_history: bool,
) -> list[_Target]: ...
def fit_linear_regression(
    X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, fit_intercept: bool, positive: bool
) -> tuple[_Floats, _Floats, int, _Floats, list[float], str]: ...
def fit_ridge(
    X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, alpha: float, fit_intercept: bool, positive: bool
) -> tuple[_Floats, _Floats, str]: ...
def linear_prediction(X: ArrayLike, coef: ArrayLike, intercept: ArrayLike) -> _Floats: ...
def polynomial_count(X: ArrayLike, least: int, most: int, interaction_only: bool, include_bias: bool) -> int: ...
def polynomial_features(X: ArrayLike, least: int, most: int, interaction_only: bool, include_bias: bool) -> _Floats: ...
def predictive_deviation(X: ArrayLike, means: ArrayLike, sigma: ArrayLike, alpha: float) -> _Floats: ...
