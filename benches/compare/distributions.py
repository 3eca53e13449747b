"""Distributions beside scipy.stats."""

from collections.abc import Iterator

import numpy as np
import scipy.stats
from run import Case
from underhood.distributions import Binomial, ChiSquared, F, Hypergeometric, NegativeBinomial, Normal, Poisson, StudentT


def cases() -> Iterator[Case]:
    """Yield the normal family on long arrays, the others on shorter ones, and single p-values."""
    rng = np.random.default_rng(5)
    x, p = rng.normal(size=1_000_000), rng.uniform(size=1_000_000)
    normal, peer = Normal(), scipy.stats.norm
    for name, values in (("pdf", x), ("cdf", x), ("ppf", p)):
        ours, theirs = getattr(normal, name), getattr(peer, name)
        yield Case(
            f"normal {name}",
            "1,000,000",
            "scipy.stats",
            lambda f=ours, v=values: f(v),
            lambda f=theirs, v=values: f(v),
            headline=name == "cdf",
        )
    yield Case("normal cdf", "1", "scipy.stats", lambda: normal.cdf(1.0), lambda: peer.cdf(1.0), headline=True)
    families = (
        ("t (12)", StudentT(12), scipy.stats.t(12), rng.standard_t(12, size=10_000)),
        ("chi-square (5)", ChiSquared(5), scipy.stats.chi2(5), rng.chisquare(5, size=10_000)),
        ("F (3, 20)", F(3, 20), scipy.stats.f(3, 20), rng.f(3, 20, size=10_000)),
    )
    q = rng.uniform(1e-3, 1, size=10_000)
    for name, ours, theirs, x in families:
        yield Case(
            f"{name} p-value",
            "1",
            "scipy.stats",
            lambda d=ours: d.sf(2.5),
            lambda d=theirs: d.sf(2.5),
            headline=name.startswith("t"),
        )
        yield Case(
            f"{name} ppf",
            "1,000,000",
            "scipy.stats",
            lambda d=ours: d.ppf(p),
            lambda d=theirs: d.ppf(p),
            headline=name.startswith("t"),
        )
        for method, values in (("pdf", x), ("sf", x), ("isf", q), ("logpdf", x), ("logsf", x)):
            yield Case(
                f"{name} {method}",
                "10,000",
                "scipy.stats",
                lambda d=ours, m=method, v=values: getattr(d, m)(v),
                lambda d=theirs, m=method, v=values: getattr(d, m)(v),
                headline=name.startswith("t") and method == "sf",
            )
    yield from discrete()


def discrete() -> Iterator[Case]:
    """Yield discrete families on long arrays of counts, and single values."""
    rng = np.random.default_rng(6)
    p = rng.uniform(size=100_000)
    families = (
        ("binomial (100, 0.3)", Binomial(100, 0.3), scipy.stats.binom(100, 0.3)),
        ("Poisson (4)", Poisson(4), scipy.stats.poisson(4)),
        ("Poisson (1e6)", Poisson(1e6), scipy.stats.poisson(1e6)),
        ("negative binomial (3, 0.1)", NegativeBinomial(3, 0.1), scipy.stats.nbinom(3, 0.1)),
        ("hypergeometric (500, 60, 100)", Hypergeometric(500, 60, 100), scipy.stats.hypergeom(500, 60, 100)),
    )
    for name, ours, theirs in families:
        counts = ours.rvs(100_000, rng=1)
        for method, values in (("pmf", counts), ("cdf", counts), ("ppf", p)):
            yield Case(
                f"{name} {method}",
                "100,000",
                "scipy.stats",
                lambda d=ours, m=method, v=values: getattr(d, m)(v),
                lambda d=theirs, m=method, v=values: getattr(d, m)(v),
                headline=name.startswith("binomial") and method == "cdf",
            )
        k = ours.median()
        yield Case(
            f"{name} cdf", "1", "scipy.stats", lambda d=ours, k=k: d.cdf(k), lambda d=theirs, k=k: d.cdf(k)
        )
