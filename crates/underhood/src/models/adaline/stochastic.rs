//! One epoch of the least-mean-squares rule: for each row, w ← w + 2η·(y − z)·x and b ← b + 2η·(y − z), or the mean of that for some rows at a time.
//!
//! Every step waits for the one before, and a sum over a row takes long to come in. So the next row's net input is formed
//! with the weights before the present step and corrected by what the step adds to it: with δ = 2η(y − z), z′ = w·x′ + b + δ·(x·x′ + 1).

use super::super::neuron::{InMemory, InRegisters, MOST, Neuron, prefetch};
use super::super::rows::{BLOCK, Rows, add_weighted_rows, net_inputs};
use crate::panel::LANES;
use crate::simd::{mul_add, wide_kernel};

/// How an epoch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sweep {
    /// All weights are finite.
    Finite,
    /// The numbers overflowed; the weights are the last finite ones that were looked at.
    Overflow,
}

/// So many steps are made between two looks at the weights.
const STEPS: usize = 256;

/// What the steps are made of: signs are y times the row's weight, η is the learning rate, `share` is 1 with a bias and 0 without.
pub(super) struct Steps<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) signs: &'a [f64],
    pub(super) rate: f64,
    pub(super) share: f64,
}

impl Steps<'_> {
    /// Presents the rows in the given order, one by one.
    pub(super) fn one_by_one(&self, order: &[u32], weights: &mut [f64], bias: &mut f64) -> Sweep {
        let some = order.chunks(STEPS);
        guarded(some, weights, bias, |some, weights, bias| {
            let (x, twice) = (self.rows.values(), 2.0 * self.rate);
            steps(x, some, self.signs, twice, self.share, weights, bias);
        })
    }

    /// Presents the rows in the given order, `size` at a time: a step goes along the mean of their gradients.
    pub(super) fn some_by_some(&self, order: &[u32], size: usize, weights: &mut [f64], bias: &mut f64) -> Sweep {
        let columns = self.rows.columns;
        let mut room = vec![0.0; BLOCK.min(size) * columns];
        let mut factors = [0.0; BLOCK];
        let mut step = vec![0.0; columns];
        guarded(order.chunks(size), weights, bias, |batch, weights, bias| {
            step.fill(0.0);
            let mut along_bias = 0.0;
            for part in batch.chunks(BLOCK) {
                let block = &mut room[..part.len() * columns];
                for (line, &i) in block.chunks_exact_mut(columns).zip(part) {
                    line.copy_from_slice(self.rows.row(i as usize));
                }
                let factors = &mut factors[..part.len()];
                net_inputs(block, weights, *bias, factors);
                for (factor, &i) in factors.iter_mut().zip(part) {
                    let sign = self.signs[i as usize];
                    *factor = sign - sign.abs() * *factor;
                }
                add_weighted_rows(block, factors, &mut step);
                along_bias += factors.iter().sum::<f64>();
            }
            let factor = 2.0 * self.rate / batch.len() as f64;
            weights.iter_mut().zip(&step).for_each(|(w, s)| *w += factor * s);
            *bias += factor * self.share * along_bias;
        })
    }
}

/// Makes the steps of one part of the order after the other, as long as the weights stay finite.
fn guarded<'a>(
    parts: impl Iterator<Item = &'a [u32]>,
    weights: &mut [f64],
    bias: &mut f64,
    mut make: impl FnMut(&[u32], &mut [f64], &mut f64),
) -> Sweep {
    let mut saved = weights.to_vec();
    for part in parts {
        saved.copy_from_slice(weights);
        let saved_bias = *bias;
        make(part, weights, bias);
        if !(bias.is_finite() && weights.iter().all(|w| w.is_finite())) {
            weights.copy_from_slice(&saved);
            *bias = saved_bias;
            return Sweep::Overflow;
        }
    }
    Sweep::Finite
}

wide_kernel! {
    fn steps(
        x: &[f64], order: &[u32], signs: &[f64], twice: f64, share: f64, weights: &mut [f64], bias: &mut f64,
    ) = steps_body
}

#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "a kernel takes what its body takes")]
fn steps_body<const FMA: bool>(
    x: &[f64],
    order: &[u32],
    signs: &[f64],
    twice: f64,
    share: f64,
    weights: &mut [f64],
    bias: &mut f64,
) {
    let columns = weights.len();
    let presented = Presented { x, order, signs, columns };
    macro_rules! with {
        ($neuron:ty) => {{
            let mut neuron = <$neuron>::new(weights, *bias, share);
            present::<FMA, $neuron>(&presented, twice, &mut neuron);
            *bias = neuron.finish();
        }};
    }
    match columns.div_ceil(LANES) {
        1 => with!(InRegisters<'_, 1>),
        2 => with!(InRegisters<'_, 2>),
        3 => with!(InRegisters<'_, 3>),
        MOST => with!(InRegisters<'_, MOST>),
        _ => with!(InMemory<'_>),
    }
}

/// Some rows of an epoch.
struct Presented<'a> {
    x: &'a [f64],
    order: &'a [u32],
    signs: &'a [f64],
    columns: usize,
}

#[inline(always)]
fn present<'a, const FMA: bool, N: Neuron<'a>>(rows: &Presented<'_>, twice: f64, neuron: &mut N) {
    /// How many rows ahead the memory is asked.
    const AHEAD: usize = 16;
    let start_of = |i: u32| i as usize * rows.columns;
    let Some(&first) = rows.order.first() else { return };
    let mut start = start_of(first);
    let mut z = neuron.net_input::<FMA>(rows.x, start);
    for (k, &i) in rows.order.iter().enumerate() {
        if let Some(&later) = rows.order.get(k + AHEAD) {
            prefetch(rows.x, start_of(later), rows.columns);
        }
        let next = start_of(rows.order.get(k + 1).copied().unwrap_or(i));
        let before = neuron.net_input::<FMA>(rows.x, next);
        let shared = neuron.overlap::<FMA>(rows.x, next, start);
        let sign = rows.signs[i as usize];
        let step = twice * (sign - sign.abs() * z);
        z = mul_add::<FMA>(step, shared, before);
        neuron.learn::<FMA>(step, rows.x, start);
        start = next;
    }
}
