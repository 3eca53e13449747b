//! What the elementwise operations are on numbers: one scalar function each, in which constants are folded and small programs are run.

use super::operation::{Binary, Unary};
use crate::simd::wide_kernel;
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
        Unary::Sech => 1.0 / elementary::cosh::scalar(x),
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
        Unary::Erfcx => special::erfcx(x),
        Unary::Ndtr => special::ndtr(x),
        Unary::LogNdtr => special::log_ndtr(x),
        Unary::Gammaln => special::gammaln(x),
        Unary::Expit => elementary::expit::scalar(x),
        Unary::LogExpit => elementary::log_expit::scalar(x),
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
        Binary::Inversion => inversion(x, y),
        Binary::Ierfcx => special::iterated_erfcx(x, y),
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

/// x/(x² + y²) by the quotient of the smaller and the larger: the squares themselves may overflow or vanish.
fn inversion(x: f64, y: f64) -> f64 {
    if x.abs() >= y.abs() {
        let part = y / x;
        1.0 / (x * (1.0 + part * part))
    } else {
        let part = x / y.abs();
        part / (y.abs() * (1.0 + part * part))
    }
}

/// ⌊x/y⌋, from the exact remainder, as NumPy does it.
fn floor_divide(x: f64, y: f64) -> f64 {
    if y == 0.0 {
        return x / y;
    }
    let rest = x % y;
    let below = if rest != 0.0 && (rest < 0.0) != (y < 0.0) { 1.0 } else { 0.0 };
    let quotient = (x - rest) / y - below;
    if quotient == 0.0 {
        return 0.0_f64.copysign(x / y);
    }
    let whole = quotient.floor();
    if quotient - whole > 0.5 { whole + 1.0 } else { whole }
}

/// f(x) of every element.
pub(super) fn unary_into(op: Unary, x: &[f64], out: &mut [f64]) {
    let in_place = |function: fn(&mut [f64]), out: &mut [f64]| {
        out.copy_from_slice(x);
        function(out);
    };
    match op {
        Unary::Negative => negate(x, out),
        Unary::Absolute => absolute(x, out),
        Unary::Sqrt => square_root(x, out),
        Unary::Cbrt => elementary::cbrt::into(x, out),
        Unary::Exp => elementary::exp::into(x, out),
        Unary::Expm1 => elementary::exp_m1::into(x, out),
        Unary::Log => elementary::ln::into(x, out),
        Unary::Log1p => elementary::ln_1p::into(x, out),
        Unary::Log2 => elementary::log2::into(x, out),
        Unary::Log10 => elementary::log10::into(x, out),
        Unary::Sin => elementary::sin::into(x, out),
        Unary::Cos => elementary::cos::into(x, out),
        Unary::Tan => elementary::tan::into(x, out),
        Unary::Arcsin => elementary::arcsin::into(x, out),
        Unary::Arccos => elementary::arccos::into(x, out),
        Unary::Arctan => elementary::arctan::into(x, out),
        Unary::Sinh => elementary::sinh::into(x, out),
        Unary::Cosh => elementary::cosh::into(x, out),
        Unary::Tanh => elementary::tanh::into(x, out),
        Unary::Sech => {
            elementary::cosh::into(x, out);
            invert(out);
        }
        Unary::Arcsinh => elementary::arcsinh::into(x, out),
        Unary::Arccosh => elementary::arccosh::into(x, out),
        Unary::Arctanh => elementary::arctanh::into(x, out),
        Unary::Expit => elementary::expit::into(x, out),
        Unary::Erf => in_place(special::erf_in_place, out),
        Unary::Erfc => in_place(special::erfc_in_place, out),
        Unary::Erfcx => in_place(special::erfcx_in_place, out),
        Unary::Ndtr => in_place(special::ndtr_in_place, out),
        Unary::LogNdtr => in_place(special::log_ndtr_in_place, out),
        Unary::Gammaln => in_place(special::gammaln_in_place, out),
        Unary::LogExpit => elementary::log_expit::into(x, out),
        // Steps are cheap one by one.
        _ => out.iter_mut().zip(x).for_each(|(out, x)| *out = unary(op, *x)),
    }
}

/// f(x, y) of every pair of elements.
pub(super) fn binary_into(op: Binary, x: &[f64], y: &[f64], out: &mut [f64]) {
    match op {
        Binary::Add => add(x, y, out),
        Binary::Subtract => subtract(x, y, out),
        Binary::Multiply => multiply(x, y, out),
        Binary::Divide => divide(x, y, out),
        Binary::Maximum => larger(x, y, out),
        Binary::Minimum => smaller(x, y, out),
        Binary::Less => less(x, y, out),
        Binary::LessEqual => less_or_equal(x, y, out),
        Binary::Equal => equal(x, y, out),
        Binary::NotEqual => not_equal(x, y, out),
        Binary::Power => elementary::pow::into(x, y, out),
        Binary::Arctan2 => elementary::arctan2::into(x, y, out),
        Binary::Hypot => elementary::hypot::into(x, y, out),
        Binary::Logaddexp => elementary::logaddexp::into(x, y, out),
        _ => out.iter_mut().zip(x.iter().zip(y)).for_each(|(out, (x, y))| *out = binary(op, *x, *y)),
    }
}

/// b where the condition is not 0, else c.
pub(super) fn select_into(condition: &[f64], b: &[f64], c: &[f64], out: &mut [f64]) {
    select(condition, b, c, out);
}

wide_kernel! { fn invert(values: &mut [f64]) = invert_body }

#[inline(always)]
fn invert_body<const FMA: bool>(values: &mut [f64]) {
    values.iter_mut().for_each(|value| *value = 1.0 / *value);
}

/// Wide loops over the operations that the machine has: the same bits as one by one, for nothing is rounded differently.
macro_rules! loops {
    ($($name:ident($($x:ident),+) = $body:ident: $value:expr;)+) => {$(
        wide_kernel! { fn $name($($x: &[f64],)+ out: &mut [f64]) = $body }

        #[inline(always)]
        fn $body<const FMA: bool>($($x: &[f64],)+ out: &mut [f64]) {
            let n = out.len();
            $(let $x = &$x[..n];)+
            for i in 0..n {
                $(let $x = $x[i];)+
                out[i] = $value;
            }
        }
    )+};
}

loops! {
    negate(x) = negate_body: -x;
    absolute(x) = absolute_body: x.abs();
    square_root(x) = square_root_body: x.sqrt();
    add(x, y) = add_body: x + y;
    subtract(x, y) = subtract_body: x - y;
    multiply(x, y) = multiply_body: x * y;
    divide(x, y) = divide_body: x / y;
    larger(x, y) = larger_body: maximum(x, y);
    smaller(x, y) = smaller_body: minimum(x, y);
    less(x, y) = less_body: truth(x < y);
    less_or_equal(x, y) = less_or_equal_body: truth(x <= y);
    equal(x, y) = equal_body: truth(x == y);
    not_equal(x, y) = not_equal_body: truth(x != y);
    select(condition, b, c) = select_body: if condition == 0.0 { c } else { b };
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
        assert_eq!(binary(Binary::FloorDivide, -1.5, f64::INFINITY), -1.0);
        assert_eq!(binary(Binary::FloorDivide, 1.5, f64::NEG_INFINITY), -1.0);
        assert_eq!(binary(Binary::FloorDivide, 1.5, f64::INFINITY), 0.0);
        assert_eq!(binary(Binary::FloorDivide, -1.0, -2.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(binary(Binary::Logaddexp, f64::NEG_INFINITY, f64::NEG_INFINITY), f64::NEG_INFINITY);
        assert_eq!(binary(Binary::Logaddexp, 1e308, 0.0), 1e308);
    }
}
