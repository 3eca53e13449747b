"""The singular value decomposition: a result that has names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, overload

from underhood._core import linalg as _core

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["SVDResult", "svd"]


class SVDResult(NamedTuple):
    """Factors of a = U diag(S) Vh, as :func:`svd` returns them; unpacks as ``U, S, Vh``.

    Examples
    --------
    >>> from underhood.linalg import svd
    >>> svd([[0, 2], [3, 0]]).S
    array([3., 2.])
    """

    U: NDArray[np.float64]
    """Orthonormal columns, the left singular vectors."""
    S: NDArray[np.float64]
    """Singular values, in falling order."""
    Vh: NDArray[np.float64]
    """Orthonormal rows, the right singular vectors."""


@overload
def svd(
    a: ArrayLike, full_matrices: bool = True, compute_uv: Literal[True] = True, hermitian: bool = False
) -> SVDResult: ...
@overload
def svd(
    a: ArrayLike, full_matrices: bool = True, *, compute_uv: Literal[False], hermitian: bool = False
) -> NDArray[np.float64]: ...
@overload
def svd(
    a: ArrayLike, full_matrices: bool, compute_uv: Literal[False], hermitian: bool = False
) -> NDArray[np.float64]: ...
def svd(
    a: ArrayLike, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False
) -> SVDResult | NDArray[np.float64]:
    """Decompose a matrix into two rotations (or reflections) and a stretching between them, a = U diag(S) Vh.

    The columns of U and the rows of Vh are orthonormal: a maps the i-th row of Vh to Sᵢ times the i-th column of U.
    What a makes of the unit ball is an ellipsoid with half-axes Sᵢ along the columns of U.

    Parameters
    ----------
    a : array_like, shape (..., m, n)
        The matrix, or a stack of them.
    full_matrices : bool
        Whether U is m×m and Vh n×n, completed by orthonormal bases of what is left; otherwise they have only the
        k = min(m, n) columns and rows that belong to singular values.
    compute_uv : bool
        Whether U and Vh are wanted. Without them it is several times quicker, and the result is the array S.
    hermitian : bool
        Whether a must be symmetric; it is then checked, in both triangles.

    Returns
    -------
    SVDResult
        ``U``, shape (..., m, m) or (..., m, k); ``S``, shape (..., k), in falling order; ``Vh``, shape (..., n, n) or
        (..., k, n). With compute_uv=False the array S alone.

    Raises
    ------
    ValueError
        If a number is NaN or infinite, a singular value is beyond the range of doubles, or a is not symmetric where it
        must be.

    Notes
    -----
    Signs: in each column of U the first component that is at least 7/10 as large as the largest is positive; Vh
    follows. ‖a - U diag(S) Vh‖ and the errors of S stay within a few ε·max(m, n) times ‖a‖, and UᵀU within as much of
    the identity, for every finite matrix.

    Source: Golub and Kahan (1965), doi:10.1137/0702016; up to 16×16 Hestenes (1958), doi:10.1137/0106005.

    Examples
    --------
    >>> import numpy as np
    >>> from underhood.linalg import svd
    >>> U, S, Vh = svd([[3, 0], [4, 5]], full_matrices=False)
    >>> (S**2).round(12)
    array([45.,  5.])
    >>> np.allclose(U * S @ Vh, [[3, 0], [4, 5]])
    True
    """
    result = _core.svd(a, full_matrices, compute_uv, hermitian)
    return SVDResult(*result) if isinstance(result, tuple) else result
