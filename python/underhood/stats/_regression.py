"""Linear regression with inference: coefficients, how sure they are, and what they do not say."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from underhood._core import regression as _core
from underhood._frames import doubles
from underhood._results import Result, format_probability, format_value, html_table, text_table
from underhood.stats._formula import Design

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Doubles = NDArray[np.float64]

__all__ = ["LinearRegressionResult", "Prediction", "linear_regression"]


class Prediction(NamedTuple):
    """Predicted values with their intervals."""

    predicted: Doubles
    """The value that the regression gives for each row."""
    lower: Doubles
    """Lower end of each interval."""
    upper: Doubles
    """Upper end of each interval."""


@dataclass(slots=True, repr=False, eq=False)
class LinearRegressionResult(Result):
    """A fitted linear regression.

    Fields are named as in statsmodels. ``print`` shows the coefficients, ``summary()`` the whole table.
    """

    names: tuple[str, ...]
    """Name of each coefficient; the added constant is ``const``."""
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
    """Residuals: y less the fitted value."""
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
    """Sum of squared residuals."""
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
    _x: Any
    _intercept: bool
    _root: Doubles
    _cov_root: Doubles
    _design: Design | None = None
    _leverage: Doubles | None = None

    @property
    def condition_number(self) -> float:
        """Ratio of the largest and smallest singular values of the columns as they stand, the constant included.

        Depends on units.
        """
        return _core.condition_number(self._root)

    @property
    def leverage(self) -> Doubles:
        """How far each row decides its own fitted value.

        Between 0 and 1, ``len(params)`` in sum. Computed when first asked for.
        """
        if self._leverage is None:
            self._leverage = _core.leverage(self._x, self._intercept)
        return self._leverage

    def predict(
        self,
        X: ArrayLike | None = None,
        *,
        interval: Literal["confidence", "prediction"] | None = None,
        confidence_level: float | None = None,
    ) -> Any:
        """Predict y for rows of X.

        Parameters
        ----------
        X : array_like or frame, shape (m, k), optional
            New rows, with the columns of the fit in the same order; after a fit by formula, a frame with the columns
            that it names. Default: the rows of the fit.
        interval : {"confidence", "prediction"}, optional
            Whether to add intervals for the mean of y at these values, or for one new y, which has an error of its own.
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
        level = self.confidence_level if confidence_level is None else confidence_level
        if X is None:
            X = self._x
        elif self._design is not None:
            X = self._design.new(X)
        parts = _core.predict(
            X,
            self.params,
            self._cov_root,
            self.mse_resid,
            self.df_resid,
            "confidence" if interval is None else interval,
            level,
        )
        return parts[0] if interval is None else Prediction(*parts)

    def summary(self) -> str:
        """Lay the regression out as the familiar table: the whole, the coefficients, and what to be careful about.

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
        """
        parts = [self._title(), self._whole(), text_table(*self._coefficients()), "\n".join(self._notes())]
        return "\n\n".join(part for part in parts if part)

    def explain(self) -> str:
        """Say in words what was asked, what was found, on what assumptions, and what may not be concluded.

        Examples
        --------
        >>> from underhood.stats import linear_regression
        >>> fit = linear_regression([1, 2, 3, 4, 5], [52, 57, 61, 68, 72], names=["hours"])
        >>> print(fit.explain().splitlines()[3])
        hours: one more unit, the other columns alike, goes with 5.1 in y (95 % interval 4.299 to 5.901; p = 0.000263).
        """
        level = f"{100 * self.confidence_level:g} %"
        slopes = range(len(self.params) - int(self.df_model), len(self.params))
        lines = [
            f"Question: how does y change with {_listed([self.names[i] for i in slopes])}? y is described as a sum of "
            "the columns, each times its coefficient; the coefficients make the sum of squared residuals smallest.",
            f"The whole: in {self.nobs} rows the columns explain {100 * self.rsquared:.1f} % of the variation of y "
            f"(R²). Residuals have a standard deviation of {_short(self.mse_resid**0.5)}, in y's unit.",
        ]
        if not self.perfect_fit:
            lines.append(
                f"If no column had any bearing on y, an F of at least {_short(self.fvalue)} would come up with "
                f"probability {format_probability(self.f_pvalue, 4)}."
            )
        lines += [
            f"{self.names[i]}: one more unit, the other columns alike, goes with {_short(self.params[i])} in y "
            f"({level} interval {_short(self.conf_int[i, 0])} to {_short(self.conf_int[i, 1])}; "
            f"{_equals(self.pvalues[i])})."
            for i in slopes
        ]
        variance = "have one variance"
        if self.cov_type != "classical":
            variance = "may differ in variance from row to row (standard errors allow for it)"
        lines.append(
            f"Assumptions: y depends on the columns in a straight line; errors are independent of each other, "
            f"{variance}, and are roughly normal or the rows many. None of this is checked here: look at the residuals "
            "against the fitted values."
        )
        lines += self._notes()
        lines.append(
            "Not concluded: that a column causes y (rows that differ in it may differ in more); that a coefficient"
            " with a large p-value is zero (its interval says how large it may be); anything outside the range of the "
            "rows."
        )
        return "\n".join(lines)

    def _title(self) -> str:
        return "Linear regression by least squares"

    def _statistics(self) -> list[tuple[str, str]]:
        return [
            ("rows", str(self.nobs)),
            ("R²", _short(self.rsquared)),
            ("coefficients", str(len(self.params))),
            ("adjusted R²", _short(self.rsquared_adj)),
            ("residual df", f"{self.df_resid:g}"),
            ("F", _short(self.fvalue)),
            ("residual sd", _short(self.mse_resid**0.5)),
            ("p of F", format_probability(self.f_pvalue, 4)),
            ("log-likelihood", _short(self.llf)),
            ("AIC", _short(self.aic)),
            ("standard errors", self.cov_type),
            ("BIC", _short(self.bic)),
        ]

    def _whole(self) -> str:
        cells = self._statistics()
        return "\n".join(
            f"{left[0]:<15} {left[1]:>10}    {right[0]:<11} {right[1]:>10}"
            for left, right in zip(cells[::2], cells[1::2], strict=True)
        )

    def _coefficients(self) -> tuple[list[str], list[list[str]]]:
        tail = 50 * (1 - self.confidence_level)
        header = ["", "coef", "std err", "t", "P>|t|", f"[{tail:.3g} %", f"{100 - tail:.4g} %]"]
        rows = [
            [
                name,
                _short(self.params[i], 5),
                _short(self.bse[i]),
                _short(self.tvalues[i]),
                format_probability(self.pvalues[i], 3),
                _short(self.conf_int[i, 0]),
                _short(self.conf_int[i, 1]),
            ]
            for i, name in enumerate(self.names)
        ]
        return header, rows

    def _notes(self) -> list[str]:
        notes = []
        if self.perfect_fit:
            notes.append(
                "Note: the fit is perfect to within rounding, so standard errors, statistics and p-values mean "
                "nothing. Does a column contain y itself?"
            )
        if self.scaled_condition_number > 1e4:
            notes.append(
                "Note: the columns nearly depend on each other (scaled condition number "
                f"{self.scaled_condition_number:.2g}): single coefficients are uncertain and change much with small "
                "changes of the data, though predictions may be good."
            )
        if self.nobs < 10 * len(self.params):
            notes.append(
                f"Note: {self.nobs} rows are few for {len(self.params)} coefficients; intervals rest on normal "
                "errors, and R² flatters."
            )
        return notes

    def _rows(self) -> list[tuple[str, str]]:
        return self._statistics()

    def __repr__(self) -> str:
        line = (
            f"R² {_short(self.rsquared)}, F({self.df_model:g}, {self.df_resid:g}) = {_short(self.fvalue)}, "
            f"{_equals(self.f_pvalue)}, {self.nobs} rows"
        )
        return "\n".join([self._title(), line, text_table(*self._coefficients()), *self._notes()])

    def _repr_html_(self) -> str:
        header, rows = self._coefficients()
        cells = self._statistics()
        whole = [[*left, *right] for left, right in zip(cells[::2], cells[1::2], strict=True)]
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes())
        return f"<p><b>{escape(self._title())}</b></p>{html_table(None, whole)}{html_table(header, rows)}{notes}"


def linear_regression(
    X: ArrayLike | str,
    y: Any = None,
    *,
    data: Any = None,
    intercept: bool = True,
    names: Sequence[str] | None = None,
    cov_type: Literal["classical", "HC0", "HC1", "HC2", "HC3"] = "classical",
    confidence_level: float = 0.95,
    nan_policy: Literal["raise", "omit"] = "raise",
) -> LinearRegressionResult:
    """Regress y on the columns of X by least squares, with inference.

    y = Zβ + e, where Z is X with a column of ones before it; β makes ‖y - Zβ‖ smallest.

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
    intercept : bool
        Whether to add the constant. (statsmodels adds none: its ``add_constant`` is this default. Pass False for an X
        that has it.)
    names : sequence of str, optional
        Names of X's columns; by default a frame's, or x1, x2, ….
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
        ``summary()``, ``explain()``, ``predict(X)``.

    Raises
    ------
    ValueError
        If a value is missing or infinite (the message says where); if columns depend on each other (it says which); if
        a column is constant beside the intercept; if y does not vary; if there are not more rows than coefficients.

    Notes
    -----
    Robust statistics use the t distribution, as classical ones do; statsmodels switches to the normal there. Small or
    ill-conditioned problems are solved with 32 digits: on NIST's certified sets 13 digits or more agree (Filip: 7,
    which is what powers of x rounded to doubles determine). Sources: Björck, Numerical Methods for Least Squares
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
    design = None
    constant = "const"
    if data is not None and not isinstance(X, str):
        raise ValueError("linear_regression: data is given, but X is no formula that could name its columns")
    if isinstance(X, str):
        design = Design(X, y if data is None else data, function="linear_regression", nan_policy=nan_policy)
        X, y, intercept, constant = design.X, design.y, design.has_intercept, "Intercept"
        given: list[str] | None = list(design.names[intercept:])
    else:
        given = _names(X) if names is None else [str(name) for name in names]
        if nan_policy != "raise":
            X, y = _without_gaps(X, y, nan_policy)
    arrays, rest, counts = _core.linear_regression(X, y, intercept, given, cov_type, confidence_level)
    *fields, root, cov_root = arrays
    *statistics, condition = rest
    nobs, df_resid, df_model, perfect_fit = counts
    slopes = given or [f"x{j}" for j in range(1, len(fields[0]) + 1 - intercept)]
    values: list[Any] = [
        (constant, *slopes) if intercept else tuple(slopes),
        *fields,
        *statistics,
        nobs,
        df_resid,
        df_model,
        condition,
        perfect_fit,
        cov_type,
        confidence_level,
        np.array(X, dtype=np.float64),  # a copy: what the caller does to X later must not change the result
        intercept,
        root,
        cov_root,
        design,
    ]
    # In the fields' order: keywords would take longer than the fit of a small table.
    return LinearRegressionResult(*values)


def _without_gaps(X: Any, y: Any, nan_policy: str) -> tuple[Any, Any]:
    """Leave out rows that miss a value; the columns keep their names."""
    if nan_policy != "omit":
        raise ValueError(f"linear_regression: nan_policy is {nan_policy!r}, but must be 'raise' or 'omit'")
    columns, response = doubles(X, "linear_regression", "X"), doubles(y, "linear_regression", "y")
    if columns.ndim > 2 or response.ndim != 1 or len(columns) != len(response):
        return columns, response  # refused with their shapes
    kept = ~(np.isnan(columns).reshape(len(columns), -1).any(axis=1) | np.isnan(response))
    return columns[kept], response[kept]


def _names(X: Any) -> list[str] | None:
    """Take the column names of a frame, or the name of a series."""
    columns = getattr(X, "columns", None)
    if columns is not None:
        return [str(name) for name in columns]
    name = getattr(X, "name", None)
    return None if name is None else [str(name)]


def _short(value: float, digits: int = 4) -> str:
    return format_value(value, digits)


def _equals(p: float) -> str:
    text = format_probability(p, 3)
    return f"p {text}" if text.startswith("<") else f"p = {text}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
