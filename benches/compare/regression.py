"""Linear regression beside NumPy's bare least squares and statsmodels' full inference."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import statsmodels.api as sm
from run import Case
from underhood.stats._regression import linear_regression


def inference(Z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Ask statsmodels for what our result always has."""
    fit = sm.OLS(y, Z).fit()
    fit.conf_int(), fit.pvalues, fit.f_pvalue, fit.rsquared
    return np.concatenate([fit.params, fit.bse])


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    rng = np.random.default_rng(0)
    for n, k in ((30, 2), (150, 4), (5_000, 10), (100_000, 20)):
        X = rng.standard_normal((n, k)) + 2
        y = X @ rng.standard_normal(k) + rng.standard_normal(n)
        Z = sm.add_constant(X)
        ours = partial(linear_regression, X, y)
        yield Case(
            "least squares with inference",
            f"{n:,} × {k}",
            "NumPy lstsq (no inference)",
            ours,
            lambda Z=Z, y=y: np.linalg.lstsq(Z, y),
            pick=lambda fit: fit.params,
            pick_theirs=lambda fit: fit[0],
        )
        yield Case(
            "least squares with inference",
            f"{n:,} × {k}",
            "statsmodels",
            ours,
            lambda Z=Z, y=y: inference(Z, y),
            pick=lambda fit: np.concatenate([fit.params, fit.bse]),
            headline=n in (150, 100_000),
        )
