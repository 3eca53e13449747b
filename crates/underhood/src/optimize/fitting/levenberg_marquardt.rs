//! Levenberg and Marquardt's method in a trust region, with bounds, and the polishing at its end.
//!
//! Radius and scale are updated as in J. J. Moré, "The Levenberg–Marquardt algorithm: implementation and theory" (1978),
//! doi:10.1007/BFb0067700. Parameters at a bound that the slope pushes against are held there; a step that would leave the box is bent along
//! it, parameter by parameter. Convergence is judged by D. M. Bates and D. G. Watts' relative offset, "A relative offset orthogonality
//! convergence criterion for nonlinear least squares", Technometrics 23 (1981), doi:10.1080/00401706.1981.10486257: the part of the residuals
//! that the linear model could still take away, beside the residuals themselves.

use super::finish::{by_gauss_newton, finish};
use super::model::Model;
use super::problem::{Place, Problem};
use crate::error::Result;
use crate::optimize::lengths::length;

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    /// Every residual is zero.
    Exact,
    /// Nothing is left to gain: the place is a minimum to rounding.
    Settled,
    /// No step helps any more, though this is no minimum that could be recognised.
    Stalled,
    /// The evaluations are used up.
    Spent,
}

/// How boldly to go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt {
    /// The first steps are no longer than this times the start.
    pub(super) reach: f64,
    /// How much of a column's greatest length so far is remembered from step to step as the scale of its parameter.
    pub(super) memory: f64,
    /// Whether to follow the bend of the residuals.
    pub(super) follow: bool,
}

/// What the linear model says at a place, in units of the Jacobian's own columns.
#[derive(Debug, Clone)]
pub(super) struct Sight {
    /// The part of ‖r‖ that the model can take away.
    pub(super) removable: f64,
    /// The same beside ‖r‖.
    pub(super) offset: f64,
    /// Gauss and Newton's step, and its length beside x's.
    pub(super) step: Vec<f64>,
    pub(super) reach: f64,
    pub(super) rank: usize,
    pub(super) free: Vec<usize>,
}

/// Residuals this small beside the first are zero, if the steps are small as well.
const VANISHED: f64 = 1e-12;

impl Sight {
    /// Whether the next step is small beside the ways that were gone.
    fn vanishes(&self, extent: &[f64]) -> bool {
        self.step.iter().zip(extent).all(|(step, extent)| step.abs() <= 1e-6 * extent)
    }
}

/// Looks at a place with each column in its own length.
pub(super) fn look(problem: &Problem<'_>, place: &Place) -> Result<Sight> {
    let scale = column_lengths(place, None);
    let free = free(problem, place);
    let model = Model::new(place.j.view(), &place.r, free.clone(), &scale)?;
    let step = model.gauss_newton();
    let weighed = |v: &[f64]| length(&v.iter().zip(&scale).map(|(v, d)| v * d).collect::<Vec<_>>());
    let size = weighed(&place.x);
    let reach = if length(&step) == 0.0 { 0.0 } else { weighed(&step) / size };
    let offset = if place.norm > 0.0 { model.removable / place.norm } else { 0.0 };
    Ok(Sight { removable: model.removable, offset, step, reach, rank: model.rank, free })
}

/// The length of each column, no shorter than it was before; 1 for a column without length.
pub(super) fn column_lengths(place: &Place, before: Option<&[f64]>) -> Vec<f64> {
    (0..place.x.len())
        .map(|i| {
            let now = length(&place.j.column(i).to_vec());
            let longest = now.max(before.map_or(0.0, |before| before[i]));
            if longest > 0.0 { longest } else { 1.0 }
        })
        .collect()
}

/// The parameters that may move: not those at a bound with the slope against it.
fn free(problem: &Problem<'_>, place: &Place) -> Vec<usize> {
    (0..problem.n)
        .filter(|&i| {
            let slope: f64 = place.j.column(i).iter().zip(&place.r).map(|(j, r)| j * r).sum();
            let held =
                (place.x[i] <= problem.lower[i] && slope >= 0.0) || (place.x[i] >= problem.upper[i] && slope <= 0.0);
            !held
        })
        .collect()
}

/// Goes down from a place until no step helps.
pub(super) fn descend(
    problem: &mut Problem<'_>,
    start: &Place,
    Attempt { reach, memory, follow }: Attempt,
    budget: usize,
) -> Result<(Place, End)> {
    let mut place = start.clone();
    let mut scale = column_lengths(&place, None);
    let weigh = |v: &[f64], scale: &[f64]| length(&v.iter().zip(scale).map(|(v, d)| v * d).collect::<Vec<_>>());
    let size = weigh(&place.x, &scale);
    let mut radius = if size > 0.0 { reach * size } else { reach };
    let mut polish_below = 1e-4;
    let mut extent: Vec<f64> = place.x.iter().map(|x| x.abs()).collect();
    loop {
        if place.norm == 0.0 {
            return Ok((place, End::Exact));
        }
        if place.norm <= VANISHED * start.norm && look(problem, &place)?.vanishes(&extent) {
            // Zero, or as small as the data are good: a few more steps bring what rounding leaves.
            return Ok((by_gauss_newton(problem, &place)?.0, End::Settled));
        }
        scale.iter_mut().for_each(|d| *d *= memory);
        scale = column_lengths(&place, Some(&scale));
        let model = Model::new(place.j.view(), &place.r, free(problem, &place), &scale)?;
        if model.removable <= polish_below * place.norm {
            let (polished, settled) = finish(problem, &place)?;
            if settled {
                return Ok((polished, End::Settled));
            }
            polish_below *= 1e-2;
        }
        let size = weigh(&place.x, &scale);
        loop {
            if problem.evaluations >= budget {
                return Ok((place, End::Spent));
            }
            let Cut { step, bounded, gain, lambda } = bent(problem, &place, &model, &scale, radius)?;
            let long = weigh(&step, &scale);
            if !(gain > 0.0) || long <= f64::EPSILON * size || radius <= f64::EPSILON * size {
                return stalled(problem, &place);
            }
            let straight: Vec<f64> = inside(problem, place.x.iter().zip(&step).map(|(x, p)| x + p));
            let x = match lambda {
                Some(lambda) if follow => match acceleration(problem, &place, &model, &step, lambda)? {
                    Some(turn) if 2.0 * weigh(&turn, &scale) <= 0.75 * long => {
                        inside(problem, straight.iter().zip(&turn).map(|(x, a)| x + a))
                    }
                    _ => straight,
                },
                _ => straight,
            };
            let tried = problem.residuals(&x)?;
            let predicted = gain / (0.5 * place.norm * place.norm);
            let actual = tried.as_ref().map_or(-f64::INFINITY, |(_, norm)| 1.0 - (norm / place.norm).powi(2));
            let ratio = actual / predicted;
            if actual > 0.0
                && ratio > 1e-4
                && let Some((r, norm)) = tried
                && let Some(j) = problem.jacobian(&x, &r, &step, false)?
            {
                if ratio < 0.25 {
                    radius = long * shrinkage(predicted, actual);
                } else if ratio > 0.75 || !bounded {
                    radius = radius.max(2.0 * long);
                    if !bounded {
                        radius = 2.0 * long;
                    }
                }
                extent.iter_mut().zip(&x).for_each(|(extent, x)| *extent = extent.max(x.abs()));
                place = Place { x, r, norm, j };
                break;
            }
            // Where f ends or its rounding hides any gain, shorter steps are tried, until there are none.
            if predicted <= f64::EPSILON && actual.abs() <= 4.0 * f64::EPSILON {
                return stalled(problem, &place);
            }
            radius = radius.min(long) * if actual.is_finite() { shrinkage(predicted, actual) } else { 0.25 };
        }
    }
}

/// A point whose rounding does not leave the bounds.
pub(super) fn inside(problem: &Problem<'_>, x: impl Iterator<Item = f64>) -> Vec<f64> {
    x.zip(problem.lower.iter().zip(problem.upper)).map(|(x, (low, high))| x.max(*low).min(*high)).collect()
}

/// By how much to shorten a step that gained less than promised: to the lowest point of the parabola through what is known, between a tenth
/// and a half.
fn shrinkage(predicted: f64, actual: f64) -> f64 {
    // Along the step the slope of ½‖r‖² is −s with gain = s − c/2; the predicted gain bounds s from below.
    let slope = predicted;
    let lowest = 0.5 * slope / (slope - 0.5 * actual).max(f64::MIN_POSITIVE);
    lowest.clamp(0.1, 0.5)
}

/// A step within the radius and within the bounds.
struct Cut {
    step: Vec<f64>,
    /// Whether the radius or a bound cut it.
    bounded: bool,
    /// What the linear model says it gains.
    gain: f64,
    /// The damping, if no bound was in the way.
    lambda: Option<f64>,
}

fn bent(problem: &Problem<'_>, place: &Place, model: &Model, scale: &[f64], radius: f64) -> Result<Cut> {
    let (mut step, lambda) = model.step(radius);
    let outside = |i: usize, step: &[f64]| {
        let to = place.x[i] + step[i];
        to < problem.lower[i] || to > problem.upper[i]
    };
    if !(0..problem.n).any(|i| outside(i, &step)) {
        let gain = model.gain(&step);
        return Ok(Cut { step, bounded: lambda > 0.0, gain, lambda: Some(lambda) });
    }
    // Parameters that would leave go to their bound; the others take the best step from there.
    let mut bounded = lambda > 0.0;
    let mut held = vec![0.0; problem.n];
    let mut moving = free(problem, place);
    let mut rest = place.r.clone();
    loop {
        let leaving: Vec<usize> = moving.iter().copied().filter(|&i| outside(i, &step)).collect();
        if leaving.is_empty() {
            break;
        }
        bounded = true;
        for i in leaving {
            held[i] = (place.x[i] + step[i]).clamp(problem.lower[i], problem.upper[i]) - place.x[i];
            rest.iter_mut().zip(place.j.column(i)).for_each(|(r, j)| *r += j * held[i]);
            moving.retain(|&other| other != i);
        }
        step = if moving.is_empty() {
            vec![0.0; problem.n]
        } else {
            Model::new(place.j.view(), &rest, moving.clone(), scale)?.step(radius).0
        };
        step.iter_mut().zip(&held).for_each(|(p, h)| *p += h);
    }
    let after: Vec<f64> = (0..problem.m)
        .map(|row| place.r[row] + place.j.row(row).iter().zip(&step).map(|(j, p)| j * p).sum::<f64>())
        .collect();
    let gain = 0.5 * (place.norm * place.norm - length(&after).powi(2));
    Ok(Cut { step, bounded, gain, lambda: None })
}

/// The turn that follows the bend of the residuals: half of the second derivative along the step, taken away as the step takes away r
/// (M. K. Transtrum and J. P. Sethna, "Improvements to the Levenberg-Marquardt algorithm for nonlinear least-squares minimization", 2012,
/// arXiv:1201.5885). None where the residuals end, or where the turn would leave the bounds.
fn acceleration(
    problem: &mut Problem<'_>,
    place: &Place,
    model: &Model,
    step: &[f64],
    lambda: f64,
) -> Result<Option<Vec<f64>>> {
    const PART: f64 = 0.1;
    let near: Vec<f64> = inside(problem, place.x.iter().zip(step).map(|(x, p)| x + PART * p));
    let Some((r, _)) = problem.residuals(&near)? else { return Ok(None) };
    let bend: Vec<f64> = (0..problem.m)
        .map(|row| {
            let slope: f64 = place.j.row(row).iter().zip(step).map(|(j, p)| j * p).sum();
            2.0 / PART * ((r[row] - place.r[row]) / PART - slope)
        })
        .collect();
    let pull: Vec<f64> =
        place.j.columns().into_iter().map(|column| column.iter().zip(&bend).map(|(j, b)| j * b).sum()).collect();
    let turn = model.turn(&pull, lambda);
    let stays =
        (0..problem.n).all(|i| (problem.lower[i]..=problem.upper[i]).contains(&(place.x[i] + step[i] + turn[i])));
    Ok((stays && turn.iter().all(|a| a.is_finite())).then_some(turn))
}

/// The end of a descent that found no shorter way down.
fn stalled(problem: &mut Problem<'_>, place: &Place) -> Result<(Place, End)> {
    let (place, settled) = finish(problem, place)?;
    Ok((place, if settled { End::Settled } else { End::Stalled }))
}
