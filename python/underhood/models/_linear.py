"""What perceptron, Adaline and logistic regression share: planes, how they decide, and how they are shown."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import models as _core
from underhood._results import format_value
from underhood.models._classifier import Classifier
from underhood.models._estimator import linear_formula
from underhood.models._history import History
from underhood.models._input import read_labels, read_matrix
from underhood.models._row_weights import row_weights
from underhood.models._warnings import kin

__all__ = ["LinearClassifier", "epochs_of_planes", "one_reason"]

ONE_EPOCH = "partial_fit makes one epoch over the rows that it is given; when to stop is for its caller to say."
"""The reason why a plane stopped that learns bit by bit."""


class LinearClassifier(Classifier):
    """A classifier made of planes z = w·x + b: the sign of z for two classes, the largest z for more."""

    class_weight: Any
    coef_: NDArray[np.float64]
    intercept_: NDArray[np.float64]
    converged_: bool
    _kept: list[Any]
    """What the core kept of each epoch: one entry a call of fit or partial_fit."""

    def _train(self, X: Any, codes: Any, classes: Any, weights: Any, start: Any) -> tuple[type[Warning], str] | None:
        """Set what is learned; give the warning that the caller should see, if any.

        ``start`` is None, or the planes from which one epoch goes on.
        """
        raise NotImplementedError

    def _make_history(self) -> Any:
        """Make of what was kept what a reader sees."""
        raise NotImplementedError

    @property
    def history_(self) -> Any:
        """Numbers of every epoch; None if they were not kept."""
        self._require_fit("history_")
        if "_history" not in self.__dict__:
            self._history = self._make_history()
        return self._history

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train the model.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers. Doubles in C order are read where they lie; anything else is converted once.
        y : array_like, shape (rows,)
            Labels of any kind that has an order: numbers, texts, booleans, categories; at least two different ones.
        sample_weight : array_like, shape (rows,), optional
            How much each row counts: a weight of two as much as two such rows, a weight of zero not at all. All count
            alike without it.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X holds a NaN or an infinity (the message says where), if there is only one class, if shapes do not
            fit, or if a parameter is out of range.
        TypeError
            If X holds no real numbers.
        """
        name = f"{type(self).__name__}.fit"
        read = read_matrix(name, X)
        classes, codes = read_labels(name, y, read.shape[0])
        weights = None
        if sample_weight is not None or self.class_weight is not None:
            weights = row_weights(name, self.class_weight, sample_weight, classes, codes)
        warning = self._train(read, codes, classes, weights, None)
        self.classes_ = classes
        self._remember_features(X, read)
        if warning is not None:
            warnings.warn(f"{name}: {warning[1]}", kin(warning[0]), stacklevel=2)
        return self

    def _go_on(self, X: Any, y: Any, classes: Any, sample_weight: Any) -> Self:
        """Make one more epoch: what ``partial_fit`` of the models does that learn row by row."""
        name = f"{type(self).__name__}.partial_fit"
        read = read_matrix(name, X)
        given = None if classes is None else read_labels(name, classes, np.shape(classes)[0], "classes")[0]
        begun = self.__sklearn_is_fitted__()
        if begun:
            self._check_features("partial_fit", X, read)
            known, start = self.classes_, (self.coef_, self.intercept_)
            if given is not None and given.tolist() != known.tolist():
                raise ValueError(f"{name}: classes is {given.tolist()}, but was {known.tolist()} before")
        elif given is None:
            raise ValueError(
                f"{name}: classes is None, but the first call must name all classes that will ever come: later rows "
                "may be of classes that these are not"
            )
        else:
            planes = 1 if len(given) == 2 else len(given)
            known, start = given, (np.zeros((planes, read.shape[1])), np.zeros(planes))
        codes = _codes_among(name, y, read.shape[0], known)
        if isinstance(self.class_weight, str):
            raise ValueError(
                f"{name}: class_weight is {self.class_weight!r}, but how many rows of each class will come is not "
                "known; pass a dictionary"
            )
        weights = row_weights(name, self.class_weight, sample_weight, known, codes)
        made, kept = (self.n_iter_, self._kept) if begun else (0, [])
        warning = self._train(read, codes, known, weights, start)
        self.n_iter_ += made
        self._kept = [*kept, *self._kept]
        self.stop_reason_, self.converged_ = ONE_EPOCH if warning is None else self.stop_reason_, False
        if not begun:
            self.classes_ = known
            self._remember_features(X, read)
        if warning is not None:
            warnings.warn(f"{name}: {warning[1]}", kin(warning[0]), stacklevel=3)
        return self

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Net inputs z = w·x + b.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray
            Shape (rows,) for two classes, where z > 0 means ``classes_[1]``; shape (rows, classes) for more.
        """
        read = self._read("decision_function", X)
        z = _core.decision_function(read, self.coef_, self.intercept_)
        return z[:, 0] if z.shape[1] == 1 else z

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
        read = self._read("predict", X)
        return self.classes_[_core.predict_codes(read, self.coef_, self.intercept_)]

    # What a reader sees.

    def _findings(self) -> list[str]:
        names = self._feature_names()
        classes = self.classes_.tolist()
        if len(self.coef_) == 1:
            return [
                f"The plane: {classes[1]!r} where z > 0, {classes[0]!r} elsewhere, with",
                "  z = " + linear_formula(self.coef_[0], self.intercept_[0], names),
            ]
        return [
            "One plane a class; the class whose z is largest wins:",
            *(
                f"  z({label!r}) = " + linear_formula(w, b, names)
                for label, w, b in zip(classes, self.coef_, self.intercept_, strict=True)
            ),
        ]

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("classes_", ", ".join(map(repr, self.classes_.tolist()))),
            ("coef_", format_value(self.coef_)),
            ("intercept_", format_value(self.intercept_)),
            ("n_iter_", str(self.n_iter_)),
            ("stop_reason_", self.stop_reason_),
        ]

    def plot_boundary(self, X: ArrayLike, y: ArrayLike, ax: Any = None) -> Any:
        """Draw the rows and the regions that the model gives to each class; for two features.

        Parameters
        ----------
        X : array_like, shape (rows, 2)
        y : array_like, shape (rows,)
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes
        """
        from underhood.models._plots import plot_boundary

        return plot_boundary(self, self._read("plot_boundary", X), y, ax)


def _codes_among(function: str, y: Any, rows: int, known: Any) -> Any:
    """Give the place of each label among known classes."""
    found, codes = read_labels(function, y, rows, single=True)
    places = {label: k for k, label in enumerate(known.tolist())}
    new = [label for label in found.tolist() if label not in places]
    if new:
        raise ValueError(
            f"{function}: y holds {new[0]!r}, which is not among the classes of the first call ({known.tolist()})"
        )
    return np.array([places[label] for label in found.tolist()], dtype=np.int64)[codes]


def epochs_of_planes(kept: list[Any], classes: Any, convention: str) -> Any:
    """One history for two classes; a dictionary of them by label for more; None if they were not kept."""
    if any(one is None for raw, _ in kept for one in raw):
        return None
    made = [_history([(raw[k], rates[k]) for raw, rates in kept], convention) for k in range(len(kept[0][0]))]
    return made[0] if len(made) == 1 else dict(zip(classes.tolist(), made, strict=True))


def _history(parts: list[tuple[Any, float]], convention: str) -> History:
    """Join what the calls of fit and partial_fit kept of one plane."""
    columns = list(zip(*(raw for raw, _ in parts), strict=True))
    weights, bias, loss, errors, norm = (np.concatenate(column) for column in columns[:5])
    return History(
        np.arange(1, len(loss) + 1),
        loss,
        errors,
        weights,
        bias,
        norm,
        np.concatenate([np.full(len(raw[2]), rate) for raw, rate in parts]),
        columns[5][0],
        columns[6][0],
        convention,
    )


def one_reason(sentences: dict[str, str], stops: list[str], classes: Any) -> str:
    """Give the reason of all planes if they agree, else each with its class."""
    if len(set(stops)) == 1:
        return sentences[stops[0]]
    reasons = [f"{label}: {sentences[stop].rstrip('.')}" for label, stop in zip(classes, stops, strict=True)]
    return "; ".join(reasons) + "."
