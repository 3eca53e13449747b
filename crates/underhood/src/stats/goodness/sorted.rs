//! Sorting values without carrying anything along.

/// Longer samples are dealt out to cells first.
const WORTH_CELLS: usize = 100;

/// Longer ones that do not suit cells are sorted digit by digit.
const WORTH_RADIX: usize = 2000;

/// No cell may hold more: within one, values are put in order one by one.
const CROWDED: u32 = 24;

/// The values from the smallest to the largest; they are finite, and −0 becomes 0.
pub(super) fn sorted_values(x: impl ExactSizeIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = x.map(|v| v + 0.0).collect();
    if values.len() >= WORTH_CELLS
        && let Some(sorted) = by_cells(&values)
    {
        return sorted;
    }
    if values.len() < WORTH_RADIX {
        values.sort_unstable_by(f64::total_cmp);
        return values;
    }
    // Whole numbers that order as the values do.
    let key = |bits: u64| if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    let bits = |key: u64| if key >> 63 == 1 { key & !(1 << 63) } else { !key };
    let keys = values.iter().map(|v| key(v.to_bits())).collect();
    by_digits(keys).into_iter().map(|key| f64::from_bits(bits(key))).collect()
}

/// Dealt out to as many cells of equal width as there are values, then put in order by insertion (E. J. Isaac and R. C. Singleton 1956,
/// doi:10.1145/320831.320834); none if too many fall into one cell.
fn by_cells(values: &[f64]) -> Option<Vec<f64>> {
    let n = values.len();
    let (least, most) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &v| (a.min(v), b.max(v)));
    let scale = n as f64 / (most - least);
    if !(scale > 0.0 && scale.is_finite()) {
        return None;
    }
    let cell = |v: f64| (((v - least) * scale) as usize).min(n - 1);
    let mut ends = vec![0_u32; n];
    values.iter().for_each(|&v| ends[cell(v)] += 1);
    let mut before = 0;
    for end in &mut ends {
        if *end > CROWDED {
            return None;
        }
        before += std::mem::replace(end, before);
    }
    let mut sorted = vec![0.0; n];
    for &v in values {
        let place = &mut ends[cell(v)];
        sorted[*place as usize] = v;
        *place += 1;
    }
    for i in 1..n {
        let (v, mut j) = (sorted[i], i);
        while j > 0 && sorted[j - 1] > v {
            sorted[j] = sorted[j - 1];
            j -= 1;
        }
        sorted[j] = v;
    }
    Some(sorted)
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
    fn every_way_sorts() {
        let mut stream = Stream::seeded(5);
        for n in [0, 1, 40, WORTH_RADIX, 3 * WORTH_RADIX] {
            let x: Vec<f64> =
                (0..n).map(|_| (stream.normal() * 40.0).round() * 1e3_f64.powf(stream.normal())).collect();
            let mut expected: Vec<f64> = x.iter().map(|v| v + 0.0).collect();
            expected.sort_by(f64::total_cmp);
            assert_eq!(sorted_values(x.iter().copied()), expected);
            // Evenly spread values suit cells.
            let even: Vec<f64> = (0..n).map(|_| stream.uniform() - 0.5).collect();
            let mut expected = even.clone();
            expected.sort_by(f64::total_cmp);
            assert_eq!(sorted_values(even.iter().copied()), expected);
            assert_eq!(by_cells(&even).is_some(), n > 1);
        }
    }
}
