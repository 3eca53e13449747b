//! One-sided Jacobi rotations for a bidiagonal matrix of any size: slow, but sure to end; for the case that the quicker ways give up.
//!
//! Source: as in `small`.

use ndarray::{Array2, s};

use super::divide::Parts;
use crate::linalg::bridge::zeros_by_columns;
use crate::linalg::qr::{QrMode, qr};

/// Rounds of all pairs; the cosines shrink quadratically after the first few.
const ROUNDS: usize = 100;

/// Decomposes the square matrix with diagonal d and e to the right of it.
pub(super) fn decompose(d: &[f64], e: &[f64]) -> Parts {
    let n = d.len();
    let (mut w, mut v) = (zeros_by_columns(n, n), zeros_by_columns(n, n));
    for i in 0..n {
        w[[i, i]] = d[i];
        v[[i, i]] = 1.0;
    }
    for (i, &e) in e.iter().enumerate() {
        w[[i, i + 1]] = e;
    }
    let largest = w.iter().fold(0.0_f64, |m: f64, x| m.max(x.abs()));
    // Columns shorter than this are zero beside the others, and their squares might underflow.
    let negligible = largest * 1e-100;
    for _ in 0..ROUNDS {
        let mut moved = false;
        for i in 0..n {
            for j in i + 1..n {
                moved |= make_perpendicular(&mut w, &mut v, i, j, negligible);
            }
        }
        if !moved {
            break;
        }
    }
    let values: Vec<f64> = w.columns().into_iter().map(|c| c.iter().fold(0.0, |r: f64, x| r.hypot(*x))).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| values[j].total_cmp(&values[i]));
    let rank = order.iter().filter(|&&j| values[j] > negligible).count();
    // The long columns, made unit vectors; the rest of U completes them.
    let mut u = zeros_by_columns(n, n);
    let mut sorted = zeros_by_columns(n, n);
    for (to, &from) in order.iter().enumerate() {
        sorted.column_mut(to).assign(&v.column(from));
        if to < rank {
            u.column_mut(to).assign(&w.column(from));
            u.column_mut(to).mapv_inplace(|x| x / values[from]);
        }
    }
    if let (true, Ok(all)) = (rank < n, qr(u.slice(s![.., ..rank]), QrMode::Complete)) {
        u.slice_mut(s![.., rank..]).assign(&all.q.slice(s![.., rank..]));
    }
    Parts { values: order.iter().map(|&j| values[j]).collect(), u, v: sorted }
}

fn make_perpendicular(w: &mut Array2<f64>, v: &mut Array2<f64>, i: usize, j: usize, negligible: f64) -> bool {
    let (a, b) = (w.column(i).dot(&w.column(i)), w.column(j).dot(&w.column(j)));
    let g = w.column(i).dot(&w.column(j));
    let least = negligible * negligible;
    if a <= least || b <= least || g.abs() <= 4.0 * f64::EPSILON * a.sqrt() * b.sqrt() {
        return false;
    }
    let zeta = (b - a) / (2.0 * g);
    let t = 1.0_f64.copysign(zeta) / (zeta.abs() + zeta.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    for matrix in [w, v] {
        for row in 0..matrix.nrows() {
            let (x, y) = (matrix[[row, i]], matrix[[row, j]]);
            matrix[[row, i]] = c * (x - t * y);
            matrix[[row, j]] = c * (t * x + y);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::linalg::svd::divide;
    use crate::random::Stream;

    #[test]
    fn both_ways_agree_and_give_the_matrix_back() {
        let mut stream = Stream::seeded(3);
        for n in [1, 5, 40] {
            let mut d: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
            let e: Vec<f64> = (1..n).map(|_| stream.normal()).collect();
            if n > 3 {
                d[3] = 0.0;
            }
            let b = Array2::from_shape_fn((n, n), |(i, j)| {
                if i == j {
                    d[i]
                } else if j == i + 1 {
                    e[i]
                } else {
                    0.0
                }
            });
            let sure = decompose(&d, &e);
            let quick = divide::decompose(&d, &e).unwrap();
            for parts in [&sure, &quick] {
                let values = ndarray::Array1::from(parts.values.clone());
                let off = (&parts.u * &values).dot(&parts.v.t()) - &b;
                assert!(off.iter().all(|x| x.abs() < 1e-13), "{n}: {off}");
                let off = parts.u.t().dot(&parts.u) - Array2::<f64>::eye(n);
                assert!(off.iter().all(|x| x.abs() < 1e-13), "{n}: {off}");
            }
            let mut values = quick.values;
            values.sort_by(|x, y| y.total_cmp(x));
            assert!(values.iter().zip(&sure.values).all(|(x, y)| (x - y).abs() < 1e-13));
        }
    }
}
