"""Ridge regression."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from underhood._core import linear as _core
from underhood.models._linear_regressor import BOUNDED, LinearRegressor, read_rows

__all__ = ["Ridge"]

_SOLVERS = {
    "cholesky": "X̃ᵀX̃ was gathered in one pass, and X̃ᵀX̃ + αI factored.",
    "dual": "columns outnumber rows, so w = X̃ᵀv with (X̃X̃ᵀ + αI)·v = ỹ: as many equations as rows.",
    "svd": "X̃ᵀX̃ + αI is ill-conditioned, so w = V·diag(s/(s² + α))·Uᵀỹ from the singular values of X̃.",
    "least_squares": "α = 0 is least squares.",
}


class Ridge(LinearRegressor):
    """Ridge regression: least squares with a price on the squares of the weights.

    With z = w·x + b it minimises

        Σ (y − z)² + α·‖w‖²,

    a sum over the rows (not a mean: with more rows the same α weighs less). The intercept has no price. Directions in
    which the columns hardly vary, which least squares fills with noise, are shrunk most: the one with singular value s
    by the factor s²/(s² + α).

    Parameters
    ----------
    alpha : float, default 1.0
        α. Zero is least squares (the shortest solution, where there are several).
    fit_intercept : bool, default True
        Fit b; otherwise b = 0 and nothing is centred.
    positive : bool, default False
        Allow no weight below zero.

    Attributes
    ----------
    coef_ : ndarray, shape (features,) or (targets, features)
        The weights w.
    intercept_ : float or ndarray, shape (targets,)
        The intercept b.
    solver_ : {"cholesky", "dual", "svd", "least_squares", "active_set"}
        How it was solved: ``explain()`` says it in words.
    n_iter_ : None
        There are no steps.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    See Also
    --------
    LinearRegression, Lasso, ElasticNet
    BayesianRidge : Finds α by itself.

    Notes
    -----
    The price sees units: a column in metres pays a millionth of what it pays in kilometres. Standardise first
    (:class:`StandardScaler`). One pass over X, two where X̃ᵀX̃ + αI is not well-conditioned; a copy of X only where
    columns outnumber rows or the conditioning is bad.

    References
    ----------
    A. E. Hoerl and R. W. Kennard, Technometrics 12 (1970) 55.

    Examples
    --------
    One column with sum of squares 2 around its mean: α = 2 halves the slope.

    >>> import underhood as uh
    >>> model = uh.models.Ridge(2.0).fit([[-1.0], [0.0], [1.0]], [1.0, 2.0, 3.0])
    >>> model.coef_, model.intercept_
    (array([0.5]), 2.0)
    """

    solver_: str

    def __init__(self, alpha: float = 1.0, *, fit_intercept: bool = True, positive: bool = False) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.positive = positive

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Find the weights.

        Parameters
        ----------
        X : array_like, shape (rows, features)
            Finite numbers. Doubles in C order are read where they lie; anything else is converted once.
        y : array_like, shape (rows,) or (rows, targets)
            Finite numbers; the columns of a matrix are fitted one by one.
        sample_weight : array_like, shape (rows,), or float, optional
            How much each row counts.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a number is NaN or infinite (the message says where), shapes do not fit, ``alpha`` or a row's weight is
            negative, or numbers leave the range of doubles.
        TypeError
            If X or y hold no real numbers.
        """
        read, target, weights = read_rows("Ridge.fit", X, y, sample_weight)
        coef, intercept, self.solver_ = _core.fit_ridge(
            read,
            target.reshape(len(target), -1),
            weights,
            self.alpha,
            self._flag("fit_intercept"),
            self._flag("positive"),
        )
        self.n_iter_ = None  # type: ignore[assignment]
        self._learn(X, read, target, weights, coef, intercept)
        return self

    def _rule(self) -> list[str]:
        return [
            f"Ridge regression: with z = w·x + b, minimise Σ (y − z)² + α·‖w‖² over the rows, α = {self.alpha:g}"
            + (", no weight below zero;" if self.positive else ";"),
            "its gradient is ∂/∂w = −2·Σ (y − z)·x + 2α·w" + (", ∂/∂b = −2·Σ (y − z)." if self.fit_intercept else "."),
            *self._way(),
        ]

    def _way(self) -> list[str]:
        """Say where the minimum is, and how it was found."""
        if self.positive:
            return BOUNDED
        zero = "(X̃ᵀX̃ + αI)·w = X̃ᵀỹ (tildes: around the means)" if self.fit_intercept else "(XᵀX + αI)·w = Xᵀy"
        return [
            f"  Zero where {zero}. A closed form, no steps:",
            f"  {_SOLVERS[self.solver_]}",
        ]

    def _findings(self) -> list[str]:
        length = np.linalg.norm(self.coef_)
        return [
            *super()._findings(),
            *(
                [f"The price keeps the weights short: ‖w‖ = {length:.4g}, α·‖w‖² = {self.alpha * length**2:.4g}."]
                if self.alpha
                else []
            ),
            *([] if self.positive else ["No weight becomes exactly zero; a lasso does that."]),
        ]
