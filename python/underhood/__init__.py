"""The mathematics of machine learning, with the hood open.

>>> import underhood as uh
>>> penguins = uh.datasets.load("penguins")
>>> analysis = uh.analyze(penguins, target="species")
>>> analysis.comparisons is not None
True

The rooms:

- :mod:`underhood.datasets`: real data sets, described column by column
- :func:`underhood.analyze`: the front door: a table in, what is in it out, in numbers, words and plots
- :func:`underhood.function`: a function of yours as a graph: native speed, exact derivatives, formulas
- :mod:`underhood.stats`: describe, correlate, test, regress
- :mod:`underhood.distributions`: chance by families: densities, both tails, quantiles, draws, fits, pictures
- :mod:`underhood.special`: the functions that they are made of
- :mod:`underhood.probability`: counting, Bayes' rule, joint tables, posteriors, the great theorems watched
- :mod:`underhood.linalg`: matrices and the systems they stand for
- :mod:`underhood.calculus`: limits, derivatives, integrals and differential equations that know their error
- :mod:`underhood.optimize`: descent that keeps its path
- :mod:`underhood.models`: from the perceptron to a network, each with its history; clusters, scores and folds
- :mod:`underhood.plot`: pictures, when matplotlib is there

Names, arguments and defaults are NumPy's, SciPy's and scikit-learn's where they have the same operation. Only NumPy
must be installed; pandas, polars, matplotlib and scikit-learn are used when they are there.
"""

from underhood import calculus, datasets, distributions, linalg, models, optimize, plot, probability, special, stats
from underhood._analysis import analyze
from underhood._core import __version__
from underhood._functions import Function, function

__all__ = [
    "Function",
    "__version__",
    "analyze",
    "calculus",
    "datasets",
    "distributions",
    "function",
    "linalg",
    "models",
    "optimize",
    "plot",
    "probability",
    "special",
    "stats",
]


def __dir__() -> list[str]:
    return sorted(__all__)
