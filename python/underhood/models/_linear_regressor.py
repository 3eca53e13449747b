"""What the linear regressions share: weights and intercepts, predictions, and how they are shown."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import linear as _core
from underhood._results import format_value
from underhood.models._estimator import linear_formula
from underhood.models._input import read_matrix, read_target, read_weights
from underhood.models._regressor import Regressor

__all__ = ["BOUNDED", "LinearRegressor", "read_rows"]

BOUNDED = [
    "  It is zero for the weights above zero; for those held at zero ∂/∂w is not negative: none would gain by growing.",
    "  Which are held is found by trying (Lawson and Hanson's active set).",
]
"""Where the minimum is if no weight may be negative."""


def read_rows(function: str, X: Any, y: Any, sample_weight: Any) -> tuple[Any, Any, Any]:
    """Read rows, targets (a vector or a matrix) and weights of rows, of which one number stands for all."""
    read = read_matrix(function, X)
    rows = read.shape[0]
    target = read_target(function, y, rows)
    if sample_weight is not None:
        if isinstance(sample_weight, int | float) and not isinstance(sample_weight, bool):
            sample_weight = np.full(rows, float(sample_weight))
        sample_weight = read_weights(function, sample_weight, rows)
    return read, target, sample_weight


class LinearRegressor(Regressor):
    """A regression z = w·x + b, of one target or of several."""

    coef_: NDArray[np.float64]
    intercept_: Any

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def _learn(self, X: Any, read: Any, target: Any, weights: Any, coef: Any, intercept: Any) -> None:
        """Keep weights (targets × features) and intercepts in the shape that the target had."""
        if target.ndim == 1:
            self.coef_, self.intercept_ = coef[0], float(intercept[0])
        else:
            self.coef_, self.intercept_ = coef, intercept
        self._remember_features(X, read, weights)

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """w·x + b for each row.

        Parameters
        ----------
        X : array_like, shape (rows, features)

        Returns
        -------
        ndarray, shape (rows,) or (rows, targets)
        """
        return self._predicted(self._read("predict", X))

    def _predicted(self, read: Any) -> NDArray[np.float64]:
        coef = self.coef_
        if coef.ndim == 1:
            return _core.linear_prediction(read, coef.reshape(1, -1), np.array([self.intercept_], float))[:, 0]
        return _core.linear_prediction(read, coef, self.intercept_)

    # What a reader sees.

    def _formulas(self) -> list[str]:
        """Write z with the features' names, a line a target."""
        names = self._feature_names()
        if self.coef_.ndim == 1:
            return ["  z = " + linear_formula(self.coef_, self.intercept_, names)]
        planes = list(zip(self.coef_, self.intercept_, strict=True))
        lines = [f"  z{t} = " + linear_formula(w, b, names) for t, (w, b) in enumerate(planes[:8])]
        return lines if len(planes) <= 8 else [*lines, f"  … ({len(planes) - 8} more targets)"]

    def _findings(self) -> list[str]:
        return ["The prediction:", *self._formulas()]

    def _facts(self) -> list[tuple[str, str]]:
        return [("coef_", format_value(self.coef_)), ("intercept_", format_value(self.intercept_))]

    def _draw_history(self, ax: Any) -> Any:
        from underhood.models._descent_history import plot_descent

        return plot_descent(self, ax)
