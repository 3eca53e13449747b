//! Gumbel's distribution of the largest value (E. J. Gumbel 1958, Statistics of Extremes; NIST Engineering Statistics Handbook 1.3.6.6.16).

use ndarray::ArrayView1;
use std::f64::consts::{LN_2, LOG2_E, PI};

use super::{Continuous, location_and_scale};
use crate::distributions::family::{exactly, held};
use crate::distributions::standard_form::{StandardForm, Unit};
use crate::distributions::wide::wide_methods;
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::{quick_two_sum, two_product, two_sum};
use crate::error::{Error, Result};
use crate::random::{Stream, portable};
use crate::simd::mul_add;
use crate::special::exponential::{exp, exp_m1, exp_pair};
use crate::special::logarithm::{ln, ln_1p};

/// Euler's constant γ.
const EULER: f64 = 0.577_215_664_901_532_9;

/// Gumbel's distribution of the largest of many values.
///
/// **Definition.** The limit of the largest of n independent values whose tail falls like an exponential (normal, gamma, logistic …), moved and
/// stretched with n; loc − scale·ln E for a standard exponential E.
///
/// **Density.** f(x) = exp(−z − e⁻ᶻ)/scale, z = (x − loc)/scale; the distribution function is exp(−e⁻ᶻ).
///
/// **Parameters.** `loc` finite: the mode; `scale` positive and finite. **Support.** All real numbers. The smallest value has the distribution of −X.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, Gumbel};
///
/// # fn main() -> underhood::Result<()> {
/// // The highest water of a year, and that of a hundred years.
/// let flood = Gumbel::new(3.0, 0.5)?;
/// assert!((flood.isf(0.01) - 5.300_074_613_388_29).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean loc + γ·scale, variance (π·scale)²/6, skewness 12√6ζ(3)/π³ ≈ 1.14, kurtosis 12/5, entropy 1 + γ + ln(scale); γ ≈ 0.577.
///
/// **Numerical limits.** Relative error below 3e-15 as a function of z, in both tails down to the smallest double.
///
/// **Method.** In the lower tail the exponent e⁻ᶻ reaches 745, and is computed in two doubles; the upper tail is −expm1(−e⁻ᶻ).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gumbel {
    loc: f64,
    scale: f64,
}

impl Gumbel {
    /// Gumbel's distribution with mode `loc` and scale `scale`.
    ///
    /// # Errors
    /// If `loc` is not finite, or `scale` not positive and finite.
    pub fn new(loc: f64, scale: f64) -> Result<Self> {
        location_and_scale("Gumbel", loc, scale)?;
        Ok(Gumbel { loc, scale })
    }

    /// The mode.
    pub fn loc(&self) -> f64 {
        self.loc
    }

    /// The scale.
    pub fn scale(&self) -> f64 {
        self.scale
    }
}

/// 1/3!, 1/4!, …, 1/16!: what stands beside r³ in eʳ = 1 + r + r²/2 + r³(…).
const TAYLOR: [f64; 14] = {
    let mut c = [1.0 / 6.0; 14];
    let mut k = 1;
    while k < 14 {
        c[k] = c[k - 1] / (k + 3) as f64;
        k += 1;
    }
    c
};

/// eˣ in two doubles, to about 2e-18 relative, for |x| ≤ 700: the terms up to r² of the series are summed exactly.
#[inline(always)]
fn exp_double<const FMA: bool>(x: f64) -> (f64, f64) {
    const ROUND: f64 = 6_755_399_441_055_744.0;
    /// The first 33 bits of ln 2, and the rest.
    const LN_2_HIGH: f64 = 6.931_471_803_691_238_2e-1;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let shifted = mul_add::<FMA>(x, LOG2_E, ROUND);
    let k = shifted - ROUND;
    let (product, lost) = two_product::<FMA>(k, LN_2_LOW);
    let (r, low) = two_sum(x - k * LN_2_HIGH, -product);
    let low = low - lost;
    let mut rest = TAYLOR[13];
    for k in (0..13).rev() {
        rest = mul_add::<FMA>(rest, r, TAYLOR[k]);
    }
    let (square, square_low) = two_product::<FMA>(r, r);
    let (sum, a) = two_sum(1.0, r);
    let (sum, b) = two_sum(sum, 0.5 * square);
    let small = mul_add::<FMA>(square * r, rest, mul_add::<FMA>(low, r, low)) + 0.5 * square_low + (a + b);
    let (high, low) = quick_two_sum(sum, small);
    let power = f64::from_bits(shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(1023) << 52);
    (high * power, low * power)
}

/// e⁻ᶻ in two doubles; where it is 1,000 (z < −7) or 1e-300 (z > 690) everything it stands for is decided.
#[inline(always)]
fn double_power<const FMA: bool>(z: f64) -> (f64, f64) {
    let z = if z < -7.0 { -7.0 } else { z };
    exp_double::<FMA>(-if z > 690.0 { 690.0 } else { z })
}

#[inline(always)]
fn pdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    let z = (x - loc) / scale;
    let (y, low) = double_power::<FMA>(z);
    let near = if z < -7.0 { -7.0 } else { z };
    let near = if near > 800.0 { 800.0 } else { near };
    let (exponent, lost) = two_sum(-near, -y);
    exp_pair::<FMA>(exponent, lost - low) / scale
}

#[inline(always)]
fn logpdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    let z = (x - loc) / scale;
    let y = exp::<FMA>(-z);
    let value = -z - y;
    // ∞ − ∞ at −∞.
    (if y == f64::INFINITY { -y } else { value }) - ln::<FMA>(scale)
}

#[inline(always)]
fn cdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    let (y, low) = double_power::<FMA>((x - loc) / scale);
    exp_pair::<FMA>(-y, -low)
}

#[inline(always)]
fn sf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    -exp_m1::<FMA>(-exp::<FMA>(-((x - loc) / scale)))
}

#[inline(always)]
fn logcdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    -exp::<FMA>(-((x - loc) / scale))
}

#[inline(always)]
fn logsf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    let z = (x - loc) / scale;
    let (y, low) = double_power::<FMA>(z);
    let near = ln_1p::<FMA>(-exp_pair::<FMA>(-y, -low));
    let far = ln::<FMA>(-exp_m1::<FMA>(-y));
    let value = if y > LN_2 { near } else { far };
    // From 40 on the tail is e⁻ᶻ to all digits, and may underflow.
    if z > 40.0 { -z } else { value }
}

#[inline(always)]
fn ppf_of<const FMA: bool>(p: f64, loc: f64, scale: f64) -> f64 {
    loc - scale * ln::<FMA>(-ln::<FMA>(p))
}

#[inline(always)]
fn isf_of<const FMA: bool>(q: f64, loc: f64, scale: f64) -> f64 {
    loc - scale * ln::<FMA>(-ln_1p::<FMA>(-q))
}

impl Distribution for Gumbel {
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
        self.loc + EULER * self.scale
    }

    fn variance(&self) -> f64 {
        self.std() * self.std()
    }

    fn std(&self) -> f64 {
        self.scale * (PI / 6.0_f64.sqrt())
    }

    fn median(&self) -> f64 {
        self.loc - self.scale * LN_2.ln()
    }

    fn skewness(&self) -> f64 {
        // 12√6·ζ(3)/π³.
        1.139_547_099_404_648_7
    }

    fn kurtosis(&self) -> f64 {
        2.4
    }

    fn entropy(&self) -> f64 {
        1.0 + EULER + self.scale.ln()
    }

    fn mode(&self) -> f64 {
        self.loc
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_exponential(out);
        portable::ln_in_place(out);
        out.iter_mut().for_each(|z| *z = self.loc - self.scale * *z);
    }
}

impl Continuous for Gumbel {
    wide_methods! {
        (loc, scale);
        pdf, pdf_in_place = pdf_of;
        logpdf, logpdf_in_place = logpdf_of;
    }
}

impl Family for Gumbel {
    const NAME: &'static str = "Gumbel";
    const PARAMETERS: &'static [&'static str] = &["loc", "scale"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [loc, scale] = exactly::<Self, 2>(parameters)?;
        Self::new(loc, scale)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.loc, self.scale]
    }

    /// For a positive scale only: −X is the distribution of a smallest value, with its long tail on the left.
    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        if scale < 0.0 {
            let problem = "is a Gumbel, a largest value with its long tail on the right, and a negative multiple of it is a smallest value, which \
                           is not one"
                .into();
            return Err(Error::Invalid { function: "affine", argument: "X", problem });
        }
        Self::new(scale * self.loc + shift, scale * self.scale)
    }

    /// By Newton's method from mean and standard deviation; the density is log-concave, so there is one maximum.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Gumbel.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        // The parameters that are held are checked before they are used.
        Self::new(held[0].unwrap_or(0.0), held[1].unwrap_or(1.0))?;
        let form = StandardForm::of(FUNCTION, data, Unit::Deviation)?;
        let u = &form.values;
        let [held_loc, held_scale] = form.held(held);
        // A scale under which no value is too far below a location that is held.
        let below = held_loc.map_or(0.0, |loc| (loc - u[0]).max(0.0));
        let scale = held_scale.unwrap_or((6.0_f64.sqrt() / PI).max(below / 20.0));
        // The best location for this scale: −scale·ln of the mean of exp(−u/scale).
        let mean = u.iter().map(|x| ((u[0] - x) / scale).exp()).sum::<f64>() / u.len() as f64;
        let loc = u[0] - scale * mean.ln();
        form.fit(FUNCTION, &held, [loc, scale], |z| {
            let y = (-z).exp();
            [-z - y, y - 1.0, -y]
        })
    }
}
