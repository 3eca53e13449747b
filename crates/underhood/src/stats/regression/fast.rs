//! Least squares for many rows of well-conditioned columns: the Gram matrix in one pass over memory, and a pass that refines.
//!
//! Columns are shifted to about their means, which takes the constant's part out of the condition number; the Gram matrix is then formed
//! in doubles, blocks of rows at a time while they are in the cache, and factored. What makes that honest is the check behind it: the
//! condition number κ of the shifted columns, scaled to one length, is known from the factor, and above 10³ (or wherever something else is
//! odd: a NaN, a constant column, huge or tiny numbers) nothing is returned and the accurate solver takes over. Below, a step of
//! refinement on the residual leaves an error of about κ·ε.

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut2, s};

use crate::double_double::{self, Dd};
use crate::linalg::{cholesky, matmul};
use crate::simd::{mul_add, wide_kernel};

/// Rows that are looked at together: 1,024 rows of 20 columns are 160 kB.
const BLOCK: usize = 1024;
/// The largest condition number that is accepted.
const WELL_CONDITIONED: f64 = 1e3;
/// Magnitudes whose squares and sums of squares stay normal numbers.
const COMFORTABLE: std::ops::Range<f64> = 1e-100..1e100;

/// The factorisation of the shifted columns; the constant comes first when there is one.
pub(super) struct Factored<'a> {
    x: ArrayView2<'a, f64>,
    intercept: bool,
    /// What was subtracted from each column of X.
    shifts: Vec<f64>,
    /// R of Z = Q·R, for shifted columns.
    root: Array2<f64>,
    inverse_root: Array2<f64>,
    /// Zᵀ(y − y's shift), if y was given.
    products: Vec<f64>,
    y_shift: f64,
}

impl<'a> Factored<'a> {
    /// Factors, or gives up. Without y, only the geometry of X is wanted.
    pub(super) fn of(x: ArrayView2<'a, f64>, y: Option<ArrayView1<'_, f64>>, intercept: bool) -> Option<Self> {
        let (n, given) = x.dim();
        let start = usize::from(intercept);
        let k = given + start;
        let first = x.slice(s![..n.min(BLOCK), ..]);
        let mean = |values: ArrayView1<'_, f64>| if intercept { values.sum() / values.len() as f64 } else { 0.0 };
        let shifts: Vec<f64> = first.columns().into_iter().map(mean).collect();
        let y_shift = y.map_or(0.0, |y| mean(y.slice(s![..n.min(BLOCK)])));

        // The last column of a block is y's.
        let mut block = Array2::<f64>::zeros((BLOCK.min(n), k + 1));
        let (mut gram, mut part) = (Array2::<f64>::zeros((k + 1, k + 1)), Array2::<f64>::zeros((k + 1, k + 1)));
        for from in (0..n).step_by(BLOCK) {
            let rows = BLOCK.min(n - from);
            let mut block = block.slice_mut(s![..rows, ..]);
            fill(block.view_mut(), x, from, intercept, &shifts);
            if let Some(y) = y {
                for (i, value) in block.column_mut(k).iter_mut().enumerate() {
                    *value = y[from + i] - y_shift;
                }
            }
            crate::linalg::gemm(part.view_mut(), block.t(), block.view());
            gram += &part;
        }

        let columns = gram.slice(s![..k, ..k]);
        // A NaN or an infinity anywhere in a column reaches its diagonal entry.
        let lengths: Vec<f64> = columns.diag().iter().map(|d| d.sqrt()).collect();
        if !lengths.iter().chain(&shifts).all(|&v| v == 0.0 || COMFORTABLE.contains(&v.abs()))
            || lengths.iter().zip(&shifts).any(|(&length, shift)| length == 0.0 || length < 1e-6 * shift.abs())
            || y.is_some() && !COMFORTABLE.contains(&gram[[k, k]].sqrt())
            // A y that varies as little as its own rounding, or not at all.
            || gram[[k, k]].sqrt() < 1e-6 * y_shift.abs()
        {
            return None;
        }
        let scaled = Array2::from_shape_fn((k, k), |(i, j)| columns[[i, j]] / (lengths[i] * lengths[j]));
        let lower = cholesky(scaled.view()).ok()?;
        let mut inverse = Array2::zeros((k, k));
        for j in 0..k {
            for i in (0..=j).rev() {
                let sum: f64 = (i + 1..=j).map(|l| lower[[l, i]] * inverse[[l, j]]).sum();
                inverse[[i, j]] = (f64::from(u8::from(i == j)) - sum) / lower[[i, i]];
            }
        }
        let condition = (k as f64 * inverse.iter().map(|v| v * v).sum::<f64>()).sqrt();
        if !(condition < WELL_CONDITIONED) {
            return None;
        }
        let root = Array2::from_shape_fn((k, k), |(i, j)| lower[[j, i]] * lengths[j]);
        let inverse_root = Array2::from_shape_fn((k, k), |(i, j)| inverse[[i, j]] / lengths[i]);
        let products = gram.slice(s![..k, k]).to_vec();
        Some(Factored { x, intercept, shifts, root, inverse_root, products, y_shift })
    }

    /// β for the columns as they were given, and y − Z·β; gives up when refinement does not settle.
    pub(super) fn solve(&self, y: ArrayView1<'_, f64>) -> Option<(Vec<f64>, Vec<f64>)> {
        let (n, k) = (self.x.nrows(), self.root.nrows());
        let width = k.next_multiple_of(LANES);
        let mut beta = self.apply(&self.products);
        let mut residuals = vec![0.0; n];
        let mut block = Array2::<f64>::zeros((BLOCK.min(n), width));
        for _ in 0..4 {
            let mut products = vec![0.0; width];
            let mut padded = beta.clone();
            padded.resize(width, 0.0);
            for (part, from) in residuals.chunks_mut(BLOCK).zip((0..n).step_by(BLOCK)) {
                let mut block = block.slice_mut(s![..part.len(), ..]);
                fill(block.view_mut(), self.x, from, self.intercept, &self.shifts);
                for (left, y) in part.iter_mut().zip(y.slice(s![from..])) {
                    *left = y - self.y_shift;
                }
                residual_of_rows(block.as_slice()?, &padded, part, &mut products);
            }
            products.truncate(k);
            let step = self.apply(&products);
            for (b, d) in beta.iter_mut().zip(&step) {
                *b += d;
            }
            // How far the step would move the fitted values, beside the residuals.
            let moved: f64 = (0..k).map(|i| (i..k).map(|j| self.root[[i, j]] * step[j]).sum::<f64>().powi(2)).sum();
            let left: f64 = residuals.iter().map(|e| e * e).sum();
            if moved <= 1e-26 * left {
                return Some((self.unshift(beta), residuals));
            }
        }
        None
    }

    /// (ZᵀZ)⁻¹·v.
    fn apply(&self, v: &[f64]) -> Vec<f64> {
        let k = v.len();
        let half: Vec<f64> = (0..k).map(|j| (0..=j).map(|i| self.inverse_root[[i, j]] * v[i]).sum()).collect();
        (0..k).map(|i| (i..k).map(|j| self.inverse_root[[i, j]] * half[j]).sum()).collect()
    }

    /// b₀ + Σ bⱼ·(xⱼ − sⱼ) + s_y has the constant b₀ + s_y − Σ bⱼ·sⱼ for the columns as given.
    fn unshift(&self, mut beta: Vec<f64>) -> Vec<f64> {
        if self.intercept {
            let moved = double_double::dot(&beta[1..], &self.shifts);
            beta[0] = (Dd::sum(self.y_shift, beta[0]) - moved).value();
        }
        beta
    }

    /// R of the columns as they were given.
    pub(super) fn root(&self) -> Array2<f64> {
        let mut root = self.root.clone();
        if self.intercept {
            for (j, shift) in self.shifts.iter().enumerate() {
                root[[0, j + 1]] += root[[0, 0]] * shift;
            }
        }
        root
    }

    /// R⁻¹ of the columns as they were given.
    pub(super) fn inverse_root(&self) -> Array2<f64> {
        let mut inverse = self.inverse_root.clone();
        if self.intercept {
            let moved = ndarray::aview1(&self.shifts).dot(&inverse.slice(s![1.., ..]));
            let mut first = inverse.row_mut(0);
            first -= &moved;
        }
        inverse
    }

    /// Q = Z·R⁻¹, one column after the other; the shift changes Z and R, but not Q.
    pub(super) fn orthonormal(&self) -> Option<Vec<f64>> {
        let (n, k) = (self.x.nrows(), self.root.nrows());
        let mut z = Array2::zeros((n, k));
        fill(z.view_mut(), self.x, 0, self.intercept, &self.shifts);
        let q = matmul(self.inverse_root.t(), z.t()).ok()?;
        Some(q.into_raw_vec_and_offset().0)
    }
}

/// Rows of Z: the constant, and X's rows from `from` on less the shifts; columns beyond are left alone.
fn fill(mut z: ArrayViewMut2<'_, f64>, x: ArrayView2<'_, f64>, from: usize, intercept: bool, shifts: &[f64]) {
    let start = usize::from(intercept);
    if intercept {
        z.column_mut(0).fill(1.0);
    }
    let (rows, width, given) = (z.nrows(), z.ncols(), x.ncols());
    let x = x.slice(s![from..from + rows, ..]);
    if let (Some(x), Some(z)) = (x.to_slice(), z.as_slice_mut()) {
        return shift_rows(x, shifts, z, [given, width, start]);
    }
    for (mut z, x) in z.rows_mut().into_iter().zip(x.rows()) {
        z.iter_mut().skip(start).zip(x).zip(shifts).for_each(|((z, x), shift)| *z = x - shift);
    }
}

wide_kernel! {
    /// z ← x − shifts, row by row; X has `given` columns, Z has `width`, of which the first `start` are left alone.
    fn shift_rows(x: &[f64], shifts: &[f64], z: &mut [f64], layout: [usize; 3]) = shift_body
}

#[inline(always)]
fn shift_body<const FMA: bool>(x: &[f64], shifts: &[f64], z: &mut [f64], [given, width, start]: [usize; 3]) {
    for (x, z) in x.chunks_exact(given).zip(z.chunks_exact_mut(width)) {
        let z = &mut z[start..start + given];
        for ((z, x), shift) in z.iter_mut().zip(x).zip(shifts) {
            *z = x - shift;
        }
    }
}

/// Rows are padded with zeros to a multiple of this.
const LANES: usize = 8;

wide_kernel! {
    /// For each row z: e ← e − z·β, then g ← g + e·z. β and g are as long as a padded row.
    fn residual_of_rows(rows: &[f64], beta: &[f64], e: &mut [f64], g: &mut [f64]) = residual_body
}

/// Four rows at a time, so that their sums are in flight together and g is read and written once for all.
#[inline(always)]
fn residual_body<const FMA: bool>(rows: &[f64], beta: &[f64], e: &mut [f64], g: &mut [f64]) {
    const ROWS: usize = 4;
    let width = beta.len();
    let (fours, of_e) = (rows.chunks_exact(ROWS * width), e.len() - e.len() % ROWS);
    let rest = fours.remainder();
    let (e_fours, e_rest) = e.split_at_mut(of_e);
    for (four, e) in fours.zip(e_fours.chunks_exact_mut(ROWS)) {
        let (first, second) = four.split_at(2 * width);
        let ((r0, r1), (r2, r3)) = (first.split_at(width), second.split_at(width));
        let row = [r0, r1, r2, r3];
        let mut sums = [[0.0; LANES]; ROWS];
        for at in (0..width).step_by(LANES) {
            for r in 0..ROWS {
                for lane in 0..LANES {
                    sums[r][lane] = mul_add::<FMA>(row[r][at + lane], beta[at + lane], sums[r][lane]);
                }
            }
        }
        let mut left = [0.0; ROWS];
        for r in 0..ROWS {
            left[r] = e[r] - folded(&sums[r]);
            e[r] = left[r];
        }
        for at in (0..width).step_by(LANES) {
            for lane in 0..LANES {
                let mut sum = g[at + lane];
                for r in 0..ROWS {
                    sum = mul_add::<FMA>(left[r], row[r][at + lane], sum);
                }
                g[at + lane] = sum;
            }
        }
    }
    for (row, e) in rest.chunks_exact(width).zip(e_rest) {
        *e -= row.iter().zip(beta).map(|(z, b)| z * b).sum::<f64>();
        for (g, z) in g.iter_mut().zip(row) {
            *g = mul_add::<FMA>(*e, *z, *g);
        }
    }
}

#[inline(always)]
fn folded(sums: &[f64; LANES]) -> f64 {
    let four = [sums[0] + sums[4], sums[1] + sums[5], sums[2] + sums[6], sums[3] + sums[7]];
    (four[0] + four[2]) + (four[1] + four[3])
}
