from collections.abc import Sequence
from typing import Literal, TypeAlias

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
_Numbers: TypeAlias = float | NDArray[np.float64]

def describe_columns(columns: Sequence[ArrayLike], bias: bool) -> _Description: ...
def describe_matrix(data: ArrayLike, bias: bool) -> _Description: ...
def distribution_steps(
    a: ArrayLike, confidence_level: float
) -> tuple[NDArray[np.float64], NDArray[np.int64], int, int, float]: ...
def four_moments(a: ArrayLike, axis: int | None, ddof: int | None, bias: bool, nan_policy: str) -> list[_Numbers]: ...
def gmean(
    a: ArrayLike, axis: int | None = None, *, weights: ArrayLike | None = None, nan_policy: str = "propagate"
) -> _Numbers: ...
def group_statistics(
    column: ArrayLike, codes: NDArray[np.int64], groups: int, statistics: list[str], quantiles: list[float]
) -> NDArray[np.float64]: ...
def histogram_counts(
    a: ArrayLike,
    bins: int | str | ArrayLike,
    range: ArrayLike | None,  # noqa: A002  (NumPy's name)
    weights: ArrayLike | None,
    whole: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64], int, int]: ...
def hmean(
    a: ArrayLike, axis: int | None = None, *, weights: ArrayLike | None = None, nan_policy: str = "propagate"
) -> _Numbers: ...
def iqr(
    a: ArrayLike,
    axis: int | None = None,
    *,
    rng: ArrayLike = (25, 75),
    scale: float | Literal["normal"] = 1.0,
    method: str = "linear",
    nan_policy: str = "propagate",
) -> _Numbers: ...
def kurtosis(
    a: ArrayLike, axis: int | None = None, *, fisher: bool = True, bias: bool = True, nan_policy: str = "propagate"
) -> _Numbers: ...
def mad(
    a: ArrayLike,
    axis: int | None = None,
    *,
    scale: float | Literal["normal"] = 1.0,
    nan_policy: str = "propagate",
) -> _Numbers: ...
def mean(
    a: ArrayLike, axis: int | None = None, *, weights: ArrayLike | None = None, nan_policy: str = "propagate"
) -> _Numbers: ...
def median(a: ArrayLike, axis: int | None = None, *, nan_policy: str = "propagate") -> _Numbers: ...
def mode_and_count(a: ArrayLike, axis: int | None, nan_policy: str) -> tuple[_Numbers, _Numbers]: ...
def moment(
    a: ArrayLike,
    order: int = 1,
    axis: int | None = None,
    *,
    center: float | None = None,
    nan_policy: str = "propagate",
) -> _Numbers: ...
def outlier_mask(
    a: ArrayLike, method: str, threshold: float | None
) -> tuple[NDArray[np.bool_], tuple[float, float], int, int, float]: ...
def quantile(
    a: ArrayLike, q: ArrayLike, *, axis: int | None = None, method: str = "linear", nan_policy: str = "propagate"
) -> _Numbers: ...
def skew(a: ArrayLike, axis: int | None = None, *, bias: bool = True, nan_policy: str = "propagate") -> _Numbers: ...
def std(a: ArrayLike, axis: int | None = None, *, ddof: int = 1, nan_policy: str = "propagate") -> _Numbers: ...
def trim_mean(
    a: ArrayLike, proportiontocut: float, axis: int | None = None, *, nan_policy: str = "propagate"
) -> _Numbers: ...
def var(a: ArrayLike, axis: int | None = None, *, ddof: int = 1, nan_policy: str = "propagate") -> _Numbers: ...
def zscore(
    a: ArrayLike, axis: int | None = None, ddof: int = 0, *, nan_policy: str = "propagate"
) -> NDArray[np.float64]: ...

__all__ = [
    "describe_columns",
    "describe_matrix",
    "distribution_steps",
    "four_moments",
    "gmean",
    "group_statistics",
    "histogram_counts",
    "hmean",
    "iqr",
    "kurtosis",
    "mad",
    "mean",
    "median",
    "mode_and_count",
    "moment",
    "outlier_mask",
    "quantile",
    "skew",
    "std",
    "trim_mean",
    "var",
    "zscore",
]
