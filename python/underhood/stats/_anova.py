"""One-way analysis of variance: whether several groups have one mean."""

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
    equal_spreads,
)
from underhood.stats._policy import over

__all__ = ["AnovaResult", "f_oneway"]


@dataclass(slots=True, repr=False, eq=False)
class AnovaResult(HypothesisTestResult):
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
    pooled_std : float
        The standard deviation within the groups, in the unit of the data.
    range_of_means : float
        How far the largest mean is from the smallest, in the same unit.
    means, stds, skewness : ndarray, shape (k,)
        Each group's mean, standard deviation (NaN for a single value) and skewness (NaN for a constant group).
    n : ndarray of int, shape (k,)
        Each group's number of values.
    sum_of_squares_between, sum_of_squares_within : float
        The two parts of the sum of squares about the common mean.
    equal_var : bool
        Whether equal variances were assumed; if not, this is Welch's test.
    method : str
        Which analysis of variance this is.
    assumptions : tuple of Assumption
        What was assumed, and whether the data support it.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    df_between: float
    df_within: float
    effect_size: float
    omega_squared: float
    pooled_std: float
    range_of_means: float
    means: NDArray[np.float64]
    stds: NDArray[np.float64]
    skewness: NDArray[np.float64]
    n: NDArray[np.int64]
    sum_of_squares_between: float
    sum_of_squares_within: float
    equal_var: bool
    method: str

    def _title(self) -> str:
        return self.method

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] != "method"]

    def _question(self) -> str:
        return "do the populations behind all groups have the same mean?"

    def _finding(self) -> str:
        low, high = format_value(self.means.min()), format_value(self.means.max())
        outcome = f"an F of at least {format_value(self.statistic)}"
        return f"The group means run from {low} to {high}. {self._verdict('all populations had one mean', outcome)}"

    def _size(self) -> str:
        return (
            f"in the unit of the data the means are up to {format_value(self.range_of_means)} apart, beside a standard "
            f"deviation of {format_value(self.pooled_std)} within the groups; a share of "
            f"{format_value(self.effect_size)} of the sum of squares lies between the groups (η²), "
            f"{format_value(self.omega_squared)} without what chance alone puts there (ω²)."
        )

    def _caution(self) -> str:
        return (
            "a small probability does not say which groups differ, that the differences matter, or what causes them, "
            "and it is not the probability that the means are the same; a large one does not show that they are."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield INDEPENDENT
        yield Assumption("the groups are independent of each other")
        yield all_about_normal(self.n, self.skewness)
        if self.equal_var:
            yield equal_spreads(self.stds, self.n)

    def _remarks(self) -> Iterator[str]:
        if self.n.min() < 5:
            yield f"a group of {self.n.min()} is small: the p-value rests on normal values, which so few cannot show"
        for assumption in self._assumed():
            if assumption.supported is False and "variance" in assumption.text:
                yield "the spreads differ; Welch's version (equal_var=False) does not mind"
            elif assumption.supported is False:
                yield "a group is heavily skewed for its size; compare with a test of ranks"


def f_oneway(
    *groups: ArrayLike, equal_var: bool = True, axis: int | None = None, nan_policy: str = "raise"
) -> AnovaResult:
    """One-way analysis of variance: F = (SSB/(k − 1))/(SSW/(n − k)), between over within k groups.

    Parameters
    ----------
    *groups : array_like
        Two groups or more.
    equal_var : bool, default True
        Whether to assume equal variances. If not, Welch's test is made, which weighs each group by n/s² and needs two
        values and a spread in each of them.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors. (SciPy's default, 0, means the same for
        vectors.)
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    AnovaResult
        A :class:`ManyTestsResult` if ``axis`` is given.
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
    if axis is not None or nan_policy != "raise":
        samples = {f"groups[{i}]": group for i, group in enumerate(groups)}
        return over(f_oneway, samples, {"equal_var": equal_var}, axis=axis, nan_policy=nan_policy, spread=True)
    tests, sizes, means, stds, skewness, n, sums = core.f_oneway(groups, equal_var)
    method = "One-way analysis of variance" + ("" if equal_var else ", Welch's version")
    numbers = means.tolist()
    apart = max(numbers) - min(numbers)
    return AnovaResult(*tests, *sizes, apart, means, stds, skewness, n, *sums, equal_var, method)
