//! The last digits: what a descent cannot see, because rounding hides any gain of ‖r‖ long before the parameters are as good as they can be.
//!
//! Gauss and Newton's steps are taken as they are for as long as they bring the residuals closer to being orthogonal to the model. Where
//! curvature slows them down, they are stretched as in B. M. Irons and R. C. Tuck, "A version of the Aitken accelerator for computer
//! iteration", Int. J. Numer. Methods Eng. 1 (1969), doi:10.1002/nme.1620010306; where it defeats them (large residuals, a Jacobian that is
//! singular at the minimum), Newton's method for ½‖r‖² takes over, whose matrix of second derivatives also tells a minimum from a saddle.

use ndarray::Array2;

use super::levenberg_marquardt::{Sight, column_lengths, inside, look};
use super::problem::{Place, Problem};
use crate::error::Result;
use crate::linalg::{self, Triangle};
use crate::optimize::lengths::length;

/// Second derivatives of more parameters would cost too much.
const FEW: usize = 60;

/// Polishes a place; also tells whether it is a minimum, so that nothing is left to gain.
pub(super) fn finish(problem: &mut Problem<'_>, from: &Place) -> Result<(Place, bool)> {
    let (place, settled) = by_gauss_newton(problem, from)?;
    if settled || problem.n > FEW {
        return Ok((place, settled));
    }
    by_newton(problem, &place)
}

fn moved(problem: &Problem<'_>, x: &[f64], step: &[f64], factor: f64) -> Vec<f64> {
    inside(problem, x.iter().zip(step).map(|(x, p)| x + factor * p))
}

/// Gauss and Newton's steps, for as long as they gain.
pub(super) fn by_gauss_newton(problem: &mut Problem<'_>, from: &Place) -> Result<(Place, bool)> {
    const MOST: usize = 40;
    let mut best = from.clone();
    if problem.by_differences() {
        problem.forget_steps();
        match problem.jacobian(&best.x, &best.r, &best.x, true)? {
            Some(j) => best.j = j,
            None => return Ok((best, false)),
        }
    }
    let mut sight = look(problem, &best)?;
    let (mut relaxation, mut plain) = (1.0, true);
    for _ in 0..MOST {
        if best.norm == 0.0 || sight.reach <= f64::EPSILON || sight.offset <= f64::EPSILON * f64::EPSILON {
            return Ok((best, true));
        }
        let x = moved(problem, &best.x, &sight.step, relaxation);
        let Some((r, norm)) = problem.residuals(&x)? else { break };
        if norm > best.norm * (1.0 + 1e-8 + sight.offset * sight.offset) {
            break;
        }
        let Some(j) = problem.jacobian(&x, &r, &best.x, true)? else { break };
        let next = Place { x, r, norm, j };
        let seen = look(problem, &next)?;
        // Each step is about a fixed part of the last; the sum of all to come is a geometric series.
        let scale = column_lengths(&next, None);
        let inner = |a: &[f64], b: &[f64]| a.iter().zip(b).zip(&scale).map(|((a, b), d)| a * b * d * d).sum::<f64>();
        let part = inner(&seen.step, &sight.step) / inner(&sight.step, &sight.step);
        relaxation = if part < 0.9 { (relaxation / (1.0 - part)).clamp(0.25, 10.0) } else { 1.0 };
        if !(seen.removable < 0.95 * sight.removable) {
            // A stretch that went wrong is no sign of the end; a plain step that gains nothing is.
            if plain {
                break;
            }
            (relaxation, plain) = (1.0, true);
            continue;
        }
        plain = relaxation == 1.0;
        let slow = seen.offset > 0.9 && seen.reach > 0.1 * sight.reach;
        (best, sight) = (next, seen);
        if slow {
            break;
        }
    }
    let settled = sight.offset <= problem.offset_tolerance || sight.reach <= problem.step_tolerance;
    Ok((best, settled))
}

fn by_newton(problem: &mut Problem<'_>, from: &Place) -> Result<(Place, bool)> {
    let mut best = from.clone();
    let mut slope = steepness(problem, &best)?;
    let mut settled = false;
    for _ in 0..20 {
        let Some(step) = newton_step(problem, &best, &slope)? else { return Ok((best, false)) };
        let reach = weighed(&step, &best) / weighed(&best.x, &best);
        settled = reach <= problem.step_tolerance || slope.cosine <= 1e-12;
        if reach <= 4.0 * f64::EPSILON || !reach.is_finite() {
            break;
        }
        let x = moved(problem, &best.x, &step, 1.0);
        let Some((r, norm)) = problem.residuals(&x)? else { break };
        if norm > best.norm * (1.0 + 1e-10) {
            break;
        }
        let Some(j) = problem.jacobian(&x, &r, &best.x, true)? else { break };
        let next = Place { x, r, norm, j };
        let seen = steepness(problem, &next)?;
        if !(seen.length < 0.5 * slope.length) {
            break;
        }
        (best, slope) = (next, seen);
    }
    Ok((best, settled))
}

/// ‖D·v‖ with D the lengths of the columns.
fn weighed(v: &[f64], place: &Place) -> f64 {
    length(&v.iter().zip(column_lengths(place, None)).map(|(v, d)| v * d).collect::<Vec<_>>())
}

/// The gradient of ½‖r‖² in the parameters that may move, each in its own scale.
struct Slope {
    free: Vec<usize>,
    scale: Vec<f64>,
    gradient: Vec<f64>,
    length: f64,
    /// The largest cosine between a column and the residuals.
    cosine: f64,
}

fn steepness(problem: &Problem<'_>, place: &Place) -> Result<Slope> {
    let Sight { free, .. } = look(problem, place)?;
    let scale = column_lengths(place, None);
    let gradient: Vec<f64> = free.iter().map(|&i| along(place, i) / scale[i]).collect();
    let largest = gradient.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
    let cosine = if place.norm > 0.0 { largest / place.norm } else { 0.0 };
    Ok(Slope { length: length(&gradient), cosine, free, scale, gradient })
}

fn along(place: &Place, i: usize) -> f64 {
    place.j.column(i).iter().zip(&place.r).map(|(j, r)| j * r).sum()
}

/// Newton's step, if the second derivatives are those of a minimum.
fn newton_step(problem: &mut Problem<'_>, place: &Place, slope: &Slope) -> Result<Option<Vec<f64>>> {
    const RELATIVE: f64 = 1e-4;
    let k = slope.free.len();
    let mut hessian = Array2::zeros((k, k));
    for (column, &i) in slope.free.iter().enumerate() {
        let h = RELATIVE * if place.x[i] == 0.0 { 1.0 } else { place.x[i].abs() };
        let mut sides = Vec::with_capacity(2);
        for offset in [h, -h] {
            let mut x = place.x.clone();
            x[i] += offset;
            let inside = (problem.lower[i]..=problem.upper[i]).contains(&x[i]);
            let Some((r, norm)) = (if inside { problem.residuals(&x)? } else { None }) else { continue };
            let Some(j) = problem.jacobian(&x, &r, &place.x, false)? else { continue };
            sides.push((x[i], Place { x, r, norm, j }));
        }
        if sides.len() == 1 {
            sides.push((place.x[i], place.clone()));
        }
        let [(right, ahead), (left, behind)] = sides.as_slice() else { return Ok(None) };
        for (row, &other) in slope.free.iter().enumerate() {
            let change = (along(ahead, other) - along(behind, other)) / (right - left);
            hessian[[row, column]] = change / (slope.scale[i] * slope.scale[other]);
        }
    }
    let symmetric = 0.5 * (&hessian + &hessian.t());
    if !symmetric.iter().all(|v| v.is_finite()) {
        return Ok(None);
    }
    let eigen = linalg::eigh(symmetric.view(), Triangle::Lower)?;
    let (Some(&least), Some(&most)) = (eigen.values.first(), eigen.values.last()) else { return Ok(None) };
    if !(most > 0.0 && least > 1e-7 * most) {
        return Ok(None);
    }
    let mut step = vec![0.0; problem.n];
    for (value, vector) in eigen.values.iter().zip(eigen.vectors.columns()) {
        let part: f64 = vector.iter().zip(&slope.gradient).map(|(v, g)| v * g).sum::<f64>() / value;
        for (&i, v) in slope.free.iter().zip(vector) {
            step[i] -= part * v / slope.scale[i];
        }
    }
    Ok(Some(step))
}
