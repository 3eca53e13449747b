//! The normal distribution function, its logarithm and its inverse.
//!
//! Φ(−x) = ½ erfcx(x/√2)·exp(−x²/2) with x² carried in two doubles, so that the tail is right to the last normal number. The
//! inverse is M. J. Wichura's AS 241 (1988, doi:10.2307/2347330), good to 1e-16.

use std::f64::consts::FRAC_1_SQRT_2;

use super::error_function::{erfc, erfcx};
use super::exponent::Scaled;
use super::normal_wide::ndtr_all;
use super::polynomial::polynomial;
use crate::double_double::Dd;

/// Φ(x): the probability that a standard normal variable is at most x.
///
/// Relative error below 1e-15 down to Φ(−37.5) ≈ 5e-308.
///
/// ```
/// use underhood::special::ndtr;
///
/// assert_eq!(ndtr(0.0), 0.5);
/// assert!((ndtr(-30.0) / 4.906713927148187e-198 - 1.0).abs() < 1e-15);
/// ```
pub fn ndtr(x: f64) -> f64 {
    let mut value = [x];
    ndtr_all(&mut value);
    value[0]
}

/// Replaces every number by its [`ndtr`]: the same bits, several at a time.
///
/// ```
/// use underhood::special::{ndtr, ndtr_in_place};
///
/// let mut z = [-1.0, 0.0, 2.5];
/// ndtr_in_place(&mut z);
/// assert_eq!(z, [ndtr(-1.0), ndtr(0.0), ndtr(2.5)]);
/// ```
pub fn ndtr_in_place(z: &mut [f64]) {
    ndtr_all(z);
}

/// 1 − Φ(x) for x ≥ ½.
fn tail(x: f64) -> f64 {
    if x > 40.0 {
        return 0.0;
    }
    let half_square = Dd::product(x, -0.5 * x);
    Scaled { factor: 0.5 * erfcx(x * FRAC_1_SQRT_2), exponent: half_square }.value()
}

/// ln Φ(x), also where Φ(x) underflows: about −x²/2 − ln(−x√(2π)) for large negative x.
///
/// ```
/// use underhood::special::log_ndtr;
///
/// assert!((log_ndtr(-100.0) / -5005.524208694205 - 1.0).abs() < 1e-15);
/// ```
pub fn log_ndtr(x: f64) -> f64 {
    if x < -1.0 {
        return (0.5 * erfcx(-x * FRAC_1_SQRT_2)).ln() - 0.5 * x * x;
    }
    // ln(1 − q) with the upper tail q, which is at most 0.84 here.
    let upper = if x < 0.5 { 0.5 * erfc(x * FRAC_1_SQRT_2) } else { tail(x) };
    (-upper).ln_1p()
}

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
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * polynomial(&CENTRE_TOP, r) / polynomial(&CENTRE_BOTTOM, r);
    }
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let smaller = if q < 0.0 { p } else { 1.0 - p };
    if smaller == 0.0 {
        return f64::INFINITY.copysign(q);
    }
    let r = (-smaller.ln()).sqrt();
    let size = if r <= 5.0 {
        polynomial(&MIDDLE_TOP, r - 1.6) / polynomial(&MIDDLE_BOTTOM, r - 1.6)
    } else {
        polynomial(&TAIL_TOP, r - 5.0) / polynomial(&TAIL_BOTTOM, r - 5.0)
    };
    size.copysign(q)
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
