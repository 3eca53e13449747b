"""Subspaces and the row echelon form: results that have names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from underhood._core import linalg as _core

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

__all__ = ["RrefResult", "rref"]


class RrefResult(NamedTuple):
    """Reduced row echelon form and its pivots, as :func:`rref` returns them; unpacks as ``R, pivots``.

    Examples
    --------
    >>> from underhood.linalg import rref
    >>> rref([[1, 2], [3, 6]]).pivots
    array([0])
    """

    R: NDArray[np.float64]
    """The reduced form: each pivot is 1, alone in its column, and right of the one above."""
    pivots: NDArray[np.int64]
    """The column of each row's pivot, counted from 0; there are as many as the rank."""


def rref(a: ArrayLike, tol: float | None = None) -> RrefResult:
    """Bring a matrix to reduced row echelon form, as elimination on paper does.

    Rows are swapped, multiplied and added to each other until each pivot is 1, alone in its column, and right of the
    one above. The form is unique: two matrices have the same one if and only if they have the same row space.

    Parameters
    ----------
    a : array_like, shape (m, n)
        The matrix.
    tol : float, optional
        What elimination leaves counts as zero up to this size. Default: matrices of whole numbers up to 2²⁰ (or such
        rows times powers of two, like 0.25) are eliminated exactly, as long as 128 bits suffice; for others it is
        ε·max(m, n) times the largest sum of a row's magnitudes, once rows and columns were brought near one by powers
        of two. With a tolerance of your own, neither is done.

    Returns
    -------
    RrefResult
        ``R``, shape (m, n), and ``pivots``, the indices of the pivots' columns.

    Raises
    ------
    ValueError
        If a is not a matrix, a number is NaN or infinite, or tol is negative.

    See Also
    --------
    null_space, column_space : Bases that do not hang on what counts as zero at every step.

    Notes
    -----
    Source: Bareiss, Math. Comp. 22 (1968), doi:10.1090/S0025-5718-1968-0226829-0 (exact elimination); Strang,
    Introduction to Linear Algebra, section 3.2.

    Examples
    --------
    >>> from underhood.linalg import rref
    >>> R, pivots = rref([[1, 2, 3], [2, 4, 7]])
    >>> R
    array([[1., 2., 0.],
           [0., 0., 1.]])
    >>> pivots
    array([0, 2])
    """
    return RrefResult(*_core.rref(a, tol))
