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

/// So many numbers at a time stay in the first cache on their way through a function.
const BLOCK: usize = 1 << 11;

/// Applies `f` to numbers, or to every element of arrays that are broadcast against each other.
pub(crate) fn map<'py, const N: usize>(
    py: Python<'py>,
    function: &'static str,
    arguments: [(&'static str, &Bound<'py, PyAny>); N],
    f: impl Fn([f64; N]) -> f64 + Sync,
) -> Outcome<Bound<'py, PyAny>> {
    map_blocks(py, function, arguments, &f, |others, last| {
        for (i, last) in last.iter_mut().enumerate() {
            *last = f(std::array::from_fn(|k| others.get(k).map_or(*last, |other| other[i])));
        }
    })
}

/// Applies a function of one number that has a wide form, which works in place on several numbers.
pub(crate) fn map_wide<'py>(
    py: Python<'py>,
    function: &'static str,
    argument: (&'static str, &Bound<'py, PyAny>),
    wide: impl Fn(&mut [f64]) + Sync,
) -> Outcome<Bound<'py, PyAny>> {
    let one = |[x]: [f64; 1]| {
        let mut block = [x];
        wide(&mut block);
        block[0]
    };
    map_blocks(py, function, [argument], one, |_, block| wide(block))
}

/// Applies a function that has a form for many values of the last argument beside the same others: `many(others, last)`.
pub(crate) fn map_runs<'py, const N: usize>(
    py: Python<'py>,
    function: &'static str,
    arguments: [(&'static str, &Bound<'py, PyAny>); N],
    one: impl Fn([f64; N]) -> f64,
    many: impl Fn(&[f64; N], &mut [f64]) + Sync,
) -> Outcome<Bound<'py, PyAny>> {
    map_blocks(py, function, arguments, one, |others, last| {
        let mut start = 0;
        while start < last.len() {
            let mut first = [0.0; N];
            let mut length = last.len() - start;
            for (first, other) in first.iter_mut().zip(others) {
                *first = other[start];
                let same = other[start..start + length].iter().take_while(|value| **value == *first).count();
                // NaN equals nothing, and stands alone.
                length = same.max(1);
            }
            many(&first, &mut last[start..start + length]);
            start += length;
        }
    })
}

/// Applies `one` to numbers; or, to arrays that are broadcast against each other, `wide(others, last)`, which replaces the numbers of
/// the last argument, some at a time, by the function of them and of the others.
pub(crate) fn map_blocks<'py, const N: usize>(
    py: Python<'py>,
    function: &'static str,
    arguments: [(&'static str, &Bound<'py, PyAny>); N],
    one: impl Fn([f64; N]) -> f64,
    wide: impl Fn(&[&[f64]], &mut [f64]) + Sync,
) -> Outcome<Bound<'py, PyAny>> {
    if arguments.iter().all(|(_, value)| array::is_number(value)) {
        let mut numbers = [0.0; N];
        for (number, (argument, value)) in numbers.iter_mut().zip(arguments) {
            *number = match value.extract() {
                Ok(number) => number,
                Err(_) => array::number(function, argument, value)?,
            };
        }
        return Ok(PyFloat::new(py, one(numbers)).into_any());
    }
    let arrays: Vec<Array<'_>> =
        arguments.iter().map(|(argument, value)| array::array(function, argument, value)).collect::<Outcome<_>>()?;
    let views: Vec<ArrayViewD<'_, f64>> = arrays.iter().map(Array::view).collect();
    let shapes: Vec<&[usize]> = views.iter().map(ArrayViewD::shape).collect();
    let shape = broadcast_shape(function, &arguments.map(|(argument, _)| argument), &shapes)?;
    if shape.is_empty() {
        let numbers = std::array::from_fn(|i| views[i].iter().next().copied().unwrap_or(f64::NAN));
        return Ok(PyFloat::new(py, one(numbers)).into_any());
    }
    let spread: Vec<_> = views.iter().filter_map(|view| view.broadcast(IxDyn(&shape))).collect();
    let mut sources: Vec<Source<'_>> = views.iter().zip(&spread).map(|(view, all)| Source::of(view, all)).collect();
    let Some(mut last) = sources.pop() else { return Ok(array::unwritten(py, &shape)?.into_any()) };
    // A source that never changes is written once.
    let mut buffers: Vec<[f64; BLOCK]> = sources.iter().map(Source::start).collect();
    fill(py, &shape, |out| {
        for block in out.chunks_mut(BLOCK) {
            last.read(block);
            if let Source::Constant(number) = last {
                block.fill(number);
            }
            for (source, buffer) in sources.iter_mut().zip(&mut buffers) {
                source.read(&mut buffer[..block.len()]);
            }
            let mut others = [&[][..]; N];
            for (other, buffer) in others.iter_mut().zip(&buffers) {
                *other = &buffer[..block.len()];
            }
            wide(&others[..N - 1], block);
        }
    })
}

/// Where an argument's numbers come from, in the order of the result.
enum Source<'a> {
    /// One number for all.
    Constant(f64),
    /// Numbers that lie as they are needed.
    Slice(std::slice::Iter<'a, f64>),
    /// Numbers that lie otherwise.
    Elements(numpy::ndarray::iter::Iter<'a, f64, IxDyn>),
}

impl<'a> Source<'a> {
    /// From an argument as it is, and as broadcast to the result's shape.
    fn of(view: &'a ArrayViewD<'_, f64>, spread: &'a ArrayViewD<'_, f64>) -> Self {
        match (view.len(), view.iter().next(), spread.as_slice()) {
            (1, Some(number), _) => Source::Constant(*number),
            (_, _, Some(slice)) => Source::Slice(slice.iter()),
            _ => Source::Elements(spread.iter()),
        }
    }

    /// A buffer for its numbers.
    fn start(&self) -> [f64; BLOCK] {
        if let Source::Constant(number) = self { [*number; BLOCK] } else { [0.0; BLOCK] }
    }

    /// Writes the next numbers, unless it is a constant.
    fn read(&mut self, block: &mut [f64]) {
        match self {
            Source::Constant(_) => {}
            Source::Slice(rest) => {
                let (now, later) = rest.as_slice().split_at(block.len());
                block.copy_from_slice(now);
                *rest = later.iter();
            }
            Source::Elements(rest) => block.iter_mut().zip(rest).for_each(|(slot, number)| *slot = *number),
        }
    }
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
pub(crate) fn broadcast_shape(
    function: &'static str,
    arguments: &[&'static str],
    shapes: &[&[usize]],
) -> Outcome<Vec<usize>> {
    let axes = shapes.iter().map(|shape| shape.len()).max().unwrap_or(0);
    let mut shape = vec![1; axes];
    for (k, (argument, own_shape)) in arguments.iter().zip(shapes).enumerate() {
        let before = shape.clone();
        for (length, &own) in shape.iter_mut().rev().zip(own_shape.iter().rev()) {
            if *length == 1 {
                *length = own;
            } else if own != 1 && own != *length {
                let others: Vec<String> = before.iter().map(ToString::to_string).collect();
                let names = arguments[..k].join(", ");
                let expected = format!("the arguments before it ({names}) have shape ({})", others.join(", "));
                return Err(Error::Shape { function, argument, shape: own_shape.to_vec(), expected }.into());
            }
        }
    }
    Ok(shape)
}
