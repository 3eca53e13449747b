//! Tests of variances: whether several populations spread alike.

mod bartlett;
mod levene;
mod ratio;

pub use bartlett::{Bartlett, bartlett};
pub use levene::{Center, Levene, levene};
pub use ratio::{VarianceRatio, var_test};
