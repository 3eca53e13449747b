//! The integral of a function of one variable: options, result, and how the line is cut.

use std::cell::Cell;
use std::fmt;

use super::adaptive::{Outcome, adaptive};
use super::chart::{Chart, Function, Inner, Integrand};
use super::double_exponential::tanh_sinh;
use super::rule::{Found, POINTS};
use super::unbounded::{Attempt, unbounded};
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};

/// How an integral was, or is to be, computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum Method {
    /// Whatever it takes.
    #[default]
    Auto,
    /// Halving, with the rule of 21 points.
    GaussKronrod,
    /// The double exponential rule, alone or next to singular ends.
    TanhSinh,
    /// Halving, and limits of sums next to singular ends or over waves; never asked for, only reported.
    Extrapolation,
}

impl Method {
    const NAMES: [&'static str; 3] = ["auto", "gauss-kronrod", "tanh-sinh"];

    /// The method of this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] lists the names that are known.
    pub fn from_name(function: &'static str, name: &str) -> Result<Method> {
        match name {
            "auto" => Ok(Method::Auto),
            "gauss-kronrod" => Ok(Method::GaussKronrod),
            "tanh-sinh" => Ok(Method::TanhSinh),
            _ => Err(Error::UnknownName { function, argument: "method", value: name.into(), allowed: &Method::NAMES }),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Method::Auto => "auto",
            Method::GaussKronrod => "gauss-kronrod",
            Method::TanhSinh => "tanh-sinh",
            Method::Extrapolation => "extrapolation",
        }
    }
}

/// How good an integral must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Relative to the integral.
    pub relative: f64,
    /// In its own units.
    pub absolute: f64,
}

impl Tolerance {
    /// The error that an integral of this value may have.
    pub(super) fn of(self, value: f64) -> f64 {
        self.absolute.max(self.relative * value.abs())
    }

    /// Refuses tolerances that are negative, not numbers, or infinite.
    pub(super) fn checked(self, function: &'static str) -> Result<()> {
        let allowed = |value: f64| value >= 0.0 && value.is_finite();
        check::in_range(function, "rtol", self.relative, allowed(self.relative), "finite and not negative")?;
        check::in_range(function, "atol", self.absolute, allowed(self.absolute), "finite and not negative")
    }
}

/// How an integral is to be computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// How good it must be; the larger of both counts.
    pub tolerance: Tolerance,
    /// Places where the integrand has a jump, a kink, a peak or a singularity.
    pub points: Vec<f64>,
    /// Which rule.
    pub method: Method,
    /// How many intervals may be looked at; each takes 21 calls.
    pub limit: usize,
}

impl Default for Options {
    fn default() -> Self {
        let tolerance = Tolerance { relative: 1e-10, absolute: 0.0 };
        Options { tolerance, points: Vec::new(), method: Method::Auto, limit: 5000 }
    }
}

/// Why an integral is not to be trusted.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Doubt {
    /// The integrand has no finite values around a place.
    NoValue {
        /// Such a place.
        at: f64,
    },
    /// All calls were used up.
    Spent,
    /// Halving did not help: rounding or noise in the integrand.
    Noise,
    /// A singularity is stronger than can be resolved in doubles.
    Tolerance,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doubt::NoValue { at } => write!(f, "f has no finite values around x = {at}"),
            Doubt::Spent => f.write_str("the tolerance was not reached within the limit of intervals (a larger limit, or points where f is difficult, may help)"),
            Doubt::Noise => f.write_str("f is noisy: halving the interval does not make the error smaller"),
            Doubt::Tolerance => f.write_str("the tolerance was not reached: f is too singular, or too close to divergent, for what doubles resolve"),
        }
    }
}

/// An integral, and how good it is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Integral {
    /// The number.
    pub value: f64,
    /// A cautious estimate of its absolute error.
    pub error: f64,
    /// How often the function was called.
    pub evaluations: usize,
    /// Whether the error is within the tolerance, or as small as rounding allows.
    pub converged: bool,
    /// How it was computed.
    pub method: Method,
    /// What is wrong if it did not converge.
    pub doubt: Option<Doubt>,
}

impl Integral {
    /// The integral over nothing.
    pub(super) fn zero(method: Method) -> Self {
        Integral { value: 0.0, error: 0.0, evaluations: 0, converged: true, method, doubt: None }
    }
}

/// The integral of `f` from `a` to `b`, each a number or an infinity.
///
/// `f` fills in its values at many places at once; NaN and infinities at single places are taken for singular points. Its errors end the
/// computation and come out as they went in. With `a > b` it is the negative of the integral from `b` to `a`.
///
/// ```
/// use underhood::Error;
/// use underhood::calculus::integrals::{Options, integrate};
///
/// let bell = |x: &[f64], into: &mut [f64]| {
///     into.iter_mut().zip(x).for_each(|(y, x)| *y = (-x * x).exp());
///     Ok::<_, Error>(())
/// };
/// let area = integrate(bell, f64::NEG_INFINITY, f64::INFINITY, &Options::default())?;
/// assert!(area.converged && (area.value - std::f64::consts::PI.sqrt()).abs() < 1e-12);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfRange`] for limits that are NaN, tolerances that are negative, points outside the limits and a limit of zero;
/// [`Error::Invalid`] for an integral that diverges; whatever `f` returns as its error.
pub fn integrate<E: From<Error>>(
    mut f: impl FnMut(&[f64], &mut [f64]) -> std::result::Result<(), E>,
    a: f64,
    b: f64,
    options: &Options,
) -> std::result::Result<Integral, E> {
    let mut caught = Caught::new("integrate");
    let found =
        over_line(&mut |x, into| caught.catch(f(x, into)), a, b, options, Role::default()).map(|(found, _)| found);
    caught.release(found)
}

/// What an integral is part of.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Role<'f> {
    /// What is known of the integrals that it is over, if it is over integrals.
    pub(super) inner: Option<&'f Cell<Inner>>,
    /// Whether it is itself one of many that another is over.
    pub(super) one_of_many: bool,
}

/// The same for a function that knows the house's errors only, and may be an integral itself; with the integral of the absolute value.
pub(super) fn over_line<'f>(
    f: &'f mut Function<'f>,
    a: f64,
    b: f64,
    options: &Options,
    role: Role<'f>,
) -> Result<(Integral, f64)> {
    const FUNCTION: &str = "integrate";
    let number = "a number or an infinity";
    check::in_range(FUNCTION, "a", a, !a.is_nan(), number)?;
    check::in_range(FUNCTION, "b", b, !b.is_nan(), number)?;
    options.tolerance.checked(FUNCTION)?;
    check::in_range(FUNCTION, "limit", options.limit as f64, options.limit > 0, "at least 1")?;
    let (low, high) = (a.min(b), a.max(b));
    for &point in &options.points {
        let inside = (low..=high).contains(&point) && point.is_finite();
        check::in_range(FUNCTION, "points", point, inside, "between a and b, each of them")?;
    }
    if a == b {
        return Ok((Integral::zero(options.method), 0.0));
    }
    let mut integrand = Integrand::new(f, (low, high), options.limit.saturating_mul(POINTS), role.inner);
    integrand.is_line_of_many = role.one_of_many;
    let tolerance = options.tolerance;
    let attempt = if options.method == Method::Auto && options.points.is_empty() {
        unbounded(&mut integrand, (low, high), &|value| 0.1 * tolerance.of(value))?
    } else {
        Attempt::Failed
    };
    let (at_once, points) = match attempt {
        Attempt::Done(found) => (Some(found), Vec::new()),
        Attempt::Beware(places) => (None, places.to_vec()),
        Attempt::Failed => (None, options.points.clone()),
    };
    let pieces = pieces(low, high, &points);
    let outcome = match (at_once, options.method) {
        (Some(found), _) => Outcome { found, method: Method::TanhSinh, doubt: None },
        (None, Method::TanhSinh) => ends_only(&mut integrand, &pieces, tolerance)?,
        (None, method) => {
            adaptive(&mut integrand, &pieces, &options.points, tolerance, method == Method::GaussKronrod)?
        }
    };
    let Outcome { found, method, doubt } = outcome;
    let sign = if a > b { -1.0 } else { 1.0 };
    let evaluations = integrand.evaluations;
    let doubt = if found.value.is_finite() { doubt } else { doubt.or(Some(Doubt::Tolerance)) };
    let (value, error) = (sign * found.value, found.error);
    Ok((Integral { value, error, evaluations, converged: doubt.is_none(), method, doubt }, found.size))
}

/// Finite ranges that reach beyond this are cut at 1, 100, 10,000, …
const VAST: f64 = 1e25;

/// The line cut at the points, its half-lines folded.
fn pieces(low: f64, high: f64, points: &[f64]) -> Vec<(Chart, f64, f64)> {
    let mut borders: Vec<f64> = points.iter().copied().filter(|p| *p > low && *p < high).collect();
    if low.is_infinite() && high.is_infinite() && borders.is_empty() {
        borders.push(0.0);
    }
    // Over so many decades nothing would be seen of what happens where x is small.
    for (sign, farthest, nearest) in [(1.0, high, low), (-1.0, -low, -high)] {
        if farthest > VAST && farthest.is_finite() {
            let first = nearest.max(1.0);
            let steps = (0..).map(|k| first * 100.0_f64.powi(k)).take_while(|place| 100.0 * place < farthest);
            borders.extend(steps.filter(|place| *place > nearest).map(|place| sign * place));
        }
    }
    borders.sort_by(f64::total_cmp);
    borders.dedup();
    let mut pieces = Vec::new();
    let mut from = low;
    for to in borders.into_iter().chain([high]) {
        // The first unit of a half-line stays as it is: next to `from` its fold would be coarse.
        match (from.is_infinite(), to.is_infinite()) {
            (false, false) => pieces.push((Chart::Finite, from, to)),
            (false, true) => {
                pieces.extend((from + 1.0 > from).then_some((Chart::Finite, from, from + 1.0)));
                pieces.push((Chart::Above { from }, 0.0, 0.5));
            }
            _ => {
                pieces.push((Chart::Below { from: to }, 0.0, 0.5));
                pieces.extend((to - 1.0 < to).then_some((Chart::Finite, to - 1.0, to)));
            }
        }
        from = to;
    }
    pieces
}

/// The tanh–sinh rule on every piece as a whole.
fn ends_only(integrand: &mut Integrand<'_>, pieces: &[(Chart, f64, f64)], tolerance: Tolerance) -> Result<Outcome> {
    let mut total = Found::default();
    for &(chart, lo, hi) in pieces {
        let sum = tanh_sinh(integrand, chart, (lo, hi), &|value| 0.1 * tolerance.of(value))?;
        total.value += sum.found.value;
        total.error += sum.found.error;
        total.size += sum.found.size;
    }
    let reached = total.error <= tolerance.of(total.value).max(integrand.rounding(total.size));
    Ok(Outcome { found: total, method: Method::TanhSinh, doubt: (!reached).then_some(Doubt::Tolerance) })
}
