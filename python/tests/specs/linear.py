"""Linear regressions."""

import numpy as np
import underhood as uh

from specs import LABELS, OTHER, TABLE, VECTOR, Spec

m = uh.models
BAYESIAN = m.BayesianRidge().fit(TABLE, VECTOR)
SEVERAL = m.LinearRegression().fit(TABLE, np.column_stack([VECTOR, OTHER]))
POWERS = m.PolynomialFeatures(2).fit(TABLE)


FITS = {
    "LinearRegression.fit": lambda: m.LinearRegression(),
    "Ridge.fit": lambda: m.Ridge(0.5),
    "Lasso.fit": lambda: m.Lasso(0.1),
    "ElasticNet.fit": lambda: m.ElasticNet(0.1),
    "BayesianRidge.fit": lambda: m.BayesianRidge(),
}

SPECS = [
    *[
        Spec(
            name,
            lambda X, y, make=make: make().fit(X, y).coef_,
            {"X": TABLE, "y": VECTOR},
            {"X": "table", "y": "vector"},
        )
        for name, make in FITS.items()
    ],
    *[
        Spec(
            name,
            lambda sample_weight, make=make: make().fit(TABLE, VECTOR, sample_weight).coef_,
            {"sample_weight": LABELS + 1.0},
            {"sample_weight": "vector"},
            # None counts every row alike; one number is every row's weight.
            passes={"None", "scalar"},
        )
        for name, make in FITS.items()
    ],
    *[
        Spec(
            name,
            lambda X, y, path=path: path(X, y, alphas=5).coefs,
            {"X": TABLE, "y": VECTOR},
            {"X": "table", "y": "vector"},
        )
        for name, path in (("lasso_path", m.lasso_path), ("enet_path", m.enet_path))
    ],
    Spec(
        "PolynomialFeatures.fit",
        lambda X: m.PolynomialFeatures(2).fit(X).n_output_features_,
        {"X": TABLE},
        {"X": "table"},
        passes={"shorter"},
    ),
    *[
        Spec(name, call, {"X": TABLE}, {"X": "table"}, passes={"shorter"})
        for name, call in (
            ("LinearRegression.predict", SEVERAL.predict),
            ("BayesianRidge.predict", lambda X: np.stack(BAYESIAN.predict(X, return_std=True))),
            ("BayesianRidge.predict_interval", BAYESIAN.predict_interval),
            ("PolynomialFeatures.transform", POWERS.transform),
        )
    ],
]
