//! The last digits of a program: with the constraints that hold with equality known, its best point solves linear equations.
//!
//! The interior-point method leaves about eight digits. Which constraints are active can be read off it, and the stationary point under them
//! is that of a symmetric system; it replaces what was found only if it meets every constraint and has no price of the wrong sign
//! (B. Stellato et al., "OSQP: an operator splitting solver for quadratic programs", section 4, 2020, doi:10.1007/s12532-020-00179-2).

use ndarray::{Array1, Array2, ArrayView1, Axis, s};

use super::program::Rows;
use crate::linalg;

/// Larger systems would take longer than the program itself.
const LARGEST: usize = 1500;
/// What is put beside the zeros of a system, and how often it is solved for that.
const REGULAR: f64 = 1e-7;
const REPEATED: usize = 8;

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
    let is_active = |i: usize| i < rows.equalities || slack[i] < z[i];
    // An active row of one variable is a bound, and the variable is not free: so most of the system is solved beforehand.
    let (mut bound, mut active) = (vec![None; n], Vec::new());
    for i in (0..rows.b.len()).filter(|&i| is_active(i)) {
        let mut alone = rows.a.row(i).into_iter().enumerate().filter(|(_, v)| **v != 0.0).map(|(j, _)| j);
        match (alone.next(), alone.next()) {
            (Some(j), None) if bound[j].is_none() => bound[j] = Some(i),
            _ => active.push(i),
        }
    }
    let (mut x, mut prices) = (x.clone(), Array1::<f64>::zeros(rows.b.len()));
    active.iter().for_each(|&i| prices[i] = z[i]);
    for (j, row) in bound.iter().enumerate() {
        if let Some(i) = *row {
            x[j] = rows.b[i] / rows.a[[i, j]] + 0.0;
        }
    }
    let free: Vec<usize> = (0..n).filter(|&j| bound[j].is_none()).collect();
    let (f, k) = (free.len(), active.len());
    if f + k > LARGEST {
        return None;
    }
    // P·x + Aᵀz = −q and A·x = b in what is free, as a correction of what is known. Where corners are degenerate or the best points many, the
    // system is singular: with a little beside its zeros it is not, and what that costs, the repetition takes away.
    let mut system = Array2::zeros((f + k, f + k));
    system.slice_mut(s![..f, ..f]).assign(&p.select(Axis(0), &free).select(Axis(1), &free));
    for (row, &i) in active.iter().enumerate() {
        for (column, &j) in free.iter().enumerate() {
            (system[[f + row, column]], system[[column, f + row]]) = (rows.a[[i, j]], rows.a[[i, j]]);
        }
    }
    // In units in which every row's largest number is about one.
    let mut units = Array1::<f64>::ones(f + k);
    for _ in 0..4 {
        let largest = system.rows().into_iter().map(|row| row.iter().fold(0.0_f64, |m, v| m.max(v.abs())));
        let by: Array1<f64> = largest.map(|m| if m > 0.0 { 1.0 / m.sqrt() } else { 1.0 }).collect();
        system = &system * &by * by.view().insert_axis(Axis(1));
        units *= &by;
    }
    for at in 0..f + k {
        system[[at, at]] += if at < f { REGULAR } else { -REGULAR };
    }
    let inverse = if f + k > 0 { linalg::inv(system.view()).ok()?.inverse } else { system };
    let pull_of = |x: &Array1<f64>, prices: &Array1<f64>| &(&p.dot(x) + &q) + &rows.a.t().dot(prices);
    for _ in 0..REPEATED {
        let pull = pull_of(&x, &prices);
        let away = active.iter().map(|&i| rows.b[i] - rows.a.row(i).dot(&x));
        let right: Array1<f64> = free.iter().map(|&j| -pull[j]).chain(away).collect();
        let step = inverse.dot(&(right * &units)) * &units;
        free.iter().zip(&step).for_each(|(&j, by)| x[j] += by);
        active.iter().zip(step.slice(s![f..])).for_each(|(&i, by)| prices[i] += by);
    }
    // The prices of bounds are what is left.
    let pull = pull_of(&x, &prices);
    for (j, row) in bound.iter().enumerate() {
        if let Some(i) = *row {
            prices[i] = -pull[j] / rows.a[[i, j]];
        }
    }
    let held = k + n - f;
    let size = |v: &Array1<f64>| v.iter().fold(1.0_f64, |m, v| m.max(v.abs()));
    let slack = &rows.b - &rows.a.dot(&x);
    let feasible = slack.iter().enumerate().all(|(i, gap)| {
        let terms = rows.a.row(i).iter().zip(&x).fold(rows.b[i].abs().max(1.0), |m, (a, x)| m.max((a * x).abs()));
        let room = 1e-12 * terms;
        if i < rows.equalities { gap.abs() <= room } else { *gap >= -room }
    });
    let worst = 1e-10 * size(&prices);
    let signed = prices.iter().skip(rows.equalities).all(|price| *price >= -worst);
    let pull = pull_of(&x, &prices);
    let still = size(&q.to_owned()).max(size(&prices));
    let stationary = pull.iter().all(|v| v.abs() <= 1e-11 * still);
    if !(feasible && signed && stationary) {
        return None;
    }
    prices.iter_mut().skip(rows.equalities).for_each(|price| *price = price.max(0.0));
    Some(Active { x, z: prices, held })
}
