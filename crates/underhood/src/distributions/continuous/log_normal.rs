//! The lognormal distribution (NIST Engineering Statistics Handbook 1.3.6.6.9).

use super::{Continuous, positive, positive_multiple};
use crate::check::in_range;
use crate::distributions::family::{by_formula, exactly, held, observations};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::Dd;
use crate::error::{Error, Result};
use crate::random::{Stream, portable};
use crate::simd::wide_kernel;
use crate::special::power::{exp_of_pair, ln_of_pair, pair_over, sum_of_pairs, times_pair};
use crate::special::{Scaled, log_ndtr_in_place, ndtr_in_place, ndtri_in_place};
use ndarray::{Array2, ArrayView1, array};

/// ½ ln 2π
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;
/// So many numbers are transformed at a time.
const BLOCK: usize = 512;

/// The lognormal distribution.
///
/// **Definition.** exp(Y) for a Y that is Normal(μ, σ): the limit of products of many small independent factors.
///
/// **Density.** f(x) = exp(−½z²)/(x·σ·√(2π)), z = (ln x − μ)/σ.
///
/// **Parameters.** `mu` finite; `sigma` positive and finite: mean and standard deviation of ln x, not of x. **Support.** x > 0.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, LogNormal, Normal};
///
/// # fn main() -> underhood::Result<()> {
/// let income = LogNormal::new(10.0, 0.5)?;
/// assert!((income.median() / 10.0_f64.exp() - 1.0).abs() < 1e-14);
/// assert!((income.cdf(11.0_f64.exp()) - Normal::standard().cdf(2.0)).abs() < 1e-15);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean exp(μ + σ²/2), variance (exp σ² − 1)·exp(2μ + σ²), skewness (exp σ² + 2)√(exp σ² − 1).
///
/// **Numerical limits.** Relative error below 1e-14 as a function of x, μ and σ, in both tails down to 1e-300. Quantiles have the relative error
/// of z times σz: 1e-14 for σ = 1, and 0 or ∞ where no double is near.
///
/// **Method.** Φ(z), with ln x, its difference from μ and the quotient in two doubles; see [`Normal`](super::Normal).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogNormal {
    mu: f64,
    sigma: f64,
}

impl LogNormal {
    /// The distribution of exp(Y) for a Y with mean `mu` and standard deviation `sigma`.
    ///
    /// # Errors
    /// If `mu` is not finite, or `sigma` not positive and finite.
    pub fn new(mu: f64, sigma: f64) -> Result<Self> {
        in_range("LogNormal", "mu", mu, mu.is_finite(), "finite")?;
        positive("LogNormal", "sigma", sigma)?;
        Ok(LogNormal { mu, sigma })
    }

    /// The mean of ln x.
    pub fn mu(&self) -> f64 {
        self.mu
    }

    /// The standard deviation of ln x.
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// Replaces every x by what `wide` makes of sign·z, corrected for what z lost in rounding.
    fn of_z(&self, x: &mut [f64], sign: f64, wide: fn(&mut [f64]), logarithm: bool) {
        let (mut z, mut low) = ([0.0; BLOCK], [0.0; BLOCK]);
        for x in x.chunks_mut(BLOCK) {
            let (z, low) = (&mut z[..x.len()], &mut low[..x.len()]);
            standardise(self, x, sign, z, low);
            x.copy_from_slice(z);
            wide(x);
            correct(x, z, low, logarithm);
        }
    }

    /// Replaces every p by exp(μ + sign·σ·Φ⁻¹(p)).
    fn quantiles(&self, p: &mut [f64], sign: f64) {
        ndtri_in_place(p);
        powers(self, p, sign);
    }

    /// exp(factor·μ + square·σ²)
    fn moment(&self, factor: f64, square: f64) -> f64 {
        let exponent = Dd::product(self.mu, factor) + Dd::product(self.sigma, self.sigma) * square;
        if exponent.value().is_finite() {
            return Scaled { factor: 1.0, exponent }.value();
        }
        (self.mu * factor + self.sigma * self.sigma * square).exp()
    }

    fn one(&self, x: f64, of: fn(&Self, &mut [f64])) -> f64 {
        let mut value = [x];
        of(self, &mut value);
        value[0]
    }
}

wide_kernel! {
    /// Writes sign·(ln x − μ)/σ in two doubles.
    fn standardise(d: &LogNormal, x: &[f64], sign: f64, z: &mut [f64], low: &mut [f64]) = standardise_body
}

#[inline(always)]
fn standardise_body<const FMA: bool>(d: &LogNormal, x: &[f64], sign: f64, z: &mut [f64], low: &mut [f64]) {
    for ((&x, z), low) in x.iter().zip(z).zip(low) {
        let (high, rest) = z_of::<FMA>(d, x);
        let value = if x <= 0.0 { f64::NEG_INFINITY } else { high };
        let value = if x == f64::INFINITY { x } else { value };
        *z = sign * if x.is_nan() { x } else { value };
        *low = sign * rest;
    }
}

/// (ln x − μ)/σ for 0 < x < ∞.
#[inline(always)]
fn z_of<const FMA: bool>(d: &LogNormal, x: f64) -> (f64, f64) {
    let inside = x > 0.0 && x < f64::INFINITY;
    let log = ln_of_pair::<FMA>(if inside { x } else { 1.0 }, 0.0);
    pair_over::<FMA>(sum_of_pairs(log, (-d.mu, 0.0)), d.sigma)
}

wide_kernel! {
    /// Moves Φ(z), or its logarithm, to z + low.
    fn correct(value: &mut [f64], z: &[f64], low: &[f64], logarithm: bool) = correct_body
}

#[inline(always)]
fn correct_body<const FMA: bool>(value: &mut [f64], z: &[f64], low: &[f64], logarithm: bool) {
    for ((value, &z), &low) in value.iter_mut().zip(z).zip(low) {
        // φ/Q, to a few digits of a correction in the sixteenth (Laplace's fraction, DLMF 7.9.1): what one tail changes by, relative to itself.
        let t = z.abs();
        let slope = t + 1.0 / (t + 2.0 / (t + 3.0 / (t + 4.0 / t)));
        let shift = if t > 1.0 && t < 1e100 { slope * low } else { 0.0 };
        // ln Φ(z) is ln of the lower tail below, and about −Q(z) far above.
        let log = if z < 0.0 { *value + shift } else { *value - *value * shift };
        let plain = if z < 0.0 && z > -39.0 { *value + *value * shift } else { *value };
        *value = if logarithm { log } else { plain };
    }
}

wide_kernel! {
    /// Replaces every z by exp(μ + sign·σ·z).
    fn powers(d: &LogNormal, z: &mut [f64], sign: f64) = powers_body
}

#[inline(always)]
fn powers_body<const FMA: bool>(d: &LogNormal, z: &mut [f64], sign: f64) {
    for z in z {
        let (high, low) = sum_of_pairs(times_pair::<FMA>(sign * d.sigma, (*z, 0.0)), (d.mu, 0.0));
        *z = exp_of_pair::<FMA>(high, low);
    }
}

wide_kernel! {
    /// Replaces every x by the density, or by its logarithm.
    fn densities(d: &LogNormal, constant: (f64, f64), x: &mut [f64], logarithm: bool) = densities_body
}

#[inline(always)]
fn densities_body<const FMA: bool>(d: &LogNormal, constant: (f64, f64), x: &mut [f64], logarithm: bool) {
    for x in x {
        let inside = *x > 0.0 && *x < f64::INFINITY;
        let log = ln_of_pair::<FMA>(if inside { *x } else { 1.0 }, 0.0);
        let (z, rest) = pair_over::<FMA>(sum_of_pairs(log, (-d.mu, 0.0)), d.sigma);
        let (square, lost) = times_pair::<FMA>(z, (z, 2.0 * rest));
        let (high, low) = sum_of_pairs(sum_of_pairs(constant, (-log.0, -log.1)), (-0.5 * square, -0.5 * lost));
        let value = if logarithm { high + low } else { exp_of_pair::<FMA>(high, low) };
        let outside = if logarithm { f64::NEG_INFINITY } else { 0.0 };
        let value = if inside { value } else { outside };
        *x = if x.is_nan() { *x } else { value };
    }
}

impl LogNormal {
    /// −ln(σ√(2π))
    fn constant(&self) -> (f64, f64) {
        // The low part of ½ ln 2π, for sums of several hundred that cancel.
        let half_ln_two_pi = Dd { high: HALF_LN_TWO_PI, low: -3.878_294_158_067_242e-17 };
        let constant = -(Dd::from(self.sigma).ln() + half_ln_two_pi);
        (constant.high, constant.low)
    }
}

impl Distribution for LogNormal {
    fn cdf(&self, x: f64) -> f64 {
        self.one(x, Self::cdf_in_place)
    }

    fn sf(&self, x: f64) -> f64 {
        self.one(x, Self::sf_in_place)
    }

    fn logcdf(&self, x: f64) -> f64 {
        self.one(x, Self::logcdf_in_place)
    }

    fn logsf(&self, x: f64) -> f64 {
        self.one(x, Self::logsf_in_place)
    }

    fn ppf(&self, p: f64) -> f64 {
        self.one(p, Self::ppf_in_place)
    }

    fn isf(&self, q: f64) -> f64 {
        self.one(q, Self::isf_in_place)
    }

    fn cdf_in_place(&self, x: &mut [f64]) {
        self.of_z(x, 1.0, ndtr_in_place, false);
    }

    fn sf_in_place(&self, x: &mut [f64]) {
        self.of_z(x, -1.0, ndtr_in_place, false);
    }

    fn logcdf_in_place(&self, x: &mut [f64]) {
        self.of_z(x, 1.0, log_ndtr_in_place, true);
    }

    fn logsf_in_place(&self, x: &mut [f64]) {
        self.of_z(x, -1.0, log_ndtr_in_place, true);
    }

    fn ppf_in_place(&self, p: &mut [f64]) {
        self.quantiles(p, 1.0);
    }

    fn isf_in_place(&self, q: &mut [f64]) {
        self.quantiles(q, -1.0);
    }

    fn mean(&self) -> f64 {
        self.moment(1.0, 0.5)
    }

    fn variance(&self) -> f64 {
        let square = self.sigma * self.sigma;
        // exp σ² − 1 is exp σ² to the last digit from 40 on, and could overflow alone.
        if square < 40.0 { self.moment(2.0, 1.0) * square.exp_m1() } else { self.moment(2.0, 2.0) }
    }

    fn std(&self) -> f64 {
        let square = self.sigma * self.sigma;
        if square < 40.0 { self.moment(1.0, 0.5) * square.exp_m1().sqrt() } else { self.moment(1.0, 1.0) }
    }

    fn median(&self) -> f64 {
        self.mu.exp()
    }

    fn skewness(&self) -> f64 {
        let excess = (self.sigma * self.sigma).exp_m1();
        (excess + 3.0) * excess.sqrt()
    }

    fn kurtosis(&self) -> f64 {
        // w⁴ + 2w³ + 3w² − 6 in powers of w − 1 = exp σ² − 1.
        let excess = (self.sigma * self.sigma).exp_m1();
        excess * (16.0 + excess * (15.0 + excess * (6.0 + excess)))
    }

    fn entropy(&self) -> f64 {
        self.mu + (0.5 + HALF_LN_TWO_PI + self.sigma.ln())
    }

    fn mode(&self) -> f64 {
        self.moment(1.0, -1.0)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_normal(out);
        out.iter_mut().for_each(|z| *z = self.mu + self.sigma * *z);
        portable::exp_in_place(out);
    }
}

impl Continuous for LogNormal {
    fn pdf(&self, x: f64) -> f64 {
        self.one(x, Self::pdf_in_place)
    }

    fn logpdf(&self, x: f64) -> f64 {
        self.one(x, Self::logpdf_in_place)
    }

    fn pdf_in_place(&self, x: &mut [f64]) {
        densities(self, self.constant(), x, false);
    }

    fn logpdf_in_place(&self, x: &mut [f64]) {
        densities(self, self.constant(), x, true);
    }
}

impl Family for LogNormal {
    const NAME: &'static str = "LogNormal";
    const PARAMETERS: &'static [&'static str] = &["mu", "sigma"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [mu, sigma] = exactly::<Self, 2>(parameters)?;
        Self::new(mu, sigma)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.mu, self.sigma]
    }

    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        positive_multiple::<Self>(scale, shift)?;
        Self::new(self.mu + scale.ln(), self.sigma)
    }

    /// Mean and standard deviation (with n, not n − 1) of ln x. Standard errors σ̂/√n and σ̂/√(2n).
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "LogNormal.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        observations(FUNCTION, data, 1, |x| x > 0.0, "positive")?;
        let n = data.len() as f64;
        // In units of one value: logarithms of nearly equal data keep their digits.
        let unit = data[0];
        let near = |x: f64| (0.5 * unit..2.0 * unit).contains(&x);
        let logs: Vec<f64> =
            data.iter().map(|x| if near(*x) { ((x - unit) / unit).ln_1p() } else { x.ln() - unit.ln() }).collect();
        let middle = match held[0] {
            Some(mu) => mu - unit.ln(),
            None => logs.iter().sum::<f64>() / n,
        };
        let squares = logs.iter().map(|l| (l - middle) * (l - middle)).sum::<f64>();
        let sigma = held[1].unwrap_or((squares / n).sqrt());
        if sigma == 0.0 && held[1].is_none() {
            let consequence = "a LogNormal with sigma 0 has no density";
            return Err(Error::Constant { function: FUNCTION, argument: "data", value: data[0], consequence });
        }
        let distribution = Self::new(held[0].unwrap_or(middle + unit.ln()), sigma)?;
        let (of_mu, of_sigma) = (sigma * sigma / n, 1.0 / (3.0 * squares / sigma.powi(4) - n / (sigma * sigma)));
        let covariance = Array2::from_diag(&array![
            if held[0].is_some() { 0.0 } else { of_mu },
            if held[1].is_some() { 0.0 } else { of_sigma },
        ]);
        Ok(by_formula(distribution, data, covariance, &held, 0))
    }
}
