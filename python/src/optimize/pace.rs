//! Reading how long a descent's steps are, and how a gradient becomes one.

use std::cell::RefCell;

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use underhood::Error;
use underhood::optimize::{Parameters, Rate, Rule, Schedule};

use crate::array;
use crate::callee::Callee;
use crate::error::{Failure, Outcome};
use crate::option::optional_number;

/// Name and parameters of a rule, as the caller gave them: momentum, beta1, beta2, epsilon.
pub(super) type RuleParts<'py> = (
    Bound<'py, PyAny>,
    Option<Bound<'py, PyAny>>,
    Option<Bound<'py, PyAny>>,
    Option<Bound<'py, PyAny>>,
    Option<Bound<'py, PyAny>>,
);

/// Kind, rate, shape, count and warm-up of a schedule.
type ScheduleParts<'py> = (String, Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>);

pub(super) fn rule(function: &'static str, parts: &RuleParts<'_>) -> Outcome<Rule> {
    let (method, momentum, beta1, beta2, epsilon) = parts;
    let name = name(function, "method", method)?;
    let number = |argument, value: &Option<Bound<'_, PyAny>>| optional_number(function, argument, value.as_ref());
    let given = Parameters {
        momentum: number("momentum", momentum)?,
        beta1: number("beta1", beta1)?,
        beta2: number("beta2", beta2)?,
        epsilon: number("epsilon", epsilon)?,
    };
    Ok(Rule::named(function, &name, given)?)
}

fn name(function: &'static str, argument: &'static str, value: &Bound<'_, PyAny>) -> Outcome<String> {
    let name = crate::option::optional_name(function, argument, Some(value))?;
    Ok(name.unwrap_or_default())
}

/// A rate as it came in. A caller's function of the step is called when the step is made.
pub(super) enum Given<'a, 'py> {
    Fixed(Rate<'static>),
    Called { rates: Box<Callee<'a, 'py>>, error: RefCell<Option<Failure>> },
}

impl<'a, 'py> Given<'a, 'py> {
    pub(super) fn read(function: &'static str, value: &'a Bound<'py, PyAny>) -> Outcome<Self> {
        const ARGUMENT: &str = "learning_rate";
        if let Ok(text) = value.cast::<PyString>() {
            return match &*text.to_cow()? {
                "backtracking" | "armijo" => Ok(Given::Fixed(Rate::Backtracking)),
                "exact" => Ok(Given::Fixed(Rate::Exact)),
                other => {
                    const ALLOWED: &[&str] = &["backtracking", "armijo", "exact"];
                    Err(Error::UnknownName { function, argument: ARGUMENT, value: other.into(), allowed: ALLOWED }
                        .into())
                }
            };
        }
        if let Ok(parts) = value.cast::<PyTuple>() {
            return Ok(Given::Fixed(Rate::Schedule(schedule(function, parts)?)));
        }
        if value.is_callable() {
            let rates = Callee::new(function, ARGUMENT, value)?;
            return Ok(Given::Called { rates: Box::new(rates), error: RefCell::new(None) });
        }
        Ok(Given::Fixed(Rate::Constant(array::number(function, ARGUMENT, value)?)))
    }

    /// Runs a descent at this rate. What the caller's function of the step raised comes out instead of the refusal of its answer.
    pub(super) fn run<T>(&self, descend: impl FnOnce(Rate<'_>) -> Outcome<T>) -> Outcome<T> {
        let (rates, error) = match self {
            Given::Fixed(rate) => return descend(*rate),
            Given::Called { rates, error } => (rates, error),
        };
        let called = |k: usize| {
            rates.number_at_step(k).unwrap_or_else(|failure| {
                error.replace(Some(failure));
                f64::NAN
            })
        };
        let found = descend(Rate::Function(&called));
        match error.take() {
            Some(failure) => Err(failure),
            None => found,
        }
    }
}

fn schedule(function: &'static str, parts: &Bound<'_, PyTuple>) -> Outcome<Schedule> {
    let (kind, rate, shape, count, warm_up) = parts.extract::<ScheduleParts<'_>>()?;
    let (shape_name, count_name) = match &*kind {
        "step" | "exponential" => ("factor", "every"),
        "inverse_time" => ("decay", "steps"),
        _ => ("floor", "steps"),
    };
    let rate = array::number(function, "rate", &rate)?;
    let shape = array::number(function, shape_name, &shape)?;
    let count = array::whole(function, count_name, &count)?;
    let warm_up = array::whole(function, "warm_up", &warm_up)?;
    Ok(Schedule::named(function, &kind, rate, (shape, count), warm_up)?)
}

/// The rates of a schedule for steps 0, …, n − 1; refuses a schedule that makes none.
#[pyfunction]
#[pyo3(signature = (function, parts, n))]
pub(super) fn schedule_rates<'py>(
    py: Python<'py>,
    function: &str,
    parts: &Bound<'py, PyTuple>,
    n: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyArray1<f64>>> {
    let schedule = schedule(owner(function), parts)?;
    let n = array::whole(owner(function), "n", n)?;
    Ok((0..n).map(|k| schedule.at(k)).collect::<Vec<f64>>().into_pyarray(py))
}

/// The rate of a schedule for one step.
#[pyfunction]
#[pyo3(signature = (function, parts, k))]
pub(super) fn schedule_rate(function: &str, parts: &Bound<'_, PyTuple>, k: &Bound<'_, PyAny>) -> Outcome<f64> {
    let schedule = schedule(owner(function), parts)?;
    Ok(schedule.at(array::whole(owner(function), "k", k)?))
}

/// The schedule that speaks.
fn owner(name: &str) -> &'static str {
    const NAMES: [&str; 6] = ["Constant", "StepDecay", "Exponential", "InverseTime", "Cosine", "WarmUp"];
    NAMES.into_iter().find(|known| *known == name).unwrap_or("Schedule")
}
