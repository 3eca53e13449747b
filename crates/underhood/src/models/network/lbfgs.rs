//! All rows at once: J and its gradient are summed over blocks of rows, and [`minimize`] goes down by limited-memory BFGS.

use std::cell::RefCell;

use ndarray::Array2;

use super::batches::{Chosen, Gradient};
use super::descent::DescentState;
use super::epochs::{blocks, length, ratio, too_large};
use super::training::{NetworkHistory, NetworkTraining, TrainedNetwork, penalty};
use crate::error::Error;
use crate::models::history::StopReason;
use crate::optimize::{Derivatives, MinimizeOptions, MinimizeStop, Minimizer, minimize};

/// J of all rows, and behind it its gradient.
pub(super) fn whole(gradient: &mut Gradient<'_>, theta: &[f64], alpha: f64) -> Result<Vec<f64>, Error> {
    let mut sum = vec![0.0; theta.len() + 1];
    add_up(gradient, theta, alpha, &mut sum, &mut || Ok::<(), Error>(()))?;
    Ok(sum)
}

/// The same into `sum`, with a look at the keyboard for each block.
fn add_up<E: From<Error>>(
    gradient: &mut Gradient<'_>,
    theta: &[f64],
    alpha: f64,
    sum: &mut [f64],
    look: &mut impl FnMut() -> Result<(), E>,
) -> Result<(), E> {
    sum.fill(0.0);
    let count = gradient.data().rows.count;
    let mass = gradient.data().mass(Chosen::Run(0, count));
    for chosen in blocks(count) {
        look()?;
        let share = gradient.data().mass(chosen) / mass;
        if share > 0.0 {
            let part = gradient.at(theta, chosen, penalty(alpha, mass))?;
            sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += share * part);
        }
    }
    Ok(())
}

/// J and its gradient at the last point that was asked for.
struct Known {
    at: Vec<f64>,
    found: Vec<f64>,
}

pub(super) fn train<E: From<Error>>(
    training: &NetworkTraining,
    function: &'static str,
    gradient: &mut Gradient<'_>,
    theta: Vec<f64>,
    max_evaluations: usize,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<TrainedNetwork, E> {
    let layers: Vec<_> = gradient.network().layers().collect();
    let first = whole(gradient, &theta, training.alpha)?;
    if !(first[0].is_finite() && length(&first[1..]).is_finite()) {
        return Err(too_large(function).into());
    }
    let per_block = 3 * 256 * theta.len();
    let mut work = 0_usize;
    let known = RefCell::new((gradient, Known { at: theta.clone(), found: first }));
    let mut evaluate = |x: &[f64]| -> Result<f64, E> {
        let (gradient, known) = &mut *known.borrow_mut();
        if known.at != x {
            known.at.copy_from_slice(x);
            add_up(gradient, x, training.alpha, &mut known.found, &mut || {
                work += per_block;
                if work < 50_000_000 {
                    return Ok(());
                }
                work = 0;
                checkpoint()
            })?;
        }
        Ok(known.found[0])
    };
    let evaluate = RefCell::new(&mut evaluate);
    let mut slope = |x: &[f64], into: &mut [f64]| -> Result<(), E> {
        (evaluate.borrow_mut())(x)?;
        into.copy_from_slice(&known.borrow().1.found[1..]);
        Ok(())
    };
    let options = MinimizeOptions {
        method: Some(Minimizer::LBfgsB),
        gtol: 0.0,
        max_iter: Some(training.max_iter),
        max_evaluations: Some(max_evaluations),
        ..MinimizeOptions::default()
    };
    let mut losses = Vec::new();
    let mut history = NetworkHistory::default();
    let (mut ratios, mut last) = (Vec::new(), theta.clone());
    let found = minimize(
        |x| (evaluate.borrow_mut())(x),
        Derivatives::gradient(&mut slope),
        &theta,
        &options,
        |view| {
            losses.push(view.value);
            if training.keep_history {
                last.iter_mut().zip(view.x).for_each(|(last, x)| *last = x - *last);
                history.gradient_norm.push(length(view.gradient));
                history.step.push(length(&last));
                ratios.extend(layers.iter().map(|layer| {
                    let span = layer.start..layer.end();
                    ratio(length(&last[span.clone()]), length(&view.x[span]))
                }));
                last.copy_from_slice(view.x);
            }
            Ok(largest(view.gradient) > training.tol)
        },
    )?;
    let of_gradient =
        |size: fn(&[f64]) -> f64| found.gradient.as_ref().and_then(|g| g.as_slice()).map_or(f64::NAN, size);
    let steepest = of_gradient(largest);
    let stop = match found.stop {
        _ if steepest <= training.tol => StopReason::Converged,
        MinimizeStop::Converged => StopReason::Precision,
        MinimizeStop::MaxIter | MinimizeStop::MaxEvaluations => StopReason::MaxIter,
        _ => StopReason::NoProgress,
    };
    // Where no step was made at all, the start is what there is to tell.
    if losses.is_empty() {
        losses.push(found.value);
    }
    history.update_ratio = Array2::from_shape_vec((history.step.len(), layers.len()), ratios).unwrap_or_default();
    Ok(TrainedNetwork {
        parameters: found.x.to_vec(),
        state: DescentState::default(),
        iterations: found.iterations,
        stop,
        loss: found.value,
        loss_curve: losses,
        validation_scores: Vec::new(),
        gradient_norm: of_gradient(length),
        history: training.keep_history.then_some(history),
    })
}

fn largest(gradient: &[f64]) -> f64 {
    gradient.iter().fold(0.0, |most, slope| if slope.abs() > most || slope.is_nan() { slope.abs() } else { most })
}
