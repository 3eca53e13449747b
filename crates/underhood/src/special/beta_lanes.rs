//! The incomplete beta function and the beta density at many points for one pair of shapes: the methods of `incomplete_beta`, with
//! what depends on the shapes alone computed once (`lanes`).

use std::f64::consts::TAU;

use super::beta_function::ln_gamma_ratio_over_power;
use super::exponential::{exp, exp_m1, exp_pair};
use super::gamma_function::{ln_gamma_1p, stirling_error};
use super::incomplete_beta::{self, few, regularized};
use super::lanes::{
    BLOCK, LANES, MANY, Numbers, Places, Tails, Uniform, by_blocks, fraction_lanes, gather, log_density, near_mean,
    polynomial_lanes, times,
};
use super::logarithm::{ln_1p, ln_double};
use super::tail::Side;
use super::uniform;
use crate::double_double::{Dd, quick_two_sum, two_product, two_sum};
use crate::simd::{mul_add, wide_kernel};

/// Replaces every x by I(a, b; x): [`betainc`](super::betainc) to within rounding, several at a time.
///
/// ```
/// use underhood::special::{betainc, betainc_in_place};
///
/// let mut x = [0.1, 0.5, 0.75];
/// betainc_in_place(2.5, 4.0, &mut x);
/// assert!((x[1] / betainc(2.5, 4.0, 0.5) - 1.0).abs() < 1e-15);
/// ```
pub fn betainc_in_place(a: f64, b: f64, x: &mut [f64]) {
    let one = |x| regularized(a, b, x, Side::Lower);
    probabilities_in_place(a, b, x, Point::Share, Side::Lower, 1.0, one);
}

/// Replaces every x by 1 − I(a, b; x): [`betaincc`](super::betaincc) to within rounding, several at a time.
pub fn betaincc_in_place(a: f64, b: f64, x: &mut [f64]) {
    let one = |x| regularized(a, b, x, Side::Upper);
    probabilities_in_place(a, b, x, Point::Share, Side::Upper, 1.0, one);
}

/// How a number u gives the point x and its complement y = 1 − x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Point {
    /// x = u.
    Share,
    /// x : y = first·u : second.
    Odds(f64, f64),
    /// x : y = first : u².
    Square(f64),
}

/// Replaces every u by scale times the probability of one side of its point; `one` is the same for one u.
pub(crate) fn probabilities_in_place(
    a: f64,
    b: f64,
    u: &mut [f64],
    point: Point,
    side: Side,
    scale: f64,
    one: impl Fn(f64) -> f64,
) {
    if u.len() < MANY || !SHAPES.contains(&a) || !SHAPES.contains(&b) {
        u.iter_mut().for_each(|u| *u = one(*u));
        return;
    }
    let shape = Shape::new(a, b);
    let mut work = Work::new();
    by_blocks(u, &point.range(), 1.0, one, |points, out| {
        probabilities(&shape, points, point, &mut work, side, scale, out);
    });
}

/// Replaces every u by scale·xᵃyᵇ/(B(a, b)·u) at its point; `one` is the same for one u.
pub(crate) fn density_in_place(a: f64, b: f64, u: &mut [f64], point: Point, scale: f64, one: impl Fn(f64) -> f64) {
    if u.len() < MANY || !SHAPES.contains(&a) || !SHAPES.contains(&b) {
        u.iter_mut().for_each(|u| *u = one(*u));
        return;
    }
    let shape = Shape::new(a, b);
    by_blocks(u, &point.range(), 1.0, one, |points, out| densities(&shape, points, point, scale, out));
}

/// Replaces every t by Student's density with ν degrees of freedom, or by its logarithm; `one` is the same for one t.
pub(crate) fn student_density_in_place(df: f64, t: &mut [f64], logarithm: bool, one: impl Fn(f64) -> f64) {
    let a = 0.5 * df;
    if t.len() < MANY || !SHAPES.contains(&a) {
        t.iter_mut().for_each(|t| *t = one(*t));
        return;
    }
    let shape = Shape::new(a, 0.5);
    // xᵃ√y/(B·t) without the powers of x, y = t²x/ν.
    let factor = shape.factor * shape.up.0.high.powf(a) * (shape.up.1.high / df).sqrt();
    let inverse = Dd::quotient(1.0, df);
    by_blocks(t, &(-1e60..1e60), 1.0, one, |points, out| {
        if logarithm {
            student_log_densities(df, inverse, points, out, Dd::from(factor).ln());
        } else {
            student_densities(df, inverse, points, out, factor);
        }
    });
}

/// Replaces every u by ln(scale·probability) of one side of its point, scale ≤ 1; `one` is the same for one u.
pub(crate) fn log_probabilities_in_place(
    a: f64,
    b: f64,
    u: &mut [f64],
    point: Point,
    side: Side,
    scale: f64,
    one: impl Fn(f64) -> f64,
) {
    if u.len() < MANY || !SHAPES.contains(&a) || !SHAPES.contains(&b) {
        u.iter_mut().for_each(|u| *u = one(*u));
        return;
    }
    let shape = Shape::new(a, b);
    let mut work = Work::new();
    by_blocks(u, &point.range(), 1.0, one, |points, out| {
        log_probabilities(&shape, points, point, &mut work, side, scale, out);
    });
}

/// Replaces every u by the logarithm of [`density_in_place`]; `one` is the same for one u.
pub(crate) fn log_density_in_place(a: f64, b: f64, u: &mut [f64], point: Point, scale: f64, one: impl Fn(f64) -> f64) {
    if u.len() < MANY || !SHAPES.contains(&a) || !SHAPES.contains(&b) {
        u.iter_mut().for_each(|u| *u = one(*u));
        return;
    }
    let shape = Shape::new(a, b);
    by_blocks(u, &point.range(), 1.0, one, |points, out| log_densities(&shape, points, point, scale, out));
}

/// Shapes that are served here.
pub(crate) const SHAPES: std::ops::Range<f64> = 1e-8..1e12;

/// So many terms of a continued fraction are prepared.
const TERMS: usize = 129;

impl Point {
    /// The u that are served here: neither x nor y may be far below 1e-140.
    fn range(self) -> std::ops::Range<f64> {
        match self {
            Point::Share => 1e-140..1.0,
            Point::Odds(..) => 1e-120..1e120,
            Point::Square(_) => 1e-60..1e60,
        }
    }

    /// x and y in two doubles each, for every point of a block; one loop for each kind, so that none has a branch.
    #[inline(always)]
    fn split<const FMA: bool>(self, points: &Numbers, shares: &mut Shares) {
        match self {
            Point::Share => {
                for i in 0..BLOCK {
                    (shares.x[i], shares.x_low[i]) = (points[i], 0.0);
                    (shares.y[i], shares.y_low[i]) = two_sum(1.0, -points[i]);
                }
            }
            Point::Odds(first, second) => {
                for i in 0..BLOCK {
                    shares.set::<FMA>(i, two_product::<FMA>(first, points[i]), (second, 0.0));
                }
            }
            Point::Square(first) => {
                for i in 0..BLOCK {
                    shares.set::<FMA>(i, (first, 0.0), two_product::<FMA>(points[i], points[i]));
                }
            }
        }
    }
}

/// The points x of a block and their complements y, in two doubles each.
#[derive(Debug)]
struct Shares {
    x: Numbers,
    x_low: Numbers,
    y: Numbers,
    y_low: Numbers,
}

impl Shares {
    const fn new() -> Shares {
        Shares { x: [0.0; BLOCK], x_low: [0.0; BLOCK], y: [0.0; BLOCK], y_low: [0.0; BLOCK] }
    }

    /// x : y = top : bottom at one place.
    #[inline(always)]
    fn set<const FMA: bool>(&mut self, i: usize, top: (f64, f64), bottom: (f64, f64)) {
        let (sum, lost) = two_sum(top.0, bottom.0);
        let sum = quick_two_sum(sum, lost + (top.1 + bottom.1));
        let inverse = 1.0 / sum.0;
        (self.x[i], self.x_low[i]) = quotient::<FMA>(top, sum, inverse);
        (self.y[i], self.y_low[i]) = quotient::<FMA>(bottom, sum, inverse);
    }
}

/// top/bottom in two doubles, where `inverse` is 1/bottom to within rounding.
#[inline(always)]
fn quotient<const FMA: bool>(top: (f64, f64), bottom: (f64, f64), inverse: f64) -> (f64, f64) {
    let first = top.0 * inverse;
    let (product, lost) = two_product::<FMA>(first, bottom.0);
    let rest = ((top.0 - product) - lost) + mul_add::<FMA>(-first, bottom.1, top.1);
    quick_two_sum(first, rest * inverse)
}

/// power·ln(u·up) in two doubles.
#[inline(always)]
fn times_log<const FMA: bool>(power: f64, u: (f64, f64), up: Dd) -> (f64, f64) {
    let (high, low) = times::<FMA>(u, up);
    let (log, log_low) = ln_double::<FMA>(high, low);
    let (product, lost) = two_product::<FMA>(power, log);
    (product, mul_add::<FMA>(power, log_low, lost))
}

/// How a point is served: by the expansion near the mean, the continued fraction on either side of the mode, or the series of a logarithm.
const NEAR: u64 = 0;
const BELOW: u64 = 1;
const ABOVE: u64 = 2;
const FEW_BELOW: u64 = 3;
const FEW_ABOVE: u64 = 4;

/// What depends on the shapes alone.
#[derive(Debug)]
struct Shape {
    a: f64,
    b: f64,
    /// 1/a and 1/b.
    inverse: (f64, f64),
    /// The energy is −a·ln(x·up.0) − b·ln(y·up.1), and xᵃyᵇ/B is factor·exp(−energy).
    up: (Dd, Dd),
    factor: f64,
    /// Temme's expansion, for two large shapes.
    uniform: Option<Uniform>,
    below: OneSide,
    above: OneSide,
}

/// What serves one of the tails, from the side of x = 0; for the other, a and b change places, and so do x and y.
#[derive(Debug)]
struct OneSide {
    a: f64,
    b: f64,
    /// Terms of the continued fraction (see `incomplete_beta`): of aₘ, x²; of bₘ, one, the base, and x.
    terms: Vec<[f64; 4]>,
    /// For a < 1: points below this are served by the series of ln I.
    few: f64,
    /// Its coefficients (1 − b)ₙ/(n!(a + n)), n = 1, 2, …, in powers of x/few.
    series: [f64; 64],
    /// So many of them count.
    length: usize,
    /// ln of what stands before (x·up)ᵃ.
    log_factor: f64,
}

impl OneSide {
    /// `up` is what the energy multiplies x by.
    fn new(a: f64, b: f64, up: f64) -> OneSide {
        let mut terms = Vec::with_capacity(TERMS);
        let mut next = 1.0 / (a + 1.0);
        terms.push([0.0, 0.0, a * next, 0.0]);
        for m in 1..TERMS {
            let m = m as f64;
            let odd = next;
            next = 1.0 / (a + 2.0 * m + 1.0);
            let turn = m * (b - m) * odd;
            let even = (a + m) * next;
            terms.push([(a + m - 1.0) * odd * (a + b + m - 1.0) * turn, m + 2.0 * m * even, even, turn - m * even]);
        }
        let few = if a < 1.0 { few(b) } else { 0.0 };
        let mut series = [0.0; 64];
        let (mut length, mut log_factor) = (0, 0.0);
        if a < 1.0 {
            let mut term = 1.0;
            for (n, slot) in (1..).zip(&mut series) {
                let n = f64::from(n);
                term *= (n - b) / n * few;
                *slot = term / (a + n);
            }
            length = series.iter().rposition(|c| c.abs() > 1e-18).map_or(0, |last| last + 1);
            let (c, shift) = if b < 1.0 { (b + 1.0, -(a / b).ln_1p()) } else { (b, 0.0) };
            log_factor = ln_gamma_ratio_over_power(a, c) + shift - ln_gamma_1p(a) + a * (c / up).ln();
        }
        OneSide { a, b, terms, few, series, length, log_factor }
    }

    /// D/I as a continued fraction, from x and ay − bx.
    #[inline(always)]
    fn fraction<const FMA: bool>(&self, x: &[f64; LANES], excess: &[f64; LANES]) -> Option<[f64; LANES]> {
        let first = self.terms[0][2];
        let (mut base, mut start, mut square) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            base[lane] = excess[lane] + 1.0;
            start[lane] = first * base[lane];
            square[lane] = x[lane] * x[lane];
        }
        fraction_lanes::<FMA>(&start, &self.terms, &square, &base, x)
    }

    /// a·Σ (1 − b)ₙxⁿ/(n!(a + n)).
    #[inline(always)]
    fn sum<const FMA: bool>(&self, x: &[f64; LANES]) -> [f64; LANES] {
        let mut z = [0.0; LANES];
        for lane in 0..LANES {
            z[lane] = x[lane] / self.few;
        }
        let mut sum = polynomial_lanes::<FMA>(&self.series[..self.length], &z);
        for lane in 0..LANES {
            sum[lane] *= self.a * z[lane];
        }
        sum
    }
}

/// Numbers for every point of a block, on the way to its tails.
#[derive(Debug)]
struct Work {
    tails: Tails,
    shares: Shares,
    /// bx − ay.
    excess: Numbers,
    /// a·ln(x·up.0) and b·ln(y·up.1).
    left: Numbers,
    right: Numbers,
}

impl Work {
    fn new() -> Work {
        Work {
            tails: Tails::new(),
            shares: Shares::new(),
            excess: [0.0; BLOCK],
            left: [0.0; BLOCK],
            right: [0.0; BLOCK],
        }
    }
}

impl Shape {
    fn new(a: f64, b: f64) -> Shape {
        let one = Dd::from(1.0);
        let (factor, up) = if a < 1.0 || b < 1.0 {
            let (small, other) = if a < 1.0 { (a, b) } else { (b, a) };
            let (c, shifted) = if other < 1.0 { (other + 1.0, other / (a + b)) } else { (other, 1.0) };
            let factor = small * shifted * (ln_gamma_ratio_over_power(small, c) - ln_gamma_1p(small)).exp();
            (factor, if a < 1.0 { (Dd::from(c), one) } else { (one, Dd::from(c)) })
        } else {
            let sum = Dd::sum(a, b);
            let correction = (stirling_error(a + b) - stirling_error(a) - stirling_error(b)).exp();
            ((a / (a + b) * b / TAU).sqrt() * correction, (sum / a, sum / b))
        };
        let rho = a / (a + b) * b;
        let uniform = (rho >= uniform::LEAST_RHO && a >= 1.0 && b >= 1.0).then(|| {
            let correction = (stirling_error(a + b) - stirling_error(a) - stirling_error(b)).exp();
            Uniform::new(rho, &uniform::beta_coefficients(a / (a + b), b / (a + b), uniform::COUNT), correction)
        });
        let (below, above) = (OneSide::new(a, b, up.0.high), OneSide::new(b, a, up.1.high));
        Shape { a, b, inverse: (1.0 / a, 1.0 / b), up, factor, uniform, below, above }
    }

    /// bx − ay, zero at the mean.
    #[inline(always)]
    fn excess<const FMA: bool>(&self, x: (f64, f64), y: (f64, f64)) -> f64 {
        let ((p, p_low), (q, q_low)) = (two_product::<FMA>(self.b, x.0), two_product::<FMA>(self.a, y.0));
        (p - q) + ((p_low - q_low) + mul_add::<FMA>(self.b, x.1, -self.a * y.1))
    }

    /// The energy of a point, its low part, and the two logarithms that it consists of.
    #[inline(always)]
    fn energy<const FMA: bool>(&self, x: (f64, f64), y: (f64, f64), excess: f64) -> (f64, f64, f64, f64) {
        let (left, left_low) = times_log::<FMA>(self.a, x, self.up.0);
        let (right, right_low) = times_log::<FMA>(self.b, y, self.up.1);
        let (sum, lost) = two_sum(-left, -right);
        let (energy, low) = quick_two_sum(sum, lost - left_low - right_low);
        let near = near_mean::<FMA>(self.inverse.0, excess) + near_mean::<FMA>(self.inverse.1, -excess);
        let use_near = self.a >= 1.0 && self.b >= 1.0 && near < 1.0;
        (if use_near { near } else { energy }, if use_near { 0.0 } else { low }, left, right)
    }

    #[inline(always)]
    fn tails<const FMA: bool>(&self, points: &Numbers, point: Point, work: &mut Work) {
        let (a, b) = (self.a, self.b);
        point.split::<FMA>(points, &mut work.shares);
        for i in 0..BLOCK {
            let x = (work.shares.x[i], work.shares.x_low[i]);
            let y = (work.shares.y[i], work.shares.y_low[i]);
            let excess = self.excess::<FMA>(x, y);
            work.excess[i] = excess;
            let (energy, low, left, right) = self.energy::<FMA>(x, y, excess);
            (work.tails.energy[i], work.tails.energy_low[i]) = (energy, low);
            (work.left[i], work.right[i]) = (left, right);
        }
        let mut most = -1.0;
        if let Some(uniform) = &self.uniform {
            let rho = a / (a + b) * b;
            most = 0.5 * rho;
            for i in 0..BLOCK {
                // Elsewhere the expansion gives finite nonsense, and is overwritten.
                let energy = if work.tails.energy[i] < most { work.tails.energy[i] } else { most };
                work.tails.factor[i] = uniform.factor::<FMA>(energy, work.excess[i] > 0.0);
                work.tails.upper[i] = if work.excess[i] > 0.0 { 1.0 } else { 0.0 };
            }
        }
        let mut classes = [NEAR; BLOCK];
        for i in 0..BLOCK {
            let (x, y) = (work.shares.x[i], work.shares.y[i]);
            let side = if incomplete_beta::starts_below(a, b, x, y) { BELOW } else { ABOVE };
            let far = if work.tails.energy[i] <= most { NEAR } else { side };
            let class = if y < self.above.few { FEW_ABOVE } else { far };
            classes[i] = if x < self.below.few { FEW_BELOW } else { class };
        }
        let (below, above) = (Places::of(&classes, BELOW), Places::of(&classes, ABOVE));
        let (few_below, few_above) = (Places::of(&classes, FEW_BELOW), Places::of(&classes, FEW_ABOVE));
        self.by_fraction::<FMA>(&below, &self.below, Side::Lower, work);
        self.by_fraction::<FMA>(&above, &self.above, Side::Upper, work);
        self.by_series::<FMA>(&few_below, &self.below, Side::Lower, work);
        self.by_series::<FMA>(&few_above, &self.above, Side::Upper, work);
    }

    #[inline(always)]
    fn by_fraction<const FMA: bool>(&self, places: &Places, from: &OneSide, side: Side, work: &mut Work) {
        let lower = side == Side::Lower;
        for group in 0..places.groups() {
            let (places, count) = &places.group(group);
            let x = gather(if lower { &work.shares.x } else { &work.shares.y }, places);
            let mut excess = gather(&work.excess, places);
            for lane in 0..LANES {
                excess[lane] = if lower { -excess[lane] } else { excess[lane] };
            }
            let fraction = from.fraction::<FMA>(&x, &excess);
            for (lane, &place) in places.iter().enumerate().take(*count) {
                work.tails.upper[place] = if lower { 0.0 } else { 1.0 };
                work.tails.factor[place] = match &fraction {
                    Some(fraction) => self.factor / fraction[lane],
                    None => self.factor / incomplete_beta::fraction(from.a, from.b, x[lane], excess[lane]),
                };
            }
        }
    }

    /// For small x ln I = log_factor + a·ln(x·up) + ln(1 + a·Σ…): I, or one less it where it is above ½.
    #[inline(always)]
    fn by_series<const FMA: bool>(&self, places: &Places, from: &OneSide, side: Side, work: &mut Work) {
        let lower = side == Side::Lower;
        for group in 0..places.groups() {
            let (places, count) = &places.group(group);
            let sum = from.sum::<FMA>(&gather(if lower { &work.shares.x } else { &work.shares.y }, places));
            let power = gather(if lower { &work.left } else { &work.right }, places);
            let rest = gather(if lower { &work.right } else { &work.left }, places);
            let (mut factor, mut itself) = ([0.0; LANES], [0.0; LANES]);
            for lane in 0..LANES {
                let log = power[lane] + from.log_factor + ln_1p::<FMA>(sum[lane]);
                let log = if log > 0.0 { 0.0 } else { log };
                let complement = -exp_m1::<FMA>(log);
                let direct = (1.0 + sum[lane]) * exp::<FMA>(from.log_factor - rest[lane]);
                factor[lane] = if log > -0.7 { complement } else { direct };
                itself[lane] = if log > -0.7 { 0.0 } else { 1.0 };
            }
            for (lane, &place) in places.iter().enumerate().take(*count) {
                work.tails.factor[place] = factor[lane];
                work.tails.upper[place] = if (itself[lane] == 1.0) == lower { 0.0 } else { 1.0 };
                if itself[lane] == 0.0 {
                    // The factor is the whole.
                    (work.tails.energy[place], work.tails.energy_low[place]) = (0.0, 0.0);
                }
            }
        }
    }
}

wide_kernel! {
    /// Writes scale times the probabilities of one side at the points.
    fn probabilities(
        shape: &Shape,
        points: &Numbers,
        point: Point,
        work: &mut Work,
        side: Side,
        scale: f64,
        out: &mut [f64],
    ) = probabilities_body
}

#[inline(always)]
fn probabilities_body<const FMA: bool>(
    shape: &Shape,
    points: &Numbers,
    point: Point,
    work: &mut Work,
    side: Side,
    scale: f64,
    out: &mut [f64],
) {
    shape.tails::<FMA>(points, point, work);
    work.tails.probabilities::<FMA>(side, out);
    out.iter_mut().for_each(|out| *out *= scale);
}

wide_kernel! {
    /// Writes scale·xᵃyᵇ/(B(a, b)·u).
    fn densities(shape: &Shape, points: &Numbers, point: Point, scale: f64, out: &mut [f64]) = densities_body
}

#[inline(always)]
fn densities_body<const FMA: bool>(shape: &Shape, points: &Numbers, point: Point, scale: f64, out: &mut [f64]) {
    let mut shares = Shares::new();
    point.split::<FMA>(points, &mut shares);
    for (i, (out, &u)) in out.iter_mut().zip(points).enumerate() {
        let x = (shares.x[i], shares.x_low[i]);
        let y = (shares.y[i], shares.y_low[i]);
        let (energy, low, _, _) = shape.energy::<FMA>(x, y, shape.excess::<FMA>(x, y));
        *out = scale * shape.factor * exp_pair::<FMA>(-energy, -low) / u;
    }
}

wide_kernel! {
    /// Writes ln(scale·probability) of one side at the points.
    fn log_probabilities(
        shape: &Shape,
        points: &Numbers,
        point: Point,
        work: &mut Work,
        side: Side,
        scale: f64,
        out: &mut [f64],
    ) = log_probabilities_body
}

#[inline(always)]
fn log_probabilities_body<const FMA: bool>(
    shape: &Shape,
    points: &Numbers,
    point: Point,
    work: &mut Work,
    side: Side,
    scale: f64,
    out: &mut [f64],
) {
    shape.tails::<FMA>(points, point, work);
    work.tails.log_probabilities::<FMA>(side, scale, out);
}

wide_kernel! {
    /// Writes the logarithm of scale·xᵃyᵇ/(B(a, b)·u).
    fn log_densities(shape: &Shape, points: &Numbers, point: Point, scale: f64, out: &mut [f64]) = log_densities_body
}

#[inline(always)]
fn log_densities_body<const FMA: bool>(shape: &Shape, points: &Numbers, point: Point, scale: f64, out: &mut [f64]) {
    let mut shares = Shares::new();
    point.split::<FMA>(points, &mut shares);
    let constant = Dd::from(shape.factor * scale).ln();
    for (i, (out, &u)) in out.iter_mut().zip(points).enumerate() {
        let x = (shares.x[i], shares.x_low[i]);
        let y = (shares.y[i], shares.y_low[i]);
        let (energy, low, _, _) = shape.energy::<FMA>(x, y, shape.excess::<FMA>(x, y));
        *out = log_density((energy, low), ln_double::<FMA>(u, 0.0), constant);
    }
}

/// ½(ν + 1)·ln(1 + t²/ν) in two doubles.
#[inline(always)]
fn student_energy<const FMA: bool>(df: f64, inverse: Dd, t: f64) -> (f64, f64) {
    let (square, lost) = two_product::<FMA>(t, t);
    let (sum, low) = two_sum(df, square);
    let (ratio, ratio_low) = times::<FMA>((sum, low + lost), inverse);
    let (log, log_low) = ln_double::<FMA>(ratio, ratio_low);
    let (product, lost) = two_product::<FMA>(0.5 * df, log);
    let (energy, low) = two_sum(product, 0.5 * log);
    quick_two_sum(energy, mul_add::<FMA>(0.5 * df + 0.5, log_low, low + lost))
}

wide_kernel! {
    /// Writes Student's density.
    fn student_densities(df: f64, inverse: Dd, points: &Numbers, out: &mut [f64], factor: f64) = student_densities_body
}

#[inline(always)]
fn student_densities_body<const FMA: bool>(df: f64, inverse: Dd, points: &Numbers, out: &mut [f64], factor: f64) {
    for (out, &t) in out.iter_mut().zip(points) {
        let (energy, low) = student_energy::<FMA>(df, inverse, t);
        *out = factor * exp_pair::<FMA>(-energy, -low);
    }
}

wide_kernel! {
    /// Writes its logarithm.
    fn student_log_densities(df: f64, inverse: Dd, points: &Numbers, out: &mut [f64], constant: Dd) =
        student_log_densities_body
}

#[inline(always)]
fn student_log_densities_body<const FMA: bool>(df: f64, inverse: Dd, points: &Numbers, out: &mut [f64], constant: Dd) {
    for (out, &t) in out.iter_mut().zip(points) {
        *out = log_density(student_energy::<FMA>(df, inverse, t), (0.0, 0.0), constant);
    }
}
