//! Newton's method: the step −H⁻¹g, with a Hessian that is formed anew only when the last one no longer serves.

use super::cholesky::Cholesky;
use super::objective::Objective;
use super::{Search, StopReason};
use crate::error::Error;

/// A kept Hessian serves as long as each step leaves at most this share of the gradient.
const SERVES: f64 = 0.1;

pub(super) fn minimise<E: From<Error>>(
    objective: &mut Objective<'_>,
    start: Vec<f64>,
    tol: f64,
    max_iter: usize,
    keep: bool,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Search, E> {
    let mut search = Search::start(objective, start, keep);
    let mut kept: Option<Cholesky> = None;
    loop {
        checkpoint()?;
        if search.gradient_norm <= tol {
            search.stop = StopReason::Converged;
            return Ok(search);
        }
        if search.iterations == max_iter {
            return Ok(search);
        }
        let fresh = kept.is_none();
        let factor = kept.take().unwrap_or_else(|| Cholesky::of(objective.hessian(&search.theta)));
        let mut direction = search.gradient.clone();
        factor.solve(&mut direction);
        direction.iter_mut().for_each(|d| *d = -*d);

        let before = search.gradient_norm;
        let moved = search.advance(objective, &direction);
        if !moved && fresh {
            search.stop = search.stuck();
            return Ok(search);
        }
        if moved && search.gradient_norm <= SERVES * before {
            kept = Some(factor);
        }
    }
}
