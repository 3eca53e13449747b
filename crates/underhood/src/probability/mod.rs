//! Probability as it is done by hand: Bayes' rule, joint tables, conjugate updates, and the two great theorems as simulations.
//!
//! ```
//! use ndarray::array;
//! use underhood::probability::bayes;
//!
//! // A test finds 99 % of the ill and is wrong about 5 % of the healthy; 1 % are ill. How many of the positive are?
//! let update = bayes(array![0.01, 0.99].view(), array![0.99, 0.05].view())?;
//! assert!((update.evidence - 0.0594).abs() < 1e-15);
//! assert!((update.posterior[0] - 1.0 / 6.0).abs() < 1e-15);
//! # Ok::<(), underhood::Error>(())
//! ```
//!
//! | question | function |
//! |---|---|
//! | what do data say of hypotheses? | [`bayes`], [`total_probability`] |
//! | how do several variables hang together? | [`Joint`] |
//! | what is known of a parameter after data? | [`beta_binomial`], [`gamma_poisson`], [`normal_normal`] |
//! | what do many draws do? | [`running_means`], [`sample_means`] |

mod bayes;
mod conjugate;
mod joint;
mod simulation;

pub use bayes::{Update, bayes, total_probability};
pub use conjugate::{beta_binomial, gamma_poisson, normal_normal};
pub use joint::Joint;
pub use simulation::{running_means, sample_means};

use ndarray::ArrayViewD;

use crate::check::in_range;
use crate::error::{Error, Result};

/// How far probabilities may sum from 1: as far as a table printed with a few digits does.
const SUM: f64 = 1e-6;

/// Refuses what are no probabilities that sum to 1; gives their sum, by which they are to be divided.
fn probabilities(function: &'static str, argument: &'static str, p: ArrayViewD<'_, f64>) -> Result<f64> {
    for &p in &p {
        in_range(function, argument, p, (0.0..=1.0 + SUM).contains(&p), "a probability (0 to 1)")?;
    }
    let total = p.sum();
    if (total - 1.0).abs() > SUM {
        let problem = format!("sums to {total}, but probabilities sum to 1 (divide counts by their sum first)");
        return Err(Error::Invalid { function, argument, problem });
    }
    Ok(total)
}
