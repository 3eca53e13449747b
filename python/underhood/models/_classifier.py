"""What all classifiers share: classes, and a score."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from underhood.models._estimator import Estimator

__all__ = ["Classifier"]


class Classifier(Estimator):
    """A model that gives each row one of ``classes_``."""

    _kind = "classifier"
    classes_: NDArray[Any]

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Class of each row."""
        raise NotImplementedError

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Share of rows whose predicted class is the true one.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,)

        Returns
        -------
        float
        """
        from underhood.models._classification_metrics import accuracy_score

        return accuracy_score(y, self.predict(X))
