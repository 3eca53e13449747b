//! The Bernoulli distribution: one trial (Johnson, Kemp and Kotz, 2005, Univariate Discrete Distributions, §3.2).

use ndarray::{Array2, ArrayView1};

use super::Discrete;
use crate::check::in_range;
use crate::distributions::family::{exactly, held, observations};
use crate::distributions::{Distribution, Family, Fitted};
use crate::error::Result;
use crate::random::Stream;
use crate::special::{entr, xlogy};

/// The Bernoulli distribution: 1 with probability p, else 0.
///
/// **Definition.** The outcome of one trial that succeeds with probability p.
///
/// **Probability.** P(1) = p, P(0) = 1 − p.
///
/// **Parameters.** `p` between 0 and 1. **Support.** 0 and 1.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Bernoulli, Discrete, Distribution};
///
/// # fn main() -> underhood::Result<()> {
/// let coin = Bernoulli::new(0.25)?;
/// assert_eq!(coin.pmf(1.0), 0.25);
/// assert_eq!(coin.variance(), 0.1875);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean p, variance p(1 − p), skewness (1 − 2p)/√(p(1 − p)), excess kurtosis 1/(p(1 − p)) − 6.
///
/// **Numerical limits.** Exact to rounding; 1 − p is rounded once.
///
/// **Method.** The definition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bernoulli {
    p: f64,
}

impl Bernoulli {
    /// The distribution of one trial that succeeds with probability `p`.
    ///
    /// # Errors
    /// If `p` is not between 0 and 1.
    pub fn new(p: f64) -> Result<Self> {
        in_range("Bernoulli", "p", p, (0.0..=1.0).contains(&p), "between 0 and 1")?;
        Ok(Bernoulli { p })
    }

    /// The probability of success.
    pub fn p(&self) -> f64 {
        self.p
    }
}

impl Distribution for Bernoulli {
    fn cdf(&self, x: f64) -> f64 {
        match x {
            x if x.is_nan() => x,
            x if x < 0.0 => 0.0,
            x if x < 1.0 => 1.0 - self.p,
            _ => 1.0,
        }
    }

    fn sf(&self, x: f64) -> f64 {
        match x {
            x if x.is_nan() => x,
            x if x < 0.0 => 1.0,
            x if x < 1.0 => self.p,
            _ => 0.0,
        }
    }

    fn logcdf(&self, x: f64) -> f64 {
        if (0.0..1.0).contains(&x) { (-self.p).ln_1p() } else { self.cdf(x).ln() }
    }

    fn logsf(&self, x: f64) -> f64 {
        self.sf(x).ln()
    }

    fn ppf(&self, p: f64) -> f64 {
        if !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        let (first, _) = self.support();
        if p == 0.0 { first } else { f64::from(u8::from(self.cdf(0.0) < p)) }
    }

    fn isf(&self, q: f64) -> f64 {
        if !(0.0..=1.0).contains(&q) {
            return f64::NAN;
        }
        let (first, _) = self.support();
        if q == 1.0 { first } else { f64::from(u8::from(self.p > q)) }
    }

    fn mean(&self) -> f64 {
        self.p
    }

    fn variance(&self) -> f64 {
        self.p * (1.0 - self.p)
    }

    fn skewness(&self) -> f64 {
        let sd = self.std();
        if sd > 0.0 { (1.0 - 2.0 * self.p) / sd } else { f64::NAN }
    }

    fn kurtosis(&self) -> f64 {
        let variance = self.variance();
        if variance > 0.0 { 1.0 / variance - 6.0 } else { f64::NAN }
    }

    fn entropy(&self) -> f64 {
        // (1 − p)·ln(1 − p) by ln_1p: the two terms are of one size for small p.
        entr(self.p) - (1.0 - self.p) * if self.p < 1.0 { (-self.p).ln_1p() } else { 0.0 }
    }

    fn mode(&self) -> f64 {
        f64::from(u8::from(self.p > 0.5))
    }

    fn support(&self) -> (f64, f64) {
        (f64::from(u8::from(self.p == 1.0)), f64::from(u8::from(self.p > 0.0)))
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_uniform(out);
        out.iter_mut().for_each(|x| *x = f64::from(u8::from(*x < self.p)));
    }
}

impl Discrete for Bernoulli {
    fn pmf(&self, k: f64) -> f64 {
        match k {
            k if k.is_nan() => k,
            0.0 => 1.0 - self.p,
            1.0 => self.p,
            _ => 0.0,
        }
    }

    fn logpmf(&self, k: f64) -> f64 {
        if k == 0.0 { (-self.p).ln_1p() } else { self.pmf(k).ln() }
    }
}

impl Family for Bernoulli {
    const NAME: &'static str = "Bernoulli";
    const PARAMETERS: &'static [&'static str] = &["p"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [p] = exactly::<Self, 1>(parameters)?;
        Self::new(p)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.p]
    }

    /// p̂ is the share of ones; its standard error √(p̂(1 − p̂)/n).
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Bernoulli.fit";
        let [held] = held::<Self, 1>(FUNCTION, fixed)?;
        observations(FUNCTION, data, 1, |x| x == 0.0 || x == 1.0, "0 or 1")?;
        let (n, ones) = (data.len() as f64, data.sum());
        let distribution = Self::new(held.unwrap_or(ones / n))?;
        let variance = if held.is_some() { 0.0 } else { distribution.variance() / n };
        Ok(Fitted {
            distribution,
            covariance: Array2::from_elem((1, 1), variance),
            log_likelihood: xlogy(ones, distribution.p) + xlogy(n - ones, 1.0 - distribution.p),
            observations: data.len(),
            estimated: usize::from(held.is_none()),
            iterations: 0,
        })
    }
}
