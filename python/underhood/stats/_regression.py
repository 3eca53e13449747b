"""Linear regression with inference: coefficients, how sure they are, and what they do not say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from underhood._core import regression as _core
from underhood._frames import doubles
from underhood._results import Result
from underhood.stats import _summary
from underhood.stats._diagnostics import Diagnosed, JointTestResult, ModelComparisonResult, compare_linear, joint_test
from underhood.stats._formula import Design
from underhood.stats._hypothesis import Assumption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Doubles = NDArray[np.float64]

__all__ = ["LinearRegressionResult", "Prediction", "linear_regression"]

_COPIED = 10_000
"""X of so many numbers is copied; a larger one is looked at again when a later question needs it."""


class Prediction(NamedTuple):
    """Predicted values with their intervals."""

    predicted: Doubles
    """The value that the regression gives for each row."""
    lower: Doubles
    """Lower end of each interval."""
    upper: Doubles
    """Upper end of each interval."""


@dataclass(slots=True, repr=False, eq=False)
class LinearRegressionResult(Diagnosed, Result):
    """A fitted linear regression.

    Fields are named as in statsmodels. ``print`` shows the coefficients, ``summary()`` the whole table, ``explain()``
    says it in words, ``plot()`` draws the residuals.
    """

    names: tuple[str, ...]
    """Name of each coefficient; the added constant is ``const``, that of a formula ``Intercept``."""
    params: Doubles
    """Coefficients, the constant first.

    By how much y goes up with one more unit of a column, the other columns alike.
    """
    bse: Doubles
    """Standard error of each coefficient."""
    tvalues: Doubles
    """Coefficient over standard error."""
    pvalues: Doubles
    """Two-sided p-value of each t, with ``df_resid`` degrees of freedom."""
    conf_int: Doubles
    """Lower and upper end of each coefficient's confidence interval, shape (k, 2)."""
    cov_params: Doubles
    """Covariance matrix of the coefficients."""
    resid: Doubles
    """Residuals: y less the fitted value, not weighted."""
    fittedvalues: Doubles
    """What the regression gives for each row."""
    rsquared: float
    """Part of y's variation that the columns explain (around its mean; around zero without a constant)."""
    rsquared_adj: float
    """The same, corrected for the number of columns."""
    fvalue: float
    """F statistic of the hypothesis that every coefficient but the constant is zero."""
    f_pvalue: float
    """Its p-value."""
    mse_resid: float
    """Residual variance: ``ssr / df_resid``."""
    mse_model: float
    """Explained sum of squares for each degree of freedom of the model."""
    ssr: float
    """Sum of squared residuals, each times its weight."""
    ess: float
    """Explained sum of squares."""
    llf: float
    """Log-likelihood under normal errors."""
    aic: float
    """Akaike's information criterion: smaller is better, among regressions of the same y."""
    bic: float
    """Schwarz's information criterion."""
    nobs: int
    """Number of rows."""
    df_resid: float
    """Rows less coefficients."""
    df_model: float
    """Coefficients other than the constant."""
    scaled_condition_number: float
    """How nearly the columns depend on each other, whatever their units: about 1 for orthogonal ones."""
    perfect_fit: bool
    """Whether the residuals are no more than rounding, so that standard errors and p-values mean nothing."""
    cov_type: str
    """Kind of standard errors."""
    confidence_level: float
    """Level of ``conf_int``."""
    weights: Doubles | None
    """Weights of the rows, if there were any."""
    response: str
    """What y is called."""
    _constant: int | None
    _x: Any
    _intercept: bool
    _root: Doubles
    _cov_root: Doubles
    _design: Design | None = None
    _cache: dict[str, Any] | None = None

    @property
    def k_params(self) -> int:
        """Number of coefficients."""
        return len(self.params)

    @property
    def residual_sd(self) -> float:
        """Residual standard deviation, the root of ``mse_resid``, in y's unit."""
        return float(self.mse_resid**0.5)

    @property
    def scale(self) -> float:
        """Residual variance, as statsmodels calls ``mse_resid``."""
        return self.mse_resid

    @property
    def wresid(self) -> Doubles:
        """Residuals times the roots of their weights."""
        return self.resid if self.weights is None else self.resid * np.sqrt(self.weights)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What the inference rests on, and whether the residuals support it."""
        return tuple(_summary.assumed(self))

    @property
    def notes(self) -> tuple[str, ...]:
        """What makes the numbers doubtful."""
        return tuple(note.removeprefix("Note: ") for note in _summary.notes_on(self))

    def predict(
        self,
        X: Any = None,
        *,
        interval: Literal["confidence", "prediction"] | None = None,
        confidence_level: float | None = None,
    ) -> Any:
        """Predict y for rows of X.

        Parameters
        ----------
        X : array_like or frame, shape (m, k), optional
            New rows, with the columns of the fit in the same order; after a fit by formula, a frame with the columns
            that it names (of one column, a vector will do). Default: the rows of the fit.
        interval : {"confidence", "prediction"}, optional
            Whether to add intervals for the mean of y at these values, or for one new y, which has an error of its own
            (that of a row of weight one).
        confidence_level : float, optional
            Level of the intervals; default: that of the fit.

        Returns
        -------
        numpy.ndarray or Prediction
            Predicted values; with ``interval``, named parts ``predicted``, ``lower`` and ``upper``.

        Examples
        --------
        >>> from underhood.stats import linear_regression
        >>> fit = linear_regression([1, 2, 3, 4, 5], [52, 57, 61, 68, 72])
        >>> fit.predict([6]).round(10)
        array([77.3])
        >>> low, high = fit.predict([6], interval="prediction")[1:]
        >>> bool(low[0] < 77.3 < high[0])
        True
        """
        if X is None and interval is None:
            return self.fittedvalues.copy()
        if X is None:
            X = self._columns()
        elif self._design is not None:
            X = self._design.new(X)
        return self._predicted(X, self.params, self._cov_root, interval, confidence_level)

    def _predicted(
        self, X: Any, params: Doubles, cov_root: Doubles, interval: str | None, confidence_level: float | None
    ) -> Any:
        level = self.confidence_level if confidence_level is None else confidence_level
        kind = "confidence" if interval is None else interval
        parts = _core.predict(X, params, cov_root, self.mse_resid, self.df_resid, kind, level)
        return parts[0] if interval is None else Prediction(*parts)

    def f_test(self, names: str | Sequence[str]) -> JointTestResult:
        """Test whether some coefficients are all zero, with the kind of standard errors of the fit.

        Parameters
        ----------
        names : str or sequence of str
            Coefficients, by their names; the name of a category, such as ``"species"``, means those of all its levels.

        Returns
        -------
        JointTestResult
            F with as many degrees of freedom as there are coefficients.

        Raises
        ------
        ValueError
            If a name is not one of ``names``.

        Examples
        --------
        >>> from underhood.stats import linear_regression
        >>> X, y = [[1, 2], [2, 1], [3, 5], [4, 4], [5, 6], [6, 1]], [1.1, 2.3, 2.8, 4.2, 5.1, 5.7]
        >>> test = linear_regression(X, y, names=["a", "b"]).f_test(["a", "b"])
        >>> test.df, round(test.pvalue, 5)
        ((2.0, 3.0), 0.00147)
        """
        return joint_test(self, names)

    def summary(self) -> str:
        """Lay the regression out as the familiar table: the whole, the coefficients, the residuals, and cautions.

        Examples
        --------
        >>> from underhood.stats import linear_regression
        >>> hours, marks = [1, 2, 3, 4, 5, 6] * 4, [52, 57, 61, 68, 72, 75] * 4
        >>> print(linear_regression(hours, marks, names=["hours"]).summary())
        Linear regression by least squares
        <BLANKLINE>
        rows                    24    R²               0.989
        coefficients             2    adjusted R²     0.9885
        residual df             22    F                 1983
        residual sd         0.8964    p of F        4.68e-23
        log-likelihood      -30.38    AIC              64.77
        standard errors  classical    BIC              67.13
        <BLANKLINE>
                 coef  std err      t     P>|t|  [2.5 %  97.5 %]
        ─────  ──────  ───────  ─────  ────────  ──────  ───────
        const  47.467   0.4172  113.8  5.66e-32    46.6    48.33
        hours  4.7714   0.1071  44.54  4.68e-23   4.549    4.994
        <BLANKLINE>
        Durbin–Watson         2.24    skew            0.4059
        Jarque–Bera          1.718    kurtosis         1.971
        p of it             0.4236    condition        9.359
        """
        return _summary.table_of(self)

    def explain(self) -> str:
        """Say in words what was asked, what was found, on what assumptions, and what may not be concluded.

        Examples
        --------
        >>> from underhood.stats import linear_regression
        >>> fit = linear_regression([1, 2, 3, 4, 5], [52, 57, 61, 68, 72], names=["hours"])
        >>> print(fit.explain().splitlines()[3])
        Size: one more unit of hours goes with 5.1 (95 % confidence interval 4.2991 to 5.9009, p = 0.000262673)...
        """
        return _summary.words(self)

    def plot(self) -> Any:
        """Draw the residuals in the four ways that show what the numbers rest on: :func:`underhood.plot.residuals`.

        Returns
        -------
        matplotlib.figure.Figure
            With four axes.

        Examples
        --------
        >>> from underhood.stats import linear_regression
        >>> len(linear_regression([1, 2, 3, 4, 5], [52, 57, 61, 68, 72]).plot().axes)
        4
        """
        from underhood.plot import residuals

        return residuals(self)

    def _columns(self) -> Any:
        """X as it was in the fit; a large one is not a copy, and must not have been changed since."""
        if isinstance(self._x, np.ndarray) and self._x.size > _COPIED and self._x.dtype == np.float64:
            columns = self._x.reshape(self.nobs, -1)
            again = columns @ self.params[self._intercept :] + (self.params[0] if self._intercept else 0.0)
            size = np.abs(columns).max(axis=0) @ np.abs(self.params[self._intercept :]) + np.abs(self.params[0])
            if not np.abs(again - self.fittedvalues).max() <= 1e-10 * size:
                raise ValueError(
                    "linear_regression: X has been changed since the fit, which kept no copy of so large an array; fit "
                    "again, or pass X.copy()"
                )
        return self._x

    def _of_columns(self) -> tuple[Doubles, Doubles]:
        """Coefficients of what ``_columns`` gives, and their covariance."""
        return self.params, self.cov_params

    def _against(self, restricted: Any) -> ModelComparisonResult:
        return compare_linear(restricted, self)

    def _title(self) -> str:
        return f"Linear regression by {'' if self.weights is None else 'weighted '}least squares"

    def _rows(self) -> list[tuple[str, str]]:
        return _summary.whole(self)

    def __repr__(self) -> str:
        return _summary.block(self)

    def _repr_html_(self) -> str:
        return _summary.html_page(self)


def linear_regression(
    X: ArrayLike | str,
    y: Any = None,
    *,
    data: Any = None,
    weights: ArrayLike | str | None = None,
    intercept: bool | None = None,
    names: Sequence[str] | None = None,
    cov_type: Literal["classical", "HC0", "HC1", "HC2", "HC3"] = "classical",
    confidence_level: float = 0.95,
    nan_policy: Literal["raise", "omit"] = "raise",
) -> LinearRegressionResult:
    """Regress y on the columns of X by least squares, with inference.

    y = Zβ + e, where Z is X with a column of ones before it; β makes Σ wᵢ(yᵢ - zᵢᵀβ)² smallest.

    Parameters
    ----------
    X : array_like or frame, shape (n, k) or (n,), or str
        A column for each variable, or a vector for one. A frame's column names are taken over.
        Or a formula, ``"mass ~ flipper + species"``, whose columns are those of the frame that is given as ``y`` or
        ``data``: ``a:b`` (interaction), ``a*b`` (both and their interaction), ``C(a)`` (categories; text is one by
        itself), ``I(a**2)``, ``np.log(a)``, ``- 1`` (no constant). This needs formulaic.
    y : array_like, shape (n,), or frame
        The response; the frame, if X is a formula.
    data : frame, optional
        The frame of a formula, as statsmodels calls it.
    weights : array_like, shape (n,), or str, optional
        One for each row, positive, proportional to one over the variance of its error: weighted least squares. With a
        formula also the name of a column of the frame.
    intercept : bool, optional
        Whether to add the constant; by default it is added. (statsmodels adds none: its ``add_constant`` is this
        default. Pass False for an X that has it.) A formula says it itself, with ``- 1``.
    names : sequence of str, optional
        Names of X's columns; by default a frame's, or x1, x2, …. Those of a formula come from its terms.
    cov_type : {"classical", "HC0", "HC1", "HC2", "HC3"}
        Standard errors for errors of one variance, or those that hold when variances differ; HC3 is the best of these
        in small samples.
    confidence_level : float
        Level of the confidence intervals.
    nan_policy : {"raise", "omit"}
        Whether missing values are refused, or the rows that have them left out.

    Returns
    -------
    LinearRegressionResult
        ``params bse tvalues pvalues conf_int rsquared rsquared_adj fvalue f_pvalue resid fittedvalues`` and more;
        ``summary()``, ``explain()``, ``predict(X)``, ``plot()``; ``leverage``, ``cooks_distance``, ``vif``, ….

    Raises
    ------
    ValueError
        If a value is missing or infinite (the message says where); if columns depend on each other (it says which); if
        a column is constant beside the intercept; if y does not vary; if there are not more rows than coefficients.

    Notes
    -----
    Robust statistics use the t distribution, as classical ones do; statsmodels switches to the normal there.
    Ill-conditioned problems are solved with 32 digits: on NIST's certified sets 13 digits or more agree (Filip: 7,
    which is what powers of x rounded to doubles determine; :func:`polyfit` does better). A result keeps a copy of X if
    it is small; a large X must not be changed before ``leverage`` or the like is asked for (if it was, an error says
    so). Sources: Björck, Numerical Methods for Least Squares
    Problems (1996); MacKinnon and White (1985), doi:10.1016/0304-4076(85)90158-7.

    Examples
    --------
    >>> from underhood.stats import linear_regression
    >>> fit = linear_regression([1, 2, 3, 4, 5], [52, 57, 61, 68, 72], names=["hours"])
    >>> fit.params.round(10)
    array([46.7,  5.1])
    >>> round(fit.rsquared, 4)
    0.9927
    >>> heights = {"height": [1.6, 1.7, 1.8, 1.9, 1.7, 1.6], "sex": ["f", "f", "m", "m", "m", "f"],
    ...     "weight": [55, 63, 77, 86, 72, 54]}
    >>> fit = linear_regression("weight ~ height + sex", heights)
    >>> dict(zip(fit.names, fit.params.round(3).tolist()))
    {'Intercept': -63.125, 'height': 73.75, 'sex[T.m]': 8.708}
    """
    design, constant, response = None, "const", "y"
    if isinstance(X, str):
        refuse_beside_formula("linear_regression", intercept, names)
        also = {} if weights is None else {"weights": weights}
        design = Design(X, y if data is None else data, function="linear_regression", nan_policy=nan_policy, also=also)
        X, y, weights, intercept = design.X, design.y, design.also.get("weights"), design.has_intercept
        constant, response = "Intercept", design.response
        given: list[str] | None = list(design.names[intercept:])
    else:
        if data is not None:
            raise ValueError("linear_regression: data is given, but X is no formula that could name its columns")
        intercept = flag("linear_regression", "intercept", True if intercept is None else intercept)
        given = None if type(X) is np.ndarray else _names(X)
        if names is not None:
            given = [str(name) for name in names]
        response = "y" if type(y) is np.ndarray else getattr(y, "name", None) or "y"
        if nan_policy != "raise":
            X, y, weights = without_gaps("linear_regression", X, y, weights, nan_policy)
    arrays, statistics, counts = _core.linear_regression(X, y, weights, intercept, given, cov_type, confidence_level)
    # In the fields' order: keywords would take longer than the fit of a small table.
    return LinearRegressionResult(
        named(constant if intercept else None, given, len(arrays[0])),
        *arrays[:8],
        *statistics[:11],
        *counts[:3],
        statistics[11],
        counts[3],
        cov_type,
        confidence_level,
        None if weights is None else np.array(weights, dtype=np.float64),
        str(response),
        counts[4],
        _held(X),
        intercept,
        *arrays[8:],
        design,
    )


def _held(X: Any) -> Any:
    """Copy X, which the caller may change later; of a large one keep the array itself."""
    if isinstance(X, np.ndarray) and X.dtype == np.float64:
        return X if X.size > _COPIED else X.copy()
    return np.array(X, dtype=np.float64)


def flag(function: str, argument: str, value: Any) -> bool:
    """Read True or False."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{function}: {argument} is a {type(value).__name__}, but must be True or False")
    return bool(value)


def refuse_beside_formula(function: str, intercept: bool | None, names: Any) -> None:
    """Refuse what a formula says itself."""
    if intercept is not None:
        raise ValueError(f'{function}: intercept is for arrays; write "- 1" in the formula to leave the constant out')
    if names is not None:
        raise ValueError(f"{function}: names is for arrays; a formula's columns are named by its terms")


def named(constant: str | None, given: Sequence[str] | None, count: int) -> tuple[str, ...]:
    """Name the coefficients: the constant, if there is one, and the columns, by default x1, x2, …."""
    if not given:
        return _by_default(constant, count)
    return tuple(given) if constant is None else (constant, *given)


@lru_cache(maxsize=64)
def _by_default(constant: str | None, count: int) -> tuple[str, ...]:
    columns = [f"x{j}" for j in range(1, count + (constant is None))]
    return tuple(columns) if constant is None else (constant, *columns)


def without_gaps(function: str, X: Any, y: Any, weights: Any, nan_policy: str) -> tuple[Any, Any, Any]:
    """Leave out rows that miss a value; the columns keep their names."""
    if nan_policy != "omit":
        raise ValueError(f"{function}: nan_policy is {nan_policy!r}, but must be 'raise' or 'omit'")
    columns, response = doubles(X, function, "X"), doubles(y, function, "y")
    given = None if weights is None else doubles(weights, function, "weights")
    if columns.ndim > 2 or response.ndim != 1 or len(columns) != len(response):
        return columns, response, given  # refused with their shapes
    missing = np.isnan(columns).reshape(len(columns), -1).any(axis=1) | np.isnan(response)
    if given is not None and given.shape == response.shape:
        missing |= np.isnan(given)
        given = given[~missing]
    return columns[~missing], response[~missing], given


def _names(X: Any) -> list[str] | None:
    """Take the column names of a frame, or the name of a series."""
    columns = getattr(X, "columns", None)
    if columns is not None:
        return [str(name) for name in columns]
    name = getattr(X, "name", None)
    return None if name is None else [str(name)]
