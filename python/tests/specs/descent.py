"""Descent."""

import numpy as np
import underhood as uh

from specs import VECTOR, Spec

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
]
