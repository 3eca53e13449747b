//! Power: how likely a test is to find an effect of a size, and how many values that takes.
//!
//! J. Neyman and E. S. Pearson (1933, doi:10.1098/rsta.1933.0009); effect sizes by J. Cohen (1988, *Statistical Power Analysis for the Behavioral
//! Sciences*). The t tests and the analysis of variance use the noncentral t and F distributions and are exact for normal data;
//! proportions use Cohen's h and the normal distribution, counts the noncentral χ² distribution: both approximate.

mod attained;
mod effect;
mod root;
mod solve;

pub use attained::{Attained, PowerDesign, PowerTest};
pub use effect::{cohens_d, cohens_f, cohens_h};
pub use solve::{PowerAnalysis, PowerQuestion, power, power_curve, sample_size};
