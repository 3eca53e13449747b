//! Binds `underhood::distributions`: a base class for the continuous families and one for the discrete, from which the classes of
//! the Python package derive.

mod categorical;
mod composed;
mod families;
mod members;
mod multivariate;
mod univariate;

use pyo3::prelude::*;

pub(crate) use univariate::{ContinuousDistribution, DiscreteDistribution};

/// Probability distributions.
#[pymodule]
pub(crate) mod distributions {
    #[pymodule_export]
    use super::multivariate::{Dirichlet, Multinomial, MultivariateNormal};
    #[pymodule_export]
    use super::univariate::{ContinuousDistribution, DiscreteDistribution, fit};
}
