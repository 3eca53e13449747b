//! The tails of the von Mises distribution by quadrature, their inverse, and the inverse of its resultant length.
//!
//! P(Θ > θ) = f(θ)·∫₀ exp(−2κ sin(θ + u/2) sin(u/2)) du, since cos θ − cos(θ + u) = 2 sin(θ + u/2) sin(u/2): an entire function without a large
//! part, integrated by Gauss and Legendre's rule (NIST DLMF §3.5(v)) over the angles at which its exponent is less than 38, or to π.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use crate::double_double::{quick_two_sum, two_product, two_sum};
use crate::simd::mul_add;
use crate::special::exponential::{exp, exp_pair};
use crate::special::logarithm::ln;
use crate::special::{bessel_ratio, ndtri};

/// π less its double.
const PI_LOW: f64 = 1.224_646_799_147_353_2e-16;

const POINTS: usize = 32;

/// The points and weights of Gauss and Legendre's rule on [0, 1].
const NODES: [f64; POINTS] = [
    0.001_368_069_075_259_218_3,
    0.007_194_244_227_365_833,
    0.017_618_872_206_246_784,
    0.032_546_962_031_130_15,
    0.051_839_422_116_973_94,
    0.075_316_193_133_715_01,
    0.102_758_102_016_028_8,
    0.133_908_940_629_855_17,
    0.168_477_866_534_892_4,
    0.206_142_121_379_618_85,
    0.246_550_045_533_885_3,
    0.289_324_361_934_682_3,
    0.334_065_698_858_936_17,
    0.380_356_318_873_931_45,
    0.427_764_019_208_601_74,
    0.475_846_167_156_130_8,
    0.524_153_832_843_869_2,
    0.572_235_980_791_398_3,
    0.619_643_681_126_068_5,
    0.665_934_301_141_063_8,
    0.710_675_638_065_317_6,
    0.753_449_954_466_114_7,
    0.793_857_878_620_381_2,
    0.831_522_133_465_107_6,
    0.866_091_059_370_144_9,
    0.897_241_897_983_971_2,
    0.924_683_806_866_284_9,
    0.948_160_577_883_026_1,
    0.967_453_037_968_869_8,
    0.982_381_127_793_753_2,
    0.992_805_755_772_634_2,
    0.998_631_930_924_740_8,
];
const WEIGHTS: [f64; POINTS] = [
    0.003_509_305_004_735_048,
    0.008_137_197_365_452_835,
    0.012_696_032_654_631_03,
    0.017_136_931_456_510_716,
    0.021_417_949_011_113_34,
    0.025_499_029_631_188_087,
    0.029_342_046_739_267_772,
    0.032_911_111_388_180_925,
    0.036_172_897_054_424_25,
    0.039_096_947_893_535_156,
    0.041_655_962_113_473_374,
    0.043_826_046_502_201_906,
    0.045_586_939_347_881_945,
    0.046_922_199_540_402_28,
    0.047_819_360_039_637_43,
    0.048_270_044_257_363_9,
    0.048_270_044_257_363_9,
    0.047_819_360_039_637_43,
    0.046_922_199_540_402_28,
    0.045_586_939_347_881_945,
    0.043_826_046_502_201_906,
    0.041_655_962_113_473_374,
    0.039_096_947_893_535_156,
    0.036_172_897_054_424_25,
    0.032_911_111_388_180_925,
    0.029_342_046_739_267_772,
    0.025_499_029_631_188_087,
    0.021_417_949_011_113_34,
    0.017_136_931_456_510_716,
    0.012_696_032_654_631_03,
    0.008_137_197_365_452_835,
    0.003_509_305_004_735_048,
];

/// The rule's points and weights on [0, 1].
pub(super) fn rule() -> impl Iterator<Item = (f64, f64)> {
    NODES.into_iter().zip(WEIGHTS)
}

/// 1/5!, −1/7!, … and 1/4!, −1/6!, …: what stands beside h⁵ in sin h and beside h⁴ in cos h.
const SINE: [f64; 8] = alternating(5);
const COSINE: [f64; 8] = alternating(4);
/// −1/3!, 1/5!, … and −1/2!, 1/4!, …, as far as they count up to π/2.
const LONG_SINE: [f64; 10] = alternating_long(3);
const LONG_COSINE: [f64; 11] = alternating_long(2);

const fn alternating(first: usize) -> [f64; 8] {
    let mut c = [1.0; 8];
    let mut k = 2;
    while k <= first {
        c[0] /= k as f64;
        k += 1;
    }
    k = 1;
    while k < 8 {
        let n = (first + 2 * k) as f64;
        c[k] = -c[k - 1] / (n * (n - 1.0));
        k += 1;
    }
    c
}

const fn alternating_long<const N: usize>(first: usize) -> [f64; N] {
    let mut c = [0.0; N];
    c[0] = if first == 3 { -1.0 / 6.0 } else { -0.5 };
    let mut k = 1;
    while k < N {
        let n = (first + 2 * k) as f64;
        c[k] = -c[k - 1] / (n * (n - 1.0));
        k += 1;
    }
    c
}

#[inline(always)]
fn horner<const FMA: bool, const N: usize>(c: &[f64; N], x: f64) -> f64 {
    let mut sum = c[N - 1];
    for k in (0..N - 1).rev() {
        sum = mul_add::<FMA>(sum, x, c[k]);
    }
    sum
}

/// κ(1 − cos θ) = 2κ sin²(θ/2) in two doubles, for 0 ≤ θ ≤ π: half the angle's sine is the sine's series up to π/4, and beyond it the cosine's
/// of what lacks to π/2, the terms up to the cube summed exactly.
#[inline(always)]
pub(super) fn energy<const FMA: bool>(angle: f64, kappa: f64) -> (f64, f64) {
    const SIXTH: f64 = 1.0 / 6.0;
    const SIXTH_LOW: f64 = 9.251_858_538_542_97e-18;
    let half = 0.5 * angle;
    let small = half <= FRAC_PI_4;
    let (lacking, lost) = two_sum(FRAC_PI_2, -half);
    let (h, h_low) = if small { (half, 0.0) } else { (lacking, lost + 0.5 * PI_LOW) };
    let (square, square_low) = two_product::<FMA>(h, h);
    let square_low = mul_add::<FMA>(2.0 * h, h_low, square_low);
    let fourth = square * square;
    // h − h³/6 + h⁵(…) or 1 − h²/2 + h⁴(…).
    let (cube, cube_low) = two_product::<FMA>(square, h);
    let (sixth, sixth_low) = two_product::<FMA>(cube, SIXTH);
    let sixth_low = sixth_low + mul_add::<FMA>(cube, SIXTH_LOW, mul_add::<FMA>(square_low, h, cube_low) * SIXTH);
    let rest_sine = fourth * h * horner::<FMA, 8>(&SINE, square);
    let rest_cosine = fourth * horner::<FMA, 8>(&COSINE, square);
    let (sum, error) = two_sum(if small { h } else { 1.0 }, if small { -sixth } else { -0.5 * square });
    let rest = if small { rest_sine - sixth_low } else { rest_cosine - 0.5 * square_low };
    let (sine, sine_low) = quick_two_sum(sum, error + rest);
    let (product, product_low) = two_product::<FMA>(sine, sine);
    let product_low = mul_add::<FMA>(2.0 * sine, sine_low, product_low);
    let (energy, low) = two_product::<FMA>(2.0 * kappa, product);
    let low = mul_add::<FMA>(2.0 * kappa, product_low, low);
    // Beyond 1,000 the density is 0 with or without the low part, which may be large there.
    (energy, if energy < 1000.0 { low } else { 0.0 })
}

/// How far beyond an angle with sin²(θ/2) = `square` the exponent stays below `limit`, or a little farther; at most `to_end`.
#[inline(always)]
pub(super) fn reach(square: f64, kappa: f64, limit: f64, to_end: f64) -> f64 {
    let more = 0.5 * limit / kappa;
    let end = square + more;
    if !(end < 1.0) {
        return to_end;
    }
    // The difference of two arcsines, as one.
    let sine = more / ((end * (1.0 - square)).sqrt() + (square * (1.0 - end)).sqrt());
    // The arcsine from above: its series, of which the last term makes up for the rest.
    let s2 = sine * sine;
    let more = 2.0 * sine * (1.0 + s2 * (1.0 / 6.0 + s2 * (0.075 + 0.33 * s2)));
    if more < to_end { more } else { to_end }
}

/// P(Θ > θ) = the density at μ · integral · exp(−energy).
#[derive(Debug, Clone, Copy)]
pub(super) struct Beyond {
    integral: f64,
    energy: (f64, f64),
}

impl Beyond {
    #[inline(always)]
    pub(super) fn probability<const FMA: bool>(self, peak: f64) -> f64 {
        let tail = peak * self.integral * exp_pair::<FMA>(-self.energy.0, -self.energy.1);
        if tail > 0.5 { 0.5 } else { tail }
    }

    #[inline(always)]
    pub(super) fn logarithm<const FMA: bool>(self, peak: f64) -> f64 {
        ln::<FMA>(peak * self.integral) - self.energy.0
    }
}

/// sin v and cos v for 0 ≤ v ≤ π/2, by their series.
#[inline(always)]
fn sine_cosine<const FMA: bool>(v: f64) -> (f64, f64) {
    let square = v * v;
    let sine = mul_add::<FMA>(v * square, horner::<FMA, 10>(&LONG_SINE, square), v);
    (sine, mul_add::<FMA>(square, horner::<FMA, 11>(&LONG_COSINE, square), 1.0))
}

/// The tail beyond an angle, 0 ≤ θ < π; the lanes of the machine are the rule's points. What rounding took from the angle, `rest`, counts next to π,
/// where the tail is short.
#[inline(always)]
pub(super) fn beyond<const FMA: bool>(angle: f64, rest: f64, kappa: f64) -> Beyond {
    let energy = energy::<FMA>(angle, kappa);
    let square = if kappa > 0.0 { 0.5 * (energy.0 / kappa) } else { 0.0 };
    let to_end = (PI - angle) + (PI_LOW - rest);
    let reach = reach(if square < 1.0 { square } else { 1.0 }, kappa, 38.0, to_end);
    // Sine and cosine of the angle, or of what it lacks to π.
    let far = angle > FRAC_PI_2;
    let near = if far { to_end } else { angle };
    let (sine, cosine) = sine_cosine::<FMA>(near);
    let cosine = if far { -cosine } else { cosine };
    let mut terms = [0.0; POINTS];
    for (term, (node, weight)) in terms.iter_mut().zip(NODES.iter().zip(&WEIGHTS)) {
        let v = 0.5 * reach * node;
        let (sine_v, cosine_v) = sine_cosine::<FMA>(v);
        let sum = mul_add::<FMA>(sine, cosine_v, cosine * sine_v);
        *term = weight * exp::<FMA>(-2.0 * kappa * sum * sine_v);
    }
    let mut width = POINTS / 2;
    while width > 0 {
        for lane in 0..width {
            terms[lane] += terms[lane + width];
        }
        width /= 2;
    }
    Beyond { integral: reach * terms[0], energy }
}

/// The θ ≥ 0 with P(Θ > θ) = q, 0 ≤ q ≤ ½: Newton's method on the logarithm, within a bracket.
#[inline(always)]
pub(super) fn upper_quantile<const FMA: bool>(q: f64, kappa: f64, peak: f64) -> f64 {
    if q == 0.0 {
        return PI;
    }
    if q == 0.5 {
        return 0.0;
    }
    let sine = -ndtri(q) / (2.0 * kappa.sqrt());
    let mut angle = if kappa < 0.5 || !(sine < 1.0) { PI * (1.0 - 2.0 * q) } else { 2.0 * sine.asin() };
    let (mut low, mut high) = (0.0, PI);
    let log_q = ln::<FMA>(q);
    for _ in 0..100 {
        let tail = beyond::<FMA>(angle, 0.0, kappa);
        // Near the target as the logarithm of 1 + a difference, far from it as a difference of logarithms.
        let plain = tail.probability::<FMA>(peak);
        let excess = if plain > 0.5 * q && plain < 2.0 * q {
            ((plain - q) / q).ln_1p()
        } else {
            tail.logarithm::<FMA>(peak) - log_q
        };
        if excess > 0.0 {
            low = angle;
        } else {
            high = angle;
        }
        let next = angle + tail.integral * excess;
        // Before the bracket is asked: at the quantile itself the next angle is this one, which is no longer inside of it.
        if excess.abs() < 1e-8 || (next - angle).abs() <= 1e-16 * angle {
            return if next < PI { next } else { PI };
        }
        angle = if next > low && next < high { next } else { 0.5 * (low + high) };
        if !(high - low > 0.0) {
            break;
        }
    }
    angle
}

/// The κ with 1 − A(κ) = `lacking`, 0 < lacking < 1, by Newton's method on the logarithms from N. I. Fisher's (1993) approximations.
pub(super) fn concentration(lacking: f64) -> f64 {
    let r = 1.0 - lacking;
    if r < 1e-8 {
        return 2.0 * r;
    }
    let mut kappa = if r < 0.53 {
        2.0 * r + r.powi(3) + 5.0 * r.powi(5) / 6.0
    } else if r < 0.85 {
        -0.4 + 1.39 * r + 0.43 / lacking
    } else {
        0.5 / lacking
    };
    for _ in 0..50 {
        let (ratio, rest) = bessel_ratio(kappa);
        let slope = if kappa > 1e4 { 0.5 / (kappa * kappa) } else { rest * (1.0 + ratio) - ratio / kappa };
        // In the ratio where that is small, in what it lacks where that is.
        let step = if r < 0.5 { (r - ratio) / (slope * kappa) } else { (rest / lacking).ln() * rest / (slope * kappa) };
        kappa *= step.clamp(-1.0, 1.0).exp();
        if step.abs() < 1e-10 {
            break;
        }
    }
    kappa
}
