//! The exponential distribution (NIST Engineering Statistics Handbook 1.3.6.6.7).

use super::hazard::{Hazard, by_hazard, distribution_methods};
use super::{Continuous, positive, positive_multiple};
use crate::distributions::family::{by_formula, exactly, held, mean, observations};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::Dd;
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::special::logarithm::ln;
use crate::special::power::{sum_of_pairs, times_pair};
use ndarray::{ArrayView1, array};

/// The exponential distribution.
///
/// **Definition.** The time until the next event, where events come at random at `rate` a unit of time: whatever the time that has passed
/// without one.
///
/// **Density.** f(x) = rate·exp(−rate·x).
///
/// **Parameters.** `rate` positive and finite, in events per unit of x: one over the mean. **Support.** x ≥ 0.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, Exponential};
///
/// # fn main() -> underhood::Result<()> {
/// let wait = Exponential::new(0.1)?;
/// assert_eq!(wait.mean(), 10.0);
/// assert!((wait.sf(20.0) - (-2.0_f64).exp()).abs() < 1e-16);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean 1/rate, variance 1/rate², skewness 2, kurtosis 6.
///
/// **Numerical limits.** Relative error below 2e-15 as a function of x and rate, in both tails.
///
/// **Method.** P(X > x) = exp(−rate·x), the product in two doubles. Fit: rate = 1/x̄, standard error rate/√n.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponential {
    rate: f64,
}

impl Exponential {
    /// The exponential distribution with this rate: one over its mean.
    ///
    /// # Errors
    /// If `rate` is not positive and finite.
    pub fn new(rate: f64) -> Result<Self> {
        positive("Exponential", "rate", rate)?;
        Ok(Exponential { rate })
    }

    /// The rate: one over the mean.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    fn curve(&self) -> Line {
        let log = Dd::from(self.rate).ln();
        Line { rate: self.rate, log_rate: (log.high, log.low) }
    }
}

/// H(x) = rate·x.
#[derive(Debug)]
struct Line {
    rate: f64,
    log_rate: (f64, f64),
}

impl Hazard for Line {
    #[inline(always)]
    fn start(&self) -> f64 {
        0.0
    }

    #[inline(always)]
    fn cumulative<const FMA: bool>(&self, x: f64) -> (f64, f64) {
        times_pair::<FMA>(self.rate, (x, 0.0))
    }

    #[inline(always)]
    fn log_cumulative<const FMA: bool>(&self, x: f64) -> f64 {
        self.log_rate.0 + ln::<FMA>(x)
    }

    #[inline(always)]
    fn log_density<const FMA: bool>(&self, x: f64) -> (f64, f64) {
        let (high, low) = self.cumulative::<FMA>(x);
        sum_of_pairs(self.log_rate, (-high, -low))
    }

    #[inline(always)]
    fn at_start(&self) -> (f64, f64) {
        (self.rate, self.log_rate.0)
    }

    #[inline(always)]
    fn point<const FMA: bool>(&self, high: f64, low: f64) -> f64 {
        (high + low) / self.rate
    }
}

by_hazard!(Exponential, Line);

impl Distribution for Exponential {
    distribution_methods!();

    fn mean(&self) -> f64 {
        1.0 / self.rate
    }

    fn variance(&self) -> f64 {
        1.0 / self.rate / self.rate
    }

    fn std(&self) -> f64 {
        1.0 / self.rate
    }

    fn skewness(&self) -> f64 {
        2.0
    }

    fn kurtosis(&self) -> f64 {
        6.0
    }

    fn entropy(&self) -> f64 {
        1.0 - self.rate.ln()
    }

    fn mode(&self) -> f64 {
        0.0
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_exponential(out);
        if self.rate != 1.0 {
            out.iter_mut().for_each(|x| *x /= self.rate);
        }
    }
}

impl Family for Exponential {
    const NAME: &'static str = "Exponential";
    const PARAMETERS: &'static [&'static str] = &["rate"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [rate] = exactly::<Self, 1>(parameters)?;
        Self::new(rate)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.rate]
    }

    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        positive_multiple::<Self>(scale, shift)?;
        Self::new(self.rate / scale)
    }

    /// One over the mean.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Exponential.fit";
        let held = held::<Self, 1>(FUNCTION, fixed)?;
        observations(FUNCTION, data, 1, |x| x >= 0.0, "not negative")?;
        let mean = mean(data);
        if mean == 0.0 && held[0].is_none() {
            let consequence = "the likelihood rises without bound as the rate grows";
            return Err(Error::Constant { function: FUNCTION, argument: "data", value: 0.0, consequence });
        }
        let distribution = Self::new(held[0].unwrap_or(1.0 / mean))?;
        let error = if held[0].is_some() { 0.0 } else { distribution.rate / (data.len() as f64).sqrt() };
        Ok(by_formula(distribution, data, array![[error * error]], &held, 0))
    }
}
