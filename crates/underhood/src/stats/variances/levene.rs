//! Levene's test of equal variances: an analysis of variance of the distances from each group's centre.
//!
//! H. Levene (1960, in *Contributions to Probability and Statistics*, Stanford) took the mean for the centre; M. B. Brown & A. B. Forsythe
//! (1974, doi:10.1080/01621459.1974.10482955) the median, for skewed values, and the trimmed mean, for heavy tails.

use ndarray::ArrayView1;

use crate::check;
use crate::distributions::{Distribution, F};
use crate::error::{Error, Result};
use crate::stats::moments::{Moments, times_power_of_two};
use crate::stats::scale::Scaled;
use crate::stats::several::{Spread, check_groups, check_more_than_one_each, is_constant, refused};

const NAME: &str = "levene";

/// The centre that distances are measured from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Center {
    /// The median (Brown and Forsythe).
    Median,
    /// The mean (Levene).
    Mean,
    /// The mean without this share of the values at each end.
    Trimmed(f64),
}

impl Center {
    /// SciPy's names.
    pub const NAMES: [&str; 3] = ["median", "mean", "trimmed"];

    /// The centre of a name; `proportiontocut` is for the trimmed mean.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`Center::NAMES`]; [`Error::OutOfRange`] for a share outside [0, ½).
    pub fn named(name: &str, proportiontocut: f64) -> Result<Center> {
        let valid = (0.0..0.5).contains(&proportiontocut);
        check::in_range(NAME, "proportiontocut", proportiontocut, valid, "at least 0 and below 0.5")?;
        match name {
            "median" => Ok(Center::Median),
            "mean" => Ok(Center::Mean),
            "trimmed" => Ok(Center::Trimmed(proportiontocut)),
            _ => Err(Error::UnknownName {
                function: NAME,
                argument: "center",
                value: name.into(),
                allowed: &Center::NAMES,
            }),
        }
    }

    /// Replaces the values of a group by their distances from its centre; gives the centre.
    fn distances(self, values: &mut [f64]) -> f64 {
        let centre = match self {
            Center::Mean => {
                // About the mean itself, not about its rounding.
                let moments = Moments::of_slice(values);
                let exponent = moments.centre(values);
                values.iter_mut().for_each(|v| *v = libm::ldexp(v.abs(), exponent));
                return moments.mean();
            }
            Center::Median => {
                values.sort_unstable_by(f64::total_cmp);
                let upper = values.len() / 2;
                if values.len() % 2 == 1 { values[upper] } else { 0.5 * values[upper - 1] + 0.5 * values[upper] }
            }
            Center::Trimmed(share) => {
                values.sort_unstable_by(f64::total_cmp);
                let cut = (share * values.len() as f64) as usize;
                Moments::of_slice(&values[cut..values.len() - cut]).mean()
            }
        };
        values.iter_mut().for_each(|v| *v = (*v - centre).abs());
        centre
    }
}

/// What Levene's test finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Levene {
    /// W: Fisher's F of the distances.
    pub statistic: f64,
    /// Probability of so large a W if all variances are the same.
    pub p_value: f64,
    /// Degrees of freedom between groups, k − 1.
    pub df_between: f64,
    /// Degrees of freedom within groups, n − k.
    pub df_within: f64,
    /// Each group's centre.
    pub centers: Vec<f64>,
    /// Each group's mean distance from its centre.
    pub mean_distances: Vec<f64>,
    /// Each group's standard deviation; NaN for a single value.
    pub stds: Vec<f64>,
    /// Skewness g₁ of each group's distances; NaN if they are all the same.
    pub skewness: Vec<f64>,
    /// Each group's number of values.
    pub n: Vec<usize>,
}

/// Tests whether several populations have one variance, without taking them for normal.
///
/// W = (Σnᵢ(z̄ᵢ − z̄)²/(k − 1))/(ΣΣ(z − z̄ᵢ)²/(n − k)) of the distances z = |x − centre of its group|.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two groups or only groups of one; [`Error::Invalid`] for an empty group, a value that is not finite, or
/// if within every group all distances are the same.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Center, levene};
///
/// let groups = [array![1.0, 3.0, 2.0, 5.0], array![1.0, 9.0, 4.0, 20.0]];
/// let test = levene(&[groups[0].view(), groups[1].view()], Center::Median)?;
/// // Medians 2.5 and 6.5; distances 1.5, 0.5, 0.5, 2.5 and 5.5, 2.5, 2.5, 13.5.
/// assert_eq!(test.mean_distances, vec![1.25, 6.0]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn levene(groups: &[ArrayView1<'_, f64>], center: Center) -> Result<Levene> {
    check_groups(NAME, groups, 1, "")?;
    check_more_than_one_each(NAME, groups)?;
    let scaled = Scaled::new(groups, 0.0);
    // What is said about a group is computed on its own scale, on which it cannot vanish beside one of extreme size; W on one for all of them.
    let (mut centers, mut mean_distances, mut stds) = (Vec::new(), Vec::new(), Vec::new());
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for group in groups {
        let own = Scaled::new(&[*group], 0.0);
        stds.push(own.up(Moments::of_slice(own.sample(0)).std(1)));
        let mut values = own.sample(0).to_vec();
        centers.push(own.up(center.distances(&mut values)));
        let moments = Moments::of_slice(&values);
        mean_distances.push(own.up(moments.mean()));
        let steps = own.exponent() - scaled.exponent();
        together.push(if steps == 0 {
            moments
        } else {
            values.iter_mut().for_each(|v| *v = times_power_of_two(*v, steps));
            Moments::of_slice(&values)
        });
        alone.push(moments);
    }
    if alone.iter().all(is_constant) {
        let problem = "has one distance from the centre within every group, so W has no spread to be measured by";
        return Err(refused(NAME, problem.into()));
    }
    let spread = Spread::of(&together);
    let (df_between, df_within, statistic) = (spread.df_between(), spread.df_within(), spread.f());
    if !statistic.is_finite() {
        return Err(refused(NAME, "holds spreads so far apart that W is beyond the range of doubles".into()));
    }
    Ok(Levene {
        statistic,
        p_value: F::new(df_between, df_within)?.sf(statistic),
        df_between,
        df_within,
        centers,
        mean_distances,
        stds,
        skewness: alone.iter().map(|group| group.skewness(true)).collect(),
        n: groups.iter().map(|group| group.len()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;

    fn test(groups: &[Array1<f64>], center: Center) -> Result<Levene> {
        let views: Vec<ArrayView1<'_, f64>> = groups.iter().map(|group| group.view()).collect();
        levene(&views, center)
    }

    #[test]
    fn offsets_and_extreme_units_do_not_matter() {
        let groups = [array![1.0, 2.0, 4.0, 9.0, 5.0], array![2.0, 6.0, 7.0, 7.5], array![9.0, 9.5, 13.0]];
        let statistic = |center, unit: f64, offset: f64| {
            test(&groups.clone().map(|group| group * unit + offset), center).unwrap().statistic
        };
        for center in [Center::Median, Center::Mean, Center::Trimmed(0.25)] {
            let plain = statistic(center, 1.0, 0.0);
            assert_relative_eq!(statistic(center, 2.0_f64.powi(1018), 0.0), plain, max_relative = 1e-14);
            assert_relative_eq!(statistic(center, 2.0_f64.powi(-1000), 0.0), plain, max_relative = 1e-14);
            // The mean is not rounded before it is subtracted; the median of these and the middle of two are exact.
            if !matches!(center, Center::Trimmed(_)) {
                assert_relative_eq!(statistic(center, 1.0, 2.0_f64.powi(44)), plain, max_relative = 1e-13);
            }
        }
    }

    #[test]
    fn a_group_of_extreme_size_hides_no_other() {
        let groups = [array![1e200, 3e200, 4e200, 9e200], array![1e-200, 3e-200, 4e-200, 9e-200]];
        let found = test(&groups, Center::Mean).unwrap();
        let one = test(&[array![1.0, 3.0, 4.0, 9.0], array![0.0, 0.0, 0.0, 0.0]], Center::Mean).unwrap();
        assert_relative_eq!(found.statistic, one.statistic, max_relative = 1e-13);
        for [large, small] in [&found.stds, &found.mean_distances, &found.centers].map(|of| [of[0], of[1]]) {
            assert_relative_eq!(large / 1e200, small / 1e-200, max_relative = 1e-13);
        }
        let far = test(&[array![-1e200, 1e200], array![1e-200, 3e-200, 4e-200]], Center::Mean);
        assert!(far.unwrap_err().to_string().contains("beyond the range of doubles"));
    }

    #[test]
    fn what_cannot_be_compared_is_named() {
        let pairs = [array![1.0, 2.0], array![5.0, 9.0]];
        assert!(test(&pairs, Center::Median).unwrap_err().to_string().starts_with("levene: groups has one distance"));
        assert!(test(&[array![1.0], array![2.0]], Center::Mean).is_err());
        assert!(Center::named("mode", 0.1).unwrap_err().to_string().contains("center is \"mode\""));
        assert!(Center::named("trimmed", 0.5).is_err());
    }
}
