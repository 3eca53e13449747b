"""Regressions beside NumPy and scikit-learn: whole ``fit`` calls with their checks and (ours) with the history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import underhood as uh
from run import Case
from sklearn import linear_model, preprocessing


def data(rows: int, columns: int) -> tuple[Any, Any]:
    """Make normal columns of which half (at most twenty) matter, and noise."""
    rng = np.random.default_rng(1)
    X = rng.standard_normal((rows, columns))
    weights = rng.standard_normal(columns)
    weights[min(columns // 2, 20) :] = 0.0
    return X, X @ weights + 3.0 + rng.standard_normal(rows)


def coef(model: Any) -> Any:
    """Give the weights."""
    return model.coef_


def objective(X: Any, y: Any, share: float) -> Callable[[Any], float]:
    """Give what lasso (share 1) and elastic net minimise at the price 0.1: both sides must come equally low."""

    def value(model: Any) -> float:
        weights, missed = model.coef_, y - model.predict(X)
        price = share * np.abs(weights).sum() + 0.5 * (1.0 - share) * weights @ weights
        return float(0.5 * np.mean(missed**2) + 0.1 * price)

    return value


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    m = uh.models
    for rows, columns in ((150, 4), (100_000, 20)):
        X, y = data(rows, columns)
        Z = np.column_stack([X, np.ones(rows)])
        size, large = f"{rows}×{columns}", rows > 1000
        yield Case(
            "least squares", size, "NumPy lstsq",
            lambda X=X, y=y: m.LinearRegression().fit(X, y),
            lambda Z=Z, y=y: np.linalg.lstsq(Z, y, rcond=None)[0],
            pick=coef, pick_theirs=lambda found: found[:-1], headline=large,
        )  # fmt: skip
        yield Case(
            "least squares", size, "scikit-learn",
            lambda X=X, y=y: m.LinearRegression().fit(X, y),
            lambda X=X, y=y: linear_model.LinearRegression().fit(X, y),
            pick=coef, pick_theirs=coef,
        )  # fmt: skip
        yield Case(
            "ridge", size, "scikit-learn",
            lambda X=X, y=y: m.Ridge().fit(X, y),
            lambda X=X, y=y: linear_model.Ridge().fit(X, y),
            pick=coef, pick_theirs=coef,
        )  # fmt: skip
        yield Case(
            "lasso", size, "scikit-learn",
            lambda X=X, y=y: m.Lasso(0.1).fit(X, y),
            lambda X=X, y=y: linear_model.Lasso(0.1, precompute=True).fit(X, y),
            rtol=1e-6, pick=objective(X, y, 1.0), pick_theirs=objective(X, y, 1.0), headline=large,
        )  # fmt: skip
        yield Case(
            "elastic net", size, "scikit-learn",
            lambda X=X, y=y: m.ElasticNet(0.1).fit(X, y),
            lambda X=X, y=y: linear_model.ElasticNet(0.1, precompute=True).fit(X, y),
            rtol=1e-6, pick=objective(X, y, 0.5), pick_theirs=objective(X, y, 0.5),
        )  # fmt: skip
        yield Case(
            "Bayesian ridge", size, "scikit-learn",
            lambda X=X, y=y: m.BayesianRidge().fit(X, y),
            lambda X=X, y=y: linear_model.BayesianRidge().fit(X, y),
            rtol=1e-5, pick=coef, pick_theirs=coef,
        )  # fmt: skip
        yield Case(
            "polynomial features, degree 2", size, "scikit-learn",
            lambda X=X: m.PolynomialFeatures(2).fit_transform(X),
            lambda X=X: preprocessing.PolynomialFeatures(2).fit_transform(X),
        )  # fmt: skip
        ours, theirs = m.LinearRegression().fit(X, y), linear_model.LinearRegression().fit(X, y)
        yield Case(
            "prediction", size, "scikit-learn",
            lambda X=X, model=ours: model.predict(X),
            lambda X=X, model=theirs: model.predict(X),
        )  # fmt: skip
    X, y = data(200, 1000)
    yield Case(
        "lasso, more columns than rows", "200×1000", "scikit-learn",
        lambda: m.Lasso(0.1).fit(X, y),
        lambda: linear_model.Lasso(0.1).fit(X, y),
        rtol=1e-6, pick=objective(X, y, 1.0), pick_theirs=objective(X, y, 1.0),
    )  # fmt: skip
