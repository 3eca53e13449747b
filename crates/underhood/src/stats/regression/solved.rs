//! Which solver takes a regression, and what both hand over: coefficients, R, R⁻¹ and residuals, in the units of X and y.

use std::borrow::Cow;

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::design::{Design, Response};
use super::{FUNCTION, RegressionOptions, accurate, fast};
use crate::double_double::Dd;
use crate::error::{Error, Result};

/// Ones that the columns make to within this are a constant.
const MADE: f64 = 1e-11;

/// A solved regression. With weights w, Z stands for the rows multiplied by √w.
pub(super) struct Solved {
    pub(super) params: Vec<f64>,
    /// R⁻¹, upper triangular: (ZᵀZ)⁻¹ = R⁻¹·R⁻ᵀ.
    pub(super) inverse_root: Array2<f64>,
    pub(super) root: Array2<f64>,
    /// y less what is fitted, not weighted.
    pub(super) residuals: Vec<f64>,
    pub(super) constant: Constant,
    /// Q of Z = Q·R, one column after the other, if it was asked for.
    pub(super) q: Option<Vec<f64>>,
}

/// Whether the regression has a constant, and where.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Constant {
    /// It has none.
    Absent,
    /// It is one of the columns, the added one or one of X's own.
    Column(usize),
    /// The columns make it together with these coefficients: those of every category of something do.
    Made(Vec<f64>),
}

impl Solved {
    /// Chooses and solves; `roots` are those of the weights, none for ordinary least squares.
    pub(super) fn of<E: From<Error>>(
        x: ArrayView2<'_, f64>,
        y: ArrayView1<'_, f64>,
        roots: &[f64],
        options: &RegressionOptions<'_>,
        checkpoint: &mut dyn FnMut() -> std::result::Result<(), E>,
    ) -> std::result::Result<Self, E> {
        let needs_q = options.covariance != super::Covariance::Classical;
        let values = y.as_slice().map_or_else(|| Cow::Owned(y.to_vec()), Cow::Borrowed);
        if let Some(factored) = fast::Factored::of(x, &values, roots, options.intercept)
            && let Some((params, residuals)) = factored.solve(&values)
        {
            let solved = Solved {
                params,
                inverse_root: factored.inverse_root(),
                root: factored.root(),
                residuals,
                constant: if options.intercept { Constant::Column(0) } else { Constant::Absent },
                q: if needs_q { factored.orthonormal() } else { None },
            };
            if !needs_q || solved.q.is_some() {
                return Ok(solved);
            }
        }
        let mut design = Design::new(FUNCTION, x, options.intercept, options.names)?;
        let mut response = Response::new(FUNCTION, y, design.constant.is_some())?;
        design.weigh(roots);
        response.values.iter_mut().zip(roots).for_each(|(y, w)| *y *= w);
        let factored = accurate::Factored::interruptible(design, options.names, checkpoint)?;
        let (beta, mut residuals) = factored.solve(&response.values);
        residuals.iter_mut().zip(roots).for_each(|(e, w)| *e /= w);
        let design = &factored.design;
        let (k, shift) = (design.width(), response.exponent);
        let unscale = |v: Dd, e: i32| if e == 0 { v.value() } else { libm::ldexp(v.value(), e) };
        let triangle = |entries: &[Dd], exponent: &dyn Fn(usize, usize) -> i32| {
            Array2::from_shape_fn((k, k), |(i, j)| unscale(entries[i * k + j], exponent(i, j)))
        };
        if shift != 0 {
            residuals.iter_mut().for_each(|e| *e = libm::ldexp(*e, shift));
        }
        let constant = match design.constant {
            Some(column) => Constant::Column(column),
            None => made_constant(&factored, roots),
        };
        Ok(Solved {
            params: beta.iter().zip(&design.exponents).map(|(&b, e)| unscale(b, shift - e)).collect(),
            inverse_root: triangle(&factored.inverse_root, &|i, _| -design.exponents[i]),
            root: triangle(&factored.root, &|_, j| design.exponents[j]),
            residuals,
            constant,
            q: needs_q.then(|| factored.orthonormal()),
        })
    }
}

/// Looks whether columns without a constant among them make one together.
fn made_constant(factored: &accurate::Factored, roots: &[f64]) -> Constant {
    let n = factored.design.rows;
    let ones = if roots.is_empty() { vec![1.0; n] } else { roots.to_vec() };
    let (coefficients, left) = factored.solve(&ones);
    let length = |v: &[f64]| crate::simd::dot(v, v).sqrt();
    if length(&left) > MADE * length(&ones) {
        return Constant::Absent;
    }
    let unscaled = coefficients.iter().zip(&factored.design.exponents);
    Constant::Made(unscaled.map(|(c, &e)| libm::ldexp(c.value(), -e)).collect())
}

/// Q alone, one column after the other.
pub(super) fn orthonormal(x: ArrayView2<'_, f64>, roots: &[f64], intercept: bool) -> Result<Vec<f64>> {
    if let Some(q) = fast::Factored::of(x, &[], roots, intercept).and_then(|factored| factored.orthonormal()) {
        return Ok(q);
    }
    let mut design = Design::new(FUNCTION, x, intercept, None)?;
    design.weigh(roots);
    Ok(accurate::Factored::of(design, None)?.orthonormal())
}

/// Σⱼ qᵢⱼ² for each row i: the leverages.
pub(super) fn row_lengths(q: &[f64], n: usize) -> Vec<f64> {
    let mut sums = vec![0.0; n];
    for column in q.chunks_exact(n) {
        sums.iter_mut().zip(column).for_each(|(sum, v)| *sum += v * v);
    }
    sums
}

/// The refusal of numbers whose squares cannot be added up.
pub(in crate::stats) fn out_of_range(function: &'static str, argument: &'static str) -> Error {
    let problem =
        "has numbers so large or so small that their squares leave the range of doubles; change its unit".into();
    Error::Invalid { function, argument, problem }
}
