"""Distributions of trials and counts."""

from __future__ import annotations

from typing import Self

from underhood.distributions._base import Discrete, Numbers, Parameter

__all__ = ["Bernoulli"]


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
