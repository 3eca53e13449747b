//! Binds `underhood::stats::regression`.

use numpy::ndarray::{ArrayView2, Axis, Ix2};
use numpy::{PyArray1, PyArray2, ToPyArray};
use pyo3::prelude::*;
use underhood::Error;
use underhood::stats::regression as core;

use crate::array::{self, Array};
use crate::error::Outcome;
use crate::runtime::{check_signals, run};

type Numbers<'py> = Bound<'py, PyArray1<f64>>;
type Table<'py> = Bound<'py, PyArray2<f64>>;

/// params, bse, tvalues, pvalues, conf_int, cov_params, resid, fittedvalues, root, cov_root.
type Arrays<'py> = (
    Numbers<'py>,
    Numbers<'py>,
    Numbers<'py>,
    Numbers<'py>,
    Table<'py>,
    Table<'py>,
    Numbers<'py>,
    Numbers<'py>,
    Table<'py>,
    Table<'py>,
);

/// rsquared, rsquared_adj, fvalue, f_pvalue, mse_resid, mse_model, ssr, ess, llf, aic, bic, scaled_condition_number.
type Statistics = (f64, f64, f64, f64, f64, f64, f64, f64, f64, f64, f64, f64);

/// nobs, df_resid, df_model, perfect_fit, and which coefficient is the constant's.
type Counts = (usize, f64, f64, bool, Option<usize>);

/// A regression laid out for Python.
type Fit<'py> = (Arrays<'py>, Statistics, Counts);

/// Lays out a regression.
fn laid_out<'py>(py: Python<'py>, fit: core::LinearRegression) -> Fit<'py> {
    let (root, cov_root) = (fit.root().to_pyarray(py), fit.cov_root().to_pyarray(py));
    let arrays = (
        PyArray1::from_owned_array(py, fit.params),
        PyArray1::from_owned_array(py, fit.bse),
        PyArray1::from_owned_array(py, fit.tvalues),
        PyArray1::from_owned_array(py, fit.pvalues),
        PyArray2::from_owned_array(py, fit.conf_int),
        PyArray2::from_owned_array(py, fit.cov_params),
        PyArray1::from_owned_array(py, fit.resid),
        PyArray1::from_owned_array(py, fit.fittedvalues),
        root,
        cov_root,
    );
    let statistics = (
        fit.rsquared,
        fit.rsquared_adj,
        fit.fvalue,
        fit.f_pvalue,
        fit.mse_resid,
        fit.mse_model,
        fit.ssr,
        fit.ess,
        fit.llf,
        fit.aic,
        fit.bic,
        fit.scaled_condition_number,
    );
    (arrays, statistics, (fit.nobs, fit.df_resid, fit.df_model, fit.perfect_fit, fit.constant))
}

/// Columns side by side; a vector is one column.
fn columns<'a>(function: &'static str, x: &'a Array<'_>) -> Result<ArrayView2<'a, f64>, Error> {
    let view = x.view();
    let shape = view.shape().to_vec();
    let view = if shape.len() == 1 { view.insert_axis(Axis(1)) } else { view };
    view.into_dimensionality::<Ix2>().map_err(|_| Error::Shape {
        function,
        argument: "X",
        shape,
        expected: "a matrix with a column for each variable, or a vector for one, is needed".into(),
    })
}

/// Weights, if there are any.
fn weights<'py>(function: &'static str, values: Option<&Bound<'py, PyAny>>) -> Outcome<Option<array::Vector<'py>>> {
    values.map(|values| array::vector(function, "weights", values)).transpose()
}

/// The fields of a regression: arrays, statistics, counts.
#[pyfunction]
#[pyo3(signature = (x, y, weights, intercept, names, cov_type, confidence_level))]
#[expect(clippy::too_many_arguments, reason = "what may be chosen")]
fn linear_regression<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    weights: Option<&Bound<'py, PyAny>>,
    intercept: bool,
    names: Option<Vec<String>>,
    cov_type: &str,
    confidence_level: f64,
) -> Outcome<Fit<'py>> {
    let function = "linear_regression";
    let (x, y) = (array::array(function, "X", x)?, array::vector(function, "y", y)?);
    let weights = self::weights(function, weights)?;
    let (x, y) = (columns(function, &x)?, y.view());
    let options = core::RegressionOptions {
        intercept,
        names: names.as_deref(),
        weights: weights.as_ref().map(array::Vector::view),
        covariance: core::Covariance::named(function, cov_type)?,
        confidence_level,
    };
    let fit = run(py, x.len(), || core::interruptible_regression(x, y, &options, &mut check_signals))?;
    Ok(laid_out(py, fit))
}

/// Coefficients in the orthonormal basis, and the basis: exponent, centres, ratios, lengths.
type Basis<'py> = (Numbers<'py>, i32, Numbers<'py>, Numbers<'py>, Numbers<'py>);

/// A polynomial: the regression on powers, and the basis that it was fitted in.
#[pyfunction]
#[pyo3(signature = (x, y, degree, weights, cov_type, confidence_level))]
fn polyfit<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    degree: &Bound<'py, PyAny>,
    weights: Option<&Bound<'py, PyAny>>,
    cov_type: &str,
    confidence_level: f64,
) -> Outcome<(Fit<'py>, Basis<'py>)> {
    let function = "polyfit";
    let (x, y) = (array::vector(function, "x", x)?, array::vector(function, "y", y)?);
    let degree = array::whole(function, "degree", degree)?;
    let weights = self::weights(function, weights)?;
    let (x, y) = (x.view(), y.view());
    let options = core::RegressionOptions {
        weights: weights.as_ref().map(array::Vector::view),
        covariance: core::Covariance::named(function, cov_type)?,
        confidence_level,
        ..core::RegressionOptions::default()
    };
    let fit = run(py, x.len().saturating_mul(degree), || core::polyfit(x, y, degree, &options))?;
    let basis = (
        PyArray1::from_owned_array(py, fit.coefficients),
        fit.basis.exponent,
        PyArray1::from_vec(py, fit.basis.centres),
        PyArray1::from_vec(py, fit.basis.ratios),
        PyArray1::from_vec(py, fit.basis.lengths),
    );
    Ok((laid_out(py, fit.regression), basis))
}

/// The orthonormal polynomials of a fit at new points, one column each.
#[pyfunction]
fn polynomial_basis<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    exponent: i32,
    centres: &Bound<'py, PyAny>,
    ratios: &Bound<'py, PyAny>,
    lengths: &Bound<'py, PyAny>,
) -> Outcome<Table<'py>> {
    let function = "predict";
    let x = array::vector(function, "x", x)?;
    let [centres, ratios, lengths] = [("centres", centres), ("ratios", ratios), ("lengths", lengths)]
        .map(|(name, values)| array::vector(function, name, values).map(|v| v.view().to_vec()));
    let basis = core::PolynomialBasis { exponent, centres: centres?, ratios: ratios?, lengths: lengths? };
    Ok(PyArray2::from_owned_array(py, basis.values(x.view())))
}

/// params, resid, fittedvalues, and df, gcv, ssr, rsquared.
type Ridge<'py> = (Numbers<'py>, Numbers<'py>, Numbers<'py>, (f64, f64, f64, f64));

/// The fields of a ridge regression.
#[pyfunction]
#[pyo3(signature = (x, y, alpha, weights, intercept))]
fn ridge_regression<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    alpha: &Bound<'py, PyAny>,
    weights: Option<&Bound<'py, PyAny>>,
    intercept: bool,
) -> Outcome<Ridge<'py>> {
    let function = "ridge_regression";
    let (x, y) = (array::array(function, "X", x)?, array::vector(function, "y", y)?);
    let alpha = array::number(function, "alpha", alpha)?;
    let weights = self::weights(function, weights)?;
    let (x, y, weights) = (columns(function, &x)?, y.view(), weights.as_ref().map(array::Vector::view));
    let fit = run(py, x.len(), || core::ridge_regression(x, y, alpha, weights, intercept))?;
    Ok((
        PyArray1::from_owned_array(py, fit.params),
        PyArray1::from_owned_array(py, fit.resid),
        PyArray1::from_owned_array(py, fit.fittedvalues),
        (fit.df, fit.gcv, fit.ssr, fit.rsquared),
    ))
}

/// How far each row decides its own fitted value.
#[pyfunction]
#[pyo3(signature = (x, weights, intercept))]
fn leverage<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    weights: Option<&Bound<'py, PyAny>>,
    intercept: bool,
) -> Outcome<Numbers<'py>> {
    let x = array::array("leverage", "X", x)?;
    let weights = self::weights("leverage", weights)?;
    let (x, weights) = (columns("leverage", &x)?, weights.as_ref().map(array::Vector::view));
    Ok(PyArray1::from_owned_array(py, run(py, x.len(), || core::leverage(x, weights, intercept))?))
}

/// Studentized residuals (internal, external), Cook's distances and DFFITS.
#[pyfunction]
fn influence<'py>(
    py: Python<'py>,
    resid: &Bound<'py, PyAny>,
    leverage: &Bound<'py, PyAny>,
    mse_resid: f64,
    df_resid: f64,
) -> Outcome<(Numbers<'py>, Numbers<'py>, Numbers<'py>, Numbers<'py>)> {
    let (resid, leverage) =
        (array::vector("influence", "resid", resid)?, array::vector("influence", "leverage", leverage)?);
    let found = core::influence(resid.view(), leverage.view(), mse_resid, df_resid)?;
    Ok((
        PyArray1::from_owned_array(py, found.resid_studentized_internal),
        PyArray1::from_owned_array(py, found.resid_studentized_external),
        PyArray1::from_owned_array(py, found.cooks_distance),
        PyArray1::from_owned_array(py, found.dffits),
    ))
}

/// Variance inflation factors, from R.
#[pyfunction]
#[pyo3(signature = (root, constant))]
fn variance_inflation<'py>(
    py: Python<'py>,
    root: &Bound<'py, PyAny>,
    constant: Option<usize>,
) -> Outcome<Numbers<'py>> {
    let root = array::matrix("variance_inflation", "root", root)?;
    Ok(PyArray1::from_owned_array(py, core::variance_inflation(root.view(), constant)?))
}

/// `durbin_watson`, skew, kurtosis, `jarque_bera` and its p-value.
#[pyfunction]
fn check_residuals(resid: &Bound<'_, PyAny>) -> Outcome<(f64, f64, f64, f64, f64)> {
    let resid = array::vector("check_residuals", "resid", resid)?;
    let found = core::check_residuals(resid.view())?;
    Ok((found.durbin_watson, found.skew, found.kurtosis, found.jarque_bera, found.jarque_bera_pvalue))
}

/// The Breusch–Pagan test: statistic, p-value, degrees of freedom.
#[pyfunction]
fn breusch_pagan<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    resid: &Bound<'py, PyAny>,
    intercept: bool,
) -> Outcome<(f64, f64, f64)> {
    let x = array::array("breusch_pagan", "X", x)?;
    let resid = array::vector("breusch_pagan", "resid", resid)?;
    let (x, resid) = (columns("breusch_pagan", &x)?, resid.view());
    let found = run(py, x.len(), || core::breusch_pagan(x, resid, intercept))?;
    Ok((found.statistic, found.pvalue, found.df))
}

/// F of a joint hypothesis, and its p-value.
#[pyfunction]
fn wald_test(
    params: &Bound<'_, PyAny>,
    cov: &Bound<'_, PyAny>,
    restrictions: &Bound<'_, PyAny>,
    df_resid: f64,
) -> Outcome<(f64, f64)> {
    let function = "wald_test";
    let params = array::vector(function, "params", params)?;
    let (cov, restrictions) =
        (array::matrix(function, "cov", cov)?, array::matrix(function, "restrictions", restrictions)?);
    Ok(core::wald_test(params.view(), cov.view(), restrictions.view(), df_resid)?)
}

/// The ratio of the largest and smallest singular values of an upper triangle.
#[pyfunction]
fn condition_number(root: &Bound<'_, PyAny>) -> Outcome<f64> {
    let root = array::matrix("condition_number", "root", root)?;
    Ok(core::condition_number(root.view())?)
}

/// Predicted values, lower and upper ends.
#[pyfunction]
#[pyo3(signature = (x, params, cov_root, mse_resid, df_resid, interval, confidence_level))]
#[expect(clippy::too_many_arguments, reason = "the parts of a regression that predictions rest on")]
fn predict<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    params: &Bound<'py, PyAny>,
    cov_root: &Bound<'py, PyAny>,
    mse_resid: f64,
    df_resid: f64,
    interval: &str,
    confidence_level: f64,
) -> Outcome<(Numbers<'py>, Numbers<'py>, Numbers<'py>)> {
    let x = array::array("predict", "X", x)?;
    let (params, cov_root) =
        (array::vector("predict", "params", params)?, array::matrix("predict", "cov_root", cov_root)?);
    let (x, params, cov_root) = (columns("predict", &x)?, params.view(), cov_root.view());
    let (noise, interval) = ((mse_resid, df_resid), interval.parse()?);
    let found = run(py, x.len(), || core::predict(x, params, cov_root, noise, interval, confidence_level))?;
    Ok((
        PyArray1::from_owned_array(py, found.predicted),
        PyArray1::from_owned_array(py, found.lower),
        PyArray1::from_owned_array(py, found.upper),
    ))
}

/// Regression with inference.
#[pymodule]
pub(crate) mod regression {
    #[pymodule_export]
    use super::{
        breusch_pagan, check_residuals, condition_number, influence, leverage, linear_regression, polyfit,
        polynomial_basis, predict, ridge_regression, variance_inflation, wald_test,
    };
}
