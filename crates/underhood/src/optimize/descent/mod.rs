//! Gradient descent: the rules and rates of the textbooks, and everything that happened on the way.
//!
//! `options` says how a descent is to be run, `rule` how a gradient becomes a step, `schedule` how a rate changes, `line_search` how it is
//! found, `walk` has the loop, `strides` many steps of it at once, `record` the rows it writes, `advice` the words at its end, `saddle` and `ground` tell a saddle and a plateau from a minimum, `curvature` the critical rate before it, and
//! `stochastic` the descent on mini-batches.

mod advice;
mod curvature;
mod ground;
mod line_search;
mod options;
mod record;
mod rule;
mod saddle;
mod schedule;
mod stochastic;
mod strides;
mod walk;

pub use curvature::{LargestCurvature, largest_curvature, largest_curvature_numerical, largest_curvature_with};
pub use options::{Options, Rate};
pub use rule::{Parameters, Rule};
pub use schedule::{Decay, Schedule};
pub use stochastic::{StochasticDescent, StochasticOptions, StochasticStop, stochastic_gradient_descent};
pub use walk::{Descent, Pace, Step, Stop};

use crate::calculus;
use crate::error::Error;
use crate::graph::Program;
use strides::Strides;
use walk::{Want, descend};

/// Goes downhill from `x0`: x ← x − η ∇f(x), or by another [`Rule`].
///
/// `f` maps a point to its value, `gradient` writes the gradient at a point into its second argument. `watch` is shown the steps
/// and answers whether to go on; errors of all three end the descent and come out as they went in.
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
    options: &Options<'_>,
    watch: impl FnMut(Step<'_>) -> Result<bool, E>,
) -> Result<Descent, E> {
    let (mut values, mut gradients) = (0, 0);
    let evaluate = |x: &[f64], want: Want<'_>| -> Result<f64, E> {
        let value = if let Want::Gradient(_) = want {
            0.0
        } else {
            values += 1;
            f(x)?
        };
        if let Want::Gradient(slope) | Want::Both(slope) = want
            && value.is_finite()
        {
            gradients += 1;
            gradient(x, slope)?;
        }
        Ok(value)
    };
    let mut descent = descend(evaluate, None, x0, options, watch)?;
    (descent.function_evaluations, descent.gradient_evaluations) = (values, gradients);
    descent.judged(|x| saddle::by_slopes(gradient, x, x0))?.grounded(x0, f)
}

/// [`gradient_descent`] for a function that gives its value and writes its gradient at once. The loop is compiled into it: for two
/// variables a step costs a few nanoseconds beside the function itself.
///
/// ```
/// use underhood::Error;
/// use underhood::optimize::{Options, Rate, gradient_descent_with};
///
/// let valley = |x: &[f64], gradient: &mut [f64]| -> Result<f64, Error> {
///     let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
///     gradient.copy_from_slice(&[-2.0 * a - 400.0 * x[0] * b, 200.0 * b]);
///     Ok(a * a + 100.0 * b * b)
/// };
/// let options = Options { rate: Rate::Constant(1e-3), max_iter: 10_000, ..Options::default() };
/// let walk = gradient_descent_with(valley, &[-1.2, 1.0], &options, |_| Ok(true))?;
/// assert!(walk.value < 1e-4);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// As [`gradient_descent`].
pub fn gradient_descent_with<E: From<Error>>(
    mut value_and_gradient: impl FnMut(&[f64], &mut [f64]) -> Result<f64, E>,
    x0: &[f64],
    options: &Options<'_>,
    watch: impl FnMut(Step<'_>) -> Result<bool, E>,
) -> Result<Descent, E> {
    let mut evaluations = 0;
    let mut unread = vec![0.0; x0.len()];
    let evaluate = |x: &[f64], want: Want<'_>| -> Result<f64, E> {
        evaluations += 1;
        match want {
            Want::Value => value_and_gradient(x, &mut unread),
            Want::Gradient(slope) | Want::Both(slope) => value_and_gradient(x, slope),
        }
    };
    let mut descent = descend(evaluate, None, x0, options, watch)?;
    (descent.function_evaluations, descent.gradient_evaluations) = (evaluations, evaluations);
    let descent = descent.judged(|x| saddle::by_slopes(|x, into| value_and_gradient(x, into).map(drop), x, x0))?;
    descent.grounded(x0, |x| value_and_gradient(x, &mut unread))
}

/// [`gradient_descent`] for the program of a graph that gives f(x) and ∇f(x), in this order, as one vector of 1 + n numbers.
///
/// Where there is machine code, plain steps at one rate on up to 8 variables are made by it, many at a time; a watcher who is to be shown more than every
/// 32nd step stands in the way of that. The path has the same bits either way.
///
/// ```
/// use underhood::Error;
/// use underhood::graph::{Function, Program};
/// use underhood::optimize::{Options, Rate, gradient_descent_program};
///
/// let f = Function::parse("x**4/4 - x", None)?;
/// let program = Program::new(&f.joined(&f.gradient(&[0])?)?);
/// let options = Options { rate: Rate::Constant(1e-3), max_iter: 100_000, watch_every: 256, ..Options::default() };
/// let walk = gradient_descent_program(&program, &[3.0], &options, |_| Ok::<bool, Error>(true))?;
/// assert!((walk.x[0] - 1.0).abs() < 1e-8);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// As [`gradient_descent`]; [`Error::Shape`] if the program is not one of as many numbers as `x0`, or gives something else.
pub fn gradient_descent_program<E: From<Error>>(
    value_and_gradient: &Program,
    x0: &[f64],
    options: &Options<'_>,
    watch: impl FnMut(Step<'_>) -> Result<bool, E>,
) -> Result<Descent, E> {
    let mut strides = Strides::new(value_and_gradient, x0.len(), options);
    if strides.is_none() {
        value_and_gradient.expect(options.max_iter);
    }
    let (mut evaluations, mut memory) = (0, value_and_gradient.memory()?);
    let mut both = vec![0.0; 1 + x0.len()];
    let evaluate = |x: &[f64], want: Want<'_>| -> Result<f64, E> {
        evaluations += 1;
        value_and_gradient.run_one(&mut memory, x, &mut both)?;
        if let Want::Gradient(slope) | Want::Both(slope) = want {
            slope.copy_from_slice(&both[1..]);
        }
        Ok(both[0])
    };
    let mut descent = descend(evaluate, strides.as_mut(), x0, options, watch)?;
    evaluations += strides.map_or(0, |strides| strides.evaluations);
    (descent.function_evaluations, descent.gradient_evaluations) = (evaluations, evaluations);
    let gradient = |x: &[f64], into: &mut [f64]| -> Result<(), E> {
        value_and_gradient.run_one(&mut memory, x, &mut both)?;
        into.copy_from_slice(&both[1..]);
        Ok(())
    };
    let descent = descent.judged(|x| saddle::by_slopes(gradient, x, x0))?;
    descent.grounded(x0, |x| {
        value_and_gradient.run_one(&mut memory, x, &mut both)?;
        Ok(both[0])
    })
}

/// [`gradient_descent`] with the gradient computed numerically by [`calculus::gradient`](crate::calculus::gradient()), which
/// calls `f` some 20 to 40 times for each coordinate.
///
/// # Errors
/// As [`gradient_descent`].
pub fn gradient_descent_numerical<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> Result<f64, E>,
    x0: &[f64],
    options: &Options<'_>,
    watch: impl FnMut(Step<'_>) -> Result<bool, E>,
) -> Result<Descent, E> {
    let mut values = 0;
    let evaluate = |x: &[f64], want: Want<'_>| -> Result<f64, E> {
        let mut counted = |x: &[f64]| -> Result<f64, E> {
            values += 1;
            f(x)
        };
        match want {
            Want::Value => counted(x),
            Want::Gradient(slope) | Want::Both(slope) => numerical_gradient(&mut counted, x, slope),
        }
    };
    let mut descent = descend(evaluate, None, x0, options, watch)?;
    descent.function_evaluations = values;
    let value = descent.value;
    descent.judged(|x| saddle::by_values(&mut f, (x, value), x0))?.grounded(x0, f)
}

/// Writes the numerical gradient and gives the value, which is the first that is asked for.
fn numerical_gradient<E: From<Error>>(
    f: &mut dyn FnMut(&[f64]) -> Result<f64, E>,
    x: &[f64],
    slope: &mut [f64],
) -> Result<f64, E> {
    let mut first = None;
    let noted = |x: &[f64]| -> Result<f64, E> {
        let value = f(x)?;
        first.get_or_insert(value);
        Ok(value)
    };
    let found = calculus::gradient(noted, x, &calculus::Options::default())?;
    slope.iter_mut().zip(&found.values).for_each(|(to, from)| *to = *from);
    Ok(first.unwrap_or(f64::NAN))
}
