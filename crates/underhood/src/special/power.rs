//! Logarithms of quotients, and exponentials, in two doubles and in lanes: for powers (x/s)ᵏ whose own exponential is wanted.
//!
//! exp(−w) has the relative error of w times w: at 1e-300 seven hundred times that. The quotient is kept with its remainder, the logarithm and the
//! exponential are `logarithm`'s and `exponential`'s with what their roundings left.

use super::exponential::{LN_2_HIGH, LN_2_LOW, exp_pair};
use super::logarithm::ln_double;
use super::polynomial::horner;
use crate::double_double::{quick_two_sum, two_product, two_sum};
use crate::simd::mul_add;

/// 2⁶⁰⁰.
const FAR: f64 = f64::from_bits((1023 + 600) << 52);
/// 2⁵⁰⁰.
const SHIFT: f64 = f64::from_bits((1023 + 500) << 52);

/// A positive finite divisor s, brought near 1 by a power of two if it is tiny or huge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Divisor {
    value: f64,
    /// What x is multiplied by beside it.
    factor: f64,
}

impl Divisor {
    pub(crate) fn new(s: f64) -> Divisor {
        let factor = if s > 1e150 {
            1.0 / SHIFT
        } else if s < 1e-150 {
            SHIFT
        } else {
            1.0
        };
        Divisor { value: s * factor, factor }
    }

    /// x/s in two doubles, for quotients from 1e-290 to 1e290; beyond, only the first is right.
    #[inline(always)]
    pub(crate) fn quotient<const FMA: bool>(&self, x: f64) -> (f64, f64) {
        let x = x * self.factor;
        let z = x / self.value;
        let (product, lost) = two_product::<FMA>(z, self.value);
        let rest = ((x - product) - lost) / self.value;
        (z, if z > 1e-290 && z < 1e290 { rest } else { 0.0 })
    }

    /// ln(x/s) in two doubles, for 0 < x < ∞ and every s.
    #[inline(always)]
    pub(crate) fn ln_quotient<const FMA: bool>(&self, x: f64) -> (f64, f64) {
        let z = (x * self.factor) / self.value;
        let (above, below) = (z > 1e290, z < 1e-290);
        // Beyond the range of doubles a power of two is taken out of x, and another put into s.
        let shift = if above { 1.0 / FAR } else { 1.0 };
        let shift = if below { FAR } else { shift };
        let x = x * (self.factor * shift);
        let s = self.value * (1.0 / shift);
        let power = if above { 1200.0 } else { 0.0 };
        let power = if below { -1200.0 } else { power };
        let z = x / s;
        let (product, lost) = two_product::<FMA>(z, s);
        let (high, low) = ln_double::<FMA>(z, ((x - product) - lost) / s);
        let (sum, error) = two_sum(power * LN_2_HIGH, high);
        quick_two_sum(sum, error + mul_add::<FMA>(power, LN_2_LOW, low))
    }
}

/// ln(high + low) in two doubles, for 0 < high < ∞, also where high is subnormal.
#[inline(always)]
pub(crate) fn ln_of_pair<const FMA: bool>(high: f64, low: f64) -> (f64, f64) {
    let tiny = high < 1e-290;
    let up = if tiny { FAR } else { 1.0 };
    let power = if tiny { -600.0 } else { 0.0 };
    let (high, low) = ln_double::<FMA>(high * up, low * up);
    let (sum, error) = two_sum(power * LN_2_HIGH, high);
    quick_two_sum(sum, error + mul_add::<FMA>(power, LN_2_LOW, low))
}

/// The sum of two numbers in two doubles each; infinite if one of them is.
#[inline(always)]
pub(crate) fn sum_of_pairs(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let (sum, lost) = two_sum(a.0, b.0);
    finite_low(quick_two_sum(sum, lost + (a.1 + b.1)), sum)
}

/// k·(high + low) in two doubles; infinite if the product is.
#[inline(always)]
pub(crate) fn times_pair<const FMA: bool>(k: f64, (high, low): (f64, f64)) -> (f64, f64) {
    let (product, lost) = two_product::<FMA>(k, high);
    finite_low(quick_two_sum(product, mul_add::<FMA>(k, low, lost)), product)
}

/// (high + low)/k in two doubles.
#[inline(always)]
pub(crate) fn pair_over<const FMA: bool>((high, low): (f64, f64), k: f64) -> (f64, f64) {
    let quotient = high / k;
    let (product, lost) = two_product::<FMA>(quotient, k);
    finite_low(quick_two_sum(quotient, ((high - product) - lost + low) / k), quotient)
}

/// The pair, or its first part alone where an overflow left no second.
#[inline(always)]
fn finite_low(pair: (f64, f64), high: f64) -> (f64, f64) {
    let sound = pair.1.abs() <= pair.0.abs();
    (if sound { pair.0 } else { high }, if sound { pair.1 } else { 0.0 })
}

/// e^(high + low), rounded, also where both are huge.
#[inline(always)]
pub(crate) fn exp_of_pair<const FMA: bool>(high: f64, low: f64) -> f64 {
    // Beyond the range of the exponential the low part may be anything.
    let inside = high > -1e3 && high < 1e3;
    exp_pair::<FMA>(high, if inside { low } else { 0.0 })
}

/// 1/3!, 1/4!, …: what stands beside r³ in eʳ = 1 + r + r²/2 + r³(…).
const TAYLOR: [f64; 12] = {
    let mut c = [1.0 / 6.0; 12];
    let mut k = 1;
    while k < 12 {
        c[k] = c[k - 1] / (k + 3) as f64;
        k += 1;
    }
    c
};

/// e^(high + low) in two doubles, to about 1e-17 relative; 0 and ∞ beyond the range.
#[inline(always)]
pub(crate) fn exp_double<const FMA: bool>(high: f64, low: f64) -> (f64, f64) {
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let inside = high > -745.0 && high < 709.7;
    let (x, low) = (if inside { high } else { 0.0 }, if inside { low } else { 0.0 });
    let shifted = mul_add::<FMA>(x, std::f64::consts::LOG2_E, ROUND);
    let k = shifted - ROUND;
    // The first product is exact, and so is its difference from x.
    let (product, lost) = two_product::<FMA>(k, LN_2_LOW);
    let (r, rest) = two_sum(x - k * LN_2_HIGH, -product);
    let (r, r_low) = quick_two_sum(r, rest - lost + low);
    let (square, square_low) = two_product::<FMA>(r, r);
    let cube = square * r * horner::<FMA, 12>(&TAYLOR, r);
    let (sum, a) = two_sum(1.0, r);
    let (sum, b) = two_sum(sum, 0.5 * square);
    let small = a + b + 0.5 * square_low + mul_add::<FMA>(r, r_low, r_low) + cube;
    let (sum, small) = quick_two_sum(sum, small);
    // 2ᵏ as a product of two powers, since it can be beyond the range of normal numbers.
    let biased = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(2046);
    let first = biased >> 1;
    let (up, more) = (f64::from_bits(first << 52), f64::from_bits(biased.wrapping_sub(first) << 52));
    let value = if high > 0.0 { f64::INFINITY } else { 0.0 };
    let value = if high.is_nan() { high } else { value };
    (if inside { sum * up * more } else { value }, if inside { small * up * more } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::double_double::Dd;

    #[test]
    fn powers_of_quotients_are_right_to_far_below_an_ulp() {
        for i in 0..4000 {
            let i = f64::from(i);
            let (x, s) = ((i * 0.35 - 700.0).exp(), (300.0 - i * 0.21).exp());
            let expected = Dd::from(x).ln() - Dd::from(s).ln();
            for (high, low) in [Divisor::new(s).ln_quotient::<true>(x), Divisor::new(s).ln_quotient::<false>(x)] {
                let error = (high - expected.high) + (low - expected.low);
                assert!(error.abs() <= 1e-18 * (1.0 + expected.high.abs()), "ln({x:e}/{s:e}): {error:e}");
            }
            // e^(a + b) = eᵃeᵇ, in two doubles.
            let (a, b) = (i * 0.17 - 340.0, 0.317);
            for (left, right, both) in [
                (exp_double::<true>(a, 0.0), exp_double::<true>(b, 0.0), two_sum(a, b)),
                (exp_double::<false>(a, 0.0), exp_double::<false>(b, 0.0), two_sum(a, b)),
            ] {
                let pair = |(high, low)| Dd { high, low };
                let whole = pair(exp_double::<true>(both.0, both.1));
                let error = (pair(left) * pair(right) - whole).value();
                assert!(error.abs() <= 4e-17 * whole.high, "exp {a}: {:e}", error / whole.high);
            }
        }
        assert_eq!(exp_double::<true>(800.0, 0.0).0, f64::INFINITY);
        assert_eq!(exp_double::<true>(-800.0, 0.0), (0.0, 0.0));
        // Next to 1 the quotient's rounding is no longer there; x − 10³⁰⁰ is exact.
        let x = 1e300 * (1.0 + f64::EPSILON);
        let (high, _) = Divisor::new(1e300).ln_quotient::<true>(x);
        assert!((high / ((x - 1e300) / 1e300) - 1.0).abs() < 1e-9);
    }
}
