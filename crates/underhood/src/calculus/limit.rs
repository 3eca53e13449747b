//! The limit of a function at a point, at infinity, and from one side.
//!
//! `approach` samples each side and reads what the values do; here the two sides become one answer.

use std::fmt;

use super::approach::{Approach, CONVERGED, Course};
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};

/// The side from which a point is approached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Approached {
    /// From both sides, which must agree.
    #[default]
    Both,
    /// From below.
    Left,
    /// From above.
    Right,
}

impl Approached {
    const NAMES: [&'static str; 3] = ["both", "left", "right"];

    /// The side of this name, for `function`'s argument `side`.
    ///
    /// # Errors
    /// [`Error::UnknownName`] lists the names that are known.
    pub fn from_name(function: &'static str, name: &str) -> Result<Approached> {
        match name {
            "both" => Ok(Approached::Both),
            "left" => Ok(Approached::Left),
            "right" => Ok(Approached::Right),
            _ => Err(Error::UnknownName { function, argument: "side", value: name.into(), allowed: &Self::NAMES }),
        }
    }
}

/// What a function does as its argument comes closer.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Tendency {
    /// It comes to a number.
    Converges,
    /// It grows beyond all bounds: the limit is an infinity.
    Diverges,
    /// It goes up and down between bounds, and has no limit.
    Oscillates {
        /// The lowest value seen in the last half of the approach.
        low: f64,
        /// The highest.
        high: f64,
    },
    /// It goes up and down ever further.
    Swings,
    /// It does different things on the two sides.
    SidesDiffer,
    /// It changes too slowly or too irregularly for doubles to show where it goes.
    Unclear,
    /// It has no finite values close to the point.
    Undefined,
}

impl Tendency {
    /// A word for it.
    pub fn name(self) -> &'static str {
        match self {
            Tendency::Converges => "converges",
            Tendency::Diverges => "diverges",
            Tendency::Oscillates { .. } | Tendency::Swings => "oscillates",
            Tendency::SidesDiffer => "sides differ",
            Tendency::Unclear => "unclear",
            Tendency::Undefined => "undefined",
        }
    }
}

/// A limit from one side.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OneSided {
    /// The number or infinity; NaN where there is none.
    pub value: f64,
    /// A cautious estimate of its absolute error; infinite where there is no limit.
    pub error: f64,
    /// What the function does.
    pub tendency: Tendency,
    /// Whether the error is below a millionth of the value, or of the function's values on the way; an infinity converged if it was recognised.
    pub converged: bool,
    /// How far from the point each sample was taken, falling; for an infinite point, one over the argument's size.
    pub steps: Vec<f64>,
    /// The arguments.
    pub arguments: Vec<f64>,
    /// The function's values there.
    pub values: Vec<f64>,
}

/// A limit, and what was seen on the way.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Limit {
    /// The number or infinity; NaN where there is none.
    pub value: f64,
    /// A cautious estimate of its absolute error; infinite where there is no limit.
    pub error: f64,
    /// What the function does.
    pub tendency: Tendency,
    /// Whether the limit is as good as [`OneSided::converged`] says, on every side that was asked for.
    pub converged: bool,
    /// The side that the limit was taken from: one, if the function has values on one side only.
    pub side: Approached,
    /// The approach from below, if it was asked for.
    pub left: Option<OneSided>,
    /// The approach from above, if it was asked for.
    pub right: Option<OneSided>,
    /// How often the function was called.
    pub evaluations: usize,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.tendency, &self.left, &self.right) {
            (Tendency::Converges, left, right) if self.converged => {
                f.write_str("f converges")?;
                let missing =
                    |side: &Option<OneSided>| side.as_ref().is_some_and(|side| side.tendency == Tendency::Undefined);
                match () {
                    () if missing(left) => f.write_str(" from the right; it has no values on the left"),
                    () if missing(right) => f.write_str(" from the left; it has no values on the right"),
                    () => Ok(()),
                }
            }
            (Tendency::Converges, ..) => f.write_str("f seems to converge, but too slowly to be sure"),
            (Tendency::Diverges, ..) if self.value > 0.0 => f.write_str("f grows without bound"),
            (Tendency::Diverges, ..) => f.write_str("f falls without bound"),
            (Tendency::SidesDiffer, Some(left), Some(right)) => {
                write!(f, "f {} on the left, but {} on the right", Words(left), Words(right))
            }
            (Tendency::Oscillates { low, high }, ..) => write!(f, "f goes up and down between {low:.6} and {high:.6}"),
            (Tendency::Swings, ..) => f.write_str("f goes up and down ever further"),
            (Tendency::Undefined, ..) => f.write_str("f has no finite values close to the point"),
            _ => f.write_str("f changes too slowly or irregularly to tell where it goes"),
        }
    }
}

/// One side in words: `comes to 1`.
struct Words<'a>(&'a OneSided);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.tendency {
            Tendency::Converges => write!(f, "comes to {:.6}", self.0.value),
            Tendency::Diverges if self.0.value > 0.0 => f.write_str("grows without bound"),
            Tendency::Diverges => f.write_str("falls without bound"),
            Tendency::Oscillates { low, high } => write!(f, "goes up and down between {low:.6} and {high:.6}"),
            Tendency::Swings => f.write_str("goes up and down ever further"),
            Tendency::Undefined => f.write_str("has no finite values"),
            _ => f.write_str("changes too slowly or irregularly to tell"),
        }
    }
}

/// The limit of `f` at `a`, which may be an infinity (and is then approached from the one side that it has).
///
/// `f` is never called at `a` itself; it gives NaN or an infinity where it is not defined. Each side takes some 240 to 560 calls, in fives, at
/// distances that shrink from about 1 to the last digit of `a`, or to 1e-300 at zero and infinity. A function that has values on
/// one side only has that side's limit.
///
/// What is read off finitely many doubles can be wrong: a function may change its mind closer than doubles can look. And
/// `log(log(1/x))` is only 6.5 at 1e-300: where growth is that slow, the tendency is [`Tendency::Unclear`].
///
/// Method: polynomial extrapolation (Neville), P. Wynn's ε- and ρ-algorithms, the one with the least doubt; see `approach`.
///
/// ```
/// use underhood::calculus::{Approached, Tendency, limit};
/// use underhood::Error;
///
/// let sinc = limit(|x: f64| Ok::<_, Error>(x.sin() / x), 0.0, Approached::Both)?;
/// assert!((sinc.value - 1.0).abs() <= sinc.error && sinc.error < 1e-12);
/// let pole = limit(|x: f64| Ok::<_, Error>(1.0 / x), 0.0, Approached::Both)?;
/// assert_eq!(pole.tendency, Tendency::SidesDiffer);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfRange`] for an `a` that is NaN; whatever `f` returns as its error.
pub fn limit<E: From<Error>>(
    mut f: impl FnMut(f64) -> std::result::Result<f64, E>,
    a: f64,
    side: Approached,
) -> std::result::Result<Limit, E> {
    let mut caught = Caught::new("limit");
    let found = both(&mut |x| caught.catch(f(x)), a, side);
    caught.release(found)
}

fn both(f: &mut dyn FnMut(f64) -> Result<f64>, a: f64, side: Approached) -> Result<Limit> {
    check::in_range("limit", "a", a, !a.is_nan(), "a number or an infinity")?;
    let side = match a {
        f64::INFINITY => Approached::Left,
        f64::NEG_INFINITY => Approached::Right,
        _ => side,
    };
    let left = (side != Approached::Right).then(|| one(f, a, -1.0)).transpose()?;
    let right = (side != Approached::Left).then(|| one(f, a, 1.0)).transpose()?;
    let mut evaluations = 0;
    let mut split = |found: Option<(OneSided, usize)>| {
        found.map(|(side, calls)| {
            evaluations += calls;
            side
        })
    };
    let (left, right) = (split(left), split(right));
    let from = |one: &OneSided, side| (one.value, one.error, one.tendency, one.converged, side);
    let (value, error, tendency, converged, side) = match (&left, &right) {
        (Some(l), Some(r)) => match (l.tendency, r.tendency) {
            (Tendency::Undefined, _) => from(r, Approached::Right),
            (_, Tendency::Undefined) => from(l, Approached::Left),
            _ => joined(l, r),
        },
        (Some(l), None) => from(l, side),
        (_, Some(r)) => from(r, side),
        (None, None) => (f64::NAN, f64::INFINITY, Tendency::Undefined, false, side),
    };
    Ok(Limit { value, error, tendency, converged, side, left, right, evaluations })
}

/// One side, and how often `f` was called.
fn one(f: &mut dyn FnMut(f64) -> Result<f64>, a: f64, sign: f64) -> Result<(OneSided, usize)> {
    let approach = Approach::sample(f, a, sign)?;
    let none = (f64::NAN, f64::INFINITY, false);
    let ((value, error, converged), tendency) = match approach.course() {
        Course::Settles { value, error, converged } => ((value, error, converged), Tendency::Converges),
        Course::Grows { sign } => ((sign * f64::INFINITY, 0.0, true), Tendency::Diverges),
        Course::Oscillates { low, high } => (none, Tendency::Oscillates { low, high }),
        Course::Swings => (none, Tendency::Swings),
        Course::Unclear => (none, Tendency::Unclear),
        Course::Nothing => (none, Tendency::Undefined),
    };
    let Approach { steps, arguments, values, calls, .. } = approach;
    Ok((OneSided { value, error, tendency, converged, steps, arguments, values }, calls))
}

/// What both sides say together.
fn joined(left: &OneSided, right: &OneSided) -> (f64, f64, Tendency, bool, Approached) {
    let nothing = |tendency| (f64::NAN, f64::INFINITY, tendency, false, Approached::Both);
    match (left.tendency, right.tendency) {
        (Tendency::Converges, Tendency::Converges) => {
            let (apart, doubt) = ((left.value - right.value).abs(), left.error + right.error);
            let size = left.value.abs().max(right.value.abs());
            // Two sides that are sure of different numbers differ; two that are not sure may be the same.
            if apart > 3.0 * doubt + 8.0 * f64::EPSILON * size && apart > CONVERGED * size {
                return nothing(Tendency::SidesDiffer);
            }
            // Where they differ by next to nothing it may be rounding that makes both too sure.
            if apart > 3.0 * doubt + 1e-13 * size {
                return (0.5 * (left.value + right.value), apart, Tendency::Converges, false, Approached::Both);
            }
            let better = if left.error <= right.error { left } else { right };
            // What the sides differ by is doubt too, even where each alone is sure of more.
            let error = apart.max(better.error);
            let other = left.error.max(right.error);
            let converged = better.converged
                && other <= 1e-3 * size.max(better.error)
                && (apart <= CONVERGED * size || apart <= doubt)
                || left.converged && right.converged && apart <= doubt;
            (better.value, error, Tendency::Converges, converged, Approached::Both)
        }
        (Tendency::Diverges, Tendency::Diverges) if left.value == right.value => {
            (left.value, 0.0, Tendency::Diverges, true, Approached::Both)
        }
        (Tendency::Oscillates { low, high }, Tendency::Oscillates { low: other_low, high: other_high }) => {
            nothing(Tendency::Oscillates { low: low.min(other_low), high: high.max(other_high) })
        }
        (Tendency::Swings, Tendency::Swings | Tendency::Oscillates { .. })
        | (Tendency::Oscillates { .. }, Tendency::Swings) => nothing(Tendency::Swings),
        (Tendency::Unclear, _) | (_, Tendency::Unclear) => nothing(Tendency::Unclear),
        _ => nothing(Tendency::SidesDiffer),
    }
}
