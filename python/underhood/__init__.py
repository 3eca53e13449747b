"""The mathematics of machine learning, with the hood open."""

from underhood import calculus, datasets, distributions, linalg, models, optimize, plot, special, stats
from underhood._analysis import analyze
from underhood._core import __version__

__all__ = [
    "__version__",
    "analyze",
    "calculus",
    "datasets",
    "distributions",
    "linalg",
    "models",
    "optimize",
    "plot",
    "special",
    "stats",
]
