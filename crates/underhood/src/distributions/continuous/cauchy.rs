//! Cauchy's distribution (Johnson, Kotz and Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 16).

use ndarray::ArrayView1;
use std::f64::consts::{FRAC_1_PI, FRAC_PI_4, PI, SQRT_2};

use super::{Continuous, location_and_scale};
use crate::distributions::family::{exactly, held};
use crate::distributions::standard_form::{StandardForm, Unit, likelihood, too_many_equal};
use crate::distributions::wide::wide_methods;
use crate::distributions::{Distribution, Family, Fitted};
use crate::error::Result;
use crate::random::{Stream, portable};
use crate::simd::mul_add;
use crate::special::logarithm::{ln, ln_1p};

/// Cauchy's distribution about `loc`, with tails so heavy that it has no mean.
///
/// **Definition.** loc + scale·X/Y for independent standard normal X, Y; Student's t with one degree of freedom.
///
/// **Density.** f(x) = 1/(π·scale·(1 + z²)), z = (x − loc)/scale.
///
/// **Parameters.** `loc` finite: the median; `scale` positive and finite: half the distance of the quartiles. **Support.** All real numbers.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Cauchy, Distribution};
///
/// # fn main() -> underhood::Result<()> {
/// let ratio = Cauchy::new(0.0, 1.0)?;
/// assert!((ratio.sf(1.0) - 0.25).abs() < 1e-16);
/// // The mean of n of them is no better known than one.
/// assert!(ratio.mean().is_nan());
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** None exists: mean, variance, skewness and kurtosis are NaN. Entropy ln(4π·scale).
///
/// **Numerical limits.** Relative error below 2e-15 as a function of z, in both tails down to the smallest double; logarithms also where z overflows.
///
/// **Method.** Arctangent and tangent of the smaller tail: P(Z > z) = arctan(1/z)/π for z > 1, so nothing cancels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cauchy {
    loc: f64,
    scale: f64,
}

impl Cauchy {
    /// Cauchy's distribution with median `loc` and half-width `scale`.
    ///
    /// # Errors
    /// If `loc` is not finite, or `scale` not positive and finite.
    pub fn new(loc: f64, scale: f64) -> Result<Self> {
        location_and_scale("Cauchy", loc, scale)?;
        Ok(Cauchy { loc, scale })
    }

    /// The median.
    pub fn loc(&self) -> f64 {
        self.loc
    }

    /// The scale.
    pub fn scale(&self) -> f64 {
        self.scale
    }
}

/// Whether |d| is beyond the scale, and |z| or 1/|z|, whichever is at most 1; d = z·scale.
#[inline(always)]
fn within_one(d: f64, scale: f64) -> (bool, f64) {
    let size = d.abs();
    let far = size > scale;
    (far, (if far { scale } else { size }) / if far { size } else { scale })
}

#[inline(always)]
fn pdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    let (far, a) = within_one(x - loc, scale);
    // Far out 1/(1 + z²) = a²/(1 + a²), with a small scale divided away before the second factor a.
    let peak = FRAC_1_PI / (1.0 + a * a);
    if far { peak * (a / scale) * a } else { peak / scale }
}

#[inline(always)]
fn logpdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    let d = x - loc;
    let (far, a) = within_one(d, scale);
    let (ln_a, ln_scale) = (ln_small::<FMA>(a, d, scale), ln::<FMA>(scale));
    let density = -ln_1p::<FMA>(a * a) - PI_LN - ln_scale;
    if far { density + 2.0 * ln_a } else { density }
}

/// ln π
const PI_LN: f64 = 1.144_729_885_849_400_2;

/// ln a, also where a = scale/|d| has underflowed.
#[inline(always)]
fn ln_small<const FMA: bool>(a: f64, d: f64, scale: f64) -> f64 {
    let lost = a < 1e-290;
    let plain = ln::<FMA>(if lost { scale } else { a });
    if lost { plain - ln::<FMA>(d.abs()) } else { plain }
}

/// 1, −1/3, 1/5, …: arctan x = x − x³/3 + …, which ends below 1e-17 where x² < 0.172.
const ARCTANGENT: [f64; 21] = {
    let mut c = [1.0; 21];
    let mut k = 0;
    while k < 21 {
        c[k] = (if k % 2 == 0 { 1.0 } else { -1.0 }) / (2 * k + 1) as f64;
        k += 1;
    }
    c
};

/// P(|D| > |d|)/2 for D about 0: arctan(scale/|d|)/π, or ½ − arctan(|d|/scale)/π; and whether it is the first. The arctangent of n/d is that of
/// (n − d)/(n + d) and π/4 beyond π/8, so that there is one division in all.
#[inline(always)]
fn tail<const FMA: bool>(d: f64, scale: f64) -> (f64, bool) {
    let size = d.abs();
    let far = size > scale;
    let (above, below) = (if far { scale } else { size }, if far { size } else { scale });
    let shifted = above > (SQRT_2 - 1.0) * below;
    // Halves, since the sum may overflow.
    let (half_above, half_below) = (0.5 * above, 0.5 * below);
    let top = if shifted { half_above - half_below } else { above };
    let t = top / if shifted { half_above + half_below } else { below };
    let square = t * t;
    let mut sum = ARCTANGENT[20];
    for k in (0..20).rev() {
        sum = mul_add::<FMA>(sum, square, ARCTANGENT[k]);
    }
    let angle = (if shifted { FRAC_PI_4 } else { 0.0 } + t * sum) * FRAC_1_PI;
    (if far { angle } else { 0.5 - angle }, far)
}

/// P(D ≤ d) for D about 0.
#[inline(always)]
fn lower<const FMA: bool>(d: f64, scale: f64) -> f64 {
    let (tail, _) = tail::<FMA>(d, scale);
    if d < 0.0 { tail } else { 1.0 - tail }
}

/// ln P(D ≤ d).
#[inline(always)]
fn log_lower<const FMA: bool>(d: f64, scale: f64) -> f64 {
    let (tail, far) = tail::<FMA>(d, scale);
    // Far out arctan a = a to all digits.
    let tiny = far && tail < 1e-290;
    let log_tail = if tiny { ln::<FMA>(scale) - ln::<FMA>(d.abs()) - PI_LN } else { ln::<FMA>(tail) };
    if d < 0.0 { log_tail } else { ln_1p::<FMA>(-tail) }
}

#[inline(always)]
fn cdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    lower::<FMA>(x - loc, scale)
}

#[inline(always)]
fn sf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    lower::<FMA>(loc - x, scale)
}

#[inline(always)]
fn logcdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    log_lower::<FMA>(x - loc, scale)
}

#[inline(always)]
fn logsf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64 {
    log_lower::<FMA>(loc - x, scale)
}

/// The d with P(D ≤ d) = p: scale·tan π(p − ½), and −scale/tan πp in the tails.
#[inline(always)]
fn quantile(p: f64, scale: f64) -> f64 {
    let below = p < 0.5;
    let smaller = if below { p } else { 1.0 - p };
    let middle = smaller > 0.25;
    let tangent = portable::tan_pi(if middle { 0.5 - smaller } else { smaller });
    let size = if middle { scale * tangent } else { scale / tangent };
    // The tangent is small and positive at ±∞, too.
    let size = if smaller >= 0.0 { size } else { f64::NAN };
    if below { -size } else { size }
}

#[inline(always)]
fn ppf_of<const FMA: bool>(p: f64, loc: f64, scale: f64) -> f64 {
    loc + quantile(p, scale)
}

#[inline(always)]
fn isf_of<const FMA: bool>(q: f64, loc: f64, scale: f64) -> f64 {
    loc - quantile(q, scale)
}

impl Distribution for Cauchy {
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
        f64::NAN
    }

    fn variance(&self) -> f64 {
        f64::NAN
    }

    fn median(&self) -> f64 {
        self.loc
    }

    fn skewness(&self) -> f64 {
        f64::NAN
    }

    fn kurtosis(&self) -> f64 {
        f64::NAN
    }

    fn entropy(&self) -> f64 {
        (4.0 * PI).ln() + self.scale.ln()
    }

    fn mode(&self) -> f64 {
        self.loc
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_uniform(out);
        out.iter_mut().for_each(|u| *u -= 0.5);
        portable::tan_pi_in_place(out);
        out.iter_mut().for_each(|z| *z = self.loc + self.scale * *z);
    }
}

impl Continuous for Cauchy {
    wide_methods! {
        (loc, scale);
        pdf, pdf_in_place = pdf_of;
        logpdf, logpdf_in_place = logpdf_of;
    }
}

/// ln of the standard density and its first two derivatives.
fn log_density(z: f64) -> [f64; 3] {
    let w = 1.0 / (1.0 + z * z);
    [-PI_LN - (z * z).ln_1p(), -2.0 * z * w, -2.0 * w * (1.0 - z * z) * w]
}

impl Family for Cauchy {
    const NAME: &'static str = "Cauchy";
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

    /// Locations and scales add up: the mean of two has the distribution of one.
    fn sum(&self, other: &Self) -> Result<Self> {
        Self::new(self.loc + other.loc, self.scale + other.scale)
    }

    /// By Newton's method from the median and the quartiles. With both parameters free there is one maximum (J. B. Copas 1975,
    /// doi:10.1093/biomet/62.3.701), unless half of the values are equal; with the scale held there can be one about each value, and the search starts
    /// from the best of up to 200 of them.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Cauchy.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        // The parameters that are held are checked before they are used.
        Self::new(held[0].unwrap_or(0.0), held[1].unwrap_or(1.0))?;
        let form = StandardForm::of(FUNCTION, data, Unit::Quartiles)?;
        let n = form.values.len();
        let [held_loc, held_scale] = form.held(held);
        let mut start = [0.0, 1.0];
        match (held_loc, held_scale) {
            (loc, None) => {
                let (value, count) = loc.map_or_else(|| form.most_frequent(), |loc| (loc, form.count(loc)));
                if 2 * count >= n {
                    return Err(too_many_equal(FUNCTION, form.centre + form.spread * value, count, n));
                }
            }
            (None, Some(scale)) => {
                let value = |loc: f64| likelihood(&form.values, &[loc, scale], log_density).value;
                let step = n.div_ceil(200);
                let candidates = form.values.iter().step_by(step).map(|&loc| (value(loc), loc));
                start[0] = candidates.fold((value(0.0), 0.0), |best, next| if next.0 > best.0 { next } else { best }).1;
            }
            (Some(_), Some(_)) => {}
        }
        form.fit(FUNCTION, &held, start, log_density)
    }
}
