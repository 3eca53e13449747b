//! Newton's method for the squared hinge (Mangasarian 2002, doi:10.1080/1055678021000028375; Keerthi and DeCoste 2005, JMLR 6, 341).
//!
//! P is a quadratic wherever the rows inside the margin stay the same, so that Newton's step solves it once
//! they are the right ones. Along each step P is convex and piecewise quadratic, and its minimum is found exactly. With αᵢ = 2cᵢ·max(0, 1 − yᵢzᵢ)
//! the duality gap is half the square of the gradient; where Newton's step d leaves the same rows inside, −½∇P·d is exactly how far P is
//! above its minimum, and keeps its digits where columns are large.

use ndarray::Array2;

use super::super::history::{Recorder, StopReason};
use super::super::rows::CHECK_EVERY;
use super::margins::Margins;
use super::{Ended, Problem, SMALL};
use crate::error::Result;
use crate::linalg::{Triangle, cholesky_of};
use crate::simd::dot;

pub(super) fn solve(
    problem: &Problem<'_>,
    log: &mut Recorder,
    checkpoint: &mut dyn FnMut() -> Result<()>,
) -> Result<Ended> {
    let n = problem.rows.count;
    let mut margins = Margins::zero(problem);
    let (mut residuals, mut roots, mut along) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    let (mut steps, mut effort) = (0, 0);
    loop {
        effort += (problem.rows.columns + 4) * problem.effort();
        if effort > CHECK_EVERY {
            checkpoint()?;
            effort = 0;
        }
        for i in 0..n {
            let short = 1.0 - problem.y[i] * margins.z[i];
            let inside = short > 0.0 && problem.costs[i] > 0.0;
            residuals[i] = if inside { -2.0 * problem.costs[i] * problem.y[i] * short } else { 0.0 };
            roots[i] = if inside { (2.0 * problem.costs[i]).sqrt() } else { 0.0 };
        }
        let mut gradient = problem.combined(&residuals);
        gradient.iter_mut().zip(&margins.weights).for_each(|(g, w)| *g += w);
        let primal = problem.primal(&margins);
        let mut direction = gradient.clone();
        let (root, whole) = factor(problem.matrix(&roots))?;
        solve_triangles(&root, &mut direction);
        direction.iter_mut().for_each(|d| *d = -*d);
        problem.net_inputs(&direction, &mut along);
        // Half of −g·d is what the step gains while the rows inside stay the same; if they do, that is all there is to gain.
        let gain = -0.5 * dot(&gradient, &direction);
        let inside = |short: f64| short > 0.0;
        let same = (0..n).filter(|&i| problem.costs[i] > 0.0).all(|i| {
            let short = 1.0 - problem.y[i] * margins.z[i];
            inside(short) == inside(short - problem.y[i] * along[i])
        });
        let square = 0.5 * dot(&gradient, &gradient);
        let gap = if same && whole && gain >= 0.0 { gain.min(square) } else { square };
        problem.record(log, &margins, primal, (2.0 * square).sqrt());
        // One more step is as exact as doubles are, so the weights are better than the gap says: it is made unless it is the first.
        let done = gap <= problem.tol * primal;
        if done && (steps == 0 || gap == 0.0) {
            return Ok(Ended { margins, steps, stop: StopReason::Converged, gap });
        }
        if steps == problem.max_iter && !done {
            return Ok(Ended { margins, steps, stop: StopReason::MaxIter, gap });
        }
        let small = gain <= 4.0 * f64::EPSILON * primal;
        let share = if small || same { 1.0 } else { best_share(problem, &margins, &direction, &along) };
        let before = (margins.weights.clone(), margins.z.clone());
        margins.weights.iter_mut().zip(&direction).for_each(|(w, d)| *w += share * d);
        let weights = margins.weights.clone();
        problem.net_inputs(&weights, &mut margins.z);
        let fallen = problem.primal(&margins);
        if done || small || !(fallen < primal) {
            if fallen > primal {
                (margins.weights, margins.z) = before;
            }
            let stop = match gap {
                _ if done => StopReason::Converged,
                gap if gap <= SMALL * primal => StopReason::Precision,
                _ => StopReason::NoProgress,
            };
            return Ok(Ended { margins, steps, stop, gap });
        }
        steps += 1;
    }
}

/// The share of the step at which P is least: where its slope, which rises in straight pieces, crosses zero.
fn best_share(problem: &Problem<'_>, margins: &Margins, direction: &[f64], along: &[f64]) -> f64 {
    let (straight, square) = (dot(&margins.weights, direction), dot(direction, direction));
    let slope = |share: f64| {
        let (mut slope, mut curvature) = (straight + share * square, square);
        for i in 0..along.len() {
            let short = 1.0 - problem.y[i] * (margins.z[i] + share * along[i]);
            let inside = if short > 0.0 { 2.0 * problem.costs[i] } else { 0.0 };
            slope -= inside * problem.y[i] * short * along[i];
            curvature += inside * along[i] * along[i];
        }
        (slope, curvature)
    };
    let start = slope(0.0).0;
    let (mut low, mut high) = (0.0, f64::INFINITY);
    let mut share = 1.0;
    for _ in 0..40 {
        let (value, curvature) = slope(share);
        if value.abs() <= 1e-4 * start.abs() {
            break;
        }
        if value < 0.0 {
            low = share
        } else {
            high = share
        }
        let next = share - value / curvature;
        share = if next > low && next < high {
            next
        } else if high.is_finite() {
            0.5 * (low + high)
        } else {
            2.0 * share
        };
    }
    share
}

/// L of a matrix I + something positive, and whether it is that of the matrix as it stood.
pub(super) fn factor(mut matrix: Array2<f64>) -> Result<(Array2<f64>, bool)> {
    // Beside each diagonal entry, so that columns of unlike units are disturbed alike.
    let mut nudge = f64::EPSILON;
    loop {
        match cholesky_of(matrix.view(), Triangle::Lower) {
            Ok(root) => return Ok((root, nudge == f64::EPSILON)),
            Err(error) if !(nudge < 1.0) => return Err(error),
            Err(_) => {
                // Rounding has eaten the identity.
                matrix.diag_mut().mapv_inplace(|d| d + nudge * d);
                nudge *= 10.0;
            }
        }
    }
}

/// b ← (L·Lᵀ)⁻¹·b.
pub(super) fn solve_triangles(lower: &Array2<f64>, b: &mut [f64]) {
    for i in 0..b.len() {
        let known: f64 = lower.row(i).iter().zip(&b[..i]).map(|(l, b)| l * b).sum();
        b[i] = (b[i] - known) / lower[(i, i)];
    }
    for i in (0..b.len()).rev() {
        b[i] /= lower[(i, i)];
        let known = b[i];
        b[..i].iter_mut().zip(&lower.row(i)).for_each(|(b, l)| *b -= l * known);
    }
}
