//! Quantiles of many probabilities for fixed parameters, by Taylor's series of the quantile function about nodes.
//!
//! The smaller tail p ≤ ½ is sorted by its first bits into cells, four to each power of two. In the middle pₖ of a cell the quantile x is found
//! by Newton's method, once; then with p = pₖ(1 + t), |t| ≤ 1/9, x = xₖ·exp(c₁t + c₂t² + …), and nothing of p is lost, since p − pₖ is exact.
//! The coefficients come from the differential equation of the family: with L = ln x and D the density per unit of L,
//! K = dL/dt = ±pₖ/D obeys K′ = −(dlnD/dL)·K². (Series solutions of the quantile's differential equation: G. Steinbrecher and
//! W. T. Shaw 2008, doi:10.1017/S0956792508007341.)
//!
//! The quantile is singular only at p = 0 and 1, and where the distribution function has a limit elsewhere in the complex plane; but for beta
//! distributions with a + b < 1 the disc |t| < 1 is free of these. Where the last coefficients say otherwise, as where x leaves the range of
//! doubles, every point of the cell is served by itself.

use super::exponential::exp;
use super::lanes::MANY;
use super::tail::Side;
use crate::simd::{mul_add, wide_kernel};

/// How many coefficients are used: the last ones count 9⁻¹⁶/16 = 3e-17 beside the first.
pub(super) const COUNT: usize = 16;

/// The quantile about a node: value·exp(c₁t + c₂t² + …), p = pₖ(1 + t).
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// The quantile at the node.
    pub(super) value: f64,
    /// c₁, c₂, …
    pub(super) series: [f64; COUNT],
}

impl Node {
    /// Whether the value has all its digits, and the series has ended: beside an ulp of p, which counts c₁, or of x.
    fn serves(&self) -> bool {
        let rest = self.series[COUNT - 1].abs().max(self.series[COUNT - 2].abs() / 9.0) * 9_f64.powi(-(COUNT as i32));
        self.value.abs() > 1e-290
            && self.value.abs() < 1e290
            && self.series.iter().all(|c| c.is_finite())
            && rest < 5e-17 * self.series[0].abs().max(1.0)
    }
}

/// Cells down to the smallest normal number, for the lower and the upper tail.
const CELLS: usize = 4096;
/// Smaller probabilities are served one by one.
const LEAST: f64 = 1e-290;
/// The bits of a probability that say where it lies in its cell.
const WITHIN: u32 = 50;
/// So many probabilities at a time.
const BLOCK: usize = 512;
/// In place of a cell's node: not computed yet; or of no use.
const UNKNOWN: u16 = 0;
const USELESS: u16 = 1;

/// Replaces every p by the quantile of one side; `one` is the same for one p, `node` gives the node at a p for the tail of a side. They agree to
/// within rounding.
pub(super) fn quantiles_in_place(
    p: &mut [f64],
    side: Side,
    one: impl Fn(f64) -> f64,
    node: impl Fn(f64, Side) -> Node,
) {
    if p.len() < MANY {
        p.iter_mut().for_each(|p| *p = one(*p));
        return;
    }
    let mut places = vec![UNKNOWN; 2 * CELLS];
    let useless = Node { value: f64::NAN, series: [0.0; COUNT] };
    let mut nodes = vec![useless; 2];
    let (mut t, mut cells) = ([0.0; BLOCK], [0; BLOCK]);
    for block in p.chunks_mut(BLOCK) {
        let (t, cells) = (&mut t[..block.len()], &mut cells[..block.len()]);
        sort(block, side, t, cells);
        let mut odd = false;
        for cell in &mut *cells {
            let number = usize::from(*cell) % (2 * CELLS);
            if places[number] == UNKNOWN {
                let (middle, side) = middle(number);
                let found = if middle > LEAST { node(middle, side) } else { useless };
                places[number] = USELESS;
                if found.serves() {
                    places[number] = nodes.len() as u16;
                    nodes.push(found);
                }
            }
            *cell = places[number];
            odd |= *cell == USELESS;
        }
        // Where there is no node, what `evaluate` leaves in t is not used.
        evaluate(&nodes, cells, t);
        if odd {
            for ((value, &cell), p) in t.iter_mut().zip(&*cells).zip(&*block) {
                if cell == USELESS {
                    *value = one(*p);
                }
            }
        }
        block.copy_from_slice(t);
    }
}

/// The middle of a cell and its side.
fn middle(cell: usize) -> (f64, Side) {
    let side = if cell < CELLS { Side::Lower } else { Side::Upper };
    (f64::from_bits(((cell % CELLS) as u64) << WITHIN | 1 << (WITHIN - 1)), side)
}

wide_kernel! {
    /// The cell of every probability, and where it lies there: t. Outside (0, 1) the cell of 0.
    fn sort(p: &[f64], side: Side, t: &mut [f64], cells: &mut [u16]) = sort_body
}

#[inline(always)]
fn sort_body<const FMA: bool>(p: &[f64], side: Side, t: &mut [f64], cells: &mut [u16]) {
    /// The bits of ½, which is served by the cell below it.
    const HALF: u64 = 0x3fe0_0000_0000_0000;
    let upper = if side == Side::Upper { CELLS as u64 } else { 0 };
    for ((&p, t), cell) in p.iter().zip(t).zip(cells) {
        let turned = p > 0.5;
        let tail = if turned { 1.0 - p } else { p };
        let tail = if tail > 0.0 { tail } else { 0.0 };
        let bits = tail.to_bits();
        let bits = if bits < HALF { bits } else { HALF - 1 };
        let middle = f64::from_bits(bits >> WITHIN << WITHIN | 1 << (WITHIN - 1));
        *t = (tail - middle) / middle;
        *cell = ((bits >> WITHIN) + (upper ^ if turned { CELLS as u64 } else { 0 })) as u16;
    }
}

wide_kernel! {
    /// Replaces every t by the quantile that its node gives.
    fn evaluate(nodes: &[Node], places: &[u16], t: &mut [f64]) = evaluate_body
}

#[inline(always)]
fn evaluate_body<const FMA: bool>(nodes: &[Node], places: &[u16], t: &mut [f64]) {
    let mut values = [0.0; BLOCK];
    for ((t, &place), value) in t.iter_mut().zip(places).zip(&mut values) {
        let node = &nodes[usize::from(place)];
        // Four polynomials in t⁴ side by side: the coefficients of a node are one after the other.
        let (t1, t2) = (*t, *t * *t);
        let t4 = t2 * t2;
        let mut parts = [0.0; 4];
        for four in (0..COUNT).step_by(4).rev() {
            for (k, part) in parts.iter_mut().enumerate() {
                *part = mul_add::<FMA>(*part, t4, node.series[four + k]);
            }
        }
        *t = t1 * mul_add::<FMA>(t2, mul_add::<FMA>(parts[3], t1, parts[2]), mul_add::<FMA>(parts[1], t1, parts[0]));
        *value = node.value;
    }
    for (t, value) in t.iter_mut().zip(&values) {
        *t = value * exp::<FMA>(*t);
    }
}
