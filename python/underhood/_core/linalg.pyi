from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "cholesky",
    "conjugate_gradient",
    "det",
    "gauss_seidel",
    "inv",
    "inverse_iteration",
    "jacobi_eigen",
    "lstsq",
    "matmul",
    "power_iteration",
    "qr",
    "qr_algorithm",
    "read_numbers",
    "slogdet",
    "solve",
]

_Doubles: TypeAlias = NDArray[np.float64]

def matmul(a: ArrayLike, b: ArrayLike) -> _Doubles: ...
def solve(a: ArrayLike, b: ArrayLike) -> _Doubles: ...
def inv(a: ArrayLike) -> _Doubles: ...
def det(a: ArrayLike) -> float: ...
def slogdet(a: ArrayLike) -> tuple[float, float]: ...
def qr(a: ArrayLike, mode: Literal["reduced", "complete"] = "reduced") -> tuple[_Doubles, _Doubles]: ...
def cholesky(a: ArrayLike) -> _Doubles: ...
def lstsq(a: ArrayLike, b: ArrayLike, rcond: float | None = None) -> tuple[_Doubles, _Doubles, int, _Doubles]: ...

_Maybe: TypeAlias = float | None
_Course: TypeAlias = tuple[
    tuple[int, str, str], tuple[NDArray[np.int64], _Doubles], tuple[_Maybe, _Maybe], tuple[_Maybe, _Maybe]
]
_EigenPair: TypeAlias = tuple[float, _Doubles, _Doubles, _Doubles, _Course]
_Solution: TypeAlias = tuple[_Doubles, _Doubles, _Doubles | None, _Course]

def power_iteration(a: ArrayLike, x0: ArrayLike | None, tol: float, max_iter: int) -> _EigenPair: ...
def inverse_iteration(
    a: ArrayLike, shift: float | Literal["rayleigh"], x0: ArrayLike | None, tol: float, max_iter: int
) -> _EigenPair: ...
def qr_algorithm(
    a: ArrayLike, shifts: Literal["none", "wilkinson"], tol: float, max_iter: int
) -> tuple[
    _Doubles | NDArray[np.complex128],
    _Doubles,
    tuple[_Doubles, _Doubles],
    tuple[list[_Maybe], list[_Maybe]],
    _Course,
]: ...
def jacobi_eigen(
    a: ArrayLike, tol: float, max_iter: int
) -> tuple[_Doubles, _Doubles, _Doubles, _Doubles, int, _Course]: ...
def conjugate_gradient(a: ArrayLike, b: ArrayLike, x0: ArrayLike | None, tol: float, max_iter: int) -> _Solution: ...
def gauss_seidel(
    a: ArrayLike,
    b: ArrayLike,
    x0: ArrayLike | None,
    method: Literal["gauss_seidel", "jacobi"],
    tol: float,
    max_iter: int,
) -> _Solution: ...
def read_numbers(function: str, argument: str, value: object) -> _Doubles: ...
