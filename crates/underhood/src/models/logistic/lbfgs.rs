//! Curvature that the last steps have shown (two-loop recursion, Nocedal 1980): instead of a Hessian (L-BFGS), or to amend one that is kept.

use std::collections::VecDeque;

use super::objective::Objective;
use super::search::Search;
use crate::error::Error;
use crate::models::history::StopReason;
use crate::simd::dot;

/// How many steps are remembered.
const MEMORY: usize = 20;

/// A step s, the gradient's change y along it, and 1/(s·y).
struct Pair {
    s: Vec<f64>,
    y: Vec<f64>,
    inverse: f64,
}

/// The steps that are remembered.
#[derive(Default)]
pub(super) struct Pairs(VecDeque<Pair>);

impl Pairs {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Remembers the step that a search has just made from where its gradient was `before`.
    pub(super) fn remember(&mut self, search: &Search, before: &[f64]) {
        let s = search.last.clone();
        let y: Vec<f64> = search.gradient.iter().zip(before).map(|(new, old)| new - old).collect();
        let curvature = dot(&s, &y);
        if curvature > f64::EPSILON * dot(&y, &y) {
            if self.0.len() == MEMORY {
                self.0.pop_front();
            }
            self.0.push_back(Pair { s, y, inverse: 1.0 / curvature });
        }
    }

    /// −H⁻¹g for the H that the pairs make of the one whose inverse `initial` applies; without it, of a multiple of the identity.
    pub(super) fn direction(&self, gradient: &[f64], initial: Option<&dyn Fn(&mut [f64])>) -> Vec<f64> {
        let add = |to: &mut [f64], factor: f64, v: &[f64]| to.iter_mut().zip(v).for_each(|(t, v)| *t += factor * v);
        let mut q: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut alphas = Vec::with_capacity(self.0.len());
        for pair in self.0.iter().rev() {
            let alpha = pair.inverse * dot(&pair.s, &q);
            add(&mut q, -alpha, &pair.y);
            alphas.push(alpha);
        }
        match (initial, self.0.back()) {
            (Some(apply), _) => apply(&mut q),
            (None, Some(last)) => {
                let scale = 1.0 / (last.inverse * dot(&last.y, &last.y));
                q.iter_mut().for_each(|q| *q *= scale);
            }
            (None, None) => {}
        }
        for (pair, alpha) in self.0.iter().zip(alphas.iter().rev()) {
            let beta = pair.inverse * dot(&pair.y, &q);
            add(&mut q, alpha - beta, &pair.s);
        }
        q
    }
}

/// Searches without a Hessian.
pub(super) fn minimise<E: From<Error>>(
    objective: &mut Objective<'_>,
    start: Vec<f64>,
    tol: f64,
    max_iter: usize,
    keep: bool,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Search, E> {
    let mut search = Search::start(objective, start, keep, false);
    let mut pairs = Pairs::default();
    loop {
        checkpoint()?;
        if search.gradient_norm <= tol {
            search.stop = StopReason::Converged;
            return Ok(search);
        }
        if search.iterations == max_iter {
            return Ok(search);
        }
        let before = search.gradient.clone();
        let direction = pairs.direction(&before, None);
        if search.advance(objective, &direction, dot(&before, &direction), false) {
            pairs.remember(&search, &before);
        } else if pairs.is_empty() {
            search.stop = search.stuck();
            return Ok(search);
        } else {
            // What the steps have shown misleads near rounding: forget it and try the gradient itself.
            pairs.clear();
        }
    }
}
