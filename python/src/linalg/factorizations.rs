//! Binds the factorisations by elimination and by reflections, and least squares.

use numpy::ndarray::{ArrayD, ArrayView2};
use numpy::{PyArray1, PyArrayDyn, ToPyArray};
use pyo3::prelude::*;
use underhood::linalg as core;

use super::each;
use crate::array;
use crate::error::{Failure, Outcome};
use crate::option::{self, Given};
use crate::runtime::{check_signals, run};

type Pair<'py> = (Bound<'py, PyArrayDyn<f64>>, Bound<'py, PyArrayDyn<f64>>);
type Indices<'py> = Bound<'py, PyArrayDyn<i64>>;

fn double<'py>(py: Python<'py>, array: ArrayD<f64>) -> Bound<'py, PyArrayDyn<f64>> {
    PyArrayDyn::from_owned_array(py, array)
}

/// NumPy's own indices are signed.
fn indices<'py>(py: Python<'py>, array: &ArrayD<usize>) -> Indices<'py> {
    PyArrayDyn::from_owned_array(py, array.mapv(|i| i as i64))
}

/// Q and R, as a pair.
#[pyfunction]
#[pyo3(signature = (a, mode = Given::Default("reduced")), text_signature = "(a, mode='reduced')")]
pub(super) fn qr<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    mode: Given<'_, 'py, &'static str>,
) -> Outcome<Pair<'py>> {
    let mode: core::QrMode = option::name("qr", "mode", mode)?.parse()?;
    let a = array::stack("qr", "a", a)?;
    let a = a.view();
    let (q, r) = run(py, a.len(), || core::qr_stack::<Failure>(a, mode, check_signals))?;
    Ok((double(py, q), double(py, r)))
}

/// R alone.
#[pyfunction]
pub(super) fn qr_triangle<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    Ok(double(py, each(py, "qr", "a", a, core::qr_triangle)?))
}

/// Q, R and P, as a tuple.
#[pyfunction]
#[pyo3(signature = (a, mode = Given::Default("reduced")), text_signature = "(a, mode='reduced')")]
#[expect(clippy::type_complexity, reason = "a tuple of arrays, spelled out")]
pub(super) fn qr_pivoted<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    mode: Given<'_, 'py, &'static str>,
) -> Outcome<(Bound<'py, PyArrayDyn<f64>>, Bound<'py, PyArrayDyn<f64>>, Indices<'py>)> {
    let mode: core::QrMode = option::name("qr", "mode", mode)?.parse()?;
    let (q, r, p) = each(py, "qr", "a", a, |m| core::qr_pivoted(m, mode).map(|f| (f.q, f.r, f.p)))?;
    Ok((double(py, q), double(py, r), indices(py, &p)))
}

/// R and P, as a pair.
#[pyfunction]
pub(super) fn qr_pivoted_triangle<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
) -> Outcome<(Bound<'py, PyArrayDyn<f64>>, Indices<'py>)> {
    let (r, p) = each(py, "qr", "a", a, core::qr_pivoted_triangle)?;
    Ok((double(py, r), indices(py, &p)))
}

/// P, L and U, as a tuple; P is a matrix.
#[pyfunction]
#[expect(clippy::type_complexity, reason = "a tuple of arrays, spelled out")]
pub(super) fn lu<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
) -> Outcome<(Bound<'py, PyArrayDyn<f64>>, Bound<'py, PyArrayDyn<f64>>, Bound<'py, PyArrayDyn<f64>>)> {
    let factors = |m: ArrayView2<'_, f64>| core::lu(m).and_then(|f| Ok((f.permutation()?, f.l, f.u)));
    let (p, l, u) = each(py, "lu", "a", a, factors)?;
    Ok((double(py, p), double(py, l), double(py, u)))
}

/// P, L and U, as a tuple; P are the rows of L that make a's.
#[pyfunction]
#[expect(clippy::type_complexity, reason = "a tuple of arrays, spelled out")]
pub(super) fn lu_indices<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
) -> Outcome<(Indices<'py>, Bound<'py, PyArrayDyn<f64>>, Bound<'py, PyArrayDyn<f64>>)> {
    let (p, l, u) = each(py, "lu", "a", a, |m| core::lu(m).map(|f| (f.places(), f.l, f.u)))?;
    Ok((indices(py, &p), double(py, l), double(py, u)))
}

/// L, D and P, as a tuple.
#[pyfunction]
#[pyo3(signature = (a, UPLO = None))]
#[expect(non_snake_case, reason = "the argument's name is NumPy's")]
#[expect(clippy::type_complexity, reason = "a tuple of arrays, spelled out")]
pub(super) fn ldlt<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    UPLO: Option<&Bound<'py, PyAny>>,
) -> Outcome<(Bound<'py, PyArrayDyn<f64>>, Bound<'py, PyArrayDyn<f64>>, Indices<'py>)> {
    let triangle = core::Triangle::named("ldlt", option::optional_name("ldlt", "UPLO", UPLO)?.as_deref())?;
    let (l, d, p) = each(py, "ldlt", "a", a, |m| core::ldlt(m, triangle).map(|f| (f.l, f.d, f.p)))?;
    Ok((double(py, l), double(py, d), indices(py, &p)))
}

type FourParts<'py> = (Bound<'py, PyArrayDyn<f64>>, Bound<'py, PyArray1<f64>>, usize, Bound<'py, PyArray1<f64>>);

/// Solution, residuals, rank and singular values, as a tuple.
#[pyfunction]
#[pyo3(signature = (a, b, rcond = None))]
pub(super) fn lstsq<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    rcond: Option<&Bound<'py, PyAny>>,
) -> Outcome<FourParts<'py>> {
    let rcond = option::optional_number("lstsq", "rcond", rcond)?;
    let (a, b) = (array::matrix("lstsq", "a", a)?, array::array("lstsq", "b", b)?);
    let (a, b) = (a.view(), b.view());
    let fit = run(py, a.len() + b.len(), || core::lstsq(a, b, rcond))?;
    let x = PyArrayDyn::from_owned_array(py, fit.x);
    Ok((x, fit.residuals.to_pyarray(py), fit.rank, fit.singular_values.to_pyarray(py)))
}
