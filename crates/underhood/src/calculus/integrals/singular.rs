//! What halving will not cure: the ends of segments, the places inside where the integrand blows up, and what stands between all nodes.

use super::Method;
use super::adaptive::Search;
use super::approach::{Divergence, Verdict, approach};
use super::chart::{Chart, Corner, Integrand, grain};
use super::decades::decades;
use super::double_exponential::tanh_sinh;
use super::oscillation::half_waves;
use super::rule::Found;
use super::segment::Segment;
use crate::error::{Error, Result};

/// Corners are tried when a segment was halved so often, and again later if that was too early.
pub(super) const CORNER_DEPTHS: [u32; 6] = [5, 9, 14, 20, 28, 40];

/// Waves are looked for earlier: halving would follow them for long.
const WAVE_DEPTH: u32 = 3;

impl Search<'_, '_> {
    /// The integrand was zero wherever it was called: looks more closely, and puts borders around what is found.
    pub(super) fn look_for_anything(&mut self) -> Result<()> {
        const LOOKS: usize = 600;
        let mut found = Vec::new();
        for segment in &self.segments {
            let (width, least) = (segment.hi - segment.lo, 1e-12_f64);
            let mut places: Vec<f64> =
                (1..LOOKS).map(|i| segment.lo + width * (i as f64 - 0.382) / LOOKS as f64).collect();
            if segment.chart != Chart::Finite {
                let log = |i: usize| width * least.powf(i as f64 / LOOKS as f64);
                places.extend((1..LOOKS).flat_map(|i| [segment.lo + log(i), segment.hi - log(i)]));
                places.sort_by(f64::total_cmp);
                places.retain(|t| *t > segment.lo && *t < segment.hi);
            }
            let mut values = vec![0.0; places.len()];
            self.integrand.at(segment.chart, &places, &mut values)?;
            let size = |i: usize| if values[i].is_finite() { values[i].abs() } else { 0.0 };
            let Some(top) = (0..values.len()).max_by(|&i, &j| size(i).total_cmp(&size(j))) else { continue };
            if size(top) > 0.0 {
                let mut borders = vec![segment.lo];
                borders.extend(top.checked_sub(1).map(|i| places[i]));
                borders.push(places[top]);
                borders.extend(places.get(top + 1));
                borders.push(segment.hi);
                let part = |pair: &[f64]| {
                    let inside = [pair[0] > segment.lo, pair[1] < segment.hi];
                    let seams = [0, 1].map(|k| inside[k] || segment.seams[k]);
                    Segment { seams, ..Segment::new(segment.chart, (pair[0], pair[1]), 2, [true, true]) }
                };
                found.extend(borders.windows(2).map(part));
            } else {
                found.push(*segment);
            }
        }
        self.segments = found;
        let all: Vec<usize> = (0..self.segments.len()).collect();
        self.measure(&all)
    }

    /// The integral over a segment at an end, if it is time and one of the methods for ends is good enough.
    pub(super) fn turn_corner(&mut self, segment: &Segment) -> Result<Option<Found>> {
        let time = CORNER_DEPTHS.contains(&segment.depth);
        let folded = segment.chart != Chart::Finite && segment.lo == 0.0;
        let waves = segment.depth == WAVE_DEPTH && segment.ends[0] && folded;
        if !(time || waves) || !(segment.ends[0] || segment.ends[1]) {
            return Ok(None);
        }
        let sure = self.total();
        let others = sure.error - segment.found.error;
        let rest = sure.value - segment.found.value;
        // What the others are worth counts only once it is known.
        let rest = if others <= 0.1 * rest.abs() { rest } else { 0.0 };
        let tolerance = self.tolerance;
        let allowed = move |value: f64| 0.2 * tolerance.of((value + rest).abs().min(value.abs().max(rest.abs())));
        let bounds = (segment.lo, segment.hi);
        let sum = tanh_sinh(self.integrand, segment.chart, bounds, &allowed)?;
        if sum.found.error <= allowed(sum.found.value).max(30.0 * f64::EPSILON * sum.found.size) && time {
            self.method = self.method.max(Method::TanhSinh);
            return Ok(Some(sum.found));
        }
        let [lower, upper] = segment.ends;
        let corner = segment.corner(upper);
        if time
            && !(lower && upper)
            && let Some(found) = decades(self.integrand, corner)?
            && found.error <= allowed(found.value).max(0.05 * tolerance.relative * found.size)
        {
            return Ok(Some(found));
        }
        if (lower && upper) || (waves && !sum.oscillates) {
            return Ok(None);
        }
        let near = if sum.oscillates && !folded { goes_on(self.integrand, corner)? } else { None };
        let oscillates = sum.oscillates && (folded || near.is_some());
        // Waves have an integral where they do not grow, other than towards infinity.
        let may_diverge = !oscillates || near.is_none_or(|amplitude| amplitude > 10.0 * segment.peak.1);
        // Waves that end are left to halving; but where the integrand blows up it was rounding that shook it.
        if sum.oscillates && !oscillates && segment.swell == 0.0 {
            return Ok(None);
        }
        let verdict = if oscillates {
            half_waves(self.integrand, corner, &allowed)?
        } else {
            Some(approach(self.integrand, corner, &allowed)?)
        };
        let last = corner.grain() == 0.0 && CORNER_DEPTHS.last() == Some(&segment.depth);
        match verdict {
            // Halving would follow the waves for ever: their sum is the best that can be had.
            Some(Verdict::Found(found))
                if found.error <= allowed(found.value).max(0.05 * tolerance.relative * found.size)
                    || (folded
                        && oscillates
                        && segment.depth > CORNER_DEPTHS[0]
                        && found.error <= 1e-4 * found.size) =>
            {
                self.method = Method::Extrapolation;
                Ok(Some(found))
            }
            // Halving on would not show more: what is known is kept, with the error that it has.
            Some(Verdict::Found(found)) if last => {
                let summed = Found { error: 10.0 * sum.found.error, ..sum.found };
                Ok(Some(if found.error < summed.error { found } else { summed }))
            }
            Some(Verdict::Diverges(divergence)) if may_diverge && (time || oscillates) => {
                Err(diverges(corner, divergence))
            }
            _ => Ok(None),
        }
    }

    /// The place in a segment where the integrand is greatest in absolute value, if it is so much greater there that it seems to have no bound:
    /// a golden-section search over the doubles.
    pub(super) fn blow_up(&mut self, segment: &Segment) -> Result<Option<f64>> {
        const GOLDEN: f64 = 0.618_033_988_749_894_8;
        let chart = segment.chart;
        let (mut low, mut high) = (segment.lo, segment.hi);
        let size = |search: &mut Self, t: f64| -> Result<f64> {
            let value = search.integrand.one(chart, t)?.abs();
            Ok(if value.is_nan() { f64::INFINITY } else { value })
        };
        let mut left = high - GOLDEN * (high - low);
        let mut right = low + GOLDEN * (high - low);
        let (mut at_left, mut at_right) = (size(self, left)?, size(self, right)?);
        for _ in 0..90 {
            if at_left.is_infinite() || at_right.is_infinite() || !(low < left && left < right && right < high) {
                break;
            }
            if at_left > at_right {
                (high, right, at_right) = (right, left, at_left);
                left = high - GOLDEN * (high - low);
                at_left = size(self, left)?;
            } else {
                (low, left, at_left) = (left, right, at_right);
                right = low + GOLDEN * (high - low);
                at_right = size(self, right)?;
            }
        }
        // The last few doubles, one by one.
        let mut best = if at_left >= at_right { (left, at_left) } else { (right, at_right) };
        if best.1.is_finite() {
            let mut t = low;
            for _ in 0..16 {
                if t > segment.lo && t < segment.hi {
                    let here = size(self, t)?;
                    if here > best.1 {
                        best = (t, here);
                    }
                }
                t = t.next_up();
                if t > high {
                    break;
                }
            }
            for end in [segment.lo, segment.hi] {
                if (best.0 - end).abs() <= 4.0 * grain(end) {
                    best.0 = end;
                }
            }
        }
        // A singularity still grows where the doubles end; a peak does not.
        let apart = 64.0 * grain(best.0).max(1e-16 * (segment.hi - segment.lo));
        let beside = [size(self, best.0 - apart)?, size(self, best.0 + apart)?];
        Ok(beside.iter().all(|b| best.1 > 1.05 * b).then_some(best.0))
    }

    /// Makes a place inside the ends of two wide corners, in place of the small segments around it.
    pub(super) fn break_at(&mut self, i: usize, at: f64) {
        let middle = self.segments[i];
        let (mut first, mut last) = (i, i);
        let narrow = |s: &Segment| s.chart == middle.chart && s.depth > CORNER_DEPTHS[0];
        while first > 0 && narrow(&self.segments[first - 1]) && !self.segments[first].ends[0] {
            first -= 1;
        }
        while last + 1 < self.segments.len() && narrow(&self.segments[last + 1]) && !self.segments[last].ends[1] {
            last += 1;
        }
        let (low, high) = (self.segments[first], self.segments[last]);
        let (depth, search) = (CORNER_DEPTHS[0], middle.search);
        let mut parts = Vec::with_capacity(2);
        if low.lo < at {
            let seams = [low.seams[0], false];
            let part = Segment::new(middle.chart, (low.lo, at), depth, [low.ends[0], true]);
            parts.push(Segment { search, seams, ..part });
        }
        if at < high.hi {
            let seams = [false, high.seams[1]];
            let part = Segment::new(middle.chart, (at, high.hi), depth, [true, high.ends[1]]);
            parts.push(Segment { search, seams, ..part });
        }
        self.segments.splice(first..=last, parts);
    }
}

/// How far an integrand that goes up and down near an end still does so very near to it, if it does.
fn goes_on(integrand: &mut Integrand<'_>, corner: Corner) -> Result<Option<f64>> {
    const SAMPLES: usize = 64;
    let near = |k: usize| corner.coordinate(corner.reach * 1e-4 * 0.01_f64.powf(k as f64 / SAMPLES as f64));
    let places: Vec<f64> = (0..SAMPLES).map(near).collect();
    let mut values = vec![0.0; SAMPLES];
    integrand.at(corner.chart, &places, &mut values)?;
    let rises: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let turns = rises.windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count();
    Ok((turns >= 9).then(|| values.iter().fold(0.0, |top, value| value.abs().max(top))))
}

/// The refusal of an integral that diverges at this end.
fn diverges(corner: Corner, divergence: Divergence) -> Error {
    let place = corner.place();
    let endless = place.is_infinite();
    // Of 1e-200 no one reads the zeros.
    let plain = endless || place == 0.0 || (1e-4..1e6).contains(&place.abs());
    let place = if plain { format!("{place}") } else { format!("{place:e}") };
    let problem = match divergence {
        Divergence::Waves => format!(
            "has no integral: towards {place} it oscillates, and its waves do not get small enough for their sum to have a limit"
        ),
        Divergence::Growth => format!("has a divergent integral: it grows beyond what doubles hold near x = {place}"),
        Divergence::Logarithm if endless => {
            format!("has a divergent integral: it falls no faster than 1/(x log x) towards {place}")
        }
        Divergence::Logarithm => {
            format!("has a divergent integral: near x = {place} it grows like 1/(x log x), or faster")
        }
        Divergence::Power(power) if endless => {
            let power = -(power + 2.0);
            let falls =
                if power > -1.01 && power < -0.99 { "only like 1/|x|".into() } else { format!("like |x|^{power:.2}") };
            format!("has a divergent integral: it behaves {falls} towards {place}")
        }
        Divergence::Power(power) => {
            format!("has a divergent integral: near x = {place} it grows like |x − {place}|^{power:.2}")
        }
    };
    Error::Invalid { function: "integrate", argument: "f", problem }
}
