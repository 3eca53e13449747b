//! Fisher's and Snedecor's F distribution (NIST Engineering Statistics Handbook 1.3.6.6.5).

use super::{Continuous, degrees_of_freedom};
use crate::distributions::family::{exactly, held, observations};
use crate::distributions::likelihood::{Domain, Likelihood, fitted, maximize_until};
use crate::distributions::stirling::{digamma_remainder, ln_gamma_remainder, scaled_digamma_remainder};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::Dd;
use crate::error::{Error, Result};
use crate::random::{Stream, portable};
use crate::special::beta_lanes::{
    Point, density_in_place, log_density_in_place, log_probabilities_in_place, probabilities_in_place,
};
use crate::special::incomplete_beta::{Split, density, tail};
use crate::special::inverse_beta::{Quantile, odds_times, quantiles_in_place};
use crate::special::tail::{Side, Tail};
use crate::special::{Scaled, betaln, digamma, polygamma};
use ndarray::ArrayView1;
use std::f64::consts::TAU;

/// The F distribution with `dfn` and `dfd` degrees of freedom.
///
/// **Definition.** (U/m)/(V/n) for independent chi-square variables U, V with m = dfn and n = dfd degrees of freedom: the
/// ratio of two mean squares.
///
/// **Density.** f(x) = y^(m/2) (1−y)^(n/2)/(x·B(m/2, n/2)), y = mx/(mx + n).
///
/// **Parameters.** `dfn`, `dfd` positive and finite (not only whole). **Support.** x ≥ 0.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, F};
///
/// # fn main() -> underhood::Result<()> {
/// // With two degrees of freedom above, the tail is a power.
/// let f = F::new(2.0, 10.0)?;
/// assert!((f.sf(4.0) - 1.8_f64.powi(-5)).abs() < 1e-16);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean n/(n−2) for n > 2 (else ∞), variance 2n²(m+n−2)/(m(n−2)²(n−4)) for n > 4 (∞ for 2 < n ≤ 4, else NaN); skewness for
/// n > 6, kurtosis for n > 8 (∞ from 4 up to there, else NaN).
///
/// **Numerical limits.** Relative error below 1e-14 in both tails down to 1e-300, for degrees of freedom from 0.5 to 1e7, as measured.
///
/// **Method.** The incomplete beta function of y, with y and 1 − y both in two doubles; see [`crate::special`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct F {
    dfn: f64,
    dfd: f64,
}

impl F {
    /// The F distribution with `dfn` degrees of freedom above and `dfd` below.
    ///
    /// # Errors
    /// If one of them is not positive (1e-20 to 1e20).
    pub fn new(dfn: f64, dfd: f64) -> Result<Self> {
        degrees_of_freedom("F", "dfn", dfn)?;
        degrees_of_freedom("F", "dfd", dfd)?;
        Ok(F { dfn, dfd })
    }

    /// The degrees of freedom above.
    pub fn dfn(&self) -> f64 {
        self.dfn
    }

    /// The degrees of freedom below.
    pub fn dfd(&self) -> f64 {
        self.dfd
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

    /// y = mx/(mx + n) and its complement.
    fn split(&self, x: f64) -> Split {
        // Odds mx : n, on a scale where the product neither overflows nor loses its low part.
        let scale = if x > 1e200 {
            2f64.powi(-300)
        } else if x < 1e-200 {
            2f64.powi(300)
        } else {
            1.0
        };
        Split::of_odds(Dd::product(self.dfn, x * scale), Dd::from(self.dfd * scale))
    }

    fn tail(&self, x: f64) -> Tail {
        let (a, b) = (0.5 * self.dfn, 0.5 * self.dfd);
        match self.beyond(x) {
            None => tail(a, b, self.split(x)),
            Some(Beyond { side, edge, log_factor }) => tail(a, b, edge).scaled(side, log_factor),
        }
    }

    /// The density at 0 < x < ∞.
    fn density(&self, x: f64) -> Scaled {
        let (a, b) = (0.5 * self.dfn, 0.5 * self.dfd);
        match self.beyond(x) {
            None => density(a, b, self.split(x)).over(x),
            Some(Beyond { edge, log_factor, .. }) => density(a, b, edge).times_exp(log_factor).over(x),
        }
    }

    /// Where the odds mx : n leave the range of doubles, tail and density are long since powers of them.
    fn beyond(&self, x: f64) -> Option<Beyond> {
        let odds = x * self.dfn / self.dfd;
        if odds > 1.0 / EDGE && odds < EDGE {
            return None;
        }
        let log_odds = Dd::from(x).ln() + Dd::from(self.dfn).ln() - Dd::from(self.dfd).ln();
        let (side, edge, power) = match log_odds.value() {
            log if log > EDGE.ln() => (Side::Upper, EDGE, -0.5 * self.dfd),
            log if log < -EDGE.ln() => (Side::Lower, 1.0 / EDGE, 0.5 * self.dfn),
            _ => return None,
        };
        let log_factor = (log_odds - Dd::from(edge).ln()) * power;
        Some(Beyond { side, edge: Split::of_odds(Dd::from(edge), Dd::from(1.0)), log_factor })
    }

    /// The density at 0.
    fn pdf_at_zero(&self) -> f64 {
        if self.dfn < 2.0 {
            f64::INFINITY
        } else if self.dfn == 2.0 {
            1.0
        } else {
            0.0
        }
    }
}

/// Odds that are still well inside the range of doubles: 2⁹⁰⁰.
const EDGE: f64 = f64::from_bits((1023 + 900) << 52);

/// A point beyond the edge: whose tail, at which odds, and the logarithm of the power that leads from there to it.
struct Beyond {
    side: Side,
    edge: Split,
    log_factor: Dd,
}

impl Distribution for F {
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
            Some(cdf) => (1.0 - cdf).ln(),
            None => self.tail(x).log_probability(Side::Upper),
        }
    }

    fn ppf(&self, p: f64) -> f64 {
        odds_times(0.5 * self.dfn, 0.5 * self.dfd, p, Side::Lower, self.dfd / self.dfn)
    }

    fn isf(&self, q: f64) -> f64 {
        odds_times(0.5 * self.dfn, 0.5 * self.dfd, q, Side::Upper, self.dfd / self.dfn)
    }

    fn cdf_in_place(&self, x: &mut [f64]) {
        let (a, b) = (0.5 * self.dfn, 0.5 * self.dfd);
        let point = Point::Odds(self.dfn, self.dfd);
        probabilities_in_place(a, b, x, point, Side::Lower, 1.0, |x| self.cdf(x));
    }

    fn sf_in_place(&self, x: &mut [f64]) {
        let (a, b) = (0.5 * self.dfn, 0.5 * self.dfd);
        let point = Point::Odds(self.dfn, self.dfd);
        probabilities_in_place(a, b, x, point, Side::Upper, 1.0, |x| self.sf(x));
    }

    fn logcdf_in_place(&self, x: &mut [f64]) {
        let (a, b) = (0.5 * self.dfn, 0.5 * self.dfd);
        let point = Point::Odds(self.dfn, self.dfd);
        log_probabilities_in_place(a, b, x, point, Side::Lower, 1.0, |x| self.logcdf(x));
    }

    fn logsf_in_place(&self, x: &mut [f64]) {
        let (a, b) = (0.5 * self.dfn, 0.5 * self.dfd);
        let point = Point::Odds(self.dfn, self.dfd);
        log_probabilities_in_place(a, b, x, point, Side::Upper, 1.0, |x| self.logsf(x));
    }

    fn ppf_in_place(&self, p: &mut [f64]) {
        let (a, b) = (0.5 * self.dfn, 0.5 * self.dfd);
        quantiles_in_place(a, b, p, Side::Lower, Quantile::Odds(self.dfd / self.dfn), |p| self.ppf(p));
    }

    fn isf_in_place(&self, q: &mut [f64]) {
        let (a, b) = (0.5 * self.dfn, 0.5 * self.dfd);
        quantiles_in_place(a, b, q, Side::Upper, Quantile::Odds(self.dfd / self.dfn), |q| self.isf(q));
    }

    fn mean(&self) -> f64 {
        if self.dfd > 2.0 { self.dfd / (self.dfd - 2.0) } else { f64::INFINITY }
    }

    fn variance(&self) -> f64 {
        let (m, n) = (self.dfn, self.dfd);
        if n > 4.0 {
            2.0 * (n / (n - 2.0)) * (n / (n - 2.0)) * ((m + n - 2.0) / m) / (n - 4.0)
        } else if n > 2.0 {
            f64::INFINITY
        } else {
            f64::NAN
        }
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn skewness(&self) -> f64 {
        let (m, n) = (self.dfn, self.dfd);
        if n > 6.0 {
            (2.0 * m + n - 2.0) / (n - 6.0) * (8.0 * (n - 4.0) / (m + n - 2.0) / m).sqrt()
        } else if n > 4.0 {
            f64::INFINITY
        } else {
            f64::NAN
        }
    }

    fn kurtosis(&self) -> f64 {
        let (m, n) = (self.dfn, self.dfd);
        if n > 8.0 {
            let rest = (n - 4.0) / (n - 6.0) * ((n - 2.0) / (n - 8.0)) * ((n - 2.0) / (m + n - 2.0)) / m;
            12.0 * ((5.0 * n - 22.0) / (n - 6.0) / (n - 8.0) + rest)
        } else if n > 4.0 {
            f64::INFINITY
        } else {
            f64::NAN
        }
    }

    fn entropy(&self) -> f64 {
        // ln B(a, b) + ln(b/a) + (1 − a)ψ(a) − (1 + b)ψ(b) + (a + b)ψ(a + b), a = m/2 and b = n/2, in what Stirling's formulas leave out: as it
        // stands it cancels for large a, b.
        let (a, b) = (0.5 * self.dfn, 0.5 * self.dfd);
        let of_both = |f: fn(f64) -> f64| f(a) + f(b) - f(a + b);
        let rest = of_both(ln_gamma_remainder) + of_both(scaled_digamma_remainder);
        0.5 * (1.0 + TAU.ln() + (1.0 / a + 1.0 / b).ln()) + rest + (digamma_remainder(b) - digamma_remainder(a))
    }

    fn mode(&self) -> f64 {
        ((self.dfn - 2.0) / self.dfn * (self.dfd / (self.dfd + 2.0))).max(0.0)
    }

    /// The ratio of two gamma variables over their shapes, by their logarithms where one of them may be below the smallest double.
    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        let (a, b) = (0.5 * self.dfn, 0.5 * self.dfd);
        let mut below = vec![0.0; out.len()];
        if a.min(b) < SMALL_SHAPE {
            stream.fill_log_gamma(a, out);
            stream.fill_log_gamma(b, &mut below);
            let shift = portable::ln(b) - portable::ln(a);
            out.iter_mut().zip(&below).for_each(|(x, y)| *x = difference(*x, *y) + shift);
            portable::exp_in_place(out);
        } else {
            stream.fill_gamma(a, out);
            stream.fill_gamma(b, &mut below);
            let ratio = b / a;
            out.iter_mut().zip(&below).for_each(|(x, y)| *x = *x / y * ratio);
        }
    }
}

/// Below this shape a gamma variable can be smaller than the smallest double.
const SMALL_SHAPE: f64 = 0.1;

/// x − y for logarithms that may both be −∞, of numbers too small for doubles: then they count as equal.
fn difference(x: f64, y: f64) -> f64 {
    if x == y { 0.0 } else { x - y }
}

impl Continuous for F {
    fn pdf(&self, x: f64) -> f64 {
        match Self::outside(x) {
            _ if x == 0.0 => self.pdf_at_zero(),
            Some(cdf) => cdf * 0.0,
            None => self.density(x).value(),
        }
    }

    fn logpdf(&self, x: f64) -> f64 {
        match Self::outside(x) {
            _ if x == 0.0 => self.pdf_at_zero().ln(),
            Some(cdf) => (cdf * 0.0).ln(),
            None => self.density(x).ln(),
        }
    }

    fn pdf_in_place(&self, x: &mut [f64]) {
        let (a, b) = (0.5 * self.dfn, 0.5 * self.dfd);
        density_in_place(a, b, x, Point::Odds(self.dfn, self.dfd), 1.0, |x| self.pdf(x));
    }

    fn logpdf_in_place(&self, x: &mut [f64]) {
        let (a, b) = (0.5 * self.dfn, 0.5 * self.dfd);
        log_density_in_place(a, b, x, Point::Odds(self.dfn, self.dfd), 1.0, |x| self.logpdf(x));
    }
}

impl Family for F {
    const NAME: &'static str = "F";
    const PARAMETERS: &'static [&'static str] = &["dfn", "dfd"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [dfn, dfd] = exactly::<Self, 2>(parameters)?;
        Self::new(dfn, dfd)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.dfn, self.dfd]
    }

    /// By Newton's method from the variance of ln x, of which the two halves of the degrees of freedom are each given one half. Data that vary about 1 less than
    /// an F distribution can, or as a chi-square over its degrees of freedom does, have no maximum: dfn or dfd would be infinite.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "F.fit";
        /// From here on more degrees of freedom change nothing that data show.
        const MANY: f64 = 1e7;
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        observations(FUNCTION, data, 2, |x| x > 0.0 && x < 1e300, "positive (below 1e300)")?;
        let n = data.len() as f64;
        let logs: Vec<f64> = data.iter().map(|x| x.ln()).collect();
        let mean = logs.iter().sum::<f64>() / n;
        let variance = logs.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / n;
        // ψ′(a) = variance/2 for both halves a: 1/a² for small and 1/a for large ones.
        let share = 2.0 / (variance + 0.25 * mean * mean).clamp(1e-3, 1e6);
        let start = 2.0 * (share + share.sqrt());
        let domains = [Domain::Positive; 2];
        let names = [("dfn", held[0]), ("dfd", held[1])];
        let of_all = |parameters: &[f64; 2]| likelihood(&logs, parameters);
        let maximum = maximize_until(FUNCTION, [start; 2], &held, domains, of_all, |parameters| {
            let (name, _) = names.into_iter().zip(parameters).find(|((_, held), df)| held.is_none() && **df > MANY)?.0;
            let problem = format!(
                "have a likelihood that still rises at {name} = {MANY:e}: {name} would be infinite; hold it fixed, or choose another family"
            );
            Some(Error::Invalid { function: FUNCTION, argument: "data", problem })
        })?;
        fitted(&maximum, data.len(), &held)
    }
}

/// ln L and its derivatives in dfn and dfd, from the logarithms of the data.
fn likelihood(logs: &[f64], &[m, n]: &[f64; 2]) -> Likelihood<2> {
    let count = logs.len() as f64;
    let (psi, psi_1) = (digamma(0.5 * (m + n)), polygamma(1.0, 0.5 * (m + n)));
    let mut value = count * (0.5 * (m * m.ln() + n * n.ln()) - betaln(0.5 * m, 0.5 * n));
    let constant = |df: f64| 0.5 * count * (df.ln() + 1.0 - digamma(0.5 * df) + psi);
    let mut gradient = [constant(m), constant(n)];
    let bend = |df: f64| count * (0.5 / df - 0.25 * (polygamma(1.0, 0.5 * df) - psi_1));
    let mut hessian = [[bend(m), 0.25 * count * psi_1], [0.0, bend(n)]];
    for &y in logs {
        // With s = mx + n: ln s, x/s and 1/s, of which neither overflows, by e^(−|y|).
        let e = (-y.abs()).exp();
        let scaled = if y > 0.0 { m + n * e } else { m * e + n };
        let log = scaled.ln() + y.max(0.0);
        let (over, one) = if y > 0.0 { (1.0 / scaled, e / scaled) } else { (e / scaled, 1.0 / scaled) };
        let sum = m + n;
        value += (0.5 * m - 1.0) * y - 0.5 * sum * log;
        gradient[0] += 0.5 * (y - log - sum * over);
        gradient[1] -= 0.5 * (log + sum * one);
        hessian[0][0] -= 0.5 * over * (2.0 - sum * over);
        hessian[1][1] -= 0.5 * one * (2.0 - sum * one);
        hessian[0][1] -= 0.5 * (one + over - sum * over * one);
    }
    hessian[1][0] = hessian[0][1];
    Likelihood { value, gradient, hessian }
}
