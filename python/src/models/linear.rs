//! Binds `underhood::models`' linear regressions: what the estimators of the Python package call.

use numpy::ndarray::{Array1, Array2, Ix2};
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayDyn};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use underhood::models as core;

use super::signed;
use crate::array::{self, Matrix, Vector};
use crate::error::Outcome;
use crate::runtime::{check_signals, run};

type Floats<'py> = Bound<'py, PyArray1<f64>>;
type Table<'py> = Bound<'py, PyArray2<f64>>;

/// Weights of rows, which may be left out.
fn weights_of<'py>(function: &'static str, value: Option<&Bound<'py, PyAny>>) -> Outcome<Option<Vector<'py>>> {
    value.map(|value| array::vector(function, "sample_weight", value)).transpose()
}

/// Least squares for each column of y.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// y : array_like, shape (rows, targets)
/// sample_weight : array_like, shape (rows,), or None
/// fit_intercept, positive
///     As in ``underhood.models.LinearRegression``.
///
/// Returns
/// -------
/// tuple
///     Weights (targets, features), intercepts, rank, a root of the centred columns' XᵀX, R² a target, and the solver.
#[pyfunction]
#[pyo3(signature = (X, y, sample_weight, fit_intercept, positive))]
#[allow(non_snake_case, clippy::type_complexity, reason = "the tuple is what Python gets")]
fn fit_linear_regression<'py>(
    X: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    sample_weight: Option<&Bound<'py, PyAny>>,
    fit_intercept: bool,
    positive: bool,
) -> Outcome<(Table<'py>, Floats<'py>, usize, Table<'py>, Vec<f64>, &'static str)> {
    const FIT: &str = "LinearRegression.fit";
    let py = X.py();
    let (x, y, weights) = (array::matrix(FIT, "X", X)?, array::matrix(FIT, "y", y)?, weights_of(FIT, sample_weight)?);
    let (x, y, weights) = (x.view(), y.view(), weights.as_ref().map(Vector::view));
    let model = core::LinearRegression { fit_intercept, positive };
    let fit = run(py, x.len(), || model.fit(x, y, weights, check_signals))?;
    let (coef, intercept, root) =
        (fit.weights.into_pyarray(py), fit.intercepts.into_pyarray(py), fit.root.into_pyarray(py));
    Ok((coef, intercept, fit.rank, root, fit.rsquared, fit.solver.name()))
}

/// Ridge regression for each column of y.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// y : array_like, shape (rows, targets)
/// sample_weight : array_like, shape (rows,), or None
/// alpha, fit_intercept, positive
///     As in ``underhood.models.Ridge``.
///
/// Returns
/// -------
/// tuple
///     Weights (targets, features), intercepts, and the solver.
#[pyfunction]
#[pyo3(signature = (X, y, sample_weight, alpha, fit_intercept, positive))]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn fit_ridge<'py>(
    X: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    sample_weight: Option<&Bound<'py, PyAny>>,
    alpha: &Bound<'py, PyAny>,
    fit_intercept: bool,
    positive: bool,
) -> Outcome<(Table<'py>, Floats<'py>, &'static str)> {
    const FIT: &str = "Ridge.fit";
    let py = X.py();
    let (x, y, weights) = (array::matrix(FIT, "X", X)?, array::matrix(FIT, "y", y)?, weights_of(FIT, sample_weight)?);
    let (x, y, weights) = (x.view(), y.view(), weights.as_ref().map(Vector::view));
    let model = core::Ridge { alpha: array::number(FIT, "alpha", alpha)?, fit_intercept, positive };
    let fit = run(py, x.len(), || model.fit(x, y, weights, check_signals))?;
    Ok((fit.weights.into_pyarray(py), fit.intercepts.into_pyarray(py), fit.solver.name()))
}

/// objective, duality_gap, nonzero, change, weights
type Sweeps<'py> = (Floats<'py>, Floats<'py>, Bound<'py, PyArray1<i64>>, Floats<'py>, Table<'py>);

/// weights, intercept, objective, duality_gap, gradient, largest_price, sweeps, stop, history
type Target<'py> = (Floats<'py>, f64, f64, f64, Floats<'py>, f64, usize, &'static str, Option<Sweeps<'py>>);

/// Lasso or elastic net for each column of y.
///
/// Parameters
/// ----------
/// kind : {"Lasso", "ElasticNet"}
///     Who asks, for messages.
/// X : array_like, shape (rows, features)
/// y : array_like, shape (rows, targets)
/// sample_weight : array_like, shape (rows,), or None
/// start : array_like, shape (targets, features), or None
///     Weights with which the sweeps begin.
/// alpha, l1_ratio, fit_intercept, positive, max_iter, tol, keep_history
///     As in ``underhood.models.ElasticNet``.
///
/// Returns
/// -------
/// list of tuple
///     For each target weights, intercept, objective, duality gap, gradient, largest price, sweeps, stop reason and
///     history.
#[pyfunction]
#[pyo3(signature = (kind, X, y, sample_weight, start, alpha, l1_ratio, fit_intercept, positive, max_iter, tol, keep_history))]
#[allow(non_snake_case, clippy::too_many_arguments, reason = "the estimator's parameters")]
fn fit_elastic_net<'py>(
    kind: &str,
    X: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    sample_weight: Option<&Bound<'py, PyAny>>,
    start: Option<&Bound<'py, PyAny>>,
    alpha: &Bound<'py, PyAny>,
    l1_ratio: &Bound<'py, PyAny>,
    fit_intercept: bool,
    positive: bool,
    max_iter: &Bound<'py, PyAny>,
    tol: &Bound<'py, PyAny>,
    keep_history: bool,
) -> Outcome<Vec<Target<'py>>> {
    let fit = if kind == "Lasso" { "Lasso.fit" } else { "ElasticNet.fit" };
    let py = X.py();
    let (x, y, weights) = (array::matrix(fit, "X", X)?, array::matrix(fit, "y", y)?, weights_of(fit, sample_weight)?);
    let start = start.map(|value| array::matrix(fit, "coef_", value)).transpose()?;
    let (x, y, weights, start) =
        (x.view(), y.view(), weights.as_ref().map(Vector::view), start.as_ref().map(Matrix::view));
    let model = core::ElasticNet {
        function: fit,
        alpha: array::number(fit, "alpha", alpha)?,
        l1_ratio: array::number(fit, "l1_ratio", l1_ratio)?,
        fit_intercept,
        positive,
        max_iter: array::whole(fit, "max_iter", max_iter)?,
        tol: array::number(fit, "tol", tol)?,
        keep_history,
    };
    let found = run(py, x.len(), || model.fit(x, y, weights, start, check_signals))?;
    let sweeps = |kept: core::SweepHistory| {
        let (gap, nonzero) = (kept.duality_gap.into_pyarray(py), signed(py, kept.nonzero));
        (kept.objective.into_pyarray(py), gap, nonzero, kept.change.into_pyarray(py), kept.weights.into_pyarray(py))
    };
    let target = |fit: core::ElasticNetFit| {
        let (weights, gradient, history) =
            (fit.weights.into_pyarray(py), fit.gradient.into_pyarray(py), fit.history.map(sweeps));
        let (gap, stop) = (fit.duality_gap, fit.stop.name());
        (weights, fit.intercept, fit.objective, gap, gradient, fit.largest_price, fit.sweeps, stop, history)
    };
    Ok(found.into_iter().map(target).collect())
}

/// alphas, weights (features, alphas), intercepts, gaps, sweeps, whether all converged
type Path<'py> = (Floats<'py>, Table<'py>, Floats<'py>, Floats<'py>, Bound<'py, PyArray1<i64>>, bool);

/// Weights of the lasso or elastic net along falling prices.
///
/// Parameters
/// ----------
/// kind : {"lasso_path", "enet_path"}
///     Who asks, for messages.
/// X : array_like, shape (rows, features)
/// y : array_like, shape (rows,)
/// alphas : int or array_like
///     How many prices, or which.
/// eps, l1_ratio, fit_intercept, positive, max_iter, tol
///     As in ``underhood.models.enet_path``.
///
/// Returns
/// -------
/// tuple
///     Prices, weights (features, prices), intercepts, duality gaps, sweeps, and whether all converged.
#[pyfunction]
#[pyo3(signature = (kind, X, y, alphas, eps, l1_ratio, fit_intercept, positive, max_iter, tol))]
#[allow(non_snake_case, clippy::too_many_arguments, reason = "the function's parameters")]
fn elastic_net_path<'py>(
    kind: &str,
    X: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    alphas: &Bound<'py, PyAny>,
    eps: &Bound<'py, PyAny>,
    l1_ratio: &Bound<'py, PyAny>,
    fit_intercept: bool,
    positive: bool,
    max_iter: &Bound<'py, PyAny>,
    tol: &Bound<'py, PyAny>,
) -> Outcome<Path<'py>> {
    let function = if kind == "lasso_path" { "lasso_path" } else { "enet_path" };
    let py = X.py();
    let (x, y) = (array::matrix(function, "X", X)?, array::vector(function, "y", y)?);
    let prices = if alphas.extract::<i64>().is_ok() {
        let count = array::whole(function, "alphas", alphas)?;
        core::Prices::Geometric { count, eps: array::number(function, "eps", eps)? }
    } else {
        core::Prices::Given(array::vector(function, "alphas", alphas)?.view().to_vec())
    };
    let model = core::ElasticNet {
        function,
        l1_ratio: array::number(function, "l1_ratio", l1_ratio)?,
        fit_intercept,
        positive,
        max_iter: array::whole(function, "max_iter", max_iter)?,
        tol: array::number(function, "tol", tol)?,
        ..core::ElasticNet::default()
    };
    let (x, y) = (x.view(), y.view());
    let found = run(py, x.len(), || model.path(x, y, &prices, check_signals))?;
    let (weights, gaps, sweeps) =
        (found.weights.into_pyarray(py), found.duality_gaps.into_pyarray(py), signed(py, found.sweeps));
    Ok((found.alphas.into_pyarray(py), weights, found.intercepts.into_pyarray(py), gaps, sweeps, found.converged))
}

/// evidence, alpha, lambda, effective, change
type Evidence<'py> = (Floats<'py>, Floats<'py>, Floats<'py>, Floats<'py>, Floats<'py>);

/// weights, intercept, means, alpha, lambda, covariance, effective, iterations, stop, history
type Bayesian<'py> = (Floats<'py>, f64, Floats<'py>, f64, f64, Table<'py>, f64, usize, &'static str, Evidence<'py>);

/// Bayesian ridge regression.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// y : array_like, shape (rows,)
/// sample_weight : array_like, shape (rows,), or None
/// max_iter, tol, alpha_1, alpha_2, lambda_1, lambda_2, alpha_init, lambda_init, fit_intercept
///     As in ``underhood.models.BayesianRidge``.
///
/// Returns
/// -------
/// tuple
///     Weights, intercept, means of the columns, both precisions, covariance of the weights, number of weights that
///     the data determine, iterations, stop reason and history.
#[pyfunction]
#[pyo3(signature = (X, y, sample_weight, max_iter, tol, alpha_1, alpha_2, lambda_1, lambda_2, alpha_init, lambda_init, fit_intercept))]
#[allow(non_snake_case, clippy::too_many_arguments, reason = "the estimator's parameters")]
fn fit_bayesian_ridge<'py>(
    X: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    sample_weight: Option<&Bound<'py, PyAny>>,
    max_iter: &Bound<'py, PyAny>,
    tol: &Bound<'py, PyAny>,
    alpha_1: &Bound<'py, PyAny>,
    alpha_2: &Bound<'py, PyAny>,
    lambda_1: &Bound<'py, PyAny>,
    lambda_2: &Bound<'py, PyAny>,
    alpha_init: Option<&Bound<'py, PyAny>>,
    lambda_init: Option<&Bound<'py, PyAny>>,
    fit_intercept: bool,
) -> Outcome<Bayesian<'py>> {
    const FIT: &str = "BayesianRidge.fit";
    let py = X.py();
    let (x, y, weights) = (array::matrix(FIT, "X", X)?, array::vector(FIT, "y", y)?, weights_of(FIT, sample_weight)?);
    let (x, y, weights) = (x.view(), y.view(), weights.as_ref().map(Vector::view));
    let number = |name: &'static str, value: &Bound<'py, PyAny>| array::number(FIT, name, value);
    let model = core::BayesianRidge {
        max_iter: array::whole(FIT, "max_iter", max_iter)?,
        tol: number("tol", tol)?,
        alpha_prior: (number("alpha_1", alpha_1)?, number("alpha_2", alpha_2)?),
        lambda_prior: (number("lambda_1", lambda_1)?, number("lambda_2", lambda_2)?),
        alpha_init: alpha_init.map(|value| number("alpha_init", value)).transpose()?,
        lambda_init: lambda_init.map(|value| number("lambda_init", value)).transpose()?,
        fit_intercept,
    };
    let fit = run(py, x.len(), || model.fit(x, y, weights, check_signals))?;
    let kept = fit.history;
    let (effective, change) = (kept.effective.into_pyarray(py), kept.change.into_pyarray(py));
    let history =
        (kept.evidence.into_pyarray(py), kept.alpha.into_pyarray(py), kept.lambda.into_pyarray(py), effective, change);
    let (weights, means, covariance) =
        (fit.weights.into_pyarray(py), fit.means.into_pyarray(py), fit.covariance.into_pyarray(py));
    let (alpha, lambda, effective) = (fit.alpha, fit.lambda, fit.effective);
    Ok((weights, fit.intercept, means, alpha, lambda, covariance, effective, fit.iterations, fit.stop.name(), history))
}

/// ``X @ coef.T + intercept``.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// coef : array_like, shape (targets, features)
/// intercept : array_like, shape (targets,)
///
/// Returns
/// -------
/// ndarray, shape (rows, targets)
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn linear_prediction<'py>(
    X: &Bound<'py, PyAny>,
    coef: &Bound<'py, PyAny>,
    intercept: &Bound<'py, PyAny>,
) -> Outcome<Table<'py>> {
    let x = array::matrix("predict", "X", X)?;
    let coef = array::matrix("predict", "coef", coef)?;
    let bias = array::vector("predict", "intercept", intercept)?;
    let (view, coef, bias) = (x.view(), coef.view(), bias.view());
    let z: Array2<f64> = run(X.py(), view.len(), || core::linear_prediction(view, coef, bias))?;
    Ok(z.into_pyarray(X.py()))
}

/// Standard deviation of a Bayesian prediction for each row.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// means : array_like, shape (features,)
/// sigma : array_like, shape (features, features)
/// alpha : float
///
/// Returns
/// -------
/// ndarray, shape (rows,)
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn predictive_deviation<'py>(
    X: &Bound<'py, PyAny>,
    means: &Bound<'py, PyAny>,
    sigma: &Bound<'py, PyAny>,
    alpha: f64,
) -> Outcome<Floats<'py>> {
    let x = array::matrix("predict", "X", X)?;
    let means = array::vector("predict", "means", means)?;
    let sigma = array::matrix("predict", "sigma", sigma)?;
    let (view, means, sigma) = (x.view(), means.view(), sigma.view());
    let found = run(X.py(), view.len() * view.ncols(), || core::predictive_deviation(view, means, sigma, alpha))?;
    Ok(Array1::from(found).into_pyarray(X.py()))
}

/// How many columns products of X's columns make.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// least, most : int
///     The smallest and the largest degree.
/// interaction_only, include_bias : bool
///     As in ``underhood.models.PolynomialFeatures``.
///
/// Returns
/// -------
/// int
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn polynomial_count(
    X: &Bound<'_, PyAny>,
    least: &Bound<'_, PyAny>,
    most: &Bound<'_, PyAny>,
    interaction_only: bool,
    include_bias: bool,
) -> Outcome<usize> {
    const FIT: &str = "PolynomialFeatures.fit";
    let x = array::matrix(FIT, "X", X)?;
    let degrees = (array::whole(FIT, "degree", least)?, array::whole(FIT, "degree", most)?);
    Ok(core::PolynomialFeatures::fit(x.view(), degrees, interaction_only, include_bias)?.count())
}

/// Products of columns.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// least, most, interaction_only, include_bias
///     As in ``polynomial_count``.
///
/// Returns
/// -------
/// ndarray, shape (rows, products)
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn polynomial_features<'py>(
    X: &Bound<'py, PyAny>,
    least: &Bound<'_, PyAny>,
    most: &Bound<'_, PyAny>,
    interaction_only: bool,
    include_bias: bool,
) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    let x = array::matrix("PolynomialFeatures.transform", "X", X)?;
    let view = x.view();
    let degrees = (
        array::whole("PolynomialFeatures.fit", "degree", least)?,
        array::whole("PolynomialFeatures.fit", "degree", most)?,
    );
    let columns = core::PolynomialFeatures::new(view.ncols(), degrees, interaction_only, include_bias)?;
    let (out, to) = array::fresh(X.py(), &[view.nrows(), columns.count()])?;
    let to = to
        .into_dimensionality::<Ix2>()
        .map_err(|error| PyTypeError::new_err(format!("PolynomialFeatures.transform: {error}")))?;
    run(X.py(), view.nrows() * columns.count(), || columns.transform_into(view, to))?;
    Ok(out)
}

/// Linear regressions: least squares, ridge, lasso, elastic net, Bayesian.
#[pymodule]
pub(crate) mod linear {
    #[pymodule_export]
    use super::{
        elastic_net_path, fit_bayesian_ridge, fit_elastic_net, fit_linear_regression, fit_ridge, linear_prediction,
        polynomial_count, polynomial_features, predictive_deviation,
    };
}
