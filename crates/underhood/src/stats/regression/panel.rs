//! Rows of a design, a few hundred at a time and in the cache, and the passes over them that a regression needs.
//!
//! A panel's row is [1, x − s, y − s_y, 0, …], padded to whole vectors, times the root of the row's weight if there is one; s are shifts.
//! The products of all pairs of its columns are summed in tiles of 8 × 8 that stay in registers.

use crate::double_double::{two_product, two_sum};
use crate::simd::{mul_add, wide_kernel};

/// Rows are padded with zeros to a multiple of this.
pub(super) const LANES: usize = 8;
/// Rows of a panel: 128 rows of 24 columns are 24 kB.
pub(super) const ROWS: usize = 128;

wide_kernel! {
    /// Fills a panel from rows of X, which are `given` long, and from y; no y leaves its place alone, no weights stand for ones.
    pub(super) fn fill(x: &[f64], y: &[f64], given: usize, shifts: &[f64], weights: &[f64], panel: &mut [f64]) = fill_body
}

#[inline(always)]
fn fill_body<const FMA: bool>(x: &[f64], y: &[f64], given: usize, shifts: &[f64], weights: &[f64], panel: &mut [f64]) {
    let (width, y_shift, shifts) = (shifts.len(), shifts[given + 1], &shifts[1..=given]);
    for (x, row) in x.chunks_exact(given).zip(panel.chunks_exact_mut(width)) {
        row[0] = 1.0;
        for ((z, x), shift) in row[1..=given].iter_mut().zip(x).zip(shifts) {
            *z = x - shift;
        }
    }
    for (y, row) in y.iter().zip(panel.chunks_exact_mut(width)) {
        row[given + 1] = y - y_shift;
    }
    for (weight, row) in weights.iter().zip(panel.chunks_exact_mut(width)) {
        row.iter_mut().for_each(|z| *z *= weight);
    }
}

wide_kernel! {
    /// G ← G + ZᵀZ, tiles on and above the diagonal only.
    pub(super) fn add_products(panel: &[f64], width: usize, gram: &mut [f64]) = products_body
}

#[inline(always)]
fn products_body<const FMA: bool>(panel: &[f64], width: usize, gram: &mut [f64]) {
    for i in (0..width).step_by(LANES) {
        for j in (i..width).step_by(LANES) {
            let mut tile = [[0.0; LANES]; LANES];
            for row in panel.chunks_exact(width) {
                let (a, b) = (&row[i..i + LANES], &row[j..j + LANES]);
                for r in 0..LANES {
                    for lane in 0..LANES {
                        tile[r][lane] = mul_add::<FMA>(a[r], b[lane], tile[r][lane]);
                    }
                }
            }
            for r in 0..LANES {
                let at = (i + r) * width + j;
                gram[at..at + LANES].iter_mut().zip(&tile[r]).for_each(|(sum, product)| *sum += product);
            }
        }
    }
}

wide_kernel! {
    /// e ← Z·c.
    pub(super) fn combine(panel: &[f64], c: &[f64], e: &mut [f64]) = combine_body
}

#[inline(always)]
fn combine_body<const FMA: bool>(panel: &[f64], c: &[f64], e: &mut [f64]) {
    for (row, e) in panel.chunks_exact(c.len()).zip(e) {
        let mut sums = [0.0; LANES];
        for (row, c) in row.chunks_exact(LANES).zip(c.chunks_exact(LANES)) {
            for lane in 0..LANES {
                sums[lane] = mul_add::<FMA>(row[lane], c[lane], sums[lane]);
            }
        }
        let four = [sums[0] + sums[4], sums[1] + sums[5], sums[2] + sums[6], sums[3] + sums[7]];
        *e = (four[0] + four[2]) + (four[1] + four[3]);
    }
}

wide_kernel! {
    /// g ← g + Zᵀe.
    pub(super) fn project(panel: &[f64], e: &[f64], g: &mut [f64]) = project_body
}

/// Four sums for each column, so that they do not wait for each other.
#[inline(always)]
fn project_body<const FMA: bool>(panel: &[f64], e: &[f64], g: &mut [f64]) {
    const FOUR: usize = 4;
    let width = g.len();
    for at in (0..width).step_by(LANES) {
        let mut sums = [[0.0; LANES]; FOUR];
        let (rows, errors) = (panel.chunks_exact(FOUR * width), e.chunks_exact(FOUR));
        let (last_rows, last_errors) = (rows.remainder(), errors.remainder());
        for (rows, e) in rows.zip(errors) {
            for r in 0..FOUR {
                let z = &rows[r * width + at..][..LANES];
                for lane in 0..LANES {
                    sums[r][lane] = mul_add::<FMA>(e[r], z[lane], sums[r][lane]);
                }
            }
        }
        for (row, e) in last_rows.chunks_exact(width).zip(last_errors) {
            for lane in 0..LANES {
                sums[0][lane] = mul_add::<FMA>(*e, row[at + lane], sums[0][lane]);
            }
        }
        for lane in 0..LANES {
            g[at + lane] += (sums[0][lane] + sums[1][lane]) + (sums[2][lane] + sums[3][lane]);
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
