//! Triangles: solving with one, T·X = B, and inverting one.
//!
//! Substitution in blocks as tall as a tile: the sum over what is known already and the small triangle on the diagonal are one step
//! (`tile`). From some size on the triangle is halved, and most of the work is one product (E. Peise and P. Bientinesi, ACM TOMS 44
//! (2017), doi:10.1145/3061664, give this and other recursions).

use ndarray::{Array2, ArrayView, ArrayView2, Dimension};

use super::condition::{IllConditioned, inverse_norm_1};
use super::magnitude;
use super::product::{Place, even, subtract};
use super::solve::{Solution, columns_of, in_shape, in_vector};
use super::tile::{Corner, Finish, LANES, Tile, kernels};
use crate::check;
use crate::error::{Error, Result};

/// Whether LAPACK's or SciPy's name for an operand means its transpose: `0` and `N` do not, `1`, `2`, `T` and `C` do.
///
/// # Errors
/// [`Error::UnknownName`] for any other name.
pub fn is_transposed(function: &'static str, argument: &'static str, name: &str) -> Result<bool> {
    match name {
        "0" | "N" | "n" => Ok(false),
        "1" | "2" | "T" | "t" | "C" | "c" => Ok(true),
        _ => {
            Err(Error::UnknownName { function, argument, value: name.into(), allowed: &["N", "T", "C", "0", "1", "2"] })
        }
    }
}

/// The x with T·x = b, or Tᵀ·x = b, for the lower or upper triangle T of `a`; the other triangle is not read.
///
/// By substitution, whose backward error is a few n·ε for every matrix. `unit_diagonal` takes the diagonal as ones, without reading it.
/// The solution carries a warning where the condition number of the triangle exceeds 10¹².
///
/// # Errors
/// [`Error::Shape`] when `a` is not square or `b` does not have as many rows, [`Error::NotFinite`] for NaN and infinities in what is
/// read, [`Error::Singular`] for a zero on the diagonal, [`Error::Invalid`] when the solution lies beyond the range of doubles.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::solve_triangular;
///
/// let l = array![[2.0, 0.0], [1.0, 4.0]];
/// assert_eq!(solve_triangular(l.view(), array![2.0, 9.0].view(), false, true, false)?.x, array![1.0, 2.0]);
/// assert_eq!(solve_triangular(l.view(), array![4.0, 8.0].view(), true, true, false)?.x, array![1.0, 2.0]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn solve_triangular<D: Dimension>(
    a: ArrayView2<'_, f64>,
    b: ArrayView<'_, f64, D>,
    transposed: bool,
    lower: bool,
    unit_diagonal: bool,
) -> Result<Solution<D>> {
    const FUNCTION: &str = "solve_triangular";
    let n = check::square(FUNCTION, "a", a)?;
    super::solve::fits(FUNCTION, a, &b)?;
    let shape = b.raw_dim();
    let b = columns_of(b);
    magnitude::largest(FUNCTION, "b", b).map_err(|error| in_vector(error, shape.ndim()))?;
    let kept = |i: usize, j: usize| if lower { i > j } else { i < j };
    let mut t = Array2::zeros((n, n));
    for ((i, j), &v) in a.indexed_iter() {
        if kept(i, j) || (i == j && !unit_diagonal) {
            if !v.is_finite() {
                return Err(Error::NotFinite { function: FUNCTION, argument: "a", value: v, index: vec![i, j] });
            }
            t[[i, j]] = v;
        } else if i == j {
            t[[i, j]] = 1.0;
        }
    }
    if let Some(pivot) = t.diag().iter().position(|&d| d == 0.0) {
        return Err(Error::Singular { function: FUNCTION, argument: "a", pivot });
    }
    let (t, lower) = if transposed { (t.reversed_axes(), !lower) } else { (t, lower) };
    let largest = magnitude::largest(FUNCTION, "a", t.view())?;
    let reciprocals: Vec<f64> = t.diag().iter().map(|d| 1.0 / d).collect();
    let careful = n <= super::small::LIMIT
        || !magnitude::is_comfortable(largest)
        || !reciprocals.iter().all(|r| magnitude::is_comfortable(r.abs()));
    let place = Place { at: t.as_ptr(), row: t.strides()[0], column: t.strides()[1] };
    let half = Half { place, n, lower, reciprocals: Some(&reciprocals) };
    let solve = |half: Half<'_>, x: &mut Array2<f64>| {
        if careful {
            let t = if half.lower == lower { t.view() } else { t.t() };
            substitute(t, half.lower, x);
        } else {
            let columns = x.ncols();
            // SAFETY: x has n rows of so many columns, by rows.
            unsafe { half.solve(x.as_mut_ptr(), columns as isize, columns) };
        }
    };
    let mut x = b.as_standard_layout().into_owned();
    solve(half, &mut x);
    if !x.iter().all(|v| v.is_finite()) {
        let problem = "has a solution beyond the range of doubles (1.8e308)".into();
        return Err(Error::Invalid { function: FUNCTION, argument: "b", problem });
    }
    // Scaled by a power of two, so that the estimate stays within the range.
    let shift = if largest == 0.0 { 0 } else { magnitude::exponent(largest) };
    let norm =
        t.columns().into_iter().map(|c| c.iter().map(|v| libm::ldexp(v.abs(), -shift)).sum()).fold(0.0, f64::max);
    let scaled = |half: Half<'_>, v: &mut Array2<f64>| {
        v.mapv_inplace(|v| libm::ldexp(v, shift));
        solve(half, v);
    };
    let inverse_norm = inverse_norm_1(n, |v| scaled(half, v), |v| scaled(half.transposed(), v));
    let warning = if n == 0 { None } else { IllConditioned::judge(FUNCTION, norm * inverse_norm) };
    Ok(Solution { x: in_shape(x, shape), warning })
}

/// Substitution as in the textbook, with divisions: exact where the numbers are small and whole.
fn substitute(t: ArrayView2<'_, f64>, lower: bool, x: &mut Array2<f64>) {
    let n = t.nrows();
    for i in 0..n {
        let i = if lower { i } else { n - 1 - i };
        let known = if lower { 0..i } else { i + 1..n };
        for j in 0..x.ncols() {
            let mut v = x[[i, j]];
            for k in known.clone() {
                if t[[i, k]] != 0.0 {
                    v -= t[[i, k]] * x[[k, j]];
                }
            }
            x[[i, j]] = v / t[[i, i]];
        }
    }
}

/// From this side on a triangle is halved.
const WORTH_HALVING: usize = 192;

/// A line of the cache, so that rows begin where a vector begins.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Line([f64; LANES]);

/// A matrix by rows that begin on lines of the cache, far enough from powers of two not to fall on one place of it.
#[derive(Debug)]
pub(crate) struct Rows {
    lines: Vec<Line>,
    /// The lines of a row.
    step: usize,
    height: usize,
    width: usize,
}

impl Rows {
    /// Room for a matrix. Every row begins as it happens to be.
    pub(crate) fn unwritten(height: usize, width: usize) -> Self {
        let step = width.div_ceil(LANES).max(1);
        let step = if step.is_multiple_of(8) { step + 1 } else { step };
        Rows { lines: vec![Line([0.0; LANES]); step * height], step, height, width }
    }

    /// A copy of a matrix with room for further columns.
    pub(crate) fn of(a: ArrayView2<'_, f64>, further: usize) -> Self {
        let (m, n) = a.dim();
        let mut rows = Self::unwritten(m, n + further);
        if a.strides()[1] == 1 {
            for (i, row) in a.rows().into_iter().enumerate() {
                if let Some(slice) = row.as_slice() {
                    rows.row_mut(i)[..n].copy_from_slice(slice);
                }
            }
        } else {
            // Tiles, so that reading across the rows stays in the cache.
            for block in (0..m).step_by(LANES) {
                for j in 0..n {
                    for i in block..(block + LANES).min(m) {
                        rows.row_mut(i)[j] = a[[i, j]];
                    }
                }
            }
        }
        rows
    }

    /// The identity.
    pub(crate) fn identity(n: usize) -> Self {
        let mut rows = Self::unwritten(n, n);
        for i in 0..n {
            rows.row_mut(i)[i] = 1.0;
        }
        rows
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The numbers from one row to the next.
    pub(crate) fn step(&self) -> isize {
        (self.step * LANES) as isize
    }

    pub(crate) fn all_mut(&mut self) -> &mut [f64] {
        // SAFETY: a line is eight numbers and nothing else.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.lines.len() * LANES) }
    }

    pub(crate) fn row(&self, i: usize) -> &[f64] {
        let lines = &self.lines[i * self.step..(i + 1) * self.step];
        // SAFETY: as above; a row is no longer than its lines.
        unsafe { std::slice::from_raw_parts(lines.as_ptr().cast(), self.width) }
    }

    pub(crate) fn row_mut(&mut self, i: usize) -> &mut [f64] {
        let lines = &mut self.lines[i * self.step..(i + 1) * self.step];
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts_mut(lines.as_mut_ptr().cast(), self.width) }
    }

    /// Exchanges two rows within these columns.
    pub(crate) fn swap(&mut self, i: usize, j: usize, columns: std::ops::Range<usize>) {
        let (first, second) = (i.min(j), i.max(j));
        if first == second || columns.is_empty() {
            return;
        }
        let step = self.step * LANES;
        let (above, below) = self.all_mut().split_at_mut(second * step);
        above[first * step..][columns.clone()].swap_with_slice(&mut below[columns]);
    }

    pub(crate) fn place(&self) -> Place {
        Place { at: self.lines.as_ptr().cast(), row: self.step(), column: 1 }
    }

    pub(crate) fn at_mut(&mut self, i: usize, j: usize) -> *mut f64 {
        debug_assert!(i <= self.height && j <= self.width);
        self.lines.as_mut_ptr().cast::<f64>().wrapping_add(i * self.step * LANES + j)
    }
}

/// One half of a square matrix, with its diagonal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Half<'a> {
    pub(crate) place: Place,
    pub(crate) n: usize,
    pub(crate) lower: bool,
    /// One over the diagonal; none for a diagonal of ones, which is not read.
    pub(crate) reciprocals: Option<&'a [f64]>,
}

impl Half<'_> {
    pub(crate) fn transposed(self) -> Self {
        let place = Place { at: self.place.at, row: self.place.column, column: self.place.row };
        Half { place, lower: !self.lower, ..self }
    }

    /// X ← T⁻¹·X.
    ///
    /// # Safety
    /// X must have n rows, `step` apart, of so many columns.
    pub(crate) unsafe fn solve(&self, x: *mut f64, step: isize, columns: usize) {
        // SAFETY: the caller's promise.
        unsafe { self.part(x, step, (0, self.n), |_| columns) }
    }

    /// X ← T⁻¹·X for a lower triangle and the identity X: nothing right of the diagonal is touched.
    ///
    /// # Safety
    /// X must have n rows, `step` apart, of n columns.
    pub(crate) unsafe fn invert(&self, x: *mut f64, step: isize) {
        debug_assert!(self.lower);
        // SAFETY: the caller's promise.
        unsafe { self.part(x, step, (0, self.n), |row| row) }
    }

    /// The rows from `first` to `last`, whose sums with rows outside of them are done; `width(i)` columns are wanted of the rows above i.
    unsafe fn part(
        &self,
        x: *mut f64,
        step: isize,
        (first, last): (usize, usize),
        width: impl Fn(usize) -> usize + Copy,
    ) {
        let row = |i: usize| x.wrapping_offset(i as isize * step);
        let kernels = kernels();
        if last - first >= WORTH_HALVING {
            let middle = first + ((last - first) / 2).next_multiple_of(LANES);
            let ((done, from), to) =
                if self.lower { ((first, middle), (middle, last)) } else { ((middle, last), (first, middle)) };
            let known = Place { at: row(done), row: step, column: 1 };
            // SAFETY: parts of X and T, of which the one that is written to overlaps no other.
            unsafe {
                self.part(x, step, (done, from), width);
                let size = (to.1 - to.0, width(from), from - done);
                subtract(row(to.0), step, size, self.place.from(to.0, done), known);
                self.part(x, step, to, width);
            }
            return;
        }
        let blocks = (last - first).div_ceil(kernels.rows);
        for block in 0..blocks {
            let block = if self.lower { block } else { blocks - 1 - block };
            let q = first + block * kernels.rows;
            let height = kernels.rows.min(last - q);
            let (from, depth) = if self.lower { (first, q - first) } else { (q + height, last - q - height) };
            let mut reciprocals = [1.0; LANES];
            if let Some(all) = self.reciprocals {
                reciprocals[..height].copy_from_slice(&all[q..q + height]);
            }
            let (row_step, column) = (self.place.row, self.place.column);
            let triangle = Corner { at: self.place.from(q, q).at, row: row_step, column, reciprocals };
            let columns = width(q + height);
            for (strip, count) in even(columns.div_ceil(LANES), kernels.vectors) {
                let start = strip * LANES;
                let mut tile = Tile {
                    depth,
                    a: self.place.from(q, from).at,
                    a_row: row_step,
                    a_column: column,
                    b: row(from).wrapping_add(start),
                    b_row: step,
                    c: row(q).wrapping_add(start),
                    c_row: step,
                    last: LANES,
                    finish: if self.lower { Finish::Lower(triangle) } else { Finish::Upper(triangle) },
                };
                // SAFETY: the tile lies within T and X.
                unsafe { kernels.run(height, (count * LANES).min(columns - start), &mut tile) };
            }
        }
    }
}
