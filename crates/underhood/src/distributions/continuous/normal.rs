//! The normal distribution (NIST Engineering Statistics Handbook 1.3.6.6.1).

use super::Continuous;
use super::normal_kernels::{Scale, densities, log_densities, log_lower, log_upper, lower, stretch, upper};
use crate::check::in_range;
use crate::distributions::family::{exactly, held, mean, observations};
use crate::distributions::standard_form::{StandardForm, Unit};
use crate::distributions::{Distribution, Family, Fitted};
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::special::ndtri_in_place;
use ndarray::{Array2, ArrayView1, array};

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
/// use underhood::distributions::{Distribution, Normal};
///
/// # fn main() -> underhood::Result<()> {
/// let height = Normal::new(170.0, 10.0)?;
/// assert!((height.sf(190.0) - 0.022750131948179212).abs() < 1e-16);
/// assert_eq!(Normal::standard().ppf(0.5), 0.0);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean μ, variance σ², skewness 0, kurtosis 0 (in excess of the normal's 3), entropy ½ ln(2πe σ²).
///
/// **Numerical limits.** Relative error below 1e-15 as a function of z, tails included: sf(37.5) ≈ 5e-308. z itself is rounded,
/// which in the tail costs z² ulps; `mu = 0, sigma = 1` costs nothing. Beyond z = 38.5 the tails are 0, their logarithms are not.
///
/// **Method.** [`ndtr`](crate::special::ndtr), [`log_ndtr`](crate::special::log_ndtr), [`ndtri`](crate::special::ndtri).
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

    fn scale(&self) -> Scale {
        Scale::new(self.mu, self.sigma)
    }
}

/// A single number goes the way of many, and gets the same bits.
fn one(x: f64, wide: impl Fn(&mut [f64])) -> f64 {
    let mut value = [x];
    wide(&mut value);
    value[0]
}

impl Distribution for Normal {
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

    fn ppf_in_place(&self, p: &mut [f64]) {
        ndtri_in_place(p);
        stretch(p, self.mu, self.sigma);
    }

    fn isf_in_place(&self, q: &mut [f64]) {
        ndtri_in_place(q);
        stretch(q, self.mu, -self.sigma);
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
        one(p, |p| self.ppf_in_place(p))
    }

    fn isf(&self, q: f64) -> f64 {
        one(q, |q| self.isf_in_place(q))
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

    fn skewness(&self) -> f64 {
        0.0
    }

    fn kurtosis(&self) -> f64 {
        0.0
    }

    fn entropy(&self) -> f64 {
        0.5 + HALF_LN_TWO_PI + self.sigma.ln()
    }

    fn mode(&self) -> f64 {
        self.mu
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_normal(out);
        out.iter_mut().for_each(|x| *x = self.mu + self.sigma * *x);
    }
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
            densities(x, self.scale(), DENSITY_AT_MODE);
            x.iter_mut().for_each(|x| *x /= self.sigma);
        }
    }

    fn logpdf_in_place(&self, x: &mut [f64]) {
        log_densities(x, self.scale(), -(self.sigma.ln() + HALF_LN_TWO_PI));
    }

    fn logpdf(&self, x: f64) -> f64 {
        one(x, |x| self.logpdf_in_place(x))
    }
}

impl Family for Normal {
    const NAME: &'static str = "Normal";
    const PARAMETERS: &'static [&'static str] = &["mu", "sigma"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [mu, sigma] = exactly::<Self, 2>(parameters)?;
        Self::new(mu, sigma)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.mu, self.sigma]
    }

    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        Self::new(scale * self.mu + shift, scale.abs() * self.sigma)
    }

    fn sum(&self, other: &Self) -> Result<Self> {
        Self::new(self.mu + other.mu, self.sigma.hypot(other.sigma))
    }

    /// μ̂ = x̄ and σ̂² = Σ(x − μ̂)²/n (not n − 1: the estimate of maximum likelihood). Standard errors σ̂/√n and σ̂/√(2n).
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Normal.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        if held[1].is_some() && data.len() == 1 {
            // With sigma known one value will do.
            observations(FUNCTION, data, 1, |x| x.abs() < 1e150, "below 1e150 in size")?;
        }
        let mu = held[0];
        let (values, centre, spread) = match StandardForm::of(FUNCTION, data, Unit::Deviation) {
            Ok(form) => (form.values, form.centre, form.spread),
            // Equal values have a spread about a mean that is held, or one that is known.
            Err(Error::Constant { value, .. }) if held[1].is_some() || mu.is_some_and(|mu| mu != value) => {
                let unit = held[1].unwrap_or_else(|| (value - mu.unwrap_or(0.0)).abs());
                (vec![0.0; data.len()], value, unit)
            }
            Err(Error::TooFew { .. }) if held[1].is_some() && data.len() == 1 => {
                (vec![0.0], data[0], held[1].unwrap_or(1.0))
            }
            Err(error) => return Err(error),
        };
        // In units of the spread, so that no square leaves the range of doubles.
        let n = values.len() as f64;
        let standard = |value: f64| (value - centre) / spread;
        let mean = mu.map_or_else(|| mean(ArrayView1::from(&values)), standard);
        let squares = values.iter().map(|u| (u - mean) * (u - mean)).sum::<f64>();
        let deviation = held[1].map_or_else(|| (squares / n).sqrt(), |sigma| sigma / spread);
        // −∂²ln L at the estimates is diagonal; with mu held its other entries do not matter.
        let variance = deviation * deviation;
        let of_mean = if mu.is_some() { 0.0 } else { variance / n };
        let of_deviation = if held[1].is_some() { 0.0 } else { variance / (3.0 * squares / variance - n) };
        let log_likelihood = -n * (deviation.ln() + spread.ln() + HALF_LN_TWO_PI) - 0.5 * squares / variance;
        let covariance = Array2::from_diag(&array![of_mean, of_deviation]) * (spread * spread);
        if !log_likelihood.is_finite() || !covariance.iter().all(|entry| entry.is_finite()) {
            let problem =
                "lie so far from the parameters held fixed that their likelihood leaves the range of doubles".into();
            return Err(Error::Invalid { function: FUNCTION, argument: "data", problem });
        }
        let distribution = Self::new(mu.unwrap_or(centre + spread * mean), held[1].unwrap_or(spread * deviation))?;
        let estimated = held.iter().filter(|value| value.is_none()).count();
        Ok(Fitted { distribution, covariance, log_likelihood, observations: data.len(), estimated, iterations: 0 })
    }
}
