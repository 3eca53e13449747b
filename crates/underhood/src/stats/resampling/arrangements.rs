//! Rearrangements of data that would be exchangeable if there were no effect: all of them, each once, or random ones.
//!
//! Every kind is a row of small orders: one of labels (which sample a value goes to), one for each observation (which sample gets which of its values), or
//! one for each sample (how it is paired with the first). Orders are advanced lexicographically (E. W. Dijkstra, 1976, *A Discipline of Programming*,
//! chapter 13; Narayana Pandita, about 1350) like the digits of a number, or shuffled.

use super::shuffles::Words;
use crate::check;
use crate::error::{Error, Result};
use crate::random::Stream;

/// What is exchangeable under the null hypothesis; SciPy's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PermutationType {
    /// Values move between samples: all come from one population.
    #[default]
    Independent,
    /// The values of one observation are swapped between the samples; of a single sample, signs change.
    Samples,
    /// Values stay in their sample, but are paired anew.
    Pairings,
}

impl PermutationType {
    /// SciPy's names.
    pub const NAMES: [&str; 3] = ["independent", "samples", "pairings"];

    /// The type of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`PermutationType::NAMES`].
    pub fn named(name: &str) -> Result<PermutationType> {
        match name {
            "independent" => Ok(PermutationType::Independent),
            "samples" => Ok(PermutationType::Samples),
            "pairings" => Ok(PermutationType::Pairings),
            _ => Err(Error::UnknownName {
                function: "permutation_test",
                argument: "permutation_type",
                value: name.into(),
                allowed: &PermutationType::NAMES,
            }),
        }
    }
}

/// Hands out rearrangements as places in the samples laid end to end.
///
/// For the signs of a single sample of n values, place n + i is the i-th value with its sign changed.
pub struct Arranger {
    kind: PermutationType,
    lengths: Vec<usize>,
    orders: Vec<Vec<u32>>,
    words: Option<Words>,
    /// How many rearrangements are left.
    left: usize,
    places: Vec<usize>,
}

impl Arranger {
    /// All rearrangements if they are at most `n_resamples`, else so many random ones.
    ///
    /// # Errors
    /// [`Error::Invalid`] if there is no sample, or one for `Independent`; [`Error::TooFew`] if one is empty, [`Error::Shape`] if they are not of one length
    /// for the other types.
    pub fn new(kind: PermutationType, lengths: &[usize], n_resamples: usize, stream: &mut Stream) -> Result<Arranger> {
        const FUNCTION: &str = "permutation_test";
        let invalid = |problem: &str| Error::Invalid { function: FUNCTION, argument: "data", problem: problem.into() };
        let Some(&n) = lengths.first() else { return Err(invalid("has no sample")) };
        for &length in lengths {
            check::at_least(FUNCTION, "data", "values", length, 1)?;
            if kind != PermutationType::Independent {
                check::same_length(FUNCTION, ("a sample of data", length), ("the first", &lengths[..1]))?;
            }
        }
        let digits = |count: usize| (0..count as u32).collect::<Vec<u32>>();
        let (orders, ways) = match kind {
            PermutationType::Independent => {
                if lengths.len() < 2 {
                    return Err(invalid("has one sample, but independent samples are at least two"));
                }
                let labels = (0_u32..).zip(lengths).flat_map(|(label, &n)| std::iter::repeat_n(label, n)).collect();
                (vec![labels], partitions(lengths))
            }
            PermutationType::Samples => {
                let each = lengths.len().max(2);
                (vec![digits(each); n], saturating_power(factorial(each), n))
            }
            PermutationType::Pairings => {
                let moved = (lengths.len() - 1).max(1);
                (vec![digits(n); moved], saturating_power(factorial(n), moved))
            }
        };
        let exact = ways <= n_resamples as u128;
        let left = if exact { ways as usize } else { n_resamples };
        let words = (!exact).then(|| Words::new(stream));
        Ok(Arranger { kind, lengths: lengths.to_vec(), orders, words, left, places: Vec::new() })
    }

    /// Whether these are all rearrangements, each once.
    pub fn exact(&self) -> bool {
        self.words.is_none()
    }

    /// How many are left.
    pub fn left(&self) -> usize {
        self.left
    }

    /// How many places a rearrangement has: one for each value of the samples.
    pub fn places(&self) -> usize {
        self.lengths.iter().sum()
    }

    /// The places of the next rearrangement; all of them begin with the data as they are.
    #[expect(clippy::should_implement_trait, reason = "it lends its own memory, which an iterator cannot")]
    pub fn next(&mut self) -> Option<&[usize]> {
        self.left = self.left.checked_sub(1)?;
        if let Some(words) = &mut self.words {
            self.orders.iter_mut().for_each(|order| words.shuffle(order));
        }
        self.places.clear();
        let n = self.lengths[0];
        match self.kind {
            PermutationType::Independent => {
                for label in 0..self.lengths.len() as u32 {
                    let chosen = self.orders[0].iter().enumerate().filter(|(_, of)| **of == label).map(|(i, _)| i);
                    self.places.extend(chosen);
                }
            }
            PermutationType::Samples => {
                for sample in 0..self.lengths.len() {
                    self.places.extend((0..n).map(|i| self.orders[i][sample] as usize * n + i));
                }
            }
            PermutationType::Pairings => {
                // The first of several samples stays: only who stands beside whom matters.
                let still = usize::from(self.lengths.len() > 1);
                self.places.extend(0..still * n);
                for (sample, order) in self.orders.iter().enumerate() {
                    self.places.extend(order.iter().map(|&i| (sample + still) * n + i as usize));
                }
            }
        }
        if self.words.is_none() {
            // The orders count as digits do: the first that can be raised is raised, and those before it start again.
            let _ = self.orders.iter_mut().any(|order| advance(order));
        }
        Some(&self.places)
    }
}

/// The next order in the lexicographic sequence; after the last comes the first, and the answer is false.
fn advance(order: &mut [u32]) -> bool {
    let Some(rise) = (1..order.len()).rev().find(|&i| order[i - 1] < order[i]) else {
        order.reverse();
        return false;
    };
    let next = (rise..order.len()).rev().find(|&i| order[i] > order[rise - 1]).unwrap_or(rise);
    order.swap(rise - 1, next);
    order[rise..].reverse();
    true
}

/// In how many ways the values can be shared out among the samples: a multinomial coefficient, or more than anybody can count.
fn partitions(lengths: &[usize]) -> u128 {
    let (mut ways, mut total) = (1_u128, 0_u128);
    for &n in lengths {
        for k in 1..=n as u128 {
            total += 1;
            // Exact: after k steps it is a binomial coefficient times what was there.
            let Some(product) = ways.checked_mul(total) else { return u128::MAX };
            ways = product / k;
        }
        if ways > 1 << 80 {
            return u128::MAX;
        }
    }
    ways
}

fn factorial(n: usize) -> u128 {
    (1..=n as u128).fold(1, u128::saturating_mul)
}

fn saturating_power(base: u128, exponent: usize) -> u128 {
    if base == 1 { 1 } else { base.saturating_pow(exponent.min(200) as u32) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn all(kind: PermutationType, lengths: &[usize]) -> Vec<Vec<usize>> {
        let mut arranger = Arranger::new(kind, lengths, usize::MAX, &mut Stream::seeded(1)).unwrap();
        assert!(arranger.exact());
        let mut found = Vec::with_capacity(arranger.left());
        while let Some(places) = arranger.next() {
            found.push(places.to_vec());
        }
        found
    }

    #[test]
    fn all_rearrangements_come_once_and_the_data_come_first() {
        let cases = [
            (PermutationType::Independent, vec![4, 3], 35),
            (PermutationType::Independent, vec![2, 2, 2], 90),
            (PermutationType::Samples, vec![4], 16),
            (PermutationType::Samples, vec![4, 4], 16),
            (PermutationType::Samples, vec![2, 2, 2], 36),
            (PermutationType::Pairings, vec![4], 24),
            (PermutationType::Pairings, vec![4, 4], 24),
            (PermutationType::Pairings, vec![3, 3, 3], 36),
        ];
        for (kind, lengths, ways) in cases {
            let found = all(kind, &lengths);
            assert_eq!(found.len(), ways, "{kind:?} {lengths:?}");
            assert_eq!(found.iter().collect::<HashSet<_>>().len(), ways);
            assert_eq!(found[0], (0..lengths.iter().sum()).collect::<Vec<usize>>());
        }
    }

    #[test]
    fn random_rearrangements_are_equally_likely() {
        for (kind, lengths) in [
            (PermutationType::Independent, vec![2, 3]),
            (PermutationType::Samples, vec![3, 3]),
            (PermutationType::Samples, vec![3]),
            (PermutationType::Pairings, vec![3, 3]),
        ] {
            let known = all(kind, &lengths);
            let mut counts = vec![0.0; known.len()];
            for seed in 0..3000 {
                let mut arranger = Arranger::new(kind, &lengths, 1, &mut Stream::seeded(seed)).unwrap();
                let places = arranger.next().unwrap();
                counts[known.iter().position(|one| one == places).unwrap()] += 1.0;
            }
            let expected = 3000.0 / known.len() as f64;
            let chi_square: f64 = counts.iter().map(|c| (c - expected) * (c - expected) / expected).sum();
            let df = known.len() as f64 - 1.0;
            assert!(chi_square < df + 5.0 * (2.0 * df).sqrt(), "{kind:?}: {counts:?}");
        }
    }

    #[test]
    fn what_cannot_be_counted_is_drawn() {
        let mut stream = Stream::seeded(1);
        for (kind, lengths) in [
            (PermutationType::Independent, vec![1000, 1000]),
            (PermutationType::Samples, vec![1000, 1000]),
            (PermutationType::Pairings, vec![1000, 1000]),
        ] {
            let arranger = Arranger::new(kind, &lengths, usize::MAX >> 1, &mut stream).unwrap();
            assert!(!arranger.exact(), "{kind:?}");
        }
        assert!(Arranger::new(PermutationType::Independent, &[3], 9, &mut stream).is_err());
        assert!(Arranger::new(PermutationType::Independent, &[], 9, &mut stream).is_err());
        assert!(Arranger::new(PermutationType::Independent, &[3, 0], 9, &mut stream).is_err());
        assert!(Arranger::new(PermutationType::Pairings, &[3, 2], 9, &mut stream).is_err());
    }
}
