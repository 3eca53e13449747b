//! Distributions with a density, one file a family.

mod angles;
mod beta;
mod cauchy;
mod chi_squared;
mod exponential;
mod f;
mod gamma;
mod gumbel;
mod hazard;
mod inverse_gamma;
mod laplace;
mod log_normal;
mod logistic;
mod normal;
mod normal_kernels;
mod pareto;
mod place;
mod rayleigh;
pub(super) mod standard_gamma;
mod student_t;
mod triangular;
mod uniform;
mod von_mises;
mod weibull;
mod weibull_moments;

pub use beta::Beta;
pub use cauchy::Cauchy;
pub use chi_squared::ChiSquared;
pub use exponential::Exponential;
pub use f::F;
pub use gamma::Gamma;
pub use gumbel::Gumbel;
pub use inverse_gamma::InverseGamma;
pub use laplace::Laplace;
pub use log_normal::LogNormal;
pub use logistic::Logistic;
pub use normal::Normal;
pub use pareto::Pareto;
pub use rayleigh::Rayleigh;
pub use student_t::StudentT;
pub use triangular::Triangular;
pub use uniform::Uniform;
pub use von_mises::VonMises;
pub use weibull::Weibull;

use super::between;
use super::family::not_closed;
use super::{Distribution, Family};
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

    /// Places where the density may not be smooth: the mode and the finite ends of the support, for most.
    fn breaks(&self) -> Vec<f64> {
        let (low, high) = self.support();
        [low, self.mode(), high].into_iter().filter(|x| x.is_finite()).collect()
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

/// Refuses a shape beyond 1e±20, and a scale that is not positive and finite.
fn shape_and_scale(function: &'static str, shape: f64, scale: f64) -> Result<()> {
    in_range(function, "shape", shape, (1e-20..=1e20).contains(&shape), "positive (1e-20 to 1e20)")?;
    positive(function, "scale", scale)
}

/// Refuses what is not positive and finite.
fn positive(function: &'static str, argument: &'static str, value: f64) -> Result<()> {
    in_range(function, argument, value, value > 0.0 && value.is_finite(), "positive and finite")
}

/// Refuses all but positive multiples of X.
fn positive_multiple<D: Family>(scale: f64, shift: f64) -> Result<()> {
    if shift != 0.0 {
        return Err(not_closed::<D>("affine", &format!("{scale}·X + {shift}")));
    }
    if !(scale > 0.0) {
        return Err(not_closed::<D>("affine", &format!("{scale}·X")));
    }
    Ok(())
}

/// Refuses a location that is not finite, and a scale that is not positive and finite.
fn location_and_scale(function: &'static str, loc: f64, scale: f64) -> Result<()> {
    in_range(function, "loc", loc, loc.is_finite(), "finite")?;
    in_range(function, "scale", scale, scale > 0.0 && scale.is_finite(), "positive and finite")
}
