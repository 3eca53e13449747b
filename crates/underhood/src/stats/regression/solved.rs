//! Which solver takes a regression, and what both hand over: coefficients, R, R⁻¹ and residuals, in the units of X and y.

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::accurate;
use super::design::{Design, Response};
use super::{FUNCTION, RegressionOptions, fast};
use crate::double_double::Dd;
use crate::error::{Error, Result};

/// Below this many multiplications for the Gram matrix, doubled precision costs a few microseconds and is always taken.
const SMALL: usize = 40_000;

/// A solved regression.
pub(super) struct Solved {
    pub(super) params: Vec<f64>,
    /// R⁻¹, upper triangular: (ZᵀZ)⁻¹ = R⁻¹·R⁻ᵀ.
    pub(super) inverse_root: Array2<f64>,
    pub(super) root: Array2<f64>,
    pub(super) residuals: Vec<f64>,
    /// The constant's column, whether added or X's own.
    pub(super) constant: Option<usize>,
    /// Q of Z = Q·R, one column after the other, if it was asked for.
    pub(super) q: Option<Vec<f64>>,
}

impl Solved {
    /// Chooses and solves.
    pub(super) fn of(x: ArrayView2<'_, f64>, y: ArrayView1<'_, f64>, options: &RegressionOptions<'_>) -> Result<Self> {
        let needs_q = options.covariance != super::Covariance::Classical;
        if is_large(x)
            && (options.intercept || !has_constant(x))
            && let Some(factored) = fast::Factored::of(x, Some(y), options.intercept)
            && let Some((params, residuals)) = factored.solve(y)
        {
            let solved = Solved {
                params,
                inverse_root: factored.inverse_root(),
                root: factored.root(),
                residuals,
                constant: options.intercept.then_some(0),
                q: if needs_q { factored.orthonormal() } else { None },
            };
            if !needs_q || solved.q.is_some() {
                return Ok(solved);
            }
        }
        let design = Design::new(FUNCTION, x, options.intercept, options.names)?;
        let response = Response::new(FUNCTION, y, design.constant.is_some())?;
        let factored = accurate::Factored::of(design, options.names)?;
        let (beta, mut residuals) = factored.solve(&response.values);
        let design = &factored.design;
        let (k, shift) = (design.width(), response.exponent);
        let unscale = |v: Dd, e: i32| if e == 0 { v.value() } else { libm::ldexp(v.value(), e) };
        let triangle = |entries: &[Dd], exponent: &dyn Fn(usize, usize) -> i32| {
            Array2::from_shape_fn((k, k), |(i, j)| unscale(entries[i * k + j], exponent(i, j)))
        };
        if shift != 0 {
            residuals.iter_mut().for_each(|e| *e = libm::ldexp(*e, shift));
        }
        Ok(Solved {
            params: beta.iter().zip(&design.exponents).map(|(&b, e)| unscale(b, shift - e)).collect(),
            inverse_root: triangle(&factored.inverse_root, &|i, _| -design.exponents[i]),
            root: triangle(&factored.root, &|_, j| design.exponents[j]),
            residuals,
            constant: design.constant,
            q: needs_q.then(|| factored.orthonormal()),
        })
    }
}

/// Q alone, one column after the other.
pub(super) fn orthonormal(x: ArrayView2<'_, f64>, intercept: bool) -> Result<Vec<f64>> {
    if is_large(x)
        && let Some(q) = fast::Factored::of(x, None, intercept).and_then(|factored| factored.orthonormal())
    {
        return Ok(q);
    }
    Ok(accurate::Factored::of(Design::new(FUNCTION, x, intercept, None)?, None)?.orthonormal())
}

/// Σⱼ qᵢⱼ² for each row i: the leverages.
pub(super) fn row_lengths(q: &[f64], n: usize) -> Vec<f64> {
    let mut sums = vec![0.0; n];
    for column in q.chunks_exact(n) {
        sums.iter_mut().zip(column).for_each(|(sum, v)| *sum += v * v);
    }
    sums
}

fn is_large(x: ArrayView2<'_, f64>) -> bool {
    let (n, k) = x.dim();
    n > 4 * k && n.saturating_mul(k).saturating_mul(k) > 2 * SMALL
}

/// Whether a column of X is itself the constant, which changes what R² is measured against.
fn has_constant(x: ArrayView2<'_, f64>) -> bool {
    x.columns().into_iter().any(|column| column.iter().all(|v| *v == column[0]))
}

/// The refusal of numbers whose squares cannot be added up.
pub(in crate::stats) fn out_of_range(function: &'static str, argument: &'static str) -> Error {
    let problem =
        "has numbers so large or so small that their squares leave the range of doubles; change its unit".into();
    Error::Invalid { function, argument, problem }
}
