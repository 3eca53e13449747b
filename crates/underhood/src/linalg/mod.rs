//! Linear algebra: products, factorisations, and the systems they solve.
//!
//! # A short tour
//!
//! | question | function | what it rests on |
//! |---|---|---|
//! | what is A·B? | [`matmul`] | register-tiled products |
//! | which x gives A·x = b? | [`solve`] | elimination, P·A = L·U, with a check of the residual |
//! | what undoes A? | [`inv`] | the same factorisation, once for every unit vector |
//! | by how much does A stretch volume? | [`det`], [`slogdet`] | the product of the pivots |
//! | an orthonormal basis of A's columns? | [`qr`] | Householder reflections, A = Q·R |
//! | is A positive definite; what is its root? | [`cholesky`] | A = L·Lᵀ |
//! | which x comes nearest to A·x = b? | [`lstsq`] | singular values, A = U·Σ·Vᵀ |
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
//! NaN and infinities are refused, with their place. Shapes are checked before anything is computed. Matrices up to 16×16 have
//! their own short paths; larger ones are factored by the faer crate, one thread each, so that results do not
//! depend on the number of threads. Conventions and default tolerances are NumPy's.

mod bridge;
mod cholesky;
mod condition;
mod determinant;
mod elimination;
mod inverse;
mod least_squares;
mod magnitude;
#[cfg_attr(not(test), expect(dead_code, reason = "the spectra that need it are being built"))]
mod orientation;
mod product;
mod qr;
mod refine;
mod small;
mod solve;
pub mod stack;
mod tile;
mod triangular;

pub use cholesky::{cholesky, cholesky_of};
pub use condition::IllConditioned;
pub use determinant::{Determinant, det, determinant, slogdet};
pub use inverse::{Inverse, inv};
pub use least_squares::{LeastSquares, lstsq};
pub use product::{matmul, matmul_into, product_shape};
pub use qr::{Qr, QrMode, qr};
pub use solve::{Solution, solve};
pub use triangular::{Side, solve_triangular};

pub(crate) use product::gemm;
