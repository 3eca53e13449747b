"""Special functions: the error function, Γ and B, their incomplete forms and inverses, logistic functions, counting.

A number gives a float; anything else is read as an array, arguments are broadcast against each other, and an array
comes out. Names and argument order are SciPy's. NaN gives NaN, and so does an argument outside a function's domain.
Tails are as accurate as centres::

    >>> from underhood import special
    >>> special.ndtr(-37.5) > 0
    True
    >>> special.gammaincc([1, 2, 3], 2.0).round(6)
    array([0.135335, 0.406006, 0.676676])
    >>> special.betainc(1e8, 1e8, 0.5)
    0.5

==================  ===================================================================================================
error function      `erf`, `erfc`, `erfcx`, `erfinv`, `erfcinv`
normal              `ndtr` Φ, `log_ndtr` ln Φ, `ndtri` Φ⁻¹
gamma               `gamma`, `gammaln`, `rgamma`, `digamma` ψ, `polygamma`
incomplete gamma    `gammainc` P, `gammaincc` Q, `gammaincinv`, `gammainccinv`
beta                `beta`, `betaln`, `betainc` I, `betaincc` 1 − I, `betaincinv`, `betainccinv`
logistic            `expit` σ, `logit`, `log1pexp`, `logsumexp`, `softmax`
entropy             `xlogy`, `entr`, `kl_div`
counting            `comb`, `factorial`, `binom`
==================  ===================================================================================================
"""

from underhood._core.special import (
    beta,
    betainc,
    betaincc,
    betainccinv,
    betaincinv,
    betaln,
    binom,
    digamma,
    entr,
    erf,
    erfc,
    erfcinv,
    erfcx,
    erfinv,
    expit,
    gamma,
    gammainc,
    gammaincc,
    gammainccinv,
    gammaincinv,
    gammaln,
    kl_div,
    log1pexp,
    log_ndtr,
    logit,
    ndtr,
    ndtri,
    polygamma,
    rgamma,
    xlogy,
)
from underhood._counting import comb, factorial
from underhood._exponential_sums import logsumexp, softmax

__all__ = [
    "beta",
    "betainc",
    "betaincc",
    "betainccinv",
    "betaincinv",
    "betaln",
    "binom",
    "comb",
    "digamma",
    "entr",
    "erf",
    "erfc",
    "erfcinv",
    "erfcx",
    "erfinv",
    "expit",
    "factorial",
    "gamma",
    "gammainc",
    "gammaincc",
    "gammainccinv",
    "gammaincinv",
    "gammaln",
    "kl_div",
    "log1pexp",
    "log_ndtr",
    "logit",
    "logsumexp",
    "ndtr",
    "ndtri",
    "polygamma",
    "rgamma",
    "softmax",
    "xlogy",
]
