"""The special functions beside scipy.special."""

from collections.abc import Iterator

import numpy as np
import scipy.special
from run import Case
from underhood import special


def cases() -> Iterator[Case]:
    """Yield arrays and single numbers."""
    rng = np.random.default_rng(4)
    n = 100_000
    z, p = rng.normal(size=n), rng.uniform(size=n)
    unary = {
        "erf": z,
        "erfc": z,
        "erfcx": z,
        "erfinv": 2 * p - 1,
        "ndtr": z,
        "log_ndtr": z,
        "ndtri": p,
        "gamma": 50 * p,
        "gammaln": 50 * p,
        "digamma": 50 * p,
        "expit": z,
        "logit": p,
        "entr": p,
        "softmax": z,
        "logsumexp": z,
    }
    for name, x in unary.items():
        ours, theirs = getattr(special, name), getattr(scipy.special, name)
        yield Case(name, "100,000", "SciPy", lambda f=ours, x=x: f(x), lambda f=theirs, x=x: f(x))
    for name in ("xlogy", "kl_div", "beta", "binom"):
        ours, theirs = getattr(special, name), getattr(scipy.special, name)
        x, y = 50 + 50 * p, 20 * rng.uniform(size=n)
        yield Case(name, "100,000", "SciPy", lambda f=ours, x=x, y=y: f(x, y), lambda f=theirs, x=x, y=y: f(x, y))
    yield Case("ndtr", "1", "SciPy", lambda: special.ndtr(1.3), lambda: scipy.special.ndtr(1.3))
    n = 10_000
    for a in (2.5, 250.0):
        x = rng.gamma(a, size=n)
        yield Case(
            f"gammaincc, a = {a}",
            "10,000",
            "SciPy",
            lambda a=a, x=x: special.gammaincc(a, x),
            lambda a=a, x=x: scipy.special.gammaincc(a, x),
        )
        x = rng.beta(a, 8.0, size=n)
        yield Case(
            f"betainc, a = {a}, b = 8",
            "10,000",
            "SciPy",
            lambda a=a, x=x: special.betainc(a, 8.0, x),
            lambda a=a, x=x: scipy.special.betainc(a, 8.0, x),
        )
