//! Ranks: 1 for the smallest value to n for the largest, with the mean of their places for values that are tied.

use ndarray::{Array1, ArrayView1};

use crate::check;
use crate::error::Result;

/// Longer columns are sorted digit by digit.
const WORTH_RADIX: usize = 1500;

/// The ranks of a vector's values, tied values sharing the mean of their places.
///
/// # Errors
/// [`Error::NotFinite`](crate::Error::NotFinite) for NaN, which has no rank; infinities have one.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::rankdata;
///
/// assert_eq!(rankdata(array![30.0, 10.0, 20.0, 20.0].view())?, array![4.0, 1.0, 2.5, 2.5]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn rankdata(a: ArrayView1<'_, f64>) -> Result<Array1<f64>> {
    if let Some(i) = a.iter().position(|v| v.is_nan()) {
        // The check of finiteness words the error; an infinity before the NaN does not matter.
        check::finite_vector("rankdata", "a", a.slice(ndarray::s![i..=i]))?;
    }
    Ok(Array1::from_vec(crate::stats::contiguous(a, average_ranks)))
}

/// The same of values without NaN.
pub(crate) fn average_ranks(x: &[f64]) -> Vec<f64> {
    let mut keyed: Vec<(u64, usize)> = x.iter().enumerate().map(|(i, &v)| (key(v), i)).collect();
    if x.len() < WORTH_RADIX {
        keyed.sort_unstable_by_key(|&(key, _)| key);
    } else {
        keyed = sorted_by_digits(keyed);
    }
    let mut ranks = vec![0.0; x.len()];
    let mut start = 0;
    while start < keyed.len() {
        let tied = keyed[start..].iter().take_while(|(key, _)| *key == keyed[start].0).count();
        // The places start + 1, …, start + tied.
        let rank = start as f64 + (tied as f64 + 1.0) / 2.0;
        for &(_, i) in &keyed[start..start + tied] {
            ranks[i] = rank;
        }
        start += tied;
    }
    ranks
}

/// A whole number that orders as the value does; both zeros are one value.
fn key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// Sorts by the key's 11-bit digits from the last to the first (H. H. Seward, 1954); digits in which all keys agree are skipped.
fn sorted_by_digits(mut from: Vec<(u64, usize)>) -> Vec<(u64, usize)> {
    const BITS: usize = 11;
    const DIGITS: usize = 64_usize.div_ceil(BITS);
    const VALUES: usize = 1 << BITS;
    let digit = |key: u64, place: usize| (key >> (place * BITS)) as usize & (VALUES - 1);

    let mut counts = vec![[0_usize; VALUES]; DIGITS];
    for &(key, _) in &from {
        for (place, counts) in counts.iter_mut().enumerate() {
            counts[digit(key, place)] += 1;
        }
    }
    let mut to = vec![(0, 0); from.len()];
    for (place, counts) in counts.iter_mut().enumerate() {
        if counts[digit(from[0].0, place)] == from.len() {
            continue;
        }
        let mut before = 0;
        for count in counts.iter_mut() {
            before += std::mem::replace(count, before);
        }
        for &entry in &from {
            let position = &mut counts[digit(entry.0, place)];
            to[*position] = entry;
            *position += 1;
        }
        std::mem::swap(&mut from, &mut to);
    }
    from
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::random::Stream;

    #[test]
    fn ties_share_the_mean_of_their_places() {
        let a = array![2.0, -0.0, 2.0, f64::INFINITY, 0.0, 2.0, f64::NEG_INFINITY];
        assert_eq!(rankdata(a.view()).unwrap(), array![5.0, 2.5, 5.0, 7.0, 2.5, 5.0, 1.0]);
        assert_eq!(rankdata(array![].view()).unwrap().len(), 0);
        assert!(rankdata(array![f64::INFINITY, f64::NAN].view()).is_err());
    }

    #[test]
    fn both_ways_of_sorting_agree_with_counting() {
        let mut stream = Stream::seeded(4);
        for n in [1, 2, 50, WORTH_RADIX, 2 * WORTH_RADIX] {
            let x: Vec<f64> =
                (0..n).map(|_| (stream.normal() * 40.0).round() * 1e3_f64.powf(stream.normal())).collect();
            let ranks = average_ranks(&x);
            for i in (0..n).step_by(97) {
                let less = x.iter().filter(|v| **v < x[i]).count() as f64;
                let tied = x.iter().filter(|v| **v == x[i]).count() as f64;
                assert_eq!(ranks[i], less + (tied + 1.0) / 2.0);
            }
            let whole = n as f64;
            assert_eq!(ranks.iter().sum::<f64>(), whole * (whole + 1.0) / 2.0);
        }
    }
}
