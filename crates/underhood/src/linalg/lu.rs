//! Elimination with partial pivoting, P·A = L·U, of matrices of any size, with right-hand sides carried along.
//!
//! The matrix lies by rows. Eight columns at a time are brought up to date (after P. D. Crout, 1941: each element is touched once, by one
//! long sum), turned, so that a column is contiguous, factored with the search for pivots, and turned back; then the eight rows of U to
//! their right follow. Large matrices are cut into blocks of columns, behind each of which the rest is updated by one product
//! (Golub and Van Loan, Matrix Computations, 4th edition, §3.4.8). Whatever stands to the right of A is transformed like A's rows.

use ndarray::{Array2, ArrayView2};

use super::product::{even, subtract};
use super::tile::{Corner, Finish, LANES, Tile, kernels};
use super::triangular::{Half, Rows};
use crate::simd::{mul_add, wide_kernel};

/// Up to this side everything is one block.
pub(crate) const ONE_BLOCK: usize = 320;

/// The columns of a block of a larger matrix.
pub(crate) const BLOCK: usize = 128;

/// L and U of a square matrix.
#[derive(Debug)]
pub(crate) struct Lu {
    /// L below the diagonal (its own diagonal is one), U on and above it, then what was carried.
    rows: Rows,
    n: usize,
    /// Row i of the permuted matrix is row order\[i\] of the matrix.
    order: Vec<usize>,
    /// One over U's diagonal.
    reciprocals: Vec<f64>,
    /// Whether the permutation changes the determinant's sign.
    odd: bool,
    /// The first pivot that is zero. Nothing behind it was computed.
    zero: Option<usize>,
}

impl Lu {
    /// Factors a square matrix of finite numbers.
    pub(crate) fn of(a: ArrayView2<'_, f64>) -> Self {
        Self::carrying(a, 0, |_, _| {})
    }

    /// Factors a matrix and turns further columns b into L⁻¹·P·b on the way; `carried` writes a row of them.
    pub(crate) fn carrying(a: ArrayView2<'_, f64>, columns: usize, carried: impl Fn(usize, &mut [f64])) -> Self {
        let n = a.nrows();
        let mut rows = Rows::of(a, columns);
        for i in 0..n {
            carried(i, &mut rows.row_mut(i)[n..]);
        }
        let mut it = Lu { rows, n, order: (0..n).collect(), reciprocals: vec![0.0; n], odd: false, zero: None };
        let block = if n <= ONE_BLOCK { n.max(1) } else { BLOCK };
        let mut turned = Rows::unwritten(LANES, n.next_multiple_of(LANES));
        for start in (0..n).step_by(block) {
            it.eliminate(start, (start + block).min(n), &mut turned);
            if it.zero.is_some() {
                break;
            }
        }
        it
    }

    /// Eliminates the columns from `start` to `end`, and brings everything to their right and below up to date.
    fn eliminate(&mut self, start: usize, end: usize, turned: &mut Rows) {
        let (n, width, step) = (self.n, self.rows.width(), self.rows.step());
        let kernels = kernels();
        for p in (start..end).step_by(LANES) {
            let columns = LANES.min(end - p);
            let all = self.rows.place();
            for (i, height) in even(n - p, kernels.rows) {
                let (a, b) = (all.from(p + i, start), all.from(start, p));
                let mut tile = Tile {
                    depth: p - start,
                    a: a.at,
                    a_row: step,
                    a_column: 1,
                    b: b.at,
                    b_row: step,
                    c: self.rows.at_mut(p + i, p),
                    c_row: step,
                    last: LANES,
                    finish: Finish::Subtract,
                };
                if p > start {
                    // SAFETY: the tile lies within the rows.
                    unsafe { kernels.run(height, columns, &mut tile) };
                }
            }
            let mut pivots = [0; LANES];
            let zero = panel(&mut self.rows, p, n - p, columns, turned, &mut pivots);
            let done = zero.unwrap_or(columns);
            for (k, &pivot) in pivots[..done].iter().enumerate() {
                if pivot != k {
                    self.rows.swap(p + k, p + pivot, 0..p);
                    self.rows.swap(p + k, p + pivot, p + columns..width);
                    self.order.swap(p + k, p + pivot);
                    self.odd = !self.odd;
                }
                self.reciprocals[p + k] = 1.0 / self.rows.row(p + k)[p + k];
            }
            if let Some(k) = zero {
                self.zero = Some(p + k);
                return;
            }
            let to = if end == n { width } else { end };
            self.rows_of_u((p, p + columns), start, (p + columns, to));
        }
        if end < n {
            self.rows_of_u((start, end), start, (end, width));
            let all = self.rows.place();
            // SAFETY: three parts of the rows, of which the one that is written to overlaps no other.
            unsafe {
                let to = self.rows.at_mut(end, end);
                subtract(to, step, (n - end, width - end, end - start), all.from(end, start), all.from(start, end));
            }
        }
    }

    /// U's rows `first..last` in the columns `from..to`: U = L⁻¹·(A − L·U), with sums that begin at column `start`.
    fn rows_of_u(&mut self, (first, last): (usize, usize), start: usize, (from, to): (usize, usize)) {
        let (step, kernels) = (self.rows.step(), kernels());
        if from >= to {
            return;
        }
        for q in (first..last).step_by(kernels.rows) {
            let height = kernels.rows.min(last - q);
            let all = self.rows.place();
            let triangle = Corner { at: all.from(q, q).at, row: step, column: 1, reciprocals: [1.0; LANES] };
            for (strip, count) in even((to - from).div_ceil(LANES), kernels.vectors) {
                let column = from + strip * LANES;
                let mut tile = Tile {
                    depth: q - start,
                    a: all.from(q, start).at,
                    a_row: step,
                    a_column: 1,
                    b: all.from(start, column).at,
                    b_row: step,
                    c: self.rows.at_mut(q, column),
                    c_row: step,
                    last: LANES,
                    finish: Finish::Lower(triangle),
                };
                // SAFETY: the tile lies within the rows.
                unsafe { kernels.run(height, (count * LANES).min(to - column), &mut tile) };
            }
        }
    }

    /// The pivots, which are U's diagonal.
    pub(crate) fn pivots(&self) -> impl Iterator<Item = f64> {
        (0..self.n).map(|i| self.rows.row(i)[i])
    }

    /// The first pivot that is zero.
    pub(crate) fn zero_pivot(&self) -> Option<usize> {
        self.zero
    }

    /// Whether entries left the range of doubles: a matrix of more than a thousand rows can make them grow so far, and so can a
    /// subnormal pivot, whose reciprocal is infinite.
    pub(crate) fn overflowed(&self) -> bool {
        self.zero.is_none() && !self.pivots().zip(&self.reciprocals).all(|(p, r)| p.is_finite() && r.is_finite())
    }

    /// Whether the permutation's determinant is −1.
    pub(crate) fn is_odd(&self) -> bool {
        self.odd
    }

    /// The largest |uᵢⱼ|, which beside the largest |aᵢⱼ| shows how far elimination made entries grow.
    pub(crate) fn largest_of_u(&self) -> f64 {
        (0..self.n).map(|i| super::magnitude::largest_of(&self.rows.row(i)[i..self.n])).fold(0.0, f64::max)
    }

    fn lower(&self) -> Half<'_> {
        Half { place: self.rows.place(), n: self.n, lower: true, reciprocals: None }
    }

    fn upper(&self) -> Half<'_> {
        Half { place: self.rows.place(), n: self.n, lower: false, reciprocals: Some(&self.reciprocals) }
    }

    /// What became of the carried columns, after substitution: A⁻¹·b, by rows.
    pub(crate) fn carried(&mut self) -> Carried<'_> {
        let (columns, step) = (self.rows.width() - self.n, self.rows.step());
        let at = self.rows.at_mut(0, self.n);
        if columns > 0 {
            // SAFETY: the carried columns begin behind the n-th of each row.
            unsafe { self.upper().solve(at, step, columns) };
        }
        Carried { rows: &self.rows, n: self.n }
    }

    /// Overwrites b with A⁻¹·b.
    pub(crate) fn solve(&self, b: &mut Array2<f64>) {
        let mut x = Array2::from_shape_fn(b.dim(), |(i, j)| b[[self.order[i], j]]);
        let (columns, at) = (b.ncols(), x.as_mut_ptr());
        // SAFETY: x has n rows of so many columns.
        unsafe {
            self.lower().solve(at, columns as isize, columns);
            self.upper().solve(at, columns as isize, columns);
        }
        *b = x;
    }

    /// The same with A⁻ᵀ.
    pub(crate) fn solve_transposed(&self, b: &mut Array2<f64>) {
        let mut y = b.as_standard_layout().into_owned();
        let (columns, at) = (b.ncols(), y.as_mut_ptr());
        // SAFETY: as above.
        unsafe {
            self.upper().transposed().solve(at, columns as isize, columns);
            self.lower().transposed().solve(at, columns as isize, columns);
        }
        for (from, &to) in y.rows().into_iter().zip(&self.order) {
            b.row_mut(to).assign(&from);
        }
    }

    /// A⁻¹ = U⁻¹·L⁻¹·P, of which L⁻¹ is a lower triangle.
    pub(crate) fn inverse(&self) -> Array2<f64> {
        let n = self.n;
        let mut x = Rows::identity(n);
        let (at, step) = (x.at_mut(0, 0), x.step());
        // SAFETY: x is n×n.
        unsafe {
            self.lower().invert(at, step);
            self.upper().solve(at, step, n);
        }
        let mut inverse = Array2::uninit((n, n));
        for (i, mut row) in inverse.rows_mut().into_iter().enumerate() {
            for (&v, &to) in x.row(i).iter().zip(&self.order) {
                row[to].write(v);
            }
        }
        // SAFETY: `order` is a permutation, so that every element was written.
        unsafe { inverse.assume_init() }
    }
}

/// The carried columns.
pub(crate) struct Carried<'a> {
    rows: &'a Rows,
    n: usize,
}

impl Carried<'_> {
    /// Row i.
    pub(crate) fn row(&self, i: usize) -> &[f64] {
        &self.rows.row(i)[self.n..]
    }
}

/// Factors the columns from p on, of the last m rows, with partial pivoting: `pivots[k]` is the row that came to place k. The column
/// without a pivot, if any.
fn panel(
    rows: &mut Rows,
    p: usize,
    m: usize,
    columns: usize,
    turned: &mut Rows,
    pivots: &mut [usize; LANES],
) -> Option<usize> {
    let (step, length) = (rows.step() as usize, turned.step() as usize);
    let (all, t) = (&mut rows.all_mut()[p * step + p..], turned.all_mut());
    if columns == LANES {
        turn(all, step, t, length, m);
    } else {
        for i in 0..m {
            for j in 0..columns {
                t[j * length + i] = all[i * step + j];
            }
        }
    }
    let zero = factor(t, length, m, columns, pivots);
    if columns == LANES {
        turn_back(t, length, all, step, m);
    } else {
        for i in 0..m {
            for j in 0..columns {
                all[i * step + j] = t[j * length + i];
            }
        }
    }
    zero
}

wide_kernel! {
    /// Turns m rows of eight, `step` apart, into eight columns, `length` apart.
    fn turn(from: &[f64], step: usize, to: &mut [f64], length: usize, m: usize) = turn_body
}

#[inline(always)]
fn turn_body<const FMA: bool>(from: &[f64], step: usize, to: &mut [f64], length: usize, m: usize) {
    let row = |i: usize| -> [f64; LANES] {
        let row = &from[i * step..][..LANES];
        std::array::from_fn(|j| row[j])
    };
    let whole = m / LANES * LANES;
    for block in (0..whole).step_by(LANES) {
        let rows: [[f64; LANES]; LANES] = std::array::from_fn(|i| row(block + i));
        for j in 0..LANES {
            let column: [f64; LANES] = std::array::from_fn(|i| rows[i][j]);
            to[j * length + block..][..LANES].copy_from_slice(&column);
        }
    }
    for i in whole..m {
        for (j, &v) in row(i).iter().enumerate() {
            to[j * length + i] = v;
        }
    }
}

wide_kernel! {
    /// Turns eight columns, `length` apart, into m rows of eight, `step` apart.
    fn turn_back(from: &[f64], length: usize, to: &mut [f64], step: usize, m: usize) = turn_back_body
}

#[inline(always)]
fn turn_back_body<const FMA: bool>(from: &[f64], length: usize, to: &mut [f64], step: usize, m: usize) {
    let whole = m / LANES * LANES;
    for block in (0..whole).step_by(LANES) {
        let columns: [[f64; LANES]; LANES] = std::array::from_fn(|j| {
            let column = &from[j * length + block..][..LANES];
            std::array::from_fn(|i| column[i])
        });
        for i in 0..LANES {
            let row: [f64; LANES] = std::array::from_fn(|j| columns[j][i]);
            to[(block + i) * step..][..LANES].copy_from_slice(&row);
        }
    }
    for i in whole..m {
        for j in 0..LANES {
            to[i * step + j] = from[j * length + i];
        }
    }
}

wide_kernel! {
    /// Factors up to eight columns of m rows, `length` apart, each brought up to date when its turn comes.
    fn factor(t: &mut [f64], length: usize, m: usize, columns: usize, pivots: &mut [usize; LANES]) -> Option<usize> = factor_body
}

#[inline(always)]
fn factor_body<const FMA: bool>(
    t: &mut [f64],
    length: usize,
    m: usize,
    columns: usize,
    pivots: &mut [usize; LANES],
) -> Option<usize> {
    for j in 0..columns.min(LANES) {
        let (left, rest) = t.split_at_mut(j * length);
        let column = &mut rest[..m];
        // The first rows of the column become U's.
        for k in 0..j {
            let known = column[k];
            for i in k + 1..j {
                column[i] = mul_add::<FMA>(-known, left[k * length + i], column[i]);
            }
        }
        let largest = match j {
            0 => update::<FMA, 0>(left, length, column, j),
            1 => update::<FMA, 1>(left, length, column, j),
            2 => update::<FMA, 2>(left, length, column, j),
            3 => update::<FMA, 3>(left, length, column, j),
            4 => update::<FMA, 4>(left, length, column, j),
            5 => update::<FMA, 5>(left, length, column, j),
            6 => update::<FMA, 6>(left, length, column, j),
            _ => update::<FMA, 7>(left, length, column, j),
        };
        // The largest is zero, too, of a column where an overflow has left no numbers.
        if largest == 0.0 && column[j..].iter().all(|&v| v == 0.0) {
            return Some(j);
        }
        // The first of the largest; j itself where an overflow has left no number to find.
        let pivot = column[j..].iter().position(|v| v.abs() == largest).unwrap_or(0) + j;
        pivots[j] = pivot;
        let reciprocal = 1.0 / column[pivot];
        if pivot != j {
            for k in 0..columns {
                t.swap(k * length + j, k * length + pivot);
            }
        }
        for v in &mut t[j * length + j + 1..j * length + m] {
            *v *= reciprocal;
        }
    }
    None
}

/// column −= Σₖ lₖ·uₖ from row j on, where uₖ is the column's k-th entry; the largest magnitude there.
#[inline(always)]
fn update<const FMA: bool, const K: usize>(left: &[f64], length: usize, column: &mut [f64], j: usize) -> f64 {
    let m = column.len();
    let known: [f64; K] = std::array::from_fn(|k| -column[k]);
    let columns: [&[f64]; K] = std::array::from_fn(|k| &left[k * length..][..m]);
    let mut largest = 0.0_f64;
    let head = LANES.min(m);
    let whole = head + (m - head) / LANES * LANES;
    for i in (j..head).chain(whole..m) {
        let mut v = column[i];
        for k in 0..K {
            v = mul_add::<FMA>(known[k], columns[k][i], v);
        }
        column[i] = v;
        largest = largest.max(v.abs());
    }
    let mut lanes = [0.0_f64; LANES];
    for block in (head..whole).step_by(LANES) {
        let mut v: [f64; LANES] = std::array::from_fn(|lane| column[block + lane]);
        for k in 0..K {
            let l = &columns[k][block..block + LANES];
            for lane in 0..LANES {
                v[lane] = mul_add::<FMA>(known[k], l[lane], v[lane]);
            }
        }
        column[block..block + LANES].copy_from_slice(&v);
        for lane in 0..LANES {
            let size = v[lane].abs();
            lanes[lane] = if size > lanes[lane] { size } else { lanes[lane] };
        }
    }
    lanes.into_iter().fold(largest, f64::max)
}
