//! Sorting values without carrying anything along.

/// Longer samples are sorted digit by digit.
const WORTH_RADIX: usize = 2000;

/// The values from the smallest to the largest; there is no NaN among them, and −0 becomes 0.
pub(super) fn sorted_values(x: impl ExactSizeIterator<Item = f64>) -> Vec<f64> {
    // Whole numbers that order as the values do.
    let key = |value: f64| {
        let bits = (value + 0.0).to_bits();
        if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
    };
    let value = |key: u64| f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key });
    let mut keys: Vec<u64> = x.map(key).collect();
    if keys.len() < WORTH_RADIX {
        keys.sort_unstable();
    } else {
        keys = by_digits(keys);
    }
    keys.into_iter().map(value).collect()
}

/// By 11-bit digits from the last to the first (H. H. Seward, 1954); digits in which all agree are skipped.
fn by_digits(mut from: Vec<u64>) -> Vec<u64> {
    const BITS: usize = 11;
    const DIGITS: usize = 64_usize.div_ceil(BITS);
    const VALUES: usize = 1 << BITS;
    let digit = |key: u64, place: usize| (key >> (place * BITS)) as usize & (VALUES - 1);
    let mut counts = vec![[0_usize; VALUES]; DIGITS];
    for &key in &from {
        for (place, counts) in counts.iter_mut().enumerate() {
            counts[digit(key, place)] += 1;
        }
    }
    let mut to = vec![0; from.len()];
    for (place, counts) in counts.iter_mut().enumerate() {
        if counts[digit(from[0], place)] == from.len() {
            continue;
        }
        let mut before = 0;
        for count in counts.iter_mut() {
            before += std::mem::replace(count, before);
        }
        for &key in &from {
            let position = &mut counts[digit(key, place)];
            to[*position] = key;
            *position += 1;
        }
        std::mem::swap(&mut from, &mut to);
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    #[test]
    fn both_ways_sort() {
        let mut stream = Stream::seeded(5);
        for n in [0, 1, 40, WORTH_RADIX, 3 * WORTH_RADIX] {
            let x: Vec<f64> =
                (0..n).map(|_| (stream.normal() * 40.0).round() * 1e3_f64.powf(stream.normal())).collect();
            let mut expected: Vec<f64> = x.iter().map(|v| v + 0.0).collect();
            expected.sort_by(f64::total_cmp);
            assert_eq!(sorted_values(x.iter().copied()), expected);
        }
    }
}
