//! Binds naive Bayes of `underhood::models`.

use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;
use underhood::models as core;

use super::codes;
use crate::array;
use crate::error::Outcome;
use crate::runtime::run;

/// counts, means, variances, and the largest variance of all rows
type Moments<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray2<f64>>, Bound<'py, PyArray2<f64>>, f64);

/// Moments of each class, merged with those of rows seen before.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// codes : ndarray of int64
///     Class numbers from ``encode_labels``.
/// classes : int
///     How many classes there are.
/// weights : array_like or None
///     How much each row counts.
/// before : tuple or None
///     Counts, means and variances so far.
///
/// Returns
/// -------
/// counts, means, variances : ndarray
/// largest : float
///     The largest variance of a feature over the rows of all classes.
#[pyfunction]
#[pyo3(signature = (X, codes, classes, weights, before))]
#[allow(non_snake_case, clippy::type_complexity, reason = "the tuple is what Python gives back")]
fn class_moments<'py>(
    X: &Bound<'py, PyAny>,
    codes: &Bound<'py, PyArray1<i64>>,
    classes: usize,
    weights: Option<&Bound<'py, PyAny>>,
    before: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>)>,
) -> Outcome<Moments<'py>> {
    const FIT: &str = "GaussianNB.fit";
    let py = X.py();
    let x = array::matrix(FIT, "X", X)?;
    let view = x.view();
    let codes = self::codes(FIT, "y", codes)?;
    let weights = weights.map(|weights| array::vector(FIT, "sample_weight", weights)).transpose()?;
    let weights = weights.map(|weights| weights.view().to_vec());
    let mut found = run(py, view.len(), || core::ClassMoments::of(view, &codes, classes, weights.as_deref()))?;
    if let Some((counts, means, variances)) = before {
        let so_far = core::ClassMoments {
            counts: array::vector(FIT, "class_count_", &counts)?.view().to_vec(),
            means: array::matrix(FIT, "theta_", &means)?.view().to_owned(),
            variances: array::matrix(FIT, "var_", &variances)?.view().to_owned(),
        };
        found = so_far.merge(&found)?;
    }
    let largest = found.largest_variance();
    Ok((found.counts.into_pyarray(py), found.means.into_pyarray(py), found.variances.into_pyarray(py), largest))
}

/// Logarithm of prior times density of each row in each class.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// means, variances : array_like, shape (classes, features)
/// priors : array_like, shape (classes,)
///
/// Returns
/// -------
/// ndarray, shape (rows, classes)
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn log_joint<'py>(
    X: &Bound<'py, PyAny>,
    means: &Bound<'py, PyAny>,
    variances: &Bound<'py, PyAny>,
    priors: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    const FUNCTION: &str = "GaussianNB.predict";
    let x = array::matrix(FUNCTION, "X", X)?;
    let (means, variances) = (array::matrix(FUNCTION, "theta_", means)?, array::matrix(FUNCTION, "var_", variances)?);
    let priors = array::vector(FUNCTION, "class_prior_", priors)?.view().to_vec();
    let (view, means, variances) = (x.view(), means.view(), variances.view());
    let model = core::NaiveBayes { means, variances, priors: &priors };
    let found = run(X.py(), view.len(), || model.log_joint(view))?;
    Ok(found.into_pyarray(X.py()))
}

/// Naive Bayes.
#[pymodule]
pub(crate) mod naive_bayes {
    #[pymodule_export]
    use super::{class_moments, log_joint};
}
