//! The terms of entropies and of Kullback's and Leibler's divergence.
//!
//! x ln(x/y) − x + y = x·(δ − ln(1 + δ)) with δ = (y − x)/x: near x = y both formulas cancel, and with s = δ/(2 + δ) the second is
//! x·(sδ − 2s³(1/3 + s²/5 + …)), of which nothing cancels.

use super::in_place::wide;
use super::logarithm::ln;
use super::polynomial::horner;
use crate::simd::wide_kernel;

/// x·ln y, and 0 for x = 0 whatever y is (but NaN).
///
/// ```
/// use underhood::special::xlogy;
///
/// assert_eq!(xlogy(0.0, 0.0), 0.0);
/// assert_eq!(xlogy(2.0, 1.0), 0.0);
/// ```
pub fn xlogy(x: f64, y: f64) -> f64 {
    let mut value = [y];
    xlogy_in_place(&[x], &mut value);
    value[0]
}

wide_kernel! {
    /// Replaces every y by [`xlogy`] of the x at its place: the same bits, several at a time. Stops at the end of the shorter slice.
    pub fn xlogy_in_place(x: &[f64], y: &mut [f64]) = xlogy_body
}

wide! {
    /// −x·ln x, a term of an entropy: 0 at 0, −∞ below (as SciPy has it).
    ///
    /// ```
    /// use underhood::special::entr;
    ///
    /// assert_eq!(entr(0.5), 0.5 * std::f64::consts::LN_2);
    /// assert_eq!(entr(0.0), 0.0);
    /// ```
    entr, entr_in_place = entr_wide
}

/// x·ln(x/y) − x + y, a term of Kullback's and Leibler's divergence: never negative, 0 for x = y.
///
/// y for x = 0 ≤ y; ∞ for other x ≤ 0 or y ≤ 0 (as SciPy has it). Relative error below 1e-14 as a function of x and y, near x = y too.
///
/// ```
/// use underhood::special::kl_div;
///
/// assert_eq!(kl_div(3.0, 3.0), 0.0);
/// // Nearly ½(x − y)²/x, where the plain formula has no digit left.
/// assert!((kl_div(1.0, 1.0 + 2_f64.powi(-30)) / 2_f64.powi(-61) - 1.0).abs() < 1e-8);
/// ```
pub fn kl_div(x: f64, y: f64) -> f64 {
    let mut value = [y];
    kl_div_in_place(&[x], &mut value);
    value[0]
}

wide_kernel! {
    /// Replaces every y by [`kl_div`] of the x at its place: the same bits, several at a time. Stops at the end of the shorter slice.
    pub fn kl_div_in_place(x: &[f64], y: &mut [f64]) = kl_div_body
}

#[inline(always)]
fn xlogy_body<const FMA: bool>(x: &[f64], y: &mut [f64]) {
    for (&x, y) in x.iter().zip(y) {
        let value = x * ln::<FMA>(*y);
        *y = if x == 0.0 && !y.is_nan() { 0.0 } else { value };
    }
}

#[inline(always)]
fn entr_wide<const FMA: bool>(x: f64) -> f64 {
    let value = -x * ln::<FMA>(x);
    let value = if x == 0.0 { 0.0 } else { value };
    if x < 0.0 { f64::NEG_INFINITY } else { value }
}

#[inline(always)]
fn kl_div_body<const FMA: bool>(x: &[f64], y: &mut [f64]) {
    let mut extreme = false;
    for (&x, y) in x.iter().zip(y.iter_mut()) {
        let ratio = *y / x;
        extreme |= !(ratio > 1e-290 && ratio < 1e290);
    }
    if extreme {
        for (&x, y) in x.iter().zip(y.iter_mut()) {
            let ratio = *y / x;
            *y = if x > 0.0 && *y > 0.0 && !(ratio > 1e-290 && ratio < 1e290) {
                // Of one infinite number the limit is infinite; of two there is none.
                if x.is_infinite() == y.is_infinite() {
                    x * (ln::<FMA>(x) - ln::<FMA>(*y)) - x + *y
                } else {
                    f64::INFINITY
                }
            } else {
                term::<FMA>(x, *y)
            };
        }
        return;
    }
    for (&x, y) in x.iter().zip(y) {
        *y = term::<FMA>(x, *y);
    }
}

#[inline(always)]
fn term<const FMA: bool>(x: f64, y: f64) -> f64 {
    /// 1/3, 1/5, …, for |s| ≤ 1/3.
    const REST: [f64; 16] = {
        let mut c = [0.0; 16];
        let mut k = 0;
        while k < 16 {
            c[k] = 1.0 / (2 * k + 3) as f64;
            k += 1;
        }
        c
    };
    let (ratio, delta) = (y / x, (y - x) / x);
    let s = delta / (2.0 + delta);
    let square = s * s;
    let near = s * (delta - 2.0 * square * horner::<FMA, 16>(&REST, if square < 0.12 { square } else { 0.0 }));
    let far = delta - ln::<FMA>(ratio);
    let value = x * if ratio > 0.5 && ratio < 2.0 { near } else { far };
    let value = if x > 0.0 && y > 0.0 { value } else { f64::INFINITY };
    let value = if x == 0.0 && y >= 0.0 { y } else { value };
    if x.is_nan() || y.is_nan() { f64::NAN } else { value }
}
