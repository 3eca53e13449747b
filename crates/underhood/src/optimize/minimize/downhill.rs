//! Descent along directions that a metric gives: BFGS, L-BFGS, conjugate gradients and Newton's method by conjugate gradients
//! are one loop, J. Nocedal and S. J. Wright, *Numerical Optimization* (2006), chapters 5 to 7, with four metrics.
//!
//! Bounds are kept by projection: coordinates that a bound holds against the slope rest, the metric acts on the others, and the
//! way is bent along the box: D. P. Bertsekas (1982), <https://doi.org/10.1137/0320018>.

use super::MinimizeStop as Stop;
use super::landscape::Accuracy;
use super::line_search::{Search, search};
use super::metric::Metric;
use super::place::Place;
use super::run::Run;
use crate::error::Result;
use crate::optimize::lengths::{dot, length as norm};

/// How a descent ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    /// The run is over.
    Over(Stop),
    /// The conditions hold as far as the metric knows: what it has not seen, it does not know.
    Claimed,
    /// No lower point was found, or hardly any descent over many steps.
    Stuck,
}

/// Descends from `here`. `patient` keeps at it when progress is slow.
pub(super) fn downhill(run: &mut Run<'_>, here: &mut Place, metric: &mut Metric, patient: bool) -> Result<End> {
    let n = here.x.len();
    let (mut next, mut spare) = (Place::at(&here.x), Place::at(&here.x));
    let (mut p, mut s, mut y) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    let mut held = vec![false; n];
    // Whether the metric was reset just now, and the last step and the slope along it.
    let (mut reset, mut last) = (true, (0.0, 0.0));
    let (mut milestone, mut milestone_at) = (here.value, run.iterations);
    // |s|² / sᵀy: what a unit of gradient is worth, for directions without a model.
    let mut worth = 1.0;
    loop {
        for (i, held) in held.iter_mut().enumerate() {
            *held = run.land.held(i, here.x[i], here.slope[i]);
        }
        if here.slope.iter().zip(&held).all(|(g, held)| *held || *g == 0.0) {
            if held.iter().all(|held| *held) {
                return Ok(End::Over(Stop::Converged));
            }
            if run.land.numerical() && run.land.accuracy == Accuracy::Forward {
                run.land.refine(Accuracy::Central, here)?;
                continue;
            }
            return Ok(End::Claimed);
        }
        metric.force(norm(&here.slope));
        metric.direction(&mut run.land, here, &held, &mut p)?;
        let mut fall = dot(&here.slope, &p);
        if !(fall < 0.0) || !fall.is_finite() {
            metric.reset(&[]);
            reset = true;
            for i in 0..n {
                p[i] = if held[i] { 0.0 } else { -here.slope[i] };
            }
            fall = dot(&here.slope, &p);
        }
        let conjugate = matches!(metric, Metric::Conjugate { .. });
        let promised = if conjugate { 0.5 * worth * dot(&here.slope, &here.slope) } else { -0.5 * fall };
        // Slopes by differences are no use for the last digits of the descent: Newton steps see to them.
        let settled = if run.land.numerical() {
            run.verdict.acceptable(&run.land, promised, here)
        } else {
            run.verdict.settled(&run.land, promised, here)
        };
        if !metric.is_fresh() && settled {
            if run.land.numerical() && run.land.accuracy == Accuracy::Forward {
                run.land.refine(Accuracy::Central, here)?;
                continue;
            }
            return Ok(End::Claimed);
        }
        let first = if metric.is_fresh() {
            opening(here, &p, fall)
        } else if conjugate {
            (last.0 * last.1 / fall).min(1e3 * last.0)
        } else {
            1.0
        };
        let found = search(&mut run.land, here, &p, (first, metric.flat()), &mut next, &mut spare)?;
        let Search::Found { step } = found else {
            if run.land.numerical() && run.land.accuracy == Accuracy::Forward {
                run.land.refine(Accuracy::Central, here)?;
                continue;
            }
            if reset && (run.land.accuracy == Accuracy::Extrapolated || !run.land.numerical()) {
                return Ok(End::Stuck);
            }
            run.land.refine(Accuracy::Extrapolated, here)?;
            metric.reset(&[]);
            reset = true;
            continue;
        };
        last = (step, fall);
        metric.learn(here, &next, &p, &mut s, &mut y);
        worth = dot(&s, &s) / dot(&s, &y).max(f64::MIN_POSITIVE);
        reset = false;
        std::mem::swap(here, &mut next);
        if let Some(stop) = run.after(here)? {
            return Ok(End::Over(stop));
        }
        if !patient && run.iterations - milestone_at >= 20 + 2 * n {
            if milestone - here.value <= 0.1 * here.value.abs() {
                return Ok(End::Stuck);
            }
            (milestone, milestone_at) = (here.value, run.iterations);
        }
    }
}

/// The first step of all, when nothing is known of the curvature: a tenth of |x|, or to where a parabola that touches zero has its
/// vertex, whichever is nearer.
fn opening(here: &Place, p: &[f64], fall: f64) -> f64 {
    let reach = 0.1 * norm(&here.x).max(1.0) / norm(p);
    let vertex = 2.0 * here.value.abs() / fall.abs();
    if vertex > 0.0 { reach.min(vertex) } else { reach }
}
