from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_History = tuple[_Floats, _Floats, _Floats, _Ints, _Floats, _Floats, float]
_Planes = tuple[_Floats, _Floats, list[int], list[str], list[float], list[_History | None]]
_Steps = tuple[_Floats, _Floats, _Floats, _Ints, _Floats, _Floats]

__all__ = [
    "confusion_counts",
    "decision_function",
    "encode_labels",
    "fit_adaline",
    "fit_logistic",
    "fit_perceptron",
    "fit_scaler",
    "log_probabilities",
    "predict_codes",
    "probabilities",
    "scale_columns",
    "split_rows",
]

def confusion_counts(y_true: _Ints, y_pred: _Ints, classes: int) -> _Ints: ...
def decision_function(X: ArrayLike, coef: ArrayLike, intercept: ArrayLike) -> _Floats: ...
def encode_labels(y: ArrayLike) -> tuple[_Floats, _Ints, _Ints]: ...
def fit_adaline(
    X: ArrayLike,
    codes: _Ints,
    classes: int,
    sample_weight: ArrayLike | None,
    start: tuple[_Floats, _Floats] | None,
    learning_rate: float | None,
    solver: str,
    batch_size: int,
    max_iter: int,
    tol: float | None,
    shuffle: bool,
    fit_intercept: bool,
    random_state: Any,
    init_scale: float,
    keep_history: bool,
) -> tuple[_Planes, float]: ...
def fit_logistic(
    X: ArrayLike,
    codes: _Ints,
    classes: int,
    sample_weight: ArrayLike | None,
    C: float,
    l1_ratio: float,
    fit_intercept: bool,
    tol: float,
    max_iter: int,
    solver: str,
    keep_history: bool,
) -> tuple[_Floats, _Floats, int, str, float, float, str, _Steps | None]: ...
def fit_perceptron(
    X: ArrayLike,
    codes: _Ints,
    classes: int,
    sample_weight: ArrayLike | None,
    start: tuple[_Floats, _Floats] | None,
    learning_rate: float,
    max_iter: int,
    n_iter_no_change: int | None,
    shuffle: bool,
    fit_intercept: bool,
    random_state: Any,
    init_scale: float,
    keep_history: bool,
) -> _Planes: ...
def fit_scaler(X: ArrayLike) -> tuple[_Floats, _Floats, _Floats]: ...
def log_probabilities(z: ArrayLike) -> _Floats: ...
def predict_codes(X: ArrayLike, coef: ArrayLike, intercept: ArrayLike) -> _Ints: ...
def probabilities(z: ArrayLike) -> _Floats: ...
def scale_columns(X: ArrayLike, mean: ArrayLike, scale: ArrayLike, inverse: bool) -> _Floats: ...
def split_rows(rows: int, test: int, shuffle: bool, random_state: Any, strata: _Ints | None) -> tuple[_Ints, _Ints]: ...
