//! Intervals for a share: k successes in n trials.
//!
//! E. B. Wilson (1927, doi:10.1080/01621459.1927.10502953); C. J. Clopper and E. S. Pearson (1934, doi:10.1093/biomet/26.4.404); A. Agresti
//! and B. A. Coull (1998, doi:10.1080/00031305.1998.10480550); R. G. Newcombe (1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E);
//! compared by L. D. Brown, T. T. Cai and A. DasGupta (2001, doi:10.1214/ss/1009213286).

use super::check_share;
use crate::error::{Error, Result};
use crate::special::{betainccinv, betaincinv, ndtri};
use crate::stats::test::{Alternative, check_level};

/// How an interval for a share is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProportionInterval {
    /// The shares from which p̂ is not too many of *their* standard errors away: a good choice.
    #[default]
    Wilson,
    /// The same with a correction for continuity.
    WilsonCorrected,
    /// The shares under which neither so few nor so many successes are too improbable: never covers too little, often too much.
    ClopperPearson,
    /// Wald's about a share moved towards one half, with z² trials more.
    AgrestiCoull,
    /// p̂ ± z·√(p̂(1 − p̂)/n), cut at 0 and 1: the textbook's, which covers too little.
    Wald,
    /// The quantiles of the posterior with Jeffreys' prior, Beta(k + ½, n − k + ½).
    Jeffreys,
}

impl ProportionInterval {
    /// The names, and SciPy's two.
    pub const NAMES: [&str; 7] =
        ["wilson", "wilsoncc", "clopper-pearson", "exact", "agresti-coull", "wald", "jeffreys"];

    /// The method of a name, for the function that asks.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`ProportionInterval::NAMES`].
    pub fn named(function: &'static str, name: &str) -> Result<ProportionInterval> {
        Ok(match name {
            "wilson" => ProportionInterval::Wilson,
            "wilsoncc" => ProportionInterval::WilsonCorrected,
            "clopper-pearson" | "exact" => ProportionInterval::ClopperPearson,
            "agresti-coull" => ProportionInterval::AgrestiCoull,
            "wald" => ProportionInterval::Wald,
            "jeffreys" => ProportionInterval::Jeffreys,
            _ => {
                return Err(Error::UnknownName {
                    function,
                    argument: "method",
                    value: name.into(),
                    allowed: &ProportionInterval::NAMES,
                });
            }
        })
    }

    /// The bounds that leave out `tail` on either side.
    pub(super) fn bounds(self, k: f64, n: f64, tail: f64) -> (f64, f64) {
        let (p, failures) = (k / n, n - k);
        let q = failures / n;
        let z = -ndtri(tail);
        match self {
            ProportionInterval::Wilson => {
                let (centre, widened) = ((k + z * z / 2.0) / (n + z * z), n + z * z);
                let reach = z * (k * q + z * z / 4.0).sqrt() / widened;
                (if k == 0.0 { 0.0 } else { centre - reach }, if failures == 0.0 { 1.0 } else { centre + reach })
            }
            ProportionInterval::WilsonCorrected => {
                let (centre, widened) = ((2.0 * k + z * z) / (2.0 * (n + z * z)), 2.0 * (n + z * z));
                let reach = |sign: f64| {
                    (1.0 + z * (z * z - sign * 2.0 - 1.0 / n + 4.0 * p * (failures + sign)).max(0.0).sqrt()) / widened
                };
                let low = if k == 0.0 { 0.0 } else { centre - reach(1.0) };
                (low.max(0.0), if failures == 0.0 { 1.0 } else { (centre + reach(-1.0)).min(1.0) })
            }
            ProportionInterval::ClopperPearson => {
                let low = if k == 0.0 { 0.0 } else { betaincinv(k, failures + 1.0, tail) };
                (low, if failures == 0.0 { 1.0 } else { betainccinv(k + 1.0, failures, tail) })
            }
            ProportionInterval::AgrestiCoull => {
                let trials = n + z * z;
                let share = (k + z * z / 2.0) / trials;
                let reach = z * (share * (1.0 - share) / trials).sqrt();
                ((share - reach).max(0.0), (share + reach).min(1.0))
            }
            ProportionInterval::Wald => {
                let reach = z * (p * q / n).sqrt();
                ((p - reach).max(0.0), (p + reach).min(1.0))
            }
            ProportionInterval::Jeffreys => {
                (betaincinv(k + 0.5, failures + 0.5, tail), betainccinv(k + 0.5, failures + 0.5, tail))
            }
        }
    }

    /// The interval, with the end at 0 or 1 that a one-sided alternative leaves open.
    pub(super) fn interval(self, k: f64, n: f64, alternative: Alternative, level: f64) -> (f64, f64) {
        match alternative {
            Alternative::TwoSided => self.bounds(k, n, (1.0 - level) / 2.0),
            Alternative::Less => (0.0, self.bounds(k, n, 1.0 - level).1),
            Alternative::Greater => (self.bounds(k, n, 1.0 - level).0, 1.0),
        }
    }
}

/// A confidence interval for the probability of success, of `count` successes in `nobs` trials.
///
/// # Errors
/// If `count` or `nobs` is no whole number, there are no trials or more successes than trials, or the level is not between 0 and 1.
///
/// ```
/// use underhood::stats::{ProportionInterval, proportion_confint};
///
/// let (low, high) = proportion_confint(15.0, 50.0, 0.95, ProportionInterval::Wilson)?;
/// assert!((low - 0.191036).abs() < 1e-6 && (high - 0.437504).abs() < 1e-6);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn proportion_confint(count: f64, nobs: f64, level: f64, method: ProportionInterval) -> Result<(f64, f64)> {
    const NAME: &str = "proportion_confint";
    check_share(NAME, ("count", count), ("nobs", nobs))?;
    check_level(NAME, level)?;
    Ok(method.interval(count, nobs, Alternative::TwoSided, level))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    #[test]
    fn intervals_are_newcombes_examples() {
        // Newcombe (1998), table I: 81 of 263.
        for (method, low, high) in [
            (ProportionInterval::Wald, 0.2522, 0.3638),
            (ProportionInterval::Wilson, 0.2553, 0.3662),
            (ProportionInterval::WilsonCorrected, 0.2535, 0.3682),
            (ProportionInterval::ClopperPearson, 0.2527, 0.3676),
        ] {
            let found = proportion_confint(81.0, 263.0, 0.95, method).unwrap();
            assert!((found.0 - low).abs() < 5.1e-5 && (found.1 - high).abs() < 5.1e-5, "{method:?} {found:?}");
        }
    }

    #[test]
    fn no_success_and_no_failure_mirror_each_other() {
        for name in ProportionInterval::NAMES {
            let method = ProportionInterval::named("f", name).unwrap();
            let none = proportion_confint(0.0, 20.0, 0.95, method).unwrap();
            let all = proportion_confint(20.0, 20.0, 0.95, method).unwrap();
            assert_relative_eq!(none.0, 1.0 - all.1, epsilon = 1e-15);
            assert_relative_eq!(none.1, 1.0 - all.0, max_relative = 1e-13);
        }
        // Wilson's for 0 of 20 ends at z²/(n + z²), the exact one at 1 − (α/2)^(1/n).
        let z = ndtri(0.975);
        let wilson = proportion_confint(0.0, 20.0, 0.95, ProportionInterval::Wilson).unwrap();
        assert_relative_eq!(wilson.1, z * z / (20.0 + z * z), max_relative = 1e-14);
        let exact = proportion_confint(0.0, 20.0, 0.95, ProportionInterval::ClopperPearson).unwrap();
        assert_relative_eq!(exact.1, 1.0 - 0.025_f64.powf(0.05), max_relative = 1e-13);
    }

    #[test]
    fn what_is_no_share_is_named() {
        let method = ProportionInterval::Wilson;
        let message = |k, n, level| proportion_confint(k, n, level, method).unwrap_err().to_string();
        assert!(message(3.0, 2.0, 0.95).contains("count is 3, but nobs is 2"));
        assert!(message(0.5, 2.0, 0.95).contains("count is 0.5, but must be a whole number"));
        assert!(message(0.0, 0.0, 0.95).contains("nobs is 0, but must be at least 1"));
        assert!(message(1.0, 2.0, 1.0).contains("confidence_level is 1"));
        assert!(ProportionInterval::named("f", "best").is_err());
    }
}
