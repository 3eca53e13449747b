//! Means of resamples: sums of numbers gathered from a table, eight resamples side by side.
//!
//! Of a small sample the table holds the sums of all its pairs, so that one look gives two draws.

use super::indices::{Cut, Indices, MOST, Row, least_of, lesser, places_of_four, places_of_two};
use crate::random::Stream;
use crate::random::kernel::portable_kernel;
use crate::random::source::LANES;

/// Up to this size the sums of all pairs stay in the nearest cache.
const PAIRED: usize = 64;

/// What resamples of a sample are summed from.
pub(super) struct Means {
    n: usize,
    table: Vec<f64>,
    /// The sample itself, where the table is of pairs and n is odd.
    single: Option<Vec<f64>>,
}

impl Means {
    /// Of a sample that is not empty.
    pub(super) fn new(sample: &[f64]) -> Means {
        let n = sample.len();
        if n > PAIRED {
            return Means { n, table: sample.to_vec(), single: None };
        }
        let table = sample.iter().flat_map(|x| sample.iter().map(move |y| x + y)).collect();
        Means { n, table, single: (n % 2 == 1).then(|| sample.to_vec()) }
    }

    /// Writes the mean of a resample to each place.
    pub(super) fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        let draws = if self.n > PAIRED { self.n } else { self.n / 2 };
        let mut indices = Indices::new(self.table.len(), stream);
        let mut single = self.single.as_ref().map(|sample| (sample, Indices::new(sample.len(), stream)));
        for out in out.chunks_mut(LANES) {
            let mut sums = sums(&mut indices, &self.table, draws);
            if let Some((sample, indices)) = &mut single {
                let last = self::sums(indices, sample, 1);
                (0..LANES).for_each(|lane| sums[lane] += last[lane]);
            }
            out.iter_mut().zip(sums).for_each(|(out, sum)| *out = sum / self.n as f64);
        }
    }
}

/// Σ of so many draws from the table, for eight resamples. The indices are below the table's length.
fn sums(indices: &mut Indices, table: &[f64], draws: usize) -> Row<f64> {
    let (level, each) = (indices.level(), indices.cut.indices());
    let mut total = [[0.0; LANES]; MOST];
    let mut add = |rows: usize, taken: usize| {
        indices.rows(rows, |bits, cells, cut, threshold, _| {
            let mut block = [[0.0; LANES]; MOST];
            assert!(cells <= table.len() as u64, "an index stands in the table");
            let least = match cut {
                Cut::Four => add_four(level, bits, cells, table, &mut block),
                Cut::Two => add_two(level, bits, cells, table, &mut block),
            };
            if least >= threshold {
                for k in 0..taken {
                    (0..LANES).for_each(|lane| total[k][lane] += block[k][lane]);
                }
            }
            least >= threshold
        });
    };
    add(draws / each, each);
    if !draws.is_multiple_of(each) {
        add(1, draws % each);
    }
    let mut sums = total[0];
    for row in &total[1..] {
        (0..LANES).for_each(|lane| sums[lane] += row[lane]);
    }
    sums
}

portable_kernel! {
    /// Adds what the words choose from the table; gives the least remainder.
    fn add_four(bits: &[u64], cells: u64, table: &[f64], sums: &mut [Row<f64>; MOST]) -> u64 = add_four_body
}

/// Cells are at most the table's length.
#[inline(always)]
fn add_four_body(bits: &[u64], cells: u64, table: &[f64], sums: &mut [Row<f64>; MOST]) -> u64 {
    let (mut least, mut total) = ([u64::MAX; LANES], *sums);
    for row in bits.as_chunks::<LANES>().0 {
        let (places, remainders) = places_of_four(row, cells);
        for k in 0..4 {
            for lane in 0..LANES {
                // SAFETY: a word's share of the cells is below their number, which the one caller has compared with the table's length.
                total[k][lane] += unsafe { *table.get_unchecked(places[k][lane] as usize) };
            }
        }
        least = lesser(least, remainders);
    }
    *sums = total;
    least_of(least)
}

portable_kernel! {
    /// The same for two indices of a word.
    fn add_two(bits: &[u64], cells: u64, table: &[f64], sums: &mut [Row<f64>; MOST]) -> u64 = add_two_body
}

#[inline(always)]
fn add_two_body(bits: &[u64], cells: u64, table: &[f64], sums: &mut [Row<f64>; MOST]) -> u64 {
    let (mut least, mut total) = ([u64::MAX; LANES], *sums);
    for row in bits.as_chunks::<LANES>().0 {
        let (places, remainders) = places_of_two(row, cells);
        for k in 0..2 {
            for lane in 0..LANES {
                // SAFETY: as above.
                total[k][lane] += unsafe { *table.get_unchecked(places[k][lane] as usize) };
            }
        }
        least = lesser(least, remainders);
    }
    *sums = total;
    least_of(least)
}
