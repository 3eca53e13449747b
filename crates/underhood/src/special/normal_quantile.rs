//! The inverses of Φ, erf and erfc: M. J. Wichura's AS 241 (1988, doi:10.2307/2347330), good to 1e-16, as wide kernels.
//!
//! All three are the normal quantile of a probability that is given by its distance from ½ and by the smaller tail, each as exact as
//! the argument allows. The centre is one rational function for all lanes; lanes in the tails (15 % of uniform probabilities) are
//! gathered and computed together.

use std::f64::consts::FRAC_1_SQRT_2;

use super::logarithm::ln;
use super::polynomial::horner;
use crate::simd::{mul_add, wide_kernel};

/// The inverse of Φ: the x with Φ(x) = p. −∞ at 0, ∞ at 1, NaN outside [0, 1].
///
/// Relative error below 1e-15 in terms of p; close to ½ relative to p − ½.
///
/// ```
/// use underhood::special::ndtri;
///
/// assert_eq!(ndtri(0.5), 0.0);
/// assert!((ndtri(1e-300) / -37.0471 - 1.0).abs() < 1e-6);
/// assert!((ndtri(0.975) - 1.959963984540054).abs() < 1e-15);
/// ```
pub fn ndtri(p: f64) -> f64 {
    one(p, ndtri_in_place)
}

/// The inverse of erf: the x with erf(x) = y. ±∞ at ±1, NaN beyond.
///
/// Relative error below 1e-15 for y as given: next to ±1, 1 − |y| is exact in doubles.
///
/// ```
/// use underhood::special::erfinv;
///
/// assert!((erfinv(0.8427007929497149) - 1.0).abs() < 1e-15);
/// assert!((erfinv(1e-300) / 1e-300 - std::f64::consts::PI.sqrt() / 2.0).abs() < 1e-15);
/// ```
pub fn erfinv(y: f64) -> f64 {
    one(y, erfinv_in_place)
}

/// The inverse of erfc: the x with erfc(x) = y, to full precision for tiny y. ∞ at 0, −∞ at 2, NaN outside [0, 2].
///
/// ```
/// use underhood::special::erfcinv;
///
/// assert!((erfcinv(2.088487583762545e-45) - 10.0).abs() < 1e-14);
/// ```
pub fn erfcinv(y: f64) -> f64 {
    one(y, erfcinv_in_place)
}

fn one(x: f64, wide: fn(&mut [f64])) -> f64 {
    let mut value = [x];
    wide(&mut value);
    value[0]
}

wide_kernel! {
    /// Replaces every probability by its [`ndtri`]: the same bits, several at a time.
    pub fn ndtri_in_place(p: &mut [f64]) = ndtri_body
}

wide_kernel! {
    /// Replaces every number by its [`erfinv`]: the same bits, several at a time.
    pub fn erfinv_in_place(y: &mut [f64]) = erfinv_body
}

wide_kernel! {
    /// Replaces every number by its [`erfcinv`]: the same bits, several at a time.
    pub fn erfcinv_in_place(y: &mut [f64]) = erfcinv_body
}

#[inline(always)]
fn ndtri_body<const FMA: bool>(p: &mut [f64]) {
    quantiles::<FMA>(p, |p| p - 0.5, |p| if p < 0.5 { p } else { 1.0 - p }, 1.0);
}

#[inline(always)]
fn erfinv_body<const FMA: bool>(y: &mut [f64]) {
    quantiles::<FMA>(y, |y| 0.5 * y, |y| 0.5 * (1.0 - y.abs()), FRAC_1_SQRT_2);
}

#[inline(always)]
fn erfcinv_body<const FMA: bool>(y: &mut [f64]) {
    quantiles::<FMA>(y, |y| 0.5 * (1.0 - y), |y| if y < 1.0 { 0.5 * y } else { 0.5 * (2.0 - y) }, FRAC_1_SQRT_2);
}

/// So many lanes are sorted into centre and tails at a time.
const BLOCK: usize = 512;

/// scale·Φ⁻¹ of the probabilities that `distance` from ½ and the smaller `tail` describe.
#[inline(always)]
fn quantiles<const FMA: bool>(x: &mut [f64], distance: impl Fn(f64) -> f64, tail: impl Fn(f64) -> f64, scale: f64) {
    let mut places = [0_u16; BLOCK];
    let (mut outside, mut tails) = ([0_u8; BLOCK], [0.0; BLOCK]);
    for x in x.chunks_mut(BLOCK) {
        for ((x, outside), kept) in x.iter_mut().zip(&mut outside).zip(&mut tails) {
            let q = distance(*x);
            *outside = u8::from(!(q.abs() <= 0.425));
            *kept = *x;
            let r = mul_add::<FMA>(-q, q, 0.180625);
            *x = scale * q * (horner::<FMA, 8>(&CENTRE_TOP, r) / horner::<FMA, 8>(&CENTRE_BOTTOM, r));
        }
        let mut count = 0;
        for (i, &outside) in outside[..x.len()].iter().enumerate() {
            // Written for every lane, kept for those in the tails.
            places[count] = i as u16;
            count += usize::from(outside);
        }
        if count == 0 {
            continue;
        }
        // In place: a tail never moves up.
        for k in 0..count {
            tails[k] = tails[usize::from(places[k]) % BLOCK];
        }
        let mut least = 1.0;
        for value in &mut tails[..count] {
            let (tail, distance) = (tail(*value), distance(*value));
            // Outside the domain a tail is negative.
            *value = if tail >= 0.0 { tail.copysign(distance) } else { f64::NAN };
            least = if tail < least { tail } else { least };
        }
        // Those beyond r = 5 are so rare that a block seldom has one.
        let far = least < 1.4e-11;
        for value in &mut tails[..count] {
            *value = scale * if far { in_tail::<FMA>(*value) } else { in_near_tail::<FMA>(*value) };
        }
        for (&place, &value) in places[..count].iter().zip(&tails[..count]) {
            x[usize::from(place)] = value;
        }
    }
}

/// The quantile of a tail of at most 0.075, whose sign says on which side it lies.
#[inline(always)]
fn in_tail<const FMA: bool>(tail: f64) -> f64 {
    let r = (-ln::<FMA>(tail.abs())).sqrt();
    let near = near_tail::<FMA>(r);
    let far = horner::<FMA, 8>(&TAIL_TOP, r - 5.0) / horner::<FMA, 8>(&TAIL_BOTTOM, r - 5.0);
    let size = if r <= 5.0 { near } else { far };
    let size = if tail == 0.0 { f64::INFINITY } else { size };
    size.copysign(tail)
}

/// The same for tails of at least 1.4e-11: the same bits.
#[inline(always)]
fn in_near_tail<const FMA: bool>(tail: f64) -> f64 {
    near_tail::<FMA>((-ln::<FMA>(tail.abs())).sqrt()).copysign(tail)
}

#[inline(always)]
fn near_tail<const FMA: bool>(r: f64) -> f64 {
    horner::<FMA, 8>(&MIDDLE_TOP, r - 1.6) / horner::<FMA, 8>(&MIDDLE_BOTTOM, r - 1.6)
}

// The coefficients of AS 241 (PPND16): |p − ½| ≤ 0.425; √(−ln p) ≤ 5; beyond.
const CENTRE_TOP: [f64; 8] = [
    3.387_132_872_796_366_608e0,
    1.331_416_678_917_843_774_5e2,
    1.971_590_950_306_551_442_7e3,
    1.373_169_376_550_946_112_5e4,
    4.592_195_393_154_987_145_7e4,
    6.726_577_092_700_870_085_3e4,
    3.343_057_558_358_812_810_5e4,
    2.509_080_928_730_122_672_7e3,
];
const CENTRE_BOTTOM: [f64; 8] = [
    1.0,
    4.231_333_070_160_091_125_2e1,
    6.871_870_074_920_579_083e2,
    5.394_196_021_424_751_107_7e3,
    2.121_379_430_158_659_586_7e4,
    3.930_789_580_009_271_061e4,
    2.872_908_573_572_194_267_4e4,
    5.226_495_278_852_854_561e3,
];
const MIDDLE_TOP: [f64; 8] = [
    1.423_437_110_749_683_577_34e0,
    4.630_337_846_156_545_295_9e0,
    5.769_497_221_460_691_405_5e0,
    3.647_848_324_763_204_605_04e0,
    1.270_458_252_452_368_382_58e0,
    2.417_807_251_774_506_117_7e-1,
    2.272_384_498_926_918_458_33e-2,
    7.745_450_142_783_414_076_4e-4,
];
const MIDDLE_BOTTOM: [f64; 8] = [
    1.0,
    2.053_191_626_637_758_821_87e0,
    1.676_384_830_183_803_849_4e0,
    6.897_673_349_851_000_045_5e-1,
    1.481_039_764_274_800_745_9e-1,
    1.519_866_656_361_645_719_66e-2,
    5.475_938_084_995_344_946e-4,
    1.050_750_071_644_416_843_24e-9,
];
const TAIL_TOP: [f64; 8] = [
    6.657_904_643_501_103_777_2e0,
    5.463_784_911_164_114_369_9e0,
    1.784_826_539_917_291_335_8e0,
    2.965_605_718_285_048_912_3e-1,
    2.653_218_952_657_612_309_3e-2,
    1.242_660_947_388_078_438_6e-3,
    2.711_555_568_743_487_578_15e-5,
    2.010_334_399_292_288_132_65e-7,
];
const TAIL_BOTTOM: [f64; 8] = [
    1.0,
    5.998_322_065_558_879_376_9e-1,
    1.369_298_809_227_358_053_1e-1,
    1.487_536_129_085_061_485_25e-2,
    7.868_691_311_456_132_591e-4,
    1.846_318_317_510_054_681_8e-5,
    1.421_511_758_316_445_888_7e-7,
    2.044_263_103_389_939_785_64e-15,
];
