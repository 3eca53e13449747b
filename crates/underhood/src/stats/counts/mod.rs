//! Tests of counts and of shares.

mod binomial;
mod contingency;
mod fisher;
mod fit;
mod intervals;
mod mcnemar;
mod odds;
mod proportions;

pub use binomial::{BinomialTest, binomtest};
pub use contingency::{Contingency, chi2_contingency};
pub use fisher::{FisherExact, fisher_exact};
pub use fit::{ChiSquareFit, chisquare};
pub use intervals::{ProportionInterval, proportion_confint};
pub(in crate::stats) use odds::relative_entropy;

pub use mcnemar::{McNemar, mcnemar};
pub use proportions::{ProportionsTest, proportions_test};

use ndarray::ArrayView2;

use crate::check;
use crate::error::{Error, Result};

/// The largest whole number below which doubles hold every one.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// Refuses what is no count.
fn check_count(function: &'static str, argument: &'static str, count: f64) -> Result<()> {
    let whole = (0.0..=WHOLE).contains(&count) && count == count.floor();
    check::in_range(function, argument, count, whole, "a whole number from 0 to 2^53")
}

/// Refuses what is no share of successes: `count` of `nobs`.
fn check_share(
    function: &'static str,
    (argument, count): (&'static str, f64),
    (total, nobs): (&'static str, f64),
) -> Result<()> {
    check_count(function, argument, count)?;
    check_count(function, total, nobs)?;
    check::in_range(function, total, nobs, nobs >= 1.0, "at least 1")?;
    if count <= nobs {
        return Ok(());
    }
    let problem = format!("is {count}, but {total} is {nobs}: there are no more successes than trials");
    Err(Error::Invalid { function, argument, problem })
}

/// What the others add up to, for each of these: they are added, not taken from the total, of which one may be nearly all.
fn sums_of_others(counts: impl DoubleEndedIterator<Item = f64> + ExactSizeIterator + Clone) -> Vec<f64> {
    let mut sum = 0.0;
    let before = |sum: &mut f64, count: f64| Some(std::mem::replace(sum, *sum + count));
    let mut others: Vec<f64> = counts.clone().scan(0.0, before).collect();
    for (others, count) in others.iter_mut().rev().zip(counts.rev()) {
        *others += sum;
        sum += count;
    }
    others
}

/// The four counts of a table of two by two, row by row.
fn two_by_two(function: &'static str, argument: &'static str, table: ArrayView2<'_, f64>) -> Result<[f64; 4]> {
    if table.dim() != (2, 2) {
        let expected = "a table of two rows and two columns is needed".into();
        return Err(Error::Shape { function, argument, shape: table.shape().to_vec(), expected });
    }
    check::finite_matrix(function, argument, table)?;
    // The sum turns −0 into 0, whose reciprocal has the right sign.
    let counts = [table[[0, 0]], table[[0, 1]], table[[1, 0]], table[[1, 1]]].map(|count| count + 0.0);
    for count in counts {
        check_count(function, argument, count)?;
    }
    check_count(function, argument, counts.iter().sum())?;
    Ok(counts)
}
