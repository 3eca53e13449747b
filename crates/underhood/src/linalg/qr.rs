//! Orthogonal factorisation A = Q·R by Householder's reflections.
//!
//! Three ways to one result: up to 16×16 in fixed memory; in strips of sixteen columns; and for matrices much taller than wide, blocks
//! of rows that are factored one by one while they are in the cache, and then their triangles (J. Demmel, L. Grigori, M. Hoemmen,
//! J. Langou, SIAM J. Sci. Comput. 34 (2012), doi:10.1137/080731992).

use std::str::FromStr;

use ndarray::{Array2, ArrayView2, s};

use super::householder::{Block, Kernels, Side, Width};
use super::magnitude;
use super::reflections::Reflections;
use super::small;
use super::strips::Strips;
use crate::check;
use crate::error::{Error, Result};

/// How much of Q and R is wanted, for an m×n matrix with k = min(m, n).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QrMode {
    /// Q is m×k, R is k×n: an orthonormal basis of the column space.
    #[default]
    Reduced,
    /// Q is m×m, R is m×n: a basis of the whole space.
    Complete,
}

impl FromStr for QrMode {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "reduced" => Ok(QrMode::Reduced),
            "complete" => Ok(QrMode::Complete),
            _ => Err(Error::UnknownName {
                function: "qr",
                argument: "mode",
                value: name.into(),
                allowed: &["reduced", "complete", "r"],
            }),
        }
    }
}

impl QrMode {
    /// How many columns Q has.
    pub(super) fn columns(self, m: usize, n: usize) -> usize {
        match self {
            QrMode::Reduced => m.min(n),
            QrMode::Complete => m,
        }
    }
}

/// A = Q·R.
#[derive(Debug, Clone, PartialEq)]
pub struct Qr {
    /// Orthonormal columns: QᵀQ = I.
    pub q: Array2<f64>,
    /// Upper triangular; its diagonal is not negative.
    pub r: Array2<f64>,
}

/// The factorisation A = Q·R into orthonormal columns and an upper triangle.
///
/// R's diagonal is not negative, which makes both factors unique when A has full column rank (NumPy and SciPy leave the signs to
/// the method). Stable for every matrix: ‖A − Q·R‖ and ‖QᵀQ − I‖ stay within a few n·ε.
///
/// # Errors
/// [`Error::NotFinite`] for NaN or an infinity, [`Error::OutOfMemory`] when Q has no room, [`Error::Invalid`] when R lies beyond the range
/// of doubles.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::{QrMode, qr};
///
/// let a = array![[3.0, 1.0], [4.0, 2.0]];
/// let f = qr(a.view(), QrMode::Reduced)?;
/// assert!((f.q.dot(&f.r) - &a).iter().all(|e| e.abs() < 1e-14));
/// assert!((f.r[[0, 0]] - 5.0).abs() < 1e-14);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn qr(a: ArrayView2<'_, f64>, mode: QrMode) -> Result<Qr> {
    let (m, n) = a.dim();
    let columns = mode.columns(m, n);
    check::room("qr", "matrix Q", &[m, columns])?;
    check::room("qr", "matrix R", &[columns, n])?;
    scaled(a, |a| factor(a, columns))
}

/// R of A = Q·R alone: k×n with k = min(m, n), a diagonal that is not negative, and RᵀR = AᵀA.
///
/// # Errors
/// As [`qr`].
///
/// ```
/// use ndarray::array;
///
/// let r = underhood::linalg::qr_triangle(array![[3.0], [4.0]].view())?;
/// assert!((r[[0, 0]] - 5.0).abs() < 1e-14);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn qr_triangle(a: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
    Ok(scaled(a, |a| Qr { q: Array2::zeros((0, 0)), r: triangle(a) })?.r)
}

/// Factors a matrix whose entries were brought near one where squares of theirs would leave the range; powers of two change no digit.
fn scaled(a: ArrayView2<'_, f64>, factor: impl Fn(ArrayView2<'_, f64>) -> Qr) -> Result<Qr> {
    let largest = magnitude::largest("qr", "a", a)?;
    let of_column = |j: usize| a.column(j).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if largest == 0.0 || MODERATE.contains(&largest) {
        let f = factor(a);
        let vanished = |j: usize| f.r[[j, j]] < LEAST && (0.0..LEAST).contains(&of_column(j)) && of_column(j) > 0.0;
        if !(0..f.r.nrows().min(f.r.ncols())).any(vanished) {
            return Ok(f);
        }
    }
    // Each column by a power of its own, which changes neither Q nor, taken back, R: one for all would lose the small columns.
    let exponents: Vec<i32> = (0..a.ncols()).map(|j| magnitude::exponent(of_column(j))).collect();
    let mut f = factor(Array2::from_shape_fn(a.dim(), |(i, j)| libm::ldexp(a[[i, j]], -exponents[j])).view());
    for (mut column, &exponent) in f.r.columns_mut().into_iter().zip(&exponents) {
        column.mapv_inplace(|v| libm::ldexp(v, exponent));
    }
    check_range(f.r.view())?;
    Ok(f)
}

/// Columns can be longer than their entries are large.
pub(super) fn check_range(r: ArrayView2<'_, f64>) -> Result<()> {
    if r.iter().all(|v| v.is_finite()) {
        return Ok(());
    }
    let problem = "has a factor R beyond the range of doubles (1.8e308)".into();
    Err(Error::Invalid { function: "qr", argument: "a", problem })
}

/// Squares of columns as small as this leave the range.
const LEAST: f64 = 1e-130;

/// Within 2^±100 (and far beyond), squares and products of lengths are normal numbers even where columns differ much in length.
pub(super) const MODERATE: std::ops::RangeInclusive<f64> = 7.888_609_052_210_118e-31..=1.267_650_600_228_229_4e30;

/// Q with so many columns, and R with as many rows.
fn factor(a: ArrayView2<'_, f64>, columns: usize) -> Qr {
    match a.ncols() {
        0..=4 => factor_in_strips::<4>(a, columns),
        5..=8 => factor_in_strips::<8>(a, columns),
        _ => factor_in_strips::<16>(a, columns),
    }
}

fn factor_in_strips<const B: usize>(a: ArrayView2<'_, f64>, columns: usize) -> Qr
where
    Width: Kernels<B>,
{
    let (m, n) = a.dim();
    if m <= small::LIMIT && n <= small::LIMIT {
        return short(a, Some(columns));
    }
    if tall::pays::<B>(m, n) && columns == n {
        return tall::factor::<B>(a);
    }
    let reflections = Reflections::<B>::of(a);
    Qr { q: reflections.q(columns), r: reflections.triangle(columns) }
}

/// R of a matrix of moderate entries, with min(m, n) rows.
fn triangle(a: ArrayView2<'_, f64>) -> Array2<f64> {
    match a.ncols() {
        0..=4 => triangle_in_strips::<4>(a),
        5..=8 => triangle_in_strips::<8>(a),
        _ => triangle_in_strips::<16>(a),
    }
}

fn triangle_in_strips<const B: usize>(a: ArrayView2<'_, f64>) -> Array2<f64>
where
    Width: Kernels<B>,
{
    let (m, n) = a.dim();
    if m <= small::LIMIT && n <= small::LIMIT {
        return short(a, None).r;
    }
    if tall::pays::<B>(m, n) {
        return tall::triangle::<B>(a, a.slice(s![.., ..0]));
    }
    Reflections::<B>::of(a).triangle(m.min(n))
}

/// R of \[A B\], by blocks of rows, where that is worth while.
pub(super) fn triangle_by_blocks(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Option<Array2<f64>> {
    let (m, n) = (a.nrows(), a.ncols() + b.ncols());
    match n {
        0..=4 if tall::pays::<4>(m, n) => Some(tall::triangle::<4>(a, b)),
        5..=8 if tall::pays::<8>(m, n) => Some(tall::triangle::<8>(a, b)),
        9.. if tall::pays::<16>(m, n) => Some(tall::triangle::<16>(a, b)),
        _ => None,
    }
}

/// The short path; without columns of Q, Q stays empty.
fn short(a: ArrayView2<'_, f64>, columns: Option<usize>) -> Qr {
    match a.nrows().max(a.ncols()) {
        0..=4 => fixed::<4>(a, columns),
        5..=8 => fixed::<8>(a, columns),
        _ => fixed::<16>(a, columns),
    }
}

/// At most B rows and columns.
fn fixed<const B: usize>(a: ArrayView2<'_, f64>, columns: Option<usize>) -> Qr
where
    Width: Kernels<B>,
{
    let (m, n) = (a.nrows().min(B), a.ncols().min(B));
    let size = m.min(n);
    let mut strip = small::lay::<B>(a);
    let mut block = Block::EMPTY;
    Width::reflect(&mut strip[..m], size, &mut block);
    let mut signs = [1.0; B];
    for i in 0..size {
        if block.flips(i) {
            signs[i] = -1.0;
            // 0 − v, so that no zero becomes −0.
            block.r[i].iter_mut().for_each(|v| *v = 0.0 - *v);
        }
    }
    let rows = |rows: &[[f64; B]], width: usize| {
        let mut values = Vec::with_capacity(rows.len() * width);
        rows.iter().for_each(|row| values.extend_from_slice(&row[..width]));
        Array2::from_shape_vec((rows.len(), width), values).unwrap_or_else(|_| unreachable!("rows of one width"))
    };
    let r = rows(&block.r[..columns.unwrap_or(size).min(B)], n);
    let q = columns.map_or_else(
        || Array2::zeros((0, 0)),
        |columns| {
            let mut q = [[0.0; B]; B];
            for i in 0..columns.min(B) {
                q[i][i] = signs[i];
            }
            Width::apply(&strip[..m], &block, &mut q[..m], Side::Forth, (0, m));
            rows(&q[..m], columns.min(B))
        },
    );
    Qr { q, r }
}

/// Matrices much taller than wide, a block of rows at a time.
mod tall {
    use super::{Array2, ArrayView2, Kernels, Qr, Reflections, Strips, Width, s};

    /// Rows of a block of an n-column matrix: 32 kB of them, and enough that the triangles are little work beside them.
    fn block<const B: usize>(n: usize) -> usize {
        (8 * n).max(4096 / B)
    }

    /// Whether there are enough blocks, and a block fits into the cache.
    pub(super) fn pays<const B: usize>(m: usize, n: usize) -> bool {
        n <= 128 && m >= 2 * block::<B>(n)
    }

    /// Where the blocks begin and end; the last one takes what remains.
    fn blocks<const B: usize>(m: usize, n: usize) -> impl Iterator<Item = (usize, usize)> {
        let (size, count) = (block::<B>(n), m / block::<B>(n));
        (0..count).map(move |i| (i * size, if i + 1 == count { m } else { (i + 1) * size }))
    }

    /// R of \[A B\] alone: the triangle so far stands above the next block of rows.
    pub(super) fn triangle<const B: usize>(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Array2<f64>
    where
        Width: Kernels<B>,
    {
        let (m, n) = (a.nrows(), a.ncols() + b.ncols());
        let mut r = Array2::zeros((0, n));
        for (from, to) in blocks::<B>(m, n) {
            let mut strips = Strips::<B>::zeros(r.nrows() + to - from, n);
            strips.write(r.view(), 0, 0);
            strips.write(a.slice(s![from..to, ..]), r.nrows(), 0);
            strips.write(b.slice(s![from..to, ..]), r.nrows(), a.ncols());
            r = Reflections::leading(strips, n, n).triangle(n);
        }
        r
    }

    /// Q = diag(Q₁, Q₂, …)·Q′ where Q′·R are the factors of the blocks' triangles on top of each other.
    pub(super) fn factor<const B: usize>(a: ArrayView2<'_, f64>) -> Qr
    where
        Width: Kernels<B>,
    {
        let (m, n) = a.dim();
        let part = |(from, to)| Reflections::<B>::of(a.slice(s![from..to, ..]));
        let parts: Vec<Reflections<B>> = blocks::<B>(m, n).map(part).collect();
        let mut triangles = Array2::zeros((parts.len() * n, n));
        for (part, out) in parts.iter().zip(triangles.exact_chunks_mut((n, n))) {
            part.triangle(n).assign_to(out);
        }
        let whole = super::factor(triangles.view(), n);
        let mut q = Array2::zeros((m, n));
        for (((from, to), part), top) in blocks::<B>(m, n).zip(&parts).zip(whole.q.exact_chunks((n, n))) {
            part.expand(top, q.slice_mut(s![from..to, ..]));
        }
        Qr { q, r: whole.r }
    }
}
