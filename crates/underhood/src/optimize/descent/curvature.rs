//! How strongly a function is curved at a point, without its matrix of second derivatives.
//!
//! The Hessian times a vector is how the gradient changes along it: H v ≈ (∇f(x + h v) − ∇f(x − h v)) / 2h. Power iteration (R. von Mises and
//! H. Pollaczek-Geiringer, 1929) needs nothing else. Where the strongest curvature is that of a hilltop, a second iteration on H + |λ| I, whose
//! eigenvalues are not negative, finds the largest.

use super::record::norm;
use crate::check;
use crate::error::Error;
use crate::random::Stream;

/// Most products with the Hessian: twice as many gradients.
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
    /// How often the gradient was called.
    pub evaluations: usize,
}

/// Estimates the largest eigenvalue of the Hessian at `x` from at most 36 gradients near it.
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
    check::at_least("largest_curvature", "x", "values", x.len(), 1)?;
    check::finite_vector("largest_curvature", "x", x.into())?;
    let mut hessian = Differences::new(&mut gradient, x);
    let strongest = hessian.power(0.0, MOST)?;
    let largest = match strongest {
        // The rest bends at most as strongly the other way; how strongly up, the shifted iteration tells.
        Some(strongest) if strongest < 0.0 && x.len() > 1 => {
            hessian.power(-strongest, MOST / 2)?.map(|shifted| shifted + strongest)
        }
        other => other,
    };
    let largest = match largest {
        Some(largest) if largest > 0.0 && !hessian.is_steady(largest)? => None,
        other => other,
    };
    Ok(Curvature { largest, evaluations: hessian.evaluations })
}

type Slopes<'a, E> = dyn FnMut(&[f64], &mut [f64]) -> Result<(), E> + 'a;

/// Products with the Hessian by central differences of gradients.
struct Differences<'a, E> {
    gradient: &'a mut Slopes<'a, E>,
    x: &'a [f64],
    /// The length of a step from x.
    step: f64,
    /// The present direction, of length 1, and the Hessian times it.
    direction: Vec<f64>,
    product: Vec<f64>,
    moved: Vec<f64>,
    ahead: Vec<f64>,
    evaluations: usize,
}

impl<'a, E> Differences<'a, E> {
    fn new(gradient: &'a mut Slopes<'a, E>, x: &'a [f64]) -> Self {
        let n = x.len();
        // The truncation of a central difference falls with h², its rounding grows with 1/h: the cube root of the rounding.
        let step = f64::EPSILON.cbrt() * norm(x).max(1.0);
        let zeros = vec![0.0; n];
        Differences {
            gradient,
            x,
            step,
            direction: zeros.clone(),
            product: zeros.clone(),
            moved: zeros.clone(),
            ahead: zeros,
            evaluations: 0,
        }
    }

    /// H v for the present direction, with a step of this length. Gives v · H v.
    fn multiply(&mut self, step: f64) -> Result<f64, E> {
        let Differences { gradient, x, direction, product, moved, ahead, evaluations, .. } = self;
        let mut toward = |step: f64, into: &mut [f64]| {
            moved.iter_mut().zip(x.iter().zip(&*direction)).for_each(|(moved, (x, v))| *moved = x + step * v);
            *evaluations += 1;
            gradient(moved, into)
        };
        toward(step, ahead)?;
        toward(-step, product)?;
        product.iter_mut().zip(&*ahead).for_each(|(behind, ahead)| *behind = (ahead - *behind) / (2.0 * step));
        Ok(product.iter().zip(&*direction).map(|(product, v)| product * v).sum())
    }

    /// The eigenvalue of H + shift·I that is largest in size; `None` if the gradient is not a number near x.
    fn power(&mut self, shift: f64, most: usize) -> Result<Option<f64>, E> {
        // Any direction will do that is not perpendicular to the eigenvector: a random one, the same in every run.
        let mut stream = Stream::seeded(0);
        self.direction.iter_mut().for_each(|v| *v = stream.normal());
        let length = norm(&self.direction);
        self.direction.iter_mut().for_each(|v| *v /= length);
        let mut found = f64::NAN;
        for _ in 0..most {
            let quotient = self.multiply(self.step)? + shift;
            let settled = (quotient - found).abs() <= SETTLED * quotient.abs();
            found = quotient;
            self.product.iter_mut().zip(&self.direction).for_each(|(product, v)| *product += shift * v);
            let length = norm(&self.product);
            if !length.is_finite() || !found.is_finite() {
                return Ok(None);
            }
            if settled || length == 0.0 || self.x.len() == 1 {
                break;
            }
            self.direction.iter_mut().zip(&self.product).for_each(|(v, product)| *v = product / length);
        }
        Ok(Some(found))
    }

    /// Whether four times the step gives about the same: at a kink the differences would shrink with it.
    fn is_steady(&mut self, largest: f64) -> Result<bool, E> {
        let fine = self.multiply(self.step)?;
        let coarse = self.multiply(4.0 * self.step)?;
        Ok((fine - coarse).abs() <= 0.2 * largest)
    }
}
