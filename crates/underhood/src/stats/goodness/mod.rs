//! Tests of the shape of a distribution: do these values come from that one, or from one and the same?
//!
//! Kolmogorov's and Smirnov's distance (`kolmogorov` for one sample's distribution of it, `lattice` for two samples'), Shapiro's and Wilk's W, the moments of
//! a normal sample, Anderson's and Darling's weighted distance.

mod anderson;
mod crossing;
mod kolmogorov;
mod lattice;
mod moments;
mod one_sample;
mod shapiro;
mod sorted;
mod two_samples;

pub use anderson::{AndersonDarling, AndersonDistribution, anderson};
pub use moments::{JarqueBera, NormalTest, jarque_bera, normaltest};
pub use one_sample::{ks_1samp, ks_uniform};
pub use shapiro::{ShapiroWilk, shapiro};
pub use two_samples::ks_2samp;

use crate::error::{Error, Result};

/// Which distribution of the distance a p-value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KolmogorovMethod {
    /// The exact one for samples of moderate size, else an approximation.
    #[default]
    Auto,
    /// The exact one.
    Exact,
    /// The limit for large samples.
    Limit,
}

impl KolmogorovMethod {
    /// SciPy's names.
    pub const NAMES: [&str; 3] = ["auto", "exact", "asymp"];

    /// The method of a name, for the function that asks.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`KolmogorovMethod::NAMES`].
    pub fn named(function: &'static str, name: &str) -> Result<KolmogorovMethod> {
        match name {
            "auto" => Ok(KolmogorovMethod::Auto),
            "exact" => Ok(KolmogorovMethod::Exact),
            "asymp" => Ok(KolmogorovMethod::Limit),
            _ => Err(Error::UnknownName {
                function,
                argument: "method",
                value: name.into(),
                allowed: &KolmogorovMethod::NAMES,
            }),
        }
    }
}

/// What a test by the largest distance between two distribution functions finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KolmogorovSmirnov {
    /// The largest distance, in the direction of the alternative.
    pub statistic: f64,
    /// The probability of so large a distance.
    pub p_value: f64,
    /// The value at which the distance is.
    pub location: f64,
    /// Whether the (first) sample's distribution function lies above there, or below.
    pub above: bool,
    /// Whether the p-value is exact.
    pub exact: bool,
    /// Whether values are tied.
    pub tied: bool,
}
