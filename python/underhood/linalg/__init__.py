"""Linear algebra: products, factorisations, and the systems they solve.

==================  =====================================================================
what is a·b?        :func:`matmul`, :func:`dot`, :func:`cross`, :func:`outer`, :func:`kron`
how long, how large :func:`norm`, :func:`trace`; which way: :func:`normalize`, :func:`angle`,
                    :func:`cosine_similarity`
what is nearest?    :func:`project`, :func:`projection_matrix`, :func:`hyperplane_distance`
which x: a x = b?   :func:`solve`, :func:`solve_triangular`; nearest to it, for any shape and rank: :func:`lstsq`
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
what does it do?    :class:`LinearMap`: rotations, reflections, …, in words and pictures
how do iterations   :func:`power_iteration`, :func:`inverse_iteration`, :func:`qr_algorithm`,
get there?          :func:`jacobi_eigen`; :func:`conjugate_gradient`, :func:`gauss_seidel`
what are its axes?  :func:`eigh`, :func:`eigvalsh`, :func:`spectral_decomposition` (symmetric)
what is it made of? :func:`qr` (a = QR), :func:`lu` (a = PLU), :func:`cholesky` (a = LLᵀ),
                    :func:`ldlt` (a = LDLᵀ but for the order)
what does it keep?  :func:`eig`, :func:`eigvals` (a v = λ v), :func:`schur` (a = ZTZᵀ)
only a stretching?  :func:`is_diagonalizable`, :func:`diagonalize` (a = PDP⁻¹)
done n times?       :func:`matrix_power`; all the time: :func:`expm`
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

from underhood._core.linalg import (
    angle,
    change_of_basis,
    cholesky,
    column_space,
    cond,
    coordinates,
    cosine_similarity,
    cross,
    det,
    dot,
    eigvals,
    eigvalsh,
    expm,
    gram_schmidt,
    hyperplane_distance,
    inv,
    is_diagonalizable,
    is_independent,
    is_orthogonal,
    is_positive_definite,
    is_symmetric,
    kron,
    left_null_space,
    matmul,
    matrix_power,
    matrix_rank,
    norm,
    normalize,
    null_space,
    outer,
    pinv,
    project,
    projection_matrix,
    row_space,
    solve,
    solve_triangular,
    svdvals,
    trace,
)
from underhood._errors import IllConditionedWarning, LinAlgError
from underhood.linalg._factorizations import (
    LDLTResult,
    LstsqResult,
    LUResult,
    PivotedQRResult,
    QRResult,
    ldlt,
    lstsq,
    lu,
    qr,
)
from underhood.linalg._iteration_results import (
    ConjugateGradientResult,
    GaussSeidelResult,
    InverseIterationResult,
    JacobiEigenResult,
    PowerIterationResult,
    QRAlgorithmResult,
)
from underhood.linalg._iterations import (
    conjugate_gradient,
    gauss_seidel,
    inverse_iteration,
    jacobi_eigen,
    power_iteration,
    qr_algorithm,
)
from underhood.linalg._maps import LinearMap
from underhood.linalg._singular import SVDResult, svd
from underhood.linalg._solving import SlogdetResult, slogdet
from underhood.linalg._spectra import DiagonalizeResult, EigResult, SchurResult, diagonalize, eig, schur
from underhood.linalg._subspaces import RrefResult, rref
from underhood.linalg._symmetric import EighResult, SpectralDecomposition, eigh, spectral_decomposition

__all__ = [
    "ConjugateGradientResult",
    "DiagonalizeResult",
    "EigResult",
    "EighResult",
    "GaussSeidelResult",
    "IllConditionedWarning",
    "InverseIterationResult",
    "JacobiEigenResult",
    "LDLTResult",
    "LUResult",
    "LinAlgError",
    "LinearMap",
    "LstsqResult",
    "PivotedQRResult",
    "PowerIterationResult",
    "QRAlgorithmResult",
    "QRResult",
    "RrefResult",
    "SVDResult",
    "SchurResult",
    "SlogdetResult",
    "SpectralDecomposition",
    "angle",
    "change_of_basis",
    "cholesky",
    "column_space",
    "cond",
    "conjugate_gradient",
    "coordinates",
    "cosine_similarity",
    "cross",
    "det",
    "diagonalize",
    "dot",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "expm",
    "gauss_seidel",
    "gram_schmidt",
    "hyperplane_distance",
    "inv",
    "inverse_iteration",
    "is_diagonalizable",
    "is_independent",
    "is_orthogonal",
    "is_positive_definite",
    "is_symmetric",
    "jacobi_eigen",
    "kron",
    "ldlt",
    "left_null_space",
    "lstsq",
    "lu",
    "matmul",
    "matrix_power",
    "matrix_rank",
    "norm",
    "normalize",
    "null_space",
    "outer",
    "pinv",
    "power_iteration",
    "project",
    "projection_matrix",
    "qr",
    "qr_algorithm",
    "row_space",
    "rref",
    "schur",
    "slogdet",
    "solve",
    "solve_triangular",
    "spectral_decomposition",
    "svd",
    "svdvals",
    "trace",
]


def __dir__() -> list[str]:
    return sorted(__all__)
