"""Programs, multipliers, convexity."""

import numpy as np
import underhood as uh

from specs import SQUARE, Spec

COSTS = np.array([3.0, 1.0, 2.0])
RIGHT = np.array([4.0, 6.0, 5.0])

SPECS = [
    Spec(
        "linear_program",
        lambda c, A_ub, b_ub: uh.optimize.linear_program(c, A_ub, b_ub).x,
        {"c": COSTS, "A_ub": SQUARE, "b_ub": RIGHT},
        {"c": "vector", "A_ub": "matrix", "b_ub": "vector"},
    ),
    Spec(
        "quadratic_program",
        lambda P, q: uh.optimize.quadratic_program(P, q).x,
        {"P": SQUARE, "q": COSTS},
        {"P": "matrix", "q": "vector"},
    ),
    Spec(
        "lagrange",
        lambda x0: uh.optimize.lagrange(lambda x: np.sum(x**2), lambda x: np.sum(x) - 3.0, x0).x,
        {"x0": COSTS},
        {"x0": "vector"},
        passes={"shorter", "scalar", "matrix"},
    ),
    # A matrix, for the argument may also be a function.
    Spec("is_convex", lambda f: uh.optimize.is_convex(f).eigenvalues, {"f": SQUARE}, {"f": "matrix"}),
]
