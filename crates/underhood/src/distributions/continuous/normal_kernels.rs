//! The functions of the normal distribution as wide kernels that make z = (x − μ)/σ on the way: one pass over the numbers instead of three.

use crate::simd::{mul_add, wide_kernel};
use crate::special::{bell_wide, log_ndtr_wide, ndtr_wide};

/// How x becomes z.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    mu: f64,
    /// A power of two by which x − μ and σ are multiplied.
    up: f64,
    sigma: f64,
    inverse: f64,
}

impl Scale {
    /// Of the normal distribution with these parameters.
    pub(super) fn new(mu: f64, sigma: f64) -> Scale {
        // So that one over the smallest sigma is a number.
        let up = if sigma < 1e-290 { 2f64.powi(600) } else { 1.0 };
        let sigma = sigma * up;
        Scale { mu, up, sigma, inverse: 1.0 / sigma }
    }

    /// (x − μ)/σ: the quotient by the reciprocal, and what is left of the dividend once more, which rounds as a division does (P. Markstein
    /// 1990) at a quarter of its time.
    #[inline(always)]
    fn z<const FMA: bool>(&self, x: f64) -> f64 {
        let distance = (x - self.mu) * self.up;
        if !FMA {
            return distance / self.sigma;
        }
        let first = distance * self.inverse;
        let rest = mul_add::<FMA>(-first, self.sigma, distance);
        let z = mul_add::<FMA>(rest, self.inverse, first);
        // Infinite numbers have no rest.
        if z.is_nan() { first } else { z }
    }
}

/// Makes the kernel of a function of z = (x − μ)/σ.
macro_rules! of_z {
    ($(#[$doc:meta])* $name:ident, $body:ident, $formula:expr) => {
        wide_kernel! {
            $(#[$doc])*
            pub(super) fn $name(x: &mut [f64], scale: Scale, constant: f64) = $body
        }

        #[inline(always)]
        fn $body<const FMA: bool>(x: &mut [f64], scale: Scale, constant: f64) {
            let formula = $formula;
            for x in x {
                *x = formula(scale.z::<FMA>(*x), constant);
            }
        }
    };
}

of_z!(
    /// Replaces every x by mode·exp(−z²/2).
    densities, densities_body, |z, mode| mode * bell_wide::<FMA>(z));
of_z!(
    /// Replaces every x by at_mode − z²/2.
    log_densities, log_densities_body, |z: f64, at_mode: f64| mul_add::<FMA>(-0.5 * z, z, at_mode));
of_z!(
    /// Replaces every x by Φ(z).
    lower, lower_body, |z, _| ndtr_wide::<FMA>(z));
of_z!(
    /// Replaces every x by Φ(−z).
    upper, upper_body, |z: f64, _| ndtr_wide::<FMA>(-z));
of_z!(
    /// Replaces every x by ln Φ(z).
    log_lower, log_lower_body, |z, _| log_ndtr_wide::<FMA>(z));
of_z!(
    /// Replaces every x by ln Φ(−z).
    log_upper, log_upper_body, |z: f64, _| log_ndtr_wide::<FMA>(-z));

wide_kernel! {
    /// Replaces every z by μ + σz.
    pub(super) fn stretch(z: &mut [f64], mu: f64, sigma: f64) = stretch_body
}

#[inline(always)]
fn stretch_body<const FMA: bool>(z: &mut [f64], mu: f64, sigma: f64) {
    for z in z {
        *z = mul_add::<FMA>(sigma, *z, mu);
    }
}
