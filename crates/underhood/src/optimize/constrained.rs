//! Minima under equations, inequalities and bounds: the method of multipliers (augmented Lagrangian).
//!
//! M. R. Hestenes, J. Optim. Theory Appl. 4 (1969), doi:10.1007/BF00927673; for constraints that may hold to one side, R. T. Rockafellar, Math.
//! Programming 5 (1973), doi:10.1007/BF01580138. The loop around it is J. Nocedal and S. J. Wright's, "Numerical Optimization", 2nd edition 2006,
//! algorithm 17.4: each round minimises, within the bounds and by [`minimize`](super::minimize()),
//!
//! ```text
//! f(x) + μ/2 Σ (tᵢ − [tᵢ])²,   tᵢ = cᵢ(x) − λᵢ/μ,   [t] the nearest number between the limits of c,
//! ```
//!
//! and then puts λᵢ ← −μ (tᵢ − [tᵢ]); μ grows where a round does not bring the constraints closer. At the end the conditions of Karush, Kuhn and
//! Tucker are measured with the derivatives of f and c themselves, and they alone say whether it converged.

use std::cell::RefCell;

use ndarray::{Array1, Array2};

use super::minimize::{Derivatives, MinimizeOptions, MinimizeStop, View, minimize};
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};

const NAME: &str = "minimize";
/// Most rounds.
const ROUNDS: usize = 60;
/// The constraints are brought closer by this factor in a round, or the penalty grows,
const CLOSER: f64 = 0.25;
/// by this one,
const GROWTH: f64 = 10.0;
/// up to this part of what it was.
const HEAVIEST: f64 = 1e14;
/// Multipliers beyond this tell of constraints that cannot be met.
const LARGEST: f64 = 1e16;
/// Rounds in a row that may leave the constraints as they are.
const PATIENCE: usize = 6;

/// A caller's function that writes an array.
type Fill<'a, E> = &'a mut dyn FnMut(&[f64], &mut [f64]) -> std::result::Result<(), E>;

/// Constraints: lower ≤ c(x) ≤ upper; an equation where both are the same.
pub struct Constraints<'a, E> {
    /// Writes c(x).
    pub values: Fill<'a, E>,
    /// Writes ∂cᵢ/∂xⱼ, row by row, if it is known.
    pub jacobian: Option<Fill<'a, E>>,
    /// The least that each may be.
    pub lower: Vec<f64>,
    /// The most.
    pub upper: Vec<f64>,
}

impl<E> std::fmt::Debug for Constraints<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Constraints").field("lower", &self.lower).field("upper", &self.upper).finish_non_exhaustive()
    }
}

/// Why the search for a minimum under constraints ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConstrainedStop {
    /// The conditions of Karush, Kuhn and Tucker hold.
    Converged,
    /// No point was found that meets the constraints.
    Infeasible,
    /// The constraints are met, but the slope is no combination of theirs.
    Stalled,
    /// f sinks without end where the constraints hold.
    Unbounded,
    /// The iterations are used up.
    MaxIter,
    /// The evaluations are used up.
    MaxEvaluations,
    /// The watcher asked to stop.
    Asked,
}

impl ConstrainedStop {
    /// Its name: `converged`, `infeasible`, `stalled`, `unbounded`, `max_iter`, `max_evaluations` or `callback`.
    pub fn name(self) -> &'static str {
        match self {
            ConstrainedStop::Converged => "converged",
            ConstrainedStop::Infeasible => "infeasible",
            ConstrainedStop::Stalled => "stalled",
            ConstrainedStop::Unbounded => "unbounded",
            ConstrainedStop::MaxIter => "max_iter",
            ConstrainedStop::MaxEvaluations => "max_evaluations",
            ConstrainedStop::Asked => "callback",
        }
    }
}

/// What [`minimize_constrained`] found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ConstrainedMinimum {
    /// The point.
    pub x: Array1<f64>,
    /// f there.
    pub value: f64,
    /// ∇f there.
    pub gradient: Array1<f64>,
    /// λ: ∇f − Σ λᵢ ∇cᵢ vanishes but for what presses against bounds; not negative at a lower limit, not positive at an upper one.
    pub multipliers: Array1<f64>,
    /// c there.
    pub constraints: Array1<f64>,
    /// By how much the worst constraint is off.
    pub violation: f64,
    /// The largest entry of ∇f − Σ λᵢ ∇cᵢ that does not press against a bound.
    pub optimality: f64,
    /// Rounds, and iterations in all of them.
    pub rounds: usize,
    /// See `rounds`.
    pub iterations: usize,
    /// Calls of f, its gradient, c and its Jacobian.
    pub calls: [usize; 4],
    /// Why the search ended.
    pub stop: ConstrainedStop,
    /// The same in a sentence.
    pub message: String,
}

/// Finds where `f` is least among the points that meet the constraints and the bounds of `options`, from `x0` on.
///
/// Derivatives that are not given come from differences, which do not leave the bounds. Of the options `gtol`, `max_iter` (of all rounds),
/// `max_evaluations` (calls of f), `bounds` and `memory` count; the method is L-BFGS-B with Newton steps at its ends. The result has
/// converged if each constraint is met to 1e-8 of its terms, ∇f − Σ λᵢ ∇cᵢ vanishes to `gtol` beside its terms, and every constraint that is
/// not at its limit has no multiplier.
///
/// ```
/// use underhood::Error;
/// use underhood::optimize::{Constraints, MinimizeOptions, minimize_constrained};
///
/// // x + y on and inside the circle of radius 1.
/// let mut circle = |x: &[f64], c: &mut [f64]| Ok::<_, Error>(c[0] = x[0] * x[0] + x[1] * x[1]);
/// let inside = Constraints { values: &mut circle, jacobian: None, lower: vec![f64::NEG_INFINITY], upper: vec![1.0] };
/// let options = MinimizeOptions::default();
/// let found = minimize_constrained(|x| Ok::<_, Error>(x[0] + x[1]), None, inside, &[0.0, 0.0], &options, |_| Ok(true))?;
/// assert!(found.converged() && (found.value + 2.0_f64.sqrt()).abs() < 1e-8);
/// assert!((found.multipliers[0] + 0.5_f64.sqrt()).abs() < 1e-6);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// Those of [`minimize`](super::minimize()); [`Error::Invalid`] for limits that contradict each other and constraints that are not finite at the
/// start.
pub fn minimize_constrained<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> std::result::Result<f64, E>,
    gradient: Option<Fill<'_, E>>,
    constraints: Constraints<'_, E>,
    x0: &[f64],
    options: &MinimizeOptions,
    mut watch: impl FnMut(View<'_>) -> std::result::Result<bool, E>,
) -> std::result::Result<ConstrainedMinimum, E> {
    let caught = RefCell::new(Caught::new(NAME));
    let mut value = |x: &[f64]| {
        let given = f(x);
        caught.borrow_mut().catch(given)
    };
    let mut gradient = gradient.map(|gradient| {
        |x: &[f64], into: &mut [f64]| {
            let given = gradient(x, into);
            caught.borrow_mut().catch(given)
        }
    });
    let Constraints { values, jacobian, lower, upper } = constraints;
    let mut values = |x: &[f64], into: &mut [f64]| {
        let given = values(x, into);
        caught.borrow_mut().catch(given)
    };
    let mut jacobian = jacobian.map(|jacobian| {
        |x: &[f64], into: &mut [f64]| {
            let given = jacobian(x, into);
            caught.borrow_mut().catch(given)
        }
    });
    let mut shown = |view: View<'_>| {
        let given = watch(view);
        caught.borrow_mut().catch(given)
    };
    let n = x0.len();
    let free = || (vec![f64::NEG_INFINITY; n], vec![f64::INFINITY; n]);
    let problem = Problem {
        f: &mut value,
        gradient: gradient.as_mut().map(|g| g as _),
        c: &mut values,
        jacobian: jacobian.as_mut().map(|j| j as _),
        lower,
        upper,
        bounds: options.bounds.clone().unwrap_or_else(free),
        calls: [0; 4],
        size: 0.0,
    };
    let found = solve(problem, x0, options, &mut shown);
    caught.into_inner().release(found)
}

type Value<'a> = &'a mut dyn FnMut(&[f64]) -> Result<f64>;
type Write<'a> = &'a mut dyn FnMut(&[f64], &mut [f64]) -> Result<()>;

/// A caller's functions and limits.
struct Problem<'a> {
    f: Value<'a>,
    gradient: Option<Write<'a>>,
    c: Write<'a>,
    jacobian: Option<Write<'a>>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    bounds: (Vec<f64>, Vec<f64>),
    calls: [usize; 4],
    /// The largest |f| met, up to 1.
    size: f64,
}

/// What is known of a point and its multipliers.
struct Conditions {
    value: f64,
    gradient: Vec<f64>,
    held: Vec<f64>,
    multipliers: Vec<f64>,
    violation: f64,
    optimality: f64,
    feasible: bool,
    stationary: bool,
}

fn solve(
    problem: Problem<'_>,
    x0: &[f64],
    options: &MinimizeOptions,
    watch: &mut dyn FnMut(View<'_>) -> Result<bool>,
) -> Result<ConstrainedMinimum> {
    check::at_least(NAME, "x0", "values", x0.len(), 1)?;
    check::finite_vector(NAME, "x0", x0.into())?;
    let begin = problem.checked(x0)?;
    let problem = RefCell::new(problem);
    let (value, held) = {
        let mut problem = problem.borrow_mut();
        (problem.value(&begin)?, problem.held(&begin)?)
    };
    let refuse = |problem| Err(Error::Invalid { function: NAME, argument: "x0", problem });
    if !value.is_finite() {
        return refuse("is a point where f is not finite; start where it is".into());
    }
    if let Some(i) = held.iter().position(|c| !c.is_finite()) {
        return refuse(format!("is a point where constraint {i} is {}; start where it is finite", held[i]));
    }
    let off = problem.borrow().off(&held).iter().map(|v| v * v).sum::<f64>();
    // E. G. Birgin and J. M. Martínez, "Practical Augmented Lagrangian Methods" (2014), section 12.4.
    let lightest = (10.0 * value.abs().max(1.0) / (0.5 * off).max(1.0)).clamp(1e-4, 1e4);
    let mut weight = lightest;
    let mut multipliers = vec![0.0; held.len()];
    let (mut x, mut gap, mut idle) = (begin.clone(), f64::INFINITY, 0);
    let (mut iterations, mut rounds) = (0, 0);
    let most = options.max_iter.unwrap_or(20 * (1000 + 200 * x0.len()));
    let mut best: Option<(Vec<f64>, Conditions)> = None;
    let mut sunk = 0;
    let stop = loop {
        rounds += 1;
        let inner = MinimizeOptions {
            method: None,
            gtol: if rounds == 1 { options.gtol.max(1e-4) } else { options.gtol.min(1e-7) },
            max_iter: Some(most.saturating_sub(iterations).min(1000 + 200 * x0.len())),
            max_evaluations: options.max_evaluations.map(|most| most.saturating_sub(problem.borrow().calls[0])),
            bounds: Some(problem.borrow().bounds.clone()),
            memory: options.memory,
            ..MinimizeOptions::default()
        };
        let lifted = |x: &[f64]| problem.borrow_mut().lifted(x, &multipliers, weight);
        let mut slope = |x: &[f64], into: &mut [f64]| problem.borrow_mut().slope(x, &multipliers, weight, into);
        let exact = problem.borrow().gradient.is_some();
        let derivatives = if exact { Derivatives::gradient(&mut slope) } else { Derivatives::none() };
        let found = minimize(lifted, derivatives, &x, &inner, &mut *watch)?;
        iterations += found.iterations;
        if found.stop == MinimizeStop::Asked {
            x = found.x.to_vec();
            break ConstrainedStop::Asked;
        }
        if found.stop == MinimizeStop::Unbounded {
            // A heavier penalty may keep it in; from where the last round ended.
            (sunk, weight) = (sunk + 1, weight * GROWTH * GROWTH);
            if sunk > PATIENCE {
                break ConstrainedStop::Unbounded;
            }
            continue;
        }
        x = found.x.to_vec();
        let mut here = problem.borrow_mut();
        let held = here.held(&x)?;
        let next = here.multipliers(&held, &multipliers, weight);
        let change = next.iter().zip(&multipliers).fold(0.0_f64, |m, (a, b)| m.max((a - b).abs())) / weight;
        multipliers = next;
        let at = here.conditions(&x, &multipliers, options.gtol)?;
        drop(here);
        let done = at.feasible && at.stationary;
        let better = best.as_ref().is_none_or(|(_, old)| at.violation <= old.violation);
        if done || better {
            best = Some((x.clone(), at));
        }
        if done && found.stop != MinimizeStop::Plateau {
            break ConstrainedStop::Converged;
        }
        if iterations >= most {
            break ConstrainedStop::MaxIter;
        }
        if options.max_evaluations.is_some_and(|most| problem.borrow().calls[0] >= most) {
            break ConstrainedStop::MaxEvaluations;
        }
        idle = if change <= 0.9 * gap { 0 } else { idle + 1 };
        let huge = multipliers.iter().any(|l| l.abs() > LARGEST * value.abs().max(1.0));
        if rounds >= ROUNDS || huge || (weight >= HEAVIEST * lightest && idle > PATIENCE) {
            let feasible = best.as_ref().is_some_and(|(_, at)| at.feasible);
            break if feasible { ConstrainedStop::Stalled } else { ConstrainedStop::Infeasible };
        }
        if change > CLOSER * gap {
            weight = (weight * GROWTH).min(HEAVIEST * lightest);
        }
        gap = change.min(gap);
    };
    let mut problem = problem.into_inner();
    let (x, at) = match best {
        Some(best) if !matches!(stop, ConstrainedStop::Asked | ConstrainedStop::Unbounded) => best,
        _ => {
            let at = problem.conditions(&x, &multipliers, options.gtol)?;
            (x, at)
        }
    };
    Ok(ConstrainedMinimum {
        message: message(stop, &at, rounds, iterations, problem.calls[0]),
        x: x.into(),
        value: at.value,
        gradient: at.gradient.into(),
        multipliers: at.multipliers.into(),
        constraints: at.held.into(),
        violation: at.violation,
        optimality: at.optimality,
        rounds,
        iterations,
        calls: problem.calls,
        stop,
    })
}

impl ConstrainedMinimum {
    /// Whether the conditions of Karush, Kuhn and Tucker hold.
    pub fn converged(&self) -> bool {
        self.stop == ConstrainedStop::Converged
    }
}

fn message(stop: ConstrainedStop, at: &Conditions, rounds: usize, iterations: usize, calls: usize) -> String {
    let Conditions { violation, optimality, .. } = at;
    match stop {
        ConstrainedStop::Converged => format!(
            "the constraints hold (the worst is off by {violation:.1e}), and the gradient is a combination of theirs (to {optimality:.1e})"
        ),
        ConstrainedStop::Infeasible => format!(
            "no point that meets the constraints was found: here the worst is off by {violation:.3e}, and no step makes that less; they may \
             contradict each other, or another start may help"
        ),
        ConstrainedStop::Stalled => format!(
            "the constraints hold (the worst is off by {violation:.1e}), but the gradient is no combination of theirs ({optimality:.2e} is left): \
             they may depend on each other here, f may have a corner, or another start may help"
        ),
        ConstrainedStop::Unbounded => {
            "f sinks without end while the constraints hold, or faster than they are broken".into()
        }
        ConstrainedStop::MaxIter => {
            format!("the {iterations} iterations of {rounds} rounds are used up; allow more (maxiter)")
        }
        ConstrainedStop::MaxEvaluations => {
            format!("the evaluations are used up after {calls} of them; allow more (maxfev)")
        }
        ConstrainedStop::Asked => "the callback asked to stop".into(),
    }
}

impl Problem<'_> {
    /// The start within the bounds, if limits and bounds make sense.
    fn checked(&self, x0: &[f64]) -> Result<Vec<f64>> {
        let refuse = |argument, problem| Err(Error::Invalid { function: NAME, argument, problem });
        let ordered = |(low, high): (&f64, &f64)| low <= high && *low < f64::INFINITY && *high > f64::NEG_INFINITY;
        if self.lower.len() != self.upper.len() {
            return refuse("constraints", "have different numbers of lower and upper limits".into());
        }
        if let Some(i) = self.lower.iter().zip(&self.upper).position(|pair| !ordered(pair)) {
            let (low, high) = (self.lower[i], self.upper[i]);
            return refuse("constraints", format!("hold {low:?} ≤ c[{i}](x) ≤ {high:?}, which no number meets"));
        }
        let (low, high) = &self.bounds;
        if low.len() != x0.len() || high.len() != x0.len() {
            return refuse(
                "bounds",
                format!("are for {} variables, but x0 has {}", low.len().min(high.len()), x0.len()),
            );
        }
        if let Some(i) = low.iter().zip(high).position(|pair| !ordered(pair)) {
            let problem =
                format!("of variable {i} are {:?} and {:?}, between which there is no number", low[i], high[i]);
            return refuse("bounds", problem);
        }
        Ok(x0.iter().zip(low.iter().zip(high)).map(|(x, (low, high))| x.max(*low).min(*high)).collect())
    }

    fn value(&mut self, x: &[f64]) -> Result<f64> {
        self.calls[0] += 1;
        let value = (self.f)(x)?;
        self.size = self.size.max(value.abs()).min(1.0);
        Ok(value)
    }

    fn held(&mut self, x: &[f64]) -> Result<Vec<f64>> {
        self.calls[2] += 1;
        let mut held = vec![0.0; self.lower.len()];
        (self.c)(x, &mut held)?;
        Ok(held)
    }

    /// By how much each is outside of its limits, with a sign.
    fn off(&self, held: &[f64]) -> Vec<f64> {
        let limits = self.lower.iter().zip(&self.upper);
        held.iter().zip(limits).map(|(c, (low, high))| c - c.max(*low).min(*high)).collect()
    }

    /// −μ (tᵢ − [tᵢ]).
    fn multipliers(&self, held: &[f64], old: &[f64], weight: f64) -> Vec<f64> {
        let moved: Vec<f64> = held.iter().zip(old).map(|(c, l)| c - l / weight).collect();
        self.off(&moved).into_iter().map(|off| -weight * off).collect()
    }

    /// The augmented Lagrangian.
    fn lifted(&mut self, x: &[f64], multipliers: &[f64], weight: f64) -> Result<f64> {
        let value = self.value(x)?;
        if !value.is_finite() {
            return Ok(value);
        }
        let held = self.held(x)?;
        let penalty = |(new, old): (&f64, &f64)| 0.5 * (new * new - old * old) / weight;
        let next = self.multipliers(&held, multipliers, weight);
        Ok(value + next.iter().zip(multipliers).map(penalty).sum::<f64>())
    }

    /// Its gradient.
    fn slope(&mut self, x: &[f64], multipliers: &[f64], weight: f64, into: &mut [f64]) -> Result<()> {
        let held = self.held(x)?;
        let next = self.multipliers(&held, multipliers, weight);
        let normals = self.normals(x)?;
        into.copy_from_slice(&self.downhill(x)?);
        for (row, l) in normals.rows().into_iter().zip(&next).filter(|(_, l)| **l != 0.0) {
            into.iter_mut().zip(row).for_each(|(to, slope)| *to -= l * slope);
        }
        Ok(())
    }

    /// ∇f.
    fn downhill(&mut self, x: &[f64]) -> Result<Vec<f64>> {
        let mut into = vec![0.0; x.len()];
        if let Some(gradient) = &mut self.gradient {
            self.calls[1] += 1;
            gradient(x, &mut into)?;
            return Ok(into);
        }
        let bounds = self.bounds.clone();
        Ok(slopes(x, &bounds, 1, &mut |x| Ok(vec![self.value(x)?]))?.row(0).to_vec())
    }

    /// ∇cᵢ, a row for each.
    fn normals(&mut self, x: &[f64]) -> Result<Array2<f64>> {
        let count = self.lower.len();
        if let Some(jacobian) = &mut self.jacobian {
            self.calls[3] += 1;
            let mut flat = vec![0.0; count * x.len()];
            jacobian(x, &mut flat)?;
            return Ok(Array2::from_shape_fn((count, x.len()), |(i, j)| flat[i * x.len() + j]));
        }
        let bounds = self.bounds.clone();
        slopes(x, &bounds, count, &mut |x| self.held(x))
    }

    /// What Karush, Kuhn and Tucker ask for.
    fn conditions(&mut self, x: &[f64], multipliers: &[f64], gtol: f64) -> Result<Conditions> {
        const MET: f64 = 1e-8;
        let (value, held) = (self.value(x)?, self.held(x)?);
        let (gradient, normals) = (self.downhill(x)?, self.normals(x)?);
        let off = self.off(&held);
        let violation = off.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let feasible = normals.rows().into_iter().enumerate().all(|(i, row)| {
            let limit = [self.lower[i], self.upper[i]]
                .into_iter()
                .filter(|v| v.is_finite())
                .fold(0.0_f64, |m, v| m.max(v.abs()));
            let (terms, steepest) =
                row.iter().zip(x).fold((0.0, 0.0_f64), |(sum, most), (d, x)| (sum + (d * x).abs(), most.max(d.abs())));
            off[i].abs() <= MET * limit.max(terms).max(1e-3 * steepest)
        });
        let mut rest = gradient.clone();
        let mut steep: Vec<f64> = gradient.iter().map(|g| g.abs()).collect();
        for (row, l) in normals.rows().into_iter().zip(multipliers) {
            rest.iter_mut().zip(row).for_each(|(to, slope)| *to -= l * slope);
            steep.iter_mut().zip(row).for_each(|(to, slope)| *to = to.max((l * slope).abs()));
        }
        let steepest = steep.iter().fold(0.0_f64, |m, s| m.max(*s));
        let (low, high) = &self.bounds;
        for (i, rest) in rest.iter_mut().enumerate() {
            let pressed = (x[i] <= low[i] && *rest > 0.0) || (x[i] >= high[i] && *rest < 0.0);
            *rest = if pressed { 0.0 } else { *rest };
        }
        let optimality = rest.iter().fold(0.0_f64, |m, r| m.max(r.abs()));
        let small = |(rest, x): (&f64, &f64)| {
            rest.abs() <= gtol * steepest || rest.abs() * x.abs().max(1.0) <= gtol * value.abs().max(self.size)
        };
        // A constraint that is not at the limit that its multiplier's sign tells of has none.
        let idle = |(i, l): (usize, &f64)| {
            let limit = if *l > 0.0 { self.lower[i] } else { self.upper[i] };
            let row = normals.row(i);
            let slack = (held[i] - limit).abs();
            let (terms, pull) =
                row.iter().zip(x).fold((0.0, 0.0_f64), |(sum, most), (d, x)| (sum + (d * x).abs(), most.max(d.abs())));
            *l == 0.0 || slack <= 1e-6 * limit.abs().max(terms).max(pull) || l.abs() * pull <= gtol * steepest
        };
        let finite = value.is_finite() && rest.iter().chain(&held).all(|v| v.is_finite());
        let stationary = finite && rest.iter().zip(x).all(small) && multipliers.iter().enumerate().all(idle);
        let multipliers = multipliers.to_vec();
        Ok(Conditions { value, gradient, held, multipliers, violation, optimality, feasible, stationary })
    }
}

/// Slopes of several functions, a row for each, by differences that stay within the bounds: central ones over two steps, extrapolated, or to one
/// side over three.
fn slopes(
    x: &[f64],
    (low, high): &(Vec<f64>, Vec<f64>),
    count: usize,
    f: &mut dyn FnMut(&[f64]) -> Result<Vec<f64>>,
) -> Result<Array2<f64>> {
    let mut slopes = Array2::zeros((count, x.len()));
    for i in 0..x.len() {
        let mut at = |offset: f64| -> Result<(f64, Array1<f64>)> {
            let mut moved = x.to_vec();
            moved[i] = (x[i] + offset).max(low[i]).min(high[i]);
            Ok((moved[i], Array1::from(f(&moved)?)))
        };
        let size = x[i].abs().max(0.1);
        let room = (x[i] - low[i], high[i] - x[i]);
        let h = f64::EPSILON.powf(0.2) * size;
        if room.0.min(room.1) >= h {
            let mut quotient = |h: f64| -> Result<Array1<f64>> {
                let ((a, above), (b, below)) = (at(h)?, at(-h)?);
                Ok((above - below) / (a - b))
            };
            let (wide, narrow) = (quotient(h)?, quotient(0.5 * h)?);
            slopes.column_mut(i).assign(&(&narrow + &((&narrow - &wide) / 3.0)));
            continue;
        }
        let (side, room) = if room.1 >= room.0 { (1.0, room.1) } else { (-1.0, room.0) };
        let h = (f64::EPSILON.powf(0.25) * size).min(room);
        if !(h > 0.0) {
            continue; // a variable between two equal bounds
        }
        let (place, here) = at(0.0)?;
        let mut quotient = |part: f64| -> Result<Array1<f64>> {
            let (there, value) = at(side * part * h)?;
            Ok((value - &here) / (there - place))
        };
        let (wide, half, narrow) = (quotient(1.0)?, quotient(0.5)?, quotient(0.25)?);
        slopes.column_mut(i).assign(&(wide / 3.0 - 2.0 * half + narrow * (8.0 / 3.0)));
    }
    Ok(slopes)
}
