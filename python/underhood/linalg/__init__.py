"""Linear algebra: products, systems, factorisations, subspaces, and what matrices do.

===========================  ==================================================================================
*Products and lengths*
what is a·b?                 :func:`matmul`, :func:`dot`, :func:`cross`, :func:`outer`, :func:`kron`
what is a·a·a…, what is eᵃ?  :func:`matrix_power`, :func:`expm`
how long, how large?         :func:`norm`, :func:`trace`
in which direction?          :func:`normalize`, :func:`angle`, :func:`cosine_similarity`
what is nearest?             :func:`project`, :func:`projection_matrix`, :func:`hyperplane_distance`
*Systems*
for which x is a x = b?      :func:`solve`, :func:`solve_triangular`; nearest to it, for any shape: :func:`lstsq`
what undoes a?               :func:`inv`; as far as possible, for any shape: :func:`pinv`
how does it change volume?   :func:`det`, :func:`slogdet`
how sure is all that?        :func:`cond`, :func:`matrix_rank`
*Factorisations: what is a made of?*
by elimination               :func:`lu` (PLU), :func:`cholesky` (LLᵀ), :func:`ldlt` (LDLᵀ but for the order)
by perpendicular directions  :func:`qr` (QR), :func:`svd` (UΣVᵀ), :func:`svdvals`
by what a only stretches     :func:`eig` (a v = λ v), :func:`eigvals`, :func:`diagonalize` (PDP⁻¹), :func:`schur` (ZTZᵀ)
the same if symmetric        :func:`eigh` (VΛVᵀ), :func:`eigvalsh`, :func:`spectral_decomposition` (ΣλᵢPᵢ)
*Subspaces and bases*
the steps on paper?          :func:`rref`
what does it reach, forget?  :func:`column_space`, :func:`null_space`; of aᵀ: :func:`row_space`, :func:`left_null_space`
is this a basis, and which?  :func:`is_independent`, :func:`gram_schmidt`, :func:`coordinates`, :func:`change_of_basis`
*Kinds*
of what kind is a?           :func:`is_symmetric`, :func:`is_orthogonal`, :func:`is_positive_definite`,
                             :func:`is_diagonalizable`
*To look at*
what does a do?              :class:`LinearMap`: rotations, reflections, …, in words and pictures
how is it found?             :func:`power_iteration`, :func:`inverse_iteration`, :func:`qr_algorithm`,
                             :func:`jacobi_eigen`; :func:`conjugate_gradient`, :func:`gauss_seidel`
===========================  ==================================================================================

Names, arguments and results are NumPy's (SciPy's where NumPy has none), and whatever takes a stack of matrices there,
an array of shape (..., m, n), takes it here. Four things differ: NaN and infinities are refused by an error that names
their place (products and norms let them through); a nearly singular system gives an :class:`IllConditionedWarning` with
the digits that are left; a matrix that has to be symmetric is looked at in both triangles; and what is free is fixed,
so that results are the same from run to run. Of a vector that is determined up to its sign, the first component that is
at least 7/10 as large as the largest is positive; R of :func:`qr` has no negative diagonal; singular values fall,
eigenvalues rise.

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
