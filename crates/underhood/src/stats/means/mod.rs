//! Tests of means: of one sample, of two, of several groups.

mod oneway;
mod ttest;

pub use oneway::{Anova, f_oneway};
pub use ttest::{TTest, ttest_1samp, ttest_ind, ttest_rel};
