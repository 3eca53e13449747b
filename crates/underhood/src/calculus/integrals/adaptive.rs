//! The adaptive integral: halve what is not yet good enough, and recognise what halving will not cure.
//!
//! All segments are judged by the rule of 21 points; in each round those whose errors add up to more than the tolerance are halved, all in one
//! batch. A segment that has become small and lies at an end (of the interval, or at a break point) is a *corner*, and goes to the
//! tanh–sinh rule, to extrapolation or to the summation of waves. One that lies inside is searched for a place where the integrand blows up, which then
//! becomes the end of two corners. Kinks and jumps need nothing but halving.

use super::approach::{Divergence, Verdict, approach};
use super::chart::{Chart, Corner, Integrand, grain};
use super::double_exponential::tanh_sinh;
use super::oscillation::half_waves;
use super::rule::{Found, POINTS, RIM, rule};
use super::{Doubt, Method, Tolerance};
use crate::error::{Error, Result};

/// Corners are tried when a segment was halved so often, and again later if that was too early.
const CORNER_DEPTHS: [u32; 6] = [5, 9, 14, 20, 28, 40];

/// Waves are looked for earlier: halving would follow them for long.
const WAVE_DEPTH: u32 = 3;

/// Segments inside are searched for a singularity at this depth, and again so much deeper if they had to be halved on.
const SEARCH_DEPTH: u32 = 10;

/// So many are searched in a round: noise would have all of them searched in vain.
const SEARCHES: usize = 8;

/// This part of all calls may be spent on one attempt at a corner.
const CORNER_SHARE: usize = 8;

/// No segment of an integrand that needed halving is accepted before this depth: a narrow peak might stand between the points.
const LEAST_DEPTH: u32 = 3;

/// One rule for the whole is enough where its error is so much smaller than it may be.
const OBVIOUS: f64 = 0.01;

/// Halvings that did not help, after which the integrand is called noisy.
const VAIN_HALVINGS: usize = 150;

/// A part of the integral.
#[derive(Debug, Clone, Copy)]
struct Segment {
    chart: Chart,
    lo: f64,
    hi: f64,
    depth: u32,
    /// Whether a corner may be at its lower and its upper end.
    ends: [bool; 2],
    found: Found,
    /// The integrand at both ends, as far as the nodes next to them tell.
    rims: [f64; 2],
    /// What a jump that hides between the last node and the end may add to the error.
    gap: f64,
    /// The first node at which there is no finite value, and how many such nodes there are.
    bad: Option<(f64, usize)>,
    /// Nothing more can be done for it.
    settled: bool,
    /// The depth at which it is to be searched for a singularity.
    search: u32,
}

impl Segment {
    fn new(chart: Chart, (lo, hi): (f64, f64), depth: u32, ends: [bool; 2]) -> Self {
        let found = Found { value: 0.0, error: f64::INFINITY, size: 0.0 };
        Segment {
            chart,
            lo,
            hi,
            depth,
            ends,
            found,
            rims: [0.0; 2],
            gap: 0.0,
            bad: None,
            settled: false,
            search: SEARCH_DEPTH,
        }
    }

    fn error(&self) -> f64 {
        self.found.error + self.gap
    }

    fn middle(&self) -> f64 {
        0.5 * self.lo + 0.5 * self.hi
    }

    /// Whether doubles are too coarse to halve it sensibly.
    fn is_tiny(&self) -> bool {
        let grain = grain(self.lo).max(grain(self.hi));
        self.hi - self.lo <= 32.0 * grain || !(self.hi - self.lo > 1e-290)
    }

    /// Whether so many nodes without a finite value mean that there are none in all of it. Towards infinity more patience is needed:
    /// formulas overflow there.
    fn is_hopeless(&self, bad: usize) -> bool {
        let patience = if self.chart == Chart::Finite { 6 } else { 10 };
        let inside = !(self.ends[0] || self.ends[1]);
        (bad == POINTS && self.depth >= patience && !(self.chart != Chart::Finite && self.lo == 0.0))
            || (inside && (2 * bad > POINTS && self.depth >= 20 || self.depth >= 60 || self.is_tiny()))
    }

    fn corner(&self, upper: bool) -> Corner {
        let (at, side) = if upper { (self.hi, -1.0) } else { (self.lo, 1.0) };
        Corner { chart: self.chart, at, side, reach: self.hi - self.lo }
    }
}

/// What the computation came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outcome {
    pub(super) found: Found,
    pub(super) method: Method,
    pub(super) doubt: Option<Doubt>,
}

struct Search<'a, 'f> {
    integrand: &'a mut Integrand<'f>,
    segments: Vec<Segment>,
    tolerance: Tolerance,
    /// Whether only halving is allowed.
    plain: bool,
    method: Method,
    vain: usize,
}

/// The integral over pieces, each a chart with an interval of it.
pub(super) fn adaptive(
    integrand: &mut Integrand<'_>,
    pieces: &[(Chart, f64, f64)],
    tolerance: Tolerance,
    plain: bool,
) -> Result<Outcome> {
    let mut search =
        Search { integrand, segments: Vec::new(), tolerance, plain, method: Method::GaussKronrod, vain: 0 };
    if let &[(chart @ Chart::Finite, lo, hi)] = pieces {
        search.segments.push(Segment::new(chart, (lo, hi), 0, [true, true]));
        search.measure(&[0])?;
        let total = search.total();
        if total.size > 0.0
            && total.error <= (OBVIOUS * tolerance.of(total.value)).max(search.integrand.rounding(total.size))
        {
            return Ok(search.outcome(None));
        }
        search.segments.clear();
    }
    for &(chart, lo, hi) in pieces {
        let whole = Segment::new(chart, (lo, hi), 0, [true, true]);
        let middle = whole.middle();
        if middle > lo && middle < hi {
            search.segments.push(Segment::new(chart, (lo, middle), 1, [true, true]));
            search.segments.push(Segment::new(chart, (middle, hi), 1, [true, true]));
        } else {
            search.segments.push(Segment { depth: 1, ..whole });
        }
    }
    let all: Vec<usize> = (0..search.segments.len()).collect();
    search.measure(&all)?;
    if search.total().size == 0.0 && search.segments.iter().all(|s| s.bad.is_none()) {
        search.look_for_anything()?;
    }
    search.refine()
}

impl Search<'_, '_> {
    /// Applies the rule to these segments, in one batch.
    fn measure(&mut self, which: &[usize]) -> Result<()> {
        let nodes = &rule().nodes;
        let mut start = 0;
        let mut values = Vec::new();
        while start < which.len() {
            let chart = self.segments[which[start]].chart;
            let alike = which[start..].iter().take_while(|&&i| self.segments[i].chart == chart).count();
            let batch = &which[start..start + alike];
            let mut places = Vec::with_capacity(batch.len() * POINTS);
            for &i in batch {
                let Segment { lo, hi, .. } = self.segments[i];
                let (centre, half) = (0.5 * lo + 0.5 * hi, 0.5 * hi - 0.5 * lo);
                places.extend(nodes.iter().map(|node| centre + half * node));
            }
            values.resize(places.len(), 0.0);
            self.integrand.at(chart, &places, &mut values)?;
            for ((&i, places), values) in
                batch.iter().zip(places.chunks_exact(POINTS)).zip(values.chunks_exact_mut(POINTS))
            {
                let segment = &mut self.segments[i];
                let half = 0.5 * segment.hi - 0.5 * segment.lo;
                forget_the_end(chart, segment.lo, values);
                let bad = values.iter().filter(|v| !v.is_finite()).count();
                segment.bad = values.iter().position(|v| !v.is_finite()).map(|j| (places[j], bad));
                values.iter_mut().filter(|v| !v.is_finite()).for_each(|v| *v = 0.0);
                segment.found = rule().apply(values, half);
                if bad > 0 || !segment.found.value.is_finite() {
                    segment.found = Found { value: 0.0, error: f64::INFINITY, size: 0.0 };
                    segment.bad = segment.bad.or(Some((segment.middle(), POINTS)));
                }
                segment.rims = rule().rims(values);
                segment.settled = false;
            }
            start += alike;
        }
        self.mind_the_gaps();
        Ok(())
    }

    /// Between the outermost nodes of neighbours there is room for a jump that neither sees: where their ends do not meet, it may stand there.
    fn mind_the_gaps(&mut self) {
        self.segments.iter_mut().for_each(|s| s.gap = 0.0);
        for i in 1..self.segments.len() {
            let (a, b) = (self.segments[i - 1], self.segments[i]);
            let neighbours = a.chart == b.chart && a.hi == b.lo && !a.ends[1] && !b.ends[0];
            if neighbours && !a.settled && !b.settled {
                let jump = (a.rims[1] - b.rims[0]).abs();
                self.segments[i - 1].gap += RIM * (a.hi - a.lo) * jump;
                self.segments[i].gap += RIM * (b.hi - b.lo) * jump;
            }
        }
    }

    fn total(&self) -> Found {
        let mut total = Found::default();
        for segment in &self.segments {
            total.value += segment.found.value;
            total.error += segment.found.error + segment.gap;
            total.size += segment.found.size;
        }
        total.error += 10.0 * f64::EPSILON * total.size;
        total
    }

    /// The integrand was zero wherever it was called: looks more closely, and puts borders around what is found.
    fn look_for_anything(&mut self) -> Result<()> {
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
                found.extend(
                    borders.windows(2).map(|pair| Segment::new(segment.chart, (pair[0], pair[1]), 2, [true, true])),
                );
            } else {
                found.push(*segment);
            }
        }
        self.segments = found;
        let all: Vec<usize> = (0..self.segments.len()).collect();
        self.measure(&all)
    }

    fn refine(mut self) -> Result<Outcome> {
        let mut halved = false;
        loop {
            let total = self.total();
            let target = self.tolerance.of(total.value).max(self.integrand.rounding(total.size));
            let chosen = if total.error <= target {
                // A function that was not simple at first sight may hide a peak where it seemed simple.
                let coarse = |s: &Segment| halved && !s.settled && s.depth < LEAST_DEPTH;
                let chosen: Vec<usize> = (0..self.segments.len()).filter(|&i| coarse(&self.segments[i])).collect();
                if chosen.is_empty() {
                    return Ok(self.outcome(None));
                }
                chosen
            } else {
                self.worst(0.5 * target)
            };
            if chosen.is_empty() {
                return Ok(self.outcome(Some(Doubt::Tolerance)));
            }
            if self.integrand.spent() {
                return Ok(self.outcome(Some(Doubt::Spent)));
            }
            if self.vain > VAIN_HALVINGS {
                return Ok(self.outcome(Some(Doubt::Noise)));
            }
            if let Some(doubt) = self.round(&chosen, total.error <= target)? {
                return Ok(self.outcome(Some(doubt)));
            }
            halved = true;
        }
    }

    /// The segments that must get better for the others' errors to stay below the target.
    fn worst(&self, target: f64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.segments.len()).filter(|&i| !self.segments[i].settled).collect();
        order.sort_by(|&i, &j| self.segments[i].error().total_cmp(&self.segments[j].error()));
        let settled: f64 = self.segments.iter().filter(|s| s.settled).map(|s| s.found.error).sum();
        let mut left = settled.min(0.5 * target);
        let good = order
            .iter()
            .take_while(|&&i| {
                left += self.segments[i].error();
                left <= target
            })
            .count();
        let mut chosen = order.split_off(good);
        chosen.sort_unstable();
        chosen
    }

    /// Betters these segments; says if that is in vain.
    fn round(&mut self, chosen: &[usize], only_halve: bool) -> Result<Option<Doubt>> {
        let mut next: Vec<Segment> = Vec::with_capacity(self.segments.len() + chosen.len());
        let (mut fresh, mut parents) = (Vec::new(), Vec::new());
        let mut blown: Option<(usize, f64)> = None;
        let mut searches = 0;
        for i in 0..self.segments.len() {
            let mut segment = self.segments[i];
            if chosen.binary_search(&i).is_err() {
                next.push(segment);
                continue;
            }
            if let Some((place, count)) = segment.bad
                && segment.is_hopeless(count)
            {
                return Ok(Some(Doubt::NoValue { at: segment.chart.place(place) }));
            }
            if segment.is_tiny() {
                segment.settled = true;
                next.push(segment);
                continue;
            }
            if !self.plain && !only_halve {
                // Noise looks like waves without end: it must not use up all calls.
                let most = self.integrand.most;
                self.integrand.most = most.min(self.integrand.evaluations + most / CORNER_SHARE);
                let turned = self.turn_corner(&segment);
                self.integrand.most = most;
                if let Some(found) = turned? {
                    next.push(Segment { found, settled: true, bad: None, ..segment });
                    continue;
                }
                if blown.is_none() && segment.depth >= segment.search && searches < SEARCHES {
                    searches += 1;
                    segment.search = segment.depth + SEARCH_DEPTH;
                    if let Some(at) = self.blow_up(&segment)? {
                        blown = Some((next.len(), at));
                        next.push(segment);
                        continue;
                    }
                }
            }
            if only_halve {
                let parts = 1 << (LEAST_DEPTH - segment.depth);
                let border = |k: i32| segment.lo + (segment.hi - segment.lo) * (f64::from(k) / f64::from(parts));
                for k in 0..parts {
                    let hi = if k + 1 == parts { segment.hi } else { border(k + 1) };
                    let ends = [segment.ends[0] && k == 0, segment.ends[1] && k + 1 == parts];
                    fresh.push(next.len());
                    next.push(Segment::new(segment.chart, (border(k), hi), LEAST_DEPTH, ends));
                }
                continue;
            }
            let (at, special) = match segment.bad {
                Some((place, count)) if count <= 3 && place > segment.lo && place < segment.hi => (place, true),
                _ => (segment.middle(), false),
            };
            for (bounds, ends) in
                [((segment.lo, at), [segment.ends[0], special]), ((at, segment.hi), [special, segment.ends[1]])]
            {
                fresh.push(next.len());
                let child = Segment::new(segment.chart, bounds, segment.depth + 1, ends);
                next.push(Segment { search: segment.search, ..child });
            }
            parents.push(segment);
        }
        self.segments = next;
        self.measure(&fresh)?;
        for (parent, children) in parents.iter().zip(fresh.chunks_exact(2)) {
            let errors = [0, 1].map(|k| self.segments[children[k]].found.error);
            let (sum, ratio) = (errors[0] + errors[1], errors[0] / errors[1]);
            let rough = parent.depth >= 7 && parent.found.error > 1e-12 * parent.found.size;
            if rough && sum > 0.7 * parent.found.error && (0.25..=4.0).contains(&ratio) && sum.is_finite() {
                self.vain += 1;
            }
        }
        if let Some((i, at)) = blown {
            self.break_at(i, at);
        }
        Ok(None)
    }

    /// The integral over a segment at an end, if it is time and one of the methods for ends is good enough.
    fn turn_corner(&mut self, segment: &Segment) -> Result<Option<Found>> {
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
        if (lower && upper) || (waves && !sum.oscillates) {
            return Ok(None);
        }
        if sum.oscillates && !folded && !goes_on(self.integrand, corner)? {
            return Ok(None);
        }
        let verdict = if sum.oscillates {
            half_waves(self.integrand, corner, &allowed)?
        } else {
            Some(approach(self.integrand, corner, &allowed)?)
        };
        match verdict {
            // Halving would follow the waves for ever: their sum is the best that can be had.
            Some(Verdict::Found(found))
                if found.error <= allowed(found.value).max(0.05 * tolerance.relative * found.size)
                    || (folded
                        && sum.oscillates
                        && segment.depth > CORNER_DEPTHS[0]
                        && found.error <= 1e-4 * found.size) =>
            {
                self.method = Method::Extrapolation;
                Ok(Some(found))
            }
            Some(Verdict::Diverges(divergence)) if time || sum.oscillates => Err(diverges(corner, divergence)),
            _ => Ok(None),
        }
    }

    /// The place in a segment where the integrand is greatest in absolute value, if it is so much greater there that it seems to have no bound:
    /// a golden-section search over the doubles.
    fn blow_up(&mut self, segment: &Segment) -> Result<Option<f64>> {
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
    fn break_at(&mut self, i: usize, at: f64) {
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
            parts.push(Segment { search, ..Segment::new(middle.chart, (low.lo, at), depth, [low.ends[0], true]) });
        }
        if at < high.hi {
            parts.push(Segment { search, ..Segment::new(middle.chart, (at, high.hi), depth, [true, high.ends[1]]) });
        }
        self.segments.splice(first..=last, parts);
    }

    fn outcome(self, doubt: Option<Doubt>) -> Outcome {
        let mut found = self.total();
        if let Some(Doubt::NoValue { .. }) = doubt {
            found.value = f64::NAN;
        }
        Outcome { found, method: self.method, doubt }
    }
}

/// Whether an integrand that goes up and down near an end still does so very near to it.
fn goes_on(integrand: &mut Integrand<'_>, corner: Corner) -> Result<bool> {
    const SAMPLES: usize = 64;
    let near = |k: usize| corner.coordinate(corner.reach * 1e-4 * 0.01_f64.powf(k as f64 / SAMPLES as f64));
    let places: Vec<f64> = (0..SAMPLES).map(near).collect();
    let mut values = vec![0.0; SAMPLES];
    integrand.at(corner.chart, &places, &mut values)?;
    let rises: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    Ok(rises.windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count() >= 9)
}

/// Towards infinity a formula may overflow where the integrand itself has long vanished: there it counts as zero.
fn forget_the_end(chart: Chart, lo: f64, values: &mut [f64]) {
    let Some(first) = values.iter().position(|v| v.is_finite()) else { return };
    let top = values[first..].iter().fold(0.0, |top: f64, v| top.max(v.abs()));
    if chart != Chart::Finite && lo == 0.0 && first > 0 && values[first].abs() <= 1e-25 * top {
        values[..first].fill(0.0);
    }
}

/// The refusal of an integral that diverges at this end.
fn diverges(corner: Corner, divergence: Divergence) -> Error {
    let place = corner.place();
    let problem = match divergence {
        Divergence::Waves => format!(
            "has no integral: towards {place} it oscillates, and its waves do not get small enough for their sum to have a limit"
        ),
        Divergence::Growth => format!("has a divergent integral: it grows beyond what doubles hold near x = {place}"),
        Divergence::Power(power) if place.is_infinite() => {
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
