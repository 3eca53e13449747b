//! Arrays that are real when they can be and complex when they must: what the spectrum of a real matrix is made of.
//!
//! Here also lives the convention for complex vectors, which are determined up to a factor of length one: the first component that is at
//! least 7/10 as large as the largest is real and positive (for real vectors see [`orientation`](super::orientation)).

use ndarray::{Array, ArrayD, ArrayView1, ArrayViewMut1, Dimension, IxDyn};
use num_complex::Complex;

use super::stack::Part;

/// The share of the largest component that makes another count as large.
const LARGE: f64 = 0.7;

/// Real numbers, or complex ones.
#[derive(Debug, Clone, PartialEq)]
pub enum Numbers<D: Dimension> {
    /// Every number is real.
    Real(Array<f64, D>),
    /// At least one is not.
    Complex(Array<Complex<f64>, D>),
}

impl<D: Dimension> Numbers<D> {
    /// The real array, when it is one.
    pub fn real(&self) -> Option<&Array<f64, D>> {
        match self {
            Numbers::Real(array) => Some(array),
            Numbers::Complex(_) => None,
        }
    }

    /// As complex numbers, whatever they are.
    pub fn to_complex(&self) -> Array<Complex<f64>, D> {
        match self {
            Numbers::Real(array) => array.mapv(|v| Complex::new(v, 0.0)),
            Numbers::Complex(array) => array.clone(),
        }
    }
}

impl<D: Dimension> Part for Numbers<D> {
    type Stack = Numbers<IxDyn>;

    fn alone(self) -> Numbers<IxDyn> {
        match self {
            Numbers::Real(array) => Numbers::Real(array.into_dyn()),
            Numbers::Complex(array) => Numbers::Complex(array.into_dyn()),
        }
    }

    /// Real when every part is.
    fn stack(leading: &[usize], parts: Vec<Self>) -> Numbers<IxDyn> {
        if parts.iter().all(|part| part.real().is_some()) {
            let real = parts.into_iter().filter_map(|part| match part {
                Numbers::Real(array) => Some(array),
                Numbers::Complex(_) => None,
            });
            return Numbers::Real(Array::stack(leading, real.collect()));
        }
        let complex = parts.into_iter().map(|part| match part {
            Numbers::Real(array) => array.mapv(|v| Complex::new(v, 0.0)),
            Numbers::Complex(array) => array,
        });
        let stacked: ArrayD<Complex<f64>> = Array::stack(leading, complex.collect());
        Numbers::Complex(stacked)
    }
}

/// The direction of the leading component of a complex vector.
pub(crate) fn phase(x: ArrayView1<'_, Complex<f64>>) -> Complex<f64> {
    let largest = x.iter().fold(0.0_f64, |m, v| m.max(v.norm()));
    match x.iter().find(|v| v.norm() >= LARGE * largest) {
        Some(v) if largest > 0.0 => v / v.norm(),
        _ => Complex::new(1.0, 0.0),
    }
}

/// Makes that component exactly real, once the vector was divided by its phase.
pub(crate) fn settle(mut x: ArrayViewMut1<'_, Complex<f64>>) {
    let largest = x.iter().fold(0.0_f64, |m, v| m.max(v.norm()));
    if let Some(v) = x.iter_mut().find(|v| v.norm() >= LARGE * largest) {
        *v = Complex::new(v.norm(), 0.0);
    }
}
