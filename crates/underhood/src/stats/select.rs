//! Order statistics without sorting: which values would stand at given places if the column were sorted.
//!
//! Short columns are dealt out to buckets of one width, and only those that hold a wanted place are looked into, by partitioning (C. A. R.
//! Hoare, 1961, doi:10.1145/366622.366647; the standard library's `select_nth_unstable`). Of long ones a sample is sorted, which brackets each wanted value between two numbers; one
//! pass counts what lies below each bracket and keeps the few values inside (R. W. Floyd and R. L. Rivest, 1975,
//! doi:10.1145/360680.360691). A bracket that missed is noticed by the counts, and the whole column is partitioned instead.

use super::moments::BLOCK;
use crate::random::Stream;
use crate::simd::wide_kernel;

/// Below this length partitioning the whole column is as fast.
pub(crate) const WORTH_SAMPLING: usize = 20_000;
/// Below this length dealing values out takes longer than it saves.
const WORTH_DEALING: usize = 100;
/// As many as a byte can tell apart.
const BUCKETS: usize = 256;
/// More brackets than this read the column too often.
const MOST_BRACKETS: usize = 4;
/// Half a bracket's width in standard deviations of the sample's ranks: a miss in some thousands of columns.
const WIDTH: f64 = 3.5;

/// The values at `ranks` (ascending, without repetition, each less than the length) of `x` in ascending order.
///
/// `x` holds no NaN. `scratch` is memory that calls in a row can share.
pub(crate) fn order_statistics(x: &[f64], ranks: &[usize], scratch: &mut Vec<i64>) -> Vec<f64> {
    if x.len() >= WORTH_SAMPLING
        && let Some(mut search) = Search::new(x.len(), |i| x[i], ranks, std::mem::take(scratch))
    {
        x.chunks(BLOCK).for_each(|block| search.add(block));
        let values = search.values(ranks);
        *scratch = search.kept;
        if let Some(values) = values {
            return values;
        }
    }
    if (WORTH_DEALING..WORTH_SAMPLING).contains(&x.len())
        && let Some(places) = deal(x, ranks, scratch)
    {
        partition(scratch, 0, &places);
        return places.iter().map(|&place| value_of(scratch[place])).collect();
    }
    scratch.clear();
    scratch.extend(x.iter().map(|&v| key(v)));
    partition(scratch, 0, ranks);
    ranks.iter().map(|&rank| value_of(scratch[rank])).collect()
}

/// Deals the values out to buckets between the smallest and the largest, and keeps the keys of those buckets that hold a rank; gives the
/// places of the ranks among them. None if the values have no finite width.
fn deal(x: &[f64], ranks: &[usize], kept: &mut Vec<i64>) -> Option<Vec<usize>> {
    let (low, high) = extremes(x);
    let scale = (BUCKETS as f64 - 0.5) / (high - low);
    if !(scale.is_finite() && scale > 0.0) {
        return None;
    }
    // Rounding is monotonic: no value of a bucket is larger than one of the next.
    let mut buckets = vec![0; x.len()];
    choose(x, low, scale, &mut buckets);
    let mut counts = [0_usize; BUCKETS];
    buckets.iter().for_each(|&bucket| counts[usize::from(bucket)] += 1);
    let mut wanted = [0_usize; BUCKETS];
    let mut places = Vec::with_capacity(ranks.len());
    let (mut below, mut before) = (0, 0);
    for (wanted, count) in wanted.iter_mut().zip(counts) {
        while let Some(&rank) = ranks.get(places.len()).filter(|rank| **rank < below + count) {
            *wanted = 1;
            places.push(before + rank - below);
        }
        below += count;
        before += *wanted * count;
    }
    kept.clear();
    kept.resize(before + 1, 0);
    let mut found = 0;
    for (&value, &bucket) in x.iter().zip(&buckets) {
        // Written always, kept if it counts: no branch to be guessed wrongly.
        kept[found] = key(value);
        found += wanted[usize::from(bucket)];
    }
    kept.truncate(before);
    Some(places)
}

wide_kernel! {
    /// The smallest and the largest value.
    fn extremes(x: &[f64]) -> (f64, f64) = extremes_body
}

#[inline(always)]
fn extremes_body<const FMA: bool>(x: &[f64]) -> (f64, f64) {
    const LANES: usize = 16;
    let (mut lows, mut highs) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
    let (groups, tail) = x.as_chunks::<LANES>();
    for group in groups {
        for lane in 0..LANES {
            lows[lane] = if group[lane] < lows[lane] { group[lane] } else { lows[lane] };
            highs[lane] = if group[lane] > highs[lane] { group[lane] } else { highs[lane] };
        }
    }
    let low = lows.iter().chain(tail).fold(f64::INFINITY, |a, &b| if b < a { b } else { a });
    let high = highs.iter().chain(tail).fold(f64::NEG_INFINITY, |a, &b| if b > a { b } else { a });
    (low, high)
}

wide_kernel! {
    /// The bucket of each value, the whole part of (x − low)·scale.
    fn choose(x: &[f64], low: f64, scale: f64, buckets: &mut [u8]) = choose_body
}

#[inline(always)]
fn choose_body<const FMA: bool>(x: &[f64], low: f64, scale: f64, buckets: &mut [u8]) {
    for (bucket, &value) in buckets.iter_mut().zip(x) {
        *bucket = ((value - low) * scale) as i32 as u8;
    }
}

/// A whole number that orders as the value does in IEEE 754's total order: integers are compared faster.
pub(crate) fn key(value: f64) -> i64 {
    reflected(value.to_bits() as i64)
}

pub(crate) fn value_of(key: i64) -> f64 {
    f64::from_bits(reflected(key) as u64)
}

/// Turns the order of the negative numbers round, whose bits are magnitude with a sign; twice is nothing.
fn reflected(bits: i64) -> i64 {
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// Brings the values of every rank to their places; `x` starts at place `start` of the whole.
fn partition(x: &mut [i64], start: usize, ranks: &[usize]) {
    let Some(&middle) = ranks.get(ranks.len() / 2) else { return };
    let (below, _, above) = x.select_nth_unstable(middle - start);
    partition(below, start, &ranks[..ranks.len() / 2]);
    partition(above, middle + 1, &ranks[ranks.len() / 2 + 1..]);
}

/// Two numbers that should hold the values of some ranks between them.
struct Bracket {
    low: f64,
    high: f64,
    /// How many values are less than `low`.
    below: u64,
    /// How many are at most `high`.
    up_to: u64,
}

/// The order statistics of a long column that is looked at once, block by block.
pub(crate) struct Search {
    brackets: Vec<Bracket>,
    /// The keys of the values inside a bracket.
    kept: Vec<i64>,
}

impl Search {
    /// Looks at a sample of the n values; gives up if it would take too many brackets.
    pub(crate) fn new(n: usize, value: impl Fn(usize) -> f64, ranks: &[usize], mut memory: Vec<i64>) -> Option<Search> {
        let brackets = brackets_from_sample(n, value, ranks, &mut memory)?;
        memory.clear();
        Some(Search { brackets, kept: memory })
    }

    /// Counts below and up to every bracket in the next values, [`BLOCK`] or fewer, and keeps what lies inside one.
    pub(crate) fn add(&mut self, block: &[f64]) {
        let mut marks = [0; BLOCK];
        let mut chosen = [0.0; BLOCK];
        let marks = &mut marks[..block.len()];
        for bracket in &mut self.brackets {
            let (below, up_to) = compare(block, bracket.low, bracket.high, marks);
            bracket.below += below;
            bracket.up_to += up_to;
        }
        let mut found = 0;
        for (&value, &inside) in block.iter().zip(marks.iter()) {
            // Written always, kept if it counts: no branch to be guessed wrongly. `found` is less than BLOCK here.
            chosen[found % BLOCK] = value;
            found += inside as usize;
        }
        self.kept.extend(chosen[..found].iter().map(|&v| key(v)));
    }

    /// The values at the ranks that the search began with, once every block was added; none if a bracket missed.
    pub(crate) fn values(&mut self, ranks: &[usize]) -> Option<Vec<f64>> {
        // The values kept are those of the first bracket, then those of the second, …: find each rank among them.
        let mut places = Vec::with_capacity(ranks.len());
        for &rank in ranks {
            let mut before = 0;
            let place = self.brackets.iter().find_map(|bracket| {
                let inside = (bracket.below..bracket.up_to).contains(&(rank as u64));
                let place = inside.then(|| (rank as u64 - bracket.below + before) as usize);
                before += bracket.up_to - bracket.below;
                place
            })?;
            places.push(place);
        }
        partition(&mut self.kept, 0, &places);
        Some(places.iter().map(|&place| value_of(self.kept[place])).collect())
    }
}

/// Disjoint brackets in ascending order; none if there would be too many.
fn brackets_from_sample(
    length: usize,
    value: impl Fn(usize) -> f64,
    ranks: &[usize],
    scratch: &mut Vec<i64>,
) -> Option<Vec<Bracket>> {
    let n = length as f64;
    let size = n.powf(2.0 / 3.0);
    // The seed is fixed: the brackets do not change the result, only the time that it takes.
    let mut stream = Stream::seeded(0);
    scratch.clear();
    scratch.extend((0..size as usize).map(|_| key(value(stream.below(length as u64) as usize))));
    scratch.sort_unstable();

    let mut brackets: Vec<Bracket> = Vec::with_capacity(MOST_BRACKETS);
    for &rank in ranks {
        let share = (rank as f64 + 0.5) / n;
        let margin = WIDTH * (size * share * (1.0 - share)).sqrt() + 2.0;
        let (first, last) = (share * size - margin, share * size + margin);
        let low = if first < 0.0 { f64::NEG_INFINITY } else { value_of(scratch[first as usize]) };
        let high = scratch.get(last as usize).map_or(f64::INFINITY, |&key| value_of(key));
        match brackets.last_mut() {
            Some(previous) if low <= previous.high => previous.high = previous.high.max(high),
            _ => brackets.push(Bracket { low, high, below: 0, up_to: 0 }),
        }
        if brackets.len() > MOST_BRACKETS {
            return None;
        }
    }
    Some(brackets)
}

wide_kernel! {
    /// How many values are less than `low` and at most `high`; marks those between with a 1.
    fn compare(x: &[f64], low: f64, high: f64, inside: &mut [u64]) -> (u64, u64) = compare_body
}

#[inline(always)]
fn compare_body<const FMA: bool>(x: &[f64], low: f64, high: f64, inside: &mut [u64]) -> (u64, u64) {
    const LANES: usize = 16;
    let (mut below, mut up_to) = ([0_u64; LANES], [0_u64; LANES]);
    let (values, last_values) = x.as_chunks::<LANES>();
    let (marks, last_marks) = inside.as_chunks_mut::<LANES>();
    for (values, marks) in values.iter().zip(marks) {
        for lane in 0..LANES {
            let (less, at_most) = (u64::from(values[lane] < low), u64::from(values[lane] <= high));
            below[lane] += less;
            up_to[lane] += at_most;
            marks[lane] |= at_most & (1 - less);
        }
    }
    for (&value, mark) in last_values.iter().zip(last_marks) {
        let (less, at_most) = (u64::from(value < low), u64::from(value <= high));
        below[0] += less;
        up_to[0] += at_most;
        *mark |= at_most & (1 - less);
    }
    (below.iter().sum(), up_to.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(x: &[f64], ranks: &[usize]) {
        let mut sorted = x.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let expected: Vec<f64> = ranks.iter().map(|&rank| sorted[rank]).collect();
        assert_eq!(order_statistics(x, ranks, &mut Vec::new()), expected);
    }

    #[test]
    fn the_values_are_those_of_the_sorted_column() {
        let mut stream = Stream::seeded(5);
        for n in [1, 2, 3, 10, WORTH_DEALING, 1000, WORTH_SAMPLING - 1, WORTH_SAMPLING, 50_001] {
            let normal: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
            let ties: Vec<f64> = normal.iter().map(|v| (v * 3.0).round() + 0.0).collect();
            let ascending: Vec<f64> = (0..n).map(|i| i as f64).collect();
            let constant = vec![2.5; n];
            let heavy: Vec<f64> = normal.iter().map(|v| if *v > 1.0 { f64::INFINITY } else { 1.0 / v }).collect();
            let far: Vec<f64> = normal.iter().map(|v| if *v > 2.0 { 1e300 } else { *v }).collect();
            let wide: Vec<f64> = normal.iter().map(|v| v * 1e308).collect();
            let mut ranks = vec![0, n / 4, n / 4 + 1, n / 2, 3 * n / 4, n - 1];
            ranks.retain(|&rank| rank < n);
            ranks.sort_unstable();
            ranks.dedup();
            for x in [&normal, &ties, &ascending, &constant, &heavy, &far, &wide] {
                check(x, &ranks);
                check(x, &[n / 2]);
            }
        }
    }

    #[test]
    fn a_bracket_that_misses_is_noticed() {
        // The sample never sees the few values that the rank asks for, or sees them too often.
        let x: Vec<f64> = (0..30_000).map(|i| if i % 10_000 == 0 { -1.0 } else { f64::from(i % 7) }).collect();
        check(&x, &[0, 1, 2, 3, 4]);
        check(&x, &(0..30_000).step_by(1000).collect::<Vec<_>>());
    }
}
