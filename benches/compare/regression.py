"""Linear regression beside NumPy's bare least squares and statsmodels' full inference; polynomials and ridge."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import statsmodels.api as sm
from run import Case
from sklearn.linear_model import Ridge
from underhood.stats import linear_regression, polyfit, ridge_regression


def inference(Z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Ask statsmodels for what our result always has."""
    fit = sm.OLS(y, Z).fit()
    fit.conf_int(), fit.pvalues, fit.f_pvalue, fit.rsquared
    return np.concatenate([fit.params, fit.bse])


def weighted(Z: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Ask for the same with weights."""
    fit = sm.WLS(y, Z, weights=w).fit()
    fit.conf_int(), fit.pvalues, fit.f_pvalue, fit.rsquared
    return np.concatenate([fit.params, fit.bse])


def influence(Z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Cook's distances."""
    return sm.OLS(y, Z).fit().get_influence().cooks_distance[0]


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    rng = np.random.default_rng(0)
    for n, k in ((30, 2), (150, 4), (5_000, 10), (100_000, 20)):
        X = rng.standard_normal((n, k)) + 2
        y = X @ rng.standard_normal(k) + rng.standard_normal(n)
        w = rng.uniform(0.5, 2, n)
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
        if n in (150, 100_000):
            yield Case(
                "weighted least squares with inference",
                f"{n:,} × {k}",
                "statsmodels",
                partial(linear_regression, X, y, weights=w),
                lambda Z=Z, y=y, w=w: weighted(Z, y, w),
                pick=lambda fit: np.concatenate([fit.params, fit.bse]),
            )
            yield Case(
                "ridge regression",
                f"{n:,} × {k}",
                "scikit-learn",
                partial(ridge_regression, X, y, 2.0),
                lambda X=X, y=y: Ridge(alpha=2.0).fit(X, y),
                pick=lambda fit: fit.params[1:],
                pick_theirs=lambda fit: fit.coef_,
            )
            yield Case(
                "polynomial of degree 5, with errors",
                f"{n:,}",
                "NumPy polyfit",
                partial(polyfit, X[:, 0], y, 5),
                lambda X=X, y=y: np.polyfit(X[:, 0], y, 5, cov=True),
                pick=lambda fit: fit.coef,
                pick_theirs=lambda fit: fit[0][::-1],
            )
        if n == 5_000:
            yield Case(
                "Cook's distances",
                f"{n:,} × {k}",
                "statsmodels",
                lambda X=X, y=y: linear_regression(X, y).cooks_distance,
                lambda Z=Z, y=y: influence(Z, y),
            )
    # A nearly perfect fit of many columns, where residuals are as small as rounding.
    X = rng.standard_normal((50_000, 60))
    y = X @ rng.standard_normal(60) + 1e-10 * rng.standard_normal(50_000)
    Z = sm.add_constant(X)
    yield Case(
        "least squares, nearly perfect fit",
        "50,000 × 60",
        "NumPy lstsq (no inference)",
        partial(linear_regression, X, y),
        lambda Z=Z, y=y: np.linalg.lstsq(Z, y),
        pick=lambda fit: fit.params,
        pick_theirs=lambda fit: fit[0],
    )
