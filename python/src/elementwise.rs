//! Functions of numbers, element by element: a number gives a number, arrays are broadcast against each other by NumPy's rules.

use numpy::PyArrayMethods;
use numpy::ndarray::{ArrayViewD, IxDyn};
use pyo3::prelude::*;
use pyo3::types::PyFloat;
use underhood::Error;

use crate::array::{self, Array};
use crate::error::Outcome;
use crate::runtime;

/// So many elements are computed between two looks at Ctrl-C: a few milliseconds at the price of the dearest function.
const CHUNK: usize = 1 << 14;

/// So many numbers at a time stay in the first cache on their way through a wide function.
const BLOCK: usize = 1 << 10;

/// Applies `f` to numbers, or to every element of arrays that are broadcast against each other.
pub(crate) fn map<'py, const N: usize>(
    py: Python<'py>,
    function: &'static str,
    arguments: [(&'static str, &Bound<'py, PyAny>); N],
    f: impl Fn([f64; N]) -> f64 + Sync,
) -> Outcome<Bound<'py, PyAny>> {
    if arguments.iter().all(|(_, value)| array::is_number(value)) {
        let mut numbers = [0.0; N];
        for (number, (argument, value)) in numbers.iter_mut().zip(arguments) {
            *number = match value.extract() {
                Ok(number) => number,
                Err(_) => array::number(function, argument, value)?,
            };
        }
        return Ok(PyFloat::new(py, f(numbers)).into_any());
    }
    let arrays: Vec<Array<'_>> =
        arguments.iter().map(|(argument, value)| array::array(function, argument, value)).collect::<Outcome<_>>()?;
    let views: Vec<ArrayViewD<'_, f64>> = arrays.iter().map(Array::view).collect();
    let shape = broadcast_shape(function, &arguments.map(|(argument, _)| argument), &views)?;
    if shape.is_empty() {
        let numbers = std::array::from_fn(|i| views[i].iter().next().copied().unwrap_or(f64::NAN));
        return Ok(PyFloat::new(py, f(numbers)).into_any());
    }
    let spread: Vec<_> = views.iter().filter_map(|view| view.broadcast(IxDyn(&shape))).collect();
    let mut columns: Vec<_> = spread.iter().map(|view| view.iter()).collect();
    fill(py, &shape, |out| {
        for value in out {
            *value = f(std::array::from_fn(|i| columns[i].next().copied().unwrap_or(f64::NAN)));
        }
    })
}

/// Applies a function of one number that has a wide form, which works in place on several numbers.
pub(crate) fn map_wide<'py>(
    py: Python<'py>,
    function: &'static str,
    (argument, value): (&'static str, &Bound<'py, PyAny>),
    wide: impl Fn(&mut [f64]) + Sync,
) -> Outcome<Bound<'py, PyAny>> {
    let one = |[x]: [f64; 1]| {
        let mut block = [x];
        wide(&mut block);
        block[0]
    };
    if array::is_number(value) {
        return map(py, function, [(argument, value)], one);
    }
    let array = array::array(function, argument, value)?;
    let view = array.view();
    if view.ndim() == 0 {
        return map(py, function, [(argument, value)], one);
    }
    let mut numbers = view.iter();
    fill(py, view.shape(), |out| {
        for block in out.chunks_mut(BLOCK) {
            block.iter_mut().zip(numbers.by_ref()).for_each(|(slot, number)| *slot = *number);
            wide(block);
        }
    })
}

/// A new array of this shape, filled piece by piece, from its beginning to its end, by `fill_piece`.
fn fill<'py>(
    py: Python<'py>,
    shape: &[usize],
    mut fill_piece: impl FnMut(&mut [f64]) + Send,
) -> Outcome<Bound<'py, PyAny>> {
    let out = array::unwritten(py, shape)?;
    {
        // SAFETY: the array is new, contiguous, and nobody else has it.
        let slots = unsafe { out.as_slice_mut() }.map_err(PyErr::from)?;
        for piece in slots.chunks_mut(CHUNK) {
            runtime::run(py, 10 * piece.len(), || fill_piece(piece));
            runtime::check_signals()?;
        }
    }
    Ok(out.into_any())
}

/// NumPy's rule: shapes are compared from their ends; lengths must be equal or 1.
fn broadcast_shape(
    function: &'static str,
    arguments: &[&'static str],
    views: &[ArrayViewD<'_, f64>],
) -> Outcome<Vec<usize>> {
    let axes = views.iter().map(ArrayViewD::ndim).max().unwrap_or(0);
    let mut shape = vec![1; axes];
    for (argument, view) in arguments.iter().zip(views) {
        let before = shape.clone();
        for (length, &own) in shape.iter_mut().rev().zip(view.shape().iter().rev()) {
            if *length == 1 {
                *length = own;
            } else if own != 1 && own != *length {
                let others: Vec<String> = before.iter().map(ToString::to_string).collect();
                let expected = format!("the arguments before it have shape ({})", others.join(", "));
                return Err(Error::Shape { function, argument, shape: view.shape().to_vec(), expected }.into());
            }
        }
    }
    Ok(shape)
}
