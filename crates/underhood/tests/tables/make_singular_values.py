"""Write singular_values.csv: singular values of hard matrices, from 50-digit arithmetic.

Run it as ``python make_singular_values.py > singular_values.csv``. A line: name, n, the values in falling order. The
matrices are those of ``tests/gallery`` and of ``tests/linalg_singular.rs``; every entry is the double that Rust has.
"""

from mpmath import matrix, mp, mpf, nstr, svd_r

mp.dps = 50


def entries(name: str, n: int) -> matrix:
    """Build a matrix entry by entry, rounded to doubles."""
    def entry(i: int, j: int) -> float:
        if name == "hilbert":
            return 1.0 / (i + j + 1)
        if name == "frank":
            return 0.0 if j + 1 < i else float(n - max(i, j))
        if name == "clement":
            return float(j) if j == i + 1 else float(n - i) if i == j + 1 else 0.0
        if name == "grcar":
            return -1.0 if i == j + 1 else float(i <= j <= i + 3)
        if name == "wilkinson":
            return abs(i - (n - 1) / 2) if i == j else float(abs(i - j) == 1)
        if name == "bidiagonal":
            return 0.5 ** (200 * i // n) if j in (i, i + 1) else 0.0
        binomial = 1
        for k in range(1, i + 1):
            binomial = binomial * (j + k) // k
        return float(binomial)

    return matrix(n, n) + matrix([[mpf(entry(i, j)) for j in range(n)] for i in range(n)])


print("# Written by make_singular_values.py with mpmath at 50 digits.")
for name, sizes in (
    ("hilbert", (3, 8, 16, 24)),
    ("frank", (5, 12, 20)),
    ("clement", (8, 21)),
    ("grcar", (10, 30)),
    ("pascal", (6, 14)),
    ("wilkinson", (21,)),
    ("bidiagonal", (20, 36)),
):
    for n in sizes:
        # Small values of a graded matrix need more digits than the fifty that are wanted of them.
        mp.dps = 150
        values = sorted(svd_r(entries(name, n), compute_uv=False), reverse=True)
        mp.dps = 50
        print(",".join([name, str(n), *(nstr(value, 20) for value in values)]))
