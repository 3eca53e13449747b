//! Brent's method: inverse quadratic interpolation and the secant where they help, halving where they do not, or where they have crept for long.
//!
//! R. P. Brent, "Algorithms for Minimization without Derivatives" (1973), chapter 4; T. J. Dekker's before it (1969).

use std::result::Result as Outcome;

use super::bracket::{Bracketed, Bracketing, Change, Ends, change, ends};
use crate::callback::Caught;
use crate::error::{Error, Result};
use crate::optimize::numbers::{brief, exact};

/// The x between `a` and `b` with f(x) = 0, for values of different sign at both.
///
/// The root is within `absolute` + `relative`·|x| of a sign change. A sign change at which the function jumps or goes through infinity is
/// no root, and the result says so.
///
/// # Errors
/// [`Error::OutOfRange`] for ends that are not finite and for options, [`Error::Invalid`] for values of the same sign or NaN at the ends; whatever `f` returns as
/// its error.
pub fn find_root<E: From<Error>>(
    mut f: impl FnMut(f64) -> Outcome<f64, E>,
    a: f64,
    b: f64,
    options: &Bracketing,
) -> Outcome<Bracketed, E> {
    let mut caught = Caught::new("find_root");
    let found = brent(&mut |x| caught.catch(f(x)), a, b, options);
    caught.release(found)
}

/// Smooth functions need no more steps than this.
const PATIENCE: usize = 15;

fn brent(f: &mut dyn FnMut(f64) -> Result<f64>, a: f64, b: f64, options: &Bracketing) -> Result<Bracketed> {
    let first = ends("find_root", f, a, b, options)?;
    let mut calls = 2;
    let mut iterations = 0;
    // b is the best point so far, a the one before it, and between b and c lies the sign change.
    let Ends { mut a, mut fa, mut b, mut fb } = first;
    let (mut c, mut fc) = (a, fa);
    let (mut step, mut before) = (b - a, b - a);
    let mut widths = [f64::INFINITY; 2];
    if fa == 0.0 && fb != 0.0 {
        (b, fb) = (a, fa);
    }
    let (converged, message) = loop {
        if fb != 0.0 && (fb > 0.0) == (fc > 0.0) {
            (c, fc) = (a, fa);
            (step, before) = (b - a, b - a);
        }
        if fc.abs() < fb.abs() {
            (a, fa, b, fb, c, fc) = (b, fb, c, fc, b, fb);
        }
        let tolerance = 0.5 * (options.absolute + options.relative * b.abs());
        let half = 0.5 * c - 0.5 * b;
        if fb == 0.0 {
            break (true, format!("converged: f is zero at {}", exact(b)));
        }
        if half.abs() <= tolerance {
            let last = Ends { a: b, fa: fb, b: c, fb: fc };
            break match change(f, first, last, &mut calls)? {
                Change::Jump => (
                    false,
                    format!(
                        "no root: f changes its sign at {} by a jump or through infinity, from {} to {}",
                        exact(b),
                        brief(fb, 6),
                        brief(fc, 6)
                    ),
                ),
                Change::Zero(root) => {
                    (b, fb) = (root, 0.0);
                    (true, format!("converged: f is zero at {}", exact(root)))
                }
                Change::Crossing => {
                    (true, format!("converged: f changes its sign within {:.1e} of {}", 2.0 * half.abs(), exact(b)))
                }
            };
        }
        if iterations >= options.max_iterations {
            let width = 2.0 * half.abs();
            break (
                false,
                format!("not converged: maxiter = {iterations} steps are used up, and the bracket is {width:.1e} wide"),
            );
        }
        // At a multiple root interpolation creeps: from some point on, two steps shall halve the bracket at least.
        let creeping = iterations > PATIENCE && half.abs() > 0.5 * widths[0];
        widths = [widths[1], half.abs()];
        // So wide a bracket is first made one whose width is a number.
        let endless = !(c - b).is_finite() || !(b - a).is_finite();
        if creeping || endless || before.abs() < tolerance || fa.abs() <= fb.abs() || !fa.is_finite() || !fc.is_finite()
        {
            (step, before) = (half, half);
        } else {
            let s = fb / fa;
            let (mut p, mut q) = if a == c {
                (2.0 * half * s, 1.0 - s)
            } else {
                let (q, r) = (fa / fc, fb / fc);
                (s * (2.0 * half * q * (q - r) - (b - a) * (r - 1.0)), (q - 1.0) * (r - 1.0) * (s - 1.0))
            };
            if p > 0.0 {
                q = -q
            } else {
                p = -p
            }
            if 2.0 * p < (3.0 * half * q - (tolerance * q).abs()).min((before * q).abs()) {
                (step, before) = (p / q, step);
            } else {
                (step, before) = (half, half);
            }
        }
        (a, fa) = (b, fb);
        b += if step.abs() > tolerance { step } else { tolerance.copysign(half) };
        calls += 1;
        iterations += 1;
        fb = f(b)?;
        if fb.is_nan() {
            let at = b;
            (b, fb) = (a, fa);
            break (false, format!("not converged: f is nan at {}, inside the bracket", exact(at)));
        }
    };
    let bracket = if fb == 0.0 { (b, b) } else { (b.min(c), b.max(c)) };
    Ok(Bracketed { root: b, value: fb, bracket, iterations, calls, converged, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(f: impl Fn(f64) -> f64, a: f64, b: f64) -> Bracketed {
        find_root(|x| Ok::<_, Error>(f(x)), a, b, &Bracketing::default()).unwrap()
    }

    #[test]
    fn a_step_through_zero_has_its_root_there() {
        let step = |x: f64| if x == 0.3 { 0.0 } else { (x - 0.3).signum() };
        let found = search(step, -1.0, 1.0);
        assert!(found.converged && found.root == 0.3 && found.value == 0.0, "{found:?}");
    }

    #[test]
    fn roots_are_found_to_the_tolerance() {
        for (f, a, b, root) in [
            ((|x: f64| x * x * x - 2.0 * x - 5.0) as fn(f64) -> f64, 2.0, 3.0, 2.094_551_481_542_326_5),
            (|x| x.exp() - 3.0, 5.0, -5.0, 3.0_f64.ln()),
            (|x| x.powi(3), -1.0, 4.0, 0.0),
            (|x| (x - 1e-9).tanh(), -1.0, 1e3, 1e-9),
            (|x| x, 0.0, 3.0, 0.0),
            (|x| x - 3.0, 0.0, 3.0, 3.0),
        ] {
            let found = search(f, a, b);
            assert!(found.converged, "{}", found.message);
            assert!((found.root - root).abs() <= 3e-12, "{} for {root}", found.root);
            assert!(found.bracket.0 <= found.root && found.root <= found.bracket.1);
        }
    }

    #[test]
    fn a_sign_change_without_a_root_is_none() {
        for f in [
            (|x: f64| 1.0 / (x - 0.3)) as fn(f64) -> f64,
            |x| (x - 0.3).signum(),
            |x| if x < 0.3 { -3.0 - x } else { 2.0 },
            |x| (x - 0.3).tan() + 1e3 * (x - 0.3).signum(),
            // Small beside the values at the ends, or at some number between them.
            |x| x - 0.3 + (x - 0.3).signum() * if x.abs() > 0.9 { 1e6 } else { 0.1 },
            |x| x - 0.3 + 1e-4 * (x - 0.3).signum(),
        ] {
            let found = search(f, -1.0, 1.2);
            assert!(!found.converged && (found.root - 0.3).abs() < 1e-11, "{}", found.message);
        }
        // Steep, but continuous.
        assert!(search(|x| (1e13 * (x - 0.3)).atan(), -1.0, 1.0).converged);
        assert!(search(|x| (x - 0.3).cbrt(), -1.0, 1.0).converged);
        assert!(search(|x| x - 1e10 + 1.0 / 3.0, 0.0, 3e10).converged);
        // Nothing but rounding near the root: (x − 1)⁷, multiplied out.
        let seventh = |x: f64| [1.0, -7.0, 21.0, -35.0, 35.0, -21.0, 7.0, -1.0].into_iter().fold(0.0, |s, c| s * x + c);
        assert!(search(seventh, 0.0, 3.0).converged);
        // A bracket wider than any number.
        let found = search(|x| x - 1.0, -1.7e308, 1.7e308);
        assert!(found.converged && (found.root - 1.0).abs() < 1e-11, "{}", found.message);
    }

    #[test]
    fn walls_and_equal_signs_are_told() {
        let options = Bracketing::default();
        let refused = find_root(|x| Ok::<_, Error>(x * x + 1.0), -1.0, 2.0, &options).unwrap_err().to_string();
        assert!(refused.starts_with("find_root: b = 2 and a = -1 have values of the same sign, 5 and 2"), "{refused}");
        let walled = search(|x| if x.abs() < 0.1 { f64::NAN } else { x }, -1.0, 1.01);
        assert!(!walled.converged && walled.message.contains("nan"));
        assert!(find_root(Ok::<_, Error>, f64::NAN, 1.0, &options).is_err());
    }
}
