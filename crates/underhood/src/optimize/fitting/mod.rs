//! Least squares that are not linear: the parameters that bring a model's residuals closest to zero.
//!
//! ```
//! use underhood::Error;
//! use underhood::optimize::{Fitting, least_squares};
//!
//! // y = a·exp(−b·t), measured without error for a = 3, b = 0.5.
//! let t = [0.0_f64, 1.0, 2.0, 3.0, 4.0];
//! let fit = least_squares(
//!     |p, residuals| {
//!         for (r, t) in residuals.iter_mut().zip(t) {
//!             *r = p[0] * (-p[1] * t).exp() - 3.0 * (-0.5 * t).exp();
//!         }
//!         Ok::<_, Error>(())
//!     },
//!     None,
//!     &[1.0, 1.0],
//!     t.len(),
//!     &Fitting::of(2),
//! )?;
//! assert!(fit.converged);
//! assert!((fit.x[0] - 3.0).abs() < 1e-12 && (fit.x[1] - 0.5).abs() < 1e-12);
//! # Ok::<(), Error>(())
//! ```

mod finish;
mod inference;
mod levenberg_marquardt;
mod model;
mod plateau;
mod problem;

use std::cell::RefCell;
use std::result::Result as Outcome;

use ndarray::{Array1, Array2};

use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};
use crate::optimize::numbers::brief;
use levenberg_marquardt::{Attempt, End, Sight, descend, look};
use plateau::{Level, bottom, level};
use problem::{Place, Problem};

pub use inference::{ParameterCovariance, parameter_covariance};

/// How least squares are looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitting {
    /// The function that refusals name.
    pub function: &'static str,
    /// The lower bound of each parameter; minus infinity for none.
    pub lower: Vec<f64>,
    /// The upper bound of each parameter; infinity for none.
    pub upper: Vec<f64>,
    /// Settled when the step that is left is this small beside x, measured by its effect on the residuals.
    pub step_tolerance: f64,
    /// Settled when the part of the residuals that the linear model could still take away is this small beside them.
    pub offset_tolerance: f64,
    /// Most points that are tried in one attempt, those of differences not counted; 400·(n + 1) if it is not given.
    pub max_evaluations: Option<usize>,
    /// The step of differences relative to each parameter, for functions that are not computed to all digits.
    pub relative_step: Option<f64>,
}

impl Fitting {
    /// The defaults for so many parameters: no bounds, tolerances of 1e-8.
    pub fn of(n: usize) -> Self {
        Fitting {
            function: "least_squares",
            lower: vec![f64::NEG_INFINITY; n],
            upper: vec![f64::INFINITY; n],
            step_tolerance: 1e-8,
            offset_tolerance: 1e-8,
            max_evaluations: None,
            relative_step: None,
        }
    }
}

/// The parameters with the smallest squares that were found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fitted {
    /// The parameters.
    pub x: Array1<f64>,
    /// The residuals there.
    pub residuals: Array1<f64>,
    /// Their Jacobian there, a row for each residual.
    pub jacobian: Array2<f64>,
    /// ½·‖r‖².
    pub cost: f64,
    /// Jᵀ·r, the gradient of the cost.
    pub gradient: Array1<f64>,
    /// −1 for a parameter that is held at its lower bound, 1 at its upper, else 0.
    pub active: Vec<i8>,
    /// The relative offset: how much of ‖r‖ the linear model could still take away.
    pub offset: f64,
    /// The rank of the Jacobian in the parameters that are not held.
    pub rank: usize,
    /// Points that were tried.
    pub evaluations: usize,
    /// Calls of the function, those for differences included.
    pub calls: usize,
    /// Jacobians that were computed.
    pub jacobians: usize,
    /// Whether the place is a local minimum as far as can be told.
    pub converged: bool,
    /// 0 for a minimum, 1 if the evaluations are used up, 2 if no step helps though it is no minimum that could be recognised, 3 for a
    /// plateau: a parameter without effect, or several that ran away together.
    pub status: usize,
    /// Why the search ended, in a sentence.
    pub message: String,
}

/// A caller's Jacobian: writes ∂rᵢ/∂xⱼ at i·n + j.
pub type Slopes<'a, E> = &'a mut dyn FnMut(&[f64], &mut [f64]) -> Outcome<(), E>;

/// How boldly to start, one after the other until one arrives.
const ATTEMPTS: [Attempt; 4] = [
    Attempt { reach: 0.1, memory: 1.0, follow: false },
    Attempt { reach: 1.0, memory: 1.0, follow: true },
    Attempt { reach: 100.0, memory: 1.0, follow: false },
    Attempt { reach: 0.01, memory: 0.0, follow: true },
];

/// The parameters x that make ½·‖r(x)‖² smallest near `x0`, by Levenberg and Marquardt's method.
///
/// `residuals` writes `count` numbers. Where they are not finite there is a wall that the search does not enter. Without a `jacobian`,
/// slopes are central differences, extrapolated near the end. Should a search end on a plateau or run out of steps, others follow from the
/// same start with bolder and with smaller first steps; the best counts.
///
/// `converged` is only said of a place whose residuals are orthogonal to the linear model, from which no further step of any size is left,
/// or whose second derivatives are those of a minimum; and not where a parameter has lost its effect on the residuals. It may be a local
/// minimum.
///
/// # Errors
/// [`Error::TooFew`] without parameters or residuals, [`Error::NotFinite`] for x0, [`Error::Invalid`] for bounds that do not hold the
/// start or cross, and where residuals or Jacobian at the start are not finite; [`Error::OutOfRange`] for an option. Errors of the closures come out as
/// they went in.
pub fn least_squares<E: From<Error>>(
    mut residuals: impl FnMut(&[f64], &mut [f64]) -> Outcome<(), E>,
    jacobian: Option<Slopes<'_, E>>,
    x0: &[f64],
    count: usize,
    options: &Fitting,
) -> Outcome<Fitted, E> {
    let caught = RefCell::new(Caught::new(options.function));
    let mut value = |x: &[f64], into: &mut [f64]| {
        let given = residuals(x, into);
        caught.borrow_mut().catch(given)
    };
    let found = match jacobian {
        Some(jacobian) => {
            let mut slopes = |x: &[f64], into: &mut [f64]| {
                let given = jacobian(x, into);
                caught.borrow_mut().catch(given)
            };
            solve(&mut value, Some(&mut slopes), x0, count, options)
        }
        None => solve(&mut value, None, x0, count, options),
    };
    caught.into_inner().release(found)
}

/// The best end so far.
struct Best {
    place: Place,
    end: End,
    level: Level,
}

impl Best {
    fn arrived(&self) -> bool {
        matches!(self.end, End::Exact | End::Settled) && matches!(self.level, Level::Firm)
    }
}

pub(super) fn solve<'a>(
    residuals: problem::Call<'a>,
    jacobian: Option<problem::Call<'a>>,
    x0: &[f64],
    count: usize,
    options: &'a Fitting,
) -> Result<Fitted> {
    look_at(x0, count, options)?;
    let mut problem = Problem::new(residuals, jacobian, count, options);
    let start = problem.start(x0)?;
    let budget = options.max_evaluations.unwrap_or(400 * (x0.len() + 1));
    let mut best: Option<Best> = None;
    for attempt in ATTEMPTS {
        let until = problem.evaluations.saturating_add(budget);
        let found = attempted(&mut problem, &start, attempt, until)?;
        let arrived = found.arrived();
        if best.as_ref().is_none_or(|best| arrived || found.place.norm < best.place.norm) {
            best = Some(found);
        }
        // Whoever counts evaluations does not want them several times over.
        if arrived || options.max_evaluations.is_some() {
            break;
        }
    }
    match best {
        Some(best) => fitted(&problem, best, budget),
        None => unreachable!("there are attempts"),
    }
}

/// One search, and others from lower places where it ends on a plateau.
fn attempted(problem: &mut Problem<'_>, start: &Place, attempt: Attempt, until: usize) -> Result<Best> {
    const PLATEAUS: usize = 5;
    let (mut place, mut end) = descend(problem, start, attempt, until)?;
    let mut found = level(problem, &place, start)?;
    for _ in 0..PLATEAUS {
        let Level::Lower(lower) = found else { break };
        (place, end) = descend(problem, &lower, attempt, until)?;
        found = level(problem, &place, start)?;
    }
    if end == End::Stalled
        && matches!(found, Level::Firm)
        && let Some(lowest) = bottom(problem, &place, start)?
    {
        (place, end) = (lowest, End::Settled);
    }
    Ok(Best { place, end, level: found })
}

fn look_at(x0: &[f64], count: usize, options: &Fitting) -> Result<()> {
    let (function, n) = (options.function, x0.len());
    check::at_least(function, "x0", "parameters", n, 1)?;
    check::at_least(function, "the function's value", "residuals", count, 1)?;
    check::finite_vector(function, "x0", x0.into())?;
    for (argument, value) in [("xtol", options.step_tolerance), ("gtol", options.offset_tolerance)] {
        check::in_range(function, argument, value, (0.0..1.0).contains(&value), "at least 0 and below 1")?;
    }
    if let Some(step) = options.relative_step {
        check::in_range(function, "diff_step", step, step > 0.0 && step < 1.0, "between 0 and 1")?;
    }
    if let Some(most) = options.max_evaluations {
        check::in_range(function, "max_nfev", most as f64, most > 0, "at least 1")?;
    }
    let refuse = |problem: String| Err(Error::Invalid { function, argument: "bounds", problem });
    if options.lower.len() != n || options.upper.len() != n {
        return refuse(format!("hold {} and {} numbers for {n} parameters", options.lower.len(), options.upper.len()));
    }
    for (i, ((x, low), high)) in x0.iter().zip(&options.lower).zip(&options.upper).enumerate() {
        if !(low < high) {
            return refuse(format!("of parameter {i} are {low} and {high}, but the lower must be below the upper"));
        }
        if !(low..=high).contains(&x) {
            return refuse(format!("of parameter {i} are {low} and {high}, which does not hold its start {x}"));
        }
    }
    Ok(())
}

fn fitted(problem: &Problem<'_>, best: Best, budget: usize) -> Result<Fitted> {
    let Sight { offset, rank, free, .. } = look(problem, &best.place)?;
    let converged = best.arrived();
    let Best { place, end, level } = best;
    let gradient: Array1<f64> =
        place.j.columns().into_iter().map(|column| column.iter().zip(&place.r).map(|(j, r)| j * r).sum()).collect();
    let active = (0..problem.n).map(|i| {
        if free.contains(&i) {
            0
        } else if place.x[i] <= problem.lower[i] {
            -1
        } else {
            1
        }
    });
    let (status, message) = match (end, &level) {
        (End::Exact, Level::Firm) => (0, "converged: every residual is zero".into()),
        (End::Settled, Level::Firm) if offset > 1e-4 => {
            (0, "converged: the gradient vanishes, and the second derivatives are those of a minimum".into())
        }
        (End::Settled, Level::Firm) => {
            (0, format!("converged: a further step could take no more than {offset:.1e} of the residuals away"))
        }
        (_, Level::Flat(i)) => {
            let value = brief(place.x[*i], 6);
            let message = format!(
                "not converged: the search ended on a plateau, where parameter {i} (= {value}) has no effect; start closer, or give bounds"
            );
            (3, message)
        }
        (_, Level::Away(i)) => {
            let message = format!(
                "not converged: parameters have run away together (parameter {i} is {}), so that their effects are no longer independent (rank \
                 {rank} of {}); start closer, or give bounds",
                brief(place.x[*i], 4),
                free.len()
            );
            (3, message)
        }
        (End::Spent, _) => {
            (1, format!("not converged: max_nfev = {budget} evaluations are used up; allow more, or start closer"))
        }
        _ => {
            let message = format!(
                "not converged: no step lowers the residuals, though their relative offset is {offset:.1e}; if the function is not computed to \
                 all digits, give diff_step"
            );
            (2, message)
        }
    };
    Ok(Fitted {
        cost: 0.5 * place.norm * place.norm,
        active: active.collect(),
        gradient,
        x: Array1::from(place.x),
        residuals: Array1::from(place.r),
        jacobian: place.j,
        offset,
        rank,
        evaluations: problem.evaluations,
        calls: problem.calls,
        jacobians: problem.jacobians,
        converged,
        status,
        message,
    })
}
