//! An interior-point method for the hinge (Ferris and Munson 2002, doi:10.1137/S1052623400374379; Mehrotra 1992, doi:10.1137/0802028).
//!
//! The dual is minimise ½αᵀZZᵀα − Σα for 0 ≤ α ≤ c, with rows zᵢ = yᵢx̃ᵢ of Z and w̃ = Zᵀα. With multipliers λ, μ ≥ 0 of the two bounds
//! its conditions are Zw̃ − 1 = λ − μ, λα = 0 and μ(c − α) = 0. Newton's steps follow them with products τ → 0 in place of zero: two
//! steps an iteration, the first of which tells how far τ can fall. Each solves
//!
//! > (ZZᵀ + D)·δ = r,  D = λ/α + μ/(c − α),
//!
//! by way of the small matrix I + ZᵀD⁻¹Z. Some twenty iterations suffice, for any number of rows and however they are scaled.

use ndarray::Array2;

use super::super::history::{Recorder, StopReason};
use super::super::rows::CHECK_EVERY;
use super::margins::Margins;
use super::newton::{factor, solve_triangles};
use super::{Ended, Problem};
use crate::error::Result;
use crate::simd::dot;

/// An α this close to its bound, as a share of c, is taken to lie on it once the iterations have ended.
const ON_BOUND: f64 = 1e-5;

/// How close to its bound a step may bring a number.
const NEARLY: f64 = 0.995;

/// Iterations without a smaller gap after which rounding is to blame.
const PATIENCE: usize = 5;

pub(super) fn solve(
    problem: &Problem<'_>,
    log: &mut Recorder,
    checkpoint: &mut dyn FnMut() -> Result<()>,
) -> Result<Ended> {
    // Rows that cost nothing have α = 0.
    let counted: Vec<usize> = (0..problem.rows.count).filter(|&i| problem.costs[i] > 0.0).collect();
    let mut point = Point::new(problem, counted);
    let mut best: Option<(f64, Margins)> = None;
    let (mut steps, mut effort, mut worse) = (0, 0, 0);
    let stop = loop {
        effort += (problem.rows.columns + 8) * problem.effort();
        if effort > CHECK_EVERY {
            checkpoint()?;
            effort = 0;
        }
        let margins = point.margins(problem);
        let primal = problem.primal(&margins);
        let gap = primal - point.dual(&margins);
        problem.record(log, &margins, primal, gap);
        let better = best.as_ref().is_none_or(|(least, _)| gap < *least);
        worse = if better { 0 } else { worse + 1 };
        if better {
            best = Some((gap, margins.clone()));
        }
        if gap <= problem.tol * primal {
            break StopReason::Converged;
        }
        if worse == PATIENCE || point.counted.is_empty() {
            break StopReason::Precision;
        }
        if steps == problem.max_iter {
            break StopReason::MaxIter;
        }
        if !point.advance(problem, &margins)? {
            break StopReason::Precision;
        }
        steps += 1;
    };
    let (mut gap, mut margins) = best.unwrap_or_else(|| (0.0, Margins::zero(problem)));
    let mut stop = stop;
    if let Some(exact) = point.on_the_edge(problem)? {
        let primal = problem.primal(&exact.1);
        if exact.0 < gap && primal <= problem.primal(&margins) {
            problem.record(log, &exact.1, primal, exact.0);
            (gap, margins) = exact;
            steps += 1;
            if gap <= problem.tol * primal {
                stop = StopReason::Converged;
            }
        }
    }
    Ok(Ended { margins, steps, stop, gap })
}

/// α, c − α and their multipliers, for the rows that count.
struct Point {
    counted: Vec<usize>,
    alpha: Vec<f64>,
    room: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

/// Changes of all four.
struct Change {
    alpha: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl Point {
    fn new(problem: &Problem<'_>, counted: Vec<usize>) -> Self {
        let half: Vec<f64> = counted.iter().map(|&i| 0.5 * problem.costs[i]).collect();
        let mut point = Point {
            alpha: half.clone(),
            room: half,
            lower: vec![0.0; counted.len()],
            upper: vec![0.0; counted.len()],
            counted,
        };
        let margins = point.margins(problem);
        for (k, &i) in point.counted.iter().enumerate() {
            // The conditions hold from the start, but for the products.
            let over = problem.y[i] * margins.z[i] - 1.0;
            point.lower[k] = over.max(0.0) + 1.0;
            point.upper[k] = (-over).max(0.0) + 1.0;
        }
        point
    }

    /// A value for each row of all, from one for each row that counts.
    fn spread(&self, problem: &Problem<'_>, value: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        let mut all = vec![0.0; problem.rows.count];
        self.counted.iter().enumerate().for_each(|(k, &i)| all[i] = value(k, i));
        all
    }

    /// w̃ = Zᵀα and what it gives.
    fn margins(&self, problem: &Problem<'_>) -> Margins {
        let mut margins = Margins::zero(problem);
        margins.weights = problem.combined(&self.spread(problem, |k, i| self.alpha[k] * problem.y[i]));
        let weights = margins.weights.clone();
        problem.net_inputs(&weights, &mut margins.z);
        margins
    }

    /// D.
    fn dual(&self, margins: &Margins) -> f64 {
        self.alpha.iter().sum::<f64>() - 0.5 * dot(&margins.weights, &margins.weights)
    }

    /// The duality gap and the weights when every α near a bound is put onto it, and the others are such that their rows lie on the edge of
    /// the margin, yz = 1, exactly; the iterations only come near to that. None where the edge holds more rows than can be independent.
    fn on_the_edge(mut self, problem: &Problem<'_>) -> Result<Option<(f64, Margins)>> {
        let mut edge = Vec::new();
        for (k, &i) in self.counted.iter().enumerate() {
            let cost = problem.costs[i];
            if self.alpha[k] < ON_BOUND * cost {
                self.alpha[k] = 0.0;
            } else if self.room[k] < ON_BOUND * cost {
                self.alpha[k] = cost;
            } else {
                edge.push(k);
            }
        }
        if edge.len() > problem.rows.columns + 1 {
            return Ok(None);
        }
        let row = |k: usize| problem.rows.row(self.counted[k]);
        let sign = |k: usize| problem.y[self.counted[k]];
        let squared = problem.scaling * problem.scaling;
        let mut products = Array2::from_shape_fn((edge.len(), edge.len()), |(a, b)| {
            sign(edge[a]) * sign(edge[b]) * (dot(row(edge[a]), row(edge[b])) + squared)
        });
        let ridge = 1e-13 * products.diag().sum() / edge.len().max(1) as f64;
        products.diag_mut().mapv_inplace(|d| d + ridge);
        let root = if edge.is_empty() { None } else { Some(factor(products)?) };
        let mut margins = self.margins(problem);
        for _ in 0..3 {
            let Some(root) = &root else { break };
            let short = |k: &usize| 1.0 - problem.y[self.counted[*k]] * margins.z[self.counted[*k]];
            let mut change: Vec<f64> = edge.iter().map(short).collect();
            solve_triangles(root, &mut change);
            for (&k, change) in edge.iter().zip(&change) {
                self.alpha[k] = (self.alpha[k] + change).clamp(0.0, problem.costs[self.counted[k]]);
            }
            margins = self.margins(problem);
        }
        Ok(Some((problem.primal(&margins) - self.dual(&margins), margins)))
    }

    /// One iteration; false where it goes nowhere.
    fn advance(&mut self, problem: &Problem<'_>, margins: &Margins) -> Result<bool> {
        let m = self.counted.len();
        let inverse: Vec<f64> =
            (0..m).map(|k| 1.0 / (self.lower[k] / self.alpha[k] + self.upper[k] / self.room[k])).collect();
        let root = factor(problem.matrix(&self.spread(problem, |k, _| inverse[k].sqrt())))?;
        let products: f64 = (0..m).map(|k| self.lower[k] * self.alpha[k] + self.upper[k] * self.room[k]).sum();
        let mean = products / (2 * m) as f64;

        let first = self.change(problem, margins, &root, &inverse, 0.0, None);
        let share = self.share(&first);
        let reached: f64 = (0..m)
            .map(|k| {
                (self.lower[k] + share * first.lower[k]) * (self.alpha[k] + share * first.alpha[k])
                    + (self.upper[k] + share * first.upper[k]) * (self.room[k] - share * first.alpha[k])
            })
            .sum();
        let fraction = (reached / products).clamp(0.0, 1.0);
        let change = self.change(problem, margins, &root, &inverse, fraction.powi(3) * mean, Some(&first));
        let share = (NEARLY * self.share(&change)).min(1.0);
        if !(share > 1e-10) {
            return Ok(false);
        }
        for k in 0..m {
            self.alpha[k] += share * change.alpha[k];
            self.room[k] -= share * change.alpha[k];
            self.lower[k] += share * change.lower[k];
            self.upper[k] += share * change.upper[k];
        }
        Ok(true)
    }

    /// Newton's step towards products τ, with what a step before has left out.
    fn change(
        &self,
        problem: &Problem<'_>,
        margins: &Margins,
        root: &Array2<f64>,
        inverse: &[f64],
        tau: f64,
        before: Option<&Change>,
    ) -> Change {
        let m = self.counted.len();
        let (mut at_lower, mut at_upper, mut right) = (vec![0.0; m], vec![0.0; m], vec![0.0; m]);
        for (k, &i) in self.counted.iter().enumerate() {
            let (second_lower, second_upper) =
                before.map_or((0.0, 0.0), |one| (one.alpha[k] * one.lower[k], -one.alpha[k] * one.upper[k]));
            at_lower[k] = (tau - second_lower) / self.alpha[k] - self.lower[k];
            at_upper[k] = (tau - second_upper) / self.room[k] - self.upper[k];
            let residual = 1.0 - problem.y[i] * margins.z[i] + self.lower[k] - self.upper[k];
            right[k] = residual + at_lower[k] - at_upper[k];
        }
        let mut weights = problem.combined(&self.spread(problem, |k, i| inverse[k] * right[k] * problem.y[i]));
        solve_triangles(root, &mut weights);
        let mut along = vec![0.0; problem.rows.count];
        problem.net_inputs(&weights, &mut along);
        let mut change = Change { alpha: vec![0.0; m], lower: at_lower, upper: at_upper };
        for (k, &i) in self.counted.iter().enumerate() {
            let alpha = inverse[k] * (right[k] - problem.y[i] * along[i]);
            change.alpha[k] = alpha;
            change.lower[k] -= self.lower[k] / self.alpha[k] * alpha;
            change.upper[k] += self.upper[k] / self.room[k] * alpha;
        }
        change
    }

    /// The largest share of a step that leaves everything positive.
    fn share(&self, change: &Change) -> f64 {
        let mut share = 1.0_f64 / NEARLY;
        for k in 0..self.counted.len() {
            let steps = [
                (self.alpha[k], change.alpha[k]),
                (self.room[k], -change.alpha[k]),
                (self.lower[k], change.lower[k]),
                (self.upper[k], change.upper[k]),
            ];
            for (value, step) in steps {
                if step < 0.0 {
                    share = share.min(-value / step);
                }
            }
        }
        share
    }
}
