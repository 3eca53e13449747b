//! Where the columns are and how far they spread, and the rows in those units.
//!
//! Inside, a column is shifted to its mean and divided by its standard deviation, block by block. That changes neither the objective nor its
//! minimum, but columns that are far from zero, or of very different units, then lose no digits.

use super::super::moments::centre;
use super::super::rows::Rows;
use crate::error::{Error, Result};
use crate::panel::LANES;
use crate::simd::{mul_add, wide_kernel};

/// A sum of squares below this has lost digits, or all of them, at the lower end of the range of doubles.
const LEAST_SQUARES: f64 = 1e-270;

/// A column that spreads less is made no larger: one over its spread would be infinite.
const LARGEST_INVERSE: f64 = f64::MAX / 16.0;

/// A column that spreads by less than so many units in the last place of its mean may be constant, and is looked at.
const SUSPICIOUS: f64 = 64.0;

/// Rows of a panel: 128 rows of 24 columns stay in the first-level cache.
pub(super) const ROWS: usize = 128;

/// So many numbers are standardised once and kept; larger data are standardised whenever they are passed over.
const KEPT: usize = 1 << 15;

/// Centre and spread of each column.
pub(super) struct Scaling {
    pub(super) centre: Vec<f64>,
    /// 1/s for the standard deviation s; 0 for a column that tells nothing, whose weight then stays at zero.
    pub(super) inverse: Vec<f64>,
    /// Whether there is a bias.
    pub(super) intercept: bool,
}

impl Scaling {
    /// Without an intercept there is no shift, and the spread is the root of the mean square. Rows that are not finite are refused.
    pub(super) fn of(function: &'static str, rows: &Rows<'_>, intercept: bool) -> Result<Self> {
        let centre = if intercept { centre(rows) } else { vec![0.0; rows.columns] };
        let mut squares = vec![0.0; rows.columns];
        rows.blocks().for_each(|block| add_squares(block, &centre, &mut squares));
        if let Some(column) = squares.iter().position(|v| !v.is_finite()) {
            rows.refuse_non_finite(function)?;
            let problem = format!(
                "holds values so large that their squares overflow (column {column}); divide it by its scale first"
            );
            return Err(Error::Invalid { function, argument: "X", problem });
        }
        let inverse = |(j, square): (usize, &f64)| {
            let spread = match *square {
                square if square < LEAST_SQUARES => tiny_spread(rows, j, centre[j]),
                square => (square / rows.count as f64).sqrt(),
            };
            let first = rows.row(0)[j];
            let noise = SUSPICIOUS * f64::EPSILON * centre[j].abs();
            if spread <= noise && (0..rows.count).all(|i| rows.row(i)[j] == first) || spread == 0.0 {
                0.0
            } else {
                (1.0 / spread).min(LARGEST_INVERSE)
            }
        };
        let inverse = squares.iter().enumerate().map(inverse).collect();
        Ok(Scaling { centre, inverse, intercept })
    }

    /// The same for some of the columns.
    pub(super) fn some(&self, columns: &[usize]) -> Self {
        let pick = |all: &[f64]| columns.iter().map(|&j| all[j]).collect();
        Scaling { centre: pick(&self.centre), inverse: pick(&self.inverse), intercept: self.intercept }
    }
}

/// The spread of a column whose squares are beyond the range of doubles.
fn tiny_spread(rows: &Rows<'_>, j: usize, centre: f64) -> f64 {
    let from_centre = || (0..rows.count).map(|i| rows.row(i)[j] - centre);
    let most = from_centre().fold(0.0, |most: f64, d| most.max(d.abs()));
    if most == 0.0 {
        return 0.0;
    }
    most * (from_centre().map(|d| (d / most).powi(2)).sum::<f64>() / rows.count as f64).sqrt()
}

wide_kernel! {
    /// sums += (x − c)² column by column.
    fn add_squares(block: &[f64], centre: &[f64], sums: &mut [f64]) = add_squares_body
}

#[inline(always)]
fn add_squares_body<const FMA: bool>(block: &[f64], centre: &[f64], sums: &mut [f64]) {
    let columns = sums.len();
    for row in block.chunks_exact(columns) {
        for j in 0..columns {
            let d = row[j] - centre[j];
            sums[j] = mul_add::<FMA>(d, d, sums[j]);
        }
    }
}

/// The standardised rows with a 1 behind each (a 0 without an intercept), padded to whole vectors, some at a time.
pub(super) struct Panels<'a> {
    rows: &'a Rows<'a>,
    scaling: &'a Scaling,
    /// How long a padded row is.
    pub(super) width: usize,
    room: Vec<f64>,
    /// Whether all rows are in the room.
    kept: bool,
}

impl<'a> Panels<'a> {
    pub(super) fn new(rows: &'a Rows<'a>, scaling: &'a Scaling) -> Self {
        let width = (rows.columns + 1).next_multiple_of(LANES);
        let kept = rows.count * width <= KEPT;
        let lines = if kept { rows.count } else { ROWS.min(rows.count) };
        let mut room = vec![0.0; lines * width];
        if scaling.intercept {
            room.chunks_exact_mut(width).for_each(|line| line[rows.columns] = 1.0);
        }
        if kept {
            standardise(rows.values(), &scaling.centre, &scaling.inverse, width, &mut room);
        }
        Panels { rows, scaling, width, room, kept }
    }

    /// Gives `work` the number of the first row and the panel, [`ROWS`] rows at a time.
    pub(super) fn each(&mut self, mut work: impl FnMut(usize, &[f64])) {
        let Panels { rows, scaling, width, room, kept } = self;
        if *kept {
            room.chunks(ROWS * *width).enumerate().for_each(|(b, panel)| work(b * ROWS, panel));
            return;
        }
        for (b, block) in rows.values().chunks(ROWS * rows.columns).enumerate() {
            let panel = &mut room[..block.len() / rows.columns * *width];
            standardise(block, &scaling.centre, &scaling.inverse, *width, panel);
            work(b * ROWS, panel);
        }
    }
}

wide_kernel! {
    /// Rows (x − c)·inverse of a panel; what stands behind them stays as it is.
    fn standardise(block: &[f64], centre: &[f64], inverse: &[f64], width: usize, panel: &mut [f64]) = standardise_body
}

#[inline(always)]
fn standardise_body<const FMA: bool>(block: &[f64], centre: &[f64], inverse: &[f64], width: usize, panel: &mut [f64]) {
    let columns = centre.len();
    let inverse = &inverse[..columns];
    for (row, line) in block.chunks_exact(columns).zip(panel.chunks_exact_mut(width)) {
        let line = &mut line[..columns];
        if columns < LANES {
            for j in 0..columns {
                line[j] = (row[j] - centre[j]) * inverse[j];
            }
            continue;
        }
        // Whole groups of eight, and the last eight once more instead of a loop over what is left.
        let (mut start, last) = (0, columns - LANES);
        loop {
            let (x, c, s) = (&row[start..start + LANES], &centre[start..start + LANES], &inverse[start..start + LANES]);
            let out = &mut line[start..start + LANES];
            for lane in 0..LANES {
                out[lane] = (x[lane] - c[lane]) * s[lane];
            }
            if start == last {
                break;
            }
            start = (start + LANES).min(last);
        }
    }
}

wide_kernel! {
    /// sums += Σ fᵢ·pᵢpᵢᵀ over the rows pᵢ of a panel, upper triangle of 8×8 tiles, each of which stays in registers while it runs down the panel.
    pub(super) fn add_weighted_squares(panel: &[f64], factors: &[f64], width: usize, sums: &mut [f64]) = add_weighted_squares_body
}

#[inline(always)]
fn add_weighted_squares_body<const FMA: bool>(panel: &[f64], factors: &[f64], width: usize, sums: &mut [f64]) {
    for i in (0..width).step_by(LANES) {
        for j in (i..width).step_by(LANES) {
            let mut tile = [[0.0; LANES]; LANES];
            for (row, &factor) in panel.chunks_exact(width).zip(factors) {
                let (left, right) = (&row[i..i + LANES], &row[j..j + LANES]);
                let scaled: [f64; LANES] = std::array::from_fn(|lane| factor * right[lane]);
                for a in 0..LANES {
                    for b in 0..LANES {
                        tile[a][b] = mul_add::<FMA>(left[a], scaled[b], tile[a][b]);
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

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn panels_hold_the_standardised_rows_for_every_width() {
        for columns in 1..30 {
            for count in [1, 5, 127, 129, 2000] {
                let x =
                    Array2::from_shape_fn((count, columns), |(i, j)| f64::from(((i * 7 + j * 3) % 11) as u32) + 1e6);
                let rows = Rows::new("test", x.view()).unwrap();
                let scaling = Scaling::of("test", &rows, true).unwrap();
                let mut panels = Panels::new(&rows, &scaling);
                let (width, mut seen) = (panels.width, 0);
                panels.each(|first, panel| {
                    assert_eq!(first, seen);
                    for (r, line) in panel.chunks_exact(width).enumerate() {
                        for j in 0..columns {
                            assert_eq!(line[j], (x[(first + r, j)] - scaling.centre[j]) * scaling.inverse[j]);
                        }
                        assert_eq!(line[columns], 1.0);
                        assert!(line[columns + 1..].iter().all(|&v| v == 0.0));
                    }
                    seen += panel.len() / width;
                });
                assert_eq!(seen, count);
            }
        }
    }

    #[test]
    fn a_constant_column_tells_nothing_and_a_narrow_one_does() {
        let x = Array2::from_shape_fn((3000, 3), |(i, j)| match j {
            0 => 0.1,
            1 => 1e12 + (i % 2) as f64 * 1e-3,
            _ => 0.0,
        });
        let rows = Rows::new("test", x.view()).unwrap();
        let scaling = Scaling::of("test", &rows, true).unwrap();
        assert!(scaling.inverse[0] == 0.0 && scaling.inverse[2] == 0.0);
        assert!((scaling.inverse[1] - 2e3).abs() < 100.0);
        assert!(Scaling::of("test", &rows, false).unwrap().inverse[0] > 9.0);
    }

    #[test]
    fn weighted_squares_are_the_sums_they_stand_for() {
        let (width, count) = (16, 13);
        let panel: Vec<f64> = (0..count * width).map(|k| f64::from((k % 13) as u32) - 6.0).collect();
        let factors: Vec<f64> = (0..count).map(|i| f64::from((i % 5) as u32) - 1.0).collect();
        let mut sums = vec![1.0; width * width];
        add_weighted_squares(&panel, &factors, width, &mut sums);
        for i in 0..width {
            for j in i..width {
                let expected: f64 = (0..count).map(|r| factors[r] * panel[r * width + i] * panel[r * width + j]).sum();
                assert_eq!(sums[i * width + j], 1.0 + expected);
            }
        }
    }
}
