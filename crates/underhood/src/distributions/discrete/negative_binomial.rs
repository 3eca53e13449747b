//! The negative binomial distribution: failures before the r-th success, and counts that vary more than Poisson's (Johnson, Kemp and Kotz,
//! 2005, Univariate Discrete Distributions, chapter 5).

use ndarray::{ArrayView1, array};

use super::lattice::{Lattice, WHOLE, by_lattice, discrete_by_lattice, entropy, widened};
use super::memo::Tables;
use super::quadrature::integral;
use super::{first_mode, sum_of};
use crate::check::in_range;
use crate::distributions::family::{exactly, held, mean, observations};
use crate::distributions::likelihood::{Domain, Likelihood, maximize};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::Dd;
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::special::incomplete_beta::{Split, density, tail};
use crate::special::tail::{Side, Tail};
use crate::special::{Scaled, digamma, gammaln, ndtri, polygamma, quantile};

/// The negative binomial distribution: the number of failures before the r-th success.
///
/// **Definition.** The failures among independent trials that succeed with probability p, until r succeed; for a real r, a Poisson variable whose
/// rate has the gamma distribution with shape r and scale (1 − p)/p.
///
/// **Probability.** P(k) = Γ(k + r)/(k! Γ(r)) pʳ (1 − p)ᵏ.
///
/// **Parameters.** `r` from 1e-20 to 1e20; `p` from 1e-100 to 1. **Support.** 0, 1, 2, …; 0 alone for p = 1.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Discrete, Distribution, NegativeBinomial};
///
/// # fn main() -> underhood::Result<()> {
/// let misses = NegativeBinomial::new(3.0, 0.5)?;
/// assert!((misses.pmf(1.0) - 3.0 / 16.0).abs() < 1e-16);
/// assert_eq!((misses.mean(), misses.variance()), (3.0, 6.0));
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean r(1 − p)/p, variance r(1 − p)/p², skewness (2 − p)/√(r(1 − p)), excess kurtosis 6/r + p²/(r(1 − p)).
///
/// **Numerical limits.** Relative error below 1e-14 in probabilities and both tails down to 1e-300; beyond 2⁵³ only those k are asked for that
/// are doubles.
///
/// **Method.** P(X ≤ k) = I(r, k + 1; p) ([`betainc`](crate::special::betainc)), probabilities by deviances (C. Loader 2000), quantiles
/// by a bracketed search.
#[derive(Debug, Clone, PartialEq)]
pub struct NegativeBinomial {
    r: f64,
    p: f64,
    tables: Tables,
}

impl NegativeBinomial {
    /// The distribution of the failures before the `r`-th success, with probability `p` each time.
    ///
    /// # Errors
    /// If `r` is not positive (1e-20 to 1e20), or `p` not positive (from 1e-100) and at most 1.
    pub fn new(r: f64, p: f64) -> Result<Self> {
        in_range("NegativeBinomial", "r", r, (1e-20..=1e20).contains(&r), "positive (1e-20 to 1e20)")?;
        in_range("NegativeBinomial", "p", p, (1e-100..=1.0).contains(&p), "positive (from 1e-100) and at most 1")?;
        Ok(NegativeBinomial { r, p, tables: Tables::default() })
    }

    /// The successes that are waited for.
    pub fn r(&self) -> f64 {
        self.r
    }

    /// The probability of success.
    pub fn p(&self) -> f64 {
        self.p
    }
}

/// From here on probabilities are 0, and their logarithms k·ln(1 − p) to the last digit, since p ≥ 1e-100 and r ≤ 1e20.
const FAR: f64 = 1e150;

impl Lattice for NegativeBinomial {
    fn tables(&self) -> &Tables {
        &self.tables
    }

    fn mass(&self, k: f64) -> Scaled {
        if k == 0.0 {
            return Scaled { factor: 1.0, exponent: Dd::from(self.p).ln() * self.r };
        }
        if k > FAR {
            return Scaled { factor: 1.0, exponent: Dd::from((Split::of(self.p).y.ln().high * k).max(f64::MIN)) };
        }
        // pʳqᵏ/(k·B(r, k))
        density(self.r, k, Split::of(self.p)).times(1.0 / k)
    }

    fn tail(&self, k: f64) -> Tail {
        let split = Split::of(self.p);
        if k < WHOLE {
            let tail = tail(self.r, k + 1.0, split);
            return Tail { density: tail.density.times(1.0 / (self.r + k)).times(1.0 / split.y.high), ..tail };
        }
        if k > FAR {
            let mass = self.mass(k);
            return Tail { side: Side::Upper, value: mass, density: mass };
        }
        // k + 1 is not a double: P(X < k), and P(X = k) beside it.
        let mass = self.mass(k);
        widened(Tail { density: mass, ..tail(self.r, k, split) }, mass, Side::Lower)
    }

    /// For a small p or r, that of the gamma distribution to which pX tends.
    fn start(&self, p: f64, side: Side) -> f64 {
        let skewness = self.skewness();
        if skewness > 0.3 {
            // No quantile is beyond: r/p is at most 1e120.
            return (quantile(self.r, p, side) * ((1.0 - self.p) / self.p) - 0.5).min(1e130);
        }
        let z = if side == Side::Lower { ndtri(p) } else { -ndtri(p) };
        self.mean() + self.std() * (z + skewness * (z * z - 1.0) / 6.0) - 0.5
    }
}

/// So many terms of the entropy are added before the rest is integrated.
const HEAD: f64 = 1500.0;

impl Distribution for NegativeBinomial {
    by_lattice!();

    fn mean(&self) -> f64 {
        self.r * (1.0 - self.p) / self.p
    }

    fn variance(&self) -> f64 {
        self.r * (1.0 - self.p) / self.p / self.p
    }

    fn skewness(&self) -> f64 {
        if self.p < 1.0 { (2.0 - self.p) / (self.r * (1.0 - self.p)).sqrt() } else { f64::NAN }
    }

    fn kurtosis(&self) -> f64 {
        if self.p < 1.0 { 6.0 / self.r + self.p * self.p / (self.r * (1.0 - self.p)) } else { f64::NAN }
    }

    /// A sum; for a small r and p, where that would be long, its head and the integral of the rest by Euler's and Maclaurin's formula.
    fn entropy(&self) -> f64 {
        if self.p == 1.0 {
            return 0.0;
        }
        // With r = 100 the transform at two samples a standard deviation is below 1e-20.
        if self.r >= 100.0 || self.mean() + 50.0 / self.p < HEAD {
            return entropy(self);
        }
        let masses = |k: f64| (self.mass(k).value(), self.mass(k).ln());
        let (mut sum, mut others, mut k) = (0.0, 0.0, 0.0);
        while k < HEAD {
            let (value, log) = masses(k);
            if k > 0.0 {
                others += value;
                sum -= value * log;
            }
            k += 1.0;
        }
        // Over whole numbers from HEAD on: the integral from half before, and the first derivative there over 24.
        let term = |x: f64| -masses(x).0 * masses(x).1;
        let from = HEAD - 0.5;
        let (mut left, mut width) = (from, 0.5 * HEAD);
        let (mut rest, mut rest_mass) = (0.0, 0.0);
        let mean = self.mean();
        loop {
            let part = integral(left, left + width, term);
            rest += part;
            rest_mass += integral(left, left + width, |x| masses(x).0);
            left += width;
            width *= 1.5;
            // Before the mean a part that adds nothing may only be one whose probabilities underflow.
            if (left > mean && !(part > 1e-18 * rest)) || !left.is_finite() {
                break;
            }
        }
        let slope = |f: &dyn Fn(f64) -> f64| (f(from + 1.0) - f(from - 1.0)) / 2.0;
        rest += slope(&term) / 24.0;
        rest_mass += slope(&|x| masses(x).0) / 24.0;
        let (first, log_first) = masses(0.0);
        others += rest_mass;
        let at_zero = if first > 0.5 { -(1.0 - others) * (-others).ln_1p() } else { -first * log_first };
        sum + rest + at_zero
    }

    fn mode(&self) -> f64 {
        if self.r <= 1.0 {
            return 0.0;
        }
        let split = Split::of(self.p);
        first_mode(split.y * (self.r - 1.0) / split.x)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, if self.p < 1.0 { f64::INFINITY } else { 0.0 })
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_negative_binomial(self.r, self.p, out);
    }
}

discrete_by_lattice!(NegativeBinomial);

impl Family for NegativeBinomial {
    const NAME: &'static str = "NegativeBinomial";
    const PARAMETERS: &'static [&'static str] = &["r", "p"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [r, p] = exactly::<Self, 2>(parameters)?;
        Self::new(r, p)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.r, self.p]
    }

    /// A NegativeBinomial again if both have one p.
    fn sum(&self, other: &Self) -> Result<Self> {
        sum_of("NegativeBinomial", ("p", self.p, other.p))?;
        Self::new(self.r + other.r, self.p)
    }

    /// p̂ = r̂/(r̂ + x̄) and r̂ by Newton's method. There is no maximum unless the variance is above the mean: as r grows the
    /// distribution tends to Poisson's.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "NegativeBinomial.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        observations(FUNCTION, data, 1, |x| x >= 0.0 && x == x.floor(), "a whole number, 0 or more")?;
        let (n, average) = (data.len() as f64, mean(data));
        let variance = data.iter().map(|x| (x - average) * (x - average)).sum::<f64>() / n;
        let refused = |problem: String| Err(Error::Invalid { function: FUNCTION, argument: "data", problem });
        Self::new(held[0].unwrap_or(1.0), held[1].unwrap_or(0.5))?;
        if held[1] == Some(1.0) && (average > 0.0 || held[0].is_none()) {
            return refused(
                "cannot come from p = 1, under which X is always 0, or say nothing of r; hold another p fixed".into(),
            );
        }
        if average == 0.0 && held[0].is_none() {
            return refused(
                "are all 0, which every small enough r explains as well: the likelihood has no maximum; hold r fixed"
                    .into(),
            );
        }
        if held == [None, None] && variance <= average {
            return refused(format!(
                "have the mean {average} and the variance {variance}: a NegativeBinomial varies more than its mean, and the likelihood only rises as r goes to infinity; fit a Poisson"
            ));
        }
        let runs = runs(data);
        let mut iterations = 0;
        let r = match held[0] {
            Some(r) => r,
            None => {
                let start = match held[1] {
                    Some(p) => average * p / (1.0 - p),
                    None => average * average / (variance - average),
                };
                // ln L in r, along the p that is held or the best p = r/(r + x̄) for each r.
                let maximum = maximize(FUNCTION, [start.clamp(1e-6, 1e12)], &[None], [Domain::Positive], |&[r]| {
                    let (log_p, log_q, bend) = match held[1] {
                        Some(p) => (p.ln(), (-p).ln_1p(), 0.0),
                        None => (-(average / r).ln_1p(), -(r / average).ln_1p(), average / (r * (r + average))),
                    };
                    let [value, slope, curvature] = rising(&runs, r);
                    Likelihood {
                        value: value + n * (r * log_p + average * log_q),
                        gradient: [slope + n * log_p],
                        hessian: [[curvature + n * bend]],
                    }
                })?;
                iterations = maximum.iterations;
                maximum.parameters[0]
            }
        };
        let distribution = Self::new(r, held[1].unwrap_or(r / (r + average)))?;
        let p = distribution.p;
        // The observed information: −∂²ln L/∂r², n(r/p² + x̄/(1 − p)²), and −n/p between them.
        let (a, b, c) = (-rising(&runs, r)[2], n * (r / (p * p) + average / ((1.0 - p) * (1.0 - p))), -n / p);
        let covariance = match held {
            [Some(_), Some(_)] => [[0.0, 0.0], [0.0, 0.0]],
            [None, Some(_)] => [[1.0 / a, 0.0], [0.0, 0.0]],
            // At p = 1 the maximum is at the edge.
            [Some(_), None] => [[0.0, 0.0], [0.0, if p < 1.0 { 1.0 / b } else { 0.0 }]],
            [None, None] => {
                let determinant = a * b - c * c;
                [[b / determinant, -c / determinant], [-c / determinant, a / determinant]]
            }
        };
        let log_likelihood = super::log_likelihood(&distribution, data);
        Ok(Fitted {
            distribution,
            covariance: array![covariance[0], covariance[1]],
            log_likelihood,
            observations: data.len(),
            estimated: held.iter().filter(|value| value.is_none()).count(),
            iterations,
        })
    }
}

/// Every value in the data, how far it is above the one before it (above 0 for the first), and how many are at least as large.
fn runs(data: ArrayView1<'_, f64>) -> Vec<(f64, f64, f64)> {
    let mut sorted = data.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let (mut runs, mut before) = (Vec::new(), 0.0);
    for (place, &value) in sorted.iter().enumerate() {
        if value > before {
            runs.push((value, value - before, (sorted.len() - place) as f64));
            before = value;
        }
    }
    runs
}

/// Σ ln Γ(x + r)/Γ(r) over the data and its first two derivatives in r: sums of ln(r + j), 1/(r + j) and −1/(r + j)² over all j < x, which do not
/// cancel as differences of logarithms of Γ do.
fn rising(runs: &[(f64, f64, f64)], r: f64) -> [f64; 3] {
    const SHORT: f64 = 64.0;
    let mut sums = [0.0; 3];
    for &(value, length, count) in runs {
        let (from, to) = (r + (value - length), r + value);
        let run = if length <= SHORT {
            let mut run = [0.0; 3];
            for j in 0..length as u32 {
                let factor = from + f64::from(j);
                run[0] += factor.ln();
                run[1] += 1.0 / factor;
                run[2] -= 1.0 / (factor * factor);
            }
            run
        } else {
            [gammaln(to) - gammaln(from), digamma(to) - digamma(from), polygamma(1.0, to) - polygamma(1.0, from)]
        };
        for (sum, part) in sums.iter_mut().zip(run) {
            *sum += count * part;
        }
    }
    sums
}
