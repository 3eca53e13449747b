"""Distributions by their definitions alone, for make_distributions.py: densities, and tails as integrals of them."""

# A family says what it is by its formulas; what each of them means is said once, in Family.
# ruff: noqa: D101, D102

import math
import random
from abc import ABC, abstractmethod
from collections.abc import Callable

from mpmath import mp, mpf

mp.dps = 60
WANTED = mpf(10) ** -30


class UnsettledError(Exception):
    """Two results do not agree to the digits wanted, or a search does not end: the point is dropped."""


# Integrals


def nodes(level: int) -> list[tuple[mpf, mpf]]:
    """Give the nodes on [0, 1] and the weights (without the step) that tanh-sinh adds at a level."""
    step = mpf(1) / 2**level
    found = []
    top = int(5 * 2**level)
    for i in range(-top, top + 1):
        if level > 3 and i % 2 == 0:
            continue
        t = i * step
        far = mp.exp(-mp.pi * mp.sinh(t))
        # The node as a number from 0 on keeps its digits next to 0.
        found.append((1 / (1 + far), mp.pi * mp.cosh(t) * far / (1 + far) ** 2))
    return found


NODES: dict[int, list[tuple[mpf, mpf]]] = {}


def integral(log_ratio: Callable[[mpf], mpf], end: mpf | None = None) -> mpf:
    """Integrate exp(log_ratio) from 0, where it is 1, to the end of its support; it falls."""
    length = mpf(1) if end is None else end
    deep = mpf(-85)
    if log_ratio(length) < deep:
        while log_ratio(length / 2) < deep:
            length /= 2
    elif end is None:
        while log_ratio(length) > deep:
            length *= 2
    total, previous = mpf(0), None
    for level in range(3, 10):
        if level not in NODES:
            NODES[level] = nodes(level)
        total += sum(weight * mp.exp(log_ratio(length * node)) for node, weight in NODES[level])
        result = total * length / 2**level
        if previous is not None and abs(result - previous) < WANTED * result:
            return result
        previous = result
    raise UnsettledError


def complement(log: mpf) -> mpf:
    """Give ln(1 - e^log)."""
    if log > mpf(10) ** -28:
        raise UnsettledError
    return mp.log(-mp.expm1(log)) if log > -1 else mp.log1p(-mp.exp(log))


Tails = tuple[mpf, mpf]


def gamma_tails(a: mpf, x: mpf) -> Tails:
    """Give ln P(a, x) and ln Q(a, x), by the integral over u = |ln(t/x)|."""
    peak = a * mp.log(x) - x - mp.loggamma(a)
    if x < a:
        lower = peak + mp.log(integral(lambda u: -a * u - x * mp.expm1(-u)))
        return lower, complement(lower)
    upper = peak + mp.log(integral(lambda u: a * u - x * mp.expm1(u)))
    return complement(upper), upper


def beta_tails(a: mpf, b: mpf, x: mpf, y: mpf) -> Tails:
    """Give ln I(a, b; x) and ln(1 - I(a, b; x)) for y = 1 - x, by the integral over u = ln(x/t) or ln(y/(1 - t))."""
    peak = a * mp.log(x) + b * mp.log(y) - (mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b))
    # The lower integral falls from u = 0 on where (b - 1)x < ay, the upper where (a - 1)y < bx.
    below, above = (b - 1) * x < a * y, (a - 1) * y < b * x
    if below and (x < y or not above):
        log = peak - mp.log(y) + mp.log(integral(lambda u: -a * u + (b - 1) * mp.log1p(-x * mp.expm1(-u) / y)))
        return log, complement(log)
    log = peak - mp.log(x) + mp.log(integral(lambda u: -b * u + (a - 1) * mp.log1p(-y * mp.expm1(-u) / x)))
    return complement(log), log


def swap(tails: Tails) -> Tails:
    """Exchange the sides."""
    return tails[1], tails[0]


# Families


class Family(ABC):
    """A family: the parameters to try, the logarithm of the density, those of both tails."""

    discrete = False

    @abstractmethod
    def parameters(self, draw: random.Random, wide: bool) -> tuple[float, ...]:
        """Draw parameters to try: ordinary ones, or `wide`."""

    def bind(self, *parameters: mpf) -> None:
        """Hold the parameters and what depends on them alone."""
        self.p = parameters

    @abstractmethod
    def log_density(self, x: mpf) -> mpf:
        """Give the logarithm of the density."""

    @abstractmethod
    def tails(self, x: mpf) -> Tails:
        """Give both tails."""

    # The coordinate in which points are placed: the whole line, with the slope dx/dc in logarithm.
    @abstractmethod
    def place(self, c: float) -> mpf:
        """Give the point at a coordinate."""

    @abstractmethod
    def slope(self, c: float) -> mpf:
        """Give the logarithm of dx/dc there."""

    @abstractmethod
    def support(self) -> tuple[mpf, mpf]:
        """Give the ends of the support."""


class HalfLine(Family):
    """Placed by the logarithm of the distance from the lower end."""

    low = mpf(0)

    def place(self, c):
        return self.low + mp.exp(c)

    def slope(self, c):
        return mpf(c)

    def support(self):
        return self.low, mp.inf


class Line(Family):
    """Placed by arsinh of the distance from the centre."""

    def place(self, c):
        return self.p[-2] + self.p[-1] * mp.sinh(c)

    def slope(self, c):
        return mp.log(mp.cosh(c))

    def support(self):
        return -mp.inf, mp.inf


class Interval(Family):
    """Placed by the logit."""

    def place(self, c):
        low, high = self.support()
        return low + (high - low) / (1 + mp.exp(-c)) if c < 0 else high - (high - low) / (1 + mp.exp(c))

    def slope(self, c):
        return -abs(mpf(c)) - 2 * mp.log1p(mp.exp(-abs(mpf(c))))


def decade(draw: random.Random, low: float, high: float) -> float:
    """Draw a number with three digits from all decades alike; now and then a whole one."""
    value = 10 ** draw.uniform(low, high)
    if draw.random() < 0.2:
        return float(f"{10 ** round(math.log10(value))}") if value < 1 else float(round(float(f"{value:.3g}")))
    return float(f"{value:.2e}")


def scale(draw: random.Random) -> float:
    """Draw a scale: often 1."""
    return 1.0 if draw.random() < 0.5 else decade(draw, -3, 3)


def spot(draw: random.Random) -> float:
    """Draw a place: often 0."""
    return 0.0 if draw.random() < 0.5 else float(f"{draw.uniform(-20, 20):.2g}")


class Normal(Line):
    def parameters(self, draw, wide):
        return spot(draw), scale(draw)

    def log_density(self, x):
        z = (x - self.p[0]) / self.p[1]
        return -z * z / 2 - mp.log(2 * mp.pi) / 2 - mp.log(self.p[1])

    def tails(self, x):
        z = (x - self.p[0]) / self.p[1]
        # Beyond z: the integral over u = (t - z)/z from the centre away.
        if abs(z) < 1:
            lower = mp.log(mp.erfc(-z / mp.sqrt(2)) / 2)
            return lower, complement(lower)
        w = abs(z)
        small = -w * w / 2 - mp.log(2 * mp.pi) / 2 + mp.log(integral(lambda u: -w * u - u * u / 2))
        return (small, complement(small)) if z < 0 else (complement(small), small)


class LogNormal(HalfLine):
    inner = Normal()

    def parameters(self, draw, wide):
        return spot(draw), decade(draw, -8, 8) if wide else decade(draw, -2, 1.5)

    def bind(self, *parameters):
        self.p = parameters
        self.inner.bind(*parameters)

    def log_density(self, x):
        return self.inner.log_density(mp.log(x)) - mp.log(x)

    def tails(self, x):
        return self.inner.tails(mp.log(x))


class StudentT(Line):
    def parameters(self, draw, wide):
        df = decade(draw, -10, 15) if wide else draw.choice([0.1, 1.0, 2.0, decade(draw, -2, 8), decade(draw, -1, 2)])
        return df, spot(draw), scale(draw)

    def log_density(self, x):
        df, loc, s = self.p
        z = (x - loc) / s
        constant = mp.loggamma((df + 1) / 2) - mp.loggamma(df / 2) - mp.log(df * mp.pi) / 2 - mp.log(s)
        return constant - (df + 1) / 2 * mp.log1p(z * z / df)

    def tails(self, x):
        df, loc, s = self.p
        z = (x - loc) / s
        if z == 0:
            return -mp.log(2), -mp.log(2)
        w = z * z
        upper = beta_tails(df / 2, mpf(1) / 2, df / (df + w), w / (df + w))[0] - mp.log(2)
        return (complement(upper), upper) if z > 0 else (upper, complement(upper))


class Gamma(HalfLine):
    def parameters(self, draw, wide):
        return decade(draw, -10, 15) if wide else decade(draw, -2, 8), scale(draw)

    def log_density(self, x):
        a, s = self.p
        return (a - 1) * mp.log(x / s) - x / s - mp.loggamma(a) - mp.log(s)

    def tails(self, x):
        return gamma_tails(self.p[0], x / self.p[1])


class InverseGamma(HalfLine):
    parameters = Gamma.parameters

    def log_density(self, x):
        a, s = self.p
        return -(a + 1) * mp.log(x / s) - s / x - mp.loggamma(a) - mp.log(s)

    def tails(self, x):
        return swap(gamma_tails(self.p[0], self.p[1] / x))


class ChiSquared(Gamma):
    def parameters(self, draw, wide):
        return (decade(draw, -10, 15) if wide else decade(draw, -2, 8),)

    def bind(self, df):
        self.p = (df / 2, mpf(2))


class F(HalfLine):
    def parameters(self, draw, wide):
        low, high = (-10, 15) if wide else (-2, 8)
        return decade(draw, low, high), decade(draw, low, high)

    def log_density(self, x):
        m, n = self.p[0] / 2, self.p[1] / 2
        beta = mp.loggamma(m) + mp.loggamma(n) - mp.loggamma(m + n)
        return m * mp.log(m * x / n) - (m + n) * mp.log1p(m * x / n) - mp.log(x) - beta

    def tails(self, x):
        m, n = self.p
        return beta_tails(m / 2, n / 2, m * x / (m * x + n), n / (m * x + n))


class Beta(Interval):
    def parameters(self, draw, wide):
        low, high = (-10, 15) if wide else (-2, 8)
        return decade(draw, low, high), decade(draw, low, high)

    def support(self):
        return mpf(0), mpf(1)

    def log_density(self, x):
        a, b = self.p
        return (a - 1) * mp.log(x) + (b - 1) * mp.log1p(-x) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b)

    def tails(self, x):
        return beta_tails(*self.p, x, 1 - x)


class Exponential(HalfLine):
    def parameters(self, draw, wide):
        return (scale(draw),)

    def log_density(self, x):
        return mp.log(self.p[0]) - x * self.p[0]

    def tails(self, x):
        return complement(-x * self.p[0]), -x * self.p[0]


class Weibull(HalfLine):
    def parameters(self, draw, wide):
        return decade(draw, -10, 15) if wide else decade(draw, -2, 5), scale(draw)

    def log_density(self, x):
        k, s = self.p
        log = mp.log(x / s)
        return mp.log(k / s) + (k - 1) * log - mp.exp(k * log)

    def tails(self, x):
        hazard = mp.exp(self.p[0] * mp.log(x / self.p[1]))
        return complement(-hazard), -hazard


class Rayleigh(HalfLine):
    def parameters(self, draw, wide):
        return (scale(draw),)

    def log_density(self, x):
        z = x / self.p[0]
        return mp.log(z / self.p[0]) - z * z / 2

    def tails(self, x):
        hazard = (x / self.p[0]) ** 2 / 2
        return complement(-hazard), -hazard


class Pareto(HalfLine):
    def parameters(self, draw, wide):
        return decade(draw, -10, 15) if wide else decade(draw, -2, 5), scale(draw)

    def bind(self, *parameters):
        self.p = parameters
        self.low = parameters[1]

    def log_density(self, x):
        a, s = self.p
        return mp.log(a / s) - (a + 1) * mp.log(x / s)

    def tails(self, x):
        upper = -self.p[0] * mp.log1p((x - self.p[1]) / self.p[1])
        return complement(upper), upper


class Cauchy(Line):
    def parameters(self, draw, wide):
        return spot(draw), scale(draw)

    def log_density(self, x):
        z = (x - self.p[0]) / self.p[1]
        return -mp.log1p(z * z) - mp.log(mp.pi * self.p[1])

    def tails(self, x):
        z = (x - self.p[0]) / self.p[1]
        small = mp.log(mp.atan2(1, abs(z)) / mp.pi)
        return (small, complement(small)) if z < 0 else (complement(small), small)


class Laplace(Cauchy):
    def log_density(self, x):
        return -abs(x - self.p[0]) / self.p[1] - mp.log(2 * self.p[1])

    def tails(self, x):
        small = -abs(x - self.p[0]) / self.p[1] - mp.log(2)
        return (small, complement(small)) if x < self.p[0] else (complement(small), small)


class Logistic(Cauchy):
    def log_density(self, x):
        z = abs(x - self.p[0]) / self.p[1]
        return -z - 2 * mp.log1p(mp.exp(-z)) - mp.log(self.p[1])

    def tails(self, x):
        z = abs(x - self.p[0]) / self.p[1]
        small, large = -z - mp.log1p(mp.exp(-z)), -mp.log1p(mp.exp(-z))
        return (small, large) if x < self.p[0] else (large, small)


class Gumbel(Cauchy):
    def log_density(self, x):
        z = (x - self.p[0]) / self.p[1]
        return -z - mp.exp(-z) - mp.log(self.p[1])

    def tails(self, x):
        lower = -mp.exp(-(x - self.p[0]) / self.p[1])
        return lower, complement(lower)


class Uniform(Interval):
    def parameters(self, draw, wide):
        low = spot(draw)
        return low, low + scale(draw)

    def support(self):
        return self.p

    def log_density(self, x):
        return -mp.log(self.p[1] - self.p[0])

    def tails(self, x):
        low, high = self.p
        return mp.log((x - low) / (high - low)), mp.log((high - x) / (high - low))


class Triangular(Interval):
    def parameters(self, draw, wide):
        low = spot(draw)
        length = scale(draw)
        return low, low + length * draw.choice([0.25, 0.5, 0.9, float(f"{draw.random():.2g}")]), low + length

    def support(self):
        return self.p[0], self.p[2]

    def log_density(self, x):
        low, peak, high = self.p
        side = (x - low) / (peak - low) if x < peak else (high - x) / (high - peak)
        return mp.log(2 * side / (high - low))

    def tails(self, x):
        low, peak, high = self.p
        if x < peak:
            lower = mp.log((x - low) ** 2 / ((high - low) * (peak - low)))
            return lower, complement(lower)
        upper = mp.log((high - x) ** 2 / ((high - low) * (high - peak)))
        return complement(upper), upper


class VonMises(Interval):
    def parameters(self, draw, wide):
        return draw.choice([0.0, 0.0, 1.0, -2.5]), decade(draw, -10, 15) if wide else decade(draw, -2, 8)

    def bind(self, mu, kappa):
        self.p = (mu, kappa)
        # ln I0, whose exponential part is taken out (DLMF 10.40.1: the series is asymptotic).
        if kappa > 1000:
            term, total, k = mpf(1), mpf(1), 0
            while abs(term) > mpf(10) ** -55:
                k += 1
                term *= mpf((2 * k - 1) ** 2) / (8 * k * kappa)
                total += term
            self.log_bessel = mp.log(total) - mp.log(2 * mp.pi * kappa) / 2
        else:
            self.log_bessel = mp.log(mp.besseli(0, kappa)) - kappa

    def support(self):
        return self.p[0] - mp.pi, self.p[0] + mp.pi

    def log_density(self, x):
        mu, kappa = self.p
        return -2 * kappa * mp.sin((x - mu) / 2) ** 2 - mp.log(2 * mp.pi) - self.log_bessel

    def tails(self, x):
        mu, kappa = self.p
        z = abs(x - mu)
        if mp.pi - z < mpf(10) ** -14:
            # At the ends, which are no doubles, the nearest doubles may stand for them.
            raise UnsettledError
        # cos(z + u) - cos z without cancellation.
        small = self.log_density(x) + mp.log(
            integral(lambda u: -2 * kappa * mp.sin(z + u / 2) * mp.sin(u / 2), mp.pi - z)
        )
        return (small, complement(small)) if x < mu else (complement(small), small)


class Counts(HalfLine):
    """Whole numbers, from `low` on; tails(k) are those of X <= k and X > k."""

    discrete = True

    def support(self):
        return self.low, mp.inf


class Poisson(Counts):
    def parameters(self, draw, wide):
        return (decade(draw, -10, 13) if wide else decade(draw, -2, 8),)

    def log_density(self, k):
        return k * mp.log(self.p[0]) - self.p[0] - mp.loggamma(k + 1)

    def tails(self, k):
        return swap(gamma_tails(k + 1, self.p[0]))


def chance(draw: random.Random, wide: bool) -> float:
    """Draw the probability of success."""
    return draw.choice([0.5, float(f"{draw.random():.2g}") or 0.5, decade(draw, -9 if wide else -5, -0.01), 0.999])


class Binomial(Counts):
    def parameters(self, draw, wide):
        return float(round(decade(draw, 0.5, 13 if wide else 9))), chance(draw, wide)

    def support(self):
        return mpf(0), self.p[0]

    def log_density(self, k):
        n, p = self.p
        choose = mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)
        return choose + k * mp.log(p) + (n - k) * mp.log1p(-p)

    def tails(self, k):
        n, p = self.p
        if k >= n:
            raise UnsettledError
        return beta_tails(n - k, k + 1, 1 - p, p)


class NegativeBinomial(Counts):
    def parameters(self, draw, wide):
        return decade(draw, -10, 13) if wide else decade(draw, -2, 7), chance(draw, wide)

    def log_density(self, k):
        r, p = self.p
        choose = mp.loggamma(k + r) - mp.loggamma(k + 1) - mp.loggamma(r)
        return choose + r * mp.log(p) + k * mp.log1p(-p)

    def tails(self, k):
        r, p = self.p
        return beta_tails(r, k + 1, p, 1 - p)


class Geometric(Counts):
    low = mpf(1)

    def parameters(self, draw, wide):
        return (chance(draw, wide),)

    def log_density(self, k):
        return mp.log(self.p[0]) + (k - 1) * mp.log1p(-self.p[0])

    def tails(self, k):
        upper = k * mp.log1p(-self.p[0])
        return complement(upper), upper


class Hypergeometric(Counts):
    def parameters(self, draw, wide):
        # SciPy sums its tails one by one, in an array.
        population = round(decade(draw, 1.5, 11 if wide else 6))
        return tuple(map(float, (population, draw.randint(1, population - 1), draw.randint(1, population - 1))))

    def support(self):
        population, successes, draws = self.p
        return max(mpf(0), draws - (population - successes)), min(draws, successes)

    def bind(self, *parameters):
        self.p = parameters
        self.low = self.support()[0]

    def log_density(self, k):
        population, successes, draws = self.p

        def choose(n, m):
            return mp.loggamma(n + 1) - mp.loggamma(m + 1) - mp.loggamma(n - m + 1)

        return choose(successes, k) + choose(population - successes, draws - k) - choose(population, draws)

    def tails(self, k):
        """Sum the ratios of the probabilities to the first, in whole numbers of 2^-200, away from the mode."""
        population, successes, draws = map(int, self.p)
        low, high = map(int, self.support())
        i = int(k)
        if i >= high:
            raise UnsettledError
        others = population - successes - draws
        down = (i + 1) * (population + 2) < (successes + 1) * (draws + 1)
        if not down:
            i += 1
        first, term, total = i, 1 << 200, 0
        for _ in range(400_000):
            if term == 0 or not low <= i <= high:
                break
            total += term
            if down:
                top, bottom = i * (others + i), (successes - i + 1) * (draws - i + 1)
                i -= 1
            else:
                top, bottom = (successes - i) * (draws - i), (i + 1) * (others + i + 1)
                i += 1
            term = term * top // bottom
        else:
            raise UnsettledError
        log = self.log_density(mpf(first)) + mp.log(mpf(total) / (1 << 200))
        return (log, complement(log)) if down else (complement(log), log)


FAMILIES = [
    Beta,
    Binomial,
    Cauchy,
    ChiSquared,
    Exponential,
    F,
    Gamma,
    Geometric,
    Gumbel,
    Hypergeometric,
    InverseGamma,
    Laplace,
    LogNormal,
    Logistic,
    NegativeBinomial,
    Normal,
    Pareto,
    Poisson,
    Rayleigh,
    StudentT,
    Triangular,
    Uniform,
    VonMises,
    Weibull,
]
