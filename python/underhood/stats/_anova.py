"""Analysis of variance: whether several groups have one mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import means as core
from underhood._results import Result, format_probability, format_value

__all__ = ["AnovaResult", "f_oneway"]

_FISHER = (
    "the values are independent of each other",
    "the groups are independent of each other",
    "the means are about normal: the values are, or there are enough of them",
    "all populations have the same variance",
)
_WELCH_F = _FISHER[:3]


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
