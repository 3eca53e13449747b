//! Panels: blocks of rows in a row-major layout whose lines are padded to whole vectors, small enough to stay in the cache, and the sweeps
//! over them that fits of many rows are made of.

use crate::simd::{mul_add, wide_kernel};

/// Eight lanes: one AVX-512 register, two of AVX2. The width of a panel is a multiple of it.
pub(crate) const LANES: usize = 8;

wide_kernel! {
    /// sums += Σ pᵢpᵢᵀ over the rows pᵢ of a panel, upper triangle of 8×8 tiles, each of which stays in registers while it
    /// runs down the panel (Goto and van de Geijn 2008, doi:10.1145/1356052.1356053).
    pub(crate) fn add_outer_products(panel: &[f64], width: usize, sums: &mut [f64]) = add_outer_products_body
}

#[inline(always)]
fn add_outer_products_body<const FMA: bool>(panel: &[f64], width: usize, sums: &mut [f64]) {
    for i in (0..width).step_by(LANES) {
        for j in (i..width).step_by(LANES) {
            let mut tile = [[0.0; LANES]; LANES];
            for row in panel.chunks_exact(width) {
                let (left, right) = (&row[i..i + LANES], &row[j..j + LANES]);
                for a in 0..LANES {
                    for b in 0..LANES {
                        tile[a][b] = mul_add::<FMA>(left[a], right[b], tile[a][b]);
                    }
                }
            }
            for a in 0..LANES {
                let start = (i + a) * width + j;
                for (sum, t) in sums[start..start + LANES].iter_mut().zip(&tile[a]) {
                    *sum += t;
                }
            }
        }
    }
}

wide_kernel! {
    /// zᵢ = pᵢ·w for the rows pᵢ of a panel; w is as long as a padded row.
    pub(crate) fn products(panel: &[f64], w: &[f64], z: &mut [f64]) = products_body
}

/// Four rows at a time, so that their sums are in flight together.
#[inline(always)]
fn products_body<const FMA: bool>(panel: &[f64], w: &[f64], z: &mut [f64]) {
    let width = w.len();
    let (fours, of_z) = (panel.chunks_exact(4 * width), z.len() - z.len() % 4);
    let rest = fours.remainder();
    let (z_fours, z_rest) = z.split_at_mut(of_z);
    for (four, z) in fours.zip(z_fours.chunks_exact_mut(4)) {
        let (first, second) = four.split_at(2 * width);
        let ((r0, r1), (r2, r3)) = (first.split_at(width), second.split_at(width));
        let row = [r0, r1, r2, r3];
        let mut sums = [[0.0; LANES]; 4];
        for at in (0..width).step_by(LANES) {
            for r in 0..4 {
                for lane in 0..LANES {
                    sums[r][lane] = mul_add::<FMA>(row[r][at + lane], w[at + lane], sums[r][lane]);
                }
            }
        }
        for r in 0..4 {
            z[r] = folded(&sums[r]);
        }
    }
    for (row, z) in rest.chunks_exact(width).zip(z_rest) {
        let mut sums = [0.0; LANES];
        for (row, w) in row.chunks_exact(LANES).zip(w.chunks_exact(LANES)) {
            for lane in 0..LANES {
                sums[lane] = mul_add::<FMA>(row[lane], w[lane], sums[lane]);
            }
        }
        *z = folded(&sums);
    }
}

#[inline(always)]
fn folded(sums: &[f64; LANES]) -> f64 {
    let four = [sums[0] + sums[4], sums[1] + sums[5], sums[2] + sums[6], sums[3] + sums[7]];
    (four[0] + four[2]) + (four[1] + four[3])
}

wide_kernel! {
    /// sum += Σ rᵢ·pᵢ over the rows pᵢ of a panel; the sum is as long as a padded row.
    pub(crate) fn add_weighted(panel: &[f64], r: &[f64], sum: &mut [f64]) = add_weighted_body
}

#[inline(always)]
fn add_weighted_body<const FMA: bool>(panel: &[f64], r: &[f64], sum: &mut [f64]) {
    let width = sum.len();
    for at in (0..width).step_by(LANES) {
        // Two sums of eight, so that one need not wait for the other.
        let mut sums = [[0.0; LANES]; 2];
        for (two, r) in panel.chunks(2 * width).zip(r.chunks(2)) {
            for (row, (&r, sum)) in two.chunks_exact(width).zip(r.iter().zip(&mut sums)) {
                for lane in 0..LANES {
                    sum[lane] = mul_add::<FMA>(r, row[at + lane], sum[lane]);
                }
            }
        }
        for lane in 0..LANES {
            sum[at + lane] += sums[0][lane] + sums[1][lane];
        }
    }
}

wide_kernel! {
    /// Each row of `to` becomes that row of the panel times its root.
    pub(crate) fn scale_rows(panel: &[f64], roots: &[f64], to: &mut [f64]) = scale_rows_body
}

#[inline(always)]
fn scale_rows_body<const FMA: bool>(panel: &[f64], roots: &[f64], to: &mut [f64]) {
    let width = panel.len() / roots.len().max(1);
    if width == 0 {
        return;
    }
    for ((row, to), &root) in panel.chunks_exact(width).zip(to.chunks_exact_mut(width)).zip(roots) {
        for (from, to) in row.chunks_exact(LANES).zip(to.chunks_exact_mut(LANES)) {
            for lane in 0..LANES {
                to[lane] = root * from[lane];
            }
        }
    }
}

wide_kernel! {
    /// Rows ((x − shift)·scale, 0, …) of a panel whose lines are as long as `start` + shifts, padded; the first `start` columns are 1.
    pub(crate) fn standardise(x: &[f64], shifts: &[f64], scales: &[f64], start: usize, panel: &mut [f64]) = standardise_body
}

#[inline(always)]
fn standardise_body<const FMA: bool>(x: &[f64], shifts: &[f64], scales: &[f64], start: usize, panel: &mut [f64]) {
    let columns = shifts.len();
    let width = (columns + start).next_multiple_of(LANES);
    let scales = &scales[..columns];
    for (x, line) in x.chunks_exact(columns).zip(panel.chunks_exact_mut(width)) {
        line[..start].fill(1.0);
        let line = &mut line[start..start + columns];
        for j in 0..columns {
            line[j] = (x[j] - shifts[j]) * scales[j];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small whole numbers, whose sums are exact in every order.
    fn panel(rows: usize, width: usize) -> Vec<f64> {
        (0..rows * width).map(|k| f64::from((k % 13) as u32) - 6.0).collect()
    }

    #[test]
    fn sweeps_agree_with_the_plain_sums_for_every_number_of_rows() {
        for width in [8, 16, 24] {
            for rows in 1..12 {
                let (p, w) = (panel(rows, width), panel(1, width));
                let r: Vec<f64> = (0..rows).map(|i| f64::from((i % 5) as u32) - 1.0).collect();
                let (mut z, mut sum, mut scaled) = (vec![0.0; rows], vec![1.0; width], vec![0.0; rows * width]);
                products(&p, &w, &mut z);
                add_weighted(&p, &r, &mut sum);
                scale_rows(&p, &r, &mut scaled);
                for i in 0..rows {
                    assert_eq!(z[i], (0..width).map(|j| p[i * width + j] * w[j]).sum::<f64>());
                }
                for j in 0..width {
                    assert_eq!(sum[j], 1.0 + (0..rows).map(|i| r[i] * p[i * width + j]).sum::<f64>());
                    assert!((0..rows).all(|i| scaled[i * width + j] == r[i] * p[i * width + j]));
                }
            }
        }
    }

    #[test]
    fn standardised_rows_begin_with_the_constant_and_end_with_padding() {
        let mut line = vec![0.0; 16];
        standardise(&[5.0, 8.0, 7.0, 4.0], &[5.0, 2.0], &[1.0, 0.5], 1, &mut line);
        assert_eq!(line, [1.0, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    }
}
