//! Whether a function is convex: exactly for a quadratic, by search for a counterexample for any other.
//!
//! f is convex where f(t·a + (1−t)·b) ≤ t·f(a) + (1−t)·f(b) for all a and b (J. L. W. V. Jensen, Acta Math. 30 (1906), doi:10.1007/BF02418571).
//! One pair that breaks this proves that f is not; no number of pairs that keep it proves that f is.

use std::result::Result as Outcome;

use ndarray::{Array1, ArrayView2, Axis};

use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};
use crate::linalg::{self, Triangle};
use crate::random::Stream;

/// Eigenvalues this small beside the largest are rounding.
const ROUNDING: f64 = 1e-12;

/// What a quadratic's matrix says.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Curvature {
    /// The eigenvalues of the symmetric matrix, rising: the curvatures along its axes.
    pub eigenvalues: Array1<f64>,
    /// The direction of the least curvature.
    pub direction: Array1<f64>,
    /// Whether no curvature is negative, beyond rounding.
    pub convex: bool,
    /// Whether every curvature is positive, beyond rounding.
    pub strictly: bool,
}

/// Looks at ½·xᵀPx: convex if P has no negative eigenvalue.
///
/// # Errors
/// [`Error::Shape`] unless P is square, [`Error::NotFinite`], [`Error::NotSymmetric`], [`Error::TooFew`] for an empty matrix.
pub fn convexity_of_quadratic(p: ArrayView2<'_, f64>) -> Result<Curvature> {
    const NAME: &str = "is_convex";
    check::at_least(NAME, "f", "rows", check::square(NAME, "f", p)?, 1)?;
    symmetric(NAME, "f", p)?;
    let eigen = linalg::eigh(p, Triangle::Lower)?;
    let least = least_curvature(p)?;
    Ok(Curvature {
        convex: least >= -ROUNDING,
        strictly: least > ROUNDING,
        direction: eigen.vectors.column(0).to_owned(),
        eigenvalues: eigen.values,
    })
}

fn symmetric(function: &'static str, argument: &'static str, p: ArrayView2<'_, f64>) -> Result<()> {
    check::finite_matrix(function, argument, p)?;
    let size = p.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    for row in 0..p.nrows() {
        for column in row + 1..p.nrows() {
            let (upper, lower) = (p[[row, column]], p[[column, row]]);
            if (upper - lower).abs() > 1e-8 * size {
                return Err(Error::NotSymmetric { function, argument, row, column, upper, lower });
            }
        }
    }
    Ok(())
}

/// The least eigenvalue of a matrix that must be symmetric, and whether it tells that the matrix is not positive semidefinite.
pub(super) fn least_eigenvalue(
    function: &'static str,
    argument: &'static str,
    p: ArrayView2<'_, f64>,
) -> Result<(f64, bool)> {
    check::at_least(function, argument, "rows", p.nrows(), 1)?;
    symmetric(function, argument, p)?;
    Ok((linalg::eigvalsh(p, Triangle::Lower)?[0], least_curvature(p)? < -ROUNDING))
}

/// The least eigenvalue beside the largest, in units of the variables in which their own curvatures are near one: signs of eigenvalues are the same in all
/// units (J. J. Sylvester's law of inertia, 1852), and in these none is lost in the rounding of another.
fn least_curvature(p: ArrayView2<'_, f64>) -> Result<f64> {
    let unit = |own: &f64| if *own == 0.0 { 1.0 } else { (-0.5 * own.abs().log2()).round().exp2() };
    let units: Array1<f64> = p.diag().iter().map(unit).collect();
    let even = &(&p * &units) * &units.view().insert_axis(Axis(1));
    let values = linalg::eigvalsh(even.view(), Triangle::Lower)?;
    let size = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    Ok(if size > 0.0 { values[0] / size } else { 0.0 })
}

/// What sampling found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Sampled {
    /// The ends a and b of a chord and the t at which the function lies above it: a proof that it is not convex.
    pub counterexample: Option<(Array1<f64>, Array1<f64>, f64)>,
    /// f(t·a + (1−t)·b) − (t·f(a) + (1−t)·f(b)) there.
    pub excess: f64,
    /// Chords that were tried.
    pub samples: usize,
    /// Chords that were left out, because f is not finite at one of their points.
    pub undefined: usize,
}

/// Looks for a chord between points of the box that the function rises above. Long chords and short ones are tried, of all directions and
/// along the axes.
///
/// An excess counts if it is beyond 1e-9 of the values: what rounding can do is no counterexample.
///
/// # Errors
/// [`Error::Invalid`] for a box that is none, [`Error::TooFew`] for no samples; whatever `f` returns as its error.
pub fn sample_convexity<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> Outcome<f64, E>,
    lower: &[f64],
    upper: &[f64],
    samples: usize,
    stream: &mut Stream,
) -> Outcome<Sampled, E> {
    let mut caught = Caught::new("is_convex");
    let found = sample(&mut |x| caught.catch(f(x)), lower, upper, samples, stream);
    caught.release(found)
}

fn sample(
    f: &mut dyn FnMut(&[f64]) -> Result<f64>,
    lower: &[f64],
    upper: &[f64],
    samples: usize,
    stream: &mut Stream,
) -> Result<Sampled> {
    const NAME: &str = "is_convex";
    check::at_least(NAME, "bounds", "variables", lower.len(), 1)?;
    check::at_least(NAME, "n", "samples", samples, 1)?;
    for (i, (low, high)) in lower.iter().zip(upper).enumerate() {
        if !(low < high && (high - low).is_finite()) {
            let problem =
                format!("of variable {i} are {low} and {high}, but a finite lower below a finite upper is needed");
            return Err(Error::Invalid { function: NAME, argument: "bounds", problem });
        }
    }
    let n = lower.len();
    let mut found = Sampled { counterexample: None, excess: 0.0, samples, undefined: 0 };
    let mut worst = 0.0;
    for sample in 0..samples {
        let a: Vec<f64> = (0..n).map(|i| lower[i] + (upper[i] - lower[i]) * stream.uniform()).collect();
        // From all over the box down to a thousandth of it; every third chord along an axis.
        let reach = 10.0_f64.powf(-3.0 * stream.uniform());
        let axis = (sample % 3 == 2).then(|| sample / 3 % n);
        let b: Vec<f64> = (0..n)
            .map(|i| {
                let across = stream.uniform();
                let moves = axis.is_none_or(|axis| axis == i);
                let target = lower[i] + (upper[i] - lower[i]) * across;
                if moves { a[i] + reach * (target - a[i]) } else { a[i] }
            })
            .collect();
        let t = if sample % 2 == 0 { 0.5 } else { stream.uniform() };
        let middle: Vec<f64> = a.iter().zip(&b).map(|(a, b)| t * a + (1.0 - t) * b).collect();
        let (fa, fb, fm) = (f(&a)?, f(&b)?, f(&middle)?);
        if !(fa.is_finite() && fb.is_finite() && fm.is_finite()) {
            found.undefined += 1;
            continue;
        }
        let excess = fm - (t * fa + (1.0 - t) * fb);
        let size = fa.abs().max(fb.abs()).max(fm.abs());
        if excess > 1e-9 * size && excess > worst {
            worst = excess;
            found.counterexample = Some((Array1::from(a), Array1::from(b), t));
            found.excess = excess;
        }
    }
    Ok(found)
}
