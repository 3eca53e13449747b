//! Binds `underhood::stats`'s glm.

use pyo3::prelude::*;

/// Generalised linear models.
#[pymodule]
pub(crate) mod glm {}
