//! The minimum of a quadratic with a price on absolute values: g·(u − θ) + ½(u − θ)ᵀH(u − θ) + Σ κⱼ|uⱼ|.
//!
//! Coordinate descent finds which unknowns are zero and the signs of the others (Friedman, Hastie and Tibshirani 2010,
//! doi:10.18637/jss.v033.i01); where these are known, one system of equations gives the rest exactly, however correlated the columns are
//! (the feature-sign search of Lee, Battle, Raina and Ng 2006, NIPS 19). The two take turns until the conditions of a minimum hold; where
//! columns depend on each other and they do not come to hold, `active_set` goes one unknown at a time.

use ndarray::{Array2, ArrayView1};

use super::active_set;
use super::cholesky::Cholesky;
use super::objective::excess;

/// Sweeps of coordinate descent between two systems of equations.
const SWEEPS: usize = 3;

/// Turns without half the violation after which columns that depend on each other are to blame: the face's system has no digits.
const PATIENCE: usize = 3;

/// How often an unknown may reach zero on the way to the solution of one system before coordinate descent has another look.
const CROSSINGS: usize = 3;

/// Turns after which the signs are not found this way.
const TURNS: usize = 10;

/// Minimises until the conditions of a minimum are met to within `tol`, or rounding lets nothing better be found. `checkpoint` is called before every
/// system; what it returns ends the search.
pub(super) fn minimise<E>(
    h: &Array2<f64>,
    gradient: &[f64],
    theta: &[f64],
    prices: &[f64],
    tol: f64,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Vec<f64>, E> {
    let mut u = theta.to_vec();
    let (mut best, mut least, mut idle) = (u.clone(), f64::INFINITY, 0);
    // The gradient of the quadratic at u.
    let mut slopes = gradient.to_vec();
    for _ in 0..TURNS {
        for _ in 0..SWEEPS {
            sweep(h, prices, &mut u, &mut slopes);
        }
        for _ in 0..CROSSINGS {
            checkpoint()?;
            let complete = solve_face(h, prices, &mut u, &slopes);
            slopes = slopes_at(h, gradient, theta, &u);
            if complete {
                break;
            }
        }
        let left = violation(&u, &slopes, prices);
        idle = if left < 0.5 * least { 0 } else { idle + 1 };
        if left < least {
            least = left;
            best.clone_from(&u);
        }
        if left <= tol {
            return Ok(best);
        }
        if idle == PATIENCE {
            break;
        }
    }
    let other = active_set::minimise(h, gradient, theta, prices, tol, checkpoint)?;
    let left = violation(&other, &slopes_at(h, gradient, theta, &other), prices);
    Ok(if left < least { other } else { best })
}

/// The gradient of the quadratic at u.
pub(super) fn slopes_at(h: &Array2<f64>, gradient: &[f64], theta: &[f64], u: &[f64]) -> Vec<f64> {
    let moved: Vec<f64> = u.iter().zip(theta).map(|(u, t)| u - t).collect();
    h.outer_iter().zip(gradient).map(|(row, g)| g + product(row, &moved)).collect()
}

/// One sweep of coordinate descent: each unknown in turn goes to the minimum along its axis.
fn sweep(h: &Array2<f64>, prices: &[f64], u: &mut [f64], slopes: &mut [f64]) {
    for (j, row) in h.outer_iter().enumerate() {
        let curvature = row[j];
        let wish = u[j] - slopes[j] / curvature;
        let to = excess(wish, prices[j] / curvature).copysign(wish);
        let step = to - u[j];
        if step != 0.0 && step.is_finite() {
            u[j] = to;
            slopes.iter_mut().zip(row).for_each(|(s, h)| *s += step * h);
        }
    }
}

/// Goes to the minimum among points of the same zeros and signs, or to where the first sign would change. True if it arrived.
fn solve_face(h: &Array2<f64>, prices: &[f64], u: &mut [f64], slopes: &[f64]) -> bool {
    let free: Vec<usize> = (0..u.len()).filter(|&j| u[j] != 0.0 || prices[j] == 0.0).collect();
    let inner = Array2::from_shape_fn((free.len(), free.len()), |(a, b)| h[(free[a], free[b])]);
    let mut step: Vec<f64> =
        free.iter().map(|&j| -(slopes[j] + if prices[j] == 0.0 { 0.0 } else { prices[j].copysign(u[j]) })).collect();
    Cholesky::of(&inner).solve(&mut step);
    if step.iter().any(|d| !d.is_finite()) {
        return true;
    }
    // The share of the way after which the first of them is zero.
    let mut first = (1.0, None);
    for (&j, d) in free.iter().zip(&step) {
        if prices[j] > 0.0 && (u[j] + d) * u[j] <= 0.0 {
            let share = -u[j] / d;
            if share < first.0 {
                first = (share, Some(j));
            }
        }
    }
    free.iter().zip(&step).for_each(|(&j, d)| u[j] += first.0 * d);
    if let Some(j) = first.1 {
        u[j] = 0.0;
    }
    first.1.is_none()
}

/// How far u is from meeting the conditions of a minimum.
pub(super) fn violation(u: &[f64], slopes: &[f64], prices: &[f64]) -> f64 {
    let own = |((&u, &s), &price): ((&f64, &f64), &f64)| {
        if u == 0.0 { excess(s, price) } else { (s + price.copysign(u)).abs() }
    };
    u.iter().zip(slopes).zip(prices).map(own).fold(0.0, f64::max)
}

fn product(row: ArrayView1<'_, f64>, v: &[f64]) -> f64 {
    match row.as_slice() {
        Some(row) => crate::simd::dot(row, v),
        None => row.iter().zip(v).map(|(a, b)| a * b).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    #[test]
    fn the_conditions_of_a_minimum_hold_even_among_nearly_equal_columns() {
        let mut stream = Stream::seeded(3);
        for m in [1, 2, 5, 30] {
            for likeness in [0.0, 0.9, 0.999_999] {
                // Rows of factors that share one direction: H = AᵀA/(2m) is nearly singular when they are alike.
                let a = Array2::from_shape_fn((2 * m, m), |_| stream.normal());
                let a = Array2::from_shape_fn((2 * m, m), |(i, j)| likeness * a[(i, 0)] + (1.0 - likeness) * a[(i, j)]);
                let h = a.t().dot(&a) / (2 * m) as f64 + Array2::<f64>::eye(m) * 1e-9;
                let gradient: Vec<f64> = (0..m).map(|_| stream.normal()).collect();
                let theta: Vec<f64> = (0..m).map(|j| if j % 2 == 0 { stream.normal() } else { 0.0 }).collect();
                let prices: Vec<f64> = (0..m).map(|j| if j + 1 == m { 0.0 } else { 0.3 }).collect();
                let go = &mut || Ok::<(), crate::Error>(());
                let u = minimise(&h, &gradient, &theta, &prices, 1e-9, go).unwrap();
                let moved: Vec<f64> = u.iter().zip(&theta).map(|(u, t)| u - t).collect();
                let slopes: Vec<f64> = h.outer_iter().zip(&gradient).map(|(row, g)| g + product(row, &moved)).collect();
                let scale = u.iter().fold(1.0_f64, |most, v| most.max(v.abs()));
                assert!(violation(&u, &slopes, &prices) <= 1e-9 * scale, "{m} {likeness}");
            }
        }
    }
}
