//! What the elementwise operations are on numbers: one scalar function each, in which constants are folded and small programs are run.

use super::operation::{Binary, Unary};
use crate::{elementary, special};

/// 1 for true, 0 for false: the graph has no other numbers than doubles.
#[inline(always)]
fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

/// f(x).
pub(super) fn unary(op: Unary, x: f64) -> f64 {
    match op {
        Unary::Negative => -x,
        Unary::Absolute => x.abs(),
        Unary::Sign => sign(x),
        Unary::Sqrt => x.sqrt(),
        Unary::Cbrt => elementary::cbrt::scalar(x),
        Unary::Exp => elementary::exp::scalar(x),
        Unary::Expm1 => elementary::exp_m1::scalar(x),
        Unary::Log => elementary::ln::scalar(x),
        Unary::Log1p => elementary::ln_1p::scalar(x),
        Unary::Log2 => elementary::log2::scalar(x),
        Unary::Log10 => elementary::log10::scalar(x),
        Unary::Sin => elementary::sin::scalar(x),
        Unary::Cos => elementary::cos::scalar(x),
        Unary::Tan => elementary::tan::scalar(x),
        Unary::Arcsin => elementary::arcsin::scalar(x),
        Unary::Arccos => elementary::arccos::scalar(x),
        Unary::Arctan => elementary::arctan::scalar(x),
        Unary::Sinh => elementary::sinh::scalar(x),
        Unary::Cosh => elementary::cosh::scalar(x),
        Unary::Tanh => elementary::tanh::scalar(x),
        Unary::Arcsinh => elementary::arcsinh::scalar(x),
        Unary::Arccosh => elementary::arccosh::scalar(x),
        Unary::Arctanh => elementary::arctanh::scalar(x),
        Unary::Floor => x.floor(),
        Unary::Ceil => x.ceil(),
        Unary::Trunc => x.trunc(),
        Unary::Rint => x.round_ties_even(),
        Unary::LogicalNot => truth(x == 0.0),
        Unary::Isnan => truth(x.is_nan()),
        Unary::Isfinite => truth(x.is_finite()),
        Unary::Erf => special::erf(x),
        Unary::Erfc => special::erfc(x),
        Unary::Ndtr => special::ndtr(x),
        Unary::LogNdtr => special::log_ndtr(x),
        Unary::Gammaln => special::gammaln(x),
        Unary::Expit => elementary::expit::scalar(x),
        Unary::LogExpit => -elementary::log1pexp::scalar(-x),
    }
}

/// f(x, y).
pub(super) fn binary(op: Binary, x: f64, y: f64) -> f64 {
    match op {
        Binary::Add => x + y,
        Binary::Subtract => x - y,
        Binary::Multiply => x * y,
        Binary::Divide => x / y,
        Binary::Power => elementary::pow::scalar(x, y),
        Binary::Maximum => maximum(x, y),
        Binary::Minimum => minimum(x, y),
        Binary::Arctan2 => elementary::arctan2::scalar(x, y),
        Binary::Hypot => elementary::hypot::scalar(x, y),
        Binary::Logaddexp => elementary::logaddexp::scalar(x, y),
        Binary::FloorDivide => floor_divide(x, y),
        Binary::Remainder => remainder(x, y),
        Binary::Copysign => x.copysign(y),
        Binary::Less => truth(x < y),
        Binary::LessEqual => truth(x <= y),
        Binary::Equal => truth(x == y),
        Binary::NotEqual => truth(x != y),
        Binary::LogicalAnd => truth(x != 0.0 && y != 0.0),
        Binary::LogicalOr => truth(x != 0.0 || y != 0.0),
        Binary::Polygamma => special::polygamma(x, y),
        Binary::Xlogy => special::xlogy(x, y),
    }
}

/// −1, 0 or 1; NaN stays.
#[inline(always)]
fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x * 0.0
    }
}

/// The larger; NaN if one is.
#[inline(always)]
fn maximum(x: f64, y: f64) -> f64 {
    if x > y || x.is_nan() { x } else { y }
}

/// The smaller; NaN if one is.
#[inline(always)]
fn minimum(x: f64, y: f64) -> f64 {
    if x < y || x.is_nan() { x } else { y }
}

/// x − y⌊x/y⌋ with the sign of y, exact as C's `fmod` is.
fn remainder(x: f64, y: f64) -> f64 {
    let rest = x % y;
    if rest != 0.0 && (rest < 0.0) != (y < 0.0) {
        rest + y
    } else if rest == 0.0 {
        0.0_f64.copysign(y)
    } else {
        rest
    }
}

/// ⌊x/y⌋, from the exact remainder.
fn floor_divide(x: f64, y: f64) -> f64 {
    if y == 0.0 {
        return x / y;
    }
    ((x - remainder(x, y)) / y).round_ties_even()
}

#[cfg(test)]
mod tests {
    use super::{binary, unary};
    use crate::graph::{Binary, Unary};

    #[test]
    fn corners_are_those_of_numpy() {
        assert!(binary(Binary::Maximum, f64::NAN, 1.0).is_nan() && binary(Binary::Maximum, 1.0, f64::NAN).is_nan());
        assert!(unary(Unary::Sign, f64::NAN).is_nan() && unary(Unary::Sign, -0.0) == 0.0);
        assert_eq!(binary(Binary::Remainder, -1.0, 3.0), 2.0);
        assert_eq!(binary(Binary::Remainder, 1.0, -3.0), -2.0);
        assert_eq!(binary(Binary::FloorDivide, -1.0, 3.0), -1.0);
        assert_eq!(binary(Binary::FloorDivide, 0.3, 0.1), 2.0);
        assert_eq!(binary(Binary::Logaddexp, f64::NEG_INFINITY, f64::NEG_INFINITY), f64::NEG_INFINITY);
        assert_eq!(binary(Binary::Logaddexp, 1e308, 0.0), 1e308);
    }
}
