//! Rows as seen from their own middle: what methods of distances look at instead of the bare numbers.
//!
//! A column of 1e9 + (0, 1, 2) has its digits in the differences. Each block of rows is therefore shifted to a centre near the
//! data (and brought to a middle size by a power of two, where squares would leave the range of doubles) in a small padded panel.

use super::moments::centre;
use super::rows::{BLOCK, Rows};
use crate::error::{Error, Result};
use crate::panel::{LANES, standardise};
use crate::simd::{choose, mul_add, wide_kernel};

/// Factors of rows that each count once.
pub(super) const ONES: [f64; BLOCK] = [1.0; BLOCK];

/// Where rows are looked at from.
pub(super) struct Frame {
    /// What is subtracted from each column.
    pub(super) shift: Vec<f64>,
    /// What each column is multiplied by afterwards: a power of two, the same for all.
    scales: Vec<f64>,
    /// How many columns there are.
    pub(super) columns: usize,
    /// The length of a panel's line.
    pub(super) width: usize,
}

/// What a survey of the rows found, column by column, in the frame.
pub(super) struct Survey {
    /// Mean of each column.
    pub(super) mean: Vec<f64>,
    /// Variance of each column, divisor n.
    pub(super) variance: Vec<f64>,
}

impl Frame {
    /// The frame with this origin, without a scale.
    pub(super) fn at(shift: Vec<f64>) -> Self {
        let columns = shift.len();
        Frame { shift, scales: vec![1.0; columns], columns, width: columns.next_multiple_of(LANES) }
    }

    /// A frame near the middle of the rows, in which squares of distances neither overflow nor vanish, and what they look like in it.
    pub(super) fn of(function: &'static str, rows: &Rows<'_>) -> Result<(Self, Survey)> {
        let mut frame = Frame::at(centre(rows));
        let (largest, mut survey) = frame.survey(rows);
        if !largest.is_finite() {
            let problem = "holds values so far apart that their differences overflow".into();
            return Err(Error::Invalid { function, argument: "X", problem });
        }
        if largest > 0.0 && !(1e-100..1e100).contains(&largest) {
            frame.rescale(largest);
            survey = frame.survey(rows).1;
        }
        Ok((frame, survey))
    }

    /// Brings numbers as large as `largest` near one.
    pub(super) fn rescale(&mut self, largest: f64) {
        // Within the range of normal numbers, so that going back is exact.
        let exponent = (-libm::frexp(largest).1).clamp(-1000, 1000);
        self.scales.fill(libm::ldexp(1.0, exponent));
    }

    /// What a length in the frame is multiplied by to be one in the caller's units.
    pub(super) fn unit(&self) -> f64 {
        1.0 / self.scales[0]
    }

    /// One row in the frame, unpadded.
    pub(super) fn seen(&self, row: &[f64]) -> Vec<f64> {
        row.iter().zip(&self.shift).zip(&self.scales).map(|((x, c), s)| (x - c) * s).collect()
    }

    /// A point of the frame in the caller's units.
    pub(super) fn back(&self, point: &[f64]) -> Vec<f64> {
        let unit = self.unit();
        point.iter().zip(&self.shift).map(|(x, c)| x * unit + c).collect()
    }

    /// Room for a block of rows; what pads the lines is zero and stays so.
    pub(super) fn panel(&self) -> Vec<f64> {
        vec![0.0; BLOCK * self.width]
    }

    /// Writes a block of rows into a panel.
    pub(super) fn look(&self, block: &[f64], panel: &mut [f64]) {
        standardise(block, &self.shift, &self.scales, 0, panel);
    }

    /// The largest distance from the origin along a column, and the survey.
    fn survey(&self, rows: &Rows<'_>) -> (f64, Survey) {
        let mut panel = self.panel();
        let mut lines = vec![0.0; 3 * self.width];
        for block in rows.blocks() {
            self.look(block, &mut panel);
            let count = block.len() / self.columns;
            survey_block(&panel[..count * self.width], self.width, &mut lines);
        }
        let n = rows.count as f64;
        let (sums, rest) = lines.split_at(self.width);
        let (squares, largest) = rest.split_at(self.width);
        let mean: Vec<f64> = sums[..self.columns].iter().map(|s| s / n).collect();
        let variance = mean.iter().zip(squares).map(|(m, q)| (q / n - m * m).max(0.0)).collect();
        (largest.iter().fold(0.0, |most: f64, &v| most.max(v)), Survey { mean, variance })
    }
}

wide_kernel! {
    /// Sums, sums of squares and largest sizes, column by column: three lines.
    fn survey_block(panel: &[f64], width: usize, lines: &mut [f64]) = survey_block_body
}

#[inline(always)]
fn survey_block_body<const FMA: bool>(panel: &[f64], width: usize, lines: &mut [f64]) {
    let (sums, rest) = lines.split_at_mut(width);
    let (squares, largest) = rest.split_at_mut(width);
    for at in (0..width).step_by(LANES) {
        let (mut s, mut q, mut m) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for row in panel.chunks_exact(width) {
            let x = &row[at..at + LANES];
            for lane in 0..LANES {
                s[lane] += x[lane];
                q[lane] = mul_add::<FMA>(x[lane], x[lane], q[lane]);
                let size = x[lane].abs();
                m[lane] = choose(size > m[lane], size, m[lane]);
            }
        }
        for lane in 0..LANES {
            sums[at + lane] += s[lane];
            squares[at + lane] += q[lane];
            largest[at + lane] = if m[lane] > largest[at + lane] { m[lane] } else { largest[at + lane] };
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn offsets_and_sizes_leave_mean_and_variance_their_digits() {
        for (offset, size) in [(0.0, 1.0), (1e9, 1.0), (0.0, 1e-160), (0.0, 1e160)] {
            // 0, 1, 2, 3 in turn: mean 3/2, variance 5/4.
            let x = Array2::from_shape_fn((800, 3), |(i, _)| offset + size * f64::from((i % 4) as u32));
            let rows = Rows::new("test", x.view()).unwrap();
            let (frame, survey) = Frame::of("test", &rows).unwrap();
            for (mean, variance) in frame.back(&survey.mean).iter().zip(&survey.variance) {
                assert!((mean - (offset + 1.5 * size)).abs() <= 1e-15 * (offset + size), "{mean}");
                assert!((variance.sqrt() * frame.unit() / size - 1.25_f64.sqrt()).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn differences_that_overflow_are_refused() {
        let x = Array2::from_shape_fn((2000, 1), |(i, _)| if i < 1024 { -1.7e308 } else { 1.7e308 });
        let rows = Rows::new("test", x.view()).unwrap();
        assert!(Frame::of("test", &rows).is_err());
    }
}
