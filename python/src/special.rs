//! Binds `underhood::special`.

use numpy::ndarray::{ArrayView1, ArrayView2};
use numpy::{PyArray1, PyArrayDyn, PyArrayMethods};
use pyo3::prelude::*;
use underhood::special as core;

use crate::array;
use crate::elementwise::{map, map_blocks, map_runs, map_wide};
use crate::error::Outcome;
use crate::runtime;

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
    map_wide(py, "erf", ("x", x), core::erf_in_place)
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
/// >>> bool(abs(special.erfc(10.0) / 2.088487583762545e-45 - 1) < 1e-15)
/// True
#[pyfunction]
fn erfc<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, "erfc", ("x", x), core::erfc_in_place)
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
    map_wide(py, "erfcx", ("x", x), core::erfcx_in_place)
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
    map_wide(py, "ndtr", ("x", x), core::ndtr_in_place)
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
    map_wide(py, "log_ndtr", ("x", x), core::log_ndtr_in_place)
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
    map_wide(py, "ndtri", ("p", p), core::ndtri_in_place)
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
    map_wide(py, "gamma", ("x", x), core::gamma_in_place)
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
///     inf at 0, −1, −2, …. Relative error below 1e-15 for x > 0, next to the zeros at 1 and 2 too; for x < 0, where there are zeros
///     between the poles, 2e-15 and what two ulps of x change.
///
/// Examples
/// --------
/// >>> from underhood import special
/// >>> special.gammaln(2.0)
/// 0.0
#[pyfunction]
fn gammaln<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, "gammaln", ("x", x), core::gammaln_in_place)
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
///     inf if a or b is 0, NaN if one is negative (SciPy continues it to negative numbers). Relative error below 1e-14, and next to B = 1 what two ulps of a and of b change.
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
    map_runs(
        py,
        "gammainc",
        [("a", a), ("x", x)],
        |[a, x]| core::gammainc(a, x),
        |[a, _], x| core::gammainc_in_place(*a, x),
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
    map_runs(
        py,
        "gammaincc",
        [("a", a), ("x", x)],
        |[a, x]| core::gammaincc(a, x),
        |[a, _], x| core::gammaincc_in_place(*a, x),
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
///     inf at q = 0, 0 at q = 1, NaN outside the domain. Relative error below 1e-14 and what three ulps of q change.
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
    map_runs(
        py,
        "betainc",
        [("a", a), ("b", b), ("x", x)],
        |[a, b, x]| core::betainc(a, b, x),
        |[a, b, _], x| core::betainc_in_place(*a, *b, x),
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
    map_runs(
        py,
        "betaincc",
        [("a", a), ("b", b), ("x", x)],
        |[a, b, x]| core::betaincc(a, b, x),
        |[a, b, _], x| core::betaincc_in_place(*a, *b, x),
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
///     NaN outside the domain. Relative error below 1e-14 and what three ulps of q change.
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

/// The inverse of erf: the x with erf(x) = y.
///
/// Parameters
/// ----------
/// y : array_like
///     Numbers from −1 to 1.
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
fn erfinv<'py>(py: Python<'py>, y: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, "erfinv", ("y", y), core::erfinv_in_place)
}

/// The inverse of erfc: the x with erfc(x) = y, to full precision for tiny y.
///
/// Parameters
/// ----------
/// y : array_like
///     Numbers from 0 to 2.
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
fn erfcinv<'py>(py: Python<'py>, y: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, "erfcinv", ("y", y), core::erfcinv_in_place)
}

/// 1/Γ(x), which is smooth everywhere.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
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
fn rgamma<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, "rgamma", ("x", x), core::rgamma_in_place)
}

/// ψ(x) = Γ′(x)/Γ(x), the derivative of `gammaln`.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
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
fn digamma<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, "digamma", ("x", x), core::digamma_in_place)
}

/// The logistic function σ(x) = 1/(1 + e⁻ˣ): the probability whose log odds are x.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
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
fn expit<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, "expit", ("x", x), core::expit_in_place)
}

/// The log odds ln(p/(1 − p)), the inverse of `expit`.
///
/// Parameters
/// ----------
/// p : array_like
///     Probabilities.
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
fn logit<'py>(py: Python<'py>, p: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, "logit", ("p", p), core::logit_in_place)
}

/// ln(1 + eˣ), the softplus: neither under- nor overflowing.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
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
fn log1pexp<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, "log1pexp", ("x", x), core::log1pexp_in_place)
}

/// −x·ln x, a term of an entropy.
///
/// Parameters
/// ----------
/// x : array_like
///     Real numbers.
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
fn entr<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, "entr", ("x", x), core::entr_in_place)
}

/// x·ln y, and 0 for x = 0 whatever y is (but NaN).
///
/// Parameters
/// ----------
/// x : array_like
///     Factors.
/// y : array_like
///     Positive numbers; broadcast against `x`.
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
fn xlogy<'py>(py: Python<'py>, x: &Bound<'py, PyAny>, y: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_blocks(py, "xlogy", [("x", x), ("y", y)], |[x, y]| core::xlogy(x, y), |x, y| core::xlogy_in_place(x[0], y))
}

/// x·ln(x/y) − x + y, a term of Kullback's and Leibler's divergence.
///
/// Parameters
/// ----------
/// x : array_like
///     Numbers, at least 0.
/// y : array_like
///     Numbers, at least 0; broadcast against `x`.
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
fn kl_div<'py>(py: Python<'py>, x: &Bound<'py, PyAny>, y: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_blocks(py, "kl_div", [("x", x), ("y", y)], |[x, y]| core::kl_div(x, y), |x, y| core::kl_div_in_place(x[0], y))
}

/// The n-th derivative of ψ, `digamma`.
///
/// Parameters
/// ----------
/// n : array_like
///     Orders: 0, 1, 2, ….
/// x : array_like
///     Real numbers; broadcast against `n`.
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
fn polygamma<'py>(py: Python<'py>, n: &Bound<'py, PyAny>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "polygamma", [("n", n), ("x", x)], |[n, x]| core::polygamma(n, x))
}

/// The beta function B(a, b) = Γ(a)Γ(b)/Γ(a + b).
///
/// Parameters
/// ----------
/// a, b : array_like
///     Positive numbers; broadcast against each other.
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
fn beta<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "beta", [("a", a), ("b", b)], |[a, b]| core::beta(a, b))
}

/// The binomial coefficient Γ(n + 1)/(Γ(k + 1)Γ(n − k + 1)) of real numbers.
///
/// Parameters
/// ----------
/// n : array_like
///     Real numbers.
/// k : array_like
///     Real numbers; broadcast against `n`.
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
fn binom<'py>(py: Python<'py>, n: &Bound<'py, PyAny>, k: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map(py, "binom", [("n", n), ("k", k)], |[n, k]| core::binom(n, k))
}

/// `comb` in doubles.
#[pyfunction(name = "comb")]
#[pyo3(signature = (N, k, repetition))]
#[allow(non_snake_case, reason = "the argument's name is SciPy's")]
fn comb_float<'py>(
    py: Python<'py>,
    N: &Bound<'py, PyAny>,
    k: &Bound<'py, PyAny>,
    repetition: bool,
) -> Outcome<Bound<'py, PyAny>> {
    map(py, "comb", [("N", N), ("k", k)], |[n, k]| core::comb(n, k, repetition))
}

/// `factorial` in doubles.
#[pyfunction(name = "factorial")]
fn factorial_float<'py>(py: Python<'py>, n: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    map_wide(py, "factorial", ("n", n), core::factorial_in_place)
}

/// The numbers of an argument of `logsumexp` or `softmax`.
#[pyfunction]
fn read<'py>(function: &str, argument: &str, value: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    let (function, argument) = match (function, argument) {
        ("softmax", _) => ("softmax", "x"),
        (_, "b") => ("logsumexp", "b"),
        _ => ("logsumexp", "a"),
    };
    Ok(array::array(function, argument, value)?.into_bound())
}

/// ln Σ exp of every row of a matrix.
#[pyfunction]
fn logsumexp_rows<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArray1<f64>>> {
    let a = array::matrix("logsumexp", "a", a)?;
    let a = a.view();
    let sums = runtime::run(py, 10 * a.len(), || rows(&a, core::logsumexp));
    Ok(PyArray1::from_vec(py, sums))
}

/// Two vectors.
type Pair<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>);

/// ln |Σ b exp| of every row of a matrix, with weights, and the signs of the sums.
#[pyfunction]
fn logsumexp_rows_weighted<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> Outcome<Pair<'py>> {
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
fn softmax_rows<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
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

/// Special functions, element by element.
#[pymodule]
pub(crate) mod special {
    #[pymodule_export]
    use super::{
        beta, betainc, betaincc, betainccinv, betaincinv, betaln, binom, comb_float, digamma, entr, erf, erfc, erfcinv,
        erfcx, erfinv, expit, factorial_float, gamma, gammainc, gammaincc, gammainccinv, gammaincinv, gammaln, kl_div,
        log_ndtr, log1pexp, logit, logsumexp_rows, logsumexp_rows_weighted, ndtr, ndtri, polygamma, read, rgamma,
        softmax_rows, xlogy,
    };
}
