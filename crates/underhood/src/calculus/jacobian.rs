//! The Jacobian: the derivatives of several functions of several variables, which come out of one call together.

use std::collections::HashMap;

use ndarray::Array2;

use super::derivative::{Doubt, Options, at, checked, nothing};
use super::gradient::not_infinite;
use super::ladder::Place;
use crate::check;
use crate::error::{Error, Result};

/// A matrix of derivatives, and how good it is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Matrix {
    /// The derivatives.
    pub values: Array2<f64>,
    /// A cautious estimate of the absolute error of each.
    pub errors: Array2<f64>,
    /// How often the function was called.
    pub evaluations: usize,
    /// Whether every entry converged.
    pub converged: bool,
    /// Row, column and trouble of the first entry that did not.
    pub doubt: Option<(usize, usize, Doubt)>,
}

/// The Jacobian of `f` at `x`: entry (i, j) is `∂fᵢ/∂xⱼ`.
///
/// `f` gives the same number of values at every point. The values of one call serve all rows, so that it is called some 20 to 40
/// times for each coordinate, however many values it gives.
///
/// ```
/// use underhood::calculus::{Options, jacobian};
/// use underhood::Error;
///
/// let polar = |x: &[f64]| Ok::<_, Error>(vec![x[0] * x[1].cos(), x[0] * x[1].sin()]);
/// let found = jacobian(polar, &[2.0, 0.0], &Options::default())?;
/// assert!((found.values[[1, 1]] - 2.0).abs() <= found.errors[[1, 1]] && found.converged);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for no coordinates or no values, [`Error::NotFinite`] for an infinite coordinate, [`Error::Shape`] if the number
/// of values changes, [`Error::OutOfRange`] for an option; whatever `f` returns as its error.
pub fn jacobian<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> std::result::Result<Vec<f64>, E>,
    x: &[f64],
    options: &Options,
) -> std::result::Result<Matrix, E> {
    checked(options, "jacobian")?;
    check::at_least("jacobian", "x", "values", x.len(), 1)?;
    not_infinite("jacobian", x)?;
    let centre = f(x)?;
    let rows = centre.len();
    check::at_least("jacobian", "f(x)", "values", rows, 1)?;
    let mut found = Matrix::empty(rows, x.len());
    found.evaluations = 1;
    let mut moved = x.to_vec();
    for j in 0..x.len() {
        // The ladders of all rows use the same steps.
        let mut seen: HashMap<u64, Vec<f64>> = HashMap::new();
        for i in 0..rows {
            let mut row = |argument: f64| -> std::result::Result<f64, E> {
                if let Some(values) = seen.get(&argument.to_bits()) {
                    return Ok(values[i]);
                }
                moved[j] = argument;
                let values = f(&moved)?;
                same(rows, values.len())?;
                let value = values[i];
                seen.insert(argument.to_bits(), values);
                Ok(value)
            };
            let entry = if x.iter().any(|x| x.is_nan()) {
                nothing(options.method, 0, Doubt::NoPoint)
            } else {
                at(&mut row, &Place::number(x[j], centre[i]), options)?
            };
            found.set(i, j, (entry.value, entry.error), entry.doubt);
        }
        found.evaluations += seen.len();
        moved[j] = x[j];
    }
    Ok(found)
}

impl Matrix {
    pub(super) fn empty(rows: usize, columns: usize) -> Matrix {
        let nothing = Array2::from_elem((rows, columns), f64::NAN);
        Matrix { values: nothing.clone(), errors: nothing, evaluations: 0, converged: true, doubt: None }
    }

    pub(super) fn set(&mut self, i: usize, j: usize, (value, error): (f64, f64), doubt: Option<Doubt>) {
        self.values[[i, j]] = value;
        self.errors[[i, j]] = error;
        self.converged &= doubt.is_none();
        self.doubt = self.doubt.or(doubt.map(|doubt| (i, j, doubt)));
    }
}

fn same(rows: usize, found: usize) -> Result<()> {
    if found == rows {
        return Ok(());
    }
    let expected = format!("at x it had {rows} values");
    Err(Error::Shape { function: "jacobian", argument: "f(x)", shape: vec![found], expected })
}
