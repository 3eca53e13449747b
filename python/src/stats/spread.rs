//! Binds what says how values spread, and quantiles.

use numpy::IntoPyArray;
use numpy::ndarray::IxDyn;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyList, PyString};
use underhood::stats as core;
use underhood::stats::{NORMAL_MAD, QuantileMethod};
use underhood::{Error, check};

use super::{divisor, from_the_end, number_or_array, policy};
use crate::array;
use crate::error::Outcome;
use crate::option::{self, Given};
use crate::runtime;

/// Variance of a sample, Σ(x − x̄)²/(n − ddof).
///
/// Parameters
/// ----------
/// a : array_like
///     The values.
/// axis : int, optional
///     The axis to go along, which disappears from the shape; by default all values are one sample. A frame is a matrix:
///     its columns are summed up with ``axis=0``.
/// ddof : int, default 1
///     What is taken from n in the divisor. NumPy's default is 0, that of a whole population; pandas', R's and ours is 1.
/// nan_policy : {"propagate", "omit", "raise"}, default "propagate"
///     Whether a missing value (NaN) makes the result NaN, is left out, or is refused.
///
/// Returns
/// -------
/// float or ndarray
///     NaN where n ≤ ddof and where a value is infinite; infinite where the true value is beyond the largest double.
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
#[pyo3(
    signature = (a, axis = None, *, ddof = None, nan_policy = Given::Default("propagate")),
    text_signature = "(a, axis=None, *, ddof=1, nan_policy='propagate')"
)]
pub(crate) fn var<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    ddof: Option<&Bound<'py, PyAny>>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "var";
    let (a, ddof, policy) = (array::array(NAME, "a", a)?, divisor(NAME, ddof)?, policy(NAME, nan_policy)?);
    let axis = from_the_end(NAME, axis, a.view().ndim())?;
    let view = a.view();
    number_or_array(py, runtime::run(py, view.len(), || core::var(view, axis, ddof, policy))?)
}

/// Standard deviation of a sample, √(Σ(x − x̄)²/(n − ddof)), in the unit of the values.
///
/// Parameters
/// ----------
/// a : array_like
///     The values.
/// axis : int, optional
///     The axis to go along, which disappears from the shape; by default all values are one sample. A frame is a matrix:
///     its columns are summed up with ``axis=0``.
/// ddof : int, default 1
///     What is taken from n in the divisor. NumPy's default is 0, that of a whole population; pandas', R's and ours is 1.
/// nan_policy : {"propagate", "omit", "raise"}, default "propagate"
///     Whether a missing value (NaN) makes the result NaN, is left out, or is refused.
///
/// Returns
/// -------
/// float or ndarray
///     NaN where n ≤ ddof and where a value is infinite.
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
/// >>> uh.stats.std([1, 3, 5])
/// 2.0
#[pyfunction]
#[pyo3(
    signature = (a, axis = None, *, ddof = None, nan_policy = Given::Default("propagate")),
    text_signature = "(a, axis=None, *, ddof=1, nan_policy='propagate')"
)]
pub(crate) fn std<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    ddof: Option<&Bound<'py, PyAny>>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "std";
    let (a, ddof, policy) = (array::array(NAME, "a", a)?, divisor(NAME, ddof)?, policy(NAME, nan_policy)?);
    let axis = from_the_end(NAME, axis, a.view().ndim())?;
    let view = a.view();
    number_or_array(py, runtime::run(py, view.len(), || core::std(view, axis, ddof, policy))?)
}

/// Probabilities and their shape. Numbers and lists of them are the rule, and NumPy takes longer to read them than the core to answer.
fn read_probabilities(q: &Bound<'_, PyAny>) -> Outcome<(Vec<f64>, Vec<usize>)> {
    if let Ok(number) = q.cast_exact::<PyFloat>() {
        return Ok((vec![number.value()], Vec::new()));
    }
    if let Ok(list) = q.cast_exact::<PyList>()
        && let Ok(numbers) =
            list.iter().map(|item| item.cast_exact::<PyFloat>().map(|number| number.value()).map_err(drop)).collect()
    {
        let shape = vec![list.len()];
        return Ok((numbers, shape));
    }
    let q = array::array("quantile", "q", q)?;
    Ok((q.view().iter().copied().collect(), q.shape().to_vec()))
}

/// Quantiles: the values below which a share q of the sample lies.
///
/// Parameters
/// ----------
/// a : array_like
///     The values.
/// q : float or array_like
///     Probabilities, between 0 and 1.
/// axis : int, optional
///     The axis to take quantiles along; by default those of all values.
/// method : str, default "linear"
///     One of NumPy's: the nine definitions of Hyndman and Fan (1996) in their order, ``"inverted_cdf"``,
///     ``"averaged_inverted_cdf"``, ``"closest_observation"``, ``"interpolated_inverted_cdf"``, ``"hazen"``, ``"weibull"``,
///     ``"linear"``, ``"median_unbiased"``, ``"normal_unbiased"``; or ``"lower"``, ``"higher"``, ``"midpoint"``, ``"nearest"``,
///     which choose among the neighbours of place (n − 1)q.
/// nan_policy : {"propagate", "omit", "raise"}, default "propagate"
///     Whether a missing value (NaN) makes the result NaN, is left out, or is refused.
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
#[pyo3(
    signature = (a, q, *, axis = None, method = Given::Default("linear"), nan_policy = Given::Default("propagate")),
    text_signature = "(a, q, *, axis=None, method='linear', nan_policy='propagate')"
)]
pub(crate) fn quantile<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    q: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    method: Given<'_, 'py, &'static str>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    let a = array::array("quantile", "a", a)?;
    let (probabilities, q_shape) = read_probabilities(q)?;
    let axis = from_the_end("quantile", axis, a.view().ndim())?;
    let method = QuantileMethod::named("quantile", &option::name("quantile", "method", method)?)?;
    let policy = policy("quantile", nan_policy)?;
    let view = a.view();
    let found = runtime::run(py, view.len(), || core::quantile_along(view, &probabilities, axis, method, policy))?;
    let shape = [q_shape.as_slice(), &found.shape()[1..]].concat();
    let count = found.len();
    let found = found.into_shape_with_order(IxDyn(&shape)).map_err(|_| Error::Shape {
        function: "quantile",
        argument: "q",
        shape,
        expected: format!("{count} quantiles were found"),
    })?;
    number_or_array(py, found)
}

/// Reads what a spread is divided by: a number, or "normal" for the one that makes it estimate a normal distribution's standard
/// deviation.
fn scale(function: &'static str, given: Given<'_, '_, f64>, normal: f64) -> Outcome<f64> {
    if let Given::Value(value) = &given
        && let Ok(name) = value.cast::<PyString>()
    {
        let name = name.to_cow()?;
        if name == "normal" {
            return Ok(normal);
        }
        let allowed = &["normal"];
        return Err(Error::UnknownName { function, argument: "scale", value: name.into_owned(), allowed }.into());
    }
    let scale = option::number(function, "scale", given)?;
    check::in_range(function, "scale", scale, scale > 0.0 && scale.is_finite(), "positive, or \"normal\"")?;
    Ok(scale)
}

/// Interquartile range: from the lower to the upper quartile, the width of the middle half of the values.
///
/// Parameters
/// ----------
/// a : array_like
///     The values.
/// axis : int, optional
///     The axis to go along, which disappears from the shape; by default all values are one sample. A frame is a matrix:
///     its columns are summed up with ``axis=0``.
/// rng : (float, float), default (25, 75)
///     The two quantiles, in percent.
/// scale : float or "normal", default 1.0
///     What the result is divided by; ``"normal"`` makes it an estimate of the standard deviation of normal data (1.349).
/// method : str, default "linear"
///     As of :func:`quantile`. SciPy calls it ``interpolation``.
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
///     If there are no values, or there is no such axis, a percentage is outside [0, 100], or there is no such method.
/// TypeError
///     If ``a`` does not hold real numbers.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.iqr([1, 2, 3, 10])
/// 3.0
#[pyfunction]
#[pyo3(
    signature = (a, axis = None, *, rng = None, scale = Given::Default(1.0), method = Given::Default("linear"),
        nan_policy = Given::Default("propagate")),
    text_signature = "(a, axis=None, *, rng=(25, 75), scale=1.0, method='linear', nan_policy='propagate')"
)]
pub(crate) fn iqr<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    rng: Option<&Bound<'py, PyAny>>,
    scale: Given<'_, 'py, f64>,
    method: Given<'_, 'py, &'static str>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "iqr";
    let (a, policy) = (array::array(NAME, "a", a)?, policy(NAME, nan_policy)?);
    let axis = from_the_end(NAME, axis, a.view().ndim())?;
    let scale = self::scale(NAME, scale, 2.0 * NORMAL_MAD)?;
    let method = QuantileMethod::named(NAME, &option::name(NAME, "method", method)?)?;
    let range = match rng {
        None => (0.25, 0.75),
        Some(rng) => {
            let percent = array::vector(NAME, "rng", rng)?;
            let percent = percent.view();
            if percent.len() != 2 {
                let (shape, expected) = (vec![percent.len()], "two percentages are needed".into());
                return Err(Error::Shape { function: NAME, argument: "rng", shape, expected }.into());
            }
            for &share in percent {
                check::in_range(NAME, "rng", share, (0.0..=100.0).contains(&share), "between 0 and 100")?;
            }
            (percent[0] / 100.0, percent[1] / 100.0)
        }
    };
    let view = a.view();
    let found = runtime::run(py, view.len(), || core::iqr(view, axis, range, method, policy))?;
    number_or_array(py, found / scale)
}

/// Median absolute deviation: the median of the distances from the median, which outliers can hardly move.
///
/// Parameters
/// ----------
/// a : array_like
///     The values.
/// axis : int, optional
///     The axis to go along, which disappears from the shape; by default all values are one sample. A frame is a matrix:
///     its columns are summed up with ``axis=0``.
/// scale : float or "normal", default 1.0
///     What the result is divided by; ``"normal"`` makes it an estimate of the standard deviation of normal data (0.6745).
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
///     If there are no values, or there is no such axis, or the scale is not positive.
/// TypeError
///     If ``a`` does not hold real numbers.
///
/// Notes
/// -----
/// SciPy calls it ``median_abs_deviation``. The *mean* absolute deviation, which some call by the same letters, is another thing.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.mad([1, 2, 3, 4, 100])
/// 1.0
/// >>> round(uh.stats.mad([1, 2, 3, 4, 100], scale="normal"), 4)
/// 1.4826
#[pyfunction]
#[pyo3(
    signature = (a, axis = None, *, scale = Given::Default(1.0), nan_policy = Given::Default("propagate")),
    text_signature = "(a, axis=None, *, scale=1.0, nan_policy='propagate')"
)]
pub(crate) fn mad<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    scale: Given<'_, 'py, f64>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "mad";
    let (a, policy) = (array::array(NAME, "a", a)?, policy(NAME, nan_policy)?);
    let axis = from_the_end(NAME, axis, a.view().ndim())?;
    let scale = self::scale(NAME, scale, NORMAL_MAD)?;
    let view = a.view();
    let found = runtime::run(py, view.len(), || core::mad(view, axis, policy))?;
    number_or_array(py, found / scale)
}

/// Standard scores, z = (x − x̄)/s: how many standard deviations each value lies from the mean.
///
/// Parameters
/// ----------
/// a : array_like
///     The values.
/// axis : int, optional
///     The axis along which values are compared; by default all of them. The columns of a table: ``axis=0``.
/// ddof : int, default 0
///     What is taken from n in the divisor of s², as SciPy's.
/// nan_policy : {"propagate", "omit", "raise"}, default "propagate"
///     Whether a missing value (NaN) makes all scores along the axis NaN, only its own, or is refused.
///
/// Returns
/// -------
/// ndarray
///     In the shape of ``a``. NaN for constant values, which have no spread to measure by, and beside an infinite one.
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
/// >>> uh.stats.zscore([1, 3, 5])
/// array([-1.22474487,  0.        ,  1.22474487])
#[pyfunction]
#[pyo3(
    signature = (a, axis = None, ddof = None, *, nan_policy = Given::Default("propagate")),
    text_signature = "(a, axis=None, ddof=0, *, nan_policy='propagate')"
)]
pub(crate) fn zscore<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    axis: Option<&Bound<'py, PyAny>>,
    ddof: Option<&Bound<'py, PyAny>>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "zscore";
    let (a, policy) = (array::array(NAME, "a", a)?, policy(NAME, nan_policy)?);
    let ddof = ddof.map_or(Ok(0), |ddof| array::whole(NAME, "ddof", ddof))?;
    let axis = from_the_end(NAME, axis, a.view().ndim())?;
    let view = a.view();
    Ok(runtime::run(py, view.len(), || core::zscore(view, axis, ddof, policy))?.into_pyarray(py).into_any())
}
