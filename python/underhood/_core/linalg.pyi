from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "angle",
    "change_of_basis",
    "cholesky",
    "column_space",
    "cond",
    "conjugate_gradient",
    "coordinates",
    "cosine_similarity",
    "cross",
    "det",
    "diagonalize",
    "dot",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "expm",
    "gauss_seidel",
    "gram_schmidt",
    "hyperplane_distance",
    "inv",
    "inverse_iteration",
    "is_diagonalizable",
    "is_independent",
    "is_orthogonal",
    "is_positive_definite",
    "is_symmetric",
    "jacobi_eigen",
    "kron",
    "ldlt",
    "left_null_space",
    "lstsq",
    "lu",
    "lu_indices",
    "matmul",
    "matrix_power",
    "matrix_rank",
    "norm",
    "normalize",
    "null_space",
    "outer",
    "pinv",
    "power_iteration",
    "project",
    "projection_matrix",
    "qr",
    "qr_algorithm",
    "qr_pivoted",
    "qr_pivoted_triangle",
    "qr_triangle",
    "read_numbers",
    "row_space",
    "rref",
    "schur",
    "slogdet",
    "solve",
    "solve_triangular",
    "spectral_decomposition",
    "svd",
    "svdvals",
    "trace",
]
__all__ = [
    "angle",
    "change_of_basis",
    "cholesky",
    "column_space",
    "cond",
    "conjugate_gradient",
    "coordinates",
    "cosine_similarity",
    "cross",
    "det",
    "diagonalize",
    "dot",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "expm",
    "gauss_seidel",
    "gram_schmidt",
    "hyperplane_distance",
    "inv",
    "inverse_iteration",
    "is_diagonalizable",
    "is_independent",
    "is_orthogonal",
    "is_positive_definite",
    "is_symmetric",
    "jacobi_eigen",
    "kron",
    "ldlt",
    "left_null_space",
    "lstsq",
    "lu",
    "lu_indices",
    "matmul",
    "matrix_power",
    "matrix_rank",
    "norm",
    "normalize",
    "null_space",
    "outer",
    "pinv",
    "power_iteration",
    "project",
    "projection_matrix",
    "qr",
    "qr_algorithm",
    "qr_pivoted",
    "qr_pivoted_triangle",
    "qr_triangle",
    "read_numbers",
    "row_space",
    "rref",
    "schur",
    "slogdet",
    "solve",
    "solve_triangular",
    "spectral_decomposition",
    "svd",
    "svdvals",
    "trace",
]

_Doubles: TypeAlias = NDArray[np.float64]
_Truth: TypeAlias = bool | NDArray[np.bool_]
__all__ = [
    "angle",
    "change_of_basis",
    "cholesky",
    "column_space",
    "cond",
    "conjugate_gradient",
    "coordinates",
    "cosine_similarity",
    "cross",
    "det",
    "diagonalize",
    "dot",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "expm",
    "gauss_seidel",
    "gram_schmidt",
    "hyperplane_distance",
    "inv",
    "inverse_iteration",
    "is_diagonalizable",
    "is_independent",
    "is_orthogonal",
    "is_positive_definite",
    "is_symmetric",
    "jacobi_eigen",
    "kron",
    "ldlt",
    "left_null_space",
    "lstsq",
    "lu",
    "lu_indices",
    "matmul",
    "matrix_power",
    "matrix_rank",
    "norm",
    "normalize",
    "null_space",
    "outer",
    "pinv",
    "power_iteration",
    "project",
    "projection_matrix",
    "qr",
    "qr_algorithm",
    "qr_pivoted",
    "qr_pivoted_triangle",
    "qr_triangle",
    "read_numbers",
    "row_space",
    "rref",
    "schur",
    "slogdet",
    "solve",
    "solve_triangular",
    "spectral_decomposition",
    "svd",
    "svdvals",
    "trace",
]

_Doubles: TypeAlias = NDArray[np.float64]
_Truth: TypeAlias = bool | NDArray[np.bool_]
__all__ = [
    "angle",
    "change_of_basis",
    "cholesky",
    "column_space",
    "cond",
    "conjugate_gradient",
    "coordinates",
    "cosine_similarity",
    "cross",
    "det",
    "diagonalize",
    "dot",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "expm",
    "gauss_seidel",
    "gram_schmidt",
    "hyperplane_distance",
    "inv",
    "inverse_iteration",
    "is_diagonalizable",
    "is_independent",
    "is_orthogonal",
    "is_positive_definite",
    "is_symmetric",
    "jacobi_eigen",
    "kron",
    "ldlt",
    "left_null_space",
    "lstsq",
    "lu",
    "lu_indices",
    "matmul",
    "matrix_power",
    "matrix_rank",
    "norm",
    "normalize",
    "null_space",
    "outer",
    "pinv",
    "power_iteration",
    "project",
    "projection_matrix",
    "qr",
    "qr_algorithm",
    "qr_pivoted",
    "qr_pivoted_triangle",
    "qr_triangle",
    "read_numbers",
    "row_space",
    "rref",
    "schur",
    "slogdet",
    "solve",
    "solve_triangular",
    "spectral_decomposition",
    "svd",
    "svdvals",
    "trace",
]

_Doubles: TypeAlias = NDArray[np.float64]
_Truth: TypeAlias = bool | NDArray[np.bool_]
_Indices: TypeAlias = NDArray[np.int64]

def matmul(a: ArrayLike, b: ArrayLike) -> _Doubles: ...
def solve(a: ArrayLike, b: ArrayLike) -> _Doubles: ...
def solve_triangular(
    a: ArrayLike,
    b: ArrayLike,
    trans: Literal[0, 1, 2, "N", "T", "C"] | None = None,
    lower: bool = False,
    unit_diagonal: bool = False,
) -> _Doubles: ...
def inv(a: ArrayLike) -> _Doubles: ...
def det(a: ArrayLike) -> Any: ...
def slogdet(a: ArrayLike) -> tuple[Any, Any]: ...
def qr(a: ArrayLike, mode: Literal["reduced", "complete"] = "reduced") -> tuple[_Doubles, _Doubles]: ...
def qr_triangle(a: ArrayLike) -> _Doubles: ...
def qr_pivoted(
    a: ArrayLike, mode: Literal["reduced", "complete"] = "reduced"
) -> tuple[_Doubles, _Doubles, _Indices]: ...
def qr_pivoted_triangle(a: ArrayLike) -> tuple[_Doubles, _Indices]: ...
def lu(a: ArrayLike) -> tuple[_Doubles, _Doubles, _Doubles]: ...
def lu_indices(a: ArrayLike) -> tuple[_Indices, _Doubles, _Doubles]: ...
def ldlt(a: ArrayLike, UPLO: Literal["L", "U"] | None = None) -> tuple[_Doubles, _Doubles, _Indices]: ...
def cholesky(a: ArrayLike, /, *, upper: bool = False, UPLO: Literal["L", "U"] | None = None) -> _Doubles: ...
def lstsq(a: ArrayLike, b: ArrayLike, rcond: float | None = None) -> tuple[_Doubles, _Doubles, int, _Doubles]: ...
def svd(
    a: ArrayLike, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False
) -> tuple[_Doubles, _Doubles, _Doubles] | _Doubles: ...
def svdvals(a: ArrayLike) -> _Doubles: ...
def pinv(
    a: ArrayLike, rcond: float | None = None, hermitian: bool = False, *, rtol: float | None = None
) -> _Doubles: ...
def matrix_rank(
    A: ArrayLike, tol: float | None = None, hermitian: bool = False, *, rtol: float | None = None
) -> int | NDArray[np.int64]: ...
def cond(x: ArrayLike, p: Literal[2, -2, 1, -1, "fro"] | float | None = None) -> float | _Doubles: ...
def dot(a: ArrayLike, b: ArrayLike) -> float | _Doubles: ...
def cross(a: ArrayLike, b: ArrayLike, axis: int = -1) -> float | _Doubles: ...
def outer(a: ArrayLike, b: ArrayLike) -> _Doubles: ...
def kron(a: ArrayLike, b: ArrayLike) -> float | _Doubles: ...
def trace(a: ArrayLike, offset: int = 0) -> float | _Doubles: ...
def norm(
    x: ArrayLike,
    ord: float | Literal["fro", "nuc"] | None = None,  # noqa: A002 - NumPy's name
    axis: int | tuple[int, ...] | None = None,
    keepdims: bool = False,
) -> float | _Doubles: ...
def normalize(x: ArrayLike, ord: float = 2.0, axis: int = -1) -> _Doubles: ...  # noqa: A002 - NumPy's name
def angle(u: ArrayLike, v: ArrayLike, degrees: bool = False) -> float: ...
def cosine_similarity(u: ArrayLike, v: ArrayLike | None = None) -> float | _Doubles: ...
def project(u: ArrayLike, onto: ArrayLike) -> _Doubles: ...
def hyperplane_distance(x: ArrayLike, w: ArrayLike, b: float | None = None) -> float | _Doubles: ...
def rref(a: ArrayLike, tol: float | None = None) -> tuple[_Doubles, NDArray[np.int64]]: ...
def null_space(a: ArrayLike, rcond: float | None = None) -> _Doubles: ...
def column_space(a: ArrayLike, rcond: float | None = None) -> _Doubles: ...
def row_space(a: ArrayLike, rcond: float | None = None) -> _Doubles: ...
def left_null_space(a: ArrayLike, rcond: float | None = None) -> _Doubles: ...
def gram_schmidt(a: ArrayLike, dependent: Literal["error", "drop"] = "error") -> _Doubles: ...
def projection_matrix(a: ArrayLike, rcond: float | None = None) -> _Doubles: ...
def is_independent(*vectors: ArrayLike, rcond: float | None = None) -> bool: ...
def coordinates(v: ArrayLike, basis: ArrayLike) -> _Doubles: ...
def change_of_basis(from_basis: ArrayLike, to_basis: ArrayLike) -> _Doubles: ...
def is_symmetric(a: ArrayLike, tol: float | None = None) -> _Truth: ...
def is_orthogonal(a: ArrayLike, tol: float | None = None) -> _Truth: ...
def is_positive_definite(a: ArrayLike, tol: float | None = None) -> _Truth: ...
def eigh(a: ArrayLike, UPLO: Literal["L", "U"] | None = None) -> tuple[_Doubles, _Doubles]: ...
def eigvalsh(a: ArrayLike, UPLO: Literal["L", "U"] | None = None) -> _Doubles: ...
def spectral_decomposition(
    a: ArrayLike, tol: float | None = None
) -> tuple[_Doubles, _Doubles, _Doubles, NDArray[np.uintp]]: ...

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
def eig(a: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]: ...
def eigvals(a: ArrayLike) -> NDArray[Any]: ...
def schur(a: ArrayLike, output: Literal["real", "complex"] = "real") -> tuple[NDArray[Any], NDArray[Any]]: ...
def is_diagonalizable(a: ArrayLike) -> Any: ...
def diagonalize(a: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]: ...
def matrix_power(a: ArrayLike, n: int) -> _Doubles: ...
def expm(A: ArrayLike) -> _Doubles: ...
def read_numbers(function: str, argument: str, value: object) -> _Doubles: ...
