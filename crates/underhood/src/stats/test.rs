//! What the tests share: the side of the alternative, p-values and intervals from symmetric distributions, refusals.

use ndarray::ArrayView1;

use crate::check;
use crate::distributions::Distribution;
use crate::error::{Error, Result};

/// Which departures from the null hypothesis the p-value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Alternative {
    /// In both directions.
    #[default]
    TwoSided,
    /// Only below.
    Less,
    /// Only above.
    Greater,
}

impl Alternative {
    /// SciPy's names.
    pub const NAMES: [&str; 3] = ["two-sided", "less", "greater"];

    /// The alternative of a name, for the function that asks.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`Alternative::NAMES`].
    pub fn named(function: &'static str, name: &str) -> Result<Alternative> {
        match name {
            "two-sided" => Ok(Alternative::TwoSided),
            "less" => Ok(Alternative::Less),
            "greater" => Ok(Alternative::Greater),
            _ => Err(Error::UnknownName {
                function,
                argument: "alternative",
                value: name.into(),
                allowed: &Alternative::NAMES,
            }),
        }
    }

    /// The probability, if the null hypothesis holds, of a statistic at least as far out; its distribution is symmetric about 0.
    pub(crate) fn p_value(self, null: &impl Distribution, t: f64) -> f64 {
        match self {
            Alternative::TwoSided => (2.0 * null.sf(t.abs())).min(1.0),
            Alternative::Less => null.sf(-t),
            Alternative::Greater => null.sf(t),
        }
    }

    /// The values that the test would not reject: estimate ± quantile · error, open on the side that is not tested.
    pub(crate) fn interval(self, estimate: f64, error: f64, quantile: impl Fn(f64) -> f64, level: f64) -> (f64, f64) {
        let reach = |tail: f64| if error == 0.0 { 0.0 } else { error * -quantile(tail) };
        match self {
            Alternative::TwoSided => {
                let reach = reach((1.0 - level) / 2.0);
                (estimate - reach, estimate + reach)
            }
            Alternative::Less => (f64::NEG_INFINITY, estimate + reach(1.0 - level)),
            Alternative::Greater => (estimate - reach(1.0 - level), f64::INFINITY),
        }
    }
}

/// Refuses a confidence level that is no probability; 0 and 1 give no interval.
pub(crate) fn check_level(function: &'static str, level: f64) -> Result<()> {
    check::in_range(function, "confidence_level", level, level > 0.0 && level < 1.0, "between 0 and 1")
}

/// Refuses samples that are too short or hold NaN or infinities.
pub(crate) fn check_sample(
    function: &'static str,
    argument: &'static str,
    x: ArrayView1<'_, f64>,
    needed: usize,
) -> Result<()> {
    check::at_least(function, argument, "values", x.len(), needed)?;
    check::finite_vector(function, argument, x)
}
