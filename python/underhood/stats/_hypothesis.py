"""What the results of hypothesis tests have in common: words that a reader can follow, made of their own numbers.

A test's result derives from :class:`HypothesisTestResult`, holds numbers, and turns them into words when asked::

    @dataclass(slots=True, repr=False, eq=False)
    class SignResult(HypothesisTestResult):
        statistic: float
        pvalue: float
        ...

        def _question(self) -> str: ...      # "does the population have the median 3?"
        def _finding(self) -> str: ...       # what was found, and how often chance alone would do as much
        def _size(self) -> str: ...          # how large the effect is, in the data's units
        def _assumed(self) -> ...: ...       # what it rests on, and what the data say of that
        def _remarks(self) -> ...: ...       # ties, few values, skewness: what makes the numbers doubtful

Words never go further than the numbers: every number in them is a field of the result.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from underhood._results import Result, format_probability, format_value

__all__ = [
    "INDEPENDENT",
    "Assumption",
    "HypothesisTestResult",
    "about_normal",
    "all_about_normal",
    "chance",
    "equal_spreads",
    "interval",
    "percent",
]


@dataclass(slots=True, frozen=True)
class Assumption:
    """One thing that a test rests on.

    Attributes
    ----------
    text : str
        What is assumed.
    supported : bool or None
        Whether the data agree with it; ``None`` where they cannot tell.
    evidence : str
        What in the data says so.

    Examples
    --------
    >>> import underhood as uh
    >>> print(uh.stats.ttest_1samp([5.1, 4.9, 5.6, 5.3], 5).assumptions[0])
    the values are independent of each other (the data cannot tell)
    """

    text: str
    supported: bool | None = None
    evidence: str = ""

    def __str__(self) -> str:
        if self.supported is None:
            return f"{self.text} (the data cannot tell)"
        return f"{self.text} (the data {'agree' if self.supported else 'speak against it'}: {self.evidence})"


INDEPENDENT = Assumption("the values are independent of each other")


class HypothesisTestResult(Result, ABC):
    """What a test found: numbers by name, and :meth:`explain` for the words.

    Every test's result is one of these. It unpacks to (statistic, pvalue), as SciPy's do; ``assumptions`` has what
    the test
    rests on and whether the data support it, ``notes`` what makes its numbers doubtful.
    """

    __slots__ = ()
    _unpack: ClassVar[tuple[str, ...]] = ("statistic", "pvalue")

    statistic: float
    pvalue: float

    @abstractmethod
    def _question(self) -> str:
        """Ask, in words, what was tested; ends with a question mark."""

    @abstractmethod
    def _finding(self) -> str:
        """Say what was found, and how often chance alone would do as much, in whole sentences."""

    @abstractmethod
    def _size(self) -> str:
        """Say how large the effect is, in the data's units, in whole sentences."""

    def _caution(self) -> str:
        """Say what may not be concluded."""
        return (
            "a small probability does not say that the effect is large, that it matters, or what causes it, and it is "
            "not the probability that there is none; a large one does not show that there is none."
        )

    def _assumed(self) -> Iterable[Assumption]:
        """Name what the test rests on."""
        return (INDEPENDENT,)

    def _remarks(self) -> Iterable[str]:
        """Name what makes the numbers doubtful, each a clause without a full stop."""
        return ()

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What the test rests on, and whether the data support it."""
        if self._unknown():
            # Nothing is known of the data either.
            with np.errstate(all="ignore"):
                return tuple(Assumption(assumption.text) for assumption in self._assumed())
        return tuple(self._assumed())

    @property
    def notes(self) -> tuple[str, ...]:
        """What makes the numbers doubtful: ties, few values, small expected counts, heavy skew."""
        return () if self._unknown() else tuple(self._remarks())

    def _unknown(self) -> bool:
        """Whether nothing was computed, because a value is missing."""
        return bool(np.isnan(self.pvalue).all())

    def explain(self) -> str:
        """Say in words what was asked, what that rests on, what was found, and what may not be concluded.

        Examples
        --------
        >>> import underhood as uh
        >>> test = uh.stats.ttest_1samp([5.1, 4.9, 5.6, 5.3], 5)
        >>> print(test.explain().splitlines()[0])
        Question: does the population behind the sample have the mean 5?
        """
        if self._unknown():
            return f"Question: {self._question()}\nFound: A value is missing, so nothing was computed."
        lines = [
            f"Question: {self._question()}",
            f"Assumptions: {'; '.join(map(str, self._assumed()))}.",
            f"Found: {self._finding()}",
            f"Size: {self._size()}",
            f"Not concluded: {self._caution()}",
        ]
        return "\n".join([*lines, *(f"Note: {note}." for note in self.notes)])

    def _verdict(self, null: str, outcome: str) -> str:
        """Say how often chance alone would do as much: the p-value as a sentence."""
        return f"If {null}, {outcome} would come up with probability {format_probability(self.pvalue)}."

    def __repr__(self) -> str:
        return "\n".join([Result.__repr__(self), *(f"  note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        return Result._repr_html_(self) + "".join(f"<p>Note: {escape(note)}.</p>" for note in self.notes)


def percent(level: float) -> str:
    """Write a confidence level as people do."""
    return f"{format_value(100 * level)} %"


def interval(low: float, high: float) -> str:
    """Write an interval that may be open on one side."""
    if low == -np.inf:
        return f"at most {format_value(high)}"
    if high == np.inf:
        return f"at least {format_value(low)}"
    return f"{format_value(low)} to {format_value(high)}"


def chance(alternative: str, centre: str = "zero") -> str:
    """Name the outcomes that a p-value counts; ``centre`` is where the statistic lies if there is nothing to find."""
    if alternative == "two-sided":
        return f"at least as far from {centre}"
    return "at least as low" if alternative == "less" else "at least as high"


_FEW = 8
"""So few values cannot show what distribution they come from."""


def about_normal(n: int, skewness: float, whose: str = "the mean") -> Assumption:
    """Judge whether a mean is about normal by Cochran's rule n > 25·skewness² (Sampling Techniques, 1977, §2.15).

    A skewness below two of its standard errors, √(6/n), is no evidence against the rule: few normal values have it too.
    """
    text = f"{whose} is about normal: the values are, or there are enough of them"
    if np.isnan(skewness) or n < _FEW:
        return Assumption(text)
    small = bool(n > 25 * skewness**2)
    if not small and n * skewness**2 < 24:
        return Assumption(text)
    size = "small" if small else "large"
    return Assumption(text, small, f"a skewness of {format_value(skewness)} is {size} for n = {n}, by Cochran's rule")


def all_about_normal(
    n: NDArray[np.int64], skewness: NDArray[np.float64], whose: str = "the mean of each group"
) -> Assumption:
    """Judge the same of several groups by the one that Cochran's rule likes least."""
    known = np.flatnonzero(~np.isnan(skewness))
    if not known.size:
        return about_normal(int(n.min()), np.nan, whose)
    order = known[np.argsort(-(skewness[known] ** 2) / n[known], kind="stable")]
    judged = [about_normal(int(n[i]), float(skewness[i]), whose) for i in order]
    return min(judged, key=lambda assumption: (False, None, True).index(assumption.supported))


_APART = 2.0
"""Standard deviations that differ by less than this factor count as alike: tests of means then hold their level."""


def equal_spreads(
    stds: Sequence[float] | NDArray[np.float64],
    n: Sequence[int] | NDArray[np.int64],
    whose: str = "all populations",
) -> Assumption:
    """Judge by the ratio of the largest to the smallest standard deviation whether variances are alike.

    A ratio within two standard errors, ln s having 1/√(2(n − 1)), is no evidence: few values bring it about.
    """
    known = [(float(std), int(size)) for std, size in zip(stds, n, strict=True) if std == std]
    text = f"{whose} have the same variance"
    if len(known) < 2:
        return Assumption(text)
    low, high = min(known), max(known)
    alike = high[0] < _APART * low[0]
    error = np.sqrt(1 / (2 * low[1] - 2) + 1 / (2 * high[1] - 2))
    if not alike and low[0] > 0 and np.log(high[0] / low[0]) < 2 * error:
        return Assumption(text)
    if len(known) == 2:
        words = f"the standard deviations are {format_value(known[0][0])} and {format_value(known[1][0])}"
    else:
        words = f"the standard deviations run from {format_value(low[0])} to {format_value(high[0])}"
    return Assumption(text, alike, words)
