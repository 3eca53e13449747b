"""Make `spectra.tsv`: eigenvalues and exponentials of matrices from mpmath, with as many digits as their scales need.

Run `python make_spectra.py` in this folder (half a minute). A line holds, separated by tabs, what was computed, a name, the side of the
matrix, its entries by rows, the reference numbers (eigenvalues as real and imaginary parts) and a tolerance. The tolerance of
eigenvalues is relative: a hundred times the largest change that relative errors of 2**-53 in the entries bring about, and at
least 100 roundings. That of an exponential is relative to its norm: 20 roundings times the norm of the matrix, which bounds its condition number
from below.
"""

import random

import mpmath as mp

rng = random.Random(20261)
UNIT = mp.mpf(2) ** -53


def normal(n, scale=1.0):
    return [[rng.gauss(0, 1) * scale for _ in range(n)] for _ in range(n)]


def eigenvalues(a):
    values = mp.eig(mp.matrix(a), left=False, right=False)
    return [mp.mpc(v) for v in values]


def apart(values, others):
    """The largest relative distance after matching."""
    others, worst = list(others), mp.mpf(0)
    for v in values:
        i = min(range(len(others)), key=lambda i: abs(others[i] - v))
        worst = max(worst, abs(others.pop(i) - v) / abs(v))
    return worst


def spectrum_line(name, a):
    mp.mp.dps = 700
    values = eigenvalues(a)
    worst = mp.mpf(0)
    for _ in range(4):
        moved = [[v * (1 + UNIT * rng.choice((-1, 1))) if v else v for v in map(mp.mpf, row)] for row in a]
        worst = max(worst, apart(values, eigenvalues(moved)))
    tolerance = 100 * max(worst, UNIT)
    largest = max(abs(v) for v in values)
    numbers = []
    for v in values:
        # What is left of a zero part at this precision.
        parts = [part if abs(part) > largest * mp.mpf(10) ** -600 else mp.mpf(0) for part in (v.real, v.imag)]
        numbers.extend(mp.nstr(part, 20, strip_zeros=False) for part in parts)
    return line("eigvals", name, a, numbers, tolerance)


def exponential_line(name, a):
    mp.mp.dps = 120
    matrix = mp.matrix(a)
    result = mp.expm(matrix, method="taylor")
    numbers = [mp.nstr(result[i, j], 20) for i in range(len(a)) for j in range(len(a))]
    norm = max(sum(abs(v) for v in column) for column in zip(*a))
    return line("expm", name, a, numbers, 20 * 2 * UNIT * max(1, norm))


def line(kind, name, a, numbers, tolerance):
    entries = " ".join(repr(float(v)) for row in a for v in row)
    return "\t".join([kind, name, str(len(a)), entries, " ".join(numbers), mp.nstr(tolerance, 3)])


def conjugated(a, exponents):
    return [[v * 10.0 ** (p - q) for v, q in zip(row, exponents)] for row, p in zip(a, exponents)]


def companion(coefficients):
    n = len(coefficients)
    return [[-float(c) for c in coefficients]] + [[float(i == j) for j in range(n)] for i in range(n - 1)]


def matrices():
    yield "well scaled", normal(5)
    yield "scales 1e±150", [[1, 1e150, 2], [1e-150, 2, 1e150], [3e-300, 1e-150, 5]]
    yield "similar by 1e±150", conjugated(normal(4), (75, 0, -75, 40))
    yield "similar by 1e±300", conjugated(normal(3), (150, 0, -150))
    yield "one huge entry", [[1e300, 1e10, 1], [1, 1e-10, 1e-300], [1e-300, 1, 2]]
    yield "blocks of 1e150 and 1e-150", [
        [1e150, 2e150, 0, 0],
        [3e150, -1e150, 0, 0],
        [0, 0, 1e-150, 2e-150],
        [0, 0, 5e-150, 1e-150],
    ]
    yield "denormal", [[1e-310, 2e-310], [3e-310, 4e-310]]
    yield "huge", [[1e307, 2e307, 0], [-3e307, 1e307, 1e307], [1e307, 0, 4e307]]
    small = [[v * (1 if j >= i - 1 else 1e-17) for j, v in enumerate(row)] for i, row in enumerate(normal(6))]
    yield "tiny below the subdiagonal", small
    yield "tiny below the diagonal", [[1, 1, 1, 1e-16], [1e-16, 2, 1, 1], [1e-16, 1e-16, 3, 1], [1e-16, 1e-16, 1e-16, 4]]
    yield "Wilkinson's polynomial of degree 10", companion(mp.taylor(lambda x: mp.fprod(x - k for k in range(1, 11)), 0, 10)[-2::-1])
    yield "Frank", [[float(8 - max(i, j)) if j >= i - 1 else 0.0 for j in range(8)] for i in range(8)]
    yield "Grcar", [[-1.0 if i == j + 1 else 1.0 if 0 <= j - i <= 3 else 0.0 for j in range(12)] for i in range(12)]
    yield "Pascal", [[float(mp.binomial(i + j, i)) for j in range(8)] for i in range(8)]


def exponents():
    for n in (2, 3, 4, 7):
        for scale in (1e-3, 0.1, 0.6, 1.5, 6.0, 40.0):
            yield f"random {n}×{n} times {scale}", normal(n, scale / n**0.5)
    a = normal(4)
    yield "skew", [[100 * (a[i][j] - a[j][i]) for j in range(4)] for i in range(4)]
    yield "negative definite", [[-30 * sum(a[i][k] * a[j][k] for k in range(4)) for j in range(4)] for i in range(4)]
    yield "far right", [[a[i][j] + 300 * (i == j) for j in range(4)] for i in range(4)]
    yield "far left", [[a[i][j] - 300 * (i == j) for j in range(4)] for i in range(4)]
    yield "upper triangle", [[5 * a[i][j] * (j >= i) for j in range(4)] for i in range(4)]
    yield "lower triangle", [[5 * a[i][j] * (j <= i) for j in range(4)] for i in range(4)]
    yield "nilpotent", [[1e10 * (j > i) for j in range(4)] for i in range(4)]
    yield "Al-Mohy and Higham's", [[1, 1e6], [0, -1]]
    yield "the same with a third", [[1, 1e6, 0], [0, -1, 1], [0, 0, 2]]
    yield "Ward's", [[-131, 19, 18], [-390, 56, 54], [-387, 57, 52]]
    yield "Moler and Van Loan's", [[-49, 24], [-64, 31]]
    yield "stiff", [[-1000, 1], [1, 0]]
    yield "nearly equal eigenvalues", [[1, 1e-9], [1e-9, 1 + 1e-9]]
    yield "rotation", [[0, -100], [100, 0]]
    yield "projection, stiff", [[1e4 * (1 - 3 * (i == j)) for j in range(3)] for i in range(3)]


with open("spectra.tsv", "w") as table:
    for name, a in matrices():
        table.write(spectrum_line(name, a) + "\n")
    for name, a in exponents():
        table.write(exponential_line(name, a) + "\n")
