//! Calling a caller's functions, and reading what they give back.
//!
//! A [`Callee`] is a function as it came in: one of Python's, or one that was traced, which runs without Python. It is asked for numbers at points and knows
//! nothing of what they are for. What Python raises in it comes out as it went in.

mod native;
mod probe;

use std::cell::OnceCell;
use std::sync::Arc;

use numpy::{PyArray1, PyArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyComplex, PyFloat, PyString, PyTuple};
use underhood::Error;
use underhood::graph::Program;

use self::native::{Native, Slopes};
pub(crate) use self::probe::Probe;
use crate::array;
use crate::error::{Failure, Outcome};
use crate::graph::traced::Traced;

/// A caller's function: of numbers, or of one array (whose shape it is told), or of a number and an array.
#[derive(Debug)]
pub(crate) struct Callee<'a, 'py> {
    /// The function of ours that calls it, and the argument that it came in as.
    function: &'static str,
    argument: &'static str,
    object: &'a Bound<'py, PyAny>,
    /// The shape of the array that it takes; a function of numbers has none.
    shape: Vec<usize>,
    /// What runs in its stead, if it was traced.
    native: Option<Native>,
}

/// What fills an array from two.
pub(crate) type OfTwoArrays<'a> = dyn Fn(&[f64], &[f64], &mut [f64]) -> Outcome<()> + 'a;

/// What fills an array from a number and an array.
pub(crate) type OfNumberAndArray<'a> = dyn Fn(f64, &[f64], &mut [f64]) -> Outcome<()> + 'a;

impl<'a, 'py> Callee<'a, 'py> {
    /// A function of numbers; refuses what cannot be called.
    pub(crate) fn new(function: &'static str, argument: &'static str, object: &'a Bound<'py, PyAny>) -> PyResult<Self> {
        callable(function, argument, object)?;
        let native = object.cast::<Traced>().ok().map(|traced| Native::new(traced.get())).transpose()?;
        Ok(Callee { function, argument, object, shape: Vec::new(), native })
    }

    /// The same as a function of an array of this shape.
    pub(crate) fn of_shape(self, shape: &[usize]) -> Self {
        Callee { shape: shape.to_vec(), ..self }
    }

    /// The value of a traced function, which must be one number.
    #[inline]
    fn one(&self, native: &Native, arguments: &[&[f64]]) -> Outcome<f64> {
        if native.program.size() != 1 {
            return Err(self.not_one_number(&native.shape));
        }
        native.one(arguments)
    }

    /// The values of a traced function, which must be as many as there is room for.
    #[inline]
    fn many(&self, native: &Native, arguments: &[&[f64]], into: &mut [f64]) -> Outcome<()> {
        if native.program.size() != into.len() {
            return Err(self.wrong_count(&native.shape, into.len()));
        }
        native.run(arguments, into)
    }

    /// f(x).
    pub(crate) fn number(&self, x: f64) -> Outcome<f64> {
        if let Some(native) = &self.native {
            return self.one(native, &[&[x]]);
        }
        self.read(&self.object.call1((PyFloat::new(self.object.py(), x),))?)
    }

    /// The first two derivatives, if it was traced from one number to one and has no kinks.
    pub(crate) fn slopes(&self) -> Outcome<Option<Slopes>> {
        match (self.object.cast::<Traced>(), &self.native) {
            (Ok(traced), Some(native)) if native.shape.is_empty() && traced.get().is_smooth() => {
                Slopes::of(traced.get().function())
            }
            _ => Ok(None),
        }
    }

    /// f(k) of a whole number.
    pub(crate) fn number_at_step(&self, k: usize) -> Outcome<f64> {
        self.read(&self.object.call1((k,))?)
    }

    /// f(x) at many x, one after the other.
    pub(crate) fn numbers(&self, x: &[f64], into: &mut [f64]) -> Outcome<()> {
        if let Some(native) = &self.native {
            return self.map(native, &[], x, into);
        }
        for (x, into) in x.iter().zip(into) {
            *into = self.number(*x)?;
        }
        Ok(())
    }

    /// f(x, …, z) at many z, the numbers before it being fixed; NaN where f says that it has no value.
    pub(crate) fn numbers_along(&self, probe: &Probe, fixed: &[f64], z: &[f64], into: &mut [f64]) -> Outcome<()> {
        if let Some(native) = &self.native {
            return self.map(native, fixed, z, into);
        }
        let mut point: Vec<f64> = fixed.iter().copied().chain([f64::NAN]).collect();
        for (z, into) in z.iter().zip(into) {
            point[fixed.len()] = *z;
            let found = if fixed.is_empty() { self.number(*z) } else { self.number_of(&point) };
            *into = probe.caught(self.object.py(), found, || f64::NAN)?;
        }
        Ok(())
    }

    /// The values of a traced function, each of which must be one number.
    fn map(&self, native: &Native, fixed: &[f64], last: &[f64], into: &mut [f64]) -> Outcome<()> {
        if native.program.size() != 1 {
            return Err(self.not_one_number(&native.shape));
        }
        native.map(fixed, last, into)
    }

    /// f(x, y, …) of several numbers.
    pub(crate) fn number_of(&self, arguments: &[f64]) -> Outcome<f64> {
        if let Some(native) = &self.native {
            let arguments: Vec<&[f64]> = arguments.chunks(1).collect();
            return self.one(native, &arguments);
        }
        self.read(&self.object.call1(PyTuple::new(self.object.py(), arguments)?)?)
    }

    /// f(x), a number, of an array x that is given flat.
    pub(crate) fn value(&self, x: &[f64]) -> Outcome<f64> {
        if let Some(native) = &self.native {
            return self.one(native, &[x]);
        }
        self.read(&call(self.object, x, &self.shape)?)
    }

    /// f(x), an array, of an array x: its numbers are laid flat into `into`, which must be as many; a number counts as one.
    pub(crate) fn fill(&self, x: &[f64], into: &mut [f64]) -> Outcome<()> {
        if let Some(native) = &self.native {
            return self.many(native, &[x], into);
        }
        self.read_into(&call(self.object, x, &self.shape)?, into)
    }

    /// f(x), an array of the shape of x, as a gradient is; of a single number, any array of one.
    pub(crate) fn like(&self, x: &[f64], into: &mut [f64]) -> Outcome<()> {
        if let Some(native) = &self.native
            && (native.shape == self.shape || into.len() == 1)
        {
            return native.run(&[x], into);
        }
        let value = call(self.object, x, &self.shape)?;
        self.refuse_nothing(&value)?;
        let (function, argument) = (self.function, self.argument);
        let found = array::array(function, argument, &value)?;
        let found = found.view();
        if found.shape() != self.shape && !(found.len() == 1 && into.len() == 1) {
            let expected = match &self.shape[..] {
                [n] => format!("x0 is a vector of {n}"),
                shape => format!("x0 has the shape {shape:?}"),
            };
            return Err(Error::Shape { function, argument, shape: found.shape().to_vec(), expected }.into());
        }
        into.iter_mut().zip(found.iter()).for_each(|(into, from)| *into = *from);
        Ok(())
    }

    /// f(x), an array of any size, laid flat.
    pub(crate) fn values(&self, x: &[f64]) -> Outcome<(Vec<usize>, Vec<f64>)> {
        if let Some(native) = &self.native {
            let mut values = vec![0.0; native.program.size()];
            native.run(&[x], &mut values)?;
            return Ok((native.shape.clone(), values));
        }
        let found = call(self.object, x, &self.shape)?;
        self.refuse_nothing(&found)?;
        let found = array::array(self.function, self.argument, &found)?;
        Ok((found.view().shape().to_vec(), found.view().iter().copied().collect()))
    }

    /// f(x, v), an array, of two arrays of the same shape.
    pub(crate) fn fill_along(&self, x: &[f64], v: &[f64], into: &mut [f64]) -> Outcome<()> {
        if let Some(native) = &self.native {
            return self.many(native, &[x, v], into);
        }
        let array = |flat: &[f64]| PyArray1::from_slice(self.object.py(), flat).reshape(self.shape.clone());
        self.read_into(&self.object.call1((array(x)?, array(v)?))?, into)
    }

    /// f(t, y), an array, of a number and an array.
    pub(crate) fn slope(&self, t: f64, y: &[f64], into: &mut [f64]) -> Outcome<()> {
        if let Some(native) = &self.native {
            return self.many(native, &[&[t], y], into);
        }
        let y = PyArray1::from_slice(self.object.py(), y).reshape(self.shape.clone())?;
        self.read_into(&self.object.call1((t, y))?, into)
    }

    /// f(t, y), a number, of a number and an array.
    pub(crate) fn number_at(&self, t: f64, y: &[f64]) -> Outcome<f64> {
        if let Some(native) = &self.native {
            return self.one(native, &[&[t], y]);
        }
        let y = PyArray1::from_slice(self.object.py(), y).reshape(self.shape.clone())?;
        self.read(&self.object.call1((t, y))?)
    }

    /// The program of the function together with its exact gradient, if it was traced as a function of one array that gives a number.
    pub(crate) fn value_and_gradient(&self) -> Outcome<Option<Arc<Program>>> {
        let Some(traced) = self.one_array() else { return Ok(None) };
        let both = traced.get().value_and_gradient(traced.py(), None)?;
        Ok(Some(both.get().program().clone()))
    }

    /// Its Hessian times a vector, which is the second argument, under the same condition.
    pub(crate) fn hessian_product(&self) -> Outcome<Option<Box<OfTwoArrays<'_>>>> {
        let Some(traced) = self.one_array() else { return Ok(None) };
        let product = Native::new(traced.get().hvp(traced.py(), None)?.get())?;
        Ok(Some(Box::new(move |x, v, into| product.run(&[x, v], into))))
    }

    /// ∂f/∂y of a traced f(t, y), made at its first use; none if y holds so many numbers that the graph of the matrix would be dearer than differences.
    pub(crate) fn slope_matrix(&self) -> Option<Box<OfNumberAndArray<'_>>> {
        const LARGEST: usize = 64;
        let traced = self.object.cast::<Traced>().ok()?;
        let small = traced.get().function().arguments().len() == 2 && self.shape.iter().product::<usize>() <= LARGEST;
        let matrix: OnceCell<Native> = OnceCell::new();
        if !small {
            return None;
        }
        Some(Box::new(move |t, y, into| {
            let matrix = match matrix.get() {
                Some(matrix) => matrix,
                None => {
                    let made = Native::new(&Traced::new(traced.get().function().jacobian(&[1])?))?;
                    matrix.get_or_init(|| made)
                }
            };
            matrix.run(&[&[t], y], into)
        }))
    }

    /// What was traced, if it is a function of one array that gives a number.
    fn one_array(&self) -> Option<&Bound<'py, Traced>> {
        let traced = self.object.cast::<Traced>().ok()?;
        let function = traced.get().function();
        (function.arguments().len() == 1 && function.shape().is_empty()).then_some(traced)
    }

    fn not_one_number(&self, shape: &[usize]) -> Failure {
        let Callee { function, argument, .. } = self;
        let message =
            format!("{function}: {argument} returned an array of shape {shape:?}, but must return one real number");
        PyTypeError::new_err(message).into()
    }

    fn read(&self, value: &Bound<'py, PyAny>) -> Outcome<f64> {
        answer(self.function, self.argument, value)
    }

    fn read_into(&self, value: &Bound<'py, PyAny>, into: &mut [f64]) -> Outcome<()> {
        self.refuse_nothing(value)?;
        let found = array::array(self.function, self.argument, value)?;
        let found = found.view();
        if found.len() != into.len() {
            return Err(self.wrong_count(found.shape(), into.len()));
        }
        into.iter_mut().zip(found.iter()).for_each(|(into, from)| *into = *from);
        Ok(())
    }

    fn wrong_count(&self, shape: &[usize], needed: usize) -> Failure {
        let Callee { function, argument, .. } = self;
        let found = if shape.is_empty() { "one number".into() } else { format!("an array of shape {shape:?}") };
        let plural = if needed == 1 { "" } else { "s" };
        let message = format!("{function}: {argument} returned {found}, but must return {needed} number{plural}");
        PyValueError::new_err(message).into()
    }

    /// A function without `return` gives None.
    fn refuse_nothing(&self, value: &Bound<'py, PyAny>) -> PyResult<()> {
        if value.is_none() {
            let Callee { function, argument, .. } = self;
            let message =
                format!("{function}: {argument} returned None, but must return numbers (is a return missing?)");
            return Err(PyTypeError::new_err(message));
        }
        Ok(())
    }
}

/// Refuses what cannot be called.
pub(crate) fn callable(function: &str, argument: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
    if value.is_callable() {
        return Ok(());
    }
    let found = value.get_type().name()?;
    Err(PyTypeError::new_err(format!("{function}: {argument} is a {found}, but must be a function that can be called")))
}

/// Calls a caller's function with an array of its own, of the shape that it knows.
pub(crate) fn call<'py>(f: &Bound<'py, PyAny>, point: &[f64], shape: &[usize]) -> PyResult<Bound<'py, PyAny>> {
    let point = PyArray1::from_slice(f.py(), point);
    if shape.len() == 1 { f.call1((point,)) } else { f.call1((point.reshape(shape.to_vec())?,)) }
}

/// Reads the one number that a caller's function gave.
pub(crate) fn answer(function: &'static str, argument: &'static str, value: &Bound<'_, PyAny>) -> Outcome<f64> {
    if let Ok(float) = value.cast::<PyFloat>() {
        return Ok(float.value());
    }
    let wrong = |found: String| {
        PyTypeError::new_err(format!("{function}: {argument} returned {found}, but must return one real number"))
    };
    if value.is_none() || value.is_instance_of::<PyString>() || value.is_instance_of::<PyComplex>() {
        let hint = if value.is_none() { " (is a return missing?)" } else { "" };
        return Err(wrong(format!("a {}{hint}", value.get_type().name()?)).into());
    }
    if value.is_instance_of::<PyBool>() {
        return Ok(f64::from(u8::from(value.is_truthy()?)));
    }
    let array = array::array(function, argument, value)?;
    match array.view().len() {
        1 => Ok(array.view().iter().next().copied().unwrap_or(f64::NAN)),
        _ => Err(wrong(format!("an array of shape {:?}", array.view().shape())).into()),
    }
}
