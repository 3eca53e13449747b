//! The adaptive integral: halve what is not yet good enough, and recognise what halving will not cure.
//!
//! All segments are judged by the rule of 21 points; in each round those whose errors add up to more than the tolerance are halved, all in one
//! batch. A segment that has become small and lies at an end (of the interval, or at a break point) is a *corner*, and goes to the
//! tanh–sinh rule, to extrapolation or to the summation of waves. One that lies inside is searched for a place where the integrand blows up, which then
//! becomes the end of two corners. Kinks and jumps need nothing but halving.

use super::chart::{Chart, Integrand};
use super::rule::{EDGE, Found, POINTS, rule};
use super::segment::{Edge, SEARCH_DEPTH, Segment, mind_the_gaps, sew};
use super::{Doubt, Method, Tolerance};
use crate::error::Result;

/// So many are searched in a round: noise would have all of them searched in vain.
const SEARCHES: usize = 8;

/// This part of all calls may be spent on one attempt at a corner.
const CORNER_SHARE: usize = 8;

/// No segment of an integrand that needed halving is accepted before this depth: a narrow peak might stand between the points.
const LEAST_DEPTH: u32 = 3;

/// One rule for the whole is enough where its error is so much smaller than it may be.
const OBVIOUS: f64 = 0.01;

/// How far beyond a settled corner the integrand is looked at, as a part of the corner.
const NEXT: f64 = 1e-9;

/// What is no more than this may be the foot of a peak that stands elsewhere.
const FAINT: f64 = 1e-250;

/// A peak of which the halves' nodes see no more than this stands between them.
const LOST: f64 = 1e-3;

/// Halvings that did not help, after which the integrand is called noisy.
const VAIN_HALVINGS: usize = 150;

/// What the computation came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outcome {
    pub(super) found: Found,
    pub(super) method: Method,
    pub(super) doubt: Option<Doubt>,
}

/// The integral as far as it is known.
pub(super) struct Search<'a, 'f> {
    pub(super) integrand: &'a mut Integrand<'f>,
    pub(super) segments: Vec<Segment>,
    pub(super) tolerance: Tolerance,
    /// Whether only halving is allowed.
    plain: bool,
    pub(super) method: Method,
    vain: usize,
    /// What the ends of the range are like.
    edges: Vec<Edge>,
    /// What is to be looked at once more before the integral is claimed, if it is very wide.
    unseen: Vec<(Chart, f64, f64)>,
}

/// The integral over pieces, each a chart with an interval of it; f may jump or bend at the breaks.
pub(super) fn adaptive(
    integrand: &mut Integrand<'_>,
    pieces: &[(Chart, f64, f64)],
    breaks: &[f64],
    tolerance: Tolerance,
    plain: bool,
) -> Result<Outcome> {
    let (segments, edges) = (Vec::new(), Vec::new());
    let unseen = pieces.to_vec();
    let method = Method::GaussKronrod;
    let mut search = Search { integrand, segments, tolerance, plain, method, vain: 0, edges, unseen };
    // Of many lines some jump next to their ends, and errors of one sign add up.
    if search.integrand.is_line_of_many {
        search.look_at_the_edges(pieces)?;
    }
    if let &[(chart @ Chart::Finite, lo, hi)] = pieces {
        search.segments.push(Segment::new(chart, (lo, hi), 0, [true, true]));
        search.measure(&[0])?;
        let total = search.total();
        if total.size > FAINT
            && total.error <= (OBVIOUS * tolerance.of(total.value)).max(search.integrand.rounding(total.size))
            && search.meets_the_edges(pieces)?
        {
            return if search.seen_all()? { Ok(search.outcome(None)) } else { search.refine() };
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
    sew(&mut search.segments, breaks);
    let all: Vec<usize> = (0..search.segments.len()).collect();
    search.measure(&all)?;
    let total = search.total();
    let doubtful = total.error > tolerance.of(total.value).max(search.integrand.rounding(total.size));
    if search.edges.is_empty() && (doubtful || total.size <= FAINT) {
        search.look_at_the_edges(pieces)?;
        mind_the_gaps(&mut search.segments, &search.edges);
    }
    if search.total().size <= FAINT && search.segments.iter().all(|s| s.bad.is_none()) {
        search.look_for_anything()?;
    }
    search.refine()
}

impl Search<'_, '_> {
    /// Applies the rule to these segments, in one batch.
    pub(super) fn measure(&mut self, which: &[usize]) -> Result<()> {
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
                self.segments[i].judge(places, values);
            }
            start += alike;
        }
        mind_the_gaps(&mut self.segments, &self.edges);
        Ok(())
    }

    /// Where nodes of the halves see nothing of what a node of the whole saw, puts the border there instead of in the middle.
    fn find_lost_peaks(&mut self, parents: &[Segment], children: &[usize]) -> Result<()> {
        let mut moved = Vec::new();
        for (parent, children) in parents.iter().zip(children.chunks_exact(2)) {
            let seen = children.iter().fold(0.0, |top: f64, &i| top.max(self.segments[i].peak.1));
            let sound = children.iter().all(|&i| self.segments[i].bad.is_none()) && parent.bad.is_none();
            let (at, height) = parent.peak;
            if sound && seen <= LOST * height && at > parent.lo && at < parent.hi {
                for (&i, bounds) in children.iter().zip([(parent.lo, at), (at, parent.hi)]) {
                    let child = self.segments[i];
                    self.segments[i] =
                        Segment { seams: child.seams, ..Segment::new(child.chart, bounds, child.depth, child.ends) };
                    moved.push(i);
                }
            }
        }
        if moved.is_empty() { Ok(()) } else { self.measure(&moved) }
    }

    /// Looks at the integrand right beside the ends of the pieces.
    fn look_at_the_edges(&mut self, pieces: &[(Chart, f64, f64)]) -> Result<()> {
        for &(chart, lo, hi) in pieces {
            let near = EDGE * (hi - lo);
            let mut values = [0.0; 2];
            let places = [lo + near, hi - near];
            self.integrand.at(chart, &places, &mut values)?;
            for (upper, end) in [(false, lo), (true, hi)] {
                let (at, value) = (places[usize::from(upper)], values[usize::from(upper)]);
                if value.is_finite() && at != end {
                    self.edges.push(Edge { chart, end, upper, at, value });
                }
            }
        }
        Ok(())
    }

    /// Looks at the integrand right beyond the inner end of a corner that is settled: between there and its neighbour's outermost node a jump may hide.
    fn look_past_the_corner(&mut self, corner: &Segment) -> Result<()> {
        let near = NEXT * (corner.hi - corner.lo);
        for (upper, end, at) in [(true, corner.lo, corner.lo - near), (false, corner.hi, corner.hi + near)] {
            let inner = corner.seams[usize::from(!upper)] && !corner.ends[usize::from(!upper)];
            let meets = |s: &Segment| s.chart == corner.chart && (if upper { s.hi } else { s.lo }) == end;
            if inner && at != end && self.segments.iter().any(meets) {
                let value = self.integrand.one(corner.chart, at)?;
                if value.is_finite() {
                    self.edges.push(Edge { chart: corner.chart, end, upper, at, value });
                }
            }
        }
        Ok(())
    }

    /// Whether the polynomial through all nodes of the only segment has the integrand's values beside its ends: a jump or a kink between the
    /// outermost node and an end shows nowhere else. If not, these values are kept.
    fn meets_the_edges(&mut self, pieces: &[(Chart, f64, f64)]) -> Result<bool> {
        if !self.edges.is_empty() {
            return Ok(true);
        }
        self.look_at_the_edges(pieces)?;
        let [whole] = self.segments[..] else { return Ok(true) };
        let hidden = self.edges.iter().map(|edge| whole.hidden_beside(edge)).sum::<f64>();
        let total = self.total();
        let meets = hidden <= (OBVIOUS * self.tolerance.of(total.value)).max(self.integrand.rounding(total.size));
        if meets {
            self.edges.clear();
        }
        Ok(meets)
    }

    pub(super) fn total(&self) -> Found {
        let mut total = Found::default();
        for segment in &self.segments {
            total.value += segment.found.value;
            total.error += segment.found.error + segment.gap;
            total.size += segment.found.size;
        }
        total.error += 10.0 * f64::EPSILON * total.size;
        total
    }

    /// Whether nothing hides beside the ends of a very wide range, as far as one look tells.
    fn seen_all(&mut self) -> Result<bool> {
        let unseen = std::mem::take(&mut self.unseen);
        Ok(!self.look_beside_the_ends(&unseen)?)
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
                    if self.seen_all()? {
                        return Ok(self.outcome(None));
                    }
                    continue;
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
                    self.look_past_the_corner(&segment)?;
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
                    let seams = [segment.seams[0] || k > 0, segment.seams[1] || k + 1 < parts];
                    fresh.push(next.len());
                    next.push(Segment { seams, ..Segment::new(segment.chart, (border(k), hi), LEAST_DEPTH, ends) });
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
                let lower = bounds.0 == segment.lo;
                let seams = if lower { [segment.seams[0], !special] } else { [!special, segment.seams[1]] };
                next.push(Segment { search: segment.search, swell: segment.swell, seams, ..child });
            }
            parents.push(segment);
        }
        self.segments = next;
        self.measure(&fresh)?;
        if !only_halve {
            self.find_lost_peaks(&parents, &fresh)?;
        }
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

    fn outcome(self, doubt: Option<Doubt>) -> Outcome {
        let mut found = self.total();
        if let Some(Doubt::NoValue { .. }) = doubt {
            found.value = f64::NAN;
        }
        Outcome { found, method: self.method, doubt }
    }
}
