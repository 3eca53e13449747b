from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_History = tuple[_Floats, _Floats, _Floats, _Ints, _Floats, _Floats, float]
_Planes = tuple[_Floats, _Floats, list[int], list[str], list[float], list[_History | None]]
_SvcHistory = tuple[_Ints, _Floats, _Floats, _Ints]
_Pair = tuple[float, float, float, float, int, int, int, int, str, _SvcHistory | None]

__all__ = ["fit_linear_svc", "fit_svc", "one_vs_one_codes", "one_vs_rest_values", "svc_decision"]

def fit_linear_svc(
    X: ArrayLike,
    codes: _Ints,
    classes: int,
    weights: ArrayLike | None,
    class_weights: ArrayLike,
    C: float,
    loss: str,
    tol: float,
    max_iter: int,
    intercept_scaling: float | None,
    random_state: Any,
    keep_history: bool,
) -> tuple[_Planes, list[tuple[float, float, int, str]]]: ...
def fit_svc(
    X: ArrayLike,
    codes: _Ints,
    classes: int,
    weights: ArrayLike | None,
    C: float,
    kernel: str,
    degree: int,
    gamma: float | str,
    coef0: float,
    tol: float,
    max_iter: int | None,
    cache_size: float,
    keep_history: bool,
) -> tuple[_Ints, list[int], _Floats, list[_Pair], float]: ...
def one_vs_one_codes(values: ArrayLike, classes: int) -> _Ints: ...
def one_vs_rest_values(values: ArrayLike, classes: int) -> _Floats: ...
def svc_decision(
    X: ArrayLike,
    kernel: str,
    degree: int,
    gamma: float,
    coef0: float,
    vectors: ArrayLike,
    counts: list[int],
    dual: ArrayLike,
    intercept: ArrayLike,
) -> _Floats: ...
