use numpy::{PyArray1, PyArray2, PyArrayDyn};
use numpy::IntoPyArray;
use pyo3::prelude::*;
use underhood::linalg as core;
use crate::array;
use crate::error::Outcome;
use core::Numbers;

fn n1<'py>(py: Python<'py>, x: Numbers<numpy::Ix1>) -> Bound<'py, PyAny> {
    match x { Numbers::Real(x) => x.into_pyarray(py).into_any(), Numbers::Complex(x) => x.into_pyarray(py).into_any() }
}
fn n2<'py>(py: Python<'py>, x: Numbers<numpy::Ix2>) -> Bound<'py, PyAny> {
    match x { Numbers::Real(x) => x.into_pyarray(py).into_any(), Numbers::Complex(x) => x.into_pyarray(py).into_any() }
}
/// .
#[pyfunction]
pub(crate) fn eig0<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let a = array::matrix("eig", "a", a)?;
    let e = core::eig(a.view())?;
    Ok((n1(py, e.eigenvalues), n2(py, e.eigenvectors)))
}
/// .
#[pyfunction]
pub(crate) fn eigvals0<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    let a = array::matrix("eig", "a", a)?;
    Ok(n1(py, core::eigvals(a.view())?))
}
/// .
#[pyfunction]
pub(crate) fn schur0<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, o: &str) -> Outcome<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let a = array::matrix("eig", "a", a)?;
    let e = core::schur(a.view(), o.parse()?)?;
    Ok((n2(py, e.t), n2(py, e.z)))
}
