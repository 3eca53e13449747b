//! Newton's method: the step −H⁻¹g. A Hessian is kept while it serves, amended by the curvature that the steps since then have shown.

use super::cholesky::Cholesky;
use super::lbfgs::Pairs;
use super::objective::Objective;
use super::search::Search;
use crate::error::Error;
use crate::models::history::StopReason;
use crate::simd::dot;

/// A kept Hessian serves as long as each step leaves at most this share of the gradient.
const SERVES: f64 = 0.3;

/// A step that leaves more than this share is followed by one with a Hessian of its own, which is formed on the way.
const PROMISES: f64 = 0.02;

pub(super) fn minimise<E: From<Error>>(
    objective: &mut Objective<'_>,
    start: Vec<f64>,
    tol: f64,
    max_iter: usize,
    keep: bool,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Search, E> {
    let mut search = Search::start(objective, start, keep, true);
    let mut kept: Option<Cholesky> = None;
    let mut pairs = Pairs::default();
    let mut anew = true;
    loop {
        checkpoint()?;
        if search.gradient_norm <= tol {
            search.stop = StopReason::Converged;
            return Ok(search);
        }
        if search.iterations == max_iter {
            return Ok(search);
        }
        if kept.is_none() && search.hessian.is_none() {
            search.look(objective, true);
        }
        let fresh = search.hessian.is_some();
        if let Some(hessian) = &search.hessian {
            kept = Some(Cholesky::of(hessian));
            pairs.clear();
        }
        let before = (search.gradient.clone(), search.gradient_norm);
        let solve = |q: &mut [f64]| {
            if let Some(factor) = &kept {
                factor.solve(q);
            }
        };
        let direction = pairs.direction(&before.0, &solve);
        let slope = dot(&before.0, &direction);
        let moved = search.advance(objective, &direction, slope, anew);
        if !moved {
            if fresh {
                search.stop = search.stuck(slope, kept.as_ref().is_none_or(|factor| factor.whole));
                return Ok(search);
            }
            kept = None;
            continue;
        }
        pairs.remember(&search, &before.0);
        let left = search.gradient_norm / before.1;
        anew = left > PROMISES;
        if !(left <= SERVES) {
            kept = None;
        }
    }
}
