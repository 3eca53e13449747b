//! Conjugate updates: what is known of a parameter after data is again one of the distributions (H. Raiffa and R. Schlaifer 1961;
//! A. Gelman et al., 2013, Bayesian Data Analysis, §2).

use ndarray::ArrayView1;

use crate::check::{finite_vector, in_range};
use crate::distributions::{Beta, Gamma, Normal, mean};
use crate::error::Result;

/// The probability p of success after `successes` in `trials`: Beta(α, β) becomes Beta(α + k, β + n − k).
///
/// # Errors
/// If the counts are not whole, not finite or negative, or there are more successes than trials.
pub fn beta_binomial(prior: &Beta, successes: f64, trials: f64) -> Result<Beta> {
    const FUNCTION: &str = "beta_binomial";
    in_range(FUNCTION, "trials", trials, is_count(trials), "a whole number from 0 to 2^53")?;
    let fine = is_count(successes) && successes <= trials;
    in_range(FUNCTION, "successes", successes, fine, "a whole number from 0 to trials")?;
    Beta::new(prior.alpha() + successes, prior.beta() + (trials - successes))
}

/// The rate λ of a Poisson variable after observing these counts, each over one unit of exposure: Gamma(a, scale θ) becomes
/// Gamma(a + Σx, θ/(1 + nθ)).
///
/// # Errors
/// If a count is not whole, not finite or negative.
pub fn gamma_poisson(prior: &Gamma, counts: ArrayView1<'_, f64>) -> Result<Gamma> {
    for &count in counts {
        in_range("gamma_poisson", "counts", count, is_count(count), "a whole number from 0 to 2^53")?;
    }
    // Rates add: 1/θ + n. Written so that a huge scale (hardly any prior knowledge) does not overflow.
    let (n, scale) = (counts.len() as f64, prior.scale());
    let posterior = if scale > 1.0 { 1.0 / (1.0 / scale + n) } else { scale / (1.0 + n * scale) };
    Gamma::new(prior.shape() + counts.sum(), if counts.is_empty() { scale } else { posterior })
}

/// The mean μ of normal data with the known standard deviation `sigma`: precisions 1/σ² add, and the posterior mean is the average of the
/// prior's mean and the data's, weighted by them.
///
/// # Errors
/// If a value is not finite, or `sigma` not positive and finite.
pub fn normal_normal(prior: &Normal, data: ArrayView1<'_, f64>, sigma: f64) -> Result<Normal> {
    const FUNCTION: &str = "normal_normal";
    finite_vector(FUNCTION, "data", data)?;
    in_range(FUNCTION, "sigma", sigma, sigma > 0.0 && sigma.is_finite(), "positive and finite")?;
    if data.is_empty() {
        return Ok(*prior);
    }
    let n = data.len() as f64;
    // w = n(σ_prior/σ)² is the data's weight against the prior's, which is 1.
    let ratio = prior.sigma() / sigma;
    let weight = ratio * ratio * n;
    let prior_share = 1.0 / (1.0 + weight);
    let data_share = if weight.is_finite() { weight / (1.0 + weight) } else { 1.0 };
    // 1/√(1/σ_prior² + n/σ²), on the scale of the smaller of the two.
    let posterior =
        if ratio < 1.0 { prior.sigma() / (1.0 + weight).sqrt() } else { sigma / (n + ratio.recip().powi(2)).sqrt() };
    Normal::new(prior_share * prior.mu() + data_share * mean(data), posterior)
}

/// Whether this is a number of things. Beyond 2⁵³ not every whole number has a double, and nobody has counted so far.
fn is_count(value: f64) -> bool {
    (0.0..=9_007_199_254_740_992.0).contains(&value) && value.fract() == 0.0
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn posteriors_by_hand() {
        let beta = beta_binomial(&Beta::new(1.0, 1.0).unwrap(), 7.0, 10.0).unwrap();
        assert_eq!((beta.alpha(), beta.beta()), (8.0, 4.0));
        let gamma = gamma_poisson(&Gamma::new(2.0, 0.5).unwrap(), array![3.0, 1.0, 2.0].view()).unwrap();
        assert_eq!((gamma.shape(), gamma.scale()), (8.0, 0.2));
        let normal = normal_normal(&Normal::new(0.0, 1.0).unwrap(), array![2.0, 4.0, 3.0].view(), 1.0).unwrap();
        assert!((normal.mu() - 2.25).abs() < 1e-15 && (normal.sigma() - 0.5).abs() < 1e-16);
        // A prior that says nothing leaves the data's own mean and standard error, also where its variance overflows.
        let vague = normal_normal(&Normal::new(1e20, 1e300).unwrap(), array![2.0, 4.0].view(), 2.0).unwrap();
        assert_eq!(vague.mu(), 3.0);
        assert!((vague.sigma() - 2.0_f64.sqrt()).abs() < 1e-15);
        assert!(beta_binomial(&Beta::new(1.0, 1.0).unwrap(), 11.0, 10.0).is_err());
        assert!(gamma_poisson(&Gamma::new(1.0, 1.0).unwrap(), array![1.5].view()).is_err());
    }
}
