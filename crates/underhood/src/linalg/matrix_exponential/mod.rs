//! The exponential of a matrix, e^A = I + A + A²/2! + A³/3! + …
//!
//! By scaling and squaring: e^A = (e^(A/2^s))^(2^s), where the exponential of the scaled matrix is a quotient of two polynomials (Padé's approximant,
//! [`pade`]). The scaling looks at ‖A^k‖^(1/k), which may be far below ‖A‖: halving a matrix more often than needed costs digits. A multiple of
//! the identity is taken out first; 1×1, 2×2 and diagonal matrices have closed forms, and triangular ones get their
//! diagonal from the scalar exponential at every squaring.
//!
//! Source: A. Al-Mohy and N. Higham, "A new scaling and squaring algorithm for the matrix exponential", SIAM J. Matrix Anal. Appl. 31 (2009),
//! doi:10.1137/09074721X.

mod closed;
mod many;
mod pade;

use ndarray::{Array2, ArrayView2};

use super::eigen::is_symmetric;
use super::magnitude;
use super::matrix_power::mirror;
use super::schur::Columns;
use crate::check;
use crate::error::{Error, Result};

pub use many::matrix_exponentials;

/// A matrix with entries beyond this has no digit of its exponential determined, unless its structure does.
const UNDETERMINED: f64 = 1e16;

/// Zeros outside of a triangle or the diagonal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Diagonal,
    Upper,
    Lower,
    Symmetric,
    Full,
}

impl Shape {
    fn of(a: ArrayView2<'_, f64>) -> Self {
        let n = a.nrows();
        let upper = (0..n).all(|i| (0..i).all(|j| a[[i, j]] == 0.0));
        let lower = (0..n).all(|i| (i + 1..n).all(|j| a[[i, j]] == 0.0));
        let symmetric = || is_symmetric(a);
        match (upper, lower) {
            (true, true) => Shape::Diagonal,
            (true, false) => Shape::Upper,
            (false, true) => Shape::Lower,
            (false, false) if symmetric() => Shape::Symmetric,
            (false, false) => Shape::Full,
        }
    }
}

/// The exponential of a square matrix, e^A = Σ Aᵏ/k!.
///
/// x(t) = e^(tA)·x₀ solves x′ = A·x. The relative error (in norm) is a small multiple of ε times the condition number of the exponential at
/// A, which is at least ‖A‖: of a matrix of norm 10⁶, six digits are lost. The result is symmetric to the last bit when A is, triangular when
/// A is, and its entries underflow to zero where they are that small.
///
/// # Errors
/// [`Error::Shape`] when `a` is not square, [`Error::NotFinite`] for NaN and infinities, [`Error::Invalid`] when e^A has entries beyond the
/// range of doubles (an eigenvalue above 709.78 makes them).
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::expm;
///
/// assert_eq!(expm(array![[0.0, 1.0], [0.0, 0.0]].view())?, array![[1.0, 1.0], [0.0, 1.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn expm(a: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
    let n = check::square("expm", "A", a)?;
    let largest = magnitude::largest("expm", "A", a)?;
    if let Some(result) = many::alone(a) {
        return Ok(result);
    }
    let shape = Shape::of(a);
    let result = match (n, shape) {
        (_, Shape::Diagonal) => {
            let mut result = Array2::zeros((n, n));
            for i in 0..n {
                result[[i, i]] = a[[i, i]].exp();
            }
            result
        }
        (2, _) => closed::two(a),
        (_, Shape::Lower) => exponential(a.t(), largest, true).reversed_axes(),
        (_, shape) => {
            let mut result = exponential(a, largest, shape == Shape::Upper);
            if shape == Shape::Symmetric {
                let mut columns = Columns::of(result.view());
                mirror(&mut columns);
                result = columns.into_array();
            }
            result
        }
    };
    if !result.iter().all(|v| v.is_finite()) {
        let problem = if largest > UNDETERMINED {
            format!(
                "holds {largest:.1e}: its exponential is beyond the range of doubles, or rounding leaves no digit of it"
            )
        } else {
            "has an exponential beyond the range of doubles (1.8e308)".into()
        };
        return Err(Error::Invalid { function: "expm", argument: "A", problem });
    }
    Ok(result)
}

/// For a matrix of at least three rows: with a multiple of the identity taken out where that makes the norm smaller.
fn exponential(a: ArrayView2<'_, f64>, largest: f64, triangular: bool) -> Array2<f64> {
    let n = a.nrows();
    let matrix = Columns::of(a);
    let before = pade::norm(&matrix);
    let mean = matrix.view().diag().iter().map(|v| v / n as f64).sum::<f64>();
    if mean.abs() > 0.1 && before.is_finite() {
        // e^A = e^μ·e^(A − μI)
        let mut moved = matrix.clone();
        for i in 0..n {
            moved[(i, i)] -= mean;
        }
        if pade::norm(&moved) < 0.9 * before {
            let mut result = scaling_and_squaring(moved, largest, triangular);
            // In two steps, for a factor that leaves the range where the product does not.
            let half = (mean / 2.0).exp();
            result.data_mut().iter_mut().for_each(|v| *v = *v * half * half);
            if triangular {
                for i in 0..n {
                    result[(i, i)] = a[[i, i]].exp();
                }
            }
            if result.data().iter().all(|v| v.is_finite()) {
                return result.into_array();
            }
            // A − μI may have eigenvalues far to the right of A's.
        }
    }
    scaling_and_squaring(matrix, largest, triangular).into_array()
}

fn scaling_and_squaring(mut matrix: Columns, largest: f64, triangular: bool) -> Columns {
    // Powers up to the tenth have to stay in range.
    let reduced = if largest > 1e25 { magnitude::exponent(largest) - 80 } else { 0 };
    if reduced > 0 {
        matrix.data_mut().iter_mut().for_each(|v| *v = libm::ldexp(*v, -reduced));
    }
    let (scaled, squarings) = pade::exponential(&mut matrix, reduced.unsigned_abs());
    if triangular { pade::square_triangular(scaled, &matrix, squarings) } else { pade::square(scaled, squarings) }
}
