//! A part of an integral: where it lies, what the rule found in it, and what may hide at its ends.

use super::chart::{Chart, Corner, grain};
use super::rule::{Found, POINTS, RIM, rule};

/// Segments inside are searched for a singularity at this depth, and again so much deeper if they had to be halved on.
pub(super) const SEARCH_DEPTH: u32 = 10;

/// A part of the integral.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) chart: Chart,
    pub(super) lo: f64,
    pub(super) hi: f64,
    pub(super) depth: u32,
    /// Whether a corner may be at its lower and its upper end.
    pub(super) ends: [bool; 2],
    pub(super) found: Found,
    /// Whether f goes on beyond its lower and its upper end, as far as is known: a jump may hide there.
    pub(super) seams: [bool; 2],
    /// What it may lack at a corner where f grows like a power.
    pub(super) swell: f64,
    /// The integrand at both ends, as far as the nodes next to them tell.
    pub(super) rims: [f64; 2],
    /// The same as near to both ends as these are looked at ([`super::rule::EDGE`]).
    pub(super) besides: [f64; 2],
    /// What a jump that hides between the last node and the end may add to the error.
    pub(super) gap: f64,
    /// The node at which the integrand is largest in absolute value, and how large.
    pub(super) peak: (f64, f64),
    /// The first node at which there is no finite value, and how many such nodes there are.
    pub(super) bad: Option<(f64, usize)>,
    /// Nothing more can be done for it.
    pub(super) settled: bool,
    /// The depth at which it is to be searched for a singularity.
    pub(super) search: u32,
}

impl Segment {
    /// A segment whose inner ends are seams, and whose corners are not.
    pub(super) fn new(chart: Chart, (lo, hi): (f64, f64), depth: u32, ends: [bool; 2]) -> Self {
        let found = Found { value: 0.0, error: f64::INFINITY, size: 0.0 };
        Segment {
            chart,
            lo,
            hi,
            depth,
            ends,
            seams: ends.map(|end| !end),
            swell: 0.0,
            peak: (f64::NAN, 0.0),
            found,
            rims: [0.0; 2],
            besides: [0.0; 2],
            gap: 0.0,
            bad: None,
            settled: false,
            search: SEARCH_DEPTH,
        }
    }

    pub(super) fn error(&self) -> f64 {
        self.found.error + self.gap
    }

    pub(super) fn middle(&self) -> f64 {
        0.5 * self.lo + 0.5 * self.hi
    }

    /// Whether doubles are too coarse to halve it sensibly.
    pub(super) fn is_tiny(&self) -> bool {
        let grain = grain(self.lo).max(grain(self.hi));
        self.hi - self.lo <= 32.0 * grain || !(self.hi - self.lo > 1e-290)
    }

    /// Whether so many nodes without a finite value mean that there are none in all of it. Towards infinity more patience is needed:
    /// formulas overflow there.
    pub(super) fn is_hopeless(&self, bad: usize) -> bool {
        let patience = if self.chart == Chart::Finite { 6 } else { 10 };
        let inside = !(self.ends[0] || self.ends[1]);
        (bad == POINTS && self.depth >= patience && !(self.chart != Chart::Finite && self.lo == 0.0))
            || (inside && (2 * bad > POINTS && self.depth >= 20 || self.depth >= 60 || self.is_tiny()))
    }

    /// What a jump or a kink may add that hides between the outermost node and the value beside an end of the range, if this is all of it.
    pub(super) fn hidden_beside(&self, edge: &Edge) -> f64 {
        let differs = self.besides[usize::from(edge.upper)] - edge.value;
        RIM * (self.hi - self.lo) * visible(differs, self.peak.1)
    }

    pub(super) fn corner(&self, upper: bool) -> Corner {
        let (at, side) = if upper { (self.hi, -1.0) } else { (self.lo, 1.0) };
        Corner { chart: self.chart, at, side, reach: self.hi - self.lo }
    }

    /// Judges it by the integrand's values at the nodes; where one is not a number, it counts as zero.
    pub(super) fn judge(&mut self, places: &[f64], values: &mut [f64]) {
        let half = 0.5 * self.hi - 0.5 * self.lo;
        self.forget_the_end(values);
        let bad = values.iter().filter(|v| !v.is_finite()).count();
        self.bad = values.iter().position(|v| !v.is_finite()).map(|j| (places[j], bad));
        values.iter_mut().filter(|v| !v.is_finite()).for_each(|v| *v = 0.0);
        self.found = rule().apply(values, half);
        if bad > 0 || !self.found.value.is_finite() {
            self.found = Found { value: 0.0, error: f64::INFINITY, size: 0.0 };
            self.bad = self.bad.or(Some((self.middle(), POINTS)));
        }
        self.peak = places
            .iter()
            .zip(&*values)
            .fold((f64::NAN, 0.0), |top, (place, value)| if value.abs() > top.1 { (*place, value.abs()) } else { top });
        self.rims = rule().rims(values);
        self.besides = rule().besides(values);
        let outermost = |upper: bool| std::array::from_fn(|k| values[if upper { POINTS - 1 - k } else { k }]);
        let inherited = if self.is_tiny() { self.swell } else { 0.0 };
        self.swell = (0..2).filter(|&k| self.ends[k]).map(|k| swell(outermost(k == 1), half)).fold(inherited, f64::max);
        self.found.error = self.found.error.max(self.swell);
        self.settled = false;
    }

    /// Towards infinity a formula may overflow where the integrand itself has long vanished: there it counts as zero.
    fn forget_the_end(&self, values: &mut [f64]) {
        let Some(first) = values.iter().position(|v| v.is_finite()) else { return };
        let top = values[first..].iter().fold(0.0, |top: f64, v| top.max(v.abs()));
        if self.chart != Chart::Finite && self.lo == 0.0 && first > 0 && values[first].abs() <= 1e-25 * top {
            values[..first].fill(0.0);
        }
    }
}

/// What lies between an end and the outermost node, and more, if the values there grow like a power of the distance that is below −0.4: the rule
/// sees little of that.
fn swell(outermost: [f64; 3], half: f64) -> f64 {
    let nodes = &rule().nodes;
    let distance = |k: usize| half * (1.0 + nodes[k]);
    let power = |k: usize| (outermost[k] / outermost[k + 1]).ln() / (distance(k + 1) / distance(k)).ln();
    let steepness = power(0).min(power(1));
    if steepness > 0.4 { outermost[0].abs() * distance(0) / (1.0 - steepness).max(1e-3).powi(2) } else { 0.0 }
}

/// Marks where f goes on from one segment to the next, although corners may be there: at their common ends that are no breaks.
pub(super) fn sew(segments: &mut [Segment], breaks: &[f64]) {
    for (i, j, sides) in borders(segments) {
        let x = segments[i].chart.place(if sides[0] == 1 { segments[i].hi } else { segments[i].lo });
        let seam = !breaks.contains(&x);
        segments[i].seams[sides[0]] = seam;
        segments[j].seams[sides[1]] = seam;
    }
}

/// Counts what a jump may add that hides between the outermost nodes of neighbours, or of an end of the range: where they do not meet, one may stand
/// there.
pub(super) fn mind_the_gaps(segments: &mut [Segment], edges: &[Edge]) {
    segments.iter_mut().for_each(|s| s.gap = 0.0);
    for (i, j, sides) in borders(segments) {
        let both = [(i, sides[0]), (j, sides[1])];
        // What is settled at a border inside was settled as a whole; at a corner each side is.
        let corners = both.iter().all(|&(k, side)| segments[k].ends[side]);
        if both.iter().any(|&(k, side)| !segments[k].seams[side] || (segments[k].settled && !corners)) {
            continue;
        }
        // Half-lines hold f times the slope of their fold, which is 4 where they begin.
        let slope = |k: usize| if segments[i].chart == segments[j].chart { 1.0 } else { segments[k].chart.slope(0.5) };
        let jump = visible(
            segments[i].rims[sides[0]] / slope(i) - segments[j].rims[sides[1]] / slope(j),
            (segments[i].peak.1 / slope(i)).max(segments[j].peak.1 / slope(j)),
        );
        let gaps = both.map(|(k, _)| RIM * (segments[k].hi - segments[k].lo) * jump * slope(k));
        for (&(k, _), gap) in both.iter().zip(gaps) {
            segments[k].gap += if segments[k].settled { 0.0 } else { gap };
        }
    }
    for edge in edges {
        for s in segments.iter_mut().filter(|s| !s.settled && s.chart == edge.chart) {
            let side = usize::from(edge.upper);
            let (hidden, end) = (RIM * (s.hi - s.lo), if edge.upper { s.hi } else { s.lo });
            if end == edge.end && (edge.at - end).abs() < hidden {
                s.gap += hidden * visible(s.rims[side] - edge.value, s.peak.1);
            }
        }
    }
}

/// The size of a difference of values that are this large, less what rounding leaves of it.
fn visible(difference: f64, size: f64) -> f64 {
    if difference.abs() > 1e-12 * size { difference.abs() } else { 0.0 }
}

/// The integrand right beside an end of the range, nearer than any node comes at first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) chart: Chart,
    pub(super) end: f64,
    pub(super) upper: bool,
    pub(super) at: f64,
    pub(super) value: f64,
}

/// The pairs of segments that have an end in common, and which end of each it is.
fn borders(segments: &[Segment]) -> Vec<(usize, usize, [usize; 2])> {
    let mut found = Vec::new();
    for i in 1..segments.len() {
        if segments[i - 1].chart == segments[i].chart && segments[i - 1].hi == segments[i].lo {
            found.push((i - 1, i, [1, 0]));
        }
    }
    // Where a half-line's fold begins.
    for i in (0..segments.len()).filter(|&i| segments[i].chart != Chart::Finite && segments[i].hi == 0.5) {
        let x = segments[i].chart.place(0.5);
        let lower = usize::from(matches!(segments[i].chart, Chart::Above { .. }));
        let meets = |s: &Segment| s.chart == Chart::Finite && (if lower == 1 { s.hi } else { s.lo }) == x;
        found.extend(segments.iter().position(meets).map(|j| (j, i, [lower, 1])));
    }
    found
}
