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
_TTest: TypeAlias = tuple[
    float,
    float,
    float,
    float,
    float,
    tuple[float, float],
    float,
    float,
    tuple[float, float | None],
    tuple[int, int | None],
]
_Correlation: TypeAlias = tuple[float, float, int, int, tuple[float, float] | None]

def chi2_contingency(
    observed: ArrayLike, correction: bool
) -> tuple[float, float, int, NDArray[np.float64], float, float, bool]: ...
def corr(x: ArrayLike, y: ArrayLike | None = None, *, method: str = "pearson") -> NDArray[np.float64]: ...
def cov(x: ArrayLike, y: ArrayLike | None = None, *, ddof: int = 1) -> NDArray[np.float64]: ...
def describe_columns(columns: Sequence[ArrayLike], bias: bool) -> _Description: ...
def describe_matrix(data: ArrayLike, bias: bool) -> _Description: ...
def f_oneway(
    groups: Sequence[ArrayLike], equal_var: bool
) -> tuple[float, float, float, float, float, float, NDArray[np.float64], NDArray[np.int64], float, float]: ...
def mean(a: ArrayLike, axis: int | None = None) -> float | NDArray[np.float64]: ...
def median(a: ArrayLike, axis: int | None = None) -> float | NDArray[np.float64]: ...
def pearsonr(x: ArrayLike, y: ArrayLike, alternative: str, confidence_level: float) -> _Correlation: ...
def quantile(
    a: ArrayLike, q: ArrayLike, *, axis: int | None = None, method: str = "linear"
) -> float | NDArray[np.float64]: ...
def rankdata(a: ArrayLike) -> NDArray[np.float64]: ...
def spearmanr(x: ArrayLike, y: ArrayLike, alternative: str) -> _Correlation: ...
def std(a: ArrayLike, axis: int | None = None, *, ddof: int = 1) -> float | NDArray[np.float64]: ...
def ttest_1samp(a: ArrayLike, popmean: float, alternative: str, confidence_level: float) -> _TTest: ...
def ttest_ind(a: ArrayLike, b: ArrayLike, equal_var: bool, alternative: str, confidence_level: float) -> _TTest: ...
def ttest_rel(a: ArrayLike, b: ArrayLike, alternative: str, confidence_level: float) -> _TTest: ...
def var(a: ArrayLike, axis: int | None = None, *, ddof: int = 1) -> float | NDArray[np.float64]: ...

__all__ = [
    "chi2_contingency",
    "corr",
    "cov",
    "describe_columns",
    "describe_matrix",
    "f_oneway",
    "mean",
    "median",
    "pearsonr",
    "quantile",
    "rankdata",
    "spearmanr",
    "std",
    "ttest_1samp",
    "ttest_ind",
    "ttest_rel",
    "var",
]
