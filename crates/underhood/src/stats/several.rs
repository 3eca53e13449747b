//! Several samples beside each other: what every test of groups refuses, and their moments on one scale.

use ndarray::ArrayView1;

use crate::error::{Error, Result};
use crate::stats::moments::Moments;

/// The argument that the samples come in.
const ARGUMENT: &str = "groups";

/// Refuses fewer than two groups, groups of fewer than `needed` values (`why` ends that sentence), and values that are not finite.
pub(crate) fn check_groups(
    function: &'static str,
    groups: &[ArrayView1<'_, f64>],
    needed: usize,
    why: &str,
) -> Result<()> {
    if groups.len() < 2 {
        return Err(Error::TooFew { function, argument: ARGUMENT, what: "groups", found: groups.len(), needed: 2 });
    }
    for (i, group) in groups.iter().enumerate() {
        if group.len() < needed {
            let found = match group.len() {
                0 => "no values".into(),
                1 => "1 value".into(),
                n => format!("{n} values"),
            };
            let problem = format!("has {found} in group {i} (counted from 0), but at least {needed} are needed{why}");
            return Err(Error::Invalid { function, argument: ARGUMENT, problem });
        }
        if let Some(place) = group.iter().position(|v| !v.is_finite()) {
            let problem = format!(
                "holds {} in group {i} at index {place} (counted from 0); remove or fill such values first",
                if group[place].is_nan() { "NaN (a missing value)" } else { "infinity" },
            );
            return Err(Error::Invalid { function, argument: ARGUMENT, problem });
        }
    }
    Ok(())
}

/// Refuses groups of one value each, which have no spread.
pub(crate) fn check_more_than_one_each(function: &'static str, groups: &[ArrayView1<'_, f64>]) -> Result<()> {
    let found = groups.iter().map(|group| group.len()).sum();
    if found > groups.len() {
        return Ok(());
    }
    let needed = groups.len() + 1;
    Err(Error::TooFew { function, argument: ARGUMENT, what: "values in all", found, needed })
}

/// Whether all values of a group are one.
pub(crate) fn is_constant(group: &Moments) -> bool {
    group.min() == group.max()
}

/// A refusal because of what the groups are.
pub(crate) fn refused(function: &'static str, problem: String) -> Error {
    Error::Invalid { function, argument: ARGUMENT, problem }
}

/// Sizes and means of several groups, and how their values spread between and within them.
pub(crate) struct Spread {
    /// Each group's number of values, and all of them.
    pub(crate) n: Vec<f64>,
    pub(crate) total: f64,
    /// Means measured from the first group's: their differences count, not the offset that all of them share.
    pub(crate) means: Vec<f64>,
    /// Σ nᵢ(x̄ᵢ − x̄)², with k − 1 degrees of freedom.
    pub(crate) between: f64,
    /// ΣΣ(x − x̄ᵢ)², with n − k degrees of freedom.
    pub(crate) within: f64,
}

impl Spread {
    /// Of the moments of one group or more, none of them empty.
    pub(crate) fn of(moments: &[Moments]) -> Spread {
        let n: Vec<f64> = moments.iter().map(|group| group.count() as f64).collect();
        let total = n.iter().sum::<f64>();
        let means: Vec<f64> = moments.iter().map(|group| group.mean_difference(&moments[0])).collect();
        let grand = n.iter().zip(&means).map(|(n, mean)| n / total * mean).sum::<f64>();
        let between = n.iter().zip(&means).map(|(n, mean)| n * (mean - grand).powi(2)).sum();
        let within = moments.iter().map(Moments::sum_of_squares).sum();
        Spread { n, total, means, between, within }
    }

    /// k − 1.
    pub(crate) fn df_between(&self) -> f64 {
        self.n.len() as f64 - 1.0
    }

    /// n − k.
    pub(crate) fn df_within(&self) -> f64 {
        self.total - self.n.len() as f64
    }

    /// The pooled variance s²: what lies within, over its degrees of freedom.
    pub(crate) fn mean_square(&self) -> f64 {
        self.within / self.df_within()
    }

    /// Fisher's F.
    pub(crate) fn f(&self) -> f64 {
        self.between / self.df_between() / self.mean_square()
    }
}
