//! Elimination with partial pivoting, A = P·L·U, of a matrix of any shape: the factors themselves.
//!
//! Column strips are treated one after the other: each receives the row exchanges and eliminations of the strips before it and is then
//! eliminated itself (the left-looking order of J. Dongarra, F. Gustavson and A. Karp, SIAM Review 26 (1984), doi:10.1137/1026003).
//! A zero pivot has only zeros below: there is nothing to eliminate, and the factorisation goes on, so that it exists for every
//! matrix. `solve`, `inv` and `det` have their own way (`lu.rs`), which stops there.

use ndarray::{Array1, Array2, ArrayView2, s};

use super::strips::{self, Row, Strips, WIDTH};
use super::{magnitude, small};
use crate::check;
use crate::error::{Error, Result};
use crate::simd::{mul_add, wide_kernel};

/// Strips that are treated together, so that the earlier ones are fetched less often.
const GROUP: usize = 4;

/// A = P·L·U of an m×n matrix, with k = min(m, n).
#[derive(Debug, Clone, PartialEq)]
pub struct LuFactors {
    /// P, as the rows that come first, second, …: row i of L·U is row order\[i\] of A.
    pub order: Array1<usize>,
    /// Lower trapezoid, m×k, with ones on the diagonal; no entry is larger than one in magnitude.
    pub l: Array2<f64>,
    /// Upper trapezoid, k×n.
    pub u: Array2<f64>,
}

impl LuFactors {
    /// P as a matrix of zeros and ones: A = P·L·U.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`] when a square of A's height has no room.
    pub fn permutation(&self) -> Result<Array2<f64>> {
        let m = self.order.len();
        check::room("lu", "permutation matrix", &[m, m])?;
        let mut p = Array2::zeros((m, m));
        for (i, &row) in self.order.iter().enumerate() {
            p[[row, i]] = 1.0;
        }
        Ok(p)
    }

    /// P as the places where A's rows went: row i of A is row places\[i\] of L·U.
    pub fn places(&self) -> Array1<usize> {
        let mut places = Array1::zeros(self.order.len());
        for (i, &row) in self.order.iter().enumerate() {
            places[row] = i;
        }
        places
    }
}

/// The factorisation A = P·L·U: a permutation, a lower triangle with a unit diagonal, an upper triangle.
///
/// The pivot of a column is its largest remaining entry, among several the first. It exists for every matrix, singular or not square:
/// where a column has only zeros left, U's diagonal has a zero.
///
/// # Errors
/// [`Error::NotFinite`] for NaN and infinities, [`Error::Invalid`] when U lies beyond the range of doubles (elimination can make entries
/// grow by 2ⁿ⁻¹, though hardly ever does).
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::lu;
///
/// let a = array![[1.0, 2.0], [4.0, 4.0], [2.0, 6.0]];
/// let f = lu(a.view())?;
/// assert_eq!(f.u, array![[4.0, 4.0], [0.0, 4.0]]);
/// assert_eq!(f.l, array![[1.0, 0.0], [0.5, 1.0], [0.25, 0.25]]);
/// assert_eq!(f.permutation()?.dot(&f.l).dot(&f.u), a);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn lu(a: ArrayView2<'_, f64>) -> Result<LuFactors> {
    let largest = magnitude::largest("lu", "a", a)?;
    // A common scale would push the small entries of a matrix that also has large ones out of the range: it is taken only where entries
    // grow beyond it, or all of them are so small that products of them and multipliers lose digits.
    if largest >= SMALL || largest == 0.0 {
        let f = factor(a);
        if magnitude::is_comfortable(largest) || f.u.iter().all(|v| v.is_finite()) && f.l.iter().all(|v| v.is_finite()) {
            return in_range(f);
        }
    }
    let exponent = magnitude::exponent(largest);
    let mut f = factor(a.mapv(|v| libm::ldexp(v, -exponent)).view());
    f.u.mapv_inplace(|v| libm::ldexp(v, exponent));
    in_range(f)
}

/// Below 2⁻⁴⁰⁰.
const SMALL: f64 = 3.872_591_914_849_318e-121;

fn in_range(f: LuFactors) -> Result<LuFactors> {
    // An infinity in one column would reach U's last columns in the next step, or end as NaN.
    if f.u.iter().all(|v| v.is_finite()) {
        return Ok(f);
    }
    let problem = "has a factor U beyond the range of doubles (1.8e308)".into();
    Err(Error::Invalid { function: "lu", argument: "a", problem })
}

fn factor(a: ArrayView2<'_, f64>) -> LuFactors {
    match a.nrows().max(a.ncols()) {
        0..=4 => short(a, four::eliminate),
        5..=8 => short(a, eight::eliminate),
        9..=small::LIMIT => short(a, sixteen::eliminate),
        _ => by_strips(a),
    }
}

/// At most B rows and columns, in fixed memory.
fn short<const B: usize>(
    a: ArrayView2<'_, f64>,
    eliminate: impl Fn(&mut [[f64; B]], usize, &mut [usize; B]),
) -> LuFactors {
    let (m, n) = (a.nrows().min(B), a.ncols().min(B));
    let size = m.min(n);
    let mut rows = small::lay::<B>(a);
    let mut exchanges = [0; B];
    eliminate(&mut rows[..m], size, &mut exchanges);
    let mut order: Vec<usize> = (0..m).collect();
    exchanges[..size].iter().enumerate().for_each(|(k, &with)| order.swap(k, with));
    let mut l = Vec::with_capacity(m * size);
    for (i, row) in rows[..m].iter().enumerate() {
        l.extend((0..size).map(|j| if j < i { row[j] } else { f64::from(u8::from(i == j)) }));
    }
    let mut u = Vec::with_capacity(size * n);
    for (i, row) in rows[..size].iter().enumerate() {
        u.extend((0..n).map(|j| if j < i { 0.0 } else { row[j] }));
    }
    let array = |rows, columns, values| {
        Array2::from_shape_vec((rows, columns), values).unwrap_or_else(|_| unreachable!("as many values as places"))
    };
    LuFactors { order: order.into(), l: array(m, size, l), u: array(size, n, u) }
}

fn by_strips(a: ArrayView2<'_, f64>) -> LuFactors {
    let (m, n) = a.dim();
    let size = m.min(n);
    let mut strips = Strips::<WIDTH>::of(a);
    let (count, panels) = (strips.count(), size.div_ceil(WIDTH));
    let mut order: Vec<usize> = (0..m).collect();
    let mut exchanges: Vec<[usize; WIDTH]> = Vec::with_capacity(panels);
    let steps = |p: usize| WIDTH.min(size - p * WIDTH);
    for group in (0..count).step_by(GROUP) {
        let end = (group + GROUP).min(count);
        let (before, current) = strips.all_mut().split_at_mut(group * m);
        // The multipliers of the strips before stand in the rows where later exchanges have taken them: exchanges come first.
        let current = &mut current[..(end - group) * m];
        for (p, exchanges) in exchanges.iter().enumerate() {
            current.chunks_exact_mut(m).for_each(|strip| exchange(&exchanges[..steps(p)], p * WIDTH, strip));
        }
        for p in 0..exchanges.len() {
            let panel = &before[p * m..(p + 1) * m];
            current.chunks_exact_mut(m).for_each(|strip| advance(panel, steps(p), p * WIDTH, strip));
        }
        for c in group..end.min(panels) {
            let (earlier, rest) = strips.all_mut().split_at_mut(c * m);
            let (strip, after) = rest[..(end - c) * m].split_at_mut(m);
            let top = c * WIDTH;
            let mut with = [0; WIDTH];
            sixteen::eliminate(&mut strip[top..], steps(c), &mut with);
            for (k, &other) in with[..steps(c)].iter().enumerate() {
                order.swap(top + k, top + other);
            }
            earlier.chunks_exact_mut(m).for_each(|strip| exchange(&with[..steps(c)], top, strip));
            for other in after.chunks_exact_mut(m) {
                exchange(&with[..steps(c)], top, other);
                advance(strip, steps(c), top, other);
            }
            exchanges.push(with);
        }
    }
    let mut l = Array2::zeros((m, size));
    strips.read(0, 0, l.view_mut());
    let mut u = Array2::zeros((size, n));
    strips.read(0, 0, u.view_mut());
    for i in 0..m {
        l.slice_mut(s![i, i.min(size)..]).fill(0.0);
        if i < size {
            l[[i, i]] = 1.0;
            u.slice_mut(s![i, ..i]).fill(0.0);
        }
    }
    LuFactors { order: order.into(), l, u }
}

/// Exchanges rows, counted from row `top`.
fn exchange(exchanges: &[usize], top: usize, strip: &mut [Row]) {
    for (k, &with) in exchanges.iter().enumerate() {
        if k != with {
            strip.swap(top + k, top + with);
        }
    }
}

/// Does to a strip what `steps` steps of elimination did in an earlier one from row `top` on.
fn advance(panel: &[Row], steps: usize, top: usize, strip: &mut [Row]) {
    let (head, below) = strip[top..].split_at_mut(steps);
    let mut factors = [[0.0; WIDTH]; WIDTH];
    substitute(&panel[top..top + steps], head);
    for (factors, row) in factors.iter_mut().zip(head.iter()) {
        for l in 0..WIDTH {
            factors[l] = -row[l];
        }
    }
    strips::add_product(&panel[top + steps..], below, &factors);
}

wide_kernel! {
    /// c ← L⁻¹·c, L being the unit lower triangle of a panel's first rows.
    fn substitute(panel: &[Row], c: &mut [Row]) = substitute_body
}
#[inline(always)]
fn substitute_body<const FMA: bool>(panel: &[Row], c: &mut [Row]) {
    for k in 0..c.len().min(WIDTH) {
        let (known, open) = c.split_at_mut(k + 1);
        for (row, l) in open.iter_mut().zip(&panel[k + 1..]) {
            *row = strips::plus::<FMA, WIDTH>(-l[k], &known[k], *row);
        }
    }
}

/// Eliminates in the first `count` columns of a strip, pivoting among all its rows; row k was exchanged with row exchanges\[k\].
#[inline(always)]
fn eliminate<const FMA: bool, const B: usize>(rows: &mut [[f64; B]], count: usize, exchanges: &mut [usize; B]) {
    let count = count.min(B).min(rows.len());
    let mut pivot = largest(rows, 0);
    for k in 0..count {
        rows.swap(k, k + pivot);
        exchanges[k] = k + pivot;
        let (above, below) = rows.split_at_mut(k + 1);
        let head = above[k];
        if head[k] == 0.0 {
            pivot = largest(below, k + 1);
            continue;
        }
        let mut factors = [0.0; B];
        for l in 0..B {
            factors[l] = if l > k { -head[l] } else { 0.0 };
        }
        // The next column's largest entry is looked for in the same pass.
        let next = (k + 1).min(B - 1);
        let (mut best, mut place) = (-1.0, 0);
        for (i, row) in below.iter_mut().enumerate() {
            let multiple = row[k] / head[k];
            for l in 0..B {
                row[l] = mul_add::<FMA>(multiple, factors[l], row[l]);
            }
            row[k] = multiple;
            let size = row[next].abs();
            place = if size > best { i } else { place };
            best = if size > best { size } else { best };
        }
        pivot = place;
    }
}

/// Where a column's largest entry stands, the first of several.
#[inline(always)]
fn largest<const B: usize>(rows: &[[f64; B]], column: usize) -> usize {
    let column = column.min(B - 1);
    let mut place = 0;
    for (i, row) in rows.iter().enumerate() {
        place = if row[column].abs() > rows[place][column].abs() { i } else { place };
    }
    place
}

/// The kernel of one width.
macro_rules! width {
    ($module:ident, $b:literal) => {
        mod $module {
            use super::wide_kernel;

            wide_kernel! {
                /// See [`super::eliminate`].
                pub(super) fn eliminate(rows: &mut [[f64; $b]], count: usize, exchanges: &mut [usize; $b]) = body
            }
            #[inline(always)]
            fn body<const FMA: bool>(rows: &mut [[f64; $b]], count: usize, exchanges: &mut [usize; $b]) {
                super::eliminate::<FMA, $b>(rows, count, exchanges);
            }
        }
    };
}
width!(four, 4);
width!(eight, 8);
width!(sixteen, 16);
