//! Dual coordinate descent (Hsieh, Chang, Lin, Keerthi and Sundararajan 2008, doi:10.1145/1390156.1390208): one α at a time is set to its
//! best value, in a new random order every epoch. A step costs one row and needs no matrix of the features.

use super::super::history::{Recorder, StopReason};
use super::super::neuron::{InMemory, Neuron};
use super::super::perceptron::presentation;
use super::super::rows::CHECK_EVERY;
use super::margins::{Margins, distance};
use super::{Ended, FIT, Problem, SvmLoss};
use crate::error::Result;
use crate::random::Stream;
use crate::simd::{dot, wide_kernel};

pub(super) fn solve(
    problem: &Problem<'_>,
    mut stream: Stream,
    log: &mut Recorder,
    checkpoint: &mut dyn FnMut() -> Result<()>,
) -> Result<Ended> {
    let (n, columns) = (problem.rows.count, problem.rows.columns);
    let mut margins = Margins::zero(problem);
    let mut order = presentation(FIT, problem.rows, Some(&problem.costs))?;
    let ridge: Vec<f64> = match problem.loss {
        SvmLoss::SquaredHinge => problem.costs.iter().map(|c| 0.5 / c).collect(),
        SvmLoss::Hinge => vec![0.0; n],
    };
    let bounds = match problem.loss {
        SvmLoss::SquaredHinge => vec![f64::INFINITY; n],
        SvmLoss::Hinge => problem.costs.clone(),
    };
    let squared = problem.scaling * problem.scaling;
    let curvature: Vec<f64> =
        (0..n).map(|i| dot(problem.rows.row(i), problem.rows.row(i)) + squared + ridge[i]).collect();
    let mut alpha = vec![0.0; n];
    let (mut epochs, mut effort) = (0, 0);
    loop {
        effort += 3 * problem.effort();
        if effort > CHECK_EVERY {
            checkpoint()?;
            effort = 0;
        }
        // w̃ from α afresh: what the steps add up to drifts by rounding.
        let signed: Vec<f64> = alpha.iter().zip(&problem.y).map(|(alpha, y)| alpha * y).collect();
        margins.weights = problem.combined(&signed);
        let weights = margins.weights.clone();
        problem.net_inputs(&weights, &mut margins.z);
        let primal = problem.primal(&margins);
        let penalty: f64 = alpha
            .iter()
            .zip(&ridge)
            .filter(|(alpha, _)| **alpha > 0.0)
            .map(|(alpha, ridge)| alpha * alpha * ridge)
            .sum();
        let dual = alpha.iter().sum::<f64>() - 0.5 * dot(&weights, &weights) - 0.5 * penalty;
        let gap = primal - dual;
        problem.record(log, &margins, primal, distance(gap));
        if gap <= problem.tol * primal {
            return Ok(Ended { margins, steps: epochs, stop: StopReason::Converged, gap });
        }
        if gap <= 16.0 * f64::EPSILON * primal {
            return Ok(Ended { margins, steps: epochs, stop: StopReason::Precision, gap });
        }
        if epochs == problem.max_iter {
            return Ok(Ended { margins, steps: epochs, stop: StopReason::MaxIter, gap });
        }
        stream.shuffle(&mut order);
        let bias = margins.weights[columns] * problem.scaling;
        let rows =
            RowsOf { x: problem.rows.values(), y: &problem.y, ridge: &ridge, bounds: &bounds, curvature: &curvature };
        epoch(&rows, &order, squared, &mut margins.weights[..columns], bias, &mut alpha);
        epochs += 1;
    }
}

/// What an epoch reads.
struct RowsOf<'a> {
    x: &'a [f64],
    y: &'a [f64],
    ridge: &'a [f64],
    bounds: &'a [f64],
    curvature: &'a [f64],
}

wide_kernel! {
    fn epoch(rows: &RowsOf<'_>, order: &[u32], squared: f64, weights: &mut [f64], bias: f64, alpha: &mut [f64]) = epoch_body
}

#[inline(always)]
fn epoch_body<const FMA: bool>(
    rows: &RowsOf<'_>,
    order: &[u32],
    squared: f64,
    weights: &mut [f64],
    bias: f64,
    alpha: &mut [f64],
) {
    let columns = weights.len();
    let mut neuron = InMemory::new(weights, bias, squared);
    for &i in order {
        let i = i as usize;
        let start = i * columns;
        let gradient = rows.y[i] * neuron.net_input::<FMA>(rows.x, start) - 1.0 + rows.ridge[i] * alpha[i];
        let wanted = alpha[i] - gradient / rows.curvature[i];
        let best = if wanted > 0.0 { if wanted < rows.bounds[i] { wanted } else { rows.bounds[i] } } else { 0.0 };
        let step = rows.y[i] * (best - alpha[i]);
        if step != 0.0 {
            neuron.learn::<FMA>(step, rows.x, start);
            alpha[i] = best;
        }
    }
    neuron.finish();
}
