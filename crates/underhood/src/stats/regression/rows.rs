//! What a regression adds to the panels of all fits (`crate::panel`): how rows are laid out, and residuals of 32 digits.
//!
//! A panel's row is [1, x − s, y − s_y, 0, …], padded to whole vectors, times the root of the row's weight if there is one; s are shifts.

use crate::double_double::{two_product, two_sum};
use crate::panel::LANES;
use crate::simd::wide_kernel;

/// Rows of a panel: 128 rows of 24 columns are 24 kB.
pub(super) const ROWS: usize = 128;

wide_kernel! {
    /// Fills a panel from rows of X, which are `given` long, and from y; no y leaves its place alone, no weights stand for ones.
    pub(super) fn fill(x: &[f64], y: &[f64], given: usize, shifts: &[f64], weights: &[f64], panel: &mut [f64]) = fill_body
}

#[inline(always)]
fn fill_body<const FMA: bool>(x: &[f64], y: &[f64], given: usize, shifts: &[f64], weights: &[f64], panel: &mut [f64]) {
    let (width, y_shift) = (shifts.len(), shifts[given + 1]);
    match given {
        // Of narrow rows the loop would cost more than the work.
        1 => narrow::<1>(x, shifts, panel),
        2 => narrow::<2>(x, shifts, panel),
        3 => narrow::<3>(x, shifts, panel),
        4 => narrow::<4>(x, shifts, panel),
        5 => narrow::<5>(x, shifts, panel),
        6 => narrow::<6>(x, shifts, panel),
        _ => {
            let shifts = &shifts[1..=given];
            for (x, row) in x.chunks_exact(given).zip(panel.chunks_exact_mut(width)) {
                row[0] = 1.0;
                for ((z, x), shift) in row[1..=given].iter_mut().zip(x).zip(shifts) {
                    *z = x - shift;
                }
            }
        }
    }
    for (y, row) in y.iter().zip(panel.chunks_exact_mut(width)) {
        row[given + 1] = y - y_shift;
    }
    for (weight, row) in weights.iter().zip(panel.chunks_exact_mut(width)) {
        row.iter_mut().for_each(|z| *z *= weight);
    }
}

/// [1, x − s] of rows whose length the compiler knows; with y's place they fit one vector.
#[inline(always)]
fn narrow<const GIVEN: usize>(x: &[f64], shifts: &[f64], panel: &mut [f64]) {
    let shift: [f64; GIVEN] = std::array::from_fn(|j| shifts[j + 1]);
    for (x, row) in x.as_chunks::<GIVEN>().0.iter().zip(panel.chunks_exact_mut(LANES)) {
        row[0] = 1.0;
        for j in 0..GIVEN {
            row[j + 1] = x[j] - shift[j];
        }
    }
}

wide_kernel! {
    /// e ← Z·c with 32 digits, rounded once; to the coefficient of the first column, which is 1, `rest` is added. Rows are `width` long, of
    /// which those with a coefficient count.
    pub(super) fn combine_exactly(panel: &[f64], width: usize, c: &[f64], rest: f64, e: &mut [f64]) = exact_body
}

/// Eight rows side by side.
#[inline(always)]
fn exact_body<const FMA: bool>(panel: &[f64], width: usize, c: &[f64], rest: f64, e: &mut [f64]) {
    for (block, e) in panel.chunks(LANES * width).zip(e.chunks_mut(LANES)) {
        // The last block's last row fills the lanes that it has no rows for.
        let starts: [usize; LANES] = std::array::from_fn(|row| row.min(e.len() - 1) * width);
        let (mut sums, mut lost) = ([0.0; LANES], [rest; LANES]);
        for (j, &c) in c.iter().enumerate() {
            let values: [f64; LANES] = std::array::from_fn(|row| block[starts[row] + j]);
            for row in 0..LANES {
                let (p, low) = two_product::<FMA>(values[row], c);
                let (s, f) = two_sum(sums[row], p);
                sums[row] = s;
                lost[row] += low + f;
            }
        }
        for row in 0..LANES {
            sums[row] += lost[row];
        }
        e.copy_from_slice(&sums[..e.len()]);
    }
}
