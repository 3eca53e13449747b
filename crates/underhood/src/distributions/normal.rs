//! The normal distribution (NIST Engineering Statistics Handbook 1.3.6.6.1).

use super::Continuous;
use crate::check::in_range;
use crate::error::Result;
use crate::simd::{mul_add, wide_kernel};
use crate::special::{bell_wide, log_ndtr_wide, ndtr_wide, ndtri, ndtri_in_place};

/// 1/√(2π)
const DENSITY_AT_MODE: f64 = 0.398_942_280_401_432_7;
/// ½ ln 2π
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;

/// The normal (Gaussian) distribution with mean μ and standard deviation σ.
///
/// **Definition.** The limit of sums of many small independent things; every X ~ N(μ, σ²) is μ + σZ with Z standard normal.
///
/// **Density.** f(x) = exp(−½z²)/(σ√(2π)), z = (x − μ)/σ.
///
/// **Parameters.** `mu` finite; `sigma` positive and finite, in the units of x. **Support.** All real numbers.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Continuous, Normal};
///
/// # fn main() -> underhood::Result<()> {
/// let height = Normal::new(170.0, 10.0)?;
/// assert!((height.sf(190.0) - 0.022750131948179212).abs() < 1e-16);
/// assert_eq!(Normal::standard().ppf(0.5), 0.0);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean μ, variance σ², skewness 0, kurtosis 3.
///
/// **Numerical limits.** Relative error below 1e-15 as a function of z, tails included: sf(37.5) ≈ 5e-308. z itself is rounded,
/// which in the tail costs z² ulps; `mu = 0, sigma = 1` costs nothing. Beyond z = 38.5 the tails are 0, their logarithms are not.
///
/// **Method.** [`ndtr`], [`log_ndtr`], [`ndtri`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normal {
    mu: f64,
    sigma: f64,
}

impl Normal {
    /// The normal distribution with mean `mu` and standard deviation `sigma`.
    ///
    /// # Errors
    /// If `mu` is not finite, or `sigma` not positive and finite.
    pub fn new(mu: f64, sigma: f64) -> Result<Self> {
        in_range("Normal", "mu", mu, mu.is_finite(), "finite")?;
        in_range("Normal", "sigma", sigma, sigma > 0.0 && sigma.is_finite(), "positive and finite")?;
        Ok(Normal { mu, sigma })
    }

    /// Mean 0 and standard deviation 1.
    pub fn standard() -> Self {
        Normal { mu: 0.0, sigma: 1.0 }
    }

    /// The mean μ.
    pub fn mu(&self) -> f64 {
        self.mu
    }

    /// The standard deviation σ.
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// What the kernels need of it.
    fn scale(&self) -> Scale {
        // A power of two, so that one over the smallest sigma is a number.
        let up = if self.sigma < 1e-290 { 2f64.powi(600) } else { 1.0 };
        let sigma = self.sigma * up;
        Scale { mu: self.mu, up, sigma, inverse: 1.0 / sigma }
    }
}

/// How x becomes z.
#[derive(Debug, Clone, Copy)]
struct Scale {
    mu: f64,
    /// A power of two by which x − μ and σ are multiplied.
    up: f64,
    sigma: f64,
    inverse: f64,
}

impl Scale {
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
    ($name:ident, $body:ident, $formula:expr) => {
        wide_kernel! {
            fn $name(x: &mut [f64], scale: Scale, constant: f64) = $body
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

of_z!(densities, densities_body, |z, mode| mode * bell_wide::<FMA>(z));
of_z!(log_densities, log_densities_body, |z: f64, at_mode: f64| mul_add::<FMA>(-0.5 * z, z, at_mode));
of_z!(lower, lower_body, |z, _| ndtr_wide::<FMA>(z));
of_z!(upper, upper_body, |z: f64, _| ndtr_wide::<FMA>(-z));
of_z!(log_lower, log_lower_body, |z, _| log_ndtr_wide::<FMA>(z));
of_z!(log_upper, log_upper_body, |z: f64, _| log_ndtr_wide::<FMA>(-z));

/// A single number goes the same way, and gets the same bits.
fn one(x: f64, wide: impl Fn(&mut [f64])) -> f64 {
    let mut value = [x];
    wide(&mut value);
    value[0]
}

impl Continuous for Normal {
    fn pdf(&self, x: f64) -> f64 {
        one(x, |x| self.pdf_in_place(x))
    }

    fn pdf_in_place(&self, x: &mut [f64]) {
        let mode = DENSITY_AT_MODE / self.sigma;
        if mode.is_finite() {
            densities(x, self.scale(), mode);
        } else {
            // A subnormal sigma: away from the mean the density is 0 all the same, and not 0·∞.
            let z = |x: f64| (x - self.mu) / self.sigma;
            x.iter_mut().for_each(|x| *x = Normal::standard().pdf(z(*x)) / self.sigma);
        }
    }

    fn cdf_in_place(&self, x: &mut [f64]) {
        lower(x, self.scale(), 0.0);
    }

    fn sf_in_place(&self, x: &mut [f64]) {
        upper(x, self.scale(), 0.0);
    }

    fn logcdf_in_place(&self, x: &mut [f64]) {
        log_lower(x, self.scale(), 0.0);
    }

    fn logsf_in_place(&self, x: &mut [f64]) {
        log_upper(x, self.scale(), 0.0);
    }

    fn logpdf_in_place(&self, x: &mut [f64]) {
        log_densities(x, self.scale(), -(self.sigma.ln() + HALF_LN_TWO_PI));
    }

    fn ppf_in_place(&self, p: &mut [f64]) {
        ndtri_in_place(p);
        p.iter_mut().for_each(|p| *p = self.mu + self.sigma * *p);
    }

    fn isf_in_place(&self, q: &mut [f64]) {
        ndtri_in_place(q);
        q.iter_mut().for_each(|q| *q = self.mu - self.sigma * *q);
    }

    fn logpdf(&self, x: f64) -> f64 {
        one(x, |x| self.logpdf_in_place(x))
    }

    fn cdf(&self, x: f64) -> f64 {
        one(x, |x| self.cdf_in_place(x))
    }

    fn sf(&self, x: f64) -> f64 {
        one(x, |x| self.sf_in_place(x))
    }

    fn logcdf(&self, x: f64) -> f64 {
        one(x, |x| self.logcdf_in_place(x))
    }

    fn logsf(&self, x: f64) -> f64 {
        one(x, |x| self.logsf_in_place(x))
    }

    fn ppf(&self, p: f64) -> f64 {
        self.mu + self.sigma * ndtri(p)
    }

    fn isf(&self, q: f64) -> f64 {
        self.mu - self.sigma * ndtri(q)
    }

    fn mean(&self) -> f64 {
        self.mu
    }

    fn variance(&self) -> f64 {
        self.sigma * self.sigma
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    fn std(&self) -> f64 {
        self.sigma
    }

    fn median(&self) -> f64 {
        self.mu
    }
}
