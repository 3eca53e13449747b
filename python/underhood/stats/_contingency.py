"""Tests of tables of counts: independence, agreement with expected counts, symmetry of pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import counts as core
from underhood._results import Result, format_value
from underhood.stats._hypothesis import Assumption, HypothesisTestResult, interval, percent

__all__ = [
    "ChiSquareResult",
    "ContingencyResult",
    "FisherExactResult",
    "McNemarResult",
    "chi2_contingency",
    "chisquare",
    "fisher_exact",
    "mcnemar",
]

_ONCE = Assumption("each observation is counted once, in one cell, independently of the others")
_FEW = 5.0
"""Expected counts below this make χ² rough (Cochran 1952)."""


def _large_enough(expected: NDArray[np.float64]) -> Assumption:
    """Judge whether χ² has about its distribution."""
    least = float(expected.min())
    words = f"the smallest expected count is {format_value(least)}"
    return Assumption("the expected counts are large enough for the chi-square distribution", least >= _FEW, words)


def _few(expected: NDArray[np.float64], instead: str = "") -> Iterator[str]:
    least = float(expected.min())
    if least < _FEW:
        yield f"expected counts are as small as {format_value(least)}, so the p-value is rough{instead}"


def _residuals(residuals: NDArray[np.float64], which: str) -> str:
    low, high = format_value(residuals.min()), format_value(residuals.max())
    return f"the {which} residuals, each about standard normal, run from {low} to {high}."


@dataclass(slots=True, repr=False, eq=False)
class ContingencyResult(HypothesisTestResult):
    """What the chi-square test of independence finds; unpacks to SciPy's four fields.

    Attributes
    ----------
    statistic, pvalue : float
        χ², and the probability of so large a χ² if rows and columns are independent.
    dof : int
        Degrees of freedom, (rows − 1)(columns − 1).
    expected_freq : ndarray
        The counts to be expected if they are independent.
    effect_size : float
        Cramér's V, from 0 (independent) to 1 (one category decides the other), without Yates' correction.
    residuals : ndarray
        The adjusted residuals (observed − expected)/√(expected·(1 − row share)(1 − column share)): about standard
        normal each under independence, so that those beyond ±2 or ±3 show which cells are responsible.
    total : float
        The sum of all counts.
    corrected : bool
        Whether Yates' correction was applied.
    assumptions : tuple of Assumption
        What was assumed, and whether the counts support it.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("statistic", "pvalue", "dof", "expected_freq")
    statistic: float
    pvalue: float
    dof: int
    expected_freq: NDArray[np.float64]
    effect_size: float
    residuals: NDArray[np.float64]
    total: float
    corrected: bool

    def _title(self) -> str:
        return "Chi-square test of independence" + (", with Yates' correction" if self.corrected else "")

    def _question(self) -> str:
        return "are rows and columns independent?"

    def _finding(self) -> str:
        outcome = f"a χ² of at least {format_value(self.statistic)}"
        total = f"Over a total of {format_value(self.total)} counts there are {self.dof} degrees of freedom"
        return f"{total}. {self._verdict('rows and columns were independent', outcome)}"

    def _size(self) -> str:
        return (
            "Cramér's V, which is zero for independent categories and one if one decides the other, is "
            f"{format_value(self.effect_size)}; {_residuals(self.residuals, 'adjusted')}"
        )

    def _caution(self) -> str:
        return (
            "a small probability does not say that the association is strong, or what causes it, and it is not the "
            "probability that there is none; a large one does not show that there is none."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield _ONCE
        yield _large_enough(self.expected_freq)

    def _remarks(self) -> Iterator[str]:
        yield from _few(self.expected_freq, "; fisher_exact is not" if self.expected_freq.shape == (2, 2) else "")


@dataclass(slots=True, repr=False, eq=False)
class ChiSquareResult(HypothesisTestResult):
    """What the chi-square test of expected counts finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic, pvalue : float
        χ², and the probability of so large a χ² if the expected counts are right.
    df : int
        Degrees of freedom, k − 1 − ddof.
    effect_size : float
        Cohen's w = √(χ²/total): 0 where the shares are as expected.
    expected_freq : ndarray
        The expected counts.
    residuals : ndarray
        (observed − expected)/√(expected·(1 − expected/total)): about standard normal each.
    total : float
        The sum of all counts.
    assumptions : tuple of Assumption
        What was assumed, and whether the counts support it.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    df: int
    effect_size: float
    expected_freq: NDArray[np.float64]
    residuals: NDArray[np.float64]
    total: float

    def _title(self) -> str:
        return "Chi-square test of expected counts"

    def _question(self) -> str:
        return "do the categories have the expected shares?"

    def _finding(self) -> str:
        outcome = f"a χ² of at least {format_value(self.statistic)}"
        total = f"Over a total of {format_value(self.total)} counts there are {self.df} degrees of freedom"
        return f"{total}. {self._verdict('the categories had the expected shares', outcome)}"

    def _size(self) -> str:
        return (
            "Cohen's w, which is zero where all shares are as expected, is "
            f"{format_value(self.effect_size)}; {_residuals(self.residuals, 'standardised')}"
        )

    def _caution(self) -> str:
        return (
            "a small probability does not say that the differences are large or that they matter; a large one does not "
            "show that the shares are as expected."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield _ONCE
        yield _large_enough(self.expected_freq)

    def _remarks(self) -> Iterator[str]:
        yield from _few(self.expected_freq, "; put rare categories together")


@dataclass(slots=True, repr=False, eq=False)
class FisherExactResult(HypothesisTestResult):
    """What Fisher's exact test finds; unpacks to (statistic, pvalue), SciPy's two.

    Attributes
    ----------
    statistic : float
        The odds ratio of the sample, ad/(bc); infinite if b or c is 0.
    pvalue : float
        Probability of a table at least as far out, of all with these margins, if rows and columns are independent.
        Two-sided: of all tables that are no more probable.
    effect_size : float
        The conditional odds ratio: under which the table is most likely, given its margins. Nearer to 1 than
        ``statistic``.
    confidence_interval : tuple of float
        The exact interval for it; open on one side if the alternative is one-sided.
    shares : tuple of float
        The share of the first column in each row.
    cohens_h : float
        2·asin √p₁ − 2·asin √p₂ of these shares.
    total : float
        The sum of all counts.
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
    shares: tuple[float, float]
    cohens_h: float
    total: float
    confidence_level: float
    alternative: str

    def _title(self) -> str:
        return f"Fisher's exact test, alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] != "alternative"]

    def _question(self) -> str:
        return "are rows and columns independent: is the odds ratio one?"

    def _finding(self) -> str:
        first, second = (format_value(share) for share in self.shares)
        outcome = {
            "two-sided": "a table no more probable than this one",
            "less": "a first count at least as low",
            "greater": "a first count at least as high",
        }[self.alternative]
        found = (
            f"The first column has a share of {first} in the first row and {second} in the second, "
            f"an odds ratio of {format_value(self.statistic)}"
        )
        return f"{found}. {self._verdict('rows and columns were independent', outcome)}"

    def _size(self) -> str:
        return (
            f"given the margins, the odds ratio is most likely {format_value(self.effect_size)} and lies in "
            f"{interval(*self.confidence_interval)} ({percent(self.confidence_level)} exact confidence interval); the "
            f"shares differ by h = {format_value(self.cohens_h)} (Cohen)."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield _ONCE
        yield Assumption("the sums of the rows and columns are taken as given")

    def _remarks(self) -> Iterator[str]:
        if self.effect_size == 0 or np.isinf(self.effect_size):
            yield "a cell is empty, so the odds ratio has no bound on one side"


@dataclass(slots=True, repr=False, eq=False)
class McNemarResult(HypothesisTestResult):
    """What McNemar's test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic, pvalue : float
        The smaller number of changes (exact) or χ², and the probability of so uneven changes if both ways are equally
        frequent.
    effect_size : float
        b/c, the odds ratio of the pairs; infinite if none changed the other way.
    confidence_interval : tuple of float
        The exact interval for it.
    changes : tuple of float
        b and c: how many changed one way and the other.
    confidence_level : float
        Level of the interval.
    method : str
        Whether the p-value is exact or from χ².
    assumptions : tuple of Assumption
        What was assumed.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    effect_size: float
    confidence_interval: tuple[float, float]
    changes: tuple[float, float]
    confidence_level: float
    method: str

    def _title(self) -> str:
        return f"McNemar's test, {self.method}"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] != "method"]

    def _question(self) -> str:
        return "do as many pairs change one way as the other?"

    def _finding(self) -> str:
        one, other = (format_value(number) for number in self.changes)
        null = "both ways were equally frequent"
        return f"One way {one} pairs change, the other way {other}. {self._verdict(null, 'so uneven numbers')}"

    def _size(self) -> str:
        return (
            f"the odds of the first way against the second are {format_value(self.effect_size)}, "
            f"{interval(*self.confidence_interval)} ({percent(self.confidence_level)} exact confidence interval)."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield Assumption("the pairs are independent of each other")

    def _remarks(self) -> Iterator[str]:
        if self.method != "exact" and sum(self.changes) < 25:
            yield "the changes are few for χ²; the exact p-value is not rough"


def _counts_of(table: Any) -> Any:
    """Take the counts of a result that has them by this name (a crosstab's), or the table itself."""
    # A frame may have a column of that name.
    counts = None if hasattr(table, "dtypes") else getattr(table, "counts", None)
    return table if counts is None or callable(counts) else counts


def chi2_contingency(observed: ArrayLike, correction: bool = True) -> ContingencyResult:
    """Chi-square test of independence of a table of counts: χ² = Σ(observed − expected)²/expected.

    Parameters
    ----------
    observed : array_like, shape (r, c)
        Counts, two rows and two columns or more (SciPy's function takes tables of any number of axes); a frame of
        counts; or a result with a field ``counts``.
    correction : bool, default True
        Whether to apply Yates' correction to a table of two by two: each difference is made up to 1/2 smaller.

    Returns
    -------
    ContingencyResult
        Unpacks to (statistic, pvalue, dof, expected_freq).

    Raises
    ------
    ValueError
        If the table is too small, a count is negative, missing or infinite, or a row or column has no counts.

    Notes
    -----
    The distribution of χ² is approximate; where an expected count is below 5, a note says so.

    References
    ----------
    K. Pearson (1900), doi:10.1080/14786440009463897; F. Yates (1934), doi:10.2307/2983604. Residuals: S. J. Haberman
    (1973), doi:10.2307/2529686.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.chi2_contingency([[10, 10, 20], [20, 20, 20]])
    >>> round(test.statistic, 6), test.dof, test.expected_freq
    (2.777778, 2, array([[12., 12., 16.],
           [18., 18., 24.]]))
    """
    return ContingencyResult(*core.chi2_contingency(_counts_of(observed), correction))


def chisquare(f_obs: ArrayLike, f_exp: ArrayLike | None = None, *, ddof: int = 0) -> ChiSquareResult:
    """Chi-square test of expected counts: χ² = Σ(observed − expected)²/expected, with k − 1 − ddof degrees of freedom.

    Parameters
    ----------
    f_obs : array_like, shape (k,)
        Counts of the categories, two or more.
    f_exp : array_like, shape (k,), optional
        Expected counts, with the same sum; by default all categories are equally frequent.
    ddof : int, default 0
        How many parameters of the expected counts were estimated from these data.

    Returns
    -------
    ChiSquareResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If there are fewer than two categories, a count is negative, missing or infinite, an expected one is not
        positive, the sums differ, or no degree of freedom is left.

    References
    ----------
    K. Pearson (1900), doi:10.1080/14786440009463897.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.chisquare([16, 18, 16, 14, 12, 12])
    >>> round(test.statistic, 6), test.df, round(test.pvalue, 6)
    (2.0, 5, 0.849145)
    """
    return ChiSquareResult(*core.chisquare(f_obs, f_exp, ddof))


def fisher_exact(
    table: ArrayLike, alternative: str = "two-sided", *, confidence_level: float = 0.95
) -> FisherExactResult:
    """Fisher's exact test of a table of two by two, whatever the size of its counts.

    With all margins held, the first count is hypergeometric if rows and columns are independent: P(k) =
    C(a + b, k) C(c + d, a + c − k)/C(n, a + c).

    Parameters
    ----------
    table : array_like, shape (2, 2)
        Whole numbers; a frame of counts; or a result with a field ``counts``.
    alternative : {"two-sided", "less", "greater"}
        Whether the odds ratio differs from 1, is less, or greater.
    confidence_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    FisherExactResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If the table is not two by two, a count is no whole number, or a row or column has no counts.

    References
    ----------
    R. A. Fisher (1935), doi:10.2307/2342435.

    Examples
    --------
    The tea taster: three of four cups right.

    >>> import underhood as uh
    >>> test = uh.stats.fisher_exact([[3, 1], [1, 3]], alternative="greater")
    >>> test.statistic, round(test.pvalue, 6), round(test.effect_size, 6)
    (9.0, 0.242857, 6.40832)
    """
    found = core.fisher_exact(_counts_of(table), alternative, confidence_level)
    return FisherExactResult(*found, float(confidence_level), alternative)


def mcnemar(
    table: ArrayLike, exact: bool = True, correction: bool = True, *, confidence_level: float = 0.95
) -> McNemarResult:
    """McNemar's test of pairs of yes-or-no answers: whether as many change one way as the other.

    Exact: the binomial test of b in b + c. Otherwise χ² = (|b − c| − 1)²/(b + c), without the 1 if ``correction`` is
    false.

    Parameters
    ----------
    table : array_like, shape (2, 2)
        Counts of pairs: the first answer in rows, the second in columns; b stands in row 0, column 1, c opposite.
    exact : bool, default True
        Whether to take the binomial distribution rather than χ² with one degree of freedom.
    correction : bool, default True
        Whether to correct χ² for continuity.
    confidence_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    McNemarResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If the table is not two by two, a count is no whole number, or nothing changed.

    References
    ----------
    Q. McNemar (1947), doi:10.1007/BF02295996.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.mcnemar([[101, 121], [59, 33]])
    >>> test.changes, round(test.effect_size, 4), round(test.pvalue, 8)
    ((121.0, 59.0), 2.0508, 4.43e-06)
    """
    found = core.mcnemar(_counts_of(table), exact, correction, confidence_level)
    method = "exact" if exact else "chi-square, with continuity correction" if correction else "chi-square"
    return McNemarResult(*found, float(confidence_level), method)
