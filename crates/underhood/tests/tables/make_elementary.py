"""Make `src/elementary/coefficients.rs` and `elementary.csv`: polynomials behind the elementary functions, and values, from mpmath at 50 digits.

Run `python make_elementary.py coefficients > ../../src/elementary/coefficients.rs`, then `cargo fmt`, and
`python make_elementary.py values > elementary.csv`. Each polynomial is the interpolant at Chebyshev's nodes, whose largest error is nearly
the least possible; each value is the double nearest to the true one.
"""

import random
import sys

import mpmath as mp

mp.mp.dps = 50


def fit(name, doc, f, low, high, count):
    """Interpolate f on [low, high] by a polynomial with so many coefficients, in rising powers."""
    low, high = mp.mpf(low), mp.mpf(high)
    nodes = [(low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    matrix = mp.matrix(count, count)
    for i, node in enumerate(nodes):
        for j in range(count):
            matrix[i, j] = node**j
    c = mp.lu_solve(matrix, mp.matrix([f(node) for node in nodes]))
    print(f"\n/// {doc}")
    print(f"pub(super) const {name}: [f64; {count}] = [")
    for value in c:
        print(f"    {float(value)!r},")
    print("];")


def pair(name, doc, value, bits=53, known=None):
    """A number as two doubles, the first of so many bits, or by the name that Rust knows it by."""
    scale = mp.mpf(2) ** (bits - 1 - int(mp.floor(mp.log(value, 2))))
    high = mp.nint(value * scale) / scale if bits < 53 else mp.mpf(float(value))
    print(f"\n/// {doc}")
    first = f"consts::{known}" if known else repr(float(high))
    print(f"pub(super) const {name}: (f64, f64) = ({first}, {float(value - high)!r});")


def in_square(f, order):
    """f with its argument's square for an argument: the even part of f(r)/r^order."""
    return lambda z: f(mp.sqrt(z)) / mp.sqrt(z) ** order


def coefficients():
    print(
        "//! Polynomials behind the elementary functions, made by `tests/tables/make_elementary.py` from mpmath at 50 digits."
    )
    print("//! Do not edit: change the script and run it again.")
    print("\nuse std::f64::consts;")

    turn = (mp.pi / 4 * mp.mpf("1.0001")) ** 2
    fit("SIN", "(sin r − r)/r³ on |r| ≤ π/4 in powers of r².", in_square(lambda r: mp.sin(r) - r, 3), 0, turn, 6)
    fit(
        "COS",
        "(cos r − 1 + r²/2)/r⁴ on |r| ≤ π/4 in powers of r².",
        in_square(lambda r: mp.cos(r) - 1 + r * r / 2, 4),
        0,
        turn,
        6,
    )
    fit(
        "ATAN",
        "(arctan t − t)/t³ on |t| ≤ tan π/8 in powers of t².",
        in_square(lambda t: mp.atan(t) - t, 3),
        0,
        mp.mpf("0.1717"),
        12,
    )
    fit(
        "ASIN",
        "(arcsin s − s)/s³ on |s| ≤ ½ in powers of s².",
        in_square(lambda s: mp.asin(s) - s, 3),
        0,
        mp.mpf("0.25"),
        14,
    )
    fit("SINH", "(sinh x − x)/x³ on |x| ≤ 1 in powers of x².", in_square(lambda x: mp.sinh(x) - x, 3), 0, 1, 8)
    fit("CBRT", "∛m on √½ ≤ m ≤ √2.", mp.cbrt, mp.sqrt(mp.mpf("0.5")), mp.sqrt(2), 6)
    pair("HALF_PI", "π/2 in two doubles, and what both lack.", mp.pi / 2, known="FRAC_PI_2")
    print(
        f"pub(super) const HALF_PI_REST: f64 = {float(mp.pi / 2 - mp.mpf(float(mp.pi / 2)) - mp.mpf(float(mp.pi / 2 - mp.mpf(float(mp.pi / 2)))))!r};"
    )
    pair("HALF_PI_PARTS", "The first double of π/2 as a sum of two with 27 and 26 bits.", mp.mpf(float(mp.pi / 2)), 27)
    pair("LOG2_E", "log₂ e in two doubles.", 1 / mp.log(2), known="LOG2_E")
    pair("LOG10_E", "log₁₀ e in two doubles.", 1 / mp.log(10), known="LOG10_E")
    pair(
        "LOG10_2",
        "log₁₀ 2 in two doubles, the first of 40 bits: its product with an exponent is exact.",
        mp.log(2, 10),
        40,
    )
    pair("LN_2", "ln 2 in two doubles.", mp.log(2), known="LN_2")


LINE = [(-3, 3), (-20, 20), (-1e-5, 1e-5)]
RAY = [(1e-300, 1e-290), (0.5, 2), (0.99, 1.01), (2, 1e3), (1e290, 1e300)]
CIRCLE = [(-1, 1), (-0.5, 0.5), (0.99, 1), (-1e-5, 1e-5)]
ANGLES = [(-3, 3), (-1e3, 1e3), (-1e8, 1e8), (1e8, 1e15), (1e290, 1e300), (-1e-5, 1e-5)]
UNARY = {
    "sin": (mp.sin, ANGLES),
    "cos": (mp.cos, ANGLES),
    "tan": (mp.tan, ANGLES),
    "arcsin": (mp.asin, CIRCLE),
    "arccos": (mp.acos, CIRCLE),
    "arctan": (mp.atan, [*LINE, (1e3, 1e300)]),
    "sinh": (mp.sinh, [*LINE, (-710, 710)]),
    "cosh": (mp.cosh, [*LINE, (-710, 710)]),
    "tanh": (mp.tanh, LINE),
    "arcsinh": (mp.asinh, [*LINE, (-1e9, 1e9), (1e290, 1.7e308)]),
    "arccosh": (mp.acosh, [(1, 1.001), (1, 3), (1, 1e9), (1e290, 1.7e308)]),
    "arctanh": (mp.atanh, CIRCLE),
    "exp": (mp.exp, [*LINE, (-708, 709)]),
    "exp_m1": (mp.expm1, [*LINE, (-50, 709)]),
    "ln": (mp.log, RAY),
    "ln_1p": (mp.log1p, [(-0.999, 3), (-1e-5, 1e-5), (1e10, 1e300)]),
    "log2": (lambda x: mp.log(x, 2), RAY),
    "log10": (mp.log10, RAY),
    "cbrt": (mp.cbrt, RAY),
    "expit": (lambda x: 1 / (1 + mp.exp(-x)), [*LINE, (-700, 0)]),
    "log_expit": (lambda x: -mp.log1p(mp.exp(-x)), [*LINE, (-700, 0)]),
}
BINARY = {
    "arctan2": (mp.atan2, [(-3, 3), (-1e-5, 1e-5), (-1e300, 1e300)], [(-3, 3), (-1e-5, 1e-5), (-1e300, 1e300)]),
    "pow": (mp.power, [(0.01, 20), (0.999, 1.001), (1e-300, 1e300)], [(-9, 9), (-1e4, 1e4), (-1, 1)]),
    "hypot": (mp.hypot, [(-3, 3), (-1e-300, 1e-300), (-1e300, 1e300)], [(-3, 3), (-1e-300, 1e-300), (-1e300, 1e300)]),
    "logaddexp": (lambda x, y: mp.log(mp.exp(x) + mp.exp(y)), [(0, 5), (50, 700)], [(0, 5), (50, 700)]),
}


def values():
    draw = random.Random(6)
    print("function,x,y,value")
    for name, (f, ranges) in UNARY.items():
        for low, high in ranges:
            for _ in range(12):
                x = draw.uniform(low, high)
                print(f"{name},{x!r},0,{float(f(mp.mpf(x)))!r}")
    for name, (f, first, second) in BINARY.items():
        for one, other in zip(first, second):
            for _ in range(24):
                x, y = draw.uniform(*one), draw.uniform(*other)
                print(f"{name},{x!r},{y!r},{float(f(mp.mpf(x), mp.mpf(y)))!r}")


if __name__ == "__main__":
    {"coefficients": coefficients, "values": values}[sys.argv[1]]()
