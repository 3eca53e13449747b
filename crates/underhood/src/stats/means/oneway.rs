//! One-way analysis of variance: do several groups have one mean?
//!
//! R. A. Fisher (1925, *Statistical Methods for Research Workers*); for unequal variances B. L. Welch (1951,
//! doi:10.1093/biomet/38.3-4.330). Effect sizes: η² (K. Pearson, 1911) and ω² (W. L. Hays, 1963).

use ndarray::ArrayView1;

use crate::distributions::{Distribution, F};
use crate::error::Result;
use crate::stats::moments::Moments;
use crate::stats::scale::Scaled;
use crate::stats::several::{Spread, check_groups, check_more_than_one_each, is_constant, refused};

const NAME: &str = "f_oneway";

/// What a one-way analysis of variance finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Anova {
    /// F: the variance between the groups over that within them (Welch's version of it without equal variances).
    pub statistic: f64,
    /// Probability of so large an F if all groups have one mean.
    pub p_value: f64,
    /// Degrees of freedom between groups, k − 1.
    pub df_between: f64,
    /// Degrees of freedom within groups: n − k; a fraction for Welch's version.
    pub df_within: f64,
    /// Σ nᵢ(x̄ᵢ − x̄)².
    pub sum_of_squares_between: f64,
    /// ΣΣ(x − x̄ᵢ)².
    pub sum_of_squares_within: f64,
    /// η²: the share of the sum of squares that lies between groups. In small samples it is too large on average.
    pub eta_squared: f64,
    /// ω²: η² with most of that excess taken away; it may fall a little below zero.
    pub omega_squared: f64,
    /// s: the standard deviation that all groups share if their variances are the same, √(SSW/(n − k)).
    pub pooled_std: f64,
    /// Each group's mean.
    pub means: Vec<f64>,
    /// Each group's standard deviation; NaN for a single value.
    pub stds: Vec<f64>,
    /// Each group's skewness g₁; NaN for a constant group.
    pub skewness: Vec<f64>,
    /// Each group's number of values.
    pub n: Vec<usize>,
}

/// Tests whether the populations of several groups have one mean.
///
/// With `equal_var`: F = (SSB/(k−1)) / (SSW/(n−k)). Without, Welch's test, which weighs each group by nᵢ/sᵢ² and needs two values
/// and a spread in each of them. The sums of squares and effect sizes are the classical ones in both cases.
///
/// # Errors
/// [`Error::TooFew`](crate::Error::TooFew) for fewer than two groups, a group without values, or only groups of one; [`Error::Invalid`](crate::Error::Invalid) if every group
/// is constant (or any, for Welch's test) or a value is not finite, with the group's number.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::f_oneway;
///
/// let groups = [array![6.0, 8.0, 4.0, 5.0, 3.0, 4.0], array![8.0, 12.0, 9.0, 11.0, 6.0, 8.0], array![13.0, 9.0, 11.0, 8.0, 7.0, 12.0]];
/// let anova = f_oneway(&[groups[0].view(), groups[1].view(), groups[2].view()], true)?;
/// assert!((anova.statistic - 315.0 / 34.0).abs() < 1e-13);
/// assert_eq!((anova.df_between, anova.df_within), (2.0, 15.0));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn f_oneway(groups: &[ArrayView1<'_, f64>], equal_var: bool) -> Result<Anova> {
    let (needed, why) = if equal_var { (1, "") } else { (2, " without equal variances") };
    check_groups(NAME, groups, needed, why)?;
    check_more_than_one_each(NAME, groups)?;
    let scaled = Scaled::new(groups, 0.0);
    let moments: Vec<Moments> = scaled.samples().map(Moments::of_slice).collect();
    check_spread(&moments, equal_var)?;

    let spread = Spread::of(&moments);
    let (between, within, mean_square) = (spread.between, spread.within, spread.mean_square());
    let df_between = spread.df_between();
    let (statistic, df_within) =
        if equal_var { (spread.f(), spread.df_within()) } else { welch(&spread.n, &spread.means, &moments) };
    Ok(Anova {
        statistic,
        p_value: F::new(df_between, df_within)?.sf(statistic),
        df_between,
        df_within,
        sum_of_squares_between: scaled.up_squared(between),
        sum_of_squares_within: scaled.up_squared(within),
        eta_squared: between / (between + within),
        omega_squared: (between - df_between * mean_square) / (between + within + mean_square),
        pooled_std: scaled.up(mean_square.sqrt()),
        means: moments.iter().map(|group| scaled.up(group.mean())).collect(),
        stds: moments.iter().map(|group| scaled.up(group.std(1))).collect(),
        skewness: moments.iter().map(|group| group.skewness(true)).collect(),
        n: groups.iter().map(|group| group.len()).collect(),
    })
}

/// Welch's F and its degrees of freedom.
fn welch(n: &[f64], means: &[f64], moments: &[Moments]) -> (f64, f64) {
    let k = n.len() as f64;
    // Weights relative to the most precise group's: no quotient can overflow.
    let errors: Vec<f64> = n.iter().zip(moments).map(|(n, group)| group.std(1) / n.sqrt()).collect();
    let least = errors.iter().copied().fold(f64::INFINITY, f64::min);
    let weights: Vec<f64> = errors.iter().map(|error| (least / error).powi(2)).collect();
    let all: f64 = weights.iter().sum();
    let grand = weights.iter().zip(means).map(|(weight, mean)| weight / all * mean).sum::<f64>();
    let between: f64 = weights.iter().zip(means).map(|(weight, mean)| weight * ((mean - grand) / least).powi(2)).sum();
    let excess: f64 = weights.iter().zip(n).map(|(weight, n)| (1.0 - weight / all).powi(2) / (n - 1.0)).sum();
    let statistic = between / (k - 1.0) / (1.0 + 2.0 * (k - 2.0) / (k * k - 1.0) * excess);
    (statistic, (k * k - 1.0) / (3.0 * excess))
}

fn check_spread(moments: &[Moments], equal_var: bool) -> Result<()> {
    let problem = match moments.iter().position(is_constant) {
        Some(i) if !equal_var => {
            format!("has the same value throughout group {i} (counted from 0), so Welch's test cannot weigh that group")
        }
        Some(_) if moments.iter().all(is_constant) => {
            "is constant within every group, so F has no spread to be measured by".into()
        }
        _ => return Ok(()),
    };
    Err(refused(NAME, problem))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;
    use crate::stats::{Alternative, ttest_ind};

    fn views(groups: &[Array1<f64>]) -> Vec<ArrayView1<'_, f64>> {
        groups.iter().map(|group| group.view()).collect()
    }

    #[test]
    fn of_two_groups_f_is_t_squared() {
        let groups = [array![1.0, 2.0, 4.0, 9.0], array![2.0, 6.0, 7.0, 7.5, 11.0]];
        for equal_var in [true, false] {
            let f = f_oneway(&views(&groups), equal_var).unwrap();
            let t = ttest_ind(groups[0].view(), groups[1].view(), equal_var, Alternative::TwoSided, 0.95).unwrap();
            assert_relative_eq!(f.statistic, t.statistic * t.statistic, max_relative = 1e-14);
            assert_relative_eq!(f.df_within, t.df, max_relative = 1e-14);
            assert_relative_eq!(f.p_value, t.p_value, max_relative = 1e-12);
        }
    }

    #[test]
    fn sums_of_squares_of_a_textbook_example_by_hand() {
        // Means 5, 9, 10, grand mean 8; between 6·(9 + 1 + 4) = 84, within 16 + 24 + 28 = 68.
        let groups = [
            array![6.0, 8.0, 4.0, 5.0, 3.0, 4.0],
            array![8.0, 12.0, 9.0, 11.0, 6.0, 8.0],
            array![13.0, 9.0, 11.0, 8.0, 7.0, 12.0],
        ];
        let anova = f_oneway(&views(&groups), true).unwrap();
        assert_relative_eq!(anova.sum_of_squares_between, 84.0, max_relative = 1e-14);
        assert_relative_eq!(anova.sum_of_squares_within, 68.0, max_relative = 1e-14);
        assert_relative_eq!(anova.eta_squared, 84.0 / 152.0, max_relative = 1e-14);
        let mean_square = 68.0 / 15.0;
        assert_relative_eq!(
            anova.omega_squared,
            (84.0 - 2.0 * mean_square) / (152.0 + mean_square),
            max_relative = 1e-14
        );
        assert_eq!((anova.means, anova.n), (vec![5.0, 9.0, 10.0], vec![6, 6, 6]));
        for exponent in [1015, -1010] {
            let unit = 2.0_f64.powi(exponent);
            let scaled: Vec<Array1<f64>> = groups.iter().map(|group| group * unit).collect();
            let extreme = f_oneway(&views(&scaled), true).unwrap();
            assert_relative_eq!(extreme.statistic, anova.statistic, max_relative = 1e-14);
            assert_relative_eq!(extreme.means[2], 10.0 * unit, max_relative = 1e-15);
        }
    }

    #[test]
    fn what_cannot_be_tested_is_named() {
        let message = |groups: &[Array1<f64>], equal_var| f_oneway(&views(groups), equal_var).unwrap_err().to_string();
        let spread = array![1.0, 2.0, 4.0];
        assert_eq!(
            message(std::slice::from_ref(&spread), true),
            "f_oneway: groups has 1 group, but at least 2 are needed"
        );
        assert_eq!(
            message(&[spread.clone(), array![]], true),
            "f_oneway: groups has no values in group 1 (counted from 0), but at least 1 are needed"
        );
        assert_eq!(
            message(&[array![1.0, 1.0], array![2.0, 2.0]], true),
            "f_oneway: groups is constant within every group, so F has no spread to be measured by"
        );
        assert!(message(&[spread.clone(), array![2.0, 2.0]], false).contains("throughout group 1"));
        assert!(
            message(&[spread.clone(), array![2.0, f64::NAN]], true)
                .contains("NaN (a missing value) in group 1 at index 1")
        );
        assert!(message(&[array![1.0], array![2.0]], true).contains("2 values in all"));
        assert!(message(&[spread, array![1.0]], false).contains("without equal variances"));
    }
}
