//! Coordinate descent for the elastic net, with a certificate: the duality gap.
//!
//! With m the sum of the rows' weights, λ₁ = α·l1_ratio and λ₂ = α·(1 − l1_ratio), minimised is
//!
//! > P(w) = ‖y − Xw‖²/(2m) + λ₁‖w‖₁ + λ₂‖w‖²/2
//!
//! one weight at a time: with all others fixed, the best w_j is S(x_jᵀe_j, mλ₁)/(‖x_j‖² + mλ₂), where e_j are the residuals without column j
//! and S(z, t) takes t off the size of z, down to zero (J. Friedman, T. Hastie, R. Tibshirani, J. Stat. Softw. 33 (2010) 1,
//! doi:10.18637/jss.v033.i01). Where rows are many, XᵀX stands for them and a sweep costs the same for any number of rows; else the residuals are
//! kept up to date, and after each sweep over all columns some follow over the nonzero ones.
//!
//! **The gap.** With the ridge part read as rows √(mλ₂)·I whose target is zero, r the residuals of all rows and g = Xᵀ(y − Xw) − mλ₂w, every
//! ν = s·r with s·|g_j| ≤ mλ₁ is a point of the dual problem, whose value no w can go below. What lies between is the gap,
//!
//! > P(w) − D(ν) = [(1 − s)²‖r‖²/2 + Σ |w_j|·(mλ₁ − s·sign(w_j)·g_j)]/m:
//!
//! P(w) is at most so much above the minimum. Written so, it is a sum of positive terms and loses nothing to cancellation.
//! Columns with |s·g_j| + ‖x̃_j‖·√(2m·gap) < mλ₁ have weight zero at the minimum and need not be looked at again (the sphere test of
//! E. Ndiaye, O. Fercoq, A. Gramfort, J. Salmon, J. Mach. Learn. Res. 18 (2017) 1).
//!
//! **The finish.** While no weight changes its sign P is a quadratic, whose minimum is one linear system away: that is where sweeps would arrive
//! after many more. Now and then, therefore, steps go there at once. Where a weight would change its sign on the way, the step ends at
//! its zero; where one that is zero would gain, it joins (H. Lee, A. Battle, R. Raina, A. Y. Ng, Efficient sparse coding algorithms, NIPS 2006).

use super::triangle::Triangle;
use crate::models::rows::CHECK_EVERY;
use crate::simd::{dot, mul_add, wide_kernel};

/// The finish is left to the sweeps where more weights than this are nonzero.
const FINISHED: usize = 512;
/// Sweeps over the nonzero columns between two over all, where the residuals are kept.
const INNER: usize = 10;
/// A gap so small beside P(0) is rounding.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// Where Xᵀe comes from.
pub(super) enum Geometry<'a> {
    /// XᵀX, row by row.
    Gram(&'a [f64]),
    /// X, column after column.
    Columns(&'a [f64]),
}

/// X, y and the sizes that all α share; columns and target stand around their means.
pub(super) struct Problem<'a> {
    pub(super) geometry: Geometry<'a>,
    /// ‖x_j‖².
    pub(super) lengths: Vec<f64>,
    /// Xᵀy.
    pub(super) products: Vec<f64>,
    /// y, where the residuals are kept; else empty.
    pub(super) target: Vec<f64>,
    /// yᵀy.
    pub(super) square: f64,
    /// m.
    pub(super) total: f64,
    /// No weight may be negative.
    pub(super) positive: bool,
}

/// Products of the columns that a walk has met so far.
struct Products {
    /// Where a column stands among those met; the largest number for one that was not.
    place: Vec<usize>,
    columns: Vec<usize>,
    /// Each with those before it and itself.
    rows: Vec<Vec<f64>>,
}

impl Products {
    fn entry(&self, i: usize, j: usize) -> f64 {
        let (i, j) = (self.place[i], self.place[j]);
        self.rows[i.max(j)][i.min(j)]
    }
}

/// What one sweep left behind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sweep {
    pub(super) objective: f64,
    pub(super) gap: f64,
    pub(super) nonzero: usize,
    pub(super) change: f64,
}

/// How a descent ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Converged,
    Precision,
    MaxIter,
}

/// Weights on their way, with g = Xᵀ(y − Xw) (or, where they are kept, the residuals it comes from).
pub(super) struct Descent<'a, 'p> {
    problem: &'a Problem<'p>,
    /// mλ₁.
    lasso: f64,
    /// mλ₂.
    ridge: f64,
    pub(super) weights: Vec<f64>,
    /// Xᵀ(y − Xw).
    gradient: Vec<f64>,
    residuals: Vec<f64>,
    /// Columns that may have a weight.
    candidates: Vec<usize>,
}

impl<'a, 'p> Descent<'a, 'p> {
    pub(super) fn new(problem: &'a Problem<'p>, (lasso, ridge): (f64, f64), weights: Vec<f64>) -> Self {
        let columns = weights.len();
        let candidates = (0..columns).filter(|&j| problem.lengths[j] > 0.0).collect();
        let mut descent = Descent {
            problem,
            lasso: lasso * problem.total,
            ridge: ridge * problem.total,
            weights,
            gradient: vec![0.0; columns],
            residuals: Vec::new(),
            candidates,
        };
        for (weight, length) in descent.weights.iter_mut().zip(&problem.lengths) {
            if *length == 0.0 || (problem.positive && *weight < 0.0) {
                *weight = 0.0;
            }
        }
        descent.begin();
        descent
    }

    /// Residuals and gradient of the weights as they are, without what steps have rounded off.
    fn begin(&mut self) {
        match self.problem.geometry {
            Geometry::Gram(gram) => {
                let k = self.weights.len();
                self.gradient.clone_from(&self.problem.products);
                for (j, row) in gram.chunks_exact(k).enumerate() {
                    if self.weights[j] != 0.0 {
                        add_multiple(&mut self.gradient, -self.weights[j], row);
                    }
                }
            }
            Geometry::Columns(columns) => {
                let n = self.problem.target.len();
                self.residuals.clone_from(&self.problem.target);
                for (column, &weight) in columns.chunks_exact(n).zip(&self.weights) {
                    if weight != 0.0 {
                        add_multiple(&mut self.residuals, -weight, column);
                    }
                }
                self.correlate();
            }
        }
    }

    /// g of the candidates from the residuals; the others' is not looked at.
    fn correlate(&mut self) {
        if let Geometry::Columns(columns) = self.problem.geometry {
            let n = self.problem.target.len();
            for &j in &self.candidates {
                self.gradient[j] = dot(&columns[j * n..(j + 1) * n], &self.residuals);
            }
        }
    }

    /// g of all columns, those left out included.
    pub(super) fn whole_gradient(&mut self) -> &[f64] {
        self.candidates = (0..self.weights.len()).collect();
        self.correlate();
        &self.gradient
    }

    /// The best weight of column j while the others stay; how far it moved.
    fn step(&mut self, j: usize) -> f64 {
        let (problem, old, length) = (self.problem, self.weights[j], self.problem.lengths[j]);
        let k = self.weights.len();
        let column = match problem.geometry {
            Geometry::Gram(_) => &[],
            Geometry::Columns(columns) => {
                let n = problem.target.len();
                &columns[j * n..(j + 1) * n]
            }
        };
        let gradient = if column.is_empty() { self.gradient[j] } else { dot(column, &self.residuals) };
        let z = gradient + length * old;
        let size = (z.abs() - self.lasso).max(0.0);
        // Zero has no sign: minus zero would be shown as one.
        let none = size == 0.0 || (problem.positive && z < 0.0);
        let new = if none { 0.0 } else { size.copysign(z) / (length + self.ridge) };
        let moved = new - old;
        if moved != 0.0 {
            self.weights[j] = new;
            match problem.geometry {
                Geometry::Gram(gram) => add_multiple(&mut self.gradient, -moved, &gram[j * k..(j + 1) * k]),
                Geometry::Columns(_) => add_multiple(&mut self.residuals, -moved, column),
            }
        }
        moved.abs()
    }

    /// One step for each candidate, and the largest; where residuals are kept, some rounds over the nonzero ones as well.
    fn sweep(&mut self) -> f64 {
        let candidates = std::mem::take(&mut self.candidates);
        let largest = candidates.iter().fold(0.0_f64, |largest, &j| largest.max(self.step(j)));
        if matches!(self.problem.geometry, Geometry::Columns(_)) {
            let active: Vec<usize> = candidates.iter().copied().filter(|&j| self.weights[j] != 0.0).collect();
            for _ in 0..INNER {
                if active.iter().fold(0.0_f64, |largest, &j| largest.max(self.step(j))) < 1e-3 * largest {
                    break;
                }
            }
            self.correlate();
        }
        self.candidates = candidates;
        largest
    }

    /// P(w) and the gap.
    fn certificate(&self) -> (f64, f64, f64) {
        let (problem, weights) = (self.problem, &self.weights);
        let squares = dot(weights, weights);
        // ‖e‖² of the rows themselves: yᵀy − wᵀXᵀy − wᵀg, or the residuals' own.
        let own = if self.residuals.is_empty() {
            (problem.square - dot(weights, &problem.products) - dot(weights, &self.gradient)).max(0.0)
        } else {
            dot(&self.residuals, &self.residuals)
        };
        let all = own + self.ridge * squares;
        let slope = |j: usize| self.gradient[j] - self.ridge * weights[j];
        // Columns that were left out have no say: the problem without them has the same minimum.
        let steepest = self
            .candidates
            .iter()
            .fold(0.0_f64, |most, &j| most.max(if problem.positive { slope(j) } else { slope(j).abs() }));
        // s·r is nearest to y where s = rᵀy/‖r‖²; rᵀy = ‖r‖² + wᵀg.
        let product: f64 = self.candidates.iter().map(|&j| weights[j] * slope(j)).sum();
        let wanted = if all > 0.0 { 1.0 + product / all } else { 1.0 };
        let s = if steepest > 0.0 { wanted.min(self.lasso / steepest) } else { wanted }.max(0.0);
        let sum: f64 = weights
            .iter()
            .enumerate()
            .filter(|(_, w)| **w != 0.0)
            .map(|(j, w)| w.abs() * (self.lasso - s * slope(j).copysign(slope(j) * w)))
            .sum();
        let size: f64 = weights.iter().map(|w| w.abs()).sum();
        let objective = (0.5 * all + self.lasso * size) / problem.total;
        (objective, (0.5 * (1.0 - s).powi(2) * all + sum.max(0.0)) / problem.total, s)
    }

    /// Lets go of the candidates that the sphere test shows to be zero, once they are.
    fn screen(&mut self, gap: f64, s: f64) {
        let radius = (2.0 * self.problem.total * gap).sqrt();
        let (problem, weights, gradient) = (self.problem, &self.weights, &self.gradient);
        let (lasso, ridge) = (self.lasso, self.ridge);
        self.candidates.retain(|&j| {
            let near = if problem.positive { s * gradient[j] } else { (s * gradient[j]).abs() };
            let reach = (problem.lengths[j] + ridge).sqrt() * radius;
            weights[j] != 0.0 || near + reach >= lasso * (1.0 - 1e-12)
        });
    }

    /// Walks from one set of nonzero weights to the next, each time to the minimum over the set or to where the first of its weights becomes
    /// zero and leaves it; at a minimum the weight that would gain most joins. P falls at every step. Whether the walk came to its end, where
    /// no weight would gain, or stopped because `budget` multiplications were made.
    fn finish<E>(&mut self, budget: usize, checkpoint: &mut dyn FnMut() -> Result<(), E>) -> Result<bool, E> {
        let (k, n) = (self.weights.len(), self.problem.target.len());
        let mut signs: Vec<f64> = self.weights.iter().map(|w| if *w == 0.0 { 0.0 } else { w.signum() }).collect();
        // Those that came and went at once: their gain was rounding.
        let mut barred = vec![false; k];
        let mut known = Products { place: vec![usize::MAX; k], columns: Vec::new(), rows: Vec::new() };
        let (mut spent, mut next_look, mut settled, mut joined, mut restarted) = (0, CHECK_EVERY, false, None, false);
        loop {
            let active: Vec<usize> = (0..k).filter(|&j| signs[j] != 0.0).collect();
            let size = active.len();
            spent += size * size * size / 3 + size * n + k * size.max(n);
            if spent > next_look {
                next_look = spent + CHECK_EVERY;
                checkpoint()?;
            }
            if size > FINISHED || spent > budget {
                return Ok(false);
            }
            self.learn_products(&active, &mut known);
            let entry = |a: usize, b: usize| known.entry(active[a], active[b]) + if a == b { self.ridge } else { 0.0 };
            let Some(triangle) = Triangle::of(size, entry) else {
                // Columns that depend on each other have no single minimum. The newest takes the place of another; where sweeps had let in
                // too many, the walk begins again from nothing.
                match joined.take() {
                    Some(j) if self.swap(j, &active, &mut signs, &known) => {}
                    Some(j) => (signs[j], barred[j]) = (0.0, true),
                    None if restarted => return Ok(false),
                    None => {
                        restarted = true;
                        self.weights.fill(0.0);
                        signs.fill(0.0);
                        self.begin();
                    }
                }
                continue;
            };
            let slope = |j: usize| self.gradient[j] - self.ridge * self.weights[j];
            let mut step: Vec<f64> = active.iter().map(|&j| slope(j) - self.lasso * signs[j]).collect();
            triangle.solve(&mut step);
            if !step.iter().all(|d| d.is_finite()) {
                return Ok(false);
            }
            let end = |(&j, d): (&usize, &f64)| {
                let w = self.weights[j];
                if (w + d) * signs[j] <= 0.0 { if w == 0.0 { 0.0 } else { -w / d } } else { 1.0 }
            };
            let ends: Vec<f64> = active.iter().zip(&step).map(end).collect();
            let reach = ends.iter().fold(1.0_f64, |least, e| least.min(*e));
            for ((&j, d), end) in active.iter().zip(&step).zip(&ends) {
                if reach < 1.0 && *end <= reach {
                    barred[j] |= self.weights[j] == 0.0;
                    (self.weights[j], signs[j]) = (0.0, 0.0);
                } else {
                    self.weights[j] += reach * d;
                }
            }
            self.begin();
            joined = None;
            if reach < 1.0 {
                settled = false;
                continue;
            }
            let gain = |j: usize| if self.problem.positive { self.gradient[j] } else { self.gradient[j].abs() };
            let joins = self.candidates.iter().copied().filter(|&j| signs[j] == 0.0 && !barred[j]);
            let next =
                joins.max_by(|&a, &b| gain(a).total_cmp(&gain(b))).filter(|&j| gain(j) > self.lasso * (1.0 + 1e-12));
            match next {
                Some(j) => (signs[j], settled, joined) = (self.gradient[j].signum(), false, Some(j)),
                // A second step takes back what the first has rounded off.
                None if settled => return Ok(true),
                None => settled = true,
            }
        }
    }

    /// Lets column j, which the active ones make, take the place of one of them: its weight grows, theirs change so that Xw stays, until the
    /// first of them is zero. Whether the weights' sizes became less.
    fn swap(&mut self, j: usize, active: &[usize], signs: &mut [f64], known: &Products) -> bool {
        let others: Vec<usize> = active.iter().copied().filter(|&i| i != j).collect();
        let entry = |a: usize, b: usize| known.entry(others[a], others[b]) + if a == b { self.ridge } else { 0.0 };
        let Some(triangle) = Triangle::of(others.len(), entry) else { return false };
        // The combination of the others that column j is; their weights change by minus that, times j's sign.
        let mut turn: Vec<f64> = others.iter().map(|&i| -signs[j] * known.entry(i, j)).collect();
        triangle.solve(&mut turn);
        let growth = others.iter().zip(&turn).fold(1.0, |sum, (&i, d)| sum + signs[i] * d);
        let ends =
            others.iter().zip(&turn).filter(|&(&i, d)| signs[i] * d < 0.0).map(|(&i, d)| (-self.weights[i] / d, i));
        let Some((reach, lost)) = ends.min_by(|a, b| a.0.total_cmp(&b.0)) else { return false };
        // Comparisons are false for NaN.
        if !(growth < 0.0 && reach > 0.0 && reach.is_finite()) {
            return false;
        }
        others.iter().zip(&turn).for_each(|(&i, d)| self.weights[i] += reach * d);
        self.weights[j] = reach * signs[j];
        (self.weights[lost], signs[lost]) = (0.0, 0.0);
        self.begin();
        true
    }

    /// Adds what is not known yet of the columns' products with each other.
    fn learn_products(&self, active: &[usize], known: &mut Products) {
        let (k, n) = (self.weights.len(), self.problem.target.len());
        for &i in active {
            if known.place[i] != usize::MAX {
                continue;
            }
            known.place[i] = known.columns.len();
            known.columns.push(i);
            let product = |&j: &usize| match self.problem.geometry {
                _ if i == j => self.problem.lengths[i],
                Geometry::Gram(gram) => gram[i * k + j],
                Geometry::Columns(columns) => dot(&columns[i * n..(i + 1) * n], &columns[j * n..(j + 1) * n]),
            };
            known.rows.push(known.columns.iter().map(product).collect());
        }
    }

    /// Sweeps until the gap is at most `tol` times P(0), telling `record` of every sweep.
    pub(super) fn run<E>(
        &mut self,
        tol: f64,
        max_iter: usize,
        record: &mut dyn FnMut(Sweep, &[f64]),
        checkpoint: &mut dyn FnMut() -> Result<(), E>,
    ) -> Result<(usize, f64, End), E> {
        let problem = self.problem;
        let scale = 0.5 * problem.square / problem.total;
        let screens = matches!(problem.geometry, Geometry::Columns(_));
        let cost = self.weights.len() * problem.target.len().max(self.weights.len());
        let (mut work, mut spent, mut next_finish, mut still, mut gap) = (0, 1_000_000, 2, 0, f64::INFINITY);
        if screens {
            let (_, gap, s) = self.certificate();
            self.screen(gap, s);
        }
        for sweep in 1..=max_iter {
            work += 4 * cost;
            if work > CHECK_EVERY {
                spent += work;
                work = 0;
                checkpoint()?;
            }
            let from = self.weights.clone();
            let mut change = self.sweep();
            let settled = from.iter().zip(&self.weights).all(|(a, b)| (*a == 0.0) == (*b == 0.0));
            let mut found = self.certificate();
            let (mut exact, near) = (false, found.1 <= tol * scale);
            if near || sweep >= if settled { next_finish } else { 4 * next_finish } {
                let before = (self.weights.clone(), self.gradient.clone(), self.residuals.clone());
                // It may cost as much as the sweeps so far.
                exact = self.finish(spent + work, checkpoint)?;
                let better = self.certificate();
                if better.0 <= found.0 + ROUNDING * scale && (better.1 <= found.1 || !near) {
                    found = better;
                    change = from.iter().zip(&self.weights).fold(0.0_f64, |most, (a, b)| most.max((a - b).abs()));
                } else {
                    (self.weights, self.gradient, self.residuals) = before;
                    exact = false;
                }
                next_finish = 2 * sweep;
            }
            let (objective, new_gap, s) = found;
            let nonzero = self.weights.iter().filter(|w| **w != 0.0).count();
            still = if new_gap < 0.5 * gap { 0 } else { still + 1 };
            gap = new_gap;
            record(Sweep { objective, gap, nonzero, change }, &self.weights);
            if gap <= tol * scale {
                return Ok((sweep, gap, End::Converged));
            }
            let rounding = gap <= ROUNDING * (1.0 + nonzero as f64) * scale;
            if rounding && (exact || still >= 5) {
                return Ok((sweep, gap, End::Precision));
            }
            if screens {
                self.screen(gap, s);
            }
        }
        Ok((max_iter, gap, End::MaxIter))
    }
}

wide_kernel! {
    /// y += a·x.
    fn add_multiple(y: &mut [f64], a: f64, x: &[f64]) = add_multiple_body
}

#[inline(always)]
fn add_multiple_body<const FMA: bool>(y: &mut [f64], a: f64, x: &[f64]) {
    let n = y.len().min(x.len());
    let (y, x) = (&mut y[..n], &x[..n]);
    for i in 0..n {
        y[i] = mul_add::<FMA>(a, x[i], y[i]);
    }
}
