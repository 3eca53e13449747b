//! Binds `underhood::calculus`.

use pyo3::prelude::*;

/// calculus
#[pymodule]
pub(crate) mod calculus {}
