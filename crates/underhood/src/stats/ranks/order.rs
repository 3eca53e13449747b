//! The places of a column's values in ascending order, ties in the order in which they stand.
//!
//! Long columns are sorted by digits from the last to the first (H. H. Seward, 1954), but not by all 64 bits of a value: a cell
//! of some 22 bits that rises with the value and the value's place are packed in one word, two passes sort the words, and the few
//! values that share a cell are sorted among themselves. Cells are equal steps from the smallest to the largest value, or, where
//! those would crowd most values into few cells, the leading bits of the values, which are equal steps of their logarithms.

/// Longer columns are sorted by cells.
const WORTH_CELLS: usize = 256;
/// Beyond so many values more cells are worth a third pass.
const WORTH_THREE_DIGITS: usize = 1 << 18;
/// Bits of a digit.
const BITS: usize = 11;
/// Values of a digit.
const VALUES: usize = 1 << BITS;
/// Bits of a place: the rest of a word is the cell.
const PLACE_BITS: usize = 31;

/// The indices of the values from the smallest to the largest; equal values keep their order. `x` holds no NaN.
pub(crate) fn in_order(x: &[f64]) -> Vec<u32> {
    debug_assert!(x.len() <= u32::MAX as usize, "places have 32 bits: a column of 32 GiB");
    if x.len() <= WORTH_CELLS || x.len() >= 1 << PLACE_BITS {
        let mut order: Vec<u32> = (0..x.len() as u32).collect();
        sort_by_value(&mut order, x, |&i| i);
        return order;
    }
    let mut words = by_cells(x);
    let mut start = 0;
    while start < words.len() {
        let cell = words[start] >> PLACE_BITS;
        let mut end = start + 1;
        while end < words.len() && words[end] >> PLACE_BITS == cell {
            end += 1;
        }
        match &mut words[start..end] {
            [_] => {}
            [first, second] => {
                if x[place(*first)] > x[place(*second)] {
                    std::mem::swap(first, second);
                }
            }
            crowd => sort_by_value(crowd, x, |&word| place(word) as u32),
        }
        start = end;
    }
    words.into_iter().map(|word| place(word) as u32).collect()
}

/// Runs of equal values in an order: from each run's first place to beyond its last.
pub(crate) fn ties<'a>(x: &'a [f64], order: &'a [u32]) -> impl Iterator<Item = (usize, usize)> + 'a {
    let mut start = 0;
    std::iter::from_fn(move || {
        let value = x[*order.get(start)? as usize];
        let mut end = start + 1;
        while end < order.len() && x[order[end] as usize] == value {
            end += 1;
        }
        let run = (start, end);
        start = end;
        Some(run)
    })
}

fn place(word: u64) -> usize {
    (word & ((1 << PLACE_BITS) - 1)) as usize
}

fn sort_by_value<T>(items: &mut [T], x: &[f64], index: impl Fn(&T) -> u32) {
    // Zeros of both signs are one value, which `total_cmp` would tell apart; the sum makes them one.
    items.sort_by(|a, b| (x[index(a) as usize] + 0.0).total_cmp(&(x[index(b) as usize] + 0.0)));
}

/// Words of cell and place, sorted by cell.
fn by_cells(x: &[f64]) -> Vec<u64> {
    let digits = if x.len() <= WORTH_THREE_DIGITS { 2 } else { 3 };
    let (low, high) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| {
        (if v < low { v } else { low }, if v > high { v } else { high })
    });
    let most = (1_u64 << (digits * BITS)) - 1;
    let scale = most as f64 / (high - low);
    if scale.is_finite() && (high - low).is_finite() {
        // Rounding keeps the order: a larger value has a cell that is larger or the same.
        let cells = |v: f64| (((v - low) * scale) as u64).min(most);
        if let Some(sorted) = sorted_by_digits(x, cells, digits, x.len() / 16) {
            return sorted;
        }
    }
    let (low, high) = (key(low), key(high));
    let beyond = (u64::BITS - (high - low).leading_zeros()) as usize;
    let spare = beyond.saturating_sub(3 * BITS);
    // Never given up: no digit holds more than all values.
    sorted_by_digits(x, |v| (key(v) - low) >> spare, 3, x.len()).unwrap_or_default()
}

/// A whole number that orders as the value does; both zeros are one value.
fn key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// Sorts by the cells' digits; gives up if more than `crowd` values share the leading one.
fn sorted_by_digits(x: &[f64], cell: impl Fn(f64) -> u64, digits: usize, crowd: usize) -> Option<Vec<u64>> {
    let digit = |word: u64, of: usize| (word >> (PLACE_BITS + of * BITS)) as usize & (VALUES - 1);
    let mut counts = vec![[0_u32; VALUES]; digits];
    let mut from: Vec<u64> = Vec::with_capacity(x.len());
    for (i, &v) in x.iter().enumerate() {
        let word = cell(v) << PLACE_BITS | i as u64;
        for (of, counts) in counts.iter_mut().enumerate() {
            counts[digit(word, of)] += 1;
        }
        from.push(word);
    }
    if counts[digits - 1].iter().any(|&count| count as usize > crowd) {
        return None;
    }
    let mut to = vec![0; from.len()];
    for (of, counts) in counts.iter_mut().enumerate() {
        if counts[digit(from[0], of)] as usize == from.len() {
            continue;
        }
        let mut before = 0;
        for count in counts.iter_mut() {
            before += std::mem::replace(count, before);
        }
        for &word in &from {
            let position = &mut counts[digit(word, of)];
            to[*position as usize] = word;
            *position += 1;
        }
        std::mem::swap(&mut from, &mut to);
    }
    Some(from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    #[test]
    fn every_way_of_sorting_is_stable_and_right() {
        let mut stream = Stream::seeded(4);
        for n in [0, 1, 2, 50, WORTH_CELLS, WORTH_CELLS + 1, 5_000, WORTH_THREE_DIGITS + 1] {
            let normal: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
            let kinds: [Vec<f64>; 6] = [
                normal.iter().map(|v| (v * 3.0).round()).collect(),
                normal.iter().map(|v| 1.0 / v).collect(),
                normal.iter().map(|v| v * 1e308).collect(),
                normal.iter().map(|v| v * 5e-324).collect(),
                normal.iter().map(|v| if *v > 1.0 { f64::INFINITY } else { (v * 40.0).exp() }).collect(),
                normal,
            ];
            for x in &kinds {
                let order = in_order(x);
                assert_eq!(order.len(), n);
                for pair in order.windows(2) {
                    let (a, b) = (pair[0] as usize, pair[1] as usize);
                    assert!(x[a] < x[b] || (x[a] == x[b] && a < b));
                }
                let runs: Vec<(usize, usize)> = ties(x, &order).collect();
                assert_eq!(runs.iter().map(|run| run.1 - run.0).sum::<usize>(), n);
            }
        }
    }
}
