//! Quotients and roots that know what rounding took from them.

use crate::double_double::two_product;
use crate::simd::mul_add;

/// a − b·c with hardly any rounding, for a product that nearly cancels.
#[inline(always)]
pub(super) fn residual<const FMA: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FMA {
        return mul_add::<FMA>(-b, c, a);
    }
    let (product, lost) = two_product::<FMA>(b, c);
    (a - product) - lost
}

/// The quotient of two numbers in two doubles, and what it lacks.
#[inline(always)]
pub(super) fn quotient<const FMA: bool>(top: (f64, f64), bottom: (f64, f64)) -> (f64, f64) {
    let inverse = 1.0 / bottom.0;
    let q = top.0 * inverse;
    let rest = residual::<FMA>(top.0, q, bottom.0) + mul_add::<FMA>(-q, bottom.1, top.1);
    // Next to the least double the remainder itself is lost.
    (q, if q.abs() > 1e-290 { rest * inverse } else { 0.0 })
}

/// The root of a number in two doubles, and what it lacks: nothing at zero.
#[inline(always)]
pub(super) fn root<const FMA: bool>(square: (f64, f64)) -> (f64, f64) {
    let root = square.0.sqrt();
    let rest = (residual::<FMA>(square.0, root, root) + square.1) / (2.0 * root);
    (root, if root > 0.0 && root < f64::INFINITY { rest } else { 0.0 })
}
