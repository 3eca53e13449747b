//! Which of two opposite unit vectors is meant: an eigenvector or a singular vector is determined up to its sign only.
//!
//! Here the first component that is at least 7/10 as large as the largest is positive. "The largest is positive" would leave
//! (1, −1)/√2 to the last rounding; among components of nearly the same size, the first decides.

/// The sign that a vector is to be multiplied by; 1 for a vector of zeros.
pub(crate) fn sign(vector: impl Iterator<Item = f64> + Clone) -> f64 {
    let largest = vector.clone().fold(0.0_f64, |m, v| m.max(v.abs()));
    match vector.into_iter().find(|v| v.abs() >= 0.7 * largest) {
        Some(first) if first < 0.0 => -1.0,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn the_first_of_the_large_components_decides() {
        let half = std::f64::consts::FRAC_1_SQRT_2;
        for (vector, expected) in [
            (vec![], 1.0),
            (vec![0.0, -0.0], 1.0),
            (vec![half, -half], 1.0),
            (vec![half - 1e-16, -half], 1.0),
            (vec![-half, half], -1.0),
            (vec![0.6, -0.8], 1.0),
            (vec![-0.1, 0.2, 0.97], 1.0),
            (vec![0.1, -0.99], -1.0),
        ] {
            assert_eq!(sign(vector.iter().copied()), expected, "{vector:?}");
        }
    }
}
