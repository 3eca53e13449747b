//! Continued fractions b₀ + a₁/(b₁ + a₂/(b₂ + …)) as Euler's and Minding's series of the differences of its approximants,
//! b₀ + Σ (−1)ᵐ⁻¹ a₁…aₘ/(Bₘ₋₁Bₘ), with the denominators Bₘ = bₘBₘ₋₁ + aₘBₘ₋₂ by the forward recurrence (DLMF 1.12.5, 1.12.10).
//!
//! A quotient of numerator and denominator would have the rounding of every step in both; of the series only the first terms count.

/// Evaluates the fraction whose m-th pair (aₘ, bₘ) `term(m)` gives, m = 1, 2, …, until a term no longer counts.
#[inline]
pub(super) fn continued_fraction(b0: f64, mut term: impl FnMut(f64) -> (f64, f64)) -> f64 {
    const BIG: f64 = 1e150;
    // Terms may shrink slowly: what comes after one is some tens of times as large.
    const NEGLIGIBLE: f64 = f64::EPSILON / 64.0;
    let (mut before, mut bottom) = (0.0, 1.0);
    let (mut sum, mut difference) = (0.0, -1.0);
    for m in 1..50_000 {
        let (a, b) = term(f64::from(m));
        if a == 0.0 {
            // For whole parameters the fraction ends.
            break;
        }
        let next = b * bottom + a * before;
        // Bₘ₋₂/Bₘ, but for m = 1, where the difference is a₁/B₁.
        difference *= -a * if m == 1 { 1.0 } else { before } / next;
        sum += difference;
        (before, bottom) = (bottom, next);
        if bottom.abs() > BIG {
            before /= BIG;
            bottom /= BIG;
        }
        if difference.abs() <= NEGLIGIBLE * (b0 + sum).abs() {
            break;
        }
    }
    b0 + sum
}
