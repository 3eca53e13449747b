//! The factorisation H = L·Lᵀ of a Hessian, with a nudge to the diagonal when rounding has made it indefinite.

use ndarray::Array2;

use crate::simd::dot;

/// A lower triangle L, row by row.
pub(super) struct Cholesky {
    lower: Vec<f64>,
    n: usize,
    /// Whether it is that of the matrix as it stood.
    pub(super) whole: bool,
}

impl Cholesky {
    /// Factors a symmetric matrix. Each failure makes the diagonal's entries larger by a share of themselves, ten times the last, beginning at the size of rounding.
    pub(super) fn of(h: &Array2<f64>) -> Self {
        let n = h.nrows();
        let mut nudge = 0.0;
        while nudge < 1e3 {
            if let Some(lower) = factor(h, nudge) {
                return Cholesky { lower, n, whole: nudge == 0.0 };
            }
            nudge = if nudge == 0.0 { n as f64 * f64::EPSILON } else { nudge * 10.0 };
        }
        // A Hessian that is no Hessian: the identity makes the step plain descent.
        let lower = (0..n * n).map(|k| if k / n == k % n { 1.0 } else { 0.0 }).collect();
        Cholesky { lower, n, whole: false }
    }

    /// b ← H⁻¹·b.
    pub(super) fn solve(&self, b: &mut [f64]) {
        let (lower, n) = (&self.lower, self.n);
        for i in 0..n {
            b[i] = (b[i] - dot(&lower[i * n..i * n + i], &b[..i])) / lower[i * n + i];
        }
        for i in (0..n).rev() {
            b[i] /= lower[i * n + i];
            let known = b[i];
            for (b, l) in b[..i].iter_mut().zip(&lower[i * n..i * n + i]) {
                *b -= l * known;
            }
        }
    }
}

fn factor(h: &Array2<f64>, nudge: f64) -> Option<Vec<f64>> {
    let n = h.nrows();
    let mut lower = vec![0.0; n * n];
    for i in 0..n {
        let (above, rest) = lower.split_at_mut(i * n);
        let row = &mut rest[..n];
        for j in 0..i {
            let known = &above[j * n..j * n + n];
            row[j] = (h[(i, j)] - dot(&row[..j], &known[..j])) / known[j];
        }
        let pivot = h[(i, i)] * (1.0 + nudge) - dot(&row[..i], &row[..i]);
        if !(pivot > h[(i, i)] * f64::EPSILON && pivot.is_finite()) {
            return None;
        }
        row[i] = pivot.sqrt();
    }
    Some(lower)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn it_solves_and_survives_a_singular_matrix() {
        let h = array![[4.0, 2.0, 0.0], [2.0, 5.0, 3.0], [0.0, 3.0, 6.0]];
        let mut b = [8.0, 21.0, 24.0]; // h · (1, 2, 3)
        Cholesky::of(&h).solve(&mut b);
        for (found, expected) in b.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-14);
        }
        let mut b = [2.0, 2.0];
        Cholesky::of(&array![[1.0, 1.0], [1.0, 1.0]]).solve(&mut b);
        assert!((b[0] + b[1] - 2.0).abs() < 1e-6);
        let mut b = [2.0];
        Cholesky::of(&array![[f64::NAN]]).solve(&mut b);
        assert_eq!(b, [2.0]);
    }
}
