//! Binds `underhood::stats`'s goodness.

use pyo3::prelude::*;

/// Tests of the shape of a distribution.
#[pymodule]
pub(crate) mod goodness {}
