from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from underhood._core.graph import Traced

_Floats = NDArray[np.float64]
_State = tuple[_Floats, _Floats, int, int, int, float]
_History = tuple[_Floats, _Floats, _Floats]

__all__ = ["Layers"]

@final
class Layers:
    def __new__(cls, class_: str, sizes: list[int], activation: str, output: str) -> Layers: ...
    @property
    def parameters(self) -> int: ...
    def fit(
        self,
        method: str,
        X: ArrayLike,
        y: Any,
        classes: int | None,
        sample_weight: ArrayLike | None,
        start: ArrayLike | None,
        state: _State | None,
        solver: str,
        alpha: float,
        batch_size: int | None,
        learning_rate: str,
        learning_rate_init: float,
        power_t: float,
        max_iter: int,
        shuffle: bool,
        random_state: Any,
        tol: float,
        momentum: float,
        nesterovs_momentum: bool,
        early_stopping: bool,
        validation_fraction: float,
        beta_1: float,
        beta_2: float,
        epsilon: float,
        n_iter_no_change: int,
        max_fun: int,
        keep_history: bool,
    ) -> tuple[_Floats, _State, int, str, float, list[float], list[float], float, _History | None]: ...
    def classes(self, method: str, parameters: ArrayLike, X: ArrayLike) -> NDArray[np.int64]: ...
    def net_inputs(self, method: str, parameters: ArrayLike, X: ArrayLike) -> _Floats: ...
    def gradient(
        self,
        method: str,
        parameters: ArrayLike,
        X: ArrayLike,
        y: Any,
        classes: int | None,
        sample_weight: ArrayLike | None,
        alpha: float,
    ) -> _Floats: ...
    def loss(
        self,
        method: str,
        X: ArrayLike,
        y: Any,
        classes: int | None,
        sample_weight: ArrayLike | None,
        alpha: float,
    ) -> Traced: ...
