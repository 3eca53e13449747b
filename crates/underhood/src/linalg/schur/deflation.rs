//! Aggressive early deflation: eigenvalues are found in a window at the bottom of the matrix long before its subdiagonal shows them.
//!
//! The window is brought to quasi-triangular form on its own. Seen from there, the entry that ties it to the rest becomes a "spike",
//! a column whose i-th entry is zero to rounding when the i-th eigenvalue of the window is one of the matrix. Such eigenvalues are
//! taken off; the others serve as shifts. Source: K. Braman, R. Byers and R. Mathias, "The multishift QR algorithm, part II", SIAM J. Matrix
//! Anal. Appl. 23 (2002), doi:10.1137/S0895479801384585.

use ndarray::s;

use super::blocks::{exchange, standardize};
use super::columns::Columns;
use super::double_shift::{ROUNDING, TINY, double_shift};
use super::hessenberg;
use crate::linalg::product::gemm;

/// A pair of shifts: two real numbers, or a conjugate pair (equal real parts).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    pub(super) real: [f64; 2],
    pub(super) imaginary: f64,
}

/// What a look into the window found.
pub(super) struct Found {
    /// So many eigenvalues were taken off the bottom.
    pub(super) deflated: usize,
    /// The eigenvalues that were not, those nearest to convergence last.
    pub(super) shifts: Vec<Pair>,
}

/// Looks into the last `size` rows of the block first ..= last.
pub(super) fn deflate(h: &mut Columns, z: &mut Columns, first: usize, last: usize, size: usize, whole: bool) -> Found {
    let size = size.min(last + 1 - first);
    let start = last + 1 - size;
    let n = h.n();
    let spike = if start == first { 0.0 } else { h[(start, start - 1)] };

    let mut t = Columns::of(h.view().slice(s![start..=last, start..=last]));
    let mut v = Columns::identity(size);
    if double_shift(&mut t, &mut v, 0, size - 1, true).is_err() {
        return Found { deflated: 0, shifts: Vec::new() };
    }

    // From the bottom: what is not yet an eigenvalue of the matrix is moved up, above `settled`.
    let (mut left, mut settled) = (size, 0);
    while settled < left {
        let bottom = left - 1;
        let two = left >= 2 && t[(bottom, bottom - 1)] != 0.0;
        let width = if two { 2 } else { 1 };
        let mut around = t[(bottom, bottom)].abs();
        let mut tie = (spike * v[(0, bottom)]).abs();
        if two {
            around += t[(bottom, bottom - 1)].abs().sqrt() * t[(bottom - 1, bottom)].abs().sqrt();
            tie = tie.max((spike * v[(0, bottom - 1)]).abs());
        }
        if around == 0.0 {
            around = spike.abs();
        }
        if tie <= TINY.max(ROUNDING * around) {
            left -= width;
            continue;
        }
        let mut at = left - width;
        while at > settled {
            let above = if at >= 2 && t[(at - 1, at - 2)] != 0.0 { 2 } else { 1 };
            if !exchange(&mut t, &mut v, at - above, above, width) {
                break;
            }
            // Two real eigenvalues that came out of a pair stay where they are for the next look.
            at -= above;
        }
        settled = at + width;
    }

    let mut shifts = eigenvalue_pairs(&t, left);
    shifts.reverse();
    let deflated = size - left;
    if deflated == 0 && spike != 0.0 {
        return Found { deflated, shifts };
    }
    if left > 1 && spike != 0.0 {
        // One reflection turns what is left of the spike into one entry; the window then is made Hessenberg again.
        restore(&mut t, &mut v, left);
    }
    if start > first {
        h[(start, start - 1)] = if left == 0 { 0.0 } else { spike * v[(0, 0)] };
    }
    h.view_mut().slice_mut(s![start..=last, start..=last]).assign(&t.view());
    let (top, right) = if whole { (0, n) } else { (first, last + 1) };
    turn(h, z, &v, start, (top, right));
    Found { deflated, shifts }
}

/// The rest of the matrix follows a turn V of the rows and columns that begin at `start`: rows from `top` and columns up to `right`.
pub(super) fn turn(h: &mut Columns, z: &mut Columns, v: &Columns, start: usize, (top, right): (usize, usize)) {
    let end = start + v.n();
    let v = v.view();
    if top < start {
        let old = h.view().slice(s![top..start, start..end]).to_owned();
        gemm(h.view_mut().slice_mut(s![top..start, start..end]), old.view(), v);
    }
    if end < right {
        let old = Columns::of(h.view().slice(s![start..end, end..right]));
        gemm(h.view_mut().slice_mut(s![start..end, end..right]), v.t(), old.view());
    }
    if z.rows() > 0 {
        let old = Columns::of(z.view().slice(s![.., start..end]));
        gemm(z.view_mut().slice_mut(s![.., start..end]), old.view(), v);
    }
}

fn restore(t: &mut Columns, v: &mut Columns, left: usize) {
    // A column in front of the window, holding the spike, makes this a Hessenberg reduction of one side more.
    let size = t.n();
    let mut bordered = Columns::zeros(size + 1, size + 1);
    for i in 0..left {
        bordered[(i + 1, 0)] = v[(0, i)];
    }
    for j in 0..size {
        bordered.column_mut(j + 1)[1..].copy_from_slice(t.column(j));
    }
    let mut turns = Columns::zeros(size, size + 1);
    for j in 0..size {
        turns.column_mut(j + 1).copy_from_slice(v.column(j));
    }
    hessenberg::reduce_in_kernel(&mut bordered, &mut turns, 0, left);
    for j in 0..size {
        t.column_mut(j).copy_from_slice(&bordered.column(j + 1)[1..]);
        v.column_mut(j).copy_from_slice(turns.column(j + 1));
    }
}

/// The eigenvalues of the leading rows of a quasi-triangular matrix, by pairs; a real one that is left over stands for two.
pub(super) fn eigenvalue_pairs(t: &Columns, size: usize) -> Vec<Pair> {
    let mut pairs = Vec::with_capacity(size / 2 + 1);
    let mut alone: Option<f64> = None;
    let mut k = 0;
    while k < size {
        if k + 1 < size && t[(k + 1, k)] != 0.0 {
            let s = standardize(t[(k, k)], t[(k, k + 1)], t[(k + 1, k)], t[(k + 1, k + 1)]);
            pairs.push(Pair { real: [s.a, s.d], imaginary: s.imaginary() });
            k += 2;
            continue;
        }
        alone = match alone {
            Some(other) => {
                pairs.push(Pair { real: [other, t[(k, k)]], imaginary: 0.0 });
                None
            }
            None => Some(t[(k, k)]),
        };
        k += 1;
    }
    if let Some(single) = alone
        && pairs.is_empty()
    {
        pairs.push(Pair { real: [single; 2], imaginary: 0.0 });
    }
    pairs
}
