//! The secular equation: the eigenvalues of D + ρ·z·zᵀ, a diagonal matrix and one dyad, and its eigenvectors.
//!
//! They are the roots of f(λ) = 1/ρ + Σⱼ zⱼ²/(dⱼ − λ), exactly one between each two poles dⱼ and one above the last. A root is
//! sought as its distance μ from the nearer pole, so that every difference dⱼ − λ = (dⱼ − d) − μ has full relative accuracy; the
//! iteration replaces f by c + s/(dᵢ − λ) + S/(dᵢ₊₁ − λ) with the same value and slope, inside an interval that always holds
//! the root. The eigenvectors are those of a nearby ẑ for which the computed roots are exact: they are orthogonal to working precision
//! however close the roots lie.
//!
//! Source: R.-C. Li, "Solving secular equations stably and efficiently", LAPACK working note 89 (1994); M. Gu and S. C. Eisenstat,
//! SIAM J. Matrix Anal. Appl. 15 (1994), doi:10.1137/S089547989223924X; J. W. Demmel, Applied Numerical Linear Algebra, §5.3.3.

use super::storage::LANES;
use crate::simd::{mul_add, wide_kernel};

/// Iterations for one root; six suffice as a rule, and bisection alone would need hundreds only for graded data.
const LIMIT: usize = 400;

/// f without 1/ρ, its slope, and the sum of its terms' magnitudes.
#[derive(Debug, Clone, Copy)]
struct Sums {
    value: f64,
    slope: f64,
    size: f64,
}

wide_kernel! {
    /// Σ zⱼ²/(δⱼ − μ) and its companions; the slices' length is a multiple of eight.
    fn sums(z: &[f64], delta: &[f64], mu: f64) -> Sums = sums_body
}

#[inline(always)]
fn sums_body<const FMA: bool>(z: &[f64], delta: &[f64], mu: f64) -> Sums {
    let (mut value, mut slope, mut size) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for (z, delta) in z.as_chunks::<LANES>().0.iter().zip(delta.as_chunks::<LANES>().0) {
        for lane in 0..LANES {
            let quotient = z[lane] / (delta[lane] - mu);
            let term = z[lane] * quotient;
            value[lane] += term;
            size[lane] += term.abs();
            slope[lane] = mul_add::<FMA>(quotient, quotient, slope[lane]);
        }
    }
    let total = |s: [f64; LANES]| ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
    Sums { value: total(value), slope: total(slope), size: total(size) }
}

/// A root, as a pole and the distance from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root {
    pub(super) pole: usize,
    pub(super) distance: f64,
}

/// Root number i of k > 1; `d` rises strictly and `z` has no zeros and length one, both padded to a multiple of eight with infinities and
/// zeros; `delta` is overwritten with dⱼ − (the root's pole).
pub(super) fn root(i: usize, k: usize, d: &[f64], z: &[f64], rho: f64, delta: &mut [f64]) -> Root {
    let constant = 1.0 / rho;
    let square = |j: usize| z[j] * z[j];
    let shift = |delta: &mut [f64], pole: usize| {
        for (delta, d_j) in delta.iter_mut().zip(d) {
            *delta = d_j - d[pole];
        }
    };
    // The two poles that the model of f keeps.
    let (left, right) = if i + 1 < k { (i, i + 1) } else { (k - 2, k - 1) };
    let gap = d[right] - d[left];
    let last = i + 1 == k;

    let mut pole = i;
    shift(delta, pole);
    let middle = if last { 0.5 * rho } else { 0.5 * gap };
    let at_middle = constant + sums(z, delta, middle).value;
    let terms = square(left) / (delta[left] - middle) + square(right) / (delta[right] - middle);
    let rest = at_middle - terms;
    // The first guess solves rest + z²/(δ − μ) + Z²/(Δ − μ) = 0, with what the other terms add up to in the middle.
    let (mut low, mut high, mut mu);
    if last {
        let a = square(left) + square(right) - rest * gap;
        let b = square(right) * gap;
        let root = (a * a + 4.0 * b * rest).abs().sqrt();
        mu = if a < 0.0 { 2.0 * b / (root - a) } else { (a + root) / (2.0 * rest) };
        (low, high) = if at_middle <= 0.0 { (middle, rho) } else { (0.0, middle) };
    } else if at_middle >= 0.0 {
        let a = rest * gap + square(left) + square(right);
        let b = square(left) * gap;
        let root = (a * a - 4.0 * b * rest).abs().sqrt();
        mu = if a > 0.0 { 2.0 * b / (a + root) } else { (a - root) / (2.0 * rest) };
        (low, high) = (0.0, middle);
    } else {
        pole = i + 1;
        shift(delta, pole);
        let a = rest * gap - square(left) - square(right);
        let b = square(right) * gap;
        let root = (a * a + 4.0 * b * rest).abs().sqrt();
        mu = if a < 0.0 { 2.0 * b / (a - root) } else { -(a + root) / (2.0 * rest) };
        (low, high) = (-middle, 0.0);
    }
    if !(mu > low && mu < high) {
        mu = 0.5 * (low + high);
    }

    let mut before = f64::INFINITY;
    for step in 0..LIMIT {
        let Sums { value, slope, size } = sums(z, delta, mu);
        let f = constant + value;
        if !(f.abs() > 4.0 * f64::EPSILON * (constant + size)) {
            break;
        }
        if f < 0.0 {
            low = low.max(mu);
        } else {
            high = high.min(mu);
        }
        let slow = step > 2 && f.abs() > 0.1 * before;
        before = f.abs();
        let next =
            if slow { halve(low, high) } else { mu + correction(f, slope, z, delta, mu, (left, right), pole, last) };
        let next = if next > low && next < high { next } else { halve(low, high) };
        if next == mu || !(next > low && next < high) {
            break;
        }
        mu = next;
    }
    Root { pole, distance: mu }
}

/// The middle of an interval: of its logarithms when it spans magnitudes, where the plain one would take many steps to a tiny root.
fn halve(low: f64, high: f64) -> f64 {
    let (near, far) = if low.abs() < high.abs() { (low, high) } else { (high, low) };
    if near != 0.0 && far.abs() > 16.0 * near.abs() {
        return (near.abs().sqrt() * far.abs().sqrt()).copysign(far);
    }
    if near == 0.0 { far / 16.0 } else { 0.5 * low + 0.5 * high }
}

/// The step to the root of the model with the value and slope of f: weights are fixed at the nearer pole, the other one takes
/// up the slope.
#[allow(clippy::too_many_arguments, reason = "the letters of one formula")]
fn correction(
    f: f64,
    slope: f64,
    z: &[f64],
    delta: &[f64],
    mu: f64,
    (left, right): (usize, usize),
    pole: usize,
    last: bool,
) -> f64 {
    let (x, y) = (delta[left] - mu, delta[right] - mu);
    let a = (x + y) * f - x * y * slope;
    let b = x * y * f;
    let eta = if last {
        let weight = (z[right] / y) * (z[right] / y);
        let c = (f - x * (slope - weight) - y * weight).abs();
        let root = (a * a - 4.0 * b * c).abs().sqrt();
        if a >= 0.0 { (a + root) / (2.0 * c) } else { 2.0 * b / (a - root) }
    } else {
        let c = if pole == left {
            f - y * slope - (delta[left] - delta[right]) * (z[left] / x) * (z[left] / x)
        } else {
            f - x * slope - (delta[right] - delta[left]) * (z[right] / y) * (z[right] / y)
        };
        let root = (a * a - 4.0 * b * c).abs().sqrt();
        if a <= 0.0 { (a - root) / (2.0 * c) } else { 2.0 * b / (a + root) }
    };
    // f rises: a step must go against its sign.
    if eta * f < 0.0 { eta } else { -f / slope }
}

wide_kernel! {
    /// δⱼ − μ in place: dⱼ − λ.
    pub(super) fn shift(delta: &mut [f64], mu: f64) = shift_body
}

#[inline(always)]
fn shift_body<const FMA: bool>(delta: &mut [f64], mu: f64) {
    for delta in delta {
        *delta -= mu;
    }
}

wide_kernel! {
    /// Multiplies ẑⱼ² by (dⱼ − λᵢ)/(dⱼ − dᵢ) for every j; its own pole has no divisor.
    pub(super) fn gather(product: &mut [f64], differences: &[f64], d: &[f64], i: usize) = gather_body
}

#[inline(always)]
fn gather_body<const FMA: bool>(product: &mut [f64], differences: &[f64], d: &[f64], i: usize) {
    let pole = d[i];
    let own = product[i] * differences[i];
    for ((product, &difference), &d_j) in product.iter_mut().zip(differences).zip(d) {
        *product *= difference / (d_j - pole);
    }
    product[i] = own;
}

wide_kernel! {
    /// Overwrites dⱼ − λ with the eigenvector ẑⱼ/(dⱼ − λ), of length one.
    pub(super) fn vector(differences: &mut [f64], z: &[f64]) = vector_body
}

#[inline(always)]
fn vector_body<const FMA: bool>(differences: &mut [f64], z: &[f64]) {
    let mut squares = [0.0; LANES];
    for (difference, z) in differences.as_chunks_mut::<LANES>().0.iter_mut().zip(z.as_chunks::<LANES>().0) {
        for lane in 0..LANES {
            let x = z[lane] / difference[lane];
            difference[lane] = x;
            squares[lane] = mul_add::<FMA>(x, x, squares[lane]);
        }
    }
    let s = squares;
    let sum = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
    let reciprocal = 1.0 / sum.sqrt();
    for x in differences {
        *x *= reciprocal;
    }
}
