//! Tests of counts and of shares.

mod contingency;

pub use contingency::{Contingency, chi2_contingency};
