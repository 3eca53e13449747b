//! Binds `underhood::special`.

use pyo3::prelude::*;
use underhood::special as core;

use crate::elementwise::map;
use crate::error::Outcome;

/// The error function 2/√π ∫₀ˣ exp(−t²) dt.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
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
fn erf<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "erf", [("x", x)], |[x]| core::erf(x))
}

/// The complementary error function 1 − erf(x), without the cancellation.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
///
/// Returns
/// -------
/// float or ndarray
///     A number for a number, an array for an array. Relative error below 1e-15 down to erfc(26.5) ≈ 1e-307.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.erfc(10.0)
/// 2.088487583762545e-45
#[pyfunction]
fn erfc<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "erfc", [("x", x)], |[x]| core::erfc(x))
}

/// The scaled complementary error function exp(x²)·erfc(x).
///
/// About 1/(x√π) for large x, where erfc itself underflows; infinite below about −26.6.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
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
fn erfcx<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "erfcx", [("x", x)], |[x]| core::erfcx(x))
}

/// The standard normal distribution function Φ(x): the probability of a value up to x.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
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
fn ndtr<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "ndtr", [("x", x)], |[x]| core::ndtr(x))
}

/// The logarithm of Φ(x), also where Φ(x) underflows.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
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
fn log_ndtr<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "log_ndtr", [("x", x)], |[x]| core::log_ndtr(x))
}

/// The inverse of Φ: the x with Φ(x) = p.
///
/// Parameters
/// ----------
/// p : array_like
///     Probabilities.
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
fn ndtri<'py>(py: Python<'py>, p: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "ndtri", [("p", p)], |[p]| core::ndtri(p))
}

/// Γ(x), the factorial (x − 1)! continued to real numbers.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
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
fn gamma<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "gamma", [("x", x)], |[x]| core::gamma(x))
}

/// The logarithm of \|Γ(x)\|.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
///
/// Returns
/// -------
/// float or ndarray
///     inf at 0, −1, −2, …. Relative error below 1e-15 for x > 0, next to the zeros at 1 and 2 too.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.gammaln(2.0)
/// 0.0
#[pyfunction]
fn gammaln<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "gammaln", [("x", x)], |[x]| core::gammaln(x))
}

/// The logarithm of the beta function B(a, b) = Γ(a)Γ(b)/Γ(a + b).
///
/// Parameters
/// ----------
/// a, b : array_like
///     Positive numbers; broadcast against each other.
///
/// Returns
/// -------
/// float or ndarray
///     inf if a or b is 0, NaN if one is negative (SciPy continues it to negative numbers). Relative error below 1e-14, next to B = 1 absolute.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.betaln(1e9, 0.5), 10)
/// -9.7892679754
#[pyfunction]
fn betaln<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "betaln", [("a", a), ("b", b)], |[a, b]| core::betaln(a, b))
}

/// The regularized lower incomplete gamma function P(a, x) = 1/Γ(a) ∫₀ˣ tᵃ⁻¹e⁻ᵗ dt.
///
/// Parameters
/// ----------
/// a : array_like
///     Shape, at least 0.
/// x : array_like
///     Upper end, at least 0; broadcast against `a`.
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
fn gammainc<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "gammainc", [("a", a), ("x", x)], |[a, x]| core::gammainc(a, x))
}

/// The regularized upper incomplete gamma function Q(a, x) = 1 − P(a, x), without the cancellation.
///
/// Parameters
/// ----------
/// a : array_like
///     Shape, at least 0.
/// x : array_like
///     Lower end, at least 0; broadcast against `a`.
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
fn gammaincc<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "gammaincc", [("a", a), ("x", x)], |[a, x]| core::gammaincc(a, x))
}

/// The inverse of `gammainc` in x: the x with P(a, x) = p.
///
/// Parameters
/// ----------
/// a : array_like
///     Shape, positive.
/// p : array_like
///     Probability; broadcast against `a`.
///
/// Returns
/// -------
/// float or ndarray
///     0 at p = 0, inf at p = 1, NaN outside the domain. As accurate as p is: a relative change of p by 1e-16 changes
///     the result by about 1e-16/a for small a.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.gammaincinv(1.0, 0.5), 12)
/// 0.69314718056
#[pyfunction]
fn gammaincinv<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, p: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "gammaincinv", [("a", a), ("p", p)], |[a, p]| core::gammaincinv(a, p))
}

/// The inverse of `gammaincc` in x: the x with Q(a, x) = q.
///
/// Parameters
/// ----------
/// a : array_like
///     Shape, positive.
/// q : array_like
///     Probability; broadcast against `a`.
///
/// Returns
/// -------
/// float or ndarray
///     inf at q = 0, 0 at q = 1, NaN outside the domain. As accurate as q is.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.gammainccinv(1.0, 1e-200), 9)
/// 460.517018599
#[pyfunction]
fn gammainccinv<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, q: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "gammainccinv", [("a", a), ("q", q)], |[a, q]| core::gammainccinv(a, q))
}

/// The regularized incomplete beta function I(a, b; x) = 1/B(a, b) ∫₀ˣ tᵃ⁻¹(1 − t)ᵇ⁻¹ dt.
///
/// Parameters
/// ----------
/// a, b : array_like
///     Shapes, positive.
/// x : array_like
///     Upper end, from 0 to 1; broadcast against the shapes.
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
fn betainc<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyAny>> {
    map(py, "betainc", [("a", a), ("b", b), ("x", x)], |[a, b, x]| core::betainc(a, b, x))
}

/// 1 − I(a, b; x), the complement of `betainc`, without the cancellation.
///
/// Parameters
/// ----------
/// a, b : array_like
///     Shapes, positive.
/// x : array_like
///     Lower end, from 0 to 1; broadcast against the shapes.
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
fn betaincc<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyAny>> {
    map(py, "betaincc", [("a", a), ("b", b), ("x", x)], |[a, b, x]| core::betaincc(a, b, x))
}

/// The inverse of `betainc` in x: the x with I(a, b; x) = p.
///
/// Parameters
/// ----------
/// a, b : array_like
///     Shapes, positive.
/// p : array_like
///     Probability; broadcast against the shapes.
///
/// Returns
/// -------
/// float or ndarray
///     NaN outside the domain. As accurate as p is.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.betaincinv(2.0, 1.0, 0.09), 12)
/// 0.3
#[pyfunction]
fn betaincinv<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    p: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyAny>> {
    map(py, "betaincinv", [("a", a), ("b", b), ("p", p)], |[a, b, p]| core::betaincinv(a, b, p))
}

/// The inverse of `betaincc` in x: the x with 1 − I(a, b; x) = q.
///
/// Parameters
/// ----------
/// a, b : array_like
///     Shapes, positive.
/// q : array_like
///     Probability; broadcast against the shapes.
///
/// Returns
/// -------
/// float or ndarray
///     NaN outside the domain. As accurate as q is.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> round(special.betainccinv(1.0, 2.0, 0.25), 12)
/// 0.5
#[pyfunction]
fn betainccinv<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    q: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyAny>> {
    map(py, "betainccinv", [("a", a), ("b", b), ("q", q)], |[a, b, q]| core::betainccinv(a, b, q))
}

/// Special functions, element by element.
#[pymodule]
pub(crate) mod special {
    #[pymodule_export]
    use super::{
        betainc, betaincc, betainccinv, betaincinv, betaln, erf, erfc, erfcx, gamma, gammainc, gammaincc, gammainccinv,
        gammaincinv, gammaln, log_ndtr, ndtr, ndtri,
    };
}
