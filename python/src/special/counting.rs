//! Binds the coefficients that count.

use pyo3::prelude::*;
use underhood::special as core;

use crate::elementwise::{map_blocks, map_wide};
use crate::error::Outcome;

/// The binomial coefficient Γ(n + 1)/(Γ(k + 1)Γ(n − k + 1)) of real numbers.
///
/// Parameters
/// ----------
/// n : array_like
///     Real numbers.
/// k : array_like
///     Real numbers; broadcast against `n`.
/// out : ndarray, optional
///     An array of float64 and of the result's shape, which is filled and returned.
///
/// Returns
/// -------
/// float or ndarray
///     NaN where the limit is not unique (n = −1, −2, … and k not whole). Relative error below 1e-14, and what two ulps of n and of k change, which is more next to poles and zeros; whole numbers up to 2⁵³ are exact.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.binom(5, [0, 1, 2, 3])
/// array([ 1.,  5., 10., 10.])
/// >>> special.binom(0.5, 2)
/// -0.125
#[pyfunction]
#[pyo3(signature = (n, k, out=None))]
pub(super) fn binom<'py>(
    py: Python<'py>,
    n: &Bound<'py, PyAny>,
    k: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    map_blocks(
        py,
        ("binom", out),
        [("n", n), ("k", k)],
        |[n, k]| core::binom(n, k),
        |n, k| core::binom_in_place(n[0], k),
    )
}

/// `comb` in doubles.
#[pyfunction(name = "comb")]
#[pyo3(signature = (N, k, repetition))]
#[allow(non_snake_case, reason = "the argument's name is SciPy's")]
pub(super) fn comb_float<'py>(
    py: Python<'py>,
    N: &Bound<'py, PyAny>,
    k: &Bound<'py, PyAny>,
    repetition: bool,
) -> Outcome<Bound<'py, PyAny>> {
    map_blocks(
        py,
        "comb",
        [("N", N), ("k", k)],
        |[n, k]| core::comb(n, k, repetition),
        |n, k| core::comb_in_place(n[0], k, repetition),
    )
}

/// `factorial` in doubles.
#[pyfunction(name = "factorial")]
pub(super) fn factorial_float<'py>(py: Python<'py>, n: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, "factorial", ("n", n), core::factorial_in_place)
}
