//! Binds convex programs.

use numpy::IntoPyArray;
use numpy::ndarray::{Array1, Array2};
use pyo3::prelude::*;
use underhood::optimize::{self as core, Lagrange, Program, Programmed};

use super::fitting::Shaped;
use crate::array::{self, Matrix, Vector};
use crate::callee::Callee;
use crate::error::Outcome;
use crate::random;
use crate::runtime;

/// Linear and quadratic programs, constraints, convexity.
#[pymodule]
pub(crate) mod convex {
    #[pymodule_export]
    use super::{convexity_of_quadratic, lagrange, program, sample_convexity};
}

type Any<'py> = Bound<'py, PyAny>;
type Constraint<'py> = Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>;

/// (x, value), (slack, residual), (prices of inequalities, equalities, lower and upper bounds), (converged, status, iterations, message).
type ProgramParts<'py> =
    ((Any<'py>, f64), (Any<'py>, Any<'py>), (Any<'py>, Any<'py>, Any<'py>, Any<'py>), (bool, usize, usize, String));

/// Lets Ctrl-C through now and then.
fn heeded() -> Outcome<()> {
    runtime::heed_signals().map(|_| ())
}

/// A linear program (P is None) or a quadratic one; `underhood.optimize` makes a `ProgramResult` of it.
#[pyfunction]
#[pyo3(signature = (p, c, inequalities, equalities, lower, upper))]
fn program<'py>(
    p: Option<&Bound<'py, PyAny>>,
    c: &Bound<'py, PyAny>,
    inequalities: Constraint<'py>,
    equalities: Constraint<'py>,
    lower: &Bound<'py, PyAny>,
    upper: &Bound<'py, PyAny>,
) -> Outcome<ProgramParts<'py>> {
    let py = c.py();
    let (name, linear) = if p.is_some() { ("quadratic_program", "q") } else { ("linear_program", "c") };
    let c = array::vector(name, linear, c)?;
    let read = |given: Constraint<'py>, matrix, right| -> Outcome<Option<(Matrix<'py>, Vector<'py>)>> {
        given.map(|(a, b)| Ok((array::matrix(name, matrix, &a)?, array::vector(name, right, &b)?))).transpose()
    };
    let (below, equal) = (read(inequalities, "A_ub", "b_ub")?, read(equalities, "A_eq", "b_eq")?);
    let (lower, upper) = (array::vector(name, "bounds", lower)?, array::vector(name, "bounds", upper)?);
    let constraints = Program {
        inequalities: below.as_ref().map(|(a, b)| (a.view(), b.view())),
        equalities: equal.as_ref().map(|(a, b)| (a.view(), b.view())),
        lower: Some(lower.view()),
        upper: Some(upper.view()),
    };
    let p = p.map(|p| array::matrix(name, "P", p)).transpose()?;
    let (p, c) = (p.as_ref().map(|p| p.view()), c.view());
    // Every step of the many goes through all numbers of the constraints.
    let rows = [&below, &equal].into_iter().flatten().map(|(a, _)| a.view().nrows()).sum::<usize>();
    let work = c.len().saturating_mul(rows.saturating_add(1)).saturating_mul(64);
    let found = runtime::run(py, work, || match p {
        Some(p) => core::interruptible_quadratic_program(p, c, &constraints, heeded),
        None => core::interruptible_linear_program(c, &constraints, heeded),
    })?;
    let Programmed { inequality_prices, equality_prices, lower_prices, upper_prices, .. } = found;
    let listed = |values: Array1<f64>| values.into_pyarray(py).into_any();
    Ok((
        (listed(found.x), found.value),
        (listed(found.slack), listed(found.residual)),
        (listed(inequality_prices), listed(equality_prices), listed(lower_prices), listed(upper_prices)),
        (found.converged, found.status, found.iterations, found.message),
    ))
}

/// x, f, (λ, ∇f, g), (∇g, Hessian, curvatures), kind, calls, (converged, message).
type LagrangeParts<'py> = (
    (Any<'py>, f64),
    (Any<'py>, Any<'py>, Any<'py>),
    (Any<'py>, Any<'py>, Any<'py>),
    &'static str,
    (usize, usize),
    (bool, String),
);

/// A stationary point under constraints; `underhood.optimize.lagrange` makes a `LagrangeResult` of it.
#[pyfunction]
#[pyo3(signature = (f, constraints, x0, tol, max_nfev))]
fn lagrange<'py>(
    f: &Bound<'py, PyAny>,
    constraints: &Bound<'py, PyAny>,
    x0: &Bound<'py, PyAny>,
    tol: &Bound<'py, PyAny>,
    max_nfev: Option<&Bound<'py, PyAny>>,
) -> Outcome<LagrangeParts<'py>> {
    const NAME: &str = "lagrange";
    let Shaped { start, shape } = Shaped::read(NAME, "x0", x0)?;
    let value = Callee::new(NAME, "f", f)?.of_shape(&shape);
    let held = Callee::new(NAME, "constraints", constraints)?.of_shape(&shape);
    let count = if start.is_empty() { 1 } else { held.values(&start)?.1.len() };
    let options = Lagrange {
        tolerance: array::number(NAME, "tol", tol)?,
        max_evaluations: max_nfev.map(|most| array::whole(NAME, "max_nfev", most)).transpose()?,
    };
    let found = core::lagrange(|x| value.value(x), |x, into| held.fill(x, into), &start, count, &options)?;
    let py = f.py();
    let listed = |values: Array1<f64>| values.into_pyarray(py).into_any();
    let laid = |values: Array2<f64>| values.into_pyarray(py).into_any();
    Ok((
        (listed(found.x), found.value),
        (listed(found.multipliers), listed(found.gradient), listed(found.constraints)),
        (laid(found.normals), laid(found.hessian), listed(found.curvatures)),
        found.kind.name(),
        found.calls,
        (found.converged, found.message),
    ))
}

/// Eigenvalues, the direction of the least, convex, strictly convex.
#[pyfunction]
fn convexity_of_quadratic<'py>(p: &Bound<'py, PyAny>) -> Outcome<(Any<'py>, Any<'py>, bool, bool)> {
    let found = core::convexity_of_quadratic(array::matrix("is_convex", "f", p)?.view())?;
    let listed = |values: Array1<f64>| values.into_pyarray(p.py()).into_any();
    Ok((listed(found.eigenvalues), listed(found.direction), found.convex, found.strictly))
}

/// A counterexample (a, b, t) or None, its excess, and how many chords were left out.
type SampleParts<'py> = (Option<(Any<'py>, Any<'py>, f64)>, f64, usize);

/// Looks for a chord that a function rises above.
#[pyfunction]
#[pyo3(signature = (f, lower, upper, n, rng))]
fn sample_convexity<'py>(
    f: &Bound<'py, PyAny>,
    lower: &Bound<'py, PyAny>,
    upper: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
    rng: Option<&Bound<'py, PyAny>>,
) -> Outcome<SampleParts<'py>> {
    const NAME: &str = "is_convex";
    let (lower, upper) = (array::vector(NAME, "bounds", lower)?, array::vector(NAME, "bounds", upper)?);
    let (lower, upper) = (lower.view().to_vec(), upper.view().to_vec());
    let callee = Callee::new(NAME, "f", f)?.of_shape(&[lower.len()]);
    let mut stream = random::stream(NAME, "rng", rng)?;
    let count = array::whole(NAME, "n", n)?;
    let found = core::sample_convexity(|x| callee.value(x), &lower, &upper, count, &mut stream)?;
    let listed = |values: Array1<f64>| values.into_pyarray(f.py()).into_any();
    let chord = found.counterexample.map(|(a, b, t)| (listed(a), listed(b), t));
    Ok((chord, found.excess, found.undefined))
}
