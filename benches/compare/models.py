"""Linear classifiers beside scikit-learn, whole ``fit`` calls with their checks and (ours) with the full history."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import underhood as uh
from run import Case
from sklearn import linear_model, preprocessing

RATE = 1e-4
"""Of the stochastic rule in scikit-learn's convention, whose loss is half the square."""


def data(rows: int, columns: int) -> tuple[Any, Any]:
    """Two overlapping classes of normal rows."""
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, rows)
    return rng.standard_normal((rows, columns)) + 0.5 * y[:, None], y


def quiet(fit: Any) -> Any:
    """Both sides warn that so few epochs are not enough: that is the comparison."""

    def call() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return fit()

    return call


def least_squares_loop(X: Any, y: Any, rate: float, epochs: int) -> Any:
    """Batch Adaline as it is written with NumPy."""
    target = np.where(y == 1, 1.0, -1.0)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        residual = target - (X @ w + b)
        w += rate * 2.0 * (residual @ X) / len(X)
        b += rate * 2.0 * residual.mean()
    return w


def coef(model: Any) -> Any:
    """Give the weights."""
    return np.ravel(model.coef_)


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    m = uh.models
    for rows, columns in ((150, 4), (100_000, 20)):
        X, y = data(rows, columns)
        size, large = f"{rows}×{columns}", rows > 1000
        yield Case(
            "perceptron, 10 epochs", size, "scikit-learn",
            quiet(lambda X=X, y=y: m.Perceptron(max_iter=10, n_iter_no_change=None, shuffle=False).fit(X, y)),
            quiet(lambda X=X, y=y: linear_model.Perceptron(max_iter=10, tol=None, shuffle=False).fit(X, y)),
            rtol=1e-8, pick=coef, pick_theirs=coef, headline=large,
        )  # fmt: skip
        yield Case(
            "Adaline stochastic, 10 epochs", size, "scikit-learn",
            quiet(
                lambda X=X, y=y: m.Adaline(
                    solver="stochastic", learning_rate=RATE / 2, max_iter=10, tol=None, shuffle=False
                ).fit(X, y)
            ),
            quiet(
                lambda X=X, y=y: linear_model.SGDClassifier(
                    loss="squared_error", penalty=None, learning_rate="constant", eta0=RATE, max_iter=10, tol=None,
                    shuffle=False,
                ).fit(X, y)
            ),
            rtol=1e-8, pick=coef, pick_theirs=coef,
        )  # fmt: skip
        yield Case(
            "Adaline batch, 50 epochs", size, "NumPy loop",
            quiet(lambda X=X, y=y: m.Adaline(learning_rate=0.05, max_iter=50, tol=None).fit(X, y)),
            lambda X=X, y=y: least_squares_loop(X, y, 0.05, 50),
            pick=coef, headline=large,
        )  # fmt: skip
        yield Case(
            "logistic regression", size, "scikit-learn",
            lambda X=X, y=y: m.LogisticRegression().fit(X, y),
            lambda X=X, y=y: linear_model.LogisticRegression().fit(X, y),
            # scikit-learn's default leaves three or four digits.
            rtol=3e-3, pick=coef, pick_theirs=coef, headline=True,
        )  # fmt: skip
        yield Case(
            "logistic regression, L1", size, "scikit-learn liblinear",
            lambda X=X, y=y: m.LogisticRegression(l1_ratio=1.0, C=0.1, fit_intercept=False).fit(X, y),
            lambda X=X, y=y: linear_model.LogisticRegression(
                l1_ratio=1.0, C=0.1, fit_intercept=False, solver="liblinear"
            ).fit(X, y),
            rtol=1e-2, pick=coef, pick_theirs=coef,
        )  # fmt: skip
        three = np.arange(rows) % 3
        yield Case(
            "logistic regression, 3 classes", size, "scikit-learn",
            lambda X=X, y=three: m.LogisticRegression().fit(X, y),
            lambda X=X, y=three: linear_model.LogisticRegression().fit(X, y),
            rtol=2e-3, pick=coef, pick_theirs=coef,
        )  # fmt: skip
        yield Case(
            "Adaline exact", size, "scikit-learn ridge",
            lambda X=X, y=y: m.Adaline(solver="exact").fit(X, y),
            lambda X=X, y=y: linear_model.RidgeClassifier(alpha=1e-12).fit(X, y),
            rtol=1e-8, pick=coef, pick_theirs=coef,
        )  # fmt: skip
        yield Case(
            "StandardScaler", size, "scikit-learn",
            lambda X=X: m.StandardScaler().fit_transform(X),
            lambda X=X: preprocessing.StandardScaler().fit_transform(X),
        )  # fmt: skip
        ours, theirs = m.LogisticRegression().fit(X, y), linear_model.LogisticRegression(tol=1e-10).fit(X, y)
        yield Case(
            "predict", size, "scikit-learn",
            lambda X=X, model=ours: model.predict(X),
            lambda X=X, model=theirs: model.predict(X),
        )  # fmt: skip
