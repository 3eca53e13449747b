from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]
_Components = tuple[_Floats, _Floats, _Floats, _Floats, _Floats, float, _Floats, str, float | None]
_Iterations = tuple[_Floats, _Floats, _Ints, list[_Floats]]
_Clusters = tuple[_Floats, _Ints, float, int, str, int, _Iterations | None]
_Trace = tuple[_Floats, list[list[float]], list[_Floats]]
_Mixture = tuple[_Floats, _Floats, _Floats, _Floats, _Floats, float, int, bool, _Ints, _Trace | None]

__all__ = [
    "centre_distances",
    "fit_kmeans",
    "fit_mixture",
    "fit_pca",
    "mixture_labels",
    "mixture_log_likelihoods",
    "mixture_probabilities",
    "mixture_sample",
    "nearest_centres",
    "plane_scores",
    "project",
    "silhouettes",
]

def centre_distances(X: ArrayLike, centres: ArrayLike) -> _Floats: ...
def fit_kmeans(
    X: ArrayLike,
    n_clusters: int,
    init: Any,
    n_init: int,
    max_iter: int,
    tol: float,
    sample_weight: ArrayLike | None,
    random_state: Any,
    keep_history: bool,
) -> _Clusters: ...
def fit_mixture(
    X: ArrayLike,
    n_components: int,
    covariance_type: str,
    tol: float,
    reg_covar: float,
    max_iter: int,
    n_init: int,
    init_params: str,
    weights_init: ArrayLike | None,
    means_init: ArrayLike | None,
    precisions_init: ArrayLike | None,
    random_state: Any,
    keep_history: bool,
) -> _Mixture: ...
def fit_pca(X: ArrayLike, n_components: float | None, svd_solver: str) -> _Components: ...
def mixture_labels(
    X: ArrayLike, covariance_type: str, weights: ArrayLike, means: ArrayLike, precision_roots: ArrayLike
) -> _Ints: ...
def mixture_log_likelihoods(
    X: ArrayLike, covariance_type: str, weights: ArrayLike, means: ArrayLike, precision_roots: ArrayLike
) -> _Floats: ...
def mixture_probabilities(
    X: ArrayLike, covariance_type: str, weights: ArrayLike, means: ArrayLike, precision_roots: ArrayLike
) -> _Floats: ...
def mixture_sample(
    n_samples: int,
    covariance_type: str,
    weights: ArrayLike,
    means: ArrayLike,
    precision_roots: ArrayLike,
    random_state: Any,
) -> tuple[_Floats, _Ints]: ...
def nearest_centres(X: ArrayLike, centres: ArrayLike, sample_weight: ArrayLike | None) -> tuple[_Ints, float]: ...
def plane_scores(
    X: ArrayLike, mean: ArrayLike, components: ArrayLike, variance: ArrayLike, noise_variance: float, likelihoods: bool
) -> tuple[_Floats, _Floats]: ...
def project(
    X: ArrayLike, mean: ArrayLike, components: ArrayLike, variance: ArrayLike, whiten: bool, inverse: bool
) -> _Floats: ...
def silhouettes(X: ArrayLike, labels: _Ints, clusters: int, score: bool) -> _Floats: ...
