//! Bayes' rule and the rule of total probability over a list of hypotheses (T. Bayes 1763, doi:10.1098/rstl.1763.0053).

use ndarray::{Array1, ArrayView1};

use super::probabilities;
use crate::check::{in_range, same_length};
use crate::error::{Error, Result};

/// What data made of the probabilities of hypotheses.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// P(H and data): prior times likelihood.
    pub joint: Array1<f64>,
    /// P(data): the sum of those.
    pub evidence: f64,
    /// P(H | data): each divided by that sum.
    pub posterior: Array1<f64>,
}

/// Bayes' rule: P(Hᵢ | data) = P(data | Hᵢ)·P(Hᵢ) / Σⱼ P(data | Hⱼ)·P(Hⱼ).
///
/// `prior` holds the P(Hᵢ), which sum to 1; `likelihood` the P(data | Hᵢ), or densities: not negative, not bounded by 1.
///
/// # Errors
/// If the lengths differ, the prior is no list of probabilities, a likelihood is negative or not finite, or the data are impossible
/// under every hypothesis.
pub fn bayes(prior: ArrayView1<'_, f64>, likelihood: ArrayView1<'_, f64>) -> Result<Update> {
    const FUNCTION: &str = "bayes";
    same_length(FUNCTION, ("likelihood", likelihood.len()), ("prior", prior.shape()))?;
    let total = probabilities(FUNCTION, "prior", prior.into_dyn())?;
    for &value in likelihood {
        in_range(FUNCTION, "likelihood", value, (0.0..f64::INFINITY).contains(&value), "finite and not negative")?;
    }
    // On the scale of the largest, so that likelihoods of long samples (1e-300) do not vanish in the products.
    let largest = likelihood.fold(0.0_f64, |most, &value| most.max(value));
    let scaled: Array1<f64> = prior.iter().zip(likelihood).map(|(p, l)| p / total * (l / largest)).collect();
    let sum = scaled.sum();
    if !(sum > 0.0) {
        let problem = "is 0 for every hypothesis that has a prior probability: these data cannot happen".into();
        return Err(Error::Invalid { function: FUNCTION, argument: "likelihood", problem });
    }
    Ok(Update { joint: &scaled * largest, evidence: sum * largest, posterior: scaled / sum })
}

/// The rule of total probability: P(A) = Σᵢ P(A | Hᵢ)·P(Hᵢ).
///
/// # Errors
/// If the lengths differ, or one of the two holds no probabilities (`prior` must sum to 1).
pub fn total_probability(prior: ArrayView1<'_, f64>, conditional: ArrayView1<'_, f64>) -> Result<f64> {
    const FUNCTION: &str = "total_probability";
    same_length(FUNCTION, ("conditional", conditional.len()), ("prior", prior.shape()))?;
    let total = probabilities(FUNCTION, "prior", prior.into_dyn())?;
    for &p in conditional {
        in_range(FUNCTION, "conditional", p, (0.0..=1.0).contains(&p), "a probability (0 to 1)")?;
    }
    Ok((prior.dot(&conditional) / total).min(1.0))
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn three_machines() {
        // Machines make 20, 30 and 50 %, and 5, 3 and 1 % of theirs is broken: P(broken) = 0.024 by hand.
        let (prior, broken) = (array![0.2, 0.3, 0.5], array![0.05, 0.03, 0.01]);
        let update = bayes(prior.view(), broken.view()).unwrap();
        assert!((update.evidence - 0.024).abs() < 1e-16);
        for (found, expected) in update.posterior.iter().zip([10.0 / 24.0, 9.0 / 24.0, 5.0 / 24.0]) {
            assert!((found - expected).abs() < 1e-15);
        }
        assert!((total_probability(prior.view(), broken.view()).unwrap() - 0.024).abs() < 1e-16);
    }

    #[test]
    fn tiny_likelihoods_keep_their_proportions() {
        let update = bayes(array![0.5, 0.5].view(), array![3e-320, 1e-320].view()).unwrap();
        assert!((update.posterior[0] - 0.75).abs() < 1e-3);
    }

    #[test]
    fn what_is_refused() {
        let half = array![0.5, 0.5];
        let refusal = |prior: &Array1<f64>, likelihood: Array1<f64>| {
            bayes(prior.view(), likelihood.view()).unwrap_err().to_string()
        };
        assert!(refusal(&half, array![1.0]).starts_with("bayes: likelihood is a vector of 1, but prior"));
        assert!(refusal(&array![0.5, 0.6], array![1.0, 1.0]).starts_with("bayes: prior sums to 1.1, but"));
        assert!(refusal(&array![-0.5, 1.5], array![1.0, 1.0]).starts_with("bayes: prior is -0.5, but"));
        assert!(refusal(&half, array![0.0, 0.0]).starts_with("bayes: likelihood is 0 for every hypothesis"));
        assert!(refusal(&half, array![f64::NAN, 0.0]).starts_with("bayes: likelihood is NaN, but"));
    }
}
