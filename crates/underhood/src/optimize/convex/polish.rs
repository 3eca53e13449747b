//! The last digits of a program: with the constraints that hold with equality known, its best point solves linear equations.
//!
//! The interior-point method leaves about eight digits. Which constraints are active can be read off it, and the stationary point under them
//! is that of a symmetric system; it replaces what was found only if it meets every constraint and has no price of the wrong sign
//! (B. Stellato et al., "OSQP: an operator splitting solver for quadratic programs", section 4, 2020, doi:10.1007/s12532-020-00179-2).

use ndarray::{Array1, Array2, ArrayView1, s};

use super::program::Rows;
use crate::linalg;

/// A polished point with its multipliers.
pub(super) struct Active {
    pub(super) x: Array1<f64>,
    pub(super) z: Array1<f64>,
    /// How many constraints hold with equality.
    pub(super) held: usize,
}

/// The stationary point under the constraints that seem active, if it is the best point indeed.
pub(super) fn polish(
    p: &Array2<f64>,
    q: ArrayView1<'_, f64>,
    rows: &Rows,
    x: &Array1<f64>,
    z: &Array1<f64>,
) -> Option<Active> {
    let n = q.len();
    let slack = &rows.b - &rows.a.dot(x);
    let active: Vec<usize> = (0..rows.b.len()).filter(|&i| i < rows.equalities || slack[i] < z[i]).collect();
    let k = active.len();
    // P·x + Aᵀz = −q and A·x = b, as a correction of what is known: the least one, where vertices are degenerate or the best points many.
    let mut system = Array2::zeros((n + k, n + k));
    let mut right = Array1::zeros(n + k);
    system.slice_mut(s![..n, ..n]).assign(p);
    for (row, &i) in active.iter().enumerate() {
        system.slice_mut(s![n + row, ..n]).assign(&rows.a.row(i));
        system.slice_mut(s![..n, n + row]).assign(&rows.a.row(i));
    }
    let (mut x, mut held): (Array1<f64>, Array1<f64>) = (x.clone(), active.iter().map(|&i| z[i]).collect());
    for _ in 0..2 {
        let mut pull = &p.dot(&x) + &q;
        for (price, &i) in held.iter().zip(&active) {
            pull.scaled_add(*price, &rows.a.row(i));
        }
        right.slice_mut(s![..n]).assign(&(-pull));
        for (row, &i) in active.iter().enumerate() {
            right[n + row] = rows.b[i] - rows.a.row(i).dot(&x);
        }
        let step = match linalg::solve(system.view(), right.view()) {
            Ok(found) if found.warning.is_none() => found.x,
            _ => linalg::lstsq(system.view(), right.view(), Some(1e-11)).ok()?.x,
        };
        x += &step.slice(s![..n]);
        held += &step.slice(s![n..]);
    }
    let size = |v: &Array1<f64>| v.iter().fold(1.0_f64, |m, v| m.max(v.abs()));
    let slack = &rows.b - &rows.a.dot(&x);
    let feasible = slack.iter().enumerate().all(|(i, gap)| {
        let terms = rows.a.row(i).iter().zip(&x).fold(rows.b[i].abs().max(1.0), |m, (a, x)| m.max((a * x).abs()));
        let room = 1e-12 * terms;
        if i < rows.equalities { gap.abs() <= room } else { *gap >= -room }
    });
    let mut prices = Array1::zeros(rows.b.len());
    active.iter().zip(&held).for_each(|(&i, price)| prices[i] = *price);
    let worst = 1e-10 * size(&prices);
    let signed = prices.iter().skip(rows.equalities).all(|price| *price >= -worst);
    let pull = &(&p.dot(&x) + &q) + &rows.a.t().dot(&prices);
    let still = size(&q.to_owned()).max(size(&prices));
    let stationary = pull.iter().all(|v| v.abs() <= 1e-11 * still);
    if !(feasible && signed && stationary) {
        return None;
    }
    prices.iter_mut().skip(rows.equalities).for_each(|price| *price = price.max(0.0));
    // What lies beside a bound by rounding lies on it.
    for (&i, _) in active.iter().zip(&held) {
        let row = rows.a.row(i);
        let mut alone = row.iter().enumerate().filter(|(_, v)| **v != 0.0);
        if let (Some((j, v)), None) = (alone.next(), alone.next()) {
            x[j] = rows.b[i] / v + 0.0;
        }
    }
    Some(Active { x, z: prices, held: k })
}
