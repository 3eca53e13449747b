//! Whether a place only looks like a minimum because a parameter has no effect near it.
//!
//! Far out on the tail of an exponential every slope vanishes, and any search comes to rest. A parameter without effect is therefore tried
//! at other values: nearer to zero, further away, of the other sign. Parameters may also run away together, each with an effect, but one that the
//! others take back: a·exp(−b·t) + c with b next to zero is a straight line, and a, c and 1/b grow without end.

use super::levenberg_marquardt::{Sight, look};
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
    /// This parameter has run away, together with others: the effects are no longer independent.
    Away(usize),
}

/// An effect this small beside the residuals is none.
const NOTHING: f64 = 1e-10;
/// A parameter without effect that is so many times larger than the start has run away.
const AWAY: f64 = 1e6;
/// The same of one whose effect the others can take back.
const TOGETHER: f64 = 1e3;
/// How near a minimum in a parameter without slope must show, as a part of it.
const BESIDE: f64 = 1e-3;

/// Tries parameters that have no effect at a place elsewhere.
pub(super) fn level(problem: &mut Problem<'_>, place: &Place, start: &Place) -> Result<Level> {
    if place.norm == 0.0 {
        return Ok(Level::Firm);
    }
    let largest = start.x.iter().fold(1.0_f64, |m, x| m.max(x.abs()));
    let far = AWAY * largest;
    let (mut flat, mut least, mut lowest) = (None, place.norm * (1.0 - 1e-6), None);
    for i in 0..problem.n {
        let here = place.x[i];
        let unit = if here == 0.0 { 1.0 } else { here };
        if length(&place.j.column(i).to_vec()) * unit.abs() > NOTHING * place.norm || rises(problem, place, i, unit)? {
            continue;
        }
        if here.abs() > far {
            flat = flat.or(Some(i));
        }
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
    if let Some(i) = flat {
        return Ok(Level::Flat(i));
    }
    let Sight { rank, free, .. } = look(problem, place)?;
    let gone = |&&i: &&usize| place.x[i].abs() > TOGETHER * largest;
    Ok(if rank < free.len() { free.iter().find(gone).map_or(Level::Firm, |&i| Level::Away(i)) } else { Level::Firm })
}

/// Whether a place at which the slopes have vanished beside the ways that were gone is a minimum nevertheless, by the residuals around it: of
/// p² + 1 no linear model ends its search. In one parameter alone; in more, directions between the axes would have to be looked at too.
pub(super) fn bottom(problem: &mut Problem<'_>, place: &Place, start: &Place) -> Result<Option<Place>> {
    if problem.n != 1 {
        return Ok(None);
    }
    let extent = place.x[0].abs().max(start.x[0].abs()).max(f64::MIN_POSITIVE);
    if length(&place.j.column(0).to_vec()) * extent > BESIDE * place.norm || !rises(problem, place, 0, extent)? {
        return Ok(None);
    }
    // The lowest point of the parabola through both sides is better than where the search came to rest.
    let (x, h) = (place.x[0], BESIDE * extent);
    let (Some((_, above)), Some((_, below))) = (problem.residuals(&[x + h])?, problem.residuals(&[x - h])?) else {
        return Ok(Some(place.clone()));
    };
    let vertex = vec![x + 0.5 * h * (below - above) / (below - 2.0 * place.norm + above)];
    if let Some((r, norm)) = problem.residuals(&vertex)?
        && norm <= place.norm * (1.0 + 4.0 * f64::EPSILON)
        && let Some(j) = problem.jacobian(&vertex, &r, &vertex, false)?
    {
        return Ok(Some(Place { x: vertex, r, norm, j }));
    }
    Ok(Some(place.clone()))
}

/// Whether the residuals are larger on both sides of a parameter's value, so that it has its place though the slope there is zero.
fn rises(problem: &mut Problem<'_>, place: &Place, i: usize, unit: f64) -> Result<bool> {
    for part in [BESIDE, -BESIDE] {
        let mut x = place.x.clone();
        x[i] = (x[i] + part * unit).clamp(problem.lower[i], problem.upper[i]);
        if x[i] == place.x[i] {
            continue; // held by a bound
        }
        match problem.residuals(&x)? {
            Some((_, norm)) if norm - place.norm > NOTHING * place.norm => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}
