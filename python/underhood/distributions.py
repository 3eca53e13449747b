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
``logcdf`` and ``logsf`` go on where the plain forms underflow.
"""

from underhood._core.distributions import ChiSquared, F, Normal, StudentT

__all__ = ["ChiSquared", "F", "Normal", "StudentT"]
