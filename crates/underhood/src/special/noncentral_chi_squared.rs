//! The noncentral χ² distribution: Σ (Zᵢ + μᵢ)² of normal variables, with noncentrality Σ μᵢ².
//!
//! R. A. Fisher (1928, doi:10.1098/rspa.1928.0224); as a mixture of central ones, Σ pois(j; nc/2)·P(df/2 + j, x/2) (DLMF 8.2; Patnaik 1949).

use super::incomplete_gamma;
use super::poisson_mixture::{LARGEST_MEAN, Mixed, mixture};
use super::tail::Side;

/// P(X ≤ x) for a noncentral χ² variable with `df` degrees of freedom and noncentrality `nc`.
///
/// Relative error below 1e-13, small probabilities included. NaN for df ≤ 0, nc < 0 and for nc > 2·10¹².
///
/// ```
/// use underhood::special::{noncentral_chi_squared_cdf, ndtr};
///
/// // (Z + 1)² ≤ 4 is −3 ≤ Z ≤ 1.
/// assert!((noncentral_chi_squared_cdf(4.0, 1.0, 1.0) - (ndtr(1.0) - ndtr(-3.0))).abs() < 1e-15);
/// ```
pub fn noncentral_chi_squared_cdf(x: f64, df: f64, nc: f64) -> f64 {
    probability(x, df, nc, Side::Lower)
}

/// P(X > x), to the same relative precision: never one minus the other.
///
/// ```
/// use underhood::special::{noncentral_chi_squared_sf, ndtr};
///
/// let exact = ndtr(-29.0) + ndtr(-31.0);
/// assert!((noncentral_chi_squared_sf(900.0, 1.0, 1.0) / exact - 1.0).abs() < 1e-12);
/// ```
pub fn noncentral_chi_squared_sf(x: f64, df: f64, nc: f64) -> f64 {
    probability(x, df, nc, Side::Upper)
}

fn probability(x: f64, df: f64, nc: f64, side: Side) -> f64 {
    let (half, a, h) = (0.5 * x, 0.5 * df, 0.5 * nc);
    if x.is_nan() || !(a > 0.0 && (0.0..=LARGEST_MEAN).contains(&h)) || a.is_infinite() {
        return f64::NAN;
    }
    if !(x > 0.0) || x.is_infinite() {
        return f64::from(u8::from((x > 0.0) == (side == Side::Lower)));
    }
    if h == 0.0 {
        return incomplete_gamma::regularized(a, half, side);
    }
    mixture(h, side, &ChiSquares { a, x: half })
}

/// P(a + j, x) and its other tail.
struct ChiSquares {
    a: f64,
    x: f64,
}

impl Mixed for ChiSquares {
    fn tail(&self, j: f64, side: Side) -> (f64, f64) {
        let tail = incomplete_gamma::tail(self.a + j, self.x);
        (tail.probability(side), tail.density.value() / (self.a + j))
    }

    fn ratio(&self, j: f64) -> f64 {
        self.x / (self.a + j + 1.0)
    }

    /// h/j·x/(a + j) = 1.
    fn saddle(&self, h: f64) -> f64 {
        let product = 4.0 * h * self.x;
        product / (2.0 * (self.a + (self.a * self.a + product).sqrt()))
    }
}
