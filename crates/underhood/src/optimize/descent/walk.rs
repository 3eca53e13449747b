//! The walk itself: evaluate, step, look whether to go on.

use ndarray::{Array1, Array2};

use super::advice::{self, Course};
use super::ground::{Ground, Rest, ground};
use super::line_search::{Found, Line};
use super::options::{Options, Rate};
use super::record::{RESERVED, Rows};
use super::rule::{Rule, Stepper};
use super::strides::Strides;
use crate::error::{Error, Result as CoreResult};
use crate::optimize::lengths::{distance, length as norm};

/// A gradient this many times longer than the first, at a value above the first, is not coming back.
pub(super) const GROWN: f64 = 1e10;

/// Why a descent ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// The gradient is no longer than the tolerance, and f is not seen to fall away from there.
    Converged,
    /// The gradient is no longer than the tolerance, but f falls away along some way: a saddle, a maximum or an inflection.
    Saddle,
    /// The gradient is no longer than the tolerance at the very start, but f is not lowest there: a plateau, or a slope too gentle for the
    /// tolerance.
    Plateau,
    /// The steps are used up.
    MaxIter,
    /// Point, value or gradient grew without bound or became infinite or NaN; the result holds the last finite ones.
    Diverged,
    /// The step is too small to change the point, or no step lowers the value, though the gradient is longer than the tolerance.
    Stalled,
    /// The watcher asked to stop.
    Asked,
}

impl Stop {
    /// Its name: `converged`, `saddle`, `plateau`, `max_iter`, `diverged`, `stalled` or `callback`.
    pub fn name(self) -> &'static str {
        match self {
            Stop::Converged => "converged",
            Stop::Saddle => "saddle",
            Stop::Plateau => "plateau",
            Stop::MaxIter => "max_iter",
            Stop::Diverged => "diverged",
            Stop::Stalled => "stalled",
            Stop::Asked => "callback",
        }
    }
}

/// What a watcher is shown after a step.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Step<'a> {
    /// Steps made so far.
    pub iteration: usize,
    /// The point.
    pub x: &'a [f64],
    /// The function's value there.
    pub value: f64,
    /// The gradient there.
    pub gradient: &'a [f64],
}

/// A whole descent.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Descent {
    /// The last point that was finite with its value and gradient.
    pub x: Array1<f64>,
    /// The value there.
    pub value: f64,
    /// The gradient there.
    pub gradient: Array1<f64>,
    /// Steps made.
    pub iterations: usize,
    /// How often the function was called; the look around at the end is not counted, here and of gradients.
    pub function_evaluations: usize,
    /// How often the gradient was called; 0 if it was computed numerically, by calling the function.
    pub gradient_evaluations: usize,
    /// Why it ended.
    pub stop: Stop,
    /// The same in words, with numbers, and with advice if it went wrong.
    pub message: String,
    /// The points, one a row, the start first; `None` if they were not kept.
    pub path: Option<Array2<f64>>,
    /// The gradients at those points, one a row; `None` if they were not kept.
    pub gradients: Option<Array2<f64>>,
    /// The values at those points.
    pub values: Array1<f64>,
    /// The Euclidean lengths of the gradients at those points.
    pub gradient_norms: Array1<f64>,
    /// The curvature between the last two points, |Δ∇f| / |Δx|: on a bowl, after a while, its largest if the steps grow and its
    /// smallest if they shrink. `None` before the first step.
    pub curvature: Option<f64>,
    /// Rates and lengths of the steps.
    pub pace: Pace,
}

/// Rates of steps and their lengths.
#[derive(Debug, Clone, PartialEq)]
pub enum Pace {
    /// One rate for all steps by the plain rule: their lengths are the gradients' times this.
    Even(f64),
    /// Whatever they were.
    Varied {
        /// The rate of each step.
        rates: Array1<f64>,
        /// The Euclidean length of each step.
        lengths: Array1<f64>,
    },
}

impl Descent {
    /// The same, if it came to rest, with what a look around says of the place: whether f falls away from it.
    pub(super) fn judged<E>(mut self, falls_away: impl FnOnce(&[f64]) -> Result<bool, E>) -> Result<Self, E> {
        if self.stop == Stop::Converged && falls_away(&self.x.to_vec())? {
            self.stop = Stop::Saddle;
            self.message = advice::saddle(self.gradient_norms[self.iterations], self.iterations);
        }
        Ok(self)
    }

    /// The same with what the values around say: whether f goes on to fall, or is level near by alone.
    pub(super) fn grounded<E>(mut self, x0: &[f64], f: impl FnMut(&[f64]) -> Result<f64, E>) -> Result<Self, E> {
        if self.stop != Stop::Converged {
            return Ok(self);
        }
        let (x, slope) = (self.x.to_vec(), self.gradient.to_vec());
        let moved = self.iterations > 0;
        let rest = Rest { x: &x, value: self.value, slope: &slope, start: x0, first_value: self.values[0], moved };
        let found = ground(f, &rest)?;
        let steep = self.gradient_norms[self.iterations];
        (self.stop, self.message) = match found {
            Ground::Firm => return Ok(self),
            Ground::Falling => (Stop::Saddle, advice::inflection(steep, self.iterations)),
            Ground::Gentle => (Stop::Plateau, advice::gentle(steep)),
            Ground::Plateau => (Stop::Plateau, advice::plateau(steep)),
        };
        Ok(self)
    }

    /// The rates of the steps.
    pub fn rates(&self) -> Array1<f64> {
        match &self.pace {
            Pace::Even(rate) => Array1::from_elem(self.iterations, *rate),
            Pace::Varied { rates, .. } => rates.clone(),
        }
    }

    /// The Euclidean lengths of the steps.
    pub fn step_lengths(&self) -> Array1<f64> {
        match &self.pace {
            Pace::Even(rate) => self.gradient_norms.iter().take(self.iterations).map(|norm| rate * norm).collect(),
            Pace::Varied { lengths, .. } => lengths.clone(),
        }
    }
}

/// What is asked of a caller's function at a point.
#[derive(Debug)]
pub(super) enum Want<'a> {
    /// The value alone, for a line search.
    Value,
    /// The gradient alone, where the value is known.
    Gradient(&'a mut [f64]),
    /// Both; the gradient may be left as it is where the value is not finite.
    Both(&'a mut [f64]),
}

/// Goes downhill. What the closures give as their error comes out as it went in.
///
/// The loop is compiled into each caller's closure: for a function of a few variables it costs a few nanoseconds a step.
pub(super) fn descend<E: From<Error>>(
    mut evaluate: impl FnMut(&[f64], Want<'_>) -> Result<f64, E>,
    mut strides: Option<&mut Strides<'_>>,
    x0: &[f64],
    options: &Options<'_>,
    mut watch: impl FnMut(Step<'_>) -> Result<bool, E>,
) -> Result<Descent, E> {
    const NAME: &str = "gradient_descent";
    options.checked(NAME, x0)?;
    let expected = options.max_iter.saturating_add(1);
    let mut points = Rows::new(x0.len(), options.keep_path, expected);
    let mut gradients = Rows::new(x0.len(), options.keep_path, expected);
    points.row_mut(0).copy_from_slice(x0);
    let mut value = evaluate(x0, Want::Both(gradients.row_mut(0)))?;
    start_is_finite(NAME, value, gradients.row(0))?;
    let mut slope = norm(gradients.row(0));
    let reserved = || Vec::with_capacity(expected.min(RESERVED));
    let (mut values, mut norms) = (reserved(), reserved());
    values.push(value);
    norms.push(slope);
    let (first_value, hopeless) = (value, GROWN * slope);

    let mut stepper = Stepper::new(options.rule, x0.len());
    let (searches, every) = (options.rate.searches(), options.watch_every.max(1));
    let constant = if let Rate::Constant(rate) = options.rate { Some(rate) } else { None };
    let even = constant.filter(|_| options.rule == Rule::Plain);
    let (mut rates, mut lengths) = (Vec::new(), Vec::new());
    let mut first_curvature = None;
    let mut until_watched = every;
    let mut k = 0;
    let stop = loop {
        if slope <= options.tolerance {
            break Stop::Converged;
        }
        if slope > hopeless && value > first_value {
            break Stop::Diverged;
        }
        if k == options.max_iter {
            break Stop::MaxIter;
        }
        let mut made = 0;
        // The first step is looked at by itself.
        if let Some(strides) = strides.as_mut().filter(|_| k > 0) {
            let most = (options.max_iter - k).min(until_watched);
            let rows = strides.make(points.row(k), gradients.row(k), most, hopeless);
            points.append(k, rows.points);
            gradients.append(k, rows.gradients);
            values.extend_from_slice(rows.values);
            norms.extend_from_slice(rows.slopes);
            made = rows.values.len();
        }
        if made == 0 {
            let (x, next) = points.here_and_next(k);
            let (gradient, next_gradient) = gradients.here_and_next(k);
            let rate;
            if searches {
                let line = Line {
                    evaluate: &mut evaluate,
                    x,
                    value,
                    gradient,
                    slope,
                    next: &mut *next,
                    next_gradient: &mut *next_gradient,
                };
                match line.search(&options.rate, rates.last().copied())? {
                    Found::Next { value: lower, rate: found } => (value, rate) = (lower, found),
                    // So steep a place is no kink: the value falls faster than numbers can follow.
                    Found::Nothing if slope > hopeless => break Stop::Diverged,
                    Found::Nothing => break Stop::Stalled,
                    Found::Bottomless => break Stop::Diverged,
                }
            } else {
                rate = match constant {
                    Some(rate) => rate,
                    None => options.rate.at(NAME, k)?,
                };
                stepper.step(x, gradient, rate, next);
            }
            if rate > 0.0 && *next == *x {
                break Stop::Stalled;
            }
            if !next.iter().all(|v| v.is_finite()) {
                break Stop::Diverged;
            }
            if even.is_none() {
                rates.push(rate);
                lengths.push(distance(x, next));
            }
            if !searches {
                value = evaluate(next, Want::Both(next_gradient))?;
            }
            slope = norm(next_gradient);
            if !(value.is_finite() && slope.is_finite()) {
                break Stop::Diverged;
            }
            if k == 0 {
                first_curvature = Some(distance(gradient, next_gradient) / distance(x, next));
            }
            values.push(value);
            norms.push(slope);
            made = 1;
        }
        k += made;
        (value, slope) = (values[k], norms[k]);
        until_watched -= made;
        if until_watched == 0 {
            until_watched = every;
            if !watch(Step { iteration: k, x: points.row(k), value, gradient: gradients.row(k) })? {
                break Stop::Asked;
            }
        }
    };
    let pace = match even {
        Some(rate) => Pace::Even(rate),
        None => {
            // The last step may have led to nowhere.
            rates.truncate(k);
            lengths.truncate(k);
            Pace::Varied { rates: rates.into(), lengths: lengths.into() }
        }
    };
    Ok(finished((points, gradients), (values, norms), pace, (stop, first_curvature), options))
}

fn finished(
    (points, gradients): (Rows, Rows),
    (values, norms): (Vec<f64>, Vec<f64>),
    pace: Pace,
    (stop, first_curvature): (Stop, Option<f64>),
    options: &Options<'_>,
) -> Descent {
    let (k, n) = (values.len() - 1, points.row(0).len());
    let curvature = (k > 0)
        .then(|| distance(gradients.row(k - 1), gradients.row(k)) / distance(points.row(k - 1), points.row(k)))
        .filter(|found| found.is_finite());
    let last_rate = match &pace {
        Pace::Even(rate) => *rate,
        Pace::Varied { rates, .. } => rates.last().copied().unwrap_or(f64::NAN),
    };
    let course = Course {
        values: (values[0], values[k]),
        slope: norms[k],
        iterations: k,
        last_rate,
        curvatures: first_curvature.zip(curvature),
    };
    let matrix = |flat: Vec<f64>| Array2::from_shape_vec((k + 1, n), flat).ok();
    Descent {
        x: points.row(k).to_vec().into(),
        value: values[k],
        gradient: gradients.row(k).to_vec().into(),
        iterations: k,
        function_evaluations: 0,
        gradient_evaluations: 0,
        stop,
        message: advice::message(stop, &course, options),
        path: points.into_kept(k + 1).and_then(matrix),
        gradients: gradients.into_kept(k + 1).and_then(matrix),
        values: values.into(),
        gradient_norms: norms.into(),
        curvature,
        pace,
    }
}

pub(super) fn start_is_finite(function: &'static str, value: f64, gradient: &[f64]) -> CoreResult<()> {
    let refuse = |problem| Err(Error::Invalid { function, argument: "x0", problem });
    if !value.is_finite() {
        return refuse(format!("is a point where f is {value}; start where f is finite"));
    }
    match gradient.iter().position(|v| !v.is_finite()) {
        None => Ok(()),
        Some(i) => refuse(format!(
            "is a point where the gradient is {} (entry {i}); start where f has a derivative",
            gradient[i]
        )),
    }
}
