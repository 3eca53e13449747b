//! The three sweeps over rows that every linear model is made of: z = w·x + b for a block of rows, Σ rᵢ·xᵢ over a block,
//! and whether all numbers are finite. Rows lie one after another in memory.

use std::borrow::Cow;

use ndarray::ArrayView2;

use crate::error::{Error, Result};
use crate::panel::LANES;
use crate::simd::{mul_add, wide_kernel};

/// How many rows a sweep takes at a time: 256 rows of twenty doubles fit the second-level cache with room to spare.
pub(super) const BLOCK: usize = 256;

/// How many multiplications lie between two looks at the keyboard: some milliseconds of work.
pub(super) const CHECK_EVERY: usize = 4_000_000;

/// A matrix's rows one after another: borrowed when they lie so, else copied once.
pub(super) struct Rows<'a> {
    values: Cow<'a, [f64]>,
    pub(super) count: usize,
    pub(super) columns: usize,
}

impl<'a> Rows<'a> {
    /// Takes a matrix of finite numbers with at least one row and one column, or says what is wrong with it.
    pub(super) fn new(function: &'static str, x: ArrayView2<'a, f64>) -> Result<Self> {
        let rows = Rows::unchecked(function, x)?;
        if !all_finite(&rows.values) {
            rows.refuse_non_finite(function)?;
        }
        Ok(rows)
    }

    /// The same for one who will see by the sums whether all numbers are finite, and then calls
    /// [`refuse_non_finite`](Self::refuse_non_finite).
    pub(super) fn unchecked(function: &'static str, x: ArrayView2<'a, f64>) -> Result<Self> {
        let (count, columns) = x.dim();
        crate::check::at_least(function, "X", "rows", count, 1)?;
        crate::check::at_least(function, "X", "columns", columns, 1)?;
        let values = match x.to_slice() {
            Some(slice) => Cow::Borrowed(slice),
            None => Cow::Owned(x.iter().copied().collect()),
        };
        Ok(Rows { values, count, columns })
    }

    /// Says where the first number stands that is not finite, if there is one.
    pub(super) fn refuse_non_finite(&self, function: &'static str) -> Result<()> {
        match self.values.iter().position(|v| !v.is_finite()) {
            None => Ok(()),
            Some(at) => {
                let index = vec![at / self.columns, at % self.columns];
                Err(Error::NotFinite { function, argument: "X", value: self.values[at], index })
            }
        }
    }

    /// All numbers, row by row.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// One row.
    pub(super) fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.columns..(i + 1) * self.columns]
    }

    /// One row in `step`, copied.
    pub(super) fn every(&self, step: usize) -> Rows<'static> {
        let values: Vec<f64> = (0..self.count).step_by(step).flat_map(|i| self.row(i)).copied().collect();
        let count = values.len() / self.columns;
        Rows { values: Cow::Owned(values), count, columns: self.columns }
    }

    /// Those rows for which `counts` says so, copied.
    pub(super) fn chosen(&self, counts: impl Fn(usize) -> bool) -> Rows<'static> {
        let values: Vec<f64> = (0..self.count).filter(|&i| counts(i)).flat_map(|i| self.row(i)).copied().collect();
        let count = values.len() / self.columns;
        Rows { values: Cow::Owned(values), count, columns: self.columns }
    }

    /// Some of the columns, copied.
    pub(super) fn some_columns(&self, columns: &[usize]) -> Rows<'static> {
        let values = (0..self.count).flat_map(|i| columns.iter().map(move |&j| self.row(i)[j])).collect();
        Rows { values: Cow::Owned(values), count: self.count, columns: columns.len() }
    }

    /// The rows in blocks of [`BLOCK`].
    pub(super) fn blocks(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks(BLOCK * self.columns)
    }

    /// How many sweeps over all rows make [`CHECK_EVERY`] multiplications.
    pub(super) fn sweeps_between_checks(&self) -> usize {
        (CHECK_EVERY / (self.count * self.columns)).max(1)
    }
}

/// Refuses a model's weights that do not fit the rows.
pub(super) fn same_features(function: &'static str, columns: usize, trained: usize) -> Result<()> {
    if columns == trained {
        return Ok(());
    }
    Err(Error::Invalid {
        function,
        argument: "X",
        problem: format!("has {columns} columns, but the model was trained on {trained}"),
    })
}

wide_kernel! {
    /// Whether no number is NaN or infinite.
    pub(super) fn all_finite(x: &[f64]) -> bool = all_finite_body
}

/// 0·x is 0 for finite x and NaN for the rest: sums of it need no branch.
#[inline(always)]
fn all_finite_body<const FMA: bool>(x: &[f64]) -> bool {
    let mut sums = [0.0; 32];
    let blocks = x.chunks_exact(32);
    let tail = blocks.remainder().iter().all(|v| v.is_finite());
    for block in blocks {
        for lane in 0..32 {
            sums[lane] = mul_add::<FMA>(block[lane], 0.0, sums[lane]);
        }
    }
    tail && sums.iter().all(|&sum| sum == 0.0)
}

/// 1 in the lanes of the last eight columns that whole groups of eight leave over, 0 in those that they cover.
#[inline(always)]
pub(super) fn overlap_mask(columns: usize) -> [f64; LANES] {
    let covered = LANES - columns % LANES;
    std::array::from_fn(|lane| if lane >= covered { 1.0 } else { 0.0 })
}

/// x·y of two rows. Whole groups of eight come first; the last eight numbers are then read once more, with `tail` in place of
/// y's, which is zero where a group has been: that spares a loop over single numbers.
#[inline(always)]
pub(super) fn row_dot<const FMA: bool>(x: &[f64], y: &[f64], tail: &[f64; LANES]) -> f64 {
    let columns = y.len();
    let x = &x[..columns];
    if columns < LANES {
        let mut sum = 0.0;
        for j in 0..columns {
            sum = mul_add::<FMA>(x[j], y[j], sum);
        }
        return sum;
    }
    let last = &x[columns - LANES..];
    let mut sums = [0.0; LANES];
    for lane in 0..LANES {
        sums[lane] = last[lane] * tail[lane];
    }
    for (x, y) in x.chunks_exact(LANES).zip(y.chunks_exact(LANES)) {
        for lane in 0..LANES {
            sums[lane] = mul_add::<FMA>(x[lane], y[lane], sums[lane]);
        }
    }
    // One after the other: of a sum in pairs, the compiler makes the whole row a matter of two lanes.
    sums.iter().sum()
}

/// The last eight numbers of a row, zero where a whole group of eight has been.
#[inline(always)]
pub(super) fn row_tail(row: &[f64], mask: &[f64; LANES]) -> [f64; LANES] {
    match row.len().checked_sub(LANES) {
        Some(start) => std::array::from_fn(|lane| row[start + lane] * mask[lane]),
        None => [0.0; LANES],
    }
}

wide_kernel! {
    /// zᵢ = w·xᵢ + b for the rows of a block.
    pub(super) fn net_inputs(block: &[f64], weights: &[f64], bias: f64, z: &mut [f64]) = net_inputs_body
}

#[inline(always)]
fn net_inputs_body<const FMA: bool>(block: &[f64], weights: &[f64], bias: f64, z: &mut [f64]) {
    let tail = row_tail(weights, &overlap_mask(weights.len()));
    for (row, z) in block.chunks_exact(weights.len()).zip(z) {
        *z = row_dot::<FMA>(row, weights, &tail) + bias;
    }
}

wide_kernel! {
    /// sum += Σ rᵢ·xᵢ over the rows of a block.
    pub(super) fn add_weighted_rows(block: &[f64], factors: &[f64], sum: &mut [f64]) = add_weighted_rows_body
}

#[inline(always)]
fn add_weighted_rows_body<const FMA: bool>(block: &[f64], factors: &[f64], sum: &mut [f64]) {
    let columns = sum.len();
    let fours = block.chunks_exact(4 * columns);
    let rest = fours.remainder();
    let (four_factors, rest_factors) = factors.split_at(factors.len() - factors.len() % 4);
    for (rows, r) in fours.zip(four_factors.chunks_exact(4)) {
        let (a, others) = rows.split_at(columns);
        let (b, others) = others.split_at(columns);
        let (c, d) = others.split_at(columns);
        for j in 0..columns {
            let upper = mul_add::<FMA>(r[1], b[j], mul_add::<FMA>(r[0], a[j], sum[j]));
            sum[j] = mul_add::<FMA>(r[3], d[j], mul_add::<FMA>(r[2], c[j], upper));
        }
    }
    for (row, &r) in rest.chunks_exact(columns).zip(rest_factors) {
        for (s, x) in sum.iter_mut().zip(row) {
            *s = mul_add::<FMA>(r, *x, *s);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sweeps_agree_with_the_plain_sums_for_every_width() {
        for columns in 1..40 {
            let rows = 11;
            let block: Vec<f64> = (0..rows * columns).map(|k| f64::from(k as u32 % 17) - 8.0).collect();
            let weights: Vec<f64> = (0..columns).map(|j| f64::from(j as u32 % 5) - 2.0).collect();
            let mut z = vec![0.0; rows];
            net_inputs(&block, &weights, 3.0, &mut z);
            for (row, &z) in block.chunks(columns).zip(&z) {
                // Sums of small whole numbers are exact.
                assert_eq!(z, 3.0 + row.iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>());
            }
            let mut sum = vec![1.0; columns];
            add_weighted_rows(&block, &z, &mut sum);
            for (j, &s) in sum.iter().enumerate() {
                assert_eq!(s, 1.0 + (0..rows).map(|i| z[i] * block[i * columns + j]).sum::<f64>());
            }
        }
    }

    #[test]
    fn one_bad_number_is_seen_wherever_it_stands() {
        for length in [1, 31, 32, 33, 100] {
            let mut x = vec![f64::MAX; length];
            assert!(all_finite(&x));
            for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                for i in 0..length {
                    x[i] = bad;
                    assert!(!all_finite(&x));
                    x[i] = -0.0;
                }
            }
        }
    }
}
