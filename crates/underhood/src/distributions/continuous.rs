//! What every continuous distribution can do.

use crate::check::in_range;
use crate::error::Result;

/// A distribution with a density.
///
/// Writing X for a variable that has it: every function takes one number and returns one; NaN gives NaN.
pub trait Continuous {
    /// The density f(x); 0 outside the support.
    fn pdf(&self, x: f64) -> f64;

    /// ln f(x), also where the density underflows; −∞ outside the support.
    fn logpdf(&self, x: f64) -> f64;

    /// The distribution function P(X ≤ x).
    fn cdf(&self, x: f64) -> f64;

    /// The survival function P(X > x), to full relative precision: a p-value.
    fn sf(&self, x: f64) -> f64;

    /// ln P(X ≤ x), also where the probability underflows.
    fn logcdf(&self, x: f64) -> f64;

    /// ln P(X > x), also where the probability underflows.
    fn logsf(&self, x: f64) -> f64;

    /// The quantile: the x with P(X ≤ x) = p. The ends of the support at 0 and 1, NaN outside [0, 1].
    fn ppf(&self, p: f64) -> f64;

    /// The upper quantile: the x with P(X > x) = q, to full precision for small q.
    fn isf(&self, q: f64) -> f64;

    /// The mean; NaN if it does not exist, ∞ if it is infinite.
    fn mean(&self) -> f64;

    /// The variance; NaN if it does not exist, ∞ if it is infinite.
    fn variance(&self) -> f64;

    /// The ends of the set where the density is positive.
    fn support(&self) -> (f64, f64);

    /// Replaces every x by its density.
    fn pdf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.pdf(*x));
    }

    /// Replaces every x by P(X ≤ x).
    fn cdf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.cdf(*x));
    }

    /// Replaces every x by P(X > x).
    fn sf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.sf(*x));
    }

    /// Replaces every x by the logarithm of its density.
    fn logpdf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.logpdf(*x));
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

    /// The standard deviation.
    fn std(&self) -> f64 {
        self.variance().sqrt()
    }

    /// The median: half of the probability lies on either side.
    fn median(&self) -> f64 {
        self.ppf(0.5)
    }

    /// The central interval that holds the probability `confidence`, with equal tails.
    ///
    /// # Errors
    /// If `confidence` is not between 0 and 1.
    fn interval(&self, confidence: f64) -> Result<(f64, f64)> {
        let valid = (0.0..=1.0).contains(&confidence);
        in_range("interval", "confidence", confidence, valid, "between 0 and 1")?;
        let tail = 0.5 * (1.0 - confidence);
        Ok((self.ppf(tail), self.isf(tail)))
    }
}

/// Refuses degrees of freedom that are not positive, or beyond 1e±20, where products of them would leave the range of doubles.
pub(super) fn degrees_of_freedom(function: &'static str, argument: &'static str, value: f64) -> Result<()> {
    in_range(function, argument, value, (1e-20..=1e20).contains(&value), "positive (1e-20 to 1e20)")
}
