"""The correlation of one pair of variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numpy.typing import ArrayLike

from underhood._core import correlation as core
from underhood._results import Result, format_probability, format_value
from underhood.stats._hypothesis import chance, interval, percent

__all__ = ["CorrelationResult", "pearsonr", "spearmanr"]

_PEARSON = (
    "the pairs are independent of each other",
    "for the p-value and the interval: both variables are about normal, and related by a straight line if at all",
)
_SPEARMAN = (
    "the pairs are independent of each other",
    "the p-value uses Student's t, an approximation that is good from about ten pairs on",
)


@dataclass(slots=True, repr=False, eq=False)
class CorrelationResult(Result):
    """A coefficient of correlation and what it says; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        The coefficient, between −1 and 1.
    pvalue : float
        Probability of a coefficient at least as far out in the direction of the alternative, if the two were
        independent.
    df : int
        Degrees of freedom of Student's t, n − 2.
    n : int
        How many pairs.
    confidence_interval : tuple of float, or None
        Fisher's interval for Pearson's coefficient; ``None`` for Spearman's.
    confidence_level : float
        Its level.
    alternative : str
        Which departures count.
    method : str
        ``"pearson"`` or ``"spearman"``.
    assumptions : tuple of str
        What was assumed.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("statistic", "pvalue")
    statistic: float
    pvalue: float
    df: int
    n: int
    confidence_interval: tuple[float, float] | None
    confidence_level: float
    alternative: str
    method: str
    assumptions: tuple[str, ...]

    def _title(self) -> str:
        return "Pearson's correlation" if self.method == "pearson" else "Spearman's rank correlation"

    def explain(self) -> str:
        """Say in words what was asked, what was found, and what may not be concluded.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.stats.pearsonr([1, 2, 3, 4], [1, 3, 2, 4]).explain()[:65])
        Question: do both variables follow a common straight line? Of n =
        """
        form = "follow a common straight line" if self.method == "pearson" else "rise and fall together"
        name = "Pearson's r" if self.method == "pearson" else "Spearman's ρ"
        within = ""
        if self.confidence_interval is not None:
            within = f" ({percent(self.confidence_level)} confidence interval {interval(*self.confidence_interval)})"
        return (
            f"Question: do both variables {form}? "
            f"Of n = {self.n} pairs, {name} is {format_value(self.statistic)}{within}; if the variables were "
            "independent, a "
            f"coefficient {chance(self.alternative)} would come up with probability {format_probability(self.pvalue)}. "
            "A correlation does not tell which of them moves the other, or whether a third moves both; one "
            "near zero does "
            "not show that they are unrelated, only that they do not follow this pattern."
        )


def pearsonr(
    x: ArrayLike, y: ArrayLike, *, alternative: str = "two-sided", confidence_level: float = 0.95
) -> CorrelationResult:
    """Pearson's correlation r = Σ(x − x̄)(y − ȳ)/√(Σ(x − x̄)² Σ(y − ȳ)²), with p-value and interval.

    The p-value is that of t = r√((n − 2)/(1 − r²)) with n − 2 degrees of freedom; the interval is Fisher's,
    tanh(artanh r ± z/√(n − 3)).

    Parameters
    ----------
    x, y : array_like, shape (n,)
        The pairs.
    alternative : {"two-sided", "less", "greater"}
        Which departures from 0 the p-value counts.
    confidence_level : float, default 0.95
        Level of the interval.

    Returns
    -------
    CorrelationResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If there are fewer than two pairs, the lengths differ, a value is missing or infinite, or ``x`` or ``y`` is
        constant.

    Notes
    -----
    1 − r² is computed without cancellation, so that p-values are right for r close to ±1. Two pairs always lie on a
    line: p is 1. The interval is [−1, 1] for three pairs or fewer.

    References
    ----------
    R. A. Fisher (1921), On the "probable error" of a coefficient of correlation, Metron 1:3-32.

    Examples
    --------
    >>> import underhood as uh
    >>> r = uh.stats.pearsonr([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    >>> round(r.statistic, 10), round(r.pvalue, 6)
    (0.8, 0.104088)
    """
    found = core.pearsonr(x, y, alternative, confidence_level)
    return CorrelationResult(
        *found,
        confidence_level=float(confidence_level),
        alternative=alternative,
        method="pearson",
        assumptions=_PEARSON,
    )


def spearmanr(x: ArrayLike, y: ArrayLike, *, alternative: str = "two-sided") -> CorrelationResult:
    """Spearman's ρ: Pearson's r of the ranks, which measures how closely the points follow any rising or falling curve.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        The pairs; tied values share the mean of their ranks. (SciPy's first two arguments are called ``a`` and ``b``.)
    alternative : {"two-sided", "less", "greater"}
        Which departures from 0 the p-value counts.

    Returns
    -------
    CorrelationResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        As :func:`pearsonr`.

    Notes
    -----
    The p-value takes ρ√((n − 2)/(1 − ρ²)) for a Student t with n − 2 degrees of freedom, as SciPy does. Below some ten
    pairs that is rough, and in perfect order it is 0, where the exact value is 2/n!: four pairs give 1/12.

    References
    ----------
    C. Spearman (1904), The proof and measurement of association between two things, doi:10.2307/1412159.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.stats.spearmanr([1, 2, 3, 4], [1, 8, 27, 64]).statistic
    1.0
    """
    found = core.spearmanr(x, y, alternative)
    return CorrelationResult(
        *found, confidence_level=0.95, alternative=alternative, method="spearman", assumptions=_SPEARMAN
    )
