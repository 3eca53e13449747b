"""Confidence intervals, what they mean in words, and a simulation that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import estimate as core
from underhood._frames import doubles
from underhood._results import Result, format_value
from underhood.stats._hypothesis import INDEPENDENT, Assumption, about_normal, interval, percent
from underhood.stats._policy import lanes, over, warn_of_blanks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from underhood._core.estimate import _Interval

__all__ = [
    "CoverageResult",
    "IntervalResult",
    "ManyIntervalsResult",
    "correlation_confint",
    "coverage",
    "mean_confint",
    "mean_difference_confint",
    "median_confint",
    "quantile_confint",
    "std_confint",
    "variance_confint",
    "variance_ratio_confint",
]

_SHOWN = 100
"""So many intervals of a simulation are kept to be drawn."""


@dataclass(slots=True, repr=False, eq=False)
class IntervalResult(Result):
    """An estimate and the confidence interval around it; unpacks to (low, high).

    Attributes
    ----------
    estimate : float
        The parameter as the sample shows it.
    low, high : float
        Ends of the interval; on a side that was not asked for, the least or largest value that the parameter can have.
    confidence_level : float
        The level: of many samples' intervals, at least (or about) so many hold the true value.
    parameter : str
        What is estimated.
    method : str
        How the interval is made, and whether that is exact.
    side : {"both", "lower", "upper"}
        Which ends were asked for.
    n : tuple of int
        How many values in each sample, or how many pairs.
    standard_error : float or None
        Standard error of the estimate, if there is a formula.
    df : float or None
        Degrees of freedom of Student's t, χ² or F (its numerator).
    coverage : float or None
        How often such an interval holds the true value, where that differs from the level (quantiles).
    ranks : tuple or None
        The places of the ends among the sorted values, counted from 1 (quantiles).
    skewness, kurtosis : tuple of float
        Skewness (intervals of means) or excess kurtosis (of variances) of each sample, or of the differences.
    assumptions : tuple of Assumption
        What was assumed, and whether the data support it.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("low", "high")
    estimate: float
    low: float
    high: float
    confidence_level: float
    parameter: str
    method: str
    side: str
    n: tuple[int, ...]
    standard_error: float | None = None
    df: float | None = None
    coverage: float | None = None
    ranks: tuple[int | None, int | None] | None = None
    skewness: tuple[float, ...] = ()
    kurtosis: tuple[float, ...] = ()

    def _title(self) -> str:
        return f"{percent(self.confidence_level)} confidence interval of {self.parameter}"

    def _rows(self) -> list[tuple[str, str]]:
        said = {"parameter", "confidence_level", "side"} if self.side == "both" else {"parameter", "confidence_level"}
        said |= {name for name in ("standard_error", "df", "coverage", "ranks") if getattr(self, name) is None}
        said |= {name for name in ("skewness", "kurtosis") if not getattr(self, name)}
        return [row for row in Result._rows(self) if row[0] not in said]

    def _assumed(self) -> Iterator[Assumption]:
        yield Assumption("the pairs are independent of each other") if "pair" in self.method else INDEPENDENT
        if len(self.n) == 2:
            yield Assumption("the samples are independent of each other")
        for n, skewness, whose in zip(self.n, self.skewness, ("the mean", "the second mean"), strict=False):
            yield about_normal(n, skewness, "the mean difference" if "pair" in self.method else whose)
        if self.method.startswith("Student's t, pooled"):
            yield Assumption("both populations have the same variance")
        if self.method.startswith("normal, sigma"):
            yield Assumption("the population's standard deviation is known, not estimated from these values")
        for n, kurtosis, whose in zip(self.n, self.kurtosis, ("the values", "the second values"), strict=False):
            yield _shaped_as_normal(n, kurtosis, whose)
        if self.method.startswith("Fisher"):
            yield Assumption("both variables are about normal, and related by a straight line if at all")

    def _remarks(self) -> Iterator[str]:
        if self.coverage is None and min(self.n) < 5:
            yield f"{min(self.n)} values are few: the interval rests on their being normal, which so few cannot show"
        if any(assumption.supported is False for assumption in self._assumed() if "mean" in assumption.text):
            yield "the values are heavily skewed for their number; compare with a bootstrap, or a median's interval"
        if any(assumption.supported is False for assumption in self._assumed() if "shape" in assumption.text):
            yield "the values lack the shape of a normal sample, which this interval needs; compare with a bootstrap"

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What the interval rests on, and whether the data support it."""
        return tuple(self._assumed())

    @property
    def notes(self) -> tuple[str, ...]:
        """What makes the numbers doubtful."""
        return tuple(self._remarks())

    def explain(self) -> str:
        """Say in words what the interval is, what it rests on, what its level means and what it does not.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.stats.mean_confint([5.1, 4.9, 5.6, 5.3]).explain().splitlines()[0])
        Question: which values of the mean fit these data?
        """
        level = percent(self.confidence_level)
        how_often = f"{level} of them"
        if self.coverage is not None:
            how_often = f"{percent(self.coverage)} of them (more, if values can be equal; at least {level} were wanted)"
        elif self.method.startswith(("Welch", "Fisher")):
            how_often = f"about {how_often}"
        lines = [
            f"Question: which values of {self.parameter} fit these data?",
            f"Assumptions: {'; '.join(map(str, self._assumed()))}.",
            f"Found: the estimate is {format_value(self.estimate)}, from n = "
            f"{' and '.join(map(format_value, self.n))}; the {level} confidence interval is "
            f"{interval(self.low, self.high)} ({self.method}).",
            "Meaning: if many samples were drawn like this one and an interval made of each in this way, "
            f"{how_often} would hold the true value.",
            "Not concluded: how likely this one interval is to hold the true value. It does or it does not; "
            f"{level} is a property of the method, not of this one interval. Nor is it the share of single values that "
            "lie in the interval.",
        ]
        return "\n".join([*lines, *(f"Note: {note}." for note in self._remarks())])

    def __repr__(self) -> str:
        return "\n".join([Result.__repr__(self), *(f"  note: {note}" for note in self._remarks())])

    def _repr_html_(self) -> str:
        return Result._repr_html_(self) + "".join(f"<p>Note: {escape(note)}.</p>" for note in self._remarks())


@dataclass(slots=True, repr=False, eq=False)
class ManyIntervalsResult(Result):
    """One interval for each column along an axis; unpacks to (low, high).

    Attributes
    ----------
    estimate, low, high : ndarray
        In the shape of the samples without the axis.
    results : ndarray of objects
        The whole result of each.
    """

    _unpack: ClassVar[tuple[str, ...]] = ("low", "high")
    estimate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    results: NDArray[np.object_]

    def _title(self) -> str:
        return f"{self.results.size} confidence intervals"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] != "results"]


def _shaped_as_normal(n: int, kurtosis: float, whose: str) -> Assumption:
    """Judge the shape by the excess kurtosis: of normal samples, its standard deviation is about √(24/n)."""
    text = f"{whose} have the shape of a normal distribution; no number of them makes up for another"
    if n < 8 or np.isnan(kurtosis):
        return Assumption(text)
    usual = bool(abs(kurtosis) < 2 * (24 / n) ** 0.5)
    size = "usual" if usual else "unusual"
    return Assumption(text, usual, f"an excess kurtosis of {format_value(kurtosis)} is {size} for n = {n}")


def _many(
    make: Callable[..., IntervalResult],
    samples: Mapping[str, Any],
    options: Mapping[str, Any],
    axis: int | None,
    nan_policy: str,
    paired: bool = False,
) -> IntervalResult:
    """Make an interval of samples that may have gaps, or of each column along an axis."""
    if axis is None:
        return over(make, samples, options, axis=None, nan_policy=nan_policy, paired=paired)
    function = make.__name__
    arrays = {name: doubles(values, function, name) for name, values in samples.items()}
    shape, wide = lanes(arrays, axis, function)
    blanks: list[str] | None = [] if shape else None
    results = np.empty(shape, dtype=object)
    for place in np.ndindex(shape):
        columns = {name: array[place] for name, array in zip(samples, wide, strict=True)}
        results[place] = over(make, columns, options, axis=None, nan_policy=nan_policy, paired=paired, blanks=blanks)
    if not shape:
        return cast(IntervalResult, results[()])
    warn_of_blanks(function, blanks or [], results.size)
    estimate, low, high = (
        np.reshape([getattr(found, name) for found in results.ravel()], shape) for name in ("estimate", "low", "high")
    )
    # A function says that it returns its own result; with an axis there are many of them.
    return cast(IntervalResult, ManyIntervalsResult(estimate, low, high, results))


def _named(function: str, **names: str) -> None:
    for argument, name in names.items():
        if not isinstance(name, str):
            raise TypeError(f"{function}: {argument} is a {type(name).__name__}, but must be a string")


def _interval(
    found: _Interval, level: float, parameter: str, method: str, side: str, shape: str | None
) -> IntervalResult:
    estimate, low, high, error, df, n, shapes = found
    result = IntervalResult(estimate, low, high, float(level), parameter, method, side, n, error, df)
    if shape is not None:
        setattr(result, shape, shapes)
    return result


def mean_confint(
    x: ArrayLike,
    *,
    sigma: float | None = None,
    confidence_level: float = 0.95,
    side: str = "both",
    axis: int | None = None,
    nan_policy: str = "raise",
) -> IntervalResult:
    """Confidence interval of a mean: x̄ ± t·s/√n, or x̄ ± z·σ/√n if the population's standard deviation is known.

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample, n ≥ 2 (1 if ``sigma`` is known).
    sigma : float, optional
        The population's standard deviation, if it is known from elsewhere.
    confidence_level : float, default 0.95
        Of many samples' intervals, so many hold the true mean.
    side : {"both", "lower", "upper"}
        Which ends are asked for: with one of them, all of 1 − confidence_level lies beyond it.
    axis : int, optional
        The axis that one sample runs along; by default the sample is a vector.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    IntervalResult
        Unpacks to (low, high). A :class:`ManyIntervalsResult` if ``axis`` is given.

    Raises
    ------
    ValueError
        If there are too few values, one is missing or infinite, or all are the same.

    Notes
    -----
    Exact for normal data, and good for others once there are enough values: :func:`coverage` shows how good.

    References
    ----------
    Student (1908), The probable error of a mean, doi:10.1093/biomet/6.1.1.

    Examples
    --------
    >>> import underhood as uh
    >>> low, high = uh.stats.mean_confint([5.1, 4.9, 5.6, 5.3])
    >>> round(low, 4), round(high, 4)
    (4.7498, 5.7002)
    """
    if axis is not None or nan_policy != "raise":
        options = {"sigma": sigma, "confidence_level": confidence_level, "side": side}
        return _many(mean_confint, {"x": x}, options, axis, nan_policy)
    _named("mean_confint", side=side)
    found = core.mean_confint(x, sigma, confidence_level, side)
    method = "Student's t" if sigma is None else f"normal, sigma = {format_value(float(sigma))} known"
    return _interval(found, confidence_level, "the mean", method, side, "skewness")


def mean_difference_confint(
    x: ArrayLike,
    y: ArrayLike,
    *,
    method: str = "welch",
    confidence_level: float = 0.95,
    side: str = "both",
    axis: int | None = None,
    nan_policy: str = "raise",
) -> IntervalResult:
    """Confidence interval of the difference of two means, x̄ − ȳ ± t·(its standard error).

    Parameters
    ----------
    x, y : array_like
        The samples, two values or more in each.
    method : {"welch", "pooled", "paired"}
        The standard error: √(s₁²/n₁ + s₂²/n₂) with Satterthwaite's degrees of freedom; s√(1/n₁ + 1/n₂) for populations
        of one variance; or that of the mean of the differences, if the values come in pairs.
    confidence_level : float, default 0.95
        Of many pairs of samples, so many have an interval that holds the true difference.
    side : {"both", "lower", "upper"}
        Which ends are asked for.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    IntervalResult
        Unpacks to (low, high). A :class:`ManyIntervalsResult` if ``axis`` is given.

    Raises
    ------
    ValueError
        If a sample has fewer than two values, one is missing or infinite, or there is no spread.

    References
    ----------
    B. L. Welch (1947), doi:10.1093/biomet/34.1-2.28.

    Examples
    --------
    >>> import underhood as uh
    >>> found = uh.stats.mean_difference_confint([5, 6, 7], [1, 3, 5])
    >>> found.estimate, round(found.low, 4), round(found.high, 4)
    (3.0, -1.1554, 7.1554)
    """
    if axis is not None or nan_policy != "raise":
        options = {"method": method, "confidence_level": confidence_level, "side": side}
        paired = method == "paired"
        return _many(mean_difference_confint, {"x": x, "y": y}, options, axis, nan_policy, paired)
    _named("mean_difference_confint", method=method, side=side)
    found = core.mean_difference_confint(x, y, method, confidence_level, side)
    names = {
        "welch": "Welch's t",
        "pooled": "Student's t, pooled variance",
        "paired": "Student's t of the pairs' differences",
    }
    parameter = "the mean difference" if method == "paired" else "the difference of the means"
    return _interval(found, confidence_level, parameter, names[method], side, "skewness")


def variance_confint(
    x: ArrayLike,
    *,
    confidence_level: float = 0.95,
    side: str = "both",
    axis: int | None = None,
    nan_policy: str = "raise",
) -> IntervalResult:
    """Confidence interval of a normal population's variance: (n − 1)s²/χ², with n − 1 degrees of freedom.

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample, n ≥ 2.
    confidence_level : float, default 0.95
        Of many samples' intervals, so many hold the true variance.
    side : {"both", "lower", "upper"}
        Which ends are asked for.
    axis : int, optional
        The axis that one sample runs along; by default the sample is a vector.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    IntervalResult
        Unpacks to (low, high). A :class:`ManyIntervalsResult` if ``axis`` is given. The standard error is
        s²√(2/(n − 1)).

    Raises
    ------
    ValueError
        If there are fewer than two values, one is missing or infinite, or all are the same.

    Notes
    -----
    Unlike those of means, this interval does not forgive populations of another shape, however many values there are:
    ``coverage(Exponential(1), "variance", 1000)`` shows it.

    References
    ----------
    F. R. Helmert (1876), Zeitschrift für Mathematik und Physik 21, 192-218.

    Examples
    --------
    >>> import underhood as uh
    >>> found = uh.stats.variance_confint([5.1, 4.9, 5.6, 5.3])
    >>> round(found.estimate, 4), round(found.low, 4), round(found.high, 4)
    (0.0892, 0.0286, 1.2396)
    """
    if axis is not None or nan_policy != "raise":
        options = {"confidence_level": confidence_level, "side": side}
        return _many(variance_confint, {"x": x}, options, axis, nan_policy)
    _named("variance_confint", side=side)
    found = core.variance_confint(x, confidence_level, side)
    return _interval(found, confidence_level, "the variance", "chi-square", side, "kurtosis")


def std_confint(
    x: ArrayLike,
    *,
    confidence_level: float = 0.95,
    side: str = "both",
    axis: int | None = None,
    nan_policy: str = "raise",
) -> IntervalResult:
    """Confidence interval of a normal population's standard deviation: the roots of the ends for its variance.

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample, n ≥ 2.
    confidence_level : float, default 0.95
        Of many samples' intervals, so many hold the true standard deviation.
    side : {"both", "lower", "upper"}
        Which ends are asked for.
    axis : int, optional
        The axis that one sample runs along; by default the sample is a vector.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    IntervalResult
        Unpacks to (low, high). A :class:`ManyIntervalsResult` if ``axis`` is given. The standard error is
        s/√(2(n − 1)), nearly that of a normal population.

    Raises
    ------
    ValueError
        As :func:`variance_confint`.

    References
    ----------
    F. R. Helmert (1876), Zeitschrift für Mathematik und Physik 21, 192-218.

    Examples
    --------
    >>> import underhood as uh
    >>> found = uh.stats.std_confint([5.1, 4.9, 5.6, 5.3])
    >>> round(found.estimate, 4), round(found.low, 4), round(found.high, 4)
    (0.2986, 0.1692, 1.1134)
    """
    if axis is not None or nan_policy != "raise":
        options = {"confidence_level": confidence_level, "side": side}
        return _many(std_confint, {"x": x}, options, axis, nan_policy)
    _named("std_confint", side=side)
    found = core.std_confint(x, confidence_level, side)
    return _interval(found, confidence_level, "the standard deviation", "chi-square", side, "kurtosis")


def variance_ratio_confint(
    x: ArrayLike,
    y: ArrayLike,
    *,
    confidence_level: float = 0.95,
    side: str = "both",
    axis: int | None = None,
    nan_policy: str = "raise",
) -> IntervalResult:
    """Confidence interval of the ratio of two normal populations' variances: (s₁²/s₂²)/F.

    Parameters
    ----------
    x, y : array_like
        The samples, two values or more in each.
    confidence_level : float, default 0.95
        Of many pairs of samples, so many have an interval that holds the true ratio.
    side : {"both", "lower", "upper"}
        Which ends are asked for.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    IntervalResult
        Unpacks to (low, high). A :class:`ManyIntervalsResult` if ``axis`` is given.

    Raises
    ------
    ValueError
        If a sample has fewer than two values, one is missing or infinite, or all are the same.

    Notes
    -----
    It needs normal populations, as :func:`variance_confint` does.

    References
    ----------
    R. A. Fisher (1924), On a distribution yielding the error functions of several well known statistics.

    Examples
    --------
    >>> import underhood as uh
    >>> found = uh.stats.variance_ratio_confint([1, 3, 5, 9], [2, 3, 4, 4.5])
    >>> round(found.estimate, 4), round(found.low, 4), round(found.high, 3)
    (9.4915, 0.6148, 146.541)
    """
    if axis is not None or nan_policy != "raise":
        options = {"confidence_level": confidence_level, "side": side}
        return _many(variance_ratio_confint, {"x": x, "y": y}, options, axis, nan_policy)
    _named("variance_ratio_confint", side=side)
    found = core.variance_ratio_confint(x, y, confidence_level, side)
    return _interval(found, confidence_level, "the ratio of the variances", "F", side, "kurtosis")


def correlation_confint(
    x: ArrayLike,
    y: ArrayLike,
    *,
    confidence_level: float = 0.95,
    side: str = "both",
    axis: int | None = None,
    nan_policy: str = "raise",
) -> IntervalResult:
    """Confidence interval of Pearson's correlation: Fisher's tanh(artanh r ± z/√(n − 3)).

    Parameters
    ----------
    x, y : array_like, shape (n,)
        The pairs, n ≥ 4.
    confidence_level : float, default 0.95
        Of many samples' intervals, about so many hold the true correlation.
    side : {"both", "lower", "upper"}
        Which ends are asked for.
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out together with its partner, or makes the result NaN.

    Returns
    -------
    IntervalResult
        Unpacks to (low, high). A :class:`ManyIntervalsResult` if ``axis`` is given.

    Raises
    ------
    ValueError
        If there are fewer than four pairs, the lengths differ, a value is missing or infinite, or ``x`` or ``y`` is
        constant.

    References
    ----------
    R. A. Fisher (1921), On the "probable error" of a coefficient of correlation, Metron 1:3-32.

    Examples
    --------
    >>> import underhood as uh
    >>> found = uh.stats.correlation_confint([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    >>> round(found.estimate, 4), round(found.low, 4), round(found.high, 4)
    (0.8, -0.2796, 0.9862)
    """
    if axis is not None or nan_policy != "raise":
        options = {"confidence_level": confidence_level, "side": side}
        return _many(correlation_confint, {"x": x, "y": y}, options, axis, nan_policy, paired=True)
    _named("correlation_confint", side=side)
    found = core.correlation_confint(x, y, confidence_level, side)
    method = "Fisher's z of the pairs, approximate"
    return _interval(found, confidence_level, "the correlation", method, side, None)


def quantile_confint(
    x: ArrayLike,
    q: float,
    *,
    confidence_level: float = 0.95,
    side: str = "both",
    axis: int | None = None,
    nan_policy: str = "raise",
) -> IntervalResult:
    """Confidence interval of a quantile, between two of the sample's own values: exact, whatever the distribution is.

    The number of values below the q-quantile has the binomial distribution B(n, q): the l-th and the u-th smallest
    value enclose it with probability P(l ≤ B < u).

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample.
    q : float
        The quantile's probability, between 0 and 1.
    confidence_level : float, default 0.95
        Of many samples' intervals, at least so many hold the true quantile; ``coverage`` says how many.
    side : {"both", "lower", "upper"}
        Which ends are asked for.
    axis : int, optional
        The axis that one sample runs along; by default the sample is a vector.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    IntervalResult
        Unpacks to (low, high). A :class:`ManyIntervalsResult` if ``axis`` is given. The estimate is the sample's
        quantile (with linear interpolation); ``ranks`` has the places of the ends.

    Raises
    ------
    ValueError
        If there are too few values for the level (the message says how many it takes), or one is missing or infinite.

    References
    ----------
    W. R. Thompson (1936), On confidence ranges for the median, doi:10.1214/aoms/1177732502.

    Examples
    --------
    >>> import underhood as uh
    >>> found = uh.stats.quantile_confint(range(1, 41), 0.25)
    >>> found.low, found.high, found.ranks, round(found.coverage, 4)
    (5.0, 17.0, (5, 17), 0.9724)
    """
    if axis is not None or nan_policy != "raise":
        options = {"q": q, "confidence_level": confidence_level, "side": side}
        return _many(quantile_confint, {"x": x}, options, axis, nan_policy)
    return _of_quantile("quantile_confint", x, q, confidence_level, side)


def median_confint(
    x: ArrayLike,
    *,
    confidence_level: float = 0.95,
    side: str = "both",
    axis: int | None = None,
    nan_policy: str = "raise",
) -> IntervalResult:
    """Confidence interval of a median, between two of the sample's own values: exact, whatever the distribution is.

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample; for 95 %, n ≥ 6.
    confidence_level : float, default 0.95
        Of many samples' intervals, at least so many hold the true median; ``coverage`` says how many.
    side : {"both", "lower", "upper"}
        Which ends are asked for.
    axis : int, optional
        The axis that one sample runs along; by default the sample is a vector.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    IntervalResult
        As that of :func:`quantile_confint`.

    Raises
    ------
    ValueError
        As :func:`quantile_confint`.

    References
    ----------
    W. R. Thompson (1936), On confidence ranges for the median, doi:10.1214/aoms/1177732502.

    Examples
    --------
    >>> import underhood as uh
    >>> found = uh.stats.median_confint([4, 1, 7, 3, 9, 2, 8, 5])
    >>> found.estimate, found.low, found.high, found.coverage
    (4.5, 1.0, 9.0, 0.9921875)
    """
    if axis is not None or nan_policy != "raise":
        options = {"confidence_level": confidence_level, "side": side}
        return _many(median_confint, {"x": x}, options, axis, nan_policy)
    return _of_quantile("median_confint", x, 0.5, confidence_level, side)


def _of_quantile(function: str, x: ArrayLike, q: float, level: float, side: str) -> IntervalResult:
    _named(function, side=side)
    estimate, low, high, ranks, coverage, n = core.quantile_confint(function, x, q, level, side)
    parameter = "the median" if function == "median_confint" else f"the {format_value(float(q))}-quantile"
    method = "order statistics, exact"
    return IntervalResult(
        estimate, low, high, float(level), parameter, method, side, (n,), coverage=coverage, ranks=ranks
    )


@dataclass(slots=True, repr=False, eq=False)
class CoverageResult(Result):
    """How often the intervals of many samples hold the true value.

    Attributes
    ----------
    coverage : float
        Share of the intervals that hold it.
    standard_error : float
        Standard error of that share, √(c(1 − c)/repeats): so far the simulation itself can be trusted.
    confidence_level : float
        The share that was promised.
    true_value : float
        The parameter's true value.
    missed_below, missed_above : float
        Shares of the intervals that lie wholly below and wholly above it.
    mean_width : float
        Mean width of the intervals.
    n : int
        Values in a sample.
    repeats : int
        How many samples.
    interval : str
        Whose interval: ``"mean"``, …
    distribution : str
        What was drawn from.
    estimates : ndarray, shape (k,)
        The first estimates, at most a hundred.
    intervals : ndarray, shape (k, 2)
        Their intervals.
    """

    coverage: float
    standard_error: float
    confidence_level: float
    true_value: float
    missed_below: float
    missed_above: float
    mean_width: float
    n: int
    repeats: int
    interval: str
    distribution: str
    estimates: NDArray[np.float64]
    intervals: NDArray[np.float64]

    def _title(self) -> str:
        return f"Coverage of {self.repeats:,} intervals of the {self.interval}"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] not in {"estimates", "intervals", "repeats", "interval"}]

    def explain(self) -> str:
        """Say in words what was done, what was found and what it means.

        Examples
        --------
        >>> import underhood as uh
        >>> print(uh.stats.coverage(uh.distributions.Normal(), rng=1).explain().splitlines()[0])
        Question: do intervals of the mean hold the true value as often as they promise?
        """
        gap = abs(self.coverage - self.confidence_level)
        agrees = gap <= 3 * self.standard_error
        verdict = "which agrees with the promise, as far as this simulation can tell"
        if not agrees:
            verdict = "which is " + ("less" if self.coverage < self.confidence_level else "more") + " than was promised"
        return "\n".join(
            [
                f"Question: do intervals of the {self.interval} hold the true value as often as they promise?",
                f"Done: {self.repeats} samples of n = {self.n} were drawn from a population whose {self.interval} is "
                f"{format_value(self.true_value)}, and a {percent(self.confidence_level)} interval made of each.",
                f"Found: {percent(self.coverage)} of them hold the true value (standard error of the simulation "
                f"{format_value(self.standard_error)}), {verdict}. {percent(self.missed_below)} lie wholly below it "
                f"and {percent(self.missed_above)} wholly above.",
                "Meaning: the true value stays where it is; it is the intervals that differ from sample to sample. Who "
                "has one sample has one of these intervals, and cannot see whether it is one of those that miss.",
            ]
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the first intervals one above the other, those that miss the true value in another colour."""
        from underhood.plot._intervals import intervals

        return intervals(self, ax=ax)


def coverage(
    distribution: Any,
    interval: str | Callable[[NDArray[np.float64]], Any] = "mean",
    n: int = 20,
    *,
    repeats: int = 10_000,
    confidence_level: float = 0.95,
    true_value: float | None = None,
    rng: int | np.random.Generator | None = None,
) -> CoverageResult:
    """Draw many samples from a known distribution, and count how often their intervals hold the true value.

    This is what a confidence level promises, made visible.

    Parameters
    ----------
    distribution : Continuous or Discrete
        What to draw from, such as ``Normal(0, 1)``.
    interval : {"mean", "median", "variance", "std"} or callable
        Whose interval: those of :func:`mean_confint`, :func:`median_confint`, :func:`variance_confint` and
        :func:`std_confint`. Or a function that takes a sample and returns (low, high); it makes its own level.
    n : int, default 20
        Values in a sample.
    repeats : int, default 10,000
        How many samples.
    confidence_level : float, default 0.95
        The level of the intervals; for a function, the one that it is meant to have.
    true_value : float, optional
        For a function: the true value of what it estimates.
    rng : int, numpy.random.Generator or None
        A seed, or a generator; None takes a fresh seed.

    Returns
    -------
    CoverageResult
        With ``coverage``, ``.explain()`` and ``.plot()``.

    Raises
    ------
    ValueError, TypeError
        If ``distribution`` is not one distribution, its parameter is not finite, ``n`` is too small for such an
        interval, or a function comes without the true value.

    References
    ----------
    J. Neyman (1937), Outline of a theory of statistical estimation, doi:10.1098/rsta.1937.0005.

    Examples
    --------
    Means forgive skewed populations, more so the more values there are; variances do not:

    >>> import underhood as uh
    >>> skewed = uh.distributions.Exponential(1)
    >>> uh.stats.coverage(skewed, "mean", 10, rng=1).coverage > 0.88
    True
    >>> uh.stats.coverage(skewed, "variance", 200, repeats=2000, rng=1).coverage < 0.8
    True
    """
    if callable(interval):
        return _coverage_of(distribution, interval, n, repeats, confidence_level, true_value, rng)
    _named("coverage", interval=interval)
    if true_value is not None:
        raise ValueError("coverage: true_value is known for a named interval; give it for a function only")
    found = core.coverage(distribution, interval, n, repeats, confidence_level, rng, _SHOWN)
    truth, (hits, below, above), width, shown = found
    counts = (hits, below, above)
    return _covered(counts, repeats, confidence_level, truth, width, n, interval, distribution, shown)


def _coverage_of(
    distribution: Any,
    interval: Callable[[NDArray[np.float64]], Any],
    n: int,
    repeats: int,
    level: float,
    true_value: float | None,
    rng: int | np.random.Generator | None,
) -> CoverageResult:
    """Watch the intervals that a Python function makes."""
    if true_value is None or not np.isfinite(true_value):
        raise ValueError(f"coverage: true_value is {true_value}, but a function's intervals are held against a number")
    if not hasattr(distribution, "rvs"):
        kind = type(distribution).__name__
        raise TypeError(f"coverage: distribution is a {kind}, but must be one distribution, such as Normal(0, 1)")
    for argument, count in (("n", n), ("repeats", repeats)):
        if isinstance(count, bool) or not isinstance(count, int | np.integer):
            raise TypeError(f"coverage: {argument} is a {type(count).__name__}, but must be a whole number")
        if count < 1:
            raise ValueError(f"coverage: {argument} is {count}, but must be at least 1")
    if not 0 < level < 1:
        raise ValueError(f"coverage: confidence_level is {level}, but must be between 0 and 1")
    generator = np.random.default_rng(rng)
    below = above = 0
    width = 0.0
    shown: list[list[float]] = []
    for _ in range(repeats):
        sample = np.asarray(distribution.rvs(n, rng=generator), dtype=np.float64)
        low, high = map(float, interval(sample))
        if not low <= high:
            raise ValueError(f"coverage: interval gave ({low}, {high}), but its ends must be numbers in order")
        below += high < true_value
        above += low > true_value
        width += (high - low) / repeats
        if len(shown) < _SHOWN:
            shown.append([0.5 * (low + high), low, high])
    name = getattr(interval, "__name__", type(interval).__name__)
    name = "function" if name == "<lambda>" else name
    counts = (repeats - below - above, below, above)
    return _covered(counts, repeats, level, float(true_value), width, n, name, distribution, np.array(shown))


def _covered(
    counts: tuple[int, int, int],
    repeats: int,
    level: float,
    truth: float,
    width: float,
    n: int,
    interval: str,
    distribution: Any,
    shown: NDArray[np.float64],
) -> CoverageResult:
    held, below, above = (count / repeats for count in counts)
    error = (held * (1 - held) / repeats) ** 0.5
    return CoverageResult(
        held,
        error,
        float(level),
        truth,
        below,
        above,
        width,
        int(n),
        int(repeats),
        interval,
        repr(distribution),
        shown[:, 0],
        shown[:, 1:],
    )
