"""Mixtures of normal distributions."""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import structure as _core
from underhood._results import format_value
from underhood.models._estimator import Estimator
from underhood.models._input import read_matrix
from underhood.models._structure_history import MixtureHistory
from underhood.models._warnings import ConvergenceWarning, warn_the_caller

__all__ = ["GaussianMixture"]

_Floats = NDArray[np.float64]


EMPTY = 1e-3
"""A component that all rows together belong to by less than this has none."""


class GaussianMixture(Estimator):
    """A mixture of normal distributions, fitted by expectation and maximisation (EM).

    The density is p(x) = Σ_k π_k·N(x; μ_k, Σ_k). Maximised is the mean log-likelihood

        L = mean over the rows of ln p(x)

    by two steps in turn. Expectation: the responsibilities r_k(x) = π_k·N(x; μ_k, Σ_k)/p(x). Maximisation: π_k is the
    mean of r_k, μ_k and Σ_k are mean and covariance of the rows weighted by r_k. Neither can lower L, so that it climbs
    to a place that depends on the start. (But for ``reg_covar``, which is added to the covariances: a large one can.)

    Parameters
    ----------
    n_components : int, default 1
        Number of normal distributions.
    covariance_type : {"full", "tied", "diag", "spherical"}, default "full"
        Each its own covariance matrix; one matrix for all; each its own variance a feature; each one variance.
    tol : float, default 1e-6
        Stop when L changes by less. (scikit-learn's 1e-3 often stops half way up.)
    reg_covar : float, default 1e-6
        Added to all variances, so that no component can shrink to a point. Mind the units of X.
    max_iter : int, default 1000
        The largest number of iterations of each start.
    n_init : int, default 1
        How many starts are tried; the likeliest result is kept.
    init_params : {"kmeans", "random"}, default "kmeans"
        The first responsibilities: the clusters of :class:`KMeans`, or random numbers.
    weights_init : array_like, shape (components,), optional
        Weights to start with.
    means_init : array_like, shape (components, features), optional
        Means to start with.
    precisions_init : array_like, optional
        Inverses of the covariances to start with, in the shape of ``covariances_``.
    random_state : int, numpy.random.Generator or None, default 0
        Seed of the starts and of :meth:`sample`: the same seed gives the same bits. None takes a new one each time.
    keep_history : bool, default True
        Keep ``history_``.

    Attributes
    ----------
    weights_ : ndarray, shape (components,)
        The weights π; they sum to 1.
    means_ : ndarray, shape (components, features)
        The means μ.
    covariances_ : ndarray
        The covariances: (components, features, features) for "full", (features, features) for "tied", (components,
        features) for "diag", (components,) for "spherical".
    precisions_ : ndarray
        Their inverses, in the same shape.
    precisions_cholesky_ : ndarray
        Upper triangles W with W·Wᵀ the precision; 1/σ for "diag" and "spherical".
    lower_bound_ : float
        L of the fitted parameters.
    n_iter_ : int
        Iterations of the start that was kept.
    stop_reason_ : str
        Why it stopped.
    converged_ : bool
        Whether the last change was below ``tol``.
    history_ : MixtureHistory or None
        L, the weights, and the means where they are few, before the first iteration and after each.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    Warns
    -----
    ConvergenceWarning
        If ``max_iter`` iterations were not enough.

    See Also
    --------
    KMeans

    Notes
    -----
    One pass over X makes an iteration, and no responsibilities are kept: beside X there are a few numbers a component.
    Columns are centred first, so that offsets cost no digits. X is not copied beyond one conversion.

    References
    ----------
    A. P. Dempster, N. M. Laird and D. B. Rubin, "Maximum likelihood from incomplete data via the EM algorithm", Journal
    of the Royal Statistical Society B 39 (1977) 1.

    Examples
    --------
    >>> import numpy as np
    >>> import underhood as uh
    >>> rng = np.random.default_rng(1)
    >>> X = np.concatenate([rng.normal(0, 1, 300), rng.normal(8, 2, 100)]).reshape(-1, 1)
    >>> model = uh.models.GaussianMixture(2).fit(X)
    >>> order = np.argsort(model.means_[:, 0])
    >>> model.weights_[order].round(2), model.means_[order, 0].round(1)
    (array([0.75, 0.25]), array([-0.1,  7.9]))
    >>> bool(model.bic(X) < uh.models.GaussianMixture(1).fit(X).bic(X))
    True
    """

    _kind = "density_estimator"
    _pass = "iterations"
    weights_: _Floats
    means_: _Floats
    covariances_: _Floats
    precisions_: _Floats
    precisions_cholesky_: _Floats
    lower_bound_: float
    converged_: bool

    def __init__(
        self,
        n_components: int = 1,
        *,
        covariance_type: str = "full",
        tol: float = 1e-6,
        reg_covar: float = 1e-6,
        max_iter: int = 1000,
        n_init: int = 1,
        init_params: str = "kmeans",
        weights_init: Any = None,
        means_init: Any = None,
        precisions_init: Any = None,
        random_state: Any = 0,
        keep_history: bool = True,
    ) -> None:
        self.n_components = n_components
        self.covariance_type = covariance_type
        self.tol = tol
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.n_init = n_init
        self.init_params = init_params
        self.weights_init = weights_init
        self.means_init = means_init
        self.precisions_init = precisions_init
        self.random_state = random_state
        self.keep_history = keep_history

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Fit weights, means and covariances.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers; at least two rows, and as many as components.
        y : ignored
            There for pipelines.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds a NaN or an infinity (the message says where) or has too few rows; if a parameter is out of
            range; if a covariance has no inverse, as of a component with too few distinct rows and ``reg_covar`` = 0.
        TypeError
            If X holds no real numbers.
        """
        self._fit(X)
        return self

    def _fit(self, X: ArrayLike) -> NDArray[np.int64]:
        read = read_matrix("GaussianMixture.fit", X)
        (
            self.weights_, self.means_, self.covariances_, self.precisions_, self.precisions_cholesky_,
            self.lower_bound_, self.n_iter_, self.converged_, labels, raw,
        ) = _core.fit_mixture(
            read, self.n_components, self.covariance_type, self.tol, self.reg_covar, self.max_iter, self.n_init,
            self.init_params, self.weights_init, self.means_init, self.precisions_init, self.random_state,
            self._flag("keep_history"),
        )  # fmt: skip
        self.stop_reason_ = (
            f"the mean log-likelihood changed by less than tol = {self.tol:g} in an iteration."
            if self.converged_
            else "max_iter iterations were made while the log-likelihood still changed by tol or more."
        )
        self.history_ = None if raw is None else _history(raw)
        self._fitted_type, self._sizes = self.covariance_type, np.bincount(labels, minlength=len(self.weights_))
        self._remember_features(X, read)
        if not self.converged_:
            warn_the_caller(ConvergenceWarning, f"GaussianMixture.fit: {self.stop_reason_}")
        empty = int(np.count_nonzero(self.weights_ * read.shape[0] < EMPTY))
        if empty:
            warn_the_caller(
                ConvergenceWarning,
                f"GaussianMixture.fit: {empty} of n_components={len(self.weights_)} components "
                f"{'have' if empty > 1 else 'has'} no rows; X may have fewer distinct rows than components",
            )
        return labels

    def fit_predict(self, X: ArrayLike, y: Any = None) -> NDArray[np.int64]:
        """``fit(X).predict(X)``, for the price of the first.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : ignored
            There for pipelines.

        Returns
        -------
        ndarray of int, shape (rows,)
        """
        return self._fit(X)

    def _model(self) -> tuple[str, _Floats, _Floats, _Floats]:
        return self._fitted_type, self.weights_, self.means_, self.precisions_cholesky_

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """Most probable component of each row.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray of int, shape (rows,)
        """
        return _core.mixture_labels(self._read("predict", X), *self._model())

    def predict_proba(self, X: ArrayLike) -> _Floats:
        """Probability of each component, given the row: the responsibilities.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, components)
            Each row sums to 1.
        """
        return _core.mixture_probabilities(self._read("predict_proba", X), *self._model())

    def score_samples(self, X: ArrayLike) -> _Floats:
        """Log-likelihood ln p(x) of each row.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows,)
        """
        return _core.mixture_log_likelihoods(self._read("score_samples", X), *self._model())

    def score(self, X: ArrayLike, y: Any = None) -> float:
        """Mean of :meth:`score_samples`.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : ignored
            There for pipelines.

        Returns
        -------
        float
        """
        return float(self.score_samples(X).mean())

    def _n_parameters(self) -> int:
        """Count the numbers that were fitted."""
        k, p = self.means_.shape
        each = {"full": k * p * (p + 1) // 2, "tied": p * (p + 1) // 2, "diag": k * p, "spherical": k}
        return int(each[self._fitted_type] + k * p + k - 1)

    def bic(self, X: ArrayLike) -> float:
        """Bayesian information criterion, −2·rows·L + parameters·ln rows: smaller is better.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        float
        """
        each = self.score_samples(X)
        return float(-2.0 * each.sum() + self._n_parameters() * math.log(len(each)))

    def aic(self, X: ArrayLike) -> float:
        """Akaike's information criterion, −2·rows·L + 2·parameters: smaller is better.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        float
        """
        return float(-2.0 * self.score_samples(X).sum() + 2.0 * self._n_parameters())

    def sample(self, n_samples: int = 1, *, random_state: Any = ...) -> tuple[_Floats, NDArray[np.int64]]:
        """Draw new rows from the mixture.

        Parameters
        ----------
        n_samples : int, default 1
            How many.
        random_state : int, numpy.random.Generator or None, optional
            Seed; without it the model's own, which gives the same rows at every call.

        Returns
        -------
        X : ndarray, shape (n_samples, features)
            The rows, those of one component after another.
        y : ndarray of int, shape (n_samples,)
            The component that each comes from.
        """
        self._require_fit("sample")
        seed = self.random_state if random_state is ... else random_state
        return _core.mixture_sample(n_samples, *self._model(), seed)

    def plot_clusters(self, X: ArrayLike, ax: Any = None) -> Any:
        """Draw rows in the colours of their components, with ellipses of one and two standard deviations.

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
        return plot_clusters(self, read, self.predict(X), self.means_, self._matrices(), ax)

    def _draw_history(self, ax: Any) -> Any:
        from underhood.models._structure_plots import plot_trace

        return plot_trace(self, None, "", ax)

    def _matrices(self) -> _Floats:
        """Give the covariances of all components as matrices."""
        k, p = self.means_.shape
        if self._fitted_type == "diag":
            return np.array([np.diag(row) for row in self.covariances_])
        if self._fitted_type == "spherical":
            return self.covariances_[:, None, None] * np.eye(p)
        return np.broadcast_to(self.covariances_, (k, p, p))

    def _rule(self) -> list[str]:
        shapes = {
            "full": "each component its own covariance matrix",
            "tied": "one covariance matrix for all components",
            "diag": "each component its own variance a feature, no covariances",
            "spherical": "each component one variance for all features",
        }
        return [
            "Mixture of normal distributions: p(x) = Σ π_k·N(x; μ_k, Σ_k), "
            f"{shapes[self._fitted_type]}; maximise L = mean over rows of ln p(x).",
            "Its gradient is ∂L/∂μ_k = mean of r_k·Σ_k⁻¹(x − μ_k), r_k = π_k·N(x; μ_k, Σ_k)/p(x): zero where μ_k is "
            "the mean weighted by r_k.",
            "  each iteration:  r_k from the parameters,  then π_k ← mean r_k,  μ_k, Σ_k ← mean and covariance "
            f"weighted by r_k (+ {self.reg_covar:g} on variances)",
            f"  at the end L = {self.lower_bound_:.6g}"
            + (", where it hardly changes" if self.converged_ else ", still changing")
            + ": a smaller tol, or other starts (n_init), may find a higher place",
        ]

    def _findings(self) -> list[str]:
        names, deviations = self._feature_names(), np.sqrt(np.array([np.diag(c) for c in self._matrices()]))
        lines = [f"{len(self.weights_)} components, the heaviest first:"]
        shown = range(min(len(names), 6))
        for k in np.argsort(-self.weights_, kind="stable")[:12]:
            at = ", ".join(f"{names[j]} {self.means_[k, j]:.4g} ± {deviations[k, j]:.3g}" for j in shown)
            more = f", … ({len(names) - 6} more)" if len(names) > 6 else ""
            rows = f"{self._sizes[k]} rows are most probably of it"
            lines.append(f"  component {k}: weight {self.weights_[k]:.3f} ({rows}); mean ± std: {at}{more}")
        return lines if len(self.weights_) <= 12 else [*lines, f"  … ({len(self.weights_) - 12} more)"]

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("weights_", format_value(self.weights_, 4)),
            ("lower_bound_", format_value(self.lower_bound_)),
            ("n_iter_", str(self.n_iter_)),
            ("stop_reason_", self.stop_reason_),
        ]


def _history(raw: Any) -> MixtureHistory:
    likelihood, weights, means = raw
    step = np.concatenate([[0.0], np.diff(likelihood)])
    kept = np.array(means) if means else None
    convention = "loss: minus the mean over rows of ln p(x)"
    return MixtureHistory(np.arange(len(likelihood)), -likelihood, step, np.array(weights), kept, convention)
