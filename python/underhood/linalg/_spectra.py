"""What the spectrum of a matrix answers: results that have names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from underhood._core import linalg as _core

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["DiagonalizeResult", "EigResult", "SchurResult", "diagonalize", "eig", "schur"]


class EigResult(NamedTuple):
    """Eigenvalues and eigenvectors, as :func:`eig` returns them; unpacks as ``eigenvalues, eigenvectors``.

    Examples
    --------
    >>> from underhood.linalg import eig
    >>> eig([[2, 1], [0, 3]]).eigenvalues
    array([2., 3.])
    """

    eigenvalues: NDArray[Any]
    """By rising real part; of a conjugate pair, the one with the positive imaginary part first."""
    eigenvectors: NDArray[Any]
    """Column j, of length one, belongs to eigenvalue j."""


class SchurResult(NamedTuple):
    """Factors of a = Z T Zᴴ, as :func:`schur` returns them; unpacks as ``T, Z``.

    Examples
    --------
    >>> from underhood.linalg import schur
    >>> schur([[2, 1], [0, 3]]).T
    array([[2., 1.],
           [0., 3.]])
    """

    T: NDArray[Any]
    """Upper triangle; in the real form, with 2×2 blocks on the diagonal for conjugate pairs."""
    Z: NDArray[Any]
    """Orthonormal columns."""


class DiagonalizeResult(NamedTuple):
    """Factors of a = P D P⁻¹, as :func:`diagonalize` returns them; unpacks as ``P, D``.

    Examples
    --------
    >>> from underhood.linalg import diagonalize
    >>> diagonalize([[2, 1], [0, 3]]).D
    array([[2., 0.],
           [0., 3.]])
    """

    P: NDArray[Any]
    """Unit eigenvectors in its columns."""
    D: NDArray[Any]
    """Diagonal matrix of the eigenvalues."""


def eig(a: ArrayLike) -> EigResult:
    """Compute the eigenvalues and eigenvectors of a square matrix.

    The numbers λ and directions v with a v = λ v: what the map v ↦ a v only stretches.

    Parameters
    ----------
    a : array_like, shape (..., n, n)
        The matrix, or a stack of them.

    Returns
    -------
    EigResult
        ``eigenvalues``, shape (..., n), by rising real part, of a conjugate pair the one with the positive imaginary
        part first; and ``eigenvectors``, shape (..., n, n), whose column j belongs to eigenvalue j, has length one, and
        has a real and positive number for the first component that is at least 7/10 as large as the largest. Both are
        real when all eigenvalues are, and complex otherwise (a stack is complex when any of its matrices needs it).

    Raises
    ------
    ValueError
        If a is not square, a number is NaN or infinite, or an eigenvalue is beyond the range of doubles.

    See Also
    --------
    eigvals : The eigenvalues alone.
    diagonalize : The same as matrices P and D, or an error when there is no basis of eigenvectors.

    Notes
    -----
    The residuals ‖a v - λ v‖ stay within a few n·ε‖a‖. A multiple eigenvalue with too few eigenvectors is split by
    rounding, by about the k-th root of ε, and its eigenvectors nearly agree. Differs from NumPy in the order, and in
    the sign of the vectors, which is arbitrary there. Source: Golub and Van Loan, Matrix Computations, chapter 7, with
    the multishift algorithm of Braman, Byers and Mathias, SIAM J. Matrix Anal. Appl. 23 (2002),
    doi:10.1137/S0895479801384573.

    Examples
    --------
    >>> from underhood.linalg import eig
    >>> values, vectors = eig([[4, 1], [2, 3]])
    >>> values.round(12)
    array([2., 5.])
    >>> vectors.round(3)
    array([[-0.447,  0.707],
           [ 0.894,  0.707]])
    """
    return EigResult(*_core.eig(a))


def schur(a: ArrayLike, output: Literal["real", "complex"] = "real") -> SchurResult:
    """Factor a square matrix into a triangle and an orthogonal change of basis, a = Z T Zᴴ.

    Every square matrix has this form; the eigenvalues stand on T's diagonal. It is what remains of diagonalization
    when only orthogonal matrices are allowed.

    Parameters
    ----------
    a : array_like, shape (..., n, n)
        The matrix, or a stack of them.
    output : {"real", "complex"}
        Whether T is real, with a block [[α, β], [γ, α]], βγ < 0, for each pair of conjugate eigenvalues; or complex and
        truly triangular.

    Returns
    -------
    SchurResult
        ``T`` and ``Z``, both of a's shape.

    Raises
    ------
    ValueError
        If a is not square, a number is NaN or infinite, output is unknown, or T has entries beyond the range of
        doubles.

    Notes
    -----
    ‖a - Z T Zᴴ‖ stays within a few n·ε‖a‖. A matrix that a permutation makes triangular is only permuted. Of each
    column of Z the first component that is at least 7/10 as large as the largest is positive.
    Source: Golub and Van Loan, Matrix Computations, chapter 7.

    Examples
    --------
    >>> import numpy as np
    >>> from underhood.linalg import schur
    >>> a = np.array([[0.0, 2.0], [-1.0, 3.0]])
    >>> T, Z = schur(a)
    >>> np.allclose(Z @ T @ Z.T, a), np.allclose(np.diag(T), [1, 2])
    (True, True)
    """
    return SchurResult(*_core.schur(a, output))


def diagonalize(a: ArrayLike) -> DiagonalizeResult:
    """Find a basis of eigenvectors: a = P D P⁻¹ with a diagonal D.

    In that basis the map only stretches, so that powers and other functions are taken number by number:
    aᵏ = P Dᵏ P⁻¹.

    Parameters
    ----------
    a : array_like, shape (..., n, n)
        The matrix, or a stack of them.

    Returns
    -------
    DiagonalizeResult
        ``P``, whose columns are the eigenvectors, and ``D``; in the order of :func:`eig`, and complex when it is.

    Raises
    ------
    LinAlgError
        If a is defective, that is, has no such basis; the message names the eigenvalue that lacks eigenvectors. See
        :func:`is_diagonalizable` for how that is judged.
    ValueError
        If a is not square, or a number is NaN or infinite.

    Notes
    -----
    Source: Golub and Van Loan, Matrix Computations, §7.1.

    Examples
    --------
    >>> import numpy as np
    >>> from underhood.linalg import diagonalize
    >>> P, D = diagonalize([[4, 1], [2, 3]])
    >>> np.allclose(P @ D @ np.linalg.inv(P), [[4, 1], [2, 3]])
    True
    """
    return DiagonalizeResult(*_core.diagonalize(a))
