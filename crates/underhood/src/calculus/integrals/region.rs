//! Integrals over boxes and regions of the plane, of space, and beyond: one integral inside the other (Fubini).
//!
//! The limits of each variable may depend on the variables before it. The inner integrals are held to a small part of the tolerance, and the
//! area under the errors that they leave is added to the error of the outer one. Where the integrand is singular at a corner of the region, lines next
//! to that corner seem to diverge, as far as doubles show: these are points without a value to the outer integral, like others.

use std::cell::{Cell, RefCell};

use super::chart::{Function, Inner};
use super::line::{Role, over_line};
use super::rule::POINTS;
use super::{Doubt, Integral, Options, Tolerance};
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};

/// How many variables are allowed: each multiplies the calls by forty at least.
const MOST: usize = 6;

/// So many times the calls that a line may take are allowed for the whole region.
const LINES: usize = 60;

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
    let most = options.limit.saturating_mul(POINTS).saturating_mul(LINES);
    let mut region = Region { f, limits, variables, evaluations: 0, most };
    let (found, _) = region.inner(&mut Vec::with_capacity(variables), options)?;
    Ok(Integral { evaluations: region.evaluations, ..found })
}

struct Region<'a, 'f> {
    f: &'a mut Values<'f>,
    limits: &'a mut Limits<'f>,
    variables: usize,
    evaluations: usize,
    most: usize,
}

impl Region<'_, '_> {
    fn spent(&self) -> bool {
        self.evaluations >= self.most
    }

    /// The integral over the variables from the one after `earlier` on, and that of the absolute value.
    fn inner(&mut self, earlier: &mut Vec<f64>, options: &Options) -> Result<(Integral, f64)> {
        let (a, b) = (self.limits)(earlier.len(), earlier)?;
        if earlier.len() + 1 == self.variables {
            let rest = Options { limit: if self.spent() { 1 } else { options.limit }, ..options.clone() };
            // Counted here, since lines that are refused have cost calls too.
            let mut along: Box<Function<'_>> = Box::new(|last, into| {
                self.evaluations += last.len();
                (self.f)(earlier, last, into)
            });
            let found = over_line(&mut along, a, b, &rest, Role { inner: None, one_of_many: !earlier.is_empty() })?;
            drop(along);
            return Ok(found);
        }
        let (mut lines, one_of_many) = (Lines::default(), !earlier.is_empty());
        let known = Cell::new(Inner::default());
        let finer = Options { tolerance: finer(options.tolerance, (b - a).abs()), ..options.clone() };
        let (found, size) = over_line(
            &mut |x, into| {
                for (x, into) in x.iter().zip(into) {
                    earlier.push(*x);
                    let line = self.inner(earlier, &finer);
                    earlier.pop();
                    *into = lines.count(*x, line)?;
                    known.set(lines.known.with_end(self.spent()));
                }
                Ok(())
            },
            a,
            b,
            options,
            Role { inner: Some(&known), one_of_many },
        )?;
        let (doubts, wholes) = lines.areas();
        let whole = wholes.max(size * known.get().cancellation());
        if let (Some(Doubt::NoValue { .. }), Some(divergence)) = (found.doubt, lines.divergence.take()) {
            return Err(divergence);
        }
        let error = found.error + doubts;
        let reached = error <= options.tolerance.of(found.value).max(30.0 * f64::EPSILON * whole);
        let doubt = if reached { None } else { found.doubt.or(lines.doubt).or(Some(Doubt::Tolerance)) };
        Ok((Integral { error, doubt, converged: doubt.is_none(), ..found }, whole))
    }
}

/// What integrals along lines may err by, for the integral over all of them to be as good as it must be.
fn finer(tolerance: Tolerance, width: f64) -> Tolerance {
    Tolerance {
        relative: (0.03 * tolerance.relative).max(1e-13),
        absolute: if width.is_finite() && width > 0.0 { 0.03 * tolerance.absolute / width } else { 0.0 },
    }
}

/// What the integrals along lines came to.
#[derive(Default)]
struct Lines {
    known: Inner,
    /// Where each line lies, its error, and its integral of the absolute value.
    errors: Vec<(f64, f64, f64)>,
    doubt: Option<Doubt>,
    /// The refusal of one that diverges.
    divergence: Option<Error>,
    /// Whether there is one that does not.
    any: bool,
}

impl Lines {
    /// Counts a line and gives its value: infinite where it diverges, as next to a singular corner of the region lines seem to.
    fn count(&mut self, x: f64, line: Result<(Integral, f64)>) -> Result<f64> {
        let (found, whole) = match line {
            Err(refusal @ Error::Invalid { .. }) if self.any || self.errors.len() + 1 < POINTS => {
                self.divergence.get_or_insert(refusal);
                self.errors.push((x, 0.0, 0.0));
                return Ok(f64::INFINITY);
            }
            line => line?,
        };
        self.any = true;
        self.known.count(found.value, whole);
        self.doubt = self.doubt.or(found.doubt);
        let known = found.value.is_finite();
        self.errors.push((x, if known { found.error } else { 0.0 }, if known { whole } else { 0.0 }));
        Ok(found.value)
    }

    /// What the errors of all lines add up to, and the integrals of absolute values: the areas under them.
    fn areas(&mut self) -> (f64, f64) {
        self.errors.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.errors.windows(2).fold((0.0, 0.0), |(errors, wholes), pair| {
            let half = 0.5 * (pair[1].0 - pair[0].0);
            (errors + half * (pair[0].1 + pair[1].1), wholes + half * (pair[0].2 + pair[1].2))
        })
    }
}
