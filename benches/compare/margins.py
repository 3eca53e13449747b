"""Support vectors, naive Bayes and neighbours beside scikit-learn, whole calls with checks and (ours) their history.

Where both stop at a tolerance, ours is the tighter one: 1e-6 against 1e-3 for SVC, a duality gap of 1e-10 for
LinearSVC.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import underhood as uh
from run import Case
from sklearn import naive_bayes, neighbors, svm


def data(rows: int, columns: int) -> tuple[Any, Any]:
    """Two overlapping classes of normal rows."""
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, rows)
    return rng.standard_normal((rows, columns)) + 0.5 * y[:, None], y


def quiet(fit: Any) -> Any:
    """Call without scikit-learn's word on epochs that were not enough."""

    def call() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return fit()

    return call


def coef(model: Any) -> Any:
    """Give the weights."""
    return np.ravel(model.coef_)


def intercept(model: Any) -> Any:
    """Give the bias, which has the scale of f."""
    return model.intercept_


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    m = uh.models
    for rows, columns in ((150, 4), (1000, 20), (10_000, 20)):
        X, y = data(rows, columns)
        size = f"{rows}×{columns}"
        yield Case(
            "SVC, rbf", size, "scikit-learn",
            lambda X=X, y=y: m.SVC().fit(X, y),
            lambda X=X, y=y: svm.SVC().fit(X, y),
            rtol=2e-3, pick=intercept, pick_theirs=intercept, headline=rows != 1000,
        )  # fmt: skip
        if rows == 1000:
            ours, theirs = m.SVC().fit(X, y), svm.SVC().fit(X, y)
            yield Case(
                "SVC, rbf, decision_function", size, "scikit-learn",
                lambda X=X, model=ours: model.decision_function(X),
                lambda X=X, model=theirs: model.decision_function(X),
                rtol=5e-3,
            )  # fmt: skip
    for rows, columns in ((150, 4), (100_000, 20)):
        X, y = data(rows, columns)
        size, large = f"{rows}×{columns}", rows > 1000
        yield Case(
            "LinearSVC", size, "scikit-learn",
            lambda X=X, y=y: m.LinearSVC().fit(X, y),
            quiet(lambda X=X, y=y: svm.LinearSVC().fit(X, y)),
            rtol=5e-3, pick=coef, pick_theirs=coef, headline=large,
        )  # fmt: skip
        if not large:
            yield Case(
                "LinearSVC, hinge", size, "scikit-learn",
                lambda X=X, y=y: m.LinearSVC(loss="hinge").fit(X, y),
                quiet(lambda X=X, y=y: svm.LinearSVC(loss="hinge", max_iter=20_000, random_state=0).fit(X, y)),
                rtol=2e-2, pick=coef, pick_theirs=coef,
            )  # fmt: skip
        yield Case(
            "GaussianNB", size, "scikit-learn",
            lambda X=X, y=y: m.GaussianNB().fit(X, y),
            lambda X=X, y=y: naive_bayes.GaussianNB().fit(X, y),
            pick=lambda model: model.var_, pick_theirs=lambda model: model.var_, headline=large,
        )  # fmt: skip
        ours, theirs = m.GaussianNB().fit(X, y), naive_bayes.GaussianNB().fit(X, y)
        yield Case(
            "GaussianNB, predict_proba", size, "scikit-learn",
            lambda X=X, model=ours: model.predict_proba(X),
            lambda X=X, model=theirs: model.predict_proba(X),
        )  # fmt: skip
    for rows, columns, queries in ((150, 4, 150), (100_000, 4, 1000), (10_000, 20, 1000), (100_000, 20, 200)):
        X, y = data(rows, columns)
        ours, theirs = m.KNeighborsClassifier().fit(X, y), neighbors.KNeighborsClassifier().fit(X, y)
        Q = X[:queries] + 0.01
        yield Case(
            f"5 neighbours of {queries} rows", f"{rows}×{columns}", "scikit-learn",
            lambda Q=Q, model=ours: model.predict_proba(Q),
            lambda Q=Q, model=theirs: model.predict_proba(Q),
            headline=columns == 20 and rows == 100_000,
        )  # fmt: skip
    X, y = data(100_000, 4)
    yield Case(
        "KNeighborsClassifier, fit", "100000×4", "scikit-learn",
        lambda: m.KNeighborsClassifier().fit(X, y),
        lambda: neighbors.KNeighborsClassifier().fit(X, y),
        pick=lambda model: model.n_samples_fit_, pick_theirs=lambda model: model.n_samples_fit_,
    )  # fmt: skip
