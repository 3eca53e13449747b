//! Rows that all planes of a training run judge alike, found by looking at a few of the planes.
//!
//! Descent leads from plane to plane along a smooth path: between two of them, a plane is nearly a mixture of both, w ≈ α·wₐ + β·w_b with
//! α, β ≥ 0. Where both put a row on the same side, farther than what the mixture leaves over can reach, so do all planes between. What it can
//! reach is bounded, column by column, by the rows that lie farthest from the middle; rounding is allowed for. Rows of which this
//! tells nothing have to be looked at plane by plane.

use ndarray::ArrayView2;

use super::moments::centre;
use super::rows::{BLOCK, Rows};
use crate::simd::{mul_add, wide_kernel};

/// So many planes are looked at.
const ANCHORS: usize = 8;

/// What a number for each anchor is kept in.
type Lanes = [f64; ANCHORS];

/// A few planes of a path, and how far the others are from mixtures of them.
pub(super) struct Path {
    centre: Vec<f64>,
    /// Weights of the anchors, column by column, and their biases.
    planes: Vec<Lanes>,
    bias: Lanes,
    /// The most that mixtures leave over of each column's weight, and of the net input at the centre, on both sides of an anchor; per unit of α + β.
    left: Vec<Lanes>,
    left_at_centre: Lanes,
    /// The largest weight of each column, and the largest bias.
    largest: Vec<f64>,
    largest_bias: f64,
    /// Room for how far the rows of a block lie from the centre.
    reach: Vec<f64>,
}

impl Path {
    /// The path of some planes (`weights`: planes × columns); nothing if a plane is no mixture at all of its neighbours.
    pub(super) fn of(rows: &Rows<'_>, weights: ArrayView2<'_, f64>, bias: &[f64]) -> Option<Self> {
        let columns = rows.columns;
        let centre = centre(rows);
        let sample = rows.count.min(BLOCK);
        let spread: Vec<f64> = (0..columns)
            .map(|j| ((0..sample).map(|i| (rows.row(i)[j] - centre[j]).powi(2)).sum::<f64>() / sample as f64).sqrt())
            .collect();
        // Each plane as the net input at the centre and what a spread of each column adds.
        let at_centre: Vec<f64> = weights
            .outer_iter()
            .zip(bias)
            .map(|(w, b)| b + w.iter().zip(&centre).map(|(w, c)| w * c).sum::<f64>())
            .collect();
        let scaled: Vec<Vec<f64>> = weights
            .outer_iter()
            .zip(&at_centre)
            .map(|(w, &z)| w.iter().zip(&spread).map(|(w, s)| w * s).chain([z]).collect())
            .collect();
        let anchors = evenly_apart(&scaled);

        let mut path = Path {
            planes: (0..columns).map(|j| anchors.map(|e| weights[(e, j)])).collect(),
            bias: anchors.map(|e| bias[e]),
            left: vec![[0.0; ANCHORS]; columns],
            left_at_centre: [0.0; ANCHORS],
            largest: weights.columns().into_iter().map(largest).collect(),
            largest_bias: bias.iter().fold(0.0, |most, b| b.abs().max(most)),
            reach: vec![0.0; columns],
            centre,
        };
        for k in 0..ANCHORS - 1 {
            let (a, b) = (anchors[k], anchors[k + 1]);
            for e in a + 1..b {
                let (alpha, beta) = mixture(&scaled[a], &scaled[b], &scaled[e]);
                let sum = alpha + beta;
                if !(sum > 0.0 && sum.is_finite()) {
                    return None;
                }
                let left = |of: &dyn Fn(usize) -> f64| ((of(e) - alpha * of(a) - beta * of(b)) / sum).abs();
                for (j, most) in path.left.iter_mut().enumerate() {
                    raise(most, k, left(&|e| weights[(e, j)]));
                }
                raise(&mut path.left_at_centre, k, left(&|e| at_centre[e]));
            }
        }
        Some(path)
    }

    /// The side of each row of a block on which all planes have it: 1 or −1; 0 where that remains to be seen.
    pub(super) fn judge(&mut self, block: &[f64], sides: &mut [f64]) {
        self.reach.fill(0.0);
        farthest(block, &self.centre, &mut self.reach);
        let mut least = self.left_at_centre;
        let mut size = self.largest_bias + self.left_at_centre.iter().fold(0.0, |most: f64, &l| most.max(l));
        for (j, left) in self.left.iter().enumerate() {
            let most = left.iter().fold(0.0, |most: f64, &l| most.max(l));
            size += (self.largest[j] + most) * (self.reach[j] + self.centre[j].abs());
            least.iter_mut().zip(left).for_each(|(least, left)| *least += left * self.reach[j]);
        }
        let rounding = 8.0 * (self.centre.len() + 4) as f64 * f64::EPSILON * size;
        least.iter_mut().for_each(|least| *least += rounding);
        sides_of_all(block, &self.planes, &self.bias, &least, sides);
    }
}

fn largest(column: ndarray::ArrayView1<'_, f64>) -> f64 {
    column.iter().fold(0.0, |most, w| w.abs().max(most))
}

/// What is left over between two anchors counts for both.
fn raise(lanes: &mut Lanes, k: usize, left: f64) {
    lanes[k] = lanes[k].max(left);
    lanes[k + 1] = lanes[k + 1].max(left);
}

/// Numbers of planes that divide the way of the planes' directions into equal parts; the first and the last are among them.
fn evenly_apart(planes: &[Vec<f64>]) -> [usize; ANCHORS] {
    let length = |v: &[f64]| v.iter().map(|v| v * v).sum::<f64>().sqrt();
    let turn = |pair: &[Vec<f64>]| {
        let (a, b) = (length(&pair[0]), length(&pair[1]));
        let parts = pair[0].iter().zip(&pair[1]).map(|(x, y)| (x / a - y / b).powi(2));
        // A plane without a direction is a whole turn away from every other.
        if a > 0.0 && b > 0.0 { parts.sum::<f64>().sqrt() } else { 1.0 }
    };
    let mut way = vec![0.0];
    for pair in planes.windows(2) {
        way.push(way[way.len() - 1] + turn(pair));
    }
    let whole = way[way.len() - 1];
    let mut anchors = [0; ANCHORS];
    for (k, anchor) in anchors.iter_mut().enumerate() {
        let share = k as f64 / (ANCHORS - 1) as f64 * whole;
        *anchor = way.partition_point(|&way| way < share).min(planes.len() - 1);
    }
    anchors[ANCHORS - 1] = planes.len() - 1;
    anchors
}

/// α, β ≥ 0 that make α·a + β·b like c (least squares, or less where a sign is wrong).
fn mixture(a: &[f64], b: &[f64], c: &[f64]) -> (f64, f64) {
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let (aa, ab, bb, ac, bc) = (dot(a, a), dot(a, b), dot(b, b), dot(a, c), dot(b, c));
    let determinant = aa * bb - ab * ab;
    let (alpha, beta) = ((ac * bb - bc * ab) / determinant, (bc * aa - ac * ab) / determinant);
    if determinant > 1e-10 * aa * bb && alpha >= 0.0 && beta >= 0.0 {
        return (alpha, beta);
    }
    // One of them alone.
    if ac * ac * bb > bc * bc * aa { ((ac / aa).max(0.0), 0.0) } else { (0.0, (bc / bb).max(0.0)) }
}

wide_kernel! {
    /// reach ← the larger of it and |x − c|, column by column.
    fn farthest(block: &[f64], centre: &[f64], reach: &mut [f64]) = farthest_body
}

#[inline(always)]
fn farthest_body<const FMA: bool>(block: &[f64], centre: &[f64], reach: &mut [f64]) {
    let columns = reach.len();
    let centre = &centre[..columns];
    for row in block.chunks_exact(columns) {
        for j in 0..columns {
            let d = (row[j] - centre[j]).abs();
            reach[j] = if d > reach[j] { d } else { reach[j] };
        }
    }
}

wide_kernel! {
    /// 1 where all net inputs of a row are above `least`, −1 where all are below −`least`, 0 elsewhere.
    fn sides_of_all(block: &[f64], planes: &[Lanes], bias: &Lanes, least: &Lanes, sides: &mut [f64]) = sides_of_all_body
}

#[inline(always)]
fn sides_of_all_body<const FMA: bool>(block: &[f64], planes: &[Lanes], bias: &Lanes, least: &Lanes, sides: &mut [f64]) {
    /// So many rows at a time keep both units of multiplication busy.
    const ROWS: usize = 8;
    let columns = planes.len();
    let some = block.chunks_exact(ROWS * columns);
    let rest = some.remainder();
    let (sides_of_some, sides_of_rest) = sides.split_at_mut(sides.len() - sides.len() % ROWS);
    for (rows, sides) in some.zip(sides_of_some.chunks_exact_mut(ROWS)) {
        let mut z = [*bias; ROWS];
        for (j, w) in planes.iter().enumerate() {
            for row in 0..ROWS {
                let x = rows[row * columns + j];
                for lane in 0..ANCHORS {
                    z[row][lane] = mul_add::<FMA>(x, w[lane], z[row][lane]);
                }
            }
        }
        for row in 0..ROWS {
            sides[row] = side(&z[row], least);
        }
    }
    for (row, out) in rest.chunks_exact(columns).zip(sides_of_rest) {
        let mut z = *bias;
        for (&x, w) in row.iter().zip(planes) {
            for lane in 0..ANCHORS {
                z[lane] = mul_add::<FMA>(x, w[lane], z[lane]);
            }
        }
        *out = side(&z, least);
    }
}

#[inline(always)]
fn side(z: &Lanes, least: &Lanes) -> f64 {
    let (mut above, mut below) = (true, true);
    for lane in 0..ANCHORS {
        above &= z[lane] > least[lane];
        below &= z[lane] < -least[lane];
    }
    f64::from(i8::from(above) - i8::from(below))
}
