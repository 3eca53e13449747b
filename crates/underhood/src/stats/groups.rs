//! Summaries of a column by group.

use ndarray::{Array2, ArrayView1};

use super::moments::Moments;
use super::quantile::{QuantileMethod, quantiles_without_missing};
use super::weights::Compensated;
use crate::error::{Error, Result};

/// A number about the values of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GroupStatistic {
    /// How many values there are; NaN is none.
    Count,
    /// How many are missing.
    Missing,
    /// Their sum; 0 of no values.
    Sum,
    /// Arithmetic mean.
    Mean,
    /// Standard deviation of a sample.
    Std,
    /// Variance of a sample.
    Var,
    /// Smallest value.
    Min,
    /// Largest value.
    Max,
    /// Skewness, corrected for the sample's size.
    Skewness,
    /// Excess kurtosis, corrected for the sample's size.
    Kurtosis,
    /// The quantile at a probability, by linear interpolation.
    Quantile(f64),
}

impl GroupStatistic {
    /// The names of all but quantiles; `median` is the one at ½.
    pub const NAMES: [&str; 11] =
        ["count", "missing", "sum", "mean", "std", "var", "min", "max", "skewness", "kurtosis", "median"];

    /// The statistic of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`GroupStatistic::NAMES`].
    pub fn named(name: &str) -> Result<GroupStatistic> {
        Ok(match name {
            "count" => GroupStatistic::Count,
            "missing" => GroupStatistic::Missing,
            "sum" => GroupStatistic::Sum,
            "mean" => GroupStatistic::Mean,
            "std" => GroupStatistic::Std,
            "var" => GroupStatistic::Var,
            "min" => GroupStatistic::Min,
            "max" => GroupStatistic::Max,
            "skewness" => GroupStatistic::Skewness,
            "kurtosis" => GroupStatistic::Kurtosis,
            "median" => GroupStatistic::Quantile(0.5),
            _ => {
                return Err(Error::UnknownName {
                    function: "group_by",
                    argument: "statistic",
                    value: name.into(),
                    allowed: &GroupStatistic::NAMES,
                });
            }
        })
    }
}

/// Statistics of each group of values: a row for each group, a column for each statistic. `groups[i]` is the group of value i, less than
/// `count`; a value of any other group (a row without a label) is left out.
///
/// Missing values are left out of everything but their count. What a group cannot tell is NaN, as for [`describe`](super::describe()).
///
/// # Errors
/// [`Error::Shape`] if there are not as many groups as values, [`Error::OutOfRange`] for a quantile's probability.
pub fn group_statistics(
    x: ArrayView1<'_, f64>,
    groups: &[usize],
    count: usize,
    statistics: &[GroupStatistic],
) -> Result<Array2<f64>> {
    crate::check::same_length("group_by", ("by", groups.len()), ("data", x.shape()))?;
    for statistic in statistics {
        if let GroupStatistic::Quantile(q) = statistic {
            super::quantile::check_probabilities("group_by", "q", &[*q])?;
        }
    }
    // Each group's values side by side, in their order: a counting sort. `ends[g]` is where group g ends, once it is filled.
    let mut ends = vec![0; count + 1];
    groups.iter().filter(|g| **g < count).for_each(|g| ends[g + 1] += 1);
    for g in 0..count {
        ends[g + 1] += ends[g];
    }
    let mut sorted = vec![0.0; ends[count]];
    for (&value, &group) in x.iter().zip(groups) {
        if group < count {
            sorted[ends[group]] = value;
            ends[group] += 1;
        }
    }
    let mut found = Array2::from_elem((count, statistics.len()), f64::NAN);
    let (mut scratch, mut start) = (Vec::new(), 0);
    for (group, mut row) in found.rows_mut().into_iter().enumerate() {
        let values = &sorted[start..ends[group]];
        start = ends[group];
        let moments = Moments::of_slice(values);
        let gaps = moments.missing() > 0;
        let kept: Vec<f64> = if gaps { values.iter().copied().filter(|v| !v.is_nan()).collect() } else { Vec::new() };
        let present = if gaps { &kept } else { values };
        for (place, statistic) in row.iter_mut().zip(statistics) {
            *place = match *statistic {
                GroupStatistic::Count => moments.count() as f64,
                GroupStatistic::Missing => moments.missing() as f64,
                GroupStatistic::Sum => sum(present),
                GroupStatistic::Mean => moments.mean(),
                GroupStatistic::Std => moments.std(1),
                GroupStatistic::Var => moments.variance(1),
                GroupStatistic::Min => moments.min(),
                GroupStatistic::Max => moments.max(),
                GroupStatistic::Skewness => moments.skewness(false),
                GroupStatistic::Kurtosis => moments.kurtosis(false),
                GroupStatistic::Quantile(_) if present.is_empty() => f64::NAN,
                GroupStatistic::Quantile(q) => {
                    quantiles_without_missing(present, &[q], QuantileMethod::Linear, &mut scratch)[0]
                }
            };
        }
    }
    Ok(found)
}

fn sum(x: &[f64]) -> f64 {
    let mut sum = Compensated::default();
    x.iter().for_each(|&v| sum.add(v));
    sum.value()
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn groups_are_summed_up_apart() {
        let x = array![1.0, 10.0, 2.0, f64::NAN, 6.0, 99.0];
        let statistics = [
            GroupStatistic::Count,
            GroupStatistic::Missing,
            GroupStatistic::Sum,
            GroupStatistic::Mean,
            GroupStatistic::Var,
            GroupStatistic::Quantile(0.5),
        ];
        let found = group_statistics(x.view(), &[0, 1, 0, 1, 0, usize::MAX], 3, &statistics).unwrap();
        assert_eq!(found.row(0), array![3.0, 0.0, 9.0, 3.0, 7.0, 2.0]);
        assert_eq!(found.row(1).slice(ndarray::s![..4]), array![1.0, 1.0, 10.0, 10.0]);
        assert!(found[[1, 4]].is_nan() && found[[1, 5]] == 10.0);
        assert_eq!(found.row(2).slice(ndarray::s![..3]), array![0.0, 0.0, 0.0]);
        assert!(found[[2, 3]].is_nan() && found[[2, 5]].is_nan());
        assert!(group_statistics(x.view(), &[0], 1, &statistics).is_err());
    }
}
