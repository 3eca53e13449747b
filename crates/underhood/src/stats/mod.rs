//! Statistics: from numbers to an honest conclusion.
//!
//! # A short tour
//!
//! **Describe.** [`describe`] says of each column how many values it has and misses, where they lie, how they spread and how
//! they are shaped; [`Moments`] is the part of it that one pass over memory finds, [`quantile`](quantile()) the other. Along an axis of an
//! array: where values lie ([`mean`], [`gmean`], [`hmean`], [`trim_mean`], [`median`], [`mode`]), how they spread ([`var`], [`std`](std()),
//! [`iqr`], [`mad`], [`zscore`]) and how they are shaped ([`skew`], [`kurtosis`], [`moment`], [`moments`]; [`quantile_along`]). The divisor
//! of a variance is n − 1 unless another `ddof` is asked for: the data are taken for a sample, not for everything there is. How often
//! values occur: [`histogram`], [`ecdf`], [`group_statistics`]; which lie far from the others: [`outliers`].
//!
//! **Relate.** [`cov`] and [`corr`] give the matrix of all pairs of columns; [`pearsonr`], [`spearmanr`] and [`kendalltau`] one pair's
//! coefficient with its p-value and interval, [`partial_corr`] what is left of it when others are held fixed; [`autocorr`] and [`acf`]
//! correlate a sequence with itself.
//!
//! **Compare.** [`ttest_1samp`], [`ttest_ind`] and [`ttest_rel`] ask about means, [`f_oneway`] about the means of several groups,
//! [`tukey_hsd`] about each pair of them, [`anova_twoway`] about means by two factors, [`levene`] and [`bartlett`] about variances,
//! [`chi2_contingency`] about two categories; [`adjusted_p_values`] corrects for many tests at once. Each gives the size of the effect beside the p-value: a small p-value says
//! [`chi2_contingency`] about two categories; [`mannwhitneyu`], [`wilcoxon`](wilcoxon()), [`kruskal`](kruskal()) and
//! [`friedman`](friedman()) ask of ranks, [`runs_test`] of an order. Each gives the size of the effect beside the p-value: a small p-value says
//! that an effect is there, never that it is large.
//!
//! **Regress.** [`regression`] fits a linear model and says how far each coefficient can be trusted; [`glm`] does the same for the odds of a
//! yes and for counts.
//!
//! What cannot be computed is refused by an error that names the argument: a missing value, a constant sample, too few values.
//!
//! ```
//! use ndarray::array;
//! use underhood::stats::{Alternative, ttest_ind};
//!
//! let (treated, control) = (array![5.1, 4.9, 6.2, 5.8, 6.0], array![4.1, 4.8, 5.0, 4.4, 4.6]);
//! let test = ttest_ind(treated.view(), control.view(), false, Alternative::TwoSided, 0.95)?;
//! assert!((test.estimate - 1.02).abs() < 1e-12);
//! assert!(test.confidence_interval.0 > 0.0 && test.p_value < 0.05);
//! # Ok::<(), underhood::Error>(())
//! ```

use ndarray::ArrayView1;

mod along;
mod averages;
mod columns;
mod correlation;
mod counts;
mod describe;
mod ecdf;
mod estimate;
pub mod glm;
mod goodness;
mod groups;
mod histogram;
mod means;
mod moments;
mod multiple;
mod outliers;
mod power;
mod quantile;
mod ranks;
pub mod regression;
mod resampling;
mod rows;
mod scale;
mod select;
mod several;
mod shape;
mod spread;
mod sums;
mod test;
mod variances;
mod weights;

pub use along::NanPolicy;
pub use averages::{gmean, hmean, mean, median, mode, trim_mean, weighted_gmean, weighted_hmean, weighted_mean};
pub use correlation::*;
pub use counts::*;
pub use describe::{Summary, describe, describe_column};
pub use ecdf::{Ecdf, ecdf, ecdf_band};
pub use estimate::*;
pub use goodness::*;
pub use groups::{GroupStatistic, group_statistics};
pub use histogram::{BinRule, Bins, Histogram, histogram};
pub use means::*;
pub use moments::Moments;
pub use multiple::{Correction, adjusted_p_values};
pub use outliers::{NORMAL_MAD, OutlierRule, Outliers, outliers};
pub use power::*;
pub use quantile::{QuantileMethod, quantile, quantile_along};
pub use ranks::*;
pub use resampling::*;
pub use shape::{kurtosis, moment, moments, skew};
pub use spread::{iqr, mad, std, var, zscore};
pub use test::Alternative;
pub use variances::*;

/// Runs `of` on the values side by side in memory, copying them if they are not.
fn contiguous<T>(x: ArrayView1<'_, f64>, of: impl FnOnce(&[f64]) -> T) -> T {
    match x.as_slice() {
        Some(values) => of(values),
        None => of(&x.to_vec()),
    }
}
