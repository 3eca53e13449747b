//! L-BFGS: the curvature that the last steps have shown stands in for the Hessian (two-loop recursion, Nocedal 1980).

use std::collections::VecDeque;

use super::objective::Objective;
use super::{Search, StopReason};
use crate::error::Error;
use crate::simd::dot;

/// How many steps are remembered.
const MEMORY: usize = 20;

/// A step s, the gradient's change y along it, and 1/(s·y).
struct Pair {
    s: Vec<f64>,
    y: Vec<f64>,
    inverse: f64,
}

pub(super) fn minimise<E: From<Error>>(
    objective: &mut Objective<'_>,
    start: Vec<f64>,
    tol: f64,
    max_iter: usize,
    keep: bool,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Search, E> {
    let mut search = Search::start(objective, start, keep);
    let mut pairs: VecDeque<Pair> = VecDeque::new();
    loop {
        checkpoint()?;
        if search.gradient_norm <= tol {
            search.stop = StopReason::Converged;
            return Ok(search);
        }
        if search.iterations == max_iter {
            return Ok(search);
        }
        let before = (search.theta.clone(), search.gradient.clone());
        if !search.advance(objective, &direction(&search.gradient, &pairs)) {
            if pairs.is_empty() {
                search.stop = search.stuck();
                return Ok(search);
            }
            // What the steps have shown misleads near rounding: forget it and try the gradient itself.
            pairs.clear();
            continue;
        }
        let s: Vec<f64> = search.theta.iter().zip(&before.0).map(|(new, old)| new - old).collect();
        let y: Vec<f64> = search.gradient.iter().zip(&before.1).map(|(new, old)| new - old).collect();
        let curvature = dot(&s, &y);
        if curvature > f64::EPSILON * dot(&y, &y) {
            if pairs.len() == MEMORY {
                pairs.pop_front();
            }
            pairs.push_back(Pair { s, y, inverse: 1.0 / curvature });
        }
    }
}

/// −H⁻¹g for the H that the pairs imply.
fn direction(gradient: &[f64], pairs: &VecDeque<Pair>) -> Vec<f64> {
    let add = |to: &mut [f64], factor: f64, v: &[f64]| to.iter_mut().zip(v).for_each(|(t, v)| *t += factor * v);
    let mut q: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut alphas = Vec::with_capacity(pairs.len());
    for pair in pairs.iter().rev() {
        let alpha = pair.inverse * dot(&pair.s, &q);
        add(&mut q, -alpha, &pair.y);
        alphas.push(alpha);
    }
    if let Some(last) = pairs.back() {
        let scale = 1.0 / (last.inverse * dot(&last.y, &last.y));
        q.iter_mut().for_each(|q| *q *= scale);
    }
    for (pair, alpha) in pairs.iter().zip(alphas.iter().rev()) {
        let beta = pair.inverse * dot(&pair.y, &q);
        add(&mut q, alpha - beta, &pair.s);
    }
    q
}
