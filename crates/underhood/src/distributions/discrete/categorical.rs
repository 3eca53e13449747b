//! The categorical distribution: one of k categories, each with its own probability (Murphy, 2012, Machine Learning, §2.3.2).

use ndarray::{Array2, ArrayView1};

use super::Discrete;
use crate::check::{at_least, in_range};
use crate::distributions::family::observations;
use crate::distributions::{Distribution, Fitted};
use crate::double_double::Dd;
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::special::{entr, xlogy};

/// The categorical distribution on 0, 1, …, k − 1.
///
/// **Definition.** Category i comes with probability pᵢ: a loaded die. One trial of a multinomial distribution.
///
/// **Probability.** P(i) = pᵢ.
///
/// **Parameters.** `probabilities` p₀, …, pₖ₋₁, not negative, of sum 1 up to rounding. **Support.** From the first to the last category with a positive
/// probability.
///
/// **Example.**
/// ```
/// use ndarray::array;
/// use underhood::distributions::{Categorical, Discrete, Distribution};
///
/// # fn main() -> underhood::Result<()> {
/// let blood = Categorical::new(array![0.37, 0.36, 0.12, 0.15].view())?;
/// assert_eq!(blood.pmf(2.0), 0.12);
/// assert_eq!((blood.mode(), blood.ppf(0.5)), (0.0, 1.0));
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Those of the numbers 0, …, k − 1 with these weights; the entropy is −Σ pᵢ ln pᵢ.
///
/// **Numerical limits.** Exact to rounding; tails are summed from their small ends in two doubles.
///
/// **Method.** The definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Categorical {
    probabilities: Vec<f64>,
    /// P(X ≤ i) and P(X > i).
    lower: Vec<f64>,
    upper: Vec<f64>,
}

/// So far from 1 the sum may be.
const ROUNDING: f64 = 1e-9;

impl Categorical {
    /// The distribution on 0, …, k − 1 with these probabilities.
    ///
    /// # Errors
    /// If there are none, one is negative or not finite, or their sum is not 1.
    pub fn new(probabilities: ArrayView1<'_, f64>) -> Result<Self> {
        const NAME: &str = "Categorical";
        at_least(NAME, "probabilities", "values", probabilities.len(), 1)?;
        for &p in probabilities {
            in_range(NAME, "probabilities", p, (0.0..=1.0 + ROUNDING).contains(&p), "between 0 and 1")?;
        }
        let given = probabilities.to_vec();
        let sum = total(given.iter());
        if !((sum.value() - 1.0).abs() <= ROUNDING) {
            let problem = format!("sum to {}, but must sum to 1; divide them by their sum", sum.value());
            return Err(Error::Invalid { function: NAME, argument: "probabilities", problem });
        }
        // What rounding left of the sum is shared out.
        let probabilities: Vec<f64> = if (sum.value() - 1.0).abs() <= f64::EPSILON {
            given
        } else {
            given.iter().map(|&p| (Dd::from(p) / sum).value()).collect()
        };
        let (mut lower, mut upper) = (running(probabilities.iter()), running(probabilities.iter().rev()));
        upper.reverse();
        upper.remove(0);
        upper.push(0.0);
        // From the last possible category on, everything is below.
        for (lower, upper) in lower.iter_mut().zip(&upper) {
            if *upper == 0.0 {
                *lower = 1.0;
            }
        }
        Ok(Categorical { probabilities, lower, upper })
    }

    /// The probabilities.
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// The shares of the categories 0, …, k − 1 in the data, under which they are most likely; k is one more than the largest value. Their covariance is
    /// (pᵢδᵢⱼ − pᵢpⱼ)/n.
    ///
    /// # Errors
    /// If a value is not a whole number from 0 to 2047, or there is none.
    pub fn fit(data: ArrayView1<'_, f64>) -> Result<Fitted<Self>> {
        const MOST: f64 = 2047.0;
        let inside = |x: f64| (0.0..=MOST).contains(&x) && x == x.floor();
        observations("Categorical.fit", data, 1, inside, "a category: a whole number from 0 to 2047")?;
        let last = data.iter().fold(0.0_f64, |last, &x| last.max(x));
        let mut counts = vec![0.0; last as usize + 1];
        data.iter().for_each(|&x| counts[x as usize] += 1.0);
        let n = data.len() as f64;
        let shares: Vec<f64> = counts.iter().map(|count| count / n).collect();
        let covariance = Array2::from_shape_fn((shares.len(), shares.len()), |(i, j)| {
            if i == j { shares[i] * (1.0 - shares[i]) / n } else { -shares[i] * shares[j] / n }
        });
        Ok(Fitted {
            log_likelihood: counts.iter().zip(&shares).map(|(&count, &share)| xlogy(count, share)).sum(),
            estimated: shares.len() - 1,
            distribution: Self::new(ArrayView1::from(&shares))?,
            covariance,
            observations: data.len(),
            iterations: 0,
        })
    }

    /// The category at or below x, if there is one.
    fn category(&self, x: f64) -> Option<usize> {
        (x >= 0.0).then(|| (x as usize).min(self.probabilities.len() - 1))
    }

    fn central_moment(&self, power: i32) -> f64 {
        let mean = self.mean();
        self.probabilities.iter().enumerate().map(|(i, p)| p * (i as f64 - mean).powi(power)).sum()
    }
}

fn total<'a>(numbers: impl Iterator<Item = &'a f64>) -> Dd {
    numbers.fold(Dd::ZERO, |sum, &number| sum + number)
}

fn running<'a>(numbers: impl Iterator<Item = &'a f64>) -> Vec<f64> {
    let mut sum = Dd::ZERO;
    numbers
        .map(|&number| {
            sum = sum + number;
            sum.value().min(1.0)
        })
        .collect()
}

impl Distribution for Categorical {
    fn cdf(&self, x: f64) -> f64 {
        if x.is_nan() { x } else { self.category(x).map_or(0.0, |i| self.lower[i]) }
    }

    fn sf(&self, x: f64) -> f64 {
        if x.is_nan() { x } else { self.category(x).map_or(1.0, |i| self.upper[i]) }
    }

    fn logcdf(&self, x: f64) -> f64 {
        let sf = self.sf(x);
        if sf < 0.5 { (-sf).ln_1p() } else { self.cdf(x).ln() }
    }

    fn logsf(&self, x: f64) -> f64 {
        let cdf = self.cdf(x);
        if cdf < 0.5 { (-cdf).ln_1p() } else { self.sf(x).ln() }
    }

    fn ppf(&self, p: f64) -> f64 {
        if !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        let (first, last) = self.support();
        (self.lower.partition_point(|&lower| lower < p) as f64).clamp(first, last)
    }

    fn isf(&self, q: f64) -> f64 {
        if !(0.0..=1.0).contains(&q) {
            return f64::NAN;
        }
        let (first, last) = self.support();
        (self.upper.partition_point(|&upper| upper > q) as f64).clamp(first, last)
    }

    fn mean(&self) -> f64 {
        self.probabilities.iter().enumerate().map(|(i, p)| i as f64 * p).sum()
    }

    fn variance(&self) -> f64 {
        self.central_moment(2)
    }

    fn skewness(&self) -> f64 {
        self.central_moment(3) / self.variance().powf(1.5)
    }

    fn kurtosis(&self) -> f64 {
        self.central_moment(4) / self.variance().powi(2) - 3.0
    }

    fn entropy(&self) -> f64 {
        self.probabilities.iter().map(|&p| entr(p)).sum()
    }

    fn mode(&self) -> f64 {
        let most = self.probabilities.iter().fold(0.0_f64, |most, &p| most.max(p));
        self.probabilities.iter().position(|&p| p == most).unwrap_or(0) as f64
    }

    fn support(&self) -> (f64, f64) {
        let positive = |p: &f64| *p > 0.0;
        let first = self.probabilities.iter().position(positive).unwrap_or(0);
        (first as f64, self.probabilities.iter().rposition(positive).unwrap_or(0) as f64)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_categorical(&self.probabilities, out);
    }
}

impl Discrete for Categorical {
    fn pmf(&self, k: f64) -> f64 {
        if k.is_nan() {
            return k;
        }
        if k >= 0.0 && k == k.floor() { self.probabilities.get(k as usize).copied().unwrap_or(0.0) } else { 0.0 }
    }

    fn logpmf(&self, k: f64) -> f64 {
        self.pmf(k).ln()
    }
}
