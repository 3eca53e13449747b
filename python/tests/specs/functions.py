"""Functions as graphs: their calls, and those of their derivatives. What ``function`` itself takes is no array."""

import numpy as np
import underhood as uh

from specs import VECTOR, Spec

ANY = {"shorter", "scalar", "empty", "vector", "matrix", "three axes", "broadcast"}

ELEMENTWISE = uh.function("x**2 + 1", name="Function")
LENGTH = uh.function(lambda x: np.sum(x**2), name="Function")

SPECS = [
    Spec("function", lambda: uh.function("x**2")(2.0), {}, {}),
    Spec("Function", ELEMENTWISE, {"x": VECTOR}, {"x": "array"}, nan_passes=True, inf_passes=True, passes=ANY),
    Spec("Function", ELEMENTWISE, {"x": 3.0}, {"x": "number"}, nan_passes=True, inf_passes=True, passes=ANY),
    Spec("Function", LENGTH, {"x": VECTOR}, {"x": "vector"}, nan_passes=True, inf_passes=True, passes=ANY),
    Spec(
        "∇Function",
        LENGTH.gradient(),
        {"x": VECTOR},
        {"x": "vector"},
        nan_passes=True,
        inf_passes=True,
        passes=ANY,
    ),
    Spec(
        "Function'",
        ELEMENTWISE.derivative(),
        {"x": VECTOR},
        {"x": "array"},
        nan_passes=True,
        inf_passes=True,
        passes=ANY,
    ),
]
