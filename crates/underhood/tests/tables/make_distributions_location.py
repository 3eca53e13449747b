"""Make `distributions_location.csv`: reference values from mpmath for the families with a location and a scale, and for moments and entropies.

Run `python make_distributions_location.py` in this folder (about a minute). A line is a function's name, its arguments, and its value to 20 digits; the
arguments are doubles, and meant exactly. Distribution functions are closed forms evaluated with digits to spare; those of the von Mises
distribution are integrated numerically, tail by tail.
"""

import random

import mpmath as mp

mp.mp.dps = 50
rng = random.Random(20264)
rows = []


def write(name, arguments, value):
    value = mp.mpf(value)
    if value != 0 and mp.mpf("1e-305") < abs(value) < mp.mpf("1e305"):
        rows.append(",".join([name, *map(repr, arguments), mp.nstr(value, 20)]))


def decade(low, high):
    return 10.0 ** rng.uniform(low, high)


def both(name, arguments, x, density, log_density, lower, upper):
    """All six functions at a point; `lower` and `upper` are the tails to full relative precision."""
    write(f"{name}.pdf", [*arguments, x], density)
    write(f"{name}.logpdf", [*arguments, x], log_density)
    write(f"{name}.cdf", [*arguments, x], lower)
    write(f"{name}.sf", [*arguments, x], upper)
    write(f"{name}.logcdf", [*arguments, x], mp.log1p(-upper) if upper < 0.5 else mp.log(lower))
    write(f"{name}.logsf", [*arguments, x], mp.log1p(-lower) if lower < 0.5 else mp.log(upper))


PROBABILITIES = [rng.random() for _ in range(25)] + [decade(-300, -1) for _ in range(25)]
PROBABILITIES += [1 - decade(-15, -1) for _ in range(10)] + [0.25, 0.75, 0.5 + 2.0**-30, 0.5 - 2.0**-40, 1e-300]
POINTS = [rng.gauss(0, 2) for _ in range(40)] + [s * decade(-12, 2.8) for s in (1, -1) for _ in range(30)] + [1.0, -1.0, 40.0, -6.5, 700.0]


def cauchy():
    for x in POINTS + [s * decade(3, 300) for s in (1, -1) for _ in range(15)]:
        with mp.workdps(80):
            z = mp.mpf(x)
            near = mp.atan(1 / abs(z)) / mp.pi
            far = 1 - near
            log_density = -mp.log(mp.pi) - mp.log1p(z * z)
            both("cauchy", [], x, mp.exp(log_density), log_density, near if z < 0 else far, far if z < 0 else near)
    for p in PROBABILITIES:
        with mp.workdps(400):
            x = -mp.cot(mp.pi * mp.mpf(p))
        write("cauchy.ppf", [p], x)
        write("cauchy.isf", [p], -x)


def laplace():
    for x in POINTS:
        z = mp.mpf(x)
        near = mp.exp(-abs(z)) / 2
        both("laplace", [], x, near, -abs(z) - mp.log(2), near if z < 0 else 1 - near, 1 - near if z < 0 else near)
    for p in PROBABILITIES:
        with mp.workdps(400):
            m = mp.mpf(p)
            x = mp.log(2 * m) if m < 0.5 else -mp.log(2 * (1 - m))
        write("laplace.ppf", [p], x)
        write("laplace.isf", [p], -x)


def logistic():
    for x in POINTS:
        with mp.workdps(400):
            e = mp.exp(-abs(mp.mpf(x)))
            near, far = e / (1 + e), 1 / (1 + e)
            density = e / (1 + e) ** 2
            both("logistic", [], x, density, mp.log(density), near if x < 0 else far, far if x < 0 else near)
    for p in PROBABILITIES:
        with mp.workdps(400):
            x = mp.log(mp.mpf(p) / (1 - mp.mpf(p)))
        write("logistic.ppf", [p], x)
        write("logistic.isf", [p], -x)


def gumbel():
    for x in POINTS + [-rng.uniform(1, 6.6) for _ in range(40)]:
        with mp.workdps(400):
            z = mp.mpf(x)
            y = mp.exp(-z)
            both("gumbel", [], x, mp.exp(-z - y), -z - y, mp.exp(-y), -mp.expm1(-y))
            if z > 30:
                rows.pop()
                write("gumbel.logsf", [x], mp.log(-mp.expm1(-y)))
    for p in PROBABILITIES:
        with mp.workdps(400):
            m = mp.mpf(p)
            write("gumbel.ppf", [p], -mp.log(-mp.log(m)))
            write("gumbel.isf", [p], -mp.log(-mp.log1p(-m)))


def triangular():
    shapes = [(0.0, 0.3, 1.0), (0.0, 0.0, 1.0), (0.0, 1.0, 1.0), (-1.0, 1e-3, 2.0), (0.0, 1e-9, 1.0), (0.0, 0.75, 1.0), (-4.0, -1.0, 0.0)]
    for shape in shapes:
        low, peak, high = map(mp.mpf, shape)
        width = high - low
        points = [shape[0] + (shape[2] - shape[0]) * rng.random() for _ in range(12)]
        points += [shape[0] + (shape[2] - shape[0]) * decade(-12, -1) for _ in range(6)] if shape[0] == 0 else []
        points += [shape[1] + s * decade(-12, -2) for s in (1, -1) for _ in range(3)] + [shape[1]]
        for point in points:
            x = mp.mpf(point)
            if not low < x < high:
                continue
            if x < peak:
                density, lower = 2 * (x - low) / (width * (peak - low)), (x - low) ** 2 / (width * (peak - low))
                upper = 1 - lower
            else:
                density = 2 * (high - x) / (width * (high - peak)) if high > peak else 2 / width
                upper = (high - x) ** 2 / (width * (high - peak)) if high > peak else mp.mpf(0)
                lower = 1 - upper
            both("triangular", shape, point, density, mp.log(density), lower, upper)
        share = (peak - low) / width
        for p in [rng.random() for _ in range(12)] + [decade(-300, -1) for _ in range(8)] + [decade(-12, -6) for _ in range(4)]:
            m = mp.mpf(p)
            with mp.workdps(400):
                below = low + mp.sqrt(m * width * (peak - low)), high - mp.sqrt((1 - m) * width * (high - peak))
                write("triangular.ppf", [*shape, p], below[0] if m <= share else below[1])
                above = low + mp.sqrt((1 - m) * width * (peak - low)), high - mp.sqrt(m * width * (high - peak))
                write("triangular.isf", [*shape, p], above[0] if 1 - m <= share else above[1])
        skewness = mp.sqrt(2) * (1 - 2 * share) * (1 + share) * (2 - share) / (5 * (1 - share + share**2) ** mp.mpf(1.5))
        for name, value in (
            ("mean", (low + peak + high) / 3),
            ("var", width**2 * (1 - share * (1 - share)) / 18),
            ("skewness", skewness),
            ("entropy", mp.mpf(0.5) + mp.log(width / 2)),
        ):
            write(f"triangular.{name}", list(shape), value)


def bessel_0(kappa):
    """e^(−κ)·I₀(κ)."""
    if kappa < 1e4:
        with mp.workdps(60):
            return mp.besseli(0, kappa) * mp.exp(-kappa)
    total = term = mp.mpf(1)
    for k in range(1, 60):
        term *= mp.mpf(2 * k - 1) ** 2 / (8 * k * kappa)
        total += term
        if term < mp.mpf("1e-40"):
            break
    return total / mp.sqrt(2 * mp.pi * kappa)


def integrated(start, kappa, weight):
    """∫ from start to π of weight(t)·exp(−2κ(sin²(t/2) − sin²(start/2))) dt."""
    first = mp.sin(start / 2) ** 2
    slope = kappa * mp.sin(start)
    step = min(1 / max(slope, mp.sqrt(kappa), mp.mpf(1)), (mp.pi - start))
    total, low = mp.mpf(0), start
    while low < mp.pi:
        high = min(mp.pi, low + step)
        total += mp.quad(lambda t: weight(t) * mp.exp(-2 * kappa * (mp.sin(t / 2) ** 2 - first)), [low, high])
        if 2 * kappa * (mp.sin(high / 2) ** 2 - first) > 110:
            break
        low, step = high, step * 1.6
    return total


def von_mises():
    mp.mp.dps = 34
    kappas = [1e-10, 1e-3, 0.5, 1.0, 3.0, 9.5, 19.9, 20.1, 60.0, 337.0, 1e4, 1e6, 1e10]
    for k in kappas:
        kappa = mp.mpf(k)
        normal = 2 * mp.pi * bessel_0(kappa)
        spread = min(1.0, k**-0.5)
        sizes = [spread * abs(rng.gauss(0, 1.3)) for _ in range(3)] + [spread * rng.uniform(2, 30) for _ in range(3)] + [rng.uniform(0, 3.14), 3.1415, 1e-6]
        for size in sizes:
            if not 0 < size < 3.1415926:
                continue
            t = mp.mpf(size)
            energy = 2 * kappa * mp.sin(t / 2) ** 2
            tail = mp.exp(-energy) / normal * integrated(t, kappa, lambda t: mp.mpf(1))
            if tail == 0:
                continue
            log_density = -energy - mp.log(normal)
            for x, lower, upper in ((size, 1 - tail, tail), (-size, tail, 1 - tail)):
                both("vonmises", [k], x, mp.exp(log_density), log_density, lower, upper)
            # The angle whose tail is that one rounded to a double.
            rounded = float(tail)
            if 1e-305 < rounded < 0.45:
                angle = t - (rounded - tail) * normal * mp.exp(energy)
                write("vonmises.ppf", [k, rounded], -angle)
                write("vonmises.isf", [k, rounded], angle)
        # Weights of ordinary size: mpmath's integrals are good to so many digits absolutely.
        unit = 1 / mp.mpf(spread)
        whole = integrated(mp.mpf(0), kappa, lambda t: unit)
        second = integrated(mp.mpf(0), kappa, lambda t: unit * (unit * t) ** 2) / whole
        fourth = integrated(mp.mpf(0), kappa, lambda t: unit * (unit * t) ** 4) / whole
        write("vonmises.var", [k], second / unit**2)
        write("vonmises.kurtosis", [k], fourth / second**2 - 3)
        lacking = integrated(mp.mpf(0), kappa, lambda t: unit * (2 * unit * mp.sin(t / 2)) ** 2) / whole / 2
        write("vonmises.entropy", [k], mp.log(normal) + kappa * lacking / unit**2)
    mp.mp.dps = 50


def moments():
    degrees = [1e-10, 1e-3, 0.1, 1.0, 2.0, 5.0, 11.0, 31.9, 32.1, 100.0, 1e4, 1e8, 1e13, 1e20]
    mp.mp.dps = 90
    psi, ln_gamma = mp.digamma, mp.loggamma
    for df in degrees:
        h = mp.mpf(df) / 2
        write("chi2.entropy", [df], h + mp.log(2) + ln_gamma(h) + (1 - h) * psi(h))
        ln_beta = ln_gamma(h) + mp.log(mp.pi) / 2 - ln_gamma(h + mp.mpf(1) / 2)
        write("t.entropy", [df], (h + mp.mpf(1) / 2) * (psi(h + mp.mpf(1) / 2) - psi(h)) + mp.log(2 * h) / 2 + ln_beta)
        for other in degrees:
            a, b = h, mp.mpf(other) / 2
            ln_beta = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
            entropy = ln_beta + mp.log(b / a) + (1 - a) * psi(a) - (1 + b) * psi(b) + (a + b) * psi(a + b)
            write("f.entropy", [df, other], entropy)
            m, n = mp.mpf(df), mp.mpf(other)
            if n > 8:
                variance = 2 * n**2 * (m + n - 2) / (m * (n - 2) ** 2 * (n - 4))
                write("f.var", [df, other], variance)
                write("f.skewness", [df, other], (2 * m + n - 2) * mp.sqrt(8 * (n - 4)) / ((n - 6) * mp.sqrt(m * (m + n - 2))))
                top = m * (5 * n - 22) * (m + n - 2) + (n - 4) * (n - 2) ** 2
                write("f.kurtosis", [df, other], 12 * top / (m * (n - 6) * (n - 8) * (m + n - 2)))
    mp.mp.dps = 50


if __name__ == "__main__":
    for part in (cauchy, laplace, logistic, gumbel, triangular, von_mises, moments):
        part()
    with open("distributions_location.csv", "w") as file:
        file.write("\n".join(rows) + "\n")
