//! Binds `underhood::stats::glm`.

use numpy::{PyArray1, PyArray2};
use pyo3::prelude::*;
use underhood::Error;
use underhood::stats::glm as core;

use super::columns;
use crate::array;
use crate::error::Outcome;
use crate::runtime::{check_signals, run};

type Numbers<'py> = Bound<'py, PyArray1<f64>>;
type Table<'py> = Bound<'py, PyArray2<f64>>;

/// params, bse, zvalues, pvalues, conf_int, cov_params, linear_predictor, cov_root.
type Arrays<'py> =
    (Numbers<'py>, Numbers<'py>, Numbers<'py>, Numbers<'py>, Table<'py>, Table<'py>, Numbers<'py>, Table<'py>);

/// llf, llnull, prsquared, llr, llr_pvalue, deviance, null_deviance, pearson_chi2, aic, bic, df_resid, df_model.
type Statistics = (f64, f64, f64, f64, f64, f64, f64, f64, f64, f64, f64, f64);

/// nobs, iterations, converged, scaled_condition_number.
type Counts = (usize, usize, bool, f64);

fn parts(py: Python<'_>, fit: core::GeneralisedLinearModel) -> (Arrays<'_>, Statistics, Counts) {
    let arrays = (
        PyArray1::from_owned_array(py, fit.params),
        PyArray1::from_owned_array(py, fit.bse),
        PyArray1::from_owned_array(py, fit.zvalues),
        PyArray1::from_owned_array(py, fit.pvalues),
        PyArray2::from_owned_array(py, fit.conf_int),
        PyArray2::from_owned_array(py, fit.cov_params),
        PyArray1::from_owned_array(py, fit.linear_predictor),
        PyArray2::from_owned_array(py, fit.cov_root),
    );
    let statistics = (
        fit.llf,
        fit.llnull,
        fit.prsquared,
        fit.llr,
        fit.llr_pvalue,
        fit.deviance,
        fit.null_deviance,
        fit.pearson_chi2,
        fit.aic,
        fit.bic,
        fit.df_resid,
        fit.df_model,
    );
    (arrays, statistics, (fit.nobs, fit.iterations, fit.converged, fit.scaled_condition_number))
}

/// The fields of a logistic regression: arrays, statistics, counts.
#[pyfunction]
#[pyo3(signature = (x, y, intercept, names, levels, cov_type, confidence_level, max_iter))]
#[expect(clippy::too_many_arguments, reason = "the data and the options of a fit")]
fn logistic_regression<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    intercept: bool,
    names: Option<Vec<String>>,
    levels: (String, String),
    cov_type: &str,
    confidence_level: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
) -> Outcome<(Arrays<'py>, Statistics, Counts)> {
    const NAME: &str = "logistic_regression";
    let (x, y) = (array::array(NAME, "X", x)?, array::vector(NAME, "y", y)?);
    let (x, y) = (columns(NAME, "X", &x)?, y.view());
    let options = core::GlmOptions {
        intercept,
        names: names.as_deref(),
        levels: [&levels.0, &levels.1],
        covariance: core::Covariance::named(NAME, cov_type)?,
        confidence_level: array::number(NAME, "confidence_level", confidence_level)?,
        max_iter: array::whole(NAME, "max_iter", max_iter)?,
    };
    let fit = run(py, x.len(), || core::logistic_regression(x, y, &options, &mut check_signals))?;
    Ok(parts(py, fit))
}

/// The fields of a Poisson regression: arrays, statistics, counts.
#[pyfunction]
#[pyo3(signature = (x, y, offset, exposure, intercept, names, cov_type, confidence_level, max_iter))]
#[expect(clippy::too_many_arguments, reason = "the data and the options of a fit")]
fn poisson_regression<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    offset: Option<&Bound<'py, PyAny>>,
    exposure: Option<&Bound<'py, PyAny>>,
    intercept: bool,
    names: Option<Vec<String>>,
    cov_type: &str,
    confidence_level: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
) -> Outcome<(Arrays<'py>, Statistics, Counts)> {
    const NAME: &str = "poisson_regression";
    let (x, y) = (array::array(NAME, "X", x)?, array::vector(NAME, "y", y)?);
    let offset = offset.map(|offset| array::vector(NAME, "offset", offset)).transpose()?;
    let exposure = exposure.map(|exposure| array::vector(NAME, "exposure", exposure)).transpose()?;
    let (x, y) = (columns(NAME, "X", &x)?, y.view());
    let (offset, exposure) = (offset.as_ref().map(array::Vector::view), exposure.as_ref().map(array::Vector::view));
    let options = core::GlmOptions {
        intercept,
        names: names.as_deref(),
        covariance: core::Covariance::named(NAME, cov_type)?,
        confidence_level: array::number(NAME, "confidence_level", confidence_level)?,
        max_iter: array::whole(NAME, "max_iter", max_iter)?,
        ..core::GlmOptions::default()
    };
    let fit = run(py, x.len(), || core::poisson_regression(x, y, offset, exposure, &options, &mut check_signals))?;
    Ok(parts(py, fit))
}

/// The family of a name.
fn family(name: &str) -> Result<core::Family, Error> {
    match name {
        "binomial" => Ok(core::Family::Binomial),
        "poisson" => Ok(core::Family::Poisson),
        _ => Err(Error::UnknownName {
            function: "glm",
            argument: "family",
            value: name.into(),
            allowed: &["binomial", "poisson"],
        }),
    }
}

/// Predicted means, lower and upper ends.
#[pyfunction]
#[pyo3(signature = (x, params, cov_root, family, offset, confidence_level))]
fn predict<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    params: &Bound<'py, PyAny>,
    cov_root: &Bound<'py, PyAny>,
    family: &str,
    offset: Option<&Bound<'py, PyAny>>,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<(Numbers<'py>, Numbers<'py>, Numbers<'py>)> {
    const NAME: &str = "predict";
    let x = array::array(NAME, "X", x)?;
    let (params, cov_root) = (array::vector(NAME, "params", params)?, array::matrix(NAME, "cov_root", cov_root)?);
    let offset = offset.map(|offset| array::vector(NAME, "offset", offset)).transpose()?;
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (x, params, cov_root) = (columns(NAME, "X", &x)?, params.view(), cov_root.view());
    let (offset, family) = (offset.as_ref().map(array::Vector::view), self::family(family)?);
    let found = run(py, x.len(), || core::predict(x, params, cov_root, family, offset, level))?;
    Ok((
        PyArray1::from_owned_array(py, found.predicted),
        PyArray1::from_owned_array(py, found.lower),
        PyArray1::from_owned_array(py, found.upper),
    ))
}

/// The mean of y at each linear predictor.
#[pyfunction]
fn means<'py>(py: Python<'py>, family: &str, linear_predictor: &Bound<'py, PyAny>) -> Outcome<Numbers<'py>> {
    let eta = array::vector("fittedvalues", "linear_predictor", linear_predictor)?;
    let (eta, family) = (eta.view(), self::family(family)?);
    Ok(PyArray1::from_owned_array(py, run(py, eta.len(), || eta.mapv(|eta| family.mean(eta)))))
}

/// Residuals of a kind: response, pearson or deviance.
#[pyfunction]
fn residuals<'py>(
    py: Python<'py>,
    family: &str,
    kind: &str,
    y: &Bound<'py, PyAny>,
    linear_predictor: &Bound<'py, PyAny>,
) -> Outcome<Numbers<'py>> {
    let y = array::vector("residuals", "y", y)?;
    let eta = array::vector("residuals", "linear_predictor", linear_predictor)?;
    let (y, eta, family) = (y.view(), eta.view(), self::family(family)?);
    let kind = match kind {
        "response" => core::Residual::Response,
        "pearson" => core::Residual::Pearson,
        "deviance" => core::Residual::Deviance,
        _ => {
            let (function, argument) = ("residuals", "kind");
            let allowed = &["response", "pearson", "deviance"];
            return Err(Error::UnknownName { function, argument, value: kind.into(), allowed }.into());
        }
    };
    Ok(PyArray1::from_owned_array(py, run(py, eta.len(), || core::residuals(family, kind, y, eta))))
}

/// Generalised linear models.
#[pymodule]
pub(crate) mod glm {
    #[pymodule_export]
    use super::{logistic_regression, means, poisson_regression, predict, residuals};
}
