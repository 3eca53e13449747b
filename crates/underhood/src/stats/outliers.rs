//! Values that lie far from the others, by three rules.
//!
//! Fences about the quartiles: J. W. Tukey (1977), *Exploratory Data Analysis*, chapter 2. Standard scores; and the same with median and
//! median absolute deviation, which outliers themselves cannot shift: B. Iglewicz and D. C. Hoaglin (1993), *How to Detect and Handle
//! Outliers*.

use ndarray::ArrayView1;

use super::moments::Moments;
use super::quantile::{QuantileMethod, quantiles_without_missing};
use super::spread::median_absolute_deviation;
use crate::check;
use crate::error::{Error, Result};

/// The third quartile of the standard normal distribution: a normal sample's median absolute deviation in standard deviations.
pub const NORMAL_MAD: f64 = 0.674_489_750_196_081_7;

/// Which rule tells outliers from the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutlierRule {
    /// Farther below the lower quartile or above the upper one than `threshold` (1.5) interquartile ranges.
    Iqr,
    /// Farther from the mean than `threshold` (3) standard deviations.
    ZScore,
    /// Farther from the median than `threshold` (3.5) median absolute deviations divided by 0.6745, which makes them standard
    /// deviations of a normal distribution.
    Mad,
}

impl OutlierRule {
    /// Their names.
    pub const NAMES: [&str; 3] = ["iqr", "z", "mad"];

    /// The rule of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`OutlierRule::NAMES`].
    pub fn named(name: &str) -> Result<OutlierRule> {
        match name {
            "iqr" => Ok(OutlierRule::Iqr),
            "z" => Ok(OutlierRule::ZScore),
            "mad" => Ok(OutlierRule::Mad),
            _ => Err(Error::UnknownName {
                function: "outliers",
                argument: "method",
                value: name.into(),
                allowed: &OutlierRule::NAMES,
            }),
        }
    }

    /// The threshold that its authors gave it.
    pub fn usual_threshold(self) -> f64 {
        match self {
            OutlierRule::Iqr => 1.5,
            OutlierRule::ZScore => 3.0,
            OutlierRule::Mad => 3.5,
        }
    }
}

/// What [`outliers`] finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Outliers {
    /// For each value, whether it is an outlier; a missing one is none.
    pub mask: Vec<bool>,
    /// Values below the first or above the second are outliers.
    pub bounds: (f64, f64),
    /// How many values are there.
    pub n: usize,
    /// How many are missing (NaN).
    pub missing: usize,
}

/// The values that lie outside of bounds that the rule takes from the values themselves.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two values; [`Error::OutOfRange`] for a threshold that is negative or not finite; [`Error::Invalid`]
/// where infinite values leave no finite bounds.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{OutlierRule, outliers};
///
/// let found = outliers(array![2.0, 3.0, 3.0, 4.0, 30.0].view(), OutlierRule::Iqr, 1.5)?;
/// assert_eq!(found.mask, [false, false, false, false, true]);
/// assert_eq!(found.bounds, (1.5, 5.5));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn outliers(a: ArrayView1<'_, f64>, rule: OutlierRule, threshold: f64) -> Result<Outliers> {
    let fits = threshold >= 0.0 && threshold.is_finite();
    check::in_range("outliers", "threshold", threshold, fits, "a finite number of at least 0")?;
    let present: Vec<f64> = a.iter().copied().filter(|v| !v.is_nan()).collect();
    check::at_least("outliers", "a", "values", present.len(), 2)?;
    let bounds = match rule {
        OutlierRule::Iqr => {
            let quarters = quantiles_without_missing(&present, &[0.25, 0.75], QuantileMethod::Linear, &mut Vec::new());
            let reach = threshold * (quarters[1] - quarters[0]);
            (quarters[0] - reach, quarters[1] + reach)
        }
        OutlierRule::ZScore => {
            let moments = Moments::of_slice(&present);
            let reach = threshold * moments.std(1);
            (moments.mean() - reach, moments.mean() + reach)
        }
        OutlierRule::Mad => {
            let (median, deviation) = median_absolute_deviation(&present, &mut Vec::new());
            let reach = threshold * deviation / NORMAL_MAD;
            (median - reach, median + reach)
        }
    };
    if bounds.0.is_nan() || bounds.1.is_nan() {
        let problem = "holds infinite values, by which this rule has no bounds; remove them first".into();
        return Err(Error::Invalid { function: "outliers", argument: "a", problem });
    }
    let mask = a.iter().map(|v| *v < bounds.0 || *v > bounds.1).collect();
    Ok(Outliers { mask, bounds, n: present.len(), missing: a.len() - present.len() })
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn the_three_rules_by_hand() {
        let x = array![1.0, 2.0, 3.0, 4.0, f64::NAN, 100.0];
        let found = |rule, threshold| outliers(x.view(), rule, threshold).unwrap();
        assert_eq!(found(OutlierRule::Iqr, 1.5).bounds, (-1.0, 7.0));
        let z = found(OutlierRule::ZScore, 1.0);
        let s = 1902.5_f64.sqrt();
        assert!((z.bounds.0 - (22.0 - s)).abs() < 1e-12 && (z.bounds.1 - (22.0 + s)).abs() < 1e-12);
        assert_eq!((z.mask.iter().filter(|m| **m).count(), z.n, z.missing), (1, 5, 1));
        // Five values cannot be 3 standard deviations from their mean: at most (n − 1)/√n of them.
        assert!(found(OutlierRule::ZScore, 3.0).mask.iter().all(|m| !m));
        let robust = found(OutlierRule::Mad, 3.5);
        assert!((robust.bounds.1 - (3.0 + 3.5 / NORMAL_MAD)).abs() < 1e-14);
        assert!(robust.mask[5]);
        let infinite = array![1.0, 2.0, 3.0, 4.0, f64::INFINITY];
        assert!(outliers(infinite.view(), OutlierRule::Iqr, 1.5).unwrap().mask[4]);
        assert!(outliers(infinite.view(), OutlierRule::ZScore, 3.0).is_err());
        assert!(outliers(x.view(), OutlierRule::Iqr, f64::NAN).is_err());
    }
}
