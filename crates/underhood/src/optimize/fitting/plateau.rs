//! Whether a place only looks like a minimum because a parameter has no effect near it.
//!
//! Far out on the tail of an exponential every slope vanishes, and any search comes to rest. A parameter without effect is therefore tried
//! at other values: nearer to zero, further away, of the other sign.

use super::problem::{Place, Problem};
use crate::error::Result;
use crate::optimize::lengths::length;

/// What a place rests on.
#[derive(Debug)]
pub(super) enum Level {
    /// Every parameter has an effect here, or nowhere.
    Firm,
    /// This parameter has an effect elsewhere, but not here.
    Flat(usize),
    /// The same, and the residuals are smaller there.
    Lower(Place),
}

/// An effect this small beside the residuals is none.
const NOTHING: f64 = 1e-10;
/// A parameter without effect that is so many times larger than the start has run away.
const AWAY: f64 = 1e6;

/// Tries parameters that have no effect at a place elsewhere.
pub(super) fn level(problem: &mut Problem<'_>, place: &Place, start: &Place) -> Result<Level> {
    let far = AWAY * start.x.iter().fold(1.0_f64, |m, x| m.max(x.abs()));
    let (mut flat, mut least, mut lowest) = (None, place.norm * (1.0 - 1e-6), None);
    for i in 0..problem.n {
        let here = place.x[i];
        if length(&place.j.column(i).to_vec()) * here.abs() > NOTHING * place.norm {
            continue;
        }
        if here.abs() > far {
            flat = flat.or(Some(i));
        }
        let unit = if here == 0.0 { 1.0 } else { here };
        for factor in [0.5, 0.1, 0.01, 0.0, -1.0, 2.0, 10.0] {
            let mut x = place.x.clone();
            x[i] = (factor * unit).clamp(problem.lower[i], problem.upper[i]);
            if x[i] == here {
                continue;
            }
            let Some((r, norm)) = problem.residuals(&x)? else { continue };
            if (norm - place.norm).abs() > NOTHING * place.norm {
                flat = flat.or(Some(i));
            }
            if norm < least {
                (least, lowest) = (norm, Some((x, r)));
            }
        }
    }
    if let Some((x, r)) = lowest
        && let Some(j) = problem.jacobian(&x, &r, &x, false)?
    {
        return Ok(Level::Lower(Place { x, r, norm: least, j }));
    }
    Ok(flat.map_or(Level::Firm, Level::Flat))
}
