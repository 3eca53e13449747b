//! The mathematics of machine learning, with the hood open: the numerical core.

pub mod calculus;
pub mod check;
pub mod distributions;
pub mod error;
pub mod linalg;
pub mod models;
pub mod optimize;
pub mod random;
mod simd;
pub mod special;
pub mod stats;

pub use error::{Error, Result};
