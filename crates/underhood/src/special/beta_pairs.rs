//! B, ln B and binomial coefficients of many pairs, several at a time.
//!
//! One formula serves every pair of ordinary positive numbers: Stirling's (as in `beta_function`), its large parts a·ln(a/(a + b)) and
//! b·ln(b/(a + b)) in two doubles; numbers below 1 are raised by B(a, b) = B(a + 1, b)·(a + b)/a first, whose quotients are exact to
//! an ulp. Coefficients with few factors are products, as in `binomial`. What remains (edges, over- and underflow) is computed one by one.

use std::f64::consts::TAU;

use super::beta_function::{beta, betaln};
use super::binomial::{PRODUCT, binom, comb};
use super::exponential::exp_pair;
use super::gamma_function::stirling_error_wide;
use super::logarithm::ln_double;
use crate::double_double::{quick_two_sum, two_product, two_sum};
use crate::simd::{mul_add, wide_kernel};

/// Replaces every b by [`beta`] of the a at its place and itself: to within rounding, several at a time. Stops at the end of the shorter slice.
///
/// ```
/// use underhood::special::beta_in_place;
///
/// let mut b = [3.0, 0.5];
/// beta_in_place(&[2.0, 0.5], &mut b);
/// assert!((b[0] * 12.0 - 1.0).abs() < 1e-15 && (b[1] / std::f64::consts::PI - 1.0).abs() < 1e-15);
/// ```
pub fn beta_in_place(a: &[f64], b: &mut [f64]) {
    by_blocks(a, b, values, beta);
}

/// Replaces every b by [`betaln`] of the a at its place and itself: to within rounding, several at a time. Stops at the end of the shorter slice.
pub fn betaln_in_place(a: &[f64], b: &mut [f64]) {
    by_blocks(a, b, logarithms, betaln);
}

/// Replaces every k by [`binom`] of the n at its place and itself: to within rounding, whole ones up to 2⁵³ exactly, several at a time. Stops
/// at the end of the shorter slice.
pub fn binom_in_place(n: &[f64], k: &mut [f64]) {
    by_blocks(n, k, coefficients, binom);
}

/// Replaces every k by [`comb`] of the n at its place and itself, without repetition or with it: several at a time. Stops at the end of the
/// shorter slice.
pub fn comb_in_place(n: &[f64], k: &mut [f64], repetition: bool) {
    if repetition {
        n.iter().zip(k).for_each(|(&n, k)| *k = comb(n, *k, true));
    } else {
        by_blocks(n, k, coefficients, |n, k| comb(n, k, false));
    }
}

/// So many pairs at a time.
const BLOCK: usize = 256;
/// Fewer are quicker one by one.
const MANY: usize = 32;
/// So many binomial coefficients are multiplied together.
const LANES: usize = 32;

/// Replaces every b by what `wide` writes for the pairs of a block; where that is NaN, by `one`.
fn by_blocks(a: &[f64], b: &mut [f64], wide: fn(&[f64], &mut [f64]), one: impl Fn(f64, f64) -> f64) {
    if b.len() < MANY {
        a.iter().zip(b).for_each(|(&a, b)| *b = one(a, *b));
        return;
    }
    let mut before = [0.0; BLOCK];
    for (a, b) in a.chunks(BLOCK).zip(b.chunks_mut(BLOCK)) {
        let before = &mut before[..b.len()];
        before.copy_from_slice(b);
        wide(a, b);
        for ((value, &a), &b) in b.iter_mut().zip(a).zip(&*before) {
            if value.is_nan() {
                *value = one(a, b);
            }
        }
    }
}

wide_kernel! {
    /// B of ordinary pairs, NaN for others.
    fn values(a: &[f64], b: &mut [f64]) = values_body
}

wide_kernel! {
    /// ln B of ordinary pairs, NaN for others.
    fn logarithms(a: &[f64], b: &mut [f64]) = logarithms_body
}

wide_kernel! {
    /// Binomial coefficients of ordinary pairs 0 ≤ k ≤ n, NaN for others.
    fn coefficients(n: &[f64], k: &mut [f64]) = coefficients_body
}

/// B is factor·exp(high + low).
#[inline(always)]
fn parts<const FMA: bool>(a: f64, b: f64) -> (f64, f64, f64) {
    let (less, more) = if a < b { (a, b) } else { (b, a) };
    let (a, a_low) = two_sum(less, if less < 1.0 { 1.0 } else { 0.0 });
    let (b, b_low) = two_sum(more, if more < 1.0 { 1.0 } else { 0.0 });
    let (sum, lost) = two_sum(a, b);
    let sum = quick_two_sum(sum, lost + (a_low + b_low));
    let (left, left_low) = times_log_of_share::<FMA>((a, a_low), sum);
    let (right, right_low) = times_log_of_share::<FMA>((b, b_low), sum);
    let (high, lost) = two_sum(left, right);
    let error = stirling_error_wide::<FMA>(a) + stirling_error_wide::<FMA>(b) - stirling_error_wide::<FMA>(sum.0);
    let both = less + more;
    let raised = if less < 1.0 { both / less } else { 1.0 };
    let raised_twice = if more < 1.0 { (both + 1.0) / more } else { 1.0 };
    let factor = (TAU * (1.0 / a + 1.0 / b)).sqrt() * raised * raised_twice;
    let (high, low) = two_sum(high, lost + (left_low + right_low) + error);
    (factor, high, low)
}

/// u·ln(u/sum) in two doubles.
#[inline(always)]
fn times_log_of_share<const FMA: bool>(u: (f64, f64), sum: (f64, f64)) -> (f64, f64) {
    let share = u.0 / sum.0;
    let (product, lost) = two_product::<FMA>(share, sum.0);
    let rest = ((u.0 - product) - lost) + mul_add::<FMA>(-share, sum.1, u.1);
    let (high, low) = ln_double::<FMA>(share, rest / sum.0);
    let (product, lost) = two_product::<FMA>(u.0, high);
    (product, mul_add::<FMA>(u.0, low, mul_add::<FMA>(u.1, high, lost)))
}

/// Whether a pair is ordinary: neither products of its numbers nor their quotients leave the range of doubles.
#[inline(always)]
fn ordinary(a: f64, b: f64) -> bool {
    a > 1e-140 && b > 1e-140 && a < 1e140 && b < 1e140
}

#[inline(always)]
fn values_body<const FMA: bool>(a: &[f64], b: &mut [f64]) {
    for (&a, b) in a.iter().zip(b) {
        let (factor, high, low) = parts::<FMA>(a, *b);
        // In two steps, since the factor can be as large as the exponential is small.
        let root = exp_pair::<FMA>(0.5 * high, 0.5 * low);
        let value = factor * root * root;
        *b = if ordinary(a, *b) { value } else { f64::NAN };
    }
}

#[inline(always)]
fn logarithms_body<const FMA: bool>(a: &[f64], b: &mut [f64]) {
    for (&a, b) in a.iter().zip(b) {
        let (factor, high, low) = parts::<FMA>(a, *b);
        // Next to B = 1 the two cancel.
        let (log, log_low) = ln_double::<FMA>(factor, 0.0);
        let (sum, lost) = two_sum(high, log);
        *b = if ordinary(a, *b) { sum + (lost + (log_low + low)) } else { f64::NAN };
    }
}

#[inline(always)]
fn coefficients_body<const FMA: bool>(n: &[f64], k: &mut [f64]) {
    for (n, k) in n.chunks(LANES).zip(k.chunks_mut(LANES)) {
        // How many factors there are, where they are few.
        let (mut things, mut factors) = ([0.0; LANES], [0.0; LANES]);
        let (mut longest, mut others) = (0.0, false);
        for lane in 0..n.len().min(k.len()) {
            let (n, k) = (n[lane], k[lane]);
            let chosen = if n == n.trunc() && n - k < k { n - k } else { k };
            let few = k == k.trunc() && (0.0..=PRODUCT).contains(&chosen) && (0.0..1e9).contains(&n);
            let count = if few { chosen } else { 0.0 };
            (things[lane], factors[lane]) = (if few { n } else { f64::NAN }, count);
            longest = if count > longest { count } else { longest };
            others |= !few;
        }
        let (mut top, mut bottom, mut i) = ([1.0; LANES], [1.0; LANES], 0.0);
        while i < longest {
            for lane in 0..LANES {
                let counts = i < factors[lane];
                top[lane] *= if counts { things[lane] - i } else { 1.0 };
                bottom[lane] *= if counts { i + 1.0 } else { 1.0 };
            }
            i += 1.0;
        }
        for lane in 0..LANES {
            let value = top[lane] / bottom[lane];
            // What doubles hold exactly comes out exact.
            let whole = things[lane] == things[lane].trunc() && value < 4e14;
            let rounded = (value + 0.5).trunc();
            top[lane] = if whole { rounded } else { value };
            // Larger ones are a matter for whole numbers.
            let large = things[lane] == things[lane].trunc() && (4e14..9.1e15).contains(&value);
            top[lane] = if large || things[lane].is_nan() { f64::NAN } else { top[lane] };
        }
        if others {
            for lane in 0..n.len().min(k.len()) {
                let (n, k) = (n[lane], k[lane]);
                let (factor, high, low) = parts::<FMA>(n - k + 1.0, k + 1.0);
                let root = exp_pair::<FMA>(-0.5 * high, -0.5 * low);
                let value = root / ((n + 1.0) * factor) * root;
                let served = k >= 0.0 && k <= n && n < 1e140;
                let value = if served { value } else { f64::NAN };
                top[lane] = if things[lane].is_nan() { value } else { top[lane] };
            }
        }
        k.copy_from_slice(&top[..k.len()]);
    }
}
