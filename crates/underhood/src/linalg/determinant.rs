//! The determinant: by how much a matrix stretches volume, with the sign that tells whether it mirrors.
//!
//! After elimination it is the product of the pivots, with the sign of the row swaps. The product is kept as a mantissa and a power of
//! two, so that it cannot leave the range on the way. A matrix of whole numbers has a whole determinant; where rounding is known to
//! have stayed below a quarter, the nearest whole number is the answer.

use ndarray::ArrayView2;

use super::lu::Lu;
use super::small::{self, Elimination};
use super::{magnitude, wide};
use crate::check;
use crate::error::{Error, Result};

/// A determinant that cannot leave the range of doubles: sign·exp(logabsdet).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Determinant {
    /// −1, 0 or 1.
    pub sign: f64,
    /// ln |det A|; minus infinity when A is singular.
    pub logabsdet: f64,
    /// det A itself: ±infinity when it is beyond 1.8·10³⁰⁸, zero when nearer to zero than any double.
    pub value: f64,
}

impl Determinant {
    /// What to tell a reader of `value` when the determinant left the range of doubles.
    pub fn warning(&self) -> Option<String> {
        let left = if self.value.is_infinite() {
            "overflows"
        } else if self.value == 0.0 && self.sign != 0.0 {
            "underflows to zero, though a is not singular"
        } else {
            return None;
        };
        Some(format!(
            "det: the determinant, about {}10^{:.1}, {left}; slogdet gives its sign and logarithm",
            if self.sign < 0.0 { "-" } else { "" },
            self.logabsdet / std::f64::consts::LN_10
        ))
    }

    fn singular() -> Self {
        Determinant { sign: 0.0, logabsdet: f64::NEG_INFINITY, value: 0.0 }
    }
}

/// det A of a square matrix; 1 for a matrix without rows, by the convention of empty products.
///
/// Relative error about n·κ(A)·ε; exact for whole numbers that are small enough (every 3×3 with entries below 1,000). A singular matrix
/// gives exactly zero only when elimination meets a zero pivot or the entries are such whole numbers. When the value leaves the range
/// of doubles it is infinite or zero; [`slogdet`] has it still.
///
/// # Errors
/// [`Error::Shape`](crate::Error::Shape) when `a` is not square, [`Error::NotFinite`](crate::Error::NotFinite) for NaN and infinities.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::det;
///
/// assert_eq!(det(array![[1.0, 2.0], [3.0, 4.0]].view())?, -2.0);
/// assert_eq!(det(array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]].view())?, 0.0);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn det(a: ArrayView2<'_, f64>) -> Result<f64> {
    Ok(determinant("det", a)?.value)
}

/// The sign and the logarithm of |det A|, which hold where the determinant itself leaves the range of doubles.
///
/// # Errors
/// As for [`det`].
///
/// ```
/// use ndarray::Array2;
/// use underhood::linalg::slogdet;
///
/// let tiny = Array2::from_diag_elem(400, 0.1);
/// let d = slogdet(tiny.view())?;
/// assert_eq!((d.sign, d.value), (1.0, 0.0));
/// assert!((d.logabsdet - 400.0 * 0.1_f64.ln()).abs() < 1e-11);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn slogdet(a: ArrayView2<'_, f64>) -> Result<Determinant> {
    determinant("slogdet", a)
}

/// What [`det`] and [`slogdet`] have in common: everything, and a function's name for its errors.
///
/// # Errors
/// As for [`det`].
pub fn determinant(function: &'static str, a: ArrayView2<'_, f64>) -> Result<Determinant> {
    let n = check::square(function, "a", a)?;
    let largest = magnitude::largest(function, "a", a)?;
    if !magnitude::is_comfortable(largest) {
        return balanced(function, a);
    }
    if n <= small::LIMIT {
        let pivots = small::pivots(a);
        let Elimination::Done { odd } = pivots.outcome else {
            return if wide::is_mixed(a) { balanced(function, a) } else { Ok(Determinant::singular()) };
        };
        if pivots.values[..n].iter().any(|p| p.abs() < largest * REMOTE) && wide::is_mixed(a) {
            return balanced(function, a);
        }
        let found = product(pivots.values[..n].iter().copied(), odd, 0);
        if found.value.is_nan() {
            // The reciprocal of a subnormal pivot is infinite.
            return balanced(function, a);
        }
        return Ok(match rounded(a, &pivots, found.value) {
            Some(0.0) => Determinant::singular(),
            Some(whole) => Determinant { sign: whole.signum(), logabsdet: whole.abs().ln(), value: whole },
            None => found,
        });
    }
    let lu = Lu::of(a);
    let remote = lu.zero_pivot().is_some() || lu.pivots().any(|p| p.abs() < largest * REMOTE);
    if lu.overflowed() || remote && wide::is_mixed(a) {
        return balanced(function, a);
    }
    eliminated(function, &lu, 0)
}

/// A pivot smaller than this beside the largest entry may come from products that underflowed.
const REMOTE: f64 = 1e-60;

/// Eliminates after rows and columns have been brought to like size by powers of two.
fn balanced(function: &'static str, a: ArrayView2<'_, f64>) -> Result<Determinant> {
    if a.nrows() <= wide::LIMIT && wide::is_mixed(a) {
        let (mantissa, exponent) = wide::determinant(a);
        return Ok(product(std::iter::once(mantissa), false, exponent));
    }
    let scaled = magnitude::equilibrate(a);
    eliminated(function, &Lu::of(scaled.matrix.view()), scaled.shift())
}

fn eliminated(function: &'static str, lu: &Lu, shift: i64) -> Result<Determinant> {
    if lu.zero_pivot().is_some() {
        return Ok(Determinant::singular());
    }
    if lu.overflowed() {
        let problem = "grows beyond the range of doubles (1.8e308) during elimination".into();
        return Err(Error::Invalid { function, argument: "a", problem });
    }
    Ok(product(lu.pivots(), lu.is_odd(), shift))
}

/// The product of the pivots times 2^shift.
fn product(pivots: impl Iterator<Item = f64>, odd: bool, shift: i64) -> Determinant {
    let (mut mantissa, mut exponent) = (if odd { -1.0 } else { 1.0 }, shift);
    for pivot in pivots {
        let (m, e) = libm::frexp(mantissa * libm::frexp(pivot).0);
        mantissa = m;
        exponent += i64::from(e) + i64::from(libm::frexp(pivot).1);
    }
    if mantissa == 0.0 {
        return Determinant::singular();
    }
    let value = libm::ldexp(mantissa, exponent.clamp(-5000, 5000) as i32);
    let logabsdet = if value.is_normal() {
        value.abs().ln()
    } else {
        mantissa.abs().ln() + exponent as f64 * std::f64::consts::LN_2
    };
    Determinant { sign: mantissa.signum(), logabsdet, value }
}

/// The exact determinant of a matrix of whole numbers up to 16×16, if rounding is known not to blur it.
pub(super) fn of_whole_numbers(a: ArrayView2<'_, f64>) -> Option<f64> {
    let n = a.nrows();
    let pivots = small::pivots(a);
    match pivots.outcome {
        Elimination::ZeroPivot(_) => Some(0.0),
        Elimination::Done { odd } => rounded(a, &pivots, product(pivots.values[..n].iter().copied(), odd, 0).value),
    }
}

/// Rounds a determinant to the nearest whole number when all entries are whole and the error is below a quarter.
///
/// Elimination gives the exact determinant of A + E with |eᵢⱼ| ≤ 2·n²·ε·max|u| (Higham, Accuracy and Stability, theorem 9.3, with
/// |lᵢⱼ| ≤ 1 and room to spare). Expanding in the rows and bounding each term by Hadamard's inequality, the change is at most
/// Πᵢ(‖aᵢ‖ + ‖eᵢ‖) − Πᵢ‖aᵢ‖; the product of the pivots adds n·ε of its own.
fn rounded(a: ArrayView2<'_, f64>, pivots: &small::Pivots, value: f64) -> Option<f64> {
    let n = a.nrows() as f64;
    if value.abs() > 1e15 || a.iter().any(|v| v.fract() != 0.0) {
        return None;
    }
    let error = 2.0 * n * n * n.sqrt() * f64::EPSILON * pivots.largest;
    let (mut volume, mut changed) = (1.0, 1.0);
    for row in a.rows() {
        let length = row.iter().map(|v| v * v).sum::<f64>().sqrt();
        volume *= length;
        changed *= length + error;
    }
    let bound = (changed - volume) + 4.0 * n * f64::EPSILON * changed;
    // Adding zero turns −0 into 0.
    (bound < 0.25).then(|| value.round() + 0.0)
}
