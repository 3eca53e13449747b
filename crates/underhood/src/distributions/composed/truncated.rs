//! A distribution given that its variable lies between two bounds.

use std::sync::Arc;

use super::expectation::{expectation, summation};
use super::root::{peak, quantile, smallest};
use crate::check::in_range;
use crate::distributions::discrete::whole;
use crate::distributions::{Continuous, Discrete, Distribution};
use crate::error::{Error, Result};
use crate::random::Stream;

/// Below this the probability of the interval is taken from logarithms.
const TINY: f64 = 1e-290;
/// Below this, draws of the parent would nearly all be thrown away.
const WORTH_REJECTING: f64 = 0.02;

/// The distribution of X given low ≤ X ≤ high.
///
/// **Definition.** X under the condition that it lies in the interval; ends included.
///
/// **Density.** g(x) = f(x)/P(low ≤ X ≤ high) inside, 0 outside; of whole numbers, the same with probabilities.
///
/// **Parameters.** Any distribution; `low` < `high` (≤ for whole numbers), which may be infinite. **Support.** The interval, as far as
/// X reaches.
///
/// **Example.**
/// ```
/// use std::sync::Arc;
/// use underhood::distributions::{Continuous, Distribution, Normal, Truncated};
///
/// # fn main() -> underhood::Result<()> {
/// // Half of the normal distribution: the mean is √(2/π).
/// let half = Truncated::continuous(Arc::new(Normal::standard()), 0.0, f64::INFINITY)?;
/// assert!((half.mean() - (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-13);
/// // Far out in the tail, too.
/// let tail = Truncated::continuous(Arc::new(Normal::standard()), 50.0, f64::INFINITY)?;
/// assert!((tail.mean() - 50.01998).abs() < 1e-5);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** By numerical integration over the quantiles (continuous) or by summing (whole numbers), to about 1e-12, NaN for whole numbers too many and too uneven to be summed; infinite or missing if
/// the interval is unbounded where X has none.
///
/// **Numerical limits.** Probabilities are ratios of [`Continuous::prob`], which does not cancel; where the interval's probability is below
/// 1e-290, ratios of logarithms, with a relative error of about 1e-16·|ln P|.
///
/// **Method.** The definition. Draws by rejection, or, if less than 2 % of X lies inside, by inversion (whose last bits may differ between
/// processors).
#[derive(Debug, Clone)]
pub struct Truncated<D: ?Sized> {
    parent: Arc<D>,
    low: f64,
    high: f64,
    /// P(low ≤ X ≤ high).
    mass: f64,
    log_mass: f64,
}

impl<D: Distribution + ?Sized> Truncated<D> {
    fn new(parent: Arc<D>, low: f64, high: f64, log_between: impl Fn(&D, f64, f64) -> f64) -> Result<Self> {
        const NAME: &str = "Truncated";
        in_range(NAME, "low", low, true, "a number or -inf")?;
        in_range(NAME, "high", high, high >= low, "at least low")?;
        let (first, last) = parent.support();
        let (low, high) = (low.max(first), high.min(last));
        let log_mass = if low <= high { log_between(&parent, low, high) } else { f64::NEG_INFINITY };
        if !log_mass.is_finite() {
            let problem = format!(
                "has no probability between low and high that doubles can hold (its support is {first} to {last})"
            );
            return Err(Error::Invalid { function: NAME, argument: "distribution", problem });
        }
        Ok(Truncated { parent, low, high, mass: log_mass.exp(), log_mass })
    }

    /// The distribution that is truncated.
    pub fn parent(&self) -> &Arc<D> {
        &self.parent
    }

    /// A ratio of the interval's probability.
    fn ratio(&self, p: f64, log_p: impl Fn() -> f64) -> f64 {
        let ratio = if self.mass > TINY { p / self.mass } else { (log_p() - self.log_mass).exp() };
        if ratio > 1.0 { 1.0 } else { ratio }
    }

    /// Draws from the parent until they lie inside, or by quantiles if that would take long.
    fn draw(&self, stream: &mut Stream, out: &mut [f64], quantile: impl Fn(f64) -> f64) {
        if self.mass < WORTH_REJECTING {
            stream.fill_uniform(out);
            out.iter_mut().for_each(|u| *u = quantile(*u));
            return;
        }
        let (mut filled, mut draws) = (0, vec![0.0; out.len().clamp(1, 4096)]);
        while filled < out.len() {
            self.parent.fill(stream, &mut draws);
            for &x in &draws {
                if x >= self.low && x <= self.high && filled < out.len() {
                    out[filled] = x;
                    filled += 1;
                }
            }
        }
    }

    /// Whether a moment exists: it does between finite ends, else where the parent has it.
    fn has(&self, parents: f64) -> bool {
        (self.low.is_finite() && self.high.is_finite()) || parents.is_finite()
    }
}

/// ln P(a ≤ X ≤ b), also where that underflows.
fn log_between(parent: &(dyn Continuous + 'static), a: f64, b: f64) -> f64 {
    let p = parent.prob(a, b);
    if p > TINY || !(a < b) {
        return p.ln();
    }
    log_difference(parent.logsf(a), parent.logsf(b), parent.logcdf(b), parent.logcdf(a))
}

/// The same for whole numbers, both ends included.
fn log_between_whole(parent: &(dyn Discrete + 'static), a: f64, b: f64) -> f64 {
    let p = parent.prob(a, b);
    if p > TINY || !(a <= b) {
        return p.ln();
    }
    let before = a.ceil() - 1.0;
    log_difference(parent.logsf(before), parent.logsf(b), parent.logcdf(b), parent.logcdf(before))
}

/// ln(eᵃ − eᵇ) in the tail that is the smaller one.
fn log_difference(sf_a: f64, sf_b: f64, cdf_b: f64, cdf_a: f64) -> f64 {
    let (outer, inner) = if sf_a < cdf_b { (sf_a, sf_b) } else { (cdf_b, cdf_a) };
    outer + (-(inner - outer).exp()).ln_1p()
}

impl Truncated<dyn Continuous> {
    /// A continuous distribution between two bounds.
    ///
    /// # Errors
    /// If a bound is NaN, `high` is below `low`, or there is no probability between them.
    pub fn continuous(parent: Arc<dyn Continuous>, low: f64, high: f64) -> Result<Self> {
        Self::new(parent, low, high, log_between)
    }

    /// P(low ≤ X ≤ x | inside), and the rest.
    fn part(&self, a: f64, b: f64) -> f64 {
        self.ratio(self.parent.prob(a, b), || log_between(&*self.parent, a, b))
    }

    fn log_part(&self, a: f64, b: f64) -> f64 {
        (log_between(&*self.parent, a, b) - self.log_mass).min(0.0)
    }

    /// The point with this probability on one side: from the parent's quantile, mended by Newton's method.
    fn quantile(&self, p: f64, upper: bool) -> f64 {
        if !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        if p == 0.0 || p == 1.0 {
            return if (p == 0.0) == upper { self.high } else { self.low };
        }
        if p > 0.5 {
            return self.quantile(1.0 - p, !upper);
        }
        if self.mass <= TINY {
            let bracket = (self.finite_end(false), self.finite_end(true));
            return quantile(self, p, upper, bracket.0, bracket.1);
        }
        // In the parent's smaller tail; sums of what is positive.
        let (below, above) = if upper { (1.0 - p, p) } else { (p, 1.0 - p) };
        let (cdf_low, sf_high) = (self.parent.cdf(self.low), self.parent.sf(self.high));
        let (lower, beyond) = (cdf_low + below * self.mass, sf_high + above * self.mass);
        let start = if beyond < lower { self.parent.isf(beyond) } else { self.parent.ppf(lower) };
        let mut x = start.clamp(self.low, self.high);
        let wanted = p * self.mass;
        for _ in 0..4 {
            let found = if upper { self.parent.prob(x, self.high) } else { self.parent.prob(self.low, x) };
            let step = (found - wanted) / self.parent.pdf(x);
            let next = (if upper { x + step } else { x - step }).clamp(self.low, self.high);
            if !next.is_finite() || next == x {
                break;
            }
            x = next;
        }
        x
    }

    /// An end of the support, or a point beyond which nothing of consequence lies.
    fn finite_end(&self, upper: bool) -> f64 {
        let end = if upper { self.high } else { self.low };
        if end.is_finite() {
            return end;
        }
        let (mut step, inner) = (1.0, if upper { self.low } else { self.high });
        let inner = if inner.is_finite() { inner } else { self.parent.median() };
        let scale = self.parent.std();
        let scale = if scale.is_finite() && scale > 0.0 { scale } else { inner.abs().max(1.0) };
        loop {
            let x = if upper { inner + step * scale } else { inner - step * scale };
            let beyond = if upper { self.logsf(x) } else { self.logcdf(x) };
            if !(beyond > -800.0) || !x.is_finite() {
                return if x.is_finite() { x } else { f64::MAX.copysign(x) };
            }
            step *= 2.0;
        }
    }
}

impl Distribution for Truncated<dyn Continuous> {
    fn cdf(&self, x: f64) -> f64 {
        match x {
            x if x.is_nan() => x,
            x if x <= self.low => 0.0,
            x if x >= self.high => 1.0,
            _ => self.part(self.low, x),
        }
    }

    fn sf(&self, x: f64) -> f64 {
        match x {
            x if x.is_nan() => x,
            x if x <= self.low => 1.0,
            x if x >= self.high => 0.0,
            _ => self.part(x, self.high),
        }
    }

    fn logcdf(&self, x: f64) -> f64 {
        match x {
            x if x.is_nan() || x <= self.low || x >= self.high => self.cdf(x).ln(),
            x if self.sf(x) < 0.5 => (-self.sf(x)).ln_1p(),
            _ => self.log_part(self.low, x),
        }
    }

    fn logsf(&self, x: f64) -> f64 {
        match x {
            x if x.is_nan() || x <= self.low || x >= self.high => self.sf(x).ln(),
            x if self.cdf(x) < 0.5 => (-self.cdf(x)).ln_1p(),
            _ => self.log_part(x, self.high),
        }
    }

    fn ppf(&self, p: f64) -> f64 {
        self.quantile(p, false)
    }

    fn isf(&self, q: f64) -> f64 {
        self.quantile(q, true)
    }

    fn mean(&self) -> f64 {
        if !self.has(self.parent.mean()) {
            return self.parent.mean();
        }
        // From the median, so that a far interval loses nothing.
        let centre = self.median();
        centre + expectation(self, &self.breaks(), |x| x - centre)
    }

    fn variance(&self) -> f64 {
        let std = self.std();
        std * std
    }

    fn std(&self) -> f64 {
        if !self.has(self.parent.variance()) && !self.has(self.parent.std()) {
            return self.parent.std();
        }
        // In units of the middle half, whose square neither over- nor underflows.
        let (mean, unit) = (self.mean(), self.isf(0.25) - self.ppf(0.25));
        unit * expectation(self, &self.breaks(), |x| ((x - mean) / unit).powi(2)).sqrt()
    }

    fn skewness(&self) -> f64 {
        if !self.has(self.parent.skewness()) {
            return f64::NAN;
        }
        let (mean, std) = (self.mean(), self.std());
        expectation(self, &self.breaks(), |x| ((x - mean) / std).powi(3))
    }

    fn kurtosis(&self) -> f64 {
        if !self.has(self.parent.kurtosis()) {
            return self.parent.kurtosis();
        }
        let (mean, std) = (self.mean(), self.std());
        expectation(self, &self.breaks(), |x| ((x - mean) / std).powi(4)) - 3.0
    }

    fn entropy(&self) -> f64 {
        expectation(self, &self.breaks(), |x| -self.logpdf(x))
    }

    fn mode(&self) -> f64 {
        let mut points: Vec<f64> = (1..256).map(|k| self.ppf(f64::from(k) / 256.0)).collect();
        points.extend([self.low, self.high, self.parent.mode().clamp(self.low, self.high)]);
        peak(&mut points, |x| self.logpdf(x))
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        self.draw(stream, out, |u| self.ppf(u));
    }
}

impl Continuous for Truncated<dyn Continuous> {
    fn breaks(&self) -> Vec<f64> {
        let mut breaks = self.parent.breaks();
        breaks.extend([self.low, self.high]);
        breaks.retain(|x| x.is_finite() && (self.low..=self.high).contains(x));
        breaks
    }

    fn pdf(&self, x: f64) -> f64 {
        if x.is_nan() {
            x
        } else if x < self.low || x > self.high {
            0.0
        } else if self.mass > TINY {
            self.parent.pdf(x) / self.mass
        } else {
            (self.parent.logpdf(x) - self.log_mass).exp()
        }
    }

    fn logpdf(&self, x: f64) -> f64 {
        if x.is_nan() {
            x
        } else if x < self.low || x > self.high {
            f64::NEG_INFINITY
        } else {
            self.parent.logpdf(x) - self.log_mass
        }
    }

    fn prob(&self, a: f64, b: f64) -> f64 {
        if a.is_nan() || b.is_nan() { f64::NAN } else { self.part(a.max(self.low), b.min(self.high)) }
    }
}

impl Truncated<dyn Discrete> {
    /// A distribution of whole numbers between two bounds, both included.
    ///
    /// # Errors
    /// If a bound is NaN, `high` is below `low`, there is no probability between them, or the values are not whole ([`Empirical`]).
    ///
    /// [`Empirical`]: crate::distributions::Empirical
    pub fn discrete(parent: Arc<dyn Discrete>, low: f64, high: f64) -> Result<Self> {
        whole(
            "Truncated",
            "distribution",
            &*parent,
            "keep the values between the bounds, and make an Empirical of those",
        )?;
        Self::new(parent, low.ceil(), high.floor(), log_between_whole)
    }

    fn part(&self, a: f64, b: f64) -> f64 {
        self.ratio(self.parent.prob(a, b), || log_between_whole(&*self.parent, a, b))
    }

    fn log_part(&self, a: f64, b: f64) -> f64 {
        (log_between_whole(&*self.parent, a, b) - self.log_mass).min(0.0)
    }

    /// The smallest k for which `reached` holds.
    fn first(&self, reached: impl Fn(f64) -> bool) -> f64 {
        let (mut step, start) =
            (1.0, if self.low.is_finite() { self.low } else { self.parent.median().min(self.high) });
        let (mut below, mut above) = (start - 1.0, start);
        while above < self.high && !reached(above) {
            (below, above) = (above, (above + step).min(self.high));
            step *= 2.0;
        }
        step = 1.0;
        while below >= self.low && below.is_finite() && reached(below) {
            (above, below) = (below, (below - step).max(self.low - 1.0));
            step *= 2.0;
        }
        smallest(below, above, reached)
    }
}

impl Distribution for Truncated<dyn Discrete> {
    fn cdf(&self, x: f64) -> f64 {
        match x {
            x if x.is_nan() => x,
            x if x < self.low => 0.0,
            x if x >= self.high => 1.0,
            _ => self.part(self.low, x),
        }
    }

    fn sf(&self, x: f64) -> f64 {
        match x {
            x if x.is_nan() => x,
            x if x < self.low => 1.0,
            x if x >= self.high => 0.0,
            _ => self.part(x.floor() + 1.0, self.high),
        }
    }

    fn logcdf(&self, x: f64) -> f64 {
        match x {
            x if x.is_nan() || x < self.low || x >= self.high => self.cdf(x).ln(),
            x if self.sf(x) < 0.5 => (-self.sf(x)).ln_1p(),
            _ => self.log_part(self.low, x),
        }
    }

    fn logsf(&self, x: f64) -> f64 {
        match x {
            x if x.is_nan() || x < self.low || x >= self.high => self.sf(x).ln(),
            x if self.cdf(x) < 0.5 => (-self.cdf(x)).ln_1p(),
            _ => self.log_part(x.floor() + 1.0, self.high),
        }
    }

    fn ppf(&self, p: f64) -> f64 {
        match p {
            p if !(0.0..=1.0).contains(&p) => f64::NAN,
            0.0 => self.low,
            1.0 => self.high,
            _ => self.first(|k| self.cdf(k) >= p),
        }
    }

    fn isf(&self, q: f64) -> f64 {
        match q {
            q if !(0.0..=1.0).contains(&q) => f64::NAN,
            0.0 => self.high,
            1.0 => self.low,
            _ => self.first(|k| self.sf(k) <= q),
        }
    }

    fn mean(&self) -> f64 {
        if !self.has(self.parent.mean()) {
            return self.parent.mean();
        }
        let centre = self.median();
        centre + summation(self, |k| k - centre)
    }

    fn variance(&self) -> f64 {
        if !self.has(self.parent.variance()) {
            return self.parent.variance();
        }
        let mean = self.mean();
        summation(self, |k| (k - mean) * (k - mean))
    }

    fn skewness(&self) -> f64 {
        if !self.has(self.parent.skewness()) {
            return f64::NAN;
        }
        let (mean, std) = (self.mean(), self.std());
        summation(self, |k| ((k - mean) / std).powi(3))
    }

    fn kurtosis(&self) -> f64 {
        if !self.has(self.parent.kurtosis()) {
            return self.parent.kurtosis();
        }
        let (mean, std) = (self.mean(), self.std());
        summation(self, |k| ((k - mean) / std).powi(4)) - 3.0
    }

    fn entropy(&self) -> f64 {
        summation(self, |k| -self.logpmf(k))
    }

    fn mode(&self) -> f64 {
        // The likeliest of the quantiles' values, then uphill; a parent with several hills is searched between them.
        let mut points: Vec<f64> =
            (0..=256).map(|k| self.ppf(f64::from(k) / 256.0)).filter(|k| k.is_finite()).collect();
        points.push(self.parent.mode().clamp(self.low, self.high));
        let better = |best: f64, k: f64| if self.logpmf(k) > self.logpmf(best) { k } else { best };
        let mut best = points.into_iter().reduce(better).unwrap_or(self.low);
        for direction in [-1.0, 1.0] {
            let mut step = 1.0;
            while step >= 1.0 && best + direction != best {
                let next = (best + direction * step).clamp(self.low, self.high);
                let uphill = self.logpmf(next) > self.logpmf(best);
                (best, step) = if uphill { (next, 2.0 * step) } else { (best, (0.5 * step).floor()) };
            }
        }
        best
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        self.draw(stream, out, |u| self.ppf(u));
    }
}

impl Discrete for Truncated<dyn Discrete> {
    fn pmf(&self, k: f64) -> f64 {
        if k.is_nan() {
            k
        } else if k < self.low || k > self.high {
            0.0
        } else {
            self.ratio(self.parent.pmf(k), || self.parent.logpmf(k))
        }
    }

    fn logpmf(&self, k: f64) -> f64 {
        if k.is_nan() {
            k
        } else if k < self.low || k > self.high {
            f64::NEG_INFINITY
        } else {
            self.parent.logpmf(k) - self.log_mass
        }
    }

    fn prob(&self, a: f64, b: f64) -> f64 {
        if a.is_nan() || b.is_nan() { f64::NAN } else { self.part(a.max(self.low), b.min(self.high)) }
    }
}
