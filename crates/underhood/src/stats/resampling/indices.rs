//! Random indices for eight resamples at a time, each index equally likely.
//!
//! An index below n is the whole part of wn/2³² for a word w of 32 bits, and the fraction of it is the word for the next index: two of them are the
//! digits of wn²/2³² in base n. Words in the last, incomplete part of the 2³² are drawn again (D. Lemire, 2019, doi:10.1145/3230636), so that the indices
//! are exactly as likely as each other. What is left of the product says whether that happened, and it is looked at a block at a time.

use crate::random::Stream;
use crate::random::kernel::portable_kernel;
use crate::random::source::{BLOCK, LANES, Source};
use crate::simd::Level;

/// A number for each of the resamples that are drawn side by side.
pub(super) type Row<T> = [T; LANES];
/// Rows of words in a block.
const ROWS: usize = BLOCK / LANES;
/// Most indices that one word of 64 bits gives.
pub(super) const MOST: usize = 4;
const LOW: u64 = 0xffff_ffff;

/// How many indices a word of 64 bits gives, by the number of cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cut {
    /// Two from each half.
    Four,
    /// One from each half.
    Two,
}

impl Cut {
    fn of(cells: usize) -> Cut {
        /// Above it, too many words would have to be drawn again for n² to be cut out of 32 bits.
        const FEW: usize = 4096;
        if cells <= FEW { Cut::Four } else { Cut::Two }
    }

    pub(super) fn indices(self) -> usize {
        match self {
            Cut::Four => 4,
            Cut::Two => 2,
        }
    }
}

/// Indices below `cells`, at most 2³².
pub(super) struct Indices {
    source: Source,
    bits: [u64; BLOCK],
    cells: u64,
    pub(super) cut: Cut,
    /// What one half of a word is multiplied by in all, and how much of 2³² is left over then.
    product: u64,
    threshold: u64,
}

impl Indices {
    /// Draws below `cells`, which is not 0, from the next words of a stream.
    pub(super) fn new(cells: usize, stream: &mut Stream) -> Indices {
        let cut = Cut::of(cells);
        let cells = cells as u64;
        let product = if cut == Cut::Four { cells * cells } else { cells };
        let threshold = if product == 0 { 0 } else { (1 << 32) % product };
        Indices { source: Source::of(stream), bits: [0; BLOCK], cells, cut, product, threshold }
    }

    /// The SIMD level that kernels are to run at.
    pub(super) fn level(&self) -> Level {
        self.source.level
    }

    /// Draws so many rows of words, a block at a time, and offers each block to `use_them`: the words, the cells, the cut, the least remainder that is allowed,
    /// and the number of the first row. Where that says that a remainder was less, the block is offered again, with other words in the place of those.
    pub(super) fn rows(&mut self, rows: usize, mut use_them: impl FnMut(&[u64], u64, Cut, u64, usize) -> bool) {
        let mut done = 0;
        while done < rows {
            let now = (rows - done).min(ROWS);
            self.source.bits(&mut self.bits, now * LANES);
            while !use_them(&self.bits[..now * LANES], self.cells, self.cut, self.threshold, done) {
                self.mend(now * LANES);
            }
            done += now;
        }
    }

    /// Draws anew what is in the incomplete part.
    fn mend(&mut self, words: usize) {
        let (product, threshold) = (self.product, self.threshold);
        let fine = |half: u64| half.wrapping_mul(product) & LOW >= threshold;
        for word in &mut self.bits[..words] {
            while !(fine(*word & LOW) && fine(*word >> 32)) {
                *word = self.source.next();
            }
        }
    }

    /// Writes indices: those of resample `lane` in that place of each row.
    pub(super) fn fill(&mut self, out: &mut Vec<Row<u32>>, count: usize) {
        let each = self.cut.indices();
        let rows = count.div_ceil(each);
        out.clear();
        out.resize(rows * each, [0; LANES]);
        let level = self.level();
        self.rows(rows, |bits, cells, cut, threshold, start| {
            let out = &mut out[start * each..start * each + bits.len() / LANES * each];
            let least = match cut {
                Cut::Four => four(level, bits, cells, out),
                Cut::Two => two(level, bits, cells, out),
            };
            least >= threshold
        });
        out.truncate(count);
    }
}

portable_kernel! {
    fn four(bits: &[u64], cells: u64, out: &mut [Row<u32>]) -> u64 = four_body
}

#[inline(always)]
fn four_body(bits: &[u64], cells: u64, out: &mut [Row<u32>]) -> u64 {
    let mut least = [u64::MAX; LANES];
    for (row, out) in bits.as_chunks::<LANES>().0.iter().zip(out.as_chunks_mut::<4>().0) {
        let (places, remainders) = places_of_four(row, cells);
        for k in 0..4 {
            out[k] = places[k].map(|place| place as u32);
        }
        least = lesser(least, remainders);
    }
    least_of(least)
}

portable_kernel! {
    fn two(bits: &[u64], cells: u64, out: &mut [Row<u32>]) -> u64 = two_body
}

#[inline(always)]
fn two_body(bits: &[u64], cells: u64, out: &mut [Row<u32>]) -> u64 {
    let mut least = [u64::MAX; LANES];
    for (row, out) in bits.as_chunks::<LANES>().0.iter().zip(out.as_chunks_mut::<2>().0) {
        let (places, remainders) = places_of_two(row, cells);
        for k in 0..2 {
            out[k] = places[k].map(|place| place as u32);
        }
        least = lesser(least, remainders);
    }
    least_of(least)
}

/// Four indices of each word, and the lesser remainder of its halves. Cells are at most 2¹⁶, or the remainders mean nothing.
#[inline(always)]
pub(super) fn places_of_four(words: &Row<u64>, cells: u64) -> ([Row<u64>; 4], Row<u64>) {
    let cells = cells & LOW;
    let first = words.map(|word| (word & LOW) * cells);
    let second = words.map(|word| (word >> 32) * cells);
    let third = first.map(|product| (product & LOW) * cells);
    let fourth = second.map(|product| (product & LOW) * cells);
    let places = [first, second, third, fourth].map(|products| products.map(|product| product >> 32));
    (places, lesser(third.map(|product| product & LOW), fourth.map(|product| product & LOW)))
}

/// Two indices of each word, and the lesser remainder.
#[inline(always)]
pub(super) fn places_of_two(words: &Row<u64>, cells: u64) -> ([Row<u64>; 2], Row<u64>) {
    let cells = cells & LOW;
    let first = words.map(|word| (word & LOW) * cells);
    let second = words.map(|word| (word >> 32) * cells);
    let places = [first, second].map(|products| products.map(|product| product >> 32));
    (places, lesser(first.map(|product| product & LOW), second.map(|product| product & LOW)))
}

#[inline(always)]
pub(super) fn lesser(a: Row<u64>, b: Row<u64>) -> Row<u64> {
    let mut least = a;
    for lane in 0..LANES {
        least[lane] = if b[lane] < a[lane] { b[lane] } else { a[lane] };
    }
    least
}

#[inline(always)]
pub(super) fn least_of(lanes: Row<u64>) -> u64 {
    lanes.into_iter().fold(u64::MAX, |least, lane| if lane < least { lane } else { least })
}

/// The numbers of a table at the indices of rows.
pub(super) fn gather(level: Level, indices: &[Row<u32>], table: &[f64], out: &mut Vec<Row<f64>>) {
    out.resize(indices.len(), [0.0; LANES]);
    assert!((greatest(level, indices) as usize) < table.len(), "an index stands in the table");
    looked_up(level, indices, table, out);
}

portable_kernel! {
    fn greatest(indices: &[Row<u32>]) -> u32 = greatest_body
}

#[inline(always)]
fn greatest_body(indices: &[Row<u32>]) -> u32 {
    let mut most = [0; LANES];
    for row in indices {
        for lane in 0..LANES {
            most[lane] = if row[lane] > most[lane] { row[lane] } else { most[lane] };
        }
    }
    most.into_iter().fold(0, |most, index| if index > most { index } else { most })
}

portable_kernel! {
    fn looked_up(indices: &[Row<u32>], table: &[f64], out: &mut [Row<f64>]) = looked_up_body
}

/// Every index is below the table's length.
#[inline(always)]
fn looked_up_body(indices: &[Row<u32>], table: &[f64], out: &mut [Row<f64>]) {
    for (out, row) in out.iter_mut().zip(indices) {
        // SAFETY: the one caller has just looked at the greatest index.
        *out = row.map(|index| unsafe { *table.get_unchecked(index as usize) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_and_every_pair_is_equally_likely() {
        for cells in [1, 3, 7, 50, 4096, 4097, 5000] {
            let mut indices = Indices::new(cells, &mut Stream::seeded(cells as u64));
            let (mut rows, mut counts, mut total) = (Vec::new(), vec![0_u32; cells], 0.0);
            for _ in 0..20 {
                indices.fill(&mut rows, 1001);
                assert_eq!(rows.len(), 1001);
                rows.iter().flatten().for_each(|&index| counts[index as usize] += 1);
                total += (1001 * LANES) as f64;
            }
            let expected = total / cells as f64;
            let chi_square: f64 = counts.iter().map(|&c| (f64::from(c) - expected).powi(2) / expected).sum();
            // Mean and five standard deviations of chi-square.
            let df = cells as f64 - 1.0;
            assert!(chi_square <= df + 5.0 * (2.0 * df).sqrt(), "{cells}: {chi_square}");
        }
    }

    #[test]
    fn words_of_the_incomplete_part_are_drawn_again() {
        // 4095² leaves the most of 2³²; the count of pairs (first and third index of a word) must not show it.
        let mut indices = Indices::new(63, &mut Stream::seeded(5));
        let mut rows = Vec::new();
        let mut pairs = vec![0_u32; 63 * 63];
        for _ in 0..100 {
            indices.fill(&mut rows, 800);
            for four in rows.chunks_exact(4) {
                for lane in 0..LANES {
                    pairs[(four[0][lane] * 63 + four[2][lane]) as usize] += 1;
                }
            }
        }
        let expected = f64::from(pairs.iter().sum::<u32>()) / pairs.len() as f64;
        let chi_square: f64 = pairs.iter().map(|&c| (f64::from(c) - expected).powi(2) / expected).sum();
        let df = pairs.len() as f64 - 1.0;
        assert!((chi_square - df).abs() <= 5.0 * (2.0 * df).sqrt(), "{chi_square} for {df}");
        let mut indices = Indices::new(4095, &mut Stream::seeded(5));
        indices.bits = [indices.threshold - 1; BLOCK];
        indices.mend(BLOCK);
        assert!(indices.bits.iter().all(|word| ((word & LOW) * indices.product) & LOW >= indices.threshold));
    }

    #[test]
    fn the_first_indices_of_a_seed_stay_as_they_are() {
        let mut rows = Vec::new();
        Indices::new(1000, &mut Stream::seeded(1)).fill(&mut rows, 2);
        let again = rows.clone();
        Indices::new(1000, &mut Stream::seeded(1)).fill(&mut rows, 2);
        assert_eq!(rows, again);
    }
}
