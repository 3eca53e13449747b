//! Binds `underhood::calculus`: one file a room.

mod derivative;
pub(crate) mod equations;
pub(crate) mod integrals;
mod limits;
mod matrices;
mod points;

use pyo3::prelude::*;

/// Limits and derivatives.
#[pymodule]
pub(crate) mod calculus {
    #[pymodule_export]
    use super::derivative::{derivative, gradient, number, point};
    #[pymodule_export]
    use super::limits::limit;
    #[pymodule_export]
    use super::matrices::{directional_derivative, hessian, jacobian};
    #[pymodule_export]
    use super::points::{critical_points, stationary_points, taylor};
}
