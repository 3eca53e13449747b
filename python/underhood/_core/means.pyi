from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Doubles: TypeAlias = NDArray[np.float64]
_Whole: TypeAlias = NDArray[np.int64]
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
_ZTest: TypeAlias = tuple[
    float,
    float,
    float,
    float,
    tuple[float, float],
    float,
    tuple[float, ...],
    tuple[float, ...],
    tuple[float, ...],
    tuple[int, ...],
]

def anova_twoway(
    values: ArrayLike, a: _Whole, b: _Whole, interaction: bool, typ: int
) -> tuple[
    _Doubles,
    _Doubles,
    _Doubles,
    _Doubles,
    _Doubles,
    tuple[float, float, float],
    tuple[float, float],
    _Doubles,
    _Doubles,
    _Whole,
]: ...
def bartlett(
    groups: Sequence[ArrayLike],
) -> tuple[tuple[float, float, float, float], _Doubles, _Doubles, _Doubles, _Whole]: ...
def f_oneway(
    groups: Sequence[ArrayLike], equal_var: bool
) -> tuple[
    tuple[float, float, float, float],
    tuple[float, float, float],
    _Doubles,
    _Doubles,
    _Doubles,
    _Whole,
    tuple[float, float],
]: ...
def levene(
    groups: Sequence[ArrayLike], center: str, proportiontocut: float
) -> tuple[tuple[float, float, float, float], _Doubles, _Doubles, _Doubles, _Doubles, _Whole]: ...
def multipletests(pvals: ArrayLike, method: str) -> _Doubles: ...
def studentized_range_critical(p: float, k: int, df: _Doubles) -> _Doubles: ...
def ttest_1samp(a: ArrayLike, popmean: float, alternative: str, confidence_level: float) -> _TTest: ...
def ttest_ind(a: ArrayLike, b: ArrayLike, equal_var: bool, alternative: str, confidence_level: float) -> _TTest: ...
def ttest_rel(a: ArrayLike, b: ArrayLike, alternative: str, confidence_level: float) -> _TTest: ...
def tukey_hsd(
    groups: Sequence[ArrayLike], equal_var: bool
) -> tuple[_Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Doubles, _Whole]: ...
def var_test(
    x: ArrayLike, y: ArrayLike, ratio: float, alternative: str, confidence_level: float
) -> tuple[
    float,
    float,
    tuple[float, float],
    float,
    tuple[float, float],
    tuple[float, float],
    tuple[float, float],
    tuple[float, float],
    tuple[int, int],
]: ...
def ztest(
    x1: ArrayLike,
    x2: ArrayLike | None,
    value: float,
    sigma: float | tuple[float, float] | None,
    equal_var: bool,
    alternative: str,
    confidence_level: float,
) -> _ZTest: ...

__all__ = [
    "anova_twoway",
    "bartlett",
    "f_oneway",
    "levene",
    "multipletests",
    "studentized_range_critical",
    "ttest_1samp",
    "ttest_ind",
    "ttest_rel",
    "tukey_hsd",
    "var_test",
    "ztest",
]
