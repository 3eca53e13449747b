//! How strongly a function is curved at a point, without its matrix of second derivatives.
//!
//! The Hessian times a vector is how the gradient changes along it: H v ≈ (∇f(x + h v) − ∇f(x − h v)) / 2h. Power iteration (R. von Mises and
//! H. Pollaczek-Geiringer, 1929) needs nothing else. Where the strongest curvature is that of a hilltop, a second iteration on H + |λ| I, whose
//! eigenvalues are not negative, finds the largest.

use super::record::norm;
use crate::check;
use crate::error::{Error, Result as CoreResult};
use crate::random::Stream;

/// Most products with the Hessian in the first iteration; a second has half as many.
const MOST: usize = 16;

/// The iteration ends when a round changes the eigenvalue by no more than this part.
const SETTLED: f64 = 1e-3;

/// The largest curvature at a point.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Curvature {
    /// The largest eigenvalue of the Hessian, to about a percent, or a little less than it where two are close to each other; not
    /// positive where the function bends down in every direction. `None` where there are no second derivatives, as at kinks.
    pub largest: Option<f64>,
    /// How often the closure was called.
    pub evaluations: usize,
}

/// Estimates the largest eigenvalue of the Hessian at `x` from at most 52 gradients near it, usually some ten.
///
/// `gradient` writes the gradient at a point into its second argument.
///
/// ```
/// use underhood::Error;
/// use underhood::optimize::largest_curvature;
///
/// let bowl = |x: &[f64], gradient: &mut [f64]| -> Result<(), Error> {
///     gradient.copy_from_slice(&[2.0 * x[0], 20.0 * x[1]]);
///     Ok(())
/// };
/// let found = largest_curvature(bowl, &[4.0, 1.0])?;
/// assert!((found.largest.unwrap() - 20.0).abs() < 0.2);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for an empty `x`, [`Error::NotFinite`] for NaN or infinity in it; whatever `gradient` returns as its error.
pub fn largest_curvature<E: From<Error>>(
    mut gradient: impl FnMut(&[f64], &mut [f64]) -> Result<(), E>,
    x: &[f64],
) -> Result<Curvature, E> {
    checked(x)?;
    // The truncation of a central difference falls with h², its rounding grows with 1/h: the cube root of the rounding.
    let smallest = f64::EPSILON.cbrt() * norm(x).max(1.0);
    let (mut moved, mut ahead) = (x.to_vec(), x.to_vec());
    let mut evaluations = 0;
    let mut product = |v: &[f64], wider: f64, product: &mut [f64]| -> Result<(), E> {
        let step = wider * smallest;
        let mut toward = |step: f64, into: &mut [f64]| {
            moved.iter_mut().zip(x.iter().zip(v)).for_each(|(moved, (x, v))| *moved = x + step * v);
            evaluations += 1;
            gradient(&moved, into)
        };
        toward(step, &mut ahead)?;
        toward(-step, product)?;
        product.iter_mut().zip(&ahead).for_each(|(behind, ahead)| *behind = (ahead - *behind) / (2.0 * step));
        Ok(())
    };
    let largest = largest(&mut product, x.len())?;
    Ok(Curvature { largest, evaluations })
}

/// [`largest_curvature`] from values alone: at most 104 for each coordinate, usually some 20.
///
/// # Errors
/// As [`largest_curvature`].
pub fn largest_curvature_numerical<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> Result<f64, E>,
    x: &[f64],
) -> Result<Curvature, E> {
    checked(x)?;
    // The rounding of a second difference grows with 1/h²: the fourth root.
    let smallest = f64::EPSILON.powf(0.25) * norm(x).max(1.0);
    let mut moved = x.to_vec();
    let mut evaluations = 0;
    let mut product = |v: &[f64], wider: f64, product: &mut [f64]| -> Result<(), E> {
        let step = wider * smallest;
        for i in 0..x.len() {
            let mut corner = |along: f64, aside: f64| {
                moved.iter_mut().zip(x.iter().zip(v)).for_each(|(moved, (x, v))| *moved = x + along * v);
                moved[i] += aside;
                evaluations += 1;
                f(&moved)
            };
            let ahead = corner(step, step)? - corner(step, -step)?;
            let behind = corner(-step, step)? - corner(-step, -step)?;
            product[i] = (ahead - behind) / (4.0 * step * step);
        }
        Ok(())
    };
    let largest = largest(&mut product, x.len())?;
    Ok(Curvature { largest, evaluations })
}

fn checked(x: &[f64]) -> CoreResult<()> {
    check::at_least("largest_curvature", "x", "values", x.len(), 1)?;
    check::finite_vector("largest_curvature", "x", x.into())
}

/// Writes H v for a v of length 1 (with a step that is so many times wider than the smallest).
type Product<'a, E> = dyn FnMut(&[f64], f64, &mut [f64]) -> Result<(), E> + 'a;

fn largest<E>(product: &mut Product<'_, E>, n: usize) -> Result<Option<f64>, E> {
    let (mut found, mut direction) = power(product, n, 0.0, MOST)?;
    if found < 0.0 && n > 1 {
        // The rest bends at most as strongly the other way; how strongly up, the shifted iteration tells.
        let shift = -found;
        (found, direction) = power(product, n, shift, MOST / 2)?;
        found -= shift;
    }
    if !found.is_finite() {
        return Ok(None);
    }
    // At a kink the differences would shrink with a wider step.
    let mut wider = vec![0.0; n];
    product(&direction, 4.0, &mut wider)?;
    let steady = (dot(&wider, &direction) - found).abs() <= 0.2 * found.abs();
    Ok((steady || found <= 0.0).then_some(found))
}

/// The eigenvalue of H + shift·I that is largest in size, and its direction; NaN if a difference is not a number.
fn power<E>(product: &mut Product<'_, E>, n: usize, shift: f64, most: usize) -> Result<(f64, Vec<f64>), E> {
    // Any direction will do that is not perpendicular to the eigenvector: a random one, the same in every run.
    let mut stream = Stream::seeded(0);
    let mut direction: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
    let length = norm(&direction);
    direction.iter_mut().for_each(|v| *v /= length);
    let mut image = vec![0.0; n];
    let mut found = f64::NAN;
    for round in 1..=most {
        product(&direction, 1.0, &mut image)?;
        image.iter_mut().zip(&direction).for_each(|(image, v)| *image += shift * v);
        let quotient = dot(&image, &direction);
        let settled = (quotient - found).abs() <= SETTLED * quotient.abs();
        found = quotient;
        let length = norm(&image);
        if settled || n == 1 || round == most || length == 0.0 || !length.is_finite() {
            break;
        }
        direction.iter_mut().zip(&image).for_each(|(v, image)| *v = image / length);
    }
    Ok((found, direction))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
