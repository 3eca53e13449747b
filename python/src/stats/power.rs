//! Binds `underhood::stats`'s power.

use pyo3::prelude::*;

/// Power and sample size.
#[pymodule]
pub(crate) mod power {}
