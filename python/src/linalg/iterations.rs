//! Binds the iterations worth watching; `underhood.linalg._iterations` makes named results of the tuples.

use numpy::ndarray::ArrayView1;
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArray3};
use pyo3::prelude::*;
use pyo3::types::PyString;
use underhood::linalg::iterations as core;

use crate::array;
use crate::error::Outcome;
use crate::option::{self, Given};
use crate::runtime::{check_signals, run};

type Doubles<'py> = Bound<'py, PyArray1<f64>>;

/// Iterations, reason, message, steps, residuals, rates (observed, predicted), orders (observed, predicted).
type Course<'py> = (
    (usize, &'static str, String),
    (Bound<'py, PyArray1<i64>>, Doubles<'py>),
    (Option<f64>, Option<f64>),
    (Option<f64>, Option<f64>),
);

fn course(py: Python<'_>, course: core::Course) -> Course<'_> {
    let steps: Vec<i64> = course.steps.into_iter().map(|step| step as i64).collect();
    (
        (course.iterations, course.stop.name(), course.message),
        (steps.into_pyarray(py), course.residuals.into_pyarray(py)),
        (course.observed_rate, course.predicted_rate),
        (course.observed_order, course.predicted_order),
    )
}

fn limits(function: &'static str, tol: &Bound<'_, PyAny>, max_iter: &Bound<'_, PyAny>) -> Outcome<core::Limits> {
    Ok(core::Limits {
        tol: array::number(function, "tol", tol)?,
        max_iter: array::whole(function, "max_iter", max_iter)?,
    })
}

/// A vector, if there is one.
fn optional<'py>(
    function: &'static str,
    argument: &'static str,
    value: Option<&Bound<'py, PyAny>>,
) -> Outcome<Option<array::Vector<'py>>> {
    value.map(|value| array::vector(function, argument, value)).transpose()
}

fn view<'a>(vector: &'a Option<array::Vector<'_>>) -> Option<ArrayView1<'a, f64>> {
    vector.as_ref().map(array::Vector::view)
}

/// Eigenvalue, eigenvector, estimates, iterates, course.
type EigenPair<'py> = (f64, Doubles<'py>, Doubles<'py>, Bound<'py, PyArray2<f64>>, Course<'py>);

/// Power iteration, as a tuple.
#[pyfunction]
#[pyo3(signature = (a, x0, tol, max_iter))]
pub(super) fn power_iteration<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    x0: Option<&Bound<'py, PyAny>>,
    tol: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
) -> Outcome<EigenPair<'py>> {
    const NAME: &str = "power_iteration";
    let (a, x0, limits) = (array::matrix(NAME, "a", a)?, optional(NAME, "x0", x0)?, limits(NAME, tol, max_iter)?);
    let (a, x0) = (a.view(), view(&x0));
    let found = run(py, a.len(), || core::power_iteration(a, x0, limits, check_signals))?;
    let (vector, estimates) = (found.eigenvector.into_pyarray(py), found.eigenvalues.into_pyarray(py));
    Ok((found.eigenvalue, vector, estimates, found.iterates.into_pyarray(py), course(py, found.course)))
}

/// Inverse iteration, as a tuple.
#[pyfunction]
#[pyo3(signature = (a, shift, x0, tol, max_iter))]
pub(super) fn inverse_iteration<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    shift: &Bound<'py, PyAny>,
    x0: Option<&Bound<'py, PyAny>>,
    tol: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
) -> Outcome<EigenPair<'py>> {
    const NAME: &str = "inverse_iteration";
    let shift = match shift.cast::<PyString>() {
        Ok(name) => name.to_str()?.parse()?,
        Err(_) => core::Shift::Fixed(array::number(NAME, "shift", shift)?),
    };
    let (a, x0, limits) = (array::matrix(NAME, "a", a)?, optional(NAME, "x0", x0)?, limits(NAME, tol, max_iter)?);
    let (a, x0) = (a.view(), view(&x0));
    let found = run(py, a.len(), || core::inverse_iteration(a, shift, x0, limits, check_signals))?;
    let (vector, estimates) = (found.eigenvector.into_pyarray(py), found.eigenvalues.into_pyarray(py));
    Ok((found.eigenvalue, vector, estimates, found.iterates.into_pyarray(py), course(py, found.course)))
}

/// Eigenvalues, Q, iterates, subdiagonals, observed and predicted rates, course.
type Triangle<'py> = (
    Bound<'py, PyAny>,
    Bound<'py, PyArray2<f64>>,
    (Bound<'py, PyArray3<f64>>, Bound<'py, PyArray2<f64>>),
    (Vec<Option<f64>>, Vec<Option<f64>>),
    Course<'py>,
);

/// The QR algorithm, as a tuple.
#[pyfunction]
#[pyo3(signature = (a, shifts, tol, max_iter))]
pub(super) fn qr_algorithm<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    shifts: &Bound<'py, PyAny>,
    tol: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
) -> Outcome<Triangle<'py>> {
    const NAME: &str = "qr_algorithm";
    let (a, limits) = (array::matrix(NAME, "a", a)?, limits(NAME, tol, max_iter)?);
    let (a, shifts) = (a.view(), option::name(NAME, "shifts", Given::Value(shifts.as_borrowed()))?.parse()?);
    let found = run(py, a.len(), || core::qr_algorithm(a, shifts, limits, check_signals))?;
    let eigenvalues = if found.eigenvalues.iter().all(|v| v.im == 0.0) {
        found.eigenvalues.mapv(|v| v.re).into_pyarray(py).into_any()
    } else {
        found.eigenvalues.into_pyarray(py).into_any()
    };
    let road = (found.iterates.into_pyarray(py), found.subdiagonals.into_pyarray(py));
    let rates = (found.observed_rates, found.predicted_rates);
    Ok((eigenvalues, found.q.into_pyarray(py), road, rates, course(py, found.course)))
}

/// Eigenvalues, eigenvectors, iterates, off-diagonal norms, rotations, course.
type Rotated<'py> =
    (Doubles<'py>, Bound<'py, PyArray2<f64>>, Bound<'py, PyArray3<f64>>, Doubles<'py>, usize, Course<'py>);

/// Jacobi's method, as a tuple.
#[pyfunction]
#[pyo3(signature = (a, tol, max_iter))]
pub(super) fn jacobi_eigen<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    tol: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
) -> Outcome<Rotated<'py>> {
    const NAME: &str = "jacobi_eigen";
    let (a, limits) = (array::matrix(NAME, "a", a)?, limits(NAME, tol, max_iter)?);
    let a = a.view();
    let found = run(py, a.len(), || core::jacobi_eigen(a, limits, check_signals))?;
    let (values, vectors) = (found.eigenvalues.into_pyarray(py), found.eigenvectors.into_pyarray(py));
    let (iterates, off) = (found.iterates.into_pyarray(py), found.off_diagonal.into_pyarray(py));
    Ok((values, vectors, iterates, off, found.rotations, course(py, found.course)))
}

/// Solution, iterates, errors, course.
type Solution<'py> = (Doubles<'py>, Bound<'py, PyArray2<f64>>, Option<Doubles<'py>>, Course<'py>);

/// Conjugate gradients, as a tuple.
#[pyfunction]
#[pyo3(signature = (a, b, x0, tol, max_iter))]
pub(super) fn conjugate_gradient<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    x0: Option<&Bound<'py, PyAny>>,
    tol: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
) -> Outcome<Solution<'py>> {
    const NAME: &str = "conjugate_gradient";
    let (a, b, x0) = (array::matrix(NAME, "a", a)?, array::vector(NAME, "b", b)?, optional(NAME, "x0", x0)?);
    let limits = limits(NAME, tol, max_iter)?;
    let (a, b, x0) = (a.view(), b.view(), view(&x0));
    let found = run(py, a.len(), || core::conjugate_gradient(a, b, x0, limits, check_signals))?;
    let (x, iterates) = (found.x.into_pyarray(py), found.iterates.into_pyarray(py));
    Ok((x, iterates, found.errors.map(|errors| errors.into_pyarray(py)), course(py, found.course)))
}

/// Gauss–Seidel or Jacobi iteration, as a tuple.
#[pyfunction]
#[pyo3(signature = (a, b, x0, method, tol, max_iter))]
pub(super) fn gauss_seidel<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    x0: Option<&Bound<'py, PyAny>>,
    method: &Bound<'py, PyAny>,
    tol: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
) -> Outcome<Solution<'py>> {
    const NAME: &str = "gauss_seidel";
    let (a, b, x0) = (array::matrix(NAME, "a", a)?, array::vector(NAME, "b", b)?, optional(NAME, "x0", x0)?);
    let (limits, sweep) =
        (limits(NAME, tol, max_iter)?, option::name(NAME, "method", Given::Value(method.as_borrowed()))?.parse()?);
    let (a, b, x0) = (a.view(), b.view(), view(&x0));
    let found = run(py, a.len(), || core::gauss_seidel(a, b, x0, sweep, limits, check_signals))?;
    let (x, iterates) = (found.x.into_pyarray(py), found.iterates.into_pyarray(py));
    Ok((x, iterates, found.errors.map(|errors| errors.into_pyarray(py)), course(py, found.course)))
}
