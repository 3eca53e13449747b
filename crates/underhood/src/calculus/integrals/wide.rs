//! Very wide ranges: what stands within a few units of an end, or of zero, is narrower than any part that the rule would look at.
//!
//! Before such an integral is claimed, the integrand is looked at there at distances that halve, down to a thousandth of a unit; where it is not
//! what the nodes next to it tell, the range is cut at some of those distances. (The substitution x = eᵗ seen as a choice of points:
//! W. H. Press et al., "Numerical Recipes", 3rd edition 2007, section 4.5.)

use super::adaptive::Search;
use super::chart::{Chart, grain};
use super::rule::RIM;
use super::segment::Segment;
use crate::error::Result;

/// Ranges this wide are looked at once more.
const WIDE: f64 = 1e3;

/// As close as this, in units of x, nothing is expected to hide.
const NEAR: f64 = 1e-3;

/// What is seen may add this part of the tolerance.
const PART: f64 = 0.1;

impl Search<'_, '_> {
    /// Whether something was seen beside an end or zero that no node met; the segments there are cut anew.
    pub(super) fn look_beside_the_ends(&mut self, pieces: &[(Chart, f64, f64)]) -> Result<bool> {
        let total = self.total();
        let allowed = PART * self.tolerance.of(total.value).max(self.integrand.rounding(total.size));
        let mut hidden: Vec<(usize, Vec<f64>)> = Vec::new();
        let wide = |lo: f64, hi: f64| {
            pieces.iter().any(|&(chart, a, b)| chart == Chart::Finite && a <= lo && hi <= b && b - a >= WIDE)
        };
        let ends: Vec<f64> = pieces.iter().flat_map(|&(_, a, b)| [a, b]).collect();
        for i in 0..self.segments.len() {
            let segment = self.segments[i];
            let Segment { lo, hi, .. } = segment;
            if segment.chart != Chart::Finite || segment.settled || segment.bad.is_some() || !wide(lo, hi) {
                continue;
            }
            let mut looks = Vec::new();
            for (from, side) in [(lo, 1.0), (hi, -1.0)] {
                if from == 0.0 || ends.contains(&from) {
                    looks.push((from, side, hi - lo));
                }
            }
            if lo < 0.0 && hi > 0.0 {
                looks.extend([(0.0, 1.0, hi), (0.0, -1.0, -lo)]);
            }
            let mut cuts = Vec::new();
            for (from, side, reach) in looks {
                cuts.extend(self.hidden_beside(&segment, from, side, reach, allowed)?);
            }
            if !cuts.is_empty() {
                hidden.push((i, cuts));
            }
        }
        if hidden.is_empty() {
            return Ok(false);
        }
        for (i, mut cuts) in hidden.into_iter().rev() {
            let segment = self.segments[i];
            cuts.sort_by(f64::total_cmp);
            cuts.dedup();
            cuts.retain(|cut| *cut > segment.lo && *cut < segment.hi);
            let borders: Vec<f64> = [segment.lo].into_iter().chain(cuts).chain([segment.hi]).collect();
            let parts = borders.windows(2).enumerate().map(|(k, pair)| {
                let outer = [k == 0, k + 2 == borders.len()];
                let ends = [segment.ends[0] && outer[0], segment.ends[1] && outer[1]];
                let seams = [segment.seams[0] || !outer[0], segment.seams[1] || !outer[1]];
                Segment { seams, ..Segment::new(segment.chart, (pair[0], pair[1]), segment.depth.max(3), ends) }
            });
            let parts: Vec<Segment> = parts.collect();
            self.segments.splice(i..=i, parts);
        }
        let unmeasured = |i: &usize| self.segments[*i].found.error == f64::INFINITY;
        let fresh: Vec<usize> = (0..self.segments.len()).filter(unmeasured).collect();
        self.measure(&fresh)?;
        Ok(true)
    }

    /// Where to cut a segment beside a place: nowhere if the integrand is there what its nodes tell.
    fn hidden_beside(&mut self, segment: &Segment, from: f64, side: f64, reach: f64, allowed: f64) -> Result<Vec<f64>> {
        let at_end = from == segment.lo || from == segment.hi;
        // Next to an end no node is closer than this.
        let farthest = if at_end { 2.0 * RIM * reach } else { 0.25 * reach };
        let nearest = NEAR.max(16.0 * grain(from));
        let distances: Vec<f64> =
            std::iter::successors(Some(farthest), |d| Some(0.5 * d)).take_while(|d| *d >= nearest).take(64).collect();
        if distances.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<f64> = distances.iter().map(|d| from + side * d).collect();
        let mut values = vec![0.0; places.len()];
        self.integrand.at(segment.chart, &places, &mut values)?;
        let rim = segment.rims[usize::from(side < 0.0)];
        let (expected, give) = if at_end { (rim, 2.0 * (values[0] - rim).abs()) } else { (0.0, 2.0 * segment.peak.1) };
        let seen: f64 = values
            .iter()
            .zip(&distances)
            .map(|(value, d)| d * ((value - expected).abs() - give - 1e-12 * segment.peak.1).max(0.0))
            .filter(|part| part.is_finite())
            .sum();
        if seen <= allowed {
            return Ok(Vec::new());
        }
        let mut cuts: Vec<f64> = places.into_iter().step_by(2).collect();
        if !at_end {
            cuts.push(from);
        }
        Ok(cuts)
    }
}
