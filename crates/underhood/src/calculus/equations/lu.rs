//! Gaussian elimination with partial pivoting, real and complex, in memory that is used again and again.
//!
//! An implicit step solves with the same two small matrices several times, one of which is complex; `linalg` factors real ones,
//! each into memory of its own.

use std::ops::{Div, Mul, Sub};

use num_complex::Complex;

/// A real or complex number.
pub(super) trait Number: Copy + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> {
    const ZERO: Self;

    /// |re| + |im|, which serves to compare pivots.
    fn size(self) -> f64;
}

impl Number for f64 {
    const ZERO: f64 = 0.0;

    fn size(self) -> f64 {
        self.abs()
    }
}

impl Number for Complex<f64> {
    const ZERO: Complex<f64> = Complex { re: 0.0, im: 0.0 };

    fn size(self) -> f64 {
        self.re.abs() + self.im.abs()
    }
}

/// A square matrix by rows, factored in place.
#[derive(Debug)]
pub(super) struct Lu<T> {
    n: usize,
    rows: Vec<T>,
    pivots: Vec<usize>,
}

impl<T: Number> Lu<T> {
    pub(super) fn new(n: usize) -> Self {
        Lu { n, rows: vec![T::ZERO; n * n], pivots: vec![0; n] }
    }

    /// Factors the matrix with these entries; false if it is singular.
    pub(super) fn factor(&mut self, entry: impl Fn(usize, usize) -> T) -> bool {
        let n = self.n;
        for i in 0..n {
            for j in 0..n {
                self.rows[i * n + j] = entry(i, j);
            }
        }
        for k in 0..n {
            let mut pivot = k;
            for i in k + 1..n {
                if self.rows[i * n + k].size() > self.rows[pivot * n + k].size() {
                    pivot = i;
                }
            }
            self.pivots[k] = pivot;
            let size = self.rows[pivot * n + k].size();
            if !(size > 0.0 && size.is_finite()) {
                return false;
            }
            if pivot != k {
                for j in 0..n {
                    self.rows.swap(k * n + j, pivot * n + j);
                }
            }
            let (above, below) = self.rows.split_at_mut((k + 1) * n);
            let top = &above[k * n..];
            for row in below.chunks_exact_mut(n) {
                if row[k].size() == 0.0 {
                    continue;
                }
                let factor = row[k] / top[k];
                row[k] = factor;
                for (to, &from) in row[k + 1..].iter_mut().zip(&top[k + 1..]) {
                    *to = *to - factor * from;
                }
            }
        }
        true
    }

    /// Solves for the right-hand side, in its place.
    pub(super) fn solve(&self, x: &mut [T]) {
        let n = self.n;
        for k in 0..n {
            x.swap(k, self.pivots[k]);
        }
        for i in 1..n {
            let row = &self.rows[i * n..i * n + i];
            x[i] = row.iter().zip(&*x).fold(x[i], |sum, (&a, &b)| sum - a * b);
        }
        for i in (0..n).rev() {
            let row = &self.rows[i * n + i + 1..(i + 1) * n];
            let sum = row.iter().zip(&x[i + 1..]).fold(x[i], |sum, (&a, &b)| sum - a * b);
            x[i] = sum / self.rows[i * n + i];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_real_and_complex_systems() {
        let a = [[0.0, 2.0, 1.0], [1.0, -1.0, 3.0], [4.0, 0.5, -2.0]];
        let mut real = Lu::<f64>::new(3);
        assert!(real.factor(|i, j| a[i][j]));
        let mut x = [7.0, 8.0, -1.0]; // a times (1, 2, 3)
        real.solve(&mut x);
        assert!(x.iter().zip([1.0, 2.0, 3.0]).all(|(a, b)| (a - b).abs() < 1e-14), "{x:?}");
        let mut complex = Lu::<Complex<f64>>::new(2);
        let i = Complex::new(0.0, 1.0);
        let one = Complex::new(1.0, 0.0);
        let b = [[i, one], [one, one]];
        assert!(complex.factor(|r, c| b[r][c]));
        let mut x = [i * 2.0 + i, Complex::new(2.0, 1.0)]; // b times (2, i)
        complex.solve(&mut x);
        assert!((x[0] - 2.0).norm() < 1e-14 && (x[1] - i).norm() < 1e-14, "{x:?}");
        assert!(!real.factor(|_, _| 1.0) && !real.factor(|_, _| f64::NAN));
    }
}
