//! Central sums of blocks, and how they are merged.
//!
//! Within a block the sums are two-pass: the mean first, then powers of the deviations, with the correction for the rounding of
//! that mean. Blocks are merged in a balanced tree by the update formulas of T. F. Chan, G. H. Golub and R. J. LeVeque (1983,
//! doi:10.1080/00031305.1983.10483115), extended to third and fourth moments by P. Pébay (2008, doi:10.2172/1028931).

use crate::simd::{mul_add, wide_kernel};

/// Mean and sums of powers of the deviations from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sums {
    pub(super) n: f64,
    pub(super) mean: f64,
    pub(super) m2: f64,
    pub(super) m3: f64,
    pub(super) m4: f64,
}

/// Independent running sums, so that the compiler can keep whole vectors of them.
const LANES: usize = 16;

wide_kernel! {
    /// Σ(x − c), smallest and largest value of a block. The sum is NaN if a value is.
    pub(super) fn first_pass(x: &[f64], c: f64) -> (f64, f64, f64) = first_pass_body
}

#[inline(always)]
fn first_pass_body<const FMA: bool>(x: &[f64], c: f64) -> (f64, f64, f64) {
    let mut sums = [0.0; LANES];
    let mut lows = [f64::INFINITY; LANES];
    let mut highs = [f64::NEG_INFINITY; LANES];
    let (groups, tail) = x.as_chunks::<LANES>();
    for group in groups {
        for lane in 0..LANES {
            let value = group[lane];
            sums[lane] += value - c;
            lows[lane] = if value < lows[lane] { value } else { lows[lane] };
            highs[lane] = if value > highs[lane] { value } else { highs[lane] };
        }
    }
    for (lane, &value) in tail.iter().enumerate() {
        sums[lane] += value - c;
        lows[lane] = if value < lows[lane] { value } else { lows[lane] };
        highs[lane] = if value > highs[lane] { value } else { highs[lane] };
    }
    let low = lows.iter().fold(f64::INFINITY, |a, &b| if b < a { b } else { a });
    let high = highs.iter().fold(f64::NEG_INFINITY, |a, &b| if b > a { b } else { a });
    (folded(sums), low, high)
}

wide_kernel! {
    /// Σe, Σe², Σe³, Σe⁴ of the deviations e = (x − c) − m of a block.
    fn powers(x: &[f64], c: f64, m: f64) -> [f64; 4] = powers_body
}

#[inline(always)]
fn powers_body<const FMA: bool>(x: &[f64], c: f64, m: f64) -> [f64; 4] {
    let (mut first, mut second, mut third, mut fourth) = ([0.0; LANES], [0.0; LANES], [0.0; LANES], [0.0; LANES]);
    let (groups, tail) = x.as_chunks::<LANES>();
    for group in groups {
        for lane in 0..LANES {
            let e = (group[lane] - c) - m;
            let square = e * e;
            first[lane] += e;
            second[lane] += square;
            third[lane] = mul_add::<FMA>(square, e, third[lane]);
            fourth[lane] = mul_add::<FMA>(square, square, fourth[lane]);
        }
    }
    for (lane, &value) in tail.iter().enumerate() {
        let e = (value - c) - m;
        let square = e * e;
        first[lane] += e;
        second[lane] += square;
        third[lane] = mul_add::<FMA>(square, e, third[lane]);
        fourth[lane] = mul_add::<FMA>(square, square, fourth[lane]);
    }
    [folded(first), folded(second), folded(third), folded(fourth)]
}

#[inline(always)]
fn folded(mut lanes: [f64; LANES]) -> f64 {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] += lanes[lane + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// The central sums of a block whose Σ(x − c) is known.
pub(super) fn second_pass(x: &[f64], c: f64, sum: f64) -> Sums {
    let n = x.len() as f64;
    let mean = sum / n;
    corrected(n, mean, powers(x, c, mean))
}

/// The central sums of n values, by the sums of powers of the deviations e from about their mean. It is rounded; r = Σe/n is what it
/// lacks.
pub(super) fn corrected(n: f64, mean: f64, [e1, e2, e3, e4]: [f64; 4]) -> Sums {
    let r = e1 / n;
    Sums {
        n,
        mean: mean + r,
        m2: e2 - e1 * r,
        m3: e3 - 3.0 * r * e2 + 2.0 * e1 * r * r,
        m4: e4 - 4.0 * r * e3 + 6.0 * r * r * e2 - 3.0 * e1 * r * r * r,
    }
}

impl Sums {
    /// The sums of two samples together.
    fn merged(self, other: Sums) -> Sums {
        let (a, b) = (self, other);
        let n = a.n + b.n;
        let delta = b.mean - a.mean;
        let (share_a, share_b) = (a.n / n, b.n / n);
        let square = delta * delta;
        let between = square * a.n * share_b;
        Sums {
            n,
            mean: a.mean + delta * share_b,
            m2: a.m2 + b.m2 + between,
            m3: a.m3 + b.m3 + between * delta * (share_a - share_b) + 3.0 * delta * (share_a * b.m2 - share_b * a.m2),
            m4: a.m4
                + b.m4
                + between * square * (share_a * share_a - share_a * share_b + share_b * share_b)
                + 6.0 * square * (share_a * share_a * b.m2 + share_b * share_b * a.m2)
                + 4.0 * delta * (share_a * b.m3 - share_b * a.m3),
        }
    }
}

/// Merges blocks as a tournament would: equals with equals, so that rounding grows with the logarithm of their number.
#[derive(Default)]
pub(super) struct Tree {
    /// At place i the sums of 2ⁱ blocks, where bit i of `blocks` is set.
    levels: Vec<Sums>,
    blocks: usize,
}

impl Tree {
    pub(super) fn add(&mut self, mut sums: Sums) {
        let mut level = 0;
        while self.blocks >> level & 1 == 1 {
            sums = self.levels[level].merged(sums);
            level += 1;
        }
        match self.levels.get_mut(level) {
            Some(place) => *place = sums,
            None => self.levels.push(sums),
        }
        self.blocks += 1;
    }

    pub(super) fn total(&self) -> Sums {
        let mut filled = (0..self.levels.len()).filter(|level| self.blocks >> level & 1 == 1);
        match filled.next() {
            None => Sums { n: 0.0, mean: 0.0, m2: 0.0, m3: 0.0, m4: 0.0 },
            Some(first) => filled.fold(self.levels[first], |smaller, level| self.levels[level].merged(smaller)),
        }
    }
}
