//! The Weibull distribution (W. Weibull 1951; NIST Engineering Statistics Handbook 1.3.6.6.8).

use super::hazard::{Hazard, by_hazard, distribution_methods};
use super::weibull_moments::{EULER, central};
use super::{Continuous, positive_multiple, shape_and_scale};
use crate::distributions::family::{by_formula, exactly, held, mean, observations};
use crate::distributions::likelihood::{Domain, Likelihood, maximize};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::Dd;
use crate::error::{Error, Result};
use crate::random::{Stream, portable};
use crate::special::gamma;
use crate::special::power::{Divisor, exp_double, exp_of_pair, ln_of_pair, pair_over, sum_of_pairs, times_pair};
use ndarray::ArrayView1;

/// The Weibull distribution.
///
/// **Definition.** scale·Y^(1/shape) for a Y that is exponential with rate 1: lifetimes of what ages (shape > 1) or settles (shape < 1), and the smallest of
/// many.
///
/// **Density.** f(x) = k/scale·(x/scale)^(k−1)·exp(−(x/scale)ᵏ), k = shape.
///
/// **Parameters.** `shape` positive (1e-20 to 1e20); `scale` positive and finite, in the units of x: 63 % lie below. **Support.** x ≥ 0.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, Weibull};
///
/// # fn main() -> underhood::Result<()> {
/// let life = Weibull::new(2.0, 1000.0)?;
/// assert!((life.sf(1000.0) - (-1.0_f64).exp()).abs() < 1e-16);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** E Xᵐ = scaleᵐΓ(1 + m/k): mean scale·Γ(1 + 1/k), variance scale²(Γ(1 + 2/k) − Γ(1 + 1/k)²). ∞ where they are beyond the largest double
/// (shapes below 0.006).
///
/// **Numerical limits.** Relative error below 2e-15 as a function of x and the parameters, in both tails down to 1e-300; skewness and kurtosis are right to 3e-12. Quantiles and draws of tiny shapes are 0
/// or ∞ where no double is near.
///
/// **Method.** P(X > x) = exp(−(x/scale)ᵏ), quotient, logarithm and power in two doubles. Fit: Newton's method on shape and scale, from the moments
/// of ln x, whose standard deviation is π/(k√6).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weibull {
    shape: f64,
    scale: f64,
}

impl Weibull {
    /// The Weibull distribution with this shape and scale.
    ///
    /// # Errors
    /// If `shape` is not positive (1e-20 to 1e20), or `scale` not positive and finite.
    pub fn new(shape: f64, scale: f64) -> Result<Self> {
        shape_and_scale("Weibull", shape, scale)?;
        Ok(Weibull { shape, scale })
    }

    /// The shape.
    pub fn shape(&self) -> f64 {
        self.shape
    }

    /// The scale: 63 % lie below it.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    fn curve(&self) -> Power {
        let log = Dd::from(self.shape).ln() - Dd::from(self.scale).ln();
        Power {
            shape: self.shape,
            scale: self.scale,
            divisor: Divisor::new(self.scale),
            log_quotient: (log.high, log.low),
        }
    }
}

/// H(x) = (x/scale)^shape.
#[derive(Debug)]
struct Power {
    shape: f64,
    scale: f64,
    divisor: Divisor,
    /// ln(shape/scale)
    log_quotient: (f64, f64),
}

impl Hazard for Power {
    #[inline(always)]
    fn start(&self) -> f64 {
        0.0
    }

    #[inline(always)]
    fn cumulative<const FMA: bool>(&self, x: f64) -> (f64, f64) {
        let (high, low) = times_pair::<FMA>(self.shape, self.divisor.ln_quotient::<FMA>(x));
        exp_double::<FMA>(high, low)
    }

    #[inline(always)]
    fn log_cumulative<const FMA: bool>(&self, x: f64) -> f64 {
        times_pair::<FMA>(self.shape, self.divisor.ln_quotient::<FMA>(x)).0
    }

    #[inline(always)]
    fn log_density<const FMA: bool>(&self, x: f64) -> (f64, f64) {
        let log = self.divisor.ln_quotient::<FMA>(x);
        let power = times_pair::<FMA>(self.shape, log);
        let (high, low) = exp_double::<FMA>(power.0, power.1);
        let rest = sum_of_pairs(self.log_quotient, sum_of_pairs(power, (-log.0, -log.1)));
        sum_of_pairs(rest, (-high, -low))
    }

    #[inline(always)]
    fn at_start(&self) -> (f64, f64) {
        if self.shape < 1.0 {
            (f64::INFINITY, f64::INFINITY)
        } else if self.shape == 1.0 {
            (1.0 / self.scale, self.log_quotient.0)
        } else {
            (0.0, f64::NEG_INFINITY)
        }
    }

    #[inline(always)]
    fn point<const FMA: bool>(&self, high: f64, low: f64) -> f64 {
        let (high, low) = pair_over::<FMA>(ln_of_pair::<FMA>(high, low), self.shape);
        // In two steps, neither of which leaves the range of doubles before the result does.
        let root = exp_of_pair::<FMA>(0.5 * high, 0.5 * low);
        self.scale * root * root
    }
}

by_hazard!(Weibull, Power);

impl Distribution for Weibull {
    distribution_methods!();

    fn mean(&self) -> f64 {
        self.scale * gamma(1.0 + 1.0 / self.shape)
    }

    fn variance(&self) -> f64 {
        central(self.shape)[0] * self.scale * self.scale
    }

    fn std(&self) -> f64 {
        central(self.shape)[0].sqrt() * self.scale
    }

    fn skewness(&self) -> f64 {
        central(self.shape)[1]
    }

    fn kurtosis(&self) -> f64 {
        central(self.shape)[2]
    }

    fn entropy(&self) -> f64 {
        EULER * (1.0 - 1.0 / self.shape) + 1.0 + (self.scale.ln() - self.shape.ln())
    }

    fn mode(&self) -> f64 {
        if self.shape > 1.0 { self.scale * ((-1.0 / self.shape).ln_1p() / self.shape).exp() } else { 0.0 }
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_exponential(out);
        // Half of the power, twice: neither step leaves the range of doubles before the draw does.
        portable::pow_in_place(out, 0.5 / self.shape);
        out.iter_mut().for_each(|x| *x = self.scale * *x * *x);
    }
}

impl Family for Weibull {
    const NAME: &'static str = "Weibull";
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

    /// By Newton's method from the moments of ln x, for a power of the data whose shape is near 1.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Weibull.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        let needed = if held == [None, None] { 2 } else { 1 };
        observations(FUNCTION, data, needed, |x| x > 0.0, "positive")?;
        // The parameters that are held are checked before they are used.
        Self::new(held[0].unwrap_or(1.0), held[1].unwrap_or(1.0))?;
        let n = data.len() as f64;
        let centre = mean(data);
        let near = |x: f64| (0.5 * centre..2.0 * centre).contains(&x);
        let log = |x: f64| if near(x) { ((x - centre) / centre).ln_1p() } else { x.ln() - centre.ln() };
        let mut logs: Vec<f64> = data.iter().map(|x| log(*x)).collect();
        let middle = held[1].map_or_else(|| logs.iter().sum::<f64>() / n, log);
        let spread = (logs.iter().map(|l| (l - middle) * (l - middle)).sum::<f64>() / n).sqrt();
        if spread == 0.0 && held[0].is_none() {
            let consequence = "the likelihood rises without bound as the shape grows";
            return Err(Error::Constant { function: FUNCTION, argument: "data", value: data[0], consequence });
        }
        // Of (x/unit)^power, which is again Weibull, with a shape near 1 and a scale not far from it.
        let power = held[0].unwrap_or(std::f64::consts::PI / (6.0_f64.sqrt() * spread));
        logs.iter_mut().for_each(|log| *log = power * (*log - middle));
        let scaled = [held[0].map(|_| 1.0), held[1].map(|_| 1.0)];
        let start = [1.0, EULER.exp()];
        let maximum = maximize(FUNCTION, start, &scaled, [Domain::Positive; 2], |&[k, scale]| {
            let shift = scale.ln();
            let (mut powers, mut logs_of_powers, mut squares, mut total) = (0.0, 0.0, 0.0, 0.0);
            for log in &logs {
                let v = log - shift;
                let w = (k * v).exp();
                powers += w;
                logs_of_powers += w * v;
                squares += w * v * v;
                total += v;
            }
            let mixed = (powers - n + k * logs_of_powers) / scale;
            Likelihood {
                value: n * (k / scale).ln() + (k - 1.0) * total - powers,
                gradient: [n / k + total - logs_of_powers, k / scale * (powers - n)],
                hessian: [[-n / (k * k) - squares, mixed], [mixed, k / (scale * scale) * (n - (k + 1.0) * powers)]],
            }
        })?;
        let [shape, scale] = maximum.parameters;
        let found = centre * (scale.ln() / power + middle).exp();
        let distribution = Self::new(shape * power, held[1].unwrap_or(found))?;
        let (of_shape, of_scale) = (power, distribution.scale / (power * scale));
        let mut covariance = maximum.covariance;
        covariance[[0, 0]] *= of_shape * of_shape;
        covariance[[0, 1]] *= of_shape * of_scale;
        covariance[[1, 0]] *= of_shape * of_scale;
        covariance[[1, 1]] *= of_scale * of_scale;
        Ok(by_formula(distribution, data, covariance, &held, maximum.iterations))
    }
}
