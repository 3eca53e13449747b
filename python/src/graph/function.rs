//! The class that `underhood.Function` derives from: a call with plain numbers runs here, any other in Python.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyTuple};
use underhood::graph::{Memory, Program};

use super::traced::Traced;
use crate::array;
use crate::error::Outcome;

/// A function of numbers that is ready to run.
struct Ready {
    arguments: usize,
    program: Arc<Program>,
    memory: Mutex<Memory>,
}

/// A function that is called: with plain floats at once, otherwise by its method ``_call``.
#[pyclass(frozen, subclass, dict, module = "underhood._core.graph")]
pub(crate) struct Function {
    ready: OnceLock<Ready>,
}

#[pymethods]
impl Function {
    #[new]
    #[pyo3(signature = (*_arguments, **_keywords))]
    fn new(_arguments: &Bound<'_, PyTuple>, _keywords: Option<&Bound<'_, PyDict>>) -> Self {
        Function { ready: OnceLock::new() }
    }

    /// Calls with plain numbers run this from now on: a function of numbers whose value is one number.
    fn _prepare(&self, traced: &Traced) {
        let program = traced.program().clone();
        let memory = Mutex::new(program.memory());
        let ready = Ready { arguments: traced.function().arguments().len(), program, memory };
        // A second thread may have been first, with the same program.
        let _: Result<(), Ready> = self.ready.set(ready);
    }

    #[pyo3(signature = (*arguments, **keywords))]
    fn __call__<'py>(
        slf: &Bound<'py, Self>,
        arguments: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> Outcome<Bound<'py, PyAny>> {
        if keywords.is_none()
            && let Some(value) = slf.get().number(arguments)?
        {
            return Ok(PyFloat::new(slf.py(), value).into_any());
        }
        Ok(slf.call_method("_call", arguments, keywords)?)
    }
}

impl Function {
    /// The value at plain floats; None if it must be found another way.
    fn number(&self, arguments: &Bound<'_, PyTuple>) -> Outcome<Option<f64>> {
        const MOST: usize = 8;
        let Some(ready) = self.ready.get() else { return Ok(None) };
        let count = arguments.len();
        if count != ready.arguments || count > MOST {
            return Ok(None);
        }
        let mut values = [0.0; MOST];
        for (value, argument) in values.iter_mut().zip(arguments.iter_borrowed()) {
            let Ok(float) = argument.cast_exact::<PyFloat>() else { return Ok(None) };
            *value = float.value();
        }
        let mut flat: [&[f64]; MOST] = [&[]; MOST];
        flat.iter_mut().zip(values.chunks_exact(1)).for_each(|(flat, value)| *flat = value);
        let mut output = [0.0];
        let mut memory = ready.memory.lock().unwrap_or_else(PoisonError::into_inner);
        ready.program.run(&mut memory, &flat[..count], &mut output)?;
        Ok(Some(output[0]))
    }
}

/// Whether a function takes and gives numbers, and does nothing but compute with numbers in between.
#[pyfunction]
pub(super) fn of_numbers(traced: &Traced) -> bool {
    let graph = traced.function().graph();
    graph.needed(&[traced.function().output()]).iter().all(|node| graph.shape(*node).is_empty())
        && traced.function().arguments().iter().all(|argument| argument.shape.is_empty())
}

/// A function of numbers, element by element over flat arrays, each of which holds ``size`` numbers or one.
#[pyfunction]
pub(super) fn over<'py>(
    py: Python<'py>,
    traced: &Traced,
    arguments: Vec<Bound<'py, PyAny>>,
    size: usize,
) -> Outcome<Bound<'py, PyAny>> {
    let read = arguments.iter().map(|argument| array::vector("function", "an argument", argument));
    let read = read.collect::<Outcome<Vec<_>>>()?;
    let flat: Vec<Vec<f64>> = read.iter().map(|vector| vector.view().to_vec()).collect();
    let flat: Vec<&[f64]> = flat.iter().map(Vec::as_slice).collect();
    let (array, mut view) = array::fresh(py, &[size])?;
    let output = view.as_slice_mut().unwrap_or_default();
    traced.program().map(&flat, output)?;
    Ok(array.into_any())
}
