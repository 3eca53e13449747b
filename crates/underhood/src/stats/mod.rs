//! stats

pub mod regression;
