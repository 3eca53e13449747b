"""Random draws beside numpy.random.Generator."""

from collections.abc import Iterator

import numpy as np
from run import Case
from underhood import distributions

# Family, its parameters, NumPy's method, and its parameters.
FAMILIES = [
    ("Normal", (0.0, 1.0), "normal", (0.0, 1.0)),
    ("Exponential", (1.0,), "exponential", (1.0,)),
    ("Uniform", (0.0, 1.0), "uniform", (0.0, 1.0)),
    *(("Gamma", (shape, 1.0), "gamma", (shape, 1.0)) for shape in (0.5, 1.0, 2.5, 100.0)),
    *(("Beta", shapes, "beta", shapes) for shapes in ((0.5, 0.5), (2.0, 3.0), (100.0, 200.0))),
    ("ChiSquared", (5.0,), "chisquare", (5.0,)),
    *(("Poisson", (rate,), "poisson", (rate,)) for rate in (3.0, 1000.0, 1e6)),
    *(("Binomial", case, "binomial", case) for case in ((10, 0.5), (100, 0.3), (1_000_000_000, 0.5))),
    ("Geometric", (0.01,), "geometric", (0.01,)),
    ("NegativeBinomial", (3.5, 0.3), "negative_binomial", (3.5, 0.3)),
    ("VonMises", (0.0, 4.0), "vonmises", (0.0, 4.0)),
]


def cases() -> Iterator[Case]:
    """Yield a million draws of each, and ten."""
    rng = np.random.default_rng(4)
    for family, parameters, method, theirs in FAMILIES:
        ours, peer = getattr(distributions, family)(*parameters), getattr(rng, method)
        for size in (1_000_000, 10):
            yield Case(
                f"{family}{parameters}, draws",
                f"{size:,}",
                "NumPy",
                lambda ours=ours, size=size: ours.rvs(size, rng=1),
                lambda peer=peer, theirs=theirs, size=size: peer(*theirs, size),
                pick=np.size,
                pick_theirs=np.size,
            )
