"""Tests of normality, and of other families with estimated parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import goodness as core
from underhood._results import format_value
from underhood.stats._hypothesis import INDEPENDENT, Assumption, HypothesisTestResult
from underhood.stats._policy import over

__all__ = [
    "AndersonResult",
    "JarqueBeraResult",
    "NormalTestResult",
    "ShapiroResult",
    "anderson",
    "jarque_bera",
    "normaltest",
    "shapiro",
]

_FEW = 20
"""Samples smaller than this rarely show that they are not normal."""
_MANY = 5000
"""Samples larger than this show it for departures that matter to nobody."""


class _OfShape(HypothesisTestResult):
    """What tests of a sample's shape say alike."""

    __slots__ = ()
    n: int

    def _question(self) -> str:
        return "does the sample come from a normal population?"

    def _family(self) -> str:
        return "normal"

    def _caution(self) -> str:
        family = self._family()
        return (
            "a small probability does not say that the departure matters for what you want to do with the values; a "
            f"large p-value does not show that the data are {family}: few values fit many shapes. Look at a Q–Q plot."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield INDEPENDENT

    def _remarks(self) -> Iterator[str]:
        if self.n < _FEW:
            yield f"n = {self.n} values are few: most shapes cannot be told from the {self._family()}"
        if self.n > _MANY:
            yield f"with n = {self.n} values even departures that do not matter have small probabilities"


@dataclass(slots=True, repr=False, eq=False)
class ShapiroResult(_OfShape):
    """What Shapiro's and Wilk's test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        W: about the squared correlation in a normal Q–Q plot, 1 for a sample that looks perfectly normal.
    pvalue : float
        Probability of so small a W if the population is normal (Royston's approximation).
    n : int
        How many values.
    effect_size : float
        W again.
    assumptions : tuple of Assumption
        What was assumed.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    n: int
    effect_size: float

    def _title(self) -> str:
        return "Shapiro–Wilk test of normality (approximate)"

    def _finding(self) -> str:
        outcome = f"a W of at most {format_value(self.statistic)}"
        return f"n = {self.n}. {self._verdict('the population were normal', outcome)}"

    def _size(self) -> str:
        return f"W, which is one for a sample that looks perfectly normal, is {format_value(self.effect_size)}."

    def _remarks(self) -> Iterator[str]:
        yield from _OfShape._remarks(self)
        if self.n > _MANY:
            yield "the p-value's approximation was made for smaller samples"


@dataclass(slots=True, repr=False, eq=False)
class NormalTestResult(_OfShape):
    """What D'Agostino's and Pearson's test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        K² = Z₁² + Z₂².
    pvalue : float
        Probability of so large a K² if the population is normal: exp(−K²/2), an approximation.
    skewness, kurtosis : float
        g₁ and the excess g₂ of the sample; both are 0 for a normal population. They are the size of the departure.
    skewness_statistic, skewness_pvalue : float
        Z₁, the normal score of the skewness, and its two-sided p-value (SciPy's ``skewtest``).
    kurtosis_statistic, kurtosis_pvalue : float
        Z₂, that of the kurtosis (SciPy's ``kurtosistest``).
    n : int
        How many values.
    assumptions : tuple of Assumption
        What was assumed.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    skewness: float
    kurtosis: float
    skewness_statistic: float
    skewness_pvalue: float
    kurtosis_statistic: float
    kurtosis_pvalue: float
    n: int

    @property
    def effect_size(self) -> tuple[float, float]:
        """Skewness and excess kurtosis of the sample."""
        return self.skewness, self.kurtosis

    def _title(self) -> str:
        return "D'Agostino–Pearson test of normality (approximate)"

    def _finding(self) -> str:
        outcome = f"a K² of at least {format_value(self.statistic)}"
        return (
            f"n = {self.n}; the skewness has the normal score {format_value(self.skewness_statistic)}, the kurtosis "
            f"{format_value(self.kurtosis_statistic)}. {self._verdict('the population were normal', outcome)}"
        )

    def _size(self) -> str:
        return (
            f"the skewness is {format_value(self.skewness)} and the excess kurtosis {format_value(self.kurtosis)}; "
            "both are zero for a normal population."
        )


@dataclass(slots=True, repr=False, eq=False)
class JarqueBeraResult(_OfShape):
    """What Jarque's and Bera's test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        n(g₁²/6 + g₂²/24).
    pvalue : float
        Probability of so large a statistic if the population is normal and the sample large: exp(−statistic/2).
    skewness, kurtosis : float
        g₁ and the excess g₂ of the sample; both are 0 for a normal population. They are the size of the departure.
    n : int
        How many values.
    assumptions : tuple of Assumption
        What was assumed.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    skewness: float
    kurtosis: float
    n: int

    @property
    def effect_size(self) -> tuple[float, float]:
        """Skewness and excess kurtosis of the sample."""
        return self.skewness, self.kurtosis

    def _title(self) -> str:
        return "Jarque–Bera test of normality (limit for large samples)"

    def _finding(self) -> str:
        outcome = f"a statistic of at least {format_value(self.statistic)}"
        return f"n = {self.n}. {self._verdict('the population were normal', outcome)}"

    def _size(self) -> str:
        return (
            f"the skewness is {format_value(self.skewness)} and the excess kurtosis {format_value(self.kurtosis)}; "
            "both are zero for a normal population."
        )

    def _remarks(self) -> Iterator[str]:
        yield from _OfShape._remarks(self)
        if self.n < 2000:
            yield f"the limit is rough for n = {self.n}; normaltest allows for the number of values"


@dataclass(slots=True, repr=False, eq=False)
class AndersonResult(_OfShape):
    """What Anderson's and Darling's test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        A².
    pvalue : float
        About the probability of so large an A² if the population is of the family (see ``method``).
    critical_values : ndarray
        Values that A² exceeds with the probabilities ``significance_level``.
    significance_level : ndarray
        Those probabilities. (SciPy's are in per cent.)
    parameters : tuple of float
        Location and scale of the fitted member: mean and standard deviation for the normal.
    n : int
        How many values.
    dist : str
        The family.
    method : str
        Where the p-value comes from.
    assumptions : tuple of Assumption
        What was assumed.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    critical_values: NDArray[np.float64]
    significance_level: NDArray[np.float64]
    parameters: tuple[float, float]
    n: int
    dist: str
    method: str

    @property
    def effect_size(self) -> float:
        """A²/n, which does not grow with the sample."""
        return self.statistic / self.n

    def _title(self) -> str:
        return f"Anderson–Darling test ({self.dist}; p-value approximate, {self.method})"

    def _family(self) -> str:
        return {"norm": "normal", "expon": "exponential", "logistic": "logistic"}.get(self.dist, "Gumbel")

    def _question(self) -> str:
        article = "an" if self._family() == "exponential" else "a"
        return f"does the sample come from {article} {self._family()} population?"

    def _finding(self) -> str:
        outcome = f"an A² of at least {format_value(self.statistic)}"
        null = "the population were " + self._family()
        beyond = self._beyond_table()
        if beyond:
            return f"n = {self.n}. If {null}, {outcome} would come up with probability {beyond}."
        return f"n = {self.n}. {self._verdict(null, outcome)}"

    def _beyond_table(self) -> str:
        """Bound a p-value that lies beyond the published table, which ends there; empty if it does not."""
        low, high = self.significance_level.min(), self.significance_level.max()
        if self.dist == "norm" or low < self.pvalue < high:
            return ""
        return f"{'at most' if self.pvalue <= low else 'at least'} {format_value(self.pvalue)}"

    def _size(self) -> str:
        location, scale = (format_value(number) for number in self.parameters)
        return (
            f"the best fitting member has the location {location} and the scale {scale}; A² has no unit, and grows "
            "with the sample where there is a departure."
        )

    def _remarks(self) -> Iterator[str]:
        yield from _OfShape._remarks(self)
        beyond = self._beyond_table()
        if beyond:
            yield f"the p-value is {beyond}, where the published table ends"


def shapiro(x: ArrayLike, *, axis: int | None = None, nan_policy: str = "raise") -> ShapiroResult:
    """Shapiro's and Wilk's test of normality: W = (Σ aᵢ x₍ᵢ₎)²/Σ(x − x̄)².

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample, n ≥ 3; the approximation was made for n up to 5000.
    axis : int, optional
        The axis that one sample runs along; by default the sample is a vector.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    ShapiroResult
        Unpacks to (statistic, pvalue). A :class:`ManyTestsResult` if ``axis`` is given.

    Raises
    ------
    ValueError
        If there are fewer than three values, one is missing or infinite, or all are the same.

    References
    ----------
    S. S. Shapiro and M. B. Wilk (1965), doi:10.1093/biomet/52.3-4.591; P. Royston (1995), algorithm AS R94,
    doi:10.2307/2986146.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.shapiro([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236])
    >>> round(test.statistic, 4), round(test.pvalue, 4)
    (0.7888, 0.0067)
    """
    if axis is not None or nan_policy != "raise":
        return over(shapiro, {"x": x}, {}, axis=axis, nan_policy=nan_policy)
    statistic, pvalue, n = core.shapiro(x)
    return ShapiroResult(statistic, pvalue, n, statistic)


def normaltest(x: ArrayLike, *, axis: int | None = None, nan_policy: str = "raise") -> NormalTestResult:
    """D'Agostino's and Pearson's test of normality: K² = Z₁² + Z₂², from skewness and kurtosis.

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample, n ≥ 8; the scores are good from n = 20.
    axis : int, optional
        The axis that one sample runs along; by default the sample is a vector (SciPy's default is 0).
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    NormalTestResult
        Unpacks to (statistic, pvalue). A :class:`ManyTestsResult` if ``axis`` is given.

    Raises
    ------
    ValueError
        If there are fewer than eight values, one is missing or infinite, or all are the same.

    References
    ----------
    R. B. D'Agostino and E. S. Pearson (1973), doi:10.1093/biomet/60.3.613.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.normaltest([i * i for i in range(1, 31)])
    >>> round(test.skewness, 4), round(test.statistic, 4), round(test.pvalue, 4)
    (0.619, 3.8582, 0.1453)
    """
    if axis is not None or nan_policy != "raise":
        return over(normaltest, {"x": x}, {}, axis=axis, nan_policy=nan_policy)
    return NormalTestResult(*core.normaltest(x))


def jarque_bera(x: ArrayLike, *, axis: int | None = None, nan_policy: str = "raise") -> JarqueBeraResult:
    """Jarque's and Bera's test of normality: n(g₁²/6 + g₂²/24), about χ² with two degrees of freedom.

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample, n ≥ 2; the p-value is rough below some thousands.
    axis : int, optional
        The axis that one sample runs along; by default the sample is a vector.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    JarqueBeraResult
        Unpacks to (statistic, pvalue). A :class:`ManyTestsResult` if ``axis`` is given.

    Raises
    ------
    ValueError
        If there are fewer than two values, one is missing or infinite, or all are the same.

    References
    ----------
    C. M. Jarque and A. K. Bera (1980), doi:10.1016/0165-1765(80)90024-5.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.jarque_bera([-1, 1, -1, 1])
    >>> round(test.statistic, 6), round(test.pvalue, 6)
    (0.666667, 0.716531)
    """
    if axis is not None or nan_policy != "raise":
        return over(jarque_bera, {"x": x}, {}, axis=axis, nan_policy=nan_policy)
    return JarqueBeraResult(*core.jarque_bera(x))


def anderson(x: ArrayLike, dist: str = "norm", *, axis: int | None = None, nan_policy: str = "raise") -> AndersonResult:
    """Anderson's and Darling's test of a family with estimated parameters.

    A² = −n − Σ (2i − 1)(ln F(x₍ᵢ₎) + ln(1 − F(x₍ₙ₊₁₋ᵢ₎)))/n, with more weight in the tails than Kolmogorov's.

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample, n ≥ 3.
    dist : {"norm", "expon", "logistic", "gumbel", "gumbel_l", "gumbel_r"}
        The family; "gumbel" is "gumbel_l", the distribution of the smallest of many values.
    axis : int, optional
        The axis that one sample runs along; by default the sample is a vector.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    AndersonResult
        Unpacks to (statistic, pvalue), unlike SciPy's, which has three fields. A :class:`ManyTestsResult` if
        ``axis`` is given.

    Raises
    ------
    ValueError
        If there are fewer than three values, one is missing or infinite, all are the same, or (exponential) one is not
        positive.

    References
    ----------
    M. A. Stephens (1974), doi:10.1080/01621459.1974.10480196; R. B. D'Agostino and M. A. Stephens (1986),
    Goodness-of-Fit Techniques, table 4.9.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.anderson([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236])
    >>> round(test.statistic, 4), round(test.pvalue, 4)
    (0.9468, 0.0105)
    """
    if axis is not None or nan_policy != "raise":
        return over(anderson, {"x": x}, {"dist": dist}, axis=axis, nan_policy=nan_policy)
    method = "D'Agostino and Stephens" if dist == "norm" else "interpolated in the table"
    return AndersonResult(*core.anderson(x, dist), dist, method)
