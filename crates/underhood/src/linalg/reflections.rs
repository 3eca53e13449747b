//! A matrix as a product of reflections and an upper triangle, in strips of columns.
//!
//! Strip after strip receives the reflections of all strips before it, and is then reflected itself: a strip stays in the cache
//! while the vectors stream by. Q is formed the same way from the unit vectors, last reflections first, skipping what is still zero.

use faer::Par;
use faer::linalg::triangular_solve::{solve_lower_triangular_in_place, solve_upper_triangular_in_place};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, s};

use super::bridge::{mat, mat_mut};
use super::householder::{self, Block, Kernels, Side, Width};
use super::strips::{Strips, WIDTH};

/// Strips that are treated together, so that the vectors are fetched less often.
const GROUP: usize = 4;

/// A = Q·R with Q as a product of reflections.
#[derive(Debug)]
pub(crate) struct Reflections<const B: usize = WIDTH> {
    /// The reflections' vectors; in the columns beyond them, what those have become.
    strips: Strips<B>,
    blocks: Vec<Block<B>>,
    columns: usize,
    /// How many reflections there are.
    size: usize,
}

impl<const B: usize> Reflections<B>
where
    Width: Kernels<B>,
{
    /// Factors a matrix of finite numbers.
    pub(crate) fn of(a: ArrayView2<'_, f64>) -> Self {
        let size = a.nrows().min(a.ncols());
        Reflections::leading(Strips::of(a), a.ncols(), size)
    }

    /// Reflects the first `size` columns onto the axes, and all columns with them.
    pub(crate) fn leading(mut strips: Strips<B>, columns: usize, size: usize) -> Self {
        let (rows, count, panels) = (strips.rows(), strips.count(), size.div_ceil(B));
        let mut blocks: Vec<Block<B>> = Vec::with_capacity(panels);
        for group in (0..count).step_by(GROUP) {
            let end = (group + GROUP).min(count);
            let (before, current) = strips.all_mut().split_at_mut(group * rows);
            for (p, block) in blocks.iter().enumerate() {
                let v = &before[p * rows..(p + 1) * rows];
                for strip in current.chunks_exact_mut(rows.max(1)).take(end - group) {
                    Width::apply(&v[p * B..], block, &mut strip[p * B..], Side::Back, (0, rows));
                }
            }
            for c in group..end.min(panels) {
                let (strip, after) = current[(c - group) * rows..(end - group) * rows].split_at_mut(rows);
                let mut block = Block::EMPTY;
                Width::reflect(&mut strip[c * B..], size - c * B, &mut block);
                for other in after.chunks_exact_mut(rows.max(1)) {
                    Width::apply(&strip[c * B..], &block, &mut other[c * B..], Side::Back, (0, rows));
                }
                blocks.push(block);
            }
        }
        Reflections { strips, blocks, columns, size }
    }

    /// Whether column `i` of Q, and row `i` of R, changes its sign to make R's diagonal positive.
    fn flips(&self, i: usize) -> bool {
        self.blocks[i / B].flips(i % B)
    }

    /// The first `rows` rows of R, with a diagonal that is not negative.
    pub(crate) fn triangle(&self, rows: usize) -> Array2<f64> {
        let mut r = Array2::zeros((rows, self.columns));
        for c in 0..self.strips.count() {
            let start = c * B;
            let width = B.min(self.columns - start);
            let end = if c < self.blocks.len() { start } else { rows };
            for (i, (row, mut out)) in self.strips.strip(c).iter().zip(r.rows_mut()).enumerate().take(end.min(rows)) {
                write_row(&row[..width], i < self.size && self.flips(i), out.slice_mut(s![start..start + width]));
            }
            if let Some(block) = self.blocks.get(c) {
                for i in start..rows.min(self.size).min(start + B) {
                    let out = r.slice_mut(s![i, start..start + width]);
                    write_row(&block.r[i - start][..width], self.flips(i), out);
                }
            }
        }
        r
    }

    /// Σ of squares of what is left of column `j` below the reflections' rows.
    pub(crate) fn rest(&self, j: usize) -> f64 {
        self.strips.strip(j / B)[self.size..].iter().map(|row| row[j % B] * row[j % B]).sum()
    }

    /// The first columns of Q.
    pub(crate) fn q(&self, columns: usize) -> Array2<f64> {
        let rows = self.strips.rows();
        let mut q = Array2::zeros((rows, columns));
        let mut work = Strips::<B>::zeros(rows, columns.min(GROUP * B));
        for group in (0..columns).step_by(GROUP * B) {
            let width = (columns - group).min(GROUP * B);
            work.all_mut().fill([0.0; B]);
            for i in group..group + width {
                let sign = if i < self.size && self.flips(i) { -1.0 } else { 1.0 };
                work.strip_mut((i - group) / B)[i][i % B] = sign;
            }
            for (p, block) in self.blocks.iter().enumerate().rev() {
                let v = &self.strips.strip(p)[p * B..];
                for c in 0..width.div_ceil(B) {
                    let first = group / B + c;
                    // Reflections further down leave these unit vectors alone; in between there are zeros only.
                    if p > first {
                        continue;
                    }
                    let last = first.min(self.blocks.len() - 1);
                    let filled = if p < last { (B, rows) } else { ((first - p) * B, (first - p + 1) * B) };
                    Width::apply(v, block, &mut work.strip_mut(c)[p * B..], Side::Forth, filled);
                }
            }
            work.read(0, 0, q.slice_mut(s![.., group..group + width]));
        }
        q
    }

    /// The first columns of Q, with the signs that `triangle` has, times `top`, a square matrix.
    pub(crate) fn expand(&self, top: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        let (rows, columns) = (self.strips.rows(), top.ncols());
        let mut work = Strips::<B>::zeros(rows, columns);
        work.write(top, 0, 0);
        for c in 0..work.count() {
            let strip = work.strip_mut(c);
            for (i, row) in strip.iter_mut().enumerate().take(self.size) {
                if self.flips(i) {
                    row.iter_mut().for_each(|v| *v = -*v);
                }
            }
            for (p, block) in self.blocks.iter().enumerate().rev() {
                let v = &self.strips.strip(p)[p * B..];
                let filled = if p + 1 == self.blocks.len() { self.size - p * B } else { rows };
                Width::apply(v, block, &mut strip[p * B..], Side::Forth, (0, filled));
            }
        }
        work.read(0, 0, out);
    }

    /// Overwrites the columns of `b` with Q·b or Qᵀ·b, for the Q of as many columns as rows.
    fn turn(&self, b: &mut Array2<f64>, side: Side) {
        let (rows, columns) = b.dim();
        let mut strips = Strips::<B>::of(b.view());
        for c in 0..columns.div_ceil(B) {
            let mut apply = |p: usize| {
                let v = &self.strips.strip(p)[p * B..];
                Width::apply(v, &self.blocks[p], &mut strips.strip_mut(c)[p * B..], side, (0, rows));
            };
            match side {
                Side::Back => (0..self.blocks.len()).for_each(&mut apply),
                Side::Forth => (0..self.blocks.len()).rev().for_each(&mut apply),
            }
        }
        strips.read(0, 0, b.view_mut());
    }

    /// Overwrites the columns of `b` with Q·b, with the signs that `triangle` has; Q has as many columns as rows.
    pub(crate) fn turn_forth(&self, b: &mut Array2<f64>) {
        self.orient(b);
        self.turn(b, Side::Forth);
    }

    /// The rows that the signs of R's diagonal change.
    fn orient(&self, b: &mut Array2<f64>) {
        for (i, mut row) in b.rows_mut().into_iter().enumerate().take(self.size) {
            if self.flips(i) {
                row.mapv_inplace(|v| -v);
            }
        }
    }

    /// Overwrites the columns of `b` with A⁻¹·b = R⁻¹·Qᵀ·b, for a square matrix.
    pub(crate) fn solve(&self, b: &mut Array2<f64>) {
        self.turn(b, Side::Back);
        self.orient(b);
        solve_upper_triangular_in_place(mat(self.triangle(self.size).view()), mat_mut(b.view_mut()), Par::Seq);
    }

    /// The same with A⁻ᵀ = Q·R⁻ᵀ.
    pub(crate) fn solve_transposed(&self, b: &mut Array2<f64>) {
        let r = self.triangle(self.size);
        solve_lower_triangular_in_place(mat(r.view()).transpose(), mat_mut(b.view_mut()), Par::Seq);
        self.turn_forth(b);
    }
}

impl Reflections {
    /// Reflections whose vectors and τ are known; the diagonal's signs become those of Q's columns.
    pub(crate) fn given(strips: Strips, size: usize, tau: &[f64], diagonal: &[f64]) -> Self {
        let blocks = (0..strips.count()).map(|p| {
            let range = p * WIDTH..size.min((p + 1) * WIDTH);
            let mut block = householder::joined(&strips.strip(p)[p * WIDTH..], &tau[range.clone()]);
            diagonal[range].iter().enumerate().for_each(|(i, &d)| block.r[i][i] = d);
            block
        });
        let blocks = blocks.collect();
        Reflections { strips, blocks, columns: size, size }
    }
}

fn write_row(row: &[f64], flips: bool, mut out: ndarray::ArrayViewMut1<'_, f64>) {
    // 0 − v, so that no zero becomes −0.
    out.iter_mut().zip(row).for_each(|(out, &v)| *out = if flips { 0.0 - v } else { v });
}
