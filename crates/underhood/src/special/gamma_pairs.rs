//! The incomplete gamma functions at many points that have a shape each: the methods of `incomplete_gamma`, the points sorted by method
//! and [`LANES`] of them worked on together (`lanes`; for many points with one shape see `gamma_lanes`).

use std::f64::consts::TAU;

use super::coefficients::{LN_GAMMA_1P_FIT, TEMME};
use super::error_function::erfcx_upper;
use super::exponential::{exp, exp_m1, exp_pair};
use super::gamma_function::stirling_error_wide;
use super::incomplete_gamma::{self, regularized};
use super::lanes::{BLOCK, LANES, Numbers, Places, Tails, gather, near_mean};
use super::logarithm::{ln, ln_double};
use super::polynomial::horner;
use super::tail::Side;
use super::uniform;
use crate::double_double::{quick_two_sum, two_product, two_sum};
use crate::simd::{mul_add, wide_kernel};

/// Replaces every x by P(a, x) for the a at its place: [`gammainc`](super::gammainc) to within rounding, several at a time. Stops at the end
/// of the shorter slice.
///
/// ```
/// use underhood::special::{gammainc, gammainc_each_in_place};
///
/// let mut x = [0.5, 2.0, 40.0];
/// gammainc_each_in_place(&[0.1, 2.5, 30.0], &mut x);
/// assert!((x[1] / gammainc(2.5, 2.0) - 1.0).abs() < 1e-15);
/// ```
pub fn gammainc_each_in_place(a: &[f64], x: &mut [f64]) {
    each(a, x, Side::Lower);
}

/// Replaces every x by Q(a, x) for the a at its place: [`gammaincc`](super::gammaincc) to within rounding, several at a time. Stops at the end
/// of the shorter slice.
pub fn gammaincc_each_in_place(a: &[f64], x: &mut [f64]) {
    each(a, x, Side::Upper);
}

/// Fewer points than this are quicker one by one.
const MANY: usize = 32;

/// Whether a point is served here: neither its energy nor its quotients leave the range of doubles.
fn served(a: f64, x: f64) -> bool {
    (1e-8..1e12).contains(&a) && (1e-150..1e150).contains(&x)
}

fn each(a: &[f64], x: &mut [f64], side: Side) {
    if x.len() < MANY {
        a.iter().zip(x).for_each(|(&a, x)| *x = regularized(a, *x, side));
        return;
    }
    let (mut shapes, mut points) = ([1.0; BLOCK], [1.0; BLOCK]);
    let (mut tails, mut factors) = (Tails::new(), [0.0; BLOCK]);
    for (a, x) in a.chunks(BLOCK).zip(x.chunks_mut(BLOCK)) {
        let mut odd = false;
        for i in 0..a.len().min(x.len()) {
            let inside = served(a[i], x[i]);
            odd |= !inside;
            // Something harmless for lanes without a point.
            (shapes[i], points[i]) = if inside { (a[i], x[i]) } else { (1.0, 1.0) };
        }
        let length = a.len().min(x.len());
        let mut values = [0.0; BLOCK];
        probabilities(&shapes, &points, length, &mut factors, &mut tails, side, &mut values);
        for i in 0..length {
            x[i] = if odd && !served(a[i], x[i]) { regularized(a[i], x[i], side) } else { values[i] };
        }
    }
}

wide_kernel! {
    /// Writes the probabilities of one side at the first points of a block.
    fn probabilities(
        a: &Numbers,
        x: &Numbers,
        length: usize,
        factors: &mut Numbers,
        tails: &mut Tails,
        side: Side,
        out: &mut [f64],
    ) = probabilities_body
}

#[inline(always)]
fn probabilities_body<const FMA: bool>(
    a: &Numbers,
    x: &Numbers,
    length: usize,
    factors: &mut Numbers,
    tails: &mut Tails,
    side: Side,
    out: &mut [f64],
) {
    for i in 0..BLOCK {
        factors[i] = factor::<FMA>(a[i]);
    }
    for i in 0..BLOCK {
        (tails.energy[i], tails.energy_low[i]) = energy::<FMA>(a[i], x[i]);
    }
    let (mut near, mut small) = (Places::new(), Places::new());
    let (mut below, mut above) = (Places::new(), Places::new());
    for i in 0..length {
        let (a, x) = (a[i], x[i]);
        let is_near = a >= uniform::LEAST_RHO && x > 0.31 * a && x < 2.3 * a;
        let is_small = a < 1.0 && x < incomplete_gamma::FEW;
        let is_lower = a >= 1.0 && x < a + 1.0;
        near.add(i, is_near);
        small.add(i, is_small);
        below.add(i, !is_near && !is_small && is_lower);
        above.add(i, !is_near && !is_small && !is_lower);
    }
    for group in 0..near.groups() {
        by_expansion::<FMA>(&near.group(group), a, x, factors, tails);
    }
    for group in 0..small.groups() {
        by_small::<FMA>(&small.group(group), a, x, factors, tails);
    }
    for group in 0..below.groups() {
        let (places, count) = below.group(group);
        let sum = series::<FMA>(&gather(a, &places), &gather(x, &places));
        for lane in 0..count {
            let place = places[lane];
            (tails.factor[place], tails.upper[place]) = (factors[place] / a[place] * sum[lane], 0.0);
        }
    }
    for group in 0..above.groups() {
        by_fraction::<FMA>(&above.group(group), a, x, factors, tails);
    }
    tails.probabilities::<FMA>(side, out);
}

/// The density times x is this times exp(−energy).
#[inline(always)]
fn factor<const FMA: bool>(a: f64) -> f64 {
    let small = a < 1.0;
    let log = ln_gamma_1p::<FMA>(if small { a } else { 0.0 });
    let error = stirling_error_wide::<FMA>(if small { 1.0 } else { a });
    exp::<FMA>(-if small { log } else { error }) * if small { a } else { (a * (1.0 / TAU)).sqrt() }
}

/// lnΓ(1 + a) for 0 ≤ a ≤ 1.
#[inline(always)]
fn ln_gamma_1p<const FMA: bool>(a: f64) -> f64 {
    a * horner::<FMA, 25>(&LN_GAMMA_1P_FIT, mul_add::<FMA>(2.0, a, -1.0))
}

/// (x − a) − a·ln(x/a), or x − a·ln x for a < 1, in two doubles.
#[inline(always)]
fn energy<const FMA: bool>(a: f64, x: f64) -> (f64, f64) {
    let (scale, shift) = if a < 1.0 { (1.0, 0.0) } else { (a, a) };
    let ratio = x / scale;
    let (product, lost) = two_product::<FMA>(ratio, scale);
    let (high, low) = ln_double::<FMA>(ratio, ((x - product) - lost) / scale);
    let (p, p_low) = two_product::<FMA>(a, high);
    let (d, d_low) = two_sum(x, -shift);
    let (e, e_low) = two_sum(d, -p);
    let (energy, low) = quick_two_sum(e, e_low + (d_low - mul_add::<FMA>(a, low, p_low)));
    let near = near_mean::<FMA>(1.0 / a, x - a);
    let use_near = a >= 1.0 && near < 1.0;
    (if use_near { near } else { energy }, if use_near { 0.0 } else { low })
}

/// Temme's expansion: its coefficients come out of their recurrence in the order in which Horner's rule takes them.
#[inline(always)]
fn by_expansion<const FMA: bool>(
    (places, count): &([usize; LANES], usize),
    a: &Numbers,
    x: &Numbers,
    factors: &Numbers,
    tails: &mut Tails,
) {
    let (a, x, factor) = (gather(a, places), gather(x, places), gather(factors, places));
    let energy = gather(&tails.energy, places);
    let (mut eta, mut w, mut upper) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for lane in 0..LANES {
        w[lane] = 1.0 / a[lane];
        let size = (2.0 * w[lane] * if energy[lane] > 0.0 { energy[lane] } else { 0.0 }).sqrt();
        upper[lane] = if x[lane] > a[lane] { 1.0 } else { 0.0 };
        eta[lane] = if x[lane] > a[lane] { size } else { -size };
    }
    let (mut before_last, mut last, mut sum) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for n in (1..uniform::COUNT).rev() {
        let (f, next) = (TEMME[n], n as f64 + 1.0);
        for lane in 0..LANES {
            let beta = mul_add::<FMA>(next * w[lane], before_last[lane], f);
            before_last[lane] = last[lane];
            last[lane] = beta;
            sum[lane] = mul_add::<FMA>(sum[lane], eta[lane], beta);
        }
    }
    let mut value = [0.0; LANES];
    for lane in 0..LANES {
        // The factor is √(a/2π)·C, and C/√(2πa) stands before the sum.
        let t = sum[lane] * factor[lane] * w[lane];
        let energy = if energy[lane] > 0.0 { energy[lane] } else { 0.0 };
        value[lane] = mul_add::<FMA>(0.5, erfcx_upper::<FMA>(energy.sqrt()), if upper[lane] == 1.0 { t } else { -t });
    }
    for lane in 0..*count {
        (tails.factor[places[lane]], tails.upper[places[lane]]) = (value[lane], upper[lane]);
    }
}

/// 1 + x/(a+1) + x²/((a+1)(a+2)) + …
#[inline(always)]
fn series<const FMA: bool>(a: &[f64; LANES], x: &[f64; LANES]) -> [f64; LANES] {
    let (mut sum, mut term, mut n) = ([0.0; LANES], [1.0; LANES], *a);
    for _ in 0..2_000 {
        for _ in 0..4 {
            for lane in 0..LANES {
                n[lane] += 1.0;
                term[lane] *= x[lane] / n[lane];
                sum[lane] += term[lane];
            }
        }
        let mut open = false;
        for lane in 0..LANES {
            open |= term[lane] > 1e-17 * sum[lane];
        }
        if !open {
            break;
        }
    }
    for lane in 0..LANES {
        sum[lane] += 1.0;
    }
    sum
}

/// For a < 1 and small x: Q as the form for a single point has it, or P where Q is above ½.
#[inline(always)]
fn by_small<const FMA: bool>(
    (places, count): &([usize; LANES], usize),
    a: &Numbers,
    x: &Numbers,
    factors: &Numbers,
    tails: &mut Tails,
) {
    let (a, x, factor) = (gather(a, places), gather(x, places), gather(factors, places));
    let (energy, low) = (gather(&tails.energy, places), gather(&tails.energy_low, places));
    let lower = series::<FMA>(&a, &x);
    // Σ (−x)ᵏ/(k!(a + k)).
    let (mut sum, mut term, mut k) = ([0.0; LANES], [1.0; LANES], 0.0);
    for _ in 0..7 {
        for _ in 0..4 {
            k += 1.0;
            let down = -1.0 / k;
            for lane in 0..LANES {
                term[lane] *= x[lane] * down;
                sum[lane] += term[lane] / (a[lane] + k);
            }
        }
        let mut open = false;
        for lane in 0..LANES {
            open |= term[lane].abs() > 1e-18;
        }
        if !open {
            break;
        }
    }
    let (mut value, mut side) = ([0.0; LANES], [0.0; LANES]);
    for lane in 0..LANES {
        let log = ln_gamma_1p::<FMA>(a[lane]);
        let power = a[lane] * ln::<FMA>(x[lane]);
        let rest = a[lane] * exp::<FMA>(power) * sum[lane];
        let upper = (exp_m1::<FMA>(log) - exp_m1::<FMA>(power) - rest) * exp::<FMA>(-log);
        // The factor is to be multiplied by exp(−energy) again.
        let up = upper * exp_pair::<FMA>(energy[lane], low[lane]);
        value[lane] = if upper < 0.5 { up } else { factor[lane] / a[lane] * lower[lane] };
        side[lane] = if upper < 0.5 { 1.0 } else { 0.0 };
    }
    for lane in 0..*count {
        (tails.factor[places[lane]], tails.upper[places[lane]]) = (value[lane], side[lane]);
    }
}

/// Q by Legendre's continued fraction, as the series of its approximants' differences (see `fraction`).
#[inline(always)]
fn by_fraction<const FMA: bool>(
    (places, count): &([usize; LANES], usize),
    a: &Numbers,
    x: &Numbers,
    factors: &Numbers,
    tails: &mut Tails,
) {
    const BIG: f64 = 1e100;
    const NEGLIGIBLE: f64 = f64::EPSILON / 64.0;
    let (a, x) = (gather(a, places), gather(x, places));
    let mut first = [0.0; LANES];
    for lane in 0..LANES {
        // So far out the fraction is its first term; and products of terms would overflow.
        let far = 1e18 * (a[lane] + 1.0);
        first[lane] = (if x[lane] < far { x[lane] } else { far } - a[lane]) + 1.0;
    }
    let (mut before, mut bottom) = ([0.0; LANES], [1.0; LANES]);
    let (mut sum, mut difference) = ([0.0; LANES], [-1.0; LANES]);
    let (mut m, mut open) = (0.0, true);
    while open && m < 400.0 {
        for _ in 0..4 {
            m += 1.0;
            for lane in 0..LANES {
                let (p, q) = (m * (a[lane] - m), first[lane] + 2.0 * m);
                let next = mul_add::<FMA>(q, bottom[lane], p * before[lane]);
                let ratio = p * if m == 1.0 { 1.0 } else { before[lane] } / next;
                // For whole shapes the fraction ends with a difference of 0.
                difference[lane] = if difference[lane] == 0.0 { 0.0 } else { -difference[lane] * ratio };
                sum[lane] += difference[lane];
                (before[lane], bottom[lane]) = (bottom[lane], next);
            }
        }
        open = false;
        for lane in 0..LANES {
            let down = if bottom[lane].abs() > BIG { 1.0 / BIG } else { 1.0 };
            before[lane] *= down;
            bottom[lane] *= down;
            open |= difference[lane].abs() > NEGLIGIBLE * (first[lane] + sum[lane]).abs();
        }
    }
    for lane in 0..*count {
        let place = places[lane];
        tails.upper[place] = 1.0;
        tails.factor[place] = if !(x[lane] < 1e18 * (a[lane] + 1.0)) {
            factors[place] / x[lane]
        } else if difference[lane].abs() <= NEGLIGIBLE * (first[lane] + sum[lane]).abs() {
            factors[place] / (first[lane] + sum[lane])
        } else {
            incomplete_gamma::tail(a[lane], x[lane]).value.factor
        };
    }
}
