"""Tests of counts, of shares and of a distribution's shape beside SciPy and statsmodels."""

from collections.abc import Iterator

import numpy as np
import scipy.stats
import underhood as uh
from run import Case
from statsmodels.stats.proportion import proportions_ztest


def pair(result: object) -> list[float]:
    """Statistic and p-value."""
    return [result.statistic, result.pvalue]  # type: ignore[attr-defined]


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    rng = np.random.default_rng(2)
    observed = rng.integers(5, 40, 6).astype(float)
    yield Case(
        "chi-square, expected counts",
        "6",
        "SciPy",
        lambda: uh.stats.chisquare(observed),
        lambda: scipy.stats.chisquare(observed),
        pick=pair,
        pick_theirs=pair,
    )
    square = np.array([[18.0, 9.0], [11.0, 21.0]])
    for counts, size in ((square, "59 counts"), (1_000 * square, "59,000 counts")):
        yield Case(
            "Fisher's exact test",
            size,
            "SciPy",
            lambda counts=counts: uh.stats.fisher_exact(counts),
            lambda counts=counts: scipy.stats.fisher_exact(counts.astype(int)),
            pick=pair,
            pick_theirs=pair,
        )
    yield Case(
        "binomial test",
        "n = 50",
        "SciPy",
        lambda: uh.stats.binomtest(18, 50, 0.5),
        lambda: scipy.stats.binomtest(18, 50, 0.5),
        pick=pair,
        pick_theirs=pair,
    )
    yield Case(
        "two proportions",
        "2",
        "statsmodels",
        lambda: uh.stats.proportions_test([30, 42], [83, 99]),
        lambda: proportions_ztest([30, 42], [83, 99]),
        pick=pair,
    )
    normal = uh.distributions.Normal(0, 1)
    for n, size in ((30, "30"), (400, "400"), (100_000, "10⁵")):
        x, y = rng.standard_normal(n), rng.standard_normal(n)
        yield Case(
            "Kolmogorov–Smirnov, one sample",
            size,
            "SciPy",
            lambda x=x: uh.stats.kstest(x, normal),
            lambda x=x: scipy.stats.kstest(x, scipy.stats.norm.cdf),
            # SciPy approximates the distribution from n = 141 on.
            rtol=1e-4,
            pick=pair,
            pick_theirs=pair,
            headline=n > 1_000,
        )
        yield Case(
            "Kolmogorov–Smirnov, two samples",
            size,
            "SciPy",
            lambda x=x, y=y: uh.stats.ks_2samp(x, y),
            lambda x=x, y=y: scipy.stats.ks_2samp(x, y),
            pick=pair,
            pick_theirs=pair,
        )
    for n in (30, 500, 5000):
        x = rng.standard_normal(n)
        yield Case(
            "Shapiro–Wilk",
            str(n),
            "SciPy",
            lambda x=x: uh.stats.shapiro(x),
            lambda x=x: scipy.stats.shapiro(x),
            rtol=1e-7,
            pick=lambda result: [result.statistic],
            pick_theirs=lambda result: [result.statistic],
        )
    x = rng.standard_normal(200)
    for name, ours, theirs in (
        ("D'Agostino–Pearson", uh.stats.normaltest, scipy.stats.normaltest),
        ("Jarque–Bera", uh.stats.jarque_bera, scipy.stats.jarque_bera),
    ):
        yield Case(
            name,
            "200",
            "SciPy",
            lambda ours=ours: ours(x),
            lambda theirs=theirs: theirs(x),
            pick=pair,
            pick_theirs=pair,
        )
