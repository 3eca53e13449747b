//! Curvature that the last steps have shown (two-loop recursion, Nocedal 1980): to amend a Hessian that is kept, or one that is known in part
//! (L-BFGS with a preconditioner; Nocedal and Wright 2006, Numerical Optimization, section 7.2).

use std::collections::VecDeque;

use super::cholesky::Cholesky;
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

    /// −H⁻¹g for the H that the pairs make of the one whose inverse `initial` applies.
    pub(super) fn direction(&self, gradient: &[f64], initial: &dyn Fn(&mut [f64])) -> Vec<f64> {
        let add = |to: &mut [f64], factor: f64, v: &[f64]| to.iter_mut().zip(v).for_each(|(t, v)| *t += factor * v);
        let mut q: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut alphas = Vec::with_capacity(self.0.len());
        for pair in self.0.iter().rev() {
            let alpha = pair.inverse * dot(&pair.s, &q);
            add(&mut q, -alpha, &pair.y);
            alphas.push(alpha);
        }
        initial(&mut q);
        for (pair, alpha) in self.0.iter().zip(alphas.iter().rev()) {
            let beta = pair.inverse * dot(&pair.y, &q);
            add(&mut q, alpha - beta, &pair.s);
        }
        q
    }
}

/// Columns of more than these have the curvature of each plane's unknowns looked at one by one.
const MANY_COLUMNS: usize = 600;

/// The curvature is looked at again after so many steps, then after twice as many, and so on.
const FIRST_AGE: usize = 5;

/// The part of the Hessian that is cheap to have: what each plane feels of its own unknowns.
enum Curvature {
    Blocks(Vec<Cholesky>),
    Diagonal(Vec<f64>),
}

impl Curvature {
    fn of(objective: &mut Objective<'_>, theta: &[f64]) -> Self {
        if theta.len() / objective.planes > MANY_COLUMNS {
            return Curvature::Diagonal(objective.diagonal(theta));
        }
        Curvature::Blocks(objective.own_curvatures(theta).iter().map(Cholesky::of).collect())
    }

    /// Whether none of it is singular in doubles.
    fn whole(&self) -> bool {
        match self {
            Curvature::Blocks(blocks) => blocks.iter().all(|block| block.whole),
            Curvature::Diagonal(_) => true,
        }
    }

    /// q ← H₀⁻¹·q. No probability feels a number that is added to the same unknown of all planes, and at the minimum each such sum is zero:
    /// steps that would change the sums, in which next to nothing bends J, are taken out.
    fn solve(&self, planes: usize, q: &mut [f64]) {
        without_sums(planes, q);
        match self {
            Curvature::Blocks(blocks) => {
                let m = q.len() / planes;
                q.chunks_exact_mut(m).zip(blocks).for_each(|(own, block)| block.solve(own));
            }
            Curvature::Diagonal(diagonal) => q.iter_mut().zip(diagonal).for_each(|(q, d)| *q /= d),
        }
        without_sums(planes, q);
    }
}

/// Takes from each unknown its mean over the planes, if there are several.
fn without_sums(planes: usize, q: &mut [f64]) {
    if planes == 1 {
        return;
    }
    let m = q.len() / planes;
    for j in 0..m {
        let mean = (0..planes).map(|k| q[k * m + j]).sum::<f64>() / planes as f64;
        (0..planes).for_each(|k| q[k * m + j] -= mean);
    }
}

/// Searches without a Hessian of all unknowns. What the steps show amends the curvature of the planes by themselves, which takes units and
/// correlations of the columns out of the search.
pub(super) fn minimise<E: From<Error>>(
    objective: &mut Objective<'_>,
    mut start: Vec<f64>,
    tol: f64,
    max_iter: usize,
    keep: bool,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Search, E> {
    let planes = objective.planes;
    without_sums(planes, &mut start);
    let mut search = Search::start(objective, start, keep, false);
    let mut pairs = Pairs::default();
    let mut curvature: Option<Curvature> = None;
    let (mut age, mut serves) = (0, FIRST_AGE);
    loop {
        checkpoint()?;
        if search.gradient_norm <= tol {
            search.stop = StopReason::Converged;
            return Ok(search);
        }
        if search.iterations == max_iter {
            return Ok(search);
        }
        if curvature.is_some() && age == serves {
            (curvature, age, serves) = (None, 0, 2 * serves);
        }
        let own = curvature.get_or_insert_with(|| Curvature::of(objective, &search.theta));
        let before = search.gradient.clone();
        let direction = pairs.direction(&before, &|q| own.solve(planes, q));
        let slope = dot(&before, &direction);
        if search.advance(objective, &direction, slope, false) {
            pairs.remember(&search, &before);
            age += 1;
        } else if pairs.is_empty() && age == 0 {
            search.stop = search.stuck(slope, curvature.as_ref().is_none_or(Curvature::whole));
            return Ok(search);
        } else {
            // What the steps have shown misleads near rounding: forget it, and look again.
            pairs.clear();
            (curvature, age) = (None, 0);
        }
    }
}
