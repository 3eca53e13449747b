//! A function that was traced for arguments of certain shapes: what solvers run without Python.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use numpy::ndarray::ArrayViewD;
use numpy::{IntoPyArray, PyArrayMethods};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyTuple};
use underhood::graph::{Function, Memory, Program};

use crate::array;
use crate::error::Outcome;
use crate::runtime;

/// Which derivative, by which arguments, and what it is.
type Derived = (Kind, Vec<usize>, Py<Traced>);

/// A function of arguments of certain shapes, as a graph. It is called, differentiated and handed to solvers; ``underhood.Function`` is what people see.
#[pyclass(frozen, module = "underhood._core.graph")]
pub(crate) struct Traced {
    function: Function,
    program: OnceLock<Arc<Program>>,
    /// Memories of runs that have ended, for the next ones.
    memories: Mutex<Vec<Memory>>,
    /// Derivatives that were asked for: the next to ask has the same ones, with the programs that they were made into.
    derived: Mutex<Vec<Derived>>,
    smooth: OnceLock<bool>,
}

/// What was derived from a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Derivative,
    Gradient,
    Jacobian,
    Hessian,
    HessianProduct,
    ValueAndGradient,
}

impl Traced {
    pub(crate) fn new(function: Function) -> Self {
        Traced {
            function,
            program: OnceLock::new(),
            memories: Mutex::default(),
            derived: Mutex::default(),
            smooth: OnceLock::new(),
        }
    }

    pub(crate) fn function(&self) -> &Function {
        &self.function
    }

    /// The program, made at its first use.
    pub(crate) fn program(&self) -> &Arc<Program> {
        self.program.get_or_init(|| Arc::new(Program::new(&self.function)))
    }

    /// Whether nothing in it has a corner or a jump.
    pub(crate) fn is_smooth(&self) -> bool {
        *self.smooth.get_or_init(|| self.function.is_smooth())
    }

    /// The arguments that are named, or all of them.
    fn all(&self, arguments: Option<Vec<usize>>) -> Vec<usize> {
        arguments.unwrap_or_else(|| (0..self.function.arguments().len()).collect())
    }

    /// What was derived before, or is now.
    fn kept(
        &self,
        py: Python<'_>,
        kind: Kind,
        arguments: Vec<usize>,
        derive: impl FnOnce(&Function, &[usize]) -> underhood::Result<Function>,
    ) -> Outcome<Py<Traced>> {
        let derived = || self.derived.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |(known, by, _): &&(Kind, Vec<usize>, Py<Traced>)| *known == kind && *by == arguments;
        let known = derived().iter().find(same).map(|(_, _, known)| known.clone_ref(py));
        if let Some(known) = known {
            return Ok(known);
        }
        let new = Py::new(py, Traced::new(derive(&self.function, &arguments)?))?;
        let kept = new.clone_ref(py);
        derived().push((kind, arguments, kept));
        Ok(new)
    }

    /// Runs it in a memory of its own; other Python threads run meanwhile if that takes long.
    fn run(&self, py: Python<'_>, arguments: &[&[f64]], output: &mut [f64]) -> Outcome<()> {
        let numbers = self.program().work() + arguments.iter().map(|argument| argument.len()).sum::<usize>();
        Ok(runtime::run(py, numbers, || self.run_detached(arguments, output))?)
    }

    fn run_detached(&self, arguments: &[&[f64]], output: &mut [f64]) -> underhood::Result<()> {
        let program = self.program();
        let kept = self.memories.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut memory = match kept {
            Some(memory) => memory,
            None => program.memory()?,
        };
        program.run(&mut memory, arguments, output)?;
        self.memories.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        Ok(())
    }
}

/// An argument of a call.
enum Given<'py> {
    Number(f64),
    Array(array::Array<'py>),
}

impl Given<'_> {
    fn flat(&self) -> Cow<'_, [f64]> {
        match self {
            Given::Number(value) => Cow::Borrowed(std::slice::from_ref(value)),
            Given::Array(array) => laid_flat(array.view()),
        }
    }
}

/// The numbers of an array in C order: where they lie if they lie so, else copied.
pub(super) fn laid_flat(view: ArrayViewD<'_, f64>) -> Cow<'_, [f64]> {
    match view.to_slice() {
        Some(flat) => Cow::Borrowed(flat),
        None => Cow::Owned(view.iter().copied().collect()),
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

    /// Whether nothing in it has a corner or a jump.
    #[getter]
    fn smooth(&self) -> bool {
        self.is_smooth()
    }

    /// ∂f/∂x by an argument that is a number.
    #[pyo3(signature = (argument=0))]
    fn derivative(&self, py: Python<'_>, argument: usize) -> Outcome<Py<Traced>> {
        self.kept(py, Kind::Derivative, vec![argument], |function, _| function.derivative(argument))
    }

    /// The gradient by one argument, or by several that are numbers; by all of these when none is named.
    #[pyo3(signature = (arguments=None))]
    fn gradient(&self, py: Python<'_>, arguments: Option<Vec<usize>>) -> Outcome<Py<Traced>> {
        self.kept(py, Kind::Gradient, self.all(arguments), Function::gradient)
    }

    /// The Jacobian matrix.
    #[pyo3(signature = (arguments=None))]
    fn jacobian(&self, py: Python<'_>, arguments: Option<Vec<usize>>) -> Outcome<Py<Traced>> {
        self.kept(py, Kind::Jacobian, self.all(arguments), Function::jacobian)
    }

    /// The Hessian matrix.
    #[pyo3(signature = (arguments=None))]
    fn hessian(&self, py: Python<'_>, arguments: Option<Vec<usize>>) -> Outcome<Py<Traced>> {
        self.kept(py, Kind::Hessian, self.all(arguments), Function::hessian)
    }

    /// The Hessian matrix times a vector, which is one more argument.
    #[pyo3(signature = (arguments=None))]
    pub(crate) fn hvp(&self, py: Python<'_>, arguments: Option<Vec<usize>>) -> Outcome<Py<Traced>> {
        self.kept(py, Kind::HessianProduct, self.all(arguments), Function::hessian_product)
    }

    /// Value and gradient at once, laid flat one after the other: what descent asks for.
    #[pyo3(signature = (arguments=None))]
    pub(crate) fn value_and_gradient(&self, py: Python<'_>, arguments: Option<Vec<usize>>) -> Outcome<Py<Traced>> {
        self.kept(py, Kind::ValueAndGradient, self.all(arguments), |function, by| {
            function.joined(&function.gradient(by)?)
        })
    }

    /// How far rounding may shift the value at these arguments, in its shape; None for what is no small function of numbers.
    #[pyo3(signature = (*arguments))]
    fn rounding<'py>(&self, arguments: &Bound<'py, PyTuple>) -> Outcome<Option<Bound<'py, PyAny>>> {
        let py = arguments.py();
        let read = arguments.iter_borrowed().map(|argument| array::array("rounding", "an argument", &argument));
        let read: Vec<array::Array<'_>> = read.collect::<Outcome<_>>()?;
        let flat: Vec<Cow<'_, [f64]>> = read.iter().map(|argument| laid_flat(argument.view())).collect();
        let flat: Vec<&[f64]> = flat.iter().map(AsRef::as_ref).collect();
        let Some(found) = self.program().rounding(&flat)? else { return Ok(None) };
        Ok(Some(found.into_pyarray(py).reshape(self.function.shape().to_vec())?.into_any()))
    }

    /// The value of a small function of one number, and how far the last digits of x and rounding may shift it; None for any other.
    fn noise(&self, x: f64) -> Outcome<Option<(f64, f64)>> {
        match self.function.arguments() {
            [argument] if argument.shape.is_empty() => Ok(self.program().noise(x)?),
            _ => Ok(None),
        }
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
        let read = arguments.iter_borrowed().map(|argument| match argument.cast_exact::<PyFloat>() {
            Ok(number) => Ok(Given::Number(number.value())),
            Err(_) => Ok(Given::Array(array::array(NAME, "an argument", &argument)?)),
        });
        let read: Vec<Given<'_>> = read.collect::<Outcome<_>>()?;
        let flat: Vec<Cow<'_, [f64]>> = read.iter().map(Given::flat).collect();
        let flat: Vec<&[f64]> = flat.iter().map(AsRef::as_ref).collect();
        if self.function.shape().is_empty() {
            let mut output = [0.0];
            self.run(py, &flat, &mut output)?;
            return Ok(PyFloat::new(py, output[0]).into_any());
        }
        let (output, mut view) = array::fresh(py, self.function.shape())?;
        match view.as_slice_mut() {
            Some(values) => self.run(py, &flat, values)?,
            None => {
                return Err(PyTypeError::new_err(format!("{NAME}: NumPy gave an array that is not contiguous")).into());
            }
        }
        Ok(output.into_any())
    }
}
