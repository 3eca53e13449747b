//! Setting rows aside: what a model has not seen is what it is judged by.

use crate::check;
use crate::error::{Error, Result};
use crate::random::Stream;

const FUNCTION: &str = "train_test_split";

/// Which rows train and which test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Row numbers for training.
    pub train: Vec<usize>,
    /// Row numbers for testing.
    pub test: Vec<usize>,
}

/// Splits the rows 0, …, n − 1: `test` of them for testing, the rest for training.
///
/// With a stream the rows come in random order, without one the last rows test. `strata` gives the class of each row: then
/// every class is shared out in the same proportion, to within one row (largest remainders).
///
/// ```
/// use underhood::models::train_test_split;
/// use underhood::random::Stream;
///
/// let split = train_test_split(8, 4, Some(&mut Stream::seeded(1)), Some(&[0, 0, 0, 0, 0, 0, 1, 1]))?;
/// assert_eq!(split.test.iter().filter(|&&i| i >= 6).count(), 1);
/// # Ok::<(), underhood::Error>(())
/// ```
///
/// # Errors
/// One part would be empty; strata without random order, of another length, with a single row in a class, or more classes than rows in a part.
pub fn train_test_split(n: usize, test: usize, stream: Option<&mut Stream>, strata: Option<&[usize]>) -> Result<Split> {
    let invalid = |argument, problem| Err(Error::Invalid { function: FUNCTION, argument, problem });
    if test == 0 || test >= n {
        return invalid("test_size", format!("asks for {test} of {n} rows, but both parts need at least one"));
    }
    check::room(FUNCTION, "order of the rows", &[n])?;
    let Some(stream) = stream else {
        if strata.is_some() {
            return invalid(
                "stratify",
                "needs shuffle=True: rows in their own order cannot be shared out by class".into(),
            );
        }
        return Ok(Split { train: (0..n - test).collect(), test: (n - test..n).collect() });
    };
    let order = stream.permutation(n);
    let Some(strata) = strata else {
        return Ok(Split { train: order[test..].to_vec(), test: order[..test].to_vec() });
    };
    if strata.len() != n {
        return invalid("stratify", format!("has {} labels for {n} rows", strata.len()));
    }
    let classes = strata.iter().max().map_or(0, |&most| most.saturating_add(1));
    if classes > n {
        // Looked at before anything is counted: the number of a class is the caller's, and may be anything.
        return invalid("stratify", format!("names class number {}, but {n} rows have fewer classes", classes - 1));
    }
    let mut counts = vec![0_usize; classes];
    strata.iter().for_each(|&class| counts[class] += 1);
    if let Some(class) = counts.iter().position(|&count| count < 2) {
        return invalid("stratify", format!("has a class with {} row(s), but both parts need one", counts[class]));
    }
    if test.min(n - test) < classes {
        let part = if test < classes { test } else { n - test };
        return invalid("stratify", format!("has {classes} classes, but one of the parts has {part} rows"));
    }
    let mut left = shares(&counts, test, n);
    let mut split = Split { train: Vec::with_capacity(n - test), test: Vec::with_capacity(test) };
    for i in order {
        let own = &mut left[strata[i]];
        if *own > 0 {
            *own -= 1;
            split.test.push(i);
        } else {
            split.train.push(i);
        }
    }
    Ok(split)
}

/// How many rows of each class test: the whole part of its share, and one more for the largest remainders.
fn shares(counts: &[usize], test: usize, n: usize) -> Vec<usize> {
    let product = |count: usize| count as u128 * test as u128;
    let mut shares: Vec<usize> = counts.iter().map(|&count| (product(count) / n as u128) as usize).collect();
    let missing = test - shares.iter().sum::<usize>();
    let mut by_remainder: Vec<usize> = (0..counts.len()).collect();
    by_remainder.sort_by_key(|&class| std::cmp::Reverse(product(counts[class]) % n as u128));
    by_remainder.iter().take(missing).for_each(|&class| shares[class] += 1);
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_row_is_in_one_part_and_classes_keep_their_share(
            counts in prop::collection::vec(5_usize..30, 1..4), share in 0.3_f64..0.7, seed in 0_u64..100,
        ) {
            let strata: Vec<usize> = counts.iter().enumerate().flat_map(|(class, &count)| vec![class; count]).collect();
            let n = strata.len();
            let test = (share * n as f64) as usize;
            let split = train_test_split(n, test, Some(&mut Stream::seeded(seed)), Some(&strata)).unwrap();
            prop_assert_eq!(split.test.len(), test);
            let mut all: Vec<usize> = split.train.iter().chain(&split.test).copied().collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..n).collect::<Vec<_>>());
            for (class, &count) in counts.iter().enumerate() {
                let found = split.test.iter().filter(|&&i| strata[i] == class).count() as f64;
                prop_assert!((found - count as f64 * test as f64 / n as f64).abs() < 1.0);
            }
        }
    }

    #[test]
    fn impossible_splits_are_refused() {
        let stream = || Stream::seeded(0);
        assert!(train_test_split(3, 0, None, None).is_err());
        assert!(train_test_split(3, 3, None, None).is_err());
        assert!(train_test_split(4, 2, None, Some(&[0, 0, 1, 1])).is_err());
        assert!(train_test_split(4, 2, Some(&mut stream()), Some(&[0, 0, 1])).is_err());
        assert!(train_test_split(4, 2, Some(&mut stream()), Some(&[0, 0, 0, 1])).is_err());
        assert!(train_test_split(4, 2, Some(&mut stream()), Some(&[0, 0, usize::MAX, usize::MAX])).is_err());
        assert_eq!(train_test_split(3, 1, None, None).unwrap().test, [2]);
    }
}
