from collections.abc import Sequence
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Named: TypeAlias = tuple[str, float | None]
_Pair: TypeAlias = tuple[float, float]
_Bootstrap: TypeAlias = tuple[float, float, float, _Pair, _Pair, _Pair | None, NDArray[np.float64], int]
_Jackknife: TypeAlias = tuple[float, float, float, _Pair, NDArray[np.float64]]
_Permutation: TypeAlias = tuple[float, float, NDArray[np.float64], bool]

def bootstrap(
    data: Sequence[ArrayLike],
    named: _Named,
    n_resamples: int,
    confidence_level: float,
    alternative: str,
    method: str,
    paired: bool,
    rng: Any,
) -> _Bootstrap: ...
def bootstrap_of(
    estimate: float,
    distribution: Sequence[float] | NDArray[np.float64],
    left_out: Sequence[Sequence[float] | NDArray[np.float64]],
    confidence_level: float,
    alternative: str,
    method: str,
) -> _Bootstrap: ...
def jackknife(data: Sequence[ArrayLike], named: _Named, confidence_level: float) -> _Jackknife: ...
def jackknife_of(
    estimate: float, values: Sequence[float] | NDArray[np.float64], confidence_level: float
) -> _Jackknife: ...
def permutation_test(
    data: Sequence[ArrayLike],
    named: _Named,
    permutation_type: str,
    n_resamples: int,
    alternative: str,
    rng: Any,
) -> _Permutation: ...
def permutation_of(
    statistic: float, null: Sequence[float] | NDArray[np.float64], exact: bool, alternative: str
) -> _Permutation: ...

@final
class Resampler:
    def __new__(cls, lengths: Sequence[int], paired: bool, rng: Any) -> Resampler: ...
    def next(self, data: Sequence[ArrayLike], count: int) -> list[NDArray[np.float64]]: ...

@final
class Arranger:
    def __new__(cls, permutation_type: str, lengths: Sequence[int], n_resamples: int, rng: Any) -> Arranger: ...
    def state(self) -> tuple[bool, int]: ...
    def next(self, count: int) -> NDArray[np.int64]: ...

__all__ = [
    "Arranger",
    "Resampler",
    "bootstrap",
    "bootstrap_of",
    "jackknife",
    "jackknife_of",
    "permutation_of",
    "permutation_test",
]
