//! The uniform distribution on whole numbers: a fair die (Johnson, Kemp and Kotz, 2005, Univariate Discrete Distributions, §6.10.1).

use ndarray::{Array2, ArrayView1, array};

use super::Discrete;
use super::lattice::{WHOLE, smallest};
use crate::check::in_range;
use crate::distributions::family::{exactly, held, observations};
use crate::distributions::{Distribution, Family, Fitted};
use crate::error::{Error, Result};
use crate::random::Stream;

/// The uniform distribution on the whole numbers from `low` to `high`, both included.
///
/// **Definition.** Every whole number from low to high is equally likely.
///
/// **Probability.** P(k) = 1/(high − low + 1).
///
/// **Parameters.** `low` ≤ `high`, whole numbers between −2⁵² and 2⁵². A die is `DiscreteUniform::new(1.0, 6.0)`; SciPy's randint excludes
/// its upper end. **Support.** low, …, high.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Discrete, DiscreteUniform, Distribution};
///
/// # fn main() -> underhood::Result<()> {
/// let die = DiscreteUniform::new(1.0, 6.0)?;
/// assert_eq!(die.cdf(2.0), 2.0 / 6.0);
/// assert_eq!((die.mean(), die.ppf(0.5), die.prob(5.0, 6.0)), (3.5, 3.0, 1.0 / 3.0));
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** With w = high − low + 1: mean (low + high)/2, variance (w² − 1)/12, skewness 0, excess kurtosis −6(w² + 1)/(5(w² − 1)).
///
/// **Numerical limits.** Probabilities are rounded once.
///
/// **Method.** The definition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DiscreteUniform {
    low: f64,
    high: f64,
}

impl DiscreteUniform {
    /// The distribution on the whole numbers from `low` to `high`, both included.
    ///
    /// # Errors
    /// If one of them is not a whole number between −2⁵² and 2⁵², or `high` is below `low`.
    pub fn new(low: f64, high: f64) -> Result<Self> {
        for (argument, value) in [("low", low), ("high", high)] {
            // The number of values is below 2⁵³.
            let whole = value.abs() < 0.5 * WHOLE && value == value.floor();
            in_range("DiscreteUniform", argument, value, whole, "a whole number between -2^52 and 2^52")?;
        }
        in_range("DiscreteUniform", "high", high, low <= high, "at least low")?;
        // −0 is 0.
        Ok(DiscreteUniform { low: low + 0.0, high: high + 0.0 })
    }

    /// The smallest value.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The largest value.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// How many values there are.
    fn count(&self) -> f64 {
        self.high - self.low + 1.0
    }

    fn possible(&self, k: f64) -> bool {
        k >= self.low && k <= self.high && k == k.floor()
    }
}

impl Distribution for DiscreteUniform {
    fn cdf(&self, x: f64) -> f64 {
        if x.is_nan() {
            return x;
        }
        let x = x.clamp(self.low - 1.0, self.high).floor();
        (x - self.low + 1.0) / self.count()
    }

    fn sf(&self, x: f64) -> f64 {
        if x.is_nan() {
            return x;
        }
        let x = x.clamp(self.low - 1.0, self.high).floor();
        (self.high - x) / self.count()
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
        smallest((p * self.count()).ceil() + (self.low - 1.0), self.low, self.high, |k| self.cdf(k) >= p)
    }

    fn isf(&self, q: f64) -> f64 {
        if !(0.0..=1.0).contains(&q) {
            return f64::NAN;
        }
        smallest(self.high - (q * self.count()).floor(), self.low, self.high, |k| self.sf(k) <= q)
    }

    fn mean(&self) -> f64 {
        0.5 * (self.low + self.high)
    }

    fn variance(&self) -> f64 {
        let width = self.high - self.low;
        width * (width + 2.0) / 12.0
    }

    fn skewness(&self) -> f64 {
        if self.low < self.high { 0.0 } else { f64::NAN }
    }

    fn kurtosis(&self) -> f64 {
        let (width, count) = (self.high - self.low, self.count());
        if width > 0.0 { -1.2 * ((count * count + 1.0) / (width * (width + 2.0))) } else { f64::NAN }
    }

    fn entropy(&self) -> f64 {
        self.count().ln()
    }

    fn mode(&self) -> f64 {
        self.low
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_below(self.count() as u64, out);
        out.iter_mut().for_each(|x| *x += self.low);
    }
}

impl Discrete for DiscreteUniform {
    fn pmf(&self, k: f64) -> f64 {
        if k.is_nan() {
            return k;
        }
        if self.possible(k) { 1.0 / self.count() } else { 0.0 }
    }

    fn logpmf(&self, k: f64) -> f64 {
        if k.is_nan() {
            return k;
        }
        if self.possible(k) { -self.count().ln() } else { f64::NEG_INFINITY }
    }

    fn prob(&self, a: f64, b: f64) -> f64 {
        // Differences of whole numbers below 2⁵³ are exact.
        super::prob(self, a, b, |a, b| Some((b - a + 1.0) / self.count()))
    }

    fn pmf_in_place(&self, k: &mut [f64]) {
        let share = 1.0 / self.count();
        for k in k {
            let value = if self.possible(*k) { share } else { 0.0 };
            *k = if k.is_nan() { *k } else { value };
        }
    }

    fn logpmf_in_place(&self, k: &mut [f64]) {
        let log = -self.count().ln();
        for k in k {
            let value = if self.possible(*k) { log } else { f64::NEG_INFINITY };
            *k = if k.is_nan() { *k } else { value };
        }
    }
}

impl Family for DiscreteUniform {
    const NAME: &'static str = "DiscreteUniform";
    const PARAMETERS: &'static [&'static str] = &["low", "high"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [low, high] = exactly::<Self, 2>(parameters)?;
        Self::new(low, high)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.low, self.high]
    }

    /// X + a whole number, and −X.
    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        if scale.abs() != 1.0 || shift != shift.floor() {
            let problem =
                format!("is a DiscreteUniform, and {scale}·X + {shift} is not one: only whole shifts of X and −X are");
            return Err(Error::Invalid { function: "affine", argument: "X", problem });
        }
        let (one, other) = (scale * self.low + shift, scale * self.high + shift);
        Self::new(one.min(other), one.max(other))
    }

    /// The smallest and the largest value. The maximum is at an edge, so the standard errors are not from curvature: the smallest of n values is
    /// above `low` by a number that is nearly geometric with s = 1 − (1 − 1/w)ⁿ for w possible values, whose standard deviation is √(1 − s)/s.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "DiscreteUniform.fit";
        let [low, high] = held::<Self, 2>(FUNCTION, fixed)?;
        let inside = |x: f64| x == x.floor() && low.is_none_or(|low| x >= low) && high.is_none_or(|high| x <= high);
        observations(FUNCTION, data, 1, inside, "a whole number, within the ends that are fixed")?;
        let (least, most) =
            data.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), &x| (least.min(x), most.max(x)));
        let distribution = Self::new(low.unwrap_or(least), high.unwrap_or(most))?;
        let n = data.len() as f64;
        let none = n * (-1.0 / distribution.count()).ln_1p();
        let variance = none.exp() / (none.exp_m1() * none.exp_m1());
        let of = |held: Option<f64>| if held.is_some() { 0.0 } else { variance };
        Ok(Fitted {
            distribution,
            covariance: Array2::from_diag(&array![of(low), of(high)]),
            log_likelihood: -n * distribution.entropy(),
            observations: data.len(),
            estimated: usize::from(low.is_none()) + usize::from(high.is_none()),
            iterations: 0,
        })
    }
}
