"""Waiting times and lifetimes: gamma, inverse gamma, exponential, Weibull and Rayleigh."""

from __future__ import annotations

from typing import Self

from underhood.distributions._base import Continuous, Numbers, Parameter

__all__ = ["Exponential", "Gamma", "InverseGamma", "Rayleigh", "Weibull"]


class Gamma(Continuous):
    """The gamma distribution: the time until several events.

    The waiting time for the k-th event of a Poisson process with mean distance `scale`, for k = shape, and what lies
    between for shapes that are not whole. Density: f(x) = (x/scale)^(shape − 1) exp(−x/scale)/(scale·Γ(shape)).

    Parameters
    ----------
    shape : float or array_like
        The shape, positive (1e-20 to 1e20).
    scale : float or array_like, default 1
        The scale, positive, in the units of x: one over the rate.

    Raises
    ------
    ValueError
        If `shape` is not positive (1e-20 to 1e20), or `scale` not positive and finite.

    Notes
    -----
    Support: x ≥ 0. Mean shape·scale, variance shape·scale², skewness 2/√shape, kurtosis 6/shape. Positive multiples
    are again gamma, and sums of independent ones of equal scale. SciPy calls the shape ``a``.

    Relative error below 1e-14 as a function of x/scale in both tails down to 1e-300; in arrays the
    rounding of x/scale may add up to 5e-13. Quantiles and draws below the smallest double (tiny shapes) are 0.

    Method: ``underhood.special.gammainc`` and ``gammaincc``. The fit solves ln k − ψ(k) = ln x̄ − mean of ln x
    (Minka 2002, Estimating a Gamma distribution).

    Examples
    --------
    >>> from underhood.distributions import Gamma
    >>> third = Gamma(3, scale=10)  # the third bus, with one every ten minutes
    >>> round(third.sf(60), 6)
    0.061969
    >>> third + Gamma(2, 10)
    Gamma(shape=5.0, scale=10.0)
    """

    __slots__ = ()

    def __new__(cls, shape: Numbers, scale: Numbers = 1.0) -> Self:
        return super().__new__(cls, "Gamma", shape, scale)

    shape = Parameter("The shape.")
    scale = Parameter("The scale: one over the rate.")


class InverseGamma(Continuous):
    """The inverse gamma distribution: what is known of a normal's variance after some draws.

    scale/Y for a Y that is Gamma(shape, 1). Density: f(x) = scaleᵃ/Γ(a)·x^(−a−1)·exp(−scale/x), a = shape.

    Parameters
    ----------
    shape : float or array_like
        The shape, positive (1e-20 to 1e20).
    scale : float or array_like, default 1
        The scale, positive, in the units of x.

    Raises
    ------
    ValueError
        If `shape` is not positive (1e-20 to 1e20), or `scale` not positive and finite.

    Notes
    -----
    Support: x > 0. Mean scale/(a − 1) for a > 1 (else inf), variance scale²/((a − 1)²(a − 2)) for a > 2 (inf for
    1 < a ≤ 2, else NaN). Positive multiples are again inverse gamma. SciPy: ``invgamma(shape, scale=scale)``.

    Relative error below 1e-14 as a function of scale/x in both tails down to 1e-300; in arrays the
    rounding of scale/x may add up to 5e-13. Quantiles and draws beyond the largest double (tiny shapes) are inf.

    Method: P(X ≤ x) = Q(a, scale/x), ``underhood.special.gammaincc`` (Johnson, Kotz and Balakrishnan 1994,
    Continuous Univariate Distributions 1, §17.8.4). The fit is that of ``Gamma`` to 1/x.

    Examples
    --------
    >>> from underhood.distributions import InverseGamma
    >>> variance = InverseGamma(5, scale=8)
    >>> variance.mean()
    2.0
    >>> round(variance.sf(4), 6)
    0.052653
    """

    __slots__ = ()

    def __new__(cls, shape: Numbers, scale: Numbers = 1.0) -> Self:
        return super().__new__(cls, "InverseGamma", shape, scale)

    shape = Parameter("The shape.")
    scale = Parameter("The scale.")


class Exponential(Continuous):
    """The exponential distribution: the time until the next event.

    Events come at random at `rate` a unit of time, whatever the time that has passed without one. Density:
    f(x) = rate·exp(−rate·x).

    Parameters
    ----------
    rate : float or array_like, default 1
        The events per unit of x, positive: one over the mean.

    Raises
    ------
    ValueError
        If `rate` is not positive and finite.

    Notes
    -----
    Support: x ≥ 0. Mean 1/rate, variance 1/rate², skewness 2, kurtosis 6. Positive multiples are again exponential.
    SciPy and NumPy have the mean, ``scale`` = 1/rate, in place of the rate.

    Relative error below 2e-15 as a function of x and rate, in both tails. Method: P(X > x) = exp(−rate·x), the product
    in two doubles (NIST Engineering Statistics Handbook 1.3.6.6.7). The fit is 1/x̄, with standard error rate/√n.

    Examples
    --------
    >>> from underhood.distributions import Exponential
    >>> wait = Exponential(rate=0.1)
    >>> wait.mean()
    10.0
    >>> round(wait.sf(20), 6)
    0.135335
    """

    __slots__ = ()

    def __new__(cls, rate: Numbers = 1.0) -> Self:
        return super().__new__(cls, "Exponential", rate)

    rate = Parameter("The rate: one over the mean.")


class Weibull(Continuous):
    """The Weibull distribution: lifetimes of what ages (shape above 1) or settles (below).

    scale·Y^(1/shape) for a Y that is exponential with rate 1. Density:
    f(x) = k/scale·(x/scale)^(k−1)·exp(−(x/scale)ᵏ), k = shape.

    Parameters
    ----------
    shape : float or array_like
        The shape, positive (1e-20 to 1e20).
    scale : float or array_like, default 1
        The scale, positive, in the units of x: 63 % lie below it.

    Raises
    ------
    ValueError
        If `shape` is not positive (1e-20 to 1e20), or `scale` not positive and finite.

    Notes
    -----
    Support: x ≥ 0. Mean scale·Γ(1 + 1/k), variance scale²(Γ(1 + 2/k) − Γ(1 + 1/k)²), inf where they are beyond the
    largest double (shapes below 0.006). Positive multiples are again Weibull. SciPy: ``weibull_min(k, scale=scale)``.

    Relative error below 1e-14 as a function of x and the parameters, in both tails down to 1e-300. Quantiles and draws
    of tiny shapes are 0 or inf where no double is near.

    Method: P(X > x) = exp(−(x/scale)ᵏ), quotient, logarithm and power in two doubles (NIST Engineering Statistics
    Handbook 1.3.6.6.8). The fit is Newton's method on both parameters.

    Examples
    --------
    >>> from underhood.distributions import Weibull
    >>> life = Weibull(2, scale=1000)
    >>> round(life.sf(1000), 6)
    0.367879
    >>> round(life.mean(), 3)
    886.227
    """

    __slots__ = ()

    def __new__(cls, shape: Numbers, scale: Numbers = 1.0) -> Self:
        return super().__new__(cls, "Weibull", shape, scale)

    shape = Parameter("The shape.")
    scale = Parameter("The scale: 63 % lie below it.")


class Rayleigh(Continuous):
    """The Rayleigh distribution: the length of a vector of two normals.

    √(X² + Y²) for independent X and Y that are Normal(0, scale). Density: f(x) = x/scale²·exp(−x²/(2·scale²)).

    Parameters
    ----------
    scale : float or array_like, default 1
        Where the density is largest, positive, in the units of x.

    Raises
    ------
    ValueError
        If `scale` is not positive and finite.

    Notes
    -----
    Support: x ≥ 0. Mean scale·√(π/2), variance scale²(2 − π/2), skewness 0.6311, kurtosis 0.2451. Positive multiples
    are again Rayleigh.

    Relative error below 2e-15 as a function of x and scale, in both tails. Method: P(X > x) = exp(−(x/scale)²/2), the
    square in two doubles (Johnson, Kotz and Balakrishnan 1994, Continuous Univariate Distributions 1, §18.10). The fit
    is scale² = Σx²/(2n), with standard error scale/(2√n).

    Examples
    --------
    >>> from underhood.distributions import Rayleigh
    >>> distance = Rayleigh(2)
    >>> round(distance.sf(6), 6)
    0.011109
    """

    __slots__ = ()

    def __new__(cls, scale: Numbers = 1.0) -> Self:
        return super().__new__(cls, "Rayleigh", scale)

    scale = Parameter("The scale: where the density is largest.")
