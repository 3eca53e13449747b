"""Power, sample size and intervals beside statsmodels and SciPy."""

from collections.abc import Iterator

import numpy as np
import scipy.stats
import underhood as uh
from run import Case
from statsmodels.stats import power as peer


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    t, anova = peer.TTestIndPower(), peer.FTestAnovaPower()
    yield Case(
        "sample size for a t test",
        "d = ½",
        "statsmodels",
        lambda: uh.stats.power(effect_size=0.5, power=0.8),
        lambda: t.solve_power(0.5, power=0.8, alpha=0.05),
        pick=lambda found: found.n,
        headline=True,
    )
    yield Case(
        "power of a t test",
        "2×20",
        "statsmodels",
        lambda: uh.stats.power(effect_size=0.5, n=20),
        lambda: t.power(0.5, 20, 0.05),
        pick=lambda found: found.power,
    )
    yield Case(
        "sample size for analysis of variance",
        "3 groups",
        "statsmodels",
        lambda: uh.stats.anova_power(0.25, power=0.8, k_groups=3),
        lambda: anova.solve_power(0.25, power=0.8, alpha=0.05, k_groups=3),
        pick=lambda found: 3 * found.n,
    )
    x = np.random.default_rng(1).standard_normal(30)
    yield Case(
        "interval of a mean",
        "30",
        "SciPy",
        lambda: uh.stats.mean_confint(x),
        lambda: scipy.stats.t.interval(0.95, 29, x.mean(), scipy.stats.sem(x)),
        pick=tuple,
    )
    yield Case(
        "interval of a median",
        "30",
        "SciPy",
        lambda: uh.stats.median_confint(x),
        lambda: scipy.stats.quantile_test(x, q=0.0, p=0.5).confidence_interval(0.95),
        pick=tuple,
        pick_theirs=tuple,
    )
