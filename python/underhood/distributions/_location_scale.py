"""Distributions that are moved and stretched: Cauchy, Laplace, logistic and Gumbel; and the triangular."""

from __future__ import annotations

from typing import Self

from underhood.distributions._base import Continuous, Numbers, Parameter

__all__ = ["Cauchy", "Gumbel", "Laplace", "Logistic", "Triangular"]


class Cauchy(Continuous):
    """Cauchy's distribution about `loc`, with tails so heavy that it has no mean.

    loc + scale·X/Y for independent standard normal X and Y; Student's t with one degree of freedom. Density:
    f(x) = 1/(π·scale·(1 + z²)), z = (x − loc)/scale.

    Parameters
    ----------
    loc : float or array_like, default 0
        The median.
    scale : float or array_like, default 1
        Half the distance of the quartiles, positive.

    Raises
    ------
    ValueError
        If `loc` is not finite, or `scale` not positive and finite.

    Notes
    -----
    Support: all real numbers. No moment exists: mean, variance, skewness and kurtosis are NaN. Entropy
    ln(4π·scale). The sum of two independent ones is Cauchy again, with locations and scales added.

    Relative error below 2e-15 as a function of z, in both tails down to 1e-300; logarithms go on. Method:
    arctangent and tangent of the smaller tail (Johnson, Kotz and Balakrishnan 1994, chapter 16).

    Examples
    --------
    >>> from underhood.distributions import Cauchy
    >>> round(Cauchy().sf(1), 12)
    0.25
    >>> Cauchy(0, 1) + Cauchy(2, 3)
    Cauchy(loc=2.0, scale=4.0)
    """

    __slots__ = ()

    def __new__(cls, loc: Numbers = 0.0, scale: Numbers = 1.0) -> Self:
        return super().__new__(cls, "Cauchy", loc, scale)

    loc = Parameter("The median.")
    scale = Parameter("The scale.")


class Laplace(Continuous):
    """The Laplace distribution about `loc`: an exponential distribution to either side.

    The difference of two independent exponential variables; the errors under which least absolute deviations are the
    most likely. Density: f(x) = exp(−|z|)/(2·scale), z = (x − loc)/scale.

    Parameters
    ----------
    loc : float or array_like, default 0
        The centre.
    scale : float or array_like, default 1
        The mean of |x − loc|, positive.

    Raises
    ------
    ValueError
        If `loc` is not finite, or `scale` not positive and finite.

    Notes
    -----
    Support: all real numbers. Mean loc, variance 2·scale², skewness 0, kurtosis 3, entropy 1 + ln(2·scale). ``fit``
    gives the median and the mean distance from it.

    Relative error below 1e-15 as a function of z, in both tails down to 1e-300; logarithms go on. Source: Johnson, Kotz
    and Balakrishnan (1995), chapter 24.

    Examples
    --------
    >>> from underhood.distributions import Laplace
    >>> round(Laplace(0, 2).sf(2), 12)
    0.183939720586
    >>> Laplace.fit([1.0, 2.0, 4.0]).distribution
    Laplace(loc=2.0, scale=1.0)
    """

    __slots__ = ()

    def __new__(cls, loc: Numbers = 0.0, scale: Numbers = 1.0) -> Self:
        return super().__new__(cls, "Laplace", loc, scale)

    loc = Parameter("The centre.")
    scale = Parameter("The scale.")


class Logistic(Continuous):
    """The logistic distribution about `loc`: its distribution function is the logistic curve.

    loc + scale·ln(U/(1 − U)) for a uniform U. Density: f(x) = e⁻ᶻ/(scale·(1 + e⁻ᶻ)²), z = (x − loc)/scale.

    Parameters
    ----------
    loc : float or array_like, default 0
        The centre.
    scale : float or array_like, default 1
        The scale, positive; the standard deviation is scale·π/√3.

    Raises
    ------
    ValueError
        If `loc` is not finite, or `scale` not positive and finite.

    Notes
    -----
    Support: all real numbers. Mean loc, variance (π·scale)²/3, skewness 0, kurtosis 6/5, entropy 2 + ln(scale).

    Relative error below 2e-15 as a function of z, in both tails down to 1e-300; logarithms go on. Method:
    ``underhood.special.expit`` and ``logit`` (Johnson, Kotz and Balakrishnan 1995, chapter 23).

    Examples
    --------
    >>> from underhood.distributions import Logistic
    >>> round(Logistic().cdf(2), 12)
    0.880797077978
    >>> round(Logistic(5, 2).ppf(0.9), 9)
    9.394449155
    """

    __slots__ = ()

    def __new__(cls, loc: Numbers = 0.0, scale: Numbers = 1.0) -> Self:
        return super().__new__(cls, "Logistic", loc, scale)

    loc = Parameter("The centre.")
    scale = Parameter("The scale.")


class Gumbel(Continuous):
    """Gumbel's distribution of the largest of many values.

    The limit of the largest of n independent values whose tail falls like an exponential. Density:
    f(x) = exp(−z − e⁻ᶻ)/scale, z = (x − loc)/scale; the distribution function is exp(−e⁻ᶻ).

    Parameters
    ----------
    loc : float or array_like, default 0
        The mode.
    scale : float or array_like, default 1
        The scale, positive.

    Raises
    ------
    ValueError
        If `loc` is not finite, or `scale` not positive and finite.

    Notes
    -----
    Support: all real numbers. Mean loc + γ·scale with γ ≈ 0.5772, variance (π·scale)²/6, skewness ≈ 1.1395,
    kurtosis 12/5, entropy 1 + γ + ln(scale). SciPy calls it ``gumbel_r``. The smallest value has the distribution
    of −X, which is not of this family.

    Relative error below 3e-15 as a function of z, in both tails down to 1e-300; logarithms go on. Method: the exponent
    e⁻ᶻ of the lower tail in two doubles (E. J. Gumbel 1958, Statistics of Extremes).

    Examples
    --------
    >>> from underhood.distributions import Gumbel
    >>> flood = Gumbel(3, 0.5)  # the highest water of a year
    >>> round(flood.isf(0.01), 6)  # and what is exceeded once in a hundred years
    5.300075
    """

    __slots__ = ()

    def __new__(cls, loc: Numbers = 0.0, scale: Numbers = 1.0) -> Self:
        return super().__new__(cls, "Gumbel", loc, scale)

    loc = Parameter("The mode.")
    scale = Parameter("The scale.")


class Triangular(Continuous):
    """The triangular distribution: its density rises from `low` to `peak` and falls to `high` along straight lines.

    What is assumed of a quantity of which only the smallest, the most likely and the largest value are known. Density:
    f(x) = 2(x − low)/((high − low)(peak − low)) up to the peak, 2(high − x)/((high − low)(high − peak)) from it on.

    Parameters
    ----------
    low : float or array_like
        The smallest value.
    peak : float or array_like
        The most likely value, low ≤ peak ≤ high. Elsewhere it is called the mode; here ``mode()`` is the method that
        every distribution has, and gives this number.
    high : float or array_like
        The largest value, greater than low.

    Raises
    ------
    ValueError
        If low ≤ peak ≤ high and low < high do not hold, or one of them is not finite.

    Notes
    -----
    Support: from low to high. With c = (peak − low)/(high − low): mean (low + peak + high)/3, variance
    (high − low)²(1 − c(1 − c))/18, skewness √2(1 − 2c)(1 + c)(2 − c)/(5(1 − c(1 − c))^(3/2)), kurtosis −3/5, entropy
    ½ + ln((high − low)/2).

    Relative error below 2e-15 as a function of the distances from x to the ends and the peak. ``fit``: the peak is
    one of the values (S. Kotz and J. R. van Dorp 2004, Beyond Beta, chapter 1).

    Examples
    --------
    >>> from underhood.distributions import Triangular
    >>> days = Triangular(2, 3, 7)
    >>> days.mean(), days.mode()
    (4.0, 3.0)
    >>> round(days.sf(6), 12)
    0.05
    """

    __slots__ = ()

    def __new__(cls, low: Numbers, peak: Numbers, high: Numbers) -> Self:
        return super().__new__(cls, "Triangular", low, peak, high)

    low = Parameter("The smallest value.")
    peak = Parameter("The most likely value.")
    high = Parameter("The largest value.")
