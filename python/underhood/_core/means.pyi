from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

_TTest: TypeAlias = tuple[
    float,
    float,
    float,
    float,
    float,
    tuple[float, float],
    float,
    float,
    tuple[float, ...],
    tuple[float, ...],
    tuple[float, ...],
    tuple[int, ...],
]

def f_oneway(
    groups: Sequence[ArrayLike], equal_var: bool
) -> tuple[float, float, float, float, float, float, NDArray[np.float64], NDArray[np.int64], float, float]: ...
def ttest_1samp(a: ArrayLike, popmean: float, alternative: str, confidence_level: float) -> _TTest: ...
def ttest_ind(a: ArrayLike, b: ArrayLike, equal_var: bool, alternative: str, confidence_level: float) -> _TTest: ...
def ttest_rel(a: ArrayLike, b: ArrayLike, alternative: str, confidence_level: float) -> _TTest: ...

__all__ = [
    "f_oneway",
    "ttest_1samp",
    "ttest_ind",
    "ttest_rel",
]
