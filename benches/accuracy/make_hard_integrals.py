"""Write ``hard_integrals.csv``: the values of the collection to 25 digits, by mpmath from their closed forms.

Numbers that the functions hold as doubles enter as these doubles.
"""

from __future__ import annotations

import csv
import math
from itertools import pairwise
from pathlib import Path

import mpmath as mp
from hard_integrals import PROBLEMS

mp.mp.dps = 50


def c(x: float) -> mp.mpf:
    """Give a double exactly."""
    return mp.mpf(x)


def sech_peaks() -> mp.mpf:
    """Integrate sech² + sech⁴ + sech⁶ of three widths by their antiderivatives in tanh; the third is cut off at 0.1."""

    def t(scale: int, x: mp.mpf) -> mp.mpf:
        return mp.tanh(scale * x)

    def two(u: mp.mpf) -> mp.mpf:
        return u

    def four(u: mp.mpf) -> mp.mpf:
        return u - u**3 / 3

    def six(u: mp.mpf) -> mp.mpf:
        return u - 2 * u**3 / 3 + u**5 / 5

    total = (two(t(10, 1 - c(0.2))) - two(t(10, -c(0.2)))) / 10
    total += (four(t(100, 1 - c(0.4))) - four(t(100, -c(0.4)))) / 100
    return total + (six(t(1000, c(0.1))) - six(t(1000, -c(0.1)))) / 1000


def lorentz() -> mp.mpf:
    """Integrate two Lorentzians less a constant."""
    one, two = mp.sqrt(c(0.01)), mp.sqrt(c(0.04))
    first = (mp.atan((1 - c(0.3)) / one) + mp.atan(c(0.3) / one)) / one
    return first + (mp.atan((1 - c(0.9)) / two) + mp.atan(c(0.9) / two)) / two - 6


def kinks(n: int) -> mp.mpf:
    """Integrate |sin nx| over [0, the double next to π], which falls short of π by less than a grain."""
    short = mp.pi - c(math.pi)
    return 2 - (1 - mp.cos(n * short)) / n


def staircase() -> mp.mpf:
    """Integrate ⌊eˣ⌋ over [0, 3]."""
    top = int(mp.floor(mp.exp(3)))
    return 3 * mp.mpf(1) + mp.fsum(3 - mp.log(k) for k in range(2, top + 1))


def largest() -> mp.mpf:
    """Integrate max(sin, cos) over [0, 10] between the places where they cross."""
    borders = [mp.mpf(0)] + [mp.pi / 4 + k * mp.pi for k in range(4) if mp.pi / 4 + k * mp.pi < 10] + [mp.mpf(10)]
    total = mp.mpf(0)
    for a, b in pairwise(borders):
        middle = (a + b) / 2
        total += mp.cos(a) - mp.cos(b) if mp.sin(middle) > mp.cos(middle) else mp.sin(b) - mp.sin(a)
    return total


def rootkink() -> mp.mpf:
    """Integrate √|x² − 1/2| over [0, 1]."""

    def above(x: mp.mpf) -> mp.mpf:
        root = mp.sqrt(x * x - mp.mpf(1) / 2)
        return x * root / 2 - mp.log(x + root) / 4

    edge = mp.sqrt(mp.mpf(1) / 2)
    return mp.pi / 8 + above(mp.mpf(1)) - above(edge)


NAMES = {name: getattr(mp, name) for name in dir(mp) if not name.startswith("_")}
NAMES |= {"c": c, "pi_": math.pi, "e_": math.e, "euler": mp.euler, "sech_peaks": sech_peaks, "lorentz": lorentz}
NAMES |= {"kinks": kinks, "staircase": staircase, "largest": largest, "rootkink": rootkink}

if __name__ == "__main__":
    with Path(__file__).with_name("hard_integrals.csv").open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(["name", "value"])
        for problem in PROBLEMS:
            rows.writerow([problem.name, mp.nstr(mp.re(eval(problem.exact, NAMES)), 25)])
