//! Binds differential equations.

use pyo3::prelude::*;

/// Differential equations.
#[pymodule]
pub(crate) mod equations {
    #[pymodule_export]
    use super::{solve_ivp, start};
}

use numpy::ndarray::{Array1, Array2, Array3, ShapeError};
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArray3, PyArrayDyn};
use pyo3::exceptions::PyRuntimeError;
use underhood::calculus::equations::{self as core, Crossing, Dense, Direction, Event, Fill, Method, Options};

use crate::array::{array, number, vector, whole};
use crate::callee::Callee;
use crate::error::{Failure, Outcome};
use crate::option::optional_number;

const NAME: &str = "solve_ivp";

/// Times, widths, points and coefficients of a solution between the steps.
type Pieces<'py> =
    (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray2<f64>>, Bound<'py, PyArray3<f64>>);

/// What `underhood.calculus.OdeResult` is made of.
type Parts<'py> = (
    (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray2<f64>>),
    Option<Pieces<'py>>,
    Vec<(Bound<'py, PyArray1<f64>>, Bound<'py, PyArray2<f64>>)>,
    (usize, usize, usize, usize),
    (i32, String),
    Vec<(f64, &'static str)>,
);

/// The start of `solve_ivp` as an array.
#[pyfunction]
fn start<'py>(y0: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    Ok(array(NAME, "y0", y0)?.into_bound())
}

/// The solution of an initial value problem as a tuple; `underhood.calculus.solve_ivp` makes an `OdeResult` of it. Events come as tuples
/// of a function, its direction and the number of the zero that ends the integration (0 for none).
#[pyfunction]
#[pyo3(signature = (f, t_span, y0, jac, events, method, t_eval, dense_output, tolerances, steps))]
#[expect(clippy::too_many_arguments, reason = "they are the public function's")]
fn solve_ivp<'py>(
    py: Python<'py>,
    f: &Bound<'py, PyAny>,
    t_span: &Bound<'py, PyAny>,
    y0: &Bound<'py, PyAny>,
    jac: Option<&Bound<'py, PyAny>>,
    events: Vec<(Bound<'py, PyAny>, f64, usize)>,
    method: &str,
    t_eval: Option<&Bound<'py, PyAny>>,
    dense_output: bool,
    tolerances: (Bound<'py, PyAny>, Bound<'py, PyAny>),
    steps: [Option<Bound<'py, PyAny>>; 4],
) -> Outcome<Parts<'py>> {
    let y0 = array(NAME, "y0", y0)?;
    let start: Vec<f64> = y0.view().iter().copied().collect();
    let span = pair(t_span)?;
    let [first_step, max_step, max_steps, step] = &steps;
    let options = Options {
        method: Method::from_name(method)?,
        rtol: number(NAME, "rtol", &tolerances.0)?,
        atol: array(NAME, "atol", &tolerances.1)?.view().iter().copied().collect(),
        first_step: optional_number(NAME, "first_step", first_step.as_ref())?,
        max_step: optional_number(NAME, "max_step", max_step.as_ref())?.unwrap_or(f64::INFINITY),
        max_steps: max_steps.as_ref().map_or(Ok(100_000), |most| whole(NAME, "max_steps", most))?,
        step: optional_number(NAME, "step", step.as_ref())?,
        times: t_eval.map(|times| vector(NAME, "t_eval", times).map(|times| times.view().to_vec())).transpose()?,
        dense: dense_output,
    };
    let called = |argument, object| -> PyResult<_> { Ok(Callee::new(NAME, argument, object)?.of_shape(y0.shape())) };
    let f = called("f", f)?;
    let mut slope = |t: f64, y: &[f64], into: &mut [f64]| f.slope(t, y, into);
    let jac = jac.map(|jac| called("jac", jac)).transpose()?;
    let mut given = jac.map(|jac| move |t: f64, y: &[f64], into: &mut [f64]| jac.slope(t, y, into));
    // Of a traced function, the exact one.
    let mut exact = if given.is_none() { f.slope_matrix() } else { None };
    let matrix = match (&mut given, &mut exact) {
        (Some(given), _) => Some(given as &mut Fill<'_, Failure>),
        (None, Some(exact)) => Some(exact as &mut Fill<'_, Failure>),
        (None, None) => None,
    };
    let mut watched = Vec::with_capacity(events.len());
    for (event, direction, terminal) in &events {
        let event = called("events", event)?;
        let function = Box::new(move |t: f64, y: &[f64]| event.number_at(t, y));
        let crossing = Crossing { direction: turned(*direction), terminal: (*terminal > 0).then_some(*terminal) };
        watched.push(Event { function, crossing });
    }
    parts(py, core::solve_ivp_with(&mut slope, matrix, watched, span, &start, &options)?)
}

fn turned(direction: f64) -> Direction {
    if direction > 0.0 {
        Direction::Rising
    } else if direction < 0.0 {
        Direction::Falling
    } else {
        Direction::Either
    }
}

/// Reads the two ends of an interval.
fn pair(t_span: &Bound<'_, PyAny>) -> Outcome<(f64, f64)> {
    let found = vector(NAME, "t_span", t_span)?;
    match *found.view().to_vec() {
        [start, end] => Ok((start, end)),
        _ => {
            let shape = vec![found.view().len()];
            let expected = "its two ends are needed, (t0, t1)".into();
            Err(underhood::Error::Shape { function: NAME, argument: "t_span", shape, expected }.into())
        }
    }
}

fn parts(py: Python<'_>, found: core::Solution) -> Outcome<Parts<'_>> {
    let n = found.dimension;
    let rows = |values: Vec<f64>| shaped(Array2::from_shape_vec((values.len() / n, n), values));
    let line = |values: Vec<f64>| Array1::from_vec(values).into_pyarray(py);
    let mut events = Vec::with_capacity(found.event_times.len());
    for (times, values) in found.event_times.into_iter().zip(found.event_values) {
        events.push((line(times), rows(values)?.into_pyarray(py)));
    }
    let pieces = |dense: Dense| -> Outcome<Pieces<'_>> {
        let count = dense.widths().len();
        let each = if count == 0 { 0 } else { dense.coefficients().len() / (count * n) };
        let coefficients = shaped(Array3::from_shape_vec((count, each, n), dense.coefficients().to_vec()))?;
        let points = rows(dense.points().to_vec())?.into_pyarray(py);
        Ok((line(dense.times().to_vec()), line(dense.widths().to_vec()), points, coefficients.into_pyarray(py)))
    };
    Ok((
        (line(found.times), rows(found.values)?.into_pyarray(py)),
        found.dense.map(pieces).transpose()?,
        events,
        (found.function_evaluations, found.jacobian_evaluations, found.factorizations, found.steps),
        (found.stop.status(), found.stop.to_string()),
        found.phases.into_iter().map(|phase| (phase.from, phase.method.name())).collect(),
    ))
}

fn shaped<T>(array: Result<T, ShapeError>) -> PyResult<T> {
    array.map_err(|error| PyRuntimeError::new_err(error.to_string()))
}
