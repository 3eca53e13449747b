"""Linear algebra: products, factorisations, and the systems they solve.

==================  =====================================================================
what is a·b?        :func:`matmul`
which x: a x = b?   :func:`solve`; nearest to it, for any shape and rank: :func:`lstsq`
what undoes a?      :func:`inv`
how does it stretch :func:`det`, :func:`slogdet`
what is it made of? :func:`qr` (a = QR), :func:`cholesky` (a = LLᵀ)
what does it do?    :class:`LinearMap`: rotations, reflections, …, in words and pictures
how do iterations   :func:`power_iteration`, :func:`inverse_iteration`, :func:`qr_algorithm`,
get there?          :func:`jacobi_eigen`; :func:`conjugate_gradient`, :func:`gauss_seidel`
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

from underhood._core.linalg import cholesky, det, inv, matmul, solve
from underhood._errors import IllConditionedWarning, LinAlgError
from underhood.linalg._factorizations import LstsqResult, QRResult, lstsq, qr
from underhood.linalg._iterations import (
    ConjugateGradientResult,
    GaussSeidelResult,
    InverseIterationResult,
    JacobiEigenResult,
    PowerIterationResult,
    QRAlgorithmResult,
    conjugate_gradient,
    gauss_seidel,
    inverse_iteration,
    jacobi_eigen,
    power_iteration,
    qr_algorithm,
)
from underhood.linalg._maps import LinearMap
from underhood.linalg._solving import SlogdetResult, slogdet

__all__ = [
    "ConjugateGradientResult",
    "GaussSeidelResult",
    "IllConditionedWarning",
    "InverseIterationResult",
    "JacobiEigenResult",
    "LinAlgError",
    "LinearMap",
    "LstsqResult",
    "PowerIterationResult",
    "QRAlgorithmResult",
    "QRResult",
    "SlogdetResult",
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
    "slogdet",
    "solve",
]


def __dir__() -> list[str]:
    return sorted(__all__)
