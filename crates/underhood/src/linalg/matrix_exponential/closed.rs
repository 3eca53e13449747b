//! The exponential of a 2×2 matrix by its eigenvalues μ ± δ: e^A = e^μ·(cosh δ·I + sinh δ/δ·(A − μI)).

use ndarray::{Array2, ArrayView2, array};

use crate::double_double::two_product;

/// a·b + c·d with both products exact before they are added.
fn sum_of_products(a: f64, b: f64, c: f64, d: f64) -> f64 {
    let (p, p_error) = two_product::<false>(a, b);
    let (q, q_error) = two_product::<false>(c, d);
    (p + q) + (p_error + q_error)
}

/// e^A for a 2×2 matrix.
pub(super) fn two(a: ArrayView2<'_, f64>) -> Array2<f64> {
    let largest = a.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    // Squares have to stay in range; above, the result is infinite, zero or without a correct digit anyway, except for triangular matrices.
    let (a11, a12, a21, a22) = (a[[0, 0]], a[[0, 1]], a[[1, 0]], a[[1, 1]]);
    let mean = 0.5 * a11 + 0.5 * a22;
    let half = 0.5 * a11 - 0.5 * a22;
    let scale = if (1e-150..=1e150).contains(&largest) { 1.0 } else { largest };
    let square = sum_of_products(half / scale, half / scale, a12 / scale, a21 / scale);
    let delta = square.abs().sqrt() * scale;
    if square < 0.0 {
        // A conjugate pair: cosh and sinh of i·δ.
        let (sin, cos) = delta.sin_cos();
        let (growth, ratio) = ((0.5 * mean).exp(), sin / delta);
        let grown = |v: f64| v * growth * growth;
        return array![
            [grown(cos + half * ratio), grown(a12 * ratio)],
            [grown(a21 * ratio), grown(cos - half * ratio)]
        ];
    }
    if delta < 0.5 {
        let (growth, ratio) = ((0.5 * mean).exp(), if delta == 0.0 { 1.0 } else { delta.sinh() / delta });
        let grown = |v: f64| v * growth * growth;
        let cosh = delta.cosh();
        return array![
            [grown(cosh + half * ratio), grown(a12 * ratio)],
            [grown(a21 * ratio), grown(cosh - half * ratio)]
        ];
    }
    // The eigenvalue away from zero is free of cancellation; the other follows from the determinant.
    let far = mean + delta.copysign(mean);
    let near = sum_of_products(a11 / scale, a22 / scale, -a12 / scale, a21 / scale) / (far / scale) * scale;
    let (upper, lower) = if mean >= 0.0 { (far, near) } else { (near, far) };
    // δ + |half| is a sum; δ − |half| = a₁₂·a₂₁ / (δ + |half|).
    let plus = delta + half.abs();
    let minus = (a12 / plus) * a21;
    let (first, second) = if half >= 0.0 { (plus, minus) } else { (minus, plus) };
    let share = |v: f64| v / (2.0 * delta);
    let (high, low) = (upper.exp(), lower.exp());
    let gap = high - low;
    let times = |factor: f64, v: f64| if factor == 0.0 { 0.0 } else { factor * v };
    array![
        [times(share(first), high) + times(share(second), low), times(share(a12), gap)],
        [times(share(a21), gap), times(share(second), high) + times(share(first), low)]
    ]
}
