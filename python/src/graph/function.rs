//! The class that `underhood.Function` derives from: a call with plain numbers and arrays runs here, any other in Python.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use numpy::PyArrayDyn;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyInt, PyTuple};
use underhood::graph::{Memory, Program};

use super::traced::{Traced, laid_flat};
use crate::array;
use crate::error::Outcome;
use crate::runtime;

/// A graph that is ready to run on arguments of certain shapes.
struct Ready {
    arguments: Vec<Vec<usize>>,
    /// The shape of its value.
    shape: Vec<usize>,
    program: Arc<Program>,
    memory: Mutex<Memory>,
}

impl Ready {
    fn new(traced: &Traced) -> Outcome<Self> {
        let (program, function) = (traced.program().clone(), traced.function());
        let memory = Mutex::new(program.memory()?);
        let arguments = function.arguments().iter().map(|argument| argument.shape.clone()).collect();
        Ok(Ready { arguments, shape: function.shape().to_vec(), program, memory })
    }

    fn fits(&self, arguments: &[Plain<'_>]) -> bool {
        self.arguments.len() == arguments.len()
            && self.arguments.iter().zip(arguments).all(|(shape, argument)| shape == argument.shape())
    }

    fn run<'py>(&self, py: Python<'py>, arguments: &[&[f64]]) -> Outcome<Bound<'py, PyAny>> {
        if self.shape.is_empty() {
            let mut output = [0.0];
            self.run_into(py, arguments, &mut output)?;
            return Ok(PyFloat::new(py, output[0]).into_any());
        }
        let (array, mut view) = array::fresh(py, &self.shape)?;
        self.run_into(py, arguments, view.as_slice_mut().unwrap_or_default())?;
        Ok(array.into_any())
    }

    /// Nothing of Python's is touched while the memory is held: another thread may wait for it and hold the interpreter.
    fn run_into(&self, py: Python<'_>, arguments: &[&[f64]], output: &mut [f64]) -> Outcome<()> {
        let numbers = self.program.work() + arguments.iter().map(|argument| argument.len()).sum::<usize>();
        let run = || {
            let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            self.program.run(&mut memory, arguments, output)
        };
        Ok(runtime::run(py, numbers, run)?)
    }
}

/// An argument that is run on where it lies.
enum Plain<'py> {
    Number(f64),
    Array(array::Array<'py>),
}

impl<'py> Plain<'py> {
    /// A float, a whole number, or an array of doubles in C order; None for all else.
    fn read(argument: &Bound<'py, PyAny>) -> Option<Self> {
        if let Ok(float) = argument.cast_exact::<PyFloat>() {
            return Some(Plain::Number(float.value()));
        }
        if let Ok(whole) = argument.cast_exact::<PyInt>() {
            return whole.extract().ok().map(Plain::Number);
        }
        argument.cast_exact::<PyArrayDyn<f64>>().ok()?;
        let array = array::array("function", "an argument", argument).ok()?;
        // An array without axes is a number, which Python makes of it.
        let plain = !array.shape().is_empty() && array.view().is_standard_layout();
        plain.then_some(Plain::Array(array))
    }

    fn shape(&self) -> &[usize] {
        match self {
            Plain::Number(_) => &[],
            Plain::Array(array) => array.shape(),
        }
    }
}

/// A function that is called: with plain numbers and arrays of shapes that are known at once, otherwise by its method ``_call``.
#[pyclass(frozen, subclass, module = "underhood._core.graph")]
pub(crate) struct Function {
    /// If it is a function of numbers that does nothing but compute with numbers.
    numbers: OnceLock<Ready>,
    /// Whether that runs on arrays too, element by element: a callable is asked once whether it does the same.
    arrays: AtomicBool,
    /// The graphs for shapes that were met, as many as Python keeps.
    met: Mutex<Vec<Arc<Ready>>>,
}

#[pymethods]
impl Function {
    #[new]
    #[pyo3(signature = (*_arguments, **_keywords))]
    fn new(_arguments: &Bound<'_, PyTuple>, _keywords: Option<&Bound<'_, PyDict>>) -> Self {
        Function { numbers: OnceLock::new(), arrays: AtomicBool::new(false), met: Mutex::default() }
    }

    /// Calls with plain numbers run this from now on, and with arrays if it holds for them: a function of numbers whose value is one number.
    fn _prepare(&self, traced: &Traced, arrays: bool) -> Outcome<()> {
        // A second thread may have been first, with the same program.
        let _: Result<(), Ready> = self.numbers.set(Ready::new(traced)?);
        self.arrays.fetch_or(arrays, Ordering::Release);
        Ok(())
    }

    /// Calls with arrays run the function of numbers from now on, element by element.
    fn _open_to_arrays(&self) {
        self.arrays.store(true, Ordering::Release);
    }

    /// Calls with arguments of the graph's shapes run it from now on; of such graphs, the last so many are kept.
    fn _keep(&self, traced: &Traced, kept: usize) -> Outcome<()> {
        let ready = Arc::new(Ready::new(traced)?);
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        met.retain(|known| known.arguments != ready.arguments);
        met.push(ready);
        let surplus = met.len().saturating_sub(kept);
        met.drain(..surplus);
        Ok(())
    }

    #[pyo3(signature = (*arguments, **keywords))]
    fn __call__<'py>(
        slf: &Bound<'py, Self>,
        arguments: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> Outcome<Bound<'py, PyAny>> {
        if keywords.is_none()
            && let Some(value) = slf.get().at_once(arguments)?
        {
            return Ok(value);
        }
        Ok(slf.call_method("_call", arguments, keywords)?)
    }
}

impl Function {
    /// The value at plain arguments; None if it must be found another way.
    fn at_once<'py>(&self, arguments: &Bound<'py, PyTuple>) -> Outcome<Option<Bound<'py, PyAny>>> {
        const MOST: usize = 8;
        let (py, count) = (arguments.py(), arguments.len());
        if count > MOST {
            return Ok(None);
        }
        let mut plain: [Plain<'py>; MOST] = [const { Plain::Number(0.0) }; MOST];
        for (plain, argument) in plain.iter_mut().zip(arguments.iter_borrowed()) {
            let Some(read) = Plain::read(&argument) else { return Ok(None) };
            *plain = read;
        }
        let plain = &plain[..count];
        let mut flat: [&[f64]; MOST] = [&[]; MOST];
        for (flat, plain) in flat.iter_mut().zip(plain) {
            *flat = match plain {
                Plain::Number(value) => std::slice::from_ref(value),
                Plain::Array(array) => array.flat(),
            };
        }
        let flat = &flat[..count];
        if let Some(numbers) = self.numbers.get() {
            if numbers.fits(plain) {
                return numbers.run(py, flat).map(Some);
            }
            if self.arrays.load(Ordering::Acquire) {
                return elementwise(py, numbers, plain, flat);
            }
        }
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(ready) = met.iter().rev().find(|ready| ready.fits(plain)).cloned() else { return Ok(None) };
        drop(met);
        ready.run(py, flat).map(Some)
    }
}

/// A function of numbers at numbers and arrays of one shape; None for other arguments.
fn elementwise<'py>(
    py: Python<'py>,
    numbers: &Ready,
    plain: &[Plain<'py>],
    flat: &[&[f64]],
) -> Outcome<Option<Bound<'py, PyAny>>> {
    let mut shapes = plain.iter().map(Plain::shape).filter(|shape| !shape.is_empty());
    let Some(shape) = shapes.next().filter(|_| numbers.arguments.len() == plain.len()) else { return Ok(None) };
    if shapes.any(|other| other != shape) {
        return Ok(None);
    }
    let (array, mut view) = array::fresh(py, shape)?;
    let output = view.as_slice_mut().unwrap_or_default();
    runtime::run(py, output.len(), || numbers.program.map(flat, output))?;
    Ok(Some(array.into_any()))
}

/// An argument of a function as an array of doubles, by the rules of every other function.
#[pyfunction]
pub(super) fn read<'py>(value: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    Ok(array::array("function", "an argument", value)?.into_bound())
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
    let flat: Vec<Cow<'_, [f64]>> = read.iter().map(|vector| laid_flat(vector.view().into_dyn())).collect();
    let flat: Vec<&[f64]> = flat.iter().map(AsRef::as_ref).collect();
    let (array, mut view) = array::fresh(py, &[size])?;
    let output = view.as_slice_mut().unwrap_or_default();
    let program = traced.program();
    runtime::run(py, size, || program.map(&flat, output))?;
    Ok(array.into_any())
}
