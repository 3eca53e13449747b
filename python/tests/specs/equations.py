"""Differential equations."""

import numpy as np
import underhood as uh

from specs import VECTOR, Spec

SPECS = [
    Spec(
        "solve_ivp",
        lambda t_span, y0, atol, rtol, t_eval: (
            uh.calculus.solve_ivp(lambda t, y: -y, t_span, y0, atol=atol, rtol=rtol, t_eval=t_eval).y
        ),
        {
            "t_span": np.array([0.0, 1.0]),
            "y0": VECTOR,
            "atol": 1.0,
            "rtol": 1.0,
            "t_eval": np.array([0.0, 0.5, 1.0]),
        },
        {"t_span": "vector", "y0": "vector", "atol": "number", "rtol": "number", "t_eval": "vector"},
        passes={"shorter", "scalar", "matrix", "empty", "None"},
    ),
]
