//! Binds what describes a sample.

use numpy::PyArray1;
use numpy::ndarray::ArrayView1;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use underhood::stats as core;
use underhood::stats::Summary;

use super::whole_numbers;
use crate::array::{self, Vector};
use crate::error::Outcome;
use crate::runtime;

/// Describe the columns of a matrix; `underhood.stats.describe` makes a Description of the arrays.
#[pyfunction]
fn describe_matrix<'py>(py: Python<'py>, data: &Bound<'py, PyAny>, bias: bool) -> Outcome<Bound<'py, PyTuple>> {
    let data = array::matrix("describe", "data", data)?;
    let view = data.view();
    let found = runtime::run(py, view.len(), || core::describe(view, bias));
    summaries(py, &found)
}

/// Describe vectors, which may differ in length; `underhood.stats.describe` makes a Description of the arrays.
#[pyfunction]
fn describe_columns<'py>(py: Python<'py>, columns: Vec<Bound<'py, PyAny>>, bias: bool) -> Outcome<Bound<'py, PyTuple>> {
    let columns: Vec<Vector<'py>> =
        columns.iter().map(|column| array::vector("describe", "data", column)).collect::<Outcome<_>>()?;
    let views: Vec<ArrayView1<'_, f64>> = columns.iter().map(Vector::view).collect();
    let numbers = views.iter().map(|view| view.len()).sum();
    let found: Vec<Summary> =
        runtime::run(py, numbers, || views.iter().map(|view| core::describe_column(*view, bias)).collect());
    summaries(py, &found)
}

/// One array for each of the numbers, one place for each column.
fn summaries<'py>(py: Python<'py>, found: &[Summary]) -> Outcome<Bound<'py, PyTuple>> {
    let numbers = |of: fn(&Summary) -> f64| PyArray1::from_iter(py, found.iter().map(of));
    let moments = (numbers(|s| s.mean), numbers(|s| s.std), numbers(|s| s.min), numbers(|s| s.q25));
    Ok((
        whole_numbers(py, found.iter().map(|s| s.count)),
        whole_numbers(py, found.iter().map(|s| s.missing)),
        moments.0,
        moments.1,
        moments.2,
        moments.3,
        numbers(|s| s.median),
        numbers(|s| s.q75),
        numbers(|s| s.max),
        numbers(|s| s.skewness),
        numbers(|s| s.kurtosis),
    )
        .into_pyobject(py)?)
}

/// Describing samples.
#[pymodule]
pub(crate) mod stats {
    #[pymodule_export]
    use super::{describe_columns, describe_matrix};
    #[pymodule_export]
    use crate::stats::averages::{gmean, hmean, mean, median, mode_and_count, trim_mean};
    #[pymodule_export]
    use crate::stats::frequencies::{distribution_steps, group_statistics, histogram_counts, outlier_mask};
    #[pymodule_export]
    use crate::stats::shape::{four_moments, kurtosis, moment, skew};
    #[pymodule_export]
    use crate::stats::spread::{iqr, mad, quantile, std, var, zscore};
}
