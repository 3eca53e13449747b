//! Distributions with a density, one file a family.

mod chi_squared;
mod f;
mod normal;
mod normal_kernels;
mod student_t;

pub use chi_squared::ChiSquared;
pub use f::F;
pub use normal::Normal;
pub use student_t::StudentT;

use super::Distribution;
use super::between;
use crate::check::in_range;
use crate::error::Result;

/// A distribution with a density.
pub trait Continuous: Distribution {
    /// The density f(x); 0 outside the support.
    fn pdf(&self, x: f64) -> f64;

    /// ln f(x), also where the density underflows; −∞ outside the support.
    fn logpdf(&self, x: f64) -> f64;

    /// Replaces every x by its density.
    fn pdf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.pdf(*x));
    }

    /// Replaces every x by the logarithm of its density.
    fn logpdf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.logpdf(*x));
    }

    /// P(a ≤ X ≤ b), without cancellation: in the tail that is the smaller one, and as the integral of the density where the two ends are so
    /// close that their probabilities agree in the first digits. 0 if b < a.
    fn prob(&self, a: f64, b: f64) -> f64 {
        between::between(self, a, b)
    }
}

/// Refuses degrees of freedom that are not positive, or beyond 1e±20, where products of them would leave the range of doubles.
fn degrees_of_freedom(function: &'static str, argument: &'static str, value: f64) -> Result<()> {
    in_range(function, argument, value, (1e-20..=1e20).contains(&value), "positive (1e-20 to 1e20)")
}
