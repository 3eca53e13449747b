"""Kolmogorov's and Smirnov's tests: the largest distance between two distribution functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood import distributions
from underhood._core import goodness as core
from underhood._frames import doubles
from underhood._results import Result, format_value
from underhood.stats._hypothesis import INDEPENDENT, Assumption, HypothesisTestResult
from underhood.stats._policy import over

__all__ = ["KsResult", "ks_1samp", "ks_2samp", "kstest"]

_FAMILIES: dict[str, tuple[int, Callable[..., Any]]] = {
    "beta": (2, distributions.Beta),
    "cauchy": (0, lambda: distributions.Cauchy(0, 1)),
    "chi2": (1, distributions.ChiSquared),
    "expon": (0, lambda: distributions.Exponential(1)),
    "f": (2, distributions.F),
    "gamma": (1, lambda a: distributions.Gamma(a, 1)),
    "gumbel_r": (0, lambda: distributions.Gumbel(0, 1)),
    "invgamma": (1, lambda a: distributions.InverseGamma(a, 1)),
    "laplace": (0, lambda: distributions.Laplace(0, 1)),
    "logistic": (0, lambda: distributions.Logistic(0, 1)),
    "lognorm": (1, lambda s: distributions.LogNormal(0, s)),
    "norm": (0, distributions.Normal),
    "rayleigh": (0, lambda: distributions.Rayleigh(1)),
    "t": (1, distributions.StudentT),
    "uniform": (0, lambda: distributions.Uniform(0, 1)),
    "weibull_min": (1, lambda c: distributions.Weibull(c, 1)),
}
"""SciPy's names: how many shapes a family has, and its standard form. Location and scale come after the shapes."""


@dataclass(slots=True, repr=False, eq=False)
class KsResult(HypothesisTestResult):
    """What a Kolmogorov–Smirnov test finds; unpacks to (statistic, pvalue).

    Attributes
    ----------
    statistic : float
        The largest distance between both distribution functions, in the direction of the alternative.
    pvalue : float
        Probability of so large a distance if there is but one distribution.
    statistic_location : float
        The value at which the distance is.
    statistic_sign : int
        1 if the (first) sample's distribution function lies above the other there, −1 if below.
    effect_size : float
        The distance again: 0 for equal distributions, 1 for samples that do not overlap.
    n : tuple of int
        How many values in each sample.
    against : str
        What the sample was compared with.
    tied : bool
        Whether values are tied.
    alternative : str
        Which departures count.
    method : str
        Whether the p-value is exact, an approximation, or the limit for large samples.
    assumptions : tuple of Assumption
        What was assumed.
    notes : tuple of str
        What makes the numbers doubtful.
    """

    statistic: float
    pvalue: float
    statistic_location: float
    statistic_sign: int
    effect_size: float
    n: tuple[int, ...]
    against: str
    tied: bool
    alternative: str
    method: str

    def _title(self) -> str:
        return f"Kolmogorov–Smirnov test ({self.method}), alternative: {self.alternative}"

    def _rows(self) -> list[tuple[str, str]]:
        return [row for row in Result._rows(self) if row[0] not in ("alternative", "method")]

    def _question(self) -> str:
        if len(self.n) == 2:
            return "do both samples come from one distribution?"
        return f"does the sample come from {self.against}?"

    def _finding(self) -> str:
        null = "both samples came from one distribution" if len(self.n) == 2 else f"it came from {self.against}"
        side = "above" if self.statistic_sign > 0 else "below"
        found = (
            f"The distribution functions are farthest apart at {format_value(self.statistic_location)}, where that of "
            f"the {'first ' if len(self.n) == 2 else ''}sample lies {side} by {format_value(self.statistic)}"
        )
        return f"{found}. {self._verdict(null, 'so large a distance')}"

    def _size(self) -> str:
        return f"the largest distance is {format_value(self.effect_size)}, of at most one."

    def _caution(self) -> str:
        return (
            "a small probability does not say in what the distributions differ (place, spread or shape), or that it "
            "matters; a large one does not show that the distributions are the same."
        )

    def _assumed(self) -> Iterator[Assumption]:
        yield INDEPENDENT
        if len(self.n) == 2:
            yield Assumption("the samples are independent of each other")
        else:
            yield Assumption(
                "the distribution was known before the values, and none of its parameters estimated from them"
            )

    def _remarks(self) -> Iterator[str]:
        if len(self.n) == 1:
            yield "if parameters were estimated from these values, the p-value is far too large; see shapiro, anderson"
        if self.tied and len(self.n) == 1:
            yield "tied values do not come from a continuous distribution; the p-value is not to be trusted"
        elif self.tied:
            yield "values are tied; the exact p-value allows for that, others are too large"
        if self.method != "exact" and min(self.n) < 50:
            yield f"the limit for large samples is rough for n = {min(self.n)}"


def kstest(
    x: ArrayLike,
    cdf: Any,
    args: tuple[float, ...] = (),
    alternative: str = "two-sided",
    method: str = "auto",
    *,
    nan_policy: str = "raise",
) -> KsResult:
    """Kolmogorov–Smirnov test of a sample against a distribution or a second sample.

    D = max |Fₙ(x) − F(x)| with the sample's distribution function Fₙ.

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample.
    cdf : distribution, str, callable or array_like
        A distribution of ``uh.distributions``; its name there (``"Normal"``) or SciPy's (``"norm"``); a function that
        gives F(x); or a second sample, which takes no ``args``.
    args : tuple of float
        Parameters of a named distribution, or further arguments of a function. SciPy's names take SciPy's: shapes, then
        location and scale.
    alternative : {"two-sided", "less", "greater"}
        Whether the sample's distribution function differs, lies below, or above. (Larger values lie *below*.)
    method : {"auto", "exact", "asymp"}
        The exact distribution of D, the limit for large samples, or whichever serves.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    KsResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If there are no values, one is missing or infinite, ``cdf`` is no known name, or its values are no
        probabilities.

    References
    ----------
    A. N. Kolmogorov (1933); R. Simard and P. L'Ecuyer (2011), doi:10.18637/jss.v039.i11.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.kstest([0.1, 0.4, 0.7], "uniform")
    >>> round(test.statistic, 6), round(test.pvalue, 6), test.statistic_location
    (0.3, 0.886222, 0.7)
    """
    second = not (isinstance(cdf, str) or callable(cdf) or hasattr(cdf, "cdf"))
    if second:
        if not isinstance(args, tuple) or args:
            raise ValueError(f"kstest: args is {args!r}, but cdf is a second sample, which has no parameters")
        return ks_2samp(x, cdf, alternative, method, nan_policy=nan_policy)
    return _one_sample("kstest", x, cdf, args, alternative, method, nan_policy)


def ks_1samp(
    x: ArrayLike,
    cdf: Any,
    args: tuple[float, ...] = (),
    alternative: str = "two-sided",
    method: str = "auto",
    *,
    nan_policy: str = "raise",
) -> KsResult:
    """Kolmogorov–Smirnov test of one sample: D = max |Fₙ(x) − F(x)|.

    Parameters
    ----------
    x : array_like, shape (n,)
        The sample.
    cdf : distribution, str or callable
        A distribution of ``uh.distributions``, its name, or a function that gives F(x); see :func:`kstest`.
    args : tuple of float
        Parameters of a named distribution, or further arguments of a function.
    alternative : {"two-sided", "less", "greater"}
        Whether the sample's distribution function differs, lies below, or above.
    method : {"auto", "exact", "asymp"}
        The exact distribution of D, the limit for large samples, or whichever serves: exact up to n = 5000, and for
        probabilities below 1e-5; beyond, an expansion that is right to seven digits or more (nine from n = 100,000).
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    KsResult
        Unpacks to (statistic, pvalue).

    Raises
    ------
    ValueError
        If there are no values, one is missing or infinite, ``cdf`` is no known name, or its values are no
        probabilities.

    References
    ----------
    G. Marsaglia, W. W. Tsang and J. Wang (2003), doi:10.18637/jss.v008.i18; W. Pelz and I. J. Good (1976).

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.ks_1samp([-1.2, 0.1, 0.3, 2.1], uh.distributions.Normal(0, 1))
    >>> round(test.statistic, 6), test.statistic_sign
    (0.289828, -1)
    """
    return _one_sample("ks_1samp", x, cdf, args, alternative, method, nan_policy)


def ks_2samp(
    x: ArrayLike,
    y: ArrayLike,
    alternative: str = "two-sided",
    method: str = "auto",
    *,
    axis: int | None = None,
    nan_policy: str = "raise",
) -> KsResult:
    """Kolmogorov–Smirnov test of two samples: D = max |Fₘ(x) − Gₙ(x)|.

    Parameters
    ----------
    x, y : array_like
        The samples.
    alternative : {"two-sided", "less", "greater"}
        Whether the first sample's distribution function differs, lies below, or above. (Larger values lie *below*.)
    method : {"auto", "exact", "asymp"}
        The exact distribution of D over all ways to share out the values, ties included (SciPy's leaves them out of
        account); an approximation for large samples; or whichever serves (exact up to 10,000 values in each).
    axis : int, optional
        The axis that one sample runs along; by default the samples are vectors.
    nan_policy : {"raise", "omit", "propagate"}
        Whether a missing value is refused, left out, or makes the result NaN.

    Returns
    -------
    KsResult
        Unpacks to (statistic, pvalue). A :class:`ManyTestsResult` if ``axis`` is given.

    Raises
    ------
    ValueError
        If a sample is empty, or a value is missing or infinite.

    References
    ----------
    J. L. Hodges (1958), doi:10.1007/BF02589501; G. Schröer and D. Trenkler (1995), doi:10.1016/0167-9473(94)00040-P.

    Examples
    --------
    >>> import underhood as uh
    >>> test = uh.stats.ks_2samp([1, 2, 3], [4, 5, 6])
    >>> test.statistic, round(test.pvalue, 6), test.statistic_location
    (1.0, 0.1, 3.0)
    """
    if axis is not None or nan_policy != "raise":
        options = {"alternative": alternative, "method": method}
        return over(ks_2samp, {"x": x, "y": y}, options, axis=axis, nan_policy=nan_policy)
    found = core.ks_2samp(x, y, alternative, method)
    return _result(found, (len(x), len(y)), "the other sample", alternative, method)  # type: ignore[arg-type]


def _one_sample(
    function: str, x: ArrayLike, cdf: Any, args: tuple[float, ...], alternative: str, method: str, nan_policy: str
) -> KsResult:
    if nan_policy != "raise":
        test = kstest if function == "kstest" else ks_1samp
        options = {"cdf": cdf, "args": args, "alternative": alternative, "method": method}
        return over(test, {"x": x}, options, axis=None, nan_policy=nan_policy)
    values = doubles(x, function, "x")
    probabilities, against = _probabilities(function, values, cdf, args)
    found = core.ks_uniform(function, values, probabilities, alternative, method)
    return _result(found, (len(values),), against, alternative, method)


def _result(
    found: tuple[float, float, float, int, bool, bool],
    n: tuple[int, ...],
    against: str,
    alternative: str,
    method: str,
) -> KsResult:
    statistic, pvalue, location, sign, exact, tied = found
    how = "exact" if exact else "limit for large samples" if method == "asymp" else "approximate"
    return KsResult(statistic, pvalue, location, sign, statistic, n, against, tied, alternative, how)


def _probabilities(
    function: str, x: NDArray[np.float64], cdf: Any, args: tuple[float, ...]
) -> tuple[NDArray[np.float64], str]:
    """F(x), and what F is called."""
    if isinstance(cdf, str):
        return _named(function, x, cdf, args)
    if isinstance(cdf, distributions.Discrete):
        raise ValueError(
            f"{function}: cdf is discrete ({cdf}), but Kolmogorov's distribution holds for continuous ones; count the "
            "values and use chisquare"
        )
    if hasattr(cdf, "cdf"):
        if not isinstance(args, tuple) or args:
            raise ValueError(f"{function}: args is {args!r}, but the distribution has its parameters already")
        against = f"{cdf}" if isinstance(cdf, distributions.Continuous) else "the given distribution"
        return doubles(cdf.cdf(x), function, "cdf"), against
    if callable(cdf):
        return doubles(
            cdf(x, *_sequence(function, args)), function, "cdf"
        ), f"the distribution of {getattr(cdf, '__name__', 'a function')}"
    kind = type(cdf).__name__
    raise TypeError(f"{function}: cdf is a {kind}, but must be a distribution, the name of one, or a function")


def _named(function: str, x: NDArray[np.float64], name: str, args: Any) -> tuple[NDArray[np.float64], str]:
    """Find F(x) of a distribution by its name here or in SciPy, and what F is called."""
    family = getattr(distributions, name) if name in distributions.__all__ else None
    bases = (distributions.Continuous, distributions.Discrete)
    if isinstance(family, type) and issubclass(family, bases) and family not in bases:
        return _probabilities(function, x, _made(function, name, family, _sequence(function, args)), ())
    if name not in _FAMILIES:
        known = ", ".join(map(repr, _FAMILIES))
        raise ValueError(
            f"{function}: cdf is {name!r}, but must be a distribution of one number in uh.distributions, or one of "
            f"{known}"
        )
    shapes, make = _FAMILIES[name]
    numbers = _numbers(function, args)
    if not shapes <= len(numbers) <= shapes + 2:
        raise ValueError(
            f"{function}: args has {len(numbers)} numbers, but {name!r} has {shapes} shapes, location and scale"
        )
    location, scale = (*numbers[shapes:], *(0.0, 1.0)[len(numbers) - shapes :])
    if not 0 < scale < np.inf:
        raise ValueError(f"{function}: args has the scale {scale}, but must have a positive one")
    standard = _made(function, name, make, numbers[:shapes])
    called = f"{name}({', '.join(map(format_value, numbers))})" if numbers else name
    return standard.cdf((x - location) / scale), called


def _sequence(function: str, args: Any) -> tuple[Any, ...]:
    if isinstance(args, str) or not hasattr(args, "__iter__"):
        raise TypeError(f"{function}: args is {args!r}, but must be a tuple")
    return tuple(args)


def _numbers(function: str, args: Any) -> tuple[float, ...]:
    """Read the parameters of a distribution by SciPy's name."""
    try:
        numbers = tuple(float(number) for number in _sequence(function, args))
    except (TypeError, ValueError):
        raise TypeError(f"{function}: args is {args!r}, but must be a tuple of numbers") from None
    if not np.isfinite(numbers).all():
        raise ValueError(f"{function}: args has {args!r}, but parameters are finite")
    return numbers


def _made(function: str, name: str, make: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Make the distribution with these parameters."""
    try:
        return make(*args)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{function}: args does not fit {name!r}: {error}") from None
