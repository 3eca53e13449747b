//! Methods out of formulas: the scalar and the wide form of a function of one number and of the distribution's own parameters.

/// `wide_methods! { (loc, scale); /// docs \n cdf, cdf_in_place = cdf_of }` makes both methods of a trait's implementation out of an
/// `#[inline(always)] fn cdf_of<const FMA: bool>(x: f64, loc: f64, scale: f64) -> f64` without branches: the same bits in both.
macro_rules! wide_methods {
    ($fields:tt; $($name:ident, $in_place:ident = $formula:ident;)*) => {
        $($crate::distributions::wide::wide_methods! { @one $fields $name $in_place $formula })*
    };
    (@one ($($field:ident),*) $name:ident $in_place:ident $formula:ident) => {
        fn $name(&self, x: f64) -> f64 {
            let mut value = [x];
            self.$in_place(&mut value);
            value[0]
        }

        fn $in_place(&self, x: &mut [f64]) {
            $crate::simd::wide_kernel! { fn kernel(x: &mut [f64], $($field: f64),*) = body }
            #[inline(always)]
            fn body<const FMA: bool>(x: &mut [f64], $($field: f64),*) {
                for x in x {
                    *x = $formula::<FMA>(*x, $($field),*);
                }
            }
            kernel(x, $(self.$field),*);
        }
    };
}
pub(in crate::distributions) use wide_methods;
