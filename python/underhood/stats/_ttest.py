"""Student's and Welch's t tests, and what their results say in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from underhood._core import means as core
from underhood._results import Result, format_value
from underhood.stats._hypothesis import (
    INDEPENDENT,
    Assumption,
    HypothesisTestResult,
    about_normal,
    chance,
    equal_spreads,
    interval,
    percent,
)
from underhood.stats._policy import over

if TYPE_CHECKING:
    from underhood._core.means import _TTest as _Numbers

__all__ = ["TTestResult", "ttest_1samp", "ttest_ind", "ttest_rel"]


@dataclass(slots=True, repr=False, eq=False)
class TTestResult(HypothesisTestResult):
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
    means, stds, skewness : tuple of float
        Mean of each sample; standard deviation and skewness of each sample, or of the differences (paired).
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
    assumptions : tuple of Assumption
        What was assumed, and whether the data support it.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    df: float
    estimate: float
    standard_error: float
    confidence_interval: tuple[float, float]
    effect_size: float
    hedges_g: float
    means: tuple[float, ...]
    stds: tuple[float, ...]
    skewness: tuple[float, ...]
    n: tuple[int, ...]
    confidence_level: float
    popmean: float | None
    alternative: str
    method: str

    def _title(self) -> str:
        return f"{self.method}, alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        said = {"method", "alternative"} if self.popmean is not None else {"method", "alternative", "popmean"}
        return [row for row in Result._rows(self) if row[0] not in said]

    def _question(self) -> str:
        if self.popmean is not None:
            return f"does the population behind the sample have the mean {format_value(self.popmean)}?"
        if len(self.n) == 1:
            return "do the pairs differ on average?"
        return "do the populations behind both samples have the same mean?"

    def _finding(self) -> str:
        if self.popmean is not None:
            null = f"the population's mean were {format_value(self.popmean)}"
            found = f"The sample mean {format_value(self.means[0])} differs from it by {format_value(self.estimate)}"
        elif len(self.n) == 1:
            null = "there were no difference on average"
            found = f"Over n = {self.n[0]} pairs the mean difference is {format_value(self.estimate)}"
        else:
            null = "both populations had one mean"
            first, second = (format_value(mean) for mean in self.means)
            found = f"The sample means, {first} and {second}, differ by {format_value(self.estimate)}"
        outcome = f"a t {chance(self.alternative)} as {format_value(self.statistic)}"
        return f"{found}. {self._verdict(null, outcome)}"

    def _size(self) -> str:
        return (
            f"in the unit of the data the difference is {interval(*self.confidence_interval)} "
            f"({percent(self.confidence_level)} confidence interval), and the estimate is "
            f"{format_value(self.effect_size)} standard deviations (Cohen's d)."
        )

    def _assumed(self) -> Iterator[Assumption]:
        paired = self.popmean is None and len(self.n) == 1
        yield Assumption("the pairs are independent of each other") if paired else INDEPENDENT
        if len(self.n) == 2:
            yield Assumption("the samples are independent of each other")
        for n, skewness, whose in zip(self.n, self.skewness, ("the mean", "the second mean"), strict=False):
            yield about_normal(n, skewness, "the mean difference" if paired else whose)
        if len(self.n) == 2 and self.method.startswith("Student"):
            yield equal_spreads(self.stds, self.n, "both populations")

    def _remarks(self) -> Iterator[str]:
        if min(self.n) < 5:
            yield f"{min(self.n)} values are few: the p-value rests on their being normal, which so few cannot show"
        if any(assumption.supported is False and "normal" in assumption.text for assumption in self._assumed()):
            yield "the values are heavily skewed for their number; compare with a test of ranks, or with a bootstrap"
        if any(assumption.supported is False and "variance" in assumption.text for assumption in self._assumed()):
            yield "the spreads differ; Welch's test (equal_var=False) does not mind"


def ttest_1samp(
    a: ArrayLike,
    popmean: float,
    *,
    alternative: str = "two-sided",
    confidence_level: float = 0.95,
    axis: int | None = None,
    nan_policy: str = "raise",
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
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    TTestResult
        A :class:`ManyTestsResult` if ``axis`` is given.
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
    if axis is not None or nan_policy != "raise":
        options = {"popmean": popmean, "alternative": alternative, "confidence_level": confidence_level}
        return over(ttest_1samp, {"a": a}, options, axis=axis, nan_policy=nan_policy)
    found = core.ttest_1samp(a, popmean, alternative, confidence_level)
    title = "Student's t test of one sample"
    return _t_test(found, confidence_level, float(popmean), alternative, title)


def ttest_ind(
    a: ArrayLike,
    b: ArrayLike,
    *,
    equal_var: bool = True,
    alternative: str = "two-sided",
    confidence_level: float = 0.95,
    axis: int | None = None,
    nan_policy: str = "raise",
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
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    TTestResult
        A :class:`ManyTestsResult` if ``axis`` is given.
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
    if axis is not None or nan_policy != "raise":
        options = {"equal_var": equal_var, "alternative": alternative, "confidence_level": confidence_level}
        return over(ttest_ind, {"a": a, "b": b}, options, axis=axis, nan_policy=nan_policy)
    found = core.ttest_ind(a, b, equal_var, alternative, confidence_level)
    title = "Student's t test of two samples" if equal_var else "Welch's t test of two samples"
    return _t_test(found, confidence_level, None, alternative, title)


def ttest_rel(
    a: ArrayLike,
    b: ArrayLike,
    *,
    alternative: str = "two-sided",
    confidence_level: float = 0.95,
    axis: int | None = None,
    nan_policy: str = "raise",
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
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    TTestResult
        A :class:`ManyTestsResult` if ``axis`` is given.
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
    if axis is not None or nan_policy != "raise":
        options = {"alternative": alternative, "confidence_level": confidence_level}
        return over(ttest_rel, {"a": a, "b": b}, options, axis=axis, nan_policy=nan_policy, paired=True)
    found = core.ttest_rel(a, b, alternative, confidence_level)
    return _t_test(found, confidence_level, None, alternative, "Student's t test of paired samples")


def _t_test(
    found: _Numbers,
    confidence_level: float,
    popmean: float | None,
    alternative: str,
    method: str,
) -> TTestResult:
    return TTestResult(*found, float(confidence_level), popmean, alternative, method)
