//! Binds what counts: histograms, empirical distribution functions, outliers, summaries by group.

use numpy::ndarray::Array1;
use numpy::{IntoPyArray, PyArray1, PyArray2, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyString;
use underhood::stats as core;
use underhood::stats::{BinRule, Bins, GroupStatistic, OutlierRule};

use super::whole_numbers;
use crate::array::{self, Array};
use crate::error::Outcome;
use crate::option;
use crate::runtime;

/// All values in their order, whatever the shape.
fn flat(array: &Array<'_>) -> Array1<f64> {
    array.view().iter().copied().collect()
}

type Counted<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, usize, usize);

/// Count the values in bins: counts, edges, how many lie outside, how many are missing; `underhood.stats.histogram` makes a
/// HistogramResult of them.
#[pyfunction]
pub(crate) fn histogram_counts<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    bins: &Bound<'py, PyAny>,
    range: Option<&Bound<'py, PyAny>>,
    weights: Option<&Bound<'py, PyAny>>,
    whole: bool,
) -> Outcome<Counted<'py>> {
    const NAME: &str = "histogram";
    let a = array::array(NAME, "a", a)?;
    let weights = weights.map(|weights| array::array(NAME, "weights", weights)).transpose()?;
    if let Some(weights) = &weights
        && weights.shape() != a.shape()
    {
        let expected = "as many as values, in the same shape, are needed".into();
        let shape = weights.shape().to_vec();
        return Err(underhood::Error::Shape { function: NAME, argument: "weights", shape, expected }.into());
    }
    let range = range.map(|range| array::vector(NAME, "range", range)).transpose()?;
    let range = match range.as_ref().map(array::Vector::view) {
        None => None,
        Some(ends) if ends.len() == 2 => Some((ends[0], ends[1])),
        Some(ends) => {
            let (shape, expected) = (vec![ends.len()], "two numbers are needed".into());
            return Err(underhood::Error::Shape { function: NAME, argument: "range", shape, expected }.into());
        }
    };
    let edges: Vec<f64>;
    let bins = if let Ok(name) = bins.cast::<PyString>() {
        Bins::Rule(BinRule::named(&name.to_cow()?)?)
    } else if bins.hasattr("__len__")? && !array::is_number(bins) {
        edges = array::vector(NAME, "bins", bins)?.view().to_vec();
        Bins::Edges(&edges)
    } else {
        Bins::Count(array::whole(NAME, "bins", bins)?)
    };
    let (values, weights) = (flat(&a), weights.as_ref().map(flat));
    let weights = weights.as_ref().map(|weights| weights.view());
    let found = runtime::run(py, values.len(), || core::histogram(values.view(), bins, range, weights, whole))?;
    Ok((found.counts.into_pyarray(py), found.edges.into_pyarray(py), found.outside, found.missing))
}

type Steps<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<i64>>, usize, usize, f64);

/// Find the steps of the empirical distribution function: values, how many are at most each, n, how many are missing, half the
/// height of the band; `underhood.stats.ecdf` makes an EcdfResult of them.
#[pyfunction]
pub(crate) fn distribution_steps<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Steps<'py>> {
    let a = array::vector("ecdf", "a", a)?;
    let level = array::number("ecdf", "confidence_level", confidence_level)?;
    let view = a.view();
    let found = runtime::run(py, view.len(), || core::ecdf(view))?;
    let band = core::ecdf_band(found.n, level)?;
    let up_to = whole_numbers(py, found.up_to.into_iter());
    Ok((found.x.into_pyarray(py), up_to, found.n, found.missing, band))
}

type Marked<'py> = (Bound<'py, PyArray1<bool>>, (f64, f64), usize, usize, f64);

/// Mark the outliers: mask, bounds, n, how many are missing, threshold; `underhood.stats.outliers` makes an OutliersResult of them.
#[pyfunction]
pub(crate) fn outlier_mask<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    method: &Bound<'py, PyAny>,
    threshold: Option<&Bound<'py, PyAny>>,
) -> Outcome<Marked<'py>> {
    const NAME: &str = "outliers";
    let a = array::vector(NAME, "a", a)?;
    let method = option::name(NAME, "method", option::Given::Value(method.as_borrowed()))?;
    let rule = OutlierRule::named(&method)?;
    let threshold = option::optional_number(NAME, "threshold", threshold)?.unwrap_or(rule.usual_threshold());
    let view = a.view();
    let found = runtime::run(py, view.len(), || core::outliers(view, rule, threshold))?;
    Ok((found.mask.into_pyarray(py), found.bounds, found.n, found.missing, threshold))
}

/// Statistics of each group of a column's values, a row a group; a negative code is a row without a group.
#[pyfunction]
pub(crate) fn group_statistics<'py>(
    py: Python<'py>,
    column: &Bound<'py, PyAny>,
    codes: PyReadonlyArray1<'py, i64>,
    groups: usize,
    statistics: Vec<String>,
    quantiles: Vec<f64>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let column = array::vector("group_by", "data", column)?;
    let mut wanted: Vec<GroupStatistic> =
        statistics.iter().map(|name| GroupStatistic::named(name)).collect::<Result<_, _>>()?;
    wanted.extend(quantiles.into_iter().map(GroupStatistic::Quantile));
    let codes: Vec<usize> = codes.as_array().iter().map(|code| usize::try_from(*code).unwrap_or(usize::MAX)).collect();
    let view = column.view();
    let found = runtime::run(py, view.len(), || core::group_statistics(view, &codes, groups, &wanted))?;
    Ok(found.into_pyarray(py))
}
