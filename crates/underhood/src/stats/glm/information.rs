//! The factor of the information matrix: H = L·Lᵀ. In the basis of the iteration H is as well conditioned as its weights allow.

use ndarray::Array2;

use crate::simd::dot;

/// A lower triangle L, row by row.
pub(super) struct Information {
    lower: Vec<f64>,
    k: usize,
}

impl Information {
    /// Factors a matrix of which the upper triangle is given, in lines of `width`; none if it is not definite to within rounding.
    pub(super) fn of(gram: &[f64], width: usize, k: usize) -> Option<Self> {
        let mut lower = vec![0.0; k * k];
        for i in 0..k {
            let (above, rest) = lower.split_at_mut(i * k);
            let row = &mut rest[..k];
            for j in 0..i {
                let known = &above[j * k..j * k + k];
                row[j] = (gram[j * width + i] - dot(&row[..j], &known[..j])) / known[j];
            }
            let full = gram[i * width + i];
            let pivot = full - dot(&row[..i], &row[..i]);
            // Comparisons are false for NaN.
            if !(pivot > 4.0 * f64::EPSILON * full && pivot.is_finite()) {
                return None;
            }
            row[i] = pivot.sqrt();
        }
        Some(Information { lower, k })
    }

    /// The same for `times` as many rows.
    pub(super) fn times(mut self, times: f64) -> Self {
        let root = times.sqrt();
        self.lower.iter_mut().for_each(|v| *v *= root);
        self
    }

    /// H⁻¹·b, as long as b; what lies beyond k is zero.
    pub(super) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let (lower, k) = (&self.lower, self.k);
        let mut x = b.to_vec();
        for i in 0..k {
            x[i] = (x[i] - dot(&lower[i * k..i * k + i], &x[..i])) / lower[i * k + i];
        }
        for i in (0..k).rev() {
            x[i] /= lower[i * k + i];
            let known = x[i];
            for (x, l) in x[..i].iter_mut().zip(&lower[i * k..i * k + i]) {
                *x -= l * known;
            }
        }
        x
    }

    /// L⁻ᵀ, whose product with its transpose is H⁻¹.
    pub(super) fn inverse_root(&self) -> Array2<f64> {
        let (lower, k) = (&self.lower, self.k);
        let mut inverse = Array2::zeros((k, k));
        for j in 0..k {
            for i in j..k {
                let sum: f64 = (j..i).map(|m| lower[i * k + m] * inverse[[j, m]]).sum();
                inverse[[j, i]] = (f64::from(u8::from(i == j)) - sum) / lower[i * k + i];
            }
        }
        inverse
    }

    /// L.
    pub(super) fn lower(&self) -> Array2<f64> {
        Array2::from_shape_fn((self.k, self.k), |(i, j)| self.lower[i * self.k + j])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_solves_inverts_and_refuses_what_is_not_definite() {
        // Upper triangle in lines of four; the last column is padding.
        let gram = [4.0, 2.0, 0.0, 0.0, 0.0, 5.0, 3.0, 0.0, 0.0, 0.0, 6.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let factor = Information::of(&gram, 4, 3).unwrap();
        let x = factor.solve(&[8.0, 21.0, 24.0, 0.0]); // H·(1, 2, 3)
        assert!(x.iter().zip([1.0, 2.0, 3.0, 0.0]).all(|(found, expected)| (found - expected).abs() < 1e-14));
        let root = factor.inverse_root();
        let h = ndarray::array![[4.0, 2.0, 0.0], [2.0, 5.0, 3.0], [0.0, 3.0, 6.0]];
        let identity = root.dot(&root.t()).dot(&h);
        assert!(identity.indexed_iter().all(|((i, j), v)| (v - f64::from(u8::from(i == j))).abs() < 1e-14));
        assert!(Information::of(&[1.0, 1.0, 0.0, 1.0], 2, 2).is_none());
        assert!(Information::of(&[f64::NAN], 1, 1).is_none());
    }
}
