//! Binds integrals.

use pyo3::prelude::*;

/// Integrals, sums that approach them, lengths and work along curves.
#[pymodule]
pub(crate) mod integrals {}
