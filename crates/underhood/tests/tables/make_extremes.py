"""Make `special_extremes.csv`: reference values of the special functions where they are hardest.

The random points of `special.csv` seldom lie there: parameters in every decade from 1e-10 to 1e10, both tails as far as the smallest
normal numbers, the neighbourhoods of zeros and poles (from the next double to 0.1 away) and of the points at which our own code goes from one
method to another, and the points at which other libraries are known to fail. Lines that begin with # say what follows.

Run `python make_extremes.py` in this folder (some minutes). The methods are those of `make_reference.py` (mpmath, 60 digits and more).
`python make_extremes.py --check` holds every line of both tables against Arb's rigorous balls, an independent computation (it needs
python-flint; a minute or two).
"""

import math
import random
import sys
import time

import mpmath as mp
from make_reference import beta_tails, gamma_tails, ln_beta, smaller_beta_tail

own = random.Random(20262)
lines = []
DECADES = range(-10, 11)
# ln of the probabilities aimed at: the smallest normal number first.
TARGETS = [-708.3, -460.0, -230.0, -92.0, -23.0, -9.0, -3.0, -1.2]
UPPER, LOWER = "upper", "lower"


def note(text):
    lines.append(f"# {text}")


def write(name, arguments, value):
    value = mp.mpf(value)
    if mp.mpf("2.22508e-308") < abs(value) < mp.mpf("1.7e308"):
        lines.append(",".join([name, *(repr(float(v)) for v in arguments), mp.nstr(value, 20, min_fixed=0, max_fixed=0)]))


def decade(low, high):
    return 10 ** own.uniform(low, high)


def neighbours(point, nearest=True, powers=(-14, -11, -9, -7, -6, -5, -4, -3, -2, -1)):
    """Doubles beside a point that need not be one: the nearest three, and some at powers of ten times its size, on both sides."""
    centre = float(point)
    found = {centre, math.nextafter(centre, math.inf), math.nextafter(centre, -math.inf)} if nearest else set()
    for power in powers:
        for sign in (1, -1):
            found.add(centre + sign * 10.0**power * own.uniform(0.5, 2) * (abs(centre) or 1.0))
    return sorted(found)


# Points by probability: roughly, in plain doubles, since only the values have to be exact.


def bisected(function, low, high):
    """The point between low and high, both positive, at which a monotone function changes its sign."""
    rising = function(high) > 0
    for _ in range(80):
        middle = math.sqrt(low) * math.sqrt(high)
        if (function(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return high


def gamma_point(a, target, side):
    """An x at which P or Q is about exp(target)."""
    if a < 1:
        if side == LOWER:
            return math.exp(max((target + math.lgamma(a + 1)) / a, -700.0))
        return bisected(lambda x: x + math.log1p(x) - math.log(a) + target, 1e-10, 1e3)
    energy = lambda r: a * (r - 1 - math.log(r)) if abs(r - 1) > 1e-4 else a * (r - 1) ** 2 / 2
    if side == LOWER:
        return a * bisected(lambda r: energy(r) + target, 1e-200, 1.0)
    return a * bisected(lambda r: energy(r) + target, 1.0, 1e4)


def beta_point(a, b, target, side):
    """The smaller of x and 1 − x, and which of them it is, where I or 1 − I is about exp(target)."""
    if side == UPPER:
        y, small = beta_point(b, a, target, LOWER)
        return y, not small
    mean = a / (a + b)
    if a < 1:
        log_x = (target + math.log(a) + math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)) / a
        x = math.exp(min(max(log_x, -700.0), 0.0))
        if x < min(0.5, 100 / b):
            return x, True
        return min(0.5, own.uniform(1, 30) / b), True
    if b < 1:
        # 1 − x is nearly b·exp(−a(1 − x)) likely.
        y = max(math.log(b) - target, own.uniform(0.1, 1)) / a
        return (y, False) if y < 0.5 else (math.exp(-y), True)

    def energy(x):
        return a * math.log(mean / x) + b * (math.log1p(-mean) - math.log1p(-x)) + target

    x = bisected(energy, mean * 1e-200 + 1e-307, mean * (1 - 1e-9))
    return (x, True) if x < 0.5 else (1 - x, False)


def tails_of_beta(a, b, x):
    try:
        return beta_tails(a, b, x)
    except ValueError:
        # The series of the other, larger tail: digits enough for what is left of one.
        with mp.workdps(450):
            a, b, x = mp.mpf(a), mp.mpf(b), mp.mpf(x)
            if x * (a + b) > a:
                return smaller_beta_tail(a, b, x, 1 - x)
            upper, lower = smaller_beta_tail(b, a, 1 - x, x)
            return lower, upper


def root(x, rounded, side, tails, slope, p=None):
    """The x at which one tail is what its double says: Newton's method in ln x; p is the tail at the start, if known."""
    x = mp.mpf(x)
    for _ in range(8):
        p = tails(x)[side] if p is None else p
        step = (mp.mpf(rounded) - p) / (slope(x) if side == 0 else -slope(x))
        x *= mp.exp(step)
        # What one more step would change is about the square.
        if abs(step) < mp.mpf("1e-15"):
            return x
        p = None
    raise ValueError(f"no root at {float(x)} {rounded}")


def gamma_rows(a, x):
    if not 1e-307 < x < 1e300:
        return
    am = mp.mpf(a)
    p, q = tails = gamma_tails(a, x)
    write("gammainc", [a, x], p)
    write("gammaincc", [a, x], q)

    def slope(x):
        return mp.exp(am * mp.log(x) - x - mp.loggamma(am))

    for side, name in enumerate(("gammaincinv", "gammainccinv")):
        rounded = float(tails[side])
        if 2.3e-308 < rounded < 0.9:
            write(name, [a, rounded], root(x, rounded, side, lambda x: gamma_tails(a, x), slope, tails[side]))


def beta_rows(a, b, x):
    if not 1e-307 < x < 1:
        return
    am, bm = mp.mpf(a), mp.mpf(b)
    try:
        i, c = tails = tails_of_beta(a, b, x)
    except ValueError as error:
        print(error, file=sys.stderr)
        return
    write("betainc", [a, b, x], i)
    write("betaincc", [a, b, x], c)

    def slope(x):
        return mp.exp(am * mp.log(x) + (bm - 1) * mp.log(1 - x) - ln_beta(am, bm))

    for side, name in enumerate(("betaincinv", "betainccinv")):
        rounded = float(tails[side])
        if 2.3e-308 < rounded < 0.9:
            write(name, [a, b, rounded], root(x, rounded, side, lambda x: tails_of_beta(a, b, x), slope, tails[side]))


def erfinv(y):
    x = mp.erfinv(mp.mpf(y))
    for _ in range(3):
        x -= (mp.erf(x) - mp.mpf(y)) / (2 / mp.sqrt(mp.pi) * mp.exp(-x * x))
    return x


def normal_quantile(p):
    p = mp.mpf(p)
    if abs(p - 0.5) < 0.4:
        x = mp.erfinv(2 * p - 1) * mp.sqrt(2)
        for _ in range(3):
            x -= (mp.erf(x / mp.sqrt(2)) / 2 - (p - mp.mpf("0.5"))) * mp.sqrt(2 * mp.pi) * mp.exp(x * x / 2)
        return x
    tail = min(p, 1 - p)
    start = mp.sqrt(-2 * mp.log(tail))
    size = mp.findroot(lambda x: mp.log(mp.erfc(x / mp.sqrt(2)) / 2) - mp.log(tail), (start * 0.9, start), tol=1e-90)
    return -size if p < 0.5 else size


def polygamma(n, x):
    """By moving x to the right of 30, and Hurwitz's zeta there."""
    with mp.workdps(80 + int((n + 1) * abs(mp.log10(abs(x) + 40)))):
        x, total = mp.mpf(x), mp.mpf(0)
        while x < 30:
            total += x ** -(n + 1)
            x += 1
        return (-1) ** (n + 1) * mp.factorial(n) * (total + mp.zeta(n + 1, x))


def ln_gamma(x):
    with mp.workdps(100):
        return mp.log(abs(mp.gamma(mp.mpf(x)))) if abs(x) < 1000 else mp.re(mp.loggamma(mp.mpf(x)))


def binomial(n, k):
    with mp.workdps(120):
        n, k = mp.mpf(n), mp.mpf(k)
        return mp.gammaprod([n + 1], [k + 1, n - k + 1])


def where_others_fail():
    note("where others fail: lnΓ beside its zero, P and Q of large parameters, I of large parameters, inverses at tiny p and tiny shapes")
    write("gammaln", [1 + 1e-8], ln_gamma(1 + 1e-8))
    for name, value in zip(("gammainc", "gammaincc"), gamma_tails(1e15, 1e15)):
        write(name, [1e15, 1e15], value)
    gamma_rows(50.0, 700.0)
    beta_rows(1e6, 2e6, 0.333)
    beta_rows(1e8, 1e8, 0.5)
    for name, arguments, start in [("gammaincinv", [3.0, 1e-300], 1.8e-100), ("gammaincinv", [0.05, 1e-10], 0.6 * 1e-200)]:
        a, p = arguments
        slope = lambda x, a=a: mp.exp(a * mp.log(x) - x - mp.loggamma(a))
        write(name, arguments, root(start, p, 0, lambda x, a=a: gamma_tails(a, x), slope))
    a = mp.mpf(0.01)
    slope = lambda x: mp.exp(a * mp.log(x) + (a - 1) * mp.log(1 - x) - ln_beta(a, a))
    write("betaincinv", [0.01, 0.01, 0.3], root(6.43e-23, 0.3, 0, lambda x: tails_of_beta(0.01, 0.01, x), slope))
    note("where others fail: ψ beside its zeros, the inverse of erf beside 1")
    for x in (1.4616, 1.4616321449683622, 1.46163214496836, -0.504, -0.5040830082644554, -0.50408300826446):
        write("digamma", [x], mp.digamma(mp.mpf(x)))
    write("erfinv", [1 - 2.0**-53], erfinv(1 - 2.0**-53))
    write("ndtri", [1 - 2.0**-53], normal_quantile(1 - 2.0**-53))
    note("where we failed once: binomial coefficients between −1 and 0, Γ beside −0, polygamma of high order, ψ(b) − ln b in I")
    for n, k in [(-0.3, 0.5), (-0.5, 0.25), (-0.75, 0.125), (-0.5, 1e16), (-1e-10, 0.5), (-0.25, 40.5)]:
        with mp.workdps(100):
            # (−1)ᵏΓ(k + ½)/(Γ(k + 1)√π) for n = −½.
            far = mp.exp(mp.loggamma(mp.mpf(k) + 0.5) - mp.loggamma(mp.mpf(k) + 1)) / mp.sqrt(mp.pi) if k > 1e10 else None
            write("binom", [n, k], far or binomial(n, k))
    for x in (-1e-200, -1e-300, -1e-160, -1e-20, -1e-19):
        write("gamma", [x], mp.gamma(mp.mpf(x)))
        write("rgamma", [x], mp.rgamma(mp.mpf(x)))
    for n, x in [(30, 1e9), (169, 90.0), (169, 2000.0), (170, -2.75), (100, -5.5), (120, 1e4)]:
        write("polygamma", [n, x], polygamma(n, x))
    for a, b, x in [(0.000993, 5367860261.0, 2.576e-10), (3949806378.0, 2.635e-06, 0.99999999962), (3.6e-09, 38941920.0, 3.85e-08)]:
        beta_rows(a, b, x)
    for a, x in [(4.56e-06, 1.9999999999999964), (0.021, 1.8601), (7.9e-07, 1.49999), (0.977, 2.34978)]:
        gamma_rows(a, x)


def decades():
    note("shapes of the incomplete gamma functions in every decade, at both tails down to the smallest normal numbers")
    for power in DECADES:
        for a in (10.0**power, decade(power - 0.5, power + 0.5)):
            for side in (LOWER, UPPER):
                for target in TARGETS if a != 10.0**power else TARGETS[::2]:
                    gamma_rows(a, gamma_point(a, target, side))
            gamma_rows(a, a * (1 + own.choice((1, -1)) * decade(-9, -3) / max(1.0, a**0.5)))
    note("shapes of the incomplete beta functions in every second decade, at both tails down to the smallest normal numbers")
    for first in DECADES[::2]:
        for second in DECADES[::2]:
            a, b = (decade(power - 1, min(power + 1, 10)) if own.random() < 0.7 else 10.0**power for power in (first, second))
            for side in (LOWER, UPPER):
                for target in own.sample(TARGETS[:5], 1) + own.sample(TARGETS[5:], 1):
                    small, is_x = beta_point(a, b, target, side)
                    beta_rows(a, b, small if is_x else 1 - small)
    note("the beta function in every decade, as far as it is a normal number")
    for first in DECADES:
        for second in DECADES:
            a, b = decade(first - 0.5, first + 0.5), decade(second - 0.5, second + 0.5)
            with mp.workdps(100):
                write("beta", [a, b], mp.exp(ln_beta(mp.mpf(a), mp.mpf(b))))
                write("betaln", [a, b], ln_beta(mp.mpf(a), mp.mpf(b)))
    note("functions of one number in every decade that doubles have")
    for power in range(-307, 308, 12):
        x = 10.0**power * own.uniform(1, 9)
        with mp.workdps(60 if abs(power) < 60 else 700):
            xm = mp.mpf(x)
            write("gammaln", [x], mp.loggamma(xm))
            write("digamma", [x], mp.digamma(xm))
            write("entr", [x], -xm * mp.log(xm))
            if power < 0:
                for name, function in (("gamma", mp.gamma), ("rgamma", mp.rgamma), ("erf", mp.erf), ("digamma", mp.digamma)):
                    write(name, [-x], function(-xm))
                write("gammaln", [-x], ln_gamma(-x))
                write("log1pexp", [-x], mp.log1p(mp.exp(-xm)))
                write("erfcx", [-x], mp.exp(xm * xm) * mp.erfc(-xm))
                write("logit", [x], mp.log(xm / (1 - xm)))
    note("the last normal numbers of each tail")
    for x in (26.0, 26.5, 26.54, -26.5, -26.6, -26.62):
        write("erfc", [x], mp.erfc(mp.mpf(x)))
        write("erfcx", [x], mp.exp(mp.mpf(x) ** 2) * mp.erfc(mp.mpf(x)))
    for x in (-37.0, -37.5, -37.51, -38.0, -1e8, 8.0, 30.0, 37.5):
        tail = mp.erfc(abs(mp.mpf(x)) / mp.sqrt(2)) / 2
        write("ndtr", [x], tail if x < 0 else 1 - tail)
        write("log_ndtr", [x], mp.log(tail) if x < 0 else mp.log1p(-tail))
    for p in (2.2250738585072014e-308, 1e-307, 1e-300, 1e-200, 1e-100, 1e-20):
        write("ndtri", [p], normal_quantile(p))
        write("erfcinv", [2 * p], -normal_quantile(p) / mp.sqrt(2))
        write("logit", [p], mp.log(mp.mpf(p)) + mp.mpf(p))
        write("erfinv", [p], erfinv(p))
    for x in (-708.0, -708.39, -37.0, -36.7, 36.7, 37.0, 700.0, 1e300):
        with mp.workdps(700):
            e = mp.exp(-abs(mp.mpf(x))) if abs(x) < 1e4 else mp.mpf(0)
            write("expit", [x], (e if x < 0 else 1) / (1 + e))
            write("log1pexp", [x], max(x, 0) + mp.log1p(e))
    for x in (171.0, 171.5, 171.62, -170.5, -170.1, -168.75, -150.3):
        write("gamma", [x], mp.gamma(mp.mpf(x)))
        write("rgamma", [x], mp.rgamma(mp.mpf(x)))
    for x in (700.0, 300.0, 100.0):
        for _ in range(6):
            v = [own.uniform(-x, x) for _ in range(4)]
            total = sum(mp.exp(mp.mpf(t)) for t in v)
            write("logsumexp", v, mp.log(total))
            write("softmax", v, mp.exp(mp.mpf(v[0])) / total)


def zeros_and_poles():
    note("lnΓ beside its zeros: 1, 2, and two between each pair of poles below −2")
    zeros = []
    for k in range(-2, -12, -1):
        extremum = mp.findroot(mp.digamma, (k - 0.6, k - 0.4))
        if ln_gamma(extremum) < 0:
            for inside in (k, k - 1):
                low, high = sorted((extremum, inside + (extremum - inside) * mp.mpf("1e-12")))
                zeros.append(mp.findroot(lambda x: mp.log(abs(mp.gamma(x))), (low, high), solver="illinois", tol=1e-80))
    assert len(zeros) > 15
    for zero in [1, 2, *zeros]:
        for x in neighbours(zero):
            write("gammaln", [x], ln_gamma(x))
    note("ψ beside its zeros")
    for zero in [mp.findroot(mp.digamma, 1.4616), *(mp.findroot(mp.digamma, (k - 0.6, k - 0.4)) for k in range(0, -9, -1))]:
        for x in neighbours(zero):
            write("digamma", [x], mp.digamma(mp.mpf(x)))
    note("the gammas beside poles and whole numbers")
    for k in (0, -1, -2, -3, -7, -20, -100, 1, 2, 3, 7, 8, 9, 22, 23, 24, 170):
        for x in neighbours(k, nearest=k > 0, powers=(-12, -8, -5, -3, -1)):
            if x == k or (k == 0 and abs(x) < 1e-300):
                continue
            for name, function in (("gamma", mp.gamma), ("rgamma", mp.rgamma), ("digamma", mp.digamma), ("gammaln", ln_gamma)):
                write(name, [x], function(mp.mpf(x)))
            for n in (1, 2, 3, 8, 15):
                write("polygamma", [n, x], polygamma(n, x))
    note("ln B beside B = 1")
    for a, b in [(1.0, 1.0), (0.5, 1.7), (3.0, 0.2)]:
        for _ in range(12):
            x, y = a + own.choice((1, -1)) * decade(-12, -1), b
            with mp.workdps(120):
                y = b if a == b else float(mp.findroot(lambda t: ln_beta(mp.mpf(x), t), b)) * (1 + decade(-12, -2))
                write("betaln", [x, y], ln_beta(mp.mpf(x), mp.mpf(y)))
                write("beta", [x, y], mp.exp(ln_beta(mp.mpf(x), mp.mpf(y))))
    note("x = y in the divergence, 1 in the entropies, ½ in the log odds and in Φ⁻¹, 1 in erfc⁻¹, 0 in erf and Φ")
    for x in neighbours(1.0):
        y = decade(-100, 100)
        with mp.workdps(100):
            write("entr", [x], -mp.mpf(x) * mp.log(mp.mpf(x)))
            write("xlogy", [y, x], mp.mpf(y) * mp.log(mp.mpf(x)))
            write("kl_div", [y, y * x], mp.mpf(y) * mp.log(mp.mpf(y) / mp.mpf(y * x)) - mp.mpf(y) + mp.mpf(y * x))
            write("logit", [x / 2], mp.log(mp.mpf(x) / (2 - mp.mpf(x))))
            write("ndtri", [x / 2], normal_quantile(x / 2))
            write("erfcinv", [x], erfinv(1 - mp.mpf(x)))
            write("ndtr", [x - 1], mp.erfc(-mp.mpf(x - 1) / mp.sqrt(2)) / 2)
            write("erfc", [x - 1], mp.erfc(mp.mpf(x - 1)))


def switching_points():
    few = (-15, -12, -9, -6, -3, -2)
    note("where our methods change: functions of one number")
    for name, function, points in [
        ("erf", mp.erf, (1.0, -1.0, 6.0)),
        ("erfc", mp.erfc, (1.0, 3.75, -1.0)),
        ("erfcx", lambda x: mp.exp(x * x) * mp.erfc(x), (3.75, 1.0, 20.0, -3.0)),
        ("erfinv", erfinv, (0.85, -0.85, 1 - 2 * math.exp(-25))),
        ("ndtri", normal_quantile, (0.075, 0.925, math.exp(-25))),
        ("erfcinv", lambda y: -normal_quantile(mp.mpf(y) / 2) / mp.sqrt(2), (0.15, 1.85, 2 * math.exp(-25))),
        ("logit", lambda p: mp.log(p / (1 - p)), (0.25, 0.75)),
        ("gammaln", ln_gamma, (3.0, 4.0, 5.0, 7.0, 8.0, -1e-30, 0.5)),
        ("digamma", mp.digamma, (2.0, 5.0, 8.0, -0.2, -0.8, 0.5)),
        ("gamma", mp.gamma, (23.0, 170.0, -170.2, 1e-17)),
        ("rgamma", mp.rgamma, (23.0, 170.0, -170.2, 1e-17)),
    ]:
        for point in points:
            for x in neighbours(point, powers=few):
                if name not in ("ndtri", "erfinv") or abs(x) < 1:
                    write(name, [x], function(mp.mpf(x)))
    note("where our methods change: the divergence, polygamma, the beta function, binomial coefficients")
    for ratio in (0.5, 2.0):
        for r in neighbours(ratio, powers=few):
            x = decade(-3, 3)
            with mp.workdps(100):
                write("kl_div", [x, x * r], mp.mpf(x) * mp.log(mp.mpf(x) / mp.mpf(x * r)) - mp.mpf(x) + mp.mpf(x * r))
    for x, y in [(1e-145, 2e145), (2e145, 1e-145), (1e-145, 0.9e145), (1e150, 1e-141)]:
        with mp.workdps(700):
            write("kl_div", [x, y], mp.mpf(x) * mp.log(mp.mpf(x) / mp.mpf(y)) - mp.mpf(x) + mp.mpf(y))
    for n in (1, 2, 10, 99, 100, 169, 170, 171, 300, 1000):
        for x in (0.7 * n + 9.7, 0.7 * n + 8.9, n / math.e, decade(-3, 3)):
            write("polygamma", [n, x], polygamma(n, x))
    for a in (1e-2, 1.0, 8.0):
        for x in neighbours(a, powers=few):
            for b in (0.3, 1.0, 7.9999, 1e5):
                with mp.workdps(100):
                    write("beta", [x, b], mp.exp(ln_beta(mp.mpf(x), mp.mpf(b))))
                    write("betaln", [x, b], ln_beta(mp.mpf(x), mp.mpf(b)))
    for n, k in [(100, 30), (100, 31), (57, 28), (1e9, 30), (1e9, 31), (67, 33), (1029, 514), (-7.5, 30), (-7.5, 31), (33.3, 30), (33.3, 31)]:
        write("binom", [n, k], binomial(n, k))
    for n in (-0.999, -0.5, -1e-9, -3.25, -1e-5, 0.75, 20.0):
        for k in (0.25, -0.125, -2.5, 3.5, 45.0, 45.5, -1e-9, n + 1e-6, n - 1e-6):
            if not (k == int(k) and k < 0) and not (n == int(n) and k == int(k)):
                write("binom", [n, k], binomial(n, k))
    note("where our methods change: the incomplete gamma functions")
    for a, points in [
        (1e-9, (1.5, 1e3)), (0.3, (1.5, 1.3, 0.1)), (0.999, (1.5, 1.999)), (math.nextafter(1.0, 0.0), (1.5, 2.0, 0.5)), (1.0, (2.0, 1.5, 300.0)),
        (5.5, (6.5,)), (15.999, (16.999, 0.31 * 15.999)), (16.0, (0.31 * 16, 2.3 * 16, 16.0)), (300.0, (93.0, 690.0, 300.0)), (1e10, (1e10,)),
    ]:
        for point in points:
            for x in neighbours(point, powers=(-12, -6, -3)):
                gamma_rows(a, x)
    note("where our methods change: the incomplete beta functions")
    for a, b in [(0.3, 0.4), (0.3, 7.0), (1e-9, 50.0), (0.999999, 2.0), (1.0, 1.0), (1.0, 5.0), (3.0, 5.0), (31.0, 33.5), (32.0, 32.0), (17.0, 300.0), (1e3, 2e3)]:
        points = {(a + 1) / (a + b + 2), a / (a + b)}
        if a < 1:
            points |= {1.5 / max(b, 2.9)}
        rho = a * b / (a + b)
        if rho >= 16:
            points |= {x for x, is_x in (beta_point(a, b, -rho / 2, side) for side in (LOWER, UPPER)) if is_x}
        for point in sorted(points):
            for x in neighbours(point, powers=(-12, -6, -3)):
                beta_rows(a, b, x)
                beta_rows(b, a, 1 - x)


def factorials():
    note("factorials, of whole numbers and between them")
    for n in [*range(0, 171, 3), *(0.37 * k * k for k in range(1, 21)), 21, 22, 23, 170, 170.62]:
        write("factorial", [n], mp.gamma(mp.mpf(n) + 1))


def balls(arb, ctx):
    """Each function by Arb."""

    def incomplete_gamma(a, x):
        """(P, Q), the larger one as one less the other."""
        lower = x.gamma_lower(a, 1) if x < a + 1 and a < 40 else None
        return (lower, 1 - lower) if lower is not None else (1 - x.gamma_upper(a, 1), x.gamma_upper(a, 1))

    def incomplete_beta(a, b, x):
        if x * (a + b) < a:
            lower = x.beta_lower(a, b, 1)
            return lower, 1 - lower
        upper = (1 - x).beta_lower(b, a, 1)
        return 1 - upper, upper

    def near_whole(x):
        return round(float(x.mid()))

    def hurwitz(n, x):
        order, total = near_whole(n), arb(0)
        while x < 2:
            total += x ** -(order + 1)
            x += 1
        return (-1) ** (order + 1) * (n + 1).gamma() * (total + type(x)(order + 1).zeta(x))

    def ln_gamma(x):
        return x.lgamma() if x > 0 else (arb.pi() / (x * (x * arb.pi()).sin())).__abs__().log() - (-x).lgamma()

    def ln_beta(a, b):
        a, b = (a, b) if a < b else (b, a)
        # Beyond 1e40 the digits of a + b would not hold a: Γ(b)/Γ(a + b) = b⁻ᵃ(1 − a(a − 1)/(2b) + …).
        return a.lgamma() - a * b.log() - a * (a - 1) / (2 * b) if b > 1e40 else a.lgamma() + b.lgamma() - (a + b).lgamma()

    def binomial(n, k):
        if n > 1e4:
            return ((n + 1).lgamma() - (k + 1).lgamma() - (n - k + 1).lgamma()).exp()
        return (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma() if k < 1e4 else (n + 1).gamma() * (
            (k - n).lgamma() - (k + 1).lgamma()
        ).exp() * ((k - n) * arb.pi()).sin() / arb.pi()

    root_two, root_two_pi = lambda: arb(2).sqrt(), lambda: (2 * arb.pi()).sqrt()
    erfcx = lambda x: (x * x).exp() * x.erfc() if x < 1e3 else (x * x).hypgeom_u(arb(0.5), arb(0.5)) / arb.pi().sqrt()

    def log_ndtr(x):
        if x > 1:
            return (-(x / root_two()).erfc() / 2).log1p()
        if x > -1e5:
            return ((-x / root_two()).erfc() / 2).log()
        z = x * x
        return -z / 2 - (-x * root_two_pi()).log() + (1 - 1 / z + 3 / z**2 - 15 / z**3).log()

    direct = {
        "erf": lambda x: x.erf(),
        "erfc": lambda x: x.erfc(),
        "erfcx": erfcx,
        "ndtr": lambda x: (-x / root_two()).erfc() / 2,
        "log_ndtr": log_ndtr,
        "expit": lambda x: 1 / (1 + (-x).exp()),
        "logit": lambda p: (p / (1 - p)).log(),
        "log1pexp": lambda x: x.exp().log1p() if x < 1000 else x,
        "logsumexp": lambda *x: sum((v.exp() for v in x), arb(0)).log(),
        "softmax": lambda *x: x[0].exp() / sum((v.exp() for v in x), arb(0)),
        "xlogy": lambda x, y: x * y.log(),
        "entr": lambda x: -x * x.log(),
        "kl_div": lambda x, y: x * (x / y).log() - x + y,
        "gamma": lambda x: x.gamma(),
        "rgamma": lambda x: x.rgamma(),
        "gammaln": ln_gamma,
        "digamma": lambda x: x.digamma(),
        "polygamma": hurwitz,
        "beta": lambda a, b: ln_beta(a, b).exp(),
        "betaln": ln_beta,
        "binom": binomial,
        "comb": binomial,
        "factorial": lambda n: (n + 1).gamma(),
        "gammainc": lambda a, x: incomplete_gamma(a, x)[0],
        "gammaincc": lambda a, x: incomplete_gamma(a, x)[1],
        "betainc": lambda a, b, x: incomplete_beta(a, b, x)[0],
        "betaincc": lambda a, b, x: incomplete_beta(a, b, x)[1],
    }

    def gamma_slope(a, x):
        return (a * x.log() - x - a.lgamma()).exp()

    def beta_slope(a, b, x):
        return (a * x.log() + (b - 1) * (1 - x).log() - ln_beta(a, b)).exp()

    bell = lambda x: (-x * x / 2).exp() / root_two_pi()
    # For an inverse: the function, and x times its slope.
    inverse = {
        "erfinv": (direct["erf"], lambda x: x * 2 * (-x * x).exp() / arb.pi().sqrt()),
        "erfcinv": (direct["erfc"], lambda x: x * 2 * (-x * x).exp() / arb.pi().sqrt()),
        "ndtri": (direct["ndtr"], lambda x: x * bell(x)),
        "gammaincinv": (direct["gammainc"], gamma_slope),
        "gammainccinv": (direct["gammaincc"], gamma_slope),
        "betaincinv": (direct["betainc"], beta_slope),
        "betainccinv": (direct["betaincc"], beta_slope),
    }

    def error(name, arguments, value):
        """A bound on the relative error of a line's value."""
        for digits in (60, 200, 420, 900):
            ctx.dps = digits
            v, x = [arb(a) for a in arguments], arb(value)
            if name in direct:
                found = direct[name](*v) / x - 1
            else:
                function, slope = inverse[name]
                found = (function(*v[:-1], x) - v[-1]) / slope(*v[:-1], x)
            if found.is_finite() and found.rad() < 1e-19:
                break
        return float(abs(found).upper())

    return error


def check():
    from flint import arb, ctx

    error, worst, count = balls(arb, ctx), {}, 0
    for file in ("special.csv", "special_extremes.csv"):
        for line in open(file, encoding="utf-8"):
            if line.startswith("#"):
                continue
            name, *arguments, value = line.strip().split(",")
            found = error(name, [float(a) for a in arguments], value)
            count += 1
            if not found <= worst.get(name, (0.0,))[0]:
                worst[name] = (found, line.strip())
    for name, (found, line) in sorted(worst.items()):
        print(f"{name:14}{found:.1e}  {line}")
    # Twenty digits were written.
    assert max(found for found, _ in worst.values()) < 1e-18, "a line is wrong"
    print(count, "lines agree with Arb")


def main():
    for part in (where_others_fail, decades, zeros_and_poles, switching_points, factorials):
        began, before = time.perf_counter(), len(lines)
        part()
        print(part.__name__, len(lines) - before, "lines", round(time.perf_counter() - began, 1), "s", file=sys.stderr)
    with open("special_extremes.csv", "w") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    check() if "--check" in sys.argv else main()
