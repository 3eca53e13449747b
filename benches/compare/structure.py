"""Principal components, k-means, mixtures and silhouettes beside scikit-learn: whole calls, with checks and history."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import underhood as uh
from run import Case
from sklearn import cluster, decomposition, metrics, mixture


def blobs(rows: int, columns: int, clusters: int) -> tuple[Any, Any]:
    """Overlapping lumps of normal rows, and one row of each."""
    rng = np.random.default_rng(1)
    centers = 1.5 * rng.normal(size=(clusters, columns))
    codes = rng.integers(0, clusters, rows)
    X = centers[codes] + rng.normal(size=(rows, columns))
    return X, X[[int(np.flatnonzero(codes == k)[0]) for k in range(clusters)]]


def quiet(fit: Any) -> Any:
    """Both sides warn that so few iterations are not enough: that is the comparison."""

    def call() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return fit()

    return call


def variances(model: Any) -> Any:
    """Give the variances along the components."""
    return model.explained_variance_


def centers(model: Any) -> Any:
    """Give the centres."""
    return model.cluster_centers_


def least_inertia(models: Any) -> Any:
    """Give the inertia of the best start."""
    return min(model.inertia_ for model in models)


def means(model: Any) -> Any:
    """Give the means."""
    return model.means_


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    m = uh.models
    for rows, columns, k in ((150, 4, 3), (100_000, 20, 8)):
        X, init = blobs(rows, columns, k)
        size, large = f"{rows}×{columns}", rows > 1000
        yield Case(
            "PCA", size, "scikit-learn",
            lambda X=X: m.PCA().fit(X), lambda X=X: decomposition.PCA().fit(X),
            pick=variances, pick_theirs=variances, headline=large,
        )  # fmt: skip
        yield Case(
            "PCA, two components, fit_transform", size, "scikit-learn",
            lambda X=X: m.PCA(2).fit_transform(X), lambda X=X: decomposition.PCA(2).fit_transform(X), rtol=1e-7,
        )  # fmt: skip
        yield Case(
            f"k-means, {k} clusters, 20 iterations", size, "scikit-learn",
            quiet(lambda X=X, k=k, init=init: m.KMeans(k, init=init, max_iter=20, tol=0).fit(X)),
            quiet(lambda X=X, k=k, init=init: cluster.KMeans(k, init=init, n_init=1, max_iter=20, tol=0).fit(X)),
            pick=centers, pick_theirs=centers, headline=large,
        )  # fmt: skip
        # How many iterations a start needs is luck, so that the sum over ten seeds is timed.
        yield Case(
            f"k-means++, {k} clusters, ten seeds", size, "scikit-learn",
            lambda X=X, k=k: [m.KMeans(k, random_state=s).fit(X) for s in range(10)],
            lambda X=X, k=k: [cluster.KMeans(k, random_state=s).fit(X) for s in range(10)],
            # Other draws may end in another local minimum; the best of ten should not.
            rtol=1e-3, pick=least_inertia, pick_theirs=least_inertia,
        )  # fmt: skip
        ours = m.KMeans(k, init=init).fit(X)
        theirs = cluster.KMeans(k, init=init, n_init=1).fit(X)
        yield Case(
            "k-means, predict", size, "scikit-learn",
            lambda X=X, model=ours: model.predict(X), lambda X=X, model=theirs: model.predict(X),
        )  # fmt: skip
        for kind in ("full", "tied", "diag", "spherical"):
            precisions = {
                "full": np.array([np.eye(columns)] * k),
                "tied": np.eye(columns),
                "diag": np.ones((k, columns)),
                "spherical": np.ones(k),
            }[kind]
            start = {"weights_init": np.full(k, 1 / k), "means_init": init, "precisions_init": precisions}
            options = {"covariance_type": kind, "max_iter": 10, "tol": 0.0, **start}
            yield Case(
                f"mixture of {k}, {kind}, 10 iterations", size, "scikit-learn",
                quiet(lambda X=X, k=k, options=options: m.GaussianMixture(k, **options).fit(X)),
                quiet(lambda X=X, k=k, options=options: mixture.GaussianMixture(k, **options).fit(X)),
                rtol=1e-7, pick=means, pick_theirs=means, headline=large and kind == "full",
            )  # fmt: skip
        part, labels = X[:5000], ours.labels_[:5000]
        yield Case(
            "silhouette", f"{len(part)}×{columns}", "scikit-learn",
            lambda X=part, labels=labels: m.silhouette_score(X, labels),
            lambda X=part, labels=labels: metrics.silhouette_score(X, labels),
        )  # fmt: skip
