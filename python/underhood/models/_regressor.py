"""What all regressors share: a target of numbers, and a score."""

from __future__ import annotations

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
