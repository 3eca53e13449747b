//! Distributions of whole numbers, one file a family.

mod bernoulli;
mod binomial;
mod categorical;
mod discrete_uniform;
mod geometric;
mod hypergeometric;
mod hypergeometric_tail;
mod lattice;
mod memo;
mod negative_binomial;
mod poisson;
pub(crate) mod quadrature;

pub use bernoulli::Bernoulli;
pub use binomial::Binomial;
pub use categorical::Categorical;
pub use discrete_uniform::DiscreteUniform;
pub use geometric::Geometric;
pub use hypergeometric::Hypergeometric;
pub use negative_binomial::NegativeBinomial;
pub use poisson::Poisson;

use ndarray::ArrayView1;

use super::Distribution;
use crate::double_double::Dd;
use crate::error::{Error, Result};

/// So many probabilities are summed one by one.
const FEW: f64 = 64.0;

/// So many are if their sum is less than an eighth of the tails from whose difference it would follow, and lose its digits; and so many if there
/// is no other way.
const MANY: f64 = 512.0;
const ALL: f64 = 4096.0;

/// A distribution of whole numbers.
///
/// A number that is not whole has probability 0; the distribution functions are steps.
pub trait Discrete: Distribution {
    /// The probability P(X = k); 0 outside the support and for k that is not whole.
    fn pmf(&self, k: f64) -> f64;

    /// ln P(X = k), also where the probability underflows; −∞ where it is 0.
    fn logpmf(&self, k: f64) -> f64;

    /// Whether the values are whole numbers, as they are but for an empirical distribution.
    fn is_whole(&self) -> bool {
        true
    }

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
        prob(self, a, b, |_, _| None)
    }
}

/// P(a ≤ X ≤ b); `smooth` sums many probabilities of which the tails' difference would lose digits.
fn prob(d: &(impl Discrete + ?Sized), a: f64, b: f64, smooth: impl Fn(f64, f64) -> Option<f64>) -> f64 {
    if a.is_nan() || b.is_nan() {
        return f64::NAN;
    }
    let (first, last) = d.support();
    let (a, b) = (a.ceil().max(first), b.floor().min(last));
    if !(a <= b) {
        return 0.0;
    }
    // Beyond 2⁵³ neighbours are no longer told apart.
    let one_by_one = |most: f64| {
        let sum = || (0..=(b - a) as u32).map(|step| d.pmf(a + f64::from(step))).sum::<f64>().min(1.0);
        (b - a < most && a + 1.0 > a && b + 1.0 > b).then(sum)
    };
    if let Some(sum) = one_by_one(FEW) {
        return sum;
    }
    let (sf, cdf) = (d.sf(a - 1.0), d.cdf(b));
    let (outer, inner) = if sf < cdf { (sf, d.sf(b)) } else { (cdf, d.cdf(a - 1.0)) };
    let difference = (outer - inner).max(0.0);
    if difference < 0.125 * outer {
        return one_by_one(MANY).or_else(|| smooth(a, b)).or_else(|| one_by_one(ALL)).unwrap_or(difference);
    }
    difference
}

/// The smallest mode of probabilities that rise from k − 1 to k while k is below `turn`, and stay where k is equal to it.
fn first_mode(turn: Dd) -> f64 {
    let ceiling = turn.high.ceil();
    let ceiling = if ceiling == turn.high && turn.low > 0.0 { ceiling + 1.0 } else { ceiling };
    (ceiling - 1.0).max(0.0)
}

/// Σ ln P(xᵢ), for the fits.
fn log_likelihood(distribution: &impl Discrete, data: ArrayView1<'_, f64>) -> f64 {
    let mut logs = data.to_vec();
    distribution.logpmf_in_place(&mut logs);
    logs.iter().sum()
}

/// Refuses to add two variables whose parameters differ where they must not.
fn sum_of(family: &'static str, (parameter, one, other): (&'static str, f64, f64)) -> Result<()> {
    if one == other {
        return Ok(());
    }
    let problem = format!(
        "has {parameter} = {one} and the other {parameter} = {other}: their sum is a {family} only if {parameter} is the same"
    );
    Err(Error::Invalid { function: "sum", argument: "X", problem })
}

/// Refuses a distribution whose values are not whole numbers, and says what to do instead.
pub(super) fn whole(
    function: &'static str,
    argument: &'static str,
    distribution: &dyn Discrete,
    instead: &str,
) -> Result<()> {
    if distribution.is_whole() {
        return Ok(());
    }
    let problem = format!("has values that are not whole numbers; {instead}");
    Err(Error::Invalid { function, argument, problem })
}
