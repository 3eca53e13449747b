"""What elimination answers: results that have names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from underhood._core import linalg as _core

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["SlogdetResult", "slogdet"]


class SlogdetResult(NamedTuple):
    """Determinant as sign · exp(logabsdet), as :func:`slogdet` returns it; unpacks as ``sign, logabsdet``.

    Examples
    --------
    >>> from underhood.linalg import slogdet
    >>> slogdet([[0, 1], [1, 0]])
    SlogdetResult(sign=-1.0, logabsdet=0.0)
    """

    sign: Any
    """-1, 0 or 1; an array for a stack."""
    logabsdet: Any
    """Natural logarithm of the absolute value; minus infinity for a singular matrix; an array for a stack."""


def slogdet(a: ArrayLike) -> SlogdetResult:
    """Compute the sign and the logarithm of the determinant.

    They hold where the determinant itself leaves the range of doubles.

    Parameters
    ----------
    a : array_like, shape (..., n, n)
        The matrix, or a stack of them.

    Returns
    -------
    SlogdetResult
        ``sign`` and ``logabsdet``, arrays of shape (...) for a stack, with det a = sign · exp(logabsdet); (0, -inf) for
        a singular matrix.

    Raises
    ------
    ValueError
        If a is not square, or a number is NaN or infinite.

    Examples
    --------
    >>> import numpy as np
    >>> from underhood.linalg import slogdet
    >>> slogdet(0.1 * np.eye(400)).logabsdet
    -921.0340371976182
    """
    return SlogdetResult(*_core.slogdet(a))
