"""Make `noncentral.csv`: reference values of the noncentral χ², F and t distributions.

Run `python make_noncentral.py` in this folder (some minutes). A line is a function's name, its arguments (doubles, meant exactly) and its value to 20
digits. The mixtures of incomplete gamma and beta functions are summed with so many digits that no cancellation matters, the t
distribution's by the series of J. L. Guenther (1978), where our own code integrates. `--check` integrates some of the densities instead.
"""

import random
import sys

import mpmath as mp

mp.mp.dps = 800
own = random.Random(20263)
LEAST = mp.mpf(10) ** -780


def lower_gamma(a, x):
    """P(a, x) and xᵃe⁻ˣ/Γ(a + 1), the drop from P(a, x) to P(a + 1, x)."""
    drop = mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))
    total = term = mp.mpf(1)
    n = 0
    while term > LEAST * total:
        n += 1
        term *= x / (a + n)
        total += term
    return drop * total, drop


def lower_beta(a, b, y):
    """I(a, b; y) and the drop to I(a + 1, b; y)."""
    log_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    drop = mp.exp(a * mp.log(y) + b * mp.log(1 - y) - log_beta) / a
    if y > 0.5:
        return 1 - lower_beta(b, a, 1 - y)[0], drop
    total = term = mp.mpf(1)
    n = 0
    while term > LEAST * total:
        term *= y * (a + b + n) / (a + 1 + n)
        total += term
        n += 1
    return drop * total, drop


def mixed(h, first, ratio, weight, next_weight):
    """Σ weightⱼ·lowerⱼ and Σ weightⱼ·(1 − lowerⱼ)."""
    lower, drop = first
    low, high, j = mp.mpf(0), mp.mpf(0), 0
    while j < h or weight > LEAST:
        low += weight * lower
        high += weight * (1 - lower)
        lower -= drop
        drop *= ratio(j)
        weight *= next_weight(j)
        j += 1
    return low, high


def chi_squared(x, df, nc):
    x, a, h = mp.mpf(x) / 2, mp.mpf(df) / 2, mp.mpf(nc) / 2
    return mixed(h, lower_gamma(a, x), lambda j: x / (a + j + 1), mp.exp(-h), lambda j: h / (j + 1))


def f(x, d1, d2, nc):
    x, d1, d2, h = mp.mpf(x), mp.mpf(d1), mp.mpf(d2), mp.mpf(nc) / 2
    a, b, y = d1 / 2, d2 / 2, d1 * x / (d1 * x + d2)
    return mixed(h, lower_beta(a, b, y), lambda j: y * (a + b + j) / (a + j + 1), mp.exp(-h), lambda j: h / (j + 1))


def t(x, df, nc):
    if x < 0:
        return t(-x, df, -nc)[::-1]
    x, df, nc = mp.mpf(x), mp.mpf(df), mp.mpf(nc)
    h, b, y = nc * nc / 2, df / 2, x * x / (df + x * x)
    even = mixed(
        h,
        lower_beta(mp.mpf(1) / 2, b, y),
        lambda j: y * (mp.mpf(1) / 2 + b + j) / (mp.mpf(1) / 2 + j + 1),
        mp.exp(-h),
        lambda j: h / (j + 1),
    )
    odd = mixed(
        h,
        lower_beta(mp.mpf(1), b, y),
        lambda j: y * (1 + b + j) / (j + 2),
        mp.exp(-h) / mp.gamma(mp.mpf(3) / 2),
        lambda j: h / (j + mp.mpf(3) / 2),
    )
    side = nc / mp.sqrt(2)
    return mp.ncdf(-nc) + (even[0] + side * odd[0]) / 2, (even[1] + side * odd[1]) / 2


def spread(low, high):
    return float(f"{10 ** own.uniform(low, high):.6g}")


def points():
    for _ in range(60):
        df, nc = spread(-0.5, 3.3), spread(-2, 3.5)
        mean, std = df + nc, (2 * (df + 2 * nc)) ** 0.5
        for x in (mean * spread(-2, 0), mean + std * own.uniform(-3, 3), mean * spread(0, 0.7)):
            if x > 0:
                yield "chi_squared", (x, df, nc)
    for _ in range(60):
        d1, d2, nc = spread(-0.3, 2.5), spread(-0.3, 3), spread(-2, 3.3)
        mean = (d1 + nc) / d1
        for x in (mean * spread(-2, 0), mean * spread(-0.2, 0.2), mean * spread(0, 2)):
            yield "f", (x, d1, d2, nc)
    for _ in range(70):
        df, nc = spread(-0.3, 3.5), own.choice([1, -1]) * spread(-2, 1.8)
        for x in (nc + own.uniform(-3, 3), nc * spread(0, 0.7), -nc * spread(-1, 0.5), own.choice([1, -1]) * spread(-1, 1.5)):
            yield "t", (x, df, nc)


def check():
    """Hold some lines against integrals of the densities."""
    mp.mp.dps = 30
    for name, (x, *parameters) in list(points())[::29]:
        if name == "chi_squared":
            k, nc = map(mp.mpf, parameters)
            density = lambda v: mp.exp(-(v + nc) / 2) / 2 * (v / nc) ** (k / 4 - 0.5) * mp.besseli(k / 2 - 1, mp.sqrt(nc * v))
            area = mp.quad(density, mp.linspace(mp.mpf(0), x, 20))
        elif name == "t":
            v, nc = map(mp.mpf, parameters)
            scale = 2 * (v / 2) ** (v / 2) / mp.gamma(v / 2)
            weight = lambda s: mp.ncdf(x * s - nc) * scale * s ** (v - 1) * mp.exp(-v * s * s / 2)
            area = mp.quad(weight, [0, 0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5, 10, 30])
        else:
            continue
        found = {"chi_squared": chi_squared, "t": t}[name](x, *parameters)[0]
        print(name, x, parameters, mp.nstr(found, 15), mp.nstr(area / found - 1, 3))


def main():
    lines = []
    for name, arguments in points():
        arguments = tuple(map(float, arguments))
        lower, upper = {"chi_squared": chi_squared, "f": f, "t": t}[name](*arguments)
        assert abs(lower + upper - 1) < mp.mpf(10) ** -300, (name, arguments)
        for tail, value in (("cdf", lower), ("sf", upper)):
            if value > mp.mpf("1e-290"):
                text = mp.nstr(value, 20, min_fixed=0, max_fixed=0)
                lines.append(",".join([f"{name}_{tail}", *map(repr, arguments), text]))
    with open("noncentral.csv", "w") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    check() if "--check" in sys.argv else main()
