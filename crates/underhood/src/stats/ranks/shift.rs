//! How far one sample lies above another in the data's unit: the median of all differences, with the interval that the ranks give.
//!
//! J. L. Hodges and E. L. Lehmann (1963, doi:10.1214/aoms/1177704172). Order statistics of all m·n differences without making
//! them: with both samples sorted, one pass counts the differences up to a value. Some twenty passes halve the range that holds
//! the wanted one, until it holds no more than a pass can gather.

use ndarray::ArrayView1;

use super::exact::{Counts, rank_sums_work};
use crate::distributions::{Distribution, Normal};
use crate::error::Result;
use crate::stats::test::{Alternative, check_level, check_sample};

/// A shift with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// The median of all differences, or of the means of all pairs of differences.
    pub estimate: f64,
    /// Those differences that the rank test would not reject as the shift; infinite where so few values cannot tell.
    pub confidence_interval: (f64, f64),
}

/// The median of all differences xᵢ − yⱼ, with an interval of at least (for large samples: about) the level.
///
/// # Errors
/// As [`mannwhitneyu`](super::mannwhitneyu), and [`Error::OutOfRange`](crate::Error::OutOfRange) for a level that is no probability.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, shift};
///
/// let found = shift(array![1.0, 4.0, 6.0].view(), array![0.0, 3.0].view(), Alternative::TwoSided, 0.95)?;
/// assert_eq!(found.estimate, 2.0);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn shift(x: ArrayView1<'_, f64>, y: ArrayView1<'_, f64>, alternative: Alternative, level: f64) -> Result<Shift> {
    const NAME: &str = "mannwhitneyu";
    check_sample(NAME, "x", x, 1)?;
    check_sample(NAME, "y", y, 1)?;
    check_level(NAME, level)?;
    let (m, n) = (x.len(), y.len());
    let mut differences = Differences { x: sorted(x), y: sorted(y) };
    let (lowest, highest) = differences.extremes();
    // Differences beyond the largest double are made of the halves.
    let unit = if lowest.is_finite() && highest.is_finite() { 1.0 } else { 2.0 };
    differences.x.iter_mut().chain(&mut differences.y).for_each(|v| *v /= unit);
    let variance = m as f64 * n as f64 * (m + n + 1) as f64 / 12.0;
    let exact = rank_sums_work(m, n) <= 3e5;
    let beyond = |tail: f64| {
        if exact { Counts::rank_sums(m, n).quantile(tail) } else { normal_quantile(m * n, variance, tail) }
    };
    let found = between(&differences, m * n, alternative, level, beyond);
    let (low, high) = found.confidence_interval;
    Ok(Shift { estimate: found.estimate * unit, confidence_interval: (low * unit, high * unit) })
}

/// The median of the means of all pairs of differences, each with itself too, with its interval.
///
/// # Errors
/// As [`wilcoxon`](super::wilcoxon), and [`Error::OutOfRange`](crate::Error::OutOfRange) for a level that is no probability.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, paired_shift};
///
/// assert_eq!(paired_shift(array![1.0, 2.0, 6.0].view(), Alternative::TwoSided, 0.95)?.estimate, 2.75);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn paired_shift(differences: ArrayView1<'_, f64>, alternative: Alternative, level: f64) -> Result<Shift> {
    const NAME: &str = "wilcoxon";
    /// As many differences as are counted exactly.
    const SMALL: usize = 50;
    check_sample(NAME, "x", differences, 1)?;
    check_level(NAME, level)?;
    let n = differences.len();
    let pairs = n * (n + 1) / 2;
    let variance = n as f64 * (n + 1) as f64 * (2 * n + 1) as f64 / 24.0;
    let beyond = |tail: f64| {
        if n <= SMALL { Counts::signed_ranks(n).quantile(tail) } else { normal_quantile(pairs, variance, tail) }
    };
    let x = sorted(differences);
    Ok(between(&Means { x }, pairs, alternative, level, beyond))
}

/// The largest k with P(T < k) ≤ tail for a T from 0 to `most` that is nearly normal, by the half step in between.
fn normal_quantile(most: usize, variance: f64, tail: f64) -> usize {
    (most as f64 / 2.0 + 0.5 + variance.sqrt() * Normal::standard().ppf(tail)).max(0.0) as usize
}

fn sorted(x: ArrayView1<'_, f64>) -> Vec<f64> {
    let mut x = x.to_vec();
    x.sort_unstable_by(f64::total_cmp);
    x
}

/// Many numbers that are not made, but can be counted.
trait Countable {
    /// How many of them are at most `limit`.
    fn up_to(&self, limit: f64) -> usize;
    /// Those that are above `low` and at most `high`.
    fn within(&self, low: f64, high: f64) -> Vec<f64>;
    /// The smallest and the largest.
    fn extremes(&self) -> (f64, f64);
    /// How many numbers one pass looks at.
    fn pass(&self) -> usize;
}

struct Differences {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Countable for Differences {
    fn up_to(&self, limit: f64) -> usize {
        // As x rises, the y that are far enough below it for x − y > limit become more.
        let mut far = 0;
        let mut count = 0;
        for x in &self.x {
            while far < self.y.len() && x - self.y[far] > limit {
                far += 1;
            }
            count += self.y.len() - far;
        }
        count
    }

    fn within(&self, low: f64, high: f64) -> Vec<f64> {
        let (mut first, mut beyond) = (0, 0);
        let mut found = Vec::new();
        for x in &self.x {
            while first < self.y.len() && x - self.y[first] > high {
                first += 1;
            }
            while beyond < self.y.len() && x - self.y[beyond] > low {
                beyond += 1;
            }
            found.extend(self.y[first..beyond].iter().map(|y| x - y));
        }
        found
    }

    fn pass(&self) -> usize {
        self.x.len() + self.y.len()
    }

    fn extremes(&self) -> (f64, f64) {
        let last = |x: &[f64]| x.last().copied().unwrap_or(f64::NAN);
        (self.x[0] - last(&self.y), last(&self.x) - self.y[0])
    }
}

struct Means {
    x: Vec<f64>,
}

impl Countable for Means {
    fn up_to(&self, limit: f64) -> usize {
        // As the larger of the two falls, the smaller may rise.
        let mut below = 0;
        let mut count = 0;
        for (i, x) in self.x.iter().enumerate().rev() {
            while below < self.x.len() && mean(*x, self.x[below]) <= limit {
                below += 1;
            }
            count += below.min(i + 1);
        }
        count
    }

    fn within(&self, low: f64, high: f64) -> Vec<f64> {
        let (mut first, mut beyond) = (0, 0);
        let mut found = Vec::new();
        for (i, x) in self.x.iter().enumerate().rev() {
            while first < self.x.len() && mean(*x, self.x[first]) <= low {
                first += 1;
            }
            while beyond < self.x.len() && mean(*x, self.x[beyond]) <= high {
                beyond += 1;
            }
            let end = beyond.min(i + 1);
            found.extend(self.x[first.min(end)..end].iter().map(|y| mean(*x, *y)));
        }
        found
    }

    fn pass(&self) -> usize {
        self.x.len()
    }

    fn extremes(&self) -> (f64, f64) {
        let last = self.x[self.x.len() - 1];
        (mean(self.x[0], self.x[0]), mean(last, last))
    }
}

/// Of two numbers, without overflow.
fn mean(a: f64, b: f64) -> f64 {
    0.5 * a + 0.5 * b
}

/// The median of `all`, and their order statistics that leave out as many on either side as `beyond` says for its tail.
fn between(
    numbers: &impl Countable,
    all: usize,
    alternative: Alternative,
    level: f64,
    beyond: impl Fn(f64) -> usize,
) -> Shift {
    let at = |place: usize| order_statistic(numbers, place);
    let estimate = if all % 2 == 1 { at(all / 2) } else { mean(at(all / 2 - 1), at(all / 2)) };
    let tail = if alternative == Alternative::TwoSided { (1.0 - level) / 2.0 } else { 1.0 - level };
    let out = beyond(tail).min(all);
    let low = if alternative == Alternative::Less || out == 0 { f64::NEG_INFINITY } else { at(out - 1) };
    let high = if alternative == Alternative::Greater || out == 0 { f64::INFINITY } else { at(all - out) };
    Shift { estimate, confidence_interval: (low, high) }
}

/// The number at a place of the ascending order, counted from 0.
fn order_statistic(numbers: &impl Countable, place: usize) -> f64 {
    let (lowest, highest) = numbers.extremes();
    // It is above `low` and at most `high`. Below all numbers is the double before the smallest; −0 is not below 0.
    let before = key(lowest).saturating_sub(1);
    let before = if value(before) < lowest { before } else { before.saturating_sub(1) };
    let (mut low, mut high) = (before, key(highest));
    let (mut below, mut up_to) = (0, numbers.up_to(highest));
    let mut halve_values = true;
    while high - low > 1 && up_to - below > numbers.pass() {
        // Half the values between them, or half the doubles: the first is quick, the second ends whatever the numbers are.
        let middle = if halve_values { key(mean(value(low), value(high))) } else { low + (high - low) / 2 };
        let middle = middle.clamp(low + 1, high - 1);
        halve_values = !halve_values;
        let count = numbers.up_to(value(middle));
        if count > place { (high, up_to) = (middle, count) } else { (low, below) = (middle, count) }
    }
    if high - low == 1 {
        return value(high);
    }
    let mut found = numbers.within(value(low), value(high));
    if place - below >= found.len() {
        return value(high);
    }
    let (_, wanted, _) = found.select_nth_unstable_by(place - below, f64::total_cmp);
    *wanted
}

/// A whole number that orders as the value does.
fn key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The value of a key.
fn value(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

#[cfg(test)]
mod tests {
    use ndarray::Array1;

    use super::*;
    use crate::random::Stream;

    #[test]
    fn order_statistics_are_those_of_all_numbers() {
        let mut stream = Stream::seeded(3);
        for (m, n, step) in [(1, 1, 1e-9), (3, 4, 1e-9), (8, 5, 0.5), (17, 12, 1e-9)] {
            let mut draw =
                |n: usize| -> Array1<f64> { (0..n).map(|_| (stream.normal() / step).round() * step).collect() };
            let (x, y) = (draw(m), draw(n));
            let differences = Differences { x: sorted(x.view()), y: sorted(y.view()) };
            let mut all: Vec<f64> = x.iter().flat_map(|x| y.iter().map(move |y| x - y)).collect();
            all.sort_unstable_by(f64::total_cmp);
            for (place, expected) in all.iter().enumerate() {
                assert_eq!(order_statistic(&differences, place), *expected);
            }
            let means = Means { x: sorted(x.view()) };
            let mut all: Vec<f64> =
                (0..m).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|(i, j)| mean(x[i], x[j])).collect();
            all.sort_unstable_by(f64::total_cmp);
            for (place, expected) in all.iter().enumerate() {
                assert_eq!(order_statistic(&means, place), *expected);
            }
        }
    }

    #[test]
    fn odd_numbers_have_their_order_too() {
        let of = |x: &[f64], y: &[f64]| shift(x.into(), y.into(), Alternative::TwoSided, 0.9).unwrap().estimate;
        assert_eq!(of(&[0.0, 0.0], &[0.0]), 0.0);
        assert_eq!(of(&[0.0, 1.0, 0.0], &[0.0, -0.0]), 0.0);
        assert_eq!(of(&[1e308, 1.5e308], &[-1e308]), f64::INFINITY);
        assert_eq!(of(&[1e308, 1e308, 1e308], &[1e308, -1e308, 0.0]), 1e308);
        assert_eq!(of(&[-f64::MAX], &[0.0]), -f64::MAX);
        assert_eq!(of(&[5e-324, 1e-323, 1e-322], &[0.0]), 1e-323);
        let means = |x: &[f64]| paired_shift(x.into(), Alternative::TwoSided, 0.9).unwrap().estimate;
        assert_eq!(means(&[0.0, -0.0, 0.0]), 0.0);
        assert_eq!(means(&[f64::MAX, f64::MAX]), f64::MAX);
    }

    #[test]
    fn intervals_leave_out_what_the_test_rejects() {
        // 5 and 6 values: P(U < 4) = 7/462 ≤ 0.025, so the fourth difference from either end.
        let x: Array1<f64> = [1.0, 2.0, 4.0, 8.0, 16.0].into_iter().collect();
        let y: Array1<f64> = [0.1, 0.3, 0.9, 2.7, 8.1, 24.3].into_iter().collect();
        let mut all: Vec<f64> = x.iter().flat_map(|x| y.iter().map(move |y| x - y)).collect();
        all.sort_unstable_by(f64::total_cmp);
        let found = shift(x.view(), y.view(), Alternative::TwoSided, 0.95).unwrap();
        assert_eq!(found.confidence_interval, (all[3], all[26]));
        assert_eq!(found.estimate, mean(all[14], all[15]));
        let few = shift(x.slice(ndarray::s![..2]), y.slice(ndarray::s![..2]), Alternative::TwoSided, 0.95).unwrap();
        assert_eq!(few.confidence_interval, (f64::NEG_INFINITY, f64::INFINITY));
        let less = shift(x.view(), y.view(), Alternative::Less, 0.95).unwrap();
        assert_eq!(less.confidence_interval.0, f64::NEG_INFINITY);
        assert!(less.confidence_interval.1 <= all[26]);
    }
}
