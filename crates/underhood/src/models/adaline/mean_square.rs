//! The loss that Adaline descends, L(w, b) = mean over the rows of (y − w·x − b)², as the quadratic that it is.
//!
//! With few columns beside the rows, the second moments hold all there is to know: loss and gradient cost the same for any
//! number of rows. With more columns than rows, or very many, each evaluation passes over the rows.
//!
//! Whether descent has arrived is judged by the gradient in standardised columns: what the residuals still have in common with each column,
//! whatever its unit and however far from zero it lies. The gradient in the columns' own units would not do: far from zero it is all but its part
//! along the bias, and small long before the weights are right.

use faer::diag::{Diag, DiagRef};
use faer::{Mat, MatRef, Par};
use ndarray::{Array2, ArrayView1};

use super::super::moments::{Moments, centre};
use super::super::rows::{BLOCK, Rows, add_weighted_rows, net_inputs};
use super::super::sample_weights;
use crate::error::{Error, Result};
use crate::simd::dot;

/// Above this number of columns the passes over the rows are cheaper than the moments.
const MANY_COLUMNS: usize = 512;

/// The shared part of the quadratics of all classes: what depends on X alone.
pub(super) struct Data<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) codes: &'a [usize],
    pub(super) weights: Option<&'a [f64]>,
    /// The weights' sum.
    pub(super) total: f64,
    pub(super) intercept: bool,
    centre: Vec<f64>,
    /// The mean of each column less its centre; 0 without a bias, and for the bias.
    offset: Vec<f64>,
    /// 1/s of each column's standard deviation s (root of the mean square, without a bias), 0 for a constant one; 1 for the bias.
    inverse: Vec<f64>,
    /// Mean of x̃x̃ᵀ with x̃ = (x − c, 1), and the classes' sums of x̃.
    moments: Option<Moments>,
    /// 2/λ of the largest eigenvalue λ of the loss's Hessian: at this rate batch descent stops converging.
    pub(super) critical_rate: f64,
    /// Mean of ‖(x, 1)‖², the trace of half the Hessian.
    pub(super) mean_square_length: f64,
}

impl<'a> Data<'a> {
    pub(super) fn new(
        function: &'static str,
        rows: &'a Rows<'a>,
        (codes, classes): (&'a [usize], usize),
        weights: Option<&'a [f64]>,
        intercept: bool,
    ) -> Result<Self> {
        let p = rows.columns;
        let centre = if intercept { centre(rows) } else { vec![0.0; p] };
        let total = sample_weights::total(weights, rows);
        let too_large = || Error::Invalid {
            function,
            argument: "X",
            problem: "holds values so large that their squares overflow; divide such columns by their scale first"
                .into(),
        };
        let (moments, largest, trace, mut offset, squares): (_, f64, f64, Vec<f64>, Vec<f64>);
        if p <= rows.count && p <= MANY_COLUMNS {
            let roots: Option<Vec<f64>> = weights.map(|weights| weights.iter().map(|w| w.sqrt()).collect());
            let mut found = super::super::moments::moments(rows, &centre, roots.as_deref(), codes, classes);
            found.gram /= total;
            let mut raw = uncentred(&found.gram, &centre);
            if raw.iter().any(|v| !v.is_finite()) {
                rows.refuse_non_finite(function)?;
                return Err(too_large());
            }
            if !intercept {
                raw = raw.slice_move(ndarray::s![..p, ..p]);
            }
            largest = largest_eigenvalue(function, &raw)?;
            trace = raw.diag().sum();
            offset = (0..p).map(|j| if intercept { found.gram[(p, j)] } else { 0.0 }).collect();
            squares = (0..p).map(|j| found.gram[(j, j)]).collect();
            moments = Some(found);
        } else {
            let weight = |i: usize| weights.map_or(1.0, |weights| weights[i]) / total;
            let share = if intercept { 1.0 } else { 0.0 };
            let lengths = || (0..rows.count).map(|i| weight(i) * dot(rows.row(i), rows.row(i)));
            trace = lengths().sum::<f64>() + share;
            if !trace.is_finite() {
                rows.refuse_non_finite(function)?;
                return Err(too_large());
            }
            largest = largest_by_iteration(function, rows, weights, total, share)?;
            let (mut means, mut sums) = (vec![0.0; p], vec![0.0; p]);
            for i in 0..rows.count {
                for (j, x) in rows.row(i).iter().enumerate() {
                    let d = x - centre[j];
                    means[j] += share * weight(i) * d;
                    sums[j] += weight(i) * d * d;
                }
            }
            (offset, squares) = (means, sums);
            moments = None;
        }
        // The centre is near the mean, so little is lost.
        let variances: Vec<f64> = squares.iter().zip(&offset).map(|(square, m)| square - m * m).collect();
        offset.push(0.0);
        // What the rounding of numbers so far from zero makes of a constant column is no spread.
        let noise = |j: usize| (16.0 * f64::EPSILON * centre[j]).abs();
        let spread = |j: usize| {
            if squares[j] < LEAST_SQUARE { tiny_spread(rows, j, centre[j]) } else { variances[j].max(0.0).sqrt() }
        };
        let inverse = (0..p).map(|j| match spread(j) {
            spread if spread > noise(j) => 1.0 / spread,
            _ => 0.0,
        });
        let inverse: Vec<f64> = inverse.chain([1.0]).collect();
        if !intercept && largest < f64::MIN_POSITIVE && inverse[..p].iter().any(|&inverse| inverse > 0.0) {
            let problem =
                "holds values so small that their squares vanish; multiply such columns by a scale first".into();
            return Err(Error::Invalid { function, argument: "X", problem });
        }
        let critical_rate = 1.0 / largest;
        Ok(Data {
            rows,
            codes,
            weights,
            total,
            intercept,
            centre,
            offset,
            inverse,
            moments,
            critical_rate,
            mean_square_length: trace,
        })
    }

    /// Whether loss and gradient come from the second moments.
    pub(super) fn has_moments(&self) -> bool {
        self.moments.is_some()
    }

    /// The quadratic of one class against the others, whose rows have the signs (times their weights) `signs`.
    pub(super) fn loss<'b>(&'b self, class: usize, signs: &'b [f64]) -> MeanSquare<'b> {
        let mut target_moment = vec![0.0; self.rows.columns + 1];
        if let Some(moments) = &self.moments {
            let all = moments.gram.row(self.rows.columns);
            for ((h, &own), &mean) in target_moment.iter_mut().zip(moments.class_sums.row(class)).zip(all) {
                *h = 2.0 * own / self.total - mean;
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

/// Loss and length of its gradient in standardised columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub(super) loss: f64,
    /// What the residuals have in common with the columns: the length of the gradient with respect to the weights of standardised columns and the bias.
    pub(super) left: f64,
}

impl MeanSquare<'_> {
    /// The loss at (w, b); its gradient (∂w, ∂b) goes to `gradient`, which is one longer than the weights.
    pub(super) fn evaluate(&mut self, weights: &[f64], bias: f64, gradient: &mut [f64]) -> At {
        let p = weights.len();
        let centre = &self.data.centre;
        let Some(moments) = &self.data.moments else { return self.pass(weights, bias, gradient) };
        self.shifted[..p].copy_from_slice(weights);
        self.shifted[p] = bias + weights.iter().zip(centre).map(|(w, c)| w * c).sum::<f64>();
        // With v = (w, b + w·c), G the mean of x̃x̃ᵀ and h that of y·x̃: L = 1 − 2v·h + v·Gv, and ∂L/∂v = 2(Gv − h).
        let mut loss = 1.0;
        for (j, row) in moments.gram.outer_iter().enumerate() {
            let residual = product(row, &self.shifted) - self.target_moment[j];
            loss += self.shifted[j] * (residual - self.target_moment[j]);
            gradient[j] = 2.0 * residual;
        }
        if !self.data.intercept {
            gradient[p] = 0.0;
        }
        let left = self.data.in_standard_units(gradient);
        let along_bias = gradient[p];
        gradient.iter_mut().zip(centre).for_each(|(g, c)| *g += along_bias * c);
        // Not `max`, which would turn the NaN of an overflow into a perfect loss.
        At { loss: if loss < 0.0 { 0.0 } else { loss }, left }
    }

    fn pass(&self, weights: &[f64], bias: f64, gradient: &mut [f64]) -> At {
        let Data { rows, total, centre, .. } = self.data;
        let p = weights.len();
        let (along_weights, along_bias) = gradient.split_at_mut(p);
        along_weights.fill(0.0);
        let mut room = [0.0; BLOCK];
        let (mut loss, mut sum) = (0.0, 0.0);
        for (block, signs) in rows.blocks().zip(self.signs.chunks(BLOCK)) {
            let residuals = &mut room[..signs.len()];
            net_inputs(block, weights, bias, residuals);
            for (z, sign) in residuals.iter_mut().zip(signs) {
                let residual = *z - 1.0_f64.copysign(*sign);
                *z = sign.abs() * residual;
                loss += *z * residual;
            }
            add_weighted_rows(block, residuals, along_weights);
            sum += residuals.iter().sum::<f64>();
        }
        along_weights.iter_mut().for_each(|g| *g *= 2.0 / total);
        along_bias[0] = if self.data.intercept { 2.0 * sum / total } else { 0.0 };
        let slope = along_bias[0];
        let mut centred: Vec<f64> = along_weights.iter().zip(centre).map(|(g, c)| g - c * slope).collect();
        centred.push(slope);
        At { loss: loss / total, left: self.data.in_standard_units(&centred) }
    }
}

impl Data<'_> {
    /// The length of a gradient with respect to (w, b + w·c), in standardised columns.
    fn in_standard_units(&self, gradient: &[f64]) -> f64 {
        let along_bias = gradient[self.rows.columns];
        let parts = gradient.iter().zip(&self.offset).zip(&self.inverse);
        parts.map(|((g, offset), inverse)| ((g - offset * along_bias) * inverse).powi(2)).sum::<f64>().sqrt()
    }
}

/// A mean of squares below this has lost digits, or all of them, at the lower end of the range of doubles.
const LEAST_SQUARE: f64 = 1e-270;

/// How far a column spreads at most whose squares are beyond the range of doubles.
fn tiny_spread(rows: &Rows<'_>, j: usize, centre: f64) -> f64 {
    (0..rows.count).fold(0.0, |most: f64, i| most.max((rows.row(i)[j] - centre).abs()))
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
fn largest_by_iteration(
    function: &'static str,
    rows: &Rows<'_>,
    weights: Option<&[f64]>,
    total: f64,
    share: f64,
) -> Result<f64> {
    /// More steps are never needed for six digits, even among close eigenvalues.
    const STEPS: usize = 150;
    let p = rows.columns;
    let scale = |v: &mut [f64], factor: f64| v.iter_mut().for_each(|x| *x *= factor);
    // The unit vector that a step starts from: the first row (of the largest weight), so that data in one line are done in one step.
    let heaviest = weights
        .map_or(0, |weights| (0..weights.len()).fold(0, |most, i| if weights[i] > weights[most] { i } else { most }));
    let mut v: Vec<f64> = rows.row(heaviest).iter().copied().chain([share]).collect();
    let length = dot(&v, &v).sqrt();
    if length == 0.0 {
        v = vec![1.0 / (p as f64).sqrt(); p + 1];
        v[p] = 0.0;
    }
    let length = if length == 0.0 { 1.0 } else { length };
    scale(&mut v, 1.0 / length);
    let mut previous = vec![0.0; p + 1];
    let (mut diagonal, mut beside): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let (mut beta, mut estimate) = (0.0, 0.0);
    for step in 1..=STEPS.min(p + 1) {
        let mut image = mean_outer_product(rows, weights, total, share, &v);
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

/// Mean of (x, 1)·((x, 1)·v); x alone for a share of 0.
fn mean_outer_product(rows: &Rows<'_>, weights: Option<&[f64]>, total: f64, share: f64, v: &[f64]) -> Vec<f64> {
    let mut image = vec![0.0; v.len()];
    let mut room = [0.0; BLOCK];
    let (along, bias) = (&v[..rows.columns], v[rows.columns]);
    for (b, block) in rows.blocks().enumerate() {
        let z = &mut room[..block.len() / rows.columns];
        net_inputs(block, along, bias, z);
        if let Some(weights) = weights {
            z.iter_mut().zip(&weights[b * BLOCK..]).for_each(|(z, s)| *z *= s);
        }
        add_weighted_rows(block, z, &mut image[..rows.columns]);
        image[rows.columns] += share * z.iter().sum::<f64>();
    }
    image.iter_mut().for_each(|x| *x /= total);
    image
}
