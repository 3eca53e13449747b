//! Rows of a design, a few hundred at a time and in the cache, and the three passes over them that a regression needs.
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
    /// z ← (x − shifts)·w, row by row; rows of X and of the panel are `given` and `width` long, and those of the panel are filled from
    /// `start` on. No weights stand for weights of one.
    pub(super) fn fill(x: &[f64], shifts: &[f64], weights: &[f64], z: &mut [f64], layout: [usize; 3]) = fill_body
}

#[inline(always)]
fn fill_body<const FMA: bool>(
    x: &[f64],
    shifts: &[f64],
    weights: &[f64],
    z: &mut [f64],
    [given, width, start]: [usize; 3],
) {
    let shifts = &shifts[..given];
    for (i, (x, z)) in x.chunks_exact(given).zip(z.chunks_exact_mut(width)).enumerate() {
        let z = &mut z[start..start + given];
        for ((z, x), shift) in z.iter_mut().zip(x).zip(shifts) {
            *z = x - shift;
        }
        if let Some(weight) = weights.get(i) {
            z.iter_mut().for_each(|z| *z *= weight);
        }
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
    /// For each row z: e ← e − z·β, then g ← g + e·w²·z, for weights w. β and g are as long as a row, which the weights do not yet multiply.
    pub(super) fn residuals(rows: &[f64], beta: &[f64], weights: &[f64], e: &mut [f64], g: &mut [f64]) = residuals_body
}

/// Four rows at a time, so that their sums are in flight together and g is read and written once for all.
#[inline(always)]
fn residuals_body<const FMA: bool>(rows: &[f64], beta: &[f64], weights: &[f64], e: &mut [f64], g: &mut [f64]) {
    const FOUR: usize = 4;
    let width = beta.len();
    let g = &mut g[..width];
    let weight = |i: usize| weights.get(i).map_or(1.0, |w| w * w);
    let whole = e.len() - e.len() % FOUR;
    for (block, four) in rows.chunks_exact(FOUR * width).enumerate() {
        let row: [&[f64]; FOUR] = std::array::from_fn(|r| &four[r * width..(r + 1) * width]);
        let mut sums = [[0.0; LANES]; FOUR];
        for at in (0..width).step_by(LANES) {
            for r in 0..FOUR {
                for lane in 0..LANES {
                    sums[r][lane] = mul_add::<FMA>(row[r][at + lane], beta[at + lane], sums[r][lane]);
                }
            }
        }
        let mut left = [0.0; FOUR];
        for r in 0..FOUR {
            let i = FOUR * block + r;
            e[i] -= folded(&sums[r]);
            left[r] = e[i] * weight(i);
        }
        for at in (0..width).step_by(LANES) {
            for lane in 0..LANES {
                let mut sum = g[at + lane];
                for r in 0..FOUR {
                    sum = mul_add::<FMA>(left[r], row[r][at + lane], sum);
                }
                g[at + lane] = sum;
            }
        }
    }
    for (i, row) in rows.chunks_exact(width).enumerate().skip(whole) {
        e[i] -= row.iter().zip(beta).map(|(z, b)| z * b).sum::<f64>();
        let left = e[i] * weight(i);
        g.iter_mut().zip(row).for_each(|(g, z)| *g = mul_add::<FMA>(left, *z, *g));
    }
}

#[inline(always)]
fn folded(sums: &[f64; LANES]) -> f64 {
    let four = [sums[0] + sums[4], sums[1] + sums[5], sums[2] + sums[6], sums[3] + sums[7]];
    (four[0] + four[2]) + (four[1] + four[3])
}

wide_kernel! {
    /// For each row z, which is neither shifted nor weighted and has y among its columns: e ← z·c, carried with 32 digits and rounded
    /// once, then g ← g + e·w²·(z − shifts). To the coefficient of the first column, which is 1, `rest` is added.
    pub(super) fn exact_residuals(
        rows: &[f64], c: &[f64], rest: f64, shifts: &[f64], weights: &[f64], e: &mut [f64], g: &mut [f64],
    ) = exact_body
}

#[inline(always)]
fn exact_body<const FMA: bool>(
    rows: &[f64],
    c: &[f64],
    rest: f64,
    shifts: &[f64],
    weights: &[f64],
    e: &mut [f64],
    g: &mut [f64],
) {
    let width = c.len();
    let (g, shifts) = (&mut g[..width], &shifts[..width]);
    for (i, (row, e)) in rows.chunks_exact(width).zip(e).enumerate() {
        let (mut sums, mut lost) = ([0.0; LANES], [0.0; LANES]);
        for at in (0..width).step_by(LANES) {
            for lane in 0..LANES {
                let (p, low) = two_product::<FMA>(row[at + lane], c[at + lane]);
                let (s, f) = two_sum(sums[lane], p);
                sums[lane] = s;
                lost[lane] += low + f;
            }
        }
        let mut half = LANES / 2;
        while half > 0 {
            for lane in 0..half {
                let (s, f) = two_sum(sums[lane], sums[lane + half]);
                sums[lane] = s;
                lost[lane] += lost[lane + half] + f;
            }
            half /= 2;
        }
        *e = sums[0] + (lost[0] + rest);
        let left = *e * weights.get(i).map_or(1.0, |w| w * w);
        for at in (0..width).step_by(LANES) {
            for lane in 0..LANES {
                g[at + lane] = mul_add::<FMA>(left, row[at + lane] - shifts[at + lane], g[at + lane]);
            }
        }
    }
}
