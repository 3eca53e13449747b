"""Logistic and Poisson regression with inference: odds and rates, how sure they are, and what they do not say."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import numpy as np

from underhood._core import glm as _core
from underhood._results import Result, format_probability, format_value, html_table, text_table
from underhood.distributions import ChiSquared
from underhood.stats._diagnostics import ModelComparisonResult
from underhood.stats._formula import Design
from underhood.stats._hypothesis import percent
from underhood.stats._regression import Prediction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    Doubles = NDArray[np.float64]

__all__ = ["LogisticRegressionResult", "PoissonRegressionResult", "logistic_regression", "poisson_regression"]


@dataclass(slots=True, repr=False, eq=False)
class _GeneralisedResult(Result):
    """What both regressions have in common."""

    names: tuple[str, ...]
    """Name of each coefficient; the added constant is ``const`` (``Intercept`` after a formula)."""
    params: Doubles
    """Coefficients, the constant first: what one more unit of a column adds to the logarithm of the odds (rate)."""
    bse: Doubles
    """Standard error of each coefficient."""
    zvalues: Doubles
    """Coefficient over standard error."""
    pvalues: Doubles
    """Two-sided p-value of each z (Wald's test)."""
    conf_int: Doubles
    """Lower and upper end of each coefficient's confidence interval, shape (k, 2)."""
    cov_params: Doubles
    """Covariance matrix of the coefficients."""
    linear_predictor: Doubles
    """Logarithm of the odds (rate) that the regression gives for each row, the offset included."""
    llf: float
    """Log-likelihood."""
    llnull: float
    """Log-likelihood of the null model: a constant only, or, without a constant, nothing but the offset."""
    prsquared: float
    """McFadden's ``1 - llf / llnull``; not a share of variation."""
    llr: float
    """Likelihood-ratio statistic against the null model, ``2 (llf - llnull)``."""
    llr_pvalue: float
    """Its p-value, with ``df_model`` degrees of freedom."""
    deviance: float
    """Twice what the log-likelihood falls short of that of a perfect fit."""
    null_deviance: float
    """The null model's deviance."""
    pearson_chi2: float
    """Sum of squared Pearson residuals."""
    aic: float
    """Akaike's information criterion: smaller is better, among regressions of the same y."""
    bic: float
    """Schwarz's information criterion."""
    df_resid: float
    """Rows less coefficients."""
    df_model: float
    """Coefficients other than the constant."""
    nobs: int
    """Number of rows."""
    iterations: int
    """Newton steps made."""
    converged: bool
    """Whether the slope of the likelihood is zero to within rounding."""
    scaled_condition_number: float
    """How nearly the columns depend on each other, whatever their units: about 1 for orthogonal ones."""
    cov_type: str
    """Kind of standard errors."""
    confidence_level: float
    """Level of the intervals."""
    ratios: Doubles
    """``exp(params)``: by what one more unit of a column multiplies the odds (rate)."""
    ratios_conf_int: Doubles
    """Lower and upper end of each ratio's confidence interval, shape (k, 2)."""
    _y: Doubles
    _cov_root: Doubles
    _only: Doubles | None
    _design: Design | None
    _response: str

    _family: ClassVar[str]
    _kind: ClassVar[str]
    _ratio: ClassVar[str]
    _null: ClassVar[str]

    @property
    def tvalues(self) -> Doubles:
        """The same as ``zvalues``: statsmodels' name."""
        return self.zvalues

    @property
    def fittedvalues(self) -> Doubles:
        """Mean of y that the regression gives for each row: a probability, or an expected count."""
        return _core.means(self._family, self.linear_predictor)

    @property
    def resid_response(self) -> Doubles:
        """Residuals: y less the fitted value."""
        return _core.residuals(self._family, "response", self._y, self.linear_predictor)

    @property
    def resid_pearson(self) -> Doubles:
        """Residuals in standard deviations of y; their squares add up to ``pearson_chi2``."""
        return _core.residuals(self._family, "pearson", self._y, self.linear_predictor)

    @property
    def resid_deviance(self) -> Doubles:
        """Signed roots of what each row adds to the deviance."""
        return _core.residuals(self._family, "deviance", self._y, self.linear_predictor)

    @property
    def notes(self) -> tuple[str, ...]:
        """What makes the numbers doubtful."""
        return tuple(note.removeprefix("Note: ") for note in self._cautions())

    def _predict(self, X: Any, interval: Any, confidence_level: float | None, offset: Any) -> Any:
        if interval not in (None, "confidence"):
            raise ValueError(
                f"predict: interval is {interval!r}, but must be None or 'confidence' (the interval of a mean)"
            )
        if X is None:
            if interval is not None:
                raise ValueError("predict: X is not given, but intervals need the rows; pass those of the fit again")
            return self.fittedvalues
        if self._design is not None:
            X = self._design.new(X)
        level = self.confidence_level if confidence_level is None else confidence_level
        parts = _core.predict(X, self.params, self._cov_root, self._family, offset, level)
        return parts[0] if interval is None else Prediction(*parts)

    def summary(self) -> str:
        """Lay the regression out as the familiar table: the whole, the coefficients, and what to be careful about.

        Examples
        --------
        >>> import underhood as uh
        >>> dose, ill = [1, 2, 3, 4, 5, 6, 7, 8] * 3, [0, 0, 1, 0, 0, 1, 1, 1] * 3
        >>> print(uh.stats.logistic_regression(dose, ill, names=["dose"]).summary())
        Logistic regression by maximum likelihood: log odds of y = 1 beside y = 0
        <BLANKLINE>
        rows                        24    log-likelihood     -10.57
        coefficients                 2    of the null        -16.64
        residual df                 22    LR chi-squared      12.13
        deviance                 21.14    p of LR          0.000496
        Pearson chi-squared      18.85    pseudo R²          0.3646
        standard errors      classical    AIC                 25.14
        Newton steps                 5    BIC                  27.5
        <BLANKLINE>
                  coef  std err       z    P>|z|  [2.5 %  97.5 %]  odds ratio
        ─────  ───────  ───────  ──────  ───────  ──────  ───────  ──────────
        const  -3.7209    1.517  -2.453   0.0142  -6.694   -0.748     0.02421
        dose   0.82688   0.3146   2.628  0.00859  0.2102    1.444       2.286
        """
        parts = [self._title(), self._whole(), text_table(*self._coefficients()), "\n".join(self._cautions())]
        return "\n\n".join(part for part in parts if part)

    def explain(self) -> str:
        """Say in words what was asked, what was found, on what assumptions, and what may not be concluded.

        Examples
        --------
        >>> import underhood as uh
        >>> dose, ill = [1, 2, 3, 4, 5, 6, 7, 8] * 3, [0, 0, 1, 0, 0, 1, 1, 1] * 3
        >>> print(uh.stats.logistic_regression(dose, ill, names=["dose"]).explain().splitlines()[0])
        Question: how do the odds of y = 1 beside y = 0 change with dose?
        """
        slopes = range(len(self.params) - int(self.df_model), len(self.params))
        lines = [f"Question: {self._question([self.names[i] for i in slopes])}"]
        if self.df_model > 0:
            lines.append(
                f"The whole: {self._null}, a likelihood ratio of at least {format_value(self.llr)} would come up with "
                f"probability {format_probability(self.llr_pvalue)} in {self.nobs} rows like these, approximately."
            )
        lines += [self._effect(i) for i in slopes]
        lines.append(f"Assumptions: {self._assumed()}")
        lines += self._cautions()
        lines.append(
            "Not concluded: that a column causes y (rows that differ in it may differ in more); that a coefficient "
            "with a large p-value is zero (its interval says how large it may be); anything outside the range of the "
            "rows."
        )
        return "\n".join(lines)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the fitted curve with its band over the data (one column), or the ratios with their intervals.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default on a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            Where it was drawn.

        Examples
        --------
        >>> import underhood as uh
        >>> fit = uh.stats.logistic_regression([1, 2, 3, 4, 5, 6], [0, 0, 1, 0, 1, 1], names=["dose"])
        >>> fit.plot().get_xlabel()
        'dose'
        """
        from underhood.plot import _models

        if self._only is None:
            start = len(self.params) - int(self.df_model)
            return _models.ratios(
                self.names[start:], self.ratios[start:], self.ratios_conf_int[start:], self._ratio, ax=ax
            )
        low, high = float(self._only.min()), float(self._only.max())
        grid = np.linspace(low, high, 200)
        parts = _core.predict(grid, self.params, self._cov_root, self._family, None, self.confidence_level)
        labels = self.names[-1], self._up()
        return _models.fitted_curve(self._only, self._y, grid, parts, labels, self.confidence_level, ax=ax)

    def _against(self, restricted: Any) -> ModelComparisonResult:
        """Test what this model adds to one that is part of it, by the likelihood ratio."""
        if restricted.nobs != self.nobs or not np.array_equal(restricted._y, self._y):
            raise ValueError(
                f"compare_models: fits are of different responses ({restricted.nobs} and {self.nobs} rows); rows with "
                "missing values may have been left out of one only"
            )
        more = restricted.df_resid - self.df_resid
        if more <= 0:
            raise ValueError(
                f"compare_models: fits have {len(restricted.params)} and {len(self.params)} coefficients, but the "
                "smaller model comes first, and the next one has more"
            )
        # The columns themselves are not kept: names tell whose they are, and a part cannot fit better than the whole.
        missing = [name for name in restricted.names if name not in self.names]
        if missing or restricted.llf > self.llf + 1e-9 * abs(self.llf):
            raise ValueError(
                "compare_models: fits are not nested: the first has columns that the next lacks"
                + (f" ({', '.join(missing)})" if missing else "")
            )
        offsets = [fit.nobs - fit.df_resid - fit.df_model for fit in (restricted, self)]
        if offsets[0] == offsets[1] and not np.isclose(restricted.llnull, self.llnull, rtol=1e-9, atol=1e-9):
            raise ValueError("compare_models: fits have different offsets or exposures")
        statistic = max(restricted.deviance - self.deviance, 0.0)
        return ModelComparisonResult(
            statistic,
            float(ChiSquared(more).sf(statistic)),
            (more,),
            statistic / restricted.deviance if restricted.deviance else 0.0,
            tuple(name for name in self.names if name not in restricted.names),
            (restricted.aic, self.aic),
            self.nobs,
            f"Likelihood-ratio test of nested regressions ({self._kind})",
        )

    def _question(self, slopes: list[str]) -> str:
        raise NotImplementedError

    def _up(self) -> str:
        raise NotImplementedError

    def _effect(self, i: int) -> str:
        raise NotImplementedError

    def _assumed(self) -> str:
        raise NotImplementedError

    def _interval(self, i: int) -> str:
        low, high = self.ratios_conf_int[i]
        return (
            f"{percent(self.confidence_level)} interval {format_value(low)} to {format_value(high)}; "
            f"{_equals(self.pvalues[i])}"
        )

    def _statistics(self) -> list[tuple[str, str]]:
        return [
            ("rows", str(self.nobs)),
            ("log-likelihood", _short(self.llf)),
            ("coefficients", str(len(self.params))),
            ("of the null", _short(self.llnull)),
            ("residual df", f"{self.df_resid:g}"),
            ("LR chi-squared", _short(self.llr)),
            ("deviance", _short(self.deviance)),
            ("p of LR", format_probability(self.llr_pvalue, 3)),
            ("Pearson chi-squared", _short(self.pearson_chi2)),
            ("pseudo R²", _short(self.prsquared)),
            ("standard errors", self.cov_type),
            ("AIC", _short(self.aic)),
            ("Newton steps", str(self.iterations)),
            ("BIC", _short(self.bic)),
        ]

    def _whole(self) -> str:
        cells = self._statistics()
        return "\n".join(
            f"{left[0]:<19} {left[1]:>10}    {right[0]:<14} {right[1]:>10}"
            for left, right in zip(cells[::2], cells[1::2], strict=True)
        )

    def _coefficients(self) -> tuple[list[str], list[list[str]]]:
        tail = 50 * (1 - self.confidence_level)
        header = ["", "coef", "std err", "z", "P>|z|", f"[{tail:.3g} %", f"{100 - tail:.4g} %]", self._ratio]
        rows = [
            [
                name,
                _short(self.params[i], 5),
                _short(self.bse[i]),
                _short(self.zvalues[i]),
                format_probability(self.pvalues[i], 3),
                _short(self.conf_int[i, 0]),
                _short(self.conf_int[i, 1]),
                _short(self.ratios[i]),
            ]
            for i, name in enumerate(self.names)
        ]
        return header, rows

    def _cautions(self) -> list[str]:
        notes = []
        if not self.converged:
            notes.append(
                f"Note: the iteration was stopped after {self.iterations} steps, before the slope of the likelihood "
                "was zero: the numbers are not those of the maximum. Raise max_iter."
            )
        if self.scaled_condition_number > 1e4:
            notes.append(
                "Note: the columns nearly depend on each other (scaled condition number "
                f"{format_value(self.scaled_condition_number)}): single coefficients are uncertain and change much "
                "with small changes of the data, though predictions may be good."
            )
        return notes

    def _rows(self) -> list[tuple[str, str]]:
        return self._statistics()

    def __repr__(self) -> str:
        line = (
            f"pseudo R² {_short(self.prsquared)}, LR χ²({self.df_model:g}) = {_short(self.llr)}, "
            f"{_equals(self.llr_pvalue, 3)}, {self.nobs} rows"
        )
        return "\n".join([self._title(), line, text_table(*self._coefficients()), *self._cautions()])

    def _repr_html_(self) -> str:
        header, rows = self._coefficients()
        cells = self._statistics()
        whole = [[*left, *right] for left, right in zip(cells[::2], cells[1::2], strict=True)]
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._cautions())
        return f"<p><b>{escape(self._title())}</b></p>{html_table(None, whole)}{html_table(header, rows)}{notes}"


@dataclass(slots=True, repr=False, eq=False)
class LogisticRegressionResult(_GeneralisedResult):
    """A fitted logistic regression.

    Fields are named as in statsmodels. ``print`` shows the coefficients, ``summary()`` the whole table.
    """

    levels: tuple[Any, Any] = (0, 1)
    """What y = 0 and y = 1 stand for; the odds are those of the second beside the first."""

    _family: ClassVar[str] = "binomial"
    _kind: ClassVar[str] = "Logistic"
    _ratio: ClassVar[str] = "odds ratio"
    _null: ClassVar[str] = "if no column had any bearing on the odds"

    @property
    def odds_ratios(self) -> Doubles:
        """``exp(params)``: by what one more unit of a column multiplies the odds; for the constant, odds at zero."""
        return self.ratios

    @property
    def odds_ratios_conf_int(self) -> Doubles:
        """Confidence interval of each odds ratio, shape (k, 2)."""
        return self.ratios_conf_int

    def predict(
        self,
        X: Any = None,
        *,
        interval: Literal["confidence"] | None = None,
        confidence_level: float | None = None,
    ) -> Any:
        """Predict the probability of the second level for rows of X.

        Parameters
        ----------
        X : array_like or frame, shape (m, k), optional
            New rows, with the columns of the fit in the same order; after a fit by formula, a frame with the columns
            that it names. Default: the rows of the fit.
        interval : {"confidence"}, optional
            Whether to add the interval of each probability: that of the log odds, carried over.
        confidence_level : float, optional
            Level of the intervals; default: that of the fit.

        Returns
        -------
        numpy.ndarray or Prediction
            Probabilities; with ``interval``, named parts ``predicted``, ``lower`` and ``upper``.

        Examples
        --------
        >>> import underhood as uh
        >>> fit = uh.stats.logistic_regression([1, 2, 3, 4, 5, 6], [0, 0, 1, 0, 1, 1])
        >>> fit.predict([3.5]).round(10)
        array([0.5])
        >>> low, high = fit.predict([5], interval="confidence")[1:]
        >>> bool(0 < low[0] < high[0] < 1)
        True
        """
        return self._predict(X, interval, confidence_level, None)

    def _title(self) -> str:
        return f"Logistic regression by maximum likelihood: log odds of {self._event()} beside {self._other()}"

    def _event(self) -> str:
        return f"{self._response} = {self.levels[1]}"

    def _other(self) -> str:
        return f"{self._response} = {self.levels[0]}"

    def _up(self) -> str:
        return f"probability of {self._event()}"

    def _question(self, slopes: list[str]) -> str:
        change = f"change with {_listed(slopes)}" if slopes else "stand"
        return f"how do the odds of {self._event()} beside {self._other()} {change}?"

    def _effect(self, i: int) -> str:
        return (
            f"{self.names[i]}: one more unit, the other columns alike, goes with odds multiplied by "
            f"{format_value(self.ratios[i])} ({self._interval(i)})."
        )

    def _assumed(self) -> str:
        held = "" if self.cov_type == "classical" else " (standard errors hold when the variance is another)"
        return (
            "rows are independent of each other; the logarithm of the odds depends on the columns in a straight line"
            f"{held}; rows are many, since standard errors and p-values are those of large samples. None of this is "
            "checked here. Odds are the probability over that of the opposite: multiplying odds is not multiplying the "
            "probability."
        )

    def _cautions(self) -> list[str]:
        notes = _GeneralisedResult._cautions(self)
        rarer = min(self._y.sum(), self.nobs - self._y.sum())
        if rarer < 10 * self.df_model:
            notes.append(
                "Note: fewer than ten rows of the rarer level stand behind each coefficient; coefficients are then too "
                "far from zero, and intervals too short."
            )
        return notes


@dataclass(slots=True, repr=False, eq=False)
class PoissonRegressionResult(_GeneralisedResult):
    """A fitted Poisson regression.

    Fields are named as in statsmodels. ``print`` shows the coefficients, ``summary()`` the whole table.
    """

    dispersion: float = 1.0
    """``pearson_chi2 / df_resid``: about 1 for counts that vary as Poisson's do, more if they vary more."""

    _family: ClassVar[str] = "poisson"
    _kind: ClassVar[str] = "Poisson"
    _ratio: ClassVar[str] = "rate ratio"
    _null: ClassVar[str] = "if no column had any bearing on the counts"

    @property
    def rate_ratios(self) -> Doubles:
        """``exp(params)``: by what one more unit of a column multiplies the rate; for the constant, rate at zero."""
        return self.ratios

    @property
    def rate_ratios_conf_int(self) -> Doubles:
        """Confidence interval of each rate ratio, shape (k, 2)."""
        return self.ratios_conf_int

    def predict(
        self,
        X: Any = None,
        *,
        offset: ArrayLike | None = None,
        exposure: ArrayLike | None = None,
        interval: Literal["confidence"] | None = None,
        confidence_level: float | None = None,
    ) -> Any:
        """Predict the mean count for rows of X.

        Parameters
        ----------
        X : array_like or frame, shape (m, k), optional
            New rows, with the columns of the fit in the same order; after a fit by formula, a frame with the columns
            that it names. Default: the rows of the fit, with their exposure.
        offset, exposure : array_like, shape (m,), optional
            Those of the new rows; by default an exposure of 1, so that rates are predicted.
        interval : {"confidence"}, optional
            Whether to add the interval of each mean: that of its logarithm, carried over.
        confidence_level : float, optional
            Level of the intervals; default: that of the fit.

        Returns
        -------
        numpy.ndarray or Prediction
            Means; with ``interval``, named parts ``predicted``, ``lower`` and ``upper``.

        Examples
        --------
        >>> import underhood as uh
        >>> fit = uh.stats.poisson_regression([0, 0, 1, 1], [3, 5, 2, 10], exposure=[1, 3, 2, 1])
        >>> fit.predict([0, 1]).round(10)
        array([2., 4.])
        """
        if exposure is not None:
            times = np.asarray(exposure, dtype=np.float64)
            if not (np.isfinite(times).all() and (times > 0).all()):
                raise ValueError("predict: exposure must hold positive finite numbers")
            offset = np.log(times) + (0.0 if offset is None else np.asarray(offset, dtype=np.float64))
        return self._predict(X, interval, confidence_level, offset)

    def _title(self) -> str:
        return f"Poisson regression by maximum likelihood: logarithm of the mean of {self._response}"

    def _up(self) -> str:
        return self._response

    def _question(self, slopes: list[str]) -> str:
        change = f"change with {_listed(slopes)}" if slopes else "stand"
        return f"how does the mean of the counts {self._response} {change}?"

    def _effect(self, i: int) -> str:
        return (
            f"{self.names[i]}: one more unit, the other columns alike, goes with a mean count multiplied by "
            f"{format_value(self.ratios[i])} ({self._interval(i)})."
        )

    def _assumed(self) -> str:
        held = "as large as its mean" if self.cov_type == "classical" else "any (standard errors allow for it)"
        return (
            "counted events are independent of each other; the logarithm of the mean depends on the columns in a "
            f"straight line; the variance of a count is {held}; counts or rows are many, since standard errors and "
            "p-values are those of large samples."
        )

    def _cautions(self) -> list[str]:
        notes = _GeneralisedResult._cautions(self)
        # A chi-squared with d degrees of freedom has mean d and variance 2d: three deviations are no chance.
        apart = 3 * (2 / self.df_resid) ** 0.5 if self.df_resid > 0 else np.inf
        if self.dispersion > 1 + apart:
            notes.append(
                f"Note: counts vary more than Poisson's do (Pearson chi-squared / residual df = "
                f"{format_value(self.dispersion)}, where about one is expected): "
                + (
                    'standard errors are too small and p-values too; pass cov_type="HC0".'
                    if self.cov_type == "classical"
                    else "the standard errors allow for it, the likelihood-ratio test does not."
                )
            )
        return notes


class _Read(NamedTuple):
    """The arguments of a fit, read."""

    X: Any
    y: Any
    intercept: bool
    names: list[str] | None
    constant: str
    response: str
    design: Design | None


def _read(function: str, X: Any, y: Any, data: Any, options: tuple[Any, Any, str], also: Any, labels: bool) -> _Read:
    intercept, names, nan_policy = options
    if isinstance(X, str):
        design = Design(
            X, y if data is None else data, function=function, nan_policy=nan_policy, also=also, labels=labels
        )
        slopes = list(design.names[design.has_intercept :])
        return _Read(design.X, design.y, design.has_intercept, slopes, "Intercept", design.response, design)
    if not isinstance(intercept, bool | np.bool_):
        raise TypeError(f"{function}: intercept is a {type(intercept).__name__}, but must be True or False")
    if data is not None:
        raise TypeError(f"{function}: data is given, but X is no formula; pass X and y, or a formula and a frame")
    if nan_policy != "raise":
        raise ValueError(f"{function}: nan_policy is {nan_policy!r}, but arrays are taken whole; it serves formulas")
    given = _names(X) if names is None else [str(name) for name in names]
    name = getattr(y, "name", None)
    return _Read(X, y, bool(intercept), given, "const", "y" if name is None else str(name), None)


def _fields(read: _Read, found: Any, y: Any, cov_type: str, confidence_level: float) -> list[Any]:
    (*fields, cov_root), statistics, counts = found
    params, conf_int = fields[0], fields[4]
    slopes = read.names or [f"x{j}" for j in range(1, len(params) + 1 - read.intercept)]
    only = None
    if len(params) == 1 + read.intercept and len(slopes) == 1 and read.intercept:
        only = np.array(read.X, dtype=np.float64).reshape(-1)
    with np.errstate(over="ignore"):
        ratios, ratios_conf_int = np.exp(params), np.exp(conf_int)
    names = (read.constant, *slopes) if read.intercept else tuple(slopes)
    kind = "classical" if cov_type == "nonrobust" else cov_type
    return [
        names,
        *fields,
        *statistics,
        *counts,
        kind,
        confidence_level,
        ratios,
        ratios_conf_int,
        y,
        cov_root,
        only,
        read.design,
        read.response,
    ]


def logistic_regression(
    X: ArrayLike | str,
    y: Any = None,
    *,
    data: Any = None,
    intercept: bool = True,
    names: Sequence[str] | None = None,
    cov_type: Literal["classical", "HC0", "HC1"] = "classical",
    confidence_level: float = 0.95,
    nan_policy: Literal["raise", "omit"] = "raise",
    max_iter: int = 100,
) -> LogisticRegressionResult:
    """Regress the log odds of a yes on the columns of X by maximum likelihood, with inference.

    ln(P(y = 1)/P(y = 0)) = Zβ, where Z is X with a column of ones before it; β makes the data most likely. There is no
    penalty (that of :class:`underhood.models.LogisticRegression` predicts better and tells less).

    Parameters
    ----------
    X : array_like or frame, shape (n, k) or (n,), or str
        A column for each variable, or a vector for one; or a formula such as ``"survived ~ age + C(pclass)"``.
    y : array_like, shape (n,), or frame
        0 and 1, booleans, or any two labels, of which the second in order counts as 1 (``result.levels``); after a
        formula, the frame.
    data : frame, optional
        The frame of a formula, if it is not passed as ``y``.
    intercept : bool
        Whether to add the constant. (statsmodels adds none: its ``add_constant`` is this default.)
    names : sequence of str, optional
        Names of X's columns; by default a frame's, or x1, x2, ….
    cov_type : {"classical", "HC0", "HC1"}
        Standard errors from the information, or the sandwich, which holds when y varies otherwise than it should.
    confidence_level : float
        Level of the confidence intervals.
    nan_policy : {"raise", "omit"}
        Whether rows of a formula's frame with missing values are refused or left out.
    max_iter : int
        The largest number of Newton steps.

    Returns
    -------
    LogisticRegressionResult
        ``params bse zvalues pvalues conf_int odds_ratios llf llnull prsquared llr_pvalue aic bic deviance`` and more;
        ``summary()``, ``explain()``, ``predict(X)``, ``plot()``.

    Raises
    ------
    ValueError
        If columns separate the classes (it says which), so that no finite coefficients are best; if a value is missing
        or infinite; if columns depend on each other; if a column is constant beside the intercept; if y has not two
        levels; if there are not more rows than coefficients.

    Notes
    -----
    Newton's method in an orthogonal basis, until the slope of the likelihood is zero to within rounding; statsmodels
    stops at a tolerance. Without a constant, the null model has odds of one, where statsmodels still takes a constant.
    Sources: McCullagh and Nelder, Generalized Linear Models (1989); Albert and Anderson (1984) on separation,
    doi:10.1093/biomet/71.1.1.

    Examples
    --------
    >>> import underhood as uh
    >>> titanic = {"age": [22, 38, 26, 35, 54, 2, 27, 14], "survived": [0, 1, 1, 0, 0, 1, 0, 1]}
    >>> fit = uh.stats.logistic_regression("survived ~ age", titanic)
    >>> fit.names, fit.params.round(4)
    (('Intercept', 'age'), array([ 2.3953, -0.0882]))
    >>> fit.converged
    True
    """
    function = "logistic_regression"
    read = _read(function, X, y, data, (intercept, names, nan_policy), None, True)
    codes, levels = _levels(function, read.y)
    texts = (str(levels[0]), str(levels[1]))
    found = _core.logistic_regression(
        read.X, codes, read.intercept, read.names, texts, cov_type, confidence_level, max_iter
    )
    # In the fields' order: keywords would take longer than the fit of a small table.
    return LogisticRegressionResult(*[*_fields(read, found, codes, cov_type, confidence_level), levels])


def poisson_regression(
    X: ArrayLike | str,
    y: Any = None,
    *,
    offset: ArrayLike | str | None = None,
    exposure: ArrayLike | str | None = None,
    data: Any = None,
    intercept: bool = True,
    names: Sequence[str] | None = None,
    cov_type: Literal["classical", "HC0", "HC1"] = "classical",
    confidence_level: float = 0.95,
    nan_policy: Literal["raise", "omit"] = "raise",
    max_iter: int = 100,
) -> PoissonRegressionResult:
    """Regress the logarithm of the mean of counts on the columns of X by maximum likelihood, with inference.

    ln E y = Zβ + offset + ln exposure, where Z is X with a column of ones before it; β makes the counts most likely.

    Parameters
    ----------
    X : array_like or frame, shape (n, k) or (n,), or str
        A column for each variable, or a vector for one; or a formula such as ``"accidents ~ age + C(city)"``.
    y : array_like, shape (n,), or frame
        Counts; after a formula, the frame.
    offset : array_like, shape (n,), or str, optional
        What is added to the logarithm of each mean; after a formula also the name of a column.
    exposure : array_like, shape (n,), or str, optional
        What each count is proportional to: time, population. Its logarithm is added, so that the coefficients describe
        the rate.
    data : frame, optional
        The frame of a formula, if it is not passed as ``y``.
    intercept : bool
        Whether to add the constant. (statsmodels adds none: its ``add_constant`` is this default.)
    names : sequence of str, optional
        Names of X's columns; by default a frame's, or x1, x2, ….
    cov_type : {"classical", "HC0", "HC1"}
        Standard errors from the information, or the sandwich, which holds when counts vary more than Poisson's do.
    confidence_level : float
        Level of the confidence intervals.
    nan_policy : {"raise", "omit"}
        Whether rows of a formula's frame with missing values are refused or left out.
    max_iter : int
        The largest number of Newton steps.

    Returns
    -------
    PoissonRegressionResult
        ``params bse zvalues pvalues conf_int rate_ratios llf llnull prsquared llr_pvalue aic bic deviance`` and more;
        ``summary()``, ``explain()``, ``predict(X)``, ``plot()``.

    Raises
    ------
    ValueError
        If y holds no counts; if an exposure is not positive; if a column tells where counts are zero, so that no finite
        coefficients are best; if a value is missing or infinite; if columns depend on each other; if a column is
        constant beside the intercept; if there are not more rows than coefficients.

    Notes
    -----
    Newton's method in an orthogonal basis, until the slope of the likelihood is zero to within rounding. Sources:
    McCullagh and Nelder, Generalized Linear Models (1989); Santos Silva and Tenreyro (2010) on counts without a
    maximum, doi:10.1016/j.econlet.2010.02.020.

    Examples
    --------
    >>> import underhood as uh
    >>> fit = uh.stats.poisson_regression([0, 0, 1, 1], [3, 5, 2, 10], exposure=[1, 3, 2, 1])
    >>> fit.rate_ratios.round(10)
    array([2., 2.])
    """
    function = "poisson_regression"
    also = {name: value for name, value in (("offset", offset), ("exposure", exposure)) if value is not None}
    read = _read(function, X, y, data, (intercept, names, nan_policy), also, False)
    if read.design is not None:
        offset, exposure = read.design.also.get("offset"), read.design.also.get("exposure")
    found = _core.poisson_regression(
        read.X, read.y, offset, exposure, read.intercept, read.names, cov_type, confidence_level, max_iter
    )
    counts = np.array(read.y, dtype=np.float64)
    fields = _fields(read, found, counts, cov_type, confidence_level)
    if also:
        # The curve of means would be another for every exposure.
        fields[-3] = None
    pearson, df_resid = found[1][7], found[1][10]
    return PoissonRegressionResult(*[*fields, pearson / df_resid])


def _levels(function: str, y: Any) -> tuple[Any, tuple[Any, Any]]:
    """Zeros and ones, and what they stand for: two labels in their order."""
    if isinstance(y, np.ma.MaskedArray):
        raise TypeError(f"{function}: y is a masked array, whose mask would be lost; pass .compressed()")
    if y is None or isinstance(y, str | bytes | dict | set) or (hasattr(y, "collect_schema") and hasattr(y, "collect")):
        raise TypeError(f"{function}: y is a {type(y).__name__}, but a vector of two labels is needed")
    try:
        labels = y if type(y) is np.ndarray else np.asarray(y)
    except ValueError:
        raise TypeError(f"{function}: y is ragged, but a vector of labels is needed") from None
    if labels.ndim != 1:
        shape = "×".join(map(str, labels.shape)) or "a single value"
        raise ValueError(f"{function}: y is {shape}, but a vector of labels is needed")
    if labels.dtype.kind == "b":
        return labels.astype(np.float64), (False, True)
    if labels.dtype.kind in "iuf":
        numbers = labels.astype(np.float64)
        if not numbers.size:
            return numbers, (0, 1)
        low, high = numbers.min(), numbers.max()
        # A missing value makes both NaN; the core says where it stands. One level only: it says that too.
        if (low == 0 and high == 1) or not (np.isfinite(low) and np.isfinite(high)) or low == high:
            return numbers, (0, 1)
        ones = numbers == high
        other = ~ones & (numbers != low)
        if other.any():
            first = int(np.argmax(other))
            raise ValueError(
                f"{function}: y has more than two values ({format_value(low)}, {format_value(high)}, and "
                f"{format_value(numbers[first])} at index {first}), but a logistic regression tells two apart"
            )
        return ones.astype(np.float64), (labels.min().item(), labels.max().item())
    if labels.dtype.kind not in "OUST":
        raise TypeError(f"{function}: y holds neither numbers nor text ({labels.dtype}), but two labels are needed")
    values = labels.tolist()
    for i, value in enumerate(values):
        if value is None or type(value).__name__ in ("NAType", "NaTType") or value != value:
            raise ValueError(f"{function}: y has a missing label ({value}) at index {i}; remove such rows first")
        if not isinstance(value, str | bytes | bool | int | float):
            raise TypeError(f"{function}: y holds Python objects (a {type(value).__name__}), but two labels are needed")
    try:
        classes = sorted(set(values))
    except TypeError:
        raise TypeError(f"{function}: y mixes labels that have no common order, such as texts and numbers") from None
    categories = getattr(getattr(y, "cat", None), "categories", None)
    if categories is not None and not hasattr(y, "cast"):
        # Categories have an order of their own.
        classes = [category for category in categories if category in set(values)]
    if len(classes) != 2:
        shown = ", ".join(repr(label) for label in classes[:5]) + (", …" if len(classes) > 5 else "")
        raise ValueError(
            f"{function}: y has {len(classes)} level{'s' * (len(classes) != 1)} ({shown}), but a logistic regression "
            "tells two apart"
        )
    return np.array([value == classes[1] for value in values], dtype=np.float64), (classes[0], classes[1])


def _names(X: Any) -> list[str] | None:
    """Take the column names of a frame, or the name of a series."""
    columns = getattr(X, "columns", None)
    if columns is not None:
        return [str(name) for name in columns]
    name = getattr(X, "name", None)
    return None if name is None else [str(name)]


def _short(value: float, digits: int = 4) -> str:
    return format_value(value, digits)


def _equals(p: float, digits: int = 6) -> str:
    text = format_probability(p, digits)
    return f"p {text}" if text.startswith("<") else f"p = {text}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
