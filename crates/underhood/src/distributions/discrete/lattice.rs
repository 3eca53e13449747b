//! Distributions on the whole numbers from the probability of one number and one tail: distribution functions, logarithms, and quantiles
//! that are certain.
//!
//! The quantile is the smallest k for which the distribution function, as it is computed, reaches p. The search for it keeps a bracket,
//! and within it follows Newton's method on the logarithm of the smaller tail, which is concave for log-concave probabilities (M. Bagnoli
//! and T. Bergstrom 2005, doi:10.1007/s00199-004-0514-4); it starts from the normal quantile with Cornish's and Fisher's corrections
//! (1938, doi:10.2307/1400905).

use super::memo::{Kind, Tables};
use super::quadrature::integral;
use crate::distributions::Distribution;
use crate::double_double::Dd;
use crate::special::tail::{Side, Tail};
use crate::special::{Scaled, ndtri};

/// A distribution on the whole numbers from one end of its support to the other.
pub(super) trait Lattice: Distribution {
    /// What has been computed before for slices.
    fn tables(&self) -> &Tables;

    /// P(X = k) for a k of the support.
    fn mass(&self, k: f64) -> Scaled;

    /// P(X ≤ k) or P(X > k), whichever is computed without loss, with P(X = k) as its density, for a k of the support but the last.
    fn tail(&self, k: f64) -> Tail;

    /// The largest number from which a probability takes the difference of k; 0 if there is none.
    fn whole(&self) -> f64 {
        0.0
    }

    /// About the k at which a tail has probability p ≤ ½.
    fn start(&self, p: f64, side: Side) -> f64 {
        let z = if side == Side::Lower { ndtri(p) } else { -ndtri(p) };
        let (skewness, square) = (self.skewness(), z * z);
        if !(skewness.abs() < 2.0) {
            // Nearly all of the probability is at one end.
            let (first, last) = self.support();
            return if skewness > 0.0 { first } else { last };
        }
        let skew = skewness * (square - 1.0) / 6.0;
        let rest = z * (self.kurtosis() * (square - 3.0) / 24.0 - skewness * skewness * (2.0 * square - 5.0) / 36.0);
        self.mean() + self.std() * (z + skew + rest) - 0.5
    }
}

/// The whole number below x if the tails there are neither 0 nor 1; else P(X ≤ x).
#[inline]
fn inside<L: Lattice>(d: &L, x: f64) -> Result<f64, f64> {
    let (first, last) = d.support();
    if x >= first && x < last {
        Ok(x.floor())
    } else if x.is_nan() {
        Err(x)
    } else {
        Err(if x < first { 0.0 } else { 1.0 })
    }
}

pub(super) fn cdf<L: Lattice>(d: &L, x: f64) -> f64 {
    inside(d, x).map_or_else(|cdf| cdf, |k| d.tail(k).probability(Side::Lower))
}

pub(super) fn sf<L: Lattice>(d: &L, x: f64) -> f64 {
    inside(d, x).map_or_else(|cdf| 1.0 - cdf, |k| d.tail(k).probability(Side::Upper))
}

pub(super) fn logcdf<L: Lattice>(d: &L, x: f64) -> f64 {
    inside(d, x).map_or_else(f64::ln, |k| d.tail(k).log_probability(Side::Lower))
}

pub(super) fn logsf<L: Lattice>(d: &L, x: f64) -> f64 {
    inside(d, x).map_or_else(|cdf| (1.0 - cdf).ln(), |k| d.tail(k).log_probability(Side::Upper))
}

pub(super) fn pmf<L: Lattice>(d: &L, k: f64) -> f64 {
    if k.is_nan() {
        return k;
    }
    if possible(d, k) { d.mass(k).value() } else { 0.0 }
}

pub(super) fn logpmf<L: Lattice>(d: &L, k: f64) -> f64 {
    if k.is_nan() {
        return k;
    }
    if possible(d, k) { log(d.mass(k)) } else { f64::NEG_INFINITY }
}

/// Whether k has a probability.
#[inline]
fn possible<L: Lattice>(d: &L, k: f64) -> bool {
    let (first, last) = d.support();
    k >= first && k <= last && k < f64::INFINITY && k == k.floor()
}

/// The logarithm, also next to ln 1 = 0 where the number is nothing but an exponential.
fn log(mass: Scaled) -> f64 {
    let log = if mass.factor == 1.0 { mass.exponent.value() } else { mass.ln() };
    if log > 0.0 { 0.0 } else { log }
}

/// The tail with one more probability added, or taken from it: what lies on `side` of one k more.
pub(super) fn widened(tail: Tail, mass: Scaled, side: Side) -> Tail {
    let share = Scaled { factor: mass.factor, exponent: mass.exponent - tail.value.exponent }.value();
    let factor = if side == tail.side { tail.value.factor + share } else { tail.value.factor - share };
    Tail { value: Scaled { factor, exponent: tail.value.exponent }, ..tail }
}

/// 2⁵³: beyond, not every whole number is a double.
pub(super) const WHOLE: f64 = 9_007_199_254_740_992.0;

/// The next whole double.
fn next(k: f64) -> f64 {
    if k.abs() < WHOLE { k + 1.0 } else { k.next_up() }
}

/// The whole double before.
fn previous(k: f64) -> f64 {
    if k.abs() <= WHOLE { k - 1.0 } else { k.next_down() }
}

/// Between a bracket's ends: halfway, or at the geometric mean if they are far from each other.
fn middle(low: f64, high: f64) -> f64 {
    let least = low.max(1.0);
    if high > 16.0 * least && low > -2.0 {
        return least.sqrt() * high.min(f64::MAX).sqrt();
    }
    0.5 * low + 0.5 * high
}

/// So many steps are Newton's before the bracket is halved.
const NEWTON: usize = 12;

/// The smallest k with cdf(k) ≥ p, or with sf(k) ≤ p for the upper side.
pub(super) fn quantile<L: Lattice>(d: &L, p: f64, side: Side) -> f64 {
    let (first, last) = d.support();
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if (p == 0.0) == (side == Side::Lower) { first } else { last };
    }
    let (small, followed) = if p > 0.5 { (1.0 - p, side.other()) } else { (p, side) };
    let log_small = small.ln();
    let start = d.start(small, followed);
    // Where it is not reached, and where it is.
    let (mut low, mut high) = (previous(first), last);
    let mut k = if start.is_nan() { first } else { start.ceil() };
    let mut turn = 0;
    while next(low) < high {
        k = k.clamp(next(low), previous(high));
        let tail = d.tail(k);
        let value = tail.probability(side);
        let reached = if side == Side::Lower { value >= p } else { value <= p };
        if reached {
            high = k;
        } else {
            low = k;
        }
        turn += 1;
        k = if turn < NEWTON { (k + newton(&tail, followed, log_small)).ceil() } else { middle(low, high).floor() };
        if k.is_nan() {
            k = middle(low, high).floor();
        }
    }
    high
}

/// Newton's step towards the point at which the tail's logarithm is `log_small`.
fn newton(tail: &Tail, side: Side, log_small: f64) -> f64 {
    let log_value = tail.log_probability(side);
    let slope = Scaled { factor: tail.density.factor, exponent: tail.density.exponent - log_value }.value();
    let step = (log_small - log_value) / slope;
    if side == Side::Lower { step } else { -step }
}

/// The smallest whole number between `first` and `last` for which a condition holds that, once it does, holds for all larger ones; it
/// holds for `last`.
pub(super) fn smallest(start: f64, first: f64, last: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (previous(first), last);
    let (mut k, mut step) = (start, 1.0);
    while next(low) < high {
        k = k.clamp(next(low), previous(high));
        if holds(k) {
            high = k;
        } else {
            low = k;
        }
        // Away from the start by steps that double, then by halves.
        k = match (low >= first, high < last) {
            (true, true) => (0.5 * low + 0.5 * high).floor(),
            (true, false) => low + step,
            _ => high - step,
        };
        step *= 2.0;
    }
    high
}

/// Up to here a probability can change much from one number to the next, as k⁻¹ does.
const START: f64 = 1024.0;

/// P(a ≤ X ≤ b) for many numbers whose probabilities together are a small part of either tail, and so change slowly: those below `START` one by
/// one, of the others the integral from the first to the last with Euler's and Maclaurin's corrections (NIST DLMF §2.10(i)): half
/// of both ends, and a twelfth of the difference of the slopes there.
pub(super) fn many<L: Lattice>(d: &L, a: f64, b: f64) -> f64 {
    let mass = |k: f64| d.mass(k).value();
    let (mut sum, mut a) = (0.0, a);
    while a < START && a <= b {
        sum += mass(a);
        a += 1.0;
    }
    if a > b {
        return sum;
    }
    // The slope between the neighbouring doubles.
    let slope = |k: f64| {
        let step = (k.next_up() - k).max(1.0);
        (pmf(d, k + step) - pmf(d, k - step)) / (2.0 * step)
    };
    let (mut left, mut slope_left) = (a, slope(a));
    sum += 0.5 * (mass(a) + mass(b)) + (slope(b) - slope_left) / 12.0;
    // Multiples of this, a power of two, are doubles, and their differences from n too.
    let grid = b.max(d.whole()).next_up() - b.max(d.whole());
    // A power of k is smooth from one number to its double.
    while left < b {
        let right = (2.0 * left).min(b);
        let slope_right = slope(right);
        let [s, t] = [slope_left / mass(left), slope_right / mass(right)];
        let length = right - left;
        sum += integral(0.0, length, |offset| {
            // A large number is rounded to a point beside the node; the logarithm's slope and curvature lead back.
            let k = ((left + offset) / grid).round() * grid;
            let (away, bend) = (offset - (k - left), (t - s) / length);
            mass(k) * (away * (s + bend * (k - left + 0.5 * away))).exp()
        });
        (left, slope_left) = (right, slope_right);
    }
    sum
}

/// Probabilities at more than this share are taken from what the others leave.
const HALF: f64 = 0.5;

/// Standard deviations from which on not every term of a sum is needed.
const WIDE: f64 = 64.0;

/// The entropy −Σ p ln p. For a large σ the probabilities are samples of a function that is smooth on the scale of σ, and a sum over
/// every ⌊σ/2⌋-th is the same to exp(−2π²·4) (the trapezoidal rule on the line: L. N. Trefethen and J. A. C. Weideman 2014,
/// doi:10.1137/130932132), as long as their transform is that of a sum of many small things.
pub(super) fn entropy<L: Lattice>(d: &L) -> f64 {
    let (first, last) = d.support();
    let (mode, sd) = (d.mode(), d.std());
    let stride = if sd > WIDE { (0.5 * sd).floor() } else { 1.0 };
    let (mut sum, mut others) = (0.0, 0.0);
    for step in [stride, -stride] {
        let mut k = mode + step;
        while k >= first && k <= last && k.is_finite() {
            let mass = d.mass(k);
            let (value, term) = (mass.value(), -mass.value() * log(mass));
            others += value;
            sum += term;
            if !(term > 1e-18 * sum) {
                break;
            }
            k += step;
        }
    }
    let most = d.mass(mode);
    let at_mode = if stride == 1.0 && most.value() > HALF {
        -(1.0 - others) * (-others).ln_1p()
    } else {
        -most.value() * log(most)
    };
    stride * (sum + at_mode)
}

/// P(k successes in n trials) for real 0 ≤ k ≤ n, the probabilities of success and failure neither rounded.
///
/// pᵏqⁿ⁻ᵏ·n/(k(n − k)B(k, n − k)): the density of the beta distribution, whose exponent is a sum of two deviances (Loader 2000).
pub(super) fn binomial_mass(k: f64, n: f64, split: crate::special::incomplete_beta::Split) -> Scaled {
    let failures = n - k;
    if n == 0.0 {
        return Scaled { factor: 1.0, exponent: Dd::ZERO };
    }
    if k == 0.0 {
        return Scaled { factor: 1.0, exponent: split.y.ln() * n };
    }
    if failures == 0.0 {
        return Scaled { factor: 1.0, exponent: split.x.ln() * n };
    }
    crate::special::incomplete_beta::density(k, failures, split).times(n / k / failures)
}

/// The methods of `Distribution` that follow from a `Lattice`.
macro_rules! by_lattice {
    () => {
        fn cdf(&self, x: f64) -> f64 {
            $crate::distributions::discrete::lattice::cdf(self, x)
        }

        fn sf(&self, x: f64) -> f64 {
            $crate::distributions::discrete::lattice::sf(self, x)
        }

        fn logcdf(&self, x: f64) -> f64 {
            $crate::distributions::discrete::lattice::logcdf(self, x)
        }

        fn logsf(&self, x: f64) -> f64 {
            $crate::distributions::discrete::lattice::logsf(self, x)
        }

        fn ppf(&self, p: f64) -> f64 {
            $crate::distributions::discrete::lattice::quantile(self, p, $crate::special::tail::Side::Lower)
        }

        fn isf(&self, q: f64) -> f64 {
            $crate::distributions::discrete::lattice::quantile(self, q, $crate::special::tail::Side::Upper)
        }

        fn cdf_in_place(&self, x: &mut [f64]) {
            $crate::distributions::discrete::lattice::cdf_in_place(self, x);
        }

        fn sf_in_place(&self, x: &mut [f64]) {
            $crate::distributions::discrete::lattice::sf_in_place(self, x);
        }

        fn logcdf_in_place(&self, x: &mut [f64]) {
            $crate::distributions::discrete::lattice::logcdf_in_place(self, x);
        }

        fn logsf_in_place(&self, x: &mut [f64]) {
            $crate::distributions::discrete::lattice::logsf_in_place(self, x);
        }

        fn ppf_in_place(&self, p: &mut [f64]) {
            $crate::distributions::discrete::lattice::ppf_in_place(self, p);
        }

        fn isf_in_place(&self, q: &mut [f64]) {
            $crate::distributions::discrete::lattice::isf_in_place(self, q);
        }
    };
}

/// The implementation of `Discrete` that follows from a `Lattice`.
macro_rules! discrete_by_lattice {
    ($name:ident) => {
        impl $crate::distributions::Discrete for $name {
            fn pmf(&self, k: f64) -> f64 {
                $crate::distributions::discrete::lattice::pmf(self, k)
            }

            fn logpmf(&self, k: f64) -> f64 {
                $crate::distributions::discrete::lattice::logpmf(self, k)
            }

            fn prob(&self, a: f64, b: f64) -> f64 {
                // Where all probabilities underflow there is no slope either.
                let many =
                    |a, b| Some($crate::distributions::discrete::lattice::many(self, a, b)).filter(|p| p.is_finite());
                $crate::distributions::discrete::prob(self, a, b, many)
            }

            fn pmf_in_place(&self, k: &mut [f64]) {
                $crate::distributions::discrete::lattice::pmf_in_place(self, k);
            }

            fn logpmf_in_place(&self, k: &mut [f64]) {
                $crate::distributions::discrete::lattice::logpmf_in_place(self, k);
            }
        }
    };
}
pub(super) use {by_lattice, discrete_by_lattice};

pub(super) fn pmf_in_place<L: Lattice>(d: &L, k: &mut [f64]) {
    d.tables().whole(d, Kind::Mass, k, |k| pmf(d, k));
}

pub(super) fn logpmf_in_place<L: Lattice>(d: &L, k: &mut [f64]) {
    d.tables().whole(d, Kind::LogMass, k, |k| logpmf(d, k));
}

pub(super) fn cdf_in_place<L: Lattice>(d: &L, x: &mut [f64]) {
    d.tables().steps(d, Kind::Lower, x, |x| cdf(d, x));
}

pub(super) fn sf_in_place<L: Lattice>(d: &L, x: &mut [f64]) {
    d.tables().steps(d, Kind::Upper, x, |x| sf(d, x));
}

pub(super) fn logcdf_in_place<L: Lattice>(d: &L, x: &mut [f64]) {
    d.tables().steps(d, Kind::LogLower, x, |x| logcdf(d, x));
}

pub(super) fn logsf_in_place<L: Lattice>(d: &L, x: &mut [f64]) {
    d.tables().steps(d, Kind::LogUpper, x, |x| logsf(d, x));
}

pub(super) fn ppf_in_place<L: Lattice>(d: &L, p: &mut [f64]) {
    d.tables().quantiles(d, Kind::Lower, p, |k| cdf(d, k), |p| quantile(d, p, Side::Lower));
}

pub(super) fn isf_in_place<L: Lattice>(d: &L, q: &mut [f64]) {
    d.tables().quantiles(d, Kind::Upper, q, |k| sf(d, k), |q| quantile(d, q, Side::Upper));
}
