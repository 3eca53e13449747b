//! The beta distribution (NIST Engineering Statistics Handbook 1.3.6.6.17).

use super::Continuous;
use super::place::{log_probability, probability};
use crate::check::in_range;
use crate::distributions::family::{exactly, held, mean, not_closed, observations};
use crate::distributions::likelihood::{Domain, Likelihood, fitted, maximize};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::Dd;
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::simd::wide_kernel;
use crate::special::beta_function::ln_gamma_ratio_over_power;
use crate::special::beta_lanes::{
    Point, SHAPES, density_in_place, log_density_in_place, log_probabilities_in_place, probabilities_in_place,
};
use crate::special::gamma_function::stirling_error;
use crate::special::incomplete_beta::{Split, tail};
use crate::special::lanes::MANY;
use crate::special::logarithm::ln_1p;
use crate::special::tail::{Side, Tail};
use crate::special::{
    betainccinv, betainccinv_in_place, betaincinv, betaincinv_in_place, betaln, digamma, digamma_less_ln, gammaln,
    polygamma,
};
use ndarray::ArrayView1;

/// ½ ln 2π
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;

/// The beta distribution.
///
/// **Definition.** X/(X + Y) for independent X, Y that are Gamma(α, 1) and Gamma(β, 1). What is known of a share after α − 1 successes and β − 1
/// failures (Bayes), from knowing nothing, which is Beta(1, 1).
///
/// **Density.** f(x) = x^(α−1) (1 − x)^(β−1)/B(α, β).
///
/// **Parameters.** `alpha` and `beta` positive (1e-20 to 1e20). **Support.** 0 ≤ x ≤ 1.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Beta, Distribution};
///
/// # fn main() -> underhood::Result<()> {
/// // Nine successes and one failure: the share is above ½ with probability 1 − 12/2¹¹.
/// let share = Beta::new(10.0, 2.0)?;
/// assert!((share.cdf(0.5) - 12.0 / 2048.0).abs() < 1e-17);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean α/(α + β), variance αβ/((α + β)²(α + β + 1)), skewness 2(β − α)√(α + β + 1)/((α + β + 2)√(αβ)).
///
/// **Numerical limits.** Relative error below 1e-14 in both tails down to 1e-300, as measured for parameters from 0.05 to 1e9. Near 1 doubles are 1e-16 apart: the
/// upper tail is that of the double x, and quantiles within 5e-17 of 1 are 1; 1 − X, which is Beta(β, α), has them.
///
/// **Method.** The incomplete beta function I(α, β; x) and its complement, with 1 − x in two doubles; see [`crate::special`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beta {
    alpha: f64,
    beta: f64,
}

impl Beta {
    /// The beta distribution with these parameters.
    ///
    /// # Errors
    /// If `alpha` or `beta` is not positive (1e-20 to 1e20).
    pub fn new(alpha: f64, beta: f64) -> Result<Self> {
        for (argument, value) in [("alpha", alpha), ("beta", beta)] {
            in_range("Beta", argument, value, (1e-20..=1e20).contains(&value), "positive (1e-20 to 1e20)")?;
        }
        Ok(Beta { alpha, beta })
    }

    /// The exponent of x, plus one.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The exponent of 1 − x, plus one.
    pub fn beta(&self) -> f64 {
        self.beta
    }

    /// A tail, or P(X ≤ x) outside the open support.
    fn tail(&self, x: f64) -> std::result::Result<Tail, f64> {
        if x > 0.0 && x < 1.0 {
            return Ok(tail(self.alpha, self.beta, Split::of(x)));
        }
        Err(if x.is_nan() { x } else { f64::from(u8::from(x > 0.0)) })
    }

    /// The density at the end where the exponent is a − 1.
    fn at_end(a: f64, b: f64) -> f64 {
        if a < 1.0 {
            f64::INFINITY
        } else if a == 1.0 {
            b
        } else {
            0.0
        }
    }

    /// The density on the edges of the support and beyond.
    fn pdf_outside(&self, x: f64) -> f64 {
        if x == 0.0 {
            Self::at_end(self.alpha, self.beta)
        } else if x == 1.0 {
            Self::at_end(self.beta, self.alpha)
        } else if x.is_nan() {
            x
        } else {
            0.0
        }
    }
}

impl Distribution for Beta {
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
        betaincinv(self.alpha, self.beta, p)
    }

    fn isf(&self, q: f64) -> f64 {
        betainccinv(self.alpha, self.beta, q)
    }

    fn cdf_in_place(&self, x: &mut [f64]) {
        probabilities_in_place(self.alpha, self.beta, x, Point::Share, Side::Lower, 1.0, |x| self.cdf(x));
    }

    fn sf_in_place(&self, x: &mut [f64]) {
        probabilities_in_place(self.alpha, self.beta, x, Point::Share, Side::Upper, 1.0, |x| self.sf(x));
    }

    fn logcdf_in_place(&self, x: &mut [f64]) {
        log_probabilities_in_place(self.alpha, self.beta, x, Point::Share, Side::Lower, 1.0, |x| self.logcdf(x));
    }

    fn logsf_in_place(&self, x: &mut [f64]) {
        log_probabilities_in_place(self.alpha, self.beta, x, Point::Share, Side::Upper, 1.0, |x| self.logsf(x));
    }

    fn ppf_in_place(&self, p: &mut [f64]) {
        betaincinv_in_place(self.alpha, self.beta, p);
    }

    fn isf_in_place(&self, q: &mut [f64]) {
        betainccinv_in_place(self.alpha, self.beta, q);
    }

    fn mean(&self) -> f64 {
        self.alpha / (self.alpha + self.beta)
    }

    fn variance(&self) -> f64 {
        let sum = self.alpha + self.beta;
        self.alpha / sum * (self.beta / sum) / (sum + 1.0)
    }

    fn skewness(&self) -> f64 {
        let (a, b) = (self.alpha, self.beta);
        let sum = a + b;
        2.0 * (b - a) / (sum + 2.0) * ((sum + 1.0) / b / a).sqrt()
    }

    fn kurtosis(&self) -> f64 {
        let (a, b) = (self.alpha, self.beta);
        // (a − b)²(a + b + 1) − ab(a + b + 2) in two doubles: it has zeros.
        let (sum, difference, product) = (Dd::sum(a, b), Dd::sum(a, -b), Dd::product(a, b));
        let top = difference * difference * (sum + 1.0) - product * (sum + 2.0);
        6.0 * (top / product / (sum + 2.0) / (sum + 3.0)).value()
    }

    fn entropy(&self) -> f64 {
        let (a, b) = if self.alpha < self.beta { (self.alpha, self.beta) } else { (self.beta, self.alpha) };
        let sum = a + b;
        if b < 1.0 {
            return betaln(a, b) + (1.0 - a) * digamma(a) + (1.0 - b) * digamma(b) - (2.0 - sum) * digamma(sum);
        }
        let rest = (sum - 2.0) * digamma_less_ln(sum) - (b - 1.0) * digamma_less_ln(b);
        if a < 1.0 {
            // What is of the size of b·ln b cancels by hand.
            let logs = (sum - 2.0) * (a / b).ln_1p() - b.ln() - ln_gamma_ratio_over_power(a, b);
            return gammaln(a) + (1.0 - a) * digamma(a) + logs + rest;
        }
        // ln √(2πab/(a + b)³), and what Stirling's formula leaves.
        let logs = HALF_LN_TWO_PI + 0.5 * (a / sum).ln() + 0.5 * (b / sum).ln() - 0.5 * sum.ln();
        let errors = stirling_error(a) + stirling_error(b) - stirling_error(sum);
        logs + errors + rest - (a - 1.0) * digamma_less_ln(a)
    }

    /// The smaller end if the density is largest at both.
    fn mode(&self) -> f64 {
        let (a, b) = (self.alpha, self.beta);
        if a > 1.0 && b > 1.0 {
            (a - 1.0) / ((a - 1.0) + (b - 1.0))
        } else if a <= 1.0 {
            // Rising to the right only if it is flat on the left.
            f64::from(u8::from(a == 1.0 && b < 1.0))
        } else {
            1.0
        }
    }

    fn support(&self) -> (f64, f64) {
        (0.0, 1.0)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_beta(self.alpha, self.beta, out);
    }
}

impl Continuous for Beta {
    fn pdf(&self, x: f64) -> f64 {
        match self.tail(x) {
            Ok(tail) => tail.density.over(x).over(1.0 - x).value(),
            Err(_) => self.pdf_outside(x),
        }
    }

    fn logpdf(&self, x: f64) -> f64 {
        match self.tail(x) {
            Ok(tail) => tail.density.over(x).over(1.0 - x).ln(),
            Err(_) => self.pdf_outside(x).ln(),
        }
    }

    fn pdf_in_place(&self, x: &mut [f64]) {
        self.densities(x, false, |x| self.pdf(x));
    }

    fn logpdf_in_place(&self, x: &mut [f64]) {
        self.densities(x, true, |x| self.logpdf(x));
    }
}

impl Beta {
    fn densities(&self, x: &mut [f64], logarithm: bool, one: impl Fn(f64) -> f64) {
        let mut before = vec![0.0; x.len().min(BLOCK)];
        for block in x.chunks_mut(BLOCK) {
            let before = &mut before[..block.len()];
            before.copy_from_slice(block);
            if logarithm {
                log_density_in_place(self.alpha, self.beta, block, Point::Share, 1.0, |_| 0.0);
            } else {
                density_in_place(self.alpha, self.beta, block, Point::Share, 1.0, |_| 0.0);
            }
            // The lanes leave the density times 1 − x.
            over_complement(block, before, logarithm);
            for (density, &x) in block.iter_mut().zip(&*before) {
                // What the lanes do not serve; and where two logarithms would cancel.
                if !(x > 1e-140 && x < 0.999) || self.is_extreme() || before.len() < MANY {
                    *density = one(x);
                }
            }
        }
    }

    /// Whether the lanes leave these parameters to the functions of one number.
    fn is_extreme(&self) -> bool {
        !SHAPES.contains(&self.alpha) || !SHAPES.contains(&self.beta)
    }
}

wide_kernel! {
    /// Divides every density by 1 − x, or takes its logarithm from that of the density.
    fn over_complement(density: &mut [f64], x: &[f64], logarithm: bool) = over_complement_body
}

#[inline(always)]
fn over_complement_body<const FMA: bool>(density: &mut [f64], x: &[f64], logarithm: bool) {
    if logarithm {
        for (density, &x) in density.iter_mut().zip(x) {
            *density -= ln_1p::<FMA>(-x);
        }
    } else {
        for (density, &x) in density.iter_mut().zip(x) {
            *density /= 1.0 - x;
        }
    }
}

/// So many densities are computed at a time.
const BLOCK: usize = 1 << 14;

impl Family for Beta {
    const NAME: &'static str = "Beta";
    const PARAMETERS: &'static [&'static str] = &["alpha", "beta"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [alpha, beta] = exactly::<Self, 2>(parameters)?;
        Self::new(alpha, beta)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.alpha, self.beta]
    }

    /// X itself, and 1 − X.
    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        match (scale, shift) {
            (1.0, 0.0) => Ok(*self),
            (-1.0, 1.0) => Self::new(self.beta, self.alpha),
            _ => Err(not_closed::<Self>("affine", &format!("{scale}·X + {shift}"))),
        }
    }

    /// By Newton's method from the estimates of the moments.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Beta.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        let free = held.iter().filter(|value| value.is_none()).count();
        observations(FUNCTION, data, free.max(1), |x| x > 0.0 && x < 1.0, "between 0 and 1, and neither of them")?;
        if free == 2 && data.iter().all(|x| *x == data[0]) {
            let consequence = "the likelihood rises without bound as alpha and beta grow";
            return Err(Error::Constant { function: FUNCTION, argument: "data", value: data[0], consequence });
        }
        let n = data.len() as f64;
        let centre = mean(data);
        let spread = data.iter().map(|x| (x - centre) * (x - centre) / n).sum::<f64>();
        let sum = (centre * (1.0 - centre) / spread - 1.0).clamp(1e-2, 1e14);
        let start = [(centre * sum).max(1e-3), ((1.0 - centre) * sum).max(1e-3)];
        for (value, name) in held.iter().zip(Self::PARAMETERS) {
            if let Some(value) = value {
                in_range(FUNCTION, name, *value, (1e-20..=1e20).contains(value), "positive (1e-20 to 1e20)")?;
            }
        }
        let (low, high) = data.iter().fold((0.0, 0.0), |(low, high), x| (low + x.ln() / n, high + (-x).ln_1p() / n));
        let maximum = maximize(FUNCTION, start, &held, [Domain::Positive; 2], |&[a, b]| {
            let (common, trigamma) = (digamma(a + b), polygamma(1.0, a + b));
            Likelihood {
                value: n * ((a - 1.0) * low + (b - 1.0) * high - betaln(a, b)),
                gradient: [n * (low + common - digamma(a)), n * (high + common - digamma(b))],
                hessian: [
                    [n * (trigamma - polygamma(1.0, a)), n * trigamma],
                    [n * trigamma, n * (trigamma - polygamma(1.0, b))],
                ],
            }
        })?;
        fitted(&maximum, data.len(), &held)
    }
}
