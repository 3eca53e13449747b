//! Sums over slices that every room here needs: products and lengths, the latter without overflow or underflow on the way.
//!
//! They are compiled into loops that take a few nanoseconds a step, for which [`linalg::length`](crate::linalg::length) with its blocks and
//! views is too large; next to the ends of the range it has the word.

use crate::linalg;
use ndarray::ArrayView1;

/// a · b.
#[inline(always)]
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Euclidean length; NaN if one of the numbers is.
#[inline(always)]
pub(super) fn length(x: &[f64]) -> f64 {
    let squared: f64 = x.iter().map(|v| v * v).sum();
    if squared > 1e-280 && squared < 1e280 { squared.sqrt() } else { extreme(&mut x.iter().copied()) }
}

/// Euclidean length of b − a; exactly 0 only if they are the same.
#[inline(always)]
pub(super) fn distance(a: &[f64], b: &[f64]) -> f64 {
    let squared: f64 = a.iter().zip(b).map(|(a, b)| (b - a) * (b - a)).sum();
    if squared > 1e-280 && squared < 1e280 { squared.sqrt() } else { extreme(&mut a.iter().zip(b).map(|(a, b)| b - a)) }
}

#[cold]
fn extreme(x: &mut dyn Iterator<Item = f64>) -> f64 {
    let x: Vec<f64> = x.collect();
    if x.iter().any(|v| v.is_nan()) { f64::NAN } else { linalg::length(ArrayView1::from(&x)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_survive_extreme_numbers() {
        for size in [1e-200, 1.0, 1e200] {
            assert!((length(&[3.0 * size, 4.0 * size]) / size - 5.0).abs() < 1e-14);
        }
        assert_eq!(length(&[0.0, -0.0]), 0.0);
        assert!(length(&[1.0, f64::NAN, f64::INFINITY]).is_nan() && length(&[1.0, f64::NEG_INFINITY]) == f64::INFINITY);
        let smallest = f64::from_bits(1);
        assert!(distance(&[1e-310], &[1e-310 + smallest]) > 0.0);
        assert_eq!(distance(&[1.0, 2.0], &[1.0, 2.0]), 0.0);
    }
}
