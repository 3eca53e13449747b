//! The von Mises distribution of an angle (R. von Mises 1918; K. V. Mardia and P. E. Jupp 2000, Directional Statistics, §3.5.4).

use ndarray::{Array2, ArrayView1, array};
use std::f64::consts::PI;

use super::{Continuous, angles};
use crate::check::in_range;
use crate::distributions::family::{exactly, held, observations};
use crate::distributions::wide::wide_methods;
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::two_sum;
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::special::exponential::exp_pair;
use crate::special::logarithm::{ln, ln_1p};
use crate::special::{bessel_i0e, bessel_ratio};

/// The von Mises distribution of an angle about `mu`: the normal distribution of the circle.
///
/// **Definition.** The direction of a vector of two independent normal components, given that its length is 1; among all distributions of an angle
/// with its mean direction and concentration the one of largest entropy.
///
/// **Density.** f(x) = exp(κ cos(x − μ))/(2π I₀(κ)) for |x − μ| ≤ π, with the modified Bessel function I₀.
///
/// **Parameters.** `mu`, an angle in radians, of at most 1e10; `kappa`, the concentration, between 0 (all angles alike) and 1e20. **Support.** [μ − π, μ + π].
///
/// **Example.**
/// ```
/// use underhood::distributions::{Continuous, Distribution, VonMises};
///
/// # fn main() -> underhood::Result<()> {
/// let wind = VonMises::new(0.0, 2.0)?;
/// assert!((wind.pdf(0.0) / wind.pdf(std::f64::consts::PI) - 4.0_f64.exp()).abs() < 1e-13);
/// // About normal with variance 1/κ if κ is large.
/// assert!((VonMises::new(0.0, 1e8)?.std() - 1e-4).abs() < 1e-12);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean, median and mode μ; variance, kurtosis and entropy are those of the angle on the support, the variance about 1/κ for large κ.
/// Circular moments: E cos j(X − μ) = Iⱼ(κ)/I₀(κ), E sin j(X − μ) = 0; the mean resultant length is A(κ) = I₁(κ)/I₀(κ)
/// ([`VonMises::resultant_length`]), the circular variance 1 − A(κ).
///
/// **Numerical limits.** Relative error below 5e-15 as a function of x − μ, both tails included, for every κ. x − μ itself is rounded.
///
/// **Method.** κ(1 − cos θ) = 2κ sin²(θ/2) in two doubles. The tail beyond θ is the density there times ∫ exp(−2κ sin(θ + u/2) sin(u/2)) du, by Gauss and
/// Legendre's rule of 32 points on the part where the exponent is less than 38; quantiles by Newton's method on the tail's logarithm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VonMises {
    mu: f64,
    kappa: f64,
    /// The density at μ: 1/(2π e^(−κ) I₀(κ)).
    peak: f64,
}

impl VonMises {
    /// The von Mises distribution with mean direction `mu` and concentration `kappa`.
    ///
    /// # Errors
    /// If `mu` is not between −1e10 and 1e10, or `kappa` not between 0 and 1e20.
    pub fn new(mu: f64, kappa: f64) -> Result<Self> {
        in_range("VonMises", "mu", mu, mu.abs() <= 1e10, "an angle in radians (between -1e10 and 1e10)")?;
        in_range("VonMises", "kappa", kappa, (0.0..=1e20).contains(&kappa), "between 0 and 1e20")?;
        Ok(VonMises { mu, kappa, peak: 0.5 / (PI * bessel_i0e(kappa)) })
    }

    /// The mean direction μ.
    pub fn mu(&self) -> f64 {
        self.mu
    }

    /// The concentration κ.
    pub fn kappa(&self) -> f64 {
        self.kappa
    }

    /// The mean resultant length A(κ) = I₁(κ)/I₀(κ): the length of the mean of the unit vectors in direction X.
    pub fn resultant_length(&self) -> f64 {
        bessel_ratio(self.kappa).0
    }

    /// E g(Θ, sin ½Θ) for an even g ≥ 0, by the rule of the tails with a few more digits of the density.
    fn expected(&self, g: impl Fn(f64, f64) -> f64) -> f64 {
        let reach = angles::reach(0.0, self.kappa, 46.0, PI);
        let sum: f64 = angles::rule()
            .map(|(node, weight)| {
                let (angle, sine) = (reach * node, (0.5 * reach * node).sin());
                weight * g(angle, sine) * (-2.0 * self.kappa * sine * sine).exp()
            })
            .sum();
        2.0 * self.peak * reach * sum
    }
}

/// x − μ, and whether x lies on the support, or is NaN.
#[inline(always)]
fn angle(x: f64, mu: f64) -> (f64, bool) {
    (x - mu, !(x < mu - PI || x > mu + PI))
}

#[inline(always)]
fn pdf_of<const FMA: bool>(x: f64, mu: f64, kappa: f64, peak: f64) -> f64 {
    let (angle, inside) = angle(x, mu);
    let (energy, low) = angles::energy::<FMA>(angle.abs(), kappa);
    let density = peak * exp_pair::<FMA>(-energy, -low);
    if inside { density } else { 0.0 }
}

#[inline(always)]
fn logpdf_of<const FMA: bool>(x: f64, mu: f64, kappa: f64, peak: f64) -> f64 {
    let (angle, inside) = angle(x, mu);
    let density = ln::<FMA>(peak) - angles::energy::<FMA>(angle.abs(), kappa).0;
    if inside { density } else { f64::NEG_INFINITY }
}

/// What rounding took from the angle x − μ.
#[inline(always)]
fn rest(x: f64, mu: f64) -> f64 {
    two_sum(x, -mu).1
}

/// P(Θ ≤ θ) for θ = ±(x − μ), a double and its rest, which is on the support, or else beyond one of its ends.
#[inline(always)]
fn lower<const FMA: bool>(angle: f64, rest: f64, inside: bool, kappa: f64, peak: f64) -> f64 {
    if angle.is_nan() {
        return angle;
    }
    // At the ends rounded to doubles all is said, too.
    if !inside || angle.abs() >= PI {
        return if angle < 0.0 { 0.0 } else { 1.0 };
    }
    let rest = if angle < 0.0 { -rest } else { rest };
    let tail =
        if angle == 0.0 { 0.5 } else { angles::beyond::<FMA>(angle.abs(), rest, kappa).probability::<FMA>(peak) };
    if angle < 0.0 { tail } else { 1.0 - tail }
}

/// ln P(Θ ≤ θ).
#[inline(always)]
fn log_lower<const FMA: bool>(angle: f64, rest: f64, inside: bool, kappa: f64, peak: f64) -> f64 {
    if angle.is_nan() {
        return angle;
    }
    if !inside || angle.abs() >= PI {
        return if angle < 0.0 { f64::NEG_INFINITY } else { 0.0 };
    }
    let rest = if angle < 0.0 { -rest } else { rest };
    let tail = angles::beyond::<FMA>(angle.abs(), rest, kappa);
    if angle < 0.0 { tail.logarithm::<FMA>(peak) } else { ln_1p::<FMA>(-tail.probability::<FMA>(peak)) }
}

#[inline(always)]
fn cdf_of<const FMA: bool>(x: f64, mu: f64, kappa: f64, peak: f64) -> f64 {
    let (angle, inside) = angle(x, mu);
    lower::<FMA>(angle, rest(x, mu), inside, kappa, peak)
}

#[inline(always)]
fn sf_of<const FMA: bool>(x: f64, mu: f64, kappa: f64, peak: f64) -> f64 {
    let (angle, inside) = angle(x, mu);
    lower::<FMA>(-angle, -rest(x, mu), inside, kappa, peak)
}

#[inline(always)]
fn logcdf_of<const FMA: bool>(x: f64, mu: f64, kappa: f64, peak: f64) -> f64 {
    let (angle, inside) = angle(x, mu);
    log_lower::<FMA>(angle, rest(x, mu), inside, kappa, peak)
}

#[inline(always)]
fn logsf_of<const FMA: bool>(x: f64, mu: f64, kappa: f64, peak: f64) -> f64 {
    let (angle, inside) = angle(x, mu);
    log_lower::<FMA>(-angle, -rest(x, mu), inside, kappa, peak)
}

/// The θ with P(Θ ≤ θ) = p.
#[inline(always)]
fn quantile<const FMA: bool>(p: f64, kappa: f64, peak: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let size = angles::upper_quantile::<FMA>(p.min(1.0 - p), kappa, peak);
    if p < 0.5 { -size } else { size }
}

#[inline(always)]
fn ppf_of<const FMA: bool>(p: f64, mu: f64, kappa: f64, peak: f64) -> f64 {
    mu + quantile::<FMA>(p, kappa, peak)
}

#[inline(always)]
fn isf_of<const FMA: bool>(q: f64, mu: f64, kappa: f64, peak: f64) -> f64 {
    mu - quantile::<FMA>(q, kappa, peak)
}

impl Distribution for VonMises {
    wide_methods! {
        (mu, kappa, peak);
        cdf, cdf_in_place = cdf_of;
        sf, sf_in_place = sf_of;
        logcdf, logcdf_in_place = logcdf_of;
        logsf, logsf_in_place = logsf_of;
        ppf, ppf_in_place = ppf_of;
        isf, isf_in_place = isf_of;
    }

    fn mean(&self) -> f64 {
        self.mu
    }

    fn variance(&self) -> f64 {
        self.expected(|angle, _| angle * angle)
    }

    fn median(&self) -> f64 {
        self.mu
    }

    fn skewness(&self) -> f64 {
        0.0
    }

    /// −6/5 for κ = 0, the uniform distribution's, and about 1/κ for large κ.
    fn kurtosis(&self) -> f64 {
        // E θ⁴/(E θ²)² − 3 in powers of 1/κ, from the series of (2 arcsin(y/(2√κ)))² under a normal y.
        const SERIES: [f64; 11] = [
            1.0,
            2.0,
            127.0 / 24.0,
            67.0 / 4.0,
            116_893.0 / 1_920.0,
            1_243.0 / 5.0,
            1_088_588_033.0 / 967_680.0,
            84_491_167.0 / 15_120.0,
            14_051_923_002_973.0 / 464_486_400.0,
            107_330_572_721.0 / 604_800.0,
            45_878_233_567_091_671.0 / 40_874_803_200.0,
        ];
        if self.kappa >= 100.0 {
            let w = 1.0 / self.kappa;
            return w * SERIES.iter().rev().fold(0.0, |sum, c| sum * w + c);
        }
        let variance = self.variance();
        self.expected(|angle, _| angle.powi(4)) / (variance * variance) - 3.0
    }

    fn entropy(&self) -> f64 {
        // −E ln f, with 1 − cos Θ = 2 sin²(Θ/2).
        self.kappa * self.expected(|_, sine| 2.0 * sine * sine) - self.peak.ln()
    }

    fn mode(&self) -> f64 {
        // Where all angles are alike, the smallest of them.
        if self.kappa > 0.0 { self.mu } else { self.mu - PI }
    }

    fn support(&self) -> (f64, f64) {
        (self.mu - PI, self.mu + PI)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        stream.fill_von_mises(self.kappa, out);
        out.iter_mut().for_each(|x| *x += self.mu);
    }
}

impl Continuous for VonMises {
    wide_methods! {
        (mu, kappa, peak);
        pdf, pdf_in_place = pdf_of;
        logpdf, logpdf_in_place = logpdf_of;
    }
}

impl Family for VonMises {
    const NAME: &'static str = "VonMises";
    const PARAMETERS: &'static [&'static str] = &["mu", "kappa"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [mu, kappa] = exactly::<Self, 2>(parameters)?;
        Self::new(mu, kappa)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.mu, self.kappa]
    }

    /// For a scale of 1 or −1: angles can be turned and reflected, not stretched.
    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        if scale.abs() != 1.0 {
            let problem =
                "is a VonMises, an angle, which can be turned and reflected, but no other multiple of it is one".into();
            return Err(Error::Invalid { function: "affine", argument: "X", problem });
        }
        Self::new(scale * self.mu + shift, self.kappa)
    }

    /// μ̂ is the direction of the mean of the unit vectors in direction x, in (−π, π], and A(κ̂) its length. Any finite angles are
    /// data: whole turns do not count. Standard errors 1/√(nκ̂A) and 1/√(n(1 − A/κ̂ − A²)).
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "VonMises.fit";
        let held = held::<Self, 2>(FUNCTION, fixed)?;
        observations(FUNCTION, data, 2, |x| x.abs() <= 1e10, "angles in radians (between -1e10 and 1e10)")?;
        let n = data.len() as f64;
        let sums =
            |about: f64| data.iter().fold((0.0, 0.0), |(s, c), x| (s + (x - about).sin(), c + (x - about).cos()));
        let first = sums(0.0);
        if held[0].is_none() && first.0.hypot(first.1) < 1e-12 * n {
            let problem =
                "have no mean direction: their unit vectors add up to 0; hold mu fixed, or take kappa = 0".into();
            return Err(Error::Invalid { function: FUNCTION, argument: "data", problem });
        }
        // The direction once more from angles about the first, which is so put right to its last digits.
        let rough = first.0.atan2(first.1);
        let rest = sums(rough);
        let mu = held[0].unwrap_or(rough + rest.0.atan2(rest.1));
        // 1 − the mean of cos(x − μ), without cancellation.
        let lacking = data.iter().map(|x| 2.0 * (0.5 * (x - mu)).sin().powi(2)).sum::<f64>() / n;
        let kappa = match held[1] {
            Some(kappa) => kappa,
            None if lacking < 1e-19 => {
                let consequence = "the likelihood rises without bound as kappa goes to infinity";
                return Err(Error::Constant { function: FUNCTION, argument: "data", value: data[0], consequence });
            }
            None if lacking >= 1.0 => {
                let problem =
                    "point away from mu on average: the likelihood is largest at kappa = 0, where all angles are alike"
                        .into();
                return Err(Error::Invalid { function: FUNCTION, argument: "data", problem });
            }
            None => angles::concentration(lacking),
        };
        let distribution = Self::new(mu, kappa)?;
        let (ratio, rest) = bessel_ratio(kappa);
        // A′(κ) = 1 − A/κ − A², whose first terms cancel for large κ.
        let slope = if kappa < 1e-4 {
            0.5
        } else if kappa > 1e4 {
            (0.5 + (0.25 + 0.375 / kappa) / kappa) / (kappa * kappa)
        } else {
            rest * (1.0 + ratio) - ratio / kappa
        };
        let covariance = Array2::from_diag(&array![
            if held[0].is_some() { 0.0 } else { 1.0 / (n * kappa * (1.0 - lacking)) },
            if held[1].is_some() { 0.0 } else { 1.0 / (n * slope) },
        ]);
        let log_likelihood = n * (distribution.peak.ln() - kappa * lacking);
        let estimated = held.iter().filter(|value| value.is_none()).count();
        if !covariance.iter().all(|variance| variance.is_finite() && *variance >= 0.0) {
            let problem = "say nothing about mu where kappa is 0; hold mu fixed".into();
            return Err(Error::Invalid { function: FUNCTION, argument: "data", problem });
        }
        Ok(Fitted { distribution, covariance, log_likelihood, observations: data.len(), estimated, iterations: 0 })
    }
}
