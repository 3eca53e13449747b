"""Distributions on an interval: beta and uniform."""

from __future__ import annotations

from typing import Self

from underhood.distributions._base import Continuous, Numbers, Parameter

__all__ = ["Beta", "Uniform"]


class Beta(Continuous):
    """The beta distribution: an unknown share.

    X/(X + Y) for independent X, Y that are Gamma(α, 1) and Gamma(β, 1); what is known of a share after α − 1 successes
    and β − 1 failures, from knowing nothing, which is Beta(1, 1). Density: f(x) = x^(α−1) (1 − x)^(β−1)/B(α, β).

    Parameters
    ----------
    alpha, beta : float or array_like
        The exponents of x and 1 − x, plus one: positive (1e-20 to 1e20).

    Raises
    ------
    ValueError
        If `alpha` or `beta` is not positive (1e-20 to 1e20).

    Notes
    -----
    Support: 0 ≤ x ≤ 1. Mean α/(α + β), variance αβ/((α + β)²(α + β + 1)), skewness
    2(β − α)√(α + β + 1)/((α + β + 2)√(αβ)). ``1 - X`` is Beta(β, α).

    Relative error below 1e-14 in both tails down to 1e-300. Near 1 doubles are 1e-16 apart: the upper tail is that of
    the double x, and quantiles within 5e-17 of 1 are 1; ``1 - X`` has them.

    Method: ``underhood.special.betainc`` and ``betaincc``, with 1 − x in two doubles. The fit is Newton's method on
    both parameters, for data between 0 and 1 but neither of them.

    Examples
    --------
    >>> from underhood.distributions import Beta
    >>> share = Beta(10, 2)  # nine successes and one failure
    >>> round(share.cdf(0.5), 6)
    0.005859
    >>> 1 - share
    Beta(alpha=2.0, beta=10.0)
    """

    __slots__ = ()

    def __new__(cls, alpha: Numbers, beta: Numbers) -> Self:
        return super().__new__(cls, "Beta", alpha, beta)

    alpha = Parameter("The exponent of x, plus one.")
    beta = Parameter("The exponent of 1 − x, plus one.")


class Uniform(Continuous):
    """The uniform distribution: a number from low to high, each as likely as any other.

    Density: f(x) = 1/(high − low) for low ≤ x ≤ high.

    Parameters
    ----------
    low : float or array_like, default 0
        The lower end.
    high : float or array_like, default 1
        The upper end (SciPy has the width in its place).

    Raises
    ------
    ValueError
        If one of them is not finite, or `high` not above `low`.

    Notes
    -----
    Support: low ≤ x ≤ high. Mean (low + high)/2, variance (high − low)²/12, skewness 0, kurtosis −6/5. Every multiple
    and shift is again uniform.

    Relative error below two ulps; quantiles are the nearest doubles. Method: the formulas themselves (NIST Engineering
    Statistics Handbook 1.3.6.6.2). The fit is the smallest and the largest value; the likelihood has an edge there and
    no curvature, and the covariance given is that of the smallest and the largest of n values.

    Examples
    --------
    >>> from underhood.distributions import Uniform
    >>> Uniform(-1, 3).cdf(0)
    0.25
    >>> 2 * Uniform() - 1
    Uniform(low=-1.0, high=1.0)
    """

    __slots__ = ()

    def __new__(cls, low: Numbers = 0.0, high: Numbers = 1.0) -> Self:
        return super().__new__(cls, "Uniform", low, high)

    low = Parameter("The lower end.")
    high = Parameter("The upper end.")
