"""Logistic and Poisson regression beside bare fits (scikit-learn) and statsmodels' full inference."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import statsmodels.api as sm
from run import Case
from sklearn.linear_model import LogisticRegression
from underhood.stats import logistic_regression, poisson_regression


def odds(Z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Ask statsmodels for what our logistic regression always has."""
    fit = sm.Logit(y, Z).fit(disp=0, method="newton", tol=1e-12)
    fit.conf_int(), fit.pvalues, fit.llr_pvalue, fit.prsquared
    return np.concatenate([fit.params, fit.bse])


def counts(Z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Ask statsmodels for what our Poisson regression always has."""
    fit = sm.GLM(y, Z, family=sm.families.Poisson()).fit(tol=1e-12)
    fit.conf_int(), fit.pvalues, fit.deviance, fit.null_deviance, fit.pearson_chi2, fit.llf
    return np.concatenate([fit.params, fit.bse])


def cases() -> Iterator[Case]:
    """Yield logistic and Poisson regressions, with inference on our side always."""
    rng = np.random.default_rng(1)
    for n, k in ((150, 4), (5_000, 10), (100_000, 20)):
        X = rng.standard_normal((n, k)) + 2
        eta = (X - 2) @ rng.standard_normal(k) / k**0.5
        y, events = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(float), rng.poisson(np.exp(eta)).astype(float)
        Z = sm.add_constant(X)
        ours = partial(logistic_regression, X, y)
        yield Case(
            "logistic regression with inference",
            f"{n:,} × {k}",
            "scikit-learn lbfgs (no inference)",
            ours,
            lambda X=X, y=y: LogisticRegression(C=np.inf).fit(X, y),
            rtol=2e-2,  # its own stopping rule
            pick=lambda fit: fit.params[1:],
            pick_theirs=lambda model: model.coef_[0],
        )
        yield Case(
            "logistic regression with inference",
            f"{n:,} × {k}",
            "statsmodels Logit",
            ours,
            lambda Z=Z, y=y: odds(Z, y),
            pick=lambda fit: np.concatenate([fit.params, fit.bse]),
            headline=n in (150, 100_000),
        )
        yield Case(
            "Poisson regression with inference",
            f"{n:,} × {k}",
            "statsmodels GLM",
            partial(poisson_regression, X, events),
            lambda Z=Z, y=events: counts(Z, y),
            pick=lambda fit: np.concatenate([fit.params, fit.bse]),
        )
