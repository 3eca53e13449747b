"""How exact the distributions are beside scipy.stats, on distributions.csv, whose script knows nothing of ours.

`python benches/accuracy/distributions.py` writes its tables into docs/accuracy.md in some seconds; with --print they go
to the screen, with --every 20 only every twentieth row of each method of each family is read, and with --misses the
rows of ours are listed that have fewer than 12 digits, as numbers or in an array, and nothing else is done.
"""

import argparse
import math
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy.stats as stats
from score import Row, Score, read, table, write
from underhood import distributions

TABLE = Path(__file__).with_name("distributions.csv")
THEIRS = {
    "Beta": lambda a, b: stats.beta(a, b),
    "Binomial": lambda n, p: stats.binom(n, p),
    "Cauchy": lambda loc, scale: stats.cauchy(loc, scale),
    "ChiSquared": lambda df: stats.chi2(df),
    "Exponential": lambda rate: stats.expon(scale=1 / rate),
    "F": lambda m, n: stats.f(m, n),
    "Gamma": lambda a, scale: stats.gamma(a, scale=scale),
    "Geometric": lambda p: stats.geom(p),
    "Gumbel": lambda loc, scale: stats.gumbel_r(loc, scale),
    "Hypergeometric": lambda *counts: stats.hypergeom(*map(int, counts)),
    "InverseGamma": lambda a, scale: stats.invgamma(a, scale=scale),
    "Laplace": lambda loc, scale: stats.laplace(loc, scale),
    "LogNormal": lambda mu, sigma: stats.lognorm(sigma, scale=math.exp(mu)),
    "Logistic": lambda loc, scale: stats.logistic(loc, scale),
    "NegativeBinomial": lambda r, p: stats.nbinom(r, p),
    "Normal": lambda mu, sigma: stats.norm(mu, sigma),
    "Pareto": lambda a, scale: stats.pareto(a, scale=scale),
    "Poisson": lambda rate: stats.poisson(rate),
    "Rayleigh": lambda scale: stats.rayleigh(scale=scale),
    "StudentT": lambda df, loc, scale: stats.t(df, loc, scale),
    "Triangular": lambda low, peak, high: stats.triang((peak - low) / (high - low), low, high - low),
    "Uniform": lambda low, high: stats.uniform(low, high - low),
    "VonMises": lambda mu, kappa: stats.vonmises(kappa, mu),
    "Weibull": lambda k, scale: stats.weibull_min(k, scale=scale),
}
EPSILON = 2.0**-52


def ours(family: str, parameters: tuple[float, ...]) -> object:
    """Make the distribution of ours."""
    return getattr(distributions, family)(*parameters)


def theirs(family: str, parameters: tuple[float, ...]) -> object:
    """Make SciPy's."""
    return THEIRS[family](*parameters)


def evaluate(row: Row, make: Callable[[str, tuple[float, ...]], object], many: int = 0) -> float:
    """Give a library's value for a row; from an array of so many equal points, if `many`."""
    family, method = row.name.split(".")
    *parameters, x = row.arguments
    function = getattr(make(family, tuple(parameters)), method)
    return float(function(np.full(many, x))[-1] if many else function(x))


def add(score: Score, row: Row, found: float) -> bool:
    """Count a value, and say whether it has 12 digits."""
    family, method = row.name.split(".")
    before = score.twelve
    if method in ("ppf", "isf") and hasattr(getattr(distributions, family), "pmf"):
        # The quantile of a discrete distribution is that whole number or wrong.
        score.add(1.0 if found == row.value else 2.0 if math.isfinite(found) else found, 1.0, 0.0)
    else:
        score.add(found, row.value, 4 * EPSILON * row.condition)
    return score.twelve > before


def main() -> None:
    """Compare, and write the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--print", action="store_true", dest="only_print")
    options.add_argument("--misses", action="store_true")
    options.add_argument("--every", type=int, default=1)
    options.add_argument("--table", type=Path, default=TABLE)
    chosen = options.parse_args()
    warnings.simplefilter("ignore")
    rows = read(chosen.table.resolve(), every=chosen.every, conditions=True)
    if chosen.misses:
        for row in rows:
            for value in (evaluate(row, ours), evaluate(row, ours, many=64)):
                if not add(Score(), row, value):
                    print(f"{row.name}{row.arguments} is {row.value!r}, not {value!r}; condition {row.condition:g}")
        return
    scores = ({}, {}), ({}, {})
    for row in rows:
        family, method = row.name.split(".")
        for library, make in enumerate((ours, theirs)):
            value = evaluate(row, make)
            add(scores[0][library].setdefault(family, Score()), row, value)
            # pmf and pdf are one method here.
            add(scores[1][library].setdefault(method.replace("pmf", "pdf"), Score()), row, value)
    text = table("family", *scores[0], "SciPy") + "\n\n" + table("method", *scores[1], "SciPy")
    if chosen.only_print:
        print(text)
    else:
        write("distributions", text)


if __name__ == "__main__":
    main()
