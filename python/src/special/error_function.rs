//! Binds the error function, its relatives and the normal distribution function.

use pyo3::prelude::*;
use underhood::special as core;

use crate::elementwise::map_wide;
use crate::error::Outcome;

/// The error function 2/√π ∫₀ˣ exp(−t²) dt.
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
///     A number for a number, an array for an array. Relative error below 1e-15.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.erf(1.0)
/// 0.8427007929497149
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub(super) fn erf<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("erf", out), ("x", x), core::erf_in_place)
}

/// The complementary error function 1 − erf(x), without the cancellation.
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
///     A number for a number, an array for an array. Relative error below 1e-15 down to erfc(26.5) ≈ 1e-307.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> bool(abs(special.erfc(10.0) / 2.088487583762545e-45 - 1) < 1e-15)
/// True
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub(super) fn erfc<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("erfc", out), ("x", x), core::erfc_in_place)
}

/// The scaled complementary error function exp(x²)·erfc(x).
///
/// About 1/(x√π) for large x, where erfc itself underflows; infinite below about −26.6.
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
///     A number for a number, an array for an array. Relative error below 1e-15.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.erfcx(0.0)
/// 1.0
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub(super) fn erfcx<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("erfcx", out), ("x", x), core::erfcx_in_place)
}

/// The inverse of erf: the x with erf(x) = y.
///
/// Parameters
/// ----------
/// y : array_like
///     Numbers from −1 to 1.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     A number for a number, an array for an array. ±inf at ±1, NaN beyond. Relative error below 1e-15 for y as given.
///
/// Notes
/// -----
/// M. J. Wichura (1988), "The percentage points of the normal distribution" (AS 241).
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.erfinv(0.5), 12)
/// 0.476936276204
#[pyfunction]
#[pyo3(signature = (y, out=None))]
pub(super) fn erfinv<'py>(
    py: Python<'py>,
    y: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("erfinv", out), ("y", y), core::erfinv_in_place)
}

/// The inverse of erfc: the x with erfc(x) = y, to full precision for tiny y.
///
/// Parameters
/// ----------
/// y : array_like
///     Numbers from 0 to 2.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     A number for a number, an array for an array. inf at 0, -inf at 2, NaN outside [0, 2]. Relative error below 1e-15.
///
/// Notes
/// -----
/// M. J. Wichura (1988), "The percentage points of the normal distribution" (AS 241).
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.erfcinv(1e-300), 10)
/// 26.2094699605
#[pyfunction]
#[pyo3(signature = (y, out=None))]
pub(super) fn erfcinv<'py>(
    py: Python<'py>,
    y: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("erfcinv", out), ("y", y), core::erfcinv_in_place)
}

/// The standard normal distribution function Φ(x): the probability of a value up to x.
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
///     A number for a number, an array for an array. Relative error below 1e-15 down to Φ(−37.5) ≈ 5e-308.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.ndtr(0.0)
/// 0.5
/// >>> bool(abs(special.ndtr(-30.0) / 4.906713927148187e-198 - 1) < 1e-15)
/// True
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub(super) fn ndtr<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("ndtr", out), ("x", x), core::ndtr_in_place)
}

/// The logarithm of Φ(x), also where Φ(x) underflows.
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
///     A number for a number, an array for an array. Relative error below 1e-15.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.log_ndtr(-100.0), 9)
/// -5005.524208694
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub(super) fn log_ndtr<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("log_ndtr", out), ("x", x), core::log_ndtr_in_place)
}

/// The inverse of Φ: the x with Φ(x) = p.
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
///     -inf at 0, inf at 1, NaN outside [0, 1]. Relative error below 1e-15, close to ½ relative to p − ½.
///
/// Notes
/// -----
/// M. J. Wichura (1988), "The percentage points of the normal distribution" (AS 241).
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.ndtri(0.975), 12)
/// 1.95996398454
#[pyfunction]
#[pyo3(signature = (p, out=None))]
pub(super) fn ndtri<'py>(
    py: Python<'py>,
    p: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("ndtri", out), ("p", p), core::ndtri_in_place)
}
