//! Binds power, sample size and effect sizes.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use underhood::stats as core;
use underhood::stats::{Alternative, PowerAnalysis, PowerDesign, PowerQuestion, PowerTest};

use crate::array;
use crate::error::Outcome;
use crate::option::optional_number;
use crate::runtime;

/// The public functions that ask, by the names that their refusals begin with.
fn asker(name: &str) -> &'static str {
    match name {
        "sample_size" => "sample_size",
        "ttest_power" => "ttest_power",
        "proportions_power" => "proportions_power",
        "anova_power" => "anova_power",
        "power_curve" => "power_curve",
        _ => "power",
    }
}

/// Test, ratio, alternative and number of groups, as they were given.
type Design<'py> = (String, Bound<'py, PyAny>, String, Option<Bound<'py, PyAny>>);

fn design(function: &'static str, (test, ratio, alternative, groups): &Design<'_>) -> Outcome<PowerDesign> {
    let test = PowerTest::named(function, test)?;
    let alternative = Alternative::named(function, alternative)?;
    let ratio = array::number(function, "ratio", ratio)?;
    let groups = groups.as_ref().map(|k| array::whole(function, "k_groups", k)).transpose()?;
    Ok(PowerDesign::new(function, test, alternative, ratio, groups)?)
}

/// The one of effect size, n, alpha and power that is None, or whole samples; `underhood.stats` makes a PowerResult of the numbers.
#[pyfunction]
#[pyo3(signature = (function, design, effect_size, n, alpha, power, whole))]
#[expect(clippy::too_many_arguments, reason = "the four numbers, and who asks for which of them")]
fn solve<'py>(
    py: Python<'py>,
    function: &str,
    design: Design<'py>,
    effect_size: Option<&Bound<'py, PyAny>>,
    n: Option<&Bound<'py, PyAny>>,
    alpha: Option<&Bound<'py, PyAny>>,
    power: Option<&Bound<'py, PyAny>>,
    whole: bool,
) -> Outcome<Bound<'py, PyTuple>> {
    let function = asker(function);
    let design = self::design(function, &design)?;
    let question = PowerQuestion {
        effect_size: optional_number(function, "effect_size", effect_size)?,
        n: optional_number(function, "n", n)?,
        alpha: optional_number(function, "alpha", alpha)?,
        power: optional_number(function, "power", power)?,
    };
    // A search asks for the power dozens of times, each as long as some thousand numbers take.
    const SEARCH: usize = 100_000;
    let solver = if whole { core::sample_size } else { core::power };
    let PowerAnalysis { solved_for, effect_size, n, sizes, alpha, attained, least, smallest } =
        runtime::run(py, SEARCH, || solver(function, &design, &question))?;
    let numbers = (attained.power, attained.beta, attained.critical, attained.noncentrality);
    let df = (attained.df, attained.df_within);
    Ok((solved_for, effect_size, n, PyTuple::new(py, sizes)?, alpha, numbers, df, least, smallest).into_pyobject(py)?)
}

/// The power for each of several sizes.
#[pyfunction]
fn power_curve<'py>(
    py: Python<'py>,
    design: Design<'py>,
    effect_size: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
    alpha: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyArray1<f64>>> {
    const NAME: &str = "power_curve";
    const COST: usize = 1000;
    let design = self::design(NAME, &design)?;
    let (effect, alpha) = (array::number(NAME, "effect_size", effect_size)?, array::number(NAME, "alpha", alpha)?);
    let n = array::vector(NAME, "n", n)?;
    let sizes = n.view().to_vec();
    let found = runtime::run(py, COST * sizes.len(), || core::power_curve(NAME, &design, effect, &sizes, alpha))?;
    Ok(found.into_pyarray(py))
}

/// Cohen's d = (μ₁ − μ₂)/σ: a difference of means in standard deviations.
///
/// Parameters
/// ----------
/// mean1, mean2 : float
///     The means; of one sample, its mean and the one that it is compared with.
/// std1 : float
///     The standard deviation that the difference is measured in.
/// std2 : float, optional
///     That of the second population, if it is another: σ² is then the mean of both variances.
///
/// Returns
/// -------
/// float
///     By Cohen's rule of thumb 0.2 is small, 0.5 medium, 0.8 large; better, ask which difference matters.
///
/// Raises
/// ------
/// ValueError
///     If a number is not finite, a standard deviation negative, or the only one (or both) zero.
///
/// References
/// ----------
/// J. Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, §2.2.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.cohens_d(105, 100, 10)
/// 0.5
#[pyfunction]
#[pyo3(signature = (mean1, mean2, std1, std2 = None))]
fn cohens_d(
    mean1: &Bound<'_, PyAny>,
    mean2: &Bound<'_, PyAny>,
    std1: &Bound<'_, PyAny>,
    std2: Option<&Bound<'_, PyAny>>,
) -> Outcome<f64> {
    const NAME: &str = "cohens_d";
    let (mean1, mean2) = (array::number(NAME, "mean1", mean1)?, array::number(NAME, "mean2", mean2)?);
    let (std1, std2) = (array::number(NAME, "std1", std1)?, optional_number(NAME, "std2", std2)?);
    Ok(core::cohens_d(mean1, mean2, std1, std2)?)
}

/// Cohen's h = 2 arcsin √p₁ − 2 arcsin √p₂: a difference of proportions, measured so that its standard error is the same everywhere.
///
/// Parameters
/// ----------
/// p1, p2 : float
///     The proportions, between 0 and 1.
///
/// Returns
/// -------
/// float
///     Between −π and π. By Cohen's rule of thumb 0.2 is small, 0.5 medium, 0.8 large.
///
/// Raises
/// ------
/// ValueError
///     If a proportion is not between 0 and 1.
///
/// References
/// ----------
/// J. Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, §6.2.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> round(uh.stats.cohens_h(0.65, 0.45), 4)
/// 0.4049
#[pyfunction]
fn cohens_h(p1: &Bound<'_, PyAny>, p2: &Bound<'_, PyAny>) -> Outcome<f64> {
    Ok(core::cohens_h(array::number("cohens_h", "p1", p1)?, array::number("cohens_h", "p2", p2)?)?)
}

/// Cohen's f = √(Σ nᵢ(μᵢ − μ̄)²/Σ nᵢ)/σ: how far the means of groups spread, in standard deviations within the groups.
///
/// Parameters
/// ----------
/// means : array_like, shape (k,)
///     The means of k ≥ 2 groups.
/// std : float
///     The standard deviation within the groups.
/// n : array_like, shape (k,), optional
///     The groups' sizes, or anything proportional to them; by default they are equal.
///
/// Returns
/// -------
/// float
///     Of two equal groups, half of Cohen's d. By Cohen's rule of thumb 0.1 is small, 0.25 medium, 0.4 large.
///
/// Raises
/// ------
/// ValueError
///     If there are fewer than two means, a number is missing or infinite, ``std`` or a size is not positive, or there are
///     other than k sizes.
///
/// References
/// ----------
/// J. Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, §8.2.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> round(uh.stats.cohens_f([10, 12, 14], 8), 4)
/// 0.2041
#[pyfunction]
#[pyo3(signature = (means, std, n = None))]
fn cohens_f(means: &Bound<'_, PyAny>, std: &Bound<'_, PyAny>, n: Option<&Bound<'_, PyAny>>) -> Outcome<f64> {
    const NAME: &str = "cohens_f";
    let (means, std) = (array::vector(NAME, "means", means)?, array::number(NAME, "std", std)?);
    let n = n.map(|n| array::vector(NAME, "n", n)).transpose()?;
    Ok(core::cohens_f(means.view(), std, n.as_ref().map(|n| n.view()))?)
}

/// Power and sample size.
#[pymodule]
pub(crate) mod power {
    #[pymodule_export]
    use super::{cohens_d, cohens_f, cohens_h, power_curve, solve};
}
