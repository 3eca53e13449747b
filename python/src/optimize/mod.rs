//! Binds `underhood::optimize`: one file a room.

pub(crate) mod convex;
mod descent;
pub(crate) mod fitting;
pub(crate) mod minimize;
pub(crate) mod roots;

use pyo3::prelude::*;

/// Descent.
#[pymodule]
pub(crate) mod optimize {
    #[pymodule_export]
    use super::descent::gradient_descent;
}
