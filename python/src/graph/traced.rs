//! A function that was traced for arguments of certain shapes: what solvers run without Python.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyTuple};
use underhood::graph::{Function, Memory, Program};

use crate::array;
use crate::error::Outcome;

/// A function of arguments of certain shapes, as a graph. It is called, differentiated and handed to solvers; ``underhood.Function`` is what people see.
#[pyclass(frozen, module = "underhood._core.graph")]
pub(crate) struct Traced {
    function: Function,
    program: OnceLock<Arc<Program>>,
    /// The program of value and gradient together, made when first asked for.
    with_gradient: OnceLock<Arc<Program>>,
    /// Memories of runs that have ended, for the next ones.
    memories: Mutex<Vec<Memory>>,
}

impl Traced {
    pub(crate) fn new(function: Function) -> Self {
        Traced { function, program: OnceLock::new(), with_gradient: OnceLock::new(), memories: Mutex::default() }
    }

    pub(crate) fn function(&self) -> &Function {
        &self.function
    }

    /// The program, made at its first use.
    pub(crate) fn program(&self) -> &Arc<Program> {
        self.program.get_or_init(|| Arc::new(Program::new(&self.function)))
    }

    /// The program that gives value and gradient, laid flat one after the other.
    pub(crate) fn program_with_gradient(&self) -> Outcome<&Arc<Program>> {
        if let Some(program) = self.with_gradient.get() {
            return Ok(program);
        }
        let both = Arc::new(Program::new(&self.value_and_gradient(None)?.function));
        Ok(self.with_gradient.get_or_init(|| both))
    }

    /// The arguments that are named, or all of them.
    fn all(&self, arguments: Option<Vec<usize>>) -> Vec<usize> {
        arguments.unwrap_or_else(|| (0..self.function.arguments().len()).collect())
    }

    /// Runs it in a memory of its own.
    fn run(&self, arguments: &[&[f64]], output: &mut [f64]) -> Outcome<()> {
        let program = self.program();
        let kept = self.memories.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut memory = kept.unwrap_or_else(|| program.memory());
        program.run(&mut memory, arguments, output)?;
        self.memories.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        Ok(())
    }
}

#[pymethods]
impl Traced {
    /// Names and shapes of the arguments.
    #[getter]
    fn arguments(&self) -> Vec<(String, Vec<usize>)> {
        let argument = |argument: &underhood::graph::Argument| (argument.name.clone(), argument.shape.clone());
        self.function.arguments().iter().map(argument).collect()
    }

    /// The shape of the value.
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.function.shape())
    }

    /// ∂f/∂x by an argument that is a number.
    #[pyo3(signature = (argument=0))]
    fn derivative(&self, argument: usize) -> Outcome<Traced> {
        Ok(Traced::new(self.function.derivative(argument)?))
    }

    /// The gradient by one argument, or by several that are numbers; by all of these when none is named.
    #[pyo3(signature = (arguments=None))]
    fn gradient(&self, arguments: Option<Vec<usize>>) -> Outcome<Traced> {
        Ok(Traced::new(self.function.gradient(&self.all(arguments))?))
    }

    /// The Jacobian matrix.
    #[pyo3(signature = (arguments=None))]
    fn jacobian(&self, arguments: Option<Vec<usize>>) -> Outcome<Traced> {
        Ok(Traced::new(self.function.jacobian(&self.all(arguments))?))
    }

    /// The Hessian matrix.
    #[pyo3(signature = (arguments=None))]
    fn hessian(&self, arguments: Option<Vec<usize>>) -> Outcome<Traced> {
        Ok(Traced::new(self.function.hessian(&self.all(arguments))?))
    }

    /// The Hessian matrix times a vector, which is one more argument.
    #[pyo3(signature = (arguments=None))]
    pub(crate) fn hvp(&self, arguments: Option<Vec<usize>>) -> Outcome<Traced> {
        Ok(Traced::new(self.function.hessian_product(&self.all(arguments))?))
    }

    /// Value and gradient at once, laid flat one after the other: what descent asks for.
    #[pyo3(signature = (arguments=None))]
    pub(crate) fn value_and_gradient(&self, arguments: Option<Vec<usize>>) -> Outcome<Traced> {
        let gradient = self.function.gradient(&self.all(arguments))?;
        Ok(Traced::new(self.function.joined(&gradient)?))
    }

    #[pyo3(signature = (*arguments))]
    fn __call__<'py>(&self, arguments: &Bound<'py, PyTuple>) -> Outcome<Bound<'py, PyAny>> {
        const NAME: &str = "function";
        let py = arguments.py();
        let known = self.function.arguments();
        if arguments.len() != known.len() {
            let message = format!("{NAME}: {} arguments were given, but it takes {}", arguments.len(), known.len());
            return Err(PyTypeError::new_err(message).into());
        }
        let read = arguments.iter().map(|argument| array::array(NAME, "an argument", &argument));
        let read = read.collect::<Outcome<Vec<_>>>()?;
        let flat: Vec<Vec<f64>> = read.iter().map(|array| array.view().iter().copied().collect()).collect();
        let flat: Vec<&[f64]> = flat.iter().map(Vec::as_slice).collect();
        if self.function.shape().is_empty() {
            let mut output = [0.0];
            self.run(&flat, &mut output)?;
            return Ok(PyFloat::new(py, output[0]).into_any());
        }
        let (output, mut view) = array::fresh(py, self.function.shape())?;
        match view.as_slice_mut() {
            Some(values) => self.run(&flat, values)?,
            None => {
                return Err(PyTypeError::new_err(format!("{NAME}: NumPy gave an array that is not contiguous")).into());
            }
        }
        Ok(output.into_any())
    }
}
