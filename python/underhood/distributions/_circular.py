"""Distributions of angles."""

from __future__ import annotations

from typing import Self

from underhood.distributions._base import Continuous, Numbers, Parameter

__all__ = ["VonMises"]


class VonMises(Continuous):
    """The von Mises distribution of an angle about `mu`: the normal distribution of the circle.

    The direction of a vector of two independent normal components, given that its length is 1. Density:
    f(x) = exp(κ cos(x − μ))/(2π I₀(κ)) for |x − μ| ≤ π, with the modified Bessel function I₀.

    Parameters
    ----------
    mu : float or array_like
        The mean direction, in radians, of at most 1e10. Give 0 where SciPy's ``loc`` is left out.
    kappa : float or array_like
        The concentration, between 0 (all angles alike) and 1e20.

    Raises
    ------
    ValueError
        If `mu` is not between −1e10 and 1e10, or `kappa` not between 0 and 1e20.

    Notes
    -----
    Support: from μ − π to μ + π; outside of it the density is 0 (SciPy's goes on periodically). Mean, median and
    mode are μ; variance, kurtosis and entropy are those of the angle on the support, the variance about 1/κ for
    large κ. Circular moments: E cos j(X − μ) = Iⱼ(κ)/I₀(κ); the mean resultant length is A(κ) = I₁(κ)/I₀(κ), the
    circular variance 1 − A(κ). ``fit`` takes any finite angles, whole turns do not count: μ is the direction of the
    mean of the unit vectors, in (−π, π], and A(κ) its length.

    Relative error below 5e-15 as a function of x − μ, both tails included, for every κ. Method: quadrature of the
    tail by Gauss and Legendre's rule on the part that counts (K. V. Mardia and P. E. Jupp 2000, Directional
    Statistics, §3.5.4).

    Examples
    --------
    >>> import math
    >>> from underhood.distributions import VonMises
    >>> wind = VonMises(0, 2)
    >>> round(wind.prob(-math.pi / 4, math.pi / 4), 6)
    0.673845
    """

    __slots__ = ()

    def __new__(cls, mu: Numbers, kappa: Numbers) -> Self:
        return super().__new__(cls, "VonMises", mu, kappa)

    mu = Parameter("The mean direction μ.")
    kappa = Parameter("The concentration κ.")
