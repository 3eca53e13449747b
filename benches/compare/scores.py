"""Scores, scalers and cross-validation beside scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import sklearn.metrics as theirs
import underhood as uh
from run import Case
from sklearn import linear_model, model_selection, pipeline, preprocessing


def cases() -> Iterator[Case]:
    """Yield the workloads."""
    m = uh.models
    rng = np.random.default_rng(1)
    for rows in (150, 100_000):
        size = f"{rows:,}"
        true, found = rng.integers(0, 3, rows), rng.integers(0, 3, rows)
        yield Case(
            "accuracy", size, "scikit-learn",
            lambda a=true, b=found: m.accuracy_score(a, b), lambda a=true, b=found: theirs.accuracy_score(a, b),
        )  # fmt: skip
        yield Case(
            "precision, recall, F1 of 3 classes", size, "scikit-learn",
            lambda a=true, b=found: np.stack(m.precision_recall_fscore_support(a, b)),
            lambda a=true, b=found: np.stack(theirs.precision_recall_fscore_support(a, b)),
        )  # fmt: skip
        both, score = (true > 0).astype(int), np.round(rng.normal(size=rows), 3)
        yield Case(
            "area under the ROC curve", size, "scikit-learn",
            lambda a=both, b=score: m.roc_auc_score(a, b), lambda a=both, b=score: theirs.roc_auc_score(a, b),
        )  # fmt: skip
        p = rng.dirichlet([1, 1, 1], rows)
        yield Case(
            "log loss of 3 classes", size, "scikit-learn",
            lambda a=true, p=p: m.log_loss(a, p), lambda a=true, p=p: theirs.log_loss(a, p),
        )  # fmt: skip
        y, z = rng.normal(size=rows), rng.normal(size=rows)
        yield Case(
            "mean squared error", size, "scikit-learn",
            lambda y=y, z=z: m.mean_squared_error(y, z), lambda y=y, z=z: theirs.mean_squared_error(y, z),
        )  # fmt: skip
        yield Case(
            "R²", size, "scikit-learn", lambda y=y, z=z: m.r2_score(y, z), lambda y=y, z=z: theirs.r2_score(y, z)
        )
    for rows, columns in ((150, 4), (100_000, 20)):
        X = rng.normal(size=(rows, columns))
        size = f"{rows}×{columns}"
        yield Case(
            "MinMaxScaler, fit and transform", size, "scikit-learn",
            lambda X=X: m.MinMaxScaler().fit(X).transform(X),
            lambda X=X: preprocessing.MinMaxScaler().fit(X).transform(X),
        )  # fmt: skip
        labels = (X[:, 0] + rng.normal(size=rows) > 0).astype(int)
        if rows > 1000:
            continue
        yield Case(
            "5 folds of scaler and logistic regression", size, "scikit-learn",
            lambda X=X, y=labels: m.cross_validate(
                m.make_pipeline(m.StandardScaler(), m.LogisticRegression(keep_history=False)), X, y
            )["test_score"],
            lambda X=X, y=labels: model_selection.cross_validate(
                pipeline.make_pipeline(
                    preprocessing.StandardScaler(), linear_model.LogisticRegression(tol=1e-12, max_iter=1000)
                ), X, y
            )["test_score"],
        )  # fmt: skip
