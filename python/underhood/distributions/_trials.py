"""Distributions of trials: one, several, up to the first or the r-th success, and without replacement."""

from __future__ import annotations

from typing import Self

from underhood.distributions._base import Discrete, Numbers, Parameter

__all__ = ["Bernoulli", "Binomial", "Geometric", "Hypergeometric", "NegativeBinomial"]


class Bernoulli(Discrete):
    """The Bernoulli distribution: 1 with probability p, else 0.

    The outcome of one trial that succeeds with probability p: P(1) = p, P(0) = 1 − p.

    Parameters
    ----------
    p : float or array_like
        The probability of success, between 0 and 1.

    Raises
    ------
    ValueError
        If `p` is not between 0 and 1.

    Notes
    -----
    Support: 0 and 1. Mean p, variance p(1 − p), skewness (1 − 2p)/√(p(1 − p)).

    Source: Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, §3.2.

    Examples
    --------
    >>> from underhood.distributions import Bernoulli
    >>> coin = Bernoulli(0.25)
    >>> coin.pmf([0, 1, 2])
    array([0.75, 0.25, 0.  ])
    >>> coin.var()
    0.1875
    """

    __slots__ = ()

    def __new__(cls, p: Numbers) -> Self:
        return super().__new__(cls, "Bernoulli", p)

    p = Parameter("The probability of success.")


class Binomial(Discrete):
    """The binomial distribution: the number of successes in n independent trials.

    Each trial succeeds with probability p: P(k) = C(n, k) pᵏ (1 − p)ⁿ⁻ᵏ.

    Parameters
    ----------
    n : int or array_like
        The number of trials, a whole number from 0 to 2⁵³.
    p : float or array_like
        The probability of success, between 0 and 1.

    Raises
    ------
    ValueError
        If `n` is not whole or out of its range, or `p` not between 0 and 1.

    Notes
    -----
    Support: 0, 1, …, n. Mean np, variance np(1 − p), skewness (1 − 2p)/σ, excess kurtosis (1 − 6p(1 − p))/σ².
    ``fit`` needs to be told n: the data hardly determine it.

    Relative error below 1e-14 in probabilities and both tails down to 1e-300, also for n = 1e15. Quantiles are the
    smallest k with cdf(k) ≥ q. Method: P(X > k) = I(k + 1, n − k; p) (``underhood.special.betainc``), probabilities
    by deviances.

    Source: C. Loader (2000), Fast and accurate computation of binomial probabilities; Johnson, Kemp and Kotz (2005),
    Univariate Discrete Distributions, chapter 3.

    Examples
    --------
    >>> from underhood.distributions import Binomial
    >>> heads = Binomial(10, 0.5)
    >>> round(heads.sf(8), 6)  # nine or ten heads
    0.010742
    >>> heads.interval(0.95)
    (2.0, 8.0)
    >>> Binomial.fit([3, 5, 4, 4], n=10).distribution
    Binomial(n=10.0, p=0.4)
    """

    __slots__ = ()

    def __new__(cls, n: Numbers, p: Numbers) -> Self:
        return super().__new__(cls, "Binomial", n, p)

    n = Parameter("The number of trials.")
    p = Parameter("The probability of success.")


class Geometric(Discrete):
    """The geometric distribution: the number of trials up to and with the first success.

    Each trial succeeds with probability p: P(k) = p (1 − p)ᵏ⁻¹. (The number of failures before the first success is
    one less: ``NegativeBinomial(1, p)``.)

    Parameters
    ----------
    p : float or array_like
        The probability of success, positive and at most 1.

    Raises
    ------
    ValueError
        If `p` is not positive and at most 1.

    Notes
    -----
    Support: 1, 2, 3, … Mean 1/p, variance (1 − p)/p², skewness (2 − p)/√(1 − p), excess kurtosis 6 + p²/(1 − p).

    Relative error below 1e-15, in both tails. Method: P(X > k) = (1 − p)ᵏ with ln(1 − p) in two doubles.

    Source: Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, §5.2.

    Examples
    --------
    >>> from underhood.distributions import Geometric
    >>> throws = Geometric(1 / 6)  # of a die, until a six
    >>> throws.mean()
    6.0
    >>> throws.median()
    4.0
    """

    __slots__ = ()

    def __new__(cls, p: Numbers) -> Self:
        return super().__new__(cls, "Geometric", p)

    p = Parameter("The probability of success.")


class NegativeBinomial(Discrete):
    """The negative binomial distribution: the number of failures before the r-th success.

    P(k) = Γ(k + r)/(k! Γ(r)) pʳ (1 − p)ᵏ. For a real r it is a Poisson variable whose rate has the gamma distribution
    with shape r and scale (1 − p)/p: counts that vary more than Poisson's.

    Parameters
    ----------
    r : float or array_like
        The successes that are waited for, positive (1e-20 to 1e20), not only whole.
    p : float or array_like
        The probability of success, positive (from 1e-100) and at most 1.

    Raises
    ------
    ValueError
        If `r` or `p` is out of its range.

    Notes
    -----
    Support: 0, 1, 2, … Mean r(1 − p)/p, variance r(1 − p)/p², skewness (2 − p)/√(r(1 − p)), excess kurtosis
    6/r + p²/(r(1 − p)). ``fit`` needs data whose variance is above their mean.

    Relative error below 1e-14 in probabilities and both tails down to 1e-300. Quantiles are the smallest k with
    cdf(k) ≥ q. Method: P(X ≤ k) = I(r, k + 1; p) (``underhood.special.betainc``), probabilities by deviances.

    Source: Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, chapter 5.

    Examples
    --------
    >>> from underhood.distributions import NegativeBinomial
    >>> misses = NegativeBinomial(3, 0.5)
    >>> misses.pmf([0, 1, 2])
    array([0.125 , 0.1875, 0.1875])
    >>> misses + NegativeBinomial(2, 0.5)
    NegativeBinomial(r=5.0, p=0.5)
    """

    __slots__ = ()

    def __new__(cls, r: Numbers, p: Numbers) -> Self:
        return super().__new__(cls, "NegativeBinomial", r, p)

    r = Parameter("The successes that are waited for.")
    p = Parameter("The probability of success.")


class Hypergeometric(Discrete):
    """The hypergeometric distribution: successes among items that are drawn without replacement.

    A population of N items, K of them successes, of which n are drawn: P(k) = C(K, k) C(N − K, n − k)/C(N, n).

    Parameters
    ----------
    population : int or array_like
        How many items there are, N: a whole number from 0 to 2⁵³. (SciPy's M; NumPy's ngood + nbad.)
    successes : int or array_like
        How many of them are successes, K, from 0 to N. (SciPy's n; NumPy's ngood.)
    draws : int or array_like
        How many are drawn, n, from 0 to N. (SciPy's N; NumPy's nsample.)

    Raises
    ------
    ValueError
        If one of them is not a whole number of its range.

    Notes
    -----
    Support: max(0, n − (N − K)) to min(n, K). With p = K/N: mean np, variance np(1 − p)(N − n)/(N − 1).
    ``fit`` estimates `successes`, and needs the other two.

    Relative error below 1e-14 in probabilities and both tails down to 1e-300, for populations up to 1e15. Method:
    probabilities as two binomial ones over a third, by deviances; tails are summed from k outwards, or, where that
    takes more than a thousand terms, integrated with the corrections of Euler's and Maclaurin's formula.

    Source: Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, chapter 6; C. Loader (2000).

    Examples
    --------
    >>> from underhood.distributions import Hypergeometric
    >>> aces = Hypergeometric(population=52, successes=4, draws=5)
    >>> round(aces.pmf(2), 6)
    0.03993
    >>> Hypergeometric.fit([3], population=100, draws=10).distribution  # how many of 100, if 3 of 10 are?
    Hypergeometric(population=100.0, successes=30.0, draws=10.0)
    """

    __slots__ = ()

    def __new__(cls, population: Numbers, successes: Numbers, draws: Numbers) -> Self:
        return super().__new__(cls, "Hypergeometric", population, successes, draws)

    population = Parameter("How many items there are.")
    successes = Parameter("How many of them are successes.")
    draws = Parameter("How many are drawn.")
