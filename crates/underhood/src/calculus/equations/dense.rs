//! Interpolants: what the solution is between the steps.
//!
//! Every method's interpolant in a step of length h from (t, y) is written in the same nested form, with θ = (s − t) / h:
//!
//! ```text
//! y(s) = y + θ (c₀ + (1 − θ) (c₁ + θ (c₂ + (1 − θ) (c₃ + …))))
//! ```
//!
//! (Hairer, Nørsett & Wanner, section II.6): c₀ is the step's whole change, c₁ and c₂ bring in the slopes at both ends, the rest
//! what the method knows of the inside. Both ends come out without rounding.

/// The value of a nested interpolant at `theta`; `coefficients` holds c₀, c₁, … of length n, one after the other.
pub(super) fn nested(y: &[f64], coefficients: &[f64], theta: f64, into: &mut [f64]) {
    let n = y.len();
    let count = coefficients.len() / n.max(1);
    let other = 1.0 - theta;
    for i in 0..n {
        let mut value = 0.0;
        for k in (0..count).rev() {
            value = (coefficients[k * n + i] + value) * if k % 2 == 0 { theta } else { other };
        }
        into[i] = y[i] + value;
    }
}

/// The cubic that has the values and the slopes of both ends: c₀ = Δ, c₁ = h f₀ − Δ, c₂ = Δ − h f₁ − c₁.
pub(super) fn hermite(
    h: f64,
    (y, y_next): (&[f64], &[f64]),
    (slope, slope_next): (&[f64], &[f64]),
    into: &mut Vec<f64>,
) {
    let n = y.len();
    into.clear();
    into.extend(y_next.iter().zip(y).map(|(next, y)| next - y));
    for i in 0..n {
        into.push(h * slope[i] - into[i]);
    }
    for i in 0..n {
        into.push(into[i] - h * slope_next[i] - into[n + i]);
    }
}
