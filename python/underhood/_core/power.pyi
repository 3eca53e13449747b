from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Design: TypeAlias = tuple[str, float, str, int | None]
_Solved: TypeAlias = tuple[
    str,
    float,
    float,
    tuple[float, ...],
    float,
    tuple[float, float, float, float],
    tuple[float | None, float | None],
    float,
    bool,
]

def cohens_d(mean1: float, mean2: float, std1: float, std2: float | None = None) -> float: ...
def cohens_f(means: ArrayLike, std: float, n: ArrayLike | None = None) -> float: ...
def cohens_h(p1: float, p2: float) -> float: ...
def power_curve(design: _Design, effect_size: float, n: ArrayLike, alpha: float) -> NDArray[np.float64]: ...
def solve(
    function: str,
    design: _Design,
    effect_size: float | None,
    n: float | None,
    alpha: float | None,
    power: float | None,
    whole: bool,
) -> _Solved: ...

__all__ = [
    "cohens_d",
    "cohens_f",
    "cohens_h",
    "power_curve",
    "solve",
]
