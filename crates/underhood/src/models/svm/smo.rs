//! Sequential minimal optimisation of the dual of one two-class problem (Platt 1998), two rows at a time.
//!
//! With βᵢ = yᵢαᵢ the dual reads
//!
//! > minimise ½βᵀKβ − yᵀβ   subject to   Σβᵢ = 0,   βᵢ between 0 and yᵢCᵢ
//!
//! (Bottou and Lin 2007, "Support vector machine solvers"). Let s = y − Kβ, the descent direction. β is optimal when no
//! βᵢ that may rise has a larger s than any βⱼ that may fall: max s over the first − min s over the second ≤ 0. That
//! difference is the *violation* of the Karush–Kuhn–Tucker conditions. A step takes the i with the largest s, and the j
//! that promises the largest decrease (sᵢ − sⱼ)²/(Kᵢᵢ + Kⱼⱼ − 2Kᵢⱼ) (Fan, Chen and Lin 2005, JMLR 6, 1889), and moves both
//! as far as the parabola or the bounds say.
//!
//! Steps of two rows converge, but slowly where many rows lie on the margin or the kernel has few dimensions. So
//! now and then all rows between their bounds move together, by Newton's step within them (`free.rs`).

use super::cache::Cache;
use super::free::{FreeStep, subtract};
use super::kernel::Gram;
use crate::error::Result;
use crate::simd::{mul_add, wide_kernel};

/// A curvature at or below zero, which a kernel that is no inner product can have, counts as this share of the largest K (as in LIBSVM).
const LEAST_CURVATURE: f64 = 1e-12;

/// A violation that is small beside the margin, where f is ±1.
const SMALL: f64 = 1e-6;

/// How often s is made anew from β at most when the search wants to end.
const FRESH: usize = 3;

/// The share of `tol` that rounding of s may reach before s is looked at again at the end.
const NOISE: f64 = 0.01;

/// How many rows the passes take at a time.
const BLOCK: usize = 256;

/// How many entries a history keeps at most; beyond that every other one is dropped.
const ENTRIES: usize = 128;

/// What to solve besides the kernel matrix.
pub(super) struct Problem {
    /// ±1 for each row.
    pub(super) y: Vec<f64>,
    /// The largest α of each row.
    pub(super) bounds: Vec<f64>,
    pub(super) tol: f64,
    pub(super) max_iter: usize,
    pub(super) megabytes: f64,
    pub(super) keep_history: bool,
}

/// One entry each time that the run was looked at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SvmHistory {
    /// How many steps had been made.
    pub step: Vec<usize>,
    /// The dual objective ½αᵀQα − Σα, which falls.
    pub objective: Vec<f64>,
    /// By how much the worst pair violates the conditions of optimality.
    pub violation: Vec<f64>,
    /// How many rows had α > 0.
    pub support: Vec<usize>,
}

/// Why the steps ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SvmStop {
    /// The violation is at most `tol`.
    Converged,
    /// Rounding keeps the violation from getting smaller; it is at most 1e-6 or ten times `tol`.
    Precision,
    /// Rounding ended the search while the conditions of optimality were violated: the kernel's numbers are too large.
    NoProgress,
    /// The allowed steps are used up.
    MaxIter,
}

impl SvmStop {
    /// A word for programs: `converged`, `precision`, `no_progress` or `max_iter`.
    pub fn name(self) -> &'static str {
        match self {
            SvmStop::Converged => "converged",
            SvmStop::Precision => "precision",
            SvmStop::NoProgress => "no_progress",
            SvmStop::MaxIter => "max_iter",
        }
    }
}

/// The solution of one two-class problem.
pub(super) struct Solution {
    /// β = yα of each row.
    pub(super) beta: Vec<f64>,
    pub(super) bias: f64,
    pub(super) objective: f64,
    /// ‖w‖² = βᵀKβ.
    pub(super) square: f64,
    pub(super) violation: f64,
    pub(super) steps: usize,
    pub(super) stop: SvmStop,
    pub(super) history: Option<SvmHistory>,
}

/// The unknowns and what every step looks at; all vectors are padded to whole blocks of lanes.
pub(super) struct State {
    pub(super) beta: Vec<f64>,
    /// s = y − Kβ.
    pub(super) s: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    /// 0 where β may rise, else −∞.
    rise: Vec<f64>,
    /// 0 where β may fall, else +∞.
    fall: Vec<f64>,
}

/// The largest s that may rise, where, and the smallest that may fall.
#[derive(Clone, Copy)]
struct Extremes {
    top: f64,
    at: usize,
    bottom: f64,
}

impl State {
    fn new(y: &[f64], bounds: &[f64], length: usize) -> Self {
        let mut state = State {
            beta: vec![0.0; length],
            s: vec![0.0; length],
            lower: vec![0.0; length],
            upper: vec![0.0; length],
            rise: vec![f64::NEG_INFINITY; length],
            fall: vec![f64::INFINITY; length],
        };
        for (i, (&y, &bound)) in y.iter().zip(bounds).enumerate() {
            state.s[i] = y;
            (state.lower[i], state.upper[i]) = if y > 0.0 { (0.0, bound) } else { (-bound, 0.0) };
            state.set(i, 0.0);
        }
        state
    }

    /// Sets one β and what it may do from there.
    pub(super) fn set(&mut self, i: usize, beta: f64) {
        self.beta[i] = beta;
        self.rise[i] = if beta < self.upper[i] { 0.0 } else { f64::NEG_INFINITY };
        self.fall[i] = if beta > self.lower[i] { 0.0 } else { f64::INFINITY };
    }

    /// Whether β lies between its bounds.
    pub(super) fn is_free(&self, i: usize) -> bool {
        self.rise[i] == 0.0 && self.fall[i] == 0.0
    }

    /// How far β may rise and fall.
    pub(super) fn room(&self, i: usize) -> (f64, f64) {
        (self.upper[i] - self.beta[i], self.beta[i] - self.lower[i])
    }

    /// Moves β by `change`, onto the bound if it reaches it.
    pub(super) fn shift(&mut self, i: usize, change: f64) {
        let (up, down) = self.room(i);
        let beta = if change >= up {
            self.upper[i]
        } else if -change >= down {
            self.lower[i]
        } else {
            self.beta[i] + change
        };
        self.set(i, beta);
    }

    /// ½βᵀKβ − yᵀβ = −½β·(y + s).
    fn objective(&self, y: &[f64]) -> f64 {
        -0.5 * self.beta.iter().zip(&self.s).zip(y).map(|((beta, s), y)| beta * (y + s)).sum::<f64>()
    }

    /// s from β, without what the steps have rounded off.
    fn refresh(
        &mut self,
        function: &'static str,
        y: &[f64],
        cache: &mut Cache<'_>,
        check: &mut dyn FnMut() -> Result<()>,
    ) -> Result<()> {
        self.s.fill(0.0);
        self.s[..y.len()].copy_from_slice(y);
        for i in 0..y.len() {
            if self.beta[i] == 0.0 {
                continue;
            }
            let place = cache.fetch(function, i, None)?;
            subtract(&mut self.s, cache.at(place), self.beta[i]);
            if cache.effort > super::super::rows::CHECK_EVERY {
                check()?;
                cache.effort = 0;
            }
        }
        Ok(())
    }

    fn extremes(&mut self) -> Extremes {
        let (top, block, bottom) = update(&mut self.s, &[], &[], 0.0, &self.rise, &self.fall);
        self.located(top, block, bottom)
    }

    fn located(&self, top: f64, block: usize, bottom: f64) -> Extremes {
        let start = block * BLOCK;
        let found = self.s[start..].iter().zip(&self.rise[start..]).position(|(s, rise)| s + rise == top);
        Extremes { top, at: start + found.unwrap_or(0), bottom }
    }
}

/// Solves one problem.
pub(super) fn solve(
    function: &'static str,
    problem: Problem,
    gram: Gram<'_>,
    check: &mut dyn FnMut() -> Result<()>,
) -> Result<Solution> {
    let n = problem.y.len();
    let length = n.next_multiple_of(super::super::store::PANEL);
    let mut cache = Cache::new(gram, length, problem.megabytes);
    let diagonal = cache.diagonal();
    let largest = diagonal.iter().fold(0.0_f64, |most, d| most.max(d.abs()));
    let least = LEAST_CURVATURE * if largest > 0.0 { largest } else { 1.0 };
    let mut state = State::new(&problem.y, &problem.bounds, length);
    let mut extremes = state.extremes();
    let mut free = FreeStep::new(n);
    let mut watch = Watch::new(n);
    let mut recorder = Recorder::new(problem.keep_history);
    let (mut steps, mut objective) = (0, 0.0);
    let (mut passes, mut fresh) = (0, 0);
    // Whether rounding of s, a sum of β·K, could show beside the tolerance.
    let noisy = |state: &State| {
        let sizes: f64 = state.beta.iter().map(|beta| beta.abs()).sum();
        sizes * largest * f64::EPSILON > NOISE * problem.tol
    };

    let stop = loop {
        // The steps' own account of what they gain is rounding, too, where s is: it is looked at what has been gained in truth.
        if watch.due(steps) && noisy(&state) {
            state.refresh(function, &problem.y, &mut cache, check)?;
            objective = state.objective(&problem.y);
            extremes = state.extremes();
        }
        let violation = extremes.top - extremes.bottom;
        if recorder.due(steps) {
            recorder.record(steps, objective, violation, &state.beta);
        }
        let wanted = match violation {
            violation if violation <= problem.tol => Some(SvmStop::Converged),
            _ if steps >= problem.max_iter => Some(SvmStop::MaxIter),
            _ if watch.is_stuck(steps, objective, violation) => Some(SvmStop::Precision),
            _ => None,
        };
        if let Some(stop) = wanted {
            if fresh == FRESH || !noisy(&state) {
                break stop;
            }
            fresh += 1;
            state.refresh(function, &problem.y, &mut cache, check)?;
            objective = state.objective(&problem.y);
            extremes = state.extremes();
            if stop == SvmStop::Converged && extremes.top - extremes.bottom <= problem.tol {
                break stop;
            }
            if stop == SvmStop::MaxIter {
                break stop;
            }
            if fresh == FRESH {
                break SvmStop::Precision;
            }
            continue;
        }
        passes += length;
        if cache.effort + 4 * passes > super::super::rows::CHECK_EVERY {
            check()?;
            (cache.effort, passes) = (0, 0);
        }
        if free.due(steps) && free.step(function, steps, &mut state, &mut cache, check)? {
            steps += 1;
            objective = state.objective(&problem.y);
            extremes = state.extremes();
            continue;
        }

        let i = extremes.at;
        let place_i = cache.fetch(function, i, None)?;
        let (j, gain) =
            best_partner(&state.s, &state.fall, cache.at(place_i), &diagonal, extremes.top, diagonal[i], least);
        if !(gain > 0.0) {
            break SvmStop::Precision;
        }
        let place_j = cache.fetch(function, j, Some(place_i))?;
        let (column_i, column_j) = (cache.at(place_i), cache.at(place_j));
        let curvature = diagonal[i] + diagonal[j] - 2.0 * column_i[j];
        let curvature = if curvature > 0.0 { curvature } else { least };
        let slope = state.s[i] - state.s[j];
        let (rise, fall) = (state.room(i).0, state.room(j).1);
        let step = (slope / curvature).min(rise).min(fall);
        state.shift(i, step);
        state.shift(j, -step);
        objective -= step * (slope - 0.5 * step * curvature);
        let (top, block, bottom) = update(&mut state.s, column_i, column_j, step, &state.rise, &state.fall);
        extremes = state.located(top, block, bottom);
        steps += 1;
    };

    if stop == SvmStop::Precision && noisy(&state) {
        state.refresh(function, &problem.y, &mut cache, check)?;
        extremes = state.extremes();
    }
    let violation = extremes.top - extremes.bottom;
    let stop = match stop {
        SvmStop::Precision if !(violation <= SMALL.max(10.0 * problem.tol)) => SvmStop::NoProgress,
        stop => stop,
    };
    recorder.finish(steps, objective, violation, &state.beta);
    let objective = state.objective(&problem.y);
    let square: f64 = state.beta.iter().zip(&state.s).zip(&problem.y).map(|((beta, s), y)| beta * (y - s)).sum();
    let bias = bias(&state, extremes);
    state.beta.truncate(n);
    Ok(Solution {
        beta: state.beta,
        bias,
        objective,
        square: square.max(0.0),
        violation: violation.max(0.0),
        steps,
        stop,
        history: recorder.into_history(),
    })
}

/// On the margin y·f = 1, so b = s there: the mean over the rows between their bounds; without any, the middle of what the others allow.
fn bias(state: &State, extremes: Extremes) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for i in 0..state.s.len() {
        if state.is_free(i) {
            sum += state.s[i];
            count += 1.0;
        }
    }
    if count > 0.0 {
        return sum / count;
    }
    match (extremes.top.is_finite(), extremes.bottom.is_finite()) {
        (true, true) => 0.5 * (extremes.top + extremes.bottom),
        (true, false) => extremes.top,
        (false, true) => extremes.bottom,
        (false, false) => 0.0,
    }
}

wide_kernel! {
    /// s −= step·(Kᵢ − Kⱼ) (nothing if the columns are empty), then the largest s that may rise, its block, and the smallest that may fall.
    fn update(s: &mut [f64], column_i: &[f64], column_j: &[f64], step: f64, rise: &[f64], fall: &[f64]) -> (f64, usize, f64) = update_body
}

#[inline(always)]
fn update_body<const FMA: bool>(
    s: &mut [f64],
    column_i: &[f64],
    column_j: &[f64],
    step: f64,
    rise: &[f64],
    fall: &[f64],
) -> (f64, usize, f64) {
    const LANES: usize = 16;
    let (mut top, mut at, mut bottom) = (f64::NEG_INFINITY, 0, [f64::INFINITY; LANES]);
    let still = column_i.is_empty();
    for (block, s) in s.chunks_mut(BLOCK).enumerate() {
        let start = block * BLOCK;
        if !still {
            let (a, b) = (&column_i[start..start + s.len()], &column_j[start..start + s.len()]);
            for ((s, a), b) in s.iter_mut().zip(a).zip(b) {
                *s = mul_add::<FMA>(-step, a - b, *s);
            }
        }
        let (rise, fall) = (&rise[start..start + s.len()], &fall[start..start + s.len()]);
        let mut tops = [f64::NEG_INFINITY; LANES];
        for ((s, rise), fall) in s.chunks_exact(LANES).zip(rise.chunks_exact(LANES)).zip(fall.chunks_exact(LANES)) {
            for lane in 0..LANES {
                let (up, down) = (s[lane] + rise[lane], s[lane] + fall[lane]);
                tops[lane] = if up > tops[lane] { up } else { tops[lane] };
                bottom[lane] = if down < bottom[lane] { down } else { bottom[lane] };
            }
        }
        let most = tops.iter().fold(f64::NEG_INFINITY, |most, &x| if x > most { x } else { most });
        if most > top {
            (top, at) = (most, block);
        }
    }
    (top, at, bottom.iter().fold(f64::INFINITY, |least, &x| if x < least { x } else { least }))
}

wide_kernel! {
    /// The j that may fall and promises most, with what it promises (0 if none does).
    fn best_partner(s: &[f64], fall: &[f64], column: &[f64], diagonal: &[f64], top: f64, own: f64, least: f64) -> (usize, f64) = best_partner_body
}

#[inline(always)]
fn best_partner_body<const FMA: bool>(
    s: &[f64],
    fall: &[f64],
    column: &[f64],
    diagonal: &[f64],
    top: f64,
    own: f64,
    least: f64,
) -> (usize, f64) {
    const LANES: usize = 16;
    let (mut best, mut at) = (0.0, 0);
    let mut gains = [0.0; BLOCK];
    for start in (0..s.len()).step_by(BLOCK) {
        let end = (start + BLOCK).min(s.len());
        let (s, fall) = (&s[start..end], &fall[start..end]);
        let (column, diagonal) = (&column[start..end], &diagonal[start..end]);
        let mut most = [0.0; LANES];
        let gains = &mut gains[..end - start];
        let lines = s.chunks_exact(LANES).zip(fall.chunks_exact(LANES)).zip(column.chunks_exact(LANES));
        for ((((s, fall), column), diagonal), gains) in
            lines.zip(diagonal.chunks_exact(LANES)).zip(gains.chunks_exact_mut(LANES))
        {
            for lane in 0..LANES {
                let slope = top - s[lane];
                let curvature = mul_add::<FMA>(-2.0, column[lane], own + diagonal[lane]);
                let curvature = if curvature > least { curvature } else { least };
                let gain = if fall[lane] == 0.0 && slope > 0.0 { slope * slope / curvature } else { 0.0 };
                gains[lane] = gain;
                most[lane] = if gain > most[lane] { gain } else { most[lane] };
            }
        }
        let most = most.iter().fold(0.0, |most, &x| if x > most { x } else { most });
        if most > best {
            best = most;
            at = start + gains.iter().position(|&gain| gain == most).unwrap_or(0);
        }
    }
    (at, best)
}

/// Notices when rounding keeps the steps from getting anywhere.
struct Watch {
    every: usize,
    next: usize,
    objective: f64,
    violation: f64,
    least: f64,
}

impl Watch {
    fn new(n: usize) -> Self {
        let every = 20 * n + 2000;
        Watch { every, next: every, objective: 0.0, violation: f64::INFINITY, least: f64::INFINITY }
    }

    /// Whether it is time for a verdict.
    fn due(&self, steps: usize) -> bool {
        steps >= self.next
    }

    /// Whether, since some twenty looks at each row ago, the objective has not fallen by what a double can tell and the smallest
    /// violation has not halved.
    fn is_stuck(&mut self, steps: usize, objective: f64, violation: f64) -> bool {
        self.least = self.least.min(violation);
        if !self.due(steps) {
            return false;
        }
        let fallen = self.objective - objective > 4.0 * f64::EPSILON * objective.abs();
        let stuck = !fallen && self.least > 0.5 * self.violation;
        *self =
            Watch { every: self.every, next: steps + self.every, objective, violation: self.least, least: violation };
        stuck
    }
}

/// Keeps a history of bounded length: when it is full, every other entry goes, and the next ones stand twice as far apart.
struct Recorder {
    history: Option<SvmHistory>,
    every: usize,
}

impl Recorder {
    fn new(keep: bool) -> Self {
        Recorder { history: keep.then(SvmHistory::default), every: 1 }
    }

    fn due(&self, steps: usize) -> bool {
        self.history.is_some() && steps.is_multiple_of(self.every)
    }

    fn record(&mut self, steps: usize, objective: f64, violation: f64, beta: &[f64]) {
        let Some(history) = &mut self.history else { return };
        history.step.push(steps);
        history.objective.push(objective);
        history.violation.push(violation.max(0.0));
        history.support.push(beta.iter().filter(|&&beta| beta != 0.0).count());
        if history.step.len() == ENTRIES {
            self.every *= 2;
            let kept: Vec<usize> = (0..ENTRIES).filter(|&k| history.step[k].is_multiple_of(self.every)).collect();
            history.step = kept.iter().map(|&k| history.step[k]).collect();
            history.objective = kept.iter().map(|&k| history.objective[k]).collect();
            history.violation = kept.iter().map(|&k| history.violation[k]).collect();
            history.support = kept.iter().map(|&k| history.support[k]).collect();
        }
    }

    /// The end always has an entry.
    fn finish(&mut self, steps: usize, objective: f64, violation: f64, beta: &[f64]) {
        if self.history.as_ref().is_some_and(|history| history.step.last() != Some(&steps)) {
            self.record(steps, objective, violation, beta);
        }
    }

    fn into_history(self) -> Option<SvmHistory> {
        self.history
    }
}
