from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Description: TypeAlias = tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
]

def describe_columns(columns: Sequence[ArrayLike], bias: bool) -> _Description: ...
def describe_matrix(data: ArrayLike, bias: bool) -> _Description: ...
def mean(a: ArrayLike, axis: int | None = None) -> float | NDArray[np.float64]: ...
def median(a: ArrayLike, axis: int | None = None) -> float | NDArray[np.float64]: ...
def quantile(
    a: ArrayLike, q: ArrayLike, *, axis: int | None = None, method: str = "linear"
) -> float | NDArray[np.float64]: ...
def std(a: ArrayLike, axis: int | None = None, *, ddof: int = 1) -> float | NDArray[np.float64]: ...
def var(a: ArrayLike, axis: int | None = None, *, ddof: int = 1) -> float | NDArray[np.float64]: ...

__all__ = [
    "describe_columns",
    "describe_matrix",
    "mean",
    "median",
    "quantile",
    "std",
    "var",
]
