"""Make `distributions_disc.csv`: reference values of the discrete distributions from mpmath at 60 digits and more.

Run `python make_distributions_disc.py` in this folder (a minute or two). A line is a function's name, the parameters, the argument, and the value to 20 digits. Tails are
summed from k outwards, with ratios of neighbouring probabilities; where that would take more than 6,000 terms, binomial, negative binomial and
Poisson tails come from the incomplete beta and gamma functions of `make_reference`, and hypergeometric ones from Euler's and Maclaurin's formula with
three derivatives, which is held against the sum where both serve.
"""

import random

import make_reference
import mpmath as mp
from make_reference import beta_tails, gamma_tails

mp.mp.dps = 60
rng = random.Random(4711)
rows = []
LONGEST = 6_000
# Longer series than this lose against the integrals.
make_reference.SERIES_TERMS = 3_000


def write(name, arguments, value):
    value = mp.mpf(value)
    if value == 0 or abs(value) < mp.mpf("2.3e-308"):
        return
    rows.append(",".join([name, *(repr(float(v)) for v in arguments), mp.nstr(value, 20, min_fixed=0, max_fixed=0)]))


def ln_binomial(n, k):
    return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)


class Poisson:
    name = "poisson"

    def __init__(self, rate):
        self.parameters = (rate,)
        self.rate = mp.mpf(rate)
        self.mean = self.variance = self.rate
        self.ends = (0, mp.inf)

    def log(self, k):
        return k * mp.log(self.rate) - self.rate - mp.loggamma(k + 1)

    def up(self, k):
        return self.rate / (k + 1)

    def tails(self, k):
        upper, lower = gamma_tails(k + 1, self.rate)
        return lower, upper


class Binomial:
    name = "binom"

    def __init__(self, n, p):
        self.parameters = (n, p)
        self.n, self.p = n, mp.mpf(p)
        self.q = 1 - self.p
        self.mean, self.variance = n * self.p, n * self.p * self.q
        self.ends = (0, n)

    def log(self, k):
        return ln_binomial(mp.mpf(self.n), k) + k * mp.log(self.p) + (self.n - k) * mp.log(self.q)

    def up(self, k):
        return mp.mpf(self.n - k) / (k + 1) * self.p / self.q

    def tails(self, k):
        upper, lower = beta_tails(k + 1, self.n - k, self.p)
        return lower, upper


class NegativeBinomial:
    name = "nbinom"

    def __init__(self, r, p):
        self.parameters = (r, p)
        self.r, self.p = mp.mpf(r), mp.mpf(p)
        self.q = 1 - self.p
        self.mean = self.r * self.q / self.p
        self.variance = self.mean / self.p
        self.ends = (0, mp.inf)

    def log(self, k):
        r = self.r
        return mp.loggamma(k + r) - mp.loggamma(k + 1) - mp.loggamma(r) + r * mp.log(self.p) + k * mp.log(self.q)

    def up(self, k):
        return (k + self.r) / (k + 1) * self.q

    def tails(self, k):
        return beta_tails(self.r, k + 1, self.p)


class Geometric:
    name = "geom"

    def __init__(self, p):
        self.parameters = (p,)
        self.p = mp.mpf(p)
        self.q = 1 - self.p
        self.mean, self.variance = 1 / self.p, self.q / self.p**2
        self.ends = (1, mp.inf)

    def log(self, k):
        return mp.log(self.p) + (k - 1) * mp.log(self.q)

    def up(self, k):
        return self.q

    def tails(self, k):
        upper = self.q**k
        return 1 - upper, upper


class Hypergeometric:
    name = "hypergeom"

    def __init__(self, population, successes, draws):
        self.parameters = (population, successes, draws)
        self.all, self.of, self.n = population, successes, draws
        p = mp.mpf(successes) / population
        self.mean = draws * p
        self.variance = draws * p * (1 - p) * (population - draws) / max(population - 1, 1)
        self.ends = (max(0, draws - (population - successes)), min(draws, successes))

    def log(self, k):
        k = mp.mpf(k)
        return ln_binomial(self.of, k) + ln_binomial(self.all - self.of, self.n - k) - ln_binomial(mp.mpf(self.all), self.n)

    def up(self, k):
        k = mp.mpf(k)
        return (self.of - k) * (self.n - k) / ((k + 1) * (self.all - self.of - self.n + k + 1))

    def tails(self, k):
        """Euler's and Maclaurin's formula about k + ½, on the side of k."""
        below = k < self.mean
        end = mp.mpf(k) + mp.mpf("0.5")
        sign = 1 if below else -1
        start = self.log(end)
        with mp.workdps(40):
            slope = abs(mp.log(self.up(k)))
            scale = 1 / mp.sqrt(slope**2 + 1 / self.variance)
            f = lambda s: mp.exp(self.log(end - sign * s) - start)
            area = mp.quad(f, [scale * t for t in (0, 1, 2, 4, 7, 11, 16, 23, 32, 45, 64)])
            # Derivatives by differences of five points each.
            h = 1 / mp.mpf(2)
            d = [f(h * j) for j in range(-3, 4)]
            first = (-d[0] + 9 * d[1] - 45 * d[2] + 45 * d[4] - 9 * d[5] + d[6]) / (60 * h)
            third = (d[0] - 8 * d[1] + 13 * d[2] - 13 * d[4] + 8 * d[5] - d[6]) / (8 * h**3)
            area += first / 24 - 7 * third / 5760
        value = area * mp.exp(start)
        return (value, 1 - value) if below else (1 - value, value)


def tails(d, k, longest=LONGEST):
    """(P(X ≤ k), P(X > k))."""
    below = k < d.mean
    total, term, j = mp.mpf(0), mp.mpf(1), k if below else k + 1
    start = j
    for _ in range(longest):
        if not d.ends[0] <= j <= d.ends[1] or term < mp.mpf(10) ** -45 * total:
            value = total * mp.exp(d.log(mp.mpf(start)))
            return (value, 1 - value) if below else (1 - value, value)
        total += term
        if below:
            j -= 1
            term = term / d.up(j) if j >= d.ends[0] else term
        else:
            term *= d.up(j)
            j += 1
    try:
        return d.tails(k)
    except ValueError:
        # A negative binomial distribution with r < 1 has no concave density.
        return tails(d, k, 1_000_000)


def ln_1m(tail, other):
    return mp.log(tail) if tail < 0.5 else mp.log1p(-other)


def points(d):
    deviation = float(mp.sqrt(d.variance))
    low, high = d.ends
    high = min(high, 2**53)
    found = {low, low + 1}
    for z in (-36, -20, -8, -3, -1, -0.2, 0.3, 1, 2.5, 7, 15, 37):
        found.add(int(float(d.mean) + (z + rng.uniform(-0.1, 0.1)) * deviation))
    return sorted(k for k in found if low <= k < high)


def family(d):
    deviation = mp.sqrt(d.variance)
    for k in points(d):
        log = d.log(mp.mpf(k))
        write(f"{d.name}.pmf", [*d.parameters, k], mp.exp(log))
        write(f"{d.name}.logpmf", [*d.parameters, k], log)
        lower, upper = tails(d, k)
        write(f"{d.name}.cdf", [*d.parameters, k], lower)
        write(f"{d.name}.sf", [*d.parameters, k], upper)
        write(f"{d.name}.logcdf", [*d.parameters, k], ln_1m(lower, upper))
        write(f"{d.name}.logsf", [*d.parameters, k], ln_1m(upper, lower))
        if k < 2**53 and k > d.ends[0]:
            mass = mp.exp(log)
            # Halfway between two steps, if doubles tell them apart.
            for name, tail, half in (("ppf", lower, -mass / 2), ("isf", upper, mass / 2)):
                p = float(tail + half)
                if 1e-305 < p < 1 and mass / p > 1e-9:
                    write(f"{d.name}.{name}", [*d.parameters, p], k)
    # Moments other than those of the formulas are sums.
    if deviation < 1500 and d.name != "geom":
        total, j = mp.mpf(0), int(d.mean)
        for step in (1, -1):
            k = j if step == 1 else j - 1
            if not d.ends[0] <= k <= d.ends[1]:
                continue
            log = d.log(mp.mpf(k))
            while True:
                term = -log * mp.exp(log)
                total += term
                if abs(term) < abs(total) * mp.mpf(10) ** -24 and term != 0 or not d.ends[0] <= k + step <= d.ends[1]:
                    break
                log += mp.log(d.up(k)) if step == 1 else -mp.log(d.up(k - 1))
                k += step
        write(f"{d.name}.entropy", d.parameters, total)


def members():
    for rate in (1e-10, 0.01, 0.5, 3.0, 17.25, 60.0, 400.5, 2999.0, 3001.0, 1e5, 1e8, 1e12, 1e15):
        yield Poisson(rate)
    for n, p in (
        (1, 0.3), (2, 0.5), (10, 0.5), (20, 1e-3), (50, 0.99), (100, 0.3), (1000, 1e-10), (1000, 0.47), (5000, 0.9), (100_000, 1e-4),
        (10**6, 0.5), (10**9, 1e-8), (10**12, 0.2), (10**15, 1e-14), (10**15, 0.3), (10**15, 1 - 2.0**-40),
    ):
        yield Binomial(n, p)
    for r, p in (
        (0.01, 0.1), (1e-6, 1e-3), (0.5, 0.5), (1.0, 0.2), (3.0, 0.9), (2.5, 1e-3), (20.0, 0.3), (150.0, 0.05), (1e4, 0.5), (1e6, 0.999), (1e3, 1e-6),
        (40.0, 1e-9),
    ):
        yield NegativeBinomial(r, p)
    for p in (1e-12, 1e-3, 0.1, 0.5, 0.999):
        yield Geometric(p)
    for urn in (
        (10, 4, 3), (52, 4, 5), (50, 25, 25), (500, 60, 300), (5000, 100, 200), (10**4, 5000, 5000), (10**6, 10, 10**5), (10**6, 10**5, 10**3),
        (10**9, 10**4, 10**8), (10**7, 4 * 10**6, 10**6), (10**15, 10**14, 10**6), (10**15, 5 * 10**14, 3 * 10**14), (10**15, 10**8, 10**8),
    ):
        yield Hypergeometric(*urn)


if __name__ == "__main__":
    import time

    # Both ways to a hypergeometric tail agree.
    urn = Hypergeometric(10**7, 4 * 10**6, 10**6)
    for k in (398_500, 401_000):
        for one, other in zip(tails(urn, k), urn.tails(k)):
            assert abs(one / other - 1) < 1e-18, (k, one, other)
    for d in members():
        began = time.perf_counter()
        family(d)
        took = time.perf_counter() - began
        if took > 3:
            print(d.name, d.parameters, round(took, 1), "s")
    with open("distributions_disc.csv", "w") as file:
        file.write("\n".join(rows) + "\n")
