"""Conjugate updates: a prior goes in, the posterior comes out as one of the distributions."""

from __future__ import annotations

from numpy.typing import ArrayLike

from underhood import _core
from underhood.distributions import Beta, Gamma, Normal

__all__ = ["beta_binomial", "gamma_poisson", "normal_normal"]


def beta_binomial(prior: Beta, successes: int, trials: int) -> Beta:
    """Learn a probability p from k successes in n trials: Beta(α, β) becomes Beta(α + k, β + n − k).

    Parameters
    ----------
    prior : Beta
        What is known of p before; ``Beta(1, 1)`` is the uniform prior, ``Beta(0.5, 0.5)`` Jeffreys's.
    successes, trials : int
        Whole numbers, successes ≤ trials.

    Returns
    -------
    Beta
        The posterior: ``.mean()``, ``.interval(0.95)``, ``.sf(0.5)``, ``.plot()``.

    Raises
    ------
    TypeError, ValueError
        If `prior` is not one Beta, or the counts are not such.

    Notes
    -----
    A. Gelman et al. (2013), Bayesian Data Analysis, §2.4.

    Examples
    --------
    >>> from underhood.distributions import Beta
    >>> from underhood.probability import beta_binomial
    >>> posterior = beta_binomial(Beta(1, 1), successes=7, trials=10)
    >>> posterior
    Beta(alpha=8.0, beta=4.0)
    >>> round(posterior.sf(0.5), 4)  # P(p > ½ | data)
    0.8867
    """
    return Beta(*_core.probability.beta_binomial(prior, successes, trials))


def gamma_poisson(prior: Gamma, counts: ArrayLike) -> Gamma:
    """Learn a rate λ from counts, each over one unit of time: Gamma(a, scale θ) becomes Gamma(a + Σx, θ/(1 + nθ)).

    Parameters
    ----------
    prior : Gamma
        What is known of λ before.
    counts : array_like, shape (n,)
        Whole numbers, not negative.

    Returns
    -------
    Gamma
        The posterior.

    Raises
    ------
    TypeError, ValueError
        If `prior` is not one Gamma, or a count is not such.

    Notes
    -----
    A. Gelman et al. (2013), Bayesian Data Analysis, §2.6.

    Examples
    --------
    >>> from underhood.distributions import Gamma
    >>> from underhood.probability import gamma_poisson
    >>> gamma_poisson(Gamma(2, scale=0.5), [3, 1, 2])
    Gamma(shape=8.0, scale=0.2)
    """
    return Gamma(*_core.probability.gamma_poisson(prior, counts))


def normal_normal(prior: Normal, data: ArrayLike, sigma: float) -> Normal:
    """Learn a mean μ from normal data with a known standard deviation: precisions 1/σ² add, means are averaged by them.

    Parameters
    ----------
    prior : Normal
        What is known of μ before.
    data : array_like, shape (n,)
        The values.
    sigma : float
        The standard deviation of a single value, known and positive, in the units of the data.

    Returns
    -------
    Normal
        The posterior of μ: mean (μ₀/σ₀² + n·x̄/σ²)/(1/σ₀² + n/σ²), variance 1/(1/σ₀² + n/σ²).

    Raises
    ------
    TypeError, ValueError
        If `prior` is not one Normal, a value is not finite, or `sigma` not positive.

    Notes
    -----
    A. Gelman et al. (2013), Bayesian Data Analysis, §2.5.

    Examples
    --------
    >>> from underhood.distributions import Normal
    >>> from underhood.probability import normal_normal
    >>> normal_normal(Normal(0, 1), [2, 4, 3], sigma=1)
    Normal(mu=2.25, sigma=0.5)
    """
    return Normal(*_core.probability.normal_normal(prior, data, sigma))
