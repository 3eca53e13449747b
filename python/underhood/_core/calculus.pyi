from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "critical_points",
    "derivative",
    "directional_derivative",
    "gradient",
    "hessian",
    "jacobian",
    "limit",
    "number",
    "point",
    "stationary_points",
    "taylor",
]

_Array = NDArray[np.float64]
_Estimate = tuple[float, float, int, bool, str, str | None]
_Matrix = tuple[_Array, _Array, int, bool, tuple[int, int, str] | None]
_Side = tuple[float, float, str, bool, _Array, _Array, _Array]

def critical_points(
    f: Callable[[float], Any], a: ArrayLike, b: ArrayLike
) -> tuple[list[tuple[float, float, float, str, float, bool]], list[tuple[float, float]], bool, int]: ...
def derivative(f: Callable[[float], Any], x: ArrayLike, order: int, method: str, step: float | None) -> _Estimate: ...
def directional_derivative(
    f: Callable[[_Array], Any], x: ArrayLike, v: ArrayLike, order: int, method: str, step: float | None
) -> _Estimate: ...
def gradient(
    f: Callable[[_Array], Any], x: ArrayLike, order: int, method: str, step: float | None
) -> tuple[_Array, _Array, int, bool, list[str], tuple[int, str] | None]: ...
def hessian(f: Callable[[_Array], Any], x: ArrayLike, step: float | None) -> _Matrix: ...
def jacobian(
    f: Callable[[_Array], Any], x: ArrayLike, method: str, step: float | None
) -> tuple[_Matrix, list[int]]: ...
def limit(
    f: Callable[[float], Any], a: ArrayLike, side: str
) -> tuple[float, float, str, bool, str, int, _Side | None, _Side | None]: ...
def number(argument: str, x: ArrayLike) -> float: ...
def point(argument: str, x: ArrayLike) -> _Array: ...
def stationary_points(
    f: Callable[[_Array], Any], low: ArrayLike, high: ArrayLike, starts: int
) -> tuple[list[tuple[_Array, float, str, _Array, int]], int, int, int, int]: ...
def taylor(f: Callable[[float], Any], a: ArrayLike, n: int) -> tuple[_Array, _Array, int, tuple[int, str] | None]: ...
