//! One epoch of the least-mean-squares rule: for each row, w ← w + 2η·(y − z)·x and b ← b + 2η·(y − z).
//!
//! Every step waits for the one before, and a sum over a row takes long to come in. So the next row's net input is formed
//! with the weights before the present step and corrected by what the step adds to it: with δ = 2η(y − z), z′ = w·x′ + b + δ·(x·x′ + 1).

use super::super::rows::{Neuron, overlap, prefetch};
use super::Rows;
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

/// Presents the rows in the given order.
pub(super) fn sweep(
    rows: &Rows<'_>,
    order: &[u32],
    signs: &[f64],
    rate: f64,
    weights: &mut [f64],
    bias: &mut f64,
) -> Sweep {
    let mut saved = weights.to_vec();
    for some in order.chunks(STEPS) {
        saved.copy_from_slice(weights);
        let saved_bias = *bias;
        steps(rows.values(), some, signs, 2.0 * rate, weights, bias);
        if !(bias.is_finite() && weights.iter().all(|w| w.is_finite())) {
            weights.copy_from_slice(&saved);
            *bias = saved_bias;
            return Sweep::Overflow;
        }
    }
    Sweep::Finite
}

wide_kernel! {
    fn steps(x: &[f64], order: &[u32], signs: &[f64], twice_rate: f64, weights: &mut [f64], bias: &mut f64) = steps_body
}

#[inline(always)]
fn steps_body<const FMA: bool>(
    x: &[f64],
    order: &[u32],
    signs: &[f64],
    twice_rate: f64,
    weights: &mut [f64],
    bias: &mut f64,
) {
    /// How many rows ahead the memory is asked.
    const AHEAD: usize = 8;
    let columns = weights.len();
    let row_of = |i: u32| &x[i as usize * columns..(i as usize + 1) * columns];
    let Some(&first) = order.first() else { return };
    let mut neuron = Neuron::new(weights, *bias);
    let mut row = row_of(first);
    let mut z = neuron.net_input::<FMA>(row);
    for (k, &i) in order.iter().enumerate() {
        if let Some(&later) = order.get(k + AHEAD) {
            prefetch(x, later as usize * columns, columns);
        }
        let next = row_of(order.get(k + 1).copied().unwrap_or(i));
        let before = neuron.net_input::<FMA>(next);
        let shared = overlap::<FMA>(next, row) + 1.0;
        let step = twice_rate * (signs[i as usize] - z);
        z = mul_add::<FMA>(step, shared, before);
        neuron.learn::<FMA>(step, row);
        row = next;
    }
    *bias = neuron.finish();
}
