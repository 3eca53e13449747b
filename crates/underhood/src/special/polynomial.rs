//! Polynomials with their coefficients in rising order.

use crate::simd::mul_add;

/// c₀ + c₁x + c₂x² + …, as four polynomials in x⁴ that do not wait for each other (Estrin's idea: Horner's rule is one long chain).
#[inline(always)]
pub(super) fn polynomial<const N: usize>(c: &[f64; N], x: f64) -> f64 {
    let x2 = x * x;
    let x4 = x2 * x2;
    let mut parts = [0.0; 4];
    let mut first = N.next_multiple_of(4);
    while first > 0 {
        first -= 4;
        for (k, part) in parts.iter_mut().enumerate() {
            *part = *part * x4 + if first + k < N { c[first + k] } else { 0.0 };
        }
    }
    (parts[0] + x * parts[1]) + x2 * (parts[2] + x * parts[3])
}

/// The same by Horner's rule, as exact and with nearly as few operations, for wide kernels; a long one as two parts c₀ + … + x⁸(c₈ + …) that
/// do not wait for each other.
#[inline(always)]
pub(crate) fn horner<const FMA: bool, const N: usize>(c: &[f64; N], x: f64) -> f64 {
    const SPLIT: usize = 8;
    if N <= SPLIT + 4 {
        return from_to::<FMA>(c, 0, N, x);
    }
    let (x2, low) = (x * x, from_to::<FMA>(c, 0, SPLIT, x));
    let x4 = x2 * x2;
    mul_add::<FMA>(from_to::<FMA>(c, SPLIT, N, x), x4 * x4, low)
}

/// c[first] + c[first + 1]·x + … without c[end].
#[inline(always)]
fn from_to<const FMA: bool>(c: &[f64], first: usize, end: usize, x: f64) -> f64 {
    let mut sum = c[end - 1];
    let mut k = end - 1;
    while k > first {
        k -= 1;
        sum = mul_add::<FMA>(sum, x, c[k]);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::polynomial;

    #[test]
    fn every_length_agrees_with_horner() {
        fn check<const N: usize>() {
            let c: [f64; N] = std::array::from_fn(|i| (i + 1) as f64);
            assert_eq!(polynomial(&c, 2.0), c.iter().rev().fold(0.0, |sum, c| sum * 2.0 + c));
        }
        check::<1>();
        check::<4>();
        check::<7>();
        check::<10>();
        check::<13>();
    }
}
