"""How exact the special functions are beside SciPy's, on the tables that the tests use.

`python benches/accuracy/special.py` writes its table into docs/accuracy.md in some seconds; with --print it goes to the
screen, and with --every 50 only every fiftieth row of each function is read.
"""

import argparse
import math
import warnings

import numpy as np
import scipy.special as peer
from score import Row, read, score, table, write
from underhood import special

# The functions that take several numbers as one argument, or that SciPy has under another name or not at all.
OURS = {
    "logsumexp": lambda *x: special.logsumexp(np.array(x)),
    "softmax": lambda *x: special.softmax(np.array(x))[0],
}
THEIRS = {
    "logsumexp": lambda *x: peer.logsumexp(np.array(x)),
    "softmax": lambda *x: peer.softmax(np.array(x))[0],
    "log1pexp": lambda x: np.logaddexp(0.0, x),
}
EPSILON = 2.0**-52


def allowance(row: Row) -> float:
    """Give the error that some ulps of the arguments explain: two, or three of a probability, where that is much."""
    name, v, value = row.name, row.arguments, row.value
    psi = peer.digamma
    change = 0.0
    if name == "gammaln" and v[0] < 0:
        change = 2 * v[0] * psi(v[0]) / value
    elif name == "digamma" and v[0] < -0.1:
        # ψ′(x) + ψ′(1 − x) = (π/sin πx)².
        slope = (math.pi / math.sin(math.pi * v[0])) ** 2 - peer.polygamma(1, 1 - v[0])
        change = 2 * v[0] * slope / value
    elif name == "polygamma" and v[1] < 0:
        # The next derivative: nearly all of it from the nearest pole.
        change = 2 * v[1] * peer.factorial(v[0] + 1) * np.abs(v[1] - np.round(v[1])) ** -(v[0] + 2) / value
    elif name == "betaln":
        change = 2 * sum(abs(x * (psi(x) - psi(v[0] + v[1]))) for x in v) / value
    elif name == "binom":
        n, k = v
        change = 2 * (abs(n * (psi(n + 1) - psi(n - k + 1))) + abs(k * (psi(n - k + 1) - psi(k + 1))))
    elif name == "logsumexp":
        change = 2 * max(1.0, *map(abs, v)) / value
    elif name in ("gammaincinv", "gammainccinv"):
        a, p = v
        change = 3 * p / density(a * math.log(value) - value - math.lgamma(a))
    elif name in ("betaincinv", "betainccinv") and value < 1:
        a, b, p = v
        log = a * math.log(value) + (b - 1) * math.log1p(-value) - special.betaln(a, b)
        change = 3 * p / density(log)
    return abs(change) * EPSILON if math.isfinite(change) else 0.0


def density(log: float) -> float:
    """Exponentiate the slope of a distribution function, within the range of doubles."""
    return math.exp(min(max(log, -740.0), 700.0))


def evaluator(module: object, exceptions: dict):
    """Give the function from a row to a library's value for it."""

    def evaluate(row: Row) -> float:
        function = exceptions.get(row.name) or getattr(module, row.name)
        return float(function(*row.arguments))

    return evaluate


def main() -> None:
    """Compare, and write the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--print", action="store_true", dest="only_print")
    options.add_argument("--every", type=int, default=1)
    chosen = options.parse_args()
    warnings.simplefilter("ignore")
    rows = read("special.csv", "special_extremes.csv", every=chosen.every)
    ours = score(rows, evaluator(special, OURS), allowance)
    theirs = score(rows, evaluator(peer, THEIRS), allowance)
    text = table("function", ours, theirs, "SciPy")
    if chosen.only_print:
        print(text)
    else:
        write("special", text)


if __name__ == "__main__":
    main()
