//! Binds `underhood::probability`: Bayes' rule, joint tables, conjugate updates, simulations.

use std::sync::Arc;

use numpy::{PyArray1, PyArray2, PyArrayDyn, ToPyArray};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use underhood::distributions as families;
use underhood::probability as core;

use crate::array;
use crate::distributions::{ContinuousDistribution, DiscreteDistribution};
use crate::error::Outcome;
use crate::runtime::{check_signals, run};

/// The joint probabilities, their sum, and the posterior.
type Update<'py> = (Bound<'py, PyArray1<f64>>, f64, Bound<'py, PyArray1<f64>>);

/// Bayes' rule: (joint, evidence, posterior).
#[pyfunction]
fn bayes<'py>(py: Python<'py>, prior: &Bound<'py, PyAny>, likelihood: &Bound<'py, PyAny>) -> Outcome<Update<'py>> {
    let prior = array::vector("bayes", "prior", prior)?;
    let update = core::bayes(prior.view(), array::vector("bayes", "likelihood", likelihood)?.view())?;
    Ok((update.joint.to_pyarray(py), update.evidence, update.posterior.to_pyarray(py)))
}

/// The rule of total probability over lists.
#[pyfunction]
fn total_probability(prior: &Bound<'_, PyAny>, conditional: &Bound<'_, PyAny>) -> Outcome<f64> {
    let prior = array::vector("total_probability", "prior", prior)?;
    let conditional = array::vector("total_probability", "conditional", conditional)?;
    Ok(core::total_probability(prior.view(), conditional.view())?)
}

fn joint(table: &Bound<'_, PyAny>) -> Outcome<core::Joint> {
    Ok(core::Joint::new(array::array("JointTable", "table", table)?.view())?)
}

/// The probabilities, divided by their sum.
#[pyfunction]
fn joint_table<'py>(py: Python<'py>, table: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    Ok(joint(table)?.probabilities().to_pyarray(py))
}

/// Relative frequencies.
#[pyfunction]
fn joint_counts<'py>(py: Python<'py>, counts: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    let counts = array::array("JointTable.from_counts", "counts", counts)?;
    Ok(core::Joint::from_counts(counts.view())?.probabilities().to_pyarray(py))
}

/// The table of some of the variables.
#[pyfunction]
fn marginal<'py>(py: Python<'py>, table: &Bound<'py, PyAny>, axes: Vec<usize>) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    Ok(joint(table)?.marginal(&axes)?.probabilities().to_pyarray(py))
}

/// The table of the other variables, given places of values: (axis, place).
#[pyfunction]
fn conditional<'py>(
    py: Python<'py>,
    table: &Bound<'py, PyAny>,
    given: Vec<(usize, usize)>,
) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    Ok(joint(table)?.conditional(&given)?.probabilities().to_pyarray(py))
}

/// The table as if the variables were independent, and their mutual information.
#[pyfunction]
fn dependence<'py>(py: Python<'py>, table: &Bound<'py, PyAny>) -> Outcome<(Bound<'py, PyArrayDyn<f64>>, f64)> {
    let joint = joint(table)?;
    Ok((joint.independent().to_pyarray(py), joint.mutual_information()))
}

/// The covariance of two variables, given the numbers that are their values.
#[pyfunction]
fn covariance<'py>(
    table: &Bound<'py, PyAny>,
    x: (usize, Bound<'py, PyAny>),
    y: (usize, Bound<'py, PyAny>),
) -> Outcome<f64> {
    let (joint, function) = (joint(table)?, "JointTable.covariance");
    let (values_x, values_y) = (array::vector(function, "x", &x.1)?, array::vector(function, "y", &y.1)?);
    Ok(joint.covariance((x.0, values_x.view()), (y.0, values_y.view()))?)
}

/// The mean of a variable, given the numbers that are its values.
#[pyfunction]
fn mean<'py>(table: &Bound<'py, PyAny>, axis: usize, values: &Bound<'py, PyAny>) -> Outcome<f64> {
    Ok(joint(table)?.mean(axis, array::vector("JointTable.mean", "name", values)?.view())?)
}

/// The parameters of a prior of the family that the update needs.
fn prior<F: families::Family>(function: &str, prior: &Bound<'_, PyAny>) -> Outcome<F> {
    let found = prior.cast::<ContinuousDistribution>().ok().map(Bound::get);
    let one = found.filter(|found| found.0.names.class == F::NAME).and_then(|found| found.0.only());
    let Some(parameters) = one else {
        let kind = prior.get_type().name()?;
        let message = format!("{function}: prior is a {kind}, but must be one {} (not an array of them)", F::NAME);
        return Err(PyTypeError::new_err(message).into());
    };
    Ok(F::from_parameters(parameters)?)
}

/// The posterior's parameters.
#[pyfunction]
fn beta_binomial(
    prior: &Bound<'_, PyAny>,
    successes: &Bound<'_, PyAny>,
    trials: &Bound<'_, PyAny>,
) -> Outcome<Vec<f64>> {
    let prior: families::Beta = self::prior("beta_binomial", prior)?;
    let successes = array::number("beta_binomial", "successes", successes)?;
    let posterior = core::beta_binomial(&prior, successes, array::number("beta_binomial", "trials", trials)?)?;
    Ok(families::Family::parameters(&posterior))
}

/// The posterior's parameters.
#[pyfunction]
fn gamma_poisson(prior: &Bound<'_, PyAny>, counts: &Bound<'_, PyAny>) -> Outcome<Vec<f64>> {
    let prior: families::Gamma = self::prior("gamma_poisson", prior)?;
    let posterior = core::gamma_poisson(&prior, array::vector("gamma_poisson", "counts", counts)?.view())?;
    Ok(families::Family::parameters(&posterior))
}

/// The posterior's parameters.
#[pyfunction]
fn normal_normal(prior: &Bound<'_, PyAny>, data: &Bound<'_, PyAny>, sigma: &Bound<'_, PyAny>) -> Outcome<Vec<f64>> {
    let prior: families::Normal = self::prior("normal_normal", prior)?;
    let data = array::vector("normal_normal", "data", data)?;
    let posterior = core::normal_normal(&prior, data.view(), array::number("normal_normal", "sigma", sigma)?)?;
    Ok(families::Family::parameters(&posterior))
}

/// The one distribution that an argument is; an array of distributions is none.
pub(crate) fn one(function: &str, distribution: &Bound<'_, PyAny>) -> Outcome<Arc<dyn families::Distribution>> {
    let found: Option<Arc<dyn families::Distribution>> =
        if let Ok(found) = distribution.cast::<ContinuousDistribution>() {
            let members = &found.get().0;
            members.only().and_then(|_| members.members().first()).map(|member| Arc::clone(member) as _)
        } else if let Ok(found) = distribution.cast::<DiscreteDistribution>() {
            let members = &found.get().0;
            members.only().and_then(|_| members.members().first()).map(|member| Arc::clone(member) as _)
        } else {
            None
        };
    let kind = distribution.get_type().name()?;
    Ok(found.ok_or_else(|| {
        PyTypeError::new_err(format!(
            "{function}: distribution is a {kind}, but must be one distribution of numbers, such as Normal(0, 1)"
        ))
    })?)
}

/// Means of the first 1, 2, …, n draws, a row for each path.
#[pyfunction]
fn running_means<'py>(
    py: Python<'py>,
    distribution: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
    paths: &Bound<'py, PyAny>,
    rng: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    const FUNCTION: &str = "law_of_large_numbers";
    let distribution = one(FUNCTION, distribution)?;
    let (n, paths) = (array::whole(FUNCTION, "n", n)?, array::whole(FUNCTION, "paths", paths)?);
    let mut stream = crate::random::stream(FUNCTION, "rng", rng)?;
    let simulated = || core::running_means(&*distribution, n, paths, &mut stream, check_signals);
    Ok(PyArray2::from_owned_array(py, run(py, n.saturating_mul(paths), simulated)?))
}

/// Means of samples: an array for each size.
#[pyfunction]
fn sample_means<'py>(
    py: Python<'py>,
    distribution: &Bound<'py, PyAny>,
    sizes: Vec<Bound<'py, PyAny>>,
    repetitions: &Bound<'py, PyAny>,
    rng: Option<&Bound<'py, PyAny>>,
) -> Outcome<Vec<Bound<'py, PyArray1<f64>>>> {
    const FUNCTION: &str = "central_limit_theorem";
    let distribution = one(FUNCTION, distribution)?;
    let repetitions = array::whole(FUNCTION, "repetitions", repetitions)?;
    let mut stream = crate::random::stream(FUNCTION, "rng", rng)?;
    let sizes = sizes.iter().map(|size| array::whole(FUNCTION, "sizes", size)).collect::<Outcome<Vec<_>>>()?;
    let mut all = Vec::with_capacity(sizes.len());
    for size in sizes {
        let simulated = || core::sample_means(&*distribution, size, repetitions, &mut stream, check_signals);
        all.push(PyArray1::from_vec(py, run(py, size.saturating_mul(repetitions), simulated)?));
    }
    Ok(all)
}

/// Probability by hand.
#[pymodule]
pub(crate) mod probability {
    #[pymodule_export]
    use super::{
        bayes, beta_binomial, conditional, covariance, dependence, gamma_poisson, joint_counts, joint_table, marginal,
        mean, normal_normal, running_means, sample_means, total_probability,
    };
}
