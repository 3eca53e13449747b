//! Distributions made from data or from other distributions.
//!
//! [`Truncated`] and [`Mixture`] take any distribution (`Arc<dyn Continuous>` or `Arc<dyn Discrete>`) and are again one of that kind.

mod empirical;
mod expectation;
mod kernel_density;
mod mixture;
mod root;
mod truncated;

pub use empirical::Empirical;
pub use kernel_density::{Bandwidth, KernelDensity};
pub use mixture::Mixture;
pub use truncated::Truncated;
