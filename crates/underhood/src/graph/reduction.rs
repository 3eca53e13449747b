//! Sums, products and extremes along an axis: of `count` elements that stand `inner` apart.

use super::operation::Reduction;
use crate::elementary;
use crate::simd::wide_kernel;

/// Reduces each group of `count` elements `inner` apart to one.
pub(super) fn reduce(op: Reduction, from: &[f64], (count, inner): (usize, usize), out: &mut [f64]) {
    if count == 0 {
        out.fill(if op == Reduction::Product { 1.0 } else { 0.0 });
        return;
    }
    if op == Reduction::LogSumExp {
        log_sum_exp(from, (count, inner), out);
        return;
    }
    if inner == 1 {
        for (out, group) in out.iter_mut().zip(from.chunks_exact(count)) {
            *out = match op {
                Reduction::Sum => sum(group),
                Reduction::Product => group.iter().product(),
                Reduction::Maximum => largest(group),
                Reduction::Minimum => smallest(group),
                Reduction::LogSumExp => return,
            };
        }
        return;
    }
    for (out, groups) in out.chunks_exact_mut(inner).zip(from.chunks_exact(count * inner)) {
        match op {
            Reduction::Sum => rows(out, groups, inner),
            _ => {
                out.copy_from_slice(&groups[..inner]);
                for row in groups[inner..].chunks_exact(inner) {
                    for (out, x) in out.iter_mut().zip(row) {
                        *out = match op {
                            Reduction::Maximum => {
                                if *x > *out || x.is_nan() {
                                    *x
                                } else {
                                    *out
                                }
                            }
                            Reduction::Minimum => {
                                if *x < *out || x.is_nan() {
                                    *x
                                } else {
                                    *out
                                }
                            }
                            _ => *out * x,
                        };
                    }
                }
            }
        }
    }
}

/// ln Σ eˣ = m + ln(1 + Σ e^(x − m)) with the largest x as m, which the sum leaves out: nothing overflows, and where one x is far above
/// the others, what they add keeps its digits.
fn log_sum_exp(from: &[f64], (count, inner): (usize, usize), out: &mut [f64]) {
    const ROOM: usize = 512;
    let mut shifted = [0.0; ROOM];
    // Many short groups at once, so that the exponentials are taken several at a time; a long group in parts.
    let at_once = (ROOM / count).max(1);
    for (first, out) in out.chunks_mut(at_once).enumerate() {
        let start = |group: usize| {
            let number = first * at_once + group;
            number / inner * count * inner + number % inner
        };
        let element = |group: usize, k: usize| from[start(group) + k * inner];
        for (group, out) in out.iter_mut().enumerate() {
            *out = (0..count)
                .map(|k| element(group, k))
                .fold(f64::NEG_INFINITY, |most, x| if x > most || x.is_nan() { x } else { most });
        }
        if count <= ROOM {
            let used = out.len() * count;
            for (group, (shifted, top)) in shifted.chunks_exact_mut(count).zip(out.iter()).enumerate() {
                shift(shifted, (0..count).map(|k| element(group, k)), *top, true);
            }
            elementary::exp::in_place(&mut shifted[..used]);
            for (shifted, out) in shifted.chunks_exact(count).zip(out.iter_mut()) {
                finish(out, shifted.iter().sum());
            }
        } else {
            let Some(top) = out.first_mut() else { continue };
            let (mut rest, mut lead) = (0.0, true);
            for part in (0..count).step_by(ROOM) {
                let used = ROOM.min(count - part);
                lead = shift(&mut shifted[..used], (part..part + used).map(|k| element(0, k)), *top, lead);
                elementary::exp::in_place(&mut shifted[..used]);
                rest += shifted[..used].iter().sum::<f64>();
            }
            finish(top, rest);
        }
    }

    /// x − m of every element; the first that equals m is left out while it is awaited. Says whether it still is.
    fn shift(shifted: &mut [f64], x: impl Iterator<Item = f64>, top: f64, mut lead: bool) -> bool {
        for (shifted, x) in shifted.iter_mut().zip(x) {
            let left_out = lead && x == top;
            lead &= !left_out;
            *shifted = if left_out { f64::NEG_INFINITY } else { x - top };
        }
        lead
    }

    fn finish(top: &mut f64, rest: f64) {
        // An infinite or missing number is what remains of its group.
        if top.is_finite() {
            *top += elementary::ln_1p::scalar(rest);
        }
    }
}

/// Replaces each element by the sum up to it, or from it on.
pub(super) fn accumulate(values: &mut [f64], (count, inner): (usize, usize), reverse: bool) {
    for group in values.chunks_exact_mut((count * inner).max(1)) {
        for lane in 0..inner {
            let mut total = 0.0;
            for step in 0..count {
                let place = lane + inner * if reverse { count - 1 - step } else { step };
                total += group[place];
                group[place] = total;
            }
        }
    }
}

/// Sums longer than this are halved: the error grows with the logarithm of the length (N. Higham 1993, doi:10.1137/0914050).
const SUMMED_AT_ONCE: usize = 1024;

fn sum(x: &[f64]) -> f64 {
    if x.len() <= SUMMED_AT_ONCE {
        return block(x);
    }
    let (left, right) = x.split_at((x.len() / 2).next_multiple_of(8));
    sum(left) + sum(right)
}

wide_kernel! { fn block(x: &[f64]) -> f64 = block_body }

/// Thirty-two sums at once, then in pairs.
#[inline(always)]
fn block_body<const FMA: bool>(x: &[f64]) -> f64 {
    const LANES: usize = 32;
    let chunks = x.chunks_exact(LANES);
    let rest: f64 = chunks.remainder().iter().sum();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            sums[lane] += chunk[lane];
        }
    }
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            sums[lane] += sums[lane + width];
        }
        width /= 2;
    }
    sums[0] + rest
}

/// Sums of rows, in blocks of rows that are summed up first.
fn rows(out: &mut [f64], values: &[f64], inner: usize) {
    let count = values.len() / inner;
    if count > SUMMED_AT_ONCE {
        let (top, bottom) = values.split_at(count / 2 * inner);
        rows(out, top, inner);
        let mut below = vec![0.0; inner];
        rows(&mut below, bottom, inner);
        out.iter_mut().zip(&below).for_each(|(out, below)| *out += below);
        return;
    }
    out.fill(0.0);
    for row in values.chunks_exact(inner) {
        add(out, row);
    }
}

wide_kernel! { fn add(out: &mut [f64], row: &[f64]) = add_body }

#[inline(always)]
fn add_body<const FMA: bool>(out: &mut [f64], row: &[f64]) {
    out.iter_mut().zip(row).for_each(|(out, x)| *out += x);
}

fn largest(x: &[f64]) -> f64 {
    x.iter().copied().fold(f64::NEG_INFINITY, |most, x| if x > most || x.is_nan() { x } else { most })
}

fn smallest(x: &[f64]) -> f64 {
    x.iter().copied().fold(f64::INFINITY, |least, x| if x < least || x.is_nan() { x } else { least })
}
