//! Tests of variances: whether several populations spread alike.

mod bartlett;
mod levene;
mod ratio;

pub use bartlett::{Bartlett, bartlett};
pub use levene::{Center, Levene, levene};
pub(crate) use ratio::ratio_of_variances;
pub use ratio::{VarianceRatio, var_test};
