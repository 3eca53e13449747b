//! Binds roots of equations.

use numpy::{IntoPyArray, PyArrayMethods};
use pyo3::prelude::*;
use underhood::optimize::{
    self as core, Bracketed, Bracketing, Derivative, Iterating, Slopes, SystemMethod, Systematic,
};

use super::fitting::Shaped;
use crate::array;
use crate::callee::Callee;
use crate::error::{Failure, Outcome};

/// Roots of equations.
#[pymodule]
pub(crate) mod roots {
    #[pymodule_export]
    use super::{bisect, find_root, newton, root};
}

/// Root, value, bracket, (iterations, calls), converged, message.
type BracketParts = (f64, f64, (f64, f64), (usize, usize), bool, String);

fn bracketing(
    function: &'static str,
    xtol: &Bound<'_, PyAny>,
    rtol: &Bound<'_, PyAny>,
    maxiter: &Bound<'_, PyAny>,
) -> Outcome<Bracketing> {
    Ok(Bracketing {
        absolute: array::number(function, "xtol", xtol)?,
        relative: array::number(function, "rtol", rtol)?,
        max_iterations: array::whole(function, "maxiter", maxiter)?,
    })
}

fn bracket_parts(found: Bracketed) -> BracketParts {
    let Bracketed { root, value, bracket, iterations, calls, converged, message, .. } = found;
    (root, value, bracket, (iterations, calls), converged, message)
}

/// Brent's method; `underhood.optimize.find_root` makes a `RootResult` of it.
#[pyfunction]
fn find_root(
    f: &Bound<'_, PyAny>,
    a: &Bound<'_, PyAny>,
    b: &Bound<'_, PyAny>,
    xtol: &Bound<'_, PyAny>,
    rtol: &Bound<'_, PyAny>,
    maxiter: &Bound<'_, PyAny>,
) -> Outcome<BracketParts> {
    const NAME: &str = "find_root";
    let callee = Callee::new(NAME, "f", f)?;
    let (a, b) = (array::number(NAME, "a", a)?, array::number(NAME, "b", b)?);
    let options = bracketing(NAME, xtol, rtol, maxiter)?;
    Ok(bracket_parts(core::find_root(|x| callee.number(x), a, b, &options)?))
}

/// Bisection; `underhood.optimize.bisect` makes a `BisectionResult` of it.
#[pyfunction]
fn bisect<'py>(
    f: &Bound<'py, PyAny>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    xtol: &Bound<'py, PyAny>,
    rtol: &Bound<'py, PyAny>,
    maxiter: &Bound<'py, PyAny>,
) -> Outcome<(BracketParts, Bound<'py, PyAny>)> {
    const NAME: &str = "bisect";
    let callee = Callee::new(NAME, "f", f)?;
    let (a, b) = (array::number(NAME, "a", a)?, array::number(NAME, "b", b)?);
    let options = bracketing(NAME, xtol, rtol, maxiter)?;
    let found = core::bisect(|x| callee.number(x), a, b, &options)?;
    Ok((bracket_parts(found.found), found.steps.into_pyarray(f.py()).into_any()))
}

/// Path, values, slopes, each as an array.
type PathParts<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>);
/// (root, value), (steps, calls), (converged, status, method, message), path.
type NewtonParts<'py> = ((f64, f64), (usize, usize), (bool, usize, &'static str, String), PathParts<'py>);

/// Newton's, Halley's or the secant method; `underhood.optimize.newton` makes a `NewtonResult` of it.
#[pyfunction]
#[pyo3(signature = (f, x0, fprime, fprime2, tol, rtol, maxiter, x1))]
#[expect(clippy::too_many_arguments, reason = "they are the public function's")]
fn newton<'py>(
    f: &Bound<'py, PyAny>,
    x0: &Bound<'py, PyAny>,
    fprime: Option<&Bound<'py, PyAny>>,
    fprime2: Option<&Bound<'py, PyAny>>,
    tol: &Bound<'py, PyAny>,
    rtol: &Bound<'py, PyAny>,
    maxiter: &Bound<'py, PyAny>,
    x1: Option<&Bound<'py, PyAny>>,
) -> Outcome<NewtonParts<'py>> {
    const NAME: &str = "newton";
    let callee = Callee::new(NAME, "f", f)?;
    let first = fprime.map(|slope| Callee::new(NAME, "fprime", slope)).transpose()?;
    let second = fprime2.map(|slope| Callee::new(NAME, "fprime2", slope)).transpose()?;
    let mut first = first.as_ref().map(|slope| |x: f64| slope.number(x));
    let mut second = second.as_ref().map(|slope| |x: f64| slope.number(x));
    let options = Iterating {
        absolute: array::number(NAME, "tol", tol)?,
        relative: array::number(NAME, "rtol", rtol)?,
        max_iterations: array::whole(NAME, "maxiter", maxiter)?,
        second: x1.map(|x1| array::number(NAME, "x1", x1)).transpose()?,
    };
    let found = core::newton(
        |x| callee.number(x),
        array::number(NAME, "x0", x0)?,
        first.as_mut().map(|slope| slope as Derivative<'_, Failure>),
        second.as_mut().map(|slope| slope as Derivative<'_, Failure>),
        &options,
    )?;
    let listed = |values: Vec<f64>| values.into_pyarray(f.py()).into_any();
    Ok((
        (found.root, found.value),
        (found.slopes.len(), found.calls),
        (found.converged, found.status, found.method, found.message),
        (listed(found.path), listed(found.values), listed(found.slopes)),
    ))
}

/// (x, value, jacobian), (iterations, calls, jacobians), converged, message.
type SystemParts<'py> =
    ((Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>), (usize, usize, usize), bool, String);

/// Root of a system; `underhood.optimize.root` makes an `OptimizeResult` of it.
#[pyfunction]
#[pyo3(signature = (f, x0, jac, hybrid, tol, max_nfev))]
fn root<'py>(
    f: &Bound<'py, PyAny>,
    x0: &Bound<'py, PyAny>,
    jac: Option<&Bound<'py, PyAny>>,
    hybrid: bool,
    tol: &Bound<'py, PyAny>,
    max_nfev: Option<&Bound<'py, PyAny>>,
) -> Outcome<SystemParts<'py>> {
    const NAME: &str = "root";
    let Shaped { start, shape } = Shaped::read(NAME, "x0", x0)?;
    let callee = Callee::new(NAME, "f", f)?.of_shape(&shape);
    let slopes = jac.map(|jac| Callee::new(NAME, "jac", jac)).transpose()?.map(|callee| callee.of_shape(&shape));
    let options = Systematic {
        tolerance: array::number(NAME, "tol", tol)?,
        max_evaluations: max_nfev.map(|most| array::whole(NAME, "max_nfev", most)).transpose()?,
        method: if hybrid { SystemMethod::Hybrid } else { SystemMethod::LevenbergMarquardt },
    };
    let mut jacobian = slopes.as_ref().map(|slopes| |x: &[f64], into: &mut [f64]| slopes.fill(x, into));
    let found = core::root(
        |x, into| callee.fill(x, into),
        jacobian.as_mut().map(|jacobian| jacobian as Slopes<'_, Failure>),
        &start,
        &options,
    )?;
    let py = f.py();
    let x = found.x.into_pyarray(py).reshape(shape.clone())?.into_any();
    let value = found.value.into_pyarray(py).reshape(shape)?.into_any();
    Ok((
        (x, value, found.jacobian.into_pyarray(py).into_any()),
        (found.iterations, found.calls, found.jacobians),
        found.converged,
        found.message,
    ))
}
