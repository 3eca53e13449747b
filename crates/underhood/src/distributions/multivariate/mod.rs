//! Distributions of several variables: densities and probabilities of points, moments, draws, parts, fits.
//!
//! A point is the last axis of an array: an array of shape (…, d) gives results of shape (…).
//!
//! ```
//! use ndarray::array;
//! use underhood::distributions::{Multivariate, MultivariateNormal};
//!
//! # fn main() -> underhood::Result<()> {
//! // Height and weight: what does a height of 180 say of the weight?
//! let both = MultivariateNormal::new(array![170.0, 70.0], array![[100.0, 60.0], [60.0, 144.0]])?;
//! let weight = both.conditional(&[0], &[180.0])?;
//! assert_eq!(weight.mean(), array![76.0]);
//! assert_eq!(weight.covariance(), array![[108.0]]);
//! # Ok(())
//! # }
//! ```
//!
//! | distribution | of |
//! |---|---|
//! | [`MultivariateNormal`]`(mean, cov)` | several variables that are normal together |
//! | [`Multinomial`]`(n, p)` | how often each of k outcomes occurs in n trials |
//! | [`Dirichlet`]`(alpha)` | k proportions that sum to 1 |

mod dirichlet;
mod gaussian_fit;
mod multinomial;
mod multivariate_normal;
mod orthant;
mod points;
mod product;
mod rectangle;
mod root;

use std::fmt::Debug;

use ndarray::{Array1, Array2};

use crate::error::{Error, Result};
use crate::random::Stream;

pub use dirichlet::{Dirichlet, DirichletFit};
pub use gaussian_fit::MultivariateNormalFit;
pub use multinomial::{Multinomial, MultinomialFit};
pub use multivariate_normal::{MultivariateNormal, Probability};

/// A distribution of several numbers (X₁, …, X_d).
pub trait Multivariate: Debug + Send + Sync {
    /// How many variables there are.
    fn dimension(&self) -> usize;

    /// The means E Xᵢ.
    fn mean(&self) -> Array1<f64>;

    /// The covariance matrix E(Xᵢ − E Xᵢ)(Xⱼ − E Xⱼ).
    fn covariance(&self) -> Array2<f64>;

    /// The entropy in nats: the mean of −ln of the density (of the probability).
    fn entropy(&self) -> f64;

    /// Fills a slice with independent draws, one after the other; what is left beyond the last whole point is not changed.
    fn fill(&self, stream: &mut Stream, out: &mut [f64]);

    /// The variances.
    fn variance(&self) -> Array1<f64> {
        self.covariance().diag().to_owned()
    }

    /// The standard deviations.
    fn std(&self) -> Array1<f64> {
        self.variance().mapv_into(f64::sqrt)
    }

    /// The correlations, with ones on the diagonal; NaN beside a variable that never varies.
    fn correlation(&self) -> Array2<f64> {
        let (covariance, std) = (self.covariance(), self.std());
        Array2::from_shape_fn(covariance.raw_dim(), |(i, j)| match (i == j, std[i] > 0.0) {
            (true, true) => 1.0,
            _ => (covariance[[i, j]] / std[i] / std[j]).clamp(-1.0, 1.0),
        })
    }
}

/// Refuses an index that is no variable's, or one that is named twice; there must be one at least.
fn variables(function: &'static str, indices: &[usize], dimension: usize) -> Result<()> {
    let problem = if indices.is_empty() {
        "is empty, but at least one variable is needed".into()
    } else if let Some(index) = indices.iter().find(|index| **index >= dimension) {
        format!("names variable {index}, but the variables are 0 to {}", dimension - 1)
    } else if let Some(place) = (1..indices.len()).find(|&place| indices[..place].contains(&indices[place])) {
        format!("names variable {} twice", indices[place])
    } else {
        return Ok(());
    };
    Err(Error::Invalid { function, argument: "indices", problem })
}

/// Refuses an index that is no category's.
fn category(function: &'static str, index: usize, count: usize) -> Result<()> {
    if index < count {
        return Ok(());
    }
    let problem = format!("is {index}, but the categories are 0 to {}", count - 1);
    Err(Error::Invalid { function, argument: "index", problem })
}
