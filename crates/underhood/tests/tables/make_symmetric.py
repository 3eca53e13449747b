"""Make `symmetric.csv`: eigenvalues of hard symmetric matrices from mpmath at 60 digits.

Run `python make_symmetric.py` in this folder (seconds). A line is a matrix's name, its number of rows, and an
eigenvalue to 25 digits, in rising order. The matrices hold doubles, which are meant exactly: Hilbert's are those of
1/(i + j + 1) rounded to double.
"""

import mpmath as mp

mp.mp.dps = 60


def wilkinson(n):
    """Give W⁺."""
    middle = (n - 1) / 2
    return [[abs(i - middle) if i == j else float(abs(i - j) == 1) for j in range(n)] for i in range(n)]


def hilbert(n):
    """Give 1/(i + j + 1)."""
    return [[1.0 / (i + j + 1) for j in range(n)] for i in range(n)]


with open("symmetric.csv", "w", encoding="utf-8") as table:
    for name, matrix, sizes in (("wilkinson", wilkinson, (21, 41)), ("hilbert", hilbert, (4, 8, 12, 20))):
        for n in sizes:
            values = mp.eigsy(mp.matrix(matrix(n)), eigvals_only=True)
            for value in sorted(values):
                table.write(f"{name},{n},{mp.nstr(value, 25)}\n")
