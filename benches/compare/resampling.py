"""Resampling beside SciPy: both sides draw by chance, so that they agree in what chance leaves alone."""

from collections.abc import Callable, Iterator

import numpy as np
import scipy.stats
import underhood as uh
from run import Case


def mean_difference(x: np.ndarray, y: np.ndarray, axis: int = -1) -> np.ndarray:
    """Give the statistic that SciPy is called with."""
    return np.mean(x, axis=axis) - np.mean(y, axis=axis)


def coarse(scale: float) -> Callable[[object], np.ndarray]:
    """Pick the standard error in tenths of a scale: 9,999 resamples know it to less than a hundredth."""
    return lambda result: np.round(result.standard_error / scale, 1)  # type: ignore[attr-defined]


def spread(scale: float) -> Callable[[object], np.ndarray]:
    """Do the same for the spread of a null distribution."""
    return lambda result: np.round(np.std(result.null_distribution) / scale, 1)  # type: ignore[attr-defined]


def cases() -> Iterator[Case]:
    """Yield BCa intervals of one and two samples, and permutation tests."""
    rng = np.random.default_rng(6)
    statistics = {
        "mean": np.mean,
        "median": np.median,
        "std": lambda x, axis=-1: np.std(x, axis=axis, ddof=1),
        "skew": scipy.stats.skew,
    }
    for n, size in ((50, "50"), (1_000, "10³")):
        x, y = rng.normal(size=n), rng.normal(size=n) + 0.1
        for name, function in statistics.items():
            scale = uh.stats.bootstrap(x, name, rng=1).standard_error
            yield Case(
                f"BCa bootstrap, {name}, 9,999",
                size,
                "SciPy",
                lambda x=x, name=name: uh.stats.bootstrap(x, name, rng=1),
                lambda x=x, function=function: scipy.stats.bootstrap((x,), function, rng=1),
                pick=coarse(scale),
                pick_theirs=coarse(scale),
                headline=name == "mean",
            )
        scale = uh.stats.bootstrap((x, y), "mean_difference", rng=1).standard_error
        yield Case(
            "BCa bootstrap, difference of means",
            f"2×{size}",
            "SciPy",
            lambda x=x, y=y: uh.stats.bootstrap((x, y), "mean_difference", rng=1),
            lambda x=x, y=y: scipy.stats.bootstrap((x, y), mean_difference, rng=1),
            pick=coarse(scale),
            pick_theirs=coarse(scale),
        )
        scale = float(np.std(uh.stats.permutation_test((x, y), "mean_difference", rng=1).null_distribution))
        yield Case(
            "permutation test, 9,999",
            f"2×{size}",
            "SciPy",
            lambda x=x, y=y: uh.stats.permutation_test((x, y), "mean_difference", rng=1),
            lambda x=x, y=y: scipy.stats.permutation_test((x, y), mean_difference, vectorized=True, rng=1),
            pick=spread(scale),
            pick_theirs=spread(scale),
            headline=True,
        )
