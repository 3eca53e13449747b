"""Linear algebra: products, factorisations, and the systems they solve.

==================  =====================================================================
what is a·b?        :func:`matmul`
which x: a x = b?   :func:`solve`; nearest to it, for any shape and rank: :func:`lstsq`
what undoes a?      :func:`inv`
how does it stretch :func:`det`, :func:`slogdet`
what is it made of? :func:`qr` (a = QR), :func:`cholesky` (a = LLᵀ)
what does it keep?  :func:`eig`, :func:`eigvals` (a v = λ v), :func:`schur` (a = ZTZᵀ)
is it a stretching? :func:`is_diagonalizable`, :func:`diagonalize` (a = PDP⁻¹)
and done n times?   :func:`matrix_power`; all the time: :func:`expm`
==================  =====================================================================

Names, arguments and results are NumPy's, with three differences: NaN and infinities are refused by an error that names
their place (``matmul`` lets them through); a nearly singular system gives an :class:`IllConditionedWarning` with the
digits that are left; and ``cholesky`` looks at both triangles. Matrices have two axes in this version; stacks of
matrices are not taken yet.

>>> import numpy as np
>>> from underhood import linalg
>>> a = np.array([[3.0, 1.0], [1.0, 2.0]])
>>> linalg.solve(a, [9, 8])
array([2., 3.])
>>> linalg.det(a)
5.0
"""

from __future__ import annotations

from underhood._core.linalg import (
    cholesky,
    det,
    eigvals,
    expm,
    inv,
    is_diagonalizable,
    matmul,
    matrix_power,
    solve,
)
from underhood._errors import IllConditionedWarning, LinAlgError
from underhood.linalg._factorizations import LstsqResult, QRResult, lstsq, qr
from underhood.linalg._solving import SlogdetResult, slogdet
from underhood.linalg._spectra import DiagonalizeResult, EigResult, SchurResult, diagonalize, eig, schur

__all__ = [
    "DiagonalizeResult",
    "EigResult",
    "IllConditionedWarning",
    "LinAlgError",
    "LstsqResult",
    "QRResult",
    "SchurResult",
    "SlogdetResult",
    "cholesky",
    "det",
    "diagonalize",
    "eig",
    "eigvals",
    "expm",
    "inv",
    "is_diagonalizable",
    "lstsq",
    "matmul",
    "matrix_power",
    "qr",
    "schur",
    "slogdet",
    "solve",
]


def __dir__() -> list[str]:
    return sorted(__all__)
