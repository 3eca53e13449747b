//! Binds the support vector machines of `underhood::models`.

use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;
use pyo3::types::PyString;
use underhood::Error;
use underhood::models as core;

use super::{Planes, codes, planes, signed};
use crate::array;
use crate::error::Outcome;
use crate::random::stream;
use crate::runtime::{check_signals, run};

/// steps, objective, violation, support
type SvcHistory<'py> =
    (Bound<'py, PyArray1<i64>>, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<i64>>);

/// intercept, objective, norm, violation, support, at bound, rows, steps, stop reason, history
type Pair<'py> = (f64, f64, f64, f64, usize, usize, usize, usize, &'static str, Option<SvcHistory<'py>>);

/// support, counts, dual coefficients, pairs, gamma
type Svc<'py> = (Bound<'py, PyArray1<i64>>, Vec<usize>, Bound<'py, PyArray2<f64>>, Vec<Pair<'py>>, f64);

/// A kernel from its name and numbers.
fn kernel(function: &'static str, name: &str, degree: u32, gamma: f64, coef0: f64) -> Result<core::SvmKernel, Error> {
    match name {
        "linear" => Ok(core::SvmKernel::Linear),
        "poly" => Ok(core::SvmKernel::Polynomial { degree, gamma, coef0 }),
        "rbf" => Ok(core::SvmKernel::Rbf { gamma }),
        "sigmoid" => Ok(core::SvmKernel::Sigmoid { gamma, coef0 }),
        "precomputed" => Ok(core::SvmKernel::Precomputed),
        _ => Err(Error::UnknownName {
            function,
            argument: "kernel",
            value: name.into(),
            allowed: &["linear", "poly", "rbf", "sigmoid", "precomputed"],
        }),
    }
}

/// Train a support vector classifier.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// codes : ndarray of int64
///     Class numbers from ``encode_labels``.
/// classes : int
///     How many classes there are.
/// weights : array_like or None
///     What multiplies C, row by row.
/// C, kernel, degree, gamma, coef0, tol, max_iter, cache_size, keep_history
///     As in ``underhood.models.SVC``; no limit of steps is None.
///
/// Returns
/// -------
/// tuple
///     Rows of the support vectors, their number by class, dual coefficients, what was found for each pair, and gamma.
#[pyfunction]
#[pyo3(signature = (X, codes, classes, weights, C, kernel, degree, gamma, coef0, tol, max_iter, cache_size, keep_history))]
#[allow(non_snake_case, clippy::too_many_arguments, reason = "the estimator's parameters")]
fn fit_svc<'py>(
    X: &Bound<'py, PyAny>,
    codes: &Bound<'py, PyArray1<i64>>,
    classes: usize,
    weights: Option<&Bound<'py, PyAny>>,
    C: &Bound<'py, PyAny>,
    kernel: &str,
    degree: &Bound<'py, PyAny>,
    gamma: &Bound<'py, PyAny>,
    coef0: &Bound<'py, PyAny>,
    tol: &Bound<'py, PyAny>,
    max_iter: Option<&Bound<'py, PyAny>>,
    cache_size: &Bound<'py, PyAny>,
    keep_history: bool,
) -> Outcome<Svc<'py>> {
    const FIT: &str = "SVC.fit";
    let py = X.py();
    let x = array::matrix(FIT, "X", X)?;
    let view = x.view();
    let codes = self::codes(FIT, "y", codes)?;
    let weights = weights.map(|weights| array::vector(FIT, "sample_weight", weights)).transpose()?;
    let weights = weights.map(|weights| weights.view().to_vec());
    let degree = array::whole(FIT, "degree", degree)?;
    let degree = u32::try_from(degree).map_err(|_| Error::OutOfRange {
        function: FIT,
        argument: "degree",
        value: degree as f64,
        expected: "below 2³²".into(),
    })?;
    let gamma = match gamma.cast::<PyString>() {
        _ if matches!(kernel, "linear" | "precomputed") => 1.0,
        Ok(name) => named_gamma(&name.to_cow()?, view)?,
        Err(_) => array::number(FIT, "gamma", gamma)?,
    };
    let model = core::Svc {
        c: array::number(FIT, "C", C)?,
        kernel: self::kernel(FIT, kernel, degree, gamma, array::number(FIT, "coef0", coef0)?)?,
        tol: array::number(FIT, "tol", tol)?,
        max_iter: max_iter.map(|most| array::whole(FIT, "max_iter", most)).transpose()?,
        cache_size: array::number(FIT, "cache_size", cache_size)?,
        keep_history,
    };
    let found = run(py, view.len(), || model.fit(view, &codes, classes, weights.as_deref(), check_signals))?;
    let pairs = found.pairs.into_iter().map(|pair| self::pair(py, pair)).collect();
    Ok((signed(py, found.support), found.counts, found.dual.into_pyarray(py), pairs, gamma))
}

fn named_gamma(name: &str, x: numpy::ndarray::ArrayView2<'_, f64>) -> Result<f64, Error> {
    match name {
        "scale" => core::gamma_scale(x),
        "auto" => Ok(1.0 / x.ncols() as f64),
        _ => Err(Error::UnknownName {
            function: "SVC.fit",
            argument: "gamma",
            value: name.into(),
            allowed: &["scale", "auto"],
        }),
    }
}

fn pair(py: Python<'_>, pair: core::SvcPair) -> Pair<'_> {
    let history = pair.history.map(|kept| {
        let (objective, violation) = (kept.objective.into_pyarray(py), kept.violation.into_pyarray(py));
        (signed(py, kept.step), objective, violation, signed(py, kept.support))
    });
    let (stop, numbers) = (pair.stop.name(), (pair.support, pair.at_bound, pair.rows, pair.steps));
    let (support, at_bound, rows, steps) = numbers;
    (pair.bias, pair.objective, pair.norm, pair.violation, support, at_bound, rows, steps, stop, history)
}

/// What the function of each pair of classes gives, positive on the side of the pair's first class.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// kernel : str
/// degree : int
/// gamma, coef0 : float
/// vectors : array_like
///     Support vectors, or their row numbers as a column for a precomputed kernel.
/// counts : list of int
///     Support vectors of each class.
/// dual, intercept : array_like
///
/// Returns
/// -------
/// ndarray, shape (rows, pairs)
#[pyfunction]
#[allow(non_snake_case, clippy::too_many_arguments, reason = "all that a classifier learned")]
fn svc_decision<'py>(
    X: &Bound<'py, PyAny>,
    kernel: &str,
    degree: u32,
    gamma: f64,
    coef0: f64,
    vectors: &Bound<'py, PyAny>,
    counts: Vec<usize>,
    dual: &Bound<'py, PyAny>,
    intercept: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    const FUNCTION: &str = "decision_function";
    let x = array::matrix(FUNCTION, "X", X)?;
    let vectors = array::matrix(FUNCTION, "support_vectors", vectors)?;
    let dual = array::matrix(FUNCTION, "dual_coef", dual)?;
    let bias = array::vector(FUNCTION, "intercept", intercept)?.view().to_vec();
    let kernel = self::kernel(FUNCTION, kernel, degree, gamma, coef0)?;
    let (vectors, dual, view) = (vectors.view(), dual.view(), x.view());
    let decision = core::SvcDecision { kernel, vectors, counts: &counts, dual, bias: &bias };
    let found = run(X.py(), view.len().saturating_mul(vectors.nrows()), || decision.values(view, check_signals))?;
    Ok(found.into_pyarray(X.py()))
}

/// Number of the class that wins most of its pairs.
///
/// Parameters
/// ----------
/// values : array_like, shape (rows, pairs)
/// classes : int
///
/// Returns
/// -------
/// ndarray of int
#[pyfunction]
fn one_vs_one_codes<'py>(values: &Bound<'py, PyAny>, classes: usize) -> Outcome<Bound<'py, PyArray1<i64>>> {
    let read = array::matrix("predict", "values", values)?;
    Ok(signed(values.py(), core::one_vs_one_winners(read.view(), classes)?))
}

/// Votes of each class, with a fraction that grows with the sum of its values.
///
/// Parameters
/// ----------
/// values : array_like, shape (rows, pairs)
/// classes : int
///
/// Returns
/// -------
/// ndarray, shape (rows, classes)
#[pyfunction]
fn one_vs_rest_values<'py>(values: &Bound<'py, PyAny>, classes: usize) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let read = array::matrix("decision_function", "values", values)?;
    Ok(core::one_vs_rest_values(read.view(), classes, true)?.into_pyarray(values.py()))
}

/// objective, gap, rows inside the margin, solver
type LinearFacts = (f64, f64, usize, &'static str);

/// Train the planes of a linear support vector classifier.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// codes : ndarray of int64
///     Class numbers from ``encode_labels``.
/// classes : int
///     How many classes there are.
/// weights : array_like or None
///     What multiplies C, row by row.
/// class_weights : array_like, shape (classes,)
/// C, loss, tol, max_iter, intercept_scaling, random_state, keep_history
///     As in ``underhood.models.LinearSVC``; no intercept is None.
///
/// Returns
/// -------
/// tuple
///     What ``fit_perceptron`` returns, and objective, gap, rows inside the margin and solver of each plane.
#[pyfunction]
#[pyo3(signature = (X, codes, classes, weights, class_weights, C, loss, tol, max_iter, intercept_scaling, random_state, keep_history))]
#[allow(non_snake_case, clippy::too_many_arguments, reason = "the estimator's parameters")]
fn fit_linear_svc<'py>(
    X: &Bound<'py, PyAny>,
    codes: &Bound<'py, PyArray1<i64>>,
    classes: usize,
    weights: Option<&Bound<'py, PyAny>>,
    class_weights: &Bound<'py, PyAny>,
    C: &Bound<'py, PyAny>,
    loss: &str,
    tol: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
    intercept_scaling: Option<&Bound<'py, PyAny>>,
    random_state: Option<&Bound<'py, PyAny>>,
    keep_history: bool,
) -> Outcome<(Planes<'py>, Vec<LinearFacts>)> {
    const FIT: &str = "LinearSVC.fit";
    let py = X.py();
    let x = array::matrix(FIT, "X", X)?;
    let view = x.view();
    let codes = self::codes(FIT, "y", codes)?;
    let weights = weights.map(|weights| array::vector(FIT, "sample_weight", weights)).transpose()?;
    let weights = weights.map(|weights| weights.view().to_vec());
    let class_weights = array::vector(FIT, "class_weight", class_weights)?.view().to_vec();
    let model = core::LinearSvc {
        c: array::number(FIT, "C", C)?,
        loss: loss.parse()?,
        tol: array::number(FIT, "tol", tol)?,
        max_iter: array::whole(FIT, "max_iter", max_iter)?,
        intercept_scaling: intercept_scaling.map(|s| array::number(FIT, "intercept_scaling", s)).transpose()?,
        keep_history,
    };
    let stream = stream(FIT, "random_state", random_state)?;
    let found = run(py, view.len(), || {
        model.fit(view, &codes, classes, weights.as_deref(), &class_weights, &stream, check_signals)
    })?;
    let facts = found.iter().map(|one| (one.objective, one.gap, one.inside, one.solver)).collect();
    Ok((planes(py, view.ncols(), found.into_iter().map(|one| one.plane).collect()), facts))
}

/// Support vector machines.
#[pymodule]
pub(crate) mod svm {
    #[pymodule_export]
    use super::{fit_linear_svc, fit_svc, one_vs_one_codes, one_vs_rest_values, svc_decision};
}
