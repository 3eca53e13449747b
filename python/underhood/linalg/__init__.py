"""Linear algebra: products, factorisations, and the systems they solve.

==================  =====================================================================
what is a·b?        :func:`matmul`, :func:`dot`, :func:`cross`, :func:`outer`, :func:`kron`
how long, how large :func:`norm`, :func:`trace`; which way: :func:`normalize`, :func:`angle`,
                    :func:`cosine_similarity`
what is nearest?    :func:`project`, :func:`projection_matrix`, :func:`hyperplane_distance`
which x: a x = b?   :func:`solve`; nearest to it, for any shape and rank: :func:`lstsq`
what undoes a?      :func:`inv`
how does it stretch :func:`det`, :func:`slogdet`
along which axes?   :func:`svd` (a = UΣVᵀ), :func:`svdvals`; undone as far as possible: :func:`pinv`
how sure is that?   :func:`cond`, :func:`matrix_rank`
steps on paper?     :func:`rref`
its four subspaces? :func:`column_space`, :func:`row_space`, :func:`null_space`,
                    :func:`left_null_space`
which basis?        :func:`is_independent`, :func:`gram_schmidt`, :func:`coordinates`,
                    :func:`change_of_basis`
of what kind?       :func:`is_symmetric`, :func:`is_orthogonal`, :func:`is_positive_definite`
what is it made of? :func:`qr` (a = QR), :func:`cholesky` (a = LLᵀ)
what are its axes?  :func:`eigh`, :func:`eigvalsh`, :func:`spectral_decomposition` (symmetric)
==================  =====================================================================

Names, arguments and results are NumPy's (SciPy's where NumPy has none), with three differences: NaN and infinities are
refused by an error that names their place (products and norms let them through); a nearly singular system gives an
:class:`IllConditionedWarning` with the digits that are left; and ``cholesky`` looks at both triangles. Matrices have
two axes in this version; stacks of matrices are taken where a function says so.

>>> import numpy as np
>>> from underhood import linalg
>>> a = np.array([[3.0, 1.0], [1.0, 2.0]])
>>> linalg.solve(a, [9, 8])
array([2., 3.])
>>> linalg.det(a)
5.0
"""

from __future__ import annotations

from underhood._core.linalg import cholesky, cond, det, inv, matmul, matrix_rank, pinv, solve, svdvals
from underhood._core.linalg import (
    angle,
    change_of_basis,
    cholesky,
    column_space,
    coordinates,
    cosine_similarity,
    cross,
    det,
    dot,
    gram_schmidt,
    hyperplane_distance,
    inv,
    is_independent,
    is_orthogonal,
    is_positive_definite,
    is_symmetric,
    kron,
    left_null_space,
    matmul,
    norm,
    normalize,
    null_space,
    outer,
    project,
    projection_matrix,
    row_space,
    solve,
    trace,
)
from underhood._core.linalg import cholesky, det, eigvalsh, inv, matmul, solve
from underhood._errors import IllConditionedWarning, LinAlgError
from underhood.linalg._factorizations import LstsqResult, QRResult, lstsq, qr
from underhood.linalg._singular import SVDResult, svd
from underhood.linalg._solving import SlogdetResult, slogdet
from underhood.linalg._subspaces import RrefResult, rref
from underhood.linalg._symmetric import EighResult, SpectralDecomposition, eigh, spectral_decomposition

__all__ = [
    "EighResult",
    "IllConditionedWarning",
    "LinAlgError",
    "LstsqResult",
    "QRResult",
    "SVDResult",
    "RrefResult",
    "SlogdetResult",
    "angle",
    "change_of_basis",
    "SpectralDecomposition",
    "cholesky",
    "cond",
    "column_space",
    "coordinates",
    "cosine_similarity",
    "cross",
    "det",
    "dot",
    "gram_schmidt",
    "hyperplane_distance",
    "eigh",
    "eigvalsh",
    "inv",
    "is_independent",
    "is_orthogonal",
    "is_positive_definite",
    "is_symmetric",
    "kron",
    "left_null_space",
    "lstsq",
    "matmul",
    "matrix_rank",
    "pinv",
    "norm",
    "normalize",
    "null_space",
    "outer",
    "project",
    "projection_matrix",
    "qr",
    "row_space",
    "rref",
    "slogdet",
    "solve",
    "svd",
    "svdvals",
    "trace",
    "spectral_decomposition",
]


def __dir__() -> list[str]:
    return sorted(__all__)
