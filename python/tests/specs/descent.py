"""Descent."""

import numpy as np
import underhood as uh

from specs import LABELS, TABLE, VECTOR, Spec

SPECS = [
    Spec(
        "gradient_descent",
        lambda x0: (
            uh.optimize.gradient_descent(lambda v: float(np.sum(v**2)), x0, gradient=lambda v: 2 * v, max_iter=3).x
        ),
        {"x0": VECTOR},
        {"x0": "vector"},
        passes={"shorter", "scalar", "matrix"},
    ),
    Spec(
        "stochastic_gradient_descent",
        lambda x0: (
            uh.optimize.stochastic_gradient_descent(
                lambda w, X: float(np.sum(w**2)), x0, TABLE, gradient=lambda w, X: 2 * w, epochs=2, rng=1
            ).x
        ),
        {"x0": VECTOR},
        {"x0": "vector"},
        passes={"shorter", "scalar", "matrix"},
    ),
    Spec(
        "stochastic_gradient_descent",
        lambda data: (
            uh.optimize.stochastic_gradient_descent(
                lambda w, X, y: np.mean((X @ w - y) ** 2),
                [0.0, 0.0],
                (data, LABELS),
                gradient=lambda w, X, y: 2 * X.T @ (X @ w - y) / len(y),
                epochs=2,
                batch_size=3,
                rng=1,
            ).x
        ),
        {"data": TABLE},
        {"data": "table"},
    ),
]
