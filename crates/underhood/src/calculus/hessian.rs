//! The Hessian: the second derivatives of a function of several variables.
//!
//! The entries beside the diagonal come from second derivatives along diagonals of the coordinate planes, by polarisation:
//! `4 ∂²f/∂x∂y = D²f(1, 1) − D²f(1, −1)`.

use super::derivative::{Doubt, Estimate, Method, Options, at, checked};
use super::directional::along;
use super::gradient::not_infinite;
use super::jacobian::Matrix;
use super::ladder::Place;
use crate::check;
use crate::error::Error;

/// The Hessian of `f` at `x`: entry (i, j) is `∂²f/∂xᵢ∂xⱼ`; it is symmetric.
///
/// `f` is called some 30 times for each entry on the diagonal and some 60 times for each one above it, and once along a general direction, which all of them
/// must explain. Where the gradient is known, its [`jacobian`](super::jacobian()) is faster and more exact.
///
/// ```
/// use underhood::calculus::hessian;
/// use underhood::Error;
///
/// let saddle = |x: &[f64]| Ok::<_, Error>(x[0] * x[0] * x[1]);
/// let found = hessian(saddle, &[1.0, 3.0], None)?;
/// assert!((found.values[[0, 0]] - 6.0).abs() < 1e-9 && (found.values[[0, 1]] - 2.0).abs() < 1e-9);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for no coordinates, [`Error::NotFinite`] for an infinite one, [`Error::OutOfRange`] for a step that is not positive;
/// whatever `f` returns as its error.
pub fn hessian<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> Result<f64, E>,
    x: &[f64],
    step: Option<f64>,
) -> Result<Matrix, E> {
    let options = Options { order: 2, method: Method::Auto, step };
    checked(&options, "hessian")?;
    check::at_least("hessian", "x", "values", x.len(), 1)?;
    not_infinite("hessian", x)?;
    let n = x.len();
    let mut found = Matrix::empty(n, n);
    if x.iter().any(|x| x.is_nan()) {
        found.set(0, 0, (f64::NAN, f64::NAN), Some(Doubt::NoPoint));
        return Ok(found);
    }
    let centre = f(x)?;
    found.evaluations = 1;
    // Powers of two near the larger coordinates: multiplying by them rounds nothing.
    let scale = |x: f64| if x.abs() < 1.0 { 1.0 } else { 2f64.powi((x.abs().log2().floor() as i32).min(1023)) };
    let mut moved = x.to_vec();
    for i in 0..n {
        let mut coordinate = |value: f64| {
            moved[i] = value;
            f(&moved)
        };
        let entry = at(&mut coordinate, &Place::number(x[i], centre), &options)?;
        moved[i] = x[i];
        found.evaluations += entry.evaluations;
        found.set(i, i, (entry.value, entry.error), entry.doubt);
        for j in 0..i {
            let (s, t) = (scale(x[i]), scale(x[j]));
            let mut bend = |sign: f64| -> Result<Estimate, E> {
                let mut unit = vec![0.0; n];
                (unit[i], unit[j]) = (s, sign * t);
                let estimate = along(&mut f, x, &unit, centre, &options)?;
                found.evaluations += estimate.evaluations;
                Ok(estimate)
            };
            let (rise, fall) = (bend(1.0)?, bend(-1.0)?);
            let value = (0.25 * rise.value - 0.25 * fall.value) / s / t;
            let error = 0.25 * (rise.error + fall.error) / s / t;
            // What is small beside the bends that it is the difference of need not be small itself.
            let doubt = rise.doubt.or(fall.doubt).filter(|_| !(error <= 1e-6 * value.abs()));
            found.set(i, j, (value, error), doubt);
            found.set(j, i, (value, error), doubt);
        }
    }
    if n > 1 && found.converged {
        // One more direction, a general one: where mixed derivatives depend on their order, as A. C. Clairaut's theorem (1740) excludes for
        // continuous ones, no form explains it.
        let golden = 0.618_033_988_749_895;
        let share = |i: usize| 1.0 - 0.75 * ((i as f64 * golden) % 1.0);
        let unit: Vec<f64> = (0..n).map(|i| share(i) * scale(x[i])).collect();
        let seen = along(&mut f, x, &unit, centre, &options)?;
        found.evaluations += seen.evaluations;
        let (mut told, mut error, mut size) = (0.0, seen.error, seen.value.abs());
        for ((i, j), entry) in found.values.indexed_iter() {
            let weight = unit[i] * unit[j];
            told += weight * entry;
            error += weight.abs() * found.errors[[i, j]];
            size += (weight * entry).abs();
        }
        if seen.converged && (seen.value - told).abs() > 100.0 * error + 1e-6 * size {
            for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
                let off = ((seen.value - told) / (unit[i] * unit[j])).abs();
                for (i, j) in [(i, j), (j, i)] {
                    let (value, error) = (found.values[[i, j]], found.errors[[i, j]].max(off));
                    found.set(i, j, (value, error), Some(Doubt::NoForm));
                }
            }
        }
    }
    Ok(found)
}
