//! Integrals to infinity at once: what is smooth and falls needs no halving.
//!
//! x = sinh(½π sinh s) carries the whole line to itself, x = a ± exp(½π sinh s) a half-line to the line, so that the integrand times the slope falls
//! doubly exponentially, and the plain sum with equal steps converges faster than any power. Three sums, each with half the step of the one before,
//! must approach each other ever faster; where the summands seem to have vanished, f is looked at closely before that is believed. Anything else is
//! left to halving.
//!
//! Source: H. Takahasi, M. Mori, "Double exponential formulas for numerical integration", Publ. RIMS 9 (1974) 721–741,
//! doi:10.2977/prims/1195192451.

use std::f64::consts::FRAC_PI_2;

use super::chart::{Chart, Integrand, grain};
use super::rule::Found;
use super::smoothness::{CLOSER, Suspect, confirmed, suspects};
use crate::error::Result;

/// Beyond this the square of x overflows.
const FARTHEST: f64 = 1e150;

/// The first step is 1/2; each level halves it.
const LEVELS: i32 = 6;

/// More summands than these a level cannot have, whatever the range: from 1e-300 to 1e150 there are some 900 of the finest.
const MOST_TERMS: i64 = 4096;

/// A summand so much smaller than the greatest has vanished.
const VANISHED: f64 = 1e-20;

/// How the line of s is laid over the range.
#[derive(Debug, Clone, Copy)]
enum Range {
    /// The whole line: its middle, and the unit of distances from it.
    Line { middle: f64, unit: f64 },
    /// From a number in a direction: the sign and unit of distances from it.
    Ray { from: f64, side: f64, unit: f64 },
}

impl Range {
    fn of((low, high): (f64, f64)) -> Option<Range> {
        match (low.is_finite(), high.is_finite()) {
            (false, false) => Some(Range::Line { middle: 0.0, unit: 1.0 }),
            (true, false) => Some(Range::Ray { from: low, side: 1.0, unit: 1.0 }),
            (false, true) => Some(Range::Ray { from: high, side: -1.0, unit: 1.0 }),
            (true, true) => None,
        }
    }

    /// The least and the greatest s.
    fn ends(self) -> (f64, f64) {
        // Quotients would overflow.
        let s = |tau: f64, unit: f64| ((tau.ln() - unit.ln()) / FRAC_PI_2).asinh();
        match self {
            Range::Line { unit, .. } => (-s(2.0 * FARTHEST, unit), s(2.0 * FARTHEST, unit)),
            Range::Ray { from, unit, .. } => {
                (if from == 0.0 { s(1e-300, unit.min(1.0)) } else { s(grain(from), unit) }, s(FARTHEST, unit))
            }
        }
    }

    /// The place at s, the slope there, and which part of its distance from the beginning is rounding.
    fn place(self, s: f64) -> (f64, f64, f64) {
        let (inner, along) = (FRAC_PI_2 * s.sinh(), FRAC_PI_2 * s.cosh());
        match self {
            Range::Line { middle, unit } => (middle + unit * inner.sinh(), unit * along * inner.cosh(), 0.0),
            Range::Ray { from, side, unit } => {
                let tau = unit * inner.exp();
                (from + side * tau, along * tau, (grain(from) / tau).min(1.0))
            }
        }
    }

    /// Laid so that most of what these summands show lies around s = 0, if it does not yet: by its median and the distance of its quartiles.
    fn better(self, terms: &[Term], step: f64) -> Option<Range> {
        let whole: f64 = terms.iter().map(|term| term.value.abs()).sum();
        let quantile = |part: f64| {
            let mut sum = 0.0;
            let reached = terms.iter().find(|term| {
                sum += term.value.abs();
                sum >= part * whole
            });
            self.place(reached.map_or(0.0, |term| term.s))
        };
        match self {
            Range::Line { middle, unit } => {
                let (median, slope, _) = quantile(0.5);
                // No less than the places lie apart there.
                let width = 0.5 * (quantile(0.8).0 - quantile(0.2).0).max(slope * step);
                let fits = (median - middle).abs() <= 2.0 * unit && (0.1..=10.0).contains(&(width / unit));
                (!fits && width > 0.0).then_some(Range::Line { middle: median, unit: width })
            }
            Range::Ray { from, side, unit } => {
                let median = (quantile(0.5).0 - from).abs();
                let fits = (0.1..=5.0).contains(&(median / unit));
                // What stands so near to its end is no matter of the unit.
                let sound = median > FARTHEST.sqrt().recip() && median < FARTHEST.sqrt();
                (!fits && sound).then_some(Range::Ray { from, side, unit: median })
            }
        }
    }
}

/// A summand: its place on the line, f times the slope, and what the rounding of x may change about it.
#[derive(Debug, Clone, Copy)]
struct Term {
    s: f64,
    value: f64,
    blur: f64,
}

/// What comes of it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Attempt {
    /// The integral, its error within what is allowed or as small as rounding.
    Done(Found),
    /// Nothing; but f is there in these places, far from each other.
    Beware([f64; 2]),
    /// Nothing.
    Failed,
}

/// The integral between limits of which one at least is infinite, if the integrand is smooth enough for its error to stay below
/// `allowed(integral)`, or below rounding.
pub(super) fn unbounded(
    integrand: &mut Integrand<'_>,
    limits: (f64, f64),
    allowed: &dyn Fn(f64) -> f64,
) -> Result<Attempt> {
    let Some(range) = Range::of(limits) else { return Ok(Attempt::Failed) };
    match (sums(integrand, range, allowed, true)?, range) {
        // Many a function has a kink at zero.
        (Attempt::Failed, Range::Line { .. }) => {
            let mut whole = Found::default();
            for side in [-1.0, 1.0] {
                let half = sums(integrand, Range::Ray { from: 0.0, side, unit: 1.0 }, allowed, true)?;
                let Attempt::Done(half) = half else { return Ok(Attempt::Failed) };
                whole.value += half.value;
                whole.error += half.error;
                whole.size += half.size;
            }
            let enough = whole.error <= allowed(whole.value).max(30.0 * f64::EPSILON * whole.size);
            Ok(if enough { Attempt::Done(whole) } else { Attempt::Failed })
        }
        (attempt, _) => Ok(attempt),
    }
}

/// Sums with ever smaller steps; the line of s may be laid anew once.
fn sums(integrand: &mut Integrand<'_>, range: Range, allowed: &dyn Fn(f64) -> f64, may_move: bool) -> Result<Attempt> {
    let ends = range.ends();
    let (mut first, mut last) = ends;
    let mut terms: Vec<Term> = Vec::with_capacity(128);
    let (mut before, mut change) = (f64::NAN, f64::NAN);
    for level in 0..LEVELS {
        let step = 0.5_f64.powi(level + 1);
        let (from, to) = ((first / step).ceil() as i64, (last / step).floor() as i64);
        if to.saturating_sub(from) > MOST_TERMS {
            return Ok(Attempt::Failed);
        }
        let news = (from..=to).filter(|j| level == 0 || j % 2 != 0).map(|j| j as f64 * step);
        measure(integrand, range, &news.collect::<Vec<f64>>(), &mut terms)?;
        if level == 0 {
            let Some(kept) = lively(&terms) else { return Ok(Attempt::Failed) };
            terms = kept;
            // Where they have not vanished the range itself ends.
            let top = terms.iter().fold(0.0, |top: f64, term| top.max(term.value.abs()));
            let vanished = |term: Option<&Term>| term.filter(|term| term.value.abs() <= VANISHED * top).map(|t| t.s);
            first = vanished(terms.first()).unwrap_or(first);
            last = vanished(terms.last()).unwrap_or(last);
        }
        if terms.iter().any(|term| !term.value.is_finite()) {
            return Ok(Attempt::Failed);
        }
        terms.sort_by(|a, b| a.s.total_cmp(&b.s));
        let sum = |part: fn(&Term) -> f64| step * terms.iter().map(part).sum::<f64>();
        let (value, size) = (sum(|term| term.value), sum(|term| term.value.abs()));
        let difference = (value - before).abs();
        if level >= 2 {
            // The number of right digits doubles with each level, or each level takes the same part of the error away: this covers both.
            let ratio = (10.0 * difference / change).clamp(1e-3, 1.0);
            // The last sum but one may be right by accident: of the difference before, nothing but its own falling counts.
            let chance = 2e3 * size * (change / size).powi(4);
            let part = (if difference > 0.0 { difference * ratio } else { 0.0 }).max(chance);
            // What lies beyond the outermost summands: about as much as they.
            let rim = |term: Option<&Term>| term.map_or(0.0, |term| 2.0 * term.value.abs());
            let tail = rim(terms.first()) + rim(terms.last());
            let enough = allowed(value).max(30.0 * f64::EPSILON * size);
            let mut error = part + sum(|term| term.blur) + tail + 4.0 * f64::EPSILON * size;
            if error <= enough {
                error += step * roughness(integrand, range, &terms, step, (enough - error) / step)?;
            }
            if error <= enough {
                let target = allowed(value).max(f64::EPSILON * size);
                let seen = second_sight(integrand, range, (first, last), ends, target)?;
                let done = Attempt::Done(Found { value, error, size });
                return Ok(seen.map_or(done, |place| Attempt::Beware([range.place(0.0).0, place])));
            }
            if may_move && let Some(better) = range.better(&terms, step) {
                return sums(integrand, better, allowed, false);
            }
            // Hopeless, or soon too dear.
            if difference > size * 0.1_f64.powi(level - 1) {
                return Ok(Attempt::Failed);
            }
        }
        (before, change) = (value, difference);
    }
    Ok(Attempt::Failed)
}

/// By how much a summand differs from what its neighbours foretell, if by more than this, where a closer look says that it is no smooth function's: next
/// to a kink sums may agree by accident.
fn roughness(integrand: &mut Integrand<'_>, range: Range, terms: &[Term], step: f64, least: f64) -> Result<f64> {
    const LOOKS: usize = 4;
    let values: Vec<f64> = terms.iter().map(|term| term.value).collect();
    let number = terms.first().map_or(0, |first| (first.s / step).round() as i64);
    let suspects: Vec<Suspect> = suspects(number, &values).into_iter().filter(|one| one.misfit > least).collect();
    for (looks, suspect) in suspects.iter().enumerate() {
        let mut closer = Vec::with_capacity(CLOSER.len());
        let s = terms[suspect.place].s;
        measure(integrand, range, &CLOSER.map(|part| s + part * step), &mut closer)?;
        if looks == LOOKS || confirmed(&values, *suspect, std::array::from_fn(|j| closer[j].value)) {
            return Ok(suspect.misfit);
        }
    }
    Ok(0.0)
}

/// Adds the summands at these s.
fn measure(integrand: &mut Integrand<'_>, range: Range, s: &[f64], terms: &mut Vec<Term>) -> Result<()> {
    let places: Vec<f64> = s.iter().map(|&s| range.place(s).0).collect();
    let mut values = vec![0.0; places.len()];
    integrand.at(Chart::Finite, &places, &mut values)?;
    terms.extend(s.iter().zip(&values).map(|(&s, f)| {
        let (_, slope, blur) = range.place(s);
        let value = f * slope;
        Term { s, value, blur: blur * value.abs() }
    }));
    Ok(())
}

/// The summands around the greatest one up to where they have vanished, one of these on each side; none if all are zero, or if on the way there is one
/// that is not a number.
fn lively(terms: &[Term]) -> Option<Vec<Term>> {
    let size = |term: &Term| if term.value.is_finite() { term.value.abs() } else { 0.0 };
    let top = (0..terms.len()).max_by(|&i, &j| size(&terms[i]).total_cmp(&size(&terms[j])))?;
    let least = VANISHED * size(&terms[top]);
    let gone = |term: &Term| term.value.abs() <= least;
    let speaks = |term: &Term| size(term) > least;
    // The outermost ones that count; beyond them formulas may overflow.
    let (low, high) = (terms.iter().position(speaks)?, terms.iter().rposition(speaks)?);
    let (from, to) = (low.saturating_sub(1), (high + 1).min(terms.len() - 1));
    let sound = terms[low..=high].iter().all(|term| term.value.is_finite())
        && (from == low || gone(&terms[from]))
        && (to == high || gone(&terms[to]));
    sound.then(|| terms[from..=to].to_vec())
}

/// A place where f is not as good as zero although its summands have vanished there, looked at more closely: there may be a second peak.
fn second_sight(
    integrand: &mut Integrand<'_>,
    range: Range,
    (first, last): (f64, f64),
    ends: (f64, f64),
    target: f64,
) -> Result<Option<f64>> {
    const LOOKS: i32 = 40;
    const RATIO: f64 = 1.15;
    const FAR: f64 = 1e4;
    let (middle, unit, below) = match range {
        Range::Line { middle, unit } => (middle, unit, true),
        Range::Ray { from, unit, .. } => (from, unit, false),
    };
    let mut distances = Vec::with_capacity(2 * LOOKS as usize);
    let edges = [(below && first > ends.0).then_some(first), (last < ends.1).then_some(last)];
    for edge in edges.into_iter().flatten().map(|s| range.place(s).0 - middle) {
        if edge.abs() < FAR * unit {
            distances.extend((1..=LOOKS).map(|k| edge * RATIO.powi(k)));
        }
    }
    let places: Vec<f64> = distances.iter().map(|distance| middle + distance).collect();
    let mut values = vec![0.0; places.len()];
    integrand.at(Chart::Finite, &places, &mut values)?;
    let share = |i: usize| (values[i] * distances[i]).abs();
    Ok((0..places.len())
        .filter(|&i| share(i) > target)
        .max_by(|&i, &j| share(i).total_cmp(&share(j)))
        .map(|i| places[i]))
}

#[cfg(test)]
mod tests {
    use super::super::{Options, integrate};
    use crate::error::Error;

    #[test]
    fn smooth_integrands_take_few_calls_wherever_they_stand() {
        let (inf, root) = (f64::INFINITY, std::f64::consts::PI.sqrt());
        for (middle, width) in [(0.0, 1.0), (5.0, 1.0), (100.0, 15.0), (-3.0, 0.5), (40.0, 200.0)] {
            let bell = |x: &[f64], into: &mut [f64]| {
                into.iter_mut().zip(x).for_each(|(y, x)| *y = (-((x - middle) / width).powi(2)).exp());
                Ok::<_, Error>(())
            };
            let found = integrate(bell, -inf, inf, &Options::default()).unwrap();
            assert!(found.converged && found.evaluations < 400, "{middle} {width}: {found:?}");
            assert!((found.value - width * root).abs() <= found.error, "{middle} {width}: {found:?}");
            let half = integrate(bell, middle, inf, &Options::default()).unwrap();
            assert!(
                half.converged && (half.value - 0.5 * width * root).abs() <= half.error,
                "{middle} {width}: {half:?}"
            );
        }
    }

    #[test]
    fn a_second_peak_sends_it_back() {
        let two = |x: &[f64], into: &mut [f64]| {
            into.iter_mut().zip(x).for_each(|(y, x)| *y = (-x * x).exp() + (-(x - 50.0).powi(2)).exp());
            Ok::<_, Error>(())
        };
        let found = integrate(two, f64::NEG_INFINITY, f64::INFINITY, &Options::default()).unwrap();
        assert!((found.value - 2.0 * std::f64::consts::PI.sqrt()).abs() <= found.error, "{found:?}");
    }
}
