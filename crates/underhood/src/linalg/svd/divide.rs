//! The singular values and vectors of a bidiagonal matrix by dividing it in two and putting the halves together.
//!
//! Without its middle row a bidiagonal matrix falls into two; with their decompositions known, the whole is an arrow: the middle row z
//! above the diagonal of the halves' values d. The arrow's values ω solve the secular equation 1 + Σ zⱼ²/(dⱼ² − ω²) = 0, one
//! between any two neighbouring d, and its vectors are written down from them. Source: M. Gu and S. C. Eisenstat, "A divide-and-conquer
//! algorithm for the bidiagonal SVD", SIAM J. Matrix Anal. Appl. 16 (1995), doi:10.1137/S0895479892242232, whose recomputation of z makes the
//! vectors orthogonal without extended precision; the rational steps to a root are R.-C. Li's "middle way" (LAPACK Working Note 89, 1993).

use ndarray::{Array2, ArrayView2, ArrayViewMut2, ShapeBuilder, s};

use super::iteration::{self, Rows};
use super::secular::{self, Root};
use crate::linalg::bridge::zeros_by_columns;
use crate::linalg::{magnitude, product};

/// Matrices with no more rows than this are not divided.
pub(super) const LEAF: usize = 16;

/// B = U·(Σ 0)·Vᵀ of n rows and n or n + 1 columns; values in no order.
pub(super) struct Parts {
    pub(super) values: Vec<f64>,
    /// n×n.
    pub(super) u: Array2<f64>,
    /// With as many rows and columns as B has columns; where there is one more than values, the last is mapped to zero.
    pub(super) v: Array2<f64>,
}

/// Decomposes the matrix with diagonal d and e to the right of it; it has one more column than rows when e is as long as d.
/// `None` if the iteration for a small part stalls.
pub(super) fn decompose(d: &[f64], e: &[f64]) -> Option<Parts> {
    let n = d.len();
    if n <= LEAF {
        return leaf(d, e);
    }
    let middle = n / 2;
    let upper = decompose(&d[..middle], &e[..middle])?;
    let lower = decompose(&d[middle + 1..], &e[middle + 1..])?;
    Some(join(&upper, &lower, d[middle], e[middle]))
}

fn leaf(d: &[f64], e: &[f64]) -> Option<Parts> {
    let (n, columns) = (d.len(), if e.len() == d.len() { d.len() + 1 } else { d.len() });
    let (mut values, mut e) = (d.to_vec(), e.to_vec());
    let (mut u, mut v) = (vec![0.0; n * n], vec![0.0; columns * columns]);
    u.iter_mut().step_by(n + 1).for_each(|x| *x = 1.0);
    v.iter_mut().step_by(columns + 1).for_each(|x| *x = 1.0);
    if columns > n {
        // Rotations of each column with the last, from below, leave the last column empty.
        let mut spill = e[n - 1];
        for i in (0..n).rev() {
            let r = values[i].hypot(spill);
            let (c, s) = if r == 0.0 { (1.0, 0.0) } else { (values[i] / r, spill / r) };
            values[i] = r;
            if i > 0 {
                (e[i - 1], spill) = (c * e[i - 1], -s * e[i - 1]);
            }
            let (first, last) = v.split_at_mut(n * columns);
            for (x, y) in first[i * columns..(i + 1) * columns].iter_mut().zip(last) {
                (*x, *y) = (c * *x + s * *y, c * *y - s * *x);
            }
        }
        e.truncate(n - 1);
    }
    let (left, right) = (Rows { numbers: &mut u, length: n }, Rows { numbers: &mut v[..n * columns], length: columns });
    iteration::iterate(&mut values, &mut e, left, right).then(|| Parts {
        values,
        u: stored(n, u),
        v: stored(columns, v),
    })
}

fn stored(n: usize, numbers: Vec<f64>) -> Array2<f64> {
    Array2::from_shape_vec((n, n).f(), numbers).unwrap_or_else(|_| unreachable!("n·n numbers"))
}

/// Which rows of its vectors a column of the joined basis occupies.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Upper,
    Both,
    Lower,
}

/// A column of the arrow: its d and z, and where its vectors stand in the basis.
#[derive(Clone, Copy)]
struct Column {
    d: f64,
    z: f64,
    place: usize,
    kind: Kind,
}

/// The decomposition of (upper, a row with α and β where they meet, lower).
fn join(upper: &Parts, lower: &Parts, alpha: f64, beta: f64) -> Parts {
    let (k, below) = (upper.values.len(), lower.values.len());
    let (n, columns) = (k + 1 + below, upper.v.ncols() + lower.v.ncols());
    // The halves' vectors, embedded. In U the middle row has place k; in V what the upper half maps to zero.
    let (mut u, mut v) = (zeros_by_columns(n, n), zeros_by_columns(columns, columns));
    u.slice_mut(s![..k, ..k]).assign(&upper.u);
    u[[k, k]] = 1.0;
    u.slice_mut(s![k + 1.., k + 1..]).assign(&lower.u);
    v.slice_mut(s![..=k, ..=k]).assign(&upper.v);
    v.slice_mut(s![k + 1.., k + 1..]).assign(&lower.v);

    // Of two directions that are mapped to zero one can be turned perpendicular to z.
    let mut corner = alpha * v[[k, k]];
    if columns > n {
        let other = beta * v[[k + 1, n]];
        let r = corner.hypot(other);
        if r > 0.0 {
            rotate(&mut v, k, n, corner / r, other / r);
        }
        corner = r;
    }
    let mut list: Vec<Column> = (0..k)
        .map(|j| Column { d: upper.values[j], z: alpha * v[[k, j]], place: j, kind: Kind::Upper })
        .chain((k + 1..n).map(|j| Column {
            d: lower.values[j - k - 1],
            z: beta * v[[k + 1, j]],
            place: j,
            kind: Kind::Lower,
        }))
        .collect();
    list.sort_unstable_by(|x, y| x.d.total_cmp(&y.d));
    let largest = list.last().map_or(0.0, |c| c.d).max(alpha.abs()).max(beta.abs());
    if largest == 0.0 {
        return Parts { values: vec![0.0; n], u, v };
    }
    // Near one, no square underflows; powers of two change no digit.
    let exponent = magnitude::exponent(largest);
    for column in &mut list {
        (column.d, column.z) = (libm::ldexp(column.d, -exponent), libm::ldexp(column.z, -exponent));
    }
    let corner = libm::ldexp(corner, -exponent);
    let tolerance = 8.0 * f64::EPSILON * libm::ldexp(largest, -exponent);

    // What z hardly touches, and all but one of equal values, are values of the whole already.
    let corner = if corner.abs() <= tolerance { tolerance } else { corner };
    let mut kept = vec![Column { d: 0.0, z: corner, place: k, kind: Kind::Both }];
    let mut settled = Vec::new();
    for mut column in list {
        if column.z.abs() <= tolerance {
            settled.push(column);
            continue;
        }
        let alone = kept.len() == 1;
        if let Some(before) = kept.last_mut()
            && !alone
            && column.d - before.d <= tolerance
        {
            let r = column.z.hypot(before.z);
            let (c, s) = (column.z / r, before.z / r);
            rotate(&mut u, column.place, before.place, c, s);
            rotate(&mut v, column.place, before.place, c, s);
            column.z = r;
            if column.kind != before.kind {
                column.kind = Kind::Both;
            }
            settled.push(std::mem::replace(before, column));
            continue;
        }
        if alone {
            column.d = column.d.max(0.5 * tolerance);
        }
        kept.push(column);
    }

    let (d, z): (Vec<f64>, Vec<f64>) = kept.iter().map(|c| (c.d, c.z)).unzip();
    let roots = secular::roots(&d, &z);
    // The rows of the arrow's vectors, sorted so that each half meets a run of them.
    let mut order: Vec<usize> = (0..kept.len()).collect();
    order.sort_by_key(|&j| match kept[j].kind {
        Kind::Upper => 0,
        Kind::Both => 1,
        Kind::Lower => 2,
    });
    let until = |kind: Kind| order.iter().filter(|&&j| kept[j].kind == kind).count();
    let (first, last) = (until(Kind::Upper), until(Kind::Lower));
    let size = kept.len();
    let (mut arrow_u, mut arrow_v) = (zeros_by_columns(size, size), zeros_by_columns(size, size));
    secular::vectors(&d, &z, &roots, &order, arrow_u.view_mut(), arrow_v.view_mut());

    let places: Vec<usize> = order.iter().map(|&j| kept[j].place).collect();
    let (mut new_u, mut new_v) = (zeros_by_columns(n, n), zeros_by_columns(columns, columns));
    let (halves, middle) = ((0..size - last, first..size), k + 1);
    for (basis, arrow, new) in [(&u, &arrow_u, &mut new_u), (&v, &arrow_v, &mut new_v)] {
        let (top, bottom) = basis.view().split_at(ndarray::Axis(0), middle);
        let (new_top, new_bottom) = new.slice_mut(s![.., ..size]).split_at(ndarray::Axis(0), middle);
        multiply(new_top, top, &places[halves.0.clone()], arrow.slice(s![halves.0.clone(), ..]));
        multiply(new_bottom, bottom, &places[halves.1.clone()], arrow.slice(s![halves.1.clone(), ..]));
    }
    let mut values: Vec<f64> = roots.iter().map(|root: &Root| root.origin + root.offset).collect();
    for (to, column) in settled.iter().enumerate().map(|(i, column)| (size + i, column)) {
        values.push(column.d);
        new_u.column_mut(to).assign(&u.column(column.place));
        new_v.column_mut(to).assign(&v.column(column.place));
    }
    if columns > n {
        new_v.column_mut(n).assign(&v.column(n));
    }
    values.iter_mut().for_each(|value| *value = libm::ldexp(*value, exponent));
    Parts { values, u: new_u, v: new_v }
}

/// out = these columns of the basis, times the arrow's rows.
fn multiply(out: ArrayViewMut2<'_, f64>, basis: ArrayView2<'_, f64>, places: &[usize], arrow: ArrayView2<'_, f64>) {
    let mut gathered = zeros_by_columns(basis.nrows(), places.len());
    for (mut to, &place) in gathered.columns_mut().into_iter().zip(places) {
        to.assign(&basis.column(place));
    }
    product::serial(out, gathered.view(), arrow);
}

/// (column i, column j) ← (c·i + s·j, c·j − s·i).
fn rotate(a: &mut Array2<f64>, i: usize, j: usize, c: f64, s: f64) {
    for row in 0..a.nrows() {
        let (x, y) = (a[[row, i]], a[[row, j]]);
        a[[row, i]] = c * x + s * y;
        a[[row, j]] = c * y - s * x;
    }
}
