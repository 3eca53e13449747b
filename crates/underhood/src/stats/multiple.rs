//! Many tests at once: p-values corrected for their number.
//!
//! Against any false alarm: Bonferroni (C. E. Bonferroni, 1936), Z. Šidák (1967, doi:10.1080/01621459.1967.10482935), S. Holm (1979,
//! Scandinavian Journal of Statistics 6, 65–70), Y. Hochberg (1988, doi:10.1093/biomet/75.4.800).
//! Against a large share of false alarms among the alarms: Y. Benjamini & Y. Hochberg (1995, doi:10.1111/j.2517-6161.1995.tb02031.x) and Y. Benjamini &
//! D. Yekutieli (2001, doi:10.1214/aos/1013699998).

use ndarray::ArrayView1;

use crate::check;
use crate::error::{Error, Result};

/// How p-values are corrected for their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Correction {
    /// m·p.
    Bonferroni,
    /// 1 − (1 − p)ᵐ: exact for independent tests.
    Sidak,
    /// Bonferroni's, step by step: the smallest of m, the next of m − 1, … Never weaker than his, and as general.
    #[default]
    Holm,
    /// Šidák's, step by step.
    HolmSidak,
    /// Holm's factors from the largest down (Hochberg): stronger, for independent or positively dependent tests.
    SimesHochberg,
    /// Benjamini and Hochberg's: keeps the expected share of false alarms, for independent or positively dependent tests.
    BenjaminiHochberg,
    /// Benjamini and Yekutieli's: keeps that share whatever the dependence.
    BenjaminiYekutieli,
}

impl Correction {
    /// statsmodels' names.
    pub const NAMES: [&str; 7] = ["bonferroni", "sidak", "holm", "holm-sidak", "simes-hochberg", "fdr_bh", "fdr_by"];

    /// The correction of a name; `hochberg` is another for `simes-hochberg`.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`Correction::NAMES`].
    pub fn named(function: &'static str, name: &str) -> Result<Correction> {
        Ok(match name {
            "bonferroni" => Correction::Bonferroni,
            "sidak" => Correction::Sidak,
            "holm" => Correction::Holm,
            "holm-sidak" => Correction::HolmSidak,
            "simes-hochberg" | "hochberg" => Correction::SimesHochberg,
            "fdr_bh" => Correction::BenjaminiHochberg,
            "fdr_by" => Correction::BenjaminiYekutieli,
            _ => {
                let (argument, value, allowed) = ("method", name.into(), &Correction::NAMES);
                return Err(Error::UnknownName { function, argument, value, allowed });
            }
        })
    }

    /// The corrected p-value of rank r (from 1, the smallest) among m, before its neighbours are heard.
    fn factor(self, p: f64, r: f64, m: f64, harmonic: f64) -> f64 {
        match self {
            Correction::Bonferroni => m * p,
            Correction::Sidak => any_of(p, m),
            Correction::Holm | Correction::SimesHochberg => (m - r + 1.0) * p,
            Correction::HolmSidak => any_of(p, m - r + 1.0),
            Correction::BenjaminiHochberg => m / r * p,
            Correction::BenjaminiYekutieli => m / r * harmonic * p,
        }
    }
}

/// 1 − (1 − p)ᵐ.
fn any_of(p: f64, m: f64) -> f64 {
    -(m * (-p).ln_1p()).exp_m1()
}

/// Corrects p-values for their number; each stays at its place. Compared with α, a corrected value says whether its test rejects.
///
/// # Errors
/// [`Error::NotFinite`] for NaN, [`Error::OutOfRange`] for a number outside [0, 1].
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Correction, adjusted_p_values};
///
/// assert_eq!(adjusted_p_values(array![0.03, 0.01, 0.04].view(), Correction::Holm)?, vec![0.06, 0.03, 0.06]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn adjusted_p_values(p: ArrayView1<'_, f64>, correction: Correction) -> Result<Vec<f64>> {
    const NAME: &str = "multipletests";
    check::finite_vector(NAME, "pvals", p)?;
    if let Some(&value) = p.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(Error::OutOfRange { function: NAME, argument: "pvals", value, expected: "between 0 and 1".into() });
    }
    let m = p.len() as f64;
    if matches!(correction, Correction::Bonferroni | Correction::Sidak) {
        return Ok(p.iter().map(|&p| correction.factor(p, 1.0, m, 1.0).min(1.0)).collect());
    }
    // The bits of numbers that are not negative are in their order.
    let mut order: Vec<(u64, usize)> = p.iter().enumerate().map(|(i, p)| ((p + 0.0).to_bits(), i)).collect();
    order.sort_unstable();
    let harmonic: f64 = (1..=p.len()).map(|r| 1.0 / r as f64).sum();
    let mut adjusted = vec![0.0; p.len()];
    let mut corrected = |r: usize, neighbour: f64, either: fn(f64, f64) -> f64| {
        let (bits, place) = order[r];
        let own = correction.factor(f64::from_bits(bits), r as f64 + 1.0, m, harmonic);
        adjusted[place] = either(own.min(1.0), neighbour);
        adjusted[place]
    };
    match correction {
        // From the smallest up: none may be smaller than the one before it.
        Correction::Holm | Correction::HolmSidak => {
            (0..p.len()).fold(0.0, |before, r| corrected(r, before, f64::max));
        }
        // From the largest down: none may be larger than the one after it.
        _ => {
            (0..p.len()).rev().fold(1.0, |after, r| corrected(r, after, f64::min));
        }
    }
    Ok(adjusted)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;

    /// p.adjust(c(0.01, 0.02, 0.03, 0.005, 0.8), …) in R, which has no Šidák; those by hand.
    #[test]
    fn every_correction_of_five() {
        let p = array![0.01, 0.02, 0.03, 0.005, 0.8];
        let sidak = |p: f64, m: i32| 1.0 - (1.0 - p).powi(m);
        let expected = [
            ("bonferroni", [0.05, 0.1, 0.15, 0.025, 1.0]),
            ("sidak", [sidak(0.01, 5), sidak(0.02, 5), sidak(0.03, 5), sidak(0.005, 5), sidak(0.8, 5)]),
            ("holm", [0.04, 0.06, 0.06, 0.025, 0.8]),
            ("holm-sidak", [sidak(0.01, 4), sidak(0.02, 3), sidak(0.03, 2), sidak(0.005, 5), 0.8]),
            ("simes-hochberg", [0.04, 0.06, 0.06, 0.025, 0.8]),
            ("fdr_bh", [0.025, 0.1 / 3.0, 0.0375, 0.025, 0.8]),
            ("fdr_by", [0.025, 0.1 / 3.0, 0.0375, 0.025, 0.8].map(|p: f64| (p * 137.0 / 60.0).min(1.0))),
        ];
        for (name, wanted) in expected {
            let correction = Correction::named("f", name).unwrap();
            for (found, wanted) in adjusted_p_values(p.view(), correction).unwrap().into_iter().zip(wanted) {
                assert_relative_eq!(found, wanted, max_relative = 1e-14);
            }
        }
        assert!(Correction::named("f", "holmes").is_err());
    }

    #[test]
    fn the_ends_and_nothing_at_all() {
        for name in Correction::NAMES {
            let correction = Correction::named("f", name).unwrap();
            assert_eq!(adjusted_p_values(array![0.0, 1.0, 1.0].view(), correction).unwrap(), vec![0.0, 1.0, 1.0]);
            assert_eq!(adjusted_p_values(array![].view(), correction).unwrap(), Vec::<f64>::new());
            // One test needs no correction, and tiny values keep their digits.
            let one = adjusted_p_values(array![1e-300].view(), correction).unwrap()[0];
            assert_relative_eq!(one, 1e-300, max_relative = 1e-14);
            assert!(adjusted_p_values(array![0.5, f64::NAN].view(), correction).is_err());
            assert!(adjusted_p_values(array![0.5, 1.1].view(), correction).is_err());
        }
    }
}
