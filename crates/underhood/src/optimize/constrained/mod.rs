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

mod differences;
mod problem;

use std::cell::{Cell, RefCell};

use ndarray::Array1;

use self::problem::{Conditions, Problem};
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
    let lightest = problem.borrow_mut().first_weight(&begin, value, &held)?;
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
        // Differences of f and c each, not of their sum: the penalty's weight would make its rounding the gradient's.
        let derivatives = Derivatives::gradient(&mut slope);
        let spent = Cell::new(false);
        let shown = |view: View<'_>| {
            spent.set(options.max_evaluations.is_some_and(|most| problem.borrow().calls[0] >= most));
            Ok(watch(view)? && !spent.get())
        };
        let found = minimize(lifted, derivatives, &x, &inner, shown)?;
        iterations += found.iterations;
        if found.stop == MinimizeStop::Asked && !spent.get() {
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
