"""Networks of layers."""

import underhood as uh

from specs import LABELS, TABLE, VECTOR, Spec


def classifier() -> uh.models.MLPClassifier:
    return uh.models.MLPClassifier((3,), activation="tanh", solver="lbfgs", alpha=5.0, max_iter=5000, tol=1e-9)


def regressor() -> uh.models.MLPRegressor:
    return uh.models.MLPRegressor(hidden_layer_sizes=(), solver="lbfgs", alpha=5.0, max_iter=5000, tol=1e-9)


CLASSES, NUMBERS = classifier().fit(TABLE, LABELS), regressor().fit(TABLE, VECTOR)

SPECS = [
    Spec(
        "MLPClassifier.fit",
        lambda X, y: classifier().fit(X, y).predict_proba(TABLE),
        {"X": TABLE, "y": LABELS},
        {"X": "table", "y": "labels"},
    ),
    Spec(
        "MLPRegressor.fit",
        lambda X, y: regressor().fit(X, y).predict(TABLE),
        {"X": TABLE, "y": VECTOR},
        {"X": "table", "y": "vector"},
        passes={"matrix"},
    ),
    *[
        Spec(name, call, {"X": TABLE}, {"X": "table"}, passes={"shorter"})
        for name, call in (
            ("MLPClassifier.predict", CLASSES.predict),
            ("MLPClassifier.predict_proba", CLASSES.predict_proba),
            ("MLPRegressor.predict", NUMBERS.predict),
        )
    ],
]
