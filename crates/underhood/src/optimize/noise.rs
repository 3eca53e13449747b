//! How much of a function's value is rounding: high differences of neighbouring values leave nothing of what is smooth. J. J. Moré, S. M. Wild,
//! "Estimating computational noise", SIAM J. Sci. Comput. 33 (2011), <https://doi.org/10.1137/100786125>.

/// The noise in values at evenly spaced points.
pub(super) fn noise(mut values: [f64; 7]) -> f64 {
    // Differences of order k of independent errors are √C(2k, k) times as large.
    let scales = [2.0_f64, 6.0, 20.0, 70.0, 252.0, 924.0];
    let mut most = 0.0_f64;
    for (order, scale) in scales.iter().enumerate() {
        let left = 6 - order;
        for i in 0..left {
            values[i] = values[i + 1] - values[i];
        }
        if order >= 3 {
            let mean = values[..left].iter().map(|v| v * v).sum::<f64>() / left as f64;
            most = most.max((mean / scale).sqrt());
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::noise;

    #[test]
    fn smooth_values_have_none_and_rounded_ones_their_rounding() {
        let at = |k: usize| 1.0 + 7.548e-7 * (k as f64 - 3.0);
        let product: [f64; 7] = std::array::from_fn(|k| (at(k) - 1.0).powi(2));
        let expanded: [f64; 7] = std::array::from_fn(|k| at(k) * at(k) - 2.0 * at(k) + 1.0);
        assert!(noise(product) < 1e-20, "{}", noise(product));
        assert!((2e-17..1e-15).contains(&noise(expanded)), "{}", noise(expanded));
    }
}
