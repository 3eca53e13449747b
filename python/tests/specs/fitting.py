"""Least squares."""

import numpy as np
import underhood as uh

from specs import OTHER, VECTOR, Spec

SPECS = [
    Spec(
        "least_squares",
        lambda x0: uh.optimize.least_squares(lambda x: np.ravel(x) - 1.0, x0).x,
        {"x0": VECTOR},
        {"x0": "vector"},
        passes={"shorter", "scalar", "matrix"},
    ),
    Spec(
        "curve_fit",
        lambda xdata, ydata: uh.optimize.curve_fit(lambda x, a, b: a + b * x, xdata, ydata).params,
        {"xdata": VECTOR, "ydata": OTHER},
        {"xdata": "vector", "ydata": "vector"},
    ),
]
