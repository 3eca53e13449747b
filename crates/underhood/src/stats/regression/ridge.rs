//! Ridge regression: least squares with a price on large coefficients.
//!
//! With X and y centred and X = U·S·Vᵀ, the coefficients are V·diag(s/(s² + α))·Uᵀy: directions in which the columns hardly vary are shrunk
//! most. What is left of them, Σ s²/(s² + α), counts the coefficients that the data still decide. Sources: A. E. Hoerl, R. W. Kennard,
//! Technometrics 12 (1970) 55–67, doi:10.1080/00401706.1970.10488634; G. H. Golub, M. Heath, G. Wahba, Technometrics 21 (1979) 215–223,
//! doi:10.1080/00401706.1979.10489751 (cross-validation).

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

use super::{fast, roots_of};
use crate::error::{Error, Result};
use crate::{check, linalg};

const FUNCTION: &str = "ridge_regression";

/// A ridge regression. There are no standard errors: shrinking trades them for a bias that the data do not show.
#[derive(Debug, Clone, PartialEq)]
pub struct RidgeRegression {
    /// The coefficients, the constant first, if there is one; it is not shrunk.
    pub params: Array1<f64>,
    /// The price.
    pub alpha: f64,
    /// Effective degrees of freedom: the trace of what maps y to the fitted values, the constant's one included.
    pub df: f64,
    /// n·ssr/(n − df)², about what a new y would miss its prediction by, squared; the α with the smallest predicts best.
    pub gcv: f64,
    /// Sum of squared residuals, each times its weight.
    pub ssr: f64,
    /// 1 − ssr/total.
    pub rsquared: f64,
    /// y less what is fitted.
    pub resid: Array1<f64>,
    /// What is fitted.
    pub fittedvalues: Array1<f64>,
    /// The number of rows.
    pub nobs: usize,
}

/// Minimises Σ wᵢ(yᵢ − b − xᵢᵀβ)² + α‖β‖².
///
/// Columns are taken in the units they come in; a price that is to be fair needs columns of one scale.
///
/// # Errors
/// [`Error::Shape`] for lengths that do not fit, [`Error::TooFew`] without a column or with fewer than two rows, [`Error::NotFinite`] for
/// missing values, [`Error::OutOfRange`] for an α that is negative or infinite, [`Error::Constant`] for a y that does not vary,
/// [`Error::Invalid`] for weights that are not positive and for numbers whose squares leave the range of doubles.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::regression::ridge_regression;
///
/// // One column of sum of squares 2 around its mean: α = 2 halves its coefficient.
/// let fit = ridge_regression(array![[-1.0], [0.0], [1.0]].view(), array![1.0, 2.0, 3.0].view(), 2.0, None, true)?;
/// assert!((fit.params[1] - 0.5).abs() < 1e-15 && (fit.df - 1.5).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn ridge_regression(
    x: ArrayView2<'_, f64>,
    y: ArrayView1<'_, f64>,
    alpha: f64,
    weights: Option<ArrayView1<'_, f64>>,
    intercept: bool,
) -> Result<RidgeRegression> {
    let (n, k) = x.dim();
    check::same_length(FUNCTION, ("y", y.len()), ("X", x.shape()))?;
    check::at_least(FUNCTION, "X", "columns", k, 1)?;
    check::at_least(FUNCTION, "X", "rows", n, 2)?;
    check::finite_matrix(FUNCTION, "X", x)?;
    check::finite_vector(FUNCTION, "y", y)?;
    check::in_range(FUNCTION, "alpha", alpha, alpha >= 0.0 && alpha.is_finite(), "zero or positive, and finite")?;
    let roots = roots_of(FUNCTION, weights, x)?;
    let weight = |i: usize| roots.get(i).map_or(1.0, |w| w * w);
    let count: f64 = (0..n).map(weight).sum();
    let mean = |v: ArrayView1<'_, f64>| {
        if intercept { v.iter().enumerate().map(|(i, v)| weight(i) / count * v).sum() } else { 0.0 }
    };
    let (x_means, y_mean) = (x.map_axis(Axis(0), mean), mean(y));
    let total: f64 = y.iter().enumerate().map(|(i, y)| weight(i) * (y - y_mean).powi(2)).sum();
    if y.iter().all(|v| *v == y[0]) && (intercept || y[0] == 0.0) {
        let consequence = "there is no variation to explain";
        return Err(Error::Constant { function: FUNCTION, argument: "y", value: y[0], consequence });
    }

    // Where rows are many, R of the centred columns and Qᵀy say all that X and y would.
    let (rotated, mut shrunk) = match fast::Factored::of(x, &y.to_vec(), &roots, intercept).map(|f| f.centred()) {
        Some((root, projected)) => (linalg::svd(root.view(), false, false)?, projected),
        None => {
            let root = |i: usize| roots.get(i).unwrap_or(&1.0);
            let columns = Array2::from_shape_fn((n, k), |(i, j)| (x[[i, j]] - x_means[j]) * root(i));
            // Squares of what is larger than this leave the range of doubles; a NaN or an infinity is not smaller.
            if !columns.iter().all(|v| v.abs() < 1e150) {
                return Err(super::solved::out_of_range(FUNCTION, "X"));
            }
            let response = y.iter().enumerate().map(|(i, y)| (y - y_mean) * root(i)).collect();
            (linalg::svd(columns.view(), false, false)?, response)
        }
    };
    shrunk = rotated.u.t().dot(&shrunk);
    let noise = rotated.s.first().map_or(0.0, |s| s * f64::EPSILON * n.max(k) as f64);
    let mut df = f64::from(u8::from(intercept));
    for (c, &s) in shrunk.iter_mut().zip(&rotated.s) {
        // In units of s, so that squares cannot leave the range of doubles; α/s, however large, means zero.
        let price = alpha / s;
        *c = if s <= noise { 0.0 } else { *c / (s + price) };
        df += if s <= noise { 0.0 } else { s / (s + price) };
    }
    let slopes = rotated.vh.t().dot(&shrunk);
    let constant = y_mean - x_means.dot(&slopes);
    let fittedvalues = x.dot(&slopes) + if intercept { constant } else { 0.0 };
    let resid = &y - &fittedvalues;
    let ssr: f64 = resid.iter().enumerate().map(|(i, e)| weight(i) * e * e).sum();
    if !(total.is_normal() && ssr.is_finite() && slopes.iter().all(|b| b.is_finite()) && constant.is_finite()) {
        return Err(super::solved::out_of_range(FUNCTION, "X"));
    }
    let left = n as f64 - df;
    let params = intercept.then_some(constant).into_iter().chain(slopes).collect();
    Ok(RidgeRegression {
        params,
        alpha,
        df,
        gcv: if left > 1e-9 * n as f64 { n as f64 * ssr / (left * left) } else { f64::INFINITY },
        ssr,
        rsquared: 1.0 - ssr / total,
        resid,
        fittedvalues,
        nobs: n,
    })
}

#[cfg(test)]
mod tests {
    use ndarray::{array, concatenate};

    use super::super::{RegressionOptions, linear_regression};
    use super::*;

    fn data() -> (Array2<f64>, Array1<f64>) {
        let x = Array2::from_shape_fn((12, 3), |(i, j)| ((i * (j + 2)) as f64).sin() * 3.0 + i as f64 * 0.3);
        let y = Array1::from_shape_fn(12, |i| (i as f64 * 0.7).cos() + i as f64);
        (x, y)
    }

    /// Rows √α·e_j with y = 0 do what the price does.
    #[test]
    fn a_price_is_rows_that_ask_for_zero() {
        let (x, y) = data();
        let means = x.mean_axis(Axis(0)).unwrap();
        let centred = &x - &means;
        let more = concatenate![Axis(0), centred, Array2::eye(3) * 2.5_f64.sqrt()];
        let long = concatenate![Axis(0), &y - y.mean().unwrap(), Array1::zeros(3)];
        let options = RegressionOptions { intercept: false, ..RegressionOptions::default() };
        let expected = linear_regression(more.view(), long.view(), &options).unwrap();
        let found = ridge_regression(x.view(), y.view(), 2.5, None, true).unwrap();
        for j in 0..3 {
            assert!((found.params[j + 1] / expected.params[j] - 1.0).abs() < 1e-12);
        }
        assert!((found.resid.sum()).abs() < 1e-12);
    }

    #[test]
    fn no_price_is_least_squares_and_a_high_one_leaves_the_mean() {
        let (x, y) = data();
        let fit = linear_regression(x.view(), y.view(), &RegressionOptions::default()).unwrap();
        let free = ridge_regression(x.view(), y.view(), 0.0, None, true).unwrap();
        assert!((&free.params - &fit.params).iter().all(|d| d.abs() < 1e-12) && (free.df - 4.0).abs() < 1e-12);
        let dear = ridge_regression(x.view(), y.view(), 1e12, None, true).unwrap();
        assert!((dear.params[0] - y.mean().unwrap()).abs() < 1e-6 && (dear.df - 1.0).abs() < 1e-6);
        // More columns than rows, and columns that are one: the price decides.
        let twin = concatenate![Axis(1), x, x];
        let both =
            ridge_regression(twin.slice(ndarray::s![..5, ..]), y.slice(ndarray::s![..5]), 0.1, None, true).unwrap();
        assert!((both.params[1] - both.params[4]).abs() < 1e-12);
        // A weight of two is a row that stands twice.
        let weights = Array1::from_shape_fn(12, |i| if i == 3 { 2.0 } else { 1.0 });
        let weighted = ridge_regression(x.view(), y.view(), 1.0, Some(weights.view()), true).unwrap();
        let again = concatenate![Axis(0), x, x.slice(ndarray::s![3..4, ..])];
        let twice = concatenate![Axis(0), y, array![y[3]]];
        let doubled = ridge_regression(again.view(), twice.view(), 1.0, None, true).unwrap();
        assert!((&weighted.params - &doubled.params).iter().all(|d| d.abs() < 1e-12));
    }
}
