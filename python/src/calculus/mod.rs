//! Binds `underhood::calculus`: one file a room.

mod derivative;
pub(crate) mod equations;
pub(crate) mod integrals;

use pyo3::prelude::*;

/// Limits and derivatives.
#[pymodule]
pub(crate) mod calculus {
    #[pymodule_export]
    use super::derivative::{derivative, gradient};
}
