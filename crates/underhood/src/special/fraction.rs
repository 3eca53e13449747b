//! Continued fractions b₀ + a₁/(b₁ + a₂/(b₂ + …)) by the forward recurrence of numerators and denominators (Wallis; DLMF 3.10.1).
//!
//! Both start behind b₀, which is the larger part of the fractions here: the rounding that the recurrence gathers counts for less.

/// Evaluates the fraction whose m-th pair (aₘ, bₘ) `term(m)` gives, m = 1, 2, …, until two approximants agree to an ulp.
#[inline]
pub(super) fn continued_fraction(b0: f64, mut term: impl FnMut(f64) -> (f64, f64)) -> f64 {
    const BIG: f64 = 1e150;
    let (mut top_before, mut top) = (1.0, 0.0);
    let (mut bottom_before, mut bottom) = (0.0, 1.0);
    let mut value = f64::NAN;
    for m in 1..50_000 {
        let (a, b) = term(f64::from(m));
        if a == 0.0 {
            // For whole parameters the fraction ends: what follows would only add rounding.
            return b0 + top / bottom;
        }
        (top_before, top) = (top, b * top + a * top_before);
        (bottom_before, bottom) = (bottom, b * bottom + a * bottom_before);
        if top.abs().max(bottom.abs()) > BIG {
            top_before /= BIG;
            top /= BIG;
            bottom_before /= BIG;
            bottom /= BIG;
        }
        if m % 4 == 0 {
            let next = b0 + top / bottom;
            if (next - value).abs() <= f64::EPSILON * next.abs() {
                return next;
            }
            value = next;
        }
    }
    value
}
