//! The logistic distribution (Johnson, Kotz and Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 23).

use ndarray::ArrayView1;
use std::f64::consts::PI;

use super::{Continuous, location_and_scale};
use crate::distributions::family::{exactly, held};
use crate::distributions::standard_form::{StandardForm, Unit};
use crate::distributions::wide::wide_methods;
use crate::distributions::{Distribution, Family, Fitted};
use crate::error::Result;
use crate::random::{Stream, portable};
use crate::special::exponential::exp;
use crate::special::logarithm::{ln, ln_1p};
use crate::special::logit_in_place;

/// The logistic distribution about `loc`: its distribution function is the logistic curve.
///
/// **Definition.** loc + scale·ln(U/(1 − U)) for a uniform U: the log odds of a probability of which nothing is known.
///
/// **Density.** f(x) = e⁻ᶻ/(scale·(1 + e⁻ᶻ)²), z = (x − loc)/scale.
///
/// **Parameters.** `loc` finite; `scale` positive and finite (not the standard deviation, which is scale·π/√3). **Support.** All real numbers.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, Logistic};
///
/// # fn main() -> underhood::Result<()> {
/// let latent = Logistic::new(0.0, 1.0)?;
/// assert!((latent.cdf(2.0) - 1.0 / (1.0 + (-2.0_f64).exp())).abs() < 1e-16);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean loc, variance (π·scale)²/3, skewness 0, kurtosis 6/5, entropy 2 + ln(scale).
///
/// **Numerical limits.** Relative error below 2e-15 as a function of z, in both tails down to the smallest double.
///
/// **Method.** Closed forms in e^−|z|, which never overflows; see [`crate::special::expit`] and [`crate::special::logit`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logistic {
    loc: f64,
    scale: f64,
}

impl Logistic {
    /// The logistic distribution with centre `loc` and scale `scale`.
    ///
    /// # Errors
    /// If `loc` is not finite, or `scale` not positive and finite.
    pub fn new(loc: f64, scale: f64) -> Result<Self> {
        location_and_scale("Logistic", loc, scale)?;
        Ok(Logistic { loc, scale })
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
    let e = exp::<FMA>(-((x - loc) / scale).abs());
    e / ((1.0 + e) * (1.0 + e)) / scale
}

#[inline(always)]
fn logpdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    let size = ((x - loc) / scale).abs();
    -size - 2.0 * ln_1p::<FMA>(exp::<FMA>(-size)) - ln::<FMA>(scale)
}

/// P(Z ≤ z).
#[inline(always)]
fn lower<const FMA: bool>(z: f64) -> f64 {
    let e = exp::<FMA>(-z.abs());
    (if z < 0.0 { e } else { 1.0 }) / (1.0 + e)
}

/// ln P(Z ≤ z).
#[inline(always)]
fn log_lower<const FMA: bool>(z: f64) -> f64 {
    (if z < 0.0 { z } else { 0.0 }) - ln_1p::<FMA>(exp::<FMA>(-z.abs()))
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

impl Distribution for Logistic {
    wide_methods! {
        (loc, scale);
        cdf, cdf_in_place = cdf_of;
        sf, sf_in_place = sf_of;
        logcdf, logcdf_in_place = logcdf_of;
        logsf, logsf_in_place = logsf_of;
    }

    fn ppf(&self, p: f64) -> f64 {
        let mut value = [p];
        self.ppf_in_place(&mut value);
        value[0]
    }

    fn isf(&self, q: f64) -> f64 {
        let mut value = [q];
        self.isf_in_place(&mut value);
        value[0]
    }

    fn ppf_in_place(&self, p: &mut [f64]) {
        logit_in_place(p);
        p.iter_mut().for_each(|p| *p = self.loc + self.scale * *p);
    }

    fn isf_in_place(&self, q: &mut [f64]) {
        logit_in_place(q);
        q.iter_mut().for_each(|q| *q = self.loc - self.scale * *q);
    }

    fn mean(&self) -> f64 {
        self.loc
    }

    fn variance(&self) -> f64 {
        self.std() * self.std()
    }

    fn std(&self) -> f64 {
        self.scale * (PI / 3.0_f64.sqrt())
    }

    fn median(&self) -> f64 {
        self.loc
    }

    fn skewness(&self) -> f64 {
        0.0
    }

    fn kurtosis(&self) -> f64 {
        1.2
    }

    fn entropy(&self) -> f64 {
        2.0 + self.scale.ln()
    }

    fn mode(&self) -> f64 {
        self.loc
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_uniform(out);
        out.iter_mut().for_each(|u| *u /= 1.0 - *u);
        portable::ln_in_place(out);
        out.iter_mut().for_each(|z| *z = self.loc + self.scale * *z);
    }
}

impl Continuous for Logistic {
    wide_methods! {
        (loc, scale);
        pdf, pdf_in_place = pdf_of;
        logpdf, logpdf_in_place = logpdf_of;
    }
}

impl Family for Logistic {
    const NAME: &'static str = "Logistic";
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

    /// By Newton's method from the median and the standard deviation; the density is log-concave, so there is one maximum.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Logistic.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        // The parameters that are held are checked before they are used.
        Self::new(held[0].unwrap_or(0.0), held[1].unwrap_or(1.0))?;
        let form = StandardForm::of(FUNCTION, data, Unit::Deviation)?;
        form.fit(FUNCTION, &held, [0.0, 3.0_f64.sqrt() / PI], |z| {
            let e = (-z.abs()).exp();
            let slope = (1.0 - e) / (1.0 + e);
            [-z.abs() - 2.0 * e.ln_1p(), if z < 0.0 { slope } else { -slope }, -2.0 * e / ((1.0 + e) * (1.0 + e))]
        })
    }
}
