//! Binds the tests of counts.

use numpy::IntoPyArray;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use underhood::stats as core;

use crate::array;
use crate::error::Outcome;
use crate::runtime;

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

/// Tests of counts.
#[pymodule]
pub(crate) mod counts {
    #[pymodule_export]
    use super::chi2_contingency;
}
