//! The recipe for wide kernels on stable Rust: one branch-free scalar body, compiled three times, chosen once at run time.
//!
//! A body is written for one slice, `#[inline(always)]` and generic over `const FMA: bool`; [`wide_kernel!`] instantiates it for
//! AVX-512, for AVX2 with FMA, and for whatever the baseline of the target is, and dispatches on what the machine has. The
//! compiler does the vectorising: a body keeps several independent sums, has no early exit and no call that is not inlined.
//!
//! [`mul_add`] is the only way to a fused multiply–add: without the instruction, `f64::mul_add` is a slow library call.

use std::sync::atomic::{AtomicU8, Ordering};

/// What the machine's vector unit can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Level {
    /// The target's baseline: SSE2 on x86-64, NEON on AArch64.
    Baseline = 1,
    /// 256-bit vectors with fused multiply–add.
    Avx2 = 2,
    /// 512-bit vectors.
    Avx512 = 3,
}

/// The machine's level, asked once.
#[inline]
pub(crate) fn level() -> Level {
    static LEVEL: AtomicU8 = AtomicU8::new(0);
    match LEVEL.load(Ordering::Relaxed) {
        1 => Level::Baseline,
        2 => Level::Avx2,
        3 => Level::Avx512,
        _ => {
            let level = detect();
            LEVEL.store(level as u8, Ordering::Relaxed);
            level
        }
    }
}

#[cold]
fn detect() -> Level {
    let most = allowed();
    #[cfg(target_arch = "x86_64")]
    if most > Level::Baseline {
        let avx2 =
            is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") && is_x86_feature_detected!("bmi2");
        let avx512 = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512bw");
        match (avx2, avx512) {
            (true, true) => return most,
            (true, false) => return Level::Avx2,
            _ => {}
        }
    }
    Level::Baseline
}

/// The most that the environment variable `UNDERHOOD_SIMD` allows ("avx2" or "baseline"): so the tests reach every path on one machine,
/// and results can be compared with those of a lesser one.
fn allowed() -> Level {
    match std::env::var("UNDERHOOD_SIMD").as_deref() {
        Ok("baseline") => Level::Baseline,
        Ok("avx2") => Level::Avx2,
        _ => Level::Avx512,
    }
}

/// Whether the target's baseline has a fused multiply–add.
pub(crate) const BASELINE_FMA: bool = cfg!(target_arch = "aarch64");

/// `a` if it is so, else `b`, by bits: of an `if` between elements of arrays the compiler makes a jump, or a choice between two places
/// in memory, and no vector.
#[inline(always)]
pub(crate) fn choose(so: bool, a: f64, b: f64) -> f64 {
    let mask = u64::from(so).wrapping_neg();
    f64::from_bits((a.to_bits() & mask) | (b.to_bits() & !mask))
}

/// a·b + c: in one rounding where the instruction exists, in two where it does not.
#[inline(always)]
pub(crate) fn mul_add<const FMA: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

/// Makes a function out of a kernel body: `wide_kernel! { pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 = dot_body }`,
/// where `dot_body` is `#[inline(always)] fn dot_body<const FMA: bool>(a: &[f64], b: &[f64]) -> f64`.
macro_rules! wide_kernel {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),* $(,)?) $(-> $out:ty)? = $body:ident) => {
        $(#[$doc])*
        #[inline]
        #[allow(clippy::too_many_arguments, reason = "a kernel takes what its body takes")]
        $vis fn $name($($arg: $ty),*) $(-> $out)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma,bmi2")]
                #[allow(clippy::too_many_arguments, reason = "a kernel takes what its body takes")]
                fn avx512($($arg: $ty),*) $(-> $out)? {
                    $body::<true>($($arg),*)
                }
                #[target_feature(enable = "avx2,fma,bmi2")]
                #[allow(clippy::too_many_arguments, reason = "a kernel takes what its body takes")]
                fn avx2($($arg: $ty),*) $(-> $out)? {
                    $body::<true>($($arg),*)
                }
                match $crate::simd::level() {
                    // SAFETY: `level` saw every feature that is enabled here.
                    $crate::simd::Level::Avx512 => return unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::simd::Level::Avx2 => return unsafe { avx2($($arg),*) },
                    $crate::simd::Level::Baseline => {}
                }
            }
            $body::<{ $crate::simd::BASELINE_FMA }>($($arg),*)
        }
    };
}
pub(crate) use wide_kernel;

wide_kernel! {
    /// Σ aᵢ·bᵢ of two slices of one length.
    pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 = dot_body
}

/// Thirty-two running sums: four vectors of eight hide the latency of the fused multiply–add.
#[inline(always)]
fn dot_body<const FMA: bool>(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 32;
    let length = a.len().min(b.len());
    let (a, b) = (&a[..length], &b[..length]);
    let (blocks_a, blocks_b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let (tail_a, tail_b) = (blocks_a.remainder(), blocks_b.remainder());

    let mut sums = [0.0; LANES];
    for (block_a, block_b) in blocks_a.zip(blocks_b) {
        for lane in 0..LANES {
            sums[lane] = mul_add::<FMA>(block_a[lane], block_b[lane], sums[lane]);
        }
    }
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            sums[lane] += sums[lane + width];
        }
        width /= 2;
    }
    let tail: f64 = tail_a.iter().zip(tail_b).map(|(x, y)| x * y).sum();
    sums[0] + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instantiation_of_dot_agrees_on_exact_sums() {
        for length in [0, 1, 7, 31, 32, 33, 64, 100] {
            let a: Vec<f64> = (0..length).map(f64::from).collect();
            let expected = a.iter().map(|x| x * x).sum::<f64>();
            assert_eq!(dot(&a, &a), expected);
            assert_eq!(dot_body::<false>(&a, &a), expected);
            assert_eq!(dot_body::<true>(&a, &a), expected);
        }
    }
}
