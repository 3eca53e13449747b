from underhood._core import calculus, distributions, linalg, models, optimize, probability, regression, special, stats

__version__: str

__all__ = [
    "__version__",
    "calculus",
    "distributions",
    "linalg",
    "models",
    "optimize",
    "probability",
    "regression",
    "special",
    "stats",
]
