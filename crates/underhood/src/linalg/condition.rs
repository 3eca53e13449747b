//! How far a system's solution moves when its data move: the condition number κ₁(A) = ‖A‖₁·‖A⁻¹‖₁, estimated from a factorisation.
//!
//! Source: N. J. Higham, "FORTRAN codes for estimating the one-norm of a real or complex matrix", ACM TOMS 14 (1988) 381–396,
//! doi:10.1145/50063.214386 (after W. W. Hager): climb the convex function ‖A⁻¹·x‖₁ from corner to corner of the unit ball.

use std::fmt;

use ndarray::{Array2, ArrayView2};

/// Above this condition number fewer than four of sixteen digits are safe, and a result says so.
pub(crate) const WORTH_A_WARNING: f64 = 1e12;

/// A warning that goes with a result: the matrix is so nearly singular that few digits of the result are safe.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct IllConditioned {
    /// The function that was called.
    pub function: &'static str,
    /// The estimated condition number κ₁(A) = ‖A‖₁·‖A⁻¹‖₁.
    pub condition: f64,
    /// How many decimal digits of the result changes in the last digit of A's and b's numbers leave alone: 15.95 − log₁₀ κ₁, or 0.
    pub digits: f64,
}

impl IllConditioned {
    /// A warning, if this condition number is worth one.
    pub(crate) fn judge(function: &'static str, condition: f64) -> Option<Self> {
        // An infinite estimate, or none at all, is worth a warning too.
        if condition < WORTH_A_WARNING {
            return None;
        }
        let digits = (-f64::EPSILON.log10() + 0.3 - condition.log10()).max(0.0);
        Some(IllConditioned { function, condition, digits: if digits.is_nan() { 0.0 } else { digits } })
    }
}

impl fmt::Display for IllConditioned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: a is nearly singular: its condition number is about {:.1e}, so numbers in a that are rounded to 16 digits determine ",
            self.function, self.condition
        )?;
        match self.digits.floor() as u32 {
            0 => f.write_str("no digit of the result"),
            1 => f.write_str("about 1 digit of the result"),
            digits => write!(f, "about {digits} digits of the result"),
        }
    }
}

/// ‖A‖₁, the largest sum of a column's magnitudes.
pub(crate) fn norm_1(a: ArrayView2<'_, f64>) -> f64 {
    a.columns().into_iter().map(|column| column.iter().map(|v| v.abs()).sum()).fold(0.0, f64::max)
}

/// ‖A⁻¹‖₁, from below and almost always to within a factor of three; the closures overwrite one column v with A⁻¹·v and A⁻ᵀ·v.
pub(crate) fn inverse_norm_1(
    n: usize,
    solve: impl Fn(&mut Array2<f64>),
    solve_transposed: impl Fn(&mut Array2<f64>),
) -> f64 {
    if n == 0 {
        return 0.0;
    }
    let norm = |x: &Array2<f64>| x.iter().map(|v| v.abs()).sum::<f64>();
    let mut x = Array2::from_elem((n, 1), 1.0 / n as f64);
    let (mut estimate, mut corner) = (0.0, n);
    for _ in 0..5 {
        solve(&mut x);
        let reached = norm(&x);
        if !(reached > estimate) {
            break;
        }
        estimate = reached;
        x.mapv_inplace(|v| if v < 0.0 { -1.0 } else { 1.0 });
        solve_transposed(&mut x);
        let (steepest, slope) =
            x.iter().enumerate().fold((0, 0.0), |best, (i, v)| if v.abs() > best.1 { (i, v.abs()) } else { best });
        if steepest == corner || slope == 0.0 {
            break;
        }
        corner = steepest;
        x.fill(0.0);
        x[[corner, 0]] = 1.0;
    }
    // A vector that grows and alternates catches the matrices on which the climb stops early.
    let mut x = Array2::from_shape_fn((n, 1), |(i, _)| {
        let size = 1.0 + i as f64 / (n.max(2) - 1) as f64;
        if i % 2 == 0 { size } else { -size }
    });
    solve(&mut x);
    let second = 2.0 * norm(&x) / (3.0 * n as f64);
    if second.is_nan() { f64::INFINITY } else { estimate.max(second) }
}

/// Fixed signs and sizes for a probe beside a right-hand side: ‖A⁻¹·probe‖ is a cheap lower estimate of ‖A⁻¹‖, since a probe
/// without a pattern almost surely has a part along the direction that A⁻¹ stretches most (J. D. Dixon, SIAM J. Numer. Anal. 20 (1983)
/// 812–814, doi:10.1137/0720053).
#[inline]
pub(crate) fn probe(i: usize) -> f64 {
    // The upper bits of i·φ·2⁶⁴, mixed once more: what splitmix64 does.
    let mut z = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let size = 0.5 + (z >> 12) as f64 / (1_u64 << 53) as f64;
    if z & 1 == 0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::super::lu::Lu;
    use super::*;

    /// κ₁ of the Hilbert matrices, from the closed form of their inverses (Higham, Accuracy and Stability, table 28.1).
    #[test]
    fn hilbert_matrices_have_their_known_condition() {
        for (n, expected) in [(3, 748.0), (5, 943_656.0), (8, 3.387_279_1e10)] {
            let a = Array2::from_shape_fn((n, n), |(i, j)| 1.0 / (i + j + 1) as f64);
            let lu = Lu::of(a.view());
            let condition = norm_1(a.view()) * inverse_norm_1(n, |x| lu.solve(x), |x| lu.solve_transposed(x));
            assert!((condition / expected - 1.0).abs() < 1e-3, "{n}: {condition}");
        }
    }

    #[test]
    fn the_warning_says_how_many_digits_are_left() {
        assert_eq!(IllConditioned::judge("solve", 1e11), None);
        let text = IllConditioned::judge("solve", 4.2e13).map(|w| w.to_string()).unwrap_or_default();
        assert_eq!(
            text,
            "solve: a is nearly singular: its condition number is about 4.2e13, so numbers in a that are rounded to 16 \
             digits determine about 2 digits of the result"
        );
        assert_eq!(IllConditioned::judge("solve", f64::NAN).map(|w| w.digits), Some(0.0));
    }
}
