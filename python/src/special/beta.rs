//! Binds the beta family: B, the incomplete beta functions and their inverses.

use pyo3::prelude::*;
use underhood::special as core;

use crate::elementwise::{map_blocks, map_each, map_runs};
use crate::error::Outcome;

/// The beta function B(a, b) = Γ(a)Γ(b)/Γ(a + b).
///
/// Parameters
/// ----------
/// a, b : array_like
///     Positive numbers; broadcast against each other.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     inf if a or b is 0, NaN if one is negative (SciPy continues it to negative numbers). Relative error below 1e-14.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(1 / special.beta(2.0, 3.0), 12)
/// 12.0
#[pyfunction]
#[pyo3(signature = (a, b, out=None))]
pub(super) fn beta<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_blocks(py, ("beta", out), [("a", a), ("b", b)], |[a, b]| core::beta(a, b), |a, b| core::beta_in_place(a[0], b))
}

/// The logarithm of the beta function B(a, b) = Γ(a)Γ(b)/Γ(a + b).
///
/// Parameters
/// ----------
/// a, b : array_like
///     Positive numbers; broadcast against each other.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     inf if a or b is 0, NaN if one is negative (SciPy continues it to negative numbers). Relative error below 1e-14, and next to B = 1 what two ulps of a and of b change.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.betaln(1e9, 0.5), 10)
/// -9.7892679754
#[pyfunction]
#[pyo3(signature = (a, b, out=None))]
pub(super) fn betaln<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_blocks(
        py,
        ("betaln", out),
        [("a", a), ("b", b)],
        |[a, b]| core::betaln(a, b),
        |a, b| core::betaln_in_place(a[0], b),
    )
}

/// The regularized incomplete beta function I(a, b; x) = 1/B(a, b) ∫₀ˣ tᵃ⁻¹(1 − t)ᵇ⁻¹ dt.
///
/// Parameters
/// ----------
/// a, b : array_like
///     Shapes, positive.
/// x : array_like
///     Upper end, from 0 to 1; broadcast against the shapes.
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
/// A. R. DiDonato and A. H. Morris (1992), TOMS 708; for two large shapes Temme's expansion (DLMF 8.18).
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.betainc(1e8, 1e8, 0.5)
/// 0.5
#[pyfunction]
#[pyo3(signature = (a, b, x, out=None))]
pub(super) fn betainc<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_each(
        py,
        ("betainc", out),
        [("a", a), ("b", b), ("x", x)],
        |[a, b, x]| core::betainc(a, b, x),
        |[a, b, _], x| core::betainc_in_place(*a, *b, x),
        |others, x| core::betainc_each_in_place(others[0], others[1], x),
    )
}

/// 1 − I(a, b; x), the complement of `betainc`, without the cancellation.
///
/// Parameters
/// ----------
/// a, b : array_like
///     Shapes, positive.
/// x : array_like
///     Lower end, from 0 to 1; broadcast against the shapes.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     NaN outside the domain. Relative error below 1e-14.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.betaincc(1.0, 4.0, 0.5), 15)
/// 0.0625
#[pyfunction]
#[pyo3(signature = (a, b, x, out=None))]
pub(super) fn betaincc<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_each(
        py,
        ("betaincc", out),
        [("a", a), ("b", b), ("x", x)],
        |[a, b, x]| core::betaincc(a, b, x),
        |[a, b, _], x| core::betaincc_in_place(*a, *b, x),
        |others, x| core::betaincc_each_in_place(others[0], others[1], x),
    )
}

/// The inverse of `betainc` in x: the x with I(a, b; x) = p.
///
/// Parameters
/// ----------
/// a, b : array_like
///     Shapes, positive.
/// p : array_like
///     Probability; broadcast against the shapes.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     NaN outside the domain. Relative error below 1e-14 and what three ulps of p change.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.betaincinv(2.0, 1.0, 0.09), 12)
/// 0.3
#[pyfunction]
#[pyo3(signature = (a, b, p, out=None))]
pub(super) fn betaincinv<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    p: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_runs(
        py,
        ("betaincinv", out),
        [("a", a), ("b", b), ("p", p)],
        |[a, b, p]| core::betaincinv(a, b, p),
        |[a, b, _], p| core::betaincinv_in_place(*a, *b, p),
    )
}

/// The inverse of `betaincc` in x: the x with 1 − I(a, b; x) = q.
///
/// Parameters
/// ----------
/// a, b : array_like
///     Shapes, positive.
/// q : array_like
///     Probability; broadcast against the shapes.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     NaN outside the domain. Relative error below 1e-14 and what three ulps of q change.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.betainccinv(1.0, 2.0, 0.25), 12)
/// 0.5
#[pyfunction]
#[pyo3(signature = (a, b, q, out=None))]
pub(super) fn betainccinv<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    q: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_runs(
        py,
        ("betainccinv", out),
        [("a", a), ("b", b), ("q", q)],
        |[a, b, q]| core::betainccinv(a, b, q),
        |[a, b, _], q| core::betainccinv_in_place(*a, *b, q),
    )
}
