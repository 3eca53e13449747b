"""Gaussian naive Bayes."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import models as _linear
from underhood._core import naive_bayes as _core
from underhood._results import format_value
from underhood.models._classifier import Classifier
from underhood.models._estimator import first_and_last
from underhood.models._input import read_labels, read_matrix, read_weights

__all__ = ["GaussianNB"]


_ROUNDING = 10 * np.finfo(np.float64).eps
"""A deviation of this share of the mean is what rounding leaves of a constant column."""


def _largest(counts: Any, means: Any, variances: Any) -> float:
    """Give the largest variance of a column over the rows of all classes, rounding left out."""
    shares = (counts / counts.sum())[:, None]
    mean = (shares * means).sum(axis=0)
    whole = (shares * (variances + (means - mean) ** 2)).sum(axis=0)
    return float(np.where(np.sqrt(whole) <= _ROUNDING * np.abs(mean), 0.0, whole).max())


class GaussianNB(Classifier):
    """Gaussian naive Bayes: in each class every feature is normal, and independent of the others.

    By Bayes' rule, with prior π_k, means μ and variances σ² of class k,

        ln P(k | x) = ln π_k − ½·Σ_j ln(2πσ²_kj) − ½·Σ_j (x_j − μ_kj)²/σ²_kj + constant,

    and the class with the largest wins. Nothing is minimised step by step: μ and σ² are the class's means and
    variances (divisor n), which maximise the likelihood. Features that depend on one another are counted more than
    once, so the probabilities are often too sure of themselves; the class is right more often than they are.

    Parameters
    ----------
    priors : array_like, shape (classes,), optional
        π of each class in the order of ``classes_``, with the sum 1; by default the classes' shares of the rows.
    var_smoothing : float, default 1e-9
        This share of the largest variance of any feature is added to all variances, so that a feature that is constant
        in a class does not decide alone.

    Attributes
    ----------
    classes_ : ndarray
        The labels in ascending order.
    class_count_ : ndarray, shape (classes,)
        Rows of each class, or their weights.
    class_prior_ : ndarray, shape (classes,)
        π.
    theta_ : ndarray, shape (classes, features)
        μ, the means.
    var_ : ndarray, shape (classes, features)
        σ², the variances with ``epsilon_``.
    epsilon_ : float
        What was added to the variances.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    See Also
    --------
    LogisticRegression : planes fitted to the classes themselves.

    Notes
    -----
    The rows are read twice where they lie, relative to their means: no digits are lost far from zero. ``partial_fit``
    merges moments by the update of Chan, Golub and LeVeque, and gives what ``fit`` gives for all rows at once;
    ``epsilon_`` too belongs to all rows seen (scikit-learn's to the last ones).

    References
    ----------
    T. F. Chan, G. H. Golub and R. J. LeVeque, "Updating formulae and a pairwise algorithm for computing sample
    variances", Stanford STAN-CS-79-773 (1979).

    Examples
    --------
    >>> import underhood as uh
    >>> model = uh.models.GaussianNB().fit([[1.0], [2.0], [3.0], [7.0], [8.0], [9.0]], ["a", "a", "a", "b", "b", "b"])
    >>> model.theta_
    array([[2.],
           [8.]])
    >>> model.predict([[4.9], [5.1]])
    array(['a', 'b'], dtype='<U1')
    >>> model.predict_proba([[5.0]]).round(3)
    array([[0.5, 0.5]])
    """

    theta_: NDArray[np.float64]
    var_: NDArray[np.float64]
    class_count_: NDArray[np.float64]
    class_prior_: NDArray[np.float64]
    epsilon_: float

    def __init__(self, *, priors: ArrayLike | None = None, var_smoothing: float = 1e-9) -> None:
        self.priors = priors
        self.var_smoothing = var_smoothing

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Learn means and variances of each class.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers.
        y : array_like, shape (rows,)
            Labels of any kind that has an order; at least two different ones.
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds a NaN or an infinity (the message says where), if there is only one class, if a feature is
            constant in a class and ``var_smoothing`` does not help, if shapes do not fit, or if a parameter is out of
            range.
        TypeError
            If X holds no real numbers.
        """
        read = read_matrix("GaussianNB.fit", X)
        classes, codes = read_labels("GaussianNB.fit", y, read.shape[0])
        self._learn("GaussianNB.fit", X, read, classes, codes, sample_weight, None)
        return self

    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Learn from some more rows.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers.
        y : array_like, shape (rows,)
            Labels from ``classes``.
        classes : array_like, optional
            All labels there will be; needed in the first call, and the same if given again.
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            As ``fit``; and if a label is not among ``classes``, which the first call lacks.
        """
        name = "GaussianNB.partial_fit"
        read = read_matrix(name, X)
        seen, own = read_labels(name, y, read.shape[0], single=True)
        fitted = self.__sklearn_is_fitted__()
        if fitted:
            self._check_features("partial_fit", X, read)
        elif classes is None:
            raise ValueError(f"{name}: classes is None, but the first call must name all classes")
        if classes is not None:
            given, _ = read_labels(name, classes, np.size(classes), "classes")
            if fitted and not np.array_equal(given, self.classes_):
                raise ValueError(
                    f"{name}: classes is not the same as in the first call: {given.tolist()} instead of "
                    f"{self.classes_.tolist()}"
                )
        known = self.classes_ if fitted else given
        if len(known) < 2:
            raise ValueError(f"{name}: classes has only one class ({known.tolist()[0]!r}), but at least two are needed")
        numbers = {label: k for k, label in enumerate(known.tolist())}
        for label in seen.tolist():
            if label not in numbers:
                raise ValueError(f"{name}: y holds {label!r}, which is not among classes: {known.tolist()}")
        places = np.array([numbers[label] for label in seen.tolist()], dtype=np.int64)
        before = (self.class_count_, self.theta_, self._variances) if fitted else None
        self._learn(name, X, read, known, places[own], sample_weight, before)
        return self

    def _learn(self, name: str, X: Any, read: Any, classes: Any, codes: Any, sample_weight: Any, before: Any) -> None:
        weights = read_weights(name, sample_weight, read.shape[0])
        smoothing = self.var_smoothing
        if isinstance(smoothing, bool) or not isinstance(smoothing, int | float | np.number):
            raise TypeError(f"{name}: var_smoothing is a {type(smoothing).__name__}, but must be a number")
        if not (np.isfinite(smoothing) and smoothing >= 0):
            raise ValueError(f"{name}: var_smoothing is {smoothing!r}, but must be zero or positive, and finite")
        priors = self._read_priors(name, len(classes))
        counts, means, variances, largest = _core.class_moments(read, codes, len(classes), weights, before)
        if not np.isfinite(largest):
            raise ValueError(
                f"{name}: X holds values so large that their squares overflow; divide such columns by their scale first"
            )
        rounding = np.sqrt(variances) <= _ROUNDING * np.abs(means)
        if rounding.any():
            variances = np.where(rounding, 0.0, variances)
        if rounding.all():
            largest = _largest(counts, means, variances)
        epsilon = float(smoothing) * largest
        smoothed = variances + epsilon
        seen = counts > 0
        if before is None and name.endswith(".fit") and not seen.all():
            empty = classes[~seen].tolist()[0]
            raise ValueError(f"{name}: sample_weight is zero for every row of class {empty!r}")
        if not (smoothed[seen] > 0).all():
            k, j = (int(i) for i in np.argwhere((smoothed <= 0) & seen[:, None])[0])
            raise ValueError(
                f"{name}: X has a feature without variance (column {j} in class {classes.tolist()[k]!r}), in which no "
                "normal distribution fits; "
                + (
                    "remove it"
                    if largest > 0
                    else "all columns are constant, or vary so little that their squares vanish"
                )
                + (" or take a positive var_smoothing" if largest > 0 and smoothing == 0 else "")
            )
        self.classes_, self.class_count_, self.theta_, self._variances = classes, counts, means, variances
        self.var_, self.epsilon_ = smoothed, epsilon
        self.class_prior_ = counts / counts.sum() if priors is None else priors
        self._remember_features(X, read)

    def _read_priors(self, name: str, classes: int) -> Any:
        if self.priors is None:
            return None
        priors = np.array(self.priors, dtype=np.float64)
        if priors.shape != (classes,):
            raise ValueError(
                f"{name}: priors has shape {priors.shape}, but there are {classes} classes: Number of priors must match"
            )
        if not (priors >= 0).all():
            raise ValueError(f"{name}: priors holds {priors.min():g}, but: Priors must be non-negative.")
        if not abs(priors.sum() - 1.0) <= 1e-8:
            raise ValueError(f"{name}: the sum of priors is {priors.sum():g}, but: The sum of the priors should be 1.")
        return priors

    def predict_joint_log_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Logarithm of prior times density: ln π_k + ln P(x | k).

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, classes)
            Minus infinity for a class that has no prior, or had no row yet.
        """
        return self._joint("predict_joint_log_proba", X)

    def _joint(self, method: str, X: Any) -> NDArray[np.float64]:
        read = self._read(method, X)
        seen = (self.class_prior_ > 0) & (self.class_count_ > 0)
        if seen.all():
            return _core.log_joint(read, self.theta_, self.var_, self.class_prior_)
        joint = np.full((read.shape[0], len(seen)), -np.inf)
        joint[:, seen] = _core.log_joint(read, self.theta_[seen], self.var_[seen], self.class_prior_[seen])
        return joint

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Logarithm of each class's probability, exact where the probability itself vanishes.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, classes)
        """
        joint = self._joint("predict_log_proba", X)
        joint -= joint.max(axis=1, keepdims=True)
        joint -= np.log(np.exp(joint).sum(axis=1, keepdims=True))
        return joint

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Probability of each class.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows, classes)
            Columns in the order of ``classes_``; each row sums to 1.
        """
        return _linear.probabilities(self._joint("predict_proba", X))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Class of each row: the most probable; of equally probable ones the first.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows,)
            Labels from ``classes_``.
        """
        joint = self._joint("predict", X)
        return np.asarray(self.classes_[joint.argmax(axis=1)])

    # What a reader sees.

    def _rule(self) -> list[str]:
        return [
            "Gaussian naive Bayes: in each class k every feature is normal, and independent of the others;",
            "ln P(k | x) = ln π_k − ½·Σ ln(2πσ²) − ½·Σ (x − μ)²/σ² + constant, and the largest wins.",
            "Nothing is minimised in steps: the class's own means and variances (divisor n) maximise the likelihood.",
            f"  {self.epsilon_:.3g} is added to every variance ({self.var_smoothing:g} of the largest one)",
        ]

    def _findings(self) -> list[str]:
        names = self._feature_names()
        lines = []
        for k, label in enumerate(self.classes_.tolist()):
            lines.append(f"{label!r}: prior {self.class_prior_[k]:.4g}, from {self.class_count_[k]:g} rows")
            deviations = np.sqrt(self.var_[k])
            told = [
                f"  {name}: {m:.4g} ± {s:.4g}" for name, m, s in zip(names, self.theta_[k], deviations, strict=True)
            ]
            lines += first_and_last(told, "  ")
        seen = self.class_count_ > 0
        if seen.sum() > 1:
            # How far apart the classes' means are, in units of the mean deviation within them.
            means, within = self.theta_[seen], np.sqrt(self.var_[seen].mean(axis=0))
            apart = (means.max(axis=0) - means.min(axis=0)) / within
            best = int(apart.argmax())
            lines.append(
                f"{names[best]} tells most: its means lie up to {apart[best]:.3g} standard deviations "
                "(within a class) apart"
            )
        return lines

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("classes_", ", ".join(map(repr, self.classes_.tolist()))),
            ("class_prior_", format_value(self.class_prior_)),
            ("theta_", format_value(self.theta_)),
            ("var_", format_value(self.var_)),
        ]
