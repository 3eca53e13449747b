//! Distributions known by their cumulative hazard H: P(X > x) = exp(−H(x)), so that −ln of a uniform variable is H(X).
//!
//! Of a lifetime, H′ is the rate of dying of those who still live (Kalbfleisch and Prentice 2002, The Statistical Analysis of Failure Time Data,
//! §1.2). All eight functions follow from H and its inverse, which a family gives in lanes; H is kept in two doubles, since a
//! survival of 1e-300 is exp(−690.8).

use crate::double_double::two_sum;
use crate::special::exponential::exp_m1;
use crate::special::logarithm::{ln, ln_1p, ln_double};
use crate::special::power::{exp_of_pair, ln_of_pair};

/// A cumulative hazard. Points lie within the open support, and their H between 0 and ∞, both included where it leaves the range of doubles.
pub(super) trait Hazard {
    /// Where the support starts.
    fn start(&self) -> f64;

    /// H(x) in two doubles.
    fn cumulative<const FMA: bool>(&self, x: f64) -> (f64, f64);

    /// ln H(x), also where H underflows.
    fn log_cumulative<const FMA: bool>(&self, x: f64) -> f64;

    /// The logarithm of the density H′(x)·exp(−H(x)), in two doubles.
    fn log_density<const FMA: bool>(&self, x: f64) -> (f64, f64);

    /// The density at the start, and its logarithm.
    fn at_start(&self) -> (f64, f64);

    /// The x with H(x) = high + low, for 0 < high < ∞.
    fn point<const FMA: bool>(&self, high: f64, low: f64) -> f64;
}

/// Which function of a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Density,
    LogDensity,
    Lower,
    Upper,
    LogLower,
    LogUpper,
    Quantile,
    UpperQuantile,
}

/// A function of points, with its values below the support, at its start and at infinity. Not a function of a closure: closures are compiled
/// without the features of the kernel around them, and a fused multiply–add is a slow library call there.
macro_rules! of_points {
    ($hazard:ident, $x:ident, ($below:expr, $at_start:expr, $at_end:expr), |$point:ident| $value:expr) => {{
        let (start, below, at_start, at_end) = ($hazard.start(), $below, $at_start, $at_end);
        for x in $x {
            let inside = *x > start && *x < f64::INFINITY;
            // Something harmless where there is nothing to compute.
            let $point = if inside { *x } else { start + start + 1.0 };
            let value = $value;
            let value = if inside { value } else { below };
            let value = if *x == start { at_start } else { value };
            let value = if *x == f64::INFINITY { at_end } else { value };
            *x = if x.is_nan() { *x } else { value };
        }
    }};
}

/// Replaces every number by the function of it.
#[inline(always)]
pub(super) fn evaluate<const FMA: bool, H: Hazard>(hazard: &H, x: &mut [f64], function: Function) {
    match function {
        Function::Density => {
            let (at_start, _) = hazard.at_start();
            of_points!(hazard, x, (0.0, at_start, 0.0), |x| {
                let (high, low) = hazard.log_density::<FMA>(x);
                exp_of_pair::<FMA>(high, low)
            });
        }
        Function::LogDensity => {
            let (_, at_start) = hazard.at_start();
            let nothing = f64::NEG_INFINITY;
            of_points!(hazard, x, (nothing, at_start, nothing), |x| {
                let (high, low) = hazard.log_density::<FMA>(x);
                high + low
            });
        }
        Function::Lower => of_points!(hazard, x, (0.0, 0.0, 1.0), |x| {
            let (high, low) = hazard.cumulative::<FMA>(x);
            -exp_m1::<FMA>(-(high + low))
        }),
        Function::Upper => of_points!(hazard, x, (1.0, 1.0, 0.0), |x| {
            let (high, low) = hazard.cumulative::<FMA>(x);
            exp_of_pair::<FMA>(-high, -low)
        }),
        Function::LogLower => {
            let nothing = f64::NEG_INFINITY;
            of_points!(hazard, x, (nothing, nothing, 0.0), |x| {
                let (total, rest) = hazard.cumulative::<FMA>(x);
                let low = -exp_m1::<FMA>(-total);
                let near = ln::<FMA>(if low > 1e-290 { low } else { 1.0 });
                let far = ln_1p::<FMA>(-exp_of_pair::<FMA>(-total, -rest));
                let value = if total < std::f64::consts::LN_2 { near } else { far };
                if low > 1e-290 { value } else { hazard.log_cumulative::<FMA>(x) }
            });
        }
        Function::LogUpper => of_points!(hazard, x, (0.0, 0.0, f64::NEG_INFINITY), |x| {
            let (high, low) = hazard.cumulative::<FMA>(x);
            0.0 - (high + low)
        }),
        Function::Quantile => {
            let start = hazard.start();
            for p in x {
                // −ln(1 − p)
                let (q, rest) = two_sum(1.0, -*p);
                let inside = *p > 0.0 && *p < 1.0;
                let (high, low) = ln_double::<FMA>(if inside { q } else { 0.5 }, if inside { rest } else { 0.0 });
                *p = end(*p, inside, hazard.point::<FMA>(-high, -low), start, f64::INFINITY);
            }
        }
        Function::UpperQuantile => {
            let start = hazard.start();
            for q in x {
                let inside = *q > 0.0 && *q < 1.0;
                let (high, low) = ln_of_pair::<FMA>(if inside { *q } else { 0.5 }, 0.0);
                *q = end(*q, inside, hazard.point::<FMA>(-high, -low), f64::INFINITY, start);
            }
        }
    }
}

/// A quantile, with its values at 0 and 1, and NaN beyond.
#[inline(always)]
fn end(p: f64, inside: bool, value: f64, at_zero: f64, at_one: f64) -> f64 {
    let value = if inside { value } else { f64::NAN };
    let value = if p == 0.0 { at_zero } else { value };
    if p == 1.0 { at_one } else { value }
}

/// `by_hazard!(Weibull, curve)`: the kernel of a family whose method `curve` gives its [`Hazard`], and what calls it.
macro_rules! by_hazard {
    ($family:ident, $curve:ident) => {
        crate::simd::wide_kernel! {
            /// Replaces every number by the function of it.
            fn kernel(curve: &$curve, x: &mut [f64], function: crate::distributions::continuous::hazard::Function) = body
        }

        #[inline(always)]
        fn body<const FMA: bool>(
            curve: &$curve,
            x: &mut [f64],
            function: crate::distributions::continuous::hazard::Function,
        ) {
            crate::distributions::continuous::hazard::evaluate::<FMA, $curve>(curve, x, function);
        }

        impl $family {
            fn one(&self, x: f64, function: crate::distributions::continuous::hazard::Function) -> f64 {
                let mut value = [x];
                kernel(&self.curve(), &mut value, function);
                value[0]
            }
        }

        impl Continuous for $family {
            crate::distributions::continuous::hazard::methods! {
                pdf pdf_in_place Density,
                logpdf logpdf_in_place LogDensity,
            }
        }
    };
}
pub(super) use by_hazard;

/// `methods! { cdf cdf_in_place Lower }`: a function of one number and of every number of a slice.
macro_rules! methods {
    ($($name:ident $in_place:ident $function:ident),* $(,)?) => {
        $(
            fn $name(&self, x: f64) -> f64 {
                self.one(x, crate::distributions::continuous::hazard::Function::$function)
            }

            fn $in_place(&self, x: &mut [f64]) {
                kernel(&self.curve(), x, crate::distributions::continuous::hazard::Function::$function);
            }
        )*
    };
}
pub(super) use methods;

/// The six functions of `Distribution`.
macro_rules! distribution_methods {
    () => {
        crate::distributions::continuous::hazard::methods! {
            cdf cdf_in_place Lower,
            sf sf_in_place Upper,
            logcdf logcdf_in_place LogLower,
            logsf logsf_in_place LogUpper,
            ppf ppf_in_place Quantile,
            isf isf_in_place UpperQuantile,
        }
    };
}
pub(super) use distribution_methods;
