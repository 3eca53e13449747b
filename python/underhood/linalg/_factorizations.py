"""Factorisations by elimination and by reflections, and least squares: results that have names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from underhood._core import linalg as _core

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["LstsqResult", "QRResult", "lstsq", "qr"]


class QRResult(NamedTuple):
    """Factors of a = QR, as :func:`qr` returns them; unpacks as ``Q, R``.

    Examples
    --------
    >>> from underhood.linalg import qr
    >>> qr([[0, 2], [3, 0]]).R.shape
    (2, 2)
    """

    Q: NDArray[np.float64]
    """Orthonormal columns."""
    R: NDArray[np.float64]
    """Upper triangle."""


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


def qr(a: ArrayLike, mode: Literal["reduced", "complete"] = "reduced") -> QRResult:
    """Factor a matrix into orthonormal columns and an upper triangle, a = QR.

    By Householder reflections, whose error stays within a few n·ε‖a‖ for every matrix. R's diagonal may have either
    sign, as NumPy's.

    Parameters
    ----------
    a : array_like, shape (m, n)
        The matrix.
    mode : {"reduced", "complete"}
        Whether Q has min(m, n) columns, a basis of the column space, or m, a basis of the whole space.

    Returns
    -------
    QRResult
        ``Q``, shape (m, k), and ``R``, shape (k, n).

    Raises
    ------
    ValueError
        If a number is NaN or infinite, or mode is unknown (NumPy's "r" and "raw" are not offered).

    Notes
    -----
    Source: Householder, J. ACM 5 (1958), doi:10.1145/320941.320947.

    Examples
    --------
    >>> import numpy as np
    >>> from underhood.linalg import qr
    >>> Q, R = qr([[3, 1], [4, 2]])
    >>> np.allclose(Q @ R, [[3, 1], [4, 2]]), np.allclose(Q.T @ Q, np.eye(2))
    (True, True)
    """
    return QRResult(*_core.qr(a, mode))


def lstsq(a: ArrayLike, b: ArrayLike, rcond: float | None = None) -> LstsqResult:
    """Find the x that makes ‖a x - b‖ smallest; among several, the shortest.

    By singular values: with a = UΣVᵀ, x = VΣ⁺Uᵀb.

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
        If the shapes do not fit, a number is NaN or infinite, or rcond is negative.

    See Also
    --------
    underhood.stats.linear_regression : The same with standard errors and tests, and more accurate.

    Notes
    -----
    Source: Golub and Kahan, SIAM J. Numer. Anal. 2 (1965), doi:10.1137/0702016.

    Examples
    --------
    >>> from underhood.linalg import lstsq
    >>> fit = lstsq([[1, 0], [1, 1], [1, 2], [1, 3]], [-1, 0.2, 0.9, 2.1])
    >>> fit.x.round(12)
    array([-0.95,  1.  ])
    """
    return LstsqResult(*_core.lstsq(a, b, rcond))
