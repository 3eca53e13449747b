//! Binds nearest neighbours of `underhood::models`.

use numpy::ndarray::Array2;
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods};
use pyo3::prelude::*;
use underhood::Error;
use underhood::models as core;

use super::codes;
use crate::array;
use crate::error::Outcome;
use crate::runtime::{check_signals, run};

/// distances, row numbers
type Found<'py> = (Bound<'py, PyArray2<f64>>, Bound<'py, PyArray2<i64>>);

/// Rows whose neighbours can be asked for.
///
/// Parameters
/// ----------
/// function : str
///     ``KNeighborsClassifier`` or ``KNeighborsRegressor``, for messages.
/// X : array_like, shape (rows, features)
/// metric : str
/// p : float
/// algorithm : str
#[pyclass(frozen, module = "underhood._core.neighbors")]
pub(crate) struct Index(core::Neighbours);

#[pymethods]
impl Index {
    #[new]
    #[allow(non_snake_case, reason = "X is a matrix in every textbook")]
    fn new(function: &str, X: &Bound<'_, PyAny>, metric: &str, p: &Bound<'_, PyAny>, algorithm: &str) -> Outcome<Self> {
        let fit =
            if function == "KNeighborsRegressor" { "KNeighborsRegressor.fit" } else { "KNeighborsClassifier.fit" };
        let x = array::matrix(fit, "X", X)?;
        let metric = core::Metric::new(fit, metric, array::number(fit, "p", p)?)?;
        let search = match algorithm {
            "auto" => core::NeighbourSearch::Auto,
            "brute" => core::NeighbourSearch::Brute,
            "kd_tree" => core::NeighbourSearch::Tree,
            _ => {
                let (value, allowed) = (algorithm.into(), &["auto", "brute", "kd_tree"] as &[_]);
                return Err(Error::UnknownName { function: fit, argument: "algorithm", value, allowed }.into());
            }
        };
        let view = x.view();
        Ok(Index(run(X.py(), view.len(), || core::Neighbours::new(fit, view, metric, search))?))
    }

    /// Whether there is a tree.
    #[getter]
    fn has_tree(&self) -> bool {
        self.0.has_tree()
    }

    /// The rows as they came in.
    fn rows<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray2<f64>> {
        self.0.rows().into_pyarray(py)
    }

    /// Distances and numbers of the nearest rows of each row of X, or of each stored row but itself.
    ///
    /// Parameters
    /// ----------
    /// method : str
    ///     ``kneighbors`` or another, for messages.
    /// X : array_like or None
    /// k : int
    ///
    /// Returns
    /// -------
    /// distances, rows : ndarray, shape (queries, k)
    #[pyo3(signature = (method, X, k))]
    #[allow(non_snake_case, reason = "X is a matrix in every textbook")]
    fn nearest<'py>(
        &self,
        py: Python<'py>,
        method: &str,
        X: Option<&Bound<'py, PyAny>>,
        k: &Bound<'py, PyAny>,
    ) -> Outcome<Found<'py>> {
        let method = if method == "kneighbors" { "kneighbors" } else { "predict" };
        let k = array::whole(method, "n_neighbors", k)?;
        let found = match X {
            Some(X) => {
                let x = array::matrix(method, "X", X)?;
                let view = x.view();
                run(py, view.len().saturating_mul(self.0.count()), || self.0.nearest(method, view, k, check_signals))?
            }
            None => run(py, usize::MAX, || self.0.nearest_others(method, k, check_signals))?,
        };
        Ok((found.distances.into_pyarray(py), found.rows.mapv(|i| i as i64).into_pyarray(py)))
    }
}

/// Weights 1/distance; where a distance is zero, the rows at zero alone.
///
/// Parameters
/// ----------
/// distances : array_like, shape (queries, k)
///
/// Returns
/// -------
/// ndarray, shape (queries, k)
#[pyfunction]
fn reciprocal_weights<'py>(distances: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let read = array::matrix("predict", "distances", distances)?;
    Ok(core::reciprocal_weights(read.view()).into_pyarray(distances.py()))
}

fn weights<'py>(given: Option<&Bound<'py, PyAny>>) -> Outcome<Option<array::Matrix<'py>>> {
    given.map(|weights| array::matrix("predict", "weights", weights)).transpose()
}

/// Share of each class among neighbours.
///
/// Parameters
/// ----------
/// rows : ndarray of int64, shape (queries, k)
/// given : array_like, shape (queries, k), or None
///     How much each neighbour counts.
/// codes : ndarray of int64
///     Class numbers of the training rows.
/// classes : int
///
/// Returns
/// -------
/// ndarray, shape (queries, classes)
#[pyfunction]
#[pyo3(signature = (rows, given, codes, classes))]
fn class_shares<'py>(
    rows: &Bound<'py, PyArray2<i64>>,
    given: Option<&Bound<'py, PyAny>>,
    codes: &Bound<'py, PyArray1<i64>>,
    classes: usize,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let (numbers, weights) = (rows.readonly(), weights(given)?);
    let codes = self::codes("predict", "y", codes)?;
    let weights = weights.as_ref().map(array::Matrix::view);
    let shares: Array2<f64> = core::class_shares("predict", numbers.as_array(), weights, &codes, classes)?;
    Ok(shares.into_pyarray(rows.py()))
}

/// Mean of each target over neighbours.
///
/// Parameters
/// ----------
/// rows : ndarray of int64, shape (queries, k)
/// given : array_like, shape (queries, k), or None
///     How much each neighbour counts.
/// targets : array_like, shape (training rows, targets)
///
/// Returns
/// -------
/// ndarray, shape (queries, targets)
#[pyfunction]
#[pyo3(signature = (rows, given, targets))]
fn neighbour_means<'py>(
    rows: &Bound<'py, PyArray2<i64>>,
    given: Option<&Bound<'py, PyAny>>,
    targets: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let (numbers, weights) = (rows.readonly(), weights(given)?);
    let targets = array::matrix("predict", "y", targets)?;
    let weights = weights.as_ref().map(array::Matrix::view);
    let means = core::neighbour_means("predict", numbers.as_array(), weights, targets.view())?;
    Ok(means.into_pyarray(rows.py()))
}

/// Nearest neighbours.
#[pymodule]
pub(crate) mod neighbors {
    #[pymodule_export]
    use super::{Index, class_shares, neighbour_means, reciprocal_weights};
}
