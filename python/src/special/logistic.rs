//! Binds the logistic functions, sums of exponentials and the terms of entropies.

use numpy::ndarray::{ArrayView1, ArrayView2};
use numpy::{PyArray1, PyArrayDyn, PyArrayMethods};
use pyo3::prelude::*;
use underhood::special as core;

use crate::array;
use crate::elementwise::{map_blocks, map_wide};
use crate::error::Outcome;
use crate::runtime;

/// The logistic function σ(x) = 1/(1 + e⁻ˣ): the probability whose log odds are x.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     A number for a number, an array for an array. Relative error below 1e-15, also for large negative x.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.expit(0.0)
/// 0.5
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub(super) fn expit<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("expit", out), ("x", x), core::expit_in_place)
}

/// The log odds ln(p/(1 − p)), the inverse of `expit`.
///
/// Parameters
/// ----------
/// p : array_like
///     Probabilities.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     A number for a number, an array for an array. -inf at 0, inf at 1, NaN outside [0, 1]. Relative error below 1e-15, next to the zero at ½ too.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.logit(0.75), 12)
/// 1.098612288668
#[pyfunction]
#[pyo3(signature = (p, out=None))]
pub(super) fn logit<'py>(
    py: Python<'py>,
    p: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("logit", out), ("p", p), core::logit_in_place)
}

/// ln(1 + eˣ), the softplus: neither under- nor overflowing.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     A number for a number, an array for an array. About eˣ for large negative x, about x for large positive x. Relative error below 1e-15.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.log1pexp(1000.0)
/// 1000.0
///
/// SciPy has it as ``log1p(exp(x))``, which overflows there.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub(super) fn log1pexp<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("log1pexp", out), ("x", x), core::log1pexp_in_place)
}

/// −x·ln x, a term of an entropy.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     A number for a number, an array for an array. 0 at 0, -inf below. Relative error below 2e-15.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.entr([0.0, 1.0])
/// array([ 0., -0.])
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub(super) fn entr<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("entr", out), ("x", x), core::entr_in_place)
}

/// x·ln y, and 0 for x = 0 whatever y is (but NaN).
///
/// Parameters
/// ----------
/// x : array_like
///     Factors.
/// y : array_like
///     Positive numbers; broadcast against `x`.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     NaN for negative y. Relative error below 2e-15.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.xlogy(0.0, 0.0)
/// 0.0
#[pyfunction]
#[pyo3(signature = (x, y, out=None))]
pub(super) fn xlogy<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_blocks(
        py,
        ("xlogy", out),
        [("x", x), ("y", y)],
        |[x, y]| core::xlogy(x, y),
        |x, y| core::xlogy_in_place(x[0], y),
    )
}

/// x·ln(x/y) − x + y, a term of Kullback's and Leibler's divergence.
///
/// Parameters
/// ----------
/// x : array_like
///     Numbers, at least 0.
/// y : array_like
///     Numbers, at least 0; broadcast against `x`.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     Never negative; 0 for x = y; y for x = 0; inf for other x or y that are not positive. Relative error below 1e-14, near x = y too, where SciPy's has lost its digits.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.kl_div(2.0, 2.0)
/// 0.0
/// >>> special.kl_div(1.0, 1.0 + 2.0**-40) * 2.0**81  # about half of the difference's square
/// 0.9999999999993937
#[pyfunction]
#[pyo3(signature = (x, y, out=None))]
pub(super) fn kl_div<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_blocks(
        py,
        ("kl_div", out),
        [("x", x), ("y", y)],
        |[x, y]| core::kl_div(x, y),
        |x, y| core::kl_div_in_place(x[0], y),
    )
}

/// The numbers of an argument of `logsumexp` or `softmax`.
#[pyfunction]
pub(super) fn read<'py>(
    function: &str,
    argument: &str,
    value: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    let (function, argument) = match (function, argument) {
        ("softmax", _) => ("softmax", "x"),
        (_, "b") => ("logsumexp", "b"),
        _ => ("logsumexp", "a"),
    };
    Ok(array::array(function, argument, value)?.into_bound())
}

/// ln Σ exp of every row of a matrix.
#[pyfunction]
pub(super) fn logsumexp_rows<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArray1<f64>>> {
    let a = array::matrix("logsumexp", "a", a)?;
    let a = a.view();
    let sums = runtime::run(py, 10 * a.len(), || rows(&a, core::logsumexp));
    Ok(PyArray1::from_vec(py, sums))
}

/// Two vectors.
type Pair<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>);

/// ln |Σ b exp| of every row of a matrix, with weights, and the signs of the sums.
#[pyfunction]
pub(super) fn logsumexp_rows_weighted<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
) -> Outcome<Pair<'py>> {
    let (a, b) = (array::matrix("logsumexp", "a", a)?, array::matrix("logsumexp", "b", b)?);
    let (a, b) = (a.view(), b.view());
    let (sums, signs) = runtime::run(py, 10 * a.len(), || {
        let weights = rows(&b, <[f64]>::to_vec);
        let mut weights = weights.iter();
        rows(&a, |x| core::logsumexp_weighted(x, weights.next().map_or(&[], Vec::as_slice))).into_iter().unzip()
    });
    Ok((PyArray1::from_vec(py, sums), PyArray1::from_vec(py, signs)))
}

/// Applies a function of slices to every row of a matrix.
fn rows<T>(matrix: &ArrayView2<'_, f64>, mut f: impl FnMut(&[f64]) -> T) -> Vec<T> {
    let mut copy = Vec::new();
    let row = |row: ArrayView1<'_, f64>| match row.as_slice() {
        Some(row) => f(row),
        None => {
            copy.clear();
            copy.extend(row);
            f(&copy)
        }
    };
    matrix.outer_iter().map(row).collect()
}

/// The softmax of every row of a matrix.
#[pyfunction]
pub(super) fn softmax_rows<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    let x = array::matrix("softmax", "x", x)?;
    let x = x.view();
    let out = array::unwritten(py, x.shape())?;
    {
        // SAFETY: the array is new, contiguous, and nobody else has it.
        let slots = unsafe { out.as_slice_mut() }.map_err(PyErr::from)?;
        runtime::run(py, 10 * x.len(), || {
            for (slots, row) in slots.chunks_exact_mut(x.ncols().max(1)).zip(x.outer_iter()) {
                slots.iter_mut().zip(row).for_each(|(slot, x)| *slot = *x);
                core::softmax_in_place(slots);
            }
        });
    }
    Ok(out.into_any())
}
