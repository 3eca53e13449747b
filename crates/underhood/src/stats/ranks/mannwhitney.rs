//! The rank-sum test of two samples: does one tend to be larger than the other?
//!
//! F. Wilcoxon (1945, doi:10.2307/3001968); H. B. Mann and D. R. Whitney (1947, doi:10.1214/aoms/1177730491).

use ndarray::ArrayView1;

use super::Ranks;
use super::exact::{Counts, NullMethod, Tails, rank_sums_work, subset_sums};
use crate::distributions::{Distribution, Normal};
use crate::error::{Error, Result};
use crate::stats::test::{Alternative, check_sample};

const NAME: &str = "mannwhitneyu";

/// What the rank-sum test finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannWhitney {
    /// U, the number of pairs (one value of each sample) of which the first is larger; equal ones count half.
    pub statistic: f64,
    /// Probability of a U at least as far out, if both samples come from one distribution.
    pub p_value: f64,
    /// U/(n₁n₂): the share of the pairs of which the first is larger.
    pub probability: f64,
    /// The rank-biserial correlation 2U/(n₁n₂) − 1, from −1 to 1.
    pub effect_size: f64,
    /// How many values equal another one.
    pub tied: usize,
    /// Whether the p-value is from all arrangements of the ranks.
    pub exact: bool,
}

/// Tests whether values of `x` tend to be larger or smaller than those of `y`.
///
/// Exact, ties or not, where that is quick: without ties while the smaller sample's size squared times the larger's is at most 300,000 (66 and
/// 66 values, 5 and 12,000); with ties up to about 40 values in all. Else U is taken for normal, with
/// the variance n₁n₂/12·(n + 1 − Σ(t³ − t)/(n(n − 1))) and, with `continuity`, half a step nearer to its mean.
///
/// # Errors
/// [`Error::TooFew`] for an empty sample, [`Error::NotFinite`] for NaN or infinities, [`Error::Invalid`] if an exact p-value is
/// asked for where there are too many arrangements.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, NullMethod, mannwhitneyu};
///
/// let (x, y) = (array![1.1, 2.3, 0.7], array![4.1, 3.5, 2.9, 6.0]);
/// let found = mannwhitneyu(x.view(), y.view(), true, Alternative::TwoSided, NullMethod::Auto)?;
/// assert_eq!((found.statistic, found.effect_size), (0.0, -1.0));
/// assert!((found.p_value - 2.0 / 35.0).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn mannwhitneyu(
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    continuity: bool,
    alternative: Alternative,
    method: NullMethod,
) -> Result<MannWhitney> {
    check_sample(NAME, "x", x, 1)?;
    check_sample(NAME, "y", y, 1)?;
    let (m, n) = (x.len(), y.len());
    let mut both = Vec::with_capacity(m + n);
    both.extend(x.iter().chain(&y));
    let ranks = Ranks::of(&both);
    let pairs = m as f64 * n as f64;
    // Sums of doubled ranks are whole numbers, exact up to 2⁵³.
    let sum: f64 = ranks.doubled[..m].iter().sum();
    let doubled_u = sum - m as f64 * (m + 1) as f64;
    let tails = if ranks.tied == 0 {
        let exact = method.counts(NAME, rank_sums_work(m, n), 3e5, 1e8)?;
        exact.then(|| Counts::rank_sums(m, n).tails((doubled_u / 2.0) as usize))
    } else {
        let total = (m + n) as f64;
        let fewer = m.min(n) as f64;
        let exact = method.counts(NAME, total * fewer * fewer * (2.0 * total - fewer), 1.5e6, 1e9)?;
        exact.then(|| tied_tails(&ranks, m))
    };
    let p_value = match tails {
        Some(tails) => tails.p_value(alternative),
        None => normal_p_value(&ranks, (m, n), doubled_u / 2.0, continuity, alternative)?,
    };
    Ok(MannWhitney {
        statistic: doubled_u / 2.0,
        p_value,
        probability: doubled_u / 2.0 / pairs,
        effect_size: (doubled_u - pairs) / pairs,
        tied: ranks.tied,
        exact: tails.is_some(),
    })
}

/// The sum of the ranks of the smaller sample among all choices of so many of these ranks.
fn tied_tails(ranks: &Ranks, m: usize) -> Tails {
    let n = ranks.len() - m;
    let whole: Vec<usize> = ranks.doubled.iter().map(|rank| *rank as usize).collect();
    let (own, size) = if m <= n { (&whole[..m], m) } else { (&whole[m..], n) };
    let mut ascending = whole.clone();
    ascending.sort_unstable();
    let most = ascending.iter().rev().take(size).sum();
    let tails = Tails::of_counts(&subset_sums(&ascending, Some(size), most), own.iter().sum());
    // Where the ranks of y are low, those of x are high.
    if m <= n { tails } else { Tails { at_most: tails.at_least, at_least: tails.at_most } }
}

fn normal_p_value(
    ranks: &Ranks,
    (m, n): (usize, usize),
    u: f64,
    continuity: bool,
    alternative: Alternative,
) -> Result<f64> {
    let (m, n, total) = (m as f64, n as f64, (m + n) as f64);
    let variance = m * n / 12.0 * (total + 1.0 - ranks.tie_cubes / (total * (total - 1.0)));
    if variance <= 0.0 {
        return Err(Error::Invalid {
            function: NAME,
            argument: "x",
            problem: "and y are one value throughout, so there is no order among them".into(),
        });
    }
    let from_middle = match alternative {
        Alternative::TwoSided => (u - m * n / 2.0).abs(),
        Alternative::Less => m * n / 2.0 - u,
        Alternative::Greater => u - m * n / 2.0,
    };
    let tail = Normal::standard().sf((from_middle - if continuity { 0.5 } else { 0.0 }) / variance.sqrt());
    Ok(if alternative == Alternative::TwoSided { (2.0 * tail).min(1.0) } else { tail })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;
    use crate::random::Stream;

    const SIDES: [Alternative; 3] = [Alternative::TwoSided, Alternative::Less, Alternative::Greater];

    #[test]
    fn exact_tails_with_ties_are_those_of_all_choices() {
        let both = [1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 5.0, 8.0];
        for m in 1..8 {
            // The first choice of values for x, against all of them.
            let doubled = Ranks::of(&both).doubled;
            let sums: Vec<f64> = (0..1_usize << 8)
                .filter(|set| set.count_ones() as usize == m)
                .map(|set| (0..8).filter(|i| set >> i & 1 == 1).map(|i| doubled[i]).sum())
                .collect();
            let (x, y) = (Array1::from(both[..m].to_vec()), Array1::from(both[m..].to_vec()));
            let own: f64 = doubled[..m].iter().sum();
            let at_most = sums.iter().filter(|s| **s <= own).count() as f64 / sums.len() as f64;
            let at_least = sums.iter().filter(|s| **s >= own).count() as f64 / sums.len() as f64;
            let expected = [(2.0 * at_most.min(at_least)).min(1.0), at_most, at_least];
            for (side, expected) in SIDES.into_iter().zip(expected) {
                let found = mannwhitneyu(x.view(), y.view(), true, side, NullMethod::Auto).unwrap();
                assert!(found.exact);
                assert_relative_eq!(found.p_value, expected, max_relative = 1e-14);
            }
        }
    }

    #[test]
    fn exact_and_normal_meet_where_samples_are_large() {
        let mut stream = Stream::seeded(6);
        let x: Array1<f64> = (0..60).map(|_| stream.normal()).collect();
        let y: Array1<f64> = (0..60).map(|_| stream.normal() + 0.3).collect();
        for side in SIDES {
            let exact = mannwhitneyu(x.view(), y.view(), true, side, NullMethod::Exact).unwrap();
            let normal = mannwhitneyu(x.view(), y.view(), true, side, NullMethod::Asymptotic).unwrap();
            assert!(exact.exact && !normal.exact);
            assert_relative_eq!(exact.p_value, normal.p_value, max_relative = 0.02);
        }
        let (swapped, found) = (
            mannwhitneyu(y.view(), x.view(), true, Alternative::Less, NullMethod::Auto).unwrap(),
            mannwhitneyu(x.view(), y.view(), true, Alternative::Greater, NullMethod::Auto).unwrap(),
        );
        assert_eq!(swapped.statistic, 3600.0 - found.statistic);
        assert_relative_eq!(swapped.p_value, found.p_value, max_relative = 1e-14);
        assert_eq!(swapped.effect_size, -found.effect_size);
    }

    #[test]
    fn one_value_throughout_has_no_order() {
        let same = Array1::from_elem(100, 2.0);
        let error = mannwhitneyu(same.view(), same.view(), true, Alternative::TwoSided, NullMethod::Auto).unwrap_err();
        assert!(error.to_string().starts_with("mannwhitneyu: x and y are one value throughout"));
        let few = mannwhitneyu(array![1.0].view(), array![1.0].view(), true, Alternative::TwoSided, NullMethod::Auto);
        assert_eq!(few.unwrap().p_value, 1.0);
        assert!(mannwhitneyu(array![].view(), same.view(), true, Alternative::TwoSided, NullMethod::Auto).is_err());
    }
}
