//! What an iteration starts from: the matrix, brought into a comfortable range, and the first vector.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::super::{magnitude, orientation, triangle};
use super::course::length;
use crate::check;
use crate::error::{Error, Result, Shape};
use crate::random::Stream;
use crate::simd;

/// A square matrix divided by a power of two, so that squares of its entries stay within the range of doubles.
pub(super) struct Scaled {
    pub(super) matrix: Array2<f64>,
    /// The matrix was a = matrix·2^shift.
    pub(super) shift: i32,
    /// ‖matrix‖, Frobenius.
    pub(super) norm: f64,
}

impl Scaled {
    /// Reads the argument `a`.
    pub(super) fn of(function: &'static str, a: ArrayView2<'_, f64>) -> Result<Self> {
        let n = check::square(function, "a", a)?;
        check::at_least(function, "a", "rows", n, 1)?;
        let largest = magnitude::largest(function, "a", a)?;
        let shift = if magnitude::is_comfortable(largest) { 0 } else { magnitude::exponent(largest) };
        let matrix = Array2::from_shape_fn((n, n), |place| libm::ldexp(a[place], -shift));
        let norm = matrix.iter().map(|v| v * v).sum::<f64>().sqrt();
        Ok(Scaled { matrix, shift, norm })
    }

    pub(super) fn rows(&self) -> usize {
        self.matrix.nrows()
    }

    /// matrix·x
    pub(super) fn times(&self, x: &[f64]) -> Vec<f64> {
        times(&self.matrix, x)
    }

    /// Eigenvalues, or entries, of a itself.
    pub(super) fn back(&self, function: &'static str, values: &mut [f64]) -> Result<()> {
        back(function, values, self.shift)
    }
}

/// values·2^shift, which may lie beyond the range of doubles.
pub(super) fn back(function: &'static str, values: &mut [f64], shift: i32) -> Result<()> {
    if shift == 0 {
        return Ok(());
    }
    for value in values.iter_mut() {
        *value = libm::ldexp(*value, shift);
    }
    if values.iter().all(|v| v.is_finite()) {
        return Ok(());
    }
    let problem = "leads to numbers beyond the range of doubles (1.8e308)".into();
    Err(Error::Invalid { function, argument: "a", problem })
}

/// a·x, for a matrix stored by rows.
pub(super) fn times(a: &Array2<f64>, x: &[f64]) -> Vec<f64> {
    a.rows().into_iter().map(|row| row.as_slice().map_or(f64::NAN, |row| simd::dot(row, x))).collect()
}

/// Reads a vector of n numbers.
pub(super) fn vector(
    function: &'static str,
    argument: &'static str,
    x: ArrayView1<'_, f64>,
    n: usize,
) -> Result<Vec<f64>> {
    if x.len() != n {
        let expected = format!("a is {}", Shape(&[n, n]));
        return Err(Error::Shape { function, argument, shape: vec![x.len()], expected });
    }
    check::finite_vector(function, argument, x)?;
    Ok(x.to_vec())
}

/// The direction to start in, of length one: x0's, or one of no special direction, the same each time.
pub(super) fn direction(function: &'static str, x0: Option<ArrayView1<'_, f64>>, n: usize) -> Result<Vec<f64>> {
    let mut x = match x0 {
        Some(x0) => vector(function, "x0", x0, n)?,
        None => {
            let mut stream = Stream::seeded(0);
            (0..n).map(|_| stream.normal()).collect()
        }
    };
    // Once more for numbers near the ends of the range, whose length rounds.
    for _ in 0..2 {
        let largest = x.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if largest == 0.0 {
            let problem = "is zero, which has no direction; start with any other vector".into();
            return Err(Error::Invalid { function, argument: "x0", problem });
        }
        x.iter_mut().for_each(|v| *v = libm::ldexp(*v, -magnitude::exponent(largest)));
        let size = length(&x);
        x.iter_mut().for_each(|v| *v /= size);
    }
    Ok(x)
}

/// The unit vector ±x whose sign is the house's.
pub(super) fn oriented(x: &[f64]) -> Array1<f64> {
    let sign = orientation::sign(x.iter().copied());
    x.iter().map(|v| sign * v + 0.0).collect()
}

/// Refuses a matrix that is not symmetric but for rounding; mirrors the lower triangle of its scaled copy.
pub(super) fn symmetric(function: &'static str, a: ArrayView2<'_, f64>, scaled: &mut Array2<f64>) -> Result<()> {
    triangle::symmetric(function, "a", a, magnitude::largest(function, "a", a)?)?;
    for i in 0..scaled.nrows() {
        for j in 0..i {
            scaled[[j, i]] = scaled[[i, j]];
        }
    }
    Ok(())
}

/// A system a·x = b and where to start, each divided by a power of two.
pub(super) struct System {
    pub(super) a: Scaled,
    pub(super) b: Vec<f64>,
    pub(super) x0: Vec<f64>,
    /// What residuals are relative to: ‖b‖, or for b = 0 the first residual.
    pub(super) size: f64,
    /// The right-hand side was b·2^shift_b.
    shift_b: i32,
}

impl System {
    pub(super) fn of(
        function: &'static str,
        a: ArrayView2<'_, f64>,
        b: ArrayView1<'_, f64>,
        x0: Option<ArrayView1<'_, f64>>,
    ) -> Result<Self> {
        let a = Scaled::of(function, a)?;
        let n = a.rows();
        let mut b = vector(function, "b", b, n)?;
        let mut x0 = match x0 {
            Some(x0) => vector(function, "x0", x0, n)?,
            None => vec![0.0; n],
        };
        let size = |x: &[f64]| x.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        // x is b's size over a's; the one scale that both b and x0 have left is chosen for the larger.
        let needed = size(&b).max(libm::ldexp(size(&x0), a.shift).min(f64::MAX));
        let shift_b = if a.shift == 0 && magnitude::is_comfortable(needed) { 0 } else { magnitude::exponent(needed) };
        b.iter_mut().for_each(|v| *v = libm::ldexp(*v, -shift_b));
        x0.iter_mut().for_each(|v| *v = libm::ldexp(*v, a.shift - shift_b));
        let mut system = System { a, b, x0, size: 1.0, shift_b };
        let size = match length(&system.b) {
            0.0 => length(&system.residual(&system.x0)),
            size => size,
        };
        system.size = if size == 0.0 { 1.0 } else { size };
        Ok(system)
    }

    /// b − a·x
    pub(super) fn residual(&self, x: &[f64]) -> Vec<f64> {
        self.b.iter().zip(self.a.times(x)).map(|(b, ax)| b - ax).collect()
    }

    /// Solutions in the caller's scale.
    pub(super) fn back(&self, function: &'static str, x: &mut [f64]) -> Result<()> {
        back(function, x, self.shift_b - self.a.shift)
    }
}
