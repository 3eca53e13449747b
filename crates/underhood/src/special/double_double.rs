//! Numbers of two doubles (about 32 digits), for the few lines where an exponent of −700 must be known to 1e-17.
//!
//! A p-value of 1e-300 is exp(−690.8): a relative error of 1e-16 in the exponent is 7e-14 in the result. So exponents are
//! carried as unevaluated sums `high + low`. Sums and products after Knuth and Dekker (T. J. Dekker 1971,
//! doi:10.1007/BF01397083); the logarithm by one table step and a short series, good to about 1e-20 relative.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::coefficients::{LOG_FACTORS, LOG_TABLE};
use super::polynomial::polynomial;
use crate::simd::BASELINE_FMA;

/// high + low, with |low| at most half a unit in the last place of high.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Dd {
    /// The sum, rounded.
    pub(crate) high: f64,
    /// What the rounding left.
    pub(crate) low: f64,
}

const LN_2: Dd = Dd { high: std::f64::consts::LN_2, low: 2.3190468138462996e-17 };
const THIRD: Dd = Dd { high: 0.3333333333333333, low: 1.850371707708594e-17 };

/// a + b exactly, whatever their magnitudes.
#[inline]
fn two_sum(a: f64, b: f64) -> Dd {
    let high = a + b;
    let b_part = high - a;
    Dd { high, low: (a - (high - b_part)) + (b - b_part) }
}

/// a + b exactly, if |a| ≥ |b| or a = 0.
#[inline]
fn quick_two_sum(a: f64, b: f64) -> Dd {
    let high = a + b;
    Dd { high, low: b - (high - a) }
}

/// a·b exactly (below 1e290; the low part is lost below 1e-290).
#[inline]
fn two_product(a: f64, b: f64) -> Dd {
    let high = a * b;
    if BASELINE_FMA {
        return Dd { high, low: a.mul_add(b, -high) };
    }
    let (a_high, a_low) = split(a);
    let (b_high, b_low) = split(b);
    Dd { high, low: ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low }
}

/// A double as the sum of two of 26 bits.
#[inline]
fn split(a: f64) -> (f64, f64) {
    let c = 134_217_729.0 * a; // 2²⁷ + 1
    let high = c - (c - a);
    (high, a - high)
}

impl Dd {
    /// Zero.
    pub(crate) const ZERO: Dd = Dd { high: 0.0, low: 0.0 };

    /// a + b exactly.
    #[inline]
    pub(crate) fn sum(a: f64, b: f64) -> Dd {
        two_sum(a, b)
    }

    /// a·b exactly.
    #[inline]
    pub(crate) fn product(a: f64, b: f64) -> Dd {
        two_product(a, b)
    }

    /// a/b.
    #[inline]
    pub(crate) fn quotient(a: f64, b: f64) -> Dd {
        Dd::from(a) / b
    }

    /// Rounded to one double.
    #[inline]
    pub(crate) fn value(self) -> f64 {
        self.high + self.low
    }

    /// exp of it, rounded.
    #[inline]
    pub(crate) fn exp(self) -> f64 {
        let e = self.high.exp();
        if e == 0.0 || e.is_infinite() { e } else { e + e * self.low }
    }

    /// Its natural logarithm.
    ///
    /// With x = 2ᵏ·m and a table factor c near 1/m: ln x = k·ln 2 − ln c + ln(1 + r), where r = m·c − 1 is exact and below 0.02.
    pub(crate) fn ln(self) -> Dd {
        if !(self.high > 0.0) || self.high.is_infinite() {
            return Dd::from(self.high.ln());
        }
        let (scaled, shift) = if self.high < f64::MIN_POSITIVE { (self * 2f64.powi(54), -54.0) } else { (self, 0.0) };
        let bits = scaled.high.to_bits();
        let mut exponent = ((bits >> 52) as i64 - 1023) as f64;
        let mut m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
        // The low part on the same scale; two steps, since 2⁻ᵏ alone can overflow.
        let mut low = scaled.low / (scaled.high / m);
        if m > std::f64::consts::SQRT_2 {
            m *= 0.5;
            low *= 0.5;
            exponent += 1.0;
        }
        let row = (m * 64.0).round() as usize - 45;
        let c = LOG_FACTORS[row];
        let product = two_product(m, c);
        let r = quick_two_sum(product.high - 1.0, product.low) + low * c;
        let h = r.high;
        const REST: [f64; 9] = [1.0 / 3.0, -0.25, 0.2, -1.0 / 6.0, 1.0 / 7.0, -0.125, 1.0 / 9.0, -0.1, 1.0 / 11.0];
        let rest = polynomial(&REST, h);
        let series = r - r * r * 0.5 + h * h * h * rest;
        let table = Dd { high: LOG_TABLE[row].0, low: LOG_TABLE[row].1 };
        LN_2 * (exponent + shift) + (table + series)
    }
}

/// δ − ln(1 + δ), which is δ²/2 − δ³/3 + … near zero: the deviance of Loader (2000). The ratio 1 + δ is passed too, since it
/// holds digits that δ lacks when it is near −1.
///
/// Near zero, with s = δ/(2 + δ): ln(1 + δ) = 2(s + s³/3 + s⁵/5 + …) and δ = 2s + sδ.
#[inline]
pub(crate) fn deviance(delta: Dd, ratio: impl FnOnce() -> Dd) -> Dd {
    if delta.high < -0.2 || delta.high > 0.25 {
        return delta - ratio().ln();
    }
    let s = delta / (delta + 2.0);
    let s2 = s * s;
    let h = s2.high;
    const REST: [f64; 9] =
        [0.2, 1.0 / 7.0, 1.0 / 9.0, 1.0 / 11.0, 1.0 / 13.0, 1.0 / 15.0, 1.0 / 17.0, 1.0 / 19.0, 1.0 / 21.0];
    let rest = h * polynomial(&REST, h);
    s * (delta - s2 * (THIRD + rest) * 2.0)
}

impl From<f64> for Dd {
    #[inline]
    fn from(high: f64) -> Dd {
        Dd { high, low: 0.0 }
    }
}

impl Neg for Dd {
    type Output = Dd;
    #[inline]
    fn neg(self) -> Dd {
        Dd { high: -self.high, low: -self.low }
    }
}

impl Add for Dd {
    type Output = Dd;
    #[inline]
    fn add(self, other: Dd) -> Dd {
        let high = two_sum(self.high, other.high);
        let low = two_sum(self.low, other.low);
        let first = quick_two_sum(high.high, high.low + low.high);
        quick_two_sum(first.high, first.low + low.low)
    }
}

impl Add<f64> for Dd {
    type Output = Dd;
    #[inline]
    fn add(self, other: f64) -> Dd {
        let sum = two_sum(self.high, other);
        quick_two_sum(sum.high, sum.low + self.low)
    }
}

impl Sub for Dd {
    type Output = Dd;
    #[inline]
    fn sub(self, other: Dd) -> Dd {
        self + -other
    }
}

impl Sub<f64> for Dd {
    type Output = Dd;
    #[inline]
    fn sub(self, other: f64) -> Dd {
        self + -other
    }
}

impl Mul for Dd {
    type Output = Dd;
    #[inline]
    fn mul(self, other: Dd) -> Dd {
        let product = two_product(self.high, other.high);
        quick_two_sum(product.high, product.low + (self.high * other.low + self.low * other.high))
    }
}

impl Mul<f64> for Dd {
    type Output = Dd;
    #[inline]
    fn mul(self, other: f64) -> Dd {
        let product = two_product(self.high, other);
        quick_two_sum(product.high, product.low + self.low * other)
    }
}

impl Div for Dd {
    type Output = Dd;
    #[inline]
    fn div(self, other: Dd) -> Dd {
        let first = self.high / other.high;
        let product = other * first;
        quick_two_sum(first, ((self.high - product.high) - product.low + self.low) / other.high)
    }
}

impl Div<f64> for Dd {
    type Output = Dd;
    #[inline]
    fn div(self, other: f64) -> Dd {
        let first = self.high / other;
        let product = two_product(first, other);
        quick_two_sum(first, ((self.high - product.high) - product.low + self.low) / other)
    }
}

/// A positive number factor·exp(exponent), which neither overflows nor loses the exponent's digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scaled {
    /// What is known to the precision of a double.
    pub(crate) factor: f64,
    /// What is large.
    pub(crate) exponent: Dd,
}

impl Scaled {
    /// The number itself.
    #[inline]
    pub(crate) fn value(self) -> f64 {
        if self.exponent.high.abs() < 650.0 {
            return self.factor * self.exponent.exp();
        }
        let root = Dd { high: self.exponent.high * 0.5, low: self.exponent.low * 0.5 }.exp();
        self.factor * root * root
    }

    /// Its logarithm.
    #[inline]
    pub(crate) fn ln(self) -> f64 {
        if self.factor == 0.0 {
            return f64::NEG_INFINITY;
        }
        if self.exponent.high.abs() < 1.0 {
            // Near ln 1 = 0 the sum of two logarithms would cancel.
            return self.value().ln();
        }
        (self.exponent + self.factor.ln()).value()
    }

    /// The number times a double.
    #[inline]
    pub(crate) fn times(self, other: f64) -> Scaled {
        Scaled { factor: self.factor * other, exponent: self.exponent }
    }

    /// The number times exp(log).
    pub(crate) fn times_exp(self, log: Dd) -> Scaled {
        Scaled { factor: self.factor, exponent: self.exponent + log }
    }

    /// The number over a positive double, which may be tiny or huge.
    pub(crate) fn over(self, other: f64) -> Scaled {
        if other > 1e-100 && other < 1e100 {
            return Scaled { factor: self.factor / other, exponent: self.exponent };
        }
        Scaled { factor: self.factor, exponent: self.exponent - Dd::from(other).ln() }
    }
}
