//! How strongly a function is curved at a point, without its matrix of second derivatives.
//!
//! The Hessian times a vector is how the gradient changes along it: H v ≈ (∇f(x + h v) − ∇f(x − h v)) / 2h. Power iteration (R. von Mises and
//! H. Pollaczek-Geiringer, 1929) needs nothing else; directions in which the function
//! bends down, as on a hilltop, are found and left out first.

use ndarray::{Array2, ArrayView1};

use crate::check;
use crate::error::{Error, Result as CoreResult};
use crate::linalg::{self, Triangle};
use crate::optimize::lengths::{dot, length as norm};
use crate::random::Stream;

/// Most products with the Hessian.
const MOST: usize = 24;

/// The iteration ends when a round changes the eigenvalue by no more than this part.
const SETTLED: f64 = 1e-3;

/// An image counts as lying along its direction when no more than this part of it lies aside.
const ASIDE: f64 = 0.1;

/// The largest curvature at a point.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LargestCurvature {
    /// The largest eigenvalue of the Hessian, to about a percent, or a little less than it where two are close to each other; not
    /// positive where the function bends down in every direction. `None` where there are no second derivatives, as at kinks, and where it
    /// bends down most strongly in so many directions that the largest was not reached.
    pub largest: Option<f64>,
    /// How often the closure was called.
    pub evaluations: usize,
}

/// Estimates the largest eigenvalue of the Hessian at `x` from at most 50 gradients near it, usually some ten.
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
) -> Result<LargestCurvature, E> {
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
    Ok(LargestCurvature { largest, evaluations })
}

/// [`largest_curvature`] from values alone: at most 100 for each coordinate, usually some 20.
///
/// # Errors
/// As [`largest_curvature`].
pub fn largest_curvature_numerical<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> Result<f64, E>,
    x: &[f64],
) -> Result<LargestCurvature, E> {
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
    Ok(LargestCurvature { largest, evaluations })
}

fn checked(x: &[f64]) -> CoreResult<()> {
    check::at_least("largest_curvature", "x", "values", x.len(), 1)?;
    check::finite_vector("largest_curvature", "x", x.into())
}

/// [`largest_curvature`] from products with the Hessian: `times` writes H v for a vector v of n numbers.
///
/// # Errors
/// [`Error::TooFew`] for n = 0; whatever `times` returns as its error.
pub fn largest_curvature_with<E: From<Error>>(
    mut times: impl FnMut(&[f64], &mut [f64]) -> Result<(), E>,
    n: usize,
) -> Result<LargestCurvature, E> {
    check::at_least("largest_curvature", "x", "values", n, 1)?;
    let mut evaluations = 0;
    let mut product = |v: &[f64], _: f64, product: &mut [f64]| -> Result<(), E> {
        evaluations += 1;
        times(v, product)
    };
    let largest = largest(&mut product, n)?;
    Ok(LargestCurvature { largest, evaluations })
}

/// Writes H v for a v of length 1 (with a step that is so many times wider than the smallest).
type Product<'a, E> = dyn FnMut(&[f64], f64, &mut [f64]) -> Result<(), E> + 'a;

/// So few variables that the whole matrix costs no more than the iteration.
const FEW: usize = 4;

/// The largest eigenvalue of the whole matrix, made column by column, and its direction; none if it is not finite.
fn whole<E: From<Error>>(product: &mut Product<'_, E>, n: usize) -> Result<Option<(f64, Vec<f64>)>, E> {
    let mut matrix = Array2::zeros((n, n));
    let (mut unit, mut column) = (vec![0.0; n], vec![0.0; n]);
    for j in 0..n {
        unit[j] = 1.0;
        product(&unit, 1.0, &mut column)?;
        unit[j] = 0.0;
        matrix.column_mut(j).assign(&ArrayView1::from(&column));
    }
    if !matrix.iter().all(|v| v.is_finite()) {
        return Ok(None);
    }
    let spectrum = linalg::eigh((0.5 * (&matrix + &matrix.t())).view(), Triangle::Lower)?;
    Ok(Some((spectrum.values[n - 1], spectrum.vectors.column(n - 1).to_vec())))
}

/// Whether the curvature along a direction is the same over a wider step: at a kink the differences would shrink with it.
fn steady<E>(product: &mut Product<'_, E>, found: f64, direction: &[f64]) -> Result<bool, E> {
    let mut wider = vec![0.0; direction.len()];
    product(direction, 4.0, &mut wider)?;
    Ok((dot(&wider, direction) - found).abs() <= 0.2 * found.abs())
}

fn largest<E: From<Error>>(product: &mut Product<'_, E>, n: usize) -> Result<Option<f64>, E> {
    if n <= FEW {
        let Some((found, direction)) = whole(product, n)? else { return Ok(None) };
        return Ok(steady(product, found, &direction)?.then_some(found));
    }
    // Where the strongest curvature is that of a hilltop, its direction is left out, and the next strongest found.
    let mut hilltops: Vec<(f64, Vec<f64>)> = Vec::new();
    let mut left = MOST;
    let (found, direction) = loop {
        let (found, direction) = power(product, n, &hilltops, &mut left)?;
        if !found.is_finite() {
            return Ok(None);
        }
        if found >= 0.0 {
            break (found, direction);
        }
        hilltops.push((found, direction));
        if hilltops.len() == n {
            return Ok(hilltops.iter().map(|(found, _)| *found).reduce(f64::max));
        }
        if left == 0 {
            return Ok(None);
        }
    };
    Ok(steady(product, found, &direction)?.then_some(found))
}

/// The eigenvalue of H that is largest in size beside those known already, and its direction; NaN if a difference is not a
/// number.
fn power<E>(
    product: &mut Product<'_, E>,
    n: usize,
    known: &[(f64, Vec<f64>)],
    left: &mut usize,
) -> Result<(f64, Vec<f64>), E> {
    let rid_of_known = |v: &mut [f64]| {
        for (_, direction) in known {
            let part = dot(v, direction);
            v.iter_mut().zip(direction).for_each(|(v, direction)| *v -= part * direction);
        }
        norm(v)
    };
    // Any direction will do that is not perpendicular to the eigenvector: a random one, the same in every run.
    let mut stream = Stream::seeded(0);
    let mut direction: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
    let length = rid_of_known(&mut direction);
    direction.iter_mut().for_each(|v| *v /= length);
    let mut image = vec![0.0; n];
    let mut found = f64::NAN;
    while *left > 0 {
        *left -= 1;
        product(&direction, 1.0, &mut image)?;
        let length = rid_of_known(&mut image);
        let quotient = dot(&image, &direction);
        let steady = (quotient - found).abs() <= SETTLED * length;
        // What of the image does not lie along the direction; nothing of an eigenvector's.
        let aside = (length * length - quotient * quotient).max(0.0).sqrt();
        found = quotient;
        if (steady && aside <= ASIDE * length) || known.len() + 1 == n || length == 0.0 || !length.is_finite() {
            break;
        }
        // Curvatures of the same size up and down, as on a saddle, never settle: H + |λ| I leaves out those that go down.
        let shift = if steady { length } else { 0.0 };
        image.iter_mut().zip(&direction).for_each(|(image, v)| *image += shift * v);
        let length = norm(&image);
        direction.iter_mut().zip(&image).for_each(|(v, image)| *v = image / length);
    }
    Ok((found, direction))
}
