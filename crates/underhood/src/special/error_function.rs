//! The error function and its complement, plain and scaled.
//!
//! erf and erfc are `libm`'s (FreeBSD's msun, S. Moshier's and Sun's rational fits, below one ulp). erfcx is a polynomial in
//! (z − 3.75)/(z + 3.75), after Shepherd and Laframboise (1981, doi:10.1090/S0025-5718-1981-0595058-X).

use super::coefficients::ERFCX_FIT;
use super::polynomial::polynomial;

/// The error function 2/√π ∫₀ˣ exp(−t²) dt. Relative error below 1e-15.
///
/// ```
/// use underhood::special::erf;
///
/// assert_eq!(erf(0.0), 0.0);
/// assert!((erf(1.0) - 0.8427007929497149).abs() < 1e-15);
/// ```
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// The complementary error function 1 − erf(x), without the cancellation: relative error below 1e-15 down to erfc(26.5) ≈ 1e-307.
///
/// ```
/// use underhood::special::erfc;
///
/// assert!((erfc(20.0) / 5.395865611607901e-176 - 1.0).abs() < 1e-15);
/// ```
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// The scaled complementary error function exp(x²)·erfc(x): about 1/(x√π) for large x, where erfc itself underflows.
///
/// ∞ below about −26.6. Relative error below 1e-15 for x ≥ 0.
///
/// ```
/// use underhood::special::erfcx;
///
/// assert_eq!(erfcx(0.0), 1.0);
/// assert!((erfcx(1e10) * 1e10 * std::f64::consts::PI.sqrt() - 1.0).abs() < 1e-15);
/// ```
pub fn erfcx(x: f64) -> f64 {
    if x < 0.0 {
        // exp(x²) with the square's rounding error carried.
        let square = crate::double_double::Dd::product(x, x);
        return 2.0 * square.exp() - erfcx(-x);
    }
    if x.is_nan() {
        return x;
    }
    if x > 1e8 {
        return std::f64::consts::FRAC_2_SQRT_PI * 0.5 / x;
    }
    if x < 0.25 {
        return (x * x).exp() * erfc(x);
    }
    let t = (x - 3.75) / (x + 3.75);
    polynomial(&ERFCX_FIT, t) / (1.0 + 2.0 * x)
}
