//! The two forms of a function that has a wide kernel: of one number, and of every number of a slice.

/// `wide! { /// docs \n erf, erf_in_place = erf_wide }` makes both public functions out of one formula, an
/// `#[inline(always)] fn erf_wide<const FMA: bool>(x: f64) -> f64` without branches: the same bits in both.
macro_rules! wide {
    ($(#[$doc:meta])* $name:ident, $in_place:ident = $formula:ident) => {
        $(#[$doc])*
        pub fn $name(x: f64) -> f64 {
            let mut value = [x];
            $in_place(&mut value);
            value[0]
        }

        pub use self::$in_place::$in_place;

        mod $in_place {
            $crate::simd::wide_kernel! {
                #[doc = concat!("Replaces every number by its [`", stringify!($name), "`](super::", stringify!($name), "): the same bits, several at a time.")]
                pub fn $in_place(x: &mut [f64]) = body
            }

            #[inline(always)]
            fn body<const FMA: bool>(x: &mut [f64]) {
                for x in x {
                    *x = super::$formula::<FMA>(*x);
                }
            }
        }
    };
}
pub(super) use wide;
