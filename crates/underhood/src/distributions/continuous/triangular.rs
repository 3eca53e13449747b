//! The triangular distribution (S. Kotz and J. R. van Dorp 2004, Beyond Beta, chapter 1, doi:10.1142/5720).

use ndarray::{Array1, Array2, ArrayView1, array};
use std::f64::consts::{LN_2, SQRT_2};

use super::Continuous;
use crate::check::{at_least, in_range};
use crate::distributions::family::{exactly, held};
use crate::distributions::likelihood::{Domain, Likelihood, maximize};
use crate::distributions::standard_form::{StandardForm, Unit};
use crate::distributions::wide::wide_methods;
use crate::distributions::{Distribution, Family, Fitted};
use crate::error::{Error, Result};
use crate::linalg;
use crate::random::Stream;
use crate::special::logarithm::{ln, ln_1p};

/// The triangular distribution, whose density rises from `low` to `peak` and falls to `high` along straight lines.
///
/// **Definition.** What is assumed of a quantity of which only the smallest, the most likely and the largest value are known; with the peak in the middle
/// the sum of two independent uniform variables.
///
/// **Density.** f(x) = 2(x − low)/((high − low)(peak − low)) up to the peak, 2(high − x)/((high − low)(high − peak)) from it on.
///
/// **Parameters.** `low` ≤ `peak` ≤ `high`, finite, low < high. (The second is the mode; it is called `peak` since `mode` is the name of the method that every
/// distribution has.) **Support.** [low, high].
///
/// **Example.**
/// ```
/// use underhood::distributions::{Distribution, Triangular};
///
/// # fn main() -> underhood::Result<()> {
/// let days = Triangular::new(2.0, 3.0, 7.0)?;
/// assert!((days.cdf(3.0) - 0.2).abs() < 1e-16);
/// assert_eq!(days.mean(), 4.0);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** With c = (peak − low)/(high − low): mean (low + peak + high)/3, variance (high − low)²(1 − c(1 − c))/18, skewness
/// √2(1 − 2c)(1 + c)(2 − c)/(5(1 − c(1 − c))^(3/2)), kurtosis −3/5, entropy ½ + ln((high − low)/2).
///
/// **Numerical limits.** Relative error below 2e-15 as a function of the distances from x to the ends and the peak, in both tails.
///
/// **Method.** Each tail from its own end; across the peak as a sum of positive terms, so nothing cancels where the peak is at an end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Triangular {
    low: f64,
    peak: f64,
    high: f64,
}

impl Triangular {
    /// The triangular distribution from `low` to `high` with its mode at `peak`.
    ///
    /// # Errors
    /// If low ≤ peak ≤ high and low < high do not hold, or one of them is not finite.
    pub fn new(low: f64, peak: f64, high: f64) -> Result<Self> {
        in_range("Triangular", "low", low, low.is_finite(), "finite")?;
        let width = high - low;
        in_range("Triangular", "high", high, (1e-300..f64::INFINITY).contains(&width), "finite and greater than low")?;
        in_range("Triangular", "peak", peak, (low..=high).contains(&peak), "between low and high")?;
        Ok(Triangular { low, peak, high })
    }

    /// The smallest value.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The mode.
    pub fn peak(&self) -> f64 {
        self.peak
    }

    /// The largest value.
    pub fn high(&self) -> f64 {
        self.high
    }

    fn width(&self) -> f64 {
        self.high - self.low
    }

    /// The shares of the width below and above the peak.
    fn shares(&self) -> (f64, f64) {
        ((self.peak - self.low) / self.width(), (self.high - self.peak) / self.width())
    }
}

#[inline(always)]
fn pdf_of<const FMA: bool>(x: f64, low: f64, peak: f64, high: f64) -> f64 {
    let below = x < peak;
    let share = if below { x - low } else { high - x } / if below { peak - low } else { high - peak };
    // 0/0 where the peak is at an end.
    let density = 2.0 * if x == peak { 1.0 } else { share } / (high - low);
    if x < low || x > high { 0.0 } else { density }
}

#[inline(always)]
fn logpdf_of<const FMA: bool>(x: f64, low: f64, peak: f64, high: f64) -> f64 {
    ln::<FMA>(pdf_of::<FMA>(x, low, peak, high))
}

/// P(X ≤ x) as a product, of which each factor is in the range of doubles; with all signs turned and the ends exchanged, P(X ≥ x).
#[inline(always)]
fn factors(x: f64, low: f64, peak: f64, high: f64) -> (f64, f64) {
    let x = if x < low { low } else { x };
    let x = if x > high { high } else { x };
    let (width, rise, fall) = (high - low, peak - low, high - peak);
    let below = x < peak;
    let from_low = (x - low) / if below { rise } else { 1.0 };
    // Beyond the peak its share, and what lies between the peak and x.
    let slope = if fall > 0.0 { (fall + (high - x)) / fall } else { 0.0 };
    let across = (rise + (x - peak) * slope) / width;
    let across = if across > 1.0 { 1.0 } else { across };
    (if below { from_low } else { across }, if below { (x - low) / width } else { 1.0 })
}

/// P(X ≤ x), or P(X ≥ x) as before.
#[inline(always)]
fn lower(x: f64, low: f64, peak: f64, high: f64) -> f64 {
    let (side, length) = factors(x, low, peak, high);
    side * length
}

#[inline(always)]
fn log_lower<const FMA: bool>(x: f64, low: f64, peak: f64, high: f64) -> f64 {
    let (side, length) = factors(x, low, peak, high);
    let above = lower(-x, -high, -peak, -low);
    let (far, near) = (ln_1p::<FMA>(-above), ln::<FMA>(side) + ln::<FMA>(length));
    if above < 0.5 { far } else { near }
}

#[inline(always)]
fn cdf_of<const FMA: bool>(x: f64, low: f64, peak: f64, high: f64) -> f64 {
    lower(x, low, peak, high)
}

#[inline(always)]
fn sf_of<const FMA: bool>(x: f64, low: f64, peak: f64, high: f64) -> f64 {
    lower(-x, -high, -peak, -low)
}

#[inline(always)]
fn logcdf_of<const FMA: bool>(x: f64, low: f64, peak: f64, high: f64) -> f64 {
    log_lower::<FMA>(x, low, peak, high)
}

#[inline(always)]
fn logsf_of<const FMA: bool>(x: f64, low: f64, peak: f64, high: f64) -> f64 {
    log_lower::<FMA>(-x, -high, -peak, -low)
}

/// The x with P(X ≤ x) = p: from its end where it is nearer to that, from the peak where it is nearer to that.
#[inline(always)]
fn ppf_of<const FMA: bool>(p: f64, low: f64, peak: f64, high: f64) -> f64 {
    let (width, rise, fall) = (high - low, peak - low, high - peak);
    let (c, e) = (rise / width, fall / width);
    let below = p <= c;
    let share = if below { p } else { 1.0 - p } / if below { c } else { e };
    let share = if p == 0.0 { 0.0 } else { share };
    let rest = if below { (c - p) / c } else { (p - c) / e };
    let root = share.sqrt();
    let from_end = if below { low + rise * root } else { high - fall * root };
    let inner = rest / (1.0 + root);
    let from_peak = if below { peak - rise * inner } else { peak + fall * inner };
    if share < 0.25 || !(0.0..=1.0).contains(&p) { from_end } else { from_peak }
}

#[inline(always)]
fn isf_of<const FMA: bool>(q: f64, low: f64, peak: f64, high: f64) -> f64 {
    // −0 is no end of a support.
    0.0 - ppf_of::<FMA>(q, -high, -peak, -low)
}

impl Distribution for Triangular {
    wide_methods! {
        (low, peak, high);
        cdf, cdf_in_place = cdf_of;
        sf, sf_in_place = sf_of;
        logcdf, logcdf_in_place = logcdf_of;
        logsf, logsf_in_place = logsf_of;
        ppf, ppf_in_place = ppf_of;
        isf, isf_in_place = isf_of;
    }

    fn mean(&self) -> f64 {
        self.low / 3.0 + self.peak / 3.0 + self.high / 3.0
    }

    fn variance(&self) -> f64 {
        self.std() * self.std()
    }

    fn std(&self) -> f64 {
        let (c, e) = self.shares();
        self.width() * ((1.0 - c * e) / 18.0).sqrt()
    }

    fn skewness(&self) -> f64 {
        let (c, e) = self.shares();
        SQRT_2 * (e - c) * (1.0 + c) * (1.0 + e) / (5.0 * (1.0 - c * e).powf(1.5))
    }

    fn kurtosis(&self) -> f64 {
        -0.6
    }

    fn entropy(&self) -> f64 {
        0.5 + (0.5 * self.width()).ln()
    }

    fn mode(&self) -> f64 {
        self.peak
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        // The quantile takes sums, products, divisions and roots only, which have the same bits at every SIMD level.
        stream.fill_uniform(out);
        self.ppf_in_place(out);
    }
}

impl Continuous for Triangular {
    wide_methods! {
        (low, peak, high);
        pdf, pdf_in_place = pdf_of;
        logpdf, logpdf_in_place = logpdf_of;
    }
}

impl Family for Triangular {
    const NAME: &'static str = "Triangular";
    const PARAMETERS: &'static [&'static str] = &["low", "peak", "high"];

    fn from_parameters(parameters: &[f64]) -> Result<Self> {
        let [low, peak, high] = exactly::<Self, 3>(parameters)?;
        Self::new(low, peak, high)
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.low, self.peak, self.high]
    }

    fn affine(&self, scale: f64, shift: f64) -> Result<Self> {
        let [low, peak, high] = [self.low, self.peak, self.high].map(|end| scale * end + shift);
        if scale < 0.0 { Self::new(high, peak, low) } else { Self::new(low, peak, high) }
    }

    /// For a given peak the ends by Newton's method, for given ends the peak, which is always one of the values (Kotz and van Dorp 2004), in turn, from
    /// several values; the best is kept. Standard errors from the information: the observed one of the ends, the expected one of the peak. Where
    /// the peak is at an end, that end is the smallest (largest) value, whose standard error is (high − low)/(2n).
    fn fit(data: ArrayView1<'_, f64>, fixed: &[(&str, f64)]) -> Result<Fitted<Self>> {
        const FUNCTION: &str = "Triangular.fit";
        let held = held::<Self, 3>(FUNCTION, fixed)?;
        at_least(FUNCTION, "data", "values", data.len(), 3)?;
        let form = StandardForm::of(FUNCTION, data, Unit::Deviation)?;
        let to_form = |value: f64| (value - form.centre) / form.spread;
        let search = Search { function: FUNCTION, values: &form.values, held: held.map(|value| value.map(to_form)) };
        search.check(&held)?;
        let best = search.best()?;
        // A value comes back as it was given, so that rounding parts no end from the peak or from a value there.
        let mut sorted = data.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let back = |u: f64| match form.values.binary_search_by(|value| value.total_cmp(&u)) {
            Ok(place) => sorted[place],
            Err(_) => form.centre + form.spread * u,
        };
        let peak = held[1].unwrap_or_else(|| back(best.peak));
        let low = held[0].unwrap_or_else(|| back(best.low).min(sorted[0]).min(peak));
        let high = held[2].unwrap_or_else(|| back(best.high).max(sorted[sorted.len() - 1]).max(peak));
        let covariance = search.covariance(&best)? * (form.spread * form.spread);
        Ok(Fitted {
            distribution: Self::new(low, peak, high)?,
            covariance,
            log_likelihood: best.value - data.len() as f64 * form.spread.ln(),
            observations: data.len(),
            estimated: held.iter().filter(|value| value.is_none()).count(),
            iterations: best.iterations,
        })
    }
}

/// Beyond so many values the search starts from one among this many intervals of ranks.
const MANY: usize = 2000;
const FEW: usize = 500;

/// So many steps are made from each start at most.
const CLIMB: usize = 100;

/// The search for the most likely triangle under values in rising order.
struct Search<'a> {
    function: &'static str,
    values: &'a [f64],
    held: [Option<f64>; 3],
}

/// A triangle and its ln L.
#[derive(Debug, Clone, Copy)]
struct Triangle {
    low: f64,
    peak: f64,
    high: f64,
    value: f64,
    iterations: usize,
}

impl Search<'_> {
    fn ends(&self) -> (f64, f64) {
        (self.values[0], self.values[self.values.len() - 1])
    }

    /// Refuses parameters that are held so that a value has no density.
    fn check(&self, given: &[Option<f64>; 3]) -> Result<()> {
        let (least, most) = self.ends();
        let [low, peak, high] = self.held;
        let inside = low.is_none_or(|low| low < least || (low == least && peak == Some(low)))
            && high.is_none_or(|high| high > most || (high == most && peak == Some(high)));
        if inside {
            return Ok(());
        }
        let shown = |value: Option<f64>| value.map_or("free".into(), |value| value.to_string());
        let problem = format!(
            "reach to or beyond an end that is held (low {}, high {}), where the density is 0",
            shown(given[0]),
            shown(given[2])
        );
        Err(Error::Invalid { function: self.function, argument: "data", problem })
    }

    /// The best triangle from several peaks to start with.
    fn best(&self) -> Result<Triangle> {
        let n = self.values.len();
        if let Some(peak) = self.held[1] {
            return self.ends_for(peak, None);
        }
        if n > MANY {
            // From the peak of a few of the values, evenly chosen by their ranks.
            let few: Vec<f64> = (0..=FEW).map(|i| self.values[i * (n - 1) / FEW]).collect();
            let thinned = Search { values: &few, ..*self }.best()?;
            return self.climb(self.values.partition_point(|x| *x < thinned.peak).min(n - 1));
        }
        let starts = 24.min(n - 1);
        let (mut best, mut failure): (Option<Triangle>, _) = (None, None);
        for start in 0..=starts {
            match self.climb(start * (n - 1) / starts) {
                Ok(found) if best.is_none_or(|best| found.value > best.value) => best = Some(found),
                Ok(_) => {}
                Err(error) => failure = Some(error),
            }
        }
        let none = || Error::NotConverged { function: self.function, iterations: 0, detail: "no peak".into() };
        best.ok_or_else(|| failure.unwrap_or_else(none))
    }

    /// The best triangle on the way up from the value number `place`.
    fn climb(&self, mut place: usize) -> Result<Triangle> {
        let n = self.values.len();
        let mut found = self.ends_for(self.values[place], None)?;
        // How many ranks away the neighbours are that are tried: more after each success, fewer after each failure.
        let mut step = 1;
        for _ in 0..CLIMB {
            // The best peak for these ends, or else one beside the present one.
            let mut next: Option<(usize, Triangle)> = None;
            for candidate in [self.peak_for(&found), place.saturating_sub(step), (place + step).min(n - 1)] {
                if candidate == place {
                    continue;
                }
                let Ok(triangle) = self.ends_for(self.values[candidate], Some(&found)) else { continue };
                let limit = next.map_or(found.value, |(_, next)| next.value);
                if triangle.value > limit + 1e-12 * limit.abs() {
                    next = Some((candidate, triangle));
                }
            }
            if let Some(better) = next {
                (place, found) = better;
                step *= 2;
            } else if step > 1 {
                step = (step / 8).max(1);
            } else {
                break;
            }
        }
        Ok(found)
    }

    /// The value that is the best peak for the ends of a triangle.
    fn peak_for(&self, triangle: &Triangle) -> usize {
        let &Triangle { low, high, .. } = triangle;
        // ln L less what does not depend on the peak: logarithms of the values below it, then of those above it.
        let (mut below, mut above) = (0.0, self.values.iter().map(|x| (high - x).ln()).sum::<f64>());
        let mut best = (f64::NEG_INFINITY, 0);
        for (place, &x) in self.values.iter().enumerate() {
            above -= (high - x).ln();
            let (under, over) = (place as f64, (self.values.len() - 1 - place) as f64);
            let left = if place == 0 { 0.0 } else { below - under * (x - low).ln() };
            let right = if over == 0.0 { 0.0 } else { above - over * (high - x).ln() };
            if left + right > best.0 {
                best = (left + right, place);
            }
            below += (x - low).ln();
        }
        best.1
    }

    /// The best ends for a peak: gaps below the smallest and above the largest value, 0 where no value lies on that side of the peak. The search
    /// begins at the ends of a triangle that is near, if there is one.
    fn ends_for(&self, peak: f64, near: Option<&Triangle>) -> Result<Triangle> {
        let (least, most) = self.ends();
        let [low, _, high] = self.held;
        let at_low = low.map(|low| least - low).or((peak <= least).then_some(least - peak));
        let at_high = high.map(|high| high - most).or((peak >= most).then_some(peak - most));
        let usual = 0.5 * (most - least) / (self.values.len() as f64).sqrt();
        let start = near.map_or([usual; 2], |near| {
            [least - near.low, near.high - most].map(|gap| if gap > 1e-3 * usual { gap } else { usual })
        });
        let domains = [Domain::Positive; 2];
        let maximum = maximize(self.function, start, &[at_low, at_high], domains, |gaps| self.likelihood(gaps, peak))?;
        let [below, above] = maximum.parameters;
        let (low, high) = (least - below, most + above);
        Ok(Triangle { low, peak, high, value: maximum.log_likelihood, iterations: maximum.iterations })
    }

    /// ln L and its derivatives in the gaps, for a given peak.
    fn likelihood(&self, &[below, above]: &[f64; 2], peak: f64) -> Likelihood<2> {
        let n = self.values.len() as f64;
        let (least, most) = self.ends();
        let (low, high) = (least - below, most + above);
        let (rise, fall, width) = (peak - low, high - peak, high - low);
        let mut value = n * (LN_2 - width.ln());
        let (mut gradient, mut bend) = ([-n / width; 2], [n / (width * width); 2]);
        for &x in self.values {
            let (side, distance, whole) = if x < peak {
                (0, (x - least) + below, rise)
            } else if x > peak {
                (1, (most - x) + above, fall)
            } else {
                continue;
            };
            value += (distance / whole).ln();
            gradient[side] += 1.0 / distance - 1.0 / whole;
            bend[side] += 1.0 / (whole * whole) - 1.0 / (distance * distance);
        }
        let cross = n / (width * width);
        Likelihood { value, gradient, hessian: [[bend[0], cross], [cross, bend[1]]] }
    }

    /// The covariance of the estimates: the inverse of the information of those that are neither held nor at the peak.
    fn covariance(&self, best: &Triangle) -> Result<Array2<f64>> {
        let n = self.values.len() as f64;
        let (least, most) = self.ends();
        let &Triangle { low, peak, high, .. } = best;
        let (rise, fall, width) = (peak - low, high - peak, high - low);
        let mut covariance = Array2::zeros((3, 3));
        let at_end = if rise == 0.0 {
            Some([0, 1])
        } else if fall == 0.0 {
            Some([2, 1])
        } else {
            None
        };
        let free = |i: usize| self.held[i].is_none() && at_end.is_none_or(|pair| !pair.contains(&i));
        let moving: Vec<usize> = (0..3).filter(|&i| free(i)).collect();
        let ends = self.likelihood(&[least - low, high - most], peak).hessian;
        let of_peak = [n / (width * rise), n / (rise * fall), n / (width * fall)];
        // In the gap below, not in low itself: its sign turns.
        let information = array![
            [-ends[0][0], of_peak[0], ends[0][1]],
            [of_peak[0], of_peak[1], of_peak[2]],
            [ends[0][1], of_peak[2], -ends[1][1]],
        ];
        if !moving.is_empty() {
            let chosen = information.select(ndarray::Axis(0), &moving).select(ndarray::Axis(1), &moving);
            let scale: Array1<f64> = chosen.diag().iter().map(|d| d.sqrt()).collect();
            let scaled = Array2::from_shape_fn(chosen.raw_dim(), |(r, c)| chosen[[r, c]] / (scale[r] * scale[c]));
            let inverse = if scaled.iter().all(|value| value.is_finite()) {
                linalg::inv(scaled.view()).ok().map(|inverse| inverse.inverse)
            } else {
                None
            };
            let Some(inverse) = inverse.filter(|inverse| inverse.diag().iter().all(|variance| *variance > 0.0)) else {
                let problem = "are too few to say how sure low, peak and high are; hold one of them fixed".into();
                return Err(Error::Invalid { function: self.function, argument: "data", problem });
            };
            for (r, &i) in moving.iter().enumerate() {
                for (c, &j) in moving.iter().enumerate() {
                    covariance[[i, j]] = inverse[[r, c]] / (scale[r] * scale[c]);
                }
            }
        }
        // The smallest of n values lies an exponential distance with mean width/(2n) from an end at which the density is 2/width.
        if let Some(pair) = at_end {
            let variance = (width / (2.0 * n)) * (width / (2.0 * n));
            for i in pair.into_iter().filter(|&i| self.held[i].is_none()) {
                for j in pair.into_iter().filter(|&j| self.held[j].is_none()) {
                    covariance[[i, j]] = variance;
                }
            }
        }
        Ok(covariance)
    }
}
