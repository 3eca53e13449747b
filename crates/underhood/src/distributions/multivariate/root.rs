//! The square root of a covariance matrix: Σ = L·Lᵀ with a lower triangular L, for densities (L⁻¹ takes points to independent standard
//! normal variables) and for draws (L takes them back).
//!
//! Not [`crate::linalg::cholesky`], whose sums are fused where the machine can: draws are the same on every machine, so the factor has to
//! be. Many points are worked on side by side, one a lane. Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, §10.1.

use ndarray::{Array2, ArrayView2};

use crate::simd::{mul_add, wide_kernel};

/// So many points are worked on at a time.
const LANES: usize = 16;
/// So many rows of the triangle meet a row of coordinates that has been loaded.
const ROWS: usize = 4;

/// L, and what divides by its diagonal.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Root {
    size: usize,
    /// L by rows, with zeros above the diagonal.
    rows: Vec<f64>,
    reciprocals: Vec<f64>,
}

/// What was left of a variance when the variables before it were accounted for: nothing, or less.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pivot {
    pub(super) variable: usize,
    /// Relative to the variance.
    pub(super) share: f64,
}

impl Root {
    /// The root of a symmetric matrix with a positive diagonal, of which the lower triangle is read; or the first pivot
    /// that is zero to rounding, or negative.
    pub(super) fn of(matrix: ArrayView2<'_, f64>) -> Result<Root, Pivot> {
        let size = matrix.nrows();
        // Powers of two bring the diagonal near one, so that no product underflows.
        let exponents: Vec<i32> = matrix.diag().iter().map(|v| libm::frexp(*v).1.div_euclid(2)).collect();
        let mut rows = vec![0.0; size * size];
        for i in 0..size {
            for j in 0..=i {
                rows[i * size + j] = libm::ldexp(matrix[[i, j]], -exponents[i] - exponents[j]);
            }
        }
        let variances: Vec<f64> = (0..size).map(|i| rows[i * size + i]).collect();
        let mut column = vec![0.0; size];
        for k in 0..size {
            let share = rows[k * size + k] / variances[k];
            if !(share > 4.0 * size as f64 * f64::EPSILON) && size > 1 {
                return Err(Pivot { variable: k, share });
            }
            let root = rows[k * size + k].sqrt();
            rows[k * size + k] = root;
            for i in k + 1..size {
                rows[i * size + k] /= root;
                column[i] = rows[i * size + k];
            }
            for i in k + 1..size {
                let factor = column[i];
                for (entry, other) in rows[i * size + k + 1..=i * size + i].iter_mut().zip(&column[k + 1..=i]) {
                    *entry -= factor * other;
                }
            }
        }
        for i in 0..size {
            rows[i * size..(i + 1) * size].iter_mut().for_each(|v| *v = libm::ldexp(*v, exponents[i]));
        }
        let reciprocals = (0..size).map(|i| 1.0 / rows[i * size + i]).collect();
        Ok(Root { size, rows, reciprocals })
    }

    /// Row i of L up to its diagonal.
    pub(super) fn row(&self, i: usize) -> &[f64] {
        &self.rows[i * self.size..=i * self.size + i]
    }

    /// ln det L = ½ ln det Σ.
    pub(super) fn log_determinant(&self) -> f64 {
        (0..self.size).map(|i| self.rows[i * (self.size + 1)].ln()).sum()
    }

    /// L·Lᵀ of the rows and columns from `first` on, taken by itself.
    pub(super) fn corner(&self, first: usize) -> Array2<f64> {
        Array2::from_shape_fn((self.size - first, self.size - first), |(i, j)| {
            let (i, j) = (first + i, first + j);
            self.row(i)[first..].iter().zip(&self.row(j)[first..]).map(|(a, b)| a * b).sum()
        })
    }

    /// Writes the squared length of L⁻¹(x − mean) for every point x.
    pub(super) fn squares(&self, mean: &[f64], points: &[f64], out: &mut [f64]) {
        let mut z = vec![0.0; self.size * LANES];
        squares(&self.rows, &self.reciprocals, mean, points, &mut z, out);
        for (out, point) in out.iter_mut().zip(points.chunks_exact(self.size)) {
            // Infinities take each other away on their way, but the point stays infinitely far.
            if out.is_nan() && !point.iter().any(|x| x.is_nan()) {
                *out = f64::INFINITY;
            }
        }
    }

    /// The length of L⁻¹(x − mean), neither overflowing nor underflowing on the way.
    pub(super) fn length(&self, mean: &[f64], point: &[f64]) -> f64 {
        let mut z: Vec<f64> = Vec::with_capacity(self.size);
        let scale = point.iter().zip(mean).fold(0.0_f64, |most, (x, m)| most.max((0.5 * x - 0.5 * m).abs()));
        if !(scale > 0.0) || scale.is_infinite() {
            return if point.iter().any(|x| x.is_nan()) { f64::NAN } else { 2.0 * scale };
        }
        for i in 0..self.size {
            let known: f64 = self.row(i).iter().zip(&z).map(|(l, z)| l * z).sum();
            z.push(((0.5 * point[i] - 0.5 * mean[i]) / scale - known) * self.reciprocals[i]);
        }
        let largest = z.iter().fold(0.0_f64, |most, z| most.max(z.abs()));
        let rest: f64 = z.iter().map(|z| (z / largest) * (z / largest)).sum();
        if largest == 0.0 { 0.0 } else { 2.0 * scale * (largest * rest.sqrt()) }
    }

    /// Replaces standard normal numbers by points: mean + L·z. The same bits at every SIMD level: nothing is fused.
    pub(super) fn spread(&self, mean: &[f64], numbers: &mut [f64]) {
        let mut z = vec![0.0; self.size * LANES];
        spread(&self.rows, mean, &mut z, numbers);
    }
}

wide_kernel! {
    fn squares(rows: &[f64], reciprocals: &[f64], mean: &[f64], points: &[f64], z: &mut [f64], out: &mut [f64]) = squares_body
}

/// Forward substitution, several points side by side: `z` holds a row of lanes for each coordinate.
#[inline(always)]
fn squares_body<const FMA: bool>(
    rows: &[f64],
    reciprocals: &[f64],
    mean: &[f64],
    points: &[f64],
    z: &mut [f64],
    out: &mut [f64],
) {
    let size = mean.len();
    for (points, out) in points.chunks(LANES * size).zip(out.chunks_mut(LANES)) {
        for (lane, point) in points.chunks_exact(size).enumerate() {
            for i in 0..size {
                z[i * LANES + lane] = point[i] - mean[i];
            }
        }
        let mut sums = [0.0; LANES];
        let mut first = 0;
        while first + ROWS <= size {
            substitute::<FMA, ROWS>(rows, reciprocals, z, first, &mut sums);
            first += ROWS;
        }
        while first < size {
            substitute::<FMA, 1>(rows, reciprocals, z, first, &mut sums);
            first += 1;
        }
        out.copy_from_slice(&sums[..out.len()]);
    }
}

/// Solves for the coordinates from `first` on, so many of them, and adds their squares to the sums.
#[inline(always)]
fn substitute<const FMA: bool, const COUNT: usize>(
    rows: &[f64],
    reciprocals: &[f64],
    z: &mut [f64],
    first: usize,
    sums: &mut [f64; LANES],
) {
    let size = reciprocals.len();
    let (known, open) = z.split_at_mut(first * LANES);
    let mut now = [[0.0; LANES]; COUNT];
    for (now, z) in now.iter_mut().zip(open.chunks_exact(LANES)) {
        now.copy_from_slice(z);
    }
    for (j, z) in known.chunks_exact(LANES).enumerate() {
        for (r, now) in now.iter_mut().enumerate() {
            let l = -rows[(first + r) * size + j];
            for lane in 0..LANES {
                now[lane] = mul_add::<FMA>(l, z[lane], now[lane]);
            }
        }
    }
    for r in 0..COUNT {
        for q in 0..r {
            let l = -rows[(first + r) * size + first + q];
            for lane in 0..LANES {
                now[r][lane] = mul_add::<FMA>(l, now[q][lane], now[r][lane]);
            }
        }
        for lane in 0..LANES {
            now[r][lane] *= reciprocals[first + r];
            sums[lane] = mul_add::<FMA>(now[r][lane], now[r][lane], sums[lane]);
        }
    }
    for (now, z) in now.iter().zip(open.chunks_exact_mut(LANES)) {
        z.copy_from_slice(now);
    }
}

wide_kernel! {
    fn spread(rows: &[f64], mean: &[f64], z: &mut [f64], numbers: &mut [f64]) = spread_body
}

#[inline(always)]
fn spread_body<const FMA: bool>(rows: &[f64], mean: &[f64], z: &mut [f64], numbers: &mut [f64]) {
    let size = mean.len();
    for points in numbers.chunks_mut(LANES * size) {
        for (lane, point) in points.chunks_exact(size).enumerate() {
            for i in 0..size {
                z[i * LANES + lane] = point[i];
            }
        }
        for i in (0..size).rev() {
            let mut sums = [mean[i]; LANES];
            for (l, z) in rows[i * size..=i * size + i].iter().zip(z.chunks_exact(LANES)) {
                for lane in 0..LANES {
                    sums[lane] += l * z[lane];
                }
            }
            z[i * LANES..(i + 1) * LANES].copy_from_slice(&sums);
        }
        for (lane, point) in points.chunks_exact_mut(size).enumerate() {
            for i in 0..size {
                point[i] = z[i * LANES + lane];
            }
        }
    }
}
