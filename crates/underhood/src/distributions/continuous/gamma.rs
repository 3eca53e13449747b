//! The gamma distribution (NIST Engineering Statistics Handbook 1.3.6.6.11).

use super::place::{log_probability, probability};
use super::standard_gamma::{
    by_probability, by_quotient, entropy, information, ln_less_digamma, quantile_times, tail_at,
};
use super::{Continuous, shape_and_scale};
use crate::distributions::family::{by_formula, exactly, held, mean, observations};
use crate::distributions::likelihood::{Domain, Likelihood, maximize};
use crate::distributions::{Distribution, Family, Fitted};
use crate::error::{Error, Result};
use crate::random::{Stream, portable};
use crate::special::gamma_lanes::{
    SHAPES, density_in_place, log_density_in_place, log_probabilities_in_place, probabilities_in_place,
};
use crate::special::inverse_gamma::quantiles_in_place;
use crate::special::tail::{Side, Tail};
use crate::special::{digamma, gammaln, incomplete_gamma, polygamma};
use ndarray::{Array2, ArrayView1, array};

/// What the lanes write for quotients that are not theirs; it is replaced afterwards.
pub(super) const NOTHING: fn(f64) -> f64 = |_| 0.0;

/// Densities of a standard form below this may have lost digits that the scale brings back.
pub(super) const FAINT: f64 = 1e-290;

/// The gamma distribution.
///
/// **Definition.** The waiting time for the k-th event of a Poisson process with mean distance `scale`, for k = shape; and what lies between,
/// for shapes that are not whole.
///
/// **Density.** f(x) = (x/scale)^(shape − 1) exp(−x/scale)/(scale·Γ(shape)).
///
/// **Parameters.** `shape` positive (1e-20 to 1e20); `scale` positive and finite, in the units of x: one over the rate. **Support.** x ≥ 0.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, Gamma};
///
/// # fn main() -> underhood::Result<()> {
/// // The third bus of a line with one every ten minutes on average.
/// let third = Gamma::new(3.0, 10.0)?;
/// assert!((third.sf(60.0) - 25.0 * (-6.0_f64).exp()).abs() < 1e-16);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean shape·scale, variance shape·scale², skewness 2/√shape, kurtosis 6/shape.
///
/// **Numerical limits.** Relative error below 1e-14 as a function of x/scale in both tails down to 1e-300, as measured for shapes from 1e-3 to 1e10. What
/// the rounding of x/scale takes is put back (at many points where it would count for more than 5e-13). Quantiles and draws below the smallest double (tiny shapes) are 0.
///
/// **Method.** The incomplete gamma functions P(shape, x/scale) and Q; see [`crate::special`]. Fit: ln k − ψ(k) = ln x̄ − mean of ln x by Newton's
/// method in 1/k (T. P. Minka 2002, Estimating a Gamma distribution), the right side as a mean of deviances, which are not negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gamma {
    shape: f64,
    scale: f64,
}

impl Gamma {
    /// The gamma distribution with this shape and scale.
    ///
    /// # Errors
    /// If `shape` is not positive (1e-20 to 1e20), or `scale` not positive and finite.
    pub fn new(shape: f64, scale: f64) -> Result<Self> {
        shape_and_scale("Gamma", shape, scale)?;
        Ok(Gamma { shape, scale })
    }

    /// The shape.
    pub fn shape(&self) -> f64 {
        self.shape
    }

    /// The scale: one over the rate.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// A tail, or P(X ≤ x) outside the open support.
    fn tail(&self, x: f64) -> std::result::Result<Tail, f64> {
        if x > 0.0 && x < f64::INFINITY {
            return tail_at(self.shape, x, self.scale).ok_or(1.0);
        }
        Err(if x.is_nan() { x } else { f64::from(u8::from(x > 0.0)) })
    }

    /// Replaces every x by what `wide` makes of x/scale; by `one` where the lanes do not serve.
    fn by_shape(&self, x: &mut [f64], wide: impl Fn(f64, &mut [f64]), one: impl Fn(f64) -> f64) {
        if !SHAPES.contains(&self.shape) {
            x.iter_mut().for_each(|x| *x = one(*x));
            return;
        }
        let power_of_two = self.scale.to_bits() << 12 == 0;
        by_quotient(self.shape, power_of_two, x, |x| x / self.scale, |y| wide(self.shape, y), one);
    }

    /// The density at 0.
    fn pdf_at_zero(&self) -> f64 {
        if self.shape < 1.0 {
            f64::INFINITY
        } else if self.shape == 1.0 {
            1.0 / self.scale
        } else {
            0.0
        }
    }
}

impl Distribution for Gamma {
    fn cdf(&self, x: f64) -> f64 {
        probability(self.tail(x), Side::Lower)
    }

    fn sf(&self, x: f64) -> f64 {
        probability(self.tail(x), Side::Upper)
    }

    fn logcdf(&self, x: f64) -> f64 {
        log_probability(self.tail(x), Side::Lower)
    }

    fn logsf(&self, x: f64) -> f64 {
        log_probability(self.tail(x), Side::Upper)
    }

    fn ppf(&self, p: f64) -> f64 {
        quantile_times(self.shape, p, Side::Lower, self.scale, false)
    }

    fn isf(&self, q: f64) -> f64 {
        quantile_times(self.shape, q, Side::Upper, self.scale, false)
    }

    fn cdf_in_place(&self, x: &mut [f64]) {
        self.by_shape(x, |a, y| probabilities_in_place(a, y, 1.0, Side::Lower, NOTHING), |x| self.cdf(x));
    }

    fn sf_in_place(&self, x: &mut [f64]) {
        self.by_shape(x, |a, y| probabilities_in_place(a, y, 1.0, Side::Upper, NOTHING), |x| self.sf(x));
    }

    fn logcdf_in_place(&self, x: &mut [f64]) {
        self.by_shape(x, |a, y| log_probabilities_in_place(a, y, 1.0, Side::Lower, NOTHING), |x| self.logcdf(x));
    }

    fn logsf_in_place(&self, x: &mut [f64]) {
        self.by_shape(x, |a, y| log_probabilities_in_place(a, y, 1.0, Side::Upper, NOTHING), |x| self.logsf(x));
    }

    fn ppf_in_place(&self, p: &mut [f64]) {
        let wide = |p: &mut [f64]| quantiles_in_place(self.shape, p, Side::Lower, self.scale, |p| self.ppf(p));
        by_probability(self.shape, p, Side::Lower, wide, |p| self.ppf(p));
    }

    fn isf_in_place(&self, q: &mut [f64]) {
        let wide = |q: &mut [f64]| quantiles_in_place(self.shape, q, Side::Upper, self.scale, |q| self.isf(q));
        by_probability(self.shape, q, Side::Upper, wide, |q| self.isf(q));
    }

    fn mean(&self) -> f64 {
        self.shape * self.scale
    }

    fn variance(&self) -> f64 {
        self.shape * self.scale * self.scale
    }

    fn std(&self) -> f64 {
        self.shape.sqrt() * self.scale
    }

    fn skewness(&self) -> f64 {
        2.0 / self.shape.sqrt()
    }

    fn kurtosis(&self) -> f64 {
        6.0 / self.shape
    }

    fn entropy(&self) -> f64 {
        entropy(self.shape) + self.scale.ln()
    }

    fn mode(&self) -> f64 {
        (self.shape - 1.0).max(0.0) * self.scale
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        if self.shape < 0.1 {
            // Draws too small for a double may not be when they are scaled.
            stream.fill_log_gamma(self.shape, out);
            let log_scale = portable::ln(self.scale);
            out.iter_mut().for_each(|x| *x += log_scale);
            portable::exp_in_place(out);
            return;
        }
        stream.fill_gamma(self.shape, out);
        if self.scale != 1.0 {
            out.iter_mut().for_each(|x| *x *= self.scale);
        }
    }
}

impl Continuous for Gamma {
    fn pdf(&self, x: f64) -> f64 {
        match self.tail(x) {
            Ok(tail) => tail.density.over(x).value(),
            Err(_) if x == 0.0 => self.pdf_at_zero(),
            Err(cdf) => cdf * 0.0,
        }
    }

    fn logpdf(&self, x: f64) -> f64 {
        match self.tail(x) {
            Ok(tail) => tail.density.over(x).ln(),
            Err(_) if x == 0.0 => self.pdf_at_zero().ln(),
            Err(cdf) => (cdf * 0.0).ln(),
        }
    }

    fn pdf_in_place(&self, x: &mut [f64]) {
        let wide = |a: f64, y: &mut [f64]| {
            let before = if self.scale < 1.0 { y.to_vec() } else { Vec::new() };
            density_in_place(a, y, 1.0, NOTHING);
            let faint = y.iter().fold(false, |faint, density| faint | (*density < FAINT));
            let of_one = if faint && self.scale < 1.0 { y.to_vec() } else { Vec::new() };
            y.iter_mut().for_each(|density| *density /= self.scale);
            // What has underflowed may come back from a small scale.
            for ((value, &density), &y) in y.iter_mut().zip(&of_one).zip(&before) {
                if density < FAINT {
                    *value = incomplete_gamma::density(a, y).over(y).over(self.scale).value();
                }
            }
        };
        self.by_shape(x, wide, |x| self.pdf(x));
    }

    fn logpdf_in_place(&self, x: &mut [f64]) {
        let log_scale = self.scale.ln();
        let wide = |a: f64, y: &mut [f64]| {
            log_density_in_place(a, y, 1.0, NOTHING);
            y.iter_mut().for_each(|log| *log -= log_scale);
        };
        self.by_shape(x, wide, |x| self.logpdf(x));
    }
}

impl Family for Gamma {
    const NAME: &'static str = "Gamma";
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

    fn sum(&self, other: &Self) -> Result<Self> {
        if self.scale != other.scale {
            let problem = format!(
                "and Y have the scales {} and {}: a sum of two Gammas is a Gamma only if these are equal; draw from both by rvs and add",
                self.scale, other.scale
            );
            return Err(Error::Invalid { function: "sum", argument: "X", problem });
        }
        Self::new(self.shape + other.shape, self.scale)
    }

    /// The scale is x̄/shape, the shape the root of ln k − ψ(k) = ln x̄ − mean of ln x.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Gamma.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        let needed = if held[0].is_some() { 1 } else { 2 };
        observations(FUNCTION, data, needed, |x| x > 0.0, "positive")?;
        let (distribution, covariance, iterations) = estimate(FUNCTION, data, held)?;
        Ok(by_formula(distribution, data, covariance, &held, iterations))
    }
}

/// The member under which the positive data are most likely, the covariance of its parameters, and the steps that it took.
pub(super) fn estimate(
    function: &'static str,
    data: ArrayView1<'_, f64>,
    held: [Option<f64>; 2],
) -> Result<(Gamma, Array2<f64>, usize)> {
    let n = data.len() as f64;
    let centre = mean(data);
    // δ − ln(1 + δ) is never negative, and their mean is ln x̄ − mean of ln x without the cancellation.
    let deviance = data.iter().map(|x| deviance(*x, centre)).sum::<f64>() / n;
    let (mut iterations, mut start) = (0, held[0]);
    if start.is_none() {
        if let Some(scale) = held[1] {
            start = Some((centre / scale).clamp(1e-3, 1e19));
        } else if data.iter().all(|x| *x == data[0]) {
            let consequence = "the likelihood rises without bound as the shape grows";
            return Err(Error::Constant { function, argument: "data", value: data[0], consequence });
        } else if !(deviance > 1e-20) {
            let problem = "differ by less than 1e-10 of their size: the shape would be beyond 1e20".into();
            return Err(Error::Invalid { function, argument: "data", problem });
        } else {
            let (shape, steps) = shape_of(deviance);
            (start, iterations) = (Some(shape), steps);
        }
    }
    let mut shape = start.unwrap_or(1.0);
    if let [None, Some(scale)] = held {
        Gamma::new(1.0, scale)?;
        // ψ(k) is the mean of ln(x/scale).
        let log = (centre / scale).ln() - deviance;
        let maximum = maximize(function, [shape], &[None], [Domain::Positive], |&[k]| Likelihood {
            value: n * (k * log - gammaln(k)),
            gradient: [n * (log - digamma(k))],
            hessian: [[-n * polygamma(1.0, k)]],
        })?;
        shape = maximum.parameters[0];
        iterations = maximum.iterations;
    }
    let scale = held[1].unwrap_or(centre / shape);
    let distribution = Gamma::new(shape, scale)?;
    let covariance = match held {
        [None, None] => {
            // The inverse of n·[ψ′(k), 1/s; 1/s, k/s²], whose determinant is n²(kψ′(k) − 1)/s².
            let excess = information(shape) * n;
            let both = -scale / excess;
            let of_scale = scale * scale * (information(shape) + 1.0) / (shape * excess);
            array![[shape / excess, both], [both, of_scale]]
        }
        [Some(_), None] => array![[0.0, 0.0], [0.0, scale * (scale / shape) / n]],
        [None, Some(_)] => array![[1.0 / (n * polygamma(1.0, shape)), 0.0], [0.0, 0.0]],
        [Some(_), Some(_)] => Array2::zeros((2, 2)),
    };
    Ok((distribution, covariance, iterations))
}

/// δ − ln(1 + δ) for 1 + δ = x/centre.
fn deviance(x: f64, centre: f64) -> f64 {
    let delta = (x - centre) / centre;
    if delta.abs() < 0.02 {
        // δ²/2 − δ³/3 + …
        return delta * delta * (2..12).rev().fold(0.0, |sum, k| 1.0 / f64::from(k) - delta * sum);
    }
    delta - (x / centre).ln()
}

/// The k with ln k − ψ(k) = target > 0, and the steps that were made.
fn shape_of(target: f64) -> (f64, usize) {
    // Between 1/(2k) for large k and 1/k for small ones.
    let mut k = (3.0 - target + ((target - 3.0) * (target - 3.0) + 24.0 * target).sqrt()) / (12.0 * target);
    for step in 1..60 {
        // Newton's method in 1/k: d(ln k − ψ(k))/d(1/k) = k(kψ′(k) − 1).
        let inverse = 1.0 / k + (target - ln_less_digamma(k)) / (k * information(k));
        let next = if inverse > 0.0 { 1.0 / inverse } else { 2.0 * k };
        let change = (next / k - 1.0).abs();
        k = next;
        if change < 1e-15 || (step > 20 && change < 1e-12) {
            return (k, step);
        }
    }
    (k, 60)
}
