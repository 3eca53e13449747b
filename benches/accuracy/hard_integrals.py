"""A collection of hard integrals with known values, for the accuracy script and the tests.

Each has a name, the function in plain Python, its limits, and a text that gives its exact value in mpmath; the values
to 25 digits stand in ``hard_integrals.csv``, made by ``make_hard_integrals.py``. Sources: R. Piessens, E. de
Doncker-Kapenga, C. W. Überhuber, D. K. Kahaner, QUADPACK (Springer 1983), doi:10.1007/978-3-642-61786-7 (families of
one parameter); D. K. Kahaner, "Comparison of numerical quadrature formulas", in J. R. Rice (ed.), Mathematical Software
(1971) 229-259; W. Gander, W. Gautschi, "Adaptive quadrature - revisited", BIT 40 (2000) 84-101,
doi:10.1023/A:1022318402393; D. H. Bailey, K. Jeyabalan, X. S. Li, "A comparison of three high-precision quadrature
schemes", Exp. Math. 14 (2005) 317-329, doi:10.1080/10586458.2005.10128931; and textbooks of analysis.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import cos, cosh, exp, inf, log, pi, sin, sqrt
from pathlib import Path

__all__ = ["DIVERGENT", "PROBLEMS", "Problem"]

E = math.e


@dataclass(frozen=True)
class Problem:
    """An integral."""

    name: str
    kind: str
    f: Callable[[float], float]
    a: float
    b: float
    exact: str
    """Its value in the language of mpmath."""

    @property
    def value(self) -> float:
        """The value as a double."""
        return _values()[self.name]


def _values() -> dict[str, float]:
    if not _VALUES:
        with Path(__file__).with_name("hard_integrals.csv").open(encoding="utf-8", newline="") as table:
            _VALUES.update((row["name"], float(row["value"])) for row in csv.DictReader(table))
    return _VALUES


_VALUES: dict[str, float] = {}


def _steps(x: float) -> float:
    return float(math.floor(exp(x)))


def _pieces(x: float) -> float:
    if x < 1:
        return x + 1
    return 3 - x if x < 3 else 2.0


def _logarithmic(p: float, x: float) -> float:
    return 1 / (x * abs(log(x)) ** p)


def _shifted(c: float, p: float, x: float) -> float:
    return 1 / (x * (c - log(x)) ** p)


PROBLEMS = [
    # end-point singularities
    Problem("inverse root", "end", lambda x: 1 / sqrt(x), 0, 1, "2"),
    Problem("power -0.9", "end", lambda x: x**-0.9, 0, 1, "10"),
    Problem("power -0.99", "end", lambda x: x**-0.99, 0, 1, "1/(1 - mpf(0.99))"),
    Problem("log", "end", log, 0, 1, "-1"),
    Problem("log over root", "end", lambda x: log(x) / sqrt(x), 0, 1, "-4"),
    Problem("power and log, alpha 9", "end", lambda x: x**0.01 * log(1 / x), 0, 1, "(1 + mpf(0.01))**-2"),
    Problem("power and log, alpha -0.9", "end", lambda x: x**-0.9 * log(1 / x), 0, 1, "1/(1 - mpf(0.9))**2"),
    Problem("root of log", "end", lambda x: sqrt(-log(x)), 0, 1, "sqrt(pi)/2"),
    Problem("log squared", "end", lambda x: log(x) ** 2, 0, 1, "2"),
    Problem("root of x", "end", sqrt, 0, 1, "mpf(2)/3"),
    Problem("root times log", "end", lambda x: sqrt(x) * log(x), 0, 1, "-mpf(4)/9"),
    Problem("arcsine density", "end", lambda x: 1 / sqrt(1 - x * x), -1, 1, "pi"),
    Problem("singular at the upper end", "end", lambda x: (1 - x) ** -0.5, 0, 1, "2"),
    Problem("power -0.8 at the upper end", "end", lambda x: (3 - x) ** -0.8, 1, 3, "2**(1 - mpf(0.8))/(1 - mpf(0.8))"),
    Problem("beta with both ends", "end", lambda x: x**-0.75 * (1 - x) ** -0.25, 0, 1, "pi*sqrt(2)"),
    Problem("half circle", "end", lambda x: sqrt(1 - x * x), -1, 1, "pi/2"),
    Problem("log of cosine", "end", lambda x: log(cos(x)), 0, pi / 2, "-pi*log(2)/2"),
    Problem("root of tangent", "end", lambda x: sqrt(math.tan(x)), 0, pi / 2, "pi/sqrt(2)"),
    Problem("log over 1 + x", "end", lambda x: log(x) / (1 + x), 0, 1, "-pi**2/12"),
    # ends where the integrand is 1/x but for powers of the logarithm
    *(
        Problem(
            f"1/(x log^{p} x) at {place}",
            "logarithmic",
            partial(_logarithmic, p),
            *limits,
            f"log(2)**(1 - c({p}))/(c({p}) - 1)",
        )
        for p in (1.1, 1.5, 2.0, 3.0, 4.0)
        for place, limits in (("zero", (0.0, 0.5)), ("infinity", (2.0, inf)))
    ),
    *(
        Problem(
            f"1/(x ({c} - log x)^{p})",
            "logarithmic",
            partial(_shifted, c, p),
            0,
            1,
            f"c({c})**(1 - c({p}))/(c({p}) - 1)",
        )
        for c, p in ((5.0, 1.5), (40.0, 2.0), (20.0, 4.0))
    ),
    Problem("1/((1 - x) log^2)", "logarithmic", lambda x: 1 / ((1 - x) * log(1 - x) ** 2), 0.5, 1, "1/log(2)"),
    Problem(
        "power -0.99 and root of log",
        "logarithmic",
        lambda x: x**-0.99 * sqrt(-log(x)),
        0,
        1,
        "gamma(1.5)*(1 - c(0.99))**-1.5",
    ),
    Problem(
        "power -0.99 over root of log",
        "logarithmic",
        lambda x: x**-0.99 / sqrt(-log(x)),
        0,
        1,
        "sqrt(pi)*(1 - c(0.99))**-0.5",
    ),
    Problem(
        "1/(x log x log^2 log x)",
        "logarithmic",
        lambda x: 1 / (x * log(x) * log(log(x)) ** 2),
        20,
        inf,
        "1/log(log(20))",
    ),
    Problem("Piessens 7", "end", lambda x: abs(x - 1 / 3) ** -0.5, 1 / 3, 1, "2*sqrt(1 - mpf(1/3))"),
    # singularities inside
    Problem(
        "root singularity inside",
        "inside",
        lambda x: abs(x - 0.3) ** -0.5,
        0,
        1,
        "2*(sqrt(mpf(0.3)) + sqrt(1 - mpf(0.3)))",
    ),
    Problem(
        "log inside",
        "inside",
        lambda x: log(abs(x - 0.7)),
        0,
        1,
        "c(0.7)*log(c(0.7)) + (1 - c(0.7))*log(1 - c(0.7)) - 1",
    ),
    Problem(
        "power -0.7 inside",
        "inside",
        lambda x: abs(x - 0.123) ** -0.7,
        0,
        1,
        "(c(0.123)**(1 - c(0.7)) + (1 - c(0.123))**(1 - c(0.7)))/(1 - c(0.7))",
    ),
    Problem("in the middle", "inside", lambda x: 1 / sqrt(abs(x)), -1, 1, "4"),
    Problem(
        "two singular points",
        "inside",
        lambda x: x**3 * log(abs((x * x - 1) * (x * x - 2))),
        0,
        3,
        "61*log(2) + 77*log(7)/4 - 27",
    ),
    Problem(
        "cube root inside",
        "inside",
        lambda x: math.copysign(abs(x - 0.2) ** (1 / 3), x - 0.2),
        0,
        1,
        "((1 - c(0.2))**(1 + c(1/3)) - c(0.2)**(1 + c(1/3)))/(1 + c(1/3))",
    ),
    Problem(
        "Piessens 5",
        "inside",
        lambda x: abs(x - pi / 4) ** -0.3,
        0,
        1,
        "(c(pi_/4)**(1 - c(0.3)) + (1 - c(pi_/4))**(1 - c(0.3)))/(1 - c(0.3))",
    ),
    # peaks
    Problem(
        "peak 1e-5 wide",
        "peak",
        lambda x: 1 / ((x - 0.3) ** 2 + 1e-10),
        0,
        1,
        "(atan((1 - c(0.3))/sqrt(c(1e-10))) + atan(c(0.3)/sqrt(c(1e-10))))/sqrt(c(1e-10))",
    ),
    Problem(
        "Piessens 2, alpha 10",
        "peak",
        lambda x: 4.0**-10 / ((x - pi / 4) ** 2 + 16.0**-10),
        0,
        1,
        "atan((1 - c(pi_/4))*4**10) + atan(c(pi_/4)*4**10)",
    ),
    Problem(
        "Piessens 2, alpha 20",
        "peak",
        lambda x: 4.0**-20 / ((x - pi / 4) ** 2 + 16.0**-20),
        0,
        1,
        "atan((1 - c(pi_/4))*mpf(4)**20) + atan(c(pi_/4)*mpf(4)**20)",
    ),
    Problem("Runge, steep", "peak", lambda x: 1 / (1 + 1e4 * x * x), -1, 1, "2*atan(100)/100"),
    Problem(
        "narrow bell",
        "peak",
        lambda x: exp(-((x - 0.7) ** 2) * 1e6),
        0,
        1,
        "sqrt(pi)/1000*(erf(1000*(1 - c(0.7))) + erf(1000*c(0.7)))/2",
    ),
    Problem(
        "three peaks (Kahaner 21)",
        "peak",
        lambda x: (
            cosh(10 * (x - 0.2)) ** -2
            + cosh(100 * (x - 0.4)) ** -4
            + (cosh(1000 * (x - 0.6)) ** -6 if abs(x - 0.6) < 0.1 else 0.0)
        ),
        0,
        1,
        "sech_peaks()",
    ),
    Problem(
        "two Lorentzians",
        "peak",
        lambda x: 1 / ((x - 0.3) ** 2 + 0.01) + 1 / ((x - 0.9) ** 2 + 0.04) - 6,
        0,
        1,
        "lorentz()",
    ),
    Problem(
        "steep tanh",
        "peak",
        lambda x: math.tanh(1000 * (x - 0.37)),
        0,
        1,
        "(log(cosh(1000*(1 - c(0.37)))) - log(cosh(1000*c(0.37))))/1000",
    ),
    Problem("bell far from the middle", "peak", lambda x: exp(-((x - 873.2) ** 2)), 0, 10000, "sqrt(pi)"),
    Problem("narrow ridge", "peak", lambda x: 50 / (pi * (2500 * x * x + 1)), 0, 10, "atan(500)/pi"),
    # kinks and jumps
    Problem(
        "jump beside the middle",
        "rough",
        lambda x: exp(x) + (x > 0.4993963499545888),
        0,
        1,
        "e - c(0.4993963499545888)",
    ),
    Problem("jump beside zero", "rough", lambda x: 1.0 + (x > 1e-3), -1, 1, "3 - c(1e-3)"),
    Problem("jump close beside zero", "rough", lambda x: 1.0 + (x > 1.5e-5), -1, 1, "3 - c(1.5e-5)"),
    Problem(
        "jump where the fold begins", "rough", lambda x: exp(-x) * (1 + (x > 1.0003)), 0, inf, "1 + exp(-c(1.0003))"
    ),
    Problem(
        "narrow box",
        "rough",
        lambda x: 1.0 if 0.46047079392470425 < x < 0.46047079392470425 + 0.00171 else 0.0,
        0,
        1,
        "c(0.46047079392470425 + 0.00171) - c(0.46047079392470425)",
    ),
    Problem("bell 1.6e-4 wide", "rough", lambda x: exp(-(((x - 0.0999) / 1.6e-4) ** 2)), 0, 1, "sqrt(pi)*c(1.6e-4)"),
    Problem("kink", "kink", lambda x: abs(x - 0.3), 0, 1, "(c(0.3)**2 + (1 - c(0.3))**2)/2"),
    Problem("many kinks", "kink", lambda x: abs(sin(20 * x)), 0, pi, "kinks(20)"),
    Problem("step", "kink", lambda x: 1.0 if x >= 0.3 else 0.0, 0, 1, "1 - c(0.3)"),
    Problem("step at 1/e", "kink", lambda x: 0.0 if x < 1 / E else exp(x), 0, 1, "e - exp(c(1/e_))"),
    Problem("staircase", "kink", _steps, 0, 3, "staircase()"),
    Problem("three pieces", "kink", _pieces, 0, 5, "mpf(15)/2"),
    Problem("sawtooth", "kink", lambda x: x - math.floor(x), 0.1, 7.3, "mpf(7)/2 + c(7.3 - 7)**2/2 - c(0.1)**2/2"),
    Problem("largest of two", "kink", lambda x: max(sin(x), cos(x)), 0, 10, "largest()"),
    Problem("square wave", "kink", lambda x: math.copysign(1.0, sin(3 * x)), 0, 1, "2*pi/3 - 1 if 1 > pi/3 else 1"),
    Problem("root of a kink", "kink", lambda x: sqrt(abs(x * x - 0.5)), 0, 1, "rootkink()"),
    # oscillation on intervals
    Problem("cos 100x", "waves", lambda x: cos(100 * x), 0, 1, "sin(100)/100"),
    Problem("Piessens 8", "waves", lambda x: cos(64 * sin(x)), 0, pi, "pi*besselj(0, 64)"),
    Problem("fast waves", "waves", lambda x: sin(1000 * x) * exp(-x), 0, 3, "im((exp((1000j - 1)*3) - 1)/(1000j - 1))"),
    Problem("Piessens 10", "waves", lambda x: cos(2**5 * x) / sqrt(x * (1 - x)), 0, 1, "pi*cos(16)*besselj(0, 16)"),
    Problem("Takahasi", "waves", lambda x: 2 / (2 + sin(10 * pi * x)), 0, 1, "2/sqrt(3)"),
    Problem("sine of squares", "waves", lambda x: sin(x * x), 0, 20, "sqrt(pi/2)*fresnels(20*sqrt(2/pi))"),
    Problem("sine of 1/x", "waves", lambda x: sin(1 / x), 0, 1, "sin(1) - ci(1)"),
    Problem(
        "log times fast sine",
        "waves",
        lambda x: log(x) * sin(10 * pi * x),
        0,
        1,
        "-(euler + log(10*pi) - ci(10*pi))/(10*pi)",
    ),
    # infinite ranges
    Problem("bell", "infinite", lambda x: exp(-x * x), -inf, inf, "sqrt(pi)"),
    Problem("shifted bell", "infinite", lambda x: exp(-((x - 1000) ** 2) / 2), -inf, inf, "sqrt(2*pi)"),
    Problem("Cauchy", "infinite", lambda x: 1 / (1 + x * x), -inf, inf, "pi"),
    Problem("Gamma of 1/4", "infinite", lambda x: x**-0.75 * exp(-x), 0, inf, "gamma(mpf(1)/4)"),
    Problem("power tail 1.1", "infinite", lambda x: x**-1.1, 1, inf, "1/(mpf(1.1) - 1)"),
    Problem("root and tail", "infinite", lambda x: 1 / (sqrt(x) * (1 + x)), 0, inf, "pi"),
    Problem("Planck", "infinite", lambda x: x**3 / math.expm1(x), 0, inf, "pi**4/15"),
    Problem("slow exponential", "infinite", lambda x: exp(-x / 1e5), 0, inf, "100000"),
    Problem("fast exponential", "infinite", lambda x: exp(-1e6 * x), 0, inf, "mpf(10)**-6"),
    Problem("Piessens 15", "infinite", lambda x: x * x * exp(-(2.0**-5) * x), 0, inf, "2*mpf(2)**15"),
    Problem(
        "Piessens 16",
        "infinite",
        lambda x: x**-0.9 / (1 + 10 * x) ** 2,
        0,
        inf,
        "mpf(10)**(c(0.9) - 1)*c(0.9)*pi/sin(pi*(1 - c(0.9)))",
    ),
    Problem("log tail", "infinite", lambda x: log(x) / (1 + 100 * x * x), 0, inf, "-pi*log(10)/20"),
    Problem(
        "logistic density", "infinite", lambda x: 0.25 / cosh(0.5 * x) ** 2 if abs(x) < 700 else 0.0, -inf, inf, "1"
    ),
    Problem("exponential from the left", "infinite", exp, -inf, 2, "exp(2)"),
    # oscillation to infinity
    Problem("Dirichlet", "waves to infinity", lambda x: sin(x) / x, 0, inf, "pi/2"),
    Problem("Fresnel", "waves to infinity", lambda x: cos(x * x), 0, inf, "sqrt(pi/8)"),
    Problem("Fourier of Cauchy", "waves to infinity", lambda x: cos(3 * x) / (1 + x * x), 0, inf, "pi*exp(-3)/2"),
    Problem("damped", "waves to infinity", lambda x: exp(-x) * cos(50 * x), 0, inf, "mpf(1)/2501"),
    Problem("cosine over root", "waves to infinity", lambda x: cos(pi * x / 2) / sqrt(x), 0, inf, "1"),
    Problem("Bessel", "waves to infinity", lambda x: sin(x) * x / (1 + x * x), 0, inf, "pi/(2*e)"),
    Problem("sine squared", "waves to infinity", lambda x: (sin(x) / x) ** 2, 0, inf, "pi/2"),
    Problem("fast Dirichlet", "waves to infinity", lambda x: sin(100 * x) / x, 0, inf, "pi/2"),
    Problem("both sides", "waves to infinity", lambda x: cos(x) / (x * x + 4), -inf, inf, "pi*exp(-2)/2"),
    Problem("log and sine", "waves to infinity", lambda x: sin(x) * log(x) / x, 0, inf, "-pi*euler/2"),
]

DIVERGENT: list[tuple[str, Callable[[float], float], float, float]] = [
    ("1/x at zero", lambda x: 1 / x, 0, 1),
    ("1/x to infinity", lambda x: 1 / x, 1, inf),
    ("double pole in the middle", lambda x: (x - 1) ** -2, 0, 2),
    ("pole inside", lambda x: 1 / (x - 0.3), 0, 1),
    ("double pole inside", lambda x: 1 / (x - 0.3) ** 2, 0, 1),
    ("x^-1.5", lambda x: x**-1.5, 0, 1),
    ("a constant to infinity", lambda x: 1.0, 0, inf),
    ("sine to infinity", sin, 0, inf),
    ("1/root to infinity", lambda x: 1 / sqrt(x), 1, inf),
    ("pole at the upper end", lambda x: 1 / (2 - x), 0, 2),
    ("1/x through zero", lambda x: 1 / x, -1, 1),
    ("absolute sine over x", lambda x: abs(sin(x)) / x, 1, inf),
    ("exponential growth", exp, 0, inf),
    ("1/(x log x)", lambda x: 1 / (x * log(x)), 2, inf),
    ("1/(x log x) at zero", lambda x: 1 / (x * log(x)), 0, 0.5),
    ("1/(x log^0.9 x)", lambda x: 1 / (x * log(x) ** 0.9), 2, inf),
    ("1/(exp(x) - 1)", lambda x: 1 / (exp(x) - 1) if x < 700 else 0.0, 0, inf),
    ("tangent across its pole", math.tan, 0, 3),
]
