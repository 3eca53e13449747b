//! Newton's method in one unknown, with Halley's correction where a second derivative is given and the secant where none is.
//!
//! J. Raphson (1690), E. Halley (1694). It converges fast near a simple root and promises nothing elsewhere; the iterates are kept, and the
//! result says whether they ran away, went in a circle, or met a slope of zero.

use std::result::Result as Outcome;

use super::multiple::{Multiple, creeps, settle};
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};
use crate::optimize::numbers::{brief, exact};

/// How a root is iterated for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Iterating {
    /// A step this small ends the iteration.
    pub absolute: f64,
    /// And one that is this small beside x.
    pub relative: f64,
    /// Most steps.
    pub max_iterations: usize,
    /// The second point of the secant.
    pub second: Option<f64>,
}

impl Default for Iterating {
    fn default() -> Self {
        Iterating { absolute: 1.48e-8, relative: 0.0, max_iterations: 50, second: None }
    }
}

/// A root, and the iterates that led to it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Iterated {
    /// The last iterate.
    pub root: f64,
    /// The function there.
    pub value: f64,
    /// `newton`, `halley` or `secant`.
    pub method: &'static str,
    /// All iterates, the start first.
    pub path: Vec<f64>,
    /// The function at each.
    pub values: Vec<f64>,
    /// The slope that each step used.
    pub slopes: Vec<f64>,
    /// Calls of the function and its derivatives.
    pub calls: usize,
    /// Whether it is a root to the tolerance.
    pub converged: bool,
    /// 0 converged, 1 steps used up, 2 diverged, 3 a cycle, 4 a slope of zero, 5 outside the function's domain, 6 no root where it came to rest.
    pub status: usize,
    /// Why the iteration ended.
    pub message: String,
}

/// A caller's derivative.
pub type Derivative<'a, E> = &'a mut dyn FnMut(f64) -> Outcome<f64, E>;

/// Follows x ← x − f(x)/f′(x) from `x0`; with the slope of the secant through the last two points if `slope` is not given, and with Halley's
/// correction if `curvature` is.
///
/// # Errors
/// [`Error::OutOfRange`] for a start or an option that is no use, [`Error::Invalid`] if f is not finite at the start; whatever the
/// closures return as their error.
pub fn newton<E: From<Error>>(
    mut f: impl FnMut(f64) -> Outcome<f64, E>,
    x0: f64,
    slope: Option<Derivative<'_, E>>,
    curvature: Option<Derivative<'_, E>>,
    options: &Iterating,
) -> Outcome<Iterated, E> {
    let caught = std::cell::RefCell::new(Caught::new("newton"));
    let guard = |given| caught.borrow_mut().catch(given);
    let mut value = |x: f64| guard(f(x));
    let mut slope = slope.map(|slope| move |x: f64| guard(slope(x)));
    let mut curvature = curvature.map(|curvature| move |x: f64| guard(curvature(x)));
    let slope = slope.as_mut().map(|slope| slope as &mut dyn FnMut(f64) -> Result<f64>);
    let curvature = curvature.as_mut().map(|curvature| curvature as &mut dyn FnMut(f64) -> Result<f64>);
    let found = iterate(&mut value, x0, slope, curvature, options);
    caught.into_inner().release(found)
}

type Function<'a> = &'a mut dyn FnMut(f64) -> Result<f64>;

/// An iterate so many times further out than the start is on its way to infinity.
const FAR: f64 = 1e10;
/// Steps that may shrink by the same part before it is looked where they lead.
const PATIENCE: usize = 12;

fn iterate(
    f: Function<'_>,
    x0: f64,
    mut slope: Option<Function<'_>>,
    mut curvature: Option<Function<'_>>,
    options: &Iterating,
) -> Result<Iterated> {
    const NAME: &str = "newton";
    check::in_range(NAME, "x0", x0, x0.is_finite(), "a finite number")?;
    check::in_range(NAME, "tol", options.absolute, options.absolute > 0.0, "positive")?;
    check::in_range(NAME, "rtol", options.relative, options.relative >= 0.0, "at least 0")?;
    let method = match (&slope, &curvature) {
        (Some(_), Some(_)) => "halley",
        (Some(_), None) => "newton",
        (None, _) => "secant",
    };
    let mut x = x0;
    let mut value = f(x)?;
    if !value.is_finite() {
        let problem = format!("= {} is where f is {value}; choose another start", exact(x0));
        return Err(Error::Invalid { function: NAME, argument: "x0", problem });
    }
    let (mut path, mut values, mut slopes, mut calls) = (vec![x], vec![value], Vec::new(), 1);
    if slope.is_none() && value != 0.0 {
        let second = match options.second {
            Some(second) => {
                check::in_range(
                    NAME,
                    "x1",
                    second,
                    second.is_finite() && second != x0,
                    "a finite number other than x0",
                )?;
                second
            }
            None => x0 * (1.0 + 1e-4) + 1e-4_f64.copysign(x0),
        };
        calls += 1;
        let height = f(second)?;
        if !height.is_finite() {
            let problem = format!("= {} is next to {}, where f is {height}; give another x1", exact(x0), exact(second));
            return Err(Error::Invalid { function: NAME, argument: "x0", problem });
        }
        path.push(second);
        values.push(height);
        (x, value) = (second, height);
    }
    // From so many steps that have shrunk by the same part on, where they lead is looked at.
    let mut patience = PATIENCE;
    let (status, message) = loop {
        if value == 0.0 {
            break (0, format!("converged: f is zero at {}", exact(x)));
        }
        let exhausted = slopes.len() >= options.max_iterations;
        if (exhausted || slopes.len() >= patience) && creeps(&path) {
            patience = slopes.len() + PATIENCE;
            let mut counted = |x: f64| {
                calls += 1;
                f(x)
            };
            if let Some(found) = settle(&mut counted, &path, &values, options.absolute.max(2.0 * last_step(&path)))? {
                (x, value) = (found.root, found.value);
                path.push(x);
                values.push(value);
                let Multiple { order, .. } = found;
                break (
                    0,
                    format!(
                        "converged: the steps shrink by the same part, as towards a root of multiplicity {}; steps so many times as long \
                         end where f is {value:.1e}",
                        brief(order, 3)
                    ),
                );
            }
        }
        if exhausted {
            let count = slopes.len();
            break (
                1,
                format!("not converged: maxiter = {count} steps are used up; f is {} at {}", brief(value, 6), exact(x)),
            );
        }
        let steep = match &mut slope {
            Some(slope) => {
                calls += 1;
                slope(x)?
            }
            None => {
                let at = path.len() - 1;
                (value - values[at - 1]) / (x - path[at - 1])
            }
        };
        slopes.push(steep);
        if steep == 0.0 {
            let hint = if method == "secant" { "two iterates have the same value" } else { "the tangent is level" };
            break (
                4,
                format!(
                    "not converged: the slope is zero at {}: {hint}, and crosses zero nowhere; choose another start",
                    exact(x)
                ),
            );
        }
        let mut step = value / steep;
        if let Some(curvature) = &mut curvature
            && method == "halley"
        {
            calls += 1;
            // Halley's step is Newton's over 1 − f·f″/(2·f′²); where that is not close to 1, Newton's is the safer one.
            let adjusted = 1.0 - 0.5 * step * curvature(x)? / steep;
            if adjusted.is_finite() && adjusted > 0.5 {
                step /= adjusted;
            }
        }
        let next = x - step;
        if !next.is_finite() || next.abs() > FAR * x0.abs().max(1.0) {
            break (
                2,
                format!("diverged: from {} the next step leads to {}; choose another start", exact(x), exact(next)),
            );
        }
        calls += 1;
        let height = f(next)?;
        path.push(next);
        values.push(height);
        if !height.is_finite() {
            break (
                5,
                format!(
                    "not converged: f is {height} at {}, where the step from {} leads; choose another start",
                    exact(next),
                    exact(x)
                ),
            );
        }
        let small = (next - x).abs() <= options.absolute + options.relative * next.abs();
        (x, value) = (next, height);
        if small && value != 0.0 {
            let largest = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            let rounding = 16.0 * f64::EPSILON * steep.abs() * x.abs();
            let root = (value.abs() <= rounding && crosses(f, x, value, &mut calls)?)
                || (value.abs() <= 1e-3 * largest && confirmed(f, &path, &values, options.absolute, &mut calls)?);
            break if root {
                (0, format!("converged: the last step was {:.1e}, and f is {value:.1e}", step.abs()))
            } else {
                (
                    6,
                    format!(
                        "not converged: the steps have become small at {}, though f is {} there: no root, but a jump, a pole, or a curve that \
                         turns back before it reaches zero",
                        exact(x),
                        brief(value, 6)
                    ),
                )
            };
        }
        if let Some(length) = cycle(&path) {
            let around: Vec<String> = path[path.len() - length..].iter().map(|x| format!("{x:.6}")).collect();
            break (
                3,
                format!(
                    "not converged: the iterates go in a circle through {}; choose another start",
                    around.join(", ")
                ),
            );
        }
    };
    Ok(Iterated { root: x, value, method, path, values, slopes, calls, converged: status == 0, status, message })
}

/// Whether small steps end at a root, and not above the lowest point of a curve that turns back before it reaches zero, where they
/// look the same for a long time.
fn confirmed(f: Function<'_>, path: &[f64], values: &[f64], tolerance: f64, calls: &mut usize) -> Result<bool> {
    let [.., _, second, x] = *path else { return Ok(true) };
    let [.., before, value] = *values else { return Ok(true) };
    // Next to a simple root the values fall ever faster.
    if value.abs() <= 0.05 * before.abs() {
        return Ok(true);
    }
    let mut at = |x: f64| {
        *calls += 1;
        f(x)
    };
    let reach = tolerance.max(2.0 * (x - second).abs()).max(2.0 * f64::EPSILON * x.abs());
    for side in [x - reach, x + reach] {
        if at(side)? * value <= 0.0 {
            return Ok(true);
        }
    }
    // Towards a multiple root each step is a fixed part of the last.
    Ok(settle(&mut at, path, values, reach)?.is_some())
}

/// Whether f changes its sign within a few numbers of x, and not through infinity: beyond a pole it falls again.
fn crosses(f: Function<'_>, x: f64, value: f64, calls: &mut usize) -> Result<bool> {
    for numbers in [1.0, 4.0, 16.0] {
        for side in [1.0, -1.0] {
            let step = side * numbers * f64::EPSILON * x.abs();
            let near = f(x + step)?;
            *calls += 1;
            if near * value <= 0.0 {
                *calls += 1;
                if f(x + 2.0 * step)?.abs() >= near.abs() {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

fn last_step(path: &[f64]) -> f64 {
    let [.., before, x] = *path else { return 0.0 };
    (x - before).abs()
}

/// The length of a cycle in which the last iterates went twice.
fn cycle(path: &[f64]) -> Option<usize> {
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-12 * a.abs().max(b.abs());
    let n = path.len();
    (2..=4).find(|&length| {
        n > 2 * length && (0..=length).all(|back| close(path[n - 1 - back], path[n - 1 - back - length]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Real = fn(f64) -> f64;

    fn run(f: Real, x0: f64, slope: Option<Real>, curvature: Option<Real>) -> Iterated {
        let mut first = slope.map(|g| move |x: f64| Ok::<_, Error>(g(x)));
        let mut second = curvature.map(|g| move |x: f64| Ok::<_, Error>(g(x)));
        newton(
            |x| Ok::<_, Error>(f(x)),
            x0,
            first.as_mut().map(|g| g as Derivative<'_, Error>),
            second.as_mut().map(|g| g as Derivative<'_, Error>),
            &Iterating::default(),
        )
        .unwrap()
    }

    #[test]
    fn all_three_methods_find_a_cube_root() {
        let root = 2.0_f64.cbrt();
        for (slope, curvature, method) in [
            (None, None, "secant"),
            (Some((|x| 3.0 * x * x) as Real), None, "newton"),
            (Some((|x| 3.0 * x * x) as Real), Some((|x| 6.0 * x) as Real), "halley"),
        ] {
            let found = run(|x| x * x * x - 2.0, 1.0, slope, curvature);
            assert!(found.converged && (found.root - root).abs() < 1e-12, "{}", found.message);
            assert_eq!((found.method, found.path.len()), (method, found.values.len()));
        }
        // Newton's steps double the digits.
        let found = run(|x| x * x - 2.0, 1.0, Some(|x| 2.0 * x), None);
        assert_eq!(&found.path[..3], &[1.0, 1.5, 17.0 / 12.0]);
    }

    #[test]
    fn what_goes_wrong_is_named() {
        for (f, slope, x0, status) in [
            ((|x: f64| x.atan()) as Real, (|x: f64| 1.0 / (1.0 + x * x)) as Real, 2.0, 2),
            (|x| x * x * x - 2.0 * x + 2.0, |x| 3.0 * x * x - 2.0, 0.0, 3),
            (|x| x * x - 1.0, |x| 2.0 * x, 0.0, 4),
            (|x| x.ln(), |x| 1.0 / x, 4.0, 5),
            (|x| x * x + 1.0, |x| 2.0 * x, 0.7, 1),
            (|x| (-x).exp(), |x| -(-x).exp(), 0.0, 1),
        ] {
            let found = run(f, x0, Some(slope), None);
            assert_eq!(found.status, status, "{}", found.message);
            assert!(!found.converged);
        }
        assert!(!run(|x| x + x.signum(), 0.3, None, None).converged);
    }
}
