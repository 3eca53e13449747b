//! Binds the tests of means and of variances, and the corrections for many tests.

use numpy::ndarray::ArrayView1;
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use underhood::stats as core;
use underhood::stats::{Alternative, Center, Correction, Sigma, SumsOfSquares, TTest};

use super::whole_numbers;
use crate::array::{self, Vector};
use crate::error::{Failure, Outcome};
use crate::option::{self, Given};
use crate::runtime;

/// Student's t test of one sample; `underhood.stats.ttest_1samp` makes a TTestResult of the numbers.
#[pyfunction]
fn ttest_1samp<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    popmean: &Bound<'py, PyAny>,
    alternative: Given<'_, 'py, &'static str>,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "ttest_1samp";
    let a = array::vector(NAME, "a", a)?;
    let popmean = array::number(NAME, "popmean", popmean)?;
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (a, alternative) = (a.view(), side(NAME, alternative)?);
    t_test(py, runtime::run(py, a.len(), || core::ttest_1samp(a, popmean, alternative, level))?)
}

/// Student's or Welch's t test of two samples; `underhood.stats.ttest_ind` makes a TTestResult of the numbers.
#[pyfunction]
fn ttest_ind<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    equal_var: Given<'_, 'py, bool>,
    alternative: Given<'_, 'py, &'static str>,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "ttest_ind";
    let (a, b) = (array::vector(NAME, "a", a)?, array::vector(NAME, "b", b)?);
    let equal_var = option::flag(NAME, "equal_var", equal_var)?;
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (a, b, alternative) = (a.view(), b.view(), side(NAME, alternative)?);
    t_test(py, runtime::run(py, a.len() + b.len(), || core::ttest_ind(a, b, equal_var, alternative, level))?)
}

/// Student's t test of paired samples; `underhood.stats.ttest_rel` makes a TTestResult of the numbers.
#[pyfunction]
fn ttest_rel<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    alternative: Given<'_, 'py, &'static str>,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "ttest_rel";
    let (a, b) = (array::vector(NAME, "a", a)?, array::vector(NAME, "b", b)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (a, b, alternative) = (a.view(), b.view(), side(NAME, alternative)?);
    t_test(py, runtime::run(py, a.len(), || core::ttest_rel(a, b, alternative, level))?)
}

/// The z test of one mean or of two; `underhood.stats.ztest` makes a ZTestResult of the numbers. `sigma` is None, a number or a pair.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as Python's function has")]
fn ztest<'py>(
    py: Python<'py>,
    x1: &Bound<'py, PyAny>,
    x2: Option<&Bound<'py, PyAny>>,
    value: &Bound<'py, PyAny>,
    sigma: Option<&Bound<'py, PyAny>>,
    equal_var: Given<'_, 'py, bool>,
    alternative: Given<'_, 'py, &'static str>,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "ztest";
    let x1 = array::vector(NAME, "x1", x1)?;
    let x2 = x2.map(|x2| array::vector(NAME, "x2", x2)).transpose()?;
    let value = array::number(NAME, "value", value)?;
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let alternative = side(NAME, alternative)?;
    let equal_var = option::flag(NAME, "equal_var", equal_var)?;
    let sigma = match sigma {
        None if equal_var => Sigma::Pooled,
        None => Sigma::Unequal,
        Some(known) => match known.cast::<PyTuple>() {
            Ok(pair) if pair.len() == 2 => Sigma::Known(
                array::number(NAME, "sigma", &pair.get_item(0)?)?,
                array::number(NAME, "sigma", &pair.get_item(1)?)?,
            ),
            _ => {
                let known = array::number(NAME, "sigma", known)?;
                Sigma::Known(known, known)
            }
        },
    };
    let (x1, x2) = (x1.view(), x2.as_ref().map(Vector::view));
    let numbers = x1.len() + x2.map_or(0, |x2| x2.len());
    let test = runtime::run(py, numbers, || core::ztest(x1, x2, value, sigma, alternative, level))?;
    Ok((
        test.statistic,
        test.p_value,
        test.estimate,
        test.standard_error,
        test.confidence_interval,
        test.effect_size,
        of_samples(py, test.means)?,
        of_samples(py, test.stds)?,
        of_samples(py, test.skewness)?,
        of_samples(py, test.n)?,
    )
        .into_pyobject(py)?)
}

/// One-way analysis of variance; `underhood.stats.f_oneway` makes an AnovaResult of the numbers.
#[pyfunction]
fn f_oneway<'py>(
    py: Python<'py>,
    groups: Vec<Bound<'py, PyAny>>,
    equal_var: Given<'_, 'py, bool>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "f_oneway";
    let equal_var = option::flag(NAME, "equal_var", equal_var)?;
    let groups = vectors(NAME, &groups)?;
    let (views, numbers) = views(&groups);
    let found = runtime::run(py, numbers, || core::f_oneway(&views, equal_var))?;
    Ok((
        (found.statistic, found.p_value, found.df_between, found.df_within),
        (found.eta_squared, found.omega_squared, found.pooled_std),
        PyArray1::from_vec(py, found.means),
        PyArray1::from_vec(py, found.stds),
        PyArray1::from_vec(py, found.skewness),
        whole_numbers(py, found.n.into_iter()),
        (found.sum_of_squares_between, found.sum_of_squares_within),
    )
        .into_pyobject(py)?)
}

/// All pairs of means; `underhood.stats.tukey_hsd` makes a TukeyHSDResult of the numbers.
#[pyfunction]
fn tukey_hsd<'py>(
    py: Python<'py>,
    groups: Vec<Bound<'py, PyAny>>,
    equal_var: Given<'_, 'py, bool>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "tukey_hsd";
    let equal_var = option::flag(NAME, "equal_var", equal_var)?;
    let groups = vectors(NAME, &groups)?;
    let (views, numbers) = views(&groups);
    // A pair takes as long as some thousand numbers.
    let work = numbers + 500 * views.len() * views.len();
    let found = runtime::run(py, work, || core::tukey_hsd::<Failure>(&views, equal_var, runtime::check_signals))?;
    Ok((
        found.differences.into_pyarray(py),
        found.p_values.into_pyarray(py),
        found.standard_errors.into_pyarray(py),
        found.df.into_pyarray(py),
        found.effect_sizes.into_pyarray(py),
        PyArray1::from_vec(py, found.means),
        PyArray1::from_vec(py, found.stds),
        PyArray1::from_vec(py, found.skewness),
        whole_numbers(py, found.n.into_iter()),
    )
        .into_pyobject(py)?)
}

/// The critical values of the studentized range of k that are exceeded with probability p, one for each degrees of freedom.
#[pyfunction]
fn studentized_range_critical<'py>(
    py: Python<'py>,
    p: f64,
    k: usize,
    df: PyReadonlyArray1<'py, f64>,
) -> Outcome<Bound<'py, PyArray1<f64>>> {
    // Each takes as long as some ten thousand numbers.
    let df: Vec<f64> = df.as_array().to_vec();
    let work = 10_000 * df.len();
    let found = runtime::run(py, work, || core::tukey_critical::<Failure>(p, k, &df, runtime::check_signals))?;
    Ok(PyArray1::from_vec(py, found))
}

/// Two-way analysis of variance; `underhood.stats.anova_twoway` makes a TwoWayResult of the numbers.
#[pyfunction]
fn anova_twoway<'py>(
    py: Python<'py>,
    values: &Bound<'py, PyAny>,
    a: PyReadonlyArray1<'py, i64>,
    b: PyReadonlyArray1<'py, i64>,
    interaction: Given<'_, 'py, bool>,
    typ: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "anova_twoway";
    let values = array::vector(NAME, "values", values)?;
    let codes = |of: &PyReadonlyArray1<'py, i64>| -> Vec<usize> {
        of.as_array().iter().map(|&code| usize::try_from(code).unwrap_or(0)).collect()
    };
    let (a, b, values) = (codes(&a), codes(&b), values.view());
    let interaction = option::flag(NAME, "interaction", interaction)?;
    let typ = SumsOfSquares::of_type(NAME, array::whole(NAME, "typ", typ)?)?;
    let found = runtime::run(py, values.len(), || {
        core::anova_twoway::<Failure>(values, &a, &b, interaction, typ, runtime::check_signals)
    })?;
    let column = |of: fn(&core::Effect) -> f64| PyArray1::from_vec(py, found.effects.iter().map(of).collect());
    Ok((
        column(|effect| effect.statistic),
        column(|effect| effect.p_value),
        column(|effect| effect.df),
        column(|effect| effect.sum_of_squares),
        column(|effect| effect.partial_eta_squared),
        (found.residual_sum_of_squares, found.df_residual, found.total_sum_of_squares),
        (found.residual_std, found.skewness),
        found.means.into_pyarray(py),
        found.stds.into_pyarray(py),
        found.n.mapv(|n| n as i64).into_pyarray(py),
    )
        .into_pyobject(py)?)
}

/// Levene's test; `underhood.stats.levene` makes a VarianceResult of the numbers.
#[pyfunction]
fn levene<'py>(
    py: Python<'py>,
    groups: Vec<Bound<'py, PyAny>>,
    center: Given<'_, 'py, &'static str>,
    proportiontocut: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "levene";
    let cut = array::number(NAME, "proportiontocut", proportiontocut)?;
    let center = Center::named(&option::name(NAME, "center", center)?, cut)?;
    let groups = vectors(NAME, &groups)?;
    let (views, numbers) = views(&groups);
    let found = runtime::run(py, numbers, || core::levene(&views, center))?;
    Ok((
        (found.statistic, found.p_value, found.df_between, found.df_within),
        PyArray1::from_vec(py, found.centers),
        PyArray1::from_vec(py, found.mean_distances),
        PyArray1::from_vec(py, found.stds),
        PyArray1::from_vec(py, found.skewness),
        whole_numbers(py, found.n.into_iter()),
    )
        .into_pyobject(py)?)
}

/// Bartlett's test; `underhood.stats.bartlett` makes a BartlettResult of the numbers.
#[pyfunction]
fn bartlett<'py>(py: Python<'py>, groups: Vec<Bound<'py, PyAny>>) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "bartlett";
    let groups = vectors(NAME, &groups)?;
    let (views, numbers) = views(&groups);
    let found = runtime::run(py, numbers, || core::bartlett(&views))?;
    let (skewness, kurtosis) = found.shapes.into_iter().unzip();
    Ok((
        (found.statistic, found.p_value, found.df, found.pooled_std),
        PyArray1::from_vec(py, found.stds),
        PyArray1::from_vec(py, skewness),
        PyArray1::from_vec(py, kurtosis),
        whole_numbers(py, found.n.into_iter()),
    )
        .into_pyobject(py)?)
}

/// The F test of two variances; `underhood.stats.var_test` makes a VarianceRatioResult of the numbers.
#[pyfunction]
fn var_test<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    ratio: &Bound<'py, PyAny>,
    alternative: Given<'_, 'py, &'static str>,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "var_test";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    let ratio = array::number(NAME, "ratio", ratio)?;
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (x, y, alternative) = (x.view(), y.view(), side(NAME, alternative)?);
    let test = runtime::run(py, x.len() + y.len(), || core::var_test(x, y, ratio, alternative, level))?;
    let [first, second] = test.shapes;
    Ok((
        test.statistic,
        test.p_value,
        test.df,
        test.estimate,
        test.confidence_interval,
        test.stds,
        (first.0, second.0),
        (first.1, second.1),
        test.n,
    )
        .into_pyobject(py)?)
}

/// Corrected p-values; `underhood.stats.multipletests` makes a MultipleTestsResult of them.
#[pyfunction]
fn multipletests<'py>(
    py: Python<'py>,
    pvals: &Bound<'py, PyAny>,
    method: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyArray1<f64>>> {
    const NAME: &str = "multipletests";
    let method = Correction::named(NAME, &option::name(NAME, "method", method)?)?;
    let pvals = array::vector(NAME, "pvals", pvals)?;
    let pvals = pvals.view();
    Ok(PyArray1::from_vec(py, runtime::run(py, pvals.len(), || core::adjusted_p_values(pvals, method))?))
}

fn side(function: &'static str, given: Given<'_, '_, &'static str>) -> Outcome<Alternative> {
    Ok(Alternative::named(function, &option::name(function, "alternative", given)?)?)
}

fn vectors<'py>(function: &'static str, groups: &[Bound<'py, PyAny>]) -> Outcome<Vec<Vector<'py>>> {
    groups.iter().map(|group| array::vector(function, "groups", group)).collect()
}

/// The groups' numbers, and how many there are.
fn views<'a>(groups: &'a [Vector<'_>]) -> (Vec<ArrayView1<'a, f64>>, usize) {
    let views: Vec<ArrayView1<'a, f64>> = groups.iter().map(Vector::view).collect();
    let numbers = views.iter().map(|view| view.len()).sum();
    (views, numbers)
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
        of_samples(py, test.means)?,
        of_samples(py, test.stds)?,
        of_samples(py, test.skewness)?,
        of_samples(py, test.n)?,
    )
        .into_pyobject(py)?)
}

/// A tuple of one or two: as many as there are samples.
fn of_samples<'py, T: IntoPyObject<'py> + Copy>(
    py: Python<'py>,
    (first, second): (T, Option<T>),
) -> Outcome<Bound<'py, PyTuple>> {
    Ok(match second {
        Some(second) => (first, second).into_pyobject(py)?,
        None => (first,).into_pyobject(py)?,
    })
}

/// Tests of means and variances, and many tests at once.
#[pymodule]
pub(crate) mod means {
    #[pymodule_export]
    use super::{
        anova_twoway, bartlett, f_oneway, levene, multipletests, studentized_range_critical, ttest_1samp, ttest_ind,
        ttest_rel, tukey_hsd, var_test, ztest,
    };
}
