//! The probability that two correlated standard normal variables lie in a rectangle.
//!
//! P = ∫ φ(x)·P(a ≤ ρx + √(1 − ρ²)·Z ≤ b) dx over the other interval (Drezner and Wesolowsky 1990, Genz 2004, integrate over the correlation
//! instead, where terms cancel in the tails). The integrand is positive and its logarithm concave: it has one peak, which is looked for,
//! and the integral keeps its relative precision however small it is. Gauss–Legendre rules of 16 points are halved until they agree.

use super::multivariate_normal::interval;
use crate::simd::wide_kernel;
use crate::special::{bell_wide, log_ndtr, ndtr_wide};

/// 1/√(2π)
const DENSITY_AT_MODE: f64 = 0.398_942_280_401_432_7;
/// Beyond this many standard deviations a normal variable has no probability that a double can hold.
const FAR: f64 = 39.0;
/// e to this power does not count.
const NEGLIGIBLE: f64 = -42.0;

/// P(X in `x`, Y in `y`) for the correlation ρ and `rest` = √(1 − ρ²).
pub(super) fn probability(x: (f64, f64), y: (f64, f64), rho: f64, rest: f64) -> f64 {
    if rho == 0.0 {
        return interval(x.0, x.1) * interval(y.0, y.1);
    }
    // The narrower side is integrated over.
    let width = |(a, b): (f64, f64)| b.min(FAR) - a.max(-FAR);
    let (x, y) = if width(x) <= width(y) { (x, y) } else { (y, x) };
    let (low, high) = (x.0.max(-FAR), x.1.min(FAR));
    if !(low < high) {
        return 0.0;
    }
    let integrand = Integrand { y, rho, rest };
    let peak = integrand.peak(low, high);
    let top = integrand.log(peak);
    let step = rest.min(1.0 / (1.0 + peak.abs()));
    let (from, to) = (integrand.end(peak, -step, low, top), integrand.end(peak, step, high, top));
    // Where y's limits are crossed the integrand changes within `rest`/ρ.
    let mut ends = vec![from, peak, to];
    for limit in [y.0, y.1] {
        let (crossing, reach) = (limit / rho, 8.0 * rest / rho.abs());
        ends.extend([crossing - reach, crossing, crossing + reach].iter().filter(|e| from < **e && **e < to));
    }
    ends.sort_by(f64::total_cmp);
    let pieces: Vec<(f64, f64, f64)> =
        ends.windows(2).filter(|p| p[0] < p[1]).map(|p| (p[0], p[1], integrand.integral(p[0], p[1]))).collect();
    let rough: f64 = pieces.iter().map(|piece| piece.2).sum();
    let sum: f64 = pieces.iter().map(|(a, b, whole)| integrand.halved(*a, *b, *whole, 1e-13 * rough, 40)).sum();
    sum.min(1.0)
}

/// φ(x)·P(y.0 ≤ ρx + rest·Z ≤ y.1).
struct Integrand {
    y: (f64, f64),
    rho: f64,
    rest: f64,
}

impl Integrand {
    /// The limits of Z, with the signs of both turned where that leads to the smaller tails.
    #[inline(always)]
    fn limits(&self, x: f64) -> (f64, f64) {
        let (a, b) = ((self.y.0 - self.rho * x) / self.rest, (self.y.1 - self.rho * x) / self.rest);
        if a + b > 0.0 { (-b, -a) } else { (a, b) }
    }

    /// Its logarithm, without φ's constant.
    fn log(&self, x: f64) -> f64 {
        let (a, b) = self.limits(x);
        let upper = log_ndtr(b);
        let share = if a == f64::NEG_INFINITY { 0.0 } else { (-(log_ndtr(a) - upper).exp()).ln_1p() };
        upper + share - 0.5 * x * x
    }

    /// Where it is largest, by golden sections.
    fn peak(&self, mut low: f64, mut high: f64) -> f64 {
        const GOLDEN: f64 = 0.618_033_988_749_894_9;
        let near = 1e-2 * self.rest;
        let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
        let (mut at_left, mut at_right) = (self.log(left), self.log(right));
        for _ in 0..200 {
            if high - low < near || !(left < right) {
                break;
            }
            // Where both are beyond doubles, the peak is nearer to 0.
            if at_left < at_right || (at_left == at_right && right.abs() < left.abs()) {
                (low, left, at_left) = (left, right, at_right);
                right = low + GOLDEN * (high - low);
                at_right = self.log(right);
            } else {
                (high, right, at_right) = (right, left, at_left);
                left = high - GOLDEN * (high - low);
                at_left = self.log(left);
            }
        }
        if self.log(low) > self.log(high) { low } else { high }
    }

    /// Where it has become negligible, or the limit before that.
    fn end(&self, peak: f64, mut step: f64, limit: f64, top: f64) -> f64 {
        loop {
            let x = peak + step;
            if (x - limit) * step >= 0.0 || x == peak {
                return limit;
            }
            if self.log(x) < top + NEGLIGIBLE {
                return x;
            }
            step *= 2.0;
        }
    }

    /// The integral by one rule of 16 points.
    fn integral(&self, a: f64, b: f64) -> f64 {
        let (middle, half) = (0.5 * a + 0.5 * b, 0.5 * (b - a));
        let (mut x, mut low, mut high) = ([0.0; 16], [0.0; 16], [0.0; 16]);
        for (i, (node, _)) in RULE.iter().enumerate() {
            (x[2 * i], x[2 * i + 1]) = (middle - half * node, middle + half * node);
        }
        for i in 0..16 {
            (low[i], high[i]) = self.limits(x[i]);
        }
        DENSITY_AT_MODE * half * weighted(&x, &low, &high)
    }

    /// The integral of which `whole` is one rule's: halved until the halves agree with it.
    fn halved(&self, a: f64, b: f64, whole: f64, tolerance: f64, depth: u32) -> f64 {
        let middle = 0.5 * a + 0.5 * b;
        let (left, right) = (self.integral(a, middle), self.integral(middle, b));
        if (left + right - whole).abs() <= tolerance || depth == 0 {
            return left + right;
        }
        self.halved(a, middle, left, tolerance, depth - 1) + self.halved(middle, b, right, tolerance, depth - 1)
    }
}

wide_kernel! {
    fn weighted(x: &[f64; 16], low: &[f64; 16], high: &[f64; 16]) -> f64 = weighted_body
}

/// Σ weight·exp(−x²/2)·(Φ(high) − Φ(low)).
#[inline(always)]
fn weighted_body<const FMA: bool>(x: &[f64; 16], low: &[f64; 16], high: &[f64; 16]) -> f64 {
    let mut values = [0.0; 16];
    for i in 0..16 {
        values[i] = bell_wide::<FMA>(x[i]) * (ndtr_wide::<FMA>(high[i]) - ndtr_wide::<FMA>(low[i]));
    }
    values.iter().enumerate().map(|(i, value)| RULE[i / 2].1 * value).sum()
}

/// Nodes and weights of the Gauss–Legendre rule of 16 points; the nodes' negatives belong to them.
const RULE: [(f64, f64); 8] = [
    (0.09501250983763744019, 0.1894506104550684963),
    (0.2816035507792589132, 0.1826034150449235889),
    (0.4580167776572273863, 0.1691565193950025382),
    (0.6178762444026437484, 0.1495959888165767321),
    (0.7554044083550030339, 0.1246289712555338721),
    (0.8656312023878317439, 0.09515851168249278481),
    (0.9445750230732325761, 0.06225352393864789286),
    (0.9894009349916499326, 0.02715245941175409485),
];
