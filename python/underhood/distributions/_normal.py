"""The normal distribution."""

from __future__ import annotations

from typing import Self

from underhood.distributions._base import Continuous, Numbers, Parameter

__all__ = ["Normal"]


class Normal(Continuous):
    """The normal (Gaussian) distribution with mean μ and standard deviation σ.

    The limit of sums of many small independent things; every X is μ + σZ with Z standard normal. Density:
    f(x) = exp(−z²/2)/(σ√(2π)), z = (x − μ)/σ.

    Parameters
    ----------
    mu : float or array_like, default 0
        The mean.
    sigma : float or array_like, default 1
        The standard deviation (not the variance), positive.

    Raises
    ------
    ValueError
        If `mu` is not finite, or `sigma` not positive and finite.

    Notes
    -----
    Support: all real numbers. Mean μ, variance σ², skewness 0. SciPy calls the parameters ``loc`` and ``scale``.

    Relative error below 1e-15 as a function of z, tails included: sf(37.5) ≈ 5e-308; ``logsf`` and ``logcdf`` go on
    where these
    underflow. Method: ``underhood.special.ndtr``, ``log_ndtr`` and ``ndtri`` (Wichura 1988, AS 241).

    Examples
    --------
    >>> from underhood.distributions import Normal
    >>> height = Normal(170, 10)
    >>> round(height.sf(190), 12)
    0.022750131948
    >>> low, high = height.interval(0.95)
    >>> print(f"{low:.2f} {high:.2f}")
    150.40 189.60
    """

    __slots__ = ()

    def __new__(cls, mu: Numbers = 0.0, sigma: Numbers = 1.0) -> Self:
        return super().__new__(cls, "Normal", mu, sigma)

    mu = Parameter("The mean μ.")
    sigma = Parameter("The standard deviation σ.")
