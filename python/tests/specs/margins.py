"""Support vectors, Bayes and neighbours."""

import numpy as np
import underhood as uh

from specs import LABELS, OTHER, TABLE, Spec

_PARTIAL = [0.0, 1.0]
_SVC = uh.models.SVC().fit(TABLE, LABELS)
_LINEAR = uh.models.LinearSVC().fit(TABLE, LABELS)
_BAYES = uh.models.GaussianNB().fit(TABLE, LABELS)
_NEAREST = uh.models.KNeighborsClassifier(3).fit(TABLE, LABELS)
_NEAREST_MEAN = uh.models.KNeighborsRegressor(3, weights="distance").fit(TABLE, OTHER)

SPECS = [
    *[
        Spec(name, call, {"X": TABLE, "y": LABELS}, {"X": "table", "y": "labels"})
        for name, call in (
            ("SVC.fit", lambda X, y: uh.models.SVC(tol=1e-12).fit(X, y).intercept_),
            ("SVC.fit", lambda X, y: uh.models.SVC(kernel="linear", tol=1e-12).fit(X, y).intercept_),
            ("LinearSVC.fit", lambda X, y: uh.models.LinearSVC().fit(X, y).coef_),
            ("LinearSVC.fit", lambda X, y: uh.models.LinearSVC(loss="hinge").fit(X, y).coef_),
            ("GaussianNB.fit", lambda X, y: uh.models.GaussianNB().fit(X, y).theta_),
            ("GaussianNB.partial_fit", lambda X, y: uh.models.GaussianNB().partial_fit(X, y, _PARTIAL).var_),
            ("KNeighborsClassifier.fit", lambda X, y: uh.models.KNeighborsClassifier(3).fit(X, y).predict_proba(TABLE)),
        )
    ],
    *[
        Spec(
            f"{kind.__name__}.fit",
            lambda sample_weight, kind=kind, learned=learned: getattr(
                kind().fit(TABLE, LABELS, sample_weight), learned
            ),
            {"sample_weight": OTHER},
            {"sample_weight": "vector"},
            passes={"None"},
        )
        for kind, learned in (
            (uh.models.SVC, "dual_coef_"),
            (uh.models.LinearSVC, "coef_"),
            (uh.models.GaussianNB, "var_"),
        )
    ],
    Spec(
        "KNeighborsRegressor.fit",
        lambda X, y: uh.models.KNeighborsRegressor(3).fit(X, y).predict(TABLE),
        {"X": TABLE, "y": OTHER},
        {"X": "table", "y": "vector"},
        numbers=np.ravel,
    ),
    *[
        Spec(name, call, {"X": TABLE}, {"X": "table"}, passes={"shorter"})
        for name, call in (
            ("SVC.predict", _SVC.predict),
            ("SVC.decision_function", _SVC.decision_function),
            ("LinearSVC.predict", _LINEAR.predict),
            ("LinearSVC.decision_function", _LINEAR.decision_function),
            ("GaussianNB.predict", _BAYES.predict),
            ("GaussianNB.predict_proba", _BAYES.predict_proba),
            ("GaussianNB.predict_log_proba", _BAYES.predict_log_proba),
            ("GaussianNB.predict_joint_log_proba", _BAYES.predict_joint_log_proba),
            ("KNeighborsClassifier.predict", _NEAREST.predict),
            ("KNeighborsClassifier.predict_proba", _NEAREST.predict_proba),
            ("KNeighborsRegressor.predict", _NEAREST_MEAN.predict),
        )
    ],
]
