//! Binds `underhood::stats`.

use numpy::ndarray::{ArrayD, ArrayView1, ArrayView2, ArrayViewD, Axis, IxDyn};
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyTuple};
use underhood::Error;
use underhood::stats as core;
use underhood::stats::{Alternative, Correlation, CorrelationMethod, QuantileMethod, Summary, TTest};

use crate::array::{self, Array, Vector};
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

/// Matrix of covariances Σ(xᵢ − x̄)(yᵢ − ȳ)/(n − ddof) of all pairs of columns.
///
/// Parameters
/// ----------
/// x : array_like, shape (n,) or (n, p)
///     The variables, one a column; ``np.cov`` has them in rows unless ``rowvar=False``.
/// y : array_like, shape (n,) or (n, k), optional
///     More variables, which come after those of ``x``.
/// ddof : int, default 1
///     What is taken from n in the divisor.
///
/// Returns
/// -------
/// ndarray, shape (p + k, p + k)
///     Exactly symmetric, with the variances on the diagonal; of one vector of shape (1, 1).
///
/// Raises
/// ------
/// ValueError
///     If a value is missing or infinite, the numbers of rows differ, or there are not more rows than ``ddof``.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.cov([[1, 2], [2, 6], [3, 4]])
/// array([[1., 1.],
///        [1., 4.]])
/// >>> uh.stats.cov([1, 2, 3], [2, 6, 4])
/// array([[1., 1.],
///        [1., 4.]])
#[pyfunction]
#[pyo3(signature = (x, y = None, *, ddof = None), text_signature = "(x, y=None, *, ddof=1)")]
fn cov<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: Option<&Bound<'py, PyAny>>,
    ddof: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let ddof = divisor("cov", ddof)?;
    let x = array::array("cov", "x", x)?;
    let y = y.map(|y| array::array("cov", "y", y)).transpose()?;
    let (x, y) = (columns("cov", "x", &x)?, y.as_ref().map(|y| columns("cov", "y", y)).transpose()?);
    Ok(runtime::run(py, x.len(), || core::cov(x, y, ddof))?.into_pyarray(py))
}

/// Matrix of correlations of all pairs of columns, between −1 and 1.
///
/// Parameters
/// ----------
/// x : array_like, shape (n,) or (n, p)
///     The variables, one a column; ``np.corrcoef`` has them in rows unless ``rowvar=False``.
/// y : array_like, shape (n,) or (n, k), optional
///     More variables, which come after those of ``x``.
/// method : {"pearson", "spearman"}
///     Pearson's r measures how closely the points follow a straight line; Spearman's ρ, which is r of the ranks, how
///     closely they follow any rising or falling curve.
///
/// Returns
/// -------
/// ndarray, shape (p + k, p + k)
///     Exactly symmetric, with ones on the diagonal.
///
/// Raises
/// ------
/// ValueError
///     If a value is missing or infinite, a column is constant (it is correlated with nothing), the numbers of rows differ, or
///     there is one row only.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.corr([1, 2, 3, 4], [1, 8, 27, 64], method="spearman")
/// array([[1., 1.],
///        [1., 1.]])
#[pyfunction]
#[pyo3(signature = (x, y = None, *, method = "pearson"))]
fn corr<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: Option<&Bound<'py, PyAny>>,
    method: &str,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let x = array::array("corr", "x", x)?;
    let y = y.map(|y| array::array("corr", "y", y)).transpose()?;
    let (x, y) = (columns("corr", "x", &x)?, y.as_ref().map(|y| columns("corr", "y", y)).transpose()?);
    let method = CorrelationMethod::named(method)?;
    Ok(runtime::run(py, x.len(), || core::corr(x, y, method))?.into_pyarray(py))
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

/// Student's t test of one sample; `underhood.stats.ttest_1samp` makes a TTestResult of the numbers.
#[pyfunction]
fn ttest_1samp<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    popmean: &Bound<'py, PyAny>,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "ttest_1samp";
    let a = array::vector(NAME, "a", a)?;
    let popmean = array::number(NAME, "popmean", popmean)?;
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (a, alternative) = (a.view(), Alternative::named(NAME, alternative)?);
    t_test(py, runtime::run(py, a.len(), || core::ttest_1samp(a, popmean, alternative, level))?)
}

/// Student's or Welch's t test of two samples; `underhood.stats.ttest_ind` makes a TTestResult of the numbers.
#[pyfunction]
fn ttest_ind<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    equal_var: bool,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "ttest_ind";
    let (a, b) = (array::vector(NAME, "a", a)?, array::vector(NAME, "b", b)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (a, b, alternative) = (a.view(), b.view(), Alternative::named(NAME, alternative)?);
    t_test(py, runtime::run(py, a.len() + b.len(), || core::ttest_ind(a, b, equal_var, alternative, level))?)
}

/// Student's t test of paired samples; `underhood.stats.ttest_rel` makes a TTestResult of the numbers.
#[pyfunction]
fn ttest_rel<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "ttest_rel";
    let (a, b) = (array::vector(NAME, "a", a)?, array::vector(NAME, "b", b)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (a, b, alternative) = (a.view(), b.view(), Alternative::named(NAME, alternative)?);
    t_test(py, runtime::run(py, a.len(), || core::ttest_rel(a, b, alternative, level))?)
}

/// Pearson's r; `underhood.stats.pearsonr` makes a CorrelationResult of the numbers.
#[pyfunction]
fn pearsonr<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "pearsonr";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (x, y, alternative) = (x.view(), y.view(), Alternative::named(NAME, alternative)?);
    correlation(py, runtime::run(py, x.len(), || core::pearsonr(x, y, alternative, level))?)
}

/// Spearman's ρ; `underhood.stats.spearmanr` makes a CorrelationResult of the numbers.
#[pyfunction]
fn spearmanr<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    alternative: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "spearmanr";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    let (x, y, alternative) = (x.view(), y.view(), Alternative::named(NAME, alternative)?);
    correlation(py, runtime::run(py, x.len(), || core::spearmanr(x, y, alternative))?)
}

/// One-way analysis of variance; `underhood.stats.f_oneway` makes an AnovaResult of the numbers.
#[pyfunction]
fn f_oneway<'py>(py: Python<'py>, groups: Vec<Bound<'py, PyAny>>, equal_var: bool) -> Outcome<Bound<'py, PyTuple>> {
    let groups: Vec<Vector<'py>> =
        groups.iter().map(|group| array::vector("f_oneway", "groups", group)).collect::<Outcome<_>>()?;
    let views: Vec<ArrayView1<'_, f64>> = groups.iter().map(Vector::view).collect();
    let numbers = views.iter().map(|view| view.len()).sum();
    let found = runtime::run(py, numbers, || core::f_oneway(&views, equal_var))?;
    Ok((
        found.statistic,
        found.p_value,
        found.df_between,
        found.df_within,
        found.eta_squared,
        found.omega_squared,
        PyArray1::from_vec(py, found.means),
        whole_numbers(py, found.n.into_iter()),
        found.sum_of_squares_between,
        found.sum_of_squares_within,
    )
        .into_pyobject(py)?)
}

/// Chi-square test of independence; `underhood.stats.chi2_contingency` makes a ContingencyResult of the numbers.
#[pyfunction]
fn chi2_contingency<'py>(
    py: Python<'py>,
    observed: &Bound<'py, PyAny>,
    correction: bool,
) -> Outcome<Bound<'py, PyTuple>> {
    let observed = array::matrix("chi2_contingency", "observed", observed)?;
    let observed = observed.view();
    let found = runtime::run(py, observed.len(), || core::chi2_contingency(observed, correction))?;
    Ok((
        found.statistic,
        found.p_value,
        found.dof,
        found.expected.into_pyarray(py),
        found.cramers_v,
        found.total,
        found.corrected,
    )
        .into_pyobject(py)?)
}

fn t_test(py: Python<'_>, test: TTest) -> Outcome<Bound<'_, PyTuple>> {
    Ok((
        test.statistic,
        test.p_value,
        test.df,
        test.estimate,
        test.standard_error,
        test.confidence_interval,
        test.effect_size,
        test.hedges_g,
        test.means,
        test.n,
    )
        .into_pyobject(py)?)
}

fn correlation(py: Python<'_>, found: Correlation) -> Outcome<Bound<'_, PyTuple>> {
    Ok((found.statistic, found.p_value, found.df, found.n, found.confidence_interval).into_pyobject(py)?)
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

fn whole_numbers<'py>(py: Python<'py>, numbers: impl ExactSizeIterator<Item = usize>) -> Bound<'py, PyArray1<i64>> {
    PyArray1::from_iter(py, numbers.map(|n| n as i64))
}

/// A matrix as it is, a vector as a matrix of one column.
fn columns<'a>(function: &'static str, argument: &'static str, array: &'a Array<'_>) -> Outcome<ArrayView2<'a, f64>> {
    let view: ArrayViewD<'a, f64> = array.view();
    let shape = view.shape().to_vec();
    let matrix = if view.ndim() == 1 { view.insert_axis(Axis(1)) } else { view };
    matrix.into_dimensionality().map_err(|_| {
        let expected = "a vector or a matrix with one variable a column is needed".into();
        Error::Shape { function, argument, shape, expected }.into()
    })
}

/// What is taken from n in a divisor, 1 unless the caller says otherwise.
fn divisor(function: &'static str, ddof: Option<&Bound<'_, PyAny>>) -> Outcome<usize> {
    ddof.map_or(Ok(1), |ddof| array::whole(function, "ddof", ddof))
}

/// An axis counted from the front; Python counts negative ones from the end.
fn from_the_end(function: &'static str, axis: Option<&Bound<'_, PyAny>>, axes: usize) -> Outcome<Option<usize>> {
    let Some(axis) = axis.map(|axis| array::integer(function, "axis", axis)).transpose()? else { return Ok(None) };
    let counted = if axis < 0 { axis.saturating_add_unsigned(axes as u64) } else { axis };
    usize::try_from(counted).map(Some).map_err(|_| {
        let expected = format!("at least -{axes}, since a has {axes} axes");
        Error::OutOfRange { function, argument: "axis", value: axis as f64, expected }.into()
    })
}

fn number_or_array(py: Python<'_>, found: ArrayD<f64>) -> Outcome<Bound<'_, PyAny>> {
    match (found.ndim(), found.first()) {
        (0, Some(&number)) => Ok(PyFloat::new(py, number).into_any()),
        _ => Ok(found.into_pyarray(py).into_any()),
    }
}

/// Statistics: describing, correlating, testing.
#[pymodule]
pub(crate) mod stats {
    #[pymodule_export]
    use super::{
        chi2_contingency, corr, cov, describe_columns, describe_matrix, f_oneway, mean, median, pearsonr, quantile,
        rankdata, spearmanr, std, ttest_1samp, ttest_ind, ttest_rel, var,
    };
}
