//! Binds what `underhood::models` finds without classes: principal components, k-means, mixtures, silhouettes.

use numpy::ndarray::{Array2, ArrayD, ArrayView2, IxDyn};
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayDyn};
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyString};
use underhood::Error;
use underhood::models as core;

use super::{codes, signed};
use crate::array;
use crate::error::Outcome;
use crate::random::stream;
use crate::runtime::{check_signals, run};

type Vector<'py> = Bound<'py, PyArray1<f64>>;
type Matrix<'py> = Bound<'py, PyArray2<f64>>;
type Counts<'py> = Bound<'py, PyArray1<i64>>;

/// mean, components, variance, ratio, singular values, noise variance, all variances, way, condition
type Components<'py> =
    (Vector<'py>, Matrix<'py>, Vector<'py>, Vector<'py>, Vector<'py>, f64, Vector<'py>, &'static str, Option<f64>);

/// Find principal components.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// n_components, svd_solver
///     As in ``underhood.models.PCA``.
///
/// Returns
/// -------
/// tuple
///     Mean, components, variances, shares, singular values, noise variance, variances of all directions, the way that was
///     taken, and the condition number of the correlations.
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn fit_pca<'py>(
    X: &Bound<'py, PyAny>,
    n_components: Option<&Bound<'py, PyAny>>,
    svd_solver: &str,
) -> Outcome<Components<'py>> {
    const FIT: &str = "PCA.fit";
    let py = X.py();
    let x = array::matrix(FIT, "X", X)?;
    let components = match n_components {
        None => core::Components::All,
        Some(share) if share.is_instance_of::<PyFloat>() => {
            core::Components::Share(array::number(FIT, "n_components", share)?)
        }
        Some(count) => core::Components::Count(array::whole(FIT, "n_components", count)?),
    };
    let model = core::Pca { components, solver: svd_solver.parse()? };
    let view = x.view();
    let found = run(py, view.len(), || model.fit(view, check_signals))?;
    Ok((
        found.mean.into_pyarray(py),
        found.components.into_pyarray(py),
        found.variance.into_pyarray(py),
        found.ratio.into_pyarray(py),
        found.singular_values.into_pyarray(py),
        found.noise_variance,
        found.all_variances.into_pyarray(py),
        found.way.name(),
        found.condition,
    ))
}

/// Coordinates of rows along principal components, or rows of coordinates.
///
/// Parameters
/// ----------
/// X : array_like
///     Rows × features; with ``inverse`` rows × components.
/// mean, components, variance : array_like
///     Of the fit.
/// whiten, inverse : bool
///
/// Returns
/// -------
/// ndarray
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn project<'py>(
    X: &Bound<'py, PyAny>,
    mean: &Bound<'py, PyAny>,
    components: &Bound<'py, PyAny>,
    variance: &Bound<'py, PyAny>,
    whiten: bool,
    inverse: bool,
) -> Outcome<Matrix<'py>> {
    let function = if inverse { "PCA.inverse_transform" } else { "PCA.transform" };
    let x = array::matrix(function, "X", X)?;
    let mean = array::vector(function, "mean", mean)?;
    let components = array::matrix(function, "components", components)?;
    let variance = array::vector(function, "variance", variance)?;
    let (mean, components, variance) = (mean.view(), components.view(), variance.view());
    let model = core::PcaModel { mean, components, variance, noise_variance: 0.0, whiten };
    let view = x.view();
    let out = run(X.py(), view.len(), || if inverse { model.inverse_transform(view) } else { model.transform(view) })?;
    Ok(out.into_pyarray(X.py()))
}

/// Squared distance of each row to the plane of the components, and its log-likelihood under probabilistic PCA.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// mean, components, variance : array_like
///     Of the fit.
/// noise_variance : float
/// likelihoods : bool
///     Whether the log-likelihoods are wanted; empty otherwise.
///
/// Returns
/// -------
/// errors, log_likelihoods : ndarray
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn plane_scores<'py>(
    X: &Bound<'py, PyAny>,
    mean: &Bound<'py, PyAny>,
    components: &Bound<'py, PyAny>,
    variance: &Bound<'py, PyAny>,
    noise_variance: f64,
    likelihoods: bool,
) -> Outcome<(Vector<'py>, Vector<'py>)> {
    let function = if likelihoods { "PCA.score_samples" } else { "PCA.reconstruction_error" };
    let x = array::matrix(function, "X", X)?;
    let mean = array::vector(function, "mean", mean)?;
    let components = array::matrix(function, "components", components)?;
    let variance = array::vector(function, "variance", variance)?;
    let (mean, components, variance) = (mean.view(), components.view(), variance.view());
    let model = core::PcaModel { mean, components, variance, noise_variance, whiten: false };
    let view = x.view();
    let found = run(X.py(), view.len(), || model.scores(function, view, likelihoods))?;
    Ok((found.errors.into_pyarray(X.py()), found.log_likelihoods.into_pyarray(X.py())))
}

/// inertia, shift, changed, centres
type Iterations<'py> = (Vector<'py>, Vector<'py>, Counts<'py>, Vec<Matrix<'py>>);

/// centres, labels, inertia, iterations, stop reason, distinct clusters, history
type Clusters<'py> = (Matrix<'py>, Counts<'py>, f64, usize, &'static str, usize, Option<Iterations<'py>>);

/// Find the centres of k-means.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// n_clusters, init, n_init, max_iter, tol, sample_weight, random_state, keep_history
///     As in ``underhood.models.KMeans``; ``n_init`` is a number.
///
/// Returns
/// -------
/// tuple
///     Centres, labels, inertia, iterations, stop reason, how many clusters have a row, and the history.
#[pyfunction]
#[allow(non_snake_case, clippy::too_many_arguments, reason = "the estimator's parameters")]
fn fit_kmeans<'py>(
    X: &Bound<'py, PyAny>,
    n_clusters: &Bound<'py, PyAny>,
    init: &Bound<'py, PyAny>,
    n_init: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
    tol: &Bound<'py, PyAny>,
    sample_weight: Option<&Bound<'py, PyAny>>,
    random_state: Option<&Bound<'py, PyAny>>,
    keep_history: bool,
) -> Outcome<Clusters<'py>> {
    const FIT: &str = "KMeans.fit";
    let py = X.py();
    let x = array::matrix(FIT, "X", X)?;
    let model = core::KMeans {
        clusters: array::whole(FIT, "n_clusters", n_clusters)?,
        init: start(init)?,
        restarts: array::whole(FIT, "n_init", n_init)?,
        max_iter: array::whole(FIT, "max_iter", max_iter)?,
        tol: array::number(FIT, "tol", tol)?,
        keep_history,
    };
    let weights = weights(FIT, sample_weight)?;
    let mut stream = stream(FIT, "random_state", random_state)?;
    let view = x.view();
    let found = run(py, view.len(), || model.fit(view, weights.as_deref(), &mut stream, check_signals))?;
    let history = found.history.map(|kept| {
        let centres = kept.centres.into_iter().map(|centres| centres.into_pyarray(py)).collect();
        (kept.inertia.into_pyarray(py), kept.shift.into_pyarray(py), signed(py, kept.changed), centres)
    });
    let (centres, labels) = (found.centres.into_pyarray(py), signed(py, found.labels));
    Ok((centres, labels, found.inertia, found.iterations, found.stop.name(), found.distinct, history))
}

/// Where k-means starts: the name of a rule, or centres.
fn start(init: &Bound<'_, PyAny>) -> Outcome<core::KMeansInit> {
    const FIT: &str = "KMeans.fit";
    if let Ok(name) = init.cast::<PyString>() {
        return match &*name.to_cow()? {
            "k-means++" => Ok(core::KMeansInit::PlusPlus),
            "random" => Ok(core::KMeansInit::Random),
            other => Err(Error::UnknownName {
                function: FIT,
                argument: "init",
                value: other.into(),
                allowed: &["k-means++", "random"],
            }
            .into()),
        };
    }
    Ok(core::KMeansInit::Centres(array::matrix(FIT, "init", init)?.view().to_owned()))
}

/// Weights of rows, if there are any.
fn weights(function: &'static str, value: Option<&Bound<'_, PyAny>>) -> Outcome<Option<Vec<f64>>> {
    value.map(|value| Ok(array::vector(function, "sample_weight", value)?.view().to_vec())).transpose()
}

/// The number of each row's nearest centre, and the inertia.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// centres : array_like, shape (clusters, features)
/// sample_weight : array_like, shape (rows,), or None
///
/// Returns
/// -------
/// labels : ndarray of int
/// inertia : float
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn nearest_centres<'py>(
    X: &Bound<'py, PyAny>,
    centres: &Bound<'py, PyAny>,
    sample_weight: Option<&Bound<'py, PyAny>>,
) -> Outcome<(Counts<'py>, f64)> {
    const FUNCTION: &str = "KMeans.predict";
    let x = array::matrix(FUNCTION, "X", X)?;
    let centres = array::matrix(FUNCTION, "centres", centres)?;
    let weights = weights(FUNCTION, sample_weight)?;
    let (view, centres) = (x.view(), centres.view());
    let (labels, inertia) =
        run(X.py(), view.len(), || core::nearest_centres(view, centres, weights.as_deref(), check_signals))?;
    Ok((signed(X.py(), labels), inertia))
}

/// Euclidean distance of each row to each centre.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// centres : array_like, shape (clusters, features)
///
/// Returns
/// -------
/// ndarray, shape (rows, clusters)
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn centre_distances<'py>(X: &Bound<'py, PyAny>, centres: &Bound<'py, PyAny>) -> Outcome<Matrix<'py>> {
    let x = array::matrix("KMeans.transform", "X", X)?;
    let centres = array::matrix("KMeans.transform", "centres", centres)?;
    let (view, centres) = (x.view(), centres.view());
    Ok(run(X.py(), view.len(), || core::centre_distances(view, centres, check_signals))?.into_pyarray(X.py()))
}

/// log-likelihood, weights, means
type Trace<'py> = (Vector<'py>, Vec<Vec<f64>>, Vec<Matrix<'py>>);

/// weights, means, covariances, precisions, their roots, log-likelihood, iterations, converged, labels, history
type Mixture<'py> = (
    Vector<'py>,
    Matrix<'py>,
    Bound<'py, PyArrayDyn<f64>>,
    Bound<'py, PyArrayDyn<f64>>,
    Bound<'py, PyArrayDyn<f64>>,
    f64,
    usize,
    bool,
    Counts<'py>,
    Option<Trace<'py>>,
);

/// Fit a mixture of normal distributions.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// n_components, covariance_type, tol, reg_covar, max_iter, n_init, init_params, weights_init, means_init, precisions_init, random_state, keep_history
///     As in ``underhood.models.GaussianMixture``.
///
/// Returns
/// -------
/// tuple
///     Weights, means, covariances, precisions, their triangular roots, log-likelihood, iterations, whether they converged, labels,
///     and the history.
#[pyfunction]
#[allow(non_snake_case, clippy::too_many_arguments, reason = "the estimator's parameters")]
fn fit_mixture<'py>(
    X: &Bound<'py, PyAny>,
    n_components: &Bound<'py, PyAny>,
    covariance_type: &str,
    tol: &Bound<'py, PyAny>,
    reg_covar: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
    n_init: &Bound<'py, PyAny>,
    init_params: &str,
    weights_init: Option<&Bound<'py, PyAny>>,
    means_init: Option<&Bound<'py, PyAny>>,
    precisions_init: Option<&Bound<'py, PyAny>>,
    random_state: Option<&Bound<'py, PyAny>>,
    keep_history: bool,
) -> Outcome<Mixture<'py>> {
    const FIT: &str = "GaussianMixture.fit";
    let py = X.py();
    let x = array::matrix(FIT, "X", X)?;
    let view = x.view();
    let kind: core::CovarianceType = covariance_type.parse()?;
    let components = array::whole(FIT, "n_components", n_components)?;
    let layout = layout(kind, components, view.ncols());
    let precisions = precisions_init.map(|value| array::array(FIT, "precisions_init", value)).transpose()?;
    if let Some(given) = &precisions
        && given.shape() != layout
    {
        let expected = format!("{layout:?} numbers are needed for covariance_type \"{covariance_type}\"");
        let shape = given.shape().to_vec();
        return Err(Error::Shape { function: FIT, argument: "precisions_init", shape, expected }.into());
    }
    let weights_init = weights_init.map(|value| array::vector(FIT, "weights_init", value)).transpose()?;
    let means_init = means_init.map(|value| array::matrix(FIT, "means_init", value)).transpose()?;
    let model = core::GaussianMixture {
        components,
        covariance_type: kind,
        tol: array::number(FIT, "tol", tol)?,
        reg_covar: array::number(FIT, "reg_covar", reg_covar)?,
        max_iter: array::whole(FIT, "max_iter", max_iter)?,
        restarts: array::whole(FIT, "n_init", n_init)?,
        init: init_params.parse()?,
        weights: weights_init.map(|weights| weights.view().to_vec()),
        means: means_init.map(|means| means.view().to_owned()),
        precisions: precisions.map(|precisions| precisions.view().iter().copied().collect()),
        keep_history,
    };
    let mut stream = stream(FIT, "random_state", random_state)?;
    let found = run(py, view.len(), || model.fit(view, &mut stream, check_signals))?;
    let shaped = |values| ArrayD::from_shape_vec(IxDyn(&layout), values).unwrap_or_default().into_pyarray(py);
    let trace = found.history.map(|kept| {
        let means = kept.means.into_iter().map(|means| means.into_pyarray(py)).collect();
        (kept.log_likelihood.into_pyarray(py), kept.weights, means)
    });
    Ok((
        found.weights.into_pyarray(py),
        found.means.into_pyarray(py),
        shaped(found.covariances),
        shaped(found.precisions),
        shaped(found.precision_roots),
        found.log_likelihood,
        found.iterations,
        found.converged,
        signed(py, found.labels),
        trace,
    ))
}

/// The shape of the array that holds the covariances.
fn layout(kind: core::CovarianceType, components: usize, columns: usize) -> Vec<usize> {
    match kind {
        core::CovarianceType::Full => vec![components, columns, columns],
        core::CovarianceType::Tied => vec![columns, columns],
        core::CovarianceType::Diag => vec![components, columns],
        core::CovarianceType::Spherical => vec![components],
    }
}

/// A mixture as its attributes hold it.
struct Parts {
    kind: core::CovarianceType,
    weights: Vec<f64>,
    means: Array2<f64>,
    roots: Vec<f64>,
}

impl Parts {
    fn read(
        function: &'static str,
        covariance_type: &str,
        weights: &Bound<'_, PyAny>,
        means: &Bound<'_, PyAny>,
        roots: &Bound<'_, PyAny>,
    ) -> Outcome<Self> {
        Ok(Parts {
            kind: covariance_type.parse()?,
            weights: array::vector(function, "weights", weights)?.view().to_vec(),
            means: array::matrix(function, "means", means)?.view().to_owned(),
            roots: array::array(function, "precision_roots", roots)?.view().iter().copied().collect(),
        })
    }

    fn model(&self) -> core::MixtureModel<'_> {
        core::MixtureModel {
            covariance_type: self.kind,
            weights: &self.weights,
            means: self.means.view(),
            precision_roots: &self.roots,
        }
    }
}

/// What a mixture says of rows: its function, for rows in the binding.
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn judge<'py, T: Send>(
    function: &'static str,
    X: &Bound<'py, PyAny>,
    parts: Outcome<Parts>,
    ask: impl FnOnce(core::MixtureModel<'_>, ArrayView2<'_, f64>) -> Result<T, Error> + Send,
) -> Outcome<T> {
    let (x, parts) = (array::matrix(function, "X", X)?, parts?);
    let view = x.view();
    Ok(run(X.py(), view.len(), || ask(parts.model(), view))?)
}

/// Log-likelihood of each row under a mixture.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// covariance_type : str
/// weights, means, precision_roots : array_like
///     Of the fit.
///
/// Returns
/// -------
/// ndarray, shape (rows,)
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn mixture_log_likelihoods<'py>(
    X: &Bound<'py, PyAny>,
    covariance_type: &str,
    weights: &Bound<'py, PyAny>,
    means: &Bound<'py, PyAny>,
    precision_roots: &Bound<'py, PyAny>,
) -> Outcome<Vector<'py>> {
    const FUNCTION: &str = "GaussianMixture.score_samples";
    let parts = Parts::read(FUNCTION, covariance_type, weights, means, precision_roots);
    let found = judge(FUNCTION, X, parts, |model, x| model.log_likelihoods(FUNCTION, x))?;
    Ok(found.into_pyarray(X.py()))
}

/// Probability of each component, given the row.
///
/// Parameters
/// ----------
/// X, covariance_type, weights, means, precision_roots
///     As in ``mixture_log_likelihoods``.
///
/// Returns
/// -------
/// ndarray, shape (rows, components)
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn mixture_probabilities<'py>(
    X: &Bound<'py, PyAny>,
    covariance_type: &str,
    weights: &Bound<'py, PyAny>,
    means: &Bound<'py, PyAny>,
    precision_roots: &Bound<'py, PyAny>,
) -> Outcome<Matrix<'py>> {
    const FUNCTION: &str = "GaussianMixture.predict_proba";
    let parts = Parts::read(FUNCTION, covariance_type, weights, means, precision_roots);
    let found = judge(FUNCTION, X, parts, |model, x| model.responsibilities(FUNCTION, x))?;
    Ok(found.into_pyarray(X.py()))
}

/// The most probable component of each row.
///
/// Parameters
/// ----------
/// X, covariance_type, weights, means, precision_roots
///     As in ``mixture_log_likelihoods``.
///
/// Returns
/// -------
/// ndarray of int, shape (rows,)
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn mixture_labels<'py>(
    X: &Bound<'py, PyAny>,
    covariance_type: &str,
    weights: &Bound<'py, PyAny>,
    means: &Bound<'py, PyAny>,
    precision_roots: &Bound<'py, PyAny>,
) -> Outcome<Counts<'py>> {
    const FUNCTION: &str = "GaussianMixture.predict";
    let parts = Parts::read(FUNCTION, covariance_type, weights, means, precision_roots);
    let found = judge(FUNCTION, X, parts, |model, x| model.predict(FUNCTION, x))?;
    Ok(signed(X.py(), found))
}

/// New rows from a mixture.
///
/// Parameters
/// ----------
/// n_samples : int
/// covariance_type, weights, means, precision_roots
///     As in ``mixture_log_likelihoods``.
/// random_state : int, numpy.random.Generator or None
///
/// Returns
/// -------
/// rows : ndarray, shape (n_samples, features)
/// components : ndarray of int, shape (n_samples,)
#[pyfunction]
fn mixture_sample<'py>(
    n_samples: &Bound<'py, PyAny>,
    covariance_type: &str,
    weights: &Bound<'py, PyAny>,
    means: &Bound<'py, PyAny>,
    precision_roots: &Bound<'py, PyAny>,
    random_state: Option<&Bound<'py, PyAny>>,
) -> Outcome<(Matrix<'py>, Counts<'py>)> {
    const FUNCTION: &str = "GaussianMixture.sample";
    let py = n_samples.py();
    let rows = array::whole(FUNCTION, "n_samples", n_samples)?;
    let parts = Parts::read(FUNCTION, covariance_type, weights, means, precision_roots)?;
    let mut stream = stream(FUNCTION, "random_state", random_state)?;
    let (x, labels) = run(py, rows, || parts.model().sample(rows, &mut stream))?;
    Ok((x.into_pyarray(py), signed(py, labels)))
}

/// The silhouette of each row.
///
/// Parameters
/// ----------
/// X : array_like, shape (rows, features)
/// labels : ndarray of int64
///     Cluster numbers from ``encode_labels``.
/// clusters : int
/// score : bool
///     Whether ``silhouette_score`` asks, for the messages.
///
/// Returns
/// -------
/// ndarray, shape (rows,)
#[pyfunction]
#[allow(non_snake_case, reason = "X is a matrix in every textbook")]
fn silhouettes<'py>(X: &Bound<'py, PyAny>, labels: &Counts<'py>, clusters: usize, score: bool) -> Outcome<Vector<'py>> {
    let function = if score { "silhouette_score" } else { "silhouette_samples" };
    let x = array::matrix(function, "X", X)?;
    let codes = codes(function, "labels", labels)?;
    let view = x.view();
    // Every row meets every other.
    let pairs = view.len().saturating_mul(view.nrows());
    let found = run(X.py(), pairs, || core::silhouette_samples(function, view, &codes, clusters, check_signals))?;
    Ok(found.into_pyarray(X.py()))
}

/// Structure without classes.
#[pymodule]
pub(crate) mod structure {
    #[pymodule_export]
    use super::{
        centre_distances, fit_kmeans, fit_mixture, fit_pca, mixture_labels, mixture_log_likelihoods,
        mixture_probabilities, mixture_sample, nearest_centres, plane_scores, project, silhouettes,
    };
}
