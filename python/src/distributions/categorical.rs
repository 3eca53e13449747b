//! The categorical distribution, whose one parameter is a vector and does not fit the table of families.

use std::sync::Arc;

use numpy::ToPyArray;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use underhood::Error;
use underhood::distributions::{Categorical, Discrete};

use super::families::CATEGORICAL;
use super::members::Members;
use crate::array;
use crate::error::Outcome;

/// The distribution with these probabilities.
pub(super) fn of(given: &Bound<'_, PyTuple>) -> Outcome<Members<dyn Discrete>> {
    let probabilities = array::vector(CATEGORICAL.class, "probabilities", &given.get_item(0)?)?;
    Ok(Members::composed(CATEGORICAL, Arc::new(Categorical::new(probabilities.view())?)))
}

/// What maximum likelihood finds, in the form of the other families: the parameters are the probabilities.
#[expect(clippy::type_complexity, reason = "a tuple that only the class around it unpacks")]
pub(super) fn fit<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyAny>,
    fixed: &Bound<'py, PyDict>,
) -> Outcome<(Vec<f64>, Bound<'py, PyAny>, f64, usize, usize, usize)> {
    if let Some(name) = fixed.keys().iter().next() {
        let (function, argument) = ("Categorical.fit", "fixed");
        let problem = format!("holds {name}, but the probabilities are estimated together: none can be held fixed");
        return Err(Error::Invalid { function, argument, problem }.into());
    }
    let data = array::vector("Categorical.fit", "data", data)?;
    let fit = Categorical::fit(data.view())?;
    let covariance = fit.covariance.to_pyarray(py).into_any();
    let probabilities = fit.distribution.probabilities().to_vec();
    Ok((probabilities, covariance, fit.log_likelihood, fit.observations, fit.estimated, fit.iterations))
}
