//! Ridge regression: least squares with a price on the squares of the weights, ‖y − Xw − b‖² + α‖w‖².
//!
//! The minimum has a closed form, (X̃ᵀX̃ + αI)·w = X̃ᵀỹ for columns and targets around their means, which takes the intercept out of the
//! price. With fewer rows than columns the same weights are X̃ᵀv with (X̃X̃ᵀ + αI)·v = ỹ. Either system is factored and its condition number
//! looked at: where it is small the solution stands, where it is not the residuals are gone through again, and where that cannot help the
//! singular value decomposition takes over. Source: A. E. Hoerl, R. W. Kennard, Technometrics 12 (1970) 55, doi:10.1080/00401706.1970.10488634.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::data::{Data, Moments, table};
use super::least_squares;
use super::nonnegative::nonnegative;
use super::triangle::Triangle;
use crate::check;
use crate::error::Error;
use crate::linalg::accumulate;
use crate::simd::dot;

const FIT: &str = "Ridge.fit";

/// Up to this condition number a solution is right to thirteen digits as it stands.
const WELL_CONDITIONED: f64 = 1e3;
/// Up to this one, passes over the residuals make it so.
const REFINABLE: f64 = 1e9;
/// So many of them at most; each wins at least six digits.
const PASSES: usize = 3;

/// Ridge regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Ridge {
    /// The price α of a square.
    pub alpha: f64,
    /// Whether a constant is fitted, which has no price.
    pub fit_intercept: bool,
    /// Whether no weight may be negative.
    pub positive: bool,
}

impl Default for Ridge {
    fn default() -> Self {
        Ridge { alpha: 1.0, fit_intercept: true, positive: false }
    }
}

/// How a ridge regression was solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RidgeSolver {
    /// Through XᵀX + αI.
    Cholesky,
    /// Through XXᵀ + αI: there are more columns than rows.
    Dual,
    /// By the singular value decomposition: the other systems are ill-conditioned.
    Singular,
    /// α is zero.
    LeastSquares,
    /// With weights held at zero that would be negative.
    ActiveSet,
}

impl RidgeSolver {
    /// A word for programs.
    pub fn name(self) -> &'static str {
        match self {
            RidgeSolver::Cholesky => "cholesky",
            RidgeSolver::Dual => "dual",
            RidgeSolver::Singular => "svd",
            RidgeSolver::LeastSquares => "least_squares",
            RidgeSolver::ActiveSet => "active_set",
        }
    }
}

/// A fitted ridge regression.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RidgeFit {
    /// Weights: targets × columns.
    pub weights: Array2<f64>,
    /// One intercept a target.
    pub intercepts: Array1<f64>,
    /// How it was solved.
    pub solver: RidgeSolver,
}

impl Ridge {
    /// Fits every column of y.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::Ridge;
    ///
    /// // One column of sum of squares 2 around its mean: α = 2 halves the slope.
    /// let (x, y) = (array![[-1.0], [0.0], [1.0]], array![[1.0], [2.0], [3.0]]);
    /// let fit = Ridge { alpha: 2.0, ..Ridge::default() }.fit(x.view(), y.view(), None, || Ok::<(), Error>(()))?;
    /// assert!((fit.weights[(0, 0)] - 0.5).abs() < 1e-15 && (fit.intercepts[0] - 2.0).abs() < 1e-15);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFinite`] with its place, [`Error::Shape`] for lengths that do not fit, [`Error::OutOfRange`] for α, [`Error::Invalid`] for
    /// negative weights of rows and for numbers whose squares leave the range of doubles; whatever the checkpoint refuses with.
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        y: ArrayView2<'_, f64>,
        sample_weight: Option<ArrayView1<'_, f64>>,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<RidgeFit, E> {
        let possible = self.alpha >= 0.0 && self.alpha.is_finite();
        check::in_range(FIT, "alpha", self.alpha, possible, "zero or positive, and finite")?;
        let data = Data::new(FIT, x, y, sample_weight, self.fit_intercept)?;
        solve(&data, self.alpha, self.positive, &mut checkpoint)
    }
}

/// Solves a problem that was looked over.
pub(super) fn solve<E: From<Error>>(
    data: &Data<'_>,
    alpha: f64,
    positive: bool,
    checkpoint: &mut dyn FnMut() -> Result<(), E>,
) -> Result<RidgeFit, E> {
    if alpha == 0.0 {
        let fit = least_squares::solve(data, positive, checkpoint)?;
        return Ok(RidgeFit { weights: fit.weights, intercepts: fit.intercepts, solver: RidgeSolver::LeastSquares });
    }
    let (mut weights, mut intercepts) = (Array2::zeros((data.targets, data.columns())), Array1::zeros(data.targets));
    let solver = if positive || data.columns() <= data.count() {
        primal(data, alpha, positive, &mut weights, &mut intercepts, checkpoint)?
    } else {
        dual(data, alpha, &mut weights, &mut intercepts, checkpoint)?
    };
    let Some(solver) = solver else {
        checkpoint()?;
        let (weights, intercepts) = least_squares::shrunk(data, alpha)?;
        return finished(data, RidgeFit { weights, intercepts, solver: RidgeSolver::Singular });
    };
    finished(data, RidgeFit { weights, intercepts, solver })
}

fn finished<E: From<Error>>(data: &Data<'_>, fit: RidgeFit) -> Result<RidgeFit, E> {
    for (row, &intercept) in fit.weights.rows().into_iter().zip(&fit.intercepts) {
        data.finite_result(&row.to_vec(), intercept)?;
    }
    Ok(fit)
}

/// Through X̃ᵀX̃ + αI; gives up where that is too ill-conditioned.
fn primal<E: From<Error>>(
    data: &Data<'_>,
    alpha: f64,
    positive: bool,
    weights: &mut Array2<f64>,
    intercepts: &mut Array1<f64>,
    checkpoint: &mut dyn FnMut() -> Result<(), E>,
) -> Result<Option<RidgeSolver>, E> {
    let moments = Moments::of(data, checkpoint)?;
    let factored = Triangle::of(data.columns(), |i, j| moments.row(i)[j] + if i == j { alpha } else { 0.0 });
    let condition = factored.as_ref().map_or(f64::INFINITY, Triangle::condition);
    let mut used = RidgeSolver::Cholesky;
    for t in 0..data.targets {
        let mut found = moments.products[t].clone();
        match &factored {
            Some(triangle) if condition < REFINABLE => {
                triangle.solve(&mut found);
                if condition > WELL_CONDITIONED {
                    for _ in 0..PASSES {
                        let (mut left, _) = moments.residual_products(data, t, &found, checkpoint)?;
                        left.iter_mut().zip(&found).for_each(|(left, w)| *left -= alpha * w);
                        triangle.solve(&mut left);
                        found.iter_mut().zip(&left).for_each(|(w, d)| *w += d);
                        if dot(&left, &left) <= 1e-30 * dot(&found, &found) {
                            break;
                        }
                    }
                }
            }
            _ if !positive => return Ok(None),
            _ => found.fill(-1.0),
        }
        if positive && found.iter().any(|&w| w < 0.0) {
            used = RidgeSolver::ActiveSet;
            found = nonnegative(data.function, &moments, &moments.products[t], alpha, checkpoint)?;
        }
        intercepts[t] = moments.intercept(&found, t);
        weights.row_mut(t).assign(&ArrayView1::from(&found));
    }
    Ok(Some(used))
}

/// Through X̃X̃ᵀ + αI; gives up where that is too ill-conditioned.
fn dual<E: From<Error>>(
    data: &Data<'_>,
    alpha: f64,
    weights: &mut Array2<f64>,
    intercepts: &mut Array1<f64>,
    checkpoint: &mut dyn FnMut() -> Result<(), E>,
) -> Result<Option<RidgeSolver>, E> {
    let (n, k) = (data.count(), data.columns());
    let (columns, means) = data.centred_columns()?;
    checkpoint()?;
    let columns = table(k, n, columns);
    let mut gram = Array2::zeros((n, n));
    accumulate(gram.view_mut(), 1.0, columns.t(), columns.view());
    if let Some(i) = (0..n).find(|&i| !f64::is_finite(gram[(i, i)])) {
        let row = columns.column(i);
        let largest = (0..k).fold(0, |most, j| if row[j].abs() > row[most].abs() { j } else { most });
        return Err(data.too_large("X", largest).into());
    }
    let Some(triangle) = Triangle::of(n, |i, j| gram[(i, j)] + if i == j { alpha } else { 0.0 }) else {
        return Ok(None);
    };
    if triangle.condition() > REFINABLE {
        return Ok(None);
    }
    for t in 0..data.targets {
        let (target, mean) = data.centred_target(t);
        let mut v = target.clone();
        triangle.solve(&mut v);
        let mut found = columns.dot(&ArrayView1::from(&v));
        for _ in 0..PASSES {
            let fitted = columns.t().dot(&found);
            let mut left: Vec<f64> = (0..n).map(|i| target[i] - fitted[i] - alpha * v[i]).collect();
            triangle.solve(&mut left);
            v.iter_mut().zip(&left).for_each(|(v, d)| *v += d);
            found = columns.dot(&ArrayView1::from(&v));
            if dot(&left, &left) <= 1e-30 * dot(&v, &v) {
                break;
            }
        }
        intercepts[t] = mean - found.dot(&ArrayView1::from(&means));
        weights.row_mut(t).assign(&found);
    }
    Ok(Some(RidgeSolver::Dual))
}
