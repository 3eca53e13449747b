//! The tanh–sinh rule: singularities at the ends do not hurt it.
//!
//! x = lo + (hi − lo)/(1 + e^(−π sinh s)) carries the interval to the whole line, where the integrand falls doubly exponentially and the plain
//! sum with equal steps converges faster than any power. Points near an end are computed from that end. Where the end is zero, they
//! come as near as 1e-300; elsewhere doubles end at a distance of 1e-16 of the end itself, and what lies nearer cannot be seen by a
//! function of x: that part is bounded and counted as error.
//!
//! Source: H. Takahasi, M. Mori, "Double exponential formulas for numerical integration", Publ. RIMS 9 (1974) 721–741,
//! doi:10.2977/prims/1195192451.

use std::f64::consts::{LN_2, PI};

use super::chart::{Chart, Integrand, grain};
use super::rule::Found;
use super::smoothness::suspects;
use crate::error::Result;

/// The coarsest step is 1/2; each level halves it.
const LEVELS: u32 = 8;

/// No range of doubles reaches further on the line of s.
const FARTHEST: f64 = 7.0;

/// So many turns of the summands towards an end mean an oscillation.
const TURNS: usize = 9;

/// What the rule finds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum {
    /// Value, error, and integral of the absolute value.
    pub(super) found: Found,
    /// Whether the integrand goes up and down without end.
    pub(super) oscillates: bool,
}

/// A summand: its place on the line, f times the slope of the substitution, and what is uncertain about it.
#[derive(Clone, Copy)]
struct Term {
    s: f64,
    value: f64,
    /// The part of it that the rounding of its place may change.
    blur: f64,
}

/// The integral from `lo` to `hi` in a chart, refined until two levels agree to `tolerance(size of the integral)`.
pub(super) fn tanh_sinh(
    integrand: &mut Integrand<'_>,
    chart: Chart,
    (lo, hi): (f64, f64),
    tolerance: &dyn Fn(f64) -> f64,
) -> Result<Sum> {
    let ends = [lo, hi].map(|end| if end == 0.0 { chart.least() } else { grain(end) });
    let width = hi - lo;
    // The quotient itself may overflow.
    let farthest = ends.map(|least| ((width.ln() - least.ln()).max(LN_2) / PI).asinh().min(FARTHEST));
    let mut terms: Vec<Term> = Vec::new();
    let (mut places, mut values, mut news) = (Vec::new(), Vec::new(), Vec::new());
    let (mut last, mut before) = (f64::NAN, f64::NAN);
    let mut sum = Sum { found: Found { value: f64::NAN, error: f64::INFINITY, size: 0.0 }, oscillates: false };
    for level in 0..LEVELS {
        let step = 0.5_f64.powi(level as i32 + 1);
        places.clear();
        news.clear();
        let (first, end) = (-(farthest[0] / step).floor() as i64, (farthest[1] / step).floor() as i64);
        for j in (first..=end).filter(|j| level == 0 || j % 2 != 0) {
            let s = j as f64 * step;
            let q = (-PI * s.abs().sinh()).exp();
            let tau = width * q / (1.0 + q);
            let slope = width * PI * s.cosh() * q / (1.0 + q).powi(2);
            let (t, least) = if s < 0.0 { (lo + tau, ends[0]) } else { (hi - tau, ends[1]) };
            if t > lo && t < hi {
                places.push(t);
                let at_zero = if s < 0.0 { lo == 0.0 } else { hi == 0.0 };
                news.push((s, slope, if at_zero { 0.0 } else { (least / tau).min(1.0) }));
            }
        }
        values.resize(places.len(), 0.0);
        integrand.at(chart, &places, &mut values)?;
        terms.extend(news.iter().zip(&values).map(|(&(s, slope, blur), f)| {
            let value = f * slope;
            Term { s, value, blur: blur * value.abs() }
        }));
        terms.sort_by(|a, b| a.s.total_cmp(&b.s));
        let Some(kept) = finite_run(&terms) else { return Ok(sum) };
        let value = step * kept.iter().map(|t| t.value).sum::<f64>();
        let size = step * kept.iter().map(|t| t.value.abs()).sum::<f64>();
        let blur = step * kept.iter().map(|t| t.blur).sum::<f64>();
        let tail = beyond(kept.iter().take(2), step) + beyond(kept.iter().rev().take(2), step);
        let mut difference = (value - last).abs().max(0.01 * (value - before).abs());
        let rounding = 4.0 * f64::EPSILON * size;
        let enough = (0.1 * tolerance(value)).max(rounding);
        if difference <= enough && !integrand.is_line_of_many {
            // Next to a kink or a jump sums may agree by accident. Of many lines each may: errors of either sign even out.
            let values: Vec<f64> = kept.iter().map(|term| term.value).collect();
            let first = kept.first().map_or(0, |first| (first.s / step).round() as i64);
            let roughest = suspects(first, &values).first().map_or(0.0, |suspect| suspect.misfit);
            difference = difference.max(step * roughest);
        }
        if difference.is_finite() {
            sum.found = Found { value, error: difference + blur + tail + rounding, size };
            if difference <= enough || integrand.spent() {
                break;
            }
        }
        if level == 3 && turns(kept) >= TURNS {
            sum.oscillates = true;
            break;
        }
        (before, last) = (last, value);
    }
    Ok(sum)
}

/// What lies beyond the outermost term: about as much as that, and more where the terms hardly fall.
fn beyond<'t>(mut outermost: impl Iterator<Item = &'t Term>, step: f64) -> f64 {
    let mut size = || outermost.next().map_or(0.0, |term| term.value.abs());
    let (last, before) = (size(), size());
    let ratio = (last / before).min(0.999);
    if ratio > 0.5 { last * (2.0 * step * ratio / (1.0 - ratio)).max(2.0) } else { 2.0 * last }
}

/// The terms between the outermost ones that are not numbers; none if the middle itself is not.
fn finite_run(terms: &[Term]) -> Option<&[Term]> {
    let good = |t: &Term| t.value.is_finite();
    let middle = terms.partition_point(|t| t.s < 0.0);
    let first = terms[..middle].iter().rposition(|t| !good(t)).map_or(0, |i| i + 1);
    let end = terms[middle..].iter().position(|t| !good(t)).map_or(terms.len(), |i| middle + i);
    let run = terms.get(first..end)?;
    let wide = run.first().is_some_and(|t| t.s < -0.9) && run.last().is_some_and(|t| t.s > 0.9);
    wide.then_some(run)
}

/// How often the terms turn from rising to falling or back, on the way from the middle to the ends, where they are more than rounding.
fn turns(terms: &[Term]) -> usize {
    let middle = terms.partition_point(|t| t.s < 0.0);
    let outwards = |values: &mut dyn Iterator<Item = f64>| {
        let (mut turns, mut rising, mut last, mut top) = (0, None, None, 0.0_f64);
        for value in values {
            let Some(previous) = last.replace(value) else { continue };
            let (rise, size): (f64, f64) = (value - previous, value.abs().max(f64::abs(previous)));
            top = top.max(size);
            if size > 1e-14 * top && rise.abs() > 1e-3 * size {
                turns += usize::from(rising.is_some_and(|up| up != (rise > 0.0)));
                rising = Some(rise > 0.0);
            }
        }
        turns
    };
    outwards(&mut terms[..middle].iter().rev().map(|t| t.value))
        .max(outwards(&mut terms[middle..].iter().map(|t| t.value)))
}
