//! Ordinary differential equations: y' = f(t, y) from a start, y(t₀) = y₀.
//!
//! ```
//! use underhood::calculus::equations::{Options, solve_ivp};
//! use underhood::Error;
//!
//! // A pendulum: two equations of the first order for one of the second.
//! let pendulum = |_t: f64, y: &[f64], slope: &mut [f64]| {
//!     slope[0] = y[1];
//!     slope[1] = -y[0].sin();
//!     Ok::<_, Error>(())
//! };
//! let found = solve_ivp(pendulum, (0.0, 10.0), &[1.0, 0.0], &Options::default())?;
//! assert!(found.stop.success());
//! let energy = |y: &[f64]| y[1] * y[1] / 2.0 - y[0].cos();
//! assert!((energy(found.last()) - energy(&[1.0, 0.0])).abs() < 1e-6);
//! # Ok::<(), Error>(())
//! ```
//!
//! `eighth` and `fifth` are the explicit methods, `radau` (with `lu`) the one for stiff equations, `fixed` those of a constant step, all of them a
//! `scheme`; `stages` sums slopes, `control` chooses steps, `stiffness` notices when an explicit method is the wrong one, `dense` interpolates,
//! `events` finds crossings, `solve` goes the way, `solution` is what came of it.

mod control;
mod dense;
mod eighth;
mod events;
mod fifth;
mod fixed;
mod lu;
mod radau;
mod scheme;
mod solution;
mod solve;
mod stages;
mod stiffness;

use std::cell::RefCell;

pub use events::{Crossing, Direction};
pub use solution::{Dense, Phase, Solution, Stop};

use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};
use scheme::Equation;
use solve::Task;

const NAME: &str = "solve_ivp";
/// Constant steps that would keep more numbers than these are refused: t and each component of y, for every step.
const MOST_NUMBERS: f64 = 1e8;

/// How steps are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Method {
    /// [`Method::Eighth`], and [`Method::Radau`] where the equation is stiff.
    #[default]
    Auto,
    /// Dormand and Prince's pair of orders 5 and 4.
    Fifth,
    /// Dormand and Prince's method of order 8.
    Eighth,
    /// Radau IIA of order 5, for stiff equations.
    Radau,
    /// Euler's method of order 1 with a constant step, for learning.
    Euler,
    /// The classical Runge–Kutta method of order 4 with a constant step, for learning.
    Kutta,
}

impl Method {
    const NAMES: [&'static str; 6] = ["auto", "RK45", "DOP853", "Radau", "euler", "rk4"];
    const ALL: [Method; 6] = [Method::Auto, Method::Fifth, Method::Eighth, Method::Radau, Method::Euler, Method::Kutta];

    /// Its name: `auto`, `RK45`, `DOP853`, `Radau`, `euler` or `rk4`.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().zip(Self::NAMES).find(|(method, _)| **method == self).map_or("auto", |(_, name)| name)
    }

    /// The method of that name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for another name.
    pub fn from_name(name: &str) -> Result<Self> {
        Self::NAMES
            .iter()
            .zip(Self::ALL)
            .find(|(known, _)| **known == name)
            .map(|(_, method)| method)
            .ok_or(Error::UnknownName { function: NAME, argument: "method", value: name.into(), allowed: &Self::NAMES })
    }
}

/// How an equation is to be solved.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// How steps are made.
    pub method: Method,
    /// Relative tolerance: each step's error in component i may be about `atolᵢ + rtol |yᵢ|`.
    pub rtol: f64,
    /// Absolute tolerance: one for all components or one for each; 0 counts as a millionth of `rtol` times the largest component at the
    /// start, or what its slope there adds to it over the whole interval if that is more, since of a component that is zero no part can
    /// be allowed. With [`Options::times`] or [`Options::dense`], both tolerances are halved for [`Method::Eighth`] (and [`Method::Auto`]),
    /// because its polynomials between the steps are of order 7.
    pub atol: Vec<f64>,
    /// Length of the first step; found if not given.
    pub first_step: Option<f64>,
    /// Longest step.
    pub max_step: f64,
    /// Most attempts at steps; constant steps are as many as they are.
    pub max_steps: usize,
    /// The step of `Euler` and `Kutta`; a hundredth of the interval if not given.
    pub step: Option<f64>,
    /// The times at which the solution is kept, in the direction of integration; the ends of all steps if not given.
    pub times: Option<Vec<f64>>,
    /// Whether to keep the solution between the steps.
    pub dense: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            method: Method::Auto,
            rtol: 1e-6,
            atol: vec![1e-9],
            first_step: None,
            max_step: f64::INFINITY,
            max_steps: 100_000,
            step: None,
            times: None,
            dense: false,
        }
    }
}

impl Options {
    /// The constant step, for the methods that have one.
    fn fixed_step(&self, length: f64) -> Option<f64> {
        matches!(self.method, Method::Euler | Method::Kutta).then(|| self.step.unwrap_or(length / 100.0))
    }
}

/// Solves y' = f(t, y), y(t₀) = y₀ from the first to the second end of `span` (which may be the earlier one). `f` writes the slope
/// into its last argument.
///
/// `Method::Auto` starts with an explicit method of order 8 and goes over to an implicit one where the steps are held back by
/// stability, and back where they no longer are; [`Solution::phases`] says where.
///
/// ```
/// use underhood::calculus::equations::{Method, Options, solve_ivp};
/// use underhood::Error;
///
/// // Van der Pol's oscillator with a strong damping is stiff …
/// let stiff = |_t: f64, y: &[f64], slope: &mut [f64]| {
///     slope[0] = y[1];
///     slope[1] = 1000.0 * (1.0 - y[0] * y[0]) * y[1] - y[0];
///     Ok::<_, Error>(())
/// };
/// let found = solve_ivp(stiff, (0.0, 2000.0), &[2.0, 0.0], &Options::default())?;
/// assert!(found.stop.success() && found.phases.iter().any(|phase| phase.method == Method::Radau));
///
/// // … and a solution that runs off to infinity is named.
/// let square = |_t: f64, y: &[f64], slope: &mut [f64]| Ok::<_, Error>(slope[0] = y[0] * y[0]);
/// let found = solve_ivp(square, (0.0, 2.0), &[1.0], &Options::default())?;
/// assert!(found.stop.to_string().contains("grows without bound"));
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfRange`], [`Error::NotFinite`], [`Error::Shape`], [`Error::TooFew`] or [`Error::Invalid`] for an argument; whatever
/// `f` returns as its error. An integration that fails is no error: see [`Solution::stop`].
pub fn solve_ivp<E: From<Error>>(
    mut f: impl FnMut(f64, &[f64], &mut [f64]) -> std::result::Result<(), E>,
    span: (f64, f64),
    y0: &[f64],
    options: &Options,
) -> std::result::Result<Solution, E> {
    let mut caught = Caught::new(NAME);
    let mut slope = |t: f64, y: &[f64], into: &mut [f64]| caught.catch(f(t, y, into));
    let found = run(Equation::new(&mut slope, None), &[], &mut |_, _, _| Ok(0.0), span, y0, options);
    caught.release(found)
}

/// A caller's function of t and y that fills a slice: a slope, or a matrix by rows.
pub type Fill<'a, E> = dyn FnMut(f64, &[f64], &mut [f64]) -> std::result::Result<(), E> + 'a;

/// A caller's function of t and y with a number for its value.
pub type Value<'a, E> = dyn FnMut(f64, &[f64]) -> std::result::Result<f64, E> + 'a;

/// An event: the function whose zeros are looked for, and which of them count.
pub struct Event<'a, E> {
    /// g(t, y).
    pub function: Box<Value<'a, E>>,
    /// Which zeros count, and which of them end the integration.
    pub crossing: Crossing,
}

/// [`solve_ivp`] with a Jacobian matrix (∂fᵢ/∂yⱼ by rows, for the implicit method; by differences if not given) and events.
///
/// ```
/// use underhood::calculus::equations::{Crossing, Direction, Event, Options, solve_ivp_with};
/// use underhood::Error;
///
/// // A stone is thrown up at 10 m/s: when does it come down?
/// let mut fall = |_t: f64, y: &[f64], slope: &mut [f64]| {
///     (slope[0], slope[1]) = (y[1], -9.81);
///     Ok::<_, Error>(())
/// };
/// let crossing = Crossing { direction: Direction::Falling, terminal: Some(1) };
/// let ground = Event { function: Box::new(|_, y| Ok(y[0])), crossing };
/// let found = solve_ivp_with(&mut fall, None, vec![ground], (0.0, 10.0), &[0.0, 10.0], &Options::default())?;
/// assert!((found.event_times[0][0] - 20.0 / 9.81).abs() < 1e-9);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// Those of [`solve_ivp`], and whatever the other functions return as theirs.
pub fn solve_ivp_with<E: From<Error>>(
    f: &mut Fill<'_, E>,
    mut jacobian: Option<&mut Fill<'_, E>>,
    mut events: Vec<Event<'_, E>>,
    span: (f64, f64),
    y0: &[f64],
    options: &Options,
) -> std::result::Result<Solution, E> {
    let caught = RefCell::new(Caught::new(NAME));
    let crossings: Vec<Crossing> = events.iter().map(|event| event.crossing).collect();
    let mut slope =
        |t: f64, y: &[f64], into: &mut [f64]| f(t, y, into).or_else(|error| caught.borrow_mut().catch(Err(error)));
    let given = jacobian.is_some();
    let mut matrix = |t: f64, y: &[f64], into: &mut [f64]| match &mut jacobian {
        Some(jacobian) => jacobian(t, y, into).or_else(|error| caught.borrow_mut().catch(Err(error))),
        None => Ok(()),
    };
    let mut signal = |event: usize, t: f64, y: &[f64]| {
        (events[event].function)(t, y).or_else(|error| caught.borrow_mut().catch(Err(error)))
    };
    let equation = Equation::new(&mut slope, if given { Some(&mut matrix) } else { None });
    let found = run(equation, &crossings, &mut signal, span, y0, options);
    caught.into_inner().release(found)
}

fn run(
    equation: Equation<'_>,
    crossings: &[Crossing],
    signal: &mut events::Signal<'_>,
    span: (f64, f64),
    y0: &[f64],
    options: &Options,
) -> Result<Solution> {
    checked(span, y0, options)?;
    solve::solve(&Task { span, start: y0, options, crossings }, equation, signal)
}

/// Refuses what makes no sense.
fn checked((start, end): (f64, f64), y0: &[f64], options: &Options) -> Result<()> {
    for (i, value) in [start, end].into_iter().enumerate() {
        if !value.is_finite() {
            return Err(Error::NotFinite { function: NAME, argument: "t_span", value, index: vec![i] });
        }
    }
    check::at_least(NAME, "y0", "values", y0.len(), 1)?;
    check::finite_vector(NAME, "y0", y0.into())?;
    let Options { rtol, atol, first_step, max_step, max_steps, step, times, .. } = options;
    let possible = *rtol == 0.0 || (*rtol >= 100.0 * f64::EPSILON && rtol.is_finite());
    check::in_range(NAME, "rtol", *rtol, possible, "0 or at least 2.3e-14, since doubles hold no more")?;
    if atol.len() != 1 && atol.len() != y0.len() {
        let expected = format!("y0 holds {} numbers, so one for all or one for each is needed", y0.len());
        return Err(Error::Shape { function: NAME, argument: "atol", shape: vec![atol.len()], expected });
    }
    for &atol in atol {
        check::in_range(NAME, "atol", atol, atol >= 0.0 && atol.is_finite(), "at least 0")?;
    }
    if *rtol == 0.0 && atol.contains(&0.0) {
        let problem = "is 0, as is rtol: no error at all would be allowed".into();
        return Err(Error::Invalid { function: NAME, argument: "atol", problem });
    }
    let length = (end - start).abs();
    if let Some(step) = *first_step {
        check::in_range(
            NAME,
            "first_step",
            step,
            step > 0.0 && step <= length,
            "positive and at most the length of t_span",
        )?;
    }
    check::in_range(NAME, "max_step", *max_step, *max_step > 0.0, "positive")?;
    check::in_range(NAME, "max_steps", *max_steps as f64, *max_steps > 0, "at least 1")?;
    if let Some(step) = *step {
        check::in_range(NAME, "step", step, step > 0.0 && step.is_finite(), "positive")?;
        if options.fixed_step(length).is_none() {
            let problem = format!(
                "is for the methods \"euler\" and \"rk4\"; {:?} chooses its steps (see rtol, atol and max_step)",
                options.method.name()
            );
            return Err(Error::Invalid { function: NAME, argument: "step", problem });
        }
        let most = MOST_NUMBERS / (1 + y0.len()) as f64;
        if length / step > most {
            let problem = format!(
                "is {step}, which makes {:.3e} steps; at most {most:.3e} are made for {} components, since all are kept",
                length / step,
                y0.len()
            );
            return Err(Error::Invalid { function: NAME, argument: "step", problem });
        }
    }
    let Some(times) = times else { return Ok(()) };
    for (i, &t) in times.iter().enumerate() {
        if !(start.min(end)..=start.max(end)).contains(&t) {
            let problem = format!("holds {t} at index {i}, but t_span goes from {start} to {end}");
            return Err(Error::Invalid { function: NAME, argument: "t_eval", problem });
        }
        if i > 0 && ((t > times[i - 1]) != (end > start) || t == times[i - 1]) {
            let problem =
                format!("goes from {} to {t} at index {i}, but must go in the direction of t_span", times[i - 1]);
            return Err(Error::Invalid { function: NAME, argument: "t_eval", problem });
        }
    }
    Ok(())
}
