"""What logistic and Poisson regressions hold: numbers, predictions, residuals, and comparison with a smaller model."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from underhood._core import glm as _core
from underhood._results import Result
from underhood.distributions import ChiSquared
from underhood.stats import _glm_words
from underhood.stats._diagnostics import ModelComparisonResult
from underhood.stats._formula import Design
from underhood.stats._regression import Prediction

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    Doubles = NDArray[np.float64]

__all__ = ["GeneralisedResult", "LogisticRegressionResult", "PoissonRegressionResult"]


@dataclass(slots=True, repr=False, eq=False)
class GeneralisedResult(Result, ABC):
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
    """Log-likelihood of the null model: a constant only, or, if the columns make none, nothing but the offset."""
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
    """Coefficients, less one when there is a constant: added, one of the columns, or made by them together."""
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
    _constant: bool

    _family: ClassVar[str]
    _kind: ClassVar[str]
    _ratio: ClassVar[str]
    _null: ClassVar[str]
    _multiplied: ClassVar[str]

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
        return tuple(note.removeprefix("Note: ") for note in _glm_words.cautions(self))

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
        return _glm_words.table_of(self)

    def explain(self) -> str:
        """Say in words what was asked, what was found, on what assumptions, and what may not be concluded.

        Examples
        --------
        >>> import underhood as uh
        >>> dose, ill = [1, 2, 3, 4, 5, 6, 7, 8] * 3, [0, 0, 1, 0, 0, 1, 1, 1] * 3
        >>> print(uh.stats.logistic_regression(dose, ill, names=["dose"]).explain().splitlines()[0])
        Question: how do the odds of y = 1 beside y = 0 change with dose?
        """
        return _glm_words.words(self)

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
            start = self._slopes().start
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

    def _slopes(self) -> range:
        """Where the coefficients stand that are not the added constant's."""
        return range(int(self._constant), len(self.params))

    @abstractmethod
    def _title(self) -> str:
        """Say in the first line what this is."""

    @abstractmethod
    def _up(self) -> str:
        """Name what the picture of one column has on its vertical axis."""

    @abstractmethod
    def _question(self) -> str:
        """Ask, in words, what was fitted."""

    @abstractmethod
    def _assumed(self) -> str:
        """Say what the model rests on."""

    @abstractmethod
    def _own_cautions(self) -> list[str]:
        """Name what this kind of model has to beware of."""

    def _rows(self) -> list[tuple[str, str]]:
        return _glm_words.whole(self)

    def __repr__(self) -> str:
        return _glm_words.block(self)

    def _repr_html_(self) -> str:
        return _glm_words.html_page(self)


@dataclass(slots=True, repr=False, eq=False)
class LogisticRegressionResult(GeneralisedResult):
    """A fitted logistic regression.

    Fields are named as in statsmodels. ``print`` shows the coefficients, ``summary()`` the whole table.
    """

    levels: tuple[Any, Any] = (0, 1)
    """What y = 0 and y = 1 stand for; the odds are those of the second beside the first."""

    _family: ClassVar[str] = "binomial"
    _kind: ClassVar[str] = "Logistic"
    _ratio: ClassVar[str] = "odds ratio"
    _null: ClassVar[str] = "if no column had any bearing on the odds"
    _multiplied: ClassVar[str] = "odds"

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

    def _question(self) -> str:
        return f"how do the odds of {self._event()} beside {self._other()}"

    def _assumed(self) -> str:
        return _glm_words.assumed_of_odds(self)

    def _own_cautions(self) -> list[str]:
        return _glm_words.cautions_of_odds(self)


@dataclass(slots=True, repr=False, eq=False)
class PoissonRegressionResult(GeneralisedResult):
    """A fitted Poisson regression.

    Fields are named as in statsmodels. ``print`` shows the coefficients, ``summary()`` the whole table.
    """

    dispersion: float = 1.0
    """``pearson_chi2 / df_resid``: about 1 for counts that vary as Poisson's do, more if they vary more."""

    _family: ClassVar[str] = "poisson"
    _kind: ClassVar[str] = "Poisson"
    _ratio: ClassVar[str] = "rate ratio"
    _null: ClassVar[str] = "if no column had any bearing on the counts"
    _multiplied: ClassVar[str] = "a mean count"

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

    def _question(self) -> str:
        return f"how does the mean of the counts {self._response}"

    def _assumed(self) -> str:
        return _glm_words.assumed_of_counts(self)

    def _own_cautions(self) -> list[str]:
        return _glm_words.cautions_of_counts(self)
