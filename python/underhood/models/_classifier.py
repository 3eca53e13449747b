"""What all classifiers share: classes, a score, and a picture."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from underhood.models._estimator import Estimator
from underhood.models._warnings import retold

__all__ = ["Classifier"]


class Classifier(Estimator):
    """A model that gives each row one of ``classes_``."""

    _kind = "classifier"
    classes_: NDArray[Any]

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Class of each row."""
        raise NotImplementedError

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Share of rows whose predicted class is the true one.

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,)
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.

        Returns
        -------
        float
        """
        from underhood.models._classification_metrics import accuracy_score

        predicted = self.predict(X)
        try:
            return accuracy_score(y, predicted, sample_weight=sample_weight)
        except (TypeError, ValueError) as error:
            raise retold(error, "accuracy_score: y_true", "accuracy_score: y") from None

    def plot_boundary(self, X: ArrayLike, y: ArrayLike, ax: Any = None) -> Any:
        """Draw the rows and the regions that the model gives to each class.

        Two features are the picture's axes; of one, the other axis says nothing. Of more, the picture is the plane of
        the first two principal directions of the standardised columns: rows are projected into it, and each of its
        points gets the class of the row that lies there. The title says so, and how much of the variance the plane
        holds. A row may then lie on the wrong side in the picture and yet be classified right.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Of more than 3000 rows, so many are drawn.
        y : array_like, shape (rows,)
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes
        """
        from underhood.models._plots import plot_boundary

        self._require_fit("plot_boundary")
        return plot_boundary(self, X, y, ax)
