//! Least squares for well-conditioned columns: the Gram matrix in one pass over memory, and a pass that refines.
//!
//! Columns are shifted to about their means, which takes the constant's part out of the condition number; the Gram matrix is then formed
//! in doubles, a panel of rows at a time, and factored. What makes that honest is the check behind it: the condition number κ of the
//! shifted columns, scaled to one length, is known from the factor, and where it is too large (or wherever something else is odd: a NaN, a
//! constant column, huge or tiny numbers) nothing is returned and the accurate solver takes over. Below, a step of refinement on the
//! residual leaves an error of about κ·ε in the coefficients. The factor of the Gram matrix is good to κ²·ε; where that would show in
//! standard errors and leverages, a second pass factors the Gram matrix of Z·R⁻¹, which is nearly the identity, and corrects R to κ·ε
//! (T. Fukaya, Y. Nakatsukasa, Y. Yanagisawa, Y. Yamamoto, CholeskyQR2, ScalA 2014, doi:10.1109/ScalA.2014.11). Where rows are few, or residuals so small
//! that their own rounding would show, the residual is computed with 32 digits. Source: Å. Björck, Numerical Methods for Least Squares
//! Problems, section 2.9 (SIAM 1996).

use ndarray::{Array1, Array2, ArrayView2, s};

use super::rows::{self, ROWS};
use crate::double_double::{self, Dd};
use crate::linalg::matmul;
use crate::panel::{self, LANES};

/// The largest condition number that is accepted where rows are many.
const WELL_CONDITIONED: f64 = 1e3;
/// Above this one pass over the Gram matrix is not enough: κ²·ε is 5e-13 here.
const ONCE: f64 = 50.0;
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
    pub(super) fn of(x: ArrayView2<'a, f64>, y: &[f64], weights: &'a [f64], intercept: bool) -> Option<Self> {
        let (n, given) = x.dim();
        let k = given + usize::from(intercept);
        if n <= k || given == 0 {
            return None;
        }
        let (few, last) = (ROWS.min(n), given + 1);
        let width = (given + 2).next_multiple_of(LANES);
        let mut block = vec![0.0; few * width];
        let mut shifts = vec![0.0; width];
        if intercept {
            fill(&mut block, x.slice(s![..few, ..]), &y[..few.min(y.len())], &shifts, &[]);
            for row in block.chunks_exact(width) {
                shifts.iter_mut().zip(row).for_each(|(sum, z)| *sum += z);
            }
            shifts.iter_mut().for_each(|shift| *shift /= few as f64);
            shifts[0] = 0.0;
        }

        // Without an intercept, the column of ones tells whether the others make a constant together.
        let mut gram = vec![0.0; width * width];
        for from in (0..n).step_by(ROWS) {
            let to = n.min(from + ROWS);
            let block = &mut block[..(to - from) * width];
            fill(block, x.slice(s![from..to, ..]), part(y, from, to), &shifts, part(weights, from, to));
            panel::add_outer_products(block, width, &mut gram);
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
            || !y.is_empty() && odd(total.sqrt(), shifts[last])
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
        let mut found = Factored { x, intercept, weights, shifts, root, inverse_root, products, total };
        if condition > ONCE {
            found.factor_again()?;
        }
        if !intercept {
            let ones: Vec<f64> = (start..=given).map(|j| entry(0, j)).collect();
            let explained: f64 = ones.iter().zip(found.apply(&ones)).map(|(a, b)| a * b).sum();
            if explained > (1.0 - 1e-8) * entry(0, 0) {
                return None;
            }
        }
        Some(found)
    }

    /// R ← S·R, where SᵀS is the Gram matrix of Z·R⁻¹: the second step of CholeskyQR2.
    fn factor_again(&mut self) -> Option<()> {
        let (n, k, width) = (self.x.nrows(), self.products.len(), self.shifts.len());
        let start = usize::from(!self.intercept);
        let wide = k.next_multiple_of(LANES);
        let inverse = ArrayView2::from_shape((k, k), &self.inverse_root).ok()?;
        let few = ROWS.min(n);
        let (mut block, mut turned, mut gram) = (vec![0.0; few * width], vec![0.0; few * wide], vec![0.0; wide * wide]);
        for from in (0..n).step_by(ROWS) {
            let to = n.min(from + ROWS);
            let block = &mut block[..(to - from) * width];
            fill(block, self.x.slice(s![from..to, ..]), &[], &self.shifts, part(self.weights, from, to));
            let z = ArrayView2::from_shape((to - from, width), &*block).ok()?;
            let q = matmul(z.slice(s![.., start..start + k]), inverse).ok()?;
            let turned = &mut turned[..(to - from) * wide];
            for (row, q) in turned.chunks_exact_mut(wide).zip(q.rows()) {
                row.iter_mut().zip(q).for_each(|(v, q)| *v = *q);
            }
            panel::add_outer_products(turned, wide, &mut gram);
        }
        let mut step: Vec<f64> =
            (0..k * k).map(|at| gram[(at / k).min(at % k) * wide + (at / k).max(at % k)]).collect();
        let inverse_step = factor(&mut step, k)?;
        let product = |a: &[f64], b: &[f64]| {
            let mut out = vec![0.0; k * k];
            for i in 0..k {
                for j in i..k {
                    out[i * k + j] = (i..=j).map(|l| a[i * k + l] * b[l * k + j]).sum();
                }
            }
            out
        };
        self.root = product(&step, &self.root);
        self.inverse_root = product(&self.inverse_root, &inverse_step);
        Some(())
    }

    /// β for the columns as they were given, and y − Z·β; gives up when refinement does not settle.
    pub(super) fn solve(&self, y: &[f64]) -> Option<(Vec<f64>, Vec<f64>)> {
        let (n, k, width) = (self.x.nrows(), self.products.len(), self.shifts.len());
        let (start, last) = (usize::from(!self.intercept), self.x.ncols() + 1);
        let mut beta = self.apply(&self.products);
        let mut residuals = vec![0.0; n];
        let mut block = vec![0.0; ROWS.min(n) * width];
        let (mut products, mut coefficients, mut weighted) = (vec![0.0; width], vec![0.0; width], [0.0; ROWS]);
        let (zeros, mut lost) = (vec![0.0; width], vec![0.0; k]);
        let mut exact = n * width <= FEW;
        for _ in 0..4 {
            // y's coefficient is 1, the others' are −β.
            products.fill(0.0);
            coefficients[start..start + k].iter_mut().zip(&beta).for_each(|(c, b)| *c = -b);
            coefficients[last] = 1.0;
            let constant = if exact && self.intercept { -self.constant(&beta) } else { Dd::from(coefficients[0]) };
            coefficients[0] = constant.high;
            for (e, from) in residuals.chunks_mut(ROWS).zip((0..n).step_by(ROWS)) {
                let to = from + e.len();
                let (x, y, block) = (self.x.slice(s![from..to, ..]), part(y, from, to), &mut block[..e.len() * width]);
                if exact {
                    // The rows as they stand, so that no rounding of a difference comes in.
                    fill(block, x, y, &zeros, &[]);
                    rows::combine_exactly(block, width, &coefficients[..=last], constant.low, e);
                }
                fill(block, x, y, &self.shifts, &[]);
                if !exact {
                    panel::products(block, &coefficients, e);
                }
                let weights = part(self.weights, from, to);
                let left = &mut weighted[..e.len()];
                left.copy_from_slice(e);
                left.iter_mut().zip(weights).for_each(|(e, w)| *e *= w * w);
                panel::add_weighted(block, left, &mut products);
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
        fill(&mut z, self.x, &[], &self.shifts, self.weights);
        let z = ArrayView2::from_shape((n, width), &z).ok()?;
        let inverse = ArrayView2::from_shape((k, k), &self.inverse_root).ok()?;
        let q = matmul(inverse.t(), z.slice(s![.., start..start + k]).t()).ok()?;
        Some(q.into_raw_vec_and_offset().0)
    }
}

/// Fills a panel from rows of X and y, whose memory may be in any order.
fn fill(block: &mut [f64], x: ArrayView2<'_, f64>, y: &[f64], shifts: &[f64], weights: &[f64]) {
    let given = x.ncols();
    if let Some(x) = x.to_slice() {
        return rows::fill(x, y, given, shifts, weights, block);
    }
    // Column after column, which is how such a table lies in memory.
    let width = shifts.len();
    for (j, column) in x.columns().into_iter().enumerate() {
        for (i, (row, x)) in block.chunks_exact_mut(width).zip(column).enumerate() {
            row[j + 1] = (x - shifts[j + 1]) * weights.get(i).unwrap_or(&1.0);
        }
    }
    for (i, row) in block.chunks_exact_mut(width).enumerate() {
        row[0] = *weights.get(i).unwrap_or(&1.0);
        if let Some(y) = y.get(i) {
            row[given + 1] = (y - shifts[given + 1]) * row[0];
        }
    }
}

/// Some rows of what may not be given.
fn part(values: &[f64], from: usize, to: usize) -> &[f64] {
    if values.is_empty() { values } else { &values[from..to] }
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
