"""Principal components."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import structure as _core
from underhood._results import format_value
from underhood.models._input import read_matrix, refuse_overflow
from underhood.models._transformer import Transformer

__all__ = ["PCA"]

_Floats = NDArray[np.float64]


class PCA(Transformer):
    """Principal components: the orthogonal directions along which rows vary most.

    Of the centred rows X̃ = U·S·Vᵀ the components are the rows of Vᵀ. The first k of them span the plane that loses
    least: among all planes through the mean they minimise

        E(V) = mean over the rows of ‖x̃ − VᵀV·x̃‖²,

    and the variance along component i is λᵢ = sᵢ²/(rows − 1).

    Parameters
    ----------
    n_components : int, float or None, default None
        So many components; or, between 0 and 1, as few as explain more than this share of the variance; or all, the
        smaller of rows and columns.
    whiten : bool, default False
        Divide the coordinates by the standard deviations along the components, which gives each the variance 1.
        (Where that deviation is below 1e-14 of the largest it is rounding, and nothing is divided.)
    svd_solver : {"auto", "full", "covariance_eigh"}, default "auto"
        "full" takes singular values of the centred rows. "auto" gets the same from X̃ᵀX̃ where there are at least as
        many rows as columns and the correlations' condition number is at most 1e4, so that nothing is lost.
        "covariance_eigh" takes eigenvalues of the covariance matrix, which loses variances below 1e-16 of the largest:
        scikit-learn's choice for many rows.

    Attributes
    ----------
    components_ : ndarray, shape (components, features)
        Orthonormal rows, those of the largest variance first. In each the entry of the largest size is positive, as in
        scikit-learn.
    explained_variance_ : ndarray, shape (components,)
        Variance along each component, divisor rows − 1.
    explained_variance_ratio_ : ndarray, shape (components,)
        Its share of the total variance; 0 if all rows are equal.
    singular_values_ : ndarray, shape (components,)
        Singular values of the centred rows.
    mean_ : ndarray, shape (features,)
        Mean of each column.
    noise_variance_ : float
        Mean variance along the directions that were left out; 0 if none was.
    n_components_ : int
        Number of components.
    n_samples_ : int
        Number of rows.
    solver_ : str
        The way that was taken: "cholesky" (the factor of X̃ᵀX̃), "reflections" (of a centred copy of the rows), or
        "covariance_eigh".
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    Notes
    -----
    Columns with larger units have larger variances: standardise first (:class:`StandardScaler`) unless the units are
    alike. Differences to scikit-learn: small variances keep their digits (see ``svd_solver``); columns are centred
    before anything is multiplied, so that offsets cost no digits; there are no randomised solvers and no "mle".

    With "auto" and many rows one pass over X is made and nothing copied; otherwise a centred copy of X is.

    References
    ----------
    K. Pearson, "On lines and planes of closest fit to systems of points in space", Philosophical Magazine 2 (1901)
    559, doi:10.1080/14786440109462720. M. E. Tipping and C. M. Bishop, "Probabilistic principal component analysis",
    Journal of the Royal Statistical Society B 61 (1999) 611, doi:10.1111/1467-9868.00196.

    Examples
    --------
    >>> import underhood as uh
    >>> X = [[1.0, 2.0], [2.0, 4.1], [3.0, 6.0], [4.0, 7.9]]
    >>> pca = uh.models.PCA(1).fit(X)
    >>> pca.components_.round(3), pca.explained_variance_ratio_.round(4)
    (array([[0.454, 0.891]]), array([0.9999]))
    >>> pca.inverse_transform(pca.transform([[1.0, 2.5]])).round(2)     # the plane's nearest point
    array([[1.18, 2.41]])
    """

    components_: _Floats
    explained_variance_: _Floats
    explained_variance_ratio_: _Floats
    singular_values_: _Floats
    mean_: _Floats
    noise_variance_: float
    n_components_: int
    n_samples_: int
    solver_: str

    def __init__(
        self, n_components: int | float | None = None, *, whiten: bool = False, svd_solver: str = "auto"
    ) -> None:
        self.n_components = n_components
        self.whiten = whiten
        self.svd_solver = svd_solver

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Find the components.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers, at least two rows.
        y : ignored
            There for pipelines.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds a NaN or an infinity (the message says where), has one row, or values whose variance overflows;
            if ``n_components`` is more than there can be.
        TypeError
            If X holds no real numbers.
        """
        self._flag("whiten")  # Needed by transform only, refused here.
        read = read_matrix("PCA.fit", X)
        wanted = self.n_components
        # NumPy's floats of other sizes are no Python floats.
        wanted = float(wanted) if isinstance(wanted, np.floating) else wanted
        mean, components, variance, ratio, singular, noise, every, way, condition = _core.fit_pca(
            read, wanted, self.svd_solver
        )
        self.mean_, self.components_, self.explained_variance_ = mean, components, variance
        self.explained_variance_ratio_, self.singular_values_, self.noise_variance_ = ratio, singular, noise
        self.n_components_, self.n_samples_, self.solver_ = len(components), read.shape[0], way
        self._variances, self._condition = every, condition
        self._remember_features(X, read)
        return self

    def transform(self, X: ArrayLike) -> _Floats:
        """Coordinates along the components, (x − mean)·Vᵀ; whitened, divided by the standard deviations.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, components)
        """
        read = self._read("transform", X)
        return _core.project(
            read, self.mean_, self.components_, self.explained_variance_, bool(self._as_fitted["whiten"]), inverse=False
        )

    def inverse_transform(self, X: ArrayLike) -> _Floats:
        """Points of the plane that have these coordinates, z·V + mean.

        Parameters
        ----------
        X : array_like, shape (rows, components)

        Returns
        -------
        ndarray, shape (rows, features)
        """
        self._require_fit("inverse_transform")
        read = read_matrix("PCA.inverse_transform", X)
        return _core.project(
            read, self.mean_, self.components_, self.explained_variance_, bool(self._as_fitted["whiten"]), inverse=True
        )

    def reconstruction_error(self, X: ArrayLike) -> _Floats:
        """Give what each row loses in the plane of the components: ‖x − x̂‖² with x̂ the plane's nearest point.

        Over the rows that the model was fitted to, these errors sum to (rows − 1) times the variances left out.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows,)

        Examples
        --------
        >>> import underhood as uh
        >>> pca = uh.models.PCA(1).fit([[0.0, 0.0], [2.0, 0.0], [4.0, 0.0]])
        >>> pca.reconstruction_error([[1.0, 3.0]])
        array([9.])
        """
        read = self._read("reconstruction_error", X)
        return refuse_overflow("PCA.reconstruction_error", self._scores(read, likelihoods=False)[0])

    def score_samples(self, X: ArrayLike) -> _Floats:
        """Log-likelihood of each row under probabilistic PCA.

        That is a normal distribution with ``explained_variance_`` along the components and ``noise_variance_`` in every
        other direction.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows,)

        Raises
        ------
        ValueError
            If the variance is zero in some direction, where no density exists.
        """
        read = self._read("score_samples", X)
        return refuse_overflow("PCA.score_samples", self._scores(read, likelihoods=True)[1])

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

    def _scores(self, read: Any, likelihoods: bool) -> tuple[_Floats, _Floats]:
        return _core.plane_scores(
            read, self.mean_, self.components_, self.explained_variance_, self.noise_variance_, likelihoods
        )

    def get_covariance(self) -> _Floats:
        """Covariance matrix of the probabilistic model: Vᵀ·diag(λ − σ²)·V + σ²·I with σ² the noise variance.

        Returns
        -------
        ndarray, shape (features, features)
        """
        self._require_fit("get_covariance")
        excess = np.maximum(self.explained_variance_ - self.noise_variance_, 0.0)
        inside = (self.components_.T * excess) @ self.components_
        return inside + self.noise_variance_ * np.eye(self.n_features_in_)

    def get_precision(self) -> _Floats:
        """Inverse of :meth:`get_covariance`, by Woodbury's formula: (I − Vᵀ·diag((λ − σ²)/λ)·V)/σ².

        Where no direction was left out, it is Vᵀ·diag(1/λ)·V.

        Returns
        -------
        ndarray, shape (features, features)

        Raises
        ------
        ValueError
            If the variance is zero in some direction, so that there is no inverse.
        """
        self._require_fit("get_precision")
        variances, noise = self.explained_variance_, self.noise_variance_
        whole = len(variances) == self.n_features_in_
        # A deviation below 1e-14 of the largest is rounding, as in whitening.
        if min(variances.min(), variances.min() if whole else noise) <= 1e-28 * variances[0]:
            raise ValueError(
                "PCA.get_precision: the variance is zero in some direction, so the covariance has no inverse"
            )
        if whole:
            found: _Floats = (self.components_.T / np.maximum(variances, noise)) @ self.components_
            return found
        excess = np.maximum(variances - noise, 0.0) / np.maximum(variances, noise)
        return (np.eye(self.n_features_in_) - (self.components_.T * excess) @ self.components_) / noise

    def plot_variance(self, ax: Any = None) -> Any:
        """Draw the share of the variance along each direction, and the shares added up.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes
        """
        from underhood.models._structure_plots import plot_variance

        self._require_fit("plot_variance")
        return plot_variance(self, ax)

    def _names_out(self, names: list[str]) -> list[str]:
        return [f"pca{i}" for i in range(self.n_components_)]

    def _rule(self) -> list[str]:
        ways = {
            "cholesky": f"from the Cholesky factor of X̃ᵀX̃, which loses nothing (condition number of the "
            f"correlations {self._condition or 1.0:.3g})",
            "reflections": "by reflections of a centred copy of the rows"
            + (
                ""
                if self._condition is None
                else f", since X̃ᵀX̃ would lose small components (condition number of the correlations "
                f"{self._condition:.3g})"
            ),
            "covariance_eigh": "as eigenvalues of the covariance matrix, good to 1e-16 of the largest variance",
        }
        return [
            "PCA: with X̃ = x − mean, maximise the variance vᵀCv along a direction v of length 1, C = X̃ᵀX̃/(rows − 1),",
            "then again at a right angle to the directions before; the same plane minimises mean ‖x̃ − VᵀV·x̃‖².",
            "Its gradient on the sphere is 2(C·v − (vᵀCv)·v): zero where C·v = λ·v, an eigenvector; no iteration is "
            "needed.",
            f"  Here {ways[self.solver_]}.",
        ]

    def _findings(self) -> list[str]:
        names = self._feature_names()
        total = float(self.explained_variance_ratio_.sum())
        lines = [
            f"{self.n_components_} of {len(self._variances)} directions hold {total:.2%} of the variance "
            f"({format_value(float(self._variances.sum()), 4)} in all):"
        ]
        so_far = 0.0
        for i in range(min(self.n_components_, 6)):
            so_far += float(self.explained_variance_ratio_[i])
            lines.append(
                f"  pca{i}: {self.explained_variance_ratio_[i]:.2%} (together {so_far:.2%}); "
                f"{_loadings(self.components_[i], names)}"
            )
        if self.n_components_ > 6:
            lines.append(f"  … ({self.n_components_ - 6} more)")
        return lines

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("explained_variance_ratio_", format_value(self.explained_variance_ratio_, 4)),
            ("solver_", self.solver_),
        ]


def _loadings(component: _Floats, names: list[str]) -> str:
    """Which features load on a component: the largest entries that make up nine tenths of its length, at most four."""
    order = np.argsort(-np.abs(component), kind="stable")
    enough = int(np.searchsorted(np.cumsum(component[order] ** 2), 0.9)) + 1
    shown = order[: min(enough, 4)]
    rest = "" if len(shown) == len(component) else ", little of the others" if enough <= 4 else ", and others"
    return "mostly " + " ".join(f"{component[j]:+.2f}·{names[j]}" for j in shown).lstrip("+") + rest
