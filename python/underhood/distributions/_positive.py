"""Sizes that spread over orders of magnitude: lognormal and Pareto."""

from __future__ import annotations

from typing import Self

from underhood.distributions._base import Continuous, Numbers, Parameter

__all__ = ["LogNormal", "Pareto"]


class LogNormal(Continuous):
    """The lognormal distribution: products of many small independent factors.

    exp(Y) for a Y that is Normal(μ, σ). Density: f(x) = exp(−z²/2)/(x·σ·√(2π)), z = (ln x − μ)/σ.

    Parameters
    ----------
    mu : float or array_like, default 0
        The mean of ln x (not of x).
    sigma : float or array_like, default 1
        The standard deviation of ln x, positive.

    Raises
    ------
    ValueError
        If `mu` is not finite, or `sigma` not positive and finite.

    Notes
    -----
    Support: x > 0. Mean exp(μ + σ²/2), median exp(μ), variance (exp σ² − 1)·exp(2μ + σ²), skewness
    (exp σ² + 2)√(exp σ² − 1). Positive multiples are again lognormal. SciPy: ``lognorm(sigma, scale=exp(mu))``.

    Relative error below 1e-14 as a function of x, μ and σ, in both tails down to 1e-300. Quantiles have the relative
    error of z times σz: 1e-14 for σ = 1; and they are 0 or inf where no double is near.

    Method: Φ(z), with ln x, its difference from μ and the quotient in two doubles (NIST Engineering Statistics Handbook
    1.3.6.6.9). The fit is mean and standard deviation (with n, not n − 1) of ln x.

    Examples
    --------
    >>> from underhood.distributions import LogNormal
    >>> income = LogNormal(10, 0.5)
    >>> print(f"{income.median():.1f} {income.mean():.1f}")
    22026.5 24959.3
    """

    __slots__ = ()

    def __new__(cls, mu: Numbers = 0.0, sigma: Numbers = 1.0) -> Self:
        return super().__new__(cls, "LogNormal", mu, sigma)

    mu = Parameter("The mean of ln x.")
    sigma = Parameter("The standard deviation of ln x.")


class Pareto(Continuous):
    """The Pareto distribution: incomes, cities, files, of which few are very large.

    scale·exp(Y) for a Y that is exponential with rate `shape`. Density: f(x) = shape·scaleᵃ/x^(a+1), a = shape.

    Parameters
    ----------
    shape : float or array_like
        The power with which the upper tail falls, positive (1e-20 to 1e20).
    scale : float or array_like, default 1
        The smallest value, positive, in the units of x.

    Raises
    ------
    ValueError
        If `shape` is not positive (1e-20 to 1e20), or `scale` not positive and finite.

    Notes
    -----
    Support: x ≥ scale (NumPy's ``pareto`` starts at 0). Mean a·scale/(a − 1) for a > 1 (else inf), variance
    scale²a/((a − 1)²(a − 2)) for a > 2 (inf for 1 < a ≤ 2, else NaN). Positive multiples are again Pareto.

    Relative error below 2e-15 as a function of x and the parameters, in both tails and next to the smallest value.

    Method: P(X > x) = exp(−a·ln(x/scale)), quotient and logarithm in two doubles (Johnson, Kotz and Balakrishnan 1994,
    Continuous Univariate Distributions 1, ch. 20). The fit is scale = the smallest value, a = n/Σ ln(xᵢ/scale); the
    variance given for the scale is that of the smallest of n values (the likelihood has an edge there, and no
    curvature).

    Examples
    --------
    >>> from underhood.distributions import Pareto
    >>> income = Pareto(1.16, scale=1000)
    >>> round(income.sf(4000), 6)
    0.200267
    """

    __slots__ = ()

    def __new__(cls, shape: Numbers, scale: Numbers = 1.0) -> Self:
        return super().__new__(cls, "Pareto", shape, scale)

    shape = Parameter("The shape: the power with which the upper tail falls.")
    scale = Parameter("The scale: the smallest value.")
