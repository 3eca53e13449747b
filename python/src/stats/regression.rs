//! Binds `underhood::stats::regression`.

use numpy::ndarray::{ArrayView2, Axis, Ix2};
use numpy::{PyArray1, PyArray2, ToPyArray};
use pyo3::prelude::*;
use underhood::Error;
use underhood::stats::regression as core;

use crate::array::{self, Array};
use crate::error::Outcome;
use crate::runtime::run;

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

/// nobs, df_resid, df_model, perfect_fit.
type Counts = (usize, f64, f64, bool);

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

/// The fields of a regression: arrays, statistics, counts.
#[pyfunction]
#[pyo3(signature = (x, y, intercept, names, cov_type, confidence_level))]
fn linear_regression<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    intercept: bool,
    names: Option<Vec<String>>,
    cov_type: &str,
    confidence_level: f64,
) -> Outcome<(Arrays<'py>, Statistics, Counts)> {
    let function = "linear_regression";
    let (x, y) = (array::array(function, "X", x)?, array::vector(function, "y", y)?);
    let (x, y) = (columns(function, &x)?, y.view());
    let options =
        core::RegressionOptions { intercept, names: names.as_deref(), covariance: cov_type.parse()?, confidence_level };
    let fit = run(py, x.len(), || core::linear_regression(x, y, &options))?;
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
    Ok((arrays, statistics, (fit.nobs, fit.df_resid, fit.df_model, fit.perfect_fit)))
}

/// How far each row decides its own fitted value.
#[pyfunction]
fn leverage<'py>(py: Python<'py>, x: &Bound<'py, PyAny>, intercept: bool) -> Outcome<Numbers<'py>> {
    let x = array::array("leverage", "X", x)?;
    let x = columns("leverage", &x)?;
    Ok(PyArray1::from_owned_array(py, run(py, x.len(), || core::leverage(x, intercept))?))
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
    use super::{condition_number, leverage, linear_regression, predict};
}
