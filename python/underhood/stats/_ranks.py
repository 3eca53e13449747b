"""Tests that rest on ranks alone, and what their results say in words."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import ranks as core
from underhood._results import Result, format_value
from underhood.stats._hypothesis import INDEPENDENT, Assumption, HypothesisTestResult, interval, percent
from underhood.stats._policy import over

__all__ = [
    "FriedmanResult",
    "KruskalResult",
    "MannWhitneyResult",
    "RunsResult",
    "WilcoxonResult",
    "friedman",
    "friedmanchisquare",
    "kruskal",
    "mannwhitneyu",
    "runs_test",
    "wilcoxon",
]

_FEW = 5
_FAR = {
    "two-sided": "at least as far out (twice the smaller tail)",
    "less": "at least as low",
    "greater": "at least as high",
}


def _approximation(exact: bool, distribution: str) -> str:
    return "exact" if exact else f"approximate, {distribution}"


def _tied_words(tied: int) -> str:
    return f"{tied} values are tied, so the p-value is an approximation"


@dataclass(slots=True, repr=False, eq=False)
class _Shifted(HypothesisTestResult):
    """A result whose shift and interval are computed when they are asked for: they take longer than the test."""

    statistic: float
    pvalue: float
    estimate: float = field(init=False)
    confidence_interval: tuple[float, float] = field(init=False)
    confidence_level: float
    alternative: str
    method: str

    @abstractmethod
    def _shift(self) -> tuple[float, tuple[float, float]]:
        """Compute the shift and its interval."""

    def _within(self) -> str:
        if np.isinf(self.confidence_interval).all():
            return "and so few values bound it on neither side"
        return f"{interval(*self.confidence_interval)} ({percent(self.confidence_level)} confidence interval)"

    def __getattr__(self, name: str) -> Any:
        """Fill the two fields that are still empty, once."""
        if name not in ("estimate", "confidence_interval"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        blank = np.isnan(self.pvalue)
        self.estimate, self.confidence_interval = (np.nan, (np.nan, np.nan)) if blank else self._shift()
        return getattr(self, name)


@dataclass(slots=True, repr=False, eq=False)
class MannWhitneyResult(_Shifted):
    """What the rank-sum test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        U, the number of pairs (a value of x, one of y) of which the first is larger; equal ones count half.
    pvalue : float
        Probability of a U at least as far out in the direction of the alternative, if both samples come from one
        distribution.
    effect_size : float
        The rank-biserial correlation 2U/(n₁n₂) − 1: the share of pairs of which x is larger less the share of which y
        is, from −1 to 1.
    probability : float
        U/(n₁n₂), the probability that a value of x is larger than one of y (the common-language effect size).
    estimate : float
        Hodges and Lehmann's shift, the median of all differences between x and y, in the unit of the data.
    confidence_interval : tuple of float
        Interval for that shift: the differences that the test would not reject. Infinite where so few values cannot
        tell.
    n : tuple of int
        How many values in each sample.
    tied : int
        How many values equal another one.
    confidence_level : float
        Level of the interval.
    alternative : str
        Which departures count.
    method : str
        Which test this is, and whether its p-value is exact.
    """

    effect_size: float
    probability: float
    n: tuple[int, int]
    tied: int
    _x: NDArray[np.float64]
    _y: NDArray[np.float64]

    def _shift(self) -> tuple[float, tuple[float, float]]:
        return core.shift(self._x, self._y, self.alternative, self.confidence_level)

    def _title(self) -> str:
        return f"{self.method}, alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] not in {"method", "alternative"}]

    def _question(self) -> str:
        return "do values of x tend to be larger, or smaller, than values of y?"

    def _finding(self) -> str:
        verdict = self._verdict("both samples came from one distribution", f"a U {_FAR[self.alternative]}")
        return (
            f"In {percent(self.probability)} of all pairs the value of x is the larger one (equal ones count half): "
            f"U is {format_value(self.statistic)}. {verdict}"
        )

    def _size(self) -> str:
        return (
            f"in the unit of the data x lies {format_value(self.estimate)} above y (the median of all differences), "
            f"{self._within()}; the "
            f"rank-biserial correlation is {format_value(self.effect_size)}."
        )

    def _caution(self) -> str:
        return (
            "a small probability does not say that the medians differ, unless both distributions have one shape, nor "
            "that the difference matters or what causes it; a large one does not show that there is none."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield INDEPENDENT
        yield Assumption("the samples are independent of each other")
        yield Assumption("for the shift and its interval: both distributions have one shape")

    def _remarks(self) -> Iterator[str]:
        if min(self.n) < _FEW:
            yield f"{min(self.n)} values are few: only a large difference can show"
        if self.tied and "exact" not in self.method:
            yield _tied_words(self.tied)


def mannwhitneyu(
    x: ArrayLike,
    y: ArrayLike,
    *,
    use_continuity: bool = True,
    alternative: str = "two-sided",
    method: str = "auto",
    confidence_level: float = 0.95,
    axis: int | None = None,
    nan_policy: str = "raise",
) -> MannWhitneyResult:
    """Mann and Whitney's U test of two independent samples (Wilcoxon's rank-sum test).

    U counts the pairs of a value of x and one of y of which the first is larger, equal ones half.

    Parameters
    ----------
    x, y : array_like
        The samples.
    use_continuity : bool, default True
        Whether the normal approximation is taken half a step nearer to the middle.
    alternative : {"two-sided", "less", "greater"}
        Whether values of ``x`` tend to be different from those of ``y``, less, or greater.
    method : {"auto", "exact", "asymptotic"}
        How the p-value is found: over all ways to share out the ranks (ties are heeded), from the normal distribution
        corrected for ties, or the former where it is quick (without ties while the smaller sample's
        size squared times the larger's is at most 300,000, as for 60 + 60 or 5 + 12,000 values; 20 + 20 with ties), and
        the latter beyond. (SciPy's "auto" goes over at 8 values, and its "exact" does not heed ties.)
    confidence_level : float, default 0.95
        Level of the interval for the shift.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    MannWhitneyResult
        A :class:`ManyTestsResult` if ``axis`` is given.
        Unpacks to (statistic, pvalue). Its ``method`` says whether the p-value is exact.

    Raises
    ------
    ValueError
        If a sample is empty, a value is missing or infinite, all values are one and too many for an exact p-value, or
        one is asked for where there are too many ways to count.

    Notes
    -----
    A two-sided p-value is twice the smaller tail, at most 1. The shift and its interval are computed when they are
    asked for, by counting, in (n₁ + n₂) steps a bit of the result.

    References
    ----------
    H. B. Mann, D. R. Whitney (1947), doi:10.1214/aoms/1177730491; J. L. Hodges, E. L. Lehmann (1963),
    doi:10.1214/aoms/1177704172; H. W. Wendt (1972), doi:10.1002/ejsp.2420020412 (the
    rank-biserial correlation).

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.mannwhitneyu([1.1, 2.3, 0.7], [4.1, 3.5, 2.9, 6.0])
    >>> test.statistic, round(test.pvalue, 6), test.method
    (0.0, 0.057143, 'Mann-Whitney U test (exact)')
    >>> round(test.estimate, 2)
    -2.6
    """
    if axis is not None or nan_policy != "raise":
        options = {
            "use_continuity": use_continuity,
            "alternative": alternative,
            "method": method,
            "confidence_level": confidence_level,
        }
        return over(mannwhitneyu, {"x": x, "y": y}, options, axis=axis, nan_policy=nan_policy)
    found = core.mannwhitneyu(x, y, use_continuity, alternative, method, confidence_level)
    statistic, pvalue, effect, probability, n, tied, exact, own_x, own_y = found
    title = f"Mann-Whitney U test ({_approximation(exact, 'normal')})"
    return MannWhitneyResult(
        statistic,
        pvalue,
        float(confidence_level),
        alternative,
        title,
        effect,
        probability,
        n,
        tied,
        own_x,
        own_y,
    )


@dataclass(slots=True, repr=False, eq=False)
class WilcoxonResult(_Shifted):
    """What the signed-rank test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        The smaller of the two rank sums; that of the positive differences if the alternative is one-sided.
    pvalue : float
        Probability of a rank sum at least as far out in the direction of the alternative, if the differences were
        symmetric about zero.
    effect_size : float
        The matched-pairs rank-biserial correlation (R⁺ − R⁻)/(R⁺ + R⁻), from −1 to 1.
    estimate : float
        The median of the means of all pairs of differences, in the unit of the data.
    confidence_interval : tuple of float
        Interval for that middle of the differences: the values that the test would not reject. Infinite where so few
        values cannot tell.
    rank_sums : tuple of float
        R⁺ and R⁻, the sums of the ranks of the positive and of the negative differences.
    n, zeros : int
        How many differences, and how many of them are zero.
    tied : int
        How many differences that are not zero have the size of another one.
    confidence_level : float
        Level of the interval.
    alternative : str
        Which departures count.
    method : str
        Which test this is, and whether its p-value is exact.
    """

    effect_size: float
    rank_sums: tuple[float, float]
    n: int
    zeros: int
    tied: int
    _differences: NDArray[np.float64]

    def _shift(self) -> tuple[float, tuple[float, float]]:
        return core.paired_shift(self._differences, self.alternative, self.confidence_level)

    def _title(self) -> str:
        return f"{self.method}, alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] not in {"method", "alternative"}]

    def _question(self) -> str:
        return "do the differences lie as often and as far above zero as below it?"

    def _finding(self) -> str:
        above, below = map(format_value, self.rank_sums)
        verdict = self._verdict("the differences were symmetric about zero", f"rank sums {_FAR[self.alternative]}")
        return (
            f"Of n = {self.n} differences, the ranks of the positive ones sum to {above}, those of the negative ones "
            f"to {below}. {verdict}"
        )

    def _size(self) -> str:
        return (
            f"in the unit of the data the middle of the differences is {format_value(self.estimate)}, "
            f"{self._within()}; the "
            f"rank-biserial correlation is {format_value(self.effect_size)}."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield Assumption("the differences are independent of each other")
        yield Assumption("the differences are symmetric about their middle")

    def _remarks(self) -> Iterator[str]:
        if self.n - self.zeros < _FEW:
            yield f"{self.n - self.zeros} differences with a sign are few: only a large effect can show"
        if self.zeros:
            yield f"{self.zeros} of {self.n} differences are zero and have no sign"
        if self.tied and "exact" not in self.method:
            yield _tied_words(self.tied)


def wilcoxon(
    x: ArrayLike,
    y: ArrayLike | None = None,
    *,
    zero_method: str = "wilcox",
    correction: bool = False,
    alternative: str = "two-sided",
    method: str = "auto",
    confidence_level: float = 0.95,
    axis: int | None = None,
    nan_policy: str = "raise",
) -> WilcoxonResult:
    """Wilcoxon's signed-rank test of paired samples, or of one sample's symmetry about zero.

    The differences are ranked by their size; R⁺ and R⁻ are the sums of the ranks of positive and negative ones.

    Parameters
    ----------
    x : array_like, shape (n,)
        The first of each pair, or the differences.
    y : array_like, shape (n,), optional
        The second of each pair.
    zero_method : {"wilcox", "pratt", "zsplit"}
        What is done with differences of zero: they are left out; they are ranked, and their ranks left out; or half of
        their ranks goes to either side.
    correction : bool, default False
        Whether the normal approximation is taken half a step nearer to the middle.
    alternative : {"two-sided", "less", "greater"}
        Whether the differences lie off zero, below, or above.
    method : {"auto", "exact", "asymptotic"}
        How the p-value is found: over all ways to give signs to the ranks (ties and zeros are heeded), from the normal
        distribution, or the former up to 50 differences and the latter beyond. ``"approx"`` is the latter too.
    confidence_level : float, default 0.95
        Level of the interval for the middle of the differences.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out together with its partner, or makes the result NaN.

    Returns
    -------
    WilcoxonResult
        A :class:`ManyTestsResult` if ``axis`` is given.
        Unpacks to (statistic, pvalue). Its ``method`` says whether the p-value is exact.

    Raises
    ------
    ValueError
        If there are no differences, all are zero, the lengths differ, a value is missing or infinite, or an exact
        p-value is asked for of more than 1,000 differences.

    Notes
    -----
    A two-sided p-value is twice the smaller tail, at most 1. Exact p-values give no sign to differences of zero. The
    normal approximation with "zsplit" counts them as if they had one, as SciPy does; with "pratt" it has Cureton's
    mean and variance. The middle and its interval are computed when they are asked for.

    References
    ----------
    F. Wilcoxon (1945), doi:10.2307/3001968; J. W. Pratt (1959), doi:10.1080/01621459.1959.10501526; E. E. Cureton
    (1967), doi:10.1080/01621459.1967.10500917; D. S. Kerby (2014), doi:10.2466/11.IT.3.1 (the effect size).

    Examples
    --------
    >>> import underhood as uh
    >>> d = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]
    >>> test = uh.stats.wilcoxon(d)
    >>> test.statistic, round(test.pvalue, 6), test.method
    (24.0, 0.04126, 'Wilcoxon signed-rank test (exact)')
    >>> test.estimate
    25.0
    """
    if axis is not None or nan_policy != "raise":
        options = {
            "zero_method": zero_method,
            "correction": correction,
            "alternative": alternative,
            "method": method,
            "confidence_level": confidence_level,
        }
        samples = {"x": x} if y is None else {"x": x, "y": y}
        return over(wilcoxon, samples, options, axis=axis, nan_policy=nan_policy, paired=True)
    found = core.wilcoxon(x, y, zero_method, correction, alternative, method, confidence_level)
    statistic, pvalue, effect, rank_sums, n, zeros, tied, exact, differences = found
    title = f"Wilcoxon signed-rank test ({_approximation(exact, 'normal')})"
    return WilcoxonResult(
        statistic,
        pvalue,
        float(confidence_level),
        alternative,
        title,
        effect,
        rank_sums,
        n,
        zeros,
        tied,
        differences,
    )


@dataclass(slots=True, repr=False, eq=False)
class KruskalResult(HypothesisTestResult):
    """What the test of several samples by ranks finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        H, corrected for ties.
    pvalue : float
        Probability of an H at least as large, if all samples come from one distribution.
    df : int
        Degrees of freedom of χ², one less than there are samples.
    effect_size : float
        ε² = H/(n − 1), the share of the variance of the ranks that lies between the samples.
    mean_ranks : ndarray
        Mean rank of each sample, in all values together.
    n : ndarray of int
        How many values in each sample.
    tied : int
        How many values equal another one.
    method : str
        Which test this is, and whether its p-value is exact.
    """

    statistic: float
    pvalue: float
    df: int
    effect_size: float
    mean_ranks: NDArray[np.float64]
    n: NDArray[np.int64]
    tied: int
    method: str

    def _title(self) -> str:
        return self.method

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] != "method"]

    def _question(self) -> str:
        return "do values of one sample tend to be larger than those of another?"

    def _finding(self) -> str:
        low, high = format_value(self.mean_ranks.min()), format_value(self.mean_ranks.max())
        verdict = self._verdict("all samples came from one distribution", "an H at least as large")
        return f"The mean ranks run from {low} to {high}: H is {format_value(self.statistic)}. {verdict}"

    def _size(self) -> str:
        return (
            f"a share of {format_value(self.effect_size)} of the variance of the ranks lies between the samples (ε²)."
        )

    def _caution(self) -> str:
        return (
            "a small probability does not say which samples differ, that the differences matter, or what causes them; "
            "a large one does not show that there are none."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield INDEPENDENT
        yield Assumption("the samples are independent of each other")

    def _remarks(self) -> Iterator[str]:
        if self.n.min() < _FEW and "exact" not in self.method:
            yield f"{self.n.min()} values in a sample are few for the χ² distribution"
        if self.tied and "exact" not in self.method:
            yield _tied_words(self.tied)


def kruskal(
    *samples: ArrayLike, method: str = "auto", axis: int | None = None, nan_policy: str = "raise"
) -> KruskalResult:
    """Kruskal and Wallis's test of several independent samples by ranks.

    H = 12/(n(n + 1))·Σ Rⱼ²/nⱼ − 3(n + 1) of the rank sums Rⱼ, divided by 1 − Σ(t³ − t)/(n³ − n) for groups of t ties.

    Parameters
    ----------
    *samples : array_like
        Two samples or more.
    method : {"auto", "exact", "asymptotic"}
        How the p-value is found: over all ways to deal the ranks to the samples (ties are heeded), from the χ²
        distribution, or the former up to 20,000 different ways (three samples of four) and the latter beyond. SciPy
        always does the latter.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    KruskalResult
        A :class:`ManyTestsResult` if ``axis`` is given.
        Unpacks to (statistic, pvalue). Its ``method`` says whether the p-value is exact.

    Raises
    ------
    ValueError
        If there are fewer than two samples, one is empty, a value is missing or infinite (the message has the sample's
        number), all values are one, or an exact p-value is asked for where there are too many ways to count.

    References
    ----------
    W. H. Kruskal, W. A. Wallis (1952), doi:10.1080/01621459.1952.10483441.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.kruskal([1, 2, 3], [4, 5, 6], [7, 8, 9])
    >>> round(test.statistic, 6), round(test.pvalue * 1680), test.method
    (7.2, 6, 'Kruskal-Wallis test (exact)')
    """
    if axis is not None or nan_policy != "raise":
        named = {f"samples[{i}]": sample for i, sample in enumerate(samples)}
        return over(kruskal, named, {"method": method}, axis=axis, nan_policy=nan_policy, spread=True)
    found = core.kruskal(samples, method)
    return KruskalResult(*found[:7], f"Kruskal-Wallis test ({_approximation(found[7], 'χ²')})")


@dataclass(slots=True, repr=False, eq=False)
class FriedmanResult(HypothesisTestResult):
    """What the test of several treatments by ranks finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        χ², corrected for ties.
    pvalue : float
        Probability of a χ² at least as large, if the treatments made no difference to any subject.
    df : int
        Degrees of freedom, one less than there are treatments.
    effect_size : float
        Kendall's W = χ²/(n(k − 1)): 1 if all subjects rank the treatments alike, about 0 if each in its own way.
    mean_ranks : ndarray
        Mean rank of each treatment within the subjects.
    n : int
        How many subjects.
    tied : int
        How many values equal another one of their subject.
    method : str
        Which test this is, and whether its p-value is exact.
    """

    statistic: float
    pvalue: float
    df: int
    effect_size: float
    mean_ranks: NDArray[np.float64]
    n: int
    tied: int
    method: str

    def _title(self) -> str:
        return self.method

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] != "method"]

    def _question(self) -> str:
        return "do the subjects' values tend to be larger under one treatment than under another?"

    def _finding(self) -> str:
        low, high = format_value(self.mean_ranks.min()), format_value(self.mean_ranks.max())
        verdict = self._verdict("the treatments made no difference to any subject", "a χ² at least as large")
        return (
            f"Over n = {self.n} subjects the mean ranks of the treatments run from {low} to {high}: χ² is "
            f"{format_value(self.statistic)}. {verdict}"
        )

    def _size(self) -> str:
        return (
            f"Kendall's W is {format_value(self.effect_size)}, on a scale from zero (each subject ranks the treatments "
            "in its own way) to one (all rank them alike)."
        )

    def _caution(self) -> str:
        return (
            "a small probability does not say which treatments differ, that the differences matter, or what causes "
            "them; a large one does not show that there are none."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield Assumption("the subjects are independent of each other")

    def _remarks(self) -> Iterator[str]:
        if self.n < 2 * _FEW and "exact" not in self.method:
            yield f"{self.n} subjects are few for the χ² distribution"
        if self.tied and "exact" not in self.method:
            yield f"{self.tied} values equal another one of their subject, so the p-value is an approximation"


def friedman(
    *samples: ArrayLike, method: str = "auto", axis: int | None = None, nan_policy: str = "raise"
) -> FriedmanResult:
    """Friedman's test of several treatments that were tried on the same subjects.

    χ² = 12/(n·k(k + 1))·Σ Rⱼ² − 3n(k + 1), with the sums Rⱼ of the ranks within n subjects, divided by
    1 − Σ(t³ − t)/(n(k³ − k)) for groups of t ties. SciPy's name, ``friedmanchisquare``, is another name of it.

    Parameters
    ----------
    *samples : array_like, shape (n,)
        One a treatment, two or more, with a value for each subject in the same order.
    method : {"auto", "exact", "asymptotic"}
        How the p-value is found: over all orders within the subjects (ties are heeded), from the χ² distribution, or
        the former for few subjects (10 with three treatments, 5 with four, 3 with five) and the latter beyond. SciPy
        always does the latter.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out with its whole subject, or makes the result NaN.

    Returns
    -------
    FriedmanResult
        A :class:`ManyTestsResult` if ``axis`` is given.
        Unpacks to (statistic, pvalue). Its ``method`` says whether the p-value is exact.

    Raises
    ------
    ValueError
        If there are fewer than two treatments or subjects, the lengths differ, a value is missing or infinite (the
        message has the sample's number), each subject has one value throughout, or an exact p-value is asked for where
        there are too many orders.

    References
    ----------
    M. Friedman (1937), doi:10.1080/01621459.1937.10503522; M. G. Kendall, B. Babington Smith (1939),
    doi:10.1214/aoms/1177732186.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.friedman([1, 2, 1.5], [2, 3, 1.7], [3, 5, 2.2])
    >>> test.statistic, round(test.pvalue * 36), test.method
    (6.0, 1, 'Friedman test (exact)')
    """
    if axis is not None or nan_policy != "raise":
        named = {f"samples[{i}]": sample for i, sample in enumerate(samples)}
        return over(friedman, named, {"method": method}, axis=axis, nan_policy=nan_policy, paired=True, spread=True)
    found = core.friedman(samples, method)
    return FriedmanResult(*found[:7], f"Friedman test ({_approximation(found[7], 'χ²')})")


friedmanchisquare = friedman


@dataclass(slots=True, repr=False, eq=False)
class RunsResult(HypothesisTestResult):
    """What the runs test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        z, the number of runs less its mean, in standard deviations.
    pvalue : float
        Probability of a number of runs at least as far out in the direction of the alternative, if every order of the
        values were equally likely.
    runs : int
        How many runs there are: stretches of values on one side of the cutoff.
    expected : float
        How many are expected, 1 + 2n₁n₂/(n₁ + n₂).
    n : tuple of int
        How many values lie above the cutoff and below it.
    equal : int
        How many equal it; they are left out.
    cutoff : float
        The number that separates high from low.
    effect_size : float
        The number of runs in parts of the expected one: below 1 neighbours are alike, above 1 they alternate.
    alternative : str
        Which departures count.
    method : str
        Which test this is, and whether its p-value is exact.
    """

    statistic: float
    pvalue: float
    runs: int
    expected: float
    n: tuple[int, int]
    equal: int
    cutoff: float
    effect_size: float
    alternative: str
    method: str

    def _title(self) -> str:
        return f"{self.method}, alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] not in {"method", "alternative"}]

    def _question(self) -> str:
        return f"do the values lie above and below {format_value(self.cutoff)} in random order?"

    def _finding(self) -> str:
        verdict = self._verdict(
            "every order of the values were equally likely", f"a number of runs {_FAR[self.alternative]}"
        )
        return (
            f"{self.n[0]} values above the cutoff and {self.n[1]} below it make {self.runs} runs, where "
            f"{format_value(self.expected)} are expected. {verdict}"
        )

    def _size(self) -> str:
        return (
            f"there are {format_value(self.effect_size)} times as many runs as expected; fewer mean that "
            "neighbours are alike, more that they alternate."
        )

    def _caution(self) -> str:
        return (
            "a small probability does not say what makes the order (a trend, waves, a machine that drifts); a large "
            "one does not show that the order is random, only that it does not show in runs about this cutoff."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield Assumption("the values are in the order in which they came")

    def _remarks(self) -> Iterator[str]:
        if min(self.n) < _FEW:
            yield f"{min(self.n)} values on one side are few: only a clear pattern can show"
        if self.equal:
            yield f"{self.equal} values equal the cutoff and are left out"


def runs_test(
    x: ArrayLike,
    cutoff: str | float = "median",
    *,
    alternative: str = "two-sided",
    method: str = "auto",
    nan_policy: str = "raise",
) -> RunsResult:
    """Wald and Wolfowitz's runs test: whether values lie above and below a cutoff in random order.

    Too few runs mean that neighbours are alike (a trend, slow waves), too many that they alternate.

    Parameters
    ----------
    x : array_like, shape (n,)
        The values in the order in which they came. Those that equal the cutoff are left out.
    cutoff : {"median", "mean"} or float
        What separates high from low.
    alternative : {"two-sided", "less", "greater"}
        Whether the number of runs differs from what is expected, is less, or greater.
    method : {"auto", "exact", "asymptotic"}
        How the p-value is found: over all orders, from the normal distribution, or the former up to 1,000 values and
        the latter beyond.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out (its neighbours then follow each other), or makes the result NaN.

    Returns
    -------
    RunsResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If there are fewer than two values, one is missing or infinite, all lie on one side of the cutoff, or an exact
        p-value is asked for of more than 1,000.

    Notes
    -----
    A two-sided p-value is twice the smaller tail, at most 1. (statsmodels' ``runstest_1samp`` counts values that equal
    the cutoff as high, and takes the number of runs for normal, with half a step of correction up to 50 values.)

    References
    ----------
    A. Wald, J. Wolfowitz (1940), On a test whether two samples are from the same population,
    doi:10.1214/aoms/1177731909.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.runs_test([1, 2, 3, 4, 5, 6, 7, 8])
    >>> test.runs, test.expected, round(test.pvalue, 6)
    (2, 5.0, 0.057143)
    """
    if nan_policy != "raise":
        options = {"cutoff": cutoff, "alternative": alternative, "method": method}
        return over(runs_test, {"x": x}, options, axis=None, nan_policy=nan_policy)
    statistic, pvalue, runs, expected, above, below, equal, at, exact = core.runs_test(x, cutoff, alternative, method)
    title = f"Runs test ({_approximation(exact, 'normal')})"
    return RunsResult(statistic, pvalue, runs, expected, (above, below), equal, at, runs / expected, alternative, title)
