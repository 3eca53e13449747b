//! Binds convex programs.

use pyo3::prelude::*;

/// Linear and quadratic programs, constraints, convexity.
#[pymodule]
pub(crate) mod convex {}
