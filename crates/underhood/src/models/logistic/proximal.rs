//! Proximal Newton for weights that cost their absolute value (Yuan, Ho and Lin 2012, JMLR 13, 1999–2030, "newGLMNET"): J's smooth part is
//! replaced by its quadratic model, the kinks stay, and the minimum of both is where the next step goes.
//!
//! At a minimum the slope of a weight that is not zero is balanced by its price, and that of a weight that is zero is within it; how far this
//! is from being so is what `tol` is compared with.

use ndarray::Array2;

use super::objective::{Examples, Objective, Penalty, excess};
use super::scaling::Scaling;
use super::search::Search;
use super::{FIT, HESSIAN_LIMIT, quadratic};
use crate::error::Error;
use crate::models::history::StopReason;
use crate::simd::dot;

/// A kept Hessian serves as long as each step leaves at most this share of the violation.
const SERVES: f64 = 0.02;

/// How many columns are taken up at once at first, when there are too many for one Hessian.
const FIRST: usize = 50;

pub(super) fn minimise<E: From<Error>>(
    objective: &mut Objective<'_>,
    start: Vec<f64>,
    tol: f64,
    max_iter: usize,
    keep: bool,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Search, E> {
    let prices: Vec<f64> = objective.absolute_prices().collect();
    let mut search = Search::start(objective, start, keep, true);
    let mut kept: Option<Array2<f64>> = None;
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
        let Some(hessian) = search.hessian.take().or(kept.take()) else { return Ok(search) };
        let enough = (1e-4 * search.gradient_norm).max(0.1 * tol);
        let to = quadratic::minimise(&hessian, &search.gradient, &search.theta, &prices, enough, checkpoint)?;
        let direction: Vec<f64> = to.iter().zip(&search.theta).map(|(to, from)| to - from).collect();
        let change = |((to, from), price): ((&f64, &f64), &f64)| price * (to.abs() - from.abs());
        let slope =
            dot(&search.gradient, &direction) + to.iter().zip(&search.theta).zip(&prices).map(change).sum::<f64>();
        let before = search.gradient_norm;
        if search.advance(objective, &direction, slope, anew) {
            let left = search.gradient_norm / before;
            anew = left > SERVES;
            kept = (!anew).then_some(hessian);
        } else if fresh {
            search.stop = search.stuck(slope, true);
            return Ok(search);
        }
    }
}

/// The same with too many columns for one Hessian: the minimum among a few columns, then those that do not meet the conditions join them,
/// until none is left (working sets; Massias, Gramfort and Salmon 2018, ICML).
pub(super) fn minimise_wide<E: From<Error>>(
    examples: Examples<'_>,
    scaling: &Scaling,
    penalty: Penalty,
    tol: f64,
    max_iter: usize,
    keep: bool,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Search, E> {
    let (columns, planes) = (examples.rows.columns, examples.planes());
    let m = columns + 1;
    let mut whole = Objective::new(examples, scaling, penalty);
    let prices: Vec<f64> = whole.absolute_prices().take(m).collect();
    let mut search = Search::start(&mut whole, vec![0.0; planes * m], keep, false);
    let mut room = FIRST;
    let mut last: Option<(Vec<usize>, StopReason)> = None;
    loop {
        checkpoint()?;
        if search.gradient_norm <= tol {
            search.stop = StopReason::Converged;
            return Ok(search);
        }
        if search.iterations == max_iter {
            return Ok(search);
        }
        let some = working_set(&search, m, &prices, room);
        if let Some((before, stop)) = &last
            && *before == some
        {
            // Nobody is left to join: it is the minimum among these that is not good enough.
            search.stop = *stop;
            return Ok(search);
        }
        if planes * (some.len() + 1) > HESSIAN_LIMIT {
            let problem = format!(
                "leaves more than {} weights that are not zero, whose Hessian would not fit memory; take a smaller C or a larger l1_ratio",
                HESSIAN_LIMIT
            );
            return Err(Error::Invalid { function: FIT, argument: "C", problem }.into());
        }
        let rows = examples.rows.some_columns(&some);
        let few = scaling.some(&some);
        let mut part = Objective::new(Examples { rows: &rows, ..examples }, &few, penalty);
        let places: Vec<usize> =
            (0..planes).flat_map(|k| some.iter().copied().chain([columns]).map(move |j| k * m + j)).collect();
        let start = places.iter().map(|&at| search.theta[at]).collect();
        let found = minimise(&mut part, start, tol, max_iter, false, checkpoint)?;
        let mut theta = search.theta.clone();
        places.iter().zip(&found.theta).for_each(|(&at, &v)| theta[at] = v);
        search.jump(&mut whole, theta);
        last = Some((some, found.stop));
        room *= 2;
    }
}

/// The columns of weights that are not zero, and up to `room` more: those that are farthest from meeting the conditions.
fn working_set(search: &Search, m: usize, prices: &[f64], room: usize) -> Vec<usize> {
    let mut used = Vec::new();
    let mut others = Vec::new();
    for j in 0..m - 1 {
        let of_planes = || (j..search.theta.len()).step_by(m);
        if of_planes().any(|at| search.theta[at] != 0.0) {
            used.push(j);
            continue;
        }
        let beyond = of_planes().map(|at| excess(search.gradient[at], prices[j])).fold(0.0, f64::max);
        if beyond > 0.0 {
            others.push((beyond, j));
        }
    }
    others.sort_by(|a, b| b.0.total_cmp(&a.0));
    used.extend(others.iter().take(room.max(used.len())).map(|&(_, j)| j));
    used.sort_unstable();
    used
}
