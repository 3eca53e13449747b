//! The penalised log loss J, its gradient and its Hessian.
//!
//! The unknowns of a plane are v_j = s_j·w_j and u = b + w·c for columns with centre c and spread s: then z = Σ v_j·(x_j − c_j)/s_j + u,
//! and the penalty is Σ λ_j·v_j²/2 with λ_j = 1/(C·n·s_j²).

use ndarray::{Array2, s};

use super::super::moments::{centre, moments};
use super::super::plane::signs;
use super::super::rows::{BLOCK, Rows, add_weighted_rows, net_inputs};
use super::sigmoid::{curvature_roots, exp_below, log_loss};
use crate::error::{Error, Result};
use crate::simd::{mul_add, wide_kernel};

/// Below this the square of a spread, by which a penalty is divided, nears the end of the range of doubles.
const LEAST_SPREAD: f64 = 1e-140;

/// Penalties as large as this hold a weight at zero, to every digit that counts.
const LARGEST_PENALTY: f64 = 1e300;

/// Centre and spread of each column.
pub(super) struct Scaling {
    centre: Vec<f64>,
    spread: Vec<f64>,
}

impl Scaling {
    /// A constant column keeps its own unit, and so does one that varies by less than [`LEAST_SPREAD`].
    pub(super) fn of(function: &'static str, rows: &Rows<'_>) -> Result<Self> {
        let centre = centre(rows);
        let mut squares = vec![0.0; rows.columns];
        rows.blocks().for_each(|block| add_squares(block, &centre, &mut squares));
        if let Some(column) = squares.iter().position(|v| !v.is_finite()) {
            let problem = format!(
                "holds values so large that their squares overflow (column {column}); divide it by its scale first"
            );
            return Err(Error::Invalid { function, argument: "X", problem });
        }
        let spread =
            squares.iter().map(|v| (v / rows.count as f64).sqrt()).map(|s| if s > LEAST_SPREAD { s } else { 1.0 });
        Ok(Scaling { centre, spread: spread.collect() })
    }
}

wide_kernel! {
    /// sums += (x − c)² column by column.
    fn add_squares(block: &[f64], centre: &[f64], sums: &mut [f64]) = add_squares_body
}

#[inline(always)]
fn add_squares_body<const FMA: bool>(block: &[f64], centre: &[f64], sums: &mut [f64]) {
    let columns = sums.len();
    for row in block.chunks_exact(columns) {
        for j in 0..columns {
            let d = row[j] - centre[j];
            sums[j] = mul_add::<FMA>(d, d, sums[j]);
        }
    }
}

/// J for given rows and classes.
pub(super) struct Objective<'a> {
    rows: &'a Rows<'a>,
    codes: &'a [usize],
    scaling: &'a Scaling,
    /// λ_j, and 0 for the bias.
    penalties: Vec<f64>,
    /// How many planes there are: one for two classes.
    planes: usize,
    /// ±1 for two classes, empty for more.
    signs: Vec<f64>,
    /// Room for a block's net inputs, one line a plane.
    z: Vec<f64>,
}

impl<'a> Objective<'a> {
    pub(super) fn new(
        rows: &'a Rows<'a>,
        codes: &'a [usize],
        classes: usize,
        scaling: &'a Scaling,
        penalty: f64,
    ) -> Self {
        let penalties = scaling.spread.iter().map(|s| (penalty / (s * s)).min(LARGEST_PENALTY)).chain([0.0]).collect();
        let planes = if classes == 2 { 1 } else { classes };
        let signs = if classes == 2 { signs(codes, 1) } else { Vec::new() };
        Objective { rows, codes, scaling, penalties, planes, signs, z: vec![0.0; planes * BLOCK] }
    }

    /// The planes in the caller's units: w (planes × features) and b.
    pub(super) fn planes(&self, theta: &[f64]) -> (Array2<f64>, Vec<f64>) {
        let p = self.rows.columns;
        let mut weights = Array2::zeros((self.planes, p));
        let mut bias = Vec::with_capacity(self.planes);
        for (k, own) in theta.chunks_exact(p + 1).enumerate() {
            let mut row = weights.row_mut(k);
            row.iter_mut().zip(own).zip(&self.scaling.spread).for_each(|((w, v), s)| *w = v / s);
            bias.push(own[p] - row.iter().zip(&self.scaling.centre).map(|(w, c)| w * c).sum::<f64>());
        }
        (weights, bias)
    }

    /// J and the number of wrongly classified rows; the gradient goes to `gradient`.
    pub(super) fn evaluate(&mut self, theta: &[f64], gradient: &mut [f64]) -> (f64, usize) {
        let p = self.rows.columns;
        let n = self.rows.count as f64;
        let (weights, bias) = self.planes(theta);
        let weights: Vec<&[f64]> = weights.outer_iter().filter_map(|w| w.to_slice()).collect();
        gradient.fill(0.0);
        let (mut loss, mut errors) = (0.0, 0);
        for (b, block) in self.rows.blocks().enumerate() {
            let count = block.len() / p;
            let first = b * BLOCK;
            for (k, z) in self.z.chunks_exact_mut(BLOCK).enumerate() {
                net_inputs(block, weights[k], bias[k], &mut z[..count]);
            }
            if self.planes == 1 {
                let (z, signs) = (&mut self.z[..count], &self.signs[first..first + count]);
                errors += z.iter().zip(signs).filter(|(z, y)| (**z > 0.0) != (**y > 0.0)).count();
                loss += log_loss(z, signs);
            } else {
                let codes = &self.codes[first..first + count];
                let (more, wrong) = softmax_loss(&mut self.z, codes);
                loss += more;
                errors += wrong;
            }
            for (factors, own) in self.z.chunks_exact(BLOCK).zip(gradient.chunks_exact_mut(p + 1)) {
                add_weighted_rows(block, &factors[..count], &mut own[..p]);
                own[p] += factors[..count].iter().sum::<f64>();
            }
        }
        loss /= n;
        for (own, v) in gradient.chunks_exact_mut(p + 1).zip(theta.chunks_exact(p + 1)) {
            let along_bias = own[p];
            for j in 0..p {
                let centred = own[j] - self.scaling.centre[j] * along_bias;
                own[j] = centred / self.scaling.spread[j] / n + self.penalties[j] * v[j];
                loss += 0.5 * self.penalties[j] * v[j] * v[j];
            }
            own[p] = along_bias / n;
        }
        (loss, errors)
    }

    /// The Hessian. With several planes, adding one number to all biases changes nothing; a term that only such a shift feels
    /// makes the matrix invertible, and keeps the sum of the biases where it is.
    pub(super) fn hessian(&mut self, theta: &[f64]) -> Array2<f64> {
        let m = self.rows.columns + 1;
        let probabilities = self.curvatures(theta);
        let mut hessian = Array2::zeros((self.planes * m, self.planes * m));
        if self.planes == 1 {
            hessian.assign(&self.scaled_moments(&probabilities[0]));
        } else {
            for k in 0..self.planes {
                for l in k..self.planes {
                    let pair = probabilities[k].iter().zip(&probabilities[l]);
                    let roots: Vec<f64> = if k == l {
                        pair.map(|(p, _)| (p * (1.0 - p)).max(0.0).sqrt()).collect()
                    } else {
                        pair.map(|(p, q)| (p * q).sqrt()).collect()
                    };
                    let mut part = self.scaled_moments(&roots);
                    if k != l {
                        part.mapv_inplace(|v| -v);
                        hessian.slice_mut(s![l * m..(l + 1) * m, k * m..(k + 1) * m]).assign(&part);
                    }
                    hessian.slice_mut(s![k * m..(k + 1) * m, l * m..(l + 1) * m]).assign(&part);
                }
            }
            let shift = (0..self.planes).map(|k| hessian[(k * m + m - 1, k * m + m - 1)]).sum::<f64>();
            let shift = shift / (self.planes * self.planes) as f64;
            for k in 0..self.planes {
                for l in 0..self.planes {
                    hessian[(k * m + m - 1, l * m + m - 1)] += shift;
                }
            }
        }
        for k in 0..self.planes {
            for (j, penalty) in self.penalties.iter().enumerate() {
                hessian[(k * m + j, k * m + j)] += penalty;
            }
        }
        hessian
    }

    /// For one plane √(σ(z)·σ(−z)) of each row; for several the probabilities of each plane.
    fn curvatures(&mut self, theta: &[f64]) -> Vec<Vec<f64>> {
        let (weights, bias) = self.planes(theta);
        let mut out: Vec<Vec<f64>> = (0..self.planes).map(|_| Vec::with_capacity(self.rows.count)).collect();
        for block in self.rows.blocks() {
            let count = block.len() / self.rows.columns;
            for (k, z) in self.z.chunks_exact_mut(BLOCK).enumerate() {
                if let Some(weights) = weights.row(k).to_slice() {
                    net_inputs(block, weights, bias[k], &mut z[..count]);
                }
            }
            if self.planes == 1 {
                curvature_roots(&mut self.z[..count]);
            } else {
                softmax(&mut self.z, count);
            }
            out.iter_mut().zip(self.z.chunks_exact(BLOCK)).for_each(|(out, z)| out.extend_from_slice(&z[..count]));
        }
        out
    }

    /// Mean of rootᵢ²·x̂ᵢx̂ᵢᵀ with x̂ = ((x − c)/s, 1).
    fn scaled_moments(&self, roots: &[f64]) -> Array2<f64> {
        let mut gram = moments(self.rows, &self.scaling.centre, Some(roots), &[], 0).gram;
        let n = self.rows.count as f64;
        let spread = |j: usize| self.scaling.spread.get(j).copied().unwrap_or(1.0);
        gram.indexed_iter_mut().for_each(|((i, j), v)| *v = *v / spread(i) / spread(j) / n);
        gram
    }
}

/// Lines of net inputs become lines of probabilities; gives ln Σe^z of each row.
fn softmax(z: &mut [f64], count: usize) -> [f64; BLOCK] {
    let mut top = [f64::NEG_INFINITY; BLOCK];
    for line in z.chunks_exact(BLOCK) {
        top.iter_mut().zip(&line[..count]).for_each(|(top, z)| *top = top.max(*z));
    }
    let mut sums = [0.0; BLOCK];
    for line in z.chunks_exact_mut(BLOCK) {
        exp_below(&mut line[..count], &top);
        sums.iter_mut().zip(&line[..count]).for_each(|(sum, e)| *sum += e);
    }
    for line in z.chunks_exact_mut(BLOCK) {
        line[..count].iter_mut().zip(&sums).for_each(|(e, sum)| *e /= sum);
    }
    for (top, sum) in top.iter_mut().zip(&sums).take(count) {
        *top += sum.ln();
    }
    top
}

/// Σ −ln P(own class) over a block, and how many rows have a larger probability elsewhere; the lines become P(k) − [k is the own class].
fn softmax_loss(z: &mut [f64], codes: &[usize]) -> (f64, usize) {
    let own: Vec<f64> = codes.iter().enumerate().map(|(r, &code)| z[code * BLOCK + r]).collect();
    let wrong = |(r, &code): (usize, &usize)| {
        z.chunks_exact(BLOCK).enumerate().any(|(k, line)| line[r] > own[r] || (k < code && line[r] == own[r]))
    };
    let errors = codes.iter().enumerate().filter(|&row| wrong(row)).count();
    let log_sums = softmax(z, codes.len());
    codes.iter().enumerate().for_each(|(r, &code)| z[code * BLOCK + r] -= 1.0);
    (log_sums.iter().zip(&own).map(|(log_sum, z)| log_sum - z).sum(), errors)
}
