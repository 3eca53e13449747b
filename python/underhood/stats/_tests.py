"""Tests of means and of independence, and what their results say in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import stats as core
from underhood._results import Result, format_probability, format_value

if TYPE_CHECKING:
    from underhood._core.stats import _TTest as _Numbers

__all__ = [
    "AnovaResult",
    "ContingencyResult",
    "TTestResult",
    "chi2_contingency",
    "f_oneway",
    "ttest_1samp",
    "ttest_ind",
    "ttest_rel",
]

_INDEPENDENT = "the values are independent of each other"
_NORMAL = "the mean is about normal: the values are, or there are enough of them (about 30 without heavy tails)"
_EQUAL = "both populations have the same variance"
_ONE = (_INDEPENDENT, _NORMAL)
_STUDENT = (_INDEPENDENT, "the samples are independent of each other", _NORMAL, _EQUAL)
_WELCH = _STUDENT[:3]
_PAIRED = ("the pairs are independent of each other", "the mean difference is about normal: " + _NORMAL.split(": ")[1])
_FISHER = (
    _INDEPENDENT,
    "the groups are independent of each other",
    "the means are about normal: " + _NORMAL.split(": ")[1],
    "all populations have the same variance",
)
_WELCH_F = _FISHER[:3]
_COUNTS = ("each observation is counted once, in one cell, independently of the others",)


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


def chance(alternative: str) -> str:
    """Name the outcomes that a p-value counts."""
    return {"two-sided": "at least as far from zero", "less": "at least as low", "greater": "at least as high"}[
        alternative
    ]


@dataclass(slots=True, repr=False, eq=False)
class TTestResult(Result):
    """What a t test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        t, the estimate divided by its standard error.
    pvalue : float
        Probability of a t at least as far out in the direction of the alternative, if the null hypothesis holds.
    df : float
        Degrees of freedom; a fraction for Welch's test.
    estimate, standard_error : float
        The mean difference, in the unit of the data, and its standard error.
    confidence_interval : tuple of float
        Interval for the mean difference; open on one side if the alternative is one-sided.
    effect_size : float
        Cohen's d, the mean difference in standard deviations: those of the sample, of the differences (paired), pooled
        (``equal_var``), or the root of the mean of both variances (Welch).
    hedges_g : float
        d(1 − 3/(4ν − 1)) with the ν degrees of freedom of that standard deviation: d without most of its bias in small
        samples.
    means : tuple of float
        Mean of each sample.
    n : tuple of int
        How many values in each sample; one number of pairs for the paired test.
    confidence_level : float
        Level of the interval.
    popmean : float or None
        The mean that one sample was tested against.
    alternative : str
        Which departures count.
    method : str
        Which t test this is.
    assumptions : tuple of str
        What was assumed.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("statistic", "pvalue")
    statistic: float
    pvalue: float
    df: float
    estimate: float
    standard_error: float
    confidence_interval: tuple[float, float]
    effect_size: float
    hedges_g: float
    means: tuple[float, ...]
    n: tuple[int, ...]
    confidence_level: float
    popmean: float | None
    alternative: str
    method: str
    assumptions: tuple[str, ...]

    def _title(self) -> str:
        return f"{self.method}, alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        said = {"method", "alternative"} if self.popmean is not None else {"method", "alternative", "popmean"}
        return [row for row in Result._rows(self) if row[0] not in said]

    def explain(self) -> str:
        """Say in words what was asked, what was found, and what may not be concluded.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.stats.ttest_1samp([5.1, 4.9, 5.6, 5.3], 5).explain()[:68])
        Question: does the population behind the sample have the mean 5? The
        """
        if self.popmean is not None:
            null = f"the population's mean were {format_value(self.popmean)}"
            question = f"does the population behind the sample have the mean {format_value(self.popmean)}?"
            found = f"The sample mean {format_value(self.means[0])} differs from it by {format_value(self.estimate)}"
            cause = "why"
        elif len(self.n) == 1:
            null = "there were no difference on average"
            question = "do the pairs differ on average?"
            found = f"Over n = {self.n[0]} pairs the mean difference is {format_value(self.estimate)}"
            cause = "why"
        else:
            null = "both populations had one mean"
            question = "do the populations behind both samples have the same mean?"
            first, second = (format_value(mean) for mean in self.means)
            found = f"The sample means, {first} and {second}, differ by {format_value(self.estimate)}"
            cause = "whether belonging to a group is the cause of it"
        return (
            f"Question: {question} {found} in the unit of the data ({percent(self.confidence_level)} "
            "confidence interval "
            f"{interval(*self.confidence_interval)}), or {format_value(self.effect_size)} standard "
            f"deviations; if {null}, a t "
            f"{chance(self.alternative)} as {format_value(self.statistic)} would come up with probability "
            f"{format_probability(self.pvalue)}. "
            "A small probability speaks against that; it is not the probability that it is so, and does not "
            "say that the "
            f"difference matters or {cause}. A large one does not show that there is no difference: look at "
            "the interval."
        )


def ttest_1samp(
    a: ArrayLike, popmean: float, *, alternative: str = "two-sided", confidence_level: float = 0.95
) -> TTestResult:
    """Student's t test of one mean: t = (x̄ − popmean)/(s/√n), with n − 1 degrees of freedom.

    Parameters
    ----------
    a : array_like, shape (n,)
        The sample, n ≥ 2.
    popmean : float
        The mean under the null hypothesis.
    alternative : {"two-sided", "less", "greater"}
        Whether the mean is different from ``popmean``, less, or greater.
    confidence_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    TTestResult
        Unpacks to (statistic, pvalue). Unlike SciPy's, its interval is for the difference from ``popmean``.

    Raises
    ------
    ValueError
        If there are fewer than two values, one is missing or infinite, or all are the same.

    References
    ----------
    Student (1908), The probable error of a mean, doi:10.1093/biomet/6.1.1.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.ttest_1samp([1, 2, 3, 4, 5], 2)
    >>> round(test.statistic, 6), test.df, test.estimate
    (1.414214, 4.0, 1.0)
    """
    found = core.ttest_1samp(a, popmean, alternative, confidence_level)
    title = "Student's t test of one sample"
    return _t_test(found, confidence_level, float(popmean), alternative, title, _ONE)


def ttest_ind(
    a: ArrayLike,
    b: ArrayLike,
    *,
    equal_var: bool = True,
    alternative: str = "two-sided",
    confidence_level: float = 0.95,
) -> TTestResult:
    """T test of two independent samples: t = (x̄ − ȳ)/(its standard error).

    With ``equal_var`` (Student) the standard error is s√(1/n₁ + 1/n₂), s² the pooled variance, with n₁ + n₂ − 2
    degrees of freedom. Without (Welch) it is √(s₁²/n₁ + s₂²/n₂), with Satterthwaite's degrees of freedom.

    Parameters
    ----------
    a, b : array_like
        The samples, two values or more in each.
    equal_var : bool, default True
        Whether to assume equal variances. ``True`` is SciPy's default; ``False`` is the safer choice unless you know.
    alternative : {"two-sided", "less", "greater"}
        Whether the mean of ``a`` differs from that of ``b``, is less, or greater.
    confidence_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    TTestResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If a sample has fewer than two values, one is missing or infinite, or both samples are constant.

    References
    ----------
    Student (1908), doi:10.1093/biomet/6.1.1; B. L. Welch (1947), doi:10.1093/biomet/34.1-2.28.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.ttest_ind([5, 6, 7], [1, 3, 5], equal_var=False)
    >>> round(test.statistic, 6), round(test.df, 6), test.estimate
    (2.32379, 2.941176, 3.0)
    """
    found = core.ttest_ind(a, b, equal_var, alternative, confidence_level)
    title = "Student's t test of two samples" if equal_var else "Welch's t test of two samples"
    return _t_test(found, confidence_level, None, alternative, title, _STUDENT if equal_var else _WELCH)


def ttest_rel(
    a: ArrayLike, b: ArrayLike, *, alternative: str = "two-sided", confidence_level: float = 0.95
) -> TTestResult:
    """Student's t test of paired samples: the test of one mean on the differences a − b.

    Parameters
    ----------
    a, b : array_like, shape (n,)
        The pairs, n ≥ 2.
    alternative : {"two-sided", "less", "greater"}
        Whether a − b is on average different from zero, less, or greater.
    confidence_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    TTestResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If there are fewer than two pairs, the lengths differ, a value is missing or infinite, or every pair differs
        by the same.

    References
    ----------
    Student (1908), The probable error of a mean, doi:10.1093/biomet/6.1.1.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.ttest_rel([12, 15, 11, 16], [10, 12, 11, 13])
    >>> test.estimate, test.df, round(test.pvalue, 6)
    (2.0, 3.0, 0.066276)
    """
    found = core.ttest_rel(a, b, alternative, confidence_level)
    return _t_test(found, confidence_level, None, alternative, "Student's t test of paired samples", _PAIRED)


def _t_test(
    found: _Numbers,
    confidence_level: float,
    popmean: float | None,
    alternative: str,
    method: str,
    assumptions: tuple[str, ...],
) -> TTestResult:
    statistic, pvalue, df, estimate, error, within, effect, hedges_g, (mean, other_mean), (n, other_n) = found
    return TTestResult(
        statistic,
        pvalue,
        df,
        estimate,
        error,
        within,
        effect,
        hedges_g,
        (mean,) if other_mean is None else (mean, other_mean),
        (n,) if other_n is None else (n, other_n),
        float(confidence_level),
        popmean,
        alternative,
        method,
        assumptions,
    )


@dataclass(slots=True, repr=False, eq=False)
class AnovaResult(Result):
    """What a one-way analysis of variance finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic, pvalue : float
        F, and the probability of so large an F if all populations have one mean.
    df_between, df_within : float
        Degrees of freedom; the second is a fraction for Welch's version.
    effect_size : float
        η², the share of the sum of squares that lies between the groups; too large on average in small samples.
    omega_squared : float
        ω², η² without most of that excess; it may fall a little below zero.
    means : ndarray
        Each group's mean.
    n : ndarray of int
        Each group's number of values.
    sum_of_squares_between, sum_of_squares_within : float
        The two parts of the sum of squares about the common mean.
    equal_var : bool
        Whether equal variances were assumed; if not, this is Welch's test.
    assumptions : tuple of str
        What was assumed.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("statistic", "pvalue")
    statistic: float
    pvalue: float
    df_between: float
    df_within: float
    effect_size: float
    omega_squared: float
    means: NDArray[np.float64]
    n: NDArray[np.int64]
    sum_of_squares_between: float
    sum_of_squares_within: float
    equal_var: bool
    assumptions: tuple[str, ...]

    def _title(self) -> str:
        return "One-way analysis of variance" + ("" if self.equal_var else ", Welch's version")

    def explain(self) -> str:
        """Say in words what was asked, what was found, and what may not be concluded.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.stats.f_oneway([6, 8, 4], [8, 12, 9], [13, 9, 11]).explain()[:65])
        Question: do the populations behind all groups have the same mean
        """
        low, high = format_value(self.means.min()), format_value(self.means.max())
        return (
            "Question: do the populations behind all groups have the same mean? The group means run from "
            f"{low} to {high}, in "
            f"the unit of the data, and a share of {format_value(self.effect_size)} of the sum of squares "
            "lies between the "
            f"groups (η²); if all populations had one mean, an F of at least {format_value(self.statistic)} "
            "would come up with "
            f"probability {format_probability(self.pvalue)}. "
            "A small probability speaks against one common mean; it does not say which groups differ, that "
            "the differences "
            "matter, or what causes them. A large one does not show that the means are the same."
        )


def f_oneway(*groups: ArrayLike, equal_var: bool = True) -> AnovaResult:
    """One-way analysis of variance: F = (SSB/(k − 1))/(SSW/(n − k)), between over within k groups.

    Parameters
    ----------
    *groups : array_like
        Two groups or more.
    equal_var : bool, default True
        Whether to assume equal variances. If not, Welch's test is made, which weighs each group by n/s² and needs two
        values and a spread in each of them.

    Returns
    -------
    AnovaResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If there are fewer than two groups, one is empty, a value is missing or infinite, or every group (for Welch's
        test: any) is constant. The message has the group's number.

    References
    ----------
    R. A. Fisher (1925), Statistical Methods for Research Workers; B. L. Welch (1951), doi:10.1093/biomet/38.3-4.330.

    Examples
    --------
    >>> import underhood as uh
    >>> anova = uh.stats.f_oneway([6, 8, 4, 5, 3, 4], [8, 12, 9, 11, 6, 8], [13, 9, 11, 8, 7, 12])
    >>> round(anova.statistic, 6), anova.means
    (9.264706, array([ 5.,  9., 10.]))
    """
    found = core.f_oneway(list(groups), equal_var)
    return AnovaResult(*found, equal_var=equal_var, assumptions=_FISHER if equal_var else _WELCH_F)


@dataclass(slots=True, repr=False, eq=False)
class ContingencyResult(Result):
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
    total : float
        The sum of all counts.
    corrected : bool
        Whether Yates' correction was applied.
    assumptions, notes : tuple of str
        What was assumed, and what the counts make doubtful.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("statistic", "pvalue", "dof", "expected_freq")
    statistic: float
    pvalue: float
    dof: int
    expected_freq: NDArray[np.float64]
    effect_size: float
    total: float
    corrected: bool
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]

    def _title(self) -> str:
        return "Chi-square test of independence" + (", with Yates' correction" if self.corrected else "")

    def explain(self) -> str:
        """Say in words what was asked, what was found, and what may not be concluded.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.stats.chi2_contingency([[25, 15], [25, 35]]).explain()[:65])
        Question: are rows and columns independent? Over a total of 100 c
        """
        doubts = "".join(f" Note: {note}." for note in self.notes)
        return (
            f"Question: are rows and columns independent? Over a total of {format_value(self.total)} counts, "
            "Cramér's V, which "
            "is zero for independent categories and one if one decides the other, is "
            f"{format_value(self.effect_size)}; if they "
            f"were independent, a χ² of at least {format_value(self.statistic)} would come up with probability "
            f"{format_probability(self.pvalue)}. "
            "A small probability speaks against independence; it does not say which cells are responsible, that the "
            f"association is strong, or what causes it. A large one does not show that there is none.{doubts}"
        )


def chi2_contingency(observed: ArrayLike, correction: bool = True) -> ContingencyResult:
    """Chi-square test of independence of a table of counts: χ² = Σ(observed − expected)²/expected.

    Parameters
    ----------
    observed : array_like, shape (r, c)
        Counts, two rows and two columns or more (SciPy's function takes tables of any number of axes).
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
    The distribution of χ² is approximate; where expected counts are below 5, a note says so.

    References
    ----------
    K. Pearson (1900), doi:10.1080/14786440009463897; F. Yates (1934), doi:10.2307/2983604.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.chi2_contingency([[10, 10, 20], [20, 20, 20]])
    >>> round(test.statistic, 6), test.dof, test.expected_freq
    (2.777778, 2, array([[12., 12., 16.],
           [18., 18., 24.]]))
    """
    found = core.chi2_contingency(observed, correction)
    expected = found[3]
    few = np.count_nonzero(expected < 5)
    notes = (f"{few} of {expected.size} expected counts are below 5, so the p-value is rough",) if few else ()
    return ContingencyResult(*found, assumptions=_COUNTS, notes=notes)
