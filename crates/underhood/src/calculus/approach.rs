//! One side of a limit: the function sampled ever closer to a point, and what the samples do.
//!
//! Three things spoil a naive reading. *Rounding*: in `(1 − cos x)/x²` the digits run out as x shrinks, the values begin to shake, and
//! at 1e-8 they are exactly 0. So beside each sample four more are taken, so near that a smooth function is a cubic there: what is not, is noise. The
//! reading stops where noise is all that still changes. *Slowness*: `1/log x` is still 0.0014 at 1e-300; extrapolation in
//! `log(1/h)` sees where it goes. *Oscillation*: steps in a ratio that is no simple fraction do not fall on the zeros of
//! `sin(1/x)`.

use super::reading::Run;
use crate::error::Result;

/// The largest step, as a part of the point's size or of 1: a prime over a power of two, so that no step falls on a period of what
/// turns ever faster; with few bits, so that adding it to the point is exact for long; halved, so that the steps are exactly geometric.
const FIRST_STEP: f64 = 5653.0 / 8192.0;
pub(super) const RATIO: f64 = 0.5;

/// Steps are this small before they go on in strides, where doubles allow both (next to zero and to infinity).
const NEAR: f64 = 1e-17;
pub(super) const STRIDE: f64 = 1.0 / 131072.0;
const SMALLEST: f64 = 1e-300;

/// So many samples with a value are the fewest that say anything.
pub(super) const FEWEST: usize = 6;

/// Noise is looked for at this part of the step beside a sample: near enough for what is smooth to be simple, and far enough for rounding to differ.
/// No simple fraction, so that it falls on no period.
const BESIDE: f64 = 0.003_77;

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

impl Course {
    /// Whether it says the same as another.
    fn agrees(&self, other: &Course) -> bool {
        match (self, other) {
            (Course::Settles { value, error, .. }, Course::Settles { value: other, error: doubt, .. }) => {
                (value - other).abs() <= error + doubt
            }
            _ => self == other,
        }
    }
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
    /// How far the function is shaken there.
    noise: Vec<f64>,
    /// How often the function was called.
    pub(super) calls: usize,
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
            let value = f(x)?;
            approach.steps.push(step);
            approach.arguments.push(x);
            approach.values.push(value);
            approach.calls += 1;
            let noise = if value.is_finite() { approach.shake(f, (x, value), a)? } else { 0.0 };
            approach.noise.push(noise);
        }
        Ok(approach)
    }

    /// How far f is shaken around x: the fourth difference of its values right beside x, which is next to nothing where f is smooth.
    fn shake(&mut self, f: &mut dyn FnMut(f64) -> Result<f64>, (x, value): (f64, f64), a: f64) -> Result<f64> {
        let grain = x.abs().max(if a.is_finite() { a.abs() } else { 0.0 });
        let grain = grain.next_up() - grain;
        let distance = if a.is_infinite() { x.abs() } else { (x - a).abs() };
        let apart = grain * (distance * BESIDE / grain).round().max(1.0);
        // Where doubles are too coarse for that, what was seen further out must do.
        if apart > 0.05 * distance {
            return Ok(0.0);
        }
        let mut difference = 6.0 * value;
        for (offset, weight) in [(-2.0, 1.0), (-1.0, -4.0), (1.0, -4.0), (2.0, 1.0)] {
            let beside = x + offset * apart;
            if beside == a || !beside.is_finite() {
                return Ok(0.0);
            }
            self.calls += 1;
            difference += weight * f(beside)?;
        }
        // Noise of one size in all five values makes its fourth difference some eight times as large.
        Ok(if difference.is_finite() { 0.25 * difference.abs() } else { 0.0 })
    }

    /// What the values do.
    pub(super) fn course(&self) -> Course {
        let stretches = self.stretches();
        match stretches[..] {
            [] => Course::Nothing,
            [.., (from, to)] if stretches.len() == 1 => self.course_of(from, to),
            // Values on both sides of a gap: rounding and overflow do that; what they show counts only where it is the same.
            _ => {
                let courses: Vec<Course> = stretches.iter().map(|&(from, to)| self.course_of(from, to)).collect();
                let last = courses[courses.len() - 1];
                if courses.iter().all(|course| course.agrees(&last)) { last } else { Course::Unclear }
            }
        }
    }

    /// The stretches of samples with a value, long enough to say something; a hole of one or two samples does not end them.
    fn stretches(&self) -> Vec<(usize, usize)> {
        const HOLE: usize = 2;
        let mut stretches: Vec<(usize, usize, usize)> = Vec::new();
        for i in (0..self.values.len()).filter(|&i| self.values[i].is_finite()) {
            match stretches.last_mut() {
                Some(last) if i <= last.1 + HOLE => (last.1, last.2) = (i + 1, last.2 + 1),
                _ => stretches.push((i, i + 1, 1)),
            }
        }
        let known = stretches.into_iter().filter(|stretch| stretch.2 >= FEWEST);
        known.map(|(from, to, _)| (from, to)).collect()
    }

    /// What the values between two samples do.
    fn course_of(&self, from: usize, to: usize) -> Course {
        let kept: Vec<usize> = (from..to).filter(|&i| self.values[i].is_finite()).collect();
        let run = Run {
            steps: kept.iter().map(|&i| self.steps[i]).collect(),
            logs: kept.iter().map(|&i| -self.steps[i].ln()).collect(),
            values: kept.iter().map(|&i| self.values[i]).collect(),
            noise: kept.iter().map(|&i| self.noise[i]).collect(),
        };
        let onset = run.rounding().or_else(|| run.blur().filter(|_| self.blurred)).or_else(|| run.collapse());
        let course = onset.map_or_else(|| run.read(), |onset| run.upto(onset).read());
        // Where the values end before the doubles do, only what had become clear by then counts: a number that was reached, or values
        // that overflowed.
        let broken_off = to < self.values.len() && self.steps[to - 1] > 1e-100;
        if !broken_off || onset.is_some() {
            return course;
        }
        let last = self.values[to - 1];
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
    let power = |size: f64| FIRST_STEP * 2f64.powi((size.log2().floor() as i32).clamp(-1022, 1023));
    descend(power(size.max(1.0)), smallest.max(NEAR), RATIO);
    if size == 0.0 {
        descend(power(NEAR), SMALLEST, STRIDE);
    } else if smallest < NEAR {
        descend(power(size.min(NEAR)), smallest, RATIO);
    }
    steps
}
