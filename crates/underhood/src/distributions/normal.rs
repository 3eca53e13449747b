//! The normal distribution (NIST Engineering Statistics Handbook 1.3.6.6.1).

use super::Continuous;
use crate::check::in_range;
use crate::error::Result;
use crate::special::{bell_in_place, log_ndtr, log_ndtr_in_place, ndtr, ndtr_in_place, ndtri, ndtri_in_place};

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

    #[inline]
    fn z(&self, x: f64) -> f64 {
        (x - self.mu) / self.sigma
    }
}

impl Continuous for Normal {
    fn pdf(&self, x: f64) -> f64 {
        let mut value = [x];
        self.pdf_in_place(&mut value);
        value[0]
    }

    fn pdf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.z(*x));
        bell_in_place(x);
        let mode = DENSITY_AT_MODE / self.sigma;
        if mode.is_finite() {
            x.iter_mut().for_each(|x| *x *= mode);
        } else {
            // A subnormal sigma: away from the mean the density is 0 all the same, and not 0·∞.
            x.iter_mut().for_each(|x| *x = *x * DENSITY_AT_MODE / self.sigma);
        }
    }

    fn cdf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.z(*x));
        ndtr_in_place(x);
    }

    fn sf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = -self.z(*x));
        ndtr_in_place(x);
    }

    fn logcdf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.z(*x));
        log_ndtr_in_place(x);
    }

    fn logsf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = -self.z(*x));
        log_ndtr_in_place(x);
    }

    fn logpdf_in_place(&self, x: &mut [f64]) {
        let constant = self.sigma.ln() + HALF_LN_TWO_PI;
        for x in x {
            let z = self.z(*x);
            *x = -0.5 * z * z - constant;
        }
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
        let z = self.z(x);
        -0.5 * z * z - (self.sigma.ln() + HALF_LN_TWO_PI)
    }

    fn cdf(&self, x: f64) -> f64 {
        ndtr(self.z(x))
    }

    fn sf(&self, x: f64) -> f64 {
        ndtr(-self.z(x))
    }

    fn logcdf(&self, x: f64) -> f64 {
        log_ndtr(self.z(x))
    }

    fn logsf(&self, x: f64) -> f64 {
        log_ndtr(-self.z(x))
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
