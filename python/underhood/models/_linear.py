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
from underhood.models._warnings import kin

__all__ = ["LinearClassifier", "histories", "one_reason"]


class LinearClassifier(Classifier):
    """A classifier made of planes z = w·x + b: the sign of z for two classes, the largest z for more."""

    coef_: NDArray[np.float64]
    intercept_: NDArray[np.float64]
    converged_: bool

    def _train(self, X: Any, codes: Any, classes: Any) -> tuple[type[Warning], str] | None:
        """Set what is learned; give the warning that the caller should see, if any."""
        raise NotImplementedError

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train the model.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers. Doubles in C order are read where they lie; anything else is converted once.
        y : array_like, shape (rows,)
            Labels of any kind that has an order: numbers, texts, booleans, categories; at least two different ones.

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
        name = type(self).__name__
        read = read_matrix(f"{name}.fit", X)
        classes, codes = read_labels(f"{name}.fit", y, read.shape[0])
        warning = self._train(read, codes, classes)
        self.classes_ = classes
        self._remember_features(X, read)
        if warning is not None:
            warnings.warn(f"{name}.fit: {warning[1]}", kin(warning[0]), stacklevel=2)
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


def histories(raw: list[Any], rates: list[float], classes: Any, convention: str) -> Any:
    """One history for two classes; a dictionary of them by label for more; None if they were not kept."""
    made = [_history(one, rate, convention) for one, rate in zip(raw, rates, strict=True)]
    if any(one is None for one in made):
        return None
    return made[0] if len(made) == 1 else dict(zip(classes.tolist(), made, strict=True))


def _history(raw: Any, rate: float, convention: str) -> History | None:
    if raw is None:
        return None
    weights, bias, loss, errors, norm, initial_weights, initial_bias = raw
    epochs = len(loss)
    return History(
        np.arange(1, epochs + 1),
        loss,
        errors,
        weights,
        bias,
        norm,
        np.full(epochs, rate),
        initial_weights,
        initial_bias,
        convention,
    )


def one_reason(sentences: dict[str, str], stops: list[str], classes: Any) -> str:
    """Give the reason of all planes if they agree, else each with its class."""
    if len(set(stops)) == 1:
        return sentences[stops[0]]
    reasons = [f"{label}: {sentences[stop].rstrip('.')}" for label, stop in zip(classes, stops, strict=True)]
    return "; ".join(reasons) + "."
