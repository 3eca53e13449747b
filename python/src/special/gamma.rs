//! Binds the gamma family: Γ, ψ, the incomplete gamma functions and their inverses.

use pyo3::prelude::*;
use underhood::special as core;

use crate::elementwise::{map, map_each, map_runs, map_wide};
use crate::error::Outcome;

/// Γ(x), the factorial (x − 1)! continued to real numbers.
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
///     inf at 0 and from 171.63 on, NaN at −1, −2, …. Relative error below 3e-15.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.gamma([1, 2, 3, 4, 5])
/// array([ 1.,  1.,  2.,  6., 24.])
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub(super) fn gamma<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("gamma", out), ("x", x), core::gamma_in_place)
}

/// The logarithm of \|Γ(x)\|.
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
///     inf at 0, −1, −2, …. Relative error below 1e-15 for x > 0, next to the zeros at 1 and 2 too; for x < 0, where there are zeros
///     between the poles, 2e-15 and what two ulps of x change.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.gammaln(2.0)
/// 0.0
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub(super) fn gammaln<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("gammaln", out), ("x", x), core::gammaln_in_place)
}

/// 1/Γ(x), which is smooth everywhere.
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
///     A number for a number, an array for an array. 0 at 0, −1, −2, … and at inf. Relative error below 3e-15.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.rgamma([-1, 0, 1, 2, 3])
/// array([0. , 0. , 1. , 1. , 0.5])
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub(super) fn rgamma<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("rgamma", out), ("x", x), core::rgamma_in_place)
}

/// ψ(x) = Γ′(x)/Γ(x), the derivative of `gammaln`.
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
///     A number for a number, an array for an array. -inf at 0, NaN at −1, −2, …. Relative error below 2e-15 for x > 0 and around the zero at −0.504; further left, where a zero lies between each pair of poles, 2e-15 and what two ulps of x change.
///
/// Notes
/// -----
/// Recurrence and asymptotic series (DLMF 5.5, 5.11), with the zeros at 1.4616 and −0.504 built in.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.digamma(1.0), 12)  # minus Euler's constant
/// -0.577215664902
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub(super) fn digamma<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, ("digamma", out), ("x", x), core::digamma_in_place)
}

/// The n-th derivative of ψ, `digamma`.
///
/// Parameters
/// ----------
/// n : array_like
///     Orders: 0, 1, 2, ….
/// x : array_like
///     Real numbers; broadcast against `n`.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     At poles inf for odd n, NaN for even n; NaN for orders that are negative or not whole. Relative error below 1e-14 for x > 0; for x < 0, where even orders have zeros, 1e-14 and what two ulps of x change.
///
/// Notes
/// -----
/// (−1)ⁿ⁺¹ n! ζ(n + 1, x), ζ by Euler's and Maclaurin's formula (DLMF 25.11, 2.10).
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.polygamma(1, 1.0), 12)  # π²/6
/// 1.644934066848
#[pyfunction]
#[pyo3(signature = (n, x, out=None))]
pub(super) fn polygamma<'py>(
    py: Python<'py>,
    n: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map(py, ("polygamma", out), [("n", n), ("x", x)], |[n, x]| core::polygamma(n, x))
}

/// The regularized lower incomplete gamma function P(a, x) = 1/Γ(a) ∫₀ˣ tᵃ⁻¹e⁻ᵗ dt.
///
/// Parameters
/// ----------
/// a : array_like
///     Shape, at least 0.
/// x : array_like
///     Upper end, at least 0; broadcast against `a`.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     NaN outside the domain. Relative error below 1e-14.
///
/// Notes
/// -----
/// Series, Legendre's continued fraction, and Temme's expansion for large a (DLMF 8.7, 8.9, 8.12).
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.gammainc(1.0, 2.0), 12)
/// 0.864664716763
#[pyfunction]
#[pyo3(signature = (a, x, out=None))]
pub(super) fn gammainc<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_each(
        py,
        ("gammainc", out),
        [("a", a), ("x", x)],
        |[a, x]| core::gammainc(a, x),
        |[a, _], x| core::gammainc_in_place(*a, x),
        |a, x| core::gammainc_each_in_place(a[0], x),
    )
}

/// The regularized upper incomplete gamma function Q(a, x) = 1 − P(a, x), without the cancellation.
///
/// Parameters
/// ----------
/// a : array_like
///     Shape, at least 0.
/// x : array_like
///     Lower end, at least 0; broadcast against `a`.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     NaN outside the domain. Relative error below 1e-14 down to 1e-307.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.gammaincc(50.0, 700.0) < 1e-220
/// True
#[pyfunction]
#[pyo3(signature = (a, x, out=None))]
pub(super) fn gammaincc<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_each(
        py,
        ("gammaincc", out),
        [("a", a), ("x", x)],
        |[a, x]| core::gammaincc(a, x),
        |[a, _], x| core::gammaincc_in_place(*a, x),
        |a, x| core::gammaincc_each_in_place(a[0], x),
    )
}

/// The inverse of `gammainc` in x: the x with P(a, x) = p.
///
/// Parameters
/// ----------
/// a : array_like
///     Shape, positive.
/// p : array_like
///     Probability; broadcast against `a`.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     0 at p = 0, inf at p = 1, NaN outside the domain. Relative error below 1e-14 and what three ulps of p change: for
///     small a that is about 3e-16/a.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.gammaincinv(1.0, 0.5), 12)
/// 0.69314718056
#[pyfunction]
#[pyo3(signature = (a, p, out=None))]
pub(super) fn gammaincinv<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    p: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_runs(
        py,
        ("gammaincinv", out),
        [("a", a), ("p", p)],
        |[a, p]| core::gammaincinv(a, p),
        |[a, _], p| core::gammaincinv_in_place(*a, p),
    )
}

/// The inverse of `gammaincc` in x: the x with Q(a, x) = q.
///
/// Parameters
/// ----------
/// a : array_like
///     Shape, positive.
/// q : array_like
///     Probability; broadcast against `a`.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     inf at q = 0, 0 at q = 1, NaN outside the domain. Relative error below 1e-14 and what three ulps of q change.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.gammainccinv(1.0, 1e-200), 9)
/// 460.517018599
#[pyfunction]
#[pyo3(signature = (a, q, out=None))]
pub(super) fn gammainccinv<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    q: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_runs(
        py,
        ("gammainccinv", out),
        [("a", a), ("q", q)],
        |[a, q]| core::gammainccinv(a, q),
        |[a, _], q| core::gammainccinv_in_place(*a, q),
    )
}
