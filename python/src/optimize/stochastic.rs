//! Binds stochastic gradient descent.

use numpy::ndarray::{Array1, Dimension};
use numpy::{IntoPyArray, PyArray1, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use underhood::optimize::{self as core, Step, StochasticDescent, StochasticOptions};
use underhood::{Error, calculus};

use super::descent::{point, points, watched};
use super::pace::{Given, RuleParts, rule};
use crate::array::{self, Array};
use crate::callee::{answer, callable};
use crate::error::Outcome;
use crate::random;

const NAME: &str = "stochastic_gradient_descent";

/// What `underhood.optimize.StochasticResult` is made of.
pub(super) type Parts<'py> = (
    (Bound<'py, PyAny>, f64),
    (usize, usize),
    (&'static str, String),
    Option<Bound<'py, PyAny>>,
    [Bound<'py, PyArray1<f64>>; 5],
    (&'static str, Vec<(&'static str, f64)>),
);

/// A caller's function of the weights and some rows of the data.
struct OfRows<'a, 'py> {
    argument: &'static str,
    object: &'a Bound<'py, PyAny>,
    shape: &'a [usize],
    data: Vec<Bound<'py, PyAny>>,
}

impl<'py> OfRows<'_, 'py> {
    /// Calls it with copies of its own: the weights, and of each array the rows that are asked for, or all.
    fn call(&self, w: &[f64], rows: Option<&[usize]>) -> Outcome<Bound<'py, PyAny>> {
        let py = self.object.py();
        let mut arguments = vec![PyArray1::from_slice(py, w).reshape(self.shape.to_vec())?.into_any()];
        match rows {
            None => {
                for array in &self.data {
                    arguments.push(array.call_method0("copy")?);
                }
            }
            Some(rows) => {
                let rows = PyArray1::from_iter(py, rows.iter().map(|&row| row as i64));
                let first_axis = PyDict::new(py);
                first_axis.set_item("axis", 0)?;
                for array in &self.data {
                    arguments.push(array.call_method("take", (&rows,), Some(&first_axis))?);
                }
            }
        }
        Ok(self.object.call1(PyTuple::new(py, arguments)?)?)
    }

    fn value(&self, w: &[f64], rows: Option<&[usize]>) -> Outcome<f64> {
        answer(NAME, self.argument, &self.call(w, rows)?)
    }

    fn like(&self, w: &[f64], rows: &[usize], into: &mut [f64]) -> Outcome<()> {
        let found = array::array(NAME, self.argument, &self.call(w, Some(rows))?)?;
        if found.shape() != self.shape && !(found.view().len() == 1 && into.len() == 1) {
            let expected = format!("x0 has the shape {:?}", self.shape);
            let (shape, argument) = (found.shape().to_vec(), self.argument);
            return Err(Error::Shape { function: NAME, argument, shape, expected }.into());
        }
        into.iter_mut().zip(found.view().iter()).for_each(|(into, from)| *into = *from);
        Ok(())
    }
}

/// Stochastic gradient descent as a tuple; `underhood.optimize.stochastic_gradient_descent` makes a `StochasticResult` of it.
#[pyfunction]
#[pyo3(signature = (loss, x0, data, gradient, learning_rate, rule_parts, counts, flags, rng, callback))]
#[expect(clippy::too_many_arguments, reason = "they are the public function's")]
pub(super) fn stochastic_gradient_descent<'py>(
    loss: &Bound<'py, PyAny>,
    x0: &Bound<'py, PyAny>,
    data: Vec<Bound<'py, PyAny>>,
    gradient: Option<&Bound<'py, PyAny>>,
    learning_rate: &Bound<'py, PyAny>,
    rule_parts: RuleParts<'py>,
    counts: (Bound<'py, PyAny>, Bound<'py, PyAny>),
    flags: (bool, bool, bool),
    rng: Option<&Bound<'py, PyAny>>,
    callback: Option<&Bound<'py, PyAny>>,
) -> Outcome<Parts<'py>> {
    let py = loss.py();
    callable(NAME, "loss", loss)?;
    gradient.map(|gradient| callable(NAME, "gradient", gradient)).transpose()?;
    let x0 = array::array(NAME, "x0", x0)?;
    let (shape, start) = (x0.shape().to_vec(), x0.view().iter().copied().collect::<Vec<f64>>());
    let data = data.iter().map(|data| array::array(NAME, "data", data)).collect::<Outcome<Vec<Array<'_>>>>()?;
    let rows = same_rows(&data)?;
    data.iter().try_for_each(finite)?;
    let data: Vec<Bound<'_, PyAny>> = data.into_iter().map(|data| data.into_bound().into_any()).collect();
    let loss = OfRows { argument: "loss", object: loss, shape: &shape, data: data.clone() };
    let gradient = gradient.map(|object| OfRows { argument: "gradient", object, shape: &shape, data });

    let rule = rule(NAME, &rule_parts)?;
    let (batch_size, epochs) = (array::whole(NAME, "batch_size", &counts.0)?, array::whole(NAME, "epochs", &counts.1)?);
    let (shuffle, averaging, keep_path) = flags;
    let mut stream = random::stream(NAME, "rng", rng)?;
    let batch = |w: &[f64], rows: &[usize], into: &mut [f64]| -> Outcome<f64> {
        match &gradient {
            Some(gradient) => {
                let value = loss.value(w, Some(rows))?;
                gradient.like(w, rows, into).map(|()| value)
            }
            None => {
                let mut first = None;
                let value = |w: &[f64]| -> Outcome<f64> {
                    let value = loss.value(w, Some(rows))?;
                    first.get_or_insert(value);
                    Ok(value)
                };
                let found = calculus::gradient(value, w, &calculus::Options::default())?;
                into.iter_mut().zip(&found.values).for_each(|(into, from)| *into = *from);
                Ok(first.unwrap_or(f64::NAN))
            }
        }
    };
    let watch = |step: Step<'_>| watched(callback, &step, &shape, py);
    let found = Given::read(NAME, learning_rate)?.run(|rate| {
        let options =
            StochasticOptions { rate, rule, epochs, batch_size, shuffle, averaging, keep_path, watch_every: 1 };
        core::stochastic_gradient_descent(batch, |w| loss.value(w, None), &start, rows, &options, &mut stream, watch)
    })?;
    parts(py, found, &shape, rule)
}

/// How many rows the arrays have; refuses arrays without rows or with different numbers of them.
fn same_rows(data: &[Array<'_>]) -> Outcome<usize> {
    let mut rows = None;
    for array in data {
        let shape = array.shape();
        let expected = match (shape.first(), rows) {
            (Some(&found), None) => {
                rows = Some(found);
                continue;
            }
            (Some(&found), Some(rows)) if found == rows => continue,
            (Some(_), Some(rows)) => format!("the first array of data has {rows} rows"),
            (None, _) => "an array with rows is needed".into(),
        };
        return Err(Error::Shape { function: NAME, argument: "data", shape: shape.to_vec(), expected }.into());
    }
    Ok(rows.unwrap_or(0))
}

/// Refuses missing values, of which no loss can be computed.
fn finite(data: &Array<'_>) -> Outcome<()> {
    match data.view().indexed_iter().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some((index, &value)) => {
            let index = index.slice().to_vec();
            Err(Error::NotFinite { function: NAME, argument: "data", value, index }.into())
        }
    }
}

fn parts<'py>(py: Python<'py>, found: StochasticDescent, shape: &[usize], rule: core::Rule) -> Outcome<Parts<'py>> {
    let plain = |values: Array1<f64>| values.into_pyarray(py);
    Ok((
        (point(py, found.x, shape)?, found.value),
        (found.iterations, found.epochs),
        (found.stop.name(), found.message),
        found.path.map(|path| points(py, path, shape)).transpose()?,
        [found.batch_values, found.epoch_values, found.gradient_norms, found.step_lengths, found.rates].map(plain),
        (rule.name(), rule.parameters()),
    ))
}
