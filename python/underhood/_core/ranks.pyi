from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

_MannWhitney: TypeAlias = tuple[
    float, float, float, float, tuple[int, int], int, bool, NDArray[np.float64], NDArray[np.float64]
]
_Wilcoxon: TypeAlias = tuple[float, float, float, tuple[float, float], int, int, int, bool, NDArray[np.float64]]
_Kruskal: TypeAlias = tuple[float, float, int, float, NDArray[np.float64], NDArray[np.int64], int, bool]
_Friedman: TypeAlias = tuple[float, float, int, float, NDArray[np.float64], int, int, bool]
_Runs: TypeAlias = tuple[float, float, int, float, int, int, int, float, bool]
_Shift: TypeAlias = tuple[float, tuple[float, float]]

def friedman(samples: Sequence[ArrayLike], method: str) -> _Friedman: ...
def kruskal(samples: Sequence[ArrayLike], method: str) -> _Kruskal: ...
def mannwhitneyu(
    x: ArrayLike, y: ArrayLike, use_continuity: bool, alternative: str, method: str, confidence_level: float
) -> _MannWhitney: ...
def paired_shift(differences: ArrayLike, alternative: str, confidence_level: float) -> _Shift: ...
def rankdata(
    a: ArrayLike, method: str = "average", *, axis: int | None = None, nan_policy: str = "propagate"
) -> NDArray[np.float64]: ...
def runs_test(x: ArrayLike, cutoff: str | float, alternative: str, method: str) -> _Runs: ...
def shift(x: ArrayLike, y: ArrayLike, alternative: str, confidence_level: float) -> _Shift: ...
def wilcoxon(
    x: ArrayLike,
    y: ArrayLike | None,
    zero_method: str,
    correction: bool,
    alternative: str,
    method: str,
    confidence_level: float,
) -> _Wilcoxon: ...

__all__ = [
    "friedman",
    "kruskal",
    "mannwhitneyu",
    "paired_shift",
    "rankdata",
    "runs_test",
    "shift",
    "wilcoxon",
]
