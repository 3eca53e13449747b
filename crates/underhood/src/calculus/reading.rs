//! Reading the samples of one side of a limit: where rounding ends them, and what those before it say.
//!
//! What settles is extrapolated in several ways, and the one with the least doubt is taken; what grows must grow regularly and by more than what may
//! have an end; what goes up and down is bounded.

use super::acceleration::{Entry, epsilon, rho};
use super::approach::{CONVERGED, Course, FEWEST, RATIO, STRIDE};
use super::tableau::Tableau;

/// Noise below this part of the first differences is none.
const QUIET: f64 = 1e-4;

/// Finite samples.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) steps: Vec<f64>,
    /// log(1/step): the clock of the approach.
    pub(super) logs: Vec<f64>,
    pub(super) values: Vec<f64>,
    /// How far each value was seen to be shaken.
    pub(super) noise: Vec<f64>,
}

/// A reading of a limit.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    value: f64,
    error: f64,
    last: usize,
}

impl Run {
    /// The samples up to an onset of rounding and just beyond, with the noise that shows there: steeply less before.
    pub(super) fn upto(&self, onset: usize) -> Run {
        let end = (onset + 2).min(self.values.len());
        let part = |all: &[f64]| all[..end].to_vec();
        let differences = self.differences();
        let level = differences[onset.min(differences.len())..differences.len().min(onset + 3)]
            .iter()
            .fold(0.0, |m: f64, d| m.max(d.abs()));
        // Rounding may happen to leave the last values the same: what they last moved by tells more.
        let moved = || differences[..onset.min(differences.len())].iter().rev().find(|d| **d != 0.0);
        let level = if level == 0.0 { moved().map_or(0.0, |d| d.abs()) } else { level };
        let level = level.min(1e-3 * self.values[end - 1].abs());
        let grown = |k: usize| level * (self.steps[onset.min(end - 1)] / self.steps[k]).powi(4);
        let noise = (0..end).map(|k| self.noise[k].max(grown(k).min(level))).collect();
        Run { steps: part(&self.steps), logs: part(&self.logs), values: part(&self.values), noise }
    }

    fn differences(&self) -> Vec<f64> {
        self.values.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    /// The noise seen in a difference.
    fn seen(&self, k: usize) -> f64 {
        self.noise[k].max(self.noise[(k + 1).min(self.noise.len() - 1)])
    }

    /// The noise of a sample: what was seen there and at its neighbours (a single one may be right by chance), and at least what rounding of the
    /// value itself may be.
    fn shaken(&self, k: usize) -> f64 {
        let beside = self.noise[k.saturating_sub(1)].min(self.noise[(k + 1).min(self.noise.len() - 1)]);
        self.noise[k].max(beside).max(4.0 * f64::EPSILON * self.values[k].abs())
    }

    /// Whether the values go further than noise ever did: what rounding has drowned is no guide.
    fn undisturbed(&self) -> bool {
        let n = self.values.len();
        let allowed = |k: usize| if 5 * k < 4 * n { 1e-3 } else { 0.1 };
        (0..n).all(|k| self.noise[k] <= allowed(k) * self.values[n - 1].abs())
    }

    /// The first sample in which rounding drowns the approach, if it ever does: what had been quiet is shaken, by as much as the values still change
    /// or by a part of themselves, and it gets no better.
    pub(super) fn rounding(&self) -> Option<usize> {
        let differences = self.differences();
        let n = differences.len();
        let envelope = |k: usize| differences[k..(k + 3).min(n)].iter().fold(0.0, |m: f64, d| m.max(d.abs()));
        let size = |k: usize| self.values[k].abs().max(self.values[k + 1].abs());
        let quiet = self.noise[..3.min(n)].iter().all(|noise| *noise <= QUIET * envelope(0));
        let mut largest: f64 = 0.0;
        let mut least = (f64::INFINITY, 0, 0.0);
        for k in 0..n {
            let here = envelope(k).max(self.shaken(k));
            largest = largest.max(here);
            // An exact standstill says nothing: rounding stands still as well.
            if here > 0.0 && here < least.0 {
                least = (here, k, largest.max(size(k)));
            }
            let (level, from, before) = least;
            let moved = (from..=k).filter(|&j| differences[j] != 0.0).count();
            let shaken =
                (from..=k).filter(|&j| differences[j] != 0.0 && self.seen(j) >= 0.25 * differences[j].abs()).count();
            let ahead = (k..(k + 3).min(n)).fold(0.0, |m: f64, j| m.max(self.seen(j)));
            let explained = 2 * shaken >= moved && ahead >= 0.1 * here;
            if level <= 0.05 * before && here > 30.0 * level && (explained || self.flickers(from, k, before)) {
                return (quiet || !smooth_later(&differences[k..])).then_some(from);
            }
            let early = &differences[..k];
            let calm = k >= FEWEST && 5 * flips(early) < k;
            let drowns = |j: usize| self.noise[j] > 0.0 && self.noise[j] >= 0.05 * self.values[j].abs();
            if quiet && calm && drowns(k) && drowns(k + 1) {
                // What comes to zero may be as small as its noise, and stay so.
                let drowned = (k..n).filter(|&j| self.noise[j] >= 0.01 * self.values[j].abs()).count();
                let worse = (k..n).any(|j| envelope(j).max(self.shaken(j)) > 30.0 * here);
                if worse || 2 * drowned < n - k {
                    return Some(k.saturating_sub(2));
                }
            }
        }
        None
    }

    /// Whether the differences from one on change their sign again and again, from where they were small: rounding that is the same right beside a sample.
    fn flickers(&self, from: usize, to: usize, before: f64) -> bool {
        let differences = self.differences();
        let end = (to + 3).min(differences.len());
        let moved = differences[from..end].iter().filter(|d| **d != 0.0).count();
        let flips = flips(&differences[from..end]);
        let first = (from + 1..end).find(|&j| differences[j] * differences[j - 1] < 0.0).unwrap_or(from);
        let small = differences[first].abs() <= 0.01 * before.max(self.values[first].abs());
        flips >= 3 && 4 * flips >= moved && small && !smooth_later(&differences[end..])
    }

    /// The first sample that shows that the point itself is rounded: next to a rounded π/2, `(x − π/2) tan x` leaves its limit
    /// smoothly, like the last digit of π/2 over the distance, but only just.
    pub(super) fn blur(&self) -> Option<usize> {
        let differences = self.differences();
        let least =
            (0..differences.len()).rev().min_by(|&i, &j| differences[i].abs().total_cmp(&differences[j].abs()))?;
        let (value, last) = (self.values[least], self.values[self.values.len() - 1]);
        let left = differences[least..].iter().fold(0.0, |m: f64, d| m.max(d.abs()));
        let seen = differences[least].abs().max(4.0 * f64::EPSILON * value.abs());
        (seen <= 1e-8 * value.abs() && left > 30.0 * seen && (last - value).abs() <= 0.7 * value.abs()).then_some(least)
    }

    /// Where the values end abruptly in a single number that they did not approach: differences of the function's parts have
    /// become exactly nothing.
    pub(super) fn collapse(&self) -> Option<usize> {
        let differences = self.differences();
        let last = differences.iter().rposition(|d| *d != 0.0)?;
        if last + 5 > differences.len() {
            return None;
        }
        let jump = differences[last].abs();
        let highest = differences.iter().fold(0.0, |m: f64, d| m.max(d.abs()));
        let restless = flips(&differences[..=last]);
        if restless >= 3 && 4 * restless >= last && jump > 0.05 * highest {
            return Some(last.saturating_sub(2));
        }
        // Up a slope for long, and down at once.
        let peak = (0..=last).max_by(|&i, &j| self.values[i].abs().total_cmp(&self.values[j].abs()))?;
        let start = self.values[peak / 2].abs();
        if peak + 4 > last
            && peak >= 8
            && self.values[peak].abs() > 1e3 * start
            && jump > 0.05 * self.values[peak].abs()
            && self.values[last + 1].abs() < self.values[peak].abs()
        {
            return Some(peak - 4);
        }
        // Calm, and then several jumps.
        let least = (0..last).min_by(|&i, &j| differences[i].abs().total_cmp(&differences[j].abs()))?;
        let from = differences[..=least].iter().rposition(|d| *d != 0.0).unwrap_or(0);
        let size = self.values[from].abs().max(differences[..=from].iter().fold(0.0, |m: f64, d| m.max(d.abs())));
        let jumps = differences[least..=last].iter().filter(|d| **d != 0.0).count();
        let highest = differences[least..=last].iter().fold(0.0, |m: f64, d| m.max(d.abs()));
        (jumps >= 3 && differences[from].abs() < 1e-4 * size && jump > 0.05 * highest && jump > 0.05 * size)
            .then_some(from)
    }

    /// The values' course, of samples that rounding leaves alone.
    pub(super) fn read(&self) -> Course {
        let differences = self.differences();
        let n = self.values.len();
        if n < FEWEST {
            return Course::Unclear;
        }
        let tail = &differences[differences.len().saturating_sub(12)..];
        let restless = flips(tail) >= 3 && 4 * flips(tail) >= tail.len();
        let explained = (n - 1 - tail.len()..n - 1).filter(|&k| differences[k].abs() <= 8.0 * self.shaken(k)).count();
        let mut unrest = 0.0;
        if restless {
            let (low, high) = bounds(&self.values[n - tail.len()..]);
            let early =
                self.values[..n / 2].iter().fold(0.0, |m: f64, v| m.max(v.abs())).max(high.abs()).max(low.abs());
            if high - low > CONVERGED * early {
                return if 2 * explained > tail.len() && high - low < 0.05 * early {
                    Course::Unclear
                } else {
                    self.oscillation()
                };
            }
            unrest = if 2 * explained > tail.len() { 0.0 } else { high - low };
        } else if self.grows() {
            return Course::Grows { sign: differences[differences.len() - 1].signum() };
        }
        let noise = |k: usize| (2.0 * self.shaken(k)).max(2.0 * unrest).max(8.0 * f64::EPSILON * self.values[k].abs());
        let early = self.values[..FEWEST.max(n / 4)].iter().fold(0.0, |m: f64, v| m.max(v.abs()));
        let scale = |value: f64| value.abs().max(early);
        let best = self.candidates(&noise).into_iter().min_by(|a, b| a.error.total_cmp(&b.error));
        if let Some(best) = best.filter(|best| best.error <= CONVERGED * scale(best.value)) {
            return Course::Settles { value: best.value, error: best.error, converged: true };
        }
        // A difference that falls like a power p of the clock: below 1 the sum grows without bound, above it has an end.
        match (self.slowness(), best) {
            (Some(power), _) if power < 1.35 => {
                if (-1.0..0.75).contains(&power) && self.mounts(1.2) && self.undisturbed() && self.keeps_its_pace() {
                    Course::Grows { sign: differences[differences.len() - 1].signum() }
                } else {
                    Course::Unclear
                }
            }
            (_, Some(best)) if best.error <= 0.02 * scale(best.value) => {
                Course::Settles { value: best.value, error: 10.0 * best.error, converged: false }
            }
            _ => Course::Unclear,
        }
    }

    /// Every extrapolation through the samples, with its doubt.
    fn candidates(&self, noise: &dyn Fn(usize) -> f64) -> Vec<Candidate> {
        let n = self.values.len();
        let mut found = Vec::new();
        // The values themselves, where they stand still or come down geometrically.
        for last in FEWEST - 1..n {
            let step = |k: usize| (self.values[last - k] - self.values[last - k - 1]).abs();
            let rate = (0..FEWEST.min(last - 1)).map(|k| step(k) / step(k + 1)).fold(0.0, f64::max);
            let moved = (0..4).map(step).fold(0.0, f64::max);
            if moved <= 4.0 * noise(last) {
                found.push(Candidate { value: self.values[last], error: 2.0 * moved + noise(last), last });
            } else if rate < 0.6 {
                found.push(Candidate { value: self.values[last], error: 4.0 * step(0) + noise(last), last });
            }
        }
        // Polynomials in h and in h².
        for square in [false, true] {
            let mut tableau = Tableau::new(0);
            for k in 0..n {
                let node = if square { self.steps[k] * self.steps[k] } else { self.steps[k] };
                tableau.push(node, self.values[k], noise(k), |entry| {
                    if entry.last - entry.first >= 3 {
                        // Between the smallest steps the noise itself underflows.
                        let error = 2.0 * entry.truncation + entry.noise.max(noise(entry.last));
                        found.push(Candidate { value: entry.value, error, last: entry.last });
                    }
                });
            }
        }
        // Powers of h of any kind, and of log h.
        let geometric = self.geometric();
        for (from, to) in geometric.iter().copied().chain([(0, n)]) {
            let (values, logs) = (&self.values[from..to], &self.logs[from..to]);
            let shaken = |pattern: usize| -> Vec<f64> {
                let sign = |k: usize| if (k * pattern / 2).is_multiple_of(2) { 1.0 } else { -1.0 };
                values.iter().enumerate().map(|(k, v)| v + sign(k) * noise(from + k)).collect()
            };
            let mut take = |entries: Vec<Entry>, shaken: [Vec<Entry>; 2]| {
                for entry in entries.into_iter().filter(|entry| entry.terms >= 5) {
                    let same = |other: &&Entry| (other.last, other.terms) == (entry.last, entry.terms);
                    let moved = shaken.iter().map(|entries| match entries.iter().find(same) {
                        Some(other) => (other.value - entry.value).abs(),
                        None => f64::INFINITY,
                    });
                    let error = 2.0 * entry.apart + moved.fold(0.0, f64::max) + noise(from + entry.last);
                    found.push(Candidate { value: entry.value, error, last: from + entry.last });
                }
            };
            if geometric.contains(&(from, to)) {
                take(epsilon(values), [2, 3].map(|pattern| epsilon(&shaken(pattern))));
            }
            take(rho(values, logs), [2, 3].map(|pattern| rho(&shaken(pattern), logs)));
        }
        // Samples that are closer to the point must not be further from its limit.
        for one in &mut found {
            let distance = |k: usize| (self.values[k] - one.value).abs();
            let reached = distance(one.last);
            let objection = (one.last + 1..n).map(|k| distance(k) - reached - 2.0 * noise(k)).fold(0.0, f64::max);
            one.error = 5.0 * (one.error + objection);
            // Nor may all of the last ones be further from it than those in the middle were.
            let farthest = |from: usize, to: usize| (from..to).map(distance).fold(0.0, f64::max);
            if farthest(n - n / 4, n) > farthest(n / 4, n / 2).max(4.0 * noise(n - 1)) {
                one.error = f64::INFINITY;
            }
        }
        found.retain(|one| one.value.is_finite() && one.error.is_finite());
        found
    }

    /// The stretches of samples whose steps keep one ratio exactly.
    fn geometric(&self) -> Vec<(usize, usize)> {
        let mut stretches = Vec::new();
        for ratio in [RATIO, STRIDE] {
            let keeps = |k: &usize| self.steps[*k] == ratio * self.steps[*k - 1];
            let Some(first) = (1..self.steps.len()).find(keeps) else { continue };
            let end = (first..self.steps.len()).find(|k| !keeps(k)).unwrap_or(self.steps.len());
            if end + 1 - first >= FEWEST {
                stretches.push((first - 1, end));
            }
        }
        stretches
    }

    /// Bounds of an oscillation that does not die down.
    fn oscillation(&self) -> Course {
        let n = self.values.len();
        let width = (n / 5).max(4);
        if n < 3 * width {
            return Course::Unclear;
        }
        let spread = |from: usize| {
            let (low, high) = bounds(&self.values[from..(from + width).min(n)]);
            high - low
        };
        let (last, middle) = (spread(n - width), spread(n - 3 * width));
        let (low, high) = bounds(&self.values[n / 2..]);
        if last > 10.0 * middle {
            Course::Swings
        } else if last > 0.3 * middle {
            Course::Oscillates { low, high }
        } else {
            Course::Unclear
        }
    }

    /// Whether the values grow for as long as they are seen, regularly, and not ever more slowly.
    fn grows(&self) -> bool {
        let differences = self.differences();
        let from = differences.len() / 2;
        let half = &differences[from..];
        let rate = |k: usize| differences[k].abs() / (self.logs[k + 1] - self.logs[k]);
        let (first, last) = (rate(from), rate(differences.len() - 1));
        let certain =
            |(k, d): (usize, &f64)| d.signum() == half[0].signum() && self.seen(from + k) <= 0.2 * d.abs() && *d != 0.0;
        let steady = half.len() >= 3 && half.iter().enumerate().all(certain);
        let (start, end) = (self.values[from], self.values[self.values.len() - 1]);
        let fast = last >= 1.5 * first && end.abs() > 3.0 * start.abs();
        let even = last >= 0.98 * first && last < 1.5 * first && self.mounts(1.2);
        steady && (fast || even) && self.undisturbed() && self.keeps_its_pace()
    }

    /// Whether the last value is so much larger than the one in the middle: what changes by less may as well have an end.
    fn mounts(&self, factor: f64) -> bool {
        let n = self.values.len();
        self.values[n - 1].abs() > factor * self.values[n / 2].abs()
    }

    /// Whether the rate of change itself changes regularly: samples of `x (1 + sin x)` may all rise by chance.
    fn keeps_its_pace(&self) -> bool {
        let differences = self.differences();
        let rate = |k: usize| (differences[k].abs() / (self.logs[k + 1] - self.logs[k])).ln();
        let from = differences.len() / 2;
        let pace = |k: usize| (rate(k + 1) - rate(k)) / (0.5 * (self.logs[k + 2] - self.logs[k]));
        let paces: Vec<f64> = (from..differences.len() - 1).map(pace).collect();
        paces.windows(2).all(|pair| (pair[1] - pair[0]).abs() <= 0.3 + 1.2 * pair[0].abs().min(pair[1].abs()))
    }

    /// The power p with which the rate of change falls with the clock, where it falls so slowly.
    fn slowness(&self) -> Option<f64> {
        let differences = self.differences();
        let from = differences.len() / 2;
        if differences[from..].iter().any(|d| *d == 0.0 || d.signum() != differences[from].signum()) {
            return None;
        }
        let point = |k: usize| {
            let span = self.logs[k + 1] - self.logs[k];
            ((0.5 * (self.logs[k + 1] + self.logs[k])).ln(), (differences[k].abs() / span).ln())
        };
        let (first, last) = (point(from), point(differences.len() - 1));
        let power = (first.1 - last.1) / (last.0 - first.0);
        (power < 4.0).then_some(power)
    }

    /// Whether the last values are the same to their last digits.
    pub(super) fn still(&self) -> bool {
        let tail = &self.values[self.values.len() - 3..];
        let (low, high) = bounds(tail);
        high - low <= 16.0 * f64::EPSILON * high.abs().max(low.abs())
    }

    /// Whether the last values rise in size, each above the one before.
    pub(super) fn rises(&self) -> bool {
        self.values[self.values.len() - 4..].windows(2).all(|pair| pair[1].abs() > pair[0].abs())
    }
}

/// How often neighbouring differences change their sign.
fn flips(differences: &[f64]) -> usize {
    let signs: Vec<bool> = differences.iter().filter(|d| **d != 0.0).map(|d| *d > 0.0).collect();
    signs.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

/// Whether differences come down steadily somewhere, on one side, by a thousand: what rounding never does.
fn smooth_later(differences: &[f64]) -> bool {
    let mut start = 0;
    for k in 1..=differences.len() {
        let goes_on = k < differences.len()
            && differences[k] != 0.0
            && differences[k].signum() == differences[k - 1].signum()
            && differences[k].abs() < 0.9 * differences[k - 1].abs();
        if !goes_on {
            if k - start >= 6 && differences[k - 1].abs() < 1e-3 * differences[start].abs() {
                return true;
            }
            start = k;
        }
    }
    false
}

fn bounds(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)))
}
