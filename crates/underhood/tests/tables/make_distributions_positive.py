"""Make `distributions_positive.csv`: reference values for the gamma family, beta, and the distributions of positive numbers.

Run `python make_distributions_positive.py` in this folder (a minute). A line is `family.method`, its arguments (the parameters, then x or p),
and the value to 20 digits; the arguments are doubles, and meant exactly. Tails of gamma and beta are `make_reference.py`'s, which does not rely on
mpmath's own; the others have closed forms.
"""

import random
import sys

import make_reference
import mpmath as mp
from make_reference import beta_tails, gamma_tails, inverse, ln_beta

mp.mp.dps = 60
rng = random.Random(4)
rows = []


def decade(low, high):
    return 10 ** rng.uniform(low, high)


def write(name, arguments, value):
    value = mp.mpf(value)
    if value == 0 or abs(value) < mp.mpf("2.3e-308") or abs(value) > mp.mpf("1.7e308"):
        return
    rows.append(",".join([name, *(repr(float(v)) for v in arguments), mp.nstr(value, 20, min_fixed=0, max_fixed=0)]))


def tails(family, parameters, x, p, q, log_density):
    """The six functions of x: p and q are both tails, to many digits."""
    at = [*parameters, x]
    write(f"{family}.cdf", at, p)
    write(f"{family}.sf", at, q)
    write(f"{family}.logcdf", at, mp.log1p(-q) if q < 0.5 else mp.log(p))
    write(f"{family}.logsf", at, mp.log1p(-p) if p < 0.5 else mp.log(q))
    write(f"{family}.pdf", at, mp.exp(log_density))
    write(f"{family}.logpdf", at, log_density)


def gammas():
    points = [(3.0, 0.1), (0.01, 1e-290), (1e-3, 5e-300), (1e8, 1e8), (0.5, 700.0), (20.0, 1e-10)]
    for _ in range(12):
        a = decade(-3, 1.3)
        points += [(a, rng.gammavariate(a, 1) or 1e-290), (a, decade(-5, 2.8))]
    for _ in range(14):
        a = decade(1.2, 7)
        points += [(a, a * abs(1 + rng.gauss(0, 1) * rng.choice((1, 4)) / a**0.5))]
    for a, x in points:
        p, q = gamma_tails(a, x)
        am, xm = mp.mpf(a), mp.mpf(x)
        log = am * mp.log(xm) - xm - mp.loggamma(am)
        tails("gamma", [a, 1.0], x, p, q, log - mp.log(xm))
        for side, rounded, root in inverse(x, (p, q), mp.exp(log)):
            write("gamma.ppf" if side == "l" else "gamma.isf", [a, 1.0, rounded], root)
    # Quotients that leave the range of doubles, and come back in the probability.
    for a, scale, x in [(0.01, 1e200, 1e-250), (0.001, 1e300, 1e-300), (1e-4, 1e-300, 1e-320), (1e-20, 1e308, 1e-308)]:
        with mp.workdps(80):
            log = mp.mpf(a) * mp.log(mp.mpf(x) / mp.mpf(scale)) - mp.loggamma(mp.mpf(a) + 1)
            p = mp.exp(log)
            tails("gamma", [a, scale], x, p, -mp.expm1(log), log + mp.log(mp.mpf(a) / mp.mpf(x)))
    for a, scale, p in [(0.01, 1e300, 1e-4), (0.02, 1e280, 1e-8), (0.005, 1e305, 0.01)]:
        write("gamma.ppf", [a, scale, p], mp.exp((mp.log(mp.mpf(p)) + mp.loggamma(mp.mpf(a) + 1)) / mp.mpf(a)) * mp.mpf(scale))
    for a in [decade(-20, 20) for _ in range(25)] + [1.0, 2.0, 7.9999, 8.0, 1e10]:
        m = mp.mpf(a)
        write("gamma.entropy", [a, 1.0], m + mp.loggamma(m) + (1 - m) * mp.digamma(m))
        write("gamma.skewness", [a, 1.0], 2 / mp.sqrt(m))
        write("inverse_gamma.entropy", [a, 1.0], m + mp.loggamma(m) - (1 + m) * mp.digamma(m))


def inverse_gammas():
    for _ in range(25):
        a, y = decade(-2, 4), None
        y = a * abs(1 + rng.gauss(0, 1) * rng.choice((1, 3)) / a**0.5) if a > 1 else decade(-20, 2)
        # scale/x is to be exact: powers of two.
        x = 2.0 ** rng.randrange(-20, 20)
        scale = y * x
        p, q = gamma_tails(a, y)
        am, ym, xm = mp.mpf(a), mp.mpf(y), mp.mpf(x)
        tails("inverse_gamma", [a, scale], x, q, p, am * mp.log(ym) - ym - mp.loggamma(am) - mp.log(xm))


def betas():
    points = [(2.0, 3.0, 1 - 2.0**-53), (0.5, 0.5, 1 - 2.0**-50), (3.0, 0.2, 1 - 1e-12), (0.3, 4.0, 1e-200), (1.0, 1.0, 0.3), (1e8, 1e8, 0.5)]
    for _ in range(14):
        a, b = decade(-1.3, 1.5), decade(-1.3, 1.5)
        points += [(a, b, rng.betavariate(a, b)), (a, b, rng.random())]
    for _ in range(12):
        a, b = decade(1, 6), decade(1, 6)
        mean = a / (a + b)
        points.append((a, b, mean * (1 + rng.gauss(0, 1) * 3 * (1 - mean) / (a * b / (a + b)) ** 0.5)))
    for a, b, x in points:
        if not 1e-250 < x < 1:
            continue
        try:
            p, q = beta_tails(a, b, x)
        except ValueError as error:
            print(error, file=sys.stderr)
            continue
        am, bm, xm = mp.mpf(a), mp.mpf(b), mp.mpf(x)
        log = (am - 1) * mp.log(xm) + (bm - 1) * mp.log(1 - xm) - ln_beta(am, bm)
        tails("beta", [a, b], x, p, q, log)
        if x < 0.9:
            for side, rounded, root in inverse(x, (p, q), mp.exp(log) * xm):
                write("beta.ppf" if side == "l" else "beta.isf", [a, b, rounded], root)
    pairs = [(decade(-20, 20), decade(-20, 20)) for _ in range(30)] + [(decade(-2, 3), decade(-2, 3)) for _ in range(20)]
    pairs += [(2.0, 3.0), (1.0, 3.0), (0.5, 0.5), (1e10, 1e10), (0.3, 1e10), (1e15, 2.0)]
    for a, b in pairs:
        with mp.workdps(120):
            am, bm = mp.mpf(a), mp.mpf(b)
            s = am + bm
            entropy = ln_beta(am, bm) - (am - 1) * mp.digamma(am) - (bm - 1) * mp.digamma(bm) + (s - 2) * mp.digamma(s)
            write("beta.entropy", [a, b], entropy)
            write("beta.var", [a, b], am * bm / (s * s * (s + 1)))
            write("beta.skewness", [a, b], 2 * (bm - am) * mp.sqrt(s + 1) / ((s + 2) * mp.sqrt(am * bm)))
            write("beta.kurtosis", [a, b], 6 * ((am - bm) ** 2 * (s + 1) - am * bm * (s + 2)) / (am * bm * (s + 2) * (s + 3)))


def by_hazard(family, parameters, x, hazard, rate):
    """A distribution with survival exp(−hazard)."""
    with mp.workdps(400):
        p = -mp.expm1(-hazard)
        tails(family, parameters, x, p, mp.exp(-hazard), mp.log(rate) - hazard)


def quantiles(family, parameters, point):
    """`point` gives the x with cumulative hazard h."""
    for p in [rng.random(), decade(-17, -1), decade(-300, -1)]:
        with mp.workdps(400):
            write(f"{family}.ppf", [*parameters, p], point(-mp.log1p(-mp.mpf(p))))
            write(f"{family}.isf", [*parameters, p], point(-mp.log(mp.mpf(p))))


def lifetimes():
    for _ in range(30):
        scale, e = decade(-5, 5), rng.choice((rng.expovariate(1), decade(-300, 0), decade(0, 2.85)))
        s = mp.mpf(scale)
        x = e / scale
        by_hazard("exponential", [scale], x, s * mp.mpf(x), s)
        quantiles("exponential", [scale], lambda h: h / s)
        x = scale * (2 * e) ** 0.5
        by_hazard("rayleigh", [scale], x, (mp.mpf(x) / s) ** 2 / 2, mp.mpf(x) / s**2)
        quantiles("rayleigh", [scale], lambda h: s * mp.sqrt(2 * h))
        k = rng.choice((decade(-1, 1), decade(-2, 8)))
        km = mp.mpf(k)
        x = float(s * mp.mpf(e) ** (1 / km)) if -300 < mp.log10(mp.mpf(e)) / km + mp.log10(s) < 300 else scale * 1.5
        by_hazard("weibull", [k, scale], x, (mp.mpf(x) / s) ** km, km / s * (mp.mpf(x) / s) ** (km - 1))
        quantiles("weibull", [k, scale], lambda h: s * h ** (1 / km))
        # Next to the smallest value x/scale − 1 has few digits, and all of them count.
        x = scale * (1 + decade(-15, 0)) if rng.random() < 0.5 else scale * 10 ** rng.uniform(0, min(300 / k, 250))
        if x > scale:
            by_hazard("pareto", [k, scale], x, km * mp.log(mp.mpf(x) / s), km / mp.mpf(x))
        quantiles("pareto", [k, scale], lambda h: s * mp.exp(h / km))
    for k, scale, x in [(0.01, 1e-200, 1e200), (1e-3, 1e200, 1e-200), (2.0, 1e-310, 1e-309), (0.5, 1e300, 1e-320)]:
        km, s = mp.mpf(k), mp.mpf(scale)
        by_hazard("weibull", [k, scale], x, (mp.mpf(x) / s) ** km, km / s * (mp.mpf(x) / s) ** (km - 1))
        if x > scale:
            by_hazard("pareto", [k, scale], x, km * mp.log(mp.mpf(x) / s), km / mp.mpf(x))
    for k in [decade(-1.8, 10) for _ in range(30)] + [1.0, 2.0, 3.6, 10.0, 9.99999]:
        with mp.workdps(120):
            g = [mp.gamma(1 + j / mp.mpf(k)) for j in range(5)]
            var = g[2] - g[1] ** 2
            write("weibull.var", [k, 1.0], var)
            write("weibull.skewness", [k, 1.0], (g[3] - 3 * g[2] * g[1] + 2 * g[1] ** 3) / var ** mp.mpf("1.5"))
            write("weibull.kurtosis", [k, 1.0], (g[4] - 4 * g[3] * g[1] + 6 * g[2] * g[1] ** 2 - 3 * g[1] ** 4) / var**2 - 3)
            write("weibull.entropy", [k, 1.0], mp.euler * (1 - 1 / mp.mpf(k)) - mp.log(mp.mpf(k)) + 1)


def log_normals():
    for _ in range(60):
        mu, sigma = rng.choice((0.0, rng.uniform(-20, 20))), rng.choice((1.0, decade(-3, 1.5)))
        z = rng.choice((rng.gauss(0, 1), rng.uniform(-37, 37)))
        if abs(mu + sigma * z) > 690:
            continue
        x = float(mp.exp(mp.mpf(mu) + mp.mpf(sigma) * mp.mpf(z)))
        z = (mp.log(mp.mpf(x)) - mp.mpf(mu)) / mp.mpf(sigma)
        p, q = mp.erfc(-z / mp.sqrt(2)) / 2, mp.erfc(z / mp.sqrt(2)) / 2
        log = -z * z / 2 - mp.log(mp.mpf(x)) - mp.log(mp.mpf(sigma)) - mp.log(2 * mp.pi) / 2
        tails("log_normal", [mu, sigma], x, p, q, log)
        for side, rounded, root in inverse(x, (p, q), mp.exp(log) * mp.mpf(x)):
            if abs(rounded - 0.5) > 1e-3:
                write("log_normal.ppf" if side == "l" else "log_normal.isf", [mu, sigma, rounded], root)
    for sigma in [decade(-8, 0.8) for _ in range(20)]:
        w = mp.expm1(mp.mpf(sigma) ** 2)
        write("log_normal.var", [0.5, sigma], w * mp.exp(1 + mp.mpf(sigma) ** 2))
        write("log_normal.skewness", [0.5, sigma], (w + 3) * mp.sqrt(w))
        write("log_normal.kurtosis", [0.5, sigma], (w + 1) ** 4 + 2 * (w + 1) ** 3 + 3 * (w + 1) ** 2 - 6)


def uniforms():
    for _ in range(30):
        low = rng.uniform(-10, 10)
        high = low + decade(-3, 3)
        x = rng.uniform(low, high)
        lm, hm, xm = mp.mpf(low), mp.mpf(high), mp.mpf(x)
        if not lm < xm < hm:
            continue
        tails("uniform", [low, high], x, (xm - lm) / (hm - lm), (hm - xm) / (hm - lm), -mp.log(hm - lm))
        p = rng.random()
        write("uniform.ppf", [low, high, p], lm + mp.mpf(p) * (hm - lm))
        write("uniform.isf", [low, high, p], hm - mp.mpf(p) * (hm - lm))


if __name__ == "__main__":
    # Those points are this file's own.
    make_reference.rng.seed(4)
    for part in (gammas, inverse_gammas, betas, lifetimes, log_normals, uniforms):
        part()
    with open("distributions_positive.csv", "w") as file:
        file.write("\n".join(rows) + "\n")
