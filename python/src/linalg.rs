//! Binds `underhood::linalg`.

use pyo3::prelude::*;

use crate::array;
use crate::error::Outcome;

/// Sum of the diagonal.
#[pyfunction]
fn trace(a: &Bound<'_, PyAny>) -> Outcome<f64> {
    let a = array::matrix("trace", "a", a)?;
    Ok(a.view().diag().sum())
}

/// Matrices and the systems they stand for.
#[pymodule]
pub(crate) mod linalg {
    #[pymodule_export]
    use super::trace;
}
