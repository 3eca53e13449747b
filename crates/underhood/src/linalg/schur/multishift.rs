//! The QR algorithm for large matrices: many shifts at once, whose bulges run down the matrix as a chain.
//!
//! Within a window on the diagonal the chain moves reflection by reflection, and the reflections are multiplied into one orthogonal
//! matrix; the rest of the matrix is turned by that matrix in products, which run near the speed of the machine. Between sweeps, aggressive early
//! deflation takes off what has converged and gives the next shifts. Source: K. Braman, R. Byers and R. Mathias, "The multishift QR
//! algorithm, part I", SIAM J. Matrix Anal. Appl. 23 (2002), doi:10.1137/S0895479801384573.

use super::blocks::reflection;
use super::columns::Columns;
use super::deflation::{Pair, deflate, eigenvalue_pairs, turn};
use super::double_shift::{columns_of_three, columns_of_two, double_shift, rows_of_three, split};
use crate::simd::wide_kernel;

/// Up to this side, single bulges are quicker.
const SMALL: usize = 75;

/// Sweeps without an eigenvalue before shifts are made up.
const PATIENCE: usize = 6;

/// Pairs of shifts for a block of so many rows.
fn pairs_for(rows: usize) -> usize {
    match rows {
        0..60 => 2,
        60..150 => 5,
        150..590 => 8,
        _ => 32,
    }
}

/// Turns a Hessenberg matrix into quasi-triangular form; `z` follows when it has rows, and the part of `h` that no eigenvalue depends on
/// when `whole`. The row where it gave up, if it did.
pub(super) fn quasi_triangular(
    h: &mut Columns,
    z: &mut Columns,
    first: usize,
    last: usize,
    whole: bool,
) -> Result<(), usize> {
    if last + 1 - first <= SMALL {
        return double_shift(h, z, first, last, whole);
    }
    let n = h.n();
    let mut end = last + 1;
    let mut failures = 0;
    let limit = 30 * (last + 1 - first);
    let mut sweeps = 0;
    while end > first {
        let bottom = end - 1;
        let start = split(h.data(), n, first, bottom);
        if start > first {
            h[(start, start - 1)] = 0.0;
        }
        let rows = end - start;
        if rows <= SMALL || sweeps > limit {
            double_shift(h, z, start, bottom, whole)?;
            end = start;
            failures = 0;
            continue;
        }
        sweeps += 1;

        let pairs = pairs_for(rows);
        let window = (3 * pairs).min((rows - 1) / 3) * if failures >= PATIENCE { 2 } else { 1 };
        let found = deflate(h, z, start, bottom, window, whole);
        end -= found.deflated;
        if found.deflated > 0 {
            failures = 0;
        } else {
            failures += 1;
        }
        // Much was taken off: look again before sweeping.
        if 100 * found.deflated > 14 * window || end <= start + SMALL {
            continue;
        }
        let mut shifts = found.shifts;
        if shifts.is_empty() || failures > 0 && failures.is_multiple_of(PATIENCE) {
            shifts = made_up(h, start, end - 1, pairs, failures);
        }
        shifts.truncate(pairs);
        sweep(h, z, start, end - 1, &shifts, whole);
    }
    Ok(())
}

/// Shifts that break a cycle: eigenvalues of blocks made up from subdiagonal entries.
fn made_up(h: &Columns, start: usize, bottom: usize, pairs: usize, failures: usize) -> Vec<Pair> {
    let weight = 0.75 + 0.29 * (failures / PATIENCE) as f64;
    let mut shifts = Vec::with_capacity(pairs);
    for k in 0..pairs {
        let row = bottom.saturating_sub(2 * k).max(start + 2);
        let size = h[(row, row - 1)].abs() + h[(row - 1, row - 2)].abs();
        let mut block = Columns::zeros(2, 2);
        block[(0, 0)] = weight * size + h[(row, row)];
        block[(0, 1)] = -0.4375 * size;
        block[(1, 0)] = size;
        block[(1, 1)] = block[(0, 0)];
        shifts.extend(eigenvalue_pairs(&block, 2));
    }
    shifts
}

/// One sweep: a bulge for every pair of shifts enters at the top of the block and leaves at its bottom.
fn sweep(h: &mut Columns, z: &mut Columns, first: usize, last: usize, shifts: &[Pair], whole: bool) {
    let (n, count) = (h.n(), shifts.len());
    let height = 6 * count + 4;
    let (top, right) = if whole { (0, n) } else { (first, last + 1) };
    // Where each bulge rests: its next reflection clears this column; one before `first` means that it has not entered.
    let mut places: Vec<isize> = vec![first as isize - 1; count];
    let mut start = first;
    loop {
        let end = (start + height).min(last + 1);
        let mut v = Columns::identity(end - start);
        chase(h.data_mut(), n, (start, end), (first, last), v.data_mut(), shifts, &mut places);
        turn(h, z, &v, start, (top, right));
        if end == last + 1 {
            return;
        }
        start = places[count - 1].max(first as isize) as usize;
    }
}

wide_kernel! {
    /// Moves the chain as far down as the window reaches, the foremost bulge first.
    fn chase(h: &mut [f64], n: usize, window: (usize, usize), block: (usize, usize), v: &mut [f64], shifts: &[Pair], places: &mut [isize]) = chase_body
}

#[inline(always)]
fn chase_body<const FMA: bool>(
    h: &mut [f64],
    n: usize,
    (start, end): (usize, usize),
    (first, last): (usize, usize),
    v: &mut [f64],
    shifts: &[Pair],
    places: &mut [isize],
) {
    let at = |i: usize, j: usize| i + j * n;
    let size = end - start;
    let through = end == last + 1;
    for (bulge, (pair, place)) in shifts.iter().zip(places).enumerate() {
        let goal = if through { last as isize - 1 } else { end as isize - 4 - 3 * bulge as isize };
        while *place < goal {
            // Rows r, r + 1, r + 2 are reflected.
            let r = (*place + 1) as usize;
            let three = r + 2 <= last;
            let entering = r == first;
            let x = if entering {
                first_column(h, n, r, *pair)
            } else {
                [h[at(r, r - 1)], h[at(r + 1, r - 1)], if three { h[at(r + 2, r - 1)] } else { 0.0 }]
            };
            let reflection = reflection(x);
            if !entering {
                h[at(r, r - 1)] = reflection.beta;
                h[at(r + 1, r - 1)] = 0.0;
                if three {
                    h[at(r + 2, r - 1)] = 0.0;
                }
            }
            *place += 1;
            let (x, tau) = (reflection.v, reflection.tau);
            if tau == 0.0 {
                continue;
            }
            let lowest = (r + 4).min(end);
            if three {
                rows_of_three::<FMA>(&mut h[r * n..end * n], n, r, x, tau);
                columns_of_three::<FMA>(&mut h[r * n..(r + 3) * n], n, start, lowest, x, tau);
                columns_of_three::<FMA>(&mut v[(r - start) * size..(r - start + 3) * size], size, 0, size, x, tau);
            } else {
                for column in h[r * n..end * n].chunks_exact_mut(n) {
                    let sum = tau * (column[r] + x[1] * column[r + 1]);
                    column[r] -= sum;
                    column[r + 1] -= x[1] * sum;
                }
                columns_of_two::<FMA>(&mut h[r * n..(r + 2) * n], n, start, lowest, x[1], tau);
                columns_of_two::<FMA>(&mut v[(r - start) * size..(r - start + 2) * size], size, 0, size, x[1], tau);
            }
        }
    }
}

/// A multiple of the first column of (H − s₁)(H − s₂).
#[inline(always)]
fn first_column(h: &[f64], n: usize, k: usize, pair: Pair) -> [f64; 3] {
    let at = |i: usize, j: usize| i + j * n;
    let (corner, below) = (h[at(k, k)], h[at(k + 1, k)]);
    let size = (corner - pair.real[1]).abs() + pair.imaginary.abs() + below.abs();
    if size == 0.0 {
        return [0.0; 3];
    }
    let scaled = below / size;
    [
        scaled * h[at(k, k + 1)]
            + (corner - pair.real[0]) * ((corner - pair.real[1]) / size)
            + pair.imaginary * (pair.imaginary / size),
        scaled * (corner + h[at(k + 1, k + 1)] - pair.real[0] - pair.real[1]),
        scaled * h[at(k + 2, k + 1)],
    ]
}
