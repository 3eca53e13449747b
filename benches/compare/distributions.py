"""Distributions beside scipy.stats."""

from collections.abc import Iterator

import numpy as np
import scipy.stats
from run import Case
from underhood.distributions import (
    Beta,
    Binomial,
    Cauchy,
    ChiSquared,
    Exponential,
    F,
    Gamma,
    Gumbel,
    Hypergeometric,
    InverseGamma,
    Laplace,
    Logistic,
    LogNormal,
    MultivariateNormal,
    NegativeBinomial,
    Normal,
    Pareto,
    Poisson,
    Rayleigh,
    StudentT,
    Triangular,
    Uniform,
    VonMises,
    Weibull,
)


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
    yield from located(rng)
    yield from discrete()


def located(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the families with a location, their draws and fits, and what it costs to make a distribution."""
    members = (
        ("Cauchy", Cauchy(), scipy.stats.cauchy(), 1_000_000),
        ("Laplace", Laplace(), scipy.stats.laplace(), 1_000_000),
        ("logistic", Logistic(), scipy.stats.logistic(), 1_000_000),
        ("Gumbel", Gumbel(), scipy.stats.gumbel_r(), 1_000_000),
        ("triangular", Triangular(-2, 0.5, 3), scipy.stats.triang(0.5, -2, 5), 1_000_000),
        ("von Mises (4)", VonMises(0, 4), scipy.stats.vonmises(4), 10_000),
        ("von Mises (400)", VonMises(0, 400), scipy.stats.vonmises(400), 10_000),
    )
    for name, ours, theirs, n in members:
        x, p = rng.uniform(-1.9, 2.9, size=n), rng.uniform(size=n)
        methods = ("pdf", "cdf") if name.startswith("von") else ("pdf", "logpdf", "cdf", "ppf")
        for method in methods:
            values = p if method == "ppf" else x
            yield Case(
                f"{name} {method}",
                f"{n:,}",
                "scipy.stats",
                lambda d=ours, m=method, v=values: getattr(d, m)(v),
                lambda d=theirs, m=method, v=values: getattr(d, m)(v),
                # From 50 on SciPy's distribution function is an approximation to seven digits.
                rtol=1e-4 if name == "von Mises (400)" else 1e-9,
            )
    draws = (
        ("Student t (5)", StudentT(5), lambda: rng.standard_t(5, 100_000)),
        ("chi-square (5)", ChiSquared(5), lambda: rng.chisquare(5, 100_000)),
        ("F (3, 20)", F(3, 20), lambda: rng.f(3, 20, 100_000)),
        ("Cauchy", Cauchy(), lambda: rng.standard_cauchy(100_000)),
        ("Laplace", Laplace(), lambda: rng.laplace(size=100_000)),
        ("logistic", Logistic(), lambda: rng.logistic(size=100_000)),
        ("Gumbel", Gumbel(), lambda: rng.gumbel(size=100_000)),
        ("triangular", Triangular(-2, 0.5, 3), lambda: rng.triangular(-2, 0.5, 3, 100_000)),
        ("von Mises (4)", VonMises(0, 4), lambda: rng.vonmises(0, 4, 100_000)),
    )
    for name, ours, theirs in draws:
        yield Case(
            f"{name} draws",
            "100,000",
            "NumPy Generator",
            lambda d=ours: d.rvs(100_000, rng=1),
            theirs,
            pick=np.size,
            pick_theirs=np.size,
        )
    # The same numbers whatever was drawn before: of some, SciPy's search stops far from the maximum.
    data = scipy.stats.t(4, 3, 2).rvs(1000, random_state=1)
    fits = (
        ("Student t", StudentT, scipy.stats.t),
        ("Cauchy", Cauchy, scipy.stats.cauchy),
        ("logistic", Logistic, scipy.stats.logistic),
        ("Gumbel", Gumbel, scipy.stats.gumbel_r),
    )
    for name, ours, theirs in fits:
        yield Case(
            f"{name} fit",
            "1,000",
            "scipy.stats",
            lambda d=ours: d.fit(data),
            lambda d=theirs: d.fit(data),
            # SciPy's search stops a little below the maximum now and then.
            pick=lambda fit: fit.log_likelihood,
            pick_theirs=lambda found, d=theirs: d(*found).logpdf(data).sum(),
            rtol=1e-3,
        )
    yield Case(
        "make a normal",
        "1",
        "scipy.stats",
        lambda: Normal(0, 1),
        lambda: scipy.stats.norm(0, 1),
        pick=lambda X: X.std(),
        pick_theirs=lambda X: X.std(),
    )


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
        yield Case(f"{name} cdf", "1", "scipy.stats", lambda d=ours, k=k: d.cdf(k), lambda d=theirs, k=k: d.cdf(k))
    yield from waiting_times()
    yield from several(rng)


def waiting_times() -> Iterator[Case]:
    """Yield the gamma family, beta, and the other distributions of positive numbers, on long arrays."""
    rng = np.random.default_rng(6)
    p = rng.uniform(size=1_000_000)
    families = (
        ("gamma (2.5)", Gamma(2.5, 3), scipy.stats.gamma(2.5, scale=3)),
        ("beta (2, 3.5)", Beta(2, 3.5), scipy.stats.beta(2, 3.5)),
        ("inverse gamma (5.5)", InverseGamma(5.5, 3), scipy.stats.invgamma(5.5, scale=3)),
        ("exponential", Exponential(0.25), scipy.stats.expon(scale=4)),
        ("Weibull (1.7)", Weibull(1.7, 2), scipy.stats.weibull_min(1.7, scale=2)),
        ("Rayleigh", Rayleigh(3), scipy.stats.rayleigh(scale=3)),
        ("Pareto (5.5)", Pareto(5.5, 2), scipy.stats.pareto(5.5, scale=2)),
        ("uniform", Uniform(-2, 5), scipy.stats.uniform(-2, 7)),
        ("lognormal", LogNormal(0.5, 0.75), scipy.stats.lognorm(0.75, scale=np.exp(0.5))),
    )
    for name, ours, theirs in families:
        x = ours.ppf(p)
        methods = (
            ("pdf", "logpdf", "cdf", "sf", "logsf", "ppf") if name[:5] in ("gamma", "beta ") else ("pdf", "cdf", "ppf")
        )
        for method in methods:
            values = p if method == "ppf" else x
            yield Case(
                f"{name} {method}",
                "1,000,000",
                "scipy.stats",
                lambda d=ours, m=method, v=values: getattr(d, m)(v),
                lambda d=theirs, m=method, v=values: getattr(d, m)(v),
                headline=name == "gamma (2.5)" and method == "cdf",
            )
        yield Case(f"{name} cdf", "1", "scipy.stats", lambda d=ours: d.cdf(2.5), lambda d=theirs: d.cdf(2.5))
        yield Case(
            f"{name} draws",
            "1,000,000",
            "scipy.stats",
            lambda d=ours: d.rvs(1_000_000, rng=1),
            lambda d=theirs: d.rvs(1_000_000, random_state=1),
            pick=np.size,
            pick_theirs=np.size,
        )
    # Newton's method in one number; theirs is a search.
    data = Gamma(2.5, 3).rvs(1000, rng=2)
    yield Case(
        "gamma fit",
        "1,000",
        "scipy.stats",
        lambda: Gamma.fit(data),
        lambda: scipy.stats.gamma.fit(data, floc=0),
        pick=lambda fit: [*fit.parameters.values()],
        pick_theirs=lambda found: [found[0], found[2]],
        rtol=1e-3,
    )


def several(rng: np.random.Generator) -> Iterator[Case]:
    """Yield densities of many points of several variables."""
    for n, d in ((100_000, 3), (10_000, 20)):
        root, points = rng.normal(size=(d, d)), rng.normal(size=(n, d))
        cov = root @ root.T + np.eye(d)
        normal, peer = MultivariateNormal(np.zeros(d), cov), scipy.stats.multivariate_normal(np.zeros(d), cov)
        yield Case(
            "multivariate normal logpdf",
            f"{n:,}×{d}",
            "scipy.stats",
            lambda f=normal.logpdf, v=points: f(v),
            lambda f=peer.logpdf, v=points: f(v),
        )
