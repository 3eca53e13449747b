//! Binds `underhood::special`.

use pyo3::prelude::*;

/// special
#[pymodule]
pub(crate) mod special {}
