//! How many rows each epoch's plane classifies wrongly, for all epochs in one pass over the data.
//!
//! Epochs lie side by side in the lanes of a register: a row's number meets the weights of 32 epochs in four instructions,
//! which makes the count far cheaper than a pass an epoch. Of many epochs, those rows are counted so of which a few epochs do not tell how
//! all the others judge them.

use ndarray::{ArrayView2, s};

use super::rows::{BLOCK, Rows};
use super::settled_rows::Path;
use crate::error::Error;
use crate::simd::{mul_add, wide_kernel};

/// Epochs that are counted together.
const GROUP: usize = 32;

/// From so many epochs and rows on it pays to look at a few epochs first.
const MANY_EPOCHS: usize = 17;
const MANY_ROWS: usize = 2048;

/// Wrong rows of each plane (`weights`: epochs × features), where a row of positive sign should have z > 0 and one of negative sign not; rows of
/// sign 0 do not count.
pub(super) fn errors_by_epoch<E: From<Error>>(
    rows: &Rows<'_>,
    signs: &[f64],
    weights: ArrayView2<'_, f64>,
    bias: &[f64],
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Vec<usize>, E> {
    let mut groups: Vec<Group> = (0..bias.len()).step_by(GROUP).map(|first| Group::of(first, weights, bias)).collect();
    let many = bias.len() >= MANY_EPOCHS && rows.count >= MANY_ROWS;
    let mut path = if many { Path::of(rows, weights, bias) } else { None };
    // Rows that every epoch gets wrong, and those that have to be looked at.
    let (mut always, mut open, mut seen) = (0, Open::default(), 0);
    let mut room = [0.0; BLOCK];
    for (b, (block, signs)) in rows.blocks().zip(signs.chunks(BLOCK)).enumerate() {
        if b % 16 == 0 {
            checkpoint()?;
        }
        let Some(known) = &mut path else {
            groups.iter_mut().for_each(|group| group.count(block, signs));
            continue;
        };
        let sides = &mut room[..signs.len()];
        known.judge(block, sides);
        for ((row, sign), side) in block.chunks_exact(rows.columns).zip(signs).zip(&*sides) {
            if *side == 0.0 {
                open.push(row, *sign);
            } else if side * sign < 0.0 {
                always += 1;
            }
        }
        seen += signs.len();
        if open.signs.len() >= BLOCK {
            // Where every second row has to be looked at anyway, the first look is in vain.
            if 2 * open.signs.len() > seen {
                path = None;
            }
            seen = 0;
            open.count(&mut groups);
        }
    }
    open.count(&mut groups);
    Ok(groups.iter().flat_map(|group| &group.counts[..group.used]).map(|&count| always + count as usize).collect())
}

/// Rows that have to be looked at.
#[derive(Default)]
struct Open {
    rows: Vec<f64>,
    signs: Vec<f64>,
}

impl Open {
    fn push(&mut self, row: &[f64], sign: f64) {
        self.rows.extend_from_slice(row);
        self.signs.push(sign);
    }

    /// Looks at them.
    fn count(&mut self, groups: &mut [Group]) {
        groups.iter_mut().for_each(|group| group.count(&self.rows, &self.signs));
        self.rows.clear();
        self.signs.clear();
    }
}

/// Some epochs side by side.
struct Group {
    /// For each column the weights of the epochs.
    weights: Vec<[f64; GROUP]>,
    bias: [f64; GROUP],
    used: usize,
    counts: [f64; GROUP],
}

impl Group {
    fn of(first: usize, weights: ArrayView2<'_, f64>, bias: &[f64]) -> Self {
        let biases = &bias[first..bias.len().min(first + GROUP)];
        let some = weights.slice(s![first..first + biases.len(), ..]);
        let side_by_side = |column: ndarray::ArrayView1<'_, f64>| {
            let mut lanes = [0.0; GROUP];
            lanes.iter_mut().zip(column).for_each(|(lane, &w)| *lane = w);
            lanes
        };
        let weights = some.columns().into_iter().map(side_by_side).collect();
        Group { weights, bias: side_by_side(biases.into()), used: biases.len(), counts: [0.0; GROUP] }
    }

    fn count(&mut self, block: &[f64], signs: &[f64]) {
        count_errors(block, signs, &self.weights, &self.bias, self.used, &mut self.counts);
    }
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
            judge(&z[row], signs[row], &mut found);
        }
    }
    for (row, &sign) in rest.chunks_exact(columns).zip(signs_of_rest) {
        let mut z = start;
        for (&x, w) in row.iter().zip(weights) {
            for lane in 0..PLANES {
                z[lane] = mul_add::<FMA>(x, w[lane], z[lane]);
            }
        }
        judge(&z, sign, &mut found);
    }
    for lane in 0..PLANES {
        counts[lane] += found[lane];
    }
}

/// found += 1 where z is on the wrong side.
#[inline(always)]
fn judge<const PLANES: usize>(z: &[f64; PLANES], sign: f64, found: &mut [f64; PLANES]) {
    let (positive, own) = (sign > 0.0, if sign == 0.0 { 0.0 } else { 1.0 });
    for lane in 0..PLANES {
        found[lane] += if (z[lane] > 0.0) == positive { 0.0 } else { own };
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

    #[test]
    fn rows_that_a_few_epochs_settle_are_counted_like_all_others() {
        let mut stream = crate::random::Stream::seeded(2);
        let (n, p, epochs) = (3000, 5, 60);
        for (shift, scale, noise) in
            [(0.0, 1.0, 0.0), (1e9, 1e-3, 0.0), (-40.0, 1e6, 0.0), (0.0, 1.0, 0.01), (0.0, 1.0, 3.0)]
        {
            let x = Array2::from_shape_fn((n, p), |(_, j)| scale * (j + 1) as f64 * stream.normal() + shift);
            let signs: Vec<f64> = (0..n).map(|i| f64::from((i % 3) as u32) - 1.0).collect();
            let from: Vec<f64> = (0..p).map(|_| stream.normal()).collect();
            let to: Vec<f64> = from.iter().map(|w| w + 0.2 * stream.normal()).collect();
            // From one plane to another, as descent goes: fast at first, and longer and longer.
            let share = |e: usize| 1.0 - 0.9_f64.powi(e as i32 + 1);
            let weights = Array2::from_shape_fn((epochs, p), |(e, j)| {
                let w = (1.0 - share(e)) * from[j] + share(e) * share(e) * to[j] + noise * stream.normal();
                w / (scale * (j + 1) as f64)
            });
            let bias: Vec<f64> = (0..epochs).map(|e| 0.3 * share(e) - shift * weights.row(e).sum()).collect();
            let rows = Rows::new("test", x.view()).unwrap();
            let found = errors_by_epoch(&rows, &signs, weights.view(), &bias, &mut || Ok::<(), Error>(())).unwrap();
            let mut group: Vec<Group> =
                (0..epochs).step_by(GROUP).map(|e| Group::of(e, weights.view(), &bias)).collect();
            group.iter_mut().for_each(|group| group.count(rows.values(), &signs));
            let expected: Vec<usize> =
                group.iter().flat_map(|group| &group.counts[..group.used]).map(|&count| count as usize).collect();
            assert_eq!(found, expected, "{shift} {scale} {noise}");
            if noise == 0.0 {
                // Along a smooth path, most rows are settled.
                let mut path = Path::of(&rows, weights.view(), &bias).unwrap();
                let mut sides = vec![0.0; BLOCK];
                path.judge(&rows.values()[..BLOCK * p], &mut sides);
                let settled = sides.iter().filter(|side| **side != 0.0).count();
                assert!(settled > BLOCK / 2, "{shift} {scale}: {settled}");
            }
        }
    }
}
