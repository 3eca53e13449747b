//! Binds what says where values lie: means, median and mode.

use pyo3::prelude::*;
use underhood::stats as core;

use super::{from_the_end, number_or_array, policy};
use crate::array::{self, Array};
use crate::error::Outcome;
use crate::option::Given;
use crate::runtime;

/// The weights, if there are any.
fn read_weights<'py>(function: &'static str, weights: Option<&Bound<'py, PyAny>>) -> Outcome<Option<Array<'py>>> {
    weights.map(|weights| array::array(function, "weights", weights)).transpose()
}

/// Arithmetic mean, x̄ = Σx/n; with weights, Σwx/Σw.
///
/// Parameters
/// ----------
/// a : array_like
///     The values.
/// axis : int, optional
///     The axis to go along, which disappears from the shape; by default all values are one sample. A frame is a matrix:
///     its columns are summed up with ``axis=0``.
/// weights : array_like, optional
///     How much each value counts, at least 0: of the shape of ``a``, or a vector as long as the axis. All count the same by default.
/// nan_policy : {"propagate", "omit", "raise"}, default "propagate"
///     Whether a missing value (NaN) makes the result NaN, is left out, or is refused.
///
/// Returns
/// -------
/// float or ndarray
///
/// Raises
/// ------
/// ValueError
///     If there are no values, or there is no such axis, or the weights do not fit.
/// TypeError
///     If ``a`` does not hold real numbers.
///
/// Notes
/// -----
/// The mean of infinite values is infinite, NaN if both infinities occur. Means of huge values do not overflow, and a large
/// common offset costs no digits.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.mean([1, 2, 6])
/// 3.0
/// >>> uh.stats.mean([[1, 2], [3, 6]], axis=0)
/// array([2., 4.])
/// >>> uh.stats.mean([1, 2, 6], weights=[2, 1, 1])
/// 2.5
/// >>> uh.stats.mean([1, 2, float("nan")], nan_policy="omit")
/// 1.5
#[pyfunction]
#[pyo3(
    signature = (a, axis = None, *, weights = None, nan_policy = Given::Default("propagate")),
    text_signature = "(a, axis=None, *, weights=None, nan_policy='propagate')"
)]
pub(crate) fn mean<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    weights: Option<&Bound<'py, PyAny>>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "mean";
    let (a, policy) = (array::array(NAME, "a", a)?, policy(NAME, nan_policy)?);
    let axis = from_the_end(NAME, axis, a.view().ndim())?;
    let weights = read_weights(NAME, weights)?;
    let (view, weights) = (a.view(), weights.as_ref().map(Array::view));
    let found = runtime::run(py, view.len(), || match weights {
        None => core::mean(view, axis, policy),
        Some(weights) => core::weighted_mean(view, weights, axis, policy),
    })?;
    number_or_array(py, found)
}

/// Geometric mean, (Πx)^(1/n): the mean of factors, such as yearly growth; with weights, exp(Σw·ln x / Σw).
///
/// Parameters
/// ----------
/// a : array_like
///     Values that are not negative.
/// axis : int, optional
///     The axis to go along, which disappears from the shape; by default all values are one sample. A frame is a matrix:
///     its columns are summed up with ``axis=0``.
/// weights : array_like, optional
///     How much each value counts, at least 0: of the shape of ``a``, or a vector as long as the axis. All count the same by default.
/// nan_policy : {"propagate", "omit", "raise"}, default "propagate"
///     Whether a missing value (NaN) makes the result NaN, is left out, or is refused.
///
/// Returns
/// -------
/// float or ndarray
///     0 if a value is 0.
///
/// Raises
/// ------
/// ValueError
///     If there are no values, or there is no such axis, a value is negative, or the weights do not fit.
/// TypeError
///     If ``a`` does not hold real numbers.
///
/// Notes
/// -----
/// Without weights, significands are multiplied and exponents counted: no digits are lost to logarithms, and nothing overflows.
/// Where :func:`scipy.stats.gmean` gives NaN for a negative value, it is refused here.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.gmean([1, 2, 4])
/// 2.0
/// >>> round(uh.stats.gmean([1.10, 0.90]), 4)  # 10 % up, then 10 % down
/// 0.995
#[pyfunction]
#[pyo3(
    signature = (a, axis = None, *, weights = None, nan_policy = Given::Default("propagate")),
    text_signature = "(a, axis=None, *, weights=None, nan_policy='propagate')"
)]
pub(crate) fn gmean<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    weights: Option<&Bound<'py, PyAny>>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "gmean";
    let (a, policy) = (array::array(NAME, "a", a)?, policy(NAME, nan_policy)?);
    let axis = from_the_end(NAME, axis, a.view().ndim())?;
    let weights = read_weights(NAME, weights)?;
    let (view, weights) = (a.view(), weights.as_ref().map(Array::view));
    let found = runtime::run(py, view.len(), || match weights {
        None => core::gmean(view, axis, policy),
        Some(weights) => core::weighted_gmean(view, weights, axis, policy),
    })?;
    number_or_array(py, found)
}

/// Harmonic mean, n/Σ(1/x): the mean of rates over equal amounts, such as speeds over equal ways; with weights, Σw/Σ(w/x).
///
/// Parameters
/// ----------
/// a : array_like
///     Values that are not negative.
/// axis : int, optional
///     The axis to go along, which disappears from the shape; by default all values are one sample. A frame is a matrix:
///     its columns are summed up with ``axis=0``.
/// weights : array_like, optional
///     How much each value counts, at least 0: of the shape of ``a``, or a vector as long as the axis. All count the same by default.
/// nan_policy : {"propagate", "omit", "raise"}, default "propagate"
///     Whether a missing value (NaN) makes the result NaN, is left out, or is refused.
///
/// Returns
/// -------
/// float or ndarray
///     0 if a value is 0.
///
/// Raises
/// ------
/// ValueError
///     If there are no values, or there is no such axis, a value is negative, or the weights do not fit.
/// TypeError
///     If ``a`` does not hold real numbers.
///
/// Notes
/// -----
/// Where :func:`scipy.stats.hmean` gives NaN for a negative value, it is refused here.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.hmean([30, 60])  # there with 30 km/h, back with 60
/// 40.0
#[pyfunction]
#[pyo3(
    signature = (a, axis = None, *, weights = None, nan_policy = Given::Default("propagate")),
    text_signature = "(a, axis=None, *, weights=None, nan_policy='propagate')"
)]
pub(crate) fn hmean<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    weights: Option<&Bound<'py, PyAny>>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "hmean";
    let (a, policy) = (array::array(NAME, "a", a)?, policy(NAME, nan_policy)?);
    let axis = from_the_end(NAME, axis, a.view().ndim())?;
    let weights = read_weights(NAME, weights)?;
    let (view, weights) = (a.view(), weights.as_ref().map(Array::view));
    let found = runtime::run(py, view.len(), || match weights {
        None => core::hmean(view, axis, policy),
        Some(weights) => core::weighted_hmean(view, weights, axis, policy),
    })?;
    number_or_array(py, found)
}

/// Trimmed mean: the mean of what is left when the smallest and the largest values are cut off.
///
/// Parameters
/// ----------
/// a : array_like
///     The values.
/// proportiontocut : float
///     The share to cut off *at each end*, less than 0.5; of n values the whole part of ``proportiontocut``·n.
/// axis : int, optional
///     The axis to go along, which disappears from the shape; by default all values are one sample. A frame is a matrix:
///     its columns are summed up with ``axis=0``.
/// nan_policy : {"propagate", "omit", "raise"}, default "propagate"
///     Whether a missing value (NaN) makes the result NaN, is left out, or is refused.
///
/// Returns
/// -------
/// float or ndarray
///
/// Raises
/// ------
/// ValueError
///     If there are no values, or there is no such axis, or the share is not in [0, 0.5).
/// TypeError
///     If ``a`` does not hold real numbers.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.trim_mean([2, 3, 3, 4, 100], 0.2)
/// 3.3333333333333335
#[pyfunction]
#[pyo3(
    signature = (a, proportiontocut, axis = None, *, nan_policy = Given::Default("propagate")),
    text_signature = "(a, proportiontocut, axis=None, *, nan_policy='propagate')"
)]
pub(crate) fn trim_mean<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    proportiontocut: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "trim_mean";
    let (a, policy) = (array::array(NAME, "a", a)?, policy(NAME, nan_policy)?);
    let share = array::number(NAME, "proportiontocut", proportiontocut)?;
    let axis = from_the_end(NAME, axis, a.view().ndim())?;
    let view = a.view();
    number_or_array(py, runtime::run(py, view.len(), || core::trim_mean(view, share, axis, policy))?)
}

/// Median: half of the values lie on either side.
///
/// Parameters
/// ----------
/// a : array_like
///     The values.
/// axis : int, optional
///     The axis to go along, which disappears from the shape; by default all values are one sample. A frame is a matrix:
///     its columns are summed up with ``axis=0``.
/// nan_policy : {"propagate", "omit", "raise"}, default "propagate"
///     Whether a missing value (NaN) makes the result NaN, is left out, or is refused.
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
/// TypeError
///     If ``a`` does not hold real numbers.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.median([1, 10, 3, 2])
/// 2.5
#[pyfunction]
#[pyo3(
    signature = (a, axis = None, *, nan_policy = Given::Default("propagate")),
    text_signature = "(a, axis=None, *, nan_policy='propagate')"
)]
pub(crate) fn median<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "median";
    let (a, policy) = (array::array(NAME, "a", a)?, policy(NAME, nan_policy)?);
    let axis = from_the_end(NAME, axis, a.view().ndim())?;
    let view = a.view();
    number_or_array(py, runtime::run(py, view.len(), || core::median(view, axis, policy))?)
}

/// Find the most frequent values and their counts; `underhood.stats.mode` makes a ModeResult of them.
#[pyfunction]
pub(crate) fn mode_and_count<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    const NAME: &str = "mode";
    let (a, policy) = (array::array(NAME, "a", a)?, policy(NAME, nan_policy)?);
    let axis = from_the_end(NAME, axis, a.view().ndim())?;
    let view = a.view();
    let (values, counts) = runtime::run(py, view.len(), || core::mode(view, axis, policy))?;
    Ok((number_or_array(py, values)?, number_or_array(py, counts)?))
}
