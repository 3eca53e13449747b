//! Distributions of whole numbers, one file a family.

mod bernoulli;

pub use bernoulli::Bernoulli;

use super::Distribution;

/// So many probabilities are summed one by one.
const FEW: f64 = 64.0;

/// A distribution of whole numbers.
///
/// A number that is not whole has probability 0; the distribution functions are steps.
pub trait Discrete: Distribution {
    /// The probability P(X = k); 0 outside the support and for k that is not whole.
    fn pmf(&self, k: f64) -> f64;

    /// ln P(X = k), also where the probability underflows; −∞ where it is 0.
    fn logpmf(&self, k: f64) -> f64;

    /// Replaces every k by its probability.
    fn pmf_in_place(&self, k: &mut [f64]) {
        k.iter_mut().for_each(|k| *k = self.pmf(*k));
    }

    /// Replaces every k by the logarithm of its probability.
    fn logpmf_in_place(&self, k: &mut [f64]) {
        k.iter_mut().for_each(|k| *k = self.logpmf(*k));
    }

    /// P(a ≤ X ≤ b), both ends included: as a sum of probabilities if they are few, else from the tails. 0 if b < a.
    fn prob(&self, a: f64, b: f64) -> f64 {
        if a.is_nan() || b.is_nan() {
            return f64::NAN;
        }
        let (first, last) = self.support();
        let (a, b) = (a.ceil().max(first), b.floor().min(last));
        if !(a <= b) {
            return 0.0;
        }
        if b - a < FEW && a + 1.0 > a {
            // Beyond 2⁵³ neighbours are no longer told apart, and the tails below say what can be said.
            return (0..=(b - a) as u32).map(|step| self.pmf(a + f64::from(step))).sum::<f64>().min(1.0);
        }
        let (below, beyond) = (self.cdf(a - 1.0), self.sf(b));
        let (sf, cdf) = (self.sf(a - 1.0), self.cdf(b));
        (if sf < cdf { sf - beyond } else { cdf - below }).max(0.0)
    }
}
