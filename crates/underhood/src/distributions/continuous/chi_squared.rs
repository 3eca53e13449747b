//! The chi-square distribution (NIST Engineering Statistics Handbook 1.3.6.6.6).

use super::{Continuous, degrees_of_freedom};
use crate::distributions::family::{exactly, held, observations};
use crate::distributions::likelihood::{Domain, Likelihood, fitted, maximize};
use crate::distributions::stirling::{digamma_remainder, ln_gamma_remainder, scaled_digamma_remainder};
use crate::distributions::{Distribution, Family, Fitted};
use crate::error::Result;
use crate::random::Stream;
use crate::special::gamma_lanes::{
    density_in_place, log_density_in_place, log_probabilities_in_place, probabilities_in_place,
};
use crate::special::incomplete_gamma::{density, tail};
use crate::special::inverse_gamma::quantiles_in_place;
use crate::special::tail::{Side, Tail};
use crate::special::{digamma, gammaln, polygamma, quantile};
use ndarray::ArrayView1;
use std::f64::consts::{LN_2, TAU};

/// Euler's constant γ.
const EULER: f64 = 0.577_215_664_901_532_9;

/// The chi-square distribution with `df` degrees of freedom.
///
/// **Definition.** Z₁² + … + Zₖ² for k = df independent standard normal variables; for other df, twice a Gamma(df/2).
///
/// **Density.** f(x) = (x/2)^(k/2 − 1) exp(−x/2)/(2Γ(k/2)).
///
/// **Parameters.** `df` positive and finite (not only whole). **Support.** x ≥ 0.
///
/// **Example.**
/// ```
/// use underhood::distributions::{ChiSquared, Distribution};
///
/// # fn main() -> underhood::Result<()> {
/// // With two degrees of freedom it is exponential with mean 2.
/// let chi2 = ChiSquared::new(2.0)?;
/// assert!((chi2.sf(10.0) - (-5.0_f64).exp()).abs() < 1e-17);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean k, variance 2k, skewness √(8/k), kurtosis 12/k, mode k − 2 (0 for k < 2).
///
/// **Numerical limits.** Relative error below 1e-14 in both tails down to 1e-300, for df from 2e-3 to 2e10, as measured. Quantiles below the smallest
/// double (tiny df) are 0.
///
/// **Method.** The incomplete gamma functions P(k/2, x/2) and Q(k/2, x/2); see [`crate::special`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquared {
    df: f64,
}

impl ChiSquared {
    /// The chi-square distribution with `df` degrees of freedom.
    ///
    /// # Errors
    /// If `df` is not positive (1e-20 to 1e20).
    pub fn new(df: f64) -> Result<Self> {
        degrees_of_freedom("ChiSquared", "df", df)?;
        Ok(ChiSquared { df })
    }

    /// The degrees of freedom.
    pub fn df(&self) -> f64 {
        self.df
    }

    /// P(X ≤ x) outside the open support; NaN for NaN.
    fn outside(x: f64) -> Option<f64> {
        if x > 0.0 && x < f64::INFINITY {
            None
        } else if x.is_nan() {
            Some(x)
        } else {
            Some(if x > 0.0 { 1.0 } else { 0.0 })
        }
    }

    fn tail(&self, x: f64) -> Tail {
        tail(0.5 * self.df, 0.5 * x)
    }

    /// The density at 0.
    fn pdf_at_zero(&self) -> f64 {
        if self.df < 2.0 {
            f64::INFINITY
        } else if self.df == 2.0 {
            0.5
        } else {
            0.0
        }
    }
}

impl Distribution for ChiSquared {
    fn cdf(&self, x: f64) -> f64 {
        Self::outside(x).unwrap_or_else(|| self.tail(x).probability(Side::Lower))
    }

    fn sf(&self, x: f64) -> f64 {
        match Self::outside(x) {
            Some(cdf) => 1.0 - cdf,
            None => self.tail(x).probability(Side::Upper),
        }
    }

    fn logcdf(&self, x: f64) -> f64 {
        match Self::outside(x) {
            Some(cdf) => cdf.ln(),
            None => self.tail(x).log_probability(Side::Lower),
        }
    }

    fn logsf(&self, x: f64) -> f64 {
        match Self::outside(x) {
            // Minus infinity at infinity: the limit.
            Some(cdf) => (1.0 - cdf).ln(),
            None => self.tail(x).log_probability(Side::Upper),
        }
    }

    fn ppf(&self, p: f64) -> f64 {
        2.0 * quantile(0.5 * self.df, p, Side::Lower)
    }

    fn isf(&self, q: f64) -> f64 {
        2.0 * quantile(0.5 * self.df, q, Side::Upper)
    }

    fn cdf_in_place(&self, x: &mut [f64]) {
        probabilities_in_place(0.5 * self.df, x, 0.5, Side::Lower, |x| self.cdf(x));
    }

    fn sf_in_place(&self, x: &mut [f64]) {
        probabilities_in_place(0.5 * self.df, x, 0.5, Side::Upper, |x| self.sf(x));
    }

    fn logcdf_in_place(&self, x: &mut [f64]) {
        log_probabilities_in_place(0.5 * self.df, x, 0.5, Side::Lower, |x| self.logcdf(x));
    }

    fn logsf_in_place(&self, x: &mut [f64]) {
        log_probabilities_in_place(0.5 * self.df, x, 0.5, Side::Upper, |x| self.logsf(x));
    }

    fn ppf_in_place(&self, p: &mut [f64]) {
        quantiles_in_place(0.5 * self.df, p, Side::Lower, 2.0, |p| self.ppf(p));
    }

    fn isf_in_place(&self, q: &mut [f64]) {
        quantiles_in_place(0.5 * self.df, q, Side::Upper, 2.0, |q| self.isf(q));
    }

    fn mean(&self) -> f64 {
        self.df
    }

    fn variance(&self) -> f64 {
        2.0 * self.df
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn skewness(&self) -> f64 {
        (8.0 / self.df).sqrt()
    }

    fn kurtosis(&self) -> f64 {
        12.0 / self.df
    }

    fn entropy(&self) -> f64 {
        // k/2 + ln 2 + lnΓ(k/2) + (1 − k/2)ψ(k/2), in what Stirling's formulas leave out: as it stands it cancels for large k.
        let half = 0.5 * self.df;
        let rest = ln_gamma_remainder(half) + scaled_digamma_remainder(half) - digamma_remainder(half);
        0.5 * (TAU * half).ln() + LN_2 + 0.5 + rest
    }

    fn mode(&self) -> f64 {
        (self.df - 2.0).max(0.0)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_gamma(0.5 * self.df, out);
        out.iter_mut().for_each(|x| *x *= 2.0);
    }
}

impl Continuous for ChiSquared {
    fn pdf(&self, x: f64) -> f64 {
        match Self::outside(x) {
            _ if x == 0.0 => self.pdf_at_zero(),
            Some(cdf) => cdf * 0.0,
            None => {
                let density = density(0.5 * self.df, 0.5 * x);
                density.over(x).value()
            }
        }
    }

    fn logpdf(&self, x: f64) -> f64 {
        match Self::outside(x) {
            _ if x == 0.0 => self.pdf_at_zero().ln(),
            Some(cdf) => (cdf * 0.0).ln(),
            None => density(0.5 * self.df, 0.5 * x).over(x).ln(),
        }
    }

    fn pdf_in_place(&self, x: &mut [f64]) {
        density_in_place(0.5 * self.df, x, 0.5, |x| self.pdf(x));
    }

    fn logpdf_in_place(&self, x: &mut [f64]) {
        log_density_in_place(0.5 * self.df, x, 0.5, |x| self.logpdf(x));
    }
}

impl Family for ChiSquared {
    const NAME: &'static str = "ChiSquared";
    const PARAMETERS: &'static [&'static str] = &["df"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [df] = exactly::<Self, 1>(parameters)?;
        Self::new(df)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.df]
    }

    fn sum(&self, other: &Self) -> Result<Self> {
        Self::new(self.df + other.df)
    }

    /// The root of ψ(k/2) + ln 2 = the mean of ln x, by Newton's method; there is always one.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "ChiSquared.fit";
        let held = held::<Self, 1>(FUNCTION, fixed)?;
        observations(FUNCTION, data, 1, |x| x > 0.0 && x < 1e20, "positive (below 1e20)")?;
        let n = data.len() as f64;
        let (log, mean) = (data.iter().map(|x| x.ln() / n).sum::<f64>(), data.iter().map(|x| x / n).sum::<f64>());
        // ψ(k/2) = y is about k/2 = e^y + ½ for large y, and −1/(y + γ) for very negative ones.
        let y = log - LN_2;
        let start = if y > -2.2 { 2.0 * y.exp() + 1.0 } else { -2.0 / (y + EULER) };
        let maximum = maximize(FUNCTION, [start], &held, [Domain::Positive], |&[df]| {
            let half = 0.5 * df;
            Likelihood {
                value: n * ((half - 1.0) * log - 0.5 * mean - half * LN_2 - gammaln(half)),
                gradient: [0.5 * n * (y - digamma(half))],
                hessian: [[-0.25 * n * polygamma(1.0, half)]],
            }
        })?;
        fitted(&maximum, data.len(), &held)
    }
}
