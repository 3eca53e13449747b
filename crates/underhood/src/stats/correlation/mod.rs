//! How variables go together: covariance and correlation of all pairs of columns, one pair's coefficient with p-value and interval,
//! a pair's without what others explain, and a sequence's with itself.

mod autocorrelation;
mod kendall;
mod matrices;
mod pair;
mod partial;
mod pearson;
mod spearman;

pub use autocorrelation::{Autocorrelations, acf, autocorr};
pub use kendall::{KendallVariant, kendalltau};
pub use matrices::{CorrelationMethod, PairGaps, corr, cov};
pub use pair::Correlation;
pub use partial::{PartialCorrelation, partial_corr};
pub use pearson::pearsonr;
pub use spearman::spearmanr;
