//! Reading arrays: the one door through which a caller's numbers come in.
//!
//! NumPy arrays of doubles are read where they lie, whatever their strides. Everything else that holds real numbers (lists,
//! scalars, other dtypes, pandas and polars, other byte orders, unaligned memory) is copied once. What holds no real numbers
//! is refused by a TypeError that names the argument.

use numpy::ndarray::{ArrayView1, ArrayView2, ArrayViewD, ArrayViewMutD, Dimension, Ix1, Ix2, IxDyn};
use numpy::{PyArray, PyArrayDyn, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::{PyImportError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{IntoPyDict, PyFloat, PyInt, PyString, PyTuple, PyType};
use underhood::{Error, check};

use crate::error::Outcome;

/// An argument that was read as an array of doubles.
#[derive(Debug)]
pub(crate) struct Array<'py>(Bound<'py, PyArrayDyn<f64>>);

impl Array<'_> {
    /// The numbers, for as long as the argument lives.
    pub(crate) fn view(&self) -> ArrayViewD<'_, f64> {
        // SAFETY: `array` made sure of dtype, alignment and strides. As everywhere in NumPy's world, a caller that writes to
        // the array from another thread while it is being read gets unspecified numbers; memory stays valid, since we own a reference.
        unsafe { self.0.as_array() }
    }
}

impl Array<'_> {
    /// Its shape.
    pub(crate) fn shape(&self) -> &[usize] {
        self.0.shape()
    }

    /// The numbers in C order, where they lie so; nothing where they do not.
    pub(crate) fn flat(&self) -> &[f64] {
        self.view().to_slice().unwrap_or_default()
    }

    /// Whether some of its memory may be another array's too.
    pub(crate) fn overlaps(&self, other: &Bound<'_, PyArrayDyn<f64>>) -> bool {
        let (own, others) = (extent(&self.0), extent(other));
        own.start < others.end && others.start < own.end
    }

    /// Whether it is another array, number for number.
    pub(crate) fn is_same(&self, other: &Bound<'_, PyArrayDyn<f64>>) -> bool {
        self.0.data() == other.data() && self.0.shape() == other.shape() && self.0.strides() == other.strides()
    }
}

/// The addresses from an array's first byte to beyond its last.
fn extent(array: &Bound<'_, PyArrayDyn<f64>>) -> std::ops::Range<usize> {
    let (mut start, mut end) = (array.data() as usize, array.data() as usize);
    if array.is_empty() {
        return start..end;
    }
    for (&stride, &length) in array.strides().iter().zip(array.shape()) {
        let reach = stride.unsigned_abs() * (length - 1);
        if stride < 0 { start -= reach } else { end += reach }
    }
    start..end + size_of::<f64>()
}

impl<'py> Array<'py> {
    /// The array itself.
    pub(crate) fn into_bound(self) -> Bound<'py, PyArrayDyn<f64>> {
        self.0
    }
}

/// An argument that was read as a vector.
#[derive(Debug)]
pub(crate) struct Vector<'py>(Array<'py>);

impl Vector<'_> {
    /// The numbers, for as long as the argument lives.
    pub(crate) fn view(&self) -> ArrayView1<'_, f64> {
        fixed::<Ix1>(&self.0)
    }
}

/// An argument that was read as a matrix.
#[derive(Debug)]
pub(crate) struct Matrix<'py>(Array<'py>);

impl Matrix<'_> {
    /// The numbers, for as long as the argument lives.
    pub(crate) fn view(&self) -> ArrayView2<'_, f64> {
        fixed::<Ix2>(&self.0)
    }
}

fn fixed<'a, D: Dimension>(array: &'a Array<'_>) -> numpy::ndarray::ArrayView<'a, f64, D> {
    // `vector` and `matrix` looked at the number of axes.
    array.view().into_dimensionality::<D>().unwrap_or_else(|_| unreachable!("the number of axes was checked on entry"))
}

/// Reads an argument of any number of axes.
pub(crate) fn array<'py>(
    function: &'static str,
    argument: &'static str,
    value: &Bound<'py, PyAny>,
) -> Outcome<Array<'py>> {
    if let Ok(plain) = value.cast_exact::<PyArrayDyn<f64>>()
        && readable(plain.as_untyped())
    {
        return Ok(Array(plain.clone()));
    }
    Ok(Array(convert(function, argument, value)?))
}

/// Reads a vector: an array of one axis.
pub(crate) fn vector<'py>(
    function: &'static str,
    argument: &'static str,
    value: &Bound<'py, PyAny>,
) -> Outcome<Vector<'py>> {
    let array = array(function, argument, value)?;
    axes(function, argument, &array, 1, "a vector (one axis) is needed")?;
    Ok(Vector(array))
}

/// Reads a matrix: an array of two axes.
pub(crate) fn matrix<'py>(
    function: &'static str,
    argument: &'static str,
    value: &Bound<'py, PyAny>,
) -> Outcome<Matrix<'py>> {
    let array = array(function, argument, value)?;
    axes(function, argument, &array, 2, "a matrix (two axes) is needed")?;
    Ok(Matrix(array))
}

/// Reads a matrix, or a stack of them: an array of at least two axes.
pub(crate) fn stack<'py>(
    function: &'static str,
    argument: &'static str,
    value: &Bound<'py, PyAny>,
) -> Outcome<Array<'py>> {
    let array = array(function, argument, value)?;
    match array.0.ndim() {
        0 | 1 => axes(function, argument, &array, 2, "a matrix, or a stack of them (…, m, n), is needed")?,
        _ => {}
    }
    Ok(array)
}

/// Reads one number: a Python or NumPy scalar, or an array without axes.
pub(crate) fn number(function: &'static str, argument: &'static str, value: &Bound<'_, PyAny>) -> Outcome<f64> {
    if let Ok(float) = value.cast_exact::<PyFloat>() {
        return Ok(float.value());
    }
    if let Ok(whole) = value.cast_exact::<PyInt>()
        && let Ok(number) = whole.extract()
    {
        return Ok(number);
    }
    let array = array(function, argument, value)?;
    axes(function, argument, &array, 0, "a single number is needed")?;
    Ok(array.view().iter().next().copied().unwrap_or(f64::NAN))
}

/// Reads a whole number: any Python or NumPy integer.
pub(crate) fn integer(function: &str, argument: &str, value: &Bound<'_, PyAny>) -> Outcome<i64> {
    Ok(value.extract::<i64>().map_err(|_| {
        let found = value.get_type().name().map_or_else(|_| "unknown type".into(), |name| name.to_string());
        PyTypeError::new_err(format!(
            "{function}: {argument} is a {found}, but must be a whole number of at most 64 bits"
        ))
    })?)
}

/// Reads a whole number that is not negative: a number of rows, epochs or steps.
pub(crate) fn whole(function: &'static str, argument: &'static str, value: &Bound<'_, PyAny>) -> Outcome<usize> {
    let found = integer(function, argument, value)?;
    check::in_range(function, argument, found as f64, found >= 0, "at least 0")?;
    Ok(usize::try_from(found).unwrap_or(usize::MAX))
}

/// Reads an array that results can be written to: of float64, of this shape.
pub(crate) fn writable<'py>(
    function: &'static str,
    argument: &'static str,
    value: &Bound<'py, PyAny>,
    shape: &[usize],
) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    let refuse = |found: String| PyTypeError::new_err(format!("{function}: {argument} {found}"));
    let Ok(untyped) = value.cast::<PyUntypedArray>() else {
        let found = value.get_type().name()?;
        return Err(refuse(format!("is a {found}, but must be an array of float64 to write to")).into());
    };
    if value.is_instance(Numpy::get(value.py())?.masked.bind(value.py()))? {
        return Err(refuse("is a masked array, whose mask would not be heeded; pass its .data".into()).into());
    }
    let Some(array) = value.cast::<PyArrayDyn<f64>>().ok().filter(|_| readable(untyped)) else {
        return Err(
            refuse(format!("holds {}, but must be an array of float64 in native order", untyped.dtype())).into()
        );
    };
    // SAFETY: the flags are only looked at.
    if unsafe { (*array.as_array_ptr()).fields.flags } & numpy::npyffi::NPY_ARRAY_WRITEABLE == 0 {
        return Err(PyValueError::new_err(format!("{function}: {argument} is read-only")).into());
    }
    if array.shape() != shape {
        let lengths: Vec<String> = shape.iter().map(ToString::to_string).collect();
        let expected = format!("the result has shape ({})", lengths.join(", "));
        return Err(Error::Shape { function, argument, shape: array.shape().to_vec(), expected }.into());
    }
    Ok(array.clone())
}

/// Copies the numbers of an array to another of the same shape.
pub(crate) fn copy_to(to: &Bound<'_, PyArrayDyn<f64>>, from: &Bound<'_, PyArrayDyn<f64>>) -> Outcome<()> {
    Ok(from.copy_to(to)?)
}

/// A new array of this shape, whose numbers are not written yet: whoever asks for it writes every one before it reads any or gives
/// the array away. NumPy itself makes large ones: it raises a MemoryError where there is no room, which rust-numpy does not survive.
pub(crate) fn unwritten<'py>(py: Python<'py>, shape: &[usize]) -> PyResult<Bound<'py, PyArrayDyn<f64>>> {
    const LARGE: usize = 1 << 20;
    if shape.iter().fold(1_usize, |size, &length| size.saturating_mul(length)) < LARGE {
        // SAFETY: every bit pattern is a double, and each caller writes all of them before it reads any or gives the array away, as said above.
        return Ok(unsafe { PyArrayDyn::<f64>::new(py, IxDyn(shape), false) });
    }
    Ok(Numpy::get(py)?.empty.bind(py).call1((PyTuple::new(py, shape)?,))?.cast_into()?)
}

/// A new array and a view that writes to it before anyone else sees it.
pub(crate) fn fresh<'py, 'a>(
    py: Python<'py>,
    shape: &[usize],
) -> PyResult<(Bound<'py, PyArrayDyn<f64>>, ArrayViewMutD<'a, f64>)> {
    let array = unwritten(py, shape)?;
    // SAFETY: nobody else knows the array yet, and the caller holds it for as long as it writes.
    let view = unsafe { ArrayViewMutD::from_shape_ptr(IxDyn(shape), array.data()) };
    Ok((array, view))
}

fn axes(
    function: &'static str,
    argument: &'static str,
    array: &Array<'_>,
    wanted: usize,
    expected: &str,
) -> Outcome<()> {
    if array.0.ndim() == wanted {
        return Ok(());
    }
    Err(Error::Shape { function, argument, shape: array.0.shape().to_vec(), expected: expected.into() }.into())
}

/// Whether rust-numpy reads this memory correctly: it divides strides by the item size and trusts the alignment. Strides of zero or
/// that overlap (`np.broadcast_to`, `sliding_window_view`) can claim more elements than memory holds, which nothing that works with so
/// many could have room for: NumPy's copy of them fails politely.
fn readable(array: &Bound<'_, PyUntypedArray>) -> bool {
    let item = size_of::<f64>();
    let (mut elements, mut reach) = (1_usize, item);
    for (&stride, &length) in array.strides().iter().zip(array.shape()) {
        if !stride.unsigned_abs().is_multiple_of(item) {
            return false;
        }
        elements = elements.saturating_mul(length);
        reach = reach.saturating_add(stride.unsigned_abs().saturating_mul(length.saturating_sub(1)));
    }
    // SAFETY: the pointer is only looked at, not followed.
    let address = unsafe { (*array.as_array_ptr()).fields.data } as usize;
    elements.saturating_mul(item) <= reach && address.is_multiple_of(align_of::<f64>())
}

/// Makes an array of doubles out of anything that holds real numbers, or says why it cannot.
#[cold]
fn convert<'py>(function: &str, argument: &str, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyArrayDyn<f64>>> {
    let py = value.py();
    let numpy = Numpy::get(py)?;
    let refuse = |found: String| PyTypeError::new_err(format!("{function}: {argument} {found}"));

    if value.is_instance(numpy.masked.bind(py))? {
        return Err(refuse("is a masked array, whose mask would be lost; pass .compressed() or .filled(…)".into()));
    }
    if value.is_instance_of::<PyString>() {
        return Err(refuse("is text, but numbers are needed".into()));
    }
    let found = match numbers_of_frame(py, value)? {
        Some(array) => array,
        None => numpy.asarray.bind(py).call1((value,)).map_err(|error| ragged(function, argument, py, error))?,
    };
    let kind: String = found.getattr("dtype")?.getattr("kind")?.extract()?;
    if !matches!(kind.as_str(), "b" | "i" | "u" | "f") {
        return Err(refuse(no_numbers(value, &found, &kind)?));
    }
    let options = [("dtype", "f8")].into_py_dict(py)?;
    options.set_item("order", "C")?;
    options.set_item("copy", !found.cast::<PyUntypedArray>().is_ok_and(readable))?;
    Ok(found.call_method("astype", (), Some(&options))?.cast_into::<PyArray<f64, _>>()?)
}

/// Columns of pandas' nullable dtypes come out as objects unless told what a missing value is: NaN, here as everywhere.
fn numbers_of_frame<'py>(py: Python<'py>, value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    if !value.hasattr("to_numpy")? || !value.hasattr("iloc")? {
        return Ok(None);
    }
    let dtypes = match value.getattr("columns") {
        Ok(_) => value.getattr("dtypes")?.call_method0("tolist")?.extract::<Vec<Bound<'py, PyAny>>>()?,
        Err(_) => vec![value.getattr("dtype")?],
    };
    let real = |dtype: &Bound<'py, PyAny>| {
        dtype
            .getattr("kind")
            .and_then(|kind| kind.extract::<String>())
            .is_ok_and(|kind| matches!(kind.as_str(), "b" | "i" | "u" | "f"))
    };
    if !dtypes.iter().all(real) {
        return Ok(None);
    }
    let options = [("na_value", f64::NAN)].into_py_dict(py)?;
    value.call_method("to_numpy", ("float64",), Some(&options)).map(Some)
}

/// NumPy's complaint about a list of unequal lists, with the argument's name; other exceptions pass.
fn ragged(function: &str, argument: &str, py: Python<'_>, error: PyErr) -> PyErr {
    if error.is_instance_of::<PyValueError>(py) {
        return PyTypeError::new_err(format!(
            "{function}: {argument} is ragged: its rows differ in length, but an array is needed"
        ));
    }
    error
}

/// Says what stands where numbers were wanted.
fn no_numbers(value: &Bound<'_, PyAny>, found: &Bound<'_, PyAny>, kind: &str) -> PyResult<String> {
    if let Some(columns) = columns_without_numbers(value)? {
        return Ok(format!(
            "has columns that are not numeric ({columns}); choose the numeric ones, or encode them first"
        ));
    }
    Ok(match kind {
        "c" => "holds complex numbers, but real ones are needed".into(),
        "U" | "S" | "T" => "holds text, but numbers are needed".into(),
        "M" => "holds dates, but numbers are needed; subtract a start and divide by a unit first".into(),
        "m" => "holds time spans, but numbers are needed; divide by a unit such as np.timedelta64(1, 'D') first".into(),
        "V" => "is a structured array, but plain numbers are needed; choose its fields first".into(),
        _ if found.getattr("ndim")?.extract::<usize>()? == 0 => {
            format!("is a {}, but numbers are needed", value.get_type().name()?)
        }
        _ => {
            let first =
                found.getattr("flat")?.get_item(0).map(|item| item.get_type().name().map(|name| name.to_string()));
            let first = first.unwrap_or_else(|_| Ok("nothing".into()))?;
            format!("holds Python objects (the first is a {first}), but numbers are needed")
        }
    })
}

/// The names and dtypes of a frame's columns that hold no numbers, if `value` is a frame and has any.
fn columns_without_numbers(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    if !value.hasattr("columns")? || !value.hasattr("dtypes")? {
        return Ok(None);
    }
    let mut named = Vec::new();
    for (name, dtype) in value.getattr("columns")?.try_iter()?.zip(value.getattr("dtypes")?.try_iter()?) {
        let (name, dtype) = (name?, dtype?);
        let numeric = match dtype.getattr("kind") {
            Ok(kind) => matches!(kind.extract::<String>()?.as_str(), "b" | "i" | "u" | "f"),
            Err(_) => dtype.call_method0("is_numeric").and_then(|answer| answer.extract()).unwrap_or(true),
        };
        if !numeric {
            named.push(format!("{}: {dtype}", name.repr()?));
        }
    }
    Ok((!named.is_empty()).then(|| named.join(", ")))
}

/// The few objects of NumPy's that are asked for again and again.
struct Numpy {
    asarray: Py<PyAny>,
    empty: Py<PyAny>,
    masked: Py<PyType>,
}

impl Numpy {
    fn get(py: Python<'_>) -> PyResult<&Numpy> {
        static NUMPY: PyOnceLock<Numpy> = PyOnceLock::new();
        NUMPY.get_or_try_init(py, || {
            let numpy = py.import("numpy")?;
            let masked = numpy.getattr("ma")?.getattr("MaskedArray")?;
            let masked = masked
                .cast_into::<PyType>()
                .map_err(|_| PyImportError::new_err("numpy.ma.MaskedArray is not a class"))?;
            let (asarray, empty) = (numpy.getattr("asarray")?.unbind(), numpy.getattr("empty")?.unbind());
            Ok(Numpy { asarray, empty, masked: masked.unbind() })
        })
    }
}

/// Whether a value is a plain Python or NumPy number, for functions that answer a number with a number.
pub(crate) fn is_number(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<PyFloat>() || value.is_instance_of::<PyInt>()
}
