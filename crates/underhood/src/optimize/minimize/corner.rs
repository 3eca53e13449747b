//! Corners and cusps, at which a function may be least without a slope that vanishes: |x| and √|x| at 0.

use super::place::Place;
use super::run::Run;
use crate::error::Result;

/// Coordinates this small beside the ways that were gone are zero.
const NOTHING: f64 = 1e-15;
/// How far is looked, as parts of the ways that were gone.
const REACHES: [f64; 3] = [1e-2, 1e-5, 1e-8];
/// Directions that are looked at in two variables; in more, they would leave too much between them.
const DIRECTIONS: usize = 64;
/// Slopes to both sides that promise so much, beside f over the size of x, are looked at more closely.
const STEEP: f64 = 1e-3;
/// How far for that, and how much nearer: there a smooth function has risen by the square of this, at a corner by this.
const FAR: f64 = 1e-3;
const NEARER: f64 = 1e-2;

/// Takes a search that halves its way towards zero there, and says whether f is higher all around, which is only asked in one or two variables,
/// and rises as from a corner: around a smooth bowl it would too, even a little off its lowest point, if the bowl is a narrow valley.
pub(super) fn settles(run: &mut Run<'_>, here: &mut Place) -> Result<bool> {
    let mut next = Place::at(&here.x);
    for i in 0..next.x.len() {
        if next.x[i].abs() <= NOTHING * run.extent[i] {
            next.x[i] = 0.0;
        }
    }
    run.land.project(&mut next.x);
    next.value = run.land.value(&next.x)?;
    if next.value <= here.value {
        // At a corner there need not be a slope.
        next.slope.copy_from_slice(&here.slope);
        run.land.slope(&next.x, next.value, &mut next.slope)?;
        std::mem::swap(here, &mut next);
    }
    let n = here.x.len();
    if n > 2 {
        return Ok(false);
    }
    let (mut sharp, mut blunt) = (0, 0);
    for k in 0..DIRECTIONS {
        let (sine, cosine) = (std::f64::consts::TAU * k as f64 / DIRECTIONS as f64).sin_cos();
        let mut rises = [f64::NAN; REACHES.len()];
        for (rise, reach) in rises.iter_mut().zip(REACHES) {
            for (i, part) in [cosine, sine].into_iter().enumerate().take(n) {
                next.x[i] = here.x[i] + reach * run.extent[i] * part;
            }
            run.land.project(&mut next.x);
            if next.x != here.x {
                *rise = run.land.value(&next.x)? - here.value;
                if !(*rise > 0.0) {
                    return Ok(false);
                }
            }
        }
        // A smooth function rises with the square of the way, one with a corner with the way itself.
        let even = (REACHES[1] / REACHES[0]).powf(1.5);
        sharp += usize::from(rises[1] >= even * rises[0]);
        blunt += usize::from(rises[1] < even * rises[0]);
    }
    Ok(sharp > blunt || run.verdict.level(&run.land, here))
}

/// Whether f rises to both sides of a coordinate as it does from a corner, so that the mean of both slopes, though it vanishes, says nothing.
pub(super) fn at_corner(run: &mut Run<'_>, here: &Place) -> Result<bool> {
    let size = run.verdict.largest(here.value);
    let rounding = 64.0 * f64::EPSILON * here.value.abs();
    let mut moved = here.x.clone();
    for i in 0..here.x.len() {
        let scale = here.x[i].abs().max(0.1);
        let promise =
            run.land.bends().get(i).map_or(0.0, |bend| bend.abs() * run.land.central_step(i, here.x[i]) * scale);
        if promise <= STEEP * size {
            continue;
        }
        let mut corner = true;
        for step in [FAR * scale, -FAR * scale] {
            let mut rise = |part: f64| -> Result<f64> {
                moved[i] = (here.x[i] + part * step).max(run.land.lower[i]).min(run.land.upper[i]);
                Ok(run.land.value(&moved)? - here.value)
            };
            let (near, far) = (rise(NEARER)?, rise(1.0)?);
            corner &= near > rounding && far < near / NEARER.powf(1.5);
        }
        moved[i] = here.x[i];
        if corner {
            return Ok(true);
        }
    }
    Ok(false)
}
