//! Elementary functions, each as one formula without branches: of one number, or of a slice, several at a time, with the same bits.
//!
//! Every function is a room with four doors: `scalar` for one number, `in_place` and `into` for slices, and `address`, the function of one
//! number as machine code calls it.
//!
//! | functions | how |
//! |---|---|
//! | [`sin`], [`cos`], [`tan`] | the remainder by π/2 in two doubles, polynomials; beyond 10⁸ `libm` |
//! | [`arcsin`], [`arccos`], [`arctan`], [`arctan2`] | differences of angles, polynomials, quotients that know their remainders |
//! | [`sinh`], [`cosh`], [`tanh`] and their inverses | exponential and logarithm, carried in two doubles |
//! | [`log2`], [`log10`], [`pow`] | the same, beside `special`'s [`exp`], [`exp_m1`], [`ln`] and [`ln_1p`] |
//! | [`cbrt`], [`hypot`] | a step with the exact residual |
//! | [`expit`], [`log_expit`], [`logaddexp`] | the logistic family |
//!
//! Edges are those of IEEE 754 and of NumPy: signed zeros and infinities; NaN in, NaN out; NaN outside the domain.

mod angle;
mod circular;
mod coefficients;
mod hyperbolic;
mod powers;
mod quotient;
#[cfg(test)]
mod tests;

use crate::special::{exponential, logarithm, logistic};

/// A function of one number as machine code calls it.
///
/// Calling it is safe on the machine that chose it: its only demand is the vector unit which [`crate::simd::level`] saw.
pub(crate) type Unary = unsafe extern "C" fn(f64) -> f64;
/// A function of two numbers as machine code calls it.
pub(crate) type Binary = unsafe extern "C" fn(f64, f64) -> f64;

/// The formula for one number, for the machine: `native! { Unary (x) = formula }`.
macro_rules! native {
    ($kind:ident($($x:ident),+)) => {
        /// The function of one place, chosen for the machine.
        #[inline]
        pub(crate) fn address() -> $crate::elementary::$kind {
            #[cfg(target_arch = "x86_64")]
            {
                // What AVX-512 would add to it is nothing: one place is one place.
                #[target_feature(enable = "avx2,fma,bmi2")]
                extern "C" fn fused($($x: f64),+) -> f64 {
                    formula::<true>($($x),+)
                }
                if $crate::simd::level() != $crate::simd::Level::Baseline {
                    return fused;
                }
            }
            extern "C" fn baseline($($x: f64),+) -> f64 {
                formula::<{ $crate::simd::BASELINE_FMA }>($($x),+)
            }
            baseline
        }

        /// Of one place: the same bits as in a slice.
        #[inline]
        pub(crate) fn scalar($($x: f64),+) -> f64 {
            // SAFETY: `address` chose what this machine can run.
            unsafe { address()($($x),+) }
        }
    };
}

/// `unary! { /// docs \n sin = circular::sin }` makes the room of a function out of its formula; `… beyond circular::FAR, libm::sin` hands the
/// few numbers that are larger to another.
macro_rules! unary {
    ($(#[$doc:meta])* $name:ident = $($formula:ident)::+) => {
        unary! { @room $(#[$doc])* $name, |x| super::$($formula)::+::<FMA>(x), |all| for x in all { *x = formula::<FMA>(*x); } }
    };
    ($(#[$doc:meta])* $name:ident = $($formula:ident)::+, beyond $far:path, $other:path) => {
        unary! {
            @room $(#[$doc])* $name,
            |x| if x.abs() > $far { $other(x) } else { super::$($formula)::+::<FMA>(x) },
            |all| for block in all.chunks_mut(64) {
                let mut far = 0_u64;
                for x in block.iter() {
                    far |= u64::from(x.abs() > $far);
                }
                if far == 0 {
                    for x in block {
                        *x = super::$($formula)::+::<FMA>(*x);
                    }
                } else {
                    for x in block {
                        *x = formula::<FMA>(*x);
                    }
                }
            }
        }
    };
    (@room $(#[$doc:meta])* $name:ident, |$x:ident| $one:expr, |$all:ident| $each:expr) => {
        $(#[$doc])*
        pub(crate) mod $name {
            #[inline(always)]
            fn formula<const FMA: bool>($x: f64) -> f64 {
                $one
            }

            #[inline(always)]
            fn each<const FMA: bool>($all: &mut [f64]) {
                $each
            }

            native! { Unary(x) }

            $crate::simd::wide_kernel! {
                /// Replaces every number of a slice by its value.
                pub(crate) fn in_place(x: &mut [f64]) = each
            }

            /// The values of the numbers of one slice in another of the same length.
            pub(crate) fn into(x: &[f64], out: &mut [f64]) {
                out.copy_from_slice(x);
                in_place(out);
            }
        }
    };
}

/// The same for functions of two numbers; `in_place` replaces the first of each pair.
macro_rules! binary {
    ($(#[$doc:meta])* $name:ident = $($formula:ident)::+) => {
        $(#[$doc])*
        pub(crate) mod $name {
            #[inline(always)]
            fn formula<const FMA: bool>(x: f64, y: f64) -> f64 {
                super::$($formula)::+::<FMA>(x, y)
            }

            #[inline(always)]
            fn each<const FMA: bool>(x: &mut [f64], y: &[f64]) {
                for (x, &y) in x.iter_mut().zip(y) {
                    *x = formula::<FMA>(*x, y);
                }
            }

            native! { Binary(x, y) }

            $crate::simd::wide_kernel! {
                /// Replaces every number of the first slice by the value of the pair.
                pub(crate) fn in_place(x: &mut [f64], y: &[f64]) = each
            }

            /// The values of the pairs of two slices in a third, all of one length.
            pub(crate) fn into(x: &[f64], y: &[f64], out: &mut [f64]) {
                out.copy_from_slice(x);
                in_place(out, y);
            }
        }
    };
}

unary! {
    /// Sine.
    sin = circular::sin, beyond super::circular::FAR, libm::sin
}
unary! {
    /// Cosine.
    cos = circular::cos, beyond super::circular::FAR, libm::cos
}
unary! {
    /// Tangent.
    tan = circular::tan, beyond super::circular::FAR, libm::tan
}
unary! {
    /// Inverse sine, from −π/2 to π/2.
    arcsin = angle::arcsin
}
unary! {
    /// Inverse cosine, from 0 to π.
    arccos = angle::arccos
}
unary! {
    /// Inverse tangent, from −π/2 to π/2.
    arctan = angle::arctan
}
binary! {
    /// The angle of the point (y of it first, then x), from −π to π.
    arctan2 = angle::arctan2
}
unary! {
    /// Hyperbolic sine.
    sinh = hyperbolic::sinh
}
unary! {
    /// Hyperbolic cosine.
    cosh = hyperbolic::cosh
}
unary! {
    /// Hyperbolic tangent.
    tanh = hyperbolic::tanh
}
unary! {
    /// Inverse hyperbolic sine.
    arcsinh = hyperbolic::arcsinh
}
unary! {
    /// Inverse hyperbolic cosine.
    arccosh = hyperbolic::arccosh
}
unary! {
    /// Inverse hyperbolic tangent.
    arctanh = hyperbolic::arctanh
}
unary! {
    /// eˣ.
    exp = exponential::exp
}
unary! {
    /// eˣ − 1.
    exp_m1 = exponential::exp_m1
}
unary! {
    /// Natural logarithm.
    ln = logarithm::ln
}
unary! {
    /// ln(1 + x).
    ln_1p = logarithm::ln_1p
}
unary! {
    /// Logarithm to the base 2.
    log2 = powers::log2
}
unary! {
    /// Logarithm to the base 10.
    log10 = powers::log10
}
unary! {
    /// Cube root.
    cbrt = powers::cbrt
}
binary! {
    /// xʸ.
    pow = powers::pow
}
binary! {
    /// √(x² + y²).
    hypot = powers::hypot
}
binary! {
    /// ln(eˣ + eʸ).
    logaddexp = powers::logaddexp
}
unary! {
    /// 1/(1 + e⁻ˣ).
    expit = logistic::expit_wide
}
unary! {
    /// ln(1/(1 + e⁻ˣ)).
    log_expit = logistic::log_expit_wide
}
