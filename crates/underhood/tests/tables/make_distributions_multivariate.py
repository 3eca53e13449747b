"""Makes distributions_multivariate.csv: reference values for the distributions of several variables, by mpmath at 40 digits.

    python make_distributions_multivariate.py > distributions_multivariate.csv

Columns: the function, its arguments as doubles, the value to 20 digits. Arguments: binormal.cdf h, k, ρ; normal3.logpdf the points
x₁, x₂, x₃ under mean (1, 2, 3) and the covariance (1, c, c; c, 1, c; c, c, 1) for the last argument c; multinomial.logpmf and entropy of p =
(0.125, 0.375, 0.5) for counts x₁, x₂, x₃; dirichlet of alpha = (a₁, a₂, a₃) at (x₁, x₂, x₃) = (0.125, 0.375, 0.5).
"""

from mpmath import erfc, exp, loggamma, log, matrix, det, inverse, mp, mpf, pi, psi, quad, sqrt

mp.dps = 40


def row(name, *arguments, value):
    print(",".join([name, *(repr(float(a)) for a in arguments), mp.nstr(value, 20)]))


def binormal(h, k, rho):
    """Integrate φ(x)·Φ((k − ρx)/√(1 − ρ²)) up to h, in pieces around its steep places."""
    h, k, rho = mpf(h), mpf(k), mpf(rho)
    s = sqrt(1 - rho * rho)
    places = {mpf(-45), h} | {mpf(j) / 2 for j in range(-80, 80)}
    places |= {c + j * s for c in (k / rho, rho * k) for j in range(-10, 11)}
    inside = sorted(p for p in places if -45 <= p <= h)
    return quad(lambda x: exp(-x * x / 2) / sqrt(2 * pi) * erfc((rho * x - k) / s / sqrt(2)) / 2, inside)


for rho in (-0.999, -0.9, -0.5, -0.125, 0.001, 0.25, 0.5, 0.75, 0.95, 0.9999, 0.99999999):
    for h, k in ((0, 0), (1, -1), (-2, -3), (-4, 1.5), (3, 4), (-6, -5.5), (2, -2.25), (-1, -1.0009765625)):
        value = binormal(h, k, rho)
        if value > mpf(10) ** -100:
            row("binormal.cdf", h, k, rho, value=value)

for c in (0, 0.5, -0.25, 0.999, 0.999999):
    a = matrix([[1, c, c], [c, 1, c], [c, c, 1]])
    for x in ((1, 2, 3), (0, 0, 0), (1.5, 2.25, 3), (-20, 30, 1)):
        d = matrix([mpf(x[i]) - i - 1 for i in range(3)])
        value = -(d.T * inverse(a) * d)[0] / 2 - 3 * log(2 * pi) / 2 - log(det(a)) / 2
        row("normal3.logpdf", *x, c, value=value)

P = (mpf("0.125"), mpf("0.375"), mpf("0.5"))
for x in ((1, 0, 0), (1, 1, 1), (0, 0, 40), (12, 38, 50), (100, 400, 500), (10**6, 3 * 10**6, 4 * 10**6), (0, 10**7, 1), (125 * 10**9, 375 * 10**9 + 10**6, 5 * 10**11 - 10**6)):
    value = loggamma(sum(x) + 1) - sum(loggamma(n + 1) for n in x) + sum(n * log(p) for n, p in zip(x, P))
    row("multinomial.logpmf", *x, value=value)

for n in (1, 2, 7, 60, 400):
    total = mpf(0)
    for i in range(n + 1):
        for j in range(n + 1 - i):
            x = (i, j, n - i - j)
            ln = loggamma(n + 1) - sum(loggamma(m + 1) for m in x) + sum(m * log(p) for m, p in zip(x, P))
            total -= exp(ln) * ln if n <= 60 else exp(ln) * ln
    row("multinomial.entropy", n, value=total)

for a in ((1, 1, 1), (0.5, 0.5, 0.5), (1e-5, 1e-3, 2), (2, 3, 5), (0.01, 20, 4), (130, 370, 500), (1250, 3750, 4900), (1.25e6, 3.75e6, 5e6), (1.25e12, 3.75e12, 5e12)):
    a = tuple(mpf(float(v)) for v in a)
    total = sum(a)
    constant = loggamma(total) - sum(loggamma(v) for v in a)
    row("dirichlet.logpdf", *a, value=constant + sum((v - 1) * log(p) for v, p in zip(a, P)))
    row("dirichlet.entropy", *a, value=-constant + (total - 3) * psi(0, total) - sum((v - 1) * psi(0, v) for v in a))
