//! Binds products and lengths: matrix products, inner and outer products, norms.

use numpy::PyArrayDyn;
use pyo3::prelude::*;
use underhood::linalg as core;

use crate::array;
use crate::error::Outcome;
use crate::runtime::run;

/// Multiply two matrices, a matrix and a vector, or two vectors.
///
/// (AB)ᵢⱼ = Σₖ aᵢₖ bₖⱼ. A vector on the left counts as a row, one on the right as a column; that axis is dropped from the result.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., m, k) or (k,)
///     The left factor, or a stack of them.
/// b : array_like, shape (..., k, n) or (k,)
///     The right factor, or a stack of them; axes in front of the last two are broadcast against a's.
///
/// Returns
/// -------
/// numpy.ndarray
///     Shape (..., m, n), without the axes that vectors do not have; two vectors give an array without axes, which is one number.
///
/// Raises
/// ------
/// ValueError
///     If the inner lengths differ, the axes in front do not fit each other, or an operand is a single number.
///
/// Notes
/// -----
/// NaN and infinities go through, as in NumPy. Large products use as many threads as ``RAYON_NUM_THREADS`` allows, and give the
/// same bits with any number of them. Source: Goto and van de Geijn, ACM TOMS 34 (2008), doi:10.1145/1356052.1356053.
///
/// Examples
/// --------
/// >>> from underhood.linalg import matmul
/// >>> matmul([[1, 2], [3, 4]], [1, 1])
/// array([3., 7.])
#[pyfunction]
pub(super) fn matmul<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    let (a, b) = (array::array("matmul", "a", a)?, array::array("matmul", "b", b)?);
    let (a, b) = (a.view(), b.view());
    let shape = core::product_shape("matmul", a.shape(), b.shape())?;
    let (out, view) = array::fresh(py, &shape)?;
    run(py, a.len() + b.len(), || core::matmul_into(view, a, b))?;
    Ok(out)
}
