//! Gradient descent with a constant learning rate, and with momentum: A. Cauchy, "Méthode générale pour la résolution des
//! systèmes d'équations simultanées" (1847); B. T. Polyak, "Some methods of speeding up the convergence of iteration methods"
//! (1964), <https://doi.org/10.1016/0041-5553(64)90137-5>.

use ndarray::{Array1, Array2};

use super::record::Record;
use crate::calculus;
use crate::check;
use crate::error::Error;

/// How a descent is to be run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// The step is the negative gradient times this; positive.
    pub learning_rate: f64,
    /// The part of the previous step that is repeated: at least 0 (plain descent), below 1.
    pub momentum: f64,
    /// Most steps that are made.
    pub max_iter: usize,
    /// The descent has converged when the Euclidean length of the gradient is no more than this.
    pub tolerance: f64,
    /// Whether to keep every point and gradient (2 n numbers a step). Values and the gradients' lengths are kept in any case.
    pub keep_path: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { learning_rate: 0.01, momentum: 0.0, max_iter: 1000, tolerance: 1e-8, keep_path: true }
    }
}

/// Why a descent ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// The gradient is no longer than the tolerance.
    Converged,
    /// The steps are used up.
    MaxIter,
    /// Point, value or gradient grew without bound or became infinite or NaN; the result holds the last finite ones.
    Diverged,
    /// The step is too small to change the point, though the gradient is longer than the tolerance.
    Stalled,
    /// The watcher asked to stop.
    Asked,
}

impl Stop {
    /// Its name: `converged`, `max_iter`, `diverged`, `stalled` or `callback`.
    pub fn name(self) -> &'static str {
        match self {
            Stop::Converged => "converged",
            Stop::MaxIter => "max_iter",
            Stop::Diverged => "diverged",
            Stop::Stalled => "stalled",
            Stop::Asked => "callback",
        }
    }
}

/// What a watcher is shown after each step.
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
    /// How often the function was called.
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
}

/// Goes downhill from `x0` by `x ← x − η ∇f(x)`, or with momentum β by `v ← β v − η ∇f(x)`, `x ← x + v`.
///
/// `f` maps a point to its value, `gradient` writes the gradient at a point into its second argument. `watch` is shown every
/// step and answers whether to go on; errors of all three end the descent and come out as they went in.
///
/// On a quadratic with curvatures between l and L, plain descent converges exactly if η < 2/L, fastest for η = 2/(l + L), by a
/// factor (L − l)/(L + l) each step. A run that diverges stops by itself and returns its last finite point.
///
/// # Errors
/// [`Error::TooFew`] for an empty `x0`, [`Error::NotFinite`] for NaN or infinity in it, [`Error::Invalid`] if value or gradient
/// are not finite there, [`Error::OutOfRange`] for an option; whatever the closures return as their error.
pub fn gradient_descent<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> Result<f64, E>,
    mut gradient: impl FnMut(&[f64], &mut [f64]) -> Result<(), E>,
    x0: &[f64],
    options: &Options,
    watch: impl FnMut(Step<'_>) -> Result<bool, E>,
) -> Result<Descent, E> {
    let (mut values, mut gradients) = (0, 0);
    let evaluate = |x: &[f64], slope: &mut [f64]| -> Result<f64, E> {
        values += 1;
        let value = f(x)?;
        if value.is_finite() {
            gradients += 1;
            gradient(x, slope)?;
        }
        Ok(value)
    };
    let mut descent = descend(evaluate, x0, options, watch)?;
    (descent.function_evaluations, descent.gradient_evaluations) = (values, gradients);
    Ok(descent)
}

/// [`gradient_descent`] with the gradient computed numerically by [`calculus::gradient`](crate::calculus::gradient()), which
/// calls `f` some 20 to 40 times for each coordinate.
///
/// # Errors
/// As [`gradient_descent`].
pub fn gradient_descent_numerical<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> Result<f64, E>,
    x0: &[f64],
    options: &Options,
    watch: impl FnMut(Step<'_>) -> Result<bool, E>,
) -> Result<Descent, E> {
    let mut values = 0;
    let evaluate = |x: &[f64], slope: &mut [f64]| -> Result<f64, E> {
        // The value at the point itself is the first that is asked for.
        let mut first = None;
        let counted = |x: &[f64]| -> Result<f64, E> {
            values += 1;
            let value = f(x)?;
            first.get_or_insert(value);
            Ok(value)
        };
        let found = calculus::gradient(counted, x, &calculus::Options::default())?;
        slope.iter_mut().zip(&found.values).for_each(|(to, from)| *to = *from);
        Ok(first.unwrap_or(f64::NAN))
    };
    let mut descent = descend(evaluate, x0, options, watch)?;
    descent.function_evaluations = values;
    Ok(descent)
}

/// One point of the descent.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) x: Vec<f64>,
    pub(super) value: f64,
    pub(super) gradient: Vec<f64>,
}

impl Place {
    fn finite(&self) -> bool {
        self.value.is_finite() && self.x.iter().chain(&self.gradient).all(|v| v.is_finite())
    }
}

fn descend<E: From<Error>>(
    mut evaluate: impl FnMut(&[f64], &mut [f64]) -> Result<f64, E>,
    x0: &[f64],
    options: &Options,
    mut watch: impl FnMut(Step<'_>) -> Result<bool, E>,
) -> Result<Descent, E> {
    checked(x0, options)?;
    let n = x0.len();
    let mut here = Place { x: x0.to_vec(), value: f64::NAN, gradient: vec![f64::NAN; n] };
    here.value = evaluate(&here.x, &mut here.gradient)?;
    start_is_finite(&here)?;

    let mut next = here.clone();
    let mut velocity = vec![0.0; n];
    let mut record = Record::new(options, &here);
    let mut iterations = 0;
    let stop = loop {
        let slope = norm(&here.gradient);
        if slope <= options.tolerance {
            break Stop::Converged;
        }
        if record.hopeless(slope, here.value) {
            break Stop::Diverged;
        }
        if iterations == options.max_iter {
            break Stop::MaxIter;
        }
        for i in 0..n {
            velocity[i] = options.momentum * velocity[i] - options.learning_rate * here.gradient[i];
            next.x[i] = here.x[i] + velocity[i];
        }
        if next.x == here.x {
            break Stop::Stalled;
        }
        if next.x.iter().any(|v| !v.is_finite()) {
            break Stop::Diverged;
        }
        next.value = evaluate(&next.x, &mut next.gradient)?;
        if !next.finite() {
            break Stop::Diverged;
        }
        record.curvature = Some(distance(&next.gradient, &here.gradient) / distance(&next.x, &here.x));
        record.first_curvature = record.first_curvature.or(record.curvature);
        std::mem::swap(&mut here, &mut next);
        iterations += 1;
        record.add(&here);
        if !watch(Step { iteration: iterations, x: &here.x, value: here.value, gradient: &here.gradient })? {
            break Stop::Asked;
        }
    };
    let message = record.message(stop, iterations, options);
    let matrix = |flat: Vec<f64>| Array2::from_shape_vec((flat.len() / n, n), flat).ok();
    Ok(Descent {
        x: Array1::from_vec(here.x),
        value: here.value,
        gradient: Array1::from_vec(here.gradient),
        iterations,
        function_evaluations: 0,
        gradient_evaluations: 0,
        stop,
        message,
        path: record.path.and_then(matrix),
        gradients: record.gradients.and_then(matrix),
        values: Array1::from_vec(record.values),
        gradient_norms: Array1::from_vec(record.norms),
        curvature: record.curvature,
    })
}

fn checked(x0: &[f64], options: &Options) -> Result<(), Error> {
    const NAME: &str = "gradient_descent";
    let Options { learning_rate, momentum, tolerance, .. } = *options;
    check::at_least(NAME, "x0", "values", x0.len(), 1)?;
    check::finite_vector(NAME, "x0", x0.into())?;
    let positive = learning_rate > 0.0 && learning_rate.is_finite();
    check::in_range(NAME, "learning_rate", learning_rate, positive, "positive and finite")?;
    check::in_range(NAME, "momentum", momentum, (0.0..1.0).contains(&momentum), "at least 0 and below 1")?;
    check::in_range(NAME, "tol", tolerance, tolerance >= 0.0 && tolerance.is_finite(), "at least 0 and finite")
}

fn start_is_finite(start: &Place) -> Result<(), Error> {
    let refuse = |problem| Err(Error::Invalid { function: "gradient_descent", argument: "x0", problem });
    if !start.value.is_finite() {
        return refuse(format!("is a point where f is {}; start where f is finite", start.value));
    }
    match start.gradient.iter().position(|v| !v.is_finite()) {
        None => Ok(()),
        Some(i) => refuse(format!(
            "is a point where the gradient is {} (entry {i}); start where f has a derivative",
            start.gradient[i]
        )),
    }
}

/// Euclidean length, without overflow on the way.
pub(super) fn norm(x: &[f64]) -> f64 {
    let largest = x.iter().fold(0.0_f64, |largest, v| largest.max(v.abs()));
    if largest > 1e-140 && largest < 1e140 {
        return x.iter().map(|v| v * v).sum::<f64>().sqrt();
    }
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * x.iter().map(|v| (v / largest).powi(2)).sum::<f64>().sqrt()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    norm(&a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<_>>())
}
