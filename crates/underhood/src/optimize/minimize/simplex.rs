//! A simplex that walks downhill: J. A. Nelder and R. Mead, "A simplex method for function minimization", The Computer Journal 7
//! (1965), <https://doi.org/10.1093/comjnl/7.4.308>. It needs values only, not even continuous ones.
//!
//! In more than two dimensions its moves are those of F. Gao and L. Han, Computational Optimization and Applications 51 (2012),
//! <https://doi.org/10.1007/s10589-010-9329-3>, if `adaptive` is asked for. A simplex may fold up at a place that is no minimum; so
//! where it comes to rest, a new one is set up around its best point, and only a place that two simplices in a row come to rest at
//! counts (C. T. Kelley, SIAM Journal on Optimization 10 (1999), <https://doi.org/10.1137/S1052623497315203>, restarts likewise). In many
//! dimensions, or on a narrow ridge, even that is no minimum: so slopes by differences are followed from there, and what they find
//! lower is where the next simplex is set up.

use super::around::{Around, outlook};
use super::downhill::downhill;
use super::landscape::Accuracy;
use super::metric::Metric;
use super::place::Place;
use super::run::Run;
use super::{MATRICES, MinimizeStop as Stop};
use crate::error::Result;

/// How far the simplex may reach when it has come to rest, in x and in f, and how it moves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest {
    pub(super) x: f64,
    pub(super) f: f64,
    pub(super) adaptive: bool,
}

/// Two simplices that came to rest within this part of f of each other, came to rest at the same place.
const AGAIN: f64 = 1e-6;
/// Most simplices that one run sets up.
const SIMPLICES: usize = 20;

/// Corners of a simplex with their values.
type Corners = Vec<(Vec<f64>, f64)>;

/// Walks from `here`, from the corners of `first` if they are given. The simplex that came to rest is given back with its values.
pub(super) fn simplex(
    run: &mut Run<'_>,
    here: &mut Place,
    rest: Rest,
    first: Option<Vec<Vec<f64>>>,
) -> Result<(Stop, Corners)> {
    let mut corners = first.unwrap_or_else(|| around(run, &here.x, 0.05));
    let mut before = f64::INFINITY;
    for round in 0..SIMPLICES {
        let mut points = Vec::with_capacity(corners.len());
        for mut corner in corners {
            run.land.project(&mut corner);
            let value = if corner == here.x { here.value } else { run.land.value(&corner)? };
            points.push((corner, value));
        }
        let stop = walk(run, here, &mut points, rest)?;
        (here.x, here.value) = points[0].clone();
        let again = (before - here.value).abs() <= rest.f.min(AGAIN * run.verdict.size(here.value));
        match stop {
            Stop::Converged if !again && round + 1 < SIMPLICES => {
                before = here.value;
                // Smaller than the first one, but far larger than the one that came to rest.
                corners = around(run, &here.x, if round % 2 == 0 { -0.025 } else { 0.05 });
            }
            Stop::Converged if !again => return Ok((Stop::Stalled, points)),
            // The end of an exponential, or a plateau, lets a simplex come to rest too.
            Stop::Converged => match outlook(run, here, &mut Place::at(&points[0].0))? {
                Around::Nothing if !slides(run, here)? => return Ok((stop, points)),
                Around::Nothing if round + 1 == SIMPLICES => return Ok((Stop::Stalled, points)),
                Around::Nothing => {
                    before = f64::INFINITY;
                    corners = around(run, &here.x, 0.05);
                }
                Around::Higher => return Ok((Stop::Plateau, points)),
                Around::Lower if round + 1 == SIMPLICES => return Ok((Stop::Stalled, points)),
                Around::Lower => {
                    before = f64::INFINITY;
                    corners = around(run, &here.x, 0.05);
                }
            },
            stop => return Ok((stop, points)),
        }
    }
    Ok((Stop::Stalled, Vec::new()))
}

/// Follows slopes by differences from where simplices came to rest, and moves `here` to where they lead if that is lower.
fn slides(run: &mut Run<'_>, here: &mut Place) -> Result<bool> {
    let mut trial = here.clone();
    run.land.accuracy = Accuracy::Central;
    run.land.slope(&trial.x, trial.value, &mut trial.slope)?;
    if trial.slope.iter().any(|slope| !slope.is_finite()) {
        return Ok(false);
    }
    let n = trial.x.len();
    let mut metric = if n <= MATRICES { Metric::dense(n)? } else { Metric::memory(10) };
    downhill(run, &mut trial, &mut metric, false)?;
    let lower = here.value - trial.value > AGAIN * run.verdict.size(here.value);
    if lower {
        (here.x, here.value) = (trial.x, trial.value);
    }
    Ok(lower)
}

/// A simplex with a corner at x and one along each coordinate, moved by this share of it (by 0.00025 where it is 0, as in SciPy).
fn around(run: &Run<'_>, x: &[f64], share: f64) -> Vec<Vec<f64>> {
    let mut corners = vec![x.to_vec()];
    for i in 0..x.len() {
        let mut corner = x.to_vec();
        let by = if x[i] == 0.0 { 0.005 * share } else { share * x[i] };
        corner[i] = x[i] + by;
        if corner[i] > run.land.upper[i] || corner[i] < run.land.lower[i] {
            corner[i] = x[i] - by;
        }
        // Where neither side has room enough, half of the room there is.
        if corner[i] > run.land.upper[i] || corner[i] < run.land.lower[i] {
            let (up, down) = (run.land.upper[i] - x[i], x[i] - run.land.lower[i]);
            corner[i] = if up >= down { x[i] + 0.5 * up } else { x[i] - 0.5 * down };
        }
        corners.push(corner);
    }
    corners
}

/// Moves the simplex until it has come to rest; the corners stand from the lowest to the highest.
fn walk(run: &mut Run<'_>, here: &mut Place, points: &mut [(Vec<f64>, f64)], rest: Rest) -> Result<Stop> {
    let n = points.len() - 1;
    let dimension = n as f64;
    let (grow, contract, shrink) = if rest.adaptive {
        (1.0 + 2.0 / dimension, 0.75 - 0.5 / dimension, 1.0 - 1.0 / dimension)
    } else {
        (2.0, 0.5, 0.5)
    };
    let mut centre = vec![0.0; n];
    let mut tried = vec![(vec![0.0; n], 0.0); 2];
    points.sort_by(|a, b| a.1.total_cmp(&b.1));
    loop {
        let best = &points[0];
        let wide = points[1..].iter().any(|(x, _)| x.iter().zip(&best.0).any(|(a, b)| (a - b).abs() > rest.x));
        if !wide && points[n].1 - best.1 <= rest.f {
            return Ok(Stop::Converged);
        }
        for i in 0..n {
            centre[i] = points[..n].iter().map(|(x, _)| x[i]).sum::<f64>() / dimension;
        }
        // From the centre away from the worst corner, by a part of the distance.
        let reach = |run: &mut Run<'_>, part: f64, into: &mut (Vec<f64>, f64)| -> Result<()> {
            for i in 0..n {
                into.0[i] = centre[i] + part * (centre[i] - points[n].0[i]);
            }
            run.land.project(&mut into.0);
            into.1 = run.land.value(&into.0)?;
            Ok(())
        };
        reach(run, 1.0, &mut tried[0])?;
        let (lowest, second, highest) = (points[0].1, points[n - 1].1, points[n].1);
        let mut keep = None;
        if tried[0].1 < lowest {
            reach(run, grow, &mut tried[1])?;
            keep = Some(usize::from(tried[1].1 < tried[0].1));
        } else if tried[0].1 < second {
            keep = Some(0);
        } else {
            let outside = tried[0].1 < highest;
            reach(run, if outside { contract } else { -contract }, &mut tried[1])?;
            // Inside, what is not lower is no gain: where rounding makes all corners even, one of them would else move for ever, and the others
            // never (J. C. Lagarias et al., SIAM J. Optim. 9 (1998), doi:10.1137/S1052623496303470).
            if if outside { tried[1].1 <= tried[0].1 } else { tried[1].1 < highest } {
                keep = Some(1);
            }
        }
        match keep {
            Some(which) => std::mem::swap(&mut points[n], &mut tried[which]),
            None => {
                let (best, others) = points.split_at_mut(1);
                for (x, value) in others {
                    for (x, best) in x.iter_mut().zip(&best[0].0) {
                        *x = best + shrink * (*x - best);
                    }
                    *value = run.land.value(x)?;
                }
            }
        }
        points.sort_by(|a, b| a.1.total_cmp(&b.1));
        here.x.copy_from_slice(&points[0].0);
        here.value = points[0].1;
        if let Some(stop) = run.after(here)? {
            return Ok(stop);
        }
    }
}
