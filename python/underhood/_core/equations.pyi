from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["solve_ivp", "start"]

_Array = NDArray[np.float64]

def start(y0: ArrayLike) -> _Array: ...
def solve_ivp(
    f: Callable[[float, _Array], Any],
    t_span: ArrayLike,
    y0: ArrayLike,
    jac: Callable[[float, _Array], Any] | None,
    events: list[tuple[Callable[[float, _Array], Any], float, int]],
    method: str,
    t_eval: ArrayLike | None,
    dense_output: bool,
    tolerances: tuple[ArrayLike, ArrayLike],
    steps: list[Any],
) -> tuple[
    tuple[_Array, _Array],
    tuple[_Array, _Array, _Array, _Array] | None,
    list[tuple[_Array, _Array]],
    tuple[int, int, int, int],
    tuple[int, str],
    list[tuple[float, str]],
]: ...
