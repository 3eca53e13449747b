//! Binds what says how values are shaped: moments, skewness and kurtosis.

use pyo3::prelude::*;
use underhood::Error;
use underhood::stats as core;

use super::{divisor, from_the_end, number_or_array, policy};
use crate::array;
use crate::error::Outcome;
use crate::option::{self, Given};
use crate::runtime;

/// Skewness, g₁ = m₃/m₂^(3/2) with mₖ = Σ(x − x̄)ᵏ/n: 0 for symmetric values, positive for a long tail of large ones.
///
/// Parameters
/// ----------
/// a : array_like
///     The values.
/// axis : int, optional
///     The axis to go along, which disappears from the shape; by default all values are one sample. A frame is a matrix:
///     its columns are summed up with ``axis=0``.
/// bias : bool, default True
///     Whether to give the sample's own value, as SciPy does; ``False`` corrects for the sample's size, as pandas and
///     :func:`describe` do, and needs at least three values.
/// nan_policy : {"propagate", "omit", "raise"}, default "propagate"
///     Whether a missing value (NaN) makes the result NaN, is left out, or is refused.
///
/// Returns
/// -------
/// float or ndarray
///     NaN for constant values, which have no shape, and where a value is infinite.
///
/// Raises
/// ------
/// ValueError
///     If there are no values, or there is no such axis.
/// TypeError
///     If ``a`` does not hold real numbers.
///
/// Notes
/// -----
/// Corrected: G₁ = g₁√(n(n − 1))/(n − 2). Where constant values differ by rounding only, SciPy gives NaN with a warning; here the
/// numbers are taken as they are.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> round(uh.stats.skew([1, 2, 3, 10]), 4)
/// 1.0182
/// >>> round(uh.stats.skew([1, 2, 3, 10], bias=False), 4)
/// 1.7636
#[pyfunction]
#[pyo3(
    signature = (a, axis = None, *, bias = Given::Default(true), nan_policy = Given::Default("propagate")),
    text_signature = "(a, axis=None, *, bias=True, nan_policy='propagate')"
)]
pub(crate) fn skew<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    bias: Given<'_, 'py, bool>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "skew";
    let (a, policy) = (array::array(NAME, "a", a)?, policy(NAME, nan_policy)?);
    let (axis, bias) = (from_the_end(NAME, axis, a.view().ndim())?, option::flag(NAME, "bias", bias)?);
    let view = a.view();
    number_or_array(py, runtime::run(py, view.len(), || core::skew(view, axis, bias, policy))?)
}

/// Kurtosis, g₂ = m₄/m₂² − 3 with mₖ = Σ(x − x̄)ᵏ/n: how heavy the tails are beside those of a normal distribution, which has 0.
///
/// Parameters
/// ----------
/// a : array_like
///     The values.
/// axis : int, optional
///     The axis to go along, which disappears from the shape; by default all values are one sample. A frame is a matrix:
///     its columns are summed up with ``axis=0``.
/// fisher : bool, default True
///     Whether 3 is taken off, so that a normal distribution has 0 (Fisher) and not 3 (Pearson).
/// bias : bool, default True
///     Whether to give the sample's own value, as SciPy does; ``False`` corrects for the sample's size, as pandas and
///     :func:`describe` do, and needs at least four values.
/// nan_policy : {"propagate", "omit", "raise"}, default "propagate"
///     Whether a missing value (NaN) makes the result NaN, is left out, or is refused.
///
/// Returns
/// -------
/// float or ndarray
///     NaN for constant values, which have no shape, and where a value is infinite.
///
/// Raises
/// ------
/// ValueError
///     If there are no values, or there is no such axis.
/// TypeError
///     If ``a`` does not hold real numbers.
///
/// Notes
/// -----
/// Corrected: G₂ = ((n + 1)g₂ + 6)(n − 1)/((n − 2)(n − 3)).
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> round(uh.stats.kurtosis([1, 2, 3, 10]), 4)
/// -0.7696
/// >>> round(uh.stats.kurtosis([1, 2, 3, 10], fisher=False), 4)
/// 2.2304
#[pyfunction]
#[pyo3(
    signature = (a, axis = None, *, fisher = Given::Default(true), bias = Given::Default(true),
        nan_policy = Given::Default("propagate")),
    text_signature = "(a, axis=None, *, fisher=True, bias=True, nan_policy='propagate')"
)]
pub(crate) fn kurtosis<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    fisher: Given<'_, 'py, bool>,
    bias: Given<'_, 'py, bool>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "kurtosis";
    let (a, policy) = (array::array(NAME, "a", a)?, policy(NAME, nan_policy)?);
    let (fisher, bias) = (option::flag(NAME, "fisher", fisher)?, option::flag(NAME, "bias", bias)?);
    let axis = from_the_end(NAME, axis, a.view().ndim())?;
    let view = a.view();
    let excess = runtime::run(py, view.len(), || core::kurtosis(view, axis, bias, policy))?;
    number_or_array(py, if fisher { excess } else { excess + 3.0 })
}

/// Moment of an order k about a centre c, Σ(x − c)ᵏ/n.
///
/// Parameters
/// ----------
/// a : array_like
///     The values.
/// order : int, default 1
///     The power k, at least 0.
/// axis : int, optional
///     The axis to go along, which disappears from the shape; by default all values are one sample. A frame is a matrix:
///     its columns are summed up with ``axis=0``.
/// center : float, optional
///     The number c that is taken from the values; by default their mean, so that the moment of order 2 is the variance with
///     the divisor n.
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
///     If there are no values, or there is no such axis, or the order is negative or above 2³¹ − 1.
/// TypeError
///     If ``a`` does not hold real numbers.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.moment([1, 2, 3, 10], 2)
/// 12.5
/// >>> uh.stats.moment([1, 2, 3, 10], 2, center=0)
/// 28.5
#[pyfunction]
#[pyo3(
    signature = (a, order = None, axis = None, *, center = None, nan_policy = Given::Default("propagate")),
    text_signature = "(a, order=1, axis=None, *, center=None, nan_policy='propagate')"
)]
pub(crate) fn moment<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    order: Option<&Bound<'py, PyAny>>,
    axis: Option<&Bound<'py, PyAny>>,
    center: Option<&Bound<'py, PyAny>>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "moment";
    let (a, policy) = (array::array(NAME, "a", a)?, policy(NAME, nan_policy)?);
    let order = order.map_or(Ok(1), |order| array::whole(NAME, "order", order))?;
    let order = u32::try_from(order).map_err(|_| {
        let expected = "at most 2³¹ − 1".into();
        Error::OutOfRange { function: NAME, argument: "order", value: order as f64, expected }
    })?;
    let (axis, centre) = (from_the_end(NAME, axis, a.view().ndim())?, option::optional_number(NAME, "center", center)?);
    let view = a.view();
    number_or_array(py, runtime::run(py, view.len(), || core::moment(view, order, axis, centre, policy))?)
}

/// Find mean, variance, skewness and kurtosis in one pass; `underhood.stats.moments` makes a MomentsResult of them.
#[pyfunction]
pub(crate) fn four_moments<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    ddof: Option<&Bound<'py, PyAny>>,
    bias: Given<'_, 'py, bool>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<[Bound<'py, PyAny>; 4]> {
    const NAME: &str = "moments";
    let (a, ddof, policy) = (array::array(NAME, "a", a)?, divisor(NAME, ddof)?, policy(NAME, nan_policy)?);
    let (axis, bias) = (from_the_end(NAME, axis, a.view().ndim())?, option::flag(NAME, "bias", bias)?);
    let view = a.view();
    let found = runtime::run(py, view.len(), || core::moments(view, axis, ddof, bias, policy))?;
    let four = |i| number_or_array(py, found.index_axis(numpy::ndarray::Axis(0), i).to_owned());
    Ok([four(0)?, four(1)?, four(2)?, four(3)?])
}
