//! Γ, 1/Γ and ln|Γ|, as wide kernels for positive numbers; negative ones by reflection (DLMF 5.5.3), one at a time.
//!
//! From 8 on lnΓ by Stirling's formula (DLMF 5.11.1). Below, recurrence down to 1 + a with 0 ≤ a ≤ 1, where lnΓ(1 + a) is a(a − 1) times a
//! polynomial: a is exact, so nothing is lost next to the zeros 1 and 2, and the logarithm of the product that the recurrence leaves never
//! cancels. Γ itself is the exponential of Stirling's formula in two doubles, its error carried separately (C. Loader 2000).

use std::f64::consts::PI;

use super::coefficients::{LN_GAMMA_1P_FIT, LN_GAMMA_FIT, STIRLING_FIT, STIRLING_SERIES};
use super::exponential::exp_pair;
use super::logarithm::{ln, ln_double};
use super::polynomial::{horner, polynomial};
use crate::double_double::{Dd, quick_two_sum, two_product, two_sum};
use crate::simd::{mul_add, wide_kernel};

/// ½ ln 2π in two doubles.
const HALF_LN_TWO_PI: (f64, f64) = (0.9189385332046728, -3.878294158067242e-17);

/// 0!, 1!, …, 22!, all exact.
const FACTORIALS: [f64; 32] = {
    let mut table = [1.0; 32];
    let mut k = 1;
    while k < 23 {
        table[k] = table[k - 1] * k as f64;
        k += 1;
    }
    table
};

/// ln|Γ(x)|.
///
/// ∞ at 0, −1, −2, … and at ±∞. Relative error below 2e-15 for x > 0, the neighbourhoods of the zeros 1 and 2 included; for
/// x < 0, where there are zeros between the poles, 2e-15 and what two ulps of x change.
///
/// ```
/// use underhood::special::gammaln;
///
/// assert_eq!(gammaln(1.0), 0.0);
/// // −γ·h + … at 1 + h: nothing is lost near the zero.
/// assert!((gammaln(1.0 + 1e-8) / -5.77215653168851219e-9 - 1.0).abs() < 1e-15);
/// ```
pub fn gammaln(x: f64) -> f64 {
    one(x, gammaln_in_place)
}

/// Replaces every number by its [`gammaln`]: the same bits, several at a time.
pub fn gammaln_in_place(x: &mut [f64]) {
    by_reflection(x, gammaln_positive, gammaln_reflected, |x, at_minus_x| {
        if x > -1e-30 {
            // Nearly −1/x.
            return at_minus_x;
        }
        // Γ(x)·Γ(−x) = −π/(x sin πx).
        let sine = (x * sin_pi(x)).abs();
        if sine == 0.0 || x.is_infinite() { f64::INFINITY } else { (PI / sine).ln() - at_minus_x }
    });
}

/// Γ(x), the factorial (x−1)! continued.
///
/// NaN at the negative integers, where the two sides differ in sign; ±∞ at ±0; ∞ from 171.6244 on. Whole numbers up to 23 give exact
/// factorials. Relative error below 2e-15.
///
/// ```
/// use underhood::special::gamma;
///
/// assert_eq!(gamma(5.0), 24.0);
/// assert!((gamma(0.5) - std::f64::consts::PI.sqrt()).abs() < 1e-15);
/// ```
pub fn gamma(x: f64) -> f64 {
    one(x, gamma_in_place)
}

/// Replaces every number by its [`gamma`]: the same bits, several at a time.
pub fn gamma_in_place(x: &mut [f64]) {
    by_reflection(x, gamma_positive, gamma_reflected, |x, at_minus_x| {
        if x > -1e-20 {
            // 1/x to the last digit, where x·sin πx would underflow.
            1.0 / x
        } else if x == x.trunc() {
            f64::NAN
        } else if -x > 170.0 {
            // Γ(−x) may overflow where Γ(x) does not yet underflow.
            -PI / (x * sin_pi(x) * gamma(-x - 20.0)) / rising(-x - 20.0, 20)
        } else {
            -PI / (x * sin_pi(x) * at_minus_x)
        }
    });
}

/// 1/Γ(x), which is smooth everywhere: 0 at 0, −1, −2, … and at ∞.
///
/// Relative error below 2e-15, down to the smallest normal numbers beyond 170; NaN at −∞.
///
/// ```
/// use underhood::special::rgamma;
///
/// assert_eq!(rgamma(-3.0), 0.0);
/// assert_eq!(rgamma(4.0), 1.0 / 6.0);
/// ```
pub fn rgamma(x: f64) -> f64 {
    one(x, rgamma_in_place)
}

/// Replaces every number by its [`rgamma`]: the same bits, several at a time.
pub fn rgamma_in_place(x: &mut [f64]) {
    by_reflection(x, rgamma_positive, rgamma_reflected, |x, at_minus_x| {
        if x > -1e-20 {
            x
        } else if x == f64::NEG_INFINITY {
            f64::NAN
        } else if -x > 170.0 {
            -x / PI * sin_pi(x) * gamma(-x - 20.0) * rising(-x - 20.0, 20)
        } else {
            -x / PI * sin_pi(x) / at_minus_x
        }
    });
}

fn one(x: f64, wide: fn(&mut [f64])) -> f64 {
    let mut value = [x];
    wide(&mut value);
    value[0]
}

/// x(x + 1)…(x + n − 1).
fn rising(x: f64, n: u32) -> f64 {
    (0..n).map(|k| x + f64::from(k)).product()
}

/// sin πx, exactly 0 at whole numbers.
pub(super) fn sin_pi(x: f64) -> f64 {
    let whole = x.round();
    if x == whole {
        return 0.0;
    }
    let sine = (PI * (x - whole)).sin();
    if (0.5 * whole).fract() == 0.0 { sine } else { -sine }
}

/// Applies `positive` to |x|, and then, where x is negative or zero, `reflected(x, value at −x)`: in lanes, or at edges and far out one by one.
fn by_reflection(
    x: &mut [f64],
    positive: fn(&mut [f64]),
    reflected: fn(&[f64], &mut [f64]),
    one: impl Fn(f64, f64) -> f64,
) {
    const BLOCK: usize = 512;
    let (mut before, mut at_minus_x) = ([0.0; BLOCK], [0.0; BLOCK]);
    for x in x.chunks_mut(BLOCK) {
        if x.iter().all(|x| !(*x <= 0.0)) {
            positive(x);
            continue;
        }
        let (before, at_minus_x) = (&mut before[..x.len()], &mut at_minus_x[..x.len()]);
        before.copy_from_slice(x);
        x.iter_mut().for_each(|x| *x = x.abs());
        positive(x);
        at_minus_x.copy_from_slice(x);
        reflected(before, x);
        for ((x, &before), &at_minus_x) in x.iter_mut().zip(&*before).zip(&*at_minus_x) {
            if before <= 0.0 && !is_plain(before) {
                *x = one(before, at_minus_x);
            }
        }
    }
}

/// 1.5·2⁵²: adding it rounds to a whole number, which then stands in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// Whether x < 0 is neither a pole nor so small or so large that something leaves the range of doubles.
#[inline(always)]
fn is_plain(x: f64) -> bool {
    x > -170.0 && x < -1e-30 && (x + ROUND) - ROUND != x
}

/// [`sin_pi`] without a branch, for |x| < 2⁵¹: Taylor's series in r = x less the nearest whole number.
#[inline(always)]
fn wide_sin_pi<const FMA: bool>(x: f64) -> f64 {
    /// π, −π³/3!, π⁵/5!, …
    const SERIES: [f64; 12] = {
        let mut c = [PI; 12];
        let mut k = 1;
        while k < 12 {
            c[k] = -c[k - 1] * (PI * PI) / ((2 * k) * (2 * k + 1)) as f64;
            k += 1;
        }
        c
    };
    let shifted = x + ROUND;
    let r = x - (shifted - ROUND);
    let sine = r * horner::<FMA, 12>(&SERIES, r * r);
    // The sign changes from one whole number to the next.
    f64::from_bits(sine.to_bits() ^ (shifted.to_bits() << 63))
}

/// Makes the kernel that reflects: x before, the values at −x in place.
macro_rules! reflected {
    ($name:ident, $body:ident, $formula:expr) => {
        wide_kernel! {
            fn $name(x: &[f64], value: &mut [f64]) = $body
        }

        #[inline(always)]
        fn $body<const FMA: bool>(x: &[f64], value: &mut [f64]) {
            let formula = $formula;
            for (&x, value) in x.iter().zip(value) {
                let reflected = formula(x, wide_sin_pi::<FMA>(x), *value);
                *value = if x < 0.0 { reflected } else { *value };
            }
        }
    };
}

// Γ(x)·Γ(−x) = −π/(x sin πx).
reflected!(gamma_reflected, gamma_reflected_body, |x: f64, sine: f64, gamma: f64| -PI / (x * sine * gamma));
reflected!(rgamma_reflected, rgamma_reflected_body, |x: f64, sine: f64, rgamma: f64| -x / PI * sine / rgamma);
reflected!(gammaln_reflected, gammaln_reflected_body, |x: f64, sine: f64, log: f64| {
    ln::<FMA>(PI / (x * sine).abs()) - log
});

wide_kernel! {
    /// lnΓ of positive numbers.
    fn gammaln_positive(x: &mut [f64]) = gammaln_body
}

wide_kernel! {
    /// Γ of positive numbers.
    fn gamma_positive(x: &mut [f64]) = gamma_body
}

wide_kernel! {
    /// 1/Γ of positive numbers, but for 1/Γ(x) = x/Γ(x + 1) at tiny x.
    fn rgamma_positive(x: &mut [f64]) = rgamma_body
}

#[inline(always)]
fn gammaln_body<const FMA: bool>(x: &mut [f64]) {
    for slot in x {
        let x = *slot;
        let large = x >= 8.0;
        // 1 + a = x − (k − 1), where k is x's whole part, or x + 1 below 1.
        let (mut a, mut product) = (x, 1.0);
        for k in 1..8 {
            let k = f64::from(k);
            a = if x >= k { x - k } else { a };
            // Γ(x) = (x − 1)(x − 2)…(1 + a)·Γ(1 + a).
            product *= if x >= k + 1.0 { x - k } else { 1.0 };
        }
        let small = x < 1.0;
        let logarithm = ln::<FMA>(if large || small { x } else { product });
        let a = if large { 0.5 } else { a };
        let fit = a * (a - 1.0) * horner::<FMA, 24>(&LN_GAMMA_FIT, mul_add::<FMA>(2.0, a, -1.0));
        let near = fit + if small { -logarithm } else { logarithm };
        let w = 1.0 / x;
        let stirling = w * horner::<FMA, 10>(&STIRLING_SERIES, if large { w * w } else { 0.0 });
        let far = mul_add::<FMA>(x - 0.5, logarithm - 1.0, HALF_LN_TWO_PI.0 - 0.5 + stirling);
        let value = if large { far } else { near };
        *slot = if x.is_infinite() { x } else { value };
    }
}

#[inline(always)]
fn gamma_body<const FMA: bool>(x: &mut [f64]) {
    for slot in x {
        let x = *slot;
        // Γ(x) = Γ(x + 1)/x below 1.
        let small = x < 1.0;
        let up = if small { x + 1.0 } else { x };
        let value = exp_ln_gamma::<FMA>(if up < 172.0 { up } else { 172.0 }, 1.0) / if small { x } else { 1.0 };
        // Beyond 1e-17 the numerator is 1 to the last digit.
        let value = if x < 1e-17 { 1.0 / x } else { value };
        let value = if x > 171.7 { f64::INFINITY } else { value };
        let exact = FACTORIALS[(x.clamp(1.0, 23.0) as usize).wrapping_sub(1) & 31];
        let value = if (1.0..=23.0).contains(&x) && x == x.trunc() { exact } else { value };
        *slot = if x.is_nan() { x } else { value };
    }
}

#[inline(always)]
fn rgamma_body<const FMA: bool>(x: &mut [f64]) {
    for slot in x {
        let x = *slot;
        let small = x < 1.0;
        let up = if small { x + 1.0 } else { x };
        let value = exp_ln_gamma::<FMA>(if up < 180.0 { up } else { 180.0 }, -1.0) * if small { x } else { 1.0 };
        let value = if x > 179.0 { 0.0 } else { value };
        let exact = 1.0 / FACTORIALS[(x.clamp(1.0, 23.0) as usize).wrapping_sub(1) & 31];
        let value = if (1.0..=23.0).contains(&x) && x == x.trunc() { exact } else { value };
        *slot = if x.is_nan() { x } else { value };
    }
}

/// exp(sign·lnΓ(x)) for 1 ≤ x ≤ 180, by Stirling's formula in two doubles.
#[inline(always)]
fn exp_ln_gamma<const FMA: bool>(x: f64, sign: f64) -> f64 {
    let (high, low) = ln_double::<FMA>(x, 0.0);
    let (product, lost) = two_product::<FMA>(x - 0.5, high);
    let (sum, a) = two_sum(product, -x);
    let (sum, b) = two_sum(sum, HALF_LN_TWO_PI.0);
    let rest = mul_add::<FMA>(x - 0.5, low, lost) + a + b + HALF_LN_TWO_PI.1 + stirling_error_wide::<FMA>(x);
    let (sum, rest) = quick_two_sum(sum, rest);
    exp_pair::<FMA>(sign * sum, sign * rest)
}

/// lnΓ(x) to 1e-17 absolute (not relative: not for use next to 1 and 2), for x ≥ 1.
pub(super) fn ln_gamma_double(x: f64) -> Dd {
    let half_ln_two_pi = Dd { high: HALF_LN_TWO_PI.0, low: HALF_LN_TWO_PI.1 };
    Dd::from(x).ln() * (x - 0.5) - x + half_ln_two_pi + stirling_error(x)
}

/// [`stirling_error`] without a branch.
#[inline(always)]
pub(super) fn stirling_error_wide<const FMA: bool>(a: f64) -> f64 {
    let w = 1.0 / a;
    let large = a >= 8.0;
    let series = horner::<FMA, 10>(&STIRLING_SERIES, if large { w * w } else { 0.0 });
    let s = mul_add::<FMA>(16.0 / 7.0, w, -9.0 / 7.0);
    let fit = horner::<FMA, 25>(&STIRLING_FIT, if large { 0.0 } else { s }) * (1.0 / 12.0);
    w * if large { series } else { fit }
}

/// lnΓ(a) − [(a − ½) ln a − a + ½ ln 2π] for a ≥ 1, to 2e-17 absolute: 0.081 at 1, about 1/(12a) from then on.
pub(crate) fn stirling_error(a: f64) -> f64 {
    if a >= 8.0 {
        let w = 1.0 / a;
        let w2 = w * w;
        return w * polynomial(&STIRLING_SERIES, w2);
    }
    let s = (16.0 / a - 9.0) / 7.0;
    polynomial(&STIRLING_FIT, s) / (12.0 * a)
}

/// lnΓ(1 + a) for 0 ≤ a ≤ 1, relative to a.
pub(crate) fn ln_gamma_1p(a: f64) -> f64 {
    let s = 2.0 * a - 1.0;
    a * polynomial(&LN_GAMMA_1P_FIT, s)
}
