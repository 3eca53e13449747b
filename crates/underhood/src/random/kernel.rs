//! Kernels that give the same bits at every SIMD level: one body without fused multiply–add, compiled for AVX-512, AVX2 and the baseline.
//!
//! Additions, multiplications, divisions and square roots are rounded alike everywhere (IEEE 754), and the compiler contracts nothing by itself:
//! vectors change how many numbers are computed at a time, not one bit of them.

/// Makes a function with a first argument `level` out of a kernel body: `portable_kernel! { fn scale(x: &mut [f64], by: f64) = scale_body }`,
/// where `scale_body` is `#[inline(always)] fn scale_body(x: &mut [f64], by: f64)`. A level beyond the machine's is lowered.
macro_rules! portable_kernel {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),* $(,)?) $(-> $out:ty)? = $body:path) => {
        $(#[$doc])*
        #[inline]
        $vis fn $name(level: $crate::simd::Level, $($arg: $ty),*) $(-> $out)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma,bmi2")]
                fn avx512($($arg: $ty),*) $(-> $out)? {
                    $body($($arg),*)
                }
                #[target_feature(enable = "avx2,fma,bmi2")]
                fn avx2($($arg: $ty),*) $(-> $out)? {
                    $body($($arg),*)
                }
                match level.min($crate::simd::level()) {
                    // SAFETY: the level is at most the machine's, which has every feature that is enabled here.
                    $crate::simd::Level::Avx512 => return unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::simd::Level::Avx2 => return unsafe { avx2($($arg),*) },
                    $crate::simd::Level::Baseline => {}
                }
            }
            #[cfg(not(target_arch = "x86_64"))]
            let _ = level;
            $body($($arg),*)
        }
    };
}
pub(crate) use portable_kernel;
