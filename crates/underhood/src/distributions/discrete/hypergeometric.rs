//! The hypergeometric distribution: successes among draws without replacement (Johnson, Kemp and Kotz, 2005, Univariate Discrete
//! Distributions, chapter 6).

use ndarray::{Array2, ArrayView1, array};

use super::first_mode;
use super::hypergeometric_tail::Urn;
use super::lattice::{Lattice, WHOLE, by_lattice, discrete_by_lattice, entropy, smallest};
use super::memo::Tables;
use crate::check::in_range;
use crate::distributions::family::{exactly, held, observations};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::Dd;
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::special::Scaled;
use crate::special::tail::{Side, Tail};

/// The hypergeometric distribution: successes among items that are drawn without replacement.
///
/// **Definition.** A population of N items, K of them successes; n are drawn without putting any back; X of these are successes.
///
/// **Probability.** P(k) = C(K, k) C(N − K, n − k)/C(N, n).
///
/// **Parameters.** `population` N, a whole number from 0 to 2⁵³; `successes` K and `draws` n, whole numbers from 0 to N. (SciPy calls them M, n and N
/// in this order; NumPy's ngood, nbad and nsample are K, N − K and n.) **Support.** max(0, n − (N − K)) to min(n, K).
///
/// **Example.**
/// ```
/// use underhood::distributions::{Discrete, Distribution, Hypergeometric};
///
/// # fn main() -> underhood::Result<()> {
/// // Two aces in a hand of five cards.
/// let aces = Hypergeometric::new(52.0, 4.0, 5.0)?;
/// assert!((aces.pmf(2.0) - 103_776.0 / 2_598_960.0).abs() < 1e-16);
/// assert!((aces.mean() - 5.0 / 13.0).abs() < 1e-15);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** With p = K/N: mean np, variance np(1 − p)(N − n)/(N − 1), skewness (1 − 2p)(N − 2n)/(N − 2)/√(np(1 − p)(N − n)/(N − 1)).
///
/// **Numerical limits.** Relative error below 1e-14 in probabilities and both tails down to 1e-300, for populations up to 1e15. No tail takes more than
/// a thousand terms.
///
/// **Method.** Probabilities as two binomial ones over a third, by deviances (C. Loader 2000). Tails are summed from k outwards; where that takes
/// more than a thousand terms, by Euler's and Maclaurin's formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Hypergeometric {
    urn: Urn,
    tables: Tables,
}

impl Hypergeometric {
    /// The successes among `draws` items from a `population` with so many `successes`.
    ///
    /// # Errors
    /// If one of them is not a whole number from 0 to 2⁵³, or `successes` or `draws` is larger than `population`.
    pub fn new(population: f64, successes: f64, draws: f64) -> Result<Self> {
        let whole = |x: f64| (0.0..=WHOLE).contains(&x) && x == x.floor();
        in_range("Hypergeometric", "population", population, whole(population), "a whole number from 0 to 2^53")?;
        for (argument, value) in [("successes", successes), ("draws", draws)] {
            let expected = "a whole number from 0 to population";
            in_range("Hypergeometric", argument, value, whole(value) && value <= population, expected)?;
        }
        Ok(Hypergeometric { urn: Urn::new(population, successes, draws), tables: Tables::default() })
    }

    /// How many items there are.
    pub fn population(&self) -> f64 {
        self.urn.population
    }

    /// How many of them are successes.
    pub fn successes(&self) -> f64 {
        self.urn.successes
    }

    /// How many are drawn.
    pub fn draws(&self) -> f64 {
        self.urn.draws
    }

    /// The share of successes, of failures, and (N − n)/(N − 1).
    fn shares(&self) -> (f64, f64, f64) {
        let (all, of, n) = (self.urn.population, self.urn.successes, self.urn.draws);
        (of / all, (all - of) / all, if all > 1.0 { (all - n) / (all - 1.0) } else { 0.0 })
    }
}

impl Lattice for Hypergeometric {
    fn tables(&self) -> &Tables {
        &self.tables
    }

    fn mass(&self, k: f64) -> Scaled {
        self.urn.mass(k)
    }

    fn whole(&self) -> f64 {
        self.urn.population
    }

    fn tail(&self, k: f64) -> Tail {
        let density = self.urn.mass(k);
        if k < self.mean() {
            return Tail { side: Side::Lower, value: self.urn.lower(k), density };
        }
        // P(X > k) = P(n − X < n − k), and n − X counts the failures.
        let value = self.urn.turned().lower(self.urn.draws - k - 1.0);
        Tail { side: Side::Upper, value, density }
    }
}

impl Distribution for Hypergeometric {
    by_lattice!();

    fn mean(&self) -> f64 {
        if self.urn.population == 0.0 { 0.0 } else { self.urn.draws * (self.urn.successes / self.urn.population) }
    }

    fn variance(&self) -> f64 {
        let (p, q, rest) = self.shares();
        if self.urn.population == 0.0 { 0.0 } else { self.urn.draws * p * q * rest }
    }

    fn skewness(&self) -> f64 {
        let (all, of, n) = (self.urn.population, self.urn.successes, self.urn.draws);
        if !(self.variance() > 0.0) {
            return f64::NAN;
        }
        // Two items: one of each, one drawn; symmetric.
        if all == 2.0 {
            return 0.0;
        }
        (all - 2.0 * of) / all * ((all - 2.0 * n) / (all - 2.0)) / self.std()
    }

    /// [N²(N − 1)(N(N + 1) − 6n(N − n) − 6K(N − K)) + …] with every product divided by its size as it is formed (Johnson, Kemp and Kotz, 6.19).
    fn kurtosis(&self) -> f64 {
        let (all, n) = (self.urn.population, self.urn.draws);
        let (p, q, _) = self.shares();
        // Shares of the population, of which products do not overflow.
        let (pq, drawn) = (p * q, n / all * ((all - n) / all));
        if !(self.variance() > 0.0) {
            return f64::NAN;
        }
        // Two items, or three: one trial with probability p or 1 − p, in which the general formula divides 0 by 0.
        if all < 4.0 {
            return 1.0 / self.variance() - 6.0;
        }
        let one = 1.0 / all;
        let bracket = (1.0 - one) * (1.0 + one - 6.0 * pq - 6.0 * drawn) + 6.0 * pq * drawn * (5.0 - 6.0 * one);
        bracket / (all * pq * drawn * (1.0 - 2.0 * one) * (1.0 - 3.0 * one))
    }

    fn entropy(&self) -> f64 {
        let (first, last) = self.support();
        if first == last { 0.0 } else { entropy(self) }
    }

    fn mode(&self) -> f64 {
        let (first, last) = self.support();
        let (all, of, n) = (self.urn.population, self.urn.successes, self.urn.draws);
        first_mode(Dd::product(n + 1.0, of + 1.0) / (all + 2.0)).clamp(first, last)
    }

    fn support(&self) -> (f64, f64) {
        (self.urn.first(), self.urn.draws.min(self.urn.successes))
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        let (all, of, n) = (self.urn.population, self.urn.successes, self.urn.draws);
        stream.fill_hypergeometric(all as u64, of as u64, n as u64, out);
    }
}

discrete_by_lattice!(Hypergeometric);

impl Family for Hypergeometric {
    const NAME: &'static str = "Hypergeometric";
    const PARAMETERS: &'static [&'static str] = &["population", "successes", "draws"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [population, successes, draws] = exactly::<Self, 3>(parameters)?;
        Self::new(population, successes, draws)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.urn.population, self.urn.successes, self.urn.draws]
    }

    /// The whole number of successes under which the data are most likely, for a known population and number of draws; of two equally likely ones
    /// the smaller. The standard error comes from the second difference of ln L, which stands for its second derivative.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Hypergeometric.fit";
        let (Some(population), successes, Some(draws)) = held::<Self, 3>(FUNCTION, fixed)?.into() else {
            let problem = "determines the successes only: say how many items there are and how many are drawn each time (population=…, draws=…)";
            return Err(Error::Invalid { function: FUNCTION, argument: "data", problem: problem.into() });
        };
        Self::new(population, successes.unwrap_or(0.0), draws)?;
        let inside = |x: f64| (0.0..=draws).contains(&x) && x == x.floor();
        observations(FUNCTION, data, 1, inside, "a whole number from 0 to draws")?;
        // There are at least as many successes, and at least as many failures, as one sample held.
        let (least, most) = data.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), &x| (least.min(x), most.max(x)));
        let (first, last) = (most, population - (draws - least));
        // ln L(K + 1) − ln L(K), which falls as K grows.
        let rise = |of: f64| -> f64 {
            let failures = population - of;
            data.iter().map(|&x| (x / (of + 1.0 - x)).ln_1p() + (-(draws - x) / failures).ln_1p()).sum()
        };
        let start = (population + 1.0) * (data.sum() / data.len() as f64 / draws.max(1.0));
        let best = match successes {
            Some(successes) => successes,
            None if first > last => {
                let problem =
                    "hold more successes in one sample, and more failures in another, than the population has room for";
                return Err(Error::Invalid { function: FUNCTION, argument: "data", problem: problem.into() });
            }
            None => smallest(start.floor(), first, last, |of| rise(of) <= 0.0),
        };
        let distribution = Self::new(population, best, draws)?;
        let mut variance = 0.0;
        if successes.is_none() && first < last {
            let bend = if best == first || best == last { f64::NAN } else { rise(best) - rise(best - 1.0) };
            variance = if bend < 0.0 { -1.0 / bend } else { 0.0 };
        }
        let log_likelihood = super::log_likelihood(&distribution, data);
        Ok(Fitted {
            distribution,
            covariance: Array2::from_diag(&array![0.0, variance, 0.0]),
            log_likelihood,
            observations: data.len(),
            estimated: usize::from(successes.is_none()),
            iterations: 0,
        })
    }
}
