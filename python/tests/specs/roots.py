"""Roots."""

import underhood as uh

from specs import VECTOR, Spec


def line(x):
    return x - 1.0


SPECS = [
    *[
        Spec(
            name,
            lambda a, b, name=name: float(getattr(uh.optimize, name)(line, a, b)),
            {"a": 0.0, "b": 4.0},
            {"a": "number", "b": "number"},
        )
        for name in ("find_root", "bisect")
    ],
    Spec("newton", lambda x0: uh.optimize.newton(line, x0).root, {"x0": 3.0}, {"x0": "number"}),
    Spec(
        "root",
        lambda x0: uh.optimize.root(lambda x: x - 1.0, x0).x,
        {"x0": VECTOR},
        {"x0": "vector"},
        passes={"shorter", "scalar", "matrix"},
    ),
]
