"""k-means."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import structure as _core
from underhood._results import format_value
from underhood.models._input import read_matrix, read_weights, refuse_overflow
from underhood.models._structure_history import KMeansHistory
from underhood.models._transformer import Transformer
from underhood.models._warnings import ConvergenceWarning, warn_the_caller

__all__ = ["KMeans"]

_REASONS = {
    "same_labels": "no row changed its cluster, so that further iterations would change nothing.",
    "small_shift": "the centres moved less than tol: Σ‖Δc‖² ≤ tol · mean variance of the columns.",
    "max_iter": "max_iter iterations were made while rows still changed their clusters.",
}
_ENDS = {
    "same_labels": ", where both steps stand still: other starts (n_init) may find a lower place",
    "small_shift": ", still falling slowly: tol=0 goes on until no row changes, other starts (n_init) may end lower",
    "max_iter": ", still falling: more iterations go on, other starts (n_init) may end lower",
}


class KMeans(Transformer):
    """k-means: centres, each the mean of the rows that are nearest to it.

    Minimised is the inertia

        J = Σ wᵢ·‖xᵢ − c(xᵢ)‖²   with c(x) the centre nearest to x

    by Lloyd's two steps in turn: give each row to its nearest centre, move each centre to the mean of its rows. Neither
    can raise J, so it falls until nothing changes, at a place that depends on the start (or until ``tol`` is met).

    Parameters
    ----------
    n_clusters : int, default 8
        Number of clusters.
    init : {"k-means++", "random"} or array_like, shape (clusters, features), default "k-means++"
        Where the centres start: at rows far from one another (each drawn with a probability in proportion to the
        squared distance from those before, the best of 2 + ⌊ln n_clusters⌋ draws), at any rows, or there.
    n_init : int or "auto", default "auto"
        How many starts are tried; the one with the least inertia is kept. "auto" tries 10 for "random", otherwise 1.
    max_iter : int, default 300
        The largest number of iterations of each start.
    tol : float, default 1e-4
        Stop when Σ‖Δc‖² is at most ``tol`` times the mean variance of the columns; 0 waits until no row changes.
    random_state : int, numpy.random.Generator or None, default 0
        Seed of the starts: the same seed gives the same bits. None takes a new one each time.
    keep_history : bool, default True
        Keep ``history_``.

    Attributes
    ----------
    cluster_centers_ : ndarray, shape (clusters, features)
        The centres.
    labels_ : ndarray of int, shape (rows,)
        Number of each row's cluster.
    inertia_ : float
        J.
    n_iter_ : int
        Iterations of the start that was kept.
    stop_reason_ : str
        Why it stopped.
    converged_ : bool
        Whether it stopped before ``max_iter``.
    history_ : KMeansHistory or None
        Inertia, changes and shift of every iteration, and the centres where they are few.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    Warns
    -----
    ConvergenceWarning
        If ``max_iter`` iterations were not enough, or if fewer than ``n_clusters`` clusters have a row, as when X has
        fewer distinct rows.

    See Also
    --------
    GaussianMixture, silhouette_score

    Notes
    -----
    Distances are sums of squared differences of centred columns: large offsets cost no digits. An empty cluster takes
    the row that is farthest from its own centre, as in scikit-learn. X is not copied beyond one conversion (small ones
    are, once); beside it there are three numbers a row, and at most one more for each draw of "k-means++" while a start
    is drawn. Columns with larger units count more: standardise them first unless the units are alike.

    References
    ----------
    S. P. Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information Theory 28 (1982) 129,
    doi:10.1109/TIT.1982.1056489. D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA
    (2007) 1027.

    Examples
    --------
    >>> import underhood as uh
    >>> model = uh.models.KMeans(2).fit([[1.0], [2.0], [11.0], [12.0]])
    >>> sorted(model.cluster_centers_.ravel().tolist()), model.inertia_
    ([1.5, 11.5], 1.0)
    >>> bool(model.predict([[3.0]])[0] == model.labels_[0])
    True
    """

    _kind = "clusterer"
    _pass = "iterations"
    cluster_centers_: NDArray[np.float64]
    labels_: NDArray[np.int64]
    inertia_: float
    converged_: bool

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Any = "k-means++",
        n_init: int | str = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        random_state: Any = 0,
        keep_history: bool = True,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state
        self.keep_history = keep_history

    def fit(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> Self:
        """Find the centres.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers, at least ``n_clusters`` rows.
        y : ignored
            There for pipelines.
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds a NaN or an infinity (the message says where) or has fewer rows than ``n_clusters``; if a
            parameter is out of range, or ``init`` or ``sample_weight`` do not fit.
        TypeError
            If X holds no real numbers.
        """
        read = read_matrix("KMeans.fit", X)
        weights = read_weights("KMeans.fit", sample_weight, read.shape[0])
        centers, labels, inertia, iterations, stop, distinct, raw = _core.fit_kmeans(
            read, self.n_clusters, self.init, self._starts(), self.max_iter, self.tol, weights, self.random_state,
            self._flag("keep_history"),
        )  # fmt: skip
        self.cluster_centers_, self.labels_, self.inertia_, self.n_iter_ = centers, labels, inertia, iterations
        self._stop, self.stop_reason_, self.converged_ = stop, _REASONS[stop], stop != "max_iter"
        self.history_ = None if raw is None else _history(raw)
        self._remember_features(X, read)
        if distinct < len(centers):
            warn_the_caller(
                ConvergenceWarning,
                f"KMeans.fit: only {distinct} of n_clusters={len(centers)} clusters have a row; X may have fewer "
                "distinct rows than that. The centres of the others repeat one of these",
            )
        if not self.converged_:
            warn_the_caller(ConvergenceWarning, f"KMeans.fit: {self.stop_reason_}")
        return self

    def _starts(self) -> int:
        if isinstance(self.n_init, str):
            if self.n_init != "auto":
                raise ValueError(f'KMeans.fit: n_init is {self.n_init!r}, but must be "auto" or a whole number')
            return 10 if isinstance(self.init, str) and self.init == "random" else 1
        return self.n_init

    def fit_predict(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> NDArray[np.int64]:
        """``fit(X).labels_``.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : ignored
            There for pipelines.
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.

        Returns
        -------
        ndarray of int, shape (rows,)
        """
        return self.fit(X, sample_weight=sample_weight).labels_

    def fit_transform(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> NDArray[np.float64]:
        """``fit(X).transform(X)``.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : ignored
            There for pipelines.
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.

        Returns
        -------
        ndarray, shape (rows, clusters)
        """
        return self.fit(X, sample_weight=sample_weight).transform(X)

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """Give the number of the nearest centre of each row.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray of int, shape (rows,)
        """
        read = self._read("predict", X)
        return _core.nearest_centres(read, self.cluster_centers_, None)[0]

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Euclidean distance of each row to each centre.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, clusters)
        """
        read = self._read("transform", X)
        return refuse_overflow("KMeans.transform", _core.centre_distances(read, self.cluster_centers_))

    def score(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> float:
        """Minus the inertia of these rows: larger is better.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : ignored
            There for pipelines.
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.

        Returns
        -------
        float
        """
        read = self._read("score", X)
        weights = read_weights("KMeans.score", sample_weight, read.shape[0])
        inertia = _core.nearest_centres(read, self.cluster_centers_, weights)[1]
        if not np.isfinite(inertia):
            raise ValueError("KMeans.score: X holds values so large that the squares of their distances overflow")
        return -inertia

    def plot_clusters(self, X: ArrayLike, ax: Any = None) -> Any:
        """Draw rows in the colours of their clusters, with the centres.

        Of more than two features the picture is the plane of the first two principal directions of the standardised
        columns, the one in which classifiers draw their boundaries.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes
        """
        from underhood.models._structure_plots import plot_clusters

        read = self._read("plot_clusters", X)
        return plot_clusters(self, read, self.predict(X), self.cluster_centers_, None, ax)

    def _draw_history(self, ax: Any) -> Any:
        from underhood.models._structure_plots import plot_trace

        return plot_trace(self, "changed", "rows that changed their cluster", ax)

    def _names_out(self, names: list[str]) -> list[str]:
        return [f"kmeans{k}" for k in range(len(self.cluster_centers_))]

    def _rule(self) -> list[str]:
        return [
            "k-means: minimise J = Σ w·‖x − c(x)‖² over the centres, c(x) being the centre nearest to x;",
            "its gradient is ∂J/∂c_k = −2·Σ w·(x − c_k) over the rows of cluster k: zero where c_k is their mean.",
            "  each iteration:  rows go to their nearest centres,  c_k ← mean of the rows of cluster k",
            f"  at the end J = {self.inertia_:.6g}" + _ENDS[self._stop],
        ]

    def _findings(self) -> list[str]:
        names, centers = self._feature_names(), self.cluster_centers_
        sizes = np.bincount(self.labels_, minlength=len(centers))
        # The features that tell the clusters apart best come first.
        apart = np.argsort(-centers.std(axis=0), kind="stable")[:6] if len(names) > 6 else np.arange(len(names))
        lines = [f"{len(centers)} clusters of {len(self.labels_)} rows:"]
        for k in np.argsort(-sizes, kind="stable")[:12]:
            at = ", ".join(f"{names[j]} {centers[k, j]:.4g}" for j in apart)
            lines.append(f"  cluster {k}: {sizes[k]} rows ({sizes[k] / sizes.sum():.0%}), centre {at}")
        if len(names) > 6:
            lines.append("  (of each centre the six features in which centres differ most)")
        return lines if len(centers) <= 12 else [*lines, f"  … ({len(centers) - 12} more)"]

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("inertia_", format_value(self.inertia_)),
            ("n_iter_", str(self.n_iter_)),
            ("stop_reason_", self.stop_reason_),
        ]


def _history(raw: Any) -> KMeansHistory:
    inertia, shift, changed, centers = raw
    kept = np.array(centers) if centers else None
    convention = "loss: inertia, sum over rows of the squared distance to the nearest centre"
    return KMeansHistory(np.arange(1, len(inertia) + 1), inertia, changed, shift, kept, convention)
