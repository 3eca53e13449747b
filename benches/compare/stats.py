"""Statistics beside pandas, NumPy and SciPy."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import scipy.stats
import underhood as uh
from run import Case


def described(result: uh.stats.Description) -> np.ndarray:
    """Stack what pandas' describe, skew and kurt give, in their order."""
    names = ("count", "mean", "std", "min", "q25", "median", "q75", "max", "skewness", "kurtosis")
    return np.array([getattr(result, name) for name in names])


def by_pandas(frame: pd.DataFrame) -> np.ndarray:
    """Make the same table with pandas' three calls."""
    return np.vstack([frame.describe().to_numpy(), frame.skew().to_numpy(), frame.kurt().to_numpy()])


def pair(result: object) -> list[float]:
    """Statistic and p-value."""
    return [result.statistic, result.pvalue]  # type: ignore[attr-defined]


def statistic(result: object) -> float:
    """Take the statistic alone: SciPy's p-value is an approximation where ours is exact."""
    return result.statistic  # type: ignore[attr-defined]


def of_ranks(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the tests that rest on ranks."""
    for n, size in ((30, "30"), (1_000, "10³"), (100_000, "10⁵")):
        x = rng.standard_normal(n)
        y = x + 3 * rng.standard_normal(n)
        z = rng.standard_normal(n) + 0.01
        tests = (
            ("Mann–Whitney", uh.stats.mannwhitneyu, scipy.stats.mannwhitneyu, (x, y)),
            ("Kendall", uh.stats.kendalltau, scipy.stats.kendalltau, (x, y)),
            ("Wilcoxon", uh.stats.wilcoxon, scipy.stats.wilcoxon, (x, y)),
            ("Kruskal–Wallis", uh.stats.kruskal, scipy.stats.kruskal, (x, y, z)),
            ("Friedman", uh.stats.friedman, scipy.stats.friedmanchisquare, (x, y, z)),
        )
        for name, ours, theirs, samples in tests:
            yield Case(
                name,
                size,
                "SciPy",
                lambda ours=ours, samples=samples: ours(*samples),
                lambda theirs=theirs, samples=samples: theirs(*samples),
                pick=statistic,
                pick_theirs=statistic,
                headline=n > 1_000 and name in ("Mann–Whitney", "Kendall"),
            )


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    rng = np.random.default_rng(1)
    for n, size in ((1_000, "10³×5"), (1_000_000, "10⁶×5")):
        # Columns side by side, as a frame that was read from a file has them.
        frame = pd.DataFrame(np.asfortranarray(rng.standard_normal((n, 5))), columns=list("abcde"))
        yield Case(
            "describe, exact quartiles, shape",
            size,
            "pandas",
            lambda frame=frame: uh.stats.describe(frame),
            lambda frame=frame: by_pandas(frame),
            pick=described,
            headline=True,
        )
        rows = rng.standard_normal((n, 5))
        yield Case(
            "the same of a matrix of rows",
            size,
            "pandas",
            lambda rows=rows: uh.stats.describe(rows),
            lambda rows=rows: by_pandas(pd.DataFrame(rows)),
            pick=described,
        )
    q = [0.25, 0.5, 0.75]
    for n, size in ((1_000, "10³"), (1_000_000, "10⁶")):
        x = rng.standard_normal(n)
        yield Case(
            "three quantiles",
            size,
            "NumPy",
            lambda x=x: uh.stats.quantile(x, q),
            lambda x=x: np.quantile(x, q),
            headline=n > 1_000,
        )
        yield Case(
            "standard deviation",
            size,
            "NumPy",
            lambda x=x: uh.stats.std(x),
            lambda x=x: np.std(x, ddof=1),
        )
    for n, size in ((30, "30"), (1_000, "10³"), (100_000, "10⁵")):
        x = rng.standard_normal(n)
        y = x + 3 * rng.standard_normal(n)
        yield Case(
            "Spearman",
            size,
            "SciPy",
            lambda x=x, y=y: uh.stats.spearmanr(x, y),
            lambda x=x, y=y: scipy.stats.spearmanr(x, y),
            pick=pair,
            pick_theirs=pair,
            headline=n > 1_000,
        )
        yield Case(
            "Pearson",
            size,
            "SciPy",
            lambda x=x, y=y: uh.stats.pearsonr(x, y),
            lambda x=x, y=y: scipy.stats.pearsonr(x, y),
            pick=pair,
            pick_theirs=pair,
        )
    yield from of_ranks(rng)
    x = rng.standard_normal((100_000, 20))
    yield Case(
        "correlation matrix",
        "10⁵×20",
        "NumPy",
        lambda: uh.stats.corr(x),
        lambda: np.corrcoef(x, rowvar=False),
    )
    a, b, c = rng.standard_normal(30), rng.standard_normal(30) + 0.5, rng.standard_normal(30)
    yield Case(
        "Welch's t test",
        "30 + 30",
        "SciPy",
        lambda: uh.stats.ttest_ind(a, b, equal_var=False),
        lambda: scipy.stats.ttest_ind(a, b, equal_var=False),
        pick=pair,
        pick_theirs=pair,
        headline=True,
    )
    yield Case(
        "analysis of variance",
        "3×30",
        "SciPy",
        lambda: uh.stats.f_oneway(a, b, c),
        lambda: scipy.stats.f_oneway(a, b, c),
        pick=pair,
        pick_theirs=pair,
    )
    table = [[10, 20, 12], [30, 25, 18]]
    yield Case(
        "chi-square, independence",
        "2×3",
        "SciPy",
        lambda: uh.stats.chi2_contingency(table),
        lambda: scipy.stats.chi2_contingency(table),
        pick=pair,
        pick_theirs=pair,
    )
