//! Resampling: what a statistic would do on other samples, learnt from the one there is.
//!
//! [`bootstrap`] draws samples from the sample and gives the statistic's standard error, bias and confidence interval; [`permutation_test`] rearranges
//! what would be exchangeable if there were no effect and asks how often the statistic comes out as far; [`jackknife`] leaves one value out at a time.
//! A [`Statistic`] is computed here, many resamples at once; for any other one, [`Resampler`] and [`Arranger`] hand out indices, and [`Bootstrap::of`],
//! [`Permutation::of`] and [`Jackknife::of`] judge what the caller made of them.

mod arrangements;
mod bootstrap;
mod indices;
mod interval;
mod jackknife;
mod lanes;
mod means;
mod order;
mod permutation;
mod shuffles;
mod statistic;

pub use arrangements::{Arranger, PermutationType};
pub use bootstrap::{Bootstrap, BootstrapOptions, Resampler, bootstrap};
pub use interval::BootstrapMethod;
pub use jackknife::{Jackknife, jackknife};
pub use permutation::{Permutation, permutation_test};
pub use statistic::Statistic;
