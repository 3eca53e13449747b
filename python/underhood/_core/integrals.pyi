from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["cumulative", "integrate", "integrate_region", "integrate_samples", "numbers", "riemann_heights"]

_Parts = tuple[float, float, int, bool, str, str]

def integrate(
    f: Callable[[float], Any],
    a: Any,
    b: Any,
    rtol: float,
    atol: float,
    points: ArrayLike | None,
    method: str,
    limit: int,
    trace: Callable[[], Callable[..., Any]] | None = None,
) -> _Parts: ...
def integrate_region(
    f: Callable[..., Any], limits: list[tuple[Any, Any]], rtol: float, atol: float, limit: int
) -> _Parts: ...
def numbers(function: str, argument: str, values: Any) -> NDArray[np.float64]: ...
def riemann_heights(f: Callable[[float], Any], a: Any, b: Any, n: int, rule: str) -> NDArray[np.float64]: ...
def integrate_samples(
    y: NDArray[np.float64], x: NDArray[np.float64] | None, dx: float, parabolas: bool
) -> NDArray[np.float64]: ...
def cumulative(
    y: NDArray[np.float64], x: NDArray[np.float64] | None, dx: float, parabolas: bool
) -> NDArray[np.float64]: ...
