//! The inverse gamma distribution (Johnson, Kotz and Balakrishnan 1994, Continuous Univariate Distributions 1, §17.8.4).

use super::gamma::{FAINT, NOTHING, estimate};
use super::place::{log_probability, probability};
use super::standard_gamma::{by_probability, by_quotient, inverse_entropy, quantile_times, tail_at};
use super::{Continuous, shape_and_scale};
use crate::distributions::family::{by_formula, exactly, held, observations};
use crate::distributions::{Distribution, Family, Fitted};
use crate::error::Result;
use crate::random::{Stream, portable};
use crate::simd::wide_kernel;
use crate::special::gamma_lanes::{
    SHAPES, density_in_place, log_density_in_place, log_probabilities_in_place, probabilities_in_place,
};
use crate::special::inverse_gamma::quantiles_in_place;
use crate::special::logarithm::ln;
use crate::special::tail::{Side, Tail};
use crate::special::{incomplete_gamma, quantile};
use ndarray::{Array1, ArrayView1};

/// The inverse gamma distribution.
///
/// **Definition.** scale/Y for a Y that is Gamma(shape, 1). What is known of a normal's variance after some draws (Bayes).
///
/// **Density.** f(x) = scaleᵃ/Γ(a)·x^(−a−1)·exp(−scale/x), a = shape.
///
/// **Parameters.** `shape` positive (1e-20 to 1e20); `scale` positive and finite, in the units of x. **Support.** x > 0.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, Gamma, InverseGamma};
///
/// # fn main() -> underhood::Result<()> {
/// let (x, y) = (InverseGamma::new(3.0, 2.0)?, Gamma::new(3.0, 0.5)?);
/// assert!((x.cdf(4.0) / y.sf(0.25) - 1.0).abs() < 1e-15);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean scale/(a − 1) for a > 1 (else ∞), variance scale²/((a − 1)²(a − 2)) for a > 2 (∞ for 1 < a ≤ 2, else NaN); skewness for a > 3,
/// kurtosis for a > 4 (∞ for 2 < a ≤ 4).
///
/// **Numerical limits.** Relative error below 1e-14 as a function of scale/x in both tails down to 1e-300, as measured for shapes from 1e-3 to 1e10. What
/// the rounding of scale/x takes is put back (at many points where it would count for more than 5e-13). Quantiles and draws beyond the largest double (tiny shapes) are ∞.
///
/// **Method.** P(X ≤ x) = Q(a, scale/x); see [`crate::special`]. Fit: that of [`Gamma`](super::Gamma) to 1/x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InverseGamma {
    shape: f64,
    scale: f64,
}

impl InverseGamma {
    /// The inverse gamma distribution with this shape and scale.
    ///
    /// # Errors
    /// If `shape` is not positive (1e-20 to 1e20), or `scale` not positive and finite.
    pub fn new(shape: f64, scale: f64) -> Result<Self> {
        shape_and_scale("InverseGamma", shape, scale)?;
        Ok(InverseGamma { shape, scale })
    }

    /// The shape.
    pub fn shape(&self) -> f64 {
        self.shape
    }

    /// The scale.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// A tail of Y at scale/x, or P(Y ≤ scale/x) outside the open support.
    fn tail(&self, x: f64) -> std::result::Result<Tail, f64> {
        if x > 0.0 && x < f64::INFINITY {
            return tail_at(self.shape, self.scale, x).ok_or(1.0);
        }
        Err(if x.is_nan() { x } else { f64::from(u8::from(x <= 0.0)) })
    }
}

impl InverseGamma {
    /// Replaces every x by what `wide` makes of scale/x; by `one` where the lanes do not serve.
    fn by_shape(&self, x: &mut [f64], wide: impl Fn(f64, &mut [f64]), one: impl Fn(f64) -> f64) {
        if !SHAPES.contains(&self.shape) {
            x.iter_mut().for_each(|x| *x = one(*x));
            return;
        }
        by_quotient(self.shape, false, x, |x| self.scale / x, |y| wide(self.shape, y), one);
    }

    /// Replaces every x by a density, of which `wide` makes that of Y.
    fn densities(&self, x: &mut [f64], wide: impl Fn(f64, &mut [f64]), logarithm: bool, one: impl Fn(f64) -> f64) {
        let both = |a: f64, y: &mut [f64]| {
            let before = y.to_vec();
            wide(a, y);
            let faint = !logarithm && y.iter().fold(false, |faint, density| faint | (*density < FAINT));
            let of_gamma = if faint { y.to_vec() } else { Vec::new() };
            turn(y, &before, self.scale, logarithm);
            // What has underflowed may come back from the factor y/x.
            for ((value, &density), &y) in y.iter_mut().zip(&of_gamma).zip(&before) {
                if density < FAINT && y * (y / self.scale) > 1.0 {
                    *value = incomplete_gamma::density(a, y).times(y).over(self.scale).value();
                }
            }
        };
        self.by_shape(x, both, one);
    }

    /// Replaces every p by scale over the quantile of one side of Y.
    fn quantiles(&self, p: &mut [f64], side: Side, one: impl Fn(f64) -> f64) {
        let wide = |p: &mut [f64]| {
            quantiles_in_place(self.shape, p, side, 1.0, |p| quantile(self.shape, p, side));
            p.iter_mut().for_each(|y| *y = self.scale / *y);
        };
        by_probability(self.shape, p, side, wide, one);
    }
}

impl Distribution for InverseGamma {
    fn cdf(&self, x: f64) -> f64 {
        probability(self.tail(x), Side::Upper)
    }

    fn sf(&self, x: f64) -> f64 {
        probability(self.tail(x), Side::Lower)
    }

    fn logcdf(&self, x: f64) -> f64 {
        log_probability(self.tail(x), Side::Upper)
    }

    fn logsf(&self, x: f64) -> f64 {
        log_probability(self.tail(x), Side::Lower)
    }

    fn ppf(&self, p: f64) -> f64 {
        quantile_times(self.shape, p, Side::Upper, self.scale, true)
    }

    fn isf(&self, q: f64) -> f64 {
        quantile_times(self.shape, q, Side::Lower, self.scale, true)
    }

    fn cdf_in_place(&self, x: &mut [f64]) {
        self.by_shape(x, |a, y| probabilities_in_place(a, y, 1.0, Side::Upper, NOTHING), |x| self.cdf(x));
    }

    fn sf_in_place(&self, x: &mut [f64]) {
        self.by_shape(x, |a, y| probabilities_in_place(a, y, 1.0, Side::Lower, NOTHING), |x| self.sf(x));
    }

    fn logcdf_in_place(&self, x: &mut [f64]) {
        self.by_shape(x, |a, y| log_probabilities_in_place(a, y, 1.0, Side::Upper, NOTHING), |x| self.logcdf(x));
    }

    fn logsf_in_place(&self, x: &mut [f64]) {
        self.by_shape(x, |a, y| log_probabilities_in_place(a, y, 1.0, Side::Lower, NOTHING), |x| self.logsf(x));
    }

    fn ppf_in_place(&self, p: &mut [f64]) {
        self.quantiles(p, Side::Upper, |p| self.ppf(p));
    }

    fn isf_in_place(&self, q: &mut [f64]) {
        self.quantiles(q, Side::Lower, |q| self.isf(q));
    }

    fn mean(&self) -> f64 {
        if self.shape > 1.0 { self.scale / (self.shape - 1.0) } else { f64::INFINITY }
    }

    fn variance(&self) -> f64 {
        if self.shape > 2.0 {
            let mean = self.mean();
            mean * mean / (self.shape - 2.0)
        } else if self.shape > 1.0 {
            f64::INFINITY
        } else {
            f64::NAN
        }
    }

    fn std(&self) -> f64 {
        // Not the root of the variance, which can overflow.
        if self.shape > 2.0 { self.mean() / (self.shape - 2.0).sqrt() } else { self.variance() }
    }

    fn skewness(&self) -> f64 {
        if self.shape > 3.0 { 4.0 * (self.shape - 2.0).sqrt() / (self.shape - 3.0) } else { f64::NAN }
    }

    fn kurtosis(&self) -> f64 {
        let a = self.shape;
        if a > 4.0 {
            6.0 * ((5.0 * a - 11.0) / ((a - 3.0) * (a - 4.0)))
        } else if a > 2.0 {
            f64::INFINITY
        } else {
            f64::NAN
        }
    }

    fn entropy(&self) -> f64 {
        inverse_entropy(self.shape) + self.scale.ln()
    }

    fn mode(&self) -> f64 {
        self.scale / (self.shape + 1.0)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        if self.shape < 0.1 {
            // Draws too small for a double may not be when they are scaled.
            stream.fill_log_gamma(self.shape, out);
            let log_scale = portable::ln(self.scale);
            out.iter_mut().for_each(|x| *x = log_scale - *x);
            portable::exp_in_place(out);
            return;
        }
        stream.fill_gamma(self.shape, out);
        out.iter_mut().for_each(|x| *x = self.scale / *x);
    }
}

impl Continuous for InverseGamma {
    fn pdf(&self, x: f64) -> f64 {
        match self.tail(x) {
            Ok(tail) => tail.density.over(x).value(),
            Err(above) => above * 0.0,
        }
    }

    fn logpdf(&self, x: f64) -> f64 {
        match self.tail(x) {
            Ok(tail) => tail.density.over(x).ln(),
            Err(above) => (above * 0.0).ln(),
        }
    }

    fn pdf_in_place(&self, x: &mut [f64]) {
        self.densities(x, |a, y| density_in_place(a, y, 1.0, NOTHING), false, |x| self.pdf(x));
    }

    fn logpdf_in_place(&self, x: &mut [f64]) {
        self.densities(x, |a, y| log_density_in_place(a, y, 1.0, NOTHING), true, |x| self.logpdf(x));
    }
}

wide_kernel! {
    /// Makes the density of Y at y, or its logarithm, that of scale/Y: times y²/scale.
    fn turn(density: &mut [f64], y: &[f64], scale: f64, logarithm: bool) = turn_body
}

#[inline(always)]
fn turn_body<const FMA: bool>(density: &mut [f64], y: &[f64], scale: f64, logarithm: bool) {
    if logarithm {
        let log_scale = ln::<FMA>(scale);
        for (density, &y) in density.iter_mut().zip(y) {
            *density += 2.0 * ln::<FMA>(y) - log_scale;
        }
    } else {
        for (density, &y) in density.iter_mut().zip(y) {
            *density = *density * y * (y / scale);
        }
    }
}

impl Family for InverseGamma {
    const NAME: &'static str = "InverseGamma";
    const PARAMETERS: &'static [&'static str] = &["shape", "scale"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [shape, scale] = exactly::<Self, 2>(parameters)?;
        Self::new(shape, scale)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.shape, self.scale]
    }

    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        super::positive_multiple::<Self>(scale, shift)?;
        Self::new(self.shape, self.scale * scale)
    }

    /// That of [`Gamma`](super::Gamma) to 1/x, whose scale is one over this one's.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "InverseGamma.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        let needed = if held[0].is_some() { 1 } else { 2 };
        observations(FUNCTION, data, needed, |x| x > 0.0, "positive")?;
        // In units of the smallest value: no quotient overflows.
        let unit = data.iter().fold(f64::INFINITY, |least, x| least.min(*x));
        let inverse: Array1<f64> = data.iter().map(|x| unit / x).collect();
        if let Some(scale) = held[1] {
            Self::new(1.0, scale)?;
        }
        let (gamma, mut covariance, iterations) =
            estimate(FUNCTION, inverse.view(), [held[0], held[1].map(|scale| unit / scale)])?;
        let scale = held[1].unwrap_or(unit / gamma.scale());
        // d(1/s) = −ds/s².
        let slope = -scale / gamma.scale();
        covariance[[0, 1]] *= slope;
        covariance[[1, 0]] *= slope;
        covariance[[1, 1]] *= slope * slope;
        Ok(by_formula(Self::new(gamma.shape(), scale)?, data, covariance, &held, iterations))
    }
}
