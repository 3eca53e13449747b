//! How many rows each epoch's plane classifies wrongly, for all epochs in one pass over the data.
//!
//! Epochs lie side by side in the lanes of a register: a row's number meets the weights of 32 epochs in four instructions,
//! which makes the count far cheaper than a pass an epoch.

use ndarray::{ArrayView2, s};

use super::rows::{BLOCK, Rows};
use crate::error::Error;
use crate::simd::{mul_add, wide_kernel};

/// Epochs that are counted together.
const GROUP: usize = 32;

/// Wrong rows of each plane (`weights`: epochs × features), where a row of positive sign should have z > 0 and one of negative sign not; rows of
/// sign 0 do not count.
pub(super) fn errors_by_epoch<E: From<Error>>(
    rows: &Rows<'_>,
    signs: &[f64],
    weights: ArrayView2<'_, f64>,
    bias: &[f64],
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Vec<usize>, E> {
    let mut errors = Vec::with_capacity(bias.len());
    let mut side_by_side = vec![[0.0; GROUP]; rows.columns];
    for (group, biases) in bias.chunks(GROUP).enumerate() {
        let some = weights.slice(s![group * GROUP..group * GROUP + biases.len(), ..]);
        for (column, lanes) in some.columns().into_iter().zip(&mut side_by_side) {
            lanes.iter_mut().zip(column).for_each(|(lane, &w)| *lane = w);
        }
        let mut lanes = [0.0; GROUP];
        lanes[..biases.len()].copy_from_slice(biases);
        let mut counts = [0.0; GROUP];
        for (b, (block, signs)) in rows.blocks().zip(signs.chunks(BLOCK)).enumerate() {
            if b % 64 == 0 {
                checkpoint()?;
            }
            count_errors(block, signs, &side_by_side, &lanes, biases.len(), &mut counts);
        }
        errors.extend(counts[..biases.len()].iter().map(|&count| count as usize));
    }
    Ok(errors)
}

wide_kernel! {
    /// counts += wrong rows of each of the first `used` planes (and whatever for the others).
    fn count_errors(
        block: &[f64], signs: &[f64], weights: &[[f64; GROUP]], bias: &[f64; GROUP], used: usize, counts: &mut [f64; GROUP],
    ) = count_errors_body
}

#[inline(always)]
fn count_errors_body<const FMA: bool>(
    block: &[f64],
    signs: &[f64],
    weights: &[[f64; GROUP]],
    bias: &[f64; GROUP],
    used: usize,
    counts: &mut [f64; GROUP],
) {
    // As many rows at a time as keep eight registers busy.
    match used.div_ceil(8) {
        1 => count::<FMA, 8, 4>(block, signs, weights, bias, counts),
        2 => count::<FMA, 16, 4>(block, signs, weights, bias, counts),
        3 => count::<FMA, 24, 2>(block, signs, weights, bias, counts),
        _ => count::<FMA, GROUP, 2>(block, signs, weights, bias, counts),
    }
}

#[inline(always)]
fn count<const FMA: bool, const PLANES: usize, const ROWS: usize>(
    block: &[f64],
    signs: &[f64],
    weights: &[[f64; GROUP]],
    bias: &[f64; GROUP],
    counts: &mut [f64; GROUP],
) {
    let columns = weights.len();
    let mut found = [0.0; PLANES];
    let mut judge = |z: &[f64; PLANES], sign: f64| {
        let (positive, own) = (sign > 0.0, if sign == 0.0 { 0.0 } else { 1.0 });
        for lane in 0..PLANES {
            found[lane] += if (z[lane] > 0.0) == positive { 0.0 } else { own };
        }
    };
    let start: [f64; PLANES] = std::array::from_fn(|lane| bias[lane]);
    let (some, signs_of_some) = (block.chunks_exact(ROWS * columns), signs.chunks_exact(ROWS));
    let (rest, signs_of_rest) = (some.remainder(), signs_of_some.remainder());
    for (rows, signs) in some.zip(signs_of_some) {
        let mut z = [start; ROWS];
        for (j, w) in weights.iter().enumerate() {
            for row in 0..ROWS {
                let x = rows[row * columns + j];
                for lane in 0..PLANES {
                    z[row][lane] = mul_add::<FMA>(x, w[lane], z[row][lane]);
                }
            }
        }
        for row in 0..ROWS {
            judge(&z[row], signs[row]);
        }
    }
    for (row, &sign) in rest.chunks_exact(columns).zip(signs_of_rest) {
        let mut z = start;
        for (&x, w) in row.iter().zip(weights) {
            for lane in 0..PLANES {
                z[lane] = mul_add::<FMA>(x, w[lane], z[lane]);
            }
        }
        judge(&z, sign);
    }
    for lane in 0..PLANES {
        counts[lane] += found[lane];
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn counts_agree_with_a_pass_an_epoch() {
        let x = Array2::from_shape_fn((300, 3), |(i, j)| f64::from(((i * 7 + j * 5) % 13) as u32) - 6.0);
        let signs: Vec<f64> = (0..300).map(|i| if i % 3 == 0 { 1.0 } else { -1.0 }).collect();
        let weights = Array2::from_shape_fn((70, 3), |(e, j)| f64::from(((e * 3 + j) % 7) as u32) - 3.0);
        let bias: Vec<f64> = (0..70).map(|e| f64::from(e % 5) - 2.0).collect();
        let rows = Rows::new("test", x.view()).unwrap();
        let found = errors_by_epoch(&rows, &signs, weights.view(), &bias, &mut || Ok::<(), Error>(())).unwrap();
        for (e, &count) in found.iter().enumerate() {
            let expected =
                (0..300).filter(|&i| (x.row(i).dot(&weights.row(e)) + bias[e] > 0.0) != (signs[i] > 0.0)).count();
            assert_eq!(count, expected);
        }
    }
}
