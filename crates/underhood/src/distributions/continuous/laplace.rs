//! The Laplace or double exponential distribution (Johnson, Kotz and Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 24).

use ndarray::{Array2, ArrayView1, array};
use std::f64::consts::{LN_2, SQRT_2};

use super::{Continuous, location_and_scale};
use crate::distributions::family::{exactly, held};
use crate::distributions::standard_form::{StandardForm, Unit};
use crate::distributions::wide::wide_methods;
use crate::distributions::{Distribution, Family, Fitted};
use crate::error::Result;
use crate::random::Stream;
use crate::special::exponential::exp;
use crate::special::logarithm::{ln, ln_1p};

/// The Laplace distribution about `loc`: an exponential distribution to either side.
///
/// **Definition.** loc + scale·(E₁ − E₂) for independent standard exponential variables; the errors under which least absolute deviations
/// are the most likely.
///
/// **Density.** f(x) = exp(−|z|)/(2·scale), z = (x − loc)/scale.
///
/// **Parameters.** `loc` finite; `scale` positive and finite: the mean of |x − loc|. **Support.** All real numbers.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, Laplace};
///
/// # fn main() -> underhood::Result<()> {
/// let error = Laplace::new(0.0, 2.0)?;
/// assert!((error.sf(2.0) - 0.5 * (-1.0_f64).exp()).abs() < 1e-16);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean loc, variance 2·scale², skewness 0, kurtosis 3, entropy 1 + ln(2·scale).
///
/// **Numerical limits.** Relative error below 1e-15 as a function of z, in both tails down to the smallest double.
///
/// **Method.** Closed forms of exp and ln; the smaller of p and 1 − p, which is exact, for the quantile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Laplace {
    loc: f64,
    scale: f64,
}

impl Laplace {
    /// The Laplace distribution with centre `loc` and mean absolute deviation `scale`.
    ///
    /// # Errors
    /// If `loc` is not finite, or `scale` not positive and finite.
    pub fn new(loc: f64, scale: f64) -> Result<Self> {
        location_and_scale("Laplace", loc, scale)?;
        Ok(Laplace { loc, scale })
    }

    /// The centre.
    pub fn loc(&self) -> f64 {
        self.loc
    }

    /// The scale.
    pub fn scale(&self) -> f64 {
        self.scale
    }
}

#[inline(always)]
fn pdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    0.5 * exp::<FMA>(-((x - loc) / scale).abs()) / scale
}

#[inline(always)]
fn logpdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    -((x - loc) / scale).abs() - (LN_2 + ln::<FMA>(scale))
}

/// P(Z ≤ z).
#[inline(always)]
fn lower<const FMA: bool>(z: f64) -> f64 {
    let tail = 0.5 * exp::<FMA>(-z.abs());
    if z < 0.0 { tail } else { 1.0 - tail }
}

/// ln P(Z ≤ z).
#[inline(always)]
fn log_lower<const FMA: bool>(z: f64) -> f64 {
    let tail = 0.5 * exp::<FMA>(-z.abs());
    if z < 0.0 { z - LN_2 } else { ln_1p::<FMA>(-tail) }
}

#[inline(always)]
fn cdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    lower::<FMA>((x - loc) / scale)
}

#[inline(always)]
fn sf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    lower::<FMA>((loc - x) / scale)
}

#[inline(always)]
fn logcdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    log_lower::<FMA>((x - loc) / scale)
}

#[inline(always)]
fn logsf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    log_lower::<FMA>((loc - x) / scale)
}

/// The z with P(Z ≤ z) = p.
#[inline(always)]
fn quantile<const FMA: bool>(p: f64) -> f64 {
    let below = p < 0.5;
    let z = ln::<FMA>(2.0 * if below { p } else { 1.0 - p });
    if below { z } else { -z }
}

#[inline(always)]
fn ppf_of<const FMA: bool>(p: f64, loc: f64, scale: f64) -> f64 {
    loc + scale * quantile::<FMA>(p)
}

#[inline(always)]
fn isf_of<const FMA: bool>(q: f64, loc: f64, scale: f64) -> f64 {
    loc - scale * quantile::<FMA>(q)
}

impl Distribution for Laplace {
    wide_methods! {
        (loc, scale);
        cdf, cdf_in_place = cdf_of;
        sf, sf_in_place = sf_of;
        logcdf, logcdf_in_place = logcdf_of;
        logsf, logsf_in_place = logsf_of;
        ppf, ppf_in_place = ppf_of;
        isf, isf_in_place = isf_of;
    }

    fn mean(&self) -> f64 {
        self.loc
    }

    fn variance(&self) -> f64 {
        2.0 * self.scale * self.scale
    }

    fn std(&self) -> f64 {
        SQRT_2 * self.scale
    }

    fn median(&self) -> f64 {
        self.loc
    }

    fn skewness(&self) -> f64 {
        0.0
    }

    fn kurtosis(&self) -> f64 {
        3.0
    }

    fn entropy(&self) -> f64 {
        1.0 + LN_2 + self.scale.ln()
    }

    fn mode(&self) -> f64 {
        self.loc
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        let mut other = vec![0.0; out.len()];
        stream.fill_exponential(out);
        stream.fill_exponential(&mut other);
        out.iter_mut().zip(&other).for_each(|(x, other)| *x = self.loc + self.scale * (*x - other));
    }
}

impl Continuous for Laplace {
    wide_methods! {
        (loc, scale);
        pdf, pdf_in_place = pdf_of;
        logpdf, logpdf_in_place = logpdf_of;
    }
}

impl Family for Laplace {
    const NAME: &'static str = "Laplace";
    const PARAMETERS: &'static [&'static str] = &["loc", "scale"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [loc, scale] = exactly::<Self, 2>(parameters)?;
        Self::new(loc, scale)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.loc, self.scale]
    }

    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        Self::new(scale * self.loc + shift, scale.abs() * self.scale)
    }

    /// The median (the middle of the medians if n is even), and the mean of |x − loc|. The density has a corner at loc, where ln L has no second
    /// derivative: the standard error of loc is that of the median, scale/√n; that of the scale is the same number.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Laplace.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        // The parameters that are held are checked before they are used.
        Self::new(held[0].unwrap_or(0.0), held[1].unwrap_or(1.0))?;
        let form = StandardForm::of(FUNCTION, data, Unit::Deviation)?;
        let u = &form.values;
        let (n, count) = (u.len(), u.len() as f64);
        let [held_loc, held_scale] = form.held(held);
        let loc = held_loc.unwrap_or(0.5 * (u[(n - 1) / 2] + u[n / 2]));
        let deviation = u.iter().map(|u| (u - loc).abs()).sum::<f64>() / count;
        let scale = held_scale.unwrap_or(deviation);
        let variance = scale * scale / count;
        let maximum = crate::distributions::likelihood::Maximum {
            parameters: [loc, scale],
            covariance: Array2::from_diag(&array![
                if held_loc.is_some() { 0.0 } else { variance },
                if held_scale.is_some() { 0.0 } else { variance },
            ]),
            log_likelihood: -count * (LN_2 + scale.ln() + deviation / scale),
            iterations: 0,
        };
        form.fitted(maximum, &held, 0)
    }
}
