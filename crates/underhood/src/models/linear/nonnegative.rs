//! Least squares with no weight below zero: minimise ½·wᵀ(XᵀX + ρI)w − (Xᵀy)ᵀw over w ≥ 0.
//!
//! Weights are free or held at zero. The held one that would gain most is set free, the free ones are solved for; where one of them would
//! become negative, the way there ends at its zero, and it is held again (C. L. Lawson, R. J. Hanson, Solving Least Squares Problems,
//! chapter 23, 1974; through XᵀX as in R. Bro, S. De Jong, J. Chemometrics 11 (1997) 393, doi:10.1002/(SICI)1099-128X(199709/10)11:5<393::AID-CEM483>3.0.CO;2-L).

use super::data::Moments;
use super::triangle::Triangle;
use crate::error::Error;
use crate::simd::dot;

/// A gradient so small beside what it is the difference of is rounding.
const ROUNDING: f64 = 1e-13;

/// The weights w ≥ 0 with the smallest ½·wᵀ(G + ρI)w − cᵀw.
///
/// # Errors
/// [`Error::NotConverged`] where rounding keeps the sets of free weights going round; what `checkpoint` returns.
pub(super) fn nonnegative<E: From<Error>>(
    function: &'static str,
    moments: &Moments,
    products: &[f64],
    price: f64,
    checkpoint: &mut dyn FnMut() -> Result<(), E>,
) -> Result<Vec<f64>, E> {
    let k = moments.columns;
    let entry = |i: usize, j: usize| moments.row(i)[j] + if i == j { price } else { 0.0 };
    let (mut weights, mut free) = (vec![0.0; k], Vec::<usize>::new());
    // Columns that depend on the free ones bring nothing; so do those that were let go and came straight back.
    let mut barred = vec![false; k];
    // Each round lowers the objective, so no set of free weights comes twice but by rounding: the cap is for that.
    let rounds = 3 * k + 10;
    for _ in 0..rounds {
        checkpoint()?;
        let gain = |j: usize| {
            let row = moments.row(j);
            let (sum, size) = free.iter().fold((products[j], products[j].abs()), |(sum, size), &i| {
                (sum - row[i] * weights[i], size + (row[i] * weights[i]).abs())
            });
            if sum > ROUNDING * size { sum / entry(j, j).sqrt() } else { 0.0 }
        };
        let held = (0..k).filter(|j| !free.contains(j) && !barred[*j] && entry(*j, *j) > 0.0);
        let best = held.map(|j| (gain(j), j)).max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, next)) = best.filter(|(gain, _)| *gain > 0.0) else { return Ok(weights) };
        free.push(next);
        // Solve, and walk towards the solution until it has no negative weight.
        while !free.is_empty() {
            let Some(triangle) = Triangle::of(free.len(), |a, b| entry(free[a], free[b])) else {
                free.retain(|&j| j != next);
                barred[next] = true;
                break;
            };
            let mut wanted: Vec<f64> = free.iter().map(|&j| products[j]).collect();
            triangle.solve(&mut wanted);
            // Once more on what is left, which the first solution has only to its own precision.
            let mut left: Vec<f64> = free
                .iter()
                .map(|&j| {
                    let row: Vec<f64> = free.iter().map(|&i| entry(j, i)).collect();
                    products[j] - dot(&row, &wanted)
                })
                .collect();
            triangle.solve(&mut left);
            wanted.iter_mut().zip(&left).for_each(|(w, d)| *w += d);
            let share = free.iter().zip(&wanted).filter(|(_, w)| **w <= 0.0).fold(1.0_f64, |share, (&j, &w)| {
                share.min(if weights[j] > w { weights[j] / (weights[j] - w) } else { 0.0 })
            });
            let whole = wanted.iter().all(|&w| w > 0.0);
            for (&j, &w) in free.iter().zip(&wanted) {
                let between = weights[j] + share * (w - weights[j]);
                weights[j] = if whole { w } else { between };
            }
            if whole {
                barred.iter_mut().for_each(|b| *b = false);
                break;
            }
            let lost: Vec<usize> = free
                .iter()
                .zip(&wanted)
                .filter(|&(&j, &w)| w <= 0.0 && weights[j] <= ROUNDING * w.abs().max(weights[j]))
                .map(|(&j, _)| j)
                .collect();
            // The one that ended the walk is at zero but for rounding; if none looks so, the newest goes.
            let lost = if lost.is_empty() { vec![next] } else { lost };
            for &j in &lost {
                weights[j] = 0.0;
                barred[j] |= j == next;
            }
            free.retain(|j| !lost.contains(j));
        }
    }
    let detail = "columns nearly depend on each other, and rounding lets the same weights come and go".into();
    Err(Error::NotConverged { function, iterations: rounds, detail }.into())
}
