//! Binds ranks, and the tests that rest on them.

use numpy::ndarray::{ArrayD, ArrayView1, Axis};
use numpy::{IntoPyArray, PyArray1, PyArrayDyn};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use underhood::stats as core;
use underhood::stats::{Alternative, Cutoff, NullMethod, PairGaps, RankMethod, ZeroMethod};
use underhood::{Error, check};

use super::{from_the_end, whole_numbers};
use crate::array::{self, Vector};
use crate::error::Outcome;
use crate::option::{self, Given};
use crate::runtime;

/// Ranks, 1 for the smallest value.
///
/// Parameters
/// ----------
/// a : array_like
///     The values; infinities have a rank, NaN has none.
/// method : {"average", "min", "max", "dense", "ordinal"}
///     What tied values share: the mean of their places, the first, the last; with "dense" the next value has the next
///     rank; with "ordinal" they share nothing, and have their places in the order in which they stand.
/// axis : int, optional
///     The axis to rank along; by default all values are ranked together, and the result is a vector.
/// nan_policy : {"propagate", "omit", "raise"}
///     Whether a NaN makes all ranks beside it NaN, has the rank NaN itself while the others are ranked among
///     themselves, or is an error.
///
/// Returns
/// -------
/// ndarray
///     Of the shape of ``a``, or a vector.
///
/// Raises
/// ------
/// ValueError
///     If ``method`` or ``nan_policy`` is unknown, or there is no such axis.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.rankdata([30, 10, 20, 20])
/// array([4. , 1. , 2.5, 2.5])
/// >>> uh.stats.rankdata([30, 10, 20, 20], method="dense")
/// array([3., 1., 2., 2.])
#[pyfunction]
#[pyo3(
    signature = (a, method = Given::Default("average"), *, axis = None, nan_policy = Given::Default("propagate")),
    text_signature = "(a, method='average', *, axis=None, nan_policy='propagate')"
)]
fn rankdata<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    method: Given<'_, 'py, &'static str>,
    axis: Option<&Bound<'py, PyAny>>,
    nan_policy: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    const NAME: &str = "rankdata";
    let a = array::array(NAME, "a", a)?;
    let view = a.view();
    let axis = from_the_end(NAME, axis, view.ndim())?;
    let method = RankMethod::named(&option::name(NAME, "method", method)?)?;
    let gaps = PairGaps::named(NAME, &option::name(NAME, "nan_policy", nan_policy)?)?;
    let found = runtime::run(py, view.len(), || -> underhood::Result<ArrayD<f64>> {
        if gaps == PairGaps::Refuse
            && let Some((index, &value)) = view.indexed_iter().find(|(_, v)| v.is_nan())
        {
            let index = numpy::ndarray::Dimension::slice(&index).to_vec();
            return Err(Error::NotFinite { function: NAME, argument: "a", value, index });
        }
        let mut ranks = core::rankdata_along(view.clone(), axis, method)?;
        if gaps == PairGaps::Propagate {
            let along = if ranks.ndim() == 1 { 0 } else { axis.unwrap_or(0) };
            for mut lane in ranks.lanes_mut(Axis(along)) {
                if lane.iter().any(|rank| rank.is_nan()) {
                    lane.fill(f64::NAN);
                }
            }
        }
        Ok(ranks)
    })?;
    Ok(found.into_pyarray(py))
}

/// The rank-sum test; `underhood.stats.mannwhitneyu` makes a MannWhitneyResult of the numbers.
#[pyfunction]
fn mannwhitneyu<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    use_continuity: bool,
    alternative: &str,
    method: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "mannwhitneyu";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    level(NAME, confidence_level)?;
    let (alternative, method) = (Alternative::named(NAME, alternative)?, NullMethod::named(NAME, method)?);
    let (x, y) = (x.view(), y.view());
    let found = runtime::run(py, work(method, x.len() + y.len()), || {
        core::mannwhitneyu(x, y, use_continuity, alternative, method)
    })?;
    Ok((
        found.statistic,
        found.p_value,
        found.effect_size,
        found.probability,
        (x.len(), y.len()),
        found.tied,
        found.exact,
        x.to_owned().into_pyarray(py),
        y.to_owned().into_pyarray(py),
    )
        .into_pyobject(py)?)
}

/// Hodges and Lehmann's shift of two samples with its interval, for a MannWhitneyResult that is asked for it.
#[pyfunction]
fn shift<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "mannwhitneyu";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    let (level, alternative) = (level(NAME, confidence_level)?, Alternative::named(NAME, alternative)?);
    let (x, y) = (x.view(), y.view());
    let found = runtime::run(py, x.len() + y.len(), || core::shift(x, y, alternative, level))?;
    Ok((found.estimate, found.confidence_interval).into_pyobject(py)?)
}

/// The signed-rank test; `underhood.stats.wilcoxon` makes a WilcoxonResult of the numbers.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as Python's function has")]
fn wilcoxon<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: Option<&Bound<'py, PyAny>>,
    zero_method: &str,
    correction: bool,
    alternative: &str,
    method: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "wilcoxon";
    let x = array::vector(NAME, "x", x)?;
    let y = y.map(|y| array::vector(NAME, "y", y)).transpose()?;
    level(NAME, confidence_level)?;
    let zeros = ZeroMethod::named(zero_method)?;
    let (alternative, method) = (Alternative::named(NAME, alternative)?, NullMethod::named(NAME, method)?);
    let differences = differences(&x, y.as_ref())?;
    let view = ArrayView1::from(&differences);
    let found =
        runtime::run(py, work(method, view.len()), || core::wilcoxon(view, zeros, correction, alternative, method))?;
    Ok((
        found.statistic,
        found.p_value,
        found.effect_size,
        found.rank_sums,
        found.n,
        found.zeros,
        found.tied,
        found.exact,
        PyArray1::from_vec(py, differences),
    )
        .into_pyobject(py)?)
}

/// The median of the means of all pairs of differences with its interval, for a WilcoxonResult that is asked for it.
#[pyfunction]
fn paired_shift<'py>(
    py: Python<'py>,
    differences: &Bound<'py, PyAny>,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "wilcoxon";
    let x = array::vector(NAME, "x", differences)?;
    let (level, alternative) = (level(NAME, confidence_level)?, Alternative::named(NAME, alternative)?);
    let view = x.view();
    let found = runtime::run(py, view.len(), || core::paired_shift(view, alternative, level))?;
    Ok((found.estimate, found.confidence_interval).into_pyobject(py)?)
}

/// x − y, or x itself.
fn differences(x: &Vector<'_>, y: Option<&Vector<'_>>) -> Outcome<Vec<f64>> {
    const NAME: &str = "wilcoxon";
    let x = x.view();
    let Some(y) = y else { return Ok(x.to_vec()) };
    let y = y.view();
    check::same_length(NAME, ("y", y.len()), ("x", x.shape()))?;
    check::finite_vector(NAME, "x", x)?;
    check::finite_vector(NAME, "y", y)?;
    Ok(x.iter().zip(y).map(|(x, y)| x - y).collect())
}

/// A level that an interval may be asked for later.
fn level(function: &'static str, confidence_level: &Bound<'_, PyAny>) -> Outcome<f64> {
    let level = array::number(function, "confidence_level", confidence_level)?;
    check::in_range(function, "confidence_level", level, level > 0.0 && level < 1.0, "between 0 and 1")?;
    Ok(level)
}

/// The test of several samples; `underhood.stats.kruskal` makes a KruskalResult of the numbers.
#[pyfunction]
fn kruskal<'py>(py: Python<'py>, samples: Vec<Bound<'py, PyAny>>, method: &str) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "kruskal";
    let samples = vectors(NAME, &samples)?;
    let method = NullMethod::named(NAME, method)?;
    let views: Vec<ArrayView1<'_, f64>> = samples.iter().map(Vector::view).collect();
    let numbers = views.iter().map(|view| view.len()).sum();
    let found = runtime::run(py, work(method, numbers), || core::kruskal(&views, method))?;
    Ok((
        found.statistic,
        found.p_value,
        found.df,
        found.effect_size,
        PyArray1::from_vec(py, found.mean_ranks),
        whole_numbers(py, found.n.into_iter()),
        found.tied,
        found.exact,
    )
        .into_pyobject(py)?)
}

/// The test of several treatments; `underhood.stats.friedman` makes a FriedmanResult of the numbers.
#[pyfunction]
fn friedman<'py>(py: Python<'py>, samples: Vec<Bound<'py, PyAny>>, method: &str) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "friedman";
    let samples = vectors(NAME, &samples)?;
    let method = NullMethod::named(NAME, method)?;
    let views: Vec<ArrayView1<'_, f64>> = samples.iter().map(Vector::view).collect();
    let numbers = views.iter().map(|view| view.len()).sum();
    let found = runtime::run(py, work(method, numbers), || core::friedman(&views, method))?;
    Ok((
        found.statistic,
        found.p_value,
        found.df,
        found.effect_size,
        PyArray1::from_vec(py, found.mean_ranks),
        found.n,
        found.tied,
        found.exact,
    )
        .into_pyobject(py)?)
}

/// How much there is to do: counting takes long however few values there are.
fn work(method: NullMethod, numbers: usize) -> usize {
    if method == NullMethod::Exact { usize::MAX } else { numbers }
}

fn vectors<'py>(function: &'static str, samples: &[Bound<'py, PyAny>]) -> Outcome<Vec<Vector<'py>>> {
    samples.iter().map(|sample| array::vector(function, "samples", sample)).collect()
}

/// The runs test; `underhood.stats.runs_test` makes a RunsResult of the numbers.
#[pyfunction]
fn runs_test<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    cutoff: &Bound<'py, PyAny>,
    alternative: &str,
    method: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "runs_test";
    let x = array::vector(NAME, "x", x)?;
    let cutoff = match cutoff.cast::<PyString>() {
        Ok(name) => match name.to_cow()?.as_ref() {
            "median" => Cutoff::Median,
            "mean" => Cutoff::Mean,
            other => {
                let problem = format!("is {other:?}, but must be \"median\", \"mean\" or a number");
                return Err(Error::Invalid { function: NAME, argument: "cutoff", problem }.into());
            }
        },
        Err(_) => Cutoff::At(array::number(NAME, "cutoff", cutoff)?),
    };
    let (alternative, method) = (Alternative::named(NAME, alternative)?, NullMethod::named(NAME, method)?);
    let view = x.view();
    let found = runtime::run(py, work(method, view.len()), || core::runs_test(view, cutoff, alternative, method))?;
    Ok((
        found.statistic,
        found.p_value,
        found.runs,
        found.expected,
        found.above,
        found.below,
        found.equal,
        found.cutoff,
        found.exact,
    )
        .into_pyobject(py)?)
}

/// Ranks.
#[pymodule]
pub(crate) mod ranks {
    #[pymodule_export]
    use super::{friedman, kruskal, mannwhitneyu, paired_shift, rankdata, runs_test, shift, wilcoxon};
}
