//! The uniform distribution (NIST Engineering Statistics Handbook 1.3.6.6.2).

use super::Continuous;
use crate::check::in_range;
use crate::distributions::family::{by_formula, exactly, held, observations};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::{Dd, two_product, two_sum};
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::simd::{mul_add, wide_kernel};
use ndarray::{Array2, ArrayView1};

/// The uniform distribution.
///
/// **Definition.** A number from low to high, each as likely as any other.
///
/// **Density.** f(x) = 1/(high − low) for low ≤ x ≤ high.
///
/// **Parameters.** `low` and `high` finite, low < high. (SciPy has the width in place of the upper end.) **Support.** low ≤ x ≤ high.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, Uniform};
///
/// # fn main() -> underhood::Result<()> {
/// assert_eq!(Uniform::new(-1.0, 3.0)?.cdf(0.0), 0.25);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean (low + high)/2, variance (high − low)²/12, skewness 0, kurtosis −6/5.
///
/// **Numerical limits.** Relative error below two ulps; quantiles are the nearest doubles, and cancel nowhere.
///
/// **Method.** The formulas themselves, quantiles as low + p·(high − low) in two doubles. Fit: the smallest and the largest value; the likelihood has an edge
/// there and no curvature, and the covariance given is that of the smallest and the largest of n values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uniform {
    low: f64,
    high: f64,
}

impl Uniform {
    /// The uniform distribution from `low` to `high`.
    ///
    /// # Errors
    /// If one of them is not finite, or `high` not above `low`.
    pub fn new(low: f64, high: f64) -> Result<Self> {
        in_range("Uniform", "low", low, low.is_finite(), "finite")?;
        in_range("Uniform", "high", high, high.is_finite(), "finite")?;
        in_range("Uniform", "high", high, high > low, "above low")?;
        Ok(Uniform { low, high })
    }

    /// The lower end.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The upper end.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// What numbers are multiplied by, so that their differences do not overflow.
    fn unit(&self) -> f64 {
        if (self.high - self.low).is_finite() { 1.0 } else { 0.5 }
    }

    /// The width, ∞ if it is beyond the largest double.
    fn width(&self) -> f64 {
        self.high - self.low
    }

    /// (to − from)/(high − low), within [0, 1]; NaN for NaN.
    #[inline]
    fn share(&self, unit: f64, to: f64, from: f64) -> f64 {
        let share = (to * unit - from * unit) / (self.high * unit - self.low * unit);
        share.clamp(0.0, 1.0)
    }

    /// The logarithm of a share whose complement is the other one.
    fn log_share(&self, (to, from): (f64, f64), other: f64) -> f64 {
        let unit = self.unit();
        let share = self.share(unit, to, from);
        if other < 0.5 {
            return (-other).ln_1p();
        }
        if share > 0.0 && share < 1e-290 || share == 0.0 && to > from {
            // The quotient may have underflowed, its logarithm does not.
            return (to * unit - from * unit).ln() - (self.high * unit - self.low * unit).ln();
        }
        share.ln()
    }

    /// The line from one end to the other.
    fn line(&self, from: f64, to: f64) -> Line {
        // A product of numbers near the largest double would lose its second half.
        let unit = if self.low.abs().max(self.high.abs()) > 1e280 { 2f64.powi(-64) } else { 1.0 };
        Line { from: from * unit, way: Dd::sum(to * unit, -from * unit), back: 1.0 / unit }
    }
}

/// from + p·way.
#[derive(Debug)]
struct Line {
    from: f64,
    way: Dd,
    back: f64,
}

wide_kernel! {
    /// Replaces every p by the point of the line, NaN outside [0, 1].
    fn along(line: &Line, p: &mut [f64]) = along_body
}

#[inline(always)]
fn along_body<const FMA: bool>(line: &Line, p: &mut [f64]) {
    for p in p {
        let (product, lost) = two_product::<FMA>(*p, line.way.high);
        let (sum, rest) = two_sum(line.from, product);
        let value = (sum + (rest + mul_add::<FMA>(*p, line.way.low, lost))) * line.back;
        let inside = *p >= 0.0 && *p <= 1.0;
        *p = if inside { value } else { f64::NAN };
    }
}

impl Distribution for Uniform {
    fn cdf(&self, x: f64) -> f64 {
        self.share(self.unit(), x, self.low)
    }

    fn sf(&self, x: f64) -> f64 {
        self.share(self.unit(), self.high, x)
    }

    fn logcdf(&self, x: f64) -> f64 {
        self.log_share((x, self.low), self.sf(x))
    }

    fn logsf(&self, x: f64) -> f64 {
        self.log_share((self.high, x), self.cdf(x))
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

    fn cdf_in_place(&self, x: &mut [f64]) {
        let unit = self.unit();
        x.iter_mut().for_each(|x| *x = self.share(unit, *x, self.low));
    }

    fn sf_in_place(&self, x: &mut [f64]) {
        let unit = self.unit();
        x.iter_mut().for_each(|x| *x = self.share(unit, self.high, *x));
    }

    fn ppf_in_place(&self, p: &mut [f64]) {
        along(&self.line(self.low, self.high), p);
    }

    fn isf_in_place(&self, q: &mut [f64]) {
        along(&self.line(self.high, self.low), q);
    }

    fn mean(&self) -> f64 {
        0.5 * self.low + 0.5 * self.high
    }

    fn variance(&self) -> f64 {
        self.std() * self.std()
    }

    fn std(&self) -> f64 {
        (self.high * self.unit() - self.low * self.unit()) / 12.0_f64.sqrt() / self.unit()
    }

    fn median(&self) -> f64 {
        self.mean()
    }

    fn skewness(&self) -> f64 {
        0.0
    }

    fn kurtosis(&self) -> f64 {
        -1.2
    }

    fn entropy(&self) -> f64 {
        (self.high * self.unit() - self.low * self.unit()).ln() - self.unit().ln()
    }

    /// The lower end: the density is the same everywhere.
    fn mode(&self) -> f64 {
        self.low
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_uniform(out);
        let unit = self.unit();
        let (low, width) = (self.low * unit, self.high * unit - self.low * unit);
        // Rounding may carry the last ones beyond the end.
        out.iter_mut().for_each(|x| *x = ((low + width * *x) / unit).min(self.high));
    }
}

impl Continuous for Uniform {
    fn pdf(&self, x: f64) -> f64 {
        if x.is_nan() {
            x
        } else if x >= self.low && x <= self.high {
            1.0 / self.width()
        } else {
            0.0
        }
    }

    fn logpdf(&self, x: f64) -> f64 {
        if x.is_nan() {
            x
        } else if x >= self.low && x <= self.high {
            -self.entropy()
        } else {
            f64::NEG_INFINITY
        }
    }

    fn pdf_in_place(&self, x: &mut [f64]) {
        let height = self.pdf(self.low);
        for x in x {
            let value = if *x >= self.low && *x <= self.high { height } else { 0.0 };
            *x = if x.is_nan() { *x } else { value };
        }
    }

    fn logpdf_in_place(&self, x: &mut [f64]) {
        let height = self.logpdf(self.low);
        for x in x {
            let value = if *x >= self.low && *x <= self.high { height } else { f64::NEG_INFINITY };
            *x = if x.is_nan() { *x } else { value };
        }
    }
}

impl Family for Uniform {
    const NAME: &'static str = "Uniform";
    const PARAMETERS: &'static [&'static str] = &["low", "high"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [low, high] = exactly::<Self, 2>(parameters)?;
        Self::new(low, high)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.low, self.high]
    }

    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        let (low, high) = (scale * self.low + shift, scale * self.high + shift);
        if scale < 0.0 { Self::new(high, low) } else { Self::new(low, high) }
    }

    /// The smallest and the largest value.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Uniform.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        let needed = if held == [None, None] { 2 } else { 1 };
        observations(FUNCTION, data, needed, |_| true, "")?;
        let n = data.len() as f64;
        let (least, most) =
            data.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), x| (least.min(*x), most.max(*x)));
        let (low, high) = (held[0].unwrap_or(least), held[1].unwrap_or(most));
        in_range(FUNCTION, "low", low, low.is_finite(), "finite")?;
        in_range(FUNCTION, "high", high, high.is_finite(), "finite")?;
        in_range(FUNCTION, "data", least, least >= low, "not below the low that is held fixed")?;
        in_range(FUNCTION, "data", most, most <= high, "not above the high that is held fixed")?;
        if low == high {
            let consequence = "a Uniform of width 0 has no density";
            return Err(Error::Constant { function: FUNCTION, argument: "data", value: least, consequence });
        }
        let distribution = Self::new(low, high)?;
        let width = distribution.width();
        let mut covariance = Array2::zeros((2, 2));
        // Order statistics of n uniform numbers: variances n/((n + 1)²(n + 2)), covariance 1/((n + 1)²(n + 2)).
        let small = width / (n + 1.0) * (width / (n + 1.0)) / (n + 2.0);
        if held[0].is_none() {
            covariance[[0, 0]] = n * small;
        }
        if held[1].is_none() {
            covariance[[1, 1]] = n * small;
        }
        if held == [None, None] {
            (covariance[[0, 1]], covariance[[1, 0]]) = (small, small);
        }
        Ok(by_formula(distribution, data, covariance, &held, 0))
    }
}
