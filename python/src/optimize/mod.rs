//! Binds `underhood::optimize`: one file a room.

pub(crate) mod convex;
mod descent;
pub(crate) mod fitting;
pub(crate) mod minimize;
mod pace;
pub(crate) mod roots;
mod stochastic;

use pyo3::prelude::*;

/// Descent.
#[pymodule]
pub(crate) mod optimize {
    #[pymodule_export]
    use super::descent::{critical_rate, gradient_descent, largest_curvature};
    #[pymodule_export]
    use super::pace::{schedule_rate, schedule_rates};
    #[pymodule_export]
    use super::stochastic::stochastic_gradient_descent;
}
