"""Limits and derivatives."""

import numpy as np
import underhood as uh

from specs import VECTOR, Spec

SPECS = [
    Spec(
        "derivative", lambda x: float(uh.calculus.derivative(np.sin, x)), {"x": 2.0}, {"x": "number"}, nan_passes=True
    ),
    Spec(
        "gradient",
        lambda x: uh.calculus.gradient(lambda v: float(np.sum(v**2)), x),
        {"x": VECTOR},
        {"x": "vector"},
        nan_passes=True,
        passes={"shorter", "scalar", "matrix"},
    ),
]
