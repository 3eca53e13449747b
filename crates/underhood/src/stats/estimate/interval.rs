//! What an interval is, and on which sides it ends.

use crate::error::{Error, Result};
use crate::stats::test::Alternative;

/// Which ends of an interval are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IntervalSide {
    /// Both, with equal probabilities beyond them.
    #[default]
    Both,
    /// Only the lower one: the parameter is at least so large.
    Lower,
    /// Only the upper one: the parameter is at most so large.
    Upper,
}

impl IntervalSide {
    /// Their names.
    pub const NAMES: [&str; 3] = ["both", "lower", "upper"];

    /// The side of a name, for the function that asks.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`IntervalSide::NAMES`].
    pub fn named(function: &'static str, name: &str) -> Result<IntervalSide> {
        match name {
            "both" => Ok(IntervalSide::Both),
            "lower" => Ok(IntervalSide::Lower),
            "upper" => Ok(IntervalSide::Upper),
            _ => {
                let allowed = &IntervalSide::NAMES;
                Err(Error::UnknownName { function, argument: "side", value: name.into(), allowed })
            }
        }
    }

    /// The alternative whose test would not reject the values in the interval.
    pub(super) fn alternative(self) -> Alternative {
        match self {
            IntervalSide::Both => Alternative::TwoSided,
            IntervalSide::Lower => Alternative::Greater,
            IntervalSide::Upper => Alternative::Less,
        }
    }

    /// The probabilities that are left below and above an interval of a level: 0 on an open side.
    pub(super) fn tails(self, level: f64) -> (f64, f64) {
        match self {
            IntervalSide::Both => (0.5 * (1.0 - level), 0.5 * (1.0 - level)),
            IntervalSide::Lower => (1.0 - level, 0.0),
            IntervalSide::Upper => (0.0, 1.0 - level),
        }
    }
}

/// An estimate and the interval around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The parameter as the sample shows it.
    pub estimate: f64,
    /// The lower end; −∞ (or the least possible value) if only an upper one was asked for.
    pub low: f64,
    /// The upper end; ∞ (or the largest possible value) if only a lower one was asked for.
    pub high: f64,
    /// Standard error of the estimate, where the interval rests on one or there is a formula of its own.
    pub standard_error: Option<f64>,
    /// Degrees of freedom of t, χ² or F (its numerator).
    pub df: Option<f64>,
    /// How many values: of the sample, of both, or how many pairs.
    pub n: (usize, Option<usize>),
    /// What the data say of their being normal: skewness (intervals of means) or excess kurtosis (of variances) of the sample, or of both.
    pub shape: (f64, Option<f64>),
}
