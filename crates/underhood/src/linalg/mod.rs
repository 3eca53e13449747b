//! Linear algebra: products, factorisations, and the systems they solve.
//!
//! # A short tour
//!
//! | question | function | what it rests on |
//! |---|---|---|
//! | what is A·B? | [`matmul`] | register-tiled products |
//! | products of vectors? | [`inner`], [`dot`], [`cross`], [`outer`], [`kron`], [`trace`] | sums of products |
//! | how long, how large? | [`length`], [`norm`], [`vector_norm`], [`matrix_norm`] | (Σ\|xᵢ\|^p)^(1/p) |
//! | which direction, which angle? | [`normalize`], [`angle`], [`cosine_similarity`] | u·v = ‖u‖‖v‖ cos θ |
//! | the nearest point of a line or subspace? | [`project`], [`projection_matrix`], [`hyperplane_distance`] | P = Q·Qᵀ |
//! | which x gives A·x = b? | [`solve`] | elimination, P·A = L·U, with a check of the residual |
//! | and where A is a triangle? | [`solve_triangular`] | substitution |
//! | what undoes A? | [`inv`] | the same factorisation, once for every unit vector |
//! | by how much does A stretch volume? | [`det`], [`slogdet`] | the product of the pivots |
//! | an orthonormal basis of A's columns? | [`qr`] | Householder reflections, A = Q·R |
//! | which columns of A carry the most? | [`qr_pivoted`] | the same, the longest remaining column first |
//! | what does elimination consist of? | [`lu`] | P, L and U with A = P·L·U |
//! | and of a symmetric matrix? | [`ldlt`] | L and D with P·A·Pᵀ = L·D·Lᵀ; its inertia |
//! | is A positive definite; what is its root? | [`cholesky`] | A = L·Lᵀ |
//! | which steps on paper? | [`rref`] | elimination by Gauss and Jordan, exact for whole numbers |
//! | what does A reach, what does it lose? | [`column_space`], [`row_space`], [`null_space`], [`left_null_space`] | A = U·Σ·Vᵀ |
//! | are vectors independent; an orthonormal basis of them? | [`is_independent`], [`gram_schmidt`] | the rank; projections taken away |
//! | a vector in another basis? | [`coordinates`], [`change_of_basis`] | B·c = v |
//! | of what kind is A? | [`is_symmetric`], [`is_orthogonal`], [`is_positive_definite`] | A = Aᵀ, Qᵀ·Q = I, xᵀ·A·x > 0 |
//! | along which axes does a symmetric A only stretch? | [`eigh`], [`eigvalsh`], [`spectral_decomposition`] | A = V·Λ·Vᵀ = Σ λᵢ·Pᵢ: reflections, then divide and conquer |
//! | which directions does A keep? | [`eig`], [`eigvals`] | the QR algorithm, A·v = λ·v |
//! | a triangle with A's eigenvalues? | [`schur`] | the QR algorithm, A = Z·T·Zᵀ |
//! | is there a basis of eigenvectors? | [`is_diagonalizable`], [`diagonalize`] | A = P·D·P⁻¹ |
//! | what does A do n times over, or all the time? | [`matrix_power`], [`expm`] | repeated squaring |
//! | which directions does A stretch, and by how much? | [`svd`](svd()), [`svdvals`] | rotations; reduction to two diagonals |
//! | what comes nearest to undoing A? | [`pinv`] | singular values, V·Σ⁺·Uᵀ |
//! | how many columns are independent? | [`matrix_rank`] | singular values that are not negligible |
//! | how much does A magnify errors? | [`cond`] | largest through smallest singular value, or norms |
//! | how do iterations get there, and how fast? | [`iterations`] | powers, reflections and rotations, again and again |
//! | which x comes nearest to A·x = b? | [`lstsq`] | reflections; singular values where the rank is less |
//!
//! ```
//! use ndarray::array;
//! use underhood::linalg;
//!
//! let a = array![[3.0, 1.0], [1.0, 2.0]];
//! let b = array![9.0, 8.0];
//! let solution = linalg::solve(a.view(), b.view())?;
//! assert_eq!(solution.x, array![2.0, 3.0]);
//! assert!(solution.warning.is_none());
//! assert_eq!(linalg::det(a.view())?, 5.0);
//! # Ok::<(), underhood::Error>(())
//! ```
//!
//! # What holds everywhere
//!
//! NaN and infinities are refused, with their place; products, norms and lengths let them through, as NumPy does. Shapes are checked
//! before anything is computed. Matrices up to 16×16, and stacks of them, have their own short paths; larger ones are factored in
//! blocks of our own. From others come the largest products (the gemm crate), and the reduction to Hessenberg form and some triangular
//! systems (the faer crate). Factorisations run on one thread, and large products are split so that no sum depends on the number of
//! threads. The widest vectors of the machine are used; the environment variable `UNDERHOOD_SIMD` ("avx2", "baseline") limits them.
//! Conventions and default tolerances are NumPy's; a matrix that must be symmetric is checked, and rounding is forgiven.

mod balance;
mod bridge;
mod cholesky;
mod condition;
mod condition_number;
mod coordinates;
mod determinant;
mod diagonalize;
mod direction;
mod eigen;
mod eigenvector_repair;
mod eigenvectors;
mod elimination;
mod extended_power;
mod gram_schmidt;
mod householder;
mod inverse;
pub mod iterations;
mod kinds;
mod kronecker;
mod lanes;
mod ldlt;
mod least_squares;
mod lu;
mod magnitude;
mod many;
mod matrix_exponential;
mod matrix_power;
mod matrix_vector;
mod norm;
mod numbers;
mod orientation;
mod pivoted_qr;
mod product;
mod projection;
mod pseudo_inverse;
mod qr;
mod qr_stack;
mod rank;
mod refine;
mod reflections;
mod row_echelon;
mod schur;
mod small;
mod solve;
pub mod stack;
mod strips;
mod subspaces;
mod svd;
mod symmetric_eigen;
mod tile;
mod triangle;
mod triangular;
mod vectors;
mod wide;

pub use cholesky::{cholesky, cholesky_of};
pub use condition::IllConditioned;
pub use condition_number::{ConditionNorm, cond};
pub use coordinates::{change_of_basis, coordinates};
pub use determinant::{Determinant, det, determinant, slogdet};
pub use diagonalize::{Diagonalized, diagonalize, is_diagonalizable};
pub use direction::{angle, cosine_similarity, normalize};
pub use eigen::{Eig, eig, eigvals};
pub use elimination::{LuFactors, lu};
pub use gram_schmidt::{Dependent, gram_schmidt};
pub use inverse::{Inverse, inv};
pub use kinds::{is_orthogonal, is_positive_definite, is_symmetric};
pub use kronecker::kron;
pub use ldlt::{Ldlt, ldlt};
pub use least_squares::{LeastSquares, lstsq};
pub use matrix_exponential::{expm, matrix_exponentials};
pub use matrix_power::{matrix_power, matrix_powers};
pub use norm::{NormOrder, length, matrix_norm, norm, vector_norm};
pub use numbers::Numbers;
pub use pivoted_qr::{PivotedQr, qr_pivoted, qr_pivoted_triangle};
pub(crate) use product::accumulate;
pub use product::{matmul, matmul_into, product_shape};
pub use projection::{hyperplane_distance, project, projection_matrix};
pub use pseudo_inverse::pinv;
pub use qr::{Qr, QrMode, qr, qr_triangle};
pub use qr_stack::qr_stack;
pub use rank::{Negligible, matrix_rank};
pub use row_echelon::{Rref, rref};
pub use schur::{Schur, SchurOutput, schur};
pub use solve::{Solution, solve};
pub use subspaces::{column_space, columns_of, is_independent, left_null_space, null_space, row_space};
pub use svd::{Svd, singular_values, singular_values_of_stack, svd, svd_of_stack, svdvals};
pub use symmetric_eigen::{
    SpectralDecomposition, SymmetricEigen, eigh, eigh_stack, eigvalsh, eigvalsh_stack, spectral_decomposition,
};
pub use triangle::Triangle;
pub use triangular::{is_transposed, solve_triangular};
pub use vectors::{cross, dot, inner, outer, trace};

pub(crate) use product::gemm;
