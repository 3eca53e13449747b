//! The minimum of a quadratic with a price on absolute values, one unknown at a time in and out of the set of those that are not zero (Osborne, Presnell and
//! Turlach 2000, doi:10.1093/imanum/20.3.389), for columns that depend on each other.
//!
//! The set's part of H is kept factored, and never singular: a column that depends on those in the set makes a direction along which the
//! quadratic is straight. It leads down, as the price does, until one of the unknowns is zero, which leaves the set; so no more columns
//! are used than are independent, and each change costs a square of their number, not a cube.

use ndarray::Array2;

use super::objective::excess;
use super::quadratic::{slopes_at, violation};
use crate::simd::dot;

/// A pivot that is less than so many roundings of its entry, for each column in the set, is none.
const ROUNDINGS: f64 = 16.0;

/// Changes of the set for each unknown after which the search ends.
const CHANGES: usize = 20;

/// Minimises until no unknown outside the set is beyond its price by more than `tol`. `checkpoint` is called before every solution on a face; what it
/// returns ends the search.
pub(super) fn minimise<E>(
    h: &Array2<f64>,
    gradient: &[f64],
    theta: &[f64],
    prices: &[f64],
    tol: f64,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Vec<f64>, E> {
    let m = theta.len();
    let mut walk = Walk {
        h,
        prices,
        u: theta.to_vec(),
        slopes: gradient.to_vec(),
        set: Vec::new(),
        signs: theta.iter().zip(prices).map(|(u, &price)| if price > 0.0 { sign(*u) } else { 0.0 }).collect(),
        lower: Vec::new(),
    };
    let mut begin: Vec<usize> = (0..m).filter(|&j| theta[j] != 0.0 || prices[j] == 0.0).collect();
    begin.sort_by(|&a, &b| (prices[a] > 0.0).cmp(&(prices[b] > 0.0)).then(theta[b].abs().total_cmp(&theta[a].abs())));
    for j in begin {
        walk.join(j);
    }
    // Unknowns that rounding sent back as they came in wait until another has moved.
    let mut barred = vec![false; m];
    let mut polished = false;
    for _ in 0..CHANGES * (m + 1) {
        checkpoint()?;
        let share = walk.descend_face();
        if share > 0.0 {
            barred.fill(false);
        }
        if share < 1.0 {
            continue;
        }
        let beyond = |j: &usize| excess(walk.slopes[*j], prices[*j]);
        let outside = (0..m).filter(|&j| walk.u[j] == 0.0 && prices[j] > 0.0 && !barred[j]);
        match outside.max_by(|a, b| beyond(a).total_cmp(&beyond(b))).filter(|j| beyond(j) > tol) {
            Some(j) => {
                barred[j] = true;
                polished = false;
                walk.signs[j] = -sign(walk.slopes[j]);
                walk.join(j);
            }
            None if polished => break,
            None => {
                // Slopes that were only ever changed drift.
                walk.slopes = slopes_at(h, gradient, theta, &walk.u);
                if violation(&walk.u, &walk.slopes, prices) <= tol {
                    break;
                }
                polished = true;
            }
        }
    }
    Ok(walk.u)
}

fn sign(v: f64) -> f64 {
    if v == 0.0 { 0.0 } else { v.signum() }
}

/// Where the search is.
struct Walk<'a> {
    h: &'a Array2<f64>,
    prices: &'a [f64],
    u: Vec<f64>,
    /// The quadratic's gradient at u.
    slopes: Vec<f64>,
    set: Vec<usize>,
    /// The sign that an unknown of the set has, or is about to have; 0 without a price.
    signs: Vec<f64>,
    /// L of the set's part of H, row by row.
    lower: Vec<Vec<f64>>,
}

impl Walk<'_> {
    /// The slope of quadratic and price along an unknown of the set.
    fn slope(&self, j: usize) -> f64 {
        self.slopes[j] + self.prices[j] * self.signs[j]
    }

    /// Takes an unknown into the set. Where its column depends on those of the set, one of them leaves, or it is put to zero.
    fn join(&mut self, j: usize) {
        while let Err(others) = self.border(j) {
            let mut along: Vec<(usize, f64)> = self.set.iter().copied().zip(others).chain([(j, 1.0)]).collect();
            let slope: f64 = along.iter().map(|&(i, d)| self.slope(i) * d).sum();
            // One that comes in can go but one way.
            let forward = if self.u[j] == 0.0 { self.signs[j] } else { -sign(slope) };
            let forward = if forward == 0.0 { -self.signs[j] } else { forward };
            along.iter_mut().for_each(|(_, d)| *d *= forward);
            let Some((share, out)) = self.first_zero(&along) else { return };
            self.go(&along, share);
            self.u[out] = 0.0;
            if out == j {
                return;
            }
            self.leave(out);
        }
    }

    /// Borders L by a column; or the others' part of the direction along which nothing bends, the column's own part being 1.
    fn border(&mut self, j: usize) -> Result<(), Vec<f64>> {
        let mut row: Vec<f64> = self.set.iter().map(|&i| self.h[(i, j)]).collect();
        for k in 0..row.len() {
            row[k] = (row[k] - dot(&self.lower[k][..k], &row[..k])) / self.lower[k][k];
        }
        let pivot = self.h[(j, j)] - dot(&row, &row);
        if pivot > ROUNDINGS * f64::EPSILON * (self.set.len() + 1) as f64 * self.h[(j, j)] {
            row.push(pivot.sqrt());
            self.lower.push(row);
            self.set.push(j);
            return Ok(());
        }
        self.back(&mut row);
        row.iter_mut().for_each(|d| *d = -*d);
        Err(row)
    }

    /// b ← L⁻ᵀ·b.
    fn back(&self, b: &mut [f64]) {
        for k in (0..b.len()).rev() {
            b[k] /= self.lower[k][k];
            let known = b[k];
            b[..k].iter_mut().zip(&self.lower[k]).for_each(|(b, l)| *b -= l * known);
        }
    }

    /// Takes an unknown out of the set, and makes L triangular again by rotations.
    fn leave(&mut self, j: usize) {
        let Some(at) = self.set.iter().position(|&i| i == j) else { return };
        self.set.remove(at);
        self.lower.remove(at);
        for k in at..self.lower.len() {
            let (a, b) = (self.lower[k][k], self.lower[k][k + 1]);
            let length = a.hypot(b);
            let (cosine, sine) = (a / length, b / length);
            for row in &mut self.lower[k..] {
                let (a, b) = (row[k], row[k + 1]);
                row[k] = cosine * a + sine * b;
                row[k + 1] = cosine * b - sine * a;
            }
            self.lower[k].truncate(k + 1);
        }
    }

    /// The share of a direction after which the first unknown with a price is zero, and which it is.
    fn first_zero(&self, along: &[(usize, f64)]) -> Option<(f64, usize)> {
        let towards = along.iter().filter(|&&(i, d)| self.signs[i] * d < 0.0);
        towards.map(|&(i, d)| (-self.u[i] / d, i)).min_by(|a, b| a.0.total_cmp(&b.0))
    }

    fn go(&mut self, along: &[(usize, f64)], share: f64) {
        for &(i, d) in along.iter().filter(|(_, d)| share * d != 0.0) {
            self.u[i] += share * d;
            let row = self.h.row(i);
            self.slopes.iter_mut().zip(row).for_each(|(s, h)| *s += share * d * h);
        }
    }

    /// Goes to the minimum among points of the same zeros and signs, or to where the first sign would change. Gives the share of the way.
    fn descend_face(&mut self) -> f64 {
        let mut step: Vec<f64> = self.set.iter().map(|&j| -self.slope(j)).collect();
        for k in 0..step.len() {
            step[k] = (step[k] - dot(&self.lower[k][..k], &step[..k])) / self.lower[k][k];
        }
        self.back(&mut step);
        let along: Vec<(usize, f64)> = self.set.iter().copied().zip(step).collect();
        match self.first_zero(&along).filter(|&(share, _)| share <= 1.0) {
            Some((share, out)) => {
                self.go(&along, share);
                self.u[out] = 0.0;
                self.leave(out);
                // A face of which the last unknown has just left is as good as its minimum.
                share.min(1.0 - f64::EPSILON)
            }
            None => {
                self.go(&along, 1.0);
                1.0
            }
        }
    }
}
