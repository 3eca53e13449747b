"""Linear regression by least squares."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import linear as _core
from underhood._results import format_value
from underhood.models._linear_regressor import BOUNDED, LinearRegressor, read_rows

__all__ = ["LinearRegression"]

_SOLVERS = {
    "gram": "XᵀX was gathered in one pass and factored; its conditioning allows it, and a second pass refined w.",
    "doubled": "the columns are few or ill-conditioned: XᵀX was gathered and factored with 32 digits.",
    "orthogonal": "there are no more rows than coefficients, so every y is met: the shortest w that does so lies in "
    "the span of the rows, by their QR decomposition.",
    "singular": "columns (or rows) depend on each other: solved by the singular value decomposition.",
}


class LinearRegression(LinearRegressor):
    """Linear regression: the weights with the smallest sum of squared residuals.

    With z = w·x + b it minimises

        Σ (y − z)²,

    over the rows, each counted as often as ``sample_weight`` says. The gradient −2·Σ (y − z)·x is zero where
    (X̃ᵀX̃)·w = X̃ᵀỹ (tildes: around the means), and b = ȳ − w·x̄.

    Where columns depend on each other, or there are more of them than rows, many w do equally well: the one with the
    smallest length ‖w‖ is given, as by ``numpy.linalg.lstsq`` for the centred columns. ``rank_`` says so.

    For standard errors and p-values, see :func:`underhood.stats.linear_regression`.

    Parameters
    ----------
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
    rank_ : int
        How many columns, around their means, are independent. A column counts by its direction, whatever its unit;
        what double precision cannot tell from a combination of others is one.
    singular_ : ndarray, shape (min(rows, features),)
        Singular values of the centred columns (times the roots of the weights).
    solver_ : {"gram", "doubled", "orthogonal", "singular", "active_set"}
        How it was solved: ``explain()`` says it in words.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Names of the columns, if X was a frame.

    See Also
    --------
    Ridge, Lasso, BayesianRidge
    underhood.stats.linear_regression : The same weights with inference.

    Notes
    -----
    Well-conditioned columns take two passes over X, and no copy of it. Others are solved in doubled precision (a copy
    of X), or by a decomposition where columns depend on each other or outnumber the rows (a centred copy and its
    factors), so that NIST's certified data sets come out to all the digits that doubles can hold.

    References
    ----------
    Å. Björck, *Numerical Methods for Least Squares Problems*, SIAM 1996.

    Examples
    --------
    >>> import underhood as uh
    >>> model = uh.models.LinearRegression().fit([[1.0], [2.0], [3.0], [4.0], [5.0]], [52.0, 57.0, 61.0, 68.0, 72.0])
    >>> model.coef_.round(12), round(model.intercept_, 12)
    (array([5.1]), 46.7)
    >>> model.predict([[6.0]]).round(10)
    array([77.3])
    """

    rank_: int
    solver_: str

    def __init__(self, *, fit_intercept: bool = True, positive: bool = False) -> None:
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
            How much each row counts: twice is as good as standing there twice.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a number is NaN or infinite (the message says where), shapes do not fit, a row counts less than zero
            times, or the weights leave the range of doubles.
        TypeError
            If X or y hold no real numbers.
        """
        read, target, weights = read_rows("LinearRegression.fit", X, y, sample_weight)
        coef, intercept, rank, root, rsquared, solver = _core.fit_linear_regression(
            read, target.reshape(len(target), -1), weights, self._flag("fit_intercept"), self._flag("positive")
        )
        self.rank_, self.solver_ = rank, solver
        self._root, self._rsquared, self._rows = root, rsquared, len(target)
        self._learn(X, read, target, weights, coef, intercept)
        return self

    @property
    def singular_(self) -> NDArray[np.float64]:
        """Singular values of the centred columns."""
        from underhood.linalg import svdvals

        self._require_fit("singular_")
        if not np.isfinite(self._root).all():
            raise ValueError("LinearRegression.singular_: X holds values so large that their squares overflow")
        values = np.zeros(min(self._rows, self.n_features_in_))
        found = svdvals(self._root) if self._root.size else np.zeros(0)
        values[: len(found)] = found[: len(values)]
        return values

    def _rule(self) -> list[str]:
        return [
            "Linear regression: with z = w·x + b, minimise Σ (y − z)² over the rows"
            + (", no weight below zero;" if self.positive else ";"),
            "its gradient is ∂/∂w = −2·Σ (y − z)·x" + (", ∂/∂b = −2·Σ (y − z)." if self.fit_intercept else "."),
            *self._way(),
        ]

    def _way(self) -> list[str]:
        """Say where the minimum is, and how it was found."""
        if self.positive:
            return BOUNDED
        return [
            "  Both are zero where (X̃ᵀX̃)·w = X̃ᵀỹ (tildes: around the means), b = ȳ − w·x̄."
            if self.fit_intercept
            else "  It is zero where (XᵀX)·w = Xᵀy; there is no b.",
            "  A closed form, no steps: " + _SOLVERS[self.solver_],
        ]

    def _findings(self) -> list[str]:
        features = self.n_features_in_
        lines = ["The prediction:", *self._formulas()]
        shares = ", ".join(f"{share:.6g}" for share in self._rsquared[:8])
        lines.append(f"It explains R² = {shares} of the variation of y in these rows.")
        if self.rank_ < features:
            lines.append(
                f"The {features} columns have rank {self.rank_}: {features - self.rank_} of them are combinations of "
                "the others (or constant), so many w predict the same. This is the shortest of them; single weights "
                "mean little."
            )
        elif not np.isfinite(self._root).all():
            lines.append(f"The columns are independent: rank {self.rank_} of {features}.")
        elif self.solver_ == "orthogonal":
            # The root is that of the rows: it has the singular values, but not the lengths of the columns.
            lines.append(
                f"The columns are independent: rank {self.rank_} of {features}. There are no more rows than "
                "coefficients, so every y would be met exactly: R² says nothing here."
            )
        else:
            condition = self._condition()
            lines.append(
                f"The columns are independent: rank {self.rank_} of {features}, condition number {condition:.3g} when "
                "brought to one length"
                + (", which is high: nearly dependent columns share weights arbitrarily." if condition > 100 else ".")
            )
        return lines

    def _condition(self) -> float:
        """Give the condition number of the centred columns, brought to one length so that units do not count."""
        from underhood.linalg import svdvals

        unit = self._root / np.abs(self._root).max(axis=0)
        values = svdvals(unit / np.sqrt((unit**2).sum(axis=0)))
        return float(values[0] / values[-1]) if values[-1] > 0 else np.inf

    def _facts(self) -> list[tuple[str, str]]:
        return [*super()._facts(), ("rank_", format_value(self.rank_)), ("solver_", self.solver_)]
