//! Integrals over boxes and regions of the plane, of space, and beyond: one integral inside the other (Fubini).
//!
//! The limits of each variable may depend on the variables before it. The inner integrals are held to a tenth of the tolerance, and the
//! errors that they leave are added to that of the outermost one.

use std::cell::{Cell, RefCell};

use super::chart::{Function, Inner};
use super::line::over_line;
use super::{Doubt, Integral, Options, Tolerance};
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};

/// How many variables are allowed: each multiplies the calls by forty at least.
const MOST: usize = 6;

type Values<'f> = dyn FnMut(&[f64], &[f64], &mut [f64]) -> Result<()> + 'f;
type Limits<'f> = dyn FnMut(usize, &[f64]) -> Result<(f64, f64)> + 'f;

/// The integral of `f` over a region: `limits(k, earlier)` gives the limits of variable `k`, which may depend on the earlier ones.
///
/// `f(earlier, last, into)` fills in its values for many values of the last variable, the earlier ones being fixed. Options as for
/// [`integrate`](super::integrate), without points.
///
/// ```
/// use underhood::Error;
/// use underhood::calculus::integrals::{Options, integrate_region};
///
/// // The triangle 0 ≤ y ≤ x ≤ 1 under the plane x·y.
/// let plane = |earlier: &[f64], y: &[f64], into: &mut [f64]| {
///     into.iter_mut().zip(y).for_each(|(value, y)| *value = earlier[0] * y);
///     Ok::<_, Error>(())
/// };
/// let triangle = |k: usize, earlier: &[f64]| Ok(if k == 0 { (0.0, 1.0) } else { (0.0, earlier[0]) });
/// let volume = integrate_region(plane, triangle, 2, &Options::default())?;
/// assert!((volume.value - 0.125).abs() < 1e-14);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfRange`] for limits that are NaN, bad tolerances, and other than 1 to 6 variables; [`Error::Invalid`] where an
/// integral diverges; whatever `f` or `limits` return as their errors.
pub fn integrate_region<E: From<Error>>(
    mut f: impl FnMut(&[f64], &[f64], &mut [f64]) -> std::result::Result<(), E>,
    mut limits: impl FnMut(usize, &[f64]) -> std::result::Result<(f64, f64), E>,
    variables: usize,
    options: &Options,
) -> std::result::Result<Integral, E> {
    let caught = RefCell::new(Caught::new("integrate"));
    let found = over_region(
        &mut |earlier, last, into| caught.borrow_mut().catch(f(earlier, last, into)),
        &mut |k, earlier| caught.borrow_mut().catch(limits(k, earlier)),
        variables,
        options,
    );
    caught.into_inner().release(found)
}

fn over_region(f: &mut Values<'_>, limits: &mut Limits<'_>, variables: usize, options: &Options) -> Result<Integral> {
    let allowed = (1..=MOST).contains(&variables);
    check::in_range("integrate", "the number of variables", variables as f64, allowed, "1 to 6")?;
    let mut evaluations = 0;
    let mut earlier = Vec::with_capacity(variables);
    let (found, _) = inner(f, limits, variables, &mut earlier, options, &mut evaluations)?;
    let reached = found.error <= options.tolerance.of(found.value);
    let doubt = if reached { None } else { found.doubt };
    Ok(Integral { evaluations, doubt, converged: doubt.is_none(), ..found })
}

/// The integral over the variables from the one after `earlier` on, and that of the absolute value.
fn inner(
    f: &mut Values<'_>,
    limits: &mut Limits<'_>,
    variables: usize,
    earlier: &mut Vec<f64>,
    options: &Options,
    evaluations: &mut usize,
) -> Result<(Integral, f64)> {
    let (a, b) = limits(earlier.len(), earlier)?;
    if earlier.len() + 1 == variables {
        let mut along: Box<Function<'_>> = Box::new(|last, into| f(earlier, last, into));
        let found = over_line(&mut along, a, b, options, None)?;
        *evaluations += found.0.evaluations;
        return Ok(found);
    }
    let Tolerance { relative, absolute } = options.tolerance;
    let width = (b - a).abs();
    let finer = Tolerance {
        relative: (0.1 * relative).max(1e-13),
        absolute: if width.is_finite() && width > 0.0 { 0.1 * absolute / width } else { 0.0 },
    };
    let finer = Options { tolerance: finer, ..options.clone() };
    let (mut error, mut size): (f64, f64) = (0.0, 0.0);
    let mut doubt: Option<Doubt> = None;
    let cancelled = Cell::new(Inner::default());
    let (found, whole) = over_line(
        &mut |x, into| {
            for (x, into) in x.iter().zip(into) {
                earlier.push(*x);
                let found = inner(f, limits, variables, earlier, &finer, evaluations);
                earlier.pop();
                let (found, whole) = found?;
                let mut known = cancelled.get();
                known.count(found.value, whole);
                cancelled.set(known);
                *into = found.value;
                if found.value.is_finite() {
                    error = error.max(found.error);
                    size = size.max(found.value.abs());
                }
                doubt = doubt.or(found.doubt);
            }
            Ok(())
        },
        a,
        b,
        options,
        Some(&cancelled),
    )?;
    // What the inner errors can add up to; over an infinite range, in proportion to the integral.
    let carried = if width.is_finite() {
        error * width
    } else if size > 0.0 {
        error / size * found.value.abs()
    } else {
        0.0
    };
    let error = found.error + carried;
    let doubt = found.doubt.or(doubt);
    Ok((Integral { error, doubt, converged: doubt.is_none(), ..found }, whole * cancelled.get().cancellation()))
}
