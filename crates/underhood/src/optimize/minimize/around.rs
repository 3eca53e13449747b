//! What lies around a place where a search came to rest: the far end of an exponential, a plateau and an inflection look like a minimum
//! from near by, but not from farther off; of a saddle in many variables, products of the second derivatives with vectors show the way
//! down.

use super::newton::Model;
use super::place::Place;
use super::run::Run;
use crate::error::Result;
use crate::optimize::lanczos::{self, Lowest};
use crate::optimize::lengths::dot;
use crate::random::Stream;

/// What lies around a place that is flat in some direction.
pub(super) enum Around {
    /// A lower place, to which `here` was moved.
    Lower,
    /// The function rises somewhere along the flat: a plateau, whose slope has died away.
    Higher,
    /// It is not flat, or stays so.
    Nothing,
}

/// Curvature that changes f by less than this part of it over the whole size of x is none.
const FLAT: f64 = 1e-9;
/// How far is looked, in sizes of x.
const NEAR: [f64; 6] = [0.1, -0.1, 0.5, -0.5, 1.0, -1.0];
/// And along every axis as far as the curvature lifts f by this part of it: next to an inflection it falls on one side instead, by as much.
const LIFTED: f64 = 1e-6;

/// |f|, also of the smallest numbers.
fn own_size(here: &Place) -> f64 {
    if here.value == 0.0 { f64::MIN_POSITIVE } else { here.value.abs() }
}

/// What is seen along a way.
struct Seen {
    /// The largest difference ahead and behind within the size of x, as parts of f; minus infinity where nothing was seen.
    highest: [f64; 2],
    /// Whether somewhere there it is the same to the bit.
    level: bool,
    /// Whether a lower place was found, to which `here` was moved.
    lower: bool,
}

impl Seen {
    /// Higher on one side alone is no minimum: an exponential's end, or a step.
    fn one_sided(&self) -> bool {
        let [ahead, behind] = self.highest;
        let (most, least) = (ahead.max(behind), ahead.min(behind));
        // Far above zero both sides of a bowl are hardly higher: much alike, they are one.
        (most > FLAT && least <= FLAT && least < 0.1 * most) || (least > FLAT && self.level)
    }
}

/// Looks along `way` at those parts of it, until something lower is found.
fn look(
    run: &mut Run<'_>,
    here: &mut Place,
    next: &mut Place,
    way: &[f64],
    parts: impl Iterator<Item = f64>,
) -> Result<Seen> {
    let mut seen = Seen { highest: [f64::NEG_INFINITY; 2], level: false, lower: false };
    for part in parts {
        for i in 0..way.len() {
            next.x[i] = here.x[i] + part * way[i];
        }
        run.land.project(&mut next.x);
        if next.x == here.x {
            continue;
        }
        next.value = run.land.value(&next.x)?;
        let difference = (next.value - here.value) / own_size(here);
        if difference < -FLAT && run.land.slope(&next.x, next.value, &mut next.slope)? {
            std::mem::swap(here, next);
            return Ok(Seen { lower: true, ..seen });
        }
        if part.abs() <= 1.0 {
            let side = &mut seen.highest[usize::from(part < 0.0)];
            *side = side.max(difference);
            seen.level |= difference == 0.0;
        }
    }
    Ok(seen)
}

/// How far off a hollow is looked for where nothing at all is seen near by.
fn far() -> impl Iterator<Item = f64> {
    (1..=12).flat_map(|k| [1.5_f64.powi(k), -1.5_f64.powi(k)])
}

/// Looks along the axes on which neither slope nor curvature matters over the whole size of x, or hardly: such a place may be a minimum
/// in a function that does not depend on that direction, or the far end of an exponential that has died away, or an inflection.
pub(super) fn plateau(run: &mut Run<'_>, model: &Model, here: &mut Place, next: &mut Place) -> Result<Around> {
    let n = here.x.len();
    let (mut axis, mut unit) = (vec![0.0; n], vec![0.0; model.curvatures.len()]);
    let mut around = Around::Nothing;
    // A slope of nothing at all is a minimum met exactly, or a step, whose edge looks like a curvature.
    let blind = here.slope.iter().all(|slope| *slope == 0.0);
    for k in 0..model.curvatures.len() {
        unit[k] = 1.0;
        model.unscaled(&unit, &mut axis);
        unit[k] = 0.0;
        // As far as the first coordinate's own size.
        let size = axis.iter().zip(&here.x).map(|(a, x)| x.abs().max(1.0) / a.abs()).fold(f64::INFINITY, f64::min);
        // From the second derivatives themselves: of a small eigenvalue beside large ones rounding leaves nothing.
        let rise = model.along(&axis).abs() * size * size;
        let flat = rise <= FLAT * here.value.abs();
        if !size.is_finite() {
            continue;
        }
        axis.iter_mut().for_each(|axis| *axis *= size);
        if !(flat || blind || run.verdict.weak(rise, here.value)) {
            let part = (2.0 * LIFTED * run.verdict.largest(here.value) / rise).sqrt();
            if look(run, here, next, &axis, [part, -part].into_iter())?.lower {
                return Ok(Around::Lower);
            }
            continue;
        }
        let seen = look(run, here, next, &axis, NEAR.into_iter().chain(far().take(if flat { 24 } else { 0 })))?;
        if seen.lower {
            return Ok(Around::Lower);
        }
        if seen.one_sided() {
            around = Around::Higher;
        }
    }
    if matches!(around, Around::Nothing) {
        return back(run, model, here, next);
    }
    Ok(around)
}

/// Brings the coordinates without any effect back to where they began: an effect there shows that they have run away together.
fn back(run: &mut Run<'_>, model: &Model, here: &mut Place, next: &mut Place) -> Result<Around> {
    next.copy_from(here);
    for (i, curvature) in model.diagonal() {
        let size = here.x[i].abs().max(1.0);
        if here.slope[i].abs() * size + curvature.abs() * size * size <= FLAT * here.value.abs() {
            next.x[i] = run.start[i];
        }
    }
    run.land.project(&mut next.x);
    if next.x == here.x {
        return Ok(Around::Nothing);
    }
    let way: Vec<f64> = next.x.iter().zip(&here.x).map(|(next, here)| next - here).collect();
    next.value = run.land.value(&next.x)?;
    let difference = (next.value - here.value) / own_size(here);
    if difference < -FLAT && run.land.slope(&next.x, next.value, &mut next.slope)? {
        std::mem::swap(here, next);
        return Ok(Around::Lower);
    }
    // Far above zero a bowl seems flat: what its own curvature foretells is no plateau's rise.
    let foretold = (dot(&here.slope, &way) + 0.5 * model.along(&way)) / own_size(here);
    Ok(if difference > FLAT + 10.0 * foretold.max(0.0) { Around::Higher } else { Around::Nothing })
}

/// The same along the coordinates and by values alone: looks farther off where nothing is seen within a tenth of x's size.
pub(super) fn outlook(run: &mut Run<'_>, here: &mut Place, next: &mut Place) -> Result<Around> {
    const NOTHING: f64 = 1e-12;
    let mut around = Around::Nothing;
    for i in 0..here.x.len() {
        let (least, size) = (NOTHING * run.verdict.largest(here.value), here.x[i].abs().max(1.0));
        next.copy_from(here);
        let mut seen = false;
        for part in NEAR.into_iter().chain(far()) {
            if seen {
                break;
            }
            next.x[i] = (here.x[i] + part * size).max(run.land.lower[i]).min(run.land.upper[i]);
            next.value = run.land.value(&next.x)?;
            let difference = next.value - here.value;
            if part.abs() <= NEAR[0] {
                seen = difference.abs() > least;
            } else if difference < -least {
                std::mem::swap(here, next);
                return Ok(Around::Lower);
            } else if difference > least && part.abs() <= 1.0 {
                around = Around::Higher;
            }
        }
    }
    Ok(around)
}

/// Evaluates f a tenth of x away in each coordinate, to learn its size there; the lowest place stands in `next`.
pub(super) fn survey(run: &mut Run<'_>, here: &Place, next: &mut Place) -> Result<()> {
    let mut moved = here.x.clone();
    next.copy_from(here);
    for i in 0..moved.len() {
        for part in [0.1, -0.1] {
            moved[i] = (here.x[i] + part * here.x[i].abs().max(1.0)).max(run.land.lower[i]).min(run.land.upper[i]);
            let value = run.land.value(&moved)?;
            if value.is_finite() {
                run.verdict.meet(value);
            }
            if value < next.value {
                next.x.copy_from_slice(&moved);
                next.value = value;
            }
        }
        moved[i] = here.x[i];
    }
    Ok(())
}

/// Looks for a way down from a place whose slope has vanished, in many variables: along the lowest curvature, if it is negative, and
/// along what is left of the slope, by which an exponential's end is told. Moves `here` there, if there is one.
pub(super) fn way_down(run: &mut Run<'_>, here: &mut Place) -> Result<Around> {
    let (curvature, lowest) = lowest_curvature(run, here)?;
    let level = here.slope.iter().all(|slope| *slope == 0.0);
    let mut next = Place::at(&here.x);
    let size = here.x.iter().fold(1.0_f64, |m, x| m.max(x.abs()));
    for (curved, mut way) in [(true, lowest), (false, here.slope.clone())] {
        let longest = way.iter().fold(0.0_f64, |m, way| m.max(way.abs()));
        way.iter_mut().for_each(|way| *way /= longest);
        if !way.iter().all(|way| way.is_finite()) || (curved && !(curvature < 0.0 || (level && curvature == 0.0))) {
            continue;
        }
        // Where the slope does not matter over the whole size of x, it may be a plateau; far out the curvature is too small to be told from rounding.
        let flat = FLAT * here.value.abs();
        if dot(&here.slope, &way).abs() * size <= flat {
            let whole: Vec<f64> = way.iter().map(|way| size * way).collect();
            let farther = far().take(if curvature.abs() * size * size <= flat { 24 } else { 0 });
            let seen = look(run, here, &mut next, &whole, NEAR.into_iter().chain(farther))?;
            if seen.lower {
                return Ok(Around::Lower);
            }
            if seen.one_sided() {
                return Ok(Around::Higher);
            }
        }
        for part in [1.0, 0.1, 1e-2, 1e-3].into_iter().flat_map(|part| [part, -part]) {
            for i in 0..way.len() {
                next.x[i] = here.x[i] + part * size * way[i];
            }
            run.land.project(&mut next.x);
            next.value = run.land.value(&next.x)?;
            let lower = next.value < here.value - 1e-14 * here.value.abs();
            if lower && run.land.slope(&next.x, next.value, &mut next.slope)? {
                std::mem::swap(here, &mut next);
                return Ok(Around::Lower);
            }
        }
    }
    // Neither slope nor curvature: one that has died away, by one coordinate after the other.
    if level && curvature == 0.0 { outlook(run, here, &mut next) } else { Ok(Around::Nothing) }
}

/// The lowest curvature among the free coordinates, 0 if none can be told from it, and its direction.
fn lowest_curvature(run: &mut Run<'_>, here: &Place) -> Result<(f64, Vec<f64>)> {
    let n = here.x.len();
    let free: Vec<bool> = (0..n).map(|i| !run.land.held(i, here.x[i], here.slope[i])).collect();
    // Any direction will do that is not perpendicular to the one looked for: a random one, the same in every run.
    let mut stream = Stream::seeded(0);
    let begin: Vec<f64> = free.iter().map(|free| if *free { stream.normal() } else { 0.0 }).collect();
    let mut product = |v: &[f64], image: &mut [f64]| -> Result<bool> {
        let finite = run.land.bend(&here.x, &here.slope, v, image)?;
        image.iter_mut().zip(&free).filter(|(_, free)| !**free).for_each(|(v, _)| *v = 0.0);
        Ok(finite)
    };
    let dimensions = free.iter().filter(|free| **free).count();
    let Some(Lowest { value: lowest, most, way }) = lanczos::lowest(begin, dimensions, &mut product)? else {
        return Ok((f64::NAN, Vec::new()));
    };
    Ok((if lowest < -1e-7 * most || lowest > 0.0 { lowest } else { 0.0 }, way))
}
