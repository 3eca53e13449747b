//! Linear regression in its variants: a number (or several) for each row, z = w·x + b.
//!
//! | model | minimises | which is |
//! |---|---|---|
//! | [`LinearRegression`] | ‖y − z‖² | the best fit to these rows |
//! | [`Ridge`] | ‖y − z‖² + α‖w‖² | steadier where columns say nearly the same |
//! | [`ElasticNet`] | ‖y − z‖²/(2m) + λ₁‖w‖₁ + λ₂‖w‖²/2 | sparse: weights that bring less than λ₁ are zero (the lasso is λ₂ = 0) |
//! | [`BayesianRidge`] | ridge's, at the α that the data make most probable | and how sure it is of each prediction |
//!
//! The intercept b is never penalised: columns and targets are taken around their means, and b follows. Rows may have weights. Where rows are many,
//! all but the residuals' own refinement see them through XᵀX, gathered in one pass (`data`). [`PolynomialFeatures`] gives any of
//! these models products of columns to work with.

mod bayesian_ridge;
mod coordinates;
mod data;
mod elastic_net;
mod least_squares;
mod nonnegative;
mod polynomial_features;
mod ridge;
mod triangle;

use ndarray::{Array2, ArrayView1, ArrayView2};

pub(super) use self::least_squares::plane;
pub use bayesian_ridge::{BayesianRidge, BayesianRidgeFit, EvidenceHistory, predictive_deviation};
pub use elastic_net::{ElasticNet, ElasticNetFit, ElasticNetPath, Prices, SweepHistory};
pub use least_squares::{LeastSquaresSolver, LinearRegression, LinearRegressionFit};
pub use polynomial_features::PolynomialFeatures;
pub use ridge::{Ridge, RidgeFit, RidgeSolver};

use super::rows::{BLOCK, Rows, all_finite, net_inputs, same_features};
use crate::check;
use crate::error::Result;

/// zᵢₜ = wₜ·xᵢ + bₜ, what a regression of these weights (targets × columns) and intercepts says of each row: rows × targets.
///
/// # Errors
/// X, weights or intercepts hold a NaN or an infinity; X is empty, or has other columns than the model was trained on; there is no target,
/// or not one intercept for each.
pub fn linear_prediction(
    x: ArrayView2<'_, f64>,
    weights: ArrayView2<'_, f64>,
    intercepts: ArrayView1<'_, f64>,
) -> Result<Array2<f64>> {
    const FUNCTION: &str = "predict";
    let rows = Rows::unchecked(FUNCTION, x)?;
    same_features(FUNCTION, rows.columns, weights.ncols())?;
    check::at_least(FUNCTION, "weights", "targets", weights.nrows(), 1)?;
    check::same_length(FUNCTION, ("intercepts", intercepts.len()), ("weights", weights.shape()))?;
    check::finite_matrix(FUNCTION, "weights", weights)?;
    check::finite_vector(FUNCTION, "intercepts", intercepts)?;
    let targets = weights.nrows();
    let planes: Vec<Vec<f64>> = weights.outer_iter().map(|plane| plane.to_vec()).collect();
    let mut found = vec![0.0; rows.count * targets];
    let mut z = [0.0; BLOCK];
    for (block, found) in rows.blocks().zip(found.chunks_mut(BLOCK * targets)) {
        let z = &mut z[..block.len() / rows.columns];
        for (t, (plane, &intercept)) in planes.iter().zip(intercepts).enumerate() {
            net_inputs(block, plane, intercept, z);
            found.iter_mut().skip(t).step_by(targets).zip(&*z).for_each(|(found, z)| *found = *z);
        }
        // A number that is not finite makes every sum that it enters so: no need to look at all of X.
        if !all_finite(found) {
            check::finite_matrix(FUNCTION, "X", x)?;
        }
    }
    check::within_range(FUNCTION, "prediction", &found, targets)?;
    Ok(data::table(rows.count, targets, found))
}
