//! Least squares for well-conditioned columns: the Gram matrix in one pass over memory, and a pass that refines.
//!
//! Columns are shifted to about their means, which takes the constant's part out of the condition number; the Gram matrix is then formed
//! in doubles, a panel of rows at a time, and factored. What makes that honest is the check behind it: the condition number κ of the
//! shifted columns, scaled to one length, is known from the factor, and where it is too large (or wherever something else is odd: a NaN, a
//! constant column, huge or tiny numbers) nothing is returned and the accurate solver takes over. Below, a step of refinement on the
//! residual leaves an error of about κ·ε in the coefficients; standard errors are good to κ²·ε. Where rows are few, or residuals so small
//! that their own rounding would show, the residual is computed with 32 digits. Source: Å. Björck, Numerical Methods for Least Squares
//! Problems, section 2.9 (SIAM 1996).

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, s};

use super::panel::{self, LANES, ROWS};
use crate::double_double::{self, Dd};
use crate::linalg::matmul;

/// The largest condition number that is accepted where rows are many.
const WELL_CONDITIONED: f64 = 1e3;
/// The same for each column where rows are few, so that the accurate solver costs little; orthogonal columns have 1.
const VERY_WELL_CONDITIONED: f64 = 8.0;
/// Numbers in the panels up to which rows are few.
const FEW: usize = 10_000;
/// Magnitudes whose squares and sums of squares stay normal numbers.
const COMFORTABLE: std::ops::Range<f64> = 1e-100..1e100;
/// A column whose mean is this many times larger than its spread may vary by its rounding only.
const FAR: f64 = 1e10;

/// The factorisation of the shifted columns; the constant comes first when there is one.
pub(super) struct Factored<'a> {
    x: ArrayView2<'a, f64>,
    intercept: bool,
    /// Roots of the weights; empty for none.
    weights: &'a [f64],
    /// What was subtracted from the columns of a panel: nothing from the constant, then X's shifts, then y's.
    shifts: Vec<f64>,
    /// R of Z = Q·R, for shifted columns, by rows.
    root: Vec<f64>,
    /// R⁻¹, likewise.
    inverse_root: Vec<f64>,
    /// Zᵀ(y − y's shift), if y was given.
    products: Vec<f64>,
    /// ‖y − y's shift‖².
    total: f64,
}

impl<'a> Factored<'a> {
    /// Factors, or gives up. Without y, only the geometry of X is wanted.
    pub(super) fn of(
        x: ArrayView2<'a, f64>,
        y: Option<ArrayView1<'_, f64>>,
        weights: &'a [f64],
        intercept: bool,
    ) -> Option<Self> {
        let (n, given) = x.dim();
        let k = given + usize::from(intercept);
        if n <= k || given == 0 {
            return None;
        }
        let (few, last) = (ROWS.min(n), given + 1);
        let width = (given + 2).next_multiple_of(LANES);
        let mut shifts = vec![0.0; width];
        if intercept {
            for row in x.rows().into_iter().take(few) {
                shifts[1..].iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
            }
            shifts[last] = y.map_or(0.0, |y| y.iter().take(few).sum());
            shifts.iter_mut().for_each(|shift| *shift /= few as f64);
        }

        // Without an intercept, the column of ones tells whether the others make a constant together.
        let mut block = vec![0.0; few * width];
        let mut gram = vec![0.0; width * width];
        for from in (0..n).step_by(ROWS) {
            let rows = ROWS.min(n - from);
            let block = &mut block[..rows * width];
            fill(block, x.slice(s![from..from + rows, ..]), &shifts, weights.get(from..).unwrap_or(&[]));
            if let Some(y) = y {
                let y = y.slice(s![from..from + rows]);
                for (i, (row, y)) in block.chunks_exact_mut(width).zip(y).enumerate() {
                    row[last] = (y - shifts[last]) * weights.get(from + i).unwrap_or(&1.0);
                }
            }
            panel::add_products(block, width, &mut gram);
        }
        let start = usize::from(!intercept);
        let entry = |i: usize, j: usize| gram[i.min(j) * width + i.max(j)];

        let lengths: Vec<f64> = (start..=given).map(|j| entry(j, j).sqrt()).collect();
        let total = entry(last, last);
        let scale = entry(0, 0).sqrt();
        // A NaN or an infinity anywhere in a column reaches its diagonal entry.
        let odd = |length: f64, shift: f64| {
            !(COMFORTABLE.contains(&length) && (shift == 0.0 || COMFORTABLE.contains(&shift.abs())))
                || length * FAR < scale * shift.abs()
        };
        if lengths.iter().zip(&shifts[start..]).any(|(&length, &shift)| odd(length, shift))
            || y.is_some() && odd(total.sqrt(), shifts[last])
        {
            return None;
        }
        let mut root = vec![0.0; k * k];
        for i in 0..k {
            for j in i..k {
                root[i * k + j] = entry(i + start, j + start) / (lengths[i] * lengths[j]);
            }
        }
        let mut inverse_root = factor(&mut root, k)?;
        let condition = (k as f64 * inverse_root.iter().map(|v| v * v).sum::<f64>()).sqrt();
        if !(condition < if n * width <= FEW { VERY_WELL_CONDITIONED * k as f64 } else { WELL_CONDITIONED }) {
            return None;
        }
        for i in 0..k {
            for j in i..k {
                root[i * k + j] *= lengths[j];
                inverse_root[i * k + j] /= lengths[i];
            }
        }
        let products = (start..=given).map(|j| entry(j, last)).collect();
        let found = Factored { x, intercept, weights, shifts, root, inverse_root, products, total };
        if !intercept {
            let ones: Vec<f64> = (start..=given).map(|j| entry(0, j)).collect();
            let explained: f64 = ones.iter().zip(found.apply(&ones)).map(|(a, b)| a * b).sum();
            if explained > (1.0 - 1e-8) * entry(0, 0) {
                return None;
            }
        }
        Some(found)
    }

    /// β for the columns as they were given, and y − Z·β; gives up when refinement does not settle.
    pub(super) fn solve(&self, y: ArrayView1<'_, f64>) -> Option<(Vec<f64>, Vec<f64>)> {
        let (n, k, width) = (self.x.nrows(), self.products.len(), self.shifts.len());
        let (start, last) = (usize::from(!self.intercept), self.x.ncols() + 1);
        let mut beta = self.apply(&self.products);
        let mut residuals = vec![0.0; n];
        let mut block = vec![0.0; ROWS.min(n) * width];
        let (mut products, mut coefficients) = (vec![0.0; width], vec![0.0; width]);
        let (zeros, mut lost) = (vec![0.0; width], vec![0.0; k]);
        let mut exact = n * width <= FEW;
        for _ in 0..4 {
            products.fill(0.0);
            coefficients[start..start + k].copy_from_slice(&beta);
            let mut rest = 0.0;
            if exact {
                // For columns as they stand: y's coefficient is 1, the others' are −β.
                coefficients.iter_mut().for_each(|b| *b = -*b);
                coefficients[last] = 1.0;
                if self.intercept {
                    let constant = self.constant(&beta);
                    (coefficients[0], rest) = (-constant.high, -constant.low);
                }
            }
            for (part, from) in residuals.chunks_mut(ROWS).zip((0..n).step_by(ROWS)) {
                let rows = part.len();
                let block = &mut block[..rows * width];
                let x = self.x.slice(s![from..from + rows, ..]);
                let weights = self.weights.get(from..).unwrap_or(&[]);
                let y = y.slice(s![from..from + rows]);
                fill(block, x, if exact { &zeros } else { &self.shifts }, &[]);
                if exact {
                    block.chunks_exact_mut(width).zip(y).for_each(|(row, y)| row[last] = *y);
                    let shifts = &self.shifts;
                    panel::exact_residuals(block, &coefficients, rest, shifts, weights, part, &mut products);
                } else {
                    part.iter_mut().zip(y).for_each(|(left, y)| *left = y - self.shifts[last]);
                    panel::residuals(block, &coefficients, weights, part, &mut products);
                }
            }
            let step = self.apply(&products[start..start + k]);
            for ((b, rounded), d) in beta.iter_mut().zip(&mut lost).zip(&step) {
                (*b, *rounded) = double_double::two_sum(*b, *d);
            }
            // How far the step would move the fitted values, beside the residuals.
            let moved: f64 = (0..k)
                .map(|i| self.root[i * k + i..(i + 1) * k].iter().zip(&step[i..]).map(|(r, d)| r * d).sum::<f64>())
                .map(|v| v * v)
                .sum();
            let left = squares(&residuals, self.weights);
            if !exact && left < 1e-12 * self.total {
                // So near to a perfect fit, the rounding of the products would show in the residuals.
                exact = true;
            } else if moved <= (1e-26 * left).max(1e-29 * self.total) {
                if self.intercept {
                    // Where columns are far from zero, the constant feels the rounding of the others.
                    let moved = lost[0] - crate::simd::dot(&lost[1..], &self.shifts[1..k]);
                    beta[0] = (self.constant(&beta) + moved).value();
                }
                return Some((beta, residuals));
            }
        }
        None
    }

    /// (ZᵀZ)⁻¹·v.
    fn apply(&self, v: &[f64]) -> Vec<f64> {
        let k = v.len();
        let mut out = vec![0.0; k];
        for j in 0..k {
            let half: f64 = (0..=j).map(|i| self.inverse_root[i * k + j] * v[i]).sum();
            (0..=j).for_each(|i| out[i] += self.inverse_root[i * k + j] * half);
        }
        out
    }

    /// b₀ + Σ bⱼ·(xⱼ − sⱼ) + s_y has the constant b₀ + s_y − Σ bⱼ·sⱼ for the columns as given.
    fn constant(&self, beta: &[f64]) -> Dd {
        let given = self.x.ncols();
        let moved = double_double::dot(&beta[1..], &self.shifts[1..=given]);
        Dd::sum(self.shifts[given + 1], beta[0]) - moved
    }

    /// R of the columns around their means (as they are, without an intercept), and Qᵀy for its Q.
    pub(super) fn centred(&self) -> (Array2<f64>, Array1<f64>) {
        let (k, start) = (self.products.len(), usize::from(self.intercept));
        let root = Array2::from_shape_fn((k - start, k - start), |(i, j)| self.root[(i + start) * k + j + start]);
        let projected =
            (start..k).map(|j| (0..=j).map(|i| self.inverse_root[i * k + j] * self.products[i]).sum()).collect();
        (root, projected)
    }

    /// R of the columns as they were given.
    pub(super) fn root(&self) -> Array2<f64> {
        let k = self.products.len();
        let mut root = Array2::from_shape_fn((k, k), |(i, j)| self.root[i * k + j]);
        if self.intercept {
            (1..k).for_each(|j| root[[0, j]] += root[[0, 0]] * self.shifts[j]);
        }
        root
    }

    /// R⁻¹ of the columns as they were given.
    pub(super) fn inverse_root(&self) -> Array2<f64> {
        let k = self.products.len();
        let mut inverse = Array2::from_shape_fn((k, k), |(i, j)| self.inverse_root[i * k + j]);
        if self.intercept {
            for j in 1..k {
                let moved: f64 = (1..=j).map(|i| self.shifts[i] * inverse[[i, j]]).sum();
                inverse[[0, j]] -= moved;
            }
        }
        inverse
    }

    /// Q = Z·R⁻¹, one column after the other; the shift changes Z and R, but not Q.
    pub(super) fn orthonormal(&self) -> Option<Vec<f64>> {
        let (n, k, start) = (self.x.nrows(), self.products.len(), usize::from(!self.intercept));
        let width = self.shifts.len();
        let mut z = vec![0.0; n * width];
        fill(&mut z, self.x, &self.shifts, self.weights);
        let z = ArrayView2::from_shape((n, width), &z).ok()?;
        let inverse = ArrayView2::from_shape((k, k), &self.inverse_root).ok()?;
        let q = matmul(inverse.t(), z.slice(s![.., start..start + k]).t()).ok()?;
        Some(q.into_raw_vec_and_offset().0)
    }
}

/// Lays rows of X out in a panel, less the shifts and times the weights, the column of ones before them; what stands behind is left alone.
fn fill(block: &mut [f64], x: ArrayView2<'_, f64>, shifts: &[f64], weights: &[f64]) {
    let (width, given) = (shifts.len(), x.ncols());
    for (i, row) in block.chunks_exact_mut(width).enumerate() {
        row[0] = *weights.get(i).unwrap_or(&1.0);
    }
    if let Some(x) = x.to_slice() {
        return panel::fill(x, &shifts[1..], weights, block, [given, width, 1]);
    }
    for (j, column) in x.columns().into_iter().enumerate() {
        for (row, x) in block.chunks_exact_mut(width).zip(column) {
            row[j + 1] = (x - shifts[j + 1]) * row[0];
        }
    }
}

/// Σ w²·e² for weights w; none stand for ones.
fn squares(e: &[f64], weights: &[f64]) -> f64 {
    if weights.is_empty() {
        return crate::simd::dot(e, e);
    }
    e.iter().zip(weights).map(|(e, w)| (e * w).powi(2)).sum()
}

/// Turns the upper triangle of G into R of G = RᵀR, and gives R⁻¹; nothing if G is not positive definite.
fn factor(gram: &mut [f64], k: usize) -> Option<Vec<f64>> {
    let mut inverse = vec![0.0; k * k];
    for j in 0..k {
        // Row j of R, its diagonal first.
        let pivot = gram[j * k + j];
        if !(pivot > 0.0) {
            return None;
        }
        let reciprocal = 1.0 / pivot.sqrt();
        inverse[j * k + j] = reciprocal;
        gram[j * k + j..(j + 1) * k].iter_mut().for_each(|v| *v *= reciprocal);
        let (done, below) = gram.split_at_mut((j + 1) * k);
        let row = &done[j * k..];
        for (i, other) in below.chunks_exact_mut(k).enumerate() {
            let i = j + 1 + i;
            let factor = row[i];
            other[i..].iter_mut().zip(&row[i..]).for_each(|(v, r)| *v -= factor * r);
        }
    }
    for j in 0..k {
        for i in (0..j).rev() {
            let sum: f64 = (i + 1..=j).map(|l| gram[i * k + l] * inverse[l * k + j]).sum();
            inverse[i * k + j] = -sum * inverse[i * k + i];
        }
    }
    Some(inverse)
}
