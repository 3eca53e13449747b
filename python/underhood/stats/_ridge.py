"""Ridge regression: coefficients that are kept small, and an honest count of what the data decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from underhood._core import regression as _core
from underhood._results import Result, format_value, text_table
from underhood.stats._formula import Design
from underhood.stats._regression import _names, flag, named, refuse_beside_formula, without_gaps
from underhood.stats._summary import in_columns, listed, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Doubles = NDArray[np.float64]

__all__ = ["RidgeRegressionResult", "ridge_regression"]


@dataclass(slots=True, repr=False, eq=False)
class RidgeRegressionResult(Result):
    """A fitted ridge regression.

    There are no standard errors, p-values or intervals: shrinking makes coefficients less variable and biased, by an
    amount that the data do not show.

    Attributes
    ----------
    names : tuple of str
        Name of each coefficient.
    params : ndarray
        Coefficients, the constant first; it is not shrunk.
    alpha : float
        The price of Σβ².
    df : float
        Effective degrees of freedom: how many coefficients the data still decide, the constant included.
    gcv : float
        Generalised cross-validation, n·ssr/(n − df)²: about the mean squared error of predicting a new y. The price
        with the smallest predicts best.
    ssr, rsquared : float
        Sum of squared residuals, each times its weight, and R².
    resid, fittedvalues : ndarray
        Residuals and fitted values.
    nobs : int
        The number of rows.
    response : str
        What y is called.
    """

    names: tuple[str, ...]
    params: Doubles
    alpha: float
    df: float
    gcv: float
    ssr: float
    rsquared: float
    resid: Doubles
    fittedvalues: Doubles
    nobs: int
    response: str
    _intercept: bool
    _design: Design | None = None

    def predict(self, X: Any = None) -> Doubles:
        """Predict y for rows of X.

        Parameters
        ----------
        X : array_like or frame, shape (m, k), optional
            New rows, as in the fit. Default: the rows of the fit.

        Returns
        -------
        ndarray, shape (m,)
            Predicted values.

        Examples
        --------
        >>> from underhood.stats import ridge_regression
        >>> ridge_regression([1, 2, 3, 4], [2, 4, 5, 8], 0.5).predict([5]).round(3)
        array([9.068])
        """
        if X is None:
            return self.fittedvalues.copy()
        if self._design is not None:
            X = self._design.new(X)
        zero = np.zeros((len(self.params), len(self.params)))
        predicted, _, _ = _core.predict(X, self.params, zero, 0.0, 1.0, "confidence", 0.95)
        return predicted

    def summary(self) -> str:
        """Lay the regression out as a table.

        Examples
        --------
        >>> from underhood.stats import ridge_regression
        >>> print(ridge_regression([1, 2, 3, 4], [2, 4, 5, 8], 0.5).summary().splitlines()[0])
        Ridge regression, alpha = 0.5
        """
        return repr(self)

    def explain(self) -> str:
        """Say in words what was asked, what was found, and what may not be concluded.

        Examples
        --------
        >>> from underhood.stats import ridge_regression
        >>> print(ridge_regression([1, 2, 3, 4], [2, 4, 5, 8], 0.5).explain().splitlines()[0])
        Question: how does y change with x1, if large coefficients have a price of 0.5?
        """
        first = int(self._intercept)
        effects = "; ".join(
            f"one more unit of {name} goes with {format_value(value)}"
            for name, value in zip(self.names[first:], self.params[first:], strict=True)
        )
        return "\n".join(
            [
                f"Question: how does {self.response} change with {listed(list(self.names[first:]))}, if large "
                f"coefficients have a price of {format_value(self.alpha)}?",
                f"Assumptions: {self.response} depends on the columns in a straight line, and the columns are on "
                "scales that may be compared: the price is the same for all.",
                f"Found: in {self.nobs} rows the fitted values follow {format_value(100 * self.rsquared)} % of the "
                f"variation of {self.response} (R²); of the coefficients the data still decide "
                f"{format_value(self.df)}. A new value would be missed by about {format_value(self.gcv)}, squared.",
                f"Size: {effects}, in the unit of {self.response}.",
                "Not concluded: how sure the coefficients are (they are biased towards zero, so that standard errors "
                "and p-values would mislead); that a column causes anything.",
            ]
        )

    def _title(self) -> str:
        return f"Ridge regression, alpha = {format_value(self.alpha)}"

    def _rows(self) -> list[tuple[str, str]]:
        return [
            ("rows", str(self.nobs)),
            ("R²", short(self.rsquared)),
            ("coefficients", str(len(self.params))),
            ("GCV", short(self.gcv)),
            ("effective df", short(self.df)),
            ("ssr", short(self.ssr)),
        ]

    def __repr__(self) -> str:
        rows = [[name, short(value, 5)] for name, value in zip(self.names, self.params, strict=True)]
        return "\n\n".join([self._title(), in_columns(self._rows()), text_table(["", "coef"], rows)])


def ridge_regression(
    X: ArrayLike | str,
    y: Any = None,
    alpha: float = 1.0,
    *,
    data: Any = None,
    weights: ArrayLike | str | None = None,
    intercept: bool | None = None,
    names: Sequence[str] | None = None,
    nan_policy: str = "raise",
) -> RidgeRegressionResult:
    """Regress y on the columns of X with a price on large coefficients.

    Minimises Σ wᵢ(yᵢ − b − xᵢᵀβ)² + α‖β‖², as scikit-learn's Ridge does; the constant b is not shrunk.

    Parameters
    ----------
    X : array_like or frame, shape (n, k) or (n,), or str
        Columns, or a formula, as in :func:`linear_regression`. They are taken in their own units: bring them to one
        scale first if the price is to be fair.
    y : array_like, shape (n,), or frame
        The response; the frame, if X is a formula.
    alpha : float, default 1.0
        The price, zero or more. More columns than rows, or dependent ones, are no obstacle.
    data : frame, optional
        The frame of a formula.
    weights : array_like, shape (n,), or str, optional
        One for each row, positive.
    intercept : bool, optional
        Whether to add the constant; by default it is added. A formula says it itself, with ``- 1``.
    names : sequence of str, optional
        Names of X's columns; by default a frame's, or x1, x2, …. Those of a formula come from its terms.
    nan_policy : {"raise", "omit"}
        Whether missing values are refused, or the rows that have them left out.

    Returns
    -------
    RidgeRegressionResult
        ``params``, effective degrees of freedom ``df``, cross-validation ``gcv``; no p-values.

    Raises
    ------
    ValueError
        If a value is missing or infinite, lengths differ, y does not vary, or alpha is negative.

    References
    ----------
    Hoerl and Kennard (1970), doi:10.1080/00401706.1970.10488634; Golub, Heath and Wahba (1979),
    doi:10.1080/00401706.1979.10489751.

    Examples
    --------
    >>> import underhood as uh
    >>> X, y = [[1, 2], [2, 4.1], [3, 5.9], [4, 8]], [3, 6, 9, 12.5]
    >>> uh.stats.ridge_regression(X, y, 0.1).params.round(2)
    array([-0.28,  0.67,  1.25])
    """
    function, constant, design, response = "ridge_regression", "const", None, getattr(y, "name", None) or "y"
    if isinstance(X, str):
        refuse_beside_formula(function, intercept, names)
        also = {} if weights is None else {"weights": weights}
        design = Design(X, y if data is None else data, function=function, nan_policy=nan_policy, also=also)
        X, y, weights, intercept = design.X, design.y, design.also.get("weights"), design.has_intercept
        names, constant, response = design.names[intercept:], "Intercept", design.response
    elif data is not None:
        raise ValueError(f"{function}: data is for formulas, but X is none")
    else:
        intercept = flag(function, "intercept", True if intercept is None else intercept)
    given = _names(X) if names is None else [str(name) for name in names]
    if design is None and nan_policy != "raise":
        X, y, weights = without_gaps(function, X, y, weights, nan_policy)
    params, resid, fitted, (df, gcv, ssr, rsquared) = _core.ridge_regression(X, y, alpha, weights, intercept)
    if given and len(given) != len(params) - intercept:
        raise ValueError(f"{function}: names has {len(given)} names, but X has {len(params) - intercept} columns")
    return RidgeRegressionResult(
        named(constant if intercept else None, given, len(params)),
        params,
        float(alpha),
        df,
        gcv,
        ssr,
        rsquared,
        resid,
        fitted,
        len(resid),
        str(response),
        intercept,
        design,
    )
