"""How variables go together: one pair's coefficient, without what others explain, and a sequence with itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import correlation as core
from underhood._results import Result, format_probability, format_value
from underhood.stats._hypothesis import Assumption, HypothesisTestResult, chance, interval, percent
from underhood.stats._policy import over

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "AutocorrelationResult",
    "CorrelationResult",
    "PartialCorrelationResult",
    "acf",
    "kendalltau",
    "partial_corr",
    "pearsonr",
    "spearmanr",
]

_PAIRS = Assumption("the pairs are independent of each other")
_CAUTION = (
    "a correlation does not tell which of them moves the other, or whether a third moves both; one near zero does not "
    "show that they are unrelated, only that they do not follow this pattern."
)
_HIGHLY_SKEWED = 1.0
"""Bulmer's rule (Principles of Statistics, 1979, p. 63): beyond it a distribution is highly skewed."""


@dataclass(slots=True, repr=False, eq=False)
class CorrelationResult(HypothesisTestResult):
    """A coefficient of correlation and what it says; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        The coefficient, between −1 and 1.
    pvalue : float
        Probability of a coefficient at least as far out in the direction of the alternative, if the two were
        independent.
    df : int or None
        Degrees of freedom, n − 2, where the p-value is from Student's t.
    n : int
        How many pairs.
    confidence_interval : tuple of float
        Interval from the inverse hyperbolic tangent of the coefficient, which is nearly normal; open to ±1 on one side
        if the alternative is one-sided.
    tied : tuple of int
        How many values of x and of y equal another one (0 for Pearson's coefficient, to which it does not matter).
    skewness : tuple of float
        Of x and y, for Pearson's coefficient; NaN for those of ranks.
    confidence_level : float
        Level of the interval.
    alternative : str
        Which departures count.
    coefficient : str
        Its name: ``"Pearson's r"``, ``"Spearman's ρ"``, ``"Kendall's τ_b"``.
    method : str
        Which test this is, and whether its p-value is exact.
    effect_size : float
        The coefficient.
    """

    statistic: float
    pvalue: float
    df: int | None
    n: int
    confidence_interval: tuple[float, float]
    tied: tuple[int, int]
    skewness: tuple[float, float]
    confidence_level: float
    alternative: str
    coefficient: str
    method: str

    @property
    def effect_size(self) -> float:
        """The coefficient itself."""
        return self.statistic

    def _title(self) -> str:
        return f"{self.method}, alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        said = {"method", "alternative", "coefficient", "tied" if self._pearson() else "skewness"}
        if self.df is None:
            said.add("df")
        return [row for row in Result._rows(self) if row[0] not in said]

    def _pearson(self) -> bool:
        return self.coefficient.startswith("Pearson")

    def _question(self) -> str:
        return f"do both variables {'follow a common straight line' if self._pearson() else 'rise and fall together'}?"

    def _finding(self) -> str:
        far = chance(self.alternative)
        if self.alternative == "two-sided" and "exact" in self.method:
            far = "at least as far out (twice the smaller tail)"
        verdict = self._verdict("the variables were independent", f"a coefficient {far}")
        return f"Of n = {self.n} pairs, {self.coefficient} is {format_value(self.statistic)}. {verdict}"

    def _size(self) -> str:
        return (
            f"{self.coefficient} is a size by itself, between minus one and one: {interval(*self.confidence_interval)} "
            f"({percent(self.confidence_level)} confidence interval)."
        )

    def _caution(self) -> str:
        return _CAUTION

    def _assumed(self) -> Iterator[Assumption]:
        yield _PAIRS
        if not self._pearson():
            return
        for name, skewness in zip(("x", "y"), self.skewness, strict=True):
            text = f"for the p-value and the interval: {name} is about normal"
            small = bool(abs(skewness) <= _HIGHLY_SKEWED)
            # Of normal samples the skewness has the standard error √(6/n): two of those tell nothing, on either side.
            tells = self.n * max(abs(skewness), _HIGHLY_SKEWED) ** 2 >= 24
            if np.isnan(skewness) or not tells:
                yield Assumption(text)
                continue
            size = "not far from zero" if small else "far from zero"
            yield Assumption(text, small, f"its skewness is {format_value(skewness)}, {size}, with n = {self.n}")

    def _remarks(self) -> Iterator[str]:
        if self.n < 4:
            yield f"{self.n} pairs tell next to nothing of a correlation"
        if any(assumption.supported is False for assumption in self._assumed()):
            yield "the values are heavily skewed; a coefficient of ranks (Spearman's, Kendall's) does not mind"
        if max(self.tied) > 0 and "exact" not in self.method:
            yield f"{max(self.tied)} of {self.n} values are tied, so the p-value is an approximation"


def pearsonr(
    x: ArrayLike,
    y: ArrayLike,
    *,
    alternative: str = "two-sided",
    confidence_level: float = 0.95,
    axis: int | None = None,
    nan_policy: str = "raise",
) -> CorrelationResult:
    """Pearson's correlation r = Σ(x − x̄)(y − ȳ)/√(Σ(x − x̄)² Σ(y − ȳ)²), with p-value and interval.

    The p-value is that of t = r√((n − 2)/(1 − r²)) with n − 2 degrees of freedom; the interval is Fisher's,
    tanh(artanh r ± z/√(n − 3)).

    Parameters
    ----------
    x, y : array_like, shape (n,)
        The pairs.
    alternative : {"two-sided", "less", "greater"}
        Which departures from 0 the p-value counts.
    confidence_level : float, default 0.95
        Level of the interval.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out together with its partner, or makes the result NaN.

    Returns
    -------
    CorrelationResult
        A :class:`ManyTestsResult` if ``axis`` is given.
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If there are fewer than two pairs, the lengths differ, a value is missing or infinite, or ``x`` or ``y`` is
        constant.

    Notes
    -----
    1 − r² is computed without cancellation, so that p-values are right for r close to ±1. Two pairs always lie on a
    line: p is 1. The interval is [−1, 1] for three pairs or fewer.

    References
    ----------
    R. A. Fisher (1921), On the "probable error" of a coefficient of correlation, Metron 1:3-32.

    Examples
    --------
    >>> import underhood as uh
    >>> r = uh.stats.pearsonr([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    >>> round(r.statistic, 10), round(r.pvalue, 6)
    (0.8, 0.104088)
    """
    if axis is not None or nan_policy != "raise":
        options = {"alternative": alternative, "confidence_level": confidence_level}
        return over(pearsonr, {"x": x, "y": y}, options, axis=axis, nan_policy=nan_policy, paired=True)
    found = core.pearsonr(x, y, alternative, confidence_level)
    return CorrelationResult(
        *found[:7], float(confidence_level), alternative, "Pearson's r", "Pearson's correlation (exact if normal)"
    )


def spearmanr(
    x: ArrayLike,
    y: ArrayLike,
    *,
    alternative: str = "two-sided",
    method: str = "auto",
    confidence_level: float = 0.95,
    axis: int | None = None,
    nan_policy: str = "raise",
) -> CorrelationResult:
    """Spearman's ρ: Pearson's r of the ranks, which measures how closely the points follow any rising or falling curve.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        The pairs; tied values share the mean of their ranks. (SciPy's first two arguments are called ``a`` and ``b``.)
    alternative : {"two-sided", "less", "greater"}
        Which departures from 0 the p-value counts.
    method : {"auto", "exact", "asymptotic"}
        How the p-value is found: over all orders of the ranks, from Student's t as SciPy does, or the former up to some
        ten pairs and the latter beyond.
    confidence_level : float, default 0.95
        Level of the interval.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out together with its partner, or makes the result NaN.

    Returns
    -------
    CorrelationResult
        A :class:`ManyTestsResult` if ``axis`` is given.
        Unpacks to (statistic, pvalue). Its ``method`` says whether the p-value is exact.

    Raises
    ------
    ValueError
        As :func:`pearsonr`; and for ``method="exact"`` of more pairs than can be counted (some 14).

    Notes
    -----
    Exact p-values heed ties: all orders of the tied ranks are counted. Student's t takes ρ√((n − 2)/(1 − ρ²)) with
    n − 2 degrees of freedom, which is rough for few pairs: in perfect order it gives 0, where the exact value is 2/n!.
    The interval is Bonett and Wright's, tanh(artanh ρ ± z√((1 + ρ²/2)/(n − 3))); [−1, 1] for three pairs or fewer.

    References
    ----------
    C. Spearman (1904), The proof and measurement of association between two things, doi:10.2307/1412159;
    D. G. Bonett, T. A. Wright (2000), doi:10.1007/BF02294183.

    Examples
    --------
    >>> import underhood as uh
    >>> rho = uh.stats.spearmanr([1, 2, 3, 4], [1, 8, 27, 64])
    >>> rho.statistic, round(rho.pvalue * 24), rho.method
    (1.0, 2, "Spearman's rank correlation (exact)")
    """
    if axis is not None or nan_policy != "raise":
        options = {"alternative": alternative, "method": method, "confidence_level": confidence_level}
        return over(spearmanr, {"x": x, "y": y}, options, axis=axis, nan_policy=nan_policy, paired=True)
    found = core.spearmanr(x, y, alternative, confidence_level, method)
    kind = "exact" if found[7] else "approximate, Student's t"
    title = f"Spearman's rank correlation ({kind})"
    return CorrelationResult(*found[:7], float(confidence_level), alternative, "Spearman's ρ", title)


def kendalltau(
    x: ArrayLike,
    y: ArrayLike,
    *,
    variant: str = "b",
    method: str = "auto",
    alternative: str = "two-sided",
    confidence_level: float = 0.95,
    axis: int | None = None,
    nan_policy: str = "raise",
) -> CorrelationResult:
    """Kendall's τ: of all pairs of points, the share that rise together less the share of which one falls.

    τ_b = (C − D)/√((N − Tₓ)(N − T_y)) of N = n(n − 1)/2 pairs of points, of which C are concordant, D discordant,
    Tₓ and T_y tied in x and in y; τ_c = 2m(C − D)/(n²(m − 1)), m the smaller number of distinct values.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        The pairs.
    variant : {"b", "c"}
        τ_b reaches ±1 where both have the same ties, τ_c also in tables that are not square.
    method : {"auto", "exact", "asymptotic"}
        How the p-value is found: over all orders (not with ties), from the normal distribution, or the former up to 50
        pairs without ties and the latter else. (SciPy's "auto" goes over at 33.)
    alternative : {"two-sided", "less", "greater"}
        Which departures from 0 the p-value counts.
    confidence_level : float, default 0.95
        Level of the interval.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out together with its partner, or makes the result NaN.

    Returns
    -------
    CorrelationResult
        A :class:`ManyTestsResult` if ``axis`` is given.
        Unpacks to (statistic, pvalue). Its ``method`` says whether the p-value is exact.

    Raises
    ------
    ValueError
        As :func:`pearsonr`; and for ``method="exact"`` with ties or more than 500 pairs.

    Notes
    -----
    Pairs are counted in n·log n steps. The interval is tanh(artanh τ ± z√(0.437/(n − 4))), after Fieller, Hartley and
    Pearson; [−1, 1] for four pairs or fewer.

    References
    ----------
    M. G. Kendall (1938), doi:10.1093/biomet/30.1-2.81; W. R. Knight (1966), doi:10.1080/01621459.1966.10480879;
    E. C. Fieller, H. O. Hartley, E. S. Pearson (1957), doi:10.1093/biomet/44.3-4.470.

    Examples
    --------
    >>> import underhood as uh
    >>> tau = uh.stats.kendalltau([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    >>> tau.statistic, round(tau.pvalue, 6), tau.method
    (0.6, 0.233333, "Kendall's rank correlation (exact)")
    """
    if axis is not None or nan_policy != "raise":
        options = {
            "variant": variant,
            "method": method,
            "alternative": alternative,
            "confidence_level": confidence_level,
        }
        return over(kendalltau, {"x": x, "y": y}, options, axis=axis, nan_policy=nan_policy, paired=True)
    found = core.kendalltau(x, y, variant, alternative, confidence_level, method)
    title = f"Kendall's rank correlation ({'exact' if found[7] else 'approximate, normal'})"
    return CorrelationResult(*found[:7], float(confidence_level), alternative, f"Kendall's τ_{variant}", title)


@dataclass(slots=True, repr=False, eq=False)
class PartialCorrelationResult(HypothesisTestResult):
    """A partial correlation and what it says; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        The correlation of what the covariates leave of x and of y, between −1 and 1.
    pvalue : float
        Probability of a coefficient at least as far out in the direction of the alternative, if the two were
        independent given the covariates.
    df : int
        Degrees of freedom of Student's t, n − k − 2.
    n, covariates : int
        How many rows and how many covariates, k.
    confidence_interval : tuple of float
        tanh(artanh r ± z/√(n − k − 3)).
    correlation : float
        Pearson's r of x and y as they are.
    semipartial : float
        The correlation of y, as it is, with what the covariates leave of x: its square is the share of the variance of
        y that x explains beyond them.
    confidence_level : float
        Level of the interval.
    alternative : str
        Which departures count.
    method : str
        Which test this is.
    effect_size : float
        The coefficient.
    """

    statistic: float
    pvalue: float
    df: int
    n: int
    covariates: int
    confidence_interval: tuple[float, float]
    correlation: float
    semipartial: float
    confidence_level: float
    alternative: str
    method: str

    @property
    def effect_size(self) -> float:
        """The coefficient itself."""
        return self.statistic

    def _title(self) -> str:
        return f"{self.method}, alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] not in {"method", "alternative"}]

    def _question(self) -> str:
        return "do both variables follow a common straight line beyond what the covariates explain of them?"

    def _finding(self) -> str:
        verdict = self._verdict(
            "they were independent given the covariates", f"a coefficient {chance(self.alternative)}"
        )
        number = "one covariate" if self.covariates == 1 else f"{self.covariates} covariates"
        return (
            f"Of n = {self.n} rows, the partial correlation given {number} is {format_value(self.statistic)}, where "
            f"the correlation alone is {format_value(self.correlation)}. {verdict}"
        )

    def _size(self) -> str:
        return (
            f"the coefficient is a size by itself, between minus one and one: {interval(*self.confidence_interval)} "
            f"({percent(self.confidence_level)} confidence interval)."
        )

    def _caution(self) -> str:
        return (
            "what the covariates explain is taken out, not what anything else does: a variable that was not measured "
            "may still move both, and a covariate that both of them move can make a relation where there is none."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield Assumption("the rows are independent of each other")
        yield Assumption("both depend on the covariates in straight lines")
        yield Assumption("what is left of both is about normal")

    def _remarks(self) -> Iterator[str]:
        if self.df < 5:
            yield f"{self.df} degrees of freedom are few: the covariates use up most of the rows"


def partial_corr(
    x: ArrayLike,
    y: ArrayLike,
    covariates: ArrayLike,
    *,
    alternative: str = "two-sided",
    confidence_level: float = 0.95,
) -> PartialCorrelationResult:
    """Partial correlation: Pearson's r of what a linear regression on the covariates leaves of x and of y.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        The two variables, n ≥ k + 3.
    covariates : array_like, shape (n,) or (n, k)
        What is held fixed, one variable a column.
    alternative : {"two-sided", "less", "greater"}
        Which departures from 0 the p-value counts.
    confidence_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    PartialCorrelationResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If there are too few rows, the lengths differ, a value is missing or infinite, ``x`` or ``y`` is constant or a
        linear function of the covariates, or a covariate is constant or depends on the others.

    Notes
    -----
    The p-value is that of t = r√((n − k − 2)/(1 − r²)) with n − k − 2 degrees of freedom.

    References
    ----------
    R. A. Fisher (1924), The distribution of the partial correlation coefficient, Metron 3:329-332.

    Examples
    --------
    Two things that rise with age need not have anything to do with each other:

    >>> import underhood as uh
    >>> age = [3, 4, 5, 6, 7, 8, 9, 10]
    >>> shoe_size, words = [25, 27, 28, 29, 32, 33, 34, 37], [9, 10, 16, 18, 19, 26, 28, 29]
    >>> round(uh.stats.pearsonr(shoe_size, words).statistic, 2)
    0.96
    >>> round(uh.stats.partial_corr(shoe_size, words, age).statistic, 2)
    -0.67
    """
    found = core.partial_corr(x, y, covariates, alternative, confidence_level)
    return PartialCorrelationResult(
        *found, float(confidence_level), alternative, "Partial correlation (exact if normal)"
    )


@dataclass(slots=True, repr=False, eq=False)
class AutocorrelationResult(HypothesisTestResult):
    """The autocorrelations of a sequence and what they say; unpacks to (statistic, pvalue).

    ``np.asarray(result)`` is the array of autocorrelations.

    Attributes
    ----------
    statistic : float
        Ljung and Box's Q = n(n + 2)·Σ rₖ²/(n − k) over the lags from 1 on.
    pvalue : float
        Probability of so large a Q, if the values were independent.
    values : ndarray, shape (nlags + 1,)
        r₀ = 1, r₁, r₂, …
    bands : ndarray, shape (nlags + 1,)
        How far from 0 each would lie in a share ``confidence_level`` of the sequences whose autocorrelations are 0 from
        that lag on (Bartlett).
    n : int
        How many values.
    df : int
        Degrees of freedom of χ², the number of lags.
    largest, largest_lag : float, int
        The autocorrelation that is farthest from 0, lag 0 aside, and its lag.
    confidence_level : float
        Level of the bands.
    method : str
        Which test this is.
    effect_size : float
        The autocorrelation that is farthest from 0.
    """

    statistic: float
    pvalue: float
    values: NDArray[np.float64]
    bands: NDArray[np.float64]
    n: int
    df: int
    largest: float
    largest_lag: int
    confidence_level: float
    method: str

    @property
    def effect_size(self) -> float:
        """The autocorrelation that is farthest from 0, lag 0 aside."""
        return self.largest

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.values, dtype=dtype) if copy or dtype is not None else self.values

    def _title(self) -> str:
        return self.method

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] != "method"]

    def _question(self) -> str:
        return "are the values of the sequence correlated with those some steps before?"

    def _finding(self) -> str:
        return (
            f"Over {self.df} lags of n = {self.n} values, Ljung and Box's Q is {format_value(self.statistic)}. If the "
            "values were independent, a Q at least as large would come up with probability "
            f"{format_probability(self.pvalue)}."
        )

    def _size(self) -> str:
        return (
            f"the autocorrelation farthest from zero is {format_value(self.largest)}, at lag {self.largest_lag}; the "
            f"bands hold {percent(self.confidence_level)} of those that are zero in truth."
        )

    def _caution(self) -> str:
        return (
            "a trend or a season also shows as autocorrelation, and of many lags some leave the bands by chance; lags "
            "without autocorrelation do not show that the values are independent."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield Assumption("the values are in order and equal steps of time apart")
        yield Assumption("mean and spread stay the same over time")

    def _remarks(self) -> Iterator[str]:
        if 4 * self.df > self.n:
            yield f"{self.df} lags are many for {self.n} values: those of far lags rest on few pairs"

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the autocorrelations as stems, with the bands behind them.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default on a new figure.

        Examples
        --------
        >>> import underhood as uh
        >>> uh.stats.acf([1, 3, 2, 4, 3, 5, 4, 6]).plot().get_xlabel()
        'lag'
        """
        from underhood.plot._canvas import COLOURS, axes

        ax = axes(ax)
        lags = np.arange(len(self.values))
        ax.fill_between(lags[1:], -self.bands[1:], self.bands[1:], color=COLOURS[0], alpha=0.2, linewidth=0)
        ax.vlines(lags, 0, self.values, color=COLOURS[0])
        ax.plot(lags, self.values, "o", color=COLOURS[0], markersize=4)
        ax.axhline(0, color="black", linewidth=0.8)
        ax.set_xlabel("lag")
        ax.set_ylabel("autocorrelation")
        ax.spines[["top", "right"]].set_visible(False)
        return ax


def acf(x: ArrayLike, nlags: int | None = None, *, confidence_level: float = 0.95) -> AutocorrelationResult:
    """Autocorrelations rₖ of a sequence up to a lag, with Bartlett's bands and Ljung and Box's test of all together.

    rₖ = Σ(xₜ − x̄)(xₜ₊ₖ − x̄)/Σ(xₜ − x̄)²; the band at lag k is ±z√((1 + 2·Σrⱼ²)/n), j = 1, …, k − 1.

    Parameters
    ----------
    x : array_like, shape (n,)
        The sequence, in equal steps of time.
    nlags : int, optional
        The farthest lag, less than n; by default 10·log₁₀ n.
    confidence_level : float, default 0.95
        Level of the bands.

    Returns
    -------
    AutocorrelationResult
        Unpacks to (statistic, pvalue); ``values`` has the autocorrelations. (statsmodels' function returns them alone.)

    Raises
    ------
    ValueError
        If there are fewer than two values, one is missing or infinite, all are the same, or there are not more values
        than ``nlags``.

    References
    ----------
    M. S. Bartlett (1946), doi:10.2307/2983611; G. M. Ljung, G. E. P. Box (1978), doi:10.1093/biomet/65.2.297.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.stats.acf([1, 2, 3, 4, 5], 2).values
    array([ 1. ,  0.4, -0.1])
    """
    statistic, pvalue, values, bands, n = core.acf(x, nlags, confidence_level)
    largest = int(np.abs(values[1:]).argmax()) + 1
    return AutocorrelationResult(
        statistic,
        pvalue,
        values,
        bands,
        n,
        len(values) - 1,
        float(values[largest]),
        largest,
        float(confidence_level),
        "Autocorrelation, with Ljung and Box's test (approximate)",
    )
