//! What every distribution of one number can do, continuous or discrete.

use std::fmt::Debug;

use crate::check::in_range;
use crate::error::Result;
use crate::random::Stream;

/// A distribution of one number.
///
/// Writing X for a variable that has it: every function takes one number and returns one; NaN gives NaN. Functions named `…_in_place`
/// replace every number of a slice, several at a time where the family has a wide form.
pub trait Distribution: Debug + Send + Sync {
    /// The distribution function P(X ≤ x).
    fn cdf(&self, x: f64) -> f64;

    /// The survival function P(X > x), to full relative precision: a p-value.
    fn sf(&self, x: f64) -> f64;

    /// ln P(X ≤ x), also where the probability underflows.
    fn logcdf(&self, x: f64) -> f64;

    /// ln P(X > x), also where the probability underflows.
    fn logsf(&self, x: f64) -> f64;

    /// The quantile: the smallest x with P(X ≤ x) ≥ p. The ends of the support at 0 and 1, NaN outside [0, 1].
    fn ppf(&self, p: f64) -> f64;

    /// The upper quantile: the smallest x with P(X > x) ≤ q, to full precision for small q.
    fn isf(&self, q: f64) -> f64;

    /// The mean E X; NaN if it does not exist, ∞ if it is infinite.
    fn mean(&self) -> f64;

    /// The variance E(X − E X)²; NaN if it does not exist, ∞ if it is infinite.
    fn variance(&self) -> f64;

    /// The skewness E((X − μ)/σ)³; NaN if it does not exist.
    fn skewness(&self) -> f64;

    /// The excess kurtosis E((X − μ)/σ)⁴ − 3, zero for the normal distribution; NaN if it does not exist, ∞ if it is infinite.
    fn kurtosis(&self) -> f64;

    /// The entropy in nats: E(−ln f(X)), or E(−ln P(X)) for a discrete distribution.
    fn entropy(&self) -> f64;

    /// Where the density (the probability) is largest; the smallest such point if there are several.
    fn mode(&self) -> f64;

    /// The ends of the set where the density (the probability) is positive.
    fn support(&self) -> (f64, f64);

    /// Fills a slice with independent draws.
    fn fill(&self, stream: &mut Stream, out: &mut [f64]);

    /// One draw.
    fn sample(&self, stream: &mut Stream) -> f64 {
        let mut value = [0.0];
        self.fill(stream, &mut value);
        value[0]
    }

    /// The standard deviation.
    fn std(&self) -> f64 {
        self.variance().sqrt()
    }

    /// The median: half of the probability lies on either side.
    fn median(&self) -> f64 {
        self.ppf(0.5)
    }

    /// The central interval that holds the probability `confidence` (at least, if discrete), with equal tails.
    ///
    /// # Errors
    /// If `confidence` is not between 0 and 1.
    fn interval(&self, confidence: f64) -> Result<(f64, f64)> {
        let valid = (0.0..=1.0).contains(&confidence);
        in_range("interval", "confidence", confidence, valid, "between 0 and 1")?;
        let tail = 0.5 * (1.0 - confidence);
        Ok((self.ppf(tail), self.isf(tail)))
    }

    /// Replaces every x by P(X ≤ x).
    fn cdf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.cdf(*x));
    }

    /// Replaces every x by P(X > x).
    fn sf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.sf(*x));
    }

    /// Replaces every x by ln P(X ≤ x).
    fn logcdf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.logcdf(*x));
    }

    /// Replaces every x by ln P(X > x).
    fn logsf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.logsf(*x));
    }

    /// Replaces every probability by its quantile.
    fn ppf_in_place(&self, p: &mut [f64]) {
        p.iter_mut().for_each(|p| *p = self.ppf(*p));
    }

    /// Replaces every probability by its upper quantile.
    fn isf_in_place(&self, q: &mut [f64]) {
        q.iter_mut().for_each(|q| *q = self.isf(*q));
    }
}
