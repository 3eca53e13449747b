//! Bisection, step by step: B. Bolzano's proof of 1817 that a continuous function between a negative and a positive value is zero somewhere.

use std::result::Result as Outcome;

use ndarray::Array2;

use super::bracket::{Bracketed, Bracketing, Change, Ends, change, ends};
use crate::callback::Caught;
use crate::error::{Error, Result};
use crate::optimize::numbers::{brief, exact};

/// A root, and every halving that led to it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Bisection {
    /// The root.
    pub found: Bracketed,
    /// A row for each step: a, b, their middle m, and f(m).
    pub steps: Array2<f64>,
}

/// Halves the interval between `a` and `b`, keeping the half in which f changes its sign, until it is as narrow as the tolerance.
///
/// # Errors
/// As [`find_root`](super::find_root).
pub fn bisect<E: From<Error>>(
    mut f: impl FnMut(f64) -> Outcome<f64, E>,
    a: f64,
    b: f64,
    options: &Bracketing,
) -> Outcome<Bisection, E> {
    let mut caught = Caught::new("bisect");
    let found = halve(&mut |x| caught.catch(f(x)), a, b, options);
    caught.release(found)
}

fn halve(f: &mut dyn FnMut(f64) -> Result<f64>, a: f64, b: f64, options: &Bracketing) -> Result<Bisection> {
    let first = ends("bisect", f, a, b, options)?;
    let (mut calls, mut rows) = (2, Vec::new());
    let mut now = first;
    let mut heights = Vec::new();
    let done = |root: f64, value: f64, now: Ends, rows: Vec<f64>, calls, (converged, message)| {
        let iterations = rows.len() / 4;
        let bracket = if value == 0.0 { (root, root) } else { (now.a.min(now.b), now.a.max(now.b)) };
        let found = Bracketed { root, value, bracket, iterations, calls, converged, message };
        let steps =
            Array2::from_shape_vec((iterations, 4), rows).unwrap_or_else(|_| unreachable!("a step is four numbers"));
        Ok(Bisection { found, steps })
    };
    for (end, value) in [(now.a, now.fa), (now.b, now.fb)] {
        if value == 0.0 {
            return done(end, 0.0, now, rows, calls, (true, format!("converged: f is zero at {}", exact(end))));
        }
    }
    loop {
        let middle = now.middle();
        let width = (now.b - now.a).abs().min(f64::MAX);
        let (best, value) = if now.fa.abs() < now.fb.abs() { (now.a, now.fa) } else { (now.b, now.fb) };
        if width <= options.absolute + options.relative * middle.abs() || middle == now.a || middle == now.b {
            // Ten halvings make any continuous function much lower, but for the steepest.
            let sinks = heights.len() > 10 && now.height() <= 0.01 * heights[heights.len() - 10];
            let found = if sinks { Change::Crossing } else { change(f, first, now, &mut calls)? };
            let (root, value, end) = match found {
                Change::Jump => {
                    let Ends { fa, fb, .. } = now;
                    let message = format!(
                        "no root: f changes its sign at {} by a jump or through infinity, from {} to {}",
                        exact(best),
                        brief(fa, 6),
                        brief(fb, 6)
                    );
                    (best, value, (false, message))
                }
                Change::Zero(root) => (root, 0.0, (true, format!("converged: f is zero at {}", exact(root)))),
                Change::Crossing => (
                    best,
                    value,
                    (true, format!("converged: f changes its sign within {width:.1e} of {}", exact(best))),
                ),
            };
            return done(root, value, now, rows, calls, end);
        }
        if rows.len() / 4 >= options.max_iterations {
            let message = format!(
                "not converged: maxiter = {} steps are used up, and the bracket is {width:.1e} wide",
                rows.len() / 4
            );
            return done(best, value, now, rows, calls, (false, message));
        }
        calls += 1;
        heights.push(now.height());
        let height = f(middle)?;
        rows.extend([now.a, now.b, middle, height]);
        if height == 0.0 {
            return done(middle, 0.0, now, rows, calls, (true, format!("converged: f is zero at {}", exact(middle))));
        }
        if height.is_nan() {
            let message = format!("not converged: f is nan at {}, inside the bracket", exact(middle));
            return done(best, value, now, rows, calls, (false, message));
        }
        if (height > 0.0) == (now.fa > 0.0) {
            (now.a, now.fa) = (middle, height);
        } else {
            (now.b, now.fb) = (middle, height);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_halves() {
        let found = bisect(|x| Ok::<_, Error>(x * x - 2.0), 0.0, 2.0, &Bracketing::default()).unwrap();
        assert!((found.found.root - 2.0_f64.sqrt()).abs() < 2e-12 && found.found.converged);
        for (i, row) in found.steps.rows().into_iter().enumerate() {
            assert_eq!((row[1] - row[0]).abs(), 2.0 * 0.5_f64.powi(i32::try_from(i).unwrap()));
            assert_eq!(row[2], 0.5 * (row[0] + row[1]));
            assert_eq!(row[3], row[2] * row[2] - 2.0);
            assert!(row[0] * row[0] < 2.0 && row[1] * row[1] > 2.0);
        }
        assert_eq!(found.found.calls, found.steps.nrows() + 2);
    }

    #[test]
    fn the_widest_bracket_is_halved_too() {
        let options = Bracketing { max_iterations: 2000, ..Bracketing::default() };
        let found = bisect(|x| Ok::<_, Error>(x - 1.0), -1.7e308, 1.7e308, &options).unwrap().found;
        assert!(found.converged && (found.root - 1.0).abs() < 3e-12, "{}", found.message);
    }

    #[test]
    fn poles_are_no_roots() {
        let found = bisect(|x| Ok::<_, Error>(1.0 / (x - 1.0)), 0.0, 3.0, &Bracketing::default()).unwrap();
        assert!(!found.found.converged && found.found.message.starts_with("no root"));
    }
}
