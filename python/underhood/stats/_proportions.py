"""Shares: the exact binomial test, tests of one or more proportions, and intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import counts as core
from underhood._results import Result, format_value
from underhood.stats._hypothesis import Assumption, HypothesisTestResult, chance, interval, percent

__all__ = [
    "BinomTestResult",
    "ProportionInterval",
    "ProportionsTestResult",
    "binomtest",
    "proportion_confint",
    "proportions_test",
]

_TRIALS = Assumption("the trials are independent of each other, with one probability of success")


class ProportionInterval(NamedTuple):
    """An interval for a share: ``low`` and ``high``.

    Attributes
    ----------
    low, high : float
        Its ends.

    Examples
    --------
    >>> import underhood as uh
    >>> within = uh.stats.proportion_confint(7, 50, method="wilson")
    >>> within, round(within.high - within.low, 6)
    (0.0695083 to 0.261862, 0.192354)
    """

    low: float
    high: float

    def __repr__(self) -> str:
        return f"{format_value(self.low)} to {format_value(self.high)}"


@dataclass(slots=True, repr=False, eq=False)
class BinomTestResult(HypothesisTestResult):
    """What the binomial test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        The share of successes, k/n; also called ``proportion_estimate``.
    pvalue : float
        Probability of a number of successes at least as far out. Two-sided: of all that are no more probable.
    effect_size : float
        Cohen's h = 2·asin √(k/n) − 2·asin √p.
    confidence_interval : tuple of float
        The exact interval for the probability of success (Clopper and Pearson); :meth:`proportion_ci` makes others.
    k, n : int
        Successes and trials.
    p : float
        The probability of success that was tested.
    confidence_level : float
        Level of the interval.
    alternative : str
        Which departures count.
    assumptions : tuple of Assumption
        What was assumed.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    effect_size: float
    confidence_interval: tuple[float, float]
    k: int
    n: int
    p: float
    confidence_level: float
    alternative: str

    @property
    def proportion_estimate(self) -> float:
        """The share of successes, by SciPy's name."""
        return self.statistic

    def proportion_ci(self, confidence_level: float = 0.95, method: str = "exact") -> ProportionInterval:
        """Make an interval for the probability of success, open on the side that the alternative does not test.

        Parameters
        ----------
        confidence_level : float, default 0.95
            Its level.
        method : {"exact", "wilson", "wilsoncc", "wald", "agresti-coull", "jeffreys"}
            See :func:`proportion_confint`.

        Returns
        -------
        ProportionInterval
            ``low`` and ``high``.

        Raises
        ------
        ValueError
            If the level is not between 0 and 1, or there is no such method.

        Examples
        --------
        >>> import underhood as uh
        >>> uh.stats.binomtest(7, 50, 0.1).proportion_ci(method="wilson")
        0.0695083 to 0.261862
        """
        found = core.binomtest(self.k, self.n, self.p, self.alternative, confidence_level, method, "proportion_ci")
        return ProportionInterval(*found[3])

    def _title(self) -> str:
        return f"Exact binomial test, alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] != "alternative"]

    def _question(self) -> str:
        return f"is the probability of success {format_value(self.p)}?"

    def _finding(self) -> str:
        outcome = {
            "two-sided": "a number of successes no more probable than this one",
            "less": "at most so many successes",
            "greater": "at least so many successes",
        }[self.alternative]
        found = f"Of {self.n} trials {self.k} were successes, a share of {format_value(self.statistic)}"
        return f"{found}. {self._verdict(f'the probability of success were {format_value(self.p)}', outcome)}"

    def _size(self) -> str:
        return (
            f"the probability of success is {interval(*self.confidence_interval)} ({percent(self.confidence_level)} "
            f"exact confidence interval); the share differs from {format_value(self.p)} by "
            f"h = {format_value(self.effect_size)} (Cohen)."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield _TRIALS


@dataclass(slots=True, repr=False, eq=False)
class ProportionsTestResult(HypothesisTestResult):
    """What a test of shares finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic, pvalue : float
        z (one or two samples) or χ² (more), and the probability of one at least as far out.
    df : int or None
        Degrees of freedom of χ².
    estimate : float or None
        The share (one sample), or the difference of both shares (two).
    confidence_interval : tuple of float or None
        For the share (one sample), what the test does not reject: Wald's interval, or Wilson's with
        ``prop_var=value``. Newcombe's for the difference (two).
    effect_size : float
        Cohen's h (one or two samples) or w = √(χ²/n) (more).
    proportions : ndarray
        The share of successes in each sample.
    least_expected : float
        The smallest expected number of successes or failures.
    count, nobs : ndarray
        Successes and trials.
    value : float
        What was tested against: a share, or a difference.
    confidence_level : float
        Level of the interval.
    alternative : str
        Which departures count.
    assumptions : tuple of Assumption
        What was assumed, and whether the counts support it.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    df: int | None
    estimate: float | None
    confidence_interval: tuple[float, float] | None
    effect_size: float
    proportions: NDArray[np.float64]
    least_expected: float
    count: NDArray[np.float64]
    nobs: NDArray[np.float64]
    value: float | None
    confidence_level: float
    alternative: str

    def _title(self) -> str:
        kind = "one share" if len(self.count) == 1 else f"{len(self.count)} shares"
        letter = "z" if self.df is None else "chi-square"
        return f"Test of {kind} ({letter}, approximate), alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        rows = Result._rows(self)
        return [row for row in rows if row[0] != "alternative" and getattr(self, row[0]) is not None]

    def _question(self) -> str:
        if len(self.count) == 1:
            return f"is the probability of success {format_value(self.value)}?"
        if len(self.count) == 2:
            if self.value == 0:
                return "do both samples have the same probability of success?"
            return f"do the probabilities of success differ by {format_value(self.value)}?"
        if self.value is not None:
            return f"do all samples have the probability of success {format_value(self.value)}?"
        return "do all samples have the same probability of success?"

    def _finding(self) -> str:
        shares = [format_value(share) for share in self.proportions]
        outcome = f"a z {chance(self.alternative)} as {format_value(self.statistic)}"
        if len(shares) == 1:
            null = f"the probability of success were {format_value(self.value)}"
            return f"The share of successes is {shares[0]}. {self._verdict(null, outcome)}"
        if len(shares) == 2:
            null = f"the probabilities differed by {format_value(self.value)}"
            null = "both samples had one probability of success" if self.value == 0 else null
            found = f"The shares of successes, {shares[0]} and {shares[1]}, differ by {format_value(self.estimate)}"
            return f"{found}. {self._verdict(null, outcome)}"
        low, high = format_value(self.proportions.min()), format_value(self.proportions.max())
        outcome = f"a χ² of at least {format_value(self.statistic)}"
        found = f"The shares of successes run from {low} to {high}"
        one = "one probability" if self.value is None else f"the probability {format_value(self.value)}"
        return f"{found}. {self._verdict(f'all samples had {one} of success', outcome)}"

    def _size(self) -> str:
        if self.confidence_interval is None:
            zero = "equal shares" if self.value is None else f"shares of {format_value(self.value)}"
            return f"Cohen's w, which is zero for {zero}, is {format_value(self.effect_size)}."
        what = "probability of success" if len(self.count) == 1 else "difference of the probabilities"
        return (
            f"the {what} is {interval(*self.confidence_interval)} ({percent(self.confidence_level)} confidence "
            f"interval), an effect of h = {format_value(self.effect_size)} (Cohen)."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield _TRIALS
        if len(self.count) > 1:
            yield Assumption("the samples are independent of each other")
        words = f"the smallest expected number of successes or failures is {format_value(self.least_expected)}"
        yield Assumption("the shares are about normal", self.least_expected >= 5, words)

    def _remarks(self) -> Iterator[str]:
        if self.least_expected < 5:
            exact = {1: "; binomtest is exact", 2: "; fisher_exact is exact"}.get(len(self.count), "")
            yield (
                f"expected numbers of successes or failures are as small as {format_value(self.least_expected)}, so "
                f"the p-value is rough{exact}"
            )


def binomtest(
    k: int, n: int, p: float = 0.5, alternative: str = "two-sided", *, confidence_level: float = 0.95
) -> BinomTestResult:
    """Exact test of a probability of success: k successes in n trials are binomial.

    Parameters
    ----------
    k, n : int
        Successes and trials, n ≥ 1.
    p : float, default 0.5
        The probability of success under the null hypothesis.
    alternative : {"two-sided", "less", "greater"}
        Whether the probability differs from ``p``, is less, or greater.
    confidence_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    BinomTestResult
        Unpacks to (statistic, pvalue). ``proportion_ci`` makes other intervals.

    Raises
    ------
    ValueError
        If k or n is no whole number, k is larger than n, or p is no probability.

    References
    ----------
    C. J. Clopper and E. S. Pearson (1934), doi:10.1093/biomet/26.4.404.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.binomtest(3, 15, 0.1, alternative="greater")
    >>> test.statistic, round(test.pvalue, 6)
    (0.2, 0.184061)
    """
    found = core.binomtest(k, n, p, alternative, confidence_level, "exact", "binomtest")
    statistic, pvalue, effect_size, within, k, n, p = found  # type: ignore[assignment]
    return BinomTestResult(
        statistic, pvalue, effect_size, within, int(k), int(n), p, float(confidence_level), alternative
    )


def proportions_test(
    count: ArrayLike,
    nobs: ArrayLike,
    value: float | None = None,
    *,
    alternative: str = "two-sided",
    prop_var: float | None = None,
    confidence_level: float = 0.95,
) -> ProportionsTestResult:
    """Test one share against a value, the difference of two, or several for being one.

    One sample: z = (p̂ − value)/√(p(1 − p)/n) with p = p̂; two: z = (p̂₁ − p̂₂ − value)/√(p(1 − p)(1/n₁ + 1/n₂)) with p
    the share of both together; more: χ² = Σ nᵢ(p̂ᵢ − p)²/(p(1 − p)). These are the conventions of statsmodels'
    ``proportions_ztest`` and ``proportions_chisquare``.

    Parameters
    ----------
    count : int or array_like, shape (k,)
        Successes of each sample.
    nobs : int or array_like, shape (k,)
        Trials of each sample.
    value : float, optional
        One sample: the share to test, 0.5 by default. Two: the difference, 0 by default. More: their common share, by
        default estimated.
    alternative : {"two-sided", "less", "greater"}
        Whether the share (the first one) differs, is less, or greater; two-sided for more than two samples.
    prop_var : float, optional
        The share that the standard error is taken at. ``prop_var=value`` gives the textbook's test of one sample
        (Wilson's score test, with Wilson's interval; :func:`proportion_confint` has better ones than Wald's too).
    confidence_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    ProportionsTestResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If a count is no whole number or larger than its number of trials, all trials or none succeed, so that there is
        no standard error, or a value is out of range.

    References
    ----------
    R. G. Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I (the interval).

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.proportions_test([5, 12], [83, 99])
    >>> round(test.statistic, 6), round(test.pvalue, 6), round(test.effect_size, 4)
    (-1.40783, 0.159181, -0.2153)
    """
    found = core.proportions_test(count, nobs, value, prop_var, alternative, confidence_level)
    samples = len(found[6])
    tested = float(value) if value is not None else {1: 0.5, 2: 0.0}.get(samples)
    result = ProportionsTestResult(*found, tested, float(confidence_level), alternative)
    if samples == 1:
        result.estimate = float(result.proportions[0])  # what the interval is for
    return result


def proportion_confint(
    count: int, nobs: int, *, confidence_level: float = 0.95, method: str = "wilson"
) -> ProportionInterval:
    """Confidence interval for a probability of success.

    Parameters
    ----------
    count, nobs : int
        Successes and trials.
    confidence_level : float, default 0.95
        Its level.
    method : {"wilson", "wald", "clopper-pearson", "agresti-coull", "wilsoncc", "jeffreys", "exact"}
        ``wilson``, the default, inverts the score test and is a good choice for any n. ``clopper-pearson`` (also called
        ``exact``) never covers too little, and is wide for it. ``agresti-coull`` is Wald's about a share moved towards
        one half. ``wald``, p̂ ± z√(p̂(1 − p̂)/n), is the textbook's, and covers too little. ``wilsoncc`` is Wilson's
        with a correction for continuity; ``jeffreys`` has the quantiles of Beta(k + ½, n − k + ½).

    Returns
    -------
    ProportionInterval
        ``low`` and ``high``.

    Raises
    ------
    ValueError
        If count or nobs is no whole number, there are more successes than trials, the level is not between 0 and 1, or
        there is no such method.

    References
    ----------
    L. D. Brown, T. T. Cai and A. DasGupta (2001), doi:10.1214/ss/1009213286.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.stats.proportion_confint(15, 50)
    0.191036 to 0.437504
    >>> low, high = uh.stats.proportion_confint(0, 20, method="clopper-pearson")
    >>> low, round(high, 6)
    (0.0, 0.168433)
    """
    return ProportionInterval(*core.proportion_confint(count, nobs, confidence_level, method))
