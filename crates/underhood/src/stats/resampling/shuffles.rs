//! Random shuffles, subsets and signs, and sums over them.

use super::indices::Row;
use crate::random::Stream;
use crate::random::kernel::portable_kernel;
use crate::random::source::{BLOCK, LANES, Source};

/// Words of a stream, one after the other.
pub(super) struct Words {
    source: Source,
    bits: [u64; BLOCK],
    used: usize,
}

impl Words {
    pub(super) fn new(stream: &mut Stream) -> Words {
        Words { source: Source::of(stream), bits: [0; BLOCK], used: BLOCK }
    }

    fn next(&mut self) -> u64 {
        if self.used == BLOCK {
            self.source.bits(&mut self.bits, BLOCK);
            self.used = 0;
        }
        self.used += 1;
        self.bits[self.used - 1]
    }

    /// A whole number below `bound`, which is not 0 (D. Lemire, 2019, doi:10.1145/3230636).
    fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u64;
        loop {
            let wide = u128::from(self.next()) * u128::from(bound);
            if wide as u64 >= bound || wide as u64 >= bound.wrapping_neg() % bound {
                return (wide >> 64) as usize;
            }
        }
    }

    /// Every order equally likely (Fisher and Yates, in Durstenfeld's form).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }
}

/// Random subsets of a fixed size of the values of a sorted or unsorted sample, eight at a time, by the selection sampling of C. T. Fan, M. E. Muller and
/// I. Rezucha (1962, doi:10.1080/01621459.1962.10480667; D. E. Knuth's algorithm S): a value is chosen with probability (still needed)/(still to come).
pub(super) struct Subsets {
    source: Source,
    bits: [u64; BLOCK],
}

impl Subsets {
    pub(super) fn new(stream: &mut Stream) -> Subsets {
        Subsets { source: Source::of(stream), bits: [0; BLOCK] }
    }

    /// Σ of the chosen values, for eight subsets of this size.
    pub(super) fn sums(&mut self, values: &[f64], size: usize) -> Row<f64> {
        let mut state = Chosen { needed: [size as f64; LANES], to_come: values.len() as f64, sums: [0.0; LANES] };
        for values in values.chunks(BLOCK / LANES) {
            self.source.bits(&mut self.bits, values.len() * LANES);
            choose(self.source.level, &self.bits[..values.len() * LANES], values, &mut state);
        }
        state.sums
    }

    /// Of eight subsets of this size of sorted values, and of what they leave, the values at these ranks: two of the subset, two of the rest.
    pub(super) fn ranks(
        &mut self,
        values: &[f64],
        size: usize,
        inside: [usize; 2],
        outside: [usize; 2],
    ) -> [Row<f64>; 4] {
        let mut state = Ranked {
            needed: [size as f64; LANES],
            to_come: values.len() as f64,
            // How many were chosen, and how many not, when the value at the rank was met.
            wanted: [inside[0], inside[1], outside[0], outside[1]].map(|rank| rank as f64),
            size: size as f64,
            met: 0.0,
            found: [[0.0; LANES]; 4],
        };
        for values in values.chunks(BLOCK / LANES) {
            self.source.bits(&mut self.bits, values.len() * LANES);
            rank(self.source.level, &self.bits[..values.len() * LANES], values, &mut state);
        }
        state.found
    }
}

struct Chosen {
    needed: Row<f64>,
    to_come: f64,
    sums: Row<f64>,
}

/// Bits as a number of [0, 1): a multiple of 2⁻⁵².
#[inline(always)]
fn fraction(bits: u64) -> f64 {
    f64::from_bits(bits >> 12 | 1.0_f64.to_bits()) - 1.0
}

portable_kernel! {
    fn choose(bits: &[u64], values: &[f64], state: &mut Chosen) = choose_body
}

#[inline(always)]
fn choose_body(bits: &[u64], values: &[f64], state: &mut Chosen) {
    let Chosen { mut needed, mut to_come, mut sums } = *state;
    for (bits, &value) in bits.as_chunks::<LANES>().0.iter().zip(values) {
        for lane in 0..LANES {
            let chosen = fraction(bits[lane]) * to_come < needed[lane];
            sums[lane] += if chosen { value } else { 0.0 };
            needed[lane] -= if chosen { 1.0 } else { 0.0 };
        }
        to_come -= 1.0;
    }
    *state = Chosen { needed, to_come, sums };
}

struct Ranked {
    needed: Row<f64>,
    to_come: f64,
    wanted: [f64; 4],
    size: f64,
    met: f64,
    found: [Row<f64>; 4],
}

portable_kernel! {
    fn rank(bits: &[u64], values: &[f64], state: &mut Ranked) = rank_body
}

#[inline(always)]
fn rank_body(bits: &[u64], values: &[f64], state: &mut Ranked) {
    let Ranked { mut needed, mut to_come, wanted, size, mut met, mut found } = *state;
    for (bits, &value) in bits.as_chunks::<LANES>().0.iter().zip(values) {
        for lane in 0..LANES {
            let chosen = fraction(bits[lane]) * to_come < needed[lane];
            let inside = size - needed[lane];
            let outside = met - inside;
            for k in 0..2 {
                let hit = chosen && inside == wanted[k];
                found[k][lane] = if hit { value } else { found[k][lane] };
                let hit = !chosen && outside == wanted[k + 2];
                found[k + 2][lane] = if hit { value } else { found[k + 2][lane] };
            }
            needed[lane] -= if chosen { 1.0 } else { 0.0 };
        }
        to_come -= 1.0;
        met += 1.0;
    }
    *state = Ranked { needed, to_come, wanted, size, met, found };
}

/// Sums with random signs, eight at a time.
pub(super) struct Signs {
    source: Source,
    bits: [u64; BLOCK],
}

impl Signs {
    pub(super) fn new(stream: &mut Stream) -> Signs {
        Signs { source: Source::of(stream), bits: [0; BLOCK] }
    }

    /// Σ±x.
    pub(super) fn sums(&mut self, values: &[f64]) -> Row<f64> {
        let mut sums = [0.0; LANES];
        for values in values.chunks(BLOCK / LANES * 64) {
            let rows = values.len().div_ceil(64);
            self.source.bits(&mut self.bits, rows * LANES);
            signed(self.source.level, &self.bits[..rows * LANES], values, &mut sums);
        }
        sums
    }
}

portable_kernel! {
    fn signed(bits: &[u64], values: &[f64], sums: &mut Row<f64>) = signed_body
}

#[inline(always)]
fn signed_body(bits: &[u64], values: &[f64], sums: &mut Row<f64>) {
    let mut total = *sums;
    for (bits, values) in bits.as_chunks::<LANES>().0.iter().zip(values.chunks(64)) {
        let mut bits = *bits;
        for value in values {
            for lane in 0..LANES {
                total[lane] += f64::from_bits(value.to_bits() ^ (bits[lane] & (1 << 63)));
                bits[lane] <<= 1;
            }
        }
    }
    *sums = total;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subsets_have_their_size_and_are_equally_likely() {
        // Powers of two: the sum names the subset.
        let values: Vec<f64> = (0..6).map(|i| f64::from(1 << i)).collect();
        let mut subsets = Subsets::new(&mut Stream::seeded(2));
        let mut counts = [0.0; 64];
        for _ in 0..2500 {
            for sum in subsets.sums(&values, 2) {
                counts[sum as usize] += 1.0;
            }
        }
        let expected = 20_000.0 / 15.0;
        let mut chi_square = 0.0;
        for (subset, count) in counts.iter().enumerate() {
            if subset.count_ones() == 2 {
                chi_square += (count - expected) * (count - expected) / expected;
            } else {
                assert_eq!(*count, 0.0);
            }
        }
        // 14 degrees of freedom, the 0.999 quantile.
        assert!(chi_square < 36.1, "{chi_square}");
    }

    #[test]
    fn ranks_are_those_of_the_subset_and_of_the_rest() {
        let values: Vec<f64> = (0..101).map(f64::from).collect();
        let (mut of_sums, mut of_ranks) = (Subsets::new(&mut Stream::seeded(2)), Subsets::new(&mut Stream::seeded(2)));
        for _ in 0..10 {
            // All of a subset of two and a rest of one: what the sum says, the ranks say.
            let sums = of_sums.sums(&values[..3], 2);
            let found = of_ranks.ranks(&values[..3], 2, [0, 1], [0, 0]);
            for lane in 0..LANES {
                assert_eq!(found[0][lane] + found[1][lane], sums[lane]);
                assert!(found[0][lane] < found[1][lane] && found[2][lane] == 3.0 - sums[lane]);
            }
        }
        let found = of_ranks.ranks(&values, 50, [0, 49], [0, 50]);
        assert!((0..LANES).all(|lane| found[0][lane] * found[2][lane] == 0.0));
        assert!((0..LANES).all(|lane| found[1][lane].max(found[3][lane]) == 100.0));
    }

    #[test]
    fn signs_are_fair_and_independent() {
        let values = [1.0, 2.0, 4.0, 8.0];
        let mut signs = Signs::new(&mut Stream::seeded(6));
        let mut counts = [0.0; 16];
        for _ in 0..2000 {
            signs.sums(&values).iter().for_each(|sum| counts[((sum + 15.0) / 2.0) as usize] += 1.0);
        }
        let chi_square: f64 = counts.iter().map(|c| (c - 1000.0) * (c - 1000.0) / 1000.0).sum();
        // 15 degrees of freedom, the 0.999 quantile.
        assert!(chi_square < 37.7, "{chi_square}");
    }
}
