//! The logistic function, its inverse and its integral, as wide kernels: probabilities from net inputs and back.

use super::exponential::exp;
use super::in_place::wide;
use super::logarithm::{ln_1p, ln_pair};
use crate::double_double::two_sum;

wide! {
    /// The logistic function σ(x) = 1/(1 + e⁻ˣ): the probability whose log odds are x. Relative error below 1e-15, for large negative x too.
    ///
    /// ```
    /// use underhood::special::expit;
    ///
    /// assert_eq!(expit(0.0), 0.5);
    /// assert!((expit(-700.0) / (-700.0_f64).exp() - 1.0).abs() < 1e-15);
    /// ```
    expit, expit_in_place = expit_wide
}

wide! {
    /// The log odds ln(p/(1 − p)), the inverse of [`expit`](super::expit). −∞ at 0, ∞ at 1, NaN outside [0, 1].
    ///
    /// Relative error below 1e-15, next to the zero at ½ too.
    ///
    /// ```
    /// use underhood::special::logit;
    ///
    /// assert_eq!(logit(0.5), 0.0);
    /// assert!((logit(0.5 + 1e-10) / 4e-10 - 1.0).abs() < 1e-6);
    /// ```
    logit, logit_in_place = logit_wide
}

wide! {
    /// ln(1 + eˣ), the softplus: eˣ for large negative x, x for large positive x, neither under- nor overflowing. Relative error below 1e-15.
    ///
    /// ```
    /// use underhood::special::log1pexp;
    ///
    /// assert_eq!(log1pexp(0.0), std::f64::consts::LN_2);
    /// assert_eq!(log1pexp(1000.0), 1000.0);
    /// ```
    log1pexp, log1pexp_in_place = log1pexp_wide
}

#[inline(always)]
pub(crate) fn expit_wide<const FMA: bool>(x: f64) -> f64 {
    let e = exp::<FMA>(-x.abs());
    (if x < 0.0 { e } else { 1.0 }) / (1.0 + e)
}

#[inline(always)]
fn logit_wide<const FMA: bool>(p: f64) -> f64 {
    // In the middle ln(1 + t) with t = (2p − 1)/(1 − p), whose numerator is exact.
    let middle = p > 0.25 && p < 0.75;
    let odds = p / (1.0 - p);
    let (sum, lost) = two_sum(1.0, (2.0 * p - 1.0) / (1.0 - p));
    let value = ln_pair::<FMA>(if middle { sum } else { odds }, if middle { lost / sum } else { 0.0 });
    // p/(1 − p) is −0 for −0, and ±∞ at 1.
    if (0.0..=1.0).contains(&p) { value } else { f64::NAN }
}

#[inline(always)]
fn log1pexp_wide<const FMA: bool>(x: f64) -> f64 {
    let above = if x > 0.0 { x } else { 0.0 };
    above + ln_1p::<FMA>(exp::<FMA>(-x.abs()))
}

/// ln σ(x) = −ln(1 + e⁻ˣ).
#[inline(always)]
pub(crate) fn log_expit_wide<const FMA: bool>(x: f64) -> f64 {
    -log1pexp_wide::<FMA>(-x)
}
