"""Statistics beside pandas, NumPy and SciPy."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import scipy.stats
import underhood as uh
from run import Case
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.multitest import multipletests


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
    for name in ("f_oneway", "tukey_hsd", "levene", "bartlett"):
        yield Case(
            {"f_oneway": "analysis of variance", "tukey_hsd": "Tukey's HSD"}.get(name, f"{name.capitalize()}'s test"),
            "3×30",
            "SciPy",
            lambda name=name: getattr(uh.stats, name)(a, b, c),
            lambda name=name: getattr(scipy.stats, name)(a, b, c),
            pick=lambda test: np.append(test.statistic, test.pvalue),
            pick_theirs=lambda test: np.append(test.statistic, test.pvalue),
            headline=name == "tukey_hsd",
        )
    yield Case(
        "t test of one sample",
        "30",
        "SciPy",
        lambda: uh.stats.ttest_1samp(a, 0.1),
        lambda: scipy.stats.ttest_1samp(a, 0.1),
        pick=pair,
        pick_theirs=pair,
    )
    yield Case(
        "t test of pairs",
        "30",
        "SciPy",
        lambda: uh.stats.ttest_rel(a, b),
        lambda: scipy.stats.ttest_rel(a, b),
        pick=pair,
        pick_theirs=pair,
    )
    pvals = rng.random(1_000) ** 3
    for method in ("holm", "fdr_bh"):
        yield Case(
            f"correction of p-values, {method}",
            "10³",
            "statsmodels",
            lambda method=method: uh.stats.multipletests(pvals, method=method),
            lambda method=method: multipletests(pvals, method=method),
            pick=lambda many: many.pvals_corrected,
            pick_theirs=lambda many: many[1],
        )
    factors = pd.DataFrame({"y": rng.standard_normal(120), "a": list("pqr") * 40, "b": ["low", "high"] * 60})
    yield Case(
        "two-way analysis of variance",
        "120",
        "statsmodels",
        lambda: uh.stats.anova_twoway("y", "a", "b", data=factors),
        lambda: anova_lm(ols("y ~ a * b", factors).fit(), typ=2),
        pick=lambda test: test.pvalue,
        pick_theirs=lambda table: table["PR(>F)"].to_numpy()[:3],
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
