"""Tests of variances: whether several populations spread alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import means as core
from underhood._results import Result, format_value
from underhood.stats._hypothesis import (
    INDEPENDENT,
    Assumption,
    HypothesisTestResult,
    all_about_normal,
    chance,
    interval,
    percent,
)
from underhood.stats._policy import over

__all__ = ["BartlettResult", "LeveneResult", "VarianceRatioResult", "bartlett", "levene", "var_test"]

_CAUTION = (
    "a small probability does not say which populations differ, that the difference of spreads matters, or what causes "
    "it; a large one does not show that the spreads are the same, least of all in small samples, where a t test or an "
    "analysis of variance that does not assume so (equal_var=False) is the safer choice."
)


def _normal(n: NDArray[np.int64], skewness: NDArray[np.float64], kurtosis: NDArray[np.float64]) -> Assumption:
    """Judge normality by the standard errors of skewness and kurtosis, √(6/n) and √(24/n) (R. A. Fisher, 1930)."""
    text = "the values of each population are normal, which this test needs even of large samples"
    errors = np.maximum(np.abs(skewness) / np.sqrt(6 / n), np.abs(kurtosis) / np.sqrt(24 / n))
    worst = int(np.argmax(errors))
    near = bool(errors[worst] < 3)
    words = f"a skewness of {format_value(skewness[worst])} and an excess kurtosis of {format_value(kurtosis[worst])}"
    return Assumption(text, near, f"{words} are {'not ' if near else ''}far from zero for n = {format_value(n[worst])}")


@dataclass(slots=True, repr=False, eq=False)
class _VarianceResult(HypothesisTestResult):
    """What the tests of several variances share."""

    statistic: float
    pvalue: float
    effect_size: float
    stds: NDArray[np.float64]
    skewness: NDArray[np.float64]
    n: NDArray[np.int64]
    method: str

    def _title(self) -> str:
        return self.method

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] != "method"]

    def _question(self) -> str:
        return "do the populations behind all groups have the same variance?"

    def _finding(self) -> str:
        low, high = format_value(np.nanmin(self.stds)), format_value(np.nanmax(self.stds))
        outcome = f"a statistic of at least {format_value(self.statistic)}"
        verdict = self._verdict("all populations had one variance", outcome)
        return f"The standard deviations run from {low} to {high}, in the unit of the data. {verdict}"

    def _size(self) -> str:
        if np.isinf(self.effect_size):
            return "a group does not vary at all, so no ratio says how many times as far the others spread."
        return f"the largest standard deviation is {format_value(self.effect_size)} times the smallest."

    def _caution(self) -> str:
        return _CAUTION


@dataclass(slots=True, repr=False, eq=False)
class LeveneResult(_VarianceResult):
    """What Levene's test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic, pvalue : float
        W, and the probability of so large a W if all populations have one variance.
    effect_size : float
        The largest standard deviation over the smallest.
    stds : ndarray, shape (k,)
        Each group's standard deviation; NaN for a single value.
    skewness : ndarray, shape (k,)
        Skewness of each group's distances from its centre.
    n : ndarray of int, shape (k,)
        Each group's number of values.
    df_between, df_within : float
        Degrees of freedom.
    centers, mean_distances : ndarray, shape (k,)
        Each group's centre, and the mean distance of its values from it.
    center : str
        Which centre.
    method : str
        Which test this is.
    assumptions : tuple of Assumption
        What was assumed, and whether the data support it.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    df_between: float
    df_within: float
    centers: NDArray[np.float64]
    mean_distances: NDArray[np.float64]
    center: str

    def _size(self) -> str:
        low, high = format_value(self.mean_distances.min()), format_value(self.mean_distances.max())
        words = _VarianceResult._size(self)
        return f"{words[:-1]}; the mean distances from the centre run from {low} to {high}."

    def _assumed(self) -> Iterator[Assumption]:
        yield INDEPENDENT
        yield Assumption("the groups are independent of each other")
        yield all_about_normal(self.n, self.skewness, "the mean distance of each group")

    def _remarks(self) -> Iterator[str]:
        if self.n.min() < 5:
            yield f"a group of {self.n.min()} says little of a spread"
        if self.center == "mean" and any(assumption.supported is False for assumption in self._assumed()):
            yield "the distances are heavily skewed; those from the median (center='median') keep the level better"


@dataclass(slots=True, repr=False, eq=False)
class BartlettResult(_VarianceResult):
    """What Bartlett's test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic, pvalue : float
        T, about chi-square, and the probability of so large a T if all populations have one variance.
    effect_size : float
        The largest standard deviation over the smallest.
    stds, skewness, kurtosis : ndarray, shape (k,)
        Each group's standard deviation, skewness and excess kurtosis.
    n : ndarray of int, shape (k,)
        Each group's number of values.
    df : float
        Degrees of freedom, k − 1.
    pooled_std : float
        The pooled standard deviation.
    method : str
        Which test this is.
    assumptions : tuple of Assumption
        What was assumed, and whether the data support it.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    df: float
    pooled_std: float
    kurtosis: NDArray[np.float64]

    def _assumed(self) -> Iterator[Assumption]:
        yield INDEPENDENT
        yield Assumption("the groups are independent of each other")
        yield _normal(self.n, self.skewness, self.kurtosis)

    def _remarks(self) -> Iterator[str]:
        if self.n.min() < 5:
            yield f"a group of {self.n.min()} is small: the p-value is rough"
        if any(assumption.supported is False for assumption in self._assumed()):
            yield "the values do not look normal; Levene's test does not need that"


@dataclass(slots=True, repr=False, eq=False)
class VarianceRatioResult(HypothesisTestResult):
    """What the F test of two variances finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        F, the ratio of both variances over the one that was tested.
    pvalue : float
        Probability of an F at least as far out in the direction of the alternative, if the null hypothesis holds.
    df : tuple of float
        Degrees of freedom, n₁ − 1 and n₂ − 1.
    estimate : float
        The ratio of both variances.
    confidence_interval : tuple of float
        Interval for the ratio of the populations' variances; open on one side if the alternative is one-sided.
    effect_size : float
        The ratio of both standard deviations.
    stds, skewness, kurtosis : tuple of float
        Standard deviation, skewness and excess kurtosis of each sample.
    n : tuple of int
        How many values in each sample.
    ratio : float
        The ratio that was tested.
    confidence_level : float
        Level of the interval.
    alternative, method : str
        Which departures count, and which test this is.
    assumptions : tuple of Assumption
        What was assumed, and whether the data support it.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    df: tuple[float, float]
    estimate: float
    confidence_interval: tuple[float, float]
    stds: tuple[float, float]
    skewness: tuple[float, float]
    kurtosis: tuple[float, float]
    n: tuple[int, int]
    effect_size: float
    ratio: float
    confidence_level: float
    alternative: str
    method: str

    def _title(self) -> str:
        return f"{self.method}, alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] not in {"method", "alternative"}]

    def _question(self) -> str:
        if self.ratio == 1:
            return "do the populations behind both samples have the same variance?"
        return f"is the ratio of the variances of both populations {format_value(self.ratio)}?"

    def _finding(self) -> str:
        first, second = map(format_value, self.stds)
        outcome = f"an F {chance(self.alternative, 'one')} as {format_value(self.statistic)}"
        verdict = self._verdict(f"the populations' ratio were {format_value(self.ratio)}", outcome)
        return (
            f"The standard deviations are {first} and {second}, and the ratio of their squares is "
            f"{format_value(self.estimate)}. {verdict}"
        )

    def _size(self) -> str:
        return (
            f"the first standard deviation is {format_value(self.effect_size)} times the second; the ratio of the "
            f"variances is {interval(*self.confidence_interval)} ({percent(self.confidence_level)} confidence "
            "interval)."
        )

    def _caution(self) -> str:
        return _CAUTION

    def _assumed(self) -> Iterator[Assumption]:
        yield INDEPENDENT
        yield Assumption("the samples are independent of each other")
        yield _normal(np.array(self.n), np.array(self.skewness), np.array(self.kurtosis))

    def _remarks(self) -> Iterator[str]:
        if any(assumption.supported is False for assumption in self._assumed()):
            yield "the values do not look normal; Levene's test does not need that"


def levene(
    *groups: ArrayLike,
    center: str = "median",
    proportiontocut: float = 0.05,
    axis: int | None = None,
    nan_policy: str = "raise",
) -> LeveneResult:
    """Levene's test of equal variances: the analysis of variance of the distances from each group's centre.

    Parameters
    ----------
    *groups : array_like
        Two groups or more.
    center : {"median", "mean", "trimmed"}
        The centre: the median (Brown and Forsythe) suits skewed values, the mean (Levene) those that are nearly normal,
        the trimmed mean heavy tails.
    proportiontocut : float, default 0.05
        The share of the values that the trimmed mean leaves out at each end.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    LeveneResult
        A :class:`ManyTestsResult` if ``axis`` is given.
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If there are fewer than two groups, one is empty, a value is missing or infinite, or within every group all
        distances are the same (as they are of two values).

    References
    ----------
    H. Levene (1960), in Contributions to Probability and Statistics, Stanford; M. B. Brown & A. B. Forsythe (1974),
    doi:10.1080/01621459.1974.10482955.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.levene([1, 3, 2, 5], [1, 9, 4, 20])
    >>> test.mean_distances, round(test.pvalue, 6)
    (array([1.25, 6.  ]), 0.122289)
    """
    if axis is not None or nan_policy != "raise":
        samples = {f"groups[{i}]": group for i, group in enumerate(groups)}
        options = {"center": center, "proportiontocut": proportiontocut}
        return over(levene, samples, options, axis=axis, nan_policy=nan_policy, spread=True)
    tests, centers, distances, stds, skewness, n = core.levene(groups, center, proportiontocut)
    method = f"Levene's test of equal variances, distances from the {center}{' mean' if center == 'trimmed' else ''}"
    statistic, pvalue, between, within = tests
    shared = (statistic, pvalue, _ratio(stds), stds, skewness, n, method)
    return LeveneResult(*shared, between, within, centers, distances, center)


def bartlett(*groups: ArrayLike, axis: int | None = None, nan_policy: str = "raise") -> BartlettResult:
    """Bartlett's test of equal variances of normal populations: T = Σ(nᵢ − 1) ln(s²/sᵢ²)/C.

    s² is the pooled variance and C = 1 + (Σ1/(nᵢ − 1) − 1/(n − k))/(3(k − 1)); T is about chi-square with k − 1
    degrees of freedom. Heavy tails look like unequal variances to this test; :func:`levene` does not mind them.

    Parameters
    ----------
    *groups : array_like
        Two groups or more, of two values or more.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    BartlettResult
        A :class:`ManyTestsResult` if ``axis`` is given.
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If there are fewer than two groups, one has fewer than two values or is constant, or a value is missing or
        infinite.

    References
    ----------
    M. S. Bartlett (1937), doi:10.1098/rspa.1937.0109.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.bartlett([1, 3, 2, 5], [1, 9, 4, 20])
    >>> round(test.statistic, 6), test.df
    (4.806033, 1.0)
    """
    if axis is not None or nan_policy != "raise":
        samples = {f"groups[{i}]": group for i, group in enumerate(groups)}
        return over(bartlett, samples, {}, axis=axis, nan_policy=nan_policy, spread=True)
    (statistic, pvalue, df, pooled), stds, skewness, kurtosis, n = core.bartlett(groups)
    method = "Bartlett's test of equal variances"
    return BartlettResult(statistic, pvalue, _ratio(stds), stds, skewness, n, method, df, pooled, kurtosis)


def var_test(
    x: ArrayLike,
    y: ArrayLike,
    *,
    ratio: float = 1.0,
    alternative: str = "two-sided",
    confidence_level: float = 0.95,
    axis: int | None = None,
    nan_policy: str = "raise",
) -> VarianceRatioResult:
    """F test of the variances of two normal populations: F = (s₁²/s₂²)/ratio (as R's ``var.test``).

    Parameters
    ----------
    x, y : array_like
        The samples, two values or more in each.
    ratio : float, default 1
        The ratio of variances under the null hypothesis.
    alternative : {"two-sided", "less", "greater"}
        Whether the ratio differs from that, is less, or greater.
    confidence_level : float, default 0.95
        Level of the interval.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    VarianceRatioResult
        A :class:`ManyTestsResult` if ``axis`` is given.
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If a sample has fewer than two values or is constant, or a value is missing or infinite.

    References
    ----------
    R. A. Fisher (1925), Statistical Methods for Research Workers, §41.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.var_test([1, 3, 5], [1, 2, 3])
    >>> test.estimate, test.df, round(test.pvalue, 6)
    (4.0, (2.0, 2.0), 0.4)
    """
    if axis is not None or nan_policy != "raise":
        options = {"ratio": ratio, "alternative": alternative, "confidence_level": confidence_level}
        return over(var_test, {"x": x, "y": y}, options, axis=axis, nan_policy=nan_policy)
    found = core.var_test(x, y, ratio, alternative, confidence_level)
    first, second = found[5]
    method = "F test of two variances (exact for normal values)"
    rest = (first / second, float(ratio), float(confidence_level), alternative, method)
    return VarianceRatioResult(*found, *rest)


def _ratio(stds: NDArray[np.float64]) -> float:
    """Divide the largest by the smallest; infinite if that is zero."""
    known = [std for std in stds.tolist() if std == std]
    low, high = min(known), max(known)
    return high / low if low > 0 else float("inf")
