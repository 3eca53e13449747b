//! The binomial distribution: successes in n trials (Johnson, Kemp and Kotz, 2005, Univariate Discrete Distributions, chapter 3).

use ndarray::{Array2, ArrayView1, array};

use super::lattice::{Lattice, WHOLE, binomial_mass, by_lattice, discrete_by_lattice, entropy};
use super::memo::Tables;
use super::{first_mode, sum_of};
use crate::check::in_range;
use crate::distributions::family::{exactly, held, mean, observations};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::Dd;
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::special::incomplete_beta::{Split, tail};
use crate::special::tail::Tail;
use crate::special::{Scaled, entr};

/// The binomial distribution: the number of successes in n independent trials.
///
/// **Definition.** The sum of n independent [`Bernoulli`](super::Bernoulli) variables that succeed with probability p.
///
/// **Probability.** P(k) = C(n, k) pᵏ (1 − p)ⁿ⁻ᵏ.
///
/// **Parameters.** `n` a whole number from 0 to 2⁵³; `p` between 0 and 1. **Support.** 0, 1, …, n.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Binomial, Discrete, Distribution};
///
/// # fn main() -> underhood::Result<()> {
/// let heads = Binomial::new(10.0, 0.5)?;
/// assert!((heads.pmf(5.0) - 252.0 / 1024.0).abs() < 1e-16);
/// assert!((heads.sf(8.0) - 11.0 / 1024.0).abs() < 1e-17);
/// assert_eq!(heads.ppf(0.5), 5.0);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean np, variance np(1 − p), skewness (1 − 2p)/σ, excess kurtosis (1 − 6p(1 − p))/σ².
///
/// **Numerical limits.** Relative error below 1e-14 in probabilities and both tails down to 1e-300, also for n = 1e15. p is taken
/// exactly, and 1 − p is not rounded.
///
/// **Method.** P(X > k) = I(k + 1, n − k; p) ([`betainc`](crate::special::betainc)), probabilities by deviances (C. Loader 2000), quantiles
/// by a bracketed search.
#[derive(Debug, Clone, PartialEq)]
pub struct Binomial {
    n: f64,
    p: f64,
    tables: Tables,
}

impl Binomial {
    /// The distribution of the successes in `n` trials with probability `p` each.
    ///
    /// # Errors
    /// If `n` is not a whole number from 0 to 2⁵³, or `p` not between 0 and 1.
    pub fn new(n: f64, p: f64) -> Result<Self> {
        let whole = (0.0..=WHOLE).contains(&n) && n == n.floor();
        in_range("Binomial", "n", n, whole, "a whole number from 0 to 2^53")?;
        in_range("Binomial", "p", p, (0.0..=1.0).contains(&p), "between 0 and 1")?;
        Ok(Binomial { n, p, tables: Tables::default() })
    }

    /// The number of trials.
    pub fn n(&self) -> f64 {
        self.n
    }

    /// The probability of success.
    pub fn p(&self) -> f64 {
        self.p
    }
}

impl Lattice for Binomial {
    fn tables(&self) -> &Tables {
        &self.tables
    }

    fn mass(&self, k: f64) -> Scaled {
        if self.p == 0.0 || self.p == 1.0 {
            return Scaled { factor: 1.0, exponent: Dd::ZERO };
        }
        binomial_mass(k, self.n, Split::of(self.p))
    }

    fn whole(&self) -> f64 {
        self.n
    }

    fn tail(&self, k: f64) -> Tail {
        let split = Split::of(self.p);
        let failures = self.n - k;
        let tail = tail(k + 1.0, failures, split);
        Tail { side: tail.side.other(), density: tail.density.over(self.p).times(1.0 / failures), ..tail }
    }
}

impl Distribution for Binomial {
    by_lattice!();

    fn mean(&self) -> f64 {
        self.n * self.p
    }

    fn variance(&self) -> f64 {
        self.n * self.p * (1.0 - self.p)
    }

    fn skewness(&self) -> f64 {
        let sd = self.std();
        if sd > 0.0 { (1.0 - 2.0 * self.p) / sd } else { f64::NAN }
    }

    fn kurtosis(&self) -> f64 {
        let variance = self.variance();
        if variance > 0.0 { (1.0 - 6.0 * self.p * (1.0 - self.p)) / variance } else { f64::NAN }
    }

    fn entropy(&self) -> f64 {
        if self.n * self.p * (1.0 - self.p) == 0.0 {
            return if self.n == 0.0 { 0.0 } else { entr(self.p) };
        }
        entropy(self)
    }

    fn mode(&self) -> f64 {
        first_mode(Dd::product(self.n + 1.0, self.p)).min(self.n)
    }

    fn support(&self) -> (f64, f64) {
        (if self.p == 1.0 { self.n } else { 0.0 }, if self.p > 0.0 { self.n } else { 0.0 })
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_binomial(self.n as u64, self.p, out);
    }
}

discrete_by_lattice!(Binomial);

impl Family for Binomial {
    const NAME: &'static str = "Binomial";
    const PARAMETERS: &'static [&'static str] = &["n", "p"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [n, p] = exactly::<Self, 2>(parameters)?;
        Self::new(n, p)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.n, self.p]
    }

    /// A Binomial again if both have one p.
    fn sum(&self, other: &Self) -> Result<Self> {
        sum_of("Binomial", ("p", self.p, other.p))?;
        Self::new(self.n + other.n, self.p)
    }

    /// p̂ is the share of successes in all trials; its standard error √(p̂(1 − p̂)/(nN)) for N observations. `n` has to be fixed: the likelihood
    /// hardly depends on it.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Binomial.fit";
        let [n, p] = held::<Self, 2>(FUNCTION, fixed)?;
        let Some(n) = n else {
            let problem = "does not determine n: many values of n and p make it nearly as likely; say how many trials there were (n=…)";
            return Err(Error::Invalid { function: FUNCTION, argument: "data", problem: problem.into() });
        };
        Self::new(n, 0.5)?;
        let inside = |x: f64| (0.0..=n).contains(&x) && x == x.floor();
        observations(FUNCTION, data, 1, inside, "a whole number from 0 to n")?;
        // No trials say nothing about p.
        let share = if n > 0.0 { mean(data) / n } else { 0.5 };
        let distribution = Self::new(n, p.unwrap_or(share.min(1.0)))?;
        let trials = n * data.len() as f64;
        let variance = if p.is_some() { 0.0 } else { distribution.p * (1.0 - distribution.p) / trials };
        let log_likelihood = super::log_likelihood(&distribution, data);
        Ok(Fitted {
            distribution,
            covariance: Array2::from_diag(&array![0.0, variance]),
            log_likelihood,
            observations: data.len(),
            estimated: usize::from(p.is_none()),
            iterations: 0,
        })
    }
}
