//! The least value of a function of one number: by parabolas, safeguarded by the golden section, R. P. Brent, *Algorithms for
//! Minimization without Derivatives* (1973), chapter 5; by the golden section alone, J. Kiefer, Proceedings of the AMS 4 (1953).

use super::MinimizeStop;
use super::MinimizeStop as Stop;
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};

/// How [`minimize_scalar`] looks for a minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScalarMethod {
    /// Parabolas through three points, and the golden section where they mislead.
    Brent,
    /// The same between two bounds that are never left.
    Bounded,
    /// The golden section alone.
    Golden,
}

/// Where [`minimize_scalar`] looks.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Within {
    /// Downhill from two points, until the function rises again.
    From(f64, f64),
    /// Between the outer two of three points a < b < c with f(b) below f(a) and f(c).
    Bracket(f64, f64, f64),
    /// Between two bounds.
    Bounds(f64, f64),
}

/// The minimum of a function of one number.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ScalarMinimum {
    /// Where it is.
    pub x: f64,
    /// The value there.
    pub value: f64,
    /// Iterations made.
    pub iterations: usize,
    /// How often the function was called.
    pub evaluations: usize,
    /// Why the search ended: converged, its iterations used up, or no end of the descent ([`MinimizeStop::Unbounded`]), be it far off or at a pole.
    pub stop: MinimizeStop,
}

/// (3 − √5) / 2: the smaller part of the golden section.
const GOLDEN: f64 = 0.381_966_011_250_105_15;
/// The function's name in refusals.
const NAME: &str = "minimize_scalar";

/// The least value of `f` near a start, within a bracket or between bounds, to `tolerance`: relative to x for brackets, absolute for
/// bounds. Steps below √ε |x| show nothing but rounding, so no better tolerance serves there.
///
/// Where `f` is not finite there is a wall. If it is not where a search between bounds would begin, places of every size are looked at first; a search
/// that has seen no finite value has not converged.
///
/// ```
/// use underhood::Error;
/// use underhood::optimize::{ScalarMethod, Within, minimize_scalar};
///
/// let bowl = |x: f64| Ok::<_, Error>((x - 2.0) * (x - 2.0));
/// let found = minimize_scalar(bowl, Within::From(0.0, 1.0), ScalarMethod::Brent, 1.48e-8, 500)?;
/// assert!((found.x - 2.0).abs() < 1e-7);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::Invalid`] for points that are no bracket, [`Error::OutOfRange`] for a bound or a tolerance; what `f` returns as its error.
pub fn minimize_scalar<E: From<Error>>(
    mut f: impl FnMut(f64) -> std::result::Result<f64, E>,
    within: Within,
    method: ScalarMethod,
    tolerance: f64,
    max_iter: usize,
) -> std::result::Result<ScalarMinimum, E> {
    let mut caught = Caught::new(NAME);
    let found = minimum(&mut |x| caught.catch(f(x)), within, method, tolerance, max_iter);
    caught.release(found)
}

/// f with its calls counted, and walls where it is not finite.
struct Counted<'a> {
    f: &'a mut dyn FnMut(f64) -> Result<f64>,
    calls: usize,
}

impl Counted<'_> {
    fn at(&mut self, x: f64) -> Result<f64> {
        self.calls += 1;
        let value = (self.f)(x)?;
        Ok(if value.is_finite() { value } else { f64::INFINITY })
    }
}

fn minimum(
    f: &mut dyn FnMut(f64) -> Result<f64>,
    within: Within,
    method: ScalarMethod,
    tolerance: f64,
    max_iter: usize,
) -> Result<ScalarMinimum> {
    check::in_range(NAME, "tol", tolerance, tolerance >= 0.0 && tolerance.is_finite(), "at least 0 and finite")?;
    let mut f = Counted { f, calls: 0 };
    let (a, b, c, middle) = match within {
        Within::Bounds(low, high) => {
            check::in_range(NAME, "bounds", low, low.is_finite(), "finite")?;
            check::in_range(NAME, "bounds", high, high.is_finite(), "finite")?;
            // Steps are parts of the width.
            check::in_range(NAME, "bounds", high, (high - low).is_finite(), "less than 1.8e308 above the lower bound")?;
            if low > high {
                let problem = format!("are {low:?} and {high:?}, but the first must be the lower one");
                return Err(Error::Invalid { function: NAME, argument: "bounds", problem });
            }
            let start = low + GOLDEN * (high - low);
            let value = f.at(start)?;
            if value.is_finite() { (low, start, high, value) } else { survey(&mut f, low, high)? }
        }
        Within::Bracket(a, b, c) => {
            finite_bracket(&[a, b, c])?;
            let (a, c) = (a.min(c), a.max(c));
            let (left, middle, right) = (f.at(a)?, f.at(b)?, f.at(c)?);
            if !(a < b && b < c && middle < left && middle < right) {
                let problem = format!(
                    "is ({a:?}, {b:?}, {c:?}) with the values {left:?}, {middle:?} and {right:?}, but must be a < b < c with f(b) below both others"
                );
                return Err(Error::Invalid { function: NAME, argument: "bracket", problem });
            }
            (a, b, c, middle)
        }
        Within::From(a, b) => {
            finite_bracket(&[a, b])?;
            match enclose(&mut f, a, b)? {
                Enclosed::Bracket(bracket) => bracket,
                Enclosed::Open((x, value), stop) => {
                    return Ok(ScalarMinimum { x, value, iterations: 0, evaluations: f.calls, stop });
                }
            }
        }
    };
    // The least interval: of a minimum at 0 no part of x will do.
    let width = match within {
        Within::Bounds(..) => Width { relative: 1.49e-8, absolute: tolerance / 3.0 },
        Within::Bracket(a, b, c) => {
            Width { relative: tolerance.max(f64::EPSILON), absolute: 1e-11 * (b - a).abs().min((c - b).abs()) }
        }
        Within::From(a, b) => {
            let apart = if a == b { 1.0 } else { 0.5 * b - 0.5 * a };
            Width { relative: tolerance.max(f64::EPSILON), absolute: 2e-11 * apart.abs() }
        }
    };
    let (x, value, iterations, stop) = narrow(&mut f, (a, b, c, middle), width, method, max_iter)?;
    // Nothing but walls: an infinite value is no minimum.
    let stop = if value.is_finite() { stop } else { Stop::Stalled };
    Ok(ScalarMinimum { x, value, iterations, evaluations: f.calls, stop })
}

fn finite_bracket(points: &[f64]) -> Result<()> {
    points.iter().try_for_each(|point| check::in_range(NAME, "bracket", *point, point.is_finite(), "finite"))
}

type Bracket = (f64, f64, f64, f64);

/// The lowest of many places between two bounds, with its neighbours: evenly spread ones, and some of every size. Where none of them has a finite value,
/// the whole as it is.
fn survey(f: &mut Counted<'_>, low: f64, high: f64) -> Result<Bracket> {
    const EVEN: i32 = 64;
    let even = (1..EVEN).map(|i| low + (high - low) * (f64::from(i) / f64::from(EVEN)));
    let sizes = (-16..=308).flat_map(|power| [1.0, -1.0].map(|sign| sign * 10.0_f64.powi(power)));
    let mut places: Vec<f64> = even.chain(sizes).chain([0.0]).filter(|x| *x > low && *x < high).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    let values = places.iter().map(|&x| f.at(x)).collect::<Result<Vec<f64>>>()?;
    let Some(least) = (0..places.len()).min_by(|&i, &j| values[i].total_cmp(&values[j])) else {
        return Ok((low, low, high, f64::INFINITY));
    };
    let (a, c) = (least.checked_sub(1).map_or(low, |i| places[i]), places.get(least + 1).copied().unwrap_or(high));
    Ok(if values[least].is_finite() {
        (a, places[least], c, values[least])
    } else {
        (low, places[least], high, values[least])
    })
}

/// What going downhill came to.
enum Enclosed {
    /// a < b < c with f(b) no higher than f(a) and f(c), and f(b).
    Bracket(Bracket),
    /// A point and its value, where nothing rises: the start of a function that is the same everywhere, or the last point of one that
    /// sinks as far as it is followed.
    Open((f64, f64), Stop),
}

/// Goes downhill from two points, ever faster, until the function rises.
fn enclose(f: &mut Counted<'_>, a: f64, b: f64) -> Result<Enclosed> {
    let b = if a == b { a + a.abs().max(1.0) * 1e-3 } else { b };
    let start = (a, f.at(a)?);
    let (mut before, mut here) = (start, (b, f.at(b)?));
    if here.1 > before.1 {
        std::mem::swap(&mut before, &mut here);
    }
    if here.1 == f64::INFINITY {
        let problem = "is a pair of points where f is not finite; start where it is".into();
        return Err(Error::Invalid { function: NAME, argument: "bracket", problem });
    }
    let (mut step, mut at) = ((here.0 - before.0) * 1.618_034, here.0);
    for _ in 0..200 {
        at += step;
        if !at.is_finite() {
            break;
        }
        let value = f.at(at)?;
        if value > here.1 {
            return Ok(Enclosed::Bracket((before.0.min(at), here.0, before.0.max(at), here.1)));
        }
        if value < here.1 {
            (before, here) = (here, (at, value));
            step *= 1.618_034;
        } else {
            // Flat as far as it was seen: larger steps.
            step *= 10.0;
        }
    }
    let flat = before.1 == here.1 && here.1 == start.1;
    Ok(if flat { Enclosed::Open(start, Stop::Converged) } else { Enclosed::Open(here, Stop::Unbounded) })
}

/// How narrow the interval is to become: so much of x and so much besides.
#[derive(Debug, Clone, Copy)]
struct Width {
    relative: f64,
    absolute: f64,
}

/// Whether f, far below zero at `best`, sinks on and on as the interval around it is narrowed further: a pole.
fn falls_on(f: &mut Counted<'_>, best: (f64, f64), mut low: f64, mut high: f64) -> Result<bool> {
    let (mut x, mut value) = best;
    for _ in 0..120 {
        let above = high - x > x - low;
        let middle = 0.5 * x + 0.5 * if above { high } else { low };
        let next = f.at(middle)?;
        if next < value {
            *(if above { &mut low } else { &mut high }) = x;
            (x, value) = (middle, next);
        } else {
            *(if above { &mut high } else { &mut low }) = middle;
        }
        if value < 10.0 * best.1 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Brent's loop; without parabolas it is the golden section.
fn narrow(
    f: &mut Counted<'_>,
    (mut a, start, mut b, middle): Bracket,
    width: Width,
    method: ScalarMethod,
    max_iter: usize,
) -> Result<(f64, f64, usize, Stop)> {
    // x is the best point, w the second best, v the one that was w.
    let (mut x, mut w, mut v) = ((start, middle), (start, middle), (start, middle));
    let (mut step, mut before_last) = (0.0_f64, 0.0_f64);
    for iteration in 0..max_iter {
        let centre = 0.5 * a + 0.5 * b;
        let tight = (width.relative * x.0.abs() + width.absolute).max(f64::MIN_POSITIVE);
        if (x.0 - centre).abs() <= 2.0 * tight - (0.5 * b - 0.5 * a) {
            let pole = x.1 < -100.0 * middle.abs() && falls_on(f, x, a, b)?;
            return Ok((x.0, x.1, iteration, if pole { Stop::Unbounded } else { Stop::Converged }));
        }
        let mut golden = true;
        if before_last.abs() > tight && method != ScalarMethod::Golden {
            let (r, q) = ((x.0 - w.0) * (x.1 - v.1), (x.0 - v.0) * (x.1 - w.1));
            let mut p = (x.0 - v.0) * q - (x.0 - w.0) * r;
            let mut q = 2.0 * (q - r);
            if q > 0.0 {
                p = -p;
            }
            q = q.abs();
            let inside = p.abs() < (0.5 * q * before_last).abs() && p > q * (a - x.0) && p < q * (b - x.0);
            if inside && q > 0.0 {
                before_last = std::mem::replace(&mut step, p / q);
                let to = x.0 + step;
                if to - a < 2.0 * tight || b - to < 2.0 * tight {
                    step = if x.0 < centre { tight } else { -tight };
                }
                golden = false;
            }
        }
        if golden {
            before_last = if x.0 < centre { b - x.0 } else { a - x.0 };
            step = GOLDEN * before_last.clamp(-f64::MAX, f64::MAX);
        }
        let by = if step.abs() >= tight { step } else { tight.copysign(step) };
        let to = (x.0 + by).max(a).min(b);
        let next = (to, f.at(to)?);
        if next.1 <= x.1 {
            if next.0 < x.0 {
                b = x.0
            } else {
                a = x.0
            }
            (v, w, x) = (w, x, next);
        } else {
            if next.0 < x.0 {
                a = next.0
            } else {
                b = next.0
            }
            if next.1 <= w.1 || w.0 == x.0 {
                (v, w) = (w, next);
            } else if next.1 <= v.1 || v.0 == x.0 || v.0 == w.0 {
                v = next;
            }
        }
    }
    Ok((x.0, x.1, max_iter, Stop::MaxIter))
}
