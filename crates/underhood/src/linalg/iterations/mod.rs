//! Iterations worth watching: each keeps the road that it took, and says how fast it went beside how fast theory lets it go.
//!
//! | question | function | each step shrinks the error by |
//! |---|---|---|
//! | the largest eigenvalue? | [`power_iteration`] | \|λ₂/λ₁\| |
//! | the eigenvalue nearest to σ? | [`inverse_iteration`] | \|λₖ − σ\| / \|λⱼ − σ\|; ever faster with Rayleigh's shifts |
//! | all eigenvalues? | [`qr_algorithm`] | \|λᵢ₊₁/λᵢ\| at the i-th place of the subdiagonal; ever faster with shifts |
//! | the same of a symmetric matrix? | [`jacobi_eigen`] | its own square |
//! | a·x = b, a positive definite? | [`conjugate_gradient`] | (√κ − 1)/(√κ + 1), or more |
//! | a·x = b, a strong diagonal? | [`gauss_seidel`] | the spectral radius of the iteration matrix |
//!
//! The methods are the textbook's, to be looked at; to get at the answer quickly, [`solve`](super::solve()) and the factorisations are
//! meant. Each result has a [`Course`]: residuals, the reason for stopping, and the rate of convergence, observed beside predicted. The
//! prediction is computed from the true spectrum for matrices of up to 500 rows.
//!
//! Every function takes a `checkpoint`, which is called every few milliseconds; an error of its own ends the iteration.
//!
//! ```
//! use ndarray::array;
//! use underhood::linalg::iterations::{Limits, power_iteration};
//!
//! let a = array![[2.0, 1.0], [1.0, 2.0]];
//! let found = power_iteration(a.view(), None, Limits::default(), || Ok::<(), underhood::Error>(()))?;
//! assert!((found.eigenvalue - 3.0).abs() < 1e-10);
//! let (observed, predicted) = (found.course.observed_rate.unwrap(), found.course.predicted_rate.unwrap());
//! assert!((predicted - 1.0 / 3.0).abs() < 1e-12 && (observed - predicted).abs() < 1e-3);
//! # Ok::<(), underhood::Error>(())
//! ```

mod conjugate_gradient;
mod course;
mod gauss_seidel;
mod inverse;
mod jacobi;
mod kept;
mod power;
mod qr_algorithm;
mod rate;
mod spectrum;
mod start;

pub use conjugate_gradient::{ConjugateGradient, conjugate_gradient};
pub use course::{Course, Limits, Stop};
pub use gauss_seidel::{GaussSeidel, Sweep, gauss_seidel};
pub use inverse::{InverseIteration, Shift, inverse_iteration};
pub use jacobi::{JacobiEigen, jacobi_eigen};
pub use power::{PowerIteration, power_iteration};
pub use qr_algorithm::{QrAlgorithm, Shifts, qr_algorithm};
