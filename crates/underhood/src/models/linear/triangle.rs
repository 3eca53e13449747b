//! A symmetric positive definite system, factored as L·Lᵀ with its unknowns brought to one scale, and how far it can be trusted.

use crate::simd::dot;

/// A pivot so much smaller than its diagonal entry has no digit left.
const NOTHING_LEFT: f64 = 1e-14;

/// The factor of D⁻¹·A·D⁻¹, where D² is A's diagonal.
pub(super) struct Triangle {
    lower: Vec<f64>,
    scale: Vec<f64>,
}

impl Triangle {
    /// Factors A, given by a function of row and column; nothing if it is not positive definite to within rounding.
    pub(super) fn of(n: usize, entry: impl Fn(usize, usize) -> f64) -> Option<Self> {
        let scale: Vec<f64> = (0..n).map(|i| entry(i, i).sqrt()).collect();
        if !scale.iter().all(|&s| s > 0.0 && s.is_finite()) {
            return None;
        }
        let mut lower = vec![0.0; n * n];
        for i in 0..n {
            let (above, rest) = lower.split_at_mut(i * n);
            let row = &mut rest[..n];
            for j in 0..i {
                let known = &above[j * n..j * n + n];
                row[j] = (entry(i, j) / (scale[i] * scale[j]) - dot(&row[..j], &known[..j])) / known[j];
            }
            let pivot = 1.0 - dot(&row[..i], &row[..i]);
            if !(pivot > NOTHING_LEFT) {
                return None;
            }
            row[i] = pivot.sqrt();
        }
        Some(Triangle { lower, scale })
    }

    /// The same for A = RᵀR, of which the triangle is at hand; nothing if a diagonal entry is rounding.
    pub(super) fn of_root(n: usize, root: impl Fn(usize, usize) -> f64) -> Option<Self> {
        let scale: Vec<f64> = (0..n).map(|j| (0..=j).map(|i| root(i, j).powi(2)).sum::<f64>().sqrt()).collect();
        let mut lower = vec![0.0; n * n];
        for (j, (row, &scale)) in lower.chunks_exact_mut(n).zip(&scale).enumerate() {
            row[..=j].iter_mut().enumerate().for_each(|(i, l)| *l = root(i, j) / scale);
            if !(row[j].abs() > NOTHING_LEFT && scale.is_finite()) {
                return None;
            }
        }
        Some(Triangle { lower, scale })
    }

    /// How many unknowns there are.
    pub(super) fn size(&self) -> usize {
        self.scale.len()
    }

    /// b ← L⁻¹·D⁻¹·b: half the way, R⁻ᵀ·b where A = RᵀR.
    pub(super) fn solve_half(&self, b: &mut [f64]) {
        b.iter_mut().zip(&self.scale).for_each(|(b, s)| *b /= s);
        self.forward(b);
    }

    /// b ← A⁻¹·b.
    pub(super) fn solve(&self, b: &mut [f64]) {
        b.iter_mut().zip(&self.scale).for_each(|(b, s)| *b /= s);
        self.solve_scaled(b);
        b.iter_mut().zip(&self.scale).for_each(|(b, s)| *b /= s);
    }

    fn solve_scaled(&self, b: &mut [f64]) {
        let (lower, n) = (&self.lower, self.scale.len());
        self.forward(b);
        for i in (0..n).rev() {
            b[i] /= lower[i * n + i];
            let known = b[i];
            b[..i].iter_mut().zip(&lower[i * n..i * n + i]).for_each(|(b, l)| *b -= l * known);
        }
    }

    fn forward(&self, b: &mut [f64]) {
        let (lower, n) = (&self.lower, self.scale.len());
        for i in 0..n {
            b[i] = (b[i] - dot(&lower[i * n..i * n + i], &b[..i])) / lower[i * n + i];
        }
    }

    /// About the condition number of the scaled matrix, and rarely less than a third of it: its trace over its smallest eigenvalue, which
    /// a few steps of inverse iteration come near to.
    pub(super) fn condition(&self) -> f64 {
        let n = self.scale.len();
        // A start that is unlikely to be orthogonal to any one direction; the same every time.
        let mut v: Vec<f64> =
            (0..n).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 } * (1.0 + (i % 7) as f64 / 8.0)).collect();
        let mut growth: f64 = 0.0;
        for _ in 0..5 {
            let length = dot(&v, &v).sqrt();
            v.iter_mut().for_each(|v| *v /= length);
            self.solve_scaled(&mut v);
            growth = growth.max(dot(&v, &v).sqrt());
        }
        growth * n as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_solves_systems_of_mixed_units_and_knows_their_condition() {
        let a = [[4.0, 2.0e5, 0.0], [2.0e5, 5.0e10, 3.0e5], [0.0, 3.0e5, 6.0]];
        let triangle = Triangle::of(3, |i, j| a[i][j]).unwrap();
        let x = [1.0, 2e-5, 3.0];
        let mut b: Vec<f64> = a.iter().map(|row| row.iter().zip(x).map(|(a, x)| a * x).sum()).collect();
        triangle.solve(&mut b);
        b.iter().zip(x).for_each(|(found, x)| assert!((found / x - 1.0).abs() < 1e-13, "{found} is not {x}"));
        assert!(triangle.condition() < 30.0);
        let near = Triangle::of(2, |i, j| if i == j { 1.0 } else { 1.0 - 1e-6 }).unwrap();
        assert!((1e6..4e6).contains(&near.condition()), "{}", near.condition());
        assert!(Triangle::of(2, |_, _| 1.0).is_none() && Triangle::of(1, |_, _| f64::NAN).is_none());
    }
}
