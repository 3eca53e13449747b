//! Wide kernels of the normal density and distribution function: the scalar formulas without branches.
//!
//! Φ(−z) = ½ erfcx(z/√2)·exp(−z²/2), with erfcx as a polynomial (see `error_function`) and z² in two doubles. exp takes
//! e^x = 2ᵏ·e^r with |r| ≤ ½ ln 2 and Taylor's polynomial of degree 13, which ends below 1e-17.

use std::f64::consts::{FRAC_1_SQRT_2, LOG2_E};

use super::coefficients::ERFCX_FIT;
use crate::double_double::two_product;
use crate::simd::{mul_add, wide_kernel};

wide_kernel! {
    /// Replaces every z by Φ(z).
    pub(crate) fn ndtr_all(z: &mut [f64]) = ndtr_body
}

wide_kernel! {
    /// Replaces every z by exp(−z²/2).
    pub(crate) fn bell_all(z: &mut [f64]) = bell_body
}

#[inline(always)]
fn ndtr_body<const FMA: bool>(z: &mut [f64]) {
    for z in z {
        let size = z.abs().min(40.0);
        let scaled = size * FRAC_1_SQRT_2;
        let t = (scaled - 3.75) / (scaled + 3.75);
        let fit = ERFCX_FIT.iter().rev().fold(0.0, |sum, &c| mul_add::<FMA>(sum, t, c));
        let erfcx = fit / mul_add::<FMA>(2.0, scaled, 1.0);
        // At 0 the polynomial is an ulp off what symmetry demands.
        let half = if size == 0.0 { 0.5 } else { 0.5 * erfcx };
        let tail = half * bell::<FMA>(size);
        let probability = if *z < 0.0 { tail } else { 1.0 - tail };
        *z = if z.is_nan() { *z } else { probability };
    }
}

#[inline(always)]
fn bell_body<const FMA: bool>(z: &mut [f64]) {
    for z in z {
        let value = bell::<FMA>(z.abs().min(40.0));
        *z = if z.is_nan() { *z } else { value };
    }
}

/// exp(−z²/2) for 0 ≤ z ≤ 40.
#[inline(always)]
fn bell<const FMA: bool>(z: f64) -> f64 {
    let (high, low) = two_product::<FMA>(z, z);

    let e = exp::<FMA>(-0.5 * high);
    mul_add::<FMA>(e, -0.5 * low, e)
}

/// eˣ for −800 ≤ x ≤ 0.
#[inline(always)]
fn exp<const FMA: bool>(x: f64) -> f64 {
    /// 1.5·2⁵²: adding it rounds to a whole number, which then stands in the lowest bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const LN_2_HIGH: f64 = 6.931_471_803_691_238_2e-1; // 33 bits, so that its product with k is exact
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    const TAYLOR: [f64; 14] = {
        let mut c = [1.0; 14];
        let mut k = 1;
        while k < 14 {
            c[k] = c[k - 1] / k as f64;
            k += 1;
        }
        c
    };
    let shifted = mul_add::<FMA>(x, LOG2_E, ROUND);
    let k = shifted - ROUND;
    let r = mul_add::<FMA>(k, -LN_2_LOW, mul_add::<FMA>(k, -LN_2_HIGH, x));
    let series = TAYLOR.iter().rev().fold(0.0, |sum, &c| mul_add::<FMA>(sum, r, c));
    // 2ᵏ as a product of two powers, since k can be below −1022.
    let biased = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(2046);
    let first = biased >> 1;
    series * f64::from_bits(first << 52) * f64::from_bits(biased.wrapping_sub(first) << 52)
}
