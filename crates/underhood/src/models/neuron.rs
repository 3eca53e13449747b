//! Weights and bias while they learn row by row.
//!
//! Every step waits for the one before, so what it costs is the way from one net input to the next: weights of up to
//! [`MOST`]·8 columns stay in registers, and the last eight numbers of a row are read as one group, whatever the number of
//! columns, with weights of zero where a group before them, or the row before, has been.

use super::rows::{overlap_mask, row_dot, row_tail};
use crate::panel::LANES;
use crate::simd::mul_add;

/// Planes of up to so many groups of eight weights are kept in registers.
pub(super) const MOST: usize = 4;

/// A plane that learns: z = w·x + b, and steps along a row.
pub(super) trait Neuron<'a> {
    /// Takes weights and bias; `share` is 1 if the bias learns, 0 if it stays.
    fn new(weights: &'a mut [f64], bias: f64, share: f64) -> Self;

    /// w·x + b for the row that begins at `start`.
    fn net_input<const FMA: bool>(&self, x: &[f64], start: usize) -> f64;

    /// w += step·x, b += step.
    fn learn<const FMA: bool>(&mut self, step: f64, x: &[f64], start: usize);

    /// Σ xⱼ·x′ⱼ of two rows, and 1 for a bias that learns: what a step along one adds to the net input of the other.
    fn overlap<const FMA: bool>(&self, x: &[f64], start: usize, other: usize) -> f64;

    /// Gives the weights back, and the bias.
    fn finish(self) -> f64;
}

/// Weights in G groups of eight.
pub(super) struct InRegisters<'a, const G: usize> {
    home: &'a mut [f64],
    groups: [[f64; LANES]; G],
    /// 1 in the lanes of the last group that are its own.
    mask: [f64; LANES],
    bias: f64,
    share: f64,
}

/// A row: its numbers, and the last eight of them, or of them and those before the row.
#[derive(Clone, Copy)]
struct Groups<'x> {
    row: &'x [f64],
    last: &'x [f64; LANES],
}

impl<const G: usize> InRegisters<'_, G> {
    /// The groups of a row, the last of which ends where the row ends; nothing for the first rows of a matrix of few columns, which have
    /// no eight numbers up to their end.
    #[inline(always)]
    fn groups_of<'x>(&self, x: &'x [f64], start: usize) -> Option<Groups<'x>> {
        let end = start + self.home.len();
        let last = x[..end].last_chunk::<LANES>()?;
        Some(Groups { row: &x[start..end], last })
    }

    /// The numbers of a row where [`groups_of`](Self::groups_of) finds nothing.
    #[inline(always)]
    fn short_row(&self, x: &[f64], start: usize) -> [f64; LANES] {
        let (mut room, columns) = ([0.0; LANES], self.home.len().min(LANES));
        room[LANES - columns..].copy_from_slice(&x[start..start + columns]);
        room
    }
}

impl<'a, const G: usize> Neuron<'a> for InRegisters<'a, G> {
    #[inline(always)]
    fn new(weights: &'a mut [f64], bias: f64, share: f64) -> Self {
        let own = weights.len() - (G - 1) * LANES;
        let mask: [f64; LANES] = std::array::from_fn(|lane| if lane >= LANES - own { 1.0 } else { 0.0 });
        let mut groups = [[0.0; LANES]; G];
        for g in 0..G - 1 {
            groups[g].copy_from_slice(&weights[g * LANES..(g + 1) * LANES]);
        }
        groups[G - 1][LANES - own..].copy_from_slice(&weights[(G - 1) * LANES..]);
        InRegisters { home: weights, groups, mask, bias, share }
    }

    #[inline(always)]
    fn net_input<const FMA: bool>(&self, x: &[f64], start: usize) -> f64 {
        self.bias
            + match self.groups_of(x, start) {
                Some(row) => sum_of_products::<FMA, G>(row, &self.groups),
                None => {
                    let last = &self.short_row(x, start);
                    sum_of_products::<FMA, G>(Groups { row: &x[start..], last }, &self.groups)
                }
            }
    }

    #[inline(always)]
    fn learn<const FMA: bool>(&mut self, step: f64, x: &[f64], start: usize) {
        self.bias = mul_add::<FMA>(step, self.share, self.bias);
        let Some(row) = self.groups_of(x, start) else {
            let row = self.short_row(x, start);
            for lane in 0..LANES {
                self.groups[G - 1][lane] = mul_add::<FMA>(step, row[lane], self.groups[G - 1][lane]);
            }
            return;
        };
        for g in 0..G - 1 {
            let x = &row.row[g * LANES..(g + 1) * LANES];
            for lane in 0..LANES {
                self.groups[g][lane] = mul_add::<FMA>(step, x[lane], self.groups[g][lane]);
            }
        }
        for lane in 0..LANES {
            self.groups[G - 1][lane] = mul_add::<FMA>(step * self.mask[lane], row.last[lane], self.groups[G - 1][lane]);
        }
    }

    #[inline(always)]
    fn overlap<const FMA: bool>(&self, x: &[f64], start: usize, other: usize) -> f64 {
        let (Some(row), Some(other_row)) = (self.groups_of(x, start), self.groups_of(x, other)) else {
            let columns = self.home.len();
            let pairs = x[start..start + columns].iter().zip(&x[other..other + columns]);
            return self.share + pairs.map(|(a, b)| a * b).sum::<f64>();
        };
        let mut own = [[0.0; LANES]; G];
        for g in 0..G - 1 {
            own[g].copy_from_slice(&row.row[g * LANES..(g + 1) * LANES]);
        }
        for lane in 0..LANES {
            own[G - 1][lane] = row.last[lane] * self.mask[lane];
        }
        self.share + sum_of_products::<FMA, G>(other_row, &own)
    }

    #[inline(always)]
    fn finish(self) -> f64 {
        let before = (G - 1) * LANES;
        let own = self.home.len() - before;
        for g in 0..G - 1 {
            self.home[g * LANES..(g + 1) * LANES].copy_from_slice(&self.groups[g]);
        }
        self.home[before..].copy_from_slice(&self.groups[G - 1][LANES - own..]);
        self.bias
    }
}

#[inline(always)]
fn sum_of_products<const FMA: bool, const G: usize>(x: Groups<'_>, y: &[[f64; LANES]; G]) -> f64 {
    let mut sums: [f64; LANES] = std::array::from_fn(|lane| x.last[lane] * y[G - 1][lane]);
    for g in 0..G - 1 {
        let x = &x.row[g * LANES..(g + 1) * LANES];
        for lane in 0..LANES {
            sums[lane] = mul_add::<FMA>(x[lane], y[g][lane], sums[lane]);
        }
    }
    // Without the pause, the compiler sees that a sum in pairs needs two lanes at a time, and makes the whole row a matter of two lanes.
    let sums = std::hint::black_box(sums);
    let four: [f64; LANES / 2] = std::array::from_fn(|lane| sums[lane] + sums[lane + LANES / 2]);
    (four[0] + four[2]) + (four[1] + four[3])
}

/// Weights of any number of columns. What whole groups of eight leave over of them lives in `tail`, so that no step waits for memory that
/// it has just written in another grouping.
pub(super) struct InMemory<'a> {
    weights: &'a mut [f64],
    tail: [f64; LANES],
    mask: [f64; LANES],
    bias: f64,
    share: f64,
}

impl<'a> Neuron<'a> for InMemory<'a> {
    #[inline(always)]
    fn new(weights: &'a mut [f64], bias: f64, share: f64) -> Self {
        let mask = overlap_mask(weights.len());
        InMemory { tail: row_tail(weights, &mask), weights, mask, bias, share }
    }

    #[inline(always)]
    fn net_input<const FMA: bool>(&self, x: &[f64], start: usize) -> f64 {
        row_dot::<FMA>(&x[start..start + self.weights.len()], self.weights, &self.tail) + self.bias
    }

    #[inline(always)]
    fn learn<const FMA: bool>(&mut self, step: f64, x: &[f64], start: usize) {
        self.bias = mul_add::<FMA>(step, self.share, self.bias);
        let columns = self.weights.len();
        let row = &x[start..start + columns];
        if columns < LANES {
            self.weights.iter_mut().zip(row).for_each(|(w, x)| *w = mul_add::<FMA>(step, *x, *w));
            return;
        }
        for (w, x) in self.weights.chunks_exact_mut(LANES).zip(row.chunks_exact(LANES)) {
            for lane in 0..LANES {
                w[lane] = mul_add::<FMA>(step, x[lane], w[lane]);
            }
        }
        let last = &row[columns - LANES..];
        for lane in 0..LANES {
            self.tail[lane] = mul_add::<FMA>(step * self.mask[lane], last[lane], self.tail[lane]);
        }
    }

    #[inline(always)]
    fn overlap<const FMA: bool>(&self, x: &[f64], start: usize, other: usize) -> f64 {
        let columns = self.weights.len();
        let (row, other) = (&x[start..start + columns], &x[other..other + columns]);
        row_dot::<FMA>(row, other, &row_tail(other, &self.mask)) + self.share
    }

    #[inline(always)]
    fn finish(self) -> f64 {
        let rest = self.weights.len() % LANES;
        let start = self.weights.len() - rest;
        if start == 0 {
            return self.bias;
        }
        self.weights[start..].copy_from_slice(&self.tail[LANES - rest..]);
        self.bias
    }
}

/// Asks the memory for a row that will be read soon; on other machines it does nothing.
#[inline(always)]
pub(super) fn prefetch(x: &[f64], start: usize, columns: usize) {
    #[cfg(target_arch = "x86_64")]
    for offset in (0..columns + LANES).step_by(LANES) {
        let place = x.as_ptr().wrapping_add(start + offset);
        // SAFETY: a prefetch changes nothing but what lies in the cache, and does nothing for an address that is not there.
        unsafe { std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(place.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (x, start, columns);
}
