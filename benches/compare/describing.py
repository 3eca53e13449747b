"""Averages, spreads, shapes, frequencies and groups beside NumPy, SciPy and pandas."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import scipy.stats
import underhood as uh
from run import Case


def four_calls(x: np.ndarray) -> list[float]:
    """Mean, variance, skewness and kurtosis as SciPy's readers take them."""
    return [np.mean(x), np.var(x, ddof=1), scipy.stats.skew(x), scipy.stats.kurtosis(x)]


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    rng = np.random.default_rng(2)
    for n, size in ((1_000, "10³"), (1_000_000, "10⁶")):
        x = rng.gamma(2.0, size=n)
        yield Case(
            "mean, variance, skewness, kurtosis",
            size,
            "SciPy, four calls",
            lambda x=x: uh.stats.moments(x),
            lambda x=x: four_calls(x),
            pick=list,
            headline=n > 1_000,
        )
        for name, ours, theirs, peer in (
            ("mean", uh.stats.mean, np.mean, "NumPy"),
            ("median", uh.stats.median, np.median, "NumPy"),
            ("geometric mean", uh.stats.gmean, scipy.stats.gmean, "SciPy"),
            ("skewness", uh.stats.skew, scipy.stats.skew, "SciPy"),
            ("median absolute deviation", uh.stats.mad, scipy.stats.median_abs_deviation, "SciPy"),
            ("standard scores", uh.stats.zscore, scipy.stats.zscore, "SciPy"),
            (
                "trimmed mean",
                lambda x: uh.stats.trim_mean(x, 0.1),
                lambda x: scipy.stats.trim_mean(x, 0.1),
                "SciPy",
            ),
            (
                "histogram, automatic bins",
                lambda x: uh.stats.histogram(x).counts,
                lambda x: np.histogram(x, "auto")[0],
                "NumPy",
            ),
            (
                "empirical distribution function",
                lambda x: uh.stats.ecdf(x).y,
                lambda x: scipy.stats.ecdf(x).cdf.probabilities,
                "SciPy",
            ),
        ):
            yield Case(name, size, peer, lambda f=ours, x=x: f(x), lambda f=theirs, x=x: f(x))
        labels = rng.choice(["a", "b", "c", "d", "e"], n)
        frame = pd.DataFrame({"kind": labels, "x": x, "y": rng.standard_normal(n)})
        yield Case(
            "means by group",
            size,
            "pandas",
            lambda frame=frame: uh.stats.group_by(frame, "kind").mean().values[:, :, 0],
            lambda frame=frame: frame.groupby("kind").mean().to_numpy(),
        )
        yield Case(
            "counts of labels",
            size,
            "pandas",
            lambda frame=frame: uh.stats.value_counts(frame["kind"]).counts,
            lambda frame=frame: frame["kind"].value_counts().to_numpy(),
        )
        codes = rng.integers(0, 6, n)
        yield Case(
            "cross table",
            size,
            "pandas",
            lambda frame=frame, codes=codes: uh.stats.crosstab(frame["kind"], codes).counts,
            lambda frame=frame, codes=codes: pd.crosstab(frame["kind"], codes).to_numpy(),
        )
    for shape, size in (((100_000, 20), "10⁵×20"), ((1_000, 5), "10³×5")):
        a = rng.standard_normal(shape)
        for name, ours, theirs, peer in (
            ("means of columns", uh.stats.mean, np.mean, "NumPy"),
            ("standard deviations of columns", lambda a, axis: uh.stats.std(a, axis, ddof=0), np.std, "NumPy"),
            ("medians of columns", uh.stats.median, np.median, "NumPy"),
            ("standard scores of columns", uh.stats.zscore, scipy.stats.zscore, "SciPy"),
        ):
            yield Case(name, size, peer, lambda f=ours, a=a: f(a, axis=0), lambda f=theirs, a=a: f(a, axis=0))
