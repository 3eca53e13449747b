"""Write studentized_range.csv: tails of the studentized range by mpmath, from the two defining integrals.

P(range ≤ w) = k∫φ(z)(Φ(z + w) − Φ(z))^{k−1} dz, and the studentized range of k values with ν degrees of freedom is the range over
s, ν s² being chi-square. Both integrals by the trapezoidal rule over the whole line, the outer in ln s, at 45 digits: P(Q > q) is the difference
from 1, which leaves more than 17 digits of all that are here. Every number is computed with two steps, and they must agree.

    python make_studentized_range.py > studentized_range.csv    (a few minutes)
"""

import mpmath as mp

mp.mp.dps = 45
POINTS = [
    (3, "inf", "0.01"), (3, "inf", "3.5"), (3, "inf", "12"), (7, "inf", "4"), (40, "inf", "5"), (1000, "inf", "6.5"),
    (3, "1", "2"), (3, "1", "100"), (3, "2.5", "5"), (4, "10", "0.2"), (4, "10", "4"), (4, "10", "15"), (10, "20", "5"),
    (25, "60", "8"), (3, "500", "3"), (6, "100000", "4"), (100, "12.5", "7"), (3, "7", "60"),
]


def below(w, k, step):
    """P(range ≤ w), by the middle m of the range, about which it is symmetric."""
    total, h, i = mp.mpf(0), w / 2, 0
    while True:
        m = i * step
        lower, upper = (m - h) / mp.sqrt(2), (m + h) / mp.sqrt(2)
        between = (mp.erfc(lower) - mp.erfc(upper)) / 2 if lower > 0 else (mp.erf(upper) - mp.erf(lower)) / 2
        term = (mp.npdf(m - h) + mp.npdf(m + h)) * between ** (k - 1) / (2 if i == 0 else 1)
        total += term
        if i * step > h + 2 and term < mp.mpf(10) ** -50 * total:
            return k * step * total
        i += 1


def cdf(k, nu, q, inner, outer):
    """P(Q ≤ q)."""
    if nu == mp.inf:
        return below(q, k, inner)
    constant = 2 * (nu / 2) ** (nu / 2) / mp.gamma(nu / 2)
    step = outer / mp.sqrt(2 * nu + 8)
    total = mp.mpf(0)
    for direction in (1, -1):
        i = 0 if direction == 1 else 1
        while True:
            u = direction * i * step
            density = constant * mp.exp(nu * (u - mp.exp(2 * u) / 2))
            term = density * below(q * mp.exp(u), k, inner) if density > mp.mpf(10) ** -60 else mp.mpf(0)
            total += term
            if i * step > 1 / mp.sqrt(nu) and term < mp.mpf(10) ** -42 * total:
                break
            i += 1
    return step * total


if __name__ == "__main__":
    print("# k,nu,q,cdf,sf: made by make_studentized_range.py")
    for k, nu, q in POINTS:
        inner = mp.mpf(1) / (8 if k <= 10 else 32)
        found = [cdf(k, mp.mpf(nu), mp.mpf(q), step, outer) for step, outer in ((inner, mp.mpf("0.3")), (inner / 2, mp.mpf("0.2")))]
        assert abs((1 - found[0]) / (1 - found[1]) - 1) < 1e-15, (k, nu, q, found)
        assert abs(found[0] / found[1] - 1) < 1e-15, (k, nu, q, found)
        print(f"{k},{nu},{q},{mp.nstr(found[1], 18)},{mp.nstr(1 - found[1], 18)}", flush=True)
