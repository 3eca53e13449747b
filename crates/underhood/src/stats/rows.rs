//! Moments of the columns of a matrix whose rows lie side by side in memory: neighbouring columns are the lanes of a vector, and nothing
//! has to be gathered.

use super::moments::{Moments, Running, reference_value};
use super::sums::corrected;
use crate::simd::{mul_add, wide_kernel};

/// Columns that are taken in step: two vectors of eight.
pub(super) const WIDTH: usize = 16;
/// Rows in a block, which the second pass over it finds in the cache.
const ROWS: usize = 256;

/// The moments of [`WIDTH`] columns, missing values left out: value i of column j is `x[i·stride + j]`, and there are n of them.
pub(super) fn moments_in_step(x: &[f64], n: usize, stride: usize) -> impl Iterator<Item = Moments> {
    let references: [f64; WIDTH] = std::array::from_fn(|j| reference_value(n, |i| x[i * stride + j]));
    let mut running = references.map(Running::about);
    let mut column = [0.0; ROWS];
    for start in (0..n).step_by(ROWS) {
        let rows = ROWS.min(n - start);
        let block = &x[start * stride..(start + rows - 1) * stride + WIDTH];
        let count = rows as f64;
        let [sums, lows, highs] = first_pass(block, stride, &references);
        let means = sums.map(|sum| sum / count);
        let powers = second_pass(block, stride, &references, &means);
        for (j, running) in running.iter_mut().enumerate() {
            if sums[j].is_nan() {
                column.iter_mut().zip(block[j..].iter().step_by(stride)).for_each(|(to, from)| *to = *from);
                running.add(&column[..rows]);
            } else {
                running.add_sums(lows[j], highs[j], corrected(count, means[j], powers.map(|power| power[j])));
            }
        }
    }
    let columns = running.into_iter().enumerate();
    columns.map(move |(j, running)| running.moments().reconsidered(|| (0..n).map(|i| x[i * stride + j]).collect()))
}

wide_kernel! {
    /// Σ(x − c), smallest and largest value of each column. A sum is NaN if a value is.
    fn first_pass(x: &[f64], stride: usize, c: &[f64; WIDTH]) -> [[f64; WIDTH]; 3] = first_pass_body
}

#[inline(always)]
fn first_pass_body<const FMA: bool>(x: &[f64], stride: usize, c: &[f64; WIDTH]) -> [[f64; WIDTH]; 3] {
    let (mut sums, mut lows, mut highs) = ([0.0; WIDTH], [f64::INFINITY; WIDTH], [f64::NEG_INFINITY; WIDTH]);
    for row in x.chunks(stride).filter_map(|row| row.first_chunk::<WIDTH>()) {
        for lane in 0..WIDTH {
            sums[lane] += row[lane] - c[lane];
            lows[lane] = if row[lane] < lows[lane] { row[lane] } else { lows[lane] };
            highs[lane] = if row[lane] > highs[lane] { row[lane] } else { highs[lane] };
        }
    }
    [sums, lows, highs]
}

wide_kernel! {
    /// Σe, Σe², Σe³, Σe⁴ of the deviations e = (x − c) − m of each column.
    fn second_pass(x: &[f64], stride: usize, c: &[f64; WIDTH], m: &[f64; WIDTH]) -> [[f64; WIDTH]; 4] = second_pass_body
}

#[inline(always)]
fn second_pass_body<const FMA: bool>(
    x: &[f64],
    stride: usize,
    c: &[f64; WIDTH],
    m: &[f64; WIDTH],
) -> [[f64; WIDTH]; 4] {
    let (mut first, mut second, mut third, mut fourth) = ([0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH]);
    for row in x.chunks(stride).filter_map(|row| row.first_chunk::<WIDTH>()) {
        for lane in 0..WIDTH {
            let e = (row[lane] - c[lane]) - m[lane];
            let square = e * e;
            first[lane] += e;
            second[lane] += square;
            third[lane] = mul_add::<FMA>(square, e, third[lane]);
            fourth[lane] = mul_add::<FMA>(square, square, fourth[lane]);
        }
    }
    [first, second, third, fourth]
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;
    use crate::random::Stream;

    #[test]
    fn columns_in_step_are_columns_one_by_one() {
        let mut stream = Stream::seeded(3);
        for (n, stride) in [(1, 16), (2, 17), (255, 20), (256, 16), (1000, 33)] {
            let mut x: Vec<f64> = (0..n * stride).map(|_| stream.normal()).collect();
            // One column of each kind: offset, constant, with gaps, infinite, huge.
            for (i, row) in x.chunks_mut(stride).enumerate() {
                row[1] += 1e12;
                row[2] = 0.1;
                row[3] = if i % 3 == 1 { f64::NAN } else { row[3] };
                row[4] = if i == n / 2 { f64::INFINITY } else { row[4] };
                row[5] *= 1e300;
            }
            for (j, found) in moments_in_step(&x, n, stride).enumerate() {
                let column: Vec<f64> = x[j..].iter().step_by(stride).copied().collect();
                let expected = Moments::of_slice(&column);
                assert_eq!((found.count(), found.missing()), (expected.count(), expected.missing()));
                let numbers = |m: &Moments| [m.min(), m.max(), m.mean(), m.std(0), m.skewness(true), m.kurtosis(true)];
                for (found, expected) in numbers(&found).into_iter().zip(numbers(&expected)) {
                    let same = found == expected || (found.is_nan() && expected.is_nan());
                    if !same {
                        assert_relative_eq!(found, expected, max_relative = 1e-12, epsilon = 1e-13);
                    }
                }
            }
        }
    }
}
