//! Exponents in two doubles: logarithm and exponential, deviances, and positive numbers that are kept as factor·exp(exponent).
//!
//! The logarithm takes one step by a table and a short series, and is good to about 1e-20 relative; deviances after C. Loader (2000),
//! "Fast and accurate computation of binomial probabilities".

use super::coefficients::{LOG_FACTORS, LOG_TABLE};
use super::polynomial::polynomial;
use crate::double_double::Dd;

const LN_2: Dd = Dd { high: std::f64::consts::LN_2, low: 2.3190468138462996e-17 };
const THIRD: Dd = Dd { high: 0.3333333333333333, low: 1.850371707708594e-17 };

impl Dd {
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
        // The low part on the same scale; beside 2¹⁰²³ it is nothing.
        let mut low = scaled.low * f64::from_bits(0x7fe0_0000_0000_0000 - (bits & 0x7ff0_0000_0000_0000));
        if m > std::f64::consts::SQRT_2 {
            m *= 0.5;
            low *= 0.5;
            exponent += 1.0;
        }
        let row = (m * 64.0).round() as usize - 45;
        let c = LOG_FACTORS[row];
        let product = Dd::product(m, c);
        let r = Dd::sum(product.high - 1.0, product.low) + low * c;
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

    /// One over the number.
    pub(crate) fn inverse(self) -> Scaled {
        Scaled { factor: 1.0 / self.factor, exponent: -self.exponent }
    }

    /// The number over a positive double, which may be tiny or huge.
    pub(crate) fn over(self, other: f64) -> Scaled {
        if other > 1e-100 && other < 1e100 {
            return Scaled { factor: self.factor / other, exponent: self.exponent };
        }
        Scaled { factor: self.factor, exponent: self.exponent - Dd::from(other).ln() }
    }
}
