//! The Poisson distribution: how often a rare thing happens (Johnson, Kemp and Kotz, 2005, Univariate Discrete Distributions, chapter 4).

use ndarray::{Array2, ArrayView1};

use super::lattice::{Lattice, WHOLE, by_lattice, discrete_by_lattice, entropy, widened};
use super::memo::Tables;
use crate::check::in_range;
use crate::distributions::family::{exactly, held, mean, observations};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::Dd;
use crate::error::Result;
use crate::random::Stream;
use crate::special::tail::{Side, Tail};
use crate::special::{Scaled, incomplete_gamma};

/// The Poisson distribution with mean λ: how often something happens that happens at a constant rate.
///
/// **Definition.** The limit of a binomial distribution with many trials of small probability and np = λ.
///
/// **Probability.** P(k) = λᵏ e^{−λ}/k!.
///
/// **Parameters.** `rate` λ from 0 to 1e20: the mean. **Support.** 0, 1, 2, …; 0 alone for λ = 0.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Discrete, Distribution, Poisson};
///
/// # fn main() -> underhood::Result<()> {
/// let calls = Poisson::new(2.0)?;
/// assert!((calls.pmf(0.0) - (-2.0_f64).exp()).abs() < 1e-16);
/// // At most 5 calls in 95 of 100 hours.
/// assert_eq!(calls.ppf(0.95), 5.0);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean λ, variance λ, skewness 1/√λ, excess kurtosis 1/λ.
///
/// **Numerical limits.** Relative error below 1e-14 in probabilities and both tails down to 1e-300, for λ up to 1e15; beyond 2⁵³ only
/// those k are asked for that are doubles.
///
/// **Method.** P(X ≤ k) = Q(k + 1, λ) ([`gammaincc`](crate::special::gammaincc)), probabilities by deviances (C. Loader 2000), quantiles
/// by a bracketed search.
#[derive(Debug, Clone, PartialEq)]
pub struct Poisson {
    rate: f64,
    tables: Tables,
}

impl Poisson {
    /// The distribution with this mean.
    ///
    /// # Errors
    /// If `rate` is not between 0 and 1e20.
    pub fn new(rate: f64) -> Result<Self> {
        in_range("Poisson", "rate", rate, (0.0..=1e20).contains(&rate), "between 0 and 1e20")?;
        Ok(Poisson { rate, tables: Tables::default() })
    }

    /// The mean λ.
    pub fn rate(&self) -> f64 {
        self.rate
    }
}

/// From here on probabilities are 0, and their logarithms Stirling's formula without its last terms.
const FAR: f64 = 1e30;

impl Lattice for Poisson {
    fn tables(&self) -> &Tables {
        &self.tables
    }

    fn mass(&self, k: f64) -> Scaled {
        if k == 0.0 || self.rate == 0.0 {
            return Scaled { factor: 1.0, exponent: Dd::from(-self.rate) };
        }
        if k > FAR {
            return Scaled { factor: 1.0, exponent: Dd::from((k * (self.rate.ln() - k.ln() + 1.0)).max(f64::MIN)) };
        }
        incomplete_gamma::density(k, self.rate).times(1.0 / k)
    }

    fn tail(&self, k: f64) -> Tail {
        if k < WHOLE {
            let tail = incomplete_gamma::tail(k + 1.0, self.rate);
            return Tail { side: tail.side.other(), density: tail.density.times(1.0 / self.rate), ..tail };
        }
        if k > FAR {
            let mass = self.mass(k);
            return Tail { side: Side::Upper, value: mass, density: mass };
        }
        // k + 1 is not a double: P(X < k), and P(X = k) beside it.
        let (tail, mass) = (incomplete_gamma::tail(k, self.rate), self.mass(k));
        let below = Tail { side: tail.side.other(), density: mass, ..tail };
        widened(below, mass, Side::Lower)
    }
}

impl Distribution for Poisson {
    by_lattice!();

    fn mean(&self) -> f64 {
        self.rate
    }

    fn variance(&self) -> f64 {
        self.rate
    }

    fn skewness(&self) -> f64 {
        if self.rate > 0.0 { 1.0 / self.rate.sqrt() } else { f64::NAN }
    }

    fn kurtosis(&self) -> f64 {
        if self.rate > 0.0 { 1.0 / self.rate } else { f64::NAN }
    }

    /// A sum, or from λ = 3000 on ½ ln 2πeλ − 1/(12λ) − 1/(24λ²) − 19/(360λ³), whose next term is of the order of λ⁻⁴.
    fn entropy(&self) -> f64 {
        if self.rate == 0.0 {
            return 0.0;
        }
        if self.rate < 3000.0 {
            return entropy(self);
        }
        let w = 1.0 / self.rate;
        0.5 * (self.rate.ln() + 1.0 + std::f64::consts::TAU.ln())
            - w * (1.0 / 12.0 + w * (1.0 / 24.0 + w * 19.0 / 360.0))
    }

    fn mode(&self) -> f64 {
        (self.rate.ceil() - 1.0).max(0.0)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, if self.rate > 0.0 { f64::INFINITY } else { 0.0 })
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_poisson(self.rate, out);
    }
}

discrete_by_lattice!(Poisson);

impl Family for Poisson {
    const NAME: &'static str = "Poisson";
    const PARAMETERS: &'static [&'static str] = &["rate"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [rate] = exactly::<Self, 1>(parameters)?;
        Self::new(rate)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.rate]
    }

    fn sum(&self, other: &Self) -> Result<Self> {
        Self::new(self.rate + other.rate)
    }

    /// λ̂ is the mean of the data; its standard error √(λ̂/n).
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Poisson.fit";
        let [held] = held::<Self, 1>(FUNCTION, fixed)?;
        observations(FUNCTION, data, 1, |x| x >= 0.0 && x == x.floor(), "a whole number, 0 or more")?;
        let distribution = Self::new(held.unwrap_or(mean(data)))?;
        let variance = if held.is_some() { 0.0 } else { distribution.rate / data.len() as f64 };
        let log_likelihood = super::log_likelihood(&distribution, data);
        Ok(Fitted {
            distribution,
            covariance: Array2::from_elem((1, 1), variance),
            log_likelihood,
            observations: data.len(),
            estimated: usize::from(held.is_none()),
            iterations: 0,
        })
    }
}
