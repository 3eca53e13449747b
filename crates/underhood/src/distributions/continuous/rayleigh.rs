//! The Rayleigh distribution (Lord Rayleigh 1880; Johnson, Kotz and Balakrishnan 1994, Continuous Univariate Distributions 1, §18.10).

use super::hazard::{Hazard, by_hazard, distribution_methods};
use super::{Continuous, positive, positive_multiple};
use crate::distributions::family::{by_formula, exactly, held, observations};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::{Dd, two_product};
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::special::power::{Divisor, sum_of_pairs};
use ndarray::{ArrayView1, array};
use std::f64::consts::{FRAC_PI_2, LN_2};

/// The Rayleigh distribution.
///
/// **Definition.** √(X² + Y²) for independent X and Y that are Normal(0, scale): how far from its target an arrow lands, the amplitude of noise.
///
/// **Density.** f(x) = x/scale²·exp(−x²/(2·scale²)).
///
/// **Parameters.** `scale` positive and finite, in the units of x: where the density is largest. **Support.** x ≥ 0.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, Rayleigh};
///
/// # fn main() -> underhood::Result<()> {
/// let distance = Rayleigh::new(2.0)?;
/// assert!((distance.sf(6.0) - (-4.5_f64).exp()).abs() < 1e-16);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean scale·√(π/2), variance scale²(2 − π/2), skewness 0.6311, kurtosis 0.2451.
///
/// **Numerical limits.** Relative error below 2e-15 as a function of x and scale, in both tails.
///
/// **Method.** P(X > x) = exp(−½(x/scale)²), the square in two doubles. Fit: scale² = Σx²/(2n), standard error scale/(2√n).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rayleigh {
    scale: f64,
}

impl Rayleigh {
    /// The Rayleigh distribution whose density is largest at `scale`.
    ///
    /// # Errors
    /// If `scale` is not positive and finite.
    pub fn new(scale: f64) -> Result<Self> {
        positive("Rayleigh", "scale", scale)?;
        Ok(Rayleigh { scale })
    }

    /// The scale: where the density is largest.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    fn curve(&self) -> Parabola {
        let log = Dd::from(self.scale).ln();
        Parabola { scale: self.scale, divisor: Divisor::new(self.scale), less_log_scale: (-log.high, -log.low) }
    }
}

/// H(x) = ½(x/scale)².
#[derive(Debug)]
struct Parabola {
    scale: f64,
    divisor: Divisor,
    less_log_scale: (f64, f64),
}

impl Hazard for Parabola {
    #[inline(always)]
    fn start(&self) -> f64 {
        0.0
    }

    #[inline(always)]
    fn cumulative<const FMA: bool>(&self, x: f64) -> (f64, f64) {
        let (z, rest) = self.divisor.quotient::<FMA>(x);
        let (square, lost) = two_product::<FMA>(z, z);
        let low = lost + 2.0 * z * rest;
        // Beyond 1e150 the square, or what it lost, overflows.
        (0.5 * square, if z < 1e140 { 0.5 * low } else { 0.0 })
    }

    #[inline(always)]
    fn log_cumulative<const FMA: bool>(&self, x: f64) -> f64 {
        let (high, low) = self.divisor.ln_quotient::<FMA>(x);
        2.0 * (high + low) - LN_2
    }

    #[inline(always)]
    fn log_density<const FMA: bool>(&self, x: f64) -> (f64, f64) {
        let (high, low) = self.cumulative::<FMA>(x);
        sum_of_pairs(sum_of_pairs(self.divisor.ln_quotient::<FMA>(x), self.less_log_scale), (-high, -low))
    }

    #[inline(always)]
    fn at_start(&self) -> (f64, f64) {
        (0.0, f64::NEG_INFINITY)
    }

    #[inline(always)]
    fn point<const FMA: bool>(&self, high: f64, low: f64) -> f64 {
        self.scale * (2.0 * (high + low)).sqrt()
    }
}

by_hazard!(Rayleigh, Parabola);

impl Distribution for Rayleigh {
    distribution_methods!();

    fn mean(&self) -> f64 {
        self.scale * FRAC_PI_2.sqrt()
    }

    fn variance(&self) -> f64 {
        (2.0 - FRAC_PI_2) * self.scale * self.scale
    }

    fn std(&self) -> f64 {
        (2.0 - FRAC_PI_2).sqrt() * self.scale
    }

    /// 2√π(π − 3)/(4 − π)^(3/2)
    fn skewness(&self) -> f64 {
        0.631_110_657_818_937_2
    }

    /// −(6π² − 24π + 16)/(4 − π)²
    fn kurtosis(&self) -> f64 {
        0.245_089_300_687_638_06
    }

    fn entropy(&self) -> f64 {
        // 1 + γ/2 − ½ ln 2
        const STANDARD: f64 = 0.942_034_242_170_793_8;
        STANDARD + self.scale.ln()
    }

    fn mode(&self) -> f64 {
        self.scale
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_exponential(out);
        out.iter_mut().for_each(|x| *x = self.scale * (2.0 * *x).sqrt());
    }
}

impl Family for Rayleigh {
    const NAME: &'static str = "Rayleigh";
    const PARAMETERS: &'static [&'static str] = &["scale"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [scale] = exactly::<Self, 1>(parameters)?;
        Self::new(scale)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.scale]
    }

    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        positive_multiple::<Self>(scale, shift)?;
        Self::new(self.scale * scale)
    }

    /// The root of half the mean square.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Rayleigh.fit";
        let held = held::<Self, 1>(FUNCTION, fixed)?;
        observations(FUNCTION, data, 1, |x| x > 0.0, "positive")?;
        let n = data.len() as f64;
        // In units of the largest value, whose square could overflow.
        let unit = data.iter().fold(0.0, |most: f64, x| most.max(*x));
        let squares: f64 = data.iter().map(|x| x / unit * (x / unit)).sum();
        let estimate = unit * (0.5 * squares / n).sqrt();
        if estimate == 0.0 && held[0].is_none() {
            let problem = "are too small for a scale that is a normal number".into();
            return Err(Error::Invalid { function: FUNCTION, argument: "data", problem });
        }
        let distribution = Self::new(held[0].unwrap_or(estimate))?;
        let error = if held[0].is_some() { 0.0 } else { distribution.scale / (2.0 * n.sqrt()) };
        Ok(by_formula(distribution, data, array![[error * error]], &held, 0))
    }
}
