//! The incomplete beta functions at many points that have shapes of their own: the methods of `incomplete_beta`, the points sorted by
//! method and [`LANES`] of them worked on together (`lanes`; for many points with the same shapes see `beta_lanes`).
//!
//! Shapes below 1 are raised by one in the density's constant, as in `beta_pairs`. What is computed from the side of y = 1 − x changes places
//! lane by lane: every loop sees its points from the side of 0.

use std::f64::consts::TAU;

use super::coefficients::LN_GAMMA_1P_FIT;
use super::error_function::erfcx_upper;
use super::exponential::{exp, exp_m1, exp_pair};
use super::gamma_function::stirling_error_wide;
use super::incomplete_beta::{self, few, regularized, starts_below};
use super::lanes::{BLOCK, LANES, Numbers, Places, Tails, gather, near_mean};
use super::logarithm::{ln, ln_1p, ln_double};
use super::polynomial::horner;
use super::tail::Side;
use super::uniform;
use crate::double_double::{quick_two_sum, two_product, two_sum};
use crate::simd::{mul_add, wide_kernel};

/// Replaces every x by I(a, b; x) for the a and b at its place: [`betainc`](super::betainc) to within rounding, several at a time. Stops at the
/// end of the shortest slice.
///
/// ```
/// use underhood::special::{betainc, betainc_each_in_place};
///
/// let mut x = [0.5; 20];
/// betainc_each_in_place(&[2.5; 20], &[4.0; 20], &mut x);
/// assert!((x[7] / betainc(2.5, 4.0, 0.5) - 1.0).abs() < 1e-15);
/// ```
pub fn betainc_each_in_place(a: &[f64], b: &[f64], x: &mut [f64]) {
    each(a, b, x, Side::Lower);
}

/// Replaces every x by 1 − I(a, b; x) for the a and b at its place: [`betaincc`](super::betaincc) to within rounding, several at a time.
/// Stops at the end of the shortest slice.
pub fn betaincc_each_in_place(a: &[f64], b: &[f64], x: &mut [f64]) {
    each(a, b, x, Side::Upper);
}

/// Fewer points than this are quicker one by one.
const MANY: usize = 32;

/// Whether a point is served here: no quotient leaves the range of doubles, and the shapes are not so small that ln I, which is then
/// proportional to them, would lose digits.
fn served(a: f64, b: f64, x: f64) -> bool {
    const SHAPES: std::ops::Range<f64> = 0.01..1e12;
    SHAPES.contains(&a) && SHAPES.contains(&b) && x > 1e-140 && x < 1.0
}

fn each(a: &[f64], b: &[f64], x: &mut [f64], side: Side) {
    if x.len() < MANY {
        a.iter().zip(b).zip(x).for_each(|((&a, &b), x)| *x = regularized(a, b, *x, side));
        return;
    }
    let mut work = Work::new();
    let mut values = [0.0; BLOCK];
    for ((a, b), x) in a.chunks(BLOCK).zip(b.chunks(BLOCK)).zip(x.chunks_mut(BLOCK)) {
        let length = a.len().min(b.len()).min(x.len());
        for i in 0..BLOCK {
            // Something harmless for lanes without a point.
            let inside = i < length && served(a[i], b[i], x[i]);
            (work.a[i], work.b[i], work.x[i]) = if inside { (a[i], b[i], x[i]) } else { (1.0, 1.0, 0.5) };
        }
        probabilities(&mut work, length, side, &mut values);
        for i in 0..length {
            x[i] = if served(a[i], b[i], x[i]) { values[i] } else { regularized(a[i], b[i], x[i], side) };
        }
    }
}

/// The points of a block and what is known of them.
#[derive(Debug)]
struct Work {
    a: Numbers,
    b: Numbers,
    x: Numbers,
    /// bx − ay, zero at the mean.
    excess: Numbers,
    /// xᵃyᵇ/B(a, b) is this times exp(−energy).
    factor: Numbers,
    tails: Tails,
}

impl Work {
    const fn new() -> Work {
        let zero = [0.0; BLOCK];
        Work { a: zero, b: zero, x: zero, excess: zero, factor: zero, tails: Tails::new() }
    }
}

wide_kernel! {
    /// Writes the probabilities of one side at the first points of a block.
    fn probabilities(work: &mut Work, length: usize, side: Side, out: &mut [f64]) = probabilities_body
}

#[inline(always)]
fn probabilities_body<const FMA: bool>(work: &mut Work, length: usize, side: Side, out: &mut [f64]) {
    for i in 0..BLOCK {
        let (a, b, x) = (work.a[i], work.b[i], work.x[i]);
        let (y, y_low) = two_sum(1.0, -x);
        let ((p, p_low), (q, q_low)) = (two_product::<FMA>(b, x), two_product::<FMA>(a, y));
        work.excess[i] = (p - q) + ((p_low - q_low) - a * y_low);
        let (raised_a, raised_b) = (two_sum(a, below_one(a)), two_sum(b, below_one(b)));
        let (sum, lost) = two_sum(raised_a.0, raised_b.0);
        let sum = quick_two_sum(sum, lost + (raised_a.1 + raised_b.1));
        let (left, left_low) = times_log::<FMA>(a, (x, 0.0), sum, raised_a);
        let (right, right_low) = times_log::<FMA>(b, (y, y_low), sum, raised_b);
        let (energy, lost) = two_sum(-left, -right);
        let (energy, low) = quick_two_sum(energy, lost - left_low - right_low);
        let near = near_mean::<FMA>(1.0 / a, work.excess[i]) + near_mean::<FMA>(1.0 / b, -work.excess[i]);
        let use_near = a >= 1.0 && b >= 1.0 && near < 1.0;
        work.tails.energy[i] = if use_near { near } else { energy };
        work.tails.energy_low[i] = if use_near { 0.0 } else { low };
    }
    for i in 0..BLOCK {
        work.factor[i] = factor::<FMA>(work.a[i], work.b[i]);
    }
    let (mut near, mut small, mut other) = (Places::new(), Places::new(), Places::new());
    for i in 0..length {
        let (a, b, x) = (work.a[i], work.b[i], work.x[i]);
        let rho = a / (a + b) * b;
        let is_near = rho >= uniform::LEAST_RHO && a >= 1.0 && b >= 1.0 && 2.0 * work.tails.energy[i] <= rho;
        let is_small = (a < 1.0 && x < few(b)) || (b < 1.0 && 1.0 - x < few(a));
        near.add(i, is_near);
        small.add(i, is_small);
        other.add(i, !is_near && !is_small);
    }
    for group in 0..near.groups() {
        by_expansion::<FMA>(&near.group(group), work);
    }
    for group in 0..small.groups() {
        by_series::<FMA>(&small.group(group), work);
    }
    for group in 0..other.groups() {
        by_fraction::<FMA>(&other.group(group), work);
    }
    work.tails.probabilities::<FMA>(side, out);
}

/// What raises a shape to at least 1.
#[inline(always)]
fn below_one(a: f64) -> f64 {
    if a < 1.0 { 1.0 } else { 0.0 }
}

/// power·ln(u·sum/shape) in two doubles.
#[inline(always)]
fn times_log<const FMA: bool>(power: f64, u: (f64, f64), sum: (f64, f64), shape: (f64, f64)) -> (f64, f64) {
    let (top, lost) = two_product::<FMA>(u.0, sum.0);
    let top_low = mul_add::<FMA>(u.0, sum.1, mul_add::<FMA>(u.1, sum.0, lost));
    let ratio = top / shape.0;
    let (product, lost) = two_product::<FMA>(ratio, shape.0);
    let rest = ((top - product) - lost) + mul_add::<FMA>(-ratio, shape.1, top_low);
    let (high, low) = quick_two_sum(ratio, rest / shape.0);
    let (log, log_low) = ln_double::<FMA>(high, low);
    let (product, lost) = two_product::<FMA>(power, log);
    (product, mul_add::<FMA>(power, log_low, lost))
}

#[inline(always)]
fn factor<const FMA: bool>(a: f64, b: f64) -> f64 {
    let (less, more) = if a < b { (a, b) } else { (b, a) };
    let (c, d) = (less + below_one(less), more + below_one(more));
    let sum = c + d;
    let error = stirling_error_wide::<FMA>(sum) - stirling_error_wide::<FMA>(c) - stirling_error_wide::<FMA>(d);
    // 1/B(a, b) = 1/B(a + 1, b)·a/(a + b), and what the energy leaves of the powers of the raised shapes.
    let first = if less < 1.0 { sum / c * (less / (less + more)) } else { 1.0 };
    let second = if more < 1.0 { sum / d * (more / (less + more + 1.0)) } else { 1.0 };
    (c / sum * d * (1.0 / TAU)).sqrt() * exp::<FMA>(error) * first * second
}

/// Temme's expansion: its coefficients are computed for each lane.
#[inline(always)]
fn by_expansion<const FMA: bool>((places, count): &([usize; LANES], usize), work: &mut Work) {
    const COUNT: usize = uniform::COUNT;
    let (a, b, factor) = (gather(&work.a, places), gather(&work.b, places), gather(&work.factor, places));
    let (excess, energy) = (gather(&work.excess, places), gather(&work.tails.energy, places));
    let (mut skew, mut spread, mut w) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for lane in 0..LANES {
        let (x, y) = (a[lane] / (a[lane] + b[lane]), b[lane] / (a[lane] + b[lane]));
        (skew[lane], spread[lane]) = (y - x, x * y);
        // 1/ρ.
        w[lane] = 1.0 / (x * b[lane]);
    }
    // v, its square and f = 1/(v/η) by their powers of η (see `uniform::beta_coefficients`).
    let mut v = [[0.0; LANES]; COUNT + 2];
    let mut square = [[0.0; LANES]; COUNT + 2];
    v[1] = [1.0; LANES];
    square[2] = [1.0; LANES];
    for n in 2..=COUNT {
        let scale = 2.0 / (n as f64 + 1.0);
        let mut next = [0.0; LANES];
        for lane in 0..LANES {
            next[lane] = scale * mul_add::<FMA>(skew[lane], v[n - 1][lane], -spread[lane] * square[n - 1][lane]);
        }
        square[n + 1] = next;
        // Σ vᵢvₙ₊₁₋ᵢ, i = 2, …, n − 1: every product but the one in the middle twice.
        let mut cross = [0.0; LANES];
        for i in 2..=n / 2 {
            for lane in 0..LANES {
                cross[lane] = mul_add::<FMA>(v[i][lane], v[n + 1 - i][lane], cross[lane]);
            }
        }
        let middle = if n % 2 == 1 && n > 2 { n.div_ceil(2) } else { 0 };
        for lane in 0..LANES {
            let alone = if middle > 0 { v[middle][lane] * v[middle][lane] } else { 0.0 };
            next[lane] = 0.5 * (next[lane] - 2.0 * cross[lane] - alone);
        }
        v[n] = next;
    }
    let mut f = square;
    f[0] = [1.0; LANES];
    for n in 1..COUNT {
        let mut sum = [0.0; LANES];
        for i in 1..=n {
            for lane in 0..LANES {
                sum[lane] = mul_add::<FMA>(v[i + 1][lane], f[n - i][lane], sum[lane]);
            }
        }
        for lane in 0..LANES {
            f[n][lane] = -sum[lane];
        }
    }
    let (mut eta, mut upper) = ([0.0; LANES], [0.0; LANES]);
    for lane in 0..LANES {
        let size = (2.0 * w[lane] * if energy[lane] > 0.0 { energy[lane] } else { 0.0 }).sqrt();
        upper[lane] = if excess[lane] > 0.0 { 1.0 } else { 0.0 };
        eta[lane] = if excess[lane] > 0.0 { size } else { -size };
    }
    let (mut before_last, mut last, mut sum) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for n in (1..COUNT).rev() {
        let next = n as f64 + 1.0;
        for lane in 0..LANES {
            let beta = mul_add::<FMA>(next * w[lane], before_last[lane], f[n][lane]);
            before_last[lane] = last[lane];
            last[lane] = beta;
            sum[lane] = mul_add::<FMA>(sum[lane], eta[lane], beta);
        }
    }
    let mut value = [0.0; LANES];
    for lane in 0..LANES {
        // The factor is √(ρ/2π)·C, and C/√(2πρ) stands before the sum.
        let t = sum[lane] * factor[lane] * w[lane];
        let energy = if energy[lane] > 0.0 { energy[lane] } else { 0.0 };
        value[lane] = mul_add::<FMA>(0.5, erfcx_upper::<FMA>(energy.sqrt()), if upper[lane] == 1.0 { t } else { -t });
    }
    for lane in 0..*count {
        (work.tails.factor[places[lane]], work.tails.upper[places[lane]]) = (value[lane], upper[lane]);
    }
}

/// The points of a group from the side of x = 0 or, where `turned` is 1, of y = 0.
struct Points {
    a: [f64; LANES],
    b: [f64; LANES],
    x: [f64; LANES],
    y: [f64; LANES],
    /// ay − bx.
    excess: [f64; LANES],
    turned: [f64; LANES],
}

impl Points {
    #[inline(always)]
    fn new(places: &[usize; LANES], work: &Work, turn: impl Fn(f64, f64, f64) -> bool) -> Points {
        let (mut a, mut b) = (gather(&work.a, places), gather(&work.b, places));
        let (mut x, mut excess) = (gather(&work.x, places), gather(&work.excess, places));
        let (mut y, mut turned) = ([0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            let (first, second, share, above) = (a[lane], b[lane], x[lane], excess[lane]);
            let is_turned = turn(first, second, share);
            a[lane] = if is_turned { second } else { first };
            b[lane] = if is_turned { first } else { second };
            x[lane] = if is_turned { 1.0 - share } else { share };
            y[lane] = if is_turned { share } else { 1.0 - share };
            excess[lane] = if is_turned { above } else { -above };
            turned[lane] = if is_turned { 1.0 } else { 0.0 };
        }
        Points { a, b, x, y, excess, turned }
    }
}

/// For a < 1 and small x: I from its power series, or one less it where it is above ½ (see `incomplete_beta`).
#[inline(always)]
fn by_series<const FMA: bool>((places, count): &([usize; LANES], usize), work: &mut Work) {
    let Points { a, b, x, y, turned, .. } = Points::new(places, work, |a, b, x| !(a < 1.0 && x < few(b)));
    let factor = gather(&work.factor, places);
    let (energy, low) = (gather(&work.tails.energy, places), gather(&work.tails.energy_low, places));
    let (mut sum, mut term, mut n) = ([0.0; LANES], [1.0; LANES], 0.0);
    for _ in 0..50 {
        let mut last = [0.0; LANES];
        for _ in 0..4 {
            n += 1.0;
            let down = 1.0 / n;
            for lane in 0..LANES {
                term[lane] *= (n - b[lane]) * down * x[lane];
                last[lane] = term[lane] / (a[lane] + n);
                sum[lane] += last[lane];
            }
        }
        let mut open = false;
        for lane in 0..LANES {
            open |= term[lane].abs() > 1e-17 * (a[lane] + n) * sum[lane].abs();
        }
        if !open {
            break;
        }
    }
    let (mut value, mut itself) = ([0.0; LANES], [0.0; LANES]);
    for lane in 0..LANES {
        let (a, b, x) = (a[lane], b[lane], x[lane]);
        let small = b < 1.0;
        let c = b + below_one(b);
        let error = stirling_error_wide::<FMA>(a + c) - stirling_error_wide::<FMA>(c);
        let ratio = mul_add::<FMA>(a + c - 0.5, ln_1p::<FMA>(a / c), -a) + error;
        let shift = if small { ln_1p::<FMA>(a / b) } else { 0.0 };
        let log_gamma =
            a * horner::<FMA, 25>(&LN_GAMMA_1P_FIT, mul_add::<FMA>(2.0, if a < 1.0 { a } else { 1.0 }, -1.0));
        let log = a * ln::<FMA>(x * c) + (ratio - shift - log_gamma) + ln_1p::<FMA>(a * sum[lane]);
        let log = if log > 0.0 { 0.0 } else { log };
        // The factor is to be multiplied by exp(−energy) again.
        let complement = -exp_m1::<FMA>(log) * exp_pair::<FMA>(energy[lane], low[lane]);
        // yᵇ is not in I.
        let log_y = if x < 0.5 { ln_1p::<FMA>(-x) } else { ln::<FMA>(y[lane]) };
        let direct = factor[lane] / a * mul_add::<FMA>(a, sum[lane], 1.0) * exp::<FMA>(-b * log_y);
        value[lane] = if log > -0.7 { complement } else { direct };
        itself[lane] = if log > -0.7 { 0.0 } else { 1.0 };
    }
    for lane in 0..*count {
        work.tails.factor[places[lane]] = value[lane];
        // Of x it is the lower tail, of y the upper one; of the complements the other way round.
        work.tails.upper[places[lane]] = if itself[lane] == turned[lane] { 1.0 } else { 0.0 };
    }
}

/// D/I as a continued fraction, from the side of the mode where it converges fast (see `incomplete_beta::fraction`, and `fraction` for
/// the series of differences).
#[inline(always)]
fn by_fraction<const FMA: bool>((places, count): &([usize; LANES], usize), work: &mut Work) {
    const BIG: f64 = 1e100;
    const NEGLIGIBLE: f64 = f64::EPSILON / 64.0;
    let Points { a, b, x, excess, turned, .. } = Points::new(places, work, |a, b, x| !starts_below(a, b, x, 1.0 - x));
    let (mut next, mut start) = ([0.0; LANES], [0.0; LANES]);
    for lane in 0..LANES {
        next[lane] = 1.0 / (a[lane] + 1.0);
        start[lane] = a[lane] * next[lane] * (excess[lane] + 1.0);
    }
    let (mut before, mut bottom) = ([0.0; LANES], [1.0; LANES]);
    let (mut sum, mut difference) = ([0.0; LANES], [-1.0; LANES]);
    let (mut m, mut open) = (0.0, true);
    while open && m < 400.0 {
        for _ in 0..4 {
            m += 1.0;
            for lane in 0..LANES {
                let (a, b, x) = (a[lane], b[lane], x[lane]);
                let odd = next[lane];
                next[lane] = 1.0 / (a + 2.0 * m + 1.0);
                let turn = m * (b - m) * x * odd;
                let p = (a + m - 1.0) * odd * (a + b + m - 1.0) * x * turn;
                let q = m + turn + (a + m) * next[lane] * (excess[lane] + 1.0 + m * (2.0 - x));
                let below = mul_add::<FMA>(q, bottom[lane], p * before[lane]);
                let ratio = p * if m == 1.0 { 1.0 } else { before[lane] } / below;
                // For whole shapes the fraction ends with a difference of 0.
                difference[lane] = if difference[lane] == 0.0 { 0.0 } else { -difference[lane] * ratio };
                sum[lane] += difference[lane];
                (before[lane], bottom[lane]) = (bottom[lane], below);
            }
        }
        open = false;
        for lane in 0..LANES {
            let down = if bottom[lane].abs() > BIG { 1.0 / BIG } else { 1.0 };
            before[lane] *= down;
            bottom[lane] *= down;
            open |= difference[lane].abs() > NEGLIGIBLE * (start[lane] + sum[lane]).abs();
        }
    }
    for lane in 0..*count {
        let place = places[lane];
        let value = start[lane] + sum[lane];
        let fraction = if difference[lane].abs() <= NEGLIGIBLE * value.abs() {
            value
        } else {
            incomplete_beta::fraction(a[lane], b[lane], x[lane], excess[lane])
        };
        (work.tails.factor[place], work.tails.upper[place]) = (work.factor[place] / fraction, turned[lane]);
    }
}
