"""Nearest neighbours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import neighbors as _core
from underhood._results import format_value
from underhood.models._classifier import Classifier
from underhood.models._estimator import Estimator, first_and_last
from underhood.models._input import read_labels, read_matrix, read_target
from underhood.models._regressor import Regressor

__all__ = ["KNeighborsClassifier", "KNeighborsRegressor"]

_DISTANCES = {
    "euclidean": "√Σ(x − x′)²",
    "l2": "√Σ(x − x′)²",
    "manhattan": "Σ|x − x′|",
    "l1": "Σ|x − x′|",
    "cityblock": "Σ|x − x′|",
    "chebyshev": "max|x − x′|",
    "infinity": "max|x − x′|",
}


class _Neighbors(Estimator):
    """What classifier and regressor share: rows that are kept, and the nearest of them."""

    n_samples_fit_: int
    _index: Any

    def __init__(
        self,
        n_neighbors: int = 5,
        *,
        weights: str | Callable[[Any], Any] = "uniform",
        algorithm: str = "auto",
        p: float = 2,
        metric: str = "minkowski",
    ) -> None:
        self.n_neighbors = n_neighbors
        self.weights = weights
        self.algorithm = algorithm
        self.p = p
        self.metric = metric

    def _store(self, X: Any, read: Any) -> None:
        """Keep the rows, after a look at all parameters."""
        name = type(self).__name__
        self._check_count(f"{name}.fit", self.n_neighbors)
        rows = read.shape[0]
        if self.n_neighbors > rows:
            one = " (1 sample)" if rows == 1 else ""
            raise ValueError(f"{name}.fit: n_neighbors is {self.n_neighbors}, but X has {rows} rows{one}")
        if not callable(self.weights) and self.weights not in ("uniform", "distance"):
            raise ValueError(
                f"{name}.fit: weights is {self.weights!r}, but must be 'uniform', 'distance' or a function of distances"
            )
        for argument in ("metric", "algorithm"):
            value = getattr(self, argument)
            if not isinstance(value, str):
                raise TypeError(f"{name}.fit: {argument} is a {type(value).__name__}, but must be a string")
        self._index = _core.Index(name, read, self.metric, self.p, self.algorithm)
        self.n_samples_fit_ = rows
        self._remember_features(X, read)

    @staticmethod
    def _check_count(function: str, count: Any) -> None:
        if isinstance(count, bool | np.bool_) or not isinstance(count, int | np.integer):
            raise TypeError(f"{function}: n_neighbors is a {type(count).__name__}, but must be a whole number")
        if count < 1:
            raise ValueError(f"{function}: n_neighbors is {count}, but must be at least 1")

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        index = state.pop("_index", None)
        if index is not None:
            state["_rows"] = index.rows()
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        rows = state.pop("_rows", None)
        self.__dict__.update(state)
        if rows is not None:
            of = self._as_fitted
            self._index = _core.Index(type(self).__name__, rows, of["metric"], of["p"], of["algorithm"])

    def kneighbors(
        self, X: ArrayLike | None = None, n_neighbors: int | None = None, return_distance: bool = True
    ) -> Any:
        """Find the nearest training rows.

        Parameters
        ----------
        X : array_like, shape (rows, features), optional
            Without it the training rows themselves are asked about, none of which is its own neighbour.
        n_neighbors : int, optional
            How many; by default as many as the model was fitted with.
        return_distance : bool, default True
            Give the distances too.

        Returns
        -------
        distances : ndarray, shape (rows, n_neighbors)
            The nearest first. Not given if ``return_distance`` is False.
        indices : ndarray of int, shape (rows, n_neighbors)
            Numbers of the training rows. Of rows that are equally far the lowest number comes first.

        Raises
        ------
        ValueError
            If there are fewer training rows than neighbours wanted.
        """
        self._require_fit("kneighbors")
        count = self._as_fitted["n_neighbors"] if n_neighbors is None else n_neighbors
        self._check_count(f"{type(self).__name__}.kneighbors", count)
        read = None if X is None else self._read("kneighbors", X)
        distances, rows = self._index.nearest("kneighbors", read, count)
        return (distances, rows) if return_distance else rows

    def _weighed(self, method: str, X: Any) -> tuple[Any, Any]:
        """Give the neighbours of each row, and their weights if they do not count alike."""
        read = self._read(method, X)
        weigh = self._as_fitted["weights"]
        distances, rows = self._index.nearest(method, read, self._as_fitted["n_neighbors"])
        if callable(weigh):
            weights = np.asarray(weigh(distances), dtype=np.float64)
            if weights.shape != distances.shape:
                raise ValueError(
                    f"{type(self).__name__}.{method}: weights gave an array of shape {weights.shape} for "
                    f"distances of shape {distances.shape}"
                )
            return rows, weights
        return rows, _core.reciprocal_weights(distances) if weigh == "distance" else None

    # What a reader sees.

    def _verdict(self) -> str:
        """Say what is made of the neighbours."""
        raise NotImplementedError

    def _rule(self) -> list[str]:
        distance = _DISTANCES.get(self.metric, f"(Σ|x − x′|^{self.p:g})^(1/{self.p:g})")
        if self.metric == "minkowski" and self.p in (1, 2, np.inf):
            name = "manhattan" if self.p == 1 else "euclidean" if self.p == 2 else "chebyshev"
            distance = _DISTANCES[name]
        weights = (
            "a weight that the caller's function gives its distance"
            if callable(self.weights)
            else {"uniform": "the same weight", "distance": "the weight 1/distance"}[self.weights]
        )
        count = f"{self.n_neighbors} nearest training rows" if self.n_neighbors > 1 else "nearest training row"
        return [
            f"Nearest neighbours: {self._verdict()} of the {count} decides, by the distance {distance};",
            f"each has {weights}, and of equally far rows the first comes first.",
            "Nothing is minimised: training keeps the rows, "
            + ("in a k-d tree." if self._index.has_tree else "and every distance is measured."),
            "A feature with large numbers outweighs the others: bring the columns to one scale first.",
        ]

    def _facts(self) -> list[tuple[str, str]]:
        return [("n_samples_fit_", str(self.n_samples_fit_)), ("n_features_in_", str(self.n_features_in_))]


class KNeighborsClassifier(_Neighbors, Classifier):
    """Classify by the nearest neighbours: the class that most of the nearest training rows have.

    Parameters
    ----------
    n_neighbors : int, default 5
        How many neighbours decide. Few follow every single row; many smooth.
    weights : {"uniform", "distance"} or callable, default "uniform"
        How much a neighbour counts: as much as the others, 1/distance (those at distance zero alone, if there are
        any), or what the callable gives for an array of distances.
    algorithm : {"auto", "brute", "kd_tree"}, default "auto"
        How neighbours are found: "kd_tree" leaves out far boxes of rows, "brute" measures every distance; "auto" takes
        the tree from 1000 rows on and up to 12 features. The result is the same to the last bit.
    p : float, default 2
        Exponent of the metric "minkowski", at least 0.1: 1 is "manhattan", 2 is "euclidean", infinity is "chebyshev".
    metric : {"minkowski", "euclidean", "manhattan", "chebyshev"}, default "minkowski"
        (Σ|x − x′|ᵖ)^(1/p), √Σ(x − x′)², Σ|x − x′| or max|x − x′|.

    Attributes
    ----------
    classes_ : ndarray
        The labels in ascending order.
    n_samples_fit_ : int
        Number of training rows.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    See Also
    --------
    KNeighborsRegressor

    Notes
    -----
    Of classes with equal weight the first in ``classes_`` wins; of rows that are equally far the lowest number counts.
    Distances are sums of differences, so rows far from zero lose no digits, and distances from 1e-308 to 1e308 are
    right. The training rows are copied once. More neighbours than rows is an error of ``fit``.

    References
    ----------
    T. M. Cover and P. E. Hart, "Nearest neighbor pattern classification", IEEE Trans. Inf. Theory 13 (1967) 21,
    doi:10.1109/TIT.1967.1053964.
    J. H. Friedman, J. L. Bentley and R. A. Finkel, "An algorithm for finding best matches in logarithmic expected
    time", ACM Trans. Math. Softw. 3 (1977) 209, doi:10.1145/355744.355745.

    Examples
    --------
    >>> import underhood as uh
    >>> model = uh.models.KNeighborsClassifier(3).fit([[0.0], [1.0], [2.0], [7.0]], ["low", "low", "low", "high"])
    >>> model.predict([[3.0], [6.0]])
    array(['low', 'low'], dtype='<U4')
    >>> model.predict_proba([[6.0]]).round(3)
    array([[0.333, 0.667]])
    >>> model.kneighbors([[6.0]])
    (array([[1., 4., 5.]]), array([[3, 2, 1]]))
    """

    _codes: NDArray[np.int64]

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Keep the training rows.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers.
        y : array_like, shape (rows,)
            Labels of any kind that has an order; at least two different ones.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds a NaN or an infinity (the message says where), if there is only one class, if there are fewer
            rows than ``n_neighbors``, if shapes do not fit, or if a parameter is out of range.
        TypeError
            If X holds no real numbers.
        """
        read = read_matrix("KNeighborsClassifier.fit", X)
        classes, codes = read_labels("KNeighborsClassifier.fit", y, read.shape[0])
        self._store(X, read)
        self.classes_, self._codes = classes, codes
        return self

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Share of each class among the neighbours, by weight.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, classes)
            Columns in the order of ``classes_``; each row sums to 1.
        """
        self._require_fit("predict_proba")
        return _core.class_shares(*self._weighed("predict_proba", X), self._codes, len(self.classes_))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Class of each row.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows,)
            Labels from ``classes_``.
        """
        self._require_fit("predict")
        shares = _core.class_shares(*self._weighed("predict", X), self._codes, len(self.classes_))
        return np.asarray(self.classes_[shares.argmax(axis=1)])

    def _verdict(self) -> str:
        return "the class that most"

    def _findings(self) -> list[str]:
        counts = np.bincount(self._codes, minlength=len(self.classes_)).tolist()
        shares = ", ".join(f"{count} {label!r}" for label, count in zip(self.classes_.tolist(), counts, strict=True))
        names = self._feature_names()
        features = ", ".join(first_and_last(names))
        return [f"{self.n_samples_fit_} training rows were kept ({shares}), with the features {features}."]

    def _facts(self) -> list[tuple[str, str]]:
        return [("classes_", ", ".join(map(repr, self.classes_.tolist()))), *super()._facts()]


class KNeighborsRegressor(_Neighbors, Regressor):
    """Predict a number by the nearest neighbours: the mean of what the nearest training rows have.

    Parameters
    ----------
    n_neighbors : int, default 5
        How many neighbours are averaged.
    weights : {"uniform", "distance"} or callable, default "uniform"
        How much a neighbour counts: as much as the others, 1/distance (those at distance zero alone, if there are
        any), or what the callable gives for an array of distances.
    algorithm : {"auto", "brute", "kd_tree"}, default "auto"
        How neighbours are found: "kd_tree" leaves out far boxes of rows, "brute" measures every distance; "auto" takes
        the tree from 1000 rows on and up to 12 features. The result is the same to the last bit.
    p : float, default 2
        Exponent of the metric "minkowski", at least 0.1: 1 is "manhattan", 2 is "euclidean", infinity is "chebyshev".
    metric : {"minkowski", "euclidean", "manhattan", "chebyshev"}, default "minkowski"
        (Σ|x − x′|ᵖ)^(1/p), √Σ(x − x′)², Σ|x − x′| or max|x − x′|.

    Attributes
    ----------
    n_samples_fit_ : int
        Number of training rows.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    See Also
    --------
    KNeighborsClassifier

    Notes
    -----
    As for :class:`KNeighborsClassifier`. Several targets are averaged each by itself, over the same neighbours.

    Examples
    --------
    >>> import underhood as uh
    >>> model = uh.models.KNeighborsRegressor(2).fit([[0.0], [1.0], [2.0], [7.0]], [0.0, 1.0, 4.0, 49.0])
    >>> model.predict([[1.6]])
    array([2.5])
    >>> uh.models.KNeighborsRegressor(2, weights="distance").fit([[0.0], [3.0]], [0.0, 3.0]).predict([[1.0]])
    array([1.])
    """

    _targets: NDArray[np.float64]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Keep the training rows.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers.
        y : array_like, shape (rows,) or (rows, targets)
            Finite numbers.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X or y holds a NaN or an infinity (the message says where), if there are fewer rows than
            ``n_neighbors``, if shapes do not fit, or if a parameter is out of range.
        TypeError
            If X or y holds no real numbers.
        """
        read = read_matrix("KNeighborsRegressor.fit", X)
        target = read_target("KNeighborsRegressor.fit", y, read.shape[0])
        self._store(X, read)
        self._targets = target.copy()
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Mean of the neighbours' targets, by weight.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows,) or (rows, targets)
        """
        self._require_fit("predict")
        targets = self._targets
        rows, weights = self._weighed("predict", X)
        found = _core.neighbour_means(rows, weights, targets if targets.ndim == 2 else targets[:, None])
        return found if targets.ndim == 2 else found[:, 0]

    def _verdict(self) -> str:
        return "the mean target"

    def _findings(self) -> list[str]:
        low, high = self._targets.min(axis=0), self._targets.max(axis=0)
        names = self._feature_names()
        features = ", ".join(first_and_last(names))
        return [
            f"{self.n_samples_fit_} training rows were kept, with the features {features}.",
            "Predictions stay between the smallest and the largest target: "
            f"{format_value(low)} and {format_value(high)}.",
        ]
