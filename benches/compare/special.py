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
    out = np.empty(n)
    for name in ("erf", "ndtr", "ndtri"):
        ours, theirs, x = getattr(special, name), getattr(scipy.special, name), unary[name]
        yield Case(
            f"{name}, out=",
            "100,000",
            "SciPy",
            lambda f=ours, x=x: f(x, out=out),
            lambda f=theirs, x=x: f(x, out=out),
        )
    for name in ("gamma", "rgamma", "gammaln"):
        ours, theirs, x = getattr(special, name), getattr(scipy.special, name), -20 * p
        yield Case(f"{name}, x < 0", "100,000", "SciPy", lambda f=ours, x=x: f(x), lambda f=theirs, x=x: f(x))
    for name in ("xlogy", "kl_div", "beta", "betaln", "binom", "comb"):
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
    shapes = {
        "0 to 50": (50 * rng.uniform(size=n) + 0.01, 20 * rng.uniform(size=n) + 0.01),
        "below 1": (rng.uniform(0.01, 1, n), rng.uniform(0.01, 1, n)),
        "1 to 1,000": (rng.uniform(1, 1000, n), rng.uniform(1, 400, n)),
    }
    for label, (a, b) in shapes.items():
        x, y = rng.gamma(a), rng.beta(a, b)
        for name in ("gammainc", "gammaincc"):
            ours, theirs = getattr(special, name), getattr(scipy.special, name)
            yield Case(
                f"{name}, every a its own, {label}",
                "10,000",
                "SciPy",
                lambda f=ours, a=a, x=x: f(a, x),
                lambda f=theirs, a=a, x=x: f(a, x),
            )
        for name in ("betainc", "betaincc"):
            ours, theirs = getattr(special, name), getattr(scipy.special, name)
            yield Case(
                f"{name}, every a and b its own, {label}",
                "10,000",
                "SciPy",
                lambda f=ours, a=a, b=b, y=y: f(a, b, y),
                lambda f=theirs, a=a, b=b, y=y: f(a, b, y),
            )
    p = p[:n]
    yield Case(
        "gammaincinv, a = 2.5",
        "10,000",
        "SciPy",
        lambda: special.gammaincinv(2.5, p),
        lambda: scipy.special.gammaincinv(2.5, p),
    )
    yield Case(
        "betaincinv, a = 2.5, b = 8",
        "10,000",
        "SciPy",
        lambda: special.betaincinv(2.5, 8.0, p),
        lambda: scipy.special.betaincinv(2.5, 8.0, p),
    )
