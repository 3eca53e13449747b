"""Probability distributions: densities, distribution functions, both tails and their logarithms, quantiles, moments.

A distribution is made once from its parameters, which are checked then, and asked afterwards. Methods have SciPy's
names; a number gives a float, an array an array of its shape::

    >>> from underhood.distributions import ChiSquared, F, Normal, StudentT
    >>> round(Normal(100, 15).cdf(130), 6)
    0.97725
    >>> round(StudentT(df=9).interval(0.95)[1], 6)
    2.262157
    >>> ChiSquared(2).sf([1.0, 10.0]).round(6)
    array([0.606531, 0.006738])
    >>> round(F(1, 9).isf(0.05), 4)
    5.1174

``sf`` is the upper tail 1 − cdf without the cancellation, down to 1e-300, and ``isf`` its inverse; ``logpdf``,
``logcdf`` and ``logsf`` go on where the plain forms underflow. Parameters may be arrays, which are broadcast; ``fit``
estimates them from data, ``rvs`` draws, ``plot`` draws a picture, and what is true can be computed with::

    >>> 2 * Normal(100, 15) + 1
    Normal(mu=201.0, sigma=30.0)
    >>> Normal([0.0, 1.0], 2).sf(3).round(6)
    array([0.066807, 0.158655])

Several variables at once: ``MultivariateNormal``, ``Multinomial``, ``Dirichlet``, whose points are the last axis of an
array::

    >>> from underhood.distributions import MultivariateNormal
    >>> MultivariateNormal([0, 0], [[1, 0.8], [0.8, 1]]).conditional(0, 2)
    MultivariateNormal(mean=[1.6], cov=[[0.36]])

===========================  =====================================================================================
sums and their statistics    :class:`Normal`, :class:`StudentT`, :class:`ChiSquared`, :class:`F`
waiting, lifetimes, sizes    :class:`Exponential`, :class:`Gamma`, :class:`InverseGamma`, :class:`Weibull`,
                             :class:`Rayleigh`, :class:`LogNormal`, :class:`Pareto`
shares and intervals         :class:`Beta`, :class:`Uniform`, :class:`Triangular`
other shapes                 :class:`Laplace`, :class:`Logistic`, :class:`Cauchy`, :class:`Gumbel`, :class:`VonMises`
trials                       :class:`Bernoulli`, :class:`Binomial`, :class:`Geometric`, :class:`NegativeBinomial`,
                             :class:`Hypergeometric`
counts and choices           :class:`Poisson`, :class:`DiscreteUniform`, :class:`Categorical`
several variables            :class:`MultivariateNormal`, :class:`Multinomial`, :class:`Dirichlet`
from data or parts           :class:`Empirical`, :class:`KernelDensity`, :class:`Mixture`, :class:`Truncated`
===========================  =====================================================================================
"""

from underhood.distributions._base import Continuous, Discrete
from underhood.distributions._beta_family import Beta, Uniform
from underhood.distributions._circular import VonMises
from underhood.distributions._composed import Empirical, KernelDensity, Mixture, Truncated
from underhood.distributions._counts import Categorical, DiscreteUniform, Poisson
from underhood.distributions._fit import FitResult
from underhood.distributions._gamma_family import Exponential, Gamma, InverseGamma, Rayleigh, Weibull
from underhood.distributions._location_scale import Cauchy, Gumbel, Laplace, Logistic, Triangular
from underhood.distributions._multivariate import Dirichlet, Multinomial, MultivariateFitResult, MultivariateNormal
from underhood.distributions._normal import Normal
from underhood.distributions._positive import LogNormal, Pareto
from underhood.distributions._sampling import ChiSquared, F, StudentT
from underhood.distributions._trials import Bernoulli, Binomial, Geometric, Hypergeometric, NegativeBinomial

__all__ = [
    "Bernoulli",
    "Beta",
    "Binomial",
    "Categorical",
    "Cauchy",
    "ChiSquared",
    "Continuous",
    "Dirichlet",
    "Discrete",
    "DiscreteUniform",
    "Empirical",
    "Exponential",
    "F",
    "FitResult",
    "Gamma",
    "Geometric",
    "Gumbel",
    "Hypergeometric",
    "InverseGamma",
    "KernelDensity",
    "Laplace",
    "LogNormal",
    "Logistic",
    "Mixture",
    "Multinomial",
    "MultivariateFitResult",
    "MultivariateNormal",
    "NegativeBinomial",
    "Normal",
    "Pareto",
    "Poisson",
    "Rayleigh",
    "StudentT",
    "Triangular",
    "Truncated",
    "Uniform",
    "VonMises",
    "Weibull",
]
