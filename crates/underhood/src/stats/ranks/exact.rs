//! Exact null distributions of the rank statistics: how many of all equally likely arrangements give each value.
//!
//! Without ties they are those of whole numbers that depend on the sample sizes alone, symmetric about their middle, and are kept
//! once they were counted: rank sums of two samples (H. B. Mann and D. R. Whitney, 1947, doi:10.1214/aoms/1177730491), of signed
//! ranks (F. Wilcoxon, 1945, doi:10.2307/3001968), inversions (M. G. Kendall, 1938, doi:10.1093/biomet/30.1-2.81). With
//! ties the arrangements of the tied ranks are counted for each sample anew. Sums of positive counts lose no digits: the tails are
//! right to about 1e-15 of themselves however small they are.

use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Result};
use crate::stats::test::Alternative;

/// How the p-value of a rank statistic is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NullMethod {
    /// Exactly where that is quick, else by the limit for large samples.
    #[default]
    Auto,
    /// From the distribution over all arrangements of the ranks.
    Exact,
    /// From the normal, Student's or the χ² distribution, whichever the statistic approaches.
    Asymptotic,
}

impl NullMethod {
    /// SciPy's names.
    pub const NAMES: [&str; 3] = ["auto", "exact", "asymptotic"];

    /// The method of a name, for the function that asks; `"approx"` is another name of `"asymptotic"`.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`NullMethod::NAMES`].
    pub fn named(function: &'static str, name: &str) -> Result<NullMethod> {
        match name {
            "auto" => Ok(NullMethod::Auto),
            "exact" => Ok(NullMethod::Exact),
            "asymptotic" | "approx" => Ok(NullMethod::Asymptotic),
            _ => Err(Error::UnknownName {
                function,
                argument: "method",
                value: name.into(),
                allowed: &NullMethod::NAMES,
            }),
        }
    }

    /// Whether to count, given what counting takes: `work` additions, quick up to `quick`, bearable up to `most`.
    pub(crate) fn counts(self, function: &'static str, work: f64, quick: f64, most: f64) -> Result<bool> {
        match self {
            NullMethod::Asymptotic => Ok(false),
            NullMethod::Auto => Ok(work <= quick),
            NullMethod::Exact if work <= most => Ok(true),
            NullMethod::Exact => Err(Error::Invalid {
                function,
                argument: "method",
                problem: "is \"exact\", but these samples have too many arrangements to count; use \"asymptotic\""
                    .into(),
            }),
        }
    }
}

/// Probabilities of a statistic at most and at least as large as the one observed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tails {
    pub(crate) at_most: f64,
    pub(crate) at_least: f64,
}

impl Tails {
    /// The p-value: one tail, or twice the smaller.
    pub(crate) fn p_value(self, alternative: Alternative) -> f64 {
        match alternative {
            Alternative::TwoSided => (2.0 * self.at_most.min(self.at_least)).min(1.0),
            Alternative::Less => self.at_most.min(1.0),
            Alternative::Greater => self.at_least.min(1.0),
        }
    }

    /// Of counts of the values 0, 1, 2, …
    pub(crate) fn of_counts(counts: &[f64], observed: usize) -> Tails {
        let split = observed.min(counts.len());
        let below: f64 = counts[..split].iter().sum();
        let here = counts.get(observed).copied().unwrap_or(0.0);
        let above: f64 = counts.get(split + 1..).map_or(0.0, |above| above.iter().rev().sum());
        let total = below + here + above;
        Tails { at_most: (below + here) / total, at_least: (here + above) / total }
    }
}

/// The distribution of a whole number from 0 to `most` that is symmetric about `most`/2.
#[derive(Debug, Clone)]
pub(crate) struct Counts {
    most: usize,
    /// P(T ≤ k) for k up to the middle.
    at_most: Arc<[f64]>,
}

/// What a kept distribution is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    RankSums(usize, usize),
    SignedRanks(usize),
    Inversions(usize),
    RankProducts(usize),
}

impl Counts {
    /// Of U, for samples of m and n values. Counted by [`rank_sums_work`] additions.
    pub(crate) fn rank_sums(m: usize, n: usize) -> Counts {
        let (m, n) = (m.min(n), m.max(n));
        Counts { most: m * n, at_most: kept(Of::RankSums(m, n)) }
    }

    /// Of the sum of the ranks 1, …, n that have a positive sign.
    pub(crate) fn signed_ranks(n: usize) -> Counts {
        Counts { most: n * (n + 1) / 2, at_most: kept(Of::SignedRanks(n)) }
    }

    /// Of the number of discordant pairs among n.
    pub(crate) fn inversions(n: usize) -> Counts {
        Counts { most: n * n.saturating_sub(1) / 2, at_most: kept(Of::Inversions(n)) }
    }

    /// Of Σd²/2, half the sum of the squared differences of n pairs of ranks.
    pub(crate) fn rank_products(n: usize) -> Counts {
        Counts { most: (n * n * n - n) / 6, at_most: kept(Of::RankProducts(n)) }
    }

    /// P(T ≤ k).
    pub(crate) fn at_most(&self, k: usize) -> f64 {
        if k >= self.most {
            return 1.0;
        }
        match self.at_most.get(k) {
            Some(&p) => p,
            None => 1.0 - self.at_most.get(self.most - k - 1).copied().unwrap_or(0.0),
        }
    }

    /// Both tails at k.
    pub(crate) fn tails(&self, k: usize) -> Tails {
        Tails { at_most: self.at_most(k), at_least: self.at_most(self.most - k.min(self.most)) }
    }

    /// The largest k with P(T < k) ≤ tail; 0 if there is none but 0.
    pub(crate) fn quantile(&self, tail: f64) -> usize {
        // P(T ≤ k − 1) ≤ tail for the first k values.
        self.at_most.iter().take_while(|p| **p <= tail).count()
    }
}

/// Looks a distribution up, or counts it and keeps it among those that were used last.
fn kept(of: Of) -> Arc<[f64]> {
    type Table = Vec<(Of, Arc<[f64]>)>;
    const MOST_KEPT: usize = 64;
    /// Longer ones are not kept: all of them together stay below some 4 MB.
    const MOST_VALUES: usize = 8192;
    static TABLE: Mutex<Table> = Mutex::new(Vec::new());
    {
        let table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = table.iter().find(|entry| entry.0 == of) {
            return Arc::clone(known);
        }
    }
    let mut probabilities = match of {
        Of::RankSums(m, n) => rank_sums(m, n),
        Of::SignedRanks(n) => signed_ranks(n),
        Of::Inversions(n) => inversions(n),
        Of::RankProducts(n) => rank_products(n),
    };
    let mut sum = 0.0;
    for p in &mut probabilities {
        sum += *p;
        *p = sum;
    }
    let found: Arc<[f64]> = probabilities.into();
    if found.len() <= MOST_VALUES {
        let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        if table.len() == MOST_KEPT {
            table.remove(0);
        }
        table.push((of, Arc::clone(&found)));
    }
    found
}

/// How many additions [`Counts::rank_sums`] takes; infinite where its whole numbers, or its table of them, would not fit.
pub(crate) fn rank_sums_work(m: usize, n: usize) -> f64 {
    const FITS: f64 = 1e38;
    // Half as many numbers of 16 bytes.
    const LONGEST: f64 = 1e7;
    let (m, n) = (m.min(n) as f64, m.max(n) as f64);
    // C(m + n, m) ≤ ((m + n)·e/m)^m
    let most = m * ((m + n) * std::f64::consts::E / m.max(1.0)).ln();
    let fits = most < FITS.ln() || (m + n) <= 130.0;
    if fits && m * n <= LONGEST { m * m * n } else { f64::INFINITY }
}

/// Probabilities of U from 0 to its middle: the coefficients of ∏(1 − q^(n+i))/(1 − qⁱ), i = 1, …, m, in whole numbers.
fn rank_sums(m: usize, n: usize) -> Vec<f64> {
    let half = m * n / 2;
    let mut counts = vec![0_u128; half + 1];
    counts[0] = 1;
    for i in 1..=m {
        // What overflows in between comes back: all of it is modulo 2¹²⁸, and the counts themselves are below.
        for k in (n + i..=half).rev() {
            counts[k] = counts[k].wrapping_sub(counts[k - n - i]);
        }
        for k in i..=half {
            counts[k] = counts[k].wrapping_add(counts[k - i]);
        }
    }
    let mut total = 1.0;
    for i in 1..=m {
        total *= (n + i) as f64 / i as f64;
    }
    counts.into_iter().map(|count| count as f64 / total).collect()
}

/// Probabilities of the signed-rank sum from 0 to its middle: those of ∏(1 + qⁱ)/2.
fn signed_ranks(n: usize) -> Vec<f64> {
    let half = n * (n + 1) / 4;
    let mut chances = vec![0.0; half + 1];
    chances[0] = 1.0;
    for i in 1..=n {
        for k in (0..=half).rev() {
            let with = if k >= i { chances[k - i] } else { 0.0 };
            chances[k] = 0.5 * (chances[k] + with);
        }
    }
    chances
}

/// Probabilities of the number of inversions from 0 to its middle: those of ∏(1 + q + … + q^(i−1))/i.
fn inversions(n: usize) -> Vec<f64> {
    let half = n * n.saturating_sub(1) / 4;
    let mut chances = vec![0.0; half + 1];
    chances[0] = 1.0;
    let mut next = chances.clone();
    for i in 2..=n {
        // The sum over the last i chances, which rises up to the middle: little is lost in taking the oldest from it.
        let mut window = 0.0;
        for k in 0..=half.min(i * (i - 1) / 2) {
            window += chances[k];
            if k >= i {
                window -= chances[k - i];
            }
            next[k] = window / i as f64;
        }
        std::mem::swap(&mut chances, &mut next);
    }
    chances
}

/// Probabilities of half the sum of squared rank differences from 0 to its middle.
fn rank_products(n: usize) -> Vec<f64> {
    let ranks: Vec<usize> = (0..n).collect();
    let counts = matchings(&ranks, &ranks);
    // Σd²/2 = Σi² − Σ rᵢsᵢ: no difference is the largest sum of products.
    let total: f64 = counts.iter().sum();
    let half = (n * n * n - n) / 12;
    counts.iter().rev().take(half + 1).map(|count| count / total).collect()
}

/// How many of the distinct arrangements of `b` along `a` have Σ aᵢ·bᵢ = 0, 1, 2, …, up to the largest sum. Both ascend.
///
/// One after the other the values of `a` get a partner. What matters is how often each distinct value of `b` was used, which is
/// the state, a number with a digit for each; at most 2ⁿ of them, since equal partners are not told apart.
pub(crate) fn matchings(a: &[usize], b: &[usize]) -> Vec<f64> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for &value in b {
        match groups.last_mut() {
            Some((last, count)) if *last == value => *count += 1,
            _ => groups.push((value, 1)),
        }
    }
    let width = 1 + a.iter().zip(b).map(|(a, b)| a * b).sum::<usize>();
    let mut strides = Vec::with_capacity(groups.len());
    let mut states = 1;
    for &(_, count) in &groups {
        strides.push(states);
        states *= count + 1;
    }
    let mut counts = vec![0.0; states * width];
    // The largest sum that each state has reached.
    let mut reach = vec![0; states];
    counts[0] = 1.0;
    for state in 0..states - 1 {
        let used = |group: usize| state / strides[group] % (groups[group].1 + 1);
        let placed: usize = (0..groups.len()).map(used).sum();
        let Some(&next) = a.get(placed) else { continue };
        for (group, &(value, count)) in groups.iter().enumerate() {
            if used(group) == count {
                continue;
            }
            let target = state + strides[group];
            let (before, after) = counts.split_at_mut(target * width);
            let from = &before[state * width..][..=reach[state]];
            let shift = next * value;
            after[shift..].iter_mut().zip(from).for_each(|(to, from)| *to += from);
            reach[target] = reach[target].max(reach[state] + shift);
        }
    }
    counts.split_off((states - 1) * width)
}

/// How many subsets of `values`, which ascend, have the sum 0, 1, 2, …, up to `most`; with `size`, only those of so many.
pub(crate) fn subset_sums(values: &[usize], size: Option<usize>, most: usize) -> Vec<f64> {
    let width = most + 1;
    let layers = size.map_or(1, |size| size + 1);
    let mut counts = vec![0.0; layers * width];
    counts[0] = 1.0;
    let mut reach = 0;
    for (i, &value) in values.iter().enumerate() {
        reach = (reach + value).min(most);
        if value > most {
            continue;
        }
        match size {
            None => {
                for k in (value..=reach).rev() {
                    counts[k] += counts[k - value];
                }
            }
            Some(size) => {
                for layer in (1..=size.min(i + 1)).rev() {
                    let (fewer, with) = counts.split_at_mut(layer * width);
                    // So many of the values up to this one have no larger sum.
                    let highest = (reach - value).min((layer - 1) * value);
                    let from = &fewer[(layer - 1) * width..][..=highest];
                    with[value..].iter_mut().zip(from).for_each(|(to, from)| *to += from);
                }
            }
        }
    }
    counts.split_off((layers - 1) * width)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// All arrangements of 0, …, n − 1.
    fn permutations(n: usize) -> Vec<Vec<usize>> {
        if n == 0 {
            return vec![vec![]];
        }
        let mut all = Vec::new();
        for shorter in permutations(n - 1) {
            for place in 0..n {
                let mut longer = shorter.clone();
                longer.insert(place, n - 1);
                all.push(longer);
            }
        }
        all
    }

    fn agrees(counts: &Counts, values: &[usize]) {
        let n = values.len() as f64;
        for k in 0..=counts.most {
            let expected = values.iter().filter(|v| **v <= k).count() as f64 / n;
            assert_relative_eq!(counts.at_most(k), expected, max_relative = 1e-14);
            let above = values.iter().filter(|v| **v >= k).count() as f64 / n;
            assert_relative_eq!(counts.tails(k).at_least, above, max_relative = 1e-14);
        }
    }

    #[test]
    fn distributions_are_those_of_all_arrangements() {
        for n in 1..=7 {
            let all = permutations(n);
            let pairs = |p: &Vec<usize>| (0..n).map(|i| (0..i).filter(|j| p[*j] > p[i]).count()).sum();
            agrees(&Counts::inversions(n), &all.iter().map(pairs).collect::<Vec<usize>>());
            let squares = |p: &Vec<usize>| (0..n).map(|i| p[i].abs_diff(i).pow(2)).sum::<usize>() / 2;
            agrees(&Counts::rank_products(n), &all.iter().map(squares).collect::<Vec<usize>>());
        }
        for n in 1..=10_usize {
            let sums: Vec<usize> =
                (0..1_usize << n).map(|set| (0..n).filter(|i| set >> i & 1 == 1).map(|i| i + 1).sum()).collect();
            agrees(&Counts::signed_ranks(n), &sums);
            for m in 1..=n / 2 {
                let chosen = (0..1_usize << n).filter(|set| set.count_ones() as usize == m);
                let u =
                    |set: usize| (0..n).filter(|i| set >> i & 1 == 1).map(|i| i + 1).sum::<usize>() - m * (m + 1) / 2;
                agrees(&Counts::rank_sums(n - m, m), &chosen.map(u).collect::<Vec<usize>>());
            }
        }
    }

    #[test]
    fn far_tails_are_the_reciprocals_of_whole_numbers() {
        // C(60, 30) = 118264581564861424, C(130, 65) = 95067625827960698145584333020095113100 (mpmath).
        assert_relative_eq!(Counts::rank_sums(30, 30).at_most(0), 1.0 / 118264581564861424.0, max_relative = 1e-14);
        let large = Counts::rank_sums(65, 65);
        assert_relative_eq!(large.at_most(0), 1.0 / 9.50676258279607e37, max_relative = 1e-14);
        assert_relative_eq!(large.at_most(65 * 65 / 2), 0.5, max_relative = 1e-13);
        assert_relative_eq!(Counts::inversions(33).at_most(1), 33.0 / 8.683317618811886e36, max_relative = 1e-14);
        assert_relative_eq!(Counts::signed_ranks(50).at_most(1), 2.0 * 0.5_f64.powi(50), max_relative = 1e-15);
        assert_relative_eq!(Counts::inversions(50).at_most(612), 0.5, max_relative = 1e-2);
        // The largest k with P(U < k) ≤ 0.025 for 5 and 6 values is 4 (R: qwilcox(0.025, 5, 6) = 4).
        assert_eq!(Counts::rank_sums(5, 6).quantile(0.025), 4);
        assert_eq!(Counts::rank_sums(2, 2).quantile(0.025), 0);
    }

    #[test]
    fn one_value_beside_very_many_is_not_counted() {
        assert!(rank_sums_work(1, 100_000_000).is_infinite() && rank_sums_work(100_000_000, 1).is_infinite());
        assert_eq!(rank_sums_work(1, 1_000_000), 1e6);
        assert_eq!(rank_sums_work(65, 65), 65.0 * 65.0 * 65.0);
    }

    #[test]
    fn tied_arrangements_are_counted_one_by_one() {
        let (a, b) = ([0, 1, 1, 3, 6], [2, 2, 3, 5, 5]);
        let counts = matchings(&a, &b);
        let mut expected = vec![0.0; counts.len()];
        for p in permutations(5) {
            expected[p.iter().zip(&a).map(|(&p, &a)| a * b[p]).sum::<usize>()] += 1.0;
        }
        // Equal partners are not told apart: 2!·2! orders are one.
        assert_eq!(counts, expected.iter().map(|e| e / 4.0).collect::<Vec<_>>());
        let subsets = subset_sums(&[1, 2, 2, 5], Some(2), 7);
        assert_eq!(subsets, [0.0, 0.0, 0.0, 2.0, 1.0, 0.0, 1.0, 2.0]);
        assert_eq!(subset_sums(&[1, 2, 2, 5], None, 4), [1.0, 1.0, 2.0, 2.0, 1.0]);
    }
}
