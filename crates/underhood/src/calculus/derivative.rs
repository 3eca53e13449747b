//! The derivative of a function of one variable at a point, of order one to four, with its error.
//!
//! `ladder` answers for one largest step; what remains is to find a step that suits the function. The first guess is the size of
//! `x` itself (a singularity is likeliest at zero, and steps below `|x|` never cross it). When rounding is what limits the answer
//! there, wider ladders are tried: first of size one, then eight times wider each time, for as long as that helps.

use std::fmt;

use super::ladder::{Best, Ladder, Place};
use super::quotient::Side;
use crate::check;
use crate::error::{Error, Result};

/// The first step as a part of `|x|` (or of 1): below it, so that `x − h` keeps `x`'s sign, and no round fraction of it.
const FIRST_STEP: f64 = 0.69;

/// No function is called flat by steps smaller than this alone.
const NARROW: f64 = 1e-3;

/// Relative errors of the four orders that ask for no wider steps.
const GOOD_ENOUGH: [f64; 4] = [1e-13, 3e-12, 3e-11, 1e-9];

/// A relative error above this is not called converged, unless rounding explains it.
const CONVERGED: f64 = 1e-6;

/// How many ladders are tried, and how many while nothing settles.
const MOST_LADDERS: usize = 10;
const LADDERS_WITHOUT_ANSWER: usize = 4;

/// Which samples a derivative is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Method {
    /// Both sides where the function is defined on both, else one.
    #[default]
    Auto,
    /// Both sides of the point.
    Central,
    /// The point and what lies above it.
    Forward,
    /// The point and what lies below it.
    Backward,
}

impl Method {
    const NAMES: [&'static str; 4] = ["auto", "central", "forward", "backward"];

    /// The method of this name, for `function`'s argument `method`.
    ///
    /// # Errors
    /// [`Error::UnknownName`] lists the names that are known.
    pub fn from_name(function: &'static str, name: &str) -> Result<Method> {
        match name {
            "auto" => Ok(Method::Auto),
            "central" => Ok(Method::Central),
            "forward" => Ok(Method::Forward),
            "backward" => Ok(Method::Backward),
            _ => Err(Error::UnknownName { function, argument: "method", value: name.into(), allowed: &Method::NAMES }),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Method::NAMES[self as usize]
    }

    fn side(self) -> Side {
        match self {
            Method::Auto | Method::Central => Side::Central,
            Method::Forward => Side::Forward,
            Method::Backward => Side::Backward,
        }
    }
}

/// How a derivative is to be computed; [`Options::default`] is the first derivative, everything chosen automatically.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// First to fourth derivative.
    pub order: usize,
    /// Which sides of the point are sampled.
    pub method: Method,
    /// The largest step; `None` finds one.
    pub step: Option<f64>,
}

impl Default for Options {
    fn default() -> Self {
        Options { order: 1, method: Method::Auto, step: None }
    }
}

/// Why a derivative is not to be trusted.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Doubt {
    /// The point is NaN.
    NoPoint,
    /// The function's value at the point is NaN or infinite.
    NoValue {
        /// That value.
        found: f64,
    },
    /// The function has no values near the point, or none on the side that was asked for.
    NoNeighbours,
    /// The function has a corner: the derivatives on both sides differ.
    Corner {
        /// The derivative on the left.
        left: f64,
        /// The derivative on the right.
        right: f64,
    },
    /// The function jumps.
    Jump,
    /// The function's slope grows without bound towards the point.
    Vertical,
    /// The derivative is too large for a double.
    TooLarge,
    /// The function is rough close to the point, by rounding in it or by fine structure, and small steps are sure of something else than large ones.
    Rough {
        /// What small steps say.
        near: f64,
    },
    /// The second derivatives along several directions are not those of one quadratic form, as where mixed derivatives depend on their order.
    NoForm,
    /// The quotients did not settle: the derivative is infinite, does not exist, or drowns in noise.
    Unsettled,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doubt::NoPoint => f.write_str("x is NaN"),
            Doubt::NoValue { found } => write!(f, "f(x) is {found}"),
            Doubt::NoNeighbours => f.write_str("f has no finite values beside x from which a slope could be taken"),
            Doubt::Corner { left, right } => {
                write!(f, "f has a corner: its derivative is {left:.6} on the left and {right:.6} on the right")
            }
            Doubt::Jump => f.write_str("f jumps"),
            Doubt::Vertical => f.write_str("the slope of f grows without bound"),
            Doubt::TooLarge => f.write_str("the derivative is too large for a double"),
            Doubt::NoForm => f.write_str(
                "f has second derivatives along every line, but no quadratic form has them all: mixed derivatives may depend on their order here",
            ),
            Doubt::Rough { near } => {
                write!(f, "f is rough close to x, by rounding or by fine structure: small steps say {near:.6e} instead")
            }
            Doubt::Unsettled => {
                f.write_str("the difference quotients do not settle (f has no derivative there, or is noisy)")
            }
        }
    }
}

/// A number that was computed numerically, and how good it is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// A cautious estimate of its absolute error; infinite where there is no derivative.
    pub error: f64,
    /// How often the function was called.
    pub evaluations: usize,
    /// Whether the error is below a millionth of the value, or as small as rounding in `f` allows.
    pub converged: bool,
    /// Which sides of the point it was made of.
    pub method: Method,
    /// What is wrong if it did not converge.
    pub doubt: Option<Doubt>,
}

/// The derivative of `f` at `x`: `f⁽ᵖ⁾(x)` for `options.order` p from 1 to 4.
///
/// `f` gives NaN or an infinity where it is not defined; its errors end the computation and come out as they went in. It is called
/// at `x` first, and then on both sides at shrinking steps, 20 to 40 times for a well-behaved function and up to some hundred
/// times for one that is hard. First derivatives of smooth functions come out with 13 to 15 correct digits, fourth ones with 9
/// or 10; near singular points with somewhat less, and the error says how many.
///
/// Where there is no derivative, `converged` is false and `doubt` says why: at a corner the value is the mean of the derivatives
/// on both sides and the error half their difference; at a jump, at a vertical tangent, or where `f` has no value, the value is
/// NaN. At a NaN the result is NaN.
///
/// Method: C. Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 4 (1982), extended by
/// an account of rounding noise, a check against finer steps and one-sided quotients.
///
/// ```
/// use underhood::calculus::{Options, derivative};
/// use underhood::Error;
///
/// let curvature = derivative(|x| Ok::<_, Error>(x.ln()), 1e-3, &Options { order: 2, ..Options::default() })?;
/// assert!((curvature.value / -1e6 - 1.0).abs() < 1e-10);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfRange`] for an order other than 1 to 4, an infinite `x`, or a step that is not positive and finite; whatever `f`
/// returns as its error.
pub fn derivative<E: From<Error>>(
    mut f: impl FnMut(f64) -> std::result::Result<f64, E>,
    x: f64,
    options: &Options,
) -> std::result::Result<Estimate, E> {
    checked(options, "derivative")?;
    if x.is_nan() {
        return Ok(nothing(options.method, 0, Doubt::NoPoint));
    }
    check::in_range("derivative", "x", x, x.is_finite(), "finite")?;
    let centre = f(x)?;
    let mut estimate = at(&mut f, &Place::number(x, centre), options)?;
    estimate.evaluations += 1;
    Ok(estimate)
}

/// Refuses options out of range.
pub(super) fn checked(options: &Options, function: &'static str) -> Result<()> {
    check::in_range(function, "order", options.order as f64, (1..=4).contains(&options.order), "1, 2, 3 or 4")?;
    match options.step {
        Some(step) => check::in_range(function, "step", step, step > 0.0 && step.is_finite(), "positive and finite"),
        None => Ok(()),
    }
}

/// The derivative when the value at the (finite) point is known already; that evaluation is not counted.
pub(super) fn at<E>(
    f: &mut impl FnMut(f64) -> std::result::Result<f64, E>,
    place: &Place,
    options: &Options,
) -> std::result::Result<Estimate, E> {
    let Options { order, method, step } = *options;
    let Place { x, centre, size, .. } = *place;
    if !centre.is_finite() {
        return Ok(nothing(method, 0, Doubt::NoValue { found: centre }));
    }
    let mut evaluations = 0;
    let mut f = |argument| {
        evaluations += 1;
        f(argument)
    };
    let wanted = |side| matches!(method, Method::Auto | Method::Central) || method.side() == side;
    let mut search = Search::default();
    let mut largest = step.unwrap_or(FIRST_STEP * size);
    for ladders in 1..=MOST_LADDERS {
        let ladder = Ladder::descend(&mut f, place, order, largest, wanted)?;
        // A fraction that has rounded to the same number all around a small x is flat there; whether f is, wider steps show.
        if ladder.flat() && step.is_none() && largest < NARROW {
            largest = FIRST_STEP;
            continue;
        }
        let helped = search.consider(&ladder, method, order);
        if step.is_some() || !helped || !search.wants_wider(ladders) || (ladder.flat() && largest > 0.5) {
            break;
        }
        let wider = if largest < FIRST_STEP / 8.0 { FIRST_STEP } else { 8.0 * largest };
        if !(x.abs() + wider).is_finite() {
            break;
        }
        largest = wider;
    }
    Ok(search.verdict(method, evaluations))
}

/// The best answer so far.
#[derive(Debug, Default)]
struct Search {
    /// Value, error and noise in the function's own units, and whose they are.
    best: Option<(f64, f64, f64, Side)>,
    /// Whether the best used its ladder's first rung and was limited by rounding.
    noisy_at_the_top: bool,
    doubt: Option<Doubt>,
    /// What small steps were sure of instead.
    rough: Option<f64>,
    /// Whether the doubt is about a derivative of lower order, so that there is none of this one.
    lower: bool,
}

impl Search {
    /// Takes a ladder's answer if it is better; says whether it was.
    fn consider(&mut self, ladder: &Ladder, method: Method, order: usize) -> bool {
        let side = match method {
            Method::Auto if !ladder.seen(Side::Central) => {
                match (ladder.seen(Side::Forward), ladder.seen(Side::Backward)) {
                    (true, _) => Side::Forward,
                    (_, true) => Side::Backward,
                    _ => Side::Central,
                }
            }
            method => method.side(),
        };
        let unscale = |value: f64| unscaled(value, order, ladder.largest);
        let Some(Best { value, error, noise, first, against }) = ladder.best(side) else {
            return false;
        };
        let (value, error, noise) = (unscale(value), unscale(error), unscale(noise));
        self.rough = self.rough.or(against.map(unscale));
        if !value.is_finite() {
            self.doubt = self.doubt.or(Some(Doubt::TooLarge));
            return false;
        }
        // Wider steps must improve on narrower ones without contradicting them.
        let better = |(known, least, ..): (f64, f64, f64, Side)| {
            error < 0.5 * least && (self.doubt.is_some() || (value - known).abs() <= 2.0 * (least + error))
        };
        if !self.best.is_none_or(better) {
            return false;
        }
        self.best = Some((value, error, noise, side));
        self.noisy_at_the_top = first == 0 && noise > 0.1 * error && error > GOOD_ENOUGH[order - 1] * value.abs();
        self.doubt = None;
        if side == Side::Central
            && let Some((left, right)) = ladder.corner()
        {
            let (left, right) = (unscale(left.value), unscale(right.value));
            self.best = Some((0.5 * left + 0.5 * right, (0.5 * left - 0.5 * right).abs(), noise, side));
            self.doubt = Some(Doubt::Corner { left, right });
        } else if order == 1 && error > CONVERGED * value.abs() && ladder.climbs(side) {
            self.doubt = Some(Doubt::Vertical);
        } else if !settled(value, error, noise) {
            self.doubt = Some(match ladder.exponent(side) {
                Some(power) if power < 0.02 => Doubt::Jump,
                Some(power) if power < 0.9 => Doubt::Vertical,
                _ => Doubt::Unsettled,
            });
            if let (Side::Central, Some((left, right))) = (side, ladder.agreement()) {
                let (value, apart) = (0.5 * left.value + 0.5 * right.value, (left.value - right.value).abs());
                let error = left.error.max(right.error) + apart;
                self.best = Some((unscale(value), unscale(error), unscale(left.noise.max(right.noise)), side));
                self.doubt = None;
            }
        }
        // Symmetric differences do not see a symmetric kink, nor do both sides by themselves: |x| seems to bend nowhere.
        let kink = if side == Side::Central { (1..order).find_map(|lower| kink(ladder, lower)) } else { None };
        self.lower = kink.is_some();
        self.doubt = kink.or(self.doubt);
        true
    }

    /// Whether wider steps may help: rounding limits the answer, or noise drowns it.
    fn wants_wider(&self, ladders: usize) -> bool {
        match (self.best, self.doubt) {
            (None, _) => false,
            (Some(_), None) => self.noisy_at_the_top || (self.rough.is_some() && ladders == 1),
            (Some((.., side)), Some(doubt)) => {
                doubt == Doubt::Unsettled && side == Side::Central && ladders < LADDERS_WITHOUT_ANSWER
            }
        }
    }

    fn verdict(self, method: Method, evaluations: usize) -> Estimate {
        let Some((value, error, _, side)) = self.best else {
            return nothing(method, evaluations, self.doubt.unwrap_or(Doubt::NoNeighbours));
        };
        let method = match side {
            Side::Central => Method::Central,
            Side::Forward => Method::Forward,
            Side::Backward => Method::Backward,
        };
        if let Some(doubt) = self.doubt.filter(|doubt| self.lower || matches!(doubt, Doubt::Jump | Doubt::Vertical)) {
            return Estimate { error: f64::INFINITY, method, ..nothing(method, evaluations, doubt) };
        }
        if let (Some(near), None | Some(Doubt::Unsettled)) = (self.rough, self.doubt) {
            let error = error.max((value - near).abs());
            return Estimate {
                value,
                error,
                evaluations,
                converged: false,
                method,
                doubt: Some(Doubt::Rough { near }),
            };
        }
        // What has no correct digit has no error bound either.
        let unknown = self.doubt == Some(Doubt::Unsettled) && error > 0.1 * value.abs();
        let error = if unknown { f64::INFINITY } else { error };
        Estimate { value, error, evaluations, converged: self.doubt.is_none(), method, doubt: self.doubt }
    }
}

/// A Taylor coefficient in units of the first step as a derivative. Dividing step by step keeps h⁴ from underflowing.
fn unscaled(value: f64, order: usize, largest: f64) -> f64 {
    let factorial = [1.0, 2.0, 6.0, 24.0][order - 1];
    (0..order).fold(value * factorial, |value, _| value / largest)
}

/// A corner or jump that the samples plainly show in the derivative of an order below theirs.
fn kink(ladder: &Ladder, order: usize) -> Option<Doubt> {
    let ladder = ladder.of_order(order);
    if order == 1 && ladder.exponent(Side::Central).is_some_and(|power| power < 0.02) {
        return Some(Doubt::Jump);
    }
    let (left, right) = ladder.corner()?;
    let plain = (left.value - right.value).abs() > 100.0 * (left.error + right.error);
    let [left, right] = [left, right].map(|side| unscaled(side.value, order, ladder.largest));
    plain.then_some(Doubt::Corner { left, right })
}

/// Whether an error is small beside the value, or no larger than rounding makes it.
fn settled(value: f64, error: f64, noise: f64) -> bool {
    error <= CONVERGED * value.abs() || error <= 10.0 * noise
}

/// NaN, and why.
pub(super) fn nothing(method: Method, evaluations: usize, doubt: Doubt) -> Estimate {
    let method = if method == Method::Auto { Method::Central } else { method };
    Estimate { value: f64::NAN, error: f64::NAN, evaluations, converged: false, method, doubt: Some(doubt) }
}
