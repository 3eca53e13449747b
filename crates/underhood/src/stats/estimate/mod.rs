//! Intervals: which values of a parameter the data are compatible with.
//!
//! J. Neyman (1937, doi:10.1098/rsta.1937.0005): a rule that makes an interval of every sample has the level c if c of the samples' intervals hold
//! the true value. [`coverage`] watches a rule keep that promise, or break it.

mod coverage;
mod interval;
mod mean;
mod quantile;
mod variance;

pub use coverage::{Coverage, Covered, coverage};
pub use interval::{Interval, IntervalSide};
pub use mean::{MeanDifference, correlation_confint, mean_confint, mean_difference_confint};
pub use quantile::{QuantileInterval, quantile_confint};
pub use variance::{std_confint, variance_confint, variance_ratio_confint};
