from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "critical_rate",
    "gradient_descent",
    "largest_curvature",
    "schedule_rate",
    "schedule_rates",
    "stochastic_gradient_descent",
]

_Rule = tuple[Any, Any, Any, Any, Any]
_Schedule = tuple[str, Any, Any, Any, Any]
_Floats = NDArray[np.float64]

def gradient_descent(
    f: Callable[[_Floats], Any],
    x0: ArrayLike,
    gradient: Callable[[_Floats], ArrayLike] | None,
    learning_rate: float | str | _Schedule | Callable[[int], float],
    rule_parts: _Rule,
    max_iter: int,
    tol: float,
    keep_path: bool,
    callback: Callable[[_Floats], object] | None,
    critical_rate: float | None,
) -> tuple[
    tuple[_Floats, float, _Floats],
    tuple[int, int, int],
    tuple[str, str],
    tuple[_Floats | None, _Floats, _Floats | None, _Floats],
    tuple[_Floats | None, _Floats | None],
    float | None,
    tuple[str, list[tuple[str, float]]],
    str,
]: ...
def largest_curvature(
    f: Callable[[_Floats], Any], x0: ArrayLike, gradient: Callable[[_Floats], ArrayLike] | None
) -> tuple[float | None, int]: ...
def critical_rate(rule_parts: _Rule, curvature: float) -> tuple[float, str] | None: ...
def schedule_rates(function: str, parts: _Schedule, n: int) -> _Floats: ...
def schedule_rate(function: str, parts: _Schedule, k: int) -> float: ...
def stochastic_gradient_descent(
    loss: Callable[..., Any],
    x0: ArrayLike,
    data: list[ArrayLike],
    gradient: Callable[..., ArrayLike] | None,
    learning_rate: float | _Schedule | Callable[[int], float],
    rule_parts: _Rule,
    counts: tuple[int, int],
    flags: tuple[bool, ...],
    rng: int | np.random.Generator | None,
    callback: Callable[[_Floats], object] | None,
) -> tuple[
    tuple[_Floats, float],
    tuple[int, int],
    tuple[str, str],
    _Floats | None,
    list[_Floats],
    tuple[str, list[tuple[str, float]]],
]: ...
