"""Make `src/special/coefficients.rs`: the constants behind the special functions, from mpmath at 50 digits.

Run `python make_coefficients.py > ../../src/special/coefficients.rs`, then `cargo fmt`.
"""

from fractions import Fraction

import mpmath as mp

mp.mp.dps = 50


def chebyshev_as_powers(f, low, high, degree):
    """Interpolate f at Chebyshev's nodes; give the coefficients of the powers of s, which runs over [-1, 1]."""
    n = degree + 1
    angles = [mp.pi * (k + mp.mpf(1) / 2) / n for k in range(n)]
    values = [f((low + high) / 2 + (high - low) / 2 * mp.cos(angle)) for angle in angles]
    series = [2 / mp.mpf(n) * sum(v * mp.cos(j * t) for v, t in zip(values, angles)) for j in range(n)]
    series[0] /= 2
    powers = [mp.mpf(0)] * n
    before, now = None, [mp.mpf(1)]
    for c in series:
        for i, t in enumerate(now):
            powers[i] += c * t
        following = [mp.mpf(0)] + [(1 if before is None else 2) * t for t in now]
        for i, t in enumerate(before or []):
            following[i] -= t
        before, now = now, following
    return powers


def stirling_error(a):
    return mp.loggamma(a) - (a - mp.mpf(1) / 2) * mp.log(a) + a - mp.log(2 * mp.pi) / 2


def scaled_erfcx(t):
    """(z + 3.75)·exp(z²)·erfc(z) at z = 3.75 (1 + t)/(1 − t)."""
    z = mp.mpf("3.75") * (1 + t) / (1 - t)
    if z < 150:
        return (z + mp.mpf("3.75")) * mp.erfc(z) * mp.exp(z * z)
    total, term = mp.mpf(0), mp.mpf(1)
    for i in range(20):
        total += term
        term *= -(2 * i + 1) / (2 * z * z)
    return (z + mp.mpf("3.75")) / (z * mp.sqrt(mp.pi)) * total


def upper_tail(name, doc, f, low, high, shift, degree):
    """f(z)·(z + shift) for low ≤ z ≤ high in powers of s, which is linear in r = 1/(z + shift): s = first + second·r."""
    low, high, shift = mp.mpf(low), mp.mpf(high), mp.mpf(shift)
    least, most = 1 / (high + shift), 1 / (low + shift)
    first, second = -(most + least) / (most - least), 2 / (most - least)
    array(name, doc, chebyshev_as_powers(lambda r: f(1 / r - shift) / r, least, most, degree))
    print(f"\n/// The polynomial above runs over s = .0 + .1/(z + {mp.nstr(shift, 4)}).")
    print(f"pub(super) const {name}_RANGE: (f64, f64) = ({float(first)!r}, {float(second)!r});")


def temme(count):
    """Coefficients of f(η) = η/μ where μ'μ = η(1 + μ), exactly."""
    v, w = [Fraction(0), Fraction(1)], {2: Fraction(1)}
    for n in range(2, count + 2):
        w[n + 1] = Fraction(2, n + 1) * v[n - 1]
        v.append((w[n + 1] - sum(v[i] * v[n + 1 - i] for i in range(2, n))) / 2)
    f = [Fraction(1)]
    for n in range(1, count):
        f.append(-sum(v[i + 1] * f[n - i] for i in range(1, n + 1)))
    return [mp.mpf(c.numerator) / c.denominator for c in f]


def array(name, doc, values):
    print(f"\n/// {doc}\npub(super) const {name}: [f64; {len(values)}] = [")
    for v in values:
        print(f"    {float(v)!r},")
    print("];")


def pairs(name, doc, values):
    print(f"\n/// {doc}\npub(super) const {name}: [(f64, f64); {len(values)}] = [")
    for v in values:
        high = float(v)
        print(f"    ({high!r}, {float(v - high)!r}),")
    print("];")


print("//! Constants behind the special functions, made by `tests/tables/make_coefficients.py` from mpmath at 50 digits.")
print("//! Do not edit: change the script and run it again.")
array(
    "STIRLING_SERIES",
    "B₂ₖ/(2k(2k−1)), k = 1, 2, …: lnΓ(a) − (a−½)ln a + a − ½ln 2π in powers of 1/a (DLMF 5.11.1).",
    [mp.bernoulli(2 * k) / (2 * k * (2 * k - 1)) for k in range(1, 11)],
)
array(
    "STIRLING_FIT",
    "12a·(lnΓ(a) − (a−½)ln a + a − ½ln 2π) on 1 ≤ a ≤ 8 in powers of s = (16/a − 9)/7.",
    chebyshev_as_powers(lambda w: 12 * stirling_error(1 / w) / w, mp.mpf(1) / 8, mp.mpf(1), 24),
)
array(
    "ERFCX_FIT",
    "(z + 3.75)·exp(z²)erfc(z) on z ≥ 0 in powers of t = (z − 3.75)/(z + 3.75) (after Shepherd and Laframboise 1981).",
    chebyshev_as_powers(scaled_erfcx, mp.mpf(-1), mp.mpf(1), 27),
)
upper_tail(
    "ERFC_FIT",
    "(z + 3.5)·exp(z²)erfc(z) for 0 ≤ z ≤ 27.4, where erfc has underflown.",
    lambda z: mp.erfc(z) * mp.exp(z * z),
    0,
    "27.4",
    "3.5",
    22,
)
upper_tail(
    "NDTR_FIT",
    "(z + 5)·exp(z²/2)Φ(−z) for 0 ≤ z ≤ 38.7, where Φ has underflown.",
    lambda z: mp.erfc(z / mp.sqrt(2)) * mp.exp(z * z / 2) / 2,
    0,
    "38.7",
    5,
    21,
)
upper_tail(
    "ERF_FAR_FIT",
    "(z + 3)·exp(z²)erfc(z) for 1 ≤ z ≤ 6, to 2e-16: less than 1 − erf(z) needs.",
    lambda z: mp.erfc(z) * mp.exp(z * z),
    1,
    6,
    3,
    14,
)
array(
    "EXP_FIT",
    "(eʳ − 1 − r)/r² on |r| ≤ ½ ln 2 in powers of r.",
    [
        c / (mp.log(2) / 2 * mp.mpf("1.0001")) ** k
        for k, c in enumerate(
            chebyshev_as_powers(
                lambda r: (mp.expm1(r) - r) / r**2 if abs(r) > mp.mpf(10) ** -15 else mp.mpf(1) / 2,
                -mp.log(2) / 2 * mp.mpf("1.0001"),
                mp.log(2) / 2 * mp.mpf("1.0001"),
                9,
            )
        )
    ],
)
array(
    "LN_GAMMA_1P_FIT",
    "lnΓ(1 + a)/a on 0 ≤ a ≤ 1 in powers of s = 2a − 1.",
    chebyshev_as_powers(lambda a: mp.loggamma(1 + a) / a, mp.mpf(0), mp.mpf(1), 24),
)
array(
    "TEMME",
    "Coefficients of f(η) = η/(λ−1), ½η² = λ − 1 − ln λ, in powers of η (Temme 1979).",
    temme(40),
)
array(
    "ERF_FIT",
    "erf(x)/x on 0 ≤ x ≤ 1 in powers of s = 2x² − 1.",
    chebyshev_as_powers(lambda u: mp.erf(mp.sqrt(u)) / mp.sqrt(u), mp.mpf(0), mp.mpf(1), 14),
)
array(
    "LN_GAMMA_FIT",
    "lnΓ(1 + a)/(a(a − 1)) on 0 ≤ a ≤ 1 in powers of s = 2a − 1: both zeros stand outside.",
    chebyshev_as_powers(lambda a: mp.loggamma(1 + a) / (a * (a - 1)), mp.mpf(0), mp.mpf(1), 23),
)
root = mp.findroot(lambda x: mp.digamma(x), 1.46)
array(
    "DIGAMMA_FIT",
    "ψ(1 + a)/(a − r) on 0 ≤ a ≤ 1 in powers of s = 2a − 1, where 1 + r is ψ's positive zero.",
    chebyshev_as_powers(lambda a: mp.digamma(1 + a) / (1 + a - root), mp.mpf(0), mp.mpf(1), 23),
)
pairs("DIGAMMA_ROOTS", "ψ's zero at 1.46, less one, and the one at −0.504, in two doubles.", [root - 1, mp.findroot(lambda x: mp.digamma(x), -0.504)])
left = mp.findroot(lambda x: mp.digamma(x), -0.504)
array(
    "DIGAMMA_LEFT_FIT",
    "x(x + 1)ψ(x)/(x − r) on −0.8 ≤ x ≤ −0.2 in powers of s = (x + ½)/0.3, where r is the zero at −0.504.",
    chebyshev_as_powers(lambda x: x * (x + 1) * mp.digamma(x) / (x - left), mp.mpf("-0.8"), mp.mpf("-0.2"), 18),
)
array(
    "DIGAMMA_SERIES",
    "B₂ₖ/(2k), k = 1, 2, …: ln x − 1/(2x) − ψ(x) in powers of 1/x², the first power first (DLMF 5.11.2).",
    [mp.bernoulli(2 * k) / (2 * k) for k in range(1, 11)],
)
array(
    "ZETA_SERIES",
    "B₂ₖ/(2k)!, k = 1, 2, …: the corrections of Euler and Maclaurin (DLMF 2.10.1).",
    [mp.bernoulli(2 * k) / mp.factorial(2 * k) for k in range(1, 13)],
)
steps = range(45, 92)
factors = [mp.mpf(round(mp.mpf(64) / i * 256)) / 256 for i in steps]
print("\n/// For i = 45, …, 91: c near 64/i that has at most nine bits.")
print(f"pub(super) const LOG_FACTORS: [f64; {len(factors)}] = [")
for c in factors:
    print(f"    {float(c)!r},")
print("];")
pairs("LOG_TABLE", "−ln c of the factors above, in two doubles.", [-mp.log(c) for c in factors])
