"""Make `special.csv` and `distributions.csv`: reference values from mpmath at 60 digits and more.

Run `python make_reference.py` in this folder (two or three minutes). A line is a function's name, its arguments, and its value to 20
digits; the arguments are doubles, and meant exactly. Incomplete functions do not rely on mpmath's own: they are summed from
series of positive terms below the mode (the other tail by subtraction with digits to spare), and integrated numerically where such a
series would be too long (large parameters); `--check` compares the two, and the series with mpmath's own, on some two hundred points
with parameters from 200 to 10,000, where all three serve (three minutes).
"""

import random
import sys

import mpmath as mp

mp.mp.dps = 60
rng = random.Random(20260)
# The functions that came later have a stream of their own, so that the lines before them stay.
own = random.Random(20261)
current = rng
SERIES_TERMS = 60_000


def ln_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def sum_of_ratios(ratio):
    """1 + r₀ + r₀r₁ + …, or None if it takes too many terms."""
    total = term = mp.mpf(1)
    for n in range(SERIES_TERMS):
        term *= ratio(n)
        total += term
        if term < total * mp.eps / 100:
            return total
    return None


def integrated(log_density, slope, curvature):
    """∫₀^∞ exp(log_density(s)) ds for a concave exponent with log_density(0) = 0 and that slope and curvature at 0."""
    scale = 1 / max(-slope, mp.sqrt(curvature))
    points = [scale * k for k in (0, 0.5, 1, 2, 3, 4.5, 6, 8, 11, 15, 20, 28, 40, 60, 90, 160)]
    total = mp.mpf(0)
    for low, high in zip(points, points[1:]):
        if log_density(low) < -mp.mp.dps * 2.4:
            break
        total += mp.quad(lambda s: mp.exp(log_density(s)), [low, high])
    return total


def gamma_tails(a, x):
    """(P, Q) of the incomplete gamma function."""
    a, x = mp.mpf(a), mp.mpf(x)
    with mp.workdps(80):
        log_density = a * mp.log(x) - x - mp.loggamma(a)
        if x < a + 1 or x < 30:
            total = sum_of_ratios(lambda n: x / (a + 1 + n))
            if total is not None:
                lower = mp.exp(log_density) / a * total
                if lower < 0.999999 or a < 1:
                    if lower > 0.5 and a < 0.01:
                        mp.mp.dps += 60
                        lower = mp.exp(a * mp.log(x) - x - mp.loggamma(a)) / a * sum_of_ratios(lambda n: x / (a + 1 + n))
                    return lower, 1 - lower
        if x < a:
            area = integrated(lambda s: (a - 1) * mp.log1p(-s / x) + s if s < x else mp.ninf, -((a - 1) / x - 1), (a - 1) / x**2)
            lower = mp.exp(log_density) / x * area
            return lower, 1 - lower
        area = integrated(lambda s: (a - 1) * mp.log1p(s / x) - s, (a - 1) / x - 1, max((a - 1) / x**2, 1e-30))
        upper = mp.exp(log_density) / x * area
        return 1 - upper, upper


def beta_tails(a, b, x, y=None):
    """(I, 1 − I) of the incomplete beta function; y = 1 − x unless it is known better."""
    a, b, x = mp.mpf(a), mp.mpf(b), mp.mpf(x)
    with mp.workdps(90):
        y = 1 - x if y is None else mp.mpf(y)
        if x * (a + b) > a:
            lower, upper = smaller_beta_tail(b, a, y, x)
            return upper, lower
        return smaller_beta_tail(a, b, x, y)


def smaller_beta_tail(a, b, x, y):
    log_density = a * mp.log(x) + b * mp.log(y) - ln_beta(a, b)
    total = sum_of_ratios(lambda n: x * (a + b + n) / (a + 1 + n))
    if total is not None:
        lower = mp.exp(log_density) / a * total
        return lower, 1 - lower
    if a < 1 or b < 1:
        raise ValueError(f"neither a short series nor a concave density: {a} {b} {x}")

    def fall(s):
        return (a - 1) * mp.log1p(-s / x) + (b - 1) * mp.log1p(s / y) if s < x else mp.ninf

    area = integrated(fall, -((a - 1) / x - (b - 1) / y), (a - 1) / x**2 + (b - 1) / y**2)
    lower = mp.exp(log_density) / (x * y) * area
    return lower, 1 - lower


def t_tails(df, t):
    df, t = mp.mpf(df), mp.mpf(t)
    with mp.workdps(90):
        sum_ = df + t * t
        if df > 1e4 and 30 < t * t < df:
            # Far out, but not yet in the tail that falls as a power.
            upper, lower = t_by_integral(df, t)
        elif t * t < df and df > 1e3:
            # Near the centre by the series of the hypergeometric function in y.
            upper, lower = smaller_beta_tail(mp.mpf("0.5"), df / 2, t * t / sum_, df / sum_)
        else:
            try:
                lower, upper = beta_tails(df / 2, mp.mpf("0.5"), df / sum_, t * t / sum_)
            except ValueError:
                upper, lower = t_by_integral(df, t)
        half = lower / 2
        return (1 - half, half) if t > 0 else (half, 1 - half)


def t_by_integral(df, t):
    c = mp.exp(-mp.log(df) / 2 - ln_beta(df / 2, mp.mpf("0.5")))
    t = abs(t)
    log_density = lambda s: -(df + 1) / 2 * mp.log1p(s * s / df)
    start = log_density(t)
    rate = (df + 1) * t / (df + t * t)
    area = integrated(lambda s: log_density(t + s) - start, -max(rate, mp.mpf("0.3")), mp.mpf("0.1"))
    two = 2 * c * mp.exp(start) * area
    return 1 - two, two


def decade(low, high):
    """A double, evenly spread over the decades."""
    return 10 ** current.uniform(low, high)


def spread(a):
    return rng.gauss(0, 1) * rng.choice((0.3, 1, 3, 6)) / a**0.5


lines = {"special": [], "distributions": []}


def write(file, name, arguments, value):
    value = mp.mpf(value)
    if value == 0 or abs(value) < mp.mpf("2.3e-308") or abs(value) > mp.mpf("1.7e308"):
        return
    lines[file].append(",".join([name, *(repr(float(v)) for v in arguments), mp.nstr(value, 20, min_fixed=0, max_fixed=0)]))


def inverse(x, tails, log_slope):
    """For each tail that a double can hold well: that double, and the x it belongs to (one Newton step in ln x, to 30 digits)."""
    for side, p in zip("lu", tails):
        rounded = float(p)
        if 1e-305 < rounded < 0.9:
            step = (mp.mpf(rounded) - p) / (log_slope if side == "l" else -log_slope)
            yield side, rounded, mp.mpf(x) * mp.exp(step)


def error_functions():
    points = [rng.uniform(-6, 6) for _ in range(40)] + [decade(-20, 1.4) for _ in range(60)] + [0.5, 0.84375, 1.25, 1 / 0.35, 6.0, 26.5]
    for x in points:
        write("special", "erf", [x], mp.erf(x))
        write("special", "erfc", [x], mp.erfc(x))
        if x > 0:
            write("special", "erfcx", [x], mp.exp(mp.mpf(x) ** 2) * mp.erfc(x))
    for x in [decade(1, 20) for _ in range(20)]:
        with mp.workdps(60):
            z = mp.mpf(x)
            write("special", "erfcx", [x], mp.hyperu(0.5, 0.5, z * z) / mp.sqrt(mp.pi) if x < 1e6 else (1 - 1 / (2 * z * z)) / (z * mp.sqrt(mp.pi)))
    for x in [rng.uniform(-9, 9) for _ in range(60)] + [-decade(0, 1.57) for _ in range(60)] + [-37.5, -1.0, -0.5, 0.5, 1.0, 8.0, 36.0]:
        p = mp.erfc(-mp.mpf(x) / mp.sqrt(2)) / 2
        write("special", "ndtr", [x], p)
        write("special", "log_ndtr", [x], mp.log(p) if p < 0.5 else mp.log1p(-mp.erfc(mp.mpf(x) / mp.sqrt(2)) / 2))
        write("distributions", "norm.cdf", [x], p)
        write("distributions", "norm.sf", [-x], p)
        write("distributions", "norm.pdf", [x], mp.exp(-mp.mpf(x) ** 2 / 2) / mp.sqrt(2 * mp.pi))
        write("distributions", "norm.logpdf", [x], -mp.mpf(x) ** 2 / 2 - mp.log(2 * mp.pi) / 2)
        rounded = float(p)
        if 0 < rounded < 0.9 and abs(x) > 1e-3:
            z = mp.findroot(lambda z: mp.log(mp.erfc(-z / mp.sqrt(2)) / 2) - mp.log(mp.mpf(rounded)), x, tol=1e-60)
            write("special", "ndtri", [rounded], z)
            write("distributions", "norm.ppf", [rounded], z)
            write("distributions", "norm.isf", [rounded], -z)
    for x in [-decade(1.5, 100) for _ in range(20)]:
        z = -mp.mpf(x) / mp.sqrt(2)
        tail = sum((-1) ** k * mp.fac2(2 * k - 1) / (2 * z * z) ** k for k in range(12)) if x < -1e3 else mp.exp(z * z) * mp.erfc(z) * z * mp.sqrt(mp.pi)
        write("special", "log_ndtr", [x], -z * z + mp.log(tail / (2 * z * mp.sqrt(mp.pi))))


def gamma_functions():
    points = [rng.uniform(0, 171.6) for _ in range(60)] + [decade(-300, 2.2) for _ in range(30)] + [1 + 1e-8, 1 - 1e-8, 2 + 1e-8, 1.5, 8.0, 7.999, 0.5]
    points += [1 + s * decade(-15, -1) for s in (1, -1) for _ in range(10)] + [2 + s * decade(-15, -1) for s in (1, -1) for _ in range(10)]
    for x in points:
        write("special", "gamma", [x], mp.gamma(mp.mpf(x)))
        if x not in (1.0, 2.0):
            write("special", "gammaln", [x], mp.loggamma(mp.mpf(x)))
    for x in [decade(2, 300) for _ in range(30)]:
        write("special", "gammaln", [x], mp.loggamma(mp.mpf(x)))
    for x in [-rng.uniform(0, 20) for _ in range(30)]:
        write("special", "gamma", [x], mp.gamma(mp.mpf(x)))
    for _ in range(150):
        a, b = decade(-10, 10), decade(-10, 10)
        with mp.workdps(80):
            write("special", "betaln", [a, b], ln_beta(mp.mpf(a), mp.mpf(b)))


def incomplete_gammas():
    points = [(1e15, 1e15), (50.0, 700.0), (1e15, 1e15 - 3e7), (1e15, 1e15 + 6e8), (0.5, 1.1), (1.0, 1.1), (16.0, 16.0), (16.0, 4.96)]
    points += [(16.0, 36.8), (15.999, 16.5), (0.05, 1e-300), (0.05, 650.0), (1e-3, 1.0), (1e-3, 1e-10), (0.999, 1.0999), (20.0, 6.0), (1e8, 1e8)]
    for _ in range(35):
        a = decade(-3, 1.3)
        points.append((a, rng.gammavariate(a, 1) or 1e-300))
        points.append((a, decade(-5, 2.8)))
    for _ in range(45):
        a = decade(1.2, 4)
        points.append((a, a * abs(1 + spread(a))))
        points.append((a, a * decade(-1, 0.5)))
    for _ in range(25):
        a = decade(4, 10)
        points.append((a, a * (1 + spread(a))))
        a = decade(4, 7)
        points.append((a, a * (1 + 3 * spread(a))))
    for a, x in points:
        p, q = gamma_tails(a, x)
        write("special", "gammainc", [a, x], p)
        write("special", "gammaincc", [a, x], q)
        am, xm = mp.mpf(a), mp.mpf(x)
        log_slope = mp.exp(am * mp.log(xm) - xm - mp.loggamma(am))
        for side, rounded, root in inverse(x, (p, q), log_slope):
            write("special", "gammaincinv" if side == "l" else "gammainccinv", [a, rounded], root)
        df, chi = 2 * a, 2 * x
        write("distributions", "chi2.cdf", [df, chi], p)
        write("distributions", "chi2.sf", [df, chi], q)
        write("distributions", "chi2.logcdf", [df, chi], mp.log1p(-q) if q < 0.5 else mp.log(p))
        write("distributions", "chi2.logsf", [df, chi], mp.log1p(-p) if p < 0.5 else mp.log(q))
        write("distributions", "chi2.pdf", [df, chi], log_slope / chi)
        write("distributions", "chi2.logpdf", [df, chi], am * mp.log(xm) - xm - mp.loggamma(am) - mp.log(chi))
        for side, rounded, root in inverse(chi, (p, q), log_slope):
            write("distributions", "chi2.ppf" if side == "l" else "chi2.isf", [df, rounded], root)
    for a, p in [(3.0, 1e-300), (0.05, 1e-10), (1e-2, 0.1), (50.0, 1e-300)]:
        with mp.workdps(40):
            x = mp.findroot(lambda u: mp.log(gamma_tails(a, mp.exp(u))[0]) - mp.log(mp.mpf(p)), (mp.log(p) + mp.loggamma(a + 1)) / a)
        write("special", "gammaincinv", [a, p], mp.exp(x))


def incomplete_betas():
    points = [(1e6, 2e6, 0.333), (1e8, 1e8, 0.5), (0.05, 0.5, 0.4), (0.5, 0.5, 0.5), (16.0, 16.0, 0.3), (32.0, 32.0, 0.5), (40.0, 25.0, 0.9)]
    for _ in range(50):
        a, b = decade(-1.3, 1.5), decade(-1.3, 1.5)
        points.append((a, b, rng.betavariate(a, b)))
        points.append((a, b, rng.random()))
    for _ in range(40):
        a, b = decade(0, 4), decade(0, 4)
        mean = a / (a + b)
        points.append((a, b, mean * (1 + spread(a * b / (a + b)) * (1 - mean))))
        points.append((a, b, mean * decade(-1, 0.3)))
        points.append((a, b, 1 - (1 - mean) * decade(-1, 0.3)))
    for _ in range(30):
        a, b = decade(4, 9), decade(4, 9)
        mean = a / (a + b)
        points.append((a, b, mean * (1 + spread(a * b / (a + b)) * (1 - mean))))
        a, b = decade(1, 2), decade(4, 9)
        mean = a / (a + b)
        points.append((a, b, mean * (1 + spread(a))))
    for a, b, x in points:
        if not 1e-300 < x < 1 - 1e-15:
            continue
        try:
            p, q = beta_tails(a, b, x)
        except ValueError as error:
            print(error, file=sys.stderr)
            continue
        write("special", "betainc", [a, b, x], p)
        write("special", "betaincc", [a, b, x], q)
        am, bm, xm = mp.mpf(a), mp.mpf(b), mp.mpf(x)
        log_slope = mp.exp(am * mp.log(xm) + (bm - 1) * mp.log(1 - xm) - ln_beta(am, bm))
        for side, rounded, root in inverse(x, (p, q), log_slope):
            write("special", "betaincinv" if side == "l" else "betainccinv", [a, b, rounded], root)


def f_distribution():
    points = [(1.0, 10.0, 10.24), (2.0, 1e7, 30.0), (0.5, 0.5, 1e100), (1.0, 1e10, 700.0), (3.0, 146.0, 1180.0), (5.0, 2.0, 1e80)]
    for _ in range(60):
        m, n = decade(-0.3, 3.5), decade(-0.3, 3.5)
        points.append((m, n, rng.gammavariate(m / 2, 2 / m) / rng.gammavariate(n / 2, 2 / n)))
        points.append((m, n, decade(-4, 4)))
    for _ in range(25):
        m, n = decade(0, 1.5), decade(4, 7)
        points.append((m, n, decade(-2, 1.5)))
        m, n = decade(3, 7), decade(3, 7)
        points.append((m, n, abs(1 + spread(m * n / (m + n)) * 1.4)))
    for _ in range(20):
        points.append((decade(-0.3, 1), decade(-0.3, 0.5), decade(10, 150)))
    for m, n, f in points:
        mm, nm, fm = mp.mpf(m), mp.mpf(n), mp.mpf(f)
        with mp.workdps(120):
            y, x = mm * fm / (mm * fm + nm), nm / (mm * fm + nm)
        try:
            p, q = beta_tails(mm / 2, nm / 2, y, x)
        except ValueError as error:
            print(error, file=sys.stderr)
            continue
        write("distributions", "f.cdf", [m, n, f], p)
        write("distributions", "f.sf", [m, n, f], q)
        write("distributions", "f.logcdf", [m, n, f], mp.log1p(-q) if q < 0.5 else mp.log(p))
        write("distributions", "f.logsf", [m, n, f], mp.log1p(-p) if p < 0.5 else mp.log(q))
        log_density = mm / 2 * mp.log(y) + nm / 2 * mp.log(x) - ln_beta(mm / 2, nm / 2)
        write("distributions", "f.pdf", [m, n, f], mp.exp(log_density) / fm)
        write("distributions", "f.logpdf", [m, n, f], log_density - mp.log(fm))
        for side, rounded, root in inverse(f, (p, q), mp.exp(log_density)):
            write("distributions", "f.ppf" if side == "l" else "f.isf", [m, n, rounded], root)


def t_distribution():
    points = [(0.1, 1e150), (0.1, 1e15), (1e10, 1.0), (1e10, 37.0), (1e10, 1e-5), (2.0, 1e100), (1.0, 1e150), (30.0, 1e9), (10.0, 3.2)]
    for _ in range(60):
        df = decade(-1, 3)
        points.append((df, rng.gauss(0, 1) * rng.choice((1, 3))))
        points.append((df, decade(-3, 5)))
    for _ in range(40):
        df = decade(3, 10)
        points.append((df, rng.gauss(0, 1) * rng.choice((1, 5, 10))))
    for _ in range(30):
        points.append((decade(-1, 0.3), decade(5, 150)))
        points.append((decade(-1, 10), decade(-200, -1)))
    for df, t in points:
        try:
            p, q = t_tails(df, t)
        except ValueError as error:
            print(error, file=sys.stderr)
            continue
        dm, tm = mp.mpf(df), mp.mpf(t)
        write("distributions", "t.cdf", [df, t], p)
        write("distributions", "t.sf", [df, t], q)
        write("distributions", "t.logcdf", [df, t], mp.log1p(-q) if q < 0.5 else mp.log(p))
        write("distributions", "t.logsf", [df, t], mp.log1p(-p) if p < 0.5 else mp.log(q))
        log_density = -(dm + 1) / 2 * mp.log1p(tm * tm / dm) - mp.log(dm) / 2 - ln_beta(dm / 2, mp.mpf("0.5"))
        write("distributions", "t.pdf", [df, t], mp.exp(log_density))
        write("distributions", "t.logpdf", [df, t], log_density)
        if t > 1e-2:
            for side, rounded, root in inverse(t, (p, q), mp.exp(log_density) * tm):
                if abs(rounded - 0.5) > 0.05:
                    write("distributions", "t.ppf" if side == "l" else "t.isf", [df, rounded], root)


def inverse_error_functions():
    points = [own.uniform(-1, 1) for _ in range(60)] + [decade(-300, 0) for _ in range(20)] + [1 - decade(-15.9, -1) for _ in range(20)]
    points += [1 - 2.0**-53, -1 + 2.0**-53, 0.85, -0.85, 0.8500000001, 0.5, 2.3e-308]
    for y in points:
        # mpmath's own starts from a double, and needs two more steps of Newton's for 60 digits.
        x = mp.erfinv(mp.mpf(y))
        for _ in range(3):
            x -= (mp.erf(x) - mp.mpf(y)) / (2 / mp.sqrt(mp.pi) * mp.exp(-x * x))
        write("special", "erfinv", [y], x)
    for y in [own.uniform(0, 2) for _ in range(40)] + [decade(-307, 0) for _ in range(60)] + [2 - decade(-15, -1) for _ in range(10)] + [0.15, 1.85, 2.3e-308]:
        target, start = mp.log(mp.mpf(y)), mp.sqrt(max(-mp.log(mp.mpf(y)), mp.mpf("0.01")))
        if y > 0.1:
            x = mp.erfinv(1 - mp.mpf(y))
            for _ in range(3):
                x -= (mp.mpf(y) - mp.erfc(x)) / (2 / mp.sqrt(mp.pi) * mp.exp(-x * x))
        else:
            x = mp.findroot(lambda x: mp.log(mp.erfc(x)) - target, start, tol=1e-80)
        write("special", "erfcinv", [y], x)


def logistic_functions():
    for x in [own.uniform(-700, 700) for _ in range(30)] + [own.gauss(0, 4) for _ in range(50)] + [s * decade(-300, 2) for s in (1, -1) for _ in range(15)]:
        with mp.workdps(700 if abs(x) > 100 else 400 if abs(x) < 1e-50 else 150):
            e = mp.exp(mp.mpf(x))
            write("special", "expit", [x], e / (1 + e))
            write("special", "log1pexp", [x], mp.log1p(e))
    points = [own.random() for _ in range(60)] + [decade(-307, -1) for _ in range(30)] + [1 - decade(-15.9, -1) for _ in range(20)]
    for p in points + [0.5 + s * decade(-15, -1) for s in (1, -1) for _ in range(15)] + [0.25, 0.75, 1 - 2.0**-53, 2.3e-308]:
        write("special", "logit", [p], mp.log(mp.mpf(p) / (1 - mp.mpf(p))))
    for _ in range(60):
        x, y = own.choice((-1, 1)) * decade(-150, 150), decade(-150, 150)
        write("special", "xlogy", [x, y], mp.mpf(x) * mp.log(mp.mpf(y)))
        y = 1 + own.choice((-1, 1)) * decade(-15, -0.1)
        write("special", "xlogy", [x, y], mp.mpf(x) * mp.log(mp.mpf(y)))
    for x in [own.uniform(0, 3) for _ in range(40)] + [decade(-305, 300) for _ in range(40)] + [1 + s * decade(-15, -1) for s in (1, -1) for _ in range(10)]:
        write("special", "entr", [x], -mp.mpf(x) * mp.log(mp.mpf(x)))
    for _ in range(60):
        x = decade(-150, 150)
        for y in (decade(-150, 150), x * decade(-2, 2), x * (1 + own.choice((-1, 1)) * decade(-15, -0.5)), x * own.choice((0.5, 2.0, 0.49999, 2.0001))):
            xm, ym = mp.mpf(x), mp.mpf(y)
            with mp.workdps(400):
                write("special", "kl_div", [x, y], xm * mp.log(xm / ym) - xm + ym)
    for _ in range(40):
        x = [own.uniform(-5, 5) * decade(-1, 2) for _ in range(5)]
        total = sum(mp.exp(mp.mpf(v)) for v in x)
        write("special", "logsumexp", x, mp.log(total))
        write("special", "softmax", x, mp.exp(mp.mpf(x[0])) / total)


def gammas_relatives():
    points = [own.uniform(0, 20) for _ in range(60)] + [decade(-300, 0) for _ in range(30)] + [decade(1, 300) for _ in range(30)] + [1.0, 2.0, 8.0, 7.9999999, 1e-308]
    root = mp.findroot(mp.digamma, 1.4616)
    left = mp.findroot(mp.digamma, -0.504)
    points += [float(root), float(left)] + [float(r) + s * decade(-15, -1) for r in (root, left) for s in (1, -1) for _ in range(12)]
    points += [-own.uniform(0, 1) for _ in range(40)] + [-own.uniform(1, 30) for _ in range(30)] + [-decade(-300, -1) for _ in range(10)] + [-0.8, -0.2]
    for x in points:
        write("special", "digamma", [x], mp.digamma(mp.mpf(x)))
    for x in [own.uniform(0, 170.5) for _ in range(40)] + [decade(-300, 2.2) for _ in range(30)] + [-own.uniform(0, 168) for _ in range(40)] + [170.5, 170.62]:
        write("special", "rgamma", [x], mp.rgamma(mp.mpf(x)))
        if x < 0:
            write("special", "gamma", [x], mp.gamma(mp.mpf(x)))
            write("special", "gammaln", [x], mp.re(mp.loggamma(mp.mpf(x))))
    for x in [-decade(-300, 2) for _ in range(20)]:
        write("special", "gammaln", [x], mp.re(mp.loggamma(mp.mpf(x))))
    for x in [own.uniform(0, 9) for _ in range(60)] + [k + s * decade(-14, -1) for k in (1, 2, 3, 8) for s in (1, -1) for _ in range(4)]:
        write("special", "gammaln", [x], mp.loggamma(mp.mpf(x)))
    for _ in range(120):
        n = own.choice((1, 1, 2, 2, 3, 4, 5, 7, 10, 20, 50, 120, 200))
        for x in (decade(-2, 2), decade(-10, 10)):
            # mpmath's zeta is good to so many digits absolutely, and the value may be tiny.
            with mp.workdps(60 + int((n + 1) * abs(mp.log10(x)))):
                write("special", "polygamma", [n, x], (-1) ** (n + 1) * mp.factorial(n) * mp.zeta(n + 1, mp.mpf(x)))
    for _ in range(30):
        n, x = own.choice((1, 2, 3, 4)), -own.uniform(0, 12)
        write("special", "polygamma", [n, x], mp.polygamma(n, mp.mpf(x)))
    for _ in range(120):
        for a, b in ((decade(-10, 10), decade(-10, 10)), (decade(-2, 2.4), decade(-2, 2.4)), (decade(-2, 1), decade(2, 300))):
            with mp.workdps(80):
                am, bm = mp.mpf(a), mp.mpf(b)
                if b > 1e40:
                    # Γ(b)/Γ(a + b) = b⁻ᵃ(1 − a(a − 1)/(2b) + …).
                    log = mp.loggamma(am) - am * mp.log(bm)
                else:
                    log = ln_beta(am, bm)
                write("special", "beta", [a, b], mp.exp(log))
                write("special", "betaln", [a, b], log)
    def binomial(n, k):
        with mp.workdps(80):
            nm, km = mp.mpf(n), mp.mpf(k)
            return mp.gamma(nm + 1) * mp.rgamma(km + 1) * mp.rgamma(nm - km + 1) if n < 1e5 else mp.exp(mp.loggamma(nm + 1) - mp.loggamma(km + 1) - mp.loggamma(nm - km + 1))
    for _ in range(60):
        n = decade(-2, 8)
        k = n * own.random()
        write("special", "binom", [n, k], binomial(n, k))
        n, k = float(own.randrange(0, 1000)), float(own.randrange(0, 500))
        if k <= n:
            write("special", "binom", [n, k], binomial(n, k))
            write("special", "comb", [n, k], binomial(n, k))
        n, k = own.uniform(-40, 40), float(own.randrange(0, 30))
        write("special", "binom", [n, k], binomial(n, k))
        n, k = decade(0, 300), float(own.randrange(0, 20))
        if n > 30 and k * mp.log10(n) < 300:
            product = mp.mpf(1)
            for i in range(int(k)):
                product *= (mp.mpf(n) - i) / (i + 1)
            write("special", "binom", [n, k], product)


def check():
    """The series against the integral, which serves large parameters only, and against mpmath."""
    global SERIES_TERMS
    for _ in range(100):
        a = decade(2.3, 4)
        x = a * abs(1 + spread(a))
        SERIES_TERMS = 60_000
        by_series = gamma_tails(a, x)
        SERIES_TERMS = 1
        by_integral = gamma_tails(a, x)
        theirs = mp.gammainc(a, 0, x, regularized=True), mp.gammainc(a, x, regularized=True)
        worst = max(abs(s / i - 1) for s, i in zip(by_series + by_series, by_integral + theirs))
        assert worst < 1e-40, (a, x, worst)
        a, b = decade(2.3, 4), decade(2.3, 4)
        x = a / (a + b) * (1 + spread(a * b / (a + b)) * b / (a + b))
        if not 0 < x < 1:
            continue
        SERIES_TERMS = 60_000
        by_series = beta_tails(a, b, x)
        SERIES_TERMS = 1
        by_integral = beta_tails(a, b, x)
        worst = max(abs(s / i - 1) for s, i in zip(by_series, by_integral))
        theirs = mp.betainc(a, b, 0, x, regularized=True)
        assert worst < 1e-40 and abs(theirs / by_series[0] - 1) < 1e-30, (a, b, x, worst)
    print("series, integral and mpmath agree")


if __name__ == "__main__":
    if "--check" in sys.argv:
        check()
        sys.exit()
    import time
    for part in (
        error_functions, gamma_functions, incomplete_gammas, incomplete_betas, f_distribution, t_distribution,
        inverse_error_functions, logistic_functions, gammas_relatives,
    ):
        if part is inverse_error_functions:
            current = own
        began = time.perf_counter()
        part()
        print(part.__name__, round(time.perf_counter() - began, 1), "s", file=sys.stderr)
    for name, rows in lines.items():
        with open(f"{name}.csv", "w") as file:
            file.write("\n".join(rows) + "\n")
