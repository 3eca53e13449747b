//! The singular values of a bidiagonal matrix alone, by differential quotients and differences with shifts.
//!
//! With q the squares of the diagonal and e those of the neighbours, a step goes from B to a B̂ with B̂ᵀ·B̂ = B·Bᵀ − τ: without a root,
//! with one division an entry, and subtracting nothing but the shift, so that the smallest values keep their digits. Source: K. V.
//! Fernando and B. N. Parlett, "Accurate singular values and differential qd algorithms", Numer. Math. 67 (1994),
//! doi:10.1007/s002110050024.

use super::iteration::{self, Rows};
use crate::simd::{mul_add, wide_kernel};

/// Squared: a neighbour below 10ε of the value beside it counts as zero.
const NEGLIGIBLE: f64 = 100.0 * f64::EPSILON * f64::EPSILON;

/// Steps per singular value, of which two to four are usual.
const PATIENCE: usize = 50;

/// The largest entry's exponent: its square stays clear of overflow, and squares of what is 2⁹⁸⁰ times smaller of underflow.
const EXPONENT: i32 = 490;

/// The part of an upper bound that is tried as a shift while nothing better is known; it grows with every success.
const TIMID: f64 = 0.25;

/// Overwrites the diagonal by the singular values, in falling order; the neighbours are used up.
pub(super) fn values(d: &mut [f64], e: &mut [f64]) {
    if differences(d, e).is_none() {
        let none = || Rows { numbers: &mut [], length: 0 };
        iteration::iterate(d, e, none(), none());
    }
}

/// Rows `first` to `last`, which stand alone: their squared values are those that q and e have now, plus the shift.
struct Block {
    first: usize,
    last: usize,
    shift: f64,
}

/// The quotients and differences, and what has settled.
struct State {
    q: Vec<f64>,
    e: Vec<f64>,
    next_q: Vec<f64>,
    next_e: Vec<f64>,
    found: Vec<f64>,
    waiting: Vec<Block>,
    steps: usize,
}

/// `None`, and nothing changed, if the values did not settle or left the range.
fn differences(d: &mut [f64], e: &[f64]) -> Option<()> {
    let n = d.len();
    let largest = d.iter().chain(e).fold(0.0_f64, |m, v| m.max(v.abs()));
    if largest == 0.0 {
        return Some(());
    }
    let scale = EXPONENT - libm::frexp(largest).1;
    let square = |v: &f64| {
        let v = libm::ldexp(*v, scale);
        v * v
    };
    let mut state = State {
        q: d.iter().map(square).collect(),
        e: e.iter().map(square).chain([0.0]).collect(),
        next_q: vec![0.0; n],
        next_e: vec![0.0; n],
        found: Vec::with_capacity(n),
        waiting: vec![Block { first: 0, last: n - 1, shift: 0.0 }],
        steps: PATIENCE * n,
    };
    while let Some(block) = state.waiting.pop() {
        state.settle(block)?;
    }
    state.found.sort_unstable_by(|a, b| b.total_cmp(a));
    if !state.found.iter().all(|v| v.is_finite()) {
        return None;
    }
    for (value, square) in d.iter_mut().zip(state.found) {
        *value = libm::ldexp(square.sqrt(), -scale);
    }
    Some(())
}

impl State {
    /// Finds the values of a block from its end upwards; what falls off its top waits.
    fn settle(&mut self, block: Block) -> Option<()> {
        let Block { mut first, mut last, mut shift } = block;
        let (mut tau, mut boldness) = (0.0, TIMID);
        let mut step = Step { smallest: 0.0, last: 0.0, before: 0.0, before_those: 0.0 };
        loop {
            let (q, e) = (&mut self.q, &mut self.e);
            if last == first {
                self.found.push(q[last] + shift);
                return Some(());
            }
            if e[last - 1] <= NEGLIGIBLE * (shift + q[last]) {
                self.found.push(q[last] + shift);
                last -= 1;
                step = Step { smallest: step.before, last: q[last], before: step.before_those, ..step };
                tau = next_shift(&q[first..=last], &e[first..last], &step, &mut boldness);
                continue;
            }
            if last == first + 1 || e[last - 2] <= NEGLIGIBLE * (shift + step.smallest) {
                let (a, b) = pair(q[last - 1], e[last - 1], q[last]);
                self.found.extend([a + shift, b + shift]);
                if last < first + 2 {
                    return Some(());
                }
                last -= 2;
                step = Step { smallest: step.before_those, last: q[last], before: step.before_those, ..step };
                tau = next_shift(&q[first..=last], &e[first..last], &step, &mut boldness);
                continue;
            }
            if let Some(i) = (first..last - 1).rev().find(|&i| e[i] <= NEGLIGIBLE * (shift + step.smallest)) {
                self.waiting.push(Block { first, last: i, shift });
                first = i + 1;
            }
            // The smallest should stand last: a block that grows downwards is turned round, which changes no value.
            if 1.5 * q[first] < q[last] {
                q[first..=last].reverse();
                e[first..last].reverse();
                tau = 0.0;
            }
            self.steps = self.steps.checked_sub(1)?;
            let (next_q, next_e) = (&mut self.next_q[first..=last], &mut self.next_e[first..=last]);
            let mut tries = 0;
            step = loop {
                let step = transform(&q[first..=last], &e[first..=last], tau, next_q, next_e);
                if step.smallest >= 0.0 {
                    break step;
                }
                // The shift was too large. If only the last entry is negative, it says by how much.
                tries += 1;
                boldness = TIMID;
                tau = match tries {
                    1 if step.before > 0.0 && tau + step.last > 0.0 => (tau + step.last) * (1.0 - 4.0 * f64::EPSILON),
                    1 | 2 => 0.25 * tau,
                    3 => 0.0,
                    _ => return None,
                };
            };
            q[first..=last].copy_from_slice(next_q);
            e[first..last].copy_from_slice(&next_e[..last - first]);
            shift += tau;
            tau = next_shift(&q[first..=last], &e[first..last], &step, &mut boldness);
        }
    }
}

/// The entries d of a step, none of which is below the smallest squared value.
struct Step {
    /// The smallest of all.
    smallest: f64,
    last: f64,
    /// The smallest of those before the last.
    before: f64,
    /// The smallest of those before the last two.
    before_those: f64,
}

wide_kernel! {
    /// One step with shift τ. A negative entry shows that τ exceeds the smallest squared value.
    fn transform(q: &[f64], e: &[f64], tau: f64, next_q: &mut [f64], next_e: &mut [f64]) -> Step = transform_body
}

#[inline(always)]
fn transform_body<const FMA: bool>(q: &[f64], e: &[f64], tau: f64, next_q: &mut [f64], next_e: &mut [f64]) -> Step {
    let n = q.len();
    let (e, next_q, next_e) = (&e[..n], &mut next_q[..n], &mut next_e[..n]);
    let mut d = q[0] - tau;
    let (mut before, mut before_those) = (f64::INFINITY, f64::INFINITY);
    for i in 0..n - 1 {
        before_those = before;
        before = if d < before { d } else { before };
        let sum = d + e[i];
        let ratio = q[i + 1] / sum;
        next_q[i] = sum;
        next_e[i] = e[i] * ratio;
        d = mul_add::<FMA>(d, ratio, -tau);
    }
    next_q[n - 1] = d;
    // A NaN is not smaller than anything, and not greater either.
    let smallest = if d >= before { before } else { d };
    Step { smallest, last: d, before, before_those }
}

/// A shift that is below the smallest squared value almost always (or else the step is repeated), and near it when the end of the block has nearly settled.
///
/// The vector z with zₙ = 1 and zᵢ = −zᵢ₊₁·√(eᵢ/qᵢ) has B·z = √qₙ·eₙ: its Rayleigh quotient is qₙ/‖z‖², its residual
/// qₙ·√(‖z‖² − 1)/‖z‖² (Parlett and Marques 2000, doi:10.1016/S0024-3795(00)00010-0).
fn next_shift(q: &[f64], e: &[f64], step: &Step, boldness: &mut f64) -> f64 {
    let mut bolder = |smallest| {
        let shift = *boldness * smallest;
        *boldness += (1.0 - *boldness) / 3.0;
        shift
    };
    if step.smallest < step.last {
        return bolder(step.smallest);
    }
    let (mut rest, mut term) = (0.0, 1.0);
    for (q, e) in q.iter().zip(e).rev() {
        term *= e / q;
        rest += term;
        if rest > 0.5 || term < 0.01 * rest {
            break;
        }
    }
    // The terms that were left out.
    rest *= 1.05;
    if rest > 0.5 {
        return bolder(step.last);
    }
    *boldness = TIMID;
    let quotient = step.last / (1.0 + rest);
    let residual = quotient * rest.sqrt();
    // The quotient's error is at most the residual, and at most its square over the distance from the next value.
    let distance = 0.5 * step.before - quotient;
    quotient - if distance > residual { residual * (residual / distance) } else { residual }
}

/// The squared singular values of (√q₁ √e; 0 √q₂).
fn pair(q1: f64, e: f64, q2: f64) -> (f64, f64) {
    let (f, g, h) = (q1.sqrt(), e.sqrt(), q2.sqrt());
    // σ₁ + σ₂ = √((f + h)² + g²), σ₁ − σ₂ = √((f − h)² + g²), and σ₁·σ₂ = f·h.
    let larger = 0.5 * ((f + h).hypot(g) + (f - h).hypot(g));
    let smaller = f.max(h) / larger * f.min(h);
    (larger * larger, smaller * smaller)
}
