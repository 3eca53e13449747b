//! The lowest curvature of a function of many variables, from products of its second derivatives with vectors: C. Lanczos, Journal of
//! Research of the National Bureau of Standards 45 (1950), <https://doi.org/10.6028/jres.045.026>.

use ndarray::Array2;

use super::lengths::{dot, length as norm};
use crate::error::{Error, Result as CoreResult};
use crate::linalg::{Triangle, eigh};

/// Most products.
const PRODUCTS: usize = 30;

/// The least eigenvalue of a symmetric matrix, as near as so many products come.
#[derive(Debug)]
pub(super) struct Lowest {
    pub(super) value: f64,
    /// The largest of the sizes of the eigenvalues.
    pub(super) most: f64,
    /// Its direction, of length 1.
    pub(super) way: Vec<f64>,
}

/// Writes H v into its second argument, and answers whether that is finite.
pub(super) type Product<'a, E> = dyn FnMut(&[f64], &mut [f64]) -> Result<bool, E> + 'a;

/// Looks in the space of `image` (any vector that is not perpendicular to what is looked for), H `image`, H² `image`, …, which has no
/// more than `dimensions`. `product` writes H v, and answers whether that is finite: if not, nothing is found.
pub(super) fn lowest<E: From<Error>>(
    mut image: Vec<f64>,
    dimensions: usize,
    product: &mut Product<'_, E>,
) -> Result<Option<Lowest>, E> {
    let (mut basis, mut diagonal, mut beside): (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) = Default::default();
    for _ in 0..PRODUCTS.min(dimensions) {
        let length = norm(&image);
        let largest = diagonal.iter().chain(&beside).fold(0.0_f64, |m, v| m.max(v.abs()));
        if !(length > 1e-10 * largest) || !length.is_finite() {
            break;
        }
        if !basis.is_empty() {
            beside.push(length);
        }
        basis.push(image.iter().map(|v| v / length).collect());
        let direction = &basis[basis.len() - 1];
        if !product(direction, &mut image)? {
            return Ok(None);
        }
        diagonal.push(dot(&image, direction));
        for _ in 0..2 {
            for known in &basis {
                let part = dot(&image, known);
                image.iter_mut().zip(known).for_each(|(v, known)| *v -= part * known);
            }
        }
    }
    Ok(projected(&basis, &diagonal, &beside)?)
}

/// The same of the tridiagonal matrix that H is in the basis.
fn projected(basis: &[Vec<f64>], diagonal: &[f64], beside: &[f64]) -> CoreResult<Option<Lowest>> {
    let k = diagonal.len();
    if k == 0 || !diagonal.iter().chain(beside).all(|v| v.is_finite()) {
        return Ok(None);
    }
    let small = Array2::from_shape_fn((k, k), |(i, j)| match i.abs_diff(j) {
        0 => diagonal[i],
        1 => beside[i.min(j)],
        _ => 0.0,
    });
    let spectrum = eigh(small.view(), Triangle::Lower)?;
    let most = spectrum.values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let mut way = vec![0.0; basis[0].len()];
    for (part, direction) in spectrum.vectors.column(0).iter().zip(basis) {
        way.iter_mut().zip(direction).for_each(|(way, v)| *way += part * v);
    }
    Ok(Some(Lowest { value: spectrum.values[0], most, way }))
}
