//! The empirical distribution: every value of a sample has the same probability.

use ndarray::ArrayView1;

use crate::check::{at_least, finite_vector};
use crate::distributions::{Discrete, Distribution};
use crate::error::Result;
use crate::random::Stream;

/// The distribution that gives each of n observed values the probability 1/n.
///
/// **Definition.** A draw from it is a draw from the sample, with replacement: the bootstrap's distribution (B. Efron 1979,
/// doi:10.1214/aos/1176344552).
///
/// **Probability.** P(X = x) = (number of values equal to x)/n; P(X ≤ x) = (number of values ≤ x)/n.
///
/// **Parameters.** At least one finite value. **Support.** The values.
///
/// **Example.**
/// ```
/// use ndarray::array;
/// use underhood::distributions::{Discrete, Distribution, Empirical};
///
/// # fn main() -> underhood::Result<()> {
/// let sample = Empirical::new(array![3.0, 1.0, 2.0, 3.0].view())?;
/// assert_eq!(sample.pmf(3.0), 0.5);
/// assert_eq!(sample.cdf(2.5), 0.5);
/// assert_eq!(sample.ppf(0.75), 3.0);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Those of the sample, with divisor n.
///
/// **Numerical limits.** Probabilities are counts over n, exact to one rounding.
///
/// **Method.** The values are sorted once; a probability is found by bisection.
#[derive(Debug, Clone, PartialEq)]
pub struct Empirical {
    sorted: Vec<f64>,
}

impl Empirical {
    /// The distribution of these values.
    ///
    /// # Errors
    /// If there is none, or one is not finite.
    pub fn new(data: ArrayView1<'_, f64>) -> Result<Self> {
        at_least("Empirical", "data", "values", data.len(), 1)?;
        finite_vector("Empirical", "data", data)?;
        let mut sorted = data.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        // One zero, not two.
        sorted.iter_mut().for_each(|x| *x += 0.0);
        Ok(Empirical { sorted })
    }

    /// The values in rising order.
    pub fn sorted(&self) -> &[f64] {
        &self.sorted
    }

    fn n(&self) -> f64 {
        self.sorted.len() as f64
    }

    /// How many values are ≤ x.
    fn up_to(&self, x: f64) -> usize {
        self.sorted.partition_point(|&value| value <= x)
    }

    /// How many values are < x.
    fn below(&self, x: f64) -> usize {
        self.sorted.partition_point(|&value| value < x)
    }

    /// The largest distance from the mean: a unit in which powers neither over- nor underflow.
    fn unit(&self) -> f64 {
        let (mean, (low, high)) = (self.mean(), self.support());
        (mean - low).max(high - mean)
    }

    /// A central moment in that unit.
    fn central(&self, power: i32) -> f64 {
        let (mean, unit) = (self.mean(), self.unit());
        self.sorted.iter().map(|x| ((x - mean) / unit).powi(power)).sum::<f64>() / self.n()
    }

    /// Runs of equal values: the value and how many there are.
    fn runs(&self) -> impl Iterator<Item = (f64, f64)> {
        self.sorted.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as f64))
    }
}

impl Distribution for Empirical {
    fn cdf(&self, x: f64) -> f64 {
        if x.is_nan() { x } else { self.up_to(x) as f64 / self.n() }
    }

    fn sf(&self, x: f64) -> f64 {
        if x.is_nan() { x } else { (self.sorted.len() - self.up_to(x)) as f64 / self.n() }
    }

    fn logcdf(&self, x: f64) -> f64 {
        self.cdf(x).ln()
    }

    fn logsf(&self, x: f64) -> f64 {
        self.sf(x).ln()
    }

    fn ppf(&self, p: f64) -> f64 {
        if !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        // The smallest rank whose share reaches p, as cdf computes it.
        let n = self.sorted.len();
        let mut rank = ((p * self.n()).ceil() as usize).clamp(1, n);
        while rank > 1 && (rank - 1) as f64 / self.n() >= p {
            rank -= 1;
        }
        while rank < n && (rank as f64 / self.n()) < p {
            rank += 1;
        }
        self.sorted[rank - 1]
    }

    fn isf(&self, q: f64) -> f64 {
        if !(0.0..=1.0).contains(&q) {
            return f64::NAN;
        }
        let n = self.sorted.len();
        let mut beyond = ((q * self.n()).floor() as usize).min(n - 1);
        while beyond > 0 && beyond as f64 / self.n() > q {
            beyond -= 1;
        }
        while beyond + 1 < n && (beyond + 1) as f64 / self.n() <= q {
            beyond += 1;
        }
        self.sorted[n - 1 - beyond]
    }

    fn mean(&self) -> f64 {
        crate::distributions::family::mean(ArrayView1::from(&self.sorted))
    }

    fn variance(&self) -> f64 {
        let std = self.std();
        std * std
    }

    fn std(&self) -> f64 {
        let unit = self.unit();
        if unit == 0.0 { 0.0 } else { unit * self.central(2).sqrt() }
    }

    fn skewness(&self) -> f64 {
        self.central(3) / self.central(2).powf(1.5)
    }

    fn kurtosis(&self) -> f64 {
        self.central(4) / self.central(2).powi(2) - 3.0
    }

    fn entropy(&self) -> f64 {
        self.runs().map(|(_, count)| count / self.n() * (self.n() / count).ln()).sum()
    }

    fn mode(&self) -> f64 {
        let most = self.runs().reduce(|best, run| if run.1 > best.1 { run } else { best });
        most.map_or(f64::NAN, |(value, _)| value)
    }

    fn support(&self) -> (f64, f64) {
        (self.sorted[0], self.sorted[self.sorted.len() - 1])
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_below(self.sorted.len() as u64, out);
        out.iter_mut().for_each(|place| *place = self.sorted[*place as usize]);
    }
}

impl Discrete for Empirical {
    fn is_whole(&self) -> bool {
        false
    }

    fn pmf(&self, k: f64) -> f64 {
        if k.is_nan() { k } else { (self.up_to(k) - self.below(k)) as f64 / self.n() }
    }

    fn logpmf(&self, k: f64) -> f64 {
        self.pmf(k).ln()
    }

    fn prob(&self, a: f64, b: f64) -> f64 {
        if a.is_nan() || b.is_nan() { f64::NAN } else { self.up_to(b).saturating_sub(self.below(a)) as f64 / self.n() }
    }
}
