//! An interior-point method for the hinge (Ferris and Munson 2002, doi:10.1137/S1052623400374379; Mehrotra 1992, doi:10.1137/0802028).
//!
//! The dual is minimise ½αᵀZZᵀα − Σα for 0 ≤ α ≤ c, with rows zᵢ = yᵢx̃ᵢ of Z. With multipliers λ, μ ≥ 0 of the two bounds
//! the conditions of both problems are w̃ = Zᵀα, Zw̃ − 1 = λ − μ, λα = 0 and μ(c − α) = 0. Newton's steps follow them with products τ → 0
//! in place of zero: two steps an iteration, the first of which tells how far τ can fall. Each solves
//!
//! > (I + ZᵀD⁻¹Z)·δw̃ = Zᵀα − w̃ + ZᵀD⁻¹r,  D·δα = r − Zδw̃,  D = λ/α + μ/(c − α).
//!
//! Some twenty iterations suffice, for any number of rows. The weights walk by themselves and are not made from α each time: of columns
//! around 10⁷ the sum Zᵀα, whose terms are as large, leaves no digit of weights around 10⁻⁷. Every w̃ bounds the minimum from above
//! and every α from below, so that the least P and the largest D seen make the gap.

use ndarray::Array2;

use super::super::history::{Recorder, StopReason};
use super::super::rows::CHECK_EVERY;
use super::margins::{Margins, distance};
use super::newton::{factor, solve_triangles};
use super::{Ended, Problem, SMALL};
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
    // The least P, the margins that gave it, and the largest D.
    let mut best = (f64::INFINITY, Margins::zero(problem));
    let mut bound = f64::NEG_INFINITY;
    let (mut steps, mut effort, mut worse) = (0, 0, 0);
    let mut stop = loop {
        effort += (problem.rows.columns + 8) * problem.effort();
        if effort > CHECK_EVERY {
            checkpoint()?;
            effort = 0;
        }
        let margins = point.margins(problem);
        let combined = point.combined(problem);
        let (primal, dual) = (problem.primal(&margins), point.dual(&combined));
        problem.record(log, &margins, primal, distance(primal - dual));
        let better = primal < best.0 || dual > bound;
        worse = if better { 0 } else { worse + 1 };
        bound = bound.max(dual);
        if primal < best.0 {
            best = (primal, margins.clone());
        }
        if best.0 - bound <= problem.tol * best.0 {
            break StopReason::Converged;
        }
        if worse == PATIENCE || point.counted.is_empty() {
            break StopReason::Precision;
        }
        if steps == problem.max_iter {
            break StopReason::MaxIter;
        }
        if !point.advance(problem, &margins, &combined)? {
            break StopReason::Precision;
        }
        steps += 1;
    };
    if let Some((dual, margins)) = point.on_the_edge(problem)? {
        let primal = problem.primal(&margins);
        if primal <= best.0 && primal - dual < best.0 - bound {
            problem.record(log, &margins, primal, distance(primal - dual));
            (best, bound) = ((primal, margins), dual);
            steps += 1;
        }
    }
    let gap = best.0 - bound;
    if gap <= problem.tol * best.0 {
        stop = StopReason::Converged;
    } else if stop == StopReason::Precision && !(gap <= SMALL * best.0) {
        stop = StopReason::NoProgress;
    }
    Ok(Ended { margins: best.1, steps, stop, gap })
}

/// The weights; α, c − α and their multipliers, for the rows that count.
struct Point {
    counted: Vec<usize>,
    weights: Vec<f64>,
    alpha: Vec<f64>,
    room: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

/// Changes of all of them.
struct Change {
    weights: Vec<f64>,
    alpha: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl Point {
    /// Weights of zero, α in the middle, and the multipliers' difference Zw̃ − 1 = −1.
    fn new(problem: &Problem<'_>, counted: Vec<usize>) -> Self {
        let half: Vec<f64> = counted.iter().map(|&i| 0.5 * problem.costs[i]).collect();
        Point {
            weights: vec![0.0; problem.rows.columns + 1],
            alpha: half.clone(),
            room: half,
            lower: vec![1.0; counted.len()],
            upper: vec![2.0; counted.len()],
            counted,
        }
    }

    /// A value for each row of all, from one for each row that counts.
    fn spread(&self, problem: &Problem<'_>, value: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        let mut all = vec![0.0; problem.rows.count];
        self.counted.iter().enumerate().for_each(|(k, &i)| all[i] = value(k, i));
        all
    }

    /// What the weights give.
    fn margins(&self, problem: &Problem<'_>) -> Margins {
        let mut margins = Margins { weights: self.weights.clone(), ..Margins::zero(problem) };
        problem.net_inputs(&self.weights, &mut margins.z);
        margins
    }

    /// Zᵀα.
    fn combined(&self, problem: &Problem<'_>) -> Vec<f64> {
        problem.combined(&self.spread(problem, |k, i| self.alpha[k] * problem.y[i]))
    }

    /// D, of Zᵀα.
    fn dual(&self, combined: &[f64]) -> f64 {
        self.alpha.iter().sum::<f64>() - 0.5 * dot(combined, combined)
    }

    /// D and the weights Zᵀα when every α near a bound is put onto it, and the others are such that their rows lie on the edge of
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
        let root = if edge.is_empty() { None } else { Some(factor(products)?.0) };
        self.weights = self.combined(problem);
        let mut margins = self.margins(problem);
        for _ in 0..3 {
            let Some(root) = &root else { break };
            let short = |k: &usize| 1.0 - problem.y[self.counted[*k]] * margins.z[self.counted[*k]];
            let mut change: Vec<f64> = edge.iter().map(short).collect();
            solve_triangles(root, &mut change);
            for (&k, change) in edge.iter().zip(&change) {
                self.alpha[k] = (self.alpha[k] + change).clamp(0.0, problem.costs[self.counted[k]]);
            }
            self.weights = self.combined(problem);
            margins = self.margins(problem);
        }
        Ok(Some((self.dual(&self.weights), margins)))
    }

    /// One iteration; false where it goes nowhere.
    fn advance(&mut self, problem: &Problem<'_>, margins: &Margins, combined: &[f64]) -> Result<bool> {
        let m = self.counted.len();
        let inverse: Vec<f64> =
            (0..m).map(|k| 1.0 / (self.lower[k] / self.alpha[k] + self.upper[k] / self.room[k])).collect();
        let matrix = problem.matrix(&self.spread(problem, |k, _| inverse[k].sqrt()));
        if !matrix.iter().all(|v| v.is_finite()) {
            return Ok(false);
        }
        let root = factor(matrix)?.0;
        let left: Vec<f64> = combined.iter().zip(&self.weights).map(|(c, w)| c - w).collect();
        let products: f64 = (0..m).map(|k| self.lower[k] * self.alpha[k] + self.upper[k] * self.room[k]).sum();
        let mean = products / (2 * m) as f64;

        let first = self.change(problem, margins, &left, (&root, &inverse), 0.0, None);
        let share = self.share(&first);
        let reached: f64 = (0..m)
            .map(|k| {
                (self.lower[k] + share * first.lower[k]) * (self.alpha[k] + share * first.alpha[k])
                    + (self.upper[k] + share * first.upper[k]) * (self.room[k] - share * first.alpha[k])
            })
            .sum();
        let fraction = (reached / products).clamp(0.0, 1.0);
        let change = self.change(problem, margins, &left, (&root, &inverse), fraction.powi(3) * mean, Some(&first));
        let share = (NEARLY * self.share(&change)).min(1.0);
        if !(share > 1e-10) {
            return Ok(false);
        }
        self.weights.iter_mut().zip(&change.weights).for_each(|(w, d)| *w += share * d);
        for k in 0..m {
            self.alpha[k] += share * change.alpha[k];
            self.room[k] -= share * change.alpha[k];
            self.lower[k] += share * change.lower[k];
            self.upper[k] += share * change.upper[k];
        }
        Ok(true)
    }

    /// Newton's step towards products τ, with what a step before has left out; `left` is Zᵀα − w̃.
    fn change(
        &self,
        problem: &Problem<'_>,
        margins: &Margins,
        left: &[f64],
        (root, inverse): (&Array2<f64>, &[f64]),
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
        weights.iter_mut().zip(left).for_each(|(w, left)| *w += left);
        solve_triangles(root, &mut weights);
        let mut along = vec![0.0; problem.rows.count];
        problem.net_inputs(&weights, &mut along);
        let mut change = Change { weights, alpha: vec![0.0; m], lower: at_lower, upper: at_upper };
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
