//! Binds ranks, and the tests that rest on them.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use underhood::stats as core;

use crate::array;
use crate::error::Outcome;
use crate::runtime;

/// Ranks, 1 for the smallest value; tied values share the mean of their places.
///
/// Parameters
/// ----------
/// a : array_like, shape (n,)
///     The values; infinities have a rank, NaN has none.
///
/// Returns
/// -------
/// ndarray, shape (n,)
///
/// Raises
/// ------
/// ValueError
///     If a value is NaN.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.rankdata([30, 10, 20, 20])
/// array([4. , 1. , 2.5, 2.5])
#[pyfunction]
fn rankdata<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArray1<f64>>> {
    let a = array::vector("rankdata", "a", a)?;
    let view = a.view();
    Ok(runtime::run(py, view.len(), || core::rankdata(view))?.into_pyarray(py))
}

/// Ranks.
#[pymodule]
pub(crate) mod ranks {
    #[pymodule_export]
    use super::rankdata;
}
