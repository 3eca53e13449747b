//! The loss that Adaline descends, L(w, b) = mean over the rows of (y − w·x − b)², as the quadratic that it is.
//!
//! With few columns beside the rows, the second moments hold all there is to know: loss and gradient cost the same for any
//! number of rows. With more columns than rows, or very many, each evaluation passes over the rows.

use faer::diag::{Diag, DiagRef};
use faer::{Mat, MatRef, Par};
use ndarray::{Array2, ArrayView1};

use super::super::moments::{Moments, centre, moments};
use super::super::rows::{BLOCK, Rows, add_weighted_rows, net_inputs};
use crate::error::{Error, Result};
use crate::simd::dot;

/// Above this number of columns the passes over the rows are cheaper than the moments.
const MANY_COLUMNS: usize = 512;

/// The shared part of the quadratics of all classes: what depends on X alone.
pub(super) struct Data<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) codes: &'a [usize],
    centre: Vec<f64>,
    /// Mean of x̃x̃ᵀ with x̃ = (x − c, 1), and the classes' sums of x̃.
    moments: Option<Moments>,
    /// 2/λ of the largest eigenvalue λ of the loss's Hessian: at this rate batch descent stops converging.
    pub(super) critical_rate: f64,
    /// Mean of ‖(x, 1)‖², the trace of half the Hessian.
    pub(super) mean_square_length: f64,
}

impl<'a> Data<'a> {
    pub(super) fn new(function: &'static str, rows: &'a Rows<'a>, codes: &'a [usize], classes: usize) -> Result<Self> {
        let centre = centre(rows);
        let n = rows.count as f64;
        let too_large = || Error::Invalid {
            function,
            argument: "X",
            problem: "holds values so large that their squares overflow; divide such columns by their scale first"
                .into(),
        };
        let (moments, largest, trace) = if rows.columns <= rows.count && rows.columns <= MANY_COLUMNS {
            let mut found = moments(rows, &centre, None, codes, classes);
            found.gram /= n;
            let raw = uncentred(&found.gram, &centre);
            if raw.iter().any(|v| !v.is_finite()) {
                return Err(too_large());
            }
            let largest = largest_eigenvalue(function, &raw)?;
            (Some(found), largest, raw.diag().sum())
        } else {
            let squares: f64 =
                rows.blocks().flat_map(|block| block.chunks(rows.columns)).map(|row| dot(row, row)).sum();
            if !squares.is_finite() {
                return Err(too_large());
            }
            (None, largest_by_iteration(function, rows)?, squares / n + 1.0)
        };
        Ok(Data { rows, codes, centre, moments, critical_rate: 1.0 / largest, mean_square_length: trace })
    }

    /// The quadratic of one class against the others, whose rows have the signs `signs`.
    pub(super) fn loss<'b>(&'b self, class: usize, signs: &'b [f64]) -> MeanSquare<'b> {
        let mut target_moment = vec![0.0; self.rows.columns + 1];
        if let Some(moments) = &self.moments {
            let n = self.rows.count as f64;
            let all = moments.gram.row(self.rows.columns);
            for ((h, &own), &mean) in target_moment.iter_mut().zip(moments.class_sums.row(class)).zip(all) {
                *h = 2.0 * own / n - mean;
            }
        }
        MeanSquare { data: self, signs, target_moment, shifted: vec![0.0; self.rows.columns + 1] }
    }
}

/// L(w, b) for one class against the others.
pub(super) struct MeanSquare<'a> {
    data: &'a Data<'a>,
    signs: &'a [f64],
    /// Mean of y·x̃.
    target_moment: Vec<f64>,
    /// Room for the weights relative to the centre.
    shifted: Vec<f64>,
}

impl MeanSquare<'_> {
    /// The loss at (w, b); its gradient (∂w, ∂b) goes to `gradient`, which is one longer than the weights.
    pub(super) fn evaluate(&mut self, weights: &[f64], bias: f64, gradient: &mut [f64]) -> f64 {
        match &self.data.moments {
            Some(moments) => {
                let p = weights.len();
                let centre = &self.data.centre;
                self.shifted[..p].copy_from_slice(weights);
                self.shifted[p] = bias + dot(weights, centre);
                // With v = (w, b + w·c), G the mean of x̃x̃ᵀ and h that of y·x̃: L = 1 − 2v·h + v·Gv, and ∂L/∂v = 2(Gv − h).
                let mut loss = 1.0;
                for (j, row) in moments.gram.outer_iter().enumerate() {
                    let residual = product(row, &self.shifted) - self.target_moment[j];
                    loss += self.shifted[j] * (residual - self.target_moment[j]);
                    gradient[j] = 2.0 * residual;
                }
                let along_bias = gradient[p];
                gradient.iter_mut().zip(centre).for_each(|(g, c)| *g += along_bias * c);
                // Not `max`, which would turn the NaN of an overflow into a perfect loss.
                if loss < 0.0 { 0.0 } else { loss }
            }
            None => self.pass(weights, bias, gradient),
        }
    }

    fn pass(&self, weights: &[f64], bias: f64, gradient: &mut [f64]) -> f64 {
        let rows = self.data.rows;
        let n = rows.count as f64;
        let (along_weights, along_bias) = gradient.split_at_mut(weights.len());
        along_weights.fill(0.0);
        let mut room = [0.0; BLOCK];
        let (mut loss, mut sum) = (0.0, 0.0);
        for (block, signs) in rows.blocks().zip(self.signs.chunks(BLOCK)) {
            let residuals = &mut room[..signs.len()];
            net_inputs(block, weights, bias, residuals);
            residuals.iter_mut().zip(signs).for_each(|(z, y)| *z -= y);
            add_weighted_rows(block, residuals, along_weights);
            loss += dot(residuals, residuals);
            sum += residuals.iter().sum::<f64>();
        }
        along_weights.iter_mut().for_each(|g| *g *= 2.0 / n);
        along_bias[0] = 2.0 * sum / n;
        loss / n
    }
}

/// A row of a small matrix times a vector.
fn product(row: ArrayView1<'_, f64>, v: &[f64]) -> f64 {
    match row.as_slice() {
        Some(row) => dot(row, v),
        None => row.iter().zip(v).map(|(a, b)| a * b).sum(),
    }
}

/// Mean of (x, 1)(x, 1)ᵀ from the mean of x̃x̃ᵀ.
fn uncentred(gram: &Array2<f64>, centre: &[f64]) -> Array2<f64> {
    let p = centre.len();
    let shift = |j: usize| if j == p { 0.0 } else { centre[j] };
    Array2::from_shape_fn((p + 1, p + 1), |(i, j)| {
        gram[(i, j)] + shift(i) * gram[(p, j)] + shift(j) * gram[(i, p)] + shift(i) * shift(j)
    })
}

fn largest_eigenvalue(function: &'static str, a: &Array2<f64>) -> Result<f64> {
    let n = a.nrows();
    let copy = Mat::from_fn(n, n, |i, j| a[(i, j)]);
    let failed = || Error::NotConverged { function, iterations: 0, detail: "eigenvalues of X'X".into() };
    let values = eigenvalues(copy.as_ref()).ok_or_else(failed)?;
    Ok(values.into_iter().fold(0.0, f64::max))
}

/// The eigenvalues of a symmetric matrix, on the calling thread.
fn eigenvalues(a: MatRef<'_, f64>) -> Option<Vec<f64>> {
    use faer::dyn_stack::{MemBuffer, MemStack};
    use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
    let n = a.nrows();
    let mut values = Diag::<f64>::zeros(n);
    let scratch = self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::No, Par::Seq, Default::default());
    let mut memory = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut memory);
    self_adjoint_evd(a, values.as_mut(), None, Par::Seq, stack, Default::default()).ok()?;
    let column: DiagRef<'_, f64> = values.as_ref();
    Some(column.column_vector().iter().copied().collect())
}

/// The largest eigenvalue of the mean of (x, 1)(x, 1)ᵀ by Lanczos' method (1950, doi:10.6028/jres.045.026), for matrices that are too
/// wide for their moments. The largest eigenvalue is the first to come out; loss of orthogonality only repeats it.
fn largest_by_iteration(function: &'static str, rows: &Rows<'_>) -> Result<f64> {
    /// More steps are never needed for six digits, even among close eigenvalues.
    const STEPS: usize = 150;
    let p = rows.columns;
    let scale = |v: &mut [f64], factor: f64| v.iter_mut().for_each(|x| *x *= factor);
    // The unit vector that a step starts from: the first row, so that data in one line are done in one step.
    let mut v: Vec<f64> = rows.row(0).iter().copied().chain([1.0]).collect();
    let length = dot(&v, &v).sqrt();
    scale(&mut v, 1.0 / length);
    let mut previous = vec![0.0; p + 1];
    let (mut diagonal, mut beside): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let (mut beta, mut estimate) = (0.0, 0.0);
    for step in 1..=STEPS.min(p + 1) {
        let mut image = mean_outer_product(rows, &v);
        let alpha = dot(&image, &v);
        for ((x, v), before) in image.iter_mut().zip(&v).zip(&previous) {
            *x -= alpha * v + beta * before;
        }
        diagonal.push(alpha);
        beta = dot(&image, &image).sqrt();
        let exhausted = beta <= f64::EPSILON * alpha;
        if exhausted || step % 10 == 0 || step == STEPS.min(p + 1) {
            let tridiagonal = Array2::from_shape_fn((step, step), |(i, j)| match i.abs_diff(j) {
                0 => diagonal[i],
                1 => beside[i.min(j)],
                _ => 0.0,
            });
            let largest = largest_eigenvalue(function, &tridiagonal)?;
            if exhausted || largest - estimate <= 1e-13 * largest {
                return Ok(largest);
            }
            estimate = largest;
        }
        beside.push(beta);
        scale(&mut image, 1.0 / beta);
        previous = std::mem::replace(&mut v, image);
    }
    Ok(estimate)
}

/// Mean of (x, 1)·((x, 1)·v).
fn mean_outer_product(rows: &Rows<'_>, v: &[f64]) -> Vec<f64> {
    let mut image = vec![0.0; v.len()];
    let mut room = [0.0; BLOCK];
    let (weights, bias) = (&v[..rows.columns], v[rows.columns]);
    for block in rows.blocks() {
        let z = &mut room[..block.len() / rows.columns];
        net_inputs(block, weights, bias, z);
        add_weighted_rows(block, z, &mut image[..rows.columns]);
        image[rows.columns] += z.iter().sum::<f64>();
    }
    image.iter_mut().for_each(|x| *x /= rows.count as f64);
    image
}
