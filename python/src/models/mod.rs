//! Binds `underhood::models`: what the estimators of the Python package call.

pub(crate) mod linear;
pub(crate) mod naive_bayes;
pub(crate) mod neighbors;
pub(crate) mod network;
pub(crate) mod structure;
pub(crate) mod svm;

use numpy::ndarray::{Array1, Array2};
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArray3, PyArrayMethods};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use underhood::Error;
use underhood::models as core;

use crate::array;
use crate::error::Outcome;
use crate::random::stream;
use crate::runtime::{check_signals, run};

/// weights, bias, loss, errors, gradient_norm, initial_weights, initial_bias
type History<'py> = (
    Bound<'py, PyArray2<f64>>,
    Bound<'py, PyArray1<f64>>,
    Bound<'py, PyArray1<f64>>,
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<f64>>,
    Bound<'py, PyArray1<f64>>,
    f64,
);

/// coef, intercept, epochs, stop reasons, learning rates, histories: one entry a plane
type Planes<'py> = (
    Bound<'py, PyArray2<f64>>,
    Bound<'py, PyArray1<f64>>,
    Vec<usize>,
    Vec<&'static str>,
    Vec<f64>,
    Vec<Option<History<'py>>>,
);

fn history<'py>(py: Python<'py>, history: core::History) -> History<'py> {
    (
        history.weights.into_pyarray(py),
        history.bias.into_pyarray(py),
        history.loss.into_pyarray(py),
        signed(py, history.errors),
        history.gradient_norm.into_pyarray(py),
        history.initial_weights.into_pyarray(py),
        history.initial_bias,
    )
}

fn planes<'py>(py: Python<'py>, features: usize, planes: Vec<core::Plane>) -> Planes<'py> {
    let coef = Array2::from_shape_fn((planes.len(), features), |(k, j)| planes[k].weights[j]);
    let bias: Array1<f64> = planes.iter().map(|plane| plane.bias).collect();
    let epochs = planes.iter().map(|plane| plane.epochs).collect();
    let stops = planes.iter().map(|plane| plane.stop.name()).collect();
    let rates = planes.iter().map(|plane| plane.learning_rate).collect();
    let histories = planes.into_iter().map(|plane| plane.history.map(|kept| history(py, kept))).collect();
    (coef.into_pyarray(py), bias.into_pyarray(py), epochs, stops, rates, histories)
}

pub(crate) fn signed(py: Python<'_>, counts: Vec<usize>) -> Bound<'_, PyArray1<i64>> {
    counts.into_iter().map(|count| count as i64).collect::<Vec<_>>().into_pyarray(py)
}

/// Class numbers as `encode_labels` gives them.
fn codes(function: &'static str, argument: &'static str, value: &Bound<'_, PyArray1<i64>>) -> Outcome<Vec<usize>> {
    let refuse = |found: &i64| Error::OutOfRange {
        function,
        argument,
        value: *found as f64,
        expected: "a class number from 0 on".into(),
    };
    let view =
        value.try_readonly().map_err(|error| PyTypeError::new_err(format!("{function}: {argument}: {error}")))?;
    let view = view.as_array();
    let mut least = 0;
    let read = |&code: &i64| {
        least = code.min(least);
        code as usize
    };
    let codes = match view.as_slice() {
        Some(slice) => slice.iter().map(read).collect(),
        None => view.iter().map(read).collect(),
    };
    if least < 0 { Err(refuse(&least).into()) } else { Ok(codes) }
}

/// The distinct labels in ascending order, the place of each one's first row, and each row's class number.
///
/// Parameters
/// ----------
/// y : array_like of real numbers
///     Labels; whole numbers.
///
/// Returns
/// -------
/// classes : ndarray
/// first : ndarray of int
/// codes : ndarray of int
#[pyfunction]
#[allow(clippy::type_complexity, reason = "the tuple is what Python gets")]
fn encode_labels<'py>(
    y: &Bound<'py, PyAny>,
) -> Outcome<(Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<i64>>, Bound<'py, PyArray1<i64>>)> {
    let py = y.py();
    let y = array::vector("fit", "y", y)?;
    let labels = core::encode_labels("fit", y.view())?;
    Ok((labels.classes.into_pyarray(py), signed(py, labels.first), signed(py, labels.codes)))
}

/// How much each row counts, if it was said.
fn row_weights<'py>(function: &'static str, value: Option<&Bound<'py, PyAny>>) -> Outcome<Option<Vec<f64>>> {
    Ok(value.map(|value| array::vector(function, "sample_weight", value)).transpose()?.map(|read| read.view().to_vec()))
}

/// Train the planes of a perceptron.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// codes : ndarray of int64
///     Class numbers from ``encode_labels``.
/// classes : int
///     How many classes there are.
/// sample_weight : array_like, shape (rows,), or None
///     How much each row counts.
/// start : tuple of ndarray, or None
///     Weights and biases from which one epoch goes on; None trains from the beginning.
/// learning_rate, max_iter, n_iter_no_change, shuffle, fit_intercept, random_state, init_scale, keep_history
///     As in ``underhood.models.Perceptron``.
///
/// Returns
/// -------
/// tuple
///     Weights, biases, epochs, stop reasons, learning rates and histories, one a plane.
#[pyfunction]
#[pyo3(signature = (X, codes, classes, sample_weight, start, learning_rate, max_iter, n_iter_no_change, shuffle, fit_intercept, random_state, init_scale, keep_history))]
#[allow(non_snake_case, clippy::too_many_arguments, reason = "the estimator's parameters")]
fn fit_perceptron<'py>(
    X: &Bound<'py, PyAny>,
    codes: &Bound<'py, PyArray1<i64>>,
    classes: usize,
    sample_weight: Option<&Bound<'py, PyAny>>,
    start: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    learning_rate: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
    n_iter_no_change: Option<&Bound<'py, PyAny>>,
    shuffle: bool,
    fit_intercept: bool,
    random_state: Option<&Bound<'py, PyAny>>,
    init_scale: &Bound<'py, PyAny>,
    keep_history: bool,
) -> Outcome<Planes<'py>> {
    let fit = if start.is_none() { "Perceptron.fit" } else { "Perceptron.partial_fit" };
    let py = X.py();
    let x = array::matrix(fit, "X", X)?;
    let codes = self::codes(fit, "y", codes)?;
    let weights = row_weights(fit, sample_weight)?;
    let model = core::Perceptron {
        learning_rate: array::number(fit, "learning_rate", learning_rate)?,
        max_iter: array::whole(fit, "max_iter", max_iter)?,
        n_iter_no_change: n_iter_no_change.map(|value| array::whole(fit, "n_iter_no_change", value)).transpose()?,
        shuffle,
        fit_intercept,
        init_scale: array::number(fit, "init_scale", init_scale)?,
        keep_history,
    };
    let stream = stream(fit, "random_state", random_state)?;
    let (view, weights) = (x.view(), weights.as_deref());
    let found = match start {
        None => run(py, view.len(), || model.fit(view, &codes, classes, weights, &stream, check_signals))?,
        Some((coef, bias)) => {
            let (coef, bias) = (array::matrix(fit, "coef_", &coef)?, array::vector(fit, "intercept_", &bias)?);
            let planes = (coef.view(), bias.view());
            run(py, view.len(), || model.partial_fit(view, &codes, classes, weights, planes, &stream, check_signals))?
        }
    };
    Ok(planes(py, view.ncols(), found))
}

/// Train the planes of an Adaline.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// codes : ndarray of int64
///     Class numbers from ``encode_labels``.
/// classes : int
///     How many classes there are.
/// sample_weight, start
///     As in ``fit_perceptron``.
/// learning_rate, solver, batch_size, max_iter, tol, shuffle, fit_intercept, random_state, init_scale, keep_history
///     As in ``underhood.models.Adaline``; a learning rate of None chooses one.
///
/// Returns
/// -------
/// tuple
///     What ``fit_perceptron`` returns, and the critical learning rate.
#[pyfunction]
#[pyo3(signature = (X, codes, classes, sample_weight, start, learning_rate, solver, batch_size, max_iter, tol, shuffle, fit_intercept, random_state, init_scale, keep_history))]
#[allow(non_snake_case, clippy::too_many_arguments, reason = "the estimator's parameters")]
fn fit_adaline<'py>(
    X: &Bound<'py, PyAny>,
    codes: &Bound<'py, PyArray1<i64>>,
    classes: usize,
    sample_weight: Option<&Bound<'py, PyAny>>,
    start: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    learning_rate: Option<&Bound<'py, PyAny>>,
    solver: &str,
    batch_size: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
    tol: Option<&Bound<'py, PyAny>>,
    shuffle: bool,
    fit_intercept: bool,
    random_state: Option<&Bound<'py, PyAny>>,
    init_scale: &Bound<'py, PyAny>,
    keep_history: bool,
) -> Outcome<(Planes<'py>, f64)> {
    let fit = if start.is_none() { "Adaline.fit" } else { "Adaline.partial_fit" };
    let py = X.py();
    let x = array::matrix(fit, "X", X)?;
    let codes = self::codes(fit, "y", codes)?;
    let weights = row_weights(fit, sample_weight)?;
    let model = core::Adaline {
        learning_rate: learning_rate.map(|value| array::number(fit, "learning_rate", value)).transpose()?,
        solver: solver.parse()?,
        batch_size: array::whole(fit, "batch_size", batch_size)?,
        max_iter: array::whole(fit, "max_iter", max_iter)?,
        tol: tol.map(|value| array::number(fit, "tol", value)).transpose()?,
        shuffle,
        fit_intercept,
        init_scale: array::number(fit, "init_scale", init_scale)?,
        keep_history,
    };
    let stream = stream(fit, "random_state", random_state)?;
    let (view, weights) = (x.view(), weights.as_deref());
    let found = match start {
        None => run(py, view.len(), || model.fit(view, &codes, classes, weights, &stream, check_signals))?,
        Some((coef, bias)) => {
            let (coef, bias) = (array::matrix(fit, "coef_", &coef)?, array::vector(fit, "intercept_", &bias)?);
            let planes = (coef.view(), bias.view());
            run(py, view.len(), || model.partial_fit(view, &codes, classes, weights, planes, &stream, check_signals))?
        }
    };
    Ok((planes(py, view.ncols(), found.planes), found.critical_learning_rate))
}

/// weights, bias, loss, errors, gradient_norm, step
type Steps<'py> = (
    Bound<'py, PyArray3<f64>>,
    Bound<'py, PyArray2<f64>>,
    Bound<'py, PyArray1<f64>>,
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<f64>>,
    Bound<'py, PyArray1<f64>>,
);

/// coef, intercept, steps, stop reason, loss, gradient_norm, solver, history
type Logistic<'py> = (
    Bound<'py, PyArray2<f64>>,
    Bound<'py, PyArray1<f64>>,
    usize,
    &'static str,
    f64,
    f64,
    &'static str,
    Option<Steps<'py>>,
);

/// Fit the planes of a logistic regression.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// codes : ndarray of int64
///     Class numbers from ``encode_labels``.
/// classes : int
///     How many classes there are.
/// sample_weight : array_like, shape (rows,), or None
///     How much each row counts.
/// C, l1_ratio, fit_intercept, tol, max_iter, solver, keep_history
///     As in ``underhood.models.LogisticRegression``.
///
/// Returns
/// -------
/// tuple
///     Weights, biases, number of steps, stop reason, loss, gradient norm, solver and history.
#[pyfunction]
#[pyo3(signature = (X, codes, classes, sample_weight, C, l1_ratio, fit_intercept, tol, max_iter, solver, keep_history))]
#[allow(non_snake_case, clippy::too_many_arguments, reason = "the estimator's parameters")]
fn fit_logistic<'py>(
    X: &Bound<'py, PyAny>,
    codes: &Bound<'py, PyArray1<i64>>,
    classes: usize,
    sample_weight: Option<&Bound<'py, PyAny>>,
    C: &Bound<'py, PyAny>,
    l1_ratio: &Bound<'py, PyAny>,
    fit_intercept: bool,
    tol: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
    solver: &str,
    keep_history: bool,
) -> Outcome<Logistic<'py>> {
    const FIT: &str = "LogisticRegression.fit";
    let py = X.py();
    let x = array::matrix(FIT, "X", X)?;
    let codes = self::codes(FIT, "y", codes)?;
    let weights = row_weights(FIT, sample_weight)?;
    let model = core::LogisticRegression {
        c: array::number(FIT, "C", C)?,
        l1_ratio: array::number(FIT, "l1_ratio", l1_ratio)?,
        fit_intercept,
        tol: array::number(FIT, "tol", tol)?,
        max_iter: array::whole(FIT, "max_iter", max_iter)?,
        solver: solver.parse()?,
        keep_history,
    };
    let (view, weights) = (x.view(), weights.as_deref());
    let found = run(py, view.len(), || model.fit(view, &codes, classes, weights, check_signals))?;
    let steps = found.history.map(|kept| {
        let (errors, norm) = (signed(py, kept.errors), kept.gradient_norm.into_pyarray(py));
        let (weights, bias) = (kept.weights.into_pyarray(py), kept.bias.into_pyarray(py));
        (weights, bias, kept.loss.into_pyarray(py), errors, norm, kept.step.into_pyarray(py))
    });
    let (coef, intercept) = (found.weights.into_pyarray(py), found.bias.into_pyarray(py));
    let (stop, solver) = (found.stop.name(), found.solver.name());
    Ok((coef, intercept, found.iterations, stop, found.loss, found.gradient_norm, solver, steps))
}

/// Net inputs ``X @ coef.T + intercept``.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// coef : array_like, shape (planes, features)
/// intercept : array_like, shape (planes,)
///
/// Returns
/// -------
/// ndarray, shape (rows, planes)
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn decision_function<'py>(
    X: &Bound<'py, PyAny>,
    coef: &Bound<'py, PyAny>,
    intercept: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let x = array::matrix("decision_function", "X", X)?;
    let coef = array::matrix("decision_function", "coef", coef)?;
    let bias = array::vector("decision_function", "intercept", intercept)?;
    let (view, coef, bias) = (x.view(), coef.view(), bias.view());
    let z = run(X.py(), view.len(), || core::decision_function(view, coef, bias))?;
    Ok(z.into_pyarray(X.py()))
}

/// Class numbers: where z > 0 for one plane, the plane with the largest z for several.
///
/// Parameters
/// ----------
/// X, coef, intercept
///     As in ``decision_function``.
///
/// Returns
/// -------
/// ndarray of int
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn predict_codes<'py>(
    X: &Bound<'py, PyAny>,
    coef: &Bound<'py, PyAny>,
    intercept: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyArray1<i64>>> {
    let x = array::matrix("predict", "X", X)?;
    let coef = array::matrix("predict", "coef", coef)?;
    let bias = array::vector("predict", "intercept", intercept)?;
    let (view, coef, bias) = (x.view(), coef.view(), bias.view());
    let found = run(X.py(), view.len(), || core::predict(view, coef, bias))?;
    Ok(signed(X.py(), found.to_vec()))
}

/// Probabilities of each class from net inputs: logistic function for one plane, softmax for several.
///
/// Parameters
/// ----------
/// z : array_like, shape (rows, planes)
///
/// Returns
/// -------
/// ndarray, shape (rows, classes)
#[pyfunction]
fn probabilities<'py>(z: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let z_in = array::matrix("predict_proba", "z", z)?;
    let view = z_in.view();
    Ok(run(z.py(), view.len(), || core::probabilities(view.to_owned())).into_pyarray(z.py()))
}

/// Logarithms of the probabilities of each class from net inputs.
///
/// Parameters
/// ----------
/// z : array_like, shape (rows, planes)
///
/// Returns
/// -------
/// ndarray, shape (rows, classes)
#[pyfunction]
fn log_probabilities<'py>(z: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let z_in = array::matrix("predict_log_proba", "z", z)?;
    let view = z_in.view();
    Ok(run(z.py(), view.len(), || core::log_probabilities(view.to_owned())).into_pyarray(z.py()))
}

/// mean, variance, scale
type Scaling<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>);

/// Mean, variance (divisor n) and scale of each column.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
///
/// Returns
/// -------
/// mean, variance, scale : ndarray
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn fit_scaler<'py>(X: &Bound<'py, PyAny>) -> Outcome<Scaling<'py>> {
    let x = array::matrix("StandardScaler.fit", "X", X)?;
    let view = x.view();
    let found = run(X.py(), view.len(), || core::StandardScaler::fit(view))?;
    let py = X.py();
    Ok((found.mean.into_pyarray(py), found.variance.into_pyarray(py), found.scale.into_pyarray(py)))
}

/// Standardise columns, or undo it.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// mean, scale : array_like, shape (features,)
/// inverse : bool
///     Multiply by the scale and add the mean instead.
///
/// Returns
/// -------
/// ndarray, shape (rows, features)
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn scale_columns<'py>(
    X: &Bound<'py, PyAny>,
    mean: &Bound<'py, PyAny>,
    scale: &Bound<'py, PyAny>,
    inverse: bool,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let x = array::matrix("StandardScaler.transform", "X", X)?;
    let mean = array::vector("StandardScaler.transform", "mean", mean)?.view().to_vec();
    let scale = array::vector("StandardScaler.transform", "scale", scale)?.view().to_vec();
    let scaler = core::StandardScaler { variance: scale.iter().map(|s| s * s).collect(), mean, scale };
    let view = x.view();
    let out =
        run(X.py(), view.len(), || if inverse { scaler.inverse_transform(view) } else { scaler.transform(view) })?;
    Ok(out.into_pyarray(X.py()))
}

/// Row numbers for training and for testing.
///
/// Parameters
/// ----------
/// rows, test : int
///     How many rows there are, and how many of them test.
/// shuffle : bool
/// random_state : int, numpy.random.Generator or None
/// strata : ndarray of int64 or None
///     Class numbers that both parts share in proportion.
///
/// Returns
/// -------
/// train, test : ndarray of int
#[pyfunction]
#[allow(clippy::type_complexity, reason = "the tuple is what Python gets")]
fn split_rows<'py>(
    py: Python<'py>,
    rows: usize,
    test: usize,
    shuffle: bool,
    random_state: Option<&Bound<'py, PyAny>>,
    strata: Option<&Bound<'py, PyArray1<i64>>>,
) -> Outcome<(Bound<'py, PyArray1<i64>>, Bound<'py, PyArray1<i64>>)> {
    let mut stream = shuffle.then(|| stream("train_test_split", "random_state", random_state)).transpose()?;
    let strata = strata.map(|strata| codes("train_test_split", "stratify", strata)).transpose()?;
    let split = core::train_test_split(rows, test, stream.as_mut(), strata.as_deref())?;
    Ok((signed(py, split.train), signed(py, split.test)))
}

/// Counts of rows by true and predicted class number.
///
/// Parameters
/// ----------
/// y_true, y_pred : ndarray of int64
///     Class numbers.
/// classes : int
///
/// Returns
/// -------
/// ndarray of int, shape (classes, classes)
#[pyfunction]
fn confusion_counts<'py>(
    y_true: &Bound<'py, PyArray1<i64>>,
    y_pred: &Bound<'py, PyArray1<i64>>,
    classes: usize,
) -> Outcome<Bound<'py, PyArray2<i64>>> {
    let (t, p) = (codes("confusion_matrix", "y_true", y_true)?, codes("confusion_matrix", "y_pred", y_pred)?);
    Ok(core::confusion_matrix(&t, &p, classes)?.mapv(|count| count as i64).into_pyarray(y_true.py()))
}

/// Models that learn from rows of numbers.
#[pymodule]
pub(crate) mod models {
    #[pymodule_export]
    use super::{
        confusion_counts, decision_function, encode_labels, fit_adaline, fit_logistic, fit_perceptron, fit_scaler,
        log_probabilities, predict_codes, probabilities, scale_columns, split_rows,
    };
}
