//! Binds least squares.

use std::cell::RefCell;

use numpy::{IntoPyArray, PyArrayMethods};
use pyo3::prelude::*;
use underhood::optimize::{self as core, Fitting, Slopes};

use crate::array;
use crate::callee::Callee;
use crate::error::{Failure, Outcome};
use crate::runtime;

/// Least squares that are not linear.
#[pymodule]
pub(crate) mod fitting {
    #[pymodule_export]
    use super::{least_squares, parameter_covariance};
}

/// A start of any shape, laid flat.
pub(super) struct Shaped {
    pub(super) start: Vec<f64>,
    pub(super) shape: Vec<usize>,
}

impl Shaped {
    pub(super) fn read(function: &'static str, argument: &'static str, value: &Bound<'_, PyAny>) -> Outcome<Self> {
        let array = array::array(function, argument, value)?;
        Ok(Shaped { start: array.view().iter().copied().collect(), shape: array.shape().to_vec() })
    }
}

/// x, residuals, Jacobian, gradient, and which parameters are at a bound.
type Arrays<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>, Vec<i8>);
/// (cost, offset), (rank, evaluations, calls, jacobians), (converged, status, message).
type Verdict = ((f64, f64), (usize, usize, usize, usize), (bool, usize, String));

/// Least squares as a tuple; `underhood.optimize.least_squares` and `curve_fit` make their results of it.
#[pyfunction]
#[pyo3(signature = (function, argument, f, x0, jac, lower, upper, xtol, gtol, diff_step, max_nfev))]
#[expect(clippy::too_many_arguments, reason = "they are the public function's")]
fn least_squares<'py>(
    function: &str,
    argument: &str,
    f: &Bound<'py, PyAny>,
    x0: &Bound<'py, PyAny>,
    jac: Option<&Bound<'py, PyAny>>,
    lower: &Bound<'py, PyAny>,
    upper: &Bound<'py, PyAny>,
    xtol: &Bound<'py, PyAny>,
    gtol: &Bound<'py, PyAny>,
    diff_step: Option<&Bound<'py, PyAny>>,
    max_nfev: Option<&Bound<'py, PyAny>>,
) -> Outcome<(Arrays<'py>, Verdict)> {
    let name = if function == "curve_fit" { "curve_fit" } else { "least_squares" };
    let argument = if argument == "f" { "f" } else { "fun" };
    let start_name = if name == "curve_fit" { "p0" } else { "x0" };
    let Shaped { start, shape } = Shaped::read(name, start_name, x0)?;
    let callee = Callee::new(name, argument, f)?.of_shape(&shape);
    let slopes = jac.map(|jac| Callee::new(name, "jac", jac)).transpose()?.map(|callee| callee.of_shape(&shape));
    let bound = |argument, value| -> Outcome<Vec<f64>> { Ok(array::vector(name, argument, value)?.view().to_vec()) };
    let options = Fitting {
        function: name,
        lower: bound("bounds", lower)?,
        upper: bound("bounds", upper)?,
        step_tolerance: array::number(name, "xtol", xtol)?,
        offset_tolerance: array::number(name, "gtol", gtol)?,
        relative_step: diff_step.map(|step| array::number(name, "diff_step", step)).transpose()?,
        max_evaluations: max_nfev.map(|most| array::whole(name, "max_nfev", most)).transpose()?,
    };
    // How many residuals there are is known from the first call, whose values the solver then asks for.
    let (_, first) = if start.is_empty() { (Vec::new(), vec![0.0]) } else { callee.values(&start)? };
    let (count, first) = (first.len(), RefCell::new(Some(first)));
    let value = |x: &[f64], into: &mut [f64]| {
        if let Some(values) = first.borrow_mut().take() {
            into.copy_from_slice(&values);
            return Ok(());
        }
        runtime::heed_signals()?;
        callee.fill(x, into)
    };
    let mut jacobian = slopes.as_ref().map(|slopes| |x: &[f64], into: &mut [f64]| slopes.fill(x, into));
    let jacobian = jacobian.as_mut().map(|jacobian| jacobian as Slopes<'_, Failure>);
    let found = core::least_squares(value, jacobian, &start, count, &options)?;
    let py = f.py();
    Ok((
        (
            found.x.into_pyarray(py).reshape(shape.clone())?.into_any(),
            found.residuals.into_pyarray(py).into_any(),
            found.jacobian.into_pyarray(py).into_any(),
            found.gradient.into_pyarray(py).reshape(shape)?.into_any(),
            found.active,
        ),
        (
            (found.cost, found.offset),
            (found.rank, found.evaluations, found.calls, found.jacobians),
            (found.converged, found.status, found.message),
        ),
    ))
}

/// (JᵀJ)⁻¹, the rank of J and the condition of its columns.
#[pyfunction]
fn parameter_covariance<'py>(jacobian: &Bound<'py, PyAny>) -> Outcome<(Bound<'py, PyAny>, usize, f64)> {
    let matrix = array::matrix("curve_fit", "jac", jacobian)?;
    let found = core::parameter_covariance(matrix.view())?;
    Ok((found.matrix.into_pyarray(jacobian.py()).into_any(), found.rank, found.condition))
}
