//! Squared distances of rows to points, Σ(x − c)², and the nearest of them.
//!
//! The points stand eight abreast, one in each lane of the vector unit, and four rows meet them at a time. Distances are summed from
//! differences, not as ‖x‖² − 2x·c + ‖c‖²: that form loses the digits of small distances between far points, and the differences
//! cost the vector unit one operation more.

use crate::panel::LANES;
use crate::simd::{choose, mul_add, wide_kernel};

/// How many rows meet the points at a time; a panel's number of rows is a multiple of it.
const ROWS: usize = 4;

/// Points in groups of eight, one a lane. Before each group stands what its lanes start with: 0, and ∞ where there is no point.
pub(super) struct Tiles {
    values: Vec<f64>,
    columns: usize,
    /// How many points there are.
    pub(super) count: usize,
}

impl Tiles {
    /// Arranges points that stand one after another, `stride` numbers each, of which the first `columns` count.
    pub(super) fn of(points: &[f64], stride: usize, columns: usize) -> Self {
        let count = points.len() / stride;
        let mut tiles = Tiles { values: Vec::new(), columns, count };
        tiles.fill(points, stride);
        tiles
    }

    /// Puts other points in their place.
    pub(super) fn fill(&mut self, points: &[f64], stride: usize) {
        self.count = points.len() / stride;
        let size = (self.columns + 1) * LANES;
        self.values.clear();
        self.values.resize(self.groups() * size, 0.0);
        for (place, point) in points.chunks_exact(stride).enumerate() {
            let tile = &mut self.values[place / LANES * size..][..size];
            for (line, &x) in tile[LANES..].chunks_exact_mut(LANES).zip(point) {
                line[place % LANES] = x;
            }
        }
        for missing in self.count..self.groups() * LANES {
            self.values[missing / LANES * size + missing % LANES] = f64::INFINITY;
        }
    }

    /// How many groups of eight they make.
    pub(super) fn groups(&self) -> usize {
        self.count.div_ceil(LANES)
    }

    /// The number of the nearest point for each row of a panel (the first of those equally near), and its squared distance.
    pub(super) fn nearest(&self, panel: &[f64], width: usize, labels: &mut [u32], squared: &mut [f64]) {
        nearest(panel, width, &self.values, self.columns, labels, squared);
    }

    /// sums += the (unsquared) distances of each row of a panel to all points of some groups.
    pub(super) fn add_distances(&self, panel: &[f64], width: usize, groups: std::ops::Range<usize>, sums: &mut [f64]) {
        let size = (self.columns + 1) * LANES;
        add_distances(panel, width, &self.values[groups.start * size..groups.end * size], self.columns, sums);
    }

    /// The squared distance of each row of a panel to each point: lines of eight times [`groups`](Self::groups) numbers.
    pub(super) fn distances(&self, panel: &[f64], width: usize, rows: usize, squared: &mut [f64]) {
        distances(
            panel,
            width,
            &self.values,
            self.columns,
            self.groups() * LANES,
            &mut squared[..rows * self.groups() * LANES],
        );
    }
}

/// Σ(x − c)² for four rows and the eight points of a tile.
#[inline(always)]
fn meet<const FMA: bool>(rows: &[f64], width: usize, tile: &[f64], columns: usize) -> [[f64; LANES]; ROWS] {
    let row: [&[f64]; ROWS] = std::array::from_fn(|r| &rows[r * width..r * width + columns]);
    let mut start = [0.0; LANES];
    start.copy_from_slice(&tile[..LANES]);
    let mut sums = [start; ROWS];
    let lines = &tile[LANES..LANES + columns * LANES];
    for j in 0..columns {
        let line = &lines[j * LANES..(j + 1) * LANES];
        for r in 0..ROWS {
            let x = row[r][j];
            for lane in 0..LANES {
                let difference = x - line[lane];
                sums[r][lane] = mul_add::<FMA>(difference, difference, sums[r][lane]);
            }
        }
    }
    sums
}

wide_kernel! {
    fn nearest(panel: &[f64], width: usize, tiles: &[f64], columns: usize, labels: &mut [u32], squared: &mut [f64]) = nearest_body
}

#[inline(always)]
fn nearest_body<const FMA: bool>(
    panel: &[f64],
    width: usize,
    tiles: &[f64],
    columns: usize,
    labels: &mut [u32],
    squared: &mut [f64],
) {
    let size = (columns + 1) * LANES;
    let outs = labels.chunks_mut(ROWS).zip(squared.chunks_mut(ROWS));
    for (rows, (labels, squared)) in panel.chunks_exact(ROWS * width).zip(outs) {
        // In each lane the nearest of its points so far, and that point's group.
        let mut least = [[f64::INFINITY; LANES]; ROWS];
        let mut group = [[0.0; LANES]; ROWS];
        for (g, tile) in tiles.chunks_exact(size).enumerate() {
            let sums = meet::<FMA>(rows, width, tile, columns);
            let g = g as f64;
            for r in 0..ROWS {
                for lane in 0..LANES {
                    let (new, old, place) = (sums[r][lane], least[r][lane], group[r][lane]);
                    group[r][lane] = choose(new < old, g, place);
                    least[r][lane] = choose(new < old, new, old);
                }
            }
        }
        for (r, (label, squared)) in labels.iter_mut().zip(squared).enumerate() {
            let best = smallest(least[r]);
            let mut places = [0.0; LANES];
            for lane in 0..LANES {
                let place = group[r][lane] * LANES as f64 + lane as f64;
                let own = least[r][lane];
                places[lane] = choose(own == best, place, f64::INFINITY);
            }
            *label = smallest(places) as u32;
            *squared = best;
        }
    }
}

/// The smallest of eight numbers.
#[inline(always)]
fn smallest(mut x: [f64; LANES]) -> f64 {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            let (a, b) = (x[lane], x[lane + half]);
            x[lane] = choose(b < a, b, a);
        }
        half /= 2;
    }
    x[0]
}

wide_kernel! {
    fn distances(panel: &[f64], width: usize, tiles: &[f64], columns: usize, line: usize, squared: &mut [f64]) = distances_body
}

#[inline(always)]
fn distances_body<const FMA: bool>(
    panel: &[f64],
    width: usize,
    tiles: &[f64],
    columns: usize,
    line: usize,
    squared: &mut [f64],
) {
    let size = (columns + 1) * LANES;
    for (rows, out) in panel.chunks_exact(ROWS * width).zip(squared.chunks_mut(ROWS * line)) {
        for (g, tile) in tiles.chunks_exact(size).enumerate() {
            let sums = meet::<FMA>(rows, width, tile, columns);
            for (sums, out) in sums.iter().zip(out.chunks_exact_mut(line)) {
                out[g * LANES..(g + 1) * LANES].copy_from_slice(sums);
            }
        }
    }
}

wide_kernel! {
    fn add_distances(panel: &[f64], width: usize, tiles: &[f64], columns: usize, sums: &mut [f64]) = add_distances_body
}

#[inline(always)]
fn add_distances_body<const FMA: bool>(panel: &[f64], width: usize, tiles: &[f64], columns: usize, sums: &mut [f64]) {
    let size = (columns + 1) * LANES;
    for (rows, sums) in panel.chunks_exact(ROWS * width).zip(sums.chunks_mut(ROWS)) {
        let mut lengths = [[0.0; LANES]; ROWS];
        for tile in tiles.chunks_exact(size) {
            let squares = meet::<FMA>(rows, width, tile, columns);
            for r in 0..ROWS {
                for lane in 0..LANES {
                    let length = squares[r][lane].sqrt();
                    lengths[r][lane] += if length < f64::INFINITY { length } else { 0.0 };
                }
            }
        }
        for (sum, lengths) in sums.iter_mut().zip(&lengths) {
            *sum += lengths.iter().sum::<f64>();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_point_is_the_first_of_the_nearest() {
        for columns in [1, 3, 8, 11] {
            for points in [1, 2, 7, 8, 9, 20] {
                let width = columns_to_width(columns);
                // Whole numbers: distances are exact, and many are equal.
                let value = |i: usize, j: usize| f64::from(((i * 7 + j * 5) % 6) as u32);
                let rows = 12;
                let mut panel = vec![0.0; rows * width];
                (0..rows).for_each(|i| (0..columns).for_each(|j| panel[i * width + j] = value(i, j)));
                let centres: Vec<f64> =
                    (0..points * columns).map(|k| value(k / columns + 3, k % columns + 1)).collect();
                let tiles = Tiles::of(&centres, columns, columns);
                let (mut labels, mut squared) = (vec![0; 11], vec![0.0; 11]);
                tiles.nearest(&panel, width, &mut labels, &mut squared);
                let line = tiles.groups() * LANES;
                let mut all = vec![0.0; 11 * line];
                tiles.distances(&panel, width, 11, &mut all);
                for i in 0..11 {
                    let to = |k: usize| -> f64 {
                        (0..columns).map(|j| (panel[i * width + j] - centres[k * columns + j]).powi(2)).sum()
                    };
                    let nearest = (0..points).fold(0, |best, k| if to(k) < to(best) { k } else { best });
                    assert_eq!((labels[i] as usize, squared[i]), (nearest, to(nearest)));
                    (0..points).for_each(|k| assert_eq!(all[i * line + k], to(k)));
                    let mut sums = vec![1.0; 11];
                    tiles.add_distances(&panel, width, 0..tiles.groups(), &mut sums);
                    let expected = 1.0 + (0..points).map(|k| to(k).sqrt()).sum::<f64>();
                    assert!((sums[i] - expected).abs() < 1e-13 * expected);
                    (points..line).for_each(|k| assert_eq!(all[i * line + k], f64::INFINITY));
                }
            }
        }
    }

    fn columns_to_width(columns: usize) -> usize {
        columns.next_multiple_of(LANES)
    }
}
