//! A matrix in strips of columns, and the products of strips that factorisations consist of.
//!
//! Each strip is stored by rows. Its rows are one or two vector registers and lie one after the other: no stride to cross, no edge to
//! treat apart. Products keep their sums in registers while both strips stream by (the idea of K. Goto and R. van de Geijn,
//! doi:10.1145/1356052.1356053, for the one shape that is needed here).

use ndarray::{ArrayView2, ArrayViewMut2, s};

use crate::simd::{self, mul_add, wide_kernel};

/// Columns in a strip of a matrix that is not narrow.
pub(super) const WIDTH: usize = 16;

/// A row of such a strip.
pub(super) type Row = [f64; WIDTH];

/// Strips of B columns, each stored by rows; the last one is filled up with zeros.
#[derive(Debug)]
pub(crate) struct Strips<const B: usize = WIDTH> {
    memory: Vec<f64>,
    /// Where the first full cache line begins: a row that crosses two costs twice.
    start: usize,
    rows: usize,
    count: usize,
}

impl<const B: usize> Strips<B> {
    pub(crate) fn zeros(rows: usize, columns: usize) -> Self {
        let count = columns.div_ceil(B);
        let memory = vec![0.0; count * rows * B + 7];
        let start = memory.as_ptr().align_offset(64).min(7);
        Strips { memory, start, rows, count }
    }

    pub(crate) fn of(a: ArrayView2<'_, f64>) -> Self {
        let mut strips = Strips::zeros(a.nrows(), a.ncols());
        strips.write(a, 0, 0);
        strips
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Copies a matrix into the strips, its first element to row `top` and column `at`.
    pub(crate) fn write(&mut self, a: ArrayView2<'_, f64>, top: usize, at: usize) {
        let (m, n) = a.dim();
        let by_rows = n == 1 || a.strides()[1] == 1;
        let mut from = 0;
        while from < n {
            let (strip, lane) = ((at + from) / B, (at + from) % B);
            let width = (B - lane).min(n - from);
            let part = a.slice(s![.., from..from + width]);
            let rows = &mut self.strip_mut(strip)[top..top + m];
            if by_rows {
                for (row, out) in part.rows().into_iter().zip(rows) {
                    if let Some(row) = row.to_slice() {
                        out[lane..lane + width].copy_from_slice(row);
                    }
                }
            } else {
                for (l, column) in part.columns().into_iter().enumerate() {
                    column.iter().zip(rows.iter_mut()).for_each(|(&v, out)| out[lane + l] = v);
                }
            }
            from += width;
        }
    }

    /// Copies the beginning of a row.
    pub(crate) fn write_row(&mut self, i: usize, row: &[f64]) {
        for (c, part) in row.chunks(B).enumerate() {
            self.strip_mut(c)[i][..part.len()].copy_from_slice(part);
        }
    }

    pub(crate) fn all_mut(&mut self) -> &mut [[f64; B]] {
        let length = self.count * self.rows * B;
        self.memory[self.start..self.start + length].as_chunks_mut().0
    }

    /// Rows of strip `c`.
    pub(crate) fn strip(&self, c: usize) -> &[[f64; B]] {
        let (from, length) = (self.start + c * self.rows * B, self.rows * B);
        self.memory[from..from + length].as_chunks().0
    }

    pub(crate) fn strip_mut(&mut self, c: usize) -> &mut [[f64; B]] {
        let rows = self.rows;
        &mut self.all_mut()[c * rows..(c + 1) * rows]
    }

    /// Copies rows `from`… of the strips back, strip `first` to the first columns of `out`.
    pub(crate) fn read(&self, from: usize, first: usize, mut out: ArrayViewMut2<'_, f64>) {
        let n = out.ncols();
        for (c, start) in (first..).zip((0..n).step_by(B)) {
            let width = B.min(n - start);
            let rows = &self.strip(c)[from..];
            for (row, mut out) in rows.iter().zip(out.slice_mut(s![.., start..start + width]).rows_mut()) {
                match out.as_slice_mut() {
                    Some(out) => out.copy_from_slice(&row[..width]),
                    None => out.iter_mut().zip(row).for_each(|(out, &v)| *out = v),
                }
            }
        }
    }
}

/// sum + factor·lanes.
#[inline(always)]
pub(super) fn plus<const FMA: bool, const LANES: usize>(
    factor: f64,
    lanes: &[f64; LANES],
    mut sum: [f64; LANES],
) -> [f64; LANES] {
    for l in 0..LANES {
        sum[l] = mul_add::<FMA>(factor, lanes[l], sum[l]);
    }
    sum
}

/// LANES columns of a row of a strip, from column `at`.
#[inline(always)]
fn part<const B: usize, const LANES: usize>(row: &[f64; B], at: usize) -> [f64; LANES] {
    let mut lanes = [0.0; LANES];
    lanes.copy_from_slice(&row[at..at + LANES]);
    lanes
}

/// The two passes over a strip, a group of V's columns and a vector of the strip's at a time. Each sum has a name of its own: as
/// elements of an array the compiler would keep them in memory.
macro_rules! passes {
    ($module:ident: $($sum:ident $q:literal),*) => {
        pub(super) mod $module {
            use super::{part, plus};

            const GROUP: usize = [$($q),*].len();

            /// along ← vᵀ·c.
            #[inline(always)]
            pub(crate) fn gather<const FMA: bool, const B: usize, const LANES: usize>(
                v: &[[f64; B]],
                c: &[[f64; B]],
                along: &mut [[f64; B]; B],
            ) {
                for group in (0..B).step_by(GROUP) {
                    for at in (0..B).step_by(LANES) {
                        $(let mut $sum = [0.0; LANES];)*
                        for (v, c) in v.iter().zip(c) {
                            let lanes = part::<B, LANES>(c, at);
                            $($sum = plus::<FMA, LANES>(v[group + $q], &lanes, $sum);)*
                        }
                        $(along[group + $q][at..at + LANES].copy_from_slice(&$sum);)*
                    }
                }
            }

            /// c ← c + v·factors.
            #[inline(always)]
            pub(crate) fn spread<const FMA: bool, const B: usize, const LANES: usize>(
                v: &[[f64; B]],
                c: &mut [[f64; B]],
                factors: &[[f64; B]; B],
            ) {
                for group in (0..B).step_by(GROUP) {
                    for at in (0..B).step_by(LANES) {
                        $(let $sum = part::<B, LANES>(&factors[group + $q], at);)*
                        for (v, c) in v.iter().zip(c.iter_mut()) {
                            let mut lanes = part::<B, LANES>(c, at);
                            $(lanes = plus::<FMA, LANES>(v[group + $q], &$sum, lanes);)*
                            c[at..at + LANES].copy_from_slice(&lanes);
                            // Rows are independent: without this the compiler takes eight at once, and transposes them.
                            std::hint::black_box(());
                        }
                    }
                }
            }
        }
    };
}
passes!(by_four: s0 0, s1 1, s2 2, s3 3);
passes!(by_eight: s0 0, s1 1, s2 2, s3 3, s4 4, s5 5, s6 6, s7 7);

wide_kernel! {
    fn add_wide(v: &[Row], c: &mut [Row], factors: &[Row; WIDTH]) = add_wide_body
}
#[inline(always)]
fn add_wide_body<const FMA: bool>(v: &[Row], c: &mut [Row], factors: &[Row; WIDTH]) {
    by_eight::spread::<FMA, WIDTH, 16>(v, c, factors);
}

wide_kernel! {
    fn add_narrow(v: &[Row], c: &mut [Row], factors: &[Row; WIDTH]) = add_narrow_body
}
#[inline(always)]
fn add_narrow_body<const FMA: bool>(v: &[Row], c: &mut [Row], factors: &[Row; WIDTH]) {
    by_four::spread::<FMA, WIDTH, 8>(v, c, factors);
}

/// c ← c + v·factors.
pub(crate) fn add_product(v: &[Row], c: &mut [Row], factors: &[Row; WIDTH]) {
    match simd::level() {
        simd::Level::Avx512 => add_wide(v, c, factors),
        _ => add_narrow(v, c, factors),
    }
}
