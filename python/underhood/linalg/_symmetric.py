"""Spectra of symmetric matrices: results that have names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from underhood._core import linalg as _core

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["EighResult", "SpectralDecomposition", "eigh", "spectral_decomposition"]


class EighResult(NamedTuple):
    """Factors of a = VΛVᵀ, as :func:`eigh` returns them; unpacks as ``eigenvalues, eigenvectors``.

    Examples
    --------
    >>> from underhood.linalg import eigh
    >>> eigh([[0, 1], [1, 0]]).eigenvalues
    array([-1.,  1.])
    """

    eigenvalues: NDArray[np.float64]
    """Λ's diagonal, rising."""
    eigenvectors: NDArray[np.float64]
    """V: column j belongs to eigenvalue j; the columns are orthonormal."""


class SpectralDecomposition(NamedTuple):
    """The spectral theorem as a sum, a = Σ λᵢPᵢ, as :func:`spectral_decomposition` returns it.

    Examples
    --------
    >>> from underhood.linalg import spectral_decomposition
    >>> spectral_decomposition([[2, 0], [0, 2]]).projectors
    array([[[1., 0.],
            [0., 1.]]])
    """

    eigenvalues: NDArray[np.float64]
    """The distinct eigenvalues λᵢ, rising."""
    eigenvectors: NDArray[np.float64]
    """Orthonormal eigenvectors in the columns, in the order of their eigenvalues."""
    projectors: NDArray[np.float64]
    """Pᵢ along the first axis: symmetric, PᵢPᵢ = Pᵢ, PᵢPⱼ = 0, ΣPᵢ = I."""
    multiplicities: NDArray[np.int64]
    """How many eigenvectors belong to each eigenvalue."""

    @property
    def parts(self) -> NDArray[np.float64]:
        """The summands λᵢPᵢ along the first axis; their sum is the matrix."""
        return self.eigenvalues[:, None, None] * self.projectors


def eigh(a: ArrayLike, UPLO: Literal["L", "U"] | None = None) -> EighResult:
    """Compute the eigenvalues and eigenvectors of a symmetric matrix, a = VΛVᵀ.

    Reflections bring the matrix to tridiagonal form, whose eigenproblem is solved by QL sweeps (up to 32×32) or by
    divide and conquer.

    Parameters
    ----------
    a : array_like, shape (..., n, n)
        The matrix, or a stack of them.
    UPLO : {"L", "U"}, optional
        Read only the lower or the upper triangle. By default a must be symmetric, and both are compared.

    Returns
    -------
    EighResult
        ``eigenvalues``, shape (..., n), rising; ``eigenvectors``, shape (..., n, n), orthonormal in the columns.

    Raises
    ------
    ValueError
        If a is not square or not symmetric (rounding is forgiven), a number is NaN or infinite, or an eigenvalue is
        beyond the range of doubles.

    See Also
    --------
    eigvalsh : The eigenvalues only, in little more than half the time.
    spectral_decomposition : The same as a sum of projections.

    Notes
    -----
    Of ±v the one is given whose first component that is at least 7/10 as large as the largest is positive. The
    residual ‖aV - VΛ‖ and the loss of orthogonality stay within a few n·ε (times ‖a‖) for every matrix. Mirrored
    entries may differ by 1e-10 relative or by 4·n·ε times the largest entry; the lower triangle is then used. Differs
    from NumPy, which reads the lower triangle, does not look at the other, and leaves the signs open.
    Source: Golub and Van Loan, Matrix Computations, chapter 8; Gu and Eisenstat (1995), doi:10.1137/S0895479892241287.

    Examples
    --------
    >>> import numpy as np
    >>> from underhood.linalg import eigh
    >>> values, vectors = eigh([[2, 1], [1, 2]])
    >>> values
    array([1., 3.])
    >>> np.allclose(vectors * values @ vectors.T, [[2, 1], [1, 2]])
    True
    """
    return EighResult(*_core.eigh(a, UPLO))


def spectral_decomposition(a: ArrayLike, tol: float | None = None) -> SpectralDecomposition:
    """Write a symmetric matrix as a sum of projections, a = Σ λᵢPᵢ.

    Pᵢ = Σ vvᵀ over the eigenvectors of λᵢ projects orthogonally onto its eigenspace. The eigenvectors of a repeated
    eigenvalue are arbitrary within that space, its projector is not: therefore equal eigenvalues share one.

    Parameters
    ----------
    a : array_like, shape (n, n)
        The matrix; it must be symmetric.
    tol : float, optional
        Neighbouring eigenvalues that differ by at most tol·max|λ| count as one. Default: 16·n·ε, several times their
        error.

    Returns
    -------
    SpectralDecomposition
        ``eigenvalues``, shape (k,), the distinct ones; ``eigenvectors``, shape (n, n); ``projectors``, shape (k, n, n);
        ``multiplicities``, shape (k,). ``parts`` are the summands λᵢPᵢ.

    Raises
    ------
    ValueError
        If a is not square or not symmetric, a number is NaN or infinite, or tol is negative.
    MemoryError
        If the projectors, up to n³ numbers, do not fit.

    Notes
    -----
    Each projector is symmetric to the last bit. Source: Strang, Introduction to Linear Algebra, §6.4.

    Examples
    --------
    >>> import numpy as np
    >>> from underhood.linalg import spectral_decomposition
    >>> a = np.array([[2, 1], [1, 2]])
    >>> s = spectral_decomposition(a)
    >>> s.projectors.round(12)
    array([[[ 0.5, -0.5],
            [-0.5,  0.5]],
    <BLANKLINE>
           [[ 0.5,  0.5],
            [ 0.5,  0.5]]])
    >>> np.allclose(s.parts.sum(axis=0), a)
    True
    """
    return SpectralDecomposition(*_core.spectral_decomposition(a, tol))
