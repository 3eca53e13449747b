//! What methods that keep a sign change between two points have in common: their options, their first look, and whether a sign change is a
//! root at all.

use crate::check;
use crate::error::{Error, Result};
use crate::optimize::numbers::{brief, exact};

/// How a bracketed root is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bracketing {
    /// The root may be off by this much.
    pub absolute: f64,
    /// And by this much of itself.
    pub relative: f64,
    /// Most steps.
    pub max_iterations: usize,
}

impl Default for Bracketing {
    fn default() -> Self {
        Bracketing { absolute: 2e-12, relative: 4.0 * f64::EPSILON, max_iterations: 100 }
    }
}

/// A root between two points.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Bracketed {
    /// Where the function is zero.
    pub root: f64,
    /// Its value there.
    pub value: f64,
    /// The last two points with values of different sign.
    pub bracket: (f64, f64),
    /// Steps made.
    pub iterations: usize,
    /// Calls of the function.
    pub calls: usize,
    /// Whether it is a root to the tolerance.
    pub converged: bool,
    /// Why the search ended.
    pub message: String,
}

/// Two points and their values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub(super) a: f64,
    pub(super) fa: f64,
    pub(super) b: f64,
    pub(super) fb: f64,
}

type Function<'a> = &'a mut dyn FnMut(f64) -> Result<f64>;

/// Refuses ends and options that are no use; gives the values at the ends.
pub(super) fn ends(function: &'static str, f: Function<'_>, a: f64, b: f64, options: &Bracketing) -> Result<Ends> {
    for (argument, value) in [("a", a), ("b", b)] {
        check::in_range(function, argument, value, value.is_finite(), "a finite number")?;
    }
    check::in_range(function, "xtol", options.absolute, options.absolute > 0.0, "positive")?;
    let least = 4.0 * f64::EPSILON;
    check::in_range(function, "rtol", options.relative, options.relative >= least, "at least 4 eps = 8.88e-16")?;
    let (fa, fb) = (f(a)?, f(b)?);
    for (argument, x, value) in [("a", a, fa), ("b", b, fb)] {
        if value.is_nan() {
            let problem = format!("= {} is where f is nan; choose another end", exact(x));
            return Err(Error::Invalid { function, argument, problem });
        }
    }
    if fa != 0.0 && fb != 0.0 && (fa > 0.0) == (fb > 0.0) {
        let problem = format!(
            "= {} and a = {} have values of the same sign, {} and {}, so that no sign change lies between them; choose other ends",
            exact(b),
            exact(a),
            brief(fb, 6),
            brief(fa, 6)
        );
        return Err(Error::Invalid { function, argument: "b", problem });
    }
    Ok(Ends { a, fa, b, fb })
}

impl Ends {
    /// The point half way, whatever the distance.
    pub(super) fn middle(&self) -> f64 {
        let width = self.b - self.a;
        if width.is_finite() { self.a + 0.5 * width } else { 0.5 * self.a + 0.5 * self.b }
    }

    pub(super) fn height(&self) -> f64 {
        self.fa.abs().min(0.5 * f64::MAX) + self.fb.abs().min(0.5 * f64::MAX)
    }

    /// The same where infinite values are no measure.
    fn finite_height(&self) -> f64 {
        let finite = |value: f64| if value.is_finite() { value.abs().min(0.5 * f64::MAX) } else { 0.0 };
        finite(self.fa) + finite(self.fb)
    }
}

/// Values this small beside those at the first ends are rounding.
const NOISE: f64 = 1e-12;

/// What changes its sign within a bracket that has become small.
pub(super) enum Change {
    /// The function passes through zero.
    Crossing,
    /// It is zero at this point, which the bracket's ends need not show: a step may be.
    Zero(f64),
    /// It jumps, or goes through infinity.
    Jump,
}

/// Looks into a bracket that has become small. A function that is continuous there falls with the width of the bracket: halving on shows
/// whether it does.
pub(super) fn change(f: Function<'_>, first: Ends, last: Ends, calls: &mut usize) -> Result<Change> {
    if last.fa == 0.0 || last.fb == 0.0 || last.height() <= NOISE * first.finite_height() {
        return Ok(Change::Crossing);
    }
    // One value all but zero beside the other, and beside the first: that is where the root is.
    let least = last.fa.abs().min(last.fb.abs());
    if least <= 1e-3 * last.height() && least <= 1e-3 * NOISE * first.finite_height() {
        return Ok(Change::Crossing);
    }
    let mut ends = last;
    for _ in 0..64 {
        let middle = ends.middle();
        if middle == ends.a || middle == ends.b {
            break;
        }
        *calls += 1;
        let value = f(middle)?;
        if value == 0.0 {
            return Ok(Change::Zero(middle));
        }
        if value.is_nan() {
            return Ok(Change::Jump);
        }
        if (value > 0.0) == (ends.fa > 0.0) {
            (ends.a, ends.fa) = (middle, value)
        } else {
            (ends.b, ends.fb) = (middle, value)
        }
        if ends.height() <= 0.1 * last.height() {
            return Ok(Change::Crossing);
        }
    }
    Ok(if alone(f, first, ends, calls)? { Change::Jump } else { Change::Crossing })
}

/// Whether two neighbouring points differ more than those beside them: f may be steep, but then it is so around them too, and grows away from
/// its root. Away from a pole it falls.
fn alone(f: Function<'_>, first: Ends, ends: Ends, calls: &mut usize) -> Result<bool> {
    const AROUND: f64 = 64.0;
    if !(ends.fa.is_finite() && ends.fb.is_finite()) {
        return Ok(true);
    }
    let reach = AROUND * (ends.b - ends.a);
    let (mut growth, mut sides) = (0.0, 0.0);
    for (beside, value) in [(ends.a - reach, ends.fa), (ends.b + reach, ends.fb)] {
        if (first.a.min(first.b)..=first.a.max(first.b)).contains(&beside) {
            *calls += 1;
            let there = f(beside)?;
            if there.is_finite() {
                growth += there.abs() - value.abs();
                sides += 1.0;
            }
        }
    }
    Ok(sides > 0.0 && 4.0 * growth < sides * ends.height())
}
