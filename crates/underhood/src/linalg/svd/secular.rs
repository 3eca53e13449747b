//! The arrow matrix: its singular values as roots of the secular equation 1 + Σ zⱼ²/(dⱼ² − ω²) = 0, and its vectors.
//!
//! Sources: as in `divide`.

use ndarray::ArrayViewMut2;

use crate::simd::{mul_add, wide_kernel};

/// A value ω as its distance from the nearer of the two d beside it: differences ω − dⱼ keep all their digits so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root {
    pub(super) origin: f64,
    pub(super) offset: f64,
}

/// Rational steps converge in three to six; halving the interval ends any case.
const STEPS: usize = 200;

const LANES: usize = 8;

wide_kernel! {
    /// Σ zⱼ²/Δⱼ and Σ (zⱼ/Δⱼ)² with Δⱼ = dⱼ² − ω².
    fn sums(d: &[f64], z: &[f64], root: Root) -> (f64, f64) = sums_body
}

#[inline(always)]
fn sums_body<const FMA: bool>(d: &[f64], z: &[f64], root: Root) -> (f64, f64) {
    let Root { origin, offset } = root;
    let (mut values, mut slopes) = ([0.0; LANES], [0.0; LANES]);
    let (blocks_d, blocks_z) = (d.chunks_exact(LANES), z.chunks_exact(LANES));
    let tail = blocks_d.remainder().iter().zip(blocks_z.remainder());
    for (d, z) in blocks_d.zip(blocks_z) {
        for lane in 0..LANES {
            let t = z[lane] / (((d[lane] - origin) - offset) * ((d[lane] + origin) + offset));
            values[lane] = mul_add::<FMA>(z[lane], t, values[lane]);
            slopes[lane] = mul_add::<FMA>(t, t, slopes[lane]);
        }
    }
    let (mut value, mut slope) = (values.iter().sum::<f64>(), slopes.iter().sum::<f64>());
    for (d, z) in tail {
        let t = z / (((d - origin) - offset) * ((d + origin) + offset));
        value += z * t;
        slope += t * t;
    }
    (value, slope)
}

/// The roots for rising d, of which the first is zero, and z without zeros.
pub(super) fn roots(d: &[f64], z: &[f64]) -> Vec<Root> {
    let length: f64 = z.iter().map(|z| z * z).sum::<f64>().sqrt();
    (0..d.len())
        .map(|i| if d.len() == 1 { Root { origin: 0.0, offset: length } } else { root(d, z, i, length) })
        .collect()
}

/// The root between dᵢ and its neighbour above; above the last d, at most ‖z‖ away from it.
fn root(d: &[f64], z: &[f64], i: usize, length: f64) -> Root {
    let last = i + 1 == d.len();
    // The two poles that the rational steps model, and where the sums are split between them.
    let pole = if last { i - 1 } else { i };
    let split = pole + 1;
    let value_at = |root| {
        let (below, above) = (sums(&d[..split], &z[..split], root), sums(&d[split..], &z[split..], root));
        (below, above, 1.0 + below.0 + above.0)
    };
    let (origin, mut low, mut high, mut offset);
    if last {
        origin = d[i];
        (low, high) = (0.0, length * (length / (origin + origin.hypot(length))));
        high *= 1.0 + 4.0 * f64::EPSILON;
        offset = 0.5 * high;
    } else {
        let half = 0.5 * (d[i + 1] - d[i]);
        let (_, _, value) = value_at(Root { origin: d[i], offset: half });
        if value >= 0.0 {
            (origin, low, high, offset) = (d[i], 0.0, half, half);
        } else {
            (origin, low, high, offset) = (d[i + 1], -half, 0.0, -half);
        }
    }
    for _ in 0..STEPS {
        let (below, above, value) = value_at(Root { origin, offset });
        if value.abs() <= f64::EPSILON * (1.0 + below.0.abs() + above.0.abs()) {
            break;
        }
        if value < 0.0 {
            low = offset;
        } else {
            high = offset;
        }
        // c + a/(Δ₁ − η) + b/(Δ₂ − η) = 0 has the equation's value and both slopes at η = 0, where η is the change of ω².
        let omega = origin + offset;
        let distance = |j: usize| ((d[j] - origin) - offset) * ((d[j] + origin) + offset);
        let (first, second) = (distance(pole), distance(pole + 1));
        let c = value - first * below.1 - second * above.1;
        let a = (first + second) * value - first * second * (below.1 + above.1);
        let b = first * second * value;
        let root = (a * a - 4.0 * b * c).max(0.0).sqrt();
        let eta = match (last, a <= 0.0) {
            (false, true) => (a - root) / (2.0 * c),
            (false, false) => 2.0 * b / (a + root),
            (true, true) => 2.0 * b / (a - root),
            (true, false) => (a + root) / (2.0 * c),
        };
        let mut next = offset + eta / (omega + (omega * omega + eta).max(0.0).sqrt());
        if !(next > low && next < high) {
            next = if low == 0.0 || high == 0.0 { 0.5 * (low + high) } else { low + 0.5 * (high - low) };
        }
        if next == offset || !(next > low && next < high) {
            break;
        }
        offset = next;
    }
    Root { origin, offset }
}

/// The singular vectors of the arrow that has exactly these roots: of a z that differs from the given one by roundings. Rows are
/// written in the given order.
pub(super) fn vectors(
    d: &[f64],
    z: &[f64],
    roots: &[Root],
    order: &[usize],
    mut u: ArrayViewMut2<'_, f64>,
    mut v: ArrayViewMut2<'_, f64>,
) {
    let n = d.len();
    // zⱼ² = Π (ωᵢ² − dⱼ²) / Π (dᵢ² − dⱼ²), paired so that every quotient is near one.
    let mut squares = vec![1.0; n];
    for (i, root) in roots.iter().enumerate() {
        let until = if i + 1 < n { i + 1 } else { n };
        let above = if i + 1 < n { Some(d[i + 1]) } else { None };
        factors(&mut squares[..until], &d[..until], *root, above);
        factors(&mut squares[until..], &d[until..], *root, Some(d[i]));
    }
    let refined: Vec<f64> = squares.iter().zip(z).map(|(square, z)| square.abs().sqrt().copysign(*z)).collect();
    let (mut left, mut right) = (vec![0.0; n], vec![0.0; n]);
    for (i, root) in roots.iter().enumerate() {
        let (left_length, right_length) = pair(d, &refined, *root, &mut left, &mut right);
        let (left_factor, right_factor) = (1.0 / left_length, 1.0 / right_length);
        for (row, &j) in order.iter().enumerate() {
            u[[row, i]] = left[j] * left_factor;
            v[[row, i]] = right[j] * right_factor;
        }
    }
}

/// Multiplies by (ω² − dⱼ²), divided by (p² − dⱼ²) where p is given.
fn factors(squares: &mut [f64], d: &[f64], root: Root, p: Option<f64>) {
    match p {
        Some(p) => quotients(squares, d, root, p),
        None => squares.iter_mut().zip(d).for_each(|(square, d)| {
            *square *= ((root.origin - d) + root.offset) * ((root.origin + d) + root.offset);
        }),
    }
}

wide_kernel! {
    fn quotients(squares: &mut [f64], d: &[f64], root: Root, p: f64) = quotients_body
}

#[inline(always)]
fn quotients_body<const FMA: bool>(squares: &mut [f64], d: &[f64], root: Root, p: f64) {
    for (square, &d) in squares.iter_mut().zip(d) {
        let numerator = ((root.origin - d) + root.offset) * ((root.origin + d) + root.offset);
        *square *= numerator / ((p - d) * (p + d));
    }
}

wide_kernel! {
    /// The left and the right vector of a root, and their lengths.
    fn pair(d: &[f64], z: &[f64], root: Root, left: &mut [f64], right: &mut [f64]) -> (f64, f64) = pair_body
}

#[inline(always)]
fn pair_body<const FMA: bool>(d: &[f64], z: &[f64], root: Root, left: &mut [f64], right: &mut [f64]) -> (f64, f64) {
    let Root { origin, offset } = root;
    for (((&d, &z), left), right) in d.iter().zip(z).zip(left.iter_mut()).zip(right.iter_mut()) {
        let component = z / (((d - origin) - offset) * ((d + origin) + offset));
        *right = component;
        *left = d * component;
    }
    left[0] = -1.0;
    let length = |x: &[f64]| x.iter().map(|v| v * v).sum::<f64>().sqrt();
    (length(left), length(right))
}
