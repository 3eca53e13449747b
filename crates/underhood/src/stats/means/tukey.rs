//! All pairs of several means at once: Tukey's honestly significant difference.
//!
//! J. W. Tukey (1953), for groups of one size; for unequal ones C. Y. Kramer (1956, doi:10.2307/3001469), which A. J. Hayter (1984,
//! doi:10.1214/aos/1176346392) showed to hold its level; for unequal variances P. A. Games & J. F. Howell (1976, doi:10.3102/10769986001002113).

use ndarray::{Array2, ArrayView1};

use crate::error::{Error, Result};
use crate::special::StudentizedRange;
use crate::stats::moments::Moments;
use crate::stats::scale::Scaled;
use crate::stats::several::{Spread, check_groups, check_more_than_one_each, is_constant, refused};

const NAME: &str = "tukey_hsd";

/// What comparing every pair of groups finds; element (i, j) of each matrix is about group i less group j.
#[derive(Debug, Clone, PartialEq)]
pub struct Tukey {
    /// x̄ᵢ − x̄ⱼ.
    pub differences: Array2<f64>,
    /// Probability that some pair of all groups is at least as far apart, in its standard errors, if all populations have one mean;
    /// 1 on the diagonal.
    pub p_values: Array2<f64>,
    /// Standard error of each difference; the reach of an interval is a critical value of the studentized range times this over √2.
    pub standard_errors: Array2<f64>,
    /// Degrees of freedom of each pair: n − k, or Welch's.
    pub df: Array2<f64>,
    /// Each difference in standard deviations: the pooled one, or (without equal variances) the root of the mean of both variances.
    pub effect_sizes: Array2<f64>,
    /// Each group's mean.
    pub means: Vec<f64>,
    /// Each group's standard deviation; NaN for a single value.
    pub stds: Vec<f64>,
    /// Each group's skewness g₁; NaN for a constant group.
    pub skewness: Vec<f64>,
    /// Each group's number of values.
    pub n: Vec<usize>,
}

/// Compares the means of every pair of groups, with one chance of a false alarm over all pairs together.
///
/// q = |x̄ᵢ − x̄ⱼ|/√(s²/2·(1/nᵢ + 1/nⱼ)), s² the pooled variance with n − k degrees of freedom, is referred to the studentized range of k
/// (Tukey and Kramer). Without `equal_var`, s²/n is each group's own, and the degrees of freedom are Welch's (Games and Howell). `check` is called
/// now and then and may end the work.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two groups, a group without values (of one value, without equal variances), or only groups of one;
/// [`Error::Invalid`] if every group is constant (any, without equal variances), or a value is not finite.
///
/// ```
/// use ndarray::array;
/// use underhood::{Error, stats::tukey_hsd};
///
/// let groups = [array![6.0, 8.0, 4.0, 5.0, 3.0, 4.0], array![8.0, 12.0, 9.0, 11.0, 6.0, 8.0], array![13.0, 9.0, 11.0, 8.0, 7.0, 12.0]];
/// let views = [groups[0].view(), groups[1].view(), groups[2].view()];
/// let pairs = tukey_hsd(&views, true, || Ok::<(), Error>(()))?;
/// assert_eq!(pairs.differences[[0, 1]], -4.0);
/// assert!(pairs.p_values[[0, 1]] < 0.05 && pairs.p_values[[1, 2]] > 0.5);
/// # Ok::<(), Error>(())
/// ```
pub fn tukey_hsd<E: From<Error>>(
    groups: &[ArrayView1<'_, f64>],
    equal_var: bool,
    check: impl Fn() -> std::result::Result<(), E>,
) -> std::result::Result<Tukey, E> {
    let mut tukey = differences(groups, equal_var)?;
    let k = groups.len();
    let mut range = StudentizedRange::new(k);
    for i in 0..k {
        for j in i + 1..k {
            let q = tukey.differences[[i, j]].abs() / tukey.standard_errors[[i, j]] * 2.0_f64.sqrt();
            let p = range.sf(q, tukey.df[[i, j]]);
            tukey.p_values[[i, j]] = p;
            tukey.p_values[[j, i]] = p;
        }
        check()?;
    }
    Ok(tukey)
}

/// The critical values of the studentized range of `k` groups that are exceeded with probability `p`, for each of several degrees of freedom: an
/// interval reaches so many standard errors over √2. `check` is called now and then and may end the work.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two groups, [`Error::OutOfRange`] for a p that is no probability or degrees of freedom that are not positive.
///
/// ```
/// use underhood::{Error, stats::tukey_critical};
///
/// // Any table.
/// let found = tukey_critical(0.05, 3, &[10.0, 20.0], || Ok::<(), Error>(()))?;
/// assert!((found[0] - 3.877).abs() < 1e-3 && (found[1] - 3.578).abs() < 1e-3);
/// # Ok::<(), Error>(())
/// ```
pub fn tukey_critical<E: From<Error>>(
    p: f64,
    k: usize,
    df: &[f64],
    check: impl Fn() -> std::result::Result<(), E>,
) -> std::result::Result<Vec<f64>, E> {
    crate::check::at_least(NAME, "groups", "groups", k, 2)?;
    crate::check::in_range(NAME, "1 − confidence_level", p, (0.0..=1.0).contains(&p), "between 0 and 1")?;
    let mut range = StudentizedRange::new(k);
    df.iter()
        .map(|&df| {
            crate::check::in_range(NAME, "df", df, df > 0.0, "above 0")?;
            check()?;
            Ok(range.isf(p, df))
        })
        .collect()
}

/// Everything but the probabilities.
fn differences(groups: &[ArrayView1<'_, f64>], equal_var: bool) -> Result<Tukey> {
    let (needed, why) = if equal_var { (1, "") } else { (2, " without equal variances") };
    check_groups(NAME, groups, needed, why)?;
    check_more_than_one_each(NAME, groups)?;
    let scaled = Scaled::new(groups, 0.0);
    let moments: Vec<Moments> = scaled.samples().map(Moments::of_slice).collect();
    check_spread(&moments, equal_var)?;
    let (k, spread) = (groups.len(), Spread::of(&moments));
    crate::check::room(NAME, "table of pairs", &[6, k, k])?;

    let n = |i: usize| spread.n[i];
    let pooled = spread.mean_square().sqrt();
    // Standard error, degrees of freedom, and the unit of the effect.
    let pair = |i: usize, j: usize| {
        if equal_var {
            return (pooled * (1.0 / n(i) + 1.0 / n(j)).sqrt(), spread.df_within(), pooled);
        }
        let (si, sj) = (moments[i].std(1), moments[j].std(1));
        let (ei, ej) = (si / n(i).sqrt(), sj / n(j).sqrt());
        let error = ei.hypot(ej);
        let (share_i, share_j) = ((ei / error).powi(2), (ej / error).powi(2));
        let df = 1.0 / (share_i * share_i / (n(i) - 1.0) + share_j * share_j / (n(j) - 1.0));
        (error, df, si.hypot(sj) / 2.0_f64.sqrt())
    };
    let square = |of: &dyn Fn(usize, usize) -> f64| Array2::from_shape_fn((k, k), |(i, j)| of(i, j));
    let difference = |i: usize, j: usize| moments[i].mean_difference(&moments[j]);
    Ok(Tukey {
        differences: square(&|i, j| scaled.up(difference(i, j))),
        p_values: Array2::ones((k, k)),
        standard_errors: square(&|i, j| scaled.up(pair(i, j).0)),
        df: square(&|i, j| pair(i, j).1),
        effect_sizes: square(&|i, j| if i == j { 0.0 } else { difference(i, j) / pair(i, j).2 }),
        means: moments.iter().map(|group| scaled.up(group.mean())).collect(),
        stds: moments.iter().map(|group| scaled.up(group.std(1))).collect(),
        skewness: moments.iter().map(|group| group.skewness(true)).collect(),
        n: groups.iter().map(|group| group.len()).collect(),
    })
}

fn check_spread(moments: &[Moments], equal_var: bool) -> Result<()> {
    if moments.iter().all(is_constant) {
        let problem = "is constant within every group, so the differences have no spread to be measured by";
        return Err(refused(NAME, problem.into()));
    }
    if equal_var {
        return Ok(());
    }
    match moments.iter().position(is_constant) {
        Some(i) => {
            let problem =
                format!("has the same value throughout group {i} (counted from 0), whose variance is then not known");
            Err(refused(NAME, problem))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;
    use crate::stats::{Alternative, ttest_ind};

    fn compare(groups: &[Array1<f64>], equal_var: bool) -> Result<Tukey> {
        let views: Vec<ArrayView1<'_, f64>> = groups.iter().map(|group| group.view()).collect();
        tukey_hsd(&views, equal_var, || Ok(()))
    }

    #[test]
    fn of_two_groups_it_is_the_t_test() {
        let groups = [array![1.0, 2.0, 4.0, 9.0], array![2.0, 6.0, 7.0, 7.5, 11.0]];
        for equal_var in [true, false] {
            let pairs = compare(&groups, equal_var).unwrap();
            let t = ttest_ind(groups[0].view(), groups[1].view(), equal_var, Alternative::TwoSided, 0.95).unwrap();
            assert_relative_eq!(pairs.p_values[[0, 1]], t.p_value, max_relative = 1e-13);
            assert_relative_eq!(pairs.standard_errors[[1, 0]], t.standard_error, max_relative = 1e-14);
            assert_relative_eq!(pairs.effect_sizes[[0, 1]], t.effect_size, max_relative = 1e-14);
            assert_relative_eq!(pairs.df[[0, 1]], t.df, max_relative = 1e-14);
            assert_eq!(pairs.differences[[1, 0]], -t.estimate);
            assert_eq!(pairs.p_values[[0, 0]], 1.0);
        }
    }

    #[test]
    fn offsets_and_extreme_units_do_not_matter() {
        let groups = [array![1.0, 2.0, 4.0, 9.0], array![2.0, 6.0, 7.0, 7.5], array![9.0, 9.5, 13.0]];
        for equal_var in [true, false] {
            let plain = compare(&groups, equal_var).unwrap();
            for (unit, offset) in [(1.0, 2.0_f64.powi(46)), (2.0_f64.powi(1018), 0.0), (2.0_f64.powi(-1000), 0.0)] {
                let moved = compare(&groups.clone().map(|g| g * unit + offset), equal_var).unwrap();
                for (moved, plain) in moved.differences.iter().zip(&plain.differences) {
                    assert_relative_eq!(*moved, plain * unit, max_relative = 1e-14);
                }
                for (moved, plain) in moved.p_values.iter().zip(&plain.p_values) {
                    assert_relative_eq!(*moved, *plain, max_relative = 1e-12);
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_compared_is_named() {
        let message = |groups: &[Array1<f64>], equal_var| compare(groups, equal_var).unwrap_err().to_string();
        let constant = [array![1.0, 1.0], array![2.0, 2.0]];
        assert!(message(&constant, true).starts_with("tukey_hsd: groups is constant within every group"));
        let one = [array![1.0, 2.0], array![2.0, 2.0]];
        assert!(compare(&one, true).is_ok());
        assert!(message(&one, false).contains("throughout group 1"));
        assert!(message(&[array![1.0, 2.0], array![f64::NAN]], true).contains("NaN"));
        assert!(message(&[array![1.0, 2.0]], true).contains("1 group"));
    }
}
