"""Minimisers."""

import numpy as np
import underhood as uh

from specs import VECTOR, Spec


def bowl(x):
    """A paraboloid, whatever the shape of x."""
    return float(np.sum((x - 1.0) ** 2))


SPECS = [
    Spec(
        "minimize",
        # With the gradient, as without it differences meet rounding that depends on the dtype.
        lambda x0: uh.optimize.minimize(bowl, x0, jac=lambda x: 2.0 * (x - 1.0)).x,
        {"x0": VECTOR},
        {"x0": "vector"},
        passes={"shorter", "scalar", "matrix"},
    ),
    Spec(
        "minimize_scalar",
        lambda bracket, tol: uh.optimize.minimize_scalar(lambda x: (x - 1.0) * (x - 1.0), bracket, tol=tol).x,
        {"bracket": np.array([0.0, 1.0, 5.0]), "tol": 1e-6},
        {"bracket": "vector", "tol": "number"},
        passes={"shorter", "None"},
    ),
]
