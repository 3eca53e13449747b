"""The z test of one mean or two, and what its result says in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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

__all__ = ["ZTestResult", "ztest"]

_LARGE = 30
"""From so many values on an estimated spread is taken for a known one: the rule of thumb of most textbooks."""


@dataclass(slots=True, repr=False, eq=False)
class ZTestResult(HypothesisTestResult):
    """What a z test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        z, the estimate divided by its standard error.
    pvalue : float
        Probability of a z at least as far out in the direction of the alternative, if the null hypothesis holds.
    estimate, standard_error : float
        The difference from ``value``, in the unit of the data, and its standard error.
    confidence_interval : tuple of float
        Interval for that difference; open on one side if the alternative is one-sided.
    effect_size : float
        Cohen's d, the estimate in standard deviations: the known one, the pooled one, or the root of the mean of both
        variances.
    means, stds, skewness : tuple of float
        Mean, standard deviation and skewness of each sample.
    n : tuple of int
        How many values in each sample.
    value : float
        The mean, or the difference of means, that was tested.
    sigma : tuple of float or None
        The standard deviations that were given as known.
    equal_var : bool
        Whether two samples were taken to share an estimated standard deviation.
    confidence_level : float
        Level of the interval.
    alternative : str
        Which departures count.
    method : str
        Which z test this is, and whether it is exact or approximate.
    assumptions : tuple of Assumption
        What was assumed, and whether the data support it.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    estimate: float
    standard_error: float
    confidence_interval: tuple[float, float]
    effect_size: float
    means: tuple[float, ...]
    stds: tuple[float, ...]
    skewness: tuple[float, ...]
    n: tuple[int, ...]
    value: float
    sigma: tuple[float, ...] | None
    equal_var: bool
    confidence_level: float
    alternative: str
    method: str

    def _title(self) -> str:
        return f"{self.method}, alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        said = {"method", "alternative", "equal_var"} | ({"sigma"} if self.sigma is None else set())
        return [row for row in Result._rows(self) if row[0] not in said]

    def _question(self) -> str:
        if len(self.n) == 1:
            return f"does the population behind the sample have the mean {format_value(self.value)}?"
        if self.value == 0:
            return "do the populations behind both samples have the same mean?"
        return f"do the means of both populations differ by {format_value(self.value)}?"

    def _finding(self) -> str:
        if len(self.n) == 1:
            null = f"the population's mean were {format_value(self.value)}"
            found = f"The sample mean {format_value(self.means[0])} differs from it by {format_value(self.estimate)}"
        else:
            same = "the same mean" if self.value == 0 else f"means that differ by {format_value(self.value)}"
            null = f"both populations had {same}"
            first, second = (format_value(mean) for mean in self.means)
            beyond = "" if self.value == 0 else f" more than {format_value(self.value)}"
            found = f"The sample means, {first} and {second}, differ by {format_value(self.estimate)}{beyond}"
        outcome = f"a z {chance(self.alternative)} as {format_value(self.statistic)}"
        return f"{found}. {self._verdict(null, outcome)}"

    def _size(self) -> str:
        return (
            f"in the unit of the data the difference is {interval(*self.confidence_interval)} "
            f"({percent(self.confidence_level)} confidence interval), and the estimate is "
            f"{format_value(self.effect_size)} standard deviations (Cohen's d)."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield INDEPENDENT
        if len(self.n) == 2:
            yield Assumption("the samples are independent of each other")
        for n, skewness, whose in zip(self.n, self.skewness, ("the mean", "the second mean"), strict=False):
            yield about_normal(n, skewness, whose)
        if self.sigma is not None:
            yield Assumption("the standard deviation of the population is known, not taken from these values")
            return
        few = min(self.n)
        words = f"n = {few} is {'large' if few >= _LARGE else 'small'}, by the usual rule of thumb"
        yield Assumption("there are so many values that their spread is as good as known", few >= _LARGE, words)
        if len(self.n) == 2 and self.equal_var:
            yield equal_spreads(self.stds, self.n, "both populations")

    def _remarks(self) -> Iterator[str]:
        for assumption in self._assumed():
            if assumption.supported is not False:
                continue
            if "so many values" in assumption.text:
                yield "the spread comes from few values, so the p-value is too small; a t test allows for that"
            elif "variance" in assumption.text:
                yield "the spreads differ; with equal_var=False each sample has its own"
            else:
                yield "the values are heavily skewed for their number; compare with a test of ranks or a bootstrap"


def ztest(
    x1: ArrayLike,
    x2: ArrayLike | None = None,
    *,
    value: float = 0.0,
    sigma: float | tuple[float, float] | None = None,
    equal_var: bool = True,
    alternative: str = "two-sided",
    confidence_level: float = 0.95,
    axis: int | None = None,
    nan_policy: str = "raise",
) -> ZTestResult:
    """Z test of one mean or of two: z = (x̄₁ − x̄₂ − value)/(its standard error), by the normal distribution.

    With a known ``sigma`` the test is exact for normal values. Without it the spread is estimated, and the test is
    good for large samples only; a t test is good for small ones too.

    Parameters
    ----------
    x1 : array_like, shape (n,)
        The sample.
    x2 : array_like, optional
        A second, independent sample.
    value : float, default 0
        The mean, or the difference of means, under the null hypothesis.
    sigma : float or pair of float, optional
        The known standard deviation of the population, or of each; otherwise it is estimated.
    equal_var : bool, default True
        Whether two samples share an estimated standard deviation. statsmodels calls these ``usevar="pooled"`` and
        ``"unequal"``.
    alternative : {"two-sided", "less", "greater"}
        Whether the mean (the difference) differs from ``value``, is less, or greater. statsmodels says "smaller" and
        "larger".
    confidence_level : float, default 0.95
        Level of the interval.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    ZTestResult
        A :class:`ManyTestsResult` if ``axis`` is given.
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If there are fewer than two values (one, if ``sigma`` is known), one is missing or infinite, or the spread would
        have to be estimated from constant samples.

    References
    ----------
    E. L. Lehmann & J. P. Romano (2005), Testing Statistical Hypotheses, 3rd edition, §3.2.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.ztest([0.5, 1.5, 1.0, 1.0], sigma=1)
    >>> test.statistic, round(test.pvalue, 6)
    (2.0, 0.0455)
    """
    if axis is not None or nan_policy != "raise":
        samples = {"x1": x1} if x2 is None else {"x1": x1, "x2": x2}
        options = {
            "value": value,
            "sigma": sigma,
            "equal_var": equal_var,
            "alternative": alternative,
            "confidence_level": confidence_level,
        }
        return over(ztest, samples, options, axis=axis, nan_policy=nan_policy)
    if isinstance(sigma, list):
        sigma = (sigma[0], sigma[1]) if len(sigma) == 2 else sigma
    if x2 is None and isinstance(sigma, tuple):
        raise ValueError(f"ztest: sigma is {sigma}, but there is one sample, whose standard deviation is one number")
    found = core.ztest(x1, x2, value, sigma, equal_var, alternative, confidence_level)
    known = None
    if sigma is not None:
        known = (float(sigma[0]), float(sigma[1])) if isinstance(sigma, tuple) else (float(sigma),)
    which = f"z test of {'one sample' if x2 is None else 'two samples'}"
    how = "approximate: the spread is estimated" if known is None else "exact for normal values: the spread is known"
    method = f"{which} ({how})"
    level = float(confidence_level)
    return ZTestResult(*found, float(value), known, equal_var, level, alternative, method)
