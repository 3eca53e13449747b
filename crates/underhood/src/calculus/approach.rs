//! One side of a limit: the function sampled ever closer to a point, and what the samples do.
//!
//! Three things spoil a naive reading. *Rounding*: in `(1 − cos x)/x²` the digits run out as x shrinks, the values begin to shake, and
//! at 1e-8 they are exactly 0. So the reading stops where differences that had become small begin to grow and change sign (unless what
//! comes after is smooth again, which rounding never is). *Slowness*: `1/log x` is still 0.0014 at 1e-300; extrapolation in
//! `log(1/h)` sees where it goes. *Oscillation*: steps in a ratio that is no simple fraction do not fall on the zeros of
//! `sin(1/x)`.

use super::acceleration::{Entry, epsilon, rho};
use super::tableau::Tableau;
use crate::error::Result;

/// The largest step, as a part of the point's size or of 1: a prime over a power of two, so that no step falls on a period of what
/// turns ever faster; with few bits, so that adding it to the point is exact for long; halved, so that the steps are exactly geometric.
const FIRST_STEP: f64 = 5653.0 / 8192.0;
const RATIO: f64 = 0.5;

/// Steps are this small before they go on in strides, where doubles allow both (next to zero and to infinity).
const NEAR: f64 = 1e-17;
const STRIDE: f64 = 1.0 / 131072.0;
const SMALLEST: f64 = 1e-300;

/// So many samples with a value are the fewest that say anything.
const FEWEST: usize = 6;

/// A relative error above this is not called converged.
pub(super) const CONVERGED: f64 = 1e-6;

/// What the values do on one side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Course {
    /// They come to a number, with this error.
    Settles { value: f64, error: f64, converged: bool },
    /// They grow beyond all bounds, in this direction.
    Grows { sign: f64 },
    /// They go up and down between these bounds.
    Oscillates { low: f64, high: f64 },
    /// They go up and down without bounds.
    Swings,
    /// They change too slowly, or too irregularly, for doubles to show where they go.
    Unclear,
    /// The function has no finite values close to the point.
    Nothing,
}

/// Samples on one side.
#[derive(Debug, Clone, Default)]
pub(super) struct Approach {
    /// The distance to the point; for an infinite one, the reciprocal of the argument. Falling.
    pub(super) steps: Vec<f64>,
    /// The arguments.
    pub(super) arguments: Vec<f64>,
    /// The function, NaN and infinities as they came.
    pub(super) values: Vec<f64>,
    /// Whether the point itself is a rounded number, as π/2 is; zero and the infinities are not.
    blurred: bool,
}

impl Approach {
    /// Samples `f` on the side of `a` that `sign` gives (an infinite `a` has only one).
    pub(super) fn sample(f: &mut dyn FnMut(f64) -> Result<f64>, a: f64, sign: f64) -> Result<Approach> {
        let mut approach = Approach { blurred: a.is_finite() && a != 0.0, ..Approach::default() };
        for step in steps(a) {
            let x = if a.is_infinite() { a.signum() / step } else { a + sign * step };
            if !x.is_finite() || x == a {
                continue;
            }
            // What was added in fact; next to the point this difference is exact.
            let step = if a.is_infinite() { step } else { (x - a).abs() };
            if approach.steps.last().is_some_and(|&last| step >= last) {
                continue;
            }
            approach.steps.push(step);
            approach.arguments.push(x);
            approach.values.push(f(x)?);
        }
        Ok(approach)
    }

    /// What the values do.
    pub(super) fn course(&self) -> Course {
        let finite = |&i: &usize| self.values[i].is_finite();
        let kept: Vec<usize> = (0..self.values.len()).filter(finite).collect();
        let (Some(&nearest), true) = (kept.last(), kept.len() >= FEWEST) else {
            return Course::Nothing;
        };
        let run = Run {
            steps: kept.iter().map(|&i| self.steps[i]).collect(),
            logs: kept.iter().map(|&i| -self.steps[i].ln()).collect(),
            values: kept.iter().map(|&i| self.values[i]).collect(),
        };
        let onset = run.rounding().or_else(|| run.blur().filter(|_| self.blurred)).or_else(|| run.collapse());
        let course = match onset {
            Some(onset) => run.upto(onset + 2).read(Some(run.noise_after(onset))),
            None => run.read(None),
        };
        // Where the values end before the doubles do, only what had become clear by then counts: a number that was reached, or values
        // that overflowed.
        let broken_off = nearest + 1 < self.values.len() && self.steps[nearest] > 1e-100;
        if !broken_off || onset.is_some() {
            return course;
        }
        let last = self.values[nearest];
        match course {
            Course::Settles { .. } if run.still() => course,
            _ if last.abs() > 1e30 && run.rises() => Course::Grows { sign: last.signum() },
            _ => Course::Nothing,
        }
    }
}

/// The steps at which the samples are taken.
fn steps(a: f64) -> Vec<f64> {
    let size = if a.is_infinite() { 0.0 } else { a.abs() };
    let smallest = 4.0 * f64::EPSILON * size;
    let mut steps = Vec::with_capacity(130);
    let mut descend = |from: f64, to: f64, ratio: f64| {
        let mut step = from;
        while step > to {
            steps.push(step);
            step *= ratio;
        }
    };
    let power = |size: f64| FIRST_STEP * 2f64.powi(size.log2().floor() as i32);
    descend(power(size.max(1.0)), smallest.max(NEAR), RATIO);
    if size == 0.0 {
        descend(power(NEAR), SMALLEST, STRIDE);
    } else if smallest < NEAR {
        descend(power(size.min(NEAR)), smallest, RATIO);
    }
    steps
}

/// Finite samples.
#[derive(Debug)]
struct Run {
    steps: Vec<f64>,
    /// log(1/step): the clock of the approach.
    logs: Vec<f64>,
    values: Vec<f64>,
}

/// A reading of a limit.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    value: f64,
    error: f64,
    last: usize,
}

/// Rounding in the values: `level · (1/step)^power`.
#[derive(Debug, Clone, Copy)]
struct Noise {
    level: f64,
    power: f64,
}

impl Run {
    fn upto(&self, end: usize) -> Run {
        let end = end.min(self.values.len());
        let part = |all: &[f64]| all[..end].to_vec();
        Run { steps: part(&self.steps), logs: part(&self.logs), values: part(&self.values) }
    }

    fn differences(&self) -> Vec<f64> {
        self.values.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    /// The first sample in which rounding drowns the approach, if it ever does: differences that had become small begin to grow and to
    /// change sign, while they are still small.
    fn rounding(&self) -> Option<usize> {
        let differences = self.differences();
        let envelope =
            |k: usize| differences[k..(k + 3).min(differences.len())].iter().fold(0.0, |m: f64, d| m.max(d.abs()));
        let size = |k: usize| self.values[k].abs().max(self.values[k + 1].abs());
        let mut largest: f64 = 0.0;
        let mut least = (f64::INFINITY, 0, 0.0);
        for k in 0..differences.len() {
            let here = envelope(k);
            largest = largest.max(here);
            // Below the last digit of the values nothing can be seen.
            let visible = here.max(4.0 * f64::EPSILON * size(k));
            // An exact standstill says nothing: rounding stands still as well.
            if here > 0.0 && visible < least.0 {
                least = (visible, k, largest.max(size(k)));
            }
            let (level, from, before) = least;
            if level > 0.05 * before || here <= 30.0 * level {
                continue;
            }
            let end = (k + 3).min(differences.len());
            let shaken = differences[from..end].iter().filter(|d| **d != 0.0).count();
            let flips = flips(&differences[from..end]);
            if flips < 3 || 4 * flips < shaken || smooth_later(&differences[end..]) {
                continue;
            }
            let first = (from + 1..end).find(|&j| differences[j] * differences[j - 1] < 0.0).unwrap_or(from);
            if differences[first].abs() <= 0.01 * before.max(size(first)) {
                return Some(from);
            }
        }
        None
    }

    /// The first sample that shows that the point itself is rounded: next to a rounded π/2, `(x − π/2) tan x` leaves its limit
    /// smoothly, like the last digit of π/2 over the distance, but only just.
    fn blur(&self) -> Option<usize> {
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
    fn collapse(&self) -> Option<usize> {
        let differences = self.differences();
        let last = differences.iter().rposition(|d| *d != 0.0)?;
        if last + 5 > differences.len() {
            return None;
        }
        let jump = differences[last].abs();
        // Up a slope for long, and down at once.
        let peak = (0..=last).max_by(|&i, &j| self.values[i].abs().total_cmp(&self.values[j].abs()))?;
        let start = self.values[peak / 2].abs();
        if peak + 4 > last
            && peak >= 8
            && self.values[peak].abs() > 1e3 * start
            && jump > 0.05 * self.values[peak].abs()
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

    /// How rounding grows after its onset.
    fn noise_after(&self, onset: usize) -> Noise {
        let differences = self.differences();
        let drowned = |&k: &usize| differences[k].abs() > 0.3 * self.values[onset].abs();
        let end = (onset + 3..differences.len()).find(drowned).unwrap_or(differences.len()).min(onset + 30);
        let seen: Vec<(f64, f64)> =
            (onset..end).filter(|&k| differences[k] != 0.0).map(|k| (self.logs[k], differences[k].abs())).collect();
        let Some(peak) = (0..seen.len()).max_by(|&i, &j| seen[i].1.total_cmp(&seen[j].1)) else {
            return Noise { level: 0.0, power: 0.0 };
        };
        let largest = |points: &[(f64, f64)]| points.iter().fold(0.0, |m: f64, point| m.max(point.1));
        let (first, second) = (&seen[..=peak.min(2)], &seen[peak.min(3)..=peak]);
        let middle = |points: &[(f64, f64)]| points[points.len() / 2].0;
        let power =
            ((largest(second) / largest(first)).ln() / (middle(second) - middle(first)).max(1e-9)).clamp(0.0, 8.0);
        let level = seen.iter().fold(0.0, |m: f64, (log, d)| m.max(d * (-power * log).exp()));
        Noise { level, power }
    }

    /// The values' course, of samples that rounding leaves alone.
    fn read(&self, noise: Option<Noise>) -> Course {
        let differences = self.differences();
        let n = self.values.len();
        if n < FEWEST {
            return Course::Unclear;
        }
        let tail = &differences[differences.len().saturating_sub(12)..];
        let restless = flips(tail) >= 3 && 4 * flips(tail) >= tail.len();
        let mut noise = noise;
        if restless && noise.is_none() {
            let (low, high) = bounds(&self.values[n - tail.len()..]);
            let early =
                self.values[..n / 2].iter().fold(0.0, |m: f64, v| m.max(v.abs())).max(high.abs()).max(low.abs());
            if high - low > CONVERGED * early {
                return self.oscillation();
            }
            noise = Some(Noise { level: high - low, power: 0.0 });
        } else if !restless && self.grows() {
            return Course::Grows { sign: differences[differences.len() - 1].signum() };
        }
        let noise = |k: usize| {
            let measured = noise.map_or(0.0, |noise| 2.0 * noise.level * (noise.power * self.logs[k]).exp());
            measured.max(8.0 * f64::EPSILON * self.values[k].abs())
        };
        let scale = |value: f64| value.abs().max(self.values.iter().fold(0.0, |m: f64, v| m.max(v.abs())));
        let best = self.candidates(&noise).into_iter().min_by(|a, b| a.error.total_cmp(&b.error));
        if let Some(best) = best.filter(|best| best.error <= CONVERGED * scale(best.value)) {
            return Course::Settles { value: best.value, error: best.error, converged: true };
        }
        // A difference that falls like a power p of the clock: below 1 the sum grows without bound, above it has an end.
        match (self.slowness(), best) {
            (Some(power), _) if power < 0.75 => Course::Grows { sign: differences[differences.len() - 1].signum() },
            (Some(power), _) if power < 1.35 => Course::Unclear,
            (_, Some(best)) if best.error <= 0.1 * scale(best.value) => {
                Course::Settles { value: best.value, error: best.error, converged: false }
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
            one.error = 2.0 * (one.error + objection);
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

    /// Whether the values grow for as long as they are seen, and not ever more slowly.
    fn grows(&self) -> bool {
        let differences = self.differences();
        let from = differences.len() / 2;
        let half = &differences[from..];
        let rate = |k: usize| differences[k].abs() / (self.logs[k + 1] - self.logs[k]);
        let (first, last) = (rate(from), rate(differences.len() - 1));
        let steady = half.len() >= 3 && half.iter().all(|d| d.signum() == half[0].signum() && *d != 0.0);
        let (start, end) = (self.values[from], self.values[self.values.len() - 1]);
        steady && last >= 0.98 * first && (last < 1.5 * first || end.abs() > 3.0 * start.abs())
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
    fn still(&self) -> bool {
        let tail = &self.values[self.values.len() - 3..];
        let (low, high) = bounds(tail);
        high - low <= 16.0 * f64::EPSILON * high.abs().max(low.abs())
    }

    /// Whether the last values rise in size, each above the one before.
    fn rises(&self) -> bool {
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
