//! Binds what describes a sample.

use numpy::PyArray1;
use numpy::ndarray::{ArrayView1, IxDyn};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use underhood::Error;
use underhood::stats as core;
use underhood::stats::{QuantileMethod, Summary};

use super::{divisor, from_the_end, number_or_array, whole_numbers};
use crate::array::{self, Vector};
use crate::error::Outcome;
use crate::runtime;

/// Arithmetic mean, x̄ = Σx/n.
///
/// Parameters
/// ----------
/// a : array_like
///     The values; a NaN makes its mean NaN.
/// axis : int, optional
///     The axis to take means along, which disappears from the shape; by default the mean of all values.
///
/// Returns
/// -------
/// float or ndarray
///
/// Raises
/// ------
/// ValueError
///     If there are no values, or there is no such axis.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.mean([1, 2, 6])
/// 3.0
/// >>> uh.stats.mean([[1, 2], [3, 6]], axis=0)
/// array([2., 4.])
#[pyfunction]
#[pyo3(signature = (a, axis = None))]
fn mean<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, axis: Option<&Bound<'py, PyAny>>) -> Outcome<Bound<'py, PyAny>> {
    let a = array::array("mean", "a", a)?;
    let axis = from_the_end("mean", axis, a.view().ndim())?;
    let view = a.view();
    number_or_array(py, runtime::run(py, view.len(), || core::mean(view, axis))?)
}

/// Variance of a sample, Σ(x − x̄)²/(n − ddof).
///
/// Parameters
/// ----------
/// a : array_like
///     The values; a NaN makes its variance NaN.
/// axis : int, optional
///     The axis to take variances along; by default the variance of all values.
/// ddof : int, default 1
///     What is taken from n in the divisor. NumPy's default is 0, that of a whole population; pandas', R's and ours is 1.
///
/// Returns
/// -------
/// float or ndarray
///     NaN where n ≤ ddof; infinite where the true value is beyond the largest double.
///
/// Raises
/// ------
/// ValueError
///     If there are no values, or there is no such axis.
///
/// Notes
/// -----
/// Two-pass within blocks that are merged by the update of Chan, Golub and LeVeque (1983): a large common offset costs no
/// digits.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.var([2, 4, 9])
/// 13.0
/// >>> uh.stats.var([1e15 + 2, 1e15 + 4, 1e15 + 9])
/// 13.0
#[pyfunction]
#[pyo3(signature = (a, axis = None, *, ddof = None), text_signature = "(a, axis=None, *, ddof=1)")]
fn var<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    ddof: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    let (a, ddof) = (array::array("var", "a", a)?, divisor("var", ddof)?);
    let axis = from_the_end("var", axis, a.view().ndim())?;
    let view = a.view();
    number_or_array(py, runtime::run(py, view.len(), || core::var(view, axis, ddof))?)
}

/// Standard deviation of a sample, √(Σ(x − x̄)²/(n − ddof)), in the unit of the values.
///
/// Parameters
/// ----------
/// a : array_like
///     The values; a NaN makes its standard deviation NaN.
/// axis : int, optional
///     The axis to take standard deviations along; by default that of all values.
/// ddof : int, default 1
///     What is taken from n in the divisor. NumPy's default is 0, that of a whole population; pandas', R's and ours is 1.
///
/// Returns
/// -------
/// float or ndarray
///     NaN where n ≤ ddof.
///
/// Raises
/// ------
/// ValueError
///     If there are no values, or there is no such axis.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.std([1, 3, 5])
/// 2.0
#[pyfunction]
#[pyo3(signature = (a, axis = None, *, ddof = None), text_signature = "(a, axis=None, *, ddof=1)")]
fn std<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    ddof: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    let (a, ddof) = (array::array("std", "a", a)?, divisor("std", ddof)?);
    let axis = from_the_end("std", axis, a.view().ndim())?;
    let view = a.view();
    number_or_array(py, runtime::run(py, view.len(), || core::std(view, axis, ddof))?)
}

/// Median: half of the values lie on either side.
///
/// Parameters
/// ----------
/// a : array_like
///     The values; a NaN makes its median NaN.
/// axis : int, optional
///     The axis to take medians along; by default the median of all values.
///
/// Returns
/// -------
/// float or ndarray
///     The middle value, or the mean of the two in the middle.
///
/// Raises
/// ------
/// ValueError
///     If there are no values, or there is no such axis.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.median([1, 10, 3, 2])
/// 2.5
#[pyfunction]
#[pyo3(signature = (a, axis = None))]
fn median<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, axis: Option<&Bound<'py, PyAny>>) -> Outcome<Bound<'py, PyAny>> {
    let a = array::array("median", "a", a)?;
    let axis = from_the_end("median", axis, a.view().ndim())?;
    let view = a.view();
    number_or_array(py, runtime::run(py, view.len(), || core::median(view, axis))?)
}

/// Quantiles: the values below which a share q of the sample lies.
///
/// Parameters
/// ----------
/// a : array_like
///     The values; a NaN makes its quantiles NaN.
/// q : float or array_like
///     Probabilities, between 0 and 1.
/// axis : int, optional
///     The axis to take quantiles along; by default those of all values.
/// method : str, default "linear"
///     One of NumPy's: the nine definitions of Hyndman and Fan (1996) in their order, ``"inverted_cdf"``,
///     ``"averaged_inverted_cdf"``, ``"closest_observation"``, ``"interpolated_inverted_cdf"``, ``"hazen"``, ``"weibull"``,
///     ``"linear"``, ``"median_unbiased"``, ``"normal_unbiased"``; or ``"lower"``, ``"higher"``, ``"midpoint"``, ``"nearest"``,
///     which choose among the neighbours of place (n − 1)q.
///
/// Returns
/// -------
/// float or ndarray
///     The shape of ``q``, followed by that of ``a`` without the axis.
///
/// Raises
/// ------
/// ValueError
///     If there are no values, a probability is outside [0, 1], there is no such axis or method.
///
/// Notes
/// -----
/// Exact for any length: long columns are not sorted; sampled brackets around the wanted values leave few to sort (Floyd and
/// Rivest, 1975).
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.quantile([1, 2, 3, 10], 0.75)
/// 4.75
/// >>> uh.stats.quantile([1, 2, 3, 10], [0.25, 0.75], method="nearest")
/// array([2., 3.])
#[pyfunction]
#[pyo3(signature = (a, q, *, axis = None, method = "linear"))]
fn quantile<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    q: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    method: &str,
) -> Outcome<Bound<'py, PyAny>> {
    let (a, q) = (array::array("quantile", "a", a)?, array::array("quantile", "q", q)?);
    let axis = from_the_end("quantile", axis, a.view().ndim())?;
    let method = QuantileMethod::named(method)?;
    let probabilities: Vec<f64> = q.view().iter().copied().collect();
    let view = a.view();
    let found = runtime::run(py, view.len(), || core::quantile_along(view, &probabilities, axis, method))?;
    let shape = [q.view().shape(), &found.shape()[1..]].concat();
    let count = found.len();
    let found = found.into_shape_with_order(IxDyn(&shape)).map_err(|_| Error::Shape {
        function: "quantile",
        argument: "q",
        shape,
        expected: format!("{count} quantiles were found"),
    })?;
    number_or_array(py, found)
}

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
    use super::{describe_columns, describe_matrix, mean, median, quantile, std, var};
}
