//! Functions of numbers, element by element: a number gives a number, arrays are broadcast against each other by NumPy's rules, and
//! results go to a new array or, as with NumPy's own functions, to one that the caller passes as `out`.

use numpy::ndarray::{ArrayViewD, IxDyn};
use numpy::{PyArrayDyn, PyArrayMethods, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyFloat;
use underhood::Error;

use crate::array::{self, Array};
use crate::error::Outcome;
use crate::runtime;

/// So many elements are computed between two looks at Ctrl-C: a few milliseconds at the price of the dearest function.
const CHUNK: usize = 1 << 14;

/// So many at a time beside constants: what a function prepares for its parameters is then nothing beside the elements, and the second cache
/// holds them.
const LONG: usize = 1 << 16;

/// So many numbers at a time of each argument stay in the first cache on their way through a function.
const BLOCK: usize = 1 << 11;

/// The name of a function, for errors, and the array that its results go to, if the caller gave one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a, 'py> {
    function: &'static str,
    out: Option<&'a Bound<'py, PyAny>>,
}

impl From<&'static str> for Call<'_, '_> {
    fn from(function: &'static str) -> Self {
        Call { function, out: None }
    }
}

impl<'a, 'py> From<(&'static str, Option<&'a Bound<'py, PyAny>>)> for Call<'a, 'py> {
    fn from((function, out): (&'static str, Option<&'a Bound<'py, PyAny>>)) -> Self {
        Call { function, out }
    }
}

/// Applies `f` to numbers, or to every element of arrays that are broadcast against each other.
pub(crate) fn map<'a, 'py: 'a, const N: usize>(
    py: Python<'py>,
    call: impl Into<Call<'a, 'py>>,
    arguments: [(&'static str, &Bound<'py, PyAny>); N],
    f: impl Fn([f64; N]) -> f64 + Sync,
) -> Outcome<Bound<'py, PyAny>> {
    map_blocks(py, call, arguments, &f, |others, last| {
        for (i, last) in last.iter_mut().enumerate() {
            *last = f(std::array::from_fn(|k| others.get(k).map_or(*last, |other| other[i])));
        }
    })
}

/// Applies a function of one number that has a wide form, which works in place on several numbers.
pub(crate) fn map_wide<'a, 'py: 'a>(
    py: Python<'py>,
    call: impl Into<Call<'a, 'py>>,
    argument: (&'static str, &Bound<'py, PyAny>),
    wide: impl Fn(&mut [f64]) + Sync,
) -> Outcome<Bound<'py, PyAny>> {
    let one = |[x]: [f64; 1]| {
        let mut block = [x];
        wide(&mut block);
        block[0]
    };
    map_blocks(py, call, [argument], one, |_, block| wide(block))
}

/// Applies a function that has a form for many values of the last argument beside the same others: `many(others, last)`.
pub(crate) fn map_runs<'a, 'py: 'a, const N: usize>(
    py: Python<'py>,
    call: impl Into<Call<'a, 'py>>,
    arguments: [(&'static str, &Bound<'py, PyAny>); N],
    one: impl Fn([f64; N]) -> f64,
    many: impl Fn(&[f64; N], &mut [f64]) + Sync,
) -> Outcome<Bound<'py, PyAny>> {
    map_blocks(py, call, arguments, one, |others, last| runs(others, last, &many))
}

/// The same for a function that has also a form for others that vary with the last argument: `each(others, last)`.
pub(crate) fn map_each<'a, 'py: 'a, const N: usize>(
    py: Python<'py>,
    call: impl Into<Call<'a, 'py>>,
    arguments: [(&'static str, &Bound<'py, PyAny>); N],
    one: impl Fn([f64; N]) -> f64,
    many: impl Fn(&[f64; N], &mut [f64]) + Sync,
    each: impl Fn(&[&[f64]], &mut [f64]) + Sync,
) -> Outcome<Bound<'py, PyAny>> {
    /// Shorter runs than this are not worth what is computed once for each.
    const RUN: usize = 64;
    map_blocks(py, call, arguments, one, |others, last| {
        let changes = |other: &&[f64]| other.windows(2).filter(|pair| pair[0] != pair[1]).count();
        if others.iter().map(changes).sum::<usize>() * RUN > last.len() {
            each(others, last);
        } else {
            runs(others, last, &many);
        }
    })
}

/// Gives every run of equal others, and the last numbers beside it, to `many`.
fn runs<const N: usize>(others: &[&[f64]], last: &mut [f64], many: impl Fn(&[f64; N], &mut [f64])) {
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
}

/// Applies `one` to numbers; or, to arrays that are broadcast against each other, `wide(others, last)`, which replaces the numbers of
/// the last argument, some at a time, by the function of them and of the others.
pub(crate) fn map_blocks<'a, 'py: 'a, const N: usize>(
    py: Python<'py>,
    call: impl Into<Call<'a, 'py>>,
    arguments: [(&'static str, &Bound<'py, PyAny>); N],
    one: impl Fn([f64; N]) -> f64,
    wide: impl Fn(&[&[f64]], &mut [f64]) + Sync,
) -> Outcome<Bound<'py, PyAny>> {
    let Call { function, out } = call.into();
    if out.is_none() && arguments.iter().all(|(_, value)| array::is_number(value)) {
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
    let shapes: Vec<&[usize]> = arrays.iter().map(Array::shape).collect();
    let shape = broadcast_shape(function, &arguments.map(|(argument, _)| argument), &shapes)?;
    let out = out.map(|out| array::writable(function, "out", out, &shape)).transpose()?;
    if out.is_none() && shape.is_empty() {
        let numbers = std::array::from_fn(|i| arrays[i].view().iter().next().copied().unwrap_or(f64::NAN));
        return Ok(PyFloat::new(py, one(numbers)).into_any());
    }
    let target = Target::of(out.as_ref(), &arrays);
    let here = target == Target::OverLast;
    let views: Vec<_> = arrays[..N - usize::from(here)].iter().map(Array::view).collect();
    let spread: Vec<_> = views.iter().filter_map(|view| view.broadcast(IxDyn(&shape))).collect();
    let mut sources: Vec<Source<'_>> = views.iter().zip(&spread).map(|(view, all)| Source::of(view, all)).collect();
    let mut last = if here { Source::Here } else { sources.pop().unwrap_or(Source::Here) };
    let constant = sources.iter().all(|source| matches!(source, Source::Constant(_)));
    let (piece, length) = if constant { (LONG, LONG.min(shape.iter().product())) } else { (CHUNK, BLOCK) };
    // A source that never changes is written once.
    let mut buffers: Vec<Vec<f64>> = sources.iter().map(|source| source.start(length)).collect();
    let result = match &out {
        Some(out) if target != Target::New => out.clone(),
        _ => array::unwritten(py, &shape)?,
    };
    fill(py, &result, piece, |out| {
        for block in out.chunks_mut(length.max(1)) {
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
    })?;
    match out {
        Some(out) if target == Target::New => array::copy_to(&out, &result).map(|()| out.into_any()),
        _ => Ok(result.into_any()),
    }
}

/// Where results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// Into a new array: there is no `out`, or its numbers do not lie side by side, or are still needed.
    New,
    /// Into `out`, which has no number in common with an argument.
    Apart,
    /// Into `out`, which is the last argument itself.
    OverLast,
}

impl Target {
    fn of(out: Option<&Bound<'_, PyArrayDyn<f64>>>, arrays: &[Array<'_>]) -> Target {
        let Some(out) = out.filter(|out| out.is_c_contiguous()) else { return Target::New };
        let Some((last, others)) = arrays.split_last() else { return Target::New };
        let overlaps = |array: &Array<'_>| array.overlaps(out);
        match (others.iter().any(overlaps), overlaps(last)) {
            (false, false) => Target::Apart,
            (false, true) if last.is_same(out) => Target::OverLast,
            _ => Target::New,
        }
    }
}

/// Where an argument's numbers come from, in the order of the result.
enum Source<'a> {
    /// They stand already where the results will.
    Here,
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
    fn start(&self, length: usize) -> Vec<f64> {
        if let Source::Constant(number) = self { vec![*number; length] } else { vec![0.0; length] }
    }

    /// Writes the next numbers, unless it is a constant.
    fn read(&mut self, block: &mut [f64]) {
        match self {
            Source::Here | Source::Constant(_) => {}
            Source::Slice(rest) => {
                let (now, later) = rest.as_slice().split_at(block.len());
                block.copy_from_slice(now);
                *rest = later.iter();
            }
            Source::Elements(rest) => block.iter_mut().zip(rest).for_each(|(slot, number)| *slot = *number),
        }
    }
}

/// Fills an array in pieces of so many elements, from its beginning to its end.
fn fill(
    py: Python<'_>,
    out: &Bound<'_, PyArrayDyn<f64>>,
    length: usize,
    mut fill_piece: impl FnMut(&mut [f64]) + Send,
) -> Outcome<()> {
    // SAFETY: the array is contiguous, and either new or the caller's own to be written to, and nothing else here looks at it.
    let slots = unsafe { out.as_slice_mut() }.map_err(PyErr::from)?;
    for piece in slots.chunks_mut(length) {
        runtime::run(py, 10 * piece.len(), || fill_piece(piece));
        runtime::check_signals()?;
    }
    Ok(())
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
