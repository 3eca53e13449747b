"""Distributions of counts and of choices: Poisson, and one of several values, equally likely or not."""

from __future__ import annotations

from math import log
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood import _core
from underhood.distributions._base import Discrete, Numbers, Parameter
from underhood.distributions._fit import FitResult

__all__ = ["Categorical", "DiscreteUniform", "Poisson"]


class Poisson(Discrete):
    """The Poisson distribution: how often something happens that happens at a constant rate.

    The limit of a binomial distribution with many trials of small probability: P(k) = λᵏ e^(−λ)/k!.

    Parameters
    ----------
    rate : float or array_like
        The mean λ, between 0 and 1e20. (SciPy's mu; NumPy's lam.)

    Raises
    ------
    ValueError
        If `rate` is out of its range.

    Notes
    -----
    Support: 0, 1, 2, … Mean λ, variance λ, skewness 1/√λ, excess kurtosis 1/λ.

    Relative error below 1e-14 in probabilities and both tails down to 1e-300, for λ up to 1e15. Quantiles are the
    smallest k with cdf(k) ≥ q. Method: P(X ≤ k) = Q(k + 1, λ) (``underhood.special.gammaincc``), probabilities by
    deviances.

    Source: C. Loader (2000), Fast and accurate computation of binomial probabilities; Johnson, Kemp and Kotz (2005),
    Univariate Discrete Distributions, chapter 4.

    Examples
    --------
    >>> from underhood.distributions import Poisson
    >>> calls = Poisson(2.5)
    >>> round(calls.pmf(0), 6)
    0.082085
    >>> calls.ppf(0.95)
    5.0
    >>> calls + Poisson(1.5)
    Poisson(rate=4.0)
    """

    __slots__ = ()

    def __new__(cls, rate: Numbers) -> Self:
        return super().__new__(cls, "Poisson", rate)

    rate = Parameter("The mean λ.")


class DiscreteUniform(Discrete):
    """The uniform distribution on the whole numbers from `low` to `high`, both included.

    Every value is equally likely: P(k) = 1/(high − low + 1). A die is ``DiscreteUniform(1, 6)``; SciPy's and NumPy's
    functions of this kind exclude the upper end (``scipy.stats.randint(1, 7)``).

    Parameters
    ----------
    low, high : int or array_like
        The smallest and the largest value, whole numbers between −2⁵² and 2⁵².

    Raises
    ------
    ValueError
        If one of them is not whole or out of its range, or `high` below `low`.

    Notes
    -----
    Support: low, …, high. With w = high − low + 1: mean (low + high)/2, variance (w² − 1)/12, skewness 0, excess
    kurtosis −6(w² + 1)/(5(w² − 1)). ``fit`` gives the smallest and the largest value; since the maximum of the
    likelihood is at an edge, their standard errors are those of the gap between the extremes of a sample and the ends.

    Source: Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, §6.10.1.

    Examples
    --------
    >>> from underhood.distributions import DiscreteUniform
    >>> die = DiscreteUniform(1, 6)
    >>> die.mean(), round(die.prob(5, 6), 6)
    (3.5, 0.333333)
    >>> die + 10
    DiscreteUniform(low=11.0, high=16.0)
    """

    __slots__ = ()

    def __new__(cls, low: Numbers, high: Numbers) -> Self:
        return super().__new__(cls, "DiscreteUniform", low, high)

    low = Parameter("The smallest value.")
    high = Parameter("The largest value.")


class Categorical(Discrete):
    """The categorical distribution: one of the categories 0, 1, …, k − 1, each with its own probability.

    A loaded die; one trial of a multinomial distribution. P(i) = pᵢ.

    Parameters
    ----------
    probabilities : array_like, shape (k,)
        The probabilities p₀, …, pₖ₋₁: not negative, and of sum 1 up to rounding (1e-9; what rounding left is shared
        out).

    Raises
    ------
    ValueError
        If there are none, one is negative or NaN, or they do not sum to 1.

    Notes
    -----
    Support: from the first to the last category with a positive probability. Moments are those of the numbers
    0, …, k − 1; the entropy is −Σ pᵢ ln pᵢ.

    Source: K. P. Murphy (2012), Machine Learning: A Probabilistic Perspective, §2.3.2.

    Examples
    --------
    >>> from underhood.distributions import Categorical
    >>> blood = Categorical([0.37, 0.36, 0.12, 0.15])
    >>> blood.pmf([0, 2])
    array([0.37, 0.12])
    >>> blood.mode()
    0.0
    >>> Categorical.fit([0, 1, 1, 3]).distribution
    Categorical(probabilities=[0.25, 0.5 , 0.  , 0.25])
    """

    __slots__ = ("_probabilities",)

    _probabilities: NDArray[np.float64]

    def __new__(cls, probabilities: ArrayLike) -> Self:
        made = super().__new__(cls, "Categorical", probabilities)
        made._probabilities = np.asarray(made.pmf(np.arange(np.size(probabilities))))
        return made

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """The probabilities of the categories."""
        return self._probabilities.copy()

    @property
    def parameters(self) -> dict[str, float | NDArray[np.float64]]:
        """The parameters by name."""
        return {"probabilities": self.probabilities}

    @classmethod
    def fit(cls, data: ArrayLike, **fixed: float) -> FitResult[Self]:
        """Fit to data by maximum likelihood: the share of each category, with standard errors √(p(1 − p)/n).

        Parameters
        ----------
        data : array_like, shape (n,)
            Categories: whole numbers from 0 on. There are as many categories as the largest number and one more.
        **fixed : float
            Nothing can be held fixed.

        Returns
        -------
        FitResult
            ``parameters`` and ``standard_errors`` hold one array each.

        Raises
        ------
        ValueError
            If a value is not a category.

        Examples
        --------
        >>> from underhood.distributions import Categorical
        >>> Categorical.fit([0, 1, 1, 1]).parameters["probabilities"]
        array([0.25, 0.75])
        """
        estimates, covariance, log_likelihood, n, k, iterations = _core.distributions.fit("Categorical", data, fixed)
        distribution = cls(estimates)
        # One parameter, a vector.
        parameters: dict[str, Any] = {"probabilities": distribution.probabilities}
        errors: dict[str, Any] = {"probabilities": np.sqrt(np.diag(covariance))}
        return FitResult(
            distribution=distribution,
            parameters=parameters,
            standard_errors=errors,
            covariance=covariance,
            log_likelihood=log_likelihood,
            aic=2 * k - 2 * log_likelihood,
            bic=k * log(n) - 2 * log_likelihood,
            n=n,
            estimated=("probabilities",),
            iterations=iterations,
        )
