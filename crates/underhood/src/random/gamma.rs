//! Gamma draws, their logarithms, and what is made of two of them: beta draws.
//!
//! G. Marsaglia and W. W. Tsang (2000), "A simple method for generating gamma variables", doi:10.1145/358407.358414: with d = a − 1/3,
//! t = z/√(9d) for a normal z, d(1 + t)³ has the gamma distribution if it is kept with probability exp(3d·g(t)), where
//! g(t) = ln(1 + t) − t + t²/2 − t³/3 = −t⁴/4 + t⁵/5 − … Two levels: since −g(t) ≤ t⁴/(4 min(1, 1 + t)) and e^y ≥ 1 + y, a test without
//! logarithm decides nearly always; the exact test is made for all others of a block together. (Written so, nothing cancels for
//! large shapes, where the usual form of the test loses every digit.)
//!
//! Below shape 1, a draw of shape a + 1 times U^(1/a) = exp(−E/a) with an exponential E.

use super::kernel::portable_kernel;
use super::portable::{exp, ln, ln_1p};
use super::rejection::{self, Places, whole_groups};
use super::source::{BLOCK, Source, open};
use super::ziggurat::{Points, fill_exponential};

/// What depends on the shape alone, for shapes from 1 on.
#[derive(Debug, Clone, Copy)]
struct Cube {
    d: f64,
    /// 1/√(9d).
    slope: f64,
    /// 3d/4·slope⁴ = 1/(108d), beside z⁴ in the quick test.
    quick: f64,
}

impl Cube {
    fn new(shape: f64) -> Cube {
        let d = shape - 1.0 / 3.0;
        Cube { d, slope: 1.0 / (3.0 * d.sqrt()), quick: 1.0 / 108.0 / d }
    }

    fn fill(self, source: &mut Source, scratch: &mut Scratch, out: &mut [f64]) {
        let Scratch { points, normal, bits, open } = scratch;
        let mut failed = [0; BLOCK];
        rejection::fill(source, out, |source, out, rejected| {
            points.normal(source, &mut normal[..out.len()]);
            source.bits(bits, out.len());
            quick_test(source.level, self, normal, bits, out, rejected);
            open.find(rejected, out.len());
            if open.count() == 0 {
                return;
            }
            for (number, place) in open.iter().enumerate() {
                (normal[number], bits[number]) = (normal[place], bits[place]);
            }
            exact_test(source.level, self, &normal[..whole_groups(open.count())], bits, &mut failed);
            for (place, failed) in open.iter().zip(failed) {
                rejected[place] = failed;
            }
        });
    }
}

/// Room for the parts of a batch.
#[derive(Debug)]
pub(super) struct Scratch {
    points: Points,
    normal: [f64; BLOCK],
    bits: [u64; BLOCK],
    open: Places,
}

impl Scratch {
    pub(super) fn new() -> Scratch {
        Scratch { points: Points::new(), normal: [0.0; BLOCK], bits: [0; BLOCK], open: Places::new() }
    }
}

portable_kernel! {
    fn quick_test(cube: Cube, normal: &[f64; BLOCK], bits: &[u64; BLOCK], out: &mut [f64], undecided: &mut [u8; BLOCK]) = quick_body
}

#[inline(always)]
fn quick_body(cube: Cube, normal: &[f64; BLOCK], bits: &[u64; BLOCK], out: &mut [f64], undecided: &mut [u8; BLOCK]) {
    for (((out, &z), &bits), undecided) in out.iter_mut().zip(normal).zip(bits).zip(undecided) {
        let side = 1.0 + cube.slope * z;
        let low = if side < 1.0 { side } else { 1.0 };
        let square = z * z;
        // With a side below 0 this never holds.
        *undecided = u8::from(!(open(bits) * low < low - cube.quick * (square * square)));
        *out = cube.d * (side * side * side);
    }
}

portable_kernel! {
    fn exact_test(cube: Cube, normal: &[f64], bits: &[u64; BLOCK], failed: &mut [u8; BLOCK]) = exact_body
}

#[inline(always)]
fn exact_body(cube: Cube, normal: &[f64], bits: &[u64; BLOCK], failed: &mut [u8; BLOCK]) {
    for ((&z, &bits), failed) in normal.iter().zip(bits).zip(failed) {
        let t = cube.slope * z;
        let series = -0.25 + t * (0.2 + t * (-1.0 / 6.0 + t * (1.0 / 7.0 + t * (-0.125 + t * (1.0 / 9.0)))));
        let square = t * t;
        let g = if t.abs() < 0.01 { square * square * series } else { ln_1p(t) - t + square * (0.5 - t / 3.0) };
        // ln(1 + t) is −∞ or NaN where 1 + t is not positive: rejected.
        *failed = u8::from(!(ln(open(bits)) < 3.0 * cube.d * g));
    }
}

/// How gamma variables of one shape are drawn.
#[derive(Debug, Clone, Copy)]
enum Method {
    Exponential,
    Cube(Cube),
    /// A draw of shape a + 1 and, by 1/a, a power of a uniform one.
    Power(Cube, f64),
}

/// Gamma variables of one shape.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gamma(Method);

impl Gamma {
    /// For a positive, finite shape.
    pub(super) fn new(shape: f64) -> Gamma {
        Gamma(if shape == 1.0 {
            Method::Exponential
        } else if shape > 1.0 {
            Method::Cube(Cube::new(shape))
        } else {
            Method::Power(Cube::new(shape + 1.0), 1.0 / shape)
        })
    }

    /// Draws.
    pub(super) fn fill(self, source: &mut Source, scratch: &mut Scratch, out: &mut [f64]) {
        match self.0 {
            Method::Exponential => fill_exponential(source, out),
            Method::Cube(cube) => cube.fill(source, scratch, out),
            Method::Power(cube, inverse) => {
                cube.fill(source, scratch, out);
                for out in out.chunks_mut(BLOCK) {
                    scratch.points.exponential(source, &mut scratch.normal[..out.len()]);
                    times_power(source.level, inverse, &scratch.normal, out);
                }
            }
        }
    }

    /// Logarithms of draws.
    pub(super) fn fill_log(self, source: &mut Source, scratch: &mut Scratch, out: &mut [f64]) {
        match self.0 {
            Method::Exponential => fill_exponential(source, out),
            Method::Cube(cube) => cube.fill(source, scratch, out),
            Method::Power(cube, inverse) => {
                cube.fill(source, scratch, out);
                for out in out.chunks_mut(BLOCK) {
                    scratch.points.exponential(source, &mut scratch.normal[..out.len()]);
                    log_times_power(source.level, inverse, &scratch.normal, out);
                }
                return;
            }
        }
        logarithms(source.level, out);
    }
}

portable_kernel! {
    fn times_power(inverse: f64, exponential: &[f64; BLOCK], out: &mut [f64]) = times_power_body
}

#[inline(always)]
fn times_power_body(inverse: f64, exponential: &[f64; BLOCK], out: &mut [f64]) {
    for (out, exponential) in out.iter_mut().zip(exponential) {
        *out *= exp(-exponential * inverse);
    }
}

portable_kernel! {
    fn log_times_power(inverse: f64, exponential: &[f64; BLOCK], out: &mut [f64]) = log_times_power_body
}

#[inline(always)]
fn log_times_power_body(inverse: f64, exponential: &[f64; BLOCK], out: &mut [f64]) {
    for (out, exponential) in out.iter_mut().zip(exponential) {
        *out = ln(*out) - exponential * inverse;
    }
}

portable_kernel! {
    fn logarithms(out: &mut [f64]) = logarithms_body
}

#[inline(always)]
fn logarithms_body(out: &mut [f64]) {
    for out in out {
        *out = ln(*out);
    }
}

/// Whether a shape is one.
fn is_shape(shape: f64) -> bool {
    shape > 0.0 && shape < f64::INFINITY
}

/// Gamma draws.
pub(super) fn fill_gamma(source: &mut Source, shape: f64, out: &mut [f64]) {
    if !is_shape(shape) {
        return out.fill(f64::NAN);
    }
    Gamma::new(shape).fill(source, &mut Scratch::new(), out);
}

/// Logarithms of gamma draws.
pub(super) fn fill_log_gamma(source: &mut Source, shape: f64, out: &mut [f64]) {
    if !is_shape(shape) {
        return out.fill(f64::NAN);
    }
    Gamma::new(shape).fill_log(source, &mut Scratch::new(), out);
}

/// Beta draws: x/(x + y) = 1/(1 + y/x) for gamma draws x and y of the two shapes, from their logarithms where a shape is so small that
/// draws underflow.
pub(super) fn fill_beta(source: &mut Source, a: f64, b: f64, out: &mut [f64]) {
    /// Below, a draw underflows with a probability above 1e-15.
    const SMALL: f64 = 0.05;
    /// Below, logarithms overflow, and every draw is 0 or 1 to a double.
    const POINTLIKE: f64 = 1e-280;
    if !is_shape(a) || !is_shape(b) {
        return out.fill(f64::NAN);
    }
    if a.max(b) < POINTLIKE {
        for out in out {
            *out = if source.open() < a / (a + b) { 1.0 } else { 0.0 };
        }
        return;
    }
    let (first, second) = (Gamma::new(a), Gamma::new(b));
    let (mut other, mut scratch) = ([0.0; 2 * BLOCK], Scratch::new());
    for out in out.chunks_mut(2 * BLOCK) {
        let other = &mut other[..out.len()];
        if a.min(b) < SMALL {
            first.fill_log(source, &mut scratch, out);
            second.fill_log(source, &mut scratch, other);
            share_of_logs(source.level, other, out);
        } else {
            first.fill(source, &mut scratch, out);
            second.fill(source, &mut scratch, other);
            share(source.level, other, out);
        }
    }
}

portable_kernel! {
    fn share(other: &[f64], out: &mut [f64]) = share_body
}

#[inline(always)]
fn share_body(other: &[f64], out: &mut [f64]) {
    for (out, other) in out.iter_mut().zip(other) {
        *out = 1.0 / (1.0 + other / *out);
    }
}

portable_kernel! {
    fn share_of_logs(other: &[f64], out: &mut [f64]) = share_of_logs_body
}

#[inline(always)]
fn share_of_logs_body(other: &[f64], out: &mut [f64]) {
    for (out, other) in out.iter_mut().zip(other) {
        // The smaller over the larger never overflows.
        let ratio = exp(-(other - *out).abs());
        *out = (if other > out { ratio } else { 1.0 }) / (1.0 + ratio);
    }
}
