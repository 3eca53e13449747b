//! The Pareto distribution (V. Pareto 1896; Johnson, Kotz and Balakrishnan 1994, Continuous Univariate Distributions 1, ch. 20).

use super::hazard::{Hazard, by_hazard, distribution_methods};
use super::{Continuous, positive_multiple, shape_and_scale};
use crate::check::in_range;
use crate::distributions::family::{by_formula, exactly, held, observations};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::Dd;
use crate::error::{Error, Result};
use crate::random::{Stream, portable};
use crate::special::power::{Divisor, exp_of_pair, ln_of_pair, pair_over, sum_of_pairs, times_pair};
use ndarray::{Array2, ArrayView1};

/// The Pareto distribution.
///
/// **Definition.** scale·exp(Y) for a Y that is exponential with rate `shape`: incomes, cities, files, of which few are very large.
///
/// **Density.** f(x) = shape·scaleᵃ/x^(a+1), a = shape.
///
/// **Parameters.** `shape` positive (1e-20 to 1e20); `scale` positive and finite, in the units of x: the smallest value. **Support.** x ≥ scale.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, Pareto};
///
/// # fn main() -> underhood::Result<()> {
/// // A fifth of all have four fifths of everything where the shape is ln 5/ln 4.
/// let income = Pareto::new(5.0_f64.ln() / 4.0_f64.ln(), 1000.0)?;
/// assert!((income.sf(4000.0) - 0.2).abs() < 1e-15);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean a·scale/(a − 1) for a > 1 (else ∞), variance scale²a/((a − 1)²(a − 2)) for a > 2 (∞ for 1 < a ≤ 2, else NaN); skewness for a > 3,
/// kurtosis for a > 4 (∞ for 2 < a ≤ 4).
///
/// **Numerical limits.** Relative error below 2e-15 as a function of x and the parameters, in both tails and next to the smallest value.
///
/// **Method.** P(X > x) = exp(−a·ln(x/scale)), quotient and logarithm in two doubles. Fit: scale is the smallest value, a = n/Σ ln(xᵢ/scale); the
/// variance given for the scale is that of the smallest of n values (the likelihood has an edge there, and no curvature).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pareto {
    shape: f64,
    scale: f64,
}

impl Pareto {
    /// The Pareto distribution of values from `scale` on.
    ///
    /// # Errors
    /// If `shape` is not positive (1e-20 to 1e20), or `scale` not positive and finite.
    pub fn new(shape: f64, scale: f64) -> Result<Self> {
        shape_and_scale("Pareto", shape, scale)?;
        Ok(Pareto { shape, scale })
    }

    /// The shape: the power with which the upper tail falls.
    pub fn shape(&self) -> f64 {
        self.shape
    }

    /// The scale: the smallest value.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    fn curve(&self) -> Logarithm {
        let log = Dd::from(self.shape).ln() - Dd::from(self.scale).ln();
        Logarithm {
            shape: self.shape,
            scale: self.scale,
            divisor: Divisor::new(self.scale),
            log_density: (log.high, log.low),
        }
    }
}

/// H(x) = shape·ln(x/scale).
#[derive(Debug)]
struct Logarithm {
    shape: f64,
    scale: f64,
    divisor: Divisor,
    /// The logarithm of the density at the start.
    log_density: (f64, f64),
}

impl Hazard for Logarithm {
    #[inline(always)]
    fn start(&self) -> f64 {
        self.scale
    }

    #[inline(always)]
    fn cumulative<const FMA: bool>(&self, x: f64) -> (f64, f64) {
        times_pair::<FMA>(self.shape, self.divisor.ln_quotient::<FMA>(x))
    }

    #[inline(always)]
    fn log_cumulative<const FMA: bool>(&self, x: f64) -> f64 {
        let (high, low) = self.cumulative::<FMA>(x);
        ln_of_pair::<FMA>(high, low).0
    }

    #[inline(always)]
    fn log_density<const FMA: bool>(&self, x: f64) -> (f64, f64) {
        let log = self.divisor.ln_quotient::<FMA>(x);
        let (high, low) = sum_of_pairs(times_pair::<FMA>(self.shape, log), log);
        sum_of_pairs(self.log_density, (-high, -low))
    }

    #[inline(always)]
    fn at_start(&self) -> (f64, f64) {
        (self.shape / self.scale, self.log_density.0)
    }

    #[inline(always)]
    fn point<const FMA: bool>(&self, high: f64, low: f64) -> f64 {
        let (high, low) = pair_over::<FMA>((high, low), self.shape);
        // In two steps, neither of which overflows before the result does.
        let root = exp_of_pair::<FMA>(0.5 * high, 0.5 * low);
        self.scale * root * root
    }
}

by_hazard!(Pareto, Logarithm);

impl Distribution for Pareto {
    distribution_methods!();

    fn mean(&self) -> f64 {
        if self.shape > 1.0 { self.scale * (self.shape / (self.shape - 1.0)) } else { f64::INFINITY }
    }

    fn variance(&self) -> f64 {
        let a = self.shape;
        if a > 2.0 {
            let width = self.scale / (a - 1.0);
            width * width * (a / (a - 2.0))
        } else if a > 1.0 {
            f64::INFINITY
        } else {
            f64::NAN
        }
    }

    fn std(&self) -> f64 {
        // Not the root of the variance, which can overflow.
        let a = self.shape;
        if a > 2.0 { self.scale / (a - 1.0) * (a / (a - 2.0)).sqrt() } else { self.variance() }
    }

    fn skewness(&self) -> f64 {
        let a = self.shape;
        if a > 3.0 { 2.0 * (1.0 + a) / (a - 3.0) * ((a - 2.0) / a).sqrt() } else { f64::NAN }
    }

    fn kurtosis(&self) -> f64 {
        let a = self.shape;
        if a > 4.0 {
            6.0 * (((a + 1.0) * a - 6.0) * a - 2.0) / a / (a - 3.0) / (a - 4.0)
        } else if a > 2.0 {
            f64::INFINITY
        } else {
            f64::NAN
        }
    }

    fn entropy(&self) -> f64 {
        self.scale.ln() - self.shape.ln() + 1.0 / self.shape + 1.0
    }

    fn mode(&self) -> f64 {
        self.scale
    }

    fn support(&self) -> (f64, f64) {
        (self.scale, f64::INFINITY)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_exponential(out);
        // Half of the exponent, twice: neither step overflows before the draw does.
        out.iter_mut().for_each(|x| *x *= 0.5 / self.shape);
        portable::exp_in_place(out);
        out.iter_mut().for_each(|x| *x = self.scale * *x * *x);
    }
}

impl Family for Pareto {
    const NAME: &'static str = "Pareto";
    const PARAMETERS: &'static [&'static str] = &["shape", "scale"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [shape, scale] = exactly::<Self, 2>(parameters)?;
        Self::new(shape, scale)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.shape, self.scale]
    }

    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        positive_multiple::<Self>(scale, shift)?;
        Self::new(self.shape, self.scale * scale)
    }

    /// The smallest value, and n over the sum of the logarithms of the others in its units.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Pareto.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        let needed = if held == [None, None] { 2 } else { 1 };
        observations(FUNCTION, data, needed, |x| x > 0.0, "positive")?;
        let n = data.len() as f64;
        let least = data.iter().fold(f64::INFINITY, |least, x| least.min(*x));
        let scale = held[1].unwrap_or(least);
        // The parameters that are held are checked before they are used.
        Self::new(held[0].unwrap_or(1.0), scale)?;
        in_range(FUNCTION, "data", least, least >= scale, "not below the scale that is held fixed")?;
        // ln(x/s) from the difference, which is exact near s.
        let logs: f64 = data
            .iter()
            .map(|x| if *x < 2.0 * scale { ((x - scale) / scale).ln_1p() } else { x.ln() - scale.ln() })
            .sum();
        if !(logs > 0.0) && held[0].is_none() {
            let consequence = "the likelihood rises without bound as the shape grows";
            return Err(Error::Constant { function: FUNCTION, argument: "data", value: data[0], consequence });
        }
        let shape = held[0].unwrap_or(n / logs);
        let mut covariance = Array2::zeros((2, 2));
        if held[0].is_none() {
            covariance[[0, 0]] = shape * shape / n;
        }
        if held[1].is_none() {
            // The smallest of n values is Pareto(n·shape, scale).
            covariance[[1, 1]] = Self::new((n * shape).min(1e20), scale)?.variance();
        }
        Ok(by_formula(Self::new(shape, scale)?, data, covariance, &held, 0))
    }
}
