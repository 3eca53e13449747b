//! Tests of means: of one sample, of two, of several groups, of groups by two factors.

mod oneway;
mod ttest;
mod tukey;
mod twoway;
mod ztest;

pub use oneway::{Anova, f_oneway};
pub use ttest::{TTest, ttest_1samp, ttest_ind, ttest_rel};
pub use tukey::{Tukey, tukey_critical, tukey_hsd};
pub use twoway::{Effect, SumsOfSquares, TwoWay, anova_twoway};
pub use ztest::{Sigma, ZTest, ztest};
