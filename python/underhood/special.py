"""Special functions: the error function, Γ and B, their incomplete forms, and the inverses of those.

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
"""

from underhood._core.special import (
    betainc,
    betaincc,
    betainccinv,
    betaincinv,
    betaln,
    erf,
    erfc,
    erfcx,
    gamma,
    gammainc,
    gammaincc,
    gammainccinv,
    gammaincinv,
    gammaln,
    log_ndtr,
    ndtr,
    ndtri,
)

__all__ = [
    "betainc",
    "betaincc",
    "betainccinv",
    "betaincinv",
    "betaln",
    "erf",
    "erfc",
    "erfcx",
    "gamma",
    "gammainc",
    "gammaincc",
    "gammainccinv",
    "gammaincinv",
    "gammaln",
    "log_ndtr",
    "ndtr",
    "ndtri",
]
