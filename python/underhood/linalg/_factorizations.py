"""Factorisations by elimination and by reflections, and least squares: results that have names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, overload

from underhood._core import linalg as _core

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "LDLTResult",
    "LUResult",
    "LstsqResult",
    "PivotedQRResult",
    "QRResult",
    "ldlt",
    "lstsq",
    "lu",
    "qr",
]


class QRResult(NamedTuple):
    """Factors of a = QR, as :func:`qr` returns them; unpacks as ``Q, R``.

    Examples
    --------
    >>> from underhood.linalg import qr
    >>> qr([[0, 2], [3, 0]]).R.diagonal()
    array([3., 2.])
    """

    Q: NDArray[np.float64]
    """Orthonormal columns."""
    R: NDArray[np.float64]
    """Upper triangle; its diagonal is not negative."""


class PivotedQRResult(NamedTuple):
    """Factors of a[:, P] = QR, as :func:`qr` with ``pivoting=True`` returns them; unpacks as ``Q, R, P``.

    Examples
    --------
    >>> from underhood.linalg import qr
    >>> qr([[1, 3], [0, 4]], pivoting=True).P
    array([1, 0])
    """

    Q: NDArray[np.float64]
    """Orthonormal columns."""
    R: NDArray[np.float64]
    """Upper triangle; its diagonal is not negative and falls."""
    P: NDArray[np.int64]
    """Column i of QR is column P[i] of a."""


class LUResult(NamedTuple):
    """Factors of a = PLU, as :func:`lu` returns them; unpacks as ``P, L, U``.

    Examples
    --------
    >>> from underhood.linalg import lu
    >>> lu([[1, 2], [4, 4]]).U
    array([[4., 4.],
           [0., 1.]])
    """

    P: NDArray[np.float64] | NDArray[np.int64]
    """Permutation matrix; with ``p_indices=True``, the rows of L that make a's: a = L[P] U."""
    L: NDArray[np.float64]
    """Lower triangle with ones on the diagonal; no entry exceeds one in magnitude."""
    U: NDArray[np.float64]
    """Upper triangle; the pivots are on its diagonal."""


class LDLTResult(NamedTuple):
    """Factors of a[P][:, P] = LDLᵀ, as :func:`ldlt` returns them; unpacks as ``L, D, P``.

    Examples
    --------
    >>> from underhood.linalg import ldlt
    >>> ldlt([[4, 2], [2, -3]]).D
    array([[ 4.,  0.],
           [ 0., -4.]])
    """

    L: NDArray[np.float64]
    """Lower triangle with ones on the diagonal."""
    D: NDArray[np.float64]
    """Block diagonal: numbers, and symmetric 2×2 blocks with one positive and one negative eigenvalue."""
    P: NDArray[np.int64]
    """Row and column i of LDLᵀ are row and column P[i] of a."""


class LstsqResult(NamedTuple):
    """Least-squares solution with NumPy's four parts, as :func:`lstsq` returns it; unpacks in this order.

    Examples
    --------
    >>> from underhood.linalg import lstsq
    >>> lstsq([[1], [1]], [1, 3]).residuals.round(12)
    array([2.])
    """

    x: NDArray[np.float64]
    """The solution, a column for each of b's."""
    residuals: NDArray[np.float64]
    """Sum of squared residuals for each column of b.

    Empty when the rank is below a's columns, or a has no more rows than columns.
    """
    rank: int
    """Number of singular values that are not negligible."""
    singular_values: NDArray[np.float64]
    """All singular values, largest first."""


@overload
def qr(
    a: ArrayLike, mode: Literal["reduced", "complete"] = "reduced", pivoting: Literal[False] = False
) -> QRResult: ...
@overload
def qr(
    a: ArrayLike, mode: Literal["reduced", "complete"] = "reduced", *, pivoting: Literal[True]
) -> PivotedQRResult: ...
@overload
def qr(a: ArrayLike, mode: Literal["r"], pivoting: Literal[False] = False) -> NDArray[np.float64]: ...
@overload
def qr(a: ArrayLike, mode: Literal["r"], pivoting: Literal[True]) -> tuple[NDArray[np.float64], NDArray[np.int64]]: ...
def qr(
    a: ArrayLike, mode: Literal["reduced", "complete", "r"] = "reduced", pivoting: bool = False
) -> QRResult | PivotedQRResult | NDArray[np.float64] | tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Factor a matrix into orthonormal columns and an upper triangle, a = QR.

    By Householder's reflections, whose error stays within a few n·ε‖a‖ for every matrix.

    Parameters
    ----------
    a : array_like, shape (..., m, n)
        The matrix, or a stack of them.
    mode : {"reduced", "complete", "r"}
        Whether Q has k = min(m, n) columns, a basis of the column space, or m, a basis of the whole space; "r" gives R
        alone.
    pivoting : bool, default False
        Whether to take the longest remaining column first: a[:, P] = QR. R's diagonal then falls and shows the rank.

    Returns
    -------
    QRResult
        ``Q``, shape (..., m, k), and ``R``, shape (..., k, n). R's diagonal is not negative, which makes both unique
        when the columns are independent.
    PivotedQRResult
        With pivoting: ``Q``, ``R`` and ``P``, the columns' order, shape (..., n).
    numpy.ndarray
        With mode "r": R; with pivoting the pair (R, P).

    Raises
    ------
    ValueError
        If a number is NaN or infinite, mode is unknown (NumPy's "raw" is not offered), or R is beyond the range of
        doubles.

    See Also
    --------
    lstsq : Least squares, which rest on this.

    Notes
    -----
    Differs from NumPy and SciPy, whose R may have either sign on its diagonal. Pivoting is SciPy's; of
    columns that are equally long, the first is taken.

    Source: Householder, J. ACM 5 (1958), doi:10.1145/320941.320947; pivoting: Businger and Golub, Numer. Math. 7
    (1965), doi:10.1007/BF01436084.

    Examples
    --------
    >>> from underhood.linalg import qr
    >>> Q, R = qr([[3, 1], [4, 2]])
    >>> (Q @ R).round(12)
    array([[3., 1.],
           [4., 2.]])
    >>> R.round(12)
    array([[5. , 2.2],
           [0. , 0.4]])
    """
    pivoting = _core.read_flag("qr", "pivoting", pivoting)
    if mode == "r":
        return _core.qr_pivoted_triangle(a) if pivoting else _core.qr_triangle(a)
    return PivotedQRResult(*_core.qr_pivoted(a, mode)) if pivoting else QRResult(*_core.qr(a, mode))


def lu(a: ArrayLike, *, p_indices: bool = False) -> LUResult:
    """Factor a matrix by elimination into a permutation and two triangles, a = PLU.

    What school calls elimination, written down: U is the matrix after it, L holds the multiples that were subtracted, P
    the exchanges of rows.

    Parameters
    ----------
    a : array_like, shape (..., m, n)
        The matrix, or a stack of them; of any shape, singular or not.
    p_indices : bool, default False
        Whether P is given as indices, with a = L[P] U, instead of as a matrix.

    Returns
    -------
    LUResult
        ``P``, shape (..., m, m) or (..., m), ``L``, shape (..., m, k), and ``U``, shape (..., k, n), k being
        min(m, n).

    Raises
    ------
    ValueError
        If a number is NaN or infinite, or U is beyond the range of doubles.

    See Also
    --------
    solve : Uses the same factors, and checks the result.

    Notes
    -----
    The pivot of a column is its largest remaining entry, of several equal ones the first; no multiple then
    exceeds one. Names and results are those of ``scipy.linalg.lu``. Source: Golub and Van Loan, Matrix Computations,
    4th edition, section 3.4.

    Examples
    --------
    >>> from underhood.linalg import lu
    >>> P, L, U = lu([[1, 2], [4, 4]])
    >>> L
    array([[1.  , 0.  ],
           [0.25, 1.  ]])
    >>> P @ L @ U
    array([[1., 2.],
           [4., 4.]])
    """
    p_indices = _core.read_flag("lu", "p_indices", p_indices)
    return LUResult(*(_core.lu_indices(a) if p_indices else _core.lu(a)))


def ldlt(a: ArrayLike, UPLO: Literal["L", "U"] | None = None) -> LDLTResult:
    """Factor a symmetric matrix, definite or not, by elimination that keeps it symmetric: a[P][:, P] = LDLᵀ.

    D has as many positive, negative and zero eigenvalues as a (Sylvester's law of inertia): it shows at once whether a
    is definite, and along how many directions a quadratic form falls.

    Parameters
    ----------
    a : array_like, shape (..., n, n)
        The symmetric matrix, or a stack of them.
    UPLO : {"L", "U"}, optional
        Read the lower or the upper triangle only. By default both are read and must agree (to 1e-10 relative, as
        rounding leaves them).

    Returns
    -------
    LDLTResult
        ``L``, lower triangular with ones on its diagonal, ``D``, block diagonal with 1×1 and 2×2 blocks, both of shape
        (..., n, n), and ``P``, the order of rows and columns, shape (..., n).

    Raises
    ------
    ValueError
        If a is not square or not symmetric, a number is NaN or infinite, or D is beyond the range of doubles.

    See Also
    --------
    cholesky : The same for positive definite matrices, without pivoting.

    Notes
    -----
    Where no diagonal element is large enough to divide by, as in [[0, 1], [1, 0]], two rows are eliminated
    at once, and D has a 2×2 block with an eigenvalue of each sign. Differs from ``scipy.linalg.ldl``, which returns L
    with its rows permuted.

    Source: Bunch and Kaufman, Math. Comp. 31 (1977), doi:10.1090/S0025-5718-1977-0428694-0; pivots by Ashcraft, Grimes
    and Lewis, SIAM J. Matrix Anal. Appl. 20 (1998), doi:10.1137/S0895479896296921.

    Examples
    --------
    The inertia of a matrix, from the eigenvalues of D:

    >>> import numpy as np
    >>> from underhood.linalg import ldlt
    >>> a = np.array([[0, 1, 2], [1, 0, 3], [2, 3, 0]])
    >>> L, D, P = ldlt(a)
    >>> np.sign(np.linalg.eigvalsh(D))
    array([-1., -1.,  1.])
    >>> np.allclose(L @ D @ L.T, a[P][:, P])
    True
    """
    return LDLTResult(*_core.ldlt(a, UPLO))


def lstsq(a: ArrayLike, b: ArrayLike, rcond: float | None = None) -> LstsqResult:
    """Find the x that makes ‖a x - b‖ smallest; among several, the shortest.

    With a = QR, x solves the triangular system R x = Qᵀb when the columns are independent; when they are not, x =
    VΣ⁺Uᵀb with the singular values of a = UΣVᵀ.

    Parameters
    ----------
    a : array_like, shape (m, n)
        The matrix, of any shape and rank.
    b : array_like, shape (m,) or (m, k)
        One right-hand side, or one in each column.
    rcond : float, optional
        Singular values up to rcond times the largest count as zero. Default: ε·max(m, n).

    Returns
    -------
    LstsqResult
        ``x``, ``residuals``, ``rank``, ``singular_values``.

    Raises
    ------
    ValueError
        If the shapes do not fit, a number is NaN or infinite, rcond is negative, or the solution lies beyond the range
        of doubles (as that of 5e-324·x = 1 does).

    See Also
    --------
    underhood.stats.linear_regression : The same with standard errors and tests, and more accurate.

    Notes
    -----
    Source: Golub, Numer. Math. 7 (1965), doi:10.1007/BF01436075; Golub and Kahan, SIAM J. Numer. Anal. 2 (1965),
    doi:10.1137/0702016.

    Examples
    --------
    >>> from underhood.linalg import lstsq
    >>> fit = lstsq([[1, 0], [1, 1], [1, 2], [1, 3]], [-1, 0.2, 0.9, 2.1])
    >>> fit.x.round(12)
    array([-0.95,  1.  ])
    """
    return LstsqResult(*_core.lstsq(a, b, rcond))
