"""What all regressors share: a target of numbers, and a score."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood.models._estimator import Estimator
from underhood.models._warnings import retold

__all__ = ["Regressor"]


class Regressor(Estimator):
    """A model that gives each row a number (or several)."""

    _kind = "regressor"

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Prediction for each row."""
        raise NotImplementedError

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Share of the target's variance that the predictions explain, R² = 1 − Σ(y − ŷ)²/Σ(y − ȳ)².

        Parameters
        ----------
        X : array_like, shape (rows, features)
        y : array_like, shape (rows,) or (rows, targets)
            Several targets count alike: the mean of their R².
        sample_weight : array_like, shape (rows,), optional
            How much each row counts.

        Returns
        -------
        float
            1 at best; 0 is what the mean of y achieves.
        """
        from underhood.models._regression_metrics import r2_score

        predicted = self.predict(X)
        try:
            return float(r2_score(y, predicted, sample_weight=sample_weight))
        except (TypeError, ValueError) as error:
            raise retold(error, "r2_score: y_true", "r2_score: y") from None

    def plot_residuals(self, X: ArrayLike, y: ArrayLike, ax: Any = None) -> Any:
        """Draw what the predictions miss, y − ŷ, against the predictions ŷ.

        A cloud of one height around zero is as it should be. A bend says that the model misses a curve; a funnel, that
        its errors grow with the prediction. Look at rows that the model was not fitted to.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Of more than 3000 rows, so many are drawn.
        y : array_like, shape (rows,) or (rows, targets)
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.

        Returns
        -------
        matplotlib Axes

        Examples
        --------
        >>> import underhood as uh
        >>> X, y = [[1.0], [2.0], [3.0], [4.0]], [1.0, 4.0, 9.0, 16.0]
        >>> uh.models.LinearRegression().fit(X, y).plot_residuals(X, y).get_title()
        'LinearRegression: typical size (root mean square) 1'
        """
        from underhood.models._plots import plot_residuals

        self._require_fit("plot_residuals")
        return plot_residuals(self, X, y, ax)
