//! Student's t distribution (W. S. Gosset 1908; NIST Engineering Statistics Handbook 1.3.6.6.4).

use super::gamma::FAINT;
use super::{Continuous, degrees_of_freedom};
use crate::check::in_range;
use crate::distributions::family::{exactly, held};
use crate::distributions::likelihood::{Domain, Likelihood, maximize_until};
use crate::distributions::standard_form::{StandardForm, Unit, too_many_equal};
use crate::distributions::stirling::{digamma_remainder, ln_gamma_remainder, scaled_digamma_remainder};
use crate::distributions::{Distribution, Family, Fitted};
use crate::double_double::Dd;
use crate::error::{Error, Result};
use crate::random::{Stream, portable};
use crate::special::beta_lanes::{Point, log_probabilities_in_place, probabilities_in_place, student_density_in_place};
use crate::special::incomplete_beta::{Split, density, tail};
use crate::special::inverse_beta::{Quantile, quantiles_in_place};
use crate::special::tail::{Side, Tail};
use crate::special::{Scaled, odds, polygamma};
use ndarray::ArrayView1;
use std::f64::consts::TAU;

/// Beyond this t² would overflow; the tail is a power of t long before.
const FAR: f64 = 1e140;

/// Student's t distribution with `df` degrees of freedom, moved by `loc` and stretched by `scale`.
///
/// **Definition.** loc + scale·Z/√(V/ν) for a standard normal Z and an independent chi-square V with ν = df degrees of freedom:
/// a mean over its estimated standard error. df = 1 is Cauchy's distribution, df = ∞ would be the normal one.
///
/// **Density.** f(x) = (1 + t²/ν)^(−(ν+1)/2)/(scale·√ν·B(ν/2, ½)), t = (x − loc)/scale.
///
/// **Parameters.** `df` positive and finite (not only whole); `loc` finite; `scale` positive and finite. **Support.** All real numbers.
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, StudentT};
///
/// # fn main() -> underhood::Result<()> {
/// // With two degrees of freedom the tail is ½ − t/(2√(2 + t²)).
/// let t = StudentT::standard(2.0)?;
/// assert!((t.sf(1.0) - (0.5 - 0.5 / 3.0_f64.sqrt())).abs() < 1e-15);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean loc for ν > 1 (else NaN), variance scale²·ν/(ν−2) for ν > 2 (∞ for 1 < ν ≤ 2, else NaN), kurtosis
/// 6/(ν − 4) for ν > 4 (∞ for 2 < ν ≤ 4, else NaN).
///
/// **Numerical limits.** Relative error below 1e-14 as a function of t in both tails down to 1e-300, for df from 0.1 to 1e10.
///
/// **Method.** P(T > t) = ½ I(ν/2, ½; x) with x = ν/(ν + t²), x and 1 − x both in two doubles; see [`crate::special`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudentT {
    df: f64,
    loc: f64,
    scale: f64,
}

impl StudentT {
    /// Student's t distribution with `df` degrees of freedom, centre `loc` and `scale`.
    ///
    /// # Errors
    /// If `df` is not positive (1e-20 to 1e20), `scale` not positive and finite, or `loc` not finite.
    pub fn new(df: f64, loc: f64, scale: f64) -> Result<Self> {
        degrees_of_freedom("StudentT", "df", df)?;
        in_range("StudentT", "loc", loc, loc.is_finite(), "finite")?;
        in_range("StudentT", "scale", scale, scale > 0.0 && scale.is_finite(), "positive and finite")?;
        Ok(StudentT { df, loc, scale })
    }

    /// Centre 0 and scale 1.
    ///
    /// # Errors
    /// If `df` is not positive (1e-20 to 1e20).
    pub fn standard(df: f64) -> Result<Self> {
        Self::new(df, 0.0, 1.0)
    }

    /// The degrees of freedom.
    pub fn df(&self) -> f64 {
        self.df
    }

    /// The centre.
    pub fn loc(&self) -> f64 {
        self.loc
    }

    /// The scale.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    #[inline]
    fn t(&self, x: f64) -> f64 {
        (x - self.loc) / self.scale
    }

    /// x = ν/(ν + t²) and its complement, 0 < t ≤ FAR.
    fn split(&self, t: f64) -> Split {
        Split::of_odds(Dd::from(self.df), Dd::product(t, t))
    }

    /// I(ν/2, ½; x): the probability beyond ±t.
    fn two_sided(&self, t: f64) -> Tail {
        tail(0.5 * self.df, 0.5, self.split(t))
    }

    /// The density of the standard form at 0 ≤ t ≤ FAR.
    fn density(&self, t: f64) -> Scaled {
        // Closer to 0 than this the density is constant to all digits.
        let t = t.max(1e-20 * self.df.sqrt().min(1.0));
        density(0.5 * self.df, 0.5, self.split(t)).over(t)
    }

    /// P(T > t) for t ≥ 0.
    fn upper(&self, t: f64) -> f64 {
        if t == 0.0 {
            return 0.5;
        }
        if t > FAR {
            let beyond = 0.5 * self.two_sided(FAR).probability(Side::Lower);
            return beyond * (FAR / t).powf(self.df);
        }
        0.5 * self.two_sided(t.max(1e-150)).probability(Side::Lower)
    }

    fn log_upper(&self, t: f64) -> f64 {
        if t == 0.0 {
            return 0.5_f64.ln();
        }
        if t > FAR {
            return self.log_upper(FAR) - self.df * (t / FAR).ln();
        }
        let two_sided = self.two_sided(t.max(1e-150));
        match two_sided.side {
            Side::Lower => two_sided.value.times(0.5).ln(),
            Side::Upper => (0.5 * two_sided.probability(Side::Lower)).ln(),
        }
    }
}

impl Distribution for StudentT {
    fn cdf(&self, x: f64) -> f64 {
        self.sf_at(-self.t(x))
    }

    fn sf(&self, x: f64) -> f64 {
        self.sf_at(self.t(x))
    }

    fn cdf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = -self.t(*x));
        self.upper_in_place(x);
    }

    fn sf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.t(*x));
        self.upper_in_place(x);
    }

    fn logcdf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = -self.t(*x));
        self.log_upper_in_place(x);
    }

    fn logsf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.t(*x));
        self.log_upper_in_place(x);
    }

    fn ppf_in_place(&self, p: &mut [f64]) {
        self.upper_quantiles_in_place(p);
        p.iter_mut().for_each(|t| *t = self.loc - self.scale * *t);
    }

    fn isf_in_place(&self, q: &mut [f64]) {
        self.upper_quantiles_in_place(q);
        q.iter_mut().for_each(|t| *t = self.loc + self.scale * *t);
    }

    fn logcdf(&self, x: f64) -> f64 {
        self.logsf_at(-self.t(x))
    }

    fn logsf(&self, x: f64) -> f64 {
        self.logsf_at(self.t(x))
    }

    fn ppf(&self, p: f64) -> f64 {
        self.loc - self.scale * self.upper_quantile(p)
    }

    fn isf(&self, q: f64) -> f64 {
        self.loc + self.scale * self.upper_quantile(q)
    }

    fn mean(&self) -> f64 {
        if self.df > 1.0 { self.loc } else { f64::NAN }
    }

    fn variance(&self) -> f64 {
        if self.df > 2.0 {
            self.scale * self.scale * (self.df / (self.df - 2.0))
        } else if self.df > 1.0 {
            f64::INFINITY
        } else {
            f64::NAN
        }
    }

    fn std(&self) -> f64 {
        // Not the root of the variance, which can overflow.
        if self.df > 2.0 { self.scale * (self.df / (self.df - 2.0)).sqrt() } else { self.variance() }
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    fn median(&self) -> f64 {
        self.loc
    }

    fn skewness(&self) -> f64 {
        if self.df > 3.0 { 0.0 } else { f64::NAN }
    }

    fn kurtosis(&self) -> f64 {
        if self.df > 4.0 {
            6.0 / (self.df - 4.0)
        } else if self.df > 2.0 {
            f64::INFINITY
        } else {
            f64::NAN
        }
    }

    fn entropy(&self) -> f64 {
        // (h + ½)(ψ(h + ½) − ψ(h)) + ½ ln ν + ln B(h, ½) + ln(scale), h = ν/2, in what Stirling's formulas leave out.
        let half = 0.5 * self.df;
        let less_next = |f: fn(f64) -> f64| f(half) - f(half + 0.5);
        let rest = less_next(ln_gamma_remainder) + less_next(scaled_digamma_remainder) + 0.5 * digamma_remainder(half);
        0.5 * (1.0 + TAU.ln() + (1.0 / self.df).ln_1p()) + rest + self.scale.ln()
    }

    fn mode(&self) -> f64 {
        self.loc
    }

    /// A normal variable over the root of a gamma variable that is divided by its shape.
    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        let half = 0.5 * self.df;
        let mut below = vec![0.0; out.len()];
        stream.fill_normal(out);
        if half < SMALL_SHAPE {
            // Gamma variables below the smallest double, by their logarithms.
            stream.fill_log_gamma(half, &mut below);
            let shift = portable::ln(half);
            below.iter_mut().for_each(|y| *y = 0.5 * (shift - *y));
            portable::exp_in_place(&mut below);
            out.iter_mut().zip(&below).for_each(|(x, y)| *x = self.loc + self.scale * (*x * y));
        } else {
            stream.fill_gamma(half, &mut below);
            out.iter_mut().zip(&below).for_each(|(x, y)| *x = self.loc + self.scale * (*x * (half / y).sqrt()));
        }
    }
}

/// Below this shape a gamma variable can be smaller than the smallest double.
const SMALL_SHAPE: f64 = 0.1;

impl Continuous for StudentT {
    fn pdf(&self, x: f64) -> f64 {
        let t = self.t(x).abs();
        if t.is_nan() {
            return t;
        }
        if t > FAR {
            return self.density(FAR).over(self.scale).value() * (FAR / t).powf(self.df + 1.0);
        }
        self.density(t).over(self.scale).value()
    }

    fn logpdf(&self, x: f64) -> f64 {
        let t = self.t(x).abs();
        if t.is_nan() {
            return t;
        }
        if t > FAR {
            return self.density(FAR).ln() - (self.df + 1.0) * (t / FAR).ln() - self.scale.ln();
        }
        self.density(t).ln() - self.scale.ln()
    }

    fn pdf_in_place(&self, x: &mut [f64]) {
        const BLOCK: usize = 4096;
        let standard = StudentT { loc: 0.0, scale: 1.0, ..*self };
        let mut before = [0.0; BLOCK];
        for x in x.chunks_mut(BLOCK) {
            let before = &mut before[..x.len()];
            before.copy_from_slice(x);
            x.iter_mut().for_each(|x| *x = self.t(*x).abs());
            student_density_in_place(self.df, x, false, |t| standard.pdf(t));
            if self.scale == 1.0 {
                continue;
            }
            for (density, &x) in x.iter_mut().zip(&*before) {
                // What has underflowed may come back from a small scale.
                *density = if *density < FAINT && self.scale < 1.0 { self.pdf(x) } else { *density / self.scale };
            }
        }
    }

    fn logpdf_in_place(&self, x: &mut [f64]) {
        x.iter_mut().for_each(|x| *x = self.t(*x).abs());
        let standard = StudentT { loc: 0.0, scale: 1.0, ..*self };
        student_density_in_place(self.df, x, true, |t| standard.logpdf(t));
        if self.scale != 1.0 {
            let log = self.scale.ln();
            x.iter_mut().for_each(|x| *x -= log);
        }
    }
}

impl Family for StudentT {
    const NAME: &'static str = "StudentT";
    const PARAMETERS: &'static [&'static str] = &["df", "loc", "scale"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [df, loc, scale] = exactly::<Self, 3>(parameters)?;
        Self::new(df, loc, scale)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.df, self.loc, self.scale]
    }

    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        Self::new(self.df, scale * self.loc + shift, scale.abs() * self.scale)
    }

    /// By Newton's method from the median, the quartiles and the best of three df. With df free the likelihood is unbounded where df goes to 0 and the scale with
    /// it (C. Fernandez and M. F. J. Steel 1999, doi:10.1093/biomet/86.1.153); what is found is the maximum that leads on from an ordinary start.
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "StudentT.fit";
        /// From here on more degrees of freedom change nothing that data show.
        const MANY: f64 = 1e6;
        let held = held::<Self, 3>(FUNCTION, fixed)?;
        if let Some(df) = held[0] {
            degrees_of_freedom(FUNCTION, "df", df)?;
        }
        Self::new(1.0, held[1].unwrap_or(0.0), held[2].unwrap_or(1.0))?;
        let form = StandardForm::of(FUNCTION, data, Unit::Quartiles)?;
        let n = form.values.len();
        let [held_loc, held_scale] = form.held([held[1], held[2]]);
        if held_scale.is_none() {
            // The scale goes to 0 if more values lie on one point than the tails of the others can outweigh; with df free, if half of them do.
            let (value, count) = held_loc.map_or_else(|| form.most_frequent(), |loc| (loc, form.count(loc)));
            if count as f64 >= (n - count) as f64 * held[0].unwrap_or(1.0) {
                return Err(too_many_equal(FUNCTION, form.centre + form.spread * value, count, n));
            }
        }
        let to_form = [held[0], held_loc, held_scale];
        let domains = [Domain::Positive, Domain::Real, Domain::Positive];
        let start =
            [1.0, 5.0, 30.0].map(|df| [held[0].unwrap_or(df), held_loc.unwrap_or(0.0), held_scale.unwrap_or(1.0)]);
        let value = |start: &[f64; 3]| likelihood(&form.values, start).value;
        let start =
            start.into_iter().fold(start[1], |best, next| if value(&next) > value(&best) { next } else { best });
        let of_all = |parameters: &[f64; 3]| likelihood(&form.values, parameters);
        let maximum = maximize_until(FUNCTION, start, &to_form, domains, of_all, |parameters| {
            let problem = format!(
                "have tails no heavier than a normal's: the likelihood still rises at df = {MANY:e}, and would go on for ever; fit a Normal, or hold \
                 df fixed"
            );
            let error = Error::Invalid { function: FUNCTION, argument: "data", problem };
            (held[0].is_none() && parameters[0] > MANY).then_some(error)
        })?;
        form.fitted(maximum, &held, 1)
    }
}

/// ln L and its derivatives in df, loc and scale.
fn likelihood(data: &[f64], &[df, loc, scale]: &[f64; 3]) -> Likelihood<3> {
    let n = data.len() as f64;
    let half = 0.5 * df;
    // ln Γ(h + ½)/(Γ(h)√h) and its derivative, which are small for large h = df/2.
    let ratio = ln_gamma_remainder(half + 0.5) - ln_gamma_remainder(half) + half * (1.0 / df).ln_1p() - 0.5;
    let slope = (1.0 / df).ln_1p() + (digamma_remainder(half) - digamma_remainder(half + 0.5)) - 1.0 / df;
    let mut value = n * (ratio - 0.5 * TAU.ln() - scale.ln());
    let mut gradient = [0.5 * n * slope, 0.0, -n / scale];
    let trigamma = 0.25 * (polygamma(1.0, half + 0.5) - polygamma(1.0, half)) + 0.5 / (df * df);
    let mut hessian = [[n * trigamma, 0.0, 0.0], [0.0; 3], [0.0, 0.0, n / (scale * scale)]];
    for x in data {
        let z = (x - loc) / scale;
        let (square, a) = (z * z, df + z * z);
        let (share, over) = (square / a, square / (df * a));
        let log = (square / df).ln_1p();
        value -= 0.5 * (df + 1.0) * log;
        gradient[0] += 0.5 * ((df + 1.0) * over - log);
        gradient[1] += (df + 1.0) * z / (scale * a);
        gradient[2] += (df + 1.0) * share / scale;
        let (a2, s2) = (a * a, scale * scale);
        hessian[0][0] += 0.5 * (over - square * (a + df * df + df) / (df * df * a2));
        hessian[0][1] += z * (square - 1.0) / (scale * a2);
        hessian[0][2] += square * (square - 1.0) / (scale * a2);
        hessian[1][1] -= (df + 1.0) * (df - square) / (s2 * a2);
        hessian[1][2] -= 2.0 * (df + 1.0) * df * z / (s2 * a2);
        hessian[2][2] -= (df + 1.0) / s2 * (share + 2.0 * df * square / a2);
    }
    (hessian[1][0], hessian[2][0], hessian[2][1]) = (hessian[0][1], hessian[0][2], hessian[1][2]);
    Likelihood { value, gradient, hessian }
}

impl StudentT {
    /// Replaces every t by P(T > t).
    fn upper_in_place(&self, t: &mut [f64]) {
        const BLOCK: usize = 4096;
        let mut before = [0.0; BLOCK];
        for t in t.chunks_mut(BLOCK) {
            let before = &mut before[..t.len()];
            before.copy_from_slice(t);
            t.iter_mut().for_each(|t| *t = t.abs());
            let point = Point::Square(self.df);
            probabilities_in_place(0.5 * self.df, 0.5, t, point, Side::Lower, 0.5, |t| self.sf_at(t));
            for (value, &t) in t.iter_mut().zip(&*before) {
                *value = if t < 0.0 { 1.0 - *value } else { *value };
            }
        }
    }

    /// Replaces every t by ln P(T > t).
    fn log_upper_in_place(&self, t: &mut [f64]) {
        let point = Point::Square(self.df);
        let (mut right, mut left) = (Vec::with_capacity(t.len()), Vec::with_capacity(t.len()));
        for &t in &*t {
            (if t < 0.0 { &mut left } else { &mut right }).push(t.abs());
        }
        log_probabilities_in_place(0.5 * self.df, 0.5, &mut right, point, Side::Lower, 0.5, |t| self.logsf_at(t));
        // For negative t it is nearly 1: one less the other tail.
        probabilities_in_place(0.5 * self.df, 0.5, &mut left, point, Side::Lower, 0.5, |t| self.sf_at(t));
        let (mut right, mut left) = (right.into_iter(), left.into_iter());
        for t in t {
            *t = if *t < 0.0 { left.next().map_or(*t, |value| (-value).ln_1p()) } else { right.next().unwrap_or(*t) };
        }
    }

    /// Replaces every q by the t with P(T > t) = q.
    fn upper_quantiles_in_place(&self, q: &mut [f64]) {
        let left: Vec<bool> = q.iter().map(|q| *q > 0.5).collect();
        q.iter_mut().for_each(|q| *q = if *q > 0.5 { 2.0 * (1.0 - *q) } else { 2.0 * *q });
        // The odds t²/ν of 1 − x; their upper tail is 2q.
        let wanted = Quantile::Root(self.df.sqrt());
        quantiles_in_place(0.5, 0.5 * self.df, q, Side::Upper, wanted, |both| self.upper_quantile(0.5 * both));
        for (t, left) in q.iter_mut().zip(left) {
            *t = if left { -*t } else { *t };
        }
    }

    fn sf_at(&self, t: f64) -> f64 {
        if t.is_nan() {
            t
        } else if t < 0.0 {
            1.0 - self.upper(-t)
        } else {
            self.upper(t)
        }
    }

    fn logsf_at(&self, t: f64) -> f64 {
        if t.is_nan() {
            t
        } else if t < 0.0 {
            (-self.upper(-t)).ln_1p()
        } else {
            self.log_upper(t)
        }
    }

    /// The t with P(T > t) = q.
    fn upper_quantile(&self, q: f64) -> f64 {
        if !(0.0..=1.0).contains(&q) {
            return f64::NAN;
        }
        if q > 0.5 {
            return -self.upper_quantile(1.0 - q);
        }
        if q == 0.0 {
            return f64::INFINITY;
        }
        let far = self.upper(FAR);
        if q < far {
            // A power of t; ln(far/q)/ν in two doubles, since it can be several hundred.
            return FAR * (Dd::quotient(far, q).ln() / self.df).exp();
        }
        // The odds t²/ν of 1 − x; their upper tail is 2q.
        (odds(0.5, 0.5 * self.df, 2.0 * q, Side::Upper) * self.df).sqrt()
    }
}
