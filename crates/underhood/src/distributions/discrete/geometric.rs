//! The geometric distribution: trials up to the first success (Johnson, Kemp and Kotz, 2005, Univariate Discrete Distributions, §5.2).

use ndarray::{Array2, ArrayView1};

use super::lattice::{Lattice, by_lattice, discrete_by_lattice};
use super::memo::Tables;
use crate::check::in_range;
use crate::distributions::family::{exactly, held, mean, observations};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::Dd;
use crate::error::Result;
use crate::random::Stream;
use crate::special::Scaled;
use crate::special::incomplete_beta::Split;
use crate::special::tail::{Side, Tail};

/// The geometric distribution: the number of trials up to and with the first success.
///
/// **Definition.** How many independent trials it takes until one succeeds, each with probability p. (The number of failures
/// before it is one less: [`NegativeBinomial`](super::NegativeBinomial) with r = 1.)
///
/// **Probability.** P(k) = p (1 − p)ᵏ⁻¹.
///
/// **Parameters.** `p` positive, at most 1. **Support.** 1, 2, 3, …; 1 alone for p = 1.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Discrete, Distribution, Geometric};
///
/// # fn main() -> underhood::Result<()> {
/// let throws = Geometric::new(1.0 / 6.0)?;
/// assert!((throws.pmf(2.0) - 5.0 / 36.0).abs() < 1e-16);
/// // Half of all sixes come with the fourth throw at the latest.
/// assert_eq!(throws.median(), 4.0);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean 1/p, variance (1 − p)/p², skewness (2 − p)/√(1 − p), excess kurtosis 6 + p²/(1 − p).
///
/// **Numerical limits.** Relative error below 1e-15, in both tails: ln(1 − p) is carried in two doubles. Moments of p < 1e-154 overflow.
///
/// **Method.** P(X > k) = (1 − p)ᵏ.
#[derive(Debug, Clone, PartialEq)]
pub struct Geometric {
    p: f64,
    /// ln(1 − p)
    log_q: Dd,
    tables: Tables,
}

impl Geometric {
    /// The distribution of the trials up to the first success with probability `p` each.
    ///
    /// # Errors
    /// If `p` is not positive and at most 1.
    pub fn new(p: f64) -> Result<Self> {
        in_range("Geometric", "p", p, p > 0.0 && p <= 1.0, "positive and at most 1")?;
        // Below 1e-20, ln(1 − p) is −p to the last digit.
        let log_q = if p < 1e-20 { Dd::from(-p) } else { Split::of(p).y.ln() };
        Ok(Geometric { p, log_q, tables: Tables::default() })
    }

    /// The probability of success.
    pub fn p(&self) -> f64 {
        self.p
    }
}

impl Lattice for Geometric {
    fn tables(&self) -> &Tables {
        &self.tables
    }

    fn mass(&self, k: f64) -> Scaled {
        if k == 1.0 {
            return Scaled { factor: self.p, exponent: Dd::ZERO };
        }
        Scaled { factor: self.p, exponent: times(self.log_q, k - 1.0) }
    }

    fn tail(&self, k: f64) -> Tail {
        let density = self.mass(k);
        let exponent = times(self.log_q, k);
        if exponent.high > -0.7 {
            let lower = -exponent.high.exp_m1() - exponent.low;
            return Tail { side: Side::Lower, value: Scaled { factor: lower, exponent: Dd::ZERO }, density };
        }
        Tail { side: Side::Upper, value: Scaled { factor: 1.0, exponent }, density }
    }

    fn start(&self, p: f64, side: Side) -> f64 {
        let log_upper = if side == Side::Upper { p.ln() } else { (-p).ln_1p() };
        log_upper / self.log_q.high
    }
}

/// The product, also where an exact one would overflow on its way.
fn times(log: Dd, k: f64) -> Dd {
    if k < 1e280 { log * k } else { Dd::from((log.high * k).max(f64::MIN)) }
}

impl Distribution for Geometric {
    by_lattice!();

    fn mean(&self) -> f64 {
        1.0 / self.p
    }

    fn variance(&self) -> f64 {
        (1.0 - self.p) / self.p / self.p
    }

    fn std(&self) -> f64 {
        (1.0 - self.p).sqrt() / self.p
    }

    fn skewness(&self) -> f64 {
        if self.p < 1.0 { (2.0 - self.p) / (1.0 - self.p).sqrt() } else { f64::NAN }
    }

    fn kurtosis(&self) -> f64 {
        if self.p < 1.0 { 6.0 + self.p * self.p / (1.0 - self.p) } else { f64::NAN }
    }

    fn entropy(&self) -> f64 {
        if self.p == 1.0 {
            return 0.0;
        }
        // −ln p − (1 − p)/p·ln(1 − p): both terms are positive.
        -self.p.ln() - (1.0 - self.p) / self.p * self.log_q.high
    }

    fn mode(&self) -> f64 {
        1.0
    }

    fn support(&self) -> (f64, f64) {
        (1.0, if self.p < 1.0 { f64::INFINITY } else { 1.0 })
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_geometric(self.p, out);
    }
}

discrete_by_lattice!(Geometric);

impl Family for Geometric {
    const NAME: &'static str = "Geometric";
    const PARAMETERS: &'static [&'static str] = &["p"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [p] = exactly::<Self, 1>(parameters)?;
        Self::new(p)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.p]
    }

    /// p̂ is one over the mean; its standard error p̂√((1 − p̂)/n).
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Geometric.fit";
        let [held] = held::<Self, 1>(FUNCTION, fixed)?;
        observations(
            FUNCTION,
            data,
            1,
            |x| x >= 1.0 && x == x.floor(),
            "a whole number, 1 or more (trials up to the success)",
        )?;
        let distribution = Self::new(held.unwrap_or((1.0 / mean(data)).min(1.0)))?;
        let p = distribution.p;
        let variance = if held.is_some() { 0.0 } else { p * p * (1.0 - p) / data.len() as f64 };
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
