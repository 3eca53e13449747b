//! Householder's reflections a strip of columns at a time: the kernels that `qr` is made of.
//!
//! A reflection H = I − τ·v·vᵀ with v = x ± ‖x‖·e₁ takes the column x to ∓‖x‖·e₁ (A. S. Householder, J. ACM 5 (1958),
//! doi:10.1145/320941.320947). A matrix is kept in strips of B columns, each stored by rows, so that a row of a strip is one or two
//! vector registers. Then one pass over the strip applies a reflection *and* takes the inner products of the next column with
//! all others: with its right neighbours (what the next reflection needs), with itself (its length) and with the reflections to
//! its left (what the product of all of them needs). That product is I − V·T·Vᵀ with an upper triangle T (R. Schreiber and
//! C. Van Loan, SIAM J. Sci. Stat. Comput. 10 (1989), doi:10.1137/0910005), and is applied to other strips as three products.

use super::strips::plus;
use crate::simd::{self, mul_add, wide_kernel};

/// A column whose squared length is less, 2⁻²⁰⁰, is multiplied by a power of two first: products of several such lengths underflow.
pub(super) const TINY: f64 = 6.223_015_277_861_142e-61;

/// What is kept of a strip's reflections beside their vectors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block<const B: usize> {
    /// Tᵀ, by rows.
    pub(crate) t: [[f64; B]; B],
    /// The upper triangle that stood where the vectors do now, a part of R; the signs of its diagonal are as they came.
    pub(crate) r: [[f64; B]; B],
}

impl<const B: usize> Block<B> {
    pub(crate) const EMPTY: Self = Block { t: [[0.0; B]; B], r: [[0.0; B]; B] };

    /// Whether row `i` of R is multiplied by −1, to make the diagonal positive.
    #[inline]
    pub(crate) fn flips(&self, i: usize) -> bool {
        self.r[i][i] < 0.0
    }
}

/// Reflects the first `count` columns of a strip onto its first axes, one after the other, and all columns with them. Afterwards
/// the strip holds the vectors v on and below the diagonal, and zeros above.
#[inline(always)]
fn reflect<const FMA: bool, const B: usize>(strip: &mut [[f64; B]], count: usize, block: &mut Block<B>) {
    let count = count.min(B).min(strip.len());
    *block = Block::EMPTY;
    let mut tails = if count > 0 { products::<FMA, B>(&strip[1..], 0) } else { [0.0; B] };
    for j in 0..count {
        let (above, below) = strip.split_at_mut(j + 1);
        let row = &mut above[j];
        let mut square = mul_add::<FMA>(row[j], row[j], tails[j]);
        let mut exponent = 0;
        if square < TINY {
            exponent = enlarge(row, below, j);
            tails = products::<FMA, B>(below, j);
            square = mul_add::<FMA>(row[j], row[j], tails[j]);
        }
        let first = row[j];
        // Nothing to take away: H = I, and the column stays as it is; but −0 becomes 0.
        if tails[j] == 0.0 {
            block.r[j] = upper(row, j, libm::ldexp(first, -exponent) + 0.0);
            if j + 1 < count {
                tails = products::<FMA, B>(&below[1..], j + 1);
            }
            continue;
        }
        let length = square.sqrt();
        let (value, lead) = if first > 0.0 { (-length, first + length) } else { (length, first - length) };
        // 2/(vᵀv)
        let tau = 1.0 / (length * (length + first.abs()));
        row[j] = lead;

        // vᵀ·(strip): to the right of j it makes the update, to the left the next column of T.
        let mut along = [0.0; B];
        for l in 0..B {
            along[l] = mul_add::<FMA>(lead, row[l], tails[l]);
        }
        block.t[j] = next_row::<FMA, B>(block, &along, tau, j);
        let mut factors = [0.0; B];
        for l in 0..B {
            factors[l] = if l > j { -tau * along[l] } else { 0.0 };
            row[l] = mul_add::<FMA>(lead, factors[l], row[l]);
        }
        block.r[j] = upper(row, j, if exponent == 0 { value } else { libm::ldexp(value, -exponent) });
        if j + 1 < B {
            tails = sweep::<FMA, B>(below, j, &factors);
        }
    }
}

/// T of reflections whose vectors and τ are known.
#[inline(always)]
fn join<const FMA: bool, const B: usize>(v: &[[f64; B]], tau: &[f64]) -> Block<B> {
    let mut block = Block::EMPTY;
    let mut gram = [[0.0; B]; B];
    super::strips::by_four::gather::<FMA, B, 4>(v, v, &mut gram);
    for (j, &tau) in tau.iter().enumerate().take(B) {
        block.t[j] = next_row::<FMA, B>(&block, &gram[j], tau, j);
    }
    block
}

wide_kernel! {
    /// T of sixteen reflections whose vectors and τ are known.
    pub(crate) fn joined(v: &[[f64; 16]], tau: &[f64]) -> Block<16> = joined_body
}
#[inline(always)]
fn joined_body<const FMA: bool>(v: &[[f64; 16]], tau: &[f64]) -> Block<16> {
    join::<FMA, 16>(v, tau)
}

/// Row j of Tᵀ: (τ, −τ·T·Vᵀv), where `along` is Vᵀv.
#[inline(always)]
fn next_row<const FMA: bool, const B: usize>(block: &Block<B>, along: &[f64; B], tau: f64, j: usize) -> [f64; B] {
    let mut row = [0.0; B];
    for q in 0..j {
        for l in 0..B {
            row[l] = mul_add::<FMA>(block.t[q][l], along[q], row[l]);
        }
    }
    for l in 0..B {
        row[l] *= -tau;
    }
    row[j] = tau;
    row
}

/// Moves row `j` of R out of a strip's row.
#[inline(always)]
fn upper<const B: usize>(row: &mut [f64; B], j: usize, diagonal: f64) -> [f64; B] {
    let mut out = [0.0; B];
    for l in 0..B {
        out[l] = if l > j { row[l] } else { 0.0 };
        row[l] = if l > j { 0.0 } else { row[l] };
    }
    out[j] = diagonal;
    out
}

/// Σ xᵢ·aᵢ over the rows, x being column `j`.
#[inline(always)]
fn products<const FMA: bool, const B: usize>(rows: &[[f64; B]], j: usize) -> [f64; B] {
    let j = j.min(B - 1);
    let mut sums = [0.0; B];
    for row in rows {
        let x = row[j];
        for l in 0..B {
            sums[l] = mul_add::<FMA>(x, row[l], sums[l]);
        }
    }
    sums
}

/// Adds multiples of column `j`, and takes the inner products of the column after it over all rows but the first.
#[inline(always)]
fn sweep<const FMA: bool, const B: usize>(rows: &mut [[f64; B]], j: usize, factors: &[f64; B]) -> [f64; B] {
    let (j, next) = (j.min(B - 1), (j + 1).min(B - 1));
    let mut sums = [[0.0; B]; 2];
    let Some((first, rest)) = rows.split_first_mut() else { return sums[0] };
    let x = first[j];
    for l in 0..B {
        first[l] = mul_add::<FMA>(x, factors[l], first[l]);
    }
    // Two rows at a time: each has its own sums, so that neither waits for the other.
    let (pairs, odd) = rest.as_chunks_mut::<2>();
    for pair in pairs {
        for (row, sums) in pair.iter_mut().zip(&mut sums) {
            let x = row[j];
            for l in 0..B {
                row[l] = mul_add::<FMA>(x, factors[l], row[l]);
            }
            let y = row[next];
            for l in 0..B {
                sums[l] = mul_add::<FMA>(y, row[l], sums[l]);
            }
        }
    }
    for row in odd {
        let x = row[j];
        for l in 0..B {
            row[l] = mul_add::<FMA>(x, factors[l], row[l]);
        }
        let y = row[next];
        for l in 0..B {
            sums[0][l] = mul_add::<FMA>(y, row[l], sums[0][l]);
        }
    }
    for l in 0..B {
        sums[0][l] += sums[1][l];
    }
    sums[0]
}

/// Multiplies what is left of a column by the power of two that brings its largest entry near one; that power.
#[cold]
#[inline(never)]
fn enlarge<const B: usize>(row: &mut [f64; B], below: &mut [[f64; B]], j: usize) -> i32 {
    let largest = below.iter().fold(row[j].abs(), |m, r| m.max(r[j].abs()));
    if largest == 0.0 {
        return 0;
    }
    let exponent = -libm::frexp(largest).1;
    row[j] = libm::ldexp(row[j], exponent);
    for row in below {
        row[j] = libm::ldexp(row[j], exponent);
    }
    exponent
}

/// Which of the two products of reflections is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Q = H₀·H₁·… = I − V·T·Vᵀ.
    Forth,
    /// Qᵀ = …·H₁·H₀ = I − V·Tᵀ·Vᵀ.
    Back,
}

/// T·along or Tᵀ·along, negated.
#[inline(always)]
fn turn<const FMA: bool, const B: usize>(block: &Block<B>, along: &[[f64; B]; B], side: Side) -> [[f64; B]; B] {
    let mut turned = [[0.0; B]; B];
    for p in 0..B {
        let mut sum = [0.0; B];
        let range = if side == Side::Forth { p..B } else { 0..p + 1 };
        for q in range {
            let factor = if side == Side::Forth { block.t[q][p] } else { block.t[p][q] };
            sum = plus::<FMA, B>(-factor, &along[q], sum);
        }
        turned[p] = sum;
    }
    turned
}

/// The kernels of one width.
macro_rules! width {
    ($module:ident, $b:literal) => {
        mod $module {
            use super::{Block, wide_kernel};

            wide_kernel! {
                /// See [`super::reflect`].
                pub(crate) fn reflect(strip: &mut [[f64; $b]], count: usize, block: &mut Block<$b>) = reflect_body
            }
            #[inline(always)]
            fn reflect_body<const FMA: bool>(strip: &mut [[f64; $b]], count: usize, block: &mut Block<$b>) {
                super::reflect::<FMA, $b>(strip, count, block);
            }
        }
    };
}
width!(four, 4);
width!(eight, 8);
width!(sixteen, 16);

/// The application to strips of one width, so many columns of theirs and of the vectors at a time.
macro_rules! tile {
    ($module:ident, $b:literal, $lanes:literal, $passes:ident) => {
        mod $module {
            use super::{Block, Side, wide_kernel};

            wide_kernel! {
                /// c ← c − V·(T or Tᵀ)·Vᵀ·c. Only the rows of `c` in `filled` are other than zero before.
                pub(crate) fn apply(v: &[[f64; $b]], block: &Block<$b>, c: &mut [[f64; $b]], side: Side, filled: (usize, usize)) = apply_body
            }
            #[inline(always)]
            fn apply_body<const FMA: bool>(v: &[[f64; $b]], block: &Block<$b>, c: &mut [[f64; $b]], side: Side, filled: (usize, usize)) {
                let rows = v.len().min(c.len());
                let (v, c) = (&v[..rows], &mut c[..rows]);
                let to = filled.1.min(rows);
                let from = filled.0.min(to);
                let mut along = [[0.0; $b]; $b];
                super::super::strips::$passes::gather::<FMA, $b, $lanes>(&v[from..to], &c[from..to], &mut along);
                let turned = super::turn::<FMA, $b>(block, &along, side);
                super::super::strips::$passes::spread::<FMA, $b, $lanes>(v, c, &turned);
            }
        }
    };
}
tile!(apply_four, 4, 4, by_four);
tile!(apply_eight, 8, 8, by_eight);
// 32 registers of 512 bits hold 16 sums of 8; 16 registers of 256 bits hold 8 sums of 4, or 128 bits half of that.
tile!(apply_wide, 16, 16, by_eight);
tile!(apply_narrow, 16, 8, by_four);

/// The kernels for strips of B columns.
pub(crate) trait Kernels<const B: usize> {
    /// Reflects the first `count` columns of a strip onto its first axes, and all columns with them. Afterwards the strip holds the
    /// vectors on and below the diagonal, and zeros above.
    fn reflect(strip: &mut [[f64; B]], count: usize, block: &mut Block<B>);

    /// c ← c − V·(T or Tᵀ)·Vᵀ·c. Only the rows of `c` in `filled` are other than zero before.
    fn apply(v: &[[f64; B]], block: &Block<B>, c: &mut [[f64; B]], side: Side, filled: (usize, usize));
}

/// The widths that there are kernels for.
#[derive(Debug)]
pub(crate) struct Width;

macro_rules! kernels {
    ($b:literal, $reflect:path, $apply:path) => {
        impl Kernels<$b> for Width {
            #[inline]
            fn reflect(strip: &mut [[f64; $b]], count: usize, block: &mut Block<$b>) {
                $reflect(strip, count, block);
            }

            #[inline]
            fn apply(v: &[[f64; $b]], block: &Block<$b>, c: &mut [[f64; $b]], side: Side, filled: (usize, usize)) {
                $apply(v, block, c, side, filled);
            }
        }
    };
}
kernels!(4, four::reflect, apply_four::apply);
kernels!(8, eight::reflect, apply_eight::apply);
kernels!(16, sixteen::reflect, apply_to_sixteen);

fn apply_to_sixteen(v: &[[f64; 16]], block: &Block<16>, c: &mut [[f64; 16]], side: Side, filled: (usize, usize)) {
    match simd::level() {
        simd::Level::Avx512 => apply_wide::apply(v, block, c, side, filled),
        _ => apply_narrow::apply(v, block, c, side, filled),
    }
}
