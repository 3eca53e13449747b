//! Integrands that oscillate without end, as sin x / x does towards infinity and sin(1/x) towards zero.
//!
//! Seen from the end at distance τ, they are functions of y = 1/τ on a half-line. The integral is summed from one zero to the next (or
//! from valley to valley, where the integrand has one sign), and the sums are carried to their limit. Waves whose areas do not fall
//! to zero have no integral, although extrapolation would give them a number.
//!
//! Source: I. M. Longman, "Note on a method for computing infinite integrals of oscillatory functions", Proc. Camb. Phil. Soc. 52
//! (1956) 764–768, doi:10.1017/S030500410003187X.

use super::approach::{Divergence, Verdict};
use super::chart::{Corner, Integrand};
use super::extrapolation::{Limit, epsilon, levin};
use super::rule::{Found, POINTS, halved};
use crate::error::Result;

/// How many half-waves are summed at most.
const WAVES: usize = 72;

/// What marks the ends of the waves.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Marks {
    /// Zeros.
    Zeros,
    /// The places where the absolute value is least, found by differences over this distance.
    Valleys { apart: f64 },
}

/// The integrand as a function of y.
struct Folded<'a, 'f> {
    integrand: &'a mut Integrand<'f>,
    corner: Corner,
}

impl Folded<'_, '_> {
    fn at(&mut self, y: &[f64]) -> Result<Vec<f64>> {
        let mut values = vec![0.0; y.len()];
        self.at_all(y, &mut values)?;
        Ok(values)
    }

    fn at_all(&mut self, y: &[f64], into: &mut [f64]) -> Result<()> {
        let places: Vec<f64> = y.iter().map(|y| self.corner.coordinate(1.0 / y)).collect();
        self.integrand.at(self.corner.chart, &places, into)?;
        into.iter_mut().zip(y).for_each(|(value, y)| *value = *value / y / y);
        Ok(())
    }

    /// What changes its sign at the marks.
    fn signal(&mut self, y: &[f64], marks: Marks) -> Result<Vec<f64>> {
        match marks {
            Marks::Zeros => self.at(y),
            Marks::Valleys { apart } => {
                let right = self.at(&y.iter().map(|y| y + apart).collect::<Vec<_>>())?;
                let left = self.at(&y.iter().map(|y| y - apart).collect::<Vec<_>>())?;
                Ok(right.iter().zip(left).map(|(right, left)| right.abs() - left.abs()).collect())
            }
        }
    }

    /// The first window from `start` in which the function changes its sign, or turns, several times: the marks, and their distance.
    fn rhythm(&mut self, start: f64) -> Result<Option<(Marks, f64)>> {
        const SAMPLES: usize = 40;
        let mut turning = None;
        for k in -16..=14 {
            let window = start * 2.0_f64.powi(k);
            let y: Vec<f64> = (0..=SAMPLES).map(|j| start + window * j as f64 / SAMPLES as f64).collect();
            let values = self.at(&y)?;
            let crossings = values.windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count();
            if crossings >= 5 {
                return Ok(Some((Marks::Zeros, window / crossings as f64)));
            }
            let rises: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
            let turns = rises.windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count();
            if turns >= 8 && turning.is_none() {
                let apart = window / turns as f64;
                turning = Some((k, Marks::Valleys { apart: 0.002 * apart }, 2.0 * apart));
            }
            if let Some((since, marks, apart)) = turning
                && k > since + 2
            {
                return Ok(Some((marks, apart)));
            }
        }
        Ok(None)
    }

    /// The next mark after `from`, where marks lie about `apart` from each other.
    fn next(&mut self, from: f64, apart: f64, marks: Marks) -> Result<Option<f64>> {
        const STRIDE: usize = 8;
        let step = apart / 10.0;
        for stride in 0..12 {
            let y: Vec<f64> = (0..=STRIDE).map(|j| from + step * (stride * STRIDE + j) as f64).collect();
            let values = self.signal(&y, marks)?;
            let sought = |pair: &[f64]| match marks {
                Marks::Zeros => pair[0] * pair[1] < 0.0 || (pair[1] == 0.0 && pair[0] != 0.0),
                Marks::Valleys { .. } => pair[0] < 0.0 && pair[1] >= 0.0,
            };
            if let Some(j) = values.windows(2).position(sought) {
                return Ok(Some(self.refined((y[j], values[j]), (y[j + 1], values[j + 1]), marks)?));
            }
        }
        Ok(None)
    }

    /// A bracketed sign change by false position (Illinois).
    fn refined(&mut self, mut a: (f64, f64), mut b: (f64, f64), marks: Marks) -> Result<f64> {
        let enough = 1e-10 * (b.0 - a.0);
        for _ in 0..40 {
            if b.1 == 0.0 || (b.0 - a.0).abs() <= enough {
                break;
            }
            let y = b.0 - b.1 * (b.0 - a.0) / (b.1 - a.1);
            let (low, high) = (a.0.min(b.0), a.0.max(b.0));
            let y = if y > low && y < high { y } else { 0.5 * (low + high) };
            let value = self.signal(&[y], marks)?[0];
            if !value.is_finite() {
                break;
            }
            if value * b.1 < 0.0 {
                a = b;
            } else {
                a.1 *= 0.5;
            }
            let moved = (y - b.0).abs();
            b = (y, value);
            if moved <= enough {
                break;
            }
        }
        Ok(b.0)
    }

    /// The integral from `low` to `high`, halved where one rule is not enough.
    fn piece(&mut self, bounds: (f64, f64), depth: u32) -> Result<Found> {
        let mut sampled = |y: &[f64; POINTS], into: &mut [f64; POINTS]| {
            self.at_all(y, into)?;
            Ok(!self.integrand.spent())
        };
        halved(&mut sampled, bounds, 1e-12, depth)
    }
}

/// The integral over a corner that oscillates; none if no rhythm is found in it.
pub(super) fn half_waves(
    integrand: &mut Integrand<'_>,
    corner: Corner,
    tolerance: &dyn Fn(f64) -> f64,
) -> Result<Option<Verdict>> {
    let mut folded = Folded { integrand, corner };
    let start = 1.0 / corner.reach;
    let Some((marks, mut apart)) = folded.rhythm(start)? else { return Ok(None) };
    let margin = if let Marks::Valleys { apart } = marks { 2.0 * apart } else { 0.0 };
    let Some(mut from) = folded.next(start + margin, apart, marks)? else { return Ok(None) };
    let head = folded.piece((start, from), 10)?;
    let farthest = if corner.grain() == 0.0 { f64::INFINITY } else { 1e-6 / corner.grain() };
    let (mut sum, mut error, mut size) = (head.value, head.error, head.size);
    let (mut terms, mut sums, mut marked) = (Vec::new(), vec![sum], vec![from]);
    let mut best = Found { value: f64::NAN, error: f64::INFINITY, size };
    let mut good = 0;
    while terms.len() < WAVES && !folded.integrand.spent() && from < farthest {
        let Some(to) = folded.next(from + 0.35 * apart, apart, marks)? else { break };
        let wave = folded.piece((from, to), 6)?;
        if !wave.value.is_finite() {
            break;
        }
        sum += wave.value;
        error += wave.error;
        size += wave.size;
        terms.push(wave.value);
        sums.push(sum);
        apart = to - from;
        from = to;
        marked.push(from);
        if wave.size <= f64::EPSILON * size {
            best = Found { value: sum, error: error + 2.0 * wave.size, size };
            break;
        }
        if terms.len() < 9 {
            continue;
        }
        let limit = limit(&sums, &terms, marks);
        if limit.error + error < best.error {
            best = Found { value: limit.value, error: limit.error + error, size };
        }
        good = if limit.error + error <= 0.3 * tolerance(limit.value) { good + 1 } else { 0 };
        // Waves are seen to die away only after some of them.
        if good >= 2 && terms.len() >= 24 {
            break;
        }
    }
    if terms.len() >= 24 {
        match fate(&terms, &marked) {
            Fate::Converges => {}
            Fate::Diverges => return Ok(Some(Verdict::Diverges(Divergence::Waves))),
            Fate::Unclear => best.error = f64::INFINITY,
        }
    } else if terms.len() < 9 {
        return Ok(None);
    }
    Ok(Some(Verdict::Found(best)))
}

fn limit(sums: &[f64], terms: &[f64], marks: Marks) -> Limit {
    let (wynn, levin) = (epsilon(sums), levin(&terms[terms.len().saturating_sub(24)..]));
    // Levin's sum starts at zero where its first term does.
    let before = sums[sums.len() - 1 - terms.len().min(24)];
    let levin = Limit { value: before + levin.value, error: 3.0 * levin.error };
    let best = if levin.error < wynn.error { levin } else { wynn };
    // From valley to valley the areas fall smoothly, and neighbouring estimates agree better than they are.
    let caution = if marks == Marks::Zeros { 1.0 } else { 100.0 };
    Limit { error: caution * best.error, ..best }
}

enum Fate {
    Converges,
    Diverges,
    Unclear,
}

/// Whether the areas of the waves, or (where they have one sign) their sum, can have a limit.
fn fate(terms: &[f64], marked: &[f64]) -> Fate {
    let n = terms.len();
    let one_sign = terms[n / 2..].windows(2).all(|pair| pair[0] * pair[1] > 0.0);
    // The exponent with which areas (or, with one sign, heights) fall between two waves.
    let place = |k: usize| 0.5 * (marked[k] + marked[k + 1]);
    let height = |k: usize| if one_sign { terms[k].abs() / (marked[k + 1] - marked[k]) } else { terms[k].abs() };
    let exponent = |i: usize, j: usize| (height(i) / height(j)).ln() / (place(j) / place(i)).ln();
    let (early, late) = (exponent(n / 4, n / 2), exponent(n / 2, n - 1));
    if one_sign {
        return if late > 1.03 {
            Fate::Converges
        } else if late < 1.005 {
            Fate::Diverges
        } else {
            Fate::Unclear
        };
    }
    if late < 1e-5 || (late < 0.1 && late < 0.75 * early) { Fate::Diverges } else { Fate::Converges }
}
