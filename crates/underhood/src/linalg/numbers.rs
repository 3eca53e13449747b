//! Arrays that are real when they can be and complex when they must: what the spectrum of a real matrix is made of.
//!
//! Here also lives the convention for vectors that are determined up to a factor of length one: the first component that is at least
//! 7/10 as large as the largest is positive (of a complex vector: real and positive).

use ndarray::{Array, ArrayView1, ArrayViewMut1, Dimension};

/// A complex number of two doubles.
pub type Complex = faer::c64;

/// The share of the largest component that makes another count as large.
const LARGE: f64 = 0.7;

/// Real numbers, or complex ones.
#[derive(Debug, Clone, PartialEq)]
pub enum Numbers<D: Dimension> {
    /// Every number is real.
    Real(Array<f64, D>),
    /// At least one is not.
    Complex(Array<Complex, D>),
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
    pub fn to_complex(&self) -> Array<Complex, D> {
        match self {
            Numbers::Real(array) => array.mapv(|v| Complex::new(v, 0.0)),
            Numbers::Complex(array) => array.clone(),
        }
    }
}

/// The component by which a real vector is turned round: the first that is at least 7/10 as large as the largest.
pub(crate) fn leading(x: ArrayView1<'_, f64>) -> f64 {
    let largest = x.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    x.iter().copied().find(|v| v.abs() >= LARGE * largest).unwrap_or(0.0)
}

/// The direction of that component of a complex vector.
pub(crate) fn phase(x: ArrayView1<'_, Complex>) -> Complex {
    let largest = x.iter().fold(0.0_f64, |m, v| m.max(v.norm()));
    match x.iter().find(|v| v.norm() >= LARGE * largest) {
        Some(v) if largest > 0.0 => v / v.norm(),
        _ => Complex::new(1.0, 0.0),
    }
}

/// Makes that component exactly real, once the vector was divided by its phase.
pub(crate) fn settle(mut x: ArrayViewMut1<'_, Complex>) {
    let largest = x.iter().fold(0.0_f64, |m, v| m.max(v.norm()));
    if let Some(v) = x.iter_mut().find(|v| v.norm() >= LARGE * largest) {
        *v = Complex::new(v.norm(), 0.0);
    }
}
